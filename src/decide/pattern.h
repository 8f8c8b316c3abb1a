/*
 * Patterns under guard: PCRE2 with JIT, and limits that no text and no pattern gets past. A pattern that cannot be
 * compiled, or suffers on the trial texts, never becomes a rule; one that hits its limit later says so.
 */
#ifndef DECIDE_PATTERN_H
#define DECIDE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_SUBJECT_MAX 8192 /* bytes of a text that are looked at */

/* Named groups a pattern may have; a name may stand in several branches. */
enum group {
	GROUP_ALL, GROUP_N, GROUP_V, GROUP_B, GROUP_Q, GROUP_U, GROUP_T, GROUP_Y, GROUP_MO, GROUP_D,
	GROUP_REL, GROUP_PART, GROUP_H, GROUP_MI, GROUP_S, GROUP_HALF, GROUP_ABOUT, GROUP_AGO, GROUPS
};

/* Where each group matched, byte offsets; start == end: not. */
struct rule_match {
	size_t start[GROUPS], end[GROUPS];
};

/* What all patterns of a reader share: limits, stack, the space for a match. */
struct matcher;
struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);

struct pattern;
/* NULL when it is no valid pattern: `reason` (of `size` bytes) says why, *at where. */
struct pattern *pattern_new(const struct matcher *m, const char *text, char *reason, size_t size, size_t *at)
    __attribute__((warn_unused_result));
void pattern_free(struct pattern *p);
/* Does it get through the trial texts within its limits and in good time? */
bool pattern_survives(struct matcher *m, const struct pattern *p);

/*
 * The milliseconds of the processor it takes of one of the narratives of a trial, on the average; less than all are tried when it cannot
 * keep to TRIAL_MEAN_MS any more. HUGE_VAL when it hits its limit.
 */
struct trial;
double pattern_mean(struct matcher *m, const struct pattern *p, const struct trial *t);

enum pattern_result { PATTERN_NONE, PATTERN_FOUND, PATTERN_LIMIT };
/* The first match at or behind `from` in text[0..size), valid UTF-8. */
enum pattern_result pattern_match(struct matcher *m, const struct pattern *p, const char *text, size_t size,
    size_t from, struct rule_match *out);

#endif
