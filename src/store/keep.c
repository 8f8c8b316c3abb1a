/*
 * Backups that are kept by themselves: a folder of copies named by the time, of which only the newest
 * stay. A copy is proven before an older one goes: a store that is rotten inside would otherwise push
 * its last good copies out, one an hour.
 */
#include "store/inside.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "store/place.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* "duty" of /var/lib/zhiban/duty.db; caller frees. */
static char *
stem_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path,
		   *dot = strrchr(name, '.');

	return mem_print(
	    "%.*s", (int)(dot && dot > name ? (size_t)(dot - name) : strlen(name)), name);
}

#define STAMP "YYYY-MM-DDTHHMMSS"

/* The time on the wall: a drill's clock would put the copies out of order. */
static void
stamp_now(char out[sizeof(STAMP)])
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(out, sizeof(STAMP), "%Y-%m-%dT%H%M%S", &tm);
}

/* Is it one of ours: STEM-2025-07-10T031200.db? */
static bool
is_copy(const char *name, const char *stem)
{
	static const char form[] = "-9999-99-99T999999.db"; /* 9: a digit */
	size_t n = strlen(stem);

	if (strncmp(name, stem, n) != 0 || strlen(name + n) != sizeof(form) - 1)
		return false;
	for (const char *c = name + n, *f = form; *f; c++, f++)
		if (*f == '9' ? *c < '0' || *c > '9' : *c != *f)
			return false;
	return true;
}

/* --- the proof -------------------------------------------------------------------------------- */

static bool
prove(const char *path, struct err *err)
{
	struct err why = ERR_NONE;
	struct store *copy = store_open(path, STORE_READ, &why);
	bool good = copy && store_prove(copy, &why);

	store_close(copy);
	remove_wal(path); /* reading leaves an empty one */
	if (!good)
		err_set(err, ERR_STORE,
		    _("The copy does not prove whole (%s), so it was not kept and no older one was "
		      "removed. Look at the store itself: zhiban verify"),
		    why.message ? why.message : "");
	err_clear(&why);
	return good;
}

/* --- the older ones ---------------------------------------------------------------------------- */

static int
newest_first(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

/* Remove all but the newest `keep`; never `made`, whatever the clock said when the others were made. */
static int
prune(const char *dir, const char *stem, const char *made, int keep)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char **names = NULL;
	size_t n = 0, room = 0;
	int removed = 0, left = 1;

	while (d && (e = readdir(d)))
		if (is_copy(e->d_name, stem) && strcmp(e->d_name, made) != 0) {
			mem_grow(&names, &room, n);
			names[n++] = mem_dup(e->d_name);
		}
	if (n)
		qsort(names, n, sizeof(*names), newest_first);
	for (size_t i = 0; i < n; i++) {
		if (left < keep)
			left++;
		else if (unlinkat(dirfd(d), names[i], 0) == 0)
			removed++;
		free(names[i]);
	}
	free(names);
	if (d)
		closedir(d);
	return removed;
}

bool
store_backup_keep(
    struct store *st, const char *dir, int keep, struct kept_backup *out, struct err *err)
{
	char *stem = stem_of(st->path),
	     *folder = dir ? mem_dup(dir) : mem_print("%s.backups", st->path);
	char stamp[sizeof(STAMP)], *name;
	bool good;

	memset(out, 0, sizeof(*out));
	stamp_now(stamp);
	name = mem_print("%s-%s.db", stem, stamp);
	out->made = mem_print("%s/%s", folder, name);
	good = place_make_directory(out->made, err) && place_check_directory(out->made, err) &&
	       store_backup(st, out->made, err);
	if (good && !prove(out->made, err)) {
		unlink(out->made);
		good = false;
	}
	if (good)
		out->removed = prune(folder, stem, name, keep);
	if (!good)
		kept_backup_clear(out);
	free(name);
	free(folder);
	free(stem);
	return good;
}

void
kept_backup_clear(struct kept_backup *b)
{
	free(b->made);
	memset(b, 0, sizeof(*b));
}
