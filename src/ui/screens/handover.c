/*
 * 交接班: what is handed over, by its limits, and below it the list that the incoming crew checks.
 * Both sides sign here, each in their own name; the paper can be read and printed.
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

enum { PART_ITEMS, PART_CHECKS, PARTS };

#define CREW_A_LINE 3
#define ITEMS_MAX 500
#define CHECKS_MAX 40

struct handover {
	struct lines head;
	struct table part[PARTS];
	size_t focus;
	struct handover_item *items;
	struct handover_check *checks;
	int64_t id; /* under way, else the last; 0 none */
	bool open;
};

static bool
handover_open(struct screen *s, struct err *err)
{
	struct handover *h = s->state;

	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("The handover is the duty room's."));
	lines_init(&h->head);
	table_init(&h->part[PART_ITEMS], &item_row_ops, s);
	table_init(&h->part[PART_CHECKS], &check_row_ops, s);
	h->part[PART_ITEMS].titles = true;
	h->part[PART_ITEMS].empty = N_("Nothing is open.");
	h->part[PART_CHECKS].empty = N_("b begins the handover.");
	return true;
}

/* A line for leader, chief and officer, the next for the others: a name is not broken at a line's end. */
static void
add_crew(struct handover *h, const char *label, const struct crew *crew)
{
	bool any = false;

	for (size_t i = 0; i < crew->n; i++)
		any = any || crew->member[i].signed_at != CLOCK_NONE;
	for (size_t i = 0; i < crew->n; i += CREW_A_LINE) {
		struct buf names = BUF_MAX(1000);
		char at[40];

		for (size_t k = i; k < crew->n && k < i + CREW_A_LINE; k++) {
			const struct crew_member *m = &crew->member[k];
			bool done = m->signed_at != CLOCK_NONE;

			buf_printf(&names, "%s%s %s%s%s", k > i ? "  " : "",
			    duty_post_label(m->post), m->name, done ? _(" signed ") : "",
			    done ? age_stamp(m->signed_at, at, sizeof(at)) : "");
		}
		lines_add(&h->head, i ? "" : label, any ? STYLE_DONE : STYLE_NORMAL, "%s",
		    buf_str(&names));
		buf_clear(&names);
	}
	if (!crew->n)
		lines_add(&h->head, label, STYLE_NORMAL, "-");
}

/* What the paper waits for, and the keys that do it. */
static const char *
what_next(const struct handover_row *row)
{
	if (row->in_signed)
		return _("both sides have signed: o opens the watch");
	if (!row->out_signed)
		return _("the outgoing crew writes its note (e) and signs (s)");
	if (row->unchecked)
		return _("the incoming crew checks the list below: Tab, x in order, f fault");
	return _("the incoming crew signs: s");
}

static void
load_head(struct handover *h, const struct handover_row *row)
{
	char at[40];

	lines_add(&h->head, _("Shift"), STYLE_STRONG, _("from %s\t%s"),
	    age_stamp(row->starts, at, sizeof(at)), handover_state_label(row->state));
	add_crew(h, _("Outgoing"), &row->out);
	add_crew(h, _("Incoming"), &row->in);
	if (h->open)
		lines_add(&h->head, _("Next"), STYLE_SOON, "%s", what_next(row));
	if (*row->note)
		lines_add(&h->head, _("Note"), STYLE_NORMAL, "%s", row->note);
	if (*row->leader_note)
		lines_add(&h->head, _("Leader"), STYLE_NORMAL, "%s", row->leader_note);
}

