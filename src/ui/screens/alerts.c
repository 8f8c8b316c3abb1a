/*
 * 预警: warnings that are live, those that are over, exercises apart; each with its chain, area,
 * plans, what was done, and the bytes as they came.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "monitor/monitor.h"
#include "resource/resource.h"
#include "ui/age.h"
#include "ui/screens/screens.h"
#include "ui/screens/split.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 500
#define TOWNS_MAX 64

enum which { LIVE_HERE, LIVE, PAST, DRILLS, WHICHES };

struct alerts {
	struct table table;
	struct alert_row *rows; /* owned */
	size_t n;
	enum which which;
	char words[80];
	char empty[200];
	struct lines details;
};

/* What is live shows who has answered, what is past how it ended. */
enum { C_SENT, C_COLOUR, C_ISSUER, C_HEADLINE, C_AREA, C_UNTIL, C_DONE, C_LAST };
#define COMMON_COLUMNS                                                                             \
	{N_("sent"), 11, 0, 0, false}, {N_("colour"), 6, 0, 0, false},                             \
	    {N_("issuer"), 14, 0, 5, false}, {N_("headline"), 0, 3, 0, false},                     \
	    {N_("Area"), 0, 2, 4, false}, {N_("until"), 11, 0, 2, false},                          \
	{                                                                                          \
		N_("deeds"), 5, 0, 3, true                                                         \
	}
static const struct column live_columns[] = {COMMON_COLUMNS, {N_("called"), 6, 0, 0, true}};
static const struct column past_columns[] = {COMMON_COLUMNS, {N_("state"), 10, 0, 0, false}};

static bool
is_live(const struct alerts *v)
{
	return v->which == LIVE_HERE || v->which == LIVE;
}

/* An alert without end shows how long it has been standing. */
static void
until(const struct alert_row *r, char *out, size_t size)
{
	char age[24];

	if (!r->no_expiry)
		age_stamp(r->expires, out, size);
	else if (r->state == ALERT_LIVE)
		cut_format(out, size, _("for %s"),
		    age_short(clock_now() - (r->sent == CLOCK_NONE ? r->taken : r->sent), age,
			sizeof(age)));
}

/* On a list of warnings "预警信号" says nothing: the colours are what must not be cut off. */
static void
put_headline(const struct alert_row *r, struct cell *out)
{
	static const char idle[] = "预警信号", drill[] = "【演练】";
	struct buf b = BUF_MAX(1024);
	bool says = strncmp(r->headline, drill, strlen(drill)) == 0;
	const char *at = split_matter(r->headline + (says ? strlen(drill) : 0), r->issuer), *found;

	buf_add(&b, r->fresh ? "* " : "");
	buf_add(&b, r->drill ? _("[DRILL] ") : "");
	buf_add(&b, r->ours ? _("[OURS] ") : "");
	buf_add(&b, r->conflicting || r->colour_disagrees || r->code_disagrees ? _("! ") : "");
	for (; (found = strstr(at, idle)) != NULL; at = found + strlen(idle))
		buf_add_n(&b, at, (size_t)(found - at));
	buf_add(&b, at);
	utf8_copy(out->text, sizeof(out->text), buf_str(&b));
	buf_clear(&b);
}

static void
put_called(const struct alert_row *r, struct cell *out)
{
	if (r->called)
		cut_format(out->text, sizeof(out->text), "%d/%d", r->answered, r->called);
	if (r->called > r->answered)
		out->style = STYLE_SOON;
}

static void
cell(void *context, const void *row, size_t column, struct cell *out)
{
	const struct screen *s = context;
	const struct alert_row *r = row;

	switch (column) {
	case C_SENT:
		age_stamp(r->sent, out->text, sizeof(out->text));
		break;
	case C_COLOUR:
		utf8_copy(out->text, sizeof(out->text), colour_label(r->colour));
		break;
	case C_ISSUER:
		utf8_copy(out->text, sizeof(out->text), r->issuer);
		break;
	case C_HEADLINE:
		put_headline(r, out);
		break;
	case C_AREA:
		utf8_copy(out->text, sizeof(out->text), r->area);
		break;
	case C_UNTIL:
		until(r, out->text, sizeof(out->text));
		break;
	case C_LAST:
		if (is_live(s->state))
			put_called(r, out);
		else
			utf8_copy(out->text, sizeof(out->text), alert_state_label(r->state));
		break;
	case C_DONE:
		if (r->done)
			cut_format(out->text, sizeof(out->text), "%d", r->done);
		break;
	}
}

static enum style
style(void *context, const void *row)
{
	const struct alert_row *r = row;

	(void)context;
	if (r->state != ALERT_LIVE)
		return STYLE_FAINT;
	return r->colour == COLOUR_RED && !r->apart ? STYLE_URGENT
	       : r->colour == COLOUR_ORANGE	    ? STYLE_SOON
						    : STYLE_NORMAL;
}

static const struct table_ops live_ops = {TABLE_ROWS(struct alert_row, live_columns, cell, style)};
static const struct table_ops past_ops = {TABLE_ROWS(struct alert_row, past_columns, cell, style)};

