#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t pinned = CLOCK_NONE;
static int64_t shift;
static int zone_minutes = 480;

/* Days since 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", days_from_civil and civil_from_days). */
static int64_t
days_from_date(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y += (m - 1) / 12;
	m = (m - 1) % 12 + 1;
	if (m < 1) {
		m += 12;
		y--;
	}
	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
date_from_days(int64_t z, struct civil *c)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	c->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c->year = (int)(yoe + era * 400 + (c->month <= 2));
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
from_file(const char *path)
{
	char line[64];
	int64_t ms = CLOCK_NONE;
	FILE *f = fopen(path, "re");

	if (!f)
		return CLOCK_NONE;
	if (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!clock_parse(line, 0, &ms))
			ms = CLOCK_NONE;
	}
	fclose(f);
	return ms;
}

/* The outside pin, looked up once: tests set it before the program starts. */
static const char *
outside(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

int64_t
clock_now(void)
{
	static bool asked;
	static const char *file, *fixed;
	struct timespec ts;
	int64_t ms;

	if (pinned != CLOCK_NONE)
		return pinned;
	if (!asked) {
		file = outside("ZHIBAN_CLOCK");
		fixed = outside("ZHIBAN_NOW");
		asked = true;
	}
	if (file && (ms = from_file(file)) != CLOCK_NONE)
		return ms;
	if (fixed && clock_parse(fixed, 0, &ms))
		return ms;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + shift;
}

int64_t
clock_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_uptime(void)
{
	return outside("ZHIBAN_CLOCK") ? clock_now() : clock_monotonic();
}

void
clock_pin(int64_t ms)
{
	pinned = ms;
}

int64_t
clock_pinned(void)
{
	return pinned;
}

void
clock_shift(int64_t ms)
{
	shift = ms;
}

void
clock_set_zone(int minutes_east)
{
	zone_minutes = minutes_east;
}

int
clock_zone(void)
{
	return zone_minutes;
}

void
clock_civil(int64_t ms, struct civil *out)
{
	int64_t local = ms + zone_minutes * CLOCK_MINUTE;
	int64_t days = floor_div(local, CLOCK_DAY);
	int64_t rest = (local - days * CLOCK_DAY) / 1000;

	date_from_days(days, out);
	out->hour = (int)(rest / 3600);
	out->minute = (int)(rest / 60 % 60);
	out->second = (int)(rest % 60);
	out->weekday = (int)(((days + 4) % 7 + 7) % 7);
}

int64_t
clock_from_civil(const struct civil *c)
{
	return days_from_date(c->year, c->month, c->day) * CLOCK_DAY + c->hour * CLOCK_HOUR +
	    c->minute * CLOCK_MINUTE + c->second * INT64_C(1000) - zone_minutes * CLOCK_MINUTE;
}

int64_t
clock_day_start(int64_t ms)
{
	int64_t local = ms + zone_minutes * CLOCK_MINUTE;

	return floor_div(local, CLOCK_DAY) * CLOCK_DAY - zone_minutes * CLOCK_MINUTE;
}

char *
clock_format(char *out, size_t size, int64_t ms, enum clock_form form)
{
	struct civil c;
	int zone = zone_minutes < 0 ? -zone_minutes : zone_minutes;

	if (ms == CLOCK_NONE) {
		snprintf(out, size, "-");
		return out;
	}
	clock_civil(ms, &c);
	switch (form) {
	case CLOCK_HM:
		snprintf(out, size, "%02d:%02d", c.hour, c.minute);
		break;
	case CLOCK_HMS:
		snprintf(out, size, "%02d:%02d:%02d", c.hour, c.minute, c.second);
		break;
	case CLOCK_MD:
		snprintf(out, size, "%02d-%02d", c.month, c.day);
		break;
	case CLOCK_MD_HM:
		snprintf(out, size, "%02d-%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
		break;
	case CLOCK_YMD:
		snprintf(out, size, "%04d-%02d-%02d", c.year, c.month, c.day);
		break;
	case CLOCK_YMD_HM:
		snprintf(out, size, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
		break;
	case CLOCK_ISO:
		snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year, c.month, c.day,
		    c.hour, c.minute, c.second, zone_minutes < 0 ? '-' : '+', zone / 60, zone % 60);
		break;
	case CLOCK_CHINESE:
		snprintf(out, size, "%d年%d月%d日%d时%02d分", c.year, c.month, c.day, c.hour, c.minute);
		break;
	case CLOCK_STAMP:
		snprintf(out, size, "%04d%02d%02d%02d%02d%02d", c.year, c.month, c.day, c.hour,
		    c.minute, c.second);
		break;
	}
	return out;
}

/* Read `digits` decimal digits at *s and move on; false when they are not all there. */
static bool
take(const char **s, int digits, int *value)
{
	int v = 0;

	for (int i = 0; i < digits; i++) {
		if ((*s)[i] < '0' || (*s)[i] > '9')
			return false;
		v = v * 10 + ((*s)[i] - '0');
	}
	*s += digits;
	*value = v;
	return true;
}

static bool
take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool
in_range(const struct civil *c)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

	if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > days[c->month - 1])
		return false;
	if (c->month == 2 && c->day == 29 && !leap)
		return false;
	return c->hour <= 24 && c->minute <= 59 && c->second <= 60 &&
	    (c->hour < 24 || (c->minute == 0 && c->second == 0));
}

static bool
parse_zone(const char **s, int *minutes)
{
	int h, m, sign;

	if (take_char(s, 'Z')) {
		*minutes = 0;
		return true;
	}
	if (**s != '+' && **s != '-')
		return true;
	sign = **s == '-' ? -1 : 1;
	(*s)++;
	if (!take(s, 2, &h))
		return false;
	take_char(s, ':');
	if (!take(s, 2, &m) || h > 14 || m > 59)
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

static bool
parse_time(const char **s, struct civil *c, int *zone)
{
	int digit;

	if (!take(s, 2, &c->hour) || !take_char(s, ':') || !take(s, 2, &c->minute))
		return false;
	if (take_char(s, ':') && !take(s, 2, &c->second))
		return false;
	if (take_char(s, '.'))
		while (take(s, 1, &digit))
			;
	return parse_zone(s, zone);
}

bool
clock_parse(const char *s, int64_t near, int64_t *out)
{
	struct civil c, today;
	int zone = zone_minutes;
	int a;

	clock_civil(near, &today);
	memset(&c, 0, sizeof(c));
	c.year = today.year;
	c.month = today.month;
	c.day = today.day;
	if (strlen(s) >= 10 && s[4] == '-') {
		if (!take(&s, 4, &c.year) || !take_char(&s, '-') || !take(&s, 2, &c.month) ||
		    !take_char(&s, '-') || !take(&s, 2, &c.day))
			return false;
		if (*s && !((take_char(&s, 'T') || take_char(&s, ' ')) && parse_time(&s, &c, &zone)))
			return false;
	} else if (!take(&s, 2, &a)) {
		return false;
	} else if (take_char(&s, '-')) {
		c.month = a;
		if (!take(&s, 2, &c.day) || !take_char(&s, ' ') || !parse_time(&s, &c, &zone))
			return false;
	} else {
		c.hour = a;
		if (!take_char(&s, ':') || !take(&s, 2, &c.minute))
			return false;
		if (take_char(&s, ':') && !take(&s, 2, &c.second))
			return false;
	}
	if (*s || !in_range(&c))
		return false;
	*out = clock_from_civil(&c) + (zone_minutes - zone) * CLOCK_MINUTE;
	return true;
}
