/*
 * A text as a cell of CSV (RFC 4180), in such a way that no spreadsheet takes it for a formula (reliability 4.23): a cell that
 * begins with = + - @ or their full-width forms, TAB or CR, also behind blanks or a line feed inside it, gets an apostrophe in
 * front. Plain numbers stay. cell_plain takes exactly that apostrophe off again, so that what was exported comes back as it was.
 */
#ifndef CLI_CELL_H
#define CLI_CELL_H

#include <stdbool.h>

struct buf;

/* Would a spreadsheet calculate with it? */
bool cell_is_formula(const char *text);
/* The cell, in quotes where it needs them. */
void cell_add(struct buf *out, const char *text);
/* What stands in a cell that cell_add wrote: `text`, or `text` behind its apostrophe. */
const char *cell_plain(const char *text);

#endif
