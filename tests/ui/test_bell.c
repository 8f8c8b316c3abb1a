/*
 * The bell of the console, heard on a pty: once for each new matter, again by its rule, not in
 * quiet hours; and the mark in the header, which stays as long as the matter does. What happens,
 * happens in this process, over the same store.
 */
#include "base/mem.h"
#include "exchange/feed.h"
#include "monitor/monitor.h"
#include "store/command.h"
#include "store/store.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct desk {
	struct room *room;
	struct store *st;
	struct tty *t;
	int heard; /* bells told so far */
};

/* Lines of a script, "@2025-07-10T10:00 陈涛\n…". */
static void
happens(struct desk *r, const char *script)
{
	room_play(r->st, NULL, script);
}

static int
make_room(void **state)
{
	struct desk *r = mem_zero(1, sizeof(*r));

	r->room = room_new("bell", false);
	r->st = room_open(r->room);
	happens(r,
	    "@2025-07-09T08:00\n"
	    "设置 county_name 高邮市应急管理局\n"
	    "加区划 321084108 三垛镇人民政府 town short=三垛镇 lon=119.67 lat=32.80\n"
	    "加单位 GY02 高邮市消防救援大队 department short=消防大队 phone=0514-55500002\n"
	    "加单位 SD01 三垛镇人民政府 township short=三垛镇政府 area=三垛镇 phone=0514-55500003\n"
	    "加人员 李敏 chief\n加人员 陈涛 officer\n加人员 秦守仁 township area=三垛镇\n");
	*state = r;
	return 0;
}

static int
leave_room(void **state)
{
	struct desk *r = *state;

	store_close(r->st);
	clock_pin(CLOCK_NONE);
	room_free(r->room);
	free(r);
	return 0;
}

static void
sit_down(struct desk *r, const char *person, const char *now)
{
	r->heard = 0;
	r->t = tty_start(&(struct tty_setup){
	    .store = r->room->store, .person = person, .now = now, .rows = 24, .columns = 80});
}

static void
stand_up(struct desk *r)
{
	tty_type(r->t, "<Esc><Esc>q<Enter>");
	assert_int_equal(tty_end(r->t), 0);
}

/* How often it rang since the last time this was asked. */
static int
rang(struct desk *r)
{
	int bells, before = r->heard;

	tty_sync(r->t);
	bells = (int)tty_bells(r->t);
	r->heard = bells;
	return bells - before;
}

static int
rang_at(struct desk *r, const char *now)
{
	tty_clock(r->t, now);
	return rang(r);
}

static void
test_message_rings_once(void **state)
{
	struct desk *r = *state;

	happens(r, "@2025-07-10T09:50 陈涛\n收件 气象局 title=昨日 昨日雨情。\n");
	sit_down(r, "陈涛", "2025-07-10T10:00");
	assert_int_equal(rang(r), 0); /* it stood there when one sat down */
	assert_true(tty_shows(r->t, "1 新件"));
	happens(r, "@2025-07-10T10:00 陈涛\n收件 气象局 title=雨情 今日雨情。\n");
	assert_int_equal(rang(r), 1);
	assert_true(tty_shows(r->t, "2 新件"));
	assert_int_equal(rang(r), 0);
	assert_int_equal(rang_at(r, "2025-07-10T10:40"), 0);
	assert_true(tty_shows(r->t, "2 新件"));
	/* Two at once are one bell; what is put away takes its mark along. */
	happens(r, "@2025-07-10T10:40 陈涛\n收件 甲 title=甲 甲事。\n收件 乙 title=乙 乙事。\n"
		   "存件 昨日 why=已阅\n");
	assert_int_equal(rang(r), 1);
	assert_true(tty_shows(r->t, "3 新件"));
	stand_up(r);
}

static void
test_again_by_the_rule(void **state)
{
	struct desk *r = *state;

	happens(r, "@2025-07-10T09:00 李敏\n响铃 inbox 20\n响铃 clock 7\n");
	sit_down(r, "陈涛", "2025-07-10T10:00");
	happens(r, "@2025-07-10T10:00 陈涛\n收件 气象局 title=雨情 今日雨情。\n");
	assert_int_equal(rang(r), 1);
	assert_int_equal(rang_at(r, "2025-07-10T10:19"), 0);
	assert_int_equal(rang_at(r, "2025-07-10T10:20"), 1);
	assert_int_equal(rang_at(r, "2025-07-10T10:21"), 0);
	/* A report clock that runs out, then every seven minutes, until it is closed. */
	happens(r, "@2025-07-10T10:21 陈涛\n存件 雨情 why=已阅\n"
		   "接报 source=镇街 type=11A04 area=三垛镇 place=三垛镇三阳河 nature=管涌 "
		   "三阳河圩堤发现管涌，威胁30户。\n");
	assert_int_equal(rang(r), 0);
	assert_true(rang_at(r, "2025-07-10T10:53") == 1);
	assert_true(tty_shows(r->t, "逾期"));
	assert_int_equal(rang_at(r, "2025-07-10T10:59"), 0);
	assert_true(rang_at(r, "2025-07-10T11:00") == 1);
	stand_up(r);
}

