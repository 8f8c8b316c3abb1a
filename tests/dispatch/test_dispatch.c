/*
 * Orders, assignments and responses: the scenes of the shift script (rows 17, 18, 22, 23, 39, 47,
 * 48), every state and every refusal.
 */
#include "tests/dispatch/scene.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "store/journal.h"

#include <stdio.h>

static char text[1024];
#define T(...) (snprintf(text, sizeof(text), __VA_ARGS__), text)

static int64_t
hm(const char *when)
{
	int64_t ms, now = clock_now();

	assert_true(clock_parse(when, now, &ms));
	return ms;
}

/* --- orders ----------------------------------------------------------------------------------- */

/* Row 39: rescue orders are to be acknowledged within 10 minutes, others within 30. */
static void
limits_to_acknowledge(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c);
	const char *no = scene_no(c, tanker);
	struct order_row o;

	at("07-10 03:20");
	line(c, &c->officer, T("派 高速交警 %s kind=rescue 封闭双向车道", no));
	o = newest_order(c);
	assert_int_equal(o.ack_due, hm("03:30"));
	assert_int_equal(o.due, o.ack_due);
	assert_string_equal(o.state, "issued");
	assert_string_equal(o.dest, "扬州市公安局高速公路交警支队高邮大队");
	assert_string_equal(o.content, "封闭双向车道");
	assert_true(strncmp(o.phone, "0514-5550", 9) == 0);
	assert_false(o.overdue);

	line(c, &c->officer, T("派 三垛镇人民政府 %s 转移下风向3个村组", no));
	o = newest_order(c);
	assert_string_equal(o.kind, "task");
	assert_int_equal(o.ack_due, hm("03:50"));
	line(c, &c->officer, T("派 卫健委 %s ack=5 准备床位", no));
	assert_int_equal(newest_order(c).ack_due, hm("03:25"));
	line(c, &c->officer, T("派 宣传部 %s kind=notice due=04:30 发布绕行提示", no));
	o = newest_order(c);
	assert_int_equal(o.finish_due, hm("04:30"));
	/* The limits are settings, not code. */
	act(c, &c->chief, "setting.set", json_pack("{s:s, s:s}", "name", "ack_task", "value", "20"),
	    NULL);
	line(c, &c->officer, T("派 水利局 %s 关闸", no));
	assert_int_equal(newest_order(c).ack_due, hm("03:40"));
	bad_line(c, &c->officer, T("派 水利局 %s", no), ERR_INPUT, "is to do");
	refused(c, &c->officer, "order.issue",
	    json_pack("{s:I, s:I, s:s, s:I}", "to", (json_int_t)newest_order(c).unit, "incident",
		(json_int_t)tanker, "content", "关闸", "due", (json_int_t)hm("03:00")),
	    ERR_INPUT, "later time");
	refused(c, &c->township, "order.issue",
	    json_pack("{s:I, s:I, s:s}", "to", (json_int_t)newest_order(c).unit, "incident",
		(json_int_t)tanker, "content", "x"),
	    ERR_REFUSED, NULL);
}

/* Numbers are given once a year, in order; the list opens with what is due first. */
static void
numbers_and_lists(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	const char *no = scene_no(c, dike);
	struct order_filter f = {.open = true};
	struct order_row rows[8];
	struct dispatch_counts counts;
	int first;

	line(c, &c->officer, T("派 水利局 %s 堵漏抢险", no));
	first = newest_order(c).number;
	line(c, &c->officer, T("派 临泽镇人民政府 %s kind=rescue 转移群众", no));
	assert_int_equal(newest_order(c).number, first + 1);
	line(c, &c->officer, T("派 卫健委 %s 派救护车待命", no));
	assert_int_equal(dispatch_orders(c->st, &f, rows, 8), 3);
	assert_string_equal(rows[0].dest, "临泽镇人民政府");
	assert_string_equal(rows[0].incident_no, no);
	/* Page by page. */
	assert_int_equal(dispatch_orders(c->st, &f, rows, 1), 1);
	f.after_due = rows[0].due;
	f.after = rows[0].id;
	assert_int_equal(dispatch_orders(c->st, &f, rows, 8), 2);
	assert_int_equal(rows[0].number, first);
	f = (struct order_filter){.after = rows[1].id};
	assert_int_equal(dispatch_orders(c->st, &f, rows, 8), 2);
	assert_int_equal(rows[0].number, first + 1);
	f = (struct order_filter){.incident = dike};
	assert_int_equal(dispatch_orders(c->st, &f, rows, 8), 3);
	assert_int_equal(rows[0].number, first + 2);
	f = (struct order_filter){.area = INT64_C(321084115)};
	assert_int_equal(dispatch_orders(c->st, &f, rows, 8), 1);

	dispatch_count(c->st, 0, &counts);
	assert_int_equal(counts.open, 3);
	assert_int_equal(counts.unacked, 3);
	assert_int_equal(counts.ack_overdue, 0);
	assert_int_equal(counts.next_due, hm("18:55"));
	at("07-09 18:56");
	dispatch_count(c->st, 0, &counts);
	assert_int_equal(counts.ack_overdue, 1);
	f = (struct order_filter){.overdue = true};
	assert_int_equal(dispatch_orders(c->st, &f, rows, 8), 1);
	assert_true(rows[0].overdue);
	dispatch_count(c->st, INT64_C(321084115), &counts);
	assert_int_equal(counts.open, 1);
	/* What a command line calls an order: digits, or whose it is. */
	assert_int_equal(
	    thing_named(c, "order", T("%d", first)), thing_named(c, "order", "水利局"));
	assert_int_equal(
	    thing_named(c, "order", T("2025-%03d", first + 1)), thing_named(c, "order", "lzz"));
}

