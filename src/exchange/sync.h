/*
 * Keeping in step: fetch what is due from every feed and spool folder, send what waits in the outbox, until told to stop. Feeds are the
 * rows of link and feed, ways out those of destination; what a document means is the sink's business, so that this room knows
 * no system above it.
 *
 *	a feed:  claim -> conditional GET -> sink.take (reads and commits) -> pages the index points to, each taken in the same way
 *	         -> validators and the next time are noted, only now: whatever is killed on the way is fetched again
 *
 * At most SYNC_AT_ONCE transfers each way. Several processes share the work (exchange/claim.h).
 */
#ifndef EXCHANGE_SYNC_H
#define EXCHANGE_SYNC_H

#include "base/err.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

#define SYNC_AT_ONCE 5
#define SYNC_PAGES 500 /* of one index in one poll */

/* A source as its profile row says, and how the last poll went. Strings "" when absent. */
struct sync_link {
	int64_t id;
	char *name, *kind;         /* kind "spool": url is a folder */
	char *url, *format, *columns, *hosts, *pin_ca, *pin_key;
	int interval_s, timeout_s, zone;
	bool radius_km;
	int64_t area;              /* 0 none */
	size_t max_bytes;
	char *etag, *modified, *last_error;
	int64_t last_try, next_try; /* CLOCK_NONE never, at once */
	int fails;
	int64_t items;             /* of the last document that was not unchanged, -1 unknown */
};

/* What taking one document did. Zeroed before. */
struct sync_taken {
	int64_t items, taken, refused;
	/* Documents that this one points to (an index): as written there, relative ones too. Add with sync_page_add. */
	struct sync_page { char *url, *stamp; } *pages; /* stamp: its "updated", or "" */
	size_t n_pages, room_pages;
};
void sync_page_add(struct sync_taken *taken, const char *url, const char *stamp);

struct sync_sink {
	void *context;
	/*
	 * May be NULL with no_feeds. Read a document and commit what it says. `url` is where it came from, for a spool folder the file's name. False: nothing of it was
	 * taken; ERR_STORE means the store cannot be written now, anything else that the document is refused, err says why.
	 */
	bool (*take)(void *context, const struct sync_link *link, const char *url, const char *bytes, size_t n,
	    struct sync_taken *taken, struct err *err);
	/*
	 * May be NULL. Something a person must look at: a limit was reached, a feed is suddenly empty, messages do not reach a unit. `source`: the
	 * link's or the unit's name. It is in the journal already.
	 */
	void (*alarm)(void *context, const char *source, const char *text);
	/* May be NULL. A receiver has a message: it is in the journal already, and what it was about is settled (outbox_listen). */
	void (*received)(void *context, int64_t message);
	/* May be NULL. `done` of `all` documents of a link: for people who watch a long import. */
	void (*progress)(void *context, const struct sync_link *link, int64_t done, int64_t all);
	/* May be NULL. Each time round, for what time alone brings; false: the store fails. */
	bool (*tick)(void *context, struct err *err);
	/* May be NULL. One line about something that was done, in the interface language. */
	void (*tell)(void *context, const char *line);
};

struct sync_options {
	bool once;                 /* everything that is due or nearly so, then end */
	bool no_feeds, no_outbox;
	volatile sig_atomic_t *stop; /* may be NULL; set by a signal: end at the next step */
	int wake_fd;               /* becomes readable when `stop` was set; -1 none */
	int64_t backoff_base, backoff_most; /* of the outbox, 0: BACKOFF_BASE, BACKOFF_MOST */
	int64_t settle_ms;         /* of spool folders, 0: SPOOL_SETTLE; -1: none */
};

struct sync_report {
	int fetched, unchanged, failed;       /* polls */
	int files;                            /* of spool folders */
	int64_t taken, refused;               /* items */
	int sent, unsent, set_aside;          /* messages */
};

/* False when the store fails, err says how; what was done till then stands. The store is open for writing, exchange_register done. */
bool sync_run(struct store *st, const struct sync_sink *sink, const struct sync_options *options,
    struct sync_report *report, struct err *err) __attribute__((warn_unused_result));

#endif
