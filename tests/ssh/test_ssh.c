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
	    cmocka_unit_test_setup_teardown(only_known_keys_open, make, clear),
	};
	const char *missing = server_missing();

	if (missing) {
		printf("1..0 # skipped: %s\n", missing);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
