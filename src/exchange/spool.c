#include "exchange/spool.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct folder {
	int dir, done, refused;
	size_t most;
	int64_t settle;
	struct spool_count *count;
};

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n > k && strcmp(name + n - k, end) == 0;
}

static bool
is_left_alone(const char *name)
{
	return *name == '.' || ends_with(name, ".tmp") || ends_with(name, ".part") ||
	       ends_with(name, ".filepart") || strcmp(name, "done") == 0 ||
	       strcmp(name, "refused") == 0;
}

/* The file system's clock, not ours: a pinned clock must not make files look old. */
static bool
is_settled(const struct stat *sb, int64_t settle)
{
	struct timespec now;
	int64_t age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = (int64_t)(now.tv_sec - sb->st_mtim.tv_sec) * 1000 +
	      (now.tv_nsec - sb->st_mtim.tv_nsec) / 1000000;
	/* A time in the future is a wrong clock at the gate: then size alone must do, see
	 * unchanged(). */
	return age >= settle || age < -60000;
}

/* Nobody has it open for writing. Where leases are not to be had (another owner, NFS) rest must do.
 */
static bool
is_closed(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
		return errno != EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return true;
}

static bool
unchanged(int fd, const struct stat *before)
{
	struct stat now;

	return fstat(fd, &now) == 0 && now.st_size == before->st_size &&
	       now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == before->st_mtim.tv_nsec && now.st_nlink > 0;
}

static void
refuse(struct folder *f, const char *name, const char *why)
{
	char moved[256], reason[300];
	int fd;

	if (!outfile_move(f->dir, name, f->refused, name, moved, sizeof(moved)))
		return;
	f->count->refused++;
	snprintf(reason, sizeof(reason), "%s.reason", moved);
	fd = openat(f->refused, reason, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (dprintf(fd, "%s\n", why) < 0)
		unlinkat(f->refused, reason, 0);
	close(fd);
}

/* One file. False: not now, and no other either. */
static bool
take_one(struct folder *f, const char *name, spool_take *take, void *context, struct err *err)
{
	struct err own = ERR_NONE;
	enum spool_verdict verdict;
	char moved[256], *data;
	const char *why;
	struct stat sb;
	size_t size;
	int fd = outfile_open_plain(f->dir, name, f->most, &size, &why);

	if (fd < 0) {
		if (errno == ENOENT) /* another took it */
			return true;
		refuse(f, name, why);
		return true;
	}
	data = fstat(fd, &sb) == 0 && is_settled(&sb, f->settle) && is_closed(fd)
		   ? outfile_read(fd, size)
		   : NULL;
	if (!data || !unchanged(fd, &sb)) {
		f->count->waiting++;
		close(fd);
		free(data);
		return true;
	}
	close(fd);
	verdict = take(context, name, data, size, &own);
	free(data);
	if (verdict == SPOOL_LATER)
		return err_move(err, &own);
	if (verdict == SPOOL_REFUSED)
		refuse(f, name, own.message ? own.message : "");
	else if (outfile_move(f->dir, name, f->done, name, moved, sizeof(moved)))
		f->count->done++;
	err_clear(&own);
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t
list(int dir, int most, char ***out)
{
	int copy = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
	size_t n = 0, room = 0;
	struct dirent *e;

	*out = NULL;
	if (!d) {
		if (copy >= 0)
			close(copy);
		return 0;
	}
	rewinddir(d);
	while ((e = readdir(d)) != NULL && n < 100000) {
		if (is_left_alone(e->d_name))
			continue;
		mem_grow(out, &room, n);
		(*out)[n++] = mem_dup(e->d_name);
	}
	closedir(d);
	if (n > 1)
		qsort(*out, n, sizeof(**out), by_name);
	while (n > (size_t)most)
		free((*out)[--n]);
	return n;
}

bool
spool_scan(const char *path, size_t most, int most_files, int64_t settle_ms, spool_take *take,
    void (*progress)(void *context, int done, int all), void *context, struct spool_count *count,
    struct err *err)
{
	struct folder f = {.done = -1,
	    .refused = -1,
	    .most = most,
	    .settle = settle_ms < 0 ? SPOOL_SETTLE : settle_ms,
	    .count = count};
	char **names = NULL;
	size_t n = 0, i = 0;
	bool good;

	memset(count, 0, sizeof(*count));
	f.dir = outfile_dir(path, err);
	good = f.dir >= 0 && (f.done = outfile_subdir(f.dir, "done", err)) >= 0 &&
	       (f.refused = outfile_subdir(f.dir, "refused", err)) >= 0;
	if (good)
		n = list(f.dir, most_files, &names);
	while (good && i < n) {
		good = take_one(&f, names[i++], take, context, err);
		if (good && progress)
			progress(context, (int)i, (int)n);
	}
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
	if (f.refused >= 0)
		close(f.refused);
	if (f.done >= 0)
		close(f.done);
	if (f.dir >= 0)
		close(f.dir);
	return good;
}
