/*
 * 值班值守: who has the desk and what they do by voice: roster and swaps, handover, the registers 值班日志 电话记录 收发文,
 * roll call 点名, call-and-answer 叫应, leaders' instructions 批示 and supervision 督办, spot checks 抽查.
 *
 * A *shift* is a row of the roster (table shift or the rotation; resource_on_duty). A *watch* 班次 is what was really stood: it
 * opens when the handover into it is signed by both sides, and is sealed when the next one opens.
 *
 * Verbs (duty_register); [optional] in brackets. Things: handover, entry (log-12, phone-7, paper-3 of the year), rollcall,
 * callout, calltarget (by the name of whom is called), instruction (2025-031, last digits, words), swap, contact:
 *
 *	roster.double     双带班    from why [to person]         days on which a government leader stands by in town as well
 *	                            (person) beside the bureau's leader in the room
 *	swap.ask          换班      post substitute why [day]    the shift of that day (now) is asked to be taken by another
 *	swap.approve      准换      swap [text]                  by a chief or leader who is neither of the two; a leader's
 *	                            shift only by a leader; only then the roster changes
 *	swap.refuse       不准换    swap why
 *	handover.begin    交班      [for]                        opens the paper: both crews from watch and roster, open items
 *	                            from the record, the check list of data/duty/handover.tsv
 *	handover.note     交班说明  text                         the outgoing crew's own words; a leader's are the leader's note
 *	handover.check    清点      item result=ok|fault [text]  by the incoming crew; a fault says what
 *	handover.sign     交接签字  [side=outgoing|incoming]                in one's own name: out first (the items are made anew from the
 *	                            record), then in, when every line is checked; what came in between is added and marked
 *	handover.drop     交班作废  why                          begun by mistake; not once both have signed
 *	watch.open        接班                                   refused until both sides have signed. Seals the watch before with
 *	                            the chain's head
 *	log.add           日志      text [kind from to result at incident]
 *	phone.record      电话      text [direction phone caller unit post line place cause measures result trend told readback
 *	                            recording at incident]
 *	paper.in          收文      title from [pages class urgency signed_by passed_to at incident text]
 *	paper.out         发文登记     title to [the same]
 *	entry.correct     订正      entry text why               the old line stays, struck out; the new one is dated now
 *	spot.record       抽查      unit text [caller post phone questions]    an upper room checks ours: what was asked and answered
 *	roll.start        点名      [list close units]           lists: data/duty/rolls.tsv
 *	roll.answer       到岗      unit by [seconds number way off_post leader knows fix remark]
 *	roll.miss         未接      unit [number way]            stays open until a second contact is logged
 *	roll.close        点名结束  [roll]                       refused while a unit has not been reached
 *	callout.start     叫应      colour areas matter [event alert]           lists by data/duty/callout.tsv; all run at once
 *	callout.answer    叫通      target by words [actions number]   words: what was read back; without them nobody was reached
 *	callout.miss      叫不通    target [number]              the second miss goes to the next contact at once
 *	callout.close     叫应结束  callout [why]                why is demanded while somebody has not answered
 *	instruction.add   批示      text leader owner [post medium at helpers due relay_due incident]
 *	instruction.supervise 督办  text owner basis due [helpers incident]
 *	instruction.relay 传达      instruction to [by_way]
 *	instruction.take  承办      instruction [by]
 *	instruction.report 批示反馈 instruction text [accepted_by]
 *	instruction.return 批示退回 instruction why              the feedback does not do: owner goes on
 *	instruction.remind 批示催办 instruction [by_way answer]
 *	instruction.close 批示办结  instruction [result]         by a chief or leader who neither took it on nor fed it back
 *	bell.set          响铃      kind repeat [quiet]          how often the console's bell rings again, and its quiet hours
 *	duty.tick         到时                                   the system's: whatever fell due (duty_tick)
 *
 * Rules that are no code: minutes and tries of a call (settings callout_minutes 5, callout_tries 2), and the tables in data/duty.
 *
 * The registers are views over the journal: each line is a journal row, with the room's own entry (table entry), the caller's
 * words (table call) or the verb's text. Nothing is edited: a corrected or undone line stays, struck out. An entry dated into a
 * sealed watch is refused; it is added as a correction instead, dated now.
 *
 * A township sees and touches only its own: its entries, roll-call line, call-out target and instructions.
 */
#ifndef DUTY_DUTY_H
#define DUTY_DUTY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct actor;
struct buf;

/* Verbs and thing kinds. Once for each store handle. */
void duty_register(struct store *st);

/*
 * What other rooms add to the brief of a handover and to the answer of a spot check, so that duty need not know them. `write` adds
 * lines to `out` ("" nothing to say) and items to `items` (may be NULL) by duty_item_add. Rows must outlive the store.
 */
