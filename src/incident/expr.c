/*
 * Conditions of policy rows: a recursive-descent parser over words, and an evaluator that says why.
 *
 *	condition := part { "or" part }          part := test { "and" test }
 *	test := "not" test | "(" condition ")" | "@"NAME | NAME [OP NUMBER | "~" WORDS | "has" WORDS
 *| "is" WORDS]
 *
 * Both sides of an "or" are always looked at, so that the reason names every fact that called for
 *the clock and not only the first. A general expression library was left out: the reasons are what
 *it cannot give.
 */
#include "incident/policy.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64

enum expr_op { EXPR_OR, EXPR_AND, EXPR_NOT, EXPR_NAMED, EXPR_NUMBER, EXPR_WORDS };
enum compare { GE, GT, LE, LT, EQ, NE };
enum match { BEGINS, HAS, IS };

enum subject {
	DEAD,
	MISSING,
	INJURED,
	SERIOUS,
	LIGHT,
	TRAPPED,
	POISONED,
	ILL,
	EVACUATED,
	THREATENED,
	HOUSEHOLDS,
	CASUALTIES,
	LOST,
	LOSS,
	AREA,
	MAGNITUDE,
	GRADE,
	NEAR_MISS,
	SENSITIVE,
	CHILD,
	REPORTED,
	CHANGED,
	WRITTEN,
	SUBSTANCE, /* from here on words */
	TYPE,
	TYPES,
	TEXT,
	SITE,
	STATE,
	EVENT,
	SUBJECTS
};
static const char *const subject_names[SUBJECTS] = {"dead", "missing", "injured", "serious",
    "light", "trapped", "poisoned", "ill", "evacuated", "threatened", "households", "casualties",
    "lost", "loss", "area", "magnitude", "grade", "near_miss", "sensitive", "child", "reported",
    "changed", "written", "substance", "type", "types", "text", "site", "state", "event"};

struct expr {
	enum expr_op op;
	enum subject subject;
	enum compare compare;
	enum match match;
	double number;
	char *words;		  /* owned */
	const struct expr *named; /* of a definition, borrowed */
	struct expr *left, *right;
};

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

