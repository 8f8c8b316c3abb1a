/*
 * A real OpenSSH server on the loopback, with a host key, a configuration and a port of its own, run as whoever runs the test, over a
 * demo store; and one key for each person who comes. The configuration is data/ssh/sshd_config.sample with the test's paths put in.
 */
#ifndef TESTS_SSH_SERVER_H
#define TESTS_SSH_SERVER_H

#include "store/store.h"
#include "tests/ui/tty.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct server {
	char dir[200], store[240], user[64];
	int port;
	int through;           /* the port clients come by, when there is a line between; 0: port */
	pid_t pid;             /* of sshd */
	bool by_command;       /* keys are asked by AuthorizedKeysCommand, else read from a file */
};

/* Why there can be no server here; NULL when there can. */
const char *server_missing(void);
/* Of the configuration: what is not the sample's. Set before server_start. */
extern int server_alive;            /* ClientAliveInterval: 1, five times as fast as the sample; 0 never */
extern const char *server_address;  /* listened at beside the loopback; NULL none */
/* Store, keys, sshd; fails the test when sshd does not answer within 10 s. */
void server_start(struct server *s);
void server_stop(struct server *s);

/* A key for a person of the demo county, made, bound by key.add, and (without AuthorizedKeysCommand) written to the file. */
void server_key(struct server *s, const char *person);
/* A key nobody knows. */
void server_strange_key(struct server *s, const char *name);
struct store *server_store(struct server *s);
int64_t server_rows(struct server *s, const char *verb);

/* The console of a person, through ssh. `more` options of ssh, NULL-terminated; NULL none. */
struct tty *server_console(struct server *s, const char *person, const char *term, const char *const *more);
/* ssh's words before the ones given: program, key, port, all that makes it quiet. Gives how many; argv has room for `max`. */
size_t server_words(struct server *s, const char *program, const char *person, const char **argv, size_t max);

/*
 * Run a program until it ends or `ms` have gone (then it is killed): its exit status, -1 when it was killed. What it printed on both
 * streams is in `out`. Its standard input is /dev/null, or a terminal of its own with `tty`.
 */
int server_run(const char *const *argv, bool tty, int ms, char *out, size_t size);

/* The console process of a person (id), found by its command line: 0 when there is none. */
pid_t server_process(struct server *s, int64_t person);
/* Wait until cond() or `ms` have gone. */
bool server_wait(bool (*cond)(void *data), void *data, int ms);

#endif
