/* What the files of incident/ share and nobody else sees. */
#ifndef INCIDENT_INSIDE_H
#define INCIDENT_INSIDE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "incident/incident.h"
#include "incident/policy.h"
#include "store/search.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

/* All words of an incident's calls that conditions and searches look at. */
#define WORDS_MAX 262144
/* What closes a `clock c`, as policies name it: the table's own word, or the receipt that stands beside it (schema.c). */
#define CLOCK_NEEDS "CASE c.receipt WHEN 1 THEN 'receipt' ELSE c.needs END"

/* --- reader.c -------------------------------------------------------------------------------- */
/* The policies in force, read again when the setting changes. Valid until then. */
struct policy *incident_policy(struct store *st);
/* {city} {province} {county} {receiver} in a policy's dest. */
void policy_place(struct store *st, const char *dest, const char *receiver, char *out, size_t size);
/* "2025-089" */
void put_no(char *out, size_t size, int64_t year, int64_t number);
void put_incident_no(struct store *st, int64_t incident, char *out, size_t size);

/* --- source.c -------------------------------------------------------------------------------- */
struct caller {
	char source[32], caller[64], unit[96], post[64], phone[32], told[240];
};
/*
 * Who speaks. Fields that stand in `c` already are kept; the rest is taken from the words ("高速交警：…", "接群众报警").
 * source stays "" when nothing tells it.
 */
void source_find(struct store *st, const char *text, const struct reading *r, struct caller *c);

/* The bytes of the words that name the speaker, at *from; 0 when the text does not open with its speaker. */
size_t source_span(const char *text, size_t *from);

/* --- mark.c ---------------------------------------------------------------------------------- */
/* The position of a kilometre mark ("G2京沪高速 K1023+500"), and the township of the nearer known mark. False when none is known. */
bool mark_position(struct store *st, const char *road, double *lon, double *lat, int64_t *area);

/* --- scene.c --------------------------------------------------------------------------------- */
struct scene {
	char place[160], road[64];
	int64_t area;            /* township; 0 unknown */
	double lon, lat;         /* 0, 0 unknown */
};
void scene_read(struct store *st, const char *text, const struct reading *r, struct scene *out);
/* Position and township of the road mark, when the county knows it. */
void scene_mark(struct store *st, struct scene *scene);

/* --- title.c --------------------------------------------------------------------------------- */
/* "G2京沪高速高邮段液氨槽罐车侧翻泄漏". nature: what the officer called it, or the name of the type. */
void title_make(struct store *st, const char *place, const char *code, const char *type, const char *nature, const char *text,
    const struct reading *r, char *out, size_t size);

/* --- facts.c --------------------------------------------------------------------------------- */
/* Keep a call's words, facts and figures; gives the call's id. */
int64_t call_keep(struct verb_call *call, int64_t incident, const struct caller *c, const char *text,
    int64_t received, const struct reading *r);
/* One dated change; nothing when it is the present figure already and `always` is not set. True when a figure moved. */
bool figure_keep(struct verb_call *call, int64_t incident, enum fact_kind kind, int64_t value,
    enum fact_bound bound, int64_t at, const char *source, const char *note, bool always);
/* Codes behind those the incident has. */
void codes_keep(struct verb_call *call, int64_t incident, const struct reading *r);
/* Run the grading rules over the present figures, write grade and near miss; says what moved. True when something did. */
bool incident_regrade(struct verb_call *call, int64_t incident, struct reader *reader);
void incident_index(struct store *st, int64_t incident);
/* All callers' words, with line feeds between. */
char *incident_words(struct store *st, int64_t incident);
bool figure_is_kept(enum fact_kind kind);

/* --- clocks.c -------------------------------------------------------------------------------- */
struct clock_event {
	const char *name;        /* open call figures set transfer end */
	int64_t at;              /* when what called for it was told */
	bool changed;            /* casualties or grade moved */
	const char *receiver;    /* of a transfer, else "" */
};
/* Ask every rule and add what is missing; says what was added. */
void clocks_run(struct verb_call *call, int64_t incident, const struct clock_event *event);
/* After a repeating clock was closed: the next one of a daily rule. */
void clocks_next_day(struct verb_call *call, int64_t clock);

/* --- life.c ---------------------------------------------------------------------------------- */
bool incident_do_verify(struct verb_call *call, struct err *err);
bool incident_do_assess(struct verb_call *call, struct err *err);
bool incident_do_end(struct verb_call *call, struct err *err);
bool incident_do_close(struct verb_call *call, struct err *err);
bool incident_do_reopen(struct verb_call *call, struct err *err);
bool incident_do_not(struct verb_call *call, struct err *err);
bool incident_do_transfer(struct verb_call *call, struct err *err);
/* --- intake.c, change.c, merge.c, close.c, inbox.c ------------------------------------------- */
bool incident_do_open(struct verb_call *call, struct err *err);
bool incident_do_call_again(struct verb_call *call, struct err *err);
bool incident_do_set(struct verb_call *call, struct err *err);
bool incident_do_figures(struct verb_call *call, struct err *err);
bool incident_do_merge(struct verb_call *call, struct err *err);
bool incident_do_unmerge(struct verb_call *call, struct err *err);
bool incident_do_child(struct verb_call *call, struct err *err);
bool incident_do_different(struct verb_call *call, struct err *err);
bool incident_do_clock_void(struct verb_call *call, struct err *err);
bool incident_do_clock_close(struct verb_call *call, struct err *err);
bool incident_do_inbox_add(struct verb_call *call, struct err *err);
bool incident_do_inbox_take(struct verb_call *call, struct err *err);
bool incident_do_inbox_file(struct verb_call *call, struct err *err);
/* A further call's words, taken into the incident (or the one it was joined into). `source` if the words do not say who speaks. */
bool call_take(struct verb_call *call, int64_t incident, const char *text, const char *source, int64_t received, struct err *err);
/* A message is the incident's now: out of the list, unless it wants an answer and has none. */
bool inbox_give(struct verb_call *call, int64_t inbox, int64_t incident, struct err *err);
/* The township a thing of the gazetteer lies in; 0 when it says nothing more than the county. */
int64_t area_of_ref(struct store *st, int64_t ref);
/* The event code a word means: a code, a name, or part of one. NULL when there is none. */
const char *type_of_word(const struct reader *reader, const char *word);

/* --- things.c -------------------------------------------------------------------------------- */
void incident_register_things(struct store *st);

#endif
