/*
 * The reading of a command line. The words are dealt out to the verb's parameters in three rounds:
 * NAME=VALUE words first, wherever they stand; then the positional words before the cursor (what is
 * still open then is what a completion may offer); then the others. The word under the cursor is
 * half typed as a rule, so completions must not depend on it.
 */
#include "store/command_internal.h"
#include "store/scope.h"
#include "store/words.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* The first problem is the one to tell. Takes the text over. */
static void
complain(struct reader *r, enum err_code code, char *text)
{
	if (r->problem) {
		free(text);
		return;
	}
	r->problem = text;
	r->code = code;
}

/* What the value reader said about its last word. */
static void
complain_value(struct reader *r)
{
	complain(r, r->value.code, r->value.problem);
	r->value.problem = NULL;
}

/* --- parameters ------------------------------------------------------------------------------ */

size_t
reader_param_count(const struct reader *r)
{
	return r->verb->n_params < PARAMS_MAX ? r->verb->n_params : PARAMS_MAX;
}

static json_t *
default_of(const struct reader *r, const struct verb_param *p)
{
	return p->required ? json_object_get(r->context, p->name) : NULL;
}

/* Must stand on the line: required, without a default. */
bool
reader_needs(const struct reader *r, const struct verb_param *p)
{
	return p->required && !default_of(r, p);
}

static bool
is_text(const struct verb_param *p)
{
	return p->type == ARG_WORD || p->type == ARG_REST;
}

static bool
has_rest(const struct reader *r)
{
	for (size_t i = 0; i < reader_param_count(r); i++)
		if (r->verb->params[i].type == ARG_REST && r->verb->params[i].positional)
			return true;
	return false;
}

/* Could plain text find a place behind parameter i? */
static bool
text_follows(const struct reader *r, size_t i)
{
	for (i++; i < reader_param_count(r); i++)
		if (r->verb->params[i].positional && is_text(&r->verb->params[i]) &&
		    !r->values[i].set)
			return true;
	return false;
}

/* --- NAME=VALUE ------------------------------------------------------------------------------ */

/* The parameter of a NAME; NOWHERE when there is none, or (a beginning only) more than one. */
size_t
reader_param_named(const struct reader *r, const char *name)
{
	size_t found = NOWHERE;

	for (size_t i = 0; i < reader_param_count(r); i++)
		if (fold_equals(r->verb->params[i].name, name) ||
		    fold_equals(_(r->verb->params[i].label), name))
			return i;
	for (size_t i = 0; !has_rest(r) && i < reader_param_count(r); i++) {
		if (!fold_begins(r->verb->params[i].name, name))
			continue;
		if (found != NOWHERE)
			return NOWHERE;
		found = i;
	}
	return found;
}

static void
set_value(struct reader *r, size_t i, const struct line_word *word, bool firm)
{
	const struct verb_param *p = &r->verb->params[i];

	if (value_read(&r->value, p, word->text, word->fold, word->quoted, firm, &r->values[i]) ==
	    VALUE_YES)
		return;
	r->values[i] = (struct value){.set = true, .wrong = true};
	complain_value(r);
}

static void
take_named(struct reader *r, size_t w)
{
	const struct line_word *word = &r->line.words[w];
	const struct verb_param *p;
	char name[COMMAND_TYPED_MAX];
	size_t i;

	line_word_name(&r->line, word, name, sizeof(name));
	i = reader_param_named(r, name);
	if (i == NOWHERE) {
		if (!has_rest(r)) {
			r->used[w] = true;
			complain(
			    r, ERR_INPUT, mem_print(_("%s has no \"%s\""), r->verb->name, name));
		}
		return;
	}
	p = &r->verb->params[i];
	r->used[w] = true;
	if (r->values[i].set)
		complain(r, ERR_INPUT, mem_print(_("%s is said twice"), _(p->label)));
	else if (!word->text[0] && !word->quoted) {
		r->values[i] = (struct value){.set = true, .wrong = true};
		complain(r, ERR_INPUT, mem_print(_("%s= wants a value"), p->name));
	} else if (p->type == ARG_REST && !word->quoted && r->rest_word == NOWHERE) {
		/* text=封闭 双向车道: all that follows. */
		r->rest_word = w;
		r->rest_from = word->value_start;
		r->rest = p;
		r->used[w] = false;
	} else
		set_value(r, i, word, true);
}

