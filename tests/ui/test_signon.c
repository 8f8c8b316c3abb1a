/* Signing on at the shared terminal: name and secret, the lock that keeps what was typed, the
 * change of shift. */
#include "base/mem.h"
#include "people/people.h"
#include "store/sql.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct room *room;

static void
give(struct store *st, const char *who, const char *secret)
{
	struct err err = ERR_NONE;
	struct actor system, person;

	actor_system(&system, "test");
	assert_true(actor_find(st, who, &person, &err));
	if (!people_set_secret(st, &system, person.person, secret, &err))
		fail_msg("%s", err.message);
}

static int
make(void **state)
{
	struct store *st;

	(void)state;
	room = room_new("signon", true);
	st = room_open(room);
	give(st, "陈涛", "ziyinghe 2.31");
	give(st, "周雪梅", "sanyanghe 1.87");
	store_close(st);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_free(room);
	return 0;
}

static int64_t
rows_of(const char *verb)
{
	struct store *st = room_open(room);
	int64_t n = sql_one_int(st, "SELECT count(*) FROM journal WHERE verb = ?1", 0, "t", verb);

	store_close(st);
	return n;
}

static struct tty *
sit_down(const char *person)
{
	return tty_start(
	    &(struct tty_setup){.store = room->store, .person = person, .rows = 24, .columns = 80});
}

static void
a_secret_opens_the_console(void **state)
{
	struct tty *t = sit_down(NULL);
	const char *raw;
	size_t n;

	(void)state;
	assert_true(tty_shows(t, "签到") && tty_shows(t, "姓名"));
	assert_false(tty_shows(t, "在办事件"));
	tty_type(t, "ct");
	assert_true(tty_shows(t, "陈涛"));
	tty_type(t, "<Enter>wrong one<Enter>");
	assert_true(tty_shows(t, "姓名或口令不对"));
	tty_type(t, "ziyinghe 2.31<Enter>"); /* too early: unread */
	assert_true(tty_shows(t, "请等"));
	tty_clock(t, "2025-07-10T03:13");
	tty_type(t, "ziyinghe 2.31<Enter>");
	assert_true(tty_shows(t, "在办事件"));
	raw = tty_raw(t, &n);
	assert_null(memmem(raw, n, "ziying", 6));
	tty_type(t, "q<Enter>");
	assert_int_equal(tty_end(t), 0);
	assert_int_equal(rows_of("session.on"), 1);
	assert_int_equal(rows_of("session.off"), 1);
	assert_int_equal(rows_of("session.failed"), 1);
}

/* --as and ZHIBAN_PERSON put a name in; they open nothing. */
static void
a_name_alone_opens_nothing(void **state)
{
	struct tty *t;

	(void)state;
	setenv("ZHIBAN_PERSON", "陈涛", 1);
	t = sit_down("李敏");
	assert_true(tty_shows(t, "签到"));
	tty_type(t, "<Enter><Enter>");
	assert_true(tty_shows(t, "还没有口令"));
	tty_kill(t, SIGKILL);
	tty_end(t);
	t = sit_down(NULL);
	assert_true(tty_shows(t, "签到"));
	assert_false(tty_shows(t, "在办事件"));
	tty_type(t, "<Enter><Enter>");
	assert_false(tty_shows(t, "在办事件"));
	unsetenv("ZHIBAN_PERSON");
	tty_type(t, "<Esc><Esc>");
	assert_int_equal(tty_end(t), 0);
	assert_int_equal(rows_of("session.on"), 0);
}

