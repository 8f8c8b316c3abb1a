/* The people: dead, missing, hurt, trapped, moved, in the words of a report. */
#include "report/inside.h"

#include <string.h>

/* --- people ---------------------------------------------------------------------------------- */

static void
add_part(struct value *v, size_t begin)
{
	if (v->text.size > begin)
		buf_add(&v->text, "，");
}

/* "受伤2人（其中重伤1人）" */
static void
add_injured(const struct record *r, size_t begin, struct value *v)
{
	size_t at = 0, part = 0;

	if (value_figure(r, FACT_INJURED, &at) <= 0 && value_figure(r, FACT_SERIOUS, &at) <= 0 &&
	    value_figure(r, FACT_LIGHT, &at) <= 0)
		return;
	add_part(v, begin);
	if (value_figure(r, FACT_INJURED, &at) > 0) {
		value_count(r, at, "受伤", "人", v);
		/* A part told before the whole changed says nothing of the whole of now. */
		if (value_figure(r, FACT_SERIOUS, &part) > 0 &&
		    r->full.figures[part].at >= r->full.figures[at].at) {
			if (r->full.figures[part].value < r->full.figures[at].value)
				value_count(r, part, "（其中重伤", "人）", v);
			else
				buf_add(&v->text, "（均为重伤）");
		} else if (value_figure(r, FACT_LIGHT, &part) == r->full.figures[at].value &&
			   r->full.figures[part].at >= r->full.figures[at].at) {
			buf_add(&v->text, "（均为轻伤）");
		}
		return;
	}
	if (value_figure(r, FACT_SERIOUS, &at) > 0)
		value_count(r, at, "重伤", "人", v);
	if (value_figure(r, FACT_LIGHT, &at) > 0) {
		if (value_figure(r, FACT_SERIOUS, NULL) > 0)
			buf_add(&v->text, "，");
		value_count(r, at, "轻伤", "人", v);
	}
}

static void
add_kind(const struct record *r, enum fact_kind kind, size_t begin, struct value *v)
{
	size_t at = 0;

	if (value_figure(r, kind, &at) <= 0)
		return;
	add_part(v, begin);
	value_count(r, at, chinese_figure(kind), "人", v);
}

static bool
was_above_zero(const struct record *r, enum fact_kind kind)
{
	for (size_t i = 0; i < r->n_changes; i++)
		if (r->changes[i].kind == kind && r->changes[i].value > 0)
			return true;
	return false;
}

/* What was said to be nothing is said; what nobody spoke of is told as not reported. */
static void
add_zeros(const struct record *r, size_t begin, struct value *v)
{
	int64_t dead = value_figure(r, FACT_DEAD, NULL), hurt = value_figure(r, FACT_INJURED, NULL),
		missing = value_figure(r, FACT_MISSING, NULL);
	size_t at = 0;

	if (value_figure(r, FACT_TRAPPED, &at) == 0 && was_above_zero(r, FACT_TRAPPED)) {
		add_part(v, begin);
		buf_add(&v->text, "被困人员已全部脱困");
		value_source(v, r->full.figures[at].journal);
	}
	if (dead > 0)
		return;
	if (dead == 0 && hurt == 0 && v->text.size == begin) {
		buf_add(&v->text, "无人员伤亡");
		value_figure(r, FACT_DEAD, &at);
		value_source(v, r->full.figures[at].journal);
		return;
	}
	add_part(v, begin);
	buf_add(&v->text, dead == 0	? "无人员死亡"
			  : missing > 0 ? "暂未接报人员死亡"
					: "暂未接报人员死亡、失踪");
}

bool
value_casualties(const struct record *r, struct value *v)
{
	static const enum fact_kind before[] = {FACT_DEAD, FACT_MISSING},
				    behind[] = {FACT_TRAPPED, FACT_POISONED, FACT_ILL};
	size_t begin;

	if (r->full.n_figures == 0)
		return false;
	buf_add(&v->text, "截至");
	chinese_time(&v->text, r->now);
	buf_add(&v->text, "，");
	begin = v->text.size;
	for (size_t i = 0; i < COUNT_OF(before); i++)
		add_kind(r, before[i], begin, v);
	add_injured(r, begin, v);
	for (size_t i = 0; i < COUNT_OF(behind); i++)
		add_kind(r, behind[i], begin, v);
	add_zeros(r, begin, v);
	buf_add(&v->text, "。");
	return v->text.size > begin + 3;
}

bool
value_moved(const struct record *r, struct value *v)
{
	size_t at = 0;

	if (value_figure(r, FACT_EVACUATED, &at) <= 0)
		return false;
	value_count(r, at, "已转移疏散群众", "人。", v);
	return true;
}
