/*
 * Reading the policy tables (form: head of data/policy/law.tsv). A row of kind `define` gives a
 * condition a name; every other row becomes a rule.
 *
 * law.tsv is read last, so that its limit can stand beside whatever written clock the chosen policy
 * starts (`written`).
 */
#include "incident/policy.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"

#include <stdlib.h>
#include <string.h>

struct policy {
	struct policy_rule *rules;
	size_t n_rules, room_rules;
	struct expr_names *names;
	struct expr **named; /* owned, beside names */
	size_t n_names, room_names, room_named;
	struct site_class *sites;
	size_t n_sites, room_sites;
	char **warnings;
	size_t n_warnings, room_warnings;
};

struct columns {
	int rule, kind, when, start, due, dest, medium, needs, repeat, source;
};

static void
warn(struct policy *p, const char *path, long line, const char *reason)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	mem_grow(&p->warnings, &p->room_warnings, p->n_warnings);
	p->warnings[p->n_warnings++] = line ? mem_print(_("%s, line %ld: %s"), name, line, reason)
					    : mem_print("%s: %s", name, reason);
}

/* "+30m", "+2h", "+7d 24:00", "09:00". */
static bool
parse_due(const char *s, struct policy_rule *r)
{
	char *end;
	long n, hour, minute;

	r->offset = 0;
	r->at = -1;
	if (*s == '+') {
		n = strtol(s + 1, &end, 10);
		if (end == s + 1 || n < 0 || n > 100000 || !strchr("mhd", *end) || !*end)
			return false;
		r->offset = n * (*end == 'm' ? CLOCK_MINUTE : *end == 'h' ? CLOCK_HOUR : CLOCK_DAY);
		s = end + 1;
		if (*s == '\0')
			return true;
		if (*s++ != ' ' || *end != 'd')
			return false;
	} else {
		r->offset = -1; /* the next such time of day */
	}
	hour = strtol(s, &end, 10);
	if (end == s || *end != ':')
		return false;
	minute = strtol(end + 1, &end, 10);
	if (*end || hour < 0 || hour > 24 || minute < 0 || minute > 59 || (hour == 24 && minute))
		return false;
	r->at = hour * CLOCK_HOUR + minute * CLOCK_MINUTE;
	return true;
}

int64_t
policy_due(const struct policy_rule *r, int64_t start)
{
	int64_t due;

	if (r->at < 0)
		return start + r->offset;
	if (r->offset >= 0)
		return clock_day_start(start) + r->offset + r->at;
	due = clock_day_start(start) + r->at;
	return due > start ? due : due + CLOCK_DAY;
}

static int
choice(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return (int)i;
	return -1;
}

static bool
parse_choices(const char *start, const char *repeat, const char *needs, struct policy_rule *r,
    struct err *err)
{
	static const char *const starts[] = {"received", "fact", "occurred"};
	static const char *const repeats[] = {"once", "again", "daily"};
	static const char *const all_needs[] = {"receiver", "signed", "receipt", "done", "none"};
	int s = choice(start, starts, COUNT_OF(starts));
	int t = *repeat ? choice(repeat, repeats, COUNT_OF(repeats)) : POLICY_ONCE;

	if (s < 0)
		return err_set(
		    err, ERR_INPUT, _("start \"%s\" is none of received, fact, occurred"), start);
	if (t < 0)
		return err_set(
		    err, ERR_INPUT, _("repeat \"%s\" is none of once, again, daily"), repeat);
	if (choice(needs, all_needs, COUNT_OF(all_needs)) < 0)
		return err_set(err, ERR_INPUT,
		    _("needs \"%s\" is none of receiver, signed, done, none"), needs);
	r->start = (enum policy_start)s;
	r->repeat = (enum policy_repeat)t;
	return true;
}

static void
rule_clear(struct policy_rule *r)
{
	free(r->id);
	free(r->kind);
	free(r->dest);
	free(r->medium);
	free(r->needs);
	free(r->source);
	expr_free(r->when);
}

static bool
is_known_rule(const struct policy *p, const char *id)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (strcmp(p->rules[i].id, id) == 0)
			return true;
	return false;
}

static bool
read_rule(
    struct policy *p, struct tsv *t, const struct columns *c, struct expr *when, struct err *err)
{
	struct policy_rule r = {.when = when};
	const char *id = tsv_get(t, c->rule);

	if (is_known_rule(p, id))
		return err_set(err, ERR_INPUT, _("rule %s is there twice"), id);
	if (!parse_due(tsv_get(t, c->due), &r))
		return err_set(err, ERR_INPUT,
		    _("due \"%s\" is none of +30m, +2h, +7d 24:00, 09:00"), tsv_get(t, c->due));
	if (!parse_choices(
		tsv_get(t, c->start), tsv_get(t, c->repeat), tsv_get(t, c->needs), &r, err))
		return false;
	if (!tsv_get(t, c->dest)[0])
		return err_set(err, ERR_INPUT, _("dest is empty"));
	r.id = mem_dup(id);
	r.kind = mem_dup(tsv_get(t, c->kind));
	r.dest = mem_dup(tsv_get(t, c->dest));
	r.medium = mem_dup(tsv_get(t, c->medium));
	r.needs = mem_dup(tsv_get(t, c->needs));
	r.source = mem_dup(tsv_get(t, c->source));
	mem_grow(&p->rules, &p->room_rules, p->n_rules);
	p->rules[p->n_rules++] = r;
	return true;
}

