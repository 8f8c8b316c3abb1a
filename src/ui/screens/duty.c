/*
 * 值班: who has the desk, and what waits there by voice and by word: calls without answer, units
 * not reached, instructions. From here on to the screens of each.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "duty/duty.h"
#include "store/verb.h"
#include "ui/age.h"
#include "ui/lines.h"
#include "ui/screens/duty_rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

enum { PART_CALLS, PART_ROLL, PART_INSTRUCTIONS, PARTS };

#define ROWS_MAX 400

struct duty {
	struct lines head;
	struct table part[PARTS];
	size_t focus;
	struct call_target *targets;
	struct roll_unit *units;
	struct instruction_row *instructions;
	int64_t roll;
	int64_t next_due;
};

static bool
duty_open(struct screen *s, struct err *err)
{
	struct duty *d = s->state;

	(void)err;
	lines_init(&d->head);
	table_init(&d->part[PART_CALLS], &target_row_ops, s);
	table_init(&d->part[PART_ROLL], &roll_unit_row_ops, s);
	table_init(&d->part[PART_INSTRUCTIONS], &instruction_row_ops, s);
	d->part[PART_CALLS].empty = N_("Nobody is being called out.");
	d->part[PART_ROLL].empty = N_("No unit is missing.");
	d->part[PART_INSTRUCTIONS].empty = N_("No instruction is open.");
	d->next_due = CLOCK_NONE;
	return true;
}

/* --- loading --------------------------------------------------------------------------------- */

static void
load_watch(struct duty *d, struct store *st)
{
	struct duty_counts counts;
	struct handover_row h;
	struct watch_row w;
	char names[200], at[40];

	lines_reset(&d->head);
	duty_count(st, 0, &counts);
	if (duty_watch(st, &w)) {
		crew_names(&w.crew, names, sizeof(names));
		lines_add(&d->head, _("Watch"), STYLE_STRONG, _("%s\tsince %s"), names,
		    age_stamp(w.opened, at, sizeof(at)));
	} else {
		lines_add(&d->head, _("Watch"), STYLE_SOON, "%s",
		    _("no watch was opened yet: t goes to the handover"));
	}
	if (duty_handover(st, &h)) {
		crew_names(&h.in, names, sizeof(names));
		lines_add(&d->head, _("Handover"), STYLE_SOON, _("to %s: %s"), names,
		    handover_state_label(h.state));
		handover_row_clear(&h);
	} else if (counts.unopened) {
		lines_add(&d->head, _("Handover"), STYLE_URGENT, "%s",
		    _("the shift has changed, and the watch is not handed over"));
	}
	if (counts.swaps)
		lines_add(&d->head, _("Swaps"), STYLE_SOON,
		    ngettext("%lld waits for approval", "%lld wait for approval",
			(unsigned long)counts.swaps),
		    (long long)counts.swaps);
	d->next_due = counts.next_due;
}

static size_t
load_units(struct duty *d, struct store *st, int64_t area)
{
	struct roll_row rolls[8];
	size_t n = duty_rolls(st, 0, rolls, COUNT_OF(rolls)), kept = 0, all;

	d->roll = 0;
	for (size_t i = 0; i < n && !d->roll; i++)
		if (rolls[i].closed == CLOCK_NONE)
			d->roll = rolls[i].id;
	if (!d->roll)
		return 0;
	all = duty_roll_units(st, d->roll, area, d->units, ROWS_MAX);
	for (size_t i = 0; i < all; i++)
		if (strcmp(d->units[i].state, "missed") == 0 ||
		    strcmp(d->units[i].state, "waiting") == 0)
			d->units[kept++] = d->units[i];
	return kept;
}

static void
duty_load(struct screen *s)
{
	struct duty *d = s->state, old = *d;
	struct store *st = console_store(s->ui);
	int64_t area = console_scope(s->ui);
	struct instruction_filter open = {.open = true, .area = area};
	size_t n, waiting = 0;

	load_watch(d, st);
	d->targets = mem_zero(ROWS_MAX, sizeof(*d->targets));
	d->units = mem_zero(ROWS_MAX, sizeof(*d->units));
	d->instructions = mem_zero(ROWS_MAX, sizeof(*d->instructions));
	n = duty_targets(st, 0, area, d->targets, ROWS_MAX);
	while (waiting < n && strcmp(d->targets[waiting].state, "answered") != 0)
		waiting++;
	table_set(&d->part[PART_CALLS], d->targets, waiting);
	table_set(&d->part[PART_ROLL], d->units, load_units(d, st, area));
	table_set(&d->part[PART_INSTRUCTIONS], d->instructions,
	    duty_instructions(st, &open, d->instructions, ROWS_MAX));
	free(old.targets);
	free(old.units);
	free(old.instructions);
}

/* --- drawing --------------------------------------------------------------------------------- */

static void
share(const struct duty *d, int lines, int rows[PARTS])
{
	int left = lines;

	for (int i = 0; i < PARTS; i++) {
		rows[i] = 1;
		left -= 1;
	}
	for (int i = PARTS; i-- > 0 && left > 0;) {
		/* Calls may take what is left: they are counted in minutes. */
		int want = table_lines(&d->part[i]) - rows[i],
		    most = i == PART_CALLS ? left : left / (i + 1);

		want = want < most ? want : most;
		if (want > 0) {
			rows[i] += want;
			left -= want;
		}
	}
}

