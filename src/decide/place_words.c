/* The words from which addresses are made: data/taxonomy/place_words.tsv. */
#include "decide/address.h"

#include "decide/lexicon.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char *const role_names[PLACE_ROLES] = {"tail", "general", "side", "cut", "keep", "not",
    "org", "link", "name", "prep", "pred", "there", "quant"};

struct adding {
	struct place_words *words;
	enum place_role role;
};

static void
add_word(void *context, const char *text, size_t n)
{
	struct adding *adding = context;
	struct place_words *words = adding->words;

	mem_grow(&words->word, &words->room, words->count);
	words->word[words->count++] = (struct place_word){mem_dupn(text, n), adding->role};
}

static void
add_stops(struct place_words *words, const char *text)
{
	size_t n = strlen(text), at = 0, step;

	while (at < n) {
		uint32_t c = utf8_decode(text + at, n - at, &step);

		if (c < 0x10000)
			words->stop[c >> 3] |= (uint8_t)(1u << (c & 7));
		at += step;
	}
}

static bool
add_row(struct place_words *words, const char *role, const char *list)
{
	if (strcmp(role, "stop") == 0) {
		add_stops(words, list);
		return true;
	}
	for (int i = 0; i < PLACE_ROLES; i++)
		if (strcmp(role_names[i], role) == 0) {
			struct adding adding = {words, (enum place_role)i};

			lexicon_words(list, '|', add_word, &adding);
			return true;
		}
	return false;
}

bool
place_words_load(struct place_words *words, const char *path, struct err *err)
{
	struct tsv *t = tsv_open(path, err);
	int role, list;
	bool fine;

	memset(words, 0, sizeof(*words));
	if (!t)
		return false;
	words->stop = mem_zero(0x10000 / 8, 1);
	role = tsv_column(t, "role", true, err);
	list = tsv_column(t, "words", true, err);
	fine = role >= 0 && list >= 0;
	while (fine && tsv_next(t))
		if (!add_row(words, tsv_get(t, role), tsv_get(t, list)))
			fine = err_set(err, ERR_INPUT,
			    _("%s, line %ld: \"%s\" is no kind of place word"), path, tsv_line(t),
			    tsv_get(t, role));
	fine = tsv_close(t, err) && fine;
	if (!fine)
		place_words_clear(words);
	return fine;
}

void
place_words_clear(struct place_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i].text);
	free(words->word);
	free(words->stop);
	memset(words, 0, sizeof(*words));
}
