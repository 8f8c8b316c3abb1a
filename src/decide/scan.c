/*
 * Rules see the text in pieces of at most PATTERN_SUBJECT_MAX bytes, cut behind a sentence: no
 * pattern can spend time on more than that, and no fact reaches over a sentence's end anyway.
 */
#include "decide/scan.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define HEADLINE_CHARS 48
#define BODY_CHARS 50

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
	free(scan->place_word);
	free(scan->marks.flags);
	free(scan->marks.name_from);
	free(scan->marks.side_to);
	free(scan->marks.link_to);
	free(scan->addresses.item);
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
scan_guarded(const struct scan *scan, size_t start, size_t end, enum guard guard)
{
	for (size_t i = 0; i < scan->n_guards; i++)
		if (start < scan->guard[i].end && end > scan->guard[i].start &&
		    (scan->guard[i].guard == guard ||
			(guard == GUARD_CASUALTIES && scan->guard[i].guard == GUARD_COUNTS)))
			return true;
	return false;
}

bool
scan_is(const struct scan *scan, size_t at, const char *word)
{
	return at <= scan->subject.size &&
	       strncmp(scan->subject.text + at, word, strlen(word)) == 0;
}

static bool
has_comma(const struct scan *scan, size_t end)
{
	for (size_t at = 0; at < end; at++)
		if (scan_is(scan, at, "，") || scan->subject.text[at] == ',')
			return true;
	return false;
}

/* Of the pairs of characters in [0, end), is at least half said again in the text [below, size)? */
static bool
is_said_again(const struct scan *scan, size_t end, size_t below)
{
	const struct subject *subject = &scan->subject;
	size_t pairs = 0, again = 0;

	for (size_t at = 0; at < end;) {
		size_t next = utf8_next(subject->text, end, at), to;

		if (next >= end)
			break;
		to = utf8_next(subject->text, end, next);
		if ((unsigned char)subject->text[at] >= 0xE4 &&
		    (unsigned char)subject->text[next] >= 0xE4 &&
		    (unsigned char)subject->text[next] < 0xEF) {
			pairs++;
			again += memmem(subject->text + below, subject->size - below,
				     subject->text + at, to - at) != NULL;
		}
		at = next;
	}
	return pairs >= 4 && 2 * again >= pairs;
}

/*
 * A headline is one short sentence that stands alone above running text. What an officer notes line
 * by line has no headline: there the first line is short too, but so are the others, or it has
 * commas and the lines below say something else.
 */
size_t
scan_headline(const struct scan *scan)
{
	const struct subject *subject = &scan->subject;
	const char *line = memchr(subject->text, '\n', subject->size), *next;
	size_t end = line ? (size_t)(line - subject->text) : 0, chars = subject->char_at[end],
	       below;

	if (end == 0 || chars > HEADLINE_CHARS || subject_sentence(subject, end) != 0)
		return 0;
	next = memchr(line + 1, '\n', subject->size - end - 1);
	below = subject->char_at[next ? (size_t)(next - subject->text) : subject->size] - chars;
	if (below < BODY_CHARS || below < 2 * chars || !memmem(line, subject->size - end, "。", 3))
		return 0;
	return has_comma(scan, end) && !is_said_again(scan, end, end) ? 0 : end;
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
	    "暂无", "尚无", "杜绝", "没发生", "没车", "没有车", "无车", "没人", "没有发生"};

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
mark(struct marks *m, size_t start, size_t end, enum place_role role)
{
	switch (role) {
	case PLACE_KEEP:
	case PLACE_NOT:
		for (size_t at = start; at < end; at++)
			m->flags[at] |= role == PLACE_KEEP ? MARK_KEEP : MARK_NOT;
		break;
	case PLACE_CUT:
		m->flags[end] |= MARK_CUT_END;
		break;
	case PLACE_ORG:
		m->flags[start] |= MARK_ORG;
		break;
	case PLACE_QUANT:
		m->flags[end] |= MARK_CUT_END | MARK_QUANT_END;
		if (m->link_to[start] < end)
			m->link_to[start] = (uint32_t)end;
		break;
	case PLACE_PREP:
		m->flags[end] |= MARK_PREP_END;
		break;
	case PLACE_PRED:
		m->flags[start] |= MARK_PRED;
		break;
	case PLACE_SIDE:
		if (m->side_to[start] < end)
			m->side_to[start] = (uint32_t)end;
		break;
	case PLACE_LINK:
		if (m->link_to[start] < end)
			m->link_to[start] = (uint32_t)end;
		break;
	case PLACE_NAME:
		if (m->name_from[end] > start)
			m->name_from[end] = (uint32_t)start;
		break;
	default:
		break;
	}
}

