#include "ui/bell.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int
by_matter(const void *a, const void *b)
{
	const struct bell_matter *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->stage < y->stage ? -1 : x->stage > y->stage;
}

/* Rules are read when something might ring, which is seldom. */
struct rules {
	struct store *st;
	struct bell_rule rule[BELL_KINDS];
};

static const struct bell_rule *
rule_of(struct rules *r, enum bell_kind kind)
{
	if (!r->rule[kind].kind)
		duty_bell_rule(r->st, kind, &r->rule[kind]);
	return &r->rule[kind];
}

/* By the clock that nobody sets, that an hour set on does not ring everything again; the quiet hours are those of the day, `now`. */
static bool
rings(struct bell_matter *m, struct rules *rules, int64_t up, int64_t now)
{
	const struct bell_rule *rule = rule_of(rules, m->kind);

	/* In a drill and in tests the clock of the day is the only one: set back, it must not keep it silent. */
	if (m->rung != CLOCK_NONE && m->rung > up)
		m->rung = up;
	if (m->rung != CLOCK_NONE && (!rule->repeat || up - m->rung < rule->repeat * CLOCK_MINUTE))
		return false;
	if (bell_rule_is_quiet(rule, now))
		return false;
	m->rung = up;
	return true;
}

bool
bell_due(struct bell *b, struct store *st, struct bell_matter *matters, size_t n, int64_t now)
{
	struct rules rules = {.st = st};
	int64_t up = clock_uptime();
	bool ring = false;

	if (n)
		qsort(matters, n, sizeof(*matters), by_matter);
	for (size_t i = 0; i < n; i++) {
		const struct bell_matter *old =
		    b->n ? bsearch(&matters[i], b->known, b->n, sizeof(*matters), by_matter) : NULL;

		matters[i].rung = old ? old->rung : b->begun ? CLOCK_NONE : up;
		if (rings(&matters[i], &rules, up, now))
			ring = true;
	}
	free(b->known);
	b->known = n ? mem_zero(n, sizeof(*b->known)) : NULL;
	if (n)
		memcpy(b->known, matters, n * sizeof(*matters));
	b->n = n;
	b->begun = true;
	return ring;
}

void
bell_clear(struct bell *b)
{
	free(b->known);
	memset(b, 0, sizeof(*b));
}
