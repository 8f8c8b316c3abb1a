/*
 * 监测监管: what comes in and what it means for the county: alerts 预警 and their life, quakes, tickets, observations, the alarms they
 * raise; and the links they come over. Verbs (monitor_register); [optional] in brackets:
 *
 *	alert.take      (quiet) a message that touches the county, see monitor_take
 *	alert.series    (quiet) all others of a document
 *	alert.note      处置记录  alert text          what was done about it; answers and files its inbox entry
 *	alert.read      已阅      alert              files its inbox entry, unless that wants an answer (red)
 *	alert.issue     发布预警  event colour areas expires text [signer onset urgency certainty response instruction headline where outlines
 *	                          polygon circle around radius exercise]      a warning of our own goes out, as CAP 1.2
 *	alert.update    更新预警  alert text [the same but the event]          takes the place of the one that is live
 *	alert.cancel    解除预警  alert text [signer]                          ends it; what is sent is never undone
 *	quake.take      收震      id at lon lat magnitude [depth place source reviewed]
 *	ticket.take     收单      source number text [at title caller phone secret address category urgency unit stage deadline lon lat]
 *	ticket.open     立案      ticket [fields of incident.open]     opens an incident out of the ticket's words
 *	ticket.join     并案      ticket incident                      as a further call of an incident
 *	ticket.transfer 转单      ticket to receiver [at text]         receiver and time: law art. 60
 *	ticket.answer   回单      ticket text                          what the hotline or the caller was told
 *	ticket.file     存单      ticket why
 *	ticket.reveal   查来电人  ticket why         by a chief or leader: who asked to stay unknown is shown to them alone, for a
 *	                                             quarter of an hour; the journal says who looked and why, never what was seen
 *	observation.take 收测     station quantity value [at name unit trend]
 *	observation.series (quiet) those of a document
 *	alarm.confirm   确认      alarm verdict=real|false|test [text]
 *	alarm.note      处警      alarm text         what was done, what was measured
 *	alarm.close     销警      alarm cause measure     both are demanded; a real one only once the value is back
 *	alarm.open      警转事件  alarm [fields of incident.open]
 *	alarm.silence   屏蔽报警  point until reason [level]     a point does not ring for up to 24 h, up to the level it stands at
 *	alarm.resume    取消屏蔽  point reason
 *	alarm.lapse     (quiet) a silence ended by itself; monitor_tick calls it
 *	alarm.escalate  (quiet) nobody confirmed in time: to the chief, then the leader; monitor_tick calls it
 *	link.set        设链路    name url [kind format every timeout most columns zone radius area hosts pin_ca pin_key]
 *	link.enable 启用 link.disable 停用 link.try 立即取        link
 *
 * Things: alert, ticket, quake, alarm, point (station and quantity), link.
 *
 * Life of an alert. Key (identifier, sender, sent) and SM3 of what it says; the same key with other words is a conflicting copy, both
 * kept and shown. A line of a list (12379, NMC, weather.com.cn) is a thin copy: the full message of the same identifier takes its
 * place. References (triples or bare identifiers, to messages that are here or not) join messages to a chain. In a chain
 *
 *	a message is superseded by one that refers to it; where only first identifiers are given (国突), by a later one that refers to
 *	the same; in a circle the later one counts
 *	a Cancel, or 解除 in the headline, ends all it refers to and all that came before and behind these in the chain, up to its own
 *	time; while none of that is here, it is held; 解除 without a reference ends what its issuer said earlier of that event
 *
 * so the state is a function of the set of messages, whatever the order they came in. Expiry is per info (the last one counts for the
 * message); no expiry, or one past belief: live until ended, with its age. Not in the feed any more is "not confirmed since", never
 * ended. Test and Exercise stand apart. An alert concerns the county by area code (prefix, either way), where it has codes of ours,
 * else by polygon or circle, else by its issuer's code, else by name. What concerns the county goes to the inbox with the plans it is
 * for; red must be answered there. No response level is set.
 *
 * Alarms (handbook 9.5). Thresholds: data/monitor/thresholds.tsv. One open alarm a station and quantity: rising past a level arms
 * it again, falling back less than the hysteresis changes nothing.
 */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include "base/err.h"
#include "exchange/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct actor;
struct buf;

void monitor_register(struct store *st);

/* What taking in one document did. again: known already; other: links, receipts and heartbeats, which are not this room's. */
struct intake_count { int fresh, again, conflicting, refused, touching, other; };
/*
 * Take the items of one document in, in one transaction, or in the batch that is open: one verb for each message that touches
 * the county, each quake and each ticket, one for all other messages, and one for all values. Of those known already only the
 * time and the count are noted, without a verb. `raw` is kept for alerts that have no bytes of their own. Adds to *count. False
 * only for the store's failure; an item that a rule refuses is counted, and the last reason stands in *why (owned by the caller;
 * may be NULL).
 */
