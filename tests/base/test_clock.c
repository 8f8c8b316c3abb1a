/* base/clock: the calendar, reading and writing of times, and the pin. */
#include "tests/test.h"

#include "base/clock.h"
#include "base/mem.h"


static void
reads_every_form(void **state)
{
	static const struct {
		const char *text, *iso;
	} row[] = {
		{ "2025-07-10T03:12", "2025-07-10T03:12:00+08:00" },
		{ "2025-07-10 03:12:09", "2025-07-10T03:12:09+08:00" },
		{ "2025-07-09T19:12:00Z", "2025-07-10T03:12:00+08:00" },
		{ "2025-07-10T03:12:00.500+08:00", "2025-07-10T03:12:00+08:00" },
		{ "2024-02-29", "2024-02-29T00:00:00+08:00" },
		{ "07-09 18:45", "2025-07-09T18:45:00+08:00" },
		{ "23:59", "2025-07-10T23:59:00+08:00" },
		{ "1969-12-31T23:59", "1969-12-31T23:59:00+08:00" },
		{ "2025-07-09T24:00", "2025-07-10T00:00:00+08:00" },
	};
	int64_t near, ms;
	char out[40];

	(void)state;
	assert_true(clock_parse("2025-07-10T03:12", 0, &near));
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		assert_true(clock_parse(row[i].text, near, &ms));
		assert_string_equal(clock_format(out, sizeof(out), ms, CLOCK_ISO), row[i].iso);
	}
}

static void
refuses_the_rest(void **state)
{
	static const char *const bad[] = { "", "3:12", "25:00", "12:60", "2025-02-29", "2025-13-01",
		"2025-07-10T", "2025-07-10T03", "2025-07-10x", "07-10", "07-10 03:12 x", "24:01", "x" };
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(clock_parse(bad[i], 0, &ms));
}

static void
calendar_goes_round(void **state)
{
	struct civil c;

	(void)state;
	for (int64_t day = -40000; day < 40000; day++) {
		int64_t ms = day * CLOCK_DAY - 8 * CLOCK_HOUR;

		clock_civil(ms, &c);
		assert_int_equal(clock_from_civil(&c), ms);
	}
	clock_civil(0, &c);
	assert_int_equal(c.weekday, 4);
	c = (struct civil){ .year = 2025, .month = 3, .day = 0 };
	clock_civil(clock_from_civil(&c), &c);
	assert_int_equal(c.day, 28);
	assert_int_equal(c.month, 2);
}

static void
pins(void **state)
{
	int64_t ms;
	char out[40];

	(void)state;
	assert_true(clock_parse("2025-07-10T03:12", 0, &ms));
	clock_pin(ms);
	assert_int_equal(clock_now(), ms);
	assert_string_equal(clock_format(out, sizeof(out), clock_now(), CLOCK_CHINESE), "2025年7月10日3时12分");
	assert_int_equal(clock_day_start(ms), ms - 3 * CLOCK_HOUR - 12 * CLOCK_MINUTE);
	assert_int_equal(clock_pinned(), ms);
	clock_pin(CLOCK_NONE);
	assert_int_equal(clock_pinned(), CLOCK_NONE);
	assert_true(clock_now() > ms);
}

static void
shifts(void **state)
{
	int64_t real, ms;

	(void)state;
	real = clock_now();
	clock_shift(-CLOCK_DAY);
	assert_in_range(clock_now() + CLOCK_DAY, real, real + CLOCK_MINUTE);
	assert_true(clock_parse("2025-07-10T03:12", 0, &ms));
	clock_pin(ms);
	assert_int_equal(clock_now(), ms);
	clock_pin(CLOCK_NONE);
	clock_shift(0);
	assert_true(clock_now() >= real);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(calendar_goes_round),
		cmocka_unit_test(pins),
		cmocka_unit_test(shifts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
