/*
 * A message of the inbox about to become an incident: its words, and below them what the console
 * reads in them, as it reads a call. Enter opens the incident, one key joins it to one that is
 * there, one opens the form, where the law wants more than the words give. Nothing is typed here,
 * so nothing can be lost.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "decide/reading.h"
#include "incident/incident.h"
#include "monitor/monitor.h"
#include "ui/age.h"
#include "ui/screens/reading_lines.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

struct message {
	struct inbox_row row; /* text owned */
	struct inbox_origin from;
	char *words; /* owned: what is read */
	int64_t at;  /* when it was taken down */
	struct reading reading;
	struct incident_likeness alike[LIKELY_MAX];
	size_t n_alike;
	struct lines lines;
	bool join; /* ask at once which incident it belongs to */
};

/* --- joining --------------------------------------------------------------------------------- */

static void
join_to(struct screen *s, int64_t incident)
{
	struct message *m = s->state;
	bool ticket = strcmp(m->from.kind, "ticket") == 0;

	if (console_do(s->ui, ticket ? "ticket.join" : "inbox.take",
		json_pack("{s:I, s:I}", ticket ? "ticket" : "inbox",
		    (json_int_t)(ticket ? m->from.id : m->row.id), "incident",
		    (json_int_t)incident),
		NULL))
		screen_done(s);
}

static void
answer_other(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	join_to(s, item->id);
}

static void
answer_likely(struct screen *s, const struct popup_item *item, void *data)
{
	if (item->id)
		answer_other(s, item, data);
	else
		console_choose_thing(
		    s->ui, _("To which incident?"), "incident", answer_other, NULL);
}

static void
join(struct screen *s)
{
	struct message *m = s->state;
	struct popup_item items[LIKELY_MAX + 1] = {{0}};
	size_t n = m->n_alike;

	if (!n) {
		console_choose_thing(
		    s->ui, _("To which incident?"), "incident", answer_other, NULL);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		items[i].id = m->alike[i].incident;
		utf8_copy(items[i].word, sizeof(items[i].word), age_number(m->alike[i].no));
		cut_format(items[i].label, sizeof(items[i].label), "%s  %s", m->alike[i].title,
		    m->alike[i].why);
	}
	utf8_copy(items[n].word, sizeof(items[n].word), _("another"));
	utf8_copy(items[n].label, sizeof(items[n].label), _("choose among all incidents"));
	console_choose(s->ui, _("Perhaps the same matter"), items, n + 1, answer_likely, NULL);
}

/* --- life ------------------------------------------------------------------------------------ */

