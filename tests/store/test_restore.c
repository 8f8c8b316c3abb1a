/*
 * Putting a backup in the place of a damaged store: what was there is set aside whole, what can be
 * read of the time since is told row by row, nothing is lost or overwritten by a refusal or a kill,
 * and no number is given twice.
 *
 * ZHIBAN_SOAK=1: a store of 100 MB within the minute of reliability 4.8, and 100 kills for 12.
 */
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/restore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct room room;
static char *backup;
static int64_t head; /* of the backup */

static void
note(const char *text)
{
	room_do(room.st, &room.system, "journal.note", json_pack("{s:s}", "text", text));
}

static void
fill(int n, const char *word)
{
	struct err err = ERR_NONE;

	for (int i = 0; i < n;) {
		assert_true(store_batch_begin(room.st, &err));
		for (int k = 0; k < 500 && i < n; k++, i++) {
			char *text = mem_print("%s %d 道巡堤 水位平稳 无异常", word, i);

			note(text);
			free(text);
		}
		assert_true(store_batch_end(room.st, true, &err));
	}
}

/* A store of a few hundred rows, a backup of it, and ten rows since. */
static int
make(void **state)
{
	struct err err = ERR_NONE;
	char hex[65];

	(void)state;
	room_make(&room);
	backup = mem_print("%s/backup.db", room.dir);
	fill(300, "前");
	assert_true(store_backup(room.st, backup, &err));
	journal_head(room.st, &head, hex);
	fill(10, "后");
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_clear(&room);
	free(backup);
	return 0;
}

static char *
beside(const char *suffix)
{
	return mem_print("%s%s", room.path, suffix);
}

static off_t
size_of(const char *path)
{
	struct stat sb;

	return lstat(path, &sb) == 0 ? sb.st_size : -1;
}

static unsigned char *
load(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY);
	unsigned char *data;

	assert_true(fd >= 0);
	*size = (size_t)size_of(path);
	data = mem_alloc(*size + 1);
	assert_int_equal(read(fd, data, *size), *size);
	close(fd);
	return data;
}

static void
overwrite(const char *path, size_t at, size_t n)
{
	int fd = open(path, O_WRONLY);
	unsigned char *noise = mem_alloc(n);

	for (size_t i = 0; i < n; i++)
		noise[i] = (unsigned char)rand();
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, noise, n, (off_t)at), n);
	close(fd);
	free(noise);
}

/* How many entries of the store's directory begin so. */
static int
count_beside(const char *suffix)
{
	char *start = mem_print("duty.db%s", suffix);
	struct dirent *e;
	DIR *d = opendir(room.dir);
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += strncmp(e->d_name, start, strlen(start)) == 0;
	closedir(d);
	free(start);
	return n;
}

