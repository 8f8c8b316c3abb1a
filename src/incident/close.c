/* Closing report clocks: only with what each of them needs, late ones as late. */
#include "incident/inside.h"

#include <stdlib.h>
#include <string.h>

struct proof {
	int64_t at;
	const char *receiver, *number, *signer, *note;
};

/* What the clock needs and the proof lacks, as a refusal. */
static bool
proof_suffices(const char *needs, const struct proof *p, struct err *err)
{
	if (strcmp(needs, "receiver") == 0 && !*p->receiver)
		return err_set(err, ERR_INPUT,
		    _("Who took the report? A telephone report counts only with the receiver's "
		      "name and the time."));
	if (strcmp(needs, "signed") == 0 && (!*p->number || !*p->signer))
		return err_set(err, ERR_INPUT,
		    _("A written report counts only with its number and its signer."));
	if (strcmp(needs, "receipt") == 0 && (!*p->number || !*p->signer || !*p->receiver))
		return err_set(err, ERR_INPUT,
		    _("This counts only with the receipt of who got it: number, signer, and who "
		      "took it."));
	if (strcmp(needs, "done") == 0 && !*p->note && !*p->receiver && !*p->number)
		return err_set(err, ERR_INPUT, _("What was done? A word is needed to close this."));
	return true;
}

static void
close_one(struct verb_call *call, int64_t clock, const struct proof *p)
{
	struct store *st = call_store(call);
	struct sql *q = sql(st, "SELECT kind, dest, due FROM clock WHERE id = ?1");
	struct clock_row c = {.due = 0};
	char label[160], due[40];
	bool late;

	sql_bind(q, "i", clock);
	if (sql_row(q)) {
		utf8_copy(c.kind, sizeof(c.kind), sql_text(q, 0));
		utf8_copy(c.dest, sizeof(c.dest), sql_text(q, 1));
		c.due = sql_time(q, 2);
	}
	sql_done(q);
	late = p->at > c.due;
	q = sql(st, "UPDATE clock SET state = ?2, closed = ?3, receiver = nullif(?4, ''), number = "
		    "nullif(?5, ''), signer = nullif(?6, ''),"
		    " note = nullif(?7, ''), closed_by = ?8 WHERE id = ?1");
	sql_bind(q, "ititttti", clock, late ? "late" : "met", p->at, p->receiver, p->number,
	    p->signer, p->note, call_journal(call));
	sql_run(q);
	clock_label(&c, label, sizeof(label));
	clock_due_text(due, sizeof(due), c.due, call_now(call));
	call_say(call, late ? _("%s late (%s)") : _("%s met (%s)"), label, due);
	clocks_next_day(call, clock);
}

#define CLOSE_MAX 32

/* The open clocks of the incident and of those joined into it that ran at `before`. `loose`: abbreviations count. */
static size_t
find_clocks(struct store *st, int64_t incident, const char *medium, const char *dest, bool loose,
    int64_t before, int64_t *ids, char needs[][16])
{
	struct sql *q = sql(st,
	    "SELECT id, dest, " CLOCK_NEEDS
	    " FROM clock c WHERE state = 'open' AND medium = ?2 AND starts <= ?3 AND incident IN"
	    " (SELECT ?1 UNION ALL SELECT m.id FROM incident m WHERE m.merged_into = ?1) ORDER BY "
	    "due, id");
	size_t n = 0;

	sql_bind(q, "iti", incident, medium, before);
	while (n < CLOSE_MAX && sql_row(q)) {
		const char *have = sql_text(q, 1);
		if (dest && *dest && !strstr(have, dest) && !strstr(dest, have) &&
		    !(loose && utf8_in_order(have, dest)))
			continue;
		utf8_copy(needs[n], sizeof(needs[0]), sql_text(q, 2));
		ids[n++] = sql_int(q, 0);
	}
	sql_done(q);
	return n;
}

/* Those that only a receipt closes stay open without one, and that is said. */
static size_t
leave_to_receipt(
    struct verb_call *call, const struct proof *p, int64_t *ids, char needs[][16], size_t n)
{
	size_t kept = 0;

	if (*p->receiver)
		return n;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(needs[i], "receipt") == 0)
			continue;
		ids[kept] = ids[i];
		memmove(needs[kept++], needs[i], sizeof(needs[0]));
	}
	if (kept < n)
		call_say(call, "%s", _("its clock runs until the receipt comes"));
	return kept;
}

bool
incident_close_clocks(struct verb_call *call, int64_t incident, const char *medium,
    const char *dest, int64_t at, const char *receiver, const char *number, const char *signer,
    int *closed, struct err *err)
{
	struct proof p = {
	    at, receiver ? receiver : "", number ? number : "", signer ? signer : "", ""};
	int64_t ids[CLOSE_MAX];
	char needs[CLOSE_MAX][16];
	size_t n =
	    find_clocks(call_store(call), incident, medium, dest, false, INT64_MAX, ids, needs);

	*closed = 0;
	if (at > call_now(call))
		return err_set(err, ERR_INPUT, _("A report cannot have been made in the future."));
	if (n == 0 && dest && *dest)
		n = find_clocks(
		    call_store(call), incident, medium, dest, true, INT64_MAX, ids, needs);
	if (n == 0)
		return err_set(err, ERR_NOT_FOUND, _("No open clock waits for this."));
	n = leave_to_receipt(call, &p, ids, needs, n);
	for (size_t i = 0; i < n; i++)
		if (!proof_suffices(needs[i], &p, err))
			return false;
	for (size_t i = 0; i < n; i++)
		close_one(call, ids[i], &p);
	*closed = (int)n;
	return true;
}

/* --- receipts --- */

