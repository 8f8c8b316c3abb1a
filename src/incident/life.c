/*
 * The life of an incident (handbook 5.1), as a table: which state a verb starts from, where it
 * leads, and what would be right instead. Only the systems' verbs move it; nothing is ever deleted.
 */
#include "incident/inside.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *state, *label;
	const char *verbs[12]; /* that may follow, for hints */
} states[] = {
    {"received", N_("received"),
	{"incident.verify", "incident.assess", "incident.call", "incident.figures", "incident.set",
	    "response.start", "report.phone", "report.draft", "incident.merge", "incident.transfer",
	    "incident.not", NULL}},
    {"verified", N_("verified"),
	{"incident.assess", "response.start", "incident.call", "incident.figures", "incident.set",
	    "report.phone", "report.draft", "incident.end", "incident.merge", "incident.transfer",
	    "incident.not", NULL}},
    {"assessed", N_("assessed"),
	{"response.start", "incident.call", "incident.figures", "incident.set", "report.phone",
	    "report.draft", "incident.end", "incident.merge", "incident.transfer", "incident.not",
	    NULL}},
    {"responding", N_("responding"),
	{"incident.call", "incident.figures", "incident.set", "report.phone", "report.draft",
	    "order.issue", "response.level", "response.end", "incident.end", NULL}},
    {"ended", N_("ended"),
	{"report.draft", "incident.close", "incident.call", "incident.figures", "incident.reopen",
	    NULL}},
    {"closed", N_("closed"), {"incident.reopen", NULL}},
    {"merged", N_("joined"), {"incident.unmerge", NULL}},
    {"not_incident", N_("no incident"), {"incident.reopen", NULL}},
};

static size_t
state_index(const char *state)
{
	size_t i;

	for (i = 0; i + 1 < COUNT_OF(states) && strcmp(states[i].state, state) != 0; i++)
		;
	return i;
}

const char *
incident_state_label(const char *state)
{
	return _(states[state_index(state)].label);
}

const char *const *
incident_next_verbs(const struct incident_row *i)
{
	return states[state_index(i->state)].verbs;
}

bool
incident_touch(struct verb_call *call, int64_t incident, bool closed_too, struct err *err)
{
	struct store *st = call_store(call);
	struct sql *q = sql(st, "SELECT area, state, merged_into FROM incident WHERE id = ?1");
	int64_t area, into;
	char state[16], no[16], other[16];

	sql_bind(q, "i", incident);
	if (!sql_row(q)) {
		sql_done(q);
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	}
	area = sql_int(q, 0);
	utf8_copy(state, sizeof(state), sql_text(q, 1));
	into = sql_int(q, 2);
	sql_done(q);
	call_incident(call, incident);
	call_subject(call, "incident", incident);
	if (!call_touch_area(call, area, err))
		return false;
	put_incident_no(st, incident, no, sizeof(no));
	if (strcmp(state, "merged") == 0) {
		put_incident_no(st, into, other, sizeof(other));
		return err_set(err, ERR_STATE,
		    _("%s was joined into %s: act there, or take it apart first "
		      "(incident.unmerge)."),
		    no, other);
	}
	if (!closed_too && (strcmp(state, "closed") == 0 || strcmp(state, "not_incident") == 0))
		return err_set(err, ERR_STATE, _("%s is %s: reopen it first (incident.reopen)."),
		    no, incident_state_label(state));
	return true;
}

static void
state_of(struct store *st, int64_t incident, char *out, size_t size)
{
	char *state = sql_one_text(st, "SELECT state FROM incident WHERE id = ?1", "i", incident);

	utf8_copy(out, size, state ? state : "");
	free(state);
}

