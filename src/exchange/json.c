#include "exchange/json.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/inside.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of jansson's tree by what opens in the text: an object 240, an array 140, a member or
 * element 48. */
static bool
tree_fits(const char *text, size_t n)
{
	size_t bytes = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else
				quoted = c != '"';
		} else if (c == '"')
			quoted = true;
		else if (c == '{')
			bytes += 240;
		else if (c == '[')
			bytes += 140;
		else if (c == ',' || c == ':')
			bytes += 48;
		if (bytes > JSON_TREE_MAX)
			return false;
	}
	return true;
}

/* Behind "var name =" or "name(" of JSONP; what stands behind the value is left to the parser to
 * ignore. */
static const char *
unwrap(const char *text, const char *end)
{
	const char *p = text;

	while (p < end && *p != '{' && *p != '[' && *p != '"' && p - text < 200)
		p++;
	return p < end && (*p == '{' || *p == '[') ? p : text;
}

json_t *
json_document(const char *text, size_t n, struct err *err)
{
	const char *end = text + n, *p = unwrap(text, end);
	json_error_t fault;
	json_t *doc;

	if (!tree_fits(text, n)) {
		err_set(err, ERR_REFUSED, _("it holds too many values"));
		return NULL;
	}
	doc = json_loadb(p, (size_t)(end - p), JSON_DISABLE_EOF_CHECK, &fault);
	if (!doc) {
		err_set(err, ERR_INPUT, _("line %d: this is not valid JSON"),
		    fault.line > 0 ? fault.line : 1);
		err_detail(err, "%s", fault.text);
	}
	return doc;
}

json_t *
json_member(const json_t *object, const char *names)
{
	char name[48];

	while (*names) {
		size_t n = strcspn(names, "|");
		json_t *value;

		if (n < sizeof(name)) {
			memcpy(name, names, n);
			name[n] = '\0';
			value = json_object_get(object, name);
			if (value && !json_is_null(value))
				return value;
		}
		names += n + (names[n] == '|');
	}
	return NULL;
}

char *
json_text(const json_t *object, const char *names, bool lines)
{
	const json_t *value = json_member(object, names);
	char *s, *clean;

	if (json_is_string(value))
		return feed_text(json_string_value(value), json_string_length(value), lines);
	if (json_is_integer(value))
		return mem_print("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_real(value))
		return mem_print("%.10g", json_real_value(value));
	if (json_is_boolean(value))
		return mem_dup(json_is_true(value) ? "true" : "false");
	if (!json_is_object(value) && !json_is_array(value))
		return NULL;
	s = json_dumps(value, JSON_COMPACT);
	clean = s ? feed_text(s, strlen(s), lines) : NULL;
	free(s);
	return clean;
}

bool
json_number(const json_t *object, const char *names, double *out)
{
	const json_t *value = json_member(object, names);
	const char *s, *end;

	if (json_is_number(value)) {
		*out = json_number_value(value);
		return true;
	}
	if (!json_is_string(value))
		return false;
	s = json_string_value(value);
	end = s + json_string_length(value);
	while (s < end && *s == ' ')
		s++;
	return feed_number(&s, end, out);
}

int64_t
json_time(const json_t *object, const char *names, int zone_minutes)
{
	const json_t *value = json_member(object, names);
	int64_t at = CLOCK_NONE;
	json_int_t n;

	if (json_is_string(value)) {
		feed_when(json_string_value(value), json_string_length(value), zone_minutes, &at);
	} else if (json_is_integer(value)) {
		n = json_integer_value(value);
		if (n > INT64_C(100000000000) && n < INT64_C(20000000000000))
			at = n;
		else if (n > 100000000 && n < INT64_C(20000000000))
			at = n * 1000;
	}
	return at;
}
