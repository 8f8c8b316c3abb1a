/*
 * Messages out. One message a unit at a time, the oldest; the next when it is done with. Whatever
 * is killed between the receiver's answer and our commit is sent again under the same key, and the
 * receiver answers with the same receipt.
 */
#include "exchange/syncing.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "exchange/backoff.h"
#include "exchange/claim.h"
#include "exchange/credentials.h"
#include "exchange/mail.h"
#include "exchange/outbox.h"
#include "exchange/outfile.h"
#include "exchange/receipt.h"
#include "exchange/spool.h"
#include "store/digest.h"
#include "store/sql.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_MAX ((size_t)4 << 20)
#define ANSWER_MAX ((size_t)65536)
#define FILES_A_ROUND 200
/* How often a folder is looked into for receipts. */
#define RECEIPT_LOOK 30000
#define OTHER_BUSY 1000

/* A way out, and the oldest message that waits for it. */
struct way {
	int64_t link;
	char *unit, *channel, *address, *sender, *pin_ca, *pin_key;
	bool by_status;
	int fails; /* of the link, in a row */
	int64_t last_try;
	/* the message; id 0 none */
	int64_t id, at, next;
	int tries;
	char *kind, *key, *payload;
};

struct courier_job {
	struct courier_job *next;
	struct sync *sync;
	struct way way;
	bool mail;
};

static void
way_clear(struct way *w)
{
	free(w->unit);
	free(w->channel);
	free(w->address);
	free(w->sender);
	free(w->pin_ca);
	free(w->pin_key);
	free(w->kind);
	free(w->key);
	free(w->payload);
}

static void
read_way(struct sql *q, struct way *w)
{
	*w = (struct way){.link = sql_int(q, 0),
	    .unit = mem_dup(sql_text(q, 1)),
	    .channel = mem_dup(sql_text(q, 2)),
	    .address = mem_dup(sql_text(q, 3)),
	    .sender = mem_dup(sql_text(q, 4)),
	    .pin_ca = sql_null(q, 5) ? NULL : mem_dup(sql_text(q, 5)),
	    .pin_key = sql_null(q, 6) ? NULL : mem_dup(sql_text(q, 6)),
	    .by_status = sql_int(q, 7) != 0,
	    .fails = (int)sql_int(q, 8),
	    .last_try = sql_time(q, 9),
	    .id = sql_int(q, 10),
	    .at = sql_time(q, 11),
	    .next = sql_time(q, 12),
	    .tries = (int)sql_int(q, 13),
	    .kind = mem_dup(sql_text(q, 14)),
	    .key = mem_dup(sql_text(q, 15)),
	    .payload = mem_dup(sql_text(q, 16))};
}

/* The ways that machines can go (only 0), or the one of this link; with it the oldest message not
 * yet laid out. */
static size_t
read_ways(struct store *st, int64_t only, struct way **out)
{
	struct sql *q = sql(st,
	    "SELECT d.link, d.unit, d.channel, d.address, d.sender, d.pin_ca, d.pin_key, d.receipt "
	    "= 'status',"
	    " p.fails, p.last_try, o.id, o.at, o.next_at, o.tries, o.kind, o.key, o.payload"
	    " FROM destination d JOIN link l ON l.id = d.link LEFT JOIN poll p ON p.link = d.link"
	    " LEFT JOIN outbox o ON o.id = (SELECT min(id) FROM outbox WHERE dest = d.unit AND "
	    "state = 'queued'"
	    " AND handed IS NULL)"
	    " WHERE l.enabled = 1 AND d.channel IN ('http', 'smtp', 'spool') AND (?1 = 0 OR d.link "
	    "= ?1)"
	    " ORDER BY d.id");
	size_t n = 0, room = 0;

	*out = NULL;
	sql_bind(q, "i", only);
	while (sql_row(q)) {
		mem_grow(out, &room, n);
		read_way(q, &(*out)[n++]);
	}
	sql_done(q);
	return n;
}

