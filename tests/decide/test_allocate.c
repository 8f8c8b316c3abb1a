/*
 * decide/allocate: the three objectives against enumeration (tiny cases, with whole teams and teams
 * of several capabilities) and against GLPK's linear programs (goods), properties that must hold
 * whatever the numbers, and what each line says.
 */
#include "tests/test.h"

#include "base/mem.h"
#include "decide/allocate.h"
#include "tests/decide/county_case.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The three objectives in whole numbers: weights are small integers, times in 1/100 minute. */
struct goal {
	int64_t shortage, worst, minutes;
};

static int
compare(struct goal a, struct goal b)
{
	if (a.shortage != b.shortage)
		return a.shortage < b.shortage ? -1 : 1;
	if (a.worst != b.worst)
		return a.worst < b.worst ? -1 : 1;
	return (a.minutes > b.minutes) - (a.minutes < b.minutes);
}

static int64_t
ticks(const struct allocate_problem *p, size_t demand, size_t supply)
{
	const char *how;
	double road = p->travel(p->travel_context, &p->supplies[supply], &p->demands[demand], &how);

	return road < 0 ? -1 : llround((road + p->supplies[supply].ready_min) * 100);
}

static bool
whole(const struct supply *s)
{
	return s->whole || s->team_group > 0;
}

/* The lines keep to every rule; gives what they are worth, reckoned anew. */
static struct goal
check_answer(const struct allocate_problem *p, const struct allocate_answer *a)
{
	struct goal g = {0, 0, 0};
	int64_t *sent = mem_zero(p->n_supplies + 1, sizeof(*sent)),
		*served = mem_zero(p->n_demands + 1, sizeof(*served));
	size_t n_short = 0;

	for (size_t i = 0; i < a->n_lines; i++) {
		const struct allocate_line *l = &a->lines[i];
		int64_t t = ticks(p, l->demand, l->supply);

		assert_int_equal(p->demands[l->demand].kind, p->supplies[l->supply].kind);
		assert_true(l->amount > 0 && t >= 0);
		assert_true(!p->supplies[l->supply].excluded || l->locked);
		assert_true(
		    !whole(&p->supplies[l->supply]) || l->amount == p->supplies[l->supply].amount);
		for (size_t j = 0; j < i; j++) /* a team serves once, with one capability */
			if (whole(&p->supplies[l->supply])) {
				assert_int_not_equal(a->lines[j].supply, l->supply);
				assert_true(!p->supplies[l->supply].team_group ||
					    p->supplies[l->supply].team_group !=
						p->supplies[a->lines[j].supply].team_group);
			}
		sent[l->supply] += l->amount;
		served[l->demand] += l->amount;
		g.worst = t > g.worst ? t : g.worst;
		g.minutes += (int64_t)p->demands[l->demand].weight * l->amount * t;
		assert_int_equal(llround(l->arrival_min * 100), t);
	}
	for (size_t i = 0; i < a->n_lines; i++)
		assert_int_equal(a->lines[i].remains,
		    p->supplies[a->lines[i].supply].amount - sent[a->lines[i].supply]);
	for (size_t s = 0; s < p->n_supplies; s++)
		assert_true(sent[s] <= p->supplies[s].amount);
	for (size_t d = 0; d < p->n_demands; d++) {
		int64_t missing = p->demands[d].amount - served[d];

		if (missing <= 0)
			continue;
		assert_true(n_short < a->n_shortages);
		assert_int_equal(a->shortages[n_short].demand, d);
		assert_int_equal(a->shortages[n_short++].amount, missing);
		g.shortage += (int64_t)p->demands[d].weight * missing;
	}
	assert_int_equal(n_short, a->n_shortages);
	assert_int_equal(llround(a->worst_arrival_min * 100), g.worst);
	assert_true(
	    fabs(a->weighted_minutes * 100 - (double)g.minutes) < 1e-6 * (double)(g.minutes + 1));
	assert_true(fabs(a->weighted_shortage - (double)g.shortage) < 1e-6);
	free(sent);
	free(served);
	return g;
}

static struct goal
solve(const struct allocate_problem *p)
{
	struct allocate_answer a;
	struct err err = ERR_NONE;
	struct goal g;

	assert_true(allocate_solve(p, &a, &err));
	assert_true(a.proven);
	g = check_answer(p, &a);
	allocate_clear(&a);
	return g;
}

