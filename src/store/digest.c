#include "store/digest.h"

#include "store/inside.h"

void
digest_hex(const void *data, size_t n, char hex[65])
{
	struct digest *digest = digest_new();
	unsigned char hash[HASH_SIZE];

	chain_digest(digest, data, n, hash);
	chain_hex(hash, sizeof(hash), hex);
	digest_free(digest);
}
