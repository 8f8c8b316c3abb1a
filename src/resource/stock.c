/*
 * Depots 仓库 and their stock 库存, in batches of a class of goods at a depot:
 *
 *	depot  goods  batch    quantity  keep  expiry
 *	市防汛  bag    2024-04      12000  5000  2027-04
 *	市防汛  bag    2025-05      20000     0  2028-05
 *
 * A balance adds the batches up; nothing stores it, so nothing can disagree with it. What is
 * promised stands in `assignment`, which dispatch writes inside the same transaction that reads the
 * balance here: two officers cannot promise the same bag.
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MOST INT64_C(1000000000) /* of one batch; sums stay far below 2^63 */

bool
add_goods(struct row *r, struct err *err)
{
	const char *code = row_text(r, "code"), *name = row_text(r, "name"),
		   *aliases = row_text(r, "aliases");
	const char *national = row_text(r, "gbt38565");
	char initials[INITIALS];
	struct sql *q;

	if (*national && (strlen(national) != 7 || strspn(national, "0123456789") != 7))
		return err_set(err, ERR_INPUT, _("a GB/T 38565 code has 7 digits"));
	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM goods WHERE code = ?1 OR name = ?2", 0,
		    "tt", code, name),
		err))
		return false;
	row_initials(initials, name, NULL, aliases);
	q = sql(r->st, "INSERT INTO goods (code, name, unit, aliases, initials, gbt38565)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, ''))");
	sql_bind(q, "tttttt", code, name, row_text(r, "unit"), aliases, initials, national);
	return row_done(r, sql_run(q), "goods", 0, _("class of goods"), name);
}

bool
resource_goods_named(struct store *st, const char *word, char *code, size_t size)
{
	char *found = sql_one_text(st,
	    "SELECT code FROM goods WHERE code = ?1 OR name = ?1 OR"
	    " instr('|' || aliases || '|', '|' || ?1 || '|') > 0"
	    " ORDER BY code = ?1 DESC, name = ?1 DESC, rowid",
	    "t", word);

	utf8_copy(code, size, found ? found : "");
	free(found);
	return *code != '\0';
}

void
resource_class_name(struct store *st, bool skill, const char *code, char *name, size_t size,
    char *unit, size_t unit_size)
{
	struct sql *q = skill ? sql(st, "SELECT name, '' FROM skill WHERE code = ?1")
			      : sql(st, "SELECT name, unit FROM goods WHERE code = ?1");
	bool found;

	sql_bind(q, "t", code);
	found = sql_row(q);
	utf8_copy(name, size, found ? sql_text(q, 0) : code);
	if (unit)
		utf8_copy(unit, unit_size, found ? sql_text(q, 1) : "");
	sql_done(q);
}

static bool
goods_of(struct store *st, const char *said, char *code, size_t size, struct err *err)
{
	if (resource_goods_named(st, said, code, size))
		return true;
	return err_set(err, ERR_NOT_FOUND, _("no class of goods is called \"%s\""), said);
}

bool
add_depot(struct row *r, struct err *err)
{
	const char *name = row_text(r, "name"), *short_name = row_text(r, "short");
	double lon, lat, load = row_has(r, "load_min") ? row_real(r, "load_min") : 20;
	char initials[INITIALS];
	int64_t area, id;

	if (!row_name_free(name,
		sql_one_int(r->st, "SELECT count(*) FROM depot WHERE name = ?1 AND id <> ?2", 0,
		    "ti", name, r->id),
		err) ||
	    !row_position(r, &lon, &lat, err) || !row_area(r, &area, err))
		return false;
	if (!(load >= 0 && load <= 1440))
		return err_set(err, ERR_INPUT, _("minutes to load: 0 to 1440"));
	row_initials(initials, name, short_name, NULL);
	id = row_id(r);
	struct sql *q = sql(r->st,
	    "INSERT INTO depot (id, name, short, initials, unit, area, lon, lat, keeper, phone, "
	    "load_min)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), nullif(?8, 0), ?9, ?10, ?11)"
	    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, short = "
	    "excluded.short, initials = excluded.initials, unit = excluded.unit, area = "
	    "excluded.area, lon = excluded.lon, lat = excluded.lat, keeper = "
	    "excluded.keeper, phone = excluded.phone, load_min = excluded.load_min");
	sql_bind(q, "ittttzrrttr", id, name, *short_name ? short_name : name, initials,
	    row_text(r, "unit"), area, lon, lat, row_text(r, "keeper"), row_text(r, "phone"), load);
	return row_done(r, sql_run(q), "depot", id, _("depot"), name);
}

/* --- the ledger ------------------------------------------------------------------------------- */

struct entry {
	int64_t depot, area;
	char depot_name[96], goods[32], name[64], unit[16];
};

