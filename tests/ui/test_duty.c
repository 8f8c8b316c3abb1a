/*
 * The duty room by keyboard alone: handover, roster and swaps, roll call, call-and-answer, instructions, orders, units, responses,
 * and a township's console. The day is duty.zb on the demo county; its clock is pinned. Whole screens are compared at both sizes and in both
 * languages; then each is worked through as an officer would, mistakes included.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENING "2025-07-09T19:40"
/* Every limit of the calls has passed, and no countdown of seconds runs: for the pictures. */
#define LATER "2025-07-09T19:55"
#define LATER_LINE "@2025-07-09T19:55 陈涛\n记 临泽站雨势未减\n"

static int
make_room(void **state)
{
	struct room *r = room_new("duty", true);
	char *day = room_file("duty.zb");

	room_play_file(r, "苏静", day);
	free(day);
	*state = r;
	return 0;
}

static int
make_later(void **state)
{
	struct store *st;

	make_room(state);
	st = room_open(*state);
	room_play(st, "苏静", LATER_LINE);
	store_close(st);
	clock_pin(CLOCK_NONE);
	return 0;
}

static struct tty *
sit_down(struct room *r, const char *person, const char *now)
{
	return tty_start(&(struct tty_setup){
	    .store = r->store, .person = person, .rows = 24, .columns = 80, .now = now});
}

static void
stand_up(struct tty *t)
{
	tty_type(t, "<Esc><Esc><Esc><Esc>q<Enter>");
	assert_int_equal(tty_end(t), 0);
}

/* Take back the act that the message line has just told, by its number. */
static void
take_back(struct tty *t)
{
	const char *at = strrchr(tty_screen(t), '#');
	char *line = mem_print(":撤销 #%ld<Enter>", at ? strtol(at + 1, NULL, 10) : 0L);

	assert_non_null(at);
	tty_type(t, line);
	free(line);
}

/* --- whole screens --------------------------------------------------------------------------- */

static const struct {
	const char *name, *person, *keys;
} pictures[] = {
    {"duty-watch", "陈涛", "8"},
    {"duty-handover", "陈涛", "8t"},
    {"duty-roster", "陈涛", "8m"},
    {"duty-roll", "陈涛", "8r"},
    {"duty-callout", "陈涛", "8c"},
    {"duty-target", "陈涛", "8c<Enter>"},
    {"duty-instructions", "李敏", "8i"},
    {"duty-step", "李敏", "8id"},
    {"duty-orders", "陈涛", "02"},
    {"duty-order", "陈涛", "02<Enter>"},
    {"duty-units", "陈涛", "02U"},
    {"duty-response", "陈涛", "2<Enter>rb<Esc>"},
    {"duty-response-sheet", "陈涛", "2<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Enter>"},
    {"duty-spot", "陈涛", "8s"},
    {"duty-register", "陈涛", "8b"},
    {"duty-township", "田家旺", "02"},
};

static void
take_pictures(struct room *r, int rows, int columns, const char *language)
{
	for (size_t i = 0; i < COUNT_OF(pictures); i++) {
		struct tty *t = tty_start(&(struct tty_setup){.store = r->store,
		    .person = pictures[i].person,
		    .rows = rows,
		    .columns = columns,
		    .language = language,
		    .now = LATER});

		tty_type(t, pictures[i].keys);
		tty_picture(t, pictures[i].name);
		stand_up(t);
	}
}

static void
test_pictures_chinese_small(void **state)
{
	take_pictures(*state, 24, 80, "zh_CN");
}

static void
test_pictures_chinese_large(void **state)
{
	take_pictures(*state, 36, 120, "zh_CN");
}

static void
test_pictures_english_small(void **state)
{
	take_pictures(*state, 24, 80, "en");
}

static void
test_pictures_english_large(void **state)
{
	take_pictures(*state, 36, 120, "en");
}

/* --- the handover ---------------------------------------------------------------------------- */

