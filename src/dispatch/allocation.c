/*
 * From the store to the solver (decide/allocate.h) and back. A need is a demand; each team that can
 * do something of what is needed is a supply of one for each such skill, with one team number; each
 * depot that holds a class is a supply of it. What may not be used (off, out, kept, promised) goes
 * along with its reason, so that the answer can say what was nearer.
 */
#include "dispatch/allocation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 64

/* --- demands ---------------------------------------------------------------------------------- */

static bool
same_kind(const struct need *a, const struct need *b)
{
	return a->team == b->team && strcmp(a->code, b->code) == 0;
}

/* Number the kinds: each class once. Gives false when an incident has no position. */
static bool
put_demands(struct allocation_work *w, struct err *err)
{
	struct incident_row row = {.id = 0};

	w->demands = mem_zero(w->n_needs + 1, sizeof(*w->demands));
	w->kind = mem_zero(w->n_needs + 1, sizeof(*w->kind));
	for (size_t i = 0; i < w->n_needs; i++) {
		const struct need *n = &w->needs[i];
		size_t first = 0;

		while (first < i && !same_kind(&w->needs[first], n))
			first++;
		w->kind[i] = first < i ? w->kind[first] : w->n_kinds++;
		if (row.id != n->incident && !incident_get(w->st, n->incident, &row))
			return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
		if (row.lon == 0 && row.lat == 0)
			return err_set(err, ERR_STATE,
			    _("%03d has no position yet, so nobody's way can be reckoned: give its "
			      "place, or lon= and lat= (incident.set)."),
			    row.number);
		w->demands[i] = (struct demand){
		    n->incident, w->kind[i], n->amount, n->weight, row.lon, row.lat};
	}
	return true;
}

/* --- supplies --------------------------------------------------------------------------------- */

static void
add_supply(struct allocation_work *w, const struct supply *s, const struct origin *o)
{
	size_t n = w->n_supplies;

	mem_grow(&w->supplies, &w->room, n);
	mem_grow(&w->origins, &w->origins_room, n);
	w->supplies[n] = *s;
	w->origins[n] = *o;
	w->n_supplies++;
}

static bool
wanted_incident(const struct allocation_work *w, int64_t incident)
{
	for (size_t i = 0; i < w->n_needs; i++)
		if (w->needs[i].incident == incident)
			return true;
	return false;
}

/* The team is on one of the incidents asked about already: it is counted there and is no choice. */
static bool
there_already(const struct allocation_work *w, int64_t team)
{
	struct sql *q = sql(w->st, "SELECT incident FROM assignment WHERE team = ?1 AND state NOT "
				   "IN ('released', 'cancelled')");
	bool there = false;

	sql_bind(q, "i", team);
	while (!there && sql_row(q))
		there = wanted_incident(w, sql_int(q, 0));
	sql_done(q);
	return there;
}

static void
add_team(struct allocation_work *w, const struct team_row *t, int kind)
{
	struct origin o = {
	    .source = t->id, .team = true, .confirmed = t->confirmed, .lon = t->lon, .lat = t->lat};
	struct supply s = {.source = t->id,
	    .kind = kind,
	    .amount = 1,
	    .whole = true,
	    .lon = t->lon,
	    .lat = t->lat,
	    .ready_min = t->ready_min};

	fit_text(o.name, sizeof(o.name), t->name);
	fit_text(o.short_name, sizeof(o.short_name), *t->short_name ? t->short_name : t->name);
	fit_text(o.phone, sizeof(o.phone), t->phone);
	if (t->off)
		fit_print(o.excluded, sizeof(o.excluded), _("off: %s"), t->off_why);
	else if (t->on)
		fit_print(o.excluded, sizeof(o.excluded), _("out (%s)"), t->on_text);
	else if (t->lon == 0 && t->lat == 0)
		fit_print(o.excluded, sizeof(o.excluded), "%s", _("position unknown"));
	add_supply(w, &s, &o);
}

