/*
 * The tables of the store, as numbered migrations: step i takes a store of user_version i to i + 1, each in one
 * transaction. A step that has been released is never edited. Times are milliseconds UTC; ids are
 * area << 33 | sequence (base/id.h); every table is STRICT and has a primary key (a changeset leaves others out).
 *
 * A later step only adds: tables, indexes, and columns at the end of a table. Changesets of older rows know columns by their
 * place, and undo and replay must still apply them. A step that must change rows does so for new columns only.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stddef.h>

#define STORE_APPLICATION_ID 0x5a484442 /* "ZHDB" */

extern const char *const store_migrations[];
extern const size_t store_n_migrations;

#endif
