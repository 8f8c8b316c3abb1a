/* Out of flows and locks: the lines, why each is there, what is short, and the totals. */
#include "decide/allocate_part.h"

#include "base/mem.h"

#include <stdlib.h>

struct explain {
	const struct allocate_work *w;
	struct allocate_answer *answer;
	size_t room;
	int64_t *sent;		      /* of each supply */
	int64_t *served;	      /* of each demand */
	size_t *excluded, n_excluded; /* supplies a rule excludes */
	int64_t **left;		      /* of each part: of each source */
};

static size_t
add_line(struct explain *e, size_t demand, size_t supply, int64_t amount, bool locked)
{
	struct allocate_answer *a = e->answer;

	mem_grow(&a->lines, &e->room, a->n_lines);
	a->lines[a->n_lines] = (struct allocate_line){.demand = demand,
	    .supply = supply,
	    .amount = amount,
	    .locked = locked,
	    .runner_up = SIZE_MAX,
	    .nearer_excluded = SIZE_MAX};
	e->sent[supply] += amount;
	e->served[demand] += amount;
	return a->n_lines++;
}

static void
collect(struct explain *e)
{
	const struct allocate_work *w = e->w;

	for (size_t i = 0; i < w->n_locks; i++)
		add_line(e, w->locks[i].demand, w->locks[i].supply, w->locks[i].amount, true);
	for (size_t k = 0; k < w->n_parts; k++) {
		const struct part *p = &w->parts[k];

		for (size_t d = 0; d < p->n_demands; d++)
			for (size_t s = 0; s < p->n_sources; s++)
				if (p->flow[d * p->n_sources + s] > 0)
					add_line(e, p->demands[d].demand,
					    part_supply(w->problem, p, d, s),
					    p->flow[d * p->n_sources + s], false);
	}
}

/* What each source of a part can still give to anybody. A team that serves has nothing left. */
static int64_t *
count_left(const struct explain *e, const struct part *p)
{
	int64_t *left = mem_zero(p->n_sources + 1, sizeof(*left));

	for (size_t s = 0; s < p->n_sources; s++) {
		const struct part_source *source = &p->sources[s];
		int64_t has = 0, gone = 0;

		for (size_t i = source->member; i < source->member + source->n_members; i++) {
			int64_t amount = e->w->problem->supplies[p->members[i]].amount;

			has = amount > has ? amount : has;
			gone += e->sent[p->members[i]];
		}
		left[s] = gone == 0 ? has : source->whole || source->n_members > 1 ? 0 : has - gone;
	}
	return left;
}

/*
 * What the lines of one demand have in common: the usable sources nearest to it, those with
 * something left apart. SIZE_MAX ends a list.
 */
#define IDLE 8
struct around {
	size_t candidates;
	size_t nearest[2];
	size_t idle[IDLE];
	bool idle_all; /* the list holds all that have something left */
};

static void
insert(size_t *list, size_t n, const int32_t *time, size_t s)
{
	size_t i = n - 1;

	if (list[i] != SIZE_MAX && time[s] >= time[list[i]])
		return;
	for (; i > 0 && (list[i - 1] == SIZE_MAX || time[s] < time[list[i - 1]]); i--)
		list[i] = list[i - 1];
	list[i] = s;
}

static void
look_around(const struct part *p, const int64_t *left, size_t row, struct around *out)
{
	const int32_t *time = p->time + row * p->n_sources;
	size_t n_idle = 0;

	out->candidates = 0;
	out->nearest[0] = out->nearest[1] = SIZE_MAX;
	for (size_t i = 0; i < IDLE; i++)
		out->idle[i] = SIZE_MAX;
	for (size_t s = 0; s < p->n_sources; s++) {
		if (time[s] == PART_NEVER)
			continue;
		out->candidates++;
		insert(out->nearest, 2, time, s);
		if (left[s] == 0)
			continue;
		n_idle++;
		insert(out->idle, IDLE, time, s);
	}
	out->idle_all = n_idle <= IDLE;
}

