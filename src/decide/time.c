/*
 * Times against the receipt time. A report speaks of the past: whatever is left open (the year, the
 * month, the day, morning or evening) is filled so that the time is the latest that is not behind
 * the receipt. What the text has said before counts too: "3日凌晨 … 5时许" is five o'clock on the
 * 3rd.
 */
#include "decide/scan.h"

#include "decide/number.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Parts of the day: where they begin, and whether a clock hour below 12 said with them means the
 * afternoon. */
struct part {
	const char *word;
	int hour;
	bool late;
};

static const struct part parts[] = {
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

/* What was said so far: the day later clock times belong to. */
struct context {
	int64_t received;
	int64_t day;  /* local midnight, CLOCK_NONE while no day was said */
	int64_t last; /* the last time that was resolved */
};

struct said {
	int year, month, day, hour, minute, second; /* -1: not said */
	const struct part *part;
	int weekday; /* 0 Sunday .. 6, -1: not said */
	int rel;     /* days from today; REL_NONE none, REL_SAME the day said before, REL_NEXT its
			   morrow */
	bool colon;  /* clock written 15:20, or with 时: a 24-hour clock */
	bool about;
};

#define REL_NONE 1000
#define REL_SAME 1001
#define REL_NEXT 1002
#define REL_MONTH 1003 /* 本月 */
#define REL_LAST_MONTH 1004
#define REL_WEEK 1005 /* 本周 */
#define REL_LAST_WEEK 1006

static const struct part *
find_part(const char *s, size_t n)
{
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (strlen(parts[i].word) == n && memcmp(parts[i].word, s, n) == 0)
			return &parts[i];
	return NULL;
}

static int
find_rel(const char *s, size_t n)
{
	static const struct {
		const char *word;
		int rel;
	} rels[] = {{"今", 0}, {"本日", 0}, {"昨", -1}, {"前", -2}, {"当", REL_SAME},
	    {"同", REL_SAME}, {"次", REL_NEXT}, {"翌", REL_NEXT}, {"第二", REL_NEXT}, {"大前", -3},
	    {"本月", REL_MONTH}, {"上月", REL_LAST_MONTH}, {"上个月", REL_LAST_MONTH},
	    {"本周", REL_WEEK}, {"这周", REL_WEEK}, {"上", REL_LAST_WEEK}};

	for (size_t i = 0; i < COUNT_OF(rels); i++)
		if (n >= strlen(rels[i].word) && memcmp(rels[i].word, s, strlen(rels[i].word)) == 0)
			return rels[i].rel;
	return REL_NONE;
}

static int
group_int(const struct scan *scan, const struct candidate *c, enum group group)
{
	size_t n;
	const char *s = scan_group(scan, c, group, &n);

	return n ? number_int(s, n) : -1;
}

static int
minute_of(const struct scan *scan, const struct candidate *c)
{
	size_t n;
	const char *half = scan_group(scan, c, GROUP_HALF, &n);

	if (n == 0)
		return group_int(scan, c, GROUP_MI);
	if (memcmp(half, "一刻", n < 6 ? n : 6) == 0)
		return 15;
	if (memcmp(half, "三刻", n < 6 ? n : 6) == 0)
		return 45;
	return memcmp(half, "半", 3) == 0 ? 30 : 0;
}

/* 2025, 25 in 25年, 今年, 去年, 前年; -1: no year was said. */
static int
said_year(const struct scan *scan, const struct candidate *c)
{
	int year = group_int(scan, c, GROUP_Y);
	struct civil now;
	size_t n;
	const char *rel = scan_group(scan, c, GROUP_REL, &n);

	if (n == 0 || memcmp(rel + n, "年", 3) != 0)
		return year;
	clock_civil(scan->received, &now);
	return now.year - (memcmp(rel, "去", 3) == 0) - 2 * (memcmp(rel, "前", 3) == 0);
}

static int
said_weekday(const struct scan *scan, const struct candidate *c)
{
	static const char *const names[] = {"日", "一", "二", "三", "四", "五", "六", "天"};
	size_t n;
	const char *text = scan_group(scan, c, GROUP_U, &n);

	for (int i = 0; n == 3 && i < 8; i++)
		if (memcmp(text, names[i], 3) == 0)
			return i % 7;
	return -1;
}

static void
read_said(const struct scan *scan, const struct candidate *c, struct said *said)
{
	size_t n;
	const char *text;

	said->year = said_year(scan, c);
	said->month = group_int(scan, c, GROUP_MO);
	said->day = group_int(scan, c, GROUP_D);
	said->hour = group_int(scan, c, GROUP_H);
	said->minute = minute_of(scan, c);
	said->second = group_int(scan, c, GROUP_S);
	text = scan_group(scan, c, GROUP_PART, &n);
	said->part = n ? find_part(text, n) : NULL;
	text = scan_group(scan, c, GROUP_REL, &n);
	said->rel = n && memcmp(text + n, "年", 3) != 0 ? find_rel(text, n) : REL_NONE;
	said->about = scan_has(c, GROUP_ABOUT);
	said->weekday = said_weekday(scan, c);
	text = scan_group(scan, c, GROUP_H, &n);
	said->colon = n && (text[n] == ':' || memcmp(text + n, "：", 3) == 0 ||
			       memcmp(text + n, "时", 3) == 0);
}

static bool
in_range(const struct said *s)
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
latest_day(const struct context *context, int year, int month, int day)
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
day_of(const struct context *context, const struct said *s)
{
	int64_t today = clock_day_start(context->received);
	struct civil c;

	if (s->rel == REL_MONTH || s->rel == REL_LAST_MONTH) {
		clock_civil(context->received, &c);
		return s->day < 0 ? midnight(c.year, c.month - (s->rel == REL_LAST_MONTH), 1)
				  : midnight(c.year, c.month - (s->rel == REL_LAST_MONTH), s->day);
	}
	if (s->year >= 0 || s->month >= 0 || s->day >= 0)
		return latest_day(context, s->year, s->month, s->day);
	if (s->rel == REL_SAME)
		return context->day != CLOCK_NONE ? context->day : today;
	if (s->rel == REL_NEXT) {
		int64_t base = context->day != CLOCK_NONE ? context->day : today - CLOCK_DAY;

		return base + CLOCK_DAY <= today ? base + CLOCK_DAY : today;
	}
	if (s->weekday >= 0) {
		/* The latest such day; 上周五 is one of the week before. */
		clock_civil(today, &c);
		today -= (c.weekday - s->weekday + 7) % 7 * CLOCK_DAY;
		if (s->rel == REL_LAST_WEEK && (c.weekday + 6) % 7 >= (s->weekday + 6) % 7)
			today -= 7 * CLOCK_DAY;
		return today;
	}
	if (s->rel != REL_NONE && s->rel < REL_NONE)
		return today + s->rel * CLOCK_DAY;
	return CLOCK_NONE;
}

/* Hour on the 24-hour clock, as the part of the day puts it. */
static int
hour_of(const struct said *s)
{
	int hour = s->hour;

	if (s->part && s->part->late && hour < 12 && !(s->part->hour >= 20 && hour <= 5))
		hour += 12;
	if (s->part && !s->part->late && s->part->hour == 0 && hour == 12)
		hour = 0;
	return hour;
}

static enum fact_precision
precision_of(const struct said *s)
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
place_clock(const struct context *context, const struct said *s, int64_t offset)
{
	int64_t today = clock_day_start(context->received);

	if (context->day != CLOCK_NONE)
		return context->day + offset;
	if (today + offset > context->received) {
		/* "十一点五十" said after midnight is late last evening, not yesterday noon. */
		if (!s->part && !s->colon && s->hour > 0 && s->hour < 12)
			offset += 12 * CLOCK_HOUR;
		return today - CLOCK_DAY + offset;
	}
	/* "九点四十" said at 21:50 is ten minutes ago, not this morning. */
	if (!s->part && !s->colon && s->hour > 0 && s->hour < 12 &&
	    today + offset + 12 * CLOCK_HOUR <= context->received)
		return today + offset + 12 * CLOCK_HOUR;
	return today + offset;
}

static int64_t
resolve(struct context *context, const struct said *s)
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
		if (day == CLOCK_NONE || s->rel == REL_SAME)
			at -= CLOCK_DAY;
		if (at > context->received)
			at = context->received;
	}
	if (day != CLOCK_NONE)
		context->day = day;
	context->last = at;
	return at;
}

