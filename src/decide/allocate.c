/*
 * From the officer's numbers to whole ones, from the county to its parts, and back:
 *
 *	check -> take off what is locked -> parts (kinds tied by teams) -> arrival matrix of each part
 *	-> one limit for all: the worst arrival -> flow of each part -> explain
 *
 * The limit is one for all parts: the worst arrival of the whole answer is the second objective, so
 * a kind that could be there sooner may use the time that another one needs anyway, if that serves
 * the third.
 */
#include "decide/allocate_part.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int32_t
allocate_arrival(
    const struct allocate_problem *problem, size_t demand, size_t supply, const char **how)
{
	const struct supply *from = &problem->supplies[supply];
	const char *unused = NULL;
	double road =
	    problem->travel(problem->travel_context, from, &problem->demands[demand], &unused);
	double all = (road + from->ready_min) * PART_TICKS;

	if (how)
		*how = unused ? unused : "";
	if (!(road >= 0) || !(all <= PART_LONGEST))
		return PART_NEVER;
	return all > 0 ? (int32_t)(all + 0.5) : 0;
}

/* --- check ------------------------------------------------------------------------------------ */

static bool
check_demands(const struct allocate_problem *p, struct err *err)
{
	double least = HUGE_VAL, most = 0;

	if (p->n_kinds < 0)
		return err_set(err, ERR_INPUT, _("There is no kind %d."), p->n_kinds);
	for (size_t i = 0; i < p->n_demands; i++) {
		const struct demand *d = &p->demands[i];

		if (d->kind < 0 || d->kind >= p->n_kinds)
			return err_set(err, ERR_INPUT, _("There is no kind %d."), d->kind);
		if (d->amount < 0 || d->amount > PART_AMOUNT_MAX)
			return err_set(
			    err, ERR_INPUT, _("Need %zu: the amount must be 0 to 1e12."), i + 1);
		if (!(d->weight > 0) || !isfinite(d->weight))
			return err_set(
			    err, ERR_INPUT, _("Need %zu: the weight must be above 0."), i + 1);
		least = fmin(least, d->weight);
		most = fmax(most, d->weight);
	}
	if (p->n_demands && most / least > PART_WEIGHT_RATIO)
		return err_set(err, ERR_INPUT,
		    _("Weights differ too much: the largest may be 1024 times the smallest."));
	return true;
}

static bool
check_supplies(const struct allocate_problem *p, struct err *err)
{
	for (size_t i = 0; i < p->n_supplies; i++) {
		const struct supply *s = &p->supplies[i];

		if (s->kind < 0 || s->kind >= p->n_kinds)
			return err_set(err, ERR_INPUT, _("There is no kind %d."), s->kind);
		if (s->amount < 0 || s->amount > PART_AMOUNT_MAX)
			return err_set(
			    err, ERR_INPUT, _("Source %zu: the amount must be 0 to 1e12."), i + 1);
		if (!isfinite(s->ready_min) || s->team_group < 0)
			return err_set(err, ERR_INPUT,
			    _("Source %zu: the turn-out time or the team number is no number."),
			    i + 1);
	}
	return true;
}

static bool
check_pairs(const struct allocate_problem *p, struct err *err)
{
	for (size_t i = 0; i < p->n_pairs; i++) {
		const struct pair *r = &p->pairs[i];

		if (r->demand >= p->n_demands || r->supply >= p->n_supplies)
			return err_set(
			    err, ERR_INPUT, _("Pair %zu names no need or no source."), i + 1);
		if (r->amount < 0 || r->amount > PART_AMOUNT_MAX)
			return err_set(
			    err, ERR_INPUT, _("Pair %zu: the amount must be 0 to 1e12."), i + 1);
		if (r->rule == PAIR_LOCKED &&
		    p->demands[r->demand].kind != p->supplies[r->supply].kind)
			return err_set(err, ERR_INPUT,
			    _("Pair %zu: the source does not have what is needed there."), i + 1);
	}
	return true;
}

/* --- locks ------------------------------------------------------------------------------------ */

static bool
is_whole(const struct supply *s)
{
	return s->whole || s->team_group > 0;
}

/* The team is gone for good, with all it can do. */
static void
use_up_team(const struct allocate_problem *p, int64_t *left, size_t supply)
{
	int group = p->supplies[supply].team_group;

	left[supply] = 0;
	for (size_t i = 0; group > 0 && i < p->n_supplies; i++)
		if (p->supplies[i].team_group == group)
			left[i] = 0;
}