static void
the_lock_keeps_what_was_typed(void **state)
{
	struct tty *t = sit_down("陈涛");

	(void)state;
	tty_type(t, "<Enter>ziyinghe 2.31<Enter>n三垛镇报有人落水<F12>");
	assert_true(tty_shows(t, "已锁定：陈涛"));
	assert_false(tty_shows(t, "有人落水"));
	tty_type(t, "q1234567<Enter>");
	assert_true(tty_shows(t, "已锁定：陈涛"));
	tty_clock(t, "2025-07-10T03:13");
	tty_type(t, "ziyinghe 2.31<Enter>");
	assert_true(tty_shows(t, "三垛镇报有人落水"));
	tty_type(t, "，已救起");
	assert_true(tty_shows(t, "有人落水，已救起"));
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* Over a locked console somebody else signs on; the first one's text waits for the first one. */
static void
the_shift_changes(void **state)
{
	struct tty *t = sit_down("陈涛");

	(void)state;
	tty_type(t, "<Enter>ziyinghe 2.31<Enter>n三垛镇报有人落水<F12><Esc>");
	assert_true(tty_shows(t, "签到"));
	tty_type(t, "zxm<Enter>sanyanghe 1.87<Enter>");
	assert_true(tty_shows(t, "在办事件"));
	assert_false(tty_shows(t, "有人落水"));
	tty_type(t, ":记 接班<Enter>0");
	assert_true(tty_shows(t, "d 签退"));
	tty_type(t, "d");
	assert_true(tty_shows(t, "签到"));
	tty_type(t, "ct<Enter>ziyinghe 2.31<Enter>");
	assert_true(tty_shows(t, "三垛镇报有人落水")); /* offered */
	tty_type(t, "q<Enter>");
	assert_int_equal(tty_end(t), 0);
	assert_int_equal(rows_of("session.on"), 3);
	assert_int_equal(rows_of("session.off"), 3);
}

static void
a_secret_of_ones_own(void **state)
{
	struct tty *t = sit_down("陈涛");

	(void)state;
	tty_type(t, "<Enter>ziyinghe 2.31<Enter>0b");
	assert_true(tty_shows(t, "现口令"));
	tty_type(t, "ziyinghe 2.31<Enter>gaoyouhu 5.6<Enter>gaoyouhu 5.7<Enter>");
	assert_true(tty_shows(t, "不一致"));
	tty_type(t, "ziyinghe 2.31<Enter>gaoyouhu 5.6<Enter>gaoyouhu 5.6<Enter>");
	assert_true(tty_shows(t, "新口令已启用"));
	tty_type(t, "<F12>gaoyouhu 5.6<Enter>");
	assert_true(tty_shows(t, "在办事件"));
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* English, a small window, a language switch on the way. */
static void
the_language_is_ones_own(void **state)
{
	struct tty *t =
	    tty_start(&(struct tty_setup){.store = room->store, .rows = 12, .columns = 48});

	(void)state;
	tty_type(t, "<F2>");
	assert_true(tty_shows(t, "Sign on"));
	tty_type(t, "<F2>");
	assert_true(tty_shows(t, "签到"));
	tty_resize(t, 30, 100);
	tty_sync(t);
	assert_true(tty_shows(t, "签到"));
	tty_type(t, "<Esc>");
	assert_int_equal(tty_end(t), 0);
}

/* --- nobody types --------------------------------------------------------------------------- */

static void
run(const char *who, const char *verb, json_t *args)
{
	struct verb_result result;
	struct err err = ERR_NONE;
	struct actor actor;
	struct store *st = room_open(room);

	assert_true(actor_find(st, who, &actor, &err));
	if (!verb_run(st, &actor, verb, args, &result, &err))
		fail_msg("%s", err.message);
	verb_result_clear(&result);
	json_decref(args);
	store_close(st);
}

/* Ten minutes by the clock, which is the test's; what is on the screen goes, what is typed stays.
 */
static void
nobody_types_for_a_while(void **state)
{
	struct tty *t = sit_down("陈涛");

	(void)state;
	tty_type(t, "<Enter>ziyinghe 2.31<Enter>n三垛镇报有人落水");
	tty_at(t, "2025-07-10T03:21:59");
	assert_true(tty_shows(t, "有人落水"));
	tty_at(t, "2025-07-10T03:22");
	assert_true(tty_shows(t, "已锁定：陈涛"));
	assert_false(tty_shows(t, "有人落水"));
	assert_false(tty_shows(t, "在办事件"));
	assert_false(tty_shows(t, "日志"));
	/* No key but the secret does anything. */
	tty_type(t, "q:记 偷偷<Enter><F1>?0<C-o><Up><Down><Tab><C-s><C-z><Enter>");
	assert_true(tty_shows(t, "已锁定：陈涛"));
	assert_int_equal(rows_of("journal.note"), 0);
	assert_int_equal(rows_of("session.failed"), 1);
	tty_at(t, "2025-07-10T03:30");
	tty_type(t, "sanyanghe 1.87<Enter>"); /* another's */
	assert_true(tty_shows(t, "已锁定：陈涛"));
	tty_at(t, "2025-07-10T03:40");
	tty_type(t, "ziyinghe 2.31<Enter>");
	assert_true(tty_shows(t, "三垛镇报有人落水"));
	/* A key is a key: it counts from the last one. */
	tty_at(t, "2025-07-10T03:49");
	tty_type(t, "，已救起");
	tty_at(t, "2025-07-10T03:58");
	assert_true(tty_shows(t, "有人落水，已救起"));
	tty_at(t, "2025-07-10T04:00");
	assert_true(tty_shows(t, "已锁定：陈涛"));
	/* Killed while locked: what was typed waits for its writer. */
	tty_kill(t, SIGKILL);
	tty_end(t);
	t = sit_down("陈涛");
	tty_type(t, "<Enter>ziyinghe 2.31<Enter>");
	assert_true(tty_shows(t, "有人落水，已救起"));
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* What falls due while the console is locked happens, rings and is counted; what it is stays
 * hidden. */
static void
clocks_ring_over_the_lock(void **state)
{
	struct tty *t;
	size_t before;

	(void)state;
	clock_pin(INT64_C(1752088320000)); /* 2025-07-10 03:12 */
	run("陈涛", "incident.open",
	    json_pack("{s:I, s:s, s:s, s:s, s:s}", "area", (json_int_t)321084101, "source", "110",
		"place", "仓库", "nature", "火灾", "text", "仓库起火，三人受伤。"));
	clock_pin(CLOCK_NONE);
	t = sit_down("陈涛");
	tty_type(t, "<Enter>ziyinghe 2.31<Enter><F12>");
	assert_true(tty_shows(t, "已锁定：陈涛"));
	before = tty_bells(t);
	tty_at(t, "2025-07-10T03:13");
	assert_int_equal(tty_bells(t), before);
	tty_at(t, "2025-07-10T06:30"); /* the report clocks have run out */
	assert_true(tty_bells(t) > before);
	assert_true(tty_shows(t, "逾期"));
	assert_false(tty_shows(t, "仓库"));
	before = tty_bells(t);
	tty_at(t, "2025-07-10T06:31"); /* once */
	assert_int_equal(tty_bells(t), before);
	tty_type(t, "ziyinghe 2.31<Enter>");
	assert_true(tty_shows(t, "在办事件"));
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* Whoever is retired at the shared terminal is out at once, also from under the lock. */
static void
the_retired_are_out_at_once(void **state)
{
	(void)state;
	for (int locked = 0; locked < 2; locked++) {
		struct tty *t = sit_down(locked ? "周雪梅" : "陈涛");
		struct store *st = room_open(room);
		struct err err = ERR_NONE;
		struct actor who;

		tty_type(t,
		    locked ? "<Enter>sanyanghe 1.87<Enter><F12>" : "<Enter>ziyinghe 2.31<Enter>");
		assert_true(actor_find(st, locked ? "周雪梅" : "陈涛", &who, &err));
		store_close(st);
		run("李敏", "person.retire",
		    json_pack("{s:I, s:s}", "person", (json_int_t)who.person, "why", "调离"));
		tty_sync(t);
		tty_wait_for(t, "签到");
		assert_false(tty_shows(t, "在办事件"));
		assert_false(tty_shows(t, "已锁定"));
		tty_type(t, "<Esc><Esc>");
		assert_int_equal(tty_end(t), 0);
	}
	assert_int_equal(rows_of("journal.refused"), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(a_secret_opens_the_console),
	    TEST(a_name_alone_opens_nothing),
	    TEST(the_lock_keeps_what_was_typed),
	    TEST(the_shift_changes),
	    TEST(a_secret_of_ones_own),
	    TEST(the_language_is_ones_own),
	    TEST(nobody_types_for_a_while),
	    TEST(clocks_ring_over_the_lock),
	    TEST(the_retired_are_out_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
