/*
 * Verbs: the only way to change the store. A verb is one row of a table: its name, the short words that call
 * it, who may, its parameters, and one function. The form on a screen, the `:` command line, `zhiban do`, the feed reader
 * and the drill all call verb_run(), which in one BEGIN IMMEDIATE transaction
 *
 *	takes the write queue -> checks the actor's right -> checks the arguments -> runs the function ->
 *	appends one journal row (arguments, changeset, SM3 chained to the row before) -> commits -> pokes
 *
 * so that a verb is done whole or not at all, and nothing is done that the journal does not tell.
 *
 * A system registers its table once: `verb_register(store, incident_verbs, COUNT)`. Texts in tables are marked
 * N_() and translated when shown.
 */
#ifndef STORE_VERB_H
#define STORE_VERB_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct sql;
struct verb_call;

enum role {
	ROLE_OFFICER = 1,   /* 值班员 */
	ROLE_CHIEF = 2,     /* 值班长 */
	ROLE_LEADER = 4,    /* 带班领导 */
	ROLE_TOWNSHIP = 8,  /* 乡镇值班员 */
	ROLE_CLERK = 16,    /* 数据员 */
	ROLE_AUDITOR = 32,  /* 审计: reads all, writes nothing */
	ROLE_SYSTEM = 64    /* feeds, timers, the demo loader */
};
#define ROLE_ROOM (ROLE_OFFICER | ROLE_CHIEF | ROLE_LEADER)

/* Who acts. Read from the store by actor_find. */
struct actor {
	int64_t person;      /* 0 for the system itself */
	char name[64];
	unsigned role;
	int64_t area;        /* 9-digit; township actors are confined to it */
	char via[64];        /* "console pts/3", "do", "ssh 10.1.2.3", "sync", "drill" */
};
/* The person by name, pinyin initials or id text. False with ERR_NOT_FOUND. */
bool actor_find(struct store *st, const char *who, struct actor *out, struct err *err)
    __attribute__((warn_unused_result));
/* The system as actor, for feeds, timers and the demo loader. */
void actor_system(struct actor *out, const char *via);

enum arg_type {
	ARG_WORD,    /* one word */
	ARG_REST,    /* the rest of the line (always the last parameter); may hold line feeds */
	ARG_INT,     /* a whole number, 0.. */
	ARG_REAL,
	ARG_TIME,    /* clock_parse; "now" */
	ARG_CHOICE,  /* one of `of`: "phone|written|fax"; shown translated, accepted by prefix too */
	ARG_THING,   /* a thing of kind `of` ("incident", "team|depot"): resolved to its id */
	ARG_FLAG     /* present or not: the parameter's own name as a word */
};

struct verb_param {
	const char *name;     /* in the journal, in JSON, and as NAME=VALUE on the command line */
	const char *label;    /* N_(): in forms, help, errors */
	enum arg_type type;
	const char *of;       /* choices or kinds, else NULL */
	bool required;
	bool positional;      /* may stand on the line without NAME= */
	const char *help;     /* N_() */
};

enum verb_flags {
	VERB_UNDO = 1,        /* `undo` may take it back */
	VERB_QUIET = 2,       /* not offered on the command line (called by other faces only) */
	VERB_LARGE = 4,       /* the journal keeps a digest of the arguments, not all of them (imports) */
	VERB_SENT = 8         /* what it did left the house: `undo` is refused with the advice to send what takes it back */
};

struct verb {
	const char *name;     /* "incident.open" */
	const char *words;    /* other words that call it, blank-separated: "open 开 kai" */
	const char *summary;  /* N_(): one line for help and the manual */
	unsigned roles;       /* who may, ROLE_… or-ed */
	unsigned flags;
	const struct verb_param *params;
	size_t n_params;
	/* Do it. False with err filled rolls everything back. Says what was done with call_say(). */
	bool (*run)(struct verb_call *call, struct err *err);
	/*
	 * May a township actor do this to these things? NULL: roles decide alone, and a township may only reach subjects
	 * whose area (call_touch_area) is its own; a verb that touches no area is refused to it.
	 */
	bool (*allows)(struct verb_call *call, struct err *err);
};

/* Register a table; the rows must outlive the store. */
void verb_register(struct store *st, const struct verb *verbs, size_t n);
const struct verb *verb_find(const struct store *st, const char *name);
/* All verbs, in order of registration; NULL past the end. */
const struct verb *verb_at(const struct store *st, size_t i);

/*
 * Arguments before the run: a JSON object, name -> string, integer, real, boolean. ARG_THING values are ids (integers).
 * verb_run checks them all: unknown name, missing required, wrong type, over-long text (64 KiB, of a VERB_LARGE 8 MiB), unclean text
 * (utf8_clean is applied to every text).
 */
struct verb_result {
	int64_t journal;      /* id of the journal row */
	int64_t seq;          /* its sequence in this origin: what people see as #20417 */
	int64_t subject;      /* id of what was made or changed, 0 none */
	char *said;           /* what was done, in the interface language, owned */
};
bool verb_run(struct store *st, const struct actor *actor, const char *name, json_t *args,
    struct verb_result *result, struct err *err) __attribute__((warn_unused_result));
