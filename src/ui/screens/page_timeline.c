/* 时间线: the journal of one incident. */
#include "base/i18n.h"
#include "ui/screens/journal_table.h"
#include "ui/screens/page.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>

static void
timeline_open(struct page *p)
{
	journal_table_init(p->state, console_store(p->screen->ui), p->incident, 0);
}

static void
timeline_load(struct page *p)
{
	table_load(&((struct journal_table *)p->state)->table);
}

static void
timeline_draw(struct page *p, struct area a)
{
	table_draw(&((struct journal_table *)p->state)->table, a, true);
}

static enum paint
timeline_key(struct page *p, const struct key *key)
{
	return table_key(&((struct journal_table *)p->state)->table, key->code) ? PAINT_DRAW
										: PAINT_PASS;
}

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, 1, N_("whole line"), N_("the whole entry with its arguments")},
};

static enum paint
timeline_act(struct page *p, int action)
{
	const struct journal_row *row = journal_table_row(p->state);
	char *text, title[32];

	(void)action;
	if (!row)
		return PAINT_NONE;
	text = journal_row_text(row);
	console_show_text(
	    p->screen->ui, cut_format(title, sizeof(title), "#%lld", (long long)row->seq), text);
	free(text);
	return PAINT_DRAW;
}

static void
timeline_close(struct page *p)
{
	journal_table_clear(p->state);
}

const struct page_ops page_timeline = {
    .name = "timeline",
    .title = N_("Timeline"),
    .size = sizeof(struct journal_table),
    .keys = KEY_TABLE(rows),
    .open = timeline_open,
    .load = timeline_load,
    .draw = timeline_draw,
    .key = timeline_key,
    .act = timeline_act,
    .close = timeline_close,
};
