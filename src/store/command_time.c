/* A time as an officer types it. */
#include "store/command.h"
#include "store/words.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Up to two digits; -1 when there is none. Moves *s behind them. */
static int
two_digits(const char **s)
{
	int n = -1;

	for (int i = 0; i < 2 && **s >= '0' && **s <= '9'; i++)
		n = (n < 0 ? 0 : n * 10) + *(*s)++ - '0';
	return n;
}

static bool
skip(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0)
		return false;
	*s += n;
	return true;
}

/* 03:42, 0342, 3时42分, 3点, 3点半 -> minutes of the day. */
static bool
time_of_day(const char *s, int *minutes)
{
	int hour, minute = 0;

	if (strlen(s) == 4 && strspn(s, "0123456789") == 4) {
		hour = two_digits(&s);
		minute = two_digits(&s);
	} else {
		bool colon;

		hour = two_digits(&s);
		colon = skip(&s, ":");
		if (hour < 0 || (!colon && !skip(&s, "时") && !skip(&s, "点")))
			return false;
		if (!colon && skip(&s, "半"))
			minute = 30;
		else if (*s || colon)
			minute = two_digits(&s);
		if (!colon)
			skip(&s, "分");
	}
	*minutes = hour * 60 + minute;
	return !*s && hour >= 0 && minute >= 0 && minute < 60 && *minutes <= 24 * 60;
}

/* +30, -5, +2h, +30m, +30分, +2小时 from now. */
static bool
from_now(const char *s, int64_t now, int64_t *out)
{
	int64_t sign = *s == '-' ? -1 : 1, n, unit = CLOCK_MINUTE;
	char *end;

	if (*s != '+' && *s != '-')
		return false;
	s++;
	if (*s < '0' || *s > '9')
		return false;
	n = strtoll(s, &end, 10);
	s = end;
	if (skip(&s, "h") || skip(&s, "小时") || skip(&s, "时"))
		unit = CLOCK_HOUR;
	else if (skip(&s, "d") || skip(&s, "天"))
		unit = CLOCK_DAY;
	else if (!skip(&s, "m") && !skip(&s, "分钟"))
		skip(&s, "分");
	*out = now + sign * n * unit;
	return !*s && n < 100000;
}

/* A bare time belongs to the day that makes it nearest, or next, or last. */
static int64_t
on_some_day(int64_t now, int minutes, const char *of)
{
	int64_t best = clock_day_start(now) + minutes * CLOCK_MINUTE;
	bool ahead = of && strcmp(of, "ahead") == 0, past = of && strcmp(of, "past") == 0;

	if (!past && best < now - (ahead ? CLOCK_MINUTE : CLOCK_DAY / 2))
		best += CLOCK_DAY;
	if (!ahead && best > now + (past ? CLOCK_MINUTE : CLOCK_DAY / 2))
		best -= CLOCK_DAY;
	return best;
}

bool
command_time(const char *text, int64_t now, const char *of, int64_t *out)
{
	char s[64];
	int minutes;
	static const struct {
		const char *word;
		int days;
	} days[] = {{"昨日", -1}, {"昨天", -1}, {"今日", 0}, {"今天", 0}, {"明日", 1}, {"明天", 1}};

	if (strlen(text) >= sizeof(s))
		return false;
	words_fold(text, strlen(text), s, sizeof(s));
	if (strcmp(s, "now") == 0 || strcmp(s, "现在") == 0) {
		*out = now;
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		const char *rest = s;

		if (!skip(&rest, days[i].word))
			continue;
		rest += strspn(rest, " ");
		*out = clock_day_start(now) + days[i].days * CLOCK_DAY;
		if (!time_of_day(rest, &minutes))
			return false;
		*out += minutes * CLOCK_MINUTE;
		return true;
	}
	if (time_of_day(s, &minutes)) {
		*out = on_some_day(now, minutes, of);
		return true;
	}
	if (from_now(s, now, out))
		return true;
	/* 07-10t03:12 for the shell's sake: a date without a year, and no blank to quote. */
	for (char *p = s; *p; p++)
		if (*p == 't' || *p == 'z')
			*p = (char)(*p == 't' && p - s == 5 ? ' ' : *p - ('a' - 'A'));
	return clock_parse(s, now, out);
}