/* Take what the officer fixed off `left` and `need`, in the order given. */
static bool
take_locks(struct allocate_work *w, int64_t *left, int64_t *need, struct err *err)
{
	const struct allocate_problem *p = w->problem;

	w->locks = mem_zero(p->n_pairs + 1, sizeof(*w->locks));
	for (size_t i = 0; i < p->n_pairs; i++) {
		const struct pair *r = &p->pairs[i];
		int64_t amount = left[r->supply];

		if (r->rule != PAIR_LOCKED)
			continue;
		if (allocate_arrival(p, r->demand, r->supply, NULL) == PART_NEVER)
			return err_set(err, ERR_INPUT,
			    _("Pair %zu is fixed, but there is no way from it."), i + 1);
		if (is_whole(&p->supplies[r->supply])) {
			if (amount == 0 && p->supplies[r->supply].amount > 0)
				return err_set(err, ERR_INPUT,
				    _("Pair %zu: the team is fixed to another need already."),
				    i + 1);
			use_up_team(p, left, r->supply);
		} else {
			int64_t wanted = r->amount ? r->amount : need[r->demand];

			amount = amount < wanted ? amount : wanted;
			left[r->supply] -= amount;
		}
		if (amount == 0)
			continue;
		need[r->demand] -= amount < need[r->demand] ? amount : need[r->demand];
		w->locks[w->n_locks++] = (struct allocate_line){
		    .demand = r->demand, .supply = r->supply, .amount = amount, .locked = true};
	}
	return true;
}

/* --- parts ------------------------------------------------------------------------------------ */

static int
root_of(int *parent, int kind)
{
	while (parent[kind] != kind)
		kind = parent[kind] = parent[parent[kind]];
	return kind;
}

/* Supplies ordered by part, then team, so that a team's capabilities stand together. */
struct slot {
	size_t part, index;
	int group;
};

static int
by_part(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static int
by_group(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return (x->group > y->group) - (x->group < y->group);
}

/* Number the parts: kinds joined by teams. Gives part numbers of kinds. */
static size_t *
join_kinds(const struct allocate_problem *p, size_t *n_parts)
{
	int *parent = mem_alloc((size_t)(p->n_kinds + 1) * sizeof(*parent));
	size_t *part = mem_alloc((size_t)(p->n_kinds + 1) * sizeof(*part));
	struct slot *slots = mem_alloc((p->n_supplies + 1) * sizeof(*slots));
	size_t n = 0;

	for (int k = 0; k < p->n_kinds; k++)
		parent[k] = k;
	for (size_t i = 0; i < p->n_supplies; i++)
		if (p->supplies[i].team_group > 0)
			slots[n++] = (struct slot){0, i, p->supplies[i].team_group};
	qsort(slots, n, sizeof(*slots), by_group);
	for (size_t i = 1; i < n; i++)
		if (slots[i].group == slots[i - 1].group)
			parent[root_of(parent, p->supplies[slots[i].index].kind)] =
			    root_of(parent, p->supplies[slots[i - 1].index].kind);
	*n_parts = 0;
	for (int k = 0; k < p->n_kinds; k++)
		if (parent[k] == k)
			part[k] = (*n_parts)++;
	for (int k = 0; k < p->n_kinds; k++)
		part[k] = part[root_of(parent, k)];
	free(parent);
	free(slots);
	return part;
}

/* The smallest step of weights that leaves the costs in range: weights are exact to 1/step of the
 * lightest. */
static int64_t
weight_step(const struct allocate_problem *p)
{
	static const int64_t steps[] = {840, 60, 4, 1};
	size_t i = 0;

	for (; i + 1 < COUNT_OF(steps); i++) {
		double heaviest = PART_WEIGHT_RATIO * (double)steps[i];

		if ((double)part_shortage_price(p->n_demands, (int64_t)heaviest) * heaviest <
		    0x1p59)
			break;
	}
	return steps[i];
}

static int64_t
gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Integer weights in lowest terms. */
static int64_t *
whole_weights(const struct allocate_problem *p)
{
	int64_t *weight = mem_alloc((p->n_demands + 1) * sizeof(*weight)), common = 0;
	double least = HUGE_VAL, step = (double)weight_step(p);

	for (size_t i = 0; i < p->n_demands; i++)
		least = fmin(least, p->demands[i].weight);
	for (size_t i = 0; i < p->n_demands; i++) {
		weight[i] = (int64_t)(p->demands[i].weight / least * step + 0.5);
		common = gcd(weight[i], common);
	}
	for (size_t i = 0; i < p->n_demands; i++)
		weight[i] /= common;
	return weight;
}

static int
heaviest_first(const void *a, const void *b)
{
	const struct part_demand *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->demand > y->demand) - (x->demand < y->demand);
}

