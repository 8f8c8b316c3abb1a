/*
 * Which plans fit? Five kinds of evidence, each worth a share c of belief, joined as
 * 1 - (1 - c1)(1 - c2)…:
 *
 *	type       .80   event codes of the reading against those of the plan: same item 1, class .95,
 *	                 category .35
 *	words      .70   the plan's own key words that occur, weights summed, saturating:
 *	                 1 - exp(-sum / 4); a word inside a longer one that was found does not count again
 *	substance  .30   a substance that was named
 *	likeness   .25   pairs of characters shared with the plan's whole text, each counted by how few
 *	                 plans have it
 *	area       .20   a township's plan, when it happens there; elsewhere that plan is out
 *
 * and the name, short name or initials of a plan (.95) when the text is no longer than a name. A
 * trigger that fires adds .08: of two plans alike the one whose response it calls for goes first.
 * Every share leaves its words in `why`.
 *
 * Rejected: BM25 over the plan texts. The texts speak the same officialese, and a narrative of 60
 * characters drowns in them (first place right for 2 of 3); a county also cannot mend a ranking it
 * cannot see, and key words it can.
 */
#include "plan/inside.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_CHARS 24 /* a text as short as this may be a name */
#define LEAST 0.05    /* below this there is no reason */
#define WORDS_SHOWN 6

/* --- pairs of characters ---------------------------------------------------------------------- */

struct pairs {
	uint64_t *item; /* sorted, each once; owned */
	size_t n, room;
};

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
pairs_add(struct pairs *p, const char *text)
{
	size_t at = 0, n = strlen(text), step;
	struct run run;

	while (words_next(text, n, &at, &run)) {
		uint32_t before = 0;

		if (run.kind != RUN_CJK)
			continue;
		for (size_t i = run.start; i < run.end; i += step) {
			uint32_t c = utf8_decode(text + i, run.end - i, &step);

			if (before) {
				mem_grow(&p->item, &p->room, p->n);
				p->item[p->n++] = (uint64_t)before << 32 | c;
			}
			before = c;
		}
	}
}

static void
pairs_sort(struct pairs *p)
{
	size_t n = 0;

	if (p->n == 0)
		return;
	qsort(p->item, p->n, sizeof(*p->item), by_value);
	for (size_t i = 0; i < p->n; i++)
		if (i == 0 || p->item[i] != p->item[n - 1])
			p->item[n++] = p->item[i];
	p->n = n;
}

static bool
pairs_has(const struct pairs *p, uint64_t pair)
{
	return p->n && bsearch(&pair, p->item, p->n, sizeof(*p->item), by_value) != NULL;
}

/* --- the index: the plans in force, and their pairs ------------------------------------------- */

struct entry {
	int64_t plan;
	const struct plan_doc *doc;
	char initials[96];
	struct pairs pairs;
};
struct index {
	char *signature; /* of the table it was made from, owned */
	struct entry *entries;
	size_t n, room;
};

static void
index_free(void *thing)
{
	struct index *x = thing;

	for (size_t i = 0; i < x->n; i++)
		free(x->entries[i].pairs.item);
	free(x->entries);
	free(x->signature);
	free(x);
}

static void
pairs_of_doc(struct pairs *p, const struct plan_doc *d)
{
	pairs_add(p, d->name);
	pairs_add(p, d->purpose);
	pairs_add(p, d->scope);
	for (int i = 1; i <= 4; i++) {
		if (d->grades[i])
			pairs_add(p, d->grades[i]);
		if (d->measures[i])
			pairs_add(p, d->measures[i]);
	}
	for (size_t i = 0; i < d->n_triggers; i++)
		pairs_add(p, d->triggers[i].text);
	for (size_t i = 0; i < d->n_tasks; i++)
		pairs_add(p, d->tasks[i].text);
	for (size_t i = 0; i < d->n_words; i++)
		if (d->words[i].weight > 0)
			pairs_add(p, d->words[i].word);
	pairs_sort(p);
}

static void
index_fill(struct index *x, struct store *st)
{
	struct sql *q =
	    sql(st, "SELECT id, version, initials FROM plan WHERE state = 'valid' ORDER BY id");
	struct err err = ERR_NONE;

	while (sql_row(q)) {
		int64_t plan = sql_int(q, 0), version = sql_int(q, 1);
		struct entry *e;

		mem_grow(&x->entries, &x->room, x->n);
		e = &x->entries[x->n++];
		*e = (struct entry){.plan = plan};
		utf8_copy(e->initials, sizeof(e->initials), sql_text(q, 2));
		e->doc = plan_open(st, plan, version, &err);
		if (e->doc)
			pairs_of_doc(&e->pairs, e->doc);
		else
			x->n--; /* a store that fails tells by itself */
		err_clear(&err);
	}
}

