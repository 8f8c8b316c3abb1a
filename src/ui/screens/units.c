/*
 * 调度板: every team and every load that is promised, on its way or at a scene, whatever the
 * incident. Who is late stands on top, then who is on the way by when it should be there, then who
 * is at work, then what is only reserved. Each state has a mark of its own, as colours alone are
 * not seen by all.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "dispatch/dispatch.h"
#include "ui/age.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 1000

struct units {
	struct table table;
	struct assignment_row *rows;
	size_t late, moving, there, reserved;
	int64_t next_due;
};

static bool
is(const struct assignment_row *a, const char *state)
{
	return strcmp(a->state, state) == 0;
}

static bool
moves(const struct assignment_row *a)
{
	return is(a, "dispatched") || is(a, "enroute");
}

/* When it should be there, CLOCK_NONE when nobody reckoned it or it does not move. */
static int64_t
arrives(const struct assignment_row *a)
{
	return moves(a) && a->eta_min >= 0 ? a->at + (int64_t)(a->eta_min * 60) * 1000 : CLOCK_NONE;
}

static bool
late(const struct assignment_row *a)
{
	int64_t at = arrives(a);

	return at != CLOCK_NONE && at < clock_now();
}

static int
rank(const struct assignment_row *a)
{
	return late(a) ? 0 : moves(a) ? 1 : is(a, "onscene") ? 2 : 3;
}

static int
by_rank(const void *a, const void *b)
{
	const struct assignment_row *x = a, *y = b;
	int64_t dx = arrives(x), dy = arrives(y);

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	dx = dx == CLOCK_NONE ? INT64_MAX : dx;
	dy = dy == CLOCK_NONE ? INT64_MAX : dy;
	if (dx != dy)
		return dx < dy ? -1 : 1;
	return x->changed != y->changed ? (x->changed < y->changed ? -1 : 1)
					: (x->id > y->id) - (x->id < y->id);
}

/* --- the list -------------------------------------------------------------------------------- */

enum { C_MARK, C_STATE, C_TIMER, C_ETA, C_WHO, C_WHAT, C_INCIDENT, C_ORDER };

static const struct column columns[] = {
    {"", 2, 0, 0, false},
    {N_("state"), 10, 0, 0, false},
    {N_("for"), 6, 0, 0, true},
    {N_("there"), 11, 0, 0, false},
    {N_("who"), 18, 1, 0, false},
    {N_("what"), 12, 1, 0, false},
    {N_("inc."), 4, 0, 0, false},
    {N_("order"), 8, 0, 1, false},
};

static const char *
mark_of(const struct assignment_row *a)
{
	return late(a) ? "!!" : is(a, "reserved") ? "--" : is(a, "onscene") ? "@" : ">>";
}

/* 编织袋5000只 needs no blank, and the number has to fit. */
static bool
ends_in_latin(const char *name)
{
	size_t n = strlen(name);

	return n && (unsigned char)name[n - 1] < 0x80;
}

/* The other incidents this team is on as well: one state each. */
static void
say_what(const struct units *u, const struct assignment_row *a, char *out, size_t size)
{
	struct buf text = BUF_MAX(400);
	size_t others = 0;

	if (a->quantity)
		buf_printf(&text, "%s%s%lld%s", a->goods_name,
		    ends_in_latin(a->goods_name) ? " " : "", (long long)a->quantity, a->unit);
	for (size_t i = 0; a->team && i < u->table.n; i++)
		if (u->rows[i].team == a->team && u->rows[i].id != a->id)
			buf_printf(&text, others++ ? " %s" : _("also %s"),
			    age_number(u->rows[i].incident_no));
	utf8_copy(out, size, text.size ? buf_str(&text) : _("team"));
	buf_clear(&text);
}

static void
unit_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct units *u = ((const struct screen *)context)->state;
	const struct assignment_row *a = row;

	switch (column) {
	case C_MARK:
		utf8_copy(cell->text, sizeof(cell->text), mark_of(a));
		break;
	case C_STATE:
		utf8_copy(cell->text, sizeof(cell->text), assignment_state_label(a->state));
		break;
	case C_TIMER:
		age_short(clock_now() - a->changed, cell->text, sizeof(cell->text));
		break;
	case C_ETA:
		if (arrives(a) != CLOCK_NONE)
			age_left(arrives(a), cell->text, sizeof(cell->text));
		break;
	case C_WHO:
		utf8_copy(cell->text, sizeof(cell->text), a->source);
		break;
	case C_WHAT:
		say_what(u, a, cell->text, sizeof(cell->text));
		break;
	case C_INCIDENT:
		utf8_copy(cell->text, sizeof(cell->text), age_number(a->incident_no));
		break;
	case C_ORDER:
		utf8_copy(cell->text, sizeof(cell->text), age_number(a->order_no));
		break;
	}
}