/* 08:20 of the next day: begun, dropped, begun again, signed by both sides, each refusal with its reason; then the watch opens. */
static void
test_handover(void **state)
{
	struct tty *out = sit_down(*state, "陈涛", "2025-07-10T08:20");
	struct tty *in;

	tty_type(out, "8tb");
	tty_expect(out, "交班方写说明");
	tty_type(out, "D误按<C-s>");
	tty_expect(out, "作废");
	tty_type(out, "b");
	/* Orders nobody acknowledged all night are one line, with whose they are. */
	tty_expect(out, "逾期指令 30");
	tty_type(out, "o");
	tty_expect(out, "双方都没签字");
	tty_type(out, "e夜间加密巡堤，泵站2号机待修<C-s>");
	tty_expect(out, "泵站2号机待修");
	tty_type(out, ":交接签字 ");
	tty_expect(out, "交班方"); /* the choices are the crews, not the ways of a call */
	tty_expect(out, "接班方");
	tty_type(out, "<Esc>s");
	tty_expect(out, "交班方签字");
	tty_type(out, "s");
	tty_expect(out, "已签"); /* not twice */

	in = sit_down(*state, "周雪梅", "2025-07-10T08:25");
	tty_type(in, "8t");
	tty_expect(in, "接班方清点下表");
	tty_type(in, "s");
	tty_expect(in, "清点"); /* refused: the list is not checked */
	tty_type(in, "<Tab>xx");
	tty_expect(in, "[x]");
	tty_type(in, "f备用电源未修复<C-s>");
	tty_expect(in, "[!]");
	tty_expect(in, "备用电源未修复");
	tty_type(in, "gjjx"); /* a fault that is mended: the line is checked again */
	tty_expect_not(in, "[!]");
	tty_type(in, "xxxxxxx");
	tty_expect(in, "接班方签字：s");
	tty_type(in, "s");
	tty_expect(in, "o 接班");
	tty_type(in, "o");
	tty_expect(in, "已接班：沈志强");
	tty_expect(in, "已交接");
	/* The paper, in the parts of the form. */
	tty_type(in, "p");
	tty_expect(in, "在办事项和时限");
	tty_type(in, "G");
	tty_expect(in, "签字");
	tty_expect(in, "周雪梅");
	tty_type(in, "<Esc>w");
	tty_expect(in, "上一班以来");
	stand_up(in);
	stand_up(out);
}

/* --- roster ---------------------------------------------------------------------------------- */

static void
test_swaps(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);
	struct tty *leader;

	tty_type(t, "8m");
	tty_expect(t, "周雪梅?");
	tty_expect(t, "何大勇*");
	tty_expect(t, "方正平 周末强降雨");
	/* An officer does not approve. */
	tty_type(t, "d");
	tty_expect(t, "吴倩替周雪梅");
	tty_type(t, "<Enter><Enter><C-s>");
	tty_expect(t, "不能办这件事");
	/* The day under the mark, without an hour: the whole shift of that day. */
	tty_type(t, "gs");
	tty_expect(t, "2025-07-01\n");
	tty_type(t, "<Esc>");
	stand_up(t);

	leader = sit_down(*state, "王建国", EVENING);
	tty_type(leader, "8md<Enter>");
	tty_choose(leader, "不准");
	tty_type(leader, "人手不够<C-s>");
	tty_expect(leader, "不准换班");
	tty_expect_not(leader, "周雪梅?");
	tty_type(leader, "d");
	tty_expect(leader, "没有待批换班");
	tty_type(leader, "p");
	tty_expect(leader, "双带班 方正平 周末强降雨"); /* the line fits */
	tty_type(leader, "G");
	tty_expect(leader, "07-15 值班员：吴倩替周雪梅");
	tty_expect(leader, "人手不够");
	tty_expect(leader, "0514-5550");
	stand_up(leader);
}

/* --- roll call and call-and-answer ------------------------------------------------------------- */

