/* 点名: the open roll call, else the last one: who has still to be reached stands on top. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "duty/duty.h"
#include "store/verb.h"
#include "ui/age.h"
#include "ui/screens/duty_rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>

#define ROWS_MAX 300

struct rollcall {
	struct table table;
	struct roll_unit *rows;
	struct roll_row roll; /* id 0: none yet */
};

static bool
rollcall_open(struct screen *s, struct err *err)
{
	struct rollcall *r = s->state;

	(void)err;
	table_init(&r->table, &roll_unit_row_ops, s);
	r->table.titles = true;
	r->table.empty = N_("No roll call yet. o begins one.");
	return true;
}

static bool
is_open(const void *row)
{
	return ((const struct roll_unit *)row)->answered == CLOCK_NONE;
}

static void
rollcall_load(struct screen *s)
{
	struct rollcall *r = s->state;
	struct roll_unit *old = r->rows;
	struct roll_row rolls[8];
	size_t n = duty_rolls(console_store(s->ui), 0, rolls, COUNT_OF(rolls));

	r->roll.id = 0;
	for (size_t i = 0; i < n; i++)
		if (i == 0 || (rolls[i].closed == CLOCK_NONE && r->roll.closed != CLOCK_NONE))
			r->roll = rolls[i];
	r->rows = mem_zero(ROWS_MAX, sizeof(*r->rows));
	n = r->roll.id ? duty_roll_units(console_store(s->ui), r->roll.id, console_scope(s->ui),
			     r->rows, ROWS_MAX)
		       : 0;
	rows_set_waiting(&r->table, r->rows, n, is_open);
	free(old);
}

static void
rollcall_draw(struct screen *s, struct area a)
{
	struct rollcall *r = s->state;
	char line[200], at[40], left[40];

	if (r->roll.id)
		cut_format(line, sizeof(line),
		    _("Roll call %s %s: %d of %d reached, %d missed  %s"),
		    age_stamp(r->roll.at, at, sizeof(at)), r->roll.list,
		    r->roll.present + r->roll.late, r->roll.units, r->roll.missed,
		    r->roll.closed == CLOCK_NONE ? age_left(r->roll.close_due, left, sizeof(left))
						 : _("closed, ended"));
	else
		utf8_copy(line, sizeof(line), _("Roll call"));
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&r->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_ANSWER = 1, ACT_MISS, ACT_START, ACT_CLOSE, ACT_PAPER, ACT_CSV };

static const struct key_row rows[] = {
    {{'a', K_ENTER}, ACT_ANSWER, N_("answered"),
	N_("the unit answered: who, after how many seconds")},
    {{'m'}, ACT_MISS, N_("no answer"), N_("no answer: the unit stays open until it is reached")},
    {{'o'}, ACT_START, N_("begin roll call"), N_("begin a roll call")},
    {{'c'}, ACT_CLOSE, N_("close"), N_("close the roll call, when all are reached")},
    {{'p'}, ACT_PAPER, N_("on paper"), N_("the result as a paper")},
    {{'e'}, ACT_CSV, N_("as CSV"),
	N_("the result as comma-separated values, for a spreadsheet: every try a line")},
};

static const char *
rollcall_verb_of(int action)
{
	static const char *const verbs[] = {[ACT_ANSWER] = "roll.answer",
	    [ACT_MISS] = "roll.miss",
	    [ACT_START] = "roll.start",
	    [ACT_CLOSE] = "roll.close",
	    [ACT_CSV] = NULL};

	return verbs[action];
}

static enum paint
rollcall_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct rollcall *)s->state)->table, key->code) ? PAINT_DRAW
									   : PAINT_PASS;
}

/* The whole result, as a paper or for a spreadsheet: of all units, so the duty room's. */
static void
show_result(struct screen *s, bool csv)
{
	struct rollcall *r = s->state;
	struct buf text = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;

	if (console_scope(s->ui))
		console_say(s->ui, "%s", _("It tells of all units: the duty room has it."));
	else if (!r->roll.id)
		console_say(s->ui, "%s", _("No roll call yet. o begins one."));
	else if (csv ? duty_roll_csv(console_store(s->ui), r->roll.id, &text, &err)
		     : duty_roll_text(console_store(s->ui), r->roll.id, &text, &err))
		console_show_text(
		    s->ui, csv ? _("Roll call as CSV") : _("Roll call"), buf_str(&text));
	else
		console_fail(s->ui, &err);
	buf_clear(&text);
}

static enum paint
rollcall_act(struct screen *s, int action)
{
	struct rollcall *r = s->state;
	const struct roll_unit *u = table_row(&r->table);
	json_t *unit = u ? json_pack("{s:I}", "unit", (json_int_t)u->unit) : NULL;

	switch (action) {
	case ACT_ANSWER:
		if (unit)
			console_form(s->ui, "roll.answer", json_incref(unit));
		break;
	case ACT_MISS:
		if (unit)
			console_do(s->ui, "roll.miss", json_incref(unit), NULL);
		break;
	case ACT_START:
		console_form(s->ui, "roll.start", NULL);
		break;
	case ACT_CLOSE:
		console_do(s->ui, "roll.close", json_object(), NULL);
		break;
	case ACT_PAPER:
	case ACT_CSV:
		show_result(s, action == ACT_CSV);
		break;
	}
	json_decref(unit);
	return PAINT_DRAW;
}

static json_t *
rollcall_context(struct screen *s)
{
	const struct roll_unit *u = table_row(&((struct rollcall *)s->state)->table);

	return u ? json_pack("{s:I}", "unit", (json_int_t)u->unit) : NULL;
}

static int64_t
rollcall_countdown(struct screen *s)
{
	struct rollcall *r = s->state;

	return r->roll.id && r->roll.closed == CLOCK_NONE ? r->roll.close_due : CLOCK_NONE;
}

static void
rollcall_close(struct screen *s)
{
	free(((struct rollcall *)s->state)->rows);
}

const struct screen_ops screen_rollcall = {
    .name = "rollcall",
    .title = N_("Roll call"),
    .size = sizeof(struct rollcall),
    .keys = KEY_TABLE(rows),
    .verb_of = rollcall_verb_of,
    .open = rollcall_open,
    .load = rollcall_load,
    .draw = rollcall_draw,
    .act = rollcall_act,
    .key = rollcall_key,
    .context = rollcall_context,
    .countdown = rollcall_countdown,
    .close = rollcall_close,
};
