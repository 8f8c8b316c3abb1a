/*
 * Instructions of leaders 批示 and supervision 督办 (handbook 3.2):
 *
 *	registered 登记 -> relayed 传达 -> taken 承办 -> reported 反馈 -> closed 办结
 *	                                      ^             |
 *	                                      +-- returned -+
 *
 * The text is kept word by word. A chief or leader closes, never who took the matter on or fed it
 * back for the owner. Limits stay where they were put; what ran past them is told in days.
 */
#include "duty/inside.h"

#include "incident/incident.h"

#include <stdio.h>
#include <string.h>

bool
instruction_note(struct verb_call *call, int64_t instruction, int64_t at, const char *kind,
    const char *who, const char *dest, const char *way, const char *text)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "INSERT INTO instruction_step (id, instruction, at, kind, who, dest, way, "
		    "text, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	sql_bind(q, "iiittttti", store_new_id(st), instruction, at, kind, who, dest, way, text,
	    call_journal(call));
	return sql_run(q);
}

/* --- registering ------------------------------------------------------------------------------ */

struct given_instruction {
	const char *kind, *leader, *medium, *basis;
	int64_t at;
};

static bool
limits(struct verb_call *call, int64_t *relay, int64_t *due, struct err *err)
{
	*relay = call_time(call, "relay_due");
	*due = call_time(call, "due");
	if (*due != CLOCK_NONE && *due <= call_now(call))
		return err_set(err, ERR_INPUT, _("The limit is past already: give a later time."));
	if (*relay != CLOCK_NONE && *due != CLOCK_NONE && *relay > *due)
		return err_set(err, ERR_INPUT, _("It has to be relayed before it is due."));
	return true;
}

static bool
put_instruction(struct verb_call *call, const struct given_instruction *g, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st), incident = call_int(call, "incident"), relay, due;
	struct unit_row owner = {.id = 0};
	const char *name = call_text(call, "owner");
	char text[40];
	struct civil c;
	int number;
	struct sql *q;

	if (!limits(call, &relay, &due, err) ||
	    (incident && !incident_touch(call, incident, true, err)))
		return false;
	if (resource_unit_named(st, name, &owner))
		name = owner.name;
	clock_civil(call_now(call), &c);
	number = store_new_number(st, "instruction", c.year);
	q = sql(st,
	    "INSERT INTO instruction (id, year, number, kind, leader, post, medium, at, text, "
	    "basis, incident, owner, owner_unit, area, helpers, relay_due, due, journal) VALUES "
	    "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
	sql_bind(q, "iiittttittztzitcci", id, (int64_t)c.year, (int64_t)number, g->kind, g->leader,
	    given(call, "post"), g->medium, g->at, call_text(call, "text"), g->basis, incident,
	    name, owner.id, owner.area ? owner.area : store_area(st), call_text(call, "helpers"),
	    relay, due, call_journal(call));
	if (!sql_run(q) || !instruction_note(call, id, g->at, "registered", call_actor(call)->name,
			       NULL, g->medium, NULL))
		return false;
	call_subject(call, "instruction", id);
	call_say(call, _("%s %d-%03d, %s: %s; owner %s"), instruction_kind_label(g->kind), c.year,
	    number, g->leader, call_text(call, "text"), name);
	if (due != CLOCK_NONE)
		call_say(call, _("due %s"), clock_format(text, sizeof(text), due, CLOCK_MD_HM));
	return true;
}

bool
run_instruction_add(struct verb_call *call, struct err *err)
{
	struct given_instruction g = {.kind = "instruction",
	    .leader = call_text(call, "leader"),
	    .medium = call_has(call, "medium") ? call_text(call, "medium") : "phone"};

	return past_time(call, "at", &g.at, err) && put_instruction(call, &g, err);
}

bool
run_supervise(struct verb_call *call, struct err *err)
{
	struct given_instruction g = {.kind = "supervision",
	    .leader = call_actor(call)->name,
	    .medium = "written",
	    .basis = call_text(call, "basis"),
	    .at = call_now(call)};

	return put_instruction(call, &g, err);
}