static void
restore(struct restore_report *report)
{
	struct err err = ERR_NONE;

	if (!store_restore(room.path, backup, false, report, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	assert_int_equal(size_of(room.path) > 0, true);
}

/* It opens for writing, its pages and chain are whole, its tables are what the journal says. */
static void
check_whole(int64_t rows)
{
	struct verify_report report;
	struct err err = ERR_NONE;
	struct stat sb;

	room.st = room_open(&room);
	assert_int_equal(stat(room.path, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0600);
	assert_int_equal(sb.st_nlink, 1);
	assert_true(store_verify(room.st, NULL, &report, &err));
	assert_true(store_verify_tables(room.st, &report, &err));
	if (report.problems[0])
		fail_msg("%s", report.problems[0]);
	assert_int_equal(report.checked, rows);
	verify_clear(&report);
	assert_int_equal(count_beside(".restore"), 0);
}

/* Refused with these words, and every file as it was. */
static void
refused(const char *path, const char *from, bool over_whole, const char *words)
{
	struct restore_report report;
	struct err err = ERR_NONE;
	int files = count_beside("");
	off_t size = size_of(room.path);

	assert_false(store_restore(path, from, over_whole, &report, &err));
	assert_non_null(err.message);
	if (!strstr(err.message, words))
		fail_msg("\"%s\" does not say \"%s\"", err.message, words);
	err_clear(&err);
	assert_int_equal(count_beside(".restore"), 0);
	assert_int_equal(count_beside(".aside-"), 0);
	assert_int_equal(size_of(room.path), size);
	/* The queue's own two may have been made. */
	assert_in_range(count_beside(""), files, files + 2);
}

/* --- refusals --- */

static void
refuses_politely(void **state)
{
	char *none = beside(".none"), *text = beside(".text"), *cut = beside(".cut"),
	     *link = beside(".link"), *other = mem_print("%s/other.db", room.dir);
	struct err err = ERR_NONE;
	unsigned char *data;
	size_t size;
	int fd;

	(void)state;
	/* Open here, for writing and for reading. */
	refused(room.path, backup, false, "open");
	refused(room.path, backup, true, "open");
	store_close(room.st);
	room.st = store_open(room.path, STORE_READ, &err);
	assert_non_null(room.st);
	refused(room.path, backup, true, "open");
	store_close(room.st);
	room.st = NULL;
	refused(room.path, backup, false, "--yes");
	refused(room.path, none, true, "cannot be opened");
	refused(room.path, room.dir, true, "not a file");
	refused(room.path, room.path, true, "the store itself");
	fd = open(text, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, backup, 20), 20);
	close(fd);
	refused(room.path, text, true, "not a zhiban store");
	/* A backup cut off, and one with a hit in its journal. */
	data = load(backup, &size);
	fd = open(cut, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, data, size / 2), size / 2);
	close(fd);
	refused(room.path, cut, true, "cannot be used");
	free(data);
	overwrite(backup, size / 2, 4096);
	refused(room.path, backup, true, "cannot be used");
	/* Of another place. */
	assert_true(store_create(other, TOWN, &err));
	refused(room.path, other, true, "321084101");
	assert_int_equal(symlink(room.path, link), 0);
	refused(link, other, true, "link");
	if (geteuid() == 0) {
		assert_int_equal(chown(room.path, 65534, 65534), 0);
		refused(room.path, other, true, "belongs to");
		assert_int_equal(chown(room.path, 0, 0), 0);
	}
	assert_int_equal(chmod(room.dir, 0777), 0);
	refused(room.path, other, true, "may write");
	assert_int_equal(chmod(room.dir, 0700), 0);
	check_whole(310);
	free(none);
	free(text);
	free(cut);
	free(link);
	free(other);
}

/* A store in use, its log beside it, is no backup. */
static void
refuses_a_live_store(void **state)
{
	char *path = mem_print("%s/live/duty.db", room.dir);
	struct err err = ERR_NONE;
	struct store *live;
	struct verb_result result;
	json_t *args = json_pack("{s:s}", "text", "x");

	(void)state;
	assert_true(store_create(path, AREA, &err));
	live = store_open(path, STORE_WRITE, &err);
	assert_true(verb_run(live, &room.system, "journal.note", args, &result, &err));
	verb_result_clear(&result);
	json_decref(args);
	store_close(room.st);
	room.st = NULL;
	refused(room.path, path, true, "in use");
	store_close(live);
	free(path);
	room.st = room_open(&room);
}

/* Another process has it open: SQLite's own lock tells which, whatever program it is. */
static void
names_the_process(void **state)
{
	struct restore_report report;
	char *words, go = 0;
	int ready[2], leave[2];
	pid_t pid;

	(void)state;
	store_close(room.st);
	room.st = NULL;
	overwrite(room.path, 100 * 4096, 4096);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(leave), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		sqlite3 *db;

		close(leave[1]);
		if (sqlite3_open(room.path, &db) != SQLITE_OK ||
		    sqlite3_exec(db, "SELECT count(*) FROM setting", NULL, NULL, NULL) !=
			SQLITE_OK ||
		    write(ready[1], &go, 1) != 1 || read(leave[0], &go, 1) < 0)
			_exit(1);
		_exit(0);
	}
	close(leave[0]);
	assert_int_equal(read(ready[0], &go, 1), 1);
	words = mem_print("Process %ld", (long)pid);
	refused(room.path, backup, true, words);
	free(words);
	close(leave[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ready[0]);
	close(ready[1]);
	restore(&report);
	restore_clear(&report);
	check_whole(301);
}

/* --- what can still be read --- */

static void
tells_what_is_missing(void **state)
{
	struct restore_report report;
	char *wal = beside("-wal"), *aside_wal, hex[65];
	unsigned char *data;
	int64_t seq;
	size_t size;

	(void)state;
	store_close(room.st);
	room.st = NULL;
	data = load(room.path, &size);
	/* The pages of one table that is not the journal. */
	overwrite(room.path, 30 * 4096, 4096);
	free(data);
	restore(&report);
	assert_int_equal(report.seq, head);
	assert_int_equal(report.restored, head + 1);
	assert_false(report.lost.whole);
	assert_false(report.lost.other);
	assert_int_equal(report.lost.n + (size_t)report.lost.unreadable, 10);
	for (size_t i = 0; i < report.lost.n; i++)
		assert_non_null(strstr(report.lost.row[i].text, "道巡堤"));
	aside_wal = mem_print("%s/duty.db", report.aside);
	assert_int_equal(size_of(aside_wal), size);
	restore_clear(&report);
	check_whole(head + 1);
	journal_head(room.st, &seq, hex);
	assert_int_equal(seq, head + 1);
	free(aside_wal);
	free(wal);
}

/* Rows that are in the log only, and a log that is garbage. */
static void
reads_the_log(void **state)
{
	struct restore_report report;
	char *wal = beside("-wal"), *name;
	unsigned char *log;
	struct stat sb;
	size_t size;
	pid_t pid;
	int status;

	(void)state;
	store_close(room.st);
	room.st = NULL;
	/* A console that was killed: its last ten acts stand in the log. */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		room.st = room_open(&room);
		fill(10, "末");
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	log = load(wal, &size);
	assert_true(size > 4096);
	/* One page of some index. */
	overwrite(room.path, 12 * 4096, 2048);
	restore(&report);
	assert_int_equal(report.lost.n, 20);
	assert_int_equal(report.lost.unreadable, 0);
	assert_int_equal(report.lost.last, head + 20);
	assert_non_null(strstr(report.lost.row[19].text, "末 9"));
	name = mem_print("%s/duty.db-wal", report.aside);
	{
		size_t aside_size;
		unsigned char *aside = load(name, &aside_size);

		assert_int_equal(aside_size, size);
		assert_memory_equal(aside, log, size);
		free(aside);
	}
	assert_int_equal(stat(report.aside, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0700);
	assert_int_equal(stat(name, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0600);
	assert_int_equal(size_of(wal), -1);
	free(name);
	free(log);
	restore_clear(&report);
	check_whole(head + 1);
	free(wal);
}

/* Header gone, file cut, file gone with its log left behind: nothing to be read, all of it set aside. */
static void
restores_over_anything(void **state)
{
	char *wal = beside("-wal"), *name;
	struct restore_report report;
	int fd;

	(void)state;
	store_close(room.st);
	room.st = NULL;
	overwrite(room.path, 0, 4096);
	restore(&report);
	assert_int_equal(report.lost.n, 0);
	assert_int_equal(report.lost.last, 0);
	assert_false(report.lost.all_numbers);
	restore_clear(&report);
	check_whole(head + 1);
	store_close(room.st);
	assert_int_equal(truncate(room.path, 8192 + 77), 0);
	restore(&report);
	restore_clear(&report);
	check_whole(head + 1);
	store_close(room.st);
	assert_int_equal(truncate(room.path, 0), 0);
	restore(&report);
	restore_clear(&report);
	check_whole(head + 1);
	store_close(room.st);
	/* A death in the middle left the log alone. */
	assert_int_equal(unlink(room.path), 0);
	fd = open(wal, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "orphan", 6), 6);
	close(fd);
	restore(&report);
	name = mem_print("%s/duty.db-wal", report.aside);
	assert_int_equal(size_of(name), 6);
	assert_int_equal(count_beside(".aside-"), 4);
	restore_clear(&report);
	check_whole(head + 1);
	store_close(room.st);
	/* And a new disk: no directory even. */
	room_remove(room.dir);
	assert_int_equal(mkdir(room.dir, 0700), 0);
	room.st = NULL;
	free(name);
	free(wal);
	room_make(&room);
}

/* What was given out since the backup is not given again. */
static int64_t
last_id(void)
{
	return sql_one_int(room.st, "SELECT last FROM sequence WHERE name = 'id'", -1, "");
}

static void
gives_no_number_twice(void **state)
{
	struct restore_report report;
	int64_t before;

	(void)state;
	for (int i = 0; i < 7; i++)
		room_do(room.st, &room.system, "test.person",
		    json_pack("{s:o, s:i, s:I}", "name", json_sprintf("p%d", i), "role", 1, "area",
			(json_int_t)AREA));
	before = last_id();
	assert_true(before >= 7);
	store_close(room.st);
	overwrite(room.path, (size_t)size_of(room.path) - 4096, 2048);
	restore(&report);
	assert_true(report.lost.all_numbers);
	restore_clear(&report);
	room.st = room_open(&room);
	assert_int_equal(last_id(), before);
	store_close(room.st);
	/* Where they cannot be read, a stretch is left out. */
	overwrite(room.path, 0, 8192);
	restore(&report);
	assert_false(report.lost.all_numbers);
	restore_clear(&report);
	room.st = room_open(&room);
	assert_true(last_id() >= 1000000);
}

/* --- kills --- */

/* At any moment: the same command once more, and all is well. */
static void
outlives_kills(void **state)
{
	int kills = getenv("ZHIBAN_SOAK") ? 100 : 12, between = 0;
	struct restore_report report;
	unsigned char *data;
	size_t size;

	(void)state;
	store_close(room.st);
	room.st = NULL;
	overwrite(room.path, 100 * 4096, 4096);
	data = load(room.path, &size);
	for (int i = 0; i < kills; i++) {
		struct err err = ERR_NONE;
		int status;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(!store_restore(room.path, backup, true, &report, &err));
		/* The copy takes some milliseconds, changing places some microseconds: spread over
		 * both. */
		usleep((useconds_t)(rand() % 25000));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		between += size_of(room.path) < 0;
		if (!store_restore(room.path, backup, true, &report, &err))
			fail_msg("kill %d: %s", i, err.message);
		restore_clear(&report);
		assert_int_equal(count_beside(".restore"), 0);
		room.st = room_open(&room);
		store_close(room.st);
		room.st = NULL;
	}
	print_message("# %d kills, %d of them between the old file and the new\n", kills, between);
	/* The first damaged file is in one of the directories, byte for byte. */
	{
		struct dirent *e;
		DIR *d = opendir(room.dir);
		bool found = false;

		while ((e = readdir(d)) != NULL) {
			char *name = mem_print("%s/%s/duty.db", room.dir, e->d_name);

			if (strstr(e->d_name, ".aside-") && size_of(name) == (off_t)size) {
				size_t n;
				unsigned char *there = load(name, &n);

				found = found || memcmp(there, data, size) == 0;
				free(there);
			}
			free(name);
		}
		closedir(d);
		assert_true(found);
	}
	free(data);
	room.st = room_open(&room);
}

/* --- a hundred megabytes --- */

static void
is_quick_enough(void **state)
{
	off_t wanted = getenv("ZHIBAN_SOAK") ? 100000000 : 8000000;
	struct restore_report report;
	struct err err = ERR_NONE;
	int64_t from;
	double took;

	(void)state;
	room.st->search_behind = 100000;
	while (size_of(room.path) < wanted)
		fill(5000, "又");
	unlink(backup);
	assert_true(store_backup(room.st, backup, &err));
	fill(200, "后");
	store_close(room.st);
	room.st = NULL;
	overwrite(room.path, 1000 * 4096, 64);
	from = clock_monotonic();
	took = test_processor();
	restore(&report);
	took = test_processor() - took;
	print_message(
	    "# %lld bytes, %lld rows restored in %.2f s of the processor, %.2f s in all\n",
	    (long long)size_of(room.path), (long long)report.seq, took,
	    (double)(clock_monotonic() - from) / 1000);
	assert_true(size_of(room.path) >= wanted);
	assert_true(took <= 60);
	assert_int_equal(report.lost.n + (size_t)report.lost.unreadable, 200);
	restore_clear(&report);
	room.st = room_open(&room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(refuses_politely, make, clear),
	    cmocka_unit_test_setup_teardown(refuses_a_live_store, make, clear),
	    cmocka_unit_test_setup_teardown(names_the_process, make, clear),
	    cmocka_unit_test_setup_teardown(tells_what_is_missing, make, clear),
	    cmocka_unit_test_setup_teardown(reads_the_log, make, clear),
	    cmocka_unit_test_setup_teardown(restores_over_anything, make, clear),
	    cmocka_unit_test_setup_teardown(gives_no_number_twice, make, clear),
	    cmocka_unit_test_setup_teardown(outlives_kills, make, clear),
	    cmocka_unit_test_setup_teardown(is_quick_enough, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