static void
handover_load(struct screen *s)
{
	struct handover *h = s->state, old = *h;
	struct store *st = console_store(s->ui);
	struct handover_row row;
	size_t items = 0, checks = 0;

	lines_reset(&h->head);
	h->items = mem_zero(ITEMS_MAX, sizeof(*h->items));
	h->checks = mem_zero(CHECKS_MAX, sizeof(*h->checks));
	h->id = 0;
	h->open = duty_handover(st, &row);
	if (!h->open && duty_handovers(st, 0, &row, 1) == 1)
		h->open = false, h->id = row.id;
	if (h->open || (h->id && duty_handover_get(st, h->id, &row))) {
		h->id = row.id;
		load_head(h, &row);
		items = duty_handover_items(st, h->id, h->items, ITEMS_MAX);
		checks = duty_handover_checks(st, h->id, h->checks, CHECKS_MAX);
		handover_row_clear(&row);
	} else {
		lines_add(&h->head, _("Handover"), STYLE_NORMAL, "%s", _("none yet: b begins one"));
	}
	table_set(&h->part[PART_ITEMS], h->items, items);
	table_set(&h->part[PART_CHECKS], h->checks, checks);
	free(old.items);
	free(old.checks);
}

static void
handover_draw(struct screen *s, struct area a)
{
	struct handover *h = s->state;
	int head, checks = table_lines(&h->part[PART_CHECKS]), y, left;
	char line[96];

	/* Drawn once to see how many lines the names take here. */
	lines_draw(&h->head, (struct area){a.y, a.x, a.rows / 3, a.columns});
	head = (int)h->head.total > a.rows / 3 ? a.rows / 3 : (int)h->head.total;
	draw_blank((struct area){a.y, a.x, a.rows, a.columns});
	lines_draw(&h->head, (struct area){a.y, a.x, head, a.columns});
	left = a.rows - head - 2;
	checks = checks > left / 2 ? left / 2 : checks;
	y = a.y + head;
	cut_format(line, sizeof(line), "%s %zu", _("Handed over"), h->part[PART_ITEMS].n);
	draw_bar(y, a.x, a.columns, "");
	draw_text(y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&h->part[PART_ITEMS], (struct area){y + 1, a.x, left - checks, a.columns},
	    h->focus == PART_ITEMS);
	y += 1 + left - checks;
	draw_bar(y, a.x, a.columns, _(" Check list of the incoming crew"));
	table_draw(&h->part[PART_CHECKS], (struct area){y + 1, a.x, checks, a.columns},
	    h->focus == PART_CHECKS);
}

enum {
	ACT_BEGIN = 1,
	ACT_OK,
	ACT_FAULT,
	ACT_SIGN,
	ACT_TAKE,
	ACT_NOTE,
	ACT_PAPER,
	ACT_SINCE,
	ACT_DROP,
	ACT_OPEN,
	ACT_NEXT
};

static const struct key_row rows[] = {
    {{'b'}, ACT_BEGIN, N_("begin handover"), N_("begin the handover")},
    {{'s'}, ACT_SIGN, N_("sign here"), N_("sign for one's own crew")},
    {{'o'}, ACT_TAKE, N_("open watch"), N_("open the watch, when both sides have signed")},
    {{' ', 'x'}, ACT_OK, N_("in order"), N_("the line under the mark is in order")},
    {{'f'}, ACT_FAULT, N_("fault"), N_("the line under the mark is not in order: say what")},
    {{'e'}, ACT_NOTE, N_("handover note"), N_("note of the outgoing crew, or of the leader")},
    {{'p'}, ACT_PAPER, N_("on paper"), N_("the paper as it stands, with the chain's head")},
    {{'w'}, ACT_SINCE, N_("since my watch"), N_("what happened since one's own last watch")},
    {{'D'}, ACT_DROP, NULL, N_("drop a handover that was begun by mistake: say why")},
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, NULL, N_("open what the line under the mark is about")},
    {{K_TAB, K_BACKTAB}, ACT_NEXT, NULL, N_("between the open items and the check list")},
};

static enum paint
handover_key(struct screen *s, const struct key *key)
{
	struct handover *h = s->state;

	return table_key(&h->part[h->focus], key->code) ? PAINT_DRAW : PAINT_PASS;
}

