/*
 * The report clocks: asking the policy's rules about an incident, adding what they call for,
 * listing. A rule adds a clock once an incident and dest; the UNIQUE key of the table is the last
 * guard of it. Closing stands in close.c.
 */
#include "incident/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what the rules are asked about ---------------------------------------------------------- */

struct asked {
	struct policy_facts facts;
	char codes[POLICY_CODES][8];
	char *text, *substances, *near_miss_why, *sensitive_why, *state; /* owned */
	int64_t received, occurred;
};

static void
asked_clear(struct asked *a)
{
	free(a->text);
	free(a->substances);
	free(a->near_miss_why);
	free(a->sensitive_why);
	free(a->state);
}

/* Names and UN numbers of the dangerous goods in the facts. */
static char *
substances_of(struct store *st, int64_t incident)
{
	struct sql *q = sql(st, "SELECT DISTINCT ifnull(name, text), ifnull(un, 0) FROM fact WHERE "
				"incident = ?1 AND kind = 'substance'");
	struct buf b = BUF_MAX(400);

	sql_bind(q, "i", incident);
	while (sql_row(q)) {
		buf_printf(&b, "%s%s", b.size ? " " : "", sql_text(q, 0));
		if (sql_int(q, 1))
			buf_printf(&b, " UN%lld", (long long)sql_int(q, 1));
	}
	return buf_take(&b);
}

static void
ask_incident(struct store *st, int64_t incident, struct asked *a)
{
	struct sql *q =
	    sql(st, "SELECT grade, near_miss, parent IS NOT NULL, received, occurred, "
		    "near_miss_why, sensitive_why, state,"
		    " EXISTS (SELECT 1 FROM report r WHERE r.incident = i.id AND r.kind = 'first' "
		    "AND r.state = 'signed'),"
		    " EXISTS (SELECT 1 FROM clock c WHERE c.incident = i.id AND c.kind = 'written')"
		    " FROM incident i WHERE id = ?1");

	sql_bind(q, "i", incident);
	if (sql_row(q)) {
		a->facts.grade = (enum grade)sql_int(q, 0);
		a->facts.near_miss = sql_int(q, 1) != 0;
		a->facts.child = sql_int(q, 2) != 0;
		a->received = sql_time(q, 3);
		a->occurred = sql_time(q, 4);
		a->near_miss_why = mem_dup(sql_text(q, 5));
		a->sensitive_why = mem_dup(sql_text(q, 6));
		a->state = mem_dup(sql_text(q, 7));
		a->facts.reported = sql_int(q, 8) != 0;
		a->facts.written = sql_int(q, 9) != 0;
	}
	sql_done(q);
	q = sql(st, "SELECT code FROM incident_code WHERE incident = ?1 ORDER BY rank");
	sql_bind(q, "i", incident);
	while (a->facts.n_codes < POLICY_CODES && sql_row(q)) {
		utf8_copy(a->codes[a->facts.n_codes], sizeof(a->codes[0]), sql_text(q, 0));
		a->facts.codes[a->facts.n_codes] = a->codes[a->facts.n_codes];
		a->facts.n_codes++;
	}
	sql_done(q);
}

static void
asked_fill(struct store *st, int64_t incident, const struct clock_event *event, struct asked *a)
{
	memset(a, 0, sizeof(*a));
	ask_incident(st, incident, a);
	incident_figures(st, incident, &a->facts.figures);
	a->facts.light = sql_one_int(st,
	    "SELECT value FROM casualty WHERE incident = ?1 AND kind = 'light' ORDER BY at DESC, "
	    "id DESC LIMIT 1",
	    0, "i", incident);
	a->facts.households = sql_one_int(st,
	    "SELECT value FROM casualty WHERE incident = ?1 AND kind = 'households' ORDER BY at "
	    "DESC, id DESC LIMIT 1",
	    0, "i", incident);
	a->text = incident_words(st, incident);
	a->substances = substances_of(st, incident);
	a->facts.text = a->text;
	a->facts.substances = a->substances;
	a->facts.near_miss_why = a->near_miss_why ? a->near_miss_why : "";
	a->facts.sensitive_why = a->sensitive_why ? a->sensitive_why : "";
	a->facts.state = a->state ? a->state : "";
	a->facts.event = event->name;
	a->facts.changed = event->changed;
}

