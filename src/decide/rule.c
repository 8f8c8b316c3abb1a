/* The rules of a directory: rows read into patterns; a bad row is named and left out. */
#include "decide/rule.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "decide/shipped.h"
#include "decide/trial.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STRIKES 3
#define PATTERN_MAX 16384 /* with its definitions put in */
#define RULES_MAX 1000
#define DEFINES_MAX 200
#define WARNINGS_MAX 64

struct compiled {
	struct rule rule;
	struct pattern *pattern;
	unsigned strikes;
};

struct define {
	char *name, *text;
};

struct rules {
	struct compiled *item;
	size_t count, room;
	struct define *define;
	size_t n_defines, define_room;
	char **warning;
	size_t n_warnings, warning_room;
	struct matcher *matcher;
	bool trying; /* the rules to come are not those that were tried when the program was made */
	struct trial *trial; /* while they are */
	char **kept;	     /* strings of options, owned */
	size_t n_kept, kept_room;
};

static void
warn(struct rules *rules, char *text)
{
	if (rules->n_warnings >= WARNINGS_MAX) {
		free(text);
		return;
	}
	mem_grow(&rules->warning, &rules->warning_room, rules->n_warnings);
	rules->warning[rules->n_warnings++] = text;
}

static const char *
keep(struct rules *rules, const char *text)
{
	mem_grow(&rules->kept, &rules->kept_room, rules->n_kept);
	return rules->kept[rules->n_kept++] = mem_dup(text);
}

/* --- options ---------------------------------------------------------------------------------- */

static bool
set_bound(struct rule *rule, const char *word)
{
	if (strcmp(word, "about") == 0)
		rule->bound = BOUND_ABOUT;
	else if (strcmp(word, "at_least") == 0)
		rule->bound = BOUND_AT_LEAST;
	else if (strcmp(word, "at_most") == 0)
		rule->bound = BOUND_AT_MOST;
	else
		return false;
	return true;
}

static bool
set_option(struct rules *rules, struct rule *rule, char *word)
{
	char *value = strchr(word, '=');

	if (!value) {
		if (strcmp(word, "negated") == 0)
			return rule->negated = true;
		if (strcmp(word, "aside") == 0)
			return rule->aside = true;
		if (strcmp(word, "self") == 0)
			return rule->self = true;
		if (strcmp(word, "casualties") == 0)
			return rule->casualties = true;
		if (strcmp(word, "times") == 0)
			return rule->times = true;
		if (strcmp(word, "bygone") == 0)
			return rule->bygone = true;
		if (strcmp(word, "spoken") == 0)
			return rule->spoken = true;
		if (strcmp(word, "weak") == 0)
			return rule->weak = true;
		if (strcmp(word, "freed") == 0)
			return rule->freed = true;
		return false;
	}
	*value++ = '\0';
	if (strcmp(word, "value") == 0) {
		rule->has_value = true;
		rule->value = strtoll(value, NULL, 10);
	} else if (strcmp(word, "scale") == 0) {
		rule->scale = strtod(value, NULL);
	} else if (strcmp(word, "unit") == 0) {
		rule->unit = keep(rules, value);
	} else if (strcmp(word, "name") == 0) {
		rule->norm = keep(rules, value);
	} else if (strcmp(word, "bound") == 0) {
		return set_bound(rule, value);
	} else if (strcmp(word, "also") == 0) {
		rule->also = fact_kind_from_name(value);
		return rule->also >= 0;
	} else {
		return false;
	}
	return true;
}

/* The first option that is not known, or NULL. */
static char *
read_options(struct rules *rules, struct rule *rule, const char *text)
{
	char *copy = mem_dup(text), *at = copy, *bad = NULL;

	while (*at && !bad) {
		size_t n = strcspn(at, " ");
		char *next = at[n] ? at + n + 1 : at + n;

		at[n] = '\0';
		if (n > 0 && !set_option(rules, rule, at))
			bad = mem_dup(at);
		at = next;
	}
	free(copy);
	return bad;
}

/* --- patterns --------------------------------------------------------------------------------- */

static const char *
find_define(const struct rules *rules, const char *name, size_t n)
{
	for (size_t i = rules->n_defines; i-- > 0;)
		if (strncmp(rules->define[i].name, name, n) == 0 &&
		    rules->define[i].name[n] == '\0')
			return rules->define[i].text;
	return NULL;
}

