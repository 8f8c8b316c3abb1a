/*
 * The directory: areas, units, people, places, lines, and who is on duty. Reads of it stand at the
 * end.
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "map/geo.h"
#include "store/sql.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
add_area(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *short_name = row_text(r, "short");
	int64_t code = row_int(r, "code");
	char initials[INITIALS];
	double lon, lat;

	if (code < 100000000 || code > ID_AREA_MAX)
		return err_set(err, ERR_INPUT, _("the code of an area has 9 digits"));
	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM area WHERE id = ?1 OR name = ?2", 0, "it",
		    code, name),
		err) ||
	    !row_position(r, &lon, &lat, err) || !call_touch_area(r->call, code, err))
		return false;
	row_initials(initials, name, short_name, NULL);
	struct sql *q =
	    sql(r->st, "INSERT INTO area (id, name, short, initials, kind, lon, lat, people, km2)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), nullif(?7, 0), nullif(?8, 0), "
		       "nullif(?9, 0))");
	sql_bind(q, "ittttrrir", code, name, *short_name ? short_name : name, initials,
	    row_text(r, "kind"), lon, lat, row_int(r, "people"), row_real(r, "km2"));
	return row_done(r, sql_run(q), "area", code, _("area"), name);
}

bool
add_unit(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *short_name = row_text(r, "short"),
		   *code = row_text(r, "code");
	const char *aliases = row_text(r, "aliases");
	char initials[INITIALS];
	double lon, lat;
	int64_t area, id;

	if (!row_name_free(name,
		sql_one_int(r->st,
		    "SELECT count(*) FROM unit WHERE (code = ?1 OR name = ?2) AND id <> ?3", 0,
		    "tti", code, name, r->id),
		err) ||
	    !row_position(r, &lon, &lat, err) || !row_area(r, &area, err))
		return false;
	row_initials(initials, name, short_name, aliases);
	id = row_id(r);
	struct sql *q = sql(r->st,
	    "INSERT INTO unit (id, code, name, short, aliases, initials, kind, area, lead, phone,"
	    " lon, lat) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, 0), "
	    "nullif(?12, 0))"
	    " ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, "
	    "short = excluded.short, aliases = excluded.aliases, initials = "
	    "excluded.initials, kind = excluded.kind, area = excluded.area, lead = "
	    "excluded.lead, phone = excluded.phone, lon = excluded.lon, lat = "
	    "excluded.lat");
	sql_bind(q, "ittttttzttrr", id, code, name, *short_name ? short_name : name, aliases,
	    initials, row_text(r, "kind"), area, row_text(r, "lead"), row_text(r, "phone"), lon,
	    lat);
	return row_done(r, sql_run(q), "unit", id, _("unit"), name);
}

static unsigned
role_of(const char *name)
{
	static const struct {
		const char *name;
		enum role role;
	} roles[] = {{"officer", ROLE_OFFICER}, {"chief", ROLE_CHIEF}, {"leader", ROLE_LEADER},
	    {"township", ROLE_TOWNSHIP}, {"clerk", ROLE_CLERK}, {"auditor", ROLE_AUDITOR}};

	for (size_t i = 0; i < COUNT_OF(roles); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].role;
	return 0;
}

bool
add_person(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *phone = row_text(r, "phone");
	unsigned role = role_of(row_text(r, "role"));
	char initials[INITIALS];
	int64_t area, id, same;

	same = sql_one_int(r->st,
	    "SELECT count(*) FROM person WHERE name = ?1 AND coalesce(phone, '') = ?2 AND active = "
	    "1 AND id <> ?3",
	    0, "tti", name, phone, r->id);
	if (!row_name_free(name, same, err) || !row_area(r, &area, err))
		return false;
	if (role == ROLE_TOWNSHIP && (area == 0 || area == store_area(r->st)))
		return err_set(
		    err, ERR_INPUT, _("a township officer needs the area that is theirs"));
	row_initials(initials, name, NULL, NULL);
	id = row_id(r);
	struct sql *q =
	    sql(r->st, "INSERT INTO person (id, name, initials, role, area, unit, post, phone)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		       " ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = "
		       "excluded.initials, role = excluded.role, area = excluded.area, unit = "
		       "excluded.unit, post = excluded.post, phone = excluded.phone");
	sql_bind(q, "ittiiztt", id, name, initials, (int64_t)role, area ? area : store_area(r->st),
	    row_int(r, "unit"), row_text(r, "post"), phone);
	return row_done(r, sql_run(q), "person", id, _("person"), name);
}

bool
add_place(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *kind = row_text(r, "kind"),
		   *aliases = row_text(r, "aliases");
	char initials[INITIALS];
	double lon, lat;
	int64_t area, id, same;

	if (!row_position(r, &lon, &lat, err) || !row_area(r, &area, err))
		return false;
	same = sql_one_int(r->st,
	    "SELECT count(*) FROM place WHERE name = ?1 AND kind = ?2 AND coalesce(area, 0) = ?3"
	    " AND id <> ?4",
	    0, "ttii", name, kind, area, r->id);
	if (!row_name_free(name, same, err))
		return false;
	row_initials(initials, name, NULL, aliases);
	id = row_id(r);
	struct sql *q = sql(r->st,
	    "INSERT INTO place (id, kind, code, name, aliases, initials, area, lon, lat, people)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), nullif(?9, 0), nullif(?10, 0))"
	    " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, code = excluded.code, "
	    "name = excluded.name, aliases = excluded.aliases, initials = "
	    "excluded.initials, area = excluded.area, lon = excluded.lon, lat = "
	    "excluded.lat, people = excluded.people");
	sql_bind(q, "itttttzrri", id, kind, row_has(r, "code") ? row_text(r, "code") : NULL, name,
	    aliases, initials, area, lon, lat, row_int(r, "people"));
	return row_done(r, sql_run(q), "place", id, _("place"), name);
}

bool
add_line(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *number = row_text(r, "number");
	int64_t id;

	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM line WHERE number = ?1 AND id <> ?2", 0,
		    "ti", number, r->id),
		err))
		return false;
	id = row_id(r);
	struct sql *q =
	    sql(r->st, "INSERT INTO line (id, number, name, unit) VALUES (?1, ?2, ?3, ?4)"
		       " ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = "
		       "excluded.name, unit = excluded.unit");
	sql_bind(q, "ittt", id, number, name, row_text(r, "unit"));
	return row_done(r, sql_run(q), "line", id, _("phone line"), number);
}

/* --- whom to call ---------------------------------------------------------------------------- */

