/*
 * The column tables under data/exchange, read once and kept as long as the process lives: tickets.tsv and water.tsv, which tell what
 * the fields of a ticket and the quantities of a gauge are called upstream.
 */
#ifndef EXCHANGE_COLUMNS_H
#define EXCHANGE_COLUMNS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct column_row {
	char *group;  /* tickets: the source; water: the unit */
	char *field;  /* tickets: the field; water: the quantity */
	char *names;  /* what it is called upstream, between '|' */
};
struct column_table {
	const char *file, *group, *field, *names; /* where it stands and its headings */
	struct column_row *rows;
	size_t n, room;
};
extern struct column_table ticket_columns, water_columns;

/*
 * Both tables and whatever else the readers need from files, before any sandbox; again gives true at once. False with err when one
 * cannot be read.
 */
bool column_tables_load(struct err *err) __attribute__((warn_unused_result));

#endif
