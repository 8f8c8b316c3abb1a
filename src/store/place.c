#include "store/place.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
directory_of(const char *path)
{
	char *copy = mem_dup(path);
	char *dir = mem_dup(dirname(copy));

	free(copy);
	return dir;
}

char *
place_owner(unsigned uid)
{
	const struct passwd *pw = getpwuid(uid);

	return pw ? mem_dup(pw->pw_name) : mem_print("%u", uid);
}

static bool
names_a_file(const char *path, struct err *err)
{
	if (*path != '\0' && path[strlen(path) - 1] != '/')
		return true;
	return err_set(err, ERR_INPUT, _("\"%s\" is not the name of a file."), path);
}

char *
place_resolve(const char *path, struct err *err)
{
	char *dir, *copy, *full = NULL;
	char real[PATH_MAX];

	if (!names_a_file(path, err))
		return NULL;
	dir = directory_of(path);
	copy = mem_dup(path);
	if (!realpath(dir, real))
		err_set(err, ERR_STORE, _("The directory %s cannot be reached: %s"), dir,
		    strerror(errno));
	else
		full = mem_print("%s/%s", strcmp(real, "/") == 0 ? "" : real, basename(copy));
	free(copy);
	free(dir);
	return full;
}

static bool
make_one(const char *dir)
{
	struct stat sb;

	if (mkdir(dir, 0700) == 0)
		return chmod(dir, 0700) == 0;
	/* Another console may have made it just now. */
	return errno == EEXIST && stat(dir, &sb) == 0 && S_ISDIR(sb.st_mode);
}

/* The directory and those above it that are missing, closed to others. Where none can be made, /proc, "no such file" says nothing of those above. */
static bool
make_directories(const char *dir)
{
	struct stat sb;
	char *above;
	bool good;

	if (make_one(dir))
		return true;
	if (errno != ENOENT)
		return false;
	above = directory_of(dir);
	good = (stat(above, &sb) == 0 || make_directories(above)) && make_one(dir);
	free(above);
	return good;
}

bool
place_make_directory(const char *path, struct err *err)
{
	char *dir = directory_of(path);
	struct stat sb;
	bool good = true;

	if (stat(dir, &sb) != 0) {
		good = make_directories(dir);
		if (!good)
			err_set(err, ERR_STORE, _("The directory %s cannot be made: %s"), dir,
			    strerror(errno));
	} else if (!S_ISDIR(sb.st_mode)) {
		good = err_set(err, ERR_STORE, _("%s is not a directory."), dir);
	}
	free(dir);
	return good;
}

bool
place_check_directory(const char *path, struct err *err)
{
	char *dir = directory_of(path), *owner;
	struct stat sb;
	bool good = false;

	if (stat(dir, &sb) != 0) {
		err_set(err, ERR_STORE, _("The directory %s cannot be reached: %s"), dir,
		    strerror(errno));
	} else if (sb.st_uid != 0 && sb.st_uid != geteuid()) {
		owner = place_owner(sb.st_uid);
		err_set(err, ERR_STORE,
		    _("The directory %s belongs to %s, who could put another store in its place. "
		      "Keep the store in a directory of this account."),
		    dir, owner);
		free(owner);
	} else if (sb.st_mode & (S_IWGRP | S_IWOTH)) {
		err_set(err, ERR_STORE,
		    _("Others may write into the directory %s, so the store would not be safe "
		      "there. "
		      "Close it first: chmod go-w %s"),
		    dir, dir);
	} else {
		good = true;
	}
	free(dir);
	return good;
}

