#include "exchange/outfile.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES 200

int
outfile_dir(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		err_set(err, ERR_IO, _("The directory %s cannot be used: %s"), path,
		    errno == ENOTDIR || errno == ELOOP ? _("it is no directory") : strerror(errno));
	return fd;
}

int
outfile_subdir(int dir, const char *name, struct err *err)
{
	int fd;

	if (mkdirat(dir, name, 0700) != 0 && errno != EEXIST) {
		err_set(
		    err, ERR_IO, _("The directory %s cannot be used: %s"), name, strerror(errno));
		return -1;
	}
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		err_set(err, ERR_IO, _("The directory %s cannot be used: %s"), name,
		    errno == ENOTDIR || errno == ELOOP ? _("it is no directory") : strerror(errno));
	return fd;
}

bool
outfile_name_ok(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_BYTES && *name != '.' && *name != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		   n;
}

static bool
write_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, data, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		data += put;
		n -= (size_t)put;
	}
	return true;
}

/* Is the file of that name there already with these bytes in it? */
static bool
same(int dir, const char *name, const char *data, size_t n)
{
	const char *why;
	size_t size;
	int fd = outfile_open_plain(dir, name, n, &size, &why);
	char *there = fd >= 0 && size == n ? outfile_read(fd, n) : NULL;
	bool is = there && memcmp(there, data, n) == 0;

	free(there);
	if (fd >= 0)
		close(fd);
	return is;
}

/* link() gives a name only when nobody has it, on every file system that has links at all. */
static bool
name_it(int dir, const char *temporary, const char *name, enum outfile_if existing)
{
	if (existing == OUTFILE_REPLACE) {
		struct stat sb;

		if (fstatat(dir, name, &sb, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(sb.st_mode)) {
			errno = EEXIST;
			return false;
		}
		return renameat(dir, temporary, dir, name) == 0;
	}
	return renameat2(dir, temporary, dir, name, RENAME_NOREPLACE) == 0 ||
	       (errno == EINVAL && linkat(dir, temporary, dir, name, 0) == 0);
}

bool
outfile_write(int dir, const char *name, const char *data, size_t n, enum outfile_for whom,
    enum outfile_if existing, struct err *err)
{
	char *temporary;
	int fd, why = 0;
	bool good;

	if (!outfile_name_ok(name))
		return err_set(err, ERR_INPUT, _("\"%.80s\" is no name for a file"), name);
	if (existing == OUTFILE_SAME_IS_FINE && same(dir, name, data, n))
		return true;
	temporary =
	    mem_print(".%s.%016llx.tmp", name, (unsigned long long)random_below(UINT64_MAX));
	fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	good = fd >= 0 && write_all(fd, data, n) && fchmod(fd, (mode_t)whom) == 0 && fsync(fd) == 0;
	good = good && name_it(dir, temporary, name, existing) && fsync(dir) == 0;
	why = errno;
	if (fd >= 0) {
		close(fd);
		unlinkat(dir, temporary, 0);
	}
	free(temporary);
	if (!good)
		err_set(err, ERR_IO, _("%s cannot be written: %s"), name, strerror(why));
	return good;
}

bool
outfile_move(int from_dir, const char *from, int to_dir, const char *to, char *name, size_t size)
{
	for (int i = 0; i < 1000; i++) {
		/* 255 bytes at most, and room for what is put behind it. */
		if (i == 0)
			snprintf(name, size, "%.240s", to);
		else
			snprintf(name, size, "%.236s.%d", to, i);
		if (renameat2(from_dir, from, to_dir, name, RENAME_NOREPLACE) == 0)
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

int
outfile_open_plain(int dir, const char *name, size_t most, size_t *size, const char **why)
{
	struct stat sb;
	int fd;

	*why = NULL;
	/* Looked at before it is opened: opening a device may do something already. */
	if (fstatat(dir, name, &sb, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(sb.st_mode)) {
		*why = S_ISLNK(sb.st_mode) ? _("a link is not followed") : _("it is no plain file");
		errno = EINVAL;
		return -1;
	}
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		*why = errno == ELOOP ? _("a link is not followed") : strerror(errno);
	else if (fstat(fd, &sb) != 0)
		*why = strerror(errno);
	else if (!S_ISREG(sb.st_mode))
		*why = _("it is no plain file");
	else if (sb.st_size > (off_t)most)
		*why = _("the file is over the limit");
	if (!*why) {
		*size = (size_t)sb.st_size;
		return fd;
	}
	if (fd >= 0) {
		close(fd);
		errno = EINVAL;
	}
	return -1;
}

char *
outfile_read(int fd, size_t size)
{
	char *data = mem_alloc(size + 1);
	size_t got = 0;

	while (got <= size) {
		ssize_t n = pread(fd, data + got, size + 1 - got, (off_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	if (got == size) {
		data[size] = '\0';
		return data;
	}
	free(data);
	return NULL;
}