/* Who and what an entry is about; refuses a township at another's depot. */
static bool
entry_of(struct verb_call *call, int64_t depot, const char *goods, struct entry *e, struct err *err)
{
	struct store *st = call_store(call);
	struct sql *q = sql(st, "SELECT name, coalesce(area, 0) FROM depot WHERE id = ?1");
	bool found;

	e->depot = depot;
	sql_bind(q, "i", depot);
	found = sql_row(q);
	if (found) {
		utf8_copy(e->depot_name, sizeof(e->depot_name), sql_text(q, 0));
		e->area = sql_int(q, 1);
	}
	sql_done(q);
	if (!found)
		return err_set(err, ERR_NOT_FOUND, _("there is no such depot"));
	if (!goods_of(st, goods, e->goods, sizeof(e->goods), err))
		return false;
	resource_class_name(
	    st, false, e->goods, e->name, sizeof(e->name), e->unit, sizeof(e->unit));
	return call_touch_area(call, e->area ? e->area : store_area(st), err);
}

static bool
good_expiry(const char *expiry, struct err *err)
{
	int64_t t;

	if (!*expiry || (strlen(expiry) == 10 && clock_parse(expiry, 0, &t)))
		return true;
	return err_set(err, ERR_INPUT, _("expiry \"%s\" is not a date (2027-04-30)"), expiry);
}

/* Add to a batch, or begin it. keep < 0, expiry "" and confirmed CLOCK_NONE leave what an old batch
 * has. */
static bool
put_batch(struct store *st, int64_t id, const struct entry *e, const char *batch, int64_t quantity,
    int64_t keep, const char *expiry, int64_t confirmed)
{
	struct sql *q =
	    sql(st, "INSERT INTO stock (id, depot, goods, batch, quantity, keep, expiry, confirmed)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, max(?6, 0), nullif(?7, ''), ?8)"
		    " ON CONFLICT (depot, goods, batch) DO UPDATE SET quantity = quantity + "
		    "excluded.quantity,"
		    " keep = CASE WHEN ?6 < 0 THEN keep ELSE ?6 END, expiry = "
		    "coalesce(excluded.expiry, expiry),"
		    " confirmed = coalesce(excluded.confirmed, confirmed)");

	sql_bind(q, "iittiitc", id, e->depot, e->goods, batch, quantity, keep, expiry, confirmed);
	return sql_run(q);
}

/* What is promised to incidents must stay on hand when a batch goes from `old` to `counted`. */
static bool
covers_promises(
    struct store *st, const struct entry *e, int64_t old, int64_t counted, struct err *err)
{
	struct stock_balance b;

	resource_balance(st, e->depot, e->goods, &b);
	if (b.hand - old + counted >= b.promised)
		return true;
	return err_set(err, ERR_REFUSED,
	    _("%" PRId64 " %s of %s are promised to incidents: release or change those first"),
	    b.promised, e->unit, e->name);
}

/* The batch of a ledger that was imported once takes what the ledger says now. */
static bool
set_batch(const struct row *r, const struct entry *e, int64_t quantity, struct err *err)
{
	int64_t old = sql_one_int(r->st, "SELECT quantity FROM stock WHERE id = ?1", 0, "i", r->id);
	struct sql *q;

	if (quantity < old && !covers_promises(r->st, e, old, quantity, err))
		return false;
	q = sql(r->st, "UPDATE stock SET quantity = ?2, keep = ?3, expiry = nullif(?4, ''),"
		       " confirmed = ?5 WHERE id = ?1");
	sql_bind(q, "iiitc", r->id, quantity, row_int(r, "keep"), row_text(r, "expiry"),
	    row_has(r, "confirmed") ? row_time(r, "confirmed") : call_now(r->call));
	return sql_run(q);
}

bool
add_stock(struct row *r, struct err *err)
{
	int64_t quantity = row_int(r, "quantity"),
		keep = row_has(r, "keep") ? row_int(r, "keep") : -1;
	const char *expiry = row_text(r, "expiry"), *batch = row_text(r, "batch");
	struct stock_balance now;
	struct entry e;

	if (!entry_of(r->call, row_int(r, "depot"), row_text(r, "goods"), &e, err) ||
	    !good_expiry(expiry, err))
		return false;
	/* A ledger has lines of what is used up; a delivery of nothing is none. */
	if (quantity > MOST || keep > MOST || (quantity < 1 && !r->values))
		return err_set(err, ERR_INPUT, _("the quantity is 1 to %" PRId64), MOST);
	if (r->id)
		return set_batch(r, &e, quantity, err);
	if (!put_batch(r->st, row_id(r), &e, batch, quantity, keep, expiry,
		row_has(r, "confirmed") ? row_time(r, "confirmed") : call_now(r->call)))
		return false;
	if (r->values)
		return true;
	resource_balance(r->st, e.depot, e.goods, &now);
	call_subject(r->call, "depot", e.depot);
	call_say(r->call, _("%s takes in %s %" PRId64 " %s, now %" PRId64), e.depot_name, e.name,
	    quantity, e.unit, now.hand);
	return true;
}

