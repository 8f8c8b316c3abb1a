/*
 * What goes out, and the verbs that say how it went. A system queues a message with call_outbox (store/verb.h) for a unit by name; a
 * row of destination says which way leads there; the courier of `zhiban sync` takes the oldest message of each unit, again and again until
 * the receiver says that it has it, and only then the next: in order, and once, because the receiver knows the key.
 *
 *	queued --(receiver's answer names the key)--> received
 *	queued --(mail server, or status alone)-----> sent ---> received, by a receipt or a person
 *	queued --(receiver will not have it)--------> failed: set aside, seen, does not hold up the next
 *	received --(sent back after it was read)----> failed --(they take it after all)--> received
 *
 * What a message was about is settled in the same commit by the system that listens (outbox_listen, store/verb.h): the clocks of a report.
 *
 * Verbs of people:
 *
 *	outbox.add       发文       unit text [kind=] [key=]     an answer, an acknowledgement, a CAP alert of our own
 *	outbox.confirm   确认送达   message receiver [at number]        fax, telephone, or whatever a person knows was taken over
 *	outbox.retry     重发       message                      at once; also a failed one
 *	outbox.cancel    撤发       message reason
 *	destination.set  投送       unit channel [address] [receipt=key|status] [warnings=none|cap|edxl] [sender=] [pin_ca=] [pin_key=]
 *
 * Of the courier (quiet): outbox.sent, outbox.received, outbox.tried, outbox.handed, outbox.failed, link.down, link.up, link.alarm.
 *
 * Addresses: http, https: the URL that is posted to. smtp: "smtp://HOST:PORT RECEIVER@PLACE". spool: a directory; receipts come back as
 * files in its receipts/. fax, telephone: the number, for the person.
 */
#ifndef EXCHANGE_OUTBOX_H
#define EXCHANGE_OUTBOX_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct actor;
struct receipt;
struct store;

/* The verbs above, and the kind of thing "message". */
void exchange_register(struct store *st);

/* What a receipt is to us: of a message that it settles; of one it settled already; of none of ours (unit NULL: of any unit). */
enum receipt_fit { RECEIPT_NEWS, RECEIPT_AGAIN, RECEIPT_UNKNOWN };
enum receipt_fit outbox_receipt_fit(struct store *st, const char *key, const char *unit, bool accepted, int64_t *message);
/*
 * A receipt that came in over a feed: the message that goes under this key is received, or refused; once, however often it comes. False when no message has the key (ERR_NOT_FOUND)
 * or the store fails.
 */
bool outbox_take_receipt(struct store *st, const struct actor *actor, const struct receipt *receipt, struct err *err)
    __attribute__((warn_unused_result));

struct outbox_row {
	int64_t id;
	int number;                 /* what people see and type */
	int64_t at, next, handed, done; /* CLOCK_NONE none */
	char channel[16];           /* of the destination; "" when there is none */
	char unit[96], kind[24], address[160];
	int64_t ref;                /* what it is about: the report's id … */
	char state[12];
	int tries;
	char error[160], receiver[96], their_number[64]; /* their_number: under which the receiver took it */
};
struct outbox_filter {
	bool open;                  /* queued and failed only */
	int64_t before;             /* newest first behind this id, 0 from the newest */
};
size_t outbox_rows(struct store *st, const struct outbox_filter *f, struct outbox_row *out, size_t max);
/* Those about one thing ("alert" and its id), oldest first. */
size_t outbox_rows_about(struct store *st, const char *kind, int64_t ref, struct outbox_row *out, size_t max);
/* queued sent … in the interface language; a queued one of fax or telephone, or one without a way, says so. */
const char *outbox_state_label(const struct outbox_row *row);

#endif