static bool
malformed(const struct allocate_problem *p)
{
	struct allocate_answer a;
	struct err err = ERR_NONE;
	bool refused = !allocate_solve(p, &a, &err);

	assert_true(!refused || (err.code == ERR_INPUT && err.message));
	err_clear(&err);
	allocate_clear(&a);
	return refused;
}

/* --- enumeration ------------------------------------------------------------------------------ */

struct brute {
	const struct allocate_problem *p;
	int64_t served[8];
	struct goal best;
	bool any;
};

static void
leaf(struct brute *b, int64_t worst, int64_t minutes)
{
	struct goal g = {0, worst, minutes};

	for (size_t d = 0; d < b->p->n_demands; d++)
		if (b->p->demands[d].amount > b->served[d])
			g.shortage += (int64_t)b->p->demands[d].weight *
				      (b->p->demands[d].amount - b->served[d]);
	if (!b->any || compare(g, b->best) < 0)
		b->best = g;
	b->any = true;
}

static void enumerate(
    struct brute *b, size_t supply, size_t demand, int64_t left, int64_t worst, int64_t minutes);

/* All that may come next when `supply` sends `amount` to `demand`. */
static void
send(struct brute *b, size_t supply, size_t demand, int64_t amount, int64_t left, int64_t worst,
    int64_t minutes)
{
	int64_t t = ticks(b->p, demand, supply);

	if (amount > 0 && t < 0)
		return;
	b->served[demand] += amount;
	enumerate(b, supply, demand + 1, left - amount, amount > 0 && t > worst ? t : worst,
	    minutes + (amount > 0 ? (int64_t)b->p->demands[demand].weight * amount * t : 0));
	b->served[demand] -= amount;
}

static bool
same_team_sent(const struct brute *b, size_t supply, const bool *gone)
{
	for (size_t s = 0; s < supply; s++)
		if (gone[s] && b->p->supplies[supply].team_group > 0 &&
		    b->p->supplies[s].team_group == b->p->supplies[supply].team_group)
			return true;
	return false;
}

static bool gone[16];

static void
enumerate(
    struct brute *b, size_t supply, size_t demand, int64_t left, int64_t worst, int64_t minutes)
{
	const struct supply *s = &b->p->supplies[supply];
	int64_t most = left;

	if (supply == b->p->n_supplies) {
		leaf(b, worst, minutes);
		return;
	}
	if (demand == b->p->n_demands) {
		gone[supply] = left < s->amount;
		enumerate(b, supply + 1, 0,
		    supply + 1 < b->p->n_supplies ? b->p->supplies[supply + 1].amount : 0, worst,
		    minutes);
		return;
	}
	if (b->p->demands[demand].kind != s->kind || s->excluded)
		most = 0;
	else if (whole(s)) {
		if (left == s->amount && left > 0 && !same_team_sent(b, supply, gone))
			send(b, supply, demand, left, left, worst, minutes);
		most = 0;
	} else if (most > b->p->demands[demand].amount - b->served[demand])
		most = b->p->demands[demand].amount - b->served[demand];
	for (int64_t amount = 0; amount <= most || amount == 0; amount++)
		send(b, supply, demand, amount, left, worst, minutes);
}