/* issued -> delivered -> acked -> running -> reported -> running -> reported -> done, with its
 * history. */
static void
the_whole_way(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), id;
	struct order_full o;
	char no[16];

	line(c, &c->officer, T("派 水利局 %s 堵漏抢险", scene_no(c, dike)));
	id = newest_order(c).id;
	snprintf(no, sizeof(no), "%d", newest_order(c).number);
	at("07-09 18:48");
	line(c, &c->officer, T("告知 %s 葛长河", no));
	assert_string_equal(newest_order(c).state, "delivered");
	bad_line(c, &c->officer, T("告知 %s 葛长河", no), ERR_STATE, "acknowledge");
	bad_line(c, &c->officer, T("反馈 %s 已到", no), ERR_STATE, "acknowledge");
	bad_line(c, &c->officer, T("办结 %s 好了", no), ERR_STATE, "acknowledge");
	at("07-09 18:50");
	refused(c, &c->officer, "order.ack",
	    json_pack("{s:I, s:I}", "order", (json_int_t)id, "at", (json_int_t)hm("18:51")),
	    ERR_INPUT, "past");
	refused(c, &c->officer, "order.ack",
	    json_pack("{s:I, s:I}", "order", (json_int_t)id, "at", (json_int_t)hm("18:44")),
	    ERR_INPUT, "18:45");
	holds(line(c, &c->officer, T("签收 %s", no)), "葛长河");
	bad_line(c, &c->officer, T("签收 %s", no), ERR_STATE, "report back");
	bad_line(c, &c->officer, T("退回 %s 不行", no), ERR_STATE, "settle");
	at("07-09 19:20");
	line(c, &c->officer, T("反馈 %s 围井已筑60厘米", no));
	assert_string_equal(newest_order(c).state, "running");
	bad_line(c, &c->officer, T("办结 %s", no), ERR_STATE, "result=");
	line(c, &c->officer, T("反馈 %s final 险情已控制", no));
	assert_string_equal(newest_order(c).state, "reported");
	assert_int_equal(newest_order(c).due, CLOCK_NONE);
	line(c, &c->chief, T("退回 %s 再观察一小时", no));
	assert_string_equal(newest_order(c).state, "running");
	line(c, &c->officer, T("反馈 %s final 复查稳定", no));
	line(c, &c->chief, T("办结 %s", no));
	bad_line(c, &c->chief, T("催办 %s", no), ERR_STATE, "new one");
	assert_true(dispatch_order_full(c->st, id, &o));
	assert_string_equal(o.row.state, "done");
	assert_string_equal(o.result, "复查稳定");
	assert_string_equal(o.checked_by, c->chief.name);
	assert_string_equal(o.acked_by, "葛长河");
	assert_int_equal(o.row.acked, hm("18:50"));
	assert_int_equal(o.n_entries, 8);
	assert_string_equal(o.entries[0].kind, "issued");
	assert_string_equal(o.entries[4].text, "险情已控制");
	assert_string_equal(o.entries[7].kind, "done");
	order_full_clear(&o);
	assert_false(dispatch_order_full(c->st, dike, &o));
}

static void
notices_withdrawals_reminders(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	const char *no = scene_no(c, dike);
	struct order_row o;

	/* A notice is done by its acknowledgement. */
	line(c, &c->officer, T("派 气象局 %s kind=notice 加密雨情通报", no));
	line(c, &c->officer, T("签收 %d by=温某", newest_order(c).number));
	o = newest_order(c);
	assert_string_equal(o.state, "done");
	assert_int_equal(o.finished, o.acked);

	/* Withdrawn, it is past; withdrawing a settled one is refused. */
	bad_line(c, &c->officer, T("收回 %d 发错", o.number), ERR_STATE, "new one");
	line(c, &c->officer, T("派 城管局 %s 清障", no));
	bad_line(c, &c->officer, T("收回 %d", newest_order(c).number), ERR_INPUT, NULL);
	line(c, &c->officer, T("收回 %d 发错单位", newest_order(c).number));
	assert_string_equal(newest_order(c).state, "withdrawn");

	/* Contact, second contact, leader. */
	line(c, &c->officer, T("派 城管局 %s 清障", no));
	at("07-09 19:20");
	assert_true(newest_order(c).overdue);
	line(c, &c->officer, T("催办 %d", newest_order(c).number));
	holds(line(c, &c->officer, T("催办 %d way=phone 无人接", newest_order(c).number)),
	    "no second contact");
	holds(line(c, &c->officer, T("催办 %d", newest_order(c).number)), "leader");
	assert_int_equal(newest_order(c).reminders, 3);
	holds(line(c, &c->officer, T("签收 %d by=路某", newest_order(c).number)), "5 min late");

	/* Who the second contact is, where there is one: of a unit its own, of a township's the township's. */
	line(c, &c->officer, "加联系人 文某 0514-55509901 unit=城管局 post=副局长");
	line(c, &c->officer, T("派 城管局 %s 再清障", no));
	line(c, &c->officer, T("催办 %d", newest_order(c).number));
	holds(line(c, &c->officer, T("催办 %d", newest_order(c).number)),
	    "second contact: 副局长 文某 0514-55509901");
	line(c, &c->officer, T("派 临泽镇人民政府 %s 增援", no));
	line(c, &c->officer, T("催办 %d", newest_order(c).number));
	holds(line(c, &c->officer, T("催办 %d", newest_order(c).number)),
	    "second contact: 值班员 田家旺 0514-55501036");
}

