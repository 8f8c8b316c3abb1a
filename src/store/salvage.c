/*
 * Reading a journal out of a damaged store. A row is asked for by its number, one at a time: that
 * walks from the root of the table to one leaf, so damage elsewhere does not matter, where a scan
 * would end at the first bad page. Statements are prepared here and not by sql(): in a damaged
 * schema a good statement does not compile.
 */
#include "store/inside.h"

#include "base/conceal.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/journal.h"
#include "store/restore.h"

#include <stdlib.h>
#include <string.h>

/* Where the end is unknown: so many numbers in a row without one that can be read are taken for it. */
#define GAP 5000

static sqlite3_stmt *
ask(sqlite3 *db, const char *text)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, text, -1, &stmt, NULL) == SQLITE_OK)
		return stmt;
	sqlite3_finalize(stmt);
	return NULL;
}

/* One integer, or `otherwise`. */
static int64_t
ask_int(sqlite3 *db, const char *text, int64_t a, int64_t b, int64_t otherwise)
{
	sqlite3_stmt *q = ask(db, text);
	int64_t value = otherwise;

	if (q && sqlite3_bind_parameter_count(q) == 2) {
		sqlite3_bind_int64(q, 1, a);
		sqlite3_bind_int64(q, 2, b);
	}
	if (q && sqlite3_step(q) == SQLITE_ROW)
		value = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return value;
}

static void
read_numbers(sqlite3 *db, struct salvage *s)
{
	sqlite3_stmt *q = ask(db, "SELECT name, last FROM sequence");
	json_t *all = json_object();
	int rc = q ? SQLITE_ROW : SQLITE_ERROR;

	while (q && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(q, 0);

		if (name && sqlite3_column_type(q, 1) == SQLITE_INTEGER)
			json_object_set_new(all, name, json_integer(sqlite3_column_int64(q, 1)));
	}
	s->all_numbers = rc == SQLITE_DONE;
	sqlite3_finalize(q);
	s->numbers = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(all);
}

static char *
column(sqlite3_stmt *q, int i)
{
	const char *text = (const char *)sqlite3_column_text(q, i);

	return mem_dup(text ? text : "");
}

/* One row by its id. False when it is not there or cannot be read. */
static bool
read_row(sqlite3_stmt *q, int64_t id, struct salvage *s)
{
	bool found;

	sqlite3_bind_int64(q, 1, id);
	found = sqlite3_step(q) == SQLITE_ROW;
	if (found && s->n < SALVAGE_MAX) {
		mem_grow(&s->row, &s->room, s->n);
		s->row[s->n] = (struct journal_row){.id = id,
		    .origin = id_area(id),
		    .seq = id_sequence(id),
		    .at = sqlite3_column_int64(q, 0),
		    .actor = column(q, 1),
		    .via = column(q, 2),
		    .verb = column(q, 3),
		    .text = column(q, 4)};
		conceal_passwords(s->row[s->n++].text);
	} else if (found) {
		s->more = true;
	}
	sqlite3_reset(q);
	return found;
}

static void
read_rows(sqlite3 *db, int64_t from, struct salvage *s)
{
	sqlite3_stmt *q = ask(db, "SELECT at, actor, via, verb, text FROM journal WHERE id = ?1");
	int64_t gap = 0, end = s->last ? s->last : ID_SEQUENCE_MAX;

	for (int64_t seq = from + 1; q && seq <= end && (s->last || gap < GAP); seq++) {
		if (!read_row(q, id_make(s->area, seq), s)) {
			gap++;
			continue;
		}
		s->unreadable += gap;
		gap = 0;
	}
	if (s->last)
		s->unreadable += q ? gap : s->last > from ? s->last - from : 0;
	sqlite3_finalize(q);
}

static bool
is_other(sqlite3 *db, int64_t id, const unsigned char *hash)
{
	sqlite3_stmt *q = ask(db, "SELECT hash FROM journal WHERE id = ?1");
	bool other = false;

	if (q)
		sqlite3_bind_int64(q, 1, id);
	if (q && sqlite3_step(q) == SQLITE_ROW)
		other = sqlite3_column_bytes(q, 0) != HASH_SIZE ||
			memcmp(sqlite3_column_blob(q, 0), hash, HASH_SIZE) != 0;
	sqlite3_finalize(q);
	return other;
}

static bool
is_whole(struct store *st)
{
	struct err err = ERR_NONE;
	bool whole;

	if (!schema_intact(st))
		return false;
	whole = store_prove(st, &err);
	err_clear(&err);
	return whole;
}

void
salvage_read(
    const char *path, int64_t area, int64_t from, const unsigned char *hash, struct salvage *out)
{
	struct store *st = handle_new(mem_dup(path));
	struct fault fault;

	memset(out, 0, sizeof(*out));
	st->read_only = true;
	if (connect_open(st, false, false, &fault)) {
		out->area = ask_int(
		    st->db, "SELECT value FROM setting WHERE name = 'area' AND ?1 = ?2", 0, 0, 0);
		st->area = out->area ? out->area : area;
		out->whole = out->area && is_whole(st);
		if (!out->area)
			out->area = area;
		out->last = id_sequence(ask_int(st->db,
		    "SELECT id FROM journal WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1",
		    out->area << ID_SEQUENCE_BITS, out->area << ID_SEQUENCE_BITS | ID_SEQUENCE_MAX,
		    0));
		read_rows(st->db, from, out);
		out->other = from > 0 && is_other(st->db, id_make(out->area, from), hash);
		read_numbers(st->db, out);
	}
	handle_free(st);
	if (!out->numbers)
		out->numbers = mem_dup("{}");
}

void
salvage_clear(struct salvage *s)
{
	while (s->n > 0)
		journal_row_clear(&s->row[--s->n]);
	free(s->row);
	free(s->numbers);
	memset(s, 0, sizeof(*s));
}
