/* What a word means as the value of a parameter: numbers, times, choices, things. */
#include "store/command_internal.h"
#include "store/search.h"
#include "store/words.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CANDIDATES 16 /* of each kind */
#define KINDS_MAX 6

void
value_clear(struct value *v)
{
	json_decref(v->json);
	free(v->said);
	*v = (struct value){.set = false};
}

static enum value_state
problem(struct value_reader *r, enum value_state state, enum err_code code, char *text)
{
	free(r->problem);
	r->problem = text;
	r->code = code;
	return state;
}

static enum value_state
take(struct value *out, json_t *json, char *said)
{
	*out = (struct value){.set = true, .json = json, .said = said};
	return VALUE_YES;
}

bool
looks_like_number(const char *folded)
{
	const char *s = folded + (*folded == '#');

	return s[0] >= '0' && s[0] <= '9' && strspn(s, "0123456789-") == strlen(s);
}

/* --- numbers --------------------------------------------------------------------------------- */

static enum value_state
read_int(struct value_reader *r, const char *folded, struct value *out)
{
	char *end;
	long long n;

	if (folded[0] == '#') /* a journal line is written #402, and typed as it is written */
		folded++;
	errno = 0;
	n = folded[0] >= '0' && folded[0] <= '9' ? strtoll(folded, &end, 10) : -1;
	if (n < 0 || errno || *end)
		return problem(
		    r, VALUE_NO, ERR_INPUT, mem_print(_("\"%s\" is no whole number"), folded));
	return take(out, json_integer(n), mem_print("%lld", n));
}

static enum value_state
read_real(struct value_reader *r, const char *folded, struct value *out)
{
	char *end = NULL;
	double x = 0;

	if (strspn(folded, "0123456789.+-") == strlen(folded) && *folded)
		x = strtod(folded, &end);
	if (!end || *end || !isfinite(x))
		return problem(r, VALUE_NO, ERR_INPUT, mem_print(_("\"%s\" is no number"), folded));
	return take(out, json_real(x), mem_print("%g", x));
}

/* --- times ----------------------------------------------------------------------------------- */

static enum value_state
read_time(struct value_reader *r, const char *of, const char *text, struct value *out)
{
	char iso[40], said[40];
	int64_t ms;

	if (!command_time(text, r->now, of, &ms))
		return problem(r, VALUE_NO, ERR_INPUT, mem_print(_("\"%s\" is no time"), text));
	clock_format(iso, sizeof(iso), ms, CLOCK_ISO);
	clock_format(said, sizeof(said), ms,
	    clock_day_start(ms) == clock_day_start(r->now) ? CLOCK_HM : CLOCK_MD_HM);
	return take(out, json_string(iso), mem_dup(said));
}

/* --- choices --------------------------------------------------------------------------------- */

const char *
command_choice_label(const char *choice)
{
	return *choice ? i18n_in("choice", choice) : "";
}

/* The i-th of "phone|written|fax"; false past the end. */
static bool
nth_choice(const char *of, size_t i, char *out, size_t size)
{
	size_t n;

	for (; i > 0; i--) {
		of += strcspn(of, "|");
		if (!*of)
			return false;
		of++;
	}
	n = strcspn(of, "|");
	if (n == 0 || n >= size)
		return false;
	memcpy(out, of, n);
	out[n] = '\0';
	return true;
}

/* 3 the choice itself or its label, 2 its initials, 1 a beginning of one, 0 no. */
static int
match_choice(const char *choice, const char *folded)
{
	const char *label = command_choice_label(choice);
	char initials[64];

	if (fold_equals(choice, folded) || fold_equals(label, folded))
		return 3;
	pinyin_initials(label, initials, sizeof(initials));
	if ((unsigned char)label[0] >= 0x80 && strcmp(initials, folded) == 0)
		return 2;
	return fold_begins(choice, folded) || fold_begins(label, folded) ? 1 : 0;
}

static char *
list_choices(const char *of)
{
	struct buf b = BUF_MAX(1024);
	char choice[64];

	for (size_t i = 0; nth_choice(of, i, choice, sizeof(choice)); i++)
		buf_printf(&b, "%s%s", i ? _(", ") : "", command_choice_label(choice));
	return buf_take(&b);
}

static enum value_state
read_choice(
    struct value_reader *r, const char *of, const char *folded, bool firm, struct value *out)
{
	char choice[64], best[64] = "";
	int level = 0, ties = 0;

	for (size_t i = 0; nth_choice(of, i, choice, sizeof(choice)); i++) {
		int match = match_choice(choice, folded);

		if (match > level) {
			level = match;
			ties = 0;
			text_copy(best, sizeof(best), choice);
		} else if (match && match == level)
			ties++;
	}
	if (level == 0 || ties || !*folded || (level == 1 && !firm && strlen(folded) < 2)) {
		char *all = list_choices(of);

		problem(r, VALUE_NO, ERR_INPUT, mem_print(_("\"%s\" is none of: %s"), folded, all));
		free(all);
		return VALUE_NO;
	}
	return take(out, json_string(best), mem_dup(command_choice_label(best)));
}

