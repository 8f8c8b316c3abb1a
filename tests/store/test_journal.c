/* The journal: pages and counts under every filter, the clock set back, undo, notes, corrections.
 */
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

static struct room room;
static int64_t start;
static int serial; /* an outbox key is given once */

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

static json_t *
number(int64_t seq)
{
	return json_pack("{s:I}", "number", (json_int_t)seq);
}

static void
add_area(int64_t area, const char *name)
{
	room_do(room.st, &room.system, "test.area",
	    json_pack("{s:I, s:s}", "code", (json_int_t)area, "name", name));
}

/* --- pages --- */

/* Does row i (its number) pass? What the SQL must agree with, said again in plain C. */
static bool
passes(const struct journal_filter *f, int64_t seq)
{
	struct journal_row row;
	bool good;

	assert_true(journal_by_seq(room.st, seq, &row));
	good = (!f->incident || row.incident == f->incident) &&
	       (!f->person || row.person == f->person) &&
	       (!f->verb || strncmp(row.verb, f->verb, strlen(f->verb)) == 0) &&
	       (f->from == CLOCK_NONE || row.at >= f->from) &&
	       (f->to == CLOCK_NONE || row.at <= f->to) &&
	       (!f->words || strstr(row.text, f->words)) &&
	       (!f->area || sql_one_int(room.st, "SELECT area FROM journal WHERE id = ?1", 0, "i",
				row.id) == f->area);
	journal_row_clear(&row);
	return good;
}

static void
compare(const struct journal_filter *f, int64_t last)
{
	struct journal_row row[7];
	int64_t expected = last, before = 0, after = 0, total = 0;
	size_t n;

	/* Down, seven at a time. */
	while ((n = journal_page(room.st, f, before, row, COUNT_OF(row))) > 0) {
		for (size_t i = 0; i < n; i++) {
			while (expected > 0 && !passes(f, expected))
				expected--;
			assert_int_equal(row[i].seq, expected--);
			before = row[i].id;
			journal_row_clear(&row[i]);
			total++;
		}
	}
	while (expected > 0)
		assert_false(passes(f, expected--));
	/* And up again. */
	expected = 1;
	while ((n = journal_page_up(room.st, f, after, row, COUNT_OF(row))) > 0) {
		for (size_t i = 0; i < n; i++) {
			while (expected <= last && !passes(f, expected))
				expected++;
			assert_int_equal(row[i].seq, expected++);
			after = row[i].id;
			journal_row_clear(&row[i]);
		}
	}
	while (expected <= last)
		assert_false(passes(f, expected++));
	assert_int_equal(journal_count(room.st, f, 100000), total);
	if (total > 2)
		assert_int_equal(journal_count(room.st, f, total - 2), total - 1);
}

static void
fill(int64_t n, const struct actor *other)
{
	for (int64_t i = 0; i < n; i++) {
		clock_pin(start + i * CLOCK_MINUTE);
		if (i % 3 == 0)
			room_do(room.st, i % 2 ? &room.system : other, "test.touch",
			    code(i % 4 ? TOWN : OTHER_TOWN));
		else if (i % 3 == 1)
			room_do(room.st, &room.system, "test.all",
			    json_pack("{s:o, s:I}", "word", json_sprintf("w%d 堤防", serial++),
				"count", (json_int_t)(i % 5)));
		else
			room_do(room.st, other, "journal.note",
			    json_pack("{s:s}", "text", i % 2 ? "管涌险情" : "平安"));
	}
}

