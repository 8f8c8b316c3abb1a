/* What match.c is asked, made of what was read out of a narrative. */
#include "plan/inside.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int64_t
count(const struct reading *r, enum fact_kind kind)
{
	int64_t n = reading_count(r, kind);

	return n > 0 ? n : 0;
}

static double
greatest(const struct reading *r, enum fact_kind kind, const char *unit)
{
	double most = 0;

	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];

		if (f->kind == kind && (!unit || (f->unit && strcmp(f->unit, unit) == 0)) &&
		    f->amount > most)
			most = f->amount;
	}
	return most;
}

static char *
substances(const struct reading *r)
{
	struct buf b = BUF_MAX(1024);

	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];

		if (f->kind != FACT_SUBSTANCE || !f->name)
			continue;
		if (b.size)
			buf_add_char(&b, ' ');
		buf_add(&b, f->name);
	}
	return buf_take(&b);
}

/* The gazetteer gives an area's own code, nine digits, as its id. */
static int64_t
township(const struct reading *r)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].kind == FACT_PLACE && r->facts[i].ref > 0 &&
		    r->facts[i].ref <= ID_AREA_MAX && r->facts[i].ref % 1000 != 0)
			return r->facts[i].ref;
	return 0;
}

void
plan_query_from_reading(
    const struct reading *r, const char *text, struct plan_query *q, struct grade_figures *figures)
{
	const char **codes = mem_zero(r->n_types + 1, sizeof(*codes));
	double *scores = mem_zero(r->n_types + 1, sizeof(*scores)),
	       kilograms = greatest(r, FACT_QUANTITY, "kg");

	for (size_t i = 0; i < r->n_types; i++) {
		codes[i] = r->types[i].code;
		scores[i] = r->types[i].score;
	}
	*figures = (struct grade_figures){
	    .dead = count(r, FACT_DEAD),
	    .missing = count(r, FACT_MISSING),
	    .serious = count(r, FACT_SERIOUS),
	    .injured = count(r, FACT_INJURED),
	    .trapped = count(r, FACT_TRAPPED),
	    .evacuated = count(r, FACT_EVACUATED),
	    .poisoned = count(r, FACT_POISONED),
	    .ill = count(r, FACT_ILL),
	    .threatened = count(r, FACT_THREATENED),
	    .loss_wan = greatest(r, FACT_LOSS, NULL),
	    .area_ha = greatest(r, FACT_AREA, NULL),
	    .magnitude = greatest(r, FACT_MAGNITUDE, NULL),
	    .sensitive = r->grading.sensitive,
	};
	*q = (struct plan_query){
	    .area = township(r),
	    .codes = codes,
	    .scores = scores,
	    .n_codes = r->n_types,
	    .text = text,
	    .figures = figures,
	    .grade = r->grading.grade,
	    .near_miss = r->grading.near_miss,
	    .tonnes = greatest(r, FACT_QUANTITY, "t"),
	    .water_level = greatest(r, FACT_WATER_LEVEL, NULL),
	    .rain_mm = greatest(r, FACT_RAIN, NULL),
	    .substances = substances(r),
	};
	if (kilograms / 1000 > q->tonnes)
		q->tonnes = kilograms / 1000;
}

/* The query owns these three; const is for those who only read it. */
static void
free_const(const void *p)
{
	union {
		const void *read;
		void *own;
	} u = {p};

	free(u.own);
}

void
plan_query_clear(struct plan_query *q)
{
	free_const(q->codes);
	free_const(q->scores);
	free_const(q->substances);
	*q = (struct plan_query){0};
}
