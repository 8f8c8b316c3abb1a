/* What the files of monitor/ share and nobody else sees. */
#ifndef MONITOR_INSIDE_H
#define MONITOR_INSIDE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "exchange/feed.h"
#include "incident/incident.h"
#include "map/geo.h"
#include "monitor/monitor.h"
#include "plan/plan.h"
#include "store/search.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#define TEXT_MAX 262144

/* "" for NULL. */
static inline const char *
or_empty(const char *s)
{
	return s ? s : "";
}

/* Is everything here a drill (setting drill=1)? */
static inline bool
is_drill_store(struct store *st)
{
	return store_setting_int(st, "drill", 0) != 0;
}

/* --- take.c ---------------------------------------------------------------------------------- */

/* Does it touch the county, and where? */
struct reach {
	bool concerns;
	char why[120];
	int64_t *towns; size_t n_towns; /* owned; 0 of them when it concerns the county as a whole */
};
/* An alert on its way: digest of what it says. */
struct taken_alert {
	const struct feed_item *item;
	char digest[65];
	struct reach reach;
};
/*
 * The document in hand. Messages are too large and their bytes too raw for a verb's arguments, so the verbs that take them in find them
 * here (their arguments hold the key and the digest, which the journal keeps), and refuse without.
 */
struct intake {
	const char *feed;
	const char *raw;               /* of the document */
	size_t raw_size;
	const struct taken_alert *alerts;
	size_t n;
	int again, conflicting;        /* set by the verb */
	bool several;                  /* more than one item */
	int64_t document;              /* the alert that keeps the bytes of the whole document, 0 none yet */
	const struct feed_item *const *observations;
	size_t n_observations;
};
/* NULL outside monitor_take. */
struct intake *intake_of(struct store *st);
/* Here already? Then it was seen in this feed once more. */
bool alert_known(struct store *st, const struct alert *a, const char *feed, const char *digest);

/* --- alert_digest.c -------------------------------------------------------------------------- */
/* SM3 of what an alert says, in hex: the same words in other bytes (another envelope, signature, blank) are the same. */
void alert_digest(const struct alert *a, char hex[65]);
/* Its identifier and sender as they are stored: a message without identifier is known by its digest. */
void alert_key(const struct alert *a, const char *digest, char *identifier, size_t size, const char **sender);
bool alert_is_thin(const struct alert *a);

/* --- alert.c --------------------------------------------------------------------------------- */
bool monitor_do_alert_take(struct verb_call *call, struct err *err);
bool monitor_do_alert_series(struct verb_call *call, struct err *err);
bool monitor_do_alert_note(struct verb_call *call, struct err *err);
bool monitor_do_alert_read(struct verb_call *call, struct err *err);
/* It stood in a feed once more. No verb: the journal of a room holds what happened, not that a list still says the same. */
void alert_seen(struct store *st, int64_t alert, const char *feed, int64_t at);
/* Put a message in with its parts, and into its chain; its id. `plans` (may be NULL): the line of plans it concerns. */
int64_t alert_put(struct verb_call *call, struct intake *in, const struct taken_alert *one, char *plans, size_t size);
/* What was done about it, or became of it: one line more. */
void alert_entry(struct verb_call *call, int64_t alert, const char *text);
/* The info that counts: Chinese by its tag, else the first; -1 none. */
int alert_main_info(const struct alert *a);

/* --- ours.c: warnings of our own, as messages -------------------------------------------------- */
/* What alert.issue's arguments say, without identifier and time. The caller clears the item, also on failure. */
bool ours_write(struct verb_call *call, struct feed_item *out, struct err *err) __attribute__((warn_unused_result));
/* The bytes of one of ours, read again. */
bool ours_read(struct store *st, int64_t alert, struct feed_item *out, struct err *err) __attribute__((warn_unused_result));
/* Turn what ours_read gave into its update, or its end (解除), as the arguments say. */
bool ours_update(struct verb_call *call, struct feed_item *item, struct err *err) __attribute__((warn_unused_result));
bool ours_cancel(struct verb_call *call, struct feed_item *item, struct err *err) __attribute__((warn_unused_result));

/* --- issue.c: the verbs --------------------------------------------------------------------------- */
bool monitor_do_alert_issue(struct verb_call *call, struct err *err);
bool monitor_do_alert_update(struct verb_call *call, struct err *err);
bool monitor_do_alert_cancel(struct verb_call *call, struct err *err);
/* What became of one that was sent (outbox_listen). */
bool issue_hears(struct verb_call *call, const struct outbox_news *news, struct err *err);

/* --- chain.c --------------------------------------------------------------------------------- */
/* Put a new message (its row and references are in) into its chain and work out the states of all it reaches. */
void chain_join(struct store *st, int64_t alert);

/* --- area.c ---------------------------------------------------------------------------------- */
void reach_find(struct store *st, const struct alert *a, struct reach *out);
void reach_clear(struct reach *reach);
/* The digits of a Chinese area code without the pairs of zeros at its end; "" when it is none. `scheme=value` counts only for schemes of ours. */
void area_prefix(const char *code, char *out, size_t size);
/* Centre of the county: its row, else the middle of its townships. False when the store knows no place. */
bool county_centre(struct store *st, struct point *out);
/* The outline of an area as the store has it, largest ring first, measured; outline_free it. 0: it has none. */
struct ring;
size_t outline_load(struct store *st, int64_t area, struct ring **out);
void outline_free(struct ring *rings, size_t n);

