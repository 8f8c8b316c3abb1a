/*
 * Pinyin initials. The common reading of a character comes from a table (pinyin_table.c);
 * data/pinyin.tsv corrects words whose characters are read otherwise (重庆 cq). Characters outside
 * the table, rare in names, are asked of ICU, whose transliterator is only opened for them.
 */
#include "store/pinyin_table.h"
#include "store/search.h"

#include "base/mem.h"
#include "base/paths.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

struct correction {
	char *word, *initials; /* owned for the life of the process */
	size_t size;	       /* bytes of word */
};

static struct correction *corrections; /* sorted by word */
static size_t n_corrections;
static bool loaded;

static int
compare_words(const void *a, const void *b)
{
	const struct correction *x = a, *y = b;

	return strcmp(x->word, y->word);
}

/* One letter or digit for each character, or the row would shift the rest of a name. */
static bool
is_correction(const char *word, const char *initials)
{
	return *word && strlen(initials) == utf8_chars(word, strlen(word)) &&
	       strspn(initials, "abcdefghijklmnopqrstuvwxyz") == strlen(initials);
}

/* A missing or damaged file leaves the common readings: names are still found, by most of their
 * letters. */
static void
load_corrections(void)
{
	struct err err = ERR_NONE;
	char *path = paths_data_file("pinyin.tsv");
	struct tsv *t = tsv_open(path, &err);
	size_t room = 0;

	loaded = true;
	free(path);
	if (t) {
		int word = tsv_column(t, "word", true, &err);
		int initials = tsv_column(t, "initials", true, &err);

		while (tsv_next(t)) {
			if (!is_correction(tsv_get(t, word), tsv_get(t, initials)))
				continue;
			mem_grow(&corrections, &room, n_corrections);
			corrections[n_corrections++] =
			    (struct correction){mem_dup(tsv_get(t, word)),
				mem_dup(tsv_get(t, initials)), strlen(tsv_get(t, word))};
		}
		if (!tsv_close(t, &err))
			err_clear(&err);
	}
	err_clear(&err);
	if (n_corrections)
		qsort(corrections, n_corrections, sizeof(*corrections), compare_words);
}

/* The longest correction that text begins with, or NULL. */
static const struct correction *
find_correction(const char *text, size_t n)
{
	const struct correction *best = NULL;
	size_t low = 0, high = n_corrections, first;

	/* The first row that shares text's first character; all that do stand together. */
	first = utf8_next(text, n, 0);
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strncmp(corrections[middle].word, text, first) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n_corrections && strncmp(corrections[low].word, text, first) == 0; low++) {
		const struct correction *c = &corrections[low];

		if (c->size <= n && memcmp(c->word, text, c->size) == 0 &&
		    (!best || c->size > best->size))
			best = c;
	}
	return best;
}

static bool
is_rare_han(uint32_t c)
{
	return c == 0x3007 || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

/* ICU's reading, '\0' when it has none. */
static char
ask_icu(uint32_t c)
{
	static UTransliterator *reader;
	static bool tried;
	UErrorCode code = U_ZERO_ERROR;
	UChar text[64] = {0};
	int32_t size = 0, limit;

	if (!tried) {
		UChar id[40];

		tried = true;
		u_uastrcpy(id, "Han-Latin; Latin-ASCII; Lower");
		reader = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
	}
	if (!reader)
		return '\0';
	code = U_ZERO_ERROR;
	u_strFromUTF32(text, COUNT_OF(text), &size, (const UChar32 *)&c, 1, &code);
	limit = size;
	utrans_transUChars(reader, text, &size, COUNT_OF(text), 0, &limit, &code);
	return U_SUCCESS(code) && text[0] >= 'a' && text[0] <= 'z' ? (char)text[0] : '\0';
}

/* The last answers of ICU, by character: a name comes up again and again. */
static char
rare_initial(uint32_t c)
{
	static struct {
		uint32_t character;
		char letter;
	} cache[128];
	size_t slot = c % COUNT_OF(cache);

	if (cache[slot].character != c) {
		cache[slot].letter = ask_icu(c);
		cache[slot].character = c;
	}
	return cache[slot].letter;
}

static char
initial_of(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e) /* full-width forms */
		c -= 0xfee0;
	if (c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (char)c;
	if (c >= PINYIN_FIRST && c <= PINYIN_LAST) {
		char letter = pinyin_table[c - PINYIN_FIRST];

		return letter == '-' ? '\0' : letter;
	}
	return is_rare_han(c) ? rare_initial(c) : '\0';
}

void
pinyin_initials(const char *text, char *out, size_t size)
{
	size_t n = strlen(text), used = 0, step;

	if (size == 0)
		return;
	if (!loaded)
		load_corrections();
	for (size_t i = 0; i < n && used + 1 < size; i += step) {
		const struct correction *c = find_correction(text + i, n - i);
		char letter;

		if (c) {
			for (const char *p = c->initials; *p && used + 1 < size; p++)
				out[used++] = *p;
			step = c->size;
			continue;
		}
		letter = initial_of(utf8_decode(text + i, n - i, &step));
		if (letter)
			out[used++] = letter;
	}
	out[used] = '\0';
}

int
pinyin_match(const char *initials, const char *typed)
{
	char letters[64];

	pinyin_initials(typed, letters, sizeof(letters)); /* lower case, narrow */
	if (!letters[0])
		return 0;
	if (strcmp(initials, letters) == 0)
		return 3;
	if (strncmp(initials, letters, strlen(letters)) == 0)
		return 2;
	return strstr(initials, letters) ? 1 : 0;
}
