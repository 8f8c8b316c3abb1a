/*
 * Townships over a real OpenSSH server: an order there and back, lines that are cut in the middle of a text, and whatever somebody with
 * a key might try beside the console (reliability 4.9, 4.10, 4.20).
 */
#include "tests/test.h"

#include "base/clock.h"
#include "base/mem.h"
#include "house/house.h"
#include "store/sql.h"
#include "store/verb.h"
#include "tests/ssh/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OFFICER "陈涛"
#define CHIEF "李敏"
#define TOWN "董秀英"  /* 送桥镇 */
#define OTHER "田家旺" /* 临泽镇 */
#define TEXT "到场两台车，积水四十厘米，三十户正在转移，老人两名已送卫生院"

static struct server s;

/* --- what the room has -------------------------------------------------------------------- */

static int64_t
act(const char *who, const char *verb, json_t *args)
{
	struct store *st = server_store(&s);
	struct verb_result result;
	struct err err = ERR_NONE;
	struct actor actor;
	int64_t subject;

	assert_true(actor_find(st, who, &actor, &err));
	if (!verb_run(st, &actor, verb, args, &result, &err))
		fail_msg("%s: %s", verb, err.message);
	subject = result.subject;
	verb_result_clear(&result);
	json_decref(args);
	store_close(st);
	return subject;
}

static int64_t
person(const char *name)
{
	struct store *st = server_store(&s);
	struct err err = ERR_NONE;
	struct actor actor;

	assert_true(actor_find(st, name, &actor, &err));
	store_close(st);
	return actor.person;
}

/* An order to a township's officer, with an incident there. */
static int64_t
order_to(const char *who, int64_t area)
{
	int64_t incident = act(OFFICER, "incident.open",
	    json_pack("{s:I, s:s, s:s, s:s, s:s}", "area", (json_int_t)area, "source", "110", "place", "圩堤", "nature", "内涝", "text",
		"圩堤低洼处积水，有群众被困，请求支援。"));

	return act(OFFICER, "order.issue",
	    json_pack("{s:I, s:I, s:s}", "to", (json_int_t)person(who), "incident", (json_int_t)incident, "content", "转移低洼处群众"));
}

static int
make(void **state)
{
	static const char *const people[] = {OFFICER, CHIEF, TOWN, OTHER};

	(void)state;
	server_start(&s);
	for (size_t i = 0; i < COUNT_OF(people); i++)
		server_key(&s, people[i]);
	print_message("# keys come %s\n", s.by_command ? "by AuthorizedKeysCommand" : "from a file: this place is no fit one for AuthorizedKeysCommand");
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	server_stop(&s);
	return 0;
}

static bool
is_gone(void *data)
{
	return server_process(&s, data) == 0;
}

static void
no_process_left(const char *who)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s", who);
	if (!server_wait(is_gone, name, 10000))
		fail_msg("a console of %s lives on: %d", who, (int)server_process(&s, who));
}

/* --- an order there and back -------------------------------------------------------------- */

static void
four_consoles_at_once(void **state)
{
	struct tty *officer = server_console(&s, OFFICER, NULL, NULL), *chief = server_console(&s, CHIEF, NULL, NULL),
		   *town = server_console(&s, TOWN, NULL, NULL), *other = server_console(&s, OTHER, NULL, NULL);

	(void)state;
	assert_true(tty_shows(officer, "在办事件") && tty_shows(chief, "在办事件") && tty_shows(town, "在办事件"));
	order_to(TOWN, 321084116);
	tty_wait_for(town, "送桥镇人民政府  指令");
	tty_wait_for(officer, "内涝");
	tty_sync(other);
	assert_false(tty_shows(other, "内涝"));
	assert_false(tty_shows(other, "指令"));
	tty_type(town, ":签收 001<Enter>");
	assert_true(tty_shows(town, "签收"));
	tty_type(officer, "0");
	tty_type(officer, "<Esc>:记 收到送桥签收<Enter>");
	tty_wait_for(chief, "收到送桥签收");
	tty_type(other, ":签收 001<Enter>"); /* the number of another's order */
	tty_type(town, ":反馈 001 " TEXT "<Enter>");
	print_message("%s", tty_screen(town));
	tty_wait_for(chief, "到场两台车");
	tty_wait_for(officer, "到场两台车");
	tty_sync(other);
	assert_false(tty_shows(other, "到场两台车"));
	tty_type(chief, ":催办 001 请报转移人数<Enter>");
	tty_wait_for(officer, "请报转移人数");
	tty_type(town, ":反馈 001 final 已全部转移<Enter>");
	tty_wait_for(officer, "已全部转移");
	tty_type(officer, ":办结 001<Enter>");
	tty_wait_for(chief, "办结");
	assert_int_equal(server_rows(&s, "order.done"), 1);
	assert_int_equal(server_rows(&s, "order.report"), 2);
	assert_int_equal(server_rows(&s, "journal.refused"), 1); /* the other township's */
	for (struct tty **t = (struct tty *[]){officer, chief, town, other, NULL}; *t; t++) {
		tty_type(*t, "<Esc><Esc>q<Enter>");
		assert_int_equal(tty_end(*t), 0);
	}
	assert_int_equal(server_rows(&s, "session.on"), 4);
	assert_int_equal(server_rows(&s, "session.off"), 0); /* named and keyed: no secrets are in force here */
}

