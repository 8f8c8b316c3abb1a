/*
 * The network simplex. Node n is the root; each node has a slack arc to or from it (arcs 0..n-1),
 * which makes the first tree: a supplier sends all it has to the root, a taker gets all it needs
 * from there. Real arcs follow.
 *
 *	            root
 *	           /  | ^
 *	    taker v   v  \ supplier
 *
 * Every node of the tree can send something up to the root without meeting a bound: it is "strongly
 * feasible", and the rule for the leaving arc keeps it so.
 *
 * The tree is kept as child lists (first, next, prev) with depths. LEMON's thread index saves about
 * a fifth of the time on netgen_8_13a, where trees are deep; on transportation problems, whose
 * trees are flat, nothing.
 */
#include "decide/simplex.h"

#include "base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define NONE UINT32_MAX

/* What pricing sees. The slack of a MUST node that has left the tree stays IN_TREE: it never comes
 * back. */
enum arc_state { AT_UPPER = -1, IN_TREE = 0, AT_LOWER = 1 };

struct arc {
	uint32_t from, to;
	int64_t cost;
};

struct node {
	uint32_t parent, first, next, prev; /* the tree; NONE none */
	uint32_t depth;
	uint32_t arc; /* to the parent */
	bool up;      /* that arc leads from here to the parent */
};

struct simplex {
	size_t n;	    /* nodes without the root */
	struct node *nodes; /* n + 1, the root last */
	int64_t *potential; /* n + 1; apart, because pricing reads nothing else of a node */
	struct arc *arcs;   /* slack arcs, then the caller's */
	int64_t *capacity, *flow;
	int8_t *state; /* enum arc_state */
	size_t n_arcs, room, room_capacity, room_flow, room_state;
	int64_t *supply, *slack_cost; /* n each */
	uint32_t *begin;	      /* n: the arc each supply begins on, NONE the slack */
	bool started;		      /* the first tree stands */
	size_t search;		      /* where pricing goes on */
	size_t pivots;
};

static void
push_arc(struct simplex *s, size_t from, size_t to, int64_t capacity, int64_t cost)
{
	mem_grow(&s->arcs, &s->room, s->n_arcs);
	mem_grow(&s->capacity, &s->room_capacity, s->n_arcs);
	mem_grow(&s->flow, &s->room_flow, s->n_arcs);
	mem_grow(&s->state, &s->room_state, s->n_arcs);
	s->arcs[s->n_arcs] = (struct arc){(uint32_t)from, (uint32_t)to, cost};
	s->capacity[s->n_arcs] = capacity;
	s->flow[s->n_arcs] = 0;
	s->state[s->n_arcs++] = AT_LOWER;
}

struct simplex *
simplex_new(size_t n_nodes)
{
	struct simplex *s = mem_zero(1, sizeof(*s));

	assert(n_nodes < NONE - 1);
	s->n = n_nodes;
	s->nodes = mem_zero(n_nodes + 1, sizeof(*s->nodes));
	s->potential = mem_zero(n_nodes + 1, sizeof(*s->potential));
	s->supply = mem_zero(n_nodes + 1, sizeof(*s->supply));
	s->slack_cost = mem_zero(n_nodes + 1, sizeof(*s->slack_cost));
	s->begin = mem_alloc((n_nodes + 1) * sizeof(*s->begin));
	for (size_t i = 0; i < n_nodes; i++) {
		s->slack_cost[i] = SIMPLEX_MUST;
		s->begin[i] = NONE;
		push_arc(s, i, n_nodes, SIMPLEX_NO_LIMIT, 0);
	}
	return s;
}

void
simplex_free(struct simplex *s)
{
	if (!s)
		return;
	free(s->nodes);
	free(s->potential);
	free(s->arcs);
	free(s->capacity);
	free(s->flow);
	free(s->state);
	free(s->begin);
	free(s->supply);
	free(s->slack_cost);
	free(s);
}

