/*
 * 9.5 报警闭环: raised -> confirmed (real, false, test) -> handled -> closed with cause and
 * measure. A point has one open alarm; its rises, falls and returns are entries of it. A value has
 * to fall back by the hysteresis before crossing again counts.
 */
#include "monitor/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-9
#define ESCALATE_NEXT (10 * CLOCK_MINUTE)

struct alarm {
	int64_t id, due, reset, inbox, incident;
	int level, present, answered, escalated;
	double worst;
	char verdict[8], name[64];
	bool open;
};

static void
entry(struct verb_call *call, int64_t alarm, const char *kind, double value, const char *text)
{
	struct sql *q =
	    sql(call_store(call), "INSERT INTO alarm_entry (id, alarm, at, kind, value, who, text, "
				  "journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	sql_bind(q, "iiitrtti", store_new_id(call_store(call)), alarm, call_now(call), kind, value,
	    call_actor(call)->name, text, call_journal(call));
	sql_run(q);
}

static void
fill(struct sql *q, void *row)
{
	struct alarm *a = row;

	memset(a, 0, sizeof(*a));
	a->id = sql_int(q, 0);
	a->level = (int)sql_int(q, 1);
	a->present = (int)sql_int(q, 2);
	a->answered = (int)sql_int(q, 3);
	a->worst = sql_real(q, 4);
	a->due = sql_time(q, 5);
	a->escalated = (int)sql_int(q, 6);
	a->reset = sql_time(q, 7);
	utf8_copy(a->verdict, sizeof(a->verdict), sql_text(q, 8));
	a->inbox = sql_int(q, 9);
	a->incident = sql_int(q, 10);
	utf8_copy(a->name, sizeof(a->name), sql_text(q, 11));
	a->open = sql_null(q, 12);
}

#define ALARM_STATE                                                                                \
	"id, level, present, answered, worst, due, escalated, reset, verdict, inbox, incident, "   \
	"name, "                                                                                   \
	"closed"

/* The open alarm of a point, else one that was closed while the value was still over (a false one).
 */
static bool
find_alarm(struct store *st, const struct observation *o, struct alarm *a)
{
	struct sql *q = sql(st,
	    "SELECT " ALARM_STATE " FROM alarm WHERE station = ?1 AND quantity = ?2 AND "
	    "(closed IS NULL OR reset IS NULL) ORDER BY closed IS NOT NULL, id DESC LIMIT 1");

	sql_bind(q, "tt", or_empty(o->station), or_empty(o->quantity));
	return sql_first(q, a, fill);
}

static bool
get_alarm(struct store *st, int64_t id, struct alarm *a)
{
	struct sql *q = sql(st, "SELECT " ALARM_STATE " FROM alarm WHERE id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, a, fill);
}

static void
save(struct store *st, const struct alarm *a, double value, int64_t now)
{
	struct sql *q = sql(st,
	    "UPDATE alarm SET level = ?2, present = ?3, answered = ?4, worst = ?5, due = ?6, "
	    "escalated = ?7, reset = ?8, value = ?9, changed = ?10 WHERE id = ?1");

	sql_bind(q, "iiiircicri", a->id, (int64_t)a->level, (int64_t)a->present,
	    (int64_t)a->answered, a->worst, a->due, (int64_t)a->escalated, a->reset, value, now);
	sql_run(q);
}

/* --- what a value does ----------------------------------------------------------------------- */

static const struct threshold *
at_level(const struct threshold *t, size_t n, int level)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].level == level)
			return &t[i];
	return NULL;
}

/* The level a value stands at: rising it takes the threshold, falling it takes the hysteresis as
 * well. */
static int
level_of(const struct threshold *t, size_t n, double value, int present)
{
	int level = 0;

	for (size_t i = 0; i < n; i++) {
		double slack = t[i].level <= present ? t[i].hysteresis : 0;

		if (value + TOLERANCE >= t[i].value ||
		    (slack > 0 && value - TOLERANCE > t[i].value - slack))
			level = t[i].level;
	}
	return level;
}