/* --- alert_read.c ---------------------------------------------------------------------------- */
void alert_when(int64_t ms, char *out, size_t size);
/* "河南省,河南省,高邮市" as a Chinese list is written, and what stands twice once. */
void alert_area_words(const char *text, char *out, size_t size);
/* Who issued it, by name: as it says itself, else as its headline begins ("…气象台发布…"), else its sender; "" nobody says. */
void alert_issuer(const char *sender_name, const char *headline, const char *sender, char *out, size_t size);

/* --- alert_done.c ---------------------------------------------------------------------------- */
/* What was done about a chain, oldest first: entries, call-outs, and of the incidents that took it responses, orders, transfers. */
void alert_put_done(struct store *st, int64_t chain, struct buf *out);
/* Fill in called and answered. */
void alert_put_calls(struct store *st, struct alert_row *rows, size_t n);

/* --- ticket.c, ticket_rule.c, quake.c, observation.c, alarm.c, link.c ------------------------- */
bool monitor_do_ticket_take(struct verb_call *call, struct err *err);
bool monitor_do_ticket_open(struct verb_call *call, struct err *err);
bool monitor_do_ticket_join(struct verb_call *call, struct err *err);
bool monitor_do_ticket_transfer(struct verb_call *call, struct err *err);
bool monitor_do_ticket_answer(struct verb_call *call, struct err *err);
bool monitor_do_ticket_file(struct verb_call *call, struct err *err);
bool monitor_do_ticket_reveal(struct verb_call *call, struct err *err);
/* SM3 of what a ticket says. */
void ticket_digest(const struct ticket *t, char hex[65]);
struct ticket_rule { const char *code, *units; int feedback_min; bool urgent; };
/* The first row of data/monitor/tickets.tsv that fits; its texts live as long as the process. */
bool ticket_rule_find(const char *source, const char *text, struct ticket_rule *out);

bool monitor_do_quake_take(struct verb_call *call, struct err *err);
bool quake_known(struct store *st, const struct quake *q);
struct quake_rule { const char *rule, *answer; bool inbox, urgent; };
/* The first row of data/monitor/quakes.tsv that fits. */
bool quake_rule_find(double magnitude, double distance_km, struct quake_rule *out);

bool monitor_do_observation_take(struct verb_call *call, struct err *err);
bool monitor_do_observation_series(struct verb_call *call, struct err *err);
/* Is this value here already? */
bool observation_known(struct store *st, const struct observation *o);

struct threshold {
	char station[32], quantity[24], what[96], unit[16], code[8], source[96];
	int level;
	double value, hysteresis;
	int confirm_min;
};
/* Rows for a station (code or name) and quantity, lowest level first; those that name the station go before '*'. */
size_t thresholds_of(const char *station, const char *name, const char *quantity, struct threshold *out, size_t max);
const char *quantity_unit(const char *quantity);
/* "water_level" for that, for 水位 and for "water level"; NULL for a word that means none. */
const char *quantity_name(const char *word);
/* A value came in: raise, rise, fall, reset. */
void alarm_value(struct verb_call *call, const struct observation *o);
bool monitor_do_alarm_confirm(struct verb_call *call, struct err *err);
bool monitor_do_alarm_note(struct verb_call *call, struct err *err);
bool monitor_do_alarm_close(struct verb_call *call, struct err *err);
bool monitor_do_alarm_open(struct verb_call *call, struct err *err);
bool monitor_do_alarm_escalate(struct verb_call *call, struct err *err);
/* The open alarm of a point, held back up to a level: its entry leaves the inbox, nobody is called for it. */
void alarm_hush(struct verb_call *call, const char *station, const char *quantity, int level);
/* The silence is over: what is over a threshold and was not answered rings as if it had come now. */
void alarm_ring(struct verb_call *call, const char *station, const char *quantity);
/* silence.c */
bool monitor_do_alarm_silence(struct verb_call *call, struct err *err);
bool monitor_do_alarm_resume(struct verb_call *call, struct err *err);
bool monitor_do_alarm_lapse(struct verb_call *call, struct err *err);
bool silence_tick(struct store *st, const struct actor *actor, struct err *err) __attribute__((warn_unused_result));
/* The newest of each station and quantity, unjudged: without level, silence, rate and forecast, which cost queries of their own. */
size_t observations_newest(struct store *st, struct observation_row *out, size_t max);
/* Change an hour over the last values, and whether there are enough to say. */
bool observation_rate(struct store *st, const char *station, const char *quantity, double *per_hour);
/* "约17分钟后到2.00": when a rising value reaches the next threshold above it; "" not soon. */
void observation_forecast(const struct threshold *t, size_t n, double value, double per_hour, const char *quantity, char *out,
    size_t size);

bool monitor_do_link_set(struct verb_call *call, struct err *err);
bool monitor_do_link_enable(struct verb_call *call, struct err *err);
bool monitor_do_link_disable(struct verb_call *call, struct err *err);
bool monitor_do_link_try(struct verb_call *call, struct err *err);

/* Plans for an event code and what is known beside it, as a line "《…》《…》"; rows for alert_plan when `alert` is not 0. */
void plans_for(struct verb_call *call, int64_t alert, const struct plan_query *q, char *out, size_t size);

/* --- things.c -------------------------------------------------------------------------------- */
void monitor_register_things(struct store *st);

#endif
