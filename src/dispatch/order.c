/*
 * Orders 指令 and what becomes of them (handbook 5.3):
 *
 *	issued -> delivered -> acked -> running -> reported -> done
 *	   |          |          |         ^  |         |
 *	   +----------+----------+---------+--+---------+--> withdrawn
 *
 * From reported back to running when the check failed.
 *
 * A notice is done when it is acknowledged. Handing an order on makes the new owner's
 * acknowledgement due again; the order then no longer holds up the end of its response, but it
 * stays on the list of what is open.
 */
#include "dispatch/inside.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *kind, *setting;
	int64_t minutes; /* handbook 5.3: 10 for rescue, 30 otherwise; stores load within 10 (script
			    row 22) */
} limits[] = {
    {"rescue", "ack_rescue", 10},
    {"supply", "ack_supply", 10},
    {"task", "ack_task", 30},
    {"notice", "ack_notice", 30},
};

int64_t
order_ack_minutes(struct store *st, const char *kind)
{
	for (size_t i = 0; i < COUNT_OF(limits); i++)
		if (strcmp(limits[i].kind, kind) == 0)
			return store_setting_int(st, limits[i].setting, limits[i].minutes);
	return limits[0].minutes;
}

bool
order_note(
    struct verb_call *call, int64_t order, const char *kind, const char *who, const char *text)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q = sql(st, "INSERT INTO order_entry (id, ordr, at, kind, who, text, journal)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	sql_bind(q, "iiittti", id, order, call_now(call), kind, who, text, call_journal(call));
	return sql_run(q);
}

int64_t
order_put(struct verb_call *call, const struct order_new *o, char no[16])
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st), now = call_now(call);
	int64_t ack = o->ack_min ? o->ack_min : order_ack_minutes(st, o->kind);
	struct civil c;
	int number;
	struct sql *q;

	clock_civil(now, &c);
	number = store_new_number(st, "order", c.year);
	snprintf(no, 16, "%d-%03d", c.year, number);
	q = sql(st,
	    "INSERT INTO orders (id, year, number, incident, response, task, kind, dest, unit, "
	    "team,"
	    " person, phone, area, content, place, medium, issuer, approver, issued, ack_due,"
	    " chase_due, finish_due, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
	    "?11, ?12, ?13,"
	    " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?20, ?21, ?22)");
	sql_bind(q,
	    "iiizzttt"
	    "zzttittttt"
	    "iici",
	    id, (int64_t)c.year, (int64_t)number, o->incident, o->response, o->task, o->kind,
	    o->dest->name, o->dest->unit, o->dest->team, o->dest->person, o->dest->phone,
	    o->dest->area, o->content, o->place, o->medium && *o->medium ? o->medium : "system",
	    call_actor(call)->name, o->approver, now, now + ack * CLOCK_MINUTE, o->finish_due,
	    call_journal(call));
	if (sql_run(q))
		order_note(call, id, "issued", call_actor(call)->name, o->content);
	return id;
}

/* --- order.issue ------------------------------------------------------------------------------ */

/* What a team is told when the officer says nothing more. Caller frees. */
static char *
usual_content(const struct incident_row *incident, const char *scene)
{
	return mem_print(
	    _("go to %s: %s; report when you leave and when you arrive"), scene, incident->title);
}

/* The finish limit: a time, which must not be past. */
static bool
finish_limit(struct verb_call *call, int64_t *due, struct err *err)
{
	*due = call_time(call, "due");
	if (*due != CLOCK_NONE && *due <= call_now(call))
		return err_set(err, ERR_INPUT,
		    _("The limit to finish (due=) is past already: give a later time."));
	return true;
}

