/*
 * Roster, handover and the sealed log: rows 1, 49 and 50 of the shift script, and what is refused
 * on the way.
 */
#include "tests/dispatch/scene.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "duty/duty.h"
#include "report/report.h"
#include "store/journal.h"

#include <stdio.h>

static char typed[1024];
#define T(...) (snprintf(typed, sizeof(typed), __VA_ARGS__), typed)

static void
check_all(struct county *c, const struct actor *who)
{
	struct handover_row h;
	struct handover_check checks[40];
	size_t n;

	assert_true(duty_handover(c->st, &h));
	n = duty_handover_checks(c->st, h.id, checks, 40);
	assert_true(n >= 5);
	for (size_t i = 0; i < n; i++)
		act(c, who, "handover.check",
		    json_pack("{s:I, s:s}", "item", (json_int_t)checks[i].n, "result", "ok"), NULL);
	handover_row_clear(&h);
}

/* Hand over by both signatures and open. */
static void
hand_over(struct county *c, const char *from, const char *to)
{
	struct actor out = person(c, from), in = person(c, to);

	line(c, &out, "交班");
	line(c, &out, "交接签字");
	check_all(c, &in);
	line(c, &in, "交接签字");
	line(c, &in, "接班");
}

static const struct handover_item *
item_of(const struct handover_item *items, size_t n, const char *kind, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(items[i].kind, kind) == 0 && strstr(items[i].title, words))
			return &items[i];
	fail_msg("no item %s \"%s\"", kind, words);
	return NULL;
}

/* Row 1. Two open items; the shift cannot open until both sides have signed; limits stay. */
static void
row_1(void **state)
{
	struct county *c = *state;
	struct actor out = person(c, "孙悦"), chief_out = person(c, "杨春燕"),
		     in = person(c, "陈涛");
	struct actor leader = person(c, "王建国"), stranger = person(c, "周雪梅");
	struct clock_filter open = {.open = true, .due_before = CLOCK_NONE};
	struct clock_row clocks[8], after[8];
	struct handover_item items[64];
	struct handover_row h;
	struct watch_row w;
	struct err err = ERR_NONE;
	struct buf paper = BUF_MAX(1 << 20);
	struct verify_report report;
	size_t n_clocks, n;
	char head[100];

	at("07-07 20:40");
	line(c, &c->officer,
	    "接报 source=部门 unit=市防指 caller=葛长河 type=11A02 place=全市里下河地区 "
	    "title=全市里下河地区洪涝 nature=内涝 "
	    "7日14时起全市普降暴雨，里下河河网水位上涨，低洼农田受灾约1200公顷");
	at("07-09 08:05");
	line(c, &c->chief, "督办 临泽镇 due=07-10T17:00 basis=市长办公会 圩堤隐患整改");
	n_clocks = incident_clocks(c->st, &open, clocks, 8);
	assert_true(n_clocks > 0);

	at("07-09 08:20");
	bad_line(c, &in, "接班", ERR_REFUSED, "no handover");
	line(c, &out, "交班");
	bad_line(c, &out, "交班", ERR_STATE, "under way");
	assert_true(duty_handover(c->st, &h));
	crew_names(&h.out, head, sizeof(head));
	holds(head, "孙悦");
	handover_row_clear(&h);
	bad_line(c, &in, "接班", ERR_REFUSED, "Neither side");
	bad_line(c, &in, "交接签字", ERR_REFUSED, "outgoing crew signs first");
	bad_line(c, &stranger, "交接签字", ERR_REFUSED, "neither crew");
	bad_line(c, &in, "交班说明 备用电源已报修", ERR_REFUSED, "outgoing crew's");
	line(c, &out, "交班说明 备用电源已报修");
	line(c, &leader, "交班说明 汛期关键日，夜间加密巡堤");
	line(c, &out, "交接签字");
	bad_line(c, &out, "交接签字", ERR_STATE, "already");
	bad_line(c, &out, "交班说明 补一句", ERR_STATE, "has signed");
	bad_line(c, &in, "接班", ERR_REFUSED, "incoming crew has not signed");
	bad_line(c, &in, "交接签字", ERR_REFUSED, "not checked");
	bad_line(c, &out, "清点 1 ok", ERR_REFUSED, "incoming crew");
	bad_line(c, &in, "清点 3 fault", ERR_INPUT, "what is wrong");
	bad_line(c, &in, "清点 99 ok", ERR_NOT_FOUND, "99");
	check_all(c, &in);
	line(c, &in, "清点 3 fault 备用电源待修");

	/* What comes in between the signatures is added and marked. */
	at("07-09 08:27");
	line(c, &out, "收件 气象局 kind=预警 title=雷电黄色预警 预计未来6小时有雷电");
	assert_true(duty_handover(c->st, &h));
	n = duty_handover_items(c->st, h.id, items, 64);
	assert_true(item_of(items, n, "inbox", "雷电")->late);
	assert_false(item_of(items, n, "instruction", "圩堤隐患")->late);
	assert_int_equal(item_of(items, n, "clock", "")->due, clocks[0].due);
	assert_int_equal(h.faults, 1);
	handover_row_clear(&h);

	at("07-09 08:30");
	holds(line(c, &in, "交接签字"), "came since");
	bad_line(c, &out, "接班", ERR_REFUSED, "takes it over");
	bad_line(c, &in, "交班作废 弄错了", ERR_STATE, "Both sides");
	line(c, &chief_out, "交接签字");
	holds(line(c, &in, "接班"), "watch opened");
	assert_true(duty_watch(c->st, &w));
	assert_int_equal(w.opened, clock_now());
	assert_false(duty_handover(c->st, &h));

	/* Every limit is where it was. */
	assert_int_equal(incident_clocks(c->st, &open, after, 8), n_clocks);
	for (size_t i = 0; i < n_clocks; i++) {
		assert_int_equal(after[i].id, clocks[i].id);
		assert_int_equal(after[i].due, clocks[i].due);
		assert_int_equal(after[i].starts, clocks[i].starts);
	}

	/* The paper carries the chain's head, and the head proves the journal. */
	assert_true(duty_handover_get(c->st, w.handover, &h));
	assert_true(duty_handover_text(c->st, h.id, &paper, &err));
	holds(buf_str(&paper), h.head);
	holds(buf_str(&paper), "备用电源已报修");
	holds(buf_str(&paper), "夜间加密巡堤");
	holds(buf_str(&paper), "圩堤隐患整改");
	holds(buf_str(&paper), "备用电源待修");
	snprintf(head, sizeof(head), "%lld:%s", (long long)h.head_seq, h.head);
	assert_true(store_verify(c->st, head, &report, &err));
	if (report.problems[0])
		fail_msg("%s", report.problems[0]);
	verify_clear(&report);
	handover_row_clear(&h);
	buf_clear(&paper);
}

