/*
 * Putting text on the screen. Everything is drawn anew into curses' buffer for each frame (some 0.1
 * ms at 120x36) and curses sends the difference; so a screen only ever says what it looks like now,
 * never what has changed.
 *
 * Texts are clipped to whole characters at the columns given. Colour means state and nothing else,
 * and every state has a mark or a word beside it, so that a screen without colours says the same.
 */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include <stdbool.h>
#include <stddef.h>

enum style {
	STYLE_NORMAL,
	STYLE_FAINT,   /* secondary words */
	STYLE_STRONG,  /* what to look at first */
	STYLE_BAR,     /* a line in reverse: headings */
	STYLE_URGENT,  /* overdue, red warning */
	STYLE_SOON,    /* runs out soon, needs a look */
	STYLE_DONE,    /* green: done, met */
	STYLE_STRUCK,  /* undone or corrected: dim, marked by the caller */
	STYLE_WORDS,   /* the words a fact came from: underlined */
	STYLE_FOUND    /* a search hit: reverse */
};

/* A rectangle of the screen. */
struct area {
	int y, x, rows, columns;
};

/* Start a frame: everything blank. */
void draw_begin(void);
/* Where the terminal's cursor stands when the frame is shown; hidden unless told in this frame. */
void draw_cursor(int y, int x);

/*
 * Draw s at y, x in at most `columns` columns. Gives the columns used. Line feeds show as blanks.
 */
int draw_text(int y, int x, int columns, const char *s, enum style style);
int draw_text_n(int y, int x, int columns, const char *s, size_t n, enum style style);
/* The same, but when it does not fit it ends in "..". */
int draw_cut(int y, int x, int columns, const char *s, enum style style);
/* The last `columns` columns end where s ends. */
void draw_right(int y, int x, int columns, const char *s, enum style style);
int draw_format(int y, int x, int columns, enum style style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Blanks. */
void draw_fill(int y, int x, int columns, enum style style);
void draw_blank(struct area a);
/* A heading line in reverse across the area's columns. */
void draw_bar(int y, int x, int columns, const char *s);
/* The columns s takes as drawn here. */
int draw_columns(const char *s);

#endif
