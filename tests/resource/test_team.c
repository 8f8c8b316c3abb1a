/* Teams, shelters, the directory: what is said of them, paging, and what is refused. */
#include "tests/resource/county.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static struct county c;
static char args[600];
#define A(...) (snprintf(args, sizeof(args), __VA_ARGS__), args)

static int
make(void **state)
{
	(void)state;
	clock_pin(INT64_C(1752088320000));
	county_make(&c);
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	county_clear(&c);
	return 0;
}

static void
tells_of_a_team(void **state)
{
	struct team_row t;
	struct resource_filter f = {.free_only = true};
	int64_t a;

	(void)state;
	assert_true(resource_team(c.st, c.team, &t));
	assert_string_equal(t.short_name, "高邮消防");
	assert_string_equal(t.skills, "灭火救援 危化品堵漏");
	assert_string_equal(t.on_text, "");
	assert_true(t.confirmed == clock_now());
	assert_int_equal(resource_teams(c.st, &f, &t, 1), 1);
	a = county_assign(&c, c.team, NULL, 0, "enroute");
	assert_int_equal(resource_teams(c.st, &f, &t, 1), 0);
	assert_true(resource_team(c.st, c.team, &t));
	assert_int_equal(t.on, 1);
	assert_string_equal(t.on_text, "089 en route");
	county_assign_state(&c, a, "released");
	assert_int_equal(resource_teams(c.st, &f, &t, 1), 1);
	assert_false(resource_team(c.st, c.depot, &t));
}

static void
takes_a_team_off(void **state)
{
	struct team_row t;
	struct resource_filter f = {.free_only = true};

	(void)state;
	county_refused(
	    &c, NULL, "team.set", A("team#%lld;state=off", (long long)c.team), ERR_INPUT, "why");
	county_refused(&c, NULL, "team.set", A("team#%lld", (long long)c.team), ERR_INPUT, NULL);
	county_refused(
	    &c, NULL, "team.set", A("team#%lld;why=x", (long long)c.team), ERR_INPUT, NULL);
	county_refused(&c, NULL, "team.set", A("team#%lld;ready_min#5000.0", (long long)c.team),
	    ERR_INPUT, NULL);
	county_do(&c, "team.set", A("team#%lld;state=off;why=车辆检修", (long long)c.team));
	assert_true(resource_team(c.st, c.team, &t));
	assert_true(t.off);
	assert_string_equal(t.off_why, "车辆检修");
	assert_int_equal(resource_teams(c.st, &f, &t, 1), 0);
	clock_pin(clock_now() + CLOCK_DAY);
	county_do(&c, "team.set", A("team#%lld;leader=丁一;people#50", (long long)c.team));
	assert_true(resource_team(c.st, c.team, &t));
	assert_true(t.off);
	assert_string_equal(t.leader, "丁一");
	assert_int_equal(t.people, 50);
	assert_true(t.confirmed == clock_now() - CLOCK_DAY);
	county_do(&c, "team.set", A("team#%lld;state=ready;confirm=true", (long long)c.team));
	assert_true(resource_team(c.st, c.team, &t));
	assert_false(t.off);
	assert_string_equal(t.off_why, "");
	assert_true(t.confirmed == clock_now());
	/* A team that breaks down on the scene is still on it, and that is said. */
	county_assign(&c, c.team, NULL, 0, "onscene");
	county_do(&c, "team.set", A("team#%lld;state=off;why=故障", (long long)c.team));
	assert_non_null(strstr(county_said, "089"));
}

