/*
 * The night of 03:12, rows 38 to 42 of the 24-hour script, and the tutorial, by keyboard alone on the demo county
 * after its evening: a spoken call becomes an incident with its clocks, plans, response, forces,
 * reports; every clock that can be closed is.
 */
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct room *room;

static int
make_evening(void **state)
{
	char *evening = paths_data_file("demo/evening.zb");

	(void)state;
	room = room_new("night", true);
	room_play_file(room, "苏静", evening);
	free(evening);
	return 0;
}

static int
leave_evening(void **state)
{
	(void)state;
	room_free(room);
	return 0;
}

static struct tty *
sit_down(const char *person, const char *now)
{
	return tty_start(&(struct tty_setup){
	    .store = room->store, .person = person, .rows = 36, .columns = 120, .now = now});
}

static void
expect_at(struct tty *t, int row, const char *words)
{
	if (tty_row_of(t, words) == row)
		return;
	fprintf(stderr, "not in row %d: %s\n%s\n", row, words, tty_screen(t));
	fail();
}

static int
count(struct tty *t, const char *words)
{
	int n = 0;

	for (const char *s = tty_screen(t); (s = strstr(s, words)) != NULL; s += strlen(words))
		n++;
	return n;
}

static void
test_the_night(void **state)
{
	struct tty *t = sit_down("陈涛", "2025-07-10T03:12");
	struct tty *leader;

	(void)state;
	/* 38: the call, as it is spoken */
	tty_type(t, "n高速交警大队民警周明来电，电话0514-"
		    "55500011：今天03时05分，G2京沪高速高邮段K960+500南行，一辆液氨槽罐车侧翻，"
		    "装液氨约25吨，冒白雾，驾驶员1人被困，东南风2米每秒。已通知119、120。");
	tty_expect(t, "UN1005");
	tty_expect(t, "约25t");
	tty_expect(t, "被困 1");
	tty_expect(t, "03:42  电话报告 扬州市应急管理局");
	tty_expect(t, "04:12  书面报告 扬州市应急管理局");
	tty_expect(t, "05:12");
	tty_type(t, "<C-s>");
	tty_expect(t, "2025-089");
	tty_type(t, "v");
	expect_at(t, 4, "高邮市危险化学品事故应急预案");
	expect_at(t, 5, "高邮市道路交通事故应急预案");
	tty_type(t, "<Esc>");

	/* 39: the response, with a named approver */
	tty_at(t, "2025-07-10T03:20");
	tty_type(t, "rb");
	tty_expect(t, "批准人");
	tty_type(t, "<C-s>");
	tty_expect(t, "此栏必填"); /* no response without one */
	tty_at(t, "2025-07-10T03:24");
	tty_type(t, "值班副市长徐海峰<C-s>");
	tty_expect(t, "响应中");
	tty_expect(t, "待签收");

	/* teams and goods, with reasons, committed */
	tty_type(t, "<S-Tab>a");
	tty_expect(t, "调配方案");
	tty_expect(t, "最优已证");
	tty_expect(t, "高邮市消防救援大队");
	tty_type(t, "yy");
	tty_expect(t, "已派");

	/* 40: the telephone report */
	tty_at(t, "2025-07-10T03:39");
	tty_type(t, "p扬州市应急管理局<Tab>何静<C-s>");
	tty_type(t, "p扬州市委市政府总值班室<Tab>孙伟<C-s>");
	tty_type(t, "<Esc>2<Enter><Tab><Tab><Tab>");
	tty_expect(t, "按时       电话报告 扬州市应急管理局");
	tty_expect(t, "按时       电话报告 扬州市委市政府总值班室");

	/* 41: 620 moved: the province's clock appears, the others stay */
	tty_at(t, "2025-07-10T03:50");
	tty_type(
	    t, "c三垛镇秦守仁报：已转移下风向群众620人，驾驶员已救出，2人受伤，其中1人重伤。<C-s>");
	tty_expect(t, "04:50");
	tty_expect(t, "04:12");

	/* 42: the first report, drafted, signed by the leader, numbered */
	tty_at(t, "2025-07-10T04:05");
	tty_type(t, "w");
	tty_expect(t, "620");
	tty_type(t, "e经市应急管理局会商，<Esc>");
	tty_expect(t, "草稿");
	tty_type(t, "t"); /* what was typed is handed over before it goes to the leader */
	tty_expect(t, "2 送签");
	tty_type(t, "2<C-s>");
	tty_expect(t, "首报   待签");
	leader = sit_down("王建国", "2025-07-10T04:09");
	tty_type(leader, "6<Enter>s");
	tty_type(leader, "<C-s>");
	tty_expect(leader, "经市应急管理局会商");
	tty_expect(leader, "签发 王建国");
	tty_expect(leader, "2025-0");
	tty_type(leader, "i<Tab><Tab><Tab>");
	tty_expect(leader, "按时       书面报告 扬州市应急管理局");
	tty_kill(leader, SIGKILL);
	tty_end(leader);

	/* 44: the province is told in time, and nothing that had a limit is left open */
	tty_at(t, "2025-07-10T04:46");
	tty_type(t, "<Esc>p江苏省应急管理厅<Tab>丁一<C-s>");
	tty_expect(t, "按时       电话报省 江苏省应急管理厅          04:46 丁一");
	assert_int_equal(count(t, "按时"), 6);
	tty_type(t, "q<Esc><Esc>q<Enter>");
	assert_int_equal(tty_end(t), 0);
}

