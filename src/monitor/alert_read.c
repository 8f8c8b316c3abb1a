/* Alerts as rows: the state is what the chain says, and the clock where it says nothing. */
#include "monitor/inside.h"

#include <stdlib.h>
#include <string.h>

#define ALERT_COLUMNS                                                                              \
	"a.id, a.chain, a.identifier, a.sender, a.event, a.code, a.headline, a.area, a.msg_type, " \
	"a.profile, a.colour, a.how, a.drill, a.concerns, a.conflicting, a.colour_disagrees, "     \
	"a.code_disagrees, a.is_signed, a.lift, a.read_at, a.sent, a.onset, a.ends, a.taken, "     \
	"a.ended_by, a.inbox, (SELECT max(last) FROM alert_seen s WHERE s.alert = a.id), "         \
	"(SELECT sum(n) FROM alert_seen s WHERE s.alert = a.id), (SELECT count(*) FROM "           \
	"alert_entry "                                                                             \
	"e JOIN alert m ON m.id = e.alert WHERE m.chain = a.chain), a.ordered"

static enum alert_state
state_of(const char *how, int64_t ends)
{
	if (strcmp(how, "superseded") == 0)
		return ALERT_SUPERSEDED;
	if (strcmp(how, "cancelled") == 0)
		return ALERT_CANCELLED;
	if (strcmp(how, "lifted") == 0)
		return ALERT_LIFTED;
	if (strcmp(how, "held") == 0)
		return ALERT_HELD;
	return ends != CLOCK_NONE && ends <= clock_now() ? ALERT_EXPIRED : ALERT_LIVE;
}

static void
fill(struct sql *q, struct alert_row *r)
{
	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->chain = sql_int(q, 1);
	utf8_copy(r->identifier, sizeof(r->identifier), sql_text(q, 2));
	utf8_copy(r->sender, sizeof(r->sender), sql_text(q, 3));
	utf8_copy(r->event, sizeof(r->event), sql_text(q, 4));
	utf8_copy(r->code, sizeof(r->code), sql_text(q, 5));
	utf8_copy(r->headline, sizeof(r->headline), sql_text(q, 6));
	utf8_copy(r->area, sizeof(r->area), sql_text(q, 7));
	utf8_copy(r->msg_type, sizeof(r->msg_type), sql_text(q, 8));
	utf8_copy(r->profile, sizeof(r->profile), sql_text(q, 9));
	r->colour = (enum colour)sql_int(q, 10);
	r->expires = sql_time(q, 22);
	r->state = state_of(sql_text(q, 11), r->expires);
	r->drill = sql_int(q, 12) != 0;
	r->concerns = sql_int(q, 13) != 0;
	r->conflicting = sql_int(q, 14) != 0;
	r->colour_disagrees = sql_int(q, 15) != 0;
	r->code_disagrees = sql_int(q, 16) != 0;
	r->is_signed = sql_int(q, 17) != 0;
	r->lift = sql_int(q, 18) != 0;
	r->fresh = sql_null(q, 19);
	r->no_expiry = r->expires == CLOCK_NONE;
	r->sent = sql_time(q, 20);
	r->onset = sql_time(q, 21);
	r->taken = sql_int(q, 23);
	r->ended_by = sql_int(q, 24);
	r->inbox = sql_int(q, 25);
	r->seen = sql_time(q, 26);
	r->copies = (int)sql_int(q, 27);
	r->done = (int)sql_int(q, 28);
}

static size_t
rows(struct sql *q, struct alert_row *out, size_t max)
{
	size_t n = 0;

	while (n < max && sql_row(q))
		fill(q, &out[n++]);
	sql_done(q);
	return n;
}

static size_t
chain_rows(struct store *st, int64_t chain, struct alert_row *out, size_t max)
{
	struct sql *q = sql(st, "SELECT " ALERT_COLUMNS " FROM alert a WHERE a.chain = ?1 ORDER BY "
				"a.ordered, a.id LIMIT ?2");

	sql_bind(q, "ii", chain, (int64_t)max);
	return rows(q, out, max);
}

