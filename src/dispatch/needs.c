/*
 * What the plans propose for an incident, and what it needs: the needs of the plans in force over
 * it, less what is on its way already.
 */
#include "dispatch/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATCHES 6
#define CALLS_MAX 64
#define FACTS_MAX 256
#define RESPONSES_MAX 8
#define ASSIGNED_MAX 512
#define NEEDS_MAX 200

/* --- what the plans propose ------------------------------------------------------------------- */

/* All callers' words. Caller frees. */
static char *
words_of(struct store *st, int64_t incident)
{
	struct incident_call *calls = mem_zero(CALLS_MAX, sizeof(*calls));
	size_t n = incident_calls(st, incident, calls, CALLS_MAX);
	struct buf b = BUF_MAX(131072);

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i ? "\n" : "", calls[i].text ? calls[i].text : "");
	incident_calls_clear(calls, n);
	free(calls);
	return buf_take(&b);
}

/* The highest measure of a kind that was said; only amounts with this unit, when one is given. */
static double
highest(const struct incident_fact *facts, size_t n, enum fact_kind kind, const char *unit)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		if (facts[i].kind == kind && (!unit || strcmp(facts[i].unit, unit) == 0) &&
		    facts[i].amount > most)
			most = facts[i].amount;
	return most;
}

/* Substances, blank-separated, which the caller frees; and the measures some triggers ask for. */
static char *
substances_of(struct store *st, int64_t incident, struct plan_query *query)
{
	struct incident_fact *facts = mem_zero(FACTS_MAX, sizeof(*facts));
	size_t n = incident_facts(st, incident, facts, FACTS_MAX);
	struct buf b = BUF_MAX(2048);

	for (size_t i = 0; i < n; i++)
		if (facts[i].kind == FACT_SUBSTANCE && *facts[i].name)
			buf_printf(&b, "%s%s", b.size ? " " : "", facts[i].name);
	query->tonnes = highest(facts, n, FACT_QUANTITY, "t");
	query->water_level = highest(facts, n, FACT_WATER_LEVEL, NULL);
	query->rain_mm = highest(facts, n, FACT_RAIN, NULL);
	incident_facts_clear(facts, n);
	free(facts);
	return buf_take(&b);
}

/* The plans that fit, best first. */
static size_t
match_plans(struct store *st, int64_t incident, struct plan_match *out, size_t max)
{
	struct incident_full *full = mem_zero(1, sizeof(*full));
	const char *codes[COUNT_OF(full->codes)];
	struct grade_figures figures;
	struct plan_query query = {0};
	char *words, *substances;
	size_t n = 0;

	memset(&figures, 0, sizeof(figures));
	if (incident_full(st, incident, full)) {
		words = words_of(st, incident);
		substances = substances_of(st, incident, &query);
		for (size_t i = 0; i < full->n_codes; i++)
			codes[i] = full->codes[i].code;
		incident_figures(st, incident, &figures);
		query.codes = codes;
		query.n_codes = full->n_codes;
		query.text = words;
		query.area = full->row.area;
		query.figures = &figures;
		query.grade = full->row.grade;
		query.near_miss = full->row.near_miss;
		query.substances = *substances ? substances : NULL;
		n = plan_match(st, &query, out, max);
		free(words);
		free(substances);
		incident_full_clear(full);
	}
	free(full);
	return n;
}

static void
find_running(struct store *st, int64_t incident, struct response_proposal *p)
{
	struct sql *q = sql(st, "SELECT id, level FROM response WHERE incident = ?1 AND plan = ?2 "
				"AND state = 'active'");

	sql_bind(q, "ii", incident, p->plan);
	if (sql_row(q)) {
		p->running = sql_int(q, 0);
		p->running_level = (int)sql_int(q, 1);
	}
	sql_done(q);
}

