/* A plan as running text: the order of a county's special plan (handbook 4.3), for the pager and
 * for the search. */
#include "plan/inside.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "store/sql.h"

#include <stdio.h>
#include <string.h>

static const char *
level_label(int level)
{
	static const char *const label[] = {
	    "", N_("level I"), N_("level II"), N_("level III"), N_("level IV")};

	return _(label[level]);
}

static const char *
grade_name(int grade)
{
	return grade_label((enum grade)grade);
}

/* Every line of a text by itself, moved in. */
static void
lines(struct buf *b, const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		buf_add(b, "  ");
		buf_add_n(b, text, n);
		buf_add_char(b, '\n');
		text += n + (text[n] == '\n');
	}
}

static void
heading(struct buf *b, const char *text)
{
	buf_printf(b, "\n%s\n", text);
}

static void
paragraph(struct buf *b, const char *title, const char *text)
{
	if (!text || !*text)
		return;
	buf_printf(b, "%s\n", title);
	lines(b, text);
}

static void
general(const struct plan_doc *d, struct buf *b)
{
	heading(b, _("1 General"));
	paragraph(b, _("1.1 Purpose"), d->purpose);
	paragraph(b, _("1.2 Basis"), d->sections[PLAN_BASIS]);
	paragraph(b, _("1.3 Scope"), d->scope);
	paragraph(b, _("1.4 Principles"), d->sections[PLAN_PRINCIPLE]);
	for (int i = 1, first = 1; i <= 4; i++)
		if (d->grades[i]) {
			if (first)
				buf_printf(b, "%s\n", _("1.5 Grades of the event"));
			first = 0;
			buf_printf(b, _("  %s: %s"), grade_name(i), d->grades[i]);
			buf_add_char(b, '\n');
		}
}

static void
organisation(const struct plan_doc *d, struct buf *b)
{
	heading(b, _("2 Organisation"));
	for (size_t i = 0; i < d->n_posts; i++)
		buf_printf(
		    b, "  %s  %s  %s\n", d->posts[i].role, d->posts[i].holder, d->posts[i].duty);
	buf_printf(b, "  %s  %s  %s\n", _("office"), d->office, d->office_duty);
	buf_printf(b, "%s\n", _("2.1 Members"));
	for (size_t i = 0; i < d->n_members; i++)
		buf_printf(b, "  %s  %s\n", d->members[i].unit, d->members[i].duty);
	buf_printf(b, "%s\n", _("2.2 Working groups"));
	for (size_t i = 0; i < d->n_groups; i++) {
		const struct plan_group *g = &d->groups[i];

		buf_printf(b, _("  %s  lead: %s"), g->name, g->lead);
		if (*g->members)
			buf_printf(b, _("  members: %s"), g->members);
		buf_printf(b, "\n    %s\n", g->duty);
	}
}

static void
task(const struct plan_task *t, struct buf *b)
{
	const char *owner = t->owner;

	if (strcmp(owner, "@township") == 0)
		owner = _("the township of the scene");
	else if (strcmp(owner, "@townships") == 0)
		owner = _("all townships");
	buf_printf(b, "    %s  %s", t->id, owner);
	if (t->due_min)
		buf_printf(b, _("  within %d min"), t->due_min);
	buf_printf(b, "  %s", t->text);
	if (*t->evidence)
		buf_printf(b, _("  (proof: %s)"), t->evidence);
	buf_add_char(b, '\n');
}

/* The name of a class in this store; its code when it has none. */
static const char *
class_name(struct store *st, const struct plan_need *need, char *out, size_t size)
{
	struct sql *q = need->team ? sql(st, "SELECT name FROM skill WHERE code = ?1")
				   : sql(st, "SELECT name FROM goods WHERE code = ?1");

	sql_bind(q, "t", need->code);
	utf8_copy(out, size, sql_row(q) ? sql_text(q, 0) : need->code);
	sql_done(q);
	return out;
}

