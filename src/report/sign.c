/* 送签, 退稿, 签发, 送达, 作废, and the telephone report. A signed report is never changed; its
 * number is given once. */
#include "report/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
report_touch(struct verb_call *call, const char *states, struct report_row *row, struct err *err)
{
	const char *at;

	if (!report_get(call_store(call), call_int(call, "report"), row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such report."));
	if (!incident_touch(call, row->incident, true, err))
		return false;
	call_subject(call, "report", row->id);
	at = strstr(states, row->state);
	if (at && (at == states || at[-1] == ' '))
		return true;
	if (strcmp(row->state, "signed") == 0)
		return err_set(err, ERR_STATE,
		    _("%s is signed: a signed report is never changed; correct it with a "
		      "follow-up."),
		    row->no);
	return err_set(err, ERR_STATE, _("This report is %s."), report_state_label(row->state));
}

static void
set_state(struct verb_call *call, int64_t report, const char *state, const char *why)
{
	struct sql *q = sql(
	    call_store(call), "UPDATE report SET state = ?2, why = nullif(?3, '') WHERE id = ?1");

	sql_bind(q, "itt", report, state, why);
	sql_run(q);
}

/* The first thing that hinders signing. */
static bool
is_ready(struct store *st, int64_t report, struct err *err)
{
	struct report_problem problems[40];
	size_t n = report_check(st, report, problems, 40);

	for (size_t i = 0; i < n; i++)
		if (problems[i].blocking)
			return err_set(err, ERR_STATE, "%s", problems[i].text);
	return true;
}

bool
report_do_submit(struct verb_call *call, struct err *err)
{
	struct report_row row;

	if (!report_touch(call, "draft", &row, err) || !is_ready(call_store(call), row.id, err))
		return false;
	set_state(call, row.id, "submitted", "");
	call_say(call, _("to be signed: %s"), row.title);
	return true;
}

bool
report_do_return(struct verb_call *call, struct err *err)
{
	struct report_row row;

	if (!report_touch(call, "submitted", &row, err))
		return false;
	set_state(call, row.id, "draft", call_text(call, "why"));
	call_say(call, _("sent back: %s: %s"), row.title, call_text(call, "why"));
	return true;
}

bool
report_do_void(struct verb_call *call, struct err *err)
{
	struct report_row row;

	if (!report_touch(call, "draft submitted", &row, err))
		return false;
	set_state(call, row.id, "void", call_text(call, "why"));
	call_say(call, _("void: %s: %s"), row.title, call_text(call, "why"));
	return true;
}

/* --- signing --------------------------------------------------------------------------------- */

/* A leader signs in person; a chief writes down the leader who gave word by telephone. */
static bool
find_signer(struct verb_call *call, char *signer, size_t size, struct err *err)
{
	const struct actor *actor = call_actor(call);
	struct actor named;

	if (!call_has(call, "signer")) {
		if (!(actor->role & ROLE_LEADER))
			return err_set(err, ERR_REFUSED,
			    _("Who signs? A leader signs in person, or a chief names the leader "
			      "who gave word by telephone."));
		utf8_copy(signer, size, actor->name);
		return true;
	}
	if (!actor_find(call_store(call), call_text(call, "signer"), &named, err))
		return false;
	if (!(named.role & ROLE_LEADER))
		return err_set(err, ERR_REFUSED, _("%s is no leader and cannot sign."), named.name);
	utf8_copy(signer, size, named.name);
	return true;
}

/* The year and number: a first report takes the next of the year once, the others keep the first
 * one's. */
static void
take_number(
    struct verb_call *call, const struct report_row *row, int64_t at, int *year, int *number)
{
	struct store *st = call_store(call);
	struct sql *q;
	struct civil c;

	*year = *number = 0;
	if (row->seq > 0) {
		q = sql(st, "SELECT year, number FROM report WHERE incident = ?1 AND kind = "
			    "'first' AND state = 'signed'");
		sql_bind(q, "i", row->incident);
		if (sql_row(q)) {
			*year = (int)sql_int(q, 0);
			*number = (int)sql_int(q, 1);
		}
		sql_done(q);
		return;
	}
	clock_civil(at, &c);
	*year = c.year;
	*number = store_new_number(st, "report", c.year);
}

/* Close what waited for this paper: each unit of 主送 by itself; none waiting is no fault. */
static bool
close_clocks(struct verb_call *call, const struct report_row *row, const char *no,
    const char *signer, int64_t at, struct err *err)
{
	const char *medium = strcmp(row->kind, "first") == 0 ? "written" : row->kind;

	for (const char *dest = row->dest; *dest;) {
		const char *comma = strstr(dest, "、");
		size_t n = comma ? (size_t)(comma - dest) : strlen(dest);
		char *one = mem_dupn(dest, n);
		struct err own = ERR_NONE;
		int closed;
		bool good = incident_close_clocks(
		    call, row->incident, medium, one, at, NULL, no, signer, &closed, &own);

		free(one);
		if (!good && own.code != ERR_NOT_FOUND)
			return err_move(err, &own);
		err_clear(&own);
		dest += n + (comma ? 3 : 0);
	}
	return true;
}

/* Into the outbox, one message a unit; the receiver takes each key once. */
static bool
queue(struct verb_call *call, const struct report_row *row, struct err *err)
{
	struct buf xml = BUF_MAX(1 << 20);
	bool good = report_xml(call_store(call), row->id, &xml, err);

	for (const char *dest = row->dest; good && *dest;) {
		const char *comma = strstr(dest, "、");
		size_t n = comma ? (size_t)(comma - dest) : strlen(dest);
		char *one = mem_dupn(dest, n),
		     *key = mem_print("report-%lld-%s", (long long)row->id, one);

		call_outbox(call, "report", one, "report", row->id, key, buf_str(&xml));
		free(one);
		free(key);
		dest += n + (comma ? 3 : 0);
	}
	buf_clear(&xml);
	return good;
}

static void
write_signature(struct verb_call *call, const struct report_row *row, int year, int number,
    const char *signer, int64_t at)
{
	char hex[65] = "", head[96];
	int64_t seq = 0;
	struct sql *q;

	journal_head(call_store(call), &seq, hex);
	snprintf(head, sizeof(head), "%lld:%s", (long long)seq, hex);
	q = sql(call_store(call), "UPDATE report SET state = 'signed', year = ?2, number = ?3, "
				  "signer = ?4, signed = ?5, chain_head = ?6,"
				  " urgency = ifnull(?7, urgency), why = NULL WHERE id = ?1");
	sql_bind(q, "iiititt", row->id, (int64_t)year, (int64_t)number, signer, at, head,
	    call_has(call, "urgency") ? call_text(call, "urgency") : NULL);
	sql_run(q);
}

bool
report_do_sign(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct report_row row;
	char signer[64], no[24];
	int64_t at = call_has(call, "at") ? call_time(call, "at") : call_now(call);
	int year, number;

	if (!report_touch(call, "draft submitted", &row, err) || !is_ready(st, row.id, err) ||
	    !find_signer(call, signer, sizeof(signer), err))
		return false;
	if (at > call_now(call))
		return err_set(err, ERR_INPUT, _("It cannot be signed in the future."));
	take_number(call, &row, at, &year, &number);
	write_signature(call, &row, year, number, signer, at);
	if (!report_get(st, row.id, &row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such report."));
	utf8_copy(no, sizeof(no), row.no);
	if (strcmp(signer, call_actor(call)->name) == 0)
		call_say(call, _("%s signed by %s: %s"), no, signer, row.title);
	else
		call_say(call, _("%s signed by %s, word given by telephone to %s: %s"), no, signer,
		    call_actor(call)->name, row.title);
	return close_clocks(call, &row, no, signer, at, err) && queue(call, &row, err);
}

/* --- receipts -------------------------------------------------------------------------------- */

static const char *
way_label(const char *way)
{
	return strcmp(way, "fax") == 0	   ? _("by fax")
	       : strcmp(way, "hand") == 0  ? _("by hand")
	       : strcmp(way, "phone") == 0 ? _("by telephone")
					   : _("by the system");
}

bool
report_do_deliver(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t at = call_has(call, "at") ? call_time(call, "at") : call_now(call);
	struct report_row row;
	char when[40];
	struct sql *q;

	if (!report_touch(call, "signed", &row, err))
		return false;
	if (at > call_now(call))
		return err_set(err, ERR_INPUT, _("It cannot have been delivered in the future."));
	/* Delivered by hand or fax, it need not go out by the network as well. */
	q = sql(st, "UPDATE outbox SET state = 'received', done_at = ?3, receiver = ?4 WHERE kind "
		    "= 'report' AND ref = ?1 AND dest = ?2"
		    " AND state IN ('queued', 'sent', 'failed')");
	sql_bind(q, "itit", row.id, call_text(call, "dest"), at, call_text(call, "receiver"));
	sql_run(q);
	call_say(call, _("%s delivered to %s %s, taken by %s at %s"), row.no,
	    call_text(call, "dest"), way_label(call_text(call, "way")), call_text(call, "receiver"),
	    clock_format(when, sizeof(when), at, CLOCK_HM));
	report_delivered(call, &row, call_text(call, "dest"), call_text(call, "way"),
	    call_text(call, "receiver"), at);
	return true;
}

bool
report_do_phone(struct verb_call *call, struct err *err)
{
	int64_t incident = call_int(call, "incident"),
		at = call_has(call, "at") ? call_time(call, "at") : call_now(call);
	struct err own = ERR_NONE;
	char when[40];
	int closed = 0;

	if (!incident_touch(call, incident, true, err))
		return false;
	call_say(call, _("telephone report to %s, taken by %s at %s"), call_text(call, "dest"),
	    call_text(call, "receiver"), clock_format(when, sizeof(when), at, CLOCK_HM));
	if (!incident_close_clocks(call, incident, "phone", call_text(call, "dest"), at,
		call_text(call, "receiver"), NULL, NULL, &closed, &own) &&
	    own.code != ERR_NOT_FOUND)
		return err_move(err, &own);
	err_clear(&own);
	if (!closed)
		call_say(call, _("no deadline waited for it"));
	if (call_has(call, "text"))
		call_say(call, "%s", call_text(call, "text"));
	return true;
}
