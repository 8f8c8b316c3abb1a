/* Reading orders: windows for lists, one order with its history, counts for the header, labels. */
#include "dispatch/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What limit runs now. A reported order waits for its check: the owner's limit is met. */
#define UNACKED "o.state IN ('issued', 'delivered')"
#define DUE                                                                                        \
	"CASE WHEN " UNACKED                                                                       \
	" THEN o.ack_due WHEN o.state IN ('acked', 'running') THEN o.finish_due END"
#define OPEN "o.state NOT IN ('done', 'withdrawn')"

#define COLUMNS                                                                                    \
	"SELECT o.id, o.year, o.number, coalesce(o.incident, 0), coalesce(o.response, 0),"         \
	" coalesce(o.unit, 0), coalesce(o.team, 0), coalesce(o.area, 0), i.number, o.kind, "       \
	"o.state, o.dest,"                                                                         \
	" coalesce(o.person, ''), coalesce(o.phone, ''), o.content, o.issued, o.ack_due, o.acked," \
	" o.finish_due, o.finished, " DUE ","                                                      \
	" (SELECT count(*) FROM order_entry e WHERE e.ordr = o.id AND e.kind = 'remind' "          \
	"AND e.id > coalesce((SELECT max(h.id) FROM order_entry h WHERE h.ordr = o.id AND "        \
	"h.kind = 'handed'), 0)), o.chase, o.chase_due, coalesce(o.chase_who, ''), "               \
	"coalesce(o.chase_phone, '')"                                                              \
	" FROM orders o LEFT JOIN incident i ON i.id = o.incident"

/* ?1 response ?2 unit ?3 team ?4 area ?5 open ?6 unacked ?7 overdue ?8 now; ?9, ?10 are the page's,
 * ?11 the incident. */
#define FILTER                                                                                     \
	" (?1 = 0 OR o.response = ?1) AND (?2 = 0 OR o.unit = ?2) AND (?3 = 0 OR o.team = ?3)"     \
	" AND (?4 = 0 OR o.area = ?4) AND (?5 = 0 OR " OPEN ") AND (?6 = 0 OR " UNACKED ")"        \
	" AND (?7 = 0 OR " DUE " < ?8)"

static void
fill_row(struct sql *q, int64_t now, struct order_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	out->year = (int)sql_int(q, 1);
	out->number = (int)sql_int(q, 2);
	out->incident = sql_int(q, 3);
	out->response = sql_int(q, 4);
	out->unit = sql_int(q, 5);
	out->team = sql_int(q, 6);
	out->area = sql_int(q, 7);
	if (!sql_null(q, 8))
		snprintf(out->incident_no, sizeof(out->incident_no), "%03d", (int)sql_int(q, 8));
	fit_text(out->kind, sizeof(out->kind), sql_text(q, 9));
	fit_text(out->state, sizeof(out->state), sql_text(q, 10));
	fit_text(out->dest, sizeof(out->dest), sql_text(q, 11));
	fit_text(out->person, sizeof(out->person), sql_text(q, 12));
	fit_text(out->phone, sizeof(out->phone), sql_text(q, 13));
	fit_text(out->content, sizeof(out->content), sql_text(q, 14));
	out->issued = sql_int(q, 15);
	out->ack_due = sql_time(q, 16);
	out->acked = sql_time(q, 17);
	out->finish_due = sql_time(q, 18);
	out->finished = sql_time(q, 19);
	out->due = sql_time(q, 20);
	out->overdue = out->due != CLOCK_NONE && out->due < now;
	out->reminders = (int)sql_int(q, 21);
	out->chase = (int)sql_int(q, 22);
	out->chase_due = sql_time(q, 23);
	fit_text(out->chase_who, sizeof(out->chase_who), sql_text(q, 24));
	fit_text(out->chase_phone, sizeof(out->chase_phone), sql_text(q, 25));
}

/*
 * Three ways in, each on an index: open ones by what is due, those of one incident, all by age. A
 * response's orders are its incident's.
 */
size_t
dispatch_orders(struct store *st, const struct order_filter *f, struct order_row *out, size_t max)
{
	int64_t now = clock_now(), incident = f->incident, last = f->after ? f->after : INT64_MAX;
	bool by_due = f->open || f->unacked || f->overdue;
	struct sql *q;
	size_t n = 0;

	if (!incident && f->response)
		incident = sql_one_int(
		    st, "SELECT incident FROM response WHERE id = ?1", 0, "i", f->response);
	if (by_due)
		q = sql(st,
		    COLUMNS " WHERE " OPEN " AND" FILTER " AND (?11 = 0 OR o.incident = ?11)"
			    " AND (coalesce(" DUE ", 9223372036854775807), o.id) > (?9, ?10)"
			    " ORDER BY coalesce(" DUE ", 9223372036854775807), o.id");
	else if (incident)
		q = sql(st, COLUMNS " WHERE o.incident = ?11 AND" FILTER
				    " AND o.id < ?10 AND ?9 IS NOT NULL"
				    " ORDER BY o.id DESC");
	else
		q = sql(st,
		    COLUMNS " WHERE" FILTER
			    " AND o.id < ?10 AND ?9 IS NOT NULL AND ?11 = 0 ORDER BY o.id DESC");
	sql_bind(q, "iiiiiiiiiii", f->response, f->unit, f->team, f->area, (int64_t)f->open,
	    (int64_t)f->unacked, (int64_t)f->overdue, now,
	    !f->after			 ? INT64_MIN
	    : f->after_due == CLOCK_NONE ? INT64_MAX
					 : f->after_due,
	    by_due ? f->after : last, incident);
	while (n < max && sql_row(q))
		fill_row(q, now, &out[n++]);
	sql_done(q);
	return n;
}

