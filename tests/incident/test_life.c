/* The life of an incident, lists and look-ups, command lines, the inbox, and policies chosen by the
 * setting. */
#include "tests/incident/room.h"

#include "report/report.h"
#include "store/command.h"
#include "store/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TANKER                                                                                     \
	"高速交警：G2京沪高速高邮段南行K1023+"                                       \
	"500处一辆液氨槽罐车侧翻，装载液氨约25吨，有白雾，驾驶员1人被困"
#define PIPING                                                                                     \
	"临泽镇值班室报告：子婴河圩堤K3+200处发生管涌，口径约10厘米，威胁30户86人，无人员伤亡"

static int64_t
open_text(struct county *c, const char *when, const char *text)
{
	at(when);
	return act(c, &c->officer, "incident.open", json_pack("{s:s}", "text", text), NULL);
}

static json_t *
on(int64_t incident)
{
	return json_pack("{s:I}", "incident", (json_int_t)incident);
}

static json_t *
with(int64_t incident, const char *name, const char *value)
{
	return json_pack("{s:I, s:s}", "incident", (json_int_t)incident, name, value);
}

static const char *
state_of(struct county *c, int64_t incident)
{
	static struct incident_row row;

	assert_true(incident_get(c->st, incident, &row));
	return row.state;
}

static void
states(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER);

	assert_string_equal(state_of(c, id), "received");
	refused(c, &c->officer, "incident.end", with(id, "why", "x"), ERR_STATE, "verified before");
	refused(c, &c->officer, "incident.close", on(id), ERR_STATE, NULL);
	refused(c, &c->officer, "incident.reopen", with(id, "why", "x"), ERR_STATE, "open already");
	act(c, &c->officer, "incident.verify", with(id, "with", "高速交警"), NULL);
	assert_string_equal(state_of(c, id), "verified");
	act(c, &c->officer, "incident.assess", with(id, "text", "泄漏可控"), NULL);
	assert_string_equal(state_of(c, id), "assessed");
	act(c, &c->officer, "incident.end", with(id, "why", "堵漏完成"), NULL);
	assert_string_equal(state_of(c, id), "ended");
	refused(c, &c->officer, "incident.not",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)id, "cause", "x", "measure", "y"),
	    ERR_STATE, NULL);
	refused(c, &c->officer, "incident.close", on(id), ERR_STATE, "phone report");
	act(c, &c->officer, "incident.reopen", with(id, "why", "复燃"), NULL);
	assert_string_equal(state_of(c, id), "verified");
}

static void
undo_of_a_merge(void **state)
{
	struct county *c = *state;
	int64_t a = open_text(c, "07-10 03:12", TANKER),
		b = open_text(c, "07-10 03:16", "过路司机来电：G2南行K1023罐车翻了");
	struct verb_result r;
	struct err err = ERR_NONE;
	char hex[65], undo[40];
	int64_t seq;

	act(c, &c->officer, "incident.merge",
	    json_pack("{s:I, s:I, s:s}", "incident", (json_int_t)b, "into", (json_int_t)a, "why",
		"同一辆车"),
	    NULL);
	assert_string_equal(state_of(c, b), "merged");
	journal_head(c->st, &seq, hex);
	snprintf(undo, sizeof(undo), "undo %lld", (long long)seq);
	if (!command_run(c->st, &c->officer, undo, NULL, &r, &err))
		fail_msg("%s", err.message);
	verb_result_clear(&r);
	assert_string_equal(state_of(c, b), "received");
	assert_int_equal(
	    sql_one_int(c->st, "SELECT count(*) FROM call WHERE incident = ?1", 0, "i", b), 1);
}

