/* What the tests of this room share: a small county made through the verbs, and a verb that assigns as dispatch would. */
#ifndef TESTS_RESOURCE_COUNTY_H
#define TESTS_RESOURCE_COUNTY_H

#include "tests/store/room.h"

#include "resource/resource.h"

#define SANDUO INT64_C(321084108)
#define LINZE INT64_C(321084115)

struct county {
	struct room room;
	struct store *st;
	struct actor system;
	int64_t depot, other, team, shelter, second; /* 市防汛仓库, 临泽仓库, 高邮消防, 临泽中学, 三垛中学 */
	int64_t incident;                            /* 2025-089 */
};

void county_make(struct county *c);
void county_clear(struct county *c);
/* Run a verb as the system with "NAME=VALUE;NAME=VALUE" texts and "NAME#NUMBER" integers; gives the subject. */
int64_t county_do(struct county *c, const char *verb, const char *args);
/* The same as `actor`, and it must be refused with this code and these words. */
void county_refused(struct county *c, const struct actor *actor, const char *verb, const char *args, int code,
    const char *words);
/* An assignment in this state: goods of a depot, or a team when goods is NULL. Gives its id. */
int64_t county_assign(struct county *c, int64_t source, const char *goods, int64_t quantity, const char *state);
void county_assign_state(struct county *c, int64_t assignment, const char *state);
/* What was said by the last county_do. */
extern char county_said[512];

#endif
