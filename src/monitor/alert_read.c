/* Alerts as rows: the state is what the chain says, and the clock where it says nothing. */
#include "monitor/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALERT_COLUMNS                                                                              \
	"a.id, a.chain, a.identifier, a.sender, a.event, a.code, a.headline, a.area, a.msg_type, " \
	"a.profile, a.colour, a.how, a.drill, a.concerns, a.conflicting, a.colour_disagrees, "     \
	"a.code_disagrees, a.is_signed, a.lift, a.read_at, a.sent, a.onset, a.ends, a.taken, "     \
	"a.ended_by, a.inbox, (SELECT max(last) FROM alert_seen s WHERE s.alert = a.id), "         \
	"(SELECT sum(n) FROM alert_seen s WHERE s.alert = a.id), (SELECT count(*) FROM "           \
	"alert_entry "                                                                             \
	"e JOIN alert m ON m.id = e.alert WHERE m.chain = a.chain), (SELECT i.sender_name FROM "   \
	"alert_info i WHERE i.alert = a.id AND i.sender_name <> '' ORDER BY i.language LIKE "      \
	"'zh%' DESC, i.n LIMIT 1), a.ours"

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

/* A name, not a number: a code says nothing to the one who reads. */
static bool
is_name(const char *text)
{
	return text && strspn(text, "0123456789. -") < strlen(text);
}

void
alert_issuer(
    const char *sender_name, const char *headline, const char *sender, char *out, size_t size)
{
	static const char *const verbs[] = {"继续发布", "发布", "更新发布", "更新", "解除"};
	size_t least = headline ? strlen(headline) : 0, whole = least;

	for (size_t i = 0; whole && i < COUNT_OF(verbs); i++) {
		const char *found = strstr(headline, verbs[i]);

		if (found && (size_t)(found - headline) < least)
			least = (size_t)(found - headline);
	}
	if (is_name(sender_name))
		utf8_copy(out, size, sender_name);
	else if (least > 0 && least < whole && least < size)
		snprintf(out, size, "%.*s", (int)least, headline);
	else
		utf8_copy(out, size, is_name(sender) ? sender : "");
}

void
alert_area_words(const char *text, char *out, size_t size)
{
	struct buf b = BUF_MAX(4096);
	const char *last = "";
	size_t n_last = 0, n;

	if ((unsigned char)*text < 0xe4) {
		utf8_copy(out, size, text);
		return;
	}
	for (; *text && b.size < size; text += n + (text[n] != '\0')) {
		text += strspn(text, " ");
		n = strcspn(text, ",;");
		if (!n || (n == n_last && memcmp(text, last, n) == 0))
			continue;
		buf_printf(&b, "%s%.*s", b.size ? "、" : "", (int)n, text);
		last = text;
		n_last = n;
	}
	utf8_copy(out, size, buf_str(&b));
	buf_clear(&b);
}

static void
fill(struct sql *q, void *row)
{
	struct alert_row *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->chain = sql_int(q, 1);
	utf8_copy(r->identifier, sizeof(r->identifier), sql_text(q, 2));
	utf8_copy(r->sender, sizeof(r->sender), sql_text(q, 3));
	utf8_copy(r->event, sizeof(r->event), sql_text(q, 4));
	utf8_copy(r->code, sizeof(r->code), sql_text(q, 5));
	utf8_copy(r->headline, sizeof(r->headline), sql_text(q, 6));
	alert_area_words(sql_text(q, 7), r->area, sizeof(r->area));
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
	alert_issuer(sql_text(q, 29), r->headline, r->sender, r->issuer, sizeof(r->issuer));
	r->ours = sql_int(q, 30) != 0;
}

/* What the store knows of rows, beside what stands in them. */
static void
put_rest(struct store *st, struct alert_row *out, size_t n)
{
	bool all_drill = is_drill_store(st);

	for (size_t i = 0; i < n; i++)
		out[i].apart = out[i].drill && !all_drill;
	alert_put_calls(st, out, n);
}

static size_t
rows(struct store *st, struct sql *q, struct alert_row *out, size_t max)
{
	size_t n = sql_list(q, out, sizeof(*out), max, fill);

	put_rest(st, out, n);
	return n;
}

