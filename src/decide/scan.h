/*
 * One reading in progress: the text, the words of the lexicon that occur in it, the matches of the rules, and the
 * facts found so far. Kept in the reader and used again, so that a pause in an officer's typing
 * costs hardly an allocation.
 */
#ifndef DECIDE_SCAN_H
#define DECIDE_SCAN_H

#include "decide/address.h"
#include "decide/fact.h"
#include "decide/lexicon.h"
#include "decide/rule.h"
#include "decide/subject.h"

#define MENTIONS_MAX 20000
#define CANDIDATES_MAX 8000

/* A word of the lexicon in the text. */
struct mention {
	uint32_t entry;     /* of the lexicon */
	uint32_t start, end;
};

/* A match of a rule; offsets are of the whole text. */
struct candidate {
	const struct rule *rule;
	size_t order;       /* of the rule */
	struct rule_match match;
};

/* What a guarded span guards: any count, only counts of what happened to people, or times; or that
 * its counts are those of another event. */
enum guard { GUARD_COUNTS, GUARD_CASUALTIES, GUARD_TIMES, GUARD_BYGONE };

struct span {
	size_t start, end;
	enum guard guard;
};

/* What the place words say of each byte of the text (and of its end). */
enum {
	MARK_KEEP = 1,    /* may stand in a name although it is a stop character */
	MARK_CUT_END = 2, /* a word that ends right before here: no name reaches over it */
	MARK_NOT = 4,     /* part of a word that only looks like a tail */
	MARK_PREP_END = 16, /* a word that puts something at the name behind it ends right before here */
	MARK_QUANT_END = 64, /* 一家, 几所 end right before here */
	MARK_PRED = 32,   /* a word begins here that says something happens */
	MARK_ORG = 8      /* a word begins here that makes a unit of the name before it */
};

struct marks {
	uint8_t *flags;
	uint32_t *name_from; /* start of the longest known name that ends here, UINT32_MAX none */
	uint32_t *side_to;   /* end of the longest side word that begins here, 0 none */
	uint32_t *link_to;   /* end of the longest link that begins here, 0 none */
	size_t room;
};

struct scan {
	struct subject subject;
	int64_t received;
	struct mention *mention;
	size_t n_mentions, mention_room;
	struct mention *place_word; /* entry is the role (address.h) */
	size_t n_place_words, place_word_room;
	struct marks marks;
	struct addresses addresses;
	struct candidate *candidate;
	size_t n_candidates, candidate_room;
	struct span *guard;
	size_t n_guards, guard_room;
	struct fact_list facts;
	bool *ready;        /* for each rule: a word it needs is there */
	uint64_t *in;       /* for each cue word: bit i set when it stands in sentence i (63: and behind) */
	uint64_t *negated;  /* the same where 未, 无, 防 … stand right before it */
	uint32_t *hits;     /* for each cue word: how often */
};

/* Set up for a lexicon and a rule set; clear frees all it holds, the facts too. */
void scan_init(struct scan *scan, const struct lexicon *lexicon, const struct rules *rules);
void scan_clear(struct scan *scan);
/* Take a text: find its words, then run the rules that are ready. Facts are empty afterwards. */
void scan_run(struct scan *scan, const struct lexicon *lexicon, struct rules *rules, const char *text,
    size_t n, int64_t received);

/*
 * Where the headline ends, 0 when there is none: a short first line without a full stop, with a longer text below. It says
 * in brief what the text says; its places and times are left to the text.
 */
size_t scan_headline(const struct scan *scan);
/* The bytes a group of a candidate matched; *n gets their number, 0 when it did not match. */
const char *scan_group(const struct scan *scan, const struct candidate *c, enum group group, size_t *n);
bool scan_has(const struct candidate *c, enum group group);
/* Does [start, end) touch a guarded span? For GUARD_CASUALTIES those of all counts matter too. */
bool scan_guarded(const struct scan *scan, size_t start, size_t end, enum guard guard);
/* Is the text at `at` the word? */
bool scan_is(const struct scan *scan, size_t at, const char *word);

/* The finders: each turns candidates and mentions into facts. */
void counts_find(struct scan *scan);
void times_find(struct scan *scan);
/* Counts of other events, after counts and times: they stand aside. Trapped people that are out:
 * no longer trapped. */
void bygone_find(struct scan *scan);
void freed_find(struct scan *scan);
void measures_find(struct scan *scan);
void idents_find(struct scan *scan);
void places_find(struct scan *scan, const struct lexicon *lexicon, const struct place_words *words);
void substances_find(struct scan *scan, const struct lexicon *lexicon);

#endif