/* Milliseconds of 半小时, 20分钟, 3天; *precision: as exact as its unit. */
static int64_t
duration_of(const struct scan *scan, const struct candidate *c, enum fact_precision *precision)
{
	size_t n, m;
	const char *unit = scan_group(scan, c, GROUP_U, &n),
		   *text = scan_group(scan, c, GROUP_N, &m);
	struct number number = {0, BOUND_EXACT, 0};
	double amount = 0;
	bool days = memcmp(unit, "天", 3) == 0, minutes = memcmp(unit, "分", 3) == 0;
	bool seconds = memcmp(unit, "秒", 3) == 0;
	bool weeks =
	    memcmp(unit, "周", 3) == 0 || memcmp(unit, "星", 3) == 0 || memcmp(unit, "礼", 3) == 0;
	bool months = memcmp(unit, "月", 3) == 0;
	int64_t step = months	 ? 30 * CLOCK_DAY
		       : weeks	 ? 7 * CLOCK_DAY
		       : days	 ? CLOCK_DAY
		       : minutes ? CLOCK_MINUTE
		       : seconds ? 1000
				 : CLOCK_HOUR;

	if (memcmp(text, "半", 3) == 0)
		amount = 0.5;
	else if (number_read(text, m, &number))
		amount = number.value;
	if (scan_has(c, GROUP_HALF))
		amount += 0.5;
	*precision = days || weeks || months ? PRECISION_DAY
		     : minutes || seconds    ? PRECISION_MINUTE
					     : PRECISION_HOUR;
	if (amount > 10000)
		amount = 10000;
	return (int64_t)(amount * (double)step);
}