/*
 * Orders do not drown the paper: those that run are one item an incident, with how many each unit has; the overdue stand alone, and so
 * does one that is issued after the outgoing side had signed.
 */
static void
orders_are_counted(void **state)
{
	struct county *c = *state;
	struct actor out = person(c, "孙悦"), in = person(c, "陈涛");
	struct handover_item items[64];
	struct handover_row h;
	struct order_row orders[8];
	struct order_filter open = {.open = true};
	struct buf paper = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;
	char no[16];
	int64_t dike;
	size_t n;
	int single = 0, groups = 0;

	at("07-09 08:00");
	dike = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:s}", "text",
		"临泽镇值班室报告：子婴河圩堤临泽段出现管涌，危及30户86人", "place",
		"临泽镇子婴河圩堤", "nature", "堤防管涌险情"),
	    NULL);
	snprintf(no, sizeof(no), "%s", scene_no(c, dike));
	line(c, &c->officer, T("派 水利局 %s due=2025-07-09T08:10 先报水位", no));
	line(c, &c->officer, T("派 水利局 %s 堵漏", no));
	line(c, &c->officer, T("派 水利局 %s 探摸", no));
	line(c, &c->officer, T("派 气象局 %s 加密雨情通报", no));
	assert_int_equal(dispatch_orders(c->st, &open, orders, 8), 4);
	for (size_t i = 0; i < 4; i++)
		if (strstr(orders[i].content, "先报水位"))
			act(c, &c->officer, "order.ack",
			    json_pack("{s:I}", "order", (json_int_t)orders[i].id), NULL);

	at("07-09 08:20");
	line(c, &out, "交班");
	line(c, &out, "交接签字");
	assert_true(duty_handover(c->st, &h));
	n = duty_handover_items(c->st, h.id, items, 64);
	for (size_t i = 0; i < n; i++) {
		single += strcmp(items[i].kind, "order") == 0;
		groups += strcmp(items[i].kind, "orders") == 0;
	}
	assert_int_equal(single, 1);
	assert_int_equal(groups, 1);
	holds(item_of(items, n, "order", "先报水位")->title, "acknowledged");
	assert_int_equal(item_of(items, n, "orders", "")->ref, dike);
	assert_int_equal(
	    item_of(items, n, "orders", "")->due, orders[0].issued + 30 * CLOCK_MINUTE);
	assert_string_equal(item_of(items, n, "orders", "")->title,
	    T("%s orders open 3, not acknowledged 3: 高邮水利局 2 高邮气象局", no));

	/* Issued now, and an old one becomes overdue: the first is new to whoever takes over, the second is not. */
	at("07-09 08:31");
	line(c, &c->officer, T("派 城管局 %s 清障", no));
	n = duty_handover_items(c->st, h.id, items, 64);
	single = 0;
	for (size_t i = 0; i < n; i++)
		single += strcmp(items[i].kind, "order") == 0;
	assert_int_equal(single, 2);
	assert_true(item_of(items, n, "order", "清障")->late);

	/* The reader has the titles in their own language, though they were signed for in another. */
	check_all(c, &in);
	line(c, &in, "交接签字");
	i18n_set_language("zh_CN");
	n = duty_handover_items(c->st, h.id, items, 64);
	holds(
	    item_of(items, n, "orders", "")->title, T("%s 在办指令 3, 待签收 3: 高邮水利局 2", no));
	assert_true(duty_handover_text(c->st, h.id, &paper, &err));
	i18n_set_language("en");
	holds(buf_str(&paper), "在办事项和时限");
	holds(buf_str(&paper), "值班电话、传真");
	/* The items stand there once: not again in what the record says. */
	assert_null(strstr(strstr(buf_str(&paper), "在办指令 3") + 4, "在办指令 3"));
	handover_row_clear(&h);
	buf_clear(&paper);
}

