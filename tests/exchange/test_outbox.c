/* The outbox against real receivers: in order, once, through outages and kills; nothing is called
 * sent that nobody took (reliability 4.24, 4.26). */
#include "tests/exchange/server.h"
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "exchange/outbox.h"
#include "exchange/sync.h"
#include "store/link.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct room room;
static struct server web, post;
static char dir[300];
static volatile sig_atomic_t stopped;

static int
setup(void **state)
{
	(void)state;
	room_in_memory();
	room_make(&room);
	exchange_register(room.st);
	snprintf(dir, sizeof(dir), "%s/there", room.dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	server_start(&web, SERVER_HTTP, dir);
	server_start(&post, SERVER_SMTP, dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	clock_pin(CLOCK_NONE);
	server_stop(&web);
	server_stop(&post);
	room_clear(&room);
	return 0;
}

/* --- doing ----------------------------------------------------------------------------------- */

static void
queue(int from, int to)
{
	char key[32];

	for (int i = from; i <= to; i++) {
		snprintf(key, sizeof(key), "key-%03d", i);
		room_do(room.st, &room.system, "test.all", json_pack("{s:s}", "word", key));
	}
}

static void
way(const char *channel, const char *address, const char *receipt)
{
	room_do(room.st, &room.system, "destination.set",
	    json_pack("{s:s, s:s, s:s, s:s, s:s}", "unit", "city", "channel", channel, "address",
		address, "receipt", receipt, "sender", "duty@gaoyou.example"));
}

static void
stop_when_empty(void *context, int64_t message)
{
	struct store *st = context;

	(void)message;
	if (outbox_waiting(st) == 0)
		stopped = 1;
}

static int alarms;

static void
alarm_raised(void *context, const char *source, const char *text)
{
	(void)context;
	assert_string_equal(source, "city");
	assert_non_null(strstr(text, "city"));
	alarms++;
}

static struct sync_report
run(struct store *st, bool once, int64_t base)
{
	struct sync_sink sink = {.context = st, .received = stop_when_empty, .alarm = alarm_raised};
	struct sync_options o = {.once = once,
	    .no_feeds = true,
	    .stop = &stopped,
	    .wake_fd = -1,
	    .backoff_base = base,
	    .backoff_most = base ? base * 4 : 0,
	    .settle_ms = -1};
	struct err err = ERR_NONE;
	struct sync_report report;

	stopped = 0;
	if (!sync_run(st, &sink, &o, &report, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	return report;
}

static struct sync_report
run_once(void)
{
	return run(room.st, true, 0);
}

static struct outbox_row
row(size_t back)
{
	struct outbox_row rows[8];
	struct outbox_filter all = {.open = false};

	assert_true(outbox_rows(room.st, &all, rows, COUNT_OF(rows)) > back);
	return rows[back];
}

static void
assert_state(size_t back, const char *state)
{
	struct outbox_row r = row(back);

	if (strcmp(r.state, state) != 0)
		fail_msg("message %d is %s, not %s (%s)", r.number, r.state, state, r.error);
}

/* What the receiver has, in the order it came: key-001 … key-n, each once. */
static void
assert_arrived(int n)
{
	char *path = mem_print("%s/received", dir), line[64], want[64];
	FILE *f = fopen(path, "r");
	int i = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		snprintf(want, sizeof(want), "key-%03d\n", ++i);
		assert_string_equal(line, want);
	}
	assert_int_equal(i, n);
	fclose(f);
	free(path);
}

/* --- order, once, outage, kills -------------------------------------------------------------- */

static void
goes_out_in_order(void **state)
{
	struct outbox_counts counts;
	struct outbox_row r;

	(void)state;
	queue(1, 5);
	outbox_counts(room.st, &counts);
	assert_int_equal(counts.waiting, 5);
	assert_int_equal(counts.no_way, 5);
	run_once();
	assert_state(0, "queued");
	assert_string_equal(row(0).channel, "");
	way("http", server_url(&web, "/in"), "key");
	assert_int_equal(run_once().sent, 5);
	assert_arrived(5);
	r = row(0);
	assert_string_equal(r.state, "received");
	assert_string_equal(r.receiver, "孙某");
	outbox_counts(room.st, &counts);
	assert_int_equal(counts.waiting, 0);
	assert_int_equal(sql_one_int(room.st,
			     "SELECT count(*) FROM journal WHERE verb = 'outbox.received'", 0, ""),
	    5);
	assert_int_equal(server_lines(dir, "again", NULL, 0), 0);
}

static pid_t
sync_process(void)
{
	pid_t pid = fork();
	struct store *st;

	assert_true(pid >= 0);
	if (pid)
		return pid;
	st = room_open(&room);
	exchange_register(st);
	run(st, false, 20);
	_exit(0);
}

static void
kill_after(pid_t pid, int ms)
{
	int status;

	server_nap(ms);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

/* Until the receiver has so many; fails the test when it never has. */
static void
wait_received(int n)
{
	for (int i = 0; server_lines(dir, "received", NULL, 0) < n; i++) {
		if (i == 24000)
			fail_msg("the receiver never had %d", n);
		server_nap(5);
	}
}

static void
queue_more(int from, int to)
{
	room.st = room_open(&room);
	exchange_register(room.st);
	queue(from, to);
	store_close(room.st); /* not carried over the forks */
	room.st = NULL;
}

/* The link is cut in the middle of 50, comes back without answers, then whole; the sender is killed
 * 20 times meanwhile. */
static void
survives_outage_and_kills(void **state)
{
	int kills = 0, there = 0, last = 50, seen[21], rest = getenv("ZHIBAN_SOAK") ? 180 : 0;
	int64_t waiting;

	(void)state;
	way("http", server_url(&web, "/in"), "key");
	store_close(room.st);
	/* Not all of the 50 before the cut: it shall come in their middle, however long a kill takes. */
	queue_more(1, 40);
	/* So slowly that each life brings some over. */
	server_word(dir, "pace", "12");
	while (kills < 20) {
		pid_t pid;

		if (kills == 6)
			queue_more(41, last);
		pid = sync_process();
		/* Killed at some moment of its work: mostly in the middle of a message. Before the cut it
		 * has brought one over by then, however busy the machine. */
		if (kills < 6 && there < 40)
			wait_received(there + 1);
		kill_after(pid, (int)random_below(60) + (kills < 6 ? 0 : 30));
		kills++;
		server_mood(dir, kills >= 6 && kills < 10    ? "close"
				 : kills >= 10 && kills < 14 ? "drop"
				 : kills >= 14 && kills < 17 ? "500"
							     : "ok");
		/* What it had sent may still be on its way in: that belongs to this life. */
		server_settle(dir);
		there = server_lines(dir, "received", NULL, 0);
		seen[kills - 1] = there;
	}
	/* The cut came in the middle, and while it lasted nothing arrived. */
	assert_in_range(seen[5], 6, 46);
	assert_int_equal(seen[9], seen[6]);
	assert_int_equal(seen[16], seen[14]);
	/* The long form goes on until there were 200, with new messages as it goes, and every kind
	 * of trouble by turns. */
	for (int more = 0; more < rest; more++) {
		static const char *const moods[] = {"ok", "drop", "close", "500", "ok"};

		if (more % 10 == 0) {
			queue_more(last + 1, last + 5);
			last += 5;
		}
		server_mood(dir, moods[more % 5]);
		kill_after(sync_process(), 20 + (int)random_below(80));
	}
	server_mood(dir, "ok");
	room.st = room_open(&room);
	exchange_register(room.st);
	waiting = outbox_waiting(room.st);
	/* Nothing is called taken over that the receiver does not have. */
	assert_true(last - waiting <= server_lines(dir, "received", NULL, 0));
	if (waiting)
		run(room.st, false, 20);
	assert_arrived(last);
	assert_true(
	    server_lines(dir, "again", NULL, 0) > 0); /* answers were lost, and the key told */
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM outbox WHERE state = 'received'", 0, ""),
	    last);
	assert_int_equal(sql_one_int(room.st,
			     "SELECT count(*) FROM journal WHERE verb = 'outbox.received'", 0, ""),
	    last);
}

/* Killed exactly between the receiver's taking and our knowing. */
static void
survives_a_lost_answer(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	way("http", server_url(&web, "/in"), "key");
	queue(1, 3);
	store_close(room.st);
	server_mood(dir, "drop");
	pid = sync_process();
	wait_received(1);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	room.st = room_open(&room);
	exchange_register(room.st);
	assert_state(2, "queued");
	server_mood(dir, "ok");
	run(room.st, false, 20);
	assert_arrived(3);
	assert_true(
	    server_lines(dir, "again", NULL, 0) >= 1); /* it came twice, under the same key */
}

static void
shares_the_work(void **state)
{
	pid_t pid[3];
	int status;

	(void)state;
	way("http", server_url(&web, "/in"), "key");
	queue(1, 30);
	store_close(room.st);
	for (size_t i = 0; i < COUNT_OF(pid); i++)
		pid[i] = sync_process();
	wait_received(30);
	server_nap(50);
	for (size_t i = 0; i < COUNT_OF(pid); i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], &status, 0);
	}
	room.st = room_open(&room);
	exchange_register(room.st);
	assert_arrived(30);
	assert_int_equal(server_lines(dir, "again", NULL, 0), 0);
}

/* Six hours of refusal on a pinned clock. */
static void
backs_off_and_never_gives_up(void **state)
{
	int64_t begin = INT64_C(1752088320000), now = begin;
	int tries = 0;

	(void)state;
	clock_pin(begin);
	alarms = 0;
	way("http", server_url(&web, "/in"), "key");
	queue(1, 2);
	server_mood(dir, "500");
	while (now < begin + 6 * CLOCK_HOUR) {
		int64_t full = tries < 7 ? INT64_C(10000) << tries : 900000, next;
		struct outbox_row r;

		assert_int_equal(run_once().unsent, 1);
		tries++;
		/* Somebody is told within a minute, and once. */
		assert_int_equal(alarms, now - begin >= 45000 || tries >= 3);
		if (tries == 3)
			assert_in_range(now - begin, 0, 60000);
		r = row(1);
		assert_int_equal(r.tries, tries);
		assert_string_equal(r.state, "queued");
		assert_non_null(strstr(r.error, "500"));
		next = r.next;
		assert_in_range(next - now, full * 3 / 4 - 1, full < 900000 ? full : 900000);
		/* Too early is not tried. */
		clock_pin(next - 1);
		assert_int_equal(run_once().unsent, 0);
		clock_pin(now = next);
	}
	assert_in_range(tries, 24, 45);
	assert_int_equal(row(0).tries, 0); /* the second waits behind the first */
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb = 'link.down'", 0, ""),
	    1);
	server_mood(dir, "ok");
	assert_int_equal(run_once().sent, 2);
	assert_arrived(2);
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb = 'link.up'", 0, ""), 1);
}