/* A rule taken back by taking apart may fire again for facts of the incident's own. */
static void
clock_comes_again_after_taking_apart(void **state)
{
	struct county *c = *state;
	int64_t a = open_text(c, "07-10 03:12", TANKER),
		b = open_text(c, "07-10 03:16", "三垛镇报告：G2南行K1023罐车翻了，疏散600人");
	char *have;

	at("07-10 03:20");
	act(c, &c->officer, "incident.merge",
	    json_pack("{s:I, s:I, s:s}", "incident", (json_int_t)b, "into", (json_int_t)a, "why",
		"同一辆车"),
	    NULL);
	at("07-10 03:25");
	act(c, &c->officer, "incident.unmerge", on(b), NULL);
	at("07-10 03:50");
	act(c, &c->officer, "incident.figures",
	    json_pack(
		"{s:I, s:i, s:s}", "incident", (json_int_t)a, "evacuated", 620, "source", "三垛镇"),
	    NULL);
	have = clocks(c, a);
	assert_non_null(strstr(have, "07-10 04:50 province 江苏省应急管理厅 open"));
	free(have);
}

/* Figures are dated: an older one that comes late does not become the present one. */
static void
late_figures(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER);
	struct casualty_change changes[10];
	size_t n;
	char *said;

	at("07-10 04:00");
	act(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:i, s:s}", "incident", (json_int_t)id, "injured", 3, "source", "120"),
	    NULL);
	act(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:i, s:s, s:s}", "incident", (json_int_t)id, "injured", 1, "source",
		"路人", "at", "03:20"),
	    &said);
	assert_non_null(strstr(said, "as before"));
	free(said);
	assert_int_equal(figure(c, id, FACT_INJURED), 3);
	n = incident_casualties(c->st, id, changes, 10);
	assert_int_equal(n, 3); /* trapped, and both figures of hurt, by time */
	assert_int_equal(changes[1].value, 1);
	assert_int_equal(changes[2].value, 3);
	refused(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:i, s:s, s:s}", "incident", (json_int_t)id, "dead", 1, "source",
		"120", "at", "2025-07-11 00:00"),
	    ERR_INPUT, NULL);
	refused(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "source", "120"), ERR_INPUT,
	    "dead=1");
}

/* The grade follows the figures both ways, with the rule; clocks stay. */
static void
grade_runs_again(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER);
	struct incident_full f;
	char *have;

	at("07-10 04:00");
	act(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:i, s:s}", "incident", (json_int_t)id, "dead", 3, "source", "120"),
	    NULL);
	assert_true(incident_full(c->st, id, &f));
	assert_int_equal(f.row.grade, GRADE_III);
	assert_non_null(strstr(f.grade_why, "493"));
	incident_full_clear(&f);
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-10 05:00 province 江苏省应急管理厅 open"));
	free(have);
	at("07-10 04:10");
	act(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:i, s:s, s:s}", "incident", (json_int_t)id, "dead", 0, "source",
		"120", "note", "误报"),
	    NULL);
	assert_true(incident_full(c->st, id, &f));
	assert_int_equal(f.row.grade, GRADE_IV);
	incident_full_clear(&f);
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-10 05:00 province 江苏省应急管理厅 open"));
	free(have);
}

static void
reasons_of_clocks(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER);
	struct clock_filter f = {.incident = id, .due_before = CLOCK_NONE};
	struct clock_row rows[20];
	size_t n = incident_clocks(c->st, &f, rows, 20);

	assert_true(n >= 5);
	for (size_t i = 0; i < n; i++)
		assert_true(rows[i].why[0] && rows[i].source[0]);
	assert_non_null(strstr(rows[0].why, "Trapped 1"));
	assert_non_null(strstr(rows[0].why, "UN1005"));
}

/* What is shown while typing is what saving starts. */
static void
preview_is_what_comes(void **state)
{
	static const char *const texts[] = {TANKER, PIPING,
	    "119：经济开发区一电池仓库起火，2人轻伤",
	    "卫健委：送桥镇一婚宴聚餐后32人出现呕吐腹泻，无死亡",
	    "12345转办：高邮街道老小区居民反映燃气异味"};
	struct county *c = *state;
	struct err err = ERR_NONE;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t now = at("07-10 03:12"), id;
		struct reader *reader = incident_reader(c->st, &err);
		struct reading r;
		struct clock_row shown[20], started[20];
		struct clock_filter f = {.due_before = CLOCK_NONE};
		size_t n, m;

		reader_read(reader, texts[i], strlen(texts[i]), now, &r);
		n = incident_clocks_preview(c->st, &r, texts[i], now, shown, 20);
		reading_clear(&r);
		id = act(
		    c, &c->officer, "incident.open", json_pack("{s:s}", "text", texts[i]), NULL);
		f.incident = id;
		m = incident_clocks(c->st, &f, started, 20);
		assert_int_equal(n, m);
		for (size_t k = 0; k < n; k++) {
			assert_true(shown[k].due == started[k].due);
			assert_string_equal(shown[k].dest, started[k].dest);
			assert_string_equal(shown[k].why, started[k].why);
		}
	}
}

