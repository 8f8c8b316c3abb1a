/*
 * Over curses' wide windows. East Asian ambiguous characters (… ° × Ⅳ “ and so on) are replaced
 * until the terminal has shown that it draws them one cell wide: where it draws two, everything to
 * their right would stand askew.
 */
#include "ui/draw.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "ui/term.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int cursor_y, cursor_x;
static bool cursor_set;

static attr_t
attributes(enum style style)
{
	bool colours = term_has_colours();

	switch (style) {
	case STYLE_NORMAL:
		return A_NORMAL;
	case STYLE_FAINT:
	case STYLE_STRUCK:
		return A_DIM;
	case STYLE_STRONG:
		return A_BOLD;
	case STYLE_BAR:
		return term_has_cheap_bars() ? (attr_t)COLOR_PAIR(4) : A_REVERSE;
	case STYLE_FOUND:
		return A_REVERSE;
	case STYLE_URGENT:
		return colours ? A_BOLD | (attr_t)COLOR_PAIR(1) : A_BOLD;
	case STYLE_SOON:
		return colours ? (attr_t)COLOR_PAIR(2) : A_NORMAL;
	case STYLE_DONE:
		return colours ? (attr_t)COLOR_PAIR(3) : A_NORMAL;
	case STYLE_WORDS:
		return A_UNDERLINE;
	}
	return A_NORMAL;
}

struct substitute {
	uint32_t from;
	const char *to;
};

/*
 * What people write most; two-cell and one-cell stand-ins that are no ambiguous characters
 * themselves.
 */
static const struct substitute substitutes[] = {
    {0x00b0, "o"},
    {0x00b1, "+"},
    {0x00b2, "2"},
    {0x00b3, "3"},
    {0x00b7, "."},
    {0x00d7, "x"},
    {0x00f7, "/"},
    {0x03b1, "a"},
    {0x03b2, "b"},
    {0x03bc, "u"},
    {0x2010, "-"},
    {0x2013, "-"},
    {0x2014, "-"},
    {0x2015, "-"},
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201c, "\""},
    {0x201d, "\""},
    {0x2026, "."},
    {0x2030, "%"},
    {0x203b, "*"},
    {0x2103, "C"},
    {0x2116, "#"},
    {0x2160, "1"},
    {0x2161, "2"},
    {0x2162, "3"},
    {0x2163, "4"},
    {0x2164, "5"},
    {0x2190, "<"},
    {0x2191, "^"},
    {0x2192, ">"},
    {0x2193, "v"},
    {0x2264, "<"},
    {0x2265, ">"},
    {0x25cb, "o"},
    {0x25cf, "*"},
    {0x2605, "*"},
    {0x2606, "*"},
    {0x2713, "v"},
};

/*
 * Wide in Chinese terminals although wcwidth says one: Unicode's class A, in the blocks Chinese
 * texts use.
 */
static bool
is_ambiguous(uint32_t c)
{
	if (c < 0xa1)
		return false;
	if (c <= 0xff)
		return strchr("\xa1\xa4\xa7\xa8\xaa\xad\xae\xb0\xb1\xb2\xb3\xb4\xb6\xb7\xb8\xb9\xba"
			      "\xbc\xbd\xbe\xbf"
			      "\xc6\xd0\xd7\xd8\xde\xdf\xe0\xe1\xe6\xe8\xe9\xea\xec\xed\xf0\xf2\xf3"
			      "\xf7\xf8"
			      "\xf9\xfa\xfc\xfe",
			   (char)c) != NULL;
	return (c >= 0x391 && c <= 0x451) || (c >= 0x2010 && c <= 0x203e) ||
	       (c >= 0x2103 && c <= 0x22bf) || (c >= 0x2460 && c <= 0x266f) ||
	       (c >= 0x2713 && c <= 0x277f) || (c >= 0xe000 && c <= 0xf8ff);
}

static const char *
stand_in(uint32_t c)
{
	for (size_t i = 0; i < sizeof(substitutes) / sizeof(substitutes[0]); i++)
		if (substitutes[i].from == c)
			return substitutes[i].to;
	return "?";
}

/*
 * A copy with blanks for line feeds and stand-ins where they are needed. False: the text can be
 * drawn as it is.
 */
