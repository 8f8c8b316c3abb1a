/*
 * Rules see the text in pieces of at most RULE_SUBJECT_MAX bytes, cut behind a sentence: no pattern
 * can spend time on more than that, and no fact reaches over a sentence's end anyway.
 */
#include "decide/scan.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

void
scan_init(struct scan *scan, const struct lexicon *lexicon, const struct rules *rules)
{
	memset(scan, 0, sizeof(*scan));
	scan->ready = mem_zero(rules_count(rules) + 1, sizeof(*scan->ready));
	scan->in = mem_zero(lexicon->n_cues + 1, sizeof(*scan->in));
	scan->negated = mem_zero(lexicon->n_cues + 1, sizeof(*scan->negated));
	scan->hits = mem_zero(lexicon->n_cues + 1, sizeof(*scan->hits));
}

void
scan_clear(struct scan *scan)
{
	subject_clear(&scan->subject);
	for (size_t i = 0; i < scan->facts.count; i++)
		fact_clear(&scan->facts.item[i]);
	free(scan->facts.item);
	free(scan->mention);
	free(scan->candidate);
	free(scan->guard);
	free(scan->ready);
	free(scan->in);
	free(scan->negated);
	free(scan->hits);
	memset(scan, 0, sizeof(*scan));
}

const char *
scan_group(const struct scan *scan, const struct candidate *c, enum group group, size_t *n)
{
	*n = c->match.end[group] - c->match.start[group];
	return scan->subject.text + c->match.start[group];
}

bool
scan_has(const struct candidate *c, enum group group)
{
	return c->match.end[group] > c->match.start[group];
}

bool
scan_guarded(const struct scan *scan, size_t start, size_t end)
{
	for (size_t i = 0; i < scan->n_guards; i++)
		if (start < scan->guard[i].end && end > scan->guard[i].start)
			return true;
	return false;
}

bool
scan_is(const struct scan *scan, size_t at, const char *word)
{
	return at <= scan->subject.size &&
	       strncmp(scan->subject.text + at, word, strlen(word)) == 0;
}

/* --- words ------------------------------------------------------------------------------------ */

struct hits {
	struct scan *scan;
	const struct lexicon *lexicon;
	size_t sentence; /* hits come in order of their end: the sentence only moves on */
};

/* 未发生火灾, 防止爆炸, 无泄漏: the word is there, the thing is not. */
static bool
denied(const struct subject *subject, size_t start)
{
	static const char *const words[] = {"未", "无", "没有", "没", "未发生", "未造成", "未发现",
	    "防止", "防范", "避免", "以防", "预防", "谨防", "严防", "排除", "不是", "并非", "未见",
	    "暂无", "尚无", "杜绝", "没发生", "没有发生"};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t n = strlen(words[i]);

		if (start >= n && memcmp(subject->text + start - n, words[i], n) == 0)
			return true;
	}
	return false;
}

static void
take_cue(struct hits *h, uint32_t cue, size_t start)
{
	const struct subject *subject = &h->scan->subject;
	uint64_t bit;

	while (
	    h->sentence + 1 < subject->n_sentences && subject->sentence[h->sentence + 1] <= start)
		h->sentence++;
	bit = UINT64_C(1) << (h->sentence < 63 ? h->sentence : 63);
	if (denied(subject, start)) {
		h->scan->negated[cue] |= bit;
	} else {
		h->scan->in[cue] |= bit;
		h->scan->hits[cue]++;
	}
}

static void
take_hit(void *context, uint32_t number, size_t start, size_t end)
{
	struct hits *h = context;
	const struct lexicon_entry *entry = &h->lexicon->entry[number];
	struct scan *scan = h->scan;

	switch (entry->kind) {
	case LEXICON_NEED:
		scan->ready[entry->index] = true;
		break;
	case LEXICON_CUE:
		take_cue(h, entry->index, start);
		break;
	case LEXICON_NAME:
	case LEXICON_SUBSTANCE:
		if (scan->n_mentions >= MENTIONS_MAX)
			break;
		mem_grow(&scan->mention, &scan->mention_room, scan->n_mentions);
		scan->mention[scan->n_mentions++] =
		    (struct mention){number, (uint32_t)start, (uint32_t)end};
		break;
	}
}

/* --- rules ------------------------------------------------------------------------------------ */

/* Where the piece that begins at `from` ends: behind a sentence if one ends in reach, else at a
 * character. */
static size_t
piece_end(const struct subject *subject, size_t from)
{
	size_t end = from + RULE_SUBJECT_MAX, sentence;

	if (end >= subject->size)
		return subject->size;
	sentence = subject->sentence[subject_sentence(subject, end)];
	if (sentence > from)
		return sentence;
	while (end > from && ((unsigned char)subject->text[end] & 0xC0) == 0x80)
		end--;
	return end;
}

static void
add_candidate(struct scan *scan, const struct rule *rule, size_t order,
    const struct rule_match *match, size_t base)
{
	struct candidate *c;

	if (rule->kind == RULE_GUARD) {
		mem_grow(&scan->guard, &scan->guard_room, scan->n_guards);
		scan->guard[scan->n_guards++] =
		    (struct span){base + match->start[GROUP_ALL], base + match->end[GROUP_ALL]};
		return;
	}
	mem_grow(&scan->candidate, &scan->candidate_room, scan->n_candidates);
	c = &scan->candidate[scan->n_candidates++];
	c->rule = rule;
	c->order = order;
	for (int g = 0; g < GROUPS; g++) {
		c->match.start[g] = base + match->start[g];
		c->match.end[g] = base + match->end[g];
	}
}

static void
run_rule(struct scan *scan, struct rules *rules, size_t i, size_t base, size_t size)
{
	const char *text = scan->subject.text + base;
	struct rule_match match;
	size_t from = 0;

	while (scan->n_candidates + scan->n_guards < CANDIDATES_MAX &&
	       rules_match(rules, i, text, size, from, &match)) {
		add_candidate(scan, rules_at(rules, i), i, &match, base);
		from = match.end[GROUP_ALL] > from ? match.end[GROUP_ALL]
						   : utf8_next(text, size, from);
	}
}

void
scan_run(struct scan *scan, const struct lexicon *lexicon, struct rules *rules, const char *text,
    size_t n, int64_t received)
{
	struct hits hits = {scan, lexicon, 0};
	size_t base = 0;

	subject_set(&scan->subject, text, n);
	scan->received = received;
	scan->n_mentions = scan->n_candidates = scan->n_guards = 0;
	memset(scan->in, 0, lexicon->n_cues * sizeof(*scan->in));
	memset(scan->negated, 0, lexicon->n_cues * sizeof(*scan->negated));
	memset(scan->hits, 0, lexicon->n_cues * sizeof(*scan->hits));
	for (size_t i = 0; i < rules_count(rules); i++)
		scan->ready[i] = rules_at(rules, i)->need[0] == '\0';
	automaton_scan(lexicon->automaton, scan->subject.text, scan->subject.size, take_hit, &hits);
	while (base < scan->subject.size) {
		size_t end = piece_end(&scan->subject, base);

		for (size_t i = 0; i < rules_count(rules); i++)
			if (scan->ready[i])
				run_rule(scan, rules, i, base, end - base);
		base = end;
	}
}