static bool
one_of(const char *state, const char *list)
{
	size_t n = strlen(state);

	for (const char *at = list; (at = strstr(at, state)); at += n)
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

static void
write_state(struct verb_call *call, int64_t incident, const char *state)
{
	struct sql *q = sql(call_store(call),
	    "UPDATE incident SET state = ?2,"
	    " ended = CASE WHEN ?2 = 'ended' THEN ?3 WHEN ?2 = 'closed' THEN ended END,"
	    " closed = CASE WHEN ?2 = 'closed' THEN ?3 END WHERE id = ?1");

	sql_bind(q, "iti", incident, state, call_now(call));
	sql_run(q);
}

/* Which states a state may be reached from, and what is right instead. */
static const struct {
	const char *to, *from, *right;
} steps[] = {
    {"verified", "received verified assessed responding ended",
	N_("Only an open incident can be verified.")},
    {"assessed", "received verified assessed",
	N_("It is assessed before a response starts; later use incident.set trend=…")},
    {"responding", "received verified assessed responding",
	N_("A response starts only for an open incident that has not ended: reopen it first "
	   "(incident.reopen).")},
    {"ended", "verified assessed responding",
	N_("It must be verified before it can end (incident.verify); what turns out to be nothing "
	   "is taken off by incident.not.")},
    {"closed", "ended", N_("It must have ended before it is closed (incident.end).")},
    {"not_incident", "received verified assessed",
	N_("A response runs or it has ended: end it with its reports instead (response.end, "
	   "incident.end).")},
    {"merged", "received verified assessed",
	N_("It has a response or has ended: join the other one into it, or end the response "
	   "first.")},
};

bool
incident_set_state(struct verb_call *call, int64_t incident, const char *state, struct err *err)
{
	char now[16], no[16];
	size_t i;

	state_of(call_store(call), incident, now, sizeof(now));
	put_incident_no(call_store(call), incident, no, sizeof(no));
	for (i = 0; i < COUNT_OF(steps) && strcmp(steps[i].to, state) != 0; i++)
		;
	if (i == COUNT_OF(steps))
		return err_set(err, ERR_STATE, _("There is no such state."));
	if (!one_of(now, steps[i].from))
		return err_set(err, ERR_STATE, _("%s is %s. %s"), no, incident_state_label(now),
		    _(steps[i].right));
	if (strcmp(now, state) != 0)
		write_state(call, incident, state);
	return true;
}

bool
incident_do_verify(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident");
	char state[16];
	struct sql *q;

	if (!incident_touch(call, incident, false, err))
		return false;
	state_of(call_store(call), incident, state, sizeof(state));
	if (strcmp(state, "received") == 0 && !incident_set_state(call, incident, "verified", err))
		return false;
	q = sql(call_store(call), "UPDATE incident SET confirmed = 1 WHERE id = ?1");
	sql_bind(q, "i", incident);
	sql_run(q);
	q = sql(call_store(call),
	    "UPDATE fact SET confirmed = 1 WHERE incident = ?1 AND confirmed = 0");
	sql_bind(q, "i", incident);
	sql_run(q);
	call_say(call, _("verified with %s"), call_text(call, "with"));
	if (call_has(call, "text"))
		call_say(call, "%s", call_text(call, "text"));
	return true;
}

bool
incident_do_assess(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident");
	struct sql *q;

	if (!incident_touch(call, incident, false, err) ||
	    !incident_set_state(call, incident, "assessed", err))
		return false;
	q = sql(call_store(call), "UPDATE incident SET trend = ?2 WHERE id = ?1");
	sql_bind(q, "it", incident, call_text(call, "text"));
	sql_run(q);
	call_say(call, _("assessed: %s"), call_text(call, "text"));
	return true;
}

static bool
has_active_response(struct store *st, int64_t incident)
{
	return sql_one_int(st, "SELECT 1 FROM response WHERE incident = ?1 AND state = 'active'", 0,
		   "i", incident) != 0;
}

bool
incident_do_end(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident");
	struct clock_event event = {"end", call_now(call), false, ""};
	struct sql *q;

	if (!incident_touch(call, incident, false, err))
		return false;
	if (has_active_response(call_store(call), incident))
		return err_set(err, ERR_STATE,
		    _("A response still runs: end it first, with its approver (response.end)."));
	if (!incident_set_state(call, incident, "ended", err))
		return false;
	call_say(call, _("ended: %s"), call_text(call, "why"));
	/* The daily duty lasts until the matter is stable; the final report takes over. */
	q = sql(call_store(call),
	    "UPDATE clock SET state = 'void', closed = ?2, closed_by = ?3, note = ?4"
	    " WHERE incident = ?1 AND state = 'open' AND kind = 'daily' AND due > ?2");
	sql_bind(
	    q, "iiit", incident, call_now(call), call_journal(call), _("the incident has ended"));
	sql_run(q);
	clocks_run(call, incident, &event);
	return true;
}

/* The earliest clock that still wants something; windows and law limits do not. */
static bool
find_open_clock(struct store *st, int64_t incident, char *label, size_t size)
{
	struct sql *q = sql(st, "SELECT kind, dest FROM clock WHERE incident = ?1 AND state = "
				"'open' AND needs <> 'none' ORDER BY due LIMIT 1");
	struct clock_row c = {.due = 0};
	bool found;

	sql_bind(q, "i", incident);
	found = sql_row(q);
	if (found) {
		utf8_copy(c.kind, sizeof(c.kind), sql_text(q, 0));
		utf8_copy(c.dest, sizeof(c.dest), sql_text(q, 1));
		clock_label(&c, label, size);
	}
	sql_done(q);
	return found;
}

bool
incident_do_close(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident");
	char label[160];

	if (!incident_touch(call, incident, false, err))
		return false;
	if (find_open_clock(call_store(call), incident, label, sizeof(label)))
		return err_set(err, ERR_STATE, _("A deadline is still open: %s"), label);
	if (!incident_set_state(call, incident, "closed", err))
		return false;
	call_say(call, _("closed"));
	return true;
}

bool
incident_do_reopen(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident");
	char state[16], no[16];

	if (!incident_touch(call, incident, true, err))
		return false;
	state_of(call_store(call), incident, state, sizeof(state));
	put_incident_no(call_store(call), incident, no, sizeof(no));
	if (!one_of(state, "ended closed not_incident"))
		return err_set(err, ERR_STATE, _("%s is open already."), no);
	write_state(call, incident,
	    sql_one_int(
		call_store(call), "SELECT confirmed FROM incident WHERE id = ?1", 0, "i", incident)
		? "verified"
		: "received");
	call_say(call, _("reopened: %s"), call_text(call, "why"));
	return true;
}

bool
incident_do_not(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t incident = call_int(call, "incident");
	struct sql *q;

	if (!incident_touch(call, incident, false, err))
		return false;
	if (sql_one_int(st, "SELECT 1 FROM report WHERE incident = ?1 AND state = 'signed'", 0, "i",
		incident))
		return err_set(err, ERR_STATE,
		    _("A report on it went up: correct it with a follow-up, then end it "
		      "(incident.end)."));
	if (!incident_set_state(call, incident, "not_incident", err))
		return false;
	q = sql(st, "UPDATE incident SET cause = ?2, measures = ?3 WHERE id = ?1");
	sql_bind(q, "itt", incident, call_text(call, "cause"), call_text(call, "measure"));
	sql_run(q);
	q = sql(st, "UPDATE clock SET state = 'void', closed = ?2, closed_by = ?3, note = ?4 WHERE "
		    "incident = ?1 AND state = 'open'");
	sql_bind(q, "iiit", incident, call_now(call), call_journal(call), _("no incident"));
	sql_run(q);
	call_say(call, _("no incident. Cause: %s. Done: %s"), call_text(call, "cause"),
	    call_text(call, "measure"));
	return true;
}

bool
incident_do_transfer(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t incident = call_int(call, "incident"),
		at = call_has(call, "at") ? call_time(call, "at") : call_now(call);
	struct clock_event event = {"transfer", at, false, call_text(call, "to")};
	char when[40];
	struct sql *q;

	if (!incident_touch(call, incident, false, err))
		return false;
	if (at > call_now(call))
		return err_set(err, ERR_INPUT, _("It cannot have been handed over in the future."));
	q = sql(st, "INSERT INTO transfer (id, incident, dest, receiver, at, note, journal) VALUES "
		    "(?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7)");
	sql_bind(q, "iittiti", store_new_id(st), incident, call_text(call, "to"),
	    call_text(call, "receiver"), at, call_text(call, "text"), call_journal(call));
	sql_run(q);
	call_say(call, _("handed to %s, taken by %s at %s"), call_text(call, "to"),
	    call_text(call, "receiver"), clock_format(when, sizeof(when), at, CLOCK_HM));
	clocks_run(call, incident, &event);
	return true;
}