/* The pattern with its {NAMES} put in; NULL when a name is unknown or the whole grows too long. */
static char *
expand(const struct rules *rules, const char *pattern)
{
	struct buf out = BUF_MAX(PATTERN_MAX);

	while (*pattern) {
		size_t n = strspn(pattern + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

		if (*pattern == '{' && n > 0 && pattern[1] >= 'A' && pattern[n + 1] == '}') {
			const char *text = find_define(rules, pattern + 1, n);

			if (!text) {
				buf_clear(&out);
				return NULL;
			}
			buf_add(&out, text);
			pattern += n + 2;
		} else {
			buf_add_char(&out, *pattern++);
		}
	}
	if (out.full) {
		buf_clear(&out);
		return NULL;
	}
	return buf_take(&out);
}

static bool
compile(struct rules *rules, struct compiled *c, const char *where, const char *pattern)
{
	char *whole = expand(rules, pattern), reason[160] = "";
	size_t at;

	if (!whole) {
		warn(rules, mem_print(_("%s: rule %s uses an unknown definition, or is too long; "
					"it was left out"),
				where, c->rule.name));
		return false;
	}
	c->pattern = pattern_new(rules->matcher, whole, reason, sizeof(reason), &at);
	free(whole);
	if (c->pattern)
		return true;
	warn(rules, mem_print(_("%s: rule %s is no valid pattern (%s, at %zu); it was left out"),
			where, c->rule.name, reason, at));
	return false;
}

/* --- loading ---------------------------------------------------------------------------------- */

static void
clear_compiled(struct compiled *c)
{
	free(c->rule.name);
	free(c->rule.need);
	pattern_free(c->pattern);
}

static void
add_define(struct rules *rules, const char *where, const char *name, const char *pattern)
{
	char *text = rules->n_defines < DEFINES_MAX ? expand(rules, pattern) : NULL;

	if (!text) {
		warn(rules,
		    mem_print(_("%s: definition %s uses an unknown one, or there are too many"),
			where, name));
		return;
	}
	mem_grow(&rules->define, &rules->define_room, rules->n_defines);
	rules->define[rules->n_defines++] = (struct define){mem_dup(name), text};
}

/* Is it quick enough to become a rule? */
static bool
stands_trial(struct rules *rules, const struct compiled *c, const char *where)
{
	double mean;

	if (!pattern_survives(rules->matcher, c->pattern)) {
		warn(rules,
		    mem_print(_("%s: rule %s takes too long on trial texts; it was left out"),
			where, c->rule.name));
		return false;
	}
	if (!rules->trying || !rules->trial)
		return true;
	mean = pattern_mean(rules->matcher, c->pattern, rules->trial);
	if (mean <= TRIAL_MEAN_MS)
		return true;
	warn(rules, mean < HUGE_VAL
			? mem_print(_("%s: rule %s takes %.1f ms of a narrative; it was left out"),
			      where, c->rule.name, mean)
			: mem_print(_("%s: rule %s hits its limit on a narrative; it was left out"),
			      where, c->rule.name));
	return false;
}

static void
add_rule(struct rules *rules, const char *where, const char *name, const char *kind,
    const char *need, const char *options, const char *pattern)
{
	struct compiled c;
	char *bad;

	memset(&c, 0, sizeof(c));
	c.rule.kind = strcmp(kind, "guard") == 0 ? RULE_GUARD : fact_kind_from_name(kind);
	c.rule.scale = 1;
	c.rule.also = -1;
	c.rule.name = mem_dup(name);
	c.rule.need = mem_dup(need);
	bad = read_options(rules, &c.rule, options);
	if (c.rule.kind < 0)
		warn(
		    rules, mem_print(_("%s: rule %s finds an unknown kind \"%s\"; it was left out"),
			       where, name, kind));
	else if (bad)
		warn(
		    rules, mem_print(_("%s: rule %s has an unknown option \"%s\"; it was left out"),
			       where, name, bad));
	else if (rules->count >= RULES_MAX)
		warn(rules, mem_print(_("%s: too many rules; %s was left out"), where, name));
	else if (compile(rules, &c, where, pattern)) {
		if (stands_trial(rules, &c, where)) {
			mem_grow(&rules->item, &rules->room, rules->count);
			rules->item[rules->count++] = c;
			return;
		}
	}
	free(bad);
	clear_compiled(&c);
}

static bool
load_file(struct rules *rules, const char *path, struct err *err)
{
	struct tsv *t = tsv_open(path, err);
	int name, kind, need, options, pattern;

	if (!t)
		return false;
	name = tsv_column(t, "rule", true, err);
	kind = tsv_column(t, "kind", true, err);
	need = tsv_column(t, "need", false, err);
	options = tsv_column(t, "options", false, err);
	pattern = tsv_column(t, "pattern", true, err);
	while (name >= 0 && kind >= 0 && pattern >= 0 && tsv_next(t)) {
		char *where = mem_print("%s:%ld", path, tsv_line(t));

		if (strcmp(tsv_get(t, kind), "define") == 0)
			add_define(rules, where, tsv_get(t, name), tsv_get(t, pattern));
		else
			add_rule(rules, where, tsv_get(t, name), tsv_get(t, kind), tsv_get(t, need),
			    tsv_get(t, options), tsv_get(t, pattern));
		free(where);
	}
	return tsv_close(t, err) && name >= 0 && kind >= 0 && pattern >= 0;
}

static int
is_table(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 4, ".tsv") == 0;
}

