/* OpenSSL's part in reading a key, apart from the rest: its ERR_ names and ours are the same. */
#include "people/blob.h"

#include "base/mem.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RSA_BYTES_MIN 270 /* of a key of 2048 bits */
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* The decoded key begins with its type, in a string of the wire format. */
static bool
holds_type(const unsigned char *bytes, size_t n, const char *type)
{
	size_t size = strlen(type);

	return n > size + 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 0 &&
	       bytes[3] == size && memcmp(bytes + 4, type, size) == 0;
}

static void
print_of(const unsigned char *bytes, size_t n, char *out, size_t size)
{
	unsigned char digest[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
	unsigned got = 0;

	if (!EVP_Digest(bytes, n, digest, &got, EVP_sha256(), NULL))
		abort();
	EVP_EncodeBlock(text, digest, (int)got);
	snprintf(
	    out, size, "SHA256:%.*s", (int)strcspn((const char *)text, "="), (const char *)text);
}

bool
blob_read(const char *type, const char *blob, char *print, size_t print_size)
{
	size_t n = strlen(blob), room = n / 4 * 3, pad;
	unsigned char *bytes;
	bool good;

	if (n % 4 || n < 40)
		return false;
	pad = n - strspn(blob, BASE64);
	if (pad > 2 || strspn(blob + n - pad, "=") != pad)
		return false;
	bytes = mem_zero(room + 4, 1);
	good = EVP_DecodeBlock(bytes, (const unsigned char *)blob, (int)n) == (int)room &&
	       holds_type(bytes, room - pad, type) &&
	       (strcmp(type, "ssh-rsa") != 0 || room - pad >= RSA_BYTES_MIN);
	if (good)
		print_of(bytes, room - pad, print, print_size);
	free(bytes);
	return good;
}