void
simplex_node(struct simplex *s, size_t node, int64_t supply, int64_t slack_cost)
{
	assert(node < s->n && !s->started && (slack_cost >= 0 || slack_cost == SIMPLEX_MUST));
	s->supply[node] = supply;
	s->slack_cost[node] = slack_cost;
}

size_t
simplex_arc(struct simplex *s, size_t from, size_t to, int64_t capacity, int64_t cost)
{
	assert(from < s->n && to < s->n && capacity >= 0);
	push_arc(s, from, to, capacity, cost);
	return s->n_arcs - s->n - 1;
}

void
simplex_begin(struct simplex *s, size_t arc)
{
	assert(!s->started && arc + s->n < s->n_arcs);
	s->begin[s->arcs[arc + s->n].from] = (uint32_t)(arc + s->n);
}

static void
detach(struct simplex *s, uint32_t i)
{
	struct node *n = &s->nodes[i];

	if (n->prev != NONE)
		s->nodes[n->prev].next = n->next;
	else
		s->nodes[n->parent].first = n->next;
	if (n->next != NONE)
		s->nodes[n->next].prev = n->prev;
}

static void
attach(struct simplex *s, uint32_t i, uint32_t parent, uint32_t arc, bool up)
{
	struct node *n = &s->nodes[i];

	n->parent = parent;
	n->arc = arc;
	n->up = up;
	n->prev = NONE;
	n->next = s->nodes[parent].first;
	if (n->next != NONE)
		s->nodes[n->next].prev = i;
	s->nodes[parent].first = i;
}

/* The largest |cost| of the caller's arcs; asserts that no sum of costs can overflow. */
static int64_t
check_range(const struct simplex *s)
{
	int64_t most = 0, slack = 0;

	for (size_t a = s->n; a < s->n_arcs; a++)
		if (most < llabs(s->arcs[a].cost))
			most = llabs(s->arcs[a].cost);
	for (size_t i = 0; i < s->n; i++)
		if (slack < s->slack_cost[i])
			slack = s->slack_cost[i];
	assert(slack < INT64_C(1) << 60);
	assert(most < (INT64_C(1) << 60) / (int64_t)(s->n + 1));
	return most < slack ? slack : most;
}

/*
 * Hang supplier i under the taker at the end of `arc`, when that leaves the taker with a need of
 * its own: its slack flow must stay positive, so that the tree stays strongly feasible.
 */
static void
begin_on(struct simplex *s, uint32_t i, uint32_t arc)
{
	uint32_t to = s->arcs[arc].to;
	int64_t supply = s->supply[i];

	if (supply <= 0 || s->supply[to] >= 0 || s->flow[to] <= supply ||
	    s->capacity[arc] <= supply)
		return;
	detach(s, i);
	attach(s, i, to, arc, true);
	s->state[arc] = IN_TREE;
	s->state[i] = s->slack_cost[i] == SIMPLEX_MUST ? IN_TREE : AT_LOWER;
	s->flow[arc] = supply;
	s->flow[i] = 0;
	s->flow[to] -= supply;
	s->nodes[i].depth = 2;
	s->potential[i] = s->potential[to] - s->arcs[arc].cost;
}

/*
 * The first tree. A node that takes has a positive flow on its slack arc from the root, any other
 * node an arc without limit to the root: both can send something up.
 */
static void
first_tree(struct simplex *s)
{
	uint32_t root = (uint32_t)s->n;
	/* Above every path, for slack that must end at nothing. */
	int64_t must = (check_range(s) + 1) * (int64_t)(s->n + 1);

	s->nodes[root] = (struct node){NONE, NONE, NONE, NONE, 0, NONE, false};
	for (uint32_t i = 0; i < s->n; i++) {
		bool up = s->supply[i] >= 0;
		struct arc *a = &s->arcs[i];

		a->from = up ? i : root;
		a->to = up ? root : i;
		a->cost = s->slack_cost[i] == SIMPLEX_MUST ? must : s->slack_cost[i];
		s->flow[i] = up ? s->supply[i] : -s->supply[i];
		s->state[i] = IN_TREE;
		s->nodes[i] = (struct node){NONE, NONE, NONE, NONE, 1, NONE, false};
		s->potential[i] = up ? -a->cost : a->cost;
		attach(s, i, root, i, up);
	}
	for (uint32_t i = 0; i < s->n; i++)
		if (s->begin[i] != NONE)
			begin_on(s, i, s->begin[i]);
	s->started = true;
}

