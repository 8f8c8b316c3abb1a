/*
 * JSON documents from outside, read by jansson behind a guard: what the tree would take is counted first, since "[[],[],…" of 24 MB
 * becomes a gigabyte. Accessors are lenient: a number may stand as text, a text as number, null is absent.
 */
#ifndef EXCHANGE_JSON_H
#define EXCHANGE_JSON_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_TREE_MAX (64u << 20)

/* The document, JSONP ("var x=…;" or "f(…)") unwrapped; json_decref it. NULL with err. */
json_t *json_document(const char *text, size_t n, struct err *err);
/* A member as clean text, NULL absent or empty; the caller frees. Of several names ("alertid|id") the first that is there. */
char *json_text(const json_t *object, const char *names, bool lines);
bool json_number(const json_t *object, const char *names, double *out);
/* A time: text in any form feed_when reads, or milliseconds (13 digits) or seconds since 1970. CLOCK_NONE absent or unreadable. */
int64_t json_time(const json_t *object, const char *names, int zone_minutes);
/* The member of the first name that is there, NULL none. */
json_t *json_member(const json_t *object, const char *names);

#endif
