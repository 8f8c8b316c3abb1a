#include "ui/screens/reading_lines.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "incident/incident.h"
#include "plan/plan.h"
#include "ui/age.h"
#include "ui/screens/facts.h"

#include <string.h>

#define CLOCKS_MAX 16
#define PLANS_MAX 3
#define LIKELY_FROM 0.5

size_t
reading_likely(const struct incident_likeness *alike, size_t n)
{
	while (n && alike[n - 1].score < LIKELY_FROM)
		n--;
	return n;
}

static void
say_types(struct lines *l, const struct told *t)
{
	const struct reading *r = t->reading;

	for (size_t i = 0; i < r->n_types && i < 3; i++)
		lines_add(l, i ? "" : _("type"), i ? STYLE_NORMAL : STYLE_STRONG, "%s %s\t%s",
		    r->types[i].code, r->types[i].name, r->types[i].why ? r->types[i].why : "");
}

static void
say_grade(struct lines *l, const struct told *t)
{
	const struct grading *g = &t->reading->grading;

	if (g->grade == GRADE_NONE && !g->near_miss && !g->sensitive)
		return;
	lines_add(
	    l, _("grade"), STYLE_STRONG, "%s\t%s", grade_label(g->grade), g->why ? g->why : "");
	if (g->near_miss)
		lines_add(l, "", STYLE_SOON, _("near miss to be reported: %s"),
		    g->near_miss_why ? g->near_miss_why : "");
	if (g->sensitive)
		lines_add(l, "", STYLE_SOON, _("sensitive: %s"),
		    g->sensitive_why ? g->sensitive_why : "");
	if (g->if_confirmed != GRADE_NONE)
		lines_add(l, "", STYLE_SOON, _("%s if trapped and missing are dead"),
		    grade_label(g->if_confirmed));
}

/* Figures of another event, and amounts of time, are marked in the text but are nothing to record.
 */
static bool
is_passing(const struct fact *f)
{
	return f->aside && (fact_kind_is_count(f->kind) || f->kind == FACT_TIME);
}

/* Was the same said before? Callers repeat themselves. */
static bool
is_said(const struct reading *r, size_t i)
{
	char now[160], before[160];

	fact_say(&r->facts[i], now, sizeof(now));
	for (size_t k = 0; k < i; k++)
		if (!is_passing(&r->facts[k]) &&
		    strcmp(fact_say(&r->facts[k], before, sizeof(before)), now) == 0)
			return true;
	return false;
}

static void
say_facts(struct lines *l, const struct told *t)
{
	struct buf all = BUF_MAX(4096);
	char fact[160];

	for (size_t i = 0; i < t->reading->n_facts; i++)
		if (!is_passing(&t->reading->facts[i]) && !is_said(t->reading, i))
			buf_printf(&all, "%s%s", all.size ? "    " : "",
			    fact_say(&t->reading->facts[i], fact, sizeof(fact)));
	if (all.size)
		lines_add(l, _("facts"), STYLE_NORMAL, "%s", buf_str(&all));
	buf_clear(&all);
}

static void
say_gaps(struct lines *l, const struct told *t)
{
	struct buf must = BUF_MAX(2048), may = BUF_MAX(2048);

	for (size_t i = 0; i < t->reading->n_gaps; i++) {
		const struct reading_gap *gap = &t->reading->gaps[i];

		buf_printf(gap->required ? &must : &may, "%s  ", gap->question);
	}
	if (must.size)
		lines_add(l, _("must ask"), STYLE_SOON, "%s", buf_str(&must));
	if (may.size)
		lines_add(l, _("ask"), STYLE_NORMAL, "%s", buf_str(&may));
	buf_clear(&must);
	buf_clear(&may);
}

static void
say_alike(struct lines *l, const struct told *t)
{
	for (size_t i = 0; i < t->n_alike; i++)
		lines_add(l, i ? "" : _("same as?"), STYLE_SOON, "%s %s\t%s", t->alike[i].no,
		    t->alike[i].title, t->alike[i].why);
}

static void
say_plans(struct lines *l, struct store *st, const struct told *t)
{
	struct plan_match found[PLANS_MAX];
	struct grade_figures figures;
	struct plan_query q;
	size_t n;

	plan_query_from_reading(t->reading, t->text, &q, &figures);
	n = plan_match(st, &q, found, PLANS_MAX);
	for (size_t i = 0; i < n; i++)
		lines_add(
		    l, i ? "" : _("plans"), STYLE_NORMAL, "%s\t%s", found[i].name, found[i].why);
	plan_match_clear(found, n);
	plan_query_clear(&q);
}

static void
say_clocks(struct lines *l, struct store *st, const struct told *t)
{
	struct clock_row clocks[CLOCKS_MAX];
	size_t n =
	    incident_clocks_preview(st, t->reading, t->text, t->received, clocks, CLOCKS_MAX);
	char due[32], label[128];

	for (size_t i = 0; i < n; i++) {
		clock_label(&clocks[i], label, sizeof(label));
		lines_add(l, i ? "" : _("clocks"), age_style(clocks[i].due, 30 * CLOCK_MINUTE),
		    "%s  %s", age_stamp(clocks[i].due, due, sizeof(due)), label);
	}
}

void
reading_lines(struct lines *l, struct store *st, const struct told *t)
{
	const struct reading *r = t->reading;

	say_alike(l, t);
	say_types(l, t);
	say_grade(l, t);
	say_gaps(l, t);
	say_facts(l, t);
	if (r->lead)
		lines_add(l, _("lead"), STYLE_NORMAL, _("%s\twith %s"), r->lead,
		    r->helpers ? r->helpers : "-");
	if (t->size) {
		say_clocks(l, st, t);
		say_plans(l, st, t);
	}
}
