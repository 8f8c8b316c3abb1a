/*
 * Rows on their way in, and the matching of words. Rejected: a second set of insert functions for
 * imports; they would drift from the verbs, and an import is where bad data comes from.
 */
#include "resource/row.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "resource/resource.h"
#include "store/search.h"
#include "store/sql.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 180
#define CELL_BYTES 4096
#define KEY_LAST "\xf4\x8f\xbf\xbf" /* behind every key */

int64_t
row_id(struct row *r)
{
	if (!r->id)
		r->id = store_new_id(r->st);
	return r->id;
}

bool
row_has(const struct row *r, const char *name)
{
	return r->values ? json_object_get(r->values, name) != NULL : call_has(r->call, name);
}

const char *
row_text(const struct row *r, const char *name)
{
	const char *s;

	if (!r->values)
		return call_text(r->call, name);
	s = json_string_value(json_object_get(r->values, name));
	return s ? s : "";
}

int64_t
row_int(const struct row *r, const char *name)
{
	return r->values ? json_integer_value(json_object_get(r->values, name))
			 : call_int(r->call, name);
}

double
row_real(const struct row *r, const char *name)
{
	return r->values ? json_number_value(json_object_get(r->values, name))
			 : call_real(r->call, name);
}

int64_t
row_time(const struct row *r, const char *name)
{
	if (!r->values)
		return call_time(r->call, name);
	return row_has(r, name) ? row_int(r, name) : CLOCK_NONE;
}

bool
row_position(const struct row *r, double *lon, double *lat, struct err *err)
{
	*lon = row_real(r, "lon");
	*lat = row_real(r, "lat");
	if (row_has(r, "lon") != row_has(r, "lat"))
		return err_set(err, ERR_INPUT,
		    _("longitude and latitude belong together: give both or neither"));
	if (row_has(r, "lon") && !(*lon >= 73 && *lon <= 135 && *lat >= 3 && *lat <= 54))
		return err_set(err, ERR_INPUT,
		    _("%.4f, %.4f is not in this country: longitude 73 to 135, then latitude 3 to "
		      "54"),
		    *lon, *lat);
	return true;
}

bool
row_area(const struct row *r, int64_t *area, struct err *err)
{
	*area = row_int(r, "area");
	return call_touch_area(r->call, *area ? *area : store_area(r->st), err);
}

bool
row_name_free(const char *name, int64_t taken, struct err *err)
{
	if (name[strspn(name, " ")] == '\0')
		return err_set(err, ERR_INPUT, _("the name is blank"));
	if (strlen(name) > NAME_BYTES)
		return err_set(err, ERR_INPUT, _("the name is too long: at most 60 characters"));
	if (taken > 0)
		return err_set(err, ERR_REFUSED, _("%s is there already"), name);
	return true;
}

bool
row_done(const struct row *r, bool written, const char *kind, int64_t id, const char *label,
    const char *name)
{
	if (written && !r->values) {
		call_subject(r->call, kind, id);
		call_say(r->call, _("%s on file: %s"), label, name);
	}
	return written;
}

bool
row_run(struct verb_call *call, row_fn *add, struct err *err)
{
	struct row r = {.st = call_store(call), .call = call};

	return add(&r, err);
}

/* --- a row of texts --------------------------------------------------------------------------- */

static json_t *
number_of(const struct verb_param *p, const char *text)
{
	char *end;

	errno = 0;
	if (p->type == ARG_INT) {
		long long n = strtoll(text, &end, 10);

		return errno == 0 && end != text && *end == '\0' && n >= 0 ? json_integer(n) : NULL;
	}
	double x = strtod(text, &end);

	return errno == 0 && end != text && *end == '\0' ? json_real(x) : NULL;
}

static bool
is_choice(const char *choices, const char *text)
{
	size_t n = strlen(text);

	for (const char *c = choices; c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL)
		if (strncmp(c, text, n) == 0 && (c[n] == '|' || c[n] == '\0'))
			return true;
	return false;
}

static json_t *
value_of(struct store *st, const struct verb_param *p, const char *text, struct err *err)
{
	json_t *value = NULL;
	int64_t t;

	switch (p->type) {
	case ARG_INT:
	case ARG_REAL:
		value = number_of(p, text);
		if (!value)
			err_set(err, ERR_INPUT, _("%s: \"%s\" is not a number"), _(p->label), text);
		break;
	case ARG_TIME:
		if (clock_parse(text, clock_now(), &t))
			value = json_integer(t);
		else
			err_set(err, ERR_INPUT, _("%s: \"%s\" is not a time (2025-07-10T08:30)"),
			    _(p->label), text);
		break;
	case ARG_CHOICE:
		if (is_choice(p->of, text))
			value = json_string(text);
		else
			err_set(err, ERR_INPUT, _("%s: \"%s\" is none of %s"), _(p->label), text,
			    p->of);
		break;
	case ARG_THING:
		t = row_thing(st, p->of, text);
		if (t)
			value = json_integer(t);
		else
			err_set(err, ERR_NOT_FOUND, _("%s: there is no \"%s\""), _(p->label), text);
		break;
	default:
		value = json_string(text);
	}
	return value;
}

