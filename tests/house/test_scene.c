/* Scenes: lines with their time and their person; and the clock of a drill. */
#include "tests/test.h"

#include "base/clock.h"
#include "house/house.h"
#include "resource/resource.h"
#include "store/sql.h"
#include "tests/house/county.h"
#include "tests/store/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[256], path[300];
static struct store *st;
static struct actor system_actor;

static int
make(void **state)
{
	(void)state;
	st = county_open(dir, path);
	actor_system(&system_actor, "do");
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	store_close(st);
	room_remove(dir);
	return 0;
}

struct heard {
	int lines, refused;
	long last_refused;
	char said[200];
};

static void
hear(void *context, const struct house_line *line)
{
	struct heard *h = context;

	h->lines++;
	if (!line->done) {
		h->refused++;
		h->last_refused = line->number;
	}
	if (line->said)
		snprintf(h->said, sizeof(h->said), "%s", line->said);
	assert_true(line->done == (line->seq != 0) || line->text[0] == '@');
}

static const char scene[] = "# the team goes to a course\n"
			    "\n"
			    "@2025-07-09T18:55 陈涛\n"
			    "team.set 高邮蓝天 off why=集训\r\n"
			    "@19:10\n"
			    "  team.set 高邮蓝天 ready\n"
			    "@ 李敏\n"
			    "setting.set title 夜班";

static void
plays_a_scene(void **state)
{
	struct heard h = {0};
	struct err err = ERR_NONE;
	int64_t t, before = sql_one_int(st, "SELECT max(seq) FROM journal", 0, "");

	(void)state;
	clock_pin(77);
	if (!house_play(st, &system_actor, scene, false, hear, &h, &err))
		fail_msg("%s", err.message);
	assert_int_equal(h.lines, 6);
	assert_int_equal(clock_now(), 77);
	clock_pin(CLOCK_NONE);
	assert_true(clock_parse("2025-07-09T18:55", 0, &t));
	assert_int_equal(sql_one_int(st,
			     "SELECT count(*) FROM journal WHERE seq = ?1 AND at = ?2 AND actor = "
			     "'陈涛' AND via = 'do'",
			     0, "ii", before + 1, t),
	    1);
	assert_int_equal(
	    sql_one_int(st,
		"SELECT count(*) FROM journal WHERE seq = ?1 AND at = ?2 AND actor = '陈涛'", 0,
		"ii", before + 2, t + 15 * CLOCK_MINUTE),
	    1);
	assert_int_equal(
	    sql_one_int(st, "SELECT count(*) FROM journal WHERE seq = ?1 AND actor = '李敏'", 0,
		"i", before + 3),
	    1);
}

static void
stops_where_it_is_refused(void **state)
{
	struct heard h = {0};
	struct err err = ERR_NONE;
	static const char bad[] =
	    "@2025-07-09T18:55 陈涛\nteam.set 高邮蓝天 off\nnosuch verb\nteam.set 高邮蓝天 ready\n";

	(void)state;
	assert_false(house_play(st, &system_actor, bad, false, hear, &h, &err));
	assert_int_equal(h.lines, 2);
	assert_int_equal(h.last_refused, 2);
	assert_non_null(strstr(err.message, "2"));
	err_clear(&err);
	h = (struct heard){0};
	assert_false(house_play(st, &system_actor, bad, true, hear, &h, &err));
	assert_int_equal(h.lines, 4);
	assert_int_equal(h.refused, 2);
	assert_non_null(strstr(err.message, "2")); /* the first one is told */
	err_clear(&err);
	assert_false(house_play(st, &system_actor, "@18:00 无此人\n", false, NULL, NULL, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	err_clear(&err);
	assert_int_equal(clock_pinned(), CLOCK_NONE);
	assert_true(house_play(st, &system_actor, "", false, NULL, NULL, &err));
}

static void
runs_on_a_drill_clock(void **state)
{
	struct err err = ERR_NONE;
	struct store *other;
	int64_t t, before = clock_now();

	(void)state;
	assert_true(clock_parse("2025-07-10T03:11", 0, &t));
	assert_true(house_play(st, &system_actor,
	    "@2025-07-10T03:00\ndrill.clock 2025-07-10T03:11\n", false, NULL, NULL, &err));
	assert_in_range(clock_now(), t, t + 5 * CLOCK_MINUTE);
	clock_shift(0);
	other = house_open(path, STORE_READ, &err);
	assert_non_null(other);
	assert_in_range(clock_now(), t, t + 5 * CLOCK_MINUTE);
	store_close(other);
	/* A real store has no clock but the real one. */
	assert_true(
	    house_play(st, &system_actor, "setting.set drill 0\n", false, NULL, NULL, &err));
	assert_false(house_play(
	    st, &system_actor, "drill.clock 2025-07-10T03:11\n", false, NULL, NULL, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	err_clear(&err);
	other = house_open(path, STORE_READ, &err);
	assert_non_null(other);
	assert_true(clock_now() >= before);
	store_close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plays_a_scene),
	    cmocka_unit_test(stops_where_it_is_refused),
	    cmocka_unit_test(runs_on_a_drill_clock),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