static void
tick(struct county *c, const char *when)
{
	struct actor system;
	struct err err = ERR_NONE;

	at(when);
	actor_system(&system, "tick");
	assert_true(dispatch_tick(c->st, &system, &err));
}

static void
stands(struct county *c, int64_t order, int step, const char *who, const char *due)
{
	struct order_row o;

	assert_true(dispatch_order(c->st, order, &o));
	assert_int_equal(o.chase, step);
	assert_string_equal(o.chase_who, who);
	assert_int_equal(o.chase_due, due ? hm(due) : CLOCK_NONE);
}

static void
take_back(struct county *c)
{
	line(c, &c->officer,
	    T("undo %lld", (long long)sql_one_int(c->st, "SELECT max(seq) FROM journal", 0, "")));
}

static int
chases(struct county *c)
{
	return (int)sql_one_int(
	    c->st, "SELECT count(*) FROM journal WHERE verb = 'order.chase'", 0, "");
}

/* Nobody touches a key: reminder, next contact, leader on duty, each at its time. */
static void
unacknowledged_climbs_by_itself(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), id;
	const char *no = scene_no(c, dike);
	struct order_full full;

	line(c, &c->officer, "加联系人 文某 0514-55509901 unit=城管局 post=副局长");
	at("07-09 19:00");
	line(c, &c->officer, T("派 城管局 %s ack=10 清障", no));
	id = newest_order(c).id;
	stands(c, id, 0, "", "19:10");
	tick(c, "07-09 19:09");
	stands(c, id, 0, "", "19:10");
	tick(c, "07-09 19:10");
	stands(c, id, 1, newest_order(c).person, "19:15");
	tick(c, "07-09 19:14");
	assert_int_equal(chases(c), 1);
	/* A look within the minute is in time: the ladder does not drift. */
	tick(c, "07-09 19:15:40");
	stands(c, id, 2, "文某", "19:20");
	assert_string_equal(newest_order(c).chase_phone, "0514-55509901");
	tick(c, "07-09 19:20");
	stands(c, id, 3, "王建国", NULL);
	tick(c, "07-09 21:00");
	assert_int_equal(chases(c), 3);

	assert_true(dispatch_order_full(c->st, id, &full));
	assert_int_equal(full.n_entries, 4);
	for (size_t i = 1; i < 4; i++)
		assert_string_equal(full.entries[i].kind, "chase");
	holds(full.entries[2].text, "ring 2nd contact 0514-55509901");
	holds(full.entries[3].text, "tell the leader");
	assert_null(strstr(full.entries[3].text, "0514")); /* a township reads it too */
	order_full_clear(&full);
	line(c, &c->officer, T("签收 %d", newest_order(c).number));
	assert_int_equal(newest_order(c).chase, 3); /* how far it went stays on record */
}

/* Nobody looked for two hours: one step at the first look, and its minutes from then. */
static void
a_late_look_takes_one_step(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), id;
	const char *no = scene_no(c, dike);

	line(c, &c->officer, "加联系人 文某 0514-55509901 unit=城管局 post=副局长");
	at("07-09 19:00");
	line(c, &c->officer, T("派 城管局 %s ack=10 清障", no));
	id = newest_order(c).id;
	tick(c, "07-09 21:00");
	stands(c, id, 1, newest_order(c).person, "21:05");
	tick(c, "07-09 21:00");
	assert_int_equal(chases(c), 1);
	/* One that has no second contact goes to the leader, and says why. */
	line(c, &c->officer, T("派 气象局 %s ack=10 加密观测", no));
	id = newest_order(c).id;
	tick(c, "07-09 21:10");
	tick(c, "07-09 21:15");
	stands(c, id, 3, "王建国", NULL);
}

/* What people do meanwhile moves the ladder, and what they take back puts it where it was. */
static void
people_move_the_ladder(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), id;
	const char *no = scene_no(c, dike);
	struct actor system;
	int n;

	actor_system(&system, "tick");
	line(c, &c->officer, "加联系人 文某 0514-55509901 unit=城管局 post=副局长");
	at("07-09 19:00");
	line(c, &c->officer, T("派 城管局 %s ack=10 清障", no));
	id = newest_order(c).id;
	n = newest_order(c).number;
	/* Rung before the limit: the limit stands. */
	at("07-09 19:02");
	line(c, &c->officer, T("催办 %d", n));
	stands(c, id, 0, "", "19:10");
	take_back(c);
	/* Rung after it: the minutes run anew from the call. */
	tick(c, "07-09 19:10");
	at("07-09 19:13");
	line(c, &c->officer, T("催办 %d 无人接", n));
	stands(c, id, 1, newest_order(c).person, "19:18");
	tick(c, "07-09 19:15");
	assert_int_equal(chases(c), 1);
	/* Rung in vain twice: the next contact at once. */
	at("07-09 19:16");
	holds(line(c, &c->officer, T("催办 %d 无人接", n)), "second contact: 副局长 文某");
	stands(c, id, 2, "文某", "19:21");
	take_back(c);
	stands(c, id, 1, newest_order(c).person, "19:18");
	/* Acknowledged by mistake, and taken back: it goes on. */
	line(c, &c->officer, T("签收 %d", n));
	stands(c, id, 1, newest_order(c).person, NULL);
	tick(c, "07-09 19:17");
	take_back(c);
	stands(c, id, 1, newest_order(c).person, "19:18");
	/* Told, but not acknowledged. */
	line(c, &c->officer, T("告知 %d who=门卫", n));
	tick(c, "07-09 19:18");
	stands(c, id, 2, "文某", "19:23");
	/* The new owner has its own limit, and its own first contact. */
	line(c, &c->officer, T("移交 %d 公路中心 归其管养", n));
	stands(c, id, 0, "", "19:48");
	tick(c, "07-09 19:48");
	stands(c, id, 1, newest_order(c).person, "19:53");
	line(c, &c->officer, T("催办 %d", n));
	assert_int_equal(newest_order(c).reminders, 1);
	stands(c, id, 1, newest_order(c).person, "19:53");
	/* Set back against its course: from the start. Withdrawn: over. */
	line(c, &c->chief, T("改态 %d acked 电话已签收", n));
	stands(c, id, 1, newest_order(c).person, NULL);
	line(c, &c->chief, T("改态 %d issued 签收有误", n));
	stands(c, id, 0, "", "20:18");
	line(c, &c->officer, T("收回 %d 不再需要", n));
	stands(c, id, 0, "", NULL);
	tick(c, "07-09 23:00");
	assert_int_equal(chases(c), 3);
	/* Two consoles at one time: the second finds it done. Nobody does it by hand. */
	line(c, &c->officer, T("派 城管局 %s ack=10 清障", no));
	id = newest_order(c).id;
	tick(c, "07-09 23:10");
	refused(c, &system, "order.chase", json_pack("{s:I}", "order", (json_int_t)id), ERR_STATE,
	    "due");
	refused(c, &c->leader, "order.chase", json_pack("{s:I}", "order", (json_int_t)id),
	    ERR_REFUSED, NULL);
}