static void
pages(void **state)
{
	struct actor officer = room_person(room.st, "陈涛", ROLE_OFFICER, AREA);
	struct journal_filter all = JOURNAL_ALL;
	int64_t last;
	char hex[65];

	(void)state;
	compare(&all, 1);
	add_area(TOWN, "龙虬镇");
	add_area(OTHER_TOWN, "三垛镇");
	fill(60, &officer);
	journal_head(room.st, &last, hex);
	assert_int_equal(last, 63);
	compare(&all, last);
	for (int bits = 1; bits < 64; bits++) {
		struct journal_filter f = JOURNAL_ALL;

		f.incident = bits & 1 ? 3 : 0;
		f.person = bits & 2 ? officer.person : 0;
		f.area = bits & 4 ? TOWN : 0;
		f.verb = bits & 8 ? (bits & 1 ? "test.all" : "test.") : NULL;
		f.words = bits & 16 ? "堤防" : NULL;
		if (bits & 32) {
			f.from = start + 10 * CLOCK_MINUTE;
			f.to = start + 40 * CLOCK_MINUTE;
		}
		compare(&f, last);
	}
	all.verb = "journal";
	compare(&all, last);
	all.verb = NULL;
	all.words = "管涌";
	compare(&all, last);
	all.words = "no such words";
	compare(&all, last);
}

static void
clock_goes_back(void **state)
{
	struct actor officer = room_person(room.st, "陈涛", ROLE_OFFICER, AREA);
	struct journal_row row;
	int64_t last, old = start;
	char hex[65];

	(void)state;
	add_area(TOWN, "龙虬镇");
	add_area(OTHER_TOWN, "三垛镇");
	fill(20, &officer);
	/* Two seconds are smoothed over, without a row. */
	journal_head(room.st, &last, hex);
	clock_pin(start + 19 * CLOCK_MINUTE - 2000);
	assert_int_equal(room_do(room.st, &officer, "test.touch", code(TOWN)), last + 1);
	assert_true(journal_by_seq(room.st, last + 1, &row));
	assert_int_equal(row.at, start + 19 * CLOCK_MINUTE);
	journal_row_clear(&row);
	/* An hour, a day, forty years: each leaves a row. */
	start = old - CLOCK_HOUR;
	fill(20, &officer);
	start = 0;
	fill(5, &officer);
	start = old + CLOCK_HOUR;
	fill(10, &officer);
	journal_head(room.st, &last, hex);
	assert_int_equal(last, 1 + 2 + 20 + 1 + 1 + 20 + 1 + 5 + 10);
	assert_true(journal_by_seq(room.st, 25, &row));
	assert_string_equal(row.verb, "clock.changed");
	assert_int_equal(row.at, old - CLOCK_HOUR);
	journal_row_clear(&row);
	for (int64_t from = -2; from < 4; from++) {
		struct journal_filter f = JOURNAL_ALL;

		f.from = old + from * CLOCK_HOUR / 2;
		compare(&f, last);
		f.to = f.from + 7 * CLOCK_MINUTE;
		compare(&f, last);
		f.from = CLOCK_NONE;
		compare(&f, last);
	}
	start = old;
}

static void
note_at_error(struct store *st, int64_t error)
{
	st->clock_error = error;
	room_do(st, &room.system, "journal.note", json_pack("{s:s}", "text", "x"));
}

static int64_t
last_row(struct journal_row *row)
{
	char hex[65];
	int64_t seq;

	journal_head(room.st, &seq, hex);
	assert_true(journal_by_seq(room.st, seq - 1, row));
	return seq;
}

