/*
 * 指挥调度: what an incident needs, who brings it, the orders that tell them, and the response level that stands over
 * it all. Reads here change nothing; everything that happens is a verb (dispatch_register):
 *
 *	order.issue     派 指令   to=unit|team|person incident= [kind= ack= due= place= medium= approver=] [content]
 *	                          a team gets an assignment as well, and may do without content; one that was reserved is sent
 *	order.deliver   告知      order= who= [way=]     told by phone, radio, fax: to whom
 *	order.ack       签收      order= [by=] [at=]
 *	order.report    反馈      order= [final] text    progress; `final`: finished, waiting for the check
 *	order.done      办结      order= [result=]       checked by the actor; from acked/running only with result=
 *	order.return    退回      order= why             the check failed: back to running
 *	order.hand      移交      order= to= why         another owner goes on, and acknowledges anew; no longer holds up the
 *	                          response's end
 *	order.withdraw  收回      order= why             cancels what has not left yet; refused when it has
 *	order.remind    催办      order= [way=] [text]
 *	order.chase     (quiet) nobody acknowledged in time: whom it went to is rung again, then the next contact, then the leader on
 *	                duty; dispatch_tick calls it
 *	order.override  改态      order= state= why=     a chief or leader sets what is true though it cannot follow; stays marked
 *	assign.supply   调拨      depot= goods= amount= incident= [reserve] [use_keep]
 *	assign.state    动态      assignment= state= [consumed=] [text]     consumed= is needed when goods are released
 *	allocation.commit 按方案派  incident= lines= [reserve] [use_keep]     lines: see allocation_lines_text; a depot gets one
 *	                          order for all it is to load
 *	response.start  启动      incident= plan= level= approver= [authority=] period= measures       level: a choice, "4" "3" "2" "1";
 *	                          the approver by name or post: the directory gives the other, and must bear it out
 *	response.level  调级      response= level= approver= [authority=] reason
 *	response.end    终止      response= approver= [authority=] reason      all orders settled or handed on; the plan's conditions are written down
 *
 * Limits to acknowledge in minutes: the settings ack_rescue (10), ack_supply (10), ack_task (30), ack_notice (30); a plan's task may say
 * its own. Minutes between the steps when nobody acknowledges: the setting chase_minutes (5). The road table for travel times: the
 * setting `roads`, a file under the data directory (map/route.h).
 *
 * The thing kind order finds by number or last digits, by the addressee's name, short name, alias or initials; assignment by
 * team ("高邮消防", "高邮消防-089") or depot and goods; response by the incident's digits, the plan's name or code. A township
 * acknowledges, reports and moves on what is its own.
 *
 * Order states (handbook 5.3): issued -> [delivered] -> acked -> running -> reported -> done; withdrawn from any but done. A
 * notice is done by its acknowledgement. Assignment states: reserved -> dispatched -> [enroute] -> onscene -> released;
 * cancelled before it has left. One assignment row each incident, so a team on two incidents keeps two states. Every other
 * transition is refused and the refusal says what would be right.
 *
 * "Reserved" is not "dispatched": a reservation holds the stock or the team and tells nobody; no order is issued until
 * assign.state … dispatched.
 */
#ifndef DISPATCH_DISPATCH_H
#define DISPATCH_DISPATCH_H

#include "base/err.h"
#include "decide/allocate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct actor;
struct buf;

/* Verbs, and the thing kinds order (2026-141 or last digits), assignment, response. Once for each store handle. */
void dispatch_register(struct store *st);
/*
 * Take the steps that are due because nobody acknowledged (chase.c), as `actor`, each with the time when it was due. Cheap when
 * nothing is.
 */
bool dispatch_tick(struct store *st, const struct actor *actor, struct err *err) __attribute__((warn_unused_result));

/* --- needs ------------------------------------------------------------------------------------------ */

struct need {
	int64_t incident;
	char code[32];       /* a skill code (team) or a goods code */
	bool team;           /* counted in teams, not in goods */
	char name[64], unit[16];
	int64_t amount;
	double weight;       /* 1, 2, 4, 8: life-saving kinds most */
	char why[160];       /* the plan and level that ask for it, or that the officer does */
};
struct need_list {
	struct need *items;  /* owned */
	size_t n, room;
	int64_t plan;        /* the plan they come from, 0 none */
	int level;           /* response level used; 0 none */
	bool proposed;       /* the level is only proposed: no response runs yet */
	char plan_name[96];
};
/*
 * What the incident needs: the resource needs of the plan at the level of its active response, else at the proposed one,
 * else of the first plan that matches at level 4. What is on its way already is taken off. An empty list is no error.
 */
bool dispatch_needs(struct store *st, int64_t incident, struct need_list *out, struct err *err)
    __attribute__((warn_unused_result));
