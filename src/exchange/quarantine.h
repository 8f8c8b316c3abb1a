/*
 * Refused documents, as they came: FILE.refused/ beside the store holds LINK-DIGEST.doc, and .why with the address and the reason, for
 * whoever must find out what a feed sends. The same document is kept once. The newest QUARANTINE_FILES stay, of at most
 * QUARANTINE_BYTES together. Nothing here is ever read by the program again.
 */
#ifndef EXCHANGE_QUARANTINE_H
#define EXCHANGE_QUARANTINE_H

#include <stddef.h>
#include <stdint.h>

struct store;

#define QUARANTINE_FILES 40
#define QUARANTINE_BYTES (200 << 20)

/* Best effort: where it cannot be written (a full disk) the refusal itself still stands. */
void quarantine_keep(struct store *st, int64_t link, const char *url, const char *bytes, size_t n, const char *why);

#endif
