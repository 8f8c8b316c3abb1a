/*
 * area.outlines: the outlines of areas, as they come out of a map layer. An area that the file has gets the outline it says, whole;
 * the others keep theirs. Corners are kept to a millionth of a degree (0.1 m), as those of alerts are.
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/id.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/sql.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_CORNERS 3

const struct verb_param outlines_params[] = {
    {"rows", N_("rows"), ARG_REST, NULL, true, true, NULL},
    {"source", N_("file"), ARG_WORD, NULL, false, false, NULL},
};

static char outlines_key; /* of store_keep: the struct outline_import being run */

struct run {
	struct verb_call *call;
	struct store *st;
	struct outline_import *out; /* may be NULL */
	size_t n[IMPORT_WHATS];
	int64_t *seen; /* areas of this file */
	size_t n_seen, room_seen;
	char *first_why;
};

/* --- which area ------------------------------------------------------------------------------ */

/* 321084 is 321084000, 321084101000 is 321084101. */
static int64_t
code_of(const char *text)
{
	size_t n = strspn(text, "0123456789");
	int64_t code = n && !text[n] && n <= 12 ? strtoll(text, NULL, 10) : 0;

	if (n == 6)
		return code * 1000;
	if (n == 12)
		return code % 1000 ? 0 : code / 1000;
	return n == 9 ? code : 0;
}

static int64_t
area_of(struct store *st, const char *code, const char *name)
{
	if (*code)
		return sql_one_int(st, "SELECT id FROM area WHERE id = ?1", 0, "i", code_of(code));
	return sql_one_int(st,
	    "SELECT id FROM area WHERE name = ?1 OR (short = ?1 AND 1 = (SELECT count(*) FROM area "
	    "WHERE short = ?1)) ORDER BY name <> ?1 LIMIT 1",
	    0, "t", name);
}

static const char *
member(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text ? text : "";
}

static bool
is_seen(struct run *run, int64_t area)
{
	for (size_t i = 0; i < run->n_seen; i++)
		if (run->seen[i] == area)
			return true;
	mem_grow(&run->seen, &run->room_seen, run->n_seen);
	run->seen[run->n_seen++] = area;
	return false;
}

/* --- rings ----------------------------------------------------------------------------------- */

/* One ring as it is kept; NULL it is none. *size in bytes. */
static int32_t *
pack(const json_t *ring, size_t *size)
{
	size_t n = json_array_size(ring), i;
	int32_t *out;
	json_t *value;

	if (n % 2 || n < 2 * LEAST_CORNERS)
		return NULL;
	out = mem_zero(n, sizeof(*out));
	json_array_foreach(ring, i, value)
	{
		double degrees = json_number_value(value);

		if (!json_is_number(value) || !(degrees >= 3 && degrees <= 136)) {
			free(out);
			return NULL;
		}
		out[i] = (int32_t)lround(degrees * 1e6);
	}
	*size = n * sizeof(*out);
	return out;
}

/* Does the store hold just this ring in this place? */
static bool
is_kept(struct store *st, int64_t area, size_t n, const int32_t *ring, size_t size)
{
	struct sql *q = sql(st, "SELECT ring FROM area_ring WHERE area = ?1 AND n = ?2");
	size_t there = 0;
	const void *kept;
	bool same;

	sql_bind(q, "ii", area, (int64_t)n);
	kept = sql_row(q) ? sql_blob(q, 0, &there) : NULL;
	same = kept && there == size && memcmp(kept, ring, size) == 0;
	sql_done(q);
	return same;
}

static bool
put_ring(struct store *st, int64_t area, size_t n, const int32_t *ring, size_t size)
{
	struct sql *q = sql(st, "INSERT INTO area_ring (area, n, ring) VALUES (?1, ?2, ?3)");

	sql_bind(q, "iib", area, (int64_t)n, ring, size);
	return sql_run(q);
}

static void
forget(struct store *st, int64_t area)
{
	struct sql *q = sql(st, "DELETE FROM area_ring WHERE area = ?1");

	sql_bind(q, "i", area);
	sql_run(q);
}

/* Go through the rings of a row: are all as they stand (put false), or put them. *corners counts. */
static bool
each_ring(struct run *run, int64_t area, const json_t *rings, bool put, size_t *corners)
{
	json_t *ring;
	bool good = true;
	size_t i;

	*corners = 0;
	json_array_foreach(rings, i, ring)
	{
		size_t size;
		int32_t *packed = pack(ring, &size);

		*corners += json_array_size(ring) / 2;
		good = good && packed &&
		       (put ? put_ring(run->st, area, i, packed, size)
			    : is_kept(run->st, area, i, packed, size));
		free(packed);
	}
	return good;
}

