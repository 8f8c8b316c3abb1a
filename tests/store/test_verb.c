/* Verbs: rights, arguments, the transaction, the journal row; settings, ids and actors. */
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/journal.h"

#include <stdlib.h>
#include <string.h>

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
	clock_pin(CLOCK_NONE);
	return 0;
}

static json_t *
area(int64_t code, const char *name, int64_t people)
{
	return json_pack("{s:I, s:s, s:I}", "code", (json_int_t)code, "name", name, "people",
	    (json_int_t)people);
}

static void
runs_and_tells(void **state)
{
	struct journal_row row;
	struct verb_result result;
	struct err err = ERR_NONE;
	json_t *args = area(TOWN, "龙虬镇", 5);
	char hex[65];
	int64_t seq, now;

	(void)state;
	assert_true(clock_parse("2025-07-10T03:12", 0, &now));
	clock_pin(now);
	assert_true(verb_run(room.st, &room.system, "test.area", args, &result, &err));
	json_decref(args);
	assert_int_equal(result.seq, 1);
	assert_int_equal(result.subject, TOWN);
	assert_int_equal(result.journal, id_make(AREA, 1));
	assert_string_equal(result.said, "area 龙虬镇");
	assert_true(journal_get(room.st, result.journal, &row));
	assert_int_equal(row.at, now);
	assert_int_equal(row.origin, AREA);
	assert_string_equal(row.verb, "test.area");
	assert_string_equal(row.subject_kind, "area");
	assert_string_equal(row.args, "{\"code\":321084101,\"name\":\"龙虬镇\",\"people\":5}");
	assert_string_equal(row.text, "area 龙虬镇");
	journal_row_clear(&row);
	assert_true(journal_by_seq(room.st, 1, &row));
	journal_row_clear(&row);
	assert_false(journal_by_seq(room.st, 2, &row));
	verb_result_clear(&result);
	journal_head(room.st, &seq, hex);
	assert_int_equal(seq, 1);
	assert_int_equal(strlen(hex), 64);
	assert_int_equal(
	    sql_one_int(room.st, "SELECT people FROM area WHERE id = ?1", 0, "i", TOWN), 5);
}

static void
failure_leaves_nothing(void **state)
{
	char hex[65];
	int64_t seq;

	(void)state;
	room_do(room.st, &room.system, "test.area", area(TOWN, "a", 5));
	room_refused(room.st, &room.system, "test.fail", json_object(), ERR_STATE, "not today");
	room_refused(room.st, &room.system, "test.bad_fk", json_object(), ERR_STATE, "contradicts");
	room_refused(room.st, &room.system, "test.none", json_object(), ERR_NOT_FOUND, "test.none");
	journal_head(room.st, &seq, hex);
	assert_int_equal(seq, 1);
	assert_int_equal(sql_one_int(room.st, "SELECT people FROM area", 0, ""), 5);
	assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM shift", 9, ""), 0);
	assert_int_equal(room_do(room.st, &room.system, "test.touch",
			     json_pack("{s:I}", "code", (json_int_t)TOWN)),
	    2);
}

static size_t
find_nothing(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	(void)st, (void)actor, (void)word, (void)out, (void)max;
	return 0;
}

static bool
is_seven(struct store *st, int64_t id, char *out, size_t size)
{
	(void)st, (void)out, (void)size;
	return id == 7;
}