/* --- things ---------------------------------------------------------------------------------- */

struct candidate {
	struct thing thing;
	const struct thing_kind *kind;
	size_t rank; /* place of its kind in the parameter's row: earlier ones win a tie */
};

static size_t
kinds_of(struct value_reader *r, const char *of, const struct thing_kind **kinds)
{
	char name[64];
	size_t n = 0;

	for (size_t i = 0; n < KINDS_MAX && nth_choice(of, i, name, sizeof(name)); i++) {
		kinds[n] = thing_kind_find(r->st, name);
		if (kinds[n])
			n++;
	}
	return n;
}

/* "team or unit" */
static char *
kinds_label(struct value_reader *r, const char *of)
{
	const struct thing_kind *kinds[KINDS_MAX];
	size_t n = kinds_of(r, of, kinds);
	struct buf b = BUF_MAX(512);

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s",
		    i == 0	? ""
		    : i + 1 < n ? _(", ")
				: _(" or "),
		    _(kinds[i]->label));
	return buf_take(&b);
}

static int
compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->thing.score != y->thing.score)
		return x->thing.score < y->thing.score ? 1 : -1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return 0;
}

/* All things the word may mean, best first. `out` holds CANDIDATES * KINDS_MAX. */
static size_t
find_things(struct value_reader *r, const char *of, const char *word, struct candidate *out)
{
	const struct thing_kind *kinds[KINDS_MAX];
	struct thing found[CANDIDATES];
	size_t n = 0, n_kinds = kinds_of(r, of, kinds);
	struct actor system;
	const struct actor *actor = r->actor;

	if (!actor) {
		actor_system(&system, "");
		actor = &system;
	}
	for (size_t k = 0; k < n_kinds; k++) {
		size_t got = kinds[k]->find(r->st, actor, word, found, CANDIDATES);

		for (size_t i = 0; i < got; i++)
			out[n++] = (struct candidate){found[i], kinds[k], k};
	}
	/* Insertion keeps the finder's own order among equals, which qsort need not. */
	for (size_t i = 1; i < n; i++) {
		struct candidate c = out[i];
		size_t j = i;

		for (; j > 0 && compare_candidates(&c, &out[j - 1]) < 0; j--)
			out[j] = out[j - 1];
		out[j] = c;
	}
	return n;
}

static char *
list_things(const struct candidate *all, size_t n)
{
	struct buf b = BUF_MAX(2048);

	for (size_t i = 0; i < n && i < 5; i++)
		buf_printf(&b, "%s%s", i ? _("; ") : "",
		    all[i].thing.word[0] ? all[i].thing.word : all[i].thing.label);
	if (n > 5)
		buf_add(&b, _(" and others"));
	return buf_take(&b);
}

static enum value_state
no_thing(struct value_reader *r, const char *of, const char *text, bool number)
{
	char *kinds = kinds_label(r, of);
	char *message = number ? mem_print(_("there is no %s numbered %s"), kinds, text)
			       : mem_print(_("there is no %s \"%s\""), kinds, text);

	free(kinds);
	return problem(r, VALUE_NO, ERR_NOT_FOUND, message);
}

static char *
thing_label(struct value_reader *r, const struct thing_kind *kind, int64_t id)
{
	char label[256];

	if (kind->label_of && kind->label_of(r->st, id, label, sizeof(label)))
		return mem_dup(label);
	return mem_print("%lld", (long long)id);
}

static bool
is_letters(const char *folded)
{
	return strspn(folded, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(folded);
}

static enum value_state
read_thing(struct value_reader *r, const char *of, const char *text, const char *folded,
    bool quoted, bool firm, struct value *out)
{
	struct candidate *all = mem_zero(CANDIDATES * KINDS_MAX, sizeof(*all));
	bool number = !quoted && looks_like_number(folded);
	size_t n = *text ? find_things(r, of, number ? folded : text, all) : 0, ties = 1;
	enum value_state state;

	while (ties < n && all[ties].thing.score == all[0].thing.score &&
	       all[ties].rank == all[0].rank)
		ties++;
	if (n == 0)
		state = no_thing(r, of, text, number);
	else if (!firm && !number && !is_letters(folded) &&
		 !fold_equals(all[0].thing.word, folded) &&
		 !fold_begins(all[0].thing.label, folded))
		state = no_thing(r, of, text, false);
	else if (ties > 1) {
		char *list = list_things(all, ties);

		state = problem(
		    r, VALUE_PROBLEM, ERR_INPUT, mem_print(_("\"%s\" may be: %s"), text, list));
		free(list);
	} else
		state = take(out, json_integer(all[0].thing.id),
		    thing_label(r, all[0].kind, all[0].thing.id));
	free(all);
	return state;
}

/* --- any ------------------------------------------------------------------------------------- */

static enum value_state
read_flag(struct value_reader *r, const char *folded, struct value *out)
{
	static const char *const yes[] = {"yes", "true", "1", "是", "有"};
	static const char *const no[] = {"no", "false", "0", "否", "无"};

	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		if (strcmp(folded, yes[i]) == 0)
			return take(out, json_true(), mem_dup(_("yes")));
		if (strcmp(folded, no[i]) == 0)
			return take(out, json_false(), mem_dup(_("no")));
	}
	return problem(
	    r, VALUE_NO, ERR_INPUT, mem_print(_("\"%s\" is neither yes nor no"), folded));
}

