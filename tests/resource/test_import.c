/*
 * Files of rows: what is new, changed, as it was and refused; that nothing is half taken, one undo
 * takes all back, and what is exported comes back in as it was. A row here is "LINE
 * column=value;column=value".
 */
#include "tests/resource/county.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct county c;
static struct verb_result result;
static struct buf told = BUF_MAX(1 << 20);

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
	verb_result_clear(&result);
	buf_clear(&told);
	county_clear(&c);
	return 0;
}

/* --- helpers --------------------------------------------------------------------------------- */

/* Rows by "|" as resource_import wants them. */
static char *
rows_of(const char *text)
{
	struct buf out = BUF_MAX(1 << 20);
	char *copy = mem_dup(text), *p = copy;

	while (*p) {
		size_t n = strcspn(p, "|");
		bool more = p[n] == '|';
		json_t *row = json_object();
		char *cell, *line;

		p[n] = '\0';
		json_object_set_new(row, "#", json_integer(strtol(p, &cell, 10)));
		cell += strspn(cell, " ");
		while (*cell) {
			size_t m = strcspn(cell, ";"), k = strcspn(cell, "=");

			assert_true(k < m);
			cell[k] = '\0';
			json_object_set_new(row, cell, json_stringn(cell + k + 1, m - k - 1));
			cell += m + (cell[m] == ';');
		}
		line = json_dumps(row, JSON_COMPACT);
		buf_printf(&out, "%s\n", line);
		free(line);
		json_decref(row);
		p += n + more;
	}
	free(copy);
	return buf_take(&out);
}

/* "3 changed NAME: people 20 -> 25, phone …" */
static void
keep(void *context, const struct import_line *line)
{
	static const char *const whats[] = {"new", "changed", "same", "refused"};
	size_t i;
	json_t *change;

	(void)context;
	buf_printf(&told, "%ld %s %s", line->line, whats[line->what], line->name);
	json_array_foreach(line->changes, i, change) buf_printf(&told, "%s%s %s -> %s",
	    i ? ", " : ": ", json_string_value(json_object_get(change, "column")),
	    json_string_value(json_object_get(change, "old")),
	    json_string_value(json_object_get(change, "new")));
	if (line->why)
		buf_printf(&told, ": %s", line->why);
	buf_add_char(&told, '\n');
}

static struct resource_import import;

static bool
import_as(const struct actor *actor, const char *kind, const char *text, bool skip, bool dry,
    struct err *err)
{
	char *rows = rows_of(text);
	bool good;

	import = (struct resource_import){
	    .kind = kind, .rows = rows, .source = "表.csv", .skip = skip, .dry = dry, .tell = keep};
	buf_reset(&told);
	verb_result_clear(&result);
	good = resource_import(c.st, actor, &import, &result, err);
	free(rows);
	return good;
}

static void
take(const char *kind, const char *text)
{
	struct err err = ERR_NONE;

	if (!import_as(&c.system, kind, text, false, false, &err))
		fail_msg("%s: %s\n%s", kind, err.message, buf_str(&told));
}

static void
refuse(const char *kind, const char *text, const char *words)
{
	int64_t seq = 0, after = 0;
	struct err err = ERR_NONE;
	char hex[65];

	journal_head(c.st, &seq, hex);
	assert_false(import_as(&c.system, kind, text, false, false, &err));
	if (!strstr(err.message, words) && !strstr(buf_str(&told), words))
		fail_msg("%s: not \"%s\" but %s\n%s", kind, words, err.message, buf_str(&told));
	err_clear(&err);
	journal_head(c.st, &after, hex);
	assert_int_equal(seq, after);
}

static void
says(const char *words)
{
	if (!strstr(buf_str(&told), words))
		fail_msg("not \"%s\" in:\n%s", words, buf_str(&told));
}

static void
counts(size_t fresh, size_t changed, size_t same, size_t refused)
{
	assert_int_equal(import.n[IMPORT_NEW], fresh);
	assert_int_equal(import.n[IMPORT_CHANGED], changed);
	assert_int_equal(import.n[IMPORT_SAME], same);
	assert_int_equal(import.n[IMPORT_REFUSED], refused);
}