/* A clock that is set back does not keep it silent until that time comes again. */
static void
test_clock_set_back(void **state)
{
	struct desk *r = *state;

	happens(r, "@2025-07-10T09:00 李敏\n响铃 inbox 20\n");
	sit_down(r, "陈涛", "2025-07-10T10:00");
	happens(r, "@2025-07-10T10:00 陈涛\n收件 气象局 title=雨情 今日雨情。\n");
	assert_int_equal(rang(r), 1);
	assert_int_equal(rang_at(r, "2025-07-10T07:00"), 0);
	assert_int_equal(rang_at(r, "2025-07-10T07:19"), 0);
	assert_int_equal(rang_at(r, "2025-07-10T07:20"), 1);
	stand_up(r);
}

static void
test_quiet_hours(void **state)
{
	struct desk *r = *state;

	sit_down(r, "陈涛", "2025-07-10T21:59");
	assert_int_equal(rang(r), 0);
	assert_int_equal(rang_at(r, "2025-07-10T22:00"), 0);
	happens(r, "@2025-07-10T22:00 陈涛\n收件 气象局 title=雨情 今日雨情。\n");
	assert_int_equal(rang(r), 0); /* no bell, the mark */
	assert_true(tty_shows(r->t, "1 新件"));
	assert_int_equal(rang_at(r, "2025-07-11T05:59"), 0);
	assert_int_equal(rang_at(r, "2025-07-11T06:00"), 1);
	assert_int_equal(rang_at(r, "2025-07-11T06:30"), 0);
	/* An urgent one has none unless told, and again after five minutes. */
	tty_clock(r->t, "2025-07-11T23:00");
	happens(r, "@2025-07-11T23:00 陈涛\n收件 12345 title=燃气 urgent 北城有燃气异味。\n");
	assert_int_equal(rang(r), 1);
	assert_true(tty_shows(r->t, "1 紧急"));
	assert_int_equal(rang_at(r, "2025-07-11T23:05"), 1);
	happens(r, "@2025-07-11T23:05 李敏\n响铃 urgent 5 23:00-05:00\n");
	assert_int_equal(rang_at(r, "2025-07-11T23:15"), 0);
	assert_true(tty_shows(r->t, "1 紧急"));
	stand_up(r);
}

static void
take_red(struct desk *r, const char *sent)
{
	char *text = mem_print(
	    "<alert "
	    "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>test-red-1</identifier>"
	    "<sender>test@example.org</sender><sent>%s</sent><status>Actual</status>"
	    "<msgType>Alert</msgType><scope>Public</scope><info><language>zh-CN</language>"
	    "<category>Met</category><event>11B03</event><urgency>Immediate</urgency>"
	    "<severity>Red</severity><certainty>Likely</certainty>"
	    "<headline>高邮市气象台发布暴雨红色预警信号</"
	    "headline><description>未来3小时100毫米以上。"
	    "</description><area><areaDesc>高邮市</areaDesc><geocode><valueName>CPEAS Geographic "
	    "Code</valueName><value>321084</value></geocode></area></info></alert>",
	    sent);
	struct feed_list list = {0};
	struct intake_count count = {0};
	struct err err = ERR_NONE;
	struct actor system;
	char *why = NULL;

	actor_system(&system, "test");
	if (!feed_read(text, strlen(text), NULL, feed_list_keep, &list, NULL, &err) ||
	    !monitor_take(
		r->st, &system, "cap", text, strlen(text), list.item, list.n, &count, &why, &err))
		fail_msg("%s", err.message);
	assert_int_equal(count.touching, 1);
	feed_list_clear(&list);
	free(why);
	free(text);
}

