/* The night's calls: what is opened, refused, and which clocks run (handbook section 14, derived
 * assertions). */
#include "tests/incident/room.h"

#include "store/search.h"

#include <stdlib.h>
#include <string.h>

static int64_t
open_text(struct county *c, const char *when, const char *text)
{
	at(when);
	return act(c, &c->officer, "incident.open", json_pack("{s:s}", "text", text), NULL);
}

static void
expect_clocks(struct county *c, int64_t incident, const char *expected)
{
	char *have = clocks(c, incident);

	assert_string_equal(have, expected);
	free(have);
}

#define TANKER                                                                                     \
	"高速交警：G2京沪高速高邮段南行K1023+"                                       \
	"500处一辆液氨槽罐车侧翻，装载液氨约25吨，有白雾，驾驶员1人被困，东南风2米每秒"
#define PIPING                                                                                     \
	"临泽镇值班室报告：子婴河圩堤K3+200处发生管涌，口径约10厘米，威胁30户86人，无人员伤亡"
#define FIRE "119：经济开发区一电池仓库起火，存放锂离子电池（UN3480），2人轻伤，无人被困"

/* Row 38: T0 03:12 -> 03:42 / 04:12 / law 05:12. */
static void
tanker(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER);
	struct incident_full f;
	struct incident_call call;

	expect_clocks(c, id,
	    "07-10 03:42 phone 扬州市应急管理局 open\n"
	    "07-10 03:42 phone 扬州市委市政府总值班室 open\n"
	    "07-10 04:12 written 扬州市应急管理局 open\n"
	    "07-10 04:12 written 扬州市人民政府 open\n"
	    "07-10 05:12 law 扬州市应急管理局 open\n");
	assert_true(incident_full(c->st, id, &f));
	assert_string_equal(f.row.type, "12H01");
	assert_true(f.n_codes >= 2);
	assert_string_equal(f.codes[1].code, "12D02");
	assert_int_equal(f.row.grade, GRADE_IV);
	assert_string_equal(f.row.source, "122");
	assert_non_null(strstr(f.row.road, "G2"));
	assert_int_equal(figure(c, id, FACT_TRAPPED), 1);
	incident_full_clear(&f);
	assert_int_equal(incident_calls(c->st, id, &call, 1), 1);
	assert_string_equal(call.text, TANKER);
	assert_string_equal(call.unit, "高速交警");
	incident_calls_clear(&call, 1);
}

/* Rows 41, 33, 47: new figures add clocks and move none. */
static void
evacuation_adds_the_province(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER);

	at("07-10 03:50");
	act(c, &c->officer, "incident.call",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "text",
		"三垛镇报告：已转移群众620人，驾驶员已救出，2人受伤，其中1人重伤"),
	    NULL);
	expect_clocks(c, id,
	    "07-10 03:42 phone 扬州市应急管理局 open\n"
	    "07-10 03:42 phone 扬州市委市政府总值班室 open\n"
	    "07-10 04:12 written 扬州市应急管理局 open\n"
	    "07-10 04:12 written 扬州市人民政府 open\n"
	    "07-10 04:50 province 江苏省应急管理厅 open\n"
	    "07-10 05:12 law 扬州市应急管理局 open\n"
	    "07-18 00:00 window 扬州市应急管理局 open\n");
	assert_int_equal(figure(c, id, FACT_EVACUATED), 620);
	assert_int_equal(figure(c, id, FACT_SERIOUS), 1);
}

/* Row 21. */
static void
piping(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-09 18:45", PIPING);

	expect_clocks(c, id,
	    "07-09 19:15 phone 扬州市应急管理局 open\n"
	    "07-09 19:15 phone 扬州市委市政府总值班室 open\n"
	    "07-09 19:45 written 扬州市应急管理局 open\n"
	    "07-09 19:45 written 扬州市人民政府 open\n"
	    "07-09 20:45 law 扬州市应急管理局 open\n");
}

/* Rows 29 and 33. */
static void
fire_and_its_window(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-09 21:40", FIRE);
	struct incident_row row;
	char *said;

	expect_clocks(c, id,
	    "07-09 22:10 phone 扬州市应急管理局 open\n"
	    "07-09 22:10 phone 扬州市委市政府总值班室 open\n"
	    "07-09 22:40 written 扬州市应急管理局 open\n"
	    "07-09 22:40 written 扬州市人民政府 open\n"
	    "07-09 23:40 law 扬州市应急管理局 open\n"
	    "07-17 00:00 window 扬州市应急管理局 open\n"); /* 07-16 24:00 */
	at("07-09 22:55");
	act(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:i, s:i, s:s}", "incident", (json_int_t)id, "dead", 1, "injured", 1,
		"source", "120"),
	    &said);
	assert_non_null(strstr(said, "Dead 1"));
	free(said);
	assert_true(incident_get(c->st, id, &row));
	assert_int_equal(row.grade, GRADE_IV);
	assert_int_equal(figure(c, id, FACT_INJURED), 1);
}