/* --- adding ---------------------------------------------------------------------------------- */

static int64_t
start_of(const struct policy_rule *r, int64_t received, int64_t occurred, int64_t fact)
{
	if (r->start == POLICY_OCCURRED)
		return occurred == CLOCK_NONE ? received : occurred;
	return r->start == POLICY_RECEIVED ? received : fact;
}

/* The round a new clock of this rule and dest would be; -1 when there shall be none. */
static int64_t
next_round(struct store *st, int64_t incident, const struct policy_rule *r, const char *dest)
{
	struct sql *q = sql(st, "SELECT count(*), sum(state = 'open') FROM clock WHERE incident = "
				"?1 AND rule = ?2 AND dest = ?3 AND round >= 0");
	int64_t all = 0, open = 0;

	sql_bind(q, "itt", incident, r->id, dest);
	if (sql_row(q)) {
		all = sql_int(q, 0);
		open = sql_int(q, 1);
	}
	sql_done(q);
	if (all == 0)
		return 0;
	return r->repeat == POLICY_AGAIN && open == 0 ? all : -1;
}

static void
clock_add(struct verb_call *call, int64_t incident, const struct policy_rule *r, const char *dest,
    int64_t round, int64_t starts, int64_t due, const char *why)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "INSERT INTO clock (id, incident, rule, kind, dest, round, medium, "
		    "needs, starts, due, source, why, journal, receipt)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
	bool receipt = strcmp(r->needs, "receipt") == 0;
	struct clock_row c = {.due = due};
	char label[160], at[40];

	sql_bind(q, "iitttittiittii", store_new_id(st), incident, r->id, r->kind, dest, round,
	    r->medium, receipt ? "signed" : r->needs, starts, due, r->source, why,
	    call_journal(call), (int64_t)receipt);
	sql_run(q);
	utf8_copy(c.kind, sizeof(c.kind), r->kind);
	utf8_copy(c.dest, sizeof(c.dest), dest);
	clock_label(&c, label, sizeof(label));
	clock_due_text(at, sizeof(at), due, call_now(call));
	call_say(call, "%s %s", at, label);
}

static void
run_rule(struct verb_call *call, int64_t incident, const struct policy_rule *r,
    const struct asked *a, const struct clock_event *event, const char *why)
{
	int64_t starts = start_of(r, a->received, a->occurred, event->at);

	for (const char *dest = r->dest; *dest;) {
		size_t n = strcspn(dest, "|");
		char *one = mem_dupn(dest, n), place[96];
		int64_t round;

		policy_place(call_store(call), one, event->receiver, place, sizeof(place));
		free(one);
		round = next_round(call_store(call), incident, r, place);
		if (round >= 0 && place[0])
			clock_add(
			    call, incident, r, place, round, starts, policy_due(r, starts), why);
		dest += n + (dest[n] == '|');
	}
}

void
clocks_run(struct verb_call *call, int64_t incident, const struct clock_event *event)
{
	struct policy *p = incident_policy(call_store(call));
	struct asked a;

	asked_fill(call_store(call), incident, event, &a);
	for (size_t i = 0; i < policy_count(p); i++) {
		struct buf why = BUF_MAX(600);
		if (policy_fires(p, i, &a.facts, &why)) {
			/* A rule by type alone has no fact to name but the type. */
			if (!why.size && a.facts.n_codes)
				buf_add(&why, a.facts.codes[0]);
			run_rule(call, incident, policy_rule(p, i), &a, event, buf_str(&why));
			if (strcmp(policy_rule(p, i)->kind, "written") == 0)
				a.facts.written = true;
		}
		buf_clear(&why);
	}
	asked_clear(&a);
	if (strcmp(event->name, "open") == 0)
		for (size_t i = 0; policy_warning(p, i); i++)
			call_say(call, _("policy fault: %s"), policy_warning(p, i));
}

