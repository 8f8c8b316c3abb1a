/*
 * 接报与处置: calls, the incidents they open, the facts and figures in them, the report clocks, the timeline.
 *
 * Verbs (incident_register); [optional] in brackets. Things: incident (yearly number 2025-089, last
 * digits 089, words or pinyin initials of its title), clock (089-3: the third of 089), call, inbox:
 *
 *	incident.open       接报     text [source caller unit post phone told received occurred title
 *	                             type place road area lon lat nature sensitive why_sensitive parent
 *	                             inbox]
 *	                             reads the text (decide/reading.h) for all that is not given; keeps
 *	                             the words, the facts with their spans, figures, codes, grade, lead
 *	                             unit; starts the clocks. Refused without place, nature and source;
 *	                             the message says what to ask. Time is never lacking: T0 is the
 *	                             receipt, and whoever rings tells what is happening now (the report
 *	                             then flags the time of the event as not known). parent: opened as
 *	                             a secondary event, which starts no second chain of reports. inbox:
 *	                             the message it is made from is taken
 *	incident.call       又报     incident text [caller fields received]   every word kept, new facts
 *	                             and figures taken in, grade and clocks run again; a call for a
 *	                             joined incident goes into the one it was joined into, and says so
 *	incident.set        补录     incident NAME=VALUE…   title place road area lon lat type cause trend
 *	                             measures weather scene_chief scene_phone leaders_on_site needs impact
 *	                             media care lessons loss occurred sensitive nature
 *	incident.figures    伤亡     incident source [dead missing injured serious light trapped poisoned
 *	                             ill evacuated threatened households at note]   dated changes; the
 *	                             newest by `at` is the present figure, a late older one is only kept
 *	incident.verify     核实     incident with [text]
 *	incident.assess     研判     incident text
 *	incident.end        处置结束 incident why            not while a response runs
 *	incident.close      归档     incident                not while a deadline waits
 *	incident.reopen     重开     incident why
 *	incident.not        销案     incident cause measure  both are demanded; not once a report went up
 *	incident.merge      并入     incident into why       undone by undo, or at any time by
 *	incident.unmerge    拆分     incident                which restores exactly what the joining moved
 *	                             and filled; calls recorded after the joining stay where they were
 *	                             recorded, and the answer says how many
 *	incident.child      次生     incident parent
 *	incident.different  不同事   a b                     two that look alike are different matters
 *	incident.transfer   转办     incident to receiver [at text]   receiver and time: law art. 60
 *	clock.close         了结     clock [receiver at number signer why]   refuses without what it needs
 *	clock.void          免报     clock why               chief or leader: does not apply; stays visible
 *	inbox.add           收件     source text [kind title at urgent]
 *	inbox.take          取件     inbox incident          as a further call
 *	inbox.file          存件     inbox why
 *
 * States (handbook 5.1): received -> verified -> assessed -> responding -> ended -> closed; merged,
 * not_incident. A response (dispatch) moves it to responding. Wrong transitions are refused and the
 * refusal says what would be right.
 *
 * Clocks: rows of data/policy (form: head of law.tsv). A rule adds a clock, once for each incident
 * and dest, and never moves or removes one; repeating rules (daily, again) add the next when one is
 * closed. In force are the policies named by the setting `policy` (blank-separated; GY-default) and
 * always law.tsv, read once a process. {city} and {province} in a row are the settings of these
 * names. Clocks of an incident that was joined into another show under that one and close with its.
 */
#ifndef INCIDENT_INCIDENT_H
#define INCIDENT_INCIDENT_H

#include "base/err.h"
#include "decide/reading.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct verb_call;

void incident_register(struct store *st);

/*
 * The reader over data/rules with the store's own gazetteer (areas, places, units, enterprises, teams). Made at first use, made
 * again when those tables change; owned by the store's registry, valid until the store is closed or changes.
 */
struct reader *incident_reader(struct store *st, struct err *err);
/* Policy rows that could not be read and do not run: file, line, reason. NULL past the end. */
const char *incident_policy_warning(struct store *st, size_t i);

/* --- incidents ------------------------------------------------------------------------------- */

struct incident_row {
	int64_t id;
	int year, number;              /* 2025-089 */
	int64_t received, occurred;    /* T0; CLOCK_NONE unknown */
	char title[160], type[8], type_name[64], place[160], road[64], source[32], state[16];
	int64_t area;                  /* township; the county when unknown */
	char area_name[32];
	double lon, lat;               /* 0,0 unknown */
	enum grade grade;
	bool near_miss, sensitive, confirmed;
	int64_t parent, merged_into;
	int calls, children;
	int64_t next_due;              /* earliest open clock, CLOCK_NONE none */
	char next_label[64];           /* "电话报告 扬州市应急管理局" */
	int open_orders, unacked;      /* of its orders */
};
struct incident_filter {
	bool open;                     /* not closed, merged, not_incident */
	int64_t area;                  /* township scope; 0 all */
	const char *words;             /* full text over calls and titles; NULL any */
	const char *type;              /* prefix of the code; NULL any */
	int64_t before;                /* go on behind this id (newest first), 0 from the start */
	/* The other way, nearest first: newer than this id (0 none), or from the oldest on. */
	int64_t after;
	bool from_end;
};
size_t incident_list(struct store *st, const struct incident_filter *f, struct incident_row *out, size_t max);
bool incident_get(struct store *st, int64_t id, struct incident_row *out);
const char *incident_state_label(const char *state);
/* The verbs that may follow now, NULL-terminated. */
const char *const *incident_next_verbs(const struct incident_row *i);
int64_t incident_count(struct store *st, const struct incident_filter *f, int64_t limit);