bool
run_stock_count(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t counted = call_int(call, "quantity"), old;
	const char *batch = call_text(call, "batch");
	struct entry e;
	struct sql *q;

	if (!entry_of(call, call_int(call, "depot"), call_text(call, "goods"), &e, err))
		return false;
	if (counted > MOST)
		return err_set(err, ERR_INPUT, _("the quantity is 0 to %" PRId64), MOST);
	old = sql_one_int(st,
	    "SELECT quantity FROM stock WHERE depot = ?1 AND goods = ?2 AND batch = ?3", -1, "itt",
	    e.depot, e.goods, batch);
	if (old < 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("%s has no batch \"%s\" of %s; a delivery is stock.add"), e.depot_name, batch,
		    e.name);
	if (!covers_promises(st, &e, old, counted, err))
		return false;
	q = sql(st, "UPDATE stock SET quantity = ?4, confirmed = ?5 WHERE depot = ?1 AND goods = "
		    "?2 AND batch = ?3");
	sql_bind(q, "ittii", e.depot, e.goods, batch, counted, call_now(call));
	if (!sql_run(q))
		return false;
	call_subject(call, "depot", e.depot);
	call_say(call, _("%s counted: %s %" PRId64 " %s (was %" PRId64 "), %s"), e.depot_name,
	    e.name, counted, e.unit, old, call_text(call, "why"));
	return true;
}

struct batch {
	int64_t id, quantity, confirmed;
	char name[64], expiry[16];
};

/* The batches with something in them, what expires first at the front. */
static size_t
batches_of(struct store *st, int64_t depot, const char *goods, struct batch *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT id, quantity, confirmed, batch, coalesce(expiry, '') FROM stock"
		    " WHERE depot = ?1 AND goods = ?2 AND quantity > 0 ORDER BY expiry IS NULL, "
		    "expiry, batch, id");
	size_t n = 0;

	sql_bind(q, "it", depot, goods);
	while (n < max && sql_row(q)) {
		out[n].id = sql_int(q, 0);
		out[n].quantity = sql_int(q, 1);
		out[n].confirmed = sql_time(q, 2);
		utf8_copy(out[n].name, sizeof(out[n].name), sql_text(q, 3));
		utf8_copy(out[n++].expiry, sizeof(out->expiry), sql_text(q, 4));
	}
	sql_done(q);
	return n;
}

/* Take `quantity` out of the batches, what expires first at the front; into `to` when there is one.
 */
static bool
draw(struct store *st, int64_t depot, const char *goods, int64_t quantity, const struct entry *to)
{
	struct batch batches[256];
	size_t n = batches_of(st, depot, goods, batches, COUNT_OF(batches));

	for (size_t i = 0; i < n && quantity > 0; i++) {
		int64_t part = batches[i].quantity < quantity ? batches[i].quantity : quantity;
		struct sql *q = sql(st, "UPDATE stock SET quantity = quantity - ?2 WHERE id = ?1");

		sql_bind(q, "ii", batches[i].id, part);
		if (!sql_run(q))
			return false;
		if (to && !put_batch(st, store_new_id(st), to, batches[i].name, part, -1,
			      batches[i].expiry, batches[i].confirmed))
			return false;
		quantity -= part;
	}
	return quantity == 0;
}

bool
run_stock_move(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t quantity = call_int(call, "quantity");
	struct stock_balance b;
	struct entry from, to;

	if (!entry_of(call, call_int(call, "from"), call_text(call, "goods"), &from, err) ||
	    !entry_of(call, call_int(call, "to"), call_text(call, "goods"), &to, err))
		return false;
	if (from.depot == to.depot)
		return err_set(err, ERR_INPUT, _("from and to are the same depot"));
	if (quantity < 1)
		return err_set(err, ERR_INPUT, _("the quantity is 1 to %" PRId64), MOST);
	resource_balance(st, from.depot, from.goods, &b);
	if (quantity > b.available)
		return err_set(err, ERR_REFUSED,
		    _("%s can give %" PRId64 " %s of %s: %" PRId64 " on hand, %" PRId64
		      " promised, %" PRId64 " kept back"),
		    from.depot_name, b.available, from.unit, from.name, b.hand, b.promised, b.keep);
	if (!draw(st, from.depot, from.goods, quantity, &to))
		return err_set(err, ERR_STATE,
		    _("%s has too many batches of %s: count them together first"), from.depot_name,
		    from.name);
	call_subject(call, "depot", from.depot);
	call_say(call, _("%s %" PRId64 " %s moved from %s to %s: %s"), from.name, quantity,
	    from.unit, from.depot_name, to.depot_name, call_text(call, "why"));
	return true;
}

bool
resource_use_up(
    struct verb_call *call, int64_t depot, const char *goods, int64_t quantity, struct err *err)
{
	struct stock_balance b;

	if (quantity < 0)
		return err_set(err, ERR_INPUT, _("the quantity is 0 to %" PRId64), MOST);
	resource_balance(call_store(call), depot, goods, &b);
	if (quantity > b.hand)
		return err_set(err, ERR_REFUSED, _("only %" PRId64 " are on hand there"), b.hand);
	if (!draw(call_store(call), depot, goods, quantity, NULL))
		return err_set(err, ERR_STATE,
		    _("the depot has too many batches of this: count them together first"));
	return true;
}