/* --- positional words ------------------------------------------------------------------------ */

static bool
take_flag(struct reader *r, const struct line_word *word)
{
	for (size_t i = 0; i < reader_param_count(r); i++) {
		const struct verb_param *p = &r->verb->params[i];

		if (p->type != ARG_FLAG || r->values[i].set || word->quoted ||
		    (!fold_equals(p->name, word->fold) && !fold_equals(_(p->label), word->fold)))
			continue;
		r->values[i] = (struct value){.set = true, .json = json_true()};
		return true;
	}
	return false;
}

/* Offer the word to parameter i: true when it went there, or was meant to. */
static bool
offer(struct reader *r, size_t i, const struct line_word *word)
{
	const struct verb_param *p = &r->verb->params[i];
	bool firm = reader_needs(r, p) || !text_follows(r, i);
	enum value_state state;

	if (word->quoted && !firm && !is_text(p))
		return false; /* quotes make it text where text may stand */
	state = value_read(&r->value, p, word->text, word->fold, word->quoted, firm, &r->values[i]);

	if (state != VALUE_PROBLEM)
		return state == VALUE_YES;
	r->values[i] = (struct value){.set = true, .wrong = true};
	complain_value(r);
	return true;
}

/* Why no parameter took a word. */
struct refusal {
	char *text; /* owned */
	enum err_code code;
	bool sure; /* the word was meant for that parameter, and is no text */
	int n;	   /* parameters that refused it */
};

/* Nothing but parameter i can be meant: it is needed there, or the word is the number of a thing.
 */
static bool
is_meant_for(const struct reader *r, size_t i, const struct line_word *word)
{
	const struct verb_param *p = &r->verb->params[i];

	return reader_needs(r, p) ||
	       (p->type == ARG_THING && !word->quoted && looks_like_number(word->fold));
}

static void
note_refusal(struct reader *r, size_t i, const struct line_word *word, struct refusal *why)
{
	why->n++;
	if (why->sure)
		return;
	free(why->text);
	why->text = r->value.problem;
	why->code = r->value.code;
	why->sure = is_meant_for(r, i, word);
	r->value.problem = NULL;
}

/* Give the word to the first open parameter that takes it. */
static bool
deal(struct reader *r, size_t w, struct refusal *why)
{
	const struct line_word *word = &r->line.words[w];

	for (size_t i = 0; i < reader_param_count(r); i++) {
		const struct verb_param *p = &r->verb->params[i];

		if (!p->positional || p->type == ARG_FLAG || r->values[i].set ||
		    (is_text(p) && why->sure))
			continue;
		if (p->type == ARG_REST) {
			r->rest_word = w;
			r->rest_from = word->start;
			r->rest = p;
			return true;
		}
		if (offer(r, i, word))
			return true;
		note_refusal(r, i, word, why);
	}
	return false;
}

static void
take_positional(struct reader *r, size_t w)
{
	const struct line_word *word = &r->line.words[w];
	struct refusal why = {.n = 0};

	if (!take_flag(r, word) && !deal(r, w, &why)) {
		if (why.text && (why.sure || why.n == 1)) {
			complain(r, why.code, why.text);
			return;
		}
		complain(r, ERR_INPUT, mem_print(_("one word too many: %s"), word->text));
	}
	free(why.text);
}

/* --- the rest -------------------------------------------------------------------------------- */

static size_t
skip_blanks(const struct line *line, size_t at)
{
	size_t size;

	while (
	    at < line->size && words_is_blank(utf8_decode(line->text + at, line->size - at, &size)))
		at += size;
	return at;
}

static void
cut_blanks(char *text)
{
	size_t n = strlen(text), size;

	while (n > 0) {
		size_t before = utf8_prev(text, n);

		if (!words_is_blank(utf8_decode(text + before, n - before, &size)))
			break;
		n = before;
	}
	text[n] = '\0';
}

/* From where the rest begins to the end of the line as typed, without the NAME=VALUE words in it.
 */
