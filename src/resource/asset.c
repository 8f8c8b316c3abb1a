/* Equipment, experts, hospitals, enterprises: who and what can be asked for beside teams and stock.
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "store/sql.h"

#include <string.h>

bool
add_equipment(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *holder = row_text(r, "holder");
	char initials[INITIALS];
	int64_t area, id, quantity = row_has(r, "quantity") ? row_int(r, "quantity") : 1, same;

	same = sql_one_int(r->st,
	    "SELECT count(*) FROM equipment WHERE name = ?1 AND coalesce(holder, '') = ?2 AND id "
	    "<> ?3",
	    0, "tti", name, holder, r->id);
	if (!row_name_free(name, same, err) || !row_area(r, &area, err))
		return false;
	row_initials(initials, name, NULL, NULL);
	id = row_id(r);
	struct sql *q = sql(r->st,
	    "INSERT INTO equipment (id, name, initials, kind, holder, area, quantity, phone, note)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = "
	    "excluded.initials, kind = excluded.kind, holder = excluded.holder, area = "
	    "excluded.area, quantity = excluded.quantity, phone = excluded.phone, note = "
	    "excluded.note");
	sql_bind(q, "ittttzitt", id, name, initials, row_text(r, "kind"), holder, area, quantity,
	    row_text(r, "phone"), row_text(r, "note"));
	return row_done(r, sql_run(q), "equipment", id, _("equipment"), name);
}

bool
add_expert(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *phone = row_text(r, "phone");
	char initials[INITIALS];
	int64_t id, same;

	same = sql_one_int(r->st,
	    "SELECT count(*) FROM expert WHERE name = ?1 AND coalesce(phone, '') = ?2 AND id <> ?3",
	    0, "tti", name, phone, r->id);
	if (!row_name_free(name, same, err))
		return false;
	row_initials(initials, name, NULL, NULL);
	id = row_id(r);
	struct sql *q =
	    sql(r->st, "INSERT INTO expert (id, name, initials, field, title, unit, phone, place)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		       " ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = "
		       "excluded.initials, field = excluded.field, title = excluded.title, unit = "
		       "excluded.unit, phone = excluded.phone, place = excluded.place");
	sql_bind(q, "ittttttt", id, name, initials, row_text(r, "field"), row_text(r, "title"),
	    row_text(r, "unit"), phone, row_text(r, "place"));
	return row_done(r, sql_run(q), "expert", id, _("expert"), name);
}

bool
add_hospital(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name");
	char initials[INITIALS];
	double lon, lat;
	int64_t area, id;

	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM hospital WHERE name = ?1 AND id <> ?2", 0,
		    "ti", name, r->id),
		err) ||
	    !row_position(r, &lon, &lat, err) || !row_area(r, &area, err))
		return false;
	row_initials(initials, name, NULL, NULL);
	id = row_id(r);
	struct sql *q =
	    sql(r->st, "INSERT INTO hospital (id, name, initials, area, lon, lat, "
		       "level, beds, icu, ambulances,"
		       " skills, phone) VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), "
		       "nullif(?6, 0), ?7, ?8, ?9, ?10, ?11, ?12)"
		       " ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = "
		       "excluded.initials, area = excluded.area, lon = excluded.lon, lat = "
		       "excluded.lat, level = excluded.level, beds = excluded.beds, icu = "
		       "excluded.icu, ambulances = excluded.ambulances, skills = excluded.skills, "
		       "phone = excluded.phone");
	sql_bind(q, "ittzrrtiiitt", id, name, initials, area, lon, lat, row_text(r, "level"),
	    row_int(r, "beds"), row_int(r, "icu"), row_int(r, "ambulances"), row_text(r, "skills"),
	    row_text(r, "phone"));
	return row_done(r, sql_run(q), "hospital", id, _("hospital"), name);
}

/*
 * GB 32100-2015: 18 characters, the last a check digit: C = 31 - (sum of value(i) * 3^(i-1) mod 31)
 * mod 31.
 */
