/* 时限: the report clocks of one incident, open and closed, each with the rule that started it. */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/age.h"
#include "ui/screens/page.h"
#include "ui/screens/screens.h"
#include "ui/screens/todo.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define CLOCKS_MAX 60

struct clocks {
	struct table table;
	struct clock_row *rows;
	int64_t next_due;
};

enum { C_DUE, C_STATE, C_LABEL, C_CLOSED, C_SOURCE };

static const struct column columns[] = {
    {N_("due"), 11, 0, 0, false},
    {N_("left"), 9, 0, 0, false},
    {N_("report"), 0, 3, 0, false},
    {N_("done"), 0, 2, 1, false},
    {N_("rule"), 0, 3, 2, false},
};

static void
say_closed(const struct clock_row *c, struct cell *cell)
{
	char at[32];

	if (c->closed == CLOCK_NONE || strcmp(c->state, "open") == 0)
		return;
	cut_format(cell->text, sizeof(cell->text), "%s %s%s%s",
	    age_stamp(c->closed, at, sizeof(at)), c->receiver, *c->number ? " " : "", c->number);
}

static void
say_state(const struct clock_row *c, struct cell *cell)
{
	static const struct {
		const char *state, *label; /* N_() */
		enum style style;
	} states[] = {
	    {"met", N_("in time"), STYLE_DONE},
	    {"late", N_("late"), STYLE_URGENT},
	    {"void", N_("void"), STYLE_FAINT},
	};

	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (strcmp(c->state, states[i].state) == 0) {
			utf8_copy(cell->text, sizeof(cell->text), _(states[i].label));
			cell->style = states[i].style;
			return;
		}
	age_remains(c->due, cell->text, sizeof(cell->text));
}

static void
clock_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct clock_row *c = row;

	(void)context;
	switch (column) {
	case C_DUE:
		age_due(c->due, cell->text, sizeof(cell->text));
		break;
	case C_STATE:
		say_state(c, cell);
		break;
	case C_LABEL:
		clock_label(c, cell->text, sizeof(cell->text));
		break;
	case C_CLOSED:
		say_closed(c, cell);
		break;
	case C_SOURCE:
		utf8_copy(cell->text, sizeof(cell->text), c->source);
		break;
	}
}

static enum style
clock_style(void *context, const void *row)
{
	const struct clock_row *c = row;

	(void)context;
	return strcmp(c->state, "open") == 0 ? age_style(c->due, 30 * CLOCK_MINUTE) : STYLE_FAINT;
}

static const struct table_ops ops = {
    TABLE_ROWS(struct clock_row, columns, clock_cell, clock_style)};

static void
clocks_open(struct page *p)
{
	struct clocks *c = p->state;

	table_init(&c->table, &ops, p);
	c->table.titles = true;
	c->table.empty = N_("No clock runs for this incident.");
	c->next_due = CLOCK_NONE;
}

static void
clocks_load(struct page *p)
{
	struct clocks *c = p->state;
	struct clock_row *old = c->rows;
	struct clock_filter f = {.incident = p->incident, .due_before = CLOCK_NONE};
	size_t n;

	c->rows = mem_zero(CLOCKS_MAX, sizeof(*c->rows));
	n = incident_clocks(console_store(p->screen->ui), &f, c->rows, CLOCKS_MAX);
	c->next_due = CLOCK_NONE;
	for (size_t i = 0; i < n && c->next_due == CLOCK_NONE; i++)
		if (strcmp(c->rows[i].state, "open") == 0)
			c->next_due = c->rows[i].due;
	table_set(&c->table, c->rows, n);
	free(old);
}

static void
clocks_draw(struct page *p, struct area a)
{
	table_draw(&((struct clocks *)p->state)->table, a, true);
}

static enum paint
clocks_key(struct page *p, const struct key *key)
{
	return table_key(&((struct clocks *)p->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static const struct key_row rows[] = {
    {{'d'}, 1, N_("close it"), N_("close the clock: the form asks what it needs")},
    {{K_ENTER, 'l', K_RIGHT}, 2, N_("its rule"),
	N_("the rule, its source, and the facts that called for it")},
};

static void
show_why(struct page *p, const struct clock_row *c)
{
	struct buf text = BUF_MAX(8000);
	char label[160], at[40];

	clock_label(c, label, sizeof(label));
	buf_printf(&text, "%s\n\n", label);
	buf_printf(&text, _("Starts: %s\n"), clock_format(at, sizeof(at), c->starts, CLOCK_YMD_HM));
	buf_printf(&text, _("Due: %s\n"), clock_format(at, sizeof(at), c->due, CLOCK_YMD_HM));
	buf_printf(&text, _("Rule: %s\nSource: %s\nBecause: %s\n"), c->rule, c->source, c->why);
	if (c->closed != CLOCK_NONE)
		buf_printf(&text, _("Closed: %s  receiver %s  number %s  signer %s\n"),
		    clock_format(at, sizeof(at), c->closed, CLOCK_YMD_HM), c->receiver, c->number,
		    c->signer);
	console_show_text(p->screen->ui, _("Report clock"), buf_str(&text));
	buf_clear(&text);
}

static enum paint
clocks_act(struct page *p, int action)
{
	const struct clock_row *c = table_row(&((struct clocks *)p->state)->table);
	struct todo t = {.is_clock = true};

	if (!c)
		return PAINT_NONE;
	if (action == 2) {
		show_why(p, c);
		return PAINT_DRAW;
	}
	t.clock = *c;
	if (strcmp(c->state, "open") == 0)
		todo_handle(p->screen, &t);
	else
		console_say(p->screen->ui, _("This clock is closed already."));
	return PAINT_DRAW;
}

static void
clocks_context(struct page *p, json_t *context)
{
	const struct clock_row *c = table_row(&((struct clocks *)p->state)->table);

	if (c)
		json_object_set_new(context, "clock", json_integer(c->id));
}

static int64_t
clocks_countdown(struct page *p)
{
	return ((struct clocks *)p->state)->next_due;
}

static void
clocks_close(struct page *p)
{
	free(((struct clocks *)p->state)->rows);
}

const struct page_ops page_clocks = {
    .name = "clocks",
    .title = N_("Clocks"),
    .size = sizeof(struct clocks),
    .keys = KEY_TABLE(rows),
    .open = clocks_open,
    .load = clocks_load,
    .draw = clocks_draw,
    .key = clocks_key,
    .act = clocks_act,
    .context = clocks_context,
    .countdown = clocks_countdown,
    .close = clocks_close,
};
