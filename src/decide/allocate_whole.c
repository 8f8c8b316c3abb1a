/*
 * Parts with whole teams of several units (30 people who go together). Which of them go where is a
 * knapsack kind of question, so: branch and bound, depth first. The bound is the network flow in
 * which free teams may be split; it compares (weighted shortage, weighted arrival) as a pair. Every
 * node also gives a plan: each split team goes where most of it went.
 *
 * A search looks at WHOLE_NODES nodes at most, fewer in large parts (nodes x pairs <= WHOLE_WORK:
 * about half a second). Within that the answer is exact; past it the best plan found stands and the
 * answer is not called proven.
 */
#include "decide/allocate_part.h"

#include "base/mem.h"
#include "decide/simplex.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_NODES 20000
#define WHOLE_NODES_MIN 50
#define WHOLE_WORK 4000000

/* Where a team is fixed: FREE, UNUSED, or a demand. */
#define FREE SIZE_MAX
#define UNUSED (SIZE_MAX - 1)

struct value {
	__int128 shortage, minutes; /* weighted; ticks */
};

struct search {
	const struct allocate_problem *problem;
	const struct part *p;
	int32_t limit;
	bool by_minutes; /* false: only the shortage counts */
	__int128 enough; /* stop once the shortage is down to this (by_minutes false) */
	size_t *fixed;	 /* of each source */
	struct value best;
	int64_t *best_flow; /* n_demands rows of n_sources */
	size_t nodes, max_nodes;
	bool cut;
};

static int64_t
team_amount(const struct search *s, size_t demand, size_t source)
{
	return s->problem->supplies[part_supply(s->problem, s->p, demand, source)].amount;
}

static bool
in_time(const struct search *s, size_t demand, size_t source)
{
	return s->p->time[demand * s->p->n_sources + source] <= s->limit &&
	       s->p->sources[source].amount > 0;
}

static bool
less(struct value a, struct value b)
{
	return a.shortage < b.shortage || (a.shortage == b.shortage && a.minutes < b.minutes);
}

static __int128
ticks(const struct search *s, size_t demand, size_t source, int64_t amount)
{
	return s->by_minutes ? (__int128)s->p->demands[demand].weight * amount *
				   s->p->time[demand * s->p->n_sources + source]
			     : 0;
}

/* The flow with what is fixed fixed and free teams divisible. Fills `flow`; gives its value: a
 * lower bound. */
static struct value
relax(const struct search *s, int64_t *flow)
{
	const struct part *p = s->p;
	struct simplex *net = simplex_new(p->n_sources + p->n_demands);
	int64_t missing =
	    s->by_minutes ? part_shortage_price(p->n_demands, p->demands[0].weight) : 1;
	size_t *arc = mem_alloc(p->n_sources * p->n_demands * sizeof(*arc));
	struct value v = {0, 0};
	enum simplex_status status;

	memset(flow, 0, p->n_sources * p->n_demands * sizeof(*flow));
	for (size_t i = 0; i < p->n_sources; i++)
		simplex_node(net, i, s->fixed[i] == FREE ? p->sources[i].amount : 0, 0);
	for (size_t d = 0; d < p->n_demands; d++) {
		int64_t need = p->demands[d].need, weight = p->demands[d].weight;

		for (size_t i = 0; i < p->n_sources; i++) {
			size_t at = d * p->n_sources + i;

			arc[at] = SIZE_MAX;
			if (s->fixed[i] == d) {
				flow[at] = team_amount(s, d, i);
				need -= flow[at];
			} else if (s->fixed[i] == FREE && in_time(s, d, i))
				arc[at] = simplex_arc(net, i, p->n_sources + d,
				    p->sources[i].whole ? team_amount(s, d, i) : SIMPLEX_NO_LIMIT,
				    s->by_minutes ? weight * p->time[at] : 0);
		}
		simplex_node(net, p->n_sources + d, need > 0 ? -need : 0, weight * missing);
	}
	status = simplex_solve(net);
	assert(status == SIMPLEX_OPTIMAL);
	(void)status;
	for (size_t d = 0; d < p->n_demands; d++) {
		v.shortage += (__int128)p->demands[d].weight * simplex_slack(net, p->n_sources + d);
		for (size_t i = 0; i < p->n_sources; i++) {
			size_t at = d * p->n_sources + i;

			if (arc[at] != SIZE_MAX)
				flow[at] = simplex_flow(net, arc[at]);
			v.minutes += ticks(s, d, i, flow[at]);
		}
	}
	free(arc);
	simplex_free(net);
	return v;
}

/* The demand to which most of the source goes; SIZE_MAX none. *split: it goes to more than one, or
 * not all of it goes. */
static size_t
main_demand(const struct search *s, const int64_t *flow, size_t source, bool *split)
{
	size_t most = SIZE_MAX, n = 0;

	for (size_t d = 0; d < s->p->n_demands; d++) {
		int64_t f = flow[d * s->p->n_sources + source];

		if (f == 0)
			continue;
		n++;
		if (most == SIZE_MAX || f > flow[most * s->p->n_sources + source])
			most = d;
	}
	*split = n > 1 ||
		 (n == 1 && flow[most * s->p->n_sources + source] < team_amount(s, most, source));
	return most;
}

