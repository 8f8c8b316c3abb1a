/*
 * Who does not acknowledge an order is gone after (handbook 5.3: reminder, next contact, leader):
 *
 *	limit passes          1  whom it was issued to, once more
 *	+ chase_minutes       2  the first on their list with another telephone; nobody there: 3 at once
 *	+ chase_minutes       3  the leader on duty; the last step, and the order stays overdue
 *
 * The steps come by themselves (dispatch_tick); a reminder of the officer's gives whom it reached the
 * minutes anew, and from the second on takes the next step at once. Each step names whom to ring: the
 * program rings the bell, a person the telephone. A step is due from when the one before was told
 * to somebody who could dial: who looks after an hour finds one step taken, not three, so nobody is
 * passed over in the record only. A look within the minute, as consoles look, is in time.
 */
#include "dispatch/inside.h"

#include <stdio.h>
#include <string.h>

enum { REMIND = 1, CONTACT, LEADER };

static int64_t
chase_ms(struct store *st)
{
	return store_setting_int(st, "chase_minutes", 5) * CLOCK_MINUTE;
}

/* --- whom to ring ----------------------------------------------------------------------------- */

struct whom {
	int step;
	bool alone;	  /* there was no second contact to ring before */
	struct rung rung; /* name "" when nobody is known */
};

/* Whoever is listed besides the telephone that was dialled. */
static bool
other_contact(struct store *st, const struct order_row *o, struct rung *out)
{
	struct ladder l = {.n = 0};

	if (o->unit)
		resource_ladder_unit(st, o->unit, &l);
	else if (o->team)
		resource_ladder_team(st, o->team, &l);
	for (size_t i = 0; i < l.n; i++)
		if (strcmp(l.rung[i].phone, o->phone) != 0) {
			*out = l.rung[i];
			return true;
		}
	return false;
}

static void
leader_on_duty(struct store *st, int64_t at, struct rung *out)
{
	struct ladder l;

	resource_ladder_person(st, resource_on_duty(st, "leader", at, NULL), &l);
	if (l.n)
		*out = l.rung[0];
}

static void
whom_to_ring(struct store *st, const struct order_row *o, int step, int64_t at, struct whom *out)
{
	memset(out, 0, sizeof(*out));
	out->step = step;
	if (step == CONTACT && other_contact(st, o, &out->rung))
		return;
	if (step == REMIND) {
		fit_text(out->rung.name, sizeof(out->rung.name), *o->person ? o->person : o->dest);
		fit_text(out->rung.phone, sizeof(out->rung.phone), o->phone);
	} else {
		out->alone = step == CONTACT;
		out->step = LEADER;
		leader_on_duty(st, at, &out->rung);
	}
}

const char *
order_chase_label(int step)
{
	return step == REMIND	 ? _("ring again")
	       : step == CONTACT ? _("ring 2nd contact")
	       : step == LEADER	 ? _("tell the leader")
				 : "";
}

static void
say_whom(struct verb_call *call, const struct whom *w)
{
	if (w->alone)
		call_say(call, "%s", _("no second contact is on its list"));
	if (w->step == REMIND)
		call_say(call, _("remind: %s %s"), w->rung.name, w->rung.phone);
	else if (w->step == CONTACT)
		call_say(call, _("next: the second contact: %s %s %s"), w->rung.post, w->rung.name,
		    w->rung.phone);
	else
		call_say(call, _("next: tell the leader on duty: %s %s"),
		    *w->rung.name ? w->rung.name : _("none on the roster"), w->rung.phone);
}

/* --- the step --------------------------------------------------------------------------------- */

static bool
put_step(struct verb_call *call, int64_t order, const struct whom *w, int64_t from)
{
	struct store *st = call_store(call);
	struct sql *q = sql(st, "UPDATE orders SET chase = ?2, chase_due = ?3, chase_who = ?4, "
				"chase_phone = ?5 WHERE id = ?1");
	char text[64];

	sql_bind(q, "iictt", order, (int64_t)w->step,
	    w->step == LEADER ? CLOCK_NONE : from + chase_ms(st), w->rung.name, w->rung.phone);
	/* As codes: order_read.c says them in the reader's language. A township reads its orders' course: it has the leader's name there. */
	snprintf(text, sizeof(text), "%d %s", w->step, w->step == LEADER ? "" : w->rung.phone);
	return sql_run(q) && order_note(call, order, "chase", w->rung.name, text);
}

bool
order_chase_by_hand(struct verb_call *call, const struct order_row *o)
{
	struct store *st = call_store(call);
	int64_t again = call_now(call) + chase_ms(st);
	struct whom w;
	struct sql *q;

	if (o->acked != CLOCK_NONE)
		return true;
	if (o->reminders >= 1) {
		int step = o->chase < REMIND ? CONTACT : o->chase + 1;

		whom_to_ring(st, o, step, call_now(call), &w);
		say_whom(call, &w);
		return o->chase == LEADER || put_step(call, o->id, &w, call_now(call));
	}
	q = sql(st, "UPDATE orders SET chase_due = max(?2, ack_due) WHERE id = ?1 AND chase_due IS "
		    "NOT NULL");
	sql_bind(q, "ii", o->id, again);
	return sql_run(q);
}

bool
order_chase_from(struct verb_call *call, int64_t order, int64_t due)
{
	struct sql *q = sql(call_store(call),
	    "UPDATE orders SET chase = 0, chase_due = ?2, chase_who = NULL, chase_phone = NULL "
	    "WHERE id = ?1 AND acked IS NULL");

	sql_bind(q, "ic", order, due);
	return sql_run(q);
}

bool
verb_order_chase(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t now = call_now(call);
	struct order_row o;
	struct whom w;
	char no[16];

	if (!dispatch_order(st, call_int(call, "order"), &o))
		return err_set(err, ERR_NOT_FOUND, _("There is no such order."));
	if (o.chase_due == CLOCK_NONE || o.chase_due > now)
		return err_set(
		    err, ERR_STATE, _("Nothing is due.")); /* another console was quicker */
	call_subject(call, "order", o.id);
	call_incident(call, o.incident);
	whom_to_ring(st, &o, o.chase + 1, now, &w);
	order_no(&o, no);
	call_say(call, _("order %s: %s has not acknowledged"), no, o.dest);
	say_whom(call, &w);
	return put_step(call, o.id, &w, now - o.chase_due <= CLOCK_MINUTE ? o.chase_due : now);
}

/* --- by itself -------------------------------------------------------------------------------- */

bool
dispatch_tick(struct store *st, const struct actor *actor, struct err *err)
{
	return verb_run_due(st, actor,
	    sql(st, "SELECT id FROM orders WHERE chase_due <= ?1 ORDER BY chase_due, id LIMIT 50"),
	    "order.chase", "order", err);
}
