/*
 * Bytes from the terminal -> keys. Our own decoder, not curses': it never waits (a lone Escape is
 * told from a sequence by the loop's timer, not by a blocking read), it takes a paste whole, and it
 * can be tested without a terminal.
 *
 * A key is a Unicode character, a control code (K_TAB, CTRL_KEY('s')) or one of the K_ values, with
 * K_ALT or K_CTRL or-ed to it.
 *
 *	input_feed(&in, bytes, n);
 *	while (input_next(&in, &key)) …
 *	if (input_pending(&in)) … wait INPUT_ESC_MS more, then input_expire(&in) and input_next again
 */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	K_TAB = 9,
	K_ENTER = 13,
	K_ESC = 27,
	K_BACKSPACE = 127,
	K_UP = 0x200000,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_INSERT,
	K_DELETE,
	K_BACKTAB,
	K_PASTE,  /* text and size are set; cleaned (utf8_clean), line feeds kept */
	K_CURSOR, /* the terminal tells where its cursor is: row and column are set, from 1 */
	K_ALIVE,  /* CSI 0 n: the terminal answers that it is there; see pulse.h */
	K_SYNC,   /* CSI 5 n: the other end asks "are you ready"; see loop.h */
	K_F1 = 0x200100, /* K_F1 + 1 is F2 … F12 */
	K_CTRL = 0x1000000,
	K_ALT = 0x2000000
};
#define CTRL_KEY(letter) ((uint32_t)(letter) & 0x1f)
#define K_F(n) ((uint32_t)K_F1 + (n) - 1)

struct key {
	uint32_t code;
	const char *text; /* K_PASTE; valid until the next input_next */
	size_t size;
	int row, column;  /* K_CURSOR */
};

#define INPUT_ROOM 8192
#define INPUT_PASTE_MAX 65000
/* A sequence arrives in one piece even over a poor line, or within this. */
#define INPUT_ESC_MS 50

struct input {
	unsigned char bytes[INPUT_ROOM];
	size_t start, end;
	bool expired;   /* what is there will not be completed any more */
	bool reported;  /* the first cursor report has come: from then on CSI 1;N R is F3 with a modifier */
	bool pasting;
	struct buf paste;
	char *pasted;   /* owned: the text of the last K_PASTE */
};

void input_init(struct input *in);
void input_clear(struct input *in);
/* Bytes it can take now. */
size_t input_room(struct input *in);
void input_feed(struct input *in, const void *bytes, size_t n);
bool input_next(struct input *in, struct key *key);
/* An unfinished sequence waits for more. */
bool input_pending(const struct input *in);
void input_expire(struct input *in);

#endif