bool
dispatch_propose(struct store *st, int64_t incident, struct response_proposal *out, struct err *err)
{
	struct plan_match found[MATCHES];
	struct incident_row row;
	size_t n, best = 0;

	memset(out, 0, sizeof(*out));
	if (!incident_get(st, incident, &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such incident."));
	memset(found, 0, sizeof(found));
	n = match_plans(st, incident, found, MATCHES);
	while (best < n && found[best].level == 0)
		best++;
	if (best == n)
		best = 0;
	if (n == 0) {
		out->why = mem_dup(
		    _("No plan fits this incident yet: set its type (incident.set type=)."));
		return true;
	}
	out->plan = found[best].plan;
	out->level = found[best].level;
	fit_text(out->plan_name, sizeof(out->plan_name), found[best].name);
	fit_text(
	    out->approver, sizeof(out->approver), found[best].approver ? found[best].approver : "");
	if (out->level && found[best].level_why)
		out->why = mem_dup(found[best].level_why);
	else
		out->why = mem_print(_("%s fits (%s), but none of its triggers has fired."),
		    out->plan_name, found[best].why ? found[best].why : "");
	find_running(st, incident, out);
	plan_match_clear(found, n);
	return true;
}

void
response_proposal_clear(struct response_proposal *p)
{
	free(p->why);
	p->why = NULL;
}

/* --- needs ------------------------------------------------------------------------------------ */

static struct need *
need_of(struct need_list *list, int64_t incident, bool team, const char *code)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].incident == incident && list->items[i].team == team &&
		    strcmp(list->items[i].code, code) == 0)
			return &list->items[i];
	return NULL;
}

static struct need *
need_add(struct store *st, struct need_list *list, int64_t incident, bool team, const char *code)
{
	struct need *n;

	mem_grow(&list->items, &list->room, list->n);
	n = &list->items[list->n++];
	memset(n, 0, sizeof(*n));
	n->incident = incident;
	n->team = team;
	n->weight = 1;
	fit_text(n->code, sizeof(n->code), code);
	resource_class_name(st, team, code, n->name, sizeof(n->name), n->unit, sizeof(n->unit));
	if (team)
		fit_text(n->unit, sizeof(n->unit), _("team(s)"));
	return n;
}

/* A plan's needs at a level. Two plans over one incident do not add up: the larger amount counts.
 */
static void
add_plan(struct store *st, struct need_list *list, int64_t incident, const struct plan_doc *doc,
    int level)
{
	const struct plan_need **needs = mem_alloc((doc->n_needs + 1) * sizeof(*needs));
	size_t count = plan_needs_at(doc, level, needs);
	char why[160];

	for (size_t i = 0; i < count; i++) {
		const struct plan_need *p = needs[i];
		struct need *n = need_of(list, incident, p->team, p->code);

		if (!n)
			n = need_add(st, list, incident, p->team, p->code);
		n->weight = p->weight > n->weight ? p->weight : n->weight;
		if (p->amount <= n->amount)
			continue;
		n->amount = p->amount;
		fit_print(why, sizeof(why), "%s %s", doc->name, response_level_label(level));
		fit_text(n->why, sizeof(n->why), why);
	}
	free(needs);
}

/* The plans that stand over the incident: running responses, else what is proposed. */
static bool
gather(struct store *st, int64_t incident, struct need_list *out, struct err *err)
{
	struct response_row running[RESPONSES_MAX];
	size_t n = dispatch_responses(st, incident, true, running, RESPONSES_MAX);
	struct response_proposal p;
	const struct plan_doc *doc;

	for (size_t i = 0; i < n; i++) {
		doc = plan_open(st, running[i].plan, running[i].plan_version, err);
		if (!doc)
			return false;
		add_plan(st, out, incident, doc, running[i].level);
		if (!out->level || running[i].level < out->level) {
			out->plan = running[i].plan;
			out->level = running[i].level;
			fit_text(out->plan_name, sizeof(out->plan_name), running[i].plan_name);
		}
	}
	if (n > 0)
		return true;
	if (!dispatch_propose(st, incident, &p, err))
		return false;
	response_proposal_clear(&p);
	if (!p.plan)
		return true;
	doc = plan_open(st, p.plan, 0, err);
	if (!doc)
		return false;
	out->proposed = true;
	out->plan = p.plan;
	out->level = p.level ? p.level : 4;
	fit_text(out->plan_name, sizeof(out->plan_name), p.plan_name);
	add_plan(st, out, incident, doc, out->level);
	return true;
}

/* --- less what is on its way ------------------------------------------------------------------ */

static bool
can(struct store *st, int64_t team, const char *skill)
{
	return sql_one_int(st, "SELECT count(*) FROM team_skill WHERE team = ?1 AND skill = ?2", 0,
		   "it", team, skill) > 0;
}

