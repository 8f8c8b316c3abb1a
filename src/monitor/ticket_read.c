/* Tickets as rows and as text; whoever asked to stay unknown stays so. */
#include "monitor/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REVEALED_MS (15 * CLOCK_MINUTE)

#define TICKET_COLUMNS                                                                             \
	"id, at, deadline, feedback, answered, incident, transferred, inbox, source, number, "     \
	"title, "                                                                                  \
	"address, state, caller, phone, dest, receiver, advice, secret"

/* 陈某 -> 陈**; 0514-55500001 -> 051****. */
static void
mask(char *text, size_t size, size_t keep)
{
	size_t at = 0, n = strlen(text);

	for (size_t i = 0; i < keep && at < n; i++)
		at = utf8_next(text, n, at);
	if (n)
		snprintf(text + at, size - at, "%s", keep == 1 ? "**" : "****");
}

/* "a|b" as people write it. */
static void
put_advice(const char *units, char *out, size_t size)
{
	struct buf b = BUF_MAX(1000);

	for (; *units; units++) {
		if (*units == '|')
			buf_add(&b, _(", "));
		else
			buf_add_char(&b, *units);
	}
	utf8_copy(out, size, buf_str(&b));
	buf_clear(&b);
}

static void
fill(struct sql *q, void *row)
{
	struct ticket_row *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->at = sql_int(q, 1);
	r->deadline = sql_time(q, 2);
	r->feedback = sql_time(q, 3);
	r->answered = sql_time(q, 4);
	r->incident = sql_int(q, 5);
	r->transferred = sql_time(q, 6);
	r->inbox = sql_int(q, 7);
	utf8_copy(r->source, sizeof(r->source), sql_text(q, 8));
	utf8_copy(r->number, sizeof(r->number), sql_text(q, 9));
	utf8_copy(r->title, sizeof(r->title), sql_text(q, 10));
	utf8_copy(r->address, sizeof(r->address), sql_text(q, 11));
	utf8_copy(r->state, sizeof(r->state), sql_text(q, 12));
	utf8_copy(r->caller, sizeof(r->caller) - 8, sql_text(q, 13));
	utf8_copy(r->phone, sizeof(r->phone) - 8, sql_text(q, 14));
	utf8_copy(r->dest, sizeof(r->dest), sql_text(q, 15));
	utf8_copy(r->receiver, sizeof(r->receiver), sql_text(q, 16));
	put_advice(sql_text(q, 17), r->advice, sizeof(r->advice));
	r->secret = sql_int(q, 18) != 0;
	if (!r->secret)
		return;
	mask(r->caller, sizeof(r->caller), 1);
	mask(r->phone, sizeof(r->phone), 3);
}

size_t
monitor_tickets(struct store *st, bool fresh, struct ticket_row *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT " TICKET_COLUMNS " FROM ticket WHERE ?1 = 0 OR state = 'new' ORDER BY at "
	    "DESC, id DESC LIMIT ?2");

	sql_bind(q, "ii", (int64_t)fresh, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}

bool
monitor_ticket(struct store *st, int64_t id, struct ticket_row *out)
{
	struct sql *q = sql(st, "SELECT " TICKET_COLUMNS " FROM ticket WHERE id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill);
}

const char *
ticket_state_label(const char *state)
{
	static const struct {
		const char *state, *label;
	} labels[] = {{"new", N_("new")}, {"opened", N_("incident opened")},
	    {"joined", N_("joined")}, {"transferred", N_("handed over")}, {"filed", N_("filed")}};

	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(labels[i].state, state) == 0)
			return _(labels[i].label);
	return state;
}

char *
monitor_ticket_words(struct store *st, int64_t id, int64_t *at)
{
	struct sql *q =
	    sql(st, "SELECT text, address, at, secret, caller FROM ticket WHERE id = ?1");
	char *text = NULL;

	sql_bind(q, "i", id);
	if (sql_row(q)) {
		text = *sql_text(q, 1) && !strstr(sql_text(q, 0), sql_text(q, 1))
			   ? mem_print("%s，%s", sql_text(q, 1), sql_text(q, 0))
			   : mem_dup(sql_text(q, 0));
		if (sql_int(q, 3))
			incident_mask_person(text, sql_text(q, 4), false);
		if (at)
			*at = sql_int(q, 2);
	}
	sql_done(q);
	return text;
}