static void
refuses_bad_rows(void **state)
{
	static const struct {
		const char *verb, *args;
		int code;
		const char *words;
	} row[] = {
	    {"team.add", "name=高邮市消防救援大队;class=x", ERR_REFUSED, "高邮市消防救援大队"},
	    {"team.add", "name=甲;class=x;skills=飞行", ERR_NOT_FOUND, "飞行"},
	    {"team.add", "name=甲;class=x;lon#119.5", ERR_INPUT, "longitude"},
	    {"team.add", "name=甲;class=x;lon#32.8;lat#119.5", ERR_INPUT, "32.8000, 119.5000"},
	    {"team.add", "name=甲;class=x;ready_min#-1.0", ERR_INPUT, "1440"},
	    {"team.add", "class=x", ERR_INPUT, NULL},
	    {"area.add", "code#321084;name=乙;kind=town", ERR_INPUT, "9"},
	    {"area.add", "code#321084108;name=丙;kind=town", ERR_REFUSED, "丙"},
	    {"goods.add", "code=g;name=丁;unit=件;gbt38565=12", ERR_INPUT, "7"},
	    {"goods.add", "code=bag;name=丁;unit=件", ERR_REFUSED, "丁"},
	    {"person.add", "name=戊;role=township", ERR_INPUT, "township"},
	    {"person.add", "name=戊;role=king", ERR_INPUT, NULL},
	    {"enterprise.add", "name=己;uscc=91321084MA0000000X", ERR_INPUT, "91321084MA0000000X"},
	    {"enterprise.add", "name=己;hazard_level#5", ERR_INPUT, "1"},
	    {"shelter.add", "name=庚;kind=室内;capacity#0", ERR_INPUT, "1000000"},
	    {"shift.add", "post=officer;person#1;starts=2025-07-10T08:30;ends=2025-07-10T08:30",
		ERR_NOT_FOUND, NULL},
	    {"shift.rotate", "post=officer;persons=无此人;starts=2025-07-10T08:30", ERR_NOT_FOUND,
		"无此人"},
	    {"unit.add", "code=U;name=辛;kind=department;area#99", ERR_NOT_FOUND, NULL},
	};
	int64_t before = sql_one_int(c.st, "SELECT count(*) FROM journal", 0, "");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++)
		county_refused(&c, NULL, row[i].verb, row[i].args, row[i].code, row[i].words);
	assert_int_equal(sql_one_int(c.st, "SELECT count(*) FROM journal", 0, ""), before);
	assert_int_equal(sql_one_int(c.st, "SELECT count(*) FROM team", 0, ""), 1);
	county_do(&c, "enterprise.add", "name=己;uscc=91350100M000100Y43");
}

/* Pages: every row once, in order, down and up; rows with the same initials too. */
static void
pages_down_and_up(void **state)
{
	struct resource_filter f = {0};
	struct team_row page[7], all[64];
	size_t n = 0, got;

	(void)state;
	for (int i = 0; i < 20; i++) {
		county_do(&c, "team.add",
		    A("name=队伍%c%d;class=基层;area#321084108", "abcde"[i % 5], i));
		county_do(
		    &c, "team.add", A("name=队%c伍%d;class=基层;skills=fire", "abcde"[i % 5], i));
	}
	assert_int_equal(resource_teams(c.st, &f, all, 64), 41);
	for (size_t i = 1; i < 41; i++)
		assert_true(strcmp(all[i - 1].key, all[i].key) < 0 ||
			    (strcmp(all[i - 1].key, all[i].key) == 0 && all[i - 1].id < all[i].id));
	while ((got = resource_teams(c.st, &f, page, 7)) > 0) {
		for (size_t i = 0; i < got; i++)
			assert_true(page[i].id == all[n++].id);
		snprintf(f.page.key, sizeof(f.page.key), "%s", page[got - 1].key);
		f.page.id = page[got - 1].id;
	}
	assert_int_equal(n, 41);
	f.page = (struct resource_page){.up = true}; /* from the end */
	while ((got = resource_teams(c.st, &f, page, 7)) > 0) {
		n -= got;
		for (size_t i = 0; i < got; i++)
			assert_true(page[i].id == all[n + i].id);
		snprintf(f.page.key, sizeof(f.page.key), "%s", page[0].key);
		f.page.id = page[0].id;
	}
	assert_int_equal(n, 0);
	f = (struct resource_filter){.area = SANDUO};
	assert_int_equal(resource_team_count(c.st, &f, 100), 20);
	assert_int_equal(resource_team_count(c.st, &f, 10), 11);
	f = (struct resource_filter){.code = "灭火救援"};
	assert_int_equal(resource_team_count(c.st, &f, 100), 21);
	f = (struct resource_filter){.code = "nothing"};
	assert_int_equal(resource_team_count(c.st, &f, 100), 0);
	f = (struct resource_filter){.words = "xfjy"};
	assert_int_equal(resource_teams(c.st, &f, page, 7), 1);
	f = (struct resource_filter){.words = "2001"};
	assert_int_equal(resource_teams(c.st, &f, page, 7), 1);
}

