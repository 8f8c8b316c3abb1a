/* 值班表: a month, who stands in for whom, 双带班 days; swaps are asked and decided here. */
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

#include <string.h>

struct roster {
	struct table table;
	struct roster_day days[31];
	int year, month;
	bool placed;  /* the mark stands on today */
	int64_t swap; /* being decided */
};

static bool
roster_open(struct screen *s, struct err *err)
{
	struct roster *r = s->state;
	struct civil c;

	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("The roster is the duty room's."));
	clock_civil(clock_now(), &c);
	r->year = c.year;
	r->month = c.month;
	table_init(&r->table, &roster_row_ops, s);
	r->table.titles = true;
	return true;
}

static void
roster_load(struct screen *s)
{
	struct roster *r = s->state;

	table_set(
	    &r->table, r->days, duty_roster(console_store(s->ui), r->year, r->month, r->days));
	if (!r->placed)
		table_find(&r->table, clock_day_start(clock_now()));
	r->placed = true;
}

static void
roster_draw(struct screen *s, struct area a)
{
	struct roster *r = s->state;
	char line[160];

	cut_format(
	    line, sizeof(line), _("Roster %d-%02d   * swapped   ? swap asked"), r->year, r->month);
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&r->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_SWAP = 1, ACT_DECIDE, ACT_DOUBLE, ACT_BEFORE, ACT_AFTER, ACT_PAPER };

static const struct key_row rows[] = {
    {{'s'}, ACT_SWAP, N_("swap"), N_("ask that another takes a shift of this day")},
    {{'d', K_ENTER}, ACT_DECIDE, N_("decide"), N_("swaps that wait for approval")},
    {{'t'}, ACT_DOUBLE, N_("double lead"), N_("days on which a second leader stands by in town")},
    {{'['}, ACT_BEFORE, N_("month before"), N_("the month before")},
    {{']'}, ACT_AFTER, N_("month after"), N_("the month after")},
    {{'p'}, ACT_PAPER, N_("on paper"), N_("the month as a paper")},
};

static const char *
roster_verb_of(int action)
{
	static const char *const verbs[] = {
	    [ACT_SWAP] = "swap.ask", [ACT_DOUBLE] = "roster.double", [ACT_PAPER] = NULL};

	return verbs[action];
}

static enum paint
roster_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct roster *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

enum { DECIDE_APPROVE = 1, DECIDE_REFUSE };

static void
decide(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	console_form(s->ui, item->id == DECIDE_REFUSE ? "swap.refuse" : "swap.approve",
	    json_pack("{s:I}", "swap", (json_int_t)((struct roster *)s->state)->swap));
}

static void
decide_which(struct screen *s, const struct popup_item *item, void *data)
{
	struct popup_item two[2];
	char title[160];

	(void)data;
	((struct roster *)s->state)->swap = item->id;
	memset(two, 0, sizeof(two));
	two[0].id = DECIDE_APPROVE;
	two[1].id = DECIDE_REFUSE;
	utf8_copy(two[0].word, sizeof(two[0].word), _("approve"));
	utf8_copy(two[0].label, sizeof(two[0].label), _("the roster changes"));
	utf8_copy(two[1].word, sizeof(two[1].word), _("refuse"));
	utf8_copy(two[1].label, sizeof(two[1].label), _("it stays as it is; say why"));
	cut_format(title, sizeof(title), "%s  %s", item->word, item->label);
	console_choose(s->ui, title, two, COUNT_OF(two), decide, NULL);
}

static void
choose_swap(struct screen *s)
{
	struct swap_row swaps[32];
	struct popup_item items[32];
	size_t n = duty_swaps(console_store(s->ui), true, swaps, COUNT_OF(swaps));
	char at[40];

	memset(items, 0, sizeof(items));
	for (size_t i = 0; i < n; i++) {
		items[i].id = swaps[i].id;
		cut_format(items[i].word, sizeof(items[i].word), "%s %s",
		    duty_post_label(swaps[i].post), age_stamp(swaps[i].starts, at, sizeof(at)));
		cut_format(items[i].label, sizeof(items[i].label), _("%s for %s: %s"),
		    swaps[i].substitute_name, swaps[i].name, swaps[i].why);
	}
	if (n)
		console_choose(
		    s->ui, _("Swaps that wait for approval"), items, n, decide_which, NULL);
	else
		console_say(s->ui, _("No swap waits."));
}

static void
turn(struct roster *r, int by)
{
	r->month += by;
	if (r->month < 1 || r->month > 12) {
		r->year += by;
		r->month = r->month < 1 ? 12 : 1;
	}
	table_home(&r->table);
}

static enum paint
roster_act(struct screen *s, int action)
{
	struct roster *r = s->state;
	const struct roster_day *d = table_row(&r->table);
	struct buf text = BUF_MAX(1 << 20);

	switch (action) {
	case ACT_SWAP:
		console_form(
		    s->ui, "swap.ask", d ? json_pack("{s:I}", "day", (json_int_t)d->day) : NULL);
		break;
	case ACT_DECIDE:
		choose_swap(s);
		break;
	case ACT_DOUBLE:
		console_form(s->ui, "roster.double",
		    d ? json_pack("{s:I}", "from", (json_int_t)d->day) : NULL);
		break;
	case ACT_BEFORE:
	case ACT_AFTER:
		turn(r, action == ACT_AFTER ? 1 : -1);
		return PAINT_LOAD;
	case ACT_PAPER:
		duty_roster_text(console_store(s->ui), r->year, r->month, &text);
		console_show_text(s->ui, _("Roster"), buf_str(&text));
		break;
	}
	buf_clear(&text);
	return PAINT_DRAW;
}

const struct screen_ops screen_roster = {
    .name = "roster",
    .title = N_("Roster"),
    .size = sizeof(struct roster),
    .keys = KEY_TABLE(rows),
    .verb_of = roster_verb_of,
    .open = roster_open,
    .load = roster_load,
    .draw = roster_draw,
    .act = roster_act,
    .key = roster_key,
};