/* What the reader makes of the words. False when there is no reader. */
static bool
read_ticket(struct store *st, int64_t id, struct reading *out, char **text, int64_t *at)
{
	struct reader *reader;
	struct err err = ERR_NONE;

	*text = monitor_ticket_words(st, id, at);
	reader = *text ? incident_reader(st, &err) : NULL;
	err_clear(&err);
	if (reader)
		reader_read(reader, *text, strlen(*text), *at, out);
	return reader != NULL;
}

size_t
monitor_ticket_alike(struct store *st, int64_t id, struct incident_likeness *out, size_t max)
{
	char *phone = sql_one_text(st, "SELECT phone FROM ticket WHERE id = ?1", "i", id), *text;
	struct reading r;
	int64_t at;
	size_t n = 0, kept = 0;

	if (read_ticket(st, id, &r, &text, &at)) {
		n = incident_alike(st, &r, phone && *phone ? phone : NULL, at, out, max);
		reading_clear(&r);
	}
	for (size_t i = 0; i < n; i++)
		if (out[i].score >= 0.5)
			out[kept++] = out[i];
	free(text);
	free(phone);
	return kept;
}

/* --- as text --------------------------------------------------------------------------------- */

static void
line(struct buf *b, const char *label, const char *text)
{
	if (text && *text)
		buf_printf(b, "%s  %s\n", label, text);
}

static void
put_reading(struct store *st, int64_t id, struct buf *b)
{
	struct reading r;
	char *text;
	int64_t at;

	if (!read_ticket(st, id, &r, &text, &at)) {
		free(text);
		return;
	}
	buf_printf(b, "\n%s\n", _("What stands in it"));
	for (size_t i = 0; i < r.n_types && i < 2; i++)
		buf_printf(
		    b, "%s %s  %s\n", r.types[i].code, r.types[i].name, or_empty(r.types[i].why));
	if (r.grading.grade != GRADE_NONE)
		buf_printf(b, "%s  %s\n", grade_label(r.grading.grade), or_empty(r.grading.why));
	if (r.grading.sensitive)
		buf_printf(b, _("sensitive  %s\n"), or_empty(r.grading.sensitive_why));
	for (size_t i = 0; i < r.n_facts; i++)
		if (!r.facts[i].aside)
			buf_printf(
			    b, "%s  %s\n", fact_kind_label(r.facts[i].kind), r.facts[i].text);
	for (size_t i = 0; i < r.n_gaps; i++)
		if (r.gaps[i].required)
			buf_printf(b, _("to ask  %s\n"), r.gaps[i].question);
	reading_clear(&r);
	free(text);
}

static void
put_alike(struct store *st, int64_t id, struct buf *b)
{
	struct incident_likeness alike[4];
	size_t n = monitor_ticket_alike(st, id, alike, COUNT_OF(alike));

	if (n)
		buf_printf(b, "\n%s\n", _("Perhaps the same matter"));
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s %s  %s\n", alike[i].no, alike[i].title, alike[i].why);
}

/* How much of the one who called a reader gets: all, all but who it was, or not even where. */
enum shown { SHOWN_ALL, SHOWN_MATTER, SHOWN_LITTLE };

static enum shown
shown_to(struct store *st, const struct actor *reader, const struct ticket_row *r)
{
	bool room = reader && !incident_masks(reader, "12345", "");

	if (!room && (r->secret || incident_masks(reader, r->source, "")))
		return SHOWN_LITTLE;
	if (r->secret && !monitor_ticket_revealed(st, reader, r->id))
		return SHOWN_MATTER;
	return SHOWN_ALL;
}

static void
put_words(const char *text, const char *caller, enum shown shown, struct buf *b)
{
	char *words = mem_dup(or_empty(text));

	if (shown != SHOWN_ALL)
		incident_mask_person(words, caller, shown == SHOWN_LITTLE);
	buf_add(b, words);
	free(words);
}

