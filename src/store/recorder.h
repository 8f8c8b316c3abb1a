/*
 * What a verb changes, as a changeset in the format of SQLite's session extension (sqlite3changeset_* reads it: undo, replay,
 * verify). The same algorithm: the first time a row is touched its old values are kept; at the end it is looked at again, and
 * the difference is the change. What differs is that tables are known and their statements prepared once a connection: the
 * extension does both anew in every session, which was 0.3 ms of a verb of 0.8 ms. tests/store/test_recorder compares the two
 * over random changes.
 *
 * One a connection; it takes the connection's preupdate hook. Codes are SQLite's.
 */
#ifndef STORE_RECORDER_H
#define STORE_RECORDER_H

#include <stdbool.h>
#include <stddef.h>

struct recorder;
struct sqlite3;

/* Tables of which `recorded` is false are left out (as are those without a primary key). */
struct recorder *recorder_new(struct sqlite3 *db, int (*recorded)(void *data, const char *table));
void recorder_free(struct recorder *r);
/* From here on; inside the transaction, so that the schema stands still. */
int recorder_begin(struct recorder *r) __attribute__((warn_unused_result));
/* The changes since then; *data is the recorder's, valid until the next begin or stop; *size 0 when nothing changed. */
int recorder_end(struct recorder *r, const void **data, size_t *size) __attribute__((warn_unused_result));
/* Forget them; harmless when nothing is recorded. */
void recorder_stop(struct recorder *r);

#endif
