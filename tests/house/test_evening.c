/* The scenes of the demo county: every line is taken, and what they leave is what the 24-hour
 * script says. */
#include "tests/test.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/paths.h"
#include "house/house.h"
#include "incident/incident.h"
#include "report/report.h"
#include "resource/resource.h"
#include "store/command.h"
#include "store/sql.h"
#include "tests/house/county.h"
#include "tests/store/room.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[256], path[300];
static struct store *st;

static char *
read_scene(const char *name)
{
	char *file = paths_data_file(name), *text = mem_zero(1, 65536);
	FILE *f = fopen(file, "r");
	size_t n;

	if (!f)
		fail_msg("%s is missing", file);
	n = fread(text, 1, 65535, f);
	assert_in_range(n, 1000, 65534);
	fclose(f);
	free(file);
	return text;
}

static void
play(const char *name)
{
	struct err err = ERR_NONE;
	char *text = read_scene(name);
	struct actor actor;

	assert_true(actor_find(st, "苏静", &actor, &err));
	if (!house_play(st, &actor, text, false, NULL, NULL, &err))
		fail_msg("%s: %s", name, err.message);
	free(text);
}

static int
make(void **state)
{
	(void)state;
	st = county_open(dir, path);
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	store_close(st);
	room_remove(dir);
	return 0;
}

static int64_t
at(const char *text)
{
	int64_t t;

	assert_true(clock_parse(text, 0, &t));
	return t;
}

static int64_t
incident(int number)
{
	return sql_one_int(st, "SELECT id FROM incident WHERE year = 2025 AND number = ?1", 0, "i",
	    (int64_t)number);
}

/* The figure of an incident as it is now. */
static int64_t
figure(int number, const char *kind)
{
	return sql_one_int(st,
	    "SELECT value FROM casualty WHERE incident = ?1 AND kind = ?2 ORDER BY at DESC, id "
	    "DESC LIMIT 1",
	    -1, "it", incident(number), kind);
}

static bool
has_clock(int number, const char *kind, const char *due)
{
	return sql_one_int(st,
		   "SELECT count(*) FROM clock WHERE incident = ?1 AND kind = ?2 AND due = ?3", 0,
		   "iti", incident(number), kind, at(due)) > 0;
}

static void
plays_the_evening(void **state)
{
	struct incident_row rows[8];
	struct incident_filter open = {.open = true};
	struct shelter_row shelter;
	struct inbox_row inbox[8];
	size_t n;

	(void)state;
	play("demo/evening.zb");
	/* The drill's clock runs from 03:11 on. */
	assert_in_range(clock_now(), at("2025-07-10T03:11"), at("2025-07-10T03:20"));
	clock_pin(at("2025-07-10T03:11"));
	n = incident_list(st, &open, rows, 8);
	assert_int_equal(n, 3);
	assert_int_equal(rows[0].number, 88);
	assert_string_equal(rows[0].type, "12G02");
	assert_int_equal(rows[0].grade, GRADE_IV);
	assert_int_equal(rows[1].number, 87);
	assert_string_equal(rows[1].type, "11A04");
	assert_int_equal(rows[1].area, 321084115);
	assert_int_equal(rows[2].number, 85);
	assert_int_equal(figure(87, "evacuated"), 86);
	assert_int_equal(figure(88, "dead"), 1);
	assert_int_equal(figure(86, "dead"), 1);
	assert_int_equal(figure(86, "missing"), 0);
	/* Derived assertions of the script. */
	assert_true(has_clock(87, "phone", "2025-07-09T19:15"));
	assert_true(has_clock(87, "written", "2025-07-09T19:45"));
	assert_true(has_clock(87, "law", "2025-07-09T20:45"));
	assert_true(has_clock(88, "phone", "2025-07-09T22:10"));
	assert_true(has_clock(88, "written", "2025-07-09T22:40"));
	assert_true(has_clock(88, "law", "2025-07-09T23:40"));
	assert_true(has_clock(88, "window", "2025-07-17T00:00"));
	assert_true(has_clock(85, "daily", "2025-07-10T09:00"));
	/* People are counted once: 86 of 400. */
	n = (size_t)sql_one_int(st, "SELECT id FROM shelter WHERE name = '临泽中学'", 0, "");
	assert_true(resource_shelter(st, (int64_t)n, &shelter));
	assert_int_equal(shelter.inside, 86);
	assert_int_equal(shelter.capacity, 400);
	assert_int_equal(sql_one_int(st, "SELECT sum(inside) FROM shelter", 0, ""), 86);
	n = incident_inbox(st, true, inbox, 8);
	assert_int_equal(n, 2);
	assert_string_equal(inbox[0].source, "12345");
	inbox_rows_clear(inbox, n);
	clock_pin(CLOCK_NONE);
}

static int64_t
count_of(const char *literal, int number)
{
	return sql_one_int(st, literal, -1, "i", incident(number));
}