/* A township acknowledges its own orders and nobody else's. */
static void
townships_answer_for_themselves(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c), own, other;
	const char *no = scene_no(c, tanker);
	struct order_full o;

	line(c, &c->officer, T("派 临泽镇人民政府 %s 增援帐篷", no));
	own = newest_order(c).id;
	line(c, &c->officer, T("派 三垛镇人民政府 %s 转移群众", no));
	other = newest_order(c).id;
	refused(c, &c->township, "order.ack", json_pack("{s:I}", "order", (json_int_t)other),
	    ERR_REFUSED, NULL);
	act(c, &c->township, "order.ack", json_pack("{s:I}", "order", (json_int_t)own), NULL);
	act(c, &c->township, "order.report",
	    json_pack("{s:I, s:s, s:b}", "order", (json_int_t)own, "text", "已送达", "final", 1),
	    NULL);
	refused(c, &c->township, "order.done", json_pack("{s:I}", "order", (json_int_t)own),
	    ERR_REFUSED, NULL);
	assert_true(dispatch_order_full(c->st, own, &o));
	assert_string_equal(o.acked_by, "township");
	order_full_clear(&o);
}

/* A slip is taken back: the order waits for its acknowledgement again. */
static void
undone(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	struct verb_result result;
	struct err err = ERR_NONE;
	json_t *args;

	line(c, &c->officer, T("派 水利局 %s 堵漏", scene_no(c, dike)));
	args = json_pack("{s:I}", "order", (json_int_t)newest_order(c).id);
	assert_true(verb_run(c->st, &c->officer, "order.ack", args, &result, &err));
	json_decref(args);
	line(c, &c->officer, T("undo %lld", (long long)result.seq));
	verb_result_clear(&result);
	assert_string_equal(newest_order(c).state, "issued");
	assert_int_equal(newest_order(c).acked, CLOCK_NONE);
}

/* --- assignments ------------------------------------------------------------------------------ */

/* Row 22: 5000 bags, 800 m2 geotextile, 2 pumps, 1 boat; stock is reserved once. */
static void
stock_is_promised_once(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), depot = thing_named(c, "depot", "市防汛仓库");
	const char *no = scene_no(c, dike);
	struct stock_balance b;
	struct assignment_row rows[8];
	struct order_row o;

	at("07-09 18:55");
	holds(line(c, &c->officer, T("调拨 市防汛仓库 编织袋 5000 %s", no)), "35000");
	o = newest_order(c);
	assert_string_equal(o.kind, "supply");
	assert_int_equal(o.ack_due, hm("19:05"));
	line(c, &c->officer, T("调拨 市防汛仓库 土工布 800 %s", no));
	line(c, &c->officer, T("调拨 市防汛仓库 排涝泵 2 %s", no));
	line(c, &c->officer, T("调拨 市防汛仓库 救援船 1 %s", no));
	resource_balance(c->st, depot, "bag", &b);
	assert_int_equal(b.hand, 60000);
	assert_int_equal(b.promised, 5000);
	assert_int_equal(b.keep, 20000);
	assert_int_equal(b.available, 35000);
	/* The second order sees the reduced balance; the refusal says what would go. */
	bad_line(c, &c->officer, T("调拨 市防汛仓库 编织袋 36000 %s", no), ERR_REFUSED, "35000");
	bad_line(c, &c->officer, T("调拨 市防汛仓库 编织袋 56000 %s use_keep", no), ERR_REFUSED,
	    "another depot");
	bad_line(c, &c->officer, T("调拨 市防汛仓库 月饼 1 %s", no), ERR_NOT_FOUND, "月饼");
	holds(line(c, &c->officer, T("调拨 市防汛仓库 编织袋 36000 %s use_keep", no)),
	    "1000 of the 20000");
	assert_int_equal(dispatch_assignments(c->st, dike, depot, true, rows, 8), 5);
	assert_string_equal(rows[0].goods_name, "编织袋");
	assert_int_equal(rows[0].quantity, 5000);
	assert_string_equal(rows[0].state, "dispatched");
	assert_true(rows[0].eta_min > 20);
	assignment_rows_clear(rows, 5);
}

