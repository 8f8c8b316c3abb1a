/*
 * 屏蔽报警: a point (station and quantity) that is not to ring until a time, because somebody knows why it does. Values and crossings are
 * kept as ever; only bell, inbox and escalation are held back, and only up to a level. It ends by itself, and what is over then, and was not
 * answered, rings.
 */
#include "monitor/inside.h"

#include <stdlib.h>
#include <string.h>

/* No silence outlives the shift that ordered it and the one that was told of it. */
#define LONGEST (24 * CLOCK_HOUR)
#define WORST 3

static void
fill(struct sql *q, void *row)
{
	struct silence_row *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	utf8_copy(r->station, sizeof(r->station), sql_text(q, 1));
	utf8_copy(r->quantity, sizeof(r->quantity), sql_text(q, 2));
	utf8_copy(r->name, sizeof(r->name), sql_text(q, 3));
	r->level = (int)sql_int(q, 4);
	r->since = sql_int(q, 5);
	r->until = sql_int(q, 6);
	utf8_copy(r->reason, sizeof(r->reason), sql_text(q, 7));
	utf8_copy(r->who, sizeof(r->who), sql_text(q, 8));
}

#define COLUMNS "id, station, quantity, name, level, since, until, reason, who"

bool
monitor_silence_of(
    struct store *st, const char *station, const char *quantity, struct silence_row *out)
{
	struct sql *q =
	    sql(st, "SELECT " COLUMNS " FROM silence WHERE station = ?1 AND quantity = ?2 AND "
		    "ended IS NULL AND until > ?3 ORDER BY id DESC LIMIT 1");

	sql_bind(q, "tti", station, quantity, clock_now());
	return sql_first(q, out, fill);
}

size_t
monitor_silences(struct store *st, struct silence_row *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT " COLUMNS " FROM silence WHERE ended IS NULL AND until > ?1 ORDER BY "
		    "until, id LIMIT ?2");

	sql_bind(q, "ii", clock_now(), (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}

static void
end(struct store *st, int64_t silence, int64_t at)
{
	struct sql *q = sql(st, "UPDATE silence SET ended = ?2 WHERE id = ?1 AND ended IS NULL");

	sql_bind(q, "ii", silence, at);
	sql_run(q);
}

/* The point a person named: any value of it does. */
static bool
find_point(struct verb_call *call, struct silence_row *out, struct err *err)
{
	struct sql *q =
	    sql(call_store(call), "SELECT station, quantity, name FROM observation WHERE id = ?1");
	bool found;

	memset(out, 0, sizeof(*out));
	sql_bind(q, "i", call_int(call, "point"));
	found = sql_row(q);
	if (found) {
		utf8_copy(out->station, sizeof(out->station), sql_text(q, 0));
		utf8_copy(out->quantity, sizeof(out->quantity), sql_text(q, 1));
		utf8_copy(out->name, sizeof(out->name),
		    *sql_text(q, 2) ? sql_text(q, 2) : sql_text(q, 0));
	}
	sql_done(q);
	return found || err_set(err, ERR_NOT_FOUND, _("No value has come from there."));
}

/* Up to the level it stands at, unless told: what gets worse than what was known rings. */
static bool
check(struct verb_call *call, struct silence_row *s, struct err *err)
{
	struct threshold t[8];

	s->until = call_time(call, "until");
	if (!thresholds_of(s->station, s->name, s->quantity, t, COUNT_OF(t)))
		return err_set(err, ERR_STATE, _("Nothing rings at %s %s: it has no threshold."),
		    s->name, quantity_label(s->quantity));
	if (s->until <= call_now(call))
		return err_set(err, ERR_INPUT, _("Until when? The end lies ahead."));
	if (s->until > call_now(call) + LONGEST)
		return err_set(err, ERR_INPUT, _("24 hours at most: then somebody looks again."));
	s->level = call_has(call, "level") ? (int)call_int(call, "level")
					   : (int)sql_one_int(call_store(call),
						 "SELECT max(present, 1) FROM alarm WHERE station "
						 "= ?1 AND quantity = ?2 AND closed "
						 "IS NULL ORDER BY id DESC LIMIT 1",
						 1, "tt", s->station, s->quantity);
	if (s->level < 1 || s->level > WORST)
		return err_set(err, ERR_INPUT, _("The level is 1, 2 or 3."));
	if (s->level == WORST && !(call_actor(call)->role & (ROLE_CHIEF | ROLE_LEADER)))
		return call_deny(call, err,
		    _("An alarm of the highest level is silenced by a chief or leader only."));
	return true;
}

bool
monitor_do_alarm_silence(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct silence_row s, old;
	char when[40];
	struct sql *q;
	int64_t id;

	if (!find_point(call, &s, err) || !check(call, &s, err))
		return false;
	if (monitor_silence_of(st, s.station, s.quantity, &old))
		end(st, old.id, call_now(call));
	id = store_new_id(st);
	q = sql(st,
	    "INSERT INTO silence (id, station, quantity, name, level, since, until, reason, who, "
	    "journal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	sql_bind(q, "itttiiitti", id, s.station, s.quantity, s.name, (int64_t)s.level,
	    call_now(call), s.until, call_text(call, "reason"), call_actor(call)->name,
	    call_journal(call));
	sql_run(q);
	call_subject(call, "silence", id);
	call_say(call, _("%s %s silenced up to level %d until %s: %s"), s.name,
	    quantity_label(s.quantity), s.level,
	    clock_format(when, sizeof(when), s.until, CLOCK_MD_HM), call_text(call, "reason"));
	alarm_hush(call, s.station, s.quantity, s.level);
	return true;
}

bool
monitor_do_alarm_resume(struct verb_call *call, struct err *err)
{
	struct silence_row s, open;

	if (!find_point(call, &s, err))
		return false;
	if (!monitor_silence_of(call_store(call), s.station, s.quantity, &open))
		return err_set(err, ERR_STATE, _("%s %s is not silenced."), s.name,
		    quantity_label(s.quantity));
	end(call_store(call), open.id, call_now(call));
	call_subject(call, "silence", open.id);
	call_say(call, _("%s %s rings again: %s"), open.name, quantity_label(open.quantity),
	    call_text(call, "reason"));
	alarm_ring(call, open.station, open.quantity);
	return true;
}

bool
monitor_do_alarm_lapse(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct silence_row s;
	struct sql *q = sql(
	    st, "SELECT " COLUMNS " FROM silence WHERE id = ?1 AND ended IS NULL AND until <= ?2");

	sql_bind(q, "ii", call_int(call, "silence"), call_now(call));
	if (!sql_first(q, &s, fill))
		return err_set(err, ERR_STATE, _("Nothing is overdue here."));
	end(st, s.id, s.until);
	call_subject(call, "silence", s.id);
	call_say(call, _("%s %s: the silence is over"), s.name, quantity_label(s.quantity));
	alarm_ring(call, s.station, s.quantity);
	return true;
}

bool
silence_tick(struct store *st, const struct actor *actor, struct err *err)
{
	return verb_run_due(st, actor,
	    sql(st, "SELECT id FROM silence WHERE ended IS NULL AND until <= ?1 ORDER BY until "
		    "LIMIT 50"),
	    "alarm.lapse", "silence", err);
}