static size_t
chain_rows(struct store *st, int64_t chain, struct alert_row *out, size_t max)
{
	struct sql *q = sql(st, "SELECT " ALERT_COLUMNS " FROM alert a WHERE a.chain = ?1 ORDER BY "
				"a.ordered, a.id LIMIT ?2");

	sql_bind(q, "ii", chain, (int64_t)max);
	return rows(st, q, out, max);
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
	    "SELECT " ALERT_COLUMNS " FROM alert a WHERE a.drill BETWEEN ?1 AND ?11 AND a.concerns "
				    ">= ?2 AND (?3 = 0 OR (a.how IS NULL "
	    "AND (a.ends IS NULL OR a.ends > ?4))) AND (?5 = 0 OR a.how IS NOT NULL OR a.ends <= "
	    "?4) AND (a.ordered, a.id) < (?6, ?7) AND (?8 IS NULL OR instr(a.headline, ?8) OR "
	    "instr(a.event, ?8) OR instr(a.area, ?8) OR instr(a.identifier, ?8)) ORDER BY CASE "
	    "WHEN ?10 = 0 THEN 0 WHEN a.colour = 0 THEN 9 ELSE a.colour END, a.ordered DESC, "
	    "a.id DESC LIMIT ?9");
	sql_bind(q, "iiiiiiitiii", (int64_t)f->drill, (int64_t)f->concerning, (int64_t)f->live,
	    clock_now(), (int64_t)f->past, from, from_id ? from_id : INT64_MAX,
	    f->words && *f->words ? f->words : NULL, (int64_t)max, (int64_t)f->worst,
	    (int64_t)(f->drill || is_drill_store(st)));
	return rows(st, q, out, max);
}

bool
monitor_alert(struct store *st, int64_t id, struct alert_row *out)
{
	struct sql *q = sql(st, "SELECT " ALERT_COLUMNS " FROM alert a WHERE a.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_first(q, out, fill);
	put_rest(st, out, found);
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
alert_type_label(const char *msg_type)
{
	static const struct {
		const char *type, *label;
	} labels[] = {{"Alert", N_("first issue")}, {"Update", N_("update")},
	    {"Cancel", N_("cancelled by its issuer")}, {"Ack", N_("acknowledgement")},
	    {"Error", N_("withdrawn as an error")}};

	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (strcmp(labels[i].type, msg_type) == 0)
			return _(labels[i].label);
	return msg_type;
}

const char *
alert_state_name(enum alert_state state)
{
	static const char *const names[] = {
	    "live", "superseded", "cancelled", "lifted", "expired", "held"};

	return names[state];
}

static void
fill_plan(struct sql *q, void *row)
{
	struct alert_plan *plan = row;

	plan->plan = sql_int(q, 0);
	utf8_copy(plan->name, sizeof(plan->name), sql_text(q, 1));
	utf8_copy(plan->why, sizeof(plan->why), sql_text(q, 2));
}

size_t
monitor_alert_plans(struct store *st, int64_t id, struct alert_plan *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT ap.plan, p.name, ap.why FROM alert_plan ap JOIN plan p ON p.id = "
		    "ap.plan WHERE ap.alert = ?1 ORDER BY ap.rank LIMIT ?2");

	sql_bind(q, "ii", id, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill_plan);
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

	sql_bind(q, "iii", id, store_area(st) / 1000, (int64_t)max);
	return sql_ids(q, out, max);
}

void
monitor_inbox_origin(struct store *st, int64_t inbox, const char *kind, struct inbox_origin *out)
{
	static const struct {
		const char *kind,
		    *statement; /* id, how it ended, when it ends, an answer is due, colour */
	} ways[] = {
	    {"alert",
		"SELECT id, how, ends, NULL, colour FROM alert WHERE inbox = ?1 ORDER BY id DESC"},
	    {"ticket",
		"SELECT id, NULL, NULL, CASE WHEN answered IS NULL THEN feedback END, 0 FROM "
		"ticket WHERE inbox = ?1"},
	    {"quake", "SELECT id, NULL, NULL, NULL, 0 FROM quake WHERE inbox = ?1"},
	    {"alarm", "SELECT id, NULL, NULL, due, 0 FROM alarm WHERE inbox = ?1"},
	};
	enum alert_state state;
	struct sql *q;

	memset(out, 0, sizeof(*out));
	out->due = CLOCK_NONE;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		if (strcmp(ways[i].kind, kind) != 0)
			continue;
		q = sql(st, ways[i].statement);
		sql_bind(q, "i", inbox);
		if (sql_row(q)) {
			out->id = sql_int(q, 0);
			out->due = sql_time(q, 3);
			utf8_copy(out->kind, sizeof(out->kind), kind);
			out->colour = (enum colour)sql_int(q, 4);
			state = state_of(sql_text(q, 1), sql_time(q, 2));
			if (state != ALERT_LIVE)
				utf8_copy(out->over, sizeof(out->over), alert_state_label(state));
		}
		sql_done(q);
	}
}