/* The team comes with the order: one assignment for each incident. */
static bool
assign_team(struct verb_call *call, int64_t team, int64_t incident, int64_t order, struct err *err)
{
	struct store *st = call_store(call);
	struct incident_row scene;
	struct team_row row;
	struct assignment_new a = {.incident = incident,
	    .order = order,
	    .team = team,
	    .eta_min = -1,
	    .why = N_("called by the officer")};
	int64_t waiting = sql_one_int(st,
	    "SELECT id FROM assignment WHERE team = ?1 AND incident = ?2 AND state = 'reserved'", 0,
	    "ii", team, incident);

	if (!resource_team(st, team, &row) || !incident_get(st, incident, &scene))
		return err_set(err, ERR_NOT_FOUND, _("There is no such team."));
	if (waiting) {
		struct sql *q =
		    sql(st, "UPDATE assignment SET state = 'dispatched', ordr = ?2, changed = ?3"
			    " WHERE id = ?1");

		sql_bind(q, "iii", waiting, order, call_now(call));
		return sql_run(q);
	}
	/* A further order to a team that is on its way there already makes no second assignment. */
	if (sql_one_int(st,
		"SELECT count(*) FROM assignment WHERE team = ?1 AND incident = ?2 AND state NOT IN"
		" ('released', 'cancelled')",
		0, "ii", team, incident))
		return true;
	if (!team_may_go(st, &row, incident, err))
		return false;
	if ((row.lon != 0 || row.lat != 0) && (scene.lon != 0 || scene.lat != 0))
		a.eta_min = row.ready_min +
			    travel_minutes(st, row.lon, row.lat, scene.lon, scene.lat, &a.how);
	assignment_put(call, &a);
	if (a.eta_min >= 0)
		call_say(call, _("there in %.0f min (%s)"), a.eta_min, a.how);
	if (row.on)
		call_say(call, _("it is also on %s"), row.on_text);
	return true;
}

bool
verb_order_issue(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct incident_row incident;
	struct dest dest;
	struct order_new o = {.incident = call_int(call, "incident"),
	    .dest = &dest,
	    .kind = call_text(call, "kind"),
	    .content = call_text(call, "content"),
	    .medium = call_text(call, "medium"),
	    .ack_min = call_int(call, "ack"),
	    .approver = call_has(call, "approver") ? call_text(call, "approver") : NULL};
	char no[16], *content = NULL, *scene = NULL, due[40];
	int64_t id;
	bool ok = false;

	if (!incident_touch(call, o.incident, false, err) ||
	    !dest_of(st, call_int(call, "to"), &dest, err) ||
	    !finish_limit(call, &o.finish_due, err))
		return false;
	if (!incident_get(st, o.incident, &incident))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	if (!*o.kind)
		o.kind = dest.team ? "rescue" : "task";
	scene = scene_of(&incident);
	if (!*o.content && !dest.team) {
		err_set(err, ERR_INPUT, _("Say what %s is to do."), dest.name);
		goto out;
	}
	if (!*o.content)
		o.content = content = usual_content(&incident, scene);
	o.place = call_has(call, "place") ? call_text(call, "place") : scene;
	id = order_put(call, &o, no);
	call_subject(call, "order", id);
	call_say(call, _("order %s to %s (to be acknowledged by %s): %s"), no, dest.name,
	    clock_format(due, sizeof(due),
		call_now(call) +
		    (o.ack_min ? o.ack_min : order_ack_minutes(st, o.kind)) * CLOCK_MINUTE,
		CLOCK_HM),
	    o.content);
	ok = !dest.team || assign_team(call, dest.team, o.incident, id, err);
out:
	free(content);
	free(scene);
	return ok;
}

/* --- what becomes of it ----------------------------------------------------------------------- */

static const struct {
	const char *verb, *label;
} verb_labels[] = {
    {"order.deliver", N_("delivered")},
    {"order.ack", N_("acknowledge")},
    {"order.report", N_("report back")},
    {"order.done", N_("settle")},
    {"order.return", N_("send back")},
    {"order.hand", N_("hand on")},
    {"order.withdraw", N_("withdraw")},
    {"order.remind", N_("remind")},
};

static const char *
verb_label(const char *verb)
{
	for (size_t i = 0; i < COUNT_OF(verb_labels); i++)
		if (strcmp(verb_labels[i].verb, verb) == 0)
			return _(verb_labels[i].label);
	return verb;
}

