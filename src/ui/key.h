/*
 * Key tables. What a key does on a screen is one row; dispatch, the hint line, `?` and the manual
 * page are all made from the rows, so that none of them can lie.
 *
 *	static const struct key_row keys[] = {
 *		{ { 'n' }, ACT_NEW, N_("call"), N_("Take a call") },
 *		{ { K_ENTER, K_RIGHT }, ACT_OPEN, N_("open"), N_("Open the line under the mark") },
 *	};
 */
#ifndef UI_KEY_H
#define UI_KEY_H

#include "base/buf.h"
#include "ui/draw.h"
#include "ui/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key_row {
	uint32_t keys[4];  /* the first is the one shown; 0 ends */
	int action;        /* of the screen, from 1 */
	const char *hint;  /* N_(): two or three words for the hint line, NULL: not there */
	const char *help;  /* N_(): one line for `?` and the manual */
};

struct key_table {
	const struct key_row *rows;
	size_t n;
};
#define KEY_TABLE(array) { (array), sizeof(array) / sizeof((array)[0]) }

/* The action of a key, 0 when the table has none. */
int key_action(const struct key_table *table, uint32_t code);
/* "Enter", "^S", "F2", "M-b", "j". `size` of 16 fits. */
char *key_name(uint32_t code, char *out, size_t size);
/*
 * Hints of the tables, one after the other, as many as fit; where characters are text (`typing`) only
 * of keys that are none.
 */
void key_draw_hints(int y, int x, int columns, const struct key_table *const *tables, size_t n, bool typing);
/* One line a row: "j Down      next line". */
void key_help(const struct key_table *table, struct buf *out);

#endif
