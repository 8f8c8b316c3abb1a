/*
 * Swaps 换班 and 双带班 days. A swap is asked, then approved or refused by somebody else; approval
 * writes a roster row over the same hours, which goes before the older one. Nothing is taken out of
 * the roster: who was meant to stand stays to be seen.
 */
#include "duty/inside.h"

#include <stdio.h>
#include <string.h>

#define DAYS_MAX 31

bool
run_double(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t from = clock_day_start(call_time(call, "from")), to = from;
	char a[40], b[40], name[32];
	struct sql *q;

	if (call_has(call, "to"))
		to = clock_day_start(call_time(call, "to"));
	if (to < from || to - from >= DAYS_MAX * CLOCK_DAY)
		return err_set(err, ERR_INPUT, _("Give the days in order, at most %d."), DAYS_MAX);
	for (int64_t day = from; day <= to; day += CLOCK_DAY) {
		q = sql(st, "INSERT INTO double_lead (day, why, person, journal) VALUES (?1, ?2, "
			    "?3, ?4) ON CONFLICT (day) DO UPDATE SET why = ?2, person = ?3");
		sql_bind(q, "itzi", day, call_text(call, "why"), call_int(call, "person"),
		    call_journal(call));
		if (!sql_run(q))
			return false;
	}
	person_name(st, call_int(call, "person"), name, sizeof(name));
	call_say(call, _("double lead from %s to %s: %s %s"),
	    clock_format(a, sizeof(a), from, CLOCK_MD), clock_format(b, sizeof(b), to, CLOCK_MD),
	    call_text(call, "why"), name);
	return true;
}

/* --- asking ---------------------------------------------------------------------------------- */

/* The shift of the post on the day that is meant: the one that begins on it, else the running one.
 */
static bool
meant_shift(struct verb_call *call, int64_t *person, int64_t *starts, int64_t *ends)
{
	struct store *st = call_store(call);
	const char *post = call_text(call, "post");
	int64_t at = call_now(call);

	if (call_has(call, "day")) {
		/* A day alone is its midnight; the shift that begins on it starts later. */
		at = call_time(call, "day");
		if (at == clock_day_start(at) &&
		    duty_shift_at(st, post, at, person, starts, ends) && *starts < at)
			at = *ends;
	}
	return duty_shift_at(st, post, at, person, starts, ends);
}

static const char *
hours(char out[64], int64_t starts, int64_t ends)
{
	char a[40], b[40];

	snprintf(out, 64, "%s - %s", clock_format(a, sizeof(a), starts, CLOCK_MD_HM),
	    clock_format(b, sizeof(b), ends, CLOCK_MD_HM));
	return out;
}

static bool
may_stand_in(struct verb_call *call, int64_t substitute, int64_t person, int64_t starts,
    int64_t ends, struct err *err)
{
	struct store *st = call_store(call);
	const char *post = call_text(call, "post");
	unsigned role =
	    (unsigned)sql_one_int(st, "SELECT role FROM person WHERE id = ?1", 0, "i", substitute);

	if (substitute == person)
		return err_set(err, ERR_INPUT, _("That person has the shift already."));
	if (role & (ROLE_TOWNSHIP | ROLE_AUDITOR))
		return err_set(err, ERR_INPUT, _("That person does not belong to the duty room."));
	if (strcmp(post, "leader") == 0 && !(role & ROLE_LEADER))
		return err_set(err, ERR_INPUT, _("A leader's shift is taken by a leader."));
	if (strcmp(post, "chief") == 0 && !(role & (ROLE_CHIEF | ROLE_LEADER)))
		return err_set(err, ERR_INPUT, _("A chief's shift is taken by a chief."));
	if (sql_one_int(st,
		"SELECT count(*) FROM swap WHERE post = ?1 AND starts = ?2 AND ends = ?3 "
		"AND state = 'asked'",
		0, "tii", post, starts, ends))
		return err_set(
		    err, ERR_STATE, _("A swap of this shift waits for approval already."));
	return true;
}

bool
run_swap_ask(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t person, starts, ends, substitute = call_int(call, "substitute"),
				      id = store_new_id(st);
	char name[32], other[32], when[64];
	struct sql *q;

	if (!meant_shift(call, &person, &starts, &ends))
		return err_set(
		    err, ERR_NOT_FOUND, _("Nobody has that shift: put the roster in first."));
	if (ends <= call_now(call))
		return err_set(err, ERR_STATE, _("That shift is over."));
	if (!may_stand_in(call, substitute, person, starts, ends, err))
		return false;
	q = sql(st, "INSERT INTO swap (id, post, starts, ends, person, substitute, why, asked, "
		    "asked_by, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	sql_bind(q, "itiiiitizi", id, call_text(call, "post"), starts, ends, person, substitute,
	    call_text(call, "why"), call_now(call), call_actor(call)->person, call_journal(call));
	if (!sql_run(q))
		return false;
	person_name(st, person, name, sizeof(name));
	person_name(st, substitute, other, sizeof(other));
	call_subject(call, "swap", id);
	call_say(call, _("swap asked: %s %s, %s for %s: %s; waits for approval"),
	    duty_post_label(call_text(call, "post")), hours(when, starts, ends), other, name,
	    call_text(call, "why"));
	return true;
}