static void
test_roll_call(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "8r");
	tty_expect(t, "无人接        甘垛镇人民政府");
	tty_type(t, "c");
	tty_expect(t, "甘垛镇"); /* refused, and says whom it waits for */
	tty_expect(t, "联系上2/19");
	tty_type(t, "a彭小兵<Tab>18<C-s>");
	tty_expect(t, "联系上3/19");
	tty_expect_not(t, "无人接        甘垛镇");
	/* Its choices are said in the language of the screen. */
	tty_type(t, "a");
	tty_expect(t, "电话   手机   视频   电台   卫星电话");
	tty_type(t, "<Esc>");
	tty_type(t, "a韩冬梅<C-s>");
	tty_expect(t, "韩冬梅应答 "); /* no seconds where nobody counted them */
	take_back(t);
	tty_type(t, "g");
	/* The mark has gone on to the next to be called; a slip of the key is taken back. */
	tty_type(t, "m");
	tty_expect(t, "> 无人接        龙虬镇");
	take_back(t);
	tty_expect(t, "待拨          龙虬镇");
	tty_type(t, "p");
	tty_type(t, "G");
	tty_expect(t, "甘垛镇人民政府");
	tty_expect(t, "彭小兵");
	/* For a spreadsheet: every try a line. */
	tty_type(t, "<Esc>e");
	tty_expect(t, "点名结果 CSV");
	tty_expect(t, "单位,时间,所拨号码,方式,已应答");
	tty_expect(t, "高邮街道办事处,2025-07-09 19:30,0514-55500060,电话,是,谢丽华,5,是,于长林");
	tty_type(t, "<Esc>");
	stand_up(t);
	t = sit_down(*state, "田家旺", EVENING);
	tty_type(t, "8re");
	tty_expect(t, "由值班室打印");
	/* What a township may not do is not offered to it. */
	tty_expect_not(t, "o 点名");
	tty_type(t, "<Esc>i");
	tty_expect(t, "批示单");
	tty_expect_not(t, "v 督办");
	stand_up(t);
}

static void
test_call_and_answer(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "8c");
	tty_expect(t, "应答1/32");
	/* Without what was read back nobody was reached. */
	tty_type(t, "a<C-s>");
	tty_expect(t, "此栏必填");
	tty_type(t, "<Esc>");
	tty_type(t, "a已知悉，赴防指指挥<C-s>");
	tty_expect(t, "应答2/32");
	/* The second miss: the next contact is up by itself. */
	tty_type(t, "mm");
	tty_expect(t, "2/2");
	/* Past the limit: the breach stays, whoever answers later. */
	tty_at(t, "2025-07-09T19:42");
	tty_expect(t, "逾限");
	tty_type(t, "p");
	tty_expect(t, "暴雨红色预警");
	tty_type(t, "<Esc>e");
	tty_expect(t, "名单,对方,状态,时限");
	tty_type(t, "G");
	tty_expect(t, "乡镇,临泽镇,已应答,2025-07-09 19:41,,1,2025-07-09 19:36,田家旺");
	tty_type(t, "<Esc>c<C-s>");
	tty_expect(t, "why="); /* not closed without a reason while somebody has not answered */
	tty_type(t, "<Esc>");
	stand_up(t);
}

/* --- instructions ------------------------------------------------------------------------------ */