/* --- how it went ----------------------------------------------------------------------------- */

static void
note_link(struct sync *s, const struct way *w, const char *error, int64_t next)
{
	struct link_note note = {.link = w->link,
	    .at = clock_now(),
	    .next = next,
	    .error = error,
	    .items = -1,
	    .fails = error ? w->fails + 1 : 0,
	    .taken = !error};

	if (!s->lost)
		sync_note(s, &note, w->fails);
}

/* Once an outage: the reports wait for this unit, and somebody may have to take the telephone. */
static void
alarm_about(struct sync *s, const struct way *w, const char *reason)
{
	int64_t waiting;
	char *text;

	if (s->lost || !s->sink->alarm || w->fails + 1 != DOWN_AFTER)
		return;
	waiting = sql_one_int(s->st,
	    "SELECT count(*) FROM outbox WHERE dest = ?1 AND state = 'queued'", 0, "t", w->unit);
	text = mem_print(ngettext("%d message does not reach %s: %s. Another way may be needed.",
			     "%d messages do not reach %s: %s. Another way may be needed.",
			     (unsigned long)waiting),
	    (int)waiting, w->unit, reason);
	s->sink->alarm(s->sink->context, w->unit, text);
	free(text);
}

static void
did_not_go(struct sync *s, const struct way *w, const char *reason, int64_t asked)
{
	const struct sync_options *o = s->options;
	int64_t base = o->backoff_base ? o->backoff_base : BACKOFF_BASE,
		most = o->backoff_most ? o->backoff_most : BACKOFF_MOST,
		next = clock_now() + backoff_ms(w->tries + 1, base, most, asked);

	s->report->unsent++;
	sync_verb(s, "outbox.tried",
	    json_pack("{s:I, s:s, s:I}", "message", (json_int_t)w->id, "error", reason, "next",
		(json_int_t)next));
	note_link(s, w, reason, next);
	alarm_about(s, w, reason);
}

static void
was_refused(struct sync *s, const struct way *w, const char *reason)
{
	s->report->set_aside++;
	sync_verb(s, "outbox.failed",
	    json_pack("{s:I, s:s}", "message", (json_int_t)w->id, "error", *reason ? reason : "-"));
	note_link(s, w, NULL, CLOCK_NONE); /* the link is well: somebody answered */
}

static void
was_received(struct sync *s, int64_t id, const struct receipt_note *r)
{
	json_t *args = json_pack("{s:I}", "message", (json_int_t)id);

	if (*r->receiver)
		json_object_set_new(args, "receiver", json_string(r->receiver));
	if (*r->number)
		json_object_set_new(args, "number", json_string(r->number));
	if (r->at != CLOCK_NONE)
		json_object_set_new(args, "at", json_integer(r->at));
	if (!sync_verb(s, "outbox.received", args))
		return;
	s->report->sent++;
	if (s->sink->received)
		s->sink->received(s->sink->context, id);
}

static void
was_accepted(struct sync *s, const struct way *w, const char *by)
{
	s->report->sent++;
	sync_verb(s, "outbox.sent",
	    json_pack("{s:I, s:s}", "message", (json_int_t)w->id, "receiver", by));
	note_link(s, w, NULL, CLOCK_NONE);
}

/* --- HTTP ------------------------------------------------------------------------------------ */

/* The message itself is wrong: no later try makes it better. All else may be the way, and is tried
 * again. */
static bool
is_verdict(int status)
{
	return status == 400 || status == 409 || status == 413 || status == 415 || status == 422;
}

