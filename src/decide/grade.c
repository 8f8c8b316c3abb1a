/*
 * Grades by rows: the worst row that is reached wins, and its clause is quoted. "以上" includes the
 * number (493 art. 3), so a row is reached at >=. Trapped and missing people are shown as what the
 * grade would be if they turned out dead; they never make the grade.
 */
#include "decide/judge.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The figures a row may ask for, as 'metric' names them. */
static const struct {
	const char *name, *label, *unit;
} metrics[] = {
    {"dead", N_("Dead"), N_("persons")},
    {"serious", N_("Seriously injured"), N_("persons")},
    {"injured", N_("Injured"), N_("persons")},
    {"poisoned", N_("Poisoned"), N_("persons")},
    {"ill", N_("Ill"), N_("persons")},
    {"ill_dead", N_("Ill, with deaths"), N_("persons")},
    {"evacuated", N_("Evacuated"), N_("persons")},
    {"threatened", N_("Threatened"), N_("persons")},
    {"trapped_missing", N_("Trapped or missing"), N_("persons")},
    {"at_risk", N_("In danger"), N_("persons")},
    {"loss_wan", N_("Loss"), N_("10,000 yuan")},
    {"area_ha", N_("Burnt or hit area"), N_("hectares")},
    {"magnitude", N_("Magnitude"), ""},
};

/* The figure, or -1 for "does not apply". */
static double
figure(const struct grade_figures *f, const char *metric)
{
	double trapped = (double)f->trapped + (double)f->missing;
	double serious = (double)f->serious;

	if (strcmp(metric, "dead") == 0)
		return (double)f->dead;
	if (strcmp(metric, "serious") == 0)
		return serious +
		       (double)f->poisoned; /* acute industrial poisoning counts: 493 art. 3 */
	if (strcmp(metric, "injured") == 0)
		return (double)f->injured;
	if (strcmp(metric, "poisoned") == 0)
		return (double)f->poisoned;
	if (strcmp(metric, "ill") == 0)
		return (double)(f->ill > f->poisoned ? f->ill : f->poisoned);
	if (strcmp(metric, "ill_dead") == 0)
		return f->dead > 0 ? (double)(f->ill > f->poisoned ? f->ill : f->poisoned) : 0;
	if (strcmp(metric, "evacuated") == 0)
		return (double)f->evacuated;
	if (strcmp(metric, "threatened") == 0)
		return (double)f->threatened;
	if (strcmp(metric, "trapped_missing") == 0)
		return trapped;
	if (strcmp(metric, "at_risk") == 0)
		return trapped + (double)f->threatened;
	if (strcmp(metric, "loss_wan") == 0)
		return f->loss_wan;
	if (strcmp(metric, "area_ha") == 0)
		return f->area_ha;
	if (strcmp(metric, "magnitude") == 0)
		return f->magnitude;
	if (strcmp(metric, "begun") == 0)
		return 1; /* an accident of this type has happened, whatever its figures */
	return -1;
}

static char *
reason(const struct grade_row *row, double value)
{
	const char *label = row->metric, *unit = "";

	for (size_t i = 0; i < COUNT_OF(metrics); i++)
		if (strcmp(metrics[i].name, row->metric) == 0) {
			label = _(metrics[i].label);
			unit = metrics[i].unit[0] ? _(metrics[i].unit) : "";
		}
	if (strcmp(row->metric, "begun") == 0)
		return mem_dup(row->clause);
	return mem_print(
	    _("%s %g %s, at least %g (%s)"), label, value, unit, row->low, row->clause);
}

/* The worst grade row reached, or NULL. */
static const struct grade_row *
worst(const struct taxonomy *taxonomy, const char *code, const struct grade_figures *f)
{
	const struct grade_row *best = NULL;

	for (size_t i = 0; i < taxonomy->n_grades; i++) {
		const struct grade_row *row = &taxonomy->grade[i];
		double value = figure(f, row->metric);

		if (row->grade != GRADE_NONE && taxonomy_covers(row->types, code) && value > 0 &&
		    value >= row->low && (!best || row->grade < best->grade))
			best = row;
	}
	return best;
}

static void
find_near_miss(const struct taxonomy *taxonomy, const char *code, const struct grade_figures *f,
    struct grading *out)
{
	for (size_t i = 0; i < taxonomy->n_grades && !out->near_miss; i++) {
		const struct grade_row *row = &taxonomy->grade[i];
		double value = figure(f, row->metric);

		if (row->grade == GRADE_NONE && taxonomy_covers(row->types, code) && value > 0 &&
		    value >= row->low) {
			out->near_miss = true;
			out->near_miss_why = reason(row, value);
		}
	}
}

void
judge_grade(const struct taxonomy *taxonomy, const char *code, const struct grade_figures *f,
    struct grading *out)
{
	const struct grade_row *row = worst(taxonomy, code, f);
	struct grade_figures dead = *f;

	memset(out, 0, sizeof(*out));
	if (row) {
		out->grade = row->grade;
		out->rule = mem_dup(row->id);
		out->why = reason(row, figure(f, row->metric));
	}
	find_near_miss(taxonomy, code, f, out);
	out->sensitive = f->sensitive;
	dead.dead += f->missing + f->trapped;
	row = f->missing + f->trapped > 0 ? worst(taxonomy, code, &dead) : NULL;
	if (row && (out->grade == GRADE_NONE || row->grade < out->grade))
		out->if_confirmed = row->grade;
}

static uint64_t
sentences(const struct scan *scan, const struct words *words)
{
	uint64_t in = 0;

	for (size_t i = 0; i < words->count; i++)
		in |= scan->in[words->item[i]];
	return in;
}

/* The word by which the row fires, in a sentence that has what it asks for besides; -1: it does
 * not. */
static int64_t
fires(const struct scan *scan, const struct sensitive_row *row)
{
	uint64_t in = sentences(scan, &row->any);

	if (row->with.count)
		in &= sentences(scan, &row->with);
	in &= ~sentences(scan, &row->without);
	for (size_t i = 0; i < row->any.count; i++)
		if (scan->in[row->any.item[i]] & in)
			return row->any.item[i];
	return -1;
}

void
judge_words(const struct scan *scan, const struct lexicon *lexicon, const struct taxonomy *taxonomy,
    struct reading *out)
{
	struct grading *g = &out->grading;
	const char *code = out->n_types ? out->types[0].code : "";

	for (size_t i = 0; i < taxonomy->n_sensitive; i++) {
		const struct sensitive_row *row = &taxonomy->sensitive[i];
		int64_t word = fires(scan, row);
		char **why = row->near_miss ? &g->near_miss_why : &g->sensitive_why;
		bool *flag = row->near_miss ? &g->near_miss : &g->sensitive;

		if (*flag || word < 0 || !taxonomy_covers(row->types, code))
			continue;
		*flag = true;
		free(*why);
		*why = mem_print("%s (%s)", row->why, lexicon->cue[word]);
	}
}

void
grading_clear(struct grading *g)
{
	free(g->rule);
	free(g->why);
	free(g->near_miss_why);
	free(g->sensitive_why);
	memset(g, 0, sizeof(*g));
}

const char *
grade_label(enum grade grade)
{
	switch (grade) {
	case GRADE_I:
		return _("particularly serious");
	case GRADE_II:
		return _("serious");
	case GRADE_III:
		return _("considerable");
	case GRADE_IV:
		return _("ordinary");
	default:
		return "-";
	}
}
