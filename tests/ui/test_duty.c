/*
 * The duty room by keyboard alone: handover, roster and swaps, roll call, call-and-answer, instructions, orders, units, responses,
 * and a township's console. The day is duty.zb on the demo county; its clock is pinned. Whole screens are compared at both sizes and in both
 * languages; then each is worked through as an officer would, mistakes included.
 */
#include "tests/test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "house/house.h"
#include "store/store.h"
#include "tests/ui/tty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENING "2025-07-09T19:40"
/* Every limit of the calls has passed, and no countdown of seconds runs: for the pictures. */
#define LATER "2025-07-09T19:55"
#define LATER_LINE "@2025-07-09T19:55 陈涛\n记 临泽站雨势未减\n"

struct room {
	char dir[200];
	char *store;
};

static char *
read_script(const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path = mem_print("%s/tests/ui/%s", top ? top : ".", name);
	FILE *f = fopen(path, "r");
	struct buf all = BUF_MAX(1u << 20);
	char part[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add_n(&all, part, n);
	fclose(f);
	free(path);
	return buf_take(&all);
}

static void
tell(void *context, const struct house_line *line)
{
	(void)context;
	if (!line->done)
		print_error(
		    "line %ld: %s\n  %s\n", line->number, line->text, line->said ? line->said : "");
}

static void
play(struct store *st, const char *script)
{
	struct err err = ERR_NONE;
	struct actor clerk;

	assert_true(actor_find(st, "苏静", &clerk, &err));
	if (!house_play(st, &clerk, script, false, tell, NULL, &err))
		fail_msg("%s", err.message);
}

static int
make_room(void **state)
{
	struct room *r = mem_zero(1, sizeof(*r));
	struct err err = ERR_NONE;
	const char *tmp = getenv("TMPDIR");
	char *script = read_script("duty.zb");
	struct store *st;

	snprintf(r->dir, sizeof(r->dir), "%s/zhiban-duty-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(r->dir));
	r->store = mem_print("%s/duty.db", r->dir);
	/* The texts of the county are Chinese, whoever reads them. */
	i18n_set_language("zh_CN");
	assert_true(house_create(r->store, 0, true, &err));
	st = house_open(r->store, STORE_WRITE, &err);
	assert_non_null(st);
	play(st, script);
	store_close(st);
	clock_pin(CLOCK_NONE);
	free(script);
	*state = r;
	return 0;
}

static int
make_later(void **state)
{
	struct err err = ERR_NONE;
	struct store *st;

	make_room(state);
	st = house_open(((struct room *)*state)->store, STORE_WRITE, &err);
	assert_non_null(st);
	play(st, LATER_LINE);
	store_close(st);
	clock_pin(CLOCK_NONE);
	return 0;
}

static int
leave_room(void **state)
{
	struct room *r = *state;

	tty_remove_all(r->dir);
	free(r->store);
	free(r);
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

static void
expect(struct tty *t, const char *words)
{
	if (tty_shows(t, words))
		return;
	fprintf(stderr, "not on the screen: %s\n%s\n", words, tty_screen(t));
	fail();
}

static void
expect_not(struct tty *t, const char *words)
{
	if (!tty_shows(t, words))
		return;
	fprintf(stderr, "still on the screen: %s\n%s\n", words, tty_screen(t));
	fail();
}

/* Take back the act that the message line has just told, by its number. */
static void
take_back(struct tty *t)
{
	const char *at = strrchr(tty_screen(t), '#');
	char *line = mem_print(":撤销 %ld<Enter>", at ? strtol(at + 1, NULL, 10) : 0L);

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
    {"duty-township", "田家旺", "02"},
};

static void
take_pictures(struct room *r, int rows, int columns, const char *language)
{
	for (size_t i = 0; i < COUNT_OF(pictures); i++) {
		char *name = mem_print("%s-%s-%dx%d", pictures[i].name,
		    language[0] == 'z' ? "zh" : "en", columns, rows);
		struct tty *t = tty_start(&(struct tty_setup){.store = r->store,
		    .person = pictures[i].person,
		    .rows = rows,
		    .columns = columns,
		    .language = language,
		    .now = LATER});

		tty_type(t, pictures[i].keys);
		tty_golden(t, name);
		stand_up(t);
		free(name);
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
	expect(out, "交班方写说明");
	tty_type(out, "D误按<C-s>");
	expect(out, "作废");
	tty_type(out, "b");
	/* Orders nobody acknowledged all night are one line, with whose they are. */
	expect(out, "逾期指令 30");
	tty_type(out, "o");
	expect(out, "双方都没签字");
	tty_type(out, "e夜间加密巡堤，泵站2号机待修<C-s>");
	expect(out, "泵站2号机待修");
	tty_type(out, "s");
	expect(out, "交班方签字");
	tty_type(out, "s");
	expect(out, "已签"); /* not twice */

	in = sit_down(*state, "周雪梅", "2025-07-10T08:25");
	tty_type(in, "8t");
	expect(in, "接班方清点下表");
	tty_type(in, "s");
	expect(in, "清点"); /* refused: the list is not checked */
	tty_type(in, "<Tab>xx");
	expect(in, "[x]");
	tty_type(in, "f备用电源未修复<C-s>");
	expect(in, "[!]");
	expect(in, "备用电源未修复");
	tty_type(in, "gjjx"); /* a fault that is mended: the line is checked again */
	expect_not(in, "[!]");
	tty_type(in, "xxxxxxx");
	expect(in, "接班方签字：s");
	tty_type(in, "s");
	expect(in, "o 接班");
	tty_type(in, "o");
	expect(in, "已接班：沈志强");
	expect(in, "已交接");
	/* The paper, in the parts of the form. */
	tty_type(in, "p");
	expect(in, "在办事项和时限");
	tty_type(in, "G");
	expect(in, "签字");
	expect(in, "周雪梅");
	tty_type(in, "<Esc>w");
	expect(in, "上一班以来");
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
	expect(t, "周雪梅?");
	expect(t, "何大勇*");
	expect(t, "方正平 周末强降雨");
	/* An officer does not approve. */
	tty_type(t, "d");
	expect(t, "吴倩替周雪梅");
	tty_type(t, "<Enter><Enter><C-s>");
	expect(t, "不能办这件事");
	stand_up(t);

	leader = sit_down(*state, "王建国", EVENING);
	tty_type(leader, "8md<Enter>");
	tty_choose(leader, "不准");
	tty_type(leader, "人手不够<C-s>");
	expect(leader, "不准换班");
	expect_not(leader, "周雪梅?");
	tty_type(leader, "d");
	expect(leader, "没有待批换班");
	tty_type(leader, "p");
	expect(leader, "双带班 方正平 周末强降雨"); /* the line fits */
	tty_type(leader, "G");
	expect(leader, "07-15 值班员：吴倩替周雪梅");
	expect(leader, "人手不够");
	expect(leader, "0514-5550");
	stand_up(leader);
}

/* --- roll call and call-and-answer ------------------------------------------------------------- */

static void
test_roll_call(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "8r");
	expect(t, "无人接        甘垛镇人民政府");
	tty_type(t, "c");
	expect(t, "甘垛镇"); /* refused, and says whom it waits for */
	expect(t, "联系上2/19");
	tty_type(t, "a彭小兵<Tab>18<C-s>");
	expect(t, "联系上3/19");
	expect_not(t, "无人接        甘垛镇");
	/* The mark has gone on to the next to be called; a slip of the key is taken back. */
	tty_type(t, "m");
	expect(t, "> 无人接        龙虬镇");
	take_back(t);
	expect(t, "待拨          龙虬镇");
	tty_type(t, "p");
	tty_type(t, "G");
	expect(t, "甘垛镇人民政府");
	expect(t, "彭小兵");
	tty_type(t, "<Esc>");
	stand_up(t);
}

static void
test_call_and_answer(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "8c");
	expect(t, "应答1/32");
	/* Without what was read back nobody was reached. */
	tty_type(t, "a<C-s>");
	expect(t, "此栏必填");
	tty_type(t, "<Esc>");
	tty_type(t, "a已知悉，赴防指指挥<C-s>");
	expect(t, "应答2/32");
	/* The second miss: the next contact is up by itself. */
	tty_type(t, "mm");
	expect(t, "2/2");
	/* Past the limit: the breach stays, whoever answers later. */
	tty_clock(t, "2025-07-09T19:42");
	tty_sync(t);
	expect(t, "逾限");
	tty_type(t, "p");
	expect(t, "暴雨红色预警");
	tty_type(t, "<Esc>c<C-s>");
	expect(t, "why="); /* not closed without a reason while somebody has not answered */
	tty_type(t, "<Esc>");
	stand_up(t);
}

/* --- instructions ------------------------------------------------------------------------------ */

static void
test_instruction(void **state)
{
	struct tty *t = sit_down(*state, "李敏", EVENING);

	tty_type(t, "8i");
	expect(t, "002   登记");
	tty_type(t, "d");
	tty_choose(t, "传达");
	tty_type(t, "水利局<C-s>");
	expect(t, "还没传达"); /* a helper was told, the owner not yet */
	tty_type(t, "d");
	tty_choose(t, "传达");
	tty_type(t, "临泽镇<C-s>");
	expect(t, "002   已传达");
	tty_type(t, "d");
	expect_not(t, "批示办结"); /* not offered yet, and refused with the reason */
	tty_type(t, "<Esc>:批示办结 002<Enter>");
	expect(t, "反馈");
	tty_type(t, "<Esc>");
	expect(t, "002   已传达");
	stand_up(t);

	/* The owner takes it on and feeds back; it does not close. */
	t = sit_down(*state, "田家旺", EVENING);
	tty_type(t, "8id");
	tty_choose(t, "承办");
	tty_type(t, "<C-s>");
	expect(t, "002   承办中");
	tty_type(t, "d");
	tty_choose(t, "批示反馈");
	tty_type(t, "围井已加高，群众全部转移<C-s>");
	expect(t, "002   已反馈");
	tty_type(t, "d");
	expect_not(t, "批示办结");
	tty_type(t, "<Esc>");
	stand_up(t);

	/* The chief sends it back, it comes again, and is closed. */
	t = sit_down(*state, "李敏", EVENING);
	tty_type(t, "8id");
	tty_choose(t, "批示退回");
	tty_type(t, "人数要报准<C-s>");
	expect(t, "002   承办中");
	tty_type(t, "d");
	tty_choose(t, "批示反馈");
	tty_type(t, "30户86人全部转移<C-s>");
	tty_type(t, "d");
	tty_choose(t, "批示办结");
	tty_type(t, "险情排除<C-s>");
	expect(t, "在办批示 1");
	tty_type(t, "f");
	expect(t, "全部批示 2");
	tty_type(t, "g<Enter>");
	expect(t, "全力抢险，确保人员安全，21时前报告");
	expect(t, "险情排除");
	tty_type(t, "G");
	expect(t, "人数要报准");
	stand_up(t);
}

/* --- orders, units, responses ------------------------------------------------------------------ */

static void
test_orders(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "02jj");
	tty_type(t, "R已出发<C-s>");
	expect(t, "待签收"); /* refused: it is not acknowledged yet, and what may follow is said */
	expect(t, "现在可以");
	tty_type(t, "<Esc>a<C-s>");
	expect(t, "签收");
	expect(t, "超时 30 分");
	take_back(t);
	expect(t, "028     待签收");
	tty_type(t, "X");
	expect(t, "不能办这件事"); /* an officer does not set states against their course */
	stand_up(t);

	t = sit_down(*state, "李敏", EVENING);
	tty_type(t, "02jjX");
	tty_type(t, "r<Tab>电台中断，队伍已在现场<C-s>");
	expect(t, "越序");
	expect(t, "028     办理中");
	tty_type(t, "g");
	tty_type(t, "U");
	expect(t, "调度板：途中2（逾时0），到场1，预留0");
	tty_type(t, "s");
	expect(t, "到场2");
	tty_type(t, "x");
	expect(t, "到场");
	stand_up(t);
}

static void
test_late_units(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", "2025-07-09T20:30");

	tty_type(t, "02U");
	expect(t, "途中2（逾时2）");
	expect(t, "> !!  ");
	assert_int_equal(tty_look_at(t, tty_row_of(t, "> !!"), 4).colour, 1);
	stand_up(t);
}

static void
test_response(void **state)
{
	struct tty *t = sit_down(*state, "陈涛", EVENING);

	tty_type(t, "2<Enter>r");
	expect(t, "调级");
	stand_up(t);
	t = sit_down(*state, "陈涛", EVENING);
	/* Too low a post for level III, then one that is high enough. */
	tty_type(t, ":调级 001 3 王建国 险情扩大<Enter>");
	expect(t, "按预案");
	tty_type(t, "<Esc>");
	tty_type(t, ":调级 001 3 蒋云生 险情扩大<Enter>");
	expect(t, "蒋云生");
	/* Not ended while orders are open. */
	tty_type(t, ":终止 001 蒋云生 险情排除<Enter>");
	expect(t, "指令未了");
	tty_type(t, "<Esc>");
	stand_up(t);
}

/* --- a township's console ------------------------------------------------------------------------ */

/* It sees its own, acknowledges by one key, in its own name, and feeds back. */
static void
test_township(void **state)
{
	struct tty *t = sit_down(*state, "田家旺", EVENING);

	expect(t, "3 待签收");
	tty_type(t, "02");
	expect(t, "未办结指令 3");
	expect_not(t, "高邮市消防救援大队");
	tty_type(t, "a");
	expect(t, "029     已签收");
	expect(t, "田家旺");
	tty_type(t, "a");
	expect(t, "R 反馈");
	tty_type(t, "R86人全部转移<C-s>");
	expect(t, "029     办理中");
	/* A state against its course is not a township's. */
	tty_type(t, "X");
	expect(t, "不能办这件事");
	tty_type(t, "U");
	expect(t, "值班室");
	tty_type(t, "<Enter>");
	expect(t, "86人全部转移");
	tty_type(t, "<Esc><Esc>1");
	expect(t, "2 待签收");
	stand_up(t);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_room, leave_room)
#define PICTURES(f) cmocka_unit_test_setup_teardown(f, make_later, leave_room)
	static const struct CMUnitTest tests[] = {PICTURES(test_pictures_chinese_small),
	    PICTURES(test_pictures_chinese_large), PICTURES(test_pictures_english_small),
	    PICTURES(test_pictures_english_large), TEST(test_handover), TEST(test_swaps),
	    TEST(test_roll_call), TEST(test_call_and_answer), TEST(test_instruction),
	    TEST(test_orders), TEST(test_late_units), TEST(test_response), TEST(test_township)};

	i18n_init();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("ui/duty", tests, NULL, NULL);
}
