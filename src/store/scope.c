/*
 * Rejected: a column for the area in every table and index. What is asked for is one row at a time,
 * and a look-up by primary key takes some 5 us.
 */
#include "store/scope.h"

#include "base/mem.h"
#include "store/inside.h"

#include <string.h>

struct rule {
	const char *kind;
	const char *area;   /* the area of thing ?1; NULL: everybody's */
	const char *shared; /* a row when thing ?1 is shared with area ?2; NULL: never */
	bool seen_by_all;
};

#define OF_INCIDENT(table)                                                                         \
	"SELECT i.area FROM " table " t JOIN incident i ON i.id = t.incident WHERE t.id = ?1"
/* A withdrawn order was one all the same. */
#define TOLD(incident) "SELECT 1 FROM orders WHERE incident = " incident " AND area = ?2 LIMIT 1"

static const struct rule rules[] = {
    {"area", "SELECT id FROM area WHERE id = ?1", NULL, true},
    {"unit", NULL, NULL, true},
    {"place", NULL, NULL, true},
    {"line", NULL, NULL, true},
    {"contact", "SELECT ifnull(area, 0) FROM contact WHERE id = ?1", NULL, false},
    {"skill", NULL, NULL, true},
    {"goods", NULL, NULL, true},
    {"hospital", NULL, NULL, true},
    {"expert", NULL, NULL, true},
    {"enterprise", NULL, NULL, true},
    {"plan", "SELECT area FROM plan WHERE id = ?1", NULL, true},
    {"person", "SELECT area FROM person WHERE id = ?1", NULL, false},
    {"key", "SELECT p.area FROM person_key k JOIN person p ON p.id = k.person WHERE k.id = ?1", NULL,
	false},
    {"team", "SELECT area FROM team WHERE id = ?1", NULL, false},
    {"depot", "SELECT area FROM depot WHERE id = ?1", NULL, false},
    {"equipment", "SELECT area FROM equipment WHERE id = ?1", NULL, false},
    {"shelter", "SELECT area FROM shelter WHERE id = ?1", NULL, false},
    {"incident", "SELECT area FROM incident WHERE id = ?1", TOLD("?1"), false},
    {"call", OF_INCIDENT("call"), NULL, false},
    {"clock", OF_INCIDENT("clock"), NULL, false},
    {"report", OF_INCIDENT("report"), NULL, false},
    {"response", OF_INCIDENT("response"), TOLD("(SELECT incident FROM response WHERE id = ?1)"),
	false},
    {"order", "SELECT area FROM orders WHERE id = ?1", NULL, false},
    {"assignment",
	"SELECT coalesce(t.area, d.area) FROM assignment a LEFT JOIN team t ON t.id = a.team"
	" LEFT JOIN depot d ON d.id = a.depot WHERE a.id = ?1",
	NULL, false},
    /* the room's own */
    {"inbox", "SELECT 0 FROM inbox WHERE id = ?1", NULL, false},
    {"alert", "SELECT 0 FROM alert WHERE id = ?1", NULL, false},
    {"ticket", "SELECT 0 FROM ticket WHERE id = ?1", NULL, false},
    {"quake", "SELECT 0 FROM quake WHERE id = ?1", NULL, false},
    {"alarm", "SELECT 0 FROM alarm WHERE id = ?1", NULL, false},
    {"point", "SELECT 0 FROM observation WHERE id = ?1", NULL, false},
    {"link", "SELECT 0 FROM link WHERE id = ?1", NULL, false},
    {"entry", "SELECT area FROM entry WHERE id = ?1", NULL, false},
    {"calltarget", "SELECT coalesce(area, 0) FROM call_target WHERE id = ?1", NULL, false},
    {"instruction", "SELECT coalesce(area, 0) FROM instruction WHERE id = ?1", NULL, false},
    {"handover", "SELECT 0 FROM handover WHERE id = ?1", NULL, false},
    {"rollcall", "SELECT 0 FROM roll WHERE id = ?1", NULL, false},
    {"callout", "SELECT 0 FROM callout WHERE id = ?1", NULL, false},
    {"swap", "SELECT 0 FROM swap WHERE id = ?1", NULL, false},
    {"message", "SELECT 0 FROM outbox WHERE id = ?1", NULL, false},
    {"journal", "SELECT area FROM journal WHERE id = ?1", NULL, false},
};

static const struct rule *
rule_of(const char *kind)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (strcmp(rules[i].kind, kind) == 0)
			return &rules[i];
	return NULL;
}

bool
scope_knows(const char *kind)
{
	return rule_of(kind) != NULL;
}

int64_t
scope_of(const struct actor *actor)
{
	return actor && actor_is_confined(actor) ? actor->area : 0;
}

static bool
is_own(struct store *st, const struct rule *rule, int64_t id, int64_t area)
{
	return sql_one_int(st, rule->area, 0, "i", id) == area;
}

/* An actor without any area (the role was taken away) owns nothing: 0 is the room's. */
bool
scope_acts_on(struct store *st, const struct actor *actor, const char *kind, int64_t id)
{
	const struct rule *rule = rule_of(kind);

	if (!actor_is_confined(actor))
		return true;
	if (!rule || !actor->area)
		return false;
	return !rule->area || is_own(st, rule, id, actor->area);
}

bool
scope_sees(struct store *st, const struct actor *actor, const char *kind, int64_t id)
{
	const struct rule *rule = rule_of(kind);

	if (!actor || !actor_is_confined(actor))
		return true;
	if (!rule || !actor->area)
		return false;
	if (rule->seen_by_all || is_own(st, rule, id, actor->area))
		return true;
	return rule->shared && sql_one_int(st, rule->shared, 0, "ii", id, actor->area) != 0;
}
