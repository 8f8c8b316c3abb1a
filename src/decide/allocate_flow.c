/*
 * The two questions of a part without whole teams: how late must the last one be (threshold
 * search), and who goes (network simplex with column generation).
 *
 * Threshold search. Total service is raised by augmenting paths, heaviest demands first; only when
 * no path is left among arrivals up to the limit, the limit rises to the smallest arrival that
 * leads out of the closed set found. Any further unit must cross that set, so the limit never rises
 * too far. The alternative, a binary search with a maximum flow at each probe, does 12 to 14 flows
 * a kind where this does one.
 *
 * Who goes. Demands are few and sources many, so nearly every source serves one demand, and which one
 * follows from what serving each is worth. That is guessed of every sixth source (of every sixth of
 * those, and so on), solved the same way; the simplex then begins with each source where the guess
 * puts it, and has a third of the pivots to make. The guess decides nothing but where it begins.
 */
#include "decide/allocate_part.h"

#include "base/mem.h"
#include "decide/simplex.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

#define SAMPLE_FROM 200 /* sources: below, prices are not guessed first */
#define SAMPLE 6
#define LEANINGS 5 /* demands a source begins with, where prices are guessed */

struct threshold {
	const struct part *p;
	int64_t *flow;	      /* n_sources rows of n_demands */
	int64_t *free, *open; /* left at the source; unserved at the demand */
	int64_t free_sum;
	int32_t *least; /* earliest arrival from a source to the closed set */
	uint32_t *via;	/* the demand it would serve */
	uint32_t *from; /* the source through which a demand came in; NONE: a root */
	bool *source_in;
	size_t words;	     /* of a set of demands */
	uint64_t *demand_in; /* a set */
	uint64_t *serves;    /* n_sources sets: where its flow is not 0 */
	uint32_t *queue;     /* demands to look at */
	size_t head, tail;
};

static void
threshold_init(struct threshold *t, const struct part *p)
{
	size_t ns = p->n_sources, nd = p->n_demands;

	*t = (struct threshold){.p = p};
	t->flow = mem_zero(ns * nd + 1, sizeof(*t->flow));
	t->free = mem_zero(ns + 1, sizeof(*t->free));
	t->open = mem_zero(nd + 1, sizeof(*t->open));
	t->least = mem_zero(ns + 1, sizeof(*t->least));
	t->via = mem_zero(ns + 1, sizeof(*t->via));
	t->from = mem_zero(nd + 1, sizeof(*t->from));
	t->source_in = mem_zero(ns + 1, sizeof(*t->source_in));
	t->words = nd / 64 + 1;
	t->demand_in = mem_zero(t->words, sizeof(*t->demand_in));
	t->serves = mem_zero((ns + 1) * t->words, sizeof(*t->serves));
	t->queue = mem_zero(nd + 1, sizeof(*t->queue));
	for (size_t s = 0; s < ns; s++) {
		t->free[s] = p->sources[s].amount;
		t->free_sum += t->free[s];
	}
	for (size_t d = 0; d < nd; d++)
		t->open[d] = p->demands[d].need;
}

static void
threshold_clear(struct threshold *t)
{
	free(t->flow);
	free(t->free);
	free(t->open);
	free(t->least);
	free(t->via);
	free(t->from);
	free(t->source_in);
	free(t->demand_in);
	free(t->serves);
	free(t->queue);
}

static void
add_flow(struct threshold *t, size_t s, size_t d, int64_t amount)
{
	int64_t *flow = &t->flow[s * t->p->n_demands + d];
	uint64_t *set = &t->serves[s * t->words + d / 64], bit = UINT64_C(1) << d % 64;

	*flow += amount;
	*set = *flow ? *set | bit : *set & ~bit;
}

/* Straight service of one demand by whoever is in time and has something left. */
static void
serve_directly(struct threshold *t, size_t d, int32_t limit)
{
	const int32_t *row = t->p->time + d * t->p->n_sources;

	for (size_t s = 0; s < t->p->n_sources && t->open[d] > 0; s++) {
		int64_t amount = t->free[s] < t->open[d] ? t->free[s] : t->open[d];

		if (row[s] > limit || amount == 0)
			continue;
		add_flow(t, s, d, amount);
		t->free[s] -= amount;
		t->free_sum -= amount;
		t->open[d] -= amount;
	}
}

