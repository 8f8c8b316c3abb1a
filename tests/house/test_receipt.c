/*
 * From a signed report to the clock that its receipt closes, over a real server and a folder: a receipt as answer and as a file that comes
 * later, twice, of a message nobody sent, a report sent back, and the sender killed at any moment in between.
 */
#include "tests/exchange/server.h"
#include "tests/incident/room.h"

#include "base/mem.h"
#include "base/random.h"
#include "exchange/outbox.h"
#include "exchange/sync.h"
#include "house/house.h"
#include "report/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CITY "扬州市应急管理局"
#define GOVERNMENT "扬州市人民政府"

static struct server web;
static char dir[300], gate[300];

static int
make(void **state)
{
	struct county *c;

	if (county_make(state) != 0)
		return -1;
	c = *state;
	snprintf(dir, sizeof(dir), "%s/there", c->dir);
	snprintf(gate, sizeof(gate), "%s/gate", c->dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(mkdir(gate, 0700), 0);
	server_start(&web, SERVER_HTTP, dir);
	at("07-10 03:12");
	send_to(c, CITY, "http", server_url(&web, "/in"), NULL);
	send_to(c, GOVERNMENT, "spool", gate, NULL);
	return 0;
}

static int
clear(void **state)
{
	server_stop(&web);
	return county_clear(state);
}

/* --- doing --------------------------------------------------------------------------------------- */

static struct sync_report
sync_once(struct store *st)
{
	struct sync_sink sink = {.context = NULL};
	struct sync_options o = {.once = true, .no_feeds = true, .wake_fd = -1, .settle_ms = -1};
	struct sync_report report;
	struct err err = ERR_NONE;

	if (!sync_run(st, &sink, &o, &report, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	return report;
}

/* `receipt`: these clocks demand it, as a county's policy may. Gives the signed report. */
static int64_t
signed_report(struct county *c, bool receipt, int64_t *incident)
{
	struct sql *q = sql(c->st, "UPDATE clock SET receipt = 1 WHERE medium = 'written'");
	int64_t report;

	at("07-10 03:12");
	*incident = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s}", "source", "110", "text",
		"G2京沪高速高邮段南行槽罐车侧翻，液氨约25吨泄漏，驾驶员被困，2人受伤。"),
	    NULL);
	if (receipt)
		sql_run(q);
	else
		sql_done(q);
	at("07-10 03:40");
	report = act(c, &c->officer, "report.draft",
	    json_pack("{s:I}", "incident", (json_int_t)*incident), NULL);
	at("07-10 03:45");
	act(c, &c->leader, "report.sign", json_pack("{s:I}", "report", (json_int_t)report), NULL);
	return report;
}

/* The clock of a written report to that unit: state, and who took it. */
static void
assert_clock(
    struct county *c, int64_t incident, const char *dest, const char *state, const char *receiver)
{
	char *have = sql_one_text(c->st,
	    "SELECT state || '|' || ifnull(receiver, '') FROM clock WHERE incident = ?1 AND medium "
	    "= "
	    "'written' AND dest = ?2 ORDER BY due LIMIT 1",
	    "it", incident, dest);
	char *want = mem_print("%s|%s", state, receiver);

	assert_non_null(have);
	assert_string_equal(have, want);
	free(have);
	free(want);
}

static int64_t
deliveries(struct county *c, int64_t report, const char *dest)
{
	return sql_one_int(c->st,
	    "SELECT count(*) FROM report_delivery WHERE report = ?1 AND dest = ?2", -1, "it",
	    report, dest);
}

static void
drop_receipt(const char *name, const char *key, const char *rest)
{
	char *path = mem_print("%s/receipts/%s", gate, name),
	     *folder = mem_print("%s/receipts", gate);
	FILE *f;

	mkdir(folder, 0700);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "{\"key\": \"%s\"%s}", key, rest);
	fclose(f);
	free(path);
	free(folder);
}

static char *
key_of(struct county *c, int64_t report, const char *dest)
{
	return sql_one_text(
	    c->st, "SELECT key FROM outbox WHERE ref = ?1 AND dest = ?2", "it", report, dest);
}

static bool
is_there(const char *what)
{
	char *path = mem_print("%s/receipts/%s", gate, what);
	bool is = access(path, F_OK) == 0;

	free(path);
	return is;
}

/* --- answers and files ------------------------------------------------------------------------------ */

