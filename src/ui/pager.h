/*
 * Long texts: a plan, a report as it goes out, help. Wrapped as Chinese is set, searched with / n
 * N, moved as a list is moved.
 */
#ifndef UI_PAGER_H
#define UI_PAGER_H

#include "ui/draw.h"
#include "ui/key.h"
#include "ui/text.h"

#include <stdbool.h>
#include <stdint.h>

struct pager {
	char *text;              /* owned */
	size_t size;
	struct text_lines lines;
	int columns;             /* they are wrapped to */
	size_t top;
	int height;
	char *words;             /* owned: searched for, NULL none */
	size_t found;            /* byte of the present hit, size when none */
};

void pager_init(struct pager *p);
void pager_clear(struct pager *p);
/* A new text (copied). The place is kept when it is the same text. */
void pager_set(struct pager *p, const char *text);
/* Search from the top of the screen. False when it does not occur. NULL ends the search. */
bool pager_search(struct pager *p, const char *words);
/* The next hit, or the one before; goes round. */
bool pager_again(struct pager *p, bool backwards);
/* The keys of table.h, by lines. False: not one of them. */
bool pager_key(struct pager *p, uint32_t code);
void pager_draw(struct pager *p, struct area a);
/* "38%" of the way, "all" when everything is seen: for a heading. */
void pager_place(const struct pager *p, char *out, size_t size);

#endif