/* 半小时前 counts back from the receipt, 15分钟后 on from the time said before; 经过20分钟 is no
 * time but an amount. */
static void
add_duration(struct scan *scan, const struct candidate *c, struct context *context)
{
	enum fact_precision precision;
	int64_t length = duration_of(scan, c, &precision);
	struct fact *fact = fact_list_add(&scan->facts, &scan->subject, FACT_TIME,
	    c->match.start[GROUP_ALL], c->match.end[GROUP_ALL], c->rule->name);

	if (!fact)
		return;
	fact->precision = precision;
	fact->bound = BOUND_ABOUT;
	fact->aside = c->rule->aside;
	fact->amount = (double)length / (double)CLOCK_MINUTE;
	fact->unit = "min";
	fact->value = CLOCK_NONE;
	if (scan_has(c, GROUP_AGO)) {
		fact->value = context->received - length;
		context->last = fact->value;
	} else if (scan_has(c, GROUP_ABOUT) && context->last != CLOCK_NONE) {
		fact->value = context->last + length;
		if (fact->value > context->received)
			fact->value = context->received;
		context->last = fact->value;
	}
}

/* The second 目前 says nothing new. */
static bool
said_before(const struct scan *scan, const char *rule)
{
	for (size_t i = 0; i < scan->facts.count; i++)
		if (scan->facts.item[i].kind == FACT_TIME && scan->facts.item[i].rule == rule)
			return true;
	return false;
}

/* 9时许至下午4时 is one time, its beginning; the fact before is made longer. */
static bool
continues_range(struct scan *scan, size_t start, size_t end)
{
	static const char *const links[] = {"至", "到", "-", "～", "—", "~"};
	struct fact *last = scan->facts.count ? &scan->facts.item[scan->facts.count - 1] : NULL;

	if (!last || last->kind != FACT_TIME || last->aside)
		return false;
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		size_t n = strlen(links[i]);

		if (start < n || memcmp(scan->subject.text + start - n, links[i], n) != 0 ||
		    last->end != scan->subject.char_at[start - n])
			continue;
		fact_set_end(last, &scan->subject, end);
		return true;
	}
	return false;
}