/* --- deciding -------------------------------------------------------------------------------- */

static bool
waiting_swap(struct verb_call *call, struct swap_row *out, struct err *err)
{
	struct sql *q = sql(call_store(call),
	    "SELECT w.id, w.starts, w.ends, w.person, w.substitute, w.post, a.name, b.name, "
	    "w.state "
	    "FROM swap w JOIN person a ON a.id = w.person JOIN person b ON b.id = w.substitute "
	    "WHERE w.id = ?1");
	const struct actor *actor = call_actor(call);

	memset(out, 0, sizeof(*out));
	sql_bind(q, "i", call_int(call, "swap"));
	if (sql_row(q)) {
		out->id = sql_int(q, 0);
		out->starts = sql_int(q, 1);
		out->ends = sql_int(q, 2);
		out->person = sql_int(q, 3);
		out->substitute = sql_int(q, 4);
		FIELD(out->post, q, 5);
		FIELD(out->name, q, 6);
		FIELD(out->substitute_name, q, 7);
		FIELD(out->state, q, 8);
	}
	sql_done(q);
	if (strcmp(out->state, "asked") != 0)
		return err_set(err, ERR_STATE, _("This swap is decided already."));
	if (actor->person && (actor->person == out->person || actor->person == out->substitute))
		return err_set(err, ERR_REFUSED,
		    _("A swap is decided by somebody who is neither of the two."));
	if (strcmp(out->post, "leader") == 0 && !(actor->role & (ROLE_LEADER | ROLE_SYSTEM)))
		return err_set(err, ERR_REFUSED, _("A leader's swap is decided by a leader."));
	return true;
}

static bool
decide(struct verb_call *call, const struct swap_row *s, const char *state, const char *remark,
    int64_t shift)
{
	struct sql *q = sql(call_store(call), "UPDATE swap SET state = ?2, approver = ?3, decided "
					      "= ?4, remark = ?5, shift = ?6 WHERE "
					      "id = ?1");

	sql_bind(q, "ittitz", s->id, state, call_actor(call)->name, call_now(call), remark, shift);
	call_subject(call, "swap", s->id);
	return sql_run(q);
}

bool
run_swap_approve(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct swap_row s;
	char when[64];
	int64_t id;
	struct sql *q;

	if (!waiting_swap(call, &s, err))
		return false;
	id = store_new_id(st);
	q = sql(
	    st, "INSERT INTO shift (id, starts, ends, post, person) VALUES (?1, ?2, ?3, ?4, ?5)");
	sql_bind(q, "iiiti", id, s.starts, s.ends, s.post, s.substitute);
	if (!sql_run(q) || !decide(call, &s, "approved", given(call, "text"), id))
		return false;
	call_say(call, _("swap approved: %s %s is now %s's (was %s's)"), duty_post_label(s.post),
	    hours(when, s.starts, s.ends), s.substitute_name, s.name);
	return true;
}

bool
run_swap_refuse(struct verb_call *call, struct err *err)
{
	struct swap_row s;
	char when[64];

	if (!waiting_swap(call, &s, err) || !decide(call, &s, "refused", call_text(call, "why"), 0))
		return false;
	call_say(call, _("swap refused: %s %s stays %s's: %s"), duty_post_label(s.post),
	    hours(when, s.starts, s.ends), s.name, call_text(call, "why"));
	return true;
}

/* --- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
	"SELECT w.id, w.starts, w.ends, w.asked, w.decided, w.person, w.substitute, w.post, "      \
	"a.name, b.name, w.why, w.state, w.approver, w.remark FROM swap w JOIN person a ON a.id "  \
	"= w.person JOIN person b ON b.id = w.substitute"

static void
fill_swap(struct sql *q, void *row)
{
	struct swap_row *s = row;

	memset(s, 0, sizeof(*s));
	s->id = sql_int(q, 0);
	s->starts = sql_int(q, 1);
	s->ends = sql_int(q, 2);
	s->asked = sql_int(q, 3);
	s->decided = sql_time(q, 4);
	s->person = sql_int(q, 5);
	s->substitute = sql_int(q, 6);
	FIELD(s->post, q, 7);
	FIELD(s->name, q, 8);
	FIELD(s->substitute_name, q, 9);
	FIELD(s->why, q, 10);
	FIELD(s->state, q, 11);
	FIELD(s->approver, q, 12);
	FIELD(s->remark, q, 13);
}

size_t
duty_swaps(struct store *st, bool waiting, struct swap_row *out, size_t max)
{
	struct sql *q = sql(st, COLUMNS " WHERE (?1 = 0 OR w.state = 'asked') ORDER BY w.id DESC "
					"LIMIT ?2");

	sql_bind(q, "ii", (int64_t)waiting, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill_swap);
}

size_t
swaps_between(struct store *st, int64_t from, int64_t to, struct swap_row *out, size_t max)
{
	struct sql *q =
	    sql(st, COLUMNS " WHERE w.starts >= ?1 AND w.starts < ?2 ORDER BY w.id LIMIT ?3");

	sql_bind(q, "iii", from, to, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill_swap);
}

const char *
swap_state_label(const char *state)
{
	if (strcmp(state, "asked") == 0)
		return _("waits for approval");
	return strcmp(state, "approved") == 0 ? _("approved") : _("refused");
}
