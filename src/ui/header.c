#include "ui/header.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "duty/duty.h"
#include "house/house.h"
#include "incident/incident.h"
#include "resource/resource.h"
#include "store/draft.h"
#include "store/link.h"
#include "store/scope.h"
#include "store/store.h"
#include "ui/age.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

/* Of each kind; more than that are many. */
#define LOOKED_AT 60
#define INBOX_LOOKED_AT 400

static void
read_crew(struct header *h, struct store *st, int64_t now)
{
	static const char *const posts[] = {"leader", "chief", "officer"};
	char *const names[] = {h->leader, h->chief, h->officer};

	for (size_t i = 0; i < COUNT_OF(posts); i++) {
		struct actor on;

		names[i][0] = '\0';
		if (house_on_duty(st, posts[i], now, &on))
			utf8_copy(names[i], sizeof(h->leader), on.name);
	}
}

/* Who sits here, unless the crew's names say it. */
static void
read_me(struct header *h, struct store *st, const struct actor *actor)
{
	char area[64];

	h->me[0] = '\0';
	if (strcmp(actor->name, h->leader) == 0 || strcmp(actor->name, h->chief) == 0 ||
	    strcmp(actor->name, h->officer) == 0)
		return;
	resource_area_name(st, actor->area, area, sizeof(area));
	cut_format(h->me, sizeof(h->me), "%s%s%s", actor->name,
	    actor->role == ROLE_TOWNSHIP ? " " : "", actor->role == ROLE_TOWNSHIP ? area : "");
}

/* One that failed last time, or has been silent too long, is bad. */
static void
read_links(struct header *h, struct store *st, int64_t now)
{
	struct link_row worst;
	char age[32];

	h->link[0] = '\0';
	h->link_bad = false;
	if (!link_silent(st, false, &worst))
		return;
	h->link_bad = link_is_down(worst.last_error, worst.last_ok, now);
	if (worst.last_ok == CLOCK_NONE)
		cut_format(h->link, sizeof(h->link), _("%s never"), worst.name);
	else
		cut_format(h->link, sizeof(h->link), h->link_bad ? _("%s down %s") : "%s %s",
		    worst.name, age_short(now - worst.last_ok, age, sizeof(age)));
}

static void
put_next(struct header *h, int64_t due, const char *no, const char *what, const char *who)
{
	h->next_due = due;
	utf8_copy(h->next_no, sizeof(h->next_no), age_number(no));
	utf8_copy(h->next_what, sizeof(h->next_what), what);
	utf8_copy(h->next_who, sizeof(h->next_who), who);
}

/* Of all clocks and limits the one that runs out first: past ones come first of all. */
static void
read_next(struct header *h, struct store *st, int64_t area)
{
	struct clock_filter clocks = {.open = true, .area = area, .due_before = CLOCK_NONE};
	struct order_filter orders = {
	    .open = true, .area = area, .overdue = false, .unacked = true};
	struct clock_row clock;
	struct order_row order;

	h->next_due = CLOCK_NONE;
	if (incident_clocks(st, &clocks, &clock, 1))
		put_next(h, clock.due, clock.incident_no, clock_kind_label(clock.kind), clock.dest);
	if (dispatch_orders(st, &orders, &order, 1) && order.due != CLOCK_NONE &&
	    (h->next_due == CLOCK_NONE || order.due < h->next_due))
		put_next(
		    h, order.due, order.incident_no, order_state_label(order.state), order.dest);
}

static void
add_matter(struct header *h, enum bell_kind kind, int64_t id, int stage)
{
	if (h->n_matters < HEADER_MATTERS)
		h->matters[h->n_matters++] =
		    (struct bell_matter){.kind = kind, .id = id, .stage = stage};
}

/* The room's own: what concerns a township comes to it as an order. */
static void
read_inbox(struct header *h, struct store *st)
{
	struct inbox_mark marks[INBOX_LOOKED_AT];
	size_t n = incident_inbox_marks(st, marks, INBOX_LOOKED_AT);

	for (size_t i = 0; i < n; i++) {
		enum bell_kind kind = marks[i].answer	? BELL_RED
				      : marks[i].urgent ? BELL_URGENT
							: BELL_INBOX;

		h->red += kind == BELL_RED;
		h->urgent += kind == BELL_URGENT;
		h->fresh += kind == BELL_INBOX;
		add_matter(h, kind, marks[i].id, 0);
	}
}

