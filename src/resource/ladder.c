/*
 * Whom to call, in order, until somebody answers. What the county has put into the table of
 * contacts goes first; where it has nothing the ladder is made of what the directory knows: the
 * township's duty officer, its head, then the police and the nearest neighbour, who can send
 * somebody to the door (handbook 3.3).
 */
#include "resource/resource.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#include <string.h>

#define FIELD(field, q, column) utf8_copy(field, sizeof(field), sql_text(q, column))

static void
ladder_add(struct ladder *l, const char *name, const char *post, const char *phone)
{
	struct rung *r;

	if (!*phone || l->n == COUNT_OF(l->rung))
		return;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->rung[i].phone, phone) == 0)
			return;
	r = &l->rung[l->n++];
	utf8_copy(r->name, sizeof(r->name), name);
	utf8_copy(r->post, sizeof(r->post), post);
	utf8_copy(r->phone, sizeof(r->phone), phone);
}

static void
add_rows(struct ladder *l, struct sql *q)
{
	while (sql_row(q)) {
		char name[48], post[48];

		FIELD(name, q, 0);
		FIELD(post, q, 1);
		ladder_add(l, name, post, sql_text(q, 2));
	}
	sql_done(q);
}

static void
add_contacts(struct store *st, struct ladder *l, int64_t area, const char *place)
{
	struct sql *q =
	    sql(st, "SELECT name, post, phone FROM contact WHERE area = ?1 AND place = ?2 "
		    "AND unit IS NULL ORDER BY rank, id");

	sql_bind(q, "it", area, place);
	add_rows(l, q);
}

/* Degrees are good enough to tell which of two neighbours is nearer. */
static void
add_neighbour(struct store *st, struct ladder *l, int64_t area)
{
	struct sql *q =
	    sql(st, "SELECT u.name, u.phone FROM area a JOIN area b ON b.id <> a.id JOIN unit u ON "
		    "u.area = "
		    "b.id AND u.kind = 'township' WHERE a.id = ?1 AND u.phone IS NOT NULL ORDER BY "
		    "(a.lon - "
		    "b.lon) * (a.lon - b.lon) * 0.7 + (a.lat - b.lat) * (a.lat - b.lat) LIMIT 1");

	sql_bind(q, "i", area);
	if (sql_row(q))
		ladder_add(l, sql_text(q, 0), _("neighbour, to send somebody"), sql_text(q, 1));
	sql_done(q);
}

static void
add_police(struct store *st, struct ladder *l)
{
	struct unit_row police;

	if (resource_unit_named(st, "公安局", &police))
		ladder_add(l, police.name, _("police, to send somebody"), police.phone);
}

static void
add_officers(struct store *st, struct ladder *l, int64_t area)
{
	struct sql *q =
	    sql(st, "SELECT name, coalesce(post, ''), coalesce(phone, '') FROM person WHERE area "
		    "= ?1 AND role = ?2 AND active = 1 ORDER BY id");

	sql_bind(q, "ii", area, (int64_t)ROLE_TOWNSHIP);
	add_rows(l, q);
}

void
resource_ladder_area(struct store *st, int64_t area, struct ladder *out)
{
	struct sql *q;

	memset(out, 0, sizeof(*out));
	add_contacts(st, out, area, "");
	if (out->n == 0) {
		add_officers(st, out, area);
		q = sql(st,
		    "SELECT coalesce(lead, name), name, coalesce(phone, '') FROM unit WHERE area "
		    "= ?1 AND kind = 'township' ORDER BY id");
		sql_bind(q, "i", area);
		add_rows(out, q);
		add_police(st, out);
	}
	add_neighbour(st, out, area);
}

void
resource_ladder_place(struct store *st, const char *place, int64_t area, struct ladder *out)
{
	struct ladder township;

	memset(out, 0, sizeof(*out));
	add_contacts(st, out, area, place);
	resource_ladder_area(st, area, &township);
	for (size_t i = 0; i < township.n && i < 2; i++)
		ladder_add(
		    out, township.rung[i].name, township.rung[i].post, township.rung[i].phone);
}

void
resource_ladder_unit(struct store *st, int64_t unit, struct ladder *out)
{
	struct sql *q =
	    sql(st, "SELECT name, post, phone FROM contact WHERE unit = ?1 ORDER BY rank, id");
	struct unit_row row;

	memset(out, 0, sizeof(*out));
	sql_bind(q, "i", unit);
	add_rows(out, q);
	if (!resource_unit(st, unit, &row))
		return;
	if (strcmp(row.kind, "township") == 0 && row.area) {
		add_contacts(st, out, row.area, "");
		add_officers(st, out, row.area);
	}
	ladder_add(out, *row.lead ? row.lead : row.name, row.name, row.phone);
}

void
resource_ladder_team(struct store *st, int64_t team, struct ladder *out)
{
	struct team_row row;
	struct unit_row unit;
	struct ladder of_unit;

	memset(out, 0, sizeof(*out));
	if (!resource_team(st, team, &row))
		return;
	ladder_add(out, *row.leader ? row.leader : row.name, row.name, row.phone);
	if (!*row.unit || !resource_unit_named(st, row.unit, &unit))
		return;
	resource_ladder_unit(st, unit.id, &of_unit);
	for (size_t i = 0; i < of_unit.n; i++)
		ladder_add(out, of_unit.rung[i].name, of_unit.rung[i].post, of_unit.rung[i].phone);
}

void
resource_ladder_person(struct store *st, int64_t person, struct ladder *out)
{
	struct sql *q =
	    sql(st, "SELECT name, coalesce(post, ''), coalesce(phone, '') FROM person WHERE "
		    "id = ?1");

	memset(out, 0, sizeof(*out));
	sql_bind(q, "i", person);
	add_rows(out, q);
	q = sql(st,
	    "SELECT coalesce(u.lead, u.name), u.name, coalesce(u.phone, '') FROM person p JOIN "
	    "unit u ON u.id = p.unit WHERE p.id = ?1");
	sql_bind(q, "i", person);
	add_rows(out, q);
}
