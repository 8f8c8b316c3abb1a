/*
 * Judging what was read: type, grade, what is missing, a title. Pure functions of a scan's facts and words and of the
 * tables.
 */
#ifndef DECIDE_JUDGE_H
#define DECIDE_JUDGE_H

#include "decide/scan.h"
#include "decide/taxonomy.h"

#define TYPES_MAX 6

/* Ranked types into out->types. Needs the facts of the scan. */
void judge_types(const struct scan *scan, const struct lexicon *lexicon, const struct taxonomy *taxonomy,
    struct reading *out);
/* Grade by the figures alone. */
void judge_grade(const struct taxonomy *taxonomy, const char *code, const struct grade_figures *figures,
    struct grading *out);
/* Words that make it sensitive or a near miss, added to out->grading. Needs the types. */
void judge_words(const struct scan *scan, const struct lexicon *lexicon, const struct taxonomy *taxonomy,
    struct reading *out);
/* What a first report still lacks. Needs facts and types in `out`. */
void judge_gaps(const struct scan *scan, const struct taxonomy *taxonomy, struct reading *out);
/* A short title from place, substance and type. The caller frees; NULL when there is nothing to say. */
char *judge_title(const struct scan *scan, const struct taxonomy *taxonomy,
    const struct reading *reading);

#endif
