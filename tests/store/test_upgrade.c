/*
 * Bringing a store up to date, disturbed (reliability 4.28): each step is killed at every write and
 * sync it makes and at points between them, and leaves the schema of before or of after, whole; a
 * program that had the store open meanwhile reads on and writes no more.
 *
 * ZHIBAN_SOAK=1 takes every point, the short form some of them.
 */
#include "tests/store/room.h"
#include "tests/store/shim.h"

#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/schema.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct room room;
static char *path;    /* of the store that is brought up to date */
static char **schema; /* fingerprint of each version's */

static int
make(void **state)
{
	(void)state;
	room_make(&room);
	path = mem_print("%s/old.db", room.dir);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_clear(&room);
	free(path);
	return 0;
}

static void
forget(void)
{
	static const char *const suffix[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char *name = mem_print("%s%s", path, suffix[i]);

		unlink(name);
		free(name);
	}
}

static struct store *
connect(void)
{
	struct store *st = handle_new(mem_dup(path));
	struct fault fault;

	if (!connect_open(st, true, false, &fault))
		fail_msg("%s", fault.text);
	return st;
}

static int64_t
version_of(struct store *st)
{
	int64_t version = -1;

	assert_true(connect_value(st->db, "PRAGMA user_version", &version));
	return version;
}

/* A store as a program that knew `version` migrations left it. */
static void
make_old(size_t version)
{
	struct err err = ERR_NONE;
	struct store *st;
	int fd;

	forget();
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
	st = connect();
	st->permit_all = true;
	assert_true(connect_run(st, "PRAGMA journal_mode = WAL"));
	assert_true(connect_run(st, "PRAGMA application_id = 1514685506"));
	if (!migrate(st, store_migrations, version, &err))
		fail_msg("%s", err.message);
	st->permit_all = true;
	assert_true(connect_run(st, "INSERT INTO setting VALUES ('area', 321084000)"));
	assert_true(connect_run(st,
	    "INSERT INTO area (id, name, short, initials, kind) VALUES (321084101, '龙虬镇', "
	    "'龙虬', 'lqz', 'town')"));
	write_checkpoint(st, true);
	handle_free(st);
}

static void
learn_fingerprints(void)
{
	schema = mem_zero(store_n_migrations + 1, sizeof(*schema));
	for (size_t i = 1; i <= store_n_migrations; i++) {
		struct store *st;
		char hex[65];

		make_old(i);
		st = connect();
		assert_true(schema_fingerprint(st, hex));
		schema[i] = mem_dup(hex);
		handle_free(st);
	}
}

/* --- a kill at a point --- */

static long countdown; /* writes, syncs and stretches of work until it ends */

static int
strike(void)
{
	if (countdown > 0 && --countdown == 0)
		kill(getpid(), SIGKILL);
	return 0;
}

static int
on_write(enum shim_op op, enum shim_file file, const void *data, int n, sqlite3_int64 at)
{
	(void)op, (void)file, (void)data, (void)n, (void)at;
	return strike();
}

static int
on_work(void *unused)
{
	(void)unused;
	return strike();
}

/* Step `version` in a child that dies at its n-th point. False: it came to its end before. */
static bool
killed_at(size_t version, long n)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct err err = ERR_NONE;
		struct store *st = connect();

		sqlite3_progress_handler(st->db, 50, on_work, NULL);
		countdown = n;
		if (!migrate(st, store_migrations, version + 1, &err))
			_exit(2);
		/* What follows a step in the life of a store. */
		write_checkpoint(st, true);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
	return WIFSIGNALED(status);
}

static size_t
check_left(size_t version, long n)
{
	struct store *st = connect();
	size_t found = (size_t)version_of(st);
	char hex[65];

	if (found != version && found != version + 1)
		fail_msg("step %zu, point %ld: version %zu", version, n, found);
	assert_true(schema_fingerprint(st, hex));
	if (strcmp(hex, schema[found]) != 0)
		fail_msg("step %zu, point %ld: not the schema of version %zu", version, n, found);
	if (!schema_intact(st))
		fail_msg("step %zu, point %ld: the fingerprint kept is another", version, n);
	handle_free(st);
	return found;
}

