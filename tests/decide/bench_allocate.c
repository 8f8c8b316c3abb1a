/*
 * How long an allocation takes, at the sizes of the stated budgets (10 and 100 ms), and when a
 * fifth of the need cannot be met. Prints one line a size: the median and the worst of several
 * seeds. Exit status 1 when a median is over its budget.
 */
#include "tests/decide/county_case.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool
bench(const struct county_size *size, double budget_ms)
{
	double ms[9], late = 0;
	size_t arcs = 0, short_of = 0;
	int rounds = 0;

	for (size_t i = 0; i < COUNT_OF(ms); i++) {
		struct county_case c;
		struct allocate_answer a;
		struct err err = ERR_NONE;

		county_make(&c, size, 1000 + i);
		ms[i] = now_ms();
		if (!allocate_solve(&c.problem, &a, &err) || !a.proven) {
			fprintf(stderr, "no proven answer: %s\n", err.message ? err.message : "");
			exit(1);
		}
		ms[i] = now_ms() - ms[i];
		arcs = a.arcs > arcs ? a.arcs : arcs;
		rounds = a.rounds > rounds ? a.rounds : rounds;
		late = a.worst_arrival_min > late ? a.worst_arrival_min : late;
		short_of += a.n_shortages > 0;
		allocate_clear(&a);
		county_clear(&c);
	}
	qsort(ms, COUNT_OF(ms), sizeof(*ms), by_value);
	printf("allocate %zux%zux%zu plenty %.1f: median %.1f ms of CPU, worst %.1f ms (budget %.0f ms); "
	       "up to %zu pairs, %d rounds, "
	       "last arrival %.1f min, %zu of %zu seeds short\n",
	    size->incidents, size->kinds, size->depots, size->plenty, ms[COUNT_OF(ms) / 2],
	    ms[COUNT_OF(ms) - 1], budget_ms, arcs, rounds, late, short_of, COUNT_OF(ms));
	return ms[COUNT_OF(ms) / 2] < budget_ms;
}

int
main(void)
{
	bool ok = true;

	ok = bench(&(struct county_size){20, 12, 500, .3, .67, 1.6}, 10) && ok;
	ok = bench(&(struct county_size){20, 12, 500, .3, .67, .8}, 10) && ok;
	ok = bench(&(struct county_size){60, 20, 2000, .3, .63, 1.6}, 100) && ok;
	ok = bench(&(struct county_size){60, 20, 2000, .3, .63, .8}, 100) && ok;
	return ok ? 0 : 1;
}