/* Make a plan of a relaxed flow and keep it when it is the best so far. */
static void
round_up(struct search *s, const int64_t *relaxed)
{
	const struct part *p = s->p;
	size_t cells = p->n_sources * p->n_demands;
	int64_t *flow = mem_alloc(cells * sizeof(*flow));
	struct value v = {0, 0};

	memcpy(flow, relaxed, cells * sizeof(*flow));
	for (size_t i = 0; i < p->n_sources; i++) {
		bool split;
		size_t d;

		if (!p->sources[i].whole || s->fixed[i] != FREE)
			continue;
		d = main_demand(s, relaxed, i, &split);
		for (size_t other = 0; other < p->n_demands; other++)
			flow[other * p->n_sources + i] = other == d ? team_amount(s, d, i) : 0;
	}
	for (size_t d = 0; d < p->n_demands; d++) {
		int64_t need = p->demands[d].need;

		for (size_t i = 0; i < p->n_sources; i++) {
			need -= flow[d * p->n_sources + i];
			v.minutes += ticks(s, d, i, flow[d * p->n_sources + i]);
		}
		v.shortage += need > 0 ? (__int128)p->demands[d].weight * need : 0;
	}
	if (less(v, s->best)) {
		s->best = v;
		memcpy(s->best_flow, flow, cells * sizeof(*flow));
	}
	free(flow);
}

/* The team to decide next: the largest that is split; SIZE_MAX when the relaxed flow is a plan. */
static size_t
split_team(const struct search *s, const int64_t *flow)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < s->p->n_sources; i++) {
		bool split;

		if (!s->p->sources[i].whole || s->fixed[i] != FREE)
			continue;
		(void)main_demand(s, flow, i, &split);
		if (split &&
		    (found == SIZE_MAX || s->p->sources[i].amount > s->p->sources[found].amount))
			found = i;
	}
	return found;
}

static bool
finished(const struct search *s)
{
	return s->cut || (!s->by_minutes && s->best.shortage <= s->enough);
}

static void
branch(struct search *s)
{
	const struct part *p = s->p;
	int64_t *flow;
	struct value bound;
	size_t team, first;
	bool split;

	if (++s->nodes > s->max_nodes) {
		s->cut = true;
		return;
	}
	flow = mem_alloc(p->n_sources * p->n_demands * sizeof(*flow));
	bound = relax(s, flow);
	if (less(bound, s->best)) {
		round_up(s, flow);
		team = split_team(s, flow);
		if (team != SIZE_MAX) {
			first = main_demand(s, flow, team, &split);
			s->fixed[team] = first;
			branch(s);
			for (size_t d = 0; d < p->n_demands && !finished(s); d++) {
				if (d == first || !in_time(s, d, team))
					continue;
				s->fixed[team] = d;
				branch(s);
			}
			s->fixed[team] = UNUSED;
			if (!finished(s))
				branch(s);
			s->fixed[team] = FREE;
		}
	}
	free(flow);
}

/* Search from the top. Fills s->best and, when out is given, the flow. */
static void
run(struct search *s, int64_t *out, struct part_effort *effort)
{
	const struct part *p = s->p;
	size_t cells = p->n_sources * p->n_demands;
	__int128 huge = (__int128)1 << 120;

	s->max_nodes = WHOLE_WORK / (cells + 1);
	s->max_nodes = s->max_nodes > WHOLE_NODES ? WHOLE_NODES : s->max_nodes;
	s->max_nodes = s->max_nodes < WHOLE_NODES_MIN ? WHOLE_NODES_MIN : s->max_nodes;
	s->nodes = 0;
	s->cut = false;
	s->best = (struct value){huge, huge};
	s->fixed = mem_alloc((p->n_sources + 1) * sizeof(*s->fixed));
	for (size_t i = 0; i < p->n_sources; i++)
		s->fixed[i] = FREE;
	s->best_flow = mem_zero(cells + 1, sizeof(*s->best_flow));
	branch(s);
	if (s->cut)
		effort->proven = false;
	if (out)
		memcpy(out, s->best_flow, cells * sizeof(*out));
	free(s->fixed);
	free(s->best_flow);
}

static __int128
least_shortage(const struct allocate_problem *problem, const struct part *p, int32_t limit,
    __int128 enough, struct part_effort *effort)
{
	struct search s = {.problem = problem, .p = p, .limit = limit, .enough = enough};

	run(&s, NULL, effort);
	return s.best.shortage;
}

static int
by_time(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

void
part_whole_bottleneck(const struct allocate_problem *problem, const struct part *p, int32_t *limit,
    struct part_effort *effort)
{
	size_t cells = p->n_sources * p->n_demands, n = 0, low = 0, high;
	int32_t *times = mem_alloc((cells + 1) * sizeof(*times));
	__int128 least = least_shortage(problem, p, PART_LONGEST, 0, effort);

	times[n++] = *limit;
	for (size_t i = 0; i < cells; i++)
		if (p->time[i] > *limit && p->time[i] != PART_NEVER)
			times[n++] = p->time[i];
	qsort(times, n, sizeof(*times), by_time);
	high = n - 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (least_shortage(problem, p, times[middle], least, effort) <= least)
			high = middle;
		else
			low = middle + 1;
	}
	*limit = times[low];
	free(times);
}

void
part_whole(const struct allocate_problem *problem, struct part *p, int32_t limit,
    struct part_effort *effort)
{
	struct search s = {.problem = problem, .p = p, .limit = limit, .by_minutes = true};

	run(&s, p->flow, effort);
}
