/*
 * 收件箱: what came in and is nobody's yet: warnings, tickets, earthquakes, alarms and the rest in
 * one list. One key each opens an incident, joins it to one, hands it over, files it; what it can
 * be depends on what it is, and the line says so when it cannot.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "incident/incident.h"
#include "monitor/monitor.h"
#include "ui/age.h"
#include "ui/screens/screens.h"
#include "ui/screens/split.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 400

enum which { ALL, ALERTS, TICKETS, QUAKES, OTHER, WHICHES };

struct entry {
	int64_t id;
	const struct inbox_row *m;
	struct inbox_origin from;
};

struct inbox {
	struct table table;
	struct inbox_row *rows; /* owned, with their texts */
	struct entry *list;	/* owned: those of `rows` that are shown, in this order */
	size_t n, kept;
	enum which which;
	char empty[200];
	struct lines details;
};

/* --- rows ------------------------------------------------------------------------------------ */

static const char *
kind_label(const char *kind)
{
	static const struct {
		const char *kind, *label;
	} labels[] = {{"alert", N_("warning")}, {"ticket", N_("ticket")},
	    {"quake", N_("earthquake")}, {"alarm", N_("alarm")}, {"link", N_("link")},
	    {"report", N_("report")}};

	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(labels[i].kind, kind) == 0)
			return _(labels[i].label);
	return strcmp(kind, "message") == 0 ? _("message") : kind;
}

enum { C_TIME, C_KIND, C_FROM, C_DUE, C_TITLE };
static const struct column columns[] = {
    {N_("time"), 11, 0, 0, false},
    {N_("kind"), 10, 0, 3, false},
    {N_("from"), 14, 0, 0, false},
    {N_("left"), 7, 0, 1, true},
    {N_("title"), 0, 5, 0, false},
};

static void
put_title(const struct entry *e, struct cell *out)
{
	const struct inbox_row *m = e->m;
	const char *issuer = *m->source ? strstr(m->title, m->source) : NULL;
	char title[200];

	if (issuer) /* it stands in the column beside; before it may stand that this is a drill */
		cut_format(title, sizeof(title), "%.*s%s", (int)(issuer - m->title), m->title,
		    split_matter(issuer, m->source));
	else
		utf8_copy(title, sizeof(title), m->title);
	if (*e->from.over)
		cut_format(out->text, sizeof(out->text), _("[%s] %s"), e->from.over, title);
	else
		cut_format(out->text, sizeof(out->text), "%s%s%s", m->urgent ? _("! ") : "",
		    m->answer ? _("[answer it] ") : "", title);
}

static void
cell(void *context, const void *row, size_t column, struct cell *out)
{
	const struct entry *e = row;

	(void)context;
	switch (column) {
	case C_TIME:
		age_stamp(e->m->at, out->text, sizeof(out->text));
		break;
	case C_KIND:
		utf8_copy(out->text, sizeof(out->text), kind_label(e->m->kind));
		break;
	case C_FROM:
		utf8_copy(out->text, sizeof(out->text), e->m->source);
		break;
	case C_DUE:
		if (e->from.due != CLOCK_NONE)
			age_left(e->from.due, out->text, sizeof(out->text));
		break;
	case C_TITLE:
		put_title(e, out);
		break;
	}
}

/* 0 must be answered, 1 urgent, 2 the others, 3 what presses no more. */
static int
rank(const struct entry *e)
{
	return *e->from.over ? 3 : e->m->answer ? 0 : e->m->urgent ? 1 : 2;
}

static enum style
style(void *context, const void *row)
{
	static const enum style styles[] = {STYLE_URGENT, STYLE_SOON, STYLE_NORMAL, STYLE_FAINT};

	(void)context;
	return styles[rank(row)];
}

/* Red before orange …; a warning without colour last. What is no warning comes before them. */
static int
weight(const struct entry *e)
{
	return strcmp(e->from.kind, "alert") != 0 ? 0 : e->from.colour ? (int)e->from.colour : 9;
}

/* What presses most first, of these what is due first, then the worse, then the newer. */
static int
by_rank(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	if (x->from.due != y->from.due) /* CLOCK_NONE is the least */
		return y->from.due == CLOCK_NONE ||
			       (x->from.due != CLOCK_NONE && x->from.due < y->from.due)
			   ? -1
			   : 1;
	if (weight(x) != weight(y))
		return weight(x) - weight(y);
	if (x->m->at != y->m->at)
		return x->m->at < y->m->at ? 1 : -1;
	return x->id < y->id ? 1 : -1;
}

static const struct table_ops ops = {TABLE_ROWS(struct entry, columns, cell, style)};

static bool
wanted(enum which which, const char *kind)
{
	switch (which) {
	case ALERTS:
		return strcmp(kind, "alert") == 0;
	case TICKETS:
		return strcmp(kind, "ticket") == 0;
	case QUAKES:
		return strcmp(kind, "quake") == 0;
	case OTHER:
		return strcmp(kind, "alert") != 0 && strcmp(kind, "ticket") != 0 &&
		       strcmp(kind, "quake") != 0;
	default:
		return true;
	}
}