static void
make_tiny(struct county_case *c, uint64_t seed)
{
	size_t nd = 1 + (size_t)case_below(&seed, 4), ns = 1 + (size_t)case_below(&seed, 5);

	*c = (struct county_case){.n_sites = ns, .n_incidents = nd};
	c->demands = mem_zero(nd, sizeof(*c->demands));
	c->supplies = mem_zero(ns, sizeof(*c->supplies));
	c->minutes = mem_zero(ns * nd, sizeof(*c->minutes));
	for (size_t d = 0; d < nd; d++)
		c->demands[d] = (struct demand){(int64_t)d, (int)case_below(&seed, 2),
		    case_below(&seed, 6), 1 << case_below(&seed, 3), 0, 0};
	for (size_t s = 0; s < ns; s++) {
		c->supplies[s] = (struct supply){.source = (int64_t)s,
		    .kind = (int)case_below(&seed, 2),
		    .amount = case_below(&seed, 5),
		    .whole = case_below(&seed, 2)};
		if (case_below(&seed, 8) == 0)
			c->supplies[s].excluded = "out";
		/* The same team once more, with the other capability. */
		if (s > 0 && case_below(&seed, 3) == 0) {
			c->supplies[s].team_group = c->supplies[s - 1].team_group = (int)s;
			c->supplies[s].kind = 1 - c->supplies[s - 1].kind;
			if (s > 1 && c->supplies[s - 2].team_group == (int)s - 1)
				c->supplies[s].team_group = c->supplies[s - 1].team_group =
				    (int)s - 1;
		}
		for (size_t d = 0; d < nd; d++)
			c->minutes[s * nd + d] =
			    case_below(&seed, 7) ? (double)case_below(&seed, 12) * 2.25 : -1;
	}
	c->problem = (struct allocate_problem){.demands = c->demands,
	    .n_demands = nd,
	    .supplies = c->supplies,
	    .n_supplies = ns,
	    .n_kinds = 2,
	    .travel = county_travel,
	    .travel_context = c};
}

/* A team may hold the same capability once only. */
static bool
teams_make_sense(const struct allocate_problem *p)
{
	for (size_t i = 0; i < p->n_supplies; i++)
		for (size_t j = 0; j < i; j++)
			if (p->supplies[i].team_group &&
			    p->supplies[i].team_group == p->supplies[j].team_group &&
			    p->supplies[i].kind == p->supplies[j].kind)
				return false;
	return true;
}

static void
all_plans_tried(void **state)
{
	int cases = 0, teams = 0, shorts = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct county_case c;
		struct brute b = {0};
		struct goal ours;

		make_tiny(&c, seed);
		if (teams_make_sense(&c.problem)) {
			b.p = &c.problem;
			enumerate(&b, 0, 0, c.supplies[0].amount, 0, 0);
			ours = solve(&c.problem);
			if (compare(ours, b.best) != 0)
				print_message("# seed %d: %lld %lld %lld, best %lld %lld %lld\n",
				    (int)seed, (long long)ours.shortage, (long long)ours.worst,
				    (long long)ours.minutes, (long long)b.best.shortage,
				    (long long)b.best.worst, (long long)b.best.minutes);
			assert_int_equal(compare(ours, b.best), 0);
			cases++;
			for (size_t s = 0; s < c.problem.n_supplies; s++)
				teams += c.supplies[s].team_group > 0;
			shorts += ours.shortage > 0;
		}
		county_clear(&c);
	}
	assert_true(cases > 2000 && teams > 1000 && shorts > 500);
}

/* --- linear programs -------------------------------------------------------------------------- */

/*
 * One stage by GLPK: arrivals up to `limit`; least weighted shortage, or least weighted arrival
 * when `shortage` >= 0 says what the weighted shortage must be.
 */
static double
linear(const struct allocate_problem *p, int64_t limit, double shortage)
{
	glp_prob *lp = glp_create_prob();
	glp_smcp param;
	int nd = (int)p->n_demands, ns = (int)p->n_supplies, column, index[3];
	double value, coefficient[3] = {0, 1, 1};
	int *list = mem_alloc((size_t)(nd + 1) * sizeof(*list));
	double *weight = mem_alloc((size_t)(nd + 1) * sizeof(*weight));

	glp_add_rows(lp, nd + ns + 1);
	column = glp_add_cols(lp, nd);
	for (int d = 0; d < nd; d++) {
		glp_set_row_bnds(lp, d + 1, GLP_FX, (double)p->demands[d].amount, 0);
		glp_set_col_bnds(lp, column + d, GLP_LO, 0, 0);
		glp_set_obj_coef(lp, column + d, shortage < 0 ? p->demands[d].weight : 0);
		index[1] = d + 1;
		glp_set_mat_col(lp, column + d, 1, index, coefficient);
		list[d + 1] = column + d;
		weight[d + 1] = p->demands[d].weight;
	}
	glp_set_row_bnds(lp, nd + ns + 1, shortage < 0 ? GLP_FR : GLP_FX, shortage, 0);
	glp_set_mat_row(lp, nd + ns + 1, nd, list, weight);
	for (int s = 0; s < ns; s++) {
		glp_set_row_bnds(lp, nd + s + 1, GLP_UP, 0, (double)p->supplies[s].amount);
		for (int d = 0; d < nd; d++) {
			int64_t t = ticks(p, (size_t)d, (size_t)s);

			if (p->demands[d].kind != p->supplies[s].kind || t < 0 || t > limit)
				continue;
			column = glp_add_cols(lp, 1);
			glp_set_col_bnds(lp, column, GLP_LO, 0, 0);
			glp_set_obj_coef(
			    lp, column, shortage < 0 ? 0 : p->demands[d].weight * (double)t);
			index[1] = d + 1;
			index[2] = nd + s + 1;
			glp_set_mat_col(lp, column, 2, index, coefficient);
		}
	}
	glp_init_smcp(&param);
	param.msg_lev = GLP_MSG_OFF;
	assert_int_equal(glp_simplex(lp, &param), 0);
	assert_int_equal(glp_get_status(lp), GLP_OPT);
	value = glp_get_obj_val(lp);
	glp_delete_prob(lp);
	free(list);
	free(weight);
	return value;
}

