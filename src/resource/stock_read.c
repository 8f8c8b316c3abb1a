/*
 * Stock and depots as rows. What a depot has of a class of goods is the sum of its batches less what is promised and kept; it is
 * reckoned anew each time it is asked for (stock.c says why).
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/clock.h"
#include "store/sql.h"

#include <string.h>

#define PROMISED(depot, goods)                                                                     \
	"coalesce((SELECT sum(a.quantity) FROM assignment a WHERE a.depot = " depot                \
	" AND a.goods = " goods " AND a.state NOT IN ('released', 'cancelled')), 0)"
/* The least integer is CLOCK_NONE: a batch never confirmed makes the whole never confirmed. */
#define OLDEST "min(coalesce(confirmed, -9223372036854775807 - 1))"

static void
settle(struct stock_balance *b)
{
	b->available = b->hand - b->promised - b->keep;
	if (b->available < 0)
		b->available = 0;
}

void
resource_balance(struct store *st, int64_t depot, const char *goods, struct stock_balance *out)
{
	struct sql *q = sql(st, "SELECT sum(quantity), sum(keep), " OLDEST
				", " PROMISED("?1", "?2") " FROM stock"
							  " WHERE depot = ?1 AND goods = ?2");

	memset(out, 0, sizeof(*out));
	sql_bind(q, "it", depot, goods);
	if (sql_row(q)) {
		out->hand = sql_int(q, 0);
		out->keep = sql_int(q, 1);
		out->confirmed = sql_time(q, 2);
		out->promised = sql_int(q, 3);
	}
	sql_done(q);
	settle(out);
}

#define STOCK_KEY "substr(g.initials, 1, 40) || ' ' || substr(d.initials, 1, 50)"
#define STOCK_COLUMNS                                                                              \
	"SELECT d.id, " STOCK_KEY                                                                  \
	" AS key, min(s.id) AS first, d.name, g.code, g.name, g.unit, coalesce(d.area, 0),"        \
	" coalesce(d.lon, 0), coalesce(d.lat, 0), d.load_min, coalesce(d.keeper, ''), "            \
	"coalesce(d.phone, ''),"                                                                   \
	" sum(s.quantity), sum(s.keep), " OLDEST                                                   \
	", " PROMISED("d.id", "g.code") ", count(*),"                                              \
					" coalesce(min(CASE WHEN s.quantity > 0 THEN s.expiry "    \
					"END), ''), d.short, g.aliases, g.initials, d.initials"    \
					" FROM stock s JOIN depot d ON d.id = s.depot JOIN goods " \
					"g ON g.code = s.goods"                                    \
					" WHERE (?1 = 0 OR d.area = ?1) AND (?2 IS NULL OR "       \
					"s.goods = ?2) GROUP BY s.depot, s.goods"

static void
fill_stock(struct sql *q, struct stock_row *out)
{
	memset(out, 0, sizeof(*out));
	out->depot = sql_int(q, 0);
	utf8_copy(out->key, sizeof(out->key), sql_text(q, 1));
	out->id = sql_int(q, 2);
	utf8_copy(out->depot_name, sizeof(out->depot_name), sql_text(q, 3));
	utf8_copy(out->goods, sizeof(out->goods), sql_text(q, 4));
	utf8_copy(out->goods_name, sizeof(out->goods_name), sql_text(q, 5));
	utf8_copy(out->unit, sizeof(out->unit), sql_text(q, 6));
	out->area = sql_int(q, 7);
	out->lon = sql_real(q, 8);
	out->lat = sql_real(q, 9);
	out->load_min = sql_real(q, 10);
	utf8_copy(out->keeper, sizeof(out->keeper), sql_text(q, 11));
	utf8_copy(out->phone, sizeof(out->phone), sql_text(q, 12));
	out->balance.hand = sql_int(q, 13);
	out->balance.keep = sql_int(q, 14);
	out->balance.confirmed = sql_time(q, 15);
	out->balance.promised = sql_int(q, 16);
	settle(&out->balance);
	out->batches = (int)sql_int(q, 17);
	utf8_copy(out->expiry, sizeof(out->expiry), sql_text(q, 18));
}

/* The words may mean the goods or the depot. */
static bool
wanted_stock(const struct resource_filter *f, struct sql *q)
{
	return word_score(f->words, sql_text(q, 5), NULL, sql_text(q, 20), sql_text(q, 21), NULL) >
		   0 ||
	       word_score(f->words, sql_text(q, 3), sql_text(q, 19), NULL, sql_text(q, 22),
		   sql_text(q, 12)) > 0;
}

static const char *
class_of(struct store *st, const char *said, char *code, size_t size)
{
	if (!said || !*said)
		return NULL;
	return resource_goods_named(st, said, code, size) ? code : said;
}

size_t
resource_stock(struct store *st, const struct resource_filter *f, struct stock_row *out, size_t max)
{
	struct sql *q =
	    f->page.up
		? sql(st,
		      STOCK_COLUMNS " HAVING (key, first) < (?3, ?4) ORDER BY key DESC, first DESC")
		: sql(st, STOCK_COLUMNS " HAVING (key, first) > (?3, ?4) ORDER BY key, first");
	char code[32];
	size_t n = 0;

	sql_bind(q, "itti", f->area, class_of(st, f->code, code, sizeof(code)), page_key(&f->page),
	    page_id(&f->page));
	while (n < max && sql_row(q)) {
		if (!wanted_stock(f, q))
			continue;
		fill_stock(q, &out[n]);
		n += !f->free_only || out[n].balance.available > 0;
	}
	sql_done(q);
	page_turn(&f->page, out, n, sizeof(*out));
	return n;
}