/* A reservation holds the stock and tells nobody; sent later it becomes an order. What comes back
 * is free again. */
static void
reserved_sent_and_back(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), depot = thing_named(c, "depot", "市防汛仓库");
	const char *no = scene_no(c, dike);
	struct stock_balance b;
	struct order_filter f = {.incident = dike};
	struct order_row order;
	struct assignment_row a;

	line(c, &c->officer, T("调拨 市防汛仓库 排涝泵 4 %s reserve", no));
	assert_int_equal(dispatch_orders(c->st, &f, &order, 1), 0);
	resource_balance(c->st, depot, "pump", &b);
	assert_int_equal(b.promised, 4);
	bad_line(c, &c->officer, "动态 市防汛仓库 onscene", ERR_STATE, "dispatched");
	line(c, &c->officer, "动态 市防汛仓库 dispatched");
	assert_int_equal(dispatch_orders(c->st, &f, &order, 1), 1);
	assert_string_equal(order.kind, "supply");
	line(c, &c->officer, "动态 市防汛仓库 enroute");
	bad_line(c, &c->officer, "动态 市防汛仓库 cancelled", ERR_STATE, "on scene");
	bad_line(c, &c->officer, T("收回 %d 不要了", order.number), ERR_STATE, "release it first");
	line(c, &c->officer, "动态 市防汛仓库 onscene");
	bad_line(c, &c->officer, "动态 市防汛仓库 released", ERR_INPUT, "consumed=0 to 4");
	bad_line(c, &c->officer, "动态 市防汛仓库 released consumed=5", ERR_INPUT, "0 to 4");
	holds(line(c, &c->officer, "动态 市防汛仓库 released consumed=1"), "3");
	resource_balance(c->st, depot, "pump", &b);
	assert_int_equal(b.hand, 13);
	assert_int_equal(b.promised, 0);
	assert_int_equal(dispatch_assignments(c->st, dike, 0, true, &a, 1), 0);
	assert_int_equal(dispatch_assignments(c->st, dike, 0, false, &a, 1), 1);
	assert_string_equal(a.state, "released");
	refused(c, &c->officer, "assign.state",
	    json_pack("{s:I, s:s}", "assignment", (json_int_t)a.id, "state", "onscene"), ERR_STATE,
	    "anew");
	assignment_rows_clear(&a, 1);
	/* Cancelled before it left, the stock is free again. */
	line(c, &c->officer, T("调拨 市防汛仓库 排涝泵 4 %s", no));
	line(c, &c->officer, T("收回 %d 改从临泽调", newest_order(c).number));
	resource_balance(c->st, depot, "pump", &b);
	assert_int_equal(b.promised, 0);
}

/* A team on two incidents keeps a state for each. */
static void
teams_keep_two_states(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), tanker, team = thing_named(c, "team", "高邮消防");
	struct assignment_row rows[4];
	struct team_row t;
	char dike_no[16], tanker_no[16];

	snprintf(dike_no, sizeof(dike_no), "%s", scene_no(c, dike));
	holds(line(c, &c->officer, T("派 高邮消防 %s", dike_no)), "road network");
	bad_line(c, &c->officer, T("allocation.commit %s 高邮消防", dike_no), ERR_STATE, "already");
	tanker = scene_tanker(c);
	snprintf(tanker_no, sizeof(tanker_no), "%s", scene_no(c, tanker));
	holds(line(c, &c->officer, T("派 高邮消防 %s", tanker_no)), dike_no);
	line(c, &c->officer, T("动态 高邮消防-%s enroute", tanker_no));
	assert_int_equal(dispatch_assignments(c->st, 0, team, true, rows, 4), 2);
	assert_string_equal(rows[0].state, "dispatched");
	assert_string_equal(rows[1].state, "enroute");
	assert_string_equal(rows[1].order_no, T("2025-%03d", newest_order(c).number));
	assignment_rows_clear(rows, 2);
	/* A further order makes no second assignment. */
	line(c, &c->officer, T("派 高邮消防 %s 带洗消车", tanker_no));
	assert_int_equal(dispatch_assignments(c->st, 0, team, true, rows, 4), 2);
	assignment_rows_clear(rows, 2);
	assert_true(resource_team(c->st, team, &t));
	assert_int_equal(t.on, 2);
	/* One that is off cannot go. */
	act(c, &c->chief, "team.set",
	    json_pack("{s:I, s:s, s:s}", "team", (json_int_t)thing_named(c, "team", "城南消防站"),
		"state", "off", "why", "车辆检修"),
	    NULL);
	bad_line(c, &c->officer, T("派 城南消防站 %s", tanker_no), ERR_STATE, "车辆检修");
}

/* --- responses -------------------------------------------------------------------------------- */

static int64_t
start_flood(struct county *c, int64_t incident)
{
	return act(c, &c->chief, "response.start",
	    json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "incident", (json_int_t)incident, "plan",
		(json_int_t)thing_named(c, "plan", "防汛"), "level", "4", "approver",
		"市防指副总指挥 陈某", "period", "至7月11日8时", "measures",
		"加密巡堤查险，预置抢险力量"),
	    NULL);
}

