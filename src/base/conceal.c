#include "base/conceal.h"

#include <string.h>

/* What ends the part of an address in which user and host stand. */
#define ENDS "/?#\\ \t\r\n\"'<>"

void
conceal_passwords(char *text)
{
	char *at = text;

	while (at && (at = strstr(at, "://")) != NULL) {
		size_t n = strcspn(at += 3, ENDS);
		char *end = memrchr(at, '@', n), *colon = end ? memchr(at, ':', n) : NULL;

		if (!end || !colon || colon + 1 >= end)
			continue;
		colon[1] = '*';
		memmove(colon + 2, end, strlen(end) + 1);
		at = colon + 2;
	}
}
