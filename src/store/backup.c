/* Online copies, by SQLite's backup interface in one step: one snapshot, writers go on. */
#include "store/inside.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "store/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
copy_into(struct store *st, sqlite3 *target, struct fault *fault)
{
	sqlite3_backup *backup = sqlite3_backup_init(target, "main", st->db, "main");
	int rc;

	if (!backup) {
		fault_read(target, sqlite3_extended_errcode(target), fault);
		return false;
	}
	rc = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	if (rc == SQLITE_DONE)
		return true;
	fault_read(target, rc, fault);
	return false;
}

bool
copy_file(struct store *st, const char *target, struct err *err)
{
	struct fault fault = {SQLITE_OK, 0, ""};
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(target, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	bool good;

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		fault_read(db, rc, &fault);
	good = rc == SQLITE_OK && copy_into(st, db, &fault);
	sqlite3_close(db);
	return good || fault_explain(target, &fault, err);
}

static bool
sync_file(int fd, const char *name, struct err *err)
{
	if (fsync(fd) == 0)
		return true;
	return err_set(err, ERR_IO, _("%s cannot be written: %s"), name, strerror(errno));
}

bool
store_backup(struct store *st, const char *target, struct err *err)
{
	char *real = place_resolve(target, err), *part = NULL;
	bool good = false;
	int fd = -1;

	if (!real)
		return false;
	if (faccessat(AT_FDCWD, real, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		err_set(err, ERR_STATE,
		    _("%s exists already. A backup never overwrites: choose another name."), real);
		goto out;
	}
	part = mem_print("%s.part-%ld", real, (long)getpid());
	fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || fchmod(fd, 0600) != 0) {
		err_set(err, ERR_IO, _("%s cannot be made: %s"), part, strerror(errno));
		goto out;
	}
	good = copy_file(st, part, err) && sync_file(fd, part, err);
	if (good && link(part, real) != 0)
		good = err_set(err, ERR_IO, _("%s cannot be made: %s"), real, strerror(errno));
	if (good && !place_sync_directory(real))
		good = err_set(err, ERR_IO, _("%s cannot be written: %s"), real, strerror(errno));
out:
	if (fd >= 0) {
		close(fd);
		unlink(part);
	}
	free(part);
	free(real);
	return good;
}
