/*
 * Minimum-cost flow by a primal network simplex of our own: strongly feasible spanning trees (Cunningham 1976:
 * it cannot cycle) and block-search pricing (the candidate list of Grigoriadis, blocks of the square root of the arcs).
 * Whole numbers throughout, so the optimum is exact and flows are whole.
 *
 *	struct simplex *s = simplex_new(n);
 *	simplex_node(s, 0, 40, SIMPLEX_MUST); …      supply > 0 gives, < 0 takes
 *	arc = simplex_arc(s, from, to, SIMPLEX_NO_LIMIT, cost);
 *	if (simplex_solve(s) == SIMPLEX_OPTIMAL) use(simplex_flow(s, arc));
 *	simplex_free(s);
 *
 * Column generation: solve, price what was left out with simplex_potential, add arcs, solve again; the second
 * call goes on from the tree of the first. Lower bounds are 0 (shift them away). Numbers must stay in range
 * (asserted): nodes x the largest |cost| of an arc and every slack cost below 2^60, with SIMPLEX_MUST nodes also nodes x the
 * largest slack cost. Sums of supply stay below 2^62.
 */
#ifndef DECIDE_SIMPLEX_H
#define DECIDE_SIMPLEX_H

#include <stddef.h>
#include <stdint.h>

struct simplex;

/* Capacity of an arc without one. */
#define SIMPLEX_NO_LIMIT INT64_MAX
/* Slack cost of a node whose supply must be used up, or whose demand must be met. */
#define SIMPLEX_MUST INT64_C(-1)

enum simplex_status { SIMPLEX_OPTIMAL, SIMPLEX_INFEASIBLE, SIMPLEX_UNBOUNDED };

struct simplex *simplex_new(size_t n_nodes);
void simplex_free(struct simplex *s);

/*
 * Supply of a node (0 when never called) and what each unit costs that stays unused or unserved there: >= 0, or SIMPLEX_MUST.
 * Before the first solve only.
 */
void simplex_node(struct simplex *s, size_t node, int64_t supply, int64_t slack_cost);
/*
 * Add an arc; gives its number, 0 for the first. capacity >= 0. After a solve an arc may be added that costs no
 * more than the costliest before it, or anything when no node is SIMPLEX_MUST.
 */
size_t simplex_arc(struct simplex *s, size_t from, size_t to, int64_t capacity, int64_t cost);
/*
 * A hint before the first solve: begin with the whole supply of the arc's start sent over this arc. Taken when the node
 * at its end needs more than that. A good start saves half of the pivots.
 */
void simplex_begin(struct simplex *s, size_t arc);

enum simplex_status simplex_solve(struct simplex *s) __attribute__((warn_unused_result));

/* Of the last solve. */
int64_t simplex_flow(const struct simplex *s, size_t arc);
/* Units of the node's supply or demand that stayed unused or unserved (>= 0). */
int64_t simplex_slack(const struct simplex *s, size_t node);
/*
 * Node price. An arc from u to v that was left out would improve the solution if and only if
 * cost + potential(u) - potential(v) < 0.
 */
int64_t simplex_potential(const struct simplex *s, size_t node);
/* Total cost of arcs and slack; INT64_MAX or INT64_MIN when it does not fit. */
int64_t simplex_cost(const struct simplex *s);
/* Pivots made since the beginning, for benchmarks. */
size_t simplex_pivots(const struct simplex *s);

#endif
