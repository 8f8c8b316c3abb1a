/*
 * The console on a real terminal: whole screens at both sizes and in both languages, and what must
 * hold whatever the screen shows. The room is room.zb, played into a new store for each test.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int
make_room(void **state)
{
	struct room *r = room_new("ui", false);
	char *script = room_file("room.zb");

	room_play_file(r, NULL, script);
	free(script);
	*state = r;
	return 0;
}

static struct tty *
sit_down(struct room *r, int rows, int columns, const char *language)
{
	return tty_start(&(struct tty_setup){.store = r->store,
	    .person = "陈涛",
	    .rows = rows,
	    .columns = columns,
	    .language = language});
}

static void
stand_up(struct tty *t)
{
	tty_type(t, "<Esc><Esc><Esc>q<Enter>");
	assert_int_equal(tty_end(t), 0);
}

/* --- whole screens ----------------------------------------------------------------------- */

static const struct {
	const char *name, *keys;
} pictures[] = {
    {"board", ""},
    {"incidents", "2"},
    {"incident", "2<Enter>"},
    {"clocks", "2<Enter><Tab><Tab><Tab>"},
    {"calls", "2<Enter><S-Tab>"},
    {"intake",
	"n三垛镇秦守仁报：三垛镇三阳河大桥南侧一辆槽罐车3时许侧翻，液氨泄漏，驾驶员1人被困。"},
    {"journal", "0<Enter>"},
    {"resources", "4"},
    {"duty", "8"},
    {"more", "0"},
    {"help", "?"},
    {"command", ":记 子婴河水位回落 2.31"},
    {"form", "2<Enter>u"},
    {"handover", "8tb"},
};

