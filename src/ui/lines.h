/*
 * Labelled lines: a column of short labels, beside each its text, wrapped and indented. What the
 * intake reads, an incident's first page, the reasons of a proposal are shown this way. Built once
 * when something changed, drawn and scrolled after.
 *
 *	lines_reset(&l);
 *	lines_add(&l, _("type"), STYLE_STRONG, "%s", name);
 *	lines_draw(&l, area);
 */
#ifndef UI_LINES_H
#define UI_LINES_H

#include "ui/draw.h"
#include "ui/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
	char *label;          /* owned; "" goes on with the one before */
	char *text;           /* owned */
	size_t note;          /* bytes from here on are drawn faint */
	enum style style;
	bool heading;         /* a line in reverse */
};

struct lines {
	struct line *items;   /* owned */
	size_t n, room;
	size_t top;           /* first screen line shown */
	size_t total;         /* screen lines at the last drawing */
	int height;
};

void lines_init(struct lines *l);
void lines_clear(struct lines *l);
/* Empty it; the place stays. */
void lines_reset(struct lines *l);
/* What stands behind a TAB in the text is a note: set apart and drawn faint. */
void lines_add(struct lines *l, const char *label, enum style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void lines_heading(struct lines *l, const char *text);
/* The keys of table.h, by screen lines; only when it does not fit. */
bool lines_key(struct lines *l, uint32_t code);
void lines_draw(struct lines *l, struct area a);
/* Screen lines it takes in so many columns. */
int lines_height(const struct lines *l, int columns);

#endif
