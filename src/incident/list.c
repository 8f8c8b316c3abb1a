/*
 * Reading incidents: lists and single ones. A list names its index by its own statement (the open
 * ones, one township's, all), so that its cost depends on the window and not on the table.
 */
#include "incident/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN "state NOT IN ('closed', 'merged', 'not_incident')"
#define NEXT_CLOCK                                                                                 \
	"(SELECT c.id FROM clock c WHERE c.state = 'open' AND (c.kind <> 'window' OR c.due > ?1)"  \
	" AND c.incident IN (SELECT i.id UNION ALL SELECT m.id FROM incident m WHERE "             \
	"m.merged_into = i.id)"                                                                    \
	" ORDER BY c.due LIMIT 1)"
#define ROW                                                                                        \
	"SELECT i.id, i.year, i.number, i.received, i.occurred, i.title, i.type, i.type_name, "    \
	"i.place, i.road, i.source,"                                                               \
	" i.state, i.area, (SELECT a.short FROM area a WHERE a.id = i.area), i.lon, i.lat, "       \
	"i.grade, i.near_miss,"                                                                    \
	" i.sensitive, i.confirmed, i.parent, i.merged_into, (SELECT count(*) FROM call c WHERE "  \
	"c.incident = i.id),"                                                                      \
	" (SELECT count(*) FROM incident k WHERE k.parent = i.id),"                                \
	" (SELECT count(*) FROM orders o WHERE o.incident = i.id AND o.state NOT IN ('done', "     \
	"'withdrawn')),"                                                                           \
	" (SELECT count(*) FROM orders o WHERE o.incident = i.id AND o.state IN ('issued', "       \
	"'delivered') AND o.acked IS NULL),"                                                       \
	" n.due, n.kind, n.dest FROM incident i LEFT JOIN clock n ON n.id = " NEXT_CLOCK

static void
put_next(struct incident_row *r, int64_t due, const char *kind, const char *dest)
{
	struct clock_row c = {.due = due};

	r->next_due = due;
	r->next_label[0] = '\0';
	if (due == CLOCK_NONE)
		return;
	utf8_copy(c.kind, sizeof(c.kind), kind);
	utf8_copy(c.dest, sizeof(c.dest), dest);
	clock_label(&c, r->next_label, sizeof(r->next_label));
}

static void
read_row(struct sql *q, struct incident_row *r)
{
	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->year = (int)sql_int(q, 1);
	r->number = (int)sql_int(q, 2);
	r->received = sql_time(q, 3);
	r->occurred = sql_time(q, 4);
	utf8_copy(r->title, sizeof(r->title), sql_text(q, 5));
	utf8_copy(r->type, sizeof(r->type), sql_text(q, 6));
	utf8_copy(r->type_name, sizeof(r->type_name), sql_text(q, 7));
	utf8_copy(r->place, sizeof(r->place), sql_text(q, 8));
	utf8_copy(r->road, sizeof(r->road), sql_text(q, 9));
	utf8_copy(r->source, sizeof(r->source), sql_text(q, 10));
	utf8_copy(r->state, sizeof(r->state), sql_text(q, 11));
	r->area = sql_int(q, 12);
	utf8_copy(r->area_name, sizeof(r->area_name), sql_text(q, 13));
	r->lon = sql_real(q, 14);
	r->lat = sql_real(q, 15);
	r->grade = (enum grade)sql_int(q, 16);
	r->near_miss = sql_int(q, 17) != 0;
	r->sensitive = sql_int(q, 18) != 0;
	r->confirmed = sql_int(q, 19) != 0;
	r->parent = sql_int(q, 20);
	r->merged_into = sql_int(q, 21);
	r->calls = (int)sql_int(q, 22);
	r->children = (int)sql_int(q, 23);
	r->open_orders = (int)sql_int(q, 24);
	r->unacked = (int)sql_int(q, 25);
	put_next(r, sql_time(q, 26), sql_text(q, 27), sql_text(q, 28));
}

