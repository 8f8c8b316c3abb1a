/* Feeds and spool folders, from a real server and real files: what is kept when, what is asked
 * again, what is left alone, who does what. */
#include "tests/exchange/server.h"
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/mem.h"
#include "exchange/outbox.h"
#include "exchange/sync.h"
#include "store/link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOON INT64_C(1752120000000)

static struct room room;
static struct server web;
static char dir[300];

/* What the sink saw. A document is text: "bad …" is refused, "page NAME STAMP" lines point on,
 * "item" lines count. */
static struct {
	int taken, alarms, progress, tells;
	char last[256], from[256], alarm[256], told[2000];
	bool store_fails, die;
} saw;

/* Of the links made from here on. */
static int64_t feed_timeout_s;

static bool
run_link(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q = sql(st, "INSERT INTO link (id, name, kind) VALUES (?1, ?2, ?3)");

	(void)err;
	sql_bind(q, "itt", id, call_text(call, "name"), call_text(call, "kind"));
	sql_run(q);
	q = sql(st, "INSERT INTO feed (link, url, interval_s, timeout_s, max_bytes) VALUES (?1, "
		    "?2, ?3, ?4, ?5)");
	sql_bind(q, "itiii", id, call_text(call, "url"), call_int(call, "every"), feed_timeout_s,
	    call_has(call, "most") ? call_int(call, "most") : 1000000);
	call_subject(call, "link", id);
	return sql_run(q);
}

static bool
run_switch(struct verb_call *call, struct err *err)
{
	struct sql *q = sql(call_store(call), "UPDATE link SET enabled = ?1");

	(void)err;
	sql_bind(q, "i", call_int(call, "on"));
	return sql_run(q);
}

static const struct verb_param link_params[] = {
    {"name", "Name", ARG_WORD, NULL, true, true, ""},
    {"kind", "Kind", ARG_WORD, NULL, true, true, ""},
    {"url", "URL", ARG_WORD, NULL, true, true, ""},
    {"every", "Every", ARG_INT, NULL, true, true, ""},
    {"most", "Most", ARG_INT, NULL, false, true, ""},
};
static const struct verb_param switch_params[] = {{"on", "On", ARG_INT, NULL, true, true, ""}};
static const struct verb verbs[] = {
    {"test.link", "", "a link", ROLE_SYSTEM, 0, link_params, COUNT_OF(link_params), run_link, NULL},
    {"test.switch", "", "all on or off", ROLE_SYSTEM, 0, switch_params, 1, run_switch, NULL},
};

static struct store *
open_again(void)
{
	struct store *st = room_open(&room);

	exchange_register(st);
	verb_register(st, verbs, COUNT_OF(verbs));
	return st;
}

