/* The fingerprint of a text: SM3 (GB/T 32905-2016), as the journal's chain uses it. */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include <stddef.h>

/* SM3 of n bytes as 64 hex digits. */
void digest_hex(const void *data, size_t n, char hex[65]);

#endif
