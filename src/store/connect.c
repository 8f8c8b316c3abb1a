/*
 * Opening and hardening a connection. The authorizer is asked when a statement is prepared, so it
 * costs nothing while one runs.
 */
#include "store/inside.h"

#include "base/mem.h"
#include "store/search_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Pragmas that only read, or that SQLite's own parts use inside. */
static bool
pragma_allowed(const char *name, const char *value)
{
	static const char *const always[] = {"data_version", "table_info", "table_xinfo",
	    "index_list", "index_info", "index_xinfo", "table_list", "quick_check",
	    "integrity_check", "foreign_key_check", "foreign_key_list", "defer_foreign_keys",
	    "page_count", "page_size"};
	static const char *const read_only[] = {"user_version", "application_id", "schema_version",
	    "journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check",
	    "cache_size", "mmap_size", "query_only", "freelist_count", "wal_autocheckpoint"};

	for (size_t i = 0; i < COUNT_OF(always); i++)
		if (strcmp(name, always[i]) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(read_only); i++)
		if (strcmp(name, read_only[i]) == 0)
			return value == NULL;
	return false;
}

static int
authorize(
    void *data, int action, const char *a, const char *b, const char *database, const char *inner)
{
	const struct store *st = data;

	(void)database;
	(void)inner;
	if (st->permit_all)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		return SQLITE_OK;
	case SQLITE_INSERT:
		return SQLITE_OK;
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		/* FTS5 asks for sqlite_master when it connects; defensive mode guards that table.
		 */
		return strcmp(a, "journal") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_FUNCTION:
		return b && strcmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
		return pragma_allowed(a, b) ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static int
count_frames(void *data, sqlite3 *db, const char *database, int frames)
{
	struct store *st = data;

	(void)db;
	(void)database;
	st->wal_frames = frames;
	return SQLITE_OK;
}

static void
set_limits(sqlite3 *db)
{
	static const struct {
		int id, value;
	} limit[] = {
	    {SQLITE_LIMIT_LENGTH, 256 << 20},
	    {SQLITE_LIMIT_SQL_LENGTH, 200000},
	    {SQLITE_LIMIT_EXPR_DEPTH, 100},
	    {SQLITE_LIMIT_COMPOUND_SELECT, 20},
	    {SQLITE_LIMIT_VDBE_OP, 50000},
	    {SQLITE_LIMIT_FUNCTION_ARG, 16},
	    {SQLITE_LIMIT_ATTACHED, 0},
	    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 4096},
	    {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
	    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
	    {SQLITE_LIMIT_WORKER_THREADS, 0},
	};

	for (size_t i = 0; i < COUNT_OF(limit); i++)
		sqlite3_limit(db, limit[i].id, limit[i].value);
}

static int
harden(struct store *st)
{
	static const struct {
		int op, value;
	} config[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},
	    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
	    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
	    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	    {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},
	    /* Ours are made under the queue's lock, in store_close too. */
	    {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
	};
	int rc = SQLITE_OK;

	for (size_t i = 0; i < COUNT_OF(config) && rc == SQLITE_OK; i++)
		rc = sqlite3_db_config(st->db, config[i].op, config[i].value, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_extended_result_codes(st->db, 1);
	sqlite3_busy_timeout(st->db, 5000);
	set_limits(st->db);
	/* This takes the place of the automatic checkpoint. */
	sqlite3_wal_hook(st->db, count_frames, st);
	if (!search_attach(st->db))
		rc = SQLITE_NOMEM;
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(st->db,
		    "PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON; PRAGMA cache_size=-2000;"
		    "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;",
		    NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_set_authorizer(st->db, authorize, st);
	return rc;
}

/* file: URI of a path, for immutable=1. */
static char *
immutable_uri(const char *path)
{
	struct buf uri = BUF_MAX(16384);

	buf_add(&uri, "file:");
	for (const char *s = path; *s; s++) {
		if (strchr("%?#", *s))
			buf_printf(&uri, "%%%02X", (unsigned char)*s);
		else
			buf_add_char(&uri, *s);
	}
	buf_add(&uri, "?immutable=1");
	return buf_take(&uri);
}

bool
connect_open(struct store *st, bool writing, bool immutable, struct fault *fault)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	char *uri = immutable ? immutable_uri(st->path) : NULL;
	int64_t version;
	int rc;

	errno = 0;
	flags |= writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	if (uri)
		flags |= SQLITE_OPEN_URI;
	rc = sqlite3_open_v2(uri ? uri : st->path, &st->db, flags, NULL);
	free(uri);
	if (rc == SQLITE_OK)
		rc = harden(st);
	if (rc == SQLITE_OK && !connect_value(st->db, "PRAGMA schema_version", &version))
		rc = sqlite3_extended_errcode(st->db);
	if (rc == SQLITE_OK)
		rc = transaction_prepare(st);
	if (rc == SQLITE_OK)
		return true;
	fault_read(st->db, rc, fault);
	transaction_free(st);
	sqlite3_close(st->db);
	st->db = NULL;
	return false;
}

bool
connect_value(sqlite3 *db, const char *text, int64_t *out)
{
	sqlite3_stmt *stmt = NULL;
	bool found = false;

	if (sqlite3_prepare_v2(db, text, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		*out = sqlite3_column_int64(stmt, 0);
		found = true;
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		found = false;
	return found;
}

bool
connect_run(struct store *st, const char *text)
{
	int rc;

	errno = 0;
	rc = sqlite3_exec(st->db, text, NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return true;
	fault_note(st, rc);
	return false;
}

/* --- transactions --- */

int
transaction_prepare(struct store *st)
{
	static const char *const text[] = {[TX_READ] = "BEGIN",
	    [TX_WRITE] = "BEGIN IMMEDIATE",
	    [TX_COMMIT] = "COMMIT",
	    [TX_ROLLBACK] = "ROLLBACK",
	    [TX_MARK] = "SAVEPOINT verb",
	    [TX_RELEASE] = "RELEASE verb",
	    [TX_BACK] = "ROLLBACK TO verb"};
	int rc = SQLITE_OK;

	for (size_t i = 0; i < TX_COUNT && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(
		    st->db, text[i], -1, SQLITE_PREPARE_PERSISTENT, &st->tx[i], NULL);
	return rc;
}

void
transaction_free(struct store *st)
{
	for (size_t i = 0; i < TX_COUNT; i++) {
		sqlite3_finalize(st->tx[i]);
		st->tx[i] = NULL;
	}
}

bool
transaction(struct store *st, enum transaction what)
{
	int rc;

	errno = 0;
	rc = sqlite3_step(st->tx[what]);

	if (rc != SQLITE_DONE)
		fault_note(st, rc);
	sqlite3_reset(st->tx[what]);
	return rc == SQLITE_DONE;
}

void
transaction_abandon(struct store *st)
{
	if (sqlite3_get_autocommit(st->db))
		return;
	sqlite3_step(st->tx[TX_ROLLBACK]);
	sqlite3_reset(st->tx[TX_ROLLBACK]);
}