static void
level(struct store *st, const struct plan_doc *d, int n, struct buf *b)
{
	char name[64];

	if (!d->period[n])
		return;
	buf_printf(b, _("%s, approved by %s, expected period %s"), level_label(n), d->approver[n],
	    d->period[n]);
	buf_add_char(b, '\n');
	buf_printf(b, "  %s\n", _("Started when"));
	for (size_t i = 0; i < d->n_triggers; i++)
		if (d->triggers[i].level == n)
			buf_printf(b, "    %s\n", d->triggers[i].text);
	buf_printf(b, "  %s\n", _("Measures"));
	for (const char *s = d->measures[n]; *s;) {
		size_t size = strcspn(s, "\n");

		buf_add(b, "    ");
		buf_add_n(b, s, size);
		buf_add_char(b, '\n');
		s += size + (s[size] == '\n');
	}
	buf_printf(b, "  %s\n", _("Tasks"));
	for (size_t i = 0; i < d->n_tasks; i++)
		if (d->tasks[i].level == n)
			task(&d->tasks[i], b);
	for (size_t i = 0, first = 1; i < d->n_needs; i++) {
		const struct plan_need *need = &d->needs[i];

		if (need->level != n)
			continue;
		if (first)
			buf_printf(b, "  %s\n   ", _("Needs"));
		first = 0;
		buf_printf(b, " %s %lld%s", class_name(st, need, name, sizeof(name)),
		    (long long)need->amount, need->team ? _(" teams") : need->unit);
		if (i + 1 == d->n_needs || d->needs[i + 1].level != n)
			buf_add_char(b, '\n');
	}
}

static void
response(struct store *st, const struct plan_doc *d, struct buf *b)
{
	heading(b, _("5 Response"));
	for (int i = 4; i >= 1; i--)
		level(st, d, i, b);
	paragraph(b, _("Change of level"), d->sections[PLAN_ADJUST]);
	paragraph(b, _("End of the response"), d->sections[PLAN_END]);
}

static void
section(const struct plan_doc *d, enum plan_section which, const char *title, struct buf *b)
{
	if (!*d->sections[which])
		return;
	heading(b, title);
	lines(b, d->sections[which]);
}

static void
contacts(const struct plan_doc *d, struct buf *b)
{
	heading(b, _("Contacts"));
	for (size_t i = 0; i < d->n_contacts; i++) {
		const struct plan_contact *c = &d->contacts[i];

		buf_printf(b, "  %s  %s  %s  %s\n", c->phone, c->unit, c->post, c->name);
	}
}

void
text_body(struct store *st, const struct plan_doc *d, struct buf *b)
{
	general(d, b);
	organisation(d, b);
	section(d, PLAN_WARNING, _("3 Monitoring and warning"), b);
	section(d, PLAN_REPORTING, _("4 Reporting"), b);
	response(st, d, b);
	section(d, PLAN_AFTERCARE, _("6 After-care"), b);
	section(d, PLAN_SUPPORT, _("7 Support"), b);
	section(d, PLAN_ANNEX, _("8 Annex"), b);
	contacts(d, b);
}

static void
findings(struct store *st, int64_t plan, struct buf *b)
{
	struct plan_finding f[50];
	size_t n = plan_findings(st, plan, f, 50), shown = 0;

	for (size_t i = 0; i < n; i++) {
		if (!f[i].open)
			continue;
		if (shown++ == 0)
			buf_printf(b, "%s\n", _("To be mended in the next version"));
		buf_printf(b, "  %s: %s\n", f[i].who, f[i].text);
	}
	plan_findings_clear(f, n);
}

bool
plan_text(struct store *st, int64_t plan, struct buf *b, struct err *err)
{
	const struct plan_doc *d = plan_open(st, plan, 0, err);
	struct plan_row row;

	if (!d || !plan_get(st, plan, &row))
		return false;
	buf_printf(b, "%s\n", d->name);
	buf_printf(b, _("%s  version %s  issued by %s on %s  next evaluation %s"), d->doc_no,
	    d->version_text, d->issuer, d->issued, d->review);
	buf_add_char(b, '\n');
	if (row.retired)
		buf_printf(b, "%s\n", _("This plan is out of force."));
	if (row.review_due)
		buf_printf(b, "%s\n", _("The evaluation of this plan is due."));
	if (*d->note)
		buf_printf(b, "%s\n", d->note);
	findings(st, plan, b);
	text_body(st, d, b);
	return true;
}
