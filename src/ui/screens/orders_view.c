#include "ui/screens/orders_view.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/age.h"
#include "ui/console.h"
#include "ui/screens/next.h"
#include "ui/screens/rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ORDERS_MAX 500

enum {
	ACT_OPEN = 1,
	ACT_ACK,
	ACT_REPORT,
	ACT_DO,
	ACT_REMIND,
	ACT_WHICH,
	ACT_UNITS,
	ACT_OVERRIDE,
	ACT_GO
};

static const struct key_row key_rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("whole order"),
	N_("the whole order and what was done about it")},
    {{'a'}, ACT_ACK, N_("acknowledge"),
	N_("acknowledge: one's own at once, another's with the name")},
    {{'R'}, ACT_REPORT, N_("report back"), N_("report progress, or that it is finished")},
    {{'d'}, ACT_DO, N_("next step"), N_("acknowledge, report, finish …: what may follow now")},
    {{'t'}, ACT_REMIND, N_("remind"), N_("remind the unit: how, and what it said")},
    {{'f'}, ACT_WHICH, N_("open/all"), N_("show only open orders, or all")},
    {{'U'}, ACT_UNITS, N_("board of units"),
	N_("every team and load that is out: where, since when")},
    {{'X'}, ACT_OVERRIDE, NULL,
	N_("set a state against its course, with the reason (chief, leader)")},
    {{'i'}, ACT_GO, NULL, N_("go to the incident of the order")},
};
const struct key_table orders_view_keys = KEY_TABLE(key_rows);

const char *
orders_view_verb(int action)
{
	switch (action) {
	case ACT_ACK:
		return "order.ack";
	case ACT_REPORT:
		return "order.report";
	case ACT_REMIND:
	case ACT_UNITS: /* the board is the room's, as reminding is */
		return "order.remind";
	case ACT_OVERRIDE:
		return "order.override";
	default:
		return NULL;
	}
}

void
orders_view_init(struct orders_view *v, struct screen *s, int64_t incident)
{
	memset(v, 0, sizeof(*v));
	v->screen = s;
	v->filter.incident = incident;
	v->filter.open = incident == 0;
	v->filter.area = console_scope(s->ui);
	table_init(&v->table, &order_row_ops, s);
	v->table.titles = true;
	v->table.empty = incident ? N_("No order yet. o issues one.") : N_("No open order.");
}

void
orders_view_clear(struct orders_view *v)
{
	free(v->rows);
}

void
orders_view_load(struct orders_view *v)
{
	struct order_row *old = v->rows;
	size_t n;

	v->rows = mem_zero(ORDERS_MAX, sizeof(*v->rows));
	n = dispatch_orders(console_store(v->screen->ui), &v->filter, v->rows, ORDERS_MAX);
	table_set(&v->table, v->rows, n);
	free(old);
}

const struct order_row *
orders_view_row(const struct orders_view *v)
{
	return table_row(&v->table);
}

static void
show_whole(struct orders_view *v, const struct order_row *row)
{
	struct buf text = BUF_MAX(100000);
	char title[64];

	cut_format(title, sizeof(title), _("Order %d-%03d"), row->year, row->number);
	if (dispatch_order_text(console_store(v->screen->ui), row->id, &text))
		console_show_text(v->screen->ui, title, buf_str(&text));
	buf_clear(&text);
}

static json_t *
preset_of(const struct order_row *row)
{
	return json_pack("{s:I}", "order", (json_int_t)row->id);
}

/* Who received it acknowledges in their own name by the key alone; the room says who did. */
static void
acknowledge(struct orders_view *v, const struct order_row *row)
{
	struct console *ui = v->screen->ui;

	if (row->acked != CLOCK_NONE)
		console_say(ui, _("Acknowledged already: R reports back."));
	else if (console_scope(ui))
		console_do(ui, "order.ack", preset_of(row), NULL);
	else
		console_form(ui, "order.ack", preset_of(row));
}

enum paint
orders_view_act(struct orders_view *v, int action)
{
	const struct order_row *row = orders_view_row(v);

	if (action == ACT_WHICH) {
		v->filter.open = !v->filter.open;
		return PAINT_LOAD;
	}
	if (action == ACT_UNITS) {
		console_open(v->screen->ui, &screen_units, 0, NULL);
		return PAINT_DRAW;
	}
	if (!row) {
		console_say(v->screen->ui, _("No order stands here."));
		return PAINT_DRAW;
	}
	if (action == ACT_OPEN)
		show_whole(v, row);
	else if (action == ACT_DO)
		next_choose(v->screen, order_next_verbs(row),
		    _("Nothing more is to be done with this order."));
	else if (action == ACT_ACK)
		acknowledge(v, row);
	else if (action == ACT_REPORT)
		console_form(v->screen->ui, "order.report", preset_of(row));
	else if (action == ACT_REMIND)
		console_form(v->screen->ui, "order.remind", preset_of(row));
	else if (action == ACT_OVERRIDE)
		console_form(v->screen->ui, "order.override", preset_of(row));
	else if (action == ACT_GO && row->incident && row->incident != v->screen->subject)
		console_open(v->screen->ui, &screen_incident, row->incident, "orders");
	return PAINT_DRAW;
}
