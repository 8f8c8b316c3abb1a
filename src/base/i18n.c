#include "base/i18n.h"

#include "base/paths.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool chinese;

/* glibc caches translations until this counter moves (gettext manual, section 11.2.8). */
extern int _nl_msg_cat_cntr;

static bool
is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void
i18n_init(void)
{
	const char *language = getenv("LANGUAGE");
	const char *locale = setlocale(LC_ALL, "");

	/* In the "C" and "POSIX" locales gettext never translates, so they too give way to C.UTF-8. */
	if (!locale || !is_utf8() || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
		setlocale(LC_ALL, "C.UTF-8");
	if (strcmp(setlocale(LC_MESSAGES, NULL), "C") == 0)
		setlocale(LC_MESSAGES, "C.UTF-8");
	setlocale(LC_NUMERIC, "C");
	bindtextdomain("zhiban", paths_locale());
	bind_textdomain_codeset("zhiban", "UTF-8");
	textdomain("zhiban");
	i18n_set_language(language && *language ? language : "zh_CN");
}

void
i18n_set_language(const char *language)
{
	chinese = strncmp(language, "zh", 2) == 0;
	setenv("LANGUAGE", chinese ? "zh_CN" : "en", 1);
	_nl_msg_cat_cntr++;
}

bool
i18n_is_chinese(void)
{
	return chinese;
}

const char *
i18n_in(const char *context, const char *text)
{
	char key[256];
	const char *found;

	/* As gettext keeps contexts in a catalogue (its manual, section 11.2.5). */
	if ((size_t)snprintf(key, sizeof(key), "%s\004%s", context, text) >= sizeof(key))
		return _(text);
	found = gettext(key);
	return found == key ? _(text) : found;
}

const char *
i18n_label(const char *const (*labels)[2], size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(labels[i][0], code) == 0)
			return _(labels[i][1]);
	return code;
}
