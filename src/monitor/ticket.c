/* Tickets of the hotline and of 110/119: what came in, whose it is, and what became of it. */
#include "monitor/inside.h"

#include "store/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
ticket_digest(const struct ticket *t, char hex[65])
{
	const char *const texts[] = {t->caller, t->phone, t->title,
	    t->text && *t->text ? t->text : t->title, t->address, t->category, t->urgency, t->unit,
	    t->state};
	struct buf b = BUF_MAX(1u << 20);

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		buf_printf(&b, "%s\x1f", or_empty(texts[i]));
	buf_printf(&b, "%d %lld %lld", t->secret, (long long)t->at, (long long)t->deadline);
	digest_hex(buf_str(&b), b.size, hex);
	buf_clear(&b);
}

static void
entry(struct verb_call *call, int64_t ticket, const char *kind, const char *text)
{
	struct sql *q =
	    sql(call_store(call), "INSERT INTO ticket_entry (id, ticket, at, kind, who, text, "
				  "journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	sql_bind(q, "iiittti", store_new_id(call_store(call)), ticket, call_now(call), kind,
	    call_actor(call)->name, text, call_journal(call));
	sql_run(q);
}

/* --- coming in ------------------------------------------------------------------------------- */

static struct ticket
ticket_of_call(struct verb_call *call)
{
	/* The texts stay the call's. */
#define FIELD(name) (call_has(call, name) ? (char *)(uintptr_t)call_text(call, name) : NULL)
	struct ticket t = {.source = FIELD("source"),
	    .number = FIELD("number"),
	    .caller = FIELD("caller"),
	    .phone = FIELD("phone"),
	    .title = FIELD("title"),
	    .text = FIELD("text"),
	    .address = FIELD("address"),
	    .category = FIELD("category"),
	    .urgency = FIELD("urgency"),
	    .unit = FIELD("unit"),
	    .state = FIELD("stage"),
	    .secret = call_flag(call, "secret"),
	    .at = call_time(call, "at"),
	    .deadline = call_time(call, "deadline"),
	    .lon = call_real(call, "lon"),
	    .lat = call_real(call, "lat")};
#undef FIELD

	return t;
}

static bool
is_pressing(const struct ticket *t, const struct ticket_rule *rule)
{
	return rule->urgent ||
	       (t->urgency && (strstr(t->urgency, "紧急") || strstr(t->urgency, "特急") ||
				  strstr(t->urgency, "urgent")));
}

static void
make_title(const struct ticket *t, char *out, size_t size)
{
	char text[160];

	utf8_copy(text, sizeof(text), t->title && *t->title ? t->title : t->text);
	text[strcspn(text, "\n")] = '\0';
	snprintf(out, size, "%s", text);
}

static void
to_inbox(struct verb_call *call, int64_t id, const struct ticket *t, const struct ticket_rule *rule,
    bool changed)
{
	struct store *st = call_store(call);
	char title[280], plain[160];
	struct buf b = BUF_MAX(100000);
	struct inbox_message m = {.source = t->source,
	    .kind = "ticket",
	    .title = title,
	    .at = call_now(call),
	    .urgent = is_pressing(t, rule)};
	int64_t old = sql_one_int(st, "SELECT inbox FROM ticket WHERE id = ?1", 0, "i", id);
	struct sql *q;

	make_title(t, plain, sizeof(plain));
	snprintf(title, sizeof(title), "%s%s%s%s", changed ? _("[changed] ") : "", plain,
	    t->address && *t->address && !strstr(plain, t->address) ? "  " : "",
	    t->address && !strstr(plain, t->address) ? t->address : "");
	buf_printf(&b, "%s\n", t->text);
	if (t->address)
		buf_printf(&b, _("Place: %s\n"), t->address);
	buf_printf(&b, _("Ticket %s %s"), t->source, t->number);
	m.text = buf_str(&b);
	if (old)
		inbox_settle(call, old, 0);
	q = sql(st, "UPDATE ticket SET inbox = ?2 WHERE id = ?1");
	sql_bind(q, "ii", id, inbox_put(call, &m));
	sql_run(q);
	buf_clear(&b);
}

static void
put_ticket(struct verb_call *call, int64_t id, const struct ticket *t, const struct ticket *shown,
    const struct ticket_rule *rule)
{
	struct sql *q = sql(call_store(call),
	    "INSERT INTO ticket (id, source, number, at, taken, title, text, caller, phone, "
	    "secret, "
	    "address, category, urgency, unit, stage, lon, lat, deadline, feedback, code, advice, "
	    "digest, "
	    "journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
	    "nullif(?16, "
	    "0.0), nullif(?17, 0.0), ?18, ?19, ?20, ?21, ?22, ?23) ON CONFLICT (source, number) DO "
	    "UPDATE SET "
	    "title = ?6, text = ?7, caller = ?8, phone = ?9, secret = max(secret, ?10), address = "
	    "?11, category "
	    "= ?12, urgency = ?13, unit = ?14, stage = ?15, deadline = ?18, digest = ?22");
	char title[160], digest[65];
	int64_t now = call_now(call);

	make_title(shown, title, sizeof(title));
	ticket_digest(t, digest);
	sql_bind(q, "ittiittttitttttrrccttti", id, t->source, t->number,
	    t->at == CLOCK_NONE ? now : t->at, now, title, or_empty(t->text), or_empty(t->caller),
	    or_empty(t->phone), (int64_t)t->secret, or_empty(t->address), or_empty(t->category),
	    or_empty(t->urgency), or_empty(t->unit), or_empty(t->state), t->lon, t->lat,
	    t->deadline, rule->feedback_min ? now + rule->feedback_min * CLOCK_MINUTE : CLOCK_NONE,
	    or_empty(rule->code), or_empty(rule->units), digest, call_journal(call));
	sql_run(q);
}