static void
test_instruction(void **state)
{
	struct tty *t = sit_down(*state, "李敏", EVENING);

	tty_type(t, "8i");
	tty_expect(t, "002   登记");
	tty_type(t, "d");
	tty_choose(t, "传达");
	tty_type(t, "水利局<C-s>");
	tty_expect(t, "还没传达"); /* a helper was told, the owner not yet */
	tty_type(t, "d");
	tty_choose(t, "传达");
	tty_type(t, "临泽镇<C-s>");
	tty_expect(t, "002   已传达");
	tty_type(t, "d");
	tty_expect_not(t, "批示办结"); /* not offered yet, and refused with the reason */
	tty_type(t, "<Esc>:批示办结 002<Enter>");
	tty_expect(t, "反馈");
	tty_type(t, "<Esc>");
	tty_expect(t, "002   已传达");
	stand_up(t);

	/* The owner takes it on and feeds back; it does not close. */
	t = sit_down(*state, "田家旺", EVENING);
	tty_type(t, "8id");
	tty_choose(t, "承办");
	tty_type(t, "<C-s>");
	tty_expect(t, "002   承办中");
	tty_type(t, "d");
	tty_choose(t, "批示反馈");
	tty_type(t, "围井已加高，群众全部转移<C-s>");
	tty_expect(t, "002   已反馈");
	tty_type(t, "d");
	tty_expect_not(t, "批示办结");
	tty_type(t, "<Esc>");
	stand_up(t);

	/* The chief sends it back, it comes again, and is closed. */
	t = sit_down(*state, "李敏", EVENING);
	tty_type(t, "8id");
	tty_choose(t, "批示退回");
	tty_type(t, "人数要报准<C-s>");
	tty_expect(t, "002   承办中");
	tty_type(t, "d");
	tty_choose(t, "批示反馈");
	tty_type(t, "30户86人全部转移<C-s>");
	tty_type(t, "d");
	tty_choose(t, "批示办结");
	tty_type(t, "险情排除<C-s>");
	tty_expect(t, "在办批示 1");
	tty_type(t, "f");
	tty_expect(t, "全部批示 2");
	tty_type(t, "g<Enter>");
	tty_expect(t, "全力抢险，确保人员安全，21时前报告");
	tty_expect(t, "险情排除");
	tty_type(t, "G");
	tty_expect(t, "人数要报准");
	stand_up(t);
}

/* --- orders, units, responses ------------------------------------------------------------------ */

static void
test_orders(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "02jj");
	tty_type(t, "R已出发<C-s>");
	tty_expect(
	    t, "待签收"); /* refused: it is not acknowledged yet, and what may follow is said */
	tty_expect(t, "现在可以");
	tty_type(t, "<Esc>a<C-s>");
	tty_expect(t, "签收");
	tty_expect(t, "超时 30 分");
	take_back(t);
	tty_expect(t, "028     待签收");
	tty_type(t, "X");
	tty_expect(t, "不能办这件事"); /* an officer does not set states against their course */
	stand_up(t);

	t = sit_down(*state, "李敏", EVENING);
	tty_type(t, "02jjX");
	tty_type(t, "r<Tab>电台中断，队伍已在现场<C-s>");
	tty_expect(t, "越序");
	tty_expect(t, "028     办理中");
	tty_type(t, "g");
	tty_type(t, "U");
	tty_expect(t, "调度板：途中2（逾时0），到场1，预留0");
	tty_type(t, "s");
	tty_expect(t, "到场2");
	tty_type(t, "x");
	tty_expect(t, "到场");
	stand_up(t);
}

static void
test_late_units(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", "2025-07-09T20:30");

	tty_type(t, "02U");
	tty_expect(t, "途中2（逾时2）");
	tty_expect(t, "> !!  ");
	assert_int_equal(tty_look_at(t, tty_row_of(t, "> !!"), 4).colour, 1);
	stand_up(t);

	/* How late, who and what: none of it is cut in the longer language. */
	t = tty_start(&(struct tty_setup){.store = ((struct room *)*state)->store,
	    .person = "陈涛",
	    .rows = 24,
	    .columns = 80,
	    .language = "en",
	    .now = "2025-07-09T21:23"});
	tty_type(t, "02U");
	tty_expect(t, "over 75 min  高邮市防汛抢险大队  team          001");
	tty_expect(t, "高邮市防汛物资仓库  编织袋5000只  001");
	stand_up(t);
}

