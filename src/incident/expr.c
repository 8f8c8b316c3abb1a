/*
 * Conditions of policy rows: a recursive-descent parser over words.
 *
 *	condition := part { "or" part }
 *	part := test { "and" test }
 *	test := "not" test | "(" condition ")" | "@" NAME
 *	      | NAME [OP NUMBER | "~" WORDS | "has" WORDS | "is" WORDS]
 *
 * A general expression library was left out: it cannot say why a condition holds (ask.c does).
 */
#include "incident/expr.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64

static const char *const subject_names[SUBJECTS] = {"dead", "missing", "injured", "serious",
    "light", "trapped", "poisoned", "ill", "evacuated", "threatened", "households", "casualties",
    "lost", "loss", "area", "magnitude", "grade", "near_miss", "sensitive", "child", "reported",
    "changed", "written", "substance", "type", "types", "text", "site", "state", "event"};

struct parser {
	const char *at;
	char word[256];
	const struct expr_names *names;
	size_t n_names;
	int depth;
	struct err *err;
};

static struct expr *parse_or(struct parser *p);

void
expr_free(struct expr *e)
{
	if (!e)
		return;
	expr_free(e->left);
	expr_free(e->right);
	free(e->words);
	free(e);
}

static struct expr *
expr_new(enum expr_op op, struct expr *left, struct expr *right)
{
	struct expr *e = mem_zero(1, sizeof(*e));

	e->op = op;
	e->left = left;
	e->right = right;
	return e;
}

/* The next word into p->word: a parenthesis, an operator, or what stands up to a blank or
 * parenthesis. */
static void
next_word(struct parser *p)
{
	size_t n = 0;

	while (*p->at == ' ')
		p->at++;
	if (*p->at == '(' || *p->at == ')') {
		p->word[n++] = *p->at++;
	} else if (strchr("<>=!", *p->at) && *p->at) {
		while (*p->at && strchr("<>=!", *p->at) && n < 2)
			p->word[n++] = *p->at++;
	} else {
		while (*p->at && !strchr(" ()<>=!", *p->at) && n + 1 < sizeof(p->word))
			p->word[n++] = *p->at++;
	}
	p->word[n] = '\0';
}

static bool
word_is(const struct parser *p, const char *word)
{
	return strcmp(p->word, word) == 0;
}

/* What was parsed is of no use: err is set. */
static struct expr *
discard(struct expr *e)
{
	expr_free(e);
	return NULL;
}

static bool
parse_compare(const char *word, enum compare *out)
{
	static const char *const spelled[] = {">=", ">", "<=", "<", "=", "!="};

	for (size_t i = 0; i < COUNT_OF(spelled); i++)
		if (strcmp(word, spelled[i]) == 0) {
			*out = (enum compare)i;
			return true;
		}
	return false;
}

static bool
parse_number(const char *word, enum subject subject, double *out)
{
	static const char *const roman[] = {"IV", "III", "II", "I"};
	static const char *const chinese[] = {"一般", "较大", "重大", "特别重大"};
	char *end;

	if (subject == GRADE) {
		for (size_t i = 0; i < COUNT_OF(roman); i++)
			if (strcmp(word, roman[i]) == 0 || strcmp(word, chinese[i]) == 0) {
				*out = (double)i + 1;
				return true;
			}
		return false;
	}
	*out = strtod(word, &end);
	return *word && *end == '\0';
}

static struct expr *
parse_subject(struct parser *p)
{
	struct expr *e;
	size_t i;

	for (i = 0; i < SUBJECTS && !word_is(p, subject_names[i]); i++)
		;
	if (i == SUBJECTS) {
		err_set(p->err, ERR_INPUT, _("\"%s\" is not a fact"), p->word);
		return discard(NULL);
	}
	e = expr_new(i < TYPE ? EXPR_NUMBER : EXPR_WORDS, NULL, NULL);
	e->subject = (enum subject)i;
	e->compare = GT;
	next_word(p);
	if (e->op == EXPR_NUMBER && parse_compare(p->word, &e->compare)) {
		next_word(p);
		if (!parse_number(p->word, e->subject, &e->number)) {
			err_set(p->err, ERR_INPUT, _("\"%s\" is not a number or grade"), p->word);
			return discard(e);
		}
		next_word(p);
	} else if (word_is(p, "~") || word_is(p, "has") || word_is(p, "is")) {
		if (e->op == EXPR_NUMBER && e->subject != SUBSTANCE) {
			err_set(p->err, ERR_INPUT, _("\"%s\" does not go with a number"), p->word);
			return discard(e);
		}
		e->op = EXPR_WORDS;
		e->match = p->word[0] == '~' ? BEGINS : p->word[0] == 'h' ? HAS : IS;
		next_word(p);
		if (!p->word[0] || strchr("()", p->word[0])) {
			err_set(p->err, ERR_INPUT, _("words are missing"));
			return discard(e);
		}
		e->words = mem_dup(p->word);
		next_word(p);
	} else if (e->op == EXPR_WORDS) {
		err_set(p->err, ERR_INPUT, _("before \"%s\": ~, has or is should follow here"),
		    p->word);
		return discard(e);
	}
	return e;
}

static struct expr *
parse_named(struct parser *p)
{
	struct expr *e;

	for (size_t i = 0; i < p->n_names; i++)
		if (strcmp(p->names[i].name, p->word + 1) == 0) {
			e = expr_new(EXPR_NAMED, NULL, NULL);
			e->named = p->names[i].value;
			next_word(p);
			return e;
		}
	err_set(p->err, ERR_INPUT, _("\"%s\" is not defined above"), p->word);
	return discard(NULL);
}

static struct expr *
parse_test(struct parser *p)
{
	struct expr *e;

	if (++p->depth > DEPTH_MAX) {
		err_set(p->err, ERR_INPUT, _("at \"%s\": nested too deep"), p->word);
		return discard(NULL);
	}
	if (word_is(p, "not")) {
		next_word(p);
		e = parse_test(p);
		e = e ? expr_new(EXPR_NOT, e, NULL) : NULL;
	} else if (word_is(p, "(")) {
		next_word(p);
		e = parse_or(p);
		if (e && !word_is(p, ")")) {
			err_set(p->err, ERR_INPUT, _("before \"%s\": ) is missing"), p->word);
			return discard(e);
		}
		next_word(p);
	} else if (p->word[0] == '@') {
		e = parse_named(p);
	} else {
		e = parse_subject(p);
	}
	p->depth--;
	return e;
}

static struct expr *
parse_and(struct parser *p)
{
	struct expr *e = parse_test(p), *right;

	while (e && word_is(p, "and")) {
		next_word(p);
		right = parse_test(p);
		if (!right) {
			expr_free(e);
			return NULL;
		}
		e = expr_new(EXPR_AND, e, right);
	}
	return e;
}

static struct expr *
parse_or(struct parser *p)
{
	struct expr *e = parse_and(p), *right;

	while (e && word_is(p, "or")) {
		next_word(p);
		right = parse_and(p);
		if (!right) {
			expr_free(e);
			return NULL;
		}
		e = expr_new(EXPR_OR, e, right);
	}
	return e;
}

struct expr *
expr_parse(const char *text, const struct expr_names *names, size_t n, struct err *err)
{
	struct parser p = {.at = text, .names = names, .n_names = n, .err = err};
	struct expr *e;

	next_word(&p);
	e = parse_or(&p);
	if (e && p.word[0]) {
		err_set(err, ERR_INPUT, _("\"%s\" is one word too many"), p.word);
		return discard(e);
	}
	return e;
}