static bool
alerts_open(struct screen *s, struct err *err)
{
	struct alerts *v = s->state;

	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("This is the duty room's own."));
	table_init(&v->table, &live_ops, s);
	v->table.titles = true;
	v->table.empty = v->empty;
	lines_init(&v->details);
	return true;
}

static void
alerts_load(struct screen *s)
{
	struct alerts *v = s->state;
	struct alert_row *old = v->rows;
	struct alert_filter f = {.live = is_live(v),
	    .past = v->which == PAST,
	    .concerning = v->which == LIVE_HERE || v->which == PAST,
	    .drill = v->which == DRILLS,
	    .worst = is_live(v),
	    .words = v->words};

	v->table.ops = is_live(v) ? &live_ops : &past_ops;
	v->rows = mem_zero(ROWS_MAX, sizeof(*v->rows));
	v->n = monitor_alerts(console_store(s->ui), &f, v->rows, ROWS_MAX);
	table_set(&v->table, v->rows, v->n);
	split_empty(console_store(s->ui), _("No warning."), v->empty, sizeof(v->empty));
	free(old);
}

static void
alerts_close(struct screen *s)
{
	struct alerts *v = s->state;

	free(v->rows);
	lines_clear(&v->details);
}

/* --- drawing --------------------------------------------------------------------------------- */

static void
tell_marks(struct lines *l, const struct alert_row *r)
{
	if (r->conflicting)
		lines_add(l, "!", STYLE_SOON, "%s",
		    _("another text stands under the same number, see the chain"));
	if (r->colour_disagrees)
		lines_add(
		    l, "!", STYLE_SOON, "%s", _("its colours disagree: the worse one is shown"));
	if (r->code_disagrees)
		lines_add(l, "!", STYLE_SOON, "%s",
		    _("its code and its headline disagree: the headline is shown"));
}

static void
tell(struct lines *l, const void *row)
{
	const struct alert_row *r = row;
	char from[32], to[32];

	lines_add(l, _("headline"), STYLE_STRONG, "%s", r->headline);
	lines_add(l, _("issuer"), STYLE_NORMAL, "%s\t%s %s", r->issuer, r->identifier,
	    alert_type_label(r->msg_type));
	lines_add(l, _("Area"), STYLE_NORMAL, "%s", *r->area ? r->area : "-");
	age_stamp(r->sent, from, sizeof(from));
	until(r, to, sizeof(to));
	lines_add(
	    l, _("state"), STYLE_NORMAL, "%s   %s - %s", alert_state_label(r->state), from, to);
	tell_marks(l, r);
	if (r->called)
		lines_add(l, _("call-out"), r->called > r->answered ? STYLE_SOON : STYLE_NORMAL,
		    _("%d of %d have answered"), r->answered, r->called);
	else if (r->concerns && r->state == ALERT_LIVE && !r->apart)
		lines_add(l, _("call-out"), STYLE_SOON, "%s", _("nobody was called out yet: c"));
	lines_add(l, _("last received"), STYLE_NORMAL,
	    ngettext("%s, %d time", "%s, %d times", (unsigned long)r->copies),
	    age_stamp(r->seen, from, sizeof(from)), r->copies);
}

static void
alerts_draw(struct screen *s, struct area a)
{
	static const char *const names[WHICHES] = {N_("Live warnings that touch the county"),
	    N_("All live warnings"), N_("Past warnings of the county"),
	    N_("DRILLS AND TESTS, no real warnings")};
	struct alerts *v = s->state;
	char line[160];

	cut_format(line, sizeof(line), "%s %zu%s%s", _(names[v->which]), v->n,
	    *v->words ? "  / " : "", v->words);
	split_draw(&v->table, &v->details, a, line, tell);
}

/* --- keys ------------------------------------------------------------------------------------ */

enum {
	ACT_READ = 1,
	ACT_RAW,
	ACT_NOTE,
	ACT_SEEN,
	ACT_PLAN,
	ACT_CALL,
	ACT_WHICH,
	ACT_ISSUE,
	ACT_UPDATE,
	ACT_LIFT
};

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_READ, N_("read"),
	N_("the whole warning: texts, area, chain, plans, what was done")},
    {{'c'}, ACT_CALL, N_("call townships"),
	N_("call out the townships it touches: colour, townships and matter are filled in")},
    {{'a'}, ACT_NOTE, N_("put on record"), N_("record what was done about it")},
    {{'d'}, ACT_SEEN, N_("read it"), N_("it was read")},
    {{'p'}, ACT_PLAN, N_("plan"), N_("the plans it concerns")},
    {{'r'}, ACT_RAW, N_("raw"), N_("the bytes as they came")},
    {{'v'}, ACT_WHICH, N_("which"), N_("live here, all live, past, drills")},
    {{'i'}, ACT_ISSUE, N_("issue"), N_("issue a warning of our own")},
    {{'u'}, ACT_UPDATE, NULL, N_("update a warning of our own")},
    {{'x'}, ACT_LIFT, NULL, N_("lift a warning of our own")},
};