static int
setup(void **state)
{
	(void)state;
	room_in_memory();
	room_make(&room);
	exchange_register(room.st);
	verb_register(room.st, verbs, COUNT_OF(verbs));
	memset(&saw, 0, sizeof(saw));
	feed_timeout_s = 2;
	snprintf(dir, sizeof(dir), "%s/there", room.dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	server_start(&web, SERVER_HTTP, dir);
	clock_pin(NOON);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	clock_pin(CLOCK_NONE);
	server_stop(&web);
	room_clear(&room);
	return 0;
}

/* --- doing ----------------------------------------------------------------------------------- */

static int64_t
add_link(const char *name, const char *kind, const char *url, int every, int most)
{
	room_do(room.st, &room.system, "test.link",
	    json_pack("{s:s, s:s, s:s, s:i, s:i}", "name", name, "kind", kind, "url", url, "every",
		every, "most", most));
	return sql_one_int(room.st, "SELECT id FROM link WHERE name = ?1", 0, "t", name);
}

static bool
take(void *context, const struct sync_link *link, const char *url, const char *bytes, size_t n,
    struct sync_taken *taken, struct err *err)
{
	char *text = mem_dupn(bytes, n), *at = text, *line, page[128], stamp[128];
	struct store *st = context;
	struct verb_result result;
	struct actor actor;
	json_t *args;

	assert_true(strlen(link->name) > 0);
	if (saw.store_fails) {
		free(text);
		return err_set(err, ERR_STORE, "the store is full");
	}
	if (strncmp(text, "bad", 3) == 0) {
		free(text);
		return err_set(err, ERR_INPUT, "bad document");
	}
	saw.taken++;
	snprintf(saw.last, sizeof(saw.last), "%.200s", text);
	snprintf(saw.from, sizeof(saw.from), "%.200s", url);
	while ((line = strsep(&at, "\n")) != NULL) {
		if (sscanf(line, "page %127s %127s", page, stamp) == 2)
			sync_page_add(taken, page, stamp);
		taken->items += strncmp(line, "item", 4) == 0;
	}
	taken->taken = taken->items;
	/* Commit, as the real one does. */
	actor_system(&actor, "test");
	args = json_pack(
	    "{s:I, s:s, s:i}", "code", (json_int_t)AREA, "name", "x", "people", saw.taken);
	assert_true(verb_run(st, &actor, "test.area", args, &result, err));
	verb_result_clear(&result);
	json_decref(args);
	free(text);
	if (saw.die)
		kill(getpid(), SIGKILL);
	return true;
}

static void
alarm_raised(void *context, const char *source, const char *text)
{
	(void)context;
	assert_true(strlen(source) > 0);
	saw.alarms++;
	snprintf(saw.alarm, sizeof(saw.alarm), "%.200s", text);
}

static void
on_progress(void *context, const struct sync_link *link, int64_t done, int64_t all)
{
	(void)context;
	(void)link;
	assert_in_range(done, 1, all);
	saw.progress++;
}

static void
on_tell(void *context, const char *line)
{
	size_t used = strlen(saw.told);

	(void)context;
	saw.tells++;
	snprintf(saw.told + used, sizeof(saw.told) - used, "%s\n", line);
}

static struct sync_report
run_as(struct store *st, const struct sync_options *options)
{
	struct sync_sink sink = {.context = st,
	    .take = take,
	    .alarm = alarm_raised,
	    .progress = on_progress,
	    .tell = on_tell};
	struct err err = ERR_NONE;
	struct sync_report report;

	if (!sync_run(st, &sink, options, &report, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	return report;
}

static struct sync_report
run_once(void)
{
	struct sync_options o = {.once = true, .wake_fd = -1, .settle_ms = -1};

	return run_as(room.st, &o);
}

/* The clock goes on, and once more. */
static struct sync_report
later(int64_t ms)
{
	clock_pin(clock_now() + ms);
	return run_once();
}

static void
put(const char *name, const char *text)
{
	char *path = mem_print("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(path);
}

static char *
poll_text(const char *column)
{
	return strcmp(column, "etag") == 0
		   ? sql_one_text(room.st, "SELECT ifnull(etag, '') FROM poll", "")
		   : sql_one_text(room.st, "SELECT ifnull(last_error, '') FROM poll", "");
}

static void
assert_poll(const char *column, const char *words)
{
	char *text = poll_text(column);

	assert_non_null(text);
	if (*words ? !strstr(text, words) : *text)
		fail_msg("%s: \"%s\" does not say \"%s\"", column, text, words);
	free(text);
}

static int
asked(void)
{
	return server_lines(dir, "asked", NULL, 0);
}

/* --- feeds ----------------------------------------------------------------------------------- */

static void
asks_again_only_for_what_was_not_kept(void **state)
{
	struct sync_report r;

	(void)state;
	add_link("cap", "feed", server_url(&web, "/file/a"), 60, 1000000);
	put("a", "bad first");
	r = run_once();
	assert_int_equal(r.failed, 1);
	assert_poll("last_error", "bad document");
	assert_poll("etag", "");
	put("a", "item 1");
	r = later(CLOCK_MINUTE);
	assert_int_equal(r.fetched, 1);
	assert_int_equal(r.taken, 1);
	assert_poll("etag", "\"");
	assert_poll("last_error", "");
	r = later(CLOCK_MINUTE);
	assert_int_equal(r.unchanged, 1);
	assert_int_equal(saw.taken, 1);
	/* Changed for the worse: refused, and the old state and validators stand. */
	put("a", "bad again");
	r = later(CLOCK_MINUTE);
	assert_int_equal(r.failed, 1);
	put("a", "item 1\nitem 2");
	r = later(CLOCK_MINUTE);
	assert_int_equal(r.fetched, 1);
	assert_int_equal(saw.taken, 2);
	assert_int_equal(asked(), 5);
}

/* A page of half a document must never count as seen. */
static void
keeps_nothing_of_what_broke_off(void **state)
{
	(void)state;
	add_link("cap", "feed", server_url(&web, "/cut"), 60, 1000000);
	assert_int_equal(run_once().failed, 1);
	assert_int_equal(saw.taken, 0);
	assert_poll("etag", "");
}

static void
fetches_again_what_was_killed_before_the_note(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	add_link("cap", "feed", server_url(&web, "/file/a"), 60, 1000000);
	put("a", "item 1");
	store_close(room.st);
	pid = fork();
	if (pid == 0) {
		room.st = open_again();
		saw.die = true; /* right behind the commit */
		run_once();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status));
	room.st = open_again();
	assert_int_equal(sql_one_int(room.st, "SELECT people FROM area", 0, ""), 1);
	assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM poll", 9, ""), 0);
	assert_int_equal(run_once().fetched, 1); /* not 304: nobody kept the validator */
}

static void
waits_as_it_was_told(void **state)
{
	int64_t next, now;

	(void)state;
	add_link("cap", "feed", server_url(&web, "/status/429"), 60, 1000000);
	run_once();
	next = sql_one_int(room.st, "SELECT next_try FROM poll", 0, "");
	assert_int_equal(next, NOON + 120000);
	now = NOON + 119999;
	clock_pin(now);
	assert_int_equal(run_once().failed, 0);
	clock_pin(now = next);
	assert_int_equal(run_once().failed, 1);
	/* Down after the third, told once; consoles see why. */
	clock_pin(now + 3 * CLOCK_HOUR);
	run_once();
	clock_pin(now + 6 * CLOCK_HOUR);
	run_once();
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb = 'link.down'", 0, ""),
	    1);
	assert_poll("last_error", "429");
	assert_int_equal(sql_one_int(room.st, "SELECT fails FROM poll", 0, ""), 4);
}

static void
backs_off_and_comes_up_again(void **state)
{
	struct link_row link;

	(void)state;
	add_link("cap", "feed", server_url(&web, "/file/a"), 60, 1000000);
	for (int i = 0; i < 4; i++) {
		clock_pin(clock_now() + CLOCK_HOUR);
		assert_int_equal(run_once().failed, 1); /* 404 */
	}
	put("a", "item");
	assert_int_equal(later(CLOCK_HOUR).fetched, 1);
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb = 'link.up'", 0, ""), 1);
	assert_int_equal(link_list(room.st, &link, 1), 1);
	assert_int_equal(link.last_ok, clock_now());
	assert_string_equal(link.last_error, "");
	/* A poll is no journal line. */
	assert_int_equal(later(CLOCK_HOUR).unchanged, 1);
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb LIKE 'link.%'", 0, ""),
	    2);
}

static void
raises_an_alarm_once(void **state)
{
	(void)state;
	add_link("cap", "feed", server_url(&web, "/bomb"), 60, 5000);
	for (int i = 0; i < 3; i++)
		later(CLOCK_HOUR);
	assert_int_equal(saw.alarms, 1);
	assert_int_equal(saw.taken, 0);
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb = 'link.alarm'", 0, ""),
	    1);
}