static int64_t
count(const char *table)
{
	if (strcmp(table, "team") == 0)
		return sql_one_int(c.st, "SELECT count(*) FROM team", 0, "");
	return sql_one_int(c.st, "SELECT count(*) FROM unit", 0, "");
}

static bool
add_row(void *context, const struct table_row *row)
{
	json_t *line = json_object();
	const char *name;
	json_t *value;
	char *text;

	json_object_foreach((json_t *)(uintptr_t)row->cells, name, value)
	{
		text = json_is_string(value)
			   ? mem_dup(json_string_value(value))
			   : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
		json_object_set_new(line, name, json_string(text));
		free(text);
	}
	text = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
	buf_printf(context, "%s\n", text);
	free(text);
	json_decref(line);
	return true;
}

/* The table as it is exported for a reader. */
static char *
table(const struct actor *reader, const char *kind, const char *words, int64_t area)
{
	struct resource_filter f = {.words = words, .area = area};
	struct buf out = BUF_MAX(1 << 20);

	resource_table_each(c.st, reader, kind, &f, add_row, &out);
	return buf_take(&out);
}

/* --- what becomes of rows -------------------------------------------------------------------- */

static void
takes_a_file_and_the_same_once_more(void **state)
{
	static const char file[] =
	    "2 name=高邮市消防救援大队;people=50;phone=0514-55509999|"
	    "3 name=三垛镇应急分队;class=基层队伍;area=三垛镇;people=12;skills=灭火救援";

	(void)state;
	take("team", file);
	counts(1, 1, 0, 0);
	says("2 changed 高邮市消防救援大队: people 46 -> 50, phone 0514-55502001 -> "
	     "0514-55509999\n");
	says("3 new 三垛镇应急分队\n");
	assert_non_null(strstr(result.said, "表.csv"));
	assert_true(result.seq > 0);
	take("team", file);
	counts(0, 0, 2, 0);
	assert_int_equal(result.seq, 0);
	/* What the file does not tell is as it was. */
	assert_int_equal(
	    sql_one_int(c.st, "SELECT count(*) FROM team_skill WHERE team = ?1", 0, "i", c.team),
	    2);
	assert_int_equal(
	    sql_one_int(
		c.st, "SELECT 1 FROM team WHERE id = ?1 AND short = '高邮消防'", 0, "i", c.team),
	    1);
}

