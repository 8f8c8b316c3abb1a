/*
 * The room by voice: rows 2, 4, 5, 13, 14, 18, 19, 20, 24, 25, 28, 31 and 34 of the shift script,
 * each played through verbs, with what must be refused on the way.
 */
#include "tests/dispatch/scene.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "duty/duty.h"
#include "report/report.h"
#include "store/journal.h"

#include <stdio.h>

static char text[1024];
#define T(...) (snprintf(text, sizeof(text), __VA_ARGS__), text)

static void
tick(struct county *c)
{
	struct err err = ERR_NONE;

	if (!duty_tick(c->st, &err))
		fail_msg("%s", err.message);
}

static int64_t
hm(const char *when)
{
	int64_t ms;

	assert_true(clock_parse(when, clock_now(), &ms));
	return ms;
}

/* --- roll call -------------------------------------------------------------------------------- */

static struct roll_unit
roll_unit_named(struct county *c, int64_t roll, const char *name)
{
	struct roll_unit units[40];
	size_t n = duty_roll_units(c->st, roll, 0, units, 40);

	for (size_t i = 0; i < n; i++)
		if (strstr(units[i].name, name))
			return units[i];
	fail_msg("no %s in the roll call", name);
	return units[0];
}

/* Row 2. A missed unit stays open until a second contact is logged; the result can be exported. */
static void
row_2(void **state)
{
	static const char *const easy[] = {"高邮街道", "经济开发区", "城南新区", "龙虬镇", "汤庄镇",
	    "卸甲镇", "三垛镇", "界首镇", "周山镇", "临泽镇", "送桥镇", "菱塘乡", "消防救援大队",
	    "高邮公安局", "高邮生态环境局", "高邮卫健委", "高邮水利局", "高邮气象局"};
	struct county *c = *state;
	struct roll_row roll;
	struct roll_unit unit;
	struct duty_counts counts;
	struct buf paper = BUF_MAX(1 << 20), csv = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;

	at("07-09 08:40");
	holds(line(c, &c->officer, "点名"), "19 units");
	assert_int_equal(duty_rolls(c->st, 0, &roll, 1), 1);
	assert_int_equal(roll.close_due, hm("08:50"));
	for (size_t i = 0; i < COUNT_OF(easy); i++)
		line(c, &c->officer,
		    T("到岗 %s 值班员%zu %zu leader=带班%zu", easy[i], i, 5 + i, i));
	holds(line(c, &c->officer, "未接 甘垛镇"), "try 1");
	bad_line(c, &c->officer, "点名结束", ERR_REFUSED, "甘垛镇");
	at("07-09 08:43");
	holds(line(c, &c->officer, "未接 甘垛镇"), "try 2");
	duty_count(c->st, 0, &counts);
	assert_int_equal(counts.missed, 1);
	unit = roll_unit_named(c, roll.id, "甘垛镇");
	assert_string_equal(unit.state, "missed");
	bad_line(c, &c->officer, "点名结束", ERR_REFUSED, "甘垛镇");
	at("07-09 08:46");
	line(c, &c->officer,
	    "到岗 甘垛镇 甘长清 18 way=mobile number=0514-55502004 leader=分管领导 off_post "
	    "knows=知道暴雨橙色 fix=15分钟内到岗 在赶回途中");
	bad_line(c, &c->officer, "未接 甘垛镇", ERR_STATE, "answered already");
	unit = roll_unit_named(c, roll.id, "甘垛镇");
	assert_string_equal(unit.state, "late");
	assert_int_equal(unit.tries, 3);
	assert_int_equal(unit.first, hm("08:40"));
	assert_int_equal(unit.answered, hm("08:46"));
	assert_int_equal(unit.seconds, 18);
	assert_true(unit.off_post);
	assert_string_equal(unit.number, "0514-55502004");
	at("07-09 08:49");
	holds(line(c, &c->officer, "点名结束"), "18 at the first try, 1 later, 1 off post");
	bad_line(c, &c->officer, "未接 甘垛镇", ERR_NOT_FOUND, "No open roll call");
	assert_true(duty_roll_text(c->st, roll.id, &paper, &err));
	holds(buf_str(&paper), "甘垛镇");
	holds(buf_str(&paper), "reached later  甘垛镇人民政府  NOT ON POST");
	holds(buf_str(&paper),
	    "08:46  mobile 0514-55502004, tries: 3, answered by 甘长清 after 18 s");
	holds(buf_str(&paper), "leader on duty: 分管领导");
	holds(buf_str(&paper), "what it knows: 知道暴雨橙色");
	holds(buf_str(&paper), "remark: 在赶回途中");
	holds(buf_str(&paper), "to put right: 15分钟内到岗");
	holds(buf_str(&paper), "roll called by 陈涛  signed: ____");
	assert_true(duty_roll_csv(c->st, roll.id, &csv, &err));
	holds(buf_str(&csv), "甘垛镇人民政府,2025-07-09 08:43,0514-55500067,phone,no,");
	holds(buf_str(&csv),
	    "甘垛镇人民政府,2025-07-09 08:46,0514-55502004,mobile,yes,甘长清,18,no,"
	    "分管领导,知道暴雨橙色,在赶回途中,15分钟内到岗,陈涛\n");
	buf_clear(&paper);
	buf_clear(&csv);
	/* One unit is no "units", on the line and on paper. */
	holds(line(c, &c->officer, "点名 units=甘垛镇"), ", 1 unit, to be closed");
	assert_int_equal(duty_rolls(c->st, 0, &roll, 1), 1);
	assert_true(duty_roll_text(c->st, roll.id, &paper, &err));
	holds(buf_str(&paper), "\n1 unit: 0 at the first try");
	buf_clear(&paper);
	/* A township is not asked to write the county's roll. */
	refused(c, &c->township, "roll.start", json_object(), ERR_REFUSED, NULL);
}