static void
a_receipt_closes_the_clock(void **state)
{
	struct county *c = *state;
	struct outbox_filter all = {.open = false};
	struct outbox_row rows[4];
	int64_t incident, report = signed_report(c, true, &incident);
	char *key, *said;

	/* Signed is not received. */
	assert_clock(c, incident, CITY, "open", "");
	assert_clock(c, incident, GOVERNMENT, "open", "");
	at("07-10 03:50");
	assert_int_equal(sync_once(c->st).sent, 1);
	assert_clock(c, incident, CITY, "met", "孙某");
	assert_int_equal(deliveries(c, report, CITY), 1);
	/* One commit, one line: the message and its clock. */
	said = sql_one_text(c->st,
	    "SELECT text FROM journal WHERE verb = 'outbox.received' AND incident = ?1", "i",
	    incident);
	assert_non_null(said);
	assert_non_null(strstr(said, "written report " CITY " met"));
	assert_non_null(strstr(said, "扬应急收2025-12"));
	free(said);
	assert_int_equal(outbox_rows(c->st, &all, rows, 4), 2);
	for (int i = 0; i < 2; i++)
		if (strcmp(rows[i].unit, CITY) == 0) {
			assert_string_equal(rows[i].their_number, "扬应急收2025-12");
			assert_string_equal(rows[i].receiver, "孙某");
		}
	/* Laid into the folder: nobody has it yet. */
	assert_clock(c, incident, GOVERNMENT, "open", "");
	/* What is not about any message of ours, or of another unit's, closes nothing. */
	drop_receipt("a.json", "report-1-nobody", ", \"receiver\": \"李某\"");
	key = key_of(c, report, CITY);
	drop_receipt("b.json", key, ", \"receiver\": \"李某\"");
	free(key);
	at("07-10 04:00");
	sync_once(c->st);
	assert_true(is_there("refused/a.json") && is_there("refused/b.json"));
	assert_clock(c, incident, GOVERNMENT, "open", "");
	/* Late comes the file, and twice. */
	key = key_of(c, report, GOVERNMENT);
	drop_receipt(
	    "c.json", key, ", \"receiver\": \"周某\", \"at\": \"2025-07-10T04:05:00+08:00\"");
	at("07-10 04:20");
	sync_once(c->st);
	assert_clock(c, incident, GOVERNMENT, "met", "周某");
	drop_receipt(
	    "d.json", key, ", \"receiver\": \"周某\", \"at\": \"2025-07-10T04:05:00+08:00\"");
	at("07-10 04:30");
	sync_once(c->st);
	assert_true(is_there("done/c.json") && is_there("done/d.json"));
	assert_int_equal(deliveries(c, report, GOVERNMENT), 1);
	assert_int_equal(sql_one_int(c->st,
			     "SELECT count(*) FROM journal WHERE verb = 'outbox.received'", -1, ""),
	    2);
	assert_int_equal(
	    sql_one_int(c->st,
		"SELECT closed FROM clock WHERE incident = ?1 AND medium = 'written' AND dest = ?2",
		0, "it", incident, GOVERNMENT),
	    at("07-10 04:05"));
	free(key);
}

/* Late is late: by the time of the receipt, not of the signature. Without a name it closes nothing. */
static void
late_and_nameless(void **state)
{
	struct county *c = *state;
	int64_t incident, report = signed_report(c, true, &incident);
	char *key = key_of(c, report, GOVERNMENT);

	at("07-10 05:00");
	sync_once(c->st);
	assert_clock(c, incident, CITY, "late", "孙某");
	drop_receipt("a.json", key, "");
	at("07-10 05:10");
	sync_once(c->st);
	assert_clock(c, incident, GOVERNMENT, "open", "");
	assert_int_equal(sql_one_int(c->st, "SELECT state = 'received' FROM outbox WHERE key = ?1",
			     -1, "t", key),
	    1);
	/* A person asks who has it, and says so. */
	act(c, &c->officer, "report.deliver",
	    json_pack("{s:I, s:s, s:s, s:s}", "report", (json_int_t)report, "dest", GOVERNMENT,
		"way", "phone", "receiver", "周某"),
	    NULL);
	assert_clock(c, incident, GOVERNMENT, "late", "周某");
	free(key);
}

/* Where signing closes the clock, the receipt is put beside it; sent back, it runs again and the inbox says so. */
static void
sent_back(void **state)
{
	struct county *c = *state;
	struct inbox_row inbox[8];
	int64_t incident, report = signed_report(c, false, &incident);
	char *key = key_of(c, report, GOVERNMENT);
	size_t n;
	bool told = false;

	assert_clock(c, incident, CITY, "met", "");
	server_mood(dir, "refuse");
	at("07-10 03:50");
	assert_int_equal(sync_once(c->st).set_aside, 1);
	assert_clock(c, incident, CITY, "open", "");
	n = incident_inbox(c->st, true, inbox, 8);
	for (size_t i = 0; i < n; i++)
		told = told || (inbox[i].urgent && strstr(inbox[i].title, CITY) &&
				   strstr(inbox[i].title, "缺项"));
	assert_true(told);
	inbox_rows_clear(inbox, n);
	/* Mended over there, sent again. */
	server_mood(dir, "ok");
	at("07-10 04:00");
	act(c, &c->officer, "outbox.retry",
	    json_pack("{s:I}", "message",
		(json_int_t)sql_one_int(
		    c->st, "SELECT id FROM outbox WHERE state = 'failed'", 0, "")),
	    NULL);
	assert_int_equal(sync_once(c->st).sent, 1);
	assert_clock(c, incident, CITY, "met", "孙某");
	/* Taken, read, sent back the day after: also then. */
	drop_receipt("a.json", key, ", \"receiver\": \"周某\"");
	at("07-10 04:10");
	sync_once(c->st);
	assert_clock(c, incident, GOVERNMENT, "met", "周某");
	drop_receipt("b.json", key, ", \"accepted\": false, \"text\": \"缺经济损失\"");
	at("07-10 05:00");
	sync_once(c->st);
	assert_clock(c, incident, GOVERNMENT, "open", "");
	drop_receipt("c.json", key, ", \"accepted\": false, \"text\": \"缺经济损失\"");
	at("07-10 05:10");
	sync_once(c->st);
	assert_true(is_there("done/c.json"));
	assert_int_equal(
	    sql_one_int(c->st, "SELECT count(*) FROM journal WHERE verb = 'outbox.failed'", -1, ""),
	    2);
	free(key);
}