/* Take up to `most` along the path that ends at the free source s. Gives the amount. */
static int64_t
augment(struct threshold *t, size_t s, int64_t most)
{
	size_t nd = t->p->n_demands;
	int64_t amount = t->free[s] < most ? t->free[s] : most;
	size_t at = s, d = t->via[s];

	for (; t->from[d] != NONE; at = t->from[d], d = t->via[at])
		if (amount > t->flow[t->from[d] * nd + d])
			amount = t->flow[t->from[d] * nd + d];
	if (amount > t->open[d])
		amount = t->open[d];
	for (at = s, d = t->via[s];; at = t->from[d], d = t->via[at]) {
		add_flow(t, at, d, amount);
		if (t->from[d] == NONE)
			break;
		add_flow(t, t->from[d], d, -amount);
	}
	t->free[s] -= amount;
	t->free_sum -= amount;
	t->open[d] -= amount;
	return amount;
}

/* A source that serves others joins the closed set, and so do those it serves. */
static void
take_in(struct threshold *t, size_t s)
{
	const uint64_t *serves = &t->serves[s * t->words];

	t->source_in[s] = true;
	for (size_t w = 0; w < t->words; w++) {
		for (uint64_t left = serves[w] & ~t->demand_in[w]; left; left &= left - 1) {
			size_t d = w * 64 + (size_t)__builtin_ctzll(left);

			t->from[d] = (uint32_t)s;
			t->queue[t->tail++] = (uint32_t)d;
		}
		t->demand_in[w] |= serves[w];
	}
}

/* Look at all arrivals to demand d. Gives a free source in time, or NONE. */
static uint32_t
look(struct threshold *t, uint32_t d, int32_t limit)
{
	const int32_t *row = t->p->time + d * t->p->n_sources;

	for (size_t s = 0; s < t->p->n_sources; s++) {
		if (row[s] >= t->least[s] || t->source_in[s])
			continue;
		t->least[s] = row[s];
		t->via[s] = d;
		if (row[s] > limit)
			continue;
		if (t->free[s] > 0)
			return (uint32_t)s;
		take_in(t, s);
	}
	return NONE;
}

/* The free source at the end of a path to an open demand of the first n, raising *limit as little
 * as possible; NONE. */
static uint32_t
find_path(struct threshold *t, size_t n, int32_t *limit)
{
	if (t->free_sum == 0)
		return NONE;
	t->head = t->tail = 0;
	memset(t->demand_in, 0, t->words * sizeof(*t->demand_in));
	for (size_t s = 0; s < t->p->n_sources; s++) {
		t->least[s] = PART_NEVER;
		t->source_in[s] = false;
	}
	for (size_t d = 0; d < t->p->n_demands; d++) {
		t->from[d] = NONE;
		if (d < n && t->open[d] > 0) {
			t->demand_in[d / 64] |= UINT64_C(1) << d % 64;
			t->queue[t->tail++] = (uint32_t)d;
		}
	}
	for (;;) {
		int32_t least = PART_NEVER;
		uint32_t found = NONE;

		while (t->head < t->tail && found == NONE)
			found = look(t, t->queue[t->head++], *limit);
		if (found != NONE)
			return found;
		for (size_t s = 0; s < t->p->n_sources; s++)
			if (!t->source_in[s] && t->least[s] < least)
				least = t->least[s];
		if (least == PART_NEVER)
			return NONE;
		*limit = least > *limit ? least : *limit;
		for (size_t s = 0; s < t->p->n_sources; s++) {
			if (t->source_in[s] || t->least[s] > *limit)
				continue;
			if (t->free[s] > 0)
				return (uint32_t)s;
			take_in(t, s);
		}
	}
}

/* First demand behind those that weigh as much as d. */
static size_t
class_end(const struct part *p, size_t d)
{
	int64_t weight = p->demands[d].weight;

	while (d < p->n_demands && p->demands[d].weight == weight)
		d++;
	return d;
}