/* --- call-and-answer -------------------------------------------------------------------------- */

static struct call_target
target_named(struct county *c, const char *name)
{
	struct call_target t;

	assert_true(duty_target(c->st, thing_named(c, "calltarget", name), &t));
	return t;
}

/* Rows 13 and 14: seven townships within 5 minutes; 周山镇 answers at the second contact, too late.
 */
static void
row_14(void **state)
{
	static const char *const easy[] = {
	    "临泽镇", "三垛镇", "甘垛镇", "汤庄镇", "卸甲镇", "界首镇"};
	struct county *c = *state;
	struct call_target t;
	struct callout_row call;
	struct buf csv = BUF_MAX(1 << 20), paper = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;
	struct actor own = person(c, "田家旺"); /* 临泽镇 */

	at("07-09 14:50");
	line(c, &c->officer,
	    "叫应 orange 临泽镇,三垛镇,甘垛镇,汤庄镇,卸甲镇,界首镇,周山镇 暴雨橙色预警");
	assert_int_equal(duty_callouts(c->st, true, 0, &call, 1), 1);
	assert_int_equal(call.targets, 9); /* the leader on duty and the flood headquarters too */
	t = target_named(c, "周山镇");
	assert_int_equal(t.due, hm("14:55"));
	assert_string_equal(t.person, "萧玉兰");
	bad_line(c, &c->officer, "叫通 临泽镇 田家旺", ERR_INPUT, NULL);
	/* A township answers for itself on its own console, and for nobody else. */
	line(c, &own, "叫通 临泽镇 田家旺 暴雨橙色，已上岗，加密巡堤");
	bad_line(c, &own, "叫通 周山镇 田家旺 替他答一声", ERR_NOT_FOUND, NULL);
	for (size_t i = 1; i < COUNT_OF(easy); i++)
		line(c, &c->officer,
		    T("叫通 %s 值班员 actions=加密巡查 暴雨橙色，3小时50毫米", easy[i]));
	bad_line(c, &c->officer, "叫通 三垛镇 值班员 又一次", ERR_STATE, "already");
	at("07-09 14:52");
	holds(line(c, &c->officer, "叫不通 周山镇"), "try 1");
	at("07-09 14:54");
	holds(line(c, &c->officer, "叫不通 周山镇"), "next: 分管负责人");
	t = target_named(c, "周山镇");
	assert_int_equal(t.contact, 2);
	assert_int_equal(t.tries, 0);
	assert_int_equal(t.step_due, hm("14:59"));
	assert_int_equal(t.breached, CLOCK_NONE);
	at("07-09 14:57");
	tick(c);
	t = target_named(c, "周山镇");
	assert_int_equal(t.breached, hm("14:55")); /* the limit, not the minute somebody looked */
	bad_line(c, &c->officer, "叫应结束 暴雨橙色", ERR_REFUSED, "have not answered");
	at("07-09 14:58");
	holds(line(c, &c->officer,
		  T("叫通 周山镇 %s actions=转移低洼户 收到暴雨橙色，马上到岗", t.person)),
	    "breach stays");
	t = target_named(c, "周山镇");
	assert_string_equal(t.state, "answered");
	assert_int_equal(t.answered, hm("14:58"));
	assert_int_equal(t.breached, hm("14:55"));
	assert_int_equal(t.all_tries, 3);
	assert_true(duty_callout(c->st, call.id, &call));
	assert_int_equal(call.answered, 7);
	assert_int_equal(call.breached, 3); /* the two leaders were not called at all */
	line(c, &c->officer, "叫应结束 暴雨橙色 why=带班领导、防指在会商室，当面知悉");
	bad_line(c, &c->officer, "叫不通 防汛", ERR_NOT_FOUND, NULL);
	assert_true(duty_callout_text(c->st, call.id, &paper, &err));
	holds(buf_str(&paper), "LIMIT BREACHED at 14:55:00");
	holds(buf_str(&paper), "14:52:00");
	holds(buf_str(&paper), "马上到岗");
	holds(buf_str(&paper), "level: orange");
	holds(buf_str(&paper), "called by 陈涛  signed: ____");
	assert_true(duty_callout_csv(c->st, call.id, &csv, &err));
	holds(
	    buf_str(&csv), "周山镇,answered,2025-07-09 14:55,2025-07-09 14:55,3,2025-07-09 14:58");
	holds(buf_str(&csv), T("周山镇,%s,%s,陈涛,%s,,orange\n", t.post, t.phone, t.person));
	buf_clear(&csv);
	buf_clear(&paper);
}

