/*
 * One incident: a heading that says what and where it is, a line of pages, and the page. What can
 * be done with the incident itself is the same on every page.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "report/report.h"
#include "store/scope.h"
#include "ui/screens/next.h"
#include "ui/screens/page.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

static const struct page_ops *const pages[] = {
    &page_overview,
    &page_timeline,
    &page_casualties,
    &page_clocks,
    &page_orders,
    &page_resources,
    &page_responses,
    &page_reports,
    &page_calls,
};
#define PAGES COUNT_OF(pages)

struct incident_state {
	struct page pages[PAGES];
	size_t present;
	struct incident_row row;
	bool known;
};

json_t *
page_preset(const struct page *p)
{
	return json_pack("{s:I}", "incident", (json_int_t)p->incident);
}

static struct page *
present(struct screen *s)
{
	struct incident_state *in = s->state;

	return &in->pages[in->present];
}

static void
go_to_page(struct screen *s, size_t i)
{
	struct incident_state *in = s->state;
	struct page *p = &in->pages[i];

	in->present = i;
	s->waiting = true;
	if (p->ops)
		return;
	p->ops = pages[i];
	p->screen = s;
	p->incident = s->subject;
	p->row = &in->row;
	p->state = mem_zero(1, pages[i]->size ? pages[i]->size : 1);
	if (p->ops->open)
		p->ops->open(p);
}

static bool
incident_screen_open(struct screen *s, struct err *err)
{
	struct incident_state *in = s->state;

	if (!incident_get(console_store(s->ui), s->subject, &in->row) ||
	    !scope_sees(console_store(s->ui), console_actor(s->ui), "incident", s->subject))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident here."));
	in->known = true;
	go_to_page(s, 0);
	for (size_t i = 0; s->argument && i < PAGES; i++)
		if (strcmp(pages[i]->name, s->argument) == 0)
			go_to_page(s, i);
	return true;
}

static void
incident_screen_load(struct screen *s)
{
	struct incident_state *in = s->state;

	incident_get(console_store(s->ui), s->subject, &in->row);
	if (present(s)->ops->load)
		present(s)->ops->load(present(s));
}

static void
incident_screen_close(struct screen *s)
{
	struct incident_state *in = s->state;

	for (size_t i = 0; i < PAGES; i++) {
		struct page *p = &in->pages[i];

		if (p->ops && p->ops->close)
			p->ops->close(p);
		free(p->state);
	}
}

/* --- drawing ----------------------------------------------------------------------------- */

static void
draw_heading(const struct incident_row *i, struct area a)
{
	char line[512], right[160];
	int wide;

	cut_format(right, sizeof(right), "%s  %s%s", incident_state_label(i->state),
	    grade_label(i->grade),
	    i->near_miss   ? _(" near miss")
	    : i->sensitive ? _(" sensitive")
			   : "");
	wide = draw_columns(right);
	cut_format(line, sizeof(line), "%d-%03d  %s", i->year, i->number, i->title);
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - wide - 5, line, STYLE_BAR);
	draw_right(a.y, a.x, a.columns - 1, right, STYLE_BAR);
}

static void
draw_pages(const struct incident_state *in, int y, struct area a)
{
	int x = a.x + 1, gap = a.columns >= 100 ? 2 : 1;

	for (size_t i = 0; i < PAGES; i++)
		x += draw_text(y, x, a.columns - x, _(pages[i]->title),
			 i == in->present ? STYLE_FOUND : STYLE_NORMAL) +
		     gap;
}

static void
incident_screen_draw(struct screen *s, struct area a)
{
	struct incident_state *in = s->state;

	draw_heading(&in->row, a);
	draw_pages(in, a.y + 1, a);
	present(s)->ops->draw(present(s), (struct area){a.y + 2, a.x, a.rows - 2, a.columns});
}

/* --- keys -------------------------------------------------------------------------------- */

enum {
	ACT_NEXT = 100,
	ACT_BEFORE,
	ACT_CALL,
	ACT_FIGURES,
	ACT_PHONE,
	ACT_REPORT,
	ACT_ORDER,
	ACT_RESPONSE,
	ACT_STATE,
	ACT_EDIT,
	ACT_PLANS,
	ACT_MERGE
};

static const struct key_row rows[] = {
    {{K_TAB, ']'}, ACT_NEXT, N_("next page"), N_("the next page (S-Tab: the one before)")},
    {{K_BACKTAB, '['}, ACT_BEFORE, NULL, N_("the page before")},
    {{'c'}, ACT_CALL, N_("further call"), N_("a further call about it: every word is kept")},
    {{'u'}, ACT_FIGURES, N_("casualties"),
	N_("dead, injured, trapped, evacuated … with time and source")},
    {{'p'}, ACT_PHONE, N_("phoned"), N_("a telephone report was made: to whom, who took it")},
    {{'w'}, ACT_REPORT, N_("draft report"), N_("draft the next report from the record")},
    {{'o'}, ACT_ORDER, N_("order"), N_("order a unit, a team or a person")},
    {{'r'}, ACT_RESPONSE, N_("response"), N_("start a response, or change its level")},
    {{'v'}, ACT_PLANS, N_("plans"), N_("the plans that fit, ranked")},
    {{'s'}, ACT_STATE, N_("state"),
	N_("verify, assess, end, close, transfer …: what may follow now")},
    {{'e'}, ACT_EDIT, N_("edit"), N_("add or correct what is known")},
    {{'m'}, ACT_MERGE, NULL,
	N_("it is the same matter as another: merge it there (undo takes it back)")},
};

