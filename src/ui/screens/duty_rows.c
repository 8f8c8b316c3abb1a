#include "ui/screens/duty_rows.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "duty/duty.h"
#include "ui/age.h"
#include "ui/text.h"

#include <string.h>

#define SOON (30 * CLOCK_MINUTE)

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* --- call-out targets ------------------------------------------------------------------------ */

enum { T_LIST, T_NAME, T_STATE, T_WHOM, T_PHONE, T_TRIES };

static const struct column target_columns[] = {
    {N_("list"), 8, 0, 4, false},
    {N_("whom"), 14, 1, 0, false},
    {N_("state"), 14, 0, 0, false},
    {N_("dial"), 16, 1, 0, false},
    {N_("telephone"), 13, 0, 0, false},
    {N_("try"), 4, 0, 3, true},
};

/*
 * One column tells how it stands and when: names and posts need the room. "calling 4:12", past the
 * limit "over 14 min", "nobody left"; "answered 19:38", late "LATE 19:58".
 */
static void
target_state(const struct call_target *t, char *out, size_t size)
{
	char at[40];

	if (is(t->state, "answered"))
		cut_format(out, size, "%s %s",
		    t->breached == CLOCK_NONE ? target_state_label(t->state) : _("LATE"),
		    clock_format(at, sizeof(at), t->answered,
			clock_day_start(t->answered) == clock_day_start(clock_now()) ? CLOCK_HM
										     : CLOCK_MD));
	else if (is(t->state, "exhausted"))
		utf8_copy(out, size, target_state_label(t->state));
	else if (t->due < clock_now())
		age_left(t->due, out, size);
	else
		cut_format(out, size, "%s %s", target_state_label(t->state),
		    age_left(t->due, at, sizeof(at)));
}

static void
target_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct call_target *t = row;

	(void)context;
	switch (column) {
	case T_LIST:
		utf8_copy(cell->text, sizeof(cell->text), t->list);
		break;
	case T_NAME:
		utf8_copy(cell->text, sizeof(cell->text), t->name);
		break;
	case T_STATE:
		target_state(t, cell->text, sizeof(cell->text));
		break;
	case T_WHOM:
		cut_format(cell->text, sizeof(cell->text), "%s %s",
		    is(t->state, "answered") ? t->by : t->person, t->post);
		break;
	case T_PHONE:
		utf8_copy(cell->text, sizeof(cell->text), t->phone);
		break;
	case T_TRIES:
		cut_format(cell->text, sizeof(cell->text), "%d/%d", t->contact, t->contacts);
		break;
	}
}

static enum style
target_style(void *context, const void *row)
{
	const struct call_target *t = row;

	(void)context;
	if (is(t->state, "answered"))
		return t->breached == CLOCK_NONE ? STYLE_DONE : STYLE_NORMAL;
	return t->breached != CLOCK_NONE || is(t->state, "exhausted") ? STYLE_URGENT
								      : age_style(t->due, SOON);
}

const struct table_ops target_row_ops = {
    TABLE_ROWS(struct call_target, target_columns, target_cell, target_style)};

/* --- units of a roll call --------------------------------------------------------------------- */

enum { U_STATE, U_NAME, U_PHONE, U_TRIES, U_AT, U_BY, U_SECONDS, U_LEADER, U_REMARK };

static const struct column roll_columns[] = {
    {N_("state"), 12, 0, 0, false},
    {N_("unit"), 0, 3, 0, false},
    {N_("telephone"), 13, 0, 0, false},
    {N_("tries"), 5, 0, 3, true},
    {N_("time"), 5, 0, 0, false},
    {N_("answered by"), 11, 0, 1, false},
    {N_("s"), 4, 0, 2, true},
    {N_("leader"), 10, 0, 4, false},
    {N_("remark"), 0, 2, 5, false},
};

static void
roll_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct roll_unit *u = row;
	bool answered = u->answered != CLOCK_NONE;
	char at[40];

	(void)context;
	switch (column) {
	case U_STATE:
		utf8_copy(cell->text, sizeof(cell->text),
		    u->off_post ? _("NOT ON POST") : roll_state_label(u->state));
		break;
	case U_NAME:
		utf8_copy(cell->text, sizeof(cell->text), u->name);
		break;
	case U_PHONE:
		utf8_copy(cell->text, sizeof(cell->text), answered ? u->number : u->phone);
		break;
	case U_TRIES:
		cut_format(cell->text, sizeof(cell->text), "%d", u->tries);
		break;
	case U_AT:
		utf8_copy(cell->text, sizeof(cell->text),
		    u->tries
			? clock_format(at, sizeof(at), answered ? u->answered : u->first, CLOCK_HM)
			: "");
		break;
	case U_BY:
		utf8_copy(cell->text, sizeof(cell->text), u->by);
		break;
	case U_SECONDS:
		if (answered)
			cut_format(cell->text, sizeof(cell->text), "%d", u->seconds);
		break;
	case U_LEADER:
		utf8_copy(cell->text, sizeof(cell->text), u->leader);
		break;
	case U_REMARK:
		utf8_copy(cell->text, sizeof(cell->text), u->remark);
		break;
	}
}

