/*
 * One scaffold for every XML reader: libxml2's SAX2 push parser, elements by local name, the prefix and namespace aside
 * (46,000 alerts a second, where xmlTextReader with extraction gives 24,000 and a document tree more memory than the file).
 *
 * A handler answers at every start tag what it wants of the element. Text is gathered through nested elements, since
 * real alerts carry markup inside a description. The guards end the document with a named reason: DOCTYPE (whatever it
 * declares), depth over XML_DEPTH, more than XML_ATTRS attributes on one element, an element's text over XML_TEXT bytes, more
 * than XML_ELEMENTS elements. Attributes are counted before libxml2 sees the tag: it checks 60,000 of them in 6.5 s.
 *
 * The text must be clean UTF-8 (decode()); what its XML declaration says is left aside.
 */
#ifndef EXCHANGE_XML_H
#define EXCHANGE_XML_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define XML_DEPTH 64
#define XML_ATTRS 512
#define XML_TEXT (10u << 20)
#define XML_TAG (1u << 20)
#define XML_ELEMENTS 1500000

enum xml_want {
	XML_ENTER, /* report its children; its own text is not wanted */
	XML_LEAF,  /* gather its text, all of it, and report no child */
	XML_BOTH,  /* report its children and gather its text, theirs included */
	XML_SKIP   /* neither this nor anything inside */
};

struct xml;
struct xml_handler {
	/* name: local name; space: namespace or "". */
	enum xml_want (*open)(void *context, struct xml *x, const char *name, const char *space);
	/* text: "" unless it was gathered; n bytes, untrimmed and not cleaned. Not called for what was skipped. */
	void (*close)(void *context, struct xml *x, const char *name, const char *text, size_t n);
};

/* False with the reason; the handler may have been called before. */
bool xml_read(const char *text, size_t n, const struct xml_handler *handler, void *context, struct err *err)
    __attribute__((warn_unused_result));

/* Within open(): an attribute by its local name, entities resolved; the caller frees; NULL none. */
char *xml_attr(const struct xml *x, const char *name);
/* Within open() or close(): the byte of the text where the tag begins (open) or is over (close). */
size_t xml_tag_start(const struct xml *x);
size_t xml_tag_end(const struct xml *x);
/* A handler's own reason to stop; xml_read gives false with what stands in its err, or this. */
void xml_stop(struct xml *x);

/* The local name of the root element, "" when this does not look like XML. Cheap: reads the prolog only. */
void xml_root(const char *text, size_t n, char *name, size_t size);

/* Ends libxml2's part of the process; for leak checks in tests. */
void xml_cleanup(void);

#endif