static bool
good_uscc(const char *code)
{
	static const char digits[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	unsigned sum = 0, weight = 1, last;
	const char *p;

	if (strlen(code) != 18)
		return false;
	for (int i = 0; i < 17; i++, weight = weight * 3 % 31) {
		p = strchr(digits, code[i]);
		if (!p)
			return false;
		sum += (unsigned)(p - digits) * weight;
	}
	last = (31 - sum % 31) % 31;
	return code[17] == digits[last];
}

bool
add_enterprise(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *uscc = row_text(r, "uscc");
	char initials[INITIALS];
	double lon, lat;
	int64_t area, id;

	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM enterprise WHERE name = ?1 AND id <> ?2",
		    0, "ti", name, r->id),
		err) ||
	    !row_position(r, &lon, &lat, err) || !row_area(r, &area, err))
		return false;
	if (*uscc && !good_uscc(uscc))
		return err_set(err, ERR_INPUT,
		    _("%s is no unified credit code: 18 characters, the last one a check digit"),
		    uscc);
	if (row_has(r, "hazard_level") &&
	    (row_int(r, "hazard_level") < 1 || row_int(r, "hazard_level") > 4))
		return err_set(err, ERR_INPUT, _("the level of a major hazard is 1 to 4"));
	row_initials(initials, name, NULL, NULL);
	id = row_id(r);
	struct sql *q = sql(r->st,
	    "INSERT INTO enterprise (id, name, initials, area, lon, lat, "
	    "trade, hazard_level, r_value,"
	    " substances, chief, phone, uscc) VALUES (?1, ?2, ?3, ?4, "
	    "nullif(?5, 0), nullif(?6, 0), ?7, ?8,"
	    " nullif(?9, 0), ?10, ?11, ?12, nullif(?13, ''))"
	    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, initials = "
	    "excluded.initials, area = excluded.area, lon = excluded.lon, lat = "
	    "excluded.lat, trade = excluded.trade, hazard_level = excluded.hazard_level, "
	    "r_value = excluded.r_value, substances = excluded.substances, chief = "
	    "excluded.chief, phone = excluded.phone, uscc = excluded.uscc");
	sql_bind(q, "ittzrrtzrtttt", id, name, initials, area, lon, lat, row_text(r, "trade"),
	    row_int(r, "hazard_level"), row_real(r, "r_value"), row_text(r, "substances"),
	    row_text(r, "chief"), row_text(r, "phone"), uscc);
	return row_done(r, sql_run(q), "enterprise", id, _("enterprise"), name);
}

/* --- reads ------------------------------------------------------------------------------------ */

/* Columns of each: id, key, name, kind, holder, phone, area, lon, lat, then four of its own. */
static struct sql *
asset_query(struct store *st, enum resource_kind kind, bool up)
{
#define AREA " WHERE (?1 = 0 OR area = ?1)"
#define PAGE " AND (initials, id) > (?2, ?3) ORDER BY initials, id"
#define PAGE_UP " AND (initials, id) < (?2, ?3) ORDER BY initials DESC, id DESC"
#define HOSPITAL                                                                                   \
	"SELECT id, initials, name, coalesce(level, ''), '', coalesce(phone, ''), coalesce(area, " \
	"0), coalesce(lon, 0),"                                                                    \
	" coalesce(lat, 0), coalesce(beds, 0), coalesce(icu, 0), coalesce(ambulances, 0), "        \
	"coalesce(skills, '') FROM hospital" AREA
/* Experts have no area: they belong to the whole county. */
#define EXPERT                                                                                     \
	"SELECT id, initials, name, field, coalesce(unit, ''), coalesce(phone, ''), 0, 0.0, 0.0, " \
	"coalesce(title, ''),"                                                                     \
	" coalesce(place, '') FROM expert WHERE ?1 = ?1"
#define EQUIPMENT                                                                                  \
	"SELECT id, initials, name, kind, coalesce(holder, ''), coalesce(phone, ''), "             \
	"coalesce(area, 0), 0.0, 0.0, quantity,"                                                   \
	" coalesce(note, '') FROM equipment" AREA
#define ENTERPRISE                                                                                 \
	"SELECT id, initials, name, coalesce(trade, ''), coalesce(chief, ''), coalesce(phone, "    \
	"''), coalesce(area, 0),"                                                                  \
	" coalesce(lon, 0), coalesce(lat, 0), coalesce(hazard_level, 0), coalesce(r_value, 0), "   \
	"coalesce(substances, '')"                                                                 \
	" FROM enterprise" AREA
	switch (kind) {
	case RESOURCE_HOSPITAL:
		return up ? sql(st, HOSPITAL PAGE_UP) : sql(st, HOSPITAL PAGE);
	case RESOURCE_EXPERT:
		return up ? sql(st, EXPERT PAGE_UP) : sql(st, EXPERT PAGE);
	case RESOURCE_EQUIPMENT:
		return up ? sql(st, EQUIPMENT PAGE_UP) : sql(st, EQUIPMENT PAGE);
	default:
		return up ? sql(st, ENTERPRISE PAGE_UP) : sql(st, ENTERPRISE PAGE);
	}
}