/* --- a line that is cut ------------------------------------------------------------------- */

/* The form of the feedback, the way an officer comes to it: orders, next step. */
static struct tty *
open_feedback(void)
{
	struct tty *t = server_console(&s, TOWN, NULL, NULL);

	tty_type(t, "02d<Enter>");
	if (!tty_shows(t, "反馈内容"))
		fail_msg("no form:\n%s", tty_screen(t));
	return t;
}

enum cut { CUT_CLIENT, CUT_TERMINAL, CUT_PROCESS, CUT_SERVER, CUT_SILENCE, CUTS };

static void
cut_line(struct tty *t, enum cut how)
{
	pid_t pid = server_process(&s, TOWN);

	assert_true(pid > 0);
	print_message("# cut %d\n", how);
	switch (how) {
	case CUT_CLIENT:
		tty_kill(t, SIGKILL);
		break;
	case CUT_TERMINAL:
		tty_hang_up(t);
		break;
	case CUT_PROCESS:
		usleep(1200000); /* the text is saved a second after the last key */
		kill(pid, SIGKILL);
		break;
	case CUT_SERVER: {
		char path[64];
		FILE *f;
		int parent = 0;

		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		f = fopen(path, "r");
		assert_non_null(f);
		assert_int_equal(fscanf(f, "%*d %*s %*c %d", &parent), 1);
		fclose(f);
		assert_true(parent > 1 && parent != s.pid);
		kill(parent, SIGKILL);
		break;
	}
	case CUT_SILENCE: /* nothing comes any more, and nobody says so */
		tty_kill(t, SIGSTOP);
		break;
	case CUTS:
		break;
	}
	no_process_left(TOWN);
	if (how == CUT_SILENCE) {
		tty_kill(t, SIGCONT);
		tty_kill(t, SIGKILL);
	}
}

static void
a_cut_line_loses_nothing(void **state)
{
	static const char *const words[CUTS] = {"客户端被杀", "终端关闭", "控制台被杀", "服务进程被杀", "线路无声"};
	int64_t order = order_to(TOWN, 321084116);

	(void)state;
	act(TOWN, "order.ack", json_pack("{s:I}", "order", (json_int_t)order));
	for (int how = 0; how < CUTS; how++) {
		struct tty *t = open_feedback();
		char *text = mem_print("%s时正在写：" TEXT, words[how]);

		tty_type(t, "<Tab><Tab>");
		tty_type(t, text);
		assert_true(tty_shows(t, words[how]));
		cut_line(t, (enum cut)how);
		tty_end(t);
		t = server_console(&s, TOWN, NULL, NULL);
		tty_type(t, "04");
		if (!tty_shows(t, words[how]))
			fail_msg("%s: not offered:\n%s", words[how], tty_screen(t));
		tty_type(t, "<Enter>");
		assert_true(tty_shows(t, words[how]));
		tty_type(t, "<C-s>");
		if (server_rows(&s, "order.report") != how + 1)
			fail_msg("%s: not sent:\n%s", words[how], tty_screen(t));
		tty_type(t, "<Esc><Esc>q<Enter>");
		assert_int_equal(tty_end(t), 0);
		no_process_left(TOWN);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(four_consoles_at_once, make, clear),
	    cmocka_unit_test_setup_teardown(a_cut_line_loses_nothing, make, clear),
	};
	const char *missing = server_missing();

	if (missing) {
		printf("1..0 # skipped: %s\n", missing);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