bool
incident_get(struct store *st, int64_t id, struct incident_row *out)
{
	struct sql *q = sql(st, ROW " WHERE i.id = ?2");
	bool found;

	sql_bind(q, "ii", clock_now(), id);
	found = sql_row(q);
	if (found)
		read_row(q, out);
	sql_done(q);
	return found;
}

/* --- lists ----------------------------------------------------------------------------------- */

/* One hit of the full text, held against the rest of the filter. */
static bool
passes(struct store *st, int64_t id, const struct incident_filter *f, struct incident_row *out)
{
	if (!incident_get(st, id, out))
		return false;
	if (f->open && (strcmp(out->state, "closed") == 0 || strcmp(out->state, "merged") == 0 ||
			   strcmp(out->state, "not_incident") == 0))
		return false;
	if (f->area && out->area != f->area)
		return false;
	return !f->type || strncmp(out->type, f->type, strlen(f->type)) == 0;
}

/* By words: the search gives the hits, newest first; go on behind the hit of the incident `before`.
 */
static size_t
list_by_words(
    struct store *st, const struct incident_filter *f, struct incident_row *out, size_t max)
{
	struct search_hit hits[64];
	int64_t cursor = 0;
	bool behind = f->before == 0;
	size_t n = 0, got;

	do {
		got = search_find(st, "incident", f->words, cursor, hits, COUNT_OF(hits), &cursor);
		for (size_t i = 0; i < got && n < max; i++) {
			if (behind && passes(st, hits[i].ref, f, &out[n]))
				n++;
			behind = behind || hits[i].ref == f->before;
		}
	} while (got == COUNT_OF(hits) && n < max);
	return n;
}

/* By words the other way: the hits up to `after` (all of them: from_end), the last `max` of them,
 * nearest first. */
static size_t
list_up_by_words(
    struct store *st, const struct incident_filter *f, struct incident_row *out, size_t max)
{
	struct incident_filter down = *f;
	struct incident_row *rows = mem_zero(max, sizeof(*rows));
	size_t n = 0, got, kept = 0;
	bool reached = false;

	down.after = 0;
	down.from_end = false;
	do {
		got = list_by_words(st, &down, rows, max);
		for (size_t i = 0; i < got && !reached; i++) {
			down.before = rows[i].id;
			reached = rows[i].id == f->after;
			if (!reached)
				out[n++ % max] = rows[i];
		}
	} while (got == max && !reached);
	kept = n < max ? n : max;
	for (size_t i = 0; i < kept; i++)
		rows[i] = out[(n - 1 - i) % max];
	memcpy(out, rows, kept * sizeof(*rows));
	free(rows);
	return kept;
}

static struct sql *
list_up_query(struct store *st, const struct incident_filter *f)
{
	if (f->open)
		return sql(st, ROW " WHERE i." OPEN " AND (?2 = 0 OR i.area = ?2) AND (?3 IS NULL "
				   "OR substr(i.type, 1, length(?3)) = ?3)"
				   " AND (?4 IS NULL OR (i.received, i.id) > (?4, ?5)) ORDER BY "
				   "i.received, i.id LIMIT ?6");
	if (f->area)
		return sql(st,
		    ROW " WHERE i.area = ?2 AND (?3 IS NULL OR substr(i.type, 1, length(?3)) = ?3)"
			" AND (?4 IS NULL OR (i.received, i.id) > (?4, ?5)) ORDER BY i.received, "
			"i.id LIMIT ?6");
	if (f->after)
		return sql(st,
		    ROW " WHERE ?2 = 0 AND i.received >= ?4 AND (i.received, i.id) > (?4, ?5)"
			" AND (?3 IS NULL OR substr(i.type, 1, length(?3)) = ?3) ORDER BY "
			"i.received, i.id LIMIT ?6");
	return sql(st, ROW " WHERE ?2 = 0 AND ?4 IS NULL AND ?5 = 0 AND (?3 IS NULL OR "
			   "substr(i.type, 1, length(?3)) = ?3)"
			   " ORDER BY i.received, i.id LIMIT ?6");
}