/* --- totals of a class ------------------------------------------------------------------------ */

#define GOODS_KEY "substr(g.initials, 1, 60) || ' ' || substr(g.code, 1, 31)"
#define GOODS_COLUMNS                                                                              \
	"SELECT g.code, " GOODS_KEY                                                                \
	" AS key, g.name, g.unit, g.aliases, g.initials, count(b.depot), sum(b.hand),"             \
	" sum(b.promised), sum(b.keep), sum(max(0, b.hand - b.promised - b.keep)), "               \
	"min(b.confirmed) FROM goods g LEFT JOIN"                                                  \
	" (SELECT s.goods, s.depot, sum(s.quantity) AS hand, sum(s.keep) AS keep, " OLDEST         \
	" AS confirmed,"                                                                           \
	" " PROMISED(                                                                              \
	    "s.depot", "s.goods") " AS promised FROM stock s JOIN depot d ON d.id = s.depot"       \
				  " WHERE ?1 = 0 OR d.area = ?1 GROUP BY s.goods, s.depot) b ON "  \
				  "b.goods = g.code"                                               \
				  " WHERE (?2 IS NULL OR g.code = ?2) GROUP BY g.code"

static void
fill_goods(struct sql *q, struct goods_row *out)
{
	memset(out, 0, sizeof(*out));
	utf8_copy(out->code, sizeof(out->code), sql_text(q, 0));
	utf8_copy(out->key, sizeof(out->key), sql_text(q, 1));
	utf8_copy(out->name, sizeof(out->name), sql_text(q, 2));
	utf8_copy(out->unit, sizeof(out->unit), sql_text(q, 3));
	out->depots = (int)sql_int(q, 6);
	out->balance.hand = sql_int(q, 7);
	out->balance.promised = sql_int(q, 8);
	out->balance.keep = sql_int(q, 9);
	out->balance.available = sql_int(q, 10);
	out->balance.confirmed = sql_time(q, 11);
}

size_t
resource_goods(struct store *st, const struct resource_filter *f, struct goods_row *out, size_t max)
{
	struct sql *q = f->page.up ? sql(st, GOODS_COLUMNS " HAVING key < ?3 ORDER BY key DESC")
				   : sql(st, GOODS_COLUMNS " HAVING key > ?3 ORDER BY key");
	char code[32];
	size_t n = 0;

	sql_bind(q, "itt", f->area, class_of(st, f->code, code, sizeof(code)), page_key(&f->page));
	while (n < max && sql_row(q)) {
		if (word_score(
			f->words, sql_text(q, 2), NULL, sql_text(q, 4), sql_text(q, 5), NULL) == 0)
			continue;
		fill_goods(q, &out[n]);
		n += !f->free_only || out[n].balance.available > 0;
	}
	sql_done(q);
	page_turn(&f->page, out, n, sizeof(*out));
	return n;
}

/* --- depots ----------------------------------------------------------------------------------- */

#define DEPOT_COLUMNS                                                                              \
	"SELECT d.id, d.initials, d.name, d.short, coalesce(d.unit, ''), coalesce(d.keeper, ''), " \
	"coalesce(d.phone, ''),"                                                                   \
	" coalesce(d.area, 0), coalesce(r.short, ''), coalesce(d.lon, 0), coalesce(d.lat, 0), "    \
	"d.load_min,"                                                                              \
	" (SELECT count(DISTINCT s.goods) FROM stock s WHERE s.depot = d.id)"                      \
	" FROM depot d LEFT JOIN area r ON r.id = d.area"

static void
fill_depot(struct sql *q, struct depot_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	utf8_copy(out->key, sizeof(out->key), sql_text(q, 1));
	utf8_copy(out->name, sizeof(out->name), sql_text(q, 2));
	utf8_copy(out->short_name, sizeof(out->short_name), sql_text(q, 3));
	utf8_copy(out->unit, sizeof(out->unit), sql_text(q, 4));
	utf8_copy(out->keeper, sizeof(out->keeper), sql_text(q, 5));
	utf8_copy(out->phone, sizeof(out->phone), sql_text(q, 6));
	out->area = sql_int(q, 7);
	utf8_copy(out->area_name, sizeof(out->area_name), sql_text(q, 8));
	out->lon = sql_real(q, 9);
	out->lat = sql_real(q, 10);
	out->load_min = sql_real(q, 11);
	out->classes = (int)sql_int(q, 12);
}

size_t
resource_depots(
    struct store *st, const struct resource_filter *f, struct depot_row *out, size_t max)
{
#define DEPOT_FILTER " WHERE (?1 = 0 OR d.area = ?1)"
	struct sql *q =
	    f->page.up
		? sql(st, DEPOT_COLUMNS DEPOT_FILTER
		      " AND (d.initials, d.id) < (?2, ?3) ORDER BY d.initials DESC, d.id DESC")
		: sql(st, DEPOT_COLUMNS DEPOT_FILTER
		      " AND (d.initials, d.id) > (?2, ?3) ORDER BY d.initials, d.id");
	size_t n = 0;

	sql_bind(q, "iti", f->area, page_key(&f->page), page_id(&f->page));
	while (n < max && sql_row(q))
		if (word_score(f->words, sql_text(q, 2), sql_text(q, 3), NULL, sql_text(q, 1),
			sql_text(q, 6)) > 0)
			fill_depot(q, &out[n++]);
	sql_done(q);
	page_turn(&f->page, out, n, sizeof(*out));
	return n;
}

bool
resource_depot(struct store *st, int64_t id, struct depot_row *out)
{
	struct sql *q = sql(st, DEPOT_COLUMNS " WHERE d.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_depot(q, out);
	sql_done(q);
	return found;
}
