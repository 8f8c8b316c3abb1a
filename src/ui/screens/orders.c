/* 指令: all open orders, those whose limit comes first on top. */
#include "base/i18n.h"
#include "ui/screens/orders_view.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

static bool
orders_open(struct screen *s, struct err *err)
{
	(void)err;
	orders_view_init(s->state, s, s->subject);
	return true;
}

static void
orders_load(struct screen *s)
{
	orders_view_load(s->state);
}

static void
orders_draw(struct screen *s, struct area a)
{
	struct orders_view *v = s->state;
	char line[64];

	cut_format(line, sizeof(line), "%s %zu",
	    v->filter.open ? _("Open orders") : _("All orders"), v->table.n);
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&v->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

static enum paint
orders_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct orders_view *)s->state)->table, key->code) ? PAINT_DRAW
									      : PAINT_PASS;
}

static enum paint
orders_act(struct screen *s, int action)
{
	return orders_view_act(s->state, action);
}

static const struct key_table *
orders_keys(struct screen *s)
{
	(void)s;
	return &orders_view_keys;
}

static json_t *
orders_context(struct screen *s)
{
	const struct order_row *row = orders_view_row(s->state);

	return row ? json_pack("{s:I, s:I}", "order", (json_int_t)row->id, "incident",
			 (json_int_t)row->incident)
		   : NULL;
}

static void
orders_close(struct screen *s)
{
	orders_view_clear(s->state);
}

const struct screen_ops screen_orders = {
    .name = "orders",
    .title = N_("Orders"),
    .size = sizeof(struct orders_view),
    .more_keys = orders_keys,
    .verb_of = orders_view_verb,
    .open = orders_open,
    .load = orders_load,
    .draw = orders_draw,
    .act = orders_act,
    .key = orders_key,
    .context = orders_context,
    .close = orders_close,
};
