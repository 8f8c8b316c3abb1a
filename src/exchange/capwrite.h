/*
 * Alerts of our own as CAP 1.2 (OASIS, 2010-07-01), in the order and with the words its schema demands, so that any reader takes them; and in
 * an EDXL-DE 1.0 envelope. What our reader reads of it is the same alert again: what CAP has no room for (signer, methods) is left out.
 */
#ifndef EXCHANGE_CAPWRITE_H
#define EXCHANGE_CAPWRITE_H

#include "base/buf.h"
#include "base/err.h"
#include "exchange/feed.h"

#include <stdbool.h>

/*
 * Append the document. Unknown is written where CAP demands a word and there is none; the colour is the severity (red Extreme, orange
 * Severe, yellow Moderate, blue Minor). False, with what is missing or wrong, for what would be no CAP: no identifier, sender, time; signs in
 * them that CAP forbids; an Update or Cancel that refers to nothing; a word outside its list.
 */
bool cap_write(struct buf *out, const struct alert *alert, struct err *err) __attribute__((warn_unused_result));

/*
 * The same alerts in one envelope: `id`, `sender` of the envelope ("duty@" before one that names no actor), sent `at`. Status, type and
 * references are those of the first alert: an envelope around one alert bears its identifier and time.
 */
bool edxl_write(struct buf *out, const char *id, const char *sender, int64_t at, const struct alert *const *alerts, size_t n,
    struct err *err) __attribute__((warn_unused_result));

/* Text for XML: & < > and the quote. Control characters were cleaned before; what is left of them is left out. */
void xml_add(struct buf *out, const char *text);

#endif
