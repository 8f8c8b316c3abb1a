/*
 * A spreadsheet file (CSV) as rows for resource_import: what it is encoded in and what divides its columns is found out, a title
 * above the headings is passed over, headings are understood in Chinese and English. Nothing in it is obeyed: a file is data up to
 * stated limits, and what is beyond them is refused with its line.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include "base/buf.h"
#include "base/err.h"
#include "cli/headings.h"

#include <stdbool.h>
#include <stddef.h>

#define SHEET_BYTES (32u << 20) /* of a file */

struct sheet {
	char charset[16];
	struct buf rows;       /* as resource_import wants them */
	size_t n;              /* how many */
	struct buf left_out;   /* headings that no column is called, ", " between */
};

/* A file whole, as sheet_read opens it; the caller frees *data, also on failure. */
bool sheet_bytes(const char *path, char **data, size_t *n, struct err *err) __attribute__((warn_unused_result));
/*
 * Read a file in a locked-in child (exchange/apart.h), "-" for standard input: a plain one, no link, no device. map: "column=heading,column=#3" or NULL. False with err
 * when the file as a whole is refused.
 */
bool sheet_read(struct sheet *s, const struct headings *h, const char *path, const char *kind, const char *map,
    struct err *err) __attribute__((warn_unused_result));
/* The same of bytes in memory, here and now: what the child does. */
bool sheet_parse(struct sheet *s, const struct headings *h, const char *data, size_t n, const char *kind, const char *map,
    struct err *err) __attribute__((warn_unused_result));
/*
 * Which heading is taken for which column, and what the first row has there: a line each, "COLUMN TAB HEADING TAB CELL", COLUMN blank for
 * what no column is called. Of bytes in memory.
 */
bool sheet_columns(const struct headings *h, const char *data, size_t n, const char *kind, const char *map, struct buf *out,
    struct err *err) __attribute__((warn_unused_result));
/* Such a line; TABs and line feeds within a field become blanks. */
void sheet_add_column(struct buf *out, const char *column, const char *heading, const char *cell);
void sheet_clear(struct sheet *s);

#endif
