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

enum { ACT_OPEN = 1, ACT_DO, ACT_REMIND, ACT_WHICH, ACT_GO };

static const struct key_row key_rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("whole order"),
	N_("the whole order and what was done about it")},
    {{'d'}, ACT_DO, N_("next step"), N_("acknowledge, report, finish …: what may follow now")},
    {{'t'}, ACT_REMIND, N_("remind"), N_("remind the unit: how, and what it said")},
    {{'f'}, ACT_WHICH, N_("open/all"), N_("show only open orders, or all")},
    {{'i'}, ACT_GO, NULL, N_("go to the incident of the order")},
};
const struct key_table orders_view_keys = KEY_TABLE(key_rows);

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
add_time(struct buf *out, const char *label, int64_t at)
{
	char stamp[40];

	if (at != CLOCK_NONE)
		buf_printf(
		    out, "%s: %s\n", label, clock_format(stamp, sizeof(stamp), at, CLOCK_YMD_HM));
}

static void
show_whole(struct orders_view *v, const struct order_row *row)
{
	struct order_full o;
	struct buf text = BUF_MAX(100000);
	char title[64], at[40];

	if (!dispatch_order_full(console_store(v->screen->ui), row->id, &o))
		return;
	buf_printf(&text, _("To: %s  %s %s\nState: %s\nIssued by: %s\n"), o.row.dest, o.row.person,
	    o.row.phone, order_state_label(o.row.state), o.issuer);
	add_time(&text, _("Issued"), o.row.issued);
	add_time(&text, _("Acknowledge by"), o.row.ack_due);
	add_time(&text, _("Finish by"), o.row.finish_due);
	buf_printf(&text, "\n%s\n", o.content);
	if (o.result && *o.result)
		buf_printf(&text, _("\nResult: %s\n"), o.result);
	for (size_t i = 0; i < o.n_entries; i++)
		buf_printf(&text, "\n%s  %s  %s",
		    clock_format(at, sizeof(at), o.entries[i].at, CLOCK_MD_HM), o.entries[i].who,
		    o.entries[i].text);
	cut_format(title, sizeof(title), _("Order %d-%03d"), o.row.year, o.row.number);
	console_show_text(v->screen->ui, title, buf_str(&text));
	buf_clear(&text);
	order_full_clear(&o);
}

enum paint
orders_view_act(struct orders_view *v, int action)
{
	const struct order_row *row = orders_view_row(v);

	if (action == ACT_WHICH) {
		v->filter.open = !v->filter.open;
		return PAINT_LOAD;
	}
	if (!row)
		return PAINT_NONE;
	if (action == ACT_OPEN)
		show_whole(v, row);
	else if (action == ACT_DO)
		next_choose(v->screen, order_next_verbs(row),
		    _("Nothing more is to be done with this order."));
	else if (action == ACT_REMIND)
		console_form(v->screen->ui, "order.remind",
		    json_pack("{s:I}", "order", (json_int_t)row->id));
	else if (action == ACT_GO && row->incident && row->incident != v->screen->subject)
		console_open(v->screen->ui, &screen_incident, row->incident, "orders");
	return PAINT_DRAW;
}