static void
add_teams(struct allocation_work *w, const char *skill, int kind)
{
	struct team_row *rows = mem_alloc(PAGE * sizeof(*rows));
	struct resource_filter f = {.code = skill};
	size_t n;

	do {
		n = resource_teams(w->st, &f, rows, PAGE);
		for (size_t i = 0; i < n; i++)
			if (!there_already(w, rows[i].id))
				add_team(w, &rows[i], kind);
		if (n) {
			fit_text(f.page.key, sizeof(f.page.key), rows[n - 1].key);
			f.page.id = rows[n - 1].id;
		}
	} while (n == PAGE);
	free(rows);
}

static void
add_stock_row(struct allocation_work *w, const struct stock_row *r, int kind)
{
	int64_t rest = r->balance.hand - r->balance.promised;
	struct origin o = {.source = r->depot,
	    .confirmed = r->balance.confirmed,
	    .lon = r->lon,
	    .lat = r->lat,
	    .kept = rest > r->balance.available ? rest - r->balance.available : 0};
	struct supply s = {.source = r->depot,
	    .kind = kind,
	    .amount = r->balance.available,
	    .lon = r->lon,
	    .lat = r->lat,
	    .ready_min = r->load_min};
	struct depot_row depot;

	if (r->balance.hand <= 0)
		return;
	fit_text(o.name, sizeof(o.name), r->depot_name);
	fit_text(o.short_name, sizeof(o.short_name),
	    resource_depot(w->st, r->depot, &depot) && *depot.short_name ? depot.short_name
									 : r->depot_name);
	fit_text(o.phone, sizeof(o.phone), r->phone);
	if (s.amount == 0)
		fit_print(o.excluded, sizeof(o.excluded), "%s",
		    rest > 0 ? _("the rest is kept for its own area") : _("all promised already"));
	else if (r->lon == 0 && r->lat == 0)
		fit_print(o.excluded, sizeof(o.excluded), "%s", _("position unknown"));
	add_supply(w, &s, &o);
}

static void
add_stock(struct allocation_work *w, const char *goods, int kind)
{
	struct stock_row *rows = mem_alloc(PAGE * sizeof(*rows));
	struct resource_filter f = {.code = goods};
	size_t n;

	do {
		n = resource_stock(w->st, &f, rows, PAGE);
		for (size_t i = 0; i < n; i++)
			add_stock_row(w, &rows[i], kind);
		if (n) {
			fit_text(f.page.key, sizeof(f.page.key), rows[n - 1].key);
			f.page.id = rows[n - 1].id;
		}
	} while (n == PAGE);
	free(rows);
}

/* Supplies of the same team share a number, in the order of their first coming. */
static void
number_teams(struct allocation_work *w)
{
	for (size_t i = 0; i < w->n_supplies; i++) {
		size_t first = 0;

		if (!w->origins[i].team)
			continue;
		while (w->origins[first].source != w->origins[i].source)
			first++;
		w->supplies[i].team_group = (int)first + 1;
	}
}

static void
put_supplies(struct allocation_work *w)
{
	int done = 0;

	for (size_t i = 0; i < w->n_needs; i++) {
		if (w->kind[i] != done)
			continue;
		if (w->needs[i].team)
			add_teams(w, w->needs[i].code, done);
		else
			add_stock(w, w->needs[i].code, done);
		done++;
	}
	for (size_t i = 0; i < w->n_supplies; i++)
		w->supplies[i].excluded = *w->origins[i].excluded ? w->origins[i].excluded : NULL;
	number_teams(w);
}

/* --- pins ------------------------------------------------------------------------------------- */

static void
add_pair(struct allocation_work *w, size_t demand, size_t supply, const struct allocation_pin *pin)
{
	mem_grow(&w->pairs, &w->pairs_room, w->n_pairs);
	w->pairs[w->n_pairs++] =
	    (struct pair){demand, supply, pin->rule, pin->rule == PAIR_LOCKED ? pin->amount : 0};
}