static const struct verb_param *
param_named(const struct verb_param *params, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(params[i].name, name) == 0)
			return &params[i];
	return NULL;
}

/* What the text says when control characters and blanks around it are gone; null when nothing is
 * left. */
static json_t *
clean_value(struct store *st, const struct verb_param *p, const json_t *text, struct err *err)
{
	const char *s = json_string_value(text);
	size_t n = s ? json_string_length(text) : 0;
	char *clean, *start;
	json_t *value;

	if (n > CELL_BYTES) {
		err_set(err, ERR_INPUT, _("%s is too long: %zu bytes, at most %d"), _(p->label), n,
		    CELL_BYTES);
		return NULL;
	}
	clean = utf8_clean(s ? s : "", n, false, NULL);
	for (n = strlen(clean); n > 0 && clean[n - 1] == ' ';)
		clean[--n] = '\0';
	start = clean + strspn(clean, " ");
	value = *start ? value_of(st, p, start, err) : json_null();
	free(clean);
	return value;
}

json_t *
row_normal(
    struct store *st, const struct verb_param *params, size_t n, json_t *texts, struct err *err)
{
	json_t *out = json_object(), *text, *value;
	const char *name;

	json_object_foreach(texts, name, text)
	{
		const struct verb_param *p = param_named(params, n, name);

		if (!p)
			err_set(err, ERR_INPUT, _("there is no column \"%s\""), name);
		value = p ? clean_value(st, p, text, err) : NULL;
		if (!value) {
			json_decref(out);
			return NULL;
		}
		if (json_is_null(value))
			json_decref(value);
		else
			json_object_set_new(out, name, value);
	}
	return out;
}

bool
row_complete(const struct verb_param *params, size_t n, json_t *values, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (params[i].required && !json_object_get(values, params[i].name))
			return err_set(err, ERR_INPUT, _("%s is missing"), _(params[i].label));
	return true;
}

/* The only id the statement gives, 0 when it gives none or several. */
static int64_t
only_id(struct store *st, const char *literal, const char *word)
{
	struct sql *q = sql(st, literal);
	int64_t id = 0;

	sql_bind(q, "t", word);
	if (sql_row(q)) {
		id = sql_int(q, 0);
		if (sql_row(q))
			id = 0;
	}
	sql_done(q);
	return id;
}

int64_t
row_thing(struct store *st, const char *kinds, const char *word)
{
	struct unit_row unit;

	if (strcmp(kinds, "area") == 0)
		return only_id(st,
		    "SELECT id FROM area WHERE CAST(id AS TEXT) = ?1 OR name = ?1 OR short = ?1",
		    word);
	if (strcmp(kinds, "unit") == 0)
		return resource_unit_named(st, word, &unit) ? unit.id : 0;
	if (strcmp(kinds, "person") == 0)
		return only_id(st, "SELECT id FROM person WHERE name = ?1 AND active = 1", word);
	if (strcmp(kinds, "depot") == 0)
		return only_id(st, "SELECT id FROM depot WHERE name = ?1 OR short = ?1", word);
	if (strcmp(kinds, "team") == 0)
		return only_id(st, "SELECT id FROM team WHERE name = ?1 OR short = ?1", word);
	if (strcmp(kinds, "shelter") == 0)
		return only_id(st, "SELECT id FROM shelter WHERE name = ?1", word);
	return 0;
}

/* --- words ------------------------------------------------------------------------------------ */

static size_t
separator(const char *p)
{
	static const char *const all[] = {" ", ",", "\n", "，", "、", "；", ";", "\u3000"};

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (strncmp(p, all[i], strlen(all[i])) == 0)
			return strlen(all[i]);
	return 0;
}

bool
text_word(const char **p, char *word, size_t size)
{
	const char *s = *p;
	size_t n = 0;

	while (*s && (n = separator(s)) > 0)
		s += n;
	for (n = 0; s[n] && !separator(s + n); n++)
		;
	*p = s + n;
	if (n >= size)
		n = size - 1;
	memcpy(word, s, n);
	word[n] = '\0';
	return n > 0;
}