static void
take_pictures(struct room *r, int rows, int columns, const char *language)
{
	for (size_t i = 0; i < COUNT_OF(pictures); i++) {
		struct tty *t = sit_down(r, rows, columns, language);

		tty_type(t, pictures[i].keys);
		tty_picture(t, pictures[i].name);
		tty_kill(t, SIGKILL);
		tty_end(t);
		if (strcmp(pictures[i].name, "intake") ==
		    0) { /* its draft must not come back in the next */
			char *drafts = mem_print("%s.drafts", r->store);

			tty_remove_all(drafts);
			free(drafts);
		}
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

/* --- typing, saving, coming back --------------------------------------------------------- */

static void
test_a_call_becomes_an_incident(void **state)
{
	struct tty *t = sit_down(*state, 36, 120, "zh_CN");

	tty_type(t,
	    "n三垛镇秦守仁报：三垛镇三阳河大桥南侧一辆槽罐车3时许侧翻，液氨泄漏，驾驶员1人被困。");
	assert_true(tty_shows(t, "UN1005"));
	assert_true(tty_shows(t, "被困 1"));
	tty_type(t, "<C-s>");
	assert_true(tty_shows(t, "2025-002"));
	tty_type(t, "<Esc>");
	assert_true(tty_shows(t, "在办事件 2"));
	tty_expect(t, " > 002 "); /* what was filed is what one comes back to */
	tty_type(t, "j");
	tty_expect(t, " > 001 "); /* once: the mark goes where one takes it */
	tty_type(t, "2<Enter><Esc>1");
	tty_expect(t, " > 001 ");
	stand_up(t);
}

/* What was refused is no longer said once it is being put right, nor over the screen that is opened next. */
static void
test_a_refusal_goes_with_the_mending(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	/* The caller's name may end with the line. */
	tty_type(t, "n三垛镇三阳河大桥下有人落水<Enter>报警人秦守仁<Enter>1人");
	tty_expect(t, "人员 秦守仁");
	tty_type(t, "<C-x>三垛镇三阳河大桥下有人落水<C-s>");
	tty_expect(t, "未保存");
	tty_type(t, "，");
	tty_expect_not(t, "未保存");
	tty_type(t, "<C-s>");
	tty_expect(t, "未保存");
	tty_type(t, "<F4>");
	tty_expect_not(t, "未保存");
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* One person perhaps, or some: nobody is "about one"; and what is told and what kind it is are not said twice. */
static void
test_facts_are_said_once(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇化工厂液氨泄漏，估计1人被困");
	tty_expect(t, "被困 可能1");
	tty_expect_not(t, "泄漏 泄漏");
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* What is found is shown with the words around it, and where the beginning is cut one sees that. */
static void
test_a_hit_shows_where_it_is_cut(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, ":记 子婴河夜间巡堤六人两班每小时一次沿线查险水位回落二米三一<Enter>/二米三一<Enter>");
	tty_expect(t, " ..");
	tty_expect(t, "水位回落二米三一");
	stand_up(t);
}

/* A caller put aside half-way is seen on every screen until the call is filed. */
static void
test_a_half_taken_call_is_counted(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_expect_not(t, "来电未存");
	tty_type(t, "n三垛镇报有人落水<Esc>");
	tty_expect(t, "1 来电未存");
	tty_type(t, "8");
	tty_expect(t, "1 来电未存");
	tty_type(t, "1n，在三阳河大桥下，报警人秦守仁<C-s>");
	tty_expect_not(t, "来电未存");
	tty_type(t, "<Esc><F4>05145550<Esc>");
	tty_expect_not(t, "来电未存");
	tty_expect(t, "1 草稿");
	stand_up(t);
}

/* The number comes first, as a telephone shows it before anything is said; Enter goes on to what was said. */
static void
test_a_call_is_recorded_from_its_number(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "<F4>0514-55501999<Enter>问昨夜雨情，已答复<C-s>");
	tty_expect(t, "0514-55501999：问昨夜雨情，已答复");
	tty_type(t, "<F4>0514-55501999");
	tty_expect(t, "此号码");
	tty_expect(t, " 03:12  问昨夜雨情"); /* nobody is named, no colon */
	stand_up(t);
}

/* Over another screen the way back stands in the last line, on the lowest there is none. */
static void
test_the_way_back_is_said(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "8");
	tty_expect_not(t, "Esc 返回");
	tty_type(t, "bp");
	tty_expect(t, "Esc 返回");
	stand_up(t);
}

/* A refusal leaves the text where it is. */
static void
test_refused_text_stays(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n喂喂<C-s>");
	assert_true(tty_shows(t, "喂喂"));
	assert_true(tty_shows(t, "接报 "));
	tty_kill(t, SIGKILL);
	tty_end(t);
}

static void
test_hang_up_keeps_the_draft(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇报有人落水");
	tty_hang_up(t);
	assert_int_equal(tty_end(t), 0);
	t = sit_down(*state, 24, 80, "zh_CN");
	assert_true(tty_shows(t, "三垛镇报有人落水"));
	tty_type(t, "n");
	assert_int_equal(tty_row_of(t, "三垛镇报有人落水"), 3);
	stand_up(t);
}

/* Of two consoles of one person the second one's text is kept beside the first one's, and found when there is no other. */
static void
test_two_consoles_of_one_person(void **state)
{
	struct tty *first = sit_down(*state, 24, 80, "zh_CN"),
		   *second = sit_down(*state, 24, 80, "zh_CN");

	tty_type(first, "n");
	tty_type(second, "n三垛镇报有人落水");
	tty_hang_up(second);
	assert_int_equal(tty_end(second), 0);
	stand_up(first);
	first = sit_down(*state, 24, 80, "zh_CN");
	tty_type(first, "n");
	assert_int_equal(tty_row_of(first, "三垛镇报有人落水"), 3);
	stand_up(first);
}

static void
test_term_signal_keeps_the_draft(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇报有人落水");
	tty_kill(t, SIGTERM);
	assert_int_equal(tty_end(t), 0);
	t = sit_down(*state, 24, 80, "zh_CN");
	assert_true(tty_shows(t, "三垛镇报有人落水"));
	stand_up(t);
}

/* The keys that stop or leave other programs are just keys here. */
static void
test_no_way_out_by_signals(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "<C-c><C-z><C-\\><C-c>");
	assert_true(tty_shows(t, "在办事件 1"));
	tty_kill(t, SIGTSTP);
	tty_kill(t, SIGQUIT);
	tty_kill(t, SIGINT);
	tty_type(t, "?");
	assert_true(tty_shows(t, "本屏按键"));
	stand_up(t);
}

