/*
 * Prepared statements, cached by the address of their text: a table of open addressing that only
 * grows. A console uses some hundred texts; preparing one costs 20 to 60 µs, finding it here 10 ns.
 */
#include "store/inside.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void
bug(const char *what, const char *text)
{
	fprintf(stderr, "zhiban: bug: %s: %s\n", what, text);
	abort();
}

static size_t
slot_of(const struct store *st, const char *text)
{
	size_t i = (size_t)(((uintptr_t)text * UINT64_C(0x9e3779b97f4a7c15)) >> 32) &
		   (st->room_statements - 1);

	while (st->statements[i] && st->statements[i]->text != text)
		i = (i + 1) & (st->room_statements - 1);
	return i;
}

static void
grow(struct store *st)
{
	struct sql **old = st->statements;
	size_t room = st->room_statements;

	st->room_statements = room ? room * 2 : 256;
	st->statements = mem_zero(st->room_statements, sizeof(*st->statements));
	for (size_t i = 0; i < room; i++)
		if (old[i])
			st->statements[slot_of(st, old[i]->text)] = old[i];
	free(old);
}

/* What cannot be prepared for a reason of the file gives no rows; a wrong text is a bug. */
static struct sql *
unprepared(struct store *st, const char *literal, int rc)
{
	struct fault why;
	bool wrong = (rc & 0xff) == SQLITE_ERROR || (rc & 0xff) == SQLITE_AUTH ||
		     (rc & 0xff) == SQLITE_MISUSE;

	fault_read(st->db, rc, &why);
	if (wrong && schema_intact(st)) {
		fprintf(stderr, "zhiban: bug: %s\n", why.text);
		bug("this statement does not compile", literal);
	}
	fault_note(st, wrong ? SQLITE_CORRUPT : rc);
	if (!st->dead) {
		st->dead = mem_zero(1, sizeof(*st->dead));
		st->dead->st = st;
	}
	return st->dead;
}

static void
afresh(struct store *st)
{
	st->fault.code = SQLITE_OK;
	/* A rollback that failed for want of memory must not let what was not saved be seen. */
	transaction_abandon(st);
}