struct duty_items;
struct duty_section {
	const char *name;      /* "alerts" */
	const char *label;     /* N_() */
	bool brief, spot;      /* where it stands */
	void (*write)(struct store *st, int64_t area, struct buf *out, struct duty_items *items);
};
void duty_section_register(struct store *st, const struct duty_section *sections, size_t n);
/* An open item for the brief: ref is the thing of kind `kind`; due CLOCK_NONE none. */
void duty_item_add(struct duty_items *items, const char *kind, int64_t ref, int64_t due, const char *title);

/* --- what falls due ---------------------------------------------------------------------------- */

/*
 * Let what fell due happen: a call without answer goes to the next contact, a limit that passed is a breach, a reminder is written;
 * each with the time when it was due. Cheap when nothing is (one look at an index). For the console's minute, sync, and before
 * any command line. False only when the store fails.
 */
bool duty_tick(struct store *st, struct err *err) __attribute__((warn_unused_result));
/* When duty_tick will next have something to do, CLOCK_NONE never. */
int64_t duty_next_due(struct store *st);

/* For the header. `area`: a township's own, 0 the whole county. */
struct duty_counts {
	int64_t calling;        /* call-out targets without answer */
	int64_t breached;       /* of these, past their limit */
	int64_t missed;         /* units of a roll call not reached */
	int64_t instructions;   /* open */
	int64_t overdue;        /* of these, past their limit */
	int64_t swaps;          /* waiting for approval */
	int64_t next_due;       /* earliest limit of calls and instructions, CLOCK_NONE none */
	bool handing_over;      /* a handover is begun and the watch not opened */
	bool unopened;          /* the roster's shift has changed and its watch is not open */
};
void duty_count(struct store *st, int64_t area, struct duty_counts *out);

/*
 * What rings on the consoles. Each kind has a rule: again after `repeat` minutes while the matter stands (0 never), not between
 * quiet_from and quiet_to (minutes of the local day, from > to over midnight; -1 no quiet hours). `always`: has no quiet hours and
 * rings again within half an hour at the latest.
 */
enum bell_kind { BELL_RED, BELL_CLOCK, BELL_URGENT, BELL_CALL, BELL_ORDER, BELL_INSTRUCTION, BELL_INBOX, BELL_KINDS };
struct bell_rule {
	const char *kind, *label; /* label: N_() */
	bool always;
	int repeat, quiet_from, quiet_to;
};
void duty_bell_rule(struct store *st, enum bell_kind kind, struct bell_rule *out);
bool bell_rule_is_quiet(const struct bell_rule *rule, int64_t at);
/* Targets past their limit and units of a roll call that were not reached; instructions past theirs: ids, as duty_count counts them. */
size_t duty_unanswered(struct store *st, int64_t area, int64_t *out, size_t max);
size_t duty_instructions_late(struct store *st, int64_t area, int64_t *out, size_t max);

/* --- roster -------------------------------------------------------------------------------------- */

#define DUTY_POSTS 5
/* leader chief officer deputy standby. */
extern const char *const duty_posts[DUTY_POSTS];
const char *duty_post_label(const char *post);

struct roster_day {
	int64_t day;                       /* local midnight */
	int64_t starts, ends;              /* of the leader's shift that begins on it (else the officer's); CLOCK_NONE none */
	int64_t person[DUTY_POSTS];        /* who begins a shift of that post on this day, 0 nobody */
	char name[DUTY_POSTS][32];
	bool swapped[DUTY_POSTS];          /* stands in for another, approved */
	bool asking[DUTY_POSTS];           /* a swap of this shift waits for approval */
	bool double_lead;                  /* 双带班 */
	char town[32], why[96];            /* the government leader of such a day, the occasion */
	int asked;                         /* swaps waiting */
};
/* Every day of a month (1..12): 28 to 31. */
size_t duty_roster(struct store *st, int year, int month, struct roster_day out[31]);
/* The month as a paper. */
bool duty_roster_text(struct store *st, int year, int month, struct buf *out);
/* Start and end of the shift of `post` at a time. False when nobody has it. */
bool duty_shift_at(struct store *st, const char *post, int64_t at, int64_t *person, int64_t *starts, int64_t *ends);

struct swap_row {
	int64_t id, starts, ends, asked, decided, person, substitute;
	char post[16], name[32], substitute_name[32], why[160], state[12], approver[32], remark[160];
};
/* Newest first. */
size_t duty_swaps(struct store *st, bool waiting, struct swap_row *out, size_t max);
const char *swap_state_label(const char *state);

/* --- watch and handover --------------------------------------------------------------------------- */

struct crew_member { char post[16], name[32]; int64_t person, signed_at; /* CLOCK_NONE not */ };
struct crew { struct crew_member member[12]; size_t n; };

