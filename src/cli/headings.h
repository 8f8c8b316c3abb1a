/*
 * What the columns of spreadsheets are called: data/exchange/import_columns.tsv. A kind's own row for a column goes before the row for
 * all kinds; the column's own name always counts.
 */
#ifndef CLI_HEADINGS_H
#define CLI_HEADINGS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct heading {
	char *kind, *column, *value, *names;
};
struct headings {
	struct heading *rows;
	size_t n, room;
};

bool headings_load(struct headings *h, struct err *err) __attribute__((warn_unused_result));
void headings_clear(struct headings *h);
/* Is `heading` a name of this column? `rank`: 0 the column's own name, then its other names in order; for the best one. */
bool headings_mean(const struct headings *h, const char *kind, const char *column, const char *heading, int *rank);
/* The Chinese heading of a column; the column's own name when there is none. The caller frees. */
char *headings_chinese(const struct headings *h, const char *kind, const char *column);
/* The value that a word of a cell means; the word itself when it is none of the table. */
const char *headings_value(const struct headings *h, const char *kind, const char *column, const char *word);
/* The Chinese word of a value; the value itself when there is none. The caller frees. */
char *headings_word(const struct headings *h, const char *kind, const char *column, const char *value);

#endif