static void
raises_an_alarm_when_a_feed_falls_silent(void **state)
{
	(void)state;
	add_link("cap", "feed", server_url(&web, "/file/a"), 60, 5000);
	put("a", "nothing");
	run_once();
	assert_int_equal(saw.alarms, 0);
	put("a", "item 1");
	later(CLOCK_MINUTE);
	put("a", "nothing again");
	later(CLOCK_MINUTE);
	assert_int_equal(saw.alarms, 1);
	later(CLOCK_MINUTE);
	assert_int_equal(saw.alarms, 1);
}

/* --- indexes --------------------------------------------------------------------------------- */

static void
fetches_what_an_index_points_to(void **state)
{
	struct sync_report r;
	char last[64];

	(void)state;
	add_link("index", "feed", server_url(&web, "/file/index"), 60, 5000);
	put("index",
	    "page p1 s1\npage /file/p2 s1\npage file:///etc/passwd s1\npage http://127.0.0.2/x s1\n"
	    "page p3 s1\n");
	put("p1", "item 1");
	put("p2", "item 2");
	r = run_once();
	/* p3 is not there yet: the index is asked for again, and only p3 with it. */
	assert_int_equal(r.failed, 1);
	assert_int_equal(r.taken, 2);
	assert_int_equal(saw.taken, 3);
	assert_int_equal(asked(), 4);
	assert_poll("etag", "");
	assert_true(saw.progress > 0);
	put("p3", "item 3");
	r = later(CLOCK_MINUTE);
	assert_int_equal(r.fetched, 1);
	assert_int_equal(r.taken, 1);
	assert_int_equal(asked(), 6);
	server_lines(dir, "asked", last, sizeof(last));
	assert_string_equal(last, "/file/p3");
	assert_int_equal(later(CLOCK_MINUTE).unchanged, 1);
	/* A page that was brought up to date is fetched again. */
	put("index", "page p1 s2\npage /file/p2 s1\n");
	put("p1", "item 1 new");
	r = later(CLOCK_MINUTE);
	assert_int_equal(r.taken, 1);
	assert_string_equal(saw.last, "item 1 new");
	assert_int_equal(asked(), 9);
}

