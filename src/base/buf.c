#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void
buf_add_n(struct buf *b, const char *s, size_t n)
{
	size_t need;

	if (n > b->max - b->size) {
		b->full = true;
		return;
	}
	need = b->size + n + 1;
	if (need > b->room) {
		size_t room = b->room ? b->room : 64;

		while (room < need)
			room *= 2;
		b->data = mem_resize(b->data, room, 1);
		b->room = room;
	}
	if (n)
		memcpy(b->data + b->size, s, n);
	b->size += n;
	b->data[b->size] = '\0';
}

void
buf_add(struct buf *b, const char *s)
{
	buf_add_n(b, s, strlen(s));
}

void
buf_add_char(struct buf *b, char c)
{
	buf_add_n(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	char *s;

	va_start(ap, format);
	s = mem_vprint(format, ap);
	va_end(ap);
	buf_add(b, s);
	free(s);
}

const char *
buf_str(const struct buf *b)
{
	return b->data ? b->data : "";
}

char *
buf_take(struct buf *b)
{
	char *s = b->data ? b->data : mem_dup("");

	b->data = NULL;
	b->size = b->room = 0;
	b->full = false;
	return s;
}

void
buf_reset(struct buf *b)
{
	b->size = 0;
	b->full = false;
	if (b->data)
		b->data[0] = '\0';
}

void
buf_clear(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->size = b->room = 0;
	b->full = false;
}