static void
clear_marks(struct marks *m, size_t size)
{
	if (m->room < size + 1) {
		m->room = size + size / 2 + 1;
		m->flags = mem_resize(m->flags, m->room, sizeof(*m->flags));
		m->name_from = mem_resize(m->name_from, m->room, sizeof(*m->name_from));
		m->side_to = mem_resize(m->side_to, m->room, sizeof(*m->side_to));
		m->link_to = mem_resize(m->link_to, m->room, sizeof(*m->link_to));
	}
	memset(m->flags, 0, (size + 1) * sizeof(*m->flags));
	memset(m->name_from, 0xFF, (size + 1) * sizeof(*m->name_from));
	memset(m->side_to, 0, (size + 1) * sizeof(*m->side_to));
	memset(m->link_to, 0, (size + 1) * sizeof(*m->link_to));
}

static void
take_place_word(struct scan *scan, enum place_role role, size_t start, size_t end)
{
	mark(&scan->marks, start, end, role);
	if ((role != PLACE_TAIL && role != PLACE_NAME && role != PLACE_GENERAL &&
		role != PLACE_THERE) ||
	    scan->n_place_words >= MENTIONS_MAX)
		return;
	mem_grow(&scan->place_word, &scan->place_word_room, scan->n_place_words);
	scan->place_word[scan->n_place_words++] =
	    (struct mention){(uint32_t)role, (uint32_t)start, (uint32_t)end};
}

static void
add_mention(struct scan *scan, uint32_t number, size_t start, size_t end)
{
	if (scan->n_mentions >= MENTIONS_MAX)
		return;
	mem_grow(&scan->mention, &scan->mention_room, scan->n_mentions);
	scan->mention[scan->n_mentions++] =
	    (struct mention){number, (uint32_t)start, (uint32_t)end};
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
	case LEXICON_PLACE:
		take_place_word(scan, (enum place_role)entry->index, start, end);
		break;
	case LEXICON_NAME:
		mark(&scan->marks, start, end, PLACE_NAME);
		add_mention(scan, number, start, end);
		break;
	case LEXICON_SUBSTANCE:
		add_mention(scan, number, start, end);
		break;
	}
}

/* --- rules ------------------------------------------------------------------------------------ */

/* Where the piece that begins at `from` ends: behind a sentence if one ends in reach, else at a
 * character. */
static size_t
piece_end(const struct subject *subject, size_t from)
{
	size_t end = from + PATTERN_SUBJECT_MAX, sentence;

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
		    (struct span){base + match->start[GROUP_ALL], base + match->end[GROUP_ALL],
			rule->times	   ? GUARD_TIMES
			: rule->bygone	   ? GUARD_BYGONE
			: rule->casualties ? GUARD_CASUALTIES
					   : GUARD_COUNTS};
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

/* How callers talk is not looked for below a headline: a written report gives its figures plainly. */
static void
leave_spoken(struct scan *scan, const struct rules *rules)
{
	if (scan_headline(scan) == 0)
		return;
	for (size_t i = 0; i < rules_count(rules); i++)
		if (rules_at(rules, i)->spoken)
			scan->ready[i] = false;
}

void
scan_run(struct scan *scan, const struct lexicon *lexicon, struct rules *rules, const char *text,
    size_t n, int64_t received)
{
	struct hits hits = {scan, lexicon, 0};
	size_t base = 0;

	subject_set(&scan->subject, text, n);
	scan->received = received;
	scan->n_mentions = scan->n_candidates = scan->n_guards = scan->n_place_words = 0;
	clear_marks(&scan->marks, scan->subject.size);
	memset(scan->in, 0, lexicon->n_cues * sizeof(*scan->in));
	memset(scan->negated, 0, lexicon->n_cues * sizeof(*scan->negated));
	memset(scan->hits, 0, lexicon->n_cues * sizeof(*scan->hits));
	for (size_t i = 0; i < rules_count(rules); i++)
		scan->ready[i] = rules_at(rules, i)->need[0] == '\0';
	automaton_scan(lexicon->automaton, scan->subject.text, scan->subject.size, take_hit, &hits);
	leave_spoken(scan, rules);
	while (base < scan->subject.size) {
		size_t end = piece_end(&scan->subject, base);

		for (size_t i = 0; i < rules_count(rules); i++)
			if (scan->ready[i])
				run_rule(scan, rules, i, base, end - base);
		base = end;
	}
}
