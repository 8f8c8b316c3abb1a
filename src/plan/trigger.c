/*
 * Which response level do a plan's triggers propose? All conditions of a trigger must hold; the
 * worst level with a trigger that fires is proposed, with the clause and the facts it fired on. A
 * fact nobody knows yet holds nothing: silence never starts a response, and never excuses one (the
 * officer sees the clauses).
 */
#include "plan/inside.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers ---------------------------------------------------------------------------------- */

enum number_metric {
	M_DEAD,
	M_MISSING,
	M_SERIOUS,
	M_INJURED,
	M_TRAPPED,
	M_EVACUATED,
	M_POISONED,
	M_ILL,
	M_THREATENED,
	M_DEAD_MISSING,
	M_CASUALTIES,
	M_LOSS,
	M_AREA,
	M_MAGNITUDE,
	M_TONNES,
	M_WATER_LEVEL,
	M_RAIN,
	M_NUMBERS
};
static const struct {
	const char *name, *label;
} numbers[M_NUMBERS] = {
    [M_DEAD] = {"dead", N_("dead")},
    [M_MISSING] = {"missing", N_("missing people")},
    [M_SERIOUS] = {"serious", N_("seriously injured")},
    [M_INJURED] = {"injured", N_("injured")},
    [M_TRAPPED] = {"trapped", N_("trapped")},
    [M_EVACUATED] = {"evacuated", N_("evacuated")},
    [M_POISONED] = {"poisoned", N_("poisoned")},
    [M_ILL] = {"ill", N_("ill")},
    [M_THREATENED] = {"threatened", N_("threatened")},
    [M_DEAD_MISSING] = {"dead_missing", N_("dead and missing")},
    [M_CASUALTIES] = {"casualties", N_("dead, missing and injured")},
    [M_LOSS] = {"loss", N_("loss in 10,000 yuan")},
    [M_AREA] = {"area", N_("area in hectares")},
    [M_MAGNITUDE] = {"magnitude", N_("magnitude")},
    [M_TONNES] = {"tonnes", N_("tonnes")},
    [M_WATER_LEVEL] = {"water_level", N_("water level in m")},
    [M_RAIN] = {"rain", N_("rain in mm")},
};

static int
number_metric(const char *name)
{
	for (int i = 0; i < M_NUMBERS; i++)
		if (strcmp(numbers[i].name, name) == 0)
			return i;
	return -1;
}

/* False: nobody knows. */
static bool
number_of(const struct plan_query *q, int metric, double *out)
{
	const struct grade_figures *f = q->figures;

	switch (metric) {
	case M_TONNES:
		*out = q->tonnes;
		return q->tonnes > 0;
	case M_WATER_LEVEL:
		*out = q->water_level;
		return q->water_level > 0;
	case M_RAIN:
		*out = q->rain_mm;
		return q->rain_mm > 0;
	default:
		break;
	}
	if (!f)
		return false;
	const double value[M_NUMBERS] = {
	    [M_DEAD] = (double)f->dead,
	    [M_MISSING] = (double)f->missing,
	    [M_SERIOUS] = (double)f->serious,
	    [M_INJURED] = (double)f->injured,
	    [M_TRAPPED] = (double)f->trapped,
	    [M_EVACUATED] = (double)f->evacuated,
	    [M_POISONED] = (double)f->poisoned,
	    [M_ILL] = (double)f->ill,
	    [M_THREATENED] = (double)f->threatened,
	    [M_DEAD_MISSING] = (double)(f->dead + f->missing),
	    [M_CASUALTIES] = (double)(f->dead + f->missing + f->injured),
	    [M_LOSS] = f->loss_wan,
	    [M_AREA] = f->area_ha,
	    [M_MAGNITUDE] = f->magnitude,
	};
	*out = value[metric];
	return true;
}

enum op { OP_GE, OP_GT, OP_EQ, OP_LE, OP_LT, OP_IS, OP_NONE };
static const struct {
	const char *name, *sign;
} ops[] = {
    [OP_GE] = {"ge", N_(">=")},
    [OP_GT] = {"gt", ">"},
    [OP_EQ] = {"eq", "="},
    [OP_LE] = {"le", N_("<=")},
    [OP_LT] = {"lt", "<"},
    [OP_IS] = {"is", ""},
};