static struct index *
index_now(struct store *st)
{
	static const char key;
	struct index *x = store_kept(st, &key);
	char *signature = sql_one_text(st,
	    "SELECT coalesce(group_concat(id || ' ' || version || state), '')"
	    " FROM (SELECT id, version, state FROM plan ORDER BY id)",
	    "");

	if (!signature)
		signature = mem_dup("");
	if (x && strcmp(x->signature, signature) == 0) {
		free(signature);
		return x;
	}
	x = mem_zero(1, sizeof(*x));
	x->signature = signature;
	index_fill(x, st);
	store_keep(st, &key, x, index_free);
	return x;
}

static double
rarity(const struct index *x, uint64_t pair)
{
	size_t in = 0;

	for (size_t i = 0; i < x->n; i++)
		in += pairs_has(&x->entries[i].pairs, pair);
	return in ? log((double)(x->n + 1) / (double)in) : 0;
}

/* --- evidence --------------------------------------------------------------------------------- */

struct asked {
	const struct plan_query *q;
	const char *text; /* never NULL */
	size_t n;
	struct pairs pairs;
	double *rarity; /* parallel to pairs */
	double rarity_sum;
	bool may_be_name;
};
struct finding {
	double doubt;	/* what is left of it: 1 at first */
	double against; /* sum of weights when it is negative */
	struct buf why;
};

static void
believe(struct finding *f, double share)
{
	f->doubt *= 1 - share;
}

static void
part(struct finding *f)
{
	if (f->why.size)
		buf_add(&f->why, _("; "));
}

/* How certain is the i-th code? Without scores: 1, .95, .90 … .5. */
static double
certainty(const struct plan_query *q, size_t i)
{
	if (q->scores)
		return q->scores[i];
	return i < 10 ? 1 - 0.05 * (double)i : 0.5;
}

static void
by_type(const struct asked *a, const struct plan_doc *d, struct finding *f)
{
	static const double close[] = {0, 0.25, 0.35, 0.95, 1};
	const struct plan_event *event = NULL;
	double best = 0;
	size_t code = 0;

	for (size_t i = 0; i < a->q->n_codes; i++)
		for (size_t k = 0; k < d->n_events; k++) {
			double share = close[code_covers(d->events[k].code, a->q->codes[i])] *
				       d->events[k].weight * certainty(a->q, i);

			/* only the class is known, the plan has items of it */
			if (share == 0 && code_covers(a->q->codes[i], d->events[k].code) == 3)
				share = 0.6 * d->events[k].weight * certainty(a->q, i);
			if (share > best) {
				best = share;
				event = &d->events[k];
				code = i;
			}
		}
	if (!event)
		return;
	believe(f, 0.8 * (best < 1 ? best : 1));
	part(f);
	buf_printf(&f->why, _("type %s %s"), a->q->codes[code], event->name);
}

static bool
occurs(const struct asked *a, const char *word)
{
	char folded[64];

	words_fold(word, strlen(word), folded, sizeof(folded));
	return words_find(a->text, a->n, folded, NULL) != SIZE_MAX;
}

/* 高速 says nothing new where 京沪高速 was found. */
static bool
part_of_longer(const struct plan_doc *d, const bool *found, size_t i)
{
	for (size_t k = 0; k < d->n_words; k++)
		if (found[k] && k != i && strstr(d->words[k].word, d->words[i].word))
			return true;
	return false;
}

static void
by_words(const struct asked *a, const struct plan_doc *d, struct finding *f)
{
	bool *found = mem_zero(d->n_words + 1, sizeof(*found));
	double sum = 0;
	size_t shown = 0;

	for (size_t i = 0; i < d->n_words; i++)
		found[i] = occurs(a, d->words[i].word);
	for (size_t i = 0; i < d->n_words; i++) {
		if (!found[i] || part_of_longer(d, found, i))
			continue;
		sum += d->words[i].weight;
		if (d->words[i].weight <= 0 || shown == WORDS_SHOWN)
			continue;
		if (shown++ == 0) {
			part(f);
			buf_add(&f->why, _("words"));
		}
		buf_printf(&f->why, " %s", d->words[i].word);
	}
	free(found);
	if (sum > 0)
		believe(f, 0.7 * (1 - exp(-sum / 4)));
	else
		f->against = sum;
}

static void
by_substance(const struct asked *a, const struct plan_doc *d, struct finding *f)
{
	for (const char *s = a->q->substances ? a->q->substances : ""; *s;) {
		size_t n = strcspn(s, " ");

		for (size_t i = 0; n && i < d->n_substances; i++)
			if (list_has(d->substances[i].word, s, n)) {
				believe(f, 0.3);
				part(f);
				buf_printf(&f->why, _("substance %s"), d->substances[i].word);
				return;
			}
		s += n + (s[n] == ' ');
	}
}

