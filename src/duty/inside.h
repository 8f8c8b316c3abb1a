/* What the files of duty/ share and nobody else sees. */
#ifndef DUTY_INSIDE_H
#define DUTY_INSIDE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paper.h"
#include "base/utf8.h"
#include "duty/duty.h"
#include "resource/resource.h"
#include "store/journal.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#define PAPER_MAX (4u << 20)

/* The text, or what stands for nothing. */
const char *or_dash(const char *text);
/* Copy a column of text into a fixed field. */
#define FIELD(field, q, column) utf8_copy(field, sizeof(field), sql_text(q, column))
/* The name of a person, "" unknown. */
void person_name(struct store *st, int64_t person, char *out, size_t size);
/* Text of a parameter, NULL when it was not given. */
const char *given(struct verb_call *call, const char *param);
/* The time a parameter gives, else now; refused when it lies ahead. */
bool past_time(struct verb_call *call, const char *param, int64_t *at, struct err *err);
/* The next word of a list joined by blanks, commas, 、 or semicolons; *p behind it. */
bool list_word(const char **p, char *word, size_t size);
/* The head every paper of the room has: name of the bureau, title. */
void add_head(struct buf *out, struct store *st, const char *title);
/* At the foot: "#20417 9f3a…" the chain's head as it stands, and when it was printed. */
void add_chain(struct buf *out, struct store *st);
/* The first journal row written at or after a time; past the last one when there is none. */
int64_t journal_first_since(struct store *st, int64_t at);
/* The part to sign in: a heading, then a line for each who signs, with the name (may be "") the record has. */
void add_signatures(struct buf *out);
void add_signature(struct buf *out, const char *label, const char *name);
/* A field of comma-separated values, quoted where it must be. */
void csv_field(struct buf *out, const char *text, bool last);

/* --- watch.c ---------------------------------------------------------------------------------- */

/* Who is on the roster at a time, leader first. */
void roster_crew(struct store *st, int64_t at, struct crew *out);
bool crew_has(const struct crew *crew, int64_t person);
/* The present watch's id, 0 none. */
int64_t watch_now(struct store *st);

/* --- brief.c ----------------------------------------------------------------------------------- */

struct duty_items {
	struct handover_item *list; /* owned */
	size_t n, room;
};
/*
 * Everything that is open now, by what is due. A few orders past their limit stand one by one, all others are counted by incident and unit;
 * with `since` (else CLOCK_NONE) only those issued later, each by itself. Titles hold codes: item_title.
 */
void brief_collect(struct store *st, int64_t area, int64_t since, struct duty_items *out);
/* A stored title in the reader's language. */
void item_title(const char *stored, char *out, size_t size);
/* Parts of duty_brief: the open matters; links, drafts, what other rooms add, the journal's head. */
void brief_matters(struct store *st, struct buf *out);
void brief_room(struct store *st, struct buf *out);
void brief_clear(struct duty_items *items);
/* Sections of other rooms that stand in the brief (spot: in the answer to a spot check). */
void sections_write(struct store *st, int64_t area, bool spot, struct buf *out, struct duty_items *items);

/* --- swap.c ------------------------------------------------------------------------------------------ */

/* Of shifts that begin in [from, to), as they were asked. */
size_t swaps_between(struct store *st, int64_t from, int64_t to, struct swap_row *out, size_t max);

/* --- handover_read.c -------------------------------------------------------------------------------- */

/* The English of the lines of the check list, of data/duty/handover.tsv; none when the interface is Chinese, or the file cannot be read. */
struct check_names {
	struct check_name {
		char *item, *english;
	} *list;
	size_t n, room;
};
void check_names_read(struct check_names *out);
/* A line in the reader's language: its English, else `item` itself. */
const char *check_label(const struct check_names *names, const char *item);
void check_names_clear(struct check_names *names);

/* --- register_walk.c ------------------------------------------------------------------------------- */

/* Ids of journal rows that may be lines of a register, in order. */
struct register_walk {
	const struct register_filter *filter;
	const char *verbs;       /* of the book, as in register.c */
	bool up;
	int64_t low, high;       /* ids between, both excluded */
	int64_t *id;             /* owned: the batch */
	size_t n, room, next;
	bool more, done;         /* more: a source has more than the batch holds; frontier: up to where all is known */
	int64_t frontier;
};
/* Down from below `from` (0: the newest), or up from above it (0: the oldest). */
void register_walk_begin(struct store *st, struct register_walk *w, const struct register_filter *f, const char *verbs, bool up,
    int64_t from);
bool register_walk_next(struct store *st, struct register_walk *w, int64_t *id);
void register_walk_end(struct register_walk *w);

/* --- entry.c -------------------------------------------------------------------------------------- */

/* The thing word of an entry: "phone-7". */
void entry_word(const char *book, int number, char *out, size_t size);

/* --- callout_step.c --------------------------------------------------------------------------------- */

int64_t callout_step_ms(struct store *st);
struct next_rung { struct rung to; bool left; /* the ladder goes on with it */ };
/*
 * The next contact is up from `at` on; without one the target is exhausted (told->left false). *told names whom to dial now: the new
 * one, or at the end of the ladder the first who was never dialled. `why` the one before is left: tries, minutes, undialled.
 */
bool target_next(struct store *st, int64_t target, int64_t at, const char *why, struct next_rung *told);
/* Say whom to dial now, as target_next told. */
void say_rung(struct verb_call *call, const struct next_rung *next);

/* --- instruction.c ------------------------------------------------------------------------------------ */

bool instruction_note(struct verb_call *call, int64_t instruction, int64_t at, const char *kind, const char *who,
    const char *dest, const char *way, const char *text);
/* How long before its due an instruction is reminded of. */
#define REMIND_BEFORE (30 * CLOCK_MINUTE)

/* --- verbs ---------------------------------------------------------------------------------------------- */

#define DUTY_RUNS(X) \
	X(double) X(swap_ask) X(swap_approve) X(swap_refuse) \
	X(handover_begin) X(handover_note) X(handover_check) X(handover_sign) X(handover_drop) X(watch_open) \
	X(log) X(phone) X(paper_in) X(paper_out) X(correct) X(spot) \
	X(roll_start) X(roll_answer) X(roll_miss) X(roll_close) \
	X(callout_start) X(callout_answer) X(callout_miss) X(callout_close) \
	X(instruction_add) X(supervise) X(relay) X(take) X(feedback) X(send_back) X(remind) X(instruction_close) X(bell) X(tick)
#define DECLARE(name) bool run_##name(struct verb_call *call, struct err *err);
DUTY_RUNS(DECLARE)
#undef DECLARE
void duty_things_register(struct store *st);

#endif