static enum op
op_of(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(ops); i++)
		if (strcmp(ops[i].name, name) == 0)
			return (enum op)i;
	return OP_NONE;
}

static bool
compare(double a, enum op op, double b)
{
	switch (op) {
	case OP_GE:
		return a >= b;
	case OP_GT:
		return a > b;
	case OP_EQ:
		return !(a < b) && !(a > b);
	case OP_LE:
		return a <= b;
	case OP_LT:
		return a < b;
	default:
		return false;
	}
}

static bool
number_value(const char *s, double *out)
{
	char *end;

	errno = 0;
	*out = strtod(s, &end);
	return errno == 0 && end != s && *end == '\0' && *out >= 0 && *out < 1e12;
}

static bool
number_holds(const struct plan_when *w, const struct plan_query *q, int metric, struct buf *why)
{
	enum op op = op_of(w->op);
	double have, value;

	if (!number_of(q, metric, &have) || !number_value(w->value, &value) ||
	    !compare(have, op, value))
		return false;
	buf_printf(why, "%s %g %s %g", _(numbers[metric].label), have, _(ops[op].sign), value);
	return true;
}

/* --- grade and flags -------------------------------------------------------------------------- */

static int
grade_value(const char *s)
{
	static const char *const roman[] = {"", "I", "II", "III", "IV"};

	for (int i = 1; i <= 4; i++)
		if (strcmp(s, roman[i]) == 0 || (s[0] == '0' + i && s[1] == '\0'))
			return i;
	return 0;
}

/* "ge III" means III or worse; worse grades have smaller numbers. */
static bool
grade_holds(const struct plan_when *w, const struct plan_query *q, struct buf *why)
{
	enum op op = op_of(w->op);

	if (q->grade == GRADE_NONE)
		return false;
	if (!compare(-(double)q->grade, op == OP_IS ? OP_EQ : op, -(double)grade_value(w->value)))
		return false;
	buf_printf(why, _("event grade %s"), grade_label(q->grade));
	return true;
}

static bool
near_miss_holds(const struct plan_when *w, const struct plan_query *q, struct buf *why)
{
	(void)w;
	if (q->near_miss)
		buf_add(why, _("a near miss that must be reported"));
	return q->near_miss;
}

static bool
sensitive_holds(const struct plan_when *w, const struct plan_query *q, struct buf *why)
{
	(void)w;
	if (!q->figures || !q->figures->sensitive)
		return false;
	buf_add(why, _("sensitive"));
	return true;
}

/* --- lists ------------------------------------------------------------------------------------ */

bool
list_has(const char *list, const char *name, size_t n)
{
	while (*list) {
		size_t m = strcspn(list, "|");

		if (m == n && memcmp(list, name, n) == 0)
			return true;
		list += m + (list[m] == '|');
	}
	return false;
}

/* A class code ends in 00, a category in 000; 10000 is every event. */
int
code_covers(const char *pattern, const char *code)
{
	if (strcmp(pattern, code) == 0)
		return 4;
	if (strcmp(pattern, "10000") == 0)
		return 1;
	if (strlen(pattern) != 5 || strlen(code) != 5)
		return 0;
	if (strcmp(pattern + 2, "000") == 0)
		return memcmp(pattern, code, 2) == 0 ? 2 : 0;
	if (strcmp(pattern + 3, "00") == 0)
		return memcmp(pattern, code, 3) == 0 ? 3 : 0;
	return 0;
}

/* A code counts when it is at least half as likely as the first. */
static bool
type_holds(const struct plan_when *w, const struct plan_query *q, struct buf *why)
{
	char pattern[8];

	for (size_t i = 0; i < q->n_codes; i++) {
		if (q->scores && q->scores[i] < q->scores[0] / 2)
			break;
		for (const char *p = w->value; *p;) {
			size_t n = strcspn(p, "|");

			if (n < sizeof(pattern)) {
				memcpy(pattern, p, n);
				pattern[n] = '\0';
				if (code_covers(pattern, q->codes[i])) {
					buf_printf(why, _("type %s"), q->codes[i]);
					return true;
				}
			}
			p += n + (p[n] == '|');
		}
	}
	return false;
}

