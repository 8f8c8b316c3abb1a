/*
 * Which teams and which stores go where. An exact optimum of the county's allocation problem: incidents ask
 * for amounts of kinds (a class of goods, a capability of teams), sources hold amounts of kinds and need a time
 * to arrive. Objectives in order: (1) least weighted shortage, (2) least worst arrival, (3) least weighted
 * arrival time. Solved by a primal network simplex of our own (decide/simplex.h) with column generation;
 * without coupling between kinds the problem splits into one transportation problem a kind. A team is
 * one unit that serves one demand; a team with several capabilities couples kinds and is handled exactly
 * within its component or, past a stated size, by a documented rule.
 *
 * The answer explains itself: for each line how good it is among the candidates, what would come instead and at
 * what cost, what excluded the nearer ones, and what is short.
 */
#ifndef DECIDE_ALLOCATE_H
#define DECIDE_ALLOCATE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place where something is needed. */
struct demand {
	int64_t incident;    /* ids are the caller's; the solver only carries them */
	int kind;            /* index 0..n_kinds-1 */
	int64_t amount;      /* whole units (pieces, persons, vehicles, kg) */
	double weight;       /* priority 1, 2, 4, 8 …: how much a missing unit and a minute matter */
	double lon, lat;
};

/* A source of one kind: a stock row of a store, or a team with one capability. */
struct supply {
	int64_t source;      /* depot or team id */
	int kind;
	int64_t amount;      /* available now, reservations and 留底 already taken off */
	bool whole;          /* a team: all or nothing, one demand only */
	int team_group;      /* supplies of the same team with different capabilities share a number > 0; 0 alone */
	const char *excluded; /* why it may not be used (出动中, 资质不符, 留底, 道路封闭), NULL when it may */
	double lon, lat;
	double ready_min;    /* minutes until it can leave: turn-out, loading */
};

enum pair_rule { PAIR_FREE, PAIR_LOCKED, PAIR_FORBIDDEN };

/* A pair the officer fixed or ruled out. amount only matters for a lock; 0 = as much as is useful. */
struct pair {
	size_t demand, supply; /* indexes */
	enum pair_rule rule;
	int64_t amount;
};

/*
 * Minutes on the road from supply to demand; negative: cannot get there. *how gets a literal that says how it was
 * computed ("路网", "直线估算 ±50%"). Called once for each pair that is looked at, so it may be costly.
 */
typedef double (*allocate_travel_fn)(void *context, const struct supply *from, const struct demand *to,
    const char **how);

struct allocate_problem {
	const struct demand *demands;
	size_t n_demands;
	const struct supply *supplies;
	size_t n_supplies;
	int n_kinds;
	const struct pair *pairs;
	size_t n_pairs;
	allocate_travel_fn travel;
	void *travel_context;
};

struct allocate_line {
	size_t demand, supply;
	int64_t amount;
	int64_t remains;       /* at the source afterwards */
	double arrival_min;    /* ready + road */
	const char *how;       /* how the road time was computed */
	size_t rank, candidates; /* by arrival among usable sources of the kind */
	bool locked;
	/* Who would do it otherwise, and what it would cost; runner_up == SIZE_MAX when nobody could. */
	size_t runner_up;
	double penalty_min;    /* the runner-up arrives this much later (negative: earlier but needed elsewhere) */
	/* The nearest source that a rule excluded and that would have been earlier; SIZE_MAX when there is none. */
	size_t nearer_excluded;
	size_t n_nearer_excluded;
};

struct allocate_shortage {
	size_t demand;
	int64_t amount;
};

struct allocate_answer {
	struct allocate_line *lines;      /* sorted by demand, then arrival */
	size_t n_lines;
	struct allocate_shortage *shortages;
	size_t n_shortages;
	double worst_arrival_min;         /* 0 when nothing is sent */
	double weighted_minutes;          /* sum of weight x amount x arrival */
	double weighted_shortage;
	bool proven;                      /* the optimum is proven (dual gap zero) */
	int rounds;                       /* of column generation, over all kinds */
	size_t arcs;                      /* looked at */
};

/* Solve. False only for a malformed problem (index out of range, negative amount). */
bool allocate_solve(const struct allocate_problem *problem, struct allocate_answer *answer,
    struct err *err) __attribute__((warn_unused_result));
void allocate_clear(struct allocate_answer *answer);

#endif
