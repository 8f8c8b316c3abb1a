/*
 * What falls due happens, with the time at which it was due, however late somebody looks; only the
 * ladder of a call does not climb more than a step at a late look. Due times are columns with an
 * index; a look when nothing is due costs four of them.
 */
#include "duty/inside.h"

#include <string.h>

/* ?1 now. A limit of an instruction counts until its reminder is written. */
#define REMINDERS                                                                                  \
	" FROM instruction n WHERE n.state <> 'closed' AND n.state <> 'reported' AND NOT EXISTS "  \
	"(SELECT 1 FROM instruction_step s WHERE s.instruction = n.id AND s.kind = "

static int64_t
earlier(int64_t a, int64_t b)
{
	if (a == CLOCK_NONE)
		return b;
	return b == CLOCK_NONE || a < b ? a : b;
}

static int64_t
first_of(struct sql *q)
{
	int64_t at = sql_row(q) ? sql_time(q, 0) : CLOCK_NONE;

	sql_done(q);
	return at;
}

int64_t
duty_next_due(struct store *st)
{
	struct sql *q;
	int64_t at =
	    first_of(sql(st, "SELECT min(t.step_due) FROM call_target t JOIN callout c ON c.id = "
			     "t.callout WHERE t.state = 'calling' AND c.closed IS NULL"));

	at = earlier(
	    at, first_of(sql(st,
		    "SELECT min(t.due) FROM call_target t JOIN callout c ON c.id = t.callout WHERE "
		    "t.breached IS NULL AND t.state <> 'answered' AND c.closed IS NULL")));
	at = earlier(at, first_of(sql(st, "SELECT min(n.due)" REMINDERS "'overdue')")));
	at = earlier(at, first_of(sql(st, "SELECT min(n.relay_due)" REMINDERS
					  "'relay_late') AND n.state = 'registered'")));
	q = sql(st, "SELECT min(n.due - ?1)" REMINDERS "'due_soon') AND n.due - ?1 > n.at");
	sql_bind(q, "i", (int64_t)REMIND_BEFORE);
	return earlier(at, first_of(q));
}

/* --- calls ------------------------------------------------------------------------------------ */

/* The first target whose contact has had its minutes. */
static bool
due_step(struct store *st, int64_t now, struct call_target *out)
{
	struct sql *q =
	    sql(st, "SELECT t.id, t.name, t.step_due, t.step_tries FROM call_target t JOIN callout "
		    "c ON c.id "
		    "= t.callout WHERE t.state = 'calling' AND c.closed IS NULL AND t.step_due "
		    "<= ?1 ORDER BY t.step_due, t.id LIMIT 1");
	bool found;

	sql_bind(q, "i", now);
	found = sql_row(q);
	if (found) {
		memset(out, 0, sizeof(*out));
		out->id = sql_int(q, 0);
		FIELD(out->name, q, 1);
		out->step_due = sql_int(q, 2);
		out->tries = (int)sql_int(q, 3);
	}
	sql_done(q);
	return found;
}

static void
say_step(
    struct verb_call *call, const struct call_target *t, const struct next_rung *next, int64_t from)
{
	char at[40], since[40];

	clock_format(at, sizeof(at), t->step_due, CLOCK_HMS);
	call_say(call, t->tries ? _("%s  %s: no answer in time") : _("%s  %s: not dialled in time"),
	    at, t->name);
	say_rung(call, next);
	if (next->left && from != t->step_due)
		call_say(call, _("from %s on, for nobody looked before"),
		    clock_format(since, sizeof(since), from, CLOCK_HMS));
}

/*
 * One step for each target at most: the next contact has its minutes before it (callout_step.c). A
 * look within the minute, as consoles look, is in time, and the times of the ladder do not drift.
 */
static bool
steps(struct verb_call *call, int *done)
{
	struct store *st = call_store(call);
	int64_t now = call_now(call);
	struct call_target t;
	struct next_rung next;

	while (due_step(st, now, &t)) {
		int64_t from = now - t.step_due <= CLOCK_MINUTE ? t.step_due : now;

		if (!target_next(st, t.id, from, t.tries ? "minutes" : "undialled", &next))
			return false;
		++*done;
		say_step(call, &t, &next, from);
	}
	return true;
}

