/* The reader: tables, rules and names loaded once; a scan that is used again for every text. */
#include "decide/reading.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "decide/judge.h"
#include "decide/scan.h"
#include "decide/taxonomy.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	struct gazetteer *gazetteer; /* owned, may be NULL */
	struct taxonomy taxonomy;
	struct lexicon lexicon;
	struct rules *rules;
	struct scan scan;
};

struct reader *
reader_new(const char *rules_dir, const char *taxonomy_dir, struct gazetteer *g, struct err *err)
{
	struct reader *r = mem_zero(1, sizeof(*r));

	r->gazetteer = g;
	lexicon_init(&r->lexicon);
	r->rules = rules_load(rules_dir, err);
	if (!r->rules || !taxonomy_load(&r->taxonomy, &r->lexicon, taxonomy_dir, err)) {
		reader_free(r);
		return NULL;
	}
	lexicon_add_gazetteer(&r->lexicon, g);
	lexicon_add_substances(&r->lexicon, &r->taxonomy.substances);
	lexicon_add_place_words(&r->lexicon, &r->taxonomy.place_words);
	lexicon_add_needs(&r->lexicon, r->rules);
	lexicon_build(&r->lexicon);
	scan_init(&r->scan, &r->lexicon, r->rules);
	return r;
}

void
reader_free(struct reader *r)
{
	if (!r)
		return;
	scan_clear(&r->scan);
	rules_free(r->rules);
	lexicon_clear(&r->lexicon);
	taxonomy_clear(&r->taxonomy);
	gazetteer_free(r->gazetteer);
	free(r);
}

const char *
reader_warning(const struct reader *r, size_t i)
{
	return rules_warning(r->rules, i);
}

/* The facts change hands: the scan keeps none. */
static void
take_facts(struct scan *scan, struct reading *out)
{
	fact_list_sort(&scan->facts);
	out->facts = scan->facts.item;
	out->n_facts = scan->facts.count;
	memset(&scan->facts, 0, sizeof(scan->facts));
}

/*
 * People taken to hospital are ill after a meal and hurt after a crash: rules named hospital.* find
 * them as ill, and what happened decides. Beside a figure of the injured they are the same people.
 */
static void
settle_hospital(struct reading *out)
{
	bool health = out->n_types > 0 && strncmp(out->types[0].code, "13", 2) == 0;
	bool injured = reading_count(out, FACT_INJURED) > 0;

	for (size_t i = 0; i < out->n_facts && out->n_types > 0 && !health; i++) {
		struct fact *f = &out->facts[i];

		if (strncmp(f->rule, "hospital.", strlen("hospital.")) != 0)
			continue;
		if (injured)
			f->aside = true;
		else
			f->kind = FACT_INJURED;
	}
}

static size_t
cut_at_character(const char *text, size_t n)
{
	if (n <= READER_MAX)
		return n;
	n = READER_MAX;
	while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	return n;
}

void
reader_read(struct reader *r, const char *text, size_t n, int64_t received, struct reading *out)
{
	const struct lead_row *lead;
	struct grade_figures figures;

	memset(out, 0, sizeof(*out));
	scan_run(&r->scan, &r->lexicon, r->rules, text, cut_at_character(text, n), received);
	counts_find(&r->scan);
	times_find(&r->scan);
	freed_find(&r->scan);
	bygone_find(&r->scan);
	measures_find(&r->scan);
	idents_find(&r->scan);
	places_find(&r->scan, &r->lexicon, &r->taxonomy.place_words);
	substances_find(&r->scan, &r->lexicon);
	take_facts(&r->scan, out);
	judge_types(&r->scan, &r->lexicon, &r->taxonomy, out);
	settle_hospital(out);
	reading_figures(out, &figures);
	judge_grade(&r->taxonomy, out->n_types ? out->types[0].code : "", &figures, &out->grading);
	judge_words(&r->scan, &r->lexicon, &r->taxonomy, out);
	judge_gaps(&r->scan, &r->taxonomy, out);
	out->title = judge_title(&r->scan, &r->taxonomy, out);
	lead = out->n_types ? taxonomy_lead(&r->taxonomy, out->types[0].code) : NULL;
	if (lead) {
		out->lead = mem_dup(lead->lead);
		out->helpers = mem_dup(lead->helpers);
	}
}

