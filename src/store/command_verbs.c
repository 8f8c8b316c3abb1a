/* Which verb a word calls. */
#include "store/command_internal.h"
#include "store/search.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

/* How well a word calls a verb; the best wins, and two of the best are ambiguous. */
enum call {
	CALL_NO,
	CALL_PREFIX_INITIALS, /* q for 签收 */
	CALL_PREFIX,	      /* ord, o.i, 签 */
	CALL_PART,	      /* issue; the initials qs of 签收 */
	CALL_WORD	      /* order.issue, 签收, open */
};

/* The next blank-separated word of a verb's row; false at the end. */
static bool
next_word(const char **at, char *out, size_t size)
{
	const char *s = *at + strspn(*at, " ");
	size_t n = strcspn(s, " ");

	if (n == 0 || n >= size)
		return false;
	memcpy(out, s, n);
	out[n] = '\0';
	*at = s + n;
	return true;
}

static bool
is_chinese(const char *word)
{
	return (unsigned char)word[0] >= 0x80;
}

/* "o.i" for "order.issue": each part a beginning of its own. Gives CALL_NO, CALL_PREFIX or
 * CALL_WORD. */
static enum call
match_dotted(const char *name, const char *typed)
{
	enum call best = CALL_WORD;

	for (;;) {
		size_t part = strcspn(typed, "."), whole = strcspn(name, ".");

		if (part > whole || strncmp(name, typed, part) != 0)
			return CALL_NO;
		if (part < whole)
			best = CALL_PREFIX;
		if (!typed[part])
			return name[whole] ? CALL_PREFIX : best;
		if (!name[whole])
			return CALL_NO;
		typed += part + 1;
		name += whole + 1;
	}
}

static enum call
better(enum call a, enum call b)
{
	return a > b ? a : b;
}

static enum call
match_initials(const char *word, const char *typed)
{
	char initials[64];

	if (!is_chinese(word) || is_chinese(typed))
		return CALL_NO;
	pinyin_initials(word, initials, sizeof(initials));
	if (strcmp(initials, typed) == 0)
		return CALL_PART;
	return strncmp(initials, typed, strlen(typed)) == 0 ? CALL_PREFIX_INITIALS : CALL_NO;
}

static enum call
match_verb(const struct verb *v, const char *typed)
{
	enum call best = match_dotted(v->name, typed);
	const char *tail = strrchr(v->name, '.'), *at = v->words ? v->words : "";
	char word[64];

	if (tail && strcmp(tail + 1, typed) == 0)
		best = better(best, CALL_PART);
	while (next_word(&at, word, sizeof(word))) {
		if (fold_equals(word, typed))
			return CALL_WORD;
		if (fold_begins(word, typed))
			best = better(best, CALL_PREFIX);
		best = better(best, match_initials(word, typed));
	}
	if (is_chinese(typed) && fold_begins(_(v->summary), typed))
		best = better(best, CALL_PREFIX);
	return best;
}

static bool
may(const struct actor *actor, const struct verb *v)
{
	return !actor || verb_allowed(actor, v);
}

static void
choose_among(struct store *st, const struct actor *actor, const char *typed, bool allowed,
    struct verb_choice *out)
{
	const struct verb *v;
	enum call best = CALL_PREFIX_INITIALS;

	out->n = 0;
	for (size_t i = 0; (v = verb_at(st, i)) != NULL; i++) {
		enum call call = may(actor, v) == allowed ? match_verb(v, typed) : CALL_NO;

		/* What other faces call must be said in full here. */
		if ((v->flags & VERB_QUIET) && call != CALL_WORD)
			continue;
		if (call < best)
			continue;
		if (call > best)
			out->n = 0;
		best = call;
		if (out->n < VERB_CANDIDATES)
			out->found[out->n] = v;
		out->n++;
	}
}

/* The longest Chinese word that stands at the head of the typed one. */
static void
choose_glued(
    struct store *st, const struct actor *actor, const char *typed, struct verb_choice *out)
{
	const struct verb *v;
	char word[64];

