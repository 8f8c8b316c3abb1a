/* Two calls for one matter: found while typing, joined without losing a word, taken apart exactly.
 */
#include "tests/incident/room.h"

#include "base/buf.h"
#include "incident/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST                                                                                      \
	"高速交警：G2京沪高速高邮段南行K1023+"                                       \
	"500处一辆液氨槽罐车侧翻，装载液氨约25吨，有白雾，驾驶员1人被困"
#define SECOND                                                                                     \
	"过路司机来电：G2高速南行K1023+300附近有辆罐车翻了，白雾很大，味道刺鼻，电话0514-55509001"
#define OTHER "临泽镇值班室报告：子婴河圩堤K3+200处发生管涌，威胁30户86人"

static int64_t
open_text(struct county *c, const char *when, const char *text)
{
	at(when);
	return act(c, &c->officer, "incident.open", json_pack("{s:s}", "text", text), NULL);
}

static void
call_again(struct county *c, const char *when, int64_t incident, const char *text, char **said)
{
	at(when);
	act(c, &c->officer, "incident.call",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)incident, "text", text), said);
}

static size_t
alike(struct county *c, const char *when, const char *text, const char *phone,
    struct incident_likeness *out, size_t max)
{
	struct err err = ERR_NONE;
	struct reader *reader = incident_reader(c->st, &err);
	struct reading r;
	size_t n;
	int64_t now = at(when);

	assert_non_null(reader);
	reader_read(reader, text, strlen(text), now, &r);
	n = incident_alike(c->st, &r, phone, now, out, max);
	reading_clear(&r);
	return n;
}

static void
found_while_typing(void **state)
{
	struct county *c = *state;
	int64_t first = open_text(c, "07-10 03:12", FIRST),
		dike = open_text(c, "07-10 03:13", OTHER);
	struct incident_likeness like[5];
	size_t n = alike(c, "07-10 03:16", SECOND, "", like, 5);

	assert_true(n >= 1);
	assert_true(like[0].incident == first);
	assert_true(like[0].score >= 0.8);
	assert_non_null(strstr(like[0].why, "same road, 0.2 km apart"));
	assert_non_null(strstr(like[0].why, "4 min apart"));
	assert_non_null(strstr(like[0].why, "12H01"));
	for (size_t i = 0; i < n; i++)
		assert_true(like[i].incident != dike);
	/* The same words two days later are another matter. */
	assert_int_equal(alike(c, "07-12 03:20", SECOND, "", like, 5), 0);
}

static void
tells_apart(void **state)
{
	struct county *c = *state;
	struct incident_likeness like[5];

	open_text(c, "07-10 03:12", FIRST);
	open_text(c, "07-10 03:13", OTHER);
	/* Another fire the same minute, another township; another mark 60 km on. */
	assert_true(alike(c, "07-10 03:15", "119：界首镇一民房起火，无人被困", "", like, 5) == 0 ||
		    like[0].score < 0.5);
	assert_true(alike(c, "07-10 03:15", "高速交警：G2京沪高速K1085+000处小客车追尾", "", like,
			5) == 0 ||
		    like[0].score < 0.5);
	/* The same dike, told by a villager. */
	assert_true(
	    alike(c, "07-10 03:40", "村民来电：子婴河圩堤冒水翻沙，快来人", "", like, 5) >= 1 &&
	    like[0].score >= 0.5);
	assert_non_null(strstr(like[0].why, "子婴河圩堤"));
}

static void
same_telephone_counts(void **state)
{
	struct county *c = *state;
	struct incident_likeness without[2], with[2];

	open_text(c, "07-10 10:00", "居民来电：高邮街道文游路口天然气味道很大，电话0514-55509002");
	assert_true(alike(c, "07-10 10:05", "居民来电：高邮街道文游路那边气味越来越大了，燃气异味",
			"", without, 2) >= 1);
	assert_true(alike(c, "07-10 10:05", "居民来电：高邮街道文游路那边气味越来越大了，燃气异味",
			"0514-55509002", with, 2) >= 1);
	assert_true(with[0].score > without[0].score);
	assert_non_null(strstr(with[0].why, "same telephone"));
}

static void
different_is_not_asked_again(void **state)
{
	struct county *c = *state;
	int64_t first = open_text(c, "07-10 03:12", FIRST),
		second = open_text(c, "07-10 03:16", SECOND);
	struct incident_likeness like[5];

	assert_int_equal(incident_alike_to(c->st, second, like, 5), 1);
	assert_true(like[0].incident == first);
	act(c, &c->officer, "incident.different",
	    json_pack("{s:I, s:I}", "a", (json_int_t)second, "b", (json_int_t)first), NULL);
	assert_int_equal(incident_alike_to(c->st, second, like, 5), 0);
	assert_int_equal(incident_alike_to(c->st, first, like, 5), 0);
}

