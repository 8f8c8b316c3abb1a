/*
 * Types from cue words. Each row of cues.tsv that fires gives its weight once, half as much again
 * when the word stands in the first two sentences (a caller, and a headline, say first what it is).
 * Scores become s / (s + 3), so that they lie in 0..1 and agree with how much evidence there is.
 */
#include "decide/judge.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define WHY_WORDS 6

struct tally {
	double score;
	uint32_t words[WHY_WORDS];
	size_t n_words;
};

static uint64_t
sentences_of(const struct scan *scan, const struct words *words)
{
	uint64_t in = 0;

	for (size_t i = 0; i < words->count; i++)
		in |= scan->in[words->item[i]];
	return in;
}

/* The sentences in which the row fires, 0: it does not. */
static uint64_t
fires(const struct scan *scan, const struct cue_row *row)
{
	uint64_t in = sentences_of(scan, &row->any), with, without;

	if (in == 0)
		return 0;
	if (row->with.count) {
		with = sentences_of(scan, &row->with);
		if (with == 0)
			return 0;
		if (row->scope == 's')
			in &= with;
	}
	if (row->without.count) {
		without = sentences_of(scan, &row->without);
		if (row->scope == 's')
			in &= ~without;
		else if (without)
			return 0;
	}
	return in;
}

static void
note_word(struct tally *tally, uint32_t word)
{
	for (size_t i = 0; i < tally->n_words; i++)
		if (tally->words[i] == word)
			return;
	if (tally->n_words < WHY_WORDS)
		tally->words[tally->n_words++] = word;
}

static void
count_row(const struct scan *scan, const struct cue_row *row, struct tally *tally)
{
	uint64_t in = fires(scan, row);

	if (in == 0)
		return;
	tally->score += row->weight * ((in & 3) ? 1.5 : 1.0);
	for (size_t i = 0; row->weight > 0 && i < row->any.count; i++)
		if (scan->in[row->any.item[i]] & in)
			note_word(tally, row->any.item[i]);
	for (size_t i = 0; row->weight > 0 && i < row->with.count; i++)
		if (scan->in[row->with.item[i]])
			note_word(tally, row->with.item[i]);
}

static bool
is_general(const char *code)
{
	return strcmp(code + 3, "99") == 0 || strcmp(code + 3, "00") == 0;
}

/* 火灾 alone says 其他火灾; once a particular fire of the class is named, the general code adds
 * nothing. */
static void
fold_general(const struct taxonomy *taxonomy, struct tally *tally)
{
	for (size_t i = 0; i < taxonomy->n_types; i++) {
		const char *code = taxonomy->type[i].code;
		size_t best = i;

		if (tally[i].score <= 0 || !is_general(code))
			continue;
		for (size_t k = 0; k < taxonomy->n_types; k++)
			if (k != i && strncmp(taxonomy->type[k].code, code, 3) == 0 &&
			    !is_general(taxonomy->type[k].code) && tally[k].score > 0 &&
			    (best == i || tally[k].score > tally[best].score))
				best = k;
		/* … unless the general one rests on more: 起火 near a 撞 is no burning wreck yet.
		 */
		if (best == i || tally[best].score < 0.75 * tally[i].score)
			continue;
		tally[best].score += tally[i].score;
		for (size_t k = 0; k < tally[i].n_words; k++)
			note_word(&tally[best], tally[i].words[k]);
		tally[i].score = 0;
	}
}

static char *
why_of(const struct lexicon *lexicon, const struct tally *tally)
{
	struct buf out = BUF_MAX(400);

	for (size_t i = 0; i < tally->n_words; i++) {
		const char *word = lexicon->cue[tally->words[i]];

		if (word[0] == '@') /* what the facts say has its own words there */
			continue;
		buf_add(&out, out.size ? "、" : "");
		buf_add(&out, word);
	}
	return buf_take(&out);
}

static void
rank(const struct taxonomy *taxonomy, const struct lexicon *lexicon, struct tally *tally,
    struct reading *out)
{
	double best = 0;

	out->types = mem_zero(TYPES_MAX, sizeof(*out->types));
	while (out->n_types < TYPES_MAX) {
		size_t top = taxonomy->n_types;

		for (size_t i = 0; i < taxonomy->n_types; i++)
			if (tally[i].score > 0 &&
			    (top == taxonomy->n_types || tally[i].score > tally[top].score))
				top = i;
		if (top == taxonomy->n_types || tally[top].score < 0.6 ||
		    tally[top].score < best * 0.2)
			break;
		if (best == 0)
			best = tally[top].score;
		out->types[out->n_types++] = (struct reading_type){taxonomy->type[top].code,
		    taxonomy_name(&taxonomy->type[top]), tally[top].score / (tally[top].score + 3),
		    why_of(lexicon, &tally[top])};
		tally[top].score = 0;
	}
}

void
judge_types(const struct scan *scan, const struct lexicon *lexicon, const struct taxonomy *taxonomy,
    struct reading *out)
{
	struct tally *tally = mem_zero(taxonomy->n_types + 1, sizeof(*tally));

	for (size_t i = 0; i < taxonomy->n_cues; i++)
		count_row(scan, &taxonomy->cue[i], &tally[taxonomy->cue[i].type]);
	fold_general(taxonomy, tally);
	rank(taxonomy, lexicon, tally, out);
	free(tally);
}
