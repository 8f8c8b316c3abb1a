/* 事件: open incidents, or all there ever were, newest first, found by words. */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "ui/screens/rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <string.h>

struct incidents {
	struct store *st;
	struct incident_filter filter;
	char words[200];
	struct table table;
};

static size_t
fetch(void *context, enum fetch how, const void *row, void *rows, size_t max)
{
	struct incidents *in = context;
	struct incident_filter f = in->filter;
	const struct incident_row *at = row;

	switch (how) {
	case FETCH_FIRST:
		break;
	case FETCH_AFTER:
		f.before = at->id;
		break;
	case FETCH_BEFORE:
		f.after = at->id;
		break;
	case FETCH_LAST:
		f.from_end = true;
		break;
	case FETCH_FROM:
		if (max == 0 || !incident_get(in->st, at->id, rows))
			return 0;
		f.before = at->id;
		return 1 + incident_list(in->st, &f, (struct incident_row *)rows + 1, max - 1);
	}
	return incident_list(in->st, &f, rows, max);
}

static struct table_ops ops;

static bool
incidents_open(struct screen *s, struct err *err)
{
	struct incidents *in = s->state;

	(void)err;
	ops = incident_row_ops;
	ops.fetch = fetch;
	ops.id = table_row_id;
	in->st = console_store(s->ui);
	in->filter.open = true;
	in->filter.area = console_scope(s->ui);
	table_init(&in->table, &ops, in);
	in->table.titles = true;
	in->table.empty = N_("No incident.");
	return true;
}

static void
incidents_load(struct screen *s)
{
	table_load(&((struct incidents *)s->state)->table);
}

static void
incidents_draw(struct screen *s, struct area a)
{
	struct incidents *in = s->state;
	char line[300];

	cut_format(line, sizeof(line), "%s%s%s",
	    in->filter.open ? _("Open incidents") : _("All incidents"), *in->words ? "  /" : "",
	    in->words);
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&in->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_OPEN = 1, ACT_WHICH, ACT_CALL };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("open"), N_("open the incident")},
    {{'n'}, ACT_CALL, N_("take a call"), N_("take a call")},
    {{'f'}, ACT_WHICH, N_("open/all"), N_("show only open incidents, or all there are")},
};

static enum paint
incidents_act(struct screen *s, int action)
{
	struct incidents *in = s->state;
	const struct incident_row *row = table_row(&in->table);

	switch (action) {
	case ACT_OPEN:
		if (row)
			console_open(s->ui, &screen_incident, row->id, NULL);
		break;
	case ACT_CALL:
		console_open(s->ui, &screen_intake, 0, NULL);
		break;
	case ACT_WHICH:
		in->filter.open = !in->filter.open || in->filter.words;
		in->filter.words = NULL;
		in->words[0] = '\0';
		table_home(&in->table);
		break;
	}
	return PAINT_DRAW;
}

static enum paint
incidents_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct incidents *)s->state)->table, key->code) ? PAINT_DRAW
									    : PAINT_PASS;
}

/* Words are looked for in all incidents, closed ones too. */
static bool
incidents_find(struct screen *s, const char *words)
{
	struct incidents *in = s->state;

	utf8_copy(in->words, sizeof(in->words), words);
	in->filter.words = *in->words ? in->words : NULL;
	in->filter.open = !in->filter.words;
	table_home(&in->table);
	return in->table.n > 0;
}

static json_t *
incidents_context(struct screen *s)
{
	const struct incident_row *row = table_row(&((struct incidents *)s->state)->table);

	return row ? json_pack("{s:I}", "incident", (json_int_t)row->id) : NULL;
}

static void
incidents_close(struct screen *s)
{
	table_clear(&((struct incidents *)s->state)->table);
}

const struct screen_ops screen_incidents = {
    .name = "incidents",
    .title = N_("Incidents"),
    .digit = '2',
    .size = sizeof(struct incidents),
    .keys = KEY_TABLE(rows),
    .open = incidents_open,
    .load = incidents_load,
    .draw = incidents_draw,
    .act = incidents_act,
    .key = incidents_key,
    .find = incidents_find,
    .context = incidents_context,
    .close = incidents_close,
};
