/*
 * Amounts with a unit: tonnes, wind, magnitude, loss, area, water level, rain, leak rate. The rule
 * names the kind and what the unit is worth; a unit in the text (group u) that the table below
 * knows decides over the rule's.
 */
#include "decide/scan.h"

#include "decide/number.h"

#include "base/buf.h"
#include "base/mem.h"

#include <string.h>

/* The middle of Beaufort force f in m/s (GB/T 28591-2012); above 12 the lower limit. */
static const double beaufort[] = {0.1, 0.9, 2.5, 4.4, 6.7, 9.4, 12.3, 15.5, 19.0, 22.6, 26.5, 30.6,
    34.8, 39.2, 43.8, 48.6, 53.5, 58.7};

static const struct {
	const char *word, *unit;
	double scale;
} units[] = {
    {"公斤", "kg", 1},
    {"千克", "kg", 1},
    {"斤", "kg", 0.5},
    {"kg", "kg", 1},
    {"KG", "kg", 1},
    {"吨", "t", 1},
    {"t", "t", 1},
    {"T", "t", 1},
    {"立方米", "m3", 1},
    {"立方", "m3", 1},
    {"方", "m3", 1},
    {"升", "L", 1},
    {"公升", "L", 1},
    {"L", "L", 1},
    {"m3", "m3", 1},
    {"亿元", "wan", 10000},
    {"万元", "wan", 1},
    {"元", "wan", 0.0001},
    {"亿", "wan", 10000},
    {"万", "wan", 1},
    {"平方公里", "ha", 100},
    {"平方千米", "ha", 100},
    {"公顷", "ha", 1},
    {"亩", "ha", 1.0 / 15},
    {"平方米", "ha", 0.0001},
    {"平米", "ha", 0.0001},
    {"厘米", "m", 0.01},
    {"公分", "m", 0.01},
    {"毫米", "mm", 1},
    {"mm", "mm", 1},
    {"MM", "mm", 1},
    {"米", "m", 1},
    {"m", "m", 1},
    {"公里", "km", 1},
    {"瓶", "bottles", 1},
    {"桶", "drums", 1},
    {"罐", "tanks", 1},
};

static bool
set_unit(struct fact *fact, const char *text, size_t n)
{
	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (strlen(units[i].word) == n && memcmp(units[i].word, text, n) == 0) {
			fact->unit = units[i].unit;
			fact->amount *= units[i].scale;
			return true;
		}
	return false;
}

static enum fact_bound
bound_said(const struct scan *scan, const struct candidate *c)
{
	size_t n, m;
	const char *b = scan_group(scan, c, GROUP_B, &n), *q = scan_group(scan, c, GROUP_Q, &m);

	if (m >= 3 &&
	    (memcmp(q, "余", 3) == 0 || memcmp(q, "多", 3) == 0 || memcmp(q, "以", 3) == 0))
		return BOUND_AT_LEAST;
	if (n >= 3 &&
	    (memcmp(b, "超", 3) == 0 || memcmp(b, "至", 3) == 0 || memcmp(b, "逾", 3) == 0))
		return BOUND_AT_LEAST;
	if (n >= 3 && (memcmp(b, "近", 3) == 0 || memcmp(b, "不", 3) == 0))
		return BOUND_AT_MOST;
	return n > 0 || m > 0 ? BOUND_ABOUT : c->rule->bound;
}

/* 东南风 to "SE". */
static char *
wind_direction(const char *s, size_t n)
{
	static const char *const words[] = {"东", "南", "西", "北"}, *const letters[] = {
									 "E", "S", "W", "N"};
	bool has[4] = {false};
	struct buf out = BUF_MAX(8);

	for (size_t at = 0; at + 3 <= n; at += 3)
		for (size_t i = 0; i < 4; i++)
			has[i] = has[i] || memcmp(s + at, words[i], 3) == 0;
	buf_add(&out, has[3] ? letters[3] : has[1] ? letters[1] : "");
	buf_add(&out, has[0] ? letters[0] : has[2] ? letters[2] : "");
	return buf_take(&out);
}

static void
finish_wind(const struct scan *scan, const struct candidate *c, struct fact *fact, bool force)
{
	size_t n;
	const char *direction = scan_group(scan, c, GROUP_REL, &n);

	if (n)
		fact->norm = wind_direction(direction, n);
	if (force) {
		size_t f = fact->amount > 0 ? (size_t)fact->amount : 0;

		fact->value = (int64_t)f;
		fact->amount = beaufort[f < COUNT_OF(beaufort) ? f : COUNT_OF(beaufort) - 1];
	}
	fact->unit = fact->amount > 0 ? "m/s" : NULL;
}

/* 2米15, 三米二: what stands behind the metre is its decimals. */
static double
decimals_of(const struct scan *scan, const struct candidate *c)
{
	size_t n;
	const char *text = scan_group(scan, c, GROUP_MI, &n);
	int said = number_int(text, n);

	return said < 0 ? 0 : n == 2 ? said / 100.0 : said / 10.0;
}

static void
add_measure(struct scan *scan, const struct candidate *c)
{
	size_t n, m;
	const char *text = scan_group(scan, c, GROUP_N, &n),
		   *unit = scan_group(scan, c, GROUP_U, &m);
	bool whole = !scan_has(c, GROUP_T);
	struct number number = {0, BOUND_EXACT, 0};
	struct fact *fact;

	if (n > 0 && !number_read(text, n, &number))
		return;
	fact = fact_list_add(&scan->facts, &scan->subject, (enum fact_kind)c->rule->kind,
	    c->match.start[whole ? GROUP_ALL : GROUP_T], c->match.end[whole ? GROUP_ALL : GROUP_T],
	    c->rule->name);
	if (!fact)
		return;
	fact->amount = (number.value + decimals_of(scan, c)) * c->rule->scale;
	fact->unit = c->rule->unit;
	fact->bound = bound_said(scan, c);
	fact->negated = c->rule->negated;
	fact->aside = c->rule->aside;
	if (c->rule->kind == FACT_WIND)
		finish_wind(scan, c, fact, m >= 3 && memcmp(unit, "级", 3) == 0);
	else if (m > 0)
		set_unit(fact, unit, m);
	if (c->rule->norm && !fact->norm)
		fact->norm = mem_dup(c->rule->norm);
}

static bool
is_measure(int kind)
{
	switch (kind) {
	case FACT_QUANTITY:
	case FACT_WIND:
	case FACT_MAGNITUDE:
	case FACT_LOSS:
	case FACT_AREA:
	case FACT_WATER_LEVEL:
	case FACT_RAIN:
	case FACT_LEAK:
		return true;
	default:
		return false;
	}
}

/* The first rule that claims a number keeps it: 水位2.03米 is a level, not a depth of rain. */
void
measures_find(struct scan *scan)
{
	for (size_t i = 0; i < scan->n_candidates; i++) {
		const struct candidate *c = &scan->candidate[i];
		bool taken = false;

		if (!is_measure(c->rule->kind))
			continue;
		for (size_t k = 0; k < i && !taken; k++) {
			const struct candidate *o = &scan->candidate[k];

			taken = is_measure(o->rule->kind) && o->order <= c->order &&
				(o->rule->kind == c->rule->kind || scan_has(c, GROUP_N)) &&
				c->match.start[GROUP_ALL] < o->match.end[GROUP_ALL] &&
				c->match.end[GROUP_ALL] > o->match.start[GROUP_ALL];
		}
		if (!taken)
			add_measure(scan, c);
	}
}