static enum style
unit_style(void *context, const void *row)
{
	const struct assignment_row *a = row;

	(void)context;
	if (late(a))
		return STYLE_URGENT;
	return moves(a) ? STYLE_SOON : is(a, "reserved") ? STYLE_FAINT : STYLE_NORMAL;
}

static const struct table_ops ops = {
    TABLE_ROWS(struct assignment_row, columns, unit_cell, unit_style)};

/* --- the screen ------------------------------------------------------------------------------ */

static bool
units_open(struct screen *s, struct err *err)
{
	struct units *u = s->state;

	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("The board of units is the duty room's."));
	table_init(&u->table, &ops, s);
	u->table.titles = true;
	u->table.empty = N_("Nobody is out and nothing is reserved.");
	return true;
}

static void
count(struct units *u)
{
	u->late = u->moving = u->there = u->reserved = 0;
	u->next_due = CLOCK_NONE;
	for (size_t i = 0; i < u->table.n; i++) {
		const struct assignment_row *a = &u->rows[i];

		u->late += late(a);
		u->moving += moves(a);
		u->there += is(a, "onscene");
		u->reserved += is(a, "reserved");
		if (!late(a) && u->next_due == CLOCK_NONE)
			u->next_due = arrives(a);
	}
}

static void
units_load(struct screen *s)
{
	struct units *u = s->state;
	struct assignment_row *old = u->rows, *all = mem_zero(ROWS_MAX, sizeof(*all));
	size_t old_n = u->table.n, n;

	n = dispatch_assignments(console_store(s->ui), 0, 0, true, all, ROWS_MAX);
	if (n)
		qsort(all, n, sizeof(*all), by_rank);
	u->rows = all;
	table_set(&u->table, all, n);
	count(u);
	if (old)
		assignment_rows_clear(old, old_n);
	free(old);
}

static void
units_draw(struct screen *s, struct area a)
{
	struct units *u = s->state;
	char line[160];

	cut_format(line, sizeof(line),
	    _("Board of units: %zu on the way (%zu late), %zu on scene, %zu only reserved"),
	    u->moving, u->late, u->there, u->reserved);
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&u->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_SEND = 1, ACT_LEFT, ACT_THERE, ACT_RELEASE, ACT_CANCEL, ACT_GO };

static const struct key_row rows[] = {
    {{'g'}, ACT_SEND, N_("send out"), N_("send what was only reserved: now it is told")},
    {{'e'}, ACT_LEFT, N_("has left"), N_("it has left and is on the way")},
    {{'s'}, ACT_THERE, N_("is there"), N_("it has arrived at the scene")},
    {{'x'}, ACT_RELEASE, N_("release"), N_("release it; of goods: how many were used up")},
    {{'c'}, ACT_CANCEL, N_("call off"), N_("call it off before it has left")},
    {{'i', K_ENTER}, ACT_GO, N_("incident"), N_("go to its incident")},
};

static enum paint
units_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct units *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static void
move(struct screen *s, const struct assignment_row *a, const char *state, bool form)
{
	json_t *args = json_pack("{s:I, s:s}", "assignment", (json_int_t)a->id, "state", state);

	if (form)
		console_form(s->ui, "assign.state", args);
	else
		console_do(s->ui, "assign.state", args, NULL);
}

static enum paint
units_act(struct screen *s, int action)
{
	static const char *const states[] = {
	    NULL, "dispatched", "enroute", "onscene", "released", "cancelled"};
	const struct assignment_row *a = table_row(&((struct units *)s->state)->table);

	if (!a)
		console_say(s->ui, _("Nobody is out and nothing is reserved."));
	else if (action == ACT_GO)
		console_open(s->ui, &screen_incident, a->incident, "resources");
	else if (action >= ACT_SEND && action <= ACT_CANCEL)
		move(s, a, states[action],
		    action == ACT_CANCEL || (action == ACT_RELEASE && a->quantity));
	return PAINT_DRAW;
}

static json_t *
units_context(struct screen *s)
{
	const struct assignment_row *a = table_row(&((struct units *)s->state)->table);

	return a ? json_pack("{s:I, s:I}", "assignment", (json_int_t)a->id, "incident",
		       (json_int_t)a->incident)
		 : NULL;
}

static int64_t
units_countdown(struct screen *s)
{
	return ((struct units *)s->state)->next_due;
}

static void
units_close(struct screen *s)
{
	struct units *u = s->state;

	if (u->rows)
		assignment_rows_clear(u->rows, u->table.n);
	free(u->rows);
}

const struct screen_ops screen_units = {
    .name = "units",
    .title = N_("Board of units"),
    .size = sizeof(struct units),
    .keys = KEY_TABLE(rows),
    .open = units_open,
    .load = units_load,
    .draw = units_draw,
    .act = units_act,
    .key = units_key,
    .context = units_context,
    .countdown = units_countdown,
    .close = units_close,
};
