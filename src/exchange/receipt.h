/*
 * What a receiver says of a message, as JSON: {"key": "…", "receiver": "王某", "at": "2025-07-10T04:12:00+08:00", "accepted": true,
 * "number": "扬应急收〔2025〕12", "text": "…"}.
 * Only the key must be there: without it an answer is not about our message (a portal's page with status 200 is none).
 */
#ifndef EXCHANGE_RECEIPT_H
#define EXCHANGE_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct receipt_note {
	char *key, *receiver, *number, *text; /* owned; "" when absent; number: the one they registered it under */
	int64_t at;                  /* CLOCK_NONE absent or no time */
	bool accepted;
};
/* False when the bytes are no receipt. */
bool receipt_read(const char *bytes, size_t n, struct receipt_note *out) __attribute__((warn_unused_result));
void receipt_clear(struct receipt_note *r);

#endif
