/* The verbs of what goes out and of the links it goes over. */
#include "exchange/outbox.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "exchange/feed.h"
#include "exchange/mail.h"
#include "exchange/url.h"
#include "store/scope.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The message a verb is about, read at its beginning. */
struct message {
	int64_t id, at, ref;
	int tries;
	char unit[96], kind[24], state[12];
};

/* The row by its id, in one of `states`; the journal line stands on the incident's timeline as the
 * one that queued it did. */
static bool
find(struct verb_call *call, const char *states, struct message *m, struct err *err)
{
	struct sql *q = sql(call_store(call), "SELECT o.id, o.dest, o.state, o.tries, j.incident, "
					      "o.at, o.ref, o.kind "
					      "FROM outbox o LEFT JOIN journal j ON j.id ="
					      " o.journal WHERE o.id = ?1");
	int64_t incident = 0;
	bool found;

	memset(m, 0, sizeof(*m));
	sql_bind(q, "i", call_int(call, "message"));
	found = sql_row(q);
	if (found) {
		m->id = sql_int(q, 0);
		utf8_copy(m->unit, sizeof(m->unit), sql_text(q, 1));
		utf8_copy(m->state, sizeof(m->state), sql_text(q, 2));
		m->tries = (int)sql_int(q, 3);
		incident = sql_int(q, 4);
		m->at = sql_int(q, 5);
		m->ref = sql_int(q, 6);
		utf8_copy(m->kind, sizeof(m->kind), sql_text(q, 7));
	}
	sql_done(q);
	if (!found)
		return err_set(err, ERR_NOT_FOUND, _("There is no such message."));
	if (!strstr(states, m->state))
		return err_set(err, ERR_STATE, _("This message is no longer waiting."));
	call_subject(call, "message", m->id);
	call_incident(call, incident);
	return true;
}

static int
number_of(const struct message *m)
{
	return (int)id_sequence(m->id);
}

/* --- of the courier -------------------------------------------------------------------------- */

static bool
run_tried(struct verb_call *call, struct err *err)
{
	struct message m;
	char when[40];
	struct sql *q;

	if (!find(call, "queued", &m, err))
		return false;
	q = sql(call_store(call),
	    "UPDATE outbox SET tries = tries + 1, next_at = ?2, last_error = ?3"
	    " WHERE id = ?1");
	sql_bind(q, "iit", m.id, call_time(call, "next"), call_text(call, "error"));
	call_say(call, _("message %d to %s did not go out (try %d): %s; again at %s"),
	    number_of(&m), m.unit, m.tries + 1, call_text(call, "error"),
	    clock_format(when, sizeof(when), call_time(call, "next"), CLOCK_HMS));
	return sql_run(q);
}

static bool
run_handed(struct verb_call *call, struct err *err)
{
	struct message m;
	struct sql *q;

	if (!find(call, "queued", &m, err))
		return false;
	q = sql(call_store(call),
	    "UPDATE outbox SET handed = ?2, tries = tries + 1, last_error = NULL"
	    " WHERE id = ?1");
	sql_bind(q, "ii", m.id, call_now(call));
	call_say(call, _("message %d to %s laid into the outgoing folder; no receipt yet"),
	    number_of(&m), m.unit);
	return sql_run(q);
}

static bool
settle(struct verb_call *call, const struct message *m, const char *state, int64_t at)
{
	struct sql *q = sql(call_store(call),
	    "UPDATE outbox SET state = ?2, done_at = ?3, receiver = nullif(?4, ''), next_at = NULL,"
	    " last_error = nullif(?5, ''), number = nullif(?6, '') WHERE id = ?1");

	sql_bind(q, "itcttt", m->id, state, at, call_text(call, "receiver"),
	    call_text(call, "error"), call_text(call, "number"));
	return sql_run(q);
}

/* What it was about is settled with it. */
static bool
tell(struct verb_call *call, const struct message *m, bool taken, bool by_machine, int64_t at,
    struct err *err)
{
	struct outbox_news news = {.message = m->id,
	    .ref = m->ref,
	    .unit = m->unit,
	    .taken = taken,
	    .by_machine = by_machine,
	    .receiver = call_text(call, "receiver"),
	    .number = call_text(call, "number"),
	    .reason = call_text(call, "error"),
	    .at = at};

