/*
 * A damaged file, a full disk, a garbage WAL (reliability 4.6, 4.8), and text that would like to be
 * SQL (4.19). Each damaged copy is opened and used in a child: it may refuse in words, it may find
 * the damage, it may not die.
 */
#include "tests/store/room.h"

#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/search.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct room room;

static int
make(void **state)
{
	(void)state;
	room_make(&room);
	for (int i = 0; i < 300; i++) {
		room_do(room.st, &room.system, "test.area",
		    json_pack("{s:i, s:o, s:i}", "code", 1000 + i % 100, "name",
			json_sprintf("周山镇 %d 村", i), "people", i));
		room_do(room.st, &room.system, "journal.note",
		    json_pack("{s:o}", "text", json_sprintf("第 %d 道巡堤 无异常", i)));
	}
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_clear(&room);
	return 0;
}

/* --- in the child ----------------------------------------------------------------------------- */

enum outcome { FINE, FOUND, REFUSED, DIED };

static void
told(struct err *err)
{
	if (!err->message)
		abort();
	err_clear(err);
}

/* Use all of it. FOUND when anything said that it is damaged. */
static enum outcome
use(const char *path)
{
	struct journal_filter f = JOURNAL_ALL;
	struct verify_report report;
	struct err err = ERR_NONE;
	struct store *st = store_open(path, STORE_WRITE, &err), *past;
	struct journal_row row[50];
	struct search_hit found[20];
	struct verb_result result;
	enum outcome outcome = FINE;
	json_t *args;
	size_t n;

	if (!st) {
		told(&err);
		return REFUSED;
	}
	verb_register(st, room_verbs, room_n_verbs);
	store_read_begin(st);
	n = journal_page(st, &f, 0, row, 50);
	while (n > 0)
		journal_row_clear(&row[--n]);
	f.words = "巡堤";
	n = journal_page(st, &f, 0, row, 50);
	while (n > 0)
		journal_row_clear(&row[--n]);
	search_find(st, NULL, "周山镇", 0, found, 20, NULL);
	struct sql *q = sql(st, "SELECT * FROM area ORDER BY people");
	while (sql_row(q))
		(void)sql_text(q, 1);
	if (!store_read_end(st, &err)) {
		told(&err);
		outcome = FOUND;
	}
	args = json_pack("{s:i, s:s, s:i}", "code", 1050, "name", "x", "people", 1);
	if (!verb_run(st, &room.system, "test.area", args, &result, &err)) {
		told(&err);
		outcome = FOUND;
	}
	verb_result_clear(&result);
	json_decref(args);
	if (!store_verify(st, NULL, &report, &err) || !store_verify_tables(st, &report, &err)) {
		told(&err);
		outcome = FOUND;
	} else if (report.problems[0]) {
		outcome = FOUND;
	}
	verify_clear(&report);
	past = store_replay_seq(st, 10, &err);
	if (!past) {
		told(&err);
		outcome = FOUND;
	}
	store_close(past);
	store_close(st);
	return outcome;
}

static enum outcome
use_in_child(const char *path)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		_exit(use(path));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) < DIED ? (enum outcome)WEXITSTATUS(status)
							       : DIED;
}

/* --- damaged copies --------------------------------------------------------------------------- */

static unsigned char *
load(const char *path, size_t *size)
{
	struct stat sb;
	unsigned char *data;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &sb), 0);
	*size = (size_t)sb.st_size;
	data = mem_alloc(*size);
	assert_int_equal(read(fd, data, *size), sb.st_size);
	close(fd);
	return data;
}

static void
save(const char *path, const unsigned char *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
}

struct copy {
	char *dir, *path, *wal;
	unsigned char *data, *fresh;
	size_t size;
};

static void
copy_make(struct copy *copy)
{
	copy->dir = mem_print("%s/copy", room.dir);
	copy->path = mem_print("%s/duty.db", copy->dir);
	copy->wal = mem_print("%s-wal", copy->path);
	store_close(room.st);
	room.st = NULL;
	copy->fresh = load(room.path, &copy->size);
	copy->data = mem_alloc(copy->size);
}

static void
copy_clear(struct copy *copy)
{
	free(copy->dir);
	free(copy->path);
	free(copy->wal);
	free(copy->data);
	free(copy->fresh);
}

