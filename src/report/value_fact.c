/* Names in a pattern that are filled from the facts the callers gave: goods, plates, water,
 * weather, losses. */
#include "report/inside.h"

#include <stdlib.h>
#include <string.h>

/* --- from the facts -------------------------------------------------------------------------- */

/* Distinct words of a kind; `norm`: their normal form. */
static bool
facts_of(const struct record *r, enum fact_kind kind, bool norm, size_t max, struct value *v)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_facts && n < max; i++) {
		const struct incident_fact *f = &r->facts[i];
		const char *text = norm && f->norm[0] ? f->norm : f->text;
		if (f->kind != kind || strstr(buf_str(&v->text), text))
			continue;
		buf_printf(&v->text, "%s%s", n++ ? "、" : "", text);
		value_source(v, f->journal);
		v->unproven = v->unproven || f->bound != BOUND_EXACT;
	}
	return n > 0;
}

/* Each substance once, as the caller calls it, with its UN number. */
bool
value_substance(const struct record *r, struct value *v)
{
	int seen[8];
	size_t n = 0;

	for (size_t i = 0; i < r->n_facts && n < COUNT_OF(seen); i++) {
		const struct incident_fact *f = &r->facts[i];
		bool known = f->kind != FACT_SUBSTANCE || strncmp(f->text, "UN", 2) == 0 ||
			     strstr(buf_str(&v->text), f->text);
		for (size_t k = 0; k < n; k++)
			known = known || (f->un && seen[k] == f->un);
		if (known)
			continue;
		seen[n] = f->un;
		buf_printf(&v->text, "%s%s", n++ ? "、" : "", f->text);
		if (f->un)
			buf_printf(&v->text, "（UN%04d）", f->un);
		value_source(v, f->journal);
	}
	return n > 0;
}

bool
value_quantity(const struct record *r, struct value *v)
{
	return facts_of(r, FACT_QUANTITY, false, 1, v);
}

bool
value_plate(const struct record *r, struct value *v)
{
	return facts_of(r, FACT_PLATE, true, 4, v);
}

/* An enterprise of the county's list that the callers name. */
bool
value_unit(const struct record *r, struct value *v)
{
	struct sql *q = sql(r->st, "SELECT name FROM enterprise WHERE instr(?1, name) > 0 LIMIT 1");
	bool found;

	sql_bind(q, "t", r->words);
	found = sql_row(q);
	if (found)
		buf_add(&v->text, sql_text(q, 0));
	sql_done(q);
	value_source(v, r->opened);
	return found;
}

bool
value_water(const struct record *r, struct value *v)
{
	bool level = facts_of(r, FACT_WATER_LEVEL, false, 3, v),
	     rain = facts_of(r, FACT_RAIN, false, 3, v);

	return level || rain;
}

bool
value_quake(const struct record *r, struct value *v)
{
	return facts_of(r, FACT_MAGNITUDE, false, 1, v);
}

bool
value_area(const struct record *r, struct value *v)
{
	return facts_of(r, FACT_AREA, false, 1, v);
}

bool
value_weather(const struct record *r, struct value *v)
{
	if (record_source(r, "weather"))
		return value_field(r, r->full.weather, "weather", v);
	return facts_of(r, FACT_WIND, false, 1, v) || value_from_open(r, r->full.weather, v);
}

void
value_count(
    const struct record *r, size_t at, const char *before, const char *unit, struct value *v)
{
	buf_printf(&v->text, "%s%s%lld%s", before, chinese_bound(r->full.figures[at].bound),
	    (long long)r->full.figures[at].value, unit);
	value_source(v, r->full.figures[at].journal);
	v->unproven = v->unproven || r->full.figures[at].bound != BOUND_EXACT;
}

bool
value_impact(const struct record *r, struct value *v)
{
	size_t at = 0;

	if (value_field(r, r->full.impact, "impact", v))
		return true;
	if (value_figure(r, FACT_THREATENED, &at) <= 0 &&
	    value_figure(r, FACT_HOUSEHOLDS, &at) <= 0)
		return false;
	buf_add(&v->text, "威胁");
	if (value_figure(r, FACT_HOUSEHOLDS, &at) > 0)
		value_count(r, at, "", "户", v);
	if (value_figure(r, FACT_THREATENED, &at) > 0)
		value_count(r, at, "", "人", v);
	return true;
}

bool
value_loss(const struct record *r, struct value *v)
{
	struct sql *q =
	    sql(r->st, "SELECT loss_wan FROM incident WHERE id = ?1 AND loss_wan IS NOT NULL");
	bool found;

	sql_bind(q, "i", r->incident);
	found = sql_row(q);
	if (found)
		buf_printf(&v->text, "%g万元", sql_real(q, 0));
	sql_done(q);
	if (found) {
		value_source(v, record_source(r, "loss"));
		return true;
	}
	return facts_of(r, FACT_LOSS, false, 1, v);
}