/* How many orders the plan's tasks of levels mildest..worst make. */
static int64_t
expected_orders(struct county *c, int64_t plan, int mildest, int worst)
{
	struct err err = ERR_NONE;
	const struct plan_doc *doc = plan_open(c->st, plan, 0, &err);
	struct unit_row towns[64];
	int64_t n = 0, all = (int64_t)resource_units_of_kind(c->st, "township", towns, 64);

	assert_non_null(doc);
	for (size_t i = 0; i < doc->n_tasks; i++)
		if (doc->tasks[i].level <= mildest && doc->tasks[i].level >= worst)
			n += strcmp(doc->tasks[i].owner, "@townships") == 0 ? all : 1;
	return n;
}

/* Rows 17, 18, 23, 48, 47: from the start to the end. */
static void
response_from_start_to_end(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), id, at_four, at_three;
	struct response_row r;
	struct level_change levels[8];
	struct order_filter f = {.incident = dike};
	struct order_row rows[200];
	struct incident_row incident;
	struct order_full full;
	char *said;
	size_t n;

	at("07-09 19:00");
	/* No response starts without a named approver (row 39). */
	refused(c, &c->chief, "response.start",
	    json_pack("{s:I, s:I, s:s, s:s, s:s}", "incident", (json_int_t)dike, "plan",
		(json_int_t)thing_named(c, "plan", "防汛"), "level", "4", "period", "两天",
		"measures", "巡堤"),
	    ERR_INPUT, "approved by");
	refused(c, &c->chief, "response.start",
	    json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "incident", (json_int_t)dike, "plan",
		(json_int_t)thing_named(c, "plan", "防汛"), "level", "4", "approver", "待定",
		"period", "两天", "measures", "巡堤"),
	    ERR_REFUSED, "approver=");
	refused(c, &c->township, "response.start",
	    json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "incident", (json_int_t)dike, "plan",
		(json_int_t)thing_named(c, "plan", "防汛"), "level", "4", "approver", "镇长",
		"period", "两天", "measures", "巡堤"),
	    ERR_REFUSED, NULL);
	assert_int_equal(dispatch_responses(c->st, dike, false, &r, 1), 0);

	id = start_flood(c, dike);
	assert_true(dispatch_response(c->st, id, &r));
	assert_true(r.active && r.level == 4 && r.started == hm("19:00"));
	assert_string_equal(r.approver, "市防指副总指挥 陈某");
	assert_true(incident_get(c->st, dike, &incident));
	assert_string_equal(incident.state, "responding");
	/* The tasks are copied from the plan, with owner and due. */
	at_four = expected_orders(c, r.plan, 4, 4);
	assert_true(at_four >= 14);
	assert_int_equal(r.orders, at_four);
	assert_int_equal(r.unacked, at_four);
	n = dispatch_orders(c->st, &f, rows, 200);
	assert_int_equal(n, at_four);
	for (size_t i = 0; i < n; i++) {
		assert_true(*rows[i].dest && *rows[i].content && rows[i].ack_due > rows[i].issued);
		assert_int_equal(rows[i].response, id);
		assert_true(dispatch_order_full(c->st, rows[i].id, &full));
		assert_true(*full.task);
		assert_string_equal(full.approver, "市防指副总指挥 陈某");
		order_full_clear(&full);
	}
	refused(c, &c->chief, "response.start",
	    json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "incident", (json_int_t)dike, "plan",
		(json_int_t)r.plan, "level", "3", "approver", "某某", "period", "两天", "measures",
		"巡堤"),
	    ERR_STATE, "response.level");

	/* Row 18: overdue ones are listed, oldest first. */
	f = (struct order_filter){.incident = dike, .open = true};
	n = dispatch_orders(c->st, &f, rows, 200);
	for (size_t i = 2; i < n; i++)
		act(c, &c->officer, "order.ack",
		    json_pack("{s:I, s:s}", "order", (json_int_t)rows[i].id, "by", "值班员"), NULL);
	at("07-09 19:40");
	f = (struct order_filter){.unacked = true, .overdue = true};
	n = dispatch_orders(c->st, &f, rows, 200);
	assert_int_equal(n, 2);
	assert_true(rows[0].ack_due <= rows[1].ack_due);

	/* Row 23: raised, the tasks of the worse level are added and the old ones stay. */
	refused(c, &c->chief, "response.level",
	    json_pack("{s:I, s:s, s:s, s:s}", "response", (json_int_t)id, "level", "4", "approver",
		"王某", "reason", "x"),
	    ERR_STATE, "another level");
	act(c, &c->chief, "response.level",
	    json_pack("{s:I, s:s, s:s, s:s}", "response", (json_int_t)id, "level", "3", "approver",
		"分管副市长 赵某", "reason", "子婴河圩堤管涌"),
	    &said);
	holds(said, "raised");
	free(said);
	at_three = expected_orders(c, r.plan, 3, 3);
	assert_true(at_three > 0);
	assert_true(dispatch_response(c->st, id, &r));
	assert_int_equal(r.level, 3);
	assert_int_equal(r.orders, at_four + at_three);
	/* Row 48: lowered, no order disappears; the history of levels is kept. */
	at("07-10 07:40");
	act(c, &c->chief, "response.level",
	    json_pack("{s:I, s:s, s:s, s:s}", "response", (json_int_t)id, "level", "4", "approver",
		"分管副市长 赵某", "reason", "三垛 2.12 米，回落"),
	    NULL);
	assert_int_equal(dispatch_levels(c->st, id, levels, 8), 3);
	assert_true(levels[0].level == 4 && levels[1].level == 3 && levels[2].level == 4);
	assert_int_equal(levels[1].at, hm("07-09 19:40"));
	assert_string_equal(levels[2].reason, "三垛 2.12 米，回落");
	assert_true(dispatch_response(c->st, id, &r));
	assert_int_equal(r.orders, at_four + at_three);

	/* Row 47: the end needs an approver and every task settled or handed on. */
	refused(c, &c->chief, "response.end",
	    json_pack("{s:I, s:s, s:s}", "response", (json_int_t)id, "approver", "赵某", "reason",
		"险情解除"),
	    ERR_STATE, "order.hand");
	f = (struct order_filter){.response = id, .open = true};
	n = dispatch_orders(c->st, &f, rows, 200);
	for (size_t i = 0; i < n; i++) {
		if (i == 0) {
			json_int_t other = (json_int_t)thing_named(c, "unit",
			    rows[0].unit == thing_named(c, "unit", "水利局") ? "城管局" : "水利局");

			refused(c, &c->officer, "order.hand",
			    json_pack("{s:I, s:I, s:s}", "order", (json_int_t)rows[i].id, "to",
				(json_int_t)rows[0].unit, "why", "x"),
			    ERR_INPUT, "another owner");
			act(c, &c->officer, "order.hand",
			    json_pack("{s:I, s:I, s:s}", "order", (json_int_t)rows[i].id, "to",
				other, "why", "转入日常"),
			    NULL);
			continue;
		}
		if (rows[i].acked == CLOCK_NONE)
			act(c, &c->officer, "order.ack",
			    json_pack(
				"{s:I, s:s}", "order", (json_int_t)rows[i].id, "by", "值班员"),
			    NULL);
		assert_true(dispatch_order(c->st, rows[i].id, &rows[i]));
		if (strcmp(rows[i].state, "done") != 0)
			act(c, &c->officer, "order.done",
			    json_pack(
				"{s:I, s:s}", "order", (json_int_t)rows[i].id, "result", "已落实"),
			    NULL);
	}
	refused(c, &c->chief, "response.end",
	    json_pack("{s:I, s:s, s:s}", "response", (json_int_t)id, "approver", "无", "reason",
		"险情解除"),
	    ERR_REFUSED, "approver=");
	act(c, &c->chief, "response.end",
	    json_pack("{s:I, s:s, s:s}", "response", (json_int_t)id, "approver", "分管副市长 赵某",
		"reason", "险情解除"),
	    NULL);
	assert_true(dispatch_response(c->st, id, &r));
	assert_true(!r.active && r.ended == hm("07:40") && r.open_orders == 1);
	assert_true(dispatch_order_full(c->st, rows[0].id, &full));
	assert_true(*full.handed && strcmp(full.row.state, "issued") == 0);
	assert_string_equal(full.row.dest, full.handed);
	order_full_clear(&full);
	refused(c, &c->chief, "response.level",
	    json_pack("{s:I, s:s, s:s, s:s}", "response", (json_int_t)id, "level", "3", "approver",
		"王某", "reason", "x"),
	    ERR_STATE, "new one");
}