/* Row 20: leaders within 5, villages within 15 minutes, at once; steps happen by themselves at
 * their minute. */
static void
row_20(void **state)
{
	struct county *c = *state;
	struct call_target t;
	struct callout_row call;
	struct journal_filter system = {.from = CLOCK_NONE, .to = CLOCK_NONE, .verb = "duty."};
	struct journal_row row;
	struct call_target all[200];
	size_t n, lists = 0;

	at("07-09 18:20");
	line(c, &c->officer, "叫应 red 临泽镇 暴雨红色预警 临泽1小时62.3毫米");
	assert_int_equal(duty_callouts(c->st, true, 0, &call, 1), 1);
	n = duty_targets(c->st, call.id, 0, all, 200);
	assert_int_equal(n, (size_t)call.targets);
	for (size_t i = 0; i < n; i++)
		lists += i == 0 || strcmp(all[i].list, all[i - 1].list) != 0;
	assert_true(lists >= 3);
	t = target_named(c, "高远航");
	assert_int_equal(t.due, hm("18:25"));
	assert_string_equal(t.post, "市长");
	t = target_named(c, "蒋云生");
	assert_int_equal(t.due, hm("18:25"));
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].list, "villages") == 0)
			assert_int_equal(all[i].due, hm("18:35"));
	assert_int_equal(duty_next_due(c->st), hm("18:25"));
	at("07-09 18:24");
	tick(c);
	assert_int_equal(journal_page(c->st, &system, 0, &row, 1), 0);
	at("07-09 18:21");
	line(c, &c->officer, "叫通 高远航 高远航 暴雨红色，我到指挥部");
	line(c, &c->officer, "叫不通 蒋云生");
	at("07-09 18:25");
	tick(c);
	t = target_named(c, "蒋云生");
	assert_int_equal(t.breached, hm("18:25"));
	assert_int_equal(t.step_due, hm("18:30")); /* looked at in its minute: no drift */
	/* Nobody looks for seven minutes: one step, and the next contact has its minutes from now.
	 */
	at("07-09 18:37");
	tick(c);
	assert_int_equal(journal_page(c->st, &system, 0, &row, 1), 1);
	assert_int_equal(row.person, 0);
	assert_string_equal(row.via, "tick");
	holds(row.text, "18:30:00");
	holds(row.text, "not dialled in time");
	holds(row.text, "from 18:37:00 on, for nobody looked before");
	journal_row_clear(&row);
	t = target_named(c, "高远航");
	assert_int_equal(t.breached, CLOCK_NONE);
	t = all[n - 1];
	assert_string_equal(t.list, "villages");
	assert_true(duty_target(c->st, t.id, &t));
	assert_int_equal(t.contact, 3);
	assert_int_equal(t.step_due, hm("18:42"));
	assert_int_equal(t.breached, hm("18:35")); /* the limit itself does not move */
	/* Nothing happens twice. */
	tick(c);
	assert_int_equal(journal_count(c->st, &system, 10), 2);
	assert_true(duty_target(c->st, t.id, &t));
	assert_int_equal(t.contact, 3);
	/* His first number was dialled once; the ladder is through, and the one nobody dialled is
	 * up. */
	t = target_named(c, "蒋云生");
	assert_string_equal(t.state, "exhausted");
	assert_int_equal(t.contact, 2);
	assert_int_equal(t.step_due, CLOCK_NONE);
	assert_string_not_equal(t.phone, "");
	line(c, &c->officer, "叫不通 蒋云生");
	holds(line(c, &c->officer, "叫不通 蒋云生"), "the chief decides");
	/* Out of contacts is not out of duty: whoever is reached later is written down. */
	line(c, &c->officer, "叫通 蒋云生 蒋云生 收到");
}