static void
lists(void **state)
{
	struct county *c = *state;
	int64_t a = open_text(c, "07-10 03:12", TANKER), b = open_text(c, "07-10 03:20", PIPING), d;
	struct incident_row rows[5];
	struct incident_filter f = {.open = true};

	at("07-10 03:30");
	act(c, &c->officer, "incident.not",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)b, "cause", "误报", "measure",
		"镇里复核"),
	    NULL);
	d = open_text(c, "07-10 03:40", "119：界首镇一民房起火，无人被困");
	assert_int_equal(incident_list(c->st, &f, rows, 5), 2);
	assert_true(rows[0].id == d && rows[1].id == a);
	assert_int_equal(incident_count(c->st, &f, 100), 2);
	f.before = d;
	assert_int_equal(incident_list(c->st, &f, rows, 5), 1);
	f = (struct incident_filter){.open = false};
	assert_int_equal(incident_list(c->st, &f, rows, 5), 3);
	f.type = "11A";
	assert_int_equal(incident_list(c->st, &f, rows, 5), 1);
	assert_true(rows[0].id == b);
	f = (struct incident_filter){.area = INT64_C(321084115)};
	assert_int_equal(incident_list(c->st, &f, rows, 5), 1);
	/* Words of any caller find it. */
	f = (struct incident_filter){.words = "白雾"};
	assert_int_equal(incident_list(c->st, &f, rows, 5), 1);
	assert_true(rows[0].id == a);
	at("07-10 03:50");
	act(c, &c->officer, "incident.call", with(a, "text", "村民来电：鸡都死了"), NULL);
	f.words = "鸡都死了";
	assert_int_equal(incident_list(c->st, &f, rows, 5), 1);
	assert_int_equal(incident_count(c->st, &f, 100), 1);
	assert_int_equal(rows[0].calls, 2);
}

static void
line(struct county *c, const struct actor *who, const char *when, const char *text,
    const char *expected)
{
	struct verb_result r;
	struct err err = ERR_NONE;

	at(when);
	if (!command_run(c->st, who, text, NULL, &r, &err))
		fail_msg("%s: %s", text, err.message);
	if (!strstr(r.said, expected))
		fail_msg("%s: %s", text, r.said);
	verb_result_clear(&r);
}

/* The night by command lines, as `zhiban do` runs them. */
static void
by_command_line(void **state)
{
	struct county *c = *state;

	line(c, &c->officer, "07-10 03:12", "接报 " TANKER, "2025-001");
	line(c, &c->officer, "07-10 03:39", "报 001 扬州应急局 刘某", "met (03:42)");
	line(c, &c->officer, "07-10 03:39", "报 001 总值班室 赵某", "met (03:42)");
	line(c, &c->officer, "07-10 03:50",
	    "又报 001 三垛镇：已转移群众620人，2人受伤，其中1人重伤", "04:50");
	line(c, &c->officer, "07-10 03:52", "补录 001 cause=车辆避让不当", "车辆避让不当");
	line(c, &c->officer, "07-10 03:55", "伤亡 001 120 light=1", "light");
	line(c, &c->officer, "07-10 04:00", "拟稿 001", "首报");
	line(c, &c->chief, "07-10 04:09", "签发 001 王建国", "2025-001 signed by");
	line(c, &c->officer, "07-10 04:46", "报 001 省应急厅 钱某", "met (04:50)");
	line(c, &c->officer, "07-10 05:05", "拟稿 001", "续报一");
	line(c, &c->officer, "07-10 05:06", "接报 119：界首镇一民房起火，无人被困", "2025-002");
	line(c, &c->chief, "07-10 05:07", "了结 002-1 陈某", "met");
}