/* The text it had stays readable. */
static bool
keep_old(struct verb_call *call, int64_t id, const struct ticket *t)
{
	char *old =
	    sql_one_text(call_store(call), "SELECT text FROM ticket WHERE id = ?1", "i", id);
	bool changed = old && strcmp(old, t->text) != 0;

	if (changed)
		entry(call, id, "changed", old);
	free(old);
	return changed;
}

/* What everybody may read of it: without the caller who asked to stay unknown. The texts are owned.
 */
static struct ticket
readable(const struct ticket *t)
{
	struct ticket r = *t;

	r.text = mem_dup(or_empty(t->text));
	r.title = t->title && *t->title ? mem_dup(t->title) : NULL;
	if (t->secret) {
		incident_mask_person(r.text, t->caller, false);
		if (r.title)
			incident_mask_person(r.title, t->caller, false);
	}
	return r;
}

bool
monitor_do_ticket_take(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct ticket t = ticket_of_call(call), shown;
	struct ticket_rule rule;
	int64_t id = sql_one_int(st, "SELECT id FROM ticket WHERE source = ?1 AND number = ?2", 0,
	    "tt", t.source, t.number);
	bool known = id != 0, changed = false;
	char title[160];

	(void)err;
	if (!ticket_rule_find(t.source, t.text, &rule))
		memset(&rule, 0, sizeof(rule));
	if (known)
		changed = keep_old(call, id, &t);
	else
		id = store_new_id(st);
	t.secret = t.secret || (known && sql_one_int(st, "SELECT secret FROM ticket WHERE id = ?1",
					     0, "i", id));
	shown = readable(&t);
	put_ticket(call, id, &t, &shown, &rule);
	if (!known || changed)
		to_inbox(call, id, &shown, &rule, changed);
	call_subject(call, "ticket", id);
	make_title(&shown, title, sizeof(title));
	free(shown.text);
	free(shown.title);
	if (known)
		call_say(call, _("ticket %s %s changed: %s"), t.source, t.number, title);
	else
		call_say(call, _("ticket %s %s: %s"), t.source, t.number, title);
	return true;
}

/* --- what becomes of it ----------------------------------------------------------------------- */

struct held_ticket {
	int64_t id, at, inbox, incident;
	char *source, *number, *title, *address, *caller, *phone, *state;
	bool secret;
	double lon, lat;
};

static void
held_clear(struct held_ticket *t)
{
	free(t->source);
	free(t->number);
	free(t->title);
	free(t->address);
	free(t->caller);
	free(t->phone);
	free(t->state);
}

static bool
hold(struct verb_call *call, struct held_ticket *t, struct err *err)
{
	struct sql *q = sql(call_store(call), "SELECT id, at, inbox, incident, source, number, "
					      "title, address, caller, phone, state, "
					      "secret, lon, lat FROM ticket WHERE id = ?1");

	memset(t, 0, sizeof(*t));
	sql_bind(q, "i", call_int(call, "ticket"));
	if (!sql_row(q)) {
		sql_done(q);
		return err_set(err, ERR_NOT_FOUND, _("There is no such ticket."));
	}
	t->id = sql_int(q, 0);
	t->at = sql_int(q, 1);
	t->inbox = sql_int(q, 2);
	t->incident = sql_int(q, 3);
	t->source = mem_dup(sql_text(q, 4));
	t->number = mem_dup(sql_text(q, 5));
	t->title = mem_dup(sql_text(q, 6));
	t->address = mem_dup(sql_text(q, 7));
	t->caller = mem_dup(sql_text(q, 8));
	t->phone = mem_dup(sql_text(q, 9));
	t->state = mem_dup(sql_text(q, 10));
	t->secret = sql_int(q, 11) != 0;
	t->lon = sql_real(q, 12);
	t->lat = sql_real(q, 13);
	sql_done(q);
	call_subject(call, "ticket", t->id);
	return true;
}

/* It must not be somebody's yet. */
static bool
hold_free(struct verb_call *call, struct held_ticket *t, struct err *err)
{
	if (!hold(call, t, err))
		return false;
	if (!t->incident)
		return true;
	held_clear(t);
	return err_set(err, ERR_STATE, _("This ticket belongs to an incident already."));
}

static void
settle(struct verb_call *call, const struct held_ticket *t, const char *state, int64_t incident)
{
	struct sql *q =
	    sql(call_store(call), "UPDATE ticket SET state = ?2, incident = ifnull(?3, incident) "
				  "WHERE id = ?1");

	sql_bind(q, "itz", t->id, state, incident);
	sql_run(q);
	if (t->inbox)
		inbox_settle(call, t->inbox, incident);
}

