/*
 * How one incident, message, journal line, order or report looks as a line, wherever it stands in a
 * list. Context: the struct screen that owns the table.
 */
#ifndef UI_SCREENS_ROWS_H
#define UI_SCREENS_ROWS_H

#include "ui/table.h"

extern const struct table_ops incident_row_ops; /* struct incident_row; array */
extern const struct table_ops inbox_row_ops;    /* struct inbox_row; array */
extern const struct table_ops journal_row_ops;  /* struct journal_row; array */
extern const struct table_ops order_row_ops;    /* struct order_row; array */
extern const struct table_ops report_row_ops;   /* struct report_row; array */

struct incident_row;
struct order_row;
struct report_row;
/* Their cells, for tables that fetch by themselves. */
void incident_row_cell(void *context, const void *row, size_t column, struct cell *cell);
enum style incident_row_style(void *context, const void *row);
#define JOURNAL_ROW_COLUMNS 4
extern const struct column journal_row_columns[JOURNAL_ROW_COLUMNS];
void journal_row_cell(void *context, const void *row, size_t column, struct cell *cell);
enum style journal_row_style(void *context, const void *row);

#endif
