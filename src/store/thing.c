/* Kinds of things a command line can name, and the table of verbs: registered at start, few, looked
 * up by name. */
#include "store/inside.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

void
thing_register(struct store *st, const struct thing_kind *kinds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert(!thing_kind_find(st, kinds[i].name));
		mem_grow(&st->kinds, &st->room_kinds, st->n_kinds);
		st->kinds[st->n_kinds++] = &kinds[i];
	}
}

const struct thing_kind *
thing_kind_find(const struct store *st, const char *name)
{
	for (size_t i = 0; i < st->n_kinds; i++)
		if (strcmp(st->kinds[i]->name, name) == 0)
			return st->kinds[i];
	return NULL;
}

void
verb_register(struct store *st, const struct verb *verbs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert(!verb_find(st, verbs[i].name));
		mem_grow(&st->verbs, &st->room_verbs, st->n_verbs);
		st->verbs[st->n_verbs++] = &verbs[i];
	}
}

size_t
thing_keep(struct thing *list, size_t n, size_t max, const struct thing *t)
{
	size_t at = n;

	while (at > 0 && list[at - 1].score < t->score)
		at--;
	if (at >= max)
		return n;
	if (n == max)
		n--;
	memmove(&list[at + 1], &list[at], (n - at) * sizeof(*list));
	list[at] = *t;
	return n + 1;
}

bool
thing_label_from(struct store *st, const char *statement, int64_t id, char *out, size_t size)
{
	struct sql *q = sql(st, statement);
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		utf8_copy(out, size, sql_text(q, 0));
	sql_done(q);
	return found;
}

const struct verb *
verb_find(const struct store *st, const char *name)
{
	for (size_t i = 0; i < st->n_verbs; i++)
		if (strcmp(st->verbs[i]->name, name) == 0)
			return st->verbs[i];
	return NULL;
}

const struct verb *
verb_at(const struct store *st, size_t i)
{
	return i < st->n_verbs ? st->verbs[i] : NULL;
}
