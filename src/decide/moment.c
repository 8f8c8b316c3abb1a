#include "decide/moment.h"

#include "base/clock.h"
#include "base/mem.h"

#include <string.h>

static const struct moment_part parts[] = {
    {"凌晨", 0, false},
    {"清晨", 5, false},
    {"清早", 5, false},
    {"早晨", 6, false},
    {"大清早", 5, false},
    {"一早", 6, false},
    {"早上", 6, false},
    {"上午", 8, false},
    {"中午", 12, true},
    {"正午", 12, true},
    {"午后", 13, true},
    {"下午", 13, true},
    {"傍晚", 17, true},
    {"晚上", 19, true},
    {"晚间", 19, true},
    {"夜间", 20, true},
    {"夜里", 20, true},
    {"深夜", 22, true},
    {"半夜", 23, true},
    {"午夜", 23, true},
    {"夜晚", 20, true},
    {"当夜", 20, true},
    {"晨", 5, false},
    {"早", 6, false},
    {"晚", 19, true},
    {"夜", 20, true},
};

const struct moment_part *
moment_part(const char *s, size_t n)
{
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (strlen(parts[i].word) == n && memcmp(parts[i].word, s, n) == 0)
			return &parts[i];
	return NULL;
}

int
moment_relative(const char *s, size_t n)
{
	static const struct {
		const char *word;
		int rel;
	} rels[] = {{"今", 0}, {"本日", 0}, {"昨", -1}, {"前", -2}, {"当", MOMENT_SAME_DAY},
	    {"同", MOMENT_SAME_DAY}, {"次", MOMENT_NEXT_DAY}, {"翌", MOMENT_NEXT_DAY},
	    {"第二", MOMENT_NEXT_DAY}, {"大前", -3}, {"本月", MOMENT_MONTH},
	    {"上月", MOMENT_LAST_MONTH}, {"上个月", MOMENT_LAST_MONTH}, {"本周", MOMENT_WEEK},
	    {"这周", MOMENT_WEEK}, {"上", MOMENT_LAST_WEEK}};

	for (size_t i = 0; i < COUNT_OF(rels); i++)
		if (n >= strlen(rels[i].word) && memcmp(rels[i].word, s, strlen(rels[i].word)) == 0)
			return rels[i].rel;
	return MOMENT_NO_DAY;
}

bool
moment_in_range(const struct moment *s)
{
	return s->month <= 12 && s->month != 0 && s->day <= 31 && s->day != 0 && s->hour <= 24 &&
	       s->minute <= 59 && s->second <= 60 &&
	       (s->year < 0 || (s->year >= 1900 && s->year <= 2200));
}

static int64_t
midnight(int year, int month, int day)
{
	struct civil c = {year, month, day, 0, 0, 0, 0};

	return clock_from_civil(&c);
}

/* The latest day of a month and day (month -1: any, year -1: any) that is not behind the receipt.
 */
static int64_t
latest_day(const struct moment_context *context, int year, int month, int day)
{
	struct civil now;
	int64_t at;

	clock_civil(context->received, &now);
	if (day < 0)
		day = 1;
	if (year >= 0)
		return midnight(year, month > 0 ? month : 1, day);
	if (month > 0) {
		at = midnight(now.year, month, day);
		return at <= context->received ? at : midnight(now.year - 1, month, day);
	}
	/* Only a day of the month: this month's, the one before, or two before (the 31st). */
	for (int back = 0; back < 3; back++) {
		struct civil was;

		at = midnight(now.year, now.month - back, day);
		clock_civil(at, &was);
		if (at <= context->received && was.day == day)
			return at;
	}
	return clock_day_start(context->received);
}

