/* Reading reports, their sentences, and what hinders signing. */
#include "report/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
	"SELECT r.id, r.incident, i.year, i.number, r.kind, r.state, r.seq, r.year, r.number, "    \
	"r.title, r.dest, r.cc, r.urgency, r.drafter,"                                             \
	" r.signer, r.contact, r.phone, r.drafted, r.signed,"                                      \
	" (SELECT count(*) FROM report_line l WHERE l.report = r.id AND l.flag = 'empty'),"        \
	" (SELECT count(*) FROM report_line l WHERE l.report = r.id AND l.flag = 'unproven'),"     \
	" (r.edited OR r.state = 'submitted') AND r.state IN ('draft', 'submitted')"               \
	" FROM report r JOIN incident i ON i.id = r.incident"

static void
put_report_no(struct report_row *r)
{
	r->no[0] = '\0';
	if (!r->number)
		return;
	snprintf(r->no, sizeof(r->no), "%d-%03d", r->year, r->number);
	if (strcmp(r->kind, "follow") == 0)
		snprintf(r->no + strlen(r->no), sizeof(r->no) - strlen(r->no), " 续%d", r->seq);
	else if (strcmp(r->kind, "final") == 0)
		snprintf(r->no + strlen(r->no), sizeof(r->no) - strlen(r->no), " 终");
}

static void
read_row(struct sql *q, struct report_row *r)
{
	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->incident = sql_int(q, 1);
	snprintf(r->incident_no, sizeof(r->incident_no), "%d-%03d", (int)sql_int(q, 2),
	    (int)sql_int(q, 3));
	utf8_copy(r->kind, sizeof(r->kind), sql_text(q, 4));
	utf8_copy(r->state, sizeof(r->state), sql_text(q, 5));
	r->seq = (int)sql_int(q, 6);
	r->year = (int)sql_int(q, 7);
	r->number = (int)sql_int(q, 8);
	utf8_copy(r->title, sizeof(r->title), sql_text(q, 9));
	utf8_copy(r->dest, sizeof(r->dest), sql_text(q, 10));
	utf8_copy(r->cc, sizeof(r->cc), sql_text(q, 11));
	utf8_copy(r->urgency, sizeof(r->urgency), sql_text(q, 12));
	utf8_copy(r->drafter, sizeof(r->drafter), sql_text(q, 13));
	utf8_copy(r->signer, sizeof(r->signer), sql_text(q, 14));
	utf8_copy(r->contact, sizeof(r->contact), sql_text(q, 15));
	utf8_copy(r->phone, sizeof(r->phone), sql_text(q, 16));
	r->drafted = sql_time(q, 17);
	r->signed_at = sql_time(q, 18);
	r->empties = (int)sql_int(q, 19);
	r->unproven = (int)sql_int(q, 20);
	r->kept = sql_int(q, 21) != 0;
	put_report_no(r);
}

bool
report_get(struct store *st, int64_t id, struct report_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE r.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		read_row(q, out);
	sql_done(q);
	return found;
}

/* Each statement walks the index that is short for it. */
static struct sql *
list_query(struct store *st, const struct report_filter *f)
{
	if (f->incident)
		return sql(st, COLUMNS " WHERE r.incident = ?1 AND (?2 = 0 OR r.state IN ('draft', "
				       "'submitted')) AND (?3 = 0 OR i.area = ?3)"
				       " AND (?4 = 0 OR r.id < ?4) ORDER BY r.id DESC LIMIT ?5");
	if (f->unsigned_only)
		return sql(st, COLUMNS " WHERE ?1 = 0 AND ?2 = 1 AND r.state IN ('draft', "
				       "'submitted') AND (?3 = 0 OR i.area = ?3)"
				       " AND (?4 = 0 OR r.id < ?4) ORDER BY r.id DESC LIMIT ?5");
	return sql(st, COLUMNS " WHERE ?1 = 0 AND ?2 = 0 AND (?3 = 0 OR i.area = ?3) AND (?4 = 0 "
			       "OR r.id < ?4) ORDER BY r.id DESC LIMIT ?5");
}

size_t
report_list(struct store *st, const struct report_filter *f, struct report_row *out, size_t max)
{
	struct sql *q = list_query(st, f);
	size_t n = 0;

	sql_bind(
	    q, "iiiii", f->incident, (int64_t)f->unsigned_only, f->area, f->before, (int64_t)max);
	while (n < max && sql_row(q))
		read_row(q, &out[n++]);
	sql_done(q);
	return n;
}

char *
report_body(struct store *st, int64_t id)
{
	return sql_one_text(st, "SELECT body FROM report WHERE id = ?1", "i", id);
}

