#include "store/link.h"

#include "store/sql.h"

#include <stdio.h>

size_t
link_list(struct store *st, struct link_row *out, size_t max)
{
	struct sql *q = sql(st, "SELECT name, kind, last_ok, last_try, last_error, enabled FROM link ORDER BY id");
	size_t n = 0;

	while (n < max && sql_row(q)) {
		struct link_row *row = &out[n++];

		snprintf(row->name, sizeof(row->name), "%s", sql_text(q, 0));
		snprintf(row->kind, sizeof(row->kind), "%s", sql_text(q, 1));
		row->last_ok = sql_time(q, 2);
		row->last_try = sql_time(q, 3);
		snprintf(row->last_error, sizeof(row->last_error), "%s", sql_text(q, 4));
		row->enabled = sql_int(q, 5) != 0;
	}
	sql_done(q);
	return n;
}

int64_t
outbox_waiting(struct store *st)
{
	return sql_one_int(st, "SELECT count(*) FROM outbox WHERE state = 'queued'", 0, "");
}