static void
is_not_misled_by_a_clock_set_back(void **state)
{
	(void)state;
	clock_pin(INT64_C(1752088320000));
	way("http", server_url(&web, "/in"), "key");
	queue(1, 1);
	server_mood(dir, "500");
	run_once();
	clock_pin(INT64_C(1752088320000) - CLOCK_DAY);
	server_mood(dir, "ok");
	assert_int_equal(run_once().sent, 1);
}

/* --- answers --------------------------------------------------------------------------------- */

static void
takes_only_a_receipt(void **state)
{
	static const char *const moods[] = {"portal", "other", "bare"};

	(void)state;
	way("http", server_url(&web, "/in"), "key");
	queue(1, 1);
	for (size_t i = 0; i < COUNT_OF(moods); i++) {
		server_mood(dir, moods[i]);
		assert_int_equal(run_once().unsent, 1);
		assert_state(0, "queued");
		assert_true(strlen(row(0).error) > 0);
		clock_pin(row(0).next);
	}
	/* Where the status alone shall count, it is accepted, not received; a web page is still
	 * none. */
	way("http", server_url(&web, "/in"), "status");
	server_mood(dir, "portal");
	assert_int_equal(run_once().unsent, 1);
	clock_pin(row(0).next);
	server_mood(dir, "bare");
	assert_int_equal(run_once().sent, 1);
	assert_state(0, "sent");
}