/* Who may approve: by the post of the person in the directory, not by the letters of the plan. */
static void
who_approves(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c);
	struct buf sheet = BUF_MAX(1 << 20);
	struct response_row r;
	char no[16];

	snprintf(no, sizeof(no), "%s", scene_no(c, dike));
	bad_line(
	    c, &c->chief, T("启动 %s 防汛 4 陈涛 period=两天 巡堤", no), ERR_REFUSED, "值班副市长");
	bad_line(c, &c->chief, T("启动 %s 防汛 4 市长陈涛 period=两天 巡堤", no), ERR_REFUSED,
	    "directory");
	bad_line(
	    c, &c->chief, T("启动 %s 防汛 4 领导 period=两天 巡堤", no), ERR_REFUSED, "approver=");
	line(c, &c->chief, T("启动 %s 防汛 4 方正平 period=两天 巡堤", no));
	assert_int_equal(dispatch_responses(c->st, dike, true, &r, 1), 1);
	assert_string_equal(r.approver, "值班副市长方正平");
	/* A deputy whose post is worded otherwise than in the plan stands high enough. */
	line(c, &c->chief, T("调级 %s 3 分管副市长蒋云生 管涌扩大", no));
	bad_line(c, &c->chief, T("调级 %s 2 蒋云生 多处出险", no), ERR_REFUSED, "authority=");
	line(c, &c->chief, T("调级 %s 2 蒋云生 authority=市长高远航 多处出险", no));
	line(c, &c->chief, T("调级 %s 3 高远航 险情控制", no));
	/* The sheet: all four levels with who approved them, and the plan's conditions to end it.
	 */
	assert_true(dispatch_response_text(c->st, r.id, &sheet));
	holds(buf_str(&sheet), "分管副市长蒋云生 (authorised by 市长高远航)");
	holds(buf_str(&sheet), "市长高远航  险情控制");
	holds(buf_str(&sheet), "回落至警戒以下");
	assert_false(dispatch_response_text(c->st, dike, &sheet));
	buf_clear(&sheet);
}

/* A chief may set what is true against the course; by whom and why stays. Each reader has the
 * history in their own language. */