/* Contacts of the same township, village or unit. */
#define SAME_LADDER "ifnull(area, 0) = ?1 AND place = ?2 AND ifnull(unit, 0) = ?3"

/* The rank said, else behind those that stand there. */
static int64_t
rank_of(const struct row *r)
{
	if (row_has(r, "rank"))
		return row_int(r, "rank");
	return sql_one_int(r->st, "SELECT 1 + ifnull(max(rank), 0) FROM contact WHERE " SAME_LADDER,
	    1, "iti", row_int(r, "area"), row_text(r, "place"), row_int(r, "unit"));
}

static bool
check_contact(const struct row *r, int64_t rank, struct err *err)
{
	int64_t area = row_int(r, "area");

	if (!call_touch_area(r->call, area ? area : store_area(r->st), err))
		return false;
	if (!area && !row_int(r, "unit"))
		return err_set(err, ERR_INPUT,
		    _("A contact belongs to a township, a place in one, or a unit."));
	if (*row_text(r, "place") && !area)
		return err_set(err, ERR_INPUT, _("Say which township the place lies in (area=)."));
	if (rank < 1 || rank > 9)
		return err_set(err, ERR_INPUT, _("The rank is 1 (called first) to 9."));
	if (!*row_text(r, "name") || !*row_text(r, "phone"))
		return err_set(err, ERR_INPUT, _("A contact has a name and a telephone."));
	return true;
}

bool
add_contact(struct row *r, struct err *err)
{
	int64_t rank = rank_of(r), id;
	struct sql *q;

	if (!check_contact(r, rank, err))
		return false;
	id = row_id(r);
	q = sql(r->st,
	    "INSERT INTO contact (id, area, place, unit, rank, name, post, phone, journal) VALUES "
	    "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET area = "
	    "excluded.area, place = excluded.place, unit = excluded.unit, rank = excluded.rank, "
	    "name = excluded.name, post = excluded.post, phone = excluded.phone, journal = "
	    "excluded.journal");
	sql_bind(q, "iztzittti", id, row_int(r, "area"), row_text(r, "place"), row_int(r, "unit"),
	    rank, row_text(r, "name"), row_text(r, "post"), row_text(r, "phone"),
	    call_journal(r->call));
	if (!sql_run(q))
		return false;
	if (!r->values)
		call_say(r->call, _("contact %lld: %s %s"), (long long)rank, row_text(r, "name"),
		    row_text(r, "phone"));
	return true;
}

/* --- the roster ------------------------------------------------------------------------------ */