/* The earliest other source that has the whole amount left, by looking at all. SIZE_MAX none. */
static size_t
whole_left(
    const struct part *p, const int64_t *left, const int32_t *time, size_t own, int64_t amount)
{
	size_t best = SIZE_MAX;

	for (size_t s = 0; s < p->n_sources; s++)
		if (left[s] >= amount && s != own && time[s] != PART_NEVER &&
		    (best == SIZE_MAX || time[s] < time[best]))
			best = s;
	return best;
}

/* Who would come instead of `own`: see allocate.h. */
static size_t
instead(const struct part *p, const int64_t *left, const int32_t *time, const struct around *around,
    size_t own, int64_t amount)
{
	size_t some = SIZE_MAX, all = SIZE_MAX;

	for (size_t i = 0; i < IDLE && around->idle[i] != SIZE_MAX; i++) {
		if (around->idle[i] == own)
			continue;
		if (left[around->idle[i]] >= amount)
			return around->idle[i];
		some = some == SIZE_MAX ? around->idle[i] : some;
	}
	if (!around->idle_all)
		all = whole_left(p, left, time, own, amount);
	if (all != SIZE_MAX)
		return all;
	if (some != SIZE_MAX)
		return some;
	return around->nearest[around->nearest[0] == own];
}

static void
rank(const struct explain *e, struct allocate_line *line, int32_t arrival,
    const struct around *around)
{
	const struct allocate_work *w = e->w;
	const struct part *p = &w->parts[w->demand_part[line->demand]];
	size_t row = w->demand_row[line->demand], own = w->supply_source[line->supply], other;
	const int32_t *time = p->time + row * p->n_sources;
	/* When the officer fixed the line its pair is in no choice any more, but it is a candidate.
	 */
	bool fixed = own == SIZE_MAX || time[own] == PART_NEVER;

	line->rank = 1;
	line->candidates = around->candidates + fixed;
	for (size_t s = 0; s < p->n_sources; s++)
		line->rank += time[s] < arrival;
	other = instead(p, e->left[w->demand_part[line->demand]], time, around, own, line->amount);
	if (other == SIZE_MAX)
		return;
	line->runner_up = part_supply(w->problem, p, row, other);
	line->penalty_min = (time[other] - arrival) / PART_TICKS;
}

/* Arrivals of what a rule keeps from the demand: excluded sources of its kind, forbidden pairs. */
struct barred {
	size_t supply;
	int32_t time;
};

static size_t
find_barred(const struct explain *e, size_t demand, struct barred *out)
{
	const struct allocate_problem *p = e->w->problem;
	int kind = p->demands[demand].kind;
	size_t n = 0;

	for (size_t i = 0; i < e->n_excluded; i++)
		if (p->supplies[e->excluded[i]].kind == kind)
			out[n++] = (struct barred){
			    e->excluded[i], allocate_arrival(p, demand, e->excluded[i], NULL)};
	for (size_t i = 0; i < p->n_pairs; i++) {
		const struct pair *r = &p->pairs[i];

		if (r->rule == PAIR_FORBIDDEN && r->demand == demand &&
		    !p->supplies[r->supply].excluded && p->supplies[r->supply].kind == kind)
			out[n++] = (struct barred){
			    r->supply, allocate_arrival(p, demand, r->supply, NULL)};
	}
	return n;
}

static void
nearer(struct allocate_line *line, int32_t arrival, const struct barred *barred, size_t n)
{
	int32_t best = arrival;

	for (size_t i = 0; i < n; i++) {
		if (barred[i].time >= arrival || barred[i].supply == line->supply)
			continue;
		line->n_nearer_excluded++;
		if (barred[i].time < best) {
			best = barred[i].time;
			line->nearer_excluded = barred[i].supply;
		}
	}
}