/* The system clock set by hand, while nobody wrote: told once, whoever writes next. */
static void
clock_is_set(void **state)
{
	struct store *other = room_open(&room);
	struct journal_row row;

	(void)state;
	clock_pin(CLOCK_NONE);
	note_at_error(room.st, 0);
	note_at_error(other, 0);
	/* The time service: followed in small steps, without a word. */
	for (int64_t ms = 0; ms < 20000; ms += 2000)
		note_at_error(room.st, ms);
	assert_int_equal(last_row(&row), 12);
	assert_string_equal(row.verb, "journal.note");
	journal_row_clear(&row);
	note_at_error(other, 18000 + CLOCK_HOUR);
	assert_int_equal(last_row(&row), 14);
	assert_string_equal(row.verb, "clock.changed");
	assert_non_null(strstr(row.text, "forward"));
	journal_row_clear(&row);
	note_at_error(room.st, 18000 + CLOCK_HOUR);
	note_at_error(other, 18000 + CLOCK_HOUR);
	assert_int_equal(last_row(&row), 16);
	journal_row_clear(&row);
	note_at_error(room.st, 0);
	assert_int_equal(last_row(&row), 18);
	assert_string_equal(row.verb, "clock.changed");
	assert_non_null(strstr(row.text, "back"));
	journal_row_clear(&row);
	/* In a test or a drill, whose clock is not the system's, its steps mean nothing. */
	clock_pin(start);
	note_at_error(room.st, CLOCK_DAY);
	assert_int_equal(last_row(&row), 20);
	journal_row_clear(&row);
	note_at_error(room.st, 0);
	assert_int_equal(last_row(&row), 21);
	journal_row_clear(&row);
	clock_pin(CLOCK_NONE);
	note_at_error(other, 0);
	assert_int_equal(last_row(&row), 22);
	journal_row_clear(&row);
	store_close(other);
}

/* --- undo --- */

static int64_t
people(void)
{
	return sql_one_int(room.st, "SELECT people FROM area WHERE id = ?1", -1, "i", TOWN);
}

static void
undoes(void **state)
{
	struct actor *a = &room.system;
	struct journal_row row;
	struct search_hit hit;
	int64_t first, second, undo, again;

	(void)state;
	first = room_do(room.st, a, "test.area",
	    json_pack("{s:I, s:s, s:i}", "code", (json_int_t)TOWN, "name", "a", "people", 5));
	second = room_do(room.st, a, "test.touch", code(TOWN));
	assert_int_equal(people(), 6);
	/* The later act stands in the way, and is named. */
	room_refused(room.st, a, "journal.undo", number(first), ERR_STATE, "#2");
	undo = room_do(room.st, a, "journal.undo", number(second));
	assert_int_equal(people(), 5);
	assert_true(journal_by_seq(room.st, second, &row));
	assert_int_equal(row.undone_by, undo);
	journal_row_clear(&row);
	assert_true(journal_by_seq(room.st, undo, &row));
	assert_int_equal(row.corrects, second);
	assert_string_equal(row.subject_kind, "area");
	journal_row_clear(&row);
	room_refused(room.st, a, "journal.undo", number(second), ERR_STATE, "struck out");
	room_refused(room.st, a, "journal.undo", number(99), ERR_NOT_FOUND, "#99");
	/* Undoing the undo does it again. */
	again = room_do(room.st, a, "journal.undo", number(undo));
	assert_int_equal(people(), 6);
	assert_true(journal_by_seq(room.st, second, &row));
	assert_int_equal(row.undone_by, 0);
	journal_row_clear(&row);
	room_do(room.st, a, "journal.undo", number(again));
	room_do(room.st, a, "journal.undo", number(first));
	assert_int_equal(people(), -1);
	assert_int_equal(search_find(room.st, "journal", "nothing here", 0, &hit, 1, NULL), 0);
}

static void
undo_has_limits(void **state)
{
	struct actor officer = room_person(room.st, "陈涛", ROLE_OFFICER, AREA);
	struct actor town = room_person(room.st, "周明", ROLE_TOWNSHIP, TOWN);
	int64_t mine, theirs;

	(void)state;
	add_area(TOWN, "a");
	add_area(OTHER_TOWN, "b");
	mine = room_do(room.st, &town, "test.touch", code(TOWN));
	theirs = room_do(room.st, &officer, "test.touch", code(OTHER_TOWN));
	room_refused(room.st, &town, "journal.undo", number(theirs), ERR_REFUSED, "another area");
	room_do(room.st, &town, "journal.undo", number(mine));
	/* Making a person has no way back, and a refusal is no act. */
	room_refused(room.st, &officer, "journal.undo", number(1), ERR_REFUSED, "cannot be undone");
	room_refused(
	    room.st, &officer, "journal.undo", number(theirs + 1), ERR_REFUSED, "cannot be undone");
	room_do(room.st, &officer, "journal.undo", number(theirs));
}

