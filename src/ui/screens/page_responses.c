/* 响应: what the plans propose, the responses that run and ran, and the history of their levels. */
#include "base/buf.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "ui/age.h"
#include "ui/lines.h"
#include "ui/screens/page.h"
#include "ui/screens/response_start.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define RESPONSES_MAX 40

struct responses {
	struct table table;
	struct response_row *rows;
	struct lines proposal;
};

enum { P_LEVEL, P_PLAN, P_STATE, P_STARTED, P_APPROVER, P_ORDERS };

static const struct column columns[] = {
    {N_("level"), 9, 0, 0, false},
    {N_("plan"), 22, 1, 0, false},
    {N_("state"), 7, 0, 0, false},
    {N_("started"), 11, 0, 2, false},
    {N_("approved by"), 16, 1, 1, false},
    {N_("open/all"), 9, 0, 0, true},
};

static void
response_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct response_row *r = row;

	(void)context;
	switch (column) {
	case P_LEVEL:
		utf8_copy(cell->text, sizeof(cell->text), response_level_label(r->level));
		break;
	case P_PLAN:
		utf8_copy(cell->text, sizeof(cell->text), r->plan_name);
		break;
	case P_STATE:
		utf8_copy(cell->text, sizeof(cell->text), r->active ? _("runs") : _("ended"));
		break;
	case P_STARTED:
		age_stamp(r->started, cell->text, sizeof(cell->text));
		break;
	case P_APPROVER:
		utf8_copy(cell->text, sizeof(cell->text), r->approver);
		break;
	case P_ORDERS:
		cut_format(cell->text, sizeof(cell->text), "%lld/%lld", (long long)r->open_orders,
		    (long long)r->orders);
		break;
	}
}

static enum style
response_style(void *context, const void *row)
{
	(void)context;
	return ((const struct response_row *)row)->active ? STYLE_STRONG : STYLE_FAINT;
}

static const struct table_ops ops = {
    TABLE_ROWS(struct response_row, columns, response_cell, response_style)};

static void
responses_open(struct page *p)
{
	struct responses *r = p->state;

	table_init(&r->table, &ops, p);
	r->table.titles = true;
	r->table.empty = N_("No response runs. b begins one.");
	lines_init(&r->proposal);
}

static void
say_proposal(struct lines *l, struct store *st, int64_t incident)
{
	struct response_proposal p;
	struct err err = ERR_NONE;

	lines_reset(l);
	if (!dispatch_propose(st, incident, &p, &err)) {
		lines_add(l, _("proposed"), STYLE_FAINT, "%s", err.message ? err.message : "-");
		err_clear(&err);
		return;
	}
	if (p.level)
		lines_add(l, _("proposed"), STYLE_STRONG, _("%s: %s, approved by %s"), p.plan_name,
		    response_level_label(p.level), p.approver);
	else
		lines_add(l, _("proposed"), STYLE_NORMAL, "%s", _("no level by rule"));
	if (p.why && *p.why)
		lines_add(l, _("because"), STYLE_NORMAL, "%s", p.why);
	response_proposal_clear(&p);
}

static void
responses_load(struct page *p)
{
	struct responses *r = p->state;
	struct response_row *old = r->rows;
	struct store *st = console_store(p->screen->ui);
	size_t n;

	r->rows = mem_zero(RESPONSES_MAX, sizeof(*r->rows));
	n = dispatch_responses(st, p->incident, false, r->rows, RESPONSES_MAX);
	table_set(&r->table, r->rows, n);
	free(old);
	say_proposal(&r->proposal, st, p->incident);
}

static void
responses_draw(struct page *p, struct area a)
{
	struct responses *r = p->state;
	int rows_of = table_lines(&r->table);

	if (rows_of > a.rows / 2)
		rows_of = a.rows / 2;
	table_draw(&r->table, (struct area){a.y, a.x, rows_of, a.columns}, true);
	lines_draw(&r->proposal,
	    (struct area){a.y + rows_of + 1, a.x + 1, a.rows - rows_of - 1, a.columns - 2});
}

static enum paint
responses_key(struct page *p, const struct key *key)
{
	return table_key(&((struct responses *)p->state)->table, key->code) ? PAINT_DRAW
									    : PAINT_PASS;
}

enum { ACT_BEGIN = 1, ACT_LEVEL, ACT_END, ACT_SHEET };

static const struct key_row rows[] = {
    {{'b'}, ACT_BEGIN, N_("start"), N_("begin a response: level, period, measures, who approved")},
    {{'d'}, ACT_LEVEL, N_("change level"),
	N_("raise or lower the level of the response under the mark")},
    {{'x'}, ACT_END, N_("end response"), N_("end the response under the mark")},
    {{K_ENTER, 'l', K_RIGHT}, ACT_SHEET, N_("response sheet"),
	N_("its sheet: measures, the history of its levels, when it may end, its orders")},
};

static void
show_sheet(struct page *p, const struct response_row *r)
{
	struct buf text = BUF_MAX(200000);

	if (dispatch_response_text(console_store(p->screen->ui), r->id, &text))
		console_show_text(p->screen->ui, _("Response"), buf_str(&text));
	buf_clear(&text);
}

/* What must hold before it may end stands over the form: the plan's conditions, and the orders
 * still open. */
static void
end_form(struct page *p, const struct response_row *r)
{
	struct console *ui = p->screen->ui;

	console_form(ui, "response.end", json_pack("{s:I}", "response", (json_int_t)r->id));
	if (r->open_orders)
		console_say(ui,
		    ngettext("%lld of its orders is open: settle it or hand it on first (Enter on "
			     "the response shows the plan's conditions).",
			"%lld of its orders are open: settle or hand them on first (Enter on the "
			"response shows the plan's conditions).",
			(unsigned long)r->open_orders),
		    (long long)r->open_orders);
	else
		console_say(ui, _("All its orders are settled. Enter on the response shows the "
				  "plan's conditions to end it."));
}

static enum paint
responses_act(struct page *p, int action)
{
	const struct response_row *r = table_row(&((struct responses *)p->state)->table);

	if (action == ACT_BEGIN)
		response_start_form(p->screen, p->incident, 0, 0);
	else if (!r)
		console_say(p->screen->ui, _("No response runs yet: b begins one."));
	else if (action == ACT_LEVEL)
		console_form(p->screen->ui, "response.level",
		    json_pack("{s:I}", "response", (json_int_t)r->id));
	else if (action == ACT_END)
		end_form(p, r);
	else if (action == ACT_SHEET)
		show_sheet(p, r);
	return PAINT_DRAW;
}

static void
responses_context(struct page *p, json_t *context)
{
	const struct response_row *r = table_row(&((struct responses *)p->state)->table);

	if (r)
		json_object_set_new(context, "response", json_integer(r->id));
}

static void
responses_close(struct page *p)
{
	struct responses *r = p->state;

	free(r->rows);
	lines_clear(&r->proposal);
}

const struct page_ops page_responses = {
    .name = "responses",
    .title = N_("Response"),
    .size = sizeof(struct responses),
    .keys = KEY_TABLE(rows),
    .open = responses_open,
    .load = responses_load,
    .draw = responses_draw,
    .key = responses_key,
    .act = responses_act,
    .context = responses_context,
    .close = responses_close,
};
