/*
 * A changeset, table by table in the order they were first touched (sqlite.org/session, "changeset
 * format"):
 *
 *	'T' columns key[columns] name \0      key: the place of a column in the primary key, 0 none
 *	op indirect record                    INSERT new values, DELETE old values
 *	op indirect record record             UPDATE: old values of the key and of what changed,
 *	                                      new ones of what changed
 *
 * A record is its values in order: 0 (left out), 1 integer, 2 real (8 bytes, big-endian), 3 text, 4
 * blob (length, bytes), 5 NULL. Kept meanwhile, all in one buffer that serves every verb: the key
 * of each row touched, and its old record.
 */
#include "store/recorder.h"

#include "store/inside.h"
#include "store/pack.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_MAX (200u << 20)
/* More than this is given back when a verb is over. */
#define KEPT_ROOM (1u << 20)

struct table {
	char *name;
	int columns, n_key;
	unsigned char *key; /* a byte a column: its place in the key, from 1; 0 none */
	char **missing;	    /* a column: what a row has there that is older than the column */
	bool recorded;
	sqlite3_stmt *look; /* its row of a key; prepared when first needed */
	size_t first, last; /* rows touched: place in r->rows + 1, 0 none */
};

/* A row touched. */
struct touched {
	struct table *table;
	size_t next;	      /* of the same table, as first */
	size_t key, key_size; /* in r->kept */
	size_t old, old_size; /* the same; nothing for a row that came new */
	uint32_t hash;
	unsigned char op, indirect;
};

struct recorder {
	sqlite3 *db;
	int (*wanted)(void *data, const char *table);
	struct table *tables; /* by name */
	size_t n_tables, room_tables;
	struct table *recent;
	int64_t version; /* of the schema the tables are of, -1 none */
	int failed;	 /* in the hook */
	bool on;
	struct buf kept, fresh, out; /* fresh: the new record of an update */
	struct touched *rows;
	size_t n_rows, room_rows;
	size_t *slot; /* open addressing: place in rows + 1 */
	size_t n_slots;
	struct table **order; /* tables in the order they were touched */
	size_t n_order, room_order;
	sqlite3_stmt *ask_version;
};

/* --- tables ---------------------------------------------------------------------------------- */

static void
forget_tables(struct recorder *r)
{
	for (size_t i = 0; i < r->n_tables; i++) {
		free(r->tables[i].name);
		free(r->tables[i].key);
		for (int c = 0; c < r->tables[i].columns; c++)
			free(r->tables[i].missing[c]);
		free(r->tables[i].missing);
		sqlite3_finalize(r->tables[i].look);
	}
	r->n_tables = 0;
	r->recent = NULL;
	r->version = -1;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct table *)a)->name, ((const struct table *)b)->name);
}

/* 'it''s', of any length, as a value. */
static void
put_quoted(struct buf *b, const char *text)
{
	char *plain = mem_dup(text + 1);
	int n = 0;

	for (const char *c = text + 1; *c && !(c[0] == '\'' && c[1] != '\''); c++) {
		c += *c == '\'';
		plain[n++] = *c;
	}
	pack_bytes(b, SQLITE_TEXT, plain, n);
	free(plain);
}

/*
 * The default of a NOT NULL column, as a value; NULL when there is none. A row written before the column was added does not hold
 * it, and SQLite 3.40's pre-update hook says NULL there, of what everybody else reads as the default. It is a text or a number:
 * a column with a computed one cannot be added to a table that has rows, and no step adds one with a blob.
 */
static char *
read_default(const char *text, bool real)
{
	struct buf b = BUF_MAX(KEPT_MAX);
	char *end = NULL;
	uint64_t bits;
	double number;

	if (!text)
		return NULL;
	if (*text == '\'') {
		put_quoted(&b, text);
		return buf_take(&b);
	}
	if (real) {
		number = strtod(text, &end);
		memcpy(&bits, &number, sizeof(bits));
	} else {
		bits = (uint64_t)strtoll(text, &end, 10);
	}
	if (end == text || *end)
		return NULL;
	pack_number(&b, real ? SQLITE_FLOAT : SQLITE_INTEGER, bits);
	return buf_take(&b);
}

