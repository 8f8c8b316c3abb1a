/*
 * The one grammar of command lines: verb first, then positional parameters, then NAME=VALUE in any place, then the rest.
 *
 *	派 高邮消防 089 封闭双向车道
 *	order.issue to=高邮消防 incident=089 封闭双向车道
 *
 * Verb: full name (order.issue), a short or Chinese word of its row (派), the pinyin initials of a Chinese word (p), or a
 * beginning of any of these that only one verb has; dots divide (o.i). Chinese may go on without a blank: 派高邮消防.
 * Things: the last digits of the number, a name or alias or part of it, pinyin initials.
 * Times: 03:42, 0342, 3时42分, +30 (minutes from now), +2h, now, a date with a time; a bare time is the nearest one (of = "ahead"
 * in the parameter's row: the next one; "past": the last one).
 * NAME is the parameter's name or label, or a beginning of the name where the verb takes no rest.
 *
 * Words are divided by blanks, full-width ones too; quotes "…" or “…” hold blanks and make a word plain text that is never
 * read as a number. Full-width letters, digits, ： and ＝ are read as the narrow ones; the rest of a line is kept as
 * typed. A leading ':' is passed over.
 *
 * Positional words need not stand in order where their kinds tell them apart: each goes to the first parameter that takes it. A
 * word that looks like a number and names no thing is an error, never text.
 *
 * command_read never changes anything: it gives the parsed reading for the line under the cursor, what is missing or wrong, and
 * completions; 1 ms at most. command_run reads and runs.
 */
#ifndef STORE_COMMAND_H
#define STORE_COMMAND_H

#include "base/err.h"
#include "store/verb.h"

struct command_completion {
	char word[96];      /* replaces bytes from..to of the line; ends in '=' when a value is to follow */
	char label[192];
};

struct command_reading {
	const struct verb *verb;  /* NULL while it is not clear */
	json_t *args;             /* resolved so far, owned */
	char *said;               /* the reading in words: "派遣：高邮市消防救援大队  089 …"; owned, "" without a verb */
	char *problem;            /* what is missing or ambiguous, NULL when the line may be run; owned */
	enum err_code code;       /* of the problem: ERR_INPUT, ERR_NOT_FOUND or ERR_REFUSED (no right) */
	struct command_completion *completions; /* for the word at the cursor, best first; owned */
	size_t n_completions;
	size_t from, to;          /* bytes of the line a completion replaces */
};

/*
 * `context` gives defaults for parameters that are not said (an object name -> value): the console passes {"incident": ID}
 * of the line under the cursor. A default is only used for a required parameter. NULL for none. `cursor` is the byte offset
 * in the line for completion, SIZE_MAX for its end. `actor` NULL: as the system, which may do everything.
 */
void command_read(struct store *st, const struct actor *actor, const char *line, size_t cursor,
    json_t *context, struct command_reading *out);
void command_reading_clear(struct command_reading *reading);
bool command_run(struct store *st, const struct actor *actor, const char *line, json_t *context,
    struct verb_result *result, struct err *err) __attribute__((warn_unused_result));

/*
 * The one thing of the kinds `of` ("team|depot") that a word means, as on the line. *label (may be NULL) gets its label, which the
 * caller frees. False with ERR_NOT_FOUND or, when it may be several, ERR_INPUT with their list.
 */
bool command_thing(struct store *st, const struct actor *actor, const char *of, const char *word, int64_t *id,
    char **label, struct err *err) __attribute__((warn_unused_result));

/* The word people would type for a verb in the interface language: its first Chinese word, else its name. */
void command_verb_word(const struct verb *verb, char *out, size_t size);
/* A choice ("phone") in the interface language. */
const char *command_choice_label(const char *choice);
/* A time as typed on the line, near `now`; `of` as in the parameter's row, NULL the nearest. */
bool command_time(const char *text, int64_t now, const char *of, int64_t *out);

#endif