static void
test_form_keeps_what_was_typed(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "2<Enter>u3<Tab>1<Esc>");
	assert_true(tty_shows(t, "概况"));
	tty_type(t, "u");
	assert_true(tty_shows(t, "上次没填完的内容已恢复"));
	stand_up(t);
}

/* --- several consoles -------------------------------------------------------------------- */

static void
test_consoles_see_each_other(void **state)
{
	struct room *r = *state;
	struct tty *a = sit_down(r, 24, 80, "zh_CN");
	struct tty *b = tty_start(
	    &(struct tty_setup){.store = r->store, .person = "李敏", .rows = 24, .columns = 80});

	tty_type(a, ":记 子婴河水位回落<Enter>");
	assert_true(tty_shows(a, "子婴河水位回落"));
	tty_wait_for(b, "子婴河水位回落");
	stand_up(a);
	stand_up(b);
}

/* --- the terminal ------------------------------------------------------------------------ */

static void
test_resize_draws_what_a_fresh_start_draws(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");
	static const int sizes[][2] = {
	    {36, 120}, {10, 30}, {60, 200}, {5, 20}, {24, 80}, {50, 100}};
	char *fresh;

	for (int i = 0; i < 36; i++)
		tty_resize(t, sizes[i % 6][0], sizes[i % 6][1]);
	tty_resize(t, 24, 80);
	fresh = mem_dup(tty_screen(t));
	stand_up(t);
	t = sit_down(*state, 24, 80, "zh_CN");
	assert_string_equal(tty_screen(t), fresh);
	free(fresh);
	stand_up(t);
}

static void
test_too_small_still_takes_keys(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇报有人落水");
	tty_resize(t, 5, 20);
	assert_true(tty_shows(t, "窗口太小"));
	tty_type(t, "，快");
	tty_resize(t, 24, 80);
	assert_true(tty_shows(t, "三垛镇报有人落水，快"));
	stand_up(t);
}

static void
test_other_terminals(void **state)
{
	struct room *r = *state;
	static const char *const terms[] = {"vt100", "linux", "xterm", "screen", "tmux-256color"};

	for (size_t i = 0; i < COUNT_OF(terms); i++) {
		struct tty *t = tty_start(&(struct tty_setup){.store = r->store,
		    .person = "陈涛",
		    .rows = 24,
		    .columns = 80,
		    .term = terms[i]});

		assert_true(tty_shows(t, "在办事件 1"));
		tty_type(t, "2<Enter><Esc>1");
		assert_true(tty_shows(t, "在办事件 1"));
		stand_up(t);
	}
}

static void
test_terminals_that_cannot(void **state)
{
	struct room *r = *state;
	static const char *const terms[] = {"dumb", "no-such-terminal", "", "../../x"};

	for (size_t i = 0; i < COUNT_OF(terms); i++) {
		struct tty *t = tty_start(&(struct tty_setup){.store = r->store,
		    .person = "陈涛",
		    .rows = 24,
		    .columns = 80,
		    .term = terms[i]});

		assert_true(tty_shows(t, "显示不了值班台"));
		assert_int_equal(tty_end(t), 1);
	}
}

/* Ambiguous characters are drawn only where the terminal has shown that they take one cell. */
static void
test_ambiguous_characters(void **state)
{
	struct room *r = *state;
	struct tty_setup narrow = {.store = r->store, .person = "陈涛", .rows = 24, .columns = 80};
	struct tty_setup wide = narrow, deaf = narrow;
	struct tty *t;

	wide.wide = true;
	deaf.deaf = true;
	t = tty_start(&narrow);
	tty_type(t, ":记 风向±5°“东南”<Enter>");
	assert_true(tty_shows(t, "风向±5°“东南”"));
	stand_up(t);
	t = tty_start(&wide);
	assert_true(tty_shows(t, "风向+5o\"东南\""));
	stand_up(t);
	t = tty_start(&deaf);
	assert_true(tty_shows(t, "风向+5o\"东南\""));
	stand_up(t);
}

/*
 * Nothing from outside moves the terminal: no escape but terminfo's, no bidi, no zero width
 * (reliability 4.16).
 */