/* --- zhiban-tutorial(7), key by key -------------------------------------------------------- */

static char *
read_page(const char *name)
{
	const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	char *path = mem_print("%s/man/%s", top, name);
	char *page = tty_read_file(path, NULL);

	assert_non_null(page);
	free(path);
	return page;
}

/* The literal block that begins with the words, its lines joined, as one who types along types it. */
static char *
block(const char *page, const char *words)
{
	const char *at = page;
	struct buf out = BUF_MAX(4000);

	while ((at = strstr(at, "\n.Bd -literal")) != NULL) {
		const char *text = strchr(at + 1, '\n') + 1, *end = strstr(text, "\n.Ed");

		assert_non_null(end);
		if (strncmp(text, words, strlen(words)) == 0) {
			for (; text < end; text++)
				if (*text != '\n')
					buf_add_char(&out, *text);
			return buf_take(&out);
		}
		at = end;
	}
	fail_msg("the page has no block that begins with %s", words);
	return NULL;
}

/* Each key the page names in .Ic is one that is pressed below, and the other way round. */
static void
check_keys(const char *page)
{
	static const char *const pressed[] = {"n", "^G", "^S", "^T", "Tab", "r", "b", "a", "x", "f",
	    "+", "y", "p", "c", "w", "Enter", "e", "t", "s", "\\&:", "\\&?", "Esc"};
	bool named[COUNT_OF(pressed)] = {false};

	for (const char *at = page; (at = strstr(at, "\n.Ic ")) != NULL;) {
		size_t n, i;

		at += strlen("\n.Ic ");
		n = strcspn(at, " \n");
		for (i = 0; i < COUNT_OF(pressed); i++)
			if (strlen(pressed[i]) == n && strncmp(at, pressed[i], n) == 0)
				break;
		if (i == COUNT_OF(pressed))
			fail_msg(
			    "the tutorial names a key the test does not press: %.*s", (int)n, at);
		named[i] = true;
	}
	for (size_t i = 0; i < COUNT_OF(pressed); i++)
		if (!named[i])
			fail_msg("the tutorial no longer names %s", pressed[i]);
}

/* A console page the tutorial speaks of, by Tab from where one is. */
static void
tab_to(struct tty *t, const char *words)
{
	for (int i = 0; i < 10 && !tty_shows(t, words); i++)
		tty_type(t, "<Tab>");
	tty_expect(t, words);
}

