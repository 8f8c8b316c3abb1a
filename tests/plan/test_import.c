/* What may come in and what may not; frozen versions; findings. */
#include "tests/plan/county.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct room room; /* classes and units, no plan */

static int
make(void **state)
{
	(void)state;
	county_make(&room);
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	room_clear(&room);
	return 0;
}

/* The text with the first `from` turned into `to`; *line (may be NULL) gets where that stood. */
static char *
changed(const char *text, const char *from, const char *to, long *line)
{
	const char *at = strstr(text, from);

	if (!at)
		fail_msg("\"%s\" does not stand in the plan", from);
	if (line) {
		*line = 1;
		for (const char *p = text; p < at; p++)
			*line += *p == '\n';
	}
	return mem_print("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* Is it refused, with this line (0 any) and these words? Says what was said instead. */
static bool
is_refused(const char *xml, size_t n, long line, const char *words)
{
	struct err err = ERR_NONE;
	char start[32];
	bool good;

	if (plan_check(xml, n, &err)) {
		print_message("# this was taken: %.200s\n", xml);
		return false;
	}
	assert_non_null(err.message);
	snprintf(start, sizeof(start), "line %ld: ", line);
	good = (!line || strncmp(err.message, start, strlen(start)) == 0) &&
	       strstr(err.message, words);
	if (!good)
		print_message("# \"%s\", not line %ld, \"%s\"\n", err.message, line, words);
	err_clear(&err);
	return good;
}

static void
refused(const char *xml, size_t n, long line, const char *words)
{
	assert_true(is_refused(xml, n, line, words));
}

static void
refuses_what_does_not_fit(void **state)
{
	static const struct {
		const char *from, *to, *words;
		long lines; /* how far behind the change the fault is told */
	} cases[] = {
	    {"<name>", "<nam>", "not well-formed", 0},
	    {"format=\"1\"", "format=\"2\"", "<plan>", 0},
	    {"code=\"animal\"", "code=\"Animal!\"", "<plan>", 0},
	    {"level=\"department\"", "level=\"city\"", "<plan>", 0},
	    {"<short>动物疫情预案</short>", "", "<version> does not belong here", 1},
	    {"<version>2025-1</version>", "<version>2025-1</version><version>2</version>",
		"<version> does not belong here", 0},
	    {"<issued>2025-04-02</issued>", "<issued>2025年4月</issued>", "", 0},
	    {"<issued>2025-04-02</issued>", "<issued>2025-02-30</issued>", "there is no such day",
		0},
	    {"<review>2027-04-02</review>", "<review>2024-04-02</review>", "comes after the issue",
		0},
	    {"code=\"13E00\"", "code=\"13I00\"", "<event>", 0},
	    {"op=\"is\"", "op=\"about\"", "<when>", 0},
	    {" owner=\"高邮市农业农村局\"", "", "<task> lacks the attribute owner", 0},
	    {"due=\"60\"", "due=\"soon\"", "due", 0},
	    {"due=\"60\"", "due=\"10\"", "due after the task itself", 0},
	    {"kind=\"notice\"", "kind=\"gossip\"", "kind", 0},
	    {"id=\"DW4-02\"", "id=\"DW4-01\"", "used twice", 0},
	    {"owner=\"@township\"", "owner=\"@village\"", "only @township", 0},
	    {"<need skill=\"animal\" amount=\"2\"", "<need skill=\"animal\" amount=\"many\"",
		"amount", 0},
	    {"<need skill=\"epidemic\"", "<need skill=\"animal\"", "twice at one level", 0},
	    {"amount=\"500\" weight=\"8\"", "amount=\"500\" weight=\"7\"", "weight", 0},
	    {"metric=\"type\"", "metric=\"mood\"", "no such fact", 0},
	    {"metric=\"grade\" op=\"ge\" value=\"III\"", "metric=\"grade\" op=\"ge\" value=\"bad\"",
		"grade", 0},
	    {"metric=\"type\" op=\"is\"", "metric=\"dead\" op=\"is\"", "compared by", 0},
	    {"metric=\"type\" op=\"is\" value=\"13E00\"",
		"metric=\"dead\" op=\"ge\" value=\"three\"", "not a number", 0},
	    {"<word weight=\"5\">禽流感</word>", "<word weight=\"5\">动物疫情</word>", "twice", 0},
	    {"<word weight=\"5\">禽流感</word>", "<word weight=\"50\">禽流感</word>", "weight", 0},
	    {"phone=\"0514-", "phone=\"ring ", "<contact>", 0},
	    {"<number>邮政办演", "<number>这个文号写得实在是太长了实在是太长了实在是太长了邮政办演",
		"too long", 0},
	    {"<warning>", "<warning>随手写的字", "", 0},
	};
	char *text = county_read("data/plans/animal.xml", NULL);
	struct err err = ERR_NONE;
	size_t wrong = 0;

	(void)state;
	if (!plan_check(text, strlen(text), &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		long line;
		char *bad = changed(text, cases[i].from, cases[i].to, &line);

		wrong += !is_refused(bad, strlen(bad), line + cases[i].lines, cases[i].words);
		free(bad);
	}
	assert_int_equal(wrong, 0);
	free(text);
}

/* --- what is dangerous ------------------------------------------------------------------------ */

static void
refuses_doctypes(void **state)
{
	static const char *const doctypes[] = {
	    "<!DOCTYPE plan>",
	    "<!DOCTYPE plan [<!ENTITY x \"y\">]>",
	    "<!DOCTYPE plan SYSTEM \"http://192.0.2.1/plan.dtd\">",
	    "<!DOCTYPE plan [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
	    "<!DOCTYPE plan [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>",
	    "<!DOCTYPE plan [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
	    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d "
	    "\"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
	    "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f "
	    "\"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">"
	    "<!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\"><!ENTITY h "
	    "\"&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;\">]>",
	};
	char *text = county_read("data/plans/animal.xml", NULL);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(doctypes); i++) {
		char *with = mem_print("%s\n<plan", doctypes[i]), *entity,
		     *bad = changed(text, "<plan", with, NULL);

		refused(bad, strlen(bad), 2, "DOCTYPE");
		entity = changed(bad, "高邮市突发重大动物疫情", "&h;", NULL);
		refused(entity, strlen(entity), 2, "DOCTYPE");
		free(entity);
		free(bad);
		free(with);
	}
	free(text);
}

static void
refuses_what_is_no_plan(void **state)
{
	static const char deep[] = "<a>";
	struct buf b = BUF_MAX(4u << 20);
	char *text = county_read("data/plans/animal.xml", NULL), *bad;
	long line;

	(void)state;
	refused("", 0, 1, "not well-formed");
	refused("你好", strlen("你好"), 1, "not well-formed");
	refused("<html/>", 7, 1, "<plan> is expected");
	refused(text, strlen(text) / 2, 0, "not well-formed");
	bad = changed(text, "口蹄疫", "\xbf\xda\xcc\xe3\xd2\xdf", &line); /* GB 18030 */
	refused(bad, strlen(bad), line, "UTF-8");
	free(bad);
	bad = changed(text, "口蹄疫", "&nbsp;", &line);
	refused(bad, strlen(bad), line, "not well-formed");
	free(bad);
	for (size_t i = 0; i < 100000; i++)
		buf_add_n(&b, deep, 3);
	refused(buf_str(&b), b.size, 1, "not well-formed");
	buf_reset(&b);
	while (b.size <= PLAN_MAX)
		buf_add(&b, text);
	refused(buf_str(&b), b.size, 0, "512 KiB");
	buf_clear(&b);
	free(text);
}

static void
takes_a_byte_order_mark(void **state)
{
	char *text = county_read("data/plans/animal.xml", NULL),
	     *with = mem_print("\xef\xbb\xbf%s", text);
	struct err err = ERR_NONE;

	(void)state;
	assert_true(plan_check(with, strlen(with), &err));
	free(with);
	free(text);
}

/* The example of the manual is a plan. */
static void
the_manual_is_true(void **state)
{
	static const char *const pages[] = {"man/zhiban-plan.5", "man/zh_CN/zhiban-plan.5"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		char *page = county_read(pages[i], NULL), *from = strstr(page, ".Bd -literal\n"),
		     *to;
		struct err err = ERR_NONE;

		assert_non_null(from);
		from += strlen(".Bd -literal\n");
		to = strstr(from, ".Ed\n");
		assert_non_null(to);
		if (!plan_check(from, (size_t)(to - from), &err))
			fail_msg("%s: %s", pages[i], err.message);
		free(page);
	}
}

/* --- into the store --------------------------------------------------------------------------- */

static json_t *
xml_args(const char *xml)
{
	return json_pack("{s:s}", "xml", xml);
}

static void
import(const char *xml)
{
	room_do(room.st, &room.system, "plan.import", xml_args(xml));
}

static void
not_imported(const char *xml, int code, const char *words)
{
	room_refused(room.st, &room.system, "plan.import", xml_args(xml), code, words);
}

static size_t
place_of(const char *text, const char *code)
{
	struct plan_query q = {.text = text};
	struct plan_match m[8];
	size_t n = plan_match(room.st, &q, m, 8), at = 0;

	for (size_t i = 0; i < n && !at; i++)
		if (strcmp(m[i].code, code) == 0)
			at = i + 1;
	plan_match_clear(m, n);
	return at;
}

static const struct plan_doc *
open_plan(int64_t plan, int64_t version)
{
	struct err err = ERR_NONE;
	const struct plan_doc *doc = plan_open(room.st, plan, version, &err);

	if (!doc)
		fail_msg("%s", err.message);
	return doc;
}

static void
freezes_versions(void **state)
{
	char *first = county_read("data/plans/animal.xml", NULL), *second, *third;
	struct plan_version versions[4];
	struct plan_row row;
	int64_t plan, old;
	const struct plan_doc *doc;

	(void)state;
	import(first);
	plan = county_plan(room.st, "animal");
	assert_true(plan_get(room.st, plan, &row));
	old = row.version;
	assert_string_equal(row.version_text, "2025-1");
	assert_string_equal(row.level, "department");
	doc = open_plan(plan, 0);
	assert_ptr_equal(doc, open_plan(plan, old));
	not_imported(first, ERR_STATE, "on file already");
	/* other words, the same version: refused; with a version of its own: taken */
	second = changed(first, "到场诊断采样", "两人到场诊断采样", NULL);
	not_imported(second, ERR_STATE, "frozen");
	third = changed(second, "<version>2025-1</version>", "<version>2025-2</version>", NULL);
	import(third);
	assert_true(county_plan(room.st, "animal") == plan);
	assert_true(plan_get(room.st, plan, &row));
	assert_string_equal(row.version_text, "2025-2");
	assert_true(row.version != old);
	assert_non_null(strstr(open_plan(plan, 0)->tasks[0].text, "两人到场"));
	assert_null(strstr(open_plan(plan, old)->tasks[0].text, "两人到场"));
	assert_ptr_equal(doc, open_plan(plan, old)); /* what a response holds stays valid */
	assert_int_equal(plan_versions(room.st, plan, versions, 4), 2);
	assert_true(versions[0].present && versions[0].id == row.version && !versions[1].present);
	assert_int_equal(strlen(versions[0].hash), 64);
	assert_string_not_equal(versions[0].hash, versions[1].hash);
	free(first);
	free(second);
	free(third);
}

static void
has_no_such_version(void **state)
{
	struct err err = ERR_NONE;

	(void)state;
	assert_null(plan_open(room.st, county_plan(room.st, "animal"), 12345, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	err_clear(&err);
	assert_null(plan_open(room.st, 99, 0, &err));
	err_clear(&err);
}

static void
knows_its_classes(void **state)
{
	char *text = county_read("data/plans/wildfire.xml", NULL), *bad, *line_said;
	long line;

	(void)state;
	bad = changed(text, "skill=\"wildfire\"", "skill=\"dragons\"", &line);
	line_said = mem_print("line %ld: this store knows no skill \"dragons\"", line);
	not_imported(bad, ERR_INPUT, line_said);
	free(line_said);
	free(bad);
	bad = changed(text, "goods=\"hose\"", "goods=\"snake\"", NULL);
	not_imported(bad, ERR_INPUT, "no goods \"snake\"");
	free(bad);
	bad = changed(text, "goods=\"hose\" unit=\"米\"", "goods=\"hose\" unit=\"盘\"", NULL);
	not_imported(bad, ERR_INPUT, "is counted in 米 here, not in 盘");
	free(bad);
	assert_true(county_plan(room.st, "wildfire") == 0);
	free(text);
}

/* A plan out of force leads nowhere, and a new version puts it in force again. */
static void
retires(void **state)
{
	static const char said[] = "养猪场的猪成批死了";
	int64_t plan = county_plan(room.st, "animal");
	const struct thing_kind *kind = thing_kind_find(room.st, "plan");
	struct plan_row rows[4];
	struct thing found[1];
	char *text = county_read("data/plans/animal.xml", NULL), *next;
	int64_t seq;

	(void)state;
	assert_int_equal(place_of(said, "animal"), 1);
	seq = room_do(room.st, &room.system, "plan.retire",
	    json_pack("{s:I, s:s}", "plan", (json_int_t)plan, "why", "由新预案代替"));
	assert_int_equal(place_of(said, "animal"), 0);
	assert_int_equal(kind->find(room.st, &room.system, "animal", found, 1), 0);
	assert_int_equal(plan_list(room.st, NULL, rows, 4), 1);
	assert_true(rows[0].retired && !rows[0].review_due);
	assert_non_null(open_plan(plan, 0)); /* a running response still reads it */
	room_refused(room.st, &room.system, "plan.retire",
	    json_pack("{s:I, s:s}", "plan", (json_int_t)plan, "why", "再来"), ERR_STATE,
	    "out of force already");
	room_do(
	    room.st, &room.system, "journal.undo", json_pack("{s:I}", "number", (json_int_t)seq));
	assert_int_equal(place_of(said, "animal"), 1);
	room_do(room.st, &room.system, "plan.retire",
	    json_pack("{s:I, s:s}", "plan", (json_int_t)plan, "why", "由新预案代替"));
	next = changed(text, "<version>2025-1</version>", "<version>2026-1</version>", NULL);
	import(next);
	assert_int_equal(place_of(said, "animal"), 1);
	free(next);
	free(text);
}

/* An import taken back: the version before is the present one, its words lead, and its id may serve
 * another. */
static void
an_import_is_undone(void **state)
{
	int64_t plan = county_plan(room.st, "animal"), seq;
	char *text = county_read("data/plans/animal.xml", NULL), *a, *b, *c, *d;
	struct plan_row row;

	(void)state;
	a = changed(text, "<version>2025-1</version>", "<version>2027-1</version>", NULL);
	b = changed(
	    a, "<word weight=\"5\">禽流感</word>", "<word weight=\"5\">独角兽瘟</word>", NULL);
	seq = room_do(room.st, &room.system, "plan.import", xml_args(b));
	assert_int_equal(place_of("独角兽瘟又来了", "animal"), 1);
	assert_true(plan_get(room.st, plan, &row));
	assert_string_equal(row.version_text, "2027-1");
	room_do(
	    room.st, &room.system, "journal.undo", json_pack("{s:I}", "number", (json_int_t)seq));
	assert_true(plan_get(room.st, plan, &row));
	assert_string_equal(row.version_text, "2026-1");
	assert_int_equal(place_of("独角兽瘟又来了", "animal"), 0);
	c = changed(
	    a, "<word weight=\"5\">禽流感</word>", "<word weight=\"5\">麒麟瘟</word>", NULL);
	d = changed(c, "<version>2027-1</version>", "<version>2027-2</version>", NULL);
	import(d);
	assert_int_equal(place_of("麒麟瘟又来了", "animal"), 1);
	assert_int_equal(place_of("独角兽瘟又来了", "animal"), 0);
	free(a);
	free(b);
	free(c);
	free(d);
	free(text);
}

/* What a drill showed stays open until the next version. */
static void
findings_wait_for_the_next_version(void **state)
{
	int64_t plan = county_plan(room.st, "animal");
	char *text = county_read("data/plans/animal.xml", NULL), *next;
	struct plan_finding f[4];
	struct plan_row row;
	struct buf b = BUF_MAX(256u << 10);
	struct err err = ERR_NONE;

	(void)state;
	room_do(room.st, &room.system, "plan.finding",
	    json_pack(
		"{s:I, s:s}", "plan", (json_int_t)plan, "text", "扑杀队夜间联系不上，补备用电话"));
	room_do(room.st, &room.system, "plan.finding",
	    json_pack("{s:I, s:s}", "plan", (json_int_t)plan, "text", "消毒点少一处"));
	assert_true(plan_get(room.st, plan, &row));
	assert_int_equal(row.findings, 2);
	assert_int_equal(plan_findings(room.st, plan, f, 4), 2);
	assert_string_equal(f[0].text, "消毒点少一处");
	assert_true(f[0].open && f[1].open);
	plan_findings_clear(f, 2);
	assert_true(plan_text(room.st, plan, &b, &err));
	assert_non_null(strstr(buf_str(&b), "补备用电话"));
	buf_clear(&b);
	next = changed(text, "<version>2025-1</version>", "<version>2028-1</version>", NULL);
	import(next);
	assert_true(plan_get(room.st, plan, &row));
	assert_int_equal(row.findings, 0);
	assert_int_equal(plan_findings(room.st, plan, f, 4), 2);
	assert_false(f[0].open);
	assert_string_equal(f[0].version_text, "2027-2");
	plan_findings_clear(f, 2);
	free(next);
	free(text);
}

/* --- rights ----------------------------------------------------------------------------------- */

static void
a_township_keeps_its_own(void **state)
{
	struct actor town = room_person(room.st, "宋桥", ROLE_TOWNSHIP, 321084116);
	struct actor other = room_person(room.st, "林泽", ROLE_TOWNSHIP, 321084115);
	struct actor auditor = room_person(room.st, "审计", ROLE_AUDITOR, AREA);
	char *own = county_read("data/plans/songqiao.xml", NULL),
	     *county = county_read("data/plans/fire.xml", NULL);

	(void)state;
	room_refused(room.st, &other, "plan.import", xml_args(own), ERR_REFUSED, NULL);
	room_refused(room.st, &town, "plan.import", xml_args(county), ERR_REFUSED, NULL);
	room_refused(room.st, &auditor, "plan.import", xml_args(own), ERR_REFUSED, NULL);
	room_do(room.st, &town, "plan.import", xml_args(own));
	assert_true(county_plan(room.st, "songqiao") != 0);
	assert_true(county_plan(room.st, "fire") == 0);
	free(own);
	free(county);
}

/* --- files ------------------------------------------------------------------------------------ */

static void
put(const char *name, const char *text, size_t n)
{
	char path[400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/plans/%s", room.dir, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
}

static void
file_fails(const char *name, const char *words)
{
	struct err err = ERR_NONE;
	char path[400];

	snprintf(path, sizeof(path), "%s/plans/%s", room.dir, name);
	assert_false(plan_import_file(room.st, &room.system, path, NULL, &err));
	if (!strstr(err.message, words) || !strstr(err.message, name))
		fail_msg("\"%s\" does not say \"%s\"", err.message, words);
	err_clear(&err);
}

static void
reads_files(void **state)
{
	char *text = county_read("data/plans/fire.xml", NULL),
	     *with = mem_print("\xef\xbb\xbf%s", text), *said, path[400],
	     *large = mem_zero(PLAN_MAX + 2, 1);
	struct err err = ERR_NONE;
	size_t n;

	(void)state;
	snprintf(path, sizeof(path), "%s/plans", room.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	file_fails("none.xml", "cannot be read");
	put("gb.xml", "<?xml version=\"1.0\"?>\n<plan>\xbf\xda</plan>", 36);
	file_fails("gb.xml", "line 2: this is not UTF-8");
	put("zero.xml", "<plan>\0</plan>", 14);
	file_fails("zero.xml", "no text file");
	memset(large, ' ', PLAN_MAX + 1);
	put("large.xml", large, PLAN_MAX + 1);
	file_fails("large.xml", "");
	put("mark.xml", with, strlen(with));
	snprintf(path, sizeof(path), "%s/plans/mark.xml", room.dir);
	assert_true(plan_import_file(room.st, &room.system, path, &said, &err));
	assert_non_null(strstr(said, "高邮市火灾事故应急预案"));
	free(said);
	snprintf(path, sizeof(path), "%s/plans", room.dir);
	assert_false(plan_import_directory(room.st, &room.system, path, &n, &err));
	assert_non_null(strstr(err.message, "gb.xml")); /* the first in order of name */
	assert_int_equal(n, 0);
	err_clear(&err);
	assert_false(plan_import_directory(room.st, &room.system, "/nowhere", NULL, &err));
	err_clear(&err);
	free(large);
	free(with);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_does_not_fit),
	    cmocka_unit_test(refuses_doctypes),
	    cmocka_unit_test(refuses_what_is_no_plan),
	    cmocka_unit_test(takes_a_byte_order_mark),
	    cmocka_unit_test(the_manual_is_true),
	    cmocka_unit_test(freezes_versions),
	    cmocka_unit_test(has_no_such_version),
	    cmocka_unit_test(knows_its_classes),
	    cmocka_unit_test(retires),
	    cmocka_unit_test(an_import_is_undone),
	    cmocka_unit_test(findings_wait_for_the_next_version),
	    cmocka_unit_test(a_township_keeps_its_own),
	    cmocka_unit_test(reads_files),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