/* A township without contacts of its own: its officer, its head, the police, the neighbour. */
static void
ladder_without_contacts(void **state)
{
	struct county *c = *state;
	struct call_target t;
	struct buf out = BUF_MAX(10000);

	at("07-09 14:50");
	act(c, &c->chief, "contact.add",
	    json_pack("{s:I, s:s, s:s, s:s, s:i}", "area", (json_int_t)321084200, "place",
		"不存在的村", "name", "何某", "phone", "0514-55502999", "rank", 1),
	    NULL);
	refused(c, &c->township, "contact.add",
	    json_pack("{s:I, s:s, s:s, s:i}", "area", (json_int_t)321084200, "name", "何某",
		"phone", "0514-55502998", "rank", 1),
	    ERR_REFUSED, NULL);
	refused(c, &c->chief, "contact.add",
	    json_pack("{s:s, s:s, s:i}", "name", "何某", "phone", "0514-55502998", "rank", 1),
	    ERR_INPUT, "belongs to");
	refused(c, &c->chief, "contact.add",
	    json_pack("{s:I, s:s, s:s, s:i}", "area", (json_int_t)321084200, "name", "何某",
		"phone", "0514-55502998", "rank", 0),
	    ERR_INPUT, "rank");
	line(c, &c->officer, "叫应 blue 菱塘 暴雨蓝色");
	t = target_named(c, "菱塘");
	assert_int_equal(t.contacts, 4);
	assert_true(duty_target_text(c->st, t.id, &out));
	holds(buf_str(&out), "派出所");
	holds(buf_str(&out), "neighbour");
	for (int i = 0; i < 8; i++)
		line(c, &c->officer, "叫不通 菱塘");
	t = target_named(c, "菱塘");
	assert_string_equal(t.state, "exhausted");
	bad_line(c, &c->officer, "叫应 red 没有的镇 暴雨", ERR_NOT_FOUND, NULL);
	buf_clear(&out);
}

/* --- instructions ----------------------------------------------------------------------------- */

static struct instruction_row
newest_instruction(struct county *c)
{
	struct instruction_filter f = {0};
	struct instruction_row row;

	assert_int_equal(duty_instructions(c->st, &f, &row, 1), 1);
	return row;
}

/* Rows 25 and 28: word by word, relayed 19:40, fed back 20:56, closed by the chief and not by the
 * owner. */
static void
rows_25_28(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	const char *no = scene_no(c, dike);
	struct actor owner = person(c, "田家旺"), other = person(c, "曹卫华"); /* 临泽镇, 三垛镇 */
	struct instruction_row row;
	struct instruction_filter mine = {.open = true, .area = other.area};
	struct buf sheet = BUF_MAX(100000);
	struct err err = ERR_NONE;

	at("07-09 19:30");
	line(c, &c->officer,
	    T("批示 高远航 临泽镇 post=市长 medium=phone helpers=水利局,应急局 due=21:00 "
	      "relay_due=19:40 incident=%s "
	      "全力抢险，确保人员安全，21:00前报告",
		no));
	row = newest_instruction(c);
	assert_string_equal(row.text, "全力抢险，确保人员安全，21:00前报告");
	assert_string_equal(row.owner, "临泽镇人民政府");
	assert_int_equal(row.due, hm("21:00"));
	assert_int_equal(row.runs, hm("19:40"));
	assert_int_equal(row.incident, dike);
	bad_line(c, &owner, "承办 001", ERR_STATE, "not been told");
	bad_line(c, &owner, "批示反馈 001 已组织抢险", ERR_STATE, "not been told");
	bad_line(c, &c->chief, "批示办结 001", ERR_STATE, "no feedback");
	at("07-09 19:36");
	holds(line(c, &c->officer, "传达 001 水利局"), "still to be told");
	assert_string_equal(newest_instruction(c).state, "registered");
	line(c, &c->officer, "传达 001 临泽镇 by_way=phone");
	row = newest_instruction(c);
	assert_string_equal(row.state, "relayed");
	assert_int_equal(row.relayed, hm("19:36"));
	assert_int_equal(row.runs, hm("21:00"));
	assert_int_equal(duty_instructions(c->st, &mine, &row, 1), 0);
	bad_line(c, &other, "承办 001", ERR_NOT_FOUND, NULL);
	line(c, &owner, "承办 001");
	bad_line(c, &owner, "承办 001", ERR_STATE, "already");
	at("07-09 20:31");
	tick(c);
	row = newest_instruction(c);
	assert_int_equal(row.reminders, 1); /* half an hour before: by itself */
	tick(c);
	assert_int_equal(newest_instruction(c).reminders, 1);
	at("07-09 20:50");
	line(c, &c->officer, "批示催办 001 马上报");
	at("07-09 20:56");
	line(c, &owner, "批示反馈 001 accepted_by=市政府办 管涌已控制，转移86人，无伤亡");
	bad_line(c, &owner, "批示办结 001", ERR_REFUSED, NULL);
	refused(c, &c->officer, "instruction.close",
	    json_pack("{s:I}", "instruction", (json_int_t)row.id), ERR_REFUSED, NULL);
	line(c, &c->chief, "批示退回 001 补报现场负责人");
	assert_string_equal(newest_instruction(c).state, "taken");
	at("07-09 20:59");
	line(c, &owner,
	    "批示反馈 001 accepted_by=市政府办 管涌已控制，转移86人，无伤亡，现场负责人林润泽");
	holds(line(c, &c->chief, "批示办结 001 已报市长"), "closed");
	row = newest_instruction(c);
	assert_string_equal(row.state, "closed");
	assert_string_equal(row.closed_by, "李敏");
	assert_int_equal(row.late_days, 0);
	bad_line(c, &c->chief, "批示催办 001", ERR_STATE, "closed");
	assert_true(duty_instruction_text(c->st, row.id, &sheet, &err));
	holds(buf_str(&sheet), "全力抢险，确保人员安全，21:00前报告");
	holds(buf_str(&sheet), "补报现场负责人");
	holds(buf_str(&sheet), "07-09 20:30  due in half an hour");
	/* Every field of handbook 3.2, and where to sign. */
	holds(buf_str(&sheet), "Instruction sheet");
	holds(buf_str(&sheet), "Instructed by: 高远航\npost: 市长\ngiven how: by telephone\n");
	holds(buf_str(&sheet), T("matter: 2025-%s 临泽镇", no));
	holds(buf_str(&sheet), "owner: 临泽镇人民政府\nhelpers: 水利局,应急局\n");
	holds(buf_str(&sheet), "relay by: 2025-07-09 19:40\nfeedback due: 2025-07-09 21:00\n");
	holds(buf_str(&sheet), "Relayed: 2025-07-09 19:36  临泽镇  by telephone  (陈涛)");
	holds(buf_str(&sheet), "Feedback: 2025-07-09 20:59  市政府办  (田家旺)  管涌已控制");
	holds(buf_str(&sheet), "Closed: 2025-07-09 20:59  (李敏)  已报市长");
	holds(buf_str(&sheet), "registered by 陈涛  signed: ____");
	holds(buf_str(&sheet), "owner 临泽镇人民政府  signed: ____");
	holds(buf_str(&sheet), "checked and closed by 李敏  signed: ____");
	holds(buf_str(&sheet), "outcome shown to 高远航  signed: ____");
	buf_clear(&sheet);
	at("07-09 21:30");
	tick(c);
	assert_int_equal(newest_instruction(c).reminders, 2);
}

