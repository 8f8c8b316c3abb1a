/*
 * The line at the bottom where everything is said and asked: the last message, a yes-or-no
 * question, or a prompt for one line of text. (The `:` line is cmdline.h.) Answers go back to the
 * screen that asked, through the function it gave.
 */
#ifndef UI_BOTTOM_H
#define UI_BOTTOM_H

#include "ui/draw.h"
#include "ui/editor.h"

#include <stdbool.h>
#include <stdint.h>

struct screen;

/* Called for yes (y, Enter) and nothing else; with the line typed when Enter ended it, not after Esc. */
typedef void (*ask_fn)(struct screen *s, void *data);
typedef void (*prompt_fn)(struct screen *s, const char *text, void *data);

struct bottom {
	char *message;         /* owned, NULL nothing said */
	enum style style;
	int64_t said_at;       /* monotonic */
	enum { BOTTOM_IDLE, BOTTOM_ASKING, BOTTOM_PROMPTING } mode;
	char *question;        /* owned: of a question, or the label of a prompt */
	struct editor typed;
	ask_fn ask;
	prompt_fn prompt;
	struct screen *screen; /* who asked */
	void *data;
};

void bottom_init(struct bottom *b);
void bottom_clear(struct bottom *b);
/* Takes the message over (freed later); NULL: nothing. */
void bottom_say(struct bottom *b, char *message, enum style style);
void bottom_ask(struct bottom *b, struct screen *s, const char *question, ask_fn answer, void *data);
void bottom_prompt(struct bottom *b, struct screen *s, const char *label, const char *initial, prompt_fn answer,
    void *data);
/* The question is over (the screen that asked went away). */
void bottom_drop(struct bottom *b);
/* False: nothing is asked, the key is somebody else's. */
bool bottom_key(struct bottom *b, const struct key *key);
/*
 * What is asked, or the last message: when it is too long for its line it takes up to `most` lines, upward over the screen; of what was
 * done the words are cut and the journal number stays.
 */
void bottom_draw(struct bottom *b, int y, int columns, int most);
void bottom_draw_message(const struct bottom *b, int y, int columns, int most);

#endif
