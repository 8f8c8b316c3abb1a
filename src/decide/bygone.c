/*
 * Figures that are not this incident's, or no longer are. Those of another event (去年 …, a date
 * months before the others, 近5年来 …) stay where they stand, but aside, so that no field and no
 * grade takes them. People who were trapped and are out (被困人员全部救出) are trapped no more.
 *
 * Dates are held against each other, not against the receipt: a narrative read again years later is
 * still about its own event.
 */
#include "decide/scan.h"

#include "decide/number.h"

#include "base/clock.h"

#include <string.h>

#define RECENT (30 * CLOCK_DAY)
#define YEAR (366 * CLOCK_DAY)

static bool
is_time(const struct fact *f)
{
	return f->kind == FACT_TIME && f->value != CLOCK_NONE;
}

/* A day of the calendar (8月1日, 1日, 2004年), not one that moves with the receipt (今天). */
static bool
is_date(const struct fact *f)
{
	return is_time(f) && !f->aside &&
	       (strcmp(f->rule, "time.date") == 0 || strcmp(f->rule, "time.iso") == 0 ||
		   strcmp(f->rule, "time.day") == 0 || strcmp(f->rule, "time.year") == 0);
}

/* The latest date the text names; CLOCK_NONE when it names none. */
static int64_t
latest_date(const struct scan *scan)
{
	int64_t latest = CLOCK_NONE;

	for (size_t i = 0; i < scan->facts.count; i++) {
		const struct fact *f = &scan->facts.item[i];

		if (is_date(f) && (latest == CLOCK_NONE || f->value > latest))
			latest = f->value;
	}
	return latest;
}

/* Where the fact begins in the subject, whose bytes are not always those of the input. */
static size_t
subject_at(const struct scan *scan, const struct fact *f)
{
	return subject_byte(&scan->subject, f->start);
}

/* The last time said before the fact in its sentence, NULL when there is none. */
static const struct fact *
time_before(const struct scan *scan, const struct fact *count)
{
	size_t sentence = subject_sentence(&scan->subject, subject_at(scan, count));
	const struct fact *last = NULL;

	for (size_t i = 0; i < scan->facts.count; i++) {
		const struct fact *f = &scan->facts.item[i];

		if (is_time(f) && f->start < count->start && (!last || f->start > last->start) &&
		    subject_sentence(&scan->subject, subject_at(scan, f)) == sentence)
			last = f;
	}
	return last;
}

static bool
is_figure(const struct fact *f)
{
	return fact_kind_is_count(f->kind) && f->value > 0 && !f->aside;
}

/* Does the text give a figure before it comes to this date? */
static bool
has_figure_before(const struct scan *scan, const struct fact *date)
{
	for (size_t i = 0; i < scan->facts.count; i++)
		if (is_figure(&scan->facts.item[i]) && scan->facts.item[i].start < date->start)
			return true;
	return false;
}

/*
 * Was it long before the latest date that the text names? A year long gone that is named behind the
 * first figures (2人受伤，该厂2019年 …) counts too.
 */
static bool
is_dated_back(const struct scan *scan, const struct fact *f, int64_t latest)
{
	const struct fact *when = is_figure(f) ? time_before(scan, f) : NULL;

	if (!when || !is_date(when))
		return false;
	return when->value < latest - RECENT ||
	       (when->value < scan->received - YEAR && has_figure_before(scan, when));
}

/* Figures under old dates stand aside, unless there are no others. */
static void
put_dated_aside(struct scan *scan)
{
	int64_t latest = latest_date(scan);
	bool others = false;

	if (latest == CLOCK_NONE)
		return;
	for (size_t i = 0; i < scan->facts.count && !others; i++)
		others = is_figure(&scan->facts.item[i]) &&
			 !is_dated_back(scan, &scan->facts.item[i], latest);
	for (size_t i = 0; others && i < scan->facts.count; i++)
		if (is_dated_back(scan, &scan->facts.item[i], latest))
			scan->facts.item[i].aside = true;
}

void
bygone_find(struct scan *scan)
{
	for (size_t i = 0; i < scan->facts.count; i++) {
		struct fact *f = &scan->facts.item[i];
		size_t at = subject_at(scan, f);

		if (is_figure(f) && scan_guarded(scan, at, at + 1, GUARD_BYGONE))
			f->aside = true;
	}
	put_dated_aside(scan);
}

/* --- trapped no more -------------------------------------------------------------------------- */

/* How many are out, as the words say; 0: all of them. */
static int64_t
freed_of(const struct scan *scan, const struct candidate *c)
{
	struct number number;
	size_t n;
	const char *text = scan_group(scan, c, GROUP_N, &n);

	if (n > 0 && number_read(text, n, &number))
		return (int64_t)number.value;
	return c->rule->has_value ? c->rule->value : 0;
}

/* Drops the figures of the kind said before `start` if so many are all of them; whether any was
 * dropped. */
static bool
drop_freed(struct scan *scan, enum fact_kind kind, size_t start, int64_t freed)
{
	struct fact_list *list = &scan->facts;
	size_t kept = 0;
	bool any = false;

	for (size_t i = 0; i < list->count; i++) {
		struct fact *f = &list->item[i];

		if (f->kind == kind && !f->negated && subject_at(scan, f) < start &&
		    (freed == 0 || f->value <= freed)) {
			fact_clear(f);
			any = true;
		} else {
			list->item[kept++] = *f;
		}
	}
	list->count = kept;
	return any;
}

/* 5人被困，已救出3人，还有2人被困: the last figure stands for what is left. */
static void
put_outdated_aside(struct scan *scan, enum fact_kind kind, size_t start)
{
	bool later = false;

	for (size_t i = 0; i < scan->facts.count; i++)
		later = later || (scan->facts.item[i].kind == kind &&
				     subject_at(scan, &scan->facts.item[i]) > start);
	for (size_t i = 0; later && i < scan->facts.count; i++)
		if (scan->facts.item[i].kind == kind &&
		    subject_at(scan, &scan->facts.item[i]) < start)
			scan->facts.item[i].aside = true;
}

void
freed_find(struct scan *scan)
{
	for (size_t i = 0; i < scan->n_candidates; i++) {
		const struct candidate *c = &scan->candidate[i];
		enum group g = scan_has(c, GROUP_T) ? GROUP_T : GROUP_ALL;
		enum fact_kind kind = (enum fact_kind)c->rule->kind;
		struct fact *none;

		if (!c->rule->freed)
			continue;
		if (!drop_freed(scan, kind, c->match.start[g], freed_of(scan, c))) {
			put_outdated_aside(scan, kind, c->match.end[g]);
			continue;
		}
		none = fact_list_add(&scan->facts, &scan->subject, kind, c->match.start[g],
		    c->match.end[g], c->rule->name);
		if (none)
			none->negated = true;
	}
}