	return call_outbox_news(call, m->kind, &news, err);
}

static bool
run_sent(struct verb_call *call, struct err *err)
{
	struct message m;

	if (!find(call, "queued", &m, err))
		return false;
	call_say(call, _("message %d to %s was accepted (%s); the receiver has not confirmed it"),
	    number_of(&m), m.unit, call_text(call, "receiver"));
	return settle(call, &m, "sent", call_now(call));
}

/* Their clock may be wrong: nobody takes a message before it was queued, or in the future. */
static int64_t
taken_at(struct verb_call *call, const struct message *m)
{
	int64_t at = call_has(call, "at") ? call_time(call, "at") : call_now(call);

	return at < m->at || at > call_now(call) ? call_now(call) : at;
}

/* Also of one they would not have before: who thinks better of it has it. */
static bool
run_received(struct verb_call *call, struct err *err)
{
	const char *receiver = call_text(call, "receiver"), *number = call_text(call, "number");
	struct message m;
	char when[40];
	int64_t at;

	if (!find(call, "queued sent failed", &m, err))
		return false;
	at = taken_at(call, &m);
	if (*receiver)
		call_say(call, _("message %d: %s received it, %s at %s"), number_of(&m), m.unit,
		    receiver, clock_format(when, sizeof(when), at, CLOCK_HM));
	else
		call_say(call, _("message %d: %s received it at %s"), number_of(&m), m.unit,
		    clock_format(when, sizeof(when), at, CLOCK_HM));
	if (*number)
		call_say(call, _("their number is %s"), number);
	return settle(call, &m, "received", at) && tell(call, &m, true, true, at, err);
}

/* Also of one they had taken: a report is sent back after it was read. */
static bool
run_failed(struct verb_call *call, struct err *err)
{
	struct message m;

	if (!find(call, "queued sent received", &m, err))
		return false;
	call_say(call, _("message %d: %s will not have it: %s. Set aside."), number_of(&m), m.unit,
	    call_text(call, "error"));
	return settle(call, &m, "failed", call_now(call)) &&
	       tell(call, &m, false, true, call_now(call), err);
}

/* --- of people ------------------------------------------------------------------------------- */

/* What no other verb queues: an answer, an acknowledgement, a warning of our own. */
static bool
run_add(struct verb_call *call, struct err *err)
{
	const char *unit = call_text(call, "unit"),
		   *kind = call_has(call, "kind") ? call_text(call, "kind") : "message";
	struct store *st = call_store(call);
	char *key = call_has(call, "key")
			? mem_dup(call_text(call, "key"))
			: mem_print("message-%lld-%s", (long long)call_journal(call), unit);
	bool fresh = !sql_one_int(st, "SELECT count(*) FROM outbox WHERE key = ?1", 0, "t", key);

	if (fresh) {
		call_outbox(call, "message", unit, kind, 0, key, call_text(call, "text"));
		call_subject(call, "message",
		    sql_one_int(st, "SELECT id FROM outbox WHERE key = ?1", 0, "t", key));
		call_say(call, _("message to %s: %.60s"), unit, call_text(call, "text"));
	} else
		err_set(err, ERR_STATE, _("A message with this key went out already."));
	free(key);
	return fresh;
}

static bool
run_confirm(struct verb_call *call, struct err *err)
{
	int64_t at = call_has(call, "at") ? call_time(call, "at") : call_now(call);
	struct message m;
	char when[40];

	if (!find(call, "queued sent failed", &m, err))
		return false;
	if (at > call_now(call))
		return err_set(err, ERR_INPUT, _("It cannot have been taken over in the future."));
	call_say(call, _("message %d: %s has it, taken by %s at %s"), number_of(&m), m.unit,
	    call_text(call, "receiver"), clock_format(when, sizeof(when), at, CLOCK_HM));
	return settle(call, &m, "received", at) && tell(call, &m, true, false, at, err);
}

static bool
run_retry(struct verb_call *call, struct err *err)
{
	struct message m;
	struct sql *q;

	if (!find(call, "queued failed", &m, err))
		return false;
	q = sql(call_store(call), "UPDATE outbox SET state = 'queued', tries = 0, next_at = NULL,"
				  " handed = NULL, done_at = NULL WHERE id = ?1");
	sql_bind(q, "i", m.id);
	call_say(call, _("message %d to %s is sent again"), number_of(&m), m.unit);
	return sql_run(q);
}

