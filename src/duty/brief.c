/*
 * The brief of a handover, made from the record: whatever is open, by whose limit runs out first,
 * and the state of the room itself. Nobody writes it, so nobody forgets a line of it; what other
 * rooms have to add they add themselves (duty_section_register).
 */
#include "duty/inside.h"

#include "dispatch/dispatch.h"
#include "incident/incident.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 400

/* --- sections of other rooms ------------------------------------------------------------------ */

struct sections {
	const struct duty_section *list[16];
	size_t n;
};
static const char sections_key;

void
duty_section_register(struct store *st, const struct duty_section *sections, size_t n)
{
	struct sections *all = store_kept(st, &sections_key);

	if (!all) {
		all = mem_zero(1, sizeof(*all));
		store_keep(st, &sections_key, all, free);
	}
	for (size_t i = 0; i < n && all->n < COUNT_OF(all->list); i++)
		all->list[all->n++] = &sections[i];
}

void
sections_write(struct store *st, int64_t area, bool spot, struct buf *out, struct duty_items *items)
{
	const struct sections *all = store_kept(st, &sections_key);

	for (size_t i = 0; all && i < all->n; i++) {
		const struct duty_section *s = all->list[i];
		struct buf text = BUF_MAX(65536);

		if (spot ? !s->spot : !s->brief)
			continue;
		s->write(st, area, &text, items);
		if (out && text.size)
			buf_printf(out, "\n%s\n%s", _(s->label), buf_str(&text));
		buf_clear(&text);
	}
}

/* --- items ------------------------------------------------------------------------------------ */

void
duty_item_add(
    struct duty_items *items, const char *kind, int64_t ref, int64_t due, const char *title)
{
	struct handover_item *item;

	if (!items || items->n >= 2000)
		return;
	mem_grow(&items->list, &items->room, items->n);
	item = &items->list[items->n++];
	memset(item, 0, sizeof(*item));
	utf8_copy(item->kind, sizeof(item->kind), kind);
	utf8_copy(item->title, sizeof(item->title), title);
	item->ref = ref;
	item->due = due;
}

void
brief_clear(struct duty_items *items)
{
	free(items->list);
	*items = (struct duty_items){NULL, 0, 0};
}

/*
 * A title is kept as it was when it was signed for, yet each reader has it in their own language: what the program says in it stands
 * as a code in braces, "143 {order.acked} 水利局", and is read out by item_title. What people wrote has no such braces.
 */
static const char *
chase_label(const char *step)
{
	return order_chase_label(*step - '0');
}

static const char *
text_label(const char *code)
{
	static const char *const labels[][2] = {{"open", N_("orders open")},
	    {"overdue", N_("orders OVERDUE")}, {"unacked", N_("not acknowledged")},
	    {"answered", N_("answered")}, {"unreached", N_("not reached")},
	    {"for", N_("in place of")}};

	return i18n_label(labels, COUNT_OF(labels), code);
}

static const char *
level_label(const char *code)
{
	return response_level_label((int)strtol(code, NULL, 10));
}

static bool
put_code(struct buf *out, const char *code, size_t n)
{
	static const struct {
		const char *of;
		const char *(*label)(const char *code);
	} kinds[] = {{"order.", order_state_label}, {"chase.", chase_label},
	    {"instruction.", instruction_state_label}, {"kind.", instruction_kind_label},
	    {"incident.", incident_state_label}, {"report.", report_state_label},
	    {"paper.", report_kind_label}, {"clock.", clock_kind_label}, {"level.", level_label},
	    {"post.", duty_post_label}, {"text.", text_label}};
	char word[32];

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		size_t skip = strlen(kinds[i].of);

		if (n > skip && n - skip < sizeof(word) && strncmp(code, kinds[i].of, skip) == 0) {
			snprintf(word, sizeof(word), "%.*s", (int)(n - skip), code + skip);
			buf_add(out, kinds[i].label(word));
			return true;
		}
	}
	return false;
}

void
item_title(const char *stored, char *out, size_t size)
{
	struct buf text = BUF_MAX(2000);

	while (*stored) {
		const char *end = *stored == '{' ? strchr(stored, '}') : NULL;

		if (end && put_code(&text, stored + 1, (size_t)(end - stored - 1)))
			stored = end + 1;
		else
			buf_add_char(&text, *stored++);
	}
	utf8_copy(out, size, buf_str(&text));
	buf_clear(&text);
}