static void
follow_tutorial(const char *name)
{
	char *page = read_page(name), *call = block(page, "高速交警"),
	     *second = block(page, "三垛镇");
	struct tty *t, *leader;

	check_keys(page);
	t = sit_down("陈涛", "2025-07-10T03:12");
	tty_expect(t, "演练"); /* 1 */
	tty_expect(t, "在办事件 3");
	tty_type(t, "?");
	tty_expect(t, "本屏按键");
	tty_type(t, "<Esc>:");
	tty_expect(t, "Tab 补全");
	tty_type(t, "<Esc>n"); /* 2 */
	tty_type(t, call);
	tty_expect(t, "必问");
	tty_expect(t, "^G 并入");
	tty_type(t, "<C-t>");
	tty_expect(t, "接报时间");
	tty_type(t, "<Esc><C-s>");
	tty_expect(t, "2025-089"); /* 3 */
	tty_expect(t, "四周隔离 150 米；下风向防护 1.8 公里");
	tab_to(t, "书面报告 扬州市应急管理局");
	tty_expect(t, "03:42");
	tty_expect(t, "04:12");
	tty_expect(t, "05:12");
	tty_type(t, "rb"); /* 4 */
	tty_expect(t, "四级由值班副市长批准");
	tty_type(t, "值班副市长<C-s>");
	tty_expect(t, "响应中");
	tab_to(t, "按 a 出方案"); /* 5 */
	tty_type(t, "a");
	tty_expect(t, "最优已证");
	tty_type(t, "x");
	tty_type(t, "x");
	tty_type(t, "jf");
	tty_expect(t, "不用");
	tty_type(t, "f+");
	tty_expect(t, "需求（名称 数量）");
	tty_type(t, "<Esc>y");
	tty_expect(t, "(Y/n)");
	tty_type(t, "y");
	tty_expect(t, "已派");
	tty_at(t, "2025-07-10T03:39"); /* 6 */
	tty_type(t, "p扬州市应急管理局<Tab>王某<C-s>");
	tty_expect(t, "电话报告 扬州市应急管理局 已办");
	tty_type(t, "p总值班室<Tab>季敏<C-s>");
	tty_expect(t, "电话报告 扬州市委市政府总值班室 已办");
	tty_at(t, "2025-07-10T03:50"); /* 7 */
	tty_type(t, "c");
	tty_type(t, second);
	tty_type(t, "<C-s>");
	tab_to(t, "电话报省");
	tty_expect(t, "04:50");
	tty_expect(t, "04:12");
	tty_type(t, "w"); /* 8 */
	tty_expect(t, "首报   草稿");
	tty_type(t, "<Tab>");
	tty_expect(t, "此项尚无情况");
	tty_type(t, "<Tab><Tab><Enter>");
	tty_type(t, "<Esc>e<C-s>t");
	tty_expect(t, "2 送签");
	tty_type(t, "2<C-s>");
	tty_expect(t, "首报   待签");
	leader = sit_down("王建国", "2025-07-10T04:09");
	tty_type(leader, "<Enter>w");
	tty_expect(leader, "首报   待签");
	tty_type(leader, "s<C-s>");
	tty_expect(leader, "签发 王建国");
	tty_kill(leader, SIGKILL);
	tty_end(leader);
	tty_kill(t, SIGKILL);
	tty_end(t);
	free(page);
	free(call);
	free(second);
}

static void
test_the_tutorial(void **state)
{
	(void)state;
	follow_tutorial("zhiban-tutorial.7");
}

static void
test_the_chinese_tutorial(void **state)
{
	(void)state;
	follow_tutorial("zh_CN/zhiban-tutorial.7");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_the_night, make_evening, leave_evening),
	    cmocka_unit_test_setup_teardown(test_the_tutorial, make_evening, leave_evening),
	    cmocka_unit_test_setup_teardown(
		test_the_chinese_tutorial, make_evening, leave_evening)};

	i18n_init();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("ui/night", tests, NULL, NULL);
}