static void
duty_draw(struct screen *s, struct area a)
{
	static const char *const names[PARTS] = {
	    N_("Being called"), N_("Not reached"), N_("Instructions")};
	struct duty *d = s->state;
	int head = (int)d->head.n, rows[PARTS], y = a.y + head;

	lines_draw(&d->head, (struct area){a.y, a.x, head, a.columns});
	share(d, a.rows - head - PARTS, rows);
	for (size_t i = 0; i < PARTS; i++) {
		char line[96];

		cut_format(line, sizeof(line), "%s %zu", _(names[i]), d->part[i].n);
		draw_bar(y, a.x, a.columns, "");
		draw_text(y, a.x + 1, a.columns - 2, line, STYLE_BAR);
		table_draw(
		    &d->part[i], (struct area){y + 1, a.x, rows[i], a.columns}, i == d->focus);
		y += rows[i] + 1;
	}
}

/* --- keys ------------------------------------------------------------------------------------ */

enum {
	ACT_OPEN = 1,
	ACT_HANDOVER,
	ACT_CALLS,
	ACT_ROLL,
	ACT_INSTRUCTIONS,
	ACT_BOOKS,
	ACT_ROSTER,
	ACT_SPOT,
	ACT_SINCE,
	ACT_NEXT,
	ACT_BEFORE
};

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("open"),
	N_("go to the list of the line under the mark")},
    {{'t'}, ACT_HANDOVER, N_("handover"), N_("the handover")},
    {{'c'}, ACT_CALLS, N_("call-out"), N_("call-and-answer")},
    {{'r'}, ACT_ROLL, N_("roll call"), N_("the roll call")},
    {{'i'}, ACT_INSTRUCTIONS, N_("instructions"), N_("leaders' instructions and supervision")},
    {{'b'}, ACT_BOOKS, N_("registers"), N_("duty log, phone record, papers in and out")},
    {{'m'}, ACT_ROSTER, N_("roster"), N_("the roster of the month, swaps, double lead")},
    {{'s'}, ACT_SPOT, N_("spot check"), N_("all answers to a spot check on one page")},
    {{'w'}, ACT_SINCE, NULL, N_("what happened since one's own last watch")},
    {{K_TAB}, ACT_NEXT, NULL, N_("the next part (S-Tab: the one before)")},
    {{K_BACKTAB}, ACT_BEFORE, NULL, N_("the part before")},
};

static enum paint
duty_key(struct screen *s, const struct key *key)
{
	struct duty *d = s->state;

	return table_key(&d->part[d->focus], key->code) ? PAINT_DRAW : PAINT_PASS;
}

void
screens_show_since(struct console *c)
{
	struct buf text = BUF_MAX(1 << 20);

	duty_since(console_store(c), console_actor(c)->person, &text);
	console_show_text(c, _("Since your last watch"), buf_str(&text));
	buf_clear(&text);
}

static const struct screen_ops *
screen_of(const struct duty *d, int action)
{
	static const struct screen_ops *const of_part[PARTS] = {
	    &screen_callout, &screen_rollcall, &screen_instructions};

	switch (action) {
	case ACT_OPEN:
		return of_part[d->focus];
	case ACT_HANDOVER:
		return &screen_handover;
	case ACT_CALLS:
		return &screen_callout;
	case ACT_ROLL:
		return &screen_rollcall;
	case ACT_INSTRUCTIONS:
		return &screen_instructions;
	case ACT_BOOKS:
		return &screen_register;
	case ACT_ROSTER:
		return &screen_roster;
	case ACT_SPOT:
		return &screen_spot;
	}
	return NULL;
}

static enum paint
duty_act(struct screen *s, int action)
{
	struct duty *d = s->state;
	const struct screen_ops *ops = screen_of(d, action);

	if (ops)
		console_open(s->ui, ops, 0, NULL);
	else if (action == ACT_SINCE)
		screens_show_since(s->ui);
	else
		d->focus = (d->focus + (action == ACT_NEXT ? 1 : PARTS - 1)) % PARTS;
	return PAINT_DRAW;
}

static json_t *
duty_context(struct screen *s)
{
	struct duty *d = s->state;
	const void *row = table_row(&d->part[d->focus]);

	if (!row)
		return NULL;
	if (d->focus == PART_CALLS)
		return json_pack(
		    "{s:I}", "target", (json_int_t)((const struct call_target *)row)->id);
	if (d->focus == PART_ROLL)
		return json_pack(
		    "{s:I}", "unit", (json_int_t)((const struct roll_unit *)row)->unit);
	return json_pack(
	    "{s:I}", "instruction", (json_int_t)((const struct instruction_row *)row)->id);
}

static int64_t
duty_countdown(struct screen *s)
{
	return ((struct duty *)s->state)->next_due;
}

static void
duty_close(struct screen *s)
{
	struct duty *d = s->state;

	lines_clear(&d->head);
	free(d->targets);
	free(d->units);
	free(d->instructions);
}

const struct screen_ops screen_duty = {
    .name = "duty",
    .title = N_("Watch"),
    .digit = '8',
    .size = sizeof(struct duty),
    .keys = KEY_TABLE(rows),
    .open = duty_open,
    .load = duty_load,
    .draw = duty_draw,
    .act = duty_act,
    .key = duty_key,
    .context = duty_context,
    .countdown = duty_countdown,
    .close = duty_close,
};
