/*
 * 监测监管: what comes in and what it means for the county: alerts 预警 and their life, quakes, tickets, observations, the alarms they
 * raise; and the links they come over. Everything is entered by verbs, called by `zhiban ingest` and `zhiban sync`:
 *
 *	alert.take      digest= item=…      one alert as JSON (monitor_item_json); the same bytes again change a count only
 *	alert.note      处置记录  alert text      what was done about it (叫应 comes with the duty room)
 *	alert.read      已阅      alert
 *	quake.take, ticket.take, observation.take
 *	ticket.open     立案      ticket [incident fields]      opens an incident out of the ticket's words; or ticket.join ticket incident
 *	ticket.transfer 转办      ticket to receiver [at]
 *	alarm.confirm   确认      alarm verdict=real|false|test      alarm.close 销警 alarm cause measure (both demanded)
 *	link.set, link.enable, link.disable, link.try
 *
 * Life of an alert: key (sender, identifier, sent) and SM3 of the bytes; same key and other bytes is a conflicting copy, both
 * kept and shown; references join messages to a chain whose leaves count; a Cancel ends the chain also when it comes first; 解除 in the
 * headline lifts; expiry per info; no expiry: live until ended, with its age; not in the feed any more is "not confirmed since", never
 * ended; Test and Exercise stand apart. An alert concerns the county by code prefix, then polygon or circle. It is linked to the
 * plans it concerns and sets no response level.
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

/* Verbs and the thing kinds alert, ticket, quake, alarm, link. */
void monitor_register(struct store *st);

/* What taking in one document did. */
struct intake_count { int fresh, again, conflicting, refused, touching; };
/*
 * Take the items of one document in, in one transaction (`actor` system). `raw` is kept. Used by ingest, sync and the tests; each
 * item is one verb. False only for the store's failure; an item that a rule refuses is counted and journaled.
 */
bool monitor_take(struct store *st, const struct actor *actor, const char *feed, const char *raw, size_t raw_size,
    struct feed_item *items, size_t n, struct intake_count *count, struct err *err) __attribute__((warn_unused_result));

enum alert_state { ALERT_LIVE, ALERT_SUPERSEDED, ALERT_CANCELLED, ALERT_LIFTED, ALERT_EXPIRED, ALERT_HELD };
struct alert_row {
	int64_t id, chain;             /* chain: id of its first message here */
	char identifier[96], sender[96], event[64], code[8], headline[240], area[160], msg_type[12], profile[12];
	enum colour colour;
	enum alert_state state;
	bool drill;                    /* Test or Exercise */
	bool concerns;                 /* touches the county */
	bool conflicting, colour_disagrees, code_disagrees, is_signed, fresh; /* fresh: nobody has read it */
	int64_t sent, onset, expires;  /* CLOCK_NONE absent */
	int64_t seen;                  /* last time it stood in a feed */
	int copies;
};
struct alert_filter {
	bool live, concerning, drill;  /* drill: those instead of the real ones */
	int64_t chain;                 /* messages of one chain, oldest first */
	int64_t before;                /* newest first behind this id */
};
size_t monitor_alerts(struct store *st, const struct alert_filter *f, struct alert_row *out, size_t max);
bool monitor_alert(struct store *st, int64_t id, struct alert_row *out);
const char *alert_state_label(enum alert_state state);
struct buf;
/* Everything of an alert as text: infos, area, chain, what was done, plans, notes; `raw`: the bytes as they came, cleaned. */
bool monitor_alert_text(struct store *st, int64_t id, bool raw, struct buf *out, struct err *err)
    __attribute__((warn_unused_result));
struct alert_plan { int64_t plan; char name[96], why[160]; };
size_t monitor_alert_plans(struct store *st, int64_t id, struct alert_plan *out, size_t max);

/* Upstream links, for the screen and the header. */
struct link_row {
	int64_t id, last_ok, last_try, next_try;
	char name[48], kind[16], url[240], format[16], last_error[160];
	bool enabled;
	int interval_s;                /* poll time */
	int fails;                     /* in a row */
	int64_t taken, refused;        /* items in all */
};
size_t monitor_links(struct store *st, struct link_row *out, size_t max);

struct ticket_row {
	int64_t id, at, deadline, incident;
	char source[16], number[48], title[160], address[160], state[16], caller[48], phone[32];
	bool secret;                   /* caller and phone are masked here */
};
size_t monitor_tickets(struct store *st, bool fresh, struct ticket_row *out, size_t max);

struct quake_row { int64_t id, at; double lon, lat, depth_km, magnitude, distance_km; char place[96]; bool reviewed; char rule[160]; };
size_t monitor_quakes(struct store *st, struct quake_row *out, size_t max);

#endif