/* Row 11: no grade, but pupils: the clocks run. */
static void
pupils_are_sensitive(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-09 13:15",
	    "110转报：三垛镇三阳河边2名小学生游泳，1人已救起，1人失踪，消防、公安已到场");
	struct incident_full f;
	char *have = clocks(c, id);

	assert_true(strncmp(have, "07-09 13:45 phone", 17) == 0);
	assert_non_null(strstr(have, "07-09 14:15 written"));
	free(have);
	assert_true(incident_full(c->st, id, &f));
	assert_true(f.row.sensitive);
	assert_non_null(strstr(f.sensitive_why, "学生"));
	incident_full_clear(&f);
}

/* Row 37: a quake below the plan starts nothing. */
static void
small_quake(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 00:40",
	    "中国地震台网：7月10日0时38分兴化发生3.6级地震，震源深度10公里，距高邮45公里");

	expect_clocks(c, id, "");
}

/* Row 43: a child event has its own department's clock and no second chain of reports. */
static void
pollution_is_a_child(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), child;
	struct incident_row row;

	at("07-10 04:30");
	child = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:I}", "text",
		"生态环境局：冲洗水流入三阳河支沟，氨氮8mg/L，距下游取水口6.2公里", "parent",
		(json_int_t)id),
	    NULL);
	expect_clocks(c, child, "07-10 08:30 dept 扬州市生态环境局 open\n");
	assert_int_equal(incident_children(c->st, id, &row, 1), 1);
	assert_true(row.id == child && row.parent == id);
}

/* Row 46. */
static void
banquet(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(
	    c, "07-10 06:30", "卫健委：送桥镇一婚宴聚餐后32人出现呕吐腹泻，无死亡，已送医救治");

	expect_clocks(c, id, "07-10 08:30 dept 扬州市人民政府 open\n");
}

/* Rows 3 and 36: the daily figures, until the matter ends. */
static void
flood_daily(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(
	    c, "07-07 10:00", "镇街报告：全市普降暴雨，多地内涝，转移群众120人，农作物受灾");
	char *have = clocks(c, id);
	struct clock_filter f = {.incident = id, .open = true, .due_before = CLOCK_NONE};
	struct clock_row rows[10];
	int64_t daily = 0;

	assert_non_null(strstr(have, "07-08 09:00 daily 扬州市应急管理局（灾情系统） open"));
	assert_non_null(strstr(have, "07-07 12:00 disaster 扬州市应急管理局（灾情系统） open"));
	free(have);
	for (const char *day = "89"; *day; day++) {
		char when[20] = "07-0x 08:52";
		when[4] = *day;
		at(when);
		daily = 0;
		for (size_t i = 0, n = incident_clocks(c->st, &f, rows, 10); i < n; i++)
			if (strcmp(rows[i].kind, "daily") == 0)
				daily = rows[i].id;
		assert_true(daily != 0);
		act(c, &c->officer, "clock.close",
		    json_pack("{s:I, s:s}", "clock", (json_int_t)daily, "why", "灾情系统已报"),
		    NULL);
	}
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-09 09:00 daily 扬州市应急管理局（灾情系统） met"));
	assert_non_null(strstr(have, "07-10 09:00 daily 扬州市应急管理局（灾情系统） open"));
	free(have);
}

/* The law's minimum, and the question to ask. */
static void
refuses_without_place_nature_source(void **state)
{
	struct county *c = *state;

	at("07-09 18:45");
	refused(c, &c->officer, "incident.open", json_pack("{s:s}", "text", "喂你好"), ERR_INPUT,
	    "place");
	refused(c, &c->officer, "incident.open", json_pack("{s:s}", "text", "喂你好"), ERR_INPUT,
	    "nature");
	refused(c, &c->officer, "incident.open", json_pack("{s:s}", "text", "临泽镇子婴河圩堤管涌"),
	    ERR_INPUT, "source");
	assert_int_equal(incident_count(c->st, &(struct incident_filter){.open = true}, 10), 0);
	/* A filled form needs no reading. */
	act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:s, s:s}", "text", "喂你好", "place", "界首镇老街", "nature",
		"不明气味", "source", "12345"),
	    NULL);
	assert_int_equal(incident_count(c->st, &(struct incident_filter){.open = true}, 10), 1);
	refused(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s}", "text", TANKER, "received", "2025-07-10 03:12"), ERR_INPUT,
	    "future");
}

