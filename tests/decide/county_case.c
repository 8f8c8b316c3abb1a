#include "tests/decide/county_case.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

/* splitmix64 */
uint64_t
case_random(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

int64_t
case_below(uint64_t *seed, int64_t n)
{
	return (int64_t)(case_random(seed) % (uint64_t)n);
}

static double
unit_random(uint64_t *seed)
{
	return (double)(case_random(seed) >> 11) * 0x1p-53;
}

double
county_travel(void *context, const struct supply *from, const struct demand *to, const char **how)
{
	const struct county_case *c = context;

	*how = "table";
	return c->minutes[(size_t)from->source * c->n_incidents + (size_t)to->incident];
}

static void
make_minutes(struct county_case *c, uint64_t *seed)
{
	double centre[4][2], *site = mem_alloc(c->n_sites * 2 * sizeof(*site));

	for (size_t i = 0; i < COUNT_OF(centre); i++)
		for (int xy = 0; xy < 2; xy++)
			centre[i][xy] = 10 + 40 * unit_random(seed);
	for (size_t i = 0; i < c->n_sites * 2; i++)
		site[i] = 60 * unit_random(seed);
	c->minutes = mem_alloc(c->n_sites * c->n_incidents * sizeof(*c->minutes));
	for (size_t i = 0; i < c->n_incidents; i++) {
		const double *at = centre[case_below(seed, COUNT_OF(centre))];
		double x = at[0] + 6 * (unit_random(seed) - .5),
		       y = at[1] + 6 * (unit_random(seed) - .5);

		for (size_t s = 0; s < c->n_sites; s++) /* 45 km/h, in tenths of a minute */
			c->minutes[s * c->n_incidents + i] =
			    round(hypot(site[2 * s] - x, site[2 * s + 1] - y) * 1.32 / 45 * 600) /
			    10;
	}
	free(site);
}

void
county_make(struct county_case *c, const struct county_size *size, uint64_t seed)
{
	size_t nd = 0, ns = 0;

	*c = (struct county_case){.n_sites = size->depots, .n_incidents = size->incidents};
	c->demands = mem_zero(size->incidents * size->kinds + 1, sizeof(*c->demands));
	c->supplies = mem_zero(size->depots * size->kinds + 1, sizeof(*c->supplies));
	make_minutes(c, &seed);
	for (size_t k = 0; k < size->kinds; k++) {
		int64_t asked = 0, holders;

		for (size_t i = 0; i < size->incidents; i++) {
			if (unit_random(&seed) >= size->need_density)
				continue;
			c->demands[nd] = (struct demand){.incident = (int64_t)i,
			    .kind = (int)k,
			    .amount = 50 + case_below(&seed, 450),
			    .weight = 1 << case_below(&seed, 4)};
			asked += c->demands[nd++].amount;
		}
		holders = (int64_t)(size->stock_density * (double)size->depots) + 1;
		for (size_t s = 0; s < size->depots; s++) {
			if (unit_random(&seed) >= size->stock_density)
				continue;
			c->supplies[ns++] = (struct supply){.source = (int64_t)s,
			    .kind = (int)k,
			    .amount = 1 + case_below(&seed,
					      1 + (int64_t)(2 * size->plenty * (double)asked /
							    (double)holders)),
			    .ready_min = (double)case_below(&seed, 4) * 5};
		}
	}
	c->problem = (struct allocate_problem){.demands = c->demands,
	    .n_demands = nd,
	    .supplies = c->supplies,
	    .n_supplies = ns,
	    .n_kinds = (int)size->kinds,
	    .travel = county_travel,
	    .travel_context = c};
}

void
county_clear(struct county_case *c)
{
	free(c->demands);
	free(c->supplies);
	free(c->minutes);
	*c = (struct county_case){0};
}
