/* What the parts of sync share: sync.c (the loop), source.c (feeds and folders in), courier.c (messages out). */
#ifndef EXCHANGE_SYNCING_H
#define EXCHANGE_SYNCING_H

#include "base/clock.h"
#include "exchange/sync.h"
#include "exchange/transfer.h"
#include "store/link.h"
#include "store/verb.h"

struct source_job;
struct courier_job;

/* Tries that fail before a link is called down: one lost poll is no news. Of the outbox that is half a minute. */
#define DOWN_AFTER 3

struct sync {
	struct store *st;
	const struct sync_sink *sink;
	const struct sync_options *options;
	struct sync_report *report;
	struct actor actor;
	struct engine *engine;
	int claims;
	struct source_job *sources;  /* under way */
	struct courier_job *couriers;
	int fetching, sending;       /* transfers of each kind */
	int64_t started;             /* wall clock, of --once */
	bool changed;                /* something ended: look again at once */
	bool lost;                   /* the store fails: err says how */
	struct err err;
};

/* Fetch and scan what is due. Gives the time of the next that is not, INT64_MAX none. */
int64_t source_start(struct sync *s);
void source_stop(struct sync *s);
bool source_busy(const struct sync *s);
/* The same for messages. */
int64_t courier_start(struct sync *s);
void courier_stop(struct sync *s);
bool courier_busy(const struct sync *s);

/* Run a verb as the system, args stolen. False: s->lost is set when it was the store, else the verb said no (and told). */
bool sync_verb(struct sync *s, const char *verb, json_t *args);
/* Note how a try went and, where it turned, that the link went down or up. `before`: fails in a row till now. */
void sync_note(struct sync *s, const struct link_note *note, int before);
void sync_tell(struct sync *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