static void
read_clocks(struct header *h, struct store *st, int64_t area, int64_t now)
{
	struct clock_filter past = {.open = true, .area = area, .due_before = now};
	struct clock_row *rows;
	int64_t open, next;
	size_t n;

	incident_clock_counts(st, area, &h->overdue, &open, &next);
	if (!h->overdue)
		return;
	rows = mem_zero(LOOKED_AT, sizeof(*rows));
	n = incident_clocks(st, &past, rows, LOOKED_AT);
	for (size_t i = 0; i < n; i++)
		add_matter(h, BELL_CLOCK, rows[i].id, 0);
	free(rows);
}

/* Whoever an order is for hears it at once, the room when a limit has passed. */
static void
read_orders(struct header *h, struct store *st, int64_t area)
{
	struct order_filter f = {.open = true, .area = area, .overdue = !area, .unacked = area};
	struct dispatch_counts orders;
	struct order_row *rows;
	size_t n;

	dispatch_count(st, area, &orders);
	h->overdue += orders.finish_overdue;
	h->unacked = orders.unacked;
	if (area ? !orders.unacked : !orders.finish_overdue && !orders.ack_overdue)
		return;
	rows = mem_zero(LOOKED_AT, sizeof(*rows));
	n = dispatch_orders(st, &f, rows, LOOKED_AT);
	for (size_t i = 0; i < n; i++)
		add_matter(
		    h, BELL_ORDER, rows[i].id, rows[i].acked == CLOCK_NONE ? rows[i].chase : 0);
	free(rows);
}

static void
read_duty(struct header *h, struct store *st, int64_t area)
{
	struct duty_counts duty;
	int64_t ids[LOOKED_AT];
	size_t n;

	duty_count(st, area, &duty);
	h->uncalled = duty.breached + duty.missed;
	h->overdue += duty.overdue;
	h->handing_over = duty.handing_over;
	h->unopened = duty.unopened;
	n = h->uncalled ? duty_unanswered(st, area, ids, LOOKED_AT) : 0;
	for (size_t i = 0; i < n; i++)
		add_matter(h, BELL_CALL, ids[i], 0);
	n = duty.overdue ? duty_instructions_late(st, area, ids, LOOKED_AT) : 0;
	for (size_t i = 0; i < n; i++)
		add_matter(h, BELL_INSTRUCTION, ids[i], 0);
}

static void
read_drafts(struct header *h, struct store *st, const struct actor *actor)
{
	struct draft_info left[32];
	size_t n = draft_list(st, actor->person, left, COUNT_OF(left));

	h->calls = h->drafts = 0;
	for (size_t i = 0; i < n; i++)
		if (strncmp(left[i].form, "intake", 6) == 0 ||
		    strncmp(left[i].form, "call.", 5) == 0)
			h->calls++;
		else
			h->drafts++;
}

void
header_load(struct header *h, struct store *st, const struct actor *actor)
{
	int64_t now = clock_now(), area = scope_of(actor);
	const char *county = store_setting(st, "county_name"), *drill;

	if (county)
		utf8_copy(h->county, sizeof(h->county), county);
	else
		resource_area_name(st, store_area(st), h->county, sizeof(h->county));
	drill = store_setting(st, "drill");
	h->drill = drill && *drill && strcmp(drill, "0") != 0;
	h->read_only = store_is_read_only(st);
	read_crew(h, st, now);
	read_me(h, st, actor);
	h->red = h->urgent = h->fresh = 0;
	h->n_matters = 0;
	read_clocks(h, st, area, now);
	read_orders(h, st, area);
	read_duty(h, st, area);
	read_next(h, st, area);
	if (!area)
		read_inbox(h, st);
	h->outbox = outbox_waiting(st);
	read_drafts(h, st, actor);
	read_links(h, st, now);
}

/* --- drawing ----------------------------------------------------------------------------- */

struct part {
	char text[160];
	enum style style;
	int drop; /* the highest goes first, 0 stays */
	bool right;
};

#define PARTS_MAX 20

struct parts {
	struct part items[PARTS_MAX];
	size_t n;
};

static struct part *
add(struct parts *p, enum style style, int drop, bool right)
{
	struct part *part = &p->items[p->n++];

	part->style = style;
	part->drop = drop;
	part->right = right;
	part->text[0] = '\0';
	return part;
}