void
reading_clear(struct reading *reading)
{
	for (size_t i = 0; i < reading->n_facts; i++) {
		free(reading->facts[i].text);
		free(reading->facts[i].norm);
		free(reading->facts[i].name);
		free(reading->facts[i].cas);
	}
	for (size_t i = 0; i < reading->n_types; i++)
		free(reading->types[i].why);
	free(reading->facts);
	free(reading->types);
	free(reading->gaps);
	grading_clear(&reading->grading);
	free(reading->lead);
	free(reading->helpers);
	free(reading->title);
	memset(reading, 0, sizeof(*reading));
}

static int64_t
highest(const struct reading *reading, enum fact_kind kind)
{
	int64_t best = -1;

	for (size_t i = 0; i < reading->n_facts; i++)
		if (reading->facts[i].kind == kind && !reading->facts[i].aside &&
		    reading->facts[i].value > best)
			best = reading->facts[i].value;
	return best;
}

int64_t
reading_count(const struct reading *reading, enum fact_kind kind)
{
	int64_t best = highest(reading, kind), serious, light;

	if (kind != FACT_INJURED)
		return best;
	serious = highest(reading, FACT_SERIOUS);
	light = highest(reading, FACT_LIGHT);
	if (serious < 0 && light < 0)
		return best;
	serious = (serious > 0 ? serious : 0) + (light > 0 ? light : 0);
	return serious > best ? serious : best;
}

const struct fact *
reading_first(const struct reading *reading, enum fact_kind kind)
{
	for (size_t i = 0; i < reading->n_facts; i++)
		if (reading->facts[i].kind == kind && !reading->facts[i].aside)
			return &reading->facts[i];
	return NULL;
}

static int64_t
at_least_zero(const struct reading *reading, enum fact_kind kind)
{
	int64_t count = reading_count(reading, kind);

	return count > 0 ? count : 0;
}

void
reading_figures(const struct reading *reading, struct grade_figures *out)
{
	const struct fact *loss = reading_first(reading, FACT_LOSS);
	const struct fact *area = reading_first(reading, FACT_AREA);
	const struct fact *magnitude = reading_first(reading, FACT_MAGNITUDE);

	memset(out, 0, sizeof(*out));
	out->dead = at_least_zero(reading, FACT_DEAD);
	out->missing = at_least_zero(reading, FACT_MISSING);
	out->serious = at_least_zero(reading, FACT_SERIOUS);
	out->injured = at_least_zero(reading, FACT_INJURED);
	out->trapped = at_least_zero(reading, FACT_TRAPPED);
	out->evacuated = at_least_zero(reading, FACT_EVACUATED);
	out->poisoned = at_least_zero(reading, FACT_POISONED);
	out->ill = at_least_zero(reading, FACT_ILL);
	out->threatened = at_least_zero(reading, FACT_THREATENED);
	out->loss_wan = loss ? loss->amount : 0;
	out->area_ha = area ? area->amount : 0;
	out->magnitude = magnitude ? magnitude->amount : 0;
}

void
reader_grade(const struct reader *r, const char *type_code, const struct grade_figures *f,
    struct grading *out)
{
	judge_grade(&r->taxonomy, type_code ? type_code : "", f, out);
}

const char *
reader_type_name(const struct reader *r, const char *code)
{
	int type = taxonomy_type(&r->taxonomy, code);

	return type >= 0 ? taxonomy_name(&r->taxonomy.type[type]) : NULL;
}

const char *
reader_type_name_own(const struct reader *r, const char *code)
{
	int type = taxonomy_type(&r->taxonomy, code);

	return type >= 0 ? r->taxonomy.type[type].name : NULL;
}

bool
reader_lead(const struct reader *r, const char *code, const char **lead, const char **helpers)
{
	const struct lead_row *row = taxonomy_lead(&r->taxonomy, code);

	if (!row)
		return false;
	*lead = row->lead;
	*helpers = row->helpers;
	return true;
}

const char *
reader_type_code(const struct reader *r, size_t i)
{
	return i < r->taxonomy.n_types ? r->taxonomy.type[i].code : NULL;
}