static int
by_ticks(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static struct goal
by_linear_programs(const struct allocate_problem *p)
{
	int64_t *times = mem_alloc((p->n_demands * p->n_supplies + 1) * sizeof(*times));
	size_t n = 0, low = 0, high;
	double shortage = linear(p, INT32_MAX, -1);
	struct goal g;

	times[n++] = 0;
	for (size_t d = 0; d < p->n_demands; d++)
		for (size_t s = 0; s < p->n_supplies; s++)
			if (p->demands[d].kind == p->supplies[s].kind)
				times[n++] = ticks(p, d, s);
	qsort(times, n, sizeof(*times), by_ticks);
	high = n - 1;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (linear(p, times[middle], -1) <= shortage + 1e-6)
			high = middle;
		else
			low = middle + 1;
	}
	g = (struct goal){
	    llround(shortage), times[low], llround(linear(p, times[low], llround(shortage)))};
	free(times);
	return g;
}

static void
agrees_with_glpk(void **state)
{
	int shorts = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 250; seed++) {
		struct county_case c;
		struct county_size size = {
		    2 + seed % 5, 1 + seed % 3, 8 + seed % 13, .5, .8, seed % 2 ? 1.3 : .9};
		struct goal ours, theirs;

		county_make(&c, &size, seed);
		if (c.problem.n_demands) {
			ours = solve(&c.problem);
			theirs = by_linear_programs(&c.problem);
			assert_int_equal(ours.shortage, theirs.shortage);
			assert_int_equal(ours.worst, theirs.worst);
			assert_int_equal(ours.minutes, theirs.minutes);
			shorts += ours.shortage > 0;
		}
		county_clear(&c);
	}
	assert_true(shorts > 50 && shorts < 200);
	glp_free_env();
}

/*
 * So many sources that prices are guessed first, of a sample and of a sample of the sample; every other
 * county with pairs between which there is no way.
 */
static void
agrees_with_glpk_on_many_sources(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct county_case c;
		struct county_size size = {
		    6 + seed, 1, seed == 8 ? 1600 : 150 * seed, .9, .8, seed % 4 < 2 ? .8 : 1.6};
		uint64_t random = seed;
		struct goal ours;

		county_make(&c, &size, seed);
		for (size_t i = 0; seed % 2 && i < c.n_sites * c.n_incidents; i++)
			if (case_below(&random, 5) == 0)
				c.minutes[i] = -1;
		ours = solve(&c.problem);
		assert_int_equal(ours.shortage, llround(linear(&c.problem, INT32_MAX, -1)));
		assert_int_equal(ours.shortage, llround(linear(&c.problem, ours.worst, -1)));
		assert_true(ours.shortage < llround(linear(&c.problem, ours.worst - 1, -1)));
		assert_int_equal(
		    ours.minutes, llround(linear(&c.problem, ours.worst, (double)ours.shortage)));
		county_clear(&c);
	}
	glp_free_env();
}

/* --- whatever the numbers --------------------------------------------------------------------- */

static const struct county_size middle_size = {12, 4, 80, .4, .7, 1.1};