static enum style
roll_style(void *context, const void *row)
{
	const struct roll_unit *u = row;

	(void)context;
	if (is(u->state, "missed") || u->off_post)
		return STYLE_URGENT;
	return is(u->state, "waiting") ? STYLE_NORMAL : STYLE_DONE;
}

const struct table_ops roll_unit_row_ops = {
    TABLE_ROWS(struct roll_unit, roll_columns, roll_cell, roll_style)};

/* --- instructions ----------------------------------------------------------------------------- */

enum { N_NO, N_KIND, N_STATE, N_LEFT, N_LEADER, N_OWNER, N_TEXT };

static const struct column instruction_columns[] = {
    {N_("no."), 4, 0, 0, false},
    {N_("kind"), 11, 0, 3, false},
    {N_("state"), 10, 0, 0, false},
    {N_("limit"), 11, 0, 0, false},
    {N_("whose"), 8, 0, 1, false},
    {N_("owner"), 14, 1, 0, false},
    {N_("text"), 16, 3, 0, false},
};

static void
instruction_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct instruction_row *r = row;
	char left[32];

	(void)context;
	switch (column) {
	case N_NO:
		cut_format(cell->text, sizeof(cell->text), "%03d", r->number);
		break;
	case N_KIND:
		utf8_copy(cell->text, sizeof(cell->text), instruction_kind_label(r->kind));
		break;
	case N_STATE:
		utf8_copy(cell->text, sizeof(cell->text), instruction_state_label(r->state));
		break;
	case N_LEFT:
		utf8_copy(cell->text, sizeof(cell->text), age_left(r->runs, left, sizeof(left)));
		break;
	case N_LEADER:
		utf8_copy(cell->text, sizeof(cell->text), r->leader);
		break;
	case N_OWNER:
		utf8_copy(cell->text, sizeof(cell->text), r->owner);
		break;
	case N_TEXT:
		utf8_copy(cell->text, sizeof(cell->text), r->text);
		break;
	}
}

static enum style
instruction_style(void *context, const void *row)
{
	const struct instruction_row *r = row;

	(void)context;
	return is(r->state, "closed") ? STYLE_DONE : age_style(r->runs, SOON);
}

const struct table_ops instruction_row_ops = {
    TABLE_ROWS(struct instruction_row, instruction_columns, instruction_cell, instruction_style)};

/* --- handover: items and checks --------------------------------------------------------------- */

static const struct column item_columns[] = {
    {"", 3, 0, 1, true},
    {N_("due"), 11, 0, 0, false},
    {N_("kind"), 12, 0, 0, false},
    {N_("matter"), 0, 1, 0, false},
};

static void
item_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct handover_item *i = row;

	(void)context;
	if (column == 0)
		cut_format(cell->text, sizeof(cell->text), "%d", i->n);
	else if (column == 1)
		age_stamp(i->due, cell->text, sizeof(cell->text));
	else if (column == 2)
		utf8_copy(cell->text, sizeof(cell->text), handover_kind_label(i->kind));
	else
		cut_format(
		    cell->text, sizeof(cell->text), "%s%s", i->late ? _("NEW  ") : "", i->title);
}

static enum style
item_style(void *context, const void *row)
{
	const struct handover_item *i = row;

	(void)context;
	return i->due == CLOCK_NONE ? STYLE_NORMAL : age_style(i->due, SOON);
}

static int64_t
item_id(const void *row)
{
	return ((const struct handover_item *)row)->n;
}

const struct table_ops item_row_ops = {.row_size = sizeof(struct handover_item),
    .columns = item_columns,
    .n_columns = COUNT_OF(item_columns),
    .id = item_id,
    .cell = item_cell,
    .style = item_style};

static const struct column check_columns[] = {
    {"", 3, 0, 0, true},
    {"", 3, 0, 0, false},
    {"", 0, 3, 0, false},
    {"", 0, 1, 0, false},
    {"", 8, 0, 0, false},
};

static void
check_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct handover_check *c = row;

	(void)context;
	if (column == 0)
		cut_format(cell->text, sizeof(cell->text), "%d", c->n);
	else if (column == 1)
		utf8_copy(cell->text, sizeof(cell->text),
		    is(c->result, "ok")	     ? "[x]"
		    : is(c->result, "fault") ? "[!]"
					     : "[ ]");
	else
		utf8_copy(cell->text, sizeof(cell->text),
		    column == 2	  ? c->label
		    : column == 3 ? c->text
				  : c->by);
}

