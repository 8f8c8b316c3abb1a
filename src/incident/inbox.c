/* 收件箱: what came in and is nobody's yet. Taking it opens an incident or gives it to one; filing
 * keeps it out of the list, never out of the store. */
#include "incident/inside.h"

#include <stdlib.h>
#include <string.h>

int64_t
inbox_put(struct verb_call *call, const struct inbox_message *m)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q;

	q = sql(st, "INSERT INTO inbox (id, at, source, kind, title, text, urgent, journal, "
		    "answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	sql_bind(q, "iittttiii", id, m->at, m->source, m->kind, m->title, m->text,
	    (int64_t)m->urgent, call_journal(call), (int64_t)m->answer);
	sql_run(q);
	search_put(st, "inbox", id, m->text);
	return id;
}

bool
incident_do_inbox_add(struct verb_call *call, struct err *err)
{
	char title[160];
	struct inbox_message m = {.source = call_text(call, "source"),
	    .kind = call_has(call, "kind") ? call_text(call, "kind") : "message",
	    .title = title,
	    .text = call_text(call, "text"),
	    .at = call_has(call, "at") ? call_time(call, "at") : call_now(call),
	    .urgent = call_flag(call, "urgent")};

	(void)err;
	utf8_copy(title, sizeof(title),
	    call_has(call, "title") ? call_text(call, "title") : call_text(call, "text"));
	title[strcspn(title, "\n")] = '\0';
	call_subject(call, "inbox", inbox_put(call, &m));
	call_say(call, _("inbox: %s %s"), m.source, title);
	return true;
}

void
inbox_answered(struct verb_call *call, int64_t inbox)
{
	struct sql *q = sql(call_store(call), "UPDATE inbox SET answer = 0 WHERE id = ?1");

	sql_bind(q, "i", inbox);
	sql_run(q);
}

void
inbox_settle(struct verb_call *call, int64_t inbox, int64_t incident)
{
	struct sql *q = sql(call_store(call),
	    "UPDATE inbox SET state = CASE WHEN ifnull(?2, incident) IS NULL THEN 'filed' ELSE "
	    "'taken' END, incident = ifnull(?2, incident) WHERE id = ?1 AND state = 'new'");

	sql_bind(q, "iz", inbox, incident);
	sql_run(q);
}

void
inbox_mend(struct verb_call *call, int64_t inbox, const char *title, const char *text)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "UPDATE inbox SET title = ?2, text = ?3 WHERE id = ?1 AND state = 'new'");

	sql_bind(q, "itt", inbox, title, text);
	sql_run(q);
	search_put(st, "inbox", inbox, text);
}

/* --- reading --------------------------------------------------------------------------------- */

#define COLUMNS "id, at, incident, source, kind, title, state, urgent, text, answer"

static void
fill(struct sql *q, void *row)
{
	struct inbox_row *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->at = sql_time(q, 1);
	r->incident = sql_int(q, 2);
	utf8_copy(r->source, sizeof(r->source), sql_text(q, 3));
	utf8_copy(r->kind, sizeof(r->kind), sql_text(q, 4));
	utf8_copy(r->title, sizeof(r->title), sql_text(q, 5));
	utf8_copy(r->state, sizeof(r->state), sql_text(q, 6));
	r->urgent = sql_int(q, 7) != 0;
	r->text = mem_dup(sql_text(q, 8));
	r->answer = sql_int(q, 9) != 0;
}

bool
incident_inbox_one(struct store *st, int64_t id, struct inbox_row *out)
{
	struct sql *q = sql(st, "SELECT " COLUMNS " FROM inbox WHERE id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill);
}

size_t
incident_inbox(struct store *st, bool fresh, struct inbox_row *out, size_t max)
{
	struct sql *q =
	    fresh ? sql(st, "SELECT " COLUMNS " FROM inbox WHERE state = 'new' ORDER BY at DESC, "
			    "id DESC LIMIT ?1")
		  : sql(st, "SELECT " COLUMNS " FROM inbox ORDER BY id DESC LIMIT ?1");

	sql_bind(q, "i", (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}

/* --- verbs ----------------------------------------------------------------------------------- */

/* Its row when it is still new. */
static bool
inbox_new_row(struct verb_call *call, struct inbox_row *row, struct err *err)
{
	if (!incident_inbox_one(call_store(call), call_int(call, "inbox"), row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such message."));
	call_subject(call, "inbox", row->id);
	if (strcmp(row->state, "new") == 0)
		return true;
	free(row->text);
	return err_set(err, ERR_STATE, _("Somebody took this message already."));
}

bool
inbox_give(struct verb_call *call, int64_t inbox, int64_t incident, struct err *err)
{
	struct store *st = call_store(call);
	struct sql *q;

	if (!sql_one_int(st,
		"SELECT 1 FROM inbox WHERE id = ?1 AND state = 'new' AND incident IS NULL", 0, "i",
		inbox))
		return err_set(err, ERR_STATE, _("Somebody took this message already."));
	q = sql(st, "UPDATE inbox SET incident = ?2 WHERE id = ?1");
	sql_bind(q, "ii", inbox, incident);
	sql_run(q);
	/* An incident is not yet the answer: what wants one stays in the list until it has it. */
	if (sql_one_int(st, "SELECT answer FROM inbox WHERE id = ?1", 0, "i", inbox))
		call_say(call, "%s", _("it still wants an answer: what was done about it"));
	else
		inbox_settle(call, inbox, incident);
	return true;
}

/* Into an incident, as a call of its source. */
bool
incident_do_inbox_take(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident");
	struct inbox_row row;
	bool good;

	if (!inbox_new_row(call, &row, err))
		return false;
	good = call_take(call, incident, row.text, row.source, row.at, err);
	call_subject(call, "inbox", row.id);
	call_say(call, _("taken from the inbox: %s"), row.title);
	good = good && inbox_give(call, row.id, incident, err);
	free(row.text);
	return good;
}

bool
incident_do_inbox_file(struct verb_call *call, struct err *err)
{
	struct inbox_row row;

	if (!inbox_new_row(call, &row, err))
		return false;
	if (row.answer) {
		free(row.text);
		return err_set(err, ERR_REFUSED,
		    _("This wants an answer before it is filed: record what was done about it."));
	}
	inbox_settle(call, row.id, 0);
	call_say(call, _("filed: %s (%s)"), row.title, call_text(call, "why"));
	free(row.text);
	return true;
}

size_t
incident_inbox_marks(struct store *st, struct inbox_mark *out, size_t max)
{
	struct sql *q = sql(st, "SELECT id, urgent, answer FROM inbox WHERE state = 'new' ORDER BY "
				"at DESC, id DESC LIMIT ?1");
	size_t n = 0;

	sql_bind(q, "i", (int64_t)max);
	for (; n < max && sql_row(q); n++)
		out[n] = (struct inbox_mark){sql_int(q, 0), sql_int(q, 1) != 0, sql_int(q, 2) != 0};
	sql_done(q);
	return n;
}

void
inbox_rows_clear(struct inbox_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(rows[i].text);
}
