/*
 * Our alerts as files that any web server can serve: DIR/index.atom, and beside it one CAP document each. Everything is written whole and
 * renamed, so that whoever fetches in the middle gets the old index or the new one; a document that was published is never changed.
 */
#ifndef EXCHANGE_PUBLISH_H
#define EXCHANGE_PUBLISH_H

#include "base/err.h"
#include "exchange/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct publish_place {
	const char *directory; /* exists; no link */
	const char *base;      /* where a web server shows it: "https://example/alerts/" */
	const char *title, *author;
};

/* The name of an alert's file: a digest of what identifies it, never a text that stands in it. 40 bytes are enough. */
void publish_name(const struct alert *alert, char *out, size_t size);
/*
 * Write what is not there yet, then the index of all of these, newest first. False with the reason, the old index untouched, when one of
 * them is no CAP (cap_write), stands there already with other words, or cannot be written.
 */
bool publish_alerts(const struct publish_place *place, const struct alert *const *alerts, size_t n, struct err *err)
    __attribute__((warn_unused_result));

#endif
