#include "store/changes.h"

#include <stdio.h>
#include <string.h>

int
changes_recorded(void *data, const char *table)
{
	(void)data;
	return strcmp(table, "journal") != 0 && strcmp(table, "sequence") != 0 &&
	       strcmp(table, "poll") != 0 && strcmp(table, "poll_page") != 0 &&
	       strcmp(table, "alert_seen") != 0 &&
	       strncmp(table, "search", 6) != 0 && strncmp(table, "sqlite_", 7) != 0;
}

/* The first key column of the row an iterator stands at; NULL when it cannot be had. */
static sqlite3_value *
key_of(sqlite3_changeset_iter *at)
{
	const char *table;
	unsigned char *is_key;
	sqlite3_value *value = NULL;
	int columns, op, indirect, n;

	if (sqlite3changeset_op(at, &table, &columns, &op, &indirect) != SQLITE_OK ||
	    sqlite3changeset_pk(at, &is_key, &n) != SQLITE_OK)
		return NULL;
	for (int i = 0; i < n; i++) {
		if (!is_key[i])
			continue;
		if (op == SQLITE_INSERT)
			sqlite3changeset_new(at, i, &value);
		else
			sqlite3changeset_old(at, i, &value);
		break;
	}
	return value;
}

static int64_t
integer_key(sqlite3_value *value)
{
	return value && sqlite3_value_type(value) == SQLITE_INTEGER ? sqlite3_value_int64(value)
								    : 0;
}

void
changes_describe(int kind, sqlite3_changeset_iter *at, struct conflict *out)
{
	const char *table, *text;
	sqlite3_value *key;
	int columns, op, indirect;

	memset(out, 0, sizeof(*out));
	out->found = true;
	out->referred = kind == SQLITE_CHANGESET_FOREIGN_KEY;
	if (out->referred || sqlite3changeset_op(at, &table, &columns, &op, &indirect) != SQLITE_OK)
		return;
	key = key_of(at);
	text = key ? (const char *)sqlite3_value_text(key) : NULL;
	snprintf(out->table, sizeof(out->table), "%s", table);
	snprintf(out->name, sizeof(out->name), "%s", text ? text : "?");
	out->key = integer_key(key);
}

static int
on_conflict(void *data, int kind, sqlite3_changeset_iter *at)
{
	struct conflict *conflict = data;

	if (!conflict->found)
		changes_describe(kind, at, conflict);
	return SQLITE_CHANGESET_ABORT;
}

bool
changes_take_back(struct store *st, const void *changeset, size_t size, struct conflict *conflict)
{
	void *inverse = NULL;
	int n = 0, rc;

	memset(conflict, 0, sizeof(*conflict));
	rc = sqlite3changeset_invert((int)size, changeset, &n, &inverse);
	if (rc == SQLITE_OK)
		rc = sqlite3changeset_apply(st->db, n, inverse, NULL, on_conflict, conflict);
	sqlite3_free(inverse);
	if (rc == SQLITE_OK)
		return true;
	if (!conflict->found)
		fault_note(st, rc);
	return false;
}

bool
changes_touch(const void *changeset, size_t size, const char *table, int64_t key)
{
	sqlite3_changeset_iter *at;
	const char *name;
	int columns, op, indirect;
	bool found = false;
	void *copy = sqlite3_malloc64(size);

	if (!copy)
		return false;
	memcpy(copy, changeset, size);
	if (sqlite3changeset_start(&at, (int)size, copy) == SQLITE_OK) {
		while (!found && sqlite3changeset_next(at) == SQLITE_ROW)
			found =
			    sqlite3changeset_op(at, &name, &columns, &op, &indirect) == SQLITE_OK &&
			    strcmp(name, table) == 0 && integer_key(key_of(at)) == key;
		sqlite3changeset_finalize(at);
	}
	sqlite3_free(copy);
	return found;
}
