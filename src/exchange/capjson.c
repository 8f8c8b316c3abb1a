/*
 * CAP as JSON, as MeteoAlarm's interface gives it: the elements of CAP as members, repeated ones as
 * arrays. It is written as the CAP it stands for and read by that reader, so that there is one that
 * knows what an alert may say. Rejected: a second reader over the tree, which would have to learn
 * every leniency of the first anew.
 *
 *	{"warnings": [{"uuid": "…", "alert": {"identifier": "…", "info": [{…}]}}]}
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/capwrite.h"
#include "exchange/inside.h"
#include "exchange/json.h"

#include <ctype.h>
#include <string.h>

#define DEEPEST 8 /* alert, info, area, geocode, value: half of that is CAP */
#define XML_MAX (2 * FEED_MAX)

/* --- as XML ---------------------------------------------------------------------------------- */

static bool
is_name(const char *key)
{
	for (const char *p = key; *p; p++)
		if (!isalnum((unsigned char)*p) && !(p > key && (*p == '_' || *p == '-')))
			return false;
	return isalpha((unsigned char)*key) && strlen(key) < 64;
}

static void add_members(struct buf *out, const json_t *object, int depth);

static void
add_element(struct buf *out, const char *name, const json_t *value, int depth)
{
	json_t *one;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, one)
		{
			if (!json_is_array(one))
				add_element(out, name, one, depth);
		}
		return;
	}
	if (json_is_null(value) || depth > DEEPEST)
		return;
	buf_printf(out, "<%s>", name);
	if (json_is_object(value))
		add_members(out, value, depth + 1);
	else if (json_is_string(value))
		xml_add(out, json_string_value(value));
	else if (json_is_integer(value))
		buf_printf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		buf_printf(out, "%.15g", json_real_value(value));
	else
		buf_add(out, json_is_true(value) ? "true" : "false");
	buf_printf(out, "</%s>", name);
}

static void
add_members(struct buf *out, const json_t *object, int depth)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		if (is_name(key))
			add_element(out, key, value, depth);
	}
}

/* --- where the alerts stand ------------------------------------------------------------------ */

static bool
is_alert(const json_t *o)
{
	return json_object_get(o, "identifier") && json_object_get(o, "msgType");
}

/* An alert, what has one as "alert", or a list of either. Gives how many were written. */
static size_t
add_alerts(struct buf *out, const json_t *doc, int depth)
{
	static const char *const lists[] = {"warnings", "alerts", "data", "items"};
	const json_t *inner = json_object_get(doc, "alert");
	size_t n = 0, i;
	json_t *one;

	if (depth > 3)
		return 0;
	if (is_alert(doc)) {
		buf_add(out, "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">");
		add_members(out, doc, 1);
		buf_add(out, "</alert>");
		return 1;
	}
	if (inner)
		return add_alerts(out, inner, depth + 1);
	json_array_foreach(doc, i, one) n += add_alerts(out, one, depth + 1);
	for (i = 0; json_is_object(doc) && i < COUNT_OF(lists); i++)
		if (json_is_array(json_object_get(doc, lists[i])))
			n += add_alerts(out, json_object_get(doc, lists[i]), depth + 1);
	return n;
}

static bool
is_list(const json_t *doc)
{
	return json_is_array(doc) || json_is_array(json_object_get(doc, "warnings"));
}

static bool
capjson_read(const char *text, size_t n, struct feed_out *out)
{
	json_t *doc = json_document(text, n, out->err);
	struct buf xml = BUF_MAX(XML_MAX);
	bool good = doc != NULL;
	size_t alerts;

	if (good) {
		buf_add(&xml, "<alerts>");
		alerts = add_alerts(&xml, doc, 0);
		buf_add(&xml, "</alerts>");
		if (xml.full)
			good = err_set(
			    out->err, ERR_REFUSED, _("it is over %u MB long"), XML_MAX >> 20);
		else if (alerts)
			good = reader_cap.read(buf_str(&xml), xml.size, out);
		else if (!is_list(doc))
			good = err_set(out->err, ERR_INPUT, _("there is no alert in it"));
	}
	buf_clear(&xml);
	json_decref(doc);
	return good;
}

static bool
capjson_detects(const char *text, size_t n, const char *root)
{
	if (*root || n == 0 || (*text != '{' && *text != '['))
		return false;
	return memmem(text, n, "\"msgType\"", 9) && memmem(text, n, "\"identifier\"", 12) &&
	       memmem(text, n, "\"info\"", 6);
}

const struct feed_reader reader_cap_json = {"cap-json", capjson_detects, capjson_read};
