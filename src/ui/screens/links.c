/* 链路: the links upstream, how old what they brought is, and what the last try said; started,
 * stopped and tried from here. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "monitor/monitor.h"
#include "store/link.h"
#include "ui/age.h"
#include "ui/screens/screens.h"
#include "ui/screens/split.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 200

struct links {
	struct table table;
	struct monitor_link *rows; /* owned */
	size_t n;
	size_t down;	 /* of those that run */
	int64_t waiting; /* messages that have not left */
	struct lines details;
};

enum { C_NAME, C_KIND, C_STATE, C_AGE, C_NEXT, C_TAKEN, C_REFUSED, C_ERROR };
static const struct column columns[] = {
    {N_("name"), 14, 0, 0, false},
    {N_("kind"), 8, 0, 5, false},
    {N_("state"), 8, 0, 0, false},
    {N_("last success"), 12, 0, 0, false},
    {N_("next try"), 8, 0, 1, false},
    {N_("got"), 7, 0, 3, true},
    {N_("rejected"), 8, 0, 4, true},
    {N_("error"), 0, 3, 0, false},
};

static void
put_age(int64_t at, char *out, size_t size)
{
	char age[24];

	if (at == CLOCK_NONE)
		utf8_copy(out, size, _("never"));
	else
		cut_format(out, size, _("%s ago"), age_short(clock_now() - at, age, sizeof(age)));
}

static void
put_next(const struct monitor_link *r, char *out, size_t size)
{
	if (!r->enabled)
		utf8_copy(out, size, "-");
	else if (r->next_try == CLOCK_NONE || r->next_try <= clock_now())
		utf8_copy(out, size, _("now"));
	else
		age_short(r->next_try - clock_now(), out, size);
}

static const char *
kind_label(const char *kind)
{
	return strcmp(kind, "out") == 0	    ? _("out")
	       : strcmp(kind, "spool") == 0 ? _("spool")
					    : _("feed");
}

/* The same rule as the header's. */
static bool
is_down(const struct monitor_link *r)
{
	return link_is_down(r->last_error, r->last_ok, clock_now());
}

static void
cell(void *context, const void *row, size_t column, struct cell *out)
{
	const struct monitor_link *r = row;

	(void)context;
	switch (column) {
	case C_NAME:
		utf8_copy(out->text, sizeof(out->text), r->name);
		break;
	case C_KIND:
		utf8_copy(out->text, sizeof(out->text), kind_label(r->kind));
		break;
	case C_STATE:
		utf8_copy(out->text, sizeof(out->text),
		    !r->enabled		       ? _("stopped")
		    : *r->last_error	       ? _("failing")
		    : r->last_ok == CLOCK_NONE ? _("untried")
		    : is_down(r)	       ? _("silent")
					       : _("in order"));
		break;
	case C_AGE:
		put_age(r->last_ok, out->text, sizeof(out->text));
		break;
	case C_NEXT:
		put_next(r, out->text, sizeof(out->text));
		break;
	case C_TAKEN:
		cut_format(out->text, sizeof(out->text), "%lld", (long long)r->taken);
		break;
	case C_REFUSED:
		if (r->refused)
			cut_format(out->text, sizeof(out->text), "%lld", (long long)r->refused);
		break;
	case C_ERROR:
		if (r->fails > 1)
			cut_format(out->text, sizeof(out->text), _("%d times: %s"), r->fails,
			    r->last_error);
		else
			utf8_copy(out->text, sizeof(out->text), r->last_error);
		break;
	}
}

static enum style
style(void *context, const void *row)
{
	const struct monitor_link *r = row;

	(void)context;
	return !r->enabled		   ? STYLE_FAINT
	       : r->last_try == CLOCK_NONE ? STYLE_SOON
	       : is_down(r)		   ? STYLE_URGENT
					   : STYLE_NORMAL;
}

static const struct table_ops ops = {TABLE_ROWS(struct monitor_link, columns, cell, style)};

static bool
may(struct screen *s, const char *verb)
{
	return verb_allowed(console_actor(s->ui), verb_find(console_store(s->ui), verb));
}

static bool
links_open(struct screen *s, struct err *err)
{
	struct links *v = s->state;

	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("This is the duty room's own."));
	table_init(&v->table, &ops, s);
	v->table.titles = true;
	v->table.empty = may(s, "link.set")
			     ? N_("No link upstream is set up yet. n sets one up.")
			     : N_("No link upstream is set up yet: the duty chief or "
				  "the data clerk does that.");
	lines_init(&v->details);
	return true;
}

static void
links_load(struct screen *s)
{
	struct links *v = s->state;
	struct monitor_link *old = v->rows;

	v->rows = mem_zero(ROWS_MAX, sizeof(*v->rows));
	v->n = monitor_links(console_store(s->ui), v->rows, ROWS_MAX);
	v->down = 0;
	for (size_t i = 0; i < v->n; i++)
		v->down +=
		    v->rows[i].enabled && v->rows[i].last_try != CLOCK_NONE && is_down(&v->rows[i]);
	v->waiting = outbox_waiting(console_store(s->ui));
	table_set(&v->table, v->rows, v->n);
	free(old);
}