/* Refuse, and say what would be right. Always false. */
static bool
not_now(const struct order_row *o, const char *verb, struct err *err)
{
	const char *const *next = order_next_verbs(o);
	struct buf may = BUF_MAX(512);
	char no[16];

	order_no(o, no);
	for (size_t i = 0; next[i]; i++)
		buf_printf(&may, "%s%s", i ? _(", ") : "", verb_label(next[i]));
	if (may.size)
		err_set(err, ERR_STATE,
		    _("Order %s is \"%s\", so \"%s\" does not fit. What may follow now: %s."), no,
		    order_state_label(o->state), verb_label(verb), buf_str(&may));
	else
		err_set(err, ERR_STATE,
		    _("Order %s is \"%s\": nothing more follows. Issue a new one."), no,
		    order_state_label(o->state));
	buf_clear(&may);
	return false;
}

/* The order of the call, on its incident's timeline, in the actor's reach, in a state that allows
 * the verb. */
static bool
order_of(struct verb_call *call, const char *verb, struct order_row *o, struct err *err)
{
	const char *const *next;

	if (!dispatch_order(call_store(call), call_int(call, "order"), o))
		return err_set(err, ERR_NOT_FOUND, _("There is no such order."));
	if (!call_touch_area(call, o->area ? o->area : store_area(call_store(call)), err))
		return false;
	call_subject(call, "order", o->id);
	call_incident(call, o->incident);
	for (next = order_next_verbs(o); *next; next++)
		if (strcmp(*next, verb) == 0)
			return true;
	return not_now(o, verb, err);
}

static bool
set_state(struct verb_call *call, int64_t order, const char *state)
{
	struct sql *q = sql(call_store(call), "UPDATE orders SET state = ?2 WHERE id = ?1");

	sql_bind(q, "it", order, state);
	return sql_run(q);
}

static const char *
text_or(struct verb_call *call, const char *param, const char *otherwise)
{
	return call_has(call, param) ? call_text(call, param) : otherwise;
}

bool
verb_order_deliver(struct verb_call *call, struct err *err)
{
	struct order_row o;
	const char *who = call_text(call, "who"), *way;
	char no[16];

	if (!order_of(call, "order.deliver", &o, err))
		return false;
	way = text_or(call, "way", "phone");
	order_no(&o, no);
	call_say(call, _("order %s delivered to %s %s (%s)"), no, o.dest, who, way_label(way));
	return order_note(call, o.id, "delivered", who, way) && set_state(call, o.id, "delivered");
}

/* When it was acknowledged: now, or when the officer says, between issue and now. */
static bool
ack_time(struct verb_call *call, const struct order_row *o, int64_t *at, struct err *err)
{
	*at = call_has(call, "at") ? call_time(call, "at") : call_now(call);
	if (*at > call_now(call))
		return err_set(err, ERR_INPUT,
		    _("An acknowledgement lies in the past: give a time up to now (at=)."));
	if (*at < o->issued / CLOCK_MINUTE * CLOCK_MINUTE)
		return err_set(err, ERR_INPUT,
		    _("It was issued later than that: give a time from %s on (at=)."),
		    clock_format((char[40]){0}, 40, o->issued, CLOCK_MD_HM));
	return true;
}

bool
verb_order_ack(struct verb_call *call, struct err *err)
{
	struct order_row o;
	const char *by;
	char no[16], when[40];
	int64_t at;
	bool notice;
	struct sql *q;

	if (!order_of(call, "order.ack", &o, err) || !ack_time(call, &o, &at, err))
		return false;
	by = text_or(call, "by",
	    call_actor(call)->role == ROLE_TOWNSHIP || !*o.person ? call_actor(call)->name
								  : o.person);
	notice = strcmp(o.kind, "notice") == 0;
	q = sql(call_store(call), "UPDATE orders SET state = ?2, acked = ?3, acked_by = ?4, "
				  "finished = ?5, chase_due = NULL "
				  "WHERE id = ?1");
	sql_bind(q, "ititc", o.id, notice ? "done" : "acked", at, by, notice ? at : CLOCK_NONE);
	order_no(&o, no);
	clock_format(when, sizeof(when), at, CLOCK_HM);
	if (at > o.ack_due && o.ack_due != CLOCK_NONE)
		call_say(call, _("order %s acknowledged by %s %s at %s, %lld min late"), no, o.dest,
		    by, when, (long long)((at - o.ack_due + CLOCK_MINUTE - 1) / CLOCK_MINUTE));
	else
		call_say(call, _("order %s acknowledged by %s %s at %s"), no, o.dest, by, when);
	return sql_run(q) && order_note(call, o.id, "acked", by, when);
}

