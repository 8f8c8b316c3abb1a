/* A list of orders with what can be done to them: of one incident, or all that are open. */
#ifndef UI_SCREENS_ORDERS_VIEW_H
#define UI_SCREENS_ORDERS_VIEW_H

#include "dispatch/dispatch.h"
#include "ui/screen.h"
#include "ui/table.h"

struct orders_view {
	struct screen *screen;
	struct order_filter filter;
	struct table table;
	struct order_row *rows; /* owned */
};

/*
 * Life: init, then load whenever the store changed (at most 500 orders, in what the console may see), clear at the end.
 * incident 0: all open ones, by their limit.
 */
void orders_view_init(struct orders_view *v, struct screen *s, int64_t incident);
void orders_view_clear(struct orders_view *v);
void orders_view_load(struct orders_view *v);
/* The order under the mark, NULL none; valid until the next load. */
const struct order_row *orders_view_row(const struct orders_view *v);
/* An action of orders_view_keys. */
enum paint orders_view_act(struct orders_view *v, int action);
extern const struct key_table orders_view_keys;
/* The verb behind a key, for screens that hint only what one may do; NULL none. */
const char *orders_view_verb(int action);

#endif