static void
one_undo_takes_it_back(void **state)
{
	char *before = table(NULL, "team", NULL, 0), *after;
	int64_t seq;

	(void)state;
	take("team", "2 name=高邮市消防救援大队;people=50;skills=危化品堵漏|3 name=甲队;class=x|4 "
		     "name=乙队;class=x;skills=fire");
	says("skills 危化品堵漏 灭火救援 -> 危化品堵漏");
	counts(2, 1, 0, 0);
	seq = result.seq;
	room_do(c.st, &c.system, "journal.undo", json_pack("{s:I}", "number", (json_int_t)seq));
	after = table(NULL, "team", NULL, 0);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void
takes_nothing_with_a_refused_row(void **state)
{
	static const char file[] =
	    "2 name=甲队;class=x|3 name=乙队|4 name=丙队;class=x;skills=飞行|5 name=甲队;class=y|"
	    "6 name=丁队;class=x;lon=119.5|7 name=戊队;class=x;people=三十|8 class=x";
	struct err err = ERR_NONE;

	(void)state;
	refuse("team", file, "6 rows are refused");
	says("3 refused 乙队: team class is missing");
	says("4 refused 丙队: no skill is called \"飞行\"");
	says("5 refused 甲队: line 2 is about the same");
	says("6 refused 丁队: longitude and latitude belong together");
	says("7 refused 戊队: people: \"三十\" is not a number");
	says("8 refused : name is missing");
	assert_int_equal(count("team"), 1);
	assert_true(import_as(&c.system, "team", file, true, false, &err));
	counts(1, 0, 0, 6);
	assert_int_equal(count("team"), 2);
	assert_non_null(strstr(result.said, "6 left out"));
	/* All there that can be: the same again is no entry. */
	assert_true(import_as(&c.system, "team", file, true, false, &err));
	assert_int_equal(result.seq, 0);
}

static void
a_look_changes_nothing(void **state)
{
	char *before = table(NULL, "team", NULL, 0), *after, a[65], b[65];
	struct err err = ERR_NONE;
	int64_t seq, same;

	(void)state;
	journal_head(c.st, &seq, a);
	assert_true(import_as(&c.system, "team",
	    "2 name=甲队;class=x|3 name=高邮市消防救援大队;people=1", false, true, &err));
	counts(1, 1, 0, 0);
	assert_false(
	    import_as(&c.system, "team", "2 name=甲队;class=x|3 name=乙队", false, true, &err));
	counts(1, 0, 0, 1);
	err_clear(&err);
	journal_head(c.st, &same, b);
	assert_int_equal(seq, same);
	assert_string_equal(a, b);
	after = table(NULL, "team", NULL, 0);
	assert_string_equal(before, after);
	free(before);
	free(after);
	/* And the store can go on. */
	take("team", "2 name=甲队;class=x");
	counts(1, 0, 0, 0);
}

/* --- who is who ------------------------------------------------------------------------------ */

static void
knows_units_by_code(void **state)
{
	(void)state;
	take("unit", "2 code=GY03;name=公安局;kind=department|3 "
		     "code=GY04;name=水务局;kind=department;phone=0514-55500004");
	take("unit", "2 code=GY03;name=高邮市公安局|3 name=水务局;phone=0514-55500005");
	says("2 changed 高邮市公安局: name 公安局 -> 高邮市公安局\n");
	says("3 changed 水务局: phone 0514-55500004 -> 0514-55500005\n");
	refuse("unit", "2 code=GY05;name=水务局;kind=department", "水务局 is there already");
	refuse("unit", "2 name=气象局;kind=department", "code is missing");
}

static void
tells_people_of_one_name_apart(void **state)
{
	(void)state;
	take("unit", "2 code=A;name=甲局;kind=x|3 code=B;name=乙局;kind=x");
	take("person", "2 name=林建国;role=officer;unit=甲局;phone=0514-55500011");
	/* The same name elsewhere is somebody else, in the same unit a new number of the same. */
	take("person", "2 name=林建国;role=officer;unit=乙局;phone=0514-55500012");
	counts(1, 0, 0, 0);
	take("person", "2 name=林建国;unit=甲局;phone=0514-55500013");
	counts(0, 1, 0, 0);
	take("person", "2 name=林建国;phone=0514-55500013;post=科长");
	counts(0, 1, 0, 0);
	refuse("person", "2 name=林建国;post=局长", "more than one 林建国");
	take("person", "2 name=独一人;role=officer;phone=0514-55500021");
	refuse("person", "2 name=独一人;role=officer;phone=0514-55500022",
	    "a 独一人 with the telephone 0514-55500021 is on file");
	take("person", "2 name=独一人;post=科员");
	counts(0, 1, 0, 0);
	take("expert", "2 name=方教授;field=化工;unit=学院;phone=0514-55500031");
	take("expert", "2 name=方教授;unit=学院;phone=0514-55500032");
	counts(0, 1, 0, 0);
}

static void
leaves_rights_alone(void **state)
{
	(void)state;
	take("person",
	    "2 name=甲某某;role=officer;phone=1|3 name=乙某某;role=township;area=三垛镇;phone=2");
	refuse("person", "2 name=甲某某;role=leader;phone=1",
	    "not changed by an import: role is \"officer\"");
	refuse("person", "3 name=乙某某;area=临泽镇;phone=2",
	    "not changed by an import: area is \"三垛镇\"");
	take("person", "2 name=甲某某;role=officer;phone=1;area=高邮市|3 "
		       "name=乙某某;role=township;area=三垛镇;phone=2");
	counts(0, 0, 2, 0);
}

static void
knows_places_enterprises_equipment(void **state)
{
	(void)state;
	take("place", "2 name=中心村;kind=village;area=三垛镇;code=C1;people=900|3 "
		      "name=中心村;kind=village;area=临泽镇;code=C2");
	refuse("place", "2 name=中心村;people=1000", "more than one 中心村");
	take("place", "2 name=中心村;area=临泽镇;people=500|3 code=C1;name=中心村;people=0");
	counts(0, 2, 0, 0);
	take("place", "3 code=C1;name=中心村;people=0");
	counts(0, 0, 1, 0);
	take("enterprise", "2 name=化工厂;uscc=91321084MA1MA00012;hazard_level=3");
	take("enterprise", "2 name=新化工厂;uscc=91321084MA1MA00012");
	says("name 化工厂 -> 新化工厂");
	refuse("enterprise", "2 name=厂;uscc=91321084MA1MA00013", "no unified credit code");
	take("equipment",
	    "2 name=抽水泵;kind=泵;holder=甲|3 name=抽水泵;kind=泵;holder=乙;quantity=3");
	take("equipment", "2 name=抽水泵;holder=乙;quantity=4");
	says("quantity 3 -> 4");
	take("line", "2 number=12345;name=政务热线");
	take("line", "2 number=12345;name=便民热线");
	counts(0, 1, 0, 0);
}

/* A ledger tells what is there; deliveries add. */
static void
stock_is_what_is_there(void **state)
{
	struct stock_balance b;

	(void)state;
	take("stock",
	    "2 depot=市防汛仓库;goods=沙袋;quantity=1000;batch=2024;keep=200;confirmed=2025-07-01|"
	    "3 depot=市防汛仓库;goods=排涝泵;quantity=0");
	counts(2, 0, 0, 0);
	take("stock", "2 depot=高邮市防汛物资仓库;goods=bag;quantity=1000;batch=2024");
	counts(0, 0, 1, 0);
	take("stock", "2 depot=市防汛仓库;goods=编织袋;quantity=700;batch=2024");
	says("2 changed 市防汛仓库 编织袋 2024: quantity 1000 -> 700");
	resource_balance(c.st, c.depot, "bag", &b);
	assert_int_equal(b.hand, 700);
	assert_int_equal(b.keep, 200);
	assert_int_equal(b.confirmed, clock_now());
	county_assign(&c, c.depot, "bag", 400, "dispatched");
	refuse("stock", "2 depot=市防汛仓库;goods=编织袋;quantity=399;batch=2024",
	    "400 只 of 编织袋 are promised");
	take("stock", "2 depot=市防汛仓库;goods=编织袋;quantity=400;batch=2024");
	refuse("stock", "2 depot=无此仓库;goods=编织袋;quantity=1", "there is no \"无此仓库\"");
}

/* --- who may, and what is no file ------------------------------------------------------------ */

static void
only_who_keeps_the_data(void **state)
{
	struct actor clerk = room_person(c.st, "苏某某", ROLE_CLERK, 321084000);
	struct actor officer = room_person(c.st, "陈某某", ROLE_OFFICER, 321084000);
	struct actor town = room_person(c.st, "董某某", ROLE_TOWNSHIP, SANDUO);
	struct err err = ERR_NONE;

	(void)state;
	assert_true(import_as(&clerk, "team", "2 name=甲队;class=x", false, false, &err));
	assert_false(import_as(&officer, "team", "2 name=乙队;class=x", false, false, &err));
	err_clear(&err);
	assert_false(
	    import_as(&town, "team", "2 name=丙队;class=x;area=三垛镇", false, true, &err));
	err_clear(&err);
	assert_int_equal(count("team"), 2);
	assert_int_equal(
	    sql_one_int(c.st, "SELECT count(*) FROM journal WHERE verb = 'journal.refused'", 0, ""),
	    2);
}

static void
cleans_what_it_is_given(void **state)
{
	struct err err = ERR_NONE;
	char *long_cell = mem_zero(1, 6000), *text;

	(void)state;
	take("team", "2 name= 甲\033[31m队\u202e ;class=x;gear=a\nb");
	says("2 new  甲・[31m队・");
	assert_int_equal(
	    sql_one_int(c.st,
		"SELECT count(*) FROM team WHERE name = '甲・[31m队・' AND gear = 'a b'", 0, ""),
	    1);
	memset(long_cell, 'a', 5000);
	text = mem_print("2 name=x;class=%s", long_cell);
	refuse("team", text, "at most 4096");
	free(text);
	free(long_cell);
	refuse("team", "2 name=x;class=y;leder=z", "there is no column \"leder\"");
	refuse("team", "2 name=x;class=y;!=it has more cells", "2 refused x: it has more cells");
	import = (struct resource_import){.kind = "team", .rows = "[1]\n"};
	assert_false(resource_import(c.st, &c.system, &import, &result, &err));
	err_clear(&err);
	import = (struct resource_import){.kind = "shift", .rows = "{}\n"};
	assert_false(resource_import(c.st, &c.system, &import, &result, &err));
	err_clear(&err);
	import = (struct resource_import){.kind = "team", .rows = ""};
	assert_false(resource_import(c.st, &c.system, &import, &result, &err));
	err_clear(&err);
}

static void
many_rows_in_one(void **state)
{
	struct buf rows = BUF_MAX(IMPORT_BYTES);
	struct err err = ERR_NONE;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_printf(&rows,
		    "{\"#\":%d,\"code\":\"X%d\",\"name\":\"单位%d\",\"kind\":\"department\"}\n",
		    i + 2, i, i);
	import = (struct resource_import){.kind = "unit", .rows = buf_str(&rows)};
	assert_true(resource_import(c.st, &c.system, &import, &result, &err));
	counts(20000, 0, 0, 0);
	assert_int_equal(count("unit"), 20000);
	room_do(
	    c.st, &c.system, "journal.undo", json_pack("{s:I}", "number", (json_int_t)result.seq));
	assert_int_equal(count("unit"), 0);
	verb_result_clear(&result);
	buf_clear(&rows);
}

/* --- exports --------------------------------------------------------------------------------- */

/* One row of every kind with every column filled. */
static const struct {
	const char *kind, *row;
} full[] = {
    {"unit", "2 "
	     "code=GY03;name=公安局;kind=department;short=公安;aliases=警方;area=三垛镇;lead=李某;"
	     "phone=0514-55500001;lon=119.4532;lat=32.78"},
    {"person", "2 name=吴某某;role=township;area=三垛镇;unit=公安局;post=所长;phone=0514-55500002"},
    {"line", "2 number=110;name=报警;unit=公安局"},
    {"team", "2 "
	     "name=民兵队;class=基层队伍;short=民兵;unit=人武部;area=临泽镇;lon=119.6612;lat=32.9;"
	     "people=30;leader=周某;"
	     "phone=0514-55500003;ready_min=7.5;gear=铁锹60;skills=危化品堵漏 "
	     "灭火救援;confirmed=2025-07-01T08:30:15.250"},
    {"enterprise", "2 "
		   "name=化工厂;trade=化工;area=三垛镇;lon=119.7;lat=32.8;hazard_level=2;r_value="
		   "12.25;substances=液氨;"
		   "chief=郑某;phone=0514-55500004;uscc=91321084MA1MA00012"},
    {"shelter", "2 "
		"name=新校;kind=室内;capacity=300;area=临泽镇;lon=119.6;lat=32.9;keeper=钱某;phone="
		"0514-55500005"},
    {"hospital", "2 "
		 "name=人民医院;level=三级乙等;area=三垛镇;lon=119.4;lat=32.7;beds=800;icu=24;"
		 "ambulances=6;skills=烧伤;phone=0514-55500006"},
    {"expert", "2 name=冯某某;field=化工;title=教授;unit=学院;phone=0514-55500007;place=扬州"},
    {"equipment",
	"2 "
	"name=大流量泵;kind=泵;holder=水务局;area=三垛镇;quantity=2;phone=0514-55500008;note=拖车"},
    {"place", "2 "
	      "name=中心村;kind=village;code=C1;aliases=老村;area=临泽镇;lon=119.61;lat=32.91;"
	      "people=1200"},
    {"depot", "2 "
	      "name=三垛仓库;short=三垛库;unit=三垛镇政府;area=三垛镇;lon=119.67;lat=32.8;keeper="
	      "褚某;phone=0514-55500009;load_min=15"},
    {"stock", "2 "
	      "depot=三垛仓库;goods=编织袋;quantity=500;batch=2025-05;keep=100;expiry=2028-05-01;"
	      "confirmed=2025-07-02"},
};

static void
comes_back_as_it_went(void **state)
{
	char *first[COUNT_OF(full)];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(full); i++) {
		struct err err = ERR_NONE;
		char *again;
		size_t n;
		const struct verb_param *params = resource_table_columns(full[i].kind, &n);

		take(full[i].kind, full[i].row);
		first[i] = table(NULL, full[i].kind, NULL, 0);
		for (size_t k = 0; k < n; k++)
			if (!strstr(first[i], params[k].name))
				fail_msg("%s: %s is not exported", full[i].kind, params[k].name);
		import =
		    (struct resource_import){.kind = full[i].kind, .rows = first[i], .tell = keep};
		verb_result_clear(&result);
		buf_reset(&told);
		if (!resource_import(c.st, &c.system, &import, &result, &err))
			fail_msg("%s: %s\n%s", full[i].kind, err.message, buf_str(&told));
		if (import.n[IMPORT_NEW] || import.n[IMPORT_CHANGED])
			fail_msg("%s is not as it was:\n%s", full[i].kind, buf_str(&told));
		again = table(NULL, full[i].kind, NULL, 0);
		assert_string_equal(first[i], again);
		free(again);
	}
	/* Into another store. */
	county_clear(&c);
	county_make(&c);
	for (size_t i = 0; i < COUNT_OF(full); i++) {
		struct err err = ERR_NONE;
		char *other;

		import =
		    (struct resource_import){.kind = full[i].kind, .rows = first[i], .tell = keep};
		buf_reset(&told);
		if (!resource_import(c.st, &c.system, &import, &result, &err))
			fail_msg("%s: %s\n%s", full[i].kind, err.message, buf_str(&told));
		verb_result_clear(&result);
		other = table(NULL, full[i].kind, NULL, 0);
		/* Milliseconds of a time do not travel. */
		assert_string_equal(first[i], other);
		free(other);
		free(first[i]);
	}
}

