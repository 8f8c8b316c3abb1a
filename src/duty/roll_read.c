/* Reading roll calls, and their result as a paper and as comma-separated values. */
#include "duty/inside.h"

#include "store/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNITS_MAX 300

#define COLUMNS                                                                                    \
	"SELECT r.id, r.at, r.close_due, r.closed, r.list, r.caller, count(u.id),"                 \
	" sum(u.state = 'waiting'), sum(u.state = 'missed'), sum(u.state = 'present'),"            \
	" sum(u.state = 'late'), sum(EXISTS (SELECT 1 FROM roll_try t WHERE t.roll_unit = u.id "   \
	"AND t.answered = 1 AND t.off_post = 1)) FROM roll r LEFT JOIN roll_unit u ON u.roll = "   \
	"r.id"

static void
fill(struct sql *q, void *row)
{
	struct roll_row *out = row;

	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	out->at = sql_int(q, 1);
	out->close_due = sql_time(q, 2);
	out->closed = sql_time(q, 3);
	FIELD(out->list, q, 4);
	FIELD(out->caller, q, 5);
	out->units = (int)sql_int(q, 6);
	out->waiting = (int)sql_int(q, 7);
	out->missed = (int)sql_int(q, 8);
	out->present = (int)sql_int(q, 9);
	out->late = (int)sql_int(q, 10);
	out->off_post = (int)sql_int(q, 11);
}