/* Reports, orders, stock and clocks that the evening leaves. */
static void
leaves_a_tidy_room(void **state)
{
	struct stock_balance b;
	int64_t depot = sql_one_int(st, "SELECT id FROM depot WHERE short = '市防汛仓库'", 0, "");

	(void)state;
	clock_pin(at("2025-07-10T03:11"));
	assert_int_equal(
	    sql_one_int(st, "SELECT count(*) FROM clock WHERE state = 'late'", 0, ""), 0);
	assert_int_equal(
	    sql_one_int(st, "SELECT count(*) FROM clock WHERE state = 'open' AND due < ?1", 0, "i",
		clock_now()),
	    0);
	assert_int_equal(
	    sql_one_int(st, "SELECT number FROM report WHERE incident = ?1 AND kind = 'first'", 0,
		"i", incident(87)),
	    87);
	assert_int_equal(
	    sql_one_int(st, "SELECT number FROM report WHERE incident = ?1 AND kind = 'first'", 0,
		"i", incident(88)),
	    88);
	assert_int_equal(count_of("SELECT count(*) FROM report WHERE incident = ?1 AND kind = "
				  "'follow' AND state = 'signed'",
			     88),
	    1);
	assert_int_equal(
	    count_of("SELECT level FROM response WHERE incident = ?1 AND state = 'active'", 85), 3);
	/* Nobody's acknowledgement is owed; two tasks of the flood are late, as such things are. */
	assert_int_equal(
	    sql_one_int(st, "SELECT count(*) FROM orders WHERE acked IS NULL", 0, ""), 0);
	assert_int_equal(sql_one_int(st,
			     "SELECT count(*) FROM orders WHERE state NOT IN ('done', 'withdrawn') "
			     "AND finish_due < ?1",
			     0, "i", clock_now()),
	    2);
	/* 5000 bags went to the dike; they are promised once. */
	resource_balance(st, depot, "bag", &b);
	assert_int_equal(b.hand, 60000);
	assert_int_equal(b.promised, 5000);
	assert_int_equal(b.available, 60000 - 5000 - b.keep);
	clock_pin(CLOCK_NONE);
}

/* Rows 38 to 44 of the script. */
static void
plays_the_night(void **state)
{
	struct incident_row r;
	char *text;

	(void)state;
	play("demo/night.zb");
	assert_true(incident_get(st, incident(89), &r));
	assert_true(r.near_miss);
	assert_false(r.sensitive);
	assert_true(fabs(r.lon - 119.565) < 0.001 && fabs(r.lat - 32.800) < 0.001);
	assert_int_equal(r.area, 321084108);
	assert_true(has_clock(89, "phone", "2025-07-10T03:42"));
	assert_true(has_clock(89, "written", "2025-07-10T04:12"));
	assert_true(has_clock(89, "law", "2025-07-10T05:12"));
	assert_true(has_clock(89, "province", "2025-07-10T04:50"));
	assert_int_equal(
	    sql_one_int(st, "SELECT count(*) FROM clock WHERE state = 'late'", 0, ""), 0);
	assert_int_equal(count_of("SELECT count(*) FROM clock WHERE incident = ?1 AND state = "
				  "'open' AND kind <> 'window'",
			     89),
	    0);
	assert_int_equal(figure(89, "evacuated"), 620);
	assert_int_equal(figure(89, "trapped"), 0);
	assert_int_equal(figure(89, "serious"), 1);
	assert_int_equal(
	    sql_one_int(st, "SELECT count(*) FROM orders WHERE acked IS NULL", 0, ""), 0);
	assert_int_equal(sql_one_int(st, "SELECT sum(inside) FROM shelter", 0, ""), 86 + 620);
	assert_int_equal(
	    sql_one_int(
		st, "SELECT signed FROM report WHERE number = 89 AND kind = 'first'", 0, ""),
	    at("2025-07-10T04:09"));
	assert_int_equal(
	    count_of("SELECT count(*) FROM fact WHERE incident = ?1 AND un = 1005", 89) > 0, 1);
	text = report_body(st,
	    sql_one_int(st, "SELECT id FROM report WHERE number = 89 AND kind = 'first'", 0, ""));
	assert_non_null(text);
	assert_non_null(strstr(text, "620"));
	free(text);
}

/* A kilometre mark places the matter between the marks the county knows; a mark far off places
 * nothing. */
static void
places_a_mark(void **state)
{
	static const struct {
		const char *line;
		double lon, lat;
		int64_t area; /* 0: not asked */
	} row[] = {
	    {"接报 source=122 G2京沪高速K1023+500处货车追尾，1人被困。", 119.565, 32.800,
		321084108},
	    {"接报 source=122 京沪高速南行K1023+500处小客车自燃，无人员伤亡。", 119.565, 32.800, 0},
	    {"接报 source=122 road=\"G2 K1005+0\" 高速上一辆大客车侧翻，3人受伤。", 119.499, 32.958,
		0},
	};
	struct err err = ERR_NONE;
	struct incident_row r;
	struct actor actor;
	int64_t id;

	(void)state;
	clock_pin(at("2025-07-10T05:00"));
	assert_true(actor_find(st, "陈涛", &actor, &err));
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct verb_result result;

		if (!command_run(st, &actor, row[i].line, NULL, &result, &err))
			fail_msg("%s: %s", row[i].line, err.message);
		id = result.subject;
		verb_result_clear(&result);
		assert_true(incident_get(st, id, &r));
		if (fabs(r.lon - row[i].lon) > 0.004 || fabs(r.lat - row[i].lat) > 0.004)
			fail_msg("%s lies at %f, %f", row[i].line, r.lon, r.lat);
		if (row[i].area)
			assert_int_equal(r.area, row[i].area);
	}
	struct verb_result result;
	assert_true(command_run(st, &actor, "接报 source=122 S333省道K900+100处两车相撞，2人受伤。",
	    NULL, &result, &err));
	assert_true(incident_get(st, result.subject, &r));
	verb_result_clear(&result);
	assert_true(r.lon == 0 || fabs(r.lon - 119.67) < 0.2); /* the road's own place at most */
	clock_pin(CLOCK_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plays_the_evening),
	    cmocka_unit_test(leaves_a_tidy_room),
	    cmocka_unit_test(plays_the_night),
	    cmocka_unit_test(places_a_mark),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
