/*
 * Report-clock policies: rows of data/policy/NAME.tsv (zhiban-policy form, described at the head of law.tsv), parsed
 * once and then asked what clocks a set of facts calls for. Pure: no store, no clock.
 *
 *	struct policy *p = policy_load(dir, "GY-default");
 *	for (i = 0; i < policy_count(p); i++)
 *		if (policy_fires(p, i, &facts, &why)) due = policy_due(policy_rule(p, i), start);
 *
 * A row that cannot be read is left out and named (file, line, reason) in policy_warning(): a typing error must not
 * stop a duty room, but it must be seen.
 */
#ifndef INCIDENT_POLICY_H
#define INCIDENT_POLICY_H

#include "base/buf.h"
#include "decide/reading.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_CODES 8

/* What the conditions are asked about. Texts are borrowed, never NULL. */
struct policy_facts {
	struct grade_figures figures;
	int64_t light, households;
	enum grade grade;
	bool near_miss, child;
	bool reported;               /* a first report was signed */
	bool changed;                /* casualties or grade moved in this very event */
	bool written;                /* a clock for a written report runs or ran */
	const char *codes[POLICY_CODES];
	size_t n_codes;              /* primary first */
	const char *substances;      /* names and UN numbers, blank-separated */
	const char *text;            /* all callers' words */
	const char *near_miss_why, *sensitive_why;
	const char *state, *event;   /* event: open call figures set transfer end */
};

enum policy_start { POLICY_RECEIVED, POLICY_FACT, POLICY_OCCURRED };
enum policy_repeat { POLICY_ONCE, POLICY_AGAIN, POLICY_DAILY };

struct policy_rule {
	char *id, *kind, *dest, *medium, *needs, *source; /* dest: several separated by '|' */
	enum policy_start start;
	enum policy_repeat repeat;
	int64_t offset;              /* ms after the start */
	int64_t at;                  /* local time of that day in ms, 0..24 h; -1: the offset alone */
	struct expr *when;
};

struct policy;
/* `names`: policy files (blank-separated, without .tsv), then always law.tsv. Never NULL. */
struct policy *policy_load(const char *dir, const char *names);
void policy_free(struct policy *p);
size_t policy_count(const struct policy *p);
const struct policy_rule *policy_rule(const struct policy *p, size_t i);
/* NULL past the end. */
const char *policy_warning(const struct policy *p, size_t i);
/* Does the rule call for a clock? Adds the facts that called for it to `why` ("被困 1 人; 危化品 液氨"). */
bool policy_fires(const struct policy *p, size_t i, const struct policy_facts *f, struct buf *why);
/* When a clock of this rule that starts at `start` runs out. */
int64_t policy_due(const struct policy_rule *r, int64_t start);

/* --- conditions (expr.c) --------------------------------------------------------------------- */

struct expr;
/* A name for `@name` in later conditions; borrowed. */
struct expr_names {
	const char *name;
	const struct expr *value;
};
/* Words that mean an important site, and words that mean danger to it. */
struct site_class {
	char *name, *label, *words, *danger;
};
/* NULL with err naming the word it stumbles over. The caller frees; the names must live as long. */
struct expr *expr_parse(const char *text, const struct expr_names *names, size_t n, struct err *err)
    __attribute__((warn_unused_result));
void expr_free(struct expr *e);
/* Does it hold of these facts? Then the facts that made it hold are added to `why` (may be NULL), as policy_fires tells them. */
bool expr_test(const struct expr *e, const struct policy_facts *f, const struct site_class *sites,
    size_t n_sites, struct buf *why);
/* Does one of the words (separated by '|') occur in the text, and not right behind 未 无 没有 不? The place, or NULL. */
const char *cue_find(const char *text, size_t n, const char *words, size_t *length);

#endif
