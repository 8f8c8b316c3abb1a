/*
 * What the tests over ssh share: a server with four people's keys, and what they do there without a console.
 */
#ifndef TESTS_SSH_COMMON_H
#define TESTS_SSH_COMMON_H

#include "tests/ssh/server.h"

#include <jansson.h>

#define OFFICER "陈涛"
#define CHIEF "李敏"
#define TOWN "董秀英"  /* 送桥镇 */
#define TOWN_AREA 321084116
#define OTHER "田家旺" /* 临泽镇 */
#define TEXT "到场两台车，积水四十厘米，三十户正在转移，老人两名已送卫生院"

extern struct server s;

/* Setup and teardown of a test. */
int make(void **state);
int clear(void **state);

/* A verb by somebody (takes the reference of args); gives its subject. */
int64_t act(const char *who, const char *verb, json_t *args);
int64_t person(const char *name);
/* An order to a township's officer, with an incident there. */
int64_t order_to(const char *who, int64_t area);
/* Wait until no console of the person is left. */
void no_process_left(const char *who);

extern char out[65536]; /* what the last ssh_runs printed */
/* ssh with more options before the host and words behind it. Gives its exit status. */
int ssh_runs(const char *who, bool tty, const char *const *options, const char *const *words, int ms);
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