static void
sets_the_refused_aside(void **state)
{
	struct outbox_counts counts;
	struct actor chief = room_person(room.st, "chief", ROLE_CHIEF, AREA),
		     town = room_person(room.st, "town", ROLE_TOWNSHIP, TOWN);
	struct outbox_row r;

	(void)state;
	way("http", server_url(&web, "/in"), "key");
	queue(1, 1);
	server_mood(dir, "422");
	assert_int_equal(run_once().set_aside, 1);
	assert_state(0, "failed");
	server_mood(dir, "refuse");
	queue(2, 2);
	assert_int_equal(run_once().set_aside, 1);
	assert_string_equal(row(0).error, "缺项");
	outbox_counts(room.st, &counts);
	assert_int_equal(counts.failed, 2);
	/* They do not hold up the next. */
	server_mood(dir, "ok");
	queue(3, 3);
	assert_int_equal(run_once().sent, 1);
	r = row(1);
	room_refused(room.st, &town, "outbox.retry",
	    json_pack("{s:I}", "message", (json_int_t)r.id), ERR_REFUSED, NULL);
	room_do(room.st, &chief, "outbox.retry", json_pack("{s:I}", "message", (json_int_t)r.id));
	assert_int_equal(run_once().sent, 1);
	assert_state(1, "received");
	r = row(2);
	room_do(room.st, &chief, "outbox.cancel",
	    json_pack("{s:I, s:s}", "message", (json_int_t)r.id, "reason", "superseded"));
	assert_state(2, "cancelled");
	room_refused(room.st, &chief, "outbox.retry",
	    json_pack("{s:I}", "message", (json_int_t)r.id), ERR_STATE, NULL);
	outbox_counts(room.st, &counts);
	assert_int_equal(counts.failed, 0);
}