static int64_t
found(struct county *c, const char *kind, const char *word)
{
	struct thing things[5];

	return thing_kind_find(c->st, kind)->find(c->st, &c->officer, word, things, 5)
		   ? things[0].id
		   : 0;
}

/* By number, last digits, words and initials of the title; an old one by any caller's words. */
static void
found_by_what_one_remembers(void **state)
{
	struct county *c = *state;
	int64_t a = open_text(c, "07-10 03:12", TANKER), b = open_text(c, "07-10 03:20", PIPING),
		report;
	struct clock_filter f = {.incident = b, .open = true, .due_before = CLOCK_NONE};
	struct clock_row rows[10];

	assert_true(found(c, "incident", "2025-001") == a);
	assert_true(found(c, "incident", "001") == a);
	assert_true(found(c, "incident", "2") == b);
	assert_true(found(c, "incident", "圩堤") == b);
	assert_true(found(c, "incident", "槽罐车") == a);
	assert_true(found(c, "incident", "lzz") == b);
	assert_true(found(c, "incident", "nothing") == 0);
	assert_true(found(c, "incident", "白雾") == a);
	assert_true(incident_clocks(c->st, &f, rows, 10) > 0);
	assert_true(found(c, "clock", "002-1") != 0);
	assert_true(found(c, "clock", "人民政府") != 0);
	at("07-10 03:40");
	report = act(c, &c->officer, "report.draft", on(a), NULL);
	assert_true(found(c, "report", "001") == report);
	assert_true(found(c, "report", "2025-001首") == report);
	act(c, &c->leader, "report.sign", json_pack("{s:I}", "report", (json_int_t)report), NULL);
	assert_true(found(c, "report", "2025-001") == report);
	assert_true(found(c, "report", "槽罐车") == report);
}

/* Messages: nobody's until taken; taken once. */
static void
inbox(void **state)
{
	struct county *c = *state;
	struct inbox_row rows[5];
	int64_t first, second, id;

	at("07-10 03:11");
	first = act(c, &c->officer, "inbox.add",
	    json_pack("{s:s, s:s, s:s}", "source", "12345", "kind", "ticket", "text",
		"送桥镇居民反映燃气异味，工单20260710-0311"),
	    NULL);
	second = act(c, &c->officer, "inbox.add",
	    json_pack("{s:s, s:s}", "source", "12345", "text", "高速上有车翻了，白烟很大"), NULL);
	assert_int_equal(incident_inbox(c->st, true, rows, 5), 2);
	inbox_rows_clear(rows, 2);
	id = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:I}", "text", "送桥镇居民反映燃气异味", "source", "12345",
		"inbox", (json_int_t)first),
	    NULL);
	refused(c, &c->officer, "inbox.take",
	    json_pack("{s:I, s:I}", "inbox", (json_int_t)first, "incident", (json_int_t)id),
	    ERR_STATE, "already");
	id = open_text(c, "07-10 03:12", TANKER);
	act(c, &c->officer, "inbox.take",
	    json_pack("{s:I, s:I}", "inbox", (json_int_t)second, "incident", (json_int_t)id), NULL);
	assert_int_equal(incident_inbox(c->st, true, rows, 5), 0);
	assert_int_equal(incident_inbox(c->st, false, rows, 5), 2);
	inbox_rows_clear(rows, 2);
	assert_int_equal(
	    sql_one_int(c->st, "SELECT count(*) FROM call WHERE incident = ?1", 0, "i", id), 2);
}

