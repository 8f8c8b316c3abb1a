/* The kinds of resources as lists: their columns, how they are fetched, and their lines in full. */
#ifndef UI_SCREENS_RESOURCE_ROWS_H
#define UI_SCREENS_RESOURCE_ROWS_H

#include "resource/resource.h"
#include "ui/screen.h"
#include "ui/table.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	LIST_TEAMS, LIST_GOODS, LIST_STOCK, LIST_DEPOTS, LIST_SHELTERS, LIST_HOSPITALS, LIST_EXPERTS, LIST_EQUIPMENT,
	LIST_ENTERPRISES, RESOURCE_LISTS
};

struct resource_list {
	struct store *st;
	size_t kind;
	struct resource_filter filter;
	struct table table;
};

/* kind: LIST_…. The table's context is the list itself; table_load fetches by l->filter, table_clear ends it. */
void resource_list_init(struct resource_list *l, size_t kind, struct store *st);
/* N_(). */
const char *resource_list_title(size_t kind);
/* A row of that kind (struct team_row …), column by column, a line each. The caller frees. */
char *resource_row_text(size_t kind, const void *row);
/* The form that keeps such a row up to date; false: none. */
bool resource_row_form(struct screen *s, size_t kind, const void *row);
/* {"team": ID} …; NULL none. */
json_t *resource_row_context(size_t kind, const void *row);

#endif