static const char *
short_no(const char *no)
{
	const char *dash = strchr(no, '-');

	return dash ? dash + 1 : no;
}

static void
collect_clocks(struct store *st, int64_t area, struct duty_items *items)
{
	struct clock_filter f = {.open = true, .area = area, .due_before = CLOCK_NONE};
	struct clock_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = incident_clocks(st, &f, rows, ROWS_MAX);
	char title[300];

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "%s {clock.%s} %s", short_no(rows[i].incident_no),
		    rows[i].kind, rows[i].dest);
		duty_item_add(items, "clock", rows[i].id, rows[i].due, title);
	}
	free(rows);
}

/* Matters whose clocks do not run any more, but which are not closed. */
static void
collect_incidents(struct store *st, int64_t area, struct duty_items *items)
{
	struct incident_filter f = {.open = true, .area = area};
	struct incident_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = incident_list(st, &f, rows, ROWS_MAX);
	char title[300];

	for (size_t i = 0; i < n; i++) {
		if (rows[i].next_due != CLOCK_NONE)
			continue;
		snprintf(title, sizeof(title), "%03d {incident.%s}  %s", rows[i].number,
		    rows[i].state, rows[i].title);
		duty_item_add(items, "incident", rows[i].id, CLOCK_NONE, title);
	}
	free(rows);
}

/* --- orders: the overdue and the new one by one, the rest counted by incident --------------- */

struct share { /* of one unit in an incident's open orders */
	char name[64];
	int n;
};
struct group {
	int64_t incident, due;
	bool overdue; /* all of them are; else none is */
	char no[16];
	int open, unacked;
	struct share share[64];
	size_t n;
};

static void
short_name(struct store *st, const struct order_row *o, char *out, size_t size)
{
	char *name =
	    o->unit   ? sql_one_text(st, "SELECT short FROM unit WHERE id = ?1", "i", o->unit)
	    : o->team ? sql_one_text(st, "SELECT short FROM team WHERE id = ?1", "i", o->team)
		      : NULL;

	utf8_copy(out, size, name && *name ? name : o->dest);
	free(name);
}

static void
count_order(struct store *st, const struct order_row *o, struct group *g)
{
	char name[64];
	size_t i = 0;

	g->incident = o->incident;
	utf8_copy(g->no, sizeof(g->no), o->incident_no);
	g->open++;
	g->unacked += o->acked == CLOCK_NONE;
	if (o->due != CLOCK_NONE && (g->due == CLOCK_NONE || o->due < g->due))
		g->due = o->due;
	short_name(st, o, name, sizeof(name));
	while (i < g->n && strcmp(g->share[i].name, name) != 0)
		i++;
	if (i == COUNT_OF(g->share))
		return;
	if (i == g->n)
		utf8_copy(g->share[g->n++].name, sizeof(g->share[i].name), name);
	g->share[i].n++;
}

static int
by_share(const void *a, const void *b)
{
	return ((const struct share *)b)->n - ((const struct share *)a)->n;
}

static void
add_group(struct group *g, struct duty_items *items)
{
	struct buf title = BUF_MAX(1000);

	buf_printf(
	    &title, "%s {text.%s} %d", short_no(g->no), g->overdue ? "overdue" : "open", g->open);
	if (g->unacked)
		buf_printf(&title, ", {text.unacked} %d", g->unacked);
	buf_add(&title, ":");
	qsort(g->share, g->n, sizeof(*g->share), by_share);
	for (size_t i = 0; i < g->n; i++) {
		if (title.size + strlen(g->share[i].name) > 180) {
			buf_add(&title, " ..");
			break;
		}
		buf_printf(&title, " %s", g->share[i].name);
		if (g->share[i].n > 1)
			buf_printf(&title, " %d", g->share[i].n);
	}
	duty_item_add(items, "orders", g->incident, g->due, buf_str(&title));
	buf_clear(&title);
}