static void
a_township_gets_its_own(void **state)
{
	struct actor town = room_person(c.st, "董某某", ROLE_TOWNSHIP, SANDUO);
	char *t;

	(void)state;
	take("team", "2 name=三垛队;class=x;area=三垛镇|3 name=临泽队;class=x;area=临泽镇");
	take("depot", "2 name=三垛仓库;area=三垛镇");
	take(
	    "stock", "2 depot=三垛仓库;goods=bag;quantity=1|3 depot=临泽仓库;goods=bag;quantity=2");
	t = table(&town, "team", NULL, 0);
	assert_non_null(strstr(t, "三垛队"));
	assert_null(strstr(t, "临泽队"));
	assert_null(strstr(t, "高邮市消防"));
	free(t);
	t = table(&town, "stock", NULL, 0);
	assert_non_null(strstr(t, "三垛仓库"));
	assert_null(strstr(t, "临泽"));
	free(t);
	t = table(NULL, "team", "lz", 0);
	assert_non_null(strstr(t, "临泽队"));
	assert_null(strstr(t, "三垛队"));
	free(t);
	t = table(NULL, "team", NULL, SANDUO);
	assert_non_null(strstr(t, "三垛队"));
	assert_null(strstr(t, "临泽队"));
	free(t);
	assert_true(resource_column_personal("person", "phone"));
	assert_false(resource_column_personal("hospital", "phone"));
}

static void
names_its_kinds(void **state)
{
	const char *kind, *words;
	size_t i = 0, n;

	(void)state;
	for (; (kind = resource_table_at(i, &words)) != NULL; i++) {
		assert_string_equal(resource_table_named(kind), kind);
		assert_non_null(resource_table_columns(kind, &n));
		assert_true(n > 2);
	}
	assert_int_equal(i, 13);
	assert_string_equal(resource_table_named("people"), "person");
	assert_string_equal(resource_table_named("队伍"), "team");
	assert_string_equal(resource_table_named("叫应联系人"), "contact");
	assert_null(resource_table_named("incidents"));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, unmake)
	const struct CMUnitTest tests[] = {T(takes_a_file_and_the_same_once_more),
	    T(one_undo_takes_it_back), T(takes_nothing_with_a_refused_row),
	    T(a_look_changes_nothing), T(knows_units_by_code), T(tells_people_of_one_name_apart),
	    T(leaves_rights_alone), T(knows_places_enterprises_equipment),
	    T(stock_is_what_is_there), T(only_who_keeps_the_data), T(cleans_what_it_is_given),
	    T(many_rows_in_one), T(comes_back_as_it_went), T(a_township_gets_its_own),
	    T(names_its_kinds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
