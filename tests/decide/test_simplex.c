/* decide/simplex against published optima, against GLPK on made-up networks, and at its edges. */
#include "tests/test.h"

#include "base/buf.h"
#include "base/mem.h"
#include "decide/simplex.h"
#include "tests/decide/county_case.h"

#include <glpk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- published optima: $CORPORA/mcf ----------------------------------------------------------- */

static FILE *
open_corpus(const char *name)
{
	const char *root = getenv("CORPORA");
	char *path = mem_print("%s/mcf/%s", root ? root : ".", name);
	FILE *f = fopen(path, "r");

	free(path);
	if (!f)
		print_message("# skipped: %s is not there\n", name);
	return f;
}

static int64_t
solution_of(const char *name)
{
	FILE *f = open_corpus(name);
	char line[512];
	long long value = -1;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		if (line[0] == 's')
			assert_int_equal(sscanf(line, "s %lld", &value), 1);
	fclose(f);
	return value;
}

/* DIMACS .min with lower bounds 0. */
static struct simplex *
read_dimacs(FILE *f)
{
	struct simplex *s = NULL;
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		long long a, b, low, high, cost;

		if (sscanf(line, "p min %lld %lld", &a, &b) == 2)
			s = simplex_new((size_t)a);
		else if (sscanf(line, "n %lld %lld", &a, &b) == 2)
			simplex_node(s, (size_t)a - 1, b, SIMPLEX_MUST);
		else if (sscanf(line, "a %lld %lld %lld %lld %lld", &a, &b, &low, &high, &cost) ==
			 5) {
			assert_int_equal(low, 0);
			simplex_arc(s, (size_t)a - 1, (size_t)b - 1, high, cost);
		}
	}
	assert_non_null(s);
	return s;
}

static void
dimacs_file(const char *file, const char *solution)
{
	FILE *f = open_corpus(file);
	struct simplex *s;

	if (!f)
		skip();
	s = read_dimacs(f);
	fclose(f);
	assert_int_equal(simplex_solve(s), SIMPLEX_OPTIMAL);
	assert_int_equal(simplex_cost(s), solution_of(solution));
	assert_true(simplex_pivots(s) > 100);
	simplex_free(s);
}

static void
netgen_optimum(void **state)
{
	(void)state;
	dimacs_file("netgen_8_08a.min", "netgen_8_08a.sol");
}

static void
transport_optimum(void **state)
{
	(void)state;
	dimacs_file("transport_40x30.min", "transport_40x30.sol");
}

static void
assignment_optimum(void **state)
{
	FILE *f = open_corpus("assign100.txt"), *opt = open_corpus("assignopt.txt");
	char line[256];
	int n, cost, best = -1;
	struct simplex *s;

	(void)state;
	if (!f || !opt)
		skip();
	while (fgets(line, sizeof(line), opt))
		sscanf(line, "assign100 %d", &best);
	assert_int_equal(fscanf(f, "%d", &n), 1);
	s = simplex_new((size_t)n * 2);
	for (int i = 0; i < n; i++) {
		simplex_node(s, (size_t)i, 1, SIMPLEX_MUST);
		simplex_node(s, (size_t)(n + i), -1, SIMPLEX_MUST);
		for (int j = 0; j < n; j++) {
			assert_int_equal(fscanf(f, "%d", &cost), 1);
			simplex_arc(s, (size_t)i, (size_t)(n + j), SIMPLEX_NO_LIMIT, cost);
		}
	}
	fclose(f);
	fclose(opt);
	assert_int_equal(simplex_solve(s), SIMPLEX_OPTIMAL);
	assert_int_equal(simplex_cost(s), best);
	simplex_free(s);
}

/* --- GLPK ------------------------------------------------------------------------------------- */

struct net_arc {
	int from, to;
	int64_t capacity, cost;
};
struct net {
	int n, m;
	int64_t supply[40];
	struct net_arc arcs[300];
};

/* Supplies that add up to nothing, arcs both ways, costs below 0 too (but with capacities, so no
 * flow is endless). */