/* And any program that knows all of them goes on from there. */
static void
check_goes_on(size_t version, long n)
{
	struct verify_report report;
	struct err err = ERR_NONE;
	struct store *st = store_open(path, STORE_WRITE, &err);

	if (!st)
		fail_msg("step %zu, point %ld: %s", version, n, err.message);
	assert_int_equal(sql_one_int(st, "SELECT count(*) FROM area", 0, ""), 1);
	assert_true(store_verify(st, NULL, &report, &err));
	if (report.problems[0])
		fail_msg("step %zu, point %ld: %s", version, n, report.problems[0]);
	verify_clear(&report);
	store_close(st);
}

static void
outlives_a_kill_in_each_step(void **state)
{
	bool soak = getenv("ZHIBAN_SOAK") != NULL;
	long kills = 0, after = 0;

	(void)state;
	shim_install(on_write);
	learn_fingerprints();
	for (size_t version = 1; version < store_n_migrations; version++)
		for (long n = 1;; n += soak ? 1 : 1 + n / 3) {
			bool killed;

			make_old(version);
			killed = killed_at(version, n);
			after += check_left(version, n) == version + 1;
			check_goes_on(version, n);
			if (!killed)
				break;
			kills++;
		}
	print_message("# %zu steps, %ld kills, %ld of them left the new schema\n",
	    store_n_migrations - 1, kills, after - (long)(store_n_migrations - 1));
	assert_true(kills > (long)store_n_migrations * 3);
	for (size_t i = 0; i <= store_n_migrations; i++)
		free(schema[i]);
	free(schema);
	shim_remove();
}

/* --- an old program, a newer store --- */

/* What the next release will do while this one has the store open. */
static void
upgrade(void)
{
	const char *steps[64];
	size_t n = store_n_migrations;
	struct err err = ERR_NONE;
	pid_t pid = fork();
	int status;

	assert_in_range(n, 1, COUNT_OF(steps) - 1);
	assert_true(pid >= 0);
	if (pid == 0) {
		struct store *st = room_open(&room);

		for (size_t i = 0; i < n; i++)
			steps[i] = store_migrations[i];
		steps[n] = "CREATE TABLE tide (id INTEGER PRIMARY KEY, m REAL) STRICT;"
			   "ALTER TABLE area ADD COLUMN tidal INTEGER";
		if (!queue_take(st, &err) || !migrate(st, steps, n + 1, &err))
			_exit(1);
		queue_release(st);
		store_close(st);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
an_old_program_stands_back(void **state)
{
	struct err err = ERR_NONE;
	struct journal_row row;
	int64_t seq;
	char hex[65];

	(void)state;
	room_do(room.st, &room.system, "test.area",
	    json_pack("{s:I, s:s}", "code", (json_int_t)TOWN, "name", "龙虬镇"));
	upgrade();
	/* It writes nothing, each time with the reason, one by one and in a batch, and no refusal either. */
	for (int i = 0; i < 3; i++)
		room_refused(room.st, &room.system, "journal.note", json_pack("{s:s}", "text", "x"),
		    ERR_STORE, "newer zhiban");
	assert_false(store_batch_begin(room.st, &err));
	assert_non_null(strstr(err.message, "newer zhiban"));
	err_clear(&err);
	/* It holds up nobody: the queue is free. */
	assert_true(queue_try(room.st));
	queue_release(room.st);
	/* And it reads on. */
	store_read_begin(room.st);
	journal_head(room.st, &seq, hex);
	assert_int_equal(seq, 1);
	assert_true(journal_by_seq(room.st, 1, &row));
	journal_row_clear(&row);
	assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM area", 0, ""), 1);
	assert_true(store_read_end(room.st, &err));
	store_close(room.st);
	/* It does not come in again. */
	assert_null(store_open(room.path, STORE_WRITE, &err));
	assert_non_null(strstr(err.message, "newer"));
	err_clear(&err);
	room.st = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(outlives_a_kill_in_each_step, make, clear),
	    cmocka_unit_test_setup_teardown(an_old_program_stands_back, make, clear),
	};

	room_in_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
