/*
 * A moment as people say it, and the time it means. A report speaks of the past: whatever is left open (the
 * year, the month, the day, morning or evening) is filled so that the time is the latest that is not
 * behind the receipt. What was said before counts too: "3日凌晨 … 5时许" is five o'clock on the 3rd.
 */
#ifndef DECIDE_MOMENT_H
#define DECIDE_MOMENT_H

#include "decide/reading.h"

#include <stdbool.h>
#include <stdint.h>

/* A part of the day: where it begins, and whether a clock hour below 12 said with it means the afternoon. */
struct moment_part {
	const char *word;
	int hour;
	bool late;
};

/* The day a moment names: days from today, or one of these. */
enum {
	MOMENT_NO_DAY = 1000,
	MOMENT_SAME_DAY,   /* 当日: the day said before */
	MOMENT_NEXT_DAY,   /* 次日 */
	MOMENT_MONTH,      /* 本月 */
	MOMENT_LAST_MONTH, /* 上月 */
	MOMENT_WEEK,       /* 本周 */
	MOMENT_LAST_WEEK   /* 上周 */
};

/* What was said; -1: not said. */
struct moment {
	int year, month, day, hour, minute, second;
	int weekday;                    /* 0 Sunday .. 6 */
	int relative;                   /* days from today, or MOMENT_… */
	const struct moment_part *part; /* NULL: none was said */
	bool clock24;                   /* written 15:20, or with 时: no guess between morning and evening */
};

/* The text so far. */
struct moment_context {
	int64_t received;
	int64_t day;  /* local midnight of the day said last, CLOCK_NONE while none was */
	int64_t last; /* the last time that was resolved, CLOCK_NONE while none was */
};

const struct moment_part *moment_part(const char *s, size_t n);
/* 今 昨 当 次 本月 上周 …: what it says of the day; MOMENT_NO_DAY for other words. */
int moment_relative(const char *s, size_t n);
/* A month of 13, an hour of 25 are no times. */
bool moment_in_range(const struct moment *m);
/* ms UTC, never behind context->received; the context is moved on. */
int64_t moment_resolve(struct moment_context *context, const struct moment *m);
enum fact_precision moment_precision(const struct moment *m);

#endif