static enum value_state
read_text(const char *text, struct value *out)
{
	char *clean = utf8_clean(text, strlen(text), true, NULL);

	return take(out, json_string(clean), clean);
}

enum value_state
value_read(struct value_reader *r, const struct verb_param *p, const char *text, const char *folded,
    bool quoted, bool firm, struct value *out)
{
	switch (p->type) {
	case ARG_INT:
		return read_int(r, folded, out);
	case ARG_REAL:
		return read_real(r, folded, out);
	case ARG_TIME:
		return read_time(r, p->of, text, out);
	case ARG_CHOICE:
		return read_choice(r, p->of ? p->of : "", folded, firm, out);
	case ARG_THING:
		return read_thing(r, p->of ? p->of : "", text, folded, quoted, firm, out);
	case ARG_FLAG:
		return read_flag(r, folded, out);
	case ARG_WORD:
	case ARG_REST:
		break;
	}
	return read_text(text, out);
}

void
value_default(struct value_reader *r, const struct verb_param *p, json_t *json, struct value *out)
{
	const struct thing_kind *kinds[KINDS_MAX];
	char *said = NULL, label[256];
	size_t n = p->type == ARG_THING && p->of ? kinds_of(r, p->of, kinds) : 0;

	for (size_t i = 0; i < n && !said && json_is_integer(json); i++)
		if (kinds[i]->label_of &&
		    kinds[i]->label_of(r->st, json_integer_value(json), label, sizeof(label)))
			said = mem_dup(label);
	if (!said)
		said = json_is_string(json) ? mem_dup(json_string_value(json))
					    : json_dumps(json, JSON_ENCODE_ANY);
	*out = (struct value){.set = true, .json = json_incref(json), .said = said};
}

bool
command_thing(struct store *st, const struct actor *actor, const char *of, const char *word,
    int64_t *id, char **label, struct err *err)
{
	struct value_reader r = {.st = st, .actor = actor, .now = clock_now()};
	struct value v = {.set = false};
	char folded[COMMAND_TYPED_MAX];
	bool found;

	words_fold(word, strlen(word), folded, sizeof(folded));
	found = read_thing(&r, of, word, folded, false, true, &v) == VALUE_YES;
	if (found) {
		*id = json_integer_value(v.json);
		if (label)
			*label = mem_dup(v.said);
	} else
		err_set(err, r.code, "%s", r.problem);
	value_clear(&v);
	free(r.problem);
	return found;
}

/* --- completions ----------------------------------------------------------------------------- */

static size_t
complete_choice(const char *of, const char *folded, struct command_completion *out, size_t max)
{
	char choice[64];
	size_t n = 0;

	for (int level = 3; level > 0; level--) {
		for (size_t i = 0; n < max && nth_choice(of, i, choice, sizeof(choice)); i++) {
			const char *label = command_choice_label(choice);

			if (match_choice(choice, folded) != level)
				continue;
			text_copy(out[n].word, sizeof(out[n].word), label);
			text_copy(out[n].label, sizeof(out[n].label), choice);
			n++;
		}
	}
	return n;
}

static size_t
complete_thing(struct value_reader *r, const char *of, const char *typed,
    struct command_completion *out, size_t max)
{
	struct candidate *all = mem_zero(CANDIDATES * KINDS_MAX, sizeof(*all));
	size_t found = find_things(r, of, typed, all), n = 0;

	for (size_t i = 0; i < found && n < max; i++) {
		if (!all[i].thing.word[0])
			continue;
		line_quote(all[i].thing.word, out[n].word, sizeof(out[n].word));
		text_copy(out[n].label, sizeof(out[n].label), all[i].thing.label);
		n++;
	}
	free(all);
	return n;
}

size_t
value_complete(struct value_reader *r, const struct verb_param *p, const char *typed,
    struct command_completion *out, size_t max)
{
	char folded[COMMAND_TYPED_MAX];

	words_fold(typed, strlen(typed), folded, sizeof(folded));
	if (p->type == ARG_CHOICE && p->of)
		return complete_choice(p->of, folded, out, max);
	if (p->type == ARG_THING && p->of)
		return complete_thing(
		    r, p->of, looks_like_number(folded) ? folded : typed, out, max);
	return 0;
}