bool
dispatch_order(struct store *st, int64_t id, struct order_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE o.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_row(q, clock_now(), out);
	sql_done(q);
	return found;
}

void
order_no(const struct order_row *order, char no[16])
{
	snprintf(no, 16, "%d-%03d", order->year % 10000, order->number % 1000000);
}

const char *
order_state_label(const char *state)
{
	static const char *const labels[][2] = {
	    {"issued", N_("not acknowledged")},
	    {"delivered", N_("delivered, not acknowledged")},
	    {"acked", N_("acknowledged")},
	    {"running", N_("under way")},
	    {"reported", N_("reported finished")},
	    {"done", N_("settled")},
	    {"withdrawn", N_("withdrawn")},
	};

	return i18n_label(labels, COUNT_OF(labels), state);
}

const char *
order_state_brief(const char *state)
{
	static const char *const labels[][2] = {
	    {"issued", N_("unacked")},
	    {"delivered", N_("told")},
	    {"acked", N_("acked")},
	    {"running", N_("under way")},
	    {"reported", N_("to check")},
	    {"done", N_("closed")},
	    {"withdrawn", N_("withdrawn")},
	};

	return i18n_label(labels, COUNT_OF(labels), state);
}

const char *
order_kind_label(const char *kind)
{
	static const char *const labels[][2] = {
	    {"task", N_("task")},
	    {"rescue", N_("rescue")},
	    {"supply", N_("supply")},
	    {"notice", N_("notice")},
	};

	return i18n_label(labels, COUNT_OF(labels), kind);
}

const char *
way_label(const char *way)
{
	static const char *const labels[][2] = {
	    {"phone", N_("by telephone")},
	    {"radio", N_("by radio")},
	    {"fax", N_("by fax")},
	    {"text", N_("by text message")},
	    {"system", N_("in the system")},
	    {"face", N_("in person")},
	};

	return i18n_label(labels, COUNT_OF(labels), way);
}

const char *const *
order_next_verbs(const struct order_row *order)
{
	static const struct {
		const char *state, *next[7];
	} table[] = {
	    {"issued",
		{"order.ack", "order.deliver", "order.remind", "order.hand", "order.withdraw"}},
	    {"delivered", {"order.ack", "order.remind", "order.hand", "order.withdraw"}},
	    {"acked",
		{"order.report", "order.done", "order.remind", "order.hand", "order.withdraw"}},
	    {"running",
		{"order.report", "order.done", "order.remind", "order.hand", "order.withdraw"}},
	    {"reported", {"order.done", "order.return", "order.hand", "order.withdraw"}},
	};
	static const char *const none[] = {NULL};

	for (size_t i = 0; i < COUNT_OF(table); i++)
		if (strcmp(table[i].state, order->state) == 0)
			return table[i].next;
	return none;
}

/* --- one order -------------------------------------------------------------------------------- */

const char *
order_entry_label(const char *kind)
{
	static const char *const labels[][2] = {
	    {"issued", N_("issued")},
	    {"delivered", N_("told")},
	    {"acked", N_("acknowledged by")},
	    {"progress", N_("progress")},
	    {"final", N_("reported finished")},
	    {"returned", N_("sent back")},
	    {"handed", N_("handed on")},
	    {"withdrawn", N_("withdrawn")},
	    {"remind", N_("reminded")},
	    {"chase", N_("nobody acknowledged")},
	    {"state", N_("movement")},
	    {"override", N_("set against its course")},
	    {"done", N_("settled")},
	};

	return i18n_label(labels, COUNT_OF(labels), kind);
}

/* What the program wrote is stored as codes, so that each reader has it in their own language.
 * Caller frees. */
