/* The duty room and its townships over a real OpenSSH server: an order there and back, and whose
 * key opens what. */
#include "tests/test.h"

#include "tests/ssh/common.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/draft.h"
#include "store/sql.h"
#include "store/verb.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

/* --- an order there and back -------------------------------------------------------------- */

static void
four_consoles_at_once(void **state)
{
	struct tty *officer = server_console(&s, OFFICER, NULL, NULL),
		   *chief = server_console(&s, CHIEF, NULL, NULL),
		   *town = server_console(&s, TOWN, NULL, NULL),
		   *other = server_console(&s, OTHER, NULL, NULL);

	(void)state;
	assert_true(tty_shows(officer, "在办事件") && tty_shows(chief, "在办事件") &&
		    tty_shows(town, "在办事件"));
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
	tty_wait_for(chief, "到场两");
	tty_wait_for(officer, "到场两");
	tty_sync(other);
	assert_false(tty_shows(other, "到场两"));
	tty_type(chief, ":催办 001 请报转移人数<Enter>");
	tty_type(town, ":反馈 001 final 已全部转移<Enter>");
	tty_type(officer, ":办结 001<Enter>");
	assert_int_equal(server_rows(&s, "order.done"), 1);
	assert_int_equal(server_rows(&s, "order.report"), 2);
	assert_int_equal(server_rows(&s, "journal.refused"), 1); /* the other township's */
	for (struct tty **t = (struct tty *[]){officer, chief, town, other, NULL}; *t; t++) {
		tty_type(*t, "<Esc><Esc>q<Enter>");
		assert_int_equal(tty_end(*t), 0);
	}
	assert_int_equal(server_rows(&s, "session.on"), 4);
	assert_int_equal(
	    server_rows(&s, "session.off"), 0); /* named and keyed: no secrets are in force here */
}

/* --- an order nobody acknowledges --------------------------------------------------------- */

static struct tty *four[4];
static const char *const names[4] = {OFFICER, CHIEF, TOWN, OTHER};

static void
all_sit_down(void)
{
	for (int i = 0; i < 4; i++)
		four[i] = server_console(&s, names[i], NULL, NULL);
}

static void
all_leave(void)
{
	for (int i = 0; i < 4; i++) {
		tty_type(four[i], "<Esc><Esc>q<Enter>");
		assert_int_equal(tty_end(four[i]), 0);
	}
}

static int64_t
rows_with(const char *verb, const char *words)
{
	struct store *st = server_store(&s);
	int64_t n =
	    sql_one_int(st, "SELECT count(*) FROM journal WHERE verb = ?1 AND instr(args, ?2)", 0,
		"tt", verb, words);

	store_close(st);
	return n;
}

/* The clock of the room, for whoever sits down from now on. */
static void
clock_at(const char *when)
{
	int64_t at;

	assert_true(clock_parse(when, 0, &at));
	act(CHIEF, "drill.clock", json_pack("{s:s}", "at", when));
}

/*
 * Thirty minutes and no acknowledgement: it is overdue on the room's consoles; reminded, again by the second contact, the leader told. The
 * township, whose line was cut in the middle of the feedback, has its text back and sends it. Each step is a row of the journal.
 */
