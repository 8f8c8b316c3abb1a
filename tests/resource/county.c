#include "tests/resource/county.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char county_said[512];

/* --- verbs of the tests: what incident and dispatch write ------------------------------------- */

static bool
run_incident(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q = sql(st,
	    "INSERT INTO incident (id, year, number, received, title, area, source, journal)"
	    " VALUES (?1, 2025, 89, ?2, '液氨泄漏', ?3, '122', ?4)");

	(void)err;
	sql_bind(q, "iiii", id, call_now(call), store_area(st), call_journal(call));
	call_subject(call, "incident", id);
	return sql_run(q);
}

static bool
run_assign(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	bool goods = call_has(call, "goods");
	struct sql *q =
	    sql(st, "INSERT INTO assignment (id, incident, team, depot, goods, quantity, why, "
		    "state, at, changed,"
		    " journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'test', ?7, ?8, ?8, ?9)");

	(void)err;
	sql_bind(q, "iizztztii", id, call_int(call, "incident"),
	    goods ? INT64_C(0) : call_int(call, "source"),
	    goods ? call_int(call, "source") : INT64_C(0), goods ? call_text(call, "goods") : NULL,
	    call_int(call, "quantity"), call_text(call, "state"), call_now(call),
	    call_journal(call));
	call_subject(call, "assignment", id);
	return sql_run(q);
}

static bool
run_assign_state(struct verb_call *call, struct err *err)
{
	struct sql *q = sql(call_store(call), "UPDATE assignment SET state = ?2 WHERE id = ?1");

	(void)err;
	sql_bind(q, "it", call_int(call, "assignment"), call_text(call, "state"));
	return sql_run(q);
}

static bool
run_use_up(struct verb_call *call, struct err *err)
{
	return resource_use_up(call, call_int(call, "depot"), call_text(call, "goods"),
	    call_int(call, "quantity"), err);
}

#define P(name, type)                                                                              \
	{                                                                                          \
		name, name, type, NULL, false, false, NULL                                         \
	}
static const struct verb_param assign_params[] = {P("incident", ARG_INT), P("source", ARG_INT),
    P("goods", ARG_WORD), P("quantity", ARG_INT), P("state", ARG_WORD)};
static const struct verb_param state_params[] = {P("assignment", ARG_INT), P("state", ARG_WORD)};
static const struct verb_param use_params[] = {
    P("depot", ARG_INT), P("goods", ARG_WORD), P("quantity", ARG_INT)};
static const struct verb verbs[] = {
    {"test.incident", "", "", ROLE_SYSTEM, 0, NULL, 0, run_incident, NULL},
    {"test.assign", "", "", ROLE_SYSTEM, 0, assign_params, COUNT_OF(assign_params), run_assign,
	NULL},
    {"test.assign_state", "", "", ROLE_SYSTEM, 0, state_params, COUNT_OF(state_params),
	run_assign_state, NULL},
    {"test.use_up", "", "", ROLE_SYSTEM, 0, use_params, COUNT_OF(use_params), run_use_up, NULL},
};

/* --- running verbs ---------------------------------------------------------------------------- */

static json_t *
parse(const char *args)
{
	json_t *out = json_object();
	char *copy = mem_dup(args), *p = copy;

	while (*p) {
		size_t n = strcspn(p, ";"), k = strcspn(p, "=#");
		bool more = p[n] == ';';
		char kind;

		p[n] = '\0';
		assert_true(k < n);
		kind = p[k];
		p[k] = '\0';
		if (strcmp(p + k + 1, "true") == 0)
			json_object_set_new(out, p, json_true());
		else if (kind == '#')
			json_object_set_new(out, p,
			    strchr(p + k + 1, '.') ? json_real(strtod(p + k + 1, NULL))
						   : json_integer(strtoll(p + k + 1, NULL, 10)));
		else
			json_object_set_new(out, p, json_string(p + k + 1));
		p += n + more;
	}
	free(copy);
	return out;
}

int64_t
county_do(struct county *c, const char *verb, const char *args)
{
	struct err err = ERR_NONE;
	struct verb_result result;
	json_t *json = parse(args);
	int64_t subject;

	if (!verb_run(c->st, &c->system, verb, json, &result, &err))
		fail_msg("%s %s: %s (%s)", verb, args, err.message, err.detail ? err.detail : "");
	subject = result.subject;
	snprintf(county_said, sizeof(county_said), "%s", result.said ? result.said : "");
	verb_result_clear(&result);
	json_decref(json);
	return subject;
}

void
county_refused(struct county *c, const struct actor *actor, const char *verb, const char *args,
    int code, const char *words)
{
	room_refused(c->st, actor ? actor : &c->system, verb, parse(args), code, words);
}

int64_t
county_assign(
    struct county *c, int64_t source, const char *goods, int64_t quantity, const char *state)
{
	char args[256];

	snprintf(args, sizeof(args), "incident#%lld;source#%lld;quantity#%lld;state=%s%s%s",
	    (long long)c->incident, (long long)source, (long long)quantity, state,
	    goods ? ";goods=" : "", goods ? goods : "");
	return county_do(c, "test.assign", args);
}

void
county_assign_state(struct county *c, int64_t assignment, const char *state)
{
	char args[96];

	snprintf(args, sizeof(args), "assignment#%lld;state=%s", (long long)assignment, state);
	county_do(c, "test.assign_state", args);
}

/* --- the county ------------------------------------------------------------------------------- */

void
county_make(struct county *c)
{
	room_make(&c->room);
	c->st = c->room.st;
	c->system = c->room.system;
	verb_register(c->st, verbs, COUNT_OF(verbs));
	resource_register(c->st);
	county_do(c, "area.add", "code#321084000;name=高邮市;kind=county;short=高邮");
	county_do(c, "area.add",
	    "code#321084108;name=三垛镇;kind=town;short=三垛镇;lon#119.67;lat#32.80");
	county_do(c, "area.add",
	    "code#321084115;name=临泽镇;kind=town;short=临泽镇;lon#119.66;lat#32.97");
	county_do(c, "skill.add", "code=fire;name=灭火救援");
	county_do(c, "skill.add", "code=hazmat;name=危化品堵漏");
	county_do(c, "goods.add", "code=bag;name=编织袋;unit=只;aliases=沙袋|草包");
	county_do(c, "goods.add", "code=pump;name=排涝泵;unit=台");
	c->depot = county_do(c, "depot.add",
	    "name=高邮市防汛物资仓库;short=市防汛仓库;phone=0514-55503001;load_min#25");
	c->other = county_do(c, "depot.add",
	    "name=临泽镇防汛仓库;short=临泽仓库;area#321084115;phone=0514-55503002");
	c->team = county_do(c, "team.add",
	    "name=高邮市消防救援大队;class=国家综合性消防救援队伍;short=高邮消防;skills=fire, "
	    "危化品堵漏;phone=0514-55502001;people#46");
	c->shelter =
	    county_do(c, "shelter.add", "name=临泽中学;kind=室内;capacity#400;area#321084115");
	c->second =
	    county_do(c, "shelter.add", "name=三垛中学;kind=室内;capacity#50;area#321084108");
	c->incident = county_do(c, "test.incident", "");
}

void
county_clear(struct county *c)
{
	room_clear(&c->room);
}