static bool
read_row(struct policy *p, struct tsv *t, const struct columns *c, struct err *err)
{
	struct expr *when;

	if (!tsv_get(t, c->rule)[0])
		return err_set(err, ERR_INPUT, _("the rule has no name"));
	when = expr_parse(tsv_get(t, c->when), p->names, p->n_names, err);
	if (!when)
		return false;
	if (strcmp(tsv_get(t, c->kind), "define") == 0) {
		mem_grow(&p->named, &p->room_named, p->n_names);
		p->named[p->n_names] = when;
		mem_grow(&p->names, &p->room_names, p->n_names);
		p->names[p->n_names].name = mem_dup(tsv_get(t, c->rule));
		p->names[p->n_names++].value = when;
		return true;
	}
	if (!read_rule(p, t, c, when, err)) {
		expr_free(when);
		return false;
	}
	return true;
}

static bool
find_columns(struct tsv *t, struct columns *c, struct err *err)
{
	c->rule = tsv_column(t, "rule", true, err);
	c->kind = tsv_column(t, "kind", true, err);
	c->when = tsv_column(t, "when", true, err);
	c->start = tsv_column(t, "start", true, err);
	c->due = tsv_column(t, "due", true, err);
	c->dest = tsv_column(t, "dest", true, err);
	c->medium = tsv_column(t, "medium", true, err);
	c->needs = tsv_column(t, "needs", true, err);
	c->repeat = tsv_column(t, "repeat", false, err);
	c->source = tsv_column(t, "source", true, err);
	return err->code == ERR_OK;
}

static void
warn_err(struct policy *p, const char *path, long line, struct err *err)
{
	if (err->code != ERR_OK)
		warn(p, path, line, err->message);
	err_clear(err);
}

static void
read_file(struct policy *p, const char *path)
{
	struct err err = ERR_NONE;
	struct columns c;
	struct tsv *t = tsv_open(path, &err);

	if (!t) {
		warn_err(p, path, 0, &err);
		return;
	}
	if (find_columns(t, &c, &err))
		while (tsv_next(t))
			if (!read_row(p, t, &c, &err))
				warn_err(p, path, tsv_line(t), &err);
	warn_err(p, path, 0, &err);
	if (!tsv_close(t, &err))
		warn_err(p, path, 0, &err);
}

static void
read_sites(struct policy *p, const char *path)
{
	struct err err = ERR_NONE;
	struct tsv *t = tsv_open(path, &err);
	int name, label, words, danger;

	if (!t) {
		warn_err(p, path, 0, &err);
		return;
	}
	name = tsv_column(t, "class", true, &err);
	label = tsv_column(t, "label", true, &err);
	words = tsv_column(t, "words", true, &err);
	danger = tsv_column(t, "danger", true, &err);
	while (err.code == ERR_OK && tsv_next(t)) {
		mem_grow(&p->sites, &p->room_sites, p->n_sites);
		p->sites[p->n_sites++] =
		    (struct site_class){mem_dup(tsv_get(t, name)), mem_dup(tsv_get(t, label)),
			mem_dup(tsv_get(t, words)), mem_dup(tsv_get(t, danger))};
	}
	warn_err(p, path, 0, &err);
	if (!tsv_close(t, &err))
		warn_err(p, path, 0, &err);
}

/* A name that may stand in a setting: no way out of the directory. */
static bool
is_plain_name(const char *s, size_t n)
{
	return n && s[0] != '.' && !memchr(s, '/', n);
}

struct policy *
policy_load(const char *dir, const char *names)
{
	struct policy *p = mem_zero(1, sizeof(*p));
	char *path = mem_print("%s/sites.tsv", dir);

	read_sites(p, path);
	free(path);
	for (const char *s = names; *s;) {
		size_t n = strcspn(s, " ");
		if (is_plain_name(s, n) && !(n == 3 && memcmp(s, "law", 3) == 0)) {
			path = mem_print("%s/%.*s.tsv", dir, (int)n, s);
			read_file(p, path);
			free(path);
		}
		s += n;
		while (*s == ' ')
			s++;
	}
	path = mem_print("%s/law.tsv", dir);
	read_file(p, path);
	free(path);
	return p;
}

void
policy_free(struct policy *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_rules; i++)
		rule_clear(&p->rules[i]);
	for (size_t i = 0; i < p->n_names; i++) {
		free((void *)(uintptr_t)p->names[i].name);
		expr_free(p->named[i]);
	}
	for (size_t i = 0; i < p->n_sites; i++) {
		free(p->sites[i].name);
		free(p->sites[i].label);
		free(p->sites[i].words);
		free(p->sites[i].danger);
	}
	for (size_t i = 0; i < p->n_warnings; i++)
		free(p->warnings[i]);
	free(p->rules);
	free(p->names);
	free(p->named);
	free(p->sites);
	free(p->warnings);
	free(p);
}

size_t
policy_count(const struct policy *p)
{
	return p->n_rules;
}

const struct policy_rule *
policy_rule(const struct policy *p, size_t i)
{
	return &p->rules[i];
}

const char *
policy_warning(const struct policy *p, size_t i)
{
	return i < p->n_warnings ? p->warnings[i] : NULL;
}

bool
policy_fires(const struct policy *p, size_t i, const struct policy_facts *f, struct buf *why)
{
	return expr_test(p->rules[i].when, f, p->sites, p->n_sites, why);
}