static void
test_hostile_text(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");
	static const char *const never[] = {
	    "\033]0;", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\x8b", "\xef\xbb\xbf"};
	static const char hostile[] = "\033[200~记 甲\033]0;x\a乙\xc2\x9b"
				      "31m丙\xe2\x80\xae丁\xe2\x80\x8b戊\xef\xbb\xbf\033[201~\r";
	const char *raw;
	size_t n;

	tty_send(t, ":", 1);
	tty_send(t, hostile, sizeof(hostile) - 1);
	tty_sync(t);
	assert_true(tty_shows(t, "丙"));
	raw = tty_raw(t, &n);
	for (size_t i = 0; i < COUNT_OF(never); i++)
		assert_null(memmem(raw, n, never[i], strlen(never[i])));
	stand_up(t);
}

/*
 * The comment of an ssh key, where the console shows it: beside the key on the : line, in the form that withdraws it, in the
 * journal. What may stand in what it wrote is looked for byte by byte: control characters in terminfo's strings only, no bidi, no zero width.
 */
static void
test_hostile_key_comment(void **state)
{
	struct room *r = *state;
	static const char script[] =
	    "@2025-07-10T03:11 李敏\nkey.add person=陈涛 key=\"ssh-ed25519 "
	    "AAAAC3NzaC1lZDI1NTE5AAAAIBza433pRgW6Lf194pf/B78ML2rjVhQ175nS7k0fTfNJ "
	    "钥甲\033]0;x\a乙\xc2\x9b"
	    "31m丙\xe2\x80\xae丁\xe2\x80\x8b戊\xef\xbb\xbf己\xe2\x81\xa6庚\033[2J辛\"\n";
	static const char *const never[] = {"\033]0", "\033[2J", "\xe2\x80\x8b", "\xe2\x80\xae",
	    "\xe2\x81\xa6", "\xef\xbb\xbf", "\a"};
	struct store *st = room_open(r);
	struct tty *t;
	const char *raw;
	size_t n, from;

	room_play(st, NULL, script);
	store_close(st);
	clock_pin(CLOCK_NONE);
	t = tty_start(
	    &(struct tty_setup){.store = r->store, .person = "李敏", .rows = 36, .columns = 120});
	tty_raw(t, &from); /* how it begins is terminfo's own */
	tty_type(t, ":cy 陈涛");
	tty_expect(t, "陈涛 钥甲・]0;x・乙・31m丙・丁・戊・己・庚・[2J辛");
	tty_type(t, "<Tab>");
	tty_expect(t, "cy SHA256:vTMft");
	tty_type(t, " 丢失<Enter>");
	tty_expect(t, "撤销 陈涛 的密钥");
	raw = tty_raw(t, &n);
	for (size_t i = 0; i < COUNT_OF(never); i++)
		if (memmem(raw + from, n - from, never[i], strlen(never[i])))
			fail_msg("%zu reached the terminal", i);
	for (size_t i = from; i + 1 < n; i++)
		assert_false((unsigned char)raw[i] == 0xc2 && (unsigned char)raw[i + 1] < 0xa0);
	stand_up(t);
}

static void
test_colours_mean_state(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");
	int row = tty_row_of(t, "逾期");

	assert_int_equal(row, 0);
	for (int column = 0; column < 80; column++) {
		struct tty_look look = tty_look_at(t, 0, column);

		assert_true(look.colour == -1 || look.colour == 1 || look.colour == 3);
	}
	stand_up(t);
}

/* --- time -------------------------------------------------------------------------------- */

static void
test_clock_moves_the_header(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	assert_true(tty_shows(t, "03:12"));
	tty_clock(t, "2025-07-10T03:13");
	tty_sync(t);
	assert_true(tty_shows(t, "03:13"));
	tty_clock(t, "2025-07-09T03:00"); /* and back: nothing breaks */
	tty_sync(t);
	assert_true(tty_shows(t, "07-09"));
	stand_up(t);
}

static void
test_countdown_shows_seconds_at_the_end(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇秦守仁报：三垛镇三阳河大桥南侧一辆槽罐车3时许侧翻，液氨泄漏，驾驶员1人"
		    "被困。<C-s><Esc>");
	assert_true(tty_shows(t, "30分"));
	tty_clock(t, "2025-07-10T03:36:30");
	tty_sync(t);
	assert_true(tty_shows(t, "5:30"));
	stand_up(t);
}

/* --- finding, undoing, the : line -------------------------------------------------------- */