static void
web_answer(struct sync *s, const struct way *w, const struct transfer_answer *a)
{
	struct receipt_note r;
	bool about = receipt_read(a->body, a->size, &r) && strcmp(r.key, w->key) == 0;

	if (a->end == TRANSFER_OK && about && r.accepted) {
		was_received(s, w->id, &r);
		note_link(s, w, NULL, CLOCK_NONE);
	} else if (a->status == 409 && about && r.accepted) {
		was_received(s, w->id, &r); /* it has it from an earlier try */
		note_link(s, w, NULL, CLOCK_NONE);
	} else if (about && !r.accepted)
		was_refused(s, w, *r.text ? r.text : a->reason);
	else if (a->end == TRANSFER_OK && w->by_status && !strstr(a->type, "html"))
		was_accepted(s, w, w->unit);
	else if (a->end == TRANSFER_OK)
		did_not_go(s, w, _("the answer is no receipt for this message"), a->retry_after);
	else if (a->end == TRANSFER_STATUS && is_verdict(a->status))
		was_refused(s, w, a->reason);
	else
		did_not_go(s, w, a->reason, a->retry_after);
	receipt_clear(&r);
}

/* --- mail ------------------------------------------------------------------------------------ */

static void
mail_answer(struct sync *s, const struct way *w, const struct transfer_answer *a)
{
	if (a->end == TRANSFER_OK)
		was_accepted(s, w, _("mail server"));
	else if (a->end == TRANSFER_STATUS && a->status >= 550 && a->status < 560)
		was_refused(s, w, a->reason);
	else
		did_not_go(s, w, a->reason, 0);
}

/* --- transfers ------------------------------------------------------------------------------- */

static void
job_free(struct courier_job *j)
{
	struct courier_job **at = &j->sync->couriers;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	way_clear(&j->way);
	free(j);
}

static void
on_done(void *context, const struct transfer_answer *a)
{
	struct courier_job *j = context;
	struct sync *s = j->sync;

	if (j->mail)
		mail_answer(s, &j->way, a);
	else
		web_answer(s, &j->way, a);
	claim_drop(s->claims, j->way.link);
	s->sending--;
	s->changed = true;
	job_free(j);
}

static const char *
type_of(const char *payload)
{
	payload += strspn(payload, " \t\r\n");
	return *payload == '<'			    ? "application/xml"
	       : *payload == '{' || *payload == '[' ? "application/json"
						    : "text/plain";
}

static void
post(struct courier_job *j, const struct credentials *sign_on)
{
	const struct way *w = &j->way;
	char *token = mail_token(w->key), *key = mem_print("Idempotency-Key: %s", token),
	     *kind = mem_print("Zhiban-Kind: %s", w->kind),
	     *type = mem_print("Content-Type: %s; charset=utf-8", type_of(w->payload));
	const char *headers[] = {key, kind, type, "Accept: application/json", NULL};
	struct transfer_ask a = {.url = sign_on->url,
	    .user = sign_on->user,
	    .secret = sign_on->secret,
	    .pin_ca = w->pin_ca,
	    .pin_key = w->pin_key,
	    .body = w->payload,
	    .body_size = strlen(w->payload),
	    .headers = headers,
	    .idle_ms = 15000,
	    .timeout_ms = 30000,
	    .most = ANSWER_MAX};

	engine_start(j->sync->engine, &a, on_done, j);
	free(token);
	free(key);
	free(kind);
	free(type);
}

static void
mail(struct courier_job *j, const struct credentials *sign_on)
{
	const struct way *w = &j->way;
	size_t n = strcspn(w->address, " ");
	char *subject = mem_print(_("duty room message %d"), (int)id_sequence(w->id));
	const char *to = w->address + n + strspn(w->address + n, " ");
	struct buf text = BUF_MAX(2 * MESSAGE_MAX);
	struct transfer_ask a = {.url = sign_on->url,
	    .user = sign_on->user,
	    .secret = sign_on->secret,
	    .pin_ca = w->pin_ca,
	    .pin_key = w->pin_key,
	    .from = w->sender,
	    .to = to,
	    .timeout_ms = 30000,
	    .most = ANSWER_MAX};

	mail_write(&text, w->sender, to, subject, w->key, w->at, type_of(w->payload), w->payload,
	    strlen(w->payload));
	a.body = buf_str(&text);
	a.body_size = text.size;
	j->mail = true;
	engine_start(j->sync->engine, &a, on_done, j);
	buf_clear(&text);
	free(subject);
}