bool
add_shift(struct row *r, struct err *err)
{
	int64_t starts = row_time(r, "starts"), ends = row_time(r, "ends"),
		person = row_int(r, "person"), id;
	const char *post = row_text(r, "post");
	char *name;

	if (ends <= starts || ends - starts > 7 * CLOCK_DAY)
		return err_set(
		    err, ERR_INPUT, _("a shift ends after it starts, and within a week"));
	if (sql_one_int(r->st,
		"SELECT count(*) FROM shift WHERE post = ?1 AND starts < ?3 AND ends > ?2 AND "
		"person = ?4",
		0, "tiii", post, starts, ends, person) > 0)
		return err_set(err, ERR_REFUSED, _("this person has that post then already"));
	id = store_new_id(r->st);
	struct sql *q = sql(r->st,
	    "INSERT INTO shift (id, starts, ends, post, person) VALUES (?1, ?2, ?3, ?4, ?5)");
	sql_bind(q, "iiiti", id, starts, ends, post, person);
	if (!sql_run(q))
		return false;
	name = sql_one_text(r->st, "SELECT name FROM person WHERE id = ?1", "i", person);
	row_done(r, true, "shift", id, _("shift"), name ? name : "");
	free(name);
	return true;
}

/*
 * Turns are kept as the setting rotation.POST = "STARTS HOURS ID ID …": a roster is replaced as a
 * whole, and nothing else reads it.
 */
bool
add_rotation(struct row *r, struct err *err)
{
	const char *post = row_text(r, "post"), *p = row_text(r, "persons");
	int64_t hours = row_has(r, "hours") ? row_int(r, "hours") : 24, person;
	char name[64], key[48], value[1024];
	size_t used;

	if (hours < 1 || hours > 168)
		return err_set(err, ERR_INPUT, _("a turn lasts 1 to 168 hours"));
	used = (size_t)snprintf(
	    value, sizeof(value), "%" PRId64 " %" PRId64, row_time(r, "starts"), hours);
	while (text_word(&p, name, sizeof(name))) {
		person = row_thing(r->st, "person", name);
		if (!person)
			return err_set(
			    err, ERR_NOT_FOUND, _("%s: there is no \"%s\""), _("people"), name);
		if (used + 24 > sizeof(value))
			return err_set(err, ERR_INPUT, _("a rotation has at most 40 people"));
		used += (size_t)snprintf(value + used, sizeof(value) - used, " %" PRId64, person);
	}
	snprintf(key, sizeof(key), "rotation.%s", post);
	store_set_setting(r->st, key, value);
	return row_done(r, true, "rotation", 0, _("rotation"), post);
}

/* --- who is on duty --------------------------------------------------------------------------- */

static int64_t
on_rotation(struct store *st, const char *post, int64_t at, int64_t *ends)
{
	int64_t starts, length, turn, ids[64];
	char key[48], *text, *p, *end;
	size_t n = 0;

	snprintf(key, sizeof(key), "rotation.%s", post);
	text = mem_dup(store_setting(st, key));
	if (!text)
		return 0;
	starts = strtoll(text, &p, 10);
	length = strtoll(p, &p, 10) * CLOCK_HOUR;
	while (n < COUNT_OF(ids)) {
		ids[n] = strtoll(p, &end, 10);
		if (end == p)
			break;
		p = end;
		n++;
	}
	free(text);
	if (n == 0 || length <= 0)
		return 0;
	turn = (at - starts) / length;
	if (at < starts && (at - starts) % length != 0)
		turn--;
	if (ends)
		*ends = starts + (turn + 1) * length;
	turn %= (int64_t)n;
	return ids[turn < 0 ? turn + (int64_t)n : turn];
}

int64_t
resource_on_duty(struct store *st, const char *post, int64_t at, int64_t *ends)
{
	struct sql *q = sql(st,
	    "SELECT s.person, s.ends FROM shift s JOIN person p ON p.id = s.person AND p.active = 1"
	    " WHERE s.ends > ?1 AND s.starts <= ?1 AND s.post = ?2 ORDER BY s.starts DESC, s.id "
	    "DESC LIMIT 1");
	int64_t person = 0;

	sql_bind(q, "it", at, post);
	if (sql_row(q)) {
		person = sql_int(q, 0);
		if (ends)
			*ends = sql_int(q, 1);
	}
	sql_done(q);
	if (person)
		return person;
	person = on_rotation(st, post, at, ends);
	return sql_one_int(
	    st, "SELECT id FROM person WHERE id = ?1 AND active = 1", 0, "i", person);
}

/* --- reads ------------------------------------------------------------------------------------ */

