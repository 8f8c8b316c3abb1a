/* Collecting what a reader gives, for tests. */
#ifndef TESTS_EXCHANGE_ITEMS_H
#define TESTS_EXCHANGE_ITEMS_H

#include "base/err.h"
#include "exchange/feed.h"

struct items {
	struct feed_item *item;
	size_t n, room;
	size_t most;        /* 0: no limit */
	const char *format;
	struct err err;
};

/* Read into `out` (cleared first); false with out->err. */
bool read_text(const char *text, const struct feed_profile *profile, struct items *out);
bool read_bytes(const char *bytes, size_t n, const struct feed_profile *profile, bool apart, struct items *out);
void items_clear(struct items *items);
/* Milliseconds of a local (UTC+8) time, "2025-07-10 03:12". */
int64_t at(const char *time);

#endif