static bool
substance_holds(const struct plan_when *w, const struct plan_query *q, struct buf *why)
{
	for (const char *s = q->substances ? q->substances : ""; *s;) {
		size_t n = strcspn(s, " ");

		if (n > 0 && (strcmp(w->value, "any") == 0 || list_has(w->value, s, n))) {
			buf_printf(why, "%.*s", (int)n, s);
			return true;
		}
		s += n + (s[n] == ' ');
	}
	return false;
}

static bool
word_holds(const struct plan_when *w, const struct plan_query *q, struct buf *why)
{
	char word[sizeof(w->value)], folded[sizeof(w->value)];

	for (const char *p = w->value; q->text && *p;) {
		size_t n = strcspn(p, "|");

		memcpy(word, p, n);
		word[n] = '\0';
		words_fold(word, n, folded, sizeof(folded));
		if (words_find(q->text, strlen(q->text), folded, NULL) != SIZE_MAX) {
			buf_add(why, word);
			return true;
		}
		p += n + (p[n] == '|');
	}
	return false;
}

/* --- conditions and levels -------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool (*holds)(const struct plan_when *w, const struct plan_query *q, struct buf *why);
} others[] = {
    {"grade", grade_holds},
    {"near_miss", near_miss_holds},
    {"sensitive", sensitive_holds},
    {"type", type_holds},
    {"substance", substance_holds},
    {"word", word_holds},
};

static bool
holds(const struct plan_when *w, const struct plan_query *q, struct buf *why)
{
	int metric = number_metric(w->metric);

	if (metric >= 0)
		return number_holds(w, q, metric, why);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (strcmp(others[i].name, w->metric) == 0)
			return others[i].holds(w, q, why);
	return false;
}

bool
when_valid(const struct plan_when *w, const char **why)
{
	enum op op = op_of(w->op);
	double value;

	if (number_metric(w->metric) >= 0) {
		*why = op == OP_IS ? _("a number is compared by ge gt eq le lt")
				   : _("the value is not a number");
		return op != OP_IS && op != OP_NONE && number_value(w->value, &value);
	}
	if (strcmp(w->metric, "grade") == 0) {
		*why = _("the value is a grade: I II III IV");
		return op != OP_NONE && grade_value(w->value) != 0;
	}
	if (op != OP_IS) {
		*why = _("this goes with \"is\"");
		return false;
	}
	*why = _("the value is \"yes\"");
	if (strcmp(w->metric, "near_miss") == 0 || strcmp(w->metric, "sensitive") == 0)
		return strcmp(w->value, "yes") == 0;
	*why = _("there is no such fact");
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (strcmp(others[i].name, w->metric) == 0)
			return true;
	return false;
}

static bool
fires(const struct plan_trigger *t, const struct plan_query *q, struct buf *why)
{
	for (size_t i = 0; i < t->n_when; i++) {
		if (i)
			buf_add(why, _(", "));
		if (!holds(&t->when[i], q, why))
			return false;
	}
	return t->n_when > 0;
}

int
trigger_level(
    const struct plan_doc *doc, const struct plan_query *q, char **why, const char **approver)
{
	struct buf facts = BUF_MAX(1024);
	const struct plan_trigger *worst = NULL;

	*why = NULL;
	*approver = NULL;
	for (size_t i = 0; i < doc->n_triggers; i++) {
		const struct plan_trigger *t = &doc->triggers[i];

		buf_reset(&facts);
		if ((worst && worst->level <= t->level) || !fires(t, q, &facts))
			continue;
		worst = t;
		free(*why);
		*why = mem_print(_("%s (%s)"), t->text, buf_str(&facts));
	}
	buf_clear(&facts);
	if (!worst)
		return 0;
	*approver = worst->approver;
	return worst->level;
}