/* The rule of a clock, as the policy in force has it; NULL when it is gone. */
static const struct policy_rule *
rule_named(const struct policy *p, const char *id)
{
	for (size_t i = 0; i < policy_count(p); i++)
		if (strcmp(policy_rule(p, i)->id, id) == 0)
			return policy_rule(p, i);
	return NULL;
}

void
clocks_next_day(struct verb_call *call, int64_t clock)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "SELECT c.incident, c.rule, c.dest, c.due, c.why, c.round, i.state FROM clock c"
		    " JOIN incident i ON i.id = c.incident WHERE c.id = ?1");
	const struct policy_rule *r;
	int64_t incident, due, round, from;
	char *dest, *why;
	bool over;

	sql_bind(q, "i", clock);
	if (!sql_row(q)) {
		sql_done(q);
		return;
	}
	incident = sql_int(q, 0);
	r = rule_named(incident_policy(st), sql_text(q, 1));
	dest = mem_dup(sql_text(q, 2));
	due = sql_time(q, 3);
	why = mem_dup(sql_text(q, 4));
	round = sql_int(q, 5) + 1;
	over = strcmp(sql_text(q, 6), "ended") == 0 || strcmp(sql_text(q, 6), "closed") == 0;
	sql_done(q);
	/* Days that went by without a report are in the one that was late. */
	from = due > call_now(call) ? due : call_now(call);
	if (r && r->repeat == POLICY_DAILY && !over)
		clock_add(call, incident, r, dest, round, from, policy_due(r, from), why);
	free(dest);
	free(why);
}

/* --- before anything is saved ---------------------------------------------------------------- */

static char *
substances_read(const struct reading *r)
{
	struct buf b = BUF_MAX(400);

	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];
		if (f->kind != FACT_SUBSTANCE || strstr(buf_str(&b), f->name ? f->name : f->text))
			continue;
		buf_printf(&b, "%s%s", b.size ? " " : "", f->name ? f->name : f->text);
		if (f->un)
			buf_printf(&b, " UN%d", f->un);
	}
	return buf_take(&b);
}

static void
ask_reading(const struct reading *r, const char *text, struct asked *a)
{
	memset(a, 0, sizeof(*a));
	reading_figures(r, &a->facts.figures);
	a->facts.figures.sensitive = r->grading.sensitive;
	a->facts.light = reading_count(r, FACT_LIGHT) > 0 ? reading_count(r, FACT_LIGHT) : 0;
	a->facts.households =
	    reading_count(r, FACT_HOUSEHOLDS) > 0 ? reading_count(r, FACT_HOUSEHOLDS) : 0;
	a->facts.grade = r->grading.grade;
	a->facts.near_miss = r->grading.near_miss;
	for (size_t i = 0; i < r->n_types && i < POLICY_CODES; i++)
		a->facts.codes[a->facts.n_codes++] = r->types[i].code;
	a->substances = substances_read(r);
	a->facts.substances = a->substances;
	a->facts.text = text;
	a->facts.near_miss_why = r->grading.near_miss_why ? r->grading.near_miss_why : "";
	a->facts.sensitive_why = r->grading.sensitive_why ? r->grading.sensitive_why : "";
	a->facts.state = "received";
	a->facts.event = "open";
}

static size_t
preview_rule(struct store *st, const struct policy_rule *r, const char *why, int64_t starts,
    struct clock_row *out, size_t max)
{
	size_t n = 0;

