/*
 * Counts of people. A rule gives a number and a verb; one number counts one thing, and one verb
 * belongs to one number: of "5人死亡3人受伤" the pair (死亡, 3人) is no fact, because 死亡 is taken
 * by then. So candidates are taken from left to right, shorter ones first, and each claims the
 * bytes of its number and its verb.
 */
#include "decide/scan.h"

#include "decide/number.h"
#include "decide/together.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 100000000

static bool
counts_people(const struct candidate *c)
{
	return !c->rule->freed && c->rule->kind < FACT_KINDS &&
	       fact_kind_is_count((enum fact_kind)c->rule->kind);
}

static int
by_start(const void *left, const void *right)
{
	const struct candidate *const *l = left, *const *r = right;
	size_t ls = (*l)->match.start[GROUP_ALL], rs = (*r)->match.start[GROUP_ALL];
	size_t le = (*l)->match.end[GROUP_ALL], re = (*r)->match.end[GROUP_ALL];

	if (ls != rs)
		return ls < rs ? -1 : 1;
	if (le != re)
		return le < re ? -1 : 1;
	return (int)(*l)->order - (int)(*r)->order;
}

/* What was claimed so far. A self rule's number may be claimed by others as well. */
struct claim {
	size_t start, end;
	int kind;
};

struct claims {
	struct claim *item;
	size_t count, room;
};

static bool
claimed(const struct claims *claims, size_t start, size_t end)
{
	for (size_t i = claims->count; i-- > 0;)
		if (start < claims->item[i].end && end > claims->item[i].start)
			return true;
	return false;
}

/* Was any of it claimed by a count of another kind? */
static bool
claimed_by_other(const struct claims *claims, size_t start, size_t end, int kind)
{
	for (size_t i = claims->count; i-- > 0;)
		if (start < claims->item[i].end && end > claims->item[i].start &&
		    claims->item[i].kind != kind)
			return true;
	return false;
}

static void
claim(struct claims *claims, size_t start, size_t end, int kind)
{
	if (end <= start)
		return;
	mem_grow(&claims->item, &claims->room, claims->count);
	claims->item[claims->count++] = (struct claim){start, end, kind};
}

/* The bound said before (至少, 约, 近) or behind (余, 多, 以上, 左右) the number. */
static enum fact_bound
bound_of(const struct scan *scan, const struct candidate *c, enum fact_bound bound)
{
	static const struct {
		const char *word;
		enum fact_bound bound;
	} words[] = {{"至少", BOUND_AT_LEAST}, {"超过", BOUND_AT_LEAST}, {"超", BOUND_AT_LEAST},
	    {"不少于", BOUND_AT_LEAST}, {"不下", BOUND_AT_LEAST}, {"逾", BOUND_AT_LEAST},
	    {"余", BOUND_AT_LEAST}, {"几", BOUND_AT_LEAST}, {"多", BOUND_AT_LEAST},
	    {"以上", BOUND_AT_LEAST}, {"近", BOUND_AT_MOST}, {"不到", BOUND_AT_MOST},
	    {"最多", BOUND_AT_MOST}, {"不足", BOUND_AT_MOST}, {"以下", BOUND_AT_MOST},
	    {"约", BOUND_ABOUT}, {"大约", BOUND_ABOUT}, {"大概", BOUND_ABOUT},
	    {"左右", BOUND_ABOUT}, {"来", BOUND_ABOUT}, {"上下", BOUND_ABOUT},
	    {"估计", BOUND_ABOUT}};
	static const enum group groups[] = {GROUP_B, GROUP_Q};

	for (size_t g = 0; g < COUNT_OF(groups); g++) {
		size_t n;
		const char *said = scan_group(scan, c, groups[g], &n);

		for (size_t i = 0; n > 0 && i < COUNT_OF(words); i++)
			if (n >= strlen(words[i].word) &&
			    memcmp(said, words[i].word, strlen(words[i].word)) == 0)
				return words[i].bound;
	}
	return bound;
}