static const char *
name_of(const struct observation *o)
{
	return o->name && *o->name ? o->name : or_empty(o->station);
}

static char *
crossing_text(const struct observation *o, const struct threshold *t)
{
	int d = quantity_decimals(o->quantity);

	return mem_print(_("%s %s %.*f %s, level %d: %s %.*f, %+.*f"), name_of(o),
	    quantity_label(o->quantity), d, o->value, t->unit, t->level, t->what, d, t->value, d,
	    o->value - t->value);
}

/* What the plans say of it: a trigger that is met is named, nothing is started. */
static void
plan_words(struct verb_call *call, const struct observation *o, const struct threshold *t,
    char *out, size_t size)
{
	const char *codes[] = {t->code};
	char text[160];
	struct plan_query q = {.codes = codes, .n_codes = *t->code ? 1 : 0, .text = text};

	/* The triggers of a plan name the station. */
	snprintf(text, sizeof(text), "%s %s", name_of(o), t->what);
	if (strcmp(o->quantity, "water_level") == 0)
		q.water_level = o->value;
	if (strncmp(o->quantity, "rain_", 5) == 0)
		q.rain_mm = o->value;
	plans_for(call, 0, &q, out, size);
}

static int64_t
to_inbox(struct verb_call *call, const struct observation *o, const struct threshold *t,
    const char *words, int64_t old)
{
	struct buf text = BUF_MAX(4096);
	char plans[240], when[40];
	struct inbox_message m = {.source = o->name && *o->name ? o->name : o->station,
	    .kind = "alarm",
	    .title = words,
	    .at = call_now(call),
	    .urgent = true};
	int64_t id;

	clock_format(when, sizeof(when), call_now(call) + t->confirm_min * CLOCK_MINUTE, CLOCK_HM);
	plan_words(call, o, t, plans, sizeof(plans));
	buf_printf(&text, _("%s\nTo be confirmed by %s\n"), words, when);
	if (*plans)
		buf_printf(&text, _("Plans: %s\n"), plans);
	if (*t->source)
		buf_printf(&text, "%s\n", t->source);
	m.text = buf_str(&text);
	if (old)
		inbox_settle(call, old, 0);
	id = inbox_put(call, &m);
	if (*plans)
		call_say(call, _("plans: %s"), plans);
	buf_clear(&text);
	return id;
}

static void
set_inbox(struct store *st, int64_t alarm, int64_t inbox)
{
	struct sql *q = sql(st, "UPDATE alarm SET inbox = ?2 WHERE id = ?1");

	sql_bind(q, "ii", alarm, inbox);
	sql_run(q);
}

/* Held back, and said: no bell, no inbox, nobody is waited for. */
static bool
is_silenced(struct verb_call *call, const struct observation *o, int level)
{
	struct silence_row s;
	char when[40];

	if (!monitor_silence_of(
		call_store(call), or_empty(o->station), or_empty(o->quantity), &s) ||
	    level > s.level)
		return false;
	call_say(call, _("silenced until %s (%s: %s)"),
	    clock_format(when, sizeof(when), s.until, CLOCK_MD_HM), s.who, s.reason);
	return true;
}

static void
raise_alarm(struct verb_call *call, const struct observation *o, const struct threshold *t)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st), now = call_now(call);
	char *words = crossing_text(o, t);
	bool quiet = is_silenced(call, o, t->level);
	struct sql *q = sql(st,
	    "INSERT INTO alarm (id, station, quantity, name, level, present, value, worst, "
	    "threshold, what, unit, code, raised, changed, due, journal) VALUES (?1, ?2, ?3, "
	    "?4, ?5, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13)");

	sql_bind(q, "itttirrtttici", id, or_empty(o->station), or_empty(o->quantity), name_of(o),
	    (int64_t)t->level, o->value, t->value, t->what, t->unit, t->code, now,
	    quiet ? CLOCK_NONE : now + t->confirm_min * CLOCK_MINUTE, call_journal(call));
	sql_run(q);
	entry(call, id, "raised", o->value, words);
	call_say(call, _("alarm: %s"), words);
	if (!quiet)
		set_inbox(st, id, to_inbox(call, o, t, words, 0));
	call_subject(call, "alarm", id);
	free(words);
}

