/*
 * The registers as views over the journal: each line is one row of it, told by the room's own entry
 * (table entry), by the caller's words (table call), or by what the verb said it had done.
 *
 *	log    all that concerns the room's work
 *	phone  phone.record, spot.record, calls that opened or joined a matter, telephone reports, every
 *	       try of a roll call or call-out
 *	paper  paper.in, paper.out, messages received, reports signed and delivered
 *
 * A second table of lines was rejected: it could only come to differ from the journal.
 */
#include "duty/inside.h"

#include "base/id.h"
#include "incident/incident.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With a blank around each. A family ends in a dot. */
static const char *const verbs_of[] = {
    [BOOK_LOG] =
	(" incident. clock. inbox. order. assign. allocation. response. report. alert. "
	 "alarm. ticket. quake. callout. roll. instruction. handover. watch. phone. paper. "
	 "log. entry. spot. swap. roster. journal.note journal.correct journal.undo "),
    [BOOK_PHONE] =
	(" phone.record spot.record incident.open incident.call report.phone roll.answer "
	 "roll.miss callout.answer callout.miss entry.correct "),
    [BOOK_PAPER] = " paper.in paper.out inbox.add report.sign report.deliver entry.correct ",
};
static const char *const books[] = {"log", "phone", "paper"};

const char *
register_book_label(enum register_book book)
{
	static const char *const labels[] = {
	    N_("Duty log"), N_("Phone record"), N_("Papers in and out")};

	return _(labels[book]);
}

/* What stands in the column "kind". */
static const char *
kind_label(const char *verb, const char *entry_kind)
{
	static const char *const labels[][2] = {{"phone.record", N_("phone")},
	    {"spot.record", N_("spot check")}, {"paper.", N_("paper")},
	    {"incident.open", N_("call")}, {"incident.call", N_("call")},
	    {"incident.", N_("matter")}, {"clock.", N_("report due")}, {"inbox.", N_("message")},
	    {"order.", N_("order")}, {"assign.", N_("dispatch")}, {"allocation.", N_("dispatch")},
	    {"response.", N_("response")}, {"report.phone", N_("phone report")},
	    {"report.", N_("report")}, {"alert.", N_("alert")}, {"alarm.", N_("alarm")},
	    {"ticket.", N_("ticket")}, {"callout.", N_("call-out")}, {"roll.", N_("roll call")},
	    {"instruction.", N_("instruction")}, {"handover.", N_("handover")},
	    {"watch.", N_("handover")}, {"swap.", N_("swap")}, {"roster.", N_("roster")},
	    {"entry.", N_("correction")}, {"journal.correct", N_("correction")},
	    {"journal.undo", N_("undo")}};
	static const char *const kinds[][2] = {{"call_in", N_("call in")},
	    {"call_out", N_("call out")}, {"alert", N_("alert")}, {"order", N_("order")},
	    {"info", N_("information")}, {"other", N_("other")}};

	if (entry_kind)
		for (size_t i = 0; i < COUNT_OF(kinds); i++)
			if (strcmp(kinds[i][0], entry_kind) == 0 && strcmp(verb, "log.add") == 0)
				return _(kinds[i][1]);
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strncmp(labels[i][0], verb, strlen(labels[i][0])) == 0)
			return _(labels[i][1]);
	return _("entry");
}

#define COLUMNS                                                                                    \
	"SELECT j.id, j.seq, j.at, j.actor, j.verb, j.text, j.incident, coalesce(i.year || '-' ||" \
	" substr('00' || i.number, -3), ''), m.by, m.kind, e.id, e.book, e.number, e.at, e.kind,"  \
	" e.direction, e.source, e.dest, e.person, e.phone, e.text, e.title, e.corrected_by,"      \
	" e.corrects, e.why, c.at, c.direction, c.source, c.caller, c.unit, c.phone, c.text,"      \
	" j.args"                                                                                  \
	" FROM journal j LEFT JOIN incident i ON i.id = j.incident"                                \
	" LEFT JOIN journal_mark m ON m.id = j.id"                                                 \
	" LEFT JOIN entry e ON e.journal = j.id"                                                   \
	" LEFT JOIN call c ON c.journal = j.id"