static const struct {
	const char *element, *label;
} labels[] = {{"source", N_("source")}, {"time", N_("time")}, {"scene", N_("course")},
    {"substance", N_("dangerous goods")}, {"unit", N_("unit concerned")}, {"detail", N_("details")},
    {"casualty", N_("casualties")}, {"moved", N_("evacuated")}, {"loss", N_("loss")},
    {"nature", N_("nature")}, {"cause", N_("cause")}, {"impact", N_("impact")},
    {"weather", N_("weather")}, {"leaders", N_("leaders on site")},
    {"scene_chief", N_("scene commander")}, {"response", N_("response")},
    {"level", N_("response level")}, {"measures", N_("measures")}, {"forces", N_("forces")},
    {"orders", N_("orders")}, {"done", N_("orders done")}, {"transfer", N_("handed over")},
    {"told", N_("telephone reports")}, {"child", N_("secondary events")}, {"trend", N_("trend")},
    {"media", N_("public opinion")}, {"needs", N_("needs")}, {"next", N_("next steps")},
    {"base", N_("opening")}, {"figure", N_("changed figures")}, {"grade", N_("grade")},
    {"set", N_("filled in")}, {"ended", N_("end")}, {"reports", N_("reports sent")},
    {"care", N_("after-care")}, {"lessons", N_("lessons")}, {"text", N_("text")}};

static const char *
element_label(const char *element)
{
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(labels[i].element, element) == 0)
			return _(labels[i].label);
	return element;
}

static size_t
parse_sources(const char *s, int64_t *out)
{
	size_t n = 0;
	char *end;

	while (*s && n < SOURCES_MAX) {
		long long id = strtoll(s, &end, 10);
		if (end == s)
			break;
		out[n++] = id;
		s = *end == ',' ? end + 1 : end;
	}
	return n;
}