static void
put_entries(struct store *st, int64_t id, const char *caller, enum shown shown, struct buf *b)
{
	struct sql *q = sql(st,
	    "SELECT at, who, text, kind = 'changed' FROM ticket_entry WHERE ticket = ?1 ORDER BY "
	    "id");
	char when[40];
	bool any = false;

	sql_bind(q, "i", id);
	while (sql_row(q)) {
		if (!any)
			buf_printf(b, "\n%s\n", _("What became of it"));
		any = true;
		clock_format(when, sizeof(when), sql_int(q, 0), CLOCK_MD_HM);
		buf_printf(b, "%s  %s  %s", when, sql_text(q, 1),
		    sql_int(q, 3) ? _("text until then: ") : "");
		put_words(sql_text(q, 2), caller, shown, b);
		buf_add_char(b, '\n');
	}
	sql_done(q);
}

bool
monitor_ticket_revealed(struct store *st, const struct actor *reader, int64_t id)
{
	return reader && reader->person &&
	       sql_one_int(st,
		   "SELECT count(*) FROM ticket_entry e JOIN journal j ON j.id = e.journal WHERE "
		   "e.ticket = ?1 AND e.kind = 'revealed' AND j.person = ?2 AND e.at > ?3",
		   0, "iii", id, reader->person, clock_now() - REVEALED_MS) > 0;
}

void
monitor_ticket_mask(struct ticket_row *r)
{
	mask(r->caller, sizeof(r->caller), 1);
	mask(r->phone, sizeof(r->phone), 3);
	mask(r->address, sizeof(r->address), 1);
	incident_mask_person(r->title, NULL, true);
}

/* The caller's lines; `all` holds name and number. */
static void
put_caller(const struct ticket_row *r, struct sql *all, enum shown shown, struct buf *out)
{
	bool whole = shown == SHOWN_ALL;

	line(out, _("caller"), whole ? sql_text(all, 1) : r->caller);
	line(out, _("telephone"), whole ? sql_text(all, 2) : r->phone);
	if (r->secret && whole)
		buf_printf(out, "%s\n",
		    _("THE CALLER ASKED TO STAY UNKNOWN: shown to you alone, for a quarter of an "
		      "hour"));
	else if (r->secret)
		buf_printf(out, "%s\n", _("the caller asked to stay unknown"));
}

bool
monitor_ticket_text(
    struct store *st, const struct actor *reader, int64_t id, struct buf *out, struct err *err)
{
	struct ticket_row r;
	enum shown shown;
	char when[40];
	struct sql *q;

	if (!monitor_ticket(st, id, &r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such ticket."));
	shown = shown_to(st, reader, &r);
	if (shown == SHOWN_LITTLE)
		monitor_ticket_mask(&r);
	clock_format(when, sizeof(when), r.at, CLOCK_YMD_HM);
	buf_printf(out, "%s\n%s %s  %s  %s\n", r.title, r.source, r.number, when,
	    ticket_state_label(r.state));
	q = sql(st, "SELECT text, caller, phone FROM ticket WHERE id = ?1");
	sql_bind(q, "i", id);
	if (sql_row(q))
		put_caller(&r, q, shown, out);
	if (shown != SHOWN_LITTLE)
		line(out, _("place"), r.address);
	line(out, _("should have it"), r.advice);
	if (r.feedback != CLOCK_NONE && r.answered == CLOCK_NONE) {
		clock_format(when, sizeof(when), r.feedback, CLOCK_MD_HM);
		line(out, _("answer due"), when);
	}
	buf_add_char(out, '\n');
	put_words(sql_text(q, 0), sql_text(q, 1), shown, out);
	buf_add_char(out, '\n');
	if (shown != SHOWN_LITTLE) {
		put_reading(st, id, out);
		put_alike(st, id, out);
	}
	put_entries(st, id, sql_text(q, 1), shown, out);
	sql_done(q);
	return true;
}