bool
verb_order_report(struct verb_call *call, struct err *err)
{
	struct order_row o;
	const char *text = call_text(call, "text");
	bool final = call_flag(call, "final");
	char no[16];

	if (!order_of(call, "order.report", &o, err))
		return false;
	order_no(&o, no);
	if (final)
		call_say(call, _("order %s: %s reports it finished: %s"), no, o.dest, text);
	else
		call_say(call, _("order %s: %s: %s"), no, o.dest, text);
	return order_note(
		   call, o.id, final ? "final" : "progress", text_or(call, "by", o.dest), text) &&
	       set_state(call, o.id, final ? "reported" : "running");
}

bool
verb_order_done(struct verb_call *call, struct err *err)
{
	struct order_row o;
	const char *result = call_text(call, "result");
	char no[16], *reported = NULL;
	struct sql *q;
	bool ok;

	if (!order_of(call, "order.done", &o, err))
		return false;
	order_no(&o, no);
	if (!*result && strcmp(o.state, "reported") != 0)
		return err_set(err, ERR_STATE,
		    _("Order %s was not reported finished: say how it ended (result=), or let %s "
		      "report first."),
		    no, o.dest);
	if (!*result)
		reported = sql_one_text(call_store(call),
		    "SELECT text FROM order_entry WHERE ordr = ?1 AND kind = 'final' ORDER BY id "
		    "DESC",
		    "i", o.id);
	q = sql(call_store(call), "UPDATE orders SET state = 'done', finished = ?2, result = ?3, "
				  "checked_by = ?4 WHERE id = ?1");
	sql_bind(
	    q, "iitt", o.id, call_now(call), reported ? reported : result, call_actor(call)->name);
	call_say(
	    call, _("order %s to %s is settled: %s"), no, o.dest, reported ? reported : result);
	ok = sql_run(q) &&
	     order_note(call, o.id, "done", call_actor(call)->name, reported ? reported : result);
	free(reported);
	return ok;
}

bool
verb_order_return(struct verb_call *call, struct err *err)
{
	struct order_row o;
	char no[16];

	if (!order_of(call, "order.return", &o, err))
		return false;
	order_no(&o, no);
	call_say(call, _("order %s goes back to %s: %s"), no, o.dest, call_text(call, "why"));
	return order_note(call, o.id, "returned", call_actor(call)->name, call_text(call, "why")) &&
	       set_state(call, o.id, "running");
}

bool
verb_order_hand(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct order_row o;
	struct dest to;
	char no[16], *text, due[40];
	int64_t limit;
	struct sql *q;
	bool ok;

	if (!order_of(call, "order.hand", &o, err) || !dest_of(st, call_int(call, "to"), &to, err))
		return false;
	order_no(&o, no);
	if ((to.unit && to.unit == o.unit) || (to.team && to.team == o.team))
		return err_set(err, ERR_INPUT,
		    _("Order %s is with %s already: name another owner (to=)."), no, o.dest);
	limit = call_now(call) + order_ack_minutes(st, o.kind) * CLOCK_MINUTE;
	q = sql(st, "UPDATE orders SET state = 'issued', dest = ?2, unit = ?3, team = ?4, person = "
		    "?5, phone = ?6,"
		    " area = ?7, acked = NULL, acked_by = NULL, ack_due = ?8 WHERE id = ?1");
	sql_bind(
	    q, "itzzttii", o.id, to.name, to.unit, to.team, to.person, to.phone, to.area, limit);
	text = mem_print(_("from %s to %s: %s"), o.dest, to.name, call_text(call, "why"));
	call_say(call, _("order %s handed on %s; to be acknowledged by %s"), no, text,
	    clock_format(due, sizeof(due), limit, CLOCK_HM));
	free(text);
	text = mem_print("%s > %s: %s", o.dest, to.name, call_text(call, "why"));
	ok = sql_run(q) && order_chase_from(call, o.id, limit) &&
	     order_note(call, o.id, "handed", to.name, text);
	free(text);
	return ok;
}