static void
put_demands(struct allocate_work *w, const size_t *kind_part, const int64_t *need)
{
	const struct allocate_problem *p = w->problem;
	int64_t *weight = whole_weights(p);

	for (size_t i = 0; i < p->n_demands; i++)
		w->parts[kind_part[p->demands[i].kind]].n_demands++;
	for (size_t k = 0; k < w->n_parts; k++) {
		w->parts[k].demands =
		    mem_zero(w->parts[k].n_demands + 1, sizeof(*w->parts[k].demands));
		w->parts[k].n_demands = 0;
	}
	for (size_t i = 0; i < p->n_demands; i++) {
		struct part *part = &w->parts[kind_part[p->demands[i].kind]];

		part->demands[part->n_demands++] = (struct part_demand){i, need[i], weight[i]};
	}
	for (size_t k = 0; k < w->n_parts; k++) {
		struct part *part = &w->parts[k];

		qsort(part->demands, part->n_demands, sizeof(*part->demands), heaviest_first);
		for (size_t d = 0; d < part->n_demands; d++) {
			w->demand_part[part->demands[d].demand] = k;
			w->demand_row[part->demands[d].demand] = d;
		}
	}
	free(weight);
}

static void
put_supply(
    struct allocate_work *w, size_t part_number, size_t index, const int64_t *left, bool same_team)
{
	struct part *part = &w->parts[part_number];
	const struct supply *s = &w->problem->supplies[index];
	struct part_source *source;

	if (!same_team)
		part->sources[part->n_sources++] = (struct part_source){.member = part->n_members};
	source = &part->sources[part->n_sources - 1];
	source->amount = left[index] > source->amount ? left[index] : source->amount;
	source->whole = source->whole || (is_whole(s) && s->amount > 1);
	part->has_whole = part->has_whole || source->whole;
	part->members[part->n_members++] = index;
	source->n_members++;
	w->supply_part[index] = part_number;
	w->supply_source[index] = part->n_sources - 1;
}

static void
put_supplies(struct allocate_work *w, const size_t *kind_part, const int64_t *left)
{
	const struct allocate_problem *p = w->problem;
	struct slot *slots = mem_alloc((p->n_supplies + 1) * sizeof(*slots));
	size_t n = 0;

	for (size_t i = 0; i < p->n_supplies; i++) {
		w->supply_part[i] = w->supply_source[i] = SIZE_MAX;
		if (!p->supplies[i].excluded && p->supplies[i].amount > 0)
			slots[n++] = (struct slot){
			    kind_part[p->supplies[i].kind], i, p->supplies[i].team_group};
	}
	qsort(slots, n, sizeof(*slots), by_part);
	for (size_t i = 0; i < n;) {
		struct part *part = &w->parts[slots[i].part];
		size_t end = i;

		while (end < n && slots[end].part == slots[i].part)
			end++;
		part->sources = mem_zero(end - i, sizeof(*part->sources));
		part->members = mem_zero(end - i, sizeof(*part->members));
		for (size_t at = i; at < end; at++)
			put_supply(w, slots[at].part, slots[at].index, left,
			    at > i && slots[at].group > 0 &&
				slots[at].group == slots[at - 1].group);
		i = end;
	}
	free(slots);
}

static void
fill_times(struct allocate_work *w, struct part *part)
{
	part->time = mem_alloc((part->n_demands * part->n_sources + 1) * sizeof(*part->time));
	part->flow = mem_zero(part->n_demands * part->n_sources + 1, sizeof(*part->flow));
	for (size_t d = 0; d < part->n_demands; d++) {
		int32_t *row = part->time + d * part->n_sources;

		for (size_t s = 0; s < part->n_sources; s++) {
			size_t supply = part_supply(w->problem, part, d, s);

			row[s] = PART_NEVER;
			if (supply == SIZE_MAX)
				continue;
			row[s] =
			    allocate_arrival(w->problem, part->demands[d].demand, supply, NULL);
			w->arcs++;
		}
	}
}

/* A forbidden pair is a way that does not exist; and of a pair fixed with an amount no more than
 * that is sent. */