static void
add_column(struct table *t, sqlite3_stmt *q)
{
	size_t n = (size_t)t->columns + 1;
	int key = sqlite3_column_int(q, 1);

	t->key = mem_resize(t->key, n, 1);
	t->missing = mem_resize(t->missing, n, sizeof(*t->missing));
	t->key[n - 1] = (unsigned char)key;
	t->missing[n - 1] =
	    read_default((const char *)sqlite3_column_text(q, 2), sqlite3_column_int(q, 3));
	t->columns++;
	t->n_key += key != 0;
}

static int
load_tables(struct recorder *r)
{
	sqlite3_stmt *q = NULL;
	struct table *t = NULL;
	int rc = sqlite3_prepare_v2(r->db,
	    "SELECT m.name, c.pk, iif(c.\"notnull\" AND NOT c.pk, c.dflt_value, NULL),"
	    " c.type = 'REAL'"
	    " FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'"
	    " AND m.rootpage > 0 ORDER BY m.name, c.cid",
	    -1, &q, NULL);

	forget_tables(r);
	while (rc == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(q, 0);

		if (!name)
			break;
		if (!t || strcmp(t->name, name) != 0) {
			mem_grow(&r->tables, &r->room_tables, r->n_tables);
			t = &r->tables[r->n_tables++];
			*t = (struct table){.name = mem_dup(name)};
		}
		add_column(t, q);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_finalize(q);
	for (size_t i = 0; i < r->n_tables; i++)
		r->tables[i].recorded = r->tables[i].n_key && r->wanted(NULL, r->tables[i].name);
	if (r->n_tables) /* none when memory ran out before the first */
		qsort(r->tables, r->n_tables, sizeof(*r->tables), by_name);
	return rc;
}

static int
check_schema(struct recorder *r)
{
	int64_t version;
	int rc = SQLITE_OK;

	if (!r->ask_version)
		rc = sqlite3_prepare_v3(r->db, "PRAGMA schema_version", -1,
		    SQLITE_PREPARE_PERSISTENT, &r->ask_version, NULL);
	if (rc != SQLITE_OK)
		return rc;
	version = sqlite3_step(r->ask_version) == SQLITE_ROW
		      ? sqlite3_column_int64(r->ask_version, 0)
		      : -1;
	rc = sqlite3_reset(r->ask_version);
	if (rc != SQLITE_OK || version == r->version)
		return rc;
	rc = load_tables(r);
	if (rc == SQLITE_OK)
		r->version = version;
	return rc;
}

static struct table *
table_named(struct recorder *r, const char *name)
{
	struct table key = {.name = (char *)(uintptr_t)name}; /* only looked at */

	if (!r->recent || strcmp(r->recent->name, name) != 0)
		r->recent = r->n_tables
				? bsearch(&key, r->tables, r->n_tables, sizeof(key), by_name)
				: NULL;
	return r->recent;
}

/* --- rows touched ---------------------------------------------------------------------------- */

static uint32_t
hash_of(const struct table *t, const void *key, size_t size)
{
	const unsigned char *bytes = key;
	uint32_t hash = 2166136261u ^ (uint32_t)((uintptr_t)t >> 4);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static size_t *
slot_for(struct recorder *r, const struct table *t, uint32_t hash, size_t key, size_t size)
{
	size_t i = hash & (r->n_slots - 1);

	for (; r->slot[i]; i = (i + 1) & (r->n_slots - 1)) {
		const struct touched *x = &r->rows[r->slot[i] - 1];

		if (x->hash == hash && x->table == t && x->key_size == size &&
		    memcmp(r->kept.data + x->key, r->kept.data + key, size) == 0)
			break;
	}
	return &r->slot[i];
}

static void
make_slots(struct recorder *r)
{
	if (r->n_rows * 2 < r->n_slots)
		return;
	free(r->slot);
	r->n_slots = r->n_slots ? r->n_slots * 2 : 64;
	r->slot = mem_zero(r->n_slots, sizeof(*r->slot));
	for (size_t i = 0; i < r->n_rows; i++) {
		const struct touched *x = &r->rows[i];

		*slot_for(r, x->table, x->hash, x->key, x->key_size) = i + 1;
	}
}

static void
append_row(struct recorder *r, struct table *t, size_t place)
{
	if (t->first) {
		r->rows[t->last - 1].next = place;
	} else {
		t->first = place;
		mem_grow(&r->order, &r->room_order, r->n_order);
		r->order[r->n_order++] = t;
	}
	t->last = place;
}

static int
get(struct recorder *r, int op, int column, sqlite3_value **value)
{
	return op == SQLITE_INSERT ? sqlite3_preupdate_new(r->db, column, value)
				   : sqlite3_preupdate_old(r->db, column, value);
}

/* The key's values behind what is kept already. False: a part of it is NULL, and nobody can find
 * the row by it. */
static bool
keep_key(struct recorder *r, const struct table *t, int op)
{
	sqlite3_value *value;

	for (int i = 0; i < t->columns && r->failed == SQLITE_OK; i++) {
		if (!t->key[i])
			continue;
		r->failed = get(r, op, i, &value);
		if (r->failed == SQLITE_OK && sqlite3_value_type(value) == SQLITE_NULL)
			return false;
		if (r->failed == SQLITE_OK)
			r->failed = pack_value(&r->kept, value);
	}
	return true;
}

static void
keep_old(struct recorder *r, const struct table *t, int op)
{
	sqlite3_value *value;

	for (int i = 0; i < t->columns && op != SQLITE_INSERT && r->failed == SQLITE_OK; i++) {
		r->failed = sqlite3_preupdate_old(r->db, i, &value);
		if (r->failed != SQLITE_OK)
			return;
		if (t->missing[i] && sqlite3_value_type(value) == SQLITE_NULL)
			pack_again(&r->kept, t->missing[i]);
		else
			r->failed = pack_value(&r->kept, value);
	}
}

static void
touch(struct recorder *r, struct table *t, int op)
{
	size_t key = r->kept.size, *slot;
	bool direct = sqlite3_preupdate_depth(r->db) == 0;
	struct touched x = {.table = t, .key = key, .op = (unsigned char)op, .indirect = !direct};

	make_slots(r);
	if (!keep_key(r, t, op) || r->failed != SQLITE_OK || r->kept.full) {
		r->kept.size = key;
		return;
	}
	x.key_size = r->kept.size - key;
	x.hash = hash_of(t, r->kept.data + key, x.key_size);
	slot = slot_for(r, t, x.hash, key, x.key_size);
	if (*slot) {
		if (direct)
			r->rows[*slot - 1].indirect = 0;
		r->kept.size = key;
		return;
	}
	x.old = r->kept.size;
	keep_old(r, t, op);
	x.old_size = r->kept.size - x.old;
	mem_grow(&r->rows, &r->room_rows, r->n_rows);
	r->rows[r->n_rows++] = x;
	*slot = r->n_rows;
	append_row(r, t, r->n_rows);
}

/* Before each row is written. A changed key is one row that goes and one that comes. */
static void
before_change(void *data, sqlite3 *db, int op, const char *database, const char *name,
    sqlite3_int64 from, sqlite3_int64 to)
{
	struct recorder *r = data;
	struct table *t;

	(void)from;
	(void)to;
	if (r->failed != SQLITE_OK || strcmp(database, "main") != 0)
		return;
	t = table_named(r, name);
	if (t ? !t->recorded : !r->wanted(NULL, name))
		return;
	if (!t || sqlite3_preupdate_count(db) != t->columns) {
		r->failed = SQLITE_SCHEMA;
		return;
	}
	touch(r, t, op);
	if (op == SQLITE_UPDATE && r->failed == SQLITE_OK)
		touch(r, t, SQLITE_INSERT);
}

/* --- the changeset --------------------------------------------------------------------------- */

static void
put_name(struct buf *b, const char *name)
{
	buf_add_char(b, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_add_char(b, '"');
		buf_add_char(b, *name);
	}
	buf_add_char(b, '"');
}

/* The one text here that is not a literal: its names are the schema's own, its values are bound. */
static int
prepare_look(struct recorder *r, struct table *t)
{
	struct buf text = BUF_MAX(65536);
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(r->db,
	    "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY cid", -1, &q, NULL);

	buf_add(&text, "SELECT * FROM ");
	put_name(&text, t->name);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(q, 1, t->name, -1, SQLITE_STATIC);
	for (int n = 1; rc == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW; n++) {
		const char *name = (const char *)sqlite3_column_text(q, 0);

		buf_add(&text, n == 1 ? " WHERE " : " AND ");
		put_name(&text, name ? name : "");
		buf_printf(&text, " = ?%d", n);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_finalize(q);
	else
		sqlite3_finalize(q);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(
		    r->db, buf_str(&text), -1, SQLITE_PREPARE_PERSISTENT, &t->look, NULL);
	buf_clear(&text);
	return rc;
}

/* Stand at the row as it is now. SQLITE_ROW, SQLITE_DONE when it is gone. */
static int
look(struct recorder *r, const struct touched *x)
{
	const unsigned char *at = (const unsigned char *)r->kept.data + x->key;
	int rc = x->table->look ? SQLITE_OK : prepare_look(r, x->table);

	for (int i = 1; rc == SQLITE_OK && i <= x->table->n_key; i++) {
		rc = pack_bind(x->table->look, i, at);
		at = pack_end(at);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_step(x->table->look);
	if (rc == SQLITE_ROW && sqlite3_data_count(x->table->look) != x->table->columns)
		return SQLITE_SCHEMA;
	return rc;
}

static void
put_op(struct recorder *r, int op, const struct touched *x)
{
	buf_add_char(&r->out, (char)op);
	buf_add_char(&r->out, (char)x->indirect);
}

static int
put_insert(struct recorder *r, const struct touched *x)
{
	int rc = SQLITE_OK;

	put_op(r, SQLITE_INSERT, x);
	for (int i = 0; i < x->table->columns && rc == SQLITE_OK; i++)
		rc = pack_value(&r->out, sqlite3_column_value(x->table->look, i));
	return rc;
}

/* The new record grows beside the old one and goes behind it. Nothing when nothing differs. */
static int
put_update(struct recorder *r, const struct touched *x)
{
	const unsigned char *old = (const unsigned char *)r->kept.data + x->old;
	size_t start = r->out.size;
	bool differs = false;
	int rc = SQLITE_OK;

	buf_reset(&r->fresh);
	put_op(r, SQLITE_UPDATE, x);
	for (int i = 0; i < x->table->columns && rc == SQLITE_OK; i++) {
		size_t size = (size_t)(pack_end(old) - old), value = r->fresh.size;
		bool same;

		rc = pack_value(&r->fresh, sqlite3_column_value(x->table->look, i));
		same =
		    r->fresh.size - value == size && memcmp(old, r->fresh.data + value, size) == 0;
		differs = differs || !same;
		if (same) {
			r->fresh.size = value;
			buf_add_char(&r->fresh, 0);
		}
		if (same && !x->table->key[i])
			buf_add_char(&r->out, 0);
		else
			buf_add_n(&r->out, (const char *)old, size);
		old += size;
	}
	if (differs)
		buf_add_n(&r->out, r->fresh.data, r->fresh.size);
	else
		r->out.size = start;
	return rc;
}

static void
put_delete(struct recorder *r, const struct touched *x)
{
	put_op(r, SQLITE_DELETE, x);
	buf_add_n(&r->out, r->kept.data + x->old, x->old_size);
}

static int
put_row(struct recorder *r, const struct touched *x)
{
	int rc = look(r, x), end;

	if (rc == SQLITE_ROW)
		rc = x->op == SQLITE_INSERT ? put_insert(r, x) : put_update(r, x);
	else if (rc == SQLITE_DONE && x->op != SQLITE_INSERT)
		put_delete(r, x);
	end = sqlite3_reset(x->table->look);
	if (rc == SQLITE_DONE)
		rc = SQLITE_OK;
	return rc == SQLITE_OK ? end : rc;
}

static int
put_table(struct recorder *r, const struct table *t)
{
	size_t head = r->out.size, body;
	int rc = SQLITE_OK;

	buf_add_char(&r->out, 'T');
	pack_length(&r->out, (uint32_t)t->columns);
	buf_add_n(&r->out, (const char *)t->key, (size_t)t->columns);
	buf_add_n(&r->out, t->name, strlen(t->name) + 1);
	body = r->out.size;
	for (size_t i = t->first; i && rc == SQLITE_OK; i = r->rows[i - 1].next)
		rc = put_row(r, &r->rows[i - 1]);
	if (r->out.size == body)
		r->out.size = head;
	return rc;
}

/* --- life ------------------------------------------------------------------------------------ */

/* Empty, and without a room that only a large verb needed. */
static void
give_back(struct buf *b)
{
	buf_reset(b);
	if (b->room > KEPT_ROOM)
		buf_clear(b);
}

static void
forget_rows(struct recorder *r)
{
	for (size_t i = 0; i < r->n_order; i++)
		r->order[i]->first = r->order[i]->last = 0;
	if (r->n_rows)
		memset(r->slot, 0, r->n_slots * sizeof(*r->slot));
	r->n_rows = r->n_order = 0;
	give_back(&r->kept);
	give_back(&r->fresh);
	if (r->n_slots * sizeof(*r->slot) > KEPT_ROOM) {
		free(r->slot);
		free(r->rows);
		r->slot = NULL;
		r->rows = NULL;
		r->n_slots = r->room_rows = 0;
	}
}

struct recorder *
recorder_new(sqlite3 *db, int (*recorded)(void *data, const char *table))
{
	struct recorder *r = mem_zero(1, sizeof(*r));

	r->db = db;
	r->wanted = recorded;
	r->version = -1;
	r->kept = r->fresh = r->out = (struct buf)BUF_MAX(KEPT_MAX);
	return r;
}

void
recorder_free(struct recorder *r)
{
	if (!r)
		return;
	recorder_stop(r);
	forget_tables(r);
	sqlite3_finalize(r->ask_version);
	buf_clear(&r->kept);
	buf_clear(&r->fresh);
	buf_clear(&r->out);
	free(r->tables);
	free(r->rows);
	free(r->slot);
	free(r->order);
	free(r);
}

int
recorder_begin(struct recorder *r)
{
	int rc;

	give_back(&r->out);
	rc = check_schema(r);
	if (rc != SQLITE_OK)
		return rc;
	r->failed = SQLITE_OK;
	r->on = true;
	sqlite3_preupdate_hook(r->db, before_change, r);
	return SQLITE_OK;
}

int
recorder_end(struct recorder *r, const void **data, size_t *size)
{
	int rc = r->failed;

	sqlite3_preupdate_hook(r->db, NULL, NULL);
	r->on = false;
	if (rc == SQLITE_OK && r->kept.full)
		rc = SQLITE_TOOBIG;
	for (size_t i = 0; i < r->n_order && rc == SQLITE_OK; i++)
		rc = put_table(r, r->order[i]);
	if (rc == SQLITE_OK && (r->fresh.full || r->out.full))
		rc = SQLITE_TOOBIG;
	*size = rc == SQLITE_OK ? r->out.size : 0;
	*data = *size ? r->out.data : NULL;
	forget_rows(r);
	return rc;
}

void
recorder_stop(struct recorder *r)
{
	give_back(&r->out);
	if (!r->on)
		return;
	sqlite3_preupdate_hook(r->db, NULL, NULL);
	r->on = false;
	forget_rows(r);
}
