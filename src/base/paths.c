#include "base/paths.h"

#include "base/mem.h"

#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *data_dir;
static char *locale_dir;

/* If `dir` is the top of a build tree, take the source and build directories from it. */
static bool
try_build_tree(const char *dir)
{
	char source[PATH_MAX];
	char *name = mem_print("%s/build-tree", dir);
	FILE *f = fopen(name, "r");
	bool found = false;

	free(name);
	if (!f)
		return false;
	if (fgets(source, sizeof(source), f)) {
		source[strcspn(source, "\n")] = '\0';
		data_dir = mem_print("%s/data", source);
		locale_dir = mem_print("%s/locale", dir);
		found = true;
	}
	fclose(f);
	return found;
}

static void
locate(void)
{
	char exe[PATH_MAX];
	ssize_t n;
	const char *override = getenv("ZHIBAN_DATA");

	if (data_dir)
		return;
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	/* The program stands at the top of the build tree, test programs up to two folders below it. */
	for (int up = 0; n > 0 && up < 3 && !data_dir; up++) {
		char *slash;

		exe[n] = '\0';
		slash = strrchr(exe, '/');
		if (!slash || slash == exe)
			break;
		*slash = '\0';
		n = slash - exe;
		try_build_tree(exe);
	}
	if (!data_dir) {
		data_dir = mem_dup(PKGDATADIR);
		locale_dir = mem_dup(LOCALEDIR);
	}
	if (override && *override) {
		free(data_dir);
		data_dir = mem_dup(override);
	}
}

const char *
paths_data(void)
{
	locate();
	return data_dir;
}

const char *
paths_locale(void)
{
	locate();
	return locale_dir;
}

char *
paths_data_file(const char *name)
{
	return mem_print("%s/%s", paths_data(), name);
}

char *
paths_default_store(void)
{
	const char *store = getenv("ZHIBAN_STORE");
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	if (store && *store)
		return mem_dup(store);
	if (data && *data)
		return mem_print("%s/zhiban/duty.db", data);
	if (!home || !*home) { /* a service or a timer may have none */
		const struct passwd *me = getpwuid(getuid());

		home = me ? me->pw_dir : "";
	}
	return mem_print("%s/.local/share/zhiban/duty.db", home);
}
