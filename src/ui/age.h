/*
 * Times as a duty officer reads them at a glance: how long ago, how long left. Shared by the
 * header, the board and every list with a limit in it.
 */
#ifndef UI_AGE_H
#define UI_AGE_H

#include "ui/draw.h"

#include <stddef.h>
#include <stdint.h>

/* "<1 min", "12 min", "3 h", "2 d". */
char *age_short(int64_t ms, char *out, size_t size);
/*
 * What is left until `due`: "29 min", "1 h 05", "07-16", seconds in the last ten minutes ("9:41"),
 * "12 min over" when past. "-" for CLOCK_NONE.
 */
char *age_left(int64_t due, char *out, size_t size);
/* 03:12 today, 07-09 21:40 on other days of this year, 2024-07-09 in others; "-" for CLOCK_NONE. */
char *age_stamp(int64_t at, char *out, size_t size);
/* The same of a limit: one at midnight is the end of the day before, "07-16 24:00". */
char *age_due(int64_t due, char *out, size_t size);
/* What is left beside the limit itself: as age_left, but "6 d" for the days. */
char *age_remains(int64_t due, char *out, size_t size);
/*
 * "2025-089" -> "089" in 2025: within the year the last digits are what people say. Gives a part of
 * `no`.
 */
const char *age_number(const char *no);
/* Overdue urgent, within `soon` ms soon, else normal. */
enum style age_style(int64_t due, int64_t soon);

#endif
