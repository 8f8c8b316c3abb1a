/*
 * Inside of decide/allocate: one part of the problem, that is the kinds that are tied to each other by teams
 * with several capabilities, in whole numbers. Everything is exact on them: arrivals in 1/100 minute, weights as
 * integers in lowest terms (1/840 of the smallest weight at most).
 */
#ifndef DECIDE_ALLOCATE_PART_H
#define DECIDE_ALLOCATE_PART_H

#include "decide/allocate.h"

/* 1/100 minute. PART_NEVER: cannot get there, or may not. The longest arrival is 30000 minutes. */
#define PART_TICKS 100.0
#define PART_NEVER INT32_MAX
#define PART_LONGEST (30000 * 100)

/* Most of an amount; the largest weight over the smallest. */
#define PART_AMOUNT_MAX INT64_C(1000000000000)
#define PART_WEIGHT_RATIO 1024.0

#define PART_NEAREST 24   /* candidates a demand begins with */
#define PART_MORE 128   /* added to a demand in a round at most */

struct part_demand {
	size_t demand;        /* index in the problem */
	int64_t need, weight; /* what locks left over */
};

/* A supply, or a team with all its capabilities. */
struct part_source {
	int64_t amount;       /* the largest of its supplies, less what is locked; 0 for a locked team */
	bool whole;           /* goes all or nothing, and is more than one unit */
	size_t member, n_members; /* its supplies: part->members[member], then n_members of them */
};

/* Matrices have n_demands rows of n_sources. */
struct part {
	struct part_demand *demands; /* heaviest first */
	size_t n_demands;
	struct part_source *sources;
	size_t n_sources;
	size_t *members, n_members;  /* supply indexes */
	int32_t *time;        /* arrival, PART_NEVER where there is no way or no leave */
	int64_t *flow;        /* the answer */
	bool has_whole;
};

struct part_effort {
	int rounds;           /* of column generation */
	bool proven;          /* false once a search was cut short */
};

/*
 * What a missing unit of weight 1 costs in weighted ticks: more than any rearrangement could gain, so that
 * shortage comes first.
 */
int64_t part_shortage_price(size_t n_demands, int64_t heaviest);

/* The supply by which a source serves a demand; SIZE_MAX when it has none of the kind. */
static inline size_t
part_supply(const struct allocate_problem *problem, const struct part *p, size_t demand, size_t source)
{
	int kind = problem->demands[p->demands[demand].demand].kind;
	const struct part_source *s = &p->sources[source];

	for (size_t i = 0; i < s->n_members; i++)
		if (problem->supplies[p->members[s->member + i]].kind == kind)
			return p->members[s->member + i];
	return SIZE_MAX;
}

/* Raise *limit to the least worst arrival at which the part's least weighted shortage can be kept. */
void part_bottleneck(const struct part *p, int32_t *limit);
/* Least weighted shortage, then least weighted arrival, with arrivals up to `limit`. Fills p->flow. */
void part_flow(struct part *p, int32_t limit, struct part_effort *effort);

/* The same two for parts with whole teams of several units (p->has_whole): branch and bound. */
void part_whole_bottleneck(const struct allocate_problem *problem, const struct part *p, int32_t *limit,
    struct part_effort *effort);
void part_whole(const struct allocate_problem *problem, struct part *p, int32_t limit,
    struct part_effort *effort);

/* --- the whole problem in parts (allocate.c), as allocate_explain.c reads it ---------------------------- */

struct allocate_work {
	const struct allocate_problem *problem;
	struct part *parts;
	size_t n_parts;
	size_t *demand_part, *demand_row;      /* of each demand */
	size_t *supply_part, *supply_source;   /* of each supply; SIZE_MAX when it is excluded or empty */
	struct allocate_line *locks;           /* what the officer fixed; demand, supply, amount are set */
	size_t n_locks;
	struct part_effort effort;
	size_t arcs;
};

/* Ticks of ready + road, or PART_NEVER. `how` may be NULL. */
int32_t allocate_arrival(const struct allocate_problem *problem, size_t demand, size_t supply, const char **how);
/* Lines, shortages and totals out of the flows and locks. */
void allocate_explain(const struct allocate_work *work, struct allocate_answer *answer);

#endif