/* A limit that nobody kept: not relayed, overdue, late by days; the bureau's own people do not
 * close their own. */
static void
supervision(void **state)
{
	struct county *c = *state;
	struct instruction_row row;
	struct actor leader = person(c, "王建国");

	at("07-09 09:00");
	bad_line(c, &c->officer, "督办 水利局 due=07-10T17:00 basis=会议 整改", ERR_REFUSED, NULL);
	bad_line(c, &c->chief, "督办 水利局 basis=会议 整改", ERR_INPUT, NULL);
	line(c, &c->chief,
	    "督办 应急局 due=07-10T17:00 relay_due=09:30 basis=市长办公会 值班室备用电源整改");
	at("07-11 18:00");
	tick(c);
	row = newest_instruction(c);
	assert_string_equal(row.kind, "supervision");
	assert_int_equal(row.reminders, 3);
	assert_int_equal(row.late_days, 2);
	assert_true(row.overdue);
	line(c, &c->chief, "传达 001");
	line(c, &c->chief, "承办 001");
	line(c, &c->officer, "批示反馈 001 已换新");
	bad_line(c, &c->chief, "批示办结 001", ERR_REFUSED, "somebody else");
	line(c, &leader, "批示办结 001");
}

/* Rows 4 and 5: eight units called to a meeting acknowledge one by one; its three tasks are on the
 * open list. */
static void
rows_4_5(void **state)
{
	static const char *const units[] = {
	    "应急局", "水利局", "气象局", "自规局", "住建局", "交通局", "城管局", "供电"};
	static const char *const owners[] = {"水利局", "住建局", "城管局"};
	struct county *c = *state;
	struct order_filter waiting = {.unacked = true, .open = true};
	struct order_row orders[16];
	struct instruction_filter open = {.open = true};
	struct instruction_row rows[8];
	struct handover_item items[64];
	struct handover_row h;
	struct actor out = person(c, "孙悦");
	int64_t flood;
	size_t n, found = 0;

	at("07-09 08:35");
	flood = scene_dike(c);
	at("07-09 09:30");
	for (size_t i = 0; i < COUNT_OF(units); i++)
		line(c, &c->officer,
		    T("派 %s %s kind=notice 10:15会商汛情，带材料参会", units[i],
			scene_no(c, flood)));
	n = dispatch_orders(c->st, &waiting, orders, 16);
	assert_int_equal(n, 8);
	for (size_t i = 0; i < n; i++)
		act(c, &c->officer, "order.ack",
		    json_pack("{s:I}", "order", (json_int_t)orders[i].id), NULL);
	assert_int_equal(dispatch_orders(c->st, &waiting, orders, 16), 0);
	at("07-09 10:35");
	for (size_t i = 0; i < COUNT_OF(owners); i++)
		line(c, &c->chief,
		    T("督办 %s due=13:30 basis=10:15会商 任务%zu：预排里下河，查易涝点", owners[i],
			i + 1));
	assert_int_equal(duty_instructions(c->st, &open, rows, 8), 3);
	assert_int_equal(rows[0].due, hm("13:30"));
	line(c, &out, "交班");
	assert_true(duty_handover(c->st, &h));
	n = duty_handover_items(c->st, h.id, items, 64);
	for (size_t i = 0; i < n; i++)
		found += strcmp(items[i].kind, "instruction") == 0 && items[i].due == hm("13:30");
	assert_int_equal(found, 3);
	handover_row_clear(&h);
}