static const char *
hazard_label(int64_t level)
{
	switch (level) {
	case 1:
		return _("major hazard level 1");
	case 2:
		return _("major hazard level 2");
	case 3:
		return _("major hazard level 3");
	default:
		return _("major hazard level 4");
	}
}

static void
detail(struct sql *q, enum resource_kind kind, struct buf *b)
{
	switch (kind) {
	case RESOURCE_HOSPITAL:
		buf_printf(b, _("beds %d, ICU %d, ambulances %d"), (int)sql_int(q, 9),
		    (int)sql_int(q, 10), (int)sql_int(q, 11));
		buf_printf(b, "%s%s", *sql_text(q, 12) ? " " : "", sql_text(q, 12));
		break;
	case RESOURCE_EXPERT:
		buf_printf(b, "%s %s", sql_text(q, 9), sql_text(q, 10));
		break;
	case RESOURCE_EQUIPMENT:
		buf_printf(b, _("quantity %d"), (int)sql_int(q, 9));
		buf_printf(b, "%s%s", *sql_text(q, 10) ? " " : "", sql_text(q, 10));
		break;
	default:
		if (sql_int(q, 9))
			buf_printf(b, "%s R=%g ", hazard_label(sql_int(q, 9)), sql_real(q, 10));
		buf_add(b, sql_text(q, 11));
	}
}

static void
fill_asset(struct sql *q, enum resource_kind kind, struct asset_row *out)
{
	struct buf b = BUF_MAX(1024);

	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	utf8_copy(out->key, sizeof(out->key), sql_text(q, 1));
	utf8_copy(out->name, sizeof(out->name), sql_text(q, 2));
	utf8_copy(out->kind, sizeof(out->kind), sql_text(q, 3));
	utf8_copy(out->holder, sizeof(out->holder), sql_text(q, 4));
	utf8_copy(out->phone, sizeof(out->phone), sql_text(q, 5));
	out->area = sql_int(q, 6);
	out->lon = sql_real(q, 7);
	out->lat = sql_real(q, 8);
	detail(q, kind, &b);
	utf8_copy(out->detail, sizeof(out->detail), buf_str(&b));
	buf_clear(&b);
}

/* The words may mean the name, or part of the kind: 烧伤, 液氨, 堤防. */
static bool
wanted(const struct resource_filter *f, struct sql *q, enum resource_kind kind)
{
	if (word_score(f->words, sql_text(q, 2), NULL, NULL, sql_text(q, 1), sql_text(q, 5)) > 0)
		return true;
	return strstr(sql_text(q, 3), f->words) || strstr(sql_text(q, 4), f->words) ||
	       (kind == RESOURCE_HOSPITAL && strstr(sql_text(q, 12), f->words)) ||
	       (kind == RESOURCE_ENTERPRISE && strstr(sql_text(q, 11), f->words));
}

size_t
resource_assets(struct store *st, enum resource_kind kind, const struct resource_filter *f,
    struct asset_row *out, size_t max)
{
	struct sql *q = asset_query(st, kind, f->page.up);
	size_t n = 0;

	sql_bind(q, "iti", f->area, page_key(&f->page), page_id(&f->page));
	while (n < max && sql_row(q))
		if (wanted(f, q, kind))
			fill_asset(q, kind, &out[n++]);
	sql_done(q);
	page_turn(&f->page, out, n, sizeof(*out));
	return n;
}
