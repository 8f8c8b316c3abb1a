/*
 * The roster as people read it: a month, day by day, who begins a shift on it, who stands in for
 * whom. The rows themselves are the resource room's (shift, rotation); an approved swap writes one
 * more row that goes before them.
 */
#include "duty/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const duty_posts[DUTY_POSTS] = {"leader", "chief", "officer", "deputy", "standby"};

const char *
duty_post_label(const char *post)
{
	static const char *const labels[DUTY_POSTS] = {
	    N_("leader"), N_("chief"), N_("officer"), N_("deputy"), N_("standby")};

	for (size_t i = 0; i < DUTY_POSTS; i++)
		if (strcmp(duty_posts[i], post) == 0)
			return _(labels[i]);
	return strcmp(post, "town") == 0 ? _("leader in town") : post;
}

/* The turns of a rotation are "STARTS HOURS ID …" in its setting. */
static int64_t
turn_length(struct store *st, const char *post)
{
	char key[48], *p;
	const char *text;

	snprintf(key, sizeof(key), "rotation.%s", post);
	text = store_setting(st, key);
	if (!text)
		return 0;
	(void)strtoll(text, &p, 10);
	return strtoll(p, NULL, 10) * CLOCK_HOUR;
}

bool
duty_shift_at(
    struct store *st, const char *post, int64_t at, int64_t *person, int64_t *starts, int64_t *ends)
{
	struct sql *q;

	*person = resource_on_duty(st, post, at, ends);
	if (!*person)
		return false;
	q = sql(st, "SELECT starts FROM shift WHERE post = ?1 AND person = ?2 AND starts <= ?3 AND "
		    "ends = ?4 ORDER BY id DESC LIMIT 1");
	sql_bind(q, "tiii", post, *person, at, *ends);
	*starts = sql_row(q) ? sql_int(q, 0) : *ends - turn_length(st, post);
	sql_done(q);
	return true;
}

/* The shift of a post that begins on a day. */
static bool
shift_beginning(struct store *st, const char *post, int64_t day, int64_t *person, int64_t *starts,
    int64_t *ends)
{
	int64_t at = day;

	/* At most a few an ordinary day: from one end to the next start. */
	for (int i = 0; i < 8 && at < day + CLOCK_DAY; i++) {
		if (!duty_shift_at(st, post, at, person, starts, ends))
			return false;
		if (*starts >= day)
			return *starts < day + CLOCK_DAY;
		at = *ends;
	}
	return false;
}

static void
fill_swaps(struct store *st, struct roster_day *d)
{
	struct sql *q = sql(st, "SELECT post, state, substitute FROM swap WHERE starts >= ?1 AND "
				"starts < ?2 AND state <> 'refused'");

	sql_bind(q, "ii", d->day, d->day + CLOCK_DAY);
	while (sql_row(q)) {
		bool asked = strcmp(sql_text(q, 1), "asked") == 0;

		d->asked += asked;
		for (size_t p = 0; p < DUTY_POSTS; p++) {
			if (strcmp(duty_posts[p], sql_text(q, 0)) != 0)
				continue;
			d->asking[p] = d->asking[p] || asked;
			d->swapped[p] = d->swapped[p] || (!asked && d->person[p] == sql_int(q, 2));
		}
	}
	sql_done(q);
	q = sql(st, "SELECT d.why, coalesce(p.name, '') FROM double_lead d LEFT JOIN person p ON "
		    "p.id = d.person WHERE d.day = ?1");
	sql_bind(q, "i", d->day);
	if (sql_row(q)) {
		d->double_lead = true;
		FIELD(d->why, q, 0);
		FIELD(d->town, q, 1);
	}
	sql_done(q);
}

static void
fill_day(struct store *st, struct roster_day *d)
{
	for (size_t p = 0; p < DUTY_POSTS; p++) {
		int64_t person, starts, ends;

		if (!shift_beginning(st, duty_posts[p], d->day, &person, &starts, &ends))
			continue;
		d->person[p] = person;
		person_name(st, person, d->name[p], sizeof(d->name[p]));
		if (d->starts == CLOCK_NONE) {
			d->starts = starts;
			d->ends = ends;
		}
	}
	fill_swaps(st, d);
}

