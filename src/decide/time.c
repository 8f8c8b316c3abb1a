/* Times in a text: matches of the rules, read into moments, which are resolved in the order they
 * are said. */
#include "decide/scan.h"

#include "decide/moment.h"
#include "decide/number.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

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
read_said(const struct scan *scan, const struct candidate *c, struct moment *said)
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
	said->part = n ? moment_part(text, n) : NULL;
	text = scan_group(scan, c, GROUP_REL, &n);
	said->relative =
	    n && memcmp(text + n, "年", 3) != 0 ? moment_relative(text, n) : MOMENT_NO_DAY;
	said->weekday = said_weekday(scan, c);
	text = scan_group(scan, c, GROUP_H, &n);
	said->clock24 = n && (text[n] == ':' || memcmp(text + n, "：", 3) == 0 ||
				 memcmp(text + n, "时", 3) == 0);
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
add_duration(struct scan *scan, const struct candidate *c, struct moment_context *context)
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

/* 截至9时30分, 昨日通报: when a figure stood or was told, not when it happened. */
static bool
tells_when_told(const struct scan *scan, size_t start, size_t end)
{
	static const char *const before[] = {
	    "截至", "截止", "截止到", "截至当地时间", "截至北京时间", "截止至"};
	static const char *const behind[] = {
	    "通报的", "公布的", "上报的", "才报", "才接到报告", "报的"};

	for (size_t i = 0; i < COUNT_OF(before); i++) {
		size_t n = strlen(before[i]);

		if (start >= n && memcmp(scan->subject.text + start - n, before[i], n) == 0)
			return true;
	}
	for (size_t i = 0; i < COUNT_OF(behind); i++)
		if (scan_is(scan, end, behind[i]))
			return true;
	return false;
}

static void
add_time(struct scan *scan, const struct candidate *c, struct moment_context *context)
{
	bool whole = !scan_has(c, GROUP_T);
	size_t start = c->match.start[whole ? GROUP_ALL : GROUP_T];
	size_t end = c->match.end[whole ? GROUP_ALL : GROUP_T];
	enum fact_precision precision = PRECISION_MINUTE;
	enum fact_bound bound = BOUND_EXACT;
	struct moment said;
	int64_t value;
	struct fact *fact;

	if (c->rule->norm && strcmp(c->rule->norm, "duration") == 0) {
		add_duration(scan, c, context);
		return;
	}
	if (c->rule->norm && strcmp(c->rule->norm, "vague") == 0) {
		value = CLOCK_NONE;
		bound = BOUND_ABOUT;
	} else if (c->rule->aside) {
		value = c->rule->has_value	      ? context->received
			: context->last != CLOCK_NONE ? context->last
						      : context->received;
		bound = BOUND_ABOUT;
	} else if (c->rule->has_value) {
		value = context->received + c->rule->value * CLOCK_MINUTE;
		bound = BOUND_ABOUT;
	} else {
		read_said(scan, c, &said);
		if (!moment_in_range(&said))
			return;
		value = moment_resolve(context, &said);
		precision = moment_precision(&said);
		bound = scan_has(c, GROUP_ABOUT) ? BOUND_ABOUT : BOUND_EXACT;
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
	fact->aside = c->rule->aside || tells_when_told(scan, start, end);
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
	struct moment_context context = {scan->received, CLOCK_NONE, CLOCK_NONE};
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
