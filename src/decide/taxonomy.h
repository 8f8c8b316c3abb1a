/*
 * The tables of data/taxonomy/: event types, cue words that point to them, who leads, grading rules, near
 * misses, sensitive words, questions, substances, place words. Rows only; a county edits them without a compiler.
 */
#ifndef DECIDE_TAXONOMY_H
#define DECIDE_TAXONOMY_H

#include "decide/lexicon.h"
#include "decide/reading.h"
#include "decide/substance.h"

struct type_row {
	char *code, *name, *name_en;
	int depth;
};

/* Words (numbers of the lexicon) of one column of a row. */
struct words {
	uint32_t *item;
	size_t count, room;
};

/*
 * A cue: any of `any` in the text gives `weight` to the code, provided one of `with` stands there too (when there
 * are any) and none of `without`. scope 's': with and without are looked for in the same sentence; 'd': anywhere.
 */
struct cue_row {
	size_t type;
	double weight;
	char scope;
	struct words any, with, without;
};

struct lead_row {
	char *prefix, *lead, *helpers;
};

/* types: prefixes of codes separated by '|', empty for all. */
struct grade_row {
	char *id, *types, *metric, *clause;
	double low;          /* reached when the figure is >= low */
	enum grade grade;    /* GRADE_NONE: a near miss (较大涉险) */
};

struct sensitive_row {
	struct words any, with, without; /* with and without: in the same sentence */
	char *why;
	bool near_miss;      /* words that make it 较大涉险 rather than sensitive */
	char *types;
};

struct question_row {
	char *element, *types, *question;
	bool required;
	char *unless;        /* fact kinds, separated by '|': asked only when the text gives none of them */
	struct words words;  /* … nor one of these words */
};

struct taxonomy {
	struct type_row *type;
	size_t n_types, type_room;
	struct cue_row *cue;
	size_t n_cues, cue_room;
	struct lead_row *lead;
	size_t n_leads, lead_room;
	struct grade_row *grade;
	size_t n_grades, grade_room;
	struct sensitive_row *sensitive;
	size_t n_sensitive, sensitive_room;
	struct question_row *question;
	size_t n_questions, question_room;
	struct substances substances;
	struct place_words place_words;
};

/* Load all tables; cue words are entered into the lexicon. */
bool taxonomy_load(struct taxonomy *taxonomy, struct lexicon *lexicon, const char *dir, struct err *err)
    __attribute__((warn_unused_result));
void taxonomy_clear(struct taxonomy *taxonomy);
/* Row of a code, or -1. */
int taxonomy_type(const struct taxonomy *taxonomy, const char *code);
/* The name in the interface language. */
const char *taxonomy_name(const struct type_row *row);
/* Does the code begin with one of the prefixes of the list ('|' between them; an empty list holds all)? */
bool taxonomy_covers(const char *list, const char *code);
const struct lead_row *taxonomy_lead(const struct taxonomy *taxonomy, const char *code);

#endif