static enum style
check_style(void *context, const void *row)
{
	const struct handover_check *c = row;

	(void)context;
	return is(c->result, "fault") ? STYLE_URGENT
	       : is(c->result, "ok")  ? STYLE_DONE
				      : STYLE_NORMAL;
}

static int64_t
check_id(const void *row)
{
	return ((const struct handover_check *)row)->n;
}

const struct table_ops check_row_ops = {.row_size = sizeof(struct handover_check),
    .columns = check_columns,
    .n_columns = COUNT_OF(check_columns),
    .id = check_id,
    .cell = check_cell,
    .style = check_style};

/* --- registers -------------------------------------------------------------------------------- */

static const struct column register_columns[] = {
    {N_("time"), 11, 0, 0, false},
    {N_("No."), 9, 0, 1, false},
    {N_("kind"), 10, 0, 2, false},
    {N_("from, to"), 14, 2, 0, false},
    {N_("content"), 34, 5, 0, false},
    {N_("handler"), 8, 0, 3, false},
};

static void
register_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct register_row *r = row;

	(void)context;
	switch (column) {
	case 0:
		age_stamp(r->at, cell->text, sizeof(cell->text));
		break;
	case 1:
		utf8_copy(cell->text, sizeof(cell->text), r->no);
		break;
	case 2:
		utf8_copy(cell->text, sizeof(cell->text), r->kind);
		break;
	case 3:
		cut_format(cell->text, sizeof(cell->text), "%s%s%s",
		    is(r->direction, "out")  ? "> "
		    : is(r->direction, "in") ? "< "
					     : "",
		    r->from, r->to);
		break;
	case 4:
		/* A mark beside the style: struck out must be seen without colours too. */
		cut_format(cell->text, sizeof(cell->text), "%s%s%s%s", r->struck ? "~~ " : "",
		    r->text, *r->mark ? "  -- " : "", r->mark);
		break;
	case 5:
		utf8_copy(cell->text, sizeof(cell->text), r->handler);
		break;
	}
}

static enum style
register_style(void *context, const void *row)
{
	(void)context;
	return ((const struct register_row *)row)->struck ? STYLE_STRUCK : STYLE_NORMAL;
}

const struct table_ops register_row_ops = {
    TABLE_ROWS(struct register_row, register_columns, register_cell, register_style)};

/* --- the roster ------------------------------------------------------------------------------- */

static const struct column roster_columns[] = {
    {N_("date"), 10, 0, 0, false},
    {N_("leader"), 7, 0, 0, false},
    {N_("chief"), 7, 0, 0, false},
    {N_("officer"), 7, 0, 0, false},
    {N_("deputy"), 7, 0, 1, false},
    {N_("standby"), 7, 0, 2, false},
    {N_("double lead"), 0, 1, 0, false},
};

static void
roster_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	static const char *const weekdays[] = {
	    N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat")};
	const struct roster_day *d = row;
	struct civil c;

	(void)context;
	clock_civil(d->day, &c);
	if (column == 0)
		cut_format(cell->text, sizeof(cell->text), "%02d-%02d %s", c.month, c.day,
		    _(weekdays[c.weekday]));
	else if (column <= DUTY_POSTS)
		cut_format(cell->text, sizeof(cell->text), "%s%s", d->name[column - 1],
		    d->asking[column - 1]    ? "?"
		    : d->swapped[column - 1] ? "*"
					     : "");
	else if (d->double_lead)
		cut_format(cell->text, sizeof(cell->text), "%s %s", d->town, d->why);
}

static enum style
roster_style(void *context, const void *row)
{
	const struct roster_day *d = row;
	int64_t now = clock_now();

	(void)context;
	if (d->asked)
		return STYLE_SOON;
	return d->starts != CLOCK_NONE && d->starts <= now && now < d->ends ? STYLE_STRONG
	       : d->ends != CLOCK_NONE && d->ends <= now		    ? STYLE_FAINT
									    : STYLE_NORMAL;
}

static int64_t
roster_id(const void *row)
{
	return ((const struct roster_day *)row)->day;
}

const struct table_ops roster_row_ops = {.row_size = sizeof(struct roster_day),
    .columns = roster_columns,
    .n_columns = COUNT_OF(roster_columns),
    .id = roster_id,
    .cell = roster_cell,
    .style = roster_style};

/* --- lists of who is to be asked --------------------------------------------------------------- */

void
rows_set_waiting(struct table *t, void *rows, size_t n, bool (*open)(const void *row))
{
	const void *row = table_row(t);
	int64_t marked = row && open(row) ? t->ops->id(row) : 0;

	table_set(t, rows, n);
	row = table_row(t);
	if (marked && row && t->ops->id(row) == marked && !open(row))
		table_key(t, 'g');
}