bool
verb_order_withdraw(struct verb_call *call, struct err *err)
{
	struct order_row o;
	struct sql *q;
	char no[16];

	if (!order_of(call, "order.withdraw", &o, err))
		return false;
	order_no(&o, no);
	q = sql(call_store(call),
	    "UPDATE orders SET state = 'withdrawn', finished = ?2, result = ?3, chase_due = NULL "
	    "WHERE id = ?1");
	sql_bind(q, "iit", o.id, call_now(call), call_text(call, "why"));
	call_say(call, _("order %s to %s is withdrawn: %s"), no, o.dest, call_text(call, "why"));
	return sql_run(q) &&
	       order_note(
		   call, o.id, "withdrawn", call_actor(call)->name, call_text(call, "why")) &&
	       assignments_call_off(call, o.id, err);
}

bool
verb_order_remind(struct verb_call *call, struct err *err)
{
	struct order_row o;
	const char *way, *text = call_text(call, "text");
	char no[16], *note;
	bool ok;

	if (!order_of(call, "order.remind", &o, err))
		return false;
	way = text_or(call, "way", "phone");
	order_no(&o, no);
	note = *text ? mem_print("%s %s", way, text) : mem_dup(way);
	call_say(call, _("order %s: %s reminded, no. %d, %s"), no, o.dest, o.reminders + 1,
	    way_label(way));
	if (*text)
		call_say(call, "%s", text);
	ok = order_note(call, o.id, "remind", call_actor(call)->name, note) &&
	     order_chase_by_hand(call, &o);
	free(note);
	return ok;
}

/* What is true is written down though it does not follow: by whom and why stays in the history. */
bool
verb_order_override(struct verb_call *call, struct err *err)
{
	struct order_row o;
	const char *state = call_text(call, "state"), *why = call_text(call, "why");
	bool issued = strcmp(state, "issued") == 0, done = strcmp(state, "done") == 0;
	char no[16], *note;
	int64_t limit;
	struct sql *q;
	bool ok;

	if (!dispatch_order(call_store(call), call_int(call, "order"), &o))
		return err_set(err, ERR_NOT_FOUND, _("There is no such order."));
	call_subject(call, "order", o.id);
	call_incident(call, o.incident);
	order_no(&o, no);
	if (strcmp(o.state, state) == 0)
		return err_set(
		    err, ERR_STATE, _("Order %s is \"%s\" already."), no, order_state_label(state));
	limit = call_now(call) + order_ack_minutes(call_store(call), o.kind) * CLOCK_MINUTE;
	q = sql(call_store(call),
	    "UPDATE orders SET state = ?2, acked = CASE WHEN ?3 THEN NULL ELSE coalesce(acked, ?4) "
	    "END, acked_by = CASE WHEN ?3 THEN NULL ELSE coalesce(acked_by, person, dest) END, "
	    "ack_due = CASE WHEN ?3 THEN ?5 ELSE ack_due END, "
	    "chase_due = NULL, finished = CASE WHEN ?6 THEN ?4 END, checked_by = CASE WHEN ?6 THEN "
	    "?7 END, "
	    "result = CASE WHEN ?6 THEN coalesce(result, ?8) END WHERE id = ?1");
	sql_bind(q, "itiiiitt", o.id, state, (int64_t)issued, call_now(call), limit, (int64_t)done,
	    call_actor(call)->name, why);
	call_say(call, _("order %s to %s set from \"%s\" to \"%s\" against its course: %s"), no,
	    o.dest, order_state_label(o.state), order_state_label(state), why);
	note = mem_print("%s > %s: %s", o.state, state, why);
	ok = sql_run(q) && (!issued || order_chase_from(call, o.id, limit)) &&
	     order_note(call, o.id, "override", call_actor(call)->name, note);
	free(note);
	return ok;
}