static void
against_its_course(void **state)
{
	struct county *c = *state;
	int64_t dike = scene_dike(c), id;
	struct buf form = BUF_MAX(1 << 20);
	int n;

	line(c, &c->officer, T("派 水利局 %s 堵漏抢险", scene_no(c, dike)));
	id = newest_order(c).id;
	n = newest_order(c).number;
	bad_line(c, &c->officer, T("办结 %d 好了", n), ERR_STATE, "acknowledge");
	bad_line(c, &c->officer, T("改态 %d running 电台中断", n), ERR_REFUSED, NULL);
	bad_line(c, &c->chief, T("改态 %d running", n), ERR_INPUT, NULL);
	bad_line(c, &c->chief, T("改态 %d issued 没变", n), ERR_STATE, "already");
	line(c, &c->officer, T("催办 %d way=radio 无应答", n));
	holds(line(c, &c->chief, T("改态 %d running 电台中断，队伍已在现场施工", n)),
	    "against its course");
	assert_string_equal(newest_order(c).state, "running");
	assert_true(newest_order(c).acked == clock_now());
	assert_true(dispatch_order_text(c->st, id, &form));
	holds(buf_str(&form), "by radio 无应答");
	holds(buf_str(&form), "not acknowledged > under way: 电台中断");
	buf_reset(&form);
	i18n_set_language("zh_CN");
	assert_true(dispatch_order_text(c->st, id, &form));
	i18n_set_language("en");
	holds(buf_str(&form), "电台 无应答");
	holds(buf_str(&form), "待签收 > 办理中: 电台中断");
	/* Back to the start: to be acknowledged anew; and what was settled can be opened again. */
	line(c, &c->chief, T("改态 %d issued 误记", n));
	assert_true(newest_order(c).acked == CLOCK_NONE && newest_order(c).ack_due > clock_now());
	line(c, &c->chief, T("改态 %d done 补记办结", n));
	assert_true(newest_order(c).finished == clock_now());
	line(c, &c->chief, T("改态 %d running 复查又渗水", n));
	assert_true(newest_order(c).finished == CLOCK_NONE);
	buf_clear(&form);
}

/* Row 39: the rule proposes, a person starts. The tanker's own township gets its task. */
static void
proposed_by_rule(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c), plan = thing_named(c, "plan", "危化");
	struct response_proposal p;
	struct order_row rows[100];
	struct order_filter f = {.incident = tanker};
	struct incident_row incident;
	struct err err = ERR_NONE;
	bool own = false;
	size_t n;

	assert_true(dispatch_propose(c->st, tanker, &p, &err));
	assert_int_equal(p.plan, plan);
	assert_int_equal(p.level, 4);
	assert_true(*p.why && *p.approver && p.running == 0);
	response_proposal_clear(&p);
	assert_int_equal(dispatch_responses(c->st, tanker, false, NULL, 0), 0);
	at("07-10 03:24");
	holds(line(c, &c->officer,
		  T("启动 %s 危化 4 值班副市长 period=12小时 双向封闭，转移下风向群众",
		      scene_no(c, tanker))),
	    "03:");
	assert_true(dispatch_propose(c->st, tanker, &p, &err));
	assert_true(p.running != 0 && p.running_level == 4);
	response_proposal_clear(&p);
	assert_true(incident_get(c->st, tanker, &incident));
	n = dispatch_orders(c->st, &f, rows, 100);
	for (size_t i = 0; i < n; i++)
		own = own || rows[i].area == incident.area;
	assert_true(n > 5 && own);
}

/* The same lines as a duty officer types them, and the answers in Chinese. */
static void
typed_in_chinese(void **state)
{
	struct county *c = *state;
	int64_t tanker = scene_tanker(c);
	char no[16];
	struct response_row r;

	snprintf(no, sizeof(no), "%s", scene_no(c, tanker));
	i18n_set_language("zh_CN");
	at("07-10 03:24");
	holds(line(c, &c->officer, T("派 高邮消防 %s", no)),
	    "致 高邮市消防救援大队（03:34 前签收）：赶赴 ");
	holds(newest_order(c).content,
	    "K1023+500处：G2京沪高速高邮段液氨槽罐车侧翻泄漏；出动、到场即报");
	holds(line(c, &c->officer, T("签收 高邮消防")), "签收");
	holds(line(c, &c->officer, "动态 高邮消防 在途"), "在途");
	holds(line(c, &c->officer, "动态 高邮消防 到场 已开始侦检"), "已开始侦检");
	bad_line(c, &c->officer, "动态 高邮消防 在途", ERR_STATE, "可转：归队");
	holds(line(c, &c->officer, T("启动 %s 危化 四级 值班副市长 period=12小时 双向封闭", no)),
	    "四级响应，值班副市长方正平批准");
	assert_int_equal(dispatch_responses(c->st, tanker, true, &r, 1), 1);
	assert_int_equal(r.level, 4);
	holds(line(c, &c->officer, T("调级 %s 三级 分管副市长 疏散超过500人", no)),
	    "由四级提升为三级");
	bad_line(c, &c->officer, T("终止 %s 值班副市长 险情排除", no), ERR_STATE,
	    "请先办结、移交或收回");
	bad_line(c, &c->officer, T("办结 %d", newest_order(c).number), ERR_STATE, "现在可以：签收");
	i18n_set_language("en");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, county_make, county_clear)
	    TEST(limits_to_acknowledge),
	    TEST(numbers_and_lists),
	    TEST(the_whole_way),
	    TEST(notices_withdrawals_reminders),
	    TEST(unacknowledged_climbs_by_itself),
	    TEST(a_late_look_takes_one_step),
	    TEST(people_move_the_ladder),
	    TEST(townships_answer_for_themselves),
	    TEST(undone),
	    TEST(stock_is_promised_once),
	    TEST(reserved_sent_and_back),
	    TEST(teams_keep_two_states),
	    TEST(response_from_start_to_end),
	    TEST(who_approves),
	    TEST(against_its_course),
	    TEST(proposed_by_rule),
	    TEST(typed_in_chinese),
	};

	i18n_init();
	i18n_set_language("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
