#include "exchange/xml.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

struct xml {
	const struct xml_handler *handler;
	void *context;
	struct err *err;
	xmlParserCtxt *ctxt;
	const char *text;
	size_t n, skipped; /* of the text, before what libxml2 got */
	bool stopped;
	int depth, elements;
	/* What was wanted at each depth, and where the text gathered begins. */
	unsigned char want[XML_DEPTH + 1];
	size_t start[XML_DEPTH + 1];
	int quiet;     /* elements deep inside a LEAF or SKIP one; 0: report */
	int gathering; /* open elements that want text */
	struct buf gathered;
	const xmlChar **attrs; /* of the start tag at hand */
	int n_attrs;
};

/* --- before libxml2 sees anything ------------------------------------------------------------- */

/* Behind the next `what`. By memchr and not memmem, whose check under AddressSanitizer reads all that is left each time. */
static const char *
find(const char *p, const char *end, const char *what)
{
	size_t n = strlen(what);

	while ((p = memchr(p, what[0], (size_t)(end - p)))) {
		if ((size_t)(end - p) < n)
			break;
		if (memcmp(p, what, n) == 0)
			return p + n;
		p++;
	}
	return end;
}

/* The end of the start tag at p (behind '<'), its attributes counted. */
static const char *
scan_tag(const char *p, const char *end, int *attrs)
{
	char quote = 0;

	*attrs = 0;
	for (; p < end; p++) {
		if (quote)
			quote = *p == quote ? 0 : quote;
		else if (*p == '>')
			return p;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else
			*attrs += *p == '=';
	}
	return end;
}

static bool
starts(const char *p, const char *end, const char *with)
{
	return (size_t)(end - p) >= strlen(with) && memcmp(p, with, strlen(with)) == 0;
}

static bool
guard(const char *text, size_t n, struct err *err)
{
	const char *end = text + n, *p = text;
	int attrs, elements = 0;

	while (p < end && (p = memchr(p, '<', (size_t)(end - p)))) {
		const char *from = p;

		if (starts(p, end, "<!--"))
			p = find(p, end, "-->");
		else if (starts(p, end, "<![CDATA["))
			p = find(p, end, "]]>");
		else if (starts(p, end, "<?"))
			p = find(p, end, "?>");
		else if (starts(p, end, "<!"))
			return err_set(err, ERR_REFUSED, _("a DOCTYPE is not allowed in a feed"));
		else if (starts(p, end, "</"))
			p += 2;
		else {
			p = scan_tag(p + 1, end, &attrs);
			if (attrs > XML_ATTRS)
				return err_set(err, ERR_REFUSED,
				    _("over %d attributes on one element"), XML_ATTRS);
			if (p - from > (ptrdiff_t)XML_TAG)
				return err_set(
				    err, ERR_REFUSED, _("one tag is over %u bytes long"), XML_TAG);
			if (++elements > XML_ELEMENTS)
				return err_set(
				    err, ERR_REFUSED, _("over %d elements"), XML_ELEMENTS);
		}
	}
	return true;
}

/* Behind white space and the XML declaration: what it says of encodings is no longer true. */
static const char *
behind_declaration(const char *text, const char *end)
{
	while (text < end && strchr(" \t\r\n", *text) && *text)
		text++;
	if (starts(text, end, "<?xml") && text + 5 < end && strchr(" \t\r\n", text[5]))
		return find(text, end, "?>");
	return text;
}

void
xml_root(const char *text, size_t n, char *name, size_t size)
{
	const char *end = text + n, *p = behind_declaration(text, end);
	size_t length = 0;

	name[0] = '\0';
	while (p < end) {
		while (p < end && strchr(" \t\r\n", *p) && *p)
			p++;
		if (starts(p, end, "<!--"))
			p = find(p, end, "-->");
		else if (starts(p, end, "<?"))
			p = find(p, end, "?>");
		else
			break;
	}
	if (p >= end || *p != '<')
		return;
	p++;
	while (p + length < end && !strchr(" \t\r\n/>", p[length])) {
		if (p[length] == ':') {
			p += length + 1;
			length = 0;
		} else if (++length >= size) {
			return;
		}
	}
	memcpy(name, p, length);
	name[length] = '\0';
}