/* --- several at once ------------------------------------------------------------------------- */

static volatile sig_atomic_t stopped;

static void
stop_now(int signal)
{
	(void)signal;
	stopped = 1;
}

/* It ends by itself on SIGTERM, from its first moment on. */
static pid_t
service(void)
{
	struct sync_options o = {.wake_fd = -1, .stop = &stopped, .settle_ms = -1};
	void (*before)(int) = signal(SIGTERM, stop_now);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid) {
		signal(SIGTERM, before);
		return pid;
	}
	room.st = open_again();
	run_as(room.st, &o);
	store_close(room.st);
	_exit(0);
}

/* A store of an older version: the link goes on, and it is said what is to be done, without the password. */
static void
goes_on_with_an_old_password(void **state)
{
	char url[200];
	struct sync_report r;

	(void)state;
	put("a", "item 1\npage b 1\npage /secret/c 1");
	put("b", "item 1");
	put("c", "item 1");
	snprintf(url, sizeof(url), "http://gate:open%%20sesame@127.0.0.1:%d/secret/a", web.port);
	add_link("old", "feed", url, 60, 100000);
	r = run_once();
	assert_int_equal(r.failed, 0);
	assert_int_equal(saw.taken, 3); /* its pages are of the same place */
	assert_non_null(strstr(saw.told, "old: its password stands in the store"));
	assert_null(strstr(saw.told, "sesame"));
	assert_null(strstr(saw.from, "sesame"));
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM poll_page WHERE url LIKE '%sesame%'", 9, ""),
	    0);
}

/* Until the server was asked so often; fails the test when it never is. */
static void
wait_asked(int n)
{
	for (int i = 0; asked() < n; i++) {
		if (i == 24000)
			fail_msg("the server was asked %d times, never %d", asked(), n);
		server_nap(5);
	}
}

/* At most five at once, however many are due. */
static void
asks_five_at_once(void **state)
{
	char name[16];
	int status;
	pid_t pid;

	(void)state;
	feed_timeout_s = 300; /* none is given up here, and so none makes room for another */
	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		add_link(name, "feed", server_url(&web, "/hang"), 60, 5000);
	}
	store_close(room.st);
	room.st = NULL;
	pid = service();
	wait_asked(5);
	server_nap(500); /* in which a sixth would come */
	assert_int_equal(asked(), 5);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	room.st = open_again();
}

