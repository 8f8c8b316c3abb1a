/*
 * The recorder against SQLite's own session extension: the same random statements on two databases
 * of one schema, one watched by each. The changesets must hold the same changes; and the
 * recorder's, inverted, must bring its database back.
 */
#include "../test.h"

#include "store/inside.h"
#include "store/recorder.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char schema[] =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER, r REAL, t TEXT, b BLOB, x ANY) STRICT;"
    "CREATE TABLE k (one TEXT NOT NULL, two INTEGER NOT NULL, v REAL, PRIMARY KEY (one, two)) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE t (name TEXT PRIMARY KEY, v TEXT UNIQUE) STRICT;"
    "CREATE TABLE \"odd \"\"name\" (\"k \"\"x\" INTEGER PRIMARY KEY, v TEXT) STRICT;"
    "CREATE TABLE child (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id) ON DELETE CASCADE ON "
    "UPDATE CASCADE, v TEXT) STRICT;"
    "CREATE INDEX child_a ON child (a);"
    "CREATE TABLE plain (v TEXT) STRICT;"
    "CREATE TABLE hidden (id INTEGER PRIMARY KEY, v TEXT) STRICT;";

/* ?1 and ?2 small whole numbers, ?3 a text, ?4 a number with or without a fraction, ?5 bytes. */
static const char *const statement[] = {
    "INSERT OR IGNORE INTO a (id, n, r, t, b, x) VALUES (?1, ?2, ?4, ?3, ?5, ?3)",
    "INSERT OR REPLACE INTO a (id, n, r, t, b, x) VALUES (?1, ?2, ?4, ?3, ?5, ?4)",
    "INSERT INTO a (id, n) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET n = n + ?2, r = ?4",
    "INSERT INTO a (r, t) VALUES (?4, NULL)",
    "UPDATE a SET n = ?2, x = NULL WHERE id = ?1",
    "UPDATE a SET r = ?4 WHERE id BETWEEN ?1 AND ?1 + 3",
    "UPDATE a SET b = ?5, t = ?3 WHERE id = ?1",
    "UPDATE a SET t = t WHERE id < ?1",
    "UPDATE OR IGNORE a SET id = ?2 WHERE id = ?1",
    "DELETE FROM a WHERE id = ?1",
    "INSERT OR REPLACE INTO k (one, two, v) VALUES (?3, ?1, ?4)",
    "INSERT OR IGNORE INTO k (one, two) VALUES (?3, ?2)",
    "UPDATE k SET v = ?4 WHERE two = ?1",
    "UPDATE OR REPLACE k SET two = ?2 WHERE two = ?1",
    "DELETE FROM k WHERE two = ?2",
    "INSERT OR REPLACE INTO t (name, v) VALUES (?3, ?1)",
    "INSERT OR IGNORE INTO t (name, v) VALUES (NULL, ?2)",
    "UPDATE OR REPLACE t SET v = ?2 WHERE v = ?1",
    "DELETE FROM t WHERE v = ?2",
    "INSERT OR REPLACE INTO \"odd \"\"name\" VALUES (?1, ?3)",
    "DELETE FROM \"odd \"\"name\" WHERE \"k \"\"x\" = ?2",
    "INSERT OR IGNORE INTO child (id, a, v) SELECT ?2, id, ?3 FROM a WHERE id = ?1",
    "UPDATE child SET v = ?3 WHERE a = ?1",
    "INSERT INTO plain VALUES (?3)",
    "DELETE FROM plain",
    "INSERT OR REPLACE INTO hidden VALUES (?1, ?3)",
    /* Many rows, of which one fails, so that the others come back. */
    "UPDATE t SET v = 'same' WHERE v IS NOT NULL",
    "SAVEPOINT s",
    "ROLLBACK TO s",
    "RELEASE s",
};

static int
wanted(void *data, const char *table)
{
	(void)data;
	return strcmp(table, "hidden") != 0;
}

