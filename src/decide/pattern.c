/*
 * Measured (PCRE2 10.42, 40 rules, 837-byte narratives): 340 us a text interpreted, 30 us with JIT
 * and without the UTF check. `\s+$` over 60,000 blanks ran 28 s in the interpreter under a match
 * limit of 200,000 and 0.4 ms in JIT; so JIT always, a low limit, short subjects, and a trial
 * before a rule is taken.
 */
#include "decide/pattern.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "decide/trial.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 2000
#define HEAP_LIMIT_KIB 4096
#define TRIAL_MS 50 /* for all trial texts together; a good rule needs less than 1 */
#define HOPELESS 4  /* times over the limit so far: no need to go on */
#define ALIASES 6   /* groups of one name in a pattern */

struct matcher {
	pcre2_compile_context *compile;
	pcre2_match_context *match;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
};

struct pattern {
	pcre2_code *code;
	uint32_t group[GROUPS][ALIASES]; /* numbers, 0 ends the list */
	bool jit;			 /* false only where PCRE2 has no JIT */
};

static const char *const group_names[GROUPS] = {"", "n", "v", "b", "q", "u", "t", "y", "mo", "d",
    "rel", "part", "h", "mi", "s", "half", "about", "ago"};

struct matcher *
matcher_new(void)
{
	struct matcher *m = mem_zero(1, sizeof(*m));

	m->compile = pcre2_compile_context_create(NULL);
	m->match = pcre2_match_context_create(NULL);
	m->data = pcre2_match_data_create(64, NULL);
	m->stack = pcre2_jit_stack_create(32 * 1024, 512 * 1024, NULL);
	pcre2_set_match_limit(m->match, MATCH_LIMIT);
	pcre2_set_depth_limit(m->match, DEPTH_LIMIT);
	pcre2_set_heap_limit(m->match, HEAP_LIMIT_KIB);
	pcre2_jit_stack_assign(m->match, NULL, m->stack);
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (!m)
		return;
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->match);
	pcre2_compile_context_free(m->compile);
	pcre2_jit_stack_free(m->stack);
	free(m);
}

static void
map_groups(struct pattern *p)
{
	uint32_t names, size;
	PCRE2_SPTR table;

	pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < names; i++, table += size)
		for (int g = 1; g < GROUPS; g++) {
			int slot = 0;

			if (strcmp((const char *)table + 2, group_names[g]) != 0)
				continue;
			while (slot < ALIASES - 1 && p->group[g][slot])
				slot++;
			p->group[g][slot] = (uint32_t)(table[0] << 8 | table[1]);
		}
}

struct pattern *
pattern_new(const struct matcher *m, const char *text, char *reason, size_t size, size_t *at)
{
	struct pattern *p;
	PCRE2_SIZE offset = 0;
	int error = 0;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DUPNAMES | PCRE2_NEVER_BACKSLASH_C, &error,
	    &offset, m->compile);

	*at = offset;
	if (!code) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)reason, size);
		return NULL;
	}
	p = mem_zero(1, sizeof(*p));
	p->code = code;
	p->jit = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
	map_groups(p);
	return p;
}

void
pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_code_free(p->code);
	free(p);
}

static int
run(struct matcher *m, const struct pattern *p, const char *text, size_t size, size_t from)
{
	if (p->jit)
		return pcre2_jit_match(
		    p->code, (PCRE2_SPTR)text, size, from, PCRE2_NO_UTF_CHECK, m->data, m->match);
	return pcre2_match(
	    p->code, (PCRE2_SPTR)text, size, from, PCRE2_NO_UTF_CHECK, m->data, m->match);
}

/* Texts that make careless patterns suffer: one character, digits, blanks, and a chain of half
 * matches. */
static void
make_trial(int kind, char *out, size_t size)
{
	static const char *const pieces[] = {
	    "人", "1", " ", "死亡三人受伤12人,", "在江苏省市县区镇村路"};
	const char *piece = pieces[kind];
	size_t n = strlen(piece), at = 0;

	while (at + n < size) {
		memcpy(out + at, piece, n);
		at += n;
	}
	out[at] = '\0';
}

/* CPU time, so that a busy machine fails no good rule. */
static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* All matches in a text, as a reading asks for them, at most `most`; false when it hit its limit. */
static bool
run_through(struct matcher *m, const struct pattern *p, const char *text, size_t size, int most)
{
	size_t from = 0;
	int rc;

	while (from < size && most-- > 0 &&
	       (rc = run(m, p, text, size, from)) != PCRE2_ERROR_NOMATCH) {
		PCRE2_SIZE end;

		if (rc < 0)
			return false;
		end = pcre2_get_ovector_pointer(m->data)[1];
		from = end > from ? end : utf8_next(text, size, from);
	}
	return true;
}

bool
pattern_survives(struct matcher *m, const struct pattern *p)
{
	char text[PATTERN_SUBJECT_MAX / 2];
	double begun = cpu_ms();

	for (int kind = 0; kind < 5; kind++) {
		make_trial(kind, text, sizeof(text));
		if (!run_through(m, p, text, strlen(text), 200) || cpu_ms() - begun > TRIAL_MS)
			return false;
	}
	return true;
}

double
pattern_mean(struct matcher *m, const struct pattern *p, const struct trial *t)
{
	double begun = cpu_ms(), spent;
	size_t i, size;

	for (i = 0; i < TRIAL_TEXTS; i++) {
		const char *text = trial_text(t, i, &size);

		if (!run_through(m, p, text, size, INT_MAX))
			return HUGE_VAL;
		/* The clock is a system call: asked at every eightieth, which is twice round their lengths. */
		if (i % 80 != 79)
			continue;
		spent = cpu_ms() - begun;
		if (spent > TRIAL_MEAN_MS * TRIAL_TEXTS ||
		    spent > HOPELESS * TRIAL_MEAN_MS * (double)(i + 1))
			return spent / (double)(i + 1);
	}
	return (cpu_ms() - begun) / TRIAL_TEXTS;
}

static void
read_groups(const struct pattern *p, const PCRE2_SIZE *spans, int rc, struct rule_match *out)
{
	memset(out, 0, sizeof(*out));
	out->start[GROUP_ALL] = spans[0];
	out->end[GROUP_ALL] = spans[1];
	for (int g = 1; g < GROUPS; g++)
		for (int slot = 0; slot < ALIASES && p->group[g][slot]; slot++) {
			uint32_t number = p->group[g][slot];

			if ((int)number < rc && spans[2 * number] != PCRE2_UNSET) {
				out->start[g] = spans[2 * number];
				out->end[g] = spans[2 * number + 1];
				break;
			}
		}
}

enum pattern_result
pattern_match(struct matcher *m, const struct pattern *p, const char *text, size_t size,
    size_t from, struct rule_match *out)
{
	int rc = run(m, p, text, size < PATTERN_SUBJECT_MAX ? size : PATTERN_SUBJECT_MAX, from);

	if (rc > 0) {
		read_groups(p, pcre2_get_ovector_pointer(m->data), rc, out);
		return PATTERN_FOUND;
	}
	return rc == PCRE2_ERROR_NOMATCH || rc == 0 ? PATTERN_NONE : PATTERN_LIMIT;
}
