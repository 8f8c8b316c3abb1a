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
	assert_false(pulse_asks(&p, 10, 16099));
	assert_true(pulse_asks(&p, 10, 16100));	 /* half the patience of silence */
	assert_false(pulse_asks(&p, 10, 16200)); /* once */
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
	assert_true(pulse_asks(&p, 10, 20000));
	pulse_heard(&p, 30000);
	assert_int_equal(pulse_left(&p, 30000), 30000);
	assert_false(pulse_gone(&p, 59999));
	assert_true(pulse_gone(&p, 60000));
}

/* A terminal that never answered is never asked, and the room's own (patience 0) never given up. */
static void
who_never_answered_is_not_asked(void **state)
{
	struct pulse p;

	(void)state;
	pulse_start(&p, 30000, 0);
	assert_false(pulse_asks(&p, 10, 1000000));
	pulse_start(&p, 0, 0);
	pulse_answered(&p, 10);
	assert_false(pulse_asks(&p, 10, 1000000));
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

/* So much may be on its way; then frames wait for the answer. */
static void
no_more_than_the_window(void **state)
{
	struct pulse p;

	(void)state;
	pulse_start(&p, 30000, 0);
	pulse_answered(&p, 10);
	assert_false(pulse_asks(&p, PULSE_ASK - 1, 20));
	assert_true(pulse_asks(&p, 2000, 30));
	assert_false(pulse_full(&p));
	assert_false(pulse_asks(&p, 2000, 40));
	assert_true(pulse_full(&p));
	pulse_heard(&p, 50); /* a key is no answer */
	assert_true(pulse_full(&p));
	pulse_answered(&p, 60);
	assert_false(pulse_full(&p));
	assert_true(
	    pulse_asks(&p, 1, 70)); /* what went out behind the question has not been asked about */
	/* Keys and no answer: then it goes on as with any other terminal. */
	assert_false(pulse_asks(&p, 9000, 80));
	assert_true(pulse_full(&p));
	pulse_heard(&p, 70 + PULSE_DOUBT_MS + 1);
	assert_false(pulse_full(&p));
	assert_false(pulse_asks(&p, 9000, 100000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_keeps_it),
	    cmocka_unit_test(a_key_is_an_answer),
	    cmocka_unit_test(who_never_answered_is_not_asked),
	    cmocka_unit_test(a_slow_line_is_not_a_dead_one),
	    cmocka_unit_test(no_more_than_the_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
