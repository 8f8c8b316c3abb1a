/*
 * A table over the journal, fetched a window at a time: the duty log, and the timeline of one
 * incident.
 */
#ifndef UI_SCREENS_JOURNAL_TABLE_H
#define UI_SCREENS_JOURNAL_TABLE_H

#include "store/journal.h"
#include "ui/table.h"

#include <stdint.h>

struct store;

struct journal_table {
	struct store *st;
	struct journal_filter filter;
	char words[200];       /* of the filter */
	char verb[32];
	struct table table;
};

/* incident 0: all. area: a township's scope, 0 all. */
void journal_table_init(struct journal_table *j, struct store *st, int64_t incident, int64_t area);
void journal_table_clear(struct journal_table *j);
/* Other words ("" none); begins at the top. */
void journal_table_words(struct journal_table *j, const char *words);
/* Other verbs ("order.", "" all); begins at the top. */
void journal_table_verb(struct journal_table *j, const char *verb);
const struct journal_row *journal_table_row(const struct journal_table *j);
/*
 * Everything about one row as text: arguments, who, from where, hash chain place. The caller frees.
 */
char *journal_row_text(const struct journal_row *row);

#endif
