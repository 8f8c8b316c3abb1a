/*
 * SQL for the rooms that own tables (store/ and the systems; never a face). Statements are prepared once a
 * connection and cached by their text's address, so the text must be a string literal. Values are
 * always bound. Errors of stepping (I/O, damage, full disk) are sticky in the store: rows just end, the verb
 * or snapshot around it fails and tells. A statement that does not compile is a bug and aborts.
 *
 *	struct sql *q = sql(st, "SELECT name FROM team WHERE area = ?1 AND state = ?2");
 *	sql_bind(q, "it", area, "ready");
 *	while (sql_row(q)) use(sql_text(q, 0));
 *
 * A statement is reset when its rows have ended, by sql_done, or by the next sql() for the same text; do not
 * use the same text again inside its own loop, and run no verb inside one (it ends all open statements, and going on with
 * the loop then aborts).
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct sql;

struct sql *sql(struct store *st, const char *literal);
/*
 * Bind ?1, ?2, … by letter: i int64_t, t const char * (NULL binds NULL; copied; what is left of a character that was
 * cut is not taken), r double, b const void * and size_t, n nothing (NULL), z int64_t that binds NULL when 0 (an absent
 * reference), c int64_t time that binds NULL when CLOCK_NONE.
 */
void sql_bind(struct sql *q, const char *letters, ...);
/* Step. True while there is a row. */
bool sql_row(struct sql *q);
/* Run a statement without rows to its end, and reset it. False on failure (sticky); a broken
 * UNIQUE, CHECK or foreign key is a failure too. */
bool sql_run(struct sql *q);
void sql_done(struct sql *q);

int64_t sql_int(struct sql *q, int column);       /* 0 for NULL */
int64_t sql_time(struct sql *q, int column);      /* CLOCK_NONE for NULL */
double sql_real(struct sql *q, int column);
const char *sql_text(struct sql *q, int column);  /* "" for NULL; valid until the next step */
const void *sql_blob(struct sql *q, int column, size_t *size);
bool sql_null(struct sql *q, int column);

/* Rows into an array, `size` bytes each and at most `max`, by the function that fills one; the query is done with. Gives the count. */
size_t sql_list(struct sql *q, void *out, size_t size, size_t max, void (*fill)(struct sql *q, void *row));
/* The same of a query that gives ids. */
size_t sql_ids(struct sql *q, int64_t *out, size_t max);
/* The first row; the query is done with. False when there is none. */
bool sql_first(struct sql *q, void *out, void (*fill)(struct sql *q, void *row));

/* One value of the first row: otherwise when there is none. */
int64_t sql_one_int(struct store *st, const char *literal, int64_t otherwise, const char *letters, ...);
/* A copy the caller frees, NULL when there is no row. */
char *sql_one_text(struct store *st, const char *literal, const char *letters, ...);

#endif