/* The entry, when nobody has taken it yet. */
static bool
message_open(struct screen *s, struct err *err)
{
	struct message *m = s->state;
	struct store *st = console_store(s->ui);

	lines_init(&m->lines);
	if (console_scope(s->ui) || !incident_inbox_one(st, s->subject, &m->row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such message."));
	if (strcmp(m->row.state, "new") != 0)
		return err_set(err, ERR_STATE, _("Somebody took this message already."));
	monitor_inbox_origin(st, m->row.id, m->row.kind, &m->from);
	m->join = s->argument && strcmp(s->argument, "join") == 0;
	m->at = m->row.at;
	if (strcmp(m->from.kind, "ticket") == 0)
		m->words = monitor_ticket_words(st, m->from.id, &m->at);
	if (!m->words)
		m->words = mem_dup(m->row.text);
	return true;
}

static void
find_alike(struct message *m, struct store *st)
{
	const struct fact *phone = reading_first(&m->reading, FACT_PHONE);

	m->n_alike = strcmp(m->from.kind, "ticket") == 0
			 ? monitor_ticket_alike(st, m->from.id, m->alike, LIKELY_MAX)
			 : incident_alike(st, &m->reading, phone ? phone->text : NULL, m->at,
			       m->alike, LIKELY_MAX);
	m->n_alike = reading_likely(m->alike, m->n_alike);
}

static void
message_load(struct screen *s)
{
	struct message *m = s->state;
	struct store *st = console_store(s->ui);
	struct err err = ERR_NONE;
	struct reader *reader = incident_reader(st, &err);

	if (!reader) {
		console_fail(s->ui, &err);
		return;
	}
	reading_clear(&m->reading);
	reader_read(reader, m->words, strlen(m->words), m->at, &m->reading);
	find_alike(m, st);
	if (m->join)
		join(s);
	m->join = false;
	lines_reset(&m->lines);
	lines_add(&m->lines, _("words"), STYLE_NORMAL, "%s", m->words);
	lines_heading(&m->lines, _("Read from it"));
	reading_lines(&m->lines, st,
	    &(struct told){&m->reading, m->words, strlen(m->words), m->at, m->alike, m->n_alike});
}

static void
message_close(struct screen *s)
{
	struct message *m = s->state;

	free(m->row.text);
	free(m->words);
	reading_clear(&m->reading);
	lines_clear(&m->lines);
}

static void
message_draw(struct screen *s, struct area a)
{
	struct message *m = s->state;
	char line[300], at[32];

	cut_format(line, sizeof(line), "%s  %s  %s", m->row.source,
	    age_stamp(m->at, at, sizeof(at)), m->row.title);
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	lines_draw(&m->lines, (struct area){a.y + 1, a.x, a.rows - 1, a.columns});
}

/* --- keys ------------------------------------------------------------------------------------ */

enum { ACT_OPEN = 1, ACT_JOIN, ACT_FORM };

static const struct key_row rows[] = {
    {{K_ENTER}, ACT_OPEN, N_("open incident"), N_("open the incident; its clocks run")},
    {{'m'}, ACT_JOIN, N_("join"),
	N_("it is about an incident that is here: the likely ones first")},
    {{'e'}, ACT_FORM, N_("form"), N_("fill in or correct what was read, in the form")},
};

/* Each kind of message has its own way to an incident. */
static const char *
verb_of(const struct message *m)
{
	return strcmp(m->from.kind, "ticket") == 0  ? "ticket.open"
	       : strcmp(m->from.kind, "alarm") == 0 ? "alarm.open"
						    : "incident.open";
}

static json_t *
arguments(const struct message *m)
{
	if (m->from.id && strcmp(verb_of(m), "incident.open") != 0)
		return json_pack("{s:I}", m->from.kind, (json_int_t)m->from.id);
	return json_pack("{s:s, s:s, s:I, s:I}", "text", m->words, "source", m->row.source,
	    "received", (json_int_t)m->at, "inbox", (json_int_t)m->row.id);
}

static void
open_form(struct screen *s)
{
	struct message *m = s->state;
	json_t *preset = arguments(m);

	if (!json_object_get(preset, "text") && strcmp(m->from.kind, "ticket") == 0)
		json_object_set_new(preset, "text", json_string(m->words));
	screen_done(s);
	console_form(s->ui, verb_of(m), preset);
}

/* What the law wants and the words do not give is asked for in the form. */
static void
open_incident(struct screen *s)
{
	struct message *m = s->state;
	int64_t incident = 0;

	if (!console_do(s->ui, verb_of(m), arguments(m), &incident)) {
		open_form(s);
		return;
	}
	screen_done(s);
	console_open(s->ui, &screen_incident, incident, NULL);
}

static enum paint
message_act(struct screen *s, int action)
{
	if (action == ACT_OPEN)
		open_incident(s);
	else if (action == ACT_JOIN)
		join(s);
	else
		open_form(s);
	return PAINT_DRAW;
}

static enum paint
message_key(struct screen *s, const struct key *key)
{
	return lines_key(&((struct message *)s->state)->lines, key->code) ? PAINT_DRAW : PAINT_PASS;
}

const struct screen_ops screen_message = {
    .name = "message",
    .title = N_("Message"),
    .size = sizeof(struct message),
    .keys = KEY_TABLE(rows),
    .open = message_open,
    .load = message_load,
    .draw = message_draw,
    .act = message_act,
    .key = message_key,
    .close = message_close,
};