static void
add_order(const struct order_row *o, struct duty_items *items)
{
	char title[480], chase[120] = "";

	/* Who takes over goes on from there. */
	if (o->acked == CLOCK_NONE && o->chase)
		snprintf(chase, sizeof(chase), " {chase.%d} %s %s", o->chase, o->chase_who,
		    o->chase_phone);
	snprintf(title, sizeof(title), "%s %d-%03d {order.%s}%s %s  %s", short_no(o->incident_no),
	    o->year, o->number, o->state, chase, o->dest, o->content);
	duty_item_add(items, "order", o->id, o->due, title);
}

static struct group *
group_of(struct group *groups, size_t *n, size_t max, int64_t incident, bool overdue)
{
	for (size_t i = 0; i < *n; i++)
		if (groups[i].incident == incident && groups[i].overdue == overdue)
			return &groups[i];
	if (*n == max)
		return NULL;
	groups[*n].due = CLOCK_NONE;
	groups[*n].overdue = overdue;
	return &groups[(*n)++];
}

/* The overdue ones of an incident stand alone while they are few. */
#define ALONE_MAX 5

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The incident of each order that is past its limit, sorted. Gives how many. */
static size_t
overdue_incidents(const struct order_row *rows, size_t n, int64_t *out)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (rows[i].overdue)
			out[found++] = rows[i].incident;
	qsort(out, found, sizeof(*out), by_number);
	return found;
}

static bool
are_few(const int64_t *overdue, size_t n, int64_t incident)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (overdue[middle] < incident)
			low = middle + 1;
		else
			high = middle;
	}
	return low + ALONE_MAX >= n || overdue[low + ALONE_MAX] != incident;
}

static void
collect_orders(struct store *st, int64_t area, int64_t since, struct duty_items *items)
{
	enum { GROUPS_MAX = 60 };
	struct order_filter f = {.open = true, .area = area};
	struct order_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	struct group *groups = mem_zero(GROUPS_MAX, sizeof(*groups)), *g;
	int64_t overdue[ROWS_MAX];
	size_t n = dispatch_orders(st, &f, rows, ROWS_MAX), n_groups = 0,
	       n_overdue = overdue_incidents(rows, n, overdue);

	for (size_t i = 0; i < n; i++) {
		const struct order_row *o = &rows[i];
		bool alone =
		    since != CLOCK_NONE || (o->overdue && are_few(overdue, n_overdue, o->incident));

		if (since != CLOCK_NONE && o->issued <= since)
			continue;
		g = alone ? NULL : group_of(groups, &n_groups, GROUPS_MAX, o->incident, o->overdue);
		if (g)
			count_order(st, o, g);
		else
			add_order(o, items);
	}
	for (size_t i = 0; i < n_groups; i++)
		add_group(&groups[i], items);
	free(groups);
	free(rows);
}

static void
collect_responses(struct store *st, struct duty_items *items)
{
	struct response_row rows[32];
	size_t n = dispatch_responses(st, 0, true, rows, COUNT_OF(rows));
	char title[300];

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "%s {level.%d} %s", short_no(rows[i].incident_no),
		    rows[i].level, rows[i].plan_name);
		duty_item_add(items, "response", rows[i].id, CLOCK_NONE, title);
	}
}

static void
collect_reports(struct store *st, int64_t area, struct duty_items *items)
{
	struct report_filter f = {.unsigned_only = true, .area = area};
	struct report_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = report_list(st, &f, rows, ROWS_MAX);
	char title[300];
	struct sql *q;

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "{report.%s} {paper.%s} %s", rows[i].state,
		    rows[i].kind, rows[i].title);
		duty_item_add(items, "report", rows[i].id, CLOCK_NONE, title);
	}
	free(rows);
	q = sql(st,
	    "SELECT r.id, r.year, r.number, r.title FROM report r JOIN incident i ON i.id = "
	    "r.incident WHERE r.state = 'signed' AND i.state NOT IN ('closed', 'merged') AND "
	    "(?1 = 0 OR i.area = ?1) AND NOT EXISTS (SELECT 1 FROM report_delivery d WHERE "
	    "d.report = r.id AND d.confirmed = 1) ORDER BY r.id");
	sql_bind(q, "i", area);
	while (sql_row(q)) {
		snprintf(title, sizeof(title), "%d-%03d %s", (int)sql_int(q, 1), (int)sql_int(q, 2),
		    sql_text(q, 3));
		duty_item_add(items, "undelivered", sql_int(q, 0), CLOCK_NONE, title);
	}
	sql_done(q);
}