bool monitor_take(struct store *st, const struct actor *actor, const char *feed, const char *raw, size_t raw_size,
    struct feed_item *items, size_t n, struct intake_count *count, char **why, struct err *err)
    __attribute__((warn_unused_result));
/* What time alone brings: alarms nobody confirmed go to the next, silences end. The sync process calls it each round; cheap when nothing is due. */
bool monitor_tick(struct store *st, const struct actor *actor, struct err *err) __attribute__((warn_unused_result));

/* --- alerts ---------------------------------------------------------------------------------- */

enum alert_state { ALERT_LIVE, ALERT_SUPERSEDED, ALERT_CANCELLED, ALERT_LIFTED, ALERT_EXPIRED, ALERT_HELD };
struct alert_row {
	int64_t id, chain;             /* chain: id of its first message here */
	char issuer[96];               /* who says it, by name: "高邮市气象台" */
	char identifier[96], sender[96], event[64], code[8], headline[240], area[160], msg_type[12], profile[12];
	enum colour colour;
	enum alert_state state;
	bool drill;                    /* Test or Exercise: a list of both says so of each */
	bool apart;                    /* and the store is no drill's: it stands apart, nobody is called out for it */
	bool concerns;                 /* touches the county */
	bool conflicting, colour_disagrees, code_disagrees, is_signed, lift, fresh; /* fresh: nobody has read it */
	bool no_expiry;                /* lives until it is ended */
	bool ours;                     /* issued here */
	int64_t sent, onset, expires;  /* CLOCK_NONE absent */
	int64_t taken, seen;           /* first and last time it stood in a feed */
	int64_t ended_by;              /* the message that superseded, cancelled or lifted it; 0 none */
	int64_t inbox;                 /* 0 none */
	int copies;                    /* times it was delivered */
	int done;                      /* entries of what was done about it */
	int called, answered;          /* whom its call-outs call, and who of them has answered; of the whole chain */
};
struct alert_filter {
	bool live;                     /* live only; past: the others only */
	bool past, concerning;
	bool drill;                    /* those instead of the real ones; a drill's store (drill=1) shows them among the real ones too */
	bool worst;                    /* red before orange …, each newest first; `before` does not matter then */
	int64_t chain;                 /* messages of one chain, oldest first; the others do not matter then */
	int64_t before;                /* newest first behind this id */
	const char *words;             /* in headline, event, area or identifier; NULL any */
};
size_t monitor_alerts(struct store *st, const struct alert_filter *f, struct alert_row *out, size_t max);
bool monitor_alert(struct store *st, int64_t id, struct alert_row *out);
const char *alert_state_label(enum alert_state state);
/* Of a msgType: "Update" is 更新; an unknown one is given back. */
const char *alert_type_label(const char *msg_type);
const char *alert_state_name(enum alert_state state); /* "live" "superseded" …, for programs */
/* Everything of an alert as text: infos, area, chain, what was done, plans, notes; `raw`: the bytes as they came, cleaned. */
bool monitor_alert_text(struct store *st, int64_t id, bool raw, struct buf *out, struct err *err)
    __attribute__((warn_unused_result));
struct alert_plan { int64_t plan; char name[96], why[160]; };
size_t monitor_alert_plans(struct store *st, int64_t id, struct alert_plan *out, size_t max);
/* The townships it touches (9-digit codes, in order), for the call list; all of them when it names the county or more. */
size_t monitor_alert_towns(struct store *st, int64_t id, int64_t *out, size_t max);

/*
 * Warnings of our own (alert.issue), oldest first, as messages: those of every chain of which something was said, or was in force, at `since`
 * or later. What is over stays among them for as long: whoever looks seldom still finds the message that ended it. The caller clears the list.
 */
bool monitor_alerts_ours(struct store *st, int64_t since, struct feed_list *out, struct err *err) __attribute__((warn_unused_result));

/* --- links ----------------------------------------------------------------------------------- */

/* Upstream links, for the screen. */
struct monitor_link {
	int64_t id, last_ok, last_try, next_try;
	char name[48], kind[16], url[240], format[16], last_error[160];
	bool enabled;
	int interval_s;                /* poll time */
	int fails;                     /* in a row */
	int64_t taken, refused;        /* items in all */
	int64_t items;                 /* of the last document, -1 unknown */
};
size_t monitor_links(struct store *st, struct monitor_link *out, size_t max);

/* --- tickets --------------------------------------------------------------------------------- */

