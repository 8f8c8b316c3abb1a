/*
 * 收件箱, 预警, 链路 by keyboard, on the demo county: feed files are taken in by `zhiban ingest`
 * and `zhiban sync` beside a running console, which rings and shows them; what an officer makes of
 * them is done key by key, and looked up in the store afterwards.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/feed.h"
#include "house/house.h"
#include "incident/incident.h"
#include "monitor/monitor.h"
#include "store/sql.h"
#include "store/store.h"
#include "tests/exchange/server.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Its line in the menu: other lines name warnings too. */
#define WARNINGS "有效和以往预警"

static int
room_make(void **state)
{
	*state = room_new("feeds", true);
	return 0;
}

/* --- the program beside the console ------------------------------------------------------- */

/* Run `zhiban --store … words` at a time; gives the exit status. */
static int
zhiban(struct room *r, const char *now, const char *const *words)
{
	const char *top = getenv("top_builddir"), *argv[16] = {"zhiban", "--store", r->store};
	char *program = mem_print("%s/zhiban", top ? top : "."),
	     *log = mem_print("%s/said", r->dir);
	size_t n = 3;
	pid_t pid;
	int status;

	while (*words && n < 15)
		argv[n++] = *words++;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		setenv("ZHIBAN_NOW", now, 1);
		setenv("LANGUAGE", "zh_CN", 1);
		if (!freopen(log, "a", stdout) || !freopen(log, "a", stderr))
			_exit(126);
		execv(program, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	free(program);
	free(log);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static char *
feed_path(const char *name)
{
	char *file = mem_print("feeds/%s", name), *path = room_file(file);

	free(file);
	return path;
}

static void
ingest(struct room *r, const char *now, const char *name)
{
	char *path = feed_path(name);

	assert_int_equal(zhiban(r, now, (const char *const[]){"ingest", path, NULL}), 0);
	free(path);
}

/* Everything that came in before 03:12. */
static void
ingest_night(struct room *r)
{
	ingest(r, "2025-07-09T10:40", "thunder-yellow.xml");
	ingest(r, "2025-07-09T21:32", "rain-orange.xml");
	ingest(r, "2025-07-10T00:42", "quake-automatic.json");
	ingest(r, "2025-07-10T00:50", "quake-reviewed.json");
	ingest(r, "2025-07-10T01:01", "wind-drill.xml");
	ingest(r, "2025-07-10T02:42", "rain-red.xml");
	ingest(r, "2025-07-10T02:43", "elsewhere.xml");
	ingest(r, "2025-07-10T02:57", "city-rain.xml");
	ingest(r, "2025-07-10T03:11", "tickets.json");
}

static struct tty *
sit(struct room *r, const char *person, int rows, int columns, const char *language)
{
	return tty_start(&(struct tty_setup){.store = r->store,
	    .person = person,
	    .rows = rows,
	    .columns = columns,
	    .language = language,
	    .now = "2025-07-10T03:12"});
}

static struct tty *
sit_down(struct room *r, const char *person)
{
	return sit(r, person, 36, 120, "zh_CN");
}

static void
stand_up(struct tty *t)
{
	tty_kill(t, SIGKILL);
	tty_end(t);
}

static void
go_to(struct tty *t, const char *screen)
{
	tty_type(t, "0");
	tty_choose(t, screen);
}

/* Down to the line that holds `words`. */
static void
mark(struct tty *t, const char *words)
{
	tty_type(t, "g");
	for (int i = 0; i < 40; i++) {
		int row = tty_row_of(t, "> ");
		const char *line = tty_screen(t);

		for (int k = 0; k < row; k++)
			line += strcspn(line, "\n") + 1;
		if (memmem(line, strcspn(line, "\n"), words, strlen(words)))
			return;
		tty_type(t, "j");
	}
	fprintf(stderr, "no such line: %s\n%s\n", words, tty_screen(t));
	fail();
}

/* What a statement of one text says about the store. */
static char *
ask(struct room *r, const char *statement)
{
	struct err err = ERR_NONE;
	struct store *st = house_open(r->store, STORE_READ, &err);
	char *text;

	assert_non_null(st);
	text = sql_one_text(st, statement, "");
	store_close(st);
	return text ? text : mem_dup("");
}

static void
says(struct room *r, const char *statement, const char *want)
{
	char *got = ask(r, statement);

	assert_string_equal(got, want);
	free(got);
}

/* --- how they look ------------------------------------------------------------------------- */

static const struct {
	const char *name, *screen_zh, *screen_en, *keys;
} pictures[] = {
    {"inbox", "收件箱", "Inbox", ""},
    {"alerts", WARNINGS, "live and past warnings", ""},
    {"links-none", "链路", "Links", ""},
    {"message", "收件箱", "Inbox", "jo"},
    {"callout-form", WARNINGS, "live and past warnings", "c"},
    {"alert-text", WARNINGS, "live and past warnings", "<Enter>"},
};

static void
test_pictures(void **state)
{
	static const struct {
		int rows, columns;
	} sizes[] = {{24, 80}, {36, 120}};
	struct room *r = *state;

	ingest_night(r);
	for (size_t i = 0; i < COUNT_OF(pictures); i++)
		for (size_t k = 0; k < 4; k++) {
			bool zh = k % 2 == 0;
			struct tty *t = sit(r, "陈涛", sizes[k / 2].rows, sizes[k / 2].columns,
			    zh ? "zh_CN" : "en");

			go_to(t, zh ? pictures[i].screen_zh : pictures[i].screen_en);
			tty_type(t, pictures[i].keys);
			tty_picture(t, pictures[i].name);
			stand_up(t);
		}
}

/* Empty lists say whether that means anything. */
static void
test_honest_emptiness(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");

	go_to(t, "收件箱");
	tty_expect(t, "上游链路未接入，不代表无事");
	tty_type(t, "<Esc>");
	go_to(t, WARNINGS);
	tty_expect(t, "上游链路未接入，不代表无事");
	stand_up(t);
}

/* --- coming in ----------------------------------------------------------------------------- */

/* A console that sits there hears the bell once and shows what came, worst first. */
static void
test_bell_and_mark(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");
	size_t before;

	go_to(t, "收件箱");
	before = tty_bells(t);
	ingest(r, "2025-07-10T03:12", "city-rain.xml");
	tty_wait_for(t, "扬州市气象台");
	tty_sync(t);
	assert_int_equal(tty_bells(t), before + 1);
	ingest(r, "2025-07-10T03:12", "rain-red.xml");
	tty_wait_for(t, "须答复");
	tty_sync(t);
	assert_true(tty_bells(t) > before + 1);
	assert_true(tty_row_of(t, "须答复") < tty_row_of(t, "扬州市气象台"));
	before = tty_bells(t);
	ingest(r, "2025-07-10T03:12", "rain-red.xml"); /* the same once more */
	ingest(r, "2025-07-10T03:12", "elsewhere.xml");
	tty_drain(t, 300);
	tty_sync(t);
	assert_int_equal(tty_bells(t), before);
	tty_expect_not(t, "兴化市");
	/* a red one is not put away unread: it asks what was done */
	mark(t, "须答复");
	tty_type(t, "d");
	tty_expect(t, "已做的事");
	stand_up(t);
}

/* An automatic report and the reviewed one are one entry, which shows the better figures. */
static void
test_quake(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");

	go_to(t, "收件箱");
	ingest(r, "2025-07-10T03:12", "quake-automatic.json");
	tty_wait_for(t, "M3.8");
	ingest(r, "2025-07-10T03:13", "quake-reviewed.json");
	tty_wait_for(t, "M3.6");
	tty_expect_not(t, "M3.8");
	tty_expect(t, "收件箱 1");
	tty_expect(t, "中国地震台网");
	tty_type(t, "<Enter>");
	tty_expect(t, "不启动响应");
	tty_expect(t, "自动测定");
	tty_expect(t, "正式测定");
	stand_up(t);
}

/* --- tickets ------------------------------------------------------------------------------- */

/* One key shows what the reader makes of it, Enter opens; the second report is offered to it. */
static void
test_ticket_becomes_incident(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");

	ingest(r, "2025-07-10T03:11", "tickets.json");
	go_to(t, "收件箱");
	mark(t, "液氨槽罐车");
	tty_type(t, "o");
	tty_expect(t, "UN1005");
	tty_expect(t, "被困 1");
	tty_expect(t, "电话报告 扬州市应急管理局");
	says(r, "SELECT count(*) FROM incident", "0"); /* nothing yet */
	tty_type(t, "<Enter>");
	says(r, "SELECT count(*) FROM incident", "1");
	says(r, "SELECT state FROM ticket WHERE number LIKE '%0308'", "opened");
	tty_expect(t, "2025-001");
	tty_type(t, "<Esc>");
	tty_expect(t, "收件箱 2");

	ingest(r, "2025-07-10T03:16", "tickets-more.json");
	tty_wait_for(t, "氨味很大");
	mark(t, "氨味很大");
	tty_type(t, "m");
	tty_expect(t, "疑似同一事");
	tty_expect(t, "G2京沪高速高邮段液氨槽罐车侧翻泄漏  ");
	tty_expect(t, "001 ");
	tty_type(t, "<Enter>");
	tty_expect(t, "收件箱 2");
	says(r, "SELECT count(*) FROM incident", "1");
	says(r, "SELECT count(*) FROM call", "2");
	says(r, "SELECT state FROM ticket WHERE number LIKE '%0316'", "joined");
	says(r, "SELECT group_concat(source) FROM call", "12345,12345");
	stand_up(t);
}

/* What the law wants and the words do not give is asked for in the form, filled in as far. */
static void
test_ticket_wants_more(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");

	tty_type(t, ":收单 12345 X9 请帮忙看一下<Enter>");
	go_to(t, "收件箱");
	tty_type(t, "o<Enter>");
	tty_expect(t, "请帮忙看一下");
	says(r, "SELECT count(*) FROM incident", "0");
	says(r, "SELECT state FROM ticket", "new");
	stand_up(t);
}

/* Handed to the competent unit, with receiver and time. */
static void
test_ticket_is_handed_over(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");

	ingest(r, "2025-07-10T03:11", "tickets.json");
	go_to(t, "收件箱");
	mark(t, "燃气异味");
	tty_type(t, "t");
	tty_expect(t, "市住房和城乡建设局");
	tty_type(t, "<C-s>");
	tty_expect(t, "此栏必填"); /* not without a receiver */
	tty_type(t, "赵明<C-s>");
	tty_expect(t, "收件箱 2");
	says(r,
	    "SELECT state || dest || receiver || strftime('%H:%M', transferred / 1000 + 28800, "
	    "'unixepoch') FROM ticket WHERE number LIKE '%0305'",
	    "transferred市住房和城乡建设局赵明03:12");
	says(r, "SELECT count(*) FROM ticket_entry WHERE kind = 'transferred' AND who = '陈涛'",
	    "1");
	stand_up(t);
}

/* Who asked to stay unknown: not for the officer; for the chief with a reason, and nowhere else. */
static void
test_secret_caller(void **state)
{
	struct room *r = *state;
	struct tty *officer = sit_down(r, "陈涛"), *chief = sit_down(r, "李敏");
	struct tty *all[] = {officer, chief};

	ingest(r, "2025-07-10T03:11", "tickets.json");
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		go_to(all[i], "收件箱");
		mark(all[i], "违规作业");
		tty_expect_not(all[i], "孙小满");
		tty_type(all[i], "<Enter>");
		tty_expect(all[i], "来电人要求保密");
		tty_expect(all[i], "存在安全隐患");
		tty_expect_not(all[i], "小满");
		tty_expect_not(all[i], "55500077");
		tty_expect_not(all[i], "东岳街");
		tty_type(all[i], "<Esc>");
	}
	tty_expect_not(officer, "c 来电人");
	tty_type(officer, "c回访<Enter>");
	tty_expect_not(officer, "55500077");
	tty_expect(chief, "c 来电人");
	tty_type(chief, "c须核实仓库位置<Enter>");
	tty_expect(chief, "孙小满");
	tty_expect(chief, "0514-55500077");
	tty_expect(chief, "只对你显示");
	tty_type(chief, "<Esc>");
	go_to(chief, "日志");
	tty_expect(chief, "须核实仓库位置");
	tty_expect_not(chief, "55500077");
	tty_expect_not(chief, "小满");
	tty_type(officer, "<Enter>");
	tty_expect(officer, "须核实仓库位置"); /* who looked, and why, stands in the ticket */
	tty_expect_not(officer, "55500077");
	says(r,
	    "SELECT count(*) FROM journal WHERE text || args LIKE '%55500077%' OR text || args "
	    "LIKE "
	    "'%小满%'",
	    "0");
	for (size_t i = 0; i < COUNT_OF(all); i++)
		stand_up(all[i]);
}

/* --- warnings ------------------------------------------------------------------------------ */

/* From the warning to the call-out: filled in; the row then counts, and what was done tells. */
static void
test_call_out_from_a_warning(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");
	char *targets, *words;

	ingest_night(r);
	go_to(t, WARNINGS);
	tty_expect(t, "涉及本地的有效预警 3"); /* an exercise among them: all is drill here */
	tty_expect(t, "【演练】大风红色");
	assert_true(tty_row_of(t, "将暴雨橙色") < tty_row_of(t, "扬州市气象台"));
	tty_type(t, "c");
	tty_expect(t, "三垛镇");
	tty_expect(t, "临泽镇");
	tty_expect_not(t, "送桥镇");
	tty_type(t, "<C-s>");
	targets = ask(r, "SELECT count(*) FROM call_target");
	assert_true(atol(targets) > 2);
	says(r, "SELECT count(*) FROM callout c JOIN alert a ON a.id = c.alert WHERE a.colour = 1",
	    "1");
	words = mem_print("0/%s", targets);
	tty_expect(t, words);
	free(words);
	tty_type(t, ":叫通 临泽镇 by=吉长春 收到，已转移低洼地带群众<Enter>");
	words = mem_print("1/%s", targets);
	tty_expect(t, words);
	free(words);
	tty_type(t, "a电话通知水利局加强巡查<C-s>");
	tty_type(t, "<Enter>");
	tty_type(t, "/处置情况<Enter>");
	tty_expect(t, "电话通知水利局加强巡查");
	words = mem_print("叫应 1/%s", targets);
	tty_expect(t, words);
	free(words);
	free(targets);
	stand_up(t);
}

/* What an incident that took it brought is told with the warning. */
static void
test_what_was_done(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");

	ingest(r, "2025-07-10T02:42", "rain-red.xml");
	go_to(t, "收件箱");
	tty_type(t, "o<Enter>");
	says(r,
	    "SELECT count(*) FROM incident i JOIN inbox x ON x.incident = i.id WHERE x.kind = "
	    "'alert'",
	    "1");
	tty_type(t, ":派 高邮市水利局 incident=001 加强圩堤巡查<Enter>");
	tty_type(t, ":转办 001 市水利局 王强<Enter>");
	tty_type(t, "<Esc><Esc>");
	go_to(t, WARNINGS);
	tty_type(t, "<Enter>/处置情况<Enter>");
	tty_expect(t, "立案 2025-001");
	tty_expect(t, "下达 高邮市水利局：加强圩堤巡查（待签收）");
	tty_expect(t, "转办 市水利局，接收人 王强");
	stand_up(t);
}

/* Live, past, drills; the whole text; the bytes as they came. */
static void
test_warning_views(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "陈涛");

	ingest_night(r);
	go_to(t, WARNINGS);
	tty_type(t, "<Enter>");
	tty_expect(t, "高邮市气象台将暴雨橙色预警信号升级");
	tty_type(t, "/高邮市防汛<Enter>");
	tty_expect(t, "高邮市防汛抗旱应急预案");
	tty_type(t, "/更新链<Enter>");
	tty_expect(t, "32108441600000_20250709213000"); /* the orange one it came out of */
	tty_type(t, "<Esc>r");
	tty_expect(t, "<sendTime>2025-07-10 02:40:00+08:00</sendTime>");
	tty_type(t, "<Esc>v");
	tty_expect(t, "全部有效预警 4");
	tty_expect(t, "【演练】大风红色");
	/* In a real store the exercise stands apart. */
	assert_int_equal(zhiban(r, "2025-07-10T03:12",
			     (const char *const[]){"--as", "李敏", "do", "设置 drill 0", NULL}),
	    0);
	tty_wait_for(t, "全部有效预警 3");
	tty_expect(t, "兴化市");
	tty_expect_not(t, "大风红色");
	tty_type(t, "v");
	tty_expect(t, "雷电黄色");
	tty_expect(t, "已失效");
	tty_expect(t, "已更新");
	tty_type(t, "v");
	tty_expect(t, "（演练）");
	tty_type(t, "c"); /* nobody is called out for a drill */
	tty_expect(t, "演练预警，不叫应");
	says(r, "SELECT count(*) FROM callout", "0");
	stand_up(t);
}