/* Nothing foreign may stand beside the store under a name we or SQLite would open. */
static bool
check_beside(const char *path, uid_t owner, struct err *err)
{
	static const char *const suffix[] = {
	    "-wal", "-shm", "-journal", ".lock", ".poke", ".drafts"};
	struct stat sb;

	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char *name = mem_print("%s%s", path, suffix[i]);
		bool bad = lstat(name, &sb) == 0 &&
			   (sb.st_uid != owner || !(S_ISREG(sb.st_mode) || S_ISDIR(sb.st_mode)));

		if (bad)
			err_set(err, ERR_STORE,
			    _("%s is not a file of this store's account. Find out who put it "
			      "there, then remove it."),
			    name);
		free(name);
		if (bad)
			return false;
	}
	return true;
}

bool
place_check_header(const char *path, struct err *err)
{
	unsigned char head[100];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return err_set(
		    err, ERR_STORE, _("The store %s cannot be opened: %s"), path, strerror(errno));
	n = pread(fd, head, sizeof(head), 0);
	close(fd);
	if (n < 0)
		return err_set(
		    err, ERR_STORE, _("The store %s cannot be read: %s"), path, strerror(errno));
	if (n < (ssize_t)sizeof(head) || memcmp(head, "SQLite format 3", 16) != 0)
		return err_set(err, ERR_STORE,
		    _("%s is not a zhiban store, or its beginning is damaged. If it was one, put "
		      "the latest backup in its place: zhiban restore BACKUP"),
		    path);
	if ((head[68] << 24 | head[69] << 16 | head[70] << 8 | head[71]) != STORE_APPLICATION_ID)
		return err_set(
		    err, ERR_STORE, _("%s is a database, but not a zhiban store."), path);
	return true;
}

static bool
can_write(const char *path)
{
	char *dir = directory_of(path);
	bool can = faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0 &&
		   faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) == 0;

	free(dir);
	return can;
}

/* What stands at `path`; false, with what to do about it, when nothing does. */
static bool
look_at(const char *path, struct stat *sb, struct err *err)
{
	if (lstat(path, sb) == 0)
		return true;
	if (errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND,
		    _("There is no store at %s. Make one: zhiban init %s"), path, path);
	return err_set(
	    err, ERR_STORE, _("The store %s cannot be reached: %s"), path, strerror(errno));
}

bool
place_is_there(const char *path, struct err *err)
{
	struct stat sb;

	return names_a_file(path, err) && look_at(path, &sb, err);
}

/* A plain file of this account. */
static bool
check_own(const char *path, const struct stat *sb, struct err *err)
{
	char *owner;

	if (S_ISLNK(sb->st_mode))
		return err_set(err, ERR_STORE, _("%s is a link. Name the store's own file."), path);
	if (!S_ISREG(sb->st_mode))
		return err_set(err, ERR_STORE, _("%s is not a file."), path);
	if (sb->st_uid == geteuid())
		return true;
	owner = place_owner(sb->st_uid);
	err_set(err, ERR_STORE, _("The store %s belongs to %s. Run zhiban under that account."),
	    path, owner);
	free(owner);
	return false;
}

bool
place_check_remains(const char *path, bool *there, struct err *err)
{
	struct stat sb;

	*there = lstat(path, &sb) == 0;
	if (!*there && errno != ENOENT)
		return err_set(
		    err, ERR_STORE, _("The store %s cannot be reached: %s"), path, strerror(errno));
	return (!*there || check_own(path, &sb, err)) && place_check_directory(path, err) &&
	       check_beside(path, geteuid(), err);
}

bool
place_check_file(const char *path, bool *writable, struct err *err)
{
	struct stat sb;

	if (!look_at(path, &sb, err) || !check_own(path, &sb, err) ||
	    !place_check_directory(path, err) || !check_beside(path, sb.st_uid, err) ||
	    !place_check_header(path, err))
		return false;
	*writable = can_write(path);
	/* An older umask may have left it open to others. Where this fails the directory still
	 * guards it. */
	if (*writable && (sb.st_mode & 077) && chmod(path, 0600) != 0)
		*writable = false;
	return true;
}

bool
place_sync_directory(const char *path)
{
	char *dir = directory_of(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(dir);
	return good;
}