/* --- what libxml2 calls ----------------------------------------------------------------------- */

static void
refuse(struct xml *x, enum err_code code, const char *message, unsigned limit)
{
	if (!x->stopped)
		err_set(x->err, code, _("%s (limit %u)"), message, limit);
	xml_stop(x);
}

static void
gather(struct xml *x, const char *s, size_t n)
{
	buf_add_n(&x->gathered, s, n);
	if (x->gathered.full)
		refuse(x, ERR_REFUSED, _("the text of one element is too long"), XML_TEXT);
}

/* A tag inside gathered text parts words: "<b>10级</b><b>阵风</b>" stays two. */
static void
gather_gap(struct xml *x)
{
	if (x->gathering && x->gathered.size &&
	    !strchr(" \n", x->gathered.data[x->gathered.size - 1]))
		gather(x, " ", 1);
}

static void
on_open(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_spaces,
    const xmlChar **spaces, int n_attrs, int n_defaulted, const xmlChar **attrs)
{
	struct xml *x = ((xmlParserCtxt *)user)->_private;
	enum xml_want want;

	(void)prefix;
	(void)spaces;
	(void)n_defaulted;
	if (x->stopped)
		return;
	if (++x->depth > XML_DEPTH) {
		refuse(x, ERR_REFUSED, _("elements are nested too deep"), XML_DEPTH);
		return;
	}
	if (n_attrs + n_spaces > XML_ATTRS) {
		refuse(x, ERR_REFUSED, _("too many attributes on one element"), XML_ATTRS);
		return;
	}
	if (x->quiet) {
		x->quiet++;
		gather_gap(x);
		return;
	}
	x->attrs = attrs;
	x->n_attrs = n_attrs;
	want = x->handler->open(x->context, x, (const char *)name, uri ? (const char *)uri : "");
	x->n_attrs = 0;
	x->want[x->depth] = (unsigned char)want;
	x->start[x->depth] = x->gathered.size;
	x->quiet = want == XML_LEAF || want == XML_SKIP;
	x->gathering += want == XML_LEAF || want == XML_BOTH;
}

static void
on_close(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml *x = ((xmlParserCtxt *)user)->_private;
	enum xml_want want;
	size_t start;

	(void)prefix;
	(void)uri;
	if (x->stopped)
		return;
	if (x->quiet > 1) {
		x->quiet--;
		x->depth--;
		gather_gap(x);
		return;
	}
	x->quiet = 0;
	want = x->want[x->depth];
	start = x->start[x->depth];
	if (want == XML_LEAF || want == XML_BOTH)
		x->handler->close(x->context, x, (const char *)name, buf_str(&x->gathered) + start,
		    x->gathered.size - start);
	else if (want == XML_ENTER)
		x->handler->close(x->context, x, (const char *)name, "", 0);
	x->gathering -= want == XML_LEAF || want == XML_BOTH;
	if (!x->gathering)
		buf_reset(&x->gathered);
	x->depth--;
}

static void
on_text(void *user, const xmlChar *s, int n)
{
	struct xml *x = ((xmlParserCtxt *)user)->_private;

	/* Inside a SKIP element nothing is kept, not even for an outer one that gathers. */
	if (x->gathering && !x->stopped &&
	    x->want[x->depth - (x->quiet ? x->quiet - 1 : 0)] != XML_SKIP)
		gather(x, (const char *)s, (size_t)n);
}

