/*
 * When the console's bell rings: once for each new matter (a message, a clock that ran out, a red
 * warning, …), again after the minutes of its kind's rule while it stands, and not in the rule's
 * quiet hours (duty.h: duty_bell_rule). What came in quiet hours and still stands when they end rings
 * then. The mark in the header stays as long as the matter does. What stood already when one sat down
 * does not ring, but again by its rule.
 */
#ifndef UI_BELL_H
#define UI_BELL_H

#include "duty/duty.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bell_matter {
	enum bell_kind kind;
	int64_t id;
	int stage;    /* what goes a step on rings as a new one does */
	int64_t rung; /* when it rang last by clock_uptime, CLOCK_NONE not yet; bell.c's own */
};

struct bell {
	struct bell_matter *known; /* owned, sorted */
	size_t n;
	bool begun;
};

/* All that stands now, `now` of the day (may be reordered). True: ring. Inside a snapshot. */
bool bell_due(struct bell *b, struct store *st, struct bell_matter *matters, size_t n, int64_t now);
void bell_clear(struct bell *b);

#endif