static bool
prepare(const char *s, size_t n, struct buf *out)
{
	bool strict = !term_draws_ambiguous(), found = false;
	size_t size;

	for (size_t i = 0; i < n && !found; i += size) {
		uint32_t c = utf8_decode(s + i, n - i, &size);

		found = c == '\n' || (strict && is_ambiguous(c));
	}
	if (!found)
		return false;
	for (size_t i = 0; i < n; i += size) {
		uint32_t c = utf8_decode(s + i, n - i, &size);

		if (c == '\n')
			buf_add(out, " ");
		else if (strict && is_ambiguous(c))
			buf_add(out, stand_in(c));
		else
			buf_add_n(out, s + i, size);
	}
	return true;
}

void
draw_begin(void)
{
	werase(stdscr);
	cursor_set = false;
	curs_set(0);
	wmove(stdscr, term_rows() - 1, 0);
}

void
draw_cursor(int y, int x)
{
	cursor_y = y;
	cursor_x = x;
	cursor_set = true;
	curs_set(1);
	wmove(stdscr, y, x);
}

/* Longest line put as wide characters. */
#define WIDE_MAX 512

/* waddnstr asks the locale twice for every byte; we know that it is UTF-8. */
static void
put(int y, int x, const char *s, size_t n)
{
	static wchar_t wide[WIDE_MAX];
	size_t size, k = 0;

	for (size_t i = 0; i < n; i += size) {
		uint32_t c = utf8_decode(s + i, n - i, &size);

		if (k == WIDE_MAX || c < 0x20 || c == UTF8_BAD) {
			mvwaddnstr(stdscr, y, x, s, (int)n);
			return;
		}
		wide[k++] = (wchar_t)c;
	}
	mvwaddnwstr(stdscr, y, x, wide, (int)k);
}

int
draw_text_n(int y, int x, int columns, const char *s, size_t n, enum style style)
{
	struct buf other = BUF_MAX(n * 2 + 16);
	int used = 0;

	if (y < 0 || y >= term_rows() || x < 0 || columns <= 0 || x >= term_columns())
		return 0;
	if (columns > term_columns() - x)
		columns = term_columns() - x;
	if (prepare(s, n, &other)) {
		s = buf_str(&other);
		n = other.size;
	}
	n = utf8_fit(s, n, columns, &used);
	wattrset(stdscr, (int)attributes(style));
	if (n > 0)
		put(y, x, s, n);
	buf_clear(&other);
	if (cursor_set)
		wmove(stdscr, cursor_y, cursor_x);
	return used;
}

int
draw_text(int y, int x, int columns, const char *s, enum style style)
{
	return draw_text_n(y, x, columns, s, strlen(s), style);
}

int
draw_cut(int y, int x, int columns, const char *s, enum style style)
{
	size_t n = strlen(s);
	int used;

	if (columns < 4 || utf8_columns_n(s, n) <= columns)
		return draw_text_n(y, x, columns, s, n, style);
	n = utf8_fit(s, n, columns - 2, &used);
	draw_text_n(y, x, columns - 2, s, n, style);
	draw_text(y, x + used, 2, "..", style);
	return used + 2;
}

void
draw_right(int y, int x, int columns, const char *s, enum style style)
{
	int wide = draw_columns(s);

	if (wide < columns)
		draw_text(y, x + columns - wide, wide, s, style);
	else
		draw_text(y, x, columns, s, style);
}

int
draw_format(int y, int x, int columns, enum style style, const char *format, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	return draw_text(y, x, columns, line, style);
}

void
draw_fill(int y, int x, int columns, enum style style)
{
	bool bar = style == STYLE_BAR || style == STYLE_FOUND || style == STYLE_WORDS;
	attr_t seen = bar ? attributes(style) : A_NORMAL; /* nothing of the others is seen in a blank */

	if (y < 0 || y >= term_rows() || x < 0 || columns <= 0 || x >= term_columns())
		return;
	if (columns > term_columns() - x)
		columns = term_columns() - x;
	wattrset(stdscr, (int)seen);
	mvwhline(stdscr, y, x, (chtype)(' ' | seen), columns);
	if (cursor_set)
		wmove(stdscr, cursor_y, cursor_x);
}

void
draw_blank(struct area a)
{
	for (int i = 0; i < a.rows; i++)
		draw_fill(a.y + i, a.x, a.columns, STYLE_NORMAL);
}

void
draw_bar(int y, int x, int columns, const char *s)
{
	draw_fill(y, x, columns, STYLE_BAR);
	draw_cut(y, x, columns, s, STYLE_BAR);
}

int
draw_columns(const char *s)
{
	return utf8_columns(s);
}
