#include "decide/subject.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* The uniform form of one character. Never longer in UTF-8 than what came in. */
static uint32_t
uniform(uint32_t c)
{
	if (c >= 0xFF10 && c <= 0xFF5A && c != 0xFF1A && c != 0xFF1B && c != 0xFF1F)
		return c - 0xFEE0; /* full-width digits and letters, not ：；？ */
	switch (c) {
	case UTF8_BAD:
		return '#';
	case 0x3000:
	case 0xA0:
	case '\t':
	case '\r':
		return ' ';
	case 0x25CB:
	case 0x3007: /* ○ and 〇 in dates */
		return 0x3007;
	case 0xFF0E:
	case 0xFE52:
		return '.';
	case 0xFF0B:
		return '+';
	case 0xFF0D:
	case 0x2212:
	case 0x2010:
	case 0x2011:
	case 0x2013:
		return '-';
	case 0xFF05:
		return '%';
	case 0x4EBF:
		return c;
	default:
		return c < 0x20 && c != '\n' ? '#' : c;
	}
}

static bool
ends_sentence(uint32_t c)
{
	return c == 0x3002 || c == 0xFF01 || c == '!' || c == 0xFF1F || c == '?' || c == '\n' ||
	       c == 0xFF1B || c == ';';
}

static void
reserve(uint32_t **array, size_t *room, size_t wanted)
{
	if (*room >= wanted)
		return;
	*room = wanted + wanted / 2;
	*array = mem_resize(*array, *room, sizeof(**array));
}

static void
add_sentence(struct subject *subject, size_t at)
{
	reserve(&subject->sentence, &subject->sentence_room, subject->n_sentences + 2);
	subject->sentence[subject->n_sentences++] = (uint32_t)at;
}

void
subject_set(struct subject *subject, const char *s, size_t n)
{
	size_t at = 0, size = 0, chars = 0;
	bool begins = true;

	if (subject->text_room < n + 4) {
		subject->text_room = n + n / 2 + 4;
		subject->text = mem_resize(subject->text, subject->text_room, 1);
	}
	reserve(&subject->char_at, &subject->char_room, n + 1);
	reserve(&subject->source_at, &subject->source_room, n + 1);
	subject->source = s;
	subject->n_sentences = 0;
	while (at < n) {
		size_t step, wide;
		uint32_t c = uniform(utf8_decode(s + at, n - at, &step));

		if (begins)
			add_sentence(subject, size);
		begins = ends_sentence(c);
		wide = utf8_encode(c, subject->text + size);
		for (size_t i = 0; i < wide; i++)
			subject->char_at[size + i] = (uint32_t)chars;
		subject->source_at[chars++] = (uint32_t)at;
		size += wide;
		at += step;
	}
	subject->text[size] = '\0';
	subject->size = size;
	subject->chars = chars;
	subject->char_at[size] = (uint32_t)chars;
	subject->source_at[chars] = (uint32_t)n;
	if (subject->n_sentences == 0)
		add_sentence(subject, 0);
	subject->sentence[subject->n_sentences] = (uint32_t)size;
}

void
subject_clear(struct subject *subject)
{
	free(subject->text);
	free(subject->char_at);
	free(subject->source_at);
	free(subject->sentence);
	memset(subject, 0, sizeof(*subject));
}

size_t
subject_sentence(const struct subject *subject, size_t at)
{
	size_t low = 0, high = subject->n_sentences;

	while (low + 1 < high) {
		size_t middle = (low + high) / 2;

		if (subject->sentence[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t
subject_byte(const struct subject *subject, size_t index)
{
	size_t low = 0, high = subject->size;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (subject->char_at[mid] < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