static void
waits_for_a_person(void **state)
{
	struct actor officer = room_person(room.st, "officer", ROLE_OFFICER, AREA);
	struct outbox_counts counts;
	json_int_t id;

	(void)state;
	way("fax", "0514-55500101", "key");
	queue(1, 1);
	assert_int_equal(run_once().sent, 0);
	assert_state(0, "queued");
	outbox_counts(room.st, &counts);
	assert_int_equal(counts.by_hand, 1);
	id = (json_int_t)row(0).id;
	room_refused(room.st, &officer, "outbox.confirm", json_pack("{s:I}", "message", id),
	    ERR_INPUT, NULL);
	room_refused(room.st, &officer, "outbox.confirm",
	    json_pack("{s:I, s:s, s:I}", "message", id, "receiver", "孙某", "at",
		(json_int_t)(clock_now() + CLOCK_HOUR)),
	    ERR_INPUT, NULL);
	room_do(room.st, &officer, "outbox.confirm",
	    json_pack("{s:I, s:s}", "message", id, "receiver", "孙某"));
	assert_state(0, "received");
	assert_string_equal(row(0).receiver, "孙某");
	room_refused(room.st, &officer, "outbox.confirm",
	    json_pack("{s:I, s:s}", "message", id, "receiver", "孙某"), ERR_STATE, NULL);
}

static void
queues_what_a_person_writes(void **state)
{
	struct actor officer = room_person(room.st, "officer", ROLE_OFFICER, AREA),
		     town = room_person(room.st, "town", ROLE_TOWNSHIP, TOWN);

	(void)state;
	way("http", server_url(&web, "/in"), "key");
	room_do(room.st, &officer, "outbox.add",
	    json_pack("{s:s, s:s, s:s}", "unit", "city", "kind", "ack", "text", "已收到"));
	room_do(room.st, &officer, "outbox.add",
	    json_pack("{s:s, s:s, s:s}", "unit", "city", "key", "key-001", "text", "again"));
	room_refused(room.st, &officer, "outbox.add",
	    json_pack("{s:s, s:s, s:s}", "unit", "city", "key", "key-001", "text", "again"),
	    ERR_STATE, NULL);
	room_refused(room.st, &town, "outbox.add",
	    json_pack("{s:s, s:s}", "unit", "city", "text", "no"), ERR_REFUSED, NULL);
	assert_string_equal(row(1).kind, "ack");
	assert_int_equal(run_once().sent, 2);
	assert_state(0, "received");
}

