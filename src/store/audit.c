/* Do the tables say what the journal says? (store_verify_tables) */
#include "store/inside.h"

#include "base/i18n.h"
#include "store/changes.h"

#include <string.h>

struct audit {
	struct verify_report *report;
	struct conflict last;
};

/* Tell it, then force the way on: every row is told once, not the first only. */
static int
tell(void *data, int kind, sqlite3_changeset_iter *at)
{
	struct audit *audit = data;
	struct conflict conflict;

	if (kind == SQLITE_CHANGESET_FOREIGN_KEY)
		return SQLITE_CHANGESET_OMIT;
	changes_describe(kind, at, &conflict);
	if (strcmp(conflict.table, audit->last.table) != 0 ||
	    strcmp(conflict.name, audit->last.name) != 0)
		verify_problem(audit->report, _("table %s, row %s is not what the journal says"),
		    conflict.table, conflict.name);
	audit->last = conflict;
	return kind == SQLITE_CHANGESET_DATA || kind == SQLITE_CHANGESET_CONFLICT
		   ? SQLITE_CHANGESET_REPLACE
		   : SQLITE_CHANGESET_OMIT;
}

/* Settings that are made with the store itself, or by a migration. */
#define FROM_BIRTH "'area', 'schema'"

/* The only SQL that is put together: the name is a table of the schema, quoted by SQLite. */
static int64_t
rows_of(struct store *copy, const char *table)
{
	bool setting = strcmp(table, "setting") == 0;
	char *text = sqlite3_mprintf("SELECT count(*) FROM \"%w\"%s", table,
	    setting ? " WHERE name NOT IN (" FROM_BIRTH ")" : "");
	int64_t rows = 0;

	if (!text || !connect_value(copy->db, text, &rows))
		fault_note(copy, text ? sqlite3_extended_errcode(copy->db) : SQLITE_NOMEM);
	sqlite3_free(text);
	return rows;
}

/* At the beginning there was nothing. */
static void
tell_left_over(struct store *copy, struct verify_report *report)
{
	struct sql *q = sql(copy, "SELECT name FROM sqlite_schema WHERE type = 'table'");

	while (sql_row(q)) {
		const char *table = sql_text(q, 0);
		int64_t rows = changes_recorded(NULL, table) ? rows_of(copy, table) : 0;

		if (rows)
			verify_problem(report,
			    ngettext("table %s holds %lld row that no entry of the journal made",
				"table %s holds %lld rows that no entry of the journal made",
				(unsigned long)rows),
			    table, (long long)rows);
	}
}

bool
store_verify_tables(struct store *st, struct verify_report *report, struct err *err)
{
	struct audit audit = {.report = report};
	struct store *copy = replay_copy(st, err);
	int rc;

	if (!copy)
		return false;
	copy->writing = true;
	if (transaction(copy, TX_WRITE)) {
		rc = replay_rewind(copy, 0, tell, &audit);
		if (rc != SQLITE_OK)
			fault_note(copy, rc);
		else
			tell_left_over(copy, report);
	}
	rc = copy->fault.code;
	if (rc != SQLITE_OK)
		fault_tell(copy, err);
	sql_reset_all(copy);
	transaction_abandon(copy);
	handle_free(copy);
	return rc == SQLITE_OK;
}
