/* 指令: the orders of one incident. */
#include "base/i18n.h"
#include "ui/screens/orders_view.h"
#include "ui/screens/page.h"

static void
orders_open(struct page *p)
{
	orders_view_init(p->state, p->screen, p->incident);
}

static void
orders_load(struct page *p)
{
	orders_view_load(p->state);
}

static void
orders_draw(struct page *p, struct area a)
{
	table_draw(&((struct orders_view *)p->state)->table, a, true);
}

static enum paint
orders_key(struct page *p, const struct key *key)
{
	struct orders_view *v = p->state;
	int action;

	if (table_key(&v->table, key->code))
		return PAINT_DRAW;
	action = key_action(&orders_view_keys, key->code);
	return action ? orders_view_act(v, action) : PAINT_PASS;
}

static void
orders_context(struct page *p, json_t *context)
{
	const struct order_row *row = orders_view_row(p->state);

	if (row)
		json_object_set_new(context, "order", json_integer(row->id));
}

static void
orders_close(struct page *p)
{
	orders_view_clear(p->state);
}

const struct page_ops page_orders = {
    .name = "orders",
    .title = N_("Orders"),
    .size = sizeof(struct orders_view),
    .more_keys = &orders_view_keys,
    .open = orders_open,
    .load = orders_load,
    .draw = orders_draw,
    .key = orders_key,
    .context = orders_context,
    .close = orders_close,
};