static sqlite3 *
database(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, schema, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static int
number(int limit)
{
	return (int)(random() % limit);
}

struct values {
	int n, m;
	const char *text;
	double real;
	bool whole;
	unsigned char bytes[300];
	int size;
};

static void
draw(struct values *v)
{
	static const char *const texts[] = {"", "a", "周山镇民泰社区", "龙虬", "x'\"y", "同一条"};

	*v = (struct values){.n = number(12),
	    .m = number(12),
	    .text = texts[number(6)],
	    .real = number(40) / 8.0 - 2};
	v->whole = number(2);
	v->size = number(2) ? number(5) : number(300);
	for (int i = 0; i < v->size; i++)
		v->bytes[i] = (unsigned char)number(256);
}

static int
run(sqlite3 *db, const char *text, const struct values *v)
{
	sqlite3_stmt *q;
	int rc = sqlite3_prepare_v2(db, text, -1, &q, NULL), n = sqlite3_bind_parameter_count(q);

	assert_int_equal(rc, SQLITE_OK);
	if (n >= 1)
		sqlite3_bind_int(q, 1, v->n);
	if (n >= 2)
		sqlite3_bind_int(q, 2, v->m);
	if (n >= 3)
		sqlite3_bind_text(q, 3, v->text, -1, SQLITE_STATIC);
	if (n >= 4 && v->whole)
		sqlite3_bind_int(q, 4, (int)v->real);
	else if (n >= 4)
		sqlite3_bind_double(q, 4, v->real);
	if (n >= 5)
		sqlite3_bind_blob(q, 5, v->bytes, v->size, SQLITE_STATIC);
	sqlite3_step(q);
	return sqlite3_finalize(q);
}

/* --- a changeset as sorted lines ------------------------------------------------------------- */

struct lines {
	char **line;
	size_t n, room;
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add_value(struct buf *b, sqlite3_value *value)
{
	const unsigned char *bytes;

	if (!value) {
		buf_add(b, " -");
		return;
	}
	buf_printf(b, " %d:", sqlite3_value_type(value));
	if (sqlite3_value_type(value) == SQLITE_FLOAT) {
		buf_printf(b, "%a", sqlite3_value_double(value));
		return;
	}
	bytes = sqlite3_value_blob(value);
	for (int i = 0; i < sqlite3_value_bytes(value); i++)
		buf_printf(b, "%02x", bytes[i]);
}

static struct lines
lines_of(const void *data, size_t size)
{
	struct lines l = {NULL, 0, 0};
	sqlite3_changeset_iter *at;
	void *copy = mem_alloc(size + 1);

	memcpy(copy, data ? data : "", size);
	assert_int_equal(sqlite3changeset_start(&at, (int)size, copy), SQLITE_OK);
	while (sqlite3changeset_next(at) == SQLITE_ROW) {
		struct buf b = BUF_MAX(1u << 20);
		unsigned char *key;
		const char *table;
		int columns, op, indirect;

		sqlite3changeset_op(at, &table, &columns, &op, &indirect);
		sqlite3changeset_pk(at, &key, NULL);
		buf_printf(&b, "%s %d %d", table, op, indirect);
		for (int i = 0; i < columns; i++) {
			sqlite3_value *old = NULL, *new = NULL;

			if (op != SQLITE_INSERT)
				sqlite3changeset_old(at, i, &old);
			if (op != SQLITE_DELETE)
				sqlite3changeset_new(at, i, &new);
			buf_printf(&b, " |%d", key[i]);
			add_value(&b, old);
			add_value(&b, new);
		}
		mem_grow(&l.line, &l.room, l.n);
		l.line[l.n++] = buf_take(&b);
	}
	assert_int_equal(sqlite3changeset_finalize(at), SQLITE_OK);
	if (l.n)
		qsort(l.line, l.n, sizeof(*l.line), by_text);
	free(copy);
	return l;
}

static void
lines_clear(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->line[i]);
	free(l->line);
}

static void
assert_same_changes(const void *a, size_t a_size, const void *b, size_t b_size)
{
	struct lines x = lines_of(a, a_size), y = lines_of(b, b_size);

	for (size_t i = 0; i < x.n && i < y.n; i++)
		assert_string_equal(x.line[i], y.line[i]);
	assert_int_equal(x.n, y.n);
	lines_clear(&x);
	lines_clear(&y);
}

/* All rows of all recorded tables, to compare states. */
static char *
content(sqlite3 *db)
{
	static const char *const table[] = {"SELECT * FROM a ORDER BY 1",
	    "SELECT * FROM k ORDER BY 1, 2", "SELECT * FROM t WHERE name IS NOT NULL ORDER BY 1",
	    "SELECT * FROM \"odd \"\"name\" ORDER BY 1", "SELECT * FROM child ORDER BY 1"};
	struct buf b = BUF_MAX(4u << 20);

	for (size_t i = 0; i < COUNT_OF(table); i++) {
		sqlite3_stmt *q;

		assert_int_equal(sqlite3_prepare_v2(db, table[i], -1, &q, NULL), SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW) {
			for (int c = 0; c < sqlite3_column_count(q); c++)
				add_value(&b, sqlite3_column_value(q, c));
			buf_add(&b, "\n");
		}
		sqlite3_finalize(q);
		buf_add(&b, "--\n");
	}
	return buf_take(&b);
}

static int
never(void *data, int kind, sqlite3_changeset_iter *at)
{
	(void)data;
	(void)kind;
	(void)at;
	return SQLITE_CHANGESET_ABORT;
}

/* --- tests ----------------------------------------------------------------------------------- */

static void
round_of(sqlite3 *ours, struct recorder *r, sqlite3 *theirs, int length)
{
	sqlite3_session *session;
	const void *data;
	void *other, *inverse;
	size_t size;
	int other_size, inverse_size, saved = 0;
	char *before = content(ours), *after;

	assert_int_equal(sqlite3session_create(theirs, "main", &session), SQLITE_OK);
	sqlite3session_table_filter(session, wanted, NULL);
	assert_int_equal(sqlite3session_attach(session, NULL), SQLITE_OK);
	run(ours, "BEGIN", NULL);
	run(theirs, "BEGIN", NULL);
	assert_int_equal(recorder_begin(r), SQLITE_OK);
	for (int i = 0; i < length; i++) {
		const char *text = statement[number(COUNT_OF(statement))];
		struct values v;

		draw(&v);
		if (!saved && text[0] == 'R') /* ROLLBACK TO, RELEASE */
			continue;
		saved += strcmp(text, "SAVEPOINT s") == 0;
		saved -= strcmp(text, "RELEASE s") == 0;
		assert_int_equal(run(ours, text, &v), run(theirs, text, &v));
	}
	for (; saved > 0; saved--) {
		run(ours, "RELEASE s", NULL);
		run(theirs, "RELEASE s", NULL);
	}
	assert_int_equal(recorder_end(r, &data, &size), SQLITE_OK);
	assert_int_equal(sqlite3session_changeset(session, &other_size, &other), SQLITE_OK);
	sqlite3session_delete(session);
	assert_same_changes(data, size, other, (size_t)other_size);
	run(theirs, "COMMIT", NULL);
	run(ours, "COMMIT", NULL);
	after = content(ours);
	/* There and back: the inverse gives the old state, the changeset the new one again. */
	assert_int_equal(
	    sqlite3changeset_invert((int)size, data, &inverse_size, &inverse), SQLITE_OK);
	sqlite3_db_config(ours, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
	assert_int_equal(
	    sqlite3changeset_apply(ours, inverse_size, inverse, NULL, never, NULL), SQLITE_OK);
	{
		char *back = content(ours);

		assert_string_equal(back, before);
		free(back);
	}
	{
		void *copy = mem_alloc(size + 1);
		char *again;

		memcpy(copy, data ? data : "", size);
		assert_int_equal(
		    sqlite3changeset_apply(ours, (int)size, copy, NULL, never, NULL), SQLITE_OK);
		again = content(ours);
		assert_string_equal(again, after);
		free(again);
		free(copy);
	}
	sqlite3_db_config(ours, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_free(other);
	sqlite3_free(inverse);
	free(before);
	free(after);
}

static void
test_as_the_session_extension(void **state)
{
	sqlite3 *ours = database(), *theirs = database();
	struct recorder *r = recorder_new(ours, wanted);

	(void)state;
	srandom(20251124);
	for (int i = 0; i < 400; i++)
		round_of(ours, r, theirs, 1 + number(40));
	recorder_free(r);
	sqlite3_close(ours);
	sqlite3_close(theirs);
}

static void
test_nothing_is_left_of_what_was_stopped(void **state)
{
	sqlite3 *db = database();
	struct recorder *r = recorder_new(db, wanted);
	const void *data;
	size_t size;

	(void)state;
	assert_int_equal(recorder_begin(r), SQLITE_OK);
	sqlite3_exec(db, "INSERT INTO a (id, n) VALUES (1, 1)", NULL, NULL, NULL);
	recorder_stop(r);
	sqlite3_exec(db, "INSERT INTO a (id, n) VALUES (2, 1)", NULL, NULL, NULL);
	assert_int_equal(recorder_begin(r), SQLITE_OK);
	sqlite3_exec(db,
	    "UPDATE a SET n = n + 1; UPDATE a SET n = n - 1; DELETE FROM t;"
	    "INSERT INTO k (one, two) VALUES ('x', 1); DELETE FROM k",
	    NULL, NULL, NULL);
	assert_int_equal(recorder_end(r, &data, &size), SQLITE_OK);
	assert_int_equal(size, 0);
	assert_null(data);
	recorder_stop(r);
	recorder_free(r);
	sqlite3_close(db);
}

/* Another process brought the schema up meanwhile: the tables are looked at anew. */
static void
test_a_new_schema_is_seen(void **state)
{
	sqlite3 *db = database();
	struct recorder *r = recorder_new(db, wanted);
	const void *data;
	struct lines l;
	size_t size;

	(void)state;
	assert_int_equal(recorder_begin(r), SQLITE_OK);
	sqlite3_exec(db, "INSERT INTO k (one, two) VALUES ('x', 1)", NULL, NULL, NULL);
	assert_int_equal(recorder_end(r, &data, &size), SQLITE_OK);
	sqlite3_exec(db,
	    "ALTER TABLE k ADD COLUMN w TEXT; CREATE TABLE late (id INTEGER PRIMARY KEY) STRICT",
	    NULL, NULL, NULL);
	assert_int_equal(recorder_begin(r), SQLITE_OK);
	sqlite3_exec(db, "UPDATE k SET w = 'y'; INSERT INTO late VALUES (7)", NULL, NULL, NULL);
	assert_int_equal(recorder_end(r, &data, &size), SQLITE_OK);
	l = lines_of(data, size);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.line[0], "k 23 0 |1 3:78 - |2 1:31 - |0 - - |0 5: 3:79");
	assert_string_equal(l.line[1], "late 18 0 |1 - 1:37");
	lines_clear(&l);
	recorder_free(r);
	sqlite3_close(db);
}

/* A row older than a column has its default; SQLite's hook would say NULL, and nobody could take the change back. */
static void
test_columns_added_later(void **state)
{
	sqlite3 *db = database();
	struct recorder *r = recorder_new(db, wanted);
	const void *data;
	struct lines l;
	size_t size;
	int inverse_size;
	void *inverse;

	(void)state;
	sqlite3_exec(db,
	    "INSERT INTO k (one, two) VALUES ('x', 1), ('y', 2);"
	    "ALTER TABLE k ADD COLUMN n INTEGER NOT NULL DEFAULT 7;"
	    "ALTER TABLE k ADD COLUMN w TEXT NOT NULL DEFAULT 'it''s';"
	    "ALTER TABLE k ADD COLUMN r REAL NOT NULL DEFAULT 2;"
	    "ALTER TABLE k ADD COLUMN z TEXT",
	    NULL, NULL, NULL);
	assert_int_equal(recorder_begin(r), SQLITE_OK);
	sqlite3_exec(db, "UPDATE k SET v = 1.0 WHERE two = 1; DELETE FROM k WHERE two = 2", NULL,
	    NULL, NULL);
	assert_int_equal(recorder_end(r, &data, &size), SQLITE_OK);
	l = lines_of(data, size);
	assert_int_equal(l.n, 2);
	assert_string_equal(
	    l.line[0], "k 23 0 |1 3:78 - |2 1:31 - |0 5: 2:0x1p+0 |0 - - |0 - - |0 - - |0 - -");
	assert_string_equal(l.line[1],
	    "k 9 0 |1 3:79 - |2 1:32 - |0 5: - |0 1:37 - |0 3:69742773 - |0 2:0x1p+1 - |0 5: -");
	lines_clear(&l);
	assert_int_equal(
	    sqlite3changeset_invert((int)size, data, &inverse_size, &inverse), SQLITE_OK);
	assert_int_equal(
	    sqlite3changeset_apply(db, inverse_size, inverse, NULL, never, NULL), SQLITE_OK);
	sqlite3_free(inverse);
	recorder_free(r);
	sqlite3_close(db);
}

/* As long as a default may be, and what only looks like a number is none. */
static void
test_defaults_of_any_length(void **state)
{
	enum { LONG = 100000 };
	sqlite3 *db = database();
	struct recorder *r = recorder_new(db, wanted);
	char *text = mem_alloc(LONG + 1), *add;
	const void *data;
	struct lines l;
	size_t size;

	(void)state;
	memset(text, 'x', LONG);
	text[LONG] = '\0';
	add = mem_print(
	    "INSERT INTO k (one, two) VALUES ('y', 2);"
	    "ALTER TABLE k ADD COLUMN w TEXT NOT NULL DEFAULT '%s';"
	    "CREATE TABLE made (id INTEGER PRIMARY KEY, at INTEGER NOT NULL DEFAULT (1 + 1))"
	    " STRICT;",
	    text);
	assert_int_equal(sqlite3_exec(db, add, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(recorder_begin(r), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "INSERT INTO made (id) VALUES (5); DELETE FROM k", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(recorder_end(r, &data, &size), SQLITE_OK);
	l = lines_of(data, size);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.line[1], "made 18 0 |1 - 1:35 |0 - 1:32");
	assert_memory_equal(l.line[0], "k 9 0 |1 3:79 - |2 1:32 - |0 5: - |0 3:7878", 43);
	assert_int_equal(
	    strlen(l.line[0]), strlen("k 9 0 |1 3:79 - |2 1:32 - |0 5: - |0 3: -") + 2 * LONG);
	lines_clear(&l);
	recorder_free(r);
	sqlite3_close(db);
	free(add);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_the_session_extension),
	    cmocka_unit_test(test_nothing_is_left_of_what_was_stopped),
	    cmocka_unit_test(test_a_new_schema_is_seen),
	    cmocka_unit_test(test_columns_added_later),
	    cmocka_unit_test(test_defaults_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
