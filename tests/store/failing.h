/*
 * The n-th allocation inside SQLite fails, or the n-th write, truncation, sync or removal of a file (reliability 4.5).
 */
#ifndef TESTS_STORE_FAILING_H
#define TESTS_STORE_FAILING_H

#include "tests/store/shim.h"

#include <stdbool.h>

struct failing {
	long memory, disk; /* calls until it fails; 0: not now */
	bool for_ever;     /* and all behind it */
	bool hit;          /* set when one failed; the test clears it */
};
extern struct failing failing;

/* Once, before SQLite is used at all. */
void failing_install(void);
/* For shim_install. */
int failing_io(enum shim_op op, enum shim_file file, const void *data, int n, sqlite3_int64 at);

#endif