/* A follow-up's clock that began after the paper was signed is not closed by its receipt. */
static void
closes_only_its_own(void **state)
{
	struct county *c = *state;
	int64_t incident, first = signed_report(c, false, &incident), follow;

	at("07-10 03:50");
	sync_once(c->st);
	(void)first;
	at("07-10 04:00");
	act(c, &c->officer, "incident.call",
	    json_pack(
		"{s:I, s:s}", "incident", (json_int_t)incident, "text", "又有2人中毒，已送医。"),
	    NULL);
	follow = act(c, &c->officer, "report.draft",
	    json_pack("{s:I}", "incident", (json_int_t)incident), NULL);
	act(c, &c->leader, "report.sign", json_pack("{s:I}", "report", (json_int_t)follow), NULL);
	at("07-10 04:05");
	act(c, &c->officer, "incident.call",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)incident, "text", "现已死亡1人。"),
	    NULL);
	assert_true(sql_one_int(c->st,
			"SELECT count(*) FROM clock WHERE medium = 'follow' AND state = 'open' AND "
			"dest = ?1",
			0, "t", CITY) == 1);
	at("07-10 04:06");
	assert_int_equal(sync_once(c->st).sent, 1);
	assert_int_equal(sql_one_int(c->st,
			     "SELECT count(*) FROM clock WHERE medium = 'follow' AND state = "
			     "'open' AND dest = ?1",
			     0, "t", CITY),
	    1);
	assert_int_equal(sql_one_int(c->st,
			     "SELECT count(*) FROM clock WHERE medium = 'follow' AND state = 'met' "
			     "AND receiver = '孙某' AND dest = ?1",
			     0, "t", CITY),
	    1);
}

/* --- killed --------------------------------------------------------------------------------------- */

/* However the sender dies, a message is received exactly when its clock is closed, and in the end all are, once. */
static void
survives_kills(void **state)
{
	struct county *c = *state;
	int64_t incidents[6], reports[6], now;
	struct err err = ERR_NONE;
	int status;

	for (int i = 0; i < 6; i++)
		reports[i] = signed_report(c, true, &incidents[i]);
	server_word(dir, "pace", "8");
	now = at("07-10 04:00");
	for (int life = 0; life < 25; life++) {
		pid_t pid;

		store_close(c->st);
		server_mood(dir, life % 5 == 2 ? "drop" : life % 5 == 3 ? "500" : "ok");
		clock_pin(now += 20 * CLOCK_MINUTE);
		pid = fork();
		if (pid == 0) {
			struct store *st = house_open(c->path, STORE_WRITE, &err);

			sync_once(st);
			_exit(0);
		}
		server_nap(5 + (int)random_below(60));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		c->st = house_open(c->path, STORE_WRITE, &err);
		assert_non_null(c->st);
		for (int i = 0; i < 6; i++)
			assert_int_equal(sql_one_int(c->st,
					     "SELECT state = 'received' FROM outbox WHERE ref = ?1 "
					     "AND dest = ?2",
					     -1, "it", reports[i], CITY),
			    sql_one_int(c->st,
				"SELECT state <> 'open' FROM clock WHERE incident = ?1 AND medium "
				"= 'written' AND dest = ?2 ORDER BY due LIMIT 1",
				-1, "it", incidents[i], CITY));
	}
	server_mood(dir, "ok");
	clock_pin(now += 20 * CLOCK_MINUTE);
	sync_once(c->st);
	for (int i = 0; i < 6; i++) {
		assert_clock(c, incidents[i], CITY, "late", "孙某");
		assert_int_equal(deliveries(c, reports[i], CITY), 1);
	}
	assert_int_equal(server_lines(dir, "received", NULL, 0), 6);
	assert_int_equal(sql_one_int(c->st,
			     "SELECT count(*) FROM journal WHERE verb = 'outbox.received'", -1, ""),
	    6);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_receipt_closes_the_clock),
	    T(late_and_nameless),
	    T(sent_back),
	    T(closes_only_its_own),
	    T(survives_kills),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