static void
counts_people_once(void **state)
{
	struct shelter_row s;

	(void)state;
#define S (long long)c.shelter
#define T (long long)c.second
	county_do(
	    &c, "shelter.count", A("shelter#%lld;in#86;incident#%lld", S, (long long)c.incident));
	assert_true(resource_shelter(c.st, c.shelter, &s));
	assert_int_equal(s.inside, 86);
	assert_non_null(strstr(county_said, "86 of 400"));
	/* 30 of them move on: the county still has 86. */
	county_do(&c, "shelter.count", A("shelter#%lld;in#30;from#%lld", T, S));
	assert_int_equal(sql_one_int(c.st, "SELECT sum(inside) FROM shelter", 0, ""), 86);
	assert_true(resource_shelter(c.st, c.second, &s));
	assert_int_equal(s.inside, 30);
	county_refused(
	    &c, NULL, "shelter.count", A("shelter#%lld;in#57;from#%lld", T, S), ERR_REFUSED, NULL);
	county_refused(&c, NULL, "shelter.count", A("shelter#%lld;in#21", T), ERR_REFUSED, "20");
	county_refused(&c, NULL, "shelter.count", A("shelter#%lld;out#31", T), ERR_REFUSED, "30");
	county_refused(&c, NULL, "shelter.count", A("shelter#%lld", T), ERR_INPUT, NULL);
	county_refused(
	    &c, NULL, "shelter.count", A("shelter#%lld;in#1;from#%lld", T, T), ERR_INPUT, NULL);
	county_refused(
	    &c, NULL, "shelter.count", A("shelter#%lld;out#1;from#%lld", T, S), ERR_INPUT, NULL);
	/* A refused entry takes nobody out of the other shelter. */
	county_refused(
	    &c, NULL, "shelter.count", A("shelter#%lld;in#40;from#%lld", T, S), ERR_REFUSED, NULL);
	assert_int_equal(sql_one_int(c.st, "SELECT sum(inside) FROM shelter", 0, ""), 86);
	county_do(&c, "shelter.count", A("shelter#%lld;in#40;from#%lld;over=true", T, S));
	assert_true(resource_shelter(c.st, c.second, &s));
	assert_int_equal(s.inside, 70);
	assert_int_equal(sql_one_int(c.st, "SELECT sum(inside) FROM shelter", 0, ""), 86);
	county_do(&c, "shelter.count", A("shelter#%lld;out#70", T));
	assert_int_equal(sql_one_int(c.st, "SELECT sum(inside) FROM shelter", 0, ""), 16);
}

static void
finds_units_by_any_name(void **state)
{
	struct unit_row u;

	(void)state;
	county_do(&c, "unit.add",
	    "code=GY01;name=高邮市应急管理局;kind=department;short=高邮应急局;aliases=应急局|应急");
	county_do(&c, "unit.add",
	    "code=YZ01;name=扬州市应急管理局;kind=upper;short=扬州应急局;aliases=市局|应急局");
	county_do(&c, "unit.add",
	    "code=321084108;name=三垛镇人民政府;kind=township;short=三垛镇;area#321084108");
	county_do(&c, "unit.add",
	    "code=321084115;name=临泽镇人民政府;kind=township;short=临泽镇;area#321084115");
	assert_true(resource_unit_named(c.st, "GY01", &u));
	assert_string_equal(u.name, "高邮市应急管理局");
	assert_true(resource_unit_named(c.st, "高邮应急局", &u));
	assert_true(resource_unit_named(c.st, "应急", &u));
	assert_string_equal(u.code, "GY01");
	assert_true(resource_unit_named(c.st, "市局", &u));
	assert_string_equal(u.code, "YZ01");
	assert_false(resource_unit_named(c.st, "应急局", &u)); /* two of them */
	assert_false(resource_unit_named(c.st, "急", &u));
	assert_false(resource_unit_named(c.st, "", &u));
	struct unit_row list[4];
	assert_int_equal(resource_units_of_kind(c.st, "township", list, 4), 2);
	assert_string_equal(list[0].short_name, "三垛镇");
	char name[32];
	resource_area_name(c.st, LINZE, name, sizeof(name));
	assert_string_equal(name, "临泽镇");
	resource_area_name(c.st, 5, name, sizeof(name));
	assert_string_equal(name, "");
}

