/*
 * Breaking text into screen lines, as Chinese is set (kinsoku): a line never begins with closing
 * punctuation or a measure, never ends with an opening bracket; words and numbers of the Latin
 * script stay whole unless they are longer than a line.
 *
 *	struct text_lines l = { 0 };
 *	text_wrap(s, n, columns, &l);
 *	for (size_t i = 0; i < l.n; i++) draw_text_n(y + i, x, columns, s + l.items[i].start, l.items[i].end - l.items[i].start, …);
 *	text_lines_clear(&l);
 */
#ifndef UI_TEXT_H
#define UI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text_line {
	size_t start, end; /* bytes; the line feed or the blank it broke at lies behind `end` */
};
struct text_lines {
	struct text_line *items; /* owned */
	size_t n, room;
};

/*
 * Replaces what stood in `out`. An empty text gives one empty line; a text ending in a line feed an
 * empty last one.
 */
void text_wrap(const char *s, size_t n, int columns, struct text_lines *out);
void text_lines_clear(struct text_lines *l);
/* The screen line that byte `at` stands on (at a break: the later line). */
size_t text_line_of(const struct text_lines *l, size_t at);

/* May a line break stand between these two characters? */
bool text_may_break(unsigned before, unsigned after);
/* A letter or digit of a Latin-script word. */
bool text_is_word(unsigned c);
bool text_is_cjk(unsigned c);

/* First place of `words` in s at or behind `from`, ignoring ASCII case; n when there is none. */
size_t text_find(const char *s, size_t n, const char *words, size_t from);

/* As snprintf, cut at a character where it does not fit (utf8_copy for a plain text). Gives out. */
char *cut_format(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
