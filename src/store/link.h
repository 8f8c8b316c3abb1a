/*
 * The links upstream and what waits to go out on them, as every screen's header shows them; and how
 * the sync process notes what a poll found. A link is a feed that is fetched, a spool folder, or a
 * way out to a unit (kind "out", name ">UNIT").
 *
 * How a poll went is no fact of the room: it stands outside the journal (table poll), is written
 * without a verb, wakes no console, and neither replay nor audit looks at it. That a link went down
 * or came up again is a fact, and a verb.
 */
#ifndef STORE_LINK_H
#define STORE_LINK_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct link_row {
	char name[32], kind[24];
	int64_t last_ok, last_try;  /* CLOCK_NONE never */
	char last_error[96];        /* of the last try, "" when it went well */
	bool enabled;
};
size_t link_list(struct store *st, struct link_row *out, size_t max);
/* Failed at the last try, or silent for a quarter of an hour: by its last_error and last_ok. */
bool link_is_down(const char *last_error, int64_t last_ok, int64_t now);
/*
 * Of the links that are not stopped the one that has been silent longest: it stands for all. `in`: of those only over which
 * something comes in. False when there is none.
 */
bool link_silent(struct store *st, bool in, struct link_row *out);

/* Messages that have not left yet. */
int64_t outbox_waiting(struct store *st);
struct outbox_counts {
	int64_t waiting;  /* queued, in all */
	int64_t no_way;   /* of these: nobody has said how to reach the unit */
	int64_t by_hand;  /* of these: by fax or telephone, a person confirms them */
	int64_t handed;   /* of these: laid into a spool folder, no receipt yet */
	int64_t failed;   /* refused by the receiver and set aside */
	int64_t oldest;   /* when the oldest waiting one was queued, CLOCK_NONE none */
};
void outbox_counts(struct store *st, struct outbox_counts *out);

/* How one try went. */
struct link_note {
	int64_t link;
	int64_t at, next;          /* now, and when to try again */
	const char *error;         /* NULL: it went well */
	int fails;                 /* in a row, this one counted; 0 when it went well */
	const char *etag, *modified; /* kept for the next question; NULL leaves what stands there, "" forgets it */
	int64_t items;             /* of the document, -1 unknown or unchanged */
	int64_t taken, refused;    /* added to what was counted so far */
};
bool link_note(struct store *st, const struct link_note *note, struct err *err) __attribute__((warn_unused_result));
/* A document that an index pointed to was taken in as it stood at `stamp`. */
bool link_note_page(struct store *st, int64_t link, const char *url, const char *stamp, int64_t at, struct err *err)
    __attribute__((warn_unused_result));
bool link_has_page(struct store *st, int64_t link, const char *url, const char *stamp);

#endif