static void
test_search_finds_calls_and_goes_there(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "/雨势减弱<Enter>");
	assert_true(tty_shows(t, "检索“雨势减弱”：1"));
	tty_type(t, "<Esc>/没有这句话<Enter>");
	assert_true(tty_shows(t, "没有找到"));
	stand_up(t);
}

static void
test_undone_entries_stay_readable(void **state)
{
	struct room *r = *state;
	struct tty *t = tty_start(
	    &(struct tty_setup){.store = r->store, .person = "李敏", .rows = 24, .columns = 80});

	tty_type(t, ":设置 county_name 高邮县<Enter>");
	assert_int_equal(tty_row_of(t, "高邮县"), 0);
	tty_type(t, "0<Enter>u<Enter>");
	assert_int_equal(tty_row_of(t, "高邮市应急管理局"), 0);
	assert_true(tty_shows(t, "［已由 #20 划去］设置 county_name"));
	stand_up(t);
}

static void
test_line_completes_and_remembers(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, ":jyb<Tab>");
	assert_true(tty_shows(t, "还缺：正文"));
	tty_type(t, "第一句<Enter>:<Up>");
	assert_true(tty_shows(t, "第一句"));
	tty_type(t, "<Esc>:没有这个命令<Enter>");
	assert_true(tty_shows(t, ": 没有这个命令")); /* refused, and still there to be mended */
	tty_type(t, "<Esc>");
	stand_up(t);
}

/* Lines outlive the session, each person's own; ^R finds one by a part of it; secrets are not among
 * them. */
static void
test_lines_of_earlier_sessions(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, 24, 80, "zh_CN");

	tty_type(t, ":记 子婴河水位回落<Enter>");
	tty_type(t, ":设链路 试 http://user:geheim@feeds.example/<Enter><Esc>");
	tty_type(t, ":记 雨势减弱<Enter>");
	stand_up(t);
	t = sit_down(r, 24, 80, "zh_CN");
	tty_type(t, ":<Up>");
	assert_true(tty_shows(t, ": 记 雨势减弱"));
	tty_type(t, "<Up>");
	assert_true(tty_shows(t, ": 记 子婴河水位回落"));
	tty_type(t, "<Up>");
	assert_false(tty_shows(t, "geheim"));
	tty_type(t, "<Esc>:水位<C-r>");
	assert_true(tty_shows(t, ": 记 子婴河水位回落"));
	tty_type(t, "<C-r><Esc>");
	stand_up(t);
	t = tty_start(
	    &(struct tty_setup){.store = r->store, .person = "李敏", .rows = 24, .columns = 80});
	tty_type(t, ":<Up>");
	assert_false(tty_shows(t, ": 记"));
	tty_type(t, "<Esc>");
	stand_up(t);
}

/* The line opens over a half-typed call, and the call is there afterwards. */
static void
test_line_over_a_half_typed_call(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇报有人落水<C-o>记 已通知消防<Enter>");
	assert_true(tty_shows(t, "三垛镇报有人落水"));
	assert_true(tty_shows(t, "已通知消防"));
	tty_type(t, "，速派船");
	assert_true(tty_shows(t, "三垛镇报有人落水，速派船"));
	stand_up(t);
}

static void
test_language_changes_at_once(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "0a");
	assert_true(tty_shows(t, "Open incidents 1"));
	tty_type(t, "0a");
	assert_true(tty_shows(t, "在办事件 1"));
	stand_up(t);
}

/* A second caller's words go into the incident that is open already, with one key. */
static void
test_second_caller_joins(void **state)
{
	struct room *r = *state;
	struct tty *t = tty_start(&(struct tty_setup){.store = r->store,
	    .person = "陈涛",
	    .rows = 36,
	    .columns = 120,
	    .now = "2025-07-09T19:20"});

	tty_type(
	    t, "n临泽镇吉长春（0514-55500058）报：临泽镇子婴河圩堤管涌有扩大趋势，威胁30户86人。");
	assert_true(tty_shows(t, "疑似同一"));
	tty_type(t, "<C-g>");
	assert_true(tty_shows(t, "2025-001"));
	tty_type(t, "<S-Tab>");
	assert_true(tty_shows(t, "管涌有扩大趋势"));
	assert_true(tty_shows(t, "18时40分巡查发现"));
	stand_up(t);
}