/*
 * Serve the classes of weight one after the other; what is served stays served, so each prefix gets
 * the most it can get (the served sets form a polymatroid), which is the least weighted shortage.
 * `most` holds the service wanted of each class, or gets it when `measure`.
 */
static void
serve_classes(struct threshold *t, int64_t *most, bool measure, int32_t *limit)
{
	const struct part *p = t->p;
	size_t class = 0, end;

	for (size_t d = 0; d < p->n_demands; d = end, class ++) {
		int64_t served = 0;
		uint32_t s;

		end = class_end(p, d);
		for (size_t i = d; i < end; i++) {
			serve_directly(t, i, *limit);
			served += p->demands[i].need - t->open[i];
		}
		while ((measure || served < most[class]) && (s = find_path(t, end, limit)) != NONE)
			served += augment(t, s, measure ? INT64_MAX : most[class] - served);
		if (measure)
			most[class] = served;
	}
}

/* Where every source can get everywhere, the most of each class is plain: what the heavier ones leave. */
static bool
plain_most(const struct part *p, int64_t *most)
{
	int64_t left = 0;
	size_t class = 0;

	for (size_t i = 0; i < p->n_demands * p->n_sources; i++)
		if (p->time[i] > PART_LONGEST)
			return false;
	for (size_t i = 0; i < p->n_sources; i++)
		left += p->sources[i].amount;
	for (size_t d = 0, end; d < p->n_demands; d = end, class ++) {
		int64_t need = 0;

		end = class_end(p, d);
		for (size_t i = d; i < end; i++)
			need += p->demands[i].need;
		most[class] = need < left ? need : left;
		left -= most[class];
	}
	return true;
}

void
part_bottleneck(const struct part *p, int32_t *limit)
{
	int64_t *most = mem_zero(p->n_demands + 1, sizeof(*most));
	struct threshold t;
	int32_t all = PART_LONGEST;

	if (!plain_most(p, most)) {
		threshold_init(&t, p);
		serve_classes(&t, most, true, &all);
		threshold_clear(&t);
	}
	threshold_init(&t, p);
	serve_classes(&t, most, false, limit);
	threshold_clear(&t);
	free(most);
}

/* --- who goes --------------------------------------------------------------------------------- */

/* The least few of a row, kept sorted. */
struct few {
	struct {
		int64_t value;
		uint32_t source;
	} item[PART_MORE];
	size_t n, max;
};

static void
few_add(struct few *f, int64_t value, uint32_t source)
{
	size_t i;

	if (f->n == f->max && value >= f->item[f->n - 1].value)
		return;
	i = f->n < f->max ? f->n++ : f->n - 1;
	for (; i > 0 && f->item[i - 1].value > value; i--)
		f->item[i] = f->item[i - 1];
	f->item[i].value = value;
	f->item[i].source = source;
}

/* The arcs that are in the simplex: which pair each stands for. */
struct column {
	uint32_t demand, source;
};
struct columns {
	struct column *item;
	size_t n, room;
};

static void
add_column(struct simplex *s, const struct part *p, struct columns *c, size_t d, uint32_t source)
{
	simplex_arc(s, source, p->n_sources + d, SIMPLEX_NO_LIMIT,
	    p->demands[d].weight * p->time[d * p->n_sources + source]);
	mem_grow(&c->item, &c->room, c->n);
	c->item[c->n++] = (struct column){(uint32_t)d, source};
}

static void
add_columns(
    struct simplex *s, const struct part *p, struct columns *c, size_t d, const struct few *f)
{
	for (size_t i = 0; i < f->n; i++)
		add_column(s, p, c, d, f->item[i].source);
}

/* The nearest few of each demand; heavy demands first, they begin with what nobody before them
 * took. */