/* Everything of one incident that is text; members owned, "" when unknown. */
struct incident_full {
	struct incident_row row;
	char *nature, *grade_rule, *grade_why, *near_miss_why, *sensitive_why, *lead, *helpers, *cause, *trend, *measures, *weather,
	    *scene_chief, *scene_phone, *leaders_on_site, *needs, *impact, *media, *care,
	    *lessons;
	struct { char code[8], name[64]; char *why; } codes[8];   /* primary first */
	size_t n_codes;
	struct { enum fact_kind kind; int64_t value; enum fact_bound bound; int64_t at; char source[64]; int64_t journal; } figures[16];
	size_t n_figures;              /* present figures, one a kind */
};
bool incident_full(struct store *st, int64_t id, struct incident_full *out);
void incident_full_clear(struct incident_full *i);
/* Present figures for the grading and trigger rules. */
void incident_figures(struct store *st, int64_t id, struct grade_figures *out);

struct incident_call {
	int64_t id, at, moved_from, journal;
	char direction[8], source[32], caller[64], unit[96], post[64], phone[32], told[240];
	char *text;                    /* owned: every word */
};
size_t incident_calls(struct store *st, int64_t incident, struct incident_call *out, size_t max); /* oldest first */
void incident_calls_clear(struct incident_call *calls, size_t n);

struct incident_fact {
	int64_t id, call, journal, value;
	enum fact_kind kind;
	enum fact_bound bound;
	double amount;
	char unit[16], norm[128], name[128], cas[16];
	int un;
	char *text;                    /* owned: the words */
	size_t start, end;             /* characters of that call's text */
	bool confirmed;
};
size_t incident_facts(struct store *st, int64_t incident, struct incident_fact *out, size_t max);
void incident_facts_clear(struct incident_fact *facts, size_t n);

struct casualty_change {
	int64_t id, at, value, journal, moved_from;
	enum fact_kind kind;
	enum fact_bound bound;
	char source[64], note[160];
};
size_t incident_casualties(struct store *st, int64_t incident, struct casualty_change *out, size_t max); /* oldest first */

/* Children (secondary events) of an incident. */
size_t incident_children(struct store *st, int64_t incident, struct incident_row *out, size_t max);

/* --- likely duplicates ----------------------------------------------------------------------- */

struct incident_likeness {
	int64_t incident;
	char no[16], title[160];
	double score;                  /* 0..1; 0.5 and over are worth asking */
	char why[200];                 /* "同一路段 相距 0.8 km; 相差 4 分; 同为 12H01; 同一来电号码" */
};
/* Open incidents of the last 48 h that may be the same matter. Cheap enough for every pause while typing. Pairs called different
 * (incident.different) do not matter here: the text is no incident yet. */
size_t incident_alike(struct store *st, const struct reading *r, const char *phone, int64_t received,
    struct incident_likeness *out, size_t max);
/* The same for an incident that exists, without pairs called different. */
size_t incident_alike_to(struct store *st, int64_t incident, struct incident_likeness *out, size_t max);

/* --- clocks ---------------------------------------------------------------------------------- */

struct clock_row {
	int64_t id, incident;
	char incident_no[16], rule[32];
	char kind[24];                 /* phone written law province follow window feedback … */
	char dest[96], medium[16], needs[16], state[8];
	int64_t starts, due, closed;
	char source[120], why[200];    /* the rule's legal source; the facts that called for it */
	char receiver[64], number[32], signer[64], note[160];
};
struct clock_filter {
	int64_t incident;              /* 0 any */
	bool open;
	int64_t area;                  /* township scope, 0 all */
	int64_t due_before;            /* CLOCK_NONE any */
};
/* By due time, earliest first. */
size_t incident_clocks(struct store *st, const struct clock_filter *f, struct clock_row *out, size_t max);
const char *clock_kind_label(const char *kind);
/* "电话报告 扬州市应急管理局" in the interface language. */
void clock_label(const struct clock_row *c, char *out, size_t size);
/* A due time as people say it: the midnight that ends 07-16 is "07-16 24:00"; without the date when `day` is its day. */
char *clock_due_text(char *out, size_t size, int64_t due, int64_t day);
/* The clocks a reading of `text` would start, before anything is saved. due is set, id is 0. By due time. */
size_t incident_clocks_preview(struct store *st, const struct reading *r, const char *text, int64_t received,
    struct clock_row *out, size_t max);
