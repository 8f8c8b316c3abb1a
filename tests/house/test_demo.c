/* The demo county: it loads whole and fast, lies where it should, and rings nobody. */
#include "tests/test.h"

#include "base/clock.h"
#include "base/paths.h"
#include "base/tsv.h"
#include "house/house.h"
#include "resource/resource.h"
#include "store/sql.h"
#include "tests/store/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct demo {
	char dir[256], path[300];
	struct store *st;
	double seconds; /* of the processor, to make it */
};

static int
make(void **state)
{
	static struct demo demo;
	struct err err = ERR_NONE;
	clock_t began;

	test_folder(demo.dir, sizeof(demo.dir), "demo");
	snprintf(demo.path, sizeof(demo.path), "%s/duty.db", demo.dir);
	began = clock();
	if (!house_create(demo.path, 0, true, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	demo.seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
	demo.st = house_open(demo.path, STORE_READ, &err);
	if (!demo.st)
		fail_msg("%s", err.message);
	*state = &demo;
	return 0;
}

static int
unmake(void **state)
{
	struct demo *demo = *state;

	store_close(demo->st);
	room_remove(demo->dir);
	return 0;
}

static int64_t
at(const char *text)
{
	int64_t t;

	assert_true(clock_parse(text, 0, &t));
	return t;
}

static void
loads_whole_and_fast(void **state)
{
	struct demo *demo = *state;

	print_message("# loaded in %.2f s: ", demo->seconds);
#define AT_LEAST(table, n)                                                                         \
	do {                                                                                       \
		int64_t has = sql_one_int(demo->st, "SELECT count(*) FROM " table, 0, "");         \
		print_message("%s %d, ", table, (int)has);                                         \
		assert_true(has >= (n));                                                           \
	} while (0)
	AT_LEAST("unit", 45);
	AT_LEAST("person", 35);
	AT_LEAST("place", 150);
	AT_LEAST("place WHERE kind IN ('village', 'community', 'group')", 100);
	AT_LEAST("team", 60);
	AT_LEAST("depot", 30);
	AT_LEAST("stock", 200);
	AT_LEAST("equipment", 20);
	AT_LEAST("expert", 40);
	AT_LEAST("shelter", 20);
	AT_LEAST("hospital", 8);
	AT_LEAST("enterprise", 40);
	print_message("\n");
#undef AT_LEAST
	assert_true(sql_one_int(demo->st, "SELECT count(*) FROM area", 0, "") == 14);
	assert_true(demo->seconds < 2.0);
	assert_string_equal(store_setting(demo->st, "drill"), "1");
	assert_string_equal(store_setting(demo->st, "county_name"), "高邮市应急管理局");
}

static void
says_who_is_on_duty(void **state)
{
	struct demo *demo = *state;
	struct actor who;

	assert_true(house_on_duty(demo->st, "officer", at("2025-07-10T03:12"), &who));
	assert_string_equal(who.name, "陈涛");
	assert_int_equal(who.role, ROLE_OFFICER);
	assert_true(house_on_duty(demo->st, "chief", at("2025-07-10T08:29"), &who));
	assert_string_equal(who.name, "李敏");
	assert_true(house_on_duty(demo->st, "leader", at("2025-07-10T03:12"), &who));
	assert_string_equal(who.name, "王建国");
	assert_true(house_on_duty(demo->st, "officer", at("2025-07-10T08:30"), &who));
	assert_string_equal(who.name, "周雪梅");
	/* Beyond the roster the turns go on: five days later, a year later, a year before. */
	assert_true(house_on_duty(demo->st, "officer", at("2025-08-03T12:00"), &who));
	assert_string_equal(who.name, "陈涛");
	assert_true(house_on_duty(demo->st, "officer", at("2025-08-03T08:29"), &who));
	assert_string_equal(who.name, "孙悦");
	assert_true(house_on_duty(demo->st, "chief", at("2024-07-09T09:00"), &who));
	assert_string_equal(who.name, "李敏");
	assert_true(house_on_duty(demo->st, "chief", at("2024-07-09T08:00"), &who));
	assert_string_equal(who.name, "杨春燕");
	assert_false(house_on_duty(demo->st, "nobody", at("2025-07-10T03:12"), &who));
}

/* All telephones of the county are 0514-5550xxxx, and none is given to two. */
static void
rings_nobody(void **state)
{
	struct demo *demo = *state;
	struct sql *q = sql(demo->st,
	    "SELECT phone, count(*) FROM (SELECT phone FROM unit UNION ALL SELECT phone FROM person"
	    " UNION ALL SELECT phone FROM team UNION ALL SELECT phone FROM depot UNION ALL"
	    " SELECT phone FROM expert UNION ALL SELECT phone FROM shelter UNION ALL"
	    " SELECT phone FROM hospital UNION ALL SELECT phone FROM enterprise)"
	    " WHERE coalesce(phone, '') <> '' GROUP BY phone");
	int n = 0;

	while (sql_row(q)) {
		const char *phone = sql_text(q, 0);

		if (strlen(phone) != 13 || strncmp(phone, "0514-5550", 9) != 0 ||
		    strspn(phone + 9, "0123456789") != 4)
			fail_msg("%s is not fictitious", phone);
		if (sql_int(q, 1) != 1)
			fail_msg("%s belongs to two", phone);
		n++;
	}
	assert_true(n > 300);
}

/* Everything lies inside the county's box (handbook 12). */
static void
lies_in_the_county(void **state)
{
	struct demo *demo = *state;
	struct sql *q = sql(demo->st,
	    "SELECT name, lon, lat FROM (SELECT name, lon, lat FROM unit UNION ALL"
	    " SELECT name, lon, lat FROM place UNION ALL SELECT name, lon, lat FROM team UNION ALL"
	    " SELECT name, lon, lat FROM depot UNION ALL SELECT name, lon, lat FROM shelter UNION "
	    "ALL"
	    " SELECT name, lon, lat FROM hospital UNION ALL SELECT name, lon, lat FROM enterprise "
	    "UNION ALL"
	    " SELECT name, lon, lat FROM area) WHERE lon IS NOT NULL");
	int n = 0;

	for (; sql_row(q); n++)
		if (sql_real(q, 1) < 119.2166 || sql_real(q, 1) > 119.8334 ||
		    sql_real(q, 2) < 32.6333 || sql_real(q, 2) > 33.0834)
			fail_msg(
			    "%s lies at %f, %f", sql_text(q, 0), sql_real(q, 1), sql_real(q, 2));
	assert_true(n > 400);
}

/* Every unit that the table of lead units names is one of the county's. */
static void
has_every_lead_unit(void **state)
{
	struct demo *demo = *state;
	struct err err = ERR_NONE;
	char *path = paths_data_file("taxonomy/lead_units.tsv"), names[512];
	struct tsv *t = tsv_open(path, &err);
	struct unit_row unit;
	int n = 0;

	assert_non_null(t);
	while (tsv_next(t)) {
		snprintf(names, sizeof(names), "%s %s",
		    tsv_get(t, tsv_column(t, "lead", true, &err)),
		    tsv_get(t, tsv_column(t, "helpers", true, &err)));
		for (char *p = names, *end; *p; p = end) {
			end = p + strcspn(p, " ");
			if (*end)
				*end++ = '\0';
			if (!*p || strcmp(p, "属地镇街") == 0)
				continue;
			if (!resource_unit_named(demo->st, p, &unit))
				fail_msg("%s is no unit of the county, or several", p);
			n++;
		}
	}
	assert_true(tsv_close(t, &err));
	assert_true(n > 100);
	free(path);
}

static void
sets_and_numbers(void **state)
{
	struct demo *demo = *state;
	struct err err = ERR_NONE;
	struct store *st;
	struct actor system;
	char path[320];

	snprintf(path, sizeof(path), "%s/numbers.db", demo->dir);
	assert_true(house_create(path, 0, false, &err));
	st = house_open(path, STORE_WRITE, &err);
	assert_non_null(st);
	actor_system(&system, "test");
	room_do(
	    st, &system, "setting.set", json_pack("{s:s, s:s}", "name", "city", "value", "苏州市"));
	assert_string_equal(store_setting(st, "city"), "苏州市");
	room_refused(st, &system, "setting.set",
	    json_pack("{s:s, s:s}", "name", "citty", "value", "x"), ERR_INPUT, "citty");
	room_refused(st, &system, "setting.set",
	    json_pack("{s:s, s:s}", "name", "drill", "value", "yes"), ERR_INPUT, "yes");
	room_refused(st, &system, "setting.set",
	    json_pack("{s:s, s:s}", "name", "drill", "value", "0|1"), ERR_INPUT, NULL);
	room_do(st, &system, "number.start",
	    json_pack("{s:s, s:i, s:i}", "series", "report", "year", 2025, "last", 84));
	assert_int_equal(
	    sql_one_int(st, "SELECT last FROM sequence WHERE name = 'report|2025'", 0, ""), 84);
	room_refused(st, &system, "number.start",
	    json_pack("{s:s, s:i, s:i}", "series", "report", "year", 2025, "last", 84), ERR_REFUSED,
	    "84");
	room_refused(st, &system, "number.start",
	    json_pack("{s:s, s:i, s:i}", "series", "report", "year", 25, "last", 90), ERR_INPUT,
	    NULL);
	store_close(st);
}

/* A store without the demo has the classes, and nobody in it; an existing one is left alone. */
static void
makes_an_empty_store(void **state)
{
	struct demo *demo = *state;
	struct err err = ERR_NONE;
	char path[320];
	struct store *st;

	snprintf(path, sizeof(path), "%s/other.db", demo->dir);
	assert_true(house_create(path, 321084108, false, &err));
	st = house_open(path, STORE_READ, &err);
	assert_non_null(st);
	assert_true(store_area(st) == 321084108);
	assert_true(sql_one_int(st, "SELECT count(*) FROM goods", 0, "") > 50);
	assert_true(sql_one_int(st, "SELECT count(*) FROM person", 0, "") == 0);
	store_close(st);
	assert_false(house_create(path, 0, true, &err));
	assert_non_null(err.message);
	assert_int_equal(access(path, F_OK), 0);
	err_clear(&err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(loads_whole_and_fast),
	    cmocka_unit_test(says_who_is_on_duty),
	    cmocka_unit_test(rings_nobody),
	    cmocka_unit_test(lies_in_the_county),
	    cmocka_unit_test(has_every_lead_unit),
	    cmocka_unit_test(sets_and_numbers),
	    cmocka_unit_test(makes_an_empty_store),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