/* Who takes over reads how far an order that nobody acknowledged has climbed, and whom to ring. */
static void
orders_nobody_acknowledged(void **state)
{
	struct county *c = *state;
	struct actor out = person(c, "孙悦"), system;
	struct handover_item items[64];
	struct handover_row h;
	struct err err = ERR_NONE;
	const struct handover_item *item;
	char no[16];
	size_t n;

	at("07-09 08:00");
	snprintf(no, sizeof(no), "%s",
	    scene_no(c, act(c, &c->officer, "incident.open",
			    json_pack("{s:s, s:s, s:s}", "text",
				"临泽镇值班室报告：子婴河圩堤临泽段出现管涌，危及30户86人", "place",
				"临泽镇子婴河圩堤", "nature", "堤防管涌险情"),
			    NULL)));
	line(c, &c->officer, T("派 水利局 %s ack=10 堵漏", no));
	actor_system(&system, "tick");
	at("07-09 08:10");
	assert_true(dispatch_tick(c->st, &system, &err));
	at("07-09 08:20");
	line(c, &out, "交班");
	line(c, &out, "交接签字");
	assert_true(duty_handover(c->st, &h));
	n = duty_handover_items(c->st, h.id, items, 64);
	item = item_of(items, n, "order", "堵漏");
	holds(item->title, "ring again");
	holds(item->title, "0514-5550");
	handover_row_clear(&h);
}

/* Row 50. The log of the watch before is sealed: nothing is dated into it, corrections are added.
 */
