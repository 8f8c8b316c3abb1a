/*
 * The `:` line. One grammar for everything (store/command.h): verb, subject, rest. While one types,
 * the reading of the line stands beside it, or below where the screen is narrow, with what is
 * missing; Tab completes, and again Tab takes the next completion; Enter runs it when nothing is
 * missing; Up and Down bring back earlier lines, of earlier sessions too (store/history.h), ^R those that hold what was typed;
 * Esc leaves.
 */
#ifndef UI_CMDLINE_H
#define UI_CMDLINE_H

#include "store/command.h"
#include "ui/draw.h"
#include "ui/editor.h"
#include "ui/key.h"

#include <stdbool.h>

#define CMDLINE_HISTORY 200

struct cmdline {
	struct store *st;
	const struct actor *actor;
	bool open;
	struct editor line;
	json_t *context;                 /* owned: defaults from the screen */
	struct command_reading reading;
	uint64_t read_version;           /* of the line */
	size_t read_cursor;
	/* Completions being gone through by Tab; chosen == n: none yet. */
	struct command_completion *offered;
	size_t n_offered, chosen, from, to;
	char *history[CMDLINE_HISTORY];  /* owned, oldest first */
	size_t n_history, at_history;
	bool recalled;                   /* the person's earlier sessions are in it */
	char *sought;                    /* owned: what ^R looks for, NULL not looking */
	char *typed;                     /* owned: the new line while one looks at old ones */
};

enum cmdline_answer { CMDLINE_STAYS, CMDLINE_RUN, CMDLINE_LEFT };

void cmdline_init(struct cmdline *c, struct store *st, const struct actor *actor);
void cmdline_clear(struct cmdline *c);
/* Takes the reference of context (may be NULL). `text` may be NULL. */
void cmdline_open(struct cmdline *c, json_t *context, const char *text);
void cmdline_close(struct cmdline *c);
/* CMDLINE_RUN: the line is complete; run it with cmdline_run. */
enum cmdline_answer cmdline_key(struct cmdline *c, const struct key *key);
/* Run the line; it goes into the history either way. False with err: the line stays open. */
bool cmdline_run(struct cmdline *c, struct verb_result *result, struct err *err) __attribute__((warn_unused_result));
/* The line at row y, the hints at y + 1, completions above; `a` is the screen's area above. */
void cmdline_draw(struct cmdline *c, int y, int columns, struct area a);
extern const struct key_table cmdline_keys;

#endif
