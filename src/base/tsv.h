/*
 * The tables under data/: UTF-8 text, one row a line, columns separated by TAB, the first line that is not a
 * comment names the columns. Lines that begin with '#' and empty lines are skipped. A county edits them with
 * any editor. Limits: 1 MiB a line, 64 columns, 64 MiB a file.
 *
 *	struct tsv *t = tsv_open(path, &err);
 *	int name = tsv_column(t, "name", true, &err);
 *	while (tsv_next(t)) use(tsv_get(t, name));
 *	if (!tsv_close(t, &err)) …           a read error or an over-long line surfaces here
 */
#ifndef BASE_TSV_H
#define BASE_TSV_H

#include "base/err.h"

#include <stdbool.h>

struct tsv;

struct tsv *tsv_open(const char *path, struct err *err) __attribute__((warn_unused_result));
/* Index of a column, or -1 when there is none (an error only if `required`). */
int tsv_column(const struct tsv *t, const char *name, bool required, struct err *err);
/* Go to the next row; false at the end or on an error (tsv_close tells which). */
bool tsv_next(struct tsv *t);
/* The field, "" when the row is short or column is -1. Valid until the next tsv_next. */
const char *tsv_get(const struct tsv *t, int column);
/* The line number of the current row, from 1, for messages. */
long tsv_line(const struct tsv *t);
const char *tsv_path(const struct tsv *t);
/* Close; false with err filled when reading failed on the way. */
bool tsv_close(struct tsv *t, struct err *err);

#endif
