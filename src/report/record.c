/* Reading the record of an incident once, for one draft. */
#include "report/inside.h"

#include <stdlib.h>
#include <string.h>

#define CALLS_MAX 200
#define FACTS_MAX 1000
#define CHANGES_MAX 500

static char *
all_words(const struct record *r)
{
	struct buf b = BUF_MAX(262144);

	for (size_t i = 0; i < r->n_calls; i++) {
		buf_add(&b, r->calls[i].text);
		buf_add_char(&b, '\n');
	}
	return buf_take(&b);
}

/* What the last signed report knew of the grade, and the first one. */
static void
read_base(struct record *r)
{
	struct sql *q = sql(r->st, "SELECT grade, near_miss FROM report WHERE incident = ?1 AND "
				   "state = 'signed' AND kind <> 'final'"
				   " ORDER BY seq DESC LIMIT 1");

	sql_bind(q, "i", r->incident);
	if (sql_row(q)) {
		r->base_grade = (enum grade)sql_int(q, 0);
		r->base_near_miss = sql_int(q, 1) != 0;
	}
	sql_done(q);
	r->parent = sql_one_int(r->st,
	    "SELECT id FROM report WHERE incident = ?1 AND kind = 'first' AND state = 'signed'", 0,
	    "i", r->incident);
}

bool
record_read(struct store *st, int64_t incident, const char *kind, int64_t base, int64_t now,
    struct record *out)
{
	memset(out, 0, sizeof(*out));
	out->st = st;
	out->incident = incident;
	out->kind = kind;
	out->base = base;
	out->now = now;
	if (!incident_full(st, incident, &out->full))
		return false;
	out->calls = mem_zero(CALLS_MAX, sizeof(*out->calls));
	out->n_calls = incident_calls(st, incident, out->calls, CALLS_MAX);
	out->facts = mem_zero(FACTS_MAX, sizeof(*out->facts));
	out->n_facts = incident_facts(st, incident, out->facts, FACTS_MAX);
	out->changes = mem_zero(CHANGES_MAX, sizeof(*out->changes));
	out->n_changes = incident_casualties(st, incident, out->changes, CHANGES_MAX);
	out->words = all_words(out);
	out->county = sql_one_text(st, "SELECT name FROM area WHERE id = ?1", "i", store_area(st));
	out->opened =
	    sql_one_int(st, "SELECT journal FROM incident WHERE id = ?1", 0, "i", incident);
	read_base(out);
	return true;
}

void
record_clear(struct record *r)
{
	incident_full_clear(&r->full);
	incident_calls_clear(r->calls, r->n_calls);
	incident_facts_clear(r->facts, r->n_facts);
	free(r->calls);
	free(r->facts);
	free(r->changes);
	free(r->words);
	free(r->county);
	memset(r, 0, sizeof(*r));
}

int64_t
record_source(const struct record *r, const char *argument)
{
	char *path = mem_print("$.%s", argument);
	int64_t id = sql_one_int(r->st,
	    "SELECT id FROM journal WHERE incident = ?1 AND verb IN ('incident.set', "
	    "'incident.open',"
	    " 'incident.assess', 'incident.not') AND json_extract(args, ?2) IS NOT NULL ORDER BY "
	    "id DESC LIMIT 1",
	    0, "it", r->incident, path);

	free(path);
	return id;
}

bool
record_is_new(
    const struct record *r, int64_t journal, const char *list, int64_t id, int64_t moved_from)
{
	if (journal > r->base || !moved_from)
		return journal > r->base;
	/* Joined from another incident: new here since the joining. */
	return sql_one_int(r->st,
		   "SELECT max(json_extract(i.before_merge, '$.journal')) FROM incident i, "
		   "json_each(i.before_merge, ?2) e"
		   " WHERE i.merged_into = ?1 AND e.value = ?3",
		   0, "iti", r->incident, list, id) > r->base;
}