static void
more_stock_never_harms(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct county_case c;
		struct goal before, after;
		uint64_t random = seed;

		county_make(&c, &middle_size, seed);
		before = solve(&c.problem);
		for (int i = 0; i < 5; i++)
			c.supplies[case_below(&random, (int64_t)c.problem.n_supplies)].amount += 40;
		after = solve(&c.problem);
		assert_true(compare(after, before) <= 0);
		county_clear(&c);
	}
}

static void
order_does_not_matter(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct county_case c;
		struct goal before;
		uint64_t random = seed;

		county_make(&c, &middle_size, seed);
		before = solve(&c.problem);
		for (size_t i = c.problem.n_supplies; i > 1; i--) {
			size_t j = (size_t)case_below(&random, (int64_t)i);
			struct supply s = c.supplies[i - 1];

			c.supplies[i - 1] = c.supplies[j];
			c.supplies[j] = s;
		}
		for (size_t i = c.problem.n_demands; i > 1; i--) {
			size_t j = (size_t)case_below(&random, (int64_t)i);
			struct demand d = c.demands[i - 1];

			c.demands[i - 1] = c.demands[j];
			c.demands[j] = d;
		}
		assert_int_equal(compare(solve(&c.problem), before), 0);
		county_clear(&c);
	}
}

/* Scaling all priorities keeps the plan, line by line. */
static void
priorities_are_relative(void **state)
{
	static const double factors[] = {3, .1, 1e6, 1 / 7.0};

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct county_case c;
		struct allocate_answer a, b;
		struct err err = ERR_NONE;
		double factor = factors[seed % COUNT_OF(factors)];

		county_make(&c, &middle_size, seed);
		assert_true(allocate_solve(&c.problem, &a, &err));
		for (size_t d = 0; d < c.problem.n_demands; d++)
			c.demands[d].weight *= factor;
		assert_true(allocate_solve(&c.problem, &b, &err));
		assert_int_equal(a.n_lines, b.n_lines);
		for (size_t i = 0; i < a.n_lines; i++) {
			assert_int_equal(a.lines[i].demand, b.lines[i].demand);
			assert_int_equal(a.lines[i].supply, b.lines[i].supply);
			assert_int_equal(a.lines[i].amount, b.lines[i].amount);
		}
		allocate_clear(&a);
		allocate_clear(&b);
		county_clear(&c);
	}
}

/* One incident, one kind: the earliest start of He and Liu, depots by arrival until the demand is
 * met. */
static void
one_incident_earliest_start(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct county_case c;
		struct county_size size = {1, 1, 300, .5, 1, 1.5};
		int64_t *times, got = 0;
		struct goal g;

		county_make(&c, &size, seed);
		times = mem_alloc((c.problem.n_supplies + 1) * sizeof(*times) * 2);
		for (size_t s = 0; s < c.problem.n_supplies; s++) {
			times[2 * s] = ticks(&c.problem, 0, s);
			times[2 * s + 1] = c.supplies[s].amount;
		}
		qsort(times, c.problem.n_supplies, 2 * sizeof(*times), by_ticks);
		g = solve(&c.problem);
		for (size_t s = 0; s < c.problem.n_supplies && got < c.demands[0].amount; s++) {
			got += times[2 * s + 1];
			if (got >= c.demands[0].amount)
				assert_int_equal(g.worst, times[2 * s]);
		}
		assert_true(got >= c.demands[0].amount);
		free(times);
		county_clear(&c);
	}
}

/* The sizes named in the header: whole teams of many people, always proven. */
static void
whole_teams_of_many(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct county_case c;
		struct county_size size = {seed % 2 ? 3 : 4, 1, seed % 2 ? 16 : 10, 1.1, 1.1, 1};
		uint64_t random = seed;
		struct goal g, split;

		county_make(&c, &size, seed);
		for (size_t s = 0; s < c.problem.n_supplies; s++)
			c.supplies[s].amount = 8 + case_below(&random, 40);
		for (size_t d = 0; d < c.problem.n_demands; d++)
			c.demands[d].amount = 20 + case_below(&random, 80);
		split = solve(&c.problem);
		for (size_t s = 0; s < c.problem.n_supplies; s++)
			c.supplies[s].whole = true;
		g = solve(&c.problem);
		assert_true(g.shortage >= split.shortage);
		county_clear(&c);
	}
}

