/* Secrets and their hashes, by crypt(3) of libxcrypt. yescrypt at its default cost takes some 30
 * ms. */
#include "people/inside.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CHARACTERS_MIN 6

bool
secret_hash(const char *secret, char *out, size_t size, struct err *err)
{
	struct crypt_data *data = mem_zero(1, sizeof(*data));
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *hash = NULL;
	bool good;

	if (crypt_gensalt_rn("$y$", 0, NULL, 0, salt, (int)sizeof(salt)))
		hash = crypt_r(secret, salt, data);
	good = hash && hash[0] != '*' && strlen(hash) < size;
	if (good)
		memcpy(out, hash, strlen(hash) + 1);
	else
		err_set(err, ERR_IO, _("The secret cannot be kept: %s"), strerror(errno));
	explicit_bzero(data, sizeof(*data));
	free(data);
	return good;
}

bool
secret_matches(const char *secret, const char *hash)
{
	struct crypt_data *data = mem_zero(1, sizeof(*data));
	const char *other = strlen(secret) <= SECRET_MAX ? crypt_r(secret, hash, data) : NULL;
	size_t n = strlen(hash);
	unsigned char differ = !other || other[0] == '*' || strlen(other) != n;

	/* All of it is looked at, wherever the first difference is. */
	for (size_t i = 0; !differ && i < n; i++)
		differ |= (unsigned char)(other[i] ^ hash[i]);
	explicit_bzero(data, sizeof(*data));
	free(data);
	return !differ;
}

bool
secret_is_fit(const char *secret, const char *name, struct err *err)
{
	size_t n = strlen(secret), characters = 0;
	bool varied = false;

	for (size_t at = 0; at < n; at = utf8_next(secret, n, at), characters++)
		varied |= secret[at] != secret[0];
	if (n > SECRET_MAX)
		return err_set(err, ERR_INPUT, _("The secret is too long."));
	if (characters < CHARACTERS_MIN || !varied)
		return err_set(err, ERR_INPUT,
		    _("The secret is too weak: at least %d characters, not all the same."),
		    CHARACTERS_MIN);
	if (strstr(secret, name))
		return err_set(err, ERR_INPUT, _("The secret must not hold the name."));
	return true;
}