static enum outcome
try_copy(struct copy *copy, size_t size)
{
	enum outcome outcome;

	assert_int_equal(mkdir(copy->dir, 0700), 0);
	save(copy->path, copy->data, size);
	outcome = use_in_child(copy->path);
	room_remove(copy->dir);
	return outcome;
}

/* A place of 64 bytes where something is written: most of a young store is empty pages. */
static size_t
written_place(const struct copy *copy)
{
	static const unsigned char nothing[64];
	size_t at;

	do
		at = (size_t)rand() % (copy->size - 64);
	while (memcmp(copy->fresh + at, nothing, sizeof(nothing)) == 0);
	return at;
}

static void
outlives_random_hits(void **state)
{
	int hits = getenv("ZHIBAN_SOAK") ? 400 : 40, count[4] = {0};
	struct copy copy;

	(void)state;
	copy_make(&copy);
	for (int i = 0; i < hits; i++) {
		size_t at = written_place(&copy);

		memcpy(copy.data, copy.fresh, copy.size);
		for (size_t k = 0; k < 64; k++)
			copy.data[at + k] = (unsigned char)rand();
		enum outcome outcome = try_copy(&copy, copy.size);
		if (outcome == DIED)
			fail_msg("64 bytes at %zu: the program died", at);
		count[outcome]++;
	}
	print_message("# %d hits of 64 bytes in %zu: %d refused, %d found, %d in free space or the "
		      "search index\n",
	    hits, copy.size, count[REFUSED], count[FOUND], count[FINE]);
	assert_true(count[REFUSED] + count[FOUND] > hits / 4);
	copy_clear(&copy);
}

static void
outlives_a_damaged_schema(void **state)
{
	struct copy copy;
	int found = 0, tries = 0;

	(void)state;
	copy_make(&copy);
	/* A byte in the text of the schema looks like a misspelt statement. */
	for (size_t i = 0; i + 200 < copy.size && tries < 60; i++) {
		if (memcmp(copy.fresh + i, "CREATE ", 7) != 0)
			continue;
		memcpy(copy.data, copy.fresh, copy.size);
		copy.data[i + (size_t)rand() % 120] ^= (unsigned char)(1 + rand() % 127);
		enum outcome outcome = try_copy(&copy, copy.size);
		if (outcome == DIED)
			fail_msg("near byte %zu: the program died", i);
		tries++;
		found += outcome != FINE;
	}
	print_message("# %d bytes of the schema changed, %d found\n", tries, found);
	assert_true(tries > 20 && found > tries * 9 / 10);
	copy_clear(&copy);
}

static void
outlives_a_cut_file(void **state)
{
	static const size_t header[] = {0, 1, 16, 50, 99, 100, 511, 4095, 4096, 4097, 8192, 50000};
	struct copy copy;

	(void)state;
	copy_make(&copy);
	memcpy(copy.data, copy.fresh, copy.size);
	for (size_t i = 0; i < COUNT_OF(header); i++) {
		enum outcome outcome = try_copy(&copy, header[i]);

		if (outcome != REFUSED && outcome != FOUND)
			fail_msg("cut at %zu: outcome %d", header[i], outcome);
	}
	for (int i = 1; i < 10; i++) {
		enum outcome outcome = try_copy(&copy, copy.size * (size_t)i / 10);

		if (outcome != REFUSED && outcome != FOUND)
			fail_msg("cut at %d0 %%: outcome %d", i, outcome);
	}
	/* Every single byte of the header. */
	for (size_t i = 0; i < 100; i++) {
		memcpy(copy.data, copy.fresh, copy.size);
		copy.data[i] ^= 0x55;
		if (try_copy(&copy, copy.size) == DIED)
			fail_msg("header byte %zu: the program died", i);
	}
	copy_clear(&copy);
}

/* A WAL that is not one is ignored, as SQLite does with one torn in its first frame: nothing of the
 * file is lost. */
static void
outlives_a_garbage_wal(void **state)
{
	unsigned char garbage[70000];
	struct copy copy;

	(void)state;
	copy_make(&copy);
	for (int i = 0; i < 8; i++) {
		enum outcome outcome;

		for (size_t k = 0; k < sizeof(garbage); k++)
			garbage[k] = (unsigned char)rand();
		if (i % 2)
			memcpy(garbage, "\x37\x7f\x06\x82\x00\x2d\xe2\x18\x00\x00\x10\x00", 12);
		assert_int_equal(mkdir(copy.dir, 0700), 0);
		save(copy.path, copy.fresh, copy.size);
		save(copy.wal, garbage, i < 4 ? sizeof(garbage) : (size_t)rand() % 5000);
		outcome = use_in_child(copy.path);
		assert_int_equal(outcome, FINE);
		room_remove(copy.dir);
	}
	copy_clear(&copy);
}