/* What an entry is called, and when it was written. */
static bool
entry_named(struct store *st, int64_t entry, char *word, size_t size, char *when, size_t when_size)
{
	struct sql *q = sql(st, "SELECT e.book, e.number, j.at FROM entry e JOIN journal j ON j.id "
				"= e.journal WHERE e.id = ?1");
	bool found;

	sql_bind(q, "i", entry);
	found = sql_row(q);
	if (found) {
		entry_word(sql_text(q, 0), (int)sql_int(q, 1), word, size);
		clock_format(when, when_size, sql_int(q, 2), CLOCK_MD_HM);
	}
	sql_done(q);
	return found;
}

/* A line of the room's own. */
static void
fill_entry(struct store *st, struct sql *q, struct register_row *r)
{
	struct buf text = BUF_MAX(65536);
	bool out = strcmp(sql_text(q, 15), "out") == 0;
	char word[32], when[40];

	r->entry = sql_int(q, 10);
	entry_word(sql_text(q, 11), (int)sql_int(q, 12), r->no, sizeof(r->no));
	r->at = sql_int(q, 13);
	FIELD(r->direction, q, 15);
	snprintf(r->from, sizeof(r->from), "%.60s%s%.30s", sql_text(q, 16),
	    *sql_text(q, 16) && *sql_text(q, 18) && !out ? " " : "", out ? "" : sql_text(q, 18));
	snprintf(r->to, sizeof(r->to), "%.60s%s%.30s", sql_text(q, 17),
	    *sql_text(q, 17) && *sql_text(q, 18) && out ? " " : "", out ? sql_text(q, 18) : "");
	FIELD(r->phone, q, 19);
	buf_printf(&text, "%s%s%s", sql_text(q, 21),
	    *sql_text(q, 21) && *sql_text(q, 20) ? "  " : "", sql_text(q, 20));
	r->text = buf_take(&text);
	if (sql_int(q, 22)) {
		r->struck = true;
		if (entry_named(st, sql_int(q, 22), word, sizeof(word), when, sizeof(when)))
			snprintf(r->mark, sizeof(r->mark), _("corrected by %s, %s"), word, when);
	} else if (sql_int(q, 23)) {
		if (entry_named(st, sql_int(q, 23), word, sizeof(word), when, sizeof(when)))
			snprintf(r->mark, sizeof(r->mark), _("corrects %s of %s: %.60s"), word,
			    when, sql_text(q, 24));
	}
	utf8_mend(r->from);
	utf8_mend(r->to);
	utf8_mend(r->mark);
}

/* Who must not be known is not known to those who only read. */
static void
mask_line(const struct actor *reader, const char *source, const char *name, struct register_row *r)
{
	if (!incident_masks(reader, source, r->text))
		return;
	incident_mask_person(r->text, name, true);
	incident_mask_text(r->from, name);
	incident_mask_text(r->to, name);
	incident_mask_text(r->phone, NULL);
}

/* A call that opened or joined a matter: the caller's own words. */
static void
fill_call(const struct actor *reader, struct sql *q, struct register_row *r)
{
	bool out = strcmp(sql_text(q, 26), "out") == 0;

	r->at = sql_int(q, 25);
	FIELD(r->direction, q, 26);
	snprintf(out ? r->to : r->from, sizeof(r->from), "%.24s %.36s %.24s", sql_text(q, 27),
	    sql_text(q, 29), sql_text(q, 28));
	utf8_mend(out ? r->to : r->from);
	FIELD(r->phone, q, 30);
	free(r->text);
	r->text = mem_dup(sql_text(q, 31));
	mask_line(reader, sql_text(q, 27), sql_text(q, 28), r);
}

static void
copy_arg(json_t *args, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(args, name));

	if (text)
		utf8_copy(out, size, text);
}

