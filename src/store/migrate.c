/*
 * Bringing a store up to date. Each step is one transaction together with the new user_version, so
 * that a kill leaves the old schema or the new one, whole. Behind the steps the fingerprint of the
 * schema is kept in a setting: damage in the pages that hold the schema would otherwise look like a
 * wrong statement.
 */
#include "store/inside.h"

#include "base/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
schema_fingerprint(struct store *st, char hex[65])
{
	unsigned char hash[HASH_SIZE];
	struct buf all = BUF_MAX(4 << 20);
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(st->db,
	    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' "
	    "ORDER BY name",
	    -1, &stmt, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		for (int i = 0; rc == SQLITE_ROW && i < 4; i++) {
			const char *text = (const char *)sqlite3_column_text(stmt, i);

			buf_add(&all, text ? text : "");
			buf_add_char(&all, '\n');
		}
	}
	sqlite3_finalize(stmt);
	chain_digest(st->digest, buf_str(&all), all.size, hash);
	chain_hex(hash, sizeof(hash), hex);
	buf_clear(&all);
	return rc == SQLITE_DONE;
}

bool
schema_intact(struct store *st)
{
	sqlite3_stmt *stmt = NULL;
	char hex[65];
	bool same = false;

	if (!schema_fingerprint(st, hex))
		return false;
	if (sqlite3_prepare_v2(st->db, "SELECT value FROM setting WHERE name = 'schema'", -1, &stmt,
		NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		const char *kept = (const char *)sqlite3_column_text(stmt, 0);

		same = kept && strcmp(kept, hex) == 0;
	}
	sqlite3_finalize(stmt);
	return same;
}

static bool
keep_fingerprint(struct store *st)
{
	sqlite3_stmt *stmt = NULL;
	char hex[65];
	int rc = SQLITE_ERROR;

	if (schema_fingerprint(st, hex) && sqlite3_prepare_v2(st->db,
					       "INSERT INTO setting VALUES ('schema', ?1) ON "
					       "CONFLICT (name) DO UPDATE SET value = ?1",
					       -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_text(stmt, 1, hex, -1, SQLITE_STATIC);
		rc = sqlite3_step(stmt);
	}
	if (rc != SQLITE_DONE)
		fault_note(st, sqlite3_extended_errcode(st->db));
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE;
}

static bool
step(struct store *st, const char *text, size_t from)
{
	char version[64];

	snprintf(version, sizeof(version), "PRAGMA user_version = %zu", from + 1);
	if (connect_run(st, "BEGIN IMMEDIATE") && connect_run(st, text) &&
	    connect_run(st, version) && keep_fingerprint(st) && connect_run(st, "COMMIT"))
		return true;
	if (!sqlite3_get_autocommit(st->db))
		sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool
migrate(struct store *st, const char *const *steps, size_t n, struct err *err)
{
	int64_t version;
	bool good = true;

	st->fault.code = SQLITE_OK;
	st->permit_all = true;
	/* Read again: another console may have done it while we waited for the queue. */
	if (!connect_value(st->db, "PRAGMA user_version", &version)) {
		fault_note(st, sqlite3_extended_errcode(st->db));
		good = false;
	}
	for (; good && version >= 0 && (size_t)version < n; version++)
		good = step(st, steps[version], (size_t)version);
	st->permit_all = false;
	if (!good)
		fault_tell(st, err);
	return good;
}
