/*
 * Assignments: which team or which goods are promised to, on their way to, or at an incident. A row
 * an incident each, so a team on two incidents has two states.
 *
 *	reserved -> dispatched -> [enroute] -> onscene -> released        cancelled: before it has left
 *
 * An active row of goods is what resource calls promised: the balance is read and the row written
 * inside one transaction, so no bag is promised twice.
 */
#include "dispatch/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTIVE "a.state NOT IN ('released', 'cancelled')"

int64_t
assignment_put(struct verb_call *call, const struct assignment_new *a)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q =
	    sql(st, "INSERT INTO assignment (id, incident, ordr, team, depot, goods, quantity, "
		    "why, eta_min,"
		    " eta_how, state, at, changed, journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
		    " CASE WHEN ?9 < 0 THEN NULL ELSE ?9 END, ?10, ?11, ?12, ?12, ?13)");

	sql_bind(q, "iizzztztrttii", id, a->incident, a->order, a->team, a->depot, a->goods,
	    a->quantity, a->why, a->eta_min, a->how, a->order ? "dispatched" : "reserved",
	    call_now(call), call_journal(call));
	sql_run(q);
	return id;
}

bool
team_may_go(struct store *st, const struct team_row *team, int64_t incident, struct err *err)
{
	char *state;

	if (team->off)
		return err_set(err, ERR_STATE,
		    _("%s is off (%s). Call another, or make it ready first (team.set "
		      "state=ready)."),
		    team->name, team->off_why);
	state = sql_one_text(st,
	    "SELECT a.state FROM assignment a WHERE a.team = ?1 AND a.incident = ?2 AND " ACTIVE,
	    "ii", team->id, incident);
	if (!state)
		return true;
	err_set(err, ERR_STATE, _("%s is on this incident already (%s)."), team->name,
	    assignment_state_label(state));
	free(state);
	return false;
}

bool
stock_is_there(struct store *st, int64_t depot, const char *goods, int64_t amount, bool use_keep,
    struct err *err)
{
	struct stock_balance b;
	char name[64], unit[16];
	int64_t most;

	resource_balance(st, depot, goods, &b);
	resource_class_name(st, false, goods, name, sizeof(name), unit, sizeof(unit));
	most = use_keep ? b.hand - b.promised : b.available;
	most = most < 0 ? 0 : most;
	if (amount < 1)
		return err_set(err, ERR_INPUT, _("Say how many %s of %s: 1 or more."), unit, name);
	if (amount <= most)
		return true;
	if (!use_keep && amount <= b.hand - b.promised)
		return err_set(err, ERR_REFUSED,
		    _("%s: %lld %s are free there (on hand %lld, promised %lld, kept %lld). Ask "
		      "for %lld, or say use_keep to take what is kept."),
		    name, (long long)most, unit, (long long)b.hand, (long long)b.promised,
		    (long long)b.keep, (long long)most);
	return err_set(err, ERR_REFUSED,
	    _("%s: %lld %s are free there (on hand %lld, promised %lld, kept %lld). Take the rest "
	      "from another depot."),
	    name, (long long)most, unit, (long long)b.hand, (long long)b.promised,
	    (long long)b.keep);
}

/* --- assign.supply ---------------------------------------------------------------------------- */

/* "at the depot afterwards: 12000 free" and whether the kept stock was touched. */
static void
say_rest(struct verb_call *call, int64_t depot, const char *goods, const char *unit)
{
	struct stock_balance b;

	resource_balance(call_store(call), depot, goods, &b);
	call_say(call, _("still free there: %lld %s"), (long long)b.available, unit);
	if (b.hand - b.promised < b.keep)
		call_say(call, _("%lld of the %lld kept there are used"),
		    (long long)(b.keep - (b.hand - b.promised)), (long long)b.keep);
}