/* Block search: the worst arc of the first block that has one; n_arcs when none is left. */
static size_t
entering(struct simplex *s)
{
	size_t block = (size_t)sqrt((double)s->n_arcs), left, best = s->n_arcs, a = s->search;
	int64_t least = 0;

	block = block < 20 ? 20 : block;
	left = block;
	for (size_t seen = 0; seen < s->n_arcs; seen++, a++) {
		int64_t reduced;

		if (a >= s->n_arcs)
			a = 0;
		reduced =
		    s->arcs[a].cost + s->potential[s->arcs[a].from] - s->potential[s->arcs[a].to];
		reduced *= s->state[a];
		if (reduced < least) {
			least = reduced;
			best = a;
		}
		if (--left == 0) {
			if (best < s->n_arcs)
				break;
			left = block;
		}
	}
	s->search = a;
	return best;
}

static uint32_t
join_of(const struct simplex *s, uint32_t u, uint32_t v)
{
	while (u != v) {
		if (s->nodes[u].depth >= s->nodes[v].depth)
			u = s->nodes[u].parent;
		else
			v = s->nodes[v].parent;
	}
	return u;
}

/* How much more fits on the tree arc of node i, in the direction to its parent or from it. */
static int64_t
room_on(const struct simplex *s, uint32_t i, bool to_parent)
{
	uint32_t a = s->nodes[i].arc;

	if (s->nodes[i].up != to_parent)
		return s->flow[a];
	return s->capacity[a] == SIMPLEX_NO_LIMIT ? SIMPLEX_NO_LIMIT : s->capacity[a] - s->flow[a];
}

struct pivot {
	uint32_t arc, join;
	uint32_t first, second; /* ends of the entering arc in the direction of the change */
	uint32_t out;	/* the node whose tree arc leaves; NONE: the entering arc goes from bound to
			   bound */
	bool out_first; /* on the first's side */
	int64_t change;
};

/*
 * Of the arcs that stop the change the last one on the cycle, walked from the join in the direction
 * of the change: that keeps the tree strongly feasible.
 */
static void
leaving(const struct simplex *s, struct pivot *p)
{
	p->change = s->capacity[p->arc];
	p->out = NONE;
	for (uint32_t i = p->first; i != p->join; i = s->nodes[i].parent) {
		int64_t room = room_on(s, i, false);

		if (room < p->change) {
			p->change = room;
			p->out = i;
			p->out_first = true;
		}
	}
	for (uint32_t i = p->second; i != p->join; i = s->nodes[i].parent) {
		int64_t room = room_on(s, i, true);

		if (room <= p->change) {
			p->change = room;
			p->out = i;
			p->out_first = false;
		}
	}
}

static void
push_flow(struct simplex *s, const struct pivot *p)
{
	if (p->change == 0)
		return;
	s->flow[p->arc] += s->state[p->arc] * p->change;
	for (uint32_t i = p->first; i != p->join; i = s->nodes[i].parent)
		s->flow[s->nodes[i].arc] += s->nodes[i].up ? -p->change : p->change;
	for (uint32_t i = p->second; i != p->join; i = s->nodes[i].parent)
		s->flow[s->nodes[i].arc] += s->nodes[i].up ? p->change : -p->change;
}