/* --- its way ---------------------------------------------------------------------------------- */

static bool
touch(struct verb_call *call, struct instruction_row *row, struct err *err)
{
	if (!duty_instruction(call_store(call), call_int(call, "instruction"), row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such instruction."));
	if (!call_touch_area(call, row->area, err))
		return false;
	call_subject(call, "instruction", row->id);
	if (row->incident)
		call_incident(call, row->incident);
	if (strcmp(row->state, "closed") == 0)
		return err_set(err, ERR_STATE, _("It is closed already."));
	return true;
}

static bool
is(const struct instruction_row *row, const char *state)
{
	return strcmp(row->state, state) == 0;
}

/* Does this name mean the owner? "临泽镇" is 临泽镇人民政府. */
static bool
means_owner(struct verb_call *call, const struct instruction_row *row, const char *name)
{
	struct unit_row unit;

	if (strcmp(name, row->owner) == 0)
		return true;
	return row->owner_unit && resource_unit_named(call_store(call), name, &unit) &&
	       unit.id == row->owner_unit;
}

bool
run_relay(struct verb_call *call, struct err *err)
{
	struct instruction_row row;
	const char *to;
	bool owner, late;
	struct sql *q;

	if (!touch(call, &row, err))
		return false;
	to = call_has(call, "to") ? call_text(call, "to") : row.owner;
	owner = means_owner(call, &row, to);
	late = owner && is(&row, "registered") && row.relay_due != CLOCK_NONE &&
	       call_now(call) > row.relay_due;
	if (!instruction_note(call, row.id, call_now(call), "relayed", call_actor(call)->name, to,
		call_has(call, "by_way") ? call_text(call, "by_way") : "phone",
		given(call, "text")))
		return false;
	if (owner && is(&row, "registered")) {
		q = sql(call_store(call),
		    "UPDATE instruction SET state = 'relayed', relayed = ?2 WHERE id = ?1");
		sql_bind(q, "ii", row.id, call_now(call));
		if (!sql_run(q))
			return false;
	}
	call_say(call, _("relayed to %s"), to);
	if (late)
		call_say(call, _("past its limit"));
	if (!owner && is(&row, "registered"))
		call_say(call, _("the owner %s has still to be told"), row.owner);
	return true;
}

/* The actor's person when they act for the owner, else 0: whoever only writes down what was rung in
 * is not the owner. */
static int64_t
for_owner(struct verb_call *call, const struct instruction_row *row)
{
	const struct actor *actor = call_actor(call);

	if (actor->role == ROLE_TOWNSHIP)
		return actor->person;
	return row->owner_unit && actor->person &&
		       sql_one_int(call_store(call), "SELECT unit FROM person WHERE id = ?1", 0,
			   "i", actor->person) == row->owner_unit
		   ? actor->person
		   : 0;
}

bool
run_take(struct verb_call *call, struct err *err)
{
	struct instruction_row row;
	const char *by;
	struct sql *q;

	if (!touch(call, &row, err))
		return false;
	if (is(&row, "registered"))
		return err_set(err, ERR_STATE,
		    _("The owner has not been told yet: relay it first (instruction.relay)."));
	if (!is(&row, "relayed"))
		return err_set(err, ERR_STATE, _("It is taken on already."));
	by = call_has(call, "by") ? call_text(call, "by") : call_actor(call)->name;
	q = sql(call_store(call),
	    "UPDATE instruction SET state = 'taken', taken = ?2, taken_by = ?3 "
	    "WHERE id = ?1");
	sql_bind(q, "iiz", row.id, call_now(call), for_owner(call, &row));
	if (!sql_run(q) || !instruction_note(call, row.id, call_now(call), "taken",
			       call_actor(call)->name, by, NULL, NULL))
		return false;
	call_say(call, _("taken on by %s, %s"), row.owner, by);
	return true;
}

bool
run_feedback(struct verb_call *call, struct err *err)
{
	struct instruction_row row;
	struct sql *q;

	if (!touch(call, &row, err))
		return false;
	if (is(&row, "registered"))
		return err_set(err, ERR_STATE,
		    _("The owner has not been told yet: relay it first (instruction.relay)."));
	q = sql(call_store(call),
	    "UPDATE instruction SET state = 'reported', reported = ?2, reported_by = "
	    "?3, taken = coalesce(taken, ?2) WHERE id = ?1");
	sql_bind(q, "iiz", row.id, call_now(call), for_owner(call, &row));
	if (!sql_run(q) ||
	    !instruction_note(call, row.id, call_now(call), "reported", call_actor(call)->name,
		given(call, "accepted_by"), NULL, call_text(call, "text")))
		return false;
	call_say(call, _("feedback of %s: %s"), row.owner, call_text(call, "text"));
	if (call_has(call, "accepted_by"))
		call_say(call, _("accepted by %s"), call_text(call, "accepted_by"));
	if (row.due != CLOCK_NONE && call_now(call) > row.due)
		call_say(call, _("past its limit"));
	return true;
}

bool
run_send_back(struct verb_call *call, struct err *err)
{
	struct instruction_row row;
	struct sql *q;

	if (!touch(call, &row, err))
		return false;
	if (!is(&row, "reported"))
		return err_set(err, ERR_STATE, _("There is no feedback to send back."));
	q = sql(call_store(call),
	    "UPDATE instruction SET state = 'taken', reported = NULL WHERE id = ?1");
	sql_bind(q, "i", row.id);
	if (!sql_run(q) || !instruction_note(call, row.id, call_now(call), "returned",
			       call_actor(call)->name, NULL, NULL, call_text(call, "why")))
		return false;
	call_say(call, _("sent back to %s: %s"), row.owner, call_text(call, "why"));
	return true;
}

bool
run_remind(struct verb_call *call, struct err *err)
{
	struct instruction_row row;

	if (!touch(call, &row, err))
		return false;
	if (!instruction_note(call, row.id, call_now(call), "reminded", call_actor(call)->name,
		row.owner, call_has(call, "by_way") ? call_text(call, "by_way") : "phone",
		given(call, "answer")))
		return false;
	call_say(call, _("reminded %s"), row.owner);
	if (call_has(call, "answer"))
		call_say(call, _("answer: %s"), call_text(call, "answer"));
	return true;
}

/* --- closing ---------------------------------------------------------------------------------- */

static bool
may_close(struct verb_call *call, const struct instruction_row *row, struct err *err)
{
	int64_t person = call_actor(call)->person;

	if (!is(row, "reported"))
		return err_set(err, ERR_STATE,
		    _("There is no feedback yet: it is closed on what the owner reports "
		      "(instruction.report)."));
	if (person && sql_one_int(call_store(call),
			  "SELECT count(*) FROM instruction WHERE id = ?1 AND (taken_by = ?2 OR "
			  "reported_by = ?2)",
			  0, "ii", row->id, person))
		return err_set(err, ERR_REFUSED,
		    _("You took it on or reported for the owner: somebody else closes it."));
	return true;
}

bool
run_instruction_close(struct verb_call *call, struct err *err)
{
	struct instruction_row row;
	struct sql *q;

	if (!touch(call, &row, err) || !may_close(call, &row, err))
		return false;
	q = sql(call_store(call),
	    "UPDATE instruction SET state = 'closed', closed = ?2, closed_by = ?3, "
	    "result = ?4 WHERE id = ?1");
	sql_bind(q, "iitt", row.id, call_now(call), call_actor(call)->name, given(call, "result"));
	if (!sql_run(q) || !instruction_note(call, row.id, call_now(call), "closed",
			       call_actor(call)->name, NULL, NULL, given(call, "result")))
		return false;
	call_say(
	    call, _("%s %d-%03d closed"), instruction_kind_label(row.kind), row.year, row.number);
	if (call_has(call, "result"))
		call_say(call, "%s", call_text(call, "result"));
	return true;
}