size_t
report_lines(struct store *st, int64_t id, struct report_line *out, size_t max)
{
	struct sql *q = sql(st, "SELECT element, text, sources, flag FROM report_line WHERE report "
				"= ?1 ORDER BY n LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", id, (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		struct report_line *l = &out[n];
		memset(l, 0, sizeof(*l));
		utf8_copy(l->element, sizeof(l->element), sql_text(q, 0));
		utf8_copy(l->label, sizeof(l->label), element_label(l->element));
		l->text = mem_dup(sql_text(q, 1));
		l->n_sources = parse_sources(sql_text(q, 2), l->sources);
		utf8_copy(l->flag, sizeof(l->flag), sql_text(q, 3));
	}
	sql_done(q);
	return n;
}

void
report_lines_clear(struct report_line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(lines[i].text);
}

size_t
report_deliveries(struct store *st, int64_t id, struct report_delivery *out, size_t max)
{
	struct sql *q = sql(st, "SELECT dest, way, receiver, at, confirmed FROM report_delivery "
				"WHERE report = ?1 UNION ALL"
				" SELECT dest, 'system', ifnull(receiver, ''), ifnull(done_at, "
				"at), state IN ('sent', 'received') FROM outbox"
				" WHERE kind = 'report' AND ref = ?1 AND dest NOT IN (SELECT dest "
				"FROM report_delivery WHERE report = ?1)"
				" LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", id, (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		utf8_copy(out[n].dest, sizeof(out[n].dest), sql_text(q, 0));
		utf8_copy(out[n].way, sizeof(out[n].way), sql_text(q, 1));
		utf8_copy(out[n].receiver, sizeof(out[n].receiver), sql_text(q, 2));
		out[n].at = sql_time(q, 3);
		out[n].confirmed = sql_int(q, 4) != 0;
	}
	sql_done(q);
	return n;
}

/* --- labels and hints ------------------------------------------------------------------------ */

const char *
report_kind_label(const char *kind)
{
	return strcmp(kind, "first") == 0   ? _("first report")
	       : strcmp(kind, "final") == 0 ? _("final report")
					    : _("follow-up");
}

const char *
report_state_label(const char *state)
{
	return strcmp(state, "draft") == 0	 ? _("draft")
	       : strcmp(state, "submitted") == 0 ? _("to be signed")
	       : strcmp(state, "signed") == 0	 ? _("signed")
						 : _("void");
}

const char *const *
report_next_verbs(const struct report_row *r)
{
	static const char *const
	    draft[] = {"report.edit", "report.submit", "report.sign", "report.void", NULL},
	    *const submitted[] = {"report.sign", "report.return", "report.edit", "report.void",
		NULL},
	    *const after[] = {"report.deliver", "report.draft", NULL}, *const none[] = {NULL};

	return strcmp(r->state, "draft") == 0	    ? draft
	       : strcmp(r->state, "submitted") == 0 ? submitted
	       : strcmp(r->state, "signed") == 0    ? after
						    : none;
}

/* --- checking -------------------------------------------------------------------------------- */

struct problems {
	struct report_problem *list;
	size_t n, max;
};

static void __attribute__((format(printf, 4, 5)))
problem(struct problems *p, bool blocking, const char *element, const char *format, ...)
{
	va_list ap;
	char *text;

	if (p->n == p->max)
		return;
	va_start(ap, format);
	text = mem_vprint(format, ap);
	va_end(ap);
	p->list[p->n].blocking = blocking;
	utf8_copy(p->list[p->n].element, sizeof(p->list[0].element), element);
	utf8_copy(p->list[p->n].text, sizeof(p->list[0].text), text);
	p->n++;
	free(text);
}

/* Figures that came in after the draft was made: the paper does not know them yet. */
static void
check_later_figures(
    struct store *st, const struct report_row *r, int64_t drafted, struct problems *p)
{
	struct sql *q = sql(st, "SELECT kind, value FROM casualty c WHERE incident = ?1 AND "
				"journal > ?2 AND id = (SELECT k.id FROM casualty k"
				" WHERE k.incident = c.incident AND k.kind = c.kind ORDER BY k.at "
				"DESC, k.id DESC LIMIT 1)");

	sql_bind(q, "ii", r->incident, drafted);
	while (sql_row(q)) {
		int kind = fact_kind_from_name(sql_text(q, 0));
		if (kind >= 0)
			problem(p, false, "casualty", _("since the draft: %s %lld"),
			    fact_kind_label((enum fact_kind)kind), (long long)sql_int(q, 1));
	}
}

/* What an edited text says of the dead, missing and hurt against the record. */
static void
check_written_figures(
    struct store *st, const struct report_row *r, const char *body, struct problems *p)
{
	static const enum fact_kind kinds[] = {
	    FACT_DEAD, FACT_MISSING, FACT_INJURED, FACT_EVACUATED};
	struct err err = ERR_NONE;
	struct reader *reader = incident_reader(st, &err);
	struct incident_full full;
	struct reading reading;

	err_clear(&err);
	if (!reader || strcmp(r->kind, "first") != 0 ||
	    !sql_one_int(st, "SELECT edited FROM report WHERE id = ?1", 0, "i", r->id) ||
	    !incident_full(st, r->incident, &full))
		return;
	reader_read(reader, body, strlen(body), r->drafted, &reading);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		int64_t written = reading_count(&reading, kinds[i]), recorded = -1;
		for (size_t k = 0; k < full.n_figures; k++)
			if (full.figures[k].kind == kinds[i])
				recorded = full.figures[k].value;
		/* A caller's first figure stands in the course of the matter and may be smaller. */
		if (written >= 0 && written > recorded)
			problem(p, false, "casualty", _("%s: the text says %lld, the record %lld"),
			    fact_kind_label(kinds[i]), (long long)written,
			    (long long)(recorded < 0 ? 0 : recorded));
	}
	reading_clear(&reading);
	incident_full_clear(&full);
}

size_t
report_check(struct store *st, int64_t id, struct report_problem *out, size_t max)
{
	struct problems p = {out, 0, max};
	struct report_row r;
	struct report_line lines[200];
	char *body;
	size_t n;

	if (!report_get(st, id, &r))
		return 0;
	body = report_body(st, id);
	if (!r.dest[0])
		problem(&p, true, "dest", "%s",
		    _("To whom does it go? The main recipient is missing."));
	if (!body || strlen(body) < 10)
		problem(&p, true, "text", "%s", _("The text is empty."));
	n = report_lines(st, id, lines, 200);
	for (size_t i = 0; i < n; i++)
		if (strcmp(lines[i].flag, "empty") == 0)
			problem(&p, false, lines[i].element, _("empty: %s"), lines[i].label);
	for (size_t i = 0; i < n; i++)
		if (strcmp(lines[i].flag, "unproven") == 0)
			problem(&p, false, lines[i].element, _("unproven: %s"), lines[i].label);
	report_lines_clear(lines, n);
	if (strcmp(r.state, "signed") != 0) {
		check_later_figures(st, &r,
		    sql_one_int(st, "SELECT journal FROM report WHERE id = ?1", 0, "i", id), &p);
		check_written_figures(st, &r, body ? body : "", &p);
	}
	free(body);
	return p.n;
}
