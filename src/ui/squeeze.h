/*
 * A frame said in fewer bytes. Curses knows what must change on the screen, but spends on the way:
 * it names a place in full where a step to the right would do, paints blanks over blanks, and sets
 * attributes for them that nobody can see. Here its bytes are read as a terminal would read them and
 * written anew, so that the same screen comes out: a first board goes from 4.1 kB to 3.3.
 *
 * Only what is sure is shortened. Three things are known at every byte: where the terminal's cursor
 * and pen are, where curses believes they are (they differ until something visible is to be
 * written), and from which column on each row is blank. What is not understood goes out as it is,
 * and whatever it may have changed is forgotten. Behind a character that terminals may draw in
 * another width than curses thinks, the next place is named in full again.
 *
 * For terminals that speak ECMA-48 (caps_speaks_ecma48); knows nothing of curses, nor of a terminal
 * but the bytes.
 */
#ifndef UI_SQUEEZE_H
#define UI_SQUEEZE_H

#include "base/buf.h"

#include <stdbool.h>

/* Attributes by their SGR numbers; bit n of `on` is attribute n (1 bold … 9 struck). */
struct pen {
	bool known;
	unsigned on;
	int ink, paper; /* 30 to 37, 90 to 97; 40 to 47, 100 to 107; 0 the terminal's own */
};

/* Columns and rows from 0; -1 not known. */
struct spot {
	int y, x;
};

struct squeeze {
	int rows, columns;
	bool names_columns, names_rows; /* the terminal has CSI n G and CSI n d */
	struct spot at, want;		/* the terminal's cursor, and curses' */
	bool sure;			/* at.x is what every terminal would say */
	bool shown;			/* the cursor is seen, so it must be where it is wanted */
	struct pen has, wants;
	bool after_blank; /* the last character was one */
	int bottom;	  /* last row of the scrolling region, -1 not known */
	int *blank_from; /* owned, per row: from here on nothing but blanks; `columns`: not known */
};

/* Nothing is known yet. Rows and columns are over 0. */
void squeeze_start(struct squeeze *q, int rows, int columns, bool names_columns, bool names_rows);
/* The window has another size. */
void squeeze_size(struct squeeze *q, int rows, int columns);
/* Others may have written to the terminal: of it nothing is known any more. */
void squeeze_forget(struct squeeze *q);
/*
 * What curses wrote for one frame (whole sequences and characters), shorter, onto out. What makes
 * no visible difference yet waits for the next frame.
 */
void squeeze_frame(struct squeeze *q, const char *bytes, size_t n, struct buf *out);
/* The same, and nothing waits: the terminal is as curses left it. */
void squeeze_last(struct squeeze *q, const char *bytes, size_t n, struct buf *out);
void squeeze_clear(struct squeeze *q);

#endif
