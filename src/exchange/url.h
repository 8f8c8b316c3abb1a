/* Addresses from profiles, indexes and redirects: what may be gone to at all. */
#ifndef EXCHANGE_URL_H
#define EXCHANGE_URL_H

#include "base/err.h"

#include <stdbool.h>

#define URL_MAX 2000

enum url_use { URL_WEB, URL_MAIL };

/*
 * http or https (smtp or smtps for mail), a host, no control characters, at most URL_MAX bytes, and no password: what is refused is
 * told without it, and where it belongs (exchange/credentials.h).
 */
bool url_check(const char *url, enum url_use use, struct err *err) __attribute__((warn_unused_result));
/* `ref` as seen from `base`; the caller frees. NULL when it makes no web address. */
char *url_resolve(const char *base, const char *ref);
/*
 * May one go from `base` on to `url`? The same scheme, host and port; http to https of the same host on the usual ports; or, of the
 * same scheme or better, a host in `hosts` (blank-separated, NULL none).
 */
bool url_may_follow(const char *base, const char *url, const char *hosts);
/* Has it a password in it? */
bool url_has_password(const char *url);
/* For messages: without user and password; the caller frees. */
char *url_shown(const char *url);

#endif