static bool
run_cancel(struct verb_call *call, struct err *err)
{
	struct message m;
	struct sql *q;

	if (!find(call, "queued failed", &m, err))
		return false;
	q = sql(call_store(call),
	    "UPDATE outbox SET state = 'cancelled', done_at = ?2, next_at = NULL,"
	    " last_error = ?3 WHERE id = ?1");
	sql_bind(q, "iit", m.id, call_now(call), call_text(call, "reason"));
	call_say(call, _("message %d to %s is not sent: %s"), number_of(&m), m.unit,
	    call_text(call, "reason"));
	return sql_run(q);
}

/* --- ways ------------------------------------------------------------------------------------ */

static bool
check_mail(const char *address, struct err *err)
{
	size_t n = strcspn(address, " ");
	char *url = mem_dupn(address, n);
	bool good = url_check(url, URL_MAIL, err);

	free(url);
	if (good && !mail_address_ok(address + n + strspn(address + n, " ")))
		return err_set(err, ERR_INPUT,
		    _("say the mail server and the receiver: smtp://HOST:PORT NAME@PLACE"));
	return good;
}

static bool
check_way(struct verb_call *call, struct err *err)
{
	const char *channel = call_text(call, "channel"), *address = call_text(call, "address");

	if (strcmp(channel, "http") == 0)
		return url_check(address, URL_WEB, err);
	if (strcmp(channel, "smtp") == 0 && !mail_address_ok(call_text(call, "sender")))
		return err_set(err, ERR_INPUT, _("mail needs a sender: sender=NAME@PLACE"));
	if (strcmp(channel, "smtp") == 0)
		return check_mail(address, err);
	if (strcmp(channel, "spool") == 0 && *address != '/')
		return err_set(err, ERR_INPUT, _("say the folder's whole path, from / on"));
	return true;
}

/* The link whose age the header shows. */
static int64_t
way_link(struct verb_call *call, const char *unit)
{
	struct store *st = call_store(call);
	char *name = mem_print(">%s", unit);
	int64_t id = sql_one_int(st, "SELECT id FROM link WHERE name = ?1", 0, "t", name);
	struct sql *q;

	if (!id) {
		id = store_new_id(st);
		q = sql(st, "INSERT INTO link (id, name, kind) VALUES (?1, ?2, 'out')");
		sql_bind(q, "it", id, name);
		sql_run(q);
	}
	free(name);
	return id;
}

static const char *
or_null(struct verb_call *call, const char *param)
{
	return call_has(call, param) && *call_text(call, param) ? call_text(call, param) : NULL;
}

static bool
run_destination(struct verb_call *call, struct err *err)
{
	const char *unit = call_text(call, "unit");
	struct store *st = call_store(call);
	struct sql *q;
	int64_t id;

	if (!check_way(call, err))
		return false;
	id = sql_one_int(st, "SELECT id FROM destination WHERE unit = ?1", 0, "t", unit);
	if (!id)
		id = store_new_id(st);
	q = sql(st,
	    "INSERT INTO destination (id, unit, channel, address, receipt, sender, pin_ca, pin_key,"
	    " link, journal, warnings) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON "
	    "CONFLICT (unit) DO UPDATE SET channel = ?3, address = ?4, receipt = ?5, sender = ?6, "
	    "pin_ca = ?7, pin_key = ?8, journal = ?10, warnings = ?11");
	sql_bind(q, "itttttttiit", id, unit, call_text(call, "channel"), call_text(call, "address"),
	    call_has(call, "receipt") ? call_text(call, "receipt") : "key", or_null(call, "sender"),
	    or_null(call, "pin_ca"), or_null(call, "pin_key"), way_link(call, unit),
	    call_journal(call), call_has(call, "warnings") ? call_text(call, "warnings") : "none");
	if (!sql_run(q))
		return false;
	/* What waited for a way, or for a better one, goes at once. */
	q = sql(st,
	    "UPDATE outbox SET next_at = NULL WHERE dest = ?1 AND state = 'queued' AND next_at IS"
	    " NOT NULL");
	sql_bind(q, "t", unit);
	call_subject(call, "destination", id);
	call_say(call, _("%s is reached by %s %s"), unit, call_text(call, "channel"),
	    call_text(call, "address"));
	return sql_run(q);
}

