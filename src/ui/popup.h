/*
 * A list over the lower part of the screen, to choose one line of: a menu, completions, things
 * found while typing. j k and arrows move (Down and Up only, where one types), Enter takes, a digit
 * takes its line, Esc leaves.
 */
#ifndef UI_POPUP_H
#define UI_POPUP_H

#include "ui/draw.h"
#include "ui/editor.h"
#include "ui/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct popup_item {
	int64_t id;
	char word[96];     /* what it is called: the left column */
	char label[192];   /* beside it */
};

#define POPUP_MAX 200

struct popup {
	char *title;                /* owned, translated */
	struct popup_item *items;   /* owned */
	size_t n, cursor, top;
	bool finding;               /* has a line to type into; items come from `find` */
	struct editor typed;
	size_t (*find)(void *context, const char *word, struct popup_item *items, size_t max);
	void *context;
};

enum popup_answer { POPUP_STAYS, POPUP_TAKEN, POPUP_LEFT };

/* Copies title and items. */
void popup_open(struct popup *p, const char *title, const struct popup_item *items, size_t n);
/* Items are found while typing; the first are those for "". */
void popup_open_finding(struct popup *p, const char *title,
    size_t (*find)(void *context, const char *word, struct popup_item *items, size_t max), void *context);
void popup_close(struct popup *p);
enum popup_answer popup_key(struct popup *p, const struct key *key);
const struct popup_item *popup_chosen(const struct popup *p);
/* Drawn at the foot of `a`, over what is there, at most seven tenths of it. */
void popup_draw(struct popup *p, struct area a);

/*
 * Lines of word and label, a mark before `cursor` (n: none), from `top` on; the first nine with
 * their digits when `numbered`.
 */
void popup_draw_items(struct area a, const struct popup_item *items, size_t n, size_t top, size_t cursor, bool numbered);

#endif