bool
verb_assign_supply(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t depot = call_int(call, "depot"), amount = call_int(call, "amount"), id;
	bool reserve = call_flag(call, "reserve");
	struct incident_row incident;
	struct depot_row row;
	struct dest dest;
	struct assignment_new a = {.incident = call_int(call, "incident"),
	    .depot = depot,
	    .quantity = amount,
	    .eta_min = -1,
	    .why = N_("ordered by the officer")};
	char goods[32], name[64], unit[16], no[16], *content, *scene;

	if (!incident_touch(call, a.incident, false, err) || !dest_of_depot(st, depot, &dest, err))
		return false;
	if (!resource_goods_named(st, call_text(call, "goods"), goods, sizeof(goods)))
		return err_set(err, ERR_NOT_FOUND,
		    _("No class of goods is called \"%s\": give its code or name."),
		    call_text(call, "goods"));
	if (!stock_is_there(st, depot, goods, amount, call_flag(call, "use_keep"), err))
		return false;
	if (!incident_get(st, a.incident, &incident) || !resource_depot(st, depot, &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	resource_class_name(st, false, goods, name, sizeof(name), unit, sizeof(unit));
	a.goods = goods;
	if ((row.lon != 0 || row.lat != 0) && (incident.lon != 0 || incident.lat != 0))
		a.eta_min = row.load_min + travel_minutes(st, row.lon, row.lat, incident.lon,
					       incident.lat, &a.how);
	if (!reserve) {
		scene = scene_of(&incident);
		content = mem_print(_("load %s %lld %s for %s (%s)"), name, (long long)amount, unit,
		    scene, incident.title);
		a.order = order_put(call,
		    &(struct order_new){.incident = a.incident,
			.kind = "supply",
			.content = content,
			.place = scene,
			.dest = &dest,
			.finish_due = CLOCK_NONE},
		    no);
		free(content);
		free(scene);
	}
	id = assignment_put(call, &a);
	call_subject(call, "assignment", id);
	if (reserve)
		call_say(call, _("reserved at %s: %s %lld %s; nobody is told yet"), dest.name, name,
		    (long long)amount, unit);
	else
		call_say(call, _("order %s: %s sends %s %lld %s"), no, dest.name, name,
		    (long long)amount, unit);
	say_rest(call, depot, goods, unit);
	return true;
}

/* --- assign.state ----------------------------------------------------------------------------- */

/* The states that may follow, blank-separated. */
static const char *
next_states(const char *state)
{
	static const char *const table[][2] = {
	    {"reserved", "dispatched cancelled"},
	    {"dispatched", "enroute onscene cancelled"},
	    {"enroute", "onscene released"},
	    {"onscene", "released"},
	};

	for (size_t i = 0; i < COUNT_OF(table); i++)
		if (strcmp(table[i][0], state) == 0)
			return table[i][1];
	return "";
}

static bool
may_follow(const char *state, const char *next)
{
	const char *list = next_states(state), *at = strstr(list, next);
	size_t n = strlen(next);

	return at && (at[n] == ' ' || at[n] == '\0') && (at == list || at[-1] == ' ');
}

static bool
wrong_state(const struct assignment_row *a, const char *next, struct err *err)
{
	const char *list = next_states(a->state);
	struct buf may = BUF_MAX(256);
	char word[16];

	while (sscanf(list, "%15s", word) == 1) {
		buf_printf(&may, "%s%s", may.size ? _(", ") : "", assignment_state_label(word));
		list += strcspn(list, " ");
		list += *list == ' ';
	}
	if (may.size)
		err_set(err, ERR_STATE,
		    _("%s on %s is \"%s\"; \"%s\" cannot follow. What may: %s."), a->source,
		    a->incident_no, assignment_state_label(a->state), assignment_state_label(next),
		    buf_str(&may));
	else
		err_set(err, ERR_STATE,
		    _("%s on %s is \"%s\" already: send it anew (order.issue, assign.supply)."),
		    a->source, a->incident_no, assignment_state_label(a->state));
	buf_clear(&may);
	return false;
}

static bool assignment_get(struct store *st, int64_t id, struct assignment_row *out);

/* What was used up leaves the depot for good; the rest is free again. */
static bool
take_back(struct verb_call *call, const struct assignment_row *a, struct err *err)
{
	int64_t used = call_int(call, "consumed");

	if (!call_has(call, "consumed"))
		return err_set(err, ERR_INPUT,
		    _("Say how many %s of %s were used up (consumed=0 to %lld); the rest goes back "
		      "to %s."),
		    a->unit, a->goods_name, (long long)a->quantity, a->source);
	if (used > a->quantity)
		return err_set(err, ERR_INPUT, _("Only %lld %s were sent: consumed= is 0 to %lld."),
		    (long long)a->quantity, a->unit, (long long)a->quantity);
	if (used < a->quantity)
		call_say(call, _("%lld %s go back"), (long long)(a->quantity - used), a->unit);
	if (used > 0)
		call_say(call, _("%lld %s used up"), (long long)used, a->unit);
	return used == 0 || resource_use_up(call, a->depot, a->goods, used, err);
}

/* What was reserved is told now. Gives the order. */
static int64_t
tell(struct verb_call *call, const struct assignment_row *a, char no[16], struct err *err)
{
	struct store *st = call_store(call);
	struct incident_row incident;
	struct dest dest;
	char *scene, *content;
	int64_t order;

	if (!incident_get(st, a->incident, &incident) ||
	    !(a->team ? dest_of(st, a->team, &dest, err) : dest_of_depot(st, a->depot, &dest, err)))
		return 0;
	scene = scene_of(&incident);
	content = a->team ? mem_print(_("go to %s: %s; report when you leave and when you arrive"),
				scene, incident.title)
			  : mem_print(_("load %s %lld %s for %s (%s)"), a->goods_name,
				(long long)a->quantity, a->unit, scene, incident.title);
	order = order_put(call,
	    &(struct order_new){.incident = a->incident,
		.kind = a->team ? "rescue" : "supply",
		.content = content,
		.place = scene,
		.dest = &dest,
		.finish_due = CLOCK_NONE},
	    no);
	free(scene);
	free(content);
	return order;
}

static bool
set_state(struct verb_call *call, int64_t id, const char *state, int64_t order)
{
	struct sql *q = sql(call_store(call), "UPDATE assignment SET state = ?2, ordr = "
					      "coalesce(?3, ordr), changed = ?4 WHERE id = ?1");

	sql_bind(q, "itzi", id, state, order, call_now(call));
	return sql_run(q);
}

/* Where the row's source lies, for the rights of a township. */
static int64_t
area_of(struct store *st, const struct assignment_row *a)
{
	int64_t area = a->team
			   ? sql_one_int(st, "SELECT coalesce(area, 0) FROM team WHERE id = ?1", 0,
				 "i", a->team)
			   : sql_one_int(st, "SELECT coalesce(area, 0) FROM depot WHERE id = ?1", 0,
				 "i", a->depot);

	return area ? area : store_area(st);
}

bool
verb_assign_state(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	const char *next = call_text(call, "state"), *text = call_text(call, "text");
	struct assignment_row a;
	char no[16] = "";
	int64_t order = 0;
	bool ok = false;

	if (!assignment_get(st, call_int(call, "assignment"), &a))
		return err_set(err, ERR_NOT_FOUND, _("There is no such assignment."));
	call_subject(call, "assignment", a.id);
	call_incident(call, a.incident);
	if (!call_touch_area(call, area_of(st, &a), err))
		goto out;
	if (!may_follow(a.state, next)) {
		wrong_state(&a, next, err);
		goto out;
	}
	call_say(call, _("%s %s on %s: %s"), a.source, a.goods_name, a.incident_no,
	    assignment_state_label(next));
	if (strcmp(next, "dispatched") == 0) {
		order = tell(call, &a, no, err);
		if (!order)
			goto out;
		call_say(call, _("order %s"), no);
	}
	if (strcmp(next, "released") == 0 && a.depot && !take_back(call, &a, err))
		goto out;
	if (*text)
		call_say(call, "%s", text);
	ok = (!a.order || (order_note(call, a.order, "state", a.source, *text ? text : next) &&
			      /* Who moves has the order, acknowledged or not. */
			      (strcmp(next, "cancelled") == 0 ||
				  order_chase_from(call, a.order, CLOCK_NONE)))) &&
	     set_state(call, a.id, next, order);
out:
	assignment_rows_clear(&a, 1);
	return ok;
}

bool
assignments_call_off(struct verb_call *call, int64_t order, struct err *err)
{
	struct store *st = call_store(call);
	char *away = sql_one_text(st,
	    "SELECT coalesce(t.name, d.name) FROM assignment a LEFT JOIN team t ON t.id = a.team "
	    "LEFT JOIN depot d"
	    " ON d.id = a.depot WHERE a.ordr = ?1 AND a.state IN ('enroute', 'onscene')",
	    "i", order);
	struct sql *q;

	if (away) {
		err_set(err, ERR_STATE,
		    _("%s has left already: release it first (assign.state released)."), away);
		free(away);
		return false;
	}
	q = sql(st,
	    "UPDATE assignment SET state = 'cancelled', changed = ?2 WHERE ordr = ?1 AND state IN"
	    " ('reserved', 'dispatched')");
	sql_bind(q, "ii", order, call_now(call));
	return sql_run(q);
}

/* --- reads ------------------------------------------------------------------------------------ */

#define COLUMNS                                                                                    \
	"SELECT a.id, a.incident, coalesce(a.ordr, 0), coalesce(a.team, 0), coalesce(a.depot, "    \
	"0), i.number, o.year,"                                                                    \
	" o.number, coalesce(t.name, d.name, ''), coalesce(a.goods, ''), coalesce(g.name, ''), "   \
	"coalesce(g.unit, ''),"                                                                    \
	" coalesce(a.quantity, 0), a.state, a.why, coalesce(a.eta_min, -1), a.at, a.changed"       \
	" FROM assignment a JOIN incident i ON i.id = a.incident LEFT JOIN orders o ON o.id = "    \
	"a.ordr"                                                                                   \
	" LEFT JOIN team t ON t.id = a.team LEFT JOIN depot d ON d.id = a.depot LEFT JOIN goods "  \
	"g ON g.code = a.goods"

static void
fill_row(struct sql *q, struct assignment_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	out->incident = sql_int(q, 1);
	out->order = sql_int(q, 2);
	out->team = sql_int(q, 3);
	out->depot = sql_int(q, 4);
	snprintf(out->incident_no, sizeof(out->incident_no), "%03d", (int)sql_int(q, 5));
	if (out->order)
		snprintf(out->order_no, sizeof(out->order_no), "%d-%03d",
		    (int)sql_int(q, 6) % 10000, (int)sql_int(q, 7) % 1000000);
	fit_text(out->source, sizeof(out->source), sql_text(q, 8));
	fit_text(out->goods, sizeof(out->goods), sql_text(q, 9));
	fit_text(out->goods_name, sizeof(out->goods_name), sql_text(q, 10));
	fit_text(out->unit, sizeof(out->unit), sql_text(q, 11));
	out->quantity = out->team ? 0 : sql_int(q, 12);
	fit_text(out->state, sizeof(out->state), sql_text(q, 13));
	/* A reason of the program's is stored as its msgid, any other text as it is. */
	out->why = mem_dup(*sql_text(q, 14) ? _(sql_text(q, 14)) : "");
	out->eta_min = sql_real(q, 15);
	out->at = sql_int(q, 16);
	out->changed = sql_int(q, 17);
}

static bool
assignment_get(struct store *st, int64_t id, struct assignment_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE a.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_row(q, out);
	sql_done(q);
	return found;
}

static size_t
take_rows(struct sql *q, int64_t a, int64_t b, bool active, struct assignment_row *out, size_t max)
{
	size_t n = 0;

	sql_bind(q, "iii", a, b, (int64_t)active);
	while (n < max && sql_row(q))
		fill_row(q, &out[n++]);
	sql_done(q);
	return n;
}

/* A source is a team or a depot, and each has an index of what is active. */
size_t
dispatch_assignments(struct store *st, int64_t incident, int64_t source, bool active,
    struct assignment_row *out, size_t max)
{
	size_t n;

	if (incident)
		return take_rows(
		    sql(st,
			COLUMNS " WHERE a.incident = ?1 AND (?2 = 0 OR a.team = ?2 OR a.depot = ?2)"
				" AND (?3 = 0 OR " ACTIVE ") ORDER BY a.id"),
		    incident, source, active, out, max);
	if (!source || !active)
		return take_rows(
		    sql(st, COLUMNS " WHERE ?1 = 0 AND (?2 = 0 OR a.team = ?2 OR a.depot = ?2)"
				    " AND (?3 = 0 OR " ACTIVE ") ORDER BY a.id"),
		    0, source, active, out, max);
	n = take_rows(sql(st, COLUMNS " WHERE a.team = ?1 AND a.team IS NOT NULL AND " ACTIVE
				      " AND ?2 = 0 AND ?3 = 1 ORDER BY a.id"),
	    source, 0, true, out, max);
	return n ? n
		 : take_rows(
		       sql(st, COLUMNS " WHERE a.depot = ?1 AND a.depot IS NOT NULL AND " ACTIVE
				       " AND ?2 = 0 AND ?3 = 1 ORDER BY a.id"),
		       source, 0, true, out, max);
}

void
assignment_rows_clear(struct assignment_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(rows[i].why);
		rows[i].why = NULL;
	}
}

const char *
assignment_state_label(const char *state)
{
	static const char *const labels[][2] = {
	    {"reserved", N_("reserved")},
	    {"dispatched", N_("dispatched")},
	    {"enroute", N_("en route")},
	    {"onscene", N_("on scene")},
	    {"released", N_("released")},
	    {"cancelled", N_("cancelled")},
	};

	return i18n_label(labels, COUNT_OF(labels), state);
}