/* --- links ----------------------------------------------------------------------------------- */

static bool
about_link(struct verb_call *call, char *name, size_t size, struct err *err)
{
	char *found = sql_one_text(
	    call_store(call), "SELECT name FROM link WHERE id = ?1", "i", call_int(call, "link"));

	if (!found)
		return err_set(err, ERR_NOT_FOUND, _("There is no such link."));
	utf8_copy(name, size, found);
	free(found);
	call_subject(call, "link", call_int(call, "link"));
	return true;
}

/* The row of link tells for itself what the journal says; the ages stand in poll. */
static bool
run_link(struct verb_call *call, struct err *err, const char *error, const char *said)
{
	char name[64];
	struct sql *q;

	if (!about_link(call, name, sizeof(name), err))
		return false;
	q = sql(call_store(call), "UPDATE link SET last_error = ?2 WHERE id = ?1");
	sql_bind(q, "it", call_int(call, "link"), error);
	if (!sql_run(q))
		return false;
	if (error)
		call_say(call, "%s %s: %s", said, name, error);
	else
		call_say(call, "%s %s", said, name);
	return true;
}

static bool
run_link_down(struct verb_call *call, struct err *err)
{
	return run_link(call, err, call_text(call, "error"), _("link down:"));
}

static bool
run_link_up(struct verb_call *call, struct err *err)
{
	return run_link(call, err, NULL, _("link up again:"));
}

static bool
run_link_alarm(struct verb_call *call, struct err *err)
{
	char name[64];

	if (!about_link(call, name, sizeof(name), err))
		return false;
	call_say(call, _("look at the link %s: %s"), name, call_text(call, "error"));
	return true;
}

/* --- tables ---------------------------------------------------------------------------------- */

static const struct verb_param tried_params[] = {
    {"message", N_("message"), ARG_INT, NULL, true, false, NULL},
    {"error", N_("reason"), ARG_REST, NULL, true, false, NULL},
    {"next", N_("time"), ARG_TIME, NULL, true, false, NULL},
};
static const struct verb_param told_params[] = {
    {"message", N_("message"), ARG_INT, NULL, true, false, NULL},
    {"receiver", N_("receiver"), ARG_REST, NULL, false, false, NULL},
    {"at", N_("time"), ARG_TIME, NULL, false, false, NULL},
    {"number", N_("their number"), ARG_WORD, NULL, false, false, NULL},
};
static const struct verb_param failed_params[] = {
    {"message", N_("message"), ARG_INT, NULL, true, false, NULL},
    {"error", N_("reason"), ARG_REST, NULL, true, false, NULL},
};
static const struct verb_param link_params[] = {
    {"link", N_("link"), ARG_INT, NULL, true, false, NULL},
    {"error", N_("reason"), ARG_REST, NULL, false, false, NULL},
};
static const struct verb_param add_params[] = {
    {"unit", N_("unit"), ARG_WORD, NULL, true, true, N_("as reports name it")},
    {"kind", N_("kind"), ARG_WORD, NULL, false, false, N_("for the receiver: message, alert, ack")},
    {"key", N_("key"), ARG_WORD, NULL, false, false,
	N_("the receiver takes each key once; made up unless given")},
    {"text", N_("words"), ARG_REST, NULL, true, true, N_("the whole message")},
};
static const struct verb_param confirm_params[] = {
    {"message", N_("message"), ARG_THING, "message", true, true, NULL},
    {"receiver", N_("receiver"), ARG_WORD, NULL, true, true, N_("who took it, by name")},
    {"at", N_("time"), ARG_TIME, NULL, false, true, N_("now unless told")},
    {"number", N_("their number"), ARG_WORD, NULL, false, false,
	N_("under which they registered it")},
};
static const struct verb_param retry_params[] = {
    {"message", N_("message"), ARG_THING, "message", true, true, NULL},
};
static const struct verb_param cancel_params[] = {
    {"message", N_("message"), ARG_THING, "message", true, true, NULL},
    {"reason", N_("reason"), ARG_REST, NULL, true, true, NULL},
};
static const struct verb_param way_params[] = {
    {"unit", N_("unit"), ARG_WORD, NULL, true, true, N_("as reports name it")},
    {"channel", N_("channel"), ARG_CHOICE, "http|smtp|spool|fax|phone", true, true, NULL},
    {"receipt", N_("receipt"), ARG_CHOICE, "key|status", false, false,
	N_("what counts as taken over: an answer that names the key (unless told), or its status "
	   "alone")},
    {"warnings", N_("our warnings"), ARG_CHOICE, "none|cap|edxl", false, false,
	N_("go there too, as CAP or in an EDXL-DE envelope; none unless told")},
    {"sender", N_("sender"), ARG_WORD, NULL, false, false, N_("of mail: NAME@PLACE")},
    {"pin_ca", N_("pinned authority"), ARG_WORD, NULL, false, false,
	N_("PEM; no other is believed then")},
    {"pin_key", N_("pinned key"), ARG_WORD, NULL, false, false, N_("sha256//...")},
    {"address", N_("address"), ARG_REST, NULL, false, true,
	N_("URL, folder or number; mail: smtp://HOST:PORT NAME@PLACE")},
};