/* --- folders --------------------------------------------------------------------------------- */

/* The gate hands files on by name: the number first, so that order is kept. */
static bool
lay_out(struct sync *s, const struct way *w, int dir, struct err *err)
{
	const char *type = type_of(w->payload);
	char hex[65], name[96], *head, *whole;
	bool good;

	digest_hex(w->key, strlen(w->key), hex);
	snprintf(name, sizeof(name), "%010lld-%.16s.%s", (long long)id_sequence(w->id), hex,
	    strstr(type, "xml")	   ? "xml"
	    : strstr(type, "json") ? "json"
				   : "txt");
	/* What the receiver answers to comes first: a gate moves the message on sight. */
	head = mem_print("%s.key", name);
	whole = mem_print("%s\n", w->key);
	good = outfile_write(
		   dir, head, whole, strlen(whole), OUTFILE_GROUP, OUTFILE_SAME_IS_FINE, err) &&
	       outfile_write(dir, name, w->payload, strlen(w->payload), OUTFILE_GROUP,
		   OUTFILE_SAME_IS_FINE, err);
	free(head);
	free(whole);
	return good &&
	       sync_verb(s, "outbox.handed", json_pack("{s:I}", "message", (json_int_t)w->id));
}

static enum spool_verdict
take_receipt(void *context, const char *name, const char *data, size_t n, struct err *err)
{
	struct courier_job *j = context;
	struct sync *s = j->sync;
	struct receipt_note r;
	enum receipt_fit fit;
	int64_t id;

	(void)name;
	if (!receipt_read(data, n, &r)) {
		err_set(err, ERR_INPUT, _("it is no receipt"));
		return SPOOL_REFUSED;
	}
	fit = outbox_receipt_fit(s->st, r.key, j->way.unit, r.accepted, &id);
	if (fit == RECEIPT_UNKNOWN)
		err_set(err, ERR_NOT_FOUND, _("no message with this key waits for a receipt"));
	else if (fit == RECEIPT_NEWS && r.accepted)
		was_received(s, id, &r);
	else if (fit == RECEIPT_NEWS) {
		s->report->set_aside++;
		sync_verb(s, "outbox.failed",
		    json_pack(
			"{s:I, s:s}", "message", (json_int_t)id, "error", *r.text ? r.text : "-"));
	}
	receipt_clear(&r);
	return s->lost ? SPOOL_LATER : fit != RECEIPT_UNKNOWN ? SPOOL_DONE : SPOOL_REFUSED;
}

static bool
look_for_receipts(struct courier_job *j, int dir, struct err *err)
{
	int64_t settle = j->sync->options->settle_ms;
	char *path = mem_print("%s/receipts", j->way.address);
	int receipts = outfile_subdir(dir, "receipts", err);
	struct spool_count count;
	bool good = receipts >= 0 && spool_scan(path, ANSWER_MAX, FILES_A_ROUND,
					 settle < 0 ? 0
					 : settle   ? settle
						    : SPOOL_SETTLE,
					 take_receipt, NULL, j, &count, err);

	if (receipts >= 0)
		close(receipts);
	free(path);
	return good;
}

/* All that waits, then what came back. */
static void
visit_folder(struct courier_job *j)
{
	struct sync *s = j->sync;
	struct err err = ERR_NONE;
	int dir = outfile_dir(j->way.address, &err);
	bool good = dir >= 0;

	if (good && j->way.id)
		good = lay_out(s, &j->way, dir, &err);
	good = good && look_for_receipts(j, dir, &err);
	if (good || s->lost)
		note_link(s, &j->way, NULL, clock_now() + RECEIPT_LOOK);
	else if (j->way.id)
		did_not_go(s, &j->way, err.message ? err.message : "-", 0);
	else
		note_link(s, &j->way, err.message ? err.message : "-", clock_now() + RECEIPT_LOOK);
	err_clear(&err);
	if (dir >= 0)
		close(dir);
	claim_drop(s->claims, j->way.link);
	job_free(j);
}

