#include "ui/screens/rows.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "incident/incident.h"
#include "report/report.h"
#include "store/journal.h"
#include "ui/age.h"
#include "ui/text.h"

#include <string.h>

/* --- incidents --------------------------------------------------------------------------- */

enum { I_NUMBER, I_RECEIVED, I_TYPE, I_PLACE, I_GRADE, I_STATE, I_DUE };

static const struct column incident_columns[] = {
    {N_("no."), 5, 0, 0, false},
    {N_("taken"), 11, 0, 1, false},
    {N_("type"), 0, 2, 0, false},
    {N_("place"), 0, 3, 0, false},
    {N_("grade"), 8, 0, 2, false},
    {N_("state"), 8, 0, 4, false},
    {N_("next limit"), 0, 3, 0, false},
};

static void
incident_due(const struct incident_row *i, struct cell *cell)
{
	char left[32];

	if (i->next_due == CLOCK_NONE) {
		utf8_copy(
		    cell->text, sizeof(cell->text), i->unacked ? _("orders unacknowledged") : "-");
		return;
	}
	cut_format(cell->text, sizeof(cell->text), "%s  %s",
	    age_left(i->next_due, left, sizeof(left)), i->next_label);
	cell->style = age_style(i->next_due, 30 * CLOCK_MINUTE);
}

void
incident_row_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct incident_row *i = row;

	(void)context;
	switch (column) {
	case I_NUMBER:
		cut_format(cell->text, sizeof(cell->text), "%03d", i->number);
		break;
	case I_RECEIVED:
		age_stamp(i->received, cell->text, sizeof(cell->text));
		break;
	case I_TYPE:
		utf8_copy(cell->text, sizeof(cell->text), *i->type_name ? i->type_name : i->title);
		break;
	case I_PLACE:
		utf8_copy(cell->text, sizeof(cell->text), *i->place ? i->place : i->area_name);
		break;
	case I_GRADE:
		cut_format(cell->text, sizeof(cell->text), "%s%s", grade_label(i->grade),
		    i->near_miss   ? _(" near miss")
		    : i->sensitive ? _(" sensitive")
				   : "");
		break;
	case I_STATE:
		utf8_copy(cell->text, sizeof(cell->text), incident_state_label(i->state));
		break;
	case I_DUE:
		incident_due(i, cell);
		break;
	}
}

enum style
incident_row_style(void *context, const void *row)
{
	const struct incident_row *i = row;

	(void)context;
	return i->merged_into || strcmp(i->state, "closed") == 0 ||
		       strcmp(i->state, "not_incident") == 0
		   ? STYLE_FAINT
		   : STYLE_NORMAL;
}

const struct table_ops incident_row_ops = {
    TABLE_ROWS(struct incident_row, incident_columns, incident_row_cell, incident_row_style)};

/* --- the inbox --------------------------------------------------------------------------- */

static const struct column inbox_columns[] = {
    {N_("time"), 11, 0, 0, false},
    {N_("from"), 12, 0, 0, false},
    {N_("title"), 0, 1, 0, false},
};

static void
inbox_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct inbox_row *m = row;

	(void)context;
	if (column == 0)
		age_stamp(m->at, cell->text, sizeof(cell->text));
	else if (column == 1)
		utf8_copy(cell->text, sizeof(cell->text), m->source);
	else
		cut_format(
		    cell->text, sizeof(cell->text), "%s%s", m->urgent ? _("! ") : "", m->title);
}

static enum style
inbox_style(void *context, const void *row)
{
	(void)context;
	return ((const struct inbox_row *)row)->urgent ? STYLE_URGENT : STYLE_NORMAL;
}

const struct table_ops inbox_row_ops = {
    TABLE_ROWS(struct inbox_row, inbox_columns, inbox_cell, inbox_style)};

/* --- the journal ------------------------------------------------------------------------- */

const struct column journal_row_columns[JOURNAL_ROW_COLUMNS] = {
    {N_("time"), 11, 0, 0, false},
    {N_("by"), 8, 0, 1, false},
    {N_("what"), 0, 1, 0, false},
    {N_("no."), 9, 0, 2, true},
};

/* Undone and corrected rows stay readable, marked and dim. */
void
journal_row_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct journal_row *j = row;

	(void)context;
	switch (column) {
	case 0:
		age_stamp(j->at, cell->text, sizeof(cell->text));
		break;
	case 1:
		utf8_copy(cell->text, sizeof(cell->text), j->actor);
		break;
	case 2:
		if (j->undone_by)
			cut_format(cell->text, sizeof(cell->text), _("[struck out by #%lld] %s"),
			    (long long)j->undone_by, j->text);
		else
			utf8_copy(cell->text, sizeof(cell->text), j->text);
		break;
	case 3:
		cut_format(cell->text, sizeof(cell->text), "#%lld", (long long)j->seq);
		break;
	}
}

