/* 报告: the reports of one incident, drafts and signed ones. */
#include "base/i18n.h"
#include "base/mem.h"
#include "report/report.h"
#include "ui/screens/page.h"
#include "ui/screens/rows.h"
#include "ui/screens/screens.h"

#include <stdlib.h>

#define REPORTS_MAX 100

struct reports_page {
	struct table table;
	struct report_row *rows;
};

static void
reports_open(struct page *p)
{
	struct reports_page *r = p->state;

	table_init(&r->table, &report_row_ops, p);
	r->table.titles = true;
	r->table.empty = N_("No report yet. w drafts the first.");
}

static void
reports_load(struct page *p)
{
	struct reports_page *r = p->state;
	struct report_row *old = r->rows;
	struct report_filter f = {.incident = p->incident};
	size_t n;

	r->rows = mem_zero(REPORTS_MAX, sizeof(*r->rows));
	n = report_list(console_store(p->screen->ui), &f, r->rows, REPORTS_MAX);
	table_set(&r->table, r->rows, n);
	free(old);
}

static void
reports_draw(struct page *p, struct area a)
{
	table_draw(&((struct reports_page *)p->state)->table, a, true);
}

static enum paint
reports_key(struct page *p, const struct key *key)
{
	return table_key(&((struct reports_page *)p->state)->table, key->code) ? PAINT_DRAW
									       : PAINT_PASS;
}

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, 1, N_("open"), N_("read, edit, sign the report")},
};

static enum paint
reports_act(struct page *p, int action)
{
	const struct report_row *row = table_row(&((struct reports_page *)p->state)->table);

	(void)action;
	if (row)
		console_open(p->screen->ui, &screen_report, row->id, NULL);
	return PAINT_DRAW;
}

static void
reports_context(struct page *p, json_t *context)
{
	const struct report_row *row = table_row(&((struct reports_page *)p->state)->table);

	if (row)
		json_object_set_new(context, "report", json_integer(row->id));
}

static void
reports_close(struct page *p)
{
	free(((struct reports_page *)p->state)->rows);
}

const struct page_ops page_reports = {
    .name = "reports",
    .title = N_("Reports"),
    .size = sizeof(struct reports_page),
    .keys = KEY_TABLE(rows),
    .open = reports_open,
    .load = reports_load,
    .draw = reports_draw,
    .key = reports_key,
    .act = reports_act,
    .context = reports_context,
    .close = reports_close,
};