	for (const char *dest = r->dest; *dest && n < max;) {
		size_t size = strcspn(dest, "|");
		char *one = mem_dupn(dest, size);
		struct clock_row *c = &out[n++];

		memset(c, 0, sizeof(*c));
		utf8_copy(c->rule, sizeof(c->rule), r->id);
		utf8_copy(c->kind, sizeof(c->kind), r->kind);
		policy_place(st, one, "", c->dest, sizeof(c->dest));
		utf8_copy(c->medium, sizeof(c->medium), r->medium);
		utf8_copy(c->needs, sizeof(c->needs), r->needs);
		utf8_copy(c->state, sizeof(c->state), "open");
		utf8_copy(c->source, sizeof(c->source), r->source);
		utf8_copy(c->why, sizeof(c->why), why);
		c->starts = starts;
		c->due = policy_due(r, starts);
		c->closed = CLOCK_NONE;
		free(one);
		dest += size + (dest[size] == '|');
	}
	return n;
}

static int
by_due(const void *a, const void *b)
{
	const struct clock_row *x = a, *y = b;

	return x->due < y->due ? -1 : x->due > y->due;
}

size_t
incident_clocks_preview(struct store *st, const struct reading *r, const char *text,
    int64_t received, struct clock_row *out, size_t max)
{
	struct policy *p = incident_policy(st);
	const struct fact *time = reading_first(r, FACT_TIME);
	struct asked a;
	size_t n = 0;

	ask_reading(r, text, &a);
	for (size_t i = 0; i < policy_count(p) && n < max; i++) {
		const struct policy_rule *rule = policy_rule(p, i);
		struct buf why = BUF_MAX(600);
		if (policy_fires(p, i, &a.facts, &why)) {
			if (!why.size && a.facts.n_codes)
				buf_add(&why, a.facts.codes[0]);
			n += preview_rule(st, rule, buf_str(&why),
			    start_of(rule, received, time ? time->value : CLOCK_NONE, received),
			    out + n, max - n);
			if (strcmp(rule->kind, "written") == 0)
				a.facts.written = true;
		}
		buf_clear(&why);
	}
	asked_clear(&a);
	qsort(out, n, sizeof(*out), by_due);
	return n;
}

/* --- lists ----------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
	"SELECT c.id, c.incident, i.year, i.number, c.rule, c.kind, c.dest, "                      \
	"c.medium, " CLOCK_NEEDS ", "                                                              \
	"c.state, c.starts, c.due, c.closed,"                                                      \
	" c.source, c.why, c.receiver, c.number, c.signer, c.note FROM clock c JOIN incident i "   \
	"ON i.id = c.incident"
/* A window that is over is no open matter any more. */
#define STILL "c.state = 'open' AND (c.kind <> 'window' OR c.due > ?1)"

static struct sql *
clocks_query(struct store *st, const struct clock_filter *f)
{
	if (f->incident && f->open)
		return sql(st, COLUMNS
		    " WHERE " STILL
		    " AND (?2 = 0 OR i.area = ?2) AND (?3 IS NULL OR c.due < ?3) AND c.incident IN"
		    " (SELECT ?4 UNION ALL SELECT m.id FROM incident m WHERE m.merged_into = ?4) "
		    "ORDER BY c.due, c.id LIMIT ?5");
	if (f->incident)
		return sql(st, COLUMNS " WHERE ?1 = ?1 AND (?2 = 0 OR i.area = ?2) AND (?3 IS NULL "
				       "OR c.due < ?3) AND c.incident IN"
				       " (SELECT ?4 UNION ALL SELECT m.id FROM incident m WHERE "
				       "m.merged_into = ?4) ORDER BY c.due, c.id LIMIT ?5");
	if (f->open)
		return sql(st,
		    COLUMNS " WHERE " STILL
			    " AND (?2 = 0 OR i.area = ?2) AND (?3 IS NULL OR c.due < ?3) AND ?4 = 0"
			    " ORDER BY c.due, c.id LIMIT ?5");
	return sql(st, COLUMNS
	    " WHERE ?1 = ?1 AND (?2 = 0 OR i.area = ?2) AND (?3 IS NULL OR c.due < ?3) AND ?4 = 0"
	    " ORDER BY c.due, c.id LIMIT ?5");
}

