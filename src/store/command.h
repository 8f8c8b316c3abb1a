/*
 * The one grammar of command lines: verb first (full name, short word, Chinese, or pinyin initials; a unique prefix
 * is enough), then positional parameters in order, then NAME=VALUE in any place, then the rest.
 * Words are separated by blanks (full-width ones too); quotes "…" or “…” hold blanks.
 *
 *	派 高邮消防 089
 *	order.issue to=高邮消防 incident=089 封闭双向车道
 *
 * command_read never changes anything: it gives the parsed reading for the line under the cursor, what is missing or wrong, and
 * completions. command_run reads and runs.
 */
#ifndef STORE_COMMAND_H
#define STORE_COMMAND_H

#include "base/err.h"
#include "store/verb.h"

struct command_completion {
	char word[96];      /* replaces bytes from..to of the line */
	char label[192];
};

struct command_reading {
	const struct verb *verb;  /* NULL while it is not clear */
	json_t *args;             /* resolved so far, owned */
	char *said;               /* the reading in words: "派遣 高邮市消防救援大队 赴 089 …"; owned */
	char *problem;            /* what is missing or ambiguous, NULL when the line may be run; owned */
	struct command_completion *completions; /* for the word at the cursor, best first; owned */
	size_t n_completions;
	size_t from, to;          /* bytes of the line a completion replaces */
};

/*
 * `context` gives defaults for parameters that are not said (an object name -> value): the console passes {"incident": ID}
 * of the line under the cursor. A default is only used for a required parameter. NULL for none. `cursor` is the byte offset
 * in the line for completion, SIZE_MAX for its end.
 */
void command_read(struct store *st, const struct actor *actor, const char *line, size_t cursor,
    json_t *context, struct command_reading *out);
void command_reading_clear(struct command_reading *reading);
bool command_run(struct store *st, const struct actor *actor, const char *line, json_t *context,
    struct verb_result *result, struct err *err) __attribute__((warn_unused_result));

#endif
