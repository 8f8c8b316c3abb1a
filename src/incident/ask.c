/*
 * Asking a condition about the facts of an incident. Each test that holds adds its reason once; the
 * officer sees it as the `why` of the clock.
 */
#include "incident/expr.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

/* Grades count upwards here, so that ">= III" means 较大 or worse. */
static double
severity(enum grade g)
{
	return g == GRADE_NONE ? 0 : 5 - (int)g;
}

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
	else if (s == WRITTEN)
		buf_add(&b, _("a written report is due"));
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

/* What just happened is the reason of clocks that have no other. */
static bool
test_event(const char *event, const char *words, struct buf *why)
{
	if (!word_matches(IS, event, words))
		return false;
	if (strcmp(event, "end") == 0)
		because(why, _("the work on the scene is over"));
	else if (strcmp(event, "transfer") == 0)
		because(why, _("handed to another unit"));
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
		return test_event(f->event, e->words, why);
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