/* Find a need for team t, moving other teams to other needs where that helps (augmenting path). */
static bool
place_team(const bool *able, size_t n_needs, const int64_t *want, size_t t, size_t *serves,
    size_t n_teams, bool *seen)
{
	for (size_t k = 0; k < n_needs; k++) {
		int64_t served = 0;

		if (!able[t * n_needs + k] || seen[k] || want[k] == 0)
			continue;
		seen[k] = true;
		for (size_t o = 0; o < n_teams; o++)
			served += serves[o] == k;
		if (served < want[k]) {
			serves[t] = k;
			return true;
		}
		for (size_t o = 0; o < n_teams; o++)
			if (serves[o] == k &&
			    place_team(able, n_needs, want, o, serves, n_teams, seen)) {
				serves[t] = k;
				return true;
			}
	}
	return false;
}

/* Each team there counts for one need, and as many needs as possible count as met. */
static void
take_off_teams(
    struct store *st, struct need_list *list, const struct assignment_row *rows, size_t n)
{
	bool *able = mem_zero(n * list->n + 1, sizeof(*able)),
	     *seen = mem_zero(list->n + 1, sizeof(*seen));
	size_t *serves = mem_alloc((n + 1) * sizeof(*serves));
	int64_t *want = mem_zero(list->n + 1, sizeof(*want));

	for (size_t k = 0; k < list->n; k++)
		want[k] = list->items[k].team ? list->items[k].amount : 0;
	for (size_t t = 0; t < n; t++) {
		serves[t] = SIZE_MAX;
		for (size_t k = 0; rows[t].team && k < list->n; k++)
			able[t * list->n + k] =
			    list->items[k].team && can(st, rows[t].team, list->items[k].code);
	}
	for (size_t t = 0; t < n; t++) {
		memset(seen, 0, list->n * sizeof(*seen));
		place_team(able, list->n, want, t, serves, n, seen);
	}
	for (size_t t = 0; t < n; t++)
		if (serves[t] != SIZE_MAX)
			list->items[serves[t]].amount--;
	free(able);
	free(seen);
	free(serves);
	free(want);
}

static void
take_off(struct store *st, int64_t incident, struct need_list *list)
{
	struct assignment_row *rows = mem_zero(ASSIGNED_MAX, sizeof(*rows));
	size_t n = dispatch_assignments(st, incident, 0, true, rows, ASSIGNED_MAX), kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct need *need =
		    rows[i].depot ? need_of(list, incident, false, rows[i].goods) : NULL;

		if (need)
			need->amount -=
			    rows[i].quantity < need->amount ? rows[i].quantity : need->amount;
	}
	if (n)
		take_off_teams(st, list, rows, n);
	assignment_rows_clear(rows, n);
	free(rows);
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].amount > 0)
			list->items[kept++] = list->items[i];
	list->n = kept;
}

bool
dispatch_needs(struct store *st, int64_t incident, struct need_list *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	if (gather(st, incident, out, err)) {
		take_off(st, incident, out);
		return true;
	}
	need_list_clear(out);
	return false;
}

bool
need_set(struct store *st, struct need_list *list, int64_t incident, const char *code,
    int64_t amount, struct err *err)
{
	char found[32];
	bool team = resource_skill_named(st, code, found, sizeof(found));
	struct need *n;

	if (!team && !resource_goods_named(st, code, found, sizeof(found)))
		return err_set(err, ERR_NOT_FOUND,
		    _("\"%s\" is neither a skill of teams nor a class of goods."), code);
	if (amount < 0)
		return err_set(err, ERR_INPUT, _("An amount is 0 or more."));
	if (amount > 0 && !need_of(list, incident, team, found) && list->n >= NEEDS_MAX)
		return err_set(err, ERR_INPUT, _("Too many needs: at most %d."), NEEDS_MAX);
	n = need_of(list, incident, team, found);
	if (amount == 0) {
		if (n)
			memmove(n, n + 1, (size_t)(list->items + list->n - (n + 1)) * sizeof(*n));
		list->n -= n != NULL;
		return true;
	}
	if (!n)
		n = need_add(st, list, incident, team, found);
	n->amount = amount;
	fit_text(n->why, sizeof(n->why), _("asked for by the officer"));
	return true;
}

void
need_list_clear(struct need_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}