/* Overdue, open in all; next due (CLOCK_NONE). For the header. */
void incident_clock_counts(struct store *st, int64_t area, int64_t *overdue, int64_t *open, int64_t *next_due);

/* --- for other systems' verbs (only inside a verb) ------------------------------------------- */

/*
 * Close the open clocks of the incident whose medium is `medium` and whose dest contains `dest` (NULL: all dests). Fails with ERR_INPUT when
 * something a clock needs is missing, ERR_NOT_FOUND when none matches; says what was closed, late ones as late.
 */
bool incident_close_clocks(struct verb_call *call, int64_t incident, const char *medium, const char *dest,
    int64_t at, const char *receiver, const char *number, const char *signer, int *closed, struct err *err)
    __attribute__((warn_unused_result));
/* A paper that went out: what closes by it (written follow final), its number, who signed it and when. */
struct paper { const char *medium, *number, *signer; int64_t signed_at; };
/*
 * `dest` has the paper, taken by `receiver` ("" unknown) at `at`: the clocks that ran when it was signed and still do are closed, those that
 * demand a receipt only with the receiver's name; those it closed before get the receiver beside it. How many were closed.
 */
int incident_receipt(struct verb_call *call, int64_t incident, const struct paper *paper, const char *dest, const char *receiver,
    int64_t at);
/* `dest` sent the paper back: the clocks it closed run again, with `why` as their note. How many. */
int incident_sent_back(struct verb_call *call, int64_t incident, const struct paper *paper, const char *dest, const char *why);
/* Move to a state because a response started or ended. False when the state forbids it. */
bool incident_set_state(struct verb_call *call, int64_t incident, const char *state, struct err *err)
    __attribute__((warn_unused_result));
/* Touch: sets the call's incident, refuses a township actor of another area and a merged or closed incident (unless `closed_too`). */
bool incident_touch(struct verb_call *call, int64_t incident, bool closed_too, struct err *err)
    __attribute__((warn_unused_result));

/*
 * Open an incident out of the call's own arguments, which bear the names of incident.open (text, source, place …); subject
 * and incident of the call are set. And a further call's words, as incident.call takes them.
 */
bool incident_open_here(struct verb_call *call, struct err *err) __attribute__((warn_unused_result));
bool incident_call_here(struct verb_call *call, int64_t incident, const char *text, const char *source, int64_t received,
    struct err *err) __attribute__((warn_unused_result));
/*
 * A message of another system into the inbox; gives its id. `answer`: it does not leave the list, for an incident or filed, before
 * inbox_answered said that somebody acted on it.
 */
struct inbox_message { const char *source, *kind, *title, *text; int64_t at; bool urgent, answer; };
int64_t inbox_put(struct verb_call *call, const struct inbox_message *m);
void inbox_answered(struct verb_call *call, int64_t inbox);
/* It says something else now (figures were mended), without ringing again. Does nothing once it is out of the list. */
void inbox_mend(struct verb_call *call, int64_t inbox, const char *title, const char *text);
/* Out of the list: taken by an incident, or filed (0: unless an incident has it already). Does nothing to a message that is out of it already. */
void inbox_settle(struct verb_call *call, int64_t inbox, int64_t incident);

/* --- inbox ----------------------------------------------------------------------------------- */

struct inbox_row {
	int64_t id, at, incident;
	char source[64], kind[24], title[160], state[8];
	bool urgent;
	bool answer;                   /* must be answered before it leaves the list; its incident may have it before */
	char *text; /* owned */
};
/* Newest first; `fresh` only those nobody took. */
size_t incident_inbox(struct store *st, bool fresh, struct inbox_row *out, size_t max);
/* One of them; its text is owned. */
bool incident_inbox_one(struct store *st, int64_t id, struct inbox_row *out);
void inbox_rows_clear(struct inbox_row *rows, size_t n);
/* Those nobody took, newest first, as the header needs them. */
struct inbox_mark { int64_t id; bool urgent, answer; };
size_t incident_inbox_marks(struct store *st, struct inbox_mark *out, size_t max);

/*
 * Callers of 12345 tickets, and those who asked for it (保密), are shown by name and number to the duty room only (and to
 * the system, reader NULL too). For any other reader these take out what says who it was, in place; a face calls them for every call
 * and message that it shows or exports. Lengths stay, so places in the words do too.
 */
struct actor;
bool incident_masks(const struct actor *reader, const char *source, const char *text);
void incident_mask_call(const struct actor *reader, struct incident_call *call);
void incident_mask_inbox(const struct actor *reader, struct inbox_row *row);
/* Telephone numbers, and the name where it is known (NULL not). */
void incident_mask_text(char *text, const char *name);
/*
 * That, the name behind "来电人", "市民" and the like, and where they live; `places`: the place of the matter as well. For the
 * words of somebody who asked to stay unknown.
 */
void incident_mask_person(char *text, const char *name, bool places);
/* What a search found, whose snippet may begin in the midst of a name or a number. */
struct search_hit;
void incident_mask_hit(struct store *st, const struct actor *reader, struct search_hit *hit);

#endif