static char *
rest_text(const struct reader *r)
{
	const struct line *line = &r->line;
	const struct line_word *first = &line->words[r->rest_word];
	size_t at = r->rest_from, words = 0;
	struct buf b = BUF_MAX(line->size + 1);
	char *text;

	for (size_t w = r->rest_word; w < line->n; w++) {
		if (!r->used[w]) {
			words++;
			continue;
		}
		buf_add_n(&b, line->text + at, line->words[w].start - at);
		at = skip_blanks(line, line->words[w].end);
	}
	buf_add_n(&b, line->text + at, line->size - at);
	text = buf_take(&b);
	if (words == 1 && first->quoted && r->rest_from == first->value_start) {
		free(text);
		return mem_dup(first->text);
	}
	cut_blanks(text);
	return text;
}

static void
take_rest(struct reader *r)
{
	size_t i = (size_t)(r->rest - r->verb->params);
	char *text;

	if (r->values[i].set)
		return;
	text = rest_text(r);
	if (*text &&
	    value_read(&r->value, r->rest, text, "", false, true, &r->values[i]) != VALUE_YES)
		complain_value(r);
	free(text);
}

/* --- the whole line -------------------------------------------------------------------------- */

static void
take_defaults(struct reader *r)
{
	struct buf missing = BUF_MAX(1024);

	for (size_t i = 0; i < reader_param_count(r); i++) {
		const struct verb_param *p = &r->verb->params[i];
		json_t *otherwise = default_of(r, p);

		if (r->values[i].set)
			continue;
		if (otherwise)
			value_default(&r->value, p, otherwise, &r->values[i]);
		else if (p->required)
			buf_printf(&missing, "%s%s", missing.size ? _(", ") : "", _(p->label));
	}
	if (missing.size)
		complain(r, ERR_INPUT, mem_print(_("still to say: %s"), buf_str(&missing)));
	buf_clear(&missing);
}

static void
choose_verb(struct reader *r)
{
	const struct line_word *first = &r->line.words[0];
	struct verb_choice choice;
	struct buf names = BUF_MAX(1024);
	char word[96];

	verb_choose(r->value.st, r->value.actor, first->fold, &choice);
	if (choice.glued && strncmp(first->text, first->fold, choice.glued) != 0)
		choice.n = 0; /* broken bytes before it */
	if (choice.n == 1) {
		r->verb = choice.found[0];
		command_verb_word(r->verb, word, sizeof(word));
		if (choice.forbidden)
			complain(r, ERR_REFUSED,
			    mem_print(_("%s has no right to: %s"), r->value.actor->name, word));
		r->glued = choice.glued > 0;
		if (r->glued)
			line_cut_first(&r->line, choice.glued);
		return;
	}
	for (size_t i = 0; i < choice.n && i < VERB_CANDIDATES; i++) {
		command_verb_word(choice.found[i], word, sizeof(word));
		buf_printf(&names, "%s%s", i ? _(", ") : "", word);
	}
	if (choice.n == 0)
		verb_suggest(r->value.st, r->value.actor, first->fold, &names);
	if (choice.n)
		complain(
		    r, ERR_INPUT, mem_print(_("\"%s\" may be: %s"), first->text, buf_str(&names)));
	else if (names.size)
		complain(r, ERR_INPUT,
		    mem_print(_("there is no command \"%s\"; near it: %s"), first->text,
			buf_str(&names)));
	else
		complain(r, ERR_INPUT, mem_print(_("there is no command \"%s\""), first->text));
	buf_clear(&names);
}

/* Deal out the positional words from..to - 1. */
static void
take_words(struct reader *r, size_t from, size_t to)
{
	for (size_t w = from; w < to && w < r->rest_word; w++)
		if (!r->used[w])
			take_positional(r, w);
}

/* "派遣：高邮市消防救援大队  089 危化品泄漏  内容 封闭双向车道" */
static char *
say(const struct reader *r)
{
	struct buf b = BUF_MAX(4096);
	char part[160];
	int n = 0;

	buf_add(&b, _(r->verb->summary));
	for (size_t i = 0; i < reader_param_count(r); i++) {
		const struct verb_param *p = &r->verb->params[i];
		const struct value *v = &r->values[i];

		if (!v->json || json_is_false(v->json))
			continue;
		buf_add(&b, n++ ? "  " : _(": "));
		if (p->type != ARG_THING)
			buf_add(&b, _(p->label));
		if (!v->said)
			continue;
		text_copy(part, sizeof(part), v->said);
		for (char *c = part; *c; c++)
			if (*c == '\n')
				*c = ' ';
		buf_printf(&b, "%s%s%s", p->type != ARG_THING ? " " : "", part,
		    strlen(v->said) > strlen(part) ? "..." : "");
	}
	return buf_take(&b);
}

