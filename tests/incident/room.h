/* What the tests of the incident room share: the demo county in a store of its own, a clock that
 * stands, lines of verbs. */
#ifndef TESTS_INCIDENT_ROOM_H
#define TESTS_INCIDENT_ROOM_H

#include "tests/test.h"

#include "base/clock.h"
#include "incident/incident.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

struct county {
	char dir[256], path[300];
	struct store *st;
	struct actor officer, chief, leader, township; /* 陈涛 李敏 王建国; 临泽镇 */
};

/* A store with the demo county (made once a program, copied for each test). setup and teardown of
 * cmocka. */
int county_make(void **state);
int county_clear(void **state);

/* A person of the county, as actor. */
struct actor person(struct county *c, const char *name);
/* Pin the clock: "07-10 03:12" of 2025. */
int64_t at(const char *when);
/* Run a verb as `who` that must succeed; gives the subject. `said` (may be NULL) gets what was
 * said; the caller frees. */
int64_t act(struct county *c, const struct actor *who, const char *verb, json_t *args, char **said);
/* Where messages to a unit go, and in which form it takes warnings (NULL none): destination.set by the chief. */
void send_to(struct county *c, const char *unit, const char *channel, const char *address,
    const char *warnings);
/* Run a verb that must be refused with `code`; the message must hold `words` (NULL any). */
void refused(struct county *c, const struct actor *who, const char *verb, json_t *args, int code,
    const char *words);
/* The clocks of an incident as text, one line each, by due: "03:42 phone 扬州市应急管理局 open";
 * the caller frees. */
char *clocks(struct county *c, int64_t incident);
/* The present figure of a kind, -1 none. */
int64_t figure(struct county *c, int64_t incident, enum fact_kind kind);

#endif