static struct sql *
list_query(struct store *st, const struct incident_filter *f)
{
	if (f->open)
		return sql(st, ROW " WHERE i." OPEN " AND (?2 = 0 OR i.area = ?2) AND (?3 IS NULL "
				   "OR substr(i.type, 1, length(?3)) = ?3)"
				   " AND (?4 IS NULL OR (i.received, i.id) < (?4, ?5)) ORDER BY "
				   "i.received DESC, i.id DESC LIMIT ?6");
	if (f->area)
		return sql(st,
		    ROW " WHERE i.area = ?2 AND (?3 IS NULL OR substr(i.type, 1, length(?3)) = ?3)"
			" AND (?4 IS NULL OR (i.received, i.id) < (?4, ?5)) ORDER BY i.received "
			"DESC, i.id DESC LIMIT ?6");
	/* "?2 = 0" keeps the numbers of the parameters the same. */
	if (f->before)
		return sql(st,
		    ROW " WHERE ?2 = 0 AND i.received <= ?4 AND (i.received, i.id) < (?4, ?5)"
			" AND (?3 IS NULL OR substr(i.type, 1, length(?3)) = ?3) ORDER BY "
			"i.received DESC, i.id DESC LIMIT ?6");
	return sql(st, ROW " WHERE ?2 = 0 AND ?4 IS NULL AND ?5 = 0 AND (?3 IS NULL OR "
			   "substr(i.type, 1, length(?3)) = ?3)"
			   " ORDER BY i.received DESC, i.id DESC LIMIT ?6");
}

size_t
incident_list(
    struct store *st, const struct incident_filter *f, struct incident_row *out, size_t max)
{
	int64_t received = CLOCK_NONE, edge = f->after ? f->after : f->before;
	bool up = f->after || f->from_end;
	struct sql *q;
	size_t n = 0;

	if (f->words && *f->words)
		return up ? list_up_by_words(st, f, out, max) : list_by_words(st, f, out, max);
	if (edge)
		received = sql_one_int(
		    st, "SELECT received FROM incident WHERE id = ?1", CLOCK_NONE, "i", edge);
	q = up ? list_up_query(st, f) : list_query(st, f);
	sql_bind(q, "iitcii", clock_now(), f->area, f->type && *f->type ? f->type : NULL, received,
	    edge, (int64_t)max);
	while (n < max && sql_row(q))
		read_row(q, &out[n++]);
	sql_done(q);
	return n;
}

static int64_t
count_by_words(struct store *st, const struct incident_filter *f, int64_t limit)
{
	struct incident_row *rows = mem_zero((size_t)limit + 1, sizeof(*rows));
	struct incident_filter all = *f;
	size_t n;

	all.before = 0;
	n = list_by_words(st, &all, rows, (size_t)limit + 1);
	free(rows);
	return (int64_t)n;
}

int64_t
incident_count(struct store *st, const struct incident_filter *f, int64_t limit)
{
	const char *type = f->type && *f->type ? f->type : NULL;

	if (f->words && *f->words)
		return count_by_words(st, f, limit);
	if (f->open)
		return sql_one_int(st,
		    "SELECT count(*) FROM (SELECT 1 FROM incident WHERE " OPEN
		    " AND (?1 = 0 OR area = ?1)"
		    " AND (?2 IS NULL OR substr(type, 1, length(?2)) = ?2) LIMIT ?3)",
		    0, "iti", f->area, type, limit + 1);
	if (f->area)
		return sql_one_int(st,
		    "SELECT count(*) FROM (SELECT 1 FROM incident WHERE area = ?1"
		    " AND (?2 IS NULL OR substr(type, 1, length(?2)) = ?2) LIMIT ?3)",
		    0, "iti", f->area, type, limit + 1);
	return sql_one_int(st,
	    "SELECT count(*) FROM (SELECT 1 FROM incident WHERE (?1 IS NULL OR substr(type, 1, "
	    "length(?1)) = ?1)"
	    " LIMIT ?2)",
	    0, "ti", type, limit + 1);
}

