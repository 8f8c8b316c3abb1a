/*
 * Documents whose root is an alert, or whose root holds several (<alerts>, as one national service
 * sends them), and EDXL-DE 1.0 and 2.0 envelopes, bare or in SOAP, with CAP inside.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/cap.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reading {
	struct feed_out *out;
	struct cap_builder *cap;
	const char *text;
	size_t start; /* of the alert at hand */
	bool alone;   /* the document is one alert: no raw part */
	char *status; /* distributionStatus of the envelope */
	bool enveloped;
	size_t others; /* contents of an envelope that are no CAP */
};

static enum xml_want
on_open(void *context, struct xml *x, const char *name, const char *space)
{
	struct reading *r = context;
	enum xml_want want;
	bool before = cap_inside(r->cap);

	if (!before && (strcasecmp(name, "distributionStatus") == 0))
		return XML_LEAF;
	if (!before && (strcasecmp(name, "contentObject") == 0))
		r->others++;
	if (!before && strcmp(name, "Signature") == 0)
		return XML_SKIP;
	want = cap_open(r->cap, x, name, space);
	if (!before && cap_inside(r->cap))
		r->start = xml_tag_start(x);
	return want;
}

static void
add_note(struct feed_item *item, const char *line)
{
	char *all = item->notes ? mem_print("%s\n%s", item->notes, line) : mem_dup(line);

	free(item->notes);
	item->notes = all;
}

/* An exercise in an envelope, whatever the alert inside says of itself, must not reach the live
 * board. */
static void
apply_envelope(struct reading *r, struct feed_item *item)
{
	if (!r->status || feed_same(r->status, item->alert->status))
		return;
	if (strcmp(r->status, "Actual") == 0)
		return;
	free(item->alert->status);
	item->alert->status = mem_dup(r->status);
	add_note(item, _("the envelope is not marked Actual: its mark is taken"));
}

static void
on_close(void *context, struct xml *x, const char *name, const char *text, size_t n)
{
	struct reading *r = context;
	struct feed_item item;

	if (!cap_inside(r->cap)) {
		if (strcasecmp(name, "distributionStatus") == 0)
			feed_keep(&r->status, text, n, false);
		return;
	}
	if (!cap_close(r->cap, name, text, n)) {
		if (cap_over(r->cap)) {
			err_set(r->out->err, ERR_REFUSED, "%s", cap_over(r->cap));
			xml_stop(x);
		}
		return;
	}
	if (!cap_take(r->cap, &item))
		return;
	if (!r->alone)
		item.raw = mem_dupn(r->text + r->start, xml_tag_end(x) - r->start);
	if (r->enveloped)
		apply_envelope(r, &item);
	if (!feed_emit(r->out, &item))
		xml_stop(x);
}

static const struct xml_handler handler = {on_open, on_close};

static bool
read_alerts(const char *text, size_t n, struct feed_out *out, bool alone, bool enveloped)
{
	struct reading r = {.out = out, .text = text, .alone = alone, .enveloped = enveloped};
	bool ok;

	r.cap = cap_builder_new(out->profile);
	ok = xml_read(text, n, &handler, &r, out->err);
	cap_builder_free(r.cap);
	free(r.status);
	if (ok && out->count == 0 && enveloped)
		return err_set(out->err, ERR_REFUSED,
		    _("the envelope carries no CAP alert (%zu other contents)"), r.others);
	if (ok && out->count == 0)
		return err_set(out->err, ERR_INPUT, _("there is no alert in it"));
	return ok;
}

static bool
cap_detects(const char *text, size_t n, const char *root)
{
	(void)text;
	(void)n;
	return strcmp(root, "alert") == 0 || strcmp(root, "alerts") == 0;
}

static bool
cap_read(const char *text, size_t n, struct feed_out *out)
{
	char root[16];

	xml_root(text, n, root, sizeof(root));
	return read_alerts(text, n, out, strcmp(root, "alert") == 0, false);
}

static bool
edxl_detects(const char *text, size_t n, const char *root)
{
	if (strcasecmp(root, "EDXLDistribution") == 0)
		return true;
	return strcmp(root, "Envelope") == 0 &&
	       (memmem(text, n, "edxl", 4) || memmem(text, n, "emergency:cap", 13));
}

static bool
edxl_read(const char *text, size_t n, struct feed_out *out)
{
	return read_alerts(text, n, out, false, true);
}

const struct feed_reader reader_cap = {"cap", cap_detects, cap_read};
const struct feed_reader reader_edxl = {"edxl", edxl_detects, edxl_read};