static void
undo_past_other_columns(void **state)
{
	(void)state;
	add_area(TOWN, "a");
	/* Other columns of the same row were changed since: nothing is in the way. */
	room_do(room.st, &room.system, "test.area",
	    json_pack("{s:I, s:s, s:i}", "code", (json_int_t)TOWN, "name", "b", "people", 0));
	room_do(room.st, &room.system, "test.touch", code(TOWN));
	room_do(room.st, &room.system, "journal.undo", number(2));
	assert_int_equal(people(), 1);
}

/* --- notes --- */

static void
notes(void **state)
{
	struct actor officer = room_person(room.st, "陈涛", ROLE_OFFICER, AREA);
	struct actor town = room_person(room.st, "周明", ROLE_TOWNSHIP, TOWN);
	struct journal_row row;
	int64_t note, better, best;

	(void)state;
	note = room_do(
	    room.st, &officer, "journal.note", json_pack("{s:s}", "text", "21:00 巡堤队 12 人"));
	better = room_do(room.st, &officer, "journal.correct",
	    json_pack("{s:I, s:s}", "number", (json_int_t)note, "text", "巡堤队 14 人"));
	assert_true(journal_by_seq(room.st, note, &row));
	assert_int_equal(row.undone_by, better);
	assert_string_equal(row.text, "21:00 巡堤队 12 人");
	journal_row_clear(&row);
	assert_true(journal_by_seq(room.st, better, &row));
	assert_int_equal(row.corrects, note);
	journal_row_clear(&row);
	room_refused(room.st, &officer, "journal.correct",
	    json_pack("{s:I, s:s}", "number", (json_int_t)note, "text", "x"), ERR_STATE,
	    "struck out");
	best = room_do(room.st, &officer, "journal.correct",
	    json_pack("{s:I, s:s}", "number", (json_int_t)better, "text", "巡堤队 15 人"));
	room_do(room.st, &officer, "journal.undo", number(best));
	assert_true(journal_by_seq(room.st, better, &row));
	assert_int_equal(row.undone_by, 0);
	journal_row_clear(&row);
	/* Acts are not corrected with words. */
	add_area(TOWN, "a");
	room_refused(room.st, &officer, "journal.correct",
	    json_pack("{s:I, s:s}", "number", (json_int_t)best + 2, "text", "x"), ERR_REFUSED,
	    "act");
	room_do(room.st, &town, "journal.note", json_pack("{s:s}", "text", "本镇平安"));
	room_refused(room.st, &town, "journal.correct",
	    json_pack("{s:I, s:s}", "number", (json_int_t)better, "text", "x"), ERR_REFUSED,
	    "another area");
	room_refused(room.st, &officer, "journal.correct",
	    json_pack("{s:I, s:s}", "number", (json_int_t)best + 4, "text", "x"), ERR_REFUSED,
	    "refusal");
	room_refused(room.st, &officer, "journal.note",
	    json_pack("{s:s, s:i}", "text", "x", "incident", 99), ERR_NOT_FOUND, "incident");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(pages, make, clear),
	    cmocka_unit_test_setup_teardown(clock_goes_back, make, clear),
	    cmocka_unit_test_setup_teardown(clock_is_set, make, clear),
	    cmocka_unit_test_setup_teardown(undoes, make, clear),
	    cmocka_unit_test_setup_teardown(undo_has_limits, make, clear),
	    cmocka_unit_test_setup_teardown(undo_past_other_columns, make, clear),
	    cmocka_unit_test_setup_teardown(notes, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
