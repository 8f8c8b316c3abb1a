#include "exchange/publish.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/capwrite.h"
#include "exchange/outfile.h"
#include "exchange/url.h"
#include "store/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENT_MAX ((size_t)8 << 20)

void
publish_name(const struct alert *alert, char *out, size_t size)
{
	char *all = mem_print("%s,%s,%lld", alert->sender ? alert->sender : "",
	    alert->identifier ? alert->identifier : "", (long long)alert->sent);
	char hex[65];

	digest_hex(all, strlen(all), hex);
	snprintf(out, size, "%.24s.cap.xml", hex);
	free(all);
}

/* --- the index ------------------------------------------------------------------------------- */

static void
element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	xml_add(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void
moment(struct buf *out, const char *name, int64_t at)
{
	char text[40];

	element(out, name, clock_format(text, sizeof(text), at, CLOCK_ISO));
}

static const char *
headline_of(const struct alert *a)
{
	const struct alert_info *info = a->n_infos ? &a->infos[0] : NULL;

	return info && info->headline ? info->headline
	       : info && info->event  ? info->event
				      : a->identifier;
}

static void
add_link(struct buf *out, const struct publish_place *place, const char *rel, const char *type,
    const char *name)
{
	size_t n = strlen(place->base);

	buf_printf(out, "<link%s%s%s type=\"%s\" href=\"", rel ? " rel=\"" : "", rel ? rel : "",
	    rel ? "\"" : "", type);
	xml_add(out, place->base);
	buf_printf(out, "%s%s\"/>\n", n && place->base[n - 1] == '/' ? "" : "/", name);
}

/* The identity of an entry is the alert's own, so that who follows two indexes sees that it is one.
 */
static void
add_entry(struct buf *out, const struct publish_place *place, const struct alert *a)
{
	char name[48];

	publish_name(a, name, sizeof(name));
	buf_add(out, "<entry>\n<id>urn:cap:");
	xml_add(out, a->sender);
	buf_add_char(out, ':');
	xml_add(out, a->identifier);
	buf_add(out, "</id>\n");
	element(out, "title", headline_of(a));
	moment(out, "updated", a->sent);
	add_link(out, place, NULL, "application/cap+xml", name);
	buf_add(out, "</entry>\n");
}

static int
newest_first(const void *a, const void *b)
{
	const struct alert *x = *(const struct alert *const *)a,
			   *y = *(const struct alert *const *)b;

	return x->sent > y->sent ? -1 : x->sent < y->sent;
}

static void
write_index(
    struct buf *out, const struct publish_place *place, const struct alert *const *alerts, size_t n)
{
	const struct alert **sorted = mem_zero(n + 1, sizeof(*sorted));

	if (n)
		memcpy(sorted, alerts, n * sizeof(*sorted));
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), newest_first);
	buf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed "
		     "xmlns=\"http://www.w3.org/2005/Atom\">\n");
	element(out, "id", place->base);
	element(out, "title", place->title);
	moment(out, "updated", n ? sorted[0]->sent : clock_now());
	buf_add(out, "<author>");
	element(out, "name", place->author);
	buf_add(out, "</author>\n");
	add_link(out, place, "self", "application/atom+xml", "index.atom");
	for (size_t i = 0; i < n; i++)
		add_entry(out, place, sorted[i]);
	buf_add(out, "</feed>\n");
	free(sorted);
}

/* --- files ----------------------------------------------------------------------------------- */

static bool
write_document(int dir, const struct alert *a, struct err *err)
{
	struct buf text = BUF_MAX(DOCUMENT_MAX);
	char name[48];
	bool good = cap_write(&text, a, err);

	publish_name(a, name, sizeof(name));
	good = good && outfile_write(dir, name, buf_str(&text), text.size, OUTFILE_ALL,
			   OUTFILE_SAME_IS_FINE, err);
	buf_clear(&text);
	return good;
}

bool
publish_alerts(
    const struct publish_place *place, const struct alert *const *alerts, size_t n, struct err *err)
{
	struct buf index = BUF_MAX(DOCUMENT_MAX);
	bool good = url_check(place->base, URL_WEB, err);
	int dir = good ? outfile_dir(place->directory, err) : -1;

	good = dir >= 0;
	for (size_t i = 0; good && i < n; i++)
		good = write_document(dir, alerts[i], err);
	if (good) {
		write_index(&index, place, alerts, n);
		good =
		    (!index.full || err_set(err, ERR_INPUT, _("too many alerts for one index"))) &&
		    outfile_write(dir, "index.atom", buf_str(&index), index.size, OUTFILE_ALL,
			OUTFILE_REPLACE, err);
	}
	buf_clear(&index);
	if (dir >= 0)
		close(dir);
	return good;
}