static void
close_pairs(struct allocate_work *w)
{
	for (size_t i = 0; i < w->problem->n_pairs; i++) {
		const struct pair *r = &w->problem->pairs[i];
		struct part *part;

		if (r->rule == PAIR_FREE || (r->rule == PAIR_LOCKED && r->amount == 0))
			continue;
		if (w->supply_part[r->supply] == SIZE_MAX ||
		    w->supply_part[r->supply] != w->demand_part[r->demand])
			continue;
		part = &w->parts[w->demand_part[r->demand]];
		if (part_supply(w->problem, part, w->demand_row[r->demand],
			w->supply_source[r->supply]) == r->supply)
			part->time[w->demand_row[r->demand] * part->n_sources +
				   w->supply_source[r->supply]] = PART_NEVER;
	}
}

static void
make_parts(struct allocate_work *w, const int64_t *left, const int64_t *need)
{
	const struct allocate_problem *p = w->problem;
	size_t *kind_part = join_kinds(p, &w->n_parts);

	w->parts = mem_zero(w->n_parts + 1, sizeof(*w->parts));
	w->demand_part = mem_alloc((p->n_demands + 1) * sizeof(size_t));
	w->demand_row = mem_alloc((p->n_demands + 1) * sizeof(size_t));
	w->supply_part = mem_alloc((p->n_supplies + 1) * sizeof(size_t));
	w->supply_source = mem_alloc((p->n_supplies + 1) * sizeof(size_t));
	put_demands(w, kind_part, need);
	put_supplies(w, kind_part, left);
	for (size_t k = 0; k < w->n_parts; k++)
		fill_times(w, &w->parts[k]);
	close_pairs(w);
	free(kind_part);
}

/* --- solve ------------------------------------------------------------------------------------ */

static bool
has_work(const struct part *part)
{
	return part->n_demands > 0 && part->n_sources > 0;
}

static void
solve_parts(struct allocate_work *w)
{
	int32_t limit = 0;

	for (size_t i = 0; i < w->n_locks; i++) {
		int32_t t =
		    allocate_arrival(w->problem, w->locks[i].demand, w->locks[i].supply, NULL);

		limit = t > limit ? t : limit;
	}
	for (size_t k = 0; k < w->n_parts; k++) {
		struct part *part = &w->parts[k];

		if (has_work(part) && part->has_whole)
			part_whole_bottleneck(w->problem, part, &limit, &w->effort);
		else if (has_work(part))
			part_bottleneck(part, &limit);
	}
	for (size_t k = 0; k < w->n_parts; k++) {
		struct part *part = &w->parts[k];

		if (has_work(part) && part->has_whole)
			part_whole(w->problem, part, limit, &w->effort);
		else if (has_work(part))
			part_flow(part, limit, &w->effort);
	}
}

static void
work_clear(struct allocate_work *w)
{
	for (size_t k = 0; k < w->n_parts; k++) {
		free(w->parts[k].demands);
		free(w->parts[k].sources);
		free(w->parts[k].members);
		free(w->parts[k].time);
		free(w->parts[k].flow);
	}
	free(w->parts);
	free(w->demand_part);
	free(w->demand_row);
	free(w->supply_part);
	free(w->supply_source);
	free(w->locks);
}

bool
allocate_solve(
    const struct allocate_problem *problem, struct allocate_answer *answer, struct err *err)
{
	struct allocate_work w = {.problem = problem, .effort = {0, true}};
	int64_t *left, *need;
	bool ok;

	*answer = (struct allocate_answer){.proven = true};
	if (!check_demands(problem, err) || !check_supplies(problem, err) ||
	    !check_pairs(problem, err))
		return false;
	left = mem_alloc((problem->n_supplies + 1) * sizeof(*left));
	need = mem_alloc((problem->n_demands + 1) * sizeof(*need));
	for (size_t i = 0; i < problem->n_supplies; i++)
		left[i] = problem->supplies[i].amount;
	for (size_t i = 0; i < problem->n_demands; i++)
		need[i] = problem->demands[i].amount;
	ok = take_locks(&w, left, need, err);
	if (ok) {
		make_parts(&w, left, need);
		solve_parts(&w);
		allocate_explain(&w, answer);
	}
	free(left);
	free(need);
	work_clear(&w);
	return ok;
}

void
allocate_clear(struct allocate_answer *answer)
{
	free(answer->lines);
	free(answer->shortages);
	*answer = (struct allocate_answer){0};
}