struct watch_row {
	int64_t id, opened, closed;    /* closed CLOCK_NONE: the present one */
	int64_t handover;              /* into it */
	int64_t seal_seq;              /* head of the chain when it was sealed, 0 not yet */
	char seal[65];
	struct crew crew;
};
/* The watch that has the desk. False: none was ever opened here. */
bool duty_watch(struct store *st, struct watch_row *out);
bool duty_watch_get(struct store *st, int64_t id, struct watch_row *out);
/* Newest first. */
size_t duty_watches(struct store *st, int64_t before, struct watch_row *out, size_t max);
/* "王建国 李敏 陈涛". */
void crew_names(const struct crew *crew, char *out, size_t size);

struct handover_item {
	int n;
	char kind[16];                 /* clock order instruction response report inbox roll callout swap … or a section's */
	int64_t ref, due;              /* due CLOCK_NONE none: as it stands in the record, never moved */
	char title[200];
	bool late;                     /* came after the outgoing side had signed */
};
struct handover_check { int n; char label[96], result[8], text[160], by[32]; int64_t at; };
struct handover_row {
	int64_t id, begun, out_watch, starts, ends; /* starts: of the incoming shift */
	char state[12];                /* begun out signed done dropped */
	struct crew out, in;
	bool out_signed, in_signed;
	char *note, *leader_note, *brief; /* owned; brief: what the record said when the outgoing side signed */
	int64_t head_seq;              /* the chain's head when the incoming side signed, 0 before */
	char head[65];
	int unchecked, faults;
	size_t n_items;
};
/* The handover that is under way, else false. */
bool duty_handover(struct store *st, struct handover_row *out);
bool duty_handover_get(struct store *st, int64_t id, struct handover_row *out);
void handover_row_clear(struct handover_row *row);
size_t duty_handovers(struct store *st, int64_t before, struct handover_row *out, size_t max); /* newest first; without texts */
const char *handover_state_label(const char *state);
size_t duty_handover_items(struct store *st, int64_t id, struct handover_item *out, size_t max);
size_t duty_handover_checks(struct store *st, int64_t id, struct handover_check *out, size_t max);
const char *handover_kind_label(const char *kind);
/* What may follow now for this person: names of verbs, NULL-terminated. */
const char *const *handover_next_verbs(const struct handover_row *row, int64_t person);
/* The brief as the record stands this moment: sections with their lines. */
bool duty_brief(struct store *st, struct buf *out);
/* The paper: crews, items with their limits, checks, notes, signatures, the chain's head. */
bool duty_handover_text(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));
/* What happened since the person's last watch was sealed: matters opened and closed, levels, reports, instructions. Gives the time
 * counted from, CLOCK_NONE when the person has no watch behind them (then the last 24 hours are told). */
int64_t duty_since(struct store *st, int64_t person, struct buf *out);

/* --- registers -------------------------------------------------------------------------------------- */

enum register_book { BOOK_LOG, BOOK_PHONE, BOOK_PAPER };
struct register_row {
	int64_t id;                    /* journal id: also the place to go on from */
	int64_t entry;                 /* own entry, 0: a line of the journal */
	int64_t at;                    /* when it happened; the journal tells when it was written */
	int64_t incident, seq;
	char no[24];                   /* "phone-7" of an own entry, else "#20417" */
	char kind[48], direction[8];   /* direction: in out or "" */
	char from[96], to[96], phone[32], handler[32], incident_no[16];
	char *text;                    /* owned */
	bool struck;                   /* corrected or undone */
	char mark[160];                /* "corrected by log-13, 07-10 09:12", "corrects log-12 of 07-09 14:00: why" */
};
struct register_filter {
	enum register_book book;
	int64_t from, to;              /* by the time of writing, CLOCK_NONE any */
	int64_t area;                  /* township scope, 0 all */
	const struct actor *reader;    /* callers who must not be known are masked for all but the room (incident_masks); NULL the system */
	const char *words;             /* each of them a part of text, names, numbers; NULL any */
	int64_t before;                /* go on behind this id, 0 from the newest */
};
/* Newest first. Costs what it gives, whatever the journal's length. */
size_t duty_register_rows(struct store *st, const struct register_filter *f, struct register_row *out, size_t max);
/* The other way: lines newer than `after` (id, 0 from the oldest), oldest of them first. */
size_t duty_register_up(struct store *st, const struct register_filter *f, int64_t after, struct register_row *out, size_t max);
void register_rows_clear(struct register_row *rows, size_t n);
const char *register_book_label(enum register_book book);
/* One entry in full, every field that is filled. */
bool duty_entry_text(struct store *st, int64_t entry, struct buf *out);
/* The register as a paper, oldest first, struck lines marked; with the head of the day and, at its foot, the chain's head. An empty form
 * of the book when `form`. */
