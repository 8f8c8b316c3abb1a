/* What the files of report/ share and nobody else sees. */
#ifndef REPORT_INSIDE_H
#define REPORT_INSIDE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "incident/incident.h"
#include "report/report.h"
#include "store/journal.h"
#include "store/search.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#define SOURCES_MAX 12
#define TEXT_MAX_BYTES 65536

/* --- record.c: everything of an incident a report may speak of ------------------------------- */

struct record {
	struct store *st;
	int64_t incident;
	int64_t base;           /* only what a later journal row tells; 0 everything */
	int64_t now;
	const char *kind;       /* first follow final */
	struct incident_full full;
	struct incident_call *calls;
	size_t n_calls;
	struct incident_fact *facts;
	size_t n_facts;
	struct casualty_change *changes;
	size_t n_changes;
	char *words;            /* of all calls */
	char *county;           /* 高邮市 */
	int64_t opened;         /* journal row of incident.open */
	enum grade base_grade;  /* as the last signed report had it */
	bool base_near_miss;
	int64_t parent;         /* the signed first report, 0 none */
};
bool record_read(struct store *st, int64_t incident, const char *kind, int64_t base, int64_t now, struct record *out);
void record_clear(struct record *r);
/* Is what this row tells newer than the base? `list` is "$.calls" or "$.figures": what was joined later is new, whenever it was said. */
bool record_is_new(const struct record *r, int64_t journal, const char *list, int64_t id, int64_t moved_from);
/* The newest row that gave this argument for the incident; 0 none. */
int64_t record_source(const struct record *r, const char *argument);

/* --- words.c: official Chinese, whatever the interface language ------------------------------ */

/* 2025年7月10日3时12分 / 7月10日3时12分 / 3时12分 */
void chinese_time_full(struct buf *b, int64_t ms);
void chinese_time(struct buf *b, int64_t ms);
void chinese_clock(struct buf *b, int64_t ms);
/* 一 二 … 十一 */
void chinese_number(struct buf *b, int n);
const char *chinese_grade(enum grade grade);
const char *chinese_figure(enum fact_kind kind);   /* 死亡 失踪 受伤 … */
const char *chinese_bound(enum fact_bound bound);  /* "" 约 至少 不足 */
void chinese_title(struct buf *b, const char *title, const char *kind, int seq);

/* --- value.c, item.c: what the names in a pattern mean --------------------------------------- */

struct value {
	struct buf text;
	int64_t sources[SOURCES_MAX];
	size_t n_sources;
	bool unproven;
};
void value_source(struct value *v, int64_t journal);
/* One thing a sentence is repeated for. */
struct item {
	struct { const char *name; char *text; } fields[8]; /* texts owned */
	size_t n;
	int64_t sources[SOURCES_MAX];
	size_t n_sources;
	bool unproven;
};
struct items {
	struct item *list;
	size_t n, room;
};
/* False when the record does not know it. `item` may be NULL. */
bool value_of(const struct record *r, const struct item *item, const char *name, struct value *out);
/* Shared by the files of values. A text field of the incident with the row that set it; a text that came with the first call. */
bool value_field(const struct record *r, const char *text, const char *argument, struct value *v);
bool value_from_open(const struct record *r, const char *text, struct value *v);
/* The present figure, -1 when nobody gave one; *at (may be NULL) gets its place in full.figures. */
int64_t value_figure(const struct record *r, enum fact_kind kind, size_t *at);
/* BEFORE, bound, number, UNIT of a present figure. */
void value_count(const struct record *r, size_t at, const char *before, const char *unit, struct value *v);
bool value_substance(const struct record *r, struct value *v);
bool value_quantity(const struct record *r, struct value *v);
bool value_plate(const struct record *r, struct value *v);
bool value_unit(const struct record *r, struct value *v);
bool value_water(const struct record *r, struct value *v);
bool value_quake(const struct record *r, struct value *v);
bool value_area(const struct record *r, struct value *v);
bool value_weather(const struct record *r, struct value *v);
bool value_impact(const struct record *r, struct value *v);
bool value_loss(const struct record *r, struct value *v);
bool value_casualties(const struct record *r, struct value *v);
bool value_moved(const struct record *r, struct value *v);
bool value_forces(const struct record *r, struct value *v);
bool value_next(const struct record *r, struct value *v);
bool value_ended(const struct record *r, struct value *v);
void items_of(const struct record *r, const char *each, struct items *out);
void items_clear(struct items *items);

/* --- template.c ------------------------------------------------------------------------------ */

struct sentence {
	char element[24], section[48];
	char *text;             /* owned */
	char flag[12];
	bool para;
	int64_t sources[SOURCES_MAX];
	size_t n_sources;
};
struct sentences {
	struct sentence *list;
	size_t n, room;
};
/* data/report/KIND.tsv applied to the record. */
bool template_apply(const struct record *r, struct sentences *out, struct err *err) __attribute__((warn_unused_result));
void sentences_clear(struct sentences *s);
/* The body: headings, paragraphs with two blanks before them. */
char *body_of(const struct sentences *s);

/* --- verbs ----------------------------------------------------------------------------------- */
bool report_do_phone(struct verb_call *call, struct err *err);
/* receipt.c */
/* `dest` has it: on record, and the clocks that waited for it close. */
void report_delivered(struct verb_call *call, const struct report_row *row, const char *dest, const char *way, const char *receiver,
    int64_t at);
bool report_hears(struct verb_call *call, const struct outbox_news *news, struct err *err);
bool report_do_draft(struct verb_call *call, struct err *err);
bool report_do_edit(struct verb_call *call, struct err *err);
bool report_do_submit(struct verb_call *call, struct err *err);
bool report_do_return(struct verb_call *call, struct err *err);
bool report_do_sign(struct verb_call *call, struct err *err);
bool report_do_deliver(struct verb_call *call, struct err *err);
bool report_do_void(struct verb_call *call, struct err *err);
/* The report, when it may still be changed; its incident is touched. */
bool report_touch(struct verb_call *call, const char *states, struct report_row *row, struct err *err);
/* Write lines anew. */
void lines_write(struct verb_call *call, int64_t report, const struct sentences *s);

#endif