static void
give(json_t *args, const char *name, const char *text)
{
	if (text && *text && !json_object_get(args, name))
		json_object_set_new(args, name, json_string(text));
}

bool
monitor_do_ticket_open(struct verb_call *call, struct err *err)
{
	json_t *args = call_args(call);
	struct held_ticket t;
	int64_t incident;
	char *words;
	bool good;

	if (!hold_free(call, &t, err))
		return false;
	words = monitor_ticket_words(call_store(call), t.id, NULL);
	give(args, "text", words);
	give(args, "source", t.source);
	give(args, "place", t.address);
	if (!t.secret) {
		give(args, "caller", t.caller);
		give(args, "phone", t.phone);
	}
	if (!json_object_get(args, "received") && t.at <= call_now(call))
		json_object_set_new(args, "received", json_integer(t.at));
	if (t.lon != 0 && !json_object_get(args, "lon")) {
		json_object_set_new(args, "lon", json_real(t.lon));
		json_object_set_new(args, "lat", json_real(t.lat));
	}
	good = incident_open_here(call, err);
	if (good) {
		incident = sql_one_int(call_store(call),
		    "SELECT max(id) FROM incident WHERE journal = ?1", 0, "i", call_journal(call));
		settle(call, &t, "opened", incident);
		call_say(call, _("from ticket %s %s"), t.source, t.number);
	}
	free(words);
	held_clear(&t);
	return good;
}

bool
monitor_do_ticket_join(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident"), at;
	struct held_ticket t;
	char *words;
	bool good;

	if (!hold_free(call, &t, err))
		return false;
	words = monitor_ticket_words(call_store(call), t.id, NULL);
	at = t.at <= call_now(call) ? t.at : call_now(call);
	good = incident_call_here(call, incident, words, t.source, at, err);
	if (good) {
		settle(call, &t, "joined", incident);
		call_say(call, _("from ticket %s %s"), t.source, t.number);
		call_subject(call, "ticket", t.id);
	}
	free(words);
	held_clear(&t);
	return good;
}

bool
monitor_do_ticket_transfer(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t at = call_has(call, "at") ? call_time(call, "at") : call_now(call);
	struct held_ticket t;
	char when[40], *text;
	struct sql *q;

	if (at > call_now(call))
		return err_set(err, ERR_INPUT, _("It cannot have been handed over in the future."));
	if (!hold(call, &t, err))
		return false;
	if (t.incident) {
		held_clear(&t);
		return err_set(err, ERR_STATE,
		    _("This ticket belongs to an incident: hand that over (incident.transfer)."));
	}
	clock_format(when, sizeof(when), at, CLOCK_HM);
	q = sql(st, "UPDATE ticket SET dest = ?2, receiver = ?3, transferred = ?4 WHERE id = ?1");
	sql_bind(q, "itti", t.id, call_text(call, "to"), call_text(call, "receiver"), at);
	sql_run(q);
	text = mem_print(_("handed to %s, taken by %s at %s"), call_text(call, "to"),
	    call_text(call, "receiver"), when);
	entry(call, t.id, "transferred", text);
	settle(call, &t, "transferred", 0);
	call_say(call, "%s %s: %s", t.source, t.number, text);
	if (call_has(call, "text"))
		call_say(call, "%s", call_text(call, "text"));
	free(text);
	held_clear(&t);
	return true;
}

bool
monitor_do_ticket_answer(struct verb_call *call, struct err *err)
{
	struct held_ticket t;
	struct sql *q;

	if (!hold(call, &t, err))
		return false;
	q = sql(call_store(call), "UPDATE ticket SET answered = ?2 WHERE id = ?1");
	sql_bind(q, "ii", t.id, call_now(call));
	sql_run(q);
	entry(call, t.id, "answered", call_text(call, "text"));
	call_say(call, _("answered %s %s: %s"), t.source, t.number, call_text(call, "text"));
	held_clear(&t);
	return true;
}

bool
monitor_do_ticket_file(struct verb_call *call, struct err *err)
{
	struct held_ticket t;

	if (!hold_free(call, &t, err))
		return false;
	settle(call, &t, "filed", 0);
	entry(call, t.id, "filed", call_text(call, "why"));
	call_say(call, _("filed: %s (%s)"), t.title, call_text(call, "why"));
	held_clear(&t);
	return true;
}

/* The number stays out of the journal: whoever looked it up reads it in the ticket. */
bool
monitor_do_ticket_reveal(struct verb_call *call, struct err *err)
{
	struct held_ticket t;
	bool secret;

	if (!hold(call, &t, err))
		return false;
	secret = t.secret;
	if (secret) {
		entry(call, t.id, "revealed", call_text(call, "why"));
		call_say(call, _("looked up who called, ticket %s %s: %s"), t.source, t.number,
		    call_text(call, "why"));
	}
	held_clear(&t);
	return secret || err_set(err, ERR_STATE, _("This caller did not ask to stay unknown."));
}
