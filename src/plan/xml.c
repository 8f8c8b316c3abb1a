/*
 * A plan file comes from a clerk's disk, perhaps from another county. libxml2 reads it with no
 * network and no entities: a DOCTYPE ends the reading at once, before any entity could be declared
 * ("billion laughs" needs one). Its limits on depth and text length stay on (no XML_PARSE_HUGE).
 *
 * Messages are ours: libxml2 speaks English only and names rules of the schema nobody has read. Of
 * the many it gives for one fault, the first that names an element or attribute is kept.
 */
#include "plan/inside.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/utf8.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/relaxng.h>
#include <stdlib.h>
#include <string.h>

/* --- well-formed ------------------------------------------------------------------------------ */

struct reading_xml {
	bool doctype;
	long line;	/* of the first fault, 0 none */
	char text[200]; /* libxml2's words, for the log */
};

static void
keep_words(struct reading_xml *x, const xmlError *e)
{
	if (x->line || !e || e->level < XML_ERR_ERROR)
		return;
	x->line = e->line > 0 ? e->line : 1;
	utf8_copy(x->text, sizeof(x->text), e->message ? e->message : "");
	for (char *c = x->text; *c; c++)
		if (*c == '\n')
			*c = ' ';
}

static void
on_error(void *user, xmlErrorPtr e)
{
	xmlParserCtxt *ctxt = user;

	keep_words(ctxt->_private, e);
}

static void
on_doctype(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxt *ctxt = user;
	struct reading_xml *x = ctxt->_private;

	(void)name;
	(void)external;
	(void)system;
	x->doctype = true;
	x->line = ctxt->input ? ctxt->input->line : 1;
	xmlStopParser(ctxt);
}

static long
line_of_byte(const char *s, size_t at)
{
	long line = 1;

	for (size_t i = 0; i < at; i++)
		line += s[i] == '\n';
	return line;
}

/* The first byte that is not UTF-8; n when all is well. */
static size_t
bad_byte(const char *s, size_t n)
{
	size_t step;

	for (size_t i = 0; i < n; i += step)
		if (utf8_decode(s + i, n - i, &step) == UTF8_BAD)
			return i;
	return n;
}