static void
choose_state(struct screen *s)
{
	struct incident_state *in = s->state;

	next_choose(
	    s, incident_next_verbs(&in->row), _("Nothing follows: the incident is closed."));
}

/* The unsigned report, when it is not to be drafted anew; else a fresh draft. */
static void
draft_report(struct screen *s)
{
	int64_t report = 0;
	struct report_filter open = {.incident = s->subject, .unsigned_only = true};
	struct report_row row;

	if (report_list(console_store(s->ui), &open, &row, 1) == 1 && row.kept)
		console_open(s->ui, &screen_report, row.id, NULL);
	else if (console_do(s->ui, "report.draft", page_preset(present(s)), &report) && report)
		console_open(s->ui, &screen_report, report, NULL);
}

static void
go_round(struct screen *s, size_t by)
{
	struct incident_state *in = s->state;

	go_to_page(s, (in->present + by) % PAGES);
}

static void
show_page(struct screen *s, const char *name)
{
	for (size_t i = 0; i < PAGES; i++)
		if (strcmp(pages[i]->name, name) == 0)
			go_to_page(s, i);
}

static enum paint
incident_screen_act(struct screen *s, int action)
{
	switch (action) {
	case ACT_NEXT:
		go_round(s, 1);
		break;
	case ACT_BEFORE:
		go_round(s, PAGES - 1);
		break;
	case ACT_CALL:
		console_open(s->ui, &screen_intake, s->subject, NULL);
		break;
	case ACT_FIGURES:
		console_form(s->ui, "incident.figures", page_preset(present(s)));
		break;
	case ACT_PHONE:
		console_form(s->ui, "report.phone", page_preset(present(s)));
		break;
	case ACT_REPORT:
		draft_report(s);
		break;
	case ACT_ORDER:
		console_form(s->ui, "order.issue", page_preset(present(s)));
		break;
	case ACT_RESPONSE:
		show_page(s, "responses");
		break;
	case ACT_STATE:
		choose_state(s);
		break;
	case ACT_EDIT:
		console_form(s->ui, "incident.set", page_preset(present(s)));
		break;
	case ACT_PLANS:
		console_open(s->ui, &screen_plans, s->subject, NULL);
		break;
	case ACT_MERGE:
		console_form(s->ui, "incident.merge", page_preset(present(s)));
		break;
	}
	return PAINT_DRAW;
}

/* The page's keys come before the incident's: its widgets, then its table. */
static enum paint
incident_screen_key(struct screen *s, const struct key *key)
{
	struct page *p = present(s);
	enum paint paint = p->ops->key ? p->ops->key(p, key) : PAINT_PASS;
	int action = paint == PAINT_PASS ? key_action(&p->ops->keys, key->code) : 0;

	return action ? p->ops->act(p, action) : paint;
}

static json_t *
incident_screen_context(struct screen *s)
{
	json_t *context = page_preset(present(s));

	if (present(s)->ops->context)
		present(s)->ops->context(present(s), context);
	return context;
}

static int64_t
incident_screen_countdown(struct screen *s)
{
	struct incident_state *in = s->state;
	struct page *p = present(s);
	int64_t due = p->ops->countdown ? p->ops->countdown(p) : CLOCK_NONE;

	return due == CLOCK_NONE || (in->row.next_due != CLOCK_NONE && in->row.next_due < due)
		   ? in->row.next_due
		   : due;
}

static const struct key_table *
incident_screen_more_keys(struct screen *s)
{
	const struct page_ops *ops = present(s)->ops;

	return ops->more_keys ? ops->more_keys : &ops->keys;
}

const struct key_table *
screens_page_keys(size_t i, const char **title)
{
	if (i >= PAGES)
		return NULL;
	*title = pages[i]->title;
	return pages[i]->more_keys ? pages[i]->more_keys : &pages[i]->keys;
}

const struct screen_ops screen_incident = {
    .name = "incident",
    .title = N_("Incident"),
    .size = sizeof(struct incident_state),
    .keys = KEY_TABLE(rows),
    .more_keys = incident_screen_more_keys,
    .open = incident_screen_open,
    .load = incident_screen_load,
    .draw = incident_screen_draw,
    .act = incident_screen_act,
    .key = incident_screen_key,
    .context = incident_screen_context,
    .countdown = incident_screen_countdown,
    .close = incident_screen_close,
};
