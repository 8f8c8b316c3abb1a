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
#include "ui/lines.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 400
#define TALL 22
#define ALIKE_MAX 5

enum which { ALL, ALERTS, TICKETS, QUAKES, OTHER, WHICHES };

struct inbox {
	struct table table;
	struct inbox_row *rows; /* owned, with their texts */
	struct inbox_row *list; /* owned: those of `rows` that are shown */
	size_t n, kept;
	enum which which;
	struct lines details;
};

/* --- rows ------------------------------------------------------------------------------------ */

static const char *
kind_label(const char *kind)
{
	static const struct {
		const char *kind, *label;
	} labels[] = {{"alert", N_("warning")}, {"ticket", N_("ticket")},
	    {"quake", N_("earthquake")}, {"alarm", N_("alarm")}, {"link", N_("link")}};

	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(labels[i].kind, kind) == 0)
			return _(labels[i].label);
	return _("message");
}

enum { C_TIME, C_KIND, C_FROM, C_TITLE };
static const struct column columns[] = {
    {N_("time"), 11, 0, 0, false},
    {N_("kind"), 10, 0, 2, false},
    {N_("from"), 10, 0, 1, false},
    {N_("title"), 0, 1, 0, false},
};

static void
cell(void *context, const void *row, size_t column, struct cell *out)
{
	const struct inbox_row *m = row;

	(void)context;
	switch (column) {
	case C_TIME:
		age_stamp(m->at, out->text, sizeof(out->text));
		break;
	case C_KIND:
		utf8_copy(out->text, sizeof(out->text), kind_label(m->kind));
		break;
	case C_FROM:
		utf8_copy(out->text, sizeof(out->text), m->source);
		break;
	case C_TITLE:
		cut_format(out->text, sizeof(out->text), "%s%s%s", m->urgent ? _("! ") : "",
		    m->answer ? _("[answer it] ") : "", m->title);
		break;
	}
}

static enum style
style(void *context, const void *row)
{
	const struct inbox_row *m = row;

	(void)context;
	return m->answer ? STYLE_URGENT : m->urgent ? STYLE_SOON : STYLE_NORMAL;
}

static int64_t
row_id(const void *row)
{
	return ((const struct inbox_row *)row)->id;
}

static const struct table_ops ops = {
    .row_size = sizeof(struct inbox_row),
    .columns = columns,
    .n_columns = COUNT_OF(columns),
    .id = row_id,
    .cell = cell,
    .style = style,
};

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
	b->rows = b->list = NULL;
}

static bool
inbox_open(struct screen *s, struct err *err)
{
	struct inbox *b = s->state;

	(void)err;
	table_init(&b->table, &ops, s);
	b->table.titles = true;
	b->table.empty = N_("Nothing new.");
	lines_init(&b->details);
	return true;
}

static void
inbox_load(struct screen *s)
{
	struct inbox *b = s->state, old = *b;

	b->rows = mem_zero(ROWS_MAX, sizeof(*b->rows));
	b->list = mem_zero(ROWS_MAX, sizeof(*b->list));
	b->n = incident_inbox(console_store(s->ui), true, b->rows, ROWS_MAX);
	b->kept = 0;
	for (size_t i = 0; i < b->n; i++)
		if (wanted(b->which, b->rows[i].kind))
			b->list[b->kept++] = b->rows[i];
	table_set(&b->table, b->list, b->kept);
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
inbox_draw(struct screen *s, struct area a)
{
	struct inbox *b = s->state;
	const struct inbox_row *m = table_row(&b->table);
	int below = a.rows > TALL ? a.rows / 3 : 0;
	char line[128];

	cut_format(line, sizeof(line), "%s %zu  (%s)", _("Inbox"), b->kept, which_label(b->which));
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&b->table, (struct area){a.y + 1, a.x, a.rows - 1 - below, a.columns}, true);
	if (!below)
		return;
	draw_bar(a.y + a.rows - below, a.x, a.columns, "");
	lines_reset(&b->details);
	if (m)
		lines_add(&b->details, kind_label(m->kind), STYLE_NORMAL, "%s", m->text);
	lines_draw(&b->details, (struct area){a.y + a.rows - below + 1, a.x, below - 1, a.columns});
}

/* --- keys ------------------------------------------------------------------------------------ */

enum { ACT_READ = 1, ACT_OPEN, ACT_JOIN, ACT_TRANSFER, ACT_FILE, ACT_NOTE, ACT_WHICH };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_READ, N_("read"), N_("read it whole, with what stands in it")},
    {{'o'}, ACT_OPEN, N_("open incident"), N_("open an incident out of it")},
    {{'m'}, ACT_JOIN, N_("join"),
	N_("it is about an incident that is here: the likely ones first")},
    {{'t'}, ACT_TRANSFER, N_("to a unit"),
	N_("hand a ticket to the competent unit: receiver and time")},
    {{'d'}, ACT_FILE, N_("file"),
	N_("out of the list: read, filed or confirmed; a red warning asks what was done")},
    {{'a'}, ACT_NOTE, N_("put on record"), N_("record what was done about it")},
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
		good = monitor_ticket_text(st, from->id, &text, &err);
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