static void
free_rows(struct inbox *b)
{
	if (b->rows)
		inbox_rows_clear(b->rows, b->n);
	free(b->rows);
	free(b->list);
	b->rows = NULL;
	b->list = NULL;
}

static bool
inbox_open(struct screen *s, struct err *err)
{
	struct inbox *b = s->state;

	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("This is the duty room's own."));
	table_init(&b->table, &ops, s);
	b->table.titles = true;
	b->table.empty = b->empty;
	lines_init(&b->details);
	return true;
}

static void
inbox_load(struct screen *s)
{
	struct inbox *b = s->state, old = *b;
	struct store *st = console_store(s->ui);

	b->rows = mem_zero(ROWS_MAX, sizeof(*b->rows));
	b->list = mem_zero(ROWS_MAX, sizeof(*b->list));
	b->n = incident_inbox(st, true, b->rows, ROWS_MAX);
	b->kept = 0;
	for (size_t i = 0; i < b->n; i++) {
		struct entry *e = &b->list[b->kept];

		incident_mask_inbox(console_actor(s->ui), &b->rows[i]);
		if (!wanted(b->which, b->rows[i].kind))
			continue;
		e->id = b->rows[i].id;
		e->m = &b->rows[i];
		monitor_inbox_origin(st, e->id, e->m->kind, &e->from);
		b->kept++;
	}
	qsort(b->list, b->kept, sizeof(*b->list), by_rank);
	table_set(&b->table, b->list, b->kept);
	split_empty(st, _("Nothing new."), b->empty, sizeof(b->empty));
	free_rows(&old);
}

static void
inbox_close(struct screen *s)
{
	struct inbox *b = s->state;

	free_rows(b);
	lines_clear(&b->details);
}

/* --- drawing --------------------------------------------------------------------------------- */

static const char *
which_label(enum which which)
{
	static const char *const labels[WHICHES] = {
	    N_("everything"), N_("warnings"), N_("tickets"), N_("earthquakes"), N_("the others")};

	return _(labels[which]);
}

static void
tell(struct lines *l, const void *row)
{
	const struct entry *e = row;
	char at[32], left[32];

	lines_add(l, _("from"), STYLE_NORMAL, "%s\t%s", e->m->source, kind_label(e->m->kind));
	if (e->from.due != CLOCK_NONE)
		lines_add(l, _("answer due"), age_style(e->from.due, 30 * CLOCK_MINUTE), "%s   %s",
		    age_stamp(e->from.due, at, sizeof(at)),
		    age_left(e->from.due, left, sizeof(left)));
	lines_add(l, _("message"), STYLE_NORMAL, "%s", e->m->text);
}

static void
inbox_draw(struct screen *s, struct area a)
{
	struct inbox *b = s->state;
	char line[128];

	if (b->which == ALL)
		cut_format(line, sizeof(line), "%s %zu", _("Inbox"), b->kept);
	else
		cut_format(
		    line, sizeof(line), "%s %zu  (%s)", _("Inbox"), b->kept, which_label(b->which));
	split_draw(&b->table, &b->details, a, line, tell);
}

/* --- keys ------------------------------------------------------------------------------------ */

enum { ACT_READ = 1, ACT_OPEN, ACT_JOIN, ACT_TRANSFER, ACT_FILE, ACT_NOTE, ACT_CALLER, ACT_WHICH };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_READ, N_("read"), N_("read it whole, with what stands in it")},
    {{'o'}, ACT_OPEN, N_("open incident"), N_("open an incident out of it, already read")},
    {{'m'}, ACT_JOIN, N_("join"),
	N_("it is about an incident that is here: the likely ones first")},
    {{'t'}, ACT_TRANSFER, N_("to a unit"),
	N_("hand a ticket to the competent unit: receiver and time")},
    {{'d'}, ACT_FILE, N_("file"),
	N_("out of the list: read, filed or confirmed; a red warning asks what was done")},
    {{'a'}, ACT_NOTE, N_("put on record"), N_("record what was done about it")},
    {{'c'}, ACT_CALLER, N_("caller"),
	N_("look up a caller who asked to stay unknown; the reason is put on record")},
    {{'v'}, ACT_WHICH, N_("which"), N_("all, warnings, tickets, earthquakes, the others")},
};

static json_t *
thing(const char *kind, int64_t id)
{
	return json_pack("{s:I}", kind, (json_int_t)id);
}

static void
read_row(struct screen *s, const struct inbox_row *m, const struct inbox_origin *from)
{
	struct store *st = console_store(s->ui);
	struct buf text = BUF_MAX(1u << 20);
	struct err err = ERR_NONE;
	bool good = true;

	if (strcmp(from->kind, "alert") == 0)
		good = monitor_alert_text(st, from->id, false, &text, &err);
	else if (strcmp(from->kind, "ticket") == 0)
		good = monitor_ticket_text(st, console_actor(s->ui), from->id, &text, &err);
	else if (strcmp(from->kind, "quake") == 0)
		good = monitor_quake_text(st, from->id, &text, &err);
	else if (strcmp(from->kind, "alarm") == 0)
		good = monitor_alarm_text(st, from->id, &text, &err);
	else
		buf_add(&text, m->text);
	if (good)
		console_show_text(s->ui, m->title, buf_str(&text));
	else
		console_fail(s->ui, &err);
	buf_clear(&text);
}