static void
refuses_bad_ways(void **state)
{
	static const char *const bad[][3] = {{"http", "file:///etc/passwd", "a@b"},
	    {"http", "", "a@b"}, {"smtp", "smtp://127.0.0.1", "a@b"},
	    {"smtp", "smtp://127.0.0.1 a@b\r\nX", "a@b"},
	    {"smtp", "smtp://127.0.0.1 a@b", "nobody"}, {"smtp", "http://127.0.0.1 a@b", "a@b"},
	    {"spool", "relative/dir", "a@b"}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		room_refused(room.st, &room.system, "destination.set",
		    json_pack("{s:s, s:s, s:s, s:s}", "unit", "city", "channel", bad[i][0],
			"address", bad[i][1], "sender", bad[i][2]),
		    i == 5 ? ERR_REFUSED : ERR_INPUT, NULL);
}

/* --- mail ------------------------------------------------------------------------------------ */

static void
goes_by_mail(void **state)
{
	char address[128], *path, text[4096] = "";
	FILE *f;

	(void)state;
	snprintf(address, sizeof(address), "smtp://127.0.0.1:%d duty@yangzhou.example", post.port);
	way("smtp", address, "key");
	queue(1, 1);
	server_mood(dir, "451");
	assert_int_equal(run_once().unsent, 1);
	assert_state(0, "queued");
	server_mood(dir, "close");
	clock_pin(row(0).next);
	assert_int_equal(run_once().unsent, 1);
	clock_pin(row(0).next);
	server_mood(dir, "ok");
	assert_int_equal(run_once().sent, 1);
	assert_state(0, "sent"); /* the mail server has it; the receiver has not said so */
	path = mem_print("%s/mail", dir);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	free(path);
	assert_non_null(strstr(text, "To: <duty@yangzhou.example>"));
	assert_non_null(strstr(text, "Idempotency-Key: key-001"));
	assert_non_null(strstr(text, "Message-ID: <"));
	assert_non_null(strstr(text, "@gaoyou.example>"));
	assert_non_null(strstr(text, "\n\ncGF5bG9hZA==\n")); /* payload */
	queue(2, 2);
	server_mood(dir, "550");
	assert_int_equal(run_once().set_aside, 1);
	assert_state(0, "failed");
}

/* --- folders --------------------------------------------------------------------------------- */

static void
drop_file(const char *folder, const char *name, const char *text)
{
	char *path = mem_print("%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(path);
}

static size_t
files(const char *folder, const char *end, char names[][256], size_t max)
{
	struct dirent **all;
	int n = scandir(folder, &all, NULL, alphasort);
	size_t found = 0;

	for (int i = 0; i < n; i++) {
		size_t length = strlen(all[i]->d_name), k = strlen(end);

		if (length >= k && strcmp(all[i]->d_name + length - k, end) == 0 &&
		    *all[i]->d_name != '.' && found < max)
			snprintf(names[found++], 256, "%s", all[i]->d_name);
		free(all[i]);
	}
	if (n >= 0)
		free(all);
	return found;
}

static void
goes_by_folder(void **state)
{
	char names[8][256], *receipts = mem_print("%s/receipts", dir),
			    *refused = mem_print("%s/refused", receipts);
	struct outbox_counts counts;

	(void)state;
	way("spool", dir, "key");
	/* A key is a text of somebody's: it never becomes a name. */
	room_do(room.st, &room.system, "test.all", json_pack("{s:s}", "word", "../../-rf"));
	queue(2, 3);
	run_once();
	assert_int_equal(files(dir, ".txt", names, 8), 3);
	assert_true(strcmp(names[0], names[1]) < 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(strspn(names[i], "0123456789abcdef-.tx"), strlen(names[i]));
	assert_int_equal(files(dir, ".key", names, 8), 3);
	assert_state(2, "queued");
	outbox_counts(room.st, &counts);
	assert_int_equal(counts.handed, 3);
	assert_int_equal(counts.waiting, 3);
	/* What comes back. */
	drop_file(receipts, "1.json",
	    "{\"key\":\"../../-rf\",\"receiver\":\"孙某\",\"at\":\"2020-01-01T00:00:00Z\"}");
	drop_file(receipts, "2.json", "{\"key\":\"key-002\",\"accepted\":false,\"text\":\"缺项\"}");
	drop_file(receipts, "3.json", "{\"key\":\"nobody's\"}");
	drop_file(receipts, "4.json", "<html>");
	drop_file(receipts, "5.json.tmp", "{\"key\":\"key-003\"}");
	server_nap(5);
	run_once();
	assert_state(2, "received");
	assert_string_equal(row(2).receiver, "孙某");
	assert_state(1, "failed");
	assert_state(0, "queued"); /* half a receipt is none */
	assert_int_equal(files(refused, ".reason", names, 8), 2);
	free(receipts);
	free(refused);
}

/* A gate's folder that is not one, or holds something else under our name. */
static void
writes_into_the_folder_only(void **state)
{
	char *link = mem_print("%s/link", room.dir), names[8][256], *path;
	struct stat sb;

	(void)state;
	assert_int_equal(symlink(dir, link), 0);
	way("spool", link, "key");
	queue(1, 1);
	assert_int_equal(run_once().unsent, 1);
	assert_int_equal(files(dir, ".txt", names, 8), 0);
	way("spool", dir, "key");
	run_once();
	assert_int_equal(files(dir, ".txt", names, 8), 1);
	/* The same file there already is fine; another one is not written over. */
	path = mem_print("%s/%s", dir, names[0]);
	room_do(room.st, &room.system, "test.all", json_pack("{s:s}", "word", "other"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	clock_pin(clock_now());
	run_once();
	assert_int_equal(lstat(path, &sb), 0);
	assert_true(S_ISLNK(sb.st_mode));
	assert_int_equal(files(dir, ".txt", names, 8), 2);
	free(path);
	free(link);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(goes_out_in_order),
	    T(survives_outage_and_kills),
	    T(survives_a_lost_answer),
	    T(shares_the_work),
	    T(backs_off_and_never_gives_up),
	    T(is_not_misled_by_a_clock_set_back),
	    T(takes_only_a_receipt),
	    T(sets_the_refused_aside),
	    T(waits_for_a_person),
	    T(queues_what_a_person_writes),
	    T(refuses_bad_ways),
	    T(goes_by_mail),
	    T(goes_by_folder),
	    T(writes_into_the_folder_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
