/* Making and opening: every way it may fail, each with a message that says what to do, and who may
 * read the files. */
#include "tests/store/room.h"

#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/place.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct room room;

static int
make(void **state)
{
	(void)state;
	room_make(&room);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_clear(&room);
	return 0;
}

static char *
beside(const char *name)
{
	return mem_print("%s/%s", room.dir, name);
}

static void
put_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
}

/* Opening must fail, and the message must hold `words`. */
static void
cannot_open(const char *path, enum store_mode mode, const char *words)
{
	struct err err = ERR_NONE;
	struct store *st = store_open(path, mode, &err);

	if (st)
		fail_msg("%s was opened, not refused with \"%s\"", path, words);
	assert_non_null(err.message);
	if (!strstr(err.message, words))
		fail_msg("\"%s\" does not say \"%s\"", err.message, words);
	err_clear(&err);
}

static void
cannot_create(const char *path, int64_t area, const char *words)
{
	struct err err = ERR_NONE;

	assert_false(store_create(path, area, &err));
	if (!strstr(err.message, words))
		fail_msg("\"%s\" does not say \"%s\"", err.message, words);
	err_clear(&err);
}

static void
tamper(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
refuses_what_is_no_store(void **state)
{
	static const char prose[] =
	    "this is not a database, but some text that is longer than the header "
	    "of a database would have to be";
	char *none = beside("none.db"), *text = beside("text.db"), *empty = beside("empty.db"),
	     *link = beside("link.db"), *fifo = beside("fifo.db"), *other = beside("other.db"),
	     *nowhere = beside("no/dir/x.db");

	(void)state;
	put_file(text, prose, strlen(prose));
	put_file(empty, "", 0);
	assert_int_equal(symlink(room.path, link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	tamper(other, "CREATE TABLE t (x)");
	cannot_open(none, STORE_WRITE, "zhiban init");
	cannot_open(none, STORE_READ, "zhiban init");
	assert_int_equal(access(none, F_OK), -1);
	cannot_open(text, STORE_WRITE, "not a zhiban store");
	cannot_open(empty, STORE_WRITE, "not a zhiban store");
	cannot_open(link, STORE_WRITE, "link");
	cannot_open(fifo, STORE_WRITE, "not a file");
	cannot_open(room.dir, STORE_WRITE, "not a file");
	cannot_open(other, STORE_WRITE, "not a zhiban store");
	cannot_open(nowhere, STORE_WRITE, "no/dir");
	cannot_open("", STORE_WRITE, "not the name");
	cannot_open("/", STORE_WRITE, "not the name");
	free(none);
	free(text);
	free(empty);
	free(link);
	free(fifo);
	free(other);
	free(nowhere);
}

static void
refuses_to_make(void **state)
{
	char *under_file = mem_print("%s/x.db", room.path), *fresh = beside("fresh.db");

	(void)state;
	cannot_create(room.path, AREA, "exists already");
	cannot_create(fresh, 0, "9 digits");
	cannot_create(fresh, INT64_C(1000000000), "9 digits");
	cannot_create(under_file, AREA, "duty.db");
	assert_int_equal(access(fresh, F_OK), -1);
	free(under_file);
	free(fresh);
}

/* A new account has no ~/.local/share yet. */
static void
makes_its_directories(void **state)
{
	char *deep = beside("a/b/c.db"), *a = beside("a"), *b = beside("a/b");
	struct err err = ERR_NONE;
	struct stat sb;

	(void)state;
	assert_true(store_create(deep, AREA, &err));
	assert_int_equal(stat(a, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0700);
	assert_int_equal(stat(b, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0700);
	free(deep);
	free(a);
	free(b);
}

static void
refuses_other_versions(void **state)
{
	char *text = mem_print("PRAGMA user_version = %zu", store_n_migrations + 1);

	(void)state;
	store_close(room.st);
	tamper(room.path, text);
	cannot_open(room.path, STORE_WRITE, "newer");
	cannot_open(room.path, STORE_READ, "newer");
	free(text);
	text = mem_print("PRAGMA user_version = %zu", store_n_migrations);
	tamper(room.path, text);
	free(text);
	room.st = room_open(&room);
	room_do(room.st, &room.system, "journal.note",
	    json_pack("{s:s}", "text", "nothing was changed"));
}

/* Is every file below the store's directory closed to others? */
static void
check_modes(const char *dir)
{
	static const char *const name[] = {
	    "duty.db", "duty.db-wal", "duty.db-shm", "duty.db.lock", "duty.db.poke"};
	struct stat sb;

	assert_int_equal(stat(dir, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0700);
	for (size_t i = 0; i < COUNT_OF(name); i++) {
		char *path = mem_print("%s/%s", dir, name[i]);

		if (stat(path, &sb) != 0)
			fail_msg("%s is missing", path);
		if ((sb.st_mode & 0777) != 0600)
			fail_msg("%s has mode %o", path, sb.st_mode & 0777);
		free(path);
	}
}

static void
keeps_others_out(void **state)
{
	static const mode_t mask[] = {0, 022, 077, 0777};
	struct err err = ERR_NONE;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(mask); i++) {
		char *dir = mem_print("%s/mask-%zu", room.dir, i),
		     *path = mem_print("%s/duty.db", dir);
		mode_t old = umask(mask[i]);
		struct store *st;

		if (!store_create(path, AREA, &err))
			fail_msg("%s", err.message);
		st = store_open(path, STORE_WRITE, &err);
		assert_non_null(st);
		room_do(st, &room.system, "journal.note", json_pack("{s:s}", "text", "x"));
		umask(old);
		check_modes(dir);
		/* Opened to others by hand, it is closed again. */
		assert_int_equal(chmod(path, 0644), 0);
		store_close(st);
		st = store_open(path, STORE_WRITE, &err);
		assert_non_null(st);
		store_close(st);
		check_modes(dir);
		free(dir);
		free(path);
	}
}

static void
wants_a_safe_directory(void **state)
{
	char *sub = beside("sub"), *path = beside("sub/duty.db");

	(void)state;
	assert_int_equal(mkdir(sub, 0700), 0);
	assert_int_equal(chmod(sub, 0777), 0);
	cannot_create(path, AREA, "chmod go-w");
	assert_int_equal(chmod(sub, 01777), 0);
	cannot_create(path, AREA, "chmod go-w");
	assert_int_equal(chmod(sub, 0770), 0);
	cannot_create(path, AREA, "chmod go-w");
	assert_int_equal(chmod(room.dir, 0720), 0);
	cannot_open(room.path, STORE_WRITE, "chmod go-w");
	cannot_open(room.path, STORE_READ, "chmod go-w");
	assert_int_equal(chmod(room.dir, 0700), 0);
	free(sub);
	free(path);
}

static void
wants_its_own_files(void **state)
{
	static const char *const suffix[] = {"-wal", "-shm", ".lock", ".poke", ".drafts"};
	struct err err = ERR_NONE;

	(void)state;
	store_close(room.st);
	room.st = NULL;
	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char *name = mem_print("%s%s", room.path, suffix[i]);

		room_remove(name);
		assert_int_equal(symlink("/etc/hostname", name), 0);
		cannot_open(room.path, STORE_WRITE, suffix[i]);
		unlink(name);
		if (geteuid() == 0) {
			put_file(name, "x", 1);
			assert_int_equal(chown(name, 65534, 65534), 0);
			cannot_open(room.path, STORE_WRITE, suffix[i]);
			unlink(name);
		}
		free(name);
	}
	if (geteuid() == 0) {
		assert_int_equal(chown(room.path, 65534, 65534), 0);
		cannot_open(room.path, STORE_WRITE, "belongs to");
		cannot_open(room.path, STORE_READ, "belongs to");
		assert_int_equal(chown(room.path, 0, 0), 0);
		assert_int_equal(chown(room.dir, 65534, 65534), 0);
		cannot_open(room.path, STORE_WRITE, "belongs to");
		assert_int_equal(chown(room.dir, 0, 0), 0);
	}
	room.st = store_open(room.path, STORE_WRITE, &err);
	assert_non_null(room.st);
}

/* Root may write everything, so these run as nobody in a child. */
static void
as_nobody(void (*test)(const char *dir))
{
	char *dir = beside("nobody");
	int status;
	pid_t pid;

	assert_int_equal(mkdir(dir, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(dir, 65534, 65534), 0);
		assert_int_equal(chmod(room.dir, 0711), 0);
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(99);
		test(dir);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("the child ended with %d (line %d)", status,
		    WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	free(dir);
}

/* In the child: leave with the line as status. */
#define NEED(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                    \
			_exit(__LINE__ % 250 + 1);                                                 \
		}                                                                                  \
	} while (0)

static bool
note(struct store *st, const char *text, struct err *err)
{
	struct actor system;
	struct verb_result result;
	json_t *args = json_pack("{s:s}", "text", text);
	bool good;

	actor_system(&system, "test");
	good = verb_run(st, &system, "journal.note", args, &result, err);
	json_decref(args);
	verb_result_clear(&result);
	return good;
}

static int64_t
rows(struct store *st)
{
	return sql_one_int(st, "SELECT count(*) FROM journal", -1, "");
}

static void
read_only_file(const char *dir)
{
	char *path = mem_print("%s/duty.db", dir);
	struct err err = ERR_NONE;
	struct store *st;

	NEED(store_create(path, AREA, &err));
	NEED((st = store_open(path, STORE_WRITE, &err)) != NULL);
	NEED(!store_is_read_only(st));
	NEED(note(st, "one", &err));
	/* With a live WAL beside it. */
	NEED(chmod(path, 0400) == 0);
	struct store *other = store_open(path, STORE_WRITE, &err);
	NEED(other && store_is_read_only(other) && rows(other) == 1);
	NEED(!note(other, "two", &err) && err.code == ERR_STORE);
	NEED(strstr(err.message, "reading only"));
	err_clear(&err);
	store_close(other);
	NEED(chmod(path, 0600) == 0);
	NEED(note(st, "two", &err));
	store_close(st);
	/* And a directory closed to writing, with the files at rest in it. */
	NEED(chmod(dir, 0500) == 0);
	NEED((st = store_open(path, STORE_WRITE, &err)) != NULL);
	NEED(store_is_read_only(st) && rows(st) == 2);
	store_close(st);
	NEED((st = store_open(path, STORE_READ, &err)) != NULL);
	NEED(rows(st) == 2);
	struct store *past = store_replay_seq(st, 1, &err);
	NEED(past && rows(past) == 1);
	store_close(past);
	store_close(st);
	/* Nothing but the file itself: as on a CD. */
	NEED(chmod(dir, 0700) == 0);
	static const char *const gone[] = {"-wal", "-shm", ".lock", ".poke"};
	for (size_t i = 0; i < COUNT_OF(gone); i++) {
		char *name = mem_print("%s%s", path, gone[i]);
		NEED(unlink(name) == 0);
		free(name);
	}
	NEED(chmod(path, 0400) == 0 && chmod(dir, 0500) == 0);
	NEED((st = store_open(path, STORE_WRITE, &err)) != NULL);
	NEED(store_is_read_only(st) && rows(st) == 2);
	store_close(st);
	NEED(chmod(path, 0) == 0);
	NEED(!store_open(path, STORE_READ, &err) && strstr(err.message, "cannot be opened"));
	err_clear(&err);
	NEED(chmod(dir, 0) == 0);
	NEED(!store_open(path, STORE_READ, &err));
	err_clear(&err);
	NEED(chmod(dir, 0500) == 0);
	free(path);
	path = mem_print("%s/new.db", dir);
	NEED(!store_create(path, AREA, &err) && strstr(err.message, "cannot be made"));
	NEED(chmod(dir, 0700) == 0);
}

static void
reads_without_writing(void **state)
{
	(void)state;
	as_nobody(read_only_file);
}

static void
reads_by_wish(void **state)
{
	struct err err = ERR_NONE;
	struct store *st;

	(void)state;
	assert_true(note(room.st, "one", &err));
	st = store_open(room.path, STORE_READ, &err);
	assert_non_null(st);
	assert_true(store_is_read_only(st));
	assert_int_equal(rows(st), 1);
	assert_true(note(room.st, "two", &err));
	assert_int_equal(rows(st), 2);
	assert_false(note(st, "three", &err));
	err_clear(&err);
	store_close(st);
	store_close(room.st);
	st = store_open(room.path, STORE_READ, &err);
	assert_int_equal(rows(st), 2);
	store_close(st);
	room.st = room_open(&room);
}

/* --- hardening --- */

static void
is_hardened(void **state)
{
	static const char *const refused[] = {"UPDATE journal SET text = 'x'",
	    "DELETE FROM journal", "INSERT OR REPLACE INTO journal_mark SELECT 1",
	    "ATTACH ':memory:' AS x", "PRAGMA journal_mode = DELETE", "PRAGMA synchronous = OFF",
	    "PRAGMA foreign_keys = OFF", "PRAGMA writable_schema = ON", "DROP TABLE journal",
	    "CREATE TABLE x (y)", "VACUUM", "VACUUM INTO 'x'", "PRAGMA wal_autocheckpoint = 1",
	    "PRAGMA wal_checkpoint", "UPDATE sqlite_schema SET sql = ''",
	    "DELETE FROM sqlite_schema", "SELECT load_extension('x')", "CREATE TEMP TABLE x (y)",
	    "CREATE TRIGGER t AFTER INSERT ON area BEGIN SELECT 1; END",
	    "PRAGMA trusted_schema = ON", "SELECT \"no such column\"",
	    "ALTER TABLE area RENAME TO b", "DELETE FROM search_data", "REINDEX", "ANALYZE"};
	sqlite3 *db = room.st->db;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++)
		if (sqlite3_exec(db, refused[i], NULL, NULL, NULL) == SQLITE_OK)
			fail_msg("not refused: %s", refused[i]);
	assert_int_equal(sql_one_int(room.st, "PRAGMA synchronous", 0, ""), 2);
	assert_int_equal(sql_one_int(room.st, "PRAGMA foreign_keys", 0, ""), 1);
	assert_int_equal(sql_one_int(room.st, "PRAGMA trusted_schema", 9, ""), 0);
	assert_int_equal(sql_one_int(room.st, "PRAGMA cache_size", 0, ""), -2000);
	assert_int_equal(sql_one_int(room.st, "PRAGMA cell_size_check", 0, ""), 1);
	assert_int_equal(
	    sql_one_int(room.st, "PRAGMA application_id", 0, ""), STORE_APPLICATION_ID);
}

/* --- the schema --- */

/*
 * What every table must be: strict; with a key, or a changeset leaves it out; the key's columns
 * first where there is no rowid (SQLite 3.40's quick_check misreads others); without generated
 * columns and triggers.
 */
static void
schema_keeps_its_rules(void **state)
{
	struct sql *q = sql(room.st,
	    "SELECT l.name, l.strict, l.wr, l.type,"
	    " (SELECT count(*) FROM pragma_table_xinfo(l.name) WHERE pk > 0),"
	    " (SELECT count(*) FROM pragma_table_xinfo(l.name) WHERE hidden > 0),"
	    " (SELECT count(*) FROM pragma_table_xinfo(l.name) WHERE pk > 0 AND pk <> cid + 1)"
	    " FROM pragma_table_list l WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite%'"
	    " AND l.type <> 'shadow' AND l.type <> 'virtual'");
	int tables = 0;

	(void)state;
	for (; sql_row(q); tables++) {
		if (!sql_int(q, 1))
			fail_msg("table %s is not STRICT", sql_text(q, 0));
		if (!sql_int(q, 4))
			fail_msg("table %s has no key", sql_text(q, 0));
		if (sql_int(q, 5))
			fail_msg("table %s has generated columns", sql_text(q, 0));
		if (sql_int(q, 2) && sql_int(q, 6))
			fail_msg("table %s: the key's columns do not stand first, in order",
			    sql_text(q, 0));
		if (strcmp(sql_text(q, 3), "table") != 0)
			fail_msg("%s is a %s", sql_text(q, 0), sql_text(q, 3));
	}
	assert_true(tables > 30);
	assert_int_equal(sql_one_int(room.st,
			     "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'", 9, ""),
	    0);
	assert_true(schema_intact(room.st));
}

/* --- migrations --- */

static void
migrates_whole_steps(void **state)
{
	static const char half[] = "ALTER TABLE tide ADD COLUMN at INTEGER;"
				   "INSERT INTO tide VALUES (1, 2.5, 3); SELECT no_such_function()";
	static const char tide[] = "CREATE TABLE tide (id INTEGER PRIMARY KEY, m REAL) STRICT";
	const size_t n = store_n_migrations;
	const char *steps[32], *good[32];
	struct err err = ERR_NONE;

	(void)state;
	assert_in_range(n, 3, COUNT_OF(steps) - 3);
	for (size_t i = 0; i < n; i++)
		steps[i] = good[i] = "done already";
	steps[n] = good[n] = tide;
	steps[n + 1] = half;
	steps[n + 2] = "CREATE TABLE never (x)";
	good[n + 1] = "ALTER TABLE tide ADD COLUMN at INTEGER";
	assert_true(queue_take(room.st, &err));
	assert_false(migrate(room.st, steps, n + 3, &err));
	err_clear(&err);
	/* The second stands whole, of the third there is nothing. */
	assert_int_equal(sql_one_int(room.st, "PRAGMA user_version", 0, ""), (int)n + 1);
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM pragma_table_info('tide')", 0, ""), 2);
	assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM tide", 9, ""), 0);
	assert_true(schema_intact(room.st));
	assert_true(migrate(room.st, good, n + 2, &err));
	assert_int_equal(sql_one_int(room.st, "PRAGMA user_version", 0, ""), (int)n + 2);
	assert_true(schema_intact(room.st));
	queue_release(room.st);
	store_close(room.st);
	cannot_open(room.path, STORE_WRITE, "newer");
	room.st = NULL;
}

/* --- the directory --- */

/* Consoles that start at once each find a part of the way made by another. */
static void
many_make_one_directory(void **state)
{
	enum { ROUNDS = 40, CONSOLES = 4 };
	int gate[2], status;
	char byte;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		char *path = mem_print("%s/%d/a/b/c/d/e/f/duty.db", room.dir, round);

		assert_int_equal(pipe(gate), 0);
		for (int i = 0; i < CONSOLES; i++)
			if (fork() == 0) {
				struct err err = ERR_NONE;

				close(gate[1]);
				_exit(read(gate[0], &byte, 1) != 0 ||
				      !place_make_directory(path, &err));
			}
		close(gate[0]);
		close(gate[1]); /* all of them read its end now */
		for (int i = 0; i < CONSOLES; i++) {
			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
		free(path);
	}
}

/* --- the queue --- */

static void
waits_in_line_only_so_long(void **state)
{
	struct store *other = room_open(&room);
	struct err err = ERR_NONE;
	char *pid = mem_print("%ld", (long)getpid());

	(void)state;
	other->queue_wait_ms = 50;
	assert_true(queue_take(room.st, &err));
	assert_false(note(other, "x", &err));
	assert_int_equal(err.code, ERR_STORE);
	assert_non_null(strstr(err.message, pid));
	err_clear(&err);
	queue_release(room.st);
	assert_true(note(other, "x", &err));
	store_close(other);
	free(pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(refuses_what_is_no_store, make, clear),
	    cmocka_unit_test_setup_teardown(refuses_to_make, make, clear),
	    cmocka_unit_test_setup_teardown(makes_its_directories, make, clear),
	    cmocka_unit_test_setup_teardown(refuses_other_versions, make, clear),
	    cmocka_unit_test_setup_teardown(keeps_others_out, make, clear),
	    cmocka_unit_test_setup_teardown(wants_a_safe_directory, make, clear),
	    cmocka_unit_test_setup_teardown(wants_its_own_files, make, clear),
	    cmocka_unit_test_setup_teardown(reads_without_writing, make, clear),
	    cmocka_unit_test_setup_teardown(reads_by_wish, make, clear),
	    cmocka_unit_test_setup_teardown(is_hardened, make, clear),
	    cmocka_unit_test_setup_teardown(schema_keeps_its_rules, make, clear),
	    cmocka_unit_test_setup_teardown(migrates_whole_steps, make, clear),
	    cmocka_unit_test_setup_teardown(many_make_one_directory, make, clear),
	    cmocka_unit_test_setup_teardown(waits_in_line_only_so_long, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
