#include "tests/store/shim.h"

#include <string.h>

struct file {
	sqlite3_file base;
	enum shim_file kind;
	sqlite3_file *real; /* behind this struct */
};

static sqlite3_vfs shim, *plain;
static shim_hook ask;
static sqlite3_io_methods methods;

#define REAL(f) (((struct file *)(f))->real)
#define KIND(f) (((struct file *)(f))->kind)

static int
shim_close(sqlite3_file *f)
{
	return REAL(f)->pMethods->xClose(REAL(f));
}

static int
shim_read(sqlite3_file *f, void *data, int n, sqlite3_int64 at)
{
	return REAL(f)->pMethods->xRead(REAL(f), data, n, at);
}

static int
shim_write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at)
{
	int rc = ask(SHIM_WRITE, KIND(f), data, n, at);

	return rc ? rc : REAL(f)->pMethods->xWrite(REAL(f), data, n, at);
}

static int
shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = ask(SHIM_TRUNCATE, KIND(f), NULL, 0, size);

	return rc ? rc : REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int
shim_sync(sqlite3_file *f, int flags)
{
	int rc = ask(SHIM_SYNC, KIND(f), NULL, 0, 0);

	return rc ? rc : REAL(f)->pMethods->xSync(REAL(f), flags);
}

static int
shim_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return REAL(f)->pMethods->xFileSize(REAL(f), size);
}

static int
shim_lock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xLock(REAL(f), level);
}

static int
shim_unlock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int
shim_reserved(sqlite3_file *f, int *out)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int
shim_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int
shim_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int
shim_device(sqlite3_file *f)
{
	/* No promise that a write past the end or of a page is atomic: power loss is simulated
	 * without it. */
	(void)f;
	return 0;
}

static int
shim_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}

static int
shim_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return REAL(f)->pMethods->xShmLock(REAL(f), offset, n, flags);
}

static void
shim_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
shim_shm_unmap(sqlite3_file *f, int destroy)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), destroy);
}

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct file *file = (struct file *)f;
	int rc;

	(void)vfs;
	memset(file, 0, sizeof(*file));
	file->real = (sqlite3_file *)(file + 1);
	file->kind = flags & SQLITE_OPEN_MAIN_DB ? SHIM_MAIN
		     : flags & SQLITE_OPEN_WAL	 ? SHIM_WAL
						 : SHIM_OTHER;
	rc = plain->xOpen(plain, name, file->real, flags, out);
	if (rc == SQLITE_OK)
		file->base.pMethods = &methods;
	return rc;
}

static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	int rc = ask(SHIM_DELETE, strstr(name, "-wal") ? SHIM_WAL : SHIM_OTHER, NULL, 0, 0);

	(void)vfs;
	return rc ? rc : plain->xDelete(plain, name, sync);
}

void
shim_install(shim_hook hook)
{
	ask = hook;
	plain = sqlite3_vfs_find(NULL);
	shim = *plain;
	shim.zName = "shim";
	shim.szOsFile = (int)sizeof(struct file) + plain->szOsFile;
	shim.xOpen = shim_open;
	shim.xDelete = shim_delete;
	methods = (sqlite3_io_methods){2, shim_close, shim_read, shim_write, shim_truncate,
	    shim_sync, shim_size, shim_lock, shim_unlock, shim_reserved, shim_control, shim_sector,
	    shim_device, shim_shm_map, shim_shm_lock, shim_shm_barrier, shim_shm_unmap, NULL, NULL};
	sqlite3_vfs_register(&shim, 1);
}

void
shim_remove(void)
{
	sqlite3_vfs_register(plain, 1);
	sqlite3_vfs_unregister(&shim);
}
