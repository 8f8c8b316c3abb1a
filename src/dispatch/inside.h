/* What the files of dispatch/ share and nobody else sees. */
#ifndef DISPATCH_INSIDE_H
#define DISPATCH_INSIDE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "dispatch/dispatch.h"
#include "incident/incident.h"
#include "plan/plan.h"
#include "resource/resource.h"
#include "store/search.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

/* Copy into a fixed field, cut at a character. */
void fit_text(char *out, size_t size, const char *s);
void fit_print(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* --- dest.c: whom an order goes to -------------------------------------------------------------------- */

struct dest {
	int64_t unit, team;    /* 0 none; neither: told as a name only */
	char name[96], person[32], phone[32];
	int64_t area;
};
/* A unit, team or person by its id. */
bool dest_of(struct store *st, int64_t id, struct dest *out, struct err *err);
/* A depot: its keeper is told, on its 24-hour telephone. */
bool dest_of_depot(struct store *st, int64_t depot, struct dest *out, struct err *err);
/* Whoever a plan names: the unit of that code, name or alias; else the name as it stands. */
void dest_named(struct store *st, const char *name, struct dest *out);

/* --- order.c ---------------------------------------------------------------------------------------------- */

struct order_new {
	int64_t incident, response;
	const char *task, *kind, *content, *place, *medium, *approver; /* NULL: none, or the usual */
	const struct dest *dest;
	int64_t ack_min;       /* 0: the usual of the kind */
	int64_t finish_due;    /* CLOCK_NONE none */
};
/* Issue an order now, inside a verb. Gives its id; `no` gets "2026-141". */
int64_t order_put(struct verb_call *call, const struct order_new *o, char no[16]);
/* Minutes until an order of this kind must be acknowledged: the settings ack_rescue, ack_supply, ack_task, ack_notice. */
int64_t order_ack_minutes(struct store *st, const char *kind);
/* An entry of the order's history. */
bool order_note(struct verb_call *call, int64_t order, const char *kind, const char *who, const char *text);
/* A way of telling (phone radio fax text system face) in the interface language. */
const char *way_label(const char *way);
/* Where the incident is, for an order: place, else the township. Caller frees. */
char *scene_of(const struct incident_row *incident);

bool verb_order_issue(struct verb_call *call, struct err *err);
bool verb_order_deliver(struct verb_call *call, struct err *err);
bool verb_order_ack(struct verb_call *call, struct err *err);
bool verb_order_report(struct verb_call *call, struct err *err);
bool verb_order_done(struct verb_call *call, struct err *err);
bool verb_order_return(struct verb_call *call, struct err *err);
bool verb_order_hand(struct verb_call *call, struct err *err);
bool verb_order_withdraw(struct verb_call *call, struct err *err);
bool verb_order_remind(struct verb_call *call, struct err *err);
bool verb_order_override(struct verb_call *call, struct err *err);

/* --- chase.c ------------------------------------------------------------------------------------------------ */

/* Nobody has been rung yet, and the first step is due then; CLOCK_NONE: nobody is to be rung. */
bool order_chase_from(struct verb_call *call, int64_t order, int64_t due);
/* The officer reminded (order.remind), as one reminder more than o->reminders: gives the contact time, or takes the next step and says it. */
bool order_chase_by_hand(struct verb_call *call, const struct order_row *o);
bool verb_order_chase(struct verb_call *call, struct err *err);

/* --- order_read.c ------------------------------------------------------------------------------------------ */

/* "2026-141" of an order. */
void order_no(const struct order_row *order, char no[16]);
/* Orders of a response that are neither done, withdrawn nor handed on; the first few named in `names` (may be NULL). */
int64_t orders_in_the_way(struct store *st, int64_t response, struct buf *names);

/* --- assign.c ------------------------------------------------------------------------------------------------ */

struct assignment_new {
	int64_t incident, order, team, depot; /* order 0 while only reserved */
	const char *goods, *why, *how;
	int64_t quantity;
	double eta_min;        /* < 0 unknown */
};
int64_t assignment_put(struct verb_call *call, const struct assignment_new *a);
/* May the team go there? False with the reason: it is off, or on this incident already. */
bool team_may_go(struct store *st, const struct team_row *team, int64_t incident, struct err *err);
/* Is the amount there? False with the balance. With use_keep what is kept for the depot's own area counts too. */
bool stock_is_there(struct store *st, int64_t depot, const char *goods, int64_t amount, bool use_keep,
    struct err *err);
/* Cancel or refuse, when an order is withdrawn: what has left must come back first. */
bool assignments_call_off(struct verb_call *call, int64_t order, struct err *err);

bool verb_assign_supply(struct verb_call *call, struct err *err);
bool verb_assign_state(struct verb_call *call, struct err *err);

/* --- commit.c, response.c -------------------------------------------------------------------------------------- */

bool verb_allocation_commit(struct verb_call *call, struct err *err);
bool verb_response_start(struct verb_call *call, struct err *err);
bool verb_response_level(struct verb_call *call, struct err *err);
bool verb_response_end(struct verb_call *call, struct err *err);

/* --- approver.c ------------------------------------------------------------------------------------------------ */

/*
 * The approver of the call's response as it is written down: who is known gets their post beside the name. Refused when
 * nobody is named, when the directory knows another post of theirs, or when they stand below `post`, which approves the level
 * under the plan ("" not said), without an authority= from above.
 */
bool approver_take(struct verb_call *call, const char *post, char *out, size_t size, struct err *err);

/* --- travel.c ------------------------------------------------------------------------------------------------------ */

/*
 * Minutes on the road. *how gets "road network" when a road table is loaded (setting `roads`: a file under the data directory)
 * and leads there, else "straight line ±50%": 1.32 times the straight line, at 30 km/h for its first 5 km, 45 to 20 km, 60 beyond.
 * Translated.
 */
double travel_minutes(struct store *st, double from_lon, double from_lat, double to_lon, double to_lat,
    const char **how);

/* --- erg.c: data/hazard ---------------------------------------------------------------------------------------------- */

struct erg_entry {
	int un, guide;
	char name[96];
	char source[160];      /* which table, with the container */
	double isolate_m, downwind_m;
	bool more;             /* the guidebook says "at least" */
	bool downwind_known;   /* false: the guide only says to widen the circle downwind as needed */
	double fire_m;         /* tank or cargo on fire, 0 not given */
};
enum erg_container { ERG_TRUCK, ERG_RAIL, ERG_NURSE, ERG_TON, ERG_SMALL, ERG_CONTAINERS };
enum erg_wind { ERG_LOW, ERG_MODERATE, ERG_HIGH };
/* `container` only matters for the six gases of table 3. False when the substance is in no table, or a table cannot be read (err). */
bool erg_find(int un, bool large, bool night, enum erg_container container, enum erg_wind wind,
    struct erg_entry *out, struct err *err);
const char *erg_container_label(enum erg_container c);

/* --- sun.c -------------------------------------------------------------------------------------------------------------- */

/* Is the sun down there at that time? */
bool sun_is_down(double lon, double lat, int64_t at);

/* --- things.c ------------------------------------------------------------------------------------------------------------- */

void dispatch_register_things(struct store *st);

#endif
