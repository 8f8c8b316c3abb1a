/* Replay, backup, verify: the past comes back whole, and what was tampered with is found at its
 * row. */
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/journal.h"
#include "store/search.h"

#include <fcntl.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct room room;
static int64_t start;

static int
make(void **state)
{
	(void)state;
	room_make(&room);
	assert_true(clock_parse("2025-07-10T00:00", 0, &start));
	clock_pin(start);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_clear(&room);
	clock_pin(CLOCK_NONE);
	return 0;
}

static json_t *
code(int64_t area)
{
	return json_pack("{s:I}", "code", (json_int_t)area);
}

static void
add_area(int64_t area, const char *name)
{
	room_do(room.st, &room.system, "test.area",
	    json_pack("{s:I, s:s}", "code", (json_int_t)area, "name", name));
}

static int64_t
people(struct store *st)
{
	return sql_one_int(st, "SELECT coalesce(people, 0) FROM area WHERE id = ?1", -1, "i", TOWN);
}

static char *
beside(const char *name)
{
	return mem_print("%s/%s", room.dir, name);
}

/* --- replay --- */

static void
replays(void **state)
{
	struct err err = ERR_NONE;
	struct search_hit hit;
	struct journal_row row;
	struct store *past;
	int64_t seq;
	char hex[65];

	(void)state;
	add_area(TOWN, "龙虬镇");
	for (int i = 1; i <= 30; i++) {
		clock_pin(start + i * CLOCK_MINUTE);
		room_do(room.st, &room.system, i % 3 ? "test.touch" : "journal.note",
		    i % 3 ? code(TOWN)
			  : json_pack("{s:o}", "text", json_sprintf("第%d分钟 水位平稳", i)));
	}
	assert_int_equal(people(room.st), 20);
	/* At each minute and at each row. */
	for (int i = 0; i <= 30; i++) {
		past = store_replay(room.st, start + i * CLOCK_MINUTE + 59999, &err);
		assert_non_null(past);
		assert_int_equal(people(past), i - i / 3);
		journal_head(past, &seq, hex);
		assert_int_equal(seq, i + 1);
		assert_int_equal(journal_by_seq(past, i + 2, &row), false);
		assert_int_equal(search_find(past, "journal", "水位", 0, &hit, 1, NULL), i >= 3);
		assert_true(store_is_read_only(past));
		room_refused(past, &room.system, "journal.note", json_pack("{s:s}", "text", "x"),
		    ERR_STORE, "reading only");
		store_close(past);
	}
	past = store_replay_seq(room.st, 2, &err);
	assert_int_equal(people(past), 1);
	store_close(past);
	past = store_replay(room.st, start - 1, &err);
	assert_int_equal(people(past), -1);
	assert_int_equal(sql_one_int(past, "SELECT count(*) FROM journal", 9, ""), 0);
	store_close(past);
	past = store_replay_seq(room.st, 0, &err);
	assert_int_equal(people(past), -1);
	store_close(past);
	assert_null(store_replay_seq(room.st, 99, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	err_clear(&err);
	/* The present is as it was, and an undo is part of the past like anything else. */
	assert_int_equal(people(room.st), 20);
	seq = room_do(room.st, &room.system, "test.touch", code(TOWN));
	room_do(
	    room.st, &room.system, "journal.undo", json_pack("{s:I}", "number", (json_int_t)seq));
	past = store_replay_seq(room.st, seq, &err);
	assert_int_equal(people(past), 21);
	assert_true(journal_by_seq(past, seq, &row));
	assert_int_equal(row.undone_by, 0);
	journal_row_clear(&row);
	store_close(past);
}

/* Change the file behind the store's back. */
static void
tamper(const char *path, const char *text)
{
	sqlite3 *db;
	char *message = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", text, message);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
replay_meets_tampering(void **state)
{
	struct err err = ERR_NONE;

	(void)state;
	add_area(TOWN, "a");
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	tamper(room.path, "UPDATE area SET people = 77");
	assert_null(store_replay_seq(room.st, 1, &err));
	assert_non_null(strstr(err.message, "outside the journal"));
	err_clear(&err);
}

/* --- verify --- */

static void
verify(struct store *st, const char *expected, const char *problem)
{
	struct verify_report report;
	struct err err = ERR_NONE;

	if (!store_verify(st, expected, &report, &err))
		fail_msg("%s", err.message);
	if (!problem) {
		if (report.problems[0])
			fail_msg("%s", report.problems[0]);
	} else {
		if (!report.problems[0])
			fail_msg("nothing found, not \"%s\"", problem);
		if (!strstr(report.problems[0], problem))
			fail_msg("found \"%s\", not \"%s\"", report.problems[0], problem);
		if (report.problems[1])
			fail_msg("found \"%s\" too", report.problems[1]);
	}
	assert_non_null(strstr(report.sqlite, sqlite3_libversion()));
	verify_clear(&report);
}

static void
ten_rows(void)
{
	add_area(TOWN, "a");
	for (int i = 0; i < 9; i++)
		room_do(room.st, &room.system, "test.touch", code(TOWN));
}

static void
verifies(void **state)
{
	struct verify_report report;
	struct err err = ERR_NONE;

	(void)state;
	assert_true(store_verify(room.st, NULL, &report, &err));
	assert_int_equal(report.checked, 0);
	assert_string_equal(report.head, "");
	verify_clear(&report);
	ten_rows();
	assert_true(store_verify(room.st, NULL, &report, &err));
	assert_int_equal(report.checked, 10);
	assert_int_equal(report.head_seq, 10);
	assert_int_equal(strlen(report.head), 64);
	verify_clear(&report);
	verify(room.st, NULL, NULL);
	verify(room.st, "nonsense", "not a head");
	verify(room.st, "3:12", "not a head");
	assert_true(
	    verify_is_head("9:0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef"));
	assert_false(verify_is_head(""));
	assert_false(
	    verify_is_head("0:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
	assert_false(
	    verify_is_head("9:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg"));
	assert_false(
	    verify_is_head("9:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"));
}

static void
finds_the_row(void **state)
{
	static const struct {
		const char *change, *problem;
	} row[] = {
	    {"UPDATE journal SET text = 'x' WHERE seq = 4", "#4 was changed"},
	    {"UPDATE journal SET at = at + 1 WHERE seq = 5", "#5 was changed"},
	    {"UPDATE journal SET person = 1 WHERE seq = 1", "#1 was changed"},
	    {"UPDATE journal SET subject_kind = NULL WHERE seq = 10", "#10 was changed"},
	    {"UPDATE journal SET changeset = NULL WHERE seq = 6", "#6 was changed"},
	    {"UPDATE journal SET args = '{}' WHERE seq = 6", "#6 was changed"},
	    {"DELETE FROM journal WHERE seq = 4", "#4 is missing"},
	    {"DELETE FROM journal WHERE seq IN (4, 5, 6)", "#4 to #6 are missing"},
	    {"DELETE FROM journal WHERE seq = 1", "#1 is missing"},
	    {"INSERT INTO journal_mark SELECT id, id + 1, 'undone' FROM journal WHERE seq = 3",
		"#3 is struck out"},
	};

	(void)state;
	ten_rows();
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		char *copy = beside("copy.db");
		struct err err = ERR_NONE;
		struct store *st;

		assert_true(store_backup(room.st, copy, &err));
		tamper(copy, row[i].change);
		st = store_open(copy, STORE_READ, &err);
		assert_non_null(st);
		verify(st, NULL, row[i].problem);
		store_close(st);
		unlink(copy);
		free(copy);
	}
}

/* Reliability 4.25: an edit and a deletion in the middle of 100,000 rows, found at the row within a second. */
static void
finds_it_among_many(void **state)
{
	const int rows = getenv("ZHIBAN_SOAK") ? 100000 : 20000;
	static const char *const change[] = {
	    "UPDATE journal SET text = text || '。' WHERE seq = 12345",
	    "DELETE FROM journal WHERE seq = 6789"};
	static const char *const problem[] = {"#12345 was changed", "#6789 is missing"};
	struct err err = ERR_NONE;

	(void)state;
	add_area(TOWN, "a");
	for (int i = 1; i < rows;) {
		assert_true(store_batch_begin(room.st, &err));
		for (int k = 0; k < 1000 && i < rows; k++, i++)
			room_do(room.st, &room.system, i % 3 ? "test.touch" : "journal.note",
			    i % 3
				? code(TOWN)
				: json_pack("{s:o}", "text",
				      json_sprintf("第%d分钟 子婴河圩堤巡查 水位平稳 无异常", i)));
		assert_true(store_batch_end(room.st, true, &err));
	}
	for (size_t i = 0; i < COUNT_OF(change); i++) {
		char *copy = beside("copy.db");
		struct store *st;
		double took;

		assert_true(store_backup(room.st, copy, &err));
		tamper(copy, change[i]);
		st = store_open(copy, STORE_READ, &err);
		assert_non_null(st);
		took = test_processor();
		verify(st, NULL, problem[i]);
		took = test_processor() - took;
		print_message("# %d rows verified in %.2f s of the processor\n", rows, took);
		if (!TEST_SANITIZED)
			assert_true(took <= (double)rows / 100000);
		store_close(st);
		unlink(copy);
		free(copy);
	}
}

static void
finds_a_cut_tail(void **state)
{
	struct err err = ERR_NONE;
	char *copy = beside("yesterday.db"), *head, hex[65];
	struct store *st;
	int64_t seq;

	(void)state;
	ten_rows();
	assert_true(store_backup(room.st, copy, &err));
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	journal_head(room.st, &seq, hex);
	head = mem_print("%lld:%s", (long long)seq, hex);
	verify(room.st, head, NULL);
	st = store_open(copy, STORE_READ, &err);
	verify(st, NULL, NULL);
	verify(st, head, "ends at #10, but #11");
	store_close(st);
	/* Written on from the older copy: as long as before, but another history. */
	st = store_open(copy, STORE_WRITE, &err);
	verb_register(st, room_verbs, room_n_verbs);
	room_do(st, &room.system, "journal.note", json_pack("{s:s}", "text", "another history"));
	verify(st, NULL, NULL);
	verify(st, head, "#11 is not the one");
	store_close(st);
	tamper(room.path, "DELETE FROM journal WHERE seq > 8");
	verify(room.st, NULL, NULL);
	verify(room.st, head, "ends at #8, but #11");
	free(head);
	free(copy);
}

/* What was changed behind the journal's back, table by table. */
static void
finds_changed_tables(void **state)
{
	static const struct {
		const char *change, *problem, *second;
	} row[] = {
	    {"SELECT 1", NULL, NULL},
	    {"UPDATE area SET name = 'x'", "area, row 321084101 is not what", NULL},
	    {"UPDATE area SET people = people + 1 WHERE id = 321084101", "area, row 321084101",
		NULL},
	    {"UPDATE setting SET value = '9' WHERE name = 'zone'", "setting, row zone", NULL},
	    {"DELETE FROM area WHERE id = 321084101", "area, row 321084101", NULL},
	    {"INSERT INTO area (id, name, short, initials, kind) VALUES (7, 'x', 'x', 'x', 'x')",
		"area holds 1 row", NULL},
	    {"INSERT INTO setting VALUES ('x', 'y')", "setting holds 1 row", NULL},
	    {"UPDATE person SET role = 63", "person, row", NULL},
	    {"UPDATE person SET role = 63; UPDATE area SET name = 'x'", "row", "row"},
	    {"DELETE FROM journal_mark", "journal_mark, row", NULL},
	};

	(void)state;
	room_person(room.st, "p", ROLE_OFFICER, AREA);
	ten_rows();
	room_do(room.st, &room.system, "test.setting", json_object());
	room_do(room.st, &room.system, "journal.undo", json_pack("{s:i}", "number", 11));
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		char *copy = beside("copy.db");
		struct verify_report report;
		struct err err = ERR_NONE;
		struct store *st;

		assert_true(store_backup(room.st, copy, &err));
		tamper(copy, row[i].change);
		st = store_open(copy, STORE_READ, &err);
		assert_non_null(st);
		assert_true(store_verify(st, NULL, &report, &err));
		assert_null(report.problems[0]);
		if (!store_verify_tables(st, &report, &err))
			fail_msg("%s: %s (%s)", row[i].change, err.message, err.detail);
		if (!row[i].problem && report.problems[0])
			fail_msg("%s: %s", row[i].change, report.problems[0]);
		if (row[i].problem &&
		    (!report.problems[0] || !strstr(report.problems[0], row[i].problem)))
			fail_msg("%s: found %s", row[i].change,
			    report.problems[0] ? report.problems[0] : "nothing");
		if (row[i].problem && !row[i].second != !report.problems[1])
			fail_msg("%s: found %s", row[i].change,
			    report.problems[1] ? report.problems[1] : "no second");
		verify_clear(&report);
		store_close(st);
		unlink(copy);
		free(copy);
	}
}

/* --- backup --- */

static void
backs_up(void **state)
{
	struct err err = ERR_NONE;
	char *copy = beside("copy.db"), *nowhere = beside("no/such/copy.db");
	struct store *st;
	struct stat sb;
	mode_t old = umask(0);

	(void)state;
	ten_rows();
	assert_true(store_backup(room.st, copy, &err));
	umask(old);
	assert_int_equal(stat(copy, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_int_equal(sb.st_nlink, 1);
	assert_false(store_backup(room.st, copy, &err));
	assert_non_null(strstr(err.message, "exists already"));
	err_clear(&err);
	assert_false(store_backup(room.st, nowhere, &err));
	err_clear(&err);
	st = store_open(copy, STORE_WRITE, &err);
	assert_non_null(st);
	verb_register(st, room_verbs, room_n_verbs);
	assert_int_equal(people(st), 9);
	assert_int_equal(room_do(st, &room.system, "test.touch", code(TOWN)), 11);
	assert_int_equal(people(room.st), 9);
	store_close(st);
	free(copy);
	free(nowhere);
}

/* --- watch --- */

static bool
readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void
watches(void **state)
{
	struct store *other = room_open(&room);
	int fd = store_watch_fd(other);
	uint64_t generation;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(store_watch_fd(other), fd);
	store_watch_drain(other);
	generation = store_generation(other);
	assert_false(readable(fd));
	assert_false(store_watch_drain(other));
	room_do(room.st, &room.system, "journal.note", json_pack("{s:s}", "text", "x"));
	assert_true(readable(fd));
	assert_true(store_watch_drain(other));
	assert_true(store_generation(other) > generation);
	assert_false(readable(fd));
	assert_false(store_watch_drain(other));
	/* What it wrote itself counts as a change too; what failed does not. */
	room_do(other, &room.system, "journal.note", json_pack("{s:s}", "text", "y"));
	assert_true(store_watch_drain(other));
	assert_false(store_watch_drain(other));
	room_refused(room.st, &room.system, "test.fail", json_object(), ERR_STATE, NULL);
	assert_false(store_watch_drain(other));
	store_close(other);
}

static void
snapshots(void **state)
{
	struct store *other = room_open(&room);
	struct err err = ERR_NONE;

	(void)state;
	add_area(TOWN, "a");
	store_read_begin(other);
	assert_int_equal(people(other), 0);
	store_read_begin(other);
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	assert_int_equal(people(other), 0);
	assert_true(store_read_end(other, &err));
	assert_int_equal(people(other), 0);
	assert_true(store_read_end(other, &err));
	assert_int_equal(people(other), 1);
	/* A row left in the middle does not pin the old state for a verb, nor behind a drain. */
	assert_true(sql_row(sql(other, "SELECT id FROM area UNION ALL SELECT 1")));
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	assert_true(store_watch_drain(other));
	assert_int_equal(people(other), 2);
	assert_true(sql_row(sql(other, "SELECT id FROM area UNION ALL SELECT 1")));
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	room_do(other, &room.system, "test.touch", code(TOWN));
	assert_int_equal(people(other), 4);
	store_close(other);
}

static void
batches(void **state)
{
	struct err err = ERR_NONE;
	struct store *other = room_open(&room);

	(void)state;
	assert_true(store_batch_begin(room.st, &err));
	add_area(TOWN, "a");
	room_refused(room.st, &room.system, "test.fail", json_object(), ERR_STATE, "not today");
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	room_refused(room.st, &room.system, "test.bad_fk", json_object(), ERR_STATE, "contradicts");
	assert_int_equal(people(other), -1);
	assert_true(store_batch_end(room.st, true, &err));
	assert_int_equal(people(other), 1);
	assert_true(store_batch_begin(room.st, &err));
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	assert_false(store_batch_end(room.st, false, &err));
	err_clear(&err);
	assert_int_equal(people(room.st), 1);
	assert_int_equal(room_do(room.st, &room.system, "test.touch", code(TOWN)), 3);
	verify(room.st, NULL, NULL);
	store_close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(replays, make, clear),
	    cmocka_unit_test_setup_teardown(replay_meets_tampering, make, clear),
	    cmocka_unit_test_setup_teardown(verifies, make, clear),
	    cmocka_unit_test_setup_teardown(finds_the_row, make, clear),
	    cmocka_unit_test_setup_teardown(finds_changed_tables, make, clear),
	    cmocka_unit_test_setup_teardown(finds_it_among_many, make, clear),
	    cmocka_unit_test_setup_teardown(finds_a_cut_tail, make, clear),
	    cmocka_unit_test_setup_teardown(backs_up, make, clear),
	    cmocka_unit_test_setup_teardown(watches, make, clear),
	    cmocka_unit_test_setup_teardown(snapshots, make, clear),
	    cmocka_unit_test_setup_teardown(batches, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