void verb_result_clear(struct verb_result *result);
/*
 * What falls due by itself: the verb for each id that `q` gives at now (?1), 50 at most, as its argument `thing`; stops at the first
 * that fails. ERR_STATE is no failure: another process was quicker. After three of them in a row it is left to that process, and to the
 * next look: a hundred consoles that wake at the same minute do not each try everything. `q` is used up.
 */
bool verb_run_due(struct store *st, const struct actor *actor, struct sql *q, const char *verb, const char *thing, struct err *err)
    __attribute__((warn_unused_result));
/*
 * Tell the journal of an attempt that was stopped before verb_run: the line named something of another area, or a verb the role
 * has not. Nothing when the store cannot be written.
 */
void verb_refused(struct store *st, const struct actor *actor, const struct verb *verb, const char *why);
/* May this actor call this verb at all (roles only)? For hints and help. */
bool verb_allowed(const struct actor *actor, const struct verb *verb);

/* --- inside a verb's function ------------------------------------------------------------------ */

struct store *call_store(struct verb_call *call);
const struct actor *call_actor(struct verb_call *call);
/* The time of the verb: one value for the whole run, stored with the journal row. */
int64_t call_now(struct verb_call *call);
/* The journal id this call will have, for rows that point at their journal line. */
int64_t call_journal(struct verb_call *call);

bool call_has(struct verb_call *call, const char *param);
const char *call_text(struct verb_call *call, const char *param);      /* "" when absent */
int64_t call_int(struct verb_call *call, const char *param);           /* 0 when absent */
double call_real(struct verb_call *call, const char *param);
int64_t call_time(struct verb_call *call, const char *param);          /* CLOCK_NONE when absent */
bool call_flag(struct verb_call *call, const char *param);
json_t *call_args(struct verb_call *call);

/* What the journal row is about. `incident` (0 none) puts the row on that incident's timeline. */
void call_subject(struct verb_call *call, const char *kind, int64_t id);
void call_incident(struct verb_call *call, int64_t incident);
/* A touched thing's area: refuses a township actor of another area. */
bool call_touch_area(struct verb_call *call, int64_t area, struct err *err) __attribute__((warn_unused_result));
/* This row corrects an earlier one (its journal id), which is shown struck out from now on. Once a row. */
void call_corrects(struct verb_call *call, int64_t journal);
/* Refuse for want of a right that only the verb itself can judge: ERR_REFUSED, and the journal tells. Always false. */
bool call_deny(struct verb_call *call, struct err *err, const char *why);
/*
 * What was done, one line, in the interface language of the actor; stored as the journal's text. Several calls are
 * joined by "; ".
 */
void call_say(struct verb_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Queue what must go out with this commit (table outbox). `key` makes it idempotent at the receiver. */
void call_outbox(struct verb_call *call, const char *channel, const char *to, const char *kind,
    int64_t ref, const char *key, const char *payload);

/*
 * What became of a queued message, for the system whose message it is (by its kind). Called inside the verb that says so, a receipt's or a
 * person's, so that the message and what it was about are settled in one commit and one line of the journal: no death between the two.
 */
struct outbox_news {
	int64_t message, ref;          /* ref: as in call_outbox */
	const char *unit;              /* who was to get it */
	bool taken;                    /* else they will not have it: reason */
	bool by_machine;               /* by a receipt, not by a person's word */
	const char *receiver, *number, *reason; /* "" unknown; number: that under which they took it */
	int64_t at;                    /* when they took it */
};
typedef bool (*outbox_hear)(struct verb_call *call, const struct outbox_news *news, struct err *err);
/* One listener a kind; `kind` outlives the store. */
void outbox_listen(struct store *st, const char *kind, outbox_hear hear);
/* For the room that carries messages: tell whoever listens. True when nobody does. */
bool call_outbox_news(struct verb_call *call, const char *kind, const struct outbox_news *news, struct err *err)
    __attribute__((warn_unused_result));

/* --- things ------------------------------------------------------------------------------------- */

/* A kind of thing a command line can name: incidents, orders, teams, people … */
struct thing {
	int64_t id;
	char word[96];     /* what to type: "089", "高邮消防" */
	char label[192];   /* beside it: "危化品泄漏 G2 京沪高速" */
	int score;         /* bigger is better */
};
struct thing_kind {
	const char *name;     /* "incident" */
	const char *label;    /* N_() */
	/*
	 * Things that `word` may mean: number, last digits, name, part of a name, pinyin initials; "" means the likeliest ones.
	 * Best first, at most max. Scoped to the actor's area. Gives the count.
	 */
	size_t (*find)(struct store *st, const struct actor *actor, const char *word,
	    struct thing *out, size_t max);
	/* The label of an id for messages; false when there is none. */
	bool (*label_of)(struct store *st, int64_t id, char *out, size_t size);
};
void thing_register(struct store *st, const struct thing_kind *kinds, size_t n);
const struct thing_kind *thing_kind_find(const struct store *st, const char *name);
/* For `find`: put `t` among the best `max`, best first, equal ones in the order of coming. Gives the new count. */
size_t thing_keep(struct thing *list, size_t n, size_t max, const struct thing *t);
/* For `label_of`: the text that a (literal) statement gives for the id, ?1. */
bool thing_label_from(struct store *st, const char *statement, int64_t id, char *out, size_t size);

#endif
