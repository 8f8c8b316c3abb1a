/* The base64 body of an ssh public key. */
#ifndef PEOPLE_BLOB_H
#define PEOPLE_BLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Is it whole base64 of a key of that type, and long enough? Then `print` gets its fingerprint, as ssh-keygen -l shows it. */
bool blob_read(const char *type, const char *blob, char *print, size_t print_size);

#endif
