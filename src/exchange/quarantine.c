#include "exchange/quarantine.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "exchange/outfile.h"
#include "store/digest.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_beside(struct store *st)
{
	char *path = mem_print("%s.refused", store_path(st));
	struct err err = ERR_NONE;
	int fd = mkdir(path, 0700) == 0 || errno == EEXIST ? outfile_dir(path, &err) : -1;

	err_clear(&err);
	free(path);
	return fd;
}

/* --- keeping the newest ---------------------------------------------------------------------- */

struct kept_file {
	char name[128];
	struct timespec at;
	size_t size;
};

static int
newest_first(const void *a, const void *b)
{
	const struct kept_file *x = a, *y = b;

	if (x->at.tv_sec != y->at.tv_sec)
		return x->at.tv_sec < y->at.tv_sec ? 1 : -1;
	if (x->at.tv_nsec != y->at.tv_nsec)
		return x->at.tv_nsec < y->at.tv_nsec ? 1 : -1;
	return strcmp(x->name, y->name);
}

static size_t
list(int dir, struct kept_file **out)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	size_t n = 0, room = 0;
	const struct dirent *e;

	*out = NULL;
	if (!d && fd >= 0)
		close(fd);
	while (d && (e = readdir(d))) {
		size_t length = strlen(e->d_name);
		struct stat sb;

		if (length < 5 || length >= sizeof((*out)->name) ||
		    strcmp(e->d_name + length - 4, ".doc") != 0 ||
		    fstatat(dir, e->d_name, &sb, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		mem_grow(out, &room, n);
		memcpy((*out)[n].name, e->d_name, length + 1);
		(*out)[n].at = sb.st_mtim;
		(*out)[n++].size = (size_t)sb.st_size;
	}
	if (d)
		closedir(d);
	return n;
}

static void
drop_oldest(int dir)
{
	struct kept_file *file;
	size_t n = list(dir, &file), bytes = 0;

	if (n)
		qsort(file, n, sizeof(*file), newest_first);
	for (size_t i = 0; i < n; i++) {
		bytes += file[i].size;
		if (i < QUARANTINE_FILES && bytes <= QUARANTINE_BYTES)
			continue;
		unlinkat(dir, file[i].name, 0);
		memcpy(file[i].name + strlen(file[i].name) - 4, ".why", 4);
		unlinkat(dir, file[i].name, 0);
	}
	free(file);
}

void
quarantine_keep(
    struct store *st, int64_t link, const char *url, const char *bytes, size_t n, const char *why)
{
	int dir = open_beside(st);
	struct err err = ERR_NONE;
	char digest[65], *name, *reason, *reason_name;

	if (dir < 0)
		return;
	digest_hex(bytes, n, digest);
	name = mem_print("%lld-%.16s.doc", (long long)link, digest);
	reason_name = mem_print("%lld-%.16s.why", (long long)link, digest);
	reason = mem_print("%s\n%s\n", url, why);
	if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	    outfile_write(dir, name, bytes, n, OUTFILE_OWN, OUTFILE_NEW, &err) &&
	    outfile_write(
		dir, reason_name, reason, strlen(reason), OUTFILE_OWN, OUTFILE_REPLACE, &err))
		drop_oldest(dir);
	err_clear(&err);
	free(name);
	free(reason_name);
	free(reason);
	close(dir);
}
