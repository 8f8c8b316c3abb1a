#include "decide/gazetteer.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "base/utf8.h"
#include "decide/lexicon.h"

#include <stdlib.h>
#include <string.h>

#define GAZETTEER_MAX 200000

struct gazetteer {
	struct gazetteer_name *item;
	size_t count, room;
};

struct gazetteer *
gazetteer_new(void)
{
	return mem_zero(1, sizeof(struct gazetteer));
}

void
gazetteer_free(struct gazetteer *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->count; i++) {
		free(g->item[i].word);
		free(g->item[i].name);
	}
	free(g->item);
	free(g);
}

size_t
gazetteer_count(const struct gazetteer *g)
{
	return g->count;
}

const struct gazetteer_name *
gazetteer_at(const struct gazetteer *g, size_t i)
{
	return &g->item[i];
}

static void
add_word(struct gazetteer *g, const char *word, const struct gazetteer_name *like)
{
	struct gazetteer_name *fresh;

	if (utf8_chars(word, strlen(word)) < 2 || !utf8_valid(word, strlen(word)) ||
	    g->count >= GAZETTEER_MAX)
		return;
	mem_grow(&g->item, &g->room, g->count);
	fresh = &g->item[g->count++];
	*fresh = *like;
	fresh->word = mem_dup(word);
	fresh->name = mem_dup(like->name);
}

void
gazetteer_add(struct gazetteer *g, enum gazetteer_kind kind, const char *name, int64_t id,
    int64_t parent, double lon, double lat)
{
	char *proper = mem_dup(name);
	struct gazetteer_name like = {kind, NULL, proper, id, parent, lon, lat};

	add_word(g, name, &like);
	free(proper);
}

static int
kind_from_name(const char *name)
{
	static const char *const names[] = {
	    "area", "village", "road", "water", "unit", "site", "team"};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

struct alias {
	struct gazetteer *g;
	const struct gazetteer_name *like;
};

static void
add_alias(void *context, const char *word, size_t n)
{
	struct alias *alias = context;
	char *copy = mem_dupn(word, n);

	add_word(alias->g, copy, alias->like);
	free(copy);
}

bool
gazetteer_load(struct gazetteer *g, const char *path, struct err *err)
{
	static const char *const columns[] = {
	    "kind", "name", "code", "parent", "lon", "lat", "aliases"};
	struct tsv *t = tsv_open(path, err);
	int column[COUNT_OF(columns)];
	bool fine = t != NULL;

	for (size_t i = 0; fine && i < COUNT_OF(columns); i++) {
		column[i] = tsv_column(t, columns[i], i < 2, err);
		fine = i >= 2 || column[i] >= 0;
	}
	while (fine && tsv_next(t)) {
		int kind = kind_from_name(tsv_get(t, column[0]));
		char *name = mem_dup(tsv_get(t, column[1]));
		struct gazetteer_name like = {GAZETTEER_AREA, NULL, name,
		    strtoll(tsv_get(t, column[2]), NULL, 10),
		    strtoll(tsv_get(t, column[3]), NULL, 10), strtod(tsv_get(t, column[4]), NULL),
		    strtod(tsv_get(t, column[5]), NULL)};
		struct alias alias = {g, &like};

		if (kind < 0) {
			fine =
			    err_set(err, ERR_INPUT, _("%s, line %ld: \"%s\" is no kind of place"),
				path, tsv_line(t), tsv_get(t, column[0]));
		} else {
			like.kind = (enum gazetteer_kind)kind;
			add_word(g, name, &like);
			lexicon_words(tsv_get(t, column[6]), '|', add_alias, &alias);
		}
		free(name);
	}
	return t && tsv_close(t, err) && fine;
}