/* A rise past what was answered, or a crossing after it was back, wants a new answer. */
static void
rise(
    struct verb_call *call, struct alarm *a, const struct observation *o, const struct threshold *t)
{
	struct store *st = call_store(call);
	bool again = a->reset != CLOCK_NONE;
	char *words = crossing_text(o, t);
	struct sql *q;

	a->present = t->level;
	a->level = t->level > a->level ? t->level : a->level;
	if (again)
		a->answered = 0;
	a->reset = CLOCK_NONE;
	entry(call, a->id, again ? "again" : "rise", o->value, words);
	call_say(call, again ? _("alarm again: %s") : _("alarm rises: %s"), words);
	if (t->level > a->answered && !is_silenced(call, o, t->level)) {
		a->due = call_now(call) + t->confirm_min * CLOCK_MINUTE;
		a->escalated = 0;
		set_inbox(st, a->id, to_inbox(call, o, t, words, a->inbox));
	}
	q = sql(st, "UPDATE alarm SET threshold = ?2, what = ?3 WHERE id = ?1");
	sql_bind(q, "irt", a->id, t->value, t->what);
	sql_run(q);
	call_subject(call, "alarm", a->id);
	free(words);
}

static void
fall(struct verb_call *call, struct alarm *a, const struct observation *o, int level)
{
	char *words = mem_print(
	    level ? _("%s %s %.*f %s: down to level %d") : _("%s %s %.*f %s: back to normal"),
	    name_of(o), quantity_label(o->quantity), quantity_decimals(o->quantity), o->value,
	    or_empty(o->unit), level);

	a->present = level;
	if (!level)
		a->reset = call_now(call);
	entry(call, a->id, level ? "fall" : "reset", o->value, words);
	call_say(call, "%s", words);
	call_subject(call, "alarm", a->id);
	free(words);
}

static void
change(struct verb_call *call, struct alarm *a, const struct observation *o,
    const struct threshold *t, size_t n)
{
	int level = level_of(t, n, o->value, a->present);

	if (o->value > a->worst)
		a->worst = o->value;
	if (level > a->present)
		rise(call, a, o, at_level(t, n, level));
	else if (level < a->present)
		fall(call, a, o, level);
	save(call_store(call), a, o->value, call_now(call));
}

/* Closed as false while the value was over: silent until it was back once, or goes higher than it
 * was. */
static bool
still_silent(struct verb_call *call, struct alarm *a, const struct observation *o,
    const struct threshold *t, size_t n)
{
	int level = level_of(t, n, o->value, a->level);

	if (level == 0) {
		a->reset = call_now(call);
		a->present = 0;
		save(call_store(call), a, o->value, call_now(call));
	}
	return level <= a->level;
}

void
alarm_value(struct verb_call *call, const struct observation *o)
{
	struct threshold t[8];
	size_t n =
	    thresholds_of(or_empty(o->station), name_of(o), or_empty(o->quantity), t, COUNT_OF(t));
	struct alarm a;
	int64_t newest;
	int level;

	if (!n)
		return;
	newest = sql_one_int(call_store(call),
	    "SELECT max(at) FROM observation WHERE station = ?1 AND quantity = ?2", 0, "tt",
	    or_empty(o->station), or_empty(o->quantity));
	if (o->at < newest)
		return; /* late news: the present decides */
	if (find_alarm(call_store(call), o, &a)) {
		if (a.open)
			change(call, &a, o, t, n);
		if (a.open || still_silent(call, &a, o, t, n))
			return;
	}
	level = level_of(t, n, o->value, 0);
	if (level)
		raise_alarm(call, o, at_level(t, n, level));
}

/* --- silence ---------------------------------------------------------------------------------- */