static int
by_demand(const void *a, const void *b)
{
	const struct allocate_line *x = a, *y = b;

	if (x->demand != y->demand)
		return x->demand < y->demand ? -1 : 1;
	if (x->arrival_min != y->arrival_min)
		return x->arrival_min < y->arrival_min ? -1 : 1;
	return (x->supply > y->supply) - (x->supply < y->supply);
}

static int32_t
ticks_of(const struct allocate_line *line)
{
	return (int32_t)(line->arrival_min * PART_TICKS + 0.5);
}

static void
add_totals(struct explain *e, struct allocate_line *line)
{
	const struct allocate_problem *p = e->w->problem;

	line->arrival_min =
	    allocate_arrival(p, line->demand, line->supply, &line->how) / PART_TICKS;
	line->remains = p->supplies[line->supply].amount - e->sent[line->supply];
	if (line->arrival_min > e->answer->worst_arrival_min)
		e->answer->worst_arrival_min = line->arrival_min;
	e->answer->weighted_minutes +=
	    p->demands[line->demand].weight * (double)line->amount * line->arrival_min;
}

/* The why of each line; they stand sorted by demand. */
static void
add_reasons(struct explain *e)
{
	const struct allocate_work *w = e->w;
	struct allocate_answer *a = e->answer;
	struct barred *barred =
	    mem_alloc((w->problem->n_supplies + w->problem->n_pairs + 1) * sizeof(*barred));
	struct around around;
	size_t n_barred = 0;

	for (size_t i = 0; i < a->n_lines; i++) {
		struct allocate_line *line = &a->lines[i];
		size_t part = w->demand_part[line->demand];

		if (i == 0 || a->lines[i - 1].demand != line->demand) {
			n_barred = find_barred(e, line->demand, barred);
			look_around(
			    &w->parts[part], e->left[part], w->demand_row[line->demand], &around);
		}
		rank(e, line, ticks_of(line), &around);
		nearer(line, ticks_of(line), barred, n_barred);
	}
	free(barred);
}

static void
add_shortages(struct explain *e)
{
	const struct allocate_problem *p = e->w->problem;
	struct allocate_answer *a = e->answer;

	a->shortages = mem_zero(p->n_demands + 1, sizeof(*a->shortages));
	for (size_t d = 0; d < p->n_demands; d++) {
		if (e->served[d] >= p->demands[d].amount)
			continue;
		a->shortages[a->n_shortages].demand = d;
		a->shortages[a->n_shortages++].amount = p->demands[d].amount - e->served[d];
		a->weighted_shortage +=
		    p->demands[d].weight * (double)(p->demands[d].amount - e->served[d]);
	}
}

void
allocate_explain(const struct allocate_work *work, struct allocate_answer *answer)
{
	struct explain e = {.w = work, .answer = answer};

	e.sent = mem_zero(work->problem->n_supplies + 1, sizeof(*e.sent));
	e.served = mem_zero(work->problem->n_demands + 1, sizeof(*e.served));
	e.excluded = mem_alloc((work->problem->n_supplies + 1) * sizeof(*e.excluded));
	for (size_t i = 0; i < work->problem->n_supplies; i++)
		if (work->problem->supplies[i].excluded)
			e.excluded[e.n_excluded++] = i;
	e.left = mem_zero(work->n_parts + 1, sizeof(*e.left));
	collect(&e);
	for (size_t k = 0; k < work->n_parts; k++)
		e.left[k] = count_left(&e, &work->parts[k]);
	for (size_t i = 0; i < answer->n_lines; i++)
		add_totals(&e, &answer->lines[i]);
	if (answer->n_lines)
		qsort(answer->lines, answer->n_lines, sizeof(*answer->lines), by_demand);
	add_reasons(&e);
	add_shortages(&e);
	answer->proven = work->effort.proven;
	answer->rounds = work->effort.rounds;
	answer->arcs = work->arcs;
	for (size_t k = 0; k < work->n_parts; k++)
		free(e.left[k]);
	free(e.left);
	free(e.excluded);
	free(e.sent);
	free(e.served);
}
