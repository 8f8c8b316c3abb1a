/*
 * What the store core needs of the search (store/search.h is the manual for everyone else).
 *
 * search_doc is a list that only grows: each search_put of a changed text adds a row, and the newest living row of
 * a thing is its present text. So undo and replay need no changeset of the index: they switch rows off or cut the
 * list, and a hit in the index whose row is gone, off or no longer the newest is passed over. The names begin
 * with "search" so that the recorder leaves them out.
 *
 * The index runs behind the list: a verb only adds rows, and the one that finds SEARCH_BEHIND of them not yet indexed indexes them
 * all (sequence 'search': the last one that is). A question looks through those few by reading them. To index each verb's own text
 * cost 5 of the 25 pages it wrote, and merging all those small pieces a tenth of its time; every promise is the list's, not the index's.
 *
 * Rows of one verb are told by their place: verb_run puts its journal row ("journal", id, its text) LAST, for every
 * verb, in the verb's own transaction.
 */
#ifndef STORE_SEARCH_INTERNAL_H
#define STORE_SEARCH_INTERNAL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

#define SEARCH_BEHIND 64

/* At the end of a verb: index what waits, when that is enough. Inside the verb's transaction. */
void search_catch_up(struct store *st);

/* Bytes of a term; longer words are cut, and the re-check reads them whole. */
#define SEARCH_TERM_MAX 64
/* Each term the index has of a text; stops at what is not SQLITE_OK, and gives that. */
int search_terms(const char *text, size_t n,
    int (*term)(void *data, int flags, const char *term, int size, int start, int end), void *data);

/* Register the tokenizer "zhiban" with FTS5. At every open, before anything reads the schema's tables. */
bool search_attach(sqlite3 *db);

/*
 * The tables, for the first migration. text is NULL when it is the text of the journal row itself. undone: the journal row
 * that took this text back.
 */
#define SEARCH_TABLES \
	"CREATE TABLE search_doc (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref INTEGER NOT NULL, text TEXT," \
	" undone INTEGER) STRICT;" \
	"CREATE INDEX search_doc_ref ON search_doc (kind, ref, id) WHERE kind <> 'journal';" \
	"CREATE VIRTUAL TABLE search USING fts5(text, content = '', columnsize = 0, detail = none, tokenize = 'zhiban');"

/* Inside the undo verb: the texts of journal row `journal` are taken back by journal row `by`; by 0 gives them back. */
void search_undo(struct store *st, int64_t journal, int64_t by);
/*
 * Where journal row `journal` stands among the documents: the id of the first document of a journal row at or behind it, INT64_MAX
 * when there is none. search_find(…, before = this) goes on with older rows.
 */
int64_t search_place(struct store *st, int64_t journal);
/* On a replay's private copy: forget all that was put after journal row `journal` (0: everything). */
void search_cut(struct store *st, int64_t journal);

#endif