static void
row_50(void **state)
{
	struct county *c = *state;
	struct actor next = person(c, "周雪梅");
	struct register_filter f = {.book = BOOK_LOG, .from = CLOCK_NONE, .to = CLOCK_NONE};
	struct register_row rows[64];
	struct watch_row before, now;
	struct handover_item items[64];
	struct buf text = BUF_MAX(1 << 20);
	char *said;
	int64_t dike;
	size_t n;
	int struck = 0;

	at("07-09 08:30");
	hand_over(c, "孙悦", "陈涛");
	dike = scene_dike(c);
	at("07-09 19:05");
	act(c, &c->officer, "log.add", json_pack("{s:s}", "text", "子婴河水位2.31米"), &said);
	holds(said, "log-1");
	free(said);
	/* Row 49: the draft is handed over as an open item. */
	at("07-10 08:05");
	act(c, &c->officer, "report.draft", json_pack("{s:I}", "incident", (json_int_t)dike), NULL);

	at("07-10 08:30");
	hand_over(c, "陈涛", "周雪梅");
	assert_true(duty_watch(c->st, &now));
	assert_int_equal(duty_watches(c->st, now.id, &before, 1), 1);
	assert_int_equal(before.closed, now.opened);
	assert_true(before.seal_seq > 0);
	assert_int_equal(strlen(before.seal), 64);
	n = duty_handover_items(c->st, now.handover, items, 64);
	item_of(items, n, "report", "管涌");
	item_of(items, n, "clock", "");

	at("07-10 09:00");
	bad_line(c, &next, "日志 at=07-10T08:10 补记一笔", ERR_REFUSED, "sealed");
	bad_line(c, &next, "电话 at=07-10T08:10 unit=水利局 补记", ERR_REFUSED, "sealed");
	bad_line(c, &next, "日志 at=07-10T10:00 还没发生", ERR_INPUT, "ahead");
	line(c, &next, "日志 at=07-10T08:45 开班后的事");
	holds(line(c, &next, "订正 log-1 why=抄错 子婴河水位2.13米"), "corrects log-1");
	bad_line(c, &next, "订正 log-1 why=又错 子婴河水位2.30米", ERR_STATE, "already");

	n = duty_register_rows(c->st, &f, rows, 64);
	for (size_t i = 0; i < n; i++)
		if (rows[i].struck) {
			struck++;
			assert_string_equal(rows[i].no, "log-1");
			holds(rows[i].text, "2.31");
		}
	assert_int_equal(struck, 1);
	register_rows_clear(rows, n);
	assert_true(duty_register_text(c->st, &f, false, &text));
	holds(buf_str(&text), "2.31");
	holds(buf_str(&text), "2.13");
	holds(buf_str(&text), "~~");
	buf_clear(&text);

	/* The difference since one's own last shift. */
	assert_int_equal(duty_since(c->st, c->officer.person, &text), before.closed);
	buf_clear(&text);
	assert_int_equal(duty_since(c->st, next.person, &text), CLOCK_NONE);
	holds(buf_str(&text), "管涌");
	buf_clear(&text);
	at("07-11 08:30");
	hand_over(c, "周雪梅", "吴倩");
	at("07-11 09:00");
	act(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:s, s:i}", "incident", (json_int_t)dike, "source", "临泽镇",
		"evacuated", 90),
	    NULL);
	duty_since(c->st, c->officer.person, &text);
	holds(buf_str(&text), "90");
	buf_clear(&text);
}

/* A substitute signs only with an approved swap; the swap needs somebody else's word. */
static void
swaps(void **state)
{
	struct county *c = *state;
	struct actor asker = person(c, "陈涛"), other = person(c, "周雪梅"),
		     leader = person(c, "王建国");
	struct swap_row rows[4];
	struct roster_day days[31];
	int64_t who, starts, ends;

	at("07-09 09:00");
	line(c, &asker, "换班 officer 周雪梅 day=2025-07-14 参加培训");
	assert_int_equal(duty_swaps(c->st, true, rows, 4), 1);
	assert_true(duty_shift_at(c->st, "officer", rows[0].starts, &who, &starts, &ends));
	assert_int_equal(starts, at("07-14 08:30"));
	assert_int_equal(who, asker.person);
	at("07-09 09:01");
	bad_line(c, &asker, "换班 officer 吴倩 day=2025-07-14 也行", ERR_STATE, "waits");
	bad_line(c, &asker, "准换 周雪梅", ERR_REFUSED, NULL);
	bad_line(c, &asker, "换班 leader 周雪梅 day=2025-07-14 不行", ERR_INPUT, "by a leader");
	line(c, &c->chief, "准换 周雪梅 同意");
	bad_line(c, &c->chief, "准换 周雪梅 同意", ERR_STATE, "decided");
	assert_int_equal(duty_swaps(c->st, true, rows, 4), 0);
	assert_true(duty_shift_at(c->st, "officer", at("07-14 12:00"), &who, &starts, &ends));
	assert_int_equal(who, other.person);
	assert_int_equal(duty_roster(c->st, 2025, 7, days), 31);
	assert_string_equal(days[13].name[2], "周雪梅");
	assert_true(days[13].swapped[2]);
	assert_false(days[12].swapped[2]);
	assert_string_equal(days[8].name[0], "王建国");
	assert_string_equal(days[8].name[4], "何大勇");

	/* A leader's swap is a leader's to decide, and not by one of the two. */
	at("07-09 09:10");
	line(c, &leader, "换班 leader 沈志强 day=2025-07-14 出差");
	bad_line(c, &c->chief, "准换 沈志强", ERR_REFUSED, "leader");
	bad_line(c, &leader, "准换 沈志强", ERR_REFUSED, "neither");
	other = person(c, "顾明华");
	line(c, &other, "不准换 沈志强 当日有督查");
	assert_true(duty_shift_at(c->st, "leader", at("07-14 12:00"), &who, &starts, &ends));
	assert_int_equal(who, leader.person);

	/* 双带班 */
	at("07-09 09:20");
	line(c, &c->chief, "双带班 2025-07-12 to=2025-07-13 person=方正平 强降雨过程");
	duty_roster(c->st, 2025, 7, days);
	assert_true(days[11].double_lead && days[12].double_lead);
	assert_false(days[13].double_lead);
	assert_string_equal(days[11].town, "方正平");
}