size_t
duty_roster(struct store *st, int year, int month, struct roster_day out[31])
{
	size_t n = 0;

	for (int day = 1; day <= 31; day++) {
		struct civil c = {.year = year, .month = month, .day = day};
		int64_t at = clock_from_civil(&c);

		clock_civil(at, &c);
		if (c.month != month)
			break;
		out[n] = (struct roster_day){.day = at, .starts = CLOCK_NONE, .ends = CLOCK_NONE};
		fill_day(st, &out[n++]);
	}
	return n;
}

static void
print_cell(struct buf *out, const char *text, int columns)
{
	int used = utf8_columns(text);

	buf_add(out, text);
	for (; used < columns; used++)
		buf_add_char(out, ' ');
}

static void
print_day(struct buf *out, const struct roster_day *d)
{
	static const char *const weekdays[] = {
	    N_("Sun"), N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat")};
	struct civil c;
	char cell[64];

	clock_civil(d->day, &c);
	snprintf(cell, sizeof(cell), "%02d-%02d %s", c.month, c.day, _(weekdays[c.weekday]));
	print_cell(out, cell, 12);
	for (size_t p = 0; p < DUTY_POSTS; p++) {
		snprintf(cell, sizeof(cell), "%s%s", or_dash(d->name[p]),
		    d->asking[p]    ? "?"
		    : d->swapped[p] ? "*"
				    : "");
		print_cell(out, cell, 8);
	}
	if (d->double_lead)
		buf_printf(out, "%s %s %s", _("double lead"), d->town, d->why);
	buf_add_char(out, '\n');
}

/* Each shift of a month asked away twice over; no county has a tenth of it. */
#define SWAPS_MAX (31 * DUTY_POSTS * 2)

/* Who stands in for whom, who approved it, and why (handbook 3.2). */
static void
print_swaps(struct store *st, const struct roster_day *first, const struct roster_day *last,
    struct buf *out)
{
	struct swap_row *swaps = mem_zero(SWAPS_MAX, sizeof(*swaps));
	size_t n = swaps_between(st, first->day, last->day + CLOCK_DAY, swaps, SWAPS_MAX);
	char at[40];

	for (size_t i = 0; i < n; i++) {
		const struct swap_row *w = &swaps[i];

		buf_printf(out, _("  %s %s: %s in place of %s, %s %s  %s\n"),
		    clock_format(at, sizeof(at), w->starts, CLOCK_MD), duty_post_label(w->post),
		    w->substitute_name, w->name, swap_state_label(w->state), w->approver, w->why);
		if (*w->remark)
			buf_printf(out, "    %s\n", w->remark);
	}
	free(swaps);
}

/* The telephone of everybody who stands in the month, once. */
static void
print_phones(struct store *st, const struct roster_day *days, size_t n, struct buf *out)
{
	int64_t seen[64];
	size_t known = 0;

	for (size_t i = 0; i < n * DUTY_POSTS && known < COUNT_OF(seen); i++) {
		int64_t person = days[i / DUTY_POSTS].person[i % DUTY_POSTS];
		bool again = person == 0;
		char *phone;

		for (size_t k = 0; k < known && !again; k++)
			again = seen[k] == person;
		if (again)
			continue;
		seen[known++] = person;
		phone = sql_one_text(
		    st, "SELECT coalesce(phone, '') FROM person WHERE id = ?1", "i", person);
		buf_printf(
		    out, "  %s %s", days[i / DUTY_POSTS].name[i % DUTY_POSTS], or_dash(phone));
		buf_add_char(out, known % 3 ? ' ' : '\n');
		free(phone);
	}
	if (known % 3)
		buf_add_char(out, '\n');
}

bool
duty_roster_text(struct store *st, int year, int month, struct buf *out)
{
	struct roster_day days[31];
	size_t n = duty_roster(st, year, month, days);
	char title[96];

	snprintf(title, sizeof(title), _("Roster %d-%02d"), year, month);
	add_head(out, st, title);
	print_cell(out, _("day of the month"), 12);
	for (size_t p = 0; p < DUTY_POSTS; p++)
		print_cell(out, duty_post_label(duty_posts[p]), 8);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < n; i++)
		print_day(out, &days[i]);
	buf_printf(
	    out, "%s\n", _("* stands in for another, approved   ? a swap waits for approval"));
	buf_printf(out, "\n%s\n", _("Swaps"));
	if (n)
		print_swaps(st, &days[0], &days[n - 1], out);
	buf_printf(out, "\n%s\n", _("Telephones"));
	print_phones(st, days, n, out);
	buf_printf(
	    out, "\n%s ____________    %s ____________\n", _("Drawn up by"), _("Approved by"));
	add_chain(out, st);
	return n > 0;
}