static xmlDoc *
parse(const char *xml, size_t n, struct err *err)
{
	struct reading_xml x = {false, 0, ""};
	xmlParserCtxt *ctxt = xmlNewParserCtxt();
	xmlDoc *doc;

	if (!ctxt)
		abort();
	ctxt->_private = &x;
	ctxt->sax->internalSubset = on_doctype;
	ctxt->sax->serror = on_error;
	doc = xmlCtxtReadMemory(ctxt, xml, (int)n, NULL, "UTF-8",
	    XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
	if (x.doctype)
		err_set(
		    err, ERR_REFUSED, _("line %ld: a DOCTYPE is not allowed in a plan"), x.line);
	else if (!doc || !ctxt->wellFormed || x.line) {
		err_set(err, ERR_INPUT, _("line %ld: this is not well-formed XML"),
		    x.line ? x.line : 1);
		err_detail(err, "%s", x.text);
	}
	if (doc && (x.doctype || !ctxt->wellFormed || x.line)) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	xmlFreeParserCtxt(ctxt);
	return doc;
}

/* --- the schema ------------------------------------------------------------------------------- */

static void
ignore(void *user, xmlErrorPtr e)
{
	(void)user;
	(void)e;
}

/* Compiled once, for the life of the process: 0.5 ms, and every plan of an import needs it. */
static xmlRelaxNG *
schema(struct err *err)
{
	static xmlRelaxNG *kept;
	char *path;
	xmlRelaxNGParserCtxt *parser;

	if (kept)
		return kept;
	path = paths_data_file("plans/plan.rng");
	parser = xmlRelaxNGNewParserCtxt(path);
	if (parser) {
		xmlRelaxNGSetParserStructuredErrors(parser, ignore, NULL);
		kept = xmlRelaxNGParse(parser);
		xmlRelaxNGFreeParserCtxt(parser);
	}
	if (!kept)
		err_set(err, ERR_IO,
		    _("%s cannot be read: it comes with the program, install it again"), path);
	free(path);
	return kept;
}

struct verdict {
	long line;
	int rank; /* how telling the message is */
	char message[300];
};

static void
judge(struct verdict *v, const xmlError *e, int rank, char *message)
{
	if (rank > v->rank) {
		v->rank = rank;
		v->line = e->line > 0 ? e->line : 1;
		utf8_copy(v->message, sizeof(v->message), message);
	}
	free(message);
}

static const char *
word(const char *s)
{
	return s ? s : "?";
}

/*
 * str1 and str2 are what libxml2's own message holds. The codes that name a cause rank over those
 * that only say that something failed; among equals the first counts.
 */
static void
on_invalid(void *user, xmlErrorPtr e)
{
	struct verdict *v = user;
	const char *a = word(e->str1), *b = word(e->str2);

	switch (e->code) {
	case XML_RELAXNG_ERR_ELEMNAME:
		judge(v, e, 3, mem_print(_("<%s> is expected here, not <%s>"), a, b));
		break;
	case XML_RELAXNG_ERR_NOELEM:
		judge(v, e, 3, mem_print(_("<%s> is missing"), a));
		break;
	case XML_RELAXNG_ERR_ELEMWRONG:
	case XML_RELAXNG_ERR_EXTRACONTENT:
		judge(v, e, 3,
		    mem_print(
			_("<%s> does not belong here, or something is missing before it"), a));
		break;
	case XML_RELAXNG_ERR_INVALIDATTR:
	case XML_RELAXNG_ERR_ATTREXTRANS:
		judge(v, e, 4,
		    mem_print(
			_("the attribute %s of <%s> is wrong or does not belong there"), a, b));
		break;
	case XML_RELAXNG_ERR_ATTRWRONGNS:
	case XML_RELAXNG_ERR_ATTRNAME:
		judge(v, e, 4, mem_print(_("the attribute %s is missing"), a));
		break;
	case XML_RELAXNG_ERR_ATTRVALID:
		judge(v, e, 3,
		    mem_print(_("an attribute of <%s> has a value that is not allowed, or does not "
				"belong there"),
			a));
		break;
	case XML_RELAXNG_ERR_TEXTWRONG:
		judge(v, e, 4, mem_print(_("text does not belong into <%s>"), a));
		break;
	case XML_RELAXNG_ERR_DATATYPE:
	case XML_RELAXNG_ERR_TYPEVAL:
		judge(v, e, 2, mem_print(_("\"%s\" is not allowed here"), b));
		break;
	case XML_RELAXNG_ERR_CONTENTVALID:
	case XML_RELAXNG_ERR_LACKDATA:
		judge(v, e, 2, mem_print(_("the contents of <%s> are not as they should be"), a));
		break;
	default:
		judge(v, e, 1, mem_print("%s", _("this is not as it should be")));
	}
}

static bool
fits_schema(xmlDoc *doc, struct err *err)
{
	struct verdict v = {0, 0, ""};
	xmlRelaxNG *rng = schema(err);
	xmlRelaxNGValidCtxt *ctxt;
	int result;

	if (!rng)
		return false;
	ctxt = xmlRelaxNGNewValidCtxt(rng);
	if (!ctxt)
		abort();
	xmlRelaxNGSetValidStructuredErrors(ctxt, on_invalid, &v);
	result = xmlRelaxNGValidateDoc(ctxt, doc);
	xmlRelaxNGFreeValidCtxt(ctxt);
	if (result == 0)
		return true;
	return err_set(err, ERR_INPUT, _("line %ld: %s"), v.line ? v.line : 1,
	    v.rank ? v.message : _("this is not as it should be"));
}

/* --- attributes that must be there ------------------------------------------------------------ */

/*
 * libxml2 says of a missing attribute neither its name nor always the line, so these are looked for
 * first; the schema has the last word.
 */
static const struct {
	const char *element, *attributes[5];
} required[] = {
    {"plan", {"format", "code", "level"}},
    {"event", {"code", "name"}},
    {"grade", {"n"}},
    {"post", {"role", "holder"}},
    {"office", {"unit"}},
    {"member", {"unit"}},
    {"group", {"name", "lead"}},
    {"level", {"n", "approver", "period"}},
    {"when", {"metric", "op", "value"}},
    {"task", {"id", "owner"}},
    {"need", {"amount"}},
    {"contact", {"unit", "post", "phone"}},
};

static bool
element_complete(xmlNode *node, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(required); i++) {
		if (strcmp((const char *)node->name, required[i].element) != 0)
			continue;
		for (size_t k = 0; k < COUNT_OF(required[i].attributes); k++) {
			const char *name = required[i].attributes[k];

			if (name && !xmlHasProp(node, (const xmlChar *)name))
				return err_set(err, ERR_INPUT,
				    _("line %ld: <%s> lacks the attribute %s"), xmlGetLineNo(node),
				    required[i].element, name);
		}
	}
	return true;
}

/* Depth first; the parser allows 256 levels. */
static bool
all_complete(xmlNode *node, struct err *err)
{
	for (; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE &&
		    (!element_complete(node, err) || !all_complete(node->children, err)))
			return false;
	return true;
}

xmlDoc *
xml_parse(const char *xml, size_t n, bool validate, struct err *err)
{
	size_t bad;
	xmlDoc *doc;

	if (n >= 3 && memcmp(xml, "\xef\xbb\xbf", 3) == 0) {
		xml += 3;
		n -= 3;
	}
	if (n > PLAN_MAX) {
		err_set(err, ERR_INPUT, _("a plan has at most %u KiB; this one has %zu"),
		    PLAN_MAX >> 10, (n + 1023) >> 10);
		return NULL;
	}
	bad = bad_byte(xml, n);
	if (bad < n) {
		err_set(err, ERR_INPUT, _("line %ld: this is not UTF-8; save the file as UTF-8"),
		    line_of_byte(xml, bad));
		return NULL;
	}
	doc = parse(xml, n, err);
	if (doc && validate &&
	    (!all_complete(xmlDocGetRootElement(doc), err) || !fits_schema(doc, err))) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	return doc;
}
