/* A message as mail (RFC 5322, MIME): one part, UTF-8 in base64, so that no line, dot or byte of it is touched on the way. */
#ifndef EXCHANGE_MAIL_H
#define EXCHANGE_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* NAME@PLACE in plain ASCII, nothing a mail server could read as a command. */
bool mail_address_ok(const char *text);
/*
 * Append the whole mail: from and to are addresses as mail_address_ok lets pass, the subject any clean UTF-8 of one line, the body n bytes
 * of UTF-8 of the content type `type` ("text/plain"). The Message-ID is made of the key, so that a mail that comes twice is known as
 * one. `at`: when it was queued, ms UTC.
 */
void mail_write(struct buf *out, const char *from, const char *to, const char *subject, const char *key, int64_t at,
    const char *type, const char *body, size_t n);
/* Text for a header: letters, digits and -._~:/ stay, all else is %XX. The caller frees. */
char *mail_token(const char *text);

#endif
