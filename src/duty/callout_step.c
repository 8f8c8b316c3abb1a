/*
 * The way of one target up its ladder:
 *
 *	calling --- answered, words read back ---------------------------------> answered
 *	   |  after two tries, or five minutes (duty.tick): the next contact
 *	   +--- no contact left -----------> exhausted ----- answered after all --> answered
 *
 * When the list's limit passes without an answer, that is a breach: it is written with the time of
 * the limit and stays, whatever comes later.
 */
#include "duty/inside.h"

#include <string.h>

bool
target_next(struct store *st, int64_t target, int64_t at, const char *why, struct rung *told)
{
	struct sql *q =
	    sql(st, "SELECT c.n, c.name, c.post, c.phone FROM call_contact c JOIN "
		    "call_target t ON t.id = c.target WHERE t.id = ?1 AND c.n > t.step ORDER "
		    "BY c.n LIMIT 1");
	int64_t n = 0;

	memset(told, 0, sizeof(*told));
	sql_bind(q, "i", target);
	if (sql_row(q)) {
		n = sql_int(q, 0);
		FIELD(told->name, q, 1);
		FIELD(told->post, q, 2);
		FIELD(told->phone, q, 3);
	}
	sql_done(q);
	if (n == 0) {
		q = sql(st,
		    "UPDATE call_target SET state = 'exhausted', step_due = NULL WHERE id = ?1");
		sql_bind(q, "i", target);
		return sql_run(q);
	}
	q = sql(
	    st, "UPDATE call_target SET step = ?2, step_tries = 0, step_due = ?3 WHERE id = ?1");
	sql_bind(q, "iii", target, n, at + callout_step_ms(st));
	if (!sql_run(q))
		return false;
	q = sql(st, "UPDATE call_contact SET since = ?3, why = ?4 WHERE target = ?1 AND n = ?2");
	sql_bind(q, "iiit", target, n, at, why);
	return sql_run(q);
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
	struct rung next;
	struct sql *q;

	if (!open_target(call, &t, err) || !put_try(call, &t, false))
		return false;
	q = sql(st, "UPDATE call_target SET step_tries = step_tries + 1 WHERE id = ?1");
	sql_bind(q, "i", t.id);
	if (!sql_run(q))
		return false;
	call_say(call, _("%s: no answer at %s, try %d"), t.name,
	    call_has(call, "number") ? call_text(call, "number") : t.phone, t.tries + 1);
	if (strcmp(t.state, "exhausted") == 0 || t.tries + 1 < tries)
		return true;
	if (!target_next(st, t.id, call_now(call), "tries", &next))
		return false;
	if (*next.phone)
		call_say(call, _("next: %s %s %s"), next.post, next.name, next.phone);
	else
		call_say(call, _("nobody is left on its list: the chief decides"));
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