/* --- what each line says ---------------------------------------------------------------------- */

/* Two needs of one kind and four sources; minutes[source][need]. */
static double table[8][2];

static double
table_travel(void *context, const struct supply *from, const struct demand *to, const char **how)
{
	(void)context;
	*how = "table";
	return table[from->source][to->incident];
}

static void
lines_explain_themselves(void **state)
{
	struct demand demands[2] = {{0, 0, 10, 4, 0, 0}, {1, 0, 5, 1, 0, 0}};
	struct supply supplies[5] = {
	    {0, 0, 12, false, 0, NULL, 0, 0, 4},
	    {1, 0, 20, false, 0, NULL, 0, 0, 0},
	    {2, 0, 50, false, 0, "出动中", 0, 0, 0},
	    {3, 0, 50, false, 0, NULL, 0, 0, 0},
	    {4, 0, 50, false, 0, "道路封闭", 0, 0, 0},
	};
	struct pair pairs[1] = {{0, 3, PAIR_FORBIDDEN, 0}};
	struct allocate_problem p = {demands, 2, supplies, 5, 1, pairs, 1, table_travel, NULL};
	struct allocate_answer a;
	struct err err = ERR_NONE;

	(void)state;
	memcpy(table, (double[8][2]){{6, 9}, {17, 20}, {3, 40}, {5, 60}, {8, 30}}, sizeof(table));
	assert_true(allocate_solve(&p, &a, &err));
	(void)check_answer(&p, &a);
	assert_true(a.proven);
	assert_int_equal(a.n_shortages, 0);
	assert_int_equal(a.n_lines, 3);
	/* Source 0 has 12 of the 15: the 3 others come soonest from source 1 to need 0, after 17
	 * minutes and not 20. */
	assert_int_equal(a.lines[0].supply, 0);
	assert_int_equal(a.lines[0].amount, 7);
	assert_int_equal(a.lines[0].remains, 0);
	assert_true(a.lines[0].arrival_min == 10);
	assert_string_equal(a.lines[0].how, "table");
	assert_int_equal(a.lines[0].rank, 1);
	assert_int_equal(a.lines[0].candidates, 2);
	assert_int_equal(a.lines[0].runner_up, 1);
	assert_true(a.lines[0].penalty_min == 7);
	/* Nearer: the one that is out (3), the forbidden (5), the closed road (8). */
	assert_int_equal(a.lines[0].n_nearer_excluded, 3);
	assert_int_equal(a.lines[0].nearer_excluded, 2);
	assert_int_equal(a.lines[1].supply, 1);
	assert_int_equal(a.lines[1].amount, 3);
	assert_int_equal(a.lines[1].remains, 17);
	assert_int_equal(a.lines[1].rank, 2);
	assert_int_equal(a.lines[1].runner_up, 0);
	assert_true(a.lines[1].penalty_min == -7); /* earlier, but needed elsewhere */
	assert_int_equal(a.lines[2].demand, 1);
	assert_int_equal(a.lines[2].supply, 0);
	assert_int_equal(a.lines[2].amount, 5);
	assert_int_equal(a.lines[2].candidates, 3);
	assert_int_equal(a.lines[2].runner_up, 1);
	assert_true(a.lines[2].nearer_excluded == SIZE_MAX && a.lines[2].n_nearer_excluded == 0);
	assert_true(a.worst_arrival_min == 17);
	allocate_clear(&a);
}