static void
finds_places_near(void **state)
{
	struct place_row rows[4];

	(void)state;
	county_do(&c, "place.add",
	    "name=荷塘村;kind=village;area#321084108;lon#119.556;lat#32.8085;people#1500");
	county_do(&c, "place.add",
	    "name=荷塘村一组;kind=group;area#321084108;lon#119.560;lat#32.804;people#180");
	county_do(&c, "place.add", "name=远村;kind=village;lon#119.70;lat#32.80;people#900");
	county_do(&c, "place.add", "name=无址;kind=village");
	assert_int_equal(resource_places_near(c.st, 119.565, 32.80, 1800, rows, 4), 2);
	assert_string_equal(rows[0].name, "荷塘村一组");
	assert_int_equal(rows[0].people, 180);
	assert_string_equal(rows[1].name, "荷塘村");
	assert_int_equal(resource_places_near(c.st, 119.565, 32.80, 1800, rows, 1), 1);
	assert_string_equal(rows[0].name, "荷塘村一组");
	assert_int_equal(resource_places_near(c.st, 119.565, 32.80, 20000, rows, 4), 3);
	assert_int_equal(resource_places_near(c.st, 119.565, 32.80, 100, rows, 4), 0);
	county_refused(&c, NULL, "place.add", "name=荷塘村;kind=village;area#321084108",
	    ERR_REFUSED, "荷塘村");
	county_do(&c, "place.add", "name=荷塘村;kind=village;area#321084115");
}

static void
knows_what_words_mean(void **state)
{
	static const struct {
		const char *kind, *word, *first;
	} row[] = {
	    {"team", "高邮消防", "高邮消防"},
	    {"team", "gyxf", "高邮消防"},
	    {"team", "XF", "高邮消防"},
	    {"team", "消防大队", "高邮消防"}, /* characters in order */
	    {"team", "2001", "高邮消防"},
	    {"depot", "市防汛", "市防汛仓库"},
	    {"depot", "lzck", "临泽仓库"},
	    {"area", "sdz", "三垛镇"},
	    {"area", "115", "临泽镇"},
	    {"goods", "草包", "编织袋"},
	    {"goods", "plb", "排涝泵"},
	    {"skill", "hazmat", "危化品堵漏"},
	    {"shelter", "lz", "临泽中学"},
	    {"team", "警察", NULL},
	    {"depot", "9999", NULL},
	};
	struct actor linze = room_person(c.st, "林丹", ROLE_TOWNSHIP, LINZE);
	struct thing found[4];
	char label[96];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		const struct thing_kind *kind = thing_kind_find(c.st, row[i].kind);
		size_t n;

		assert_non_null(kind);
		n = kind->find(c.st, &c.system, row[i].word, found, 4);
		if (!row[i].first && n)
			fail_msg("%s means %s", row[i].word, found[0].word);
		if (row[i].first && (n == 0 || strcmp(found[0].word, row[i].first) != 0))
			fail_msg("%s means %s", row[i].word, n ? found[0].word : "nothing");
	}
	const struct thing_kind *depot = thing_kind_find(c.st, "depot");
	assert_int_equal(depot->find(c.st, &c.system, "", found, 4), 2);
	assert_int_equal(depot->find(c.st, &c.system, "", found, 1), 1);
	assert_int_equal(depot->find(c.st, &linze, "", found, 4), 1);
	assert_true(found[0].id == c.other);
	assert_true(depot->label_of(c.st, c.depot, label, sizeof(label)));
	assert_string_equal(label, "高邮市防汛物资仓库");
	assert_false(depot->label_of(c.st, 7, label, sizeof(label)));
}

