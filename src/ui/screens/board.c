/*
 * The duty board: open incidents, what is to be done, what came in, what was done last, one below
 * the other over the full width. One mark goes through all of them; each keeps at least its heading
 * and a line or two, the journal takes what is left.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "store/journal.h"
#include "ui/age.h"
#include "ui/lines.h"
#include "ui/screens/rows.h"
#include "ui/screens/screens.h"
#include "ui/screens/todo.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

enum { PART_INCIDENTS, PART_TODO, PART_INBOX, PART_JOURNAL, PARTS };

#define INCIDENTS_MAX 200
#define INBOX_MAX 60
#define JOURNAL_MAX 60
#define JOURNAL_SHOWN 8
#define JOURNAL_LEAST 3
#define DETAILS_LEAST 4

struct board {
	struct table part[PARTS];
	int rows[PARTS]; /* lines given at the last drawing, without the heading */
	int below;	 /* lines left for the details of the line under the mark */
	struct lines details;
	size_t focus;
	struct incident_row *incidents;
	struct todo *todo;
	struct inbox_row *inbox;
	struct journal_row *journal;
	size_t n_journal, n_inbox;
	int64_t next_due;
};

static bool
board_open(struct screen *s, struct err *err)
{
	struct board *b = s->state;

	(void)err;
	table_init(&b->part[PART_INCIDENTS], &incident_row_ops, s);
	table_init(&b->part[PART_TODO], &todo_ops, s);
	table_init(&b->part[PART_INBOX], &inbox_row_ops, s);
	table_init(&b->part[PART_JOURNAL], &journal_row_ops, s);
	b->part[PART_INCIDENTS].titles = true;
	b->part[PART_INCIDENTS].empty = N_("No open incident.");
	b->part[PART_TODO].empty = N_("Nothing waits.");
	b->part[PART_INBOX].empty = N_("Nothing new.");
	b->next_due = CLOCK_NONE;
	return true;
}

static void
free_rows(struct board *b)
{
	for (size_t i = 0; i < b->n_journal; i++)
		journal_row_clear(&b->journal[i]);
	if (b->inbox)
		inbox_rows_clear(b->inbox, b->n_inbox);
	free(b->journal);
	free(b->inbox);
	free(b->incidents);
	free(b->todo);
}

static void
go_to_filed(struct screen *s)
{
	struct board *b = s->state;
	int64_t filed = console_marked(s->ui);

	if (filed && table_find(&b->part[PART_INCIDENTS], filed))
		b->focus = PART_INCIDENTS;
}

static void
board_load(struct screen *s)
{
	struct board *b = s->state, old = *b;
	struct store *st = console_store(s->ui);
	int64_t area = console_scope(s->ui);
	struct incident_filter open = {.open = true, .area = area};
	struct journal_filter any = {.area = area, .from = CLOCK_NONE, .to = CLOCK_NONE};
	size_t n;

	b->incidents = mem_zero(INCIDENTS_MAX, sizeof(*b->incidents));
	n = incident_list(st, &open, b->incidents, INCIDENTS_MAX);
	table_set(&b->part[PART_INCIDENTS], b->incidents, n);
	b->todo = todo_list(st, 0, area, &n);
	b->next_due = n ? b->todo[0].due : CLOCK_NONE;
	table_set(&b->part[PART_TODO], b->todo, n);
	b->inbox = mem_zero(INBOX_MAX, sizeof(*b->inbox));
	/* the room's own: what concerns a township comes to it as an order */
	b->n_inbox = area ? 0 : incident_inbox(st, true, b->inbox, INBOX_MAX);
	for (size_t i = 0; i < b->n_inbox; i++)
		incident_mask_inbox(console_actor(s->ui), &b->inbox[i]);
	table_set(&b->part[PART_INBOX], b->inbox, b->n_inbox);
	b->journal = mem_zero(JOURNAL_MAX, sizeof(*b->journal));
	b->n_journal = journal_page(st, &any, 0, b->journal, JOURNAL_MAX);
	table_set(&b->part[PART_JOURNAL], b->journal, b->n_journal);
	/* Where nobody is choosing, what came last is what is seen. */
	for (size_t i = PART_INBOX; i <= PART_JOURNAL; i++)
		if (i != b->focus)
			table_home(&b->part[i]);
	go_to_filed(s);
	free_rows(&old);
}

/* --- drawing ----------------------------------------------------------------------------- */

static void
grow(struct board *b, size_t part, int most, int *left)
{
	int want = table_lines(&b->part[part]), more;

	want = want < most ? want : most;
	more = want - b->rows[part];
	more = more < *left ? more : *left;
	if (more > 0) {
		b->rows[part] += more;
		*left -= more;
	}
}

/*
 * Lines for each part: what it needs at least, then its share, then what it would like. What is
 * left goes to the details of the line under the mark, or to the journal where it is too little for
 * them.
 */
