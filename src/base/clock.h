/*
 * The one source of "now". Times are milliseconds since 1970 UTC in an int64_t everywhere; people see local
 * time at a fixed offset (UTC+8 unless the store's setting says otherwise).
 *
 * A test or a drill pins the clock from outside: ZHIBAN_NOW="2025-07-10T03:12" freezes it;
 * ZHIBAN_CLOCK=FILE reads the time (same form) from a file at every call, so that a test can move it on.
 * clock_pin() does the same from inside. Countdowns and wake-ups use the monotonic clock, never this one.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_MINUTE INT64_C(60000)
#define CLOCK_HOUR INT64_C(3600000)
#define CLOCK_DAY INT64_C(86400000)
/* "No time": sorts before every real one. */
#define CLOCK_NONE INT64_MIN

/* Local calendar time. month 1..12, day 1..31, weekday 0 = Sunday. */
struct civil {
	int year, month, day, hour, minute, second, weekday;
};

enum clock_form {
	CLOCK_HM,       /* 03:12 */
	CLOCK_HMS,      /* 03:12:09 */
	CLOCK_MD,       /* 07-10 */
	CLOCK_MD_HM,    /* 07-10 03:12 */
	CLOCK_YMD,      /* 2025-07-10 */
	CLOCK_YMD_HM,   /* 2025-07-10 03:12 */
	CLOCK_ISO,      /* 2025-07-10T03:12:00+08:00 */
	CLOCK_CHINESE,  /* 2025年7月10日3时12分 */
	CLOCK_STAMP     /* 20250710031200 */
};

int64_t clock_now(void);
/* Milliseconds that only go forward; zero point unspecified. */
int64_t clock_monotonic(void);
/* The same for waits of minutes, which tests need not sit through: where ZHIBAN_CLOCK names a clock, that one. */
int64_t clock_uptime(void);
/* Freeze the clock at `ms` (CLOCK_NONE lets it run again). */
void clock_pin(int64_t ms);
/* Where clock_pin froze it, CLOCK_NONE when it runs. */
int64_t clock_pinned(void);
/* The running clock of a drill: `ms` are added to the real time. A pin, and one from outside, go before it. */
void clock_shift(int64_t ms);
void clock_set_zone(int minutes_east);
int clock_zone(void);

void clock_civil(int64_t ms, struct civil *out);
/* The time of a local calendar moment. Fields out of range carry over (day 0 = last of the month before). */
int64_t clock_from_civil(const struct civil *c);
/* Local midnight at or before ms. */
int64_t clock_day_start(int64_t ms);

/* Format into out; gives out. CLOCK_NONE gives "-". `size` of 40 fits every form. */
char *clock_format(char *out, size_t size, int64_t ms, enum clock_form form);
/*
 * Read "2025-07-10", "2025-07-10T03:12[:09][.123][Z|+08:00]", a blank in place of T, "07-10 03:12" or
 * "03:12" (the last two at the day or year of `near`). False when it is none of these or out of range.
 */
bool clock_parse(const char *s, int64_t near, int64_t *out);

#endif