static void
loads_a_table_or_nothing(void **state)
{
	static const char good[] =
	    "[{\"name\":\"甲村\",\"kind\":\"village\",\"area\":\"三垛镇\",\"lon\":\"119.6\","
	    "\"lat\":\"32.8\","
	    "\"people\":\"1200\"},{\"name\":\"乙村\",\"kind\":\"village\",\"area\":\"321084115\"}]";
	json_t *json = json_pack("{s:s, s:s}", "kind", "place", "rows", good);
	static const struct {
		const char *rows, *words;
	} bad[] = {
	    {"[{\"name\":\"丙村\",\"kind\":\"village\"},{\"name\":\"丁村\"}]", "line 2"},
	    {"[{\"name\":\"丙村\",\"kind\":\"village\"},{\"name\":\"丙村\",\"kind\":\"village\"}]",
		"丙村"},
	    {"[{\"#\":7,\"name\":\"丙村\",\"kind\":\"village\",\"people\":\"多\"}]", "line 7"},
	    {"[{\"name\":\"丙村\",\"kind\":\"village\",\"area\":\"无此镇\"}]", "无此镇"},
	    {"[{\"name\":\"丙村\",\"kind\":\"village\",\"colour\":\"红\"}]", "colour"},
	    {"[{\"name\":\"丙村\",\"kind\":\"village\",\"lon\":\"119,6\",\"lat\":\"32.8\"}]",
		"119,6"},
	    {"name", "JSON"},
	};

	(void)state;
	room_do(c.st, &c.system, "table.load", json);
	assert_int_equal(
	    sql_one_int(c.st, "SELECT sum(people) FROM place WHERE area = 321084108", 0, ""), 1200);
	assert_int_equal(
	    sql_one_int(c.st, "SELECT count(*) FROM place WHERE area = 321084115", 0, ""), 1);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		room_refused(c.st, &c.system, "table.load",
		    json_pack("{s:s, s:s}", "kind", "place", "rows", bad[i].rows),
		    ERR_OK + (i == 1	  ? ERR_REFUSED
				 : i == 3 ? ERR_NOT_FOUND
					  : ERR_INPUT),
		    bad[i].words);
	assert_int_equal(sql_one_int(c.st, "SELECT count(*) FROM place", 0, ""), 2);
}

static void
lists_assets(void **state)
{
	struct asset_row rows[4];
	struct resource_filter f = {0};

	(void)state;
	county_do(&c, "hospital.add",
	    "name=高邮市人民医院;level=三级乙等;beds#900;icu#24;ambulances#6;skills=烧伤 中毒");
	county_do(&c, "hospital.add", "name=三垛卫生院;level=一级;area#321084108");
	county_do(
	    &c, "expert.add", "name=丁国平;field=危险化学品;title=高级工程师;unit=扬州化工中心");
	county_do(&c, "equipment.add", "name=排烟消防车;kind=消防车;quantity#2;note=备用");
	county_do(&c, "enterprise.add",
	    "name=金谷冷链;trade=冷库;hazard_level#3;r_value#12.0;substances=液氨 40t");
	assert_int_equal(resource_assets(c.st, RESOURCE_HOSPITAL, &f, rows, 4), 2);
	f.words = "烧伤";
	assert_int_equal(resource_assets(c.st, RESOURCE_HOSPITAL, &f, rows, 4), 1);
	assert_string_equal(rows[0].detail, "beds 900, ICU 24, ambulances 6 烧伤 中毒");
	f.words = "危险化学品";
	assert_int_equal(resource_assets(c.st, RESOURCE_EXPERT, &f, rows, 4), 1);
	assert_string_equal(rows[0].holder, "扬州化工中心");
	f.words = "液氨";
	assert_int_equal(resource_assets(c.st, RESOURCE_ENTERPRISE, &f, rows, 4), 1);
	assert_string_equal(rows[0].detail, "major hazard level 3 R=12 液氨 40t");
	f.words = "pyxfc";
	assert_int_equal(resource_assets(c.st, RESOURCE_EQUIPMENT, &f, rows, 4), 1);
	assert_string_equal(rows[0].detail, "quantity 2 备用");
	f.words = "无";
	for (int k = RESOURCE_HOSPITAL; k <= RESOURCE_ENTERPRISE; k++)
		assert_int_equal(resource_assets(c.st, (enum resource_kind)k, &f, rows, 4), 0);
}

int
main(void)
{
#define T1(name) cmocka_unit_test_setup_teardown(name, make, unmake)
	const struct CMUnitTest tests[] = {T1(tells_of_a_team), T1(takes_a_team_off),
	    T1(refuses_bad_rows), T1(pages_down_and_up), T1(counts_people_once),
	    T1(finds_units_by_any_name), T1(finds_places_near), T1(knows_what_words_mean),
	    T1(loads_a_table_or_nothing), T1(lists_assets)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