static void
check(struct screen *s, bool ok)
{
	struct handover *h = s->state;
	const struct handover_check *c;

	if (h->focus != PART_CHECKS) {
		h->focus = PART_CHECKS;
		return;
	}
	c = table_row(&h->part[PART_CHECKS]);
	if (!c)
		return;
	if (!ok) {
		console_form(s->ui, "handover.check",
		    json_pack("{s:i, s:s}", "item", c->n, "result", "fault"));
	} else if (console_do(s->ui, "handover.check",
		       json_pack("{s:i, s:s}", "item", c->n, "result", "ok"), NULL)) {
		table_key(&h->part[PART_CHECKS], 'j');
	}
}

static void
show_paper(struct screen *s)
{
	struct handover *h = s->state;
	struct buf text = BUF_MAX(4 << 20);
	struct err err = ERR_NONE;

	if (h->id && duty_handover_text(console_store(s->ui), h->id, &text, &err))
		console_show_text(s->ui, _("Handover"), buf_str(&text));
	else if (err.message)
		console_fail(s->ui, &err);
	buf_clear(&text);
}

static void
open_item(struct screen *s)
{
	struct handover *h = s->state;
	const struct handover_item *i =
	    h->focus == PART_ITEMS ? table_row(&h->part[PART_ITEMS]) : NULL;

	if (!i)
		return;
	if (strcmp(i->kind, "instruction") == 0)
		console_open(s->ui, &screen_instructions, 0, NULL);
	else if (strcmp(i->kind, "callout") == 0)
		console_open(s->ui, &screen_callout, 0, NULL);
	else if (strcmp(i->kind, "order") == 0)
		console_open(s->ui, &screen_orders, 0, NULL);
	else if (strcmp(i->kind, "orders") == 0)
		console_open(s->ui, &screen_orders, i->ref, NULL);
	else if (strcmp(i->kind, "roll") == 0)
		console_open(s->ui, &screen_rollcall, 0, NULL);
	else if (strcmp(i->kind, "swap") == 0)
		console_open(s->ui, &screen_roster, 0, NULL);
	else if (!screens_open_thing(
		     s->ui, strcmp(i->kind, "undelivered") == 0 ? "report" : i->kind, i->ref))
		console_say(s->ui, "%s", i->title);
}

static enum paint
handover_act(struct screen *s, int action)
{
	struct handover *h = s->state;

	switch (action) {
	case ACT_BEGIN:
		console_do(s->ui, "handover.begin", json_object(), NULL);
		break;
	case ACT_SIGN:
		console_do(s->ui, "handover.sign", json_object(), NULL);
		break;
	case ACT_TAKE:
		console_do(s->ui, "watch.open", json_object(), NULL);
		break;
	case ACT_NOTE:
		console_form(s->ui, "handover.note", NULL);
		break;
	case ACT_OK:
	case ACT_FAULT:
		check(s, action == ACT_OK);
		break;
	case ACT_PAPER:
		show_paper(s);
		break;
	case ACT_SINCE:
		screens_show_since(s->ui);
		break;
	case ACT_DROP:
		console_form(s->ui, "handover.drop", NULL);
		break;
	case ACT_OPEN:
		open_item(s);
		break;
	case ACT_NEXT:
		h->focus = (h->focus + 1) % PARTS;
		break;
	}
	return PAINT_DRAW;
}

static void
handover_close(struct screen *s)
{
	struct handover *h = s->state;

	lines_clear(&h->head);
	free(h->items);
	free(h->checks);
}

const struct screen_ops screen_handover = {
    .name = "handover",
    .title = N_("Handover"),
    .size = sizeof(struct handover),
    .keys = KEY_TABLE(rows),
    .open = handover_open,
    .load = handover_load,
    .draw = handover_draw,
    .act = handover_act,
    .key = handover_key,
    .close = handover_close,
};
