/* The list of plans. */
#include "cli/list.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "plan/plan.h"

#include <stdlib.h>

#define PLANS_MAX 1000

static json_t *
plan_json(const struct plan_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "code", r->code);
	member_text(o, "name", r->name);
	member_text(o, "short", r->short_name);
	member_text(o, "level", r->level);
	member_text(o, "level_label", plan_level_label(r->level));
	member_text(o, "version", r->version_text);
	member_text(o, "doc_no", r->doc_no);
	member_text(o, "issuer", r->issuer);
	member_text(o, "issued", r->issued);
	member_text(o, "review", r->review);
	member_flag(o, "review_due", r->review_due);
	member_flag(o, "retired", r->retired);
	member_int(o, "findings", r->findings);
	return o;
}

static json_t *
list_plans(struct store *st, const struct list_query *q)
{
	size_t max = q->limit < PLANS_MAX ? q->limit : PLANS_MAX, n;
	struct plan_row *rows = mem_zero(max, sizeof(*rows));
	json_t *out = json_array();

	n = plan_list(st, q->words, rows, max);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, plan_json(&rows[i]));
	free(rows);
	return out;
}

static json_t *
one_plan(struct store *st, int64_t id)
{
	struct plan_row row;

	return plan_get(st, id, &row) ? plan_json(&row) : NULL;
}

static const struct out_column columns[] = {
    {"code", N_("code"), OUT_TEXT, 0},
    {"name", N_("plan"), OUT_TEXT, 48},
    {"level_label", N_("kind"), OUT_TEXT, 0},
    {"version", N_("version"), OUT_TEXT, 0},
    {"review", N_("next review"), OUT_TEXT, 0},
    {"review_due", N_("review due"), OUT_BOOL, 0},
    {"retired", N_("retired"), OUT_BOOL, 0},
};

const struct list_kind list_plan_kinds[] = {
    {"plans", "plan 预案", N_("plans"), columns, COUNT_OF(columns), list_plans, "plan", one_plan,
	plan_text, columns, COUNT_OF(columns)},
};
const size_t list_n_plan_kinds = COUNT_OF(list_plan_kinds);