size_t
incident_children(struct store *st, int64_t incident, struct incident_row *out, size_t max)
{
	struct sql *q = sql(st, ROW " WHERE i.parent = ?2 ORDER BY i.received, i.id LIMIT ?3");
	size_t n = 0;

	sql_bind(q, "iii", clock_now(), incident, (int64_t)max);
	while (n < max && sql_row(q))
		read_row(q, &out[n++]);
	sql_done(q);
	return n;
}

/* --- one incident in full -------------------------------------------------------------------- */

static void
read_texts(struct store *st, int64_t id, struct incident_full *out)
{
	struct sql *q = sql(st, "SELECT nature, grade_rule, grade_why, near_miss_why, "
				"sensitive_why, lead, helpers, cause, trend, measures,"
				" weather, scene_chief, scene_phone, leaders_on_site, needs, "
				"impact, media, care, lessons FROM "
				"incident WHERE id = ?1");
	char **into[] = {&out->nature, &out->grade_rule, &out->grade_why, &out->near_miss_why,
	    &out->sensitive_why, &out->lead, &out->helpers, &out->cause, &out->trend,
	    &out->measures, &out->weather, &out->scene_chief, &out->scene_phone,
	    &out->leaders_on_site, &out->needs, &out->impact, &out->media, &out->care,
	    &out->lessons};
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	for (size_t i = 0; i < COUNT_OF(into); i++)
		*into[i] = mem_dup(found ? sql_text(q, (int)i) : "");
	sql_done(q);
}

static void
read_codes(struct store *st, int64_t id, struct incident_full *out)
{
	struct sql *q =
	    sql(st, "SELECT code, name, why FROM incident_code WHERE incident = ?1 ORDER BY rank");

	sql_bind(q, "i", id);
	while (out->n_codes < COUNT_OF(out->codes) && sql_row(q)) {
		utf8_copy(
		    out->codes[out->n_codes].code, sizeof(out->codes[0].code), sql_text(q, 0));
		utf8_copy(
		    out->codes[out->n_codes].name, sizeof(out->codes[0].name), sql_text(q, 1));
		out->codes[out->n_codes++].why = mem_dup(sql_text(q, 2));
	}
	sql_done(q);
}

/* The newest change of each kind, in the order of the kinds. */
static void
read_figures(struct store *st, int64_t id, struct incident_full *out)
{
	for (int kind = 0; kind <= FACT_HOUSEHOLDS; kind++) {
		struct sql *q = sql(st, "SELECT value, bound, at, source, journal FROM casualty "
					"WHERE incident = ?1 AND kind = ?2"
					" ORDER BY at DESC, id DESC LIMIT 1");
		sql_bind(q, "it", id, fact_kind_name((enum fact_kind)kind));
		if (sql_row(q)) {
			out->figures[out->n_figures].kind = (enum fact_kind)kind;
			out->figures[out->n_figures].value = sql_int(q, 0);
			out->figures[out->n_figures].bound = (enum fact_bound)sql_int(q, 1);
			out->figures[out->n_figures].at = sql_time(q, 2);
			utf8_copy(out->figures[out->n_figures].source,
			    sizeof(out->figures[0].source), sql_text(q, 3));
			out->figures[out->n_figures++].journal = sql_int(q, 4);
		}
		sql_done(q);
	}
}

bool
incident_full(struct store *st, int64_t id, struct incident_full *out)
{
	memset(out, 0, sizeof(*out));
	if (!incident_get(st, id, &out->row))
		return false;
	read_texts(st, id, out);
	read_codes(st, id, out);
	read_figures(st, id, out);
	return true;
}

void
incident_full_clear(struct incident_full *i)
{
	char *texts[] = {i->nature, i->grade_rule, i->grade_why, i->near_miss_why, i->sensitive_why,
	    i->lead, i->helpers, i->cause, i->trend, i->measures, i->weather, i->scene_chief,
	    i->scene_phone, i->leaders_on_site, i->needs, i->impact, i->media, i->care, i->lessons};

	for (size_t k = 0; k < COUNT_OF(texts); k++)
		free(texts[k]);
	for (size_t k = 0; k < i->n_codes; k++)
		free(i->codes[k].why);
	memset(i, 0, sizeof(*i));
}

/* --- calls, facts, changes of figures -------------------------------------------------------- */