static void
locks_hold(void **state)
{
	struct demand demands[2] = {{0, 0, 10, 1, 0, 0}, {1, 1, 1, 1, 0, 0}};
	struct supply supplies[4] = {
	    {0, 0, 20, false, 0, NULL, 0, 0, 0},
	    {1, 0, 20, false, 0, "留底", 0, 0, 0},
	    {2, 0, 30, true, 7, NULL, 0, 0, 0},
	    {2, 1, 1, true, 7, NULL, 0, 0, 0},
	};
	struct pair pairs[2] = {{0, 1, PAIR_LOCKED, 4}, {0, 0, PAIR_LOCKED, 2}};
	struct allocate_problem p = {demands, 2, supplies, 4, 2, pairs, 2, table_travel, NULL};
	struct allocate_answer a;
	struct err err = ERR_NONE;

	(void)state;
	memcpy(table, (double[8][2]){{5, 5}, {50, 50}, {7, 7}}, sizeof(table));
	/* 4 from a source a rule excludes, exactly 2 from the next; the team serves where it makes
	 * up for most. */
	assert_true(allocate_solve(&p, &a, &err));
	(void)check_answer(&p, &a);
	assert_int_equal(a.n_lines, 3);
	assert_true(a.lines[0].locked && a.lines[0].supply == 0 && a.lines[0].amount == 2);
	assert_true(!a.lines[1].locked && a.lines[1].supply == 2 && a.lines[1].amount == 30);
	assert_true(a.lines[2].locked && a.lines[2].supply == 1 && a.lines[2].amount == 4);
	assert_int_equal(a.n_shortages, 1);
	assert_int_equal(a.shortages[0].demand, 1);
	assert_true(a.worst_arrival_min == 50);
	allocate_clear(&a);
	/* Fixed to the other need, it leaves the first short. */
	pairs[1] = (struct pair){1, 3, PAIR_LOCKED, 0};
	pairs[0].rule = PAIR_FREE;
	assert_true(allocate_solve(&p, &a, &err));
	(void)check_answer(&p, &a);
	assert_int_equal(a.n_shortages, 0);
	assert_int_equal(a.n_lines, 2);
	assert_true(a.lines[1].locked && a.lines[1].supply == 3);
	assert_true(a.worst_arrival_min == 7);
	allocate_clear(&a);
}

static void
refuses_nonsense(void **state)
{
	struct demand demands[2] = {{0, 0, 10, 1, 0, 0}, {1, 1, 1, 1, 0, 0}};
	struct supply supplies[2] = {
	    {0, 0, 20, true, 1, NULL, 0, 0, 0}, {0, 1, 20, true, 1, NULL, 0, 0, 0}};
	struct pair pairs[2] = {{0, 0, PAIR_LOCKED, 0}, {1, 1, PAIR_FREE, 0}};
	struct allocate_problem p = {demands, 2, supplies, 2, 2, pairs, 2, table_travel, NULL};

	(void)state;
	memset(table, 0, sizeof(table));
	assert_false(malformed(&p));
	pairs[1].rule = PAIR_LOCKED; /* the same team twice */
	assert_true(malformed(&p));
	pairs[1] = (struct pair){1, 0, PAIR_LOCKED, 0}; /* not what is needed there */
	assert_true(malformed(&p));
	pairs[1] = (struct pair){2, 0, PAIR_FREE, 0};
	assert_true(malformed(&p));
	p.n_pairs = 1;
	table[0][0] = -1; /* locked, but no way */
	assert_true(malformed(&p));
	p.n_pairs = 0;
	assert_false(malformed(&p));
	demands[0].weight = 0;
	assert_true(malformed(&p));
	demands[0].weight = NAN;
	assert_true(malformed(&p));
	demands[0].weight = 2000;
	assert_true(malformed(&p));
	demands[0].weight = 2;
	demands[1].amount = -1;
	assert_true(malformed(&p));
	demands[1].amount = 1;
	demands[1].kind = 2;
	assert_true(malformed(&p));
	demands[1].kind = 1;
	supplies[1].amount = -3;
	assert_true(malformed(&p));
	supplies[1].amount = 3;
	p.n_demands = 0;
	assert_false(malformed(&p));
	p.n_demands = 2;
	p.n_supplies = 0;
	assert_false(malformed(&p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_plans_tried),
	    cmocka_unit_test(agrees_with_glpk),
	    cmocka_unit_test(agrees_with_glpk_on_many_sources),
	    cmocka_unit_test(more_stock_never_harms),
	    cmocka_unit_test(order_does_not_matter),
	    cmocka_unit_test(priorities_are_relative),
	    cmocka_unit_test(one_incident_earliest_start),
	    cmocka_unit_test(whole_teams_of_many),
	    cmocka_unit_test(lines_explain_themselves),
	    cmocka_unit_test(locks_hold),
	    cmocka_unit_test(refuses_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
