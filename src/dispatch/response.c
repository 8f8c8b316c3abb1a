/*
 * Response levels 响应级别 over an incident (law art. 72: matter, level, period, measures,
 * approver). A response keeps the version of the plan it began with; its tasks are copied as orders
 * with owner and limit. A worse level adds the tasks of the levels between, a milder one takes none
 * away: what was ordered is settled or withdrawn one by one.
 */
#include "dispatch/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOWNSHIPS_MAX 64
/* The reason of the first level, as stored; each reader gets it in their own language. */
#define LEVEL_START "start"

const char *
response_level_label(int level)
{
	static const char *const labels[] = {
	    "-", N_("Level I"), N_("Level II"), N_("Level III"), N_("Level IV")};

	return level >= 1 && level <= 4 ? _(labels[level]) : "-";
}

/* --- tasks become orders ---------------------------------------------------------------------- */

struct tasks {
	struct verb_call *call;
	struct store *st;
	const struct plan_doc *doc;
	const struct incident_row *incident;
	const char *approver, *scene;
	int64_t response;
	int orders;
	int64_t last_ack; /* the latest limit to acknowledge */
	int unknown;	  /* owners that are no unit of the directory */
};

static void
one_order(struct tasks *t, const struct plan_task *task, const struct dest *dest)
{
	struct order_new o = {.incident = t->incident->id,
	    .response = t->response,
	    .task = task->id,
	    .kind = *task->kind ? task->kind : "task",
	    .content = task->text,
	    .place = t->scene,
	    .approver = t->approver,
	    .dest = dest,
	    .ack_min = task->ack_min,
	    .finish_due = CLOCK_NONE};
	int64_t now = call_now(t->call), ack;
	char no[16];

	if (task->due_min > 0)
		o.finish_due = now + task->due_min * CLOCK_MINUTE;
	ack = now + (o.ack_min ? o.ack_min : order_ack_minutes(t->st, o.kind)) * CLOCK_MINUTE;
	t->last_ack = ack > t->last_ack ? ack : t->last_ack;
	order_put(t->call, &o, no);
	t->orders++;
	t->unknown += !dest->unit && !dest->team;
}

static void
order_townships(struct tasks *t, const struct plan_task *task, bool all)
{
	struct unit_row *units = mem_alloc(TOWNSHIPS_MAX * sizeof(*units));
	size_t n = resource_units_of_kind(t->st, "township", units, TOWNSHIPS_MAX), sent = 0;
	struct dest dest;
	struct err err = ERR_NONE;

	for (size_t i = 0; i < n; i++) {
		if (!all && units[i].area != t->incident->area)
			continue;
		if (dest_of(t->st, units[i].id, &dest, &err))
			one_order(t, task, &dest);
		sent++;
	}
	if (!sent) {
		dest_named(t->st, _("the township of the scene"), &dest);
		one_order(t, task, &dest);
	}
	err_clear(&err);
	free(units);
}

/* Copy the tasks that begin at levels best..worst (4..1). */
static void
copy_tasks(struct tasks *t, int mildest, int worst)
{
	for (size_t i = 0; i < t->doc->n_tasks; i++) {
		const struct plan_task *task = &t->doc->tasks[i];
		struct dest dest;

		if (task->level > mildest || task->level < worst)
			continue;
		if (strcmp(task->owner, "@townships") == 0)
			order_townships(t, task, true);
		else if (strcmp(task->owner, "@township") == 0)
			order_townships(t, task, false);
		else {
			dest_named(t->st, task->owner, &dest);
			one_order(t, task, &dest);
		}
	}
}

static void
say_tasks(struct tasks *t)
{
	char due[40];

	if (t->orders == 0)
		return;
	call_say(t->call,
	    ngettext("%d task issued as an order, to be acknowledged by %s",
		"%d tasks issued as orders, the last to be acknowledged by %s",
		(unsigned long)t->orders),
	    t->orders, clock_format(due, sizeof(due), t->last_ack, CLOCK_HM));
	if (t->unknown)
		call_say(t->call,
		    ngettext("%d owner is not in the directory: tell it by hand",
			"%d owners are not in the directory: tell them by hand",
			(unsigned long)t->unknown),
		    t->unknown);
}

/* --- verbs ------------------------------------------------------------------------------------ */