size_t
incident_calls(struct store *st, int64_t incident, struct incident_call *out, size_t max)
{
	struct sql *q = sql(st, "SELECT id, at, moved_from, journal, direction, source, caller, "
				"unit, post, phone, told, text"
				" FROM call WHERE incident = ?1 ORDER BY at, id LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", incident, (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		struct incident_call *c = &out[n];
		memset(c, 0, sizeof(*c));
		c->id = sql_int(q, 0);
		c->at = sql_time(q, 1);
		c->moved_from = sql_int(q, 2);
		c->journal = sql_int(q, 3);
		utf8_copy(c->direction, sizeof(c->direction), sql_text(q, 4));
		utf8_copy(c->source, sizeof(c->source), sql_text(q, 5));
		utf8_copy(c->caller, sizeof(c->caller), sql_text(q, 6));
		utf8_copy(c->unit, sizeof(c->unit), sql_text(q, 7));
		utf8_copy(c->post, sizeof(c->post), sql_text(q, 8));
		utf8_copy(c->phone, sizeof(c->phone), sql_text(q, 9));
		utf8_copy(c->told, sizeof(c->told), sql_text(q, 10));
		c->text = mem_dup(sql_text(q, 11));
	}
	sql_done(q);
	return n;
}

void
incident_calls_clear(struct incident_call *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(calls[i].text);
}

size_t
incident_facts(struct store *st, int64_t incident, struct incident_fact *out, size_t max)
{
	struct sql *q = sql(st, "SELECT id, call, journal, value, kind, bound, amount, unit, norm, "
				"name, cas, un, text, start, end, confirmed"
				" FROM fact WHERE incident = ?1 ORDER BY id LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", incident, (int64_t)max);
	while (n < max && sql_row(q)) {
		struct incident_fact *f = &out[n];
		int kind = fact_kind_from_name(sql_text(q, 4));
		if (kind < 0)
			continue; /* written by a newer program */
		memset(f, 0, sizeof(*f));
		f->id = sql_int(q, 0);
		f->call = sql_int(q, 1);
		f->journal = sql_int(q, 2);
		f->value = sql_int(q, 3);
		f->kind = (enum fact_kind)kind;
		f->bound = (enum fact_bound)sql_int(q, 5);
		f->amount = sql_real(q, 6);
		utf8_copy(f->unit, sizeof(f->unit), sql_text(q, 7));
		utf8_copy(f->norm, sizeof(f->norm), sql_text(q, 8));
		utf8_copy(f->name, sizeof(f->name), sql_text(q, 9));
		utf8_copy(f->cas, sizeof(f->cas), sql_text(q, 10));
		f->un = (int)sql_int(q, 11);
		f->text = mem_dup(sql_text(q, 12));
		f->start = (size_t)sql_int(q, 13);
		f->end = (size_t)sql_int(q, 14);
		f->confirmed = sql_int(q, 15) != 0;
		n++;
	}
	sql_done(q);
	return n;
}

void
incident_facts_clear(struct incident_fact *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(facts[i].text);
}

size_t
incident_casualties(struct store *st, int64_t incident, struct casualty_change *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT at, value, journal, kind, bound, source, note, id, moved_from FROM casualty"
	    " WHERE incident = ?1"
	    " ORDER BY at, id LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", incident, (int64_t)max);
	while (n < max && sql_row(q)) {
		struct casualty_change *c = &out[n];
		int kind = fact_kind_from_name(sql_text(q, 3));
		if (kind < 0)
			continue;
		memset(c, 0, sizeof(*c));
		c->at = sql_time(q, 0);
		c->value = sql_int(q, 1);
		c->journal = sql_int(q, 2);
		c->kind = (enum fact_kind)kind;
		c->bound = (enum fact_bound)sql_int(q, 4);
		utf8_copy(c->source, sizeof(c->source), sql_text(q, 5));
		utf8_copy(c->note, sizeof(c->note), sql_text(q, 6));
		c->id = sql_int(q, 7);
		c->moved_from = sql_int(q, 8);
		n++;
	}
	sql_done(q);
	return n;
}