/* --- registers -------------------------------------------------------------------------------- */

/* Row 18: who has not acknowledged stands in the brief, by limit; the reminder is in the phone
 * register's log. */
static void
row_18(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	struct duty_items *none = NULL;
	struct buf brief = BUF_MAX(1 << 20);
	struct order_filter overdue = {.overdue = true};
	struct order_row orders[4];

	at("07-09 19:00");
	line(c, &c->officer, T("派 城管局 %s 清排水口", scene_no(c, dike)));
	at("07-09 19:02");
	line(c, &c->officer, T("派 汤庄镇人民政府 %s 巡堤", scene_no(c, dike)));
	at("07-09 19:40");
	assert_int_equal(dispatch_orders(c->st, &overdue, orders, 4), 2);
	assert_non_null(strstr(orders[0].dest, "城市管理局"));
	line(c, &c->officer, T("催办 %d way=phone 已电话催", orders[0].number));
	duty_item_add(none, "x", 1, CLOCK_NONE, "x"); /* nobody collects: nothing happens */
	assert_true(duty_brief(c->st, &brief));
	assert_true(
	    strstr(buf_str(&brief), "城市管理局") < strstr(buf_str(&brief), "汤庄镇人民政府"));
	buf_clear(&brief);
}

/* Row 19: one page answers who leads, levels and open events; the call is logged as a spot check.
 */
static void
row_19(void **state)
{
	struct county *c = *state;
	struct register_filter f = {.book = BOOK_PHONE, .from = CLOCK_NONE, .to = CLOCK_NONE};
	struct register_row row;
	struct buf page = BUF_MAX(1 << 20), entry = BUF_MAX(10000);

	scene_dike(c);
	at("07-09 19:05");
	assert_true(duty_spot_text(c->st, &page));
	holds(buf_str(&page), "王建国");
	holds(buf_str(&page), "0514-5550");
	holds(buf_str(&page), "管涌");
	line(c, &c->officer,
	    "抽查 扬州市总值班室 caller=宓某 phone=0514-55500047 "
	    "questions=谁带班、雨量、水位、在办事件 "
	    "带班王建国，已逐项答复");
	assert_int_equal(duty_register_rows(c->st, &f, &row, 1), 1);
	assert_string_equal(row.kind, "spot check");
	holds(row.from, "扬州市总值班室");
	assert_true(duty_entry_text(c->st, row.entry, &entry));
	holds(buf_str(&entry), "谁带班、雨量、水位、在办事件");
	register_rows_clear(&row, 1);
	buf_clear(&page);
	buf_clear(&entry);
}

static size_t
book(struct county *c, enum register_book which, struct register_row rows[32])
{
	struct register_filter f = {.book = which, .from = CLOCK_NONE, .to = CLOCK_NONE};

	return duty_register_rows(c->st, &f, rows, 32);
}

/* Row 24, and what else was on the line: the register is a view, an undone line stays struck out.
 */
