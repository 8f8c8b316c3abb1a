/*
 * The way of one target up its ladder:
 *
 *	calling --- answered, words read back ---------------------------------> answered
 *	   |  after two tries, or five minutes (duty.tick): the next contact
 *	   +--- no contact left -----------> exhausted ----- answered after all --> answered
 *
 * "No answer after 2 tries or 5 minutes: the next contact" (handbook 3.3). The five minutes are the
 * contact's own: they count from when it was offered to somebody who could dial, not from when the
 * one before it ran out. Where nobody looked for twenty minutes (no console, no sync) one step is
 * taken on waking, not four: a ladder that was climbed in the record only would have skipped people
 * who would have answered. A contact passed over without having been dialled is said to be so, and
 * at the end of the ladder the first of those is put up to be dialled still, without a limit of its
 * own; the target counts as exhausted all the same, so that the chief sees it.
 *
 * When the list's limit passes without an answer, that is a breach: it is written with the time of
 * the limit and stays, whatever comes later.
 */
#include "duty/inside.h"

#include <string.h>

static int64_t
take_rung(struct sql *q, struct rung *out)
{
	int64_t n = 0;

	memset(out, 0, sizeof(*out));
	if (sql_row(q)) {
		n = sql_int(q, 0);
		FIELD(out->name, q, 1);
		FIELD(out->post, q, 2);
		FIELD(out->phone, q, 3);
	}
	sql_done(q);
	return n;
}

/* The ladder is through: whoever was passed over is the one to dial now, if there is any. */
static bool
target_exhaust(struct store *st, int64_t target, struct rung *told)
{
	struct sql *q =
	    sql(st, "SELECT c.n, c.name, c.post, c.phone FROM call_contact c WHERE c.target = ?1 "
		    "AND NOT EXISTS (SELECT 1 FROM call_try r WHERE r.target = c.target AND r.n = "
		    "c.n) ORDER BY c.n LIMIT 1");
	int64_t n;

	sql_bind(q, "i", target);
	n = take_rung(q, told);
	q = sql(st, "UPDATE call_target SET state = 'exhausted', step_due = NULL, step = "
		    "coalesce(?2, step), step_tries = CASE WHEN ?2 IS NULL THEN step_tries ELSE 0 "
		    "END WHERE id = ?1");
	sql_bind(q, "iz", target, n);
	return sql_run(q);
}

bool
target_next(struct store *st, int64_t target, int64_t at, const char *why, struct next_rung *told)
{
	struct sql *q =
	    sql(st, "SELECT c.n, c.name, c.post, c.phone FROM call_contact c JOIN "
		    "call_target t ON t.id = c.target WHERE t.id = ?1 AND c.n > t.step AND "
		    "t.state = 'calling' ORDER BY c.n LIMIT 1");
	int64_t n;

	sql_bind(q, "i", target);
	n = take_rung(q, &told->to);
	told->left = n != 0;
	if (n == 0)
		return target_exhaust(st, target, &told->to);
	q = sql(
	    st, "UPDATE call_target SET step = ?2, step_tries = 0, step_due = ?3 WHERE id = ?1");
	sql_bind(q, "iii", target, n, at + callout_step_ms(st));
	if (!sql_run(q))
		return false;
	q = sql(st, "UPDATE call_contact SET since = ?3, why = ?4 WHERE target = ?1 AND n = ?2");
	sql_bind(q, "iiit", target, n, at, why);
	return sql_run(q);
}

void
say_rung(struct verb_call *call, const struct next_rung *next)
{
	if (next->left)
		call_say(call, _("next: %s %s %s"), next->to.post, next->to.name, next->to.phone);
	else if (*next->to.phone)
		call_say(call, _("its list is through; not dialled yet: %s %s %s"), next->to.post,
		    next->to.name, next->to.phone);
	else
		call_say(call, _("nobody is left on its list: the chief decides"));
}