/* The first line that differs, so that a failure can be read. */
static void
expect_same(char *before, char *after)
{
	char *a = before, *b = after;

	while (*a && *b) {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
		if (n != m || memcmp(a, b, n) != 0)
			fail_msg("was: %.*s; is: %.*s", (int)n, a, (int)m, b);
		a += n + 1;
		b += m + 1;
	}
	assert_string_equal(a, b);
	free(before);
	free(after);
}

/* Every table of the room as text, to compare before and after. */
static char *
dump(struct county *c)
{
	struct buf b = BUF_MAX(1 << 20);
	struct sql *q = sql(c->st,
	    "SELECT id, state, ifnull(merged_into, 0), place, ifnull(road, ''), ifnull(lon, 0), "
	    "ifnull(occurred, 0),"
	    " grade, near_miss, ifnull(parent, 0), ifnull(weather, '') FROM incident ORDER BY id");

	sql_bind(q, "");
	while (sql_row(q)) {
		for (int i = 0; i < 11; i++)
			buf_printf(&b, "%s|", sql_text(q, i));
		buf_add_char(&b, '\n');
	}
	q = sql(c->st, "SELECT id, incident, ifnull(moved_from, 0), text FROM call ORDER BY id");
	sql_bind(q, "");
	while (sql_row(q))
		buf_printf(&b, "call %s %s %s %s\n", sql_text(q, 0), sql_text(q, 1), sql_text(q, 2),
		    sql_text(q, 3));
	q = sql(c->st, "SELECT id, incident, call, kind FROM fact ORDER BY id");
	sql_bind(q, "");
	while (sql_row(q))
		buf_printf(&b, "fact %s %s %s %s\n", sql_text(q, 0), sql_text(q, 1), sql_text(q, 2),
		    sql_text(q, 3));
	q = sql(c->st,
	    "SELECT id, incident, ifnull(moved_from, 0), kind, value FROM casualty ORDER BY id");
	sql_bind(q, "");
	while (sql_row(q))
		buf_printf(&b, "figure %s %s %s %s %s\n", sql_text(q, 0), sql_text(q, 1),
		    sql_text(q, 2), sql_text(q, 3), sql_text(q, 4));
	q = sql(c->st,
	    "SELECT id, incident, rule, dest, state, due FROM clock WHERE round >= 0 ORDER BY id");
	sql_bind(q, "");
	while (sql_row(q))
		buf_printf(&b, "clock %s %s %s %s %s %s\n", sql_text(q, 0), sql_text(q, 1),
		    sql_text(q, 2), sql_text(q, 3), sql_text(q, 4), sql_text(q, 5));
	q = sql(
	    c->st, "SELECT incident, rank, code FROM incident_code ORDER BY incident, rank, code");
	sql_bind(q, "");
	while (sql_row(q))
		buf_printf(&b, "code %s %s %s\n", sql_text(q, 0), sql_text(q, 1), sql_text(q, 2));
	return buf_take(&b);
}

static void
merge(struct county *c, const char *when, int64_t incident, int64_t into)
{
	at(when);
	act(c, &c->officer, "incident.merge",
	    json_pack("{s:I, s:I, s:s}", "incident", (json_int_t)incident, "into", (json_int_t)into,
		"why", "同一辆车"),
	    NULL);
}

static void
joins_and_takes_apart_exactly(void **state)
{
	struct county *c = *state;
	int64_t first = open_text(c, "07-10 03:12", FIRST),
		second = open_text(c, "07-10 03:16", SECOND);
	struct incident_call calls[5];
	struct incident_row row;
	char *before, *after;

	call_again(
	    c, "07-10 03:18", second, "又来电：旁边村子有人咳嗽，疏散了600人，3人受伤", NULL);
	before = dump(c);
	merge(c, "07-10 03:20", second, first);
	assert_int_equal(incident_calls(c->st, first, calls, 5), 3);
	assert_string_equal(calls[0].text, FIRST);
	assert_string_equal(calls[1].text, SECOND);
	assert_true(calls[1].moved_from == second);
	incident_calls_clear(calls, 3);
	assert_int_equal(incident_calls(c->st, second, calls, 5), 0);
	assert_int_equal(figure(c, first, FACT_EVACUATED), 600);
	assert_true(incident_get(c->st, second, &row));
	assert_string_equal(row.state, "merged");
	assert_true(row.merged_into == first);
	assert_int_equal(incident_count(c->st, &(struct incident_filter){.open = true}, 9), 1);
	refused(c, &c->officer, "incident.set",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)second, "cause", "x"), ERR_STATE,
	    "001");
	at("07-10 03:25");
	act(c, &c->officer, "incident.unmerge", json_pack("{s:I}", "incident", (json_int_t)second),
	    NULL);
	after = dump(c);
	expect_same(before, after);
}

