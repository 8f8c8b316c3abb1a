/* What the tests of the plans share: a store with the county's classes, units and plans in it. */
#ifndef TESTS_PLAN_COUNTY_H
#define TESTS_PLAN_COUNTY_H

#include "tests/store/room.h"

#include "plan/plan.h"

/* A store with the plan verbs, and the skills, goods and units of data/demo; no plan yet. */
void county_make(struct room *room);
/* The same with every plan of data/plans. */
void county_make_with_plans(struct room *room);
/* A file of the source tree; the caller frees. */
char *county_path(const char *name);
/* The whole file; the caller frees. */
char *county_read(const char *name, size_t *n);
/* The plan of a code, or 0. */
int64_t county_plan(struct store *st, const char *code);

#endif