static void
never_fetches_twice(void **state)
{
	pid_t pid[4];
	int status;

	(void)state;
	put("a", "item 1");
	add_link("a", "feed", server_url(&web, "/file/a"), 3600, 5000);
	add_link("b", "feed", server_url(&web, "/file/a"), 3600, 5000);
	store_close(room.st);
	for (size_t i = 0; i < COUNT_OF(pid); i++)
		pid[i] = service();
	wait_asked(2);
	server_nap(150);
	for (size_t i = 0; i < COUNT_OF(pid); i++)
		kill(pid[i], SIGTERM);
	/* And each ends by itself, at once, with nothing left behind. */
	for (size_t i = 0; i < COUNT_OF(pid); i++) {
		waitpid(pid[i], &status, 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	room.st = open_again();
	assert_int_equal(asked(), 2);
}

static void
leaves_the_disabled_alone(void **state)
{
	(void)state;
	put("a", "item 1");
	add_link("a", "feed", server_url(&web, "/file/a"), 60, 5000);
	room_do(room.st, &room.system, "test.switch", json_pack("{s:i}", "on", 0));
	run_once();
	assert_int_equal(asked(), 0);
	room_do(room.st, &room.system, "test.switch", json_pack("{s:i}", "on", 1));
	assert_int_equal(run_once().fetched, 1);
}

static void
is_not_misled_by_a_clock_set_back(void **state)
{
	(void)state;
	put("a", "item 1");
	add_link("a", "feed", server_url(&web, "/file/a"), 60, 5000);
	run_once();
	clock_pin(NOON - CLOCK_DAY);
	assert_int_equal(run_once().unchanged, 1);
}

static void
ends_when_the_store_fails(void **state)
{
	struct sync_options o = {.once = true, .wake_fd = -1};
	struct sync_sink sink = {.context = room.st, .take = take};
	struct err err = ERR_NONE;
	struct sync_report report;

	(void)state;
	put("a", "item 1");
	add_link("a", "feed", server_url(&web, "/file/a"), 60, 5000);
	saw.store_fails = true;
	assert_false(sync_run(room.st, &sink, &o, &report, &err));
	assert_int_equal(err.code, ERR_STORE);
	err_clear(&err);
	saw.store_fails = false;
	assert_int_equal(later(CLOCK_MINUTE).fetched, 1);
}

/* --- folders --------------------------------------------------------------------------------- */

static char spool[400];

static void
make_spool(int most)
{
	snprintf(spool, sizeof(spool), "%s/in", room.dir);
	assert_int_equal(mkdir(spool, 0700), 0);
	add_link("gate", "spool", spool, 60, most);
}

static int
drop(const char *name, const char *text, bool keep_open)
{
	char *path = mem_print("%s/%s", spool, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	free(path);
	if (keep_open)
		return fd;
	close(fd);
	return -1;
}

static bool
stands(const char *name)
{
	char *path = mem_print("%s/%s", spool, name);
	struct stat sb;
	bool is = lstat(path, &sb) == 0;

	free(path);
	return is;
}

static void
reads_a_folder_once(void **state)
{
	struct sync_report r;

	(void)state;
	make_spool(1000);
	drop("b.xml", "item 2", false);
	drop("a.xml", "item 1", false);
	drop("-rf\n.xml", "item 3", false);
	drop("c.xml", "bad", false);
	r = run_once();
	assert_int_equal(r.files, 4);
	assert_int_equal(r.taken, 3);
	assert_string_equal(saw.from, "b.xml"); /* by name */
	assert_true(stands("done/a.xml") && stands("done/b.xml") && stands("done/-rf\n.xml"));
	assert_true(stands("refused/c.xml") && stands("refused/c.xml.reason"));
	assert_false(stands("a.xml"));
	later(CLOCK_MINUTE);
	assert_int_equal(saw.taken, 3);
	/* The same name again is another file, and the first is not written over. */
	drop("a.xml", "item 1 new", false);
	assert_int_equal(later(CLOCK_MINUTE).taken, 1);
	assert_true(stands("done/a.xml") && stands("done/a.xml.1"));
}

static void
leaves_the_half_written_alone(void **state)
{
	struct sync_options o = {.once = true, .wake_fd = -1, .settle_ms = CLOCK_HOUR};
	struct timespec old[2] = {{time(NULL) - 7200, 0}, {time(NULL) - 7200, 0}};
	char *path;
	int fd;

	(void)state;
	make_spool(1000);
	fd = drop("open.xml", "item half", true);
	drop("x.xml.tmp", "item half", false);
	drop(".x.xml", "item half", false);
	drop("y.part", "item half", false);
	run_once();
	assert_int_equal(saw.taken, 0);
	assert_true(
	    stands("open.xml") && stands("x.xml.tmp") && stands(".x.xml") && stands("y.part"));
	close(fd);
	/* Closed, but it changed a moment ago. */
	clock_pin(clock_now() + CLOCK_MINUTE);
	run_as(room.st, &o);
	assert_int_equal(saw.taken, 0);
	path = mem_print("%s/open.xml", spool);
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	clock_pin(clock_now() + CLOCK_MINUTE);
	run_as(room.st, &o);
	assert_int_equal(saw.taken, 1);
	/* The gate's own way: whole under another name, then renamed. */
	free(path);
	path = mem_print("%s/x.xml.tmp", spool);
	char *whole = mem_print("%s/x.xml", spool);
	assert_int_equal(rename(path, whole), 0);
	free(path);
	free(whole);
	later(CLOCK_MINUTE);
	assert_int_equal(saw.taken, 2);
}

static void
refuses_what_is_no_file(void **state)
{
	char *path, big[2000];

	(void)state;
	make_spool(1000);
	path = mem_print("%s/link.xml", spool);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	free(path);
	path = mem_print("%s/fifo.xml", spool);
	assert_int_equal(mkfifo(path, 0600), 0);
	free(path);
	path = mem_print("%s/folder.xml", spool);
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	drop("big.xml", big, false);
	drop("good.xml", "item", false);
	run_once();
	assert_int_equal(saw.taken, 1);
	assert_true(stands("refused/link.xml.reason") && stands("refused/fifo.xml.reason") &&
		    stands("refused/folder.xml.reason") && stands("refused/big.xml.reason"));
	assert_false(
	    stands("link.xml") || stands("fifo.xml") || stands("folder.xml") || stands("big.xml"));
}

/* done/ and refused/ are folders, or nothing is read. */
static void
is_not_led_out_of_the_folder(void **state)
{
	char *path;

	(void)state;
	make_spool(1000);
	path = mem_print("%s/done", spool);
	assert_int_equal(symlink(dir, path), 0);
	free(path);
	drop("a.xml", "item", false);
	assert_int_equal(run_once().failed, 1);
	assert_int_equal(saw.taken, 0);
	assert_true(stands("a.xml"));
}

static void
keeps_files_while_the_store_fails(void **state)
{
	struct sync_options o = {.once = true, .wake_fd = -1, .settle_ms = -1};
	struct sync_sink sink = {.context = room.st, .take = take};
	struct err err = ERR_NONE;
	struct sync_report report;

	(void)state;
	make_spool(1000);
	drop("a.xml", "item", false);
	saw.store_fails = true;
	assert_false(sync_run(room.st, &sink, &o, &report, &err));
	err_clear(&err);
	assert_true(stands("a.xml"));
	saw.store_fails = false;
	assert_int_equal(later(CLOCK_MINUTE).taken, 1);
}

static void
goes_through_a_full_folder(void **state)
{
	char name[32];

	(void)state;
	make_spool(1000);
	for (int i = 0; i < 450; i++) {
		snprintf(name, sizeof(name), "%04d.xml", i);
		drop(name, "item", false);
	}
	assert_int_equal(run_once().files, 450);
	assert_true(saw.progress >= 450);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(asks_again_only_for_what_was_not_kept),
	    T(keeps_nothing_of_what_broke_off),
	    T(fetches_again_what_was_killed_before_the_note),
	    T(waits_as_it_was_told),
	    T(backs_off_and_comes_up_again),
	    T(raises_an_alarm_once),
	    T(raises_an_alarm_when_a_feed_falls_silent),
	    T(fetches_what_an_index_points_to),
	    T(goes_on_with_an_old_password),
	    T(asks_five_at_once),
	    T(never_fetches_twice),
	    T(leaves_the_disabled_alone),
	    T(is_not_misled_by_a_clock_set_back),
	    T(ends_when_the_store_fails),
	    T(reads_a_folder_once),
	    T(leaves_the_half_written_alone),
	    T(refuses_what_is_no_file),
	    T(is_not_led_out_of_the_folder),
	    T(keeps_files_while_the_store_fails),
	    T(goes_through_a_full_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