/* What both got after the joining stays where it was recorded, and the answer says so. */
static void
later_calls_stay(void **state)
{
	struct county *c = *state;
	int64_t first = open_text(c, "07-10 03:12", FIRST),
		second = open_text(c, "07-10 03:16", SECOND);
	struct incident_call calls[5];
	char *said;

	merge(c, "07-10 03:20", second, first);
	call_again(c, "07-10 03:22", first, "高速交警：双向封闭", NULL);
	call_again(c, "07-10 03:24", second, "过路司机：后面堵了", &said);
	assert_non_null(strstr(said, "joined into"));
	free(said);
	at("07-10 03:30");
	act(c, &c->officer, "incident.unmerge", json_pack("{s:I}", "incident", (json_int_t)second),
	    &said);
	assert_non_null(strstr(said, "2 calls recorded after the joining stay in 2025-001"));
	free(said);
	assert_int_equal(incident_calls(c->st, first, calls, 5), 3);
	incident_calls_clear(calls, 3);
	assert_int_equal(incident_calls(c->st, second, calls, 5), 1);
	assert_string_equal(calls[0].text, SECOND);
	assert_true(calls[0].moved_from == 0);
	incident_calls_clear(calls, 1);
}

/* An earlier clock of the joined one stands; a report made under one number counts for both. */
static void
clocks_of_both(void **state)
{
	struct county *c = *state;
	int64_t early = open_text(c, "07-10 03:05", SECOND "，驾驶员被困"),
		late = open_text(c, "07-10 03:12", FIRST);
	struct clock_filter f = {.incident = late, .open = true, .due_before = CLOCK_NONE};
	struct clock_row rows[20];
	char due[40];
	size_t n;

	merge(c, "07-10 03:14", early, late);
	n = incident_clocks(c->st, &f, rows, 20);
	assert_int_equal(n, 5);
	assert_string_equal(clock_format(due, sizeof(due), rows[0].due, CLOCK_HM), "03:35");
	at("07-10 03:30");
	act(c, &c->officer, "clock.close",
	    json_pack("{s:I, s:s}", "clock", (json_int_t)rows[0].id, "receiver", "刘某"), NULL);
	at("07-10 03:31");
	act(c, &c->officer, "incident.unmerge", json_pack("{s:I}", "incident", (json_int_t)early),
	    NULL);
	assert_int_equal(incident_clocks(c->st, &f, rows, 20), 5); /* its own five run again */
}

static void
three_in_a_row(void **state)
{
	struct county *c = *state;
	int64_t a = open_text(c, "07-10 03:12", FIRST), b = open_text(c, "07-10 03:16", SECOND),
		d = open_text(c, "07-10 03:18", "货车司机来电：G2南行K1023罐车翻了冒白烟");
	struct incident_call calls[5];
	char *before = dump(c), *after;

	merge(c, "07-10 03:20", d, b);
	merge(c, "07-10 03:21", b, a);
	assert_int_equal(incident_calls(c->st, a, calls, 5), 3);
	incident_calls_clear(calls, 3);
	at("07-10 03:30");
	act(c, &c->officer, "incident.unmerge", json_pack("{s:I}", "incident", (json_int_t)b),
	    NULL);
	act(c, &c->officer, "incident.unmerge", json_pack("{s:I}", "incident", (json_int_t)d),
	    NULL);
	after = dump(c);
	expect_same(before, after);
}

static void
refusals(void **state)
{
	struct county *c = *state;
	int64_t a = open_text(c, "07-10 03:12", FIRST), b = open_text(c, "07-10 03:16", SECOND);

	refused(c, &c->officer, "incident.merge",
	    json_pack(
		"{s:I, s:I, s:s}", "incident", (json_int_t)a, "into", (json_int_t)a, "why", "x"),
	    ERR_INPUT, NULL);
	refused(c, &c->officer, "incident.unmerge", json_pack("{s:I}", "incident", (json_int_t)a),
	    ERR_STATE, NULL);
	act(c, &c->officer, "incident.child",
	    json_pack("{s:I, s:I}", "incident", (json_int_t)b, "parent", (json_int_t)a), NULL);
	refused(c, &c->officer, "incident.child",
	    json_pack("{s:I, s:I}", "incident", (json_int_t)a, "parent", (json_int_t)b), ERR_INPUT,
	    NULL);
	refused(c, &c->officer, "incident.merge",
	    json_pack(
		"{s:I, s:I, s:s}", "incident", (json_int_t)a, "into", (json_int_t)b, "why", "x"),
	    ERR_STATE, NULL);
	act(c, &c->officer, "incident.verify",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)b, "with", "高速交警"), NULL);
	act(c, &c->officer, "incident.end",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)b, "why", "清理完"), NULL);
	refused(c, &c->officer, "incident.merge",
	    json_pack(
		"{s:I, s:I, s:s}", "incident", (json_int_t)b, "into", (json_int_t)a, "why", "x"),
	    ERR_STATE, NULL);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, county_make, county_clear)
	const struct CMUnitTest tests[] = {TEST(found_while_typing), TEST(tells_apart),
	    TEST(same_telephone_counts), TEST(different_is_not_asked_again),
	    TEST(joins_and_takes_apart_exactly), TEST(later_calls_stay), TEST(clocks_of_both),
	    TEST(three_in_a_row), TEST(refusals)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