/* A county of another province names another policy and other units. */
static void
policy_by_setting(void **state)
{
	struct county *c = *state;
	struct actor system;
	char *have;
	int64_t id;

	actor_system(&system, "test");
	act(c, &system, "setting.set",
	    json_pack("{s:s, s:s}", "name", "policy", "value", "Henan-15-35"), NULL);
	act(c, &system, "setting.set", json_pack("{s:s, s:s}", "name", "city", "value", "郑州市"),
	    NULL);
	act(c, &system, "setting.set",
	    json_pack("{s:s, s:s}", "name", "province", "value", "河南省"), NULL);
	id = open_text(c, "07-10 03:12", "119：界首镇一厂房爆炸，死亡12人");
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-10 03:27 phone 郑州市应急管理局 open"));
	assert_non_null(strstr(have, "07-10 03:47 written 郑州市应急管理局 open"));
	assert_non_null(strstr(have, "07-10 04:12 province 河南省应急管理厅 open"));
	assert_non_null(strstr(have, "07-10 04:12 province 应急管理部 open"));
	assert_non_null(strstr(have, "07-10 05:12 law 郑州市应急管理局 open"));
	free(have);
}

/* B first, then A: the later rule adds, the earlier clocks stay. */
static void
worse_later(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 10:00", "110转报：周山镇两辆小客车相撞，1人轻伤");
	char *have = clocks(c, id);

	assert_non_null(strstr(have, "07-10 11:00 phone 扬州市应急管理局 open"));
	assert_null(strstr(have, "07-10 10:30"));
	free(have);
	at("07-10 10:20");
	act(c, &c->officer, "incident.call", with(id, "text", "110转报：车内1人被困"), NULL);
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-10 10:50 phone 扬州市应急管理局 open"));
	assert_non_null(strstr(have, "07-10 11:00 phone 扬州市应急管理局 open"));
	assert_non_null(strstr(have, "07-10 12:00 law 扬州市应急管理局 open"));
	free(have);
	at("07-10 10:45");
	act(c, &c->officer, "report.phone",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)id, "dest", "扬州市应急管理局",
		"receiver", "刘某"),
	    NULL);
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-10 10:50 phone 扬州市应急管理局 met"));
	assert_non_null(strstr(have, "07-10 11:00 phone 扬州市应急管理局 met"));
	free(have);
}

/* What was joined after the last report is new in the next one, whenever it was said. */
static void
joined_calls_reach_the_follow_up(void **state)
{
	struct county *c = *state;
	int64_t a = open_text(c, "07-10 03:12", TANKER),
		b = open_text(c, "07-10 03:16", "过路司机来电：G2南行K1023罐车翻了，有人咳嗽"),
		report;
	char *body;

	at("07-10 03:50");
	report = act(c, &c->officer, "report.draft", on(a), NULL);
	at("07-10 03:55");
	act(c, &c->leader, "report.sign", json_pack("{s:I}", "report", (json_int_t)report), NULL);
	act(c, &c->officer, "incident.merge",
	    json_pack("{s:I, s:I, s:s}", "incident", (json_int_t)b, "into", (json_int_t)a, "why",
		"同一辆车"),
	    NULL);
	at("07-10 04:00");
	report = act(c, &c->officer, "report.draft", on(a), NULL);
	body = report_body(c->st, report);
	assert_non_null(
	    strstr(body, "7月10日3时16分，过路司机报告：G2南行K1023罐车翻了，有人咳嗽。"));
	free(body);
}

static void
due_text(void **state)
{
	int64_t day = at("07-16 10:00");
	char text[40];

	(void)state;
	assert_string_equal(
	    clock_due_text(text, sizeof(text), at("07-17 00:00"), CLOCK_NONE), "07-16 24:00");
	assert_string_equal(clock_due_text(text, sizeof(text), at("07-17 00:00"), day), "24:00");
	assert_string_equal(clock_due_text(text, sizeof(text), at("07-16 12:30"), day), "12:30");
	assert_string_equal(
	    clock_due_text(text, sizeof(text), at("07-18 12:30"), day), "07-18 12:30");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, county_make, county_clear)
	const struct CMUnitTest tests[] = {TEST(states), TEST(undo_of_a_merge),
	    TEST(clock_comes_again_after_taking_apart), TEST(late_figures), TEST(grade_runs_again),
	    TEST(reasons_of_clocks), TEST(preview_is_what_comes), TEST(lists),
	    TEST(by_command_line), TEST(found_by_what_one_remembers), TEST(inbox),
	    TEST(policy_by_setting), TEST(worse_later), TEST(joined_calls_reach_the_follow_up),
	    TEST(due_text)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
