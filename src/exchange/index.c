/*
 * Atom, RSS and GeoRSS indexes. An entry that carries an alert gives the alert; one that does not
 * gives the link to a document: the one marked application/cap+xml before any other XML, that
 * before the page for people. Only http, https and relative addresses count: file:, javascript: and
 * the like are dropped with the entry.
 */
#include "base/clock.h"
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
	size_t entries;
	bool inside;	       /* an entry or item */
	bool carried;	       /* it held an alert */
	struct feed_item link; /* of the entry at hand, kind FEED_LINK */
	int score;	       /* how good its address is */
	char *published;
};

/* Atom 1.0 and 0.3, RSS without namespace, RSS 1.0, Dublin Core dates. */
static bool
is_index_space(const char *space)
{
	return !*space || strstr(space, "2005/Atom") || strstr(space, "purl.org/atom") ||
	       strstr(space, "purl.org/rss") || strstr(space, "backend.userland.com") ||
	       strstr(space, "purl.org/dc");
}

static bool
address_allowed(const char *url)
{
	size_t scheme = strcspn(url, ":/?#");

	if (url[scheme] != ':')
		return *url != '\0';
	return (scheme == 4 && strncasecmp(url, "http", 4) == 0) ||
	       (scheme == 5 && strncasecmp(url, "https", 5) == 0);
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcasecmp(s + n - k, end) == 0;
}

static int
score_of(const char *url, const char *type, const char *rel)
{
	if (type && strstr(type, "cap+xml"))
		return 5;
	if (type && strstr(type, "xml") && !strstr(type, "atom+xml") && !strstr(type, "html"))
		return 4;
	if (ends_with(url, ".cap") || ends_with(url, ".xml"))
		return 3;
	return !rel || strcmp(rel, "alternate") == 0 ? 2 : 1;
}

/* Takes url and type over. */
static void
offer_link(struct reading *r, char *url, char *type, const char *rel)
{
	int score = url && address_allowed(url) ? score_of(url, type, rel) : 0;

	if (score > r->score) {
		free(r->link.link->url);
		free(r->link.link->type);
		r->link.link->url = url;
		r->link.link->type = type;
		r->score = score;
		return;
	}
	free(url);
	free(type);
}

static char *
clean_attr(const struct xml *x, const char *name)
{
	char *raw = xml_attr(x, name), *s = raw ? feed_text(raw, strlen(raw), false) : NULL;

	free(raw);
	return s;
}

static void
begin_entry(struct reading *r)
{
	feed_item_clear(&r->link);
	r->link = feed_item_new(FEED_LINK);
	r->inside = true;
	r->entries++;
	r->carried = false;
	r->score = 0;
}

static enum xml_want
open_in_entry(struct reading *r, struct xml *x, const char *name)
{
	static const char *const leaves[] = {
	    "title", "id", "guid", "updated", "published", "pubDate", "modified", "date"};
	char *href, *rel;

	if (strcmp(name, "author") == 0 || strcmp(name, "source") == 0)
		return XML_SKIP;
	if (strcmp(name, "link") == 0) {
		if (!(href = clean_attr(x, "href")))
			return XML_LEAF; /* RSS: the address is its text */
		rel = clean_attr(x, "rel");
		offer_link(r, href, clean_attr(x, "type"), rel);
		free(rel);
		return XML_SKIP;
	}
	if (strcmp(name, "enclosure") == 0) {
		offer_link(r, clean_attr(x, "url"), clean_attr(x, "type"), NULL);
		return XML_SKIP;
	}
	for (size_t i = 0; i < COUNT_OF(leaves); i++)
		if (strcmp(name, leaves[i]) == 0)
			return XML_LEAF;
	return XML_ENTER;
}

static enum xml_want
on_open(void *context, struct xml *x, const char *name, const char *space)
{
	struct reading *r = context;

	if (cap_inside(r->cap))
		return cap_open(r->cap, x, name, space);
	if (strcmp(name, "Signature") == 0)
		return XML_SKIP;
	if (strcmp(name, "alert") == 0) {
		r->start = xml_tag_start(x);
		return cap_open(r->cap, x, name, space);
	}
	if (!is_index_space(space))
		return XML_ENTER;
	if (strcmp(name, "entry") == 0 || strcmp(name, "item") == 0) {
		begin_entry(r);
		return XML_ENTER;
	}
	return r->inside ? open_in_entry(r, x, name) : XML_ENTER;
}

static void
close_alert(struct reading *r, struct xml *x)
{
	struct feed_item item;

	if (!cap_take(r->cap, &item))
		return;
	item.raw = mem_dupn(r->text + r->start, xml_tag_end(x) - r->start);
	r->carried = true;
	if (!feed_emit(r->out, &item))
		xml_stop(x);
}

static void
close_entry(struct reading *r, struct xml *x)
{
	struct feed_item item = r->link;

	r->inside = false;
	if (r->carried || !r->score) /* nothing to fetch */
		return;
	memset(&r->link, 0, sizeof(r->link));
	if (!item.link->id)
		item.link->id = mem_dup(item.link->url);
	if (!feed_emit(r->out, &item))
		xml_stop(x);
}

static void
close_leaf(struct reading *r, const char *name, const char *text, size_t n)
{
	struct feed_link *link = r->link.link;
	int zone = r->out->profile->zone_minutes;

	if (strcmp(name, "title") == 0)
		feed_keep(&link->title, text, n, false);
	else if (strcmp(name, "id") == 0 || strcmp(name, "guid") == 0)
		feed_keep(&link->id, text, n, false);
	else if (strcmp(name, "link") == 0)
		offer_link(r, feed_text(text, n, false), NULL, NULL);
	else if (strcmp(name, "updated") == 0 || strcmp(name, "modified") == 0 ||
		 link->updated == CLOCK_NONE)
		feed_when(text, n, zone, &link->updated);
}

static void
on_close(void *context, struct xml *x, const char *name, const char *text, size_t n)
{
	struct reading *r = context;

	if (cap_inside(r->cap)) {
		if (cap_close(r->cap, name, text, n))
			close_alert(r, x);
		else if (cap_over(r->cap)) {
			err_set(r->out->err, ERR_REFUSED, "%s", cap_over(r->cap));
			xml_stop(x);
		}
	} else if (!r->inside) {
		return;
	} else if (strcmp(name, "entry") == 0 || strcmp(name, "item") == 0) {
		close_entry(r, x);
	} else if (n) {
		close_leaf(r, name, text, n);
	}
}

static const struct xml_handler handler = {on_open, on_close};

static bool
index_read(const char *text, size_t n, struct feed_out *out)
{
	struct reading r = {.out = out, .text = text};
	bool ok;

	r.cap = cap_builder_new(out->profile);
	ok = xml_read(text, n, &handler, &r, out->err);
	cap_builder_free(r.cap);
	if (r.link.link)
		feed_item_clear(&r.link);
	/* No entry at all is an index without news; entries that lead nowhere are not the index we
	 * want. */
	if (ok && r.entries && out->count == 0)
		return err_set(out->err, ERR_INPUT,
		    _("none of its %zu entries holds an alert or leads to one"), r.entries);
	return ok;
}

static bool
atom_detects(const char *text, size_t n, const char *root)
{
	(void)text;
	(void)n;
	return strcmp(root, "feed") == 0;
}

static bool
rss_detects(const char *text, size_t n, const char *root)
{
	(void)text;
	(void)n;
	return strcmp(root, "rss") == 0 || strcmp(root, "RDF") == 0;
}

const struct feed_reader reader_atom = {"atom", atom_detects, index_read};
const struct feed_reader reader_rss = {"rss", rss_detects, index_read};