/*
 * The officer's change: amount of a skill or goods (by code or name) for an incident; added when the list lacks it, 0 takes it
 * out. False when there is no such class.
 */
bool need_set(struct store *st, struct need_list *list, int64_t incident, const char *code, int64_t amount,
    struct err *err) __attribute__((warn_unused_result));
void need_list_clear(struct need_list *list);

/* --- allocation --------------------------------------------------------------------------------------- */

/* What the officer fixed or ruled out; kept by the face while it works, stored nowhere. */
struct allocation_pin {
	int64_t incident;
	int64_t source;       /* team or depot */
	char code[32];        /* "" any class */
	enum pair_rule rule;
	int64_t amount;       /* of a lock; 0 as much as is useful */
};

struct allocation_line {
	int64_t incident;
	size_t need;          /* index into the needs */
	bool team;
	int64_t source;       /* team or depot id */
	char source_name[96], phone[32];
	char code[32], name[64], unit[16];
	int64_t amount, remains;
	double arrival_min;
	const char *how;      /* "road network" or "straight line ±50%", translated */
	size_t rank, candidates;
	bool locked;
	int64_t confirmed;    /* age of the data: last confirmed, CLOCK_NONE never */
	char *why;            /* owned: the whole explanation, sentences separated by line feeds */
	char *brief;          /* owned: the same in one short line for a table */
};
struct allocation_shortage {
	size_t need;
	int64_t amount;
	char *from;           /* owned: where it could come from, line by line; "" when nobody known has it */
};
struct allocation {
	struct allocation_line *lines;
	size_t n_lines;
	struct allocation_shortage *shortages;
	size_t n_shortages;
	double worst_arrival_min;
	bool proven;          /* the optimum is proven */
	char *summary;        /* owned: one line: "7 项 5 队 最晚 34 分到; 缺 1 项; 最优已证" */
};
/*
 * The best allocation for these needs (of one incident or several at once) under the pins. Proposes only. False when an
 * incident has no position yet (ERR_STATE: the message asks for it) or an argument is malformed.
 */
bool dispatch_allocate(struct store *st, const struct need *needs, size_t n_needs, const struct allocation_pin *pins,
    size_t n_pins, struct allocation *out, struct err *err) __attribute__((warn_unused_result));
void allocation_clear(struct allocation *a);
/*
 * The lines of one incident as the `lines` argument of allocation.commit (JSON: an array of {"team":ID} or
 * {"depot":ID,"goods":CODE,"amount":N}, with "why", "eta", "how", "locked"). The caller frees.
 * By hand a compact list does as well: "高邮消防; 市防汛仓库 编织袋 5000; 市防汛仓库 土工布 800".
 */
char *allocation_lines_text(const struct allocation *a, int64_t incident);

/* --- orders ------------------------------------------------------------------------------------------- */

struct order_row {
	int64_t id;
	int year, number;              /* 2026-141 */
	int64_t incident, response, unit, team, area;
	char incident_no[16];          /* "089", "" none */
	char kind[16], state[16];      /* as stored; labels below */
	char dest[96], person[32], phone[32];
	char content[240];             /* cut; whole in order_get */
	int64_t issued, ack_due, acked, finish_due, finished; /* CLOCK_NONE none */
	int64_t due;                   /* what runs now: ack limit, then finish limit; CLOCK_NONE none */
	bool overdue;
	int reminders;                 /* since it was issued or handed on */
	int chase;                     /* steps taken because nobody acknowledged: 0 none, 1 rung again, 2 second contact, 3 leader */
	int64_t chase_due;             /* when the next step is; CLOCK_NONE none */
	char chase_who[48], chase_phone[32]; /* whom to ring now, while it is not acknowledged */
};
struct order_filter {
	int64_t incident, response, unit, team, area; /* 0 any */
	bool open;                     /* not done, not withdrawn */
	bool unacked;                  /* not acknowledged yet */
	bool overdue;                  /* past the limit that runs now */
	/* Sorted by due time, oldest first (those without last), when one of the three is set; else newest first. */
	int64_t after_due, after;      /* go on behind this row's due and id; after = 0: from the start */
};
size_t dispatch_orders(struct store *st, const struct order_filter *f, struct order_row *out, size_t max);
bool dispatch_order(struct store *st, int64_t id, struct order_row *out);
/* "待签收" … of a stored state or kind, in the interface language. */
const char *order_state_label(const char *state);
/* The same in a word, nine columns at most, for a list. */
const char *order_state_brief(const char *state);
const char *order_kind_label(const char *kind);
/* What a step of the chase asks for, in the interface language, 16 columns at most; "" for none. */
const char *order_chase_label(int step);
/* The verbs that may follow now, as names, NULL-terminated; for the key hints of a screen. */
const char *const *order_next_verbs(const struct order_row *order);

