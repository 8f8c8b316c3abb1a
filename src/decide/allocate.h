/*
 * Which teams and which stores go where. An exact optimum of the county's allocation problem: incidents ask
 * for amounts of kinds (a class of goods, a capability of teams), sources hold amounts of kinds and need a time
 * to arrive. Objectives in order: (1) least weighted shortage, (2) least worst arrival of the whole answer, (3) least
 * weighted arrival time. Solved by a threshold search for (2) and a primal network simplex of our own
 * (decide/simplex.h) with column generation for (1) and (3); without teams that tie them together the kinds are separate
 * transportation problems.
 *
 * Exact means: for arrivals rounded to 1/100 minute and weights to 1/840 of the lightest (coarser, down to whole multiples of
 * it, only with thousands of needs of wide-spread weights). 30000 minutes and more count as no way.
 *
 * Teams. A team of one unit (amount 1: "one team") is exact at any size, with any number of capabilities: it is one node
 * that may serve any need it is able for. Whole teams of several units (30 people who go together) make a knapsack of
 * their kinds: branch and bound, exact while a search stays within 20,000 nodes and 4 million nodes x pairs (16 teams x 3
 * needs and 10 x 4 always did in the tests); past that the best plan found is given and `proven` is false.
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
	bool whole;          /* a team: all or nothing, one demand only, even if that needs less */
	int team_group;      /* supplies of the same team with different capabilities share a number > 0 (and are whole);
	                      * 0 alone */
	const char *excluded; /* why it may not be used (出动中, 资质不符, 留底, 道路封闭), NULL when it may */
	double lon, lat;
	double ready_min;    /* minutes until it can leave: turn-out, loading */
};

enum pair_rule { PAIR_FREE, PAIR_LOCKED, PAIR_FORBIDDEN };

/*
 * A pair the officer fixed or ruled out. Locks are taken first, in the order given, and go over `excluded`: the officer decides.
 * amount is for a lock on goods: exactly that much, or what there is; 0 = as much as is needed. A team goes whole.
 */
struct pair {
	size_t demand, supply; /* indexes */
	enum pair_rule rule;
	int64_t amount;
};

/*
 * Minutes on the road from supply to demand; negative: cannot get there. *how gets a literal that says how it was
 * computed ("路网", "直线估算 ±50%"). Called once for each pair of a kind, and a few times more for each line of the answer.
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
	/*
	 * Who would do it otherwise, and what it would cost: the earliest that has the whole amount left over; when there is none
	 * that has anything left; when there is none that is sent elsewhere now. SIZE_MAX when nobody could.
	 */
	size_t runner_up;
	double penalty_min;    /* the runner-up arrives this much later (negative: earlier but needed elsewhere) */
	/* The nearest source that a rule or a forbidden pair excluded and that would be earlier; SIZE_MAX none. */
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
	bool proven;                      /* the optimum is proven: every pair was priced, every search finished */
	int rounds;                       /* of column generation, over all kinds */
	size_t arcs;                      /* looked at */
};

/*
 * Solve. False only for a malformed problem: an index out of range, a negative amount, a weight that is not above 0 or over 1024
 * times the lightest, a lock on a pair of different kinds or without a way, a team locked to two needs.
 */
bool allocate_solve(const struct allocate_problem *problem, struct allocate_answer *answer,
    struct err *err) __attribute__((warn_unused_result));
void allocate_clear(struct allocate_answer *answer);

#endif