/*
 * From the first table on that did not come with the program as it stands: what it defines may change the rules behind it.
 * Without the narratives the rules are taken on the other trial alone, and that is said.
 */
static void
begin_trying(struct rules *rules, const char *dir)
{
	char *path = mem_print("%s/trial.txt", dir);
	struct err err = ERR_NONE;

	rules->trying = true;
	rules->trial = trial_new(path, &err);
	if (!rules->trial)
		warn(rules, mem_print(_("%s; the county's rules are not tried on narratives"),
				err.message));
	err_clear(&err);
	free(path);
}

static bool
load_directory(struct rules *rules, const char *dir, struct err *err)
{
	struct dirent **entry;
	int n = scandir(dir, &entry, is_table, alphasort);
	bool fine = true;

	if (n < 0)
		return err_set(err, ERR_IO, _("%s cannot be opened: %s"), dir, strerror(errno));
	for (int i = 0; i < n; i++) {
		char *path = mem_print("%s/%s", dir, entry[i]->d_name);

		if (fine && !rules->trying && !rules_as_shipped(path))
			begin_trying(rules, dir);
		fine = fine && load_file(rules, path, err);
		free(path);
		free(entry[i]);
	}
	free(entry);
	trial_free(rules->trial);
	rules->trial = NULL;
	return fine;
}

struct rules *
rules_load(const char *dir, struct err *err)
{
	struct rules *rules = mem_zero(1, sizeof(*rules));

	rules->matcher = matcher_new();
	if (load_directory(rules, dir, err))
		return rules;
	rules_free(rules);
	return NULL;
}

void
rules_free(struct rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->count; i++)
		clear_compiled(&rules->item[i]);
	for (size_t i = 0; i < rules->n_defines; i++) {
		free(rules->define[i].name);
		free(rules->define[i].text);
	}
	for (size_t i = 0; i < rules->n_warnings; i++)
		free(rules->warning[i]);
	for (size_t i = 0; i < rules->n_kept; i++)
		free(rules->kept[i]);
	matcher_free(rules->matcher);
	free(rules->item);
	free(rules->define);
	free(rules->warning);
	free(rules->kept);
	free(rules);
}

size_t
rules_count(const struct rules *rules)
{
	return rules->count;
}

const struct rule *
rules_at(const struct rules *rules, size_t i)
{
	return &rules->item[i].rule;
}

const char *
rules_warning(const struct rules *rules, size_t i)
{
	return i < rules->n_warnings ? rules->warning[i] : NULL;
}

double
rules_mean(struct rules *rules, size_t i, const struct trial *trial)
{
	return pattern_mean(rules->matcher, rules->item[i].pattern, trial);
}

/* --- matching --------------------------------------------------------------------------------- */

bool
rules_match(struct rules *rules, size_t i, const char *text, size_t size, size_t from,
    struct rule_match *out)
{
	struct compiled *c = &rules->item[i];
	enum pattern_result result;

	if (c->strikes >= STRIKES || from >= size)
		return false;
	result = pattern_match(rules->matcher, c->pattern, text, size, from, out);
	if (result == PATTERN_LIMIT && ++c->strikes == STRIKES)
		warn(rules, mem_print(_("rule %s hit its limit three times and is suspended"),
				c->rule.name));
	return result == PATTERN_FOUND;
}
