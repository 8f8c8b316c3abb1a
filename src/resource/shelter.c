/*
 * Shelters 避难场所 and who is inside. People are counted where they are: those who come from
 * another shelter leave that one in the same entry, so that the county's sum counts nobody twice.
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/i18n.h"
#include "store/sql.h"

#include <inttypes.h>
#include <string.h>

bool
add_shelter(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name");
	char initials[INITIALS];
	double lon, lat;
	int64_t area, id, capacity = row_int(r, "capacity");

	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM shelter WHERE name = ?1 AND id <> ?2", 0,
		    "ti", name, r->id),
		err) ||
	    !row_position(r, &lon, &lat, err) || !row_area(r, &area, err))
		return false;
	if (capacity < 1 || capacity > 1000000)
		return err_set(err, ERR_INPUT, _("the capacity is 1 to 1000000 people"));
	row_initials(initials, name, NULL, NULL);
	id = row_id(r);
	struct sql *q =
	    sql(r->st, "INSERT INTO shelter (id, name, initials, area, lon, lat, kind, capacity, "
		       "keeper, phone)"
		       " VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), nullif(?6, 0), ?7, ?8, ?9, ?10)"
		       " ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = "
		       "excluded.initials, area = excluded.area, lon = excluded.lon, lat = "
		       "excluded.lat, kind = excluded.kind, capacity = excluded.capacity, keeper = "
		       "excluded.keeper, phone = excluded.phone");
	sql_bind(q, "ittzrrtitt", id, name, initials, area, lon, lat, row_text(r, "kind"), capacity,
	    row_text(r, "keeper"), row_text(r, "phone"));
	return row_done(r, sql_run(q), "shelter", id, _("shelter"), name);
}

static bool
set_inside(struct store *st, int64_t shelter, int64_t inside)
{
	struct sql *q = sql(st, "UPDATE shelter SET inside = ?2 WHERE id = ?1");

	sql_bind(q, "ii", shelter, inside);
	return sql_run(q);
}

/* The shelter as it stands, when the actor may write it. */
static bool
shelter_of(struct verb_call *call, const char *param, struct shelter_row *out, struct err *err)
{
	if (!resource_shelter(call_store(call), call_int(call, param), out))
		return err_set(err, ERR_NOT_FOUND, _("there is no such shelter"));
	return call_touch_area(call, out->area ? out->area : store_area(call_store(call)), err);
}

/* Those who move on leave where they were. */
static bool
leave_other(struct verb_call *call, const struct shelter_row *to, int64_t people, struct err *err)
{
	struct shelter_row other;

	if (!resource_shelter(call_store(call), call_int(call, "from"), &other))
		return err_set(err, ERR_NOT_FOUND, _("there is no such shelter"));
	if (other.id == to->id)
		return err_set(err, ERR_INPUT, _("from is the same shelter"));
	if (people < 1)
		return err_set(err, ERR_INPUT, _("say how many come from %s (in=)"), other.name);
	if (other.inside < people)
		return err_set(err, ERR_REFUSED, _("only %" PRId64 " people are in %s"),
		    other.inside, other.name);
	return set_inside(call_store(call), other.id, other.inside - people);
}

bool
run_shelter_count(struct verb_call *call, struct err *err)
{
	int64_t in = call_int(call, "in"), out = call_int(call, "out"), inside;
	struct shelter_row s;

	if (!shelter_of(call, "shelter", &s, err))
		return false;
	if (in == 0 && out == 0)
		return err_set(err, ERR_INPUT, _("say how many come in (in=) or leave (out=)"));
	if (in > 1000000 || out > s.inside)
		return err_set(
		    err, ERR_REFUSED, _("only %" PRId64 " people are in %s"), s.inside, s.name);
	inside = s.inside - out + in;
	if (inside > s.capacity && in > 0 && !call_flag(call, "over"))
		return err_set(err, ERR_REFUSED,
		    _("%s holds %" PRId64 " and has %" PRId64 " inside: room for %" PRId64
		      "; `over` takes them in all the same"),
		    s.name, s.capacity, s.inside,
		    s.capacity > s.inside - out ? s.capacity - s.inside + out : 0);
	if (call_has(call, "from") && !leave_other(call, &s, in, err))
		return false;
	if (!set_inside(call_store(call), s.id, inside))
		return false;
	call_subject(call, "shelter", s.id);
	if (call_has(call, "incident"))
		call_incident(call, call_int(call, "incident"));
	call_say(call, _("%s: in %" PRId64 ", out %" PRId64 ", now %" PRId64 " of %" PRId64),
	    s.name, in, out, inside, s.capacity);
	return true;
}

/* --- reads ------------------------------------------------------------------------------------ */

#define SHELTER_COLUMNS                                                                            \
	"SELECT s.id, s.initials, s.name, s.kind, coalesce(s.keeper, ''), coalesce(s.phone, ''), " \
	"coalesce(s.area, 0),"                                                                     \
	" coalesce(r.short, ''), coalesce(s.lon, 0), coalesce(s.lat, 0), s.capacity, s.inside"     \
	" FROM shelter s LEFT JOIN area r ON r.id = s.area"

static void
fill_shelter(struct sql *q, struct shelter_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	utf8_copy(out->key, sizeof(out->key), sql_text(q, 1));
	utf8_copy(out->name, sizeof(out->name), sql_text(q, 2));
	utf8_copy(out->kind, sizeof(out->kind), sql_text(q, 3));
	utf8_copy(out->keeper, sizeof(out->keeper), sql_text(q, 4));
	utf8_copy(out->phone, sizeof(out->phone), sql_text(q, 5));
	out->area = sql_int(q, 6);
	utf8_copy(out->area_name, sizeof(out->area_name), sql_text(q, 7));
	out->lon = sql_real(q, 8);
	out->lat = sql_real(q, 9);
	out->capacity = sql_int(q, 10);
	out->inside = sql_int(q, 11);
}

size_t
resource_shelters(
    struct store *st, const struct resource_filter *f, struct shelter_row *out, size_t max)
{
	/* free_only: with room left. */
#define SHELTER_FILTER " WHERE (?1 = 0 OR s.area = ?1) AND (?2 = 0 OR s.inside < s.capacity)"
	struct sql *q =
	    f->page.up
		? sql(st, SHELTER_COLUMNS SHELTER_FILTER
		      " AND (s.initials, s.id) < (?3, ?4) ORDER BY s.initials DESC, s.id DESC")
		: sql(st, SHELTER_COLUMNS SHELTER_FILTER
		      " AND (s.initials, s.id) > (?3, ?4) ORDER BY s.initials, s.id");
	size_t n = 0;

	sql_bind(q, "iiti", f->area, (int64_t)f->free_only, page_key(&f->page), page_id(&f->page));
	while (n < max && sql_row(q))
		if (word_score(
			f->words, sql_text(q, 2), NULL, NULL, sql_text(q, 1), sql_text(q, 5)) > 0)
			fill_shelter(q, &out[n++]);
	sql_done(q);
	page_turn(&f->page, out, n, sizeof(*out));
	return n;
}

bool
resource_shelter(struct store *st, int64_t id, struct shelter_row *out)
{
	struct sql *q = sql(st, SHELTER_COLUMNS " WHERE s.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_shelter(q, out);
	sql_done(q);
	return found;
}
