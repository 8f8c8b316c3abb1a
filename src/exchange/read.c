/*
 * Which reader a document gets, and the one way in. A document that no reader knows is refused by
 * what it is: an officer who sees "this is a web page" calls the network room, one who sees "parse
 * error" calls us.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/apart.h"
#include "exchange/columns.h"
#include "exchange/decode.h"
#include "exchange/inside.h"
#include "exchange/mapping.h"
#include "exchange/item.h"
#include "exchange/xml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* In order of detection. */
static const struct feed_reader *const readers[] = {
    &reader_cap,
    &reader_atom,
    &reader_rss,
    &reader_edxl,
    &reader_ebd,
    &reader_quakeml,
    &reader_waterml,
    &reader_receipt,
    &reader_usgs,
    &reader_cenc,
    &reader_list12379,
    &reader_nmc,
    &reader_weathercn,
    &reader_cap_json,
    &reader_ticket_json,
    &reader_water_csv,
    &reader_ticket_csv,
};

bool
feed_tables_load(struct err *err)
{
	return event_names_load(err) && column_tables_load(err);
}

static const struct feed_reader *
reader_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(readers); i++)
		if (strcmp(readers[i]->name, name) == 0)
			return readers[i];
	return NULL;
}

const char *const *
feed_formats(void)
{
	static const char *names[COUNT_OF(readers) + 1];

	for (size_t i = 0; i < COUNT_OF(readers); i++)
		names[i] = readers[i]->name;
	return names;
}

bool
feed_emit(struct feed_out *out, struct feed_item *item)
{
	if (out->count >= FEED_ITEMS_MAX) {
		feed_item_clear(item);
		err_set(out->err, ERR_REFUSED, _("over %d items in one document"), FEED_ITEMS_MAX);
		out->failed = true;
		return false;
	}
	out->count++;
	if (!out->sink(out->context, item)) {
		err_set(out->err, ERR_REFUSED, _("more items than are taken at once"));
		out->failed = true;
	}
	return !out->failed;
}

/* --- what it is when no reader knows it ------------------------------------------------------- */

/* "<html" or "<!DOCTYPE html", behind an XML declaration or not. */
static bool
is_web_page(const char *text, size_t n, const char *root)
{
	const char *p;

	if (strcasecmp(root, "html") == 0)
		return true;
	if (strcasecmp(root, "!DOCTYPE") != 0)
		return false;
	p = memmem(text, n, "<!", 2);
	return p && (size_t)(text + n - p) >= 14 && strncasecmp(p + 9, " html", 5) == 0;
}

static bool
refuse_unknown(const char *text, size_t n, const char *root, struct err *err)
{
	size_t i = 0;

	while (i < n && strchr(" \t\r\n", text[i]))
		i++;
	if (i == n)
		return err_set(err, ERR_INPUT, _("it is empty"));
	if (*root == '!')
		return err_set(err, ERR_REFUSED, _("a DOCTYPE is not allowed in a feed"));
	if (strcmp(root, "schema") == 0)
		return err_set(err, ERR_INPUT, _("this is an XML schema, not a feed"));
	if (strcmp(root, "Signature") == 0)
		return err_set(
		    err, ERR_INPUT, _("this is the signature of another document, not a feed"));
	if (*root)
		return err_set(err, ERR_INPUT, _("no reader knows a document of <%s>"), root);
	return err_set(err, ERR_INPUT, _("this is no feed any reader knows"));
}

static const struct feed_reader *
choose(const char *text, size_t n, const char *root, const struct feed_profile *profile,
    struct err *err)
{
	const struct feed_reader *reader;

	if (is_web_page(text, n, root)) {
		err_set(err, ERR_INPUT, _("this is a web page, not a feed"));
		return NULL;
	}
	if (profile->format && *profile->format && strcmp(profile->format, "auto") != 0) {
		if (!(reader = reader_by_name(profile->format)))
			err_set(err, ERR_INPUT, _("there is no reader named %s"), profile->format);
		return reader;
	}
	for (size_t i = 0; i < COUNT_OF(readers); i++)
		if (readers[i]->detects(text, n, root))
			return readers[i];
	refuse_unknown(text, n, root, err);
	return NULL;
}

bool
feed_read(const char *bytes, size_t n, const struct feed_profile *profile, feed_sink sink,
    void *context, const char **format, struct err *err)
{
	static const struct feed_profile any = {"", "auto", NULL, 480, true};
	struct decoded text;
	struct feed_out out = {sink, context, profile ? profile : &any, 0, false, err};
	const struct feed_reader *reader;
	char root[40];
	bool ok = false;

	if (format)
		*format = "";
	if (n > FEED_MAX)
		return err_set(err, ERR_REFUSED, _("it is over %u MB long"), FEED_MAX >> 20);
	if (!feed_tables_load(err) || !decode(bytes, n, &text, err))
		return false;
	xml_root(text.text, text.n, root, sizeof(root));
	reader = choose(text.text, text.n, root, out.profile, err);
	if (reader) {
		if (format)
			*format = reader->name;
		ok = reader->read(text.text, text.n, &out) && !out.failed;
	}
	decoded_clear(&text);
	return ok;
}

/* --- in a child ------------------------------------------------------------------------------ */

struct reading {
	const char *bytes;
	size_t n;
	const struct feed_profile *profile;
};

static bool
keep_on_wire(void *context, struct feed_item *item)
{
	struct buf *wire = context;

	item_write(wire, item);
	feed_item_clear(item);
	return !wire->full;
}

/* The answer: the format's name with a NUL, then the items; of a refusal the name alone counts. */
static bool
read_there(void *context, struct buf *answer, struct err *err)
{
	const struct reading *r = context;
	struct buf wire = BUF_MAX(APART_ANSWER - 256);
	const char *format = "";
	bool ok = feed_read(r->bytes, r->n, r->profile, keep_on_wire, &wire, &format, err);

	buf_add_n(answer, format, strlen(format) + 1);
	if (ok)
		buf_add_n(answer, buf_str(&wire), wire.size);
	buf_clear(&wire);
	return ok;
}

static bool
take_items(const struct buf *b, size_t at, feed_sink sink, void *context, struct err *err)
{
	struct feed_item item;

	while (at < b->size) {
		if (!item_read(b->data, b->size, &at, &item))
			return err_set(err, ERR_IO, _("the reader gave no answer"));
		if (!sink(context, &item))
			return err_set(err, ERR_REFUSED, _("more items than are taken at once"));
	}
	return true;
}

bool
feed_read_apart(const char *bytes, size_t n, const struct feed_profile *profile, int limit_ms,
    feed_sink sink, void *context, const char **format, struct err *err)
{
	struct reading r = {bytes, n, profile};
	struct buf answer = {0};
	const char *name;
	size_t at = 0;
	bool ok;

	if (format)
		*format = "";
	if (!feed_tables_load(err))
		return false;
	ok = apart_run(read_there, &r, limit_ms, &answer, err);
	name = apart_text(&answer, &at);
	for (const char *const *f = feed_formats(); format && name && *f; f++)
		if (strcmp(*f, name) == 0)
			*format = *f;
	if (ok)
		ok = name ? take_items(&answer, at, sink, context, err)
			  : err_set(err, ERR_IO, _("the reader gave no answer"));
	buf_clear(&answer);
	return ok;
}
