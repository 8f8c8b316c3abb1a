/* The list of reports. */
#include "cli/list.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "report/report.h"

#include <stdlib.h>

#define PAGE 64
#define LINES 128

static json_t *
report_json(const struct report_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "no", r->no);
	member_int(o, "incident", r->incident);
	member_text(o, "incident_no", r->incident_no);
	member_text(o, "kind", r->kind);
	member_text(o, "kind_label", report_kind_label(r->kind));
	member_int(o, "seq", r->seq);
	member_text(o, "state", r->state);
	member_text(o, "state_label", report_state_label(r->state));
	member_text(o, "title", r->title);
	member_text(o, "dest", r->dest);
	member_text(o, "cc", r->cc);
	member_text(o, "urgency", r->urgency);
	member_text(o, "drafter", r->drafter);
	member_text(o, "signer", r->signer);
	member_time(o, "drafted", r->drafted);
	member_time(o, "signed", r->signed_at);
	member_text(o, "contact", r->contact);
	member_text(o, "phone", r->phone);
	member_int(o, "empties", r->empties);
	member_int(o, "unproven", r->unproven);
	return o;
}

static json_t *
list_reports(struct store *st, const struct list_query *q)
{
	struct report_filter f = {
	    .incident = q->incident, .unsigned_only = q->open, .area = q->area};
	struct report_row *page = mem_zero(PAGE, sizeof(*page));
	json_t *rows = json_array();
	size_t n, want;

	while ((want = q->limit - json_array_size(rows)) > 0 &&
	       (n = report_list(st, &f, page, want < PAGE ? want : PAGE)) > 0) {
		for (size_t i = 0; i < n; i++)
			json_array_append_new(rows, report_json(&page[i]));
		f.before = page[n - 1].id;
	}
	free(page);
	return rows;
}

static json_t *
lines_json(struct store *st, int64_t id)
{
	struct report_line *lines = mem_zero(LINES, sizeof(*lines));
	size_t n = report_lines(st, id, lines, LINES);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object(), *sources = json_array();

		member_text(o, "element", lines[i].element);
		member_text(o, "label", lines[i].label);
		member_text(o, "text", lines[i].text);
		member_text(o, "flag", lines[i].flag);
		for (size_t s = 0; s < lines[i].n_sources; s++)
			json_array_append_new(sources, json_integer(lines[i].sources[s]));
		json_object_set_new(o, "sources", sources);
		json_array_append_new(rows, o);
	}
	report_lines_clear(lines, n);
	free(lines);
	return rows;
}

static json_t *
one_report(struct store *st, int64_t id)
{
	struct report_row row;
	json_t *o;
	char *body;

	if (!report_get(st, id, &row))
		return NULL;
	o = report_json(&row);
	body = report_body(st, id);
	member_text(o, "body", body);
	free(body);
	json_object_set_new(o, "lines", lines_json(st, id));
	return o;
}

static bool
page_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	return report_text(st, id, 0, out, err);
}

static const struct out_column columns[] = {
    {"no", N_("No."), OUT_TEXT, 0},
    {"incident_no", N_("incident"), OUT_TEXT, 0},
    {"kind_label", N_("kind"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"signed", N_("signed"), OUT_TIME, 0},
    {"signer", N_("signer"), OUT_TEXT, 12},
    {"empties", N_("empty"), OUT_NUMBER, 0},
    {"title", N_("title"), OUT_TEXT, 0},
};

const struct list_kind list_report_kinds[] = {
    {"reports", "report 报告", N_("reports"), columns, COUNT_OF(columns), list_reports, "report",
	one_report, page_text, columns, COUNT_OF(columns)},
};
const size_t list_n_report_kinds = COUNT_OF(list_report_kinds);
