/*
 * A screen: one file in screens/, static functions, and one const struct screen_ops at its end. To
 * write one:
 *
 *	struct board { struct table incidents; … };            its state, zeroed, of ops->size bytes at s->state
 *
 *	static bool board_open(struct screen *s, struct err *err)      make the widgets; false refuses with a message
 *	static void board_load(struct screen *s)                       fetch what is shown; called inside one snapshot, after open
 *	                                                               and after every change of the store by anyone
 *	static void board_draw(struct screen *s, struct area a)        from the state alone, never SQL; a is what lies between the
 *	                                                               tab line and the message line
 *	static enum paint board_act(struct screen *s, int action)      a key of the key table
 *	static enum paint board_key(struct screen *s, const struct key *key)   keys before the tables: widgets, typed text
 *	static void board_close(struct screen *s)
 *
 *	const struct screen_ops screen_board = { .name = "board", .title = N_("Duty"), .digit = '1', .size = sizeof(struct board), … };
 *
 * and its name goes into screens/screens.h and, when it has a digit, into the list in tabs.c. What
 * it does to the store it does through console_do() or console_form() (console.h): a verb. Texts
 * being typed go through `dirty` and `save`.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "base/err.h"
#include "ui/draw.h"
#include "ui/key.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct console;
struct screen;

/* What a key asks for. */
enum paint {
	PAINT_PASS, /* no key of mine: the next one may have it */
	PAINT_NONE, /* taken, nothing to repaint */
	PAINT_DRAW, /* draw again */
	PAINT_LOAD  /* fetch again, then draw */
};

struct screen_ops {
	const char *name;        /* of its help and its drafts */
	const char *title;       /* N_() */
	char digit;              /* its key on the tab line, 0: opened from another screen */
	size_t size;             /* bytes of state */
	bool typing;             /* characters are text: digits, : and ? go to `key` */
	struct key_table keys;
	/*
	 * A second table that stands before the first in hints and help (a page of the screen).
	 * NULL: none.
	 */
	const struct key_table *(*more_keys)(struct screen *s);
	/*
	 * The verb that an action of `keys` is for, NULL none: hints and help leave out what the officer may not do. NULL: all are
	 * shown.
	 */
	const char *(*verb_of)(int action);
	bool (*open)(struct screen *s, struct err *err);
	void (*load)(struct screen *s);
	void (*draw)(struct screen *s, struct area a);
	enum paint (*act)(struct screen *s, int action);
	enum paint (*key)(struct screen *s, const struct key *key);     /* may be NULL */
	/*
	 * Names for the command line's defaults: {"incident": ID} of the line under the mark. NULL:
	 * none. New reference.
	 */
	json_t *(*context)(struct screen *s);
	/*
	 * Earliest due time on the screen: in its last ten minutes the screen is drawn every
	 * second. CLOCK_NONE: none.
	 */
	int64_t (*countdown)(struct screen *s);
	/*
	 * Is a text being typed right now? (typing screens that also have lists; NULL: always when
	 * `typing`)
	 */
	bool (*in_text)(struct screen *s);
	/* Write the draft: a second after the last change, on leaving, on hang-up. */
	void (*save)(struct screen *s);
	/* Search: words from the / prompt. False: nothing found. NULL: the screen has no search. */
	bool (*find)(struct screen *s, const char *words);
	bool (*find_again)(struct screen *s, bool backwards);
	void (*close)(struct screen *s);
};

struct screen {
	const struct screen_ops *ops;
	struct console *ui;
	void *state;             /* owned */
	int64_t subject;         /* the thing it shows, 0 none */
	char *argument;          /* owned: a word or text it was opened with, NULL none */
	bool dirty;              /* a text changed since the last save */
	bool done;               /* close me */
	bool waiting;            /* load me before the next frame */
	bool loaded;             /* has been, once: before that no key is given to it */
};

#endif
