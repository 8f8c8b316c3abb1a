/* Taking changesets back: what undo and replay share. */
#ifndef STORE_CHANGES_H
#define STORE_CHANGES_H

#include "store/inside.h"

/* What stood in the way of a changeset. */
struct conflict {
	bool found;
	bool referred;         /* rows elsewhere refer to what would go */
	char table[64];
	int64_t key;           /* the first column of its key when that is an integer, else 0 */
	char name[64];         /* the same as text */
};

/* Does a changeset hold this table? Not the journal itself, numbers once given, how polls went, and the search index.
 * (For the recorder.) */
int changes_recorded(void *data, const char *table);
/* What and where: from a conflict handler. */
void changes_describe(int kind, sqlite3_changeset_iter *at, struct conflict *out);

/* Apply the inverse of a changeset. False: *conflict says why, or the store's fault is set. */
bool changes_take_back(struct store *st, const void *changeset, size_t size, struct conflict *conflict);
/* Does the changeset hold a row of this table with this key? */
bool changes_touch(const void *changeset, size_t size, const char *table, int64_t key);

#endif