static bool
open_target(struct verb_call *call, struct call_target *t, struct err *err)
{
	struct store *st = call_store(call);

	if (!duty_target(st, call_int(call, "target"), t))
		return err_set(err, ERR_NOT_FOUND, _("Nobody of that name is being called."));
	if (sql_one_int(
		st, "SELECT closed IS NOT NULL FROM callout WHERE id = ?1", 1, "i", t->callout))
		return err_set(err, ERR_STATE, _("That call-out is closed."));
	if (strcmp(t->state, "answered") == 0)
		return err_set(err, ERR_STATE, _("%s has answered already."), t->name);
	call_subject(call, "callout", t->callout);
	return call_touch_area(call, t->area ? t->area : store_area(st), err);
}

static bool
put_try(struct verb_call *call, const struct call_target *t, bool answered)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "INSERT INTO call_try (id, target, n, at, phone, answered, who, words, "
		    "caller, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");

	sql_bind(q,
	    "iiiititt"
	    "ti",
	    store_new_id(st), t->id, (int64_t)t->contact, call_now(call),
	    call_has(call, "number") ? call_text(call, "number") : t->phone, (int64_t)answered,
	    given(call, "by"), given(call, "words"), call_actor(call)->name, call_journal(call));
	return sql_run(q);
}

bool
run_callout_answer(struct verb_call *call, struct err *err)
{
	struct call_target t;
	bool late;
	struct sql *q;

	if (!open_target(call, &t, err) || !put_try(call, &t, true))
		return false;
	late = t.breached != CLOCK_NONE || call_now(call) > t.due;
	q = sql(call_store(call),
	    "UPDATE call_target SET state = 'answered', answered = ?2, who = ?3, "
	    "words = ?4, actions = ?5, step_due = NULL, breached = coalesce(breached, "
	    "?6) WHERE id = ?1");
	sql_bind(q, "iitttc", t.id, call_now(call), call_text(call, "by"), call_text(call, "words"),
	    given(call, "actions"), late ? t.due : CLOCK_NONE);
	call_say(call, _("%s answered: %s, read back: %s"), t.name, call_text(call, "by"),
	    call_text(call, "words"));
	if (call_has(call, "actions"))
		call_say(call, _("will: %s"), call_text(call, "actions"));
	if (late)
		call_say(call, _("past the limit: the breach stays on record"));
	return sql_run(q);
}

bool
run_callout_miss(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t tries = store_setting_int(st, "callout_tries", 2);
	struct call_target t;
	struct next_rung next;
	struct sql *q;

	if (!open_target(call, &t, err) || !put_try(call, &t, false))
		return false;
	q = sql(st, "UPDATE call_target SET step_tries = step_tries + 1 WHERE id = ?1");
	sql_bind(q, "i", t.id);
	if (!sql_run(q))
		return false;
	call_say(call, _("%s: no answer at %s, try %d"), t.name,
	    call_has(call, "number") ? call_text(call, "number") : t.phone, t.tries + 1);
	if (t.tries + 1 < tries)
		return true;
	if (!target_next(st, t.id, call_now(call), "tries", &next))
		return false;
	say_rung(call, &next);
	return true;
}

bool
run_callout_close(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct callout_row row;
	struct sql *q;

	if (!duty_callout(st, call_int(call, "callout"), &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such call-out."));
	if (row.closed != CLOCK_NONE)
		return err_set(err, ERR_STATE, _("That call-out is closed already."));
	if (row.answered < row.targets && !call_has(call, "why"))
		return err_set(err, ERR_REFUSED,
		    _("%d have not answered: call on, or say why it ends without them (why=)."),
		    row.targets - row.answered);
	q = sql(st, "UPDATE callout SET closed = ?2, close_why = ?3 WHERE id = ?1");
	sql_bind(q, "iit", row.id, call_now(call), given(call, "why"));
	call_subject(call, "callout", row.id);
	call_say(call, _("call-out closed: %s, %d of %d answered, %d past the limit"), row.matter,
	    row.answered, row.targets, row.breached);
	if (call_has(call, "why"))
		call_say(call, "%s", call_text(call, "why"));
	return sql_run(q);
}