static bool
breaches(struct verb_call *call, int *done)
{
	struct store *st = call_store(call);
	struct buf names = BUF_MAX(2000);
	struct sql *q =
	    sql(st, "SELECT t.name, t.due FROM call_target t JOIN callout c ON c.id = t.callout "
		    "WHERE t.breached IS NULL AND t.state <> 'answered' AND c.closed IS NULL AND "
		    "t.due <= ?1 ORDER BY t.due, t.id");
	int n = 0;

	sql_bind(q, "i", call_now(call));
	while (sql_row(q))
		if (n++ < 20)
			buf_printf(&names, "%s%s", n > 1 ? " " : "", sql_text(q, 0));
	sql_done(q);
	if (n)
		call_say(call, _("limit passed without answer: %d (%s%s)"), n, buf_str(&names),
		    n > 20 ? " ..." : "");
	buf_clear(&names);
	*done += n;
	q = sql(st,
	    "UPDATE call_target SET breached = due WHERE breached IS NULL AND state <> 'answered' "
	    "AND due <= ?1 AND callout IN (SELECT id FROM callout WHERE closed IS NULL)");
	sql_bind(q, "i", call_now(call));
	return n == 0 || sql_run(q);
}

/* --- instructions ----------------------------------------------------------------------------- */

struct reminder {
	int64_t id, at;
	int year, number;
	char owner[96];
};

static bool
next_reminder(struct sql *q, struct reminder *r)
{
	bool found = sql_row(q);

	if (found) {
		r->id = sql_int(q, 0);
		r->at = sql_int(q, 1);
		r->year = (int)sql_int(q, 2);
		r->number = (int)sql_int(q, 3);
		FIELD(r->owner, q, 4);
	}
	sql_done(q);
	return found;
}

static struct sql *
ask_reminder(struct store *st, size_t which, int64_t now)
{
	struct sql *q =
	    which == 0
		? sql(st, "SELECT n.id, n.relay_due, n.year, n.number, n.owner" REMINDERS
			  "'relay_late') AND n.state = 'registered' AND n.relay_due <= ?1 LIMIT 1")
	    : which == 1 ? sql(st, "SELECT n.id, n.due - ?2, n.year, n.number, n.owner" REMINDERS
				   "'due_soon') AND n.due - ?2 > n.at AND n.due - ?2 <= ?1 LIMIT 1")
			 : sql(st, "SELECT n.id, n.due, n.year, n.number, n.owner" REMINDERS
				   "'overdue') AND n.due <= ?1 LIMIT 1");

	if (which == 1)
		sql_bind(q, "ii", now, (int64_t)REMIND_BEFORE);
	else
		sql_bind(q, "i", now);
	return q;
}

static bool
reminders(struct verb_call *call, int *done)
{
	static const char *const kinds[] = {"relay_late", "due_soon", "overdue"};
	struct reminder r;

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		while (next_reminder(ask_reminder(call_store(call), i, call_now(call)), &r)) {
			if (!instruction_note(call, r.id, r.at, kinds[i], call_actor(call)->name,
				r.owner, NULL, NULL))
				return false;
			++*done;
			call_say(call,
			    i == 0 ? _("instruction %d-%03d: %s has not been told in time")
			    : i == 1
				? _("instruction %d-%03d: feedback of %s is due in half an hour")
				: _("instruction %d-%03d: the limit of %s has passed"),
			    r.year, r.number, r.owner);
		}
	return true;
}

bool
run_tick(struct verb_call *call, struct err *err)
{
	int done = 0;

	if (!steps(call, &done) || !breaches(call, &done) || !reminders(call, &done))
		return false;
	/* Another console was quicker. */
	return done > 0 || err_set(err, ERR_STATE, _("Nothing is due."));
}

bool
duty_tick(struct store *st, struct err *err)
{
	struct verb_result result = {.said = NULL};
	struct err why = ERR_NONE;
	int64_t due = duty_next_due(st);
	struct actor system;
	json_t *args;
	bool ok;

	if (due == CLOCK_NONE || due > clock_now() || store_is_read_only(st))
		return true;
	actor_system(&system, "tick");
	args = json_object();
	ok = verb_run(st, &system, "duty.tick", args, &result, &why);
	json_decref(args);
	verb_result_clear(&result);
	if (ok || why.code == ERR_STATE) {
		err_clear(&why);
		return true;
	}
	return err_move(err, &why);
}