size_t
incident_clocks(struct store *st, const struct clock_filter *f, struct clock_row *out, size_t max)
{
	struct sql *q = clocks_query(st, f);
	size_t n = 0;

	sql_bind(q, "iicii", clock_now(), f->area, f->due_before, f->incident, (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		struct clock_row *c = &out[n];
		memset(c, 0, sizeof(*c));
		c->id = sql_int(q, 0);
		c->incident = sql_int(q, 1);
		put_no(c->incident_no, sizeof(c->incident_no), sql_int(q, 2), sql_int(q, 3));
		utf8_copy(c->rule, sizeof(c->rule), sql_text(q, 4));
		utf8_copy(c->kind, sizeof(c->kind), sql_text(q, 5));
		utf8_copy(c->dest, sizeof(c->dest), sql_text(q, 6));
		utf8_copy(c->medium, sizeof(c->medium), sql_text(q, 7));
		utf8_copy(c->needs, sizeof(c->needs), sql_text(q, 8));
		utf8_copy(c->state, sizeof(c->state), sql_text(q, 9));
		c->starts = sql_time(q, 10);
		c->due = sql_time(q, 11);
		c->closed = sql_time(q, 12);
		utf8_copy(c->source, sizeof(c->source), sql_text(q, 13));
		utf8_copy(c->why, sizeof(c->why), sql_text(q, 14));
		utf8_copy(c->receiver, sizeof(c->receiver), sql_text(q, 15));
		utf8_copy(c->number, sizeof(c->number), sql_text(q, 16));
		utf8_copy(c->signer, sizeof(c->signer), sql_text(q, 17));
		utf8_copy(c->note, sizeof(c->note), sql_text(q, 18));
	}
	sql_done(q);
	return n;
}

void
incident_clock_counts(
    struct store *st, int64_t area, int64_t *overdue, int64_t *open, int64_t *next_due)
{
	struct sql *q = sql(st,
	    "SELECT sum(c.due < ?1), count(*), min(CASE WHEN c.due >= ?1 THEN c.due END) FROM "
	    "clock c"
	    " WHERE " STILL
	    " AND (?2 = 0 OR c.incident IN (SELECT i.id FROM incident i WHERE i.area = ?2))");

	*overdue = *open = 0;
	*next_due = CLOCK_NONE;
	sql_bind(q, "ii", clock_now(), area);
	if (sql_row(q)) {
		*overdue = sql_int(q, 0);
		*open = sql_int(q, 1);
		*next_due = sql_time(q, 2);
	}
	sql_done(q);
}

static const struct {
	const char *kind, *label;
} kinds[] = {{"phone", N_("phone report")}, {"written", N_("written report")},
    {"law", N_("law limit")}, {"province", N_("phone to province")}, {"follow", N_("follow-up")},
    {"window", N_("casualty window")}, {"feedback", N_("feedback")}, {"daily", N_("daily report")},
    {"final", N_("final report")}, {"dept", N_("department's report")},
    {"disaster", N_("disaster report")}};

const char *
clock_kind_label(const char *kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return _(kinds[i].label);
	return kind;
}

void
clock_label(const struct clock_row *c, char *out, size_t size)
{
	struct buf b = BUF_MAX(400);

	buf_printf(&b, "%s %s", clock_kind_label(c->kind), c->dest);
	utf8_copy(out, size, buf_str(&b));
	buf_clear(&b);
}

char *
clock_due_text(char *out, size_t size, int64_t due, int64_t day)
{
	char date[40];

	if (due == CLOCK_NONE || due != clock_day_start(due))
		return clock_format(out, size, due,
		    due != CLOCK_NONE && day != CLOCK_NONE &&
			    clock_day_start(due) == clock_day_start(day)
			? CLOCK_HM
			: CLOCK_MD_HM);
	if (day != CLOCK_NONE && clock_day_start(day) == due - CLOCK_DAY)
		snprintf(out, size, "24:00");
	else
		snprintf(
		    out, size, "%s 24:00", clock_format(date, sizeof(date), due - 1, CLOCK_MD));
	return out;
}