#define UNIT_COLUMNS                                                                               \
	"SELECT id, code, name, short, kind, coalesce(area, 0), coalesce(lead, ''), "              \
	"coalesce(phone, ''),"                                                                     \
	" coalesce(lon, 0), coalesce(lat, 0), aliases FROM unit"

static void
fill_unit(struct sql *q, struct unit_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	utf8_copy(out->code, sizeof(out->code), sql_text(q, 1));
	utf8_copy(out->name, sizeof(out->name), sql_text(q, 2));
	utf8_copy(out->short_name, sizeof(out->short_name), sql_text(q, 3));
	utf8_copy(out->kind, sizeof(out->kind), sql_text(q, 4));
	out->area = sql_int(q, 5);
	utf8_copy(out->lead, sizeof(out->lead), sql_text(q, 6));
	utf8_copy(out->phone, sizeof(out->phone), sql_text(q, 7));
	out->lon = sql_real(q, 8);
	out->lat = sql_real(q, 9);
}

bool
resource_unit(struct store *st, int64_t id, struct unit_row *out)
{
	struct sql *q = sql(st, UNIT_COLUMNS " WHERE id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_unit(q, out);
	sql_done(q);
	return found;
}

/* Code and names first; an alias only when it is the only one. */
bool
resource_unit_named(struct store *st, const char *name, struct unit_row *out)
{
	struct sql *q;
	int hits = 0;

	if (!*name)
		return false;
	q = sql(st, UNIT_COLUMNS " WHERE code = ?1 OR name = ?1 OR short = ?1 ORDER BY (code = ?1) "
				 "DESC, (name = ?1) DESC");
	sql_bind(q, "t", name);
	if (sql_row(q)) {
		fill_unit(q, out);
		hits = 1;
		if (sql_row(q) && strcmp(out->code, name) != 0 && strcmp(out->name, name) != 0)
			hits = 2;
	}
	sql_done(q);
	if (hits)
		return hits == 1;
	q = sql(st, UNIT_COLUMNS " WHERE instr(aliases, ?1) > 0");
	sql_bind(q, "t", name);
	while (sql_row(q))
		if (word_listed(name, sql_text(q, 10)) && hits++ == 0)
			fill_unit(q, out);
	sql_done(q);
	return hits == 1;
}

size_t
resource_units_of_kind(struct store *st, const char *kind, struct unit_row *out, size_t max)
{
	struct sql *q = sql(st, UNIT_COLUMNS " WHERE kind = ?1 ORDER BY code");
	size_t n = 0;

	sql_bind(q, "t", kind);
	while (n < max && sql_row(q))
		fill_unit(q, &out[n++]);
	sql_done(q);
	return n;
}

void
resource_area_name(struct store *st, int64_t area, char *out, size_t size)
{
	char *name = sql_one_text(st, "SELECT short FROM area WHERE id = ?1", "i", area);

	utf8_copy(out, size, name ? name : "");
	free(name);
}

static int
nearer(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

struct near {
	double metres; /* first: nearer() reads it */
	struct place_row row;
};

size_t
resource_places_near(
    struct store *st, double lon, double lat, double metres, struct place_row *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT id, name, kind, coalesce(area, 0), coalesce(people, 0), lon, lat FROM place"
	    " WHERE lat BETWEEN ?1 AND ?2 AND lon BETWEEN ?3 AND ?4");
	double dlat = metres / 111000.0, dlon = dlat / fmax(cos(lat * acos(-1) / 180), 0.01);
	struct near *list = NULL;
	size_t n = 0, room = 0;

	sql_bind(q, "rrrr", lat - dlat, lat + dlat, lon - dlon, lon + dlon);
	while (sql_row(q)) {
		struct point p = {sql_real(q, 5), sql_real(q, 6)};
		double d = geo_distance((struct point){lon, lat}, p);

		if (d > metres)
			continue;
		mem_grow(&list, &room, n);
		struct near *e = &list[n++];

		memset(e, 0, sizeof(*e));
		e->metres = d;
		e->row.id = sql_int(q, 0);
		utf8_copy(e->row.name, sizeof(e->row.name), sql_text(q, 1));
		utf8_copy(e->row.kind, sizeof(e->row.kind), sql_text(q, 2));
		e->row.area = sql_int(q, 3);
		e->row.people = sql_int(q, 4);
		e->row.lon = p.lon;
		e->row.lat = p.lat;
	}
	sql_done(q);
	if (n)
		qsort(list, n, sizeof(*list), nearer);
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++)
		out[i] = list[i].row;
	free(list);
	return n;
}