/* What other verbs said of who was on the line. */
static void
fill_args(struct sql *q, struct register_row *r)
{
	const char *verb = sql_text(q, 4);
	json_t *args;

	if (strcmp(verb, "report.phone") != 0 && strcmp(verb, "report.deliver") != 0 &&
	    strncmp(verb, "roll.", 5) != 0 && strncmp(verb, "callout.", 8) != 0 &&
	    strcmp(verb, "inbox.add") != 0)
		return;
	args = json_loads(sql_text(q, 32), 0, NULL);
	if (strncmp(verb, "report.", 7) == 0) {
		copy_arg(args, "dest", r->to, sizeof(r->to));
		if (*r->to && json_is_string(json_object_get(args, "receiver")))
			snprintf(r->to + strlen(r->to), sizeof(r->to) - strlen(r->to), " %.30s",
			    json_string_value(json_object_get(args, "receiver")));
		utf8_mend(r->to);
		utf8_copy(r->direction, sizeof(r->direction), "out");
	} else if (strcmp(verb, "inbox.add") == 0) {
		copy_arg(args, "source", r->from, sizeof(r->from));
		utf8_copy(r->direction, sizeof(r->direction), "in");
	} else {
		copy_arg(args, "by", r->to, sizeof(r->to));
		copy_arg(args, "number", r->phone, sizeof(r->phone));
		if (strstr(verb, ".answer") || strstr(verb, ".miss"))
			utf8_copy(r->direction, sizeof(r->direction), "out");
	}
	json_decref(args);
}

static void
fill_line(struct store *st, const struct actor *reader, struct sql *q, struct register_row *r)
{
	char when[40];

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->seq = sql_int(q, 1);
	r->at = sql_int(q, 2);
	FIELD(r->handler, q, 3);
	r->incident = sql_int(q, 6);
	FIELD(r->incident_no, q, 7);
	utf8_copy(r->kind, sizeof(r->kind),
	    kind_label(sql_text(q, 4), sql_null(q, 14) ? NULL : sql_text(q, 14)));
	if (!sql_null(q, 10)) {
		fill_entry(st, q, r);
		mask_line(reader, sql_text(q, 16), sql_text(q, 18), r);
		return;
	}
	snprintf(r->no, sizeof(r->no), "#%lld", (long long)r->seq);
	r->text = mem_dup(sql_text(q, 5));
	if (!sql_null(q, 25))
		fill_call(reader, q, r);
	else
		fill_args(q, r);
	if (sql_int(q, 8)) {
		r->struck = true;
		clock_format(when, sizeof(when),
		    sql_one_int(st, "SELECT at FROM journal WHERE id = ?1", 0, "i", sql_int(q, 8)),
		    CLOCK_MD_HM);
		snprintf(r->mark, sizeof(r->mark),
		    strcmp(sql_text(q, 9), "undone") == 0 ? _("undone by #%lld, %s")
							  : _("corrected by #%lld, %s"),
		    (long long)id_sequence(sql_int(q, 8)), when);
	}
}

static bool
has_word(const struct register_row *r, const char *word)
{
	char seq[24];

	snprintf(seq, sizeof(seq), "#%lld", (long long)r->seq);
	return strstr(r->text, word) || strstr(r->from, word) || strstr(r->to, word) ||
	       strstr(r->phone, word) || strstr(r->no, word) || strstr(r->incident_no, word) ||
	       strcmp(seq, word) == 0;
}

/* Every word, in whatever column; of what is masked nothing is found. */
static bool
has_words(const struct register_row *r, const char *words)
{
	char word[120];

	while (words && list_word(&words, word, sizeof(word)))
		if (!has_word(r, word))
			return false;
	return true;
}

/* In the phone register only what was on the line; of a matter, only one that came by telephone. */
static bool
wanted(const struct register_filter *f, struct sql *q, const struct register_row *r)
{
	if (!has_words(r, f->words))
		return false;
	if (strcmp(sql_text(q, 4), "entry.correct") == 0)
		return f->book == BOOK_LOG || strcmp(sql_text(q, 11), books[f->book]) == 0;
	if (f->book == BOOK_PHONE && strncmp(sql_text(q, 4), "incident.", 9) == 0)
		return !sql_null(q, 25);
	return true;
}