static void
add_time(struct parts *p)
{
	static const char *const days[] = {
	    N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat")};
	struct civil now;
	struct part *part = add(p, STYLE_FAINT, 3, false);

	clock_civil(clock_now(), &now);
	cut_format(part->text, sizeof(part->text), "%02d-%02d %s", now.month, now.day,
	    _(days[now.weekday]));
	part = add(p, STYLE_STRONG, 0, false);
	cut_format(part->text, sizeof(part->text), "%02d:%02d", now.hour, now.minute);
}

static void
add_person(struct parts *p, const char *post, const char *name, int drop)
{
	struct part *part;

	if (!*name)
		return;
	part = add(p, STYLE_NORMAL, drop, false);
	cut_format(part->text, sizeof(part->text), "%s %s", post, name);
}

static void
add_count(struct parts *p, enum style style, int drop, int64_t count, const char *format)
{
	struct part *part;

	if (count <= 0)
		return;
	part = add(p, style, drop, true);
	cut_format(part->text, sizeof(part->text), "%lld %s", (long long)count, format);
}

static void
add_word(struct parts *p, enum style style, int drop, bool right, const char *word)
{
	if (*word)
		utf8_copy(add(p, style, drop, right)->text, sizeof(p->items[0].text), word);
}

static void
collect(const struct header *h, struct parts *p)
{
	if (h->drill)
		add_word(p, STYLE_BAR, 0, false, _(" DRILL "));
	add_word(p, STYLE_STRONG, 5, false, h->county);
	add_time(p);
	add_word(p, STYLE_STRONG, 0, false, h->me);
	add_person(p, _("leader"), h->leader, 6);
	add_person(p, _("chief"), h->chief, 7);
	add_person(p, _("officer"), h->officer, 4);
	if (h->handing_over || h->unopened)
		add_word(p, STYLE_SOON, 3, true,
		    h->handing_over ? _("handover") : _("shift not taken over"));
	if (h->read_only)
		add_word(p, STYLE_URGENT, 0, true, _("READ ONLY"));
	add_word(p, STYLE_URGENT, 0, true, h->trouble);
	add_count(p, STYLE_URGENT, 0, h->red, _("RED"));
	add_count(p, STYLE_URGENT, 0, h->urgent, _("urgent"));
	add_count(p, STYLE_URGENT, 0, h->overdue, _("overdue"));
	add_count(p, STYLE_URGENT, 0, h->uncalled, _("uncalled"));
	add_count(p, STYLE_SOON, 0, h->unacked, _("unacked"));
	add_count(p, STYLE_SOON, 0, h->calls, _("half-taken"));
	add_count(p, STYLE_SOON, 2, h->fresh, _("to read"));
	add_count(p, STYLE_SOON, 1, h->outbox, _("to send"));
	add_count(p, STYLE_NORMAL, 5, h->drafts, _("unfinished"));
	add_word(p, h->link_bad ? STYLE_URGENT : STYLE_FAINT, h->link_bad ? 1 : 8, true, h->link);
}

static int
width(const struct parts *p)
{
	int sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += draw_columns(p->items[i].text) + 2;
	return sum;
}

static void
fit(struct parts *p, int columns)
{
	while (width(p) > columns) {
		size_t worst = p->n;

		for (size_t i = 0; i < p->n; i++)
			if (p->items[i].drop &&
			    (worst == p->n || p->items[i].drop > p->items[worst].drop))
				worst = i;
		if (worst == p->n)
			return;
		memmove(&p->items[worst], &p->items[worst + 1],
		    (p->n - worst - 1) * sizeof(p->items[0]));
		p->n--;
	}
}

void
header_draw(const struct header *h, int y, int columns)
{
	struct parts p = {.n = 0};
	int left = 1, right = columns - 1;

	collect(h, &p);
	fit(&p, columns - 1);
	for (size_t i = 0; i < p.n; i++)
		if (!p.items[i].right)
			left +=
			    draw_text(y, left, columns - left, p.items[i].text, p.items[i].style) +
			    2;
	for (size_t i = p.n; i-- > 0;) {
		if (!p.items[i].right)
			continue;
		right -= draw_columns(p.items[i].text);
		draw_text(y, right, columns - right, p.items[i].text, p.items[i].style);
		right -= 2;
	}
}