static bool
put_level(
    struct verb_call *call, int64_t response, int level, const char *approver, const char *reason)
{
	struct sql *q = sql(call_store(call),
	    "INSERT INTO response_level (response, at, level, approver, reason, journal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

	sql_bind(q, "iiitti", response, call_now(call), (int64_t)level, approver, reason,
	    call_journal(call));
	return sql_run(q);
}

static int
level_of(struct verb_call *call)
{
	return (int)strtol(call_text(call, "level"), NULL, 10);
}

/* Who approves this level under the plan; "" when it does not say. */
static const char *
approver_post(const struct plan_doc *doc, int level)
{
	for (size_t i = 0; i < doc->n_triggers; i++)
		if (doc->triggers[i].level == level && *doc->triggers[i].approver)
			return doc->triggers[i].approver;
	return "";
}

static bool
not_twice(struct store *st, int64_t incident, int64_t plan, const char *name, struct err *err)
{
	struct sql *q = sql(st,
	    "SELECT level FROM response WHERE incident = ?1 AND plan = ?2 AND state = 'active'");
	int level = 0;

	sql_bind(q, "ii", incident, plan);
	if (sql_row(q))
		level = (int)sql_int(q, 0);
	sql_done(q);
	if (!level)
		return true;
	return err_set(err, ERR_STATE,
	    _("A response by %s runs already at %s: change its level (response.level)."), name,
	    response_level_label(level));
}

static bool
insert_response(struct verb_call *call, const struct incident_row *incident,
    const struct plan_row *plan, const char *approver, int64_t *id)
{
	struct sql *q;

	*id = store_new_id(call_store(call));
	q = sql(call_store(call),
	    "INSERT INTO response (id, incident, plan, plan_version, level, matter, measures, "
	    "period, approver, started,"
	    " journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
	sql_bind(q, "iiiiittttii", *id, incident->id, plan->id, plan->version,
	    (int64_t)level_of(call), incident->title, call_text(call, "measures"),
	    call_text(call, "period"), approver, call_now(call), call_journal(call));
	return sql_run(q);
}

/* The incident is being responded to now. */
static bool
incident_responds(struct verb_call *call, const struct incident_row *incident, struct err *err)
{
	return strcmp(incident->state, "responding") == 0 ||
	       incident_set_state(call, incident->id, "responding", err);
}

bool
verb_response_start(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct incident_row incident;
	struct plan_row plan;
	char approver[160];
	struct tasks t = {.call = call, .st = st, .incident = &incident, .approver = approver};
	char *scene;
	int level = level_of(call);

	if (!incident_touch(call, call_int(call, "incident"), false, err))
		return false;
	if (!incident_get(st, call_int(call, "incident"), &incident) ||
	    !plan_get(st, call_int(call, "plan"), &plan))
		return err_set(err, ERR_NOT_FOUND, _("There is no such plan."));
	if (plan.retired)
		return err_set(
		    err, ERR_STATE, _("%s is retired: choose a plan in force."), plan.name);
	if (!not_twice(st, incident.id, plan.id, plan.name, err))
		return false;
	t.doc = plan_open(st, plan.id, plan.version, err);
	if (!t.doc ||
	    !approver_take(call, approver_post(t.doc, level), approver, sizeof(approver), err) ||
	    !insert_response(call, &incident, &plan, t.approver, &t.response) ||
	    !put_level(call, t.response, level, t.approver, LEVEL_START) ||
	    !incident_responds(call, &incident, err))
		return false;
	call_subject(call, "response", t.response);
	call_say(call, _("%s response by %s (version %s) for %03d, approved by %s"),
	    response_level_label(level), plan.name, plan.version_text, incident.number, t.approver);
	t.scene = scene = scene_of(&incident);
	copy_tasks(&t, 4, level);
	say_tasks(&t);
	free(scene);
	return true;
}

/* The response of the call, active, on its incident's timeline. */
static bool
response_of(struct verb_call *call, struct response_row *r, struct err *err)
{
	if (!dispatch_response(call_store(call), call_int(call, "response"), r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such response."));
	call_subject(call, "response", r->id);
	if (!incident_touch(call, r->incident, true, err))
		return false;
	if (r->active)
		return true;
	return err_set(err, ERR_STATE,
	    _("The response by %s has ended: start a new one (response.start)."), r->plan_name);
}

bool
verb_response_level(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct incident_row incident;
	struct response_row r;
	char approver[160];
	struct tasks t = {.call = call, .st = st, .incident = &incident, .approver = approver};
	int level = level_of(call);
	char *scene;
	struct sql *q;

	if (!response_of(call, &r, err))
		return false;
	if (level == r.level)
		return err_set(err, ERR_STATE,
		    _("The response is at %s already: name another level."),
		    response_level_label(level));
	t.doc = plan_open(st, r.plan, r.plan_version, err);
	if (!t.doc ||
	    !approver_take(call, approver_post(t.doc, level), approver, sizeof(approver), err))
		return false;
	if (!incident_get(st, r.incident, &incident))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	t.response = r.id;
	q = sql(st, "UPDATE response SET level = ?2 WHERE id = ?1");
	sql_bind(q, "ii", r.id, (int64_t)level);
	if (!sql_run(q) || !put_level(call, r.id, level, t.approver, call_text(call, "reason")))
		return false;
	call_say(call,
	    level < r.level ? _("%s: response raised from %s to %s, approved by %s: %s")
			    : _("%s: response lowered from %s to %s, approved by %s: %s"),
	    r.plan_name, response_level_label(r.level), response_level_label(level), t.approver,
	    call_text(call, "reason"));
	t.scene = scene = scene_of(&incident);
	if (level < r.level)
		copy_tasks(&t, r.level - 1, level);
	say_tasks(&t);
	if (level > r.level && r.open_orders)
		call_say(call,
		    ngettext("%lld order stays open", "%lld orders stay open",
			(unsigned long)r.open_orders),
		    (long long)r.open_orders);
	free(scene);
	return true;
}

bool
verb_response_end(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct buf names = BUF_MAX(2048);
	const struct plan_doc *doc;
	struct response_row r;
	char approver[160];
	int64_t open;
	struct sql *q;

	if (!response_of(call, &r, err))
		return false;
	doc = plan_open(st, r.plan, r.plan_version, err);
	if (!doc ||
	    !approver_take(call, approver_post(doc, r.level), approver, sizeof(approver), err))
		return false;
	open = orders_in_the_way(st, r.id, &names);
	if (open)
		err_set(err, ERR_STATE,
		    _("%lld orders are still open: %s%s. Settle them (order.done), hand them on "
		      "(order.hand) or withdraw them."),
		    (long long)open, buf_str(&names), open > 4 ? " …" : "");
	buf_clear(&names);
	if (open)
		return false;
	q = sql(st, "UPDATE response SET state = 'ended', ended = ?2, end_approver = ?3, "
		    "end_reason = ?4 WHERE id = ?1");
	sql_bind(q, "iitt", r.id, call_now(call), approver, call_text(call, "reason"));
	call_say(call, _("%s: response ended, approved by %s: %s"), r.plan_name, approver,
	    call_text(call, "reason"));
	if (*doc->sections[PLAN_END])
		call_say(call, _("met are the plan's conditions: %s"), doc->sections[PLAN_END]);
	return sql_run(q);
}

/* --- reads ------------------------------------------------------------------------------------ */

#define COLUMNS                                                                                    \
	"SELECT r.id, r.incident, r.plan, r.plan_version, i.number, p.name, v.version, r.level, "  \
	"r.state, r.started,"                                                                      \
	" r.ended, r.approver, r.period, coalesce(r.end_approver, ''),"                            \
	" (SELECT count(*) FROM orders o WHERE o.incident = r.incident AND o.response = r.id),"    \
	" (SELECT count(*) FROM orders o WHERE o.incident = r.incident AND o.response = r.id AND " \
	"o.state NOT IN"                                                                           \
	" ('done', 'withdrawn')),"                                                                 \
	" (SELECT count(*) FROM orders o WHERE o.incident = r.incident AND o.response = r.id AND " \
	"o.state IN"                                                                               \
	" ('issued', 'delivered'))"                                                                \
	" FROM response r JOIN incident i ON i.id = r.incident JOIN plan p ON p.id = r.plan"       \
	" JOIN plan_version v ON v.id = r.plan_version"

static void
fill_row(struct sql *q, struct response_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	out->incident = sql_int(q, 1);
	out->plan = sql_int(q, 2);
	out->plan_version = sql_int(q, 3);
	snprintf(out->incident_no, sizeof(out->incident_no), "%03d", (int)sql_int(q, 4));
	fit_text(out->plan_name, sizeof(out->plan_name), sql_text(q, 5));
	fit_text(out->plan_version_text, sizeof(out->plan_version_text), sql_text(q, 6));
	out->level = (int)sql_int(q, 7);
	out->active = strcmp(sql_text(q, 8), "active") == 0;
	out->started = sql_int(q, 9);
	out->ended = sql_time(q, 10);
	fit_text(out->approver, sizeof(out->approver), sql_text(q, 11));
	fit_text(out->period, sizeof(out->period), sql_text(q, 12));
	fit_text(out->end_approver, sizeof(out->end_approver), sql_text(q, 13));
	out->orders = sql_int(q, 14);
	out->open_orders = sql_int(q, 15);
	out->unacked = sql_int(q, 16);
}

size_t
dispatch_responses(
    struct store *st, int64_t incident, bool active, struct response_row *out, size_t max)
{
	struct sql *q =
	    incident ? sql(st, COLUMNS " WHERE r.incident = ?1 AND (?2 = 0 OR r.state = 'active') "
				       "ORDER BY r.id DESC")
		     : sql(st, COLUMNS
			   " WHERE ?1 = 0 AND (?2 = 0 OR r.state = 'active') ORDER BY r.id DESC");
	size_t n = 0;

	sql_bind(q, "ii", incident, (int64_t)active);
	while (n < max && sql_row(q))
		fill_row(q, &out[n++]);
	sql_done(q);
	return n;
}

bool
dispatch_response(struct store *st, int64_t id, struct response_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE r.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_row(q, out);
	sql_done(q);
	return found;
}

size_t
dispatch_levels(struct store *st, int64_t response, struct level_change *out, size_t max)
{
	struct sql *q = sql(st, "SELECT at, level, approver, reason FROM response_level WHERE "
				"response = ?1 ORDER BY journal");
	size_t n = 0;

	sql_bind(q, "i", response);
	for (; n < max && sql_row(q); n++) {
		out[n].at = sql_int(q, 0);
		out[n].level = (int)sql_int(q, 1);
		fit_text(out[n].approver, sizeof(out[n].approver), sql_text(q, 2));
		fit_text(out[n].reason, sizeof(out[n].reason),
		    strcmp(sql_text(q, 3), LEVEL_START) == 0 ? _("start") : sql_text(q, 3));
	}
	sql_done(q);
	return n;
}
