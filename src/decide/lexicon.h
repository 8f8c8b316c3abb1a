/*
 * Every word the reader knows, in one automaton: names of the county (gazetteer), substances, cue words of
 * the event types, words that rules need, sensitive words. One pass over a text finds them all.
 */
#ifndef DECIDE_LEXICON_H
#define DECIDE_LEXICON_H

#include "decide/address.h"
#include "decide/automaton.h"
#include "decide/gazetteer.h"
#include "decide/rule.h"
#include "decide/substance.h"

enum lexicon_kind { LEXICON_NAME, LEXICON_SUBSTANCE, LEXICON_CUE, LEXICON_NEED, LEXICON_PLACE };

struct lexicon_entry {
	enum lexicon_kind kind;
	uint32_t index; /* of the gazetteer's names, of the substances' names, the cue word's number, the rule, the role */
};

struct lexicon {
	struct automaton *automaton;
	struct lexicon_entry *entry;
	size_t n_entries, entry_room;
	/* Cue words: each different word has one number. */
	char **cue;
	size_t n_cues, cue_room;
	/* Not words but what the facts say: @chemical, @battery, @gas (see substances_find). */
	uint32_t chemical, battery, gas;
	const struct gazetteer *gazetteer;  /* not owned, may be NULL */
	const struct substances *substances; /* not owned */
};

void lexicon_init(struct lexicon *lexicon);
void lexicon_clear(struct lexicon *lexicon);
/* The number of a cue word, added when new. Before lexicon_build only. */
uint32_t lexicon_cue(struct lexicon *lexicon, const char *word, size_t n);
void lexicon_add_gazetteer(struct lexicon *lexicon, const struct gazetteer *gazetteer);
void lexicon_add_substances(struct lexicon *lexicon, const struct substances *substances);
void lexicon_add_needs(struct lexicon *lexicon, const struct rules *rules);
void lexicon_add_place_words(struct lexicon *lexicon, const struct place_words *words);
void lexicon_build(struct lexicon *lexicon);

/* Cut `list` at '|' (or another separator) and call `use` for each piece that is not empty. */
typedef void (*lexicon_word_fn)(void *context, const char *word, size_t n);
void lexicon_words(const char *list, char separator, lexicon_word_fn use, void *context);

#endif