bool duty_register_text(struct store *st, const struct register_filter *f, bool form, struct buf *out);

/*
 * Who a number belongs to, and what came from it before; newest first, as much as the reader may see (NULL the system). Digits are
 * compared, at least four of them.
 */
struct caller_line { int64_t at, incident; char kind[32], text[240]; };
size_t duty_caller(struct store *st, const struct actor *reader, const char *phone, struct caller_line *out, size_t max);

/* --- roll call ---------------------------------------------------------------------------------------- */

struct roll_row {
	int64_t id, at, close_due, closed;
	char list[48], caller[32];
	int units, waiting, missed, present, late, off_post;
};
size_t duty_rolls(struct store *st, int64_t before, struct roll_row *out, size_t max); /* newest first */
bool duty_roll(struct store *st, int64_t id, struct roll_row *out);
struct roll_unit {
	int64_t id, roll, unit, area;
	char name[96], phone[32];
	char state[12];                /* waiting missed present late: late was reached after a miss */
	int tries, seconds;
	int64_t first, answered;       /* CLOCK_NONE not */
	char by[48], leader[48], knows[96], remark[96], number[32], way[12], fix[96]; /* fix: 整改 */
	bool off_post;
};
size_t duty_roll_units(struct store *st, int64_t roll, int64_t area, struct roll_unit *out, size_t max);
const char *roll_state_label(const char *state);
/* The result: as a paper (every field of handbook 3.2), or as comma-separated values (every try a row). */
bool duty_roll_text(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));
bool duty_roll_csv(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));

/* --- call-and-answer ------------------------------------------------------------------------------------ */

struct callout_row {
	int64_t id, at, alert, closed;
	char matter[160], colour[12], caller[32], close_why[160];
	int targets, answered, breached;
	int64_t next_due;              /* earliest limit or next step of its open calls */
};
size_t duty_callouts(struct store *st, bool open, int64_t before, struct callout_row *out, size_t max);
bool duty_callout(struct store *st, int64_t id, struct callout_row *out);
struct call_target {
	int64_t id, callout, area;
	char list[48];                 /* of data/duty/callout.tsv: leaders townships villages */
	char name[96];                 /* whom: 周山镇, 高远航 */
	char state[12];                /* calling answered exhausted */
	int64_t due;                   /* the list's limit */
	int64_t breached;              /* when it passed unanswered: stays for ever; CLOCK_NONE not */
	int contact, contacts, tries;  /* which contact is called now, of how many; tries with this one */
	int all_tries;
	char person[48], post[48], phone[32]; /* whom to dial now, or who answered */
	int64_t step_due;              /* then the next contact is up */
	int64_t answered;
	char by[48], words[240], actions[240];
};
/* Not answered first, by what is due; a target of any open call-out when callout is 0. */
size_t duty_targets(struct store *st, int64_t callout, int64_t area, struct call_target *out, size_t max);
bool duty_target(struct store *st, int64_t id, struct call_target *out);
const char *target_state_label(const char *state);
/* Every try of a target, one line each; with the contacts still to come. */
bool duty_target_text(struct store *st, int64_t id, struct buf *out);
bool duty_callout_text(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));
bool duty_callout_csv(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));

/* --- instructions ----------------------------------------------------------------------------------------- */

struct instruction_row {
	int64_t id, incident, owner_unit, area;
	int year, number;
	char kind[16];                 /* instruction supervision */
	char state[16];                /* registered relayed taken reported closed */
	char leader[48], post[48], medium[16], owner[96], helpers[160], incident_no[16];
	char text[240];                /* cut; whole in the text */
	int64_t at, relay_due, due, relayed, reported, closed;
	int64_t runs;                  /* the limit that runs now, CLOCK_NONE none */
	bool overdue;
	int reminders;
	int late_days;                 /* days past its due, whole ones begun */
	char closed_by[32];
};
struct instruction_filter { bool open; int64_t area, incident, before; };
/* Open ones by the limit that runs, else newest first. */
size_t duty_instructions(struct store *st, const struct instruction_filter *f, struct instruction_row *out, size_t max);
bool duty_instruction(struct store *st, int64_t id, struct instruction_row *out);
const char *instruction_state_label(const char *state);
const char *instruction_kind_label(const char *kind);
const char *const *instruction_next_verbs(const struct instruction_row *row);
/* The sheet: verbatim text, owner, helpers, every step. */
bool duty_instruction_text(struct store *st, int64_t id, struct buf *out, struct err *err) __attribute__((warn_unused_result));

/* --- spot check --------------------------------------------------------------------------------------------- */

/* The answers on one page: who leads, responses, open matters, then the sections of other rooms (rain, water). */
bool duty_spot_text(struct store *st, struct buf *out);

#endif