struct sql *
sql(struct store *st, const char *literal)
{
	struct sql *q;
	size_t i;
	int rc;

	/* Outside a snapshot and a verb nobody will ask: each statement begins afresh. */
	if (!st->snapshots && !st->writing)
		afresh(st);
	if (st->n_statements * 2 >= st->room_statements)
		grow(st);
	i = slot_of(st, literal);
	q = st->statements[i];
	if (!q) {
		sqlite3_stmt *stmt = NULL;

		rc =
		    sqlite3_prepare_v3(st->db, literal, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
		if (rc != SQLITE_OK)
			return unprepared(st, literal, rc);
		q = mem_zero(1, sizeof(*q));
		q->st = st;
		q->text = literal;
		q->stmt = stmt;
		st->statements[i] = q;
		st->n_statements++;
	}
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
	q->cut = false;
	return q;
}

/* What is kept is text: what the end of some buffer left of a character is not. Nobody hands anything else to a statement. */
static int
bind_text(struct sql *q, int i, const char *text)
{
	char *whole;
	int rc;

	if (!text || utf8_valid(text, strlen(text)))
		return sqlite3_bind_text(q->stmt, i, text, -1, SQLITE_TRANSIENT);
	whole = utf8_mend(mem_dup(text));
	rc = sqlite3_bind_text(q->stmt, i, whole, -1, SQLITE_TRANSIENT);
	free(whole);
	return rc;
}

static void
bind(struct sql *q, const char *letters, va_list ap)
{
	int rc = SQLITE_OK;

	if (!q->stmt)
		return;
	for (int i = 1; letters[i - 1] && rc == SQLITE_OK; i++) {
		int64_t number;
		const void *blob;

		switch (letters[i - 1]) {
		case 'i':
			rc = sqlite3_bind_int64(q->stmt, i, va_arg(ap, int64_t));
			break;
		case 'z':
			number = va_arg(ap, int64_t);
			rc = number ? sqlite3_bind_int64(q->stmt, i, number)
				    : sqlite3_bind_null(q->stmt, i);
			break;
		case 'c':
			number = va_arg(ap, int64_t);
			rc = number != CLOCK_NONE ? sqlite3_bind_int64(q->stmt, i, number)
						  : sqlite3_bind_null(q->stmt, i);
			break;
		case 't':
			rc = bind_text(q, i, va_arg(ap, const char *));
			break;
		case 'r':
			rc = sqlite3_bind_double(q->stmt, i, va_arg(ap, double));
			break;
		case 'b':
			blob = va_arg(ap, const void *);
			rc = sqlite3_bind_blob64(
			    q->stmt, i, blob, va_arg(ap, size_t), SQLITE_TRANSIENT);
			break;
		case 'n':
			rc = sqlite3_bind_null(q->stmt, i);
			break;
		default:
			bug("unknown letter to bind", letters);
		}
	}
	if (rc == SQLITE_RANGE || rc == SQLITE_MISUSE)
		bug("the letters do not fit the statement", q->text);
	if (rc != SQLITE_OK)
		fault_note(q->st, rc);
}

void
sql_bind(struct sql *q, const char *letters, ...)
{
	va_list ap;

	va_start(ap, letters);
	bind(q, letters, ap);
	va_end(ap);
}

bool
sql_row(struct sql *q)
{
	int rc;

	if (q->cut)
		bug("a verb ran inside a loop over these rows", q->text);
	if (!q->stmt || q->st->fault.code != SQLITE_OK)
		return false;
	errno = 0;
	rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		fault_note(q->st, rc);
	sqlite3_reset(q->stmt);
	return false;
}

bool
sql_run(struct sql *q)
{
	while (sql_row(q))
		;
	sql_done(q);
	return q->stmt && q->st->fault.code == SQLITE_OK;
}

void
sql_done(struct sql *q)
{
	if (q->stmt)
		sqlite3_reset(q->stmt);
}

int64_t
sql_int(struct sql *q, int column)
{
	return q->stmt ? sqlite3_column_int64(q->stmt, column) : 0;
}

int64_t
sql_time(struct sql *q, int column)
{
	return sql_null(q, column) ? CLOCK_NONE : sqlite3_column_int64(q->stmt, column);
}

double
sql_real(struct sql *q, int column)
{
	return q->stmt ? sqlite3_column_double(q->stmt, column) : 0;
}

const char *
sql_text(struct sql *q, int column)
{
	const char *text = q->stmt ? (const char *)sqlite3_column_text(q->stmt, column) : NULL;

	return text ? text : "";
}

const void *
sql_blob(struct sql *q, int column, size_t *size)
{
	const void *blob = q->stmt ? sqlite3_column_blob(q->stmt, column) : NULL;

	*size = blob ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0;
	return blob;
}

bool
sql_null(struct sql *q, int column)
{
	return !q->stmt || sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

size_t
sql_list(struct sql *q, void *out, size_t size, size_t max, void (*fill)(struct sql *q, void *row))
{
	size_t n = 0;

	for (; n < max && sql_row(q); n++)
		fill(q, (char *)out + n * size);
	sql_done(q);
	return n;
}

static void
fill_id(struct sql *q, void *row)
{
	*(int64_t *)row = sql_int(q, 0);
}

size_t
sql_ids(struct sql *q, int64_t *out, size_t max)
{
	return sql_list(q, out, sizeof(*out), max, fill_id);
}

bool
sql_first(struct sql *q, void *out, void (*fill)(struct sql *q, void *row))
{
	return sql_list(q, out, 0, 1, fill) == 1;
}

int64_t
sql_one_int(struct store *st, const char *literal, int64_t otherwise, const char *letters, ...)
{
	struct sql *q = sql(st, literal);
	va_list ap;

	va_start(ap, letters);
	bind(q, letters, ap);
	va_end(ap);
	if (sql_row(q) && !sql_null(q, 0))
		otherwise = sql_int(q, 0);
	sql_done(q);
	return otherwise;
}

char *
sql_one_text(struct store *st, const char *literal, const char *letters, ...)
{
	struct sql *q = sql(st, literal);
	char *text = NULL;
	va_list ap;

	va_start(ap, letters);
	bind(q, letters, ap);
	va_end(ap);
	if (sql_row(q))
		text = mem_dup(sql_text(q, 0));
	sql_done(q);
	return text;
}

void
sql_reset_all(struct store *st)
{
	for (size_t i = 0; i < st->room_statements; i++) {
		struct sql *q = st->statements[i];

		if (q && sqlite3_stmt_busy(q->stmt)) {
			sqlite3_reset(q->stmt);
			q->cut = true;
		}
	}
}

void
sql_free_all(struct store *st)
{
	for (size_t i = 0; i < st->room_statements; i++) {
		if (st->statements[i])
			sqlite3_finalize(st->statements[i]->stmt);
		free(st->statements[i]);
	}
	free(st->statements);
	free(st->dead);
	st->statements = NULL;
	st->dead = NULL;
	st->n_statements = st->room_statements = 0;
}