static bool
open_alarm(struct store *st, const char *station, const char *quantity, struct alarm_row *r)
{
	int64_t id = sql_one_int(st,
	    "SELECT id FROM alarm WHERE station = ?1 AND quantity = ?2 AND closed IS NULL ORDER BY "
	    "id "
	    "DESC LIMIT 1",
	    0, "tt", station, quantity);

	return id && monitor_alarm(st, id, r);
}

void
alarm_hush(struct verb_call *call, const char *station, const char *quantity, int level)
{
	struct store *st = call_store(call);
	struct alarm_row r;
	struct alarm a;

	if (!open_alarm(st, station, quantity, &r) || !get_alarm(st, r.id, &a) || a.present > level)
		return;
	entry(call, a.id, "silenced", r.value, call_text(call, "reason"));
	if (a.due == CLOCK_NONE)
		return;
	a.due = CLOCK_NONE;
	a.escalated = 0;
	save(st, &a, r.value, call_now(call));
	if (a.inbox)
		inbox_settle(call, a.inbox, a.incident);
}

void
alarm_ring(struct verb_call *call, const char *station, const char *quantity)
{
	struct store *st = call_store(call);
	struct observation o = {.station = NULL};
	const struct threshold *at;
	struct threshold t[8];
	struct alarm_row r;
	struct alarm a;
	char *words;
	size_t n;

	if (!open_alarm(st, station, quantity, &r) || !get_alarm(st, r.id, &a))
		return;
	n = thresholds_of(r.station, r.name, r.quantity, t, COUNT_OF(t));
	at = at_level(t, n, a.present);
	if (!at || a.present <= a.answered || a.due != CLOCK_NONE)
		return;
	o.station = r.station;
	o.name = r.name;
	o.quantity = r.quantity;
	o.unit = r.unit;
	o.value = r.value;
	words = crossing_text(&o, at);
	a.due = call_now(call) + at->confirm_min * CLOCK_MINUTE;
	a.escalated = 0;
	save(st, &a, r.value, call_now(call));
	entry(call, a.id, "rings", r.value, words);
	call_say(call, _("alarm: %s"), words);
	set_inbox(st, a.id, to_inbox(call, &o, at, words, a.inbox));
	free(words);
}

/* --- verbs ------------------------------------------------------------------------------------ */

static bool
hold(struct verb_call *call, struct alarm *a, struct err *err)
{
	if (!get_alarm(call_store(call), call_int(call, "alarm"), a))
		return err_set(err, ERR_NOT_FOUND, _("There is no such alarm."));
	call_subject(call, "alarm", a->id);
	if (a->incident)
		call_incident(call, a->incident);
	return a->open || err_set(err, ERR_STATE, _("This alarm is closed."));
}

bool
monitor_do_alarm_confirm(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	const char *verdict = call_text(call, "verdict");
	struct alarm a;
	struct sql *q;

	if (!hold(call, &a, err))
		return false;
	q = sql(st, "UPDATE alarm SET verdict = ?2, answered = level, due = NULL, confirmed = ?3, "
		    "confirmed_by = "
		    "?4 WHERE id = ?1");
	sql_bind(q, "itit", a.id, verdict, call_now(call), call_actor(call)->name);
	sql_run(q);
	entry(call, a.id, "confirmed", a.worst,
	    call_has(call, "text") ? call_text(call, "text") : alarm_verdict_label(verdict));
	if (a.inbox)
		inbox_settle(call, a.inbox, a.incident);
	call_say(call, _("%s confirmed: %s"), a.name, alarm_verdict_label(verdict));
	if (call_has(call, "text"))
		call_say(call, "%s", call_text(call, "text"));
	return true;
}

bool
monitor_do_alarm_note(struct verb_call *call, struct err *err)
{
	struct alarm a;

	if (!hold(call, &a, err))
		return false;
	entry(call, a.id, "handled", a.worst, call_text(call, "text"));
	call_say(call, "%s: %s", a.name, call_text(call, "text"));
	return true;
}