static bool
value_of(const struct scan *scan, const struct candidate *c, int64_t *value, enum fact_bound *bound)
{
	size_t n;
	const char *text = scan_group(scan, c, GROUP_N, &n);
	struct number number;

	*bound = c->rule->bound;
	if (c->rule->has_value) {
		*value = c->rule->value;
		return true;
	}
	if (!number_read(text, n, &number) || number.value > COUNT_MAX)
		return false;
	if (number.bound != BOUND_EXACT)
		*bound = number.bound;
	*value = (int64_t)number.value;
	return *value > 0 || text[0] == '0';
}

static void
add_count(struct scan *scan, const struct candidate *c, int kind, int64_t value,
    enum fact_bound bound, bool aside)
{
	bool whole = !scan_has(c, GROUP_T);
	struct fact *fact = fact_list_add(&scan->facts, &scan->subject, (enum fact_kind)kind,
	    whole ? c->match.start[GROUP_ALL] : c->match.start[GROUP_T],
	    whole ? c->match.end[GROUP_ALL] : c->match.end[GROUP_T], c->rule->name);

	if (!fact)
		return;
	fact->value = value;
	fact->bound = bound;
	fact->negated = c->rule->negated;
	fact->aside = aside;
}

static bool
is_casualty(int kind)
{
	return kind != FACT_THREATENED && kind != FACT_HOUSEHOLDS && kind != FACT_EVACUATED;
}

/* The value with what stands beside the number (一对夫妇和两个孩子), unless that is another's. */
static int64_t
whole_value(
    const struct scan *scan, const struct candidate *c, const struct claims *numbers, int64_t value)
{
	size_t from;
	int64_t whole;

	if (c->rule->has_value || !scan_has(c, GROUP_N))
		return value;
	whole = together(scan, c, value, &from);
	return claimed_by_other(numbers, from, c->match.start[GROUP_N], c->rule->kind) ? value
										       : whole;
}

static void
take(struct scan *scan, const struct candidate *c, struct claims *numbers, struct claims *verbs)
{
	enum fact_bound bound;
	int64_t value;

	if (scan_has(c, GROUP_N) &&
	    scan_guarded(scan, c->match.start[GROUP_N], c->match.end[GROUP_N],
		is_casualty(c->rule->kind) ? GUARD_CASUALTIES : GUARD_COUNTS))
		return;
	if (claimed(numbers, c->match.start[GROUP_N], c->match.end[GROUP_N]) ||
	    claimed(verbs, c->match.start[GROUP_V], c->match.end[GROUP_V]))
		return;
	if (!value_of(scan, c, &value, &bound))
		return;
	value = whole_value(scan, c, numbers, value);
	add_count(scan, c, c->rule->kind, value, bound_of(scan, c, bound), c->rule->aside);
	if (c->rule->also >= 0)
		add_count(scan, c, c->rule->also, value, bound_of(scan, c, bound),
		    c->rule->kind == FACT_SERIOUS || c->rule->kind == FACT_LIGHT);
	if (!c->rule->self)
		claim(numbers, c->match.start[GROUP_N], c->match.end[GROUP_N], c->rule->kind);
	claim(verbs, c->match.start[GROUP_V], c->match.end[GROUP_V], c->rule->kind);
}

/* 驾驶员被困: one, though no number was said. */
static bool
is_implied(const struct rule *rule)
{
	return rule->has_value && rule->value > 0;
}

/*
 * Weak rules speak only where no plain one of their kind does: a driver said to be trapped beside
 * "1人被困", two wounded on stretchers beside "受伤5人". A written report (one with a headline)
 * gives its figures in numbers; what is implied counts only in what a caller says.
 */
static bool
is_weak(const struct rule *rule)
{
	return rule->aside || rule->weak || is_implied(rule);
}

/* Does a number of people begin at `at` of the text? Then *value gets it and the result is what it
 * took. */
static size_t
people_at(const struct scan *scan, size_t at, int64_t *value)
{
	static const char *const measures[] = {"名", "人", "位"}, *const more[] = {
								      "余", "多", "几"};
	struct number number;
	size_t end;

	if (!number_read(scan->subject.text + at, scan->subject.size - at, &number) ||
	    number.value > COUNT_MAX)
		return 0;
	*value = (int64_t)number.value;
	end = at + number.size;
	for (size_t i = 0; i < COUNT_OF(more); i++)
		if (scan_is(scan, end, more[i])) {
			end += strlen(more[i]);
			break;
		}
	for (size_t i = 0; i < COUNT_OF(measures); i++)
		if (scan_is(scan, end, measures[i]))
			return end - at;
	return 0;
}

