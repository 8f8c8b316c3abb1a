/*
 * The reading rules of data/rules/: one PCRE2 pattern a row, so that a county can add one without a compiler.
 *
 * Columns: rule (its name), kind, need, options, pattern. Kinds:
 *   define   a piece of pattern for use as {NAME} in the rows behind it (files are read in order of name);
 *   guard    numbers in such a span are no counts (ages, dates, distances, figures of another event);
 *   a fact kind (dead, time, place …)  see reading.h.
 * need: words separated by '|'; the rule is tried only on texts that hold one of them (empty: always).
 * options, separated by blanks: value=N (a count without a number), negated, aside, bound=about|at_least|at_most,
 *   unit=t, scale=X (amount is multiplied), also=KIND (a second fact of the same span), name=TEXT (normal form),
 *   weak (a count that speaks only when no plain rule of its kind does), spoken (how callers talk: not tried on a text
 *   with a headline), freed (of kind trapped or missing: so many, n or value,
 *   are so no more; neither: all of them),
 *   self (the number's words need not be shared with a verb), casualties (a guard: only for what
 *   happened to people, not for people threatened or moved), times (a guard: for times only),
 *   bygone (a guard: counts in it are another event's and stand aside).
 * Named groups a pattern may use: n number, v verb, b and q bound words before and behind, u unit,
 *   t the span to report (default: the whole match), and for times y mo d rel part h mi s half about ago, u for a weekday.
 *
 * Every rule is compiled with JIT and tried on hostile texts before it is taken; those that did not come with the program also
 * on 2,000 narratives (trial.h), 4 ms a rule. While reading, a match limit stops it, and a rule that hits its limit three times is suspended and named in the warnings. Subjects are cut
 * at PATTERN_SUBJECT_MAX.
 */
#ifndef DECIDE_RULE_H
#define DECIDE_RULE_H

#include "base/err.h"
#include "decide/pattern.h"
#include "decide/reading.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULE_GUARD FACT_KINDS /* a kind of its own behind the fact kinds */

struct rule {
	char *name;
	int kind;              /* enum fact_kind, or RULE_GUARD */
	char *need;            /* words separated by '|', may be empty */
	bool has_value, negated, aside, weak, spoken, self, casualties, times, bygone, freed;
	int64_t value;
	double scale;
	const char *unit;      /* owned by the rule set */
	const char *norm;      /* owned by the rule set, may be NULL */
	enum fact_bound bound;
	int also;              /* a fact kind, or -1 */
};

struct rules;

/* Load all *.tsv of a directory, in order of name. Bad rules are left out and named in rules_warning. */
struct rules *rules_load(const char *dir, struct err *err) __attribute__((warn_unused_result));
void rules_free(struct rules *rules);
size_t rules_count(const struct rules *rules);
const struct rule *rules_at(const struct rules *rules, size_t i);
const char *rules_warning(const struct rules *rules, size_t i);

/* What rule i takes of a narrative of the trial, as pattern_mean() tells it. */
struct trial;
double rules_mean(struct rules *rules, size_t i, const struct trial *trial);

/*
 * The next match of rule i in text[0..size) at or behind `from`; false when there is none (or the rule is suspended, or
 * just hit its limit). The text must be valid UTF-8.
 */
bool rules_match(struct rules *rules, size_t i, const char *text, size_t size, size_t from,
    struct rule_match *out);

#endif
