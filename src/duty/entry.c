/*
 * The room's own entries in its three registers. An entry is never changed: a correction is a new
 * one, dated now, and the old line stays, struck out. What belongs to a watch that is sealed is
 * added to the present one as a correction or a late entry, never dated back into it.
 */
#include "duty/inside.h"

#include "incident/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
entry_word(const char *book, int number, char *out, size_t size)
{
	snprintf(out, size, "%s-%d", book, number);
}

/* One value a column, the texts NULL when nothing was said. */
struct entry {
	const char *book, *kind, *direction, *source, *dest, *person, *post, *phone, *line, *place,
	    *title, *text, *cause, *measures, *result, *trend, *told, *questions, *recording,
	    *class, *urgency, *signed_by, *passed_to, *why;
	bool readback;
	int64_t at, pages, incident, area, corrects;
};

/* A township's entries are its own; the room's belong to the county. */
static bool
entry_area(struct verb_call *call, int64_t *area, struct err *err)
{
	const struct actor *actor = call_actor(call);

	*area = actor->role == ROLE_TOWNSHIP ? actor->area : store_area(call_store(call));
	return call_touch_area(call, *area, err);
}

static bool
entry_time(struct verb_call *call, int64_t *at, struct err *err)
{
	struct watch_row watch;
	char opened[40];

	if (!past_time(call, "at", at, err))
		return false;
	if (duty_watch(call_store(call), &watch) && *at < watch.opened)
		return err_set(err, ERR_REFUSED,
		    _("The log up to %s is sealed: record it as of now and say in the text when it "
		      "was, or correct the old line (entry.correct)."),
		    clock_format(opened, sizeof(opened), watch.opened, CLOCK_MD_HM));
	return true;
}

static bool
put_row(struct verb_call *call, const struct entry *e, int64_t id, int64_t year, int number)
{
	struct sql *q = sql(call_store(call),
	    "INSERT INTO entry (id, book, year, number, at, kind, direction, source, dest, person, "
	    "post, phone, line, place, title, text, cause, measures, result, trend, told, "
	    "questions, readback, recording, pages, class, urgency, signed_by, passed_to, "
	    "incident, "
	    "handler, area, watch, corrects, why, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	    "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, "
	    "?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36)");

	sql_bind(q,
	    "itiiittttttttttttttttt"
	    "itzttttztizzti",
	    id, e->book, year, (int64_t)number, e->at, e->kind, e->direction ? e->direction : "",
	    e->source, e->dest, e->person, e->post, e->phone, e->line, e->place, e->title,
	    e->text ? e->text : "", e->cause, e->measures, e->result, e->trend, e->told,
	    e->questions, (int64_t)e->readback, e->recording, e->pages, e->class, e->urgency,
	    e->signed_by, e->passed_to, e->incident, call_actor(call)->name, e->area,
	    watch_now(call_store(call)), e->corrects, e->why, call_journal(call));
	return sql_run(q);
}

/* Number, row, subject, timeline. `word` gets "phone-7". */
static bool
put_entry(struct verb_call *call, const struct entry *e, char *word, size_t size)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	char series[16];
	struct civil c;
	int number;

	clock_civil(call_now(call), &c);
	snprintf(series, sizeof(series), "entry.%s", e->book);
	number = store_new_number(st, series, c.year);
	if (!put_row(call, e, id, c.year, number))
		return false;
	entry_word(e->book, number, word, size);
	call_subject(call, "entry", id);
	if (e->incident)
		call_incident(call, e->incident);
	return true;
}

static bool
entry_frame(struct verb_call *call, struct entry *e, struct err *err)
{
	e->incident = call_int(call, "incident");
	if (e->incident && !incident_touch(call, e->incident, true, err))
		return false;
	return entry_area(call, &e->area, err) && entry_time(call, &e->at, err);
}

bool
run_log(struct verb_call *call, struct err *err)
{
	struct entry e = {.book = "log",
	    .kind = call_has(call, "kind") ? call_text(call, "kind") : "info",
	    .source = given(call, "from"),
	    .dest = given(call, "to"),
	    .text = call_text(call, "text"),
	    .result = given(call, "result")};
	char word[32];

	if (!entry_frame(call, &e, err) || !put_entry(call, &e, word, sizeof(word)))
		return false;
	call_say(call, "%s  %s", word, e.text);
	if (e.result)
		call_say(call, _("result: %s"), e.result);
	return true;
}

/* --- telephone -------------------------------------------------------------------------------- */

bool
run_phone(struct verb_call *call, struct err *err)
{
	bool out = strcmp(call_text(call, "direction"), "out") == 0;
	struct entry e = {.book = "phone",
	    .kind = "call",
	    .direction = out ? "out" : "in",
	    .source = out ? NULL : given(call, "unit"),
	    .dest = out ? given(call, "unit") : NULL,
	    .person = given(call, "caller"),
	    .post = given(call, "post"),
	    .phone = given(call, "phone"),
	    .line = given(call, "line"),
	    .place = given(call, "place"),
	    .text = call_text(call, "text"),
	    .cause = given(call, "cause"),
	    .measures = given(call, "measures"),
	    .result = given(call, "result"),
	    .trend = given(call, "trend"),
	    .told = given(call, "told"),
	    .recording = given(call, "recording"),
	    .readback = call_flag(call, "readback")};
	char word[32];

	if (!e.person && !e.phone && !call_has(call, "unit"))
		return err_set(
		    err, ERR_INPUT, _("Say who was on the line: name (caller=), unit (unit=) or telephone (phone=)."));
	if (!entry_frame(call, &e, err) || !put_entry(call, &e, word, sizeof(word)))
		return false;
	call_say(call, out ? _("%s  call to %s %s %s: %s") : _("%s  call from %s %s %s: %s"), word,
	    call_text(call, "unit"), call_text(call, "caller"), call_text(call, "phone"), e.text);
	if (e.readback)
		call_say(call, _("read back"));
	return true;
}