bool
monitor_do_alarm_close(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct alarm a;
	char *text;
	struct sql *q;

	if (!hold(call, &a, err))
		return false;
	if (!*a.verdict || a.due != CLOCK_NONE)
		return err_set(
		    err, ERR_STATE, _("Confirm it first: real, false or test (alarm.confirm)."));
	if (strcmp(a.verdict, "real") == 0 && a.reset == CLOCK_NONE)
		return err_set(err, ERR_STATE, _("The value is not back yet."));
	q = sql(st,
	    "UPDATE alarm SET cause = ?2, measure = ?3, closed = ?4, closed_by = ?5 WHERE id = ?1");
	sql_bind(q, "ittit", a.id, call_text(call, "cause"), call_text(call, "measure"),
	    call_now(call), call_actor(call)->name);
	sql_run(q);
	text = mem_print(
	    _("cause: %s; measure: %s"), call_text(call, "cause"), call_text(call, "measure"));
	entry(call, a.id, "closed", a.worst, text);
	call_say(call, _("%s closed: %s"), a.name, text);
	free(text);
	return true;
}

bool
monitor_do_alarm_open(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	json_t *args = call_args(call);
	struct alarm_row r;
	struct alarm a;
	int64_t incident;
	struct sql *q;

	if (!hold(call, &a, err) || !monitor_alarm(st, a.id, &r))
		return false;
	if (a.incident)
		return err_set(err, ERR_STATE, _("This alarm belongs to an incident already."));
	if (!json_object_get(args, "text"))
		json_object_set_new(args, "text",
		    json_sprintf("%s%s%.*f%s，%s%.*f%s", r.name, quantity_label(r.quantity),
			quantity_decimals(r.quantity), r.value, r.unit, r.what,
			quantity_decimals(r.quantity), r.threshold, r.unit));
	if (!json_object_get(args, "source"))
		json_object_set_new(args, "source", json_string(_("monitoring")));
	if (!json_object_get(args, "place"))
		json_object_set_new(args, "place", json_string(r.name));
	if (!json_object_get(args, "type") && *r.code)
		json_object_set_new(args, "type", json_string(r.code));
	if (!incident_open_here(call, err))
		return false;
	incident = sql_one_int(
	    st, "SELECT max(id) FROM incident WHERE journal = ?1", 0, "i", call_journal(call));
	q = sql(st, "UPDATE alarm SET incident = ?2 WHERE id = ?1");
	sql_bind(q, "ii", a.id, incident);
	sql_run(q);
	entry(call, a.id, "incident", a.worst, _("made an incident"));
	if (a.inbox)
		inbox_settle(call, a.inbox, incident);
	return true;
}

bool
monitor_do_alarm_escalate(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct alarm a;
	char title[240];
	struct inbox_message m = {.source = a.name,
	    .kind = "alarm",
	    .title = title,
	    .text = title,
	    .at = call_now(call),
	    .urgent = true};

	if (!hold(call, &a, err))
		return false;
	if (a.due == CLOCK_NONE || a.due > call_now(call) || a.escalated >= 2)
		return err_set(err, ERR_STATE, _("Nothing is overdue here."));
	a.escalated++;
	a.due = call_now(call) + ESCALATE_NEXT;
	snprintf(title, sizeof(title),
	    a.escalated == 1 ? _("%s: nobody confirmed in time, now to the duty chief")
			     : _("%s: nobody confirmed in time, now to the leader"),
	    a.name);
	entry(call, a.id, "escalated", a.worst, title);
	if (a.inbox)
		inbox_settle(call, a.inbox, 0);
	set_inbox(st, a.id, inbox_put(call, &m));
	save(st, &a, a.worst, call_now(call));
	call_say(call, "%s", title);
	return true;
}

bool
monitor_tick(struct store *st, const struct actor *actor, struct err *err)
{
	return verb_run_due(st, actor,
		   sql(st, "SELECT id FROM alarm WHERE closed IS NULL AND due <= ?1 AND "
			   "escalated < 2 ORDER BY due LIMIT 50"),
		   "alarm.escalate", "alarm", err) &&
	       silence_tick(st, actor, err);
}