/* Does the text below the headline speak of just so many people (54名学生, 上百名学生 …), whatever
 * it says of them? */
static bool
body_speaks_of(const struct scan *scan, size_t headline, int64_t value)
{
	int64_t other;

	for (size_t at = headline; at < scan->subject.size;) {
		size_t n = people_at(scan, at, &other);

		if (n && other == value)
			return true;
		at = n ? at + n : utf8_next(scan->subject.text, scan->subject.size, at);
	}
	return false;
}

/*
 * Does the text below the headline give a figure of the kind, or the same number of people in other
 * words (70名学生 呕吐 under "70名学生食物中毒")? Then the headline only repeats it.
 */
static bool
body_counts(const struct scan *scan, const struct candidate **order, size_t n, size_t headline,
    const struct candidate *c)
{
	enum fact_bound bound;
	int64_t value, other;

	if (!value_of(scan, c, &value, &bound))
		return true;
	if (value > 2 && body_speaks_of(scan, headline, value))
		return true;
	for (size_t i = 0; i < n; i++)
		if (order[i]->match.start[GROUP_ALL] >= headline &&
		    (order[i]->rule->kind == c->rule->kind ||
			(value_of(scan, order[i], &other, &bound) && other == value && value > 2)))
			return true;
	return false;
}

/* Is there a figure of this event for the kind? One of another event (上个月刚撞死2人) silences nobody. */
static bool
has_figure(const struct scan *scan, int kind)
{
	for (size_t i = 0; i < scan->facts.count; i++) {
		const struct fact *f = &scan->facts.item[i];
		size_t at = subject_byte(&scan->subject, f->start);

		if ((int)f->kind == kind && f->value > 0 &&
		    !scan_guarded(scan, at, at + 1, GUARD_BYGONE))
			return true;
	}
	return false;
}

/* The weak ones where nothing was said yet; a number before what is only implied. */
static void
take_weak(struct scan *scan, const struct candidate **order, size_t n, bool implied,
    struct claims *numbers, struct claims *verbs)
{
	for (size_t i = 0; i < n; i++)
		if (is_weak(order[i]->rule) && is_implied(order[i]->rule) == implied &&
		    !has_figure(scan, order[i]->rule->kind))
			take(scan, order[i], numbers, verbs);
}

/* Those of the wounded who are in hospital (9人受伤，5人住院) are no sick beside them. */
static void
put_patients_aside(struct scan *scan)
{
	bool hurt = has_figure(scan, FACT_INJURED);

	for (size_t i = 0; hurt && i < scan->facts.count; i++)
		if (strcmp(scan->facts.item[i].rule, "hospital.after") == 0)
			scan->facts.item[i].aside = true;
}

void
counts_find(struct scan *scan)
{
	const struct candidate **order = mem_zero(scan->n_candidates + 1, sizeof(*order));
	struct claims numbers = {NULL, 0, 0}, verbs = {NULL, 0, 0};
	size_t n = 0, headline = scan_headline(scan);

	for (size_t i = 0; i < scan->n_candidates; i++)
		if (counts_people(&scan->candidate[i]))
			order[n++] = &scan->candidate[i];
	if (n > 1)
		qsort(order, n, sizeof(*order), by_start);
	for (size_t i = 0; i < n; i++)
		if (order[i]->match.start[GROUP_ALL] < headline &&
		    body_counts(scan, order, n, headline, order[i]))
			continue;
		else if (!is_weak(order[i]->rule))
			take(scan, order[i], &numbers, &verbs);
	take_weak(scan, order, n, false, &numbers, &verbs);
	if (!headline)
		take_weak(scan, order, n, true, &numbers, &verbs);
	together_hurts(scan);
	put_patients_aside(scan);
	free(numbers.item);
	free(verbs.item);
	free(order);
}
