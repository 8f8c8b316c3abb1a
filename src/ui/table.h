/*
 * The full-width list. It holds only a window of rows, fetched as one moves, so that a list of a
 * million opens at once and a key costs the same everywhere; or it shows an array that a screen
 * keeps (table_set). The line under the cursor bears a '>' and nothing else changes on it: a move
 * costs some 40 bytes, a scrolled line what stands in it.
 *
 * Columns have a width, or a weight by which they share what is left, or both: then at least the
 * width. On narrow screens columns go by their `drop` number, the highest first.
 *
 *	static const struct table_ops ops = { .row_size = sizeof(struct journal_row), .columns = columns, … };
 *	table_init(&t, &ops, screen);
 *	table_load(&t);                         on open, and whenever the store changed
 *	if (table_key(&t, code)) …moved…
 *	row = table_row(&t);
 *	table_draw(&t, area, true);
 */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include "ui/draw.h"
#include "ui/key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct column {
	const char *title; /* N_(), "" none */
	int columns;       /* width; 0: eight for each point of `weight` */
	int weight;        /* share of what is left, 0 none */
	int drop;          /* 0 always shown; else the highest goes first */
	bool right;        /* aligned right */
};

struct cell {
	char text[480];
	enum style style;  /* starts as the row's style */
};

enum fetch {
	FETCH_FIRST,  /* from the start of the list */
	FETCH_FROM,   /* from `row` itself, or from its place if it is gone */
	FETCH_AFTER,  /* behind `row` */
	FETCH_BEFORE, /* before `row`, nearest first */
	FETCH_LAST    /* from the end, last first */
};

struct table_ops {
	size_t row_size;
	const struct column *columns;
	size_t n_columns;
	/* Fill at most `max` rows at `rows`; gives how many. NULL: the table only shows arrays. */
	size_t (*fetch)(void *context, enum fetch how, const void *row, void *rows, size_t max);
	/* A number that stays with the row, so that the cursor stays with it. */
	int64_t (*id)(const void *row);
	/* What stands in a column (its index in `columns`). */
	void (*cell)(void *context, const void *row, size_t column, struct cell *cell);
	/* The style of the whole row; NULL normal. */
	enum style (*style)(void *context, const void *row);
	/* Free what a fetched row owns; NULL nothing. */
	void (*clear)(void *row);
};

/* For rows that begin with their `int64_t id`. */
int64_t table_row_id(const void *row);
/* The ops of a table that shows arrays of such rows: static const struct table_ops ops = {TABLE_ROWS(struct x_row, columns, cell, style)}; */
#define TABLE_ROWS(type, columns_, cell_, style_)                                                  \
	.row_size = sizeof(type) + 0 * sizeof(char[offsetof(type, id) == 0 ? 1 : -1]),             \
	.columns = (columns_), .n_columns = sizeof(columns_) / sizeof((columns_)[0]),              \
	.id = table_row_id, .cell = (cell_), .style = (style_)

struct table {
	const struct table_ops *ops;
	void *context;
	unsigned char *rows;    /* the window, or the array */
	size_t n, room;
	bool borrowed;          /* an array of the screen's */
	bool at_start, at_end;  /* the window touches the list's ends */
	size_t top, cursor;     /* indexes into rows */
	int height;             /* lines of rows at the last drawing */
	bool titles;            /* a first line names the columns */
	const char *empty;      /* N_(): said when there is nothing; NULL: nothing said */
};

void table_init(struct table *t, const struct table_ops *ops, void *context);
void table_clear(struct table *t);
/* Show an array (not owned). The cursor stays with its row's id. */
void table_set(struct table *t, void *rows, size_t n);
/*
 * Fetch again around the place where the list stands. A cursor on the first row of the list stays
 * first.
 */
void table_load(struct table *t);
/* Forget the place and begin at the top (another filter). */
void table_home(struct table *t);
/* The row under the cursor, NULL when there is none. Valid until the next load or key. */
const void *table_row(const struct table *t);
const void *table_at(const struct table *t, size_t i);
/* Put the cursor on the row with this id, when the window has it. */
bool table_find(struct table *t, int64_t id);
/* j k g G ^F ^B ^D ^U, arrows, PageUp PageDown Home End. False: no key of the table. */
bool table_key(struct table *t, uint32_t code);
void table_draw(struct table *t, struct area a, bool focused);
/* Lines it would take: rows and the title line. */
int table_lines(const struct table *t);
/* The keys above, for help and the manual; other lists and texts move by the same table. */
enum table_move { MOVE_DOWN = 1, MOVE_UP, MOVE_TOP, MOVE_BOTTOM, PAGE_DOWN, PAGE_UP, HALF_DOWN, HALF_UP };
extern const struct key_table table_keys;
/*
 * Where a text of its own lines goes by a key of the table: from line `top`, `page` lines a page, `last` the lowest top there is.
 * False: the key moves nothing.
 */
bool table_scroll(uint32_t code, long page, size_t last, size_t *top);

#endif