static void
tell(struct lines *l, const void *row)
{
	const struct monitor_link *r = row;
	char at[32];

	lines_add(l, _("address"), STYLE_NORMAL, "%s", r->url);
	lines_add(l, _("last success"), STYLE_NORMAL, "%s", age_stamp(r->last_ok, at, sizeof(at)));
	lines_add(l, _("last try"), STYLE_NORMAL, "%s", age_stamp(r->last_try, at, sizeof(at)));
	lines_add(l, _("next try"), STYLE_NORMAL, "%s",
	    r->enabled ? age_stamp(r->next_try, at, sizeof(at)) : "-");
	if (*r->last_error && r->fails > 1)
		lines_add(l, _("error"), STYLE_URGENT, _("%d times: %s"), r->fails, r->last_error);
	else if (*r->last_error)
		lines_add(l, _("error"), STYLE_URGENT, "%s", r->last_error);
}

static void
links_draw(struct screen *s, struct area a)
{
	struct links *v = s->state;
	char line[128];

	if (v->down)
		cut_format(line, sizeof(line),
		    ngettext("Links %zu, %zu down, %lld message waits to go out",
			"Links %zu, %zu down, %lld messages wait to go out",
			(unsigned long)v->waiting),
		    v->n, v->down, (long long)v->waiting);
	else
		cut_format(line, sizeof(line),
		    ngettext("Links %zu, %lld message waits to go out",
			"Links %zu, %lld messages wait to go out", (unsigned long)v->waiting),
		    v->n, (long long)v->waiting);
	split_draw(&v->table, &v->details, a, line, tell);
}

/* --- keys ------------------------------------------------------------------------------------ */

enum { ACT_READ = 1, ACT_SWITCH, ACT_TRY, ACT_NEW };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_READ, N_("details"), N_("address, times, the whole error")},
    {{'s'}, ACT_SWITCH, N_("start/stop"), N_("start or stop the link")},
    {{'t'}, ACT_TRY, N_("try now"), N_("try the link at once")},
    {{'n'}, ACT_NEW, N_("set up"), N_("set up a link")},
};

static void
add_time(struct buf *b, const char *label, int64_t at)
{
	char stamp[40];

	buf_printf(b, "%s  %s\n", label, clock_format(stamp, sizeof(stamp), at, CLOCK_YMD_HM));
}

static void
details(struct screen *s, const struct monitor_link *r)
{
	struct buf b = BUF_MAX(8000);

	buf_printf(&b, "%s  %s\n%s\n%s  %s\n", r->name, kind_label(r->kind), r->url, _("format"),
	    r->format);
	buf_printf(&b, _("every %d s\n"), r->interval_s);
	add_time(&b, _("last success"), r->last_ok);
	add_time(&b, _("last try"), r->last_try);
	add_time(&b, _("next try"), r->next_try);
	buf_printf(&b, "%s %lld  %s %lld  %s %d\n", _("taken in all"), (long long)r->taken,
	    _("turned away"), (long long)r->refused, _("failed"), r->fails);
	if (*r->last_error)
		buf_printf(&b, "\n%s\n", r->last_error);
	console_show_text(s->ui, r->name, buf_str(&b));
	buf_clear(&b);
}

static void
answer_stop(struct screen *s, void *data)
{
	const struct monitor_link *r = table_row(&((struct links *)s->state)->table);

	(void)data;
	if (r)
		console_do(
		    s->ui, "link.disable", json_pack("{s:I}", "link", (json_int_t)r->id), NULL);
}

static enum paint
links_act(struct screen *s, int action)
{
	struct links *v = s->state;
	const struct monitor_link *r = table_row(&v->table);

	if (action == ACT_NEW)
		console_form(s->ui, "link.set", NULL);
	if (action == ACT_NEW || !r)
		return PAINT_DRAW;
	if (action == ACT_READ)
		details(s, r);
	else if (action == ACT_TRY)
		console_do(s->ui, "link.try", json_pack("{s:I}", "link", (json_int_t)r->id), NULL);
	else if (r->enabled)
		console_ask(
		    s->ui, _("Stop this link? Nothing more comes in over it."), answer_stop, NULL);
	else
		console_do(
		    s->ui, "link.enable", json_pack("{s:I}", "link", (json_int_t)r->id), NULL);
	return PAINT_DRAW;
}

static enum paint
links_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct links *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static json_t *
links_context(struct screen *s)
{
	const struct monitor_link *r = table_row(&((struct links *)s->state)->table);

	return r ? json_pack("{s:I}", "link", (json_int_t)r->id) : NULL;
}

static void
links_close(struct screen *s)
{
	struct links *v = s->state;

	free(v->rows);
	lines_clear(&v->details);
}

static const char *
links_verb_of(int action)
{
	return action == ACT_NEW ? "link.set" : action == ACT_TRY ? "link.try" : NULL;
}

const struct screen_ops screen_links = {
    .name = "links",
    .title = N_("Links"),
    .size = sizeof(struct links),
    .keys = KEY_TABLE(rows),
    .verb_of = links_verb_of,
    .open = links_open,
    .load = links_load,
    .draw = links_draw,
    .act = links_act,
    .key = links_key,
    .context = links_context,
    .close = links_close,
};
