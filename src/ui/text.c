#include "ui/text.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sorted code points: these may not begin a line … */
static const unsigned no_start[] = {
    '!',
    '%',
    ')',
    ',',
    '.',
    ':',
    ';',
    '?',
    ']',
    '}',
    0xb0,
    0xb7,
    0x2014,
    0x2019,
    0x201d,
    0x2026,
    0x2030,
    0x2103,
    0x3001,
    0x3002,
    0x3009,
    0x300b,
    0x300d,
    0x300f,
    0x3011,
    0x3015,
    0x3017,
    0x30fb,
    0x30fc,
    0xff01,
    0xff05,
    0xff09,
    0xff0c,
    0xff0e,
    0xff1a,
    0xff1b,
    0xff1f,
    0xff3d,
    0xff5d,
};
/* … and these may not end one. */
static const unsigned no_end[] = {
    '(',
    '[',
    '{',
    0x2018,
    0x201c,
    0x3008,
    0x300a,
    0x300c,
    0x300e,
    0x3010,
    0x3014,
    0x3016,
    0xff08,
    0xff3b,
    0xff5b,
};

static bool
among(unsigned c, const unsigned *table, size_t n)
{
	for (size_t i = 0; i < n && table[i] <= c; i++)
		if (table[i] == c)
			return true;
	return false;
}

bool
text_is_cjk(unsigned c)
{
	return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0xff00 && c <= 0xffef) || (c >= 0x20000 && c <= 0x3ffff);
}

bool
text_is_word(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c == '+' || c == '-' || c == '/' || c == '#' || c == '@' || c == '&' ||
	       c == '\'' || c == '$' || c == '=' ||
	       (c >= 0xc0 && c < 0x2000 && c != 0xd7 && c != 0xf7);
}

bool
text_may_break(unsigned before, unsigned after)
{
	if (before == ' ')
		return after != ' ';
	if (after == ' ')
		return false;
	if (among(after, no_start, COUNT_OF(no_start)) || among(before, no_end, COUNT_OF(no_end)))
		return false;
	if (text_is_word(before) && text_is_word(after))
		return false;
	if ((before == '>' || before == '<') && after == '=')
		return false;
	/* "03:12", "0.14", "2,000": punctuation inside a number or a word */
	if ((before == '.' || before == ':' || before == ',') && text_is_word(after))
		return false;
	return true;
}

static void
add_line(struct text_lines *l, size_t start, size_t end)
{
	mem_grow(&l->items, &l->room, l->n);
	l->items[l->n++] = (struct text_line){start, end};
}

/*
 * The end of the line that begins at `i` of a paragraph ending at `end`: the last allowed break
 * that fits, or as much as fits where there is none. *next gets where the following line begins.
 */
static size_t
line_end(const char *s, size_t i, size_t end, int columns, size_t *next)
{
	size_t at = i, fallback = i, best = 0, size;
	unsigned before = 0;
	int used = 0;

	while (at < end) {
		unsigned c = utf8_decode(s + at, end - at, &size);
		int w = utf8_char_columns(c);

		if (at > i && text_may_break(before, c))
			best = at;
		if (used + w > columns && at > i && c != ' ')
			break;
		used += w;
		before = c;
		at += size;
		fallback = at;
	}
	*next = at >= end ? end : best > i ? best : fallback;
	at = *next;
	while (at > i && *next < end && s[at - 1] == ' ')
		at--;
	return at;
}

void
text_wrap(const char *s, size_t n, int columns, struct text_lines *out)
{
	size_t i = 0;

	if (columns < 2)
		columns = 2;
	out->n = 0;
	for (;;) {
		const char *feed = n > i ? memchr(s + i, '\n', n - i) : NULL;
		size_t end = feed ? (size_t)(feed - s) : n, next = i;

		do {
			size_t start = next, stop = line_end(s, start, end, columns, &next);

			add_line(out, start, stop);
		} while (next < end);
		if (!feed)
			return;
		i = end + 1;
	}
}

void
text_lines_clear(struct text_lines *l)
{
	free(l->items);
	memset(l, 0, sizeof(*l));
}

size_t
text_line_of(const struct text_lines *l, size_t at)
{
	size_t low = 0, high = l->n;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (l->items[middle].start <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static unsigned char
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

size_t
text_find(const char *s, size_t n, const char *words, size_t from)
{
	size_t m = strlen(words);

	if (m == 0)
		return n;
	for (size_t i = from; i + m <= n; i++) {
		size_t k = 0;

		while (k < m && lower((unsigned char)s[i + k]) == lower((unsigned char)words[k]))
			k++;
		if (k == m)
			return i;
	}
	return n;
}

/* Take away the half character that a cut at `size` may have left. */
static void
end_whole(char *out)
{
	size_t n = strlen(out), last = n ? utf8_prev(out, n) : 0, size;

	if (n && utf8_decode(out + last, n - last, &size) == UTF8_BAD)
		out[last] = '\0';
}

char *
cut_format(char *out, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(out, size, format, ap);
	va_end(ap);
	end_whole(out);
	return out;
}
