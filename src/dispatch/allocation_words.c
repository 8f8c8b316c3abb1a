/* The solver's answer as a duty officer would note it down. */
#include "dispatch/allocation.h"

#include "map/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEIGHBOURS 2
#define NEIGHBOURS_MAX 32

/* A note in the making: parts joined by a separator. */
struct note {
	struct buf text;
	const char *between;
};

static void part(struct note *n, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
part(struct note *n, const char *format, ...)
{
	va_list ap;
	char *s;

	va_start(ap, format);
	s = mem_vprint(format, ap);
	va_end(ap);
	if (n->text.size)
		buf_add(&n->text, n->between);
	buf_add(&n->text, s);
	free(s);
}

/* Is all of this source sent by the answer? Gives the line that takes it, NULL when something is
 * left. */
static const struct allocate_line *
sent_by(const struct allocation_work *w, const struct allocate_answer *answer, size_t supply)
{
	for (size_t i = 0; i < answer->n_lines; i++) {
		const struct allocate_line *l = &answer->lines[i];

		if (w->origins[supply].team
			? w->origins[l->supply].source == w->origins[supply].source
			: l->supply == supply && l->remains == 0)
			return l;
	}
	return NULL;
}

/* A nearer one that could come, but the answer sends it to another need: the earliest, and for
 * what. */
static void
sent_elsewhere(struct note *n, const struct allocation_work *w,
    const struct allocate_answer *answer, const struct allocate_line *l)
{
	const struct demand *to = &w->demands[l->demand];
	double least = l->arrival_min;
	size_t best = SIZE_MAX, need = 0;

	for (size_t s = 0; s < w->n_supplies; s++) {
		const struct supply *from = &w->supplies[s];
		const struct allocate_line *taker;
		double minutes;
		const char *how;

		if (from->kind != w->kind[l->demand] || from->excluded || s == l->supply)
			continue;
		taker = sent_by(w, answer, s);
		if (!taker || taker->demand == l->demand)
			continue;
		minutes = from->ready_min +
			  travel_minutes(w->st, from->lon, from->lat, to->lon, to->lat, &how);
		if (minutes >= least)
			continue;
		least = minutes;
		best = s;
		need = taker->demand;
	}
	if (best != SIZE_MAX)
		part(n, _("nearer %s goes for: %s"), w->origins[best].short_name,
		    w->needs[need].name);
}

static void
instead(struct note *n, const struct allocation_work *w, const struct allocate_answer *answer,
    const struct allocate_line *l)
{
	const char *name;

	if (l->runner_up == SIZE_MAX)
		return;
	name = w->origins[l->runner_up].short_name;
	if (!sent_by(w, answer, l->runner_up))
		part(n, _("%s instead: +%.0f min"), name, l->penalty_min > 0 ? l->penalty_min : 0);
	else if (l->penalty_min >= 0) /* an earlier one is named by sent_elsewhere */
		part(n, _("%s instead: +%.0f min, but it is sent elsewhere"), name, l->penalty_min);
}

/* How it stands among those who could, and who would come instead. */
static void
compare(struct note *n, const struct allocation_work *w, const struct allocate_answer *answer,
    const struct allocate_line *l)
{
	bool team = w->origins[l->supply].team;

	if (l->locked)
		part(n, "%s", _("fixed by the officer"));
	if (l->candidates <= 1)
		part(n, "%s", team ? _("the only team that can") : _("the only depot that has it"));
	else if (l->rank == 1)
		part(n, team ? _("nearest of %zu teams") : _("nearest of %zu depots"),
		    l->candidates);
	else
		part(n,
		    team ? _("no. %zu of %zu teams by arrival")
			 : _("no. %zu of %zu depots by arrival"),
		    l->rank, l->candidates);
	if (l->rank > 1)
		sent_elsewhere(n, w, answer, l);
	instead(n, w, answer, l);
}

static void
nearer(struct note *n, const struct allocation_work *w, const struct allocate_line *l)
{
	const struct origin *o;

	if (l->nearer_excluded == SIZE_MAX)
		return;
	o = &w->origins[l->nearer_excluded];
	part(n, _("nearer: %s, %s"), o->short_name,
	    *o->excluded ? o->excluded : _("ruled out by the officer"));
	if (l->n_nearer_excluded > 1)
		part(n, _("%zu more nearer ones cannot come"), l->n_nearer_excluded - 1);
}

static void
describe_line(const struct allocation_work *w, const struct allocate_answer *answer,
    const struct allocate_line *l, struct allocation_line *out)
{
	const struct need *need = &w->needs[l->demand];
	const struct origin *o = &w->origins[l->supply];
	struct note brief = {BUF_MAX(4096), _("; ")}, why = {BUF_MAX(8192), "\n"};
	char when[40];

	*out = (struct allocation_line){.incident = need->incident,
	    .need = l->demand,
	    .team = o->team,
	    .source = o->source,
	    .amount = l->amount,
	    .remains = l->remains,
	    .arrival_min = l->arrival_min,
	    .how = l->how,
	    .rank = l->rank,
	    .candidates = l->candidates,
	    .locked = l->locked,
	    .confirmed = o->confirmed};
	fit_text(out->source_name, sizeof(out->source_name), o->name);
	fit_text(out->phone, sizeof(out->phone), o->phone);
	fit_text(out->code, sizeof(out->code), need->code);
	fit_text(out->name, sizeof(out->name), need->name);
	fit_text(out->unit, sizeof(out->unit), need->unit);

	part(&brief, _("there in %.0f min (%s)"), l->arrival_min, l->how);
	compare(&brief, w, answer, l);
	nearer(&brief, w, l);
	out->brief = buf_take(&brief.text);

	part(&why, _("%s: there in %.0f min (%s)"), o->name, l->arrival_min, l->how);
	if (w->supplies[l->supply].ready_min > 0)
		part(&why,
		    o->team ? _("of that %.0f min to turn out") : _("of that %.0f min to load"),
		    w->supplies[l->supply].ready_min);
	compare(&why, w, answer, l);
	nearer(&why, w, l);
	if (!o->team)
		part(&why, _("%lld %s remain there"), (long long)l->remains, need->unit);
	if (*need->why)
		part(&why, _("asked for by: %s"), need->why);
	if (o->confirmed == CLOCK_NONE)
		part(&why, _("never confirmed; telephone %s"), o->phone);
	else
		part(&why, _("confirmed %s; telephone %s"),
		    clock_format(when, sizeof(when), o->confirmed, CLOCK_YMD), o->phone);
	out->why = buf_take(&why.text);
}

/* --- what is short ---------------------------------------------------------------------------- */

/* Inside the county: what is kept, and who is out. */
static void
from_here(struct note *n, const struct allocation_work *w, size_t need)
{
	for (size_t s = 0; s < w->n_supplies; s++) {
		const struct origin *o = &w->origins[s];

		if (w->supplies[s].kind != w->kind[need])
			continue;
		if (!o->team && o->kept > 0)
			part(n,
			    _("%s keeps %lld %s for its own area (use_keep takes them); telephone "
			      "%s"),
			    o->name, (long long)o->kept, w->needs[need].unit, o->phone);
		else if (o->team && *o->excluded)
			part(n, _("%s: %s; telephone %s"), o->name, o->excluded, o->phone);
	}
}

struct neighbour {
	struct unit_row unit;
	double metres;
};

static int
by_distance(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	return (x->metres > y->metres) - (x->metres < y->metres);
}

/* Outside: the nearest counties. What they have is not known here. */
static void
from_neighbours(struct note *n, const struct allocation_work *w, size_t need)
{
	struct unit_row *units = mem_alloc(NEIGHBOURS_MAX * sizeof(*units));
	struct neighbour *list = mem_zero(NEIGHBOURS_MAX, sizeof(*list));
	size_t found = resource_units_of_kind(w->st, "neighbour", units, NEIGHBOURS_MAX), known = 0;
	const struct demand *d = &w->demands[need];

	for (size_t i = 0; i < found; i++)
		if (units[i].lon != 0 || units[i].lat != 0)
			list[known++] = (struct neighbour){
			    units[i], geo_distance((struct point){units[i].lon, units[i].lat},
					  (struct point){d->lon, d->lat})};
	qsort(list, known, sizeof(*list), by_distance);
	for (size_t i = 0; i < known && i < NEIGHBOURS; i++)
		part(n, _("ask %s for help (%.0f km); telephone %s"), list[i].unit.name,
		    list[i].metres / 1000, list[i].unit.phone);
	free(units);
	free(list);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void
summarize(struct allocation *out)
{
	struct note n = {BUF_MAX(1024), _("; ")};
	size_t teams = 0, depots = 0;

	for (size_t i = 0; i < out->n_lines; i++) {
		bool seen = false;

		for (size_t j = 0; j < i; j++)
			seen = seen || out->lines[j].source == out->lines[i].source;
		teams += out->lines[i].team && !seen;
		depots += !out->lines[i].team && !seen;
	}
	if (out->n_lines == 0)
		part(&n, "%s", _("nothing can be sent"));
	else {
		buf_printf(&n.text, _("lines: %zu"), out->n_lines);
		if (teams)
			buf_printf(&n.text, _(", teams: %zu"), teams);
		if (depots)
			buf_printf(&n.text, _(", depots: %zu"), depots);
		buf_printf(&n.text, _(", the last there in %.0f min"), out->worst_arrival_min);
	}
	if (out->n_shortages)
		part(&n, _("%zu short"), out->n_shortages);
	part(&n, "%s", out->proven ? _("proven best") : _("good, not proven best"));
	out->summary = buf_take(&n.text);
}

void
allocation_describe(
    const struct allocation_work *w, const struct allocate_answer *answer, struct allocation *out)
{
	out->lines = mem_zero(answer->n_lines + 1, sizeof(*out->lines));
	for (size_t i = 0; i < answer->n_lines; i++)
		describe_line(w, answer, &answer->lines[i], &out->lines[out->n_lines++]);
	out->shortages = mem_zero(answer->n_shortages + 1, sizeof(*out->shortages));
	for (size_t i = 0; i < answer->n_shortages; i++) {
		struct note n = {BUF_MAX(16384), "\n"};

		from_here(&n, w, answer->shortages[i].demand);
		from_neighbours(&n, w, answer->shortages[i].demand);
		out->shortages[out->n_shortages++] = (struct allocation_shortage){
		    answer->shortages[i].demand, answer->shortages[i].amount, buf_take(&n.text)};
	}
	out->worst_arrival_min = answer->worst_arrival_min;
	out->proven = answer->proven;
	summarize(out);
}