static void
on_doctype(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct xml *x = ((xmlParserCtxt *)user)->_private;

	(void)name;
	(void)external;
	(void)system;
	err_set(x->err, ERR_REFUSED, _("a DOCTYPE is not allowed in a feed"));
	xml_stop(x);
}

static void
on_error(void *user, xmlErrorPtr e)
{
	struct xml *x = ((xmlParserCtxt *)user)->_private;

	if (x->stopped || !e || e->level != XML_ERR_FATAL)
		return;
	err_set(x->err, ERR_INPUT, _("line %d: this is not well-formed XML"),
	    e->line > 0 ? e->line : 1);
	err_detail(x->err, "%.*s", (int)strcspn(e->message ? e->message : "", "\n"),
	    e->message ? e->message : "");
}

/* --- for handlers ----------------------------------------------------------------------------- */

/* libxml2 leaves an ampersand as &#38; where it does not replace entities. */
static void
restore_ampersands(char *s)
{
	char *to = s;

	while (*s) {
		*to++ = *s;
		s += strncmp(s, "&#38;", 5) == 0 ? 5 : 1;
	}
	*to = '\0';
}

char *
xml_attr(const struct xml *x, const char *name)
{
	for (int i = 0; i < x->n_attrs; i++)
		if (strcmp((const char *)x->attrs[(ptrdiff_t)i * 5], name) == 0) {
			const xmlChar *from = x->attrs[i * 5 + 3], *to = x->attrs[i * 5 + 4];
			char *value = mem_dupn((const char *)from, (size_t)(to - from));

			restore_ampersands(value);
			return value;
		}
	return NULL;
}

size_t
xml_tag_end(const struct xml *x)
{
	long at = xmlByteConsumed(x->ctxt);

	return at < 0 ? x->n : x->skipped + (size_t)at;
}

size_t
xml_tag_start(const struct xml *x)
{
	size_t at = xml_tag_end(x);

	at = at < x->n ? at : x->n;
	while (at > 0 && x->text[at - 1] != '<')
		at--;
	return at > 0 ? at - 1 : 0;
}

void
xml_stop(struct xml *x)
{
	x->stopped = true;
	xmlStopParser(x->ctxt);
}

static xmlParserCtxt *
new_parser(struct xml *x)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC};
	xmlParserCtxt *ctxt;

	sax.startElementNs = on_open;
	sax.endElementNs = on_close;
	sax.characters = on_text;
	sax.cdataBlock = on_text;
	sax.internalSubset = on_doctype;
	sax.serror = on_error;
	ctxt = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	if (!ctxt)
		abort();
	ctxt->userData = ctxt;
	ctxt->_private = x;
	xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	return ctxt;
}

#define CHUNK 65536

bool
xml_read(
    const char *text, size_t n, const struct xml_handler *handler, void *context, struct err *err)
{
	const char *end = text + n, *p = behind_declaration(text, end);
	struct xml x = {.handler = handler,
	    .context = context,
	    .err = err,
	    .text = text,
	    .n = n,
	    .skipped = (size_t)(p - text),
	    .gathered = BUF_MAX(XML_TEXT)};
	bool ok = guard(text, n, err);

	if (!ok)
		return false;
	x.ctxt = new_parser(&x);
	while (p < end && !x.stopped && x.ctxt->wellFormed) {
		size_t part = (size_t)(end - p) > CHUNK ? CHUNK : (size_t)(end - p);

		xmlParseChunk(x.ctxt, p, (int)part, p + part == end);
		p += part;
	}
	if (n == 0 || (size_t)(end - text) == x.skipped)
		xmlParseChunk(x.ctxt, "", 0, 1);
	ok = x.ctxt->wellFormed && !x.stopped;
	if (!ok)
		err_set(err, ERR_INPUT, _("line %d: this is not well-formed XML"), 1);
	xmlFreeParserCtxt(x.ctxt);
	buf_clear(&x.gathered);
	return ok;
}

void
xml_cleanup(void)
{
	xmlCleanupParser();
}