/* The paper of a month holds that month's swaps, however many were asked since for others. */
static void
a_month_has_its_swaps(void **state)
{
	struct county *c = *state;
	struct actor asker = person(c, "陈涛");
	struct buf text = BUF_MAX(1 << 20);

	at("07-09 09:00");
	line(c, &asker, "换班 officer 周雪梅 day=2025-07-14 参加培训");
	line(c, &c->chief, "准换 周雪梅 同意");
	for (int i = 0; i < 70; i++) {
		line(c, &asker, "换班 officer 周雪梅 day=2025-08-12 又问");
		line(c, &c->chief, "不准换 周雪梅 不行");
	}
	assert_true(duty_roster_text(c->st, 2025, 7, &text));
	holds(buf_str(&text), "参加培训");
	assert_null(strstr(buf_str(&text), "又问"));
	buf_reset(&text);
	assert_true(duty_roster_text(c->st, 2025, 8, &text));
	holds(buf_str(&text), "又问");
	assert_null(strstr(buf_str(&text), "参加培训"));
	buf_clear(&text);
}

/* One person stands in both crews: he signs for one, not for both. */
static void
nobody_signs_twice(void **state)
{
	struct county *c = *state;
	struct actor both = person(c, "陈涛"), leader = person(c, "顾明华");
	struct duty_counts counts;

	at("07-09 08:30");
	hand_over(c, "孙悦", "陈涛");
	at("07-09 12:00");
	line(c, &both, "换班 officer 陈涛 day=2025-07-10 连班");
	line(c, &leader, "准换 陈涛");
	bad_line(c, &both, "交班", ERR_STATE, "two hours");
	at("07-10 08:20");
	line(c, &both, "交班");
	bad_line(c, &both, "交接签字", ERR_INPUT, "both crews");
	line(c, &both, "交接签字 side=outgoing");
	check_all(c, &both);
	bad_line(c, &both, "交接签字 side=incoming", ERR_REFUSED, "both sides");
	at("07-10 08:35");
	duty_count(c->st, 0, &counts);
	assert_true(counts.handing_over);
	both = person(c, "张立群"); /* the incoming chief */
	line(c, &both, "交接签字");
	line(c, &both, "接班");
	duty_count(c->st, 0, &counts);
	assert_false(counts.handing_over || counts.unopened);
	at("07-11 08:31");
	duty_count(c->st, 0, &counts);
	assert_true(counts.unopened);
}

static void
write_alerts(struct store *st, int64_t area, struct buf *out, struct duty_items *items)
{
	(void)st;
	(void)area;
	buf_add(out, "  暴雨橙色 有效\n");
	duty_item_add(items, "alert", 77, CLOCK_NONE, "暴雨橙色");
}

/* Another room's lines stand in the brief without duty knowing it. */
static void
sections(void **state)
{
	static const struct duty_section alerts[] = {
	    {"alerts", "Live alerts", true, false, write_alerts}};
	struct county *c = *state;
	struct buf brief = BUF_MAX(1 << 20), spot = BUF_MAX(1 << 20);

	duty_section_register(c->st, alerts, 1);
	scene_dike(c);
	assert_true(duty_brief(c->st, &brief));
	holds(buf_str(&brief), "Live alerts\n  暴雨橙色 有效");
	holds(buf_str(&brief), "alert  暴雨橙色");
	holds(buf_str(&brief), "管涌");
	holds(buf_str(&brief), "Messages waiting to go out: 0");
	assert_true(duty_spot_text(c->st, &spot));
	assert_null(strstr(buf_str(&spot), "Live alerts"));
	buf_clear(&brief);
	buf_clear(&spot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(row_1, county_make, county_clear),
	    cmocka_unit_test_setup_teardown(orders_are_counted, county_make, county_clear),
	    cmocka_unit_test_setup_teardown(orders_nobody_acknowledged, county_make, county_clear),
	    cmocka_unit_test_setup_teardown(row_50, county_make, county_clear),
	    cmocka_unit_test_setup_teardown(swaps, county_make, county_clear),
	    cmocka_unit_test_setup_teardown(a_month_has_its_swaps, county_make, county_clear),
	    cmocka_unit_test_setup_teardown(nobody_signs_twice, county_make, county_clear),
	    cmocka_unit_test_setup_teardown(sections, county_make, county_clear),
	};

	i18n_init();
	i18n_set_language("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