/* Row 9. */
static void
no_incident_needs_cause_and_measure(void **state)
{
	struct county *c = *state;
	int64_t id;
	struct incident_row row;
	char *have;

	at("07-09 11:17");
	id = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s}", "text",
		"企业报告：冷库A氨气报警，阀门填料渗漏，现场已清场，无人员受伤", "place",
		"高邮镇某冷库"),
	    NULL);
	refused(c, &c->officer, "incident.not", json_pack("{s:I}", "incident", (json_int_t)id),
	    ERR_INPUT, NULL);
	refused(c, &c->officer, "incident.not",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "cause", "阀门填料渗漏"), ERR_INPUT,
	    NULL);
	at("07-09 11:50");
	act(c, &c->officer, "incident.not",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)id, "cause", "阀门填料渗漏",
		"measure", "已更换填料，11:50 复测 6 ppm"),
	    NULL);
	assert_true(incident_get(c->st, id, &row));
	assert_string_equal(row.state, "not_incident");
	have = clocks(c, id);
	assert_null(strstr(have, " open"));
	free(have);
	refused(c, &c->officer, "incident.call",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "text", "又响了"), ERR_STATE,
	    "reopen");
}

/* Row 10: the competent unit, with receiver and time; its answer is waited for. */
static void
transfer(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-09 12:05",
	    "12345转办：高邮街道老小区居民反映燃气异味，来电人张女士，电话0514-55500777");

	expect_clocks(c, id, "");
	refused(c, &c->officer, "incident.transfer",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "to", "高邮市住建局"), ERR_INPUT,
	    NULL);
	act(c, &c->officer, "incident.transfer",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)id, "to", "高邮市住建局",
		"receiver", "值班员王某"),
	    NULL);
	expect_clocks(c, id, "07-09 12:35 feedback 高邮市住建局 open\n");
}

static void
township_sees_its_own(void **state)
{
	struct county *c = *state;
	int64_t id;

	at("07-09 18:45");
	refused(c, &c->township, "incident.open",
	    json_pack("{s:s}", "text", "三垛镇报告：三垛镇一民房起火"), ERR_REFUSED, NULL);
	id = act(c, &c->township, "incident.open", json_pack("{s:s}", "text", PIPING), NULL);
	act(c, &c->township, "incident.figures",
	    json_pack(
		"{s:I, s:i, s:s}", "incident", (json_int_t)id, "evacuated", 86, "source", "临泽镇"),
	    NULL);
	refused(c, &c->township, "incident.end",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "why", "x"), ERR_REFUSED, NULL);
}

/* A phone report counts only with the receiver; late is late. */
static void
clocks_close_with_proof(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER);
	struct clock_filter f = {.incident = id, .open = true, .due_before = CLOCK_NONE};
	struct clock_row rows[10];
	int64_t overdue, open, next;

	assert_int_equal(incident_clocks(c->st, &f, rows, 10), 5);
	refused(c, &c->officer, "clock.close", json_pack("{s:I}", "clock", (json_int_t)rows[0].id),
	    ERR_INPUT, NULL);
	at("07-10 03:39");
	act(c, &c->officer, "clock.close",
	    json_pack("{s:I, s:s}", "clock", (json_int_t)rows[0].id, "receiver", "刘某"), NULL);
	refused(c, &c->officer, "clock.close",
	    json_pack("{s:I, s:s}", "clock", (json_int_t)rows[0].id, "receiver", "刘某"), ERR_STATE,
	    NULL);
	at("07-10 03:44");
	incident_clock_counts(c->st, 0, &overdue, &open, &next);
	assert_int_equal(overdue, 1);
	assert_int_equal(open, 4);
	assert_true(next == at("07-10 04:12"));
	at("07-10 03:44");
	act(c, &c->officer, "clock.close",
	    json_pack("{s:I, s:s}", "clock", (json_int_t)rows[1].id, "receiver", "赵某"), NULL);
	refused(c, &c->officer, "clock.close",
	    json_pack("{s:I, s:s, s:s}", "clock", (json_int_t)rows[2].id, "number", "2025-089",
		"why", "x"),
	    ERR_INPUT, "signer");
	refused(c, &c->officer, "clock.close",
	    json_pack("{s:I, s:s}", "clock", (json_int_t)rows[4].id, "why", "x"), ERR_STATE, NULL);
	expect_clocks(c, id,
	    "07-10 03:42 phone 扬州市应急管理局 met\n"
	    "07-10 03:42 phone 扬州市委市政府总值班室 late\n"
	    "07-10 04:12 written 扬州市应急管理局 open\n"
	    "07-10 04:12 written 扬州市人民政府 open\n"
	    "07-10 05:12 law 扬州市应急管理局 open\n");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, county_make, county_clear)
	const struct CMUnitTest tests[] = {TEST(tanker), TEST(evacuation_adds_the_province),
	    TEST(piping), TEST(fire_and_its_window), TEST(pupils_are_sensitive), TEST(small_quake),
	    TEST(pollution_is_a_child), TEST(banquet), TEST(flood_daily),
	    TEST(refuses_without_place_nature_source), TEST(no_incident_needs_cause_and_measure),
	    TEST(transfer), TEST(township_sees_its_own), TEST(clocks_close_with_proof)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