/* The row of an id when it is a line of the book. */
static bool
line_of(struct store *st, const struct register_filter *f, int64_t id, struct register_row *out)
{
	/* ?4 the verbs; the family test and the name test look into the same list. */
	struct sql *q =
	    sql(st, COLUMNS " WHERE j.id = ?1 AND (?2 = 0 OR j.area = ?2) AND (?3 IS NULL OR j.at "
			    "<= ?3) AND (instr(?4, ' ' || j.verb || ' ') OR instr(?4, ' ' || "
			    "substr(j.verb, 1, instr(j.verb, '.')) || ' '))");
	bool good;

	sql_bind(q, "iict", id, f->area, f->to, verbs_of[f->book]);
	good = sql_row(q);
	if (good) {
		fill_line(st, f->reader, q, out);
		good = wanted(f, q, out);
		if (!good)
			register_rows_clear(out, 1);
	}
	sql_done(q);
	return good;
}

static size_t
take_rows(struct store *st, const struct register_filter *f, bool up, int64_t from,
    struct register_row *out, size_t max)
{
	struct register_walk w;
	size_t n = 0;
	int64_t id;

	register_walk_begin(st, &w, f, verbs_of[f->book], up, from);
	while (n < max && register_walk_next(st, &w, &id))
		n += line_of(st, f, id, &out[n]);
	register_walk_end(&w);
	return n;
}

size_t
duty_register_rows(
    struct store *st, const struct register_filter *f, struct register_row *out, size_t max)
{
	return take_rows(st, f, false, f->before, out, max);
}

size_t
duty_register_up(struct store *st, const struct register_filter *f, int64_t after,
    struct register_row *out, size_t max)
{
	return take_rows(st, f, true, after, out, max);
}

void
register_rows_clear(struct register_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(rows[i].text);
		rows[i].text = NULL;
	}
}

/* --- one entry -------------------------------------------------------------------------------- */

bool
duty_entry_text(struct store *st, int64_t entry, struct buf *out)
{
	static const char *const labels[] = {N_("from"), N_("sent to"), N_("person"), N_("post"),
	    N_("telephone"), N_("line"), N_("place"), N_("title"), N_("questions"), N_("text"),
	    N_("cause"), N_("measures"), N_("result"), N_("effect and trend"), N_("already told"),
	    N_("recording no."), N_("secrecy class"), N_("urgency"), N_("signed by"),
	    N_("passed to"), N_("recorded by"), N_("why corrected")};
	struct sql *q = sql(st,
	    "SELECT source, dest, person, post, phone, line, place, title, questions, text, cause, "
	    "measures, result, trend, told, recording, class, urgency, signed_by, passed_to, "
	    "handler, "
	    "why, book, number, at, direction, readback, pages, corrected_by, corrects FROM entry "
	    "WHERE id = ?1");
	char word[32], at[40];
	bool found;

	sql_bind(q, "i", entry);
	found = sql_row(q);
	if (found) {
		entry_word(sql_text(q, 22), (int)sql_int(q, 23), word, sizeof(word));
		buf_printf(out, "%s  %s  %s%s\n", word,
		    clock_format(at, sizeof(at), sql_int(q, 24), CLOCK_YMD_HM),
		    strcmp(sql_text(q, 25), "in") == 0	  ? _("incoming")
		    : strcmp(sql_text(q, 25), "out") == 0 ? _("outgoing")
							  : "",
		    sql_int(q, 28) ? _("  STRUCK OUT, corrected") : "");
		for (size_t i = 0; i < COUNT_OF(labels); i++)
			paper_field(out, _(labels[i]), sql_text(q, (int)i));
		if (sql_int(q, 26))
			buf_printf(out, "%s\n", _("read back"));
		if (sql_int(q, 27))
			buf_printf(out, _("pages: %d\n"), (int)sql_int(q, 27));
	}
	sql_done(q);
	return found;
}