static void
make_net(struct net *net, uint64_t seed)
{
	int64_t sum = 0;

	net->n = 2 + (int)case_below(&seed, 30);
	net->m = net->n + (int)case_below(&seed, 200);
	for (int i = 0; i < net->n; i++) {
		net->supply[i] = i == net->n - 1	? -sum
				 : case_below(&seed, 3) ? case_below(&seed, 41) - 20
							: 0;
		sum += net->supply[i];
	}
	for (int a = 0; a < net->m; a++)
		net->arcs[a] =
		    (struct net_arc){(int)case_below(&seed, net->n), (int)case_below(&seed, net->n),
			case_below(&seed, 60), case_below(&seed, 120) - 20};
}

static enum simplex_status
solve_net(const struct net *net, int64_t *cost)
{
	struct simplex *s = simplex_new((size_t)net->n);
	int64_t balance[40];
	enum simplex_status status;

	memcpy(balance, net->supply, sizeof(balance));
	for (int i = 0; i < net->n; i++)
		simplex_node(s, (size_t)i, net->supply[i], SIMPLEX_MUST);
	for (int a = 0; a < net->m; a++)
		simplex_arc(s, (size_t)net->arcs[a].from, (size_t)net->arcs[a].to,
		    net->arcs[a].capacity, net->arcs[a].cost);
	status = simplex_solve(s);
	*cost = simplex_cost(s);
	for (int a = 0; a < net->m && status == SIMPLEX_OPTIMAL; a++) {
		int64_t flow = simplex_flow(s, (size_t)a);
		int64_t reduced = net->arcs[a].cost +
				  simplex_potential(s, (size_t)net->arcs[a].from) -
				  simplex_potential(s, (size_t)net->arcs[a].to);

		assert_true(flow >= 0 && flow <= net->arcs[a].capacity);
		/* Complementary slackness: the proof of the optimum. */
		assert_true(reduced >= 0 || flow == net->arcs[a].capacity);
		assert_true(reduced <= 0 || flow == 0);
		balance[net->arcs[a].from] -= flow;
		balance[net->arcs[a].to] += flow;
	}
	for (int i = 0; i < net->n && status == SIMPLEX_OPTIMAL; i++)
		assert_int_equal(balance[i], 0);
	simplex_free(s);
	return status;
}

struct glp_data {
	double supply, low, capacity, cost, flow;
};

/* Out-of-kilter. False when it finds no solution. */
static bool
solve_glpk(const struct net *net, double *cost)
{
	glp_graph *g = glp_create_graph(sizeof(struct glp_data), sizeof(struct glp_data));
	int status;

	glp_add_vertices(g, net->n);
	for (int i = 0; i < net->n; i++)
		((struct glp_data *)g->v[i + 1]->data)->supply = (double)net->supply[i];
	for (int a = 0; a < net->m; a++) {
		glp_arc *arc = glp_add_arc(g, net->arcs[a].from + 1, net->arcs[a].to + 1);
		struct glp_data *d = arc->data;

		d->low = 0;
		d->capacity = (double)net->arcs[a].capacity;
		d->cost = (double)net->arcs[a].cost;
	}
	status = glp_mincost_okalg(g, (int)offsetof(struct glp_data, supply),
	    (int)offsetof(struct glp_data, low), (int)offsetof(struct glp_data, capacity),
	    (int)offsetof(struct glp_data, cost), cost, (int)offsetof(struct glp_data, flow), -1);
	glp_delete_graph(g);
	assert_true(status == 0 || status == GLP_ENOPFS);
	return status == 0;
}

static void
agrees_with_glpk(void **state)
{
	int solved = 0, impossible = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct net *net = mem_zero(1, sizeof(*net));
		double theirs = 0;
		int64_t ours;
		bool possible;

		make_net(net, seed);
		/* GLPK wants no arc from a vertex to itself. */
		for (int a = 0; a < net->m; a++)
			if (net->arcs[a].from == net->arcs[a].to)
				net->arcs[a].to = (net->arcs[a].from + 1) % net->n;
		possible = solve_glpk(net, &theirs);
		assert_int_equal(
		    solve_net(net, &ours), possible ? SIMPLEX_OPTIMAL : SIMPLEX_INFEASIBLE);
		if (possible)
			assert_int_equal(ours, (int64_t)theirs);
		solved += possible;
		impossible += !possible;
		free(net);
	}
	assert_true(solved > 100 && impossible > 20);
	glp_free_env();
}

