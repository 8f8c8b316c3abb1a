/*
 * What the files of the console share: its state, and the few functions they call of each other.
 * Screens see console.h only.
 *
 *	console.c   saying, doing, asking; time; from the first screen to the last key
 *	pile.c      the screens of each tab, one over the other
 *	keys.c      who gets a key
 *	frame.c     what is loaded and painted
 */
#ifndef UI_CONSOLE_INSIDE_H
#define UI_CONSOLE_INSIDE_H

#include "store/store.h"
#include "ui/bottom.h"
#include "ui/cmdline.h"
#include "ui/console.h"
#include "ui/header.h"

#define PILE_MAX 12
#define PILES 12
#define SAVE_AFTER_MS 1000

struct pile {
	struct screen *screens[PILE_MAX];
	size_t n;
};

struct console {
	struct store *st;
	struct actor actor;
	int64_t key; /* of ssh, 0 none */
	struct pile piles[PILES];
	size_t present;
	struct header header;
	int64_t header_minute; /* the minute it was loaded in */
	bool ticked;           /* what had fallen due before one sat down has been seen to */
	int64_t header_read;   /* the time */
	int64_t idle_minutes; /* until it locks itself, 0 never */
	struct bottom bottom;
	struct cmdline command;
	struct popup popup;
	bool choosing;
	struct screen *chooser; /* who opened the popup */
	void (*chosen)(struct screen *s, const struct popup_item *item, void *data);
	void *choose_data;
	char choose_kind[64]; /* of things found while typing */
	int64_t marked; /* incident, 0 none */
	bool dirty, stale, quit;
	enum console_end end; /* why it was quit */
	int64_t typed_at; /* clock_uptime: the last key */
	int64_t save_at; /* monotonic; 0 nothing to save */
	struct bell bell;
};

/* --- pile.c ------------------------------------------------------------------------------ */

/* The present tab's. */
struct pile *pile_of(struct console *c);
/* Close what asked to be closed; the one below comes up and loads. */
void pile_close_done(struct console *c);
void pile_free(struct console *c);
/* Write the drafts of all screens that changed. */
void pile_save(struct console *c);

/* --- keys.c ------------------------------------------------------------------------------ */

void keys_take(struct console *c, const struct key *key);
/* Are characters text here now? */
bool keys_typing(struct screen *s);
/* The hint tables of the present screen, at most five; gives their number. */
size_t keys_hints(struct screen *s, const struct key_table **tables);

/* --- frame.c ----------------------------------------------------------------------------- */

/* Fetch what the screen shows, and the header when the store or the minute changed. */
void frame_load(struct console *c, struct screen *s);
void frame_draw(struct console *c);

/* --- console.c --------------------------------------------------------------------------- */

/* Say what a verb did. */
void console_done(struct console *c, const struct verb_result *result);

#endif