struct order_entry {
	int64_t at;
	char kind[16], who[64];
	char *text; /* owned */
};
struct order_full {
	struct order_row row;
	char *content, *result;        /* owned */
	char issuer[64], approver[64], acked_by[64], checked_by[64], task[64], place[96], medium[16], handed[96];
	struct order_entry *entries;   /* oldest first */
	size_t n_entries;
};
bool dispatch_order_full(struct store *st, int64_t id, struct order_full *out);
void order_full_clear(struct order_full *order);
/* "delivered", "reminded" … of an entry's kind, in the interface language. */
const char *order_entry_label(const char *kind);
/* The order as a form: whom, what, where, by when, each entry, result, and room for the signatures. */
bool dispatch_order_text(struct store *st, int64_t id, struct buf *out);
/* A response as a form: matter, level, period, measures, approver, the history of its levels, its orders by state. */
bool dispatch_response_text(struct store *st, int64_t id, struct buf *out);

/* For the header of every screen. `area`: a township's own, 0 the whole county. */
struct dispatch_counts {
	int64_t open, unacked, ack_overdue, finish_overdue;
	int64_t next_due;              /* earliest limit of all, CLOCK_NONE none */
};
void dispatch_count(struct store *st, int64_t area, struct dispatch_counts *out);

/* --- assignments ---------------------------------------------------------------------------------------- */

struct assignment_row {
	int64_t id, incident, order, team, depot;
	char incident_no[16], order_no[16];
	char source[96], goods[32], goods_name[64], unit[16];
	int64_t quantity;              /* 0 for a team */
	char state[16];
	char *why;                     /* owned, may be NULL when the row came from a list */
	double eta_min;                /* < 0 unknown */
	int64_t at, changed;
};
/* Of an incident (0 any) or a team/depot (0 any); `active` leaves out released and cancelled. In order of making. */
size_t dispatch_assignments(struct store *st, int64_t incident, int64_t source, bool active,
    struct assignment_row *out, size_t max);
void assignment_rows_clear(struct assignment_row *rows, size_t n);
const char *assignment_state_label(const char *state);

/* --- responses -------------------------------------------------------------------------------------------- */

struct response_row {
	int64_t id, incident, plan, plan_version;
	char incident_no[16], plan_name[96], plan_version_text[32];
	int level;                     /* now */
	bool active;
	int64_t started, ended;
	char approver[64], period[96], end_approver[64];
	int64_t orders, open_orders, unacked;
};
/* Newest first. incident 0 any. */
size_t dispatch_responses(struct store *st, int64_t incident, bool active, struct response_row *out, size_t max);
bool dispatch_response(struct store *st, int64_t id, struct response_row *out);
struct level_change {
	int64_t at;
	int level;
	char approver[64];
	char reason[240];
};
/* The history of levels, oldest first; the first is the start. */
size_t dispatch_levels(struct store *st, int64_t response, struct level_change *out, size_t max);
/* "四级"-like label in the interface language; "-" for 0. */
const char *response_level_label(int level);

struct response_proposal {
	int64_t plan;
	int level;                     /* 0: no rule proposes any */
	char plan_name[96];
	char *why;                     /* owned: the trigger that fired, with its facts; or why none did */
	char approver[96];             /* who approves this level under the plan: a post, not a name */
	int64_t running;               /* an active response of this plan for the incident, 0 none */
	int running_level;
};
/* What the plans propose for the incident now. Never starts anything. */
bool dispatch_propose(struct store *st, int64_t incident, struct response_proposal *out, struct err *err)
    __attribute__((warn_unused_result));
void response_proposal_clear(struct response_proposal *p);

/* --- isolation -------------------------------------------------------------------------------------------- */

struct isolation_place {
	int64_t place;
	char name[96];
	int64_t area, people;
	double metres;
	bool inside_isolation;         /* in the circle, not only downwind */
};
struct isolation_advice {
	int un;
	char substance[96];
	int guide;                     /* ERG guide number, 0 unknown */
	double isolate_m, downwind_m;
	bool night;
	bool wind_known;               /* false: the whole circle of downwind_m was listed, as wind is not known */
	double wind_from;              /* degrees */
	char *text;                    /* owned: the advice in full, with source and assumptions */
	struct isolation_place *places; /* owned, nearest first */
	size_t n_places;
	int64_t people;                /* in the places listed, where known */
};
/*
 * Initial isolation and downwind protection for the substance among the incident's facts (ERG tables 1 and 3). False with
 * ERR_NOT_FOUND when no substance is known that has an entry, ERR_STATE without a position. A first estimate to be replaced by measurement.
 */
bool dispatch_isolation(struct store *st, int64_t incident, struct isolation_advice *out, struct err *err)
    __attribute__((warn_unused_result));
void isolation_advice_clear(struct isolation_advice *a);

#endif