static void
test_red_rings_at_night(void **state)
{
	struct desk *r = *state;

	sit_down(r, "陈涛", "2025-07-10T02:00");
	clock_pin(INT64_C(1752084000000)); /* 2025-07-10 02:00 */
	take_red(r, "2025-07-10T02:00:00+08:00");
	assert_int_equal(rang(r), 1);
	assert_true(tty_shows(r->t, "1 红警"));
	assert_int_equal(rang_at(r, "2025-07-10T02:02"), 0);
	assert_int_equal(rang_at(r, "2025-07-10T02:03"), 1);
	assert_true(tty_shows(r->t, "1 红警"));
	stand_up(r);
}

static bool
does(struct desk *r, const struct actor *actor, const char *line)
{
	struct verb_result result = {.said = NULL};
	struct err err = ERR_NONE;
	bool done = command_run(r->st, actor, line, NULL, &result, &err);

	verb_result_clear(&result);
	err_clear(&err);
	return done;
}

static void
test_rules_that_cannot_be(void **state)
{
	static const char *const lines[] = {"响铃 red 0", "响铃 red 60", "响铃 clock 5 22:00-06:00",
	    "响铃 inbox 5 22-6", "响铃 inbox 5 22:00-22:00", "响铃 inbox -1", "响铃 doorbell 5"};
	struct desk *r = *state;
	struct actor chief, officer;
	struct err err = ERR_NONE;

	assert_true(actor_find(r->st, "李敏", &chief, &err));
	assert_true(actor_find(r->st, "陈涛", &officer, &err));
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		assert_false(does(r, &chief, lines[i]));
	assert_true(does(r, &chief, "响铃 red 5"));
	assert_false(does(r, &officer, "响铃 inbox 5"));
}

/* What comes to a township: its orders, and not the room's messages. */
static void
test_township(void **state)
{
	struct desk *r = *state;

	sit_down(r, "秦守仁", "2025-07-10T10:00");
	happens(r, "@2025-07-10T10:00 陈涛\n收件 气象局 title=雨情 今日雨情。\n");
	assert_int_equal(rang(r), 0);
	assert_false(tty_shows(r->t, "新件"));
	happens(r, "@2025-07-10T10:01 陈涛\n"
		   "接报 source=镇街 type=11A04 area=三垛镇 place=三垛镇三阳河 nature=管涌 "
		   "三阳河圩堤发现管涌，威胁30户。\n"
		   "派 三垛镇政府 001 加密巡查，转移低洼户。\n");
	assert_int_equal(rang_at(r, "2025-07-10T10:01"), 1);
	assert_true(tty_shows(r->t, "待签收"));
	assert_int_equal(rang(r), 0);
	stand_up(r);
}

/* Each step of an order nobody acknowledges rings as a new matter does, and says whom to ring. */
static void
test_order_nobody_acknowledges(void **state)
{
	struct desk *r = *state;

	sit_down(r, "陈涛", "2025-07-10T10:00");
	happens(r, "@2025-07-10T10:01 陈涛\n"
		   "接报 source=镇街 type=11A04 area=三垛镇 place=三垛镇三阳河 nature=管涌 "
		   "三阳河圩堤发现管涌，威胁30户。\n"
		   "派 三垛镇政府 001 加密巡查，转移低洼户。\n");
	rang_at(r, "2025-07-10T10:05");
	happens(r,
	    "@2025-07-10T10:05 李敏\n加联系人 于长林 0514-55509902 area=三垛镇 post=副镇长\n");
	assert_int_equal(rang_at(r, "2025-07-10T10:30"), 0);
	assert_int_equal(rang_at(r, "2025-07-10T10:32"), 1);
	assert_true(tty_shows(r->t, "再次催办"));
	assert_int_equal(rang_at(r, "2025-07-10T10:34"), 0);
	assert_int_equal(rang_at(r, "2025-07-10T10:37"), 1);
	if (!tty_shows(r->t, "催第二联系人") || !tty_shows(r->t, "于长林 0514-55509902"))
		fail_msg("the second contact is not there:\n%s", tty_screen(r->t));
	assert_int_equal(rang_at(r, "2025-07-10T10:42"), 1);
	assert_true(tty_shows(r->t, "报带班领导"));
	assert_int_equal(rang_at(r, "2025-07-10T10:47"), 0);
	assert_int_equal(rang_at(r, "2025-07-10T10:52"), 1); /* the rule's ten minutes */
	stand_up(r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(test_##f, make_room, leave_room)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(message_rings_once),
	    TEST(again_by_the_rule),
	    TEST(clock_set_back),
	    TEST(quiet_hours),
	    TEST(red_rings_at_night),
	    TEST(rules_that_cannot_be),
	    TEST(township),
	    TEST(order_nobody_acknowledges),
	};

	return cmocka_run_group_tests_name("ui/bell", tests, NULL, NULL);
}