static void
phone_register(void **state)
{
	struct county *c = *state;
	struct register_row rows[32];
	struct caller_line lines[8];
	struct buf form = BUF_MAX(100000);
	struct actor clerk = person(c, "苏静");
	int64_t dike;
	size_t n;
	struct register_filter f = {.book = BOOK_PHONE, .from = CLOCK_NONE, .to = CLOCK_NONE};

	at("07-09 17:00");
	bad_line(c, &c->officer, "电话 无名无姓", ERR_INPUT, "who was on the line");
	line(c, &c->officer,
	    "电话 phone=0514-55500058 unit=临泽镇人民政府 caller=吉长春 post=副镇长 "
	    "recording=R0709-17 readback "
	    "子婴河水位偏高，正在巡堤");
	dike = scene_dike(c);
	at("07-09 19:12");
	act(c, &c->officer, "report.phone",
	    json_pack("{s:I, s:s, s:s, s:s}", "incident", (json_int_t)dike, "dest",
		"扬州市应急管理局", "receiver", "何静", "text", "堤防管涌"),
	    NULL);
	n = book(c, BOOK_PHONE, rows);
	assert_true(n >= 2);
	assert_string_equal(rows[0].kind, "phone report");
	assert_string_equal(rows[0].direction, "out");
	holds(rows[0].to, "何静");
	assert_string_equal(rows[n - 1].no, "phone-1");
	holds(rows[n - 1].from, "吉长春");
	register_rows_clear(rows, n);

	/* The number pops its history: typed with or without its dash, or its end. */
	n = duty_caller(c->st, &c->officer, "051455500058", lines, 8);
	assert_true(n >= 1);
	holds(lines[n - 1].text, "正在巡堤");
	assert_true(duty_caller(c->st, &c->officer, "0058", lines, 8) >= 1);
	assert_int_equal(duty_caller(c->st, &c->officer, "58", lines, 8), 0);
	n = duty_caller(c->st, &c->officer, "0514-55500070", lines, 8);
	assert_true(n >= 1);
	holds(lines[0].text, "临泽镇人民政府");
	/* Who asked for it is known to the room only. */
	act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "text",
		"市民反映高邮街道老小区有燃气味，回电0514-55507777", "source", "12345", "caller",
		"贺志远", "phone", "0514-55507777", "place", "高邮街道", "nature", "燃气异味"),
	    NULL);
	n = book(c, BOOK_PHONE, rows);
	holds(rows[0].text, "0514-55507777");
	holds(rows[0].from, "贺志远");
	register_rows_clear(rows, n);
	f.reader = &clerk;
	n = duty_register_rows(c->st, &f, rows, 32);
	assert_null(strstr(rows[0].text, "0514-55507777"));
	assert_null(strstr(rows[0].from, "贺志远"));
	assert_null(strstr(rows[0].phone, "7777"));
	register_rows_clear(rows, n);
	f.reader = NULL;
	assert_true(duty_caller(c->st, &clerk, "55507777", lines, 8) >= 1);
	assert_null(strstr(lines[0].text, "55507777"));

	/* Undone stays in the book, struck out. */
	line(c, &c->officer, "电话 unit=水利局 caller=葛长河 记错了");
	line(c, &c->officer,
	    T("撤销 %lld", (long long)sql_one_int(c->st, "SELECT max(seq) FROM journal", 0, "")));
	n = book(c, BOOK_PHONE, rows);
	assert_true(rows[0].struck);
	holds(rows[0].mark, "undone");
	register_rows_clear(rows, n);
	assert_true(duty_register_text(c->st, &f, true, &form));
	holds(buf_str(&form), "recording no.: ____");
	buf_clear(&form);

	/* A township's book is its own. */
	line(c, &c->township, "电话 unit=村委会 caller=何某 临泽村内部情况");
	f.area = 321084115;
	n = duty_register_rows(c->st, &f, rows, 32);
	for (size_t i = 0; i < n; i++)
		assert_null(strstr(rows[i].text, "正在巡堤"));
	holds(rows[0].text, "临泽村内部情况");
	register_rows_clear(rows, n);
	refused(c, &c->township, "entry.correct",
	    json_pack("{s:I, s:s, s:s}", "entry", (json_int_t)thing_named(c, "entry", "phone-1"),
		"why", "试试", "text", "改掉"),
	    ERR_REFUSED, NULL);
}

/* Rows 31 and 34: the line is down, papers go by fax, what waits to go out is counted. */
static void
rows_31_34(void **state)
{
	struct county *c = *state;
	struct register_row rows[32];
	struct buf brief = BUF_MAX(1 << 20), log = BUF_MAX(1 << 20);
	struct register_filter f = {.book = BOOK_LOG, .from = CLOCK_NONE, .to = CLOCK_NONE};
	int64_t dike = scene_dike(c), report;
	size_t n;

	at("07-09 22:15");
	line(c, &c->officer, "日志 kind=info from=信息中心 result=已报修 政务外网中断");
	report = act(
	    c, &c->officer, "report.draft", json_pack("{s:I}", "incident", (json_int_t)dike), NULL);
	act(c, &c->leader, "report.sign", json_pack("{s:I}", "report", (json_int_t)report), NULL);
	line(c, &c->officer,
	    "发文登记 管涌首报 扬州市应急管理局 pages=2 urgency=特急 signed_by=王建国");
	line(c, &c->officer, "收文 防汛部署通知 扬州市防指 pages=3 class=内部 passed_to=水利局");
	at("07-09 22:16");
	assert_true(duty_brief(c->st, &brief));
	holds(buf_str(&brief), "no receipt");
	assert_null(strstr(buf_str(&brief), "Messages waiting to go out: 0\n"));
	n = book(c, BOOK_PAPER, rows);
	assert_true(n >= 3);
	assert_string_equal(rows[0].no, "paper-2");
	assert_string_equal(rows[0].direction, "in");
	holds(rows[1].text, "管涌首报");
	register_rows_clear(rows, n);
	assert_true(duty_register_text(c->st, &f, false, &log));
	holds(buf_str(&log), "政务外网中断");
	holds(buf_str(&log), "Head of the journal: #");
	f.words = "防汛部署";
	assert_int_equal(duty_register_rows(c->st, &f, rows, 32), 1);
	register_rows_clear(rows, 1);
	buf_clear(&brief);
	buf_clear(&log);
}

