/*
 * The console: who sits here, the store, the screens one over the other, and the one line at the
 * bottom where everything is said and asked. Screens talk to it through these functions only.
 *
 *	row 0        header (header.h)
 *	row 1        tabs
 *	row 2 …      the screen
 *	row rows-2   message, question, prompt or the `:` line (its reading stands beside it, or below on narrow screens)
 *	row rows-1   key hints
 *
 * Keys go: a question or prompt or list that is open -> the `:` line -> the screen's widgets -> the
 * screen's key table -> the console's own keys. Only typing screens keep characters to themselves;
 * ^O opens the `:` line even there.
 */
#ifndef UI_CONSOLE_H
#define UI_CONSOLE_H

#include "base/err.h"
#include "store/verb.h"
#include "ui/draw.h"
#include "ui/popup.h"
#include "ui/screen.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct store;
struct reader;

struct store *console_store(struct console *c);
const struct actor *console_actor(struct console *c);
/* The area a township is confined to, 0 for the room: filters take it as it is. */
int64_t console_scope(struct console *c);

/* --- saying ------------------------------------------------------------------------------ */

void console_say(struct console *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Say the error and clear it. */
void console_fail(struct console *c, struct err *err);
void console_quiet(struct console *c);
/* What was refused is being put right: the refusal is no longer said. */
void console_calm(struct console *c);

/* --- doing ------------------------------------------------------------------------------- */

/*
 * Run a verb (takes the reference of args) and say what was done or why not. *subject (may be NULL)
 * gets the id of what was made. The screens load again by themselves.
 */
bool console_do(struct console *c, const char *verb, json_t *args, int64_t *subject);
/*
 * Open the form of a verb, made from its row: `preset` (reference taken, may be NULL) fills fields.
 * What is typed is kept as a draft until the verb took it.
 */
void console_form(struct console *c, const char *verb, json_t *preset);
/* Open the `:` line with a text in it. */
void console_command(struct console *c, const char *line);

/* --- screens ----------------------------------------------------------------------------- */

/*
 * Over the present one; Esc comes back. `argument` is copied, may be NULL. False after the reason
 * was said.
 */
bool console_open(struct console *c, const struct screen_ops *ops, int64_t subject, const char *argument);
/*
 * What one has just filed is what one comes back to: the board puts its mark on this incident when
 * it is next loaded.
 */
void console_mark(struct console *c, int64_t incident);
/* The board's: which incident that is, once; 0 none. */
int64_t console_marked(struct console *c);
/* The screen of a digit, or the one at the bottom when it is that already. */
void console_switch(struct console *c, const struct screen_ops *ops);
struct screen *console_top(struct console *c);
/* A long text over the screen. */
void console_show_text(struct console *c, const char *title, const char *text);
/* Close the top screen at the end of this key. */
void screen_done(struct screen *s);
/* The text of the screen changed: save within a second. */
void screen_touch(struct screen *s);
/* Save now when there is something to save. */
void screen_save(struct screen *s);

/* --- asking: the answer comes later, through the function -------------------------------- */

/* y or Enter: yes, anything else: no (then `answer` is not called). */
void console_ask(struct console *c, const char *question, void (*answer)(struct screen *s, void *data), void *data);
/* One line of text at the bottom; Esc: `answer` is not called. `initial` may be NULL. */
void console_prompt(struct console *c, const char *label, const char *initial,
    void (*answer)(struct screen *s, const char *text, void *data), void *data);
/* A list to choose from (popup.h). The items are copied. */
void console_choose(struct console *c, const char *title, const struct popup_item *items, size_t n,
    void (*answer)(struct screen *s, const struct popup_item *item, void *data), void *data);
/* Choose a thing of a kind ("incident"), found while typing. */
void console_choose_thing(struct console *c, const char *title, const char *kind,
    void (*answer)(struct screen *s, const struct popup_item *item, void *data), void *data);

/* --- running (ui.c) ---------------------------------------------------------------------- */

/* `key`: id of the ssh key that let in, 0 none. */
struct console *console_new(struct store *st, const struct actor *actor, int64_t key);
enum console_end {
	CONSOLE_LEFT,       /* by the officer, or the line is gone */
	CONSOLE_SIGNED_OFF, /* somebody else takes the seat */
	CONSOLE_LOCKED,     /* nobody typed for a while, or it was asked for: run it again to go on where it was */
	CONSOLE_EXPELLED,   /* the person was retired or the key withdrawn (people_may_stay) */
	CONSOLE_FAILED
};
/* Until it ends in one of these ways. All texts are saved then. */
enum console_end console_run(struct console *c);
/* Lock, where the person can open again. */
void console_lock(struct console *c);
/* Ask for such an end. */
void console_end(struct console *c, enum console_end how);
void console_free(struct console *c);
/* The keys of every screen, for the manual. */
struct buf;
void console_keys_text(struct buf *out);

#endif