static void
add_time(struct scan *scan, const struct candidate *c, struct context *context)
{
	bool whole = !scan_has(c, GROUP_T);
	size_t start = c->match.start[whole ? GROUP_ALL : GROUP_T];
	size_t end = c->match.end[whole ? GROUP_ALL : GROUP_T];
	enum fact_precision precision = PRECISION_MINUTE;
	enum fact_bound bound = BOUND_EXACT;
	struct said said;
	int64_t value;
	struct fact *fact;

	if (c->rule->norm && strcmp(c->rule->norm, "duration") == 0) {
		add_duration(scan, c, context);
		return;
	}
	if (c->rule->aside) {
		value = c->rule->has_value	      ? context->received
			: context->last != CLOCK_NONE ? context->last
						      : context->received;
		bound = BOUND_ABOUT;
	} else if (c->rule->has_value) {
		value = context->received + c->rule->value * CLOCK_MINUTE;
		bound = BOUND_ABOUT;
	} else {
		read_said(scan, c, &said);
		if (!in_range(&said))
			return;
		value = resolve(context, &said);
		precision = precision_of(&said);
		bound = said.about ? BOUND_ABOUT : BOUND_EXACT;
	}
	if (c->rule->aside ? said_before(scan, c->rule->name) && c->rule->has_value
			   : continues_range(scan, start, end))
		return;
	fact = fact_list_add(&scan->facts, &scan->subject, FACT_TIME, start, end, c->rule->name);
	if (!fact)
		return;
	fact->value = value;
	fact->precision = precision;
	fact->bound = bound;
	fact->aside = c->rule->aside;
}

/* Longer first, then the rule that stands first. */
static int
by_start(const void *left, const void *right)
{
	const struct candidate *const *l = left, *const *r = right;

	if ((*l)->match.start[GROUP_ALL] != (*r)->match.start[GROUP_ALL])
		return (*l)->match.start[GROUP_ALL] < (*r)->match.start[GROUP_ALL] ? -1 : 1;
	if ((*l)->match.end[GROUP_ALL] != (*r)->match.end[GROUP_ALL])
		return (*l)->match.end[GROUP_ALL] > (*r)->match.end[GROUP_ALL] ? -1 : 1;
	return (int)(*l)->order - (int)(*r)->order;
}

static bool
body_has_time(const struct candidate **order, size_t n, size_t headline)
{
	for (size_t i = 0; i < n; i++)
		if (order[i]->match.start[GROUP_ALL] >= headline && !order[i]->rule->aside)
			return true;
	return false;
}

void
times_find(struct scan *scan)
{
	const struct candidate **order = mem_zero(scan->n_candidates + 1, sizeof(*order));
	struct context context = {scan->received, CLOCK_NONE, CLOCK_NONE};
	size_t n = 0, end = 0, headline = scan_headline(scan);

	for (size_t i = 0; i < scan->n_candidates; i++)
		if (scan->candidate[i].rule->kind == FACT_TIME)
			order[n++] = &scan->candidate[i];
	if (n > 1)
		qsort(order, n, sizeof(*order), by_start);
	if (headline && !body_has_time(order, n, headline))
		headline = 0;
	for (size_t i = 0; i < n; i++) {
		if (order[i]->match.start[GROUP_ALL] < headline ||
		    scan_guarded(scan, order[i]->match.start[GROUP_ALL],
			order[i]->match.end[GROUP_ALL], GUARD_TIMES))
			continue;
		if (order[i]->match.start[GROUP_ALL] < end)
			continue;
		end = order[i]->match.end[GROUP_ALL];
		add_time(scan, order[i], &context);
	}
	free(order);
}