/* A team that is fixed without a class goes where it is needed most. */
static bool
put_pin(struct allocation_work *w, const struct allocation_pin *pin, struct err *err)
{
	size_t before = w->n_pairs, best_demand = SIZE_MAX, best_supply = SIZE_MAX;

	for (size_t d = 0; d < w->n_needs; d++) {
		if (w->needs[d].incident != pin->incident ||
		    (*pin->code && strcmp(w->needs[d].code, pin->code) != 0))
			continue;
		for (size_t s = 0; s < w->n_supplies; s++) {
			if (w->origins[s].source != pin->source ||
			    w->supplies[s].kind != w->kind[d])
				continue;
			if (pin->rule != PAIR_LOCKED || !w->origins[s].team)
				add_pair(w, d, s, pin);
			else if (best_demand == SIZE_MAX ||
				 w->needs[d].weight > w->needs[best_demand].weight) {
				best_demand = d;
				best_supply = s;
			}
		}
	}
	if (best_demand != SIZE_MAX)
		add_pair(w, best_demand, best_supply, pin);
	if (w->n_pairs > before || pin->rule != PAIR_LOCKED)
		return true;
	return err_set(err, ERR_INPUT,
	    _("What you fixed has nothing of what is needed there: unfix it, or add the need "
	      "first."));
}

/* --- solve ------------------------------------------------------------------------------------ */

static double
travel(void *context, const struct supply *from, const struct demand *to, const char **how)
{
	struct allocation_work *w = context;

	if (from->lon == 0 && from->lat == 0)
		return -1;
	return travel_minutes(w->st, from->lon, from->lat, to->lon, to->lat, how);
}

static void
work_clear(struct allocation_work *w)
{
	free(w->demands);
	free(w->supplies);
	free(w->origins);
	free(w->pairs);
	free(w->kind);
}

static bool
solve(struct allocation_work *w, struct allocation *out, struct err *err)
{
	struct allocate_problem problem = {.demands = w->demands,
	    .n_demands = w->n_needs,
	    .supplies = w->supplies,
	    .n_supplies = w->n_supplies,
	    .n_kinds = w->n_kinds,
	    .pairs = w->pairs,
	    .n_pairs = w->n_pairs,
	    .travel = travel,
	    .travel_context = w};
	struct allocate_answer answer;
	bool ok = allocate_solve(&problem, &answer, err);

	if (ok)
		allocation_describe(w, &answer, out);
	allocate_clear(&answer);
	return ok;
}

bool
dispatch_allocate(struct store *st, const struct need *needs, size_t n_needs,
    const struct allocation_pin *pins, size_t n_pins, struct allocation *out, struct err *err)
{
	struct allocation_work w = {.st = st, .needs = needs, .n_needs = n_needs};
	bool ok;

	memset(out, 0, sizeof(*out));
	store_read_begin(st);
	ok = put_demands(&w, err);
	if (ok)
		put_supplies(&w);
	for (size_t i = 0; ok && i < n_pins; i++)
		ok = put_pin(&w, &pins[i], err);
	ok = ok && solve(&w, out, err);
	ok = store_read_end(st, err) && ok;
	if (!ok)
		allocation_clear(out);
	work_clear(&w);
	return ok;
}

void
allocation_clear(struct allocation *a)
{
	for (size_t i = 0; i < a->n_lines; i++) {
		free(a->lines[i].why);
		free(a->lines[i].brief);
	}
	for (size_t i = 0; i < a->n_shortages; i++)
		free(a->shortages[i].from);
	free(a->lines);
	free(a->shortages);
	free(a->summary);
	memset(a, 0, sizeof(*a));
}

char *
allocation_lines_text(const struct allocation *a, int64_t incident)
{
	json_t *array = json_array();
	char *text, *copy;

	for (size_t i = 0; i < a->n_lines; i++) {
		const struct allocation_line *l = &a->lines[i];
		json_t *json;

		if (l->incident != incident)
			continue;
		json = l->team ? json_pack("{s:I}", "team", (json_int_t)l->source)
			       : json_pack("{s:I, s:s, s:I}", "depot", (json_int_t)l->source,
				     "goods", l->code, "amount", (json_int_t)l->amount);
		json_object_set_new(json, "why", json_string(l->brief));
		json_object_set_new(json, "eta", json_real(l->arrival_min));
		json_object_set_new(json, "how", json_string(l->how));
		if (l->locked)
			json_object_set_new(json, "locked", json_true());
		json_array_append_new(array, json);
	}
	text = json_dumps(array, JSON_COMPACT);
	copy = mem_dup(text ? text : "[]");
	free(text);
	json_decref(array);
	return copy;
}