static void
transfer_row(struct screen *s, const struct inbox_origin *from)
{
	struct ticket_row t;

	if (strcmp(from->kind, "ticket") != 0 ||
	    !monitor_ticket(console_store(s->ui), from->id, &t)) {
		console_say(
		    s->ui, "%s", _("Only tickets are handed over here; open an incident first."));
		return;
	}
	t.advice[strcspn(t.advice, ",")] = '\0';
	if (strstr(t.advice, "、"))
		*strstr(t.advice, "、") = '\0';
	console_form(s->ui, "ticket.transfer",
	    json_pack("{s:I, s:s}", "ticket", (json_int_t)t.id, "to", t.advice));
}

static void
answer_why(struct screen *s, const char *why, void *data)
{
	struct inbox *b = s->state;
	const struct entry *e = table_row(&b->table);

	(void)data;
	if (e && strcmp(e->from.kind, "ticket") == 0 &&
	    console_do(s->ui, "ticket.reveal",
		json_pack("{s:I, s:s}", "ticket", (json_int_t)e->from.id, "why", why), NULL))
		read_row(s, e->m, &e->from);
}

static void
look_up_caller(struct screen *s, const struct inbox_origin *from)
{
	struct ticket_row t;

	if (strcmp(from->kind, "ticket") != 0 ||
	    !monitor_ticket(console_store(s->ui), from->id, &t) || !t.secret)
		console_say(s->ui, "%s", _("This caller did not ask to stay unknown."));
	else
		console_prompt(s->ui, _("Look up the caller, because"), NULL, answer_why, NULL);
}

static void
file_row(struct screen *s, const struct inbox_row *m, const struct inbox_origin *from)
{
	if (strcmp(from->kind, "alert") == 0 && m->answer)
		console_form(s->ui, "alert.note", thing("alert", from->id));
	else if (strcmp(from->kind, "alert") == 0)
		console_do(s->ui, "alert.read", thing("alert", from->id), NULL);
	else if (strcmp(from->kind, "ticket") == 0)
		console_form(s->ui, "ticket.file", thing("ticket", from->id));
	else if (strcmp(from->kind, "alarm") == 0)
		console_form(s->ui, "alarm.confirm", thing("alarm", from->id));
	else
		console_form(s->ui, "inbox.file", thing("inbox", m->id));
}

static void
note_row(struct screen *s, const struct inbox_origin *from)
{
	if (strcmp(from->kind, "alert") == 0)
		console_form(s->ui, "alert.note", thing("alert", from->id));
	else if (strcmp(from->kind, "alarm") == 0)
		console_form(s->ui, "alarm.note", thing("alarm", from->id));
	else if (strcmp(from->kind, "ticket") == 0)
		console_form(s->ui, "ticket.answer", thing("ticket", from->id));
	else
		console_form(s->ui, "journal.note", NULL);
}

static enum paint
inbox_act(struct screen *s, int action)
{
	struct inbox *b = s->state;
	const struct entry *e = table_row(&b->table);

	if (action == ACT_WHICH) {
		b->which = (b->which + 1) % WHICHES;
		table_home(&b->table);
		return PAINT_LOAD;
	}
	if (!e)
		return PAINT_NONE;
	switch (action) {
	case ACT_READ:
		read_row(s, e->m, &e->from);
		break;
	case ACT_OPEN:
		console_open(s->ui, &screen_message, e->id, NULL);
		break;
	case ACT_JOIN:
		console_open(s->ui, &screen_message, e->id, "join");
		break;
	case ACT_TRANSFER:
		transfer_row(s, &e->from);
		break;
	case ACT_FILE:
		file_row(s, e->m, &e->from);
		break;
	case ACT_CALLER:
		look_up_caller(s, &e->from);
		break;
	case ACT_NOTE:
		note_row(s, &e->from);
		break;
	}
	return PAINT_DRAW;
}

static enum paint
inbox_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct inbox *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static json_t *
inbox_context(struct screen *s)
{
	const struct entry *e = table_row(&((struct inbox *)s->state)->table);
	json_t *context = e ? thing("inbox", e->id) : NULL;

	if (e && e->from.id)
		json_object_set_new(context, e->from.kind, json_integer(e->from.id));
	return context;
}

static const char *
inbox_verb_of(int action)
{
	return action == ACT_CALLER ? "ticket.reveal" : NULL;
}

const struct screen_ops screen_inbox = {
    .name = "inbox",
    .title = N_("Inbox"),
    .size = sizeof(struct inbox),
    .keys = KEY_TABLE(rows),
    .verb_of = inbox_verb_of,
    .open = inbox_open,
    .load = inbox_load,
    .draw = inbox_draw,
    .act = inbox_act,
    .key = inbox_key,
    .context = inbox_context,
    .close = inbox_close,
};