/* The local midnight the words name, or CLOCK_NONE when they name no day. */
static int64_t
day_of(const struct moment_context *context, const struct moment *s)
{
	int64_t today = clock_day_start(context->received);
	struct civil c;

	if (s->relative == MOMENT_MONTH || s->relative == MOMENT_LAST_MONTH) {
		clock_civil(context->received, &c);
		return s->day < 0
			   ? midnight(c.year, c.month - (s->relative == MOMENT_LAST_MONTH), 1)
			   : midnight(c.year, c.month - (s->relative == MOMENT_LAST_MONTH), s->day);
	}
	if (s->year >= 0 || s->month >= 0 || s->day >= 0)
		return latest_day(context, s->year, s->month, s->day);
	if (s->relative == MOMENT_SAME_DAY)
		return context->day != CLOCK_NONE ? context->day : today;
	if (s->relative == MOMENT_NEXT_DAY) {
		int64_t base = context->day != CLOCK_NONE ? context->day : today - CLOCK_DAY;

		return base + CLOCK_DAY <= today ? base + CLOCK_DAY : today;
	}
	if (s->weekday >= 0) {
		/* The latest such day; 上周五 is one of the week before. */
		clock_civil(today, &c);
		today -= (c.weekday - s->weekday + 7) % 7 * CLOCK_DAY;
		if (s->relative == MOMENT_LAST_WEEK && (c.weekday + 6) % 7 >= (s->weekday + 6) % 7)
			today -= 7 * CLOCK_DAY;
		return today;
	}
	if (s->relative < MOMENT_NO_DAY)
		return today + s->relative * CLOCK_DAY;
	return CLOCK_NONE;
}

/* Hour on the 24-hour clock, as the part of the day puts it. */
static int
hour_of(const struct moment *s)
{
	int hour = s->hour;

	if (s->part && s->part->late && hour < 12 && !(s->part->hour >= 20 && hour <= 5))
		hour += 12;
	if (hour == 12 && s->part && s->part->hour == 0)
		hour = 0; /* 凌晨12点 */
	if (hour == 12 && s->part && s->part->hour >= 19)
		hour = 24; /* 晚上12点 */
	return hour;
}

enum fact_precision
moment_precision(const struct moment *s)
{
	if (s->minute >= 0)
		return PRECISION_MINUTE;
	if (s->hour >= 0)
		return PRECISION_HOUR;
	return s->part ? PRECISION_PART : PRECISION_DAY;
}

/* A clock time without a day: on the day said before, else today, else yesterday if it would be in
 * the future. */
static int64_t
place_clock(const struct moment_context *context, const struct moment *s, int64_t offset)
{
	int64_t today = clock_day_start(context->received);

	if (context->day != CLOCK_NONE)
		return context->day + offset;
	if (today + offset > context->received) {
		/* "十一点五十" said after midnight is late last evening, not yesterday noon. */
		if (!s->part && !s->clock24 && s->hour > 0 && s->hour < 12)
			offset += 12 * CLOCK_HOUR;
		return today - CLOCK_DAY + offset;
	}
	/* "九点四十" said at 21:50 is ten minutes ago, not this morning. */
	if (!s->part && !s->clock24 && s->hour > 0 && s->hour < 12 &&
	    today + offset + 12 * CLOCK_HOUR <= context->received)
		return today + offset + 12 * CLOCK_HOUR;
	return today + offset;
}

int64_t
moment_resolve(struct moment_context *context, const struct moment *s)
{
	int64_t day = day_of(context, s), offset = 0, at;

	if (s->hour >= 0) {
		offset = hour_of(s) * CLOCK_HOUR;
		if (s->part && s->part->hour >= 20 && s->hour <= 5)
			offset += day == CLOCK_NONE ? 0 : CLOCK_DAY; /* 昨夜2点 is this morning */
		offset += (s->minute > 0 ? s->minute : 0) * CLOCK_MINUTE;
		offset += (s->second > 0 ? s->second : 0) * INT64_C(1000);
	} else if (s->part) {
		offset = s->part->hour * CLOCK_HOUR;
	}
	at = day != CLOCK_NONE ? day + offset : place_clock(context, s, offset);
	if (at > context->received) {
		if (day == CLOCK_NONE || s->relative == MOMENT_SAME_DAY)
			at -= CLOCK_DAY;
		if (at > context->received)
			at = context->received;
	}
	if (day != CLOCK_NONE)
		context->day = day;
	context->last = at;
	return at;
}
