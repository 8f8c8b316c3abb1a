/* A command line cut into words. Offsets are kept, so that a completion knows what it replaces. */
#include "store/command_internal.h"
#include "store/words.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static uint32_t
char_at(const struct line *line, size_t at, size_t *size)
{
	return utf8_decode(line->text + at, line->size - at, size);
}

static bool
is_quote(uint32_t c)
{
	return c == '"' || c == 0x201c || c == 0x201d || c == 0xff02;
}

/* A narrow quote is closed by a narrow one; the round ones, often typed wrongly, by any round one.
 */
static bool
closes(uint32_t open, uint32_t c)
{
	return open == '"' ? c == '"' : c == 0x201c || c == 0x201d || c == 0xff02;
}

/* The end of the quoted text that begins behind the quote at `at`; *next gets where the word goes
 * on. */
static size_t
quoted_end(const struct line *line, size_t at, size_t *next)
{
	size_t size, i;
	uint32_t open = char_at(line, at, &size);

	for (i = at + size; i < line->size; i += size) {
		if (closes(open, char_at(line, i, &size))) {
			*next = i + size;
			return i;
		}
	}
	*next = line->size;
	return line->size;
}

static bool
is_name_char(uint32_t c)
{
	c = words_fold_char(c);
	return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 0x3400 && c <= 0x9fff);
}

bool
line_may_be_name(const char *label)
{
	size_t n = strlen(label), size;

	for (size_t i = 0; i < n; i += size)
		if (!is_name_char(utf8_decode(label + i, n - i, &size)))
			return false;
	return n > 0;
}

/* NAME= at the start of the word: where NAME ends, and behind '='. */
static bool
find_name(const struct line *line, size_t start, size_t *name_end, size_t *value_start)
{
	size_t size;

	for (size_t i = start; i < line->size; i += size) {
		uint32_t c = char_at(line, i, &size);

		if (words_fold_char(c) == '=' && i > start) {
			*name_end = i;
			*value_start = i + size;
			return true;
		}
		if (!is_name_char(c))
			return false;
	}
	return false;
}

static char *
fold(const char *text)
{
	size_t n = strlen(text);
	char *out = mem_alloc(n * 2 + 1); /* a letter may take one byte more when it is small */

	words_fold(text, n, out, n * 2 + 1);
	return out;
}

static void
take_word(struct line *line, struct line_word *word, size_t start, bool may_be_named)
{
	size_t at = start, size, text_start, text_end;

	*word = (struct line_word){.start = start, .value_start = start};
	if (may_be_named && find_name(line, start, &word->name_end, &word->value_start))
		at = word->value_start;
	if (at < line->size && is_quote(char_at(line, at, &size))) {
		word->quoted = true;
		text_start = at + size;
		text_end = quoted_end(line, at, &word->end);
	} else {
		text_start = at;
		while (at < line->size && !words_is_blank(char_at(line, at, &size)))
			at += size;
		text_end = word->end = at;
	}
	word->text = mem_dupn(line->text + text_start, text_end - text_start);
	word->fold = fold(word->text);
}

void
line_split(struct line *line, const char *text)
{
	size_t at = 0, size;

	line->text = text;
	line->size = strlen(text);
	line->n = 0;
	while (line->n < COMMAND_WORDS_MAX) {
		while (at < line->size) {
			uint32_t c = char_at(line, at, &size);

			if (!words_is_blank(c) && !(line->n == 0 && words_fold_char(c) == ':'))
				break;
			at += size;
		}
		if (at >= line->size)
			break;
		take_word(line, &line->words[line->n], at, line->n > 0); /* the first is a verb */
		at = line->words[line->n++].end;
	}
}

static void
word_clear(struct line_word *word)
{
	free(word->text);
	free(word->fold);
}

void
line_clear(struct line *line)
{
	for (size_t i = 0; i < line->n; i++)
		word_clear(&line->words[i]);
	line->n = 0;
}

void
line_cut_first(struct line *line, size_t bytes)
{
	struct line_word *first = &line->words[0];
	size_t end = first->end, middle = first->start + bytes;

	if (line->n == COMMAND_WORDS_MAX)
		return;
	memmove(first + 2, first + 1, (line->n - 1) * sizeof(*first));
	line->n++;
	take_word(line, &line->words[1], middle, true);
	line->words[1].end = end;
	first->text[bytes] = '\0';
	free(first->fold);
	first->fold = fold(first->text);
	first->end = middle;
}

void
line_word_name(const struct line *line, const struct line_word *word, char *out, size_t size)
{
	words_fold(line->text + word->start, word->name_end - word->start, out, size);
}

void
text_copy(char *out, size_t size, const char *text)
{
	size_t n = strlen(text), used = 0;

	while (used < n && utf8_next(text, n, used) < size)
		used = utf8_next(text, n, used);
	memcpy(out, text, used);
	out[used] = '\0';
}

void
line_quote(const char *word, char *out, size_t size)
{
	struct buf b = BUF_MAX(1024);
	size_t n = strlen(word), step;
	bool needs = n == 0;

	for (size_t i = 0; i < n; i += step) {
		uint32_t c = utf8_decode(word + i, n - i, &step);

		needs = needs || words_is_blank(c) || words_fold_char(c) == '=' || is_quote(c);
	}
	buf_printf(&b, needs ? "\"%s\"" : "%s", word);
	text_copy(out, size, buf_str(&b));
	buf_clear(&b);
}

bool
fold_begins(const char *word, const char *folded)
{
	char own[COMMAND_TYPED_MAX];

	words_fold(word, strlen(word), own, sizeof(own));
	return strncmp(own, folded, strlen(folded)) == 0;
}

bool
fold_equals(const char *word, const char *folded)
{
	char own[COMMAND_TYPED_MAX];

	words_fold(word, strlen(word), own, sizeof(own));
	return strcmp(own, folded) == 0;
}
