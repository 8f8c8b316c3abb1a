/*
 * Values as SQLite's session extension writes them into a changeset, one behind the other in a buffer: 1 integer and 2 real (8 bytes,
 * highest first), 3 text and 4 blob (length, bytes), 5 NULL. Codes are SQLite's. What is read here was written here: it is whole.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "store/inside.h"

#include "base/buf.h"

/* Append a value. SQLITE_NOMEM when SQLite had no memory to give it; past the buffer's maximum it is `full` that tells. */
int pack_value(struct buf *b, sqlite3_value *value);
/* The same from parts: a number by its type (SQLITE_INTEGER, SQLITE_FLOAT) and bits, a text or blob of n bytes. */
void pack_number(struct buf *b, char type, uint64_t bits);
void pack_bytes(struct buf *b, char type, const void *data, int n);
/* A value that is packed already, once more. */
void pack_again(struct buf *b, const char *value);
/* SQLite's variable-length integer of a length. */
void pack_length(struct buf *b, uint32_t n);
/* The end of the value that begins here. */
const unsigned char *pack_end(const unsigned char *at);
/* Bind the value that begins here to ?place; it must stay where it is until the statement has run. */
int pack_bind(sqlite3_stmt *stmt, int place, const unsigned char *at);

#endif