static char *
entry_text(const char *kind, const char *text)
{
	char a[16], b[16];
	int n = 0, step;

	if (strcmp(kind, "state") == 0)
		return mem_dup(assignment_state_label(text));
	if (strcmp(kind, "delivered") == 0)
		return mem_dup(way_label(text));
	if (strcmp(kind, "remind") == 0 && sscanf(text, "%15s%n", a, &n) == 1)
		return mem_print("%s%s", way_label(a), text + n);
	if (strcmp(kind, "chase") == 0 && sscanf(text, "%d%n", &step, &n) == 1)
		return mem_print("%s%s", order_chase_label(step), text + n);
	if (strcmp(kind, "override") == 0 && sscanf(text, "%15s > %15[a-z]%n", a, b, &n) == 2)
		return mem_print("%s > %s%s", order_state_label(a), order_state_label(b), text + n);
	return mem_dup(text);
}

static void
read_entries(struct store *st, struct order_full *out)
{
	struct sql *q =
	    sql(st, "SELECT at, kind, who, text FROM order_entry WHERE ordr = ?1 ORDER BY id");
	size_t room = 0;

	sql_bind(q, "i", out->row.id);
	while (sql_row(q)) {
		struct order_entry *e;

		mem_grow(&out->entries, &room, out->n_entries);
		e = &out->entries[out->n_entries++];
		e->at = sql_int(q, 0);
		fit_text(e->kind, sizeof(e->kind), sql_text(q, 1));
		fit_text(e->who, sizeof(e->who), sql_text(q, 2));
		e->text = entry_text(e->kind, sql_text(q, 3));
		if (strcmp(e->kind, "handed") == 0)
			fit_text(out->handed, sizeof(out->handed), e->who);
	}
	sql_done(q);
}

bool
dispatch_order_full(struct store *st, int64_t id, struct order_full *out)
{
	struct sql *q;

	memset(out, 0, sizeof(*out));
	if (!dispatch_order(st, id, &out->row))
		return false;
	q = sql(st, "SELECT content, coalesce(result, ''), issuer, coalesce(approver, ''), "
		    "coalesce(acked_by, ''),"
		    " coalesce(checked_by, ''), coalesce(task, ''), coalesce(place, ''), medium "
		    "FROM orders WHERE id = ?1");
	sql_bind(q, "i", id);
	if (sql_row(q)) {
		out->content = mem_dup(sql_text(q, 0));
		out->result = mem_dup(sql_text(q, 1));
		fit_text(out->issuer, sizeof(out->issuer), sql_text(q, 2));
		fit_text(out->approver, sizeof(out->approver), sql_text(q, 3));
		fit_text(out->acked_by, sizeof(out->acked_by), sql_text(q, 4));
		fit_text(out->checked_by, sizeof(out->checked_by), sql_text(q, 5));
		fit_text(out->task, sizeof(out->task), sql_text(q, 6));
		fit_text(out->place, sizeof(out->place), sql_text(q, 7));
		fit_text(out->medium, sizeof(out->medium), sql_text(q, 8));
	}
	sql_done(q);
	read_entries(st, out);
	return true;
}

void
order_full_clear(struct order_full *order)
{
	for (size_t i = 0; i < order->n_entries; i++)
		free(order->entries[i].text);
	free(order->entries);
	free(order->content);
	free(order->result);
	memset(order, 0, sizeof(*order));
}

/* --- counts ----------------------------------------------------------------------------------- */

void
dispatch_count(struct store *st, int64_t area, struct dispatch_counts *out)
{
	struct sql *q = sql(st,
	    "SELECT count(*), coalesce(sum(" UNACKED "), 0),"
	    " coalesce(sum(" UNACKED " AND o.ack_due < ?2), 0),"
	    " coalesce(sum(o.state IN ('acked', 'running') AND o.finish_due < ?2), 0), min(" DUE ")"
	    " FROM orders o WHERE " OPEN " AND (?1 = 0 OR o.area = ?1)");

	sql_bind(q, "ii", area, clock_now());
	*out = (struct dispatch_counts){.next_due = CLOCK_NONE};
	if (sql_row(q)) {
		out->open = sql_int(q, 0);
		out->unacked = sql_int(q, 1);
		out->ack_overdue = sql_int(q, 2);
		out->finish_overdue = sql_int(q, 3);
		out->next_due = sql_time(q, 4);
	}
	sql_done(q);
}

int64_t
orders_in_the_way(struct store *st, int64_t response, struct buf *names)
{
	int64_t incident = sql_one_int(
		    st, "SELECT incident FROM response WHERE id = ?1", 0, "i", response),
		n = 0;
	struct sql *q = sql(st,
	    "SELECT o.year, o.number, o.dest FROM orders o WHERE o.incident = ?1 AND o.response = "
	    "?2"
	    " AND " OPEN " AND NOT EXISTS (SELECT 1 FROM order_entry e WHERE e.ordr = o.id AND"
	    " e.kind = 'handed') ORDER BY o.id");

	sql_bind(q, "ii", incident, response);
	for (; sql_row(q); n++)
		if (names && n < 4)
			buf_printf(names, "%s%d-%03d %s", n ? _(", ") : "", (int)sql_int(q, 0),
			    (int)sql_int(q, 1), sql_text(q, 2));
	sql_done(q);
	return n;
}
