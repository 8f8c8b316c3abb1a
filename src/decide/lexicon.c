#include "decide/lexicon.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
lexicon_init(struct lexicon *lexicon)
{
	memset(lexicon, 0, sizeof(*lexicon));
	lexicon->automaton = automaton_new();
	lexicon->chemical = lexicon_cue(lexicon, "@chemical", 9);
	lexicon->battery = lexicon_cue(lexicon, "@battery", 8);
	lexicon->gas = lexicon_cue(lexicon, "@gas", 4);
}

void
lexicon_clear(struct lexicon *lexicon)
{
	automaton_free(lexicon->automaton);
	for (size_t i = 0; i < lexicon->n_cues; i++)
		free(lexicon->cue[i]);
	free(lexicon->cue);
	free(lexicon->entry);
	memset(lexicon, 0, sizeof(*lexicon));
}

static void
add_word(struct lexicon *lexicon, const char *word, enum lexicon_kind kind, uint32_t index)
{
	mem_grow(&lexicon->entry, &lexicon->entry_room, lexicon->n_entries);
	automaton_add(lexicon->automaton, word, (uint32_t)lexicon->n_entries);
	lexicon->entry[lexicon->n_entries++] = (struct lexicon_entry){kind, index};
}

uint32_t
lexicon_cue(struct lexicon *lexicon, const char *word, size_t n)
{
	for (size_t i = 0; i < lexicon->n_cues; i++)
		if (strncmp(lexicon->cue[i], word, n) == 0 && lexicon->cue[i][n] == '\0')
			return (uint32_t)i;
	mem_grow(&lexicon->cue, &lexicon->cue_room, lexicon->n_cues);
	lexicon->cue[lexicon->n_cues] = mem_dupn(word, n);
	add_word(lexicon, lexicon->cue[lexicon->n_cues], LEXICON_CUE, (uint32_t)lexicon->n_cues);
	return (uint32_t)lexicon->n_cues++;
}

void
lexicon_add_gazetteer(struct lexicon *lexicon, const struct gazetteer *gazetteer)
{
	lexicon->gazetteer = gazetteer;
	for (size_t i = 0; gazetteer && i < gazetteer_count(gazetteer); i++)
		add_word(lexicon, gazetteer_at(gazetteer, i)->word, LEXICON_NAME, (uint32_t)i);
}

void
lexicon_add_substances(struct lexicon *lexicon, const struct substances *substances)
{
	lexicon->substances = substances;
	for (size_t i = 0; i < substances->n_words; i++)
		add_word(lexicon, substances->word[i].text, LEXICON_SUBSTANCE, (uint32_t)i);
}

void
lexicon_add_place_words(struct lexicon *lexicon, const struct place_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		add_word(
		    lexicon, words->word[i].text, LEXICON_PLACE, (uint32_t)words->word[i].role);
}

struct need {
	struct lexicon *lexicon;
	uint32_t rule;
};

static void
add_need(void *context, const char *word, size_t n)
{
	struct need *need = context;
	char *copy = mem_dupn(word, n);

	add_word(need->lexicon, copy, LEXICON_NEED, need->rule);
	free(copy);
}

void
lexicon_add_needs(struct lexicon *lexicon, const struct rules *rules)
{
	for (size_t i = 0; i < rules_count(rules); i++) {
		struct need need = {lexicon, (uint32_t)i};

		lexicon_words(rules_at(rules, i)->need, '|', add_need, &need);
	}
}

void
lexicon_build(struct lexicon *lexicon)
{
	automaton_build(lexicon->automaton);
}

void
lexicon_words(const char *list, char separator, lexicon_word_fn use, void *context)
{
	while (*list) {
		const char *end = strchr(list, separator);
		size_t n = end ? (size_t)(end - list) : strlen(list);

		if (n > 0)
			use(context, list, n);
		list += end ? n + 1 : n;
	}
}