/* Does the blank-separated list hold this word? */
static bool
has_token(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p++)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static void
add_initials(char out[INITIALS], const char *text, size_t n)
{
	char name[NAME_BYTES + 1], one[INITIALS];
	size_t used = strlen(out);

	if (n == 0 || n >= sizeof(name))
		return;
	memcpy(name, text, n);
	name[n] = '\0';
	pinyin_initials(name, one, sizeof(one));
	if (!*one || has_token(out, one) || used + strlen(one) + 2 > INITIALS)
		return;
	if (used)
		out[used++] = ' ';
	memcpy(out + used, one, strlen(one) + 1);
}

void
row_initials(char out[INITIALS], const char *name, const char *short_name, const char *aliases)
{
	out[0] = '\0';
	add_initials(out, name, strlen(name));
	if (short_name)
		add_initials(out, short_name, strlen(short_name));
	while (aliases && *aliases) {
		size_t n = strcspn(aliases, "|");

		add_initials(out, aliases, n);
		aliases += n + (aliases[n] == '|');
	}
}

bool
word_listed(const char *name, const char *aliases)
{
	size_t n = strlen(name);

	while (aliases && *aliases) {
		size_t m = strcspn(aliases, "|");

		if (m == n && memcmp(aliases, name, n) == 0)
			return true;
		aliases += m + (aliases[m] == '|');
	}
	return false;
}

/* Best pinyin_match over the blank-separated initials. */
static int
initials_match(const char *initials, const char *typed)
{
	char one[INITIALS];
	int best = 0;

	while (*initials) {
		size_t n = strcspn(initials, " ");

		if (n < sizeof(one)) {
			memcpy(one, initials, n);
			one[n] = '\0';
			int m = pinyin_match(one, typed);

			if (m > best)
				best = m;
		}
		initials += n + (initials[n] == ' ');
	}
	return best;
}

static bool
all_of(const char *s, const char *set)
{
	return *s && s[strspn(s, set)] == '\0';
}

static int
score_letters(const char *word, const char *initials)
{
	static const int score[] = {0, 40, 70, 90};
	char typed[INITIALS];
	size_t n = strlen(word);

	if (n >= sizeof(typed))
		return 0;
	for (size_t i = 0; i <= n; i++)
		typed[i] = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + 32) : word[i];
	if (!all_of(typed, "abcdefghijklmnopqrstuvwxyz0123456789"))
		return 0;
	return score[initials_match(initials, typed) & 3];
}

static int
score_digits(const char *word, const char *digits)
{
	size_t n = strlen(word), m = strlen(digits);

	if (n < 3 || n > m || !all_of(word, "0123456789-"))
		return 0;
	if (strcmp(digits + m - n, word) != 0)
		return 0;
	return n == m ? 100 : 45;
}

static int
score_name(const char *word, const char *name)
{
	size_t n = strlen(word);

	if (strcmp(name, word) == 0)
		return 100;
	if (strncmp(name, word, n) == 0)
		return 80;
	if (strstr(name, word))
		return 60;
	return utf8_chars(word, n) > 1 && utf8_in_order(name, word) ? 35 : 0;
}

int
word_score(const char *word, const char *name, const char *short_name, const char *aliases,
    const char *initials, const char *digits)
{
	int best = 0, s;

#define BETTER(expression)                                                                         \
	do {                                                                                       \
		s = (expression);                                                                  \
		if (s > best)                                                                      \
			best = s;                                                                  \
	} while (0)
	if (!word || !*word)
		return 1;
	BETTER(score_name(word, name));
	if (short_name)
		BETTER(score_name(word, short_name));
	if (aliases && *aliases) {
		BETTER(word_listed(word, aliases) ? 95 : 0);
		BETTER(strstr(aliases, word) ? 50 : 0);
	}
	if (initials)
		BETTER(score_letters(word, initials));
	if (digits)
		BETTER(score_digits(word, digits));
#undef BETTER
	return best;
}

/* --- pages ------------------------------------------------------------------------------------ */

const char *
page_key(const struct resource_page *p)
{
	return p->up && p->id == 0 && !*p->key ? KEY_LAST : p->key;
}

int64_t
page_id(const struct resource_page *p)
{
	return p->id;
}

void
page_turn(const struct resource_page *p, void *rows, size_t n, size_t size)
{
	unsigned char *low = rows, *high = low + (n ? n - 1 : 0) * size;

	if (!p->up)
		return;
	for (; low < high; low += size, high -= size)
		for (size_t i = 0; i < size; i++) {
			unsigned char c = low[i];

			low[i] = high[i];
			high[i] = c;
		}
}
