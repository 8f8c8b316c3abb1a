/* When a line is taken for gone. */
#include "tests/test.h"

#include "ui/pulse.h"

static void
an_answer_keeps_it(void **state)
{
	struct pulse p;

	(void)state;
	pulse_start(&p, 30000, 1000);
	pulse_answered(&p, 1100);
	assert_false(pulse_asks(&p, 16099));
	assert_true(pulse_asks(&p, 16100));  /* half the patience of silence */
	assert_false(pulse_asks(&p, 16200)); /* once */
	assert_int_equal(pulse_left(&p, 16100), 30000);
	assert_false(pulse_gone(&p, 46099));
	assert_true(pulse_gone(&p, 46100));
	pulse_answered(&p, 46099);
	assert_false(pulse_gone(&p, 46100));
	assert_int_equal(pulse_left(&p, 46100), -1);
}

static void
a_key_is_an_answer(void **state)
{
	struct pulse p;

	(void)state;
	pulse_start(&p, 30000, 0);
	pulse_answered(&p, 10);
	assert_true(pulse_asks(&p, 20000));
	pulse_heard(&p, 40000);
	assert_false(pulse_gone(&p, 60000));
	assert_true(pulse_asks(&p, 60000));
}

/* A terminal that never answered is never asked, and the room's own (patience 0) never given up. */
static void
who_never_answered_is_not_asked(void **state)
{
	struct pulse p;

	(void)state;
	pulse_start(&p, 30000, 0);
	assert_false(pulse_asks(&p, 1000000));
	pulse_start(&p, 0, 0);
	pulse_answered(&p, 10);
	assert_false(pulse_asks(&p, 1000000));
	pulse_sent(&p, false, true, 20);
	assert_false(pulse_gone(&p, 1000000));
	assert_int_equal(pulse_left(&p, 1000000), -1);
}

/* A line that takes no byte is gone, one that takes a few now and then is slow. */
static void
a_slow_line_is_not_a_dead_one(void **state)
{
	struct pulse p;

	(void)state;
	pulse_start(&p, 30000, 0);
	pulse_sent(&p, true, true, 1000);
	pulse_sent(&p, false, true, 20000);
	assert_int_equal(pulse_left(&p, 20000), 11000);
	assert_true(pulse_gone(&p, 31000));
	pulse_sent(&p, true, true, 30000);
	assert_false(pulse_gone(&p, 31000));
	pulse_sent(&p, true, false, 32000);
	assert_false(pulse_gone(&p, 1000000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_keeps_it),
	    cmocka_unit_test(a_key_is_an_answer),
	    cmocka_unit_test(who_never_answered_is_not_asked),
	    cmocka_unit_test(a_slow_line_is_not_a_dead_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
