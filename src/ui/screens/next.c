#include "ui/screens/next.h"

#include "base/i18n.h"
#include "base/utf8.h"
#include "base/mem.h"
#include "ui/console.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

/* The word an officer knows it by: its first Chinese one where Chinese is spoken, else its name. */
static void
put_word(char *out, size_t size, const struct verb *verb)
{
	const char *w = verb->words;

	while (i18n_is_chinese() && w && *w) {
		size_t n = strcspn(w, " ");

		if ((unsigned char)*w >= 0x80) {
			cut_format(out, size, "%.*s", (int)n, w);
			return;
		}
		w += n + strspn(w + n, " ");
	}
	utf8_copy(out, size, verb->name);
}

static bool
add(struct console *c, const struct verb *verb, size_t index, struct popup_item *item)
{
	if (!verb_allowed(console_actor(c), verb) || (verb->flags & VERB_QUIET))
		return false;
	item->id = (int64_t)index;
	put_word(item->word, sizeof(item->word), verb);
	utf8_copy(item->label, sizeof(item->label), _(verb->summary));
	return true;
}

static void
answer(struct screen *s, const struct popup_item *item, void *data)
{
	const struct verb *verb = verb_at(console_store(s->ui), (size_t)item->id);

	(void)data;
	if (verb)
		console_form(s->ui, verb->name, s->ops->context ? s->ops->context(s) : NULL);
}

void
next_choose(struct screen *s, const char *const *verbs, const char *nothing)
{
	struct popup_item items[32];
	const struct verb *verb;
	size_t n = 0;

	memset(items, 0, sizeof(items));
	for (size_t k = 0; verbs && verbs[k] && n < COUNT_OF(items); k++)
		for (size_t i = 0; (verb = verb_at(console_store(s->ui), i)) != NULL; i++)
			if (strcmp(verb->name, verbs[k]) == 0 && add(s->ui, verb, i, &items[n])) {
				n++;
				break;
			}
	if (n)
		console_choose(s->ui, _("What follows"), items, n, answer, NULL);
	else
		console_say(s->ui, "%s", nothing);
}

void
next_choose_any(struct screen *s)
{
	struct popup_item *items = mem_zero(POPUP_MAX, sizeof(*items));
	const struct verb *verb;
	size_t n = 0;

	for (size_t i = 0; n < POPUP_MAX && (verb = verb_at(console_store(s->ui), i)) != NULL; i++)
		n += add(s->ui, verb, i, &items[n]);
	console_choose(s->ui, _("Commands"), items, n, answer, NULL);
	free(items);
}