size_t
monitor_alerts(struct store *st, const struct alert_filter *f, struct alert_row *out, size_t max)
{
	int64_t from, from_id = f->before;
	struct sql *q;

	if (f->chain)
		return chain_rows(st, f->chain, out, max);
	from = f->before ? sql_one_int(st, "SELECT ordered FROM alert WHERE id = ?1", INT64_MAX,
			       "i", f->before)
			 : INT64_MAX;
	q = sql(st,
	    "SELECT " ALERT_COLUMNS
	    " FROM alert a WHERE a.drill = ?1 AND a.concerns >= ?2 AND (?3 = 0 OR (a.how IS NULL "
	    "AND (a.ends IS NULL OR a.ends > ?4))) AND (?5 = 0 OR a.how IS NOT NULL OR a.ends <= "
	    "?4) AND (a.ordered, a.id) < (?6, ?7) AND (?8 IS NULL OR instr(a.headline, ?8) OR "
	    "instr(a.event, ?8) OR instr(a.area, ?8) OR instr(a.identifier, ?8)) ORDER BY "
	    "a.ordered DESC, a.id DESC LIMIT ?9");
	sql_bind(q, "iiiiiiiti", (int64_t)f->drill, (int64_t)f->concerning, (int64_t)f->live,
	    clock_now(), (int64_t)f->past, from, from_id ? from_id : INT64_MAX,
	    f->words && *f->words ? f->words : NULL, (int64_t)max);
	return rows(q, out, max);
}

bool
monitor_alert(struct store *st, int64_t id, struct alert_row *out)
{
	struct sql *q = sql(st, "SELECT " ALERT_COLUMNS " FROM alert a WHERE a.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill(q, out);
	sql_done(q);
	return found;
}

const char *
alert_state_label(enum alert_state state)
{
	static const char *const labels[] = {
	    [ALERT_LIVE] = N_("live"),
	    [ALERT_SUPERSEDED] = N_("superseded"),
	    [ALERT_CANCELLED] = N_("cancelled"),
	    [ALERT_LIFTED] = N_("lifted"),
	    [ALERT_EXPIRED] = N_("expired"),
	    [ALERT_HELD] = N_("held: its target is not here"),
	};

	return _(labels[state]);
}

const char *
alert_state_name(enum alert_state state)
{
	static const char *const names[] = {
	    "live", "superseded", "cancelled", "lifted", "expired", "held"};

	return names[state];
}

size_t
monitor_alert_plans(struct store *st, int64_t id, struct alert_plan *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT ap.plan, p.name, ap.why FROM alert_plan ap JOIN plan p ON p.id = "
		    "ap.plan WHERE ap.alert = ?1 ORDER BY ap.rank LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", id, (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		out[n].plan = sql_int(q, 0);
		utf8_copy(out[n].name, sizeof(out[n].name), sql_text(q, 1));
		utf8_copy(out[n].why, sizeof(out[n].why), sql_text(q, 2));
	}
	sql_done(q);
	return n;
}

size_t
monitor_alert_towns(struct store *st, int64_t id, int64_t *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT t.id FROM area t JOIN alert a ON a.id = ?1 WHERE a.concerns = 1 AND "
		    "t.kind <> 'county' "
		    "AND t.id / 1000 = ?2 AND (t.id IN (SELECT area FROM alert_town WHERE alert = "
		    "?1) OR NOT "
		    "EXISTS (SELECT 1 FROM alert_town WHERE alert = ?1)) ORDER BY t.id LIMIT ?3");
	size_t n = 0;

	sql_bind(q, "iii", id, store_area(st) / 1000, (int64_t)max);
	while (n < max && sql_row(q))
		out[n++] = sql_int(q, 0);
	sql_done(q);
	return n;
}

void
monitor_inbox_origin(struct store *st, int64_t inbox, const char *kind, struct inbox_origin *out)
{
	memset(out, 0, sizeof(*out));
	if (strcmp(kind, "alert") == 0)
		out->id = sql_one_int(st,
		    "SELECT id FROM alert WHERE inbox = ?1 ORDER BY id DESC LIMIT 1", 0, "i",
		    inbox);
	else if (strcmp(kind, "ticket") == 0)
		out->id = sql_one_int(st, "SELECT id FROM ticket WHERE inbox = ?1", 0, "i", inbox);
	else if (strcmp(kind, "quake") == 0)
		out->id = sql_one_int(st, "SELECT id FROM quake WHERE inbox = ?1", 0, "i", inbox);
	else if (strcmp(kind, "alarm") == 0)
		out->id = sql_one_int(st, "SELECT id FROM alarm WHERE inbox = ?1", 0, "i", inbox);
	if (out->id)
		utf8_copy(out->kind, sizeof(out->kind), kind);
}
