/* What a first report still lacks: rows of questions.tsv whose facts and words the text does not
 * give. */
#include "decide/judge.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool
given(const struct reading *reading, const char *kinds)
{
	while (*kinds) {
		size_t n = strcspn(kinds, "|");
		char *name = mem_dupn(kinds, n);
		int kind = fact_kind_from_name(name);
		bool found = false;

		for (size_t i = 0; kind >= 0 && i < reading->n_facts && !found; i++)
			found = (int)reading->facts[i].kind == kind && !reading->facts[i].aside;
		free(name);
		if (found)
			return true;
		kinds += kinds[n] ? n + 1 : n;
	}
	return false;
}

static bool
mentioned(const struct scan *scan, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (scan->in[words->item[i]] || scan->negated[words->item[i]])
			return true;
	return false;
}

static bool
asked(const struct reading *reading, const char *element)
{
	for (size_t i = 0; i < reading->n_gaps; i++)
		if (strcmp(reading->gaps[i].element, element) == 0)
			return true;
	return false;
}

/* An element with several rows (one a family of types) is asked once, by the first row that
 * applies. */
void
judge_gaps(const struct scan *scan, const struct taxonomy *taxonomy, struct reading *out)
{
	const char *code = out->n_types ? out->types[0].code : "";
	size_t room = 0;

	for (size_t i = 0; i < taxonomy->n_questions; i++) {
		const struct question_row *row = &taxonomy->question[i];
		bool applies = taxonomy_covers(row->types, code);

		for (size_t k = 1; k < out->n_types && k < 3 && !applies; k++)
			applies = taxonomy_covers(row->types, out->types[k].code);
		if (!applies || asked(out, row->element) || given(out, row->unless) ||
		    mentioned(scan, &row->words))
			continue;
		if (strcmp(row->element, "nature") == 0 && out->n_types > 0)
			continue;
		mem_grow(&out->gaps, &room, out->n_gaps);
		out->gaps[out->n_gaps++] =
		    (struct reading_gap){row->element, row->question, row->required};
	}
}