/* Prices and depths of the subtree at `top`, whose parent is right already. */
static void
refresh(struct simplex *s, uint32_t top)
{
	struct node *nodes = s->nodes, *n = &nodes[top];
	int64_t cost = s->arcs[n->arc].cost, parent = s->potential[n->parent];
	int64_t change = (n->up ? parent - cost : parent + cost) - s->potential[top];
	uint32_t i = top;

	for (;;) {
		s->potential[i] += change;
		nodes[i].depth = nodes[nodes[i].parent].depth + 1;
		if (nodes[i].first != NONE) {
			i = nodes[i].first;
			continue;
		}
		while (i != top && nodes[i].next == NONE)
			i = nodes[i].parent;
		if (i == top)
			return;
		i = nodes[i].next;
	}
}

/* Hang the part that lost its arc under the entering arc: turn the path from `in` to `out` upside
 * down. */
static void
rehang(struct simplex *s, const struct pivot *p)
{
	uint32_t in = p->out_first ? p->first : p->second;
	uint32_t parent = p->out_first ? p->second : p->first;
	uint32_t arc = p->arc, i = in;
	bool up = s->arcs[p->arc].from == in;

	for (;;) {
		uint32_t old_parent = s->nodes[i].parent, old_arc = s->nodes[i].arc;
		bool old_up = s->nodes[i].up;

		detach(s, i);
		attach(s, i, parent, arc, up);
		if (i == p->out)
			break;
		parent = i;
		arc = old_arc;
		up = !old_up;
		i = old_parent;
	}
	refresh(s, in);
}

/* False when nothing bounds the change. */
static bool
pivot(struct simplex *s, size_t arc)
{
	struct pivot p = {.arc = (uint32_t)arc};
	bool forward = s->state[arc] == AT_LOWER;
	uint32_t out_arc;

	p.first = forward ? s->arcs[arc].from : s->arcs[arc].to;
	p.second = forward ? s->arcs[arc].to : s->arcs[arc].from;
	p.join = join_of(s, p.first, p.second);
	leaving(s, &p);
	if (p.change == SIMPLEX_NO_LIMIT)
		return false;
	push_flow(s, &p);
	s->pivots++;
	if (p.out == NONE) {
		s->state[arc] = (int8_t)-s->state[arc];
		return true;
	}
	out_arc = s->nodes[p.out].arc;
	s->state[arc] = IN_TREE;
	if (out_arc < s->n && s->slack_cost[out_arc] == SIMPLEX_MUST)
		s->state[out_arc] = IN_TREE;
	else
		s->state[out_arc] = s->flow[out_arc] == 0 ? AT_LOWER : AT_UPPER;
	rehang(s, &p);
	return true;
}

enum simplex_status
simplex_solve(struct simplex *s)
{
	size_t arc;

	if (!s->started)
		first_tree(s);
	else
		(void)check_range(s);
	s->search = s->search < s->n_arcs ? s->search : 0;
	while ((arc = entering(s)) < s->n_arcs)
		if (!pivot(s, arc))
			return SIMPLEX_UNBOUNDED;
	for (size_t i = 0; i < s->n; i++)
		if (s->slack_cost[i] == SIMPLEX_MUST && s->flow[i] > 0)
			return SIMPLEX_INFEASIBLE;
	return SIMPLEX_OPTIMAL;
}

int64_t
simplex_flow(const struct simplex *s, size_t arc)
{
	assert(arc + s->n < s->n_arcs);
	return s->flow[arc + s->n];
}

int64_t
simplex_slack(const struct simplex *s, size_t node)
{
	assert(node < s->n);
	return s->flow[node];
}

int64_t
simplex_potential(const struct simplex *s, size_t node)
{
	assert(node < s->n);
	return s->potential[node];
}

int64_t
simplex_cost(const struct simplex *s)
{
	__int128 total = 0;

	for (size_t a = 0; a < s->n_arcs; a++)
		total += (__int128)s->arcs[a].cost * s->flow[a];
	return total > INT64_MAX ? INT64_MAX : total < INT64_MIN ? INT64_MIN : (int64_t)total;
}

size_t
simplex_pivots(const struct simplex *s)
{
	return s->pivots;
}