static void
first_columns(struct simplex *s, const struct part *p, struct columns *c, int32_t limit)
{
	bool *taken = mem_zero(p->n_sources + 1, sizeof(*taken));

	for (size_t d = 0; d < p->n_demands; d++) {
		const int32_t *row = p->time + d * p->n_sources;
		struct few nearest = {.max = PART_NEAREST};
		int64_t open = p->demands[d].need;
		size_t first = c->n;

		for (size_t i = 0; i < p->n_sources && p->demands[d].need > 0; i++)
			if (row[i] <= limit)
				few_add(&nearest, row[i], (uint32_t)i);
		add_columns(s, p, c, d, &nearest);
		for (size_t i = first; i < c->n; i++) {
			uint32_t source = c->item[i].source;

			if (taken[source] || p->sources[source].amount >= open)
				continue;
			taken[source] = true;
			open -= p->sources[source].amount;
			simplex_begin(s, i);
		}
	}
	free(taken);
}

/* --- a guess at the prices -------------------------------------------------------------------- */

/* Which demands a source would serve at guessed prices, best first, and how much the first is
 * better than the second. */
struct leaning {
	uint32_t source, demand[LEANINGS];
	size_t n;
	int64_t gain[LEANINGS], regret;
};

static void
lean(const struct part *p, int32_t limit, const int64_t *price, uint32_t source, struct leaning *l)
{
	*l = (struct leaning){.source = source};
	for (size_t d = 0; d < p->n_demands; d++) {
		int32_t time = p->time[d * p->n_sources + source];
		int64_t gain = price[d] - p->demands[d].weight * time;
		size_t i;

		if (time > limit || p->demands[d].need == 0 ||
		    (l->n == LEANINGS && gain <= l->gain[LEANINGS - 1]))
			continue;
		i = l->n < LEANINGS ? l->n++ : LEANINGS - 1;
		for (; i > 0 && l->gain[i - 1] < gain; i--) {
			l->gain[i] = l->gain[i - 1];
			l->demand[i] = l->demand[i - 1];
		}
		l->gain[i] = gain;
		l->demand[i] = (uint32_t)d;
	}
	if (l->n)
		l->regret = l->gain[0] - (l->n > 1 && l->gain[1] > 0 ? l->gain[1] : 0);
}

static int
most_regret_first(const void *a, const void *b)
{
	const struct leaning *x = a, *y = b;

	if (x->regret != y->regret)
		return x->regret > y->regret ? -1 : 1;
	return (x->source > y->source) - (x->source < y->source);
}

/* The columns each source leans to; it begins on the first of them that still needs more than it has. */
static void
priced_columns(
    struct simplex *s, const struct part *p, struct columns *c, int32_t limit, const int64_t *price)
{
	struct leaning *l = mem_alloc((p->n_sources + 1) * sizeof(*l));
	int64_t *open = mem_alloc((p->n_demands + 1) * sizeof(*open));

	for (size_t d = 0; d < p->n_demands; d++)
		open[d] = p->demands[d].need;
	for (size_t i = 0; i < p->n_sources; i++)
		lean(p, limit, price, (uint32_t)i, &l[i]);
	qsort(l, p->n_sources, sizeof(*l), most_regret_first);
	for (size_t i = 0; i < p->n_sources; i++) {
		int64_t amount = p->sources[l[i].source].amount;
		bool begun = false;

		for (size_t k = 0; k < l[i].n; k++) {
			uint32_t d = l[i].demand[k];

			add_column(s, p, c, d, l[i].source);
			if (begun || l[i].gain[k] < 0 || open[d] <= amount)
				continue;
			simplex_begin(s, c->n - 1);
			open[d] -= amount;
			begun = true;
		}
	}
	free(l);
	free(open);
}

/* Price every pair that was left out; false when none would improve the plan: the optimum is
 * proven. */
static bool
more_columns(struct simplex *s, const struct part *p, struct columns *c, int32_t limit)
{
	int64_t *price = mem_alloc((p->n_sources + 1) * sizeof(*price));
	size_t before = c->n;

	for (size_t i = 0; i < p->n_sources; i++)
		price[i] = simplex_potential(s, i);
	for (size_t d = 0; d < p->n_demands; d++) {
		const int32_t *row = p->time + d * p->n_sources;
		int64_t weight = p->demands[d].weight;
		int64_t here = simplex_potential(s, p->n_sources + d);
		struct few worst = {.max = PART_MORE};

		for (size_t i = 0; i < p->n_sources && p->demands[d].need > 0; i++) {
			int64_t reduced = weight * row[i] + price[i] - here;

			if (reduced < 0 && row[i] <= limit)
				few_add(&worst, reduced, (uint32_t)i);
		}
		add_columns(s, p, c, d, &worst);
	}
	free(price);
	return c->n > before;
}