static void
checks_each_type(void **state)
{
	static const struct thing_kind kinds[] = {{"stone", "Stone", find_nothing, is_seven}};
	struct actor *a = &room.system;
	struct store *st = room.st;
	struct journal_row row;
	char *big = mem_alloc(70000);
	int64_t now, ten;

	(void)state;
	memset(big, 'x', 69999);
	big[69999] = '\0';
	assert_true(clock_parse("2025-07-10T03:12", 0, &now));
	ten = now - 2 * CLOCK_MINUTE;
	clock_pin(now);
	room_do(st, a, "test.all",
	    json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:b, s:n}", "word", " a\x1b\tb \n", "rest",
		"one\ntwo\r\n", "count", 3, "size", 2, "when", "03:10", "way", "fa", "hot", 0,
		"thing"));
	assert_true(journal_by_seq(st, 1, &row));
	{
		char *expected = mem_print("a・ b|one\ntwo|3|2|%lld|fax|0|0", (long long)ten);

		assert_string_equal(row.text, expected);
		free(expected);
	}
	assert_int_equal(row.incident, 3);
	journal_row_clear(&row);
	room_do(st, a, "test.all",
	    json_pack("{s:s, s:b, s:s, s:i}", "word", "b", "hot", 1, "when", "now", "thing", 9));
	thing_register(st, kinds, 1);
	room_do(st, a, "test.all", json_pack("{s:s, s:i}", "word", "c", "thing", 7));
	room_refused(st, a, "test.all", json_pack("{s:s, s:i}", "word", "c", "thing", 9),
	    ERR_NOT_FOUND, "Thing");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "thing", "7"),
	    ERR_INPUT, "Thing");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "way", "ph"),
	    ERR_INPUT, "phone|photo|fax");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "way", "zz"),
	    ERR_INPUT, "phone|photo|fax");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "way", "fax|"),
	    ERR_INPUT, "phone|photo|fax");
	room_refused(st, a, "test.all", json_pack("{s:s, s:i}", "word", "c", "count", -1),
	    ERR_INPUT, "Count");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "size", "2"),
	    ERR_INPUT, "Size");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "when", "25:00"),
	    ERR_INPUT, "When");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "hot", "yes"),
	    ERR_INPUT, "Hot");
	room_refused(st, a, "test.all", json_pack("{s:s, s:s}", "word", "c", "cold", "yes"),
	    ERR_INPUT, "cold");
	room_refused(st, a, "test.all", json_pack("{s:i}", "word", 1), ERR_INPUT, "Word");
	room_refused(st, a, "test.all", json_pack("{s:s}", "word", " \n "), ERR_INPUT, "Word");
	room_refused(st, a, "test.all", json_pack("{s:s}", "rest", "x"), ERR_INPUT, "Word");
	room_refused(st, a, "test.all", json_pack("{s:s}", "word", big), ERR_INPUT, "69999");
	assert_int_equal(sql_one_int(st, "SELECT count(*) FROM outbox", 0, ""), 3);
	/* An outbox key is given once. */
	room_refused(st, a, "test.all", json_pack("{s:s}", "word", "c"), ERR_STATE, "contradicts");
	free(big);
}

static void
large_leaves_a_digest(void **state)
{
	struct journal_row row;

	(void)state;
	room_do(room.st, &room.system, "test.large", json_pack("{s:s}", "word", "abc"));
	assert_true(journal_by_seq(room.st, 1, &row));
	assert_null(strstr(row.args, "abc"));
	assert_non_null(strstr(row.args, "\"sm3\":\""));
	journal_row_clear(&row);
}

static void
rights(void **state)
{
	struct store *st = room.st;
	struct actor officer = room_person(st, "陈涛", ROLE_OFFICER, AREA);
	struct actor town = room_person(st, "周明", ROLE_TOWNSHIP, TOWN);
	struct actor auditor = room_person(st, "孙立", ROLE_AUDITOR, AREA);
	struct actor nobody = officer;
	struct journal_row row;
	json_t *mine = json_pack("{s:I}", "code", (json_int_t)TOWN);
	json_t *theirs = json_pack("{s:I}", "code", (json_int_t)OTHER_TOWN);
	int64_t refused;

	(void)state;
	room_do(st, &officer, "test.area", area(TOWN, "a", 1));
	room_do(st, &officer, "test.area", area(OTHER_TOWN, "b", 1));
	room_do(st, &town, "test.touch", json_incref(mine));
	room_do(st, &officer, "test.touch", json_incref(theirs));
	refused = sql_one_int(st, "SELECT count(*) FROM journal", 0, "");
	room_refused(st, &town, "test.touch", json_incref(theirs), ERR_REFUSED, "another area");
	room_refused(st, &town, "test.loose", json_object(), ERR_REFUSED, "role");
	room_refused(st, &auditor, "test.touch", json_incref(mine), ERR_REFUSED, "role");
	room_refused(st, &officer, "test.person", json_object(), ERR_REFUSED, "role");
	/* A console cannot lend itself a role, an area, or a person. */
	town.role |= ROLE_CHIEF;
	town.area = OTHER_TOWN;
	room_refused(st, &town, "test.touch", json_incref(theirs), ERR_REFUSED, "another area");
	nobody.person = 12345;
	room_refused(st, &nobody, "test.loose", json_object(), ERR_REFUSED, "no longer");
	assert_int_equal(sql_one_int(st, "SELECT count(*) FROM journal", 0, ""), refused + 6);
	assert_int_equal(
	    sql_one_int(st, "SELECT people FROM area WHERE id = ?1", 0, "i", OTHER_TOWN), 2);
	assert_true(journal_by_seq(st, refused + 1, &row));
	assert_string_equal(row.verb, "journal.refused");
	assert_string_equal(row.args, "{\"verb\":\"test.touch\"}");
	assert_string_equal(row.actor, "周明");
	assert_non_null(strstr(row.text, "another area"));
	journal_row_clear(&row);
	assert_true(verb_allowed(&officer, verb_find(st, "test.touch")));
	assert_false(verb_allowed(&auditor, verb_find(st, "test.touch")));
	json_decref(mine);
	json_decref(theirs);
}

