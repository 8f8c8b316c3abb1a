/*
 * Going out to the network: one engine a process, several transfers at once (libcurl multi), each bounded in time and bytes from
 * its beginning. Nothing here knows the store. Only http, https, smtp and smtps; no proxy, no cookies, no .netrc.
 *
 * Bytes are counted here, as they come out of the decoder: curl 7.88's own limit sees neither unknown lengths nor what a
 * compressed body grows to. Redirects are followed for GET only, three at most, where url_may_follow says yes.
 *
 *	engine_start(e, &ask, done, context)      copies the ask; done is called from engine_run, once, whatever happens
 *	while (engine_active(e)) engine_run(e, 1000, NULL, 0)
 */
#ifndef EXCHANGE_TRANSFER_H
#define EXCHANGE_TRANSFER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;

/* Once a process, before anything of this room: libcurl's global state. */
struct engine *engine_new(void);
/* Transfers that still run are given up; their done is not called. */
void engine_free(struct engine *e);

struct transfer_ask {
	const char *url;
	const char *etag, *modified;  /* GET only when changed; NULL none */
	const char *hosts;            /* redirects: url_may_follow */
	const char *pin_ca;           /* PEM: this and no other authority; NULL the system's */
	const char *pin_key;          /* "sha256//…" of the public key, besides the chain; NULL none */
	const char *user, *secret;    /* sign on (Basic; mail: behind TLS); not where a redirect leads to another place; NULL none */
	/* POST when body is there; mail when `to` is there as well. */
	const char *body; size_t body_size;
	const char *const *headers;   /* of a POST, "Name: value", NULL-terminated; may be NULL */
	const char *from, *to;
	int timeout_ms;               /* of the whole, 0: 10 s */
	int idle_ms;                  /* nearly nothing comes (under 200 bytes/s) for so long: given up. 0: 4 s */
	size_t most;                  /* bytes of the body, 0: 24 MiB */
};

enum transfer_end {
	TRANSFER_OK,        /* 2xx and whole (250 of a mail server) */
	TRANSFER_SAME,      /* 304 */
	TRANSFER_STATUS,    /* any other status */
	TRANSFER_LARGE,     /* over `most`, or headers over 64 KiB */
	TRANSFER_SLOW,
	TRANSFER_CUT,       /* ended in the middle */
	TRANSFER_TLS,       /* certificate or key not the right one, or no TLS at all */
	TRANSFER_REFUSED,   /* address or redirect that we do not follow */
	TRANSFER_NET        /* no connection */
};

struct transfer_answer {
	enum transfer_end end;
	int status;                   /* 0 none came */
	const char *body; size_t size; /* what came, also of an error status; valid inside done */
	const char *etag, *modified;  /* "" none */
	const char *type;             /* content type, "" none */
	int64_t retry_after;          /* ms, 0 none */
	int64_t wire;                 /* bytes that came over the line, of the body */
	const char *reason;           /* in the interface language, for the officer; "" when it went well */
	const char *detail;           /* curl's words, for the log */
};
typedef void transfer_done(void *context, const struct transfer_answer *answer);

void engine_start(struct engine *e, const struct transfer_ask *ask, transfer_done *done, void *context);
/* Transfers under way. */
int engine_active(const struct engine *e);
/* Move on, waiting at most `wait_ms`; also back when one of `fds` (n of them, may be NULL) can be read. */
void engine_run(struct engine *e, int wait_ms, const int *fds, size_t n);

#endif
