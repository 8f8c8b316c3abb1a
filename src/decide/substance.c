#include "decide/substance.h"

#include "decide/lexicon.h"
#include "decide/number.h"
#include "decide/scan.h"

#include "base/mem.h"
#include "base/tsv.h"

#include <stdlib.h>
#include <string.h>

static void
add_word(struct substances *s, const char *word, size_t n)
{
	mem_grow(&s->word, &s->word_room, s->n_words);
	s->word[s->n_words].text = mem_dupn(word, n);
	s->word[s->n_words++].substance = s->count - 1;
}

static void
add_alias(void *context, const char *word, size_t n)
{
	add_word(context, word, n);
}

bool
substances_load(struct substances *s, const char *path, struct err *err)
{
	struct tsv *t = tsv_open(path, err);
	int name, un, cas, class, words;
	bool fine;

	memset(s, 0, sizeof(*s));
	if (!t)
		return false;
	name = tsv_column(t, "name", true, err);
	un = tsv_column(t, "un", true, err);
	cas = tsv_column(t, "cas", true, err);
	class = tsv_column(t, "class", true, err);
	words = tsv_column(t, "words", true, err);
	fine = name >= 0 && un >= 0 && cas >= 0 && class >= 0 && words >= 0;
	while (fine && tsv_next(t)) {
		mem_grow(&s->item, &s->room, s->count);
		s->item[s->count++] = (struct substance){mem_dup(tsv_get(t, name)),
		    (int)strtol(tsv_get(t, un), NULL, 10), mem_dup(tsv_get(t, cas)),
		    mem_dup(tsv_get(t, class))};
		lexicon_words(tsv_get(t, words), '|', add_alias, s);
	}
	fine = tsv_close(t, err) && fine;
	if (!fine)
		substances_clear(s);
	return fine;
}

void
substances_clear(struct substances *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->item[i].name);
		free(s->item[i].cas);
		free(s->item[i].class);
	}
	for (size_t i = 0; i < s->n_words; i++)
		free(s->word[i].text);
	free(s->item);
	free(s->word);
	memset(s, 0, sizeof(*s));
}

const struct substance *
substances_by_un(const struct substances *s, int un)
{
	for (size_t i = 0; i < s->count; i++)
		if (un > 0 && s->item[i].un == un)
			return &s->item[i];
	return NULL;
}

const struct substance *
substances_by_cas(const struct substances *s, const char *cas, size_t n)
{
	for (size_t i = 0; i < s->count; i++)
		if (strncmp(s->item[i].cas, cas, n) == 0 && s->item[i].cas[n] == '\0')
			return &s->item[i];
	return NULL;
}

/* --- in a text -------------------------------------------------------------------------------- */

static void
add_substance(struct scan *scan, const struct substance *substance, int un, size_t start,
    size_t end, const char *rule)
{
	struct fact *fact =
	    fact_list_add(&scan->facts, &scan->subject, FACT_SUBSTANCE, start, end, rule);

	if (!fact)
		return;
	fact->un = substance ? substance->un : un;
	if (un)
		fact->un = un;
	if (fact->un)
		fact->norm = mem_print("UN%04d", fact->un);
	if (substance) {
		fact->name = mem_dup(substance->name);
		fact->cas = substance->cas[0] ? mem_dup(substance->cas) : NULL;
	}
}

/* The check digit of a CAS number 7664-41-7: digits weighted from the right. */
static bool
valid_cas(const char *s, size_t n)
{
	int sum = 0, weight = 1;

	if (n < 7)
		return false;
	for (size_t i = n - 2; i-- > 0;)
		if (s[i] != '-')
			sum += (s[i] - '0') * weight++;
	return sum % 10 == s[n - 1] - '0';
}

/* Tell the classifier: a chemical, a battery or household gas stands in this sentence. */
static void
note_class(
    struct scan *scan, const struct lexicon *lexicon, const struct substance *substance, size_t at)
{
	const char *class = substance->class;
	size_t sentence = subject_sentence(&scan->subject, at);
	uint32_t cue = strcmp(class, "battery") == 0	     ? lexicon->battery
		       : strcmp(class, "flammable_gas") == 0 ? lexicon->gas
							     : lexicon->chemical;

	if (strcmp(class, "other") != 0 && strcmp(class, "explosive") != 0)
		scan->in[cue] |= UINT64_C(1) << (sentence < 63 ? sentence : 63);
}

/* UN1005, UN号3480 and CAS numbers: rules of kind substance whose number group says which. */
static void
add_numbered(struct scan *scan, const struct lexicon *lexicon, const struct candidate *c)
{
	size_t n;
	const char *text = scan_group(scan, c, GROUP_N, &n);
	const struct substances *known = lexicon->substances;
	const struct substance *substance = NULL;
	int un = 0;

	if (memchr(text, '-', n)) {
		if (!valid_cas(text, n))
			return;
		substance = substances_by_cas(known, text, n);
	} else if (n > 0) {
		un = number_int(text, n);
		substance = substances_by_un(known, un);
	}
	add_substance(
	    scan, substance, un, c->match.start[GROUP_ALL], c->match.end[GROUP_ALL], c->rule->name);
}

/* Is mention i inside a longer one of a substance? */
static bool
covered(const struct scan *scan, const struct lexicon *lexicon, size_t i)
{
	const struct mention *m = &scan->mention[i];

	for (size_t k = 0; k < scan->n_mentions; k++) {
		const struct mention *o = &scan->mention[k];

		if (lexicon->entry[o->entry].kind != LEXICON_SUBSTANCE || k == i)
			continue;
		if (o->start <= m->start && o->end >= m->end &&
		    o->end - o->start > m->end - m->start)
			return true;
	}
	return false;
}

/* 苯 in 苯胺, 氢 in 氢气球: the character behind makes another word of it. */
static bool
part_of_word(const struct scan *scan, const struct mention *m)
{
	static const char *const tails[] = {
	    "路", "街", "镇", "村", "球", "弹", "站路", "系", "画", "漆工", "水平", "枪"};

	for (size_t i = 0; i < COUNT_OF(tails); i++)
		if (scan_is(scan, m->end, tails[i]))
			return true;
	return false;
}

void
substances_find(struct scan *scan, const struct lexicon *lexicon)
{
	const struct substances *known = lexicon->substances;

	for (size_t i = 0; i < scan->n_mentions; i++) {
		const struct mention *m = &scan->mention[i];
		const struct lexicon_entry *entry = &lexicon->entry[m->entry];
		const struct substance *substance;

		if (entry->kind != LEXICON_SUBSTANCE || covered(scan, lexicon, i) ||
		    part_of_word(scan, m))
			continue;
		substance = &known->item[known->word[entry->index].substance];
		note_class(scan, lexicon, substance, m->start);
		add_substance(scan, substance, 0, m->start, m->end, "substance.word");
	}
	for (size_t i = 0; i < scan->n_candidates; i++)
		if (scan->candidate[i].rule->kind == FACT_SUBSTANCE)
			add_numbered(scan, lexicon, &scan->candidate[i]);
}