/* --- a full disk ------------------------------------------------------------------------------ */

static bool
note(struct store *st, size_t size, struct err *err)
{
	char *text = mem_alloc(size + 1);
	struct verb_result result;
	json_t *args;
	bool good;

	memset(text, 'x', size);
	text[size] = '\0';
	args = json_pack("{s:s}", "text", text);
	good = verb_run(st, &room.system, "journal.note", args, &result, err);
	verb_result_clear(&result);
	json_decref(args);
	free(text);
	return good;
}

/* Fill it up; everything stays readable; the next verb works when there is room again. */
static void
fill_disk(struct store *st, void (*make_room)(const char *), const char *arg)
{
	struct verify_report report;
	struct err err = ERR_NONE;
	int64_t rows = 0, seq;
	char hex[65];

	while (rows < 5000 && note(st, 3000, &err))
		rows++;
	assert_true(rows > 3 && rows < 5000);
	if (!strstr(err.message, "disk is full"))
		fail_msg("\"%s\" does not say that the disk is full (%s)", err.message, err.detail);
	err_clear(&err);
	for (int i = 0; i < 3; i++) {
		assert_false(note(st, 3000, &err));
		assert_non_null(strstr(err.message, "disk is full"));
		err_clear(&err);
	}
	journal_head(st, &seq, hex);
	assert_int_equal(seq, rows);
	make_room(arg);
	assert_true(note(st, 3000, &err));
	assert_true(store_verify(st, NULL, &report, &err));
	assert_null(report.problems[0]);
	assert_int_equal(report.checked, rows + 1);
	verify_clear(&report);
}

static void
remove_ballast(const char *path)
{
	assert_int_equal(unlink(path), 0);
}

static void
on_tmpfs(const char *dir)
{
	char *path = mem_print("%s/duty.db", dir), *ballast = mem_print("%s/ballast", dir);
	unsigned char *block = mem_zero(1, 1 << 20);
	struct err err = ERR_NONE;
	struct store *st;

	assert_int_equal(chmod(dir, 0700), 0);
	assert_true(store_create(path, AREA, &err));
	st = store_open(path, STORE_WRITE, &err);
	assert_non_null(st);
	save(ballast, block, 1 << 20);
	fill_disk(st, remove_ballast, ballast);
	store_close(st);
	free(block);
	free(path);
	free(ballast);
}