/* Those the paper closed when it was signed get the receiver's name beside it. */
static void
add_receiver(struct verb_call *call, int64_t incident, const struct paper *paper, const char *dest,
    const char *receiver)
{
	struct sql *q =
	    sql(call_store(call), "UPDATE clock SET receiver = ?5 WHERE state IN ('met', 'late') "
				  "AND medium = ?2 AND number "
				  "= ?3 AND (instr(dest, ?4) OR instr(?4, dest)) AND receiver IS "
				  "NULL AND incident IN (SELECT ?1 UNION ALL SELECT m.id "
				  "FROM incident m WHERE m.merged_into = ?1)");

	sql_bind(q, "itttt", incident, paper->medium, paper->number, dest, receiver);
	sql_run(q);
}

int
incident_receipt(struct verb_call *call, int64_t incident, const struct paper *paper,
    const char *dest, const char *receiver, int64_t at)
{
	struct proof p = {at, receiver, paper->number, paper->signer, ""};
	int64_t ids[CLOSE_MAX];
	char needs[CLOSE_MAX][16];
	size_t n;
	int closed = 0;

	if (*receiver)
		add_receiver(call, incident, paper, dest, receiver);
	n = find_clocks(
	    call_store(call), incident, paper->medium, dest, false, paper->signed_at, ids, needs);
	for (size_t i = 0; i < n; i++) {
		struct err lacks = ERR_NONE;

		if (proof_suffices(needs[i], &p, &lacks)) {
			close_one(call, ids[i], &p);
			closed++;
		} else
			call_say(call, "%s", lacks.message);
		err_clear(&lacks);
	}
	return closed;
}

/* One a day stands in the next day's already. */
int
incident_sent_back(struct verb_call *call, int64_t incident, const struct paper *paper,
    const char *dest, const char *why)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "UPDATE clock SET state = 'open', closed = NULL, receiver = NULL, number = "
		    "NULL, signer = "
		    "NULL, closed_by = NULL, note = ?5 WHERE state IN ('met', 'late') AND medium = "
		    "?2 AND number "
		    "= ?3 AND (instr(dest, ?4) OR instr(?4, dest)) AND incident IN (SELECT ?1 "
		    "UNION ALL SELECT m.id FROM incident m WHERE "
		    "m.merged_into = ?1) AND NOT EXISTS (SELECT 1 FROM clock l WHERE l.incident = "
		    "clock.incident "
		    "AND l.rule = clock.rule AND l.dest = clock.dest AND l.round > clock.round)");
	int64_t n;

	sql_bind(q, "itttt", incident, paper->medium, paper->number, dest, why);
	sql_run(q);
	n = sql_one_int(st, "SELECT changes()", 0, "");
	if (n)
		call_say(call, _("its clock runs again"));
	return (int)n;
}

static bool
read_clock(struct store *st, int64_t clock, struct clock_row *c)
{
	struct sql *q =
	    sql(st, "SELECT incident, kind, " CLOCK_NEEDS ", state FROM clock c WHERE id = ?1");
	bool found;

	memset(c, 0, sizeof(*c));
	sql_bind(q, "i", clock);
	found = sql_row(q);
	if (found) {
		c->incident = sql_int(q, 0);
		utf8_copy(c->kind, sizeof(c->kind), sql_text(q, 1));
		utf8_copy(c->needs, sizeof(c->needs), sql_text(q, 2));
		utf8_copy(c->state, sizeof(c->state), sql_text(q, 3));
	}
	sql_done(q);
	return found;
}

/* The incident a clock belongs to now: the one its own was joined into. */
static bool
touch_clock(struct verb_call *call, int64_t clock, struct clock_row *c, struct err *err)
{
	int64_t into;

	if (!read_clock(call_store(call), clock, c))
		return err_set(err, ERR_NOT_FOUND, _("There is no such clock."));
	into = sql_one_int(call_store(call),
	    "SELECT merged_into FROM incident WHERE id = ?1 AND state = 'merged'", c->incident, "i",
	    c->incident);
	if (!incident_touch(call, into, true, err))
		return false;
	call_subject(call, "clock", clock);
	if (strcmp(c->state, "open") != 0)
		return err_set(err, ERR_STATE, _("This clock is closed already."));
	return true;
}

bool
incident_do_clock_close(struct verb_call *call, struct err *err)
{
	int64_t clock = call_int(call, "clock");
	struct proof p = {call_has(call, "at") ? call_time(call, "at") : call_now(call),
	    call_text(call, "receiver"), call_text(call, "number"), call_text(call, "signer"),
	    call_text(call, "why")};
	struct clock_row c;

	if (!touch_clock(call, clock, &c, err))
		return false;
	if (p.at > call_now(call))
		return err_set(err, ERR_INPUT, _("A report cannot have been made in the future."));
	if (strcmp(c.kind, "law") == 0)
		return err_set(err, ERR_STATE,
		    _("The law's limit is met by the signed written report, not by hand."));
	if (strcmp(c.kind, "window") == 0)
		return err_set(err, ERR_STATE, _("A casualty window stays open to its end."));
	if (!proof_suffices(c.needs, &p, err))
		return false;
	close_one(call, clock, &p);
	return true;
}

bool
incident_do_clock_void(struct verb_call *call, struct err *err)
{
	int64_t clock = call_int(call, "clock");
	struct clock_row c;
	struct sql *q;

	if (!touch_clock(call, clock, &c, err))
		return false;
	q = sql(call_store(call), "UPDATE clock SET state = 'void', closed = ?2, closed_by = ?3, "
				  "note = ?4 WHERE id = ?1");
	sql_bind(q, "iiit", clock, call_now(call), call_journal(call), call_text(call, "why"));
	sql_run(q);
	call_say(
	    call, _("%s does not apply: %s"), clock_kind_label(c.kind), call_text(call, "why"));
	return true;
}