/* Ids of all lines, down and up in windows of `step`; they must be the same. Gives how many. */
static size_t
walk_both_ways(struct county *c, struct register_filter *f, size_t step)
{
	static int64_t down[2000], up[2000];
	struct register_row rows[64];
	size_t n = 0, m = 0, got;

	f->before = 0;
	while ((got = duty_register_rows(c->st, f, rows, step)) > 0) {
		for (size_t i = 0; i < got && n < 2000; i++)
			down[n++] = rows[i].id;
		f->before = rows[got - 1].id;
		register_rows_clear(rows, got);
	}
	f->before = 0;
	while ((got = duty_register_up(c->st, f, m ? up[m - 1] : 0, rows, step)) > 0) {
		for (size_t i = 0; i < got && m < 2000; i++)
			up[m++] = rows[i].id;
		register_rows_clear(rows, got);
	}
	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(down[i], up[n - 1 - i]);
	return n;
}

/* The books are windows over all there is: both ways, of a time, with words; the paper is whole. */
static void
register_windows(void **state)
{
	struct county *c = *state;
	struct register_filter log = {.book = BOOK_LOG, .from = CLOCK_NONE, .to = CLOCK_NONE},
			       phone = {.book = BOOK_PHONE, .from = CLOCK_NONE, .to = CLOCK_NONE};
	struct buf paper = BUF_MAX(4 << 20);
	struct register_row rows[4];
	struct err err = ERR_NONE;
	size_t n;

	for (int day = 9; day <= 10; day++) {
		at(T("07-%02d 17:00", day));
		assert_true(store_batch_begin(c->st, &err));
		for (int i = 0; i < 350; i++)
			line(c, &c->officer, T("日志 %02d日第%d条水位", day, i));
		line(c, &c->officer,
		    T("电话 phone=0514-55500%03d unit=水利局 caller=葛长河 %02d日会商", day, day));
		assert_true(store_batch_end(c->st, true, &err));
	}
	n = walk_both_ways(c, &log, 64);
	assert_true(n >= 702);
	assert_int_equal(walk_both_ways(c, &log, 7), n);
	assert_int_equal(walk_both_ways(c, &phone, 1), 2);
	log.words = "水位";
	assert_int_equal(walk_both_ways(c, &log, 33), 700);
	log.words = "水位 10日第34"; /* 34, 340 to 349 */
	assert_int_equal(walk_both_ways(c, &log, 5), 11);
	log.words = "55500009";
	assert_int_equal(walk_both_ways(c, &log, 5), 1);
	log.words = "phone-2";
	assert_int_equal(duty_register_rows(c->st, &log, rows, 4), 1);
	log.words = T("#%lld", (long long)rows[0].seq);
	holds(rows[0].text, "10日会商");
	register_rows_clear(rows, 1);
	assert_int_equal(walk_both_ways(c, &log, 5), 1);
	log.words = NULL;
	log.from = hm("07-10 00:00");
	log.to = hm("07-10 23:59");
	assert_int_equal(walk_both_ways(c, &log, 50), 351);
	assert_true(duty_register_text(c->st, &log, false, &paper));
	holds(buf_str(&paper), "10日第0条水位");
	holds(buf_str(&paper), "10日第349条水位");
	holds(buf_str(&paper), "351 lines");
	assert_null(strstr(buf_str(&paper), "09日第"));
	buf_clear(&paper);
	/* Struck out, and when. */
	line(c, &c->officer, "订正 log-351 why=抄错 10日第0条水位2.13米");
	assert_int_equal(duty_register_up(c->st, &log, 0, rows, 1), 1);
	assert_true(rows[0].struck);
	holds(rows[0].mark, "corrected by log-701, 07-10 17:00");
	register_rows_clear(rows, 1);
	assert_int_equal(duty_register_rows(c->st, &log, rows, 1), 1);
	holds(rows[0].mark, "corrects log-351 of 07-10 17:00: 抄错");
	register_rows_clear(rows, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, county_make, county_clear)
	    TEST(row_2),
	    TEST(row_14),
	    TEST(row_20),
	    TEST(ladder_without_contacts),
	    TEST(rows_25_28),
	    TEST(supervision),
	    TEST(rows_4_5),
	    TEST(row_18),
	    TEST(row_19),
	    TEST(phone_register),
	    TEST(rows_31_34),
	    TEST(register_windows),
	};

	i18n_init();
	i18n_set_language("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