static void
finds_actors(void **state)
{
	struct actor a = room_person(room.st, "wang jianguo", ROLE_LEADER, AREA), found;
	struct err err = ERR_NONE;
	char id[32];

	(void)state;
	room_person(room.st, "Wang Jianguo", ROLE_OFFICER, AREA);
	assert_true(actor_find(room.st, "wang jianguo", &found, &err));
	assert_int_equal(found.person, a.person);
	assert_int_equal(found.role, ROLE_LEADER);
	snprintf(id, sizeof(id), "%lld", (long long)a.person);
	assert_true(actor_find(room.st, id, &found, &err));
	assert_string_equal(found.name, "wang jianguo");
	assert_false(actor_find(room.st, "WANG JIANGUO", &found, &err));
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
	assert_false(actor_find(room.st, "nobody", &found, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	err_clear(&err);
}

static bool
run_numbers(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);

	(void)err;
	assert_int_equal(store_new_id(st), id_make(AREA, 1));
	assert_int_equal(store_new_id(st), id_make(AREA, 2));
	assert_int_equal(store_new_number(st, "incident", 2025), 1);
	assert_int_equal(store_new_number(st, "incident", 2025), 2);
	assert_int_equal(store_new_number(st, "incident", 2026), 1);
	assert_int_equal(store_new_number(st, "report", 2025), 1);
	store_set_setting(st, "zone", "480");
	store_set_setting(st, "zone", "540");
	return true;
}

static void
numbers_and_settings(void **state)
{
	static const struct verb numbers = {
	    "test.numbers", "", "numbers", ROLE_SYSTEM, 0, NULL, 0, run_numbers, NULL};

	(void)state;
	verb_register(room.st, &numbers, 1);
	assert_non_null(verb_at(room.st, 0));
	assert_null(verb_at(room.st, 1000));
	room_do(room.st, &room.system, "test.numbers", json_object());
	assert_string_equal(store_setting(room.st, "zone"), "540");
	assert_int_equal(store_setting_int(room.st, "zone", 1), 540);
	assert_int_equal(store_setting_int(room.st, "none", 1), 1);
	assert_null(store_setting(room.st, "none"));
	assert_int_equal(store_area(room.st), AREA);
}

static int tried;

/* Ids from 10 on have been done by somebody else, 99 is broken. */
static bool
run_due(struct verb_call *call, struct err *err)
{
	tried++;
	if (call_int(call, "id") == 99)
		return err_set(err, ERR_INPUT, "broken");
	return call_int(call, "id") < 10 || err_set(err, ERR_STATE, "done already");
}

/* What falls due: who is too late does not go on trying, a failure is told, 50 are the most. */
static void
falls_due(void **state)
{
	static const struct verb_param params[] = {{"id", "id", ARG_INT, NULL, true, true, NULL}};
	static const struct verb due = {
	    "test.due", "", "due", ROLE_SYSTEM, 0, params, 1, run_due, NULL};
	struct err err = ERR_NONE;

	(void)state;
	verb_register(room.st, &due, 1);
#define DUE(text)                                                                                  \
	(tried = 0, verb_run_due(room.st, &room.system, sql(room.st, text), "test.due", "id", &err))
	assert_true(DUE("SELECT value FROM json_each('[1,10,11,2,12,13,3]') WHERE ?1 > 0"));
	assert_int_equal(tried, 7);
	assert_true(DUE("SELECT value FROM json_each('[10,11,12,1,2]') WHERE ?1 > 0"));
	assert_int_equal(tried, 3);
	assert_false(DUE("SELECT value FROM json_each('[1,99,2]') WHERE ?1 > 0"));
	assert_int_equal(tried, 2);
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
	assert_true(DUE("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 80)"
			" SELECT 1 FROM n WHERE ?1 > 0"));
	assert_int_equal(tried, 50);
#undef DUE
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(runs_and_tells, make, clear),
	    cmocka_unit_test_setup_teardown(failure_leaves_nothing, make, clear),
	    cmocka_unit_test_setup_teardown(checks_each_type, make, clear),
	    cmocka_unit_test_setup_teardown(large_leaves_a_digest, make, clear),
	    cmocka_unit_test_setup_teardown(rights, make, clear),
	    cmocka_unit_test_setup_teardown(finds_actors, make, clear),
	    cmocka_unit_test_setup_teardown(numbers_and_settings, make, clear),
	    cmocka_unit_test_setup_teardown(falls_due, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