/* A township has no business on the room's lists. */
static void
test_not_for_townships(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, "董秀英");

	ingest_night(r);
	for (int i = 0; i < 3; i++) {
		go_to(t, ((const char *const[]){"收件箱", WARNINGS, "链路"})[i]);
		tty_expect(t, "值班室专用");
		tty_expect_not(t, "气象台");
	}
	stand_up(t);
}

/* --- links --------------------------------------------------------------------------------- */

static void
copy_feed(const char *name, const char *as, const char *dir)
{
	char *from = feed_path(name), *text = tty_read_file(from, NULL),
	     *to = mem_print("%s/%s", dir, as);
	FILE *out = fopen(to, "w");

	assert_true(text && out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	free(text);
	free(from);
	free(to);
}

static void
sync_at(struct room *r, struct tty *t, const char *now)
{
	zhiban(r, now, (const char *const[]){"sync", "--once", NULL});
	tty_at(t, now);
}

/* Set up, fetched, stopped, started, tried at once; the server goes away and the screen says since
 * when. */
static void
test_links(void **state)
{
	struct room *r = *state;
	struct server server;
	struct tty *t = sit_down(r, "李敏");
	char *web = mem_print("%s/web", r->dir), *line;

	assert_int_equal(mkdir(web, 0700), 0);
	copy_feed("city-rain.xml", "city-rain.xml", web);
	server_start(&server, SERVER_HTTP, web);
	go_to(t, "链路");
	tty_expect(t, "按 n 接入");
	line = mem_print("n市台<Tab>%s<C-s>", server_url(&server, "/file/city-rain.xml"));
	tty_type(t, line);
	free(line);
	tty_expect(t, "链路 1");
	tty_expect(t, "待取");
	sync_at(r, t, "2025-07-10T03:13");
	tty_expect(t, "正常");
	tty_expect(t, "市台 <1分");
	says(r, "SELECT count(*) FROM alert", "1");

	/* stopped: nothing is fetched any more */
	tty_type(t, "sy");
	tty_expect(t, "停用");
	copy_feed("rain-red.xml", "city-rain.xml", web);
	sync_at(r, t, "2025-07-10T03:20");
	says(r, "SELECT count(*) FROM alert", "1");
	tty_type(t, "t");
	tty_expect(t, "先启用");

	/* started: due at once */
	tty_type(t, "s");
	tty_expect(t, "即刻");
	sync_at(r, t, "2025-07-10T03:21");
	says(r, "SELECT count(*) FROM alert", "2");

	/* gone: the error, since when, and the next try */
	server_stop(&server);
	tty_type(t, "t");
	sync_at(r, t, "2025-07-10T03:30");
	tty_expect(t, "中断");
	tty_expect(t, "链路 1，中断 1");
	tty_expect(t, "9分前");
	tty_type(t, "<Enter>");
	tty_expect(t, "/file/city-rain.xml");
	tty_expect(t, "上次成功");
	tty_type(t, "<Esc>");
	sync_at(r, t, "2025-07-10T03:50");
	tty_expect(t, "连续2次：连接不上");
	tty_type(t, "t");
	tty_expect(t, "即刻");
	tty_type(t, "<Esc>");
	go_to(t, "收件箱");
	tty_type(t, "vvv"); /* no quakes: an empty list */
	tty_expect(t, "市台已断29分，不代表无事");
	free(web);
	stand_up(t);
}

/* Officers may not set one up, and are not told to. */
static void
test_links_of_officers(void **state)
{
	struct tty *t = sit_down(*state, "陈涛");

	go_to(t, "链路");
	tty_expect(t, "由值班长或数据员接入");
	tty_expect_not(t, "n 接入");
	tty_type(t, "n");
	tty_expect(t, "链路 0");
	stand_up(t);
}

/* --- real files ---------------------------------------------------------------------------- */

/* Feeds that nobody here wrote, of the whole country: none touches the county, none rings, all can
 * be read by their key. */
static void
test_real_feeds(void **state)
{
	static const char *const files[] = {"guotu_41000041600000_20200205105119.xml",
	    "cma_swic_13013241600000_20260826160913.excerpt.xml", "nmc_alarm_list.json",
	    "nmc_weather_alarm_object.json",
	    "weathercn_alarminfo_101131007-20261006212927-0902.js.txt"};
	struct room *r = *state;
	const char *corpora = getenv("CORPORA");
	struct tty *t;
	size_t before;

	if (!corpora || access(corpora, R_OK) < 0) {
		print_message("skipped: no corpora\n");
		return;
	}
	t = sit_down(r, "陈涛");
	go_to(t, WARNINGS);
	tty_type(t, "v");
	before = tty_bells(t);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *path = mem_print("%s/feeds/_cn_samples/%s", corpora, files[i]);

		assert_int_equal(
		    zhiban(r, "2025-07-10T03:12", (const char *const[]){"ingest", path, NULL}), 0);
		free(path);
	}
	tty_wait_for(t, "河南省");
	tty_sync(t);
	assert_int_equal(tty_bells(t), before);
	tty_expect(t, "全部有效预警 7");
	for (int i = 0; i < 7; i++) {
		tty_type(t, "<Enter>");
		tty_expect(t, "状态");
		tty_type(t, "<Esc>r<Esc>j");
	}
	stand_up(t);
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, room_make, room_leave)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    ROOM_TEST(test_pictures),
	    ROOM_TEST(test_honest_emptiness),
	    ROOM_TEST(test_bell_and_mark),
	    ROOM_TEST(test_quake),
	    ROOM_TEST(test_ticket_becomes_incident),
	    ROOM_TEST(test_ticket_wants_more),
	    ROOM_TEST(test_ticket_is_handed_over),
	    ROOM_TEST(test_secret_caller),
	    ROOM_TEST(test_call_out_from_a_warning),
	    ROOM_TEST(test_what_was_done),
	    ROOM_TEST(test_warning_views),
	    ROOM_TEST(test_not_for_townships),
	    ROOM_TEST(test_links),
	    ROOM_TEST(test_links_of_officers),
	    ROOM_TEST(test_real_feeds),
	};

	i18n_init();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("ui/feeds", tests, NULL, NULL);
}
