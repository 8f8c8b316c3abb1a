/* The work: forces, tasks, what comes next, how it ended. */
#include "report/inside.h"

#include <string.h>

/* --- the work -------------------------------------------------------------------------------- */

/* Six names at most, then how many in all. */
#define NAMES_MAX 6

/* Teams under way or there. */
static void
add_teams(const struct record *r, struct value *v)
{
	struct sql *q = sql(r->st, "SELECT t.name, a.journal FROM assignment a JOIN team t ON t.id "
				   "= a.team WHERE a.incident = ?1"
				   " AND a.state IN ('dispatched', 'enroute', 'onscene') AND "
				   "a.journal > ?2 ORDER BY a.id");
	size_t n = 0;

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q)) {
		if (n < NAMES_MAX)
			buf_printf(&v->text, "%s%s", n ? "、" : "已调派", sql_text(q, 0));
		n++;
		value_source(v, sql_int(q, 1));
	}
	if (n > NAMES_MAX)
		buf_printf(&v->text, "等%zu支救援力量", n);
	if (n)
		buf_add(&v->text, "。");
}

/* Goods sent, by depot. */
static void
add_goods(const struct record *r, struct value *v)
{
	struct sql *q = sql(r->st, "SELECT d.name, g.name, a.quantity, g.unit, a.journal FROM "
				   "assignment a JOIN depot d ON d.id = a.depot"
				   " JOIN goods g ON g.code = a.goods WHERE a.incident = ?1"
				   " AND a.state IN ('dispatched', 'enroute', 'onscene') AND "
				   "a.journal > ?2 ORDER BY d.id, a.id");
	char depot[96] = "";
	size_t n = 0;

	sql_bind(q, "ii", r->incident, r->base);
	while (sql_row(q)) {
		if (strcmp(depot, sql_text(q, 0)) != 0) {
			utf8_copy(depot, sizeof(depot), sql_text(q, 0));
			buf_printf(&v->text, "%s从%s调拨", n ? "，" : "已", depot);
		} else {
			buf_add(&v->text, "、");
		}
		buf_printf(
		    &v->text, "%s%lld%s", sql_text(q, 1), (long long)sql_int(q, 2), sql_text(q, 3));
		n++;
		value_source(v, sql_int(q, 4));
	}
	if (n)
		buf_add(&v->text, "。");
}

static void
add_tasks(const struct record *r, struct value *v)
{
	struct sql *q = sql(r->st,
	    "SELECT count(*), ifnull(sum(acked IS NOT NULL), 0), max(journal), count(DISTINCT "
	    "dest) FROM orders"
	    " WHERE incident = ?1 AND task IS NOT NULL AND state <> 'withdrawn' AND journal > ?2");

	sql_bind(q, "ii", r->incident, r->base);
	if (sql_row(q) && sql_int(q, 0) > 0) {
		buf_printf(&v->text, "已按预案向%lld个单位下达任务%lld项，签收%lld项。",
		    (long long)sql_int(q, 3), (long long)sql_int(q, 0), (long long)sql_int(q, 1));
		value_source(v, sql_int(q, 2));
	}
	sql_done(q);
}

bool
value_forces(const struct record *r, struct value *v)
{
	add_teams(r, v);
	add_goods(r, v);
	add_tasks(r, v);
	return v->text.size > 0;
}

bool
value_next(const struct record *r, struct value *v)
{
	int64_t open = sql_one_int(r->st,
	    "SELECT count(*) FROM orders WHERE incident = ?1 AND state NOT IN ('done', "
	    "'withdrawn')",
	    0, "i", r->incident);

	buf_printf(&v->text, "下一步，%s应急管理局将", r->county ? r->county : "");
	if (open)
		buf_printf(&v->text, "督促落实已下达的%lld项指令，", (long long)open);
	buf_add(&v->text, "密切跟踪处置进展，有关情况及时续报。");
	return true;
}

bool
value_ended(const struct record *r, struct value *v)
{
	struct sql *q = sql(r->st, "SELECT id, at, json_extract(args, '$.why') FROM journal WHERE "
				   "incident = ?1 AND verb = 'incident.end'"
				   " AND id > ?2 ORDER BY id DESC LIMIT 1");
	bool found;

	sql_bind(q, "ii", r->incident, r->base);
	found = sql_row(q) && (strcmp(r->full.row.state, "ended") == 0 ||
				  strcmp(r->full.row.state, "closed") == 0);
	if (found) {
		chinese_time(&v->text, sql_time(q, 1));
		buf_printf(&v->text, "，现场处置结束：%s。", sql_text(q, 2));
		value_source(v, sql_int(q, 0));
	}
	sql_done(q);
	return found;
}
