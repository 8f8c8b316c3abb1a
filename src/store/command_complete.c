/* What may stand where the cursor is. */
#include "store/command_internal.h"
#include "store/words.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static void
add_completion(struct completer *c, const char *word, const char *label)
{
	if (c->n == COMPLETIONS_MAX)
		return;
	text_copy(c->out[c->n].word, sizeof(c->out[c->n].word), word);
	text_copy(c->out[c->n].label, sizeof(c->out[c->n].label), label);
	c->n++;
}

/* Things and choices for the parameters that the word may go to, up to the first that has to stand
 * there. */
static void
complete_values(struct completer *c, const char *typed)
{
	struct reader *r = c->r;

	for (size_t i = 0; i < reader_param_count(r); i++) {
		const struct verb_param *p = &r->verb->params[i];

		if (!p->positional || p->type == ARG_FLAG || r->values[i].set)
			continue;
		c->n += value_complete(&r->value, p, typed, c->out + c->n, COMPLETIONS_MAX - c->n);
		if (reader_needs(r, p) || p->type == ARG_REST)
			break;
	}
}

static const char *
param_word(const struct verb_param *p, const char *folded)
{
	const char *label = _(p->label);

	if ((*folded && fold_begins(p->name, folded)) || !i18n_is_chinese() ||
	    !line_may_be_name(label))
		return p->name;
	return label;
}

/* NAME= and flags. Without a letter typed only those that are needed, and flags. */
static void
complete_names(struct completer *c, const char *folded)
{
	struct reader *r = c->r;

	for (size_t i = 0; i < reader_param_count(r); i++) {
		const struct verb_param *p = &r->verb->params[i];
		char word[96];
		const char *name = param_word(p, folded);

		if (r->values[i].set || (p->type == ARG_REST && p->positional) ||
		    !(fold_begins(p->name, folded) || fold_begins(_(p->label), folded)))
			continue;
		if (!*folded && p->positional && p->type != ARG_FLAG)
			continue;
		if (p->type == ARG_FLAG)
			add_completion(c, name, _(p->help ? p->help : p->label));
		else {
			char *joined = mem_print("%s=", name);

			text_copy(word, sizeof(word), joined);
			free(joined);
			add_completion(c, word, _(p->help ? p->help : p->label));
		}
	}
}

/* The word under the cursor, as far as it is typed; NULL between words. */
const struct line_word *
reader_word_at(const struct reader *r, size_t cursor, size_t *index)
{
	for (size_t w = 0; w < r->line.n; w++) {
		*index = w;
		if (cursor < r->line.words[w].start)
			return NULL;
		if (cursor <= r->line.words[w].end)
			return &r->line.words[w];
	}
	*index = r->line.n;
	return NULL;
}

/* The bytes from..cursor of the line, without an opening quote. The caller frees. */
static char *
typed_text(const struct reader *r, size_t from, size_t cursor, bool quoted)
{
	size_t step = quoted && from < cursor ? utf8_next(r->line.text, cursor, from) - from : 0;

	return mem_dupn(r->line.text + from + step, cursor - from - step);
}

void
reader_complete(
    struct completer *c, const struct line_word *word, size_t cursor, struct command_reading *out)
{
	struct reader *r = c->r;
	char name[COMMAND_TYPED_MAX], folded[COMMAND_TYPED_MAX], *typed;
	size_t i;

	if (word) {
		out->from = word->start;
		out->to = word->end;
	}
	if (word && word->name_end && cursor >= word->value_start) {
		line_word_name(&r->line, word, name, sizeof(name));
		i = reader_param_named(r, name);
		out->from = word->value_start;
		typed = typed_text(r, out->from, cursor, word->quoted);
		if (i != NOWHERE)
			c->n = value_complete(
			    &r->value, &r->verb->params[i], typed, c->out, COMPLETIONS_MAX);
		free(typed);
		return;
	}
	typed = typed_text(r, out->from, cursor, word && word->quoted);
	words_fold(typed, strlen(typed), folded, sizeof(folded));
	if (r->rest_word == NOWHERE)
		complete_values(c, typed);
	if (r->rest_word == NOWHERE || *folded)
		complete_names(c, folded);
	free(typed);
}

void
reader_complete_verb(struct completer *c, size_t cursor, struct command_reading *out)
{
	struct reader *r = c->r;
	const struct line_word *first = r->line.n ? &r->line.words[0] : NULL;
	char folded[COMMAND_TYPED_MAX];

	/* Another verb put before 高邮消防 in 派高邮消防 would run into it. */
	if (first && (cursor > first->end || cursor < first->start || r->glued))
		return;
	folded[0] = '\0';
	if (first) {
		out->from = first->start;
		out->to = first->end;
		words_fold(r->line.text + out->from, cursor - out->from, folded, sizeof(folded));
	}
	c->n = verb_complete(r->value.st, r->value.actor, folded, c->out, COMPLETIONS_MAX);
}
