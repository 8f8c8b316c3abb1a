/*
 * CSV after RFC 4180, as spreadsheets write it: quoted fields with line feeds and doubled quotes, CR LF or LF, comma, semicolon or
 * TAB (the one the first line has most of). The text is UTF-8 already: decode() makes it of GB 18030.
 *
 * Strict where a guess would put a value into the wrong column: an unclosed quote, text behind a closing quote, too many
 * columns, an over-long field end the reading with the line's number. A row with fewer or more fields than the header is given as
 * it is: csv_count tells, and the caller refuses or takes it.
 *
 *	struct csv *csv = csv_open(text, n, &err);            the header is read here
 *	int number = csv_column(csv, "工单编号|number");
 *	while (csv_next(csv)) use(csv_get(csv, number));
 *	if (!csv_close(csv, &err)) …                             a broken row surfaces here
 */
#ifndef EXCHANGE_CSV_H
#define EXCHANGE_CSV_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define CSV_COLUMNS 256
#define CSV_FIELD (1u << 20) /* bytes of one field */
#define CSV_ROW (4u << 20)   /* bytes of one row */

struct csv;

/* `text` must outlive it. NULL with err when there is no header or it is broken. */
struct csv *csv_open(const char *text, size_t n, struct err *err) __attribute__((warn_unused_result));
/* The same for a file without header: columns are named by position only ("#1"). */
struct csv *csv_open_headless(const char *text, size_t n, struct err *err) __attribute__((warn_unused_result));
/* The column of the first of several names ("工单编号|工单号"), blanks and letter case aside, or "#3"; -1 none. */
int csv_column(const struct csv *csv, const char *names);
int csv_columns(const struct csv *csv);
const char *csv_name(const struct csv *csv, int column);
/* The next row that is not empty; false at the end or at a broken row. */
bool csv_next(struct csv *csv);
/* The field, trimmed of blanks, "" when the row is short or column is -1. Valid until the next csv_next. */
const char *csv_get(const struct csv *csv, int column);
int csv_count(const struct csv *csv);
/* The line in the file where the current row begins, from 1. */
long csv_line(const struct csv *csv);
/* The row as it stands in the text. */
const char *csv_raw(const struct csv *csv, size_t *n);
/* Ends it; false with err when a row was broken. */
bool csv_close(struct csv *csv, struct err *err);

#endif
