/* Arguments against the parameter table of a verb: what passes is clean, of the right type, and
 * complete. */
#include "store/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 65536
#define LARGE_MAX (8 << 20) /* a whole file, of which the journal keeps the digest */

static const struct verb_param *
param_named(const struct verb *verb, const char *name)
{
	for (size_t i = 0; i < verb->n_params; i++)
		if (strcmp(verb->params[i].name, name) == 0)
			return &verb->params[i];
	return NULL;
}

/* Cleaned and without blanks at both ends; NULL with err when too long. */
static char *
clean_text(const struct verb_param *p, json_t *value, bool lines, size_t max, struct err *err)
{
	const char *text = json_string_value(value);
	size_t n = json_string_length(value), from = 0;
	char *clean, *cut;

	if (n > max) {
		err_set(err, ERR_INPUT, _("%s is too long: %zu bytes, at most %zu."), _(p->label), n,
		    max);
		return NULL;
	}
	clean = utf8_clean(text, n, lines, NULL);
	n = strlen(clean);
	while (n > 0 && (clean[n - 1] == ' ' || clean[n - 1] == '\n'))
		n--;
	while (from < n && (clean[from] == ' ' || clean[from] == '\n'))
		from++;
	cut = mem_dupn(clean + from, n - from);
	free(clean);
	return cut;
}

static bool
wrong(const struct verb_param *p, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT, "%s: %s", _(p->label), what);
}

static json_t *
read_text(const struct verb_param *p, json_t *value, size_t max, struct err *err)
{
	char *text;
	json_t *out;

	if (!json_is_string(value)) {
		wrong(p, _("a text is expected"), err);
		return NULL;
	}
	text = clean_text(p, value, p->type == ARG_REST, max, err);
	if (!text)
		return NULL;
	out = *text ? json_string(text) : json_null();
	free(text);
	return out;
}

static json_t *
read_int(const struct verb_param *p, json_t *value, struct err *err)
{
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		return json_incref(value);
	wrong(p, _("a whole number is expected"), err);
	return NULL;
}

static json_t *
read_real(const struct verb_param *p, json_t *value, struct err *err)
{
	if (json_is_number(value))
		return json_real(json_number_value(value));
	wrong(p, _("a number is expected"), err);
	return NULL;
}

static json_t *
read_time(const struct verb_param *p, json_t *value, int64_t now, struct err *err)
{
	int64_t ms;

	if (json_is_integer(value))
		return json_incref(value);
	if (json_is_string(value) && strcmp(json_string_value(value), "now") == 0)
		return json_integer(now);
	if (json_is_string(value) && clock_parse(json_string_value(value), now, &ms))
		return json_integer(ms);
	wrong(p, _("a time is expected, as 03:12 or 2025-07-10 03:12"), err);
	return NULL;
}

/* The choice that `text` names in full or begins alone. */
static json_t *
read_choice(const struct verb_param *p, json_t *value, struct err *err)
{
	const char *text = json_is_string(value) ? json_string_value(value) : "", *found = NULL;
	size_t n = strlen(text), found_size = 0;

	for (const char *c = p->of; n > 0; c++) {
		size_t size = strcspn(c, "|");

		if (size == n && memcmp(c, text, n) == 0)
			return json_stringn(c, size);
		if (size > n && memcmp(c, text, n) == 0) {
			if (found)
				break;
			found = c;
			found_size = size;
		}
		c += size;
		if (!*c)
			return found ? json_stringn(found, found_size)
				     : (err_set(err, ERR_INPUT, _("%s: one of %s is expected"),
					    _(p->label), p->of),
					   NULL);
	}
	err_set(err, ERR_INPUT, _("%s: one of %s is expected"), _(p->label), p->of);
	return NULL;
}

/* Does a thing of one of the kinds `of` carry this id? A kind nobody registered here cannot be
 * asked. */
static bool
thing_exists(struct store *st, const char *of, int64_t id)
{
	bool asked = false;
	char name[64], label[192];

	for (const char *c = of;; c++) {
		size_t size = strcspn(c, "|");
		const struct thing_kind *kind;

		if (size < sizeof(name)) {
			memcpy(name, c, size);
			name[size] = '\0';
			kind = thing_kind_find(st, name);
			if (kind && kind->label_of) {
				if (kind->label_of(st, id, label, sizeof(label)))
					return true;
				asked = true;
			}
		}
		c += size;
		if (!*c)
			return !asked;
	}
}

static json_t *
read_thing(struct store *st, const struct verb_param *p, json_t *value, struct err *err)
{
	if (!json_is_integer(value)) {
		wrong(p, _("the id of a thing is expected"), err);
		return NULL;
	}
	if (json_integer_value(value) > 0 && thing_exists(st, p->of, json_integer_value(value)))
		return json_incref(value);
	err_set(err, ERR_NOT_FOUND, _("%s: there is no such thing here"), _(p->label));
	return NULL;
}

static json_t *
read_flag(const struct verb_param *p, json_t *value, struct err *err)
{
	if (json_is_true(value))
		return json_incref(value);
	if (json_is_false(value))
		return json_null();
	wrong(p, _("yes or no is expected"), err);
	return NULL;
}

static json_t *
read_value(struct verb_call *call, const struct verb_param *p, json_t *value, struct err *err)
{
	switch (p->type) {
	case ARG_WORD:
	case ARG_REST:
		return read_text(p, value, call->verb->flags & VERB_LARGE ? LARGE_MAX : TEXT_MAX, err);
	case ARG_INT:
		return read_int(p, value, err);
	case ARG_REAL:
		return read_real(p, value, err);
	case ARG_TIME:
		return read_time(p, value, call->now, err);
	case ARG_CHOICE:
		return read_choice(p, value, err);
	case ARG_THING:
		return read_thing(call->st, p, value, err);
	case ARG_FLAG:
		return read_flag(p, value, err);
	}
	return NULL;
}

bool
args_check(struct verb_call *call, json_t *given, struct err *err)
{
	const struct verb *verb = call->verb;
	const char *name;
	json_t *value;

	call->args = json_object();
	if (!call->args)
		abort();
	json_object_foreach(given, name, value)
	{
		const struct verb_param *p = param_named(verb, name);
		json_t *clean;

		if (!p)
			return err_set(
			    err, ERR_INPUT, _("%s has no parameter \"%s\"."), verb->name, name);
		if (json_is_null(value))
			continue;
		clean = read_value(call, p, value, err);
		if (!clean)
			return false;
		if (json_is_null(clean))
			json_decref(clean);
		else
			json_object_set_new(call->args, name, clean);
	}
	for (size_t i = 0; i < verb->n_params; i++)
		if (verb->params[i].required && !json_object_get(call->args, verb->params[i].name))
			return err_set(
			    err, ERR_INPUT, _("%s is missing."), _(verb->params[i].label));
	return true;
}