static void
share(struct board *b, int lines)
{
	static const int least[PARTS] = {3, 2, 1, 2};
	const int fair[PARTS] = {lines * 2 / 5, lines * 3 / 10, lines / 6, JOURNAL_SHOWN};
	int left = lines;

	for (size_t i = 0; i < PARTS; i++)
		b->rows[i] = 0;
	for (size_t i = 0; i < PARTS; i++)
		grow(b, i, least[i], &left);
	for (size_t i = 0; i < PART_JOURNAL; i++)
		grow(b, i, fair[i], &left);
	left -= JOURNAL_LEAST;
	for (size_t i = 0; i < PART_JOURNAL && left > 0; i++)
		grow(b, i, lines, &left);
	left += JOURNAL_LEAST;
	grow(b, PART_JOURNAL, fair[PART_JOURNAL], &left);
	b->below = left >= DETAILS_LEAST ? left : 0;
	if (!b->below)
		b->rows[PART_JOURNAL] += left;
}

/* --- details: what the row under the mark holds and its line has no room for ------------- */

static void
say_incident(struct lines *l, const struct incident_row *i)
{
	char at[32];

	lines_add(l, _("incident"), STYLE_STRONG, "%d-%03d %s", i->year, i->number, i->title);
	lines_add(l, _("place"), STYLE_NORMAL, "%s   %s   %s", i->area_name, i->place, i->road);
	lines_add(l, _("received"), STYLE_NORMAL,
	    _("%s   %s   calls %d   orders open %d, unacknowledged %d"),
	    age_stamp(i->received, at, sizeof(at)), i->source, i->calls, i->open_orders,
	    i->unacked);
	if (i->next_due != CLOCK_NONE)
		lines_add(l, _("next limit"), age_style(i->next_due, 30 * CLOCK_MINUTE), "%s   %s",
		    age_due(i->next_due, at, sizeof(at)), i->next_label);
}

static void
say_todo(struct lines *l, const struct todo *t)
{
	if (t->is_clock) {
		lines_add(l, _("rule"), STYLE_NORMAL, "%s", t->clock.source);
		lines_add(l, _("because"), STYLE_NORMAL, "%s", t->clock.why);
	} else {
		lines_add(l, _("order"), STYLE_NORMAL, "%s", t->order.content);
		lines_add(l, _("phone"), STYLE_NORMAL, "%s %s %s", t->order.dest, t->order.person,
		    t->order.phone);
	}
}

static void
explain(struct board *b)
{
	const void *row = table_row(&b->part[b->focus]);

	lines_reset(&b->details);
	b->details.top = 0;
	if (!row)
		return;
	switch (b->focus) {
	case PART_INCIDENTS:
		say_incident(&b->details, row);
		break;
	case PART_TODO:
		say_todo(&b->details, row);
		break;
	case PART_INBOX:
		lines_add(&b->details, _("message"), STYLE_NORMAL, "%s",
		    ((const struct inbox_row *)row)->text);
		break;
	case PART_JOURNAL:
		lines_add(&b->details, _("entry"), STYLE_NORMAL, "%s",
		    ((const struct journal_row *)row)->text);
		break;
	}
}

static void
heading(const struct board *b, size_t part, int y, struct area a)
{
	static const char *const names[PARTS] = {
	    N_("Open incidents"), N_("To do"), N_("Inbox"), N_("Journal")};
	char line[128];

	if (part == PART_JOURNAL)
		utf8_copy(line, sizeof(line), _(names[part]));
	else
		cut_format(line, sizeof(line), "%s %zu", _(names[part]), b->part[part].n);
	draw_bar(y, a.x, a.columns, "");
	draw_text(y, a.x + 1, a.columns - 2, line, STYLE_BAR);
}

static void
board_draw(struct screen *s, struct area a)
{
	struct board *b = s->state;
	int y = a.y;

	share(b, a.rows - PARTS);
	for (size_t i = 0; i < PARTS; i++) {
		heading(b, i, y, a);
		table_draw(
		    &b->part[i], (struct area){y + 1, a.x, b->rows[i], a.columns}, i == b->focus);
		y += b->rows[i] + 1;
	}
	if (!b->below)
		return;
	draw_bar(y, a.x, a.columns, "");
	draw_text(y, a.x + 1, a.columns - 2, _("Details"), STYLE_BAR);
	explain(b);
	lines_draw(&b->details, (struct area){y + 1, a.x, b->below - 1, a.columns});
}

/* --- keys -------------------------------------------------------------------------------- */

enum { ACT_OPEN = 1, ACT_CALL, ACT_DO, ACT_NEXT, ACT_BEFORE };

