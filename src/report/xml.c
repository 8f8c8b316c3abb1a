/* A report as XML (zhiban-report(5)): the same words, figures as numbers, and the journal lines
 * behind each sentence. */
#include "report/inside.h"

#include "base/id.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const xmlChar *
x(const char *s)
{
	return (const xmlChar *)s;
}

static void
attribute(xmlTextWriterPtr w, const char *name, const char *value)
{
	if (*value)
		xmlTextWriterWriteAttribute(w, x(name), x(value));
}

static void
element(xmlTextWriterPtr w, const char *name, const char *value)
{
	if (*value)
		xmlTextWriterWriteElement(w, x(name), x(value));
}

static void
element_time(xmlTextWriterPtr w, const char *name, int64_t ms)
{
	char text[40];

	if (ms != CLOCK_NONE)
		element(w, name, clock_format(text, sizeof(text), ms, CLOCK_ISO));
}

static void
attribute_int(xmlTextWriterPtr w, const char *name, int64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	attribute(w, name, text);
}

/* "a、b" as one element each. */
static void
each_unit(xmlTextWriterPtr w, const char *name, const char *units)
{
	while (*units) {
		const char *comma = strstr(units, "、");
		size_t n = comma ? (size_t)(comma - units) : strlen(units);
		char unit[256];
		snprintf(unit, sizeof(unit), "%.*s", (int)n, units);
		element(w, name, unit);
		units += n + (comma ? 3 : 0);
	}
}

static void
write_head(xmlTextWriterPtr w, struct store *st, const struct report_row *r)
{
	char *county = sql_one_text(st, "SELECT name FROM area WHERE id = ?1", "i", store_area(st));

	attribute(w, "kind", r->kind);
	attribute(w, "state", r->state);
	attribute_int(w, "sequence", r->seq);
	if (r->number) {
		attribute_int(w, "year", r->year);
		attribute_int(w, "number", r->number);
	}
	attribute(w, "incident", r->incident_no);
	attribute_int(w, "id", r->id);
	xmlTextWriterStartElement(w, x("issuer"));
	attribute_int(w, "area", store_area(st));
	xmlTextWriterWriteFormatString(w, "%s应急管理局", county ? county : "");
	xmlTextWriterEndElement(w);
	free(county);
	element(w, "urgency", r->urgency);
	element(w, "title", r->title);
	each_unit(w, "to", r->dest);
	each_unit(w, "cc", r->cc);
	element(w, "drafter", r->drafter);
	element_time(w, "drafted", r->drafted);
	element(w, "signer", r->signer);
	element_time(w, "signed", r->signed_at);
	xmlTextWriterStartElement(w, x("contact"));
	attribute(w, "phone", r->phone);
	xmlTextWriterWriteString(w, x(r->contact));
	xmlTextWriterEndElement(w);
}

static void
write_incident(xmlTextWriterPtr w, const struct incident_full *f)
{
	static const char *const bounds[] = {"", "about", "at-least", "at-most"};
	char text[40];

	xmlTextWriterStartElement(w, x("event"));
	attribute(w, "type", f->row.type);
	if (f->row.grade != GRADE_NONE)
		attribute_int(w, "grade", f->row.grade);
	attribute(w, "near-miss", f->row.near_miss ? "yes" : "");
	attribute(w, "sensitive", f->row.sensitive ? "yes" : "");
	for (size_t i = 1; i < f->n_codes; i++)
		element(w, "secondary", f->codes[i].code);
	element_time(w, "received", f->row.received);
	element_time(w, "occurred", f->row.occurred);
	xmlTextWriterStartElement(w, x("place"));
	attribute_int(w, "area", f->row.area);
	if (f->row.lon != 0 || f->row.lat != 0) {
		snprintf(text, sizeof(text), "%.5f", f->row.lon);
		attribute(w, "lon", text);
		snprintf(text, sizeof(text), "%.5f", f->row.lat);
		attribute(w, "lat", text);
	}
	xmlTextWriterWriteString(w, x(f->row.place));
	xmlTextWriterEndElement(w);
	for (size_t i = 0; i < f->n_figures; i++) {
		xmlTextWriterStartElement(w, x("figure"));
		attribute(w, "kind", fact_kind_name(f->figures[i].kind));
		attribute_int(w, "value", f->figures[i].value);
		attribute(w, "bound", bounds[f->figures[i].bound]);
		attribute(w, "at", clock_format(text, sizeof(text), f->figures[i].at, CLOCK_ISO));
		attribute(w, "source", f->figures[i].source);
		attribute_int(w, "line", id_sequence(f->figures[i].journal));
		xmlTextWriterEndElement(w);
	}
	xmlTextWriterEndElement(w);
}

static void
write_lines(xmlTextWriterPtr w, struct store *st, int64_t id)
{
	struct report_line lines[200];
	size_t n = report_lines(st, id, lines, 200);

	for (size_t i = 0; i < n; i++) {
		struct buf sources = BUF_MAX(200);
		for (size_t k = 0; k < lines[i].n_sources; k++)
			buf_printf(&sources, "%s%lld", k ? " " : "",
			    (long long)id_sequence(lines[i].sources[k]));
		xmlTextWriterStartElement(w, x("sentence"));
		attribute(w, "element", lines[i].element);
		attribute(w, "flag", lines[i].flag);
		attribute(w, "lines", buf_str(&sources));
		xmlTextWriterWriteString(w, x(lines[i].text));
		xmlTextWriterEndElement(w);
		buf_clear(&sources);
	}
	report_lines_clear(lines, n);
}

static void
write_body(xmlTextWriterPtr w, struct store *st, int64_t id)
{
	char *body = report_body(st, id),
	     *chain = sql_one_text(st,
		 "SELECT chain_head FROM report WHERE id = ?1 AND chain_head IS NOT NULL", "i", id);

	element(w, "body", body ? body : "");
	if (chain && strchr(chain, ':')) {
		char *hash = strchr(chain, ':');
		*hash++ = '\0';
		xmlTextWriterStartElement(w, x("journal"));
		attribute(w, "line", chain);
		attribute(w, "sm3", hash);
		xmlTextWriterEndElement(w);
	}
	free(body);
	free(chain);
}

bool
report_xml(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct report_row r;
	struct incident_full f;
	xmlBufferPtr buffer;
	xmlTextWriterPtr w;

	if (!report_get(st, id, &r) || !incident_full(st, r.incident, &f))
		return err_set(err, ERR_NOT_FOUND, _("There is no such report."));
	buffer = xmlBufferCreate();
	w = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
	if (!w) {
		xmlBufferFree(buffer);
		incident_full_clear(&f);
		return err_set(err, ERR_IO, _("The report cannot be written as XML."));
	}
	xmlTextWriterSetIndent(w, 1);
	xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
	xmlTextWriterStartElement(w, x("report"));
	write_head(w, st, &r);
	write_incident(w, &f);
	write_lines(w, st, id);
	write_body(w, st, id);
	xmlTextWriterEndDocument(w);
	xmlFreeTextWriter(w);
	buf_add_n(out, (const char *)xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer));
	xmlBufferFree(buffer);
	incident_full_clear(&f);
	return true;
}