/* --- starting -------------------------------------------------------------------------------- */

/* When this way wants to be gone; INT64_MAX: nothing to do. */
static int64_t
due_at(const struct sync *s, const struct way *w)
{
	bool folder = strcmp(w->channel, "spool") == 0;
	int64_t most = s->options->backoff_most ? s->options->backoff_most : BACKOFF_MOST,
		now = clock_now(),
		look =
		    w->last_try == CLOCK_NONE || w->last_try > now ? 0 : w->last_try + RECEIPT_LOOK;

	if (w->id &&
	    (w->next == CLOCK_NONE || w->next > now + (most > CLOCK_HOUR ? most : CLOCK_HOUR)))
		return 0; /* at once; a time so far off means that the clock was set back */
	if (folder && s->options->once && w->last_try < s->started)
		return 0;
	if (folder)
		return w->id && w->next < look ? w->next : look;
	return w->id ? w->next : INT64_MAX;
}

/* Over the line; a way whose secret cannot be had is tried again as one that is down. */
static void
send(struct courier_job *j)
{
	struct sync *s = j->sync;
	struct err err = ERR_NONE;
	char *url = mem_dupn(j->way.address, strcspn(j->way.address, " "));
	struct credentials sign_on;

	if (!credentials_for(store_path(s->st), url, &sign_on, &err)) {
		did_not_go(s, &j->way, err.message ? err.message : "-", 0);
		claim_drop(s->claims, j->way.link);
		job_free(j);
	} else {
		s->sending++;
		if (strcmp(j->way.channel, "smtp") == 0)
			mail(j, &sign_on);
		else
			post(j, &sign_on);
		credentials_clear(&sign_on);
	}
	err_clear(&err);
	free(url);
}

static bool
start(struct sync *s, int64_t link)
{
	struct courier_job *j;
	struct way *w;
	size_t n;

	if (!claim_take(s->claims, link))
		return false;
	n = read_ways(s->st, link, &w);
	if (n == 0 || due_at(s, w) > clock_now()) {
		if (n)
			way_clear(w);
		free(w);
		claim_drop(s->claims, link);
		return true;
	}
	j = mem_zero(1, sizeof(*j));
	j->sync = s;
	j->way = *w;
	j->next = s->couriers;
	s->couriers = j;
	free(w);
	s->changed = true;
	if (strcmp(j->way.channel, "spool") == 0) {
		visit_folder(j);
		return true;
	}
	send(j);
	return true;
}

static bool
is_under_way(const struct sync *s, int64_t link)
{
	for (const struct courier_job *j = s->couriers; j; j = j->next)
		if (j->way.link == link)
			return true;
	return false;
}

int64_t
courier_start(struct sync *s)
{
	int64_t now = clock_now(), next = INT64_MAX;
	struct way *ways;
	size_t n = read_ways(s->st, 0, &ways);

	for (size_t i = 0; i < n; i++) {
		int64_t due = due_at(s, &ways[i]);

		if (due > now)
			next = due < next ? due : next;
		else if (s->sending < SYNC_AT_ONCE && !s->lost && !is_under_way(s, ways[i].link) &&
			 !start(s, ways[i].link) && now + OTHER_BUSY < next)
			next = now + OTHER_BUSY;
		way_clear(&ways[i]);
	}
	free(ways);
	return next;
}

bool
courier_busy(const struct sync *s)
{
	return s->couriers != NULL;
}

void
courier_stop(struct sync *s)
{
	while (s->couriers)
		job_free(s->couriers);
}
