#include "tests/store/failing.h"

#include <stddef.h>

struct failing failing;

static sqlite3_mem_methods real;

static bool
fails_now(long *countdown)
{
	if (*countdown == 0)
		return false;
	if (*countdown > 1) {
		--*countdown;
		return false;
	}
	failing.hit = true;
	if (!failing.for_ever)
		*countdown = 0;
	return true;
}

static void *
failing_malloc(int n)
{
	return fails_now(&failing.memory) ? NULL : real.xMalloc(n);
}

static void *
failing_realloc(void *p, int n)
{
	return fails_now(&failing.memory) ? NULL : real.xRealloc(p, n);
}

void
failing_install(void)
{
	sqlite3_mem_methods methods;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
	methods = real;
	methods.xMalloc = failing_malloc;
	methods.xRealloc = failing_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
	/* Small allocations would otherwise come out of a pool made beforehand. */
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

int
failing_io(enum shim_op op, enum shim_file file, const void *data, int n, sqlite3_int64 at)
{
	(void)file, (void)data, (void)n, (void)at;
	if (!fails_now(&failing.disk))
		return SQLITE_OK;
	switch (op) {
	case SHIM_WRITE:
		return SQLITE_FULL;
	case SHIM_TRUNCATE:
		return SQLITE_IOERR_TRUNCATE;
	case SHIM_SYNC:
		return SQLITE_IOERR_FSYNC;
	default:
		return SQLITE_IOERR_DELETE;
	}
}