/* A file system of 4 MB of our own, seen by this child only. */
static void
survives_a_full_disk(void **state)
{
	char *dir = mem_print("%s/small", room.dir);
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(mkdir(dir, 0700), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) != 0 ||
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		    mount("small", dir, "tmpfs", 0, "size=4m,mode=700") != 0)
			_exit(77);
		on_tmpfs(dir);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	free(dir);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("# skipped: no right to mount a small file system\n");
		skip();
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
raise_limit(const char *unused)
{
	struct rlimit limit;

	(void)unused;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
survives_a_file_limit(void **state)
{
	char *dir = mem_print("%s/limit", room.dir), *path = mem_print("%s/duty.db", dir);
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(mkdir(dir, 0700), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct err err = ERR_NONE;
		struct rlimit limit;
		struct store *st;

		signal(SIGXFSZ, SIG_IGN);
		assert_true(store_create(path, AREA, &err));
		st = store_open(path, STORE_WRITE, &err);
		assert_non_null(st);
		assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
		limit.rlim_cur = 1 << 20;
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		fill_disk(st, raise_limit, NULL);
		store_close(st);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	free(dir);
	free(path);
}

/* --- SQL in texts ----------------------------------------------------------------------------- */

static char **seen;
static size_t n_seen, room_seen;

static int
see(unsigned what, void *data, void *stmt, void *text)
{
	const char *sql = sqlite3_sql(stmt);

	(void)what, (void)data, (void)text;
	for (size_t i = 0; i < n_seen; i++)
		if (sql && strcmp(seen[i], sql) == 0)
			return 0;
	mem_grow(&seen, &room_seen, n_seen);
	seen[n_seen++] = mem_dup(sql ? sql : "");
	return 0;
}

static void
say_everywhere(struct store *st, const char *text)
{
	struct journal_filter f = JOURNAL_ALL;
	struct journal_row row[5];
	struct search_hit found[5];
	struct verb_result result;
	struct err err = ERR_NONE;
	struct actor actor = room.system;
	json_t *args;
	size_t n;

	snprintf(actor.via, sizeof(actor.via), "%s", text);
	snprintf(actor.name, sizeof(actor.name), "%s", text);
	args = json_pack("{s:s}", "text", text);
	if (verb_run(st, &actor, "journal.note", args, &result, &err)) {
		struct journal_row last;

		assert_true(journal_get(st, result.journal, &last));
		assert_string_equal(last.text, result.said);
		journal_row_clear(&last);
	}
	err_clear(&err);
	verb_result_clear(&result);
	json_decref(args);
	args = json_pack("{s:i, s:s, s:i}", "code", 1, "name", text, "people", 1);
	if (!verb_run(st, &actor, "test.area", args, &result, &err))
		err_clear(&err);
	verb_result_clear(&result);
	json_decref(args);
	args = json_pack("{s:s}", text, "x");
	assert_false(verb_run(st, &actor, "test.all", args, &result, &err));
	err_clear(&err);
	json_decref(args);
	assert_false(verb_run(st, &actor, text, NULL, &result, &err));
	err_clear(&err);
	f.words = text;
	n = journal_page(st, &f, 0, row, 5);
	while (n > 0)
		journal_row_clear(&row[--n]);
	f.words = NULL;
	f.verb = text;
	n = journal_page(st, &f, 0, row, 5);
	while (n > 0)
		journal_row_clear(&row[--n]);
	search_find(st, text, text, 0, found, 5, NULL);
	store_setting(st, text);
	if (!actor_find(st, text, &actor, &err))
		err_clear(&err);
}

static void
text_is_never_sql(void **state)
{
	static const char *const head[] = {
	    "'", "\"", "`", "')", "\")", "];", "*/", "--", "\\'", "%27"};
	static const char *const tail[] = {" OR 1=1 --", "; DROP TABLE journal; --",
	    " UNION SELECT secret FROM person", "; ATTACH 'x' AS y",
	    " AND (SELECT load_extension('x'))", "NEAR(a b)", " AND text:x*", "^ OR NOT",
	    "{a b}: c", "; PRAGMA writable_schema=ON"};
	size_t before;

	(void)state;
	room.st->search_behind = 1;
	sqlite3_trace_v2(room.st->db, SQLITE_TRACE_STMT, see, NULL);
	/* Often enough for the index to merge its pieces once. */
	for (int i = 0; i < 4; i++) {
		say_everywhere(room.st, "周山镇 巡堤");
		say_everywhere(room.st, "two words");
		say_everywhere(room.st, "order.");
	}
	before = n_seen;
	assert_true(before > 10);
	for (size_t i = 0; i < COUNT_OF(head); i++)
		for (size_t k = 0; k < COUNT_OF(tail); k++) {
			char *text = mem_print("a%s%s", head[i], tail[k]);

			say_everywhere(room.st, text);
			free(text);
		}
	for (size_t i = before; i < n_seen; i++)
		print_message("# new: %s\n", seen[i]);
	assert_int_equal(n_seen, before);
	/* 12 + 100 notes and 12 + 100 areas beside the 600 of before. */
	assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM journal", 0, ""), 600 + 224);
	sqlite3_trace_v2(room.st->db, 0, NULL, NULL);
	while (n_seen > 0)
		free(seen[--n_seen]);
	free(seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(outlives_random_hits, make, clear),
	    cmocka_unit_test_setup_teardown(outlives_a_damaged_schema, make, clear),
	    cmocka_unit_test_setup_teardown(outlives_a_cut_file, make, clear),
	    cmocka_unit_test_setup_teardown(outlives_a_garbage_wal, make, clear),
	    cmocka_unit_test_setup_teardown(survives_a_full_disk, make, clear),
	    cmocka_unit_test_setup_teardown(survives_a_file_limit, make, clear),
	    cmocka_unit_test_setup_teardown(text_is_never_sql, make, clear),
	};

	room_in_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
