/*
 * A file system for SQLite that passes everything through and asks a hook before each write, truncation, sync and
 * deletion: to log it, or to make it fail. One at a time; installed as the default, so the store uses it without knowing.
 */
#ifndef TESTS_STORE_SHIM_H
#define TESTS_STORE_SHIM_H

#include <sqlite3.h>

enum shim_op { SHIM_WRITE, SHIM_TRUNCATE, SHIM_SYNC, SHIM_DELETE };
enum shim_file { SHIM_MAIN, SHIM_WAL, SHIM_OTHER };

/* SQLITE_OK lets it happen; anything else is what SQLite gets instead. data only for a write; n or `at` is the new size of a truncation. */
typedef int (*shim_hook)(enum shim_op op, enum shim_file file, const void *data, int n, sqlite3_int64 at);

void shim_install(shim_hook hook);
void shim_remove(void);

#endif