static void
show(struct screen *s, const struct alert_row *r, bool raw)
{
	struct buf text = BUF_MAX(5u << 20);
	struct err err = ERR_NONE;

	if (monitor_alert_text(console_store(s->ui), r->id, raw, &text, &err))
		console_show_text(s->ui, r->headline, buf_str(&text));
	else
		console_fail(s->ui, &err);
	buf_clear(&text);
}

static void
answer_plan(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	console_open(s->ui, &screen_plan, item->id, NULL);
}

static void
show_plans(struct screen *s, const struct alert_row *r)
{
	struct alert_plan plans[8];
	struct popup_item items[8] = {{0}};
	size_t n = monitor_alert_plans(console_store(s->ui), r->id, plans, COUNT_OF(plans));

	for (size_t i = 0; i < n; i++) {
		items[i].id = plans[i].plan;
		utf8_copy(items[i].word, sizeof(items[i].word), plans[i].name);
		utf8_copy(items[i].label, sizeof(items[i].label), plans[i].why);
	}
	if (n)
		console_choose(s->ui, _("Plans it concerns (no response is set by it)"), items, n,
		    answer_plan, NULL);
	else
		console_say(s->ui, "%s", _("No plan is linked to it."));
}

/* The townships it touches, as callout.start takes them. */
static void
join_towns(struct store *st, int64_t alert, struct buf *out)
{
	int64_t towns[TOWNS_MAX];
	size_t n = monitor_alert_towns(st, alert, towns, COUNT_OF(towns));
	char name[64];

	for (size_t i = 0; i < n; i++) {
		resource_area_name(st, towns[i], name, sizeof(name));
		buf_printf(out, "%s%s", i ? "," : "", name);
	}
}

static void
call_out(struct screen *s, const struct alert_row *r)
{
	const char *colour = r->colour == COLOUR_WHITE ? "" : colour_word(r->colour);
	struct buf towns = BUF_MAX(4096);
	json_t *preset;

	if (r->apart || r->state != ALERT_LIVE || !r->concerns) {
		console_say(s->ui, "%s",
		    r->apart ? _("This is a drill: nobody is called out for it here.")
		    : r->state != ALERT_LIVE ? _("This warning is not in force any more.")
					     : _("This warning does not touch the county."));
		return;
	}
	preset = json_pack("{s:I, s:s, s:s}", "alert", (json_int_t)r->id, "matter", r->headline,
	    "event", r->event);
	if (*colour)
		json_object_set_new(preset, "colour", json_string(colour));
	join_towns(console_store(s->ui), r->id, &towns);
	json_object_set_new(preset, "areas", json_string(buf_str(&towns)));
	console_form(s->ui, "callout.start", preset);
	buf_clear(&towns);
}

static enum paint
alerts_act(struct screen *s, int action)
{
	struct alerts *v = s->state;
	const struct alert_row *r = table_row(&v->table);

	if (action == ACT_WHICH) {
		v->which = (v->which + 1) % WHICHES;
		table_home(&v->table);
		return PAINT_LOAD;
	}
	if (action == ACT_ISSUE) {
		console_form(s->ui, "alert.issue", json_object());
		return PAINT_DRAW;
	}
	if (!r)
		return PAINT_NONE;
	switch (action) {
	case ACT_READ:
	case ACT_RAW:
		show(s, r, action == ACT_RAW);
		break;
	case ACT_UPDATE:
	case ACT_LIFT:
		console_form(s->ui, action == ACT_UPDATE ? "alert.update" : "alert.cancel",
		    json_pack("{s:I}", "alert", (json_int_t)r->id));
		break;
	case ACT_NOTE:
		console_form(s->ui, "alert.note", json_pack("{s:I}", "alert", (json_int_t)r->id));
		break;
	case ACT_SEEN:
		console_do(
		    s->ui, "alert.read", json_pack("{s:I}", "alert", (json_int_t)r->id), NULL);
		break;
	case ACT_PLAN:
		show_plans(s, r);
		break;
	case ACT_CALL:
		call_out(s, r);
		break;
	}
	return PAINT_DRAW;
}

static enum paint
alerts_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct alerts *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static bool
alerts_find(struct screen *s, const char *words)
{
	struct alerts *v = s->state;

	utf8_copy(v->words, sizeof(v->words), words);
	table_home(&v->table);
	s->waiting = true;
	return true;
}

static json_t *
alerts_context(struct screen *s)
{
	const struct alert_row *r = table_row(&((struct alerts *)s->state)->table);

	return r ? json_pack("{s:I}", "alert", (json_int_t)r->id) : NULL;
}

const struct screen_ops screen_alerts = {
    .name = "alerts",
    .title = N_("Warnings"),
    .size = sizeof(struct alerts),
    .keys = KEY_TABLE(rows),
    .open = alerts_open,
    .load = alerts_load,
    .draw = alerts_draw,
    .act = alerts_act,
    .key = alerts_key,
    .find = alerts_find,
    .context = alerts_context,
    .close = alerts_close,
};
