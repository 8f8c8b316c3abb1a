/*
 * What the tests of the console share: for each test a directory of its own with a store in it, scripts played into it, and what is done
 * in it beside the console. A handle is not carried over a fork: opened and closed each time.
 */
#ifndef TESTS_UI_ROOM_H
#define TESTS_UI_ROOM_H

#include "tests/test.h"

#include "base/clock.h"
#include "store/store.h"

#include <stdbool.h>

struct room {
	char dir[200], store[240];
};

/*
 * A store made at 2025-07-09 08:00 in a directory named after the test: the demo county, or nothing but the county's area. The clock runs
 * again afterwards.
 */
struct room *room_new(const char *name, bool demo);
/* With all that is in it. */
void room_free(struct room *r);
/* Teardown of a test whose state is the room. */
int room_leave(void **state);

/* The store, open for writing; fails the test when it cannot be. */
struct store *room_open(const struct room *r);
/* Play lines of a script, "@2025-07-10T10:00 陈涛\n…", as somebody (NULL the system); fails the test when one cannot be done. */
void room_play(struct store *st, const char *who, const char *script);
/* The same with a file, the store opened and closed for it; the clock runs again afterwards. */
void room_play_file(const struct room *r, const char *who, const char *path);
/* The path of a file of tests/ui; the caller frees. */
char *room_file(const char *name);

#endif