/* --- edges ------------------------------------------------------------------------------------ */

static void
endless_and_impossible(void **state)
{
	struct simplex *s = simplex_new(2);

	(void)state;
	simplex_arc(s, 0, 1, SIMPLEX_NO_LIMIT, -3);
	simplex_arc(s, 1, 0, SIMPLEX_NO_LIMIT, 2);
	assert_int_equal(simplex_solve(s), SIMPLEX_UNBOUNDED);
	simplex_free(s);

	s = simplex_new(2);
	simplex_node(s, 0, 5, SIMPLEX_MUST);
	simplex_node(s, 1, -5, SIMPLEX_MUST);
	simplex_arc(s, 0, 1, 4, 1);
	assert_int_equal(simplex_solve(s), SIMPLEX_INFEASIBLE);
	simplex_free(s);

	s = simplex_new(0);
	assert_int_equal(simplex_solve(s), SIMPLEX_OPTIMAL);
	assert_int_equal(simplex_cost(s), 0);
	simplex_free(s);
	simplex_free(NULL);
}

static void
slack_is_paid(void **state)
{
	struct simplex *s = simplex_new(3);

	(void)state;
	simplex_node(s, 0, 10, 0);
	simplex_node(s, 1, -7, 100);
	simplex_node(s, 2, -6, 50);
	simplex_arc(s, 0, 1, SIMPLEX_NO_LIMIT, 20);
	simplex_arc(s, 0, 2, SIMPLEX_NO_LIMIT, 1);
	assert_int_equal(simplex_solve(s), SIMPLEX_OPTIMAL);
	/* A unit gains 80 at node 1, 49 at node 2. */
	assert_int_equal(simplex_flow(s, 0), 7);
	assert_int_equal(simplex_flow(s, 1), 3);
	assert_int_equal(simplex_slack(s, 0), 0);
	assert_int_equal(simplex_slack(s, 2), 3);
	assert_int_equal(simplex_cost(s), 7 * 20 + 3 + 3 * 50);
	simplex_free(s);
}

/* Arcs added a few at a time, and good or silly beginnings, end at the same optimum. */
static void
columns_and_beginnings(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		enum { GIVERS = 12, TAKERS = 7, ARCS = GIVERS * TAKERS };
		struct simplex *whole = simplex_new(GIVERS + TAKERS),
			       *grown = simplex_new(GIVERS + TAKERS);
		int64_t cost[ARCS];
		uint64_t random = seed;

		for (size_t i = 0; i < GIVERS + TAKERS; i++) {
			int64_t amount =
			    i < GIVERS ? case_below(&random, 30) : -1 - case_below(&random, 50);
			int64_t slack = i < GIVERS ? 0 : 5000;

			simplex_node(whole, i, amount, slack);
			simplex_node(grown, i, amount, slack);
		}
		for (size_t a = 0; a < ARCS; a++) {
			cost[a] = case_below(&random, 1000);
			simplex_arc(
			    whole, a % GIVERS, GIVERS + a / GIVERS, SIMPLEX_NO_LIMIT, cost[a]);
		}
		assert_int_equal(simplex_solve(whole), SIMPLEX_OPTIMAL);
		for (size_t a = 0; a < ARCS; a++) {
			simplex_arc(
			    grown, a % GIVERS, GIVERS + a / GIVERS, SIMPLEX_NO_LIMIT, cost[a]);
			if (a < ARCS / 4 && case_below(&random, 2))
				simplex_begin(grown, a);
			if (a >= ARCS / 4 && a % 9 == 0)
				assert_int_equal(simplex_solve(grown), SIMPLEX_OPTIMAL);
		}
		assert_int_equal(simplex_solve(grown), SIMPLEX_OPTIMAL);
		assert_int_equal(simplex_cost(grown), simplex_cost(whole));
		simplex_free(whole);
		simplex_free(grown);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(netgen_optimum),
	    cmocka_unit_test(transport_optimum),
	    cmocka_unit_test(assignment_optimum),
	    cmocka_unit_test(agrees_with_glpk),
	    cmocka_unit_test(endless_and_impossible),
	    cmocka_unit_test(slack_is_paid),
	    cmocka_unit_test(columns_and_beginnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