static const struct key_row rows[] = {
    {{'n'}, ACT_CALL, N_("take a call"), N_("take a call")},
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("open"), N_("open the line under the mark")},
    {{'d'}, ACT_DO, N_("do"),
	N_("do what is due: close the clock, answer the order, take the message")},
    {{K_TAB}, ACT_NEXT, N_("next part"), N_("the next part of the board (S-Tab: the one before)")},
    {{K_BACKTAB}, ACT_BEFORE, NULL, N_("the part before")},
};

/* From the last line of a part on to the first of the next that has any, and back. */
static bool
cross(struct board *b, bool down)
{
	struct table *t = &b->part[b->focus];
	size_t to = b->focus;

	if (down ? t->n && t->cursor + 1 < t->n : t->cursor > 0)
		return false;
	do {
		if (down ? to + 1 >= PARTS : to == 0)
			return false;
		to += down ? 1 : (size_t)-1;
	} while (b->part[to].n == 0);
	b->focus = to;
	b->part[to].cursor = down ? 0 : b->part[to].n - 1;
	return true;
}

static enum paint
board_key(struct screen *s, const struct key *key)
{
	struct board *b = s->state;
	bool down = key->code == 'j' || key->code == K_DOWN,
	     up = key->code == 'k' || key->code == K_UP;

	if ((down || up) && cross(b, down))
		return PAINT_DRAW;
	return table_key(&b->part[b->focus], key->code) ? PAINT_DRAW : PAINT_PASS;
}

static void
go(struct board *b, bool on)
{
	for (size_t i = 1; i < PARTS; i++) {
		size_t to = (b->focus + (on ? i : PARTS - i)) % PARTS;

		if (b->part[to].n) {
			b->focus = to;
			return;
		}
	}
}

static int64_t
incident_of(const struct board *b)
{
	const void *row = table_row(&b->part[b->focus]);

	if (!row)
		return 0;
	switch (b->focus) {
	case PART_INCIDENTS:
		return ((const struct incident_row *)row)->id;
	case PART_TODO:
		return ((const struct todo *)row)->incident;
	case PART_INBOX:
		return ((const struct inbox_row *)row)->incident;
	default:
		return ((const struct journal_row *)row)->incident;
	}
}

static void
take_message(struct screen *s, const struct inbox_row *m)
{
	console_form(s->ui, "inbox.take", json_pack("{s:I}", "inbox", (json_int_t)m->id));
}

static void
open_line(struct screen *s)
{
	struct board *b = s->state;
	const void *row = table_row(&b->part[b->focus]);
	int64_t incident = incident_of(b);

	if (!row)
		return;
	if (b->focus == PART_INBOX && !incident) {
		const struct inbox_row *m = row;

		console_show_text(s->ui, m->title, m->text ? m->text : "");
	} else if (incident) {
		console_open(
		    s->ui, &screen_incident, incident, b->focus == PART_TODO ? "clocks" : NULL);
	} else if (b->focus == PART_JOURNAL) {
		console_open(s->ui, &screen_journal, 0, NULL);
	}
}

static enum paint
board_act(struct screen *s, int action)
{
	struct board *b = s->state;
	const void *row = table_row(&b->part[b->focus]);

	switch (action) {
	case ACT_CALL:
		console_open(s->ui, &screen_intake, 0, NULL);
		break;
	case ACT_OPEN:
		open_line(s);
		break;
	case ACT_DO:
		if (row && b->focus == PART_TODO)
			todo_handle(s, row);
		else if (row && b->focus == PART_INBOX)
			take_message(s, row);
		else
			open_line(s);
		break;
	case ACT_NEXT:
	case ACT_BEFORE:
		go(b, action == ACT_NEXT);
		break;
	}
	return PAINT_DRAW;
}

static json_t *
board_context(struct screen *s)
{
	struct board *b = s->state;
	const void *row = table_row(&b->part[b->focus]);
	json_t *context = json_object();

	if (incident_of(b))
		json_object_set_new(context, "incident", json_integer(incident_of(b)));
	if (row && b->focus == PART_TODO) {
		const struct todo *t = row;

		json_object_set_new(context, t->is_clock ? "clock" : "order",
		    json_integer(t->is_clock ? t->clock.id : t->order.id));
	}
	if (row && b->focus == PART_INBOX)
		json_object_set_new(
		    context, "inbox", json_integer(((const struct inbox_row *)row)->id));
	return context;
}

static int64_t
board_countdown(struct screen *s)
{
	return ((struct board *)s->state)->next_due;
}

static void
board_close(struct screen *s)
{
	struct board *b = s->state;

	free_rows(b);
	lines_clear(&b->details);
}

const struct screen_ops screen_board = {
    .name = "board",
    .title = N_("Duty"),
    .digit = '1',
    .size = sizeof(struct board),
    .keys = KEY_TABLE(rows),
    .open = board_open,
    .load = board_load,
    .draw = board_draw,
    .act = board_act,
    .key = board_key,
    .context = board_context,
    .countdown = board_countdown,
    .close = board_close,
};