	for (size_t i = 0; (v = verb_at(st, i)) != NULL; i++) {
		const char *at = v->words ? v->words : "";

		if ((v->flags & VERB_QUIET) || !may(actor, v))
			continue;
		while (next_word(&at, word, sizeof(word))) {
			size_t n = strlen(word);

			if (!is_chinese(word) || strncmp(typed, word, n) != 0 || n < out->glued)
				continue;
			if (n > out->glued)
				out->n = 0;
			if (out->n < VERB_CANDIDATES)
				out->found[out->n] = v;
			out->n++;
			out->glued = n;
		}
	}
}

void
verb_choose(
    struct store *st, const struct actor *actor, const char *folded, struct verb_choice *out)
{
	*out = (struct verb_choice){.n = 0};
	choose_among(st, actor, folded, true, out);
	if (out->n)
		return;
	choose_glued(st, actor, folded, out);
	if (out->n)
		return;
	choose_among(st, actor, folded, false, out);
	out->forbidden = out->n > 0;
}

void
command_verb_word(const struct verb *verb, char *out, size_t size)
{
	const char *at = verb->words ? verb->words : "";
	char word[64];

	while (i18n_is_chinese() && next_word(&at, word, sizeof(word))) {
		if (!is_chinese(word))
			continue;
		text_copy(out, size, word);
		return;
	}
	text_copy(out, size, verb->name);
}

/* --- suggestions and completions ------------------------------------------------------------- */

/* Edit distance of two short words of ASCII, neighbours changed places counting one; 9 when one is
 * long. */
static int
distance(const char *a, const char *b)
{
	int d[24][24];
	int n = (int)strlen(a), m = (int)strlen(b);

	if (n > 22 || m > 22)
		return 9;
	for (int i = 0; i <= n; i++) {
		for (int j = 0; j <= m; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < d[i][j])
				d[i][j] = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < d[i][j])
				d[i][j] = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	return d[n][m];
}

static bool
is_near(const struct verb *v, const char *typed)
{
	int limit = strlen(typed) < 5 ? 1 : 2;
	const char *tail = strrchr(v->name, '.'), *at = v->words ? v->words : "";
	char word[64];

	if (is_chinese(typed))
		return strstr(_(v->summary), typed) != NULL;
	if (strlen(typed) < 3)
		return false;
	if (distance(v->name, typed) <= limit || (tail && distance(tail + 1, typed) <= limit))
		return true;
	while (next_word(&at, word, sizeof(word)))
		if (!is_chinese(word) && distance(word, typed) <= limit)
			return true;
	return false;
}

void
verb_suggest(struct store *st, const struct actor *actor, const char *folded, struct buf *out)
{
	const struct verb *v;
	char word[64];
	int n = 0;

	for (size_t i = 0; n < 4 && (v = verb_at(st, i)) != NULL; i++) {
		if ((v->flags & VERB_QUIET) || !may(actor, v) || !is_near(v, folded))
			continue;
		command_verb_word(v, word, sizeof(word));
		buf_printf(out, "%s%s", n++ ? _(", ") : "", word);
	}
}

/* What to type for a verb, in the script the officer began with. */
static void
completion_word(const struct verb *v, const char *typed, struct command_completion *out)
{
	if (typed[0] && match_dotted(v->name, typed) != CALL_NO)
		text_copy(out->word, sizeof(out->word), v->name);
	else
		command_verb_word(v, out->word, sizeof(out->word));
	text_copy(out->label, sizeof(out->label), _(v->summary));
}

size_t
verb_complete(struct store *st, const struct actor *actor, const char *folded,
    struct command_completion *out, size_t max)
{
	const struct verb *v;
	size_t n = 0;

	for (int call = CALL_WORD; call > CALL_NO; call--) {
		for (size_t i = 0; n < max && (v = verb_at(st, i)) != NULL; i++) {
			if ((v->flags & VERB_QUIET) || !may(actor, v) ||
			    (int)match_verb(v, folded) != call)
				continue;
			completion_word(v, folded, &out[n++]);
		}
	}
	return n;
}