static void
collect_inbox(struct store *st, struct duty_items *items)
{
	struct inbox_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = incident_inbox(st, true, rows, ROWS_MAX);
	char title[300];

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "%s %s", rows[i].source, rows[i].title);
		duty_item_add(items, "inbox", rows[i].id, CLOCK_NONE, title);
	}
	inbox_rows_clear(rows, n);
	free(rows);
}

static void
collect_instructions(struct store *st, int64_t area, struct duty_items *items)
{
	struct instruction_filter f = {.open = true, .area = area};
	struct instruction_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = duty_instructions(st, &f, rows, ROWS_MAX);
	char title[480];

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "{kind.%s} %d-%03d {instruction.%s} %s  %s",
		    rows[i].kind, rows[i].year, rows[i].number, rows[i].state, rows[i].owner,
		    rows[i].text);
		duty_item_add(items, "instruction", rows[i].id, rows[i].due, title);
	}
	free(rows);
}

static void
collect_voice(struct store *st, int64_t area, struct duty_items *items)
{
	struct callout_row calls[16];
	struct roll_row rolls[16];
	struct swap_row swaps[16];
	size_t n = area ? 0 : duty_callouts(st, true, 0, calls, COUNT_OF(calls));
	char title[300];

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "%s {text.answered} %d/%d", calls[i].matter,
		    calls[i].answered, calls[i].targets);
		duty_item_add(items, "callout", calls[i].id, calls[i].next_due, title);
	}
	n = area ? 0 : duty_rolls(st, 0, rolls, COUNT_OF(rolls));
	for (size_t i = 0; i < n; i++) {
		if (rolls[i].closed != CLOCK_NONE)
			continue;
		snprintf(title, sizeof(title), "%s {text.unreached} %d/%d", rolls[i].list,
		    rolls[i].waiting + rolls[i].missed, rolls[i].units);
		duty_item_add(items, "roll", rolls[i].id, rolls[i].close_due, title);
	}
	n = area ? 0 : duty_swaps(st, true, swaps, COUNT_OF(swaps));
	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "{post.%s} %s {text.for} %s  %s", swaps[i].post,
		    swaps[i].substitute_name, swaps[i].name, swaps[i].why);
		duty_item_add(items, "swap", swaps[i].id, swaps[i].starts, title);
	}
}

/* Those with a limit first, the earliest on top; the order of collecting among the rest. */
static int
by_due(const void *a, const void *b)
{
	const struct handover_item *x = a, *y = b;

	if ((x->due == CLOCK_NONE) != (y->due == CLOCK_NONE))
		return x->due == CLOCK_NONE ? 1 : -1;
	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return x->n - y->n;
}

void
brief_collect(struct store *st, int64_t area, int64_t since, struct duty_items *out)
{
	*out = (struct duty_items){NULL, 0, 0};
	collect_clocks(st, area, out);
	collect_responses(st, out);
	collect_instructions(st, area, out);
	collect_orders(st, area, since, out);
	collect_reports(st, area, out);
	if (!area)
		collect_inbox(st, out);
	collect_voice(st, area, out);
	sections_write(st, area, false, NULL, out);
	collect_incidents(st, area, out);
	for (size_t i = 0; i < out->n; i++)
		out->list[i].n = (int)i;
	if (out->n)
		qsort(out->list, out->n, sizeof(*out->list), by_due);
	for (size_t i = 0; i < out->n; i++)
		out->list[i].n = (int)i + 1;
}

const char *
handover_kind_label(const char *kind)
{
	static const char *const labels[][2] = {{"clock", N_("report due")},
	    {"response", N_("response")}, {"instruction", N_("instruction")},
	    {"order", N_("order")}, {"orders", N_("orders")}, {"report", N_("unsigned report")},
	    {"undelivered", N_("no receipt")}, {"inbox", N_("new message")},
	    {"callout", N_("call-out")}, {"roll", N_("roll call")}, {"swap", N_("swap")},
	    {"incident", N_("open matter")}, {"alert", N_("alert")}, {"alarm", N_("alarm")},
	    {"silence", N_("silence")}};

	return i18n_label(labels, COUNT_OF(labels), kind);
}