/* --- what a kill costs ------------------------------------------------------------------- */

static void
test_kill_costs_at_most_the_last_second(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇报有人落水");
	tty_wait_for(t, "草稿已存");
	tty_kill(t, SIGKILL);
	assert_int_equal(tty_end(t), 128 + SIGKILL);
	t = sit_down(*state, 24, 80, "zh_CN");
	tty_type(t, "n");
	assert_int_equal(tty_row_of(t, "三垛镇报有人落水"), 3);
	assert_true(
	    tty_shows(t, "接报  03:12 来电")); /* and the receipt time is that of the call */
	stand_up(t);
}

/* No file may grow past `bytes` from here on: what a full disk looks like to the program. */
static void
fill_disk(struct tty *t, rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	assert_int_equal(prlimit(tty_pid(t), RLIMIT_FSIZE, &limit, NULL), 0);
}

/* Reliability 4.6: the disk is full in mid-call; nothing is lost, and it saves when there is room.
 */
static void
test_full_disk(void **state)
{
	struct tty *t = sit_down(*state, 24, 80, "zh_CN");

	tty_type(t, "n高速交警周明报：三垛镇三阳河大桥3时许一辆槽罐车侧翻，液氨泄漏，1人被困");
	tty_wait_for(t, "草稿已存");
	fill_disk(t, 69000); /* the draft has its room already, the write-ahead log has not */
	tty_type(t, "<C-s>");
	assert_true(tty_shows(t, "未存盘"));
	assert_true(tty_shows(t, "1人被困"));
	tty_type(t, "，风东南");
	tty_clock(t, "2025-07-10T03:13");
	tty_wait_for(t, "草稿已存 03:13");
	tty_type(t, "<Esc>2<Enter>"); /* reading goes on */
	assert_true(tty_shows(t, "临泽镇子婴河圩堤"));
	fill_disk(t, RLIM_INFINITY);
	tty_type(t, "<Esc>1n<C-s>");
	assert_true(tty_shows(t, "2025-002"));
	assert_false(tty_shows(t, "未存盘"));
	stand_up(t);
}

/* What the next release does to a store while a console of this one has it open. */
static void
upgrade(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "BEGIN IMMEDIATE; CREATE TABLE tide (id INTEGER PRIMARY KEY) STRICT;"
			     "PRAGMA user_version = 999; COMMIT",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
}

/* Reliability 4.28: a newer program brings the store up to date under an open console; nothing that was typed is lost. */
static void
test_newer_store(void **state)
{
	struct room *r = *state;
	struct tty *t = sit_down(r, 24, 80, "zh_CN");

	tty_type(t, "n三垛镇报有人落水");
	tty_wait_for(t, "草稿已存");
	upgrade(r->store);
	tty_type(t, "，已救起<C-s>");
	assert_true(tty_shows(t, "新版"));
	assert_true(tty_shows(t, "三垛镇报有人落水，已救起"));
	tty_clock(t, "2025-07-10T03:13");
	tty_type(t, "，送医");
	tty_wait_for(t, "草稿已存 03:13");
	tty_type(t, "<Esc>2<Enter>"); /* reading goes on */
	assert_true(tty_shows(t, "临泽镇子婴河圩堤"));
	stand_up(t);
}

/* A line that takes nothing: frames are left out, keys are not, and the last screen is the right
 * one. */
static void
test_slow_line_skips_frames(void **state)
{
	struct tty *t = sit_down(*state, 36, 120, "zh_CN");
	size_t before = tty_bytes(t);

	for (int i = 0; i < 400; i++)
		tty_send(t, i % 2 ? "1" : "4", 1);
	tty_sync(t);
	assert_true(tty_shows(t, "在办事件 1"));
	assert_true(tty_bytes(t) - before < 100000);
	stand_up(t);
}

