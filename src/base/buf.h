/*
 * A growing string with a maximum given at birth. The bytes are always NUL-terminated. Past the maximum
 * nothing more is added and `full` stays set, so that a caller checks once, at the end.
 *
 *	struct buf b = BUF_MAX(65536);
 *	buf_add(&b, "…"); buf_printf(&b, "%d", n);
 *	use(buf_str(&b)); buf_clear(&b);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;  /* owned, NULL while empty */
	size_t size; /* bytes, without the NUL */
	size_t room;
	size_t max;  /* most bytes it may ever hold */
	bool full;   /* something did not fit and was left out */
};

#define BUF_MAX(limit) { NULL, 0, 0, (limit), false }

void buf_add(struct buf *b, const char *s);
void buf_add_n(struct buf *b, const char *s, size_t n);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text so far, "" when nothing was added. Valid until the next change. */
const char *buf_str(const struct buf *b);
/* Hand the text over to the caller, who frees it, and leave the buffer empty. Never NULL. */
char *buf_take(struct buf *b);
void buf_reset(struct buf *b);
void buf_clear(struct buf *b);

#endif