enum style
journal_row_style(void *context, const void *row)
{
	(void)context;
	return ((const struct journal_row *)row)->undone_by ? STYLE_STRUCK : STYLE_NORMAL;
}

const struct table_ops journal_row_ops = {
    TABLE_ROWS(struct journal_row, journal_row_columns, journal_row_cell, journal_row_style)};

/* --- orders ------------------------------------------------------------------------------ */

enum { O_NUMBER, O_STATE, O_LEFT, O_DEST, O_CONTENT, O_INCIDENT };

/* The limit stays on the narrowest screen: an order is followed by it. */
static const struct column order_columns[] = {
    {N_("no."), 6, 0, 0, false},
    {N_("state"), 9, 0, 0, false},
    {N_("left"), 11, 0, 0, false},
    {N_("whom"), 0, 2, 0, false},
    {N_("order"), 0, 2, 0, false},
    {N_("inc."), 4, 0, 1, true},
};

static void
order_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct order_row *o = row;
	char no[24];

	(void)context;
	switch (column) {
	case O_NUMBER:
		cut_format(no, sizeof(no), "%d-%03d", o->year, o->number);
		cut_format(cell->text, sizeof(cell->text), "%s",
		    age_number(no) == no ? no + 2 : age_number(no));
		break;
	case O_STATE:
		utf8_copy(cell->text, sizeof(cell->text), order_state_brief(o->state));
		break;
	case O_LEFT:
		age_left(o->due, cell->text, sizeof(cell->text));
		break;
	case O_DEST:
		utf8_copy(cell->text, sizeof(cell->text), o->dest);
		break;
	case O_CONTENT:
		utf8_copy(cell->text, sizeof(cell->text), o->content);
		break;
	case O_INCIDENT:
		utf8_copy(cell->text, sizeof(cell->text), age_number(o->incident_no));
		break;
	}
}

static enum style
order_style(void *context, const void *row)
{
	const struct order_row *o = row;

	(void)context;
	if (strcmp(o->state, "done") == 0 || strcmp(o->state, "withdrawn") == 0)
		return STYLE_FAINT;
	return o->overdue ? STYLE_URGENT : o->acked == CLOCK_NONE ? STYLE_SOON : STYLE_NORMAL;
}

const struct table_ops order_row_ops = {
    TABLE_ROWS(struct order_row, order_columns, order_cell, order_style)};

/* --- reports ----------------------------------------------------------------------------- */

enum { R_NUMBER, R_KIND, R_STATE, R_TIME, R_TITLE, R_DEST };

static const struct column report_columns[] = {
    {N_("no."), 14, 0, 0, false},
    {N_("kind"), 12, 0, 0, false},
    {N_("state"), 8, 0, 0, false},
    {N_("time"), 11, 0, 1, false},
    {N_("title"), 0, 3, 0, false},
    {N_("to"), 0, 2, 2, false},
};

static void
report_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct report_row *r = row;

	(void)context;
	switch (column) {
	case R_NUMBER:
		utf8_copy(cell->text, sizeof(cell->text), *r->no ? r->no : "-");
		break;
	case R_KIND:
		utf8_copy(cell->text, sizeof(cell->text), report_kind_label(r->kind));
		break;
	case R_STATE:
		utf8_copy(cell->text, sizeof(cell->text), report_state_label(r->state));
		break;
	case R_TIME:
		age_stamp(r->signed_at != CLOCK_NONE ? r->signed_at : r->drafted, cell->text,
		    sizeof(cell->text));
		break;
	case R_TITLE:
		utf8_copy(cell->text, sizeof(cell->text), r->title);
		break;
	case R_DEST:
		utf8_copy(cell->text, sizeof(cell->text), r->dest);
		break;
	}
}

static enum style
report_style(void *context, const void *row)
{
	const struct report_row *r = row;

	(void)context;
	return strcmp(r->state, "void") == 0	 ? STYLE_STRUCK
	       : strcmp(r->state, "signed") == 0 ? STYLE_NORMAL
						 : STYLE_SOON;
}

const struct table_ops report_row_ops = {
    TABLE_ROWS(struct report_row, report_columns, report_cell, report_style)};