static bool
are_rings(const json_t *rings)
{
	json_t *ring;
	size_t i, size;

	json_array_foreach(rings, i, ring)
	{
		int32_t *packed = pack(ring, &size);

		free(packed);
		if (!packed)
			return false;
	}
	return json_array_size(rings) > 0;
}

/* --- rows ------------------------------------------------------------------------------------ */

static enum import_what
take(struct run *run, const json_t *row, size_t *corners, struct err *err)
{
	const char *code = member(row, "code"), *name = member(row, "name"),
		   *why = member(row, "!");
	const json_t *rings = json_object_get(row, "rings");
	int64_t area = *code || *name ? area_of(run->st, code, name) : 0, had;

	if (*why)
		err_set(err, ERR_INPUT, "%s", why);
	else if (!area)
		err_set(err, ERR_NOT_FOUND, _("there is no area \"%s\""), *code ? code : name);
	else if (!are_rings(rings))
		err_set(err, ERR_INPUT, _("its outline cannot be read"));
	else if (is_seen(run, area))
		err_set(err, ERR_INPUT, _("it stands in the file twice"));
	if (err->code || !call_touch_area(run->call, area, err))
		return IMPORT_REFUSED;
	had = sql_one_int(run->st, "SELECT count(*) FROM area_ring WHERE area = ?1", 0, "i", area);
	if (had == (int64_t)json_array_size(rings) && each_ring(run, area, rings, false, corners))
		return IMPORT_SAME;
	forget(run->st, area);
	/* A store that fails tells by itself. */
	return each_ring(run, area, rings, true, corners) ? had ? IMPORT_CHANGED : IMPORT_NEW
							  : IMPORT_REFUSED;
}

/* False when the store failed. */
static bool
take_row(struct run *run, const json_t *row)
{
	struct outline_line line = {.number = (long)json_integer_value(json_object_get(row, "#"))};
	struct err why = ERR_NONE;

	line.name = *member(row, "name") ? member(row, "name") : member(row, "code");
	line.what = take(run, row, &line.corners, &why);
	line.why = why.message;
	if (line.what == IMPORT_REFUSED && !why.message)
		return false;
	run->n[line.what]++;
	if (line.why && !run->first_why)
		run->first_why = mem_print(_("area %ld: %s"), line.number, line.why);
	if (run->out && run->out->tell)
		run->out->tell(run->out->context, &line);
	err_clear(&why);
	return true;
}

static bool
conclude(struct run *run, struct err *err)
{
	const char *source = call_text(run->call, "source");

	if (run->n[IMPORT_REFUSED])
		return err_set(err, ERR_REFUSED,
		    ngettext("nothing is imported: %zu area is refused, %s",
			"nothing is imported: %zu areas are refused, the first one is %s",
			(unsigned long)run->n[IMPORT_REFUSED]),
		    run->n[IMPORT_REFUSED], run->first_why);
	if (!run->n[IMPORT_NEW] && !run->n[IMPORT_CHANGED])
		return err_set(err, ERR_STATE, _("nothing in it is new or changed"));
	call_say(run->call, _("outlines of areas (%s): %zu new, %zu changed, %zu as they were"),
	    *source ? source : "-", run->n[IMPORT_NEW], run->n[IMPORT_CHANGED],
	    run->n[IMPORT_SAME]);
	return true;
}

bool
run_area_outlines(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct run run = {.call = call, .st = st, .out = store_kept(st, &outlines_key)};
	json_t *rows = json_loads(call_text(call, "rows"), 0, NULL), *row;
	bool good = json_is_array(rows);
	size_t i;

	if (!good)
		err_set(err, ERR_INPUT, _("rows is a JSON array of objects"));
	json_array_foreach(rows, i, row)
	{
		good = good && take_row(&run, row);
	}
	good = good && conclude(&run, err);
	if (run.out)
		memcpy(run.out->n, run.n, sizeof(run.n));
	json_decref(rows);
	free(run.seen);
	free(run.first_why);
	return good;
}

/* --- as others call it ----------------------------------------------------------------------- */

bool
resource_outlines(struct store *st, const struct actor *actor, struct outline_import *import,
    struct verb_result *result, struct err *err)
{
	const struct import_kept kept = {&outlines_key, import};
	json_t *args = json_pack("{s:s}", "rows", import->rows);
	struct err why = ERR_NONE;
	bool good;

	if (import->source)
		json_object_set_new(args, "source", json_string(import->source));
	memset(import->n, 0, sizeof(import->n));
	good = import_run(st, actor, "area.outlines", &kept, import->dry, args, result, &why);
	if (!good && why.code == ERR_STATE && import->n[IMPORT_SAME]) {
		err_clear(&why); /* every outline as it stands: no failure */
		return true;
	}
	return good || err_move(err, &why);
}
