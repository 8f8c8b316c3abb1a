#include "exchange/columns.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/tsv.h"

#include <stdlib.h>

struct column_table ticket_columns = {
    "exchange/tickets.tsv", "source", "field", "names", NULL, 0, 0};
struct column_table water_columns = {
    "exchange/water.tsv", "unit", "quantity", "columns", NULL, 0, 0};

static bool
load(struct column_table *table, struct err *err)
{
	char *path;
	struct tsv *t;
	int group, field, names;

	if (table->n)
		return true;
	path = paths_data_file(table->file);
	t = tsv_open(path, err);
	free(path);
	if (!t)
		return false;
	group = tsv_column(t, table->group, true, err);
	field = tsv_column(t, table->field, true, err);
	names = tsv_column(t, table->names, true, err);
	while (group >= 0 && field >= 0 && names >= 0 && tsv_next(t)) {
		mem_grow(&table->rows, &table->room, table->n);
		table->rows[table->n++] = (struct column_row){mem_dup(tsv_get(t, group)),
		    mem_dup(tsv_get(t, field)), mem_dup(tsv_get(t, names))};
	}
	return tsv_close(t, err) &&
	       (table->n || err_set(err, ERR_IO, _("%s holds no rows"), table->file));
}

bool
column_tables_load(struct err *err)
{
	return load(&ticket_columns, err) && load(&water_columns, err);
}
