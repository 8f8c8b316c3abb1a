/* A list of what stays, not of what goes: the next dangerous name is not known yet. */
#include "base/env.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

extern char **environ;

/* A name that ends in * stands for all that begin so. */
static const char *const always[] = {"TERM", "LANG", "LC_*", "LANGUAGE", "HOME", "USER", "LOGNAME",
    "TZ", "COLORTERM", "NO_COLOR", "SSH_CONNECTION", "SSH_ORIGINAL_COMMAND", "SSH_TTY"};
static const char *const at_home[] = {"ZHIBAN_*", "XDG_DATA_HOME", "CREDENTIALS_DIRECTORY",
    "JOURNAL_STREAM", "TMPDIR", "PATH", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
    "ALL_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE",
    "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"};

static bool
is_on(const char *const *list, size_t n, const char *entry)
{
	size_t name = strcspn(entry, "=");

	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(list[i]);

		if (list[i][size - 1] == '*'
			? name >= size - 1 && strncmp(list[i], entry, size - 1) == 0
			: name == size && strncmp(list[i], entry, size) == 0)
			return true;
	}
	return false;
}

/* The strings themselves stay where they are: only the list of them is written anew. */
void
env_clean(bool forced)
{
	char **kept = environ;

	for (char **e = environ; e && *e; e++)
		if (is_on(always, COUNT_OF(always), *e) ||
		    (!forced && is_on(at_home, COUNT_OF(at_home), *e)))
			*kept++ = *e;
	if (kept)
		*kept = NULL;
}

bool
env_is_terminal_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < 64 && name[0] != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") ==
		   n;
}