/* Two plans differ by cycles, and a cycle visits a demand once. */
int64_t
part_shortage_price(size_t n_demands, int64_t heaviest)
{
	return (int64_t)(n_demands + 1) * heaviest * PART_LONGEST + 1;
}

struct network {
	struct simplex *s;
	struct columns columns;
};

/* Solved, with column generation; begins with guessed prices of the demands where there are any. */
static void
solve(struct network *net, const struct part *p, int32_t limit, const int64_t *price, int *rounds)
{
	int64_t missing = part_shortage_price(p->n_demands, p->demands[0].weight);
	enum simplex_status status;

	*net = (struct network){.s = simplex_new(p->n_sources + p->n_demands)};
	for (size_t i = 0; i < p->n_sources; i++)
		simplex_node(net->s, i, p->sources[i].amount, 0);
	for (size_t d = 0; d < p->n_demands; d++)
		simplex_node(
		    net->s, p->n_sources + d, -p->demands[d].need, p->demands[d].weight * missing);
	if (price)
		priced_columns(net->s, p, &net->columns, limit, price);
	else
		first_columns(net->s, p, &net->columns, limit);
	do {
		status = simplex_solve(net->s);
		assert(status == SIMPLEX_OPTIMAL); /* slack everywhere, and no cost below 0 */
		(void)status;
		(*rounds)++;
	} while (more_columns(net->s, p, &net->columns, limit));
}

static void
network_clear(struct network *net)
{
	free(net->columns.item);
	simplex_free(net->s);
}

/* Every SAMPLE-th source, and of the needs what is in proportion. */
static void
sample(struct part *few, const struct part *p)
{
	double had = 1, has = 0;

	*few = (struct part){.n_demands = p->n_demands, .n_sources = p->n_sources / SAMPLE};
	few->demands = mem_alloc(p->n_demands * sizeof(*few->demands));
	few->sources = mem_alloc(few->n_sources * sizeof(*few->sources));
	few->time = mem_alloc(p->n_demands * few->n_sources * sizeof(*few->time));
	for (size_t i = 0; i < p->n_sources; i++)
		had += (double)p->sources[i].amount;
	for (size_t i = 0; i < few->n_sources; i++) {
		few->sources[i] = p->sources[i * SAMPLE];
		has += (double)few->sources[i].amount;
	}
	for (size_t d = 0; d < p->n_demands; d++) {
		few->demands[d] = p->demands[d];
		few->demands[d].need = (int64_t)ceil((double)p->demands[d].need * has / had);
		for (size_t i = 0; i < few->n_sources; i++)
			few->time[d * few->n_sources + i] = p->time[d * p->n_sources + i * SAMPLE];
	}
}

/* What serving a demand is worth, of a sample; NULL where sources are so few that a guess saves nothing. */
static int64_t *
guess(const struct part *p, int32_t limit)
{
	struct part few;
	struct network net;
	int64_t *price, *rough;
	int rounds = 0;

	if (p->n_sources < SAMPLE_FROM)
		return NULL;
	sample(&few, p);
	rough = guess(&few, limit);
	solve(&net, &few, limit, rough, &rounds);
	price = mem_alloc(p->n_demands * sizeof(*price));
	for (size_t d = 0; d < p->n_demands; d++)
		price[d] = simplex_potential(net.s, few.n_sources + d);
	network_clear(&net);
	free(rough);
	free(few.demands);
	free(few.sources);
	free(few.time);
	return price;
}

void
part_flow(struct part *p, int32_t limit, struct part_effort *effort)
{
	int64_t *price = guess(p, limit);
	struct network net;

	solve(&net, p, limit, price, &effort->rounds);
	for (size_t i = 0; i < net.columns.n; i++)
		p->flow[net.columns.item[i].demand * p->n_sources + net.columns.item[i].source] +=
		    simplex_flow(net.s, i);
	network_clear(&net);
	free(price);
}
