/* 报送: all reports, newest first; those not signed yet stand out. */
#include "base/i18n.h"
#include "base/mem.h"
#include "report/report.h"
#include "ui/screens/rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define REPORTS_MAX 400

struct reports {
	struct table table;
	struct report_row *rows;
	bool only_open;
};

static bool
reports_open(struct screen *s, struct err *err)
{
	struct reports *r = s->state;

	(void)err;
	table_init(&r->table, &report_row_ops, s);
	r->table.titles = true;
	r->table.empty = N_("No report.");
	return true;
}

static void
reports_load(struct screen *s)
{
	struct reports *r = s->state;
	struct report_row *old = r->rows;
	struct report_filter f = {.unsigned_only = r->only_open, .area = console_scope(s->ui)};
	size_t n;

	r->rows = mem_zero(REPORTS_MAX, sizeof(*r->rows));
	n = report_list(console_store(s->ui), &f, r->rows, REPORTS_MAX);
	table_set(&r->table, r->rows, n);
	free(old);
}

static void
reports_draw(struct screen *s, struct area a)
{
	struct reports *r = s->state;
	char line[96];

	cut_format(line, sizeof(line), "%s %zu",
	    r->only_open ? _("Reports not signed") : _("Reports"), r->table.n);
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&r->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_OPEN = 1, ACT_WHICH, ACT_GO };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("open"), N_("read, edit, sign the report")},
    {{'f'}, ACT_WHICH, N_("unsigned/all"), N_("show only reports not signed, or all")},
    {{'i'}, ACT_GO, N_("its incident"), N_("go to the incident of the report")},
};

static enum paint
reports_act(struct screen *s, int action)
{
	struct reports *r = s->state;
	const struct report_row *row = table_row(&r->table);

	if (action == ACT_WHICH) {
		r->only_open = !r->only_open;
		return PAINT_LOAD;
	}
	if (row && action == ACT_OPEN)
		console_open(s->ui, &screen_report, row->id, NULL);
	if (row && action == ACT_GO)
		console_open(s->ui, &screen_incident, row->incident, "reports");
	return PAINT_DRAW;
}

static enum paint
reports_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct reports *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static json_t *
reports_context(struct screen *s)
{
	const struct report_row *row = table_row(&((struct reports *)s->state)->table);

	return row ? json_pack("{s:I, s:I}", "report", (json_int_t)row->id, "incident",
			 (json_int_t)row->incident)
		   : NULL;
}

static void
reports_close(struct screen *s)
{
	free(((struct reports *)s->state)->rows);
}

const struct screen_ops screen_reports = {
    .name = "reports",
    .title = N_("Reporting"),
    .digit = '6',
    .size = sizeof(struct reports),
    .keys = KEY_TABLE(rows),
    .open = reports_open,
    .load = reports_load,
    .draw = reports_draw,
    .act = reports_act,
    .key = reports_key,
    .context = reports_context,
    .close = reports_close,
};
