/*
 * The secrets of addresses. An address in the store names a user at most (https://USER@HOST/…); the secret stands in one file that
 * is no part of the store, its journal, exports or backups:
 *
 *	$ZHIBAN_CREDENTIALS, else $CREDENTIALS_DIRECTORY/zhiban (systemd's LoadCredential=zhiban:…), else STORE.credentials
 *
 *	# host[:port] user secret, to the line's end
 *	alerts.example.cn  gaoyou  correct horse
 *
 * It is read at every use, so that a new secret counts at once. One that others than its owner may read is not used: the reason
 * says so. A secret goes over a line that is encrypted, or to this machine, and nowhere else.
 */
#ifndef EXCHANGE_CREDENTIALS_H
#define EXCHANGE_CREDENTIALS_H

#include "base/err.h"

#include <stdbool.h>

struct credentials {
	char *url;    /* the address without its user */
	char *user;   /* NULL: it names none, and needs none */
	char *secret; /* NULL as well then */
};

/* What `url` needs, of the store at store_path; false with err: there is a user and no secret to be had for them. */
bool credentials_for(const char *store_path, const char *url, struct credentials *out, struct err *err)
    __attribute__((warn_unused_result));
/* Overwritten, then freed. */
void credentials_clear(struct credentials *c);
/* The file that is looked into; the caller frees. */
char *credentials_path(const char *store_path);

#endif
