/*
 * The kinds of things this room owns, for command lines: one statement a kind gives
 *
 *	id, word to type, name, short name, aliases, initials, digits, area, label
 *
 * and word_score ranks them. The tables hold hundreds of rows, places a few thousand: reading them
 * whole takes less than a millisecond or two, and no index serves "part of a name or of its
 * initials".
 */
#include "resource/row.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "store/sql.h"
#include "store/verb.h"

#include <string.h>

/* own: a township actor sees only what lies in their area. */
static size_t
find_rows(struct sql *q, bool own, const struct actor *actor, const char *word, struct thing *out,
    size_t max)
{
	bool township = own && actor && actor->role == ROLE_TOWNSHIP;
	size_t n = 0;

	while (sql_row(q)) {
		struct thing t;

		if (township && sql_int(q, 7) != actor->area)
			continue;
		t.score = word_score(word, sql_text(q, 2), sql_text(q, 3), sql_text(q, 4),
		    sql_text(q, 5), sql_text(q, 6));
		if (t.score == 0)
			continue;
		t.id = sql_int(q, 0);
		utf8_copy(t.word, sizeof(t.word), sql_text(q, 1));
		utf8_copy(t.label, sizeof(t.label), sql_text(q, 8));
		n = thing_keep(out, n, max, &t);
	}
	sql_done(q);
	return n;
}

/* name_find and name_label from two statements. */
#define KIND(name, own, find_sql, label_sql)                                                       \
	static size_t name##_find(struct store *st, const struct actor *actor, const char *word,   \
	    struct thing *out, size_t max)                                                         \
	{                                                                                          \
		return find_rows(sql(st, find_sql), own, actor, word, out, max);                   \
	}                                                                                          \
	static bool name##_label(struct store *st, int64_t id, char *out, size_t size)             \
	{                                                                                          \
		return thing_label_from(st, label_sql, id, out, size);                             \
	}

KIND(area, false,
    "SELECT id, short, name, short, '', initials, CAST(id AS TEXT), id, name FROM area ORDER BY id",
    "SELECT short FROM area WHERE id = ?1")
KIND(unit, false,
    "SELECT id, short, name, short, aliases, initials, coalesce(phone, ''), coalesce(area, 0),"
    " name || ' ' || coalesce(phone, '') FROM unit ORDER BY kind = 'upper', kind = 'neighbour', "
    "initials, id",
    "SELECT name FROM unit WHERE id = ?1")
KIND(person, true,
    "SELECT p.id, p.name, p.name, NULL, '', p.initials, coalesce(p.phone, ''), p.area,"
    " trim(coalesce(u.short, '') || ' ' || coalesce(p.post, '') || ' ' || coalesce(p.phone, ''))"
    " FROM person p LEFT JOIN unit u ON u.id = p.unit WHERE p.active = 1 ORDER BY p.id",
    "SELECT name FROM person WHERE id = ?1")
KIND(place, false,
    "SELECT p.id, p.name, p.name, NULL, p.aliases, p.initials, coalesce(p.code, ''), "
    "coalesce(p.area, 0),"
    " coalesce(a.short, '') || ' ' || p.kind FROM place p LEFT JOIN area a ON a.id = p.area ORDER "
    "BY p.initials, p.id",
    "SELECT name FROM place WHERE id = ?1")
KIND(team, true,
    "SELECT t.id, t.short, t.name, t.short, '', t.initials, coalesce(t.phone, ''), "
    "coalesce(t.area, 0),"
    " t.name || ' ' || t.class FROM team t ORDER BY t.state = 'off', t.id",
    "SELECT name FROM team WHERE id = ?1")
KIND(depot, true,
    "SELECT d.id, d.short, d.name, d.short, '', d.initials, coalesce(d.phone, ''), "
    "coalesce(d.area, 0),"
    " d.name || ' ' || coalesce(d.keeper, '') FROM depot d ORDER BY d.id",
    "SELECT name FROM depot WHERE id = ?1")
KIND(skill, false, "SELECT rowid, name, name, code, '', '', '', 0, code FROM skill ORDER BY rowid",
    "SELECT name FROM skill WHERE rowid = ?1")
KIND(goods, false,
    "SELECT rowid, name, name, code, aliases, initials, coalesce(gbt38565, ''), 0, code || ' ' || "
    "unit FROM goods ORDER BY rowid",
    "SELECT name FROM goods WHERE rowid = ?1")
KIND(equipment, true,
    "SELECT id, name, name, kind, '', initials, coalesce(phone, ''), coalesce(area, 0), kind || ' "
    "' || coalesce(holder, '')"
    " FROM equipment ORDER BY initials, id",
    "SELECT name FROM equipment WHERE id = ?1")
KIND(expert, false,
    "SELECT id, name, name, field, '', initials, coalesce(phone, ''), 0, field || ' ' || "
    "coalesce(unit, '')"
    " FROM expert ORDER BY initials, id",
    "SELECT name FROM expert WHERE id = ?1")
KIND(shelter, true,
    "SELECT id, name, name, NULL, '', initials, coalesce(phone, ''), coalesce(area, 0), inside || "
    "'/' || capacity"
    " FROM shelter ORDER BY initials, id",
    "SELECT name FROM shelter WHERE id = ?1")
KIND(hospital, false,
    "SELECT id, name, name, NULL, '', initials, coalesce(phone, ''), coalesce(area, 0), "
    "coalesce(level, '')"
    " FROM hospital ORDER BY initials, id",
    "SELECT name FROM hospital WHERE id = ?1")
KIND(enterprise, false,
    "SELECT id, name, name, NULL, '', initials, coalesce(phone, ''), coalesce(area, 0), "
    "coalesce(trade, '')"
    " FROM enterprise ORDER BY initials, id",
    "SELECT name FROM enterprise WHERE id = ?1")

#define ROW(name, label)                                                                           \
	{                                                                                          \
#name, label, name##_find, name##_label                                            \
	}
static const struct thing_kind kinds[] = {
    ROW(area, N_("area")),
    ROW(unit, N_("unit")),
    ROW(person, N_("person")),
    ROW(place, N_("place")),
    ROW(team, N_("team")),
    ROW(depot, N_("depot")),
    ROW(skill, N_("skill")),
    ROW(goods, N_("class of goods")),
    ROW(equipment, N_("equipment")),
    ROW(expert, N_("expert")),
    ROW(shelter, N_("shelter")),
    ROW(hospital, N_("hospital")),
    ROW(enterprise, N_("enterprise")),
};

void
things_register(struct store *st)
{
	thing_register(st, kinds, COUNT_OF(kinds));
}