static void
test_response(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "2<Enter>r");
	tty_expect(t, "调级");
	stand_up(t);
	t = sit_down(*state, "陈涛", EVENING);
	/* Too low a post for level III, then one that is high enough. */
	tty_type(t, ":调级 001 3 王建国 险情扩大<Enter>");
	tty_expect(t, "按预案");
	tty_type(t, "<Esc>");
	tty_type(t, ":调级 001 3 蒋云生 险情扩大<Enter>");
	tty_expect(t, "蒋云生");
	/* Not ended while orders are open. */
	tty_type(t, ":终止 001 蒋云生 险情排除<Enter>");
	tty_expect(t, "指令未了");
	tty_type(t, "<Esc>");
	stand_up(t);
}

/* --- a drill's warnings ------------------------------------------------------------------------- */

/* The demo county is a drill's: what is issued there is an exercise, stands in the ordinary list as one, and is called out for. */
static void
test_drill_warning(void **state)
{
	struct tty *t;
	struct store *st = room_open(*state);

	room_play(st, "王建国",
	    "@2025-07-09T19:40 王建国\n发布预警 暴雨 red 临泽镇 2025-07-10T00:00 "
	    "临泽镇1小时雨量62毫米，请立即转移低洼户。\n");
	store_close(st);
	clock_pin(CLOCK_NONE);
	t = sit_down(*state, "陈涛", EVENING);
	tty_type(t, "04");
	tty_expect(t, "涉及本地的有效预警 1");
	tty_expect(t, "【演练】【本级】暴雨红色");
	tty_expect(t, "尚未叫应");
	tty_type(t, "c");
	tty_expect(t, "叫应");
	tty_expect(t, "临泽镇");
	tty_type(t, "<Esc>");
	stand_up(t);
}

/* --- a township's console ------------------------------------------------------------------------ */

/* It sees its own, acknowledges by one key, in its own name, and feeds back. */
static void
test_township(void **state)
{
	struct tty *t = sit_down(*state, "田家旺", EVENING);

	tty_expect(t, "3 待签收");
	tty_type(t, "02");
	tty_expect(t, "未办结指令 3");
	tty_expect_not(t, "高邮市消防救援大队");
	tty_type(t, "a");
	tty_expect(t, "029     已签收");
	tty_expect(t, "田家旺");
	tty_type(t, "a");
	tty_expect(t, "R 反馈");
	tty_type(t, "R86人全部转移<C-s>");
	tty_expect(t, "029     办理中");
	/* A state against its course is not a township's. */
	tty_type(t, "X");
	tty_expect(t, "不能办这件事");
	tty_type(t, "U");
	tty_expect(t, "值班室");
	tty_type(t, "<Enter>");
	tty_expect(t, "86人全部转移");
	tty_type(t, "<Esc><Esc>1");
	tty_expect(t, "2 待签收");
	stand_up(t);
}

/* A digit shows the screen it names, also from what lies over that screen. */
static void
test_digit_of_the_same_tab(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "02");
	tty_expect(t, "未办结指令");
	tty_type(t, "1");
	tty_expect(t, "在办事件");
	tty_type(t, "8i<Enter>8");
	tty_expect(t, "批示督办");
	tty_expect(t, "交接班");
	stand_up(t);
}

/* A console on the drill's own clock, not on the test's. */
static struct tty *
sit_down_at_drill(struct room *r, const char *person)
{
	char *program = mem_print("%s/zhiban", getenv("top_builddir"));
	const char *command[] = {"/usr/bin/env", "-u", "ZHIBAN_CLOCK", program, "--store", r->store,
	    "--as", person, NULL};
	struct tty *t = tty_start(
	    &(struct tty_setup){.store = r->store, .command = command, .rows = 24, .columns = 80});

	free(program);
	return t;
}

