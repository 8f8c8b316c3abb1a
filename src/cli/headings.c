#include "cli/headings.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/tsv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool
headings_load(struct headings *h, struct err *err)
{
	char *path = paths_data_file("exchange/import_columns.tsv");
	struct tsv *t = tsv_open(path, err);
	int kind, column, value, names;
	bool good;

	free(path);
	if (!t)
		return false;
	kind = tsv_column(t, "kind", true, err);
	column = tsv_column(t, "column", true, err);
	value = tsv_column(t, "value", true, err);
	names = tsv_column(t, "names", true, err);
	good = kind >= 0 && column >= 0 && value >= 0 && names >= 0;
	while (good && tsv_next(t)) {
		mem_grow(&h->rows, &h->room, h->n);
		h->rows[h->n++] =
		    (struct heading){mem_dup(tsv_get(t, kind)), mem_dup(tsv_get(t, column)),
			mem_dup(tsv_get(t, value)), mem_dup(tsv_get(t, names))};
	}
	return tsv_close(t, good ? err : NULL) && good;
}

void
headings_clear(struct headings *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->rows[i].kind);
		free(h->rows[i].column);
		free(h->rows[i].value);
		free(h->rows[i].names);
	}
	free(h->rows);
	memset(h, 0, sizeof(*h));
}

/* The row of a column of this kind, else the one for all kinds. */
static const char *
names_of(const struct headings *h, const char *kind, const char *column)
{
	const char *common = "";

	for (size_t i = 0; i < h->n; i++) {
		const struct heading *r = &h->rows[i];

		if (*r->value || strcmp(r->column, column) != 0)
			continue;
		if (strcmp(r->kind, kind) == 0)
			return r->names;
		if (strcmp(r->kind, "*") == 0)
			common = r->names;
	}
	return common;
}

/* Place of the word among names divided by '|', from 1; 0 none. */
static int
place_in(const char *names, const char *word)
{
	size_t size = strlen(word);

	for (int place = 1; *names; place++) {
		size_t n = strcspn(names, "|");

		if (n == size && strncasecmp(names, word, n) == 0)
			return place;
		names += n + (names[n] == '|');
	}
	return 0;
}

bool
headings_mean(
    const struct headings *h, const char *kind, const char *column, const char *heading, int *rank)
{
	*rank = 0;
	if (strcasecmp(column, heading) == 0)
		return true;
	*rank = place_in(names_of(h, kind, column), heading);
	return *rank > 0;
}

static char *
first_of(const char *names, const char *otherwise)
{
	return *names ? mem_dupn(names, strcspn(names, "|")) : mem_dup(otherwise);
}

char *
headings_chinese(const struct headings *h, const char *kind, const char *column)
{
	return first_of(names_of(h, kind, column), column);
}

const char *
headings_value(const struct headings *h, const char *kind, const char *column, const char *word)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct heading *r = &h->rows[i];

		if (*r->value && strcmp(r->kind, kind) == 0 && strcmp(r->column, column) == 0 &&
		    place_in(r->names, word))
			return r->value;
	}
	return word;
}

char *
headings_word(const struct headings *h, const char *kind, const char *column, const char *value)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct heading *r = &h->rows[i];

		if (*r->value && strcmp(r->value, value) == 0 && strcmp(r->kind, kind) == 0 &&
		    strcmp(r->column, column) == 0)
			return first_of(r->names, value);
	}
	return mem_dup(value);
}
