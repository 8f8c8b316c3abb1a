/*
 * A line between a client and the server, as bad as one likes: so many bytes a second each way, each byte so late, or nothing at all from
 * some moment on, with neither end told. A process of its own on the loopback.
 */
#ifndef TESTS_SSH_PROXY_H
#define TESTS_SSH_PROXY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct proxy {
	int port;
	pid_t pid;
	volatile uint64_t *down; /* bytes that left towards the client */
};

/* A line to a port of the loopback. rate 0: as fast as it goes. */
void proxy_start(struct proxy *p, int to_port, long bytes_per_second, int delay_ms);
/* From now on nothing passes; both ends think it is open. */
void proxy_silence(struct proxy *p);
void proxy_stop(struct proxy *p);

#endif
