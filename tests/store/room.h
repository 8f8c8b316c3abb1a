/* What the tests of the store share: a directory of their own, a store in it, and a few plain verbs. */
#ifndef TESTS_STORE_ROOM_H
#define TESTS_STORE_ROOM_H

#include "tests/test.h"

#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#define AREA INT64_C(321084000)
#define TOWN INT64_C(321084101)
#define OTHER_TOWN INT64_C(321084102)

struct room {
	char dir[256];
	char path[300];
	struct store *st;      /* open for writing, test verbs registered */
	struct actor system;
};

void room_make(struct room *room);
/* From now on where syncs cost nothing, when there is such a place: for tests that make hundreds of stores. */
void room_in_memory(void);
/* Close and remove everything. */
void room_clear(struct room *room);
/* Another handle on the same store, with the test verbs. */
struct store *room_open(struct room *room);
/* `path` and all below it. */
void room_remove(const char *path);

/*
 * The test verbs: test.area (code, name, people): adds or changes an area; test.person (name, role, area); test.touch (code, [people]):
 * a township may for its own; test.loose: forgets to say what it touches; test.bad_fk, test.fail, test.all (one parameter of each type).
 */
extern const struct verb room_verbs[];
extern const size_t room_n_verbs;

/* Run a verb that must succeed; gives the journal sequence. `args` is stolen. */
int64_t room_do(struct store *st, const struct actor *actor, const char *verb, json_t *args);
/* Run a verb that must fail with this code; the message must hold `words` (NULL any). */
void room_refused(struct store *st, const struct actor *actor, const char *verb, json_t *args, int code,
    const char *words);
/* A person made by the system, as actor. */
struct actor room_person(struct store *st, const char *name, unsigned role, int64_t area);

#endif