size_t
duty_rolls(struct store *st, int64_t before, struct roll_row *out, size_t max)
{
	struct sql *q = sql(
	    st, COLUMNS " WHERE (?1 = 0 OR r.id < ?1) GROUP BY r.id ORDER BY r.id DESC LIMIT ?2");

	sql_bind(q, "ii", before, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}

bool
duty_roll(struct store *st, int64_t id, struct roll_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE r.id = ?1 GROUP BY r.id");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill);
}

const char *
roll_state_label(const char *state)
{
	if (strcmp(state, "waiting") == 0)
		return _("to be called");
	if (strcmp(state, "missed") == 0)
		return _("no answer");
	return strcmp(state, "late") == 0 ? _("reached later") : _("on post");
}

/* The answer that counts is the last one; the time of the first try, the tries in all. */
static void
fill_tries(struct store *st, struct roll_unit *u)
{
	struct sql *q =
	    sql(st, "SELECT at, number, answered, who, seconds, off_post, leader, knows, "
		    "remark, way, fix FROM roll_try WHERE roll_unit = ?1 ORDER BY id");

	sql_bind(q, "i", u->id);
	while (sql_row(q)) {
		if (u->first == CLOCK_NONE)
			u->first = sql_int(q, 0);
		u->tries++;
		FIELD(u->number, q, 1);
		FIELD(u->way, q, 9);
		if (!sql_int(q, 2))
			continue;
		u->answered = sql_int(q, 0);
		FIELD(u->by, q, 3);
		u->seconds = (int)sql_int(q, 4);
		u->off_post = sql_int(q, 5) != 0;
		FIELD(u->leader, q, 6);
		FIELD(u->knows, q, 7);
		FIELD(u->remark, q, 8);
		FIELD(u->fix, q, 10);
	}
	sql_done(q);
}

size_t
duty_roll_units(struct store *st, int64_t roll, int64_t area, struct roll_unit *out, size_t max)
{
	/* Those to be called again stand on top, then those not called yet. */
	struct sql *q = sql(st,
	    "SELECT id, roll, unit, area, name, phone, state FROM roll_unit WHERE roll = ?1 AND "
	    "(?2 = "
	    "0 OR area = ?2) ORDER BY state = 'missed' DESC, state = 'waiting' DESC, n LIMIT ?3");
	size_t n = 0;

	sql_bind(q, "iii", roll, area, (int64_t)max);
	while (n < max && sql_row(q)) {
		struct roll_unit *u = &out[n++];

		memset(u, 0, sizeof(*u));
		u->id = sql_int(q, 0);
		u->roll = sql_int(q, 1);
		u->unit = sql_int(q, 2);
		u->area = sql_int(q, 3);
		FIELD(u->name, q, 4);
		FIELD(u->phone, q, 5);
		FIELD(u->state, q, 6);
		u->first = u->answered = CLOCK_NONE;
	}
	sql_done(q);
	for (size_t i = 0; i < n; i++)
		fill_tries(st, &out[i]);
	return n;
}

/* A line of its own below the unit, indented; an empty one to be written on by hand where `blank`. */
static void
write_more(struct buf *out, const char *label, const char *text, bool blank)
{
	if (*text || blank)
		buf_printf(out, _("      %s: %s\n"), label, *text ? text : "____________________");
}

/* How, which number, after how many tries; who answered, whether they were on post and knew; what is to be mended. */
static void
write_unit(struct buf *out, const struct roll_unit *u)
{
	char at[40];

	buf_printf(out, "  %s  %s%s%s%s\n", roll_state_label(u->state), u->name,
	    u->off_post ? _("  NOT ON POST") : "", u->tries ? "" : "  ", u->tries ? "" : u->phone);
	if (!u->tries)
		return;
	buf_printf(out, _("      %s  %s %s, tries: %d"),
	    clock_format(
		at, sizeof(at), u->answered == CLOCK_NONE ? u->first : u->answered, CLOCK_HM),
	    command_choice_label(u->way), u->number, u->tries);
	if (u->answered != CLOCK_NONE)
		buf_printf(out, _(", answered by %s"), u->by);
	if (u->seconds)
		buf_printf(out, _(" after %d s"), u->seconds);
	buf_add_char(out, '\n');
	write_more(out, _("leader on duty"), u->leader, false);
	write_more(out, _("what it knows"), u->knows, false);
	write_more(out, _("remark"), u->remark, false);
	write_more(out, _("to put right"), u->fix,
	    u->off_post || u->answered == CLOCK_NONE || strcmp(u->state, "late") == 0);
}

bool
duty_roll_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct roll_unit *units;
	struct roll_row row;
	char a[40];
	size_t n;

	if (!duty_roll(st, id, &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such roll call."));
	add_head(out, st, _("Roll call"));
	buf_printf(out, _("%s  begun %s by %s\n"), row.list,
	    clock_format(a, sizeof(a), row.at, CLOCK_YMD_HM), row.caller);
	paper_time(out, _("to be closed"), row.close_due);
	paper_time(out, _("ended at"), row.closed);
	buf_printf(out,
	    ngettext("%d unit: %d at the first try, %d later, %d not reached, %d off post\n\n",
		"%d units: %d at the first try, %d later, %d not reached, %d off post\n\n",
		(unsigned long)row.units),
	    row.units, row.present, row.late, row.waiting + row.missed, row.off_post);
	units = mem_zero(UNITS_MAX, sizeof(*units));
	n = duty_roll_units(st, id, 0, units, UNITS_MAX);
	for (size_t i = 0; i < n; i++)
		write_unit(out, &units[i]);
	free(units);
	add_signatures(out);
	add_signature(out, _("roll called by"), row.caller);
	add_signature(out, duty_post_label("chief"), "");
	add_chain(out, st);
	return true;
}

bool
duty_roll_csv(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	static const char *const heads[] = {N_("unit"), N_("time"), N_("number dialled"), N_("way"),
	    N_("answered"), N_("answered by"), N_("seconds"), N_("on post"), N_("leader on duty"),
	    N_("what it knows"), N_("remark"), N_("to put right"), N_("dialled by")};
	struct roll_row row;
	struct sql *q;

	if (!duty_roll(st, id, &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such roll call."));
	for (size_t i = 0; i < COUNT_OF(heads); i++)
		csv_field(out, _(heads[i]), i + 1 == COUNT_OF(heads));
	q = sql(st,
	    "SELECT u.name, t.at, t.number, t.way, t.answered, t.who, t.seconds, t.off_post, "
	    "t.leader, t.knows, t.remark, t.fix, t.caller FROM roll_unit u LEFT JOIN roll_try t ON "
	    "t.roll_unit = u.id WHERE u.roll = ?1 ORDER BY u.n, t.id");
	sql_bind(q, "i", id);
	while (sql_row(q))
		for (size_t i = 0; i < COUNT_OF(heads); i++) {
			char at[40];
			const char *text = sql_text(q, (int)i);

			if (i == 1)
				text = sql_null(q, 1) ? ""
						      : clock_format(at, sizeof(at), sql_int(q, 1),
							    CLOCK_YMD_HM);
			else if (i == 3)
				text = command_choice_label(text);
			else if ((i == 4 || i == 7) && !sql_null(q, 4))
				text = (sql_int(q, (int)i) != 0) == (i == 4) ? _("yes") : _("no");
			if ((i == 7 && !sql_int(q, 4)) || (i == 6 && !sql_int(q, 6)))
				text = "";
			csv_field(out, text, i + 1 == COUNT_OF(heads));
		}
	sql_done(q);
	return !out->full;
}
