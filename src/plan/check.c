/* What the schema cannot say about a plan: names that are unique, days that exist, limits in order,
 * conditions that can be judged. */
#include "plan/inside.h"

#include "base/clock.h"
#include "base/i18n.h"

#include <string.h>

static bool
fault(struct err *err, long line, const char *message, const char *what)
{
	return err_set(err, ERR_INPUT, _("line %ld: %s: %s"), line, what, message);
}

static bool
check_day(const char *day, long line, int64_t *out, struct err *err)
{
	if (clock_parse(day, 0, out))
		return true;
	return fault(err, line, _("there is no such day"), day);
}

static bool
check_days(const struct plan_doc *doc, const struct doc_lines *lines, struct err *err)
{
	int64_t issued, review;

	if (!check_day(doc->issued, lines->issued, &issued, err) ||
	    !check_day(doc->review, lines->review, &review, err))
		return false;
	if (review <= issued)
		return fault(err, lines->review, _("the next evaluation comes after the issue"),
		    doc->review);
	return true;
}

static bool
check_tasks(const struct plan_doc *doc, const struct doc_lines *lines, struct err *err)
{
	for (size_t i = 0; i < doc->n_tasks; i++) {
		const struct plan_task *t = &doc->tasks[i];

		for (size_t k = 0; k < i; k++)
			if (strcmp(doc->tasks[k].id, t->id) == 0)
				return fault(
				    err, lines->tasks[i], _("this task id is used twice"), t->id);
		if (t->due_min && t->ack_min > t->due_min)
			return fault(err, lines->tasks[i],
			    _("the acknowledgement is due after the task itself"), t->id);
		if (t->owner[0] == '@' && strcmp(t->owner, "@township") != 0 &&
		    strcmp(t->owner, "@townships") != 0)
			return fault(err, lines->tasks[i],
			    _("only @township and @townships are known"), t->owner);
	}
	return true;
}

static bool
check_needs(const struct plan_doc *doc, const struct doc_lines *lines, struct err *err)
{
	for (size_t i = 0; i < doc->n_needs; i++)
		for (size_t k = 0; k < i; k++)
			if (doc->needs[k].level == doc->needs[i].level &&
			    doc->needs[k].team == doc->needs[i].team &&
			    strcmp(doc->needs[k].code, doc->needs[i].code) == 0)
				return fault(err, lines->needs[i],
				    _("this class is asked for twice at one level"),
				    doc->needs[i].code);
	return true;
}

static bool
check_triggers(const struct plan_doc *doc, const struct doc_lines *lines, struct err *err)
{
	const char *why;

	for (size_t i = 0; i < doc->n_triggers; i++)
		for (size_t k = 0; k < doc->triggers[i].n_when; k++) {
			const struct plan_when *w = &doc->triggers[i].when[k];

			if (!when_valid(w, &why))
				return err_set(err, ERR_INPUT, _("line %ld: %s %s %s: %s"),
				    lines->whens[i][k], w->metric, w->op, w->value, why);
		}
	return true;
}

static bool
check_match(const struct plan_doc *doc, const struct doc_lines *lines, struct err *err)
{
	for (size_t i = 0; i < doc->n_events; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(doc->events[k].code, doc->events[i].code) == 0)
				return fault(err, lines->events[i], _("this stands here twice"),
				    doc->events[i].code);
	for (size_t i = 0; i < doc->n_words; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(doc->words[k].word, doc->words[i].word) == 0)
				return fault(err, lines->words[i], _("this stands here twice"),
				    doc->words[i].word);
	return true;
}

bool
doc_check(const struct plan_doc *doc, const struct doc_lines *lines, struct err *err)
{
	return check_days(doc, lines, err) && check_match(doc, lines, err) &&
	       check_triggers(doc, lines, err) && check_tasks(doc, lines, err) &&
	       check_needs(doc, lines, err);
}

bool
plan_check(const char *xml, size_t n, struct err *err)
{
	struct doc_lines lines = {0};
	struct plan_doc *doc = doc_read(xml, n, true, &lines, err);
	bool good = doc && doc_check(doc, &lines, err);

	doc_free(doc);
	doc_lines_clear(&lines);
	return good;
}
