#include "ui/screens/todo.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/age.h"
#include "ui/console.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define EACH_MAX 150

#define SOON CLOCK_HOUR

/*
 * What somebody waits for at the telephone comes first: what is past (a report, an acknowledgement), then
 * what is due within the hour. Orders that were taken on and are not reported finished may be many
 * and hours old: they stand behind those, and before what is due later.
 */
static void
rank(struct todo *t, int64_t now)
{
	if (!t->is_clock && t->order.acked != CLOCK_NONE)
		t->rank = 1;
	else
		t->rank = t->due != CLOCK_NONE && t->due < now + SOON ? 0 : 2;
}

static int
by_urgency(const void *a, const void *b)
{
	const struct todo *x = a, *y = b;
	int64_t dx = x->due == CLOCK_NONE ? INT64_MAX : x->due,
		dy = y->due == CLOCK_NONE ? INT64_MAX : y->due;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return dx < dy ? -1 : dx > dy;
}

static size_t
add_clocks(struct store *st, int64_t incident, int64_t area, struct todo *out)
{
	struct clock_filter f = {
	    .incident = incident, .open = true, .area = area, .due_before = CLOCK_NONE};
	struct clock_row *rows = mem_zero(EACH_MAX, sizeof(*rows));
	size_t n = incident_clocks(st, &f, rows, EACH_MAX);

	for (size_t i = 0; i < n; i++) {
		out[i].is_clock = true;
		out[i].due = rows[i].due;
		out[i].incident = rows[i].incident;
		utf8_copy(out[i].incident_no, sizeof(out[i].incident_no), rows[i].incident_no);
		out[i].clock = rows[i];
	}
	free(rows);
	return n;
}

static size_t
add_orders(struct store *st, int64_t incident, int64_t area, bool unacked, struct todo *out)
{
	struct order_filter f = {.incident = incident,
	    .area = area,
	    .open = true,
	    .unacked = unacked,
	    /* A township has all it took on before its eyes until it has reported. */
	    .overdue = !unacked && !area};
	struct order_row *rows = mem_zero(EACH_MAX, sizeof(*rows));
	size_t n = dispatch_orders(st, &f, rows, EACH_MAX), kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (!unacked &&
		    (rows[i].acked == CLOCK_NONE || strcmp(rows[i].state, "reported") == 0))
			continue; /* among the unacknowledged already; or the room's turn to check */
		out[kept].is_clock = false;
		out[kept].due = rows[i].due;
		out[kept].incident = rows[i].incident;
		utf8_copy(
		    out[kept].incident_no, sizeof(out[kept].incident_no), rows[i].incident_no);
		out[kept].room = !area;
		out[kept++].order = rows[i];
	}
	free(rows);
	return kept;
}

struct todo *
todo_list(struct store *st, int64_t incident, int64_t area, size_t *n)
{
	struct todo *list = mem_zero(3 * EACH_MAX, sizeof(*list));
	int64_t now = clock_now();

	*n = add_clocks(st, incident, area, list);
	*n += add_orders(st, incident, area, true, list + *n);
	*n += add_orders(st, incident, area, false, list + *n);
	for (size_t i = 0; i < *n; i++)
		rank(&list[i], now);
	qsort(list, *n, sizeof(*list), by_urgency);
	return list;
}

/* --- the table --------------------------------------------------------------------------- */

enum { TODO_DUE, TODO_LEFT, TODO_WHAT, TODO_WHOM, TODO_INCIDENT };

static const struct column columns[] = {
    {N_("due"), 11, 0, 0, false},
    {N_("left"), 11, 0, 2, false},
    {N_("what"), 12, 0, 0, false},
    {N_("whom"), 0, 2, 0, false},
    {N_("incident"), 8, 0, 1, false},
};

static int64_t
todo_id(const void *row)
{
	const struct todo *t = row;

	return t->is_clock ? t->clock.id : t->order.id;
}

/* Whom to ring because nobody acknowledged; not for a township, which has the order itself. */
static bool
chased(const struct todo *t)
{
	return t->order.acked == CLOCK_NONE && t->order.chase && t->room;
}

static void
todo_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct todo *t = row;

	(void)context;
	switch (column) {
	case TODO_DUE:
		age_due(t->due, cell->text, sizeof(cell->text));
		break;
	case TODO_LEFT:
		age_remains(t->due, cell->text, sizeof(cell->text));
		break;
	case TODO_WHAT:
		utf8_copy(cell->text, sizeof(cell->text),
		    t->is_clock			   ? clock_kind_label(t->clock.kind)
		    : chased(t)			   ? order_chase_label(t->order.chase)
		    : t->order.acked != CLOCK_NONE ? _("to finish")
						   : order_state_label(t->order.state));
		break;
	case TODO_WHOM:
		if (t->is_clock)
			utf8_copy(cell->text, sizeof(cell->text), t->clock.dest);
		else if (chased(t) && *t->order.chase_who)
			cut_format(cell->text, sizeof(cell->text),
			    _("%s %s  for %s, order %d-%03d"), t->order.chase_who,
			    t->order.chase_phone, t->order.dest, t->order.year, t->order.number);
		else
			cut_format(cell->text, sizeof(cell->text), _("%s  order %d-%03d"),
			    t->order.dest, t->order.year, t->order.number);
		break;
	case TODO_INCIDENT:
		utf8_copy(cell->text, sizeof(cell->text), age_number(t->incident_no));
		break;
	}
}

static enum style
todo_style(void *context, const void *row)
{
	(void)context;
	return age_style(((const struct todo *)row)->due, 30 * CLOCK_MINUTE);
}

const struct table_ops todo_ops = {
    .row_size = sizeof(struct todo),
    .columns = columns,
    .n_columns = COUNT_OF(columns),
    .id = todo_id,
    .cell = todo_cell,
    .style = todo_style,
};

/* --- doing it ---------------------------------------------------------------------------- */

static void
handle_clock(struct screen *s, const struct clock_row *c)
{
	json_t *preset;

	if (strcmp(c->medium, "phone") == 0) {
		preset =
		    json_pack("{s:I, s:s}", "incident", (json_int_t)c->incident, "dest", c->dest);
		console_form(s->ui, "report.phone", preset);
	} else {
		console_form(s->ui, "clock.close", json_pack("{s:I}", "clock", (json_int_t)c->id));
	}
}

void
todo_handle(struct screen *s, const struct todo *t)
{
	const char *const *next;

	if (t->is_clock) {
		handle_clock(s, &t->clock);
		return;
	}
	next = order_next_verbs(&t->order);
	if (!next || !next[0]) {
		console_say(s->ui, _("Nothing more is to be done with this order."));
		return;
	}
	/* Who received it acknowledges in their own name, by this key alone. */
	if (console_scope(s->ui) && strcmp(next[0], "order.ack") == 0)
		console_do(
		    s->ui, "order.ack", json_pack("{s:I}", "order", (json_int_t)t->order.id), NULL);
	else
		console_form(s->ui, next[0], json_pack("{s:I}", "order", (json_int_t)t->order.id));
}