/* Reliability 4.9: the line goes down in mid-form, again and again; never a word lost. */
static void
test_lines_that_drop(void **state)
{
	const char *many = getenv("ZHIBAN_SOAK");
	int times = many ? 100 : 8;
	char text[64];

	for (int i = 0; i < times; i++) {
		struct tty *t = sit_down(*state, 24, 80, "zh_CN");

		snprintf(text, sizeof(text), "n<C-u>第%d次来电", i);
		tty_type(t, text);
		if (i % 2)
			tty_hang_up(t);
		else
			tty_kill(t, SIGHUP);
		assert_int_equal(tty_end(t), 0);
		t = sit_down(*state, 24, 80, "zh_CN");
		snprintf(text, sizeof(text), "第%d次来电", i);
		assert_true(tty_shows(t, text));
		stand_up(t);
	}
}

/* Reliability 4.11: a storm of sizes on every kind of terminal ends in what a fresh start draws. */
static void
test_resize_storm(void **state)
{
	struct room *r = *state;
	static const char *const terms[] = {"vt100", "linux", "xterm-256color"};
	int times = getenv("ZHIBAN_SOAK") ? 200 : 40;

	for (size_t k = 0; k < COUNT_OF(terms); k++) {
		struct tty_setup setup = {.store = r->store,
		    .person = "陈涛",
		    .rows = 24,
		    .columns = 80,
		    .term = terms[k]};
		struct tty *t = tty_start(&setup);
		char *after;

		for (int i = 0; i < times; i++)
			tty_resize(t, 5 + i * 37 % 96, 20 + i * 53 % 281);
		tty_resize(t, 24, 80);
		after = mem_dup(tty_screen(t));
		stand_up(t);
		t = tty_start(&setup);
		assert_string_equal(tty_screen(t), after);
		free(after);
		stand_up(t);
	}
}

#define ROOM_TEST(f) cmocka_unit_test_setup_teardown(f, make_room, room_leave)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    ROOM_TEST(test_pictures_chinese_small),
	    ROOM_TEST(test_pictures_chinese_large),
	    ROOM_TEST(test_pictures_english_small),
	    ROOM_TEST(test_pictures_english_large),
	    ROOM_TEST(test_a_call_becomes_an_incident),
	    ROOM_TEST(test_refused_text_stays),
	    ROOM_TEST(test_a_refusal_goes_with_the_mending),
	    ROOM_TEST(test_facts_are_said_once),
	    ROOM_TEST(test_a_hit_shows_where_it_is_cut),
	    ROOM_TEST(test_a_half_taken_call_is_counted),
	    ROOM_TEST(test_a_call_is_recorded_from_its_number),
	    ROOM_TEST(test_the_way_back_is_said),
	    ROOM_TEST(test_hang_up_keeps_the_draft),
	    ROOM_TEST(test_term_signal_keeps_the_draft),
	    ROOM_TEST(test_two_consoles_of_one_person),
	    ROOM_TEST(test_no_way_out_by_signals),
	    ROOM_TEST(test_form_keeps_what_was_typed),
	    ROOM_TEST(test_consoles_see_each_other),
	    ROOM_TEST(test_resize_draws_what_a_fresh_start_draws),
	    ROOM_TEST(test_too_small_still_takes_keys),
	    ROOM_TEST(test_other_terminals),
	    ROOM_TEST(test_terminals_that_cannot),
	    ROOM_TEST(test_ambiguous_characters),
	    ROOM_TEST(test_hostile_text),
	    ROOM_TEST(test_hostile_key_comment),
	    ROOM_TEST(test_colours_mean_state),
	    ROOM_TEST(test_clock_moves_the_header),
	    ROOM_TEST(test_countdown_shows_seconds_at_the_end),
	    ROOM_TEST(test_search_finds_calls_and_goes_there),
	    ROOM_TEST(test_undone_entries_stay_readable),
	    ROOM_TEST(test_line_completes_and_remembers),
	    ROOM_TEST(test_lines_of_earlier_sessions),
	    ROOM_TEST(test_line_over_a_half_typed_call),
	    ROOM_TEST(test_language_changes_at_once),
	    ROOM_TEST(test_second_caller_joins),
	    ROOM_TEST(test_kill_costs_at_most_the_last_second),
	    ROOM_TEST(test_full_disk),
	    ROOM_TEST(test_newer_store),
	    ROOM_TEST(test_slow_line_skips_frames),
	    ROOM_TEST(test_lines_that_drop),
	    ROOM_TEST(test_resize_storm),
	};

	i18n_init();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("ui/console", tests, NULL, NULL);
}
