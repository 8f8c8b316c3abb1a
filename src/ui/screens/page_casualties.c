/*
 * 伤亡: every figure that was ever reported, with its time and source; the newest of a kind is the
 * present one.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/age.h"
#include "ui/screens/facts.h"
#include "ui/screens/page.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>

#define CHANGES_MAX 300

struct casualties {
	struct table table;
	struct casualty_change *changes;
};

static const struct column columns[] = {
    {N_("time"), 11, 0, 0, false},
    {N_("figure"), 16, 0, 0, false},
    {N_("source"), 0, 2, 0, false},
    {N_("note"), 0, 3, 1, false},
};

static void
change_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct casualty_change *c = row;

	(void)context;
	switch (column) {
	case 0:
		age_stamp(c->at, cell->text, sizeof(cell->text));
		break;
	case 1:
		figure_say(c->kind, c->value, c->bound, cell->text, sizeof(cell->text));
		break;
	case 2:
		utf8_copy(cell->text, sizeof(cell->text), c->source);
		break;
	case 3:
		utf8_copy(cell->text, sizeof(cell->text), c->note);
		break;
	}
}

static int64_t
change_id(const void *row)
{
	const struct casualty_change *c = row;

	return (int64_t)((uint64_t)c->journal * FACT_KINDS + c->kind);
}

static const struct table_ops ops = {
    .row_size = sizeof(struct casualty_change),
    .columns = columns,
    .n_columns = COUNT_OF(columns),
    .id = change_id,
    .cell = change_cell,
};

static void
casualties_open(struct page *p)
{
	struct casualties *c = p->state;

	table_init(&c->table, &ops, p);
	c->table.titles = true;
	c->table.empty = N_("No figure reported yet. u reports one.");
}

static void
casualties_load(struct page *p)
{
	struct casualties *c = p->state;
	struct casualty_change *old = c->changes;
	size_t n;

	c->changes = mem_zero(CHANGES_MAX, sizeof(*c->changes));
	n = incident_casualties(console_store(p->screen->ui), p->incident, c->changes, CHANGES_MAX);
	for (size_t i = 0; i < n / 2; i++) { /* newest first, as every list here */
		struct casualty_change other = c->changes[i];

		c->changes[i] = c->changes[n - 1 - i];
		c->changes[n - 1 - i] = other;
	}
	table_set(&c->table, c->changes, n);
	free(old);
}

static void
casualties_draw(struct page *p, struct area a)
{
	table_draw(&((struct casualties *)p->state)->table, a, true);
}

static enum paint
casualties_key(struct page *p, const struct key *key)
{
	return table_key(&((struct casualties *)p->state)->table, key->code) ? PAINT_DRAW
									     : PAINT_PASS;
}

static void
casualties_close(struct page *p)
{
	free(((struct casualties *)p->state)->changes);
}

const struct page_ops page_casualties = {
    .name = "casualties",
    .title = N_("Casualties"),
    .size = sizeof(struct casualties),
    .open = casualties_open,
    .load = casualties_load,
    .draw = casualties_draw,
    .key = casualties_key,
    .close = casualties_close,
};