#define P(table) table, COUNT_OF(table)
#define COURIER ROLE_SYSTEM, VERB_QUIET
static const struct verb verbs[] = {
    {"outbox.sent", "", N_("a message was accepted"), COURIER, P(told_params), run_sent, NULL},
    {"outbox.received", "", N_("a receipt came"), COURIER, P(told_params), run_received, NULL},
    {"outbox.tried", "", N_("a message did not go out"), COURIER, P(tried_params), run_tried, NULL},
    {"outbox.handed", "", N_("a message was laid into the outgoing folder"), COURIER,
	P(retry_params), run_handed, NULL},
    {"outbox.failed", "", N_("a message was refused and set aside"), COURIER, P(failed_params),
	run_failed, NULL},
    {"outbox.add", "发文 fw", N_("send a message to a unit"), ROLE_ROOM | ROLE_SYSTEM, 0,
	P(add_params), run_add, NULL},
    {"outbox.confirm", "确认送达 qrsd", N_("the receiver has a message"), ROLE_ROOM, 0,
	P(confirm_params), run_confirm, NULL},
    {"outbox.retry", "resend 重发", N_("send a message again at once"), ROLE_ROOM, 0,
	P(retry_params), run_retry, NULL},
    {"outbox.cancel", "撤发", N_("do not send a message"), ROLE_CHIEF | ROLE_LEADER, 0,
	P(cancel_params), run_cancel, NULL},
    {"destination.set", "投送 ts", N_("which way leads to a unit"),
	ROLE_CHIEF | ROLE_CLERK | ROLE_SYSTEM, VERB_UNDO, P(way_params), run_destination, NULL},
    {"link.down", "", N_("a link is down"), COURIER, P(link_params), run_link_down, NULL},
    {"link.up", "", N_("a link is up again"), COURIER, P(link_params), run_link_up, NULL},
    {"link.alarm", "", N_("something is wrong on a link"), COURIER, P(link_params), run_link_alarm,
	NULL},
};

static bool
label_of(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(
	    st, "SELECT dest || ' ' || kind FROM outbox WHERE id = ?1", id, out, size);
}

static size_t
find_things(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT id, dest || ' ' || kind, state IN ('queued', 'failed') FROM outbox"
		    " WHERE ?1 = '' OR CAST(id & 8589934591 AS TEXT) = ?1 OR instr(dest, ?1) > 0"
		    " ORDER BY 3 DESC, id DESC LIMIT ?2");
	size_t n = 0;

	if (scope_of(actor))
		return 0;
	sql_bind(q, "ti", word, (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		snprintf(out[n].word, sizeof(out[n].word), "%d", (int)id_sequence(sql_int(q, 0)));
		out[n].id = sql_int(q, 0);
		utf8_copy(out[n].label, sizeof(out[n].label), sql_text(q, 1));
		out[n].score = strcmp(out[n].word, word) == 0 ? 100 : 10;
	}
	sql_done(q);
	return n;
}

static const struct thing_kind kinds[] = {
    {"message", N_("outgoing message"), find_things, label_of},
};

void
exchange_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	thing_register(st, kinds, COUNT_OF(kinds));
}