/* A ticket was read already: at once, and the form only when the law wants more than its words
 * give. */
static void
open_row(struct screen *s, const struct inbox_row *m, const struct inbox_origin *from)
{
	bool ticket = strcmp(from->kind, "ticket") == 0, alarm = strcmp(from->kind, "alarm") == 0;
	const char *verb = ticket ? "ticket.open" : "alarm.open";
	int64_t incident = 0, id = from->id;
	char kind[12];

	if (!ticket && !alarm) {
		console_form(s->ui, "incident.open",
		    json_pack("{s:s, s:s, s:I}", "text", m->text, "source", m->source, "inbox",
			(json_int_t)m->id));
		return;
	}
	utf8_copy(kind, sizeof(kind), from->kind);
	if (console_do(s->ui, verb, thing(kind, id), &incident))
		console_open(s->ui, &screen_incident, incident, NULL);
	else
		console_form(s->ui, verb, thing(kind, id));
}

/* The message under the mark may have changed while one chose. */
struct joining {
	int64_t inbox, ticket;
};

static void
join_to(struct screen *s, const struct joining *j, int64_t incident)
{
	if (j->ticket)
		console_do(s->ui, "ticket.join",
		    json_pack("{s:I, s:I}", "ticket", (json_int_t)j->ticket, "incident",
			(json_int_t)incident),
		    NULL);
	else
		console_do(s->ui, "inbox.take",
		    json_pack("{s:I, s:I}", "inbox", (json_int_t)j->inbox, "incident",
			(json_int_t)incident),
		    NULL);
}

static struct joining joining; /* one question is open at a time */

static void
answer_other(struct screen *s, const struct popup_item *item, void *data)
{
	join_to(s, data, item->id);
}

static void
answer_likely(struct screen *s, const struct popup_item *item, void *data)
{
	if (item->id)
		join_to(s, data, item->id);
	else
		console_choose_thing(
		    s->ui, _("To which incident?"), "incident", answer_other, data);
}

static void
join_row(struct screen *s, const struct inbox_row *m, const struct inbox_origin *from)
{
	struct incident_likeness alike[ALIKE_MAX];
	struct popup_item items[ALIKE_MAX + 1] = {{0}};
	bool ticket = strcmp(from->kind, "ticket") == 0;
	size_t n =
	    ticket ? monitor_ticket_alike(console_store(s->ui), from->id, alike, ALIKE_MAX) : 0;

	joining = (struct joining){m->id, ticket ? from->id : 0};
	if (!n) {
		console_choose_thing(
		    s->ui, _("To which incident?"), "incident", answer_other, &joining);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		items[i].id = alike[i].incident;
		cut_format(items[i].word, sizeof(items[i].word), "%s %s", age_number(alike[i].no),
		    alike[i].title);
		utf8_copy(items[i].label, sizeof(items[i].label), alike[i].why);
	}
	utf8_copy(items[n].word, sizeof(items[n].word), _("another"));
	utf8_copy(items[n].label, sizeof(items[n].label), _("choose among all incidents"));
	console_choose(s->ui, _("Perhaps the same matter"), items, n + 1, answer_likely, &joining);
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
	const struct inbox_row *m = table_row(&b->table);
	struct inbox_origin from;

	if (action == ACT_WHICH) {
		b->which = (b->which + 1) % WHICHES;
		table_home(&b->table);
		return PAINT_LOAD;
	}
	if (!m)
		return PAINT_NONE;
	monitor_inbox_origin(console_store(s->ui), m->id, m->kind, &from);
	switch (action) {
	case ACT_READ:
		read_row(s, m, &from);
		break;
	case ACT_OPEN:
		open_row(s, m, &from);
		break;
	case ACT_JOIN:
		join_row(s, m, &from);
		break;
	case ACT_TRANSFER:
		transfer_row(s, &from);
		break;
	case ACT_FILE:
		file_row(s, m, &from);
		break;
	case ACT_NOTE:
		note_row(s, &from);
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
	const struct inbox_row *m = table_row(&((struct inbox *)s->state)->table);
	struct inbox_origin from;
	json_t *context;

	if (!m)
		return NULL;
	context = thing("inbox", m->id);
	monitor_inbox_origin(console_store(s->ui), m->id, m->kind, &from);
	if (from.id)
		json_object_set_new(context, from.kind, json_integer(from.id));
	return context;
}

const struct screen_ops screen_inbox = {
    .name = "inbox",
    .title = N_("Inbox"),
    .size = sizeof(struct inbox),
    .keys = KEY_TABLE(rows),
    .open = inbox_open,
    .load = inbox_load,
    .draw = inbox_draw,
    .act = inbox_act,
    .key = inbox_key,
    .context = inbox_context,
    .close = inbox_close,
};