static void
by_likeness(const struct asked *a, const struct entry *e, struct finding *f)
{
	size_t rarest = SIZE_MAX;
	double sum = 0;
	char pair[9] = "";

	for (size_t i = 0; i < a->pairs.n; i++) {
		if (!pairs_has(&e->pairs, a->pairs.item[i]))
			continue;
		sum += a->rarity[i];
		if (rarest == SIZE_MAX || a->rarity[i] > a->rarity[rarest])
			rarest = i;
	}
	if (rarest == SIZE_MAX || a->rarity_sum <= 0)
		return;
	believe(f, 0.25 * sum / a->rarity_sum);
	if (f->why.size)
		return; /* better words stand there */
	size_t n = utf8_encode((uint32_t)(a->pairs.item[rarest] >> 32), pair);

	utf8_encode((uint32_t)a->pairs.item[rarest], pair + n);
	buf_printf(&f->why, _("its text has %s"), pair);
}

static void
by_name(const struct asked *a, const struct entry *e, struct finding *f)
{
	int score;

	if (!a->may_be_name)
		return;
	score =
	    plan_word_score(a->text, e->doc->code, e->doc->name, e->doc->short_name, e->initials);
	if (score == 0)
		return;
	believe(f, 0.95 * score / 100);
	part(f);
	buf_printf(&f->why, _("name %s"), e->doc->short_name);
}

/*
 * A township's plan: false when it happens elsewhere, or nothing says that it happens there, and
 * the plan was not asked for by name.
 */
static bool
by_area(const struct asked *a, const struct plan_doc *d, bool named, bool worded, struct finding *f)
{
	if (!d->area)
		return true;
	if (a->q->area != d->area)
		return named || (a->q->area % 1000 == 0 && worded);
	believe(f, 0.2);
	part(f);
	buf_add(&f->why, _("it happens there"));
	return true;
}

/* False when there is no reason. The match is the caller's to clear otherwise. */
static bool
judge(const struct asked *a, const struct entry *e, struct plan_match *m)
{
	struct finding f = {1, 0, BUF_MAX(600)};
	const struct plan_doc *d = e->doc;
	const char *approver;
	double named, unworded;
	bool good;

	by_name(a, e, &f);
	named = 1 - f.doubt;
	by_type(a, d, &f);
	unworded = f.doubt;
	by_words(a, d, &f);
	good = by_area(a, d, named > 0.5, f.doubt < unworded, &f);
	by_substance(a, d, &f);
	by_likeness(a, e, &f);
	if (!good || (1 - f.doubt) * exp(f.against / 4) < LEAST) {
		buf_clear(&f.why);
		return false;
	}
	*m = (struct plan_match){.plan = e->plan};
	utf8_copy(m->code, sizeof(m->code), d->code);
	utf8_copy(m->name, sizeof(m->name), d->name);
	m->level = trigger_level(d, a->q, &m->level_why, &approver);
	m->approver = mem_dup(approver);
	if (m->level)
		believe(&f, 0.08);
	m->score = (1 - f.doubt) * exp(f.against / 4);
	m->why = buf_take(&f.why);
	return true;
}

static int
by_score(const void *a, const void *b)
{
	const struct plan_match *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return strcmp(x->code, y->code);
}

static void
ask(struct asked *a, const struct plan_query *q, const struct index *x)
{
	*a = (struct asked){.q = q, .text = q->text ? q->text : ""};
	a->n = strlen(a->text);
	a->may_be_name = a->n > 0 && utf8_chars(a->text, a->n) <= NAME_CHARS;
	pairs_add(&a->pairs, a->text);
	pairs_sort(&a->pairs);
	a->rarity = mem_zero(a->pairs.n + 1, sizeof(*a->rarity));
	for (size_t i = 0; i < a->pairs.n; i++) {
		a->rarity[i] = rarity(x, a->pairs.item[i]);
		a->rarity_sum += a->rarity[i];
	}
}

size_t
plan_match(struct store *st, const struct plan_query *q, struct plan_match *out, size_t max)
{
	const struct index *x = index_now(st);
	struct plan_match *all = mem_zero(x->n + 1, sizeof(*all));
	struct asked a;
	size_t n = 0;

	ask(&a, q, x);
	for (size_t i = 0; i < x->n; i++)
		if (judge(&a, &x->entries[i], &all[n]))
			n++;
	qsort(all, n, sizeof(*all), by_score);
	if (n > max) {
		plan_match_clear(all + max, n - max);
		n = max;
	}
	if (n)
		memcpy(out, all, n * sizeof(*out));
	free(all);
	free(a.pairs.item);
	free(a.rarity);
	return n;
}

void
plan_match_clear(struct plan_match *m, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(m[i].why);
		free(m[i].level_why);
		free(m[i].approver);
	}
}