static void
who_does_not_acknowledge_is_reminded(void **state)
{
	struct tty *t;

	(void)state;
	clock_at("2025-07-10T03:12");
	all_sit_down();
	order_to(TOWN, TOWN_AREA);
	tty_wait_for(four[2], "指令");
	tty_sync(four[0]);
	assert_false(tty_shows(four[0], "1 逾期"));
	all_leave();
	clock_at("2025-07-10T03:44");
	all_sit_down();
	for (int i = 0; i < 2; i++)
		if (!tty_shows(four[i], "逾期") || !tty_shows(four[i], "待签收"))
			fail_msg("%s does not see that it is overdue:\n%s", names[i],
			    tty_screen(four[i]));
	tty_sync(four[3]);
	assert_false(tty_shows(four[3], "逾期"));
	/* By itself: whom to ring stands on the board, and nobody has touched a key. */
	assert_int_equal(server_rows(&s, "order.chase"), 1);
	tty_wait_for(four[0], "再次催办");
	tty_type(four[0], ":催办 001 电话无人接听<Enter>");
	assert_true(tty_shows(four[0], "第 1 次催"));
	tty_wait_for(four[1], "第 1 次催");
	tty_type(four[0], ":催办 001<Enter>");
	assert_true(tty_shows(four[0], "第二联系人"));
	tty_type(four[0], ":催办 001 已报带班领导<Enter>");
	assert_true(tty_shows(four[0], "带班领导"));
	tty_wait_for(four[1], "第 3 次催");
	assert_int_equal(server_rows(&s, "order.remind"), 3);
	/* The other township sees and does none of it. */
	tty_type(four[3], ":催办 001<Enter>");
	tty_sync(four[3]);
	assert_false(tty_shows(four[3], "第 "));
	assert_int_equal(server_rows(&s, "order.remind"), 3);
	/* The township at last. */
	tty_type(four[2], ":签收 001<Enter>");
	tty_type(four[2], "02"); /* orders */
	tty_type(four[2], "d<Enter>");
	assert_true(tty_shows(four[2], "反馈内容"));
	tty_type(four[2], "到场两台车，积水四十");
	tty_kill(four[2], SIGKILL);
	tty_end(four[2]);
	no_process_left(TOWN);
	four[2] = server_console(&s, TOWN, NULL, NULL);
	t = four[2];
	if (!tty_shows(t, "没写完的草稿"))
		fail_msg("nothing is offered:\n%s", tty_screen(t));
	tty_type(t, "0");
	tty_choose(t, "草稿");
	tty_type(t, "<Enter>厘米");
	assert_true(
	    tty_shows(t, "积水四十厘米")); /* in the field it was in, behind the last character */
	tty_type(t, "<C-s>");
	tty_wait_for(four[0], "到场两台");
	tty_wait_for(four[1], "到场两台");
	assert_false(tty_shows(four[3], "积水"));
	tty_type(four[0], ":催办 001 请报结果<Enter>");
	tty_type(t, "<Esc>:反馈 001 final 已全部转移<Enter>");
	tty_type(four[1], ":办结 001<Enter>");
	assert_int_equal(server_rows(&s, "order.done"), 1);
	assert_int_equal(server_rows(&s, "order.report"), 2);
	assert_int_equal(rows_with("order.report", "到场两台车，积水四十厘米"), 1);
	all_leave();
}

/* --- keys --------------------------------------------------------------------------------- */

static void
only_known_keys_open(void **state)
{
	struct draft_info drafts[4];
	struct tty *t;
	int64_t id, key;
	struct store *st;
	size_t n;

	(void)state;
	server_strange_key(&s, "stranger");
	assert_int_equal(ssh_runs("stranger", true, WORDS("-tt"), NULL, 15000), 255);
	/* Withdrawn: the next one does not get in, and who is in is out, with the text kept. */
	t = server_console(&s, TOWN, NULL, NULL);
	assert_true(tty_shows(t, "在办事件"));
	id = person(TOWN);
	st = server_store(&s);
	key = sql_one_int(st, "SELECT id FROM person_key WHERE person = ?1", 0, "i", id);
	store_close(st);
	tty_type(t, "n圩堤渗水");
	act(CHIEF, "key.withdraw", json_pack("{s:I, s:s}", "key", (json_int_t)key, "why", "丢失"));
	tty_wait_for(t, "你的密钥已撤销");
	assert_int_equal(tty_end(t), 1);
	no_process_left(TOWN);
	if (s.by_command)
		assert_int_equal(ssh_runs(TOWN, true, WORDS("-tt"), NULL, 15000), 255);
	else
		assert_int_not_equal(ssh_runs(TOWN, true, WORDS("-tt"), NULL, 15000), 0);
	st = server_store(&s);
	n = draft_list(st, id, drafts, COUNT_OF(drafts));
	store_close(st);
	assert_int_equal(n, 1);
	assert_non_null(strstr(drafts[0].first_line, "圩堤渗水"));
	/* Retired: the same. */
	t = server_console(&s, OTHER, NULL, NULL);
	act(CHIEF, "person.retire",
	    json_pack("{s:I, s:s}", "person", (json_int_t)person(OTHER), "why", "调离"));
	tty_wait_for(t, "你已不能在此操作");
	assert_int_equal(tty_end(t), 1);
	assert_int_equal(ssh_runs(OTHER, true, WORDS("-tt"), NULL, 15000), s.by_command ? 255 : 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(four_consoles_at_once, make, clear),
	    cmocka_unit_test_setup_teardown(who_does_not_acknowledge_is_reminded, make, clear),
	    cmocka_unit_test_setup_teardown(only_known_keys_open, make, clear),
	};
	const char *missing = server_missing();

	if (missing) {
		printf("1..0 # skipped: %s\n", missing);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