/* --- the interface --------------------------------------------------------------------------- */

static void
read_arguments(struct reader *r, size_t cursor, struct completer *c, struct command_reading *out)
{
	size_t at;
	const struct line_word *word = reader_word_at(r, cursor, &at);

	for (size_t w = 1; w < r->line.n; w++)
		if (r->line.words[w].name_end)
			take_named(r, w);
	take_words(r, 1, at);
	if (cursor > r->line.words[0].end)
		reader_complete(c, word, cursor, out);
	take_words(r, at ? at : 1, r->line.n);
	if (r->rest_word != NOWHERE)
		take_rest(r);
	take_defaults(r);
}

void
command_read(struct store *st, const struct actor *actor, const char *line, size_t cursor,
    json_t *context, struct command_reading *out)
{
	struct reader *r = mem_zero(1, sizeof(*r));
	struct completer c = {.r = r};

	*out = (struct command_reading){.args = json_object()};
	c.out = out->completions = mem_zero(COMPLETIONS_MAX, sizeof(*c.out));
	r->value = (struct value_reader){.st = st, .actor = actor, .now = clock_now()};
	r->context = context;
	r->rest_word = NOWHERE;
	line_split(&r->line, line);
	if (cursor > r->line.size)
		cursor = r->line.size;
	out->from = out->to = cursor;
	if (r->line.n)
		choose_verb(r);
	else
		complain(r, ERR_INPUT, mem_dup(_("no command yet")));
	if (r->verb)
		read_arguments(r, cursor, &c, out);
	reader_complete_verb(&c, cursor, out);
	out->verb = r->verb;
	out->said = r->verb ? say(r) : mem_dup("");
	out->n_completions = c.n;
	out->problem = r->problem;
	out->code = r->problem ? r->code : ERR_OK;
	for (size_t i = 0; r->verb && i < reader_param_count(r); i++) {
		if (r->values[i].json)
			json_object_set(out->args, r->verb->params[i].name, r->values[i].json);
		value_clear(&r->values[i]);
	}
	free(r->value.problem);
	line_clear(&r->line);
	free(r);
}

void
command_reading_clear(struct command_reading *reading)
{
	json_decref(reading->args);
	free(reading->said);
	free(reading->problem);
	free(reading->completions);
	*reading = (struct command_reading){.verb = NULL};
}

/* Was a thing not found only because it is another area's? */
static bool
is_foreign(struct store *st, const struct actor *actor, const char *line, json_t *context)
{
	struct command_reading all;
	bool foreign;

	if (!scope_of(actor))
		return false;
	command_read(st, NULL, line, SIZE_MAX, context, &all);
	foreign = !all.problem || all.code != ERR_NOT_FOUND;
	command_reading_clear(&all);
	return foreign;
}

/* Who is told "there is no such thing" learns nothing; the journal says what was tried. */
static void
note_attempt(struct store *st, const struct actor *actor, const char *line, json_t *context,
    const struct command_reading *reading)
{
	if (!actor || !reading->verb)
		return;
	if (reading->code == ERR_REFUSED ||
	    (reading->code == ERR_NOT_FOUND && is_foreign(st, actor, line, context)))
		verb_refused(st, actor, reading->verb, reading->problem);
}

bool
command_run(struct store *st, const struct actor *actor, const char *line, json_t *context,
    struct verb_result *result, struct err *err)
{
	struct command_reading reading;
	bool ok;

	command_read(st, actor, line, SIZE_MAX, context, &reading);
	if (reading.problem) {
		note_attempt(st, actor, line, context, &reading);
		ok = err_set(err, reading.code, "%s", reading.problem);
	} else
		ok = verb_run(st, actor, reading.verb->name, reading.args, result, err);
	command_reading_clear(&reading);
	return ok;
}