struct ticket_row {
	int64_t id, at, deadline, feedback, answered, incident, transferred, inbox;
	char source[16], number[48], title[160], address[160], state[16], caller[48], phone[32], dest[96], receiver[64], advice[160];
	bool secret;                   /* caller and phone are masked here */
};
/* Newest first. fresh: nobody has dealt with it. */
size_t monitor_tickets(struct store *st, bool fresh, struct ticket_row *out, size_t max);
bool monitor_ticket(struct store *st, int64_t id, struct ticket_row *out);
/*
 * The whole ticket as text, with what was read in it, who should have it, and what looks like it. Whoever asked to stay unknown is
 * masked for everybody but him who looked it up with ticket.reveal in the last quarter of an hour; outside the duty room (and for
 * reader NULL) so is every caller.
 */
bool monitor_ticket_text(struct store *st, const struct actor *reader, int64_t id, struct buf *out, struct err *err)
    __attribute__((warn_unused_result));
/* Has the reader looked up who called, a quarter of an hour ago at most? */
bool monitor_ticket_revealed(struct store *st, const struct actor *reader, int64_t id);
/* For readers outside the duty room: lists of tickets without the people in them, and without where it is: as their text is. */
void monitor_ticket_mask(struct ticket_row *r);
/*
 * What a ticket says, the place in front where the words do not name it, without the caller who asked to stay unknown. *at (may be
 * NULL) when it was taken down. Owned; NULL when there is none.
 */
char *monitor_ticket_words(struct store *st, int64_t id, int64_t *at);
const char *ticket_state_label(const char *state);
struct incident_likeness;
/* Open incidents that may be the same matter (incident_alike), best first. */
size_t monitor_ticket_alike(struct store *st, int64_t id, struct incident_likeness *out, size_t max);

/* --- quakes ---------------------------------------------------------------------------------- */

struct quake_row {
	int64_t id, at, inbox;
	double lon, lat, depth_km, magnitude, distance_km; /* distance: to the county's centre */
	char place[96];
	bool reviewed, concerns;
	int messages;
	char rule[160];                /* what the rules say: no response, or which */
	char answer[400];              /* what may be said to callers of 12345 */
};
size_t monitor_quakes(struct store *st, struct quake_row *out, size_t max);
bool monitor_quake(struct store *st, int64_t id, struct quake_row *out);
bool monitor_quake_text(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));

/* --- observations and alarms ------------------------------------------------------------------ */

struct observation_row {
	int64_t id, at;
	char station[32], name[64], quantity[24], unit[16];
	double value;
	double per_hour;               /* change, from the values of the last three hours; 0 unknown */
	int level;                     /* threshold reached, 0 none; 3 worst */
	double threshold;              /* the one reached, or the next one above */
	char what[96];                 /* its name: 警戒水位 */
	char forecast[120];            /* "约17分钟后到2.00", "" none */
	int64_t silenced;              /* at this level it does not ring till then; CLOCK_NONE it does */
};
/* The newest of each station and quantity. */
size_t monitor_observations(struct store *st, struct observation_row *out, size_t max);
/* How a quantity is called and written: "水位", 2 decimals. */
const char *quantity_label(const char *quantity);
int quantity_decimals(const char *quantity);
/* The point (station and quantity) as alarm.silence takes it: its newest value's id, 0 when none is kept. */
int64_t monitor_point(struct store *st, const char *station, const char *quantity);

struct alarm_row {
	int64_t id, raised, changed, due, reset, closed, incident, inbox;
	char station[32], name[64], quantity[24], unit[16], what[96], code[8], verdict[8];
	int level;                     /* worst reached, 3 worst */
	int escalated;                 /* 0 room, 1 chief, 2 leader */
	double value, worst, threshold;
	bool waits;                    /* for a confirmation */
	int64_t silenced;              /* at its present level it does not ring till then; CLOCK_NONE it does */
};
/* Open ones first, worst first. */
size_t monitor_alarms(struct store *st, bool open, struct alarm_row *out, size_t max);
bool monitor_alarm(struct store *st, int64_t id, struct alarm_row *out);
/* What it was found to be: "real", "false alarm", "test", "not confirmed". */
const char *alarm_verdict_label(const char *verdict);
bool monitor_alarm_text(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));

/* A point that does not ring (alarm.silence) up to a level, until a time. Those in force only. */
struct silence_row {
	int64_t id, since, until;
	char station[32], quantity[24], name[64], reason[240], who[64];
	int level;
};
/* Those in force, by their end. */
size_t monitor_silences(struct store *st, struct silence_row *out, size_t max);
bool monitor_silence_of(struct store *st, const char *station, const char *quantity, struct silence_row *out);

/* --- the inbox -------------------------------------------------------------------------------- */

/* What an inbox entry was made from; kind "" when it is none of this room's. */
struct inbox_origin {
	char kind[12];
	int64_t id;
	int64_t due;                   /* an answer is due to whoever sent it; CLOCK_NONE none */
	enum colour colour;            /* of a warning */
	char over[32];                 /* why it presses no more ("lifted"), "" it does */
};
void monitor_inbox_origin(struct store *st, int64_t inbox, const char *kind, struct inbox_origin *out);

#endif
