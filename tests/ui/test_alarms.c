/*
 * The alarms of a night by keyboard: what stands and what is silenced, in both sizes and languages; then silenced, let ring, confirmed,
 * closed and made an incident of, mistakes included. What happens is invented.
 */
#include "base/i18n.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <signal.h>

#define NOW "2025-07-09T19:54"

/* 三垛 waits, 冷库A waits too long, 冷库B is confirmed, 射阳镇 is silenced, 兴化 is silenced and stands at nothing, 高邮湖 has just come. */
static const char night[] = "@2025-07-09T19:30 陈涛\n"
			    "收测 兴化 water_level 1.80\n"
			    "屏蔽报警 兴化水位 until=21:00 level=2 水尺检修\n"
			    "@19:41 陈涛\n"
			    "收测 三垛 water_level 2.03\n"
			    "收测 冷库A gas_nh3 46\n"
			    "@19:42 陈涛\n"
			    "收测 冷库B gas_nh3 91\n"
			    "收测 射阳镇 water_level 2.05\n"
			    "@19:45 陈涛\n"
			    "屏蔽报警 射阳镇水位 until=2025-07-10T07:00 校核水尺，宝应水利局已知\n"
			    "确认警 冷库B real 阀门填料泄漏，人员已撤\n"
			    "@19:53 陈涛\n"
			    "收测 高邮湖 water_level 8.52\n";

static void
play(struct room *r, const char *lines)
{
	struct store *st = room_open(r);

	room_play(st, "陈涛", lines);
	store_close(st);
	clock_pin(CLOCK_NONE);
}

static int
make_room(void **state)
{
	struct room *r = room_new("alarms", true);

	play(r, night);
	*state = r;
	return 0;
}

static struct tty *
sit_down(struct room *r, const char *person, int rows, int columns, const char *language)
{
	return tty_start(&(struct tty_setup){.store = r->store,
	    .person = person,
	    .rows = rows,
	    .columns = columns,
	    .language = language,
	    .now = NOW});
}

static void
stand_up(struct tty *t)
{
	tty_type(t, "<Esc><Esc><Esc>q<Enter>");
	assert_int_equal(tty_end(t), 0);
}

static void
test_pictures(void **state)
{
	for (int large = 0; large < 2; large++)
		for (int english = 0; english < 2; english++) {
			struct tty *t = sit_down(*state, "陈涛", large ? 36 : 24, large ? 120 : 80,
			    english ? "en" : "zh_CN");

			tty_type(t, "05");
			tty_picture(t, "alarms");
			stand_up(t);
		}
}

/* Who must confirm stands on top, then what was confirmed, then what is silent; each says until when, by whom and why. */
static void
test_order(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", 24, 80, "zh_CN");

	tty_type(t, "05");
	tty_expect(t, "报警：在报5，待确认3，屏蔽2");
	assert_true(tty_row_of(t, "三垛 水位") < tty_row_of(t, "冷库A"));
	assert_true(tty_row_of(t, "冷库A") < tty_row_of(t, "高邮湖 水位"));
	assert_true(tty_row_of(t, "高邮湖 水位") < tty_row_of(t, "冷库B"));
	assert_true(tty_row_of(t, "冷库B") < tty_row_of(t, "射阳镇 水位"));
	assert_true(tty_row_of(t, "射阳镇 水位") < tty_row_of(t, "兴化 水位"));
	tty_type(t, "j"); /* 冷库A ought to have been confirmed at 19:51 */
	tty_expect(t, "未确认，已报值班长");
	tty_expect(t, "--  1      射阳镇 水位");
	tty_expect(t, "屏蔽至07:00");
	tty_type(t, "jjj");
	tty_expect(t, "> --  1");
	tty_expect(t, "1级及以下，19:45至07-10 07:00，陈涛屏蔽：校核水尺，宝应水利局已知");
	tty_type(t, "j");
	tty_expect(t, "> --  2      兴化 水位");
	tty_expect(t, "陈涛屏蔽：水尺检修");
	tty_type(t, "c");
	tty_expect(t, "该测点只是屏蔽，没有报警");
	tty_type(t, "gu");
	tty_expect(t, "该测点没有屏蔽");
	stand_up(t);
}

static void
test_silence_and_resume(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", 24, 80, "zh_CN");

	tty_type(t, "05");
	tty_expect(t, "> !!  1      三垛 水位");
	/* Until when and why are demanded. */
	tty_type(t, "s<C-s>");
	tty_expect(t, "此栏必填");
	tty_type(t, "21:00<Tab><Tab>闸下壅水，三垛站已核<C-s>");
	tty_expect(t, "待确认2，屏蔽3");
	tty_expect(t, "屏蔽至21:00");
	stand_up(t);

	/* Worse than what was known rings: it is said, and it is to be confirmed. */
	play(*state, "@2025-07-09T19:54 陈涛\n收测 三垛 water_level 2.61\n");
	t = sit_down(*state, "陈涛", 24, 80, "zh_CN");
	tty_type(t, "05g");
	tty_expect(t, "> !!  2      三垛 水位");
	tty_expect(t, "已高于屏蔽级别，照常响铃");
	tty_type(t, "u已下闸，恢复报警<C-s>");
	tty_expect_not(t, "闸下壅水");
	tty_expect(t, "待确认3，屏蔽2");
	/* The highest level is silenced by a chief or leader. */
	tty_type(t, "s21:00<Tab>3<Tab>试<C-s>");
	tty_expect(t, "值班长");
	tty_type(t, "<Esc>");
	stand_up(t);
}

static void
test_confirm_close_open(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", 24, 80, "zh_CN");

	tty_type(t, "05j");
	tty_expect(t, "> !!  1      冷库A 氨浓度");
	tty_type(t, "c探头受潮<Tab>烘干复位<C-s>");
	tty_expect(t, "先确认"); /* refused, and the text stays */
	tty_type(t, "<Esc>af<Tab>探头受潮，现场无泄漏<C-s>");
	tty_expect(t, "待确认2");
	tty_expect(t, "误报");
	/* Now it closes: the words typed before are offered, it is gone from what stands, and there among all. */
	tty_type(t, "c<C-s>");
	tty_expect(t, "在报4");
	tty_expect_not(t, "冷库A 氨浓度");
	tty_type(t, "v");
	tty_expect(t, "全部报警：在报4");
	tty_expect(t, "已销警");
	tty_type(t, "G<Enter>");
	tty_expect(t, "探头受潮");
	tty_expect(t, "烘干复位");
	/* A real one becomes an incident, with the words of the alarm. */
	tty_type(t, "<Esc>vgi");
	tty_expect(t, "尚未立案");
	tty_type(t, "o<C-s>");
	tty_expect(t, "立案 2025-001 三垛");
	tty_expect(t, "事件  001");
	tty_type(t, "o");
	tty_expect(t, "已立案");
	tty_type(t, "i");
	tty_expect(t, "2025-001");
	stand_up(t);
}

/* A township has no business there. */
static void
test_not_for_townships(void **state)
{
	struct tty *t = sit_down(*state, "田家旺", 24, 80, "zh_CN");

	tty_type(t, "05");
	tty_expect(t, "值班室专用");
	tty_expect_not(t, "冷库");
	stand_up(t);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_room, room_leave)
	static const struct CMUnitTest tests[] = {TEST(test_pictures), TEST(test_order),
	    TEST(test_silence_and_resume), TEST(test_confirm_close_open),
	    TEST(test_not_for_townships)};

	i18n_init();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("ui/alarms", tests, NULL, NULL);
}