/* The trainer puts the drill's clock on at his own desk: the trainee's open console goes with it. */
static void
test_drill_clock_moves_open_consoles(void **state)
{
	struct room *r = *state;
	struct tty *trainer = sit_down_at_drill(r, "苏静"), *t = sit_down_at_drill(r, "陈涛");

	tty_type(trainer, ":演练时钟 2025-07-10T03:10<Enter>");
	tty_wait_for(t, "07-10 周四  03:1");
	tty_type(trainer, ":演练时钟 2025-07-10T05:40<Enter>");
	tty_wait_for(t, "07-10 周四  05:4");
	stand_up(trainer);
	stand_up(t);
}

/* --- typing, as a tired officer does --------------------------------------------------------- */

/* The telephone rings while something else is being typed: F4 is the record everywhere, and what was typed stays. */
static void
test_telephone_over_any_text(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "n临泽镇来电，子婴河<F4>");
	tty_expect(t, "录音编号");
	tty_type(t, "<Esc>");
	tty_expect(t, "临泽镇来电，子婴河");
	tty_type(t, "<Esc>8io杨春燕<F4>");
	tty_expect(t, "录音编号");
	tty_type(t, "0514-55501031");
	tty_expect(t, "田家旺");
	tty_type(t, "<Enter>水位回落<C-s>");
	tty_expect(t, "杨春燕");
	tty_expect(t, "承办单位*");
	stand_up(t);
}

/* A refused time is asked again: the digits of the next try must not fall into the caller's words. */
static void
test_receipt_time_is_asked_again(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "n临泽镇来电<C-t><C-u>2599<Enter>");
	tty_expect(t, "填已过的时间");
	tty_type(t, "<C-u>2050<Enter>");
	tty_expect(t, "填已过的时间"); /* not yet */
	tty_type(t, "<C-u>１９３５<Enter>");
	tty_expect(t, "19:35 来电");
	tty_expect_not(t, "1935");
	tty_expect_not(t, "１９３５");
	stand_up(t);
}

/* A form reads a time as the line does: ten past midnight, said before it, is to come. */
static void
test_due_over_midnight(void **state)
{
	struct tty *t = sit_down(*state, "李敏", "2025-07-09T23:40");

	tty_type(t, "8iv临泽镇<Enter>００１０<Enter>市长办公会<C-s>");
	tty_expect(t, "必填");
	tty_type(t, "清淤<C-s>");
	tty_expect(t, "003   登记        30分");
	stand_up(t);
}

/* At 80 columns a refusal is read to its end, and an act keeps the number by which it is taken back. */
static void
test_long_messages(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "n喂<C-s>");
	tty_expect(t, "来源（谁报");
	tty_expect(t, "的？）");
	tty_type(t, "<C-u>高速交警王明来电，京沪高速南行1023公里加500米，一辆槽罐车侧翻，液氨泄漏，"
		    "驾驶员被困，电话0514-55501122<C-s>");
	tty_expect(t, "立案 2025-002");
	tty_expect(t, "..   #");
	take_back(t);
	tty_expect(t, "立案 2025-002"); /* what was taken back */
	stand_up(t);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_room, room_leave)
#define PICTURES(f) cmocka_unit_test_setup_teardown(f, make_later, room_leave)
	static const struct CMUnitTest tests[] = {PICTURES(test_pictures_chinese_small),
	    PICTURES(test_pictures_chinese_large), PICTURES(test_pictures_english_small),
	    PICTURES(test_pictures_english_large), TEST(test_handover), TEST(test_swaps),
	    TEST(test_roll_call), TEST(test_call_and_answer), TEST(test_instruction),
	    TEST(test_orders), TEST(test_late_units), TEST(test_response), TEST(test_drill_warning),
	    TEST(test_township), TEST(test_telephone_over_any_text),
	    TEST(test_receipt_time_is_asked_again), TEST(test_due_over_midnight),
	    TEST(test_long_messages), TEST(test_drill_clock_moves_open_consoles),
	    TEST(test_digit_of_the_same_tab)};

	i18n_init();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("ui/duty", tests, NULL, NULL);
}
