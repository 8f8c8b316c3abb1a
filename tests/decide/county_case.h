/* Made-up allocation problems for the tests and the benchmark of decide/allocate. */
#ifndef COUNTY_CASE_H
#define COUNTY_CASE_H

#include "decide/allocate.h"

struct county_case {
	struct allocate_problem problem;
	struct demand *demands;
	struct supply *supplies;
	double *minutes;       /* road time: rows of sites, columns of incidents */
	size_t n_sites, n_incidents;
};

struct county_size {
	size_t incidents, kinds, depots;
	double stock_density;  /* how likely a depot holds a kind */
	double need_density;   /* how likely an incident asks for a kind */
	double plenty;         /* stock of a kind over what is asked of it, about */
};

uint64_t case_random(uint64_t *seed);
/* 0..n-1 */
int64_t case_below(uint64_t *seed, int64_t n);
/* A county of 60 km, incidents in clusters, priorities 1 2 4 8. supply.source is the site, demand.incident the incident. */
void county_make(struct county_case *c, const struct county_size *size, uint64_t seed);
void county_clear(struct county_case *c);
/* Reads c->minutes; how: "table". */
double county_travel(void *context, const struct supply *from, const struct demand *to, const char **how);

#endif