bool
run_spot(struct verb_call *call, struct err *err)
{
	struct entry e = {.book = "phone",
	    .kind = "spot",
	    .direction = "in",
	    .source = call_text(call, "unit"),
	    .person = given(call, "caller"),
	    .post = given(call, "post"),
	    .phone = given(call, "phone"),
	    .questions = given(call, "questions"),
	    .text = call_text(call, "text")};
	char word[32];

	if (!entry_frame(call, &e, err) || !put_entry(call, &e, word, sizeof(word)))
		return false;
	call_say(call, _("%s  spot check by %s %s"), word, e.source, call_text(call, "caller"));
	if (e.questions)
		call_say(call, _("asked: %s"), e.questions);
	call_say(call, _("answered: %s"), e.text);
	return true;
}

/* --- papers ----------------------------------------------------------------------------------- */

static bool
paper(struct verb_call *call, const char *direction, const char *peer, struct err *err)
{
	bool in = strcmp(direction, "in") == 0;
	struct entry e = {.book = "paper",
	    .kind = "paper",
	    .direction = direction,
	    .source = in ? peer : NULL,
	    .dest = in ? NULL : peer,
	    .title = call_text(call, "title"),
	    .text = given(call, "text"),
	    .class = given(call, "class"),
	    .urgency = given(call, "urgency"),
	    .signed_by = given(call, "signed_by"),
	    .passed_to = given(call, "passed_to"),
	    .pages = call_int(call, "pages")};
	char word[32];

	if (!entry_frame(call, &e, err) || !put_entry(call, &e, word, sizeof(word)))
		return false;
	call_say(call, in ? _("%s  received from %s: %s") : _("%s  sent to %s: %s"), word, peer,
	    e.title);
	if (e.passed_to)
		call_say(call, _("passed to %s"), e.passed_to);
	return true;
}

bool
run_paper_in(struct verb_call *call, struct err *err)
{
	return paper(call, "in", call_text(call, "from"), err);
}

bool
run_paper_out(struct verb_call *call, struct err *err)
{
	return paper(call, "out", call_text(call, "to"), err);
}

/* --- corrections ------------------------------------------------------------------------------ */

static bool
corrected_entry(struct verb_call *call, int64_t id, char *old, size_t size, char book[16],
    int64_t *incident, int64_t *journal, struct err *err)
{
	struct sql *q =
	    sql(call_store(call), "SELECT book, number, corrected_by, area, incident, journal "
				  "FROM entry WHERE id = ?1");
	int64_t by, area;

	sql_bind(q, "i", id);
	if (!sql_row(q)) {
		sql_done(q);
		return err_set(err, ERR_NOT_FOUND, _("There is no such entry."));
	}
	utf8_copy(book, 16, sql_text(q, 0));
	entry_word(book, (int)sql_int(q, 1), old, size);
	by = sql_int(q, 2);
	area = sql_int(q, 3);
	*incident = sql_int(q, 4);
	*journal = sql_int(q, 5);
	sql_done(q);
	if (by)
		return err_set(err, ERR_STATE,
		    _("%s is corrected already: correct the line that stands for it."), old);
	return call_touch_area(call, area, err);
}

/* The new line takes over what is not said anew. */
static bool
copy_rest(struct store *st, int64_t to, int64_t from)
{
	struct sql *q = sql(st,
	    "UPDATE entry SET (direction, source, dest, person, post, phone, line, place, title, "
	    "told, recording, pages, class, urgency, signed_by, passed_to, kind) = (SELECT "
	    "direction, "
	    "source, dest, person, post, phone, line, place, title, told, recording, pages, class, "
	    "urgency, signed_by, passed_to, kind FROM entry WHERE id = ?2) WHERE id = ?1");

	sql_bind(q, "ii", to, from);
	return sql_run(q);
}

static int64_t
entry_of_journal(struct store *st, int64_t journal)
{
	return sql_one_int(st, "SELECT id FROM entry WHERE journal = ?1", 0, "i", journal);
}

bool
run_correct(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t old = call_int(call, "entry"), id, journal = 0;
	struct entry e = {.kind = "info",
	    .text = call_text(call, "text"),
	    .why = call_text(call, "why"),
	    .corrects = old,
	    .at = call_now(call)};
	char word[32], old_word[32], book[16];
	struct sql *q;

	if (!corrected_entry(
		call, old, old_word, sizeof(old_word), book, &e.incident, &journal, err) ||
	    !entry_area(call, &e.area, err))
		return false;
	e.book = book;
	if (!put_entry(call, &e, word, sizeof(word)))
		return false;
	id = entry_of_journal(st, call_journal(call));
	q = sql(st, "UPDATE entry SET corrected_by = ?2 WHERE id = ?1");
	sql_bind(q, "ii", old, id);
	if (!sql_run(q) || !copy_rest(st, id, old))
		return false;
	call_corrects(call, journal);
	call_say(call, _("%s corrects %s: %s (%s)"), word, old_word, e.text, e.why);
	return true;
}