/* Grades count upwards here, so that ">= III" means 较大 or worse. */
static double
severity(enum grade g)
{
	return g == GRADE_NONE ? 0 : 5 - (int)g;
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

/* --- asking
 * ----------------------------------------------------------------------------------------------------
 */

/* Is the text before `at` the end of a negation? */
static bool
is_denied(const char *text, const char *at)
{
	static const char *const denials[] = {
	    "未", "无", "没有", "没", "不", "未见", "未发生", "未出现", "暂无"};

	for (size_t i = 0; i < COUNT_OF(denials); i++) {
		size_t n = strlen(denials[i]);
		if ((size_t)(at - text) >= n && memcmp(at - n, denials[i], n) == 0)
			return true;
	}
	return false;
}

static const char *
find_word(const char *text, size_t n, const char *word, size_t length)
{
	for (const char *at = text; length && at + length <= text + n; at++)
		if (memcmp(at, word, length) == 0 && !is_denied(text, at))
			return at;
	return NULL;
}

const char *
cue_find(const char *text, size_t n, const char *words, size_t *length)
{
	const char *found;

	for (const char *word = words; *word;) {
		size_t size = strcspn(word, "|");
		if ((found = find_word(text, n, word, size))) {
			*length = size;
			return found;
		}
		word += size + (word[size] == '|');
	}
	return NULL;
}

static int64_t
casualties(const struct policy_facts *f)
{
	int64_t hurt = f->figures.serious + f->light;

	if (f->figures.injured > hurt)
		hurt = f->figures.injured;
	return f->figures.dead + f->figures.missing + hurt + f->figures.poisoned;
}

static double
subject_number(enum subject s, const struct policy_facts *f)
{
	const struct grade_figures *g = &f->figures;

	switch (s) {
	case DEAD:
		return (double)g->dead;
	case MISSING:
		return (double)g->missing;
	case INJURED:
		return (double)g->injured;
	case SERIOUS:
		return (double)g->serious;
	case LIGHT:
		return (double)f->light;
	case TRAPPED:
		return (double)g->trapped;
	case POISONED:
		return (double)g->poisoned;
	case ILL:
		return (double)g->ill;
	case EVACUATED:
		return (double)g->evacuated;
	case THREATENED:
		return (double)g->threatened;
	case HOUSEHOLDS:
		return (double)f->households;
	case CASUALTIES:
		return (double)casualties(f);
	case LOST:
		return (double)(g->dead + g->missing);
	case LOSS:
		return g->loss_wan;
	case AREA:
		return g->area_ha;
	case MAGNITUDE:
		return g->magnitude;
	case GRADE:
		return severity(f->grade);
	case NEAR_MISS:
		return f->near_miss;
	case SENSITIVE:
		return g->sensitive;
	case CHILD:
		return f->child;
	case REPORTED:
		return f->reported;
	case CHANGED:
		return f->changed;
	case WRITTEN:
		return f->written;
	case SUBSTANCE:
		return f->substances[0] != '\0';
	default:
		return 0;
	}
}

/* Add a reason once. */
static void
because(struct buf *why, const char *reason)
{
	if (!why || !reason[0] || strstr(buf_str(why), reason))
		return;
	if (why->size)
		buf_add(why, _("; "));
	buf_add(why, reason);
}

static void
say_number(enum subject s, double value, const struct policy_facts *f, struct buf *why)
{
	static const int kinds[] = {FACT_DEAD, FACT_MISSING, FACT_INJURED, FACT_SERIOUS, FACT_LIGHT,
	    FACT_TRAPPED, FACT_POISONED, FACT_ILL, FACT_EVACUATED, FACT_THREATENED,
	    FACT_HOUSEHOLDS};
	struct buf b = BUF_MAX(400);

	if (s <= HOUSEHOLDS)
		buf_printf(&b, "%s %.0f", fact_kind_label((enum fact_kind)kinds[s]), value);
	else if (s == CASUALTIES || s == LOST)
		buf_printf(&b, _("casualties %.0f"), value);
	else if (s == LOSS)
		buf_printf(&b, _("loss %.0f x 10,000 yuan"), value);
	else if (s == AREA)
		buf_printf(&b, _("area %.1f ha"), value);
	else if (s == MAGNITUDE)
		buf_printf(&b, _("magnitude %.1f"), value);
	else if (s == GRADE)
		buf_printf(&b, _("grade %s"), grade_label(f->grade));
	else if (s == NEAR_MISS)
		buf_printf(&b, _("near miss (%s)"), f->near_miss_why);
	else if (s == SENSITIVE)
		buf_printf(&b, _("sensitive (%s)"), f->sensitive_why);
	else if (s == SUBSTANCE)
		buf_printf(&b, _("dangerous goods %s"), f->substances);
	else if (s == CHANGED)
		buf_add(&b, _("casualties or grade changed"));
	because(why, buf_str(&b));
	buf_clear(&b);
}

static bool
test_number(const struct expr *e, const struct policy_facts *f, struct buf *why)
{
	double value = subject_number(e->subject, f);
	bool yes = e->compare == GE   ? value >= e->number
		   : e->compare == GT ? value > e->number
		   : e->compare == LE ? value <= e->number
		   : e->compare == LT ? value < e->number
		   : e->compare == EQ ? value == e->number
				      : value != e->number;

	if (yes && value > 0)
		say_number(e->subject, value, f, why);
	return yes;
}

static bool
word_matches(enum match match, const char *text, const char *words)
{
	size_t n = strlen(text), length;

	if (match == HAS)
		return cue_find(text, n, words, &length) != NULL;
	for (const char *word = words; *word;) {
		size_t size = strcspn(word, "|");
		if (n >= size && memcmp(text, word, size) == 0 && (match == BEGINS || n == size))
			return true;
		word += size + (word[size] == '|');
	}
	return false;
}

/* Danger to a site: a word of each list in one sentence. */
static bool
site_in_danger(const struct site_class *s, const char *text, struct buf *why)
{
	struct buf b = BUF_MAX(200);

	for (const char *from = text; *from;) {
		size_t n = 0, a, d;
		while (from[n] && strncmp(from + n, "。", 3) != 0 &&
		       strncmp(from + n, "；", 3) != 0 && from[n] != '\n')
			n++;
		const char *site = cue_find(from, n, s->words, &a);
		const char *danger = site ? cue_find(from, n, s->danger, &d) : NULL;
		if (danger) {
			buf_printf(&b, "%s (%.*s, %.*s)", s->label, (int)a, site, (int)d, danger);
			because(why, buf_str(&b));
			buf_clear(&b);
			return true;
		}
		from += n;
		while (*from == '\n' || strncmp(from, "。", 3) == 0 || strncmp(from, "；", 3) == 0)
			from += *from == '\n' ? 1 : 3;
	}
	return false;
}

static bool
test_site(const struct expr *e, const struct policy_facts *f, const struct site_class *sites,
    size_t n, struct buf *why)
{
	bool yes = false;

	for (size_t i = 0; i < n; i++)
		if (word_matches(IS, sites[i].name, e->words) &&
		    site_in_danger(&sites[i], f->text, why))
			yes = true;
	return yes;
}

static bool
test_text(const char *text, const char *words, struct buf *why)
{
	size_t length;
	const char *found = cue_find(text, strlen(text), words, &length);
	struct buf b = BUF_MAX(200);

	if (!found)
		return false;
	buf_printf(&b, _("words %.*s"), (int)length, found);
	because(why, buf_str(&b));
	buf_clear(&b);
	return true;
}

static bool
test_words(const struct expr *e, const struct policy_facts *f, const struct site_class *sites,
    size_t n, struct buf *why)
{
	switch (e->subject) {
	case SITE:
		return test_site(e, f, sites, n, why);
	case TEXT:
		return test_text(f->text, e->words, why);
	case SUBSTANCE:
		return word_matches(e->match, f->substances, e->words);
	case STATE:
		return word_matches(IS, f->state, e->words);
	case EVENT:
		return word_matches(IS, f->event, e->words);
	case TYPE:
		return f->n_codes && word_matches(BEGINS, f->codes[0], e->words);
	case TYPES:
		for (size_t i = 0; i < f->n_codes; i++)
			if (word_matches(BEGINS, f->codes[i], e->words))
				return true;
		return false;
	default:
		return false;
	}
}

static bool
test_both(const struct expr *e, const struct policy_facts *f, const struct site_class *sites,
    size_t n, struct buf *why)
{
	struct buf left = BUF_MAX(1000), right = BUF_MAX(1000);
	bool yes =
	    expr_test(e->left, f, sites, n, &left) && expr_test(e->right, f, sites, n, &right);

	if (yes) {
		because(why, buf_str(&left));
		because(why, buf_str(&right));
	}
	buf_clear(&left);
	buf_clear(&right);
	return yes;
}

bool
expr_test(const struct expr *e, const struct policy_facts *f, const struct site_class *sites,
    size_t n, struct buf *why)
{
	bool left, right;

	switch (e->op) {
	case EXPR_OR:
		left = expr_test(e->left, f, sites, n, why);
		right = expr_test(e->right, f, sites, n, why);
		return left || right;
	case EXPR_AND:
		return test_both(e, f, sites, n, why);
	case EXPR_NOT:
		return !expr_test(e->left, f, sites, n, NULL);
	case EXPR_NAMED:
		return expr_test(e->named, f, sites, n, why);
	case EXPR_NUMBER:
		return test_number(e, f, why);
	default:
		return test_words(e, f, sites, n, why);
	}
}
