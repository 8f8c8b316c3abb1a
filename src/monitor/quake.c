/*
 * Quakes. The first message is automatic, the reviewed one comes some minutes later with other
 * figures and often under another number; other networks report the same event again. What lies
 * within a minute and a hundred kilometres is one event.
 */
#include "monitor/inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAME_TIME CLOCK_MINUTE
#define SAME_KM 100.0
#define SAME_MAGNITUDE 2.0

bool
quake_known(struct store *st, const struct quake *q)
{
	return sql_one_int(st,
		   "SELECT 1 FROM quake_message WHERE source = ?1 AND key = ?2 AND reviewed = ?3 "
		   "AND "
		   "at = ?4 AND abs(lon - ?5) < 1e-6 AND abs(lat - ?6) < 1e-6 AND abs(magnitude - "
		   "?7) < 1e-6 LIMIT 1",
		   0, "ttiirrr", or_empty(q->source), or_empty(q->id), (int64_t)q->reviewed, q->at,
		   q->lon, q->lat, q->magnitude) != 0;
}

static double
km_between(double lon, double lat, struct point b)
{
	return geo_distance((struct point){lon, lat}, b) / 1000;
}

/* The event a message is about; 0 when it is a new one. */
static int64_t
find_event(struct store *st, const struct quake *m)
{
	int64_t id = *or_empty(m->id) ? sql_one_int(st,
					    "SELECT quake FROM quake_message WHERE source = ?1 AND "
					    "key = ?2 LIMIT 1",
					    0, "tt", or_empty(m->source), m->id)
				      : 0;
	double best = SAME_KM;
	struct sql *q;

	if (id)
		return id;
	q = sql(
	    st, "SELECT id, lon, lat, magnitude FROM quake WHERE at BETWEEN ?1 - ?2 AND ?1 + ?2");
	sql_bind(q, "ii", m->at, SAME_TIME);
	while (sql_row(q)) {
		double km =
		    km_between(m->lon, m->lat, (struct point){sql_real(q, 1), sql_real(q, 2)});

		if (km < best && fabs(sql_real(q, 3) - m->magnitude) <= SAME_MAGNITUDE) {
			best = km;
			id = sql_int(q, 0);
		}
	}
	sql_done(q);
	return id;
}

static void
add_number(struct buf *b, double value, int decimals)
{
	buf_printf(b, "%.*f", decimals, value);
}

/* The words for callers, with the figures in. */
static char *
fill_answer(const char *form, const struct quake *m, double km)
{
	struct buf b = BUF_MAX(2000);
	char when[64];

	clock_format(when, sizeof(when), m->at, CLOCK_CHINESE);
	for (const char *at = form; *at;) {
		if (strncmp(at, "{time}", 6) == 0)
			buf_add(&b, when);
		else if (strncmp(at, "{place}", 7) == 0)
			buf_add(&b, or_empty(m->place));
		else if (strncmp(at, "{magnitude}", 11) == 0)
			add_number(&b, m->magnitude, 1);
		else if (strncmp(at, "{depth}", 7) == 0)
			add_number(&b, m->depth_km, 0);
		else if (strncmp(at, "{distance}", 10) == 0)
			add_number(&b, km, 0);
		else {
			buf_add_char(&b, *at++);
			continue;
		}
		at = strchr(at, '}') + 1;
	}
	return buf_take(&b);
}

static void
put_message(struct verb_call *call, int64_t event, const struct quake *m)
{
	struct sql *q = sql(call_store(call), "INSERT INTO quake_message (id, quake, source, key, "
					      "reviewed, at, lon, lat, depth_km, magnitude, "
					      "place, taken, journal) VALUES (?1, ?2, ?3, ?4, ?5, "
					      "?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");

	sql_bind(q, "iittiirrrrtii", store_new_id(call_store(call)), event, or_empty(m->source),
	    or_empty(m->id), (int64_t)m->reviewed, m->at, m->lon, m->lat, m->depth_km, m->magnitude,
	    or_empty(m->place), call_now(call), call_journal(call));
	sql_run(q);
}

/* The figures of the event are those of the newest reviewed message, else of the newest. */
static void
put_event(struct verb_call *call, int64_t id, const struct quake *m, double km,
    const struct quake_rule *rule, const char *answer)
{
	struct sql *q = sql(call_store(call), "INSERT INTO quake (id, at, lon, lat, depth_km, "
					      "magnitude, place, reviewed, distance_km, "
					      "concerns, rule, answer, taken, journal) VALUES (?1, "
					      "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
					      "?13, ?14) ON CONFLICT (id) DO UPDATE SET at = ?2, "
					      "lon = ?3, lat = ?4, depth_km = ?5, magnitude = "
					      "?6, place = ?7, reviewed = ?8, distance_km = ?9, "
					      "concerns = max(concerns, ?10), rule = ?11, answer "
					      "= ?12");

	sql_bind(q, "iirrrrtirittii", id, m->at, m->lon, m->lat, m->depth_km, m->magnitude,
	    or_empty(m->place), (int64_t)m->reviewed, km, (int64_t)rule->inbox,
	    or_empty(rule->rule), answer, call_now(call), call_journal(call));
	sql_run(q);
}

/* Who measured it, as people call them. */
static const char *
network_name(const char *source)
{
	return strcmp(source, "CENC") == 0 ? _("China Earthquake Networks Center")
	       : *source		   ? source
					   : _("earthquake");
}

/* A reviewed message that changes what the rules say rings again; one that only mends figures mends
 * the entry. */
static void
to_inbox(struct verb_call *call, int64_t id, const struct quake *m, const struct quake_rule *rule,
    const char *answer, double km, const char *old_rule)
{
	struct store *st = call_store(call);
	int64_t old = sql_one_int(st, "SELECT inbox FROM quake WHERE id = ?1", 0, "i", id);
	struct buf text = BUF_MAX(8000);
	char title[240];
	struct inbox_message msg = {.source = network_name(or_empty(m->source)),
	    .kind = "quake",
	    .title = title,
	    .at = call_now(call),
	    .urgent = rule->urgent};
	struct sql *q;

	if (!rule->inbox)
		return;
	snprintf(title, sizeof(title), _("M%.1f %s, %.0f km away (%s)"), m->magnitude,
	    or_empty(m->place), km, m->reviewed ? _("reviewed") : _("automatic"));
	buf_printf(&text, "%s\n%s\n", title, or_empty(rule->rule));
	buf_printf(&text, _("To callers: %s"), answer);
	msg.text = buf_str(&text);
	if (old && strcmp(old_rule, or_empty(rule->rule)) == 0) {
		inbox_mend(call, old, title, msg.text);
	} else {
		if (old)
			inbox_settle(call, old, 0);
		q = sql(st, "UPDATE quake SET inbox = ?2 WHERE id = ?1");
		sql_bind(q, "ii", id, inbox_put(call, &msg));
		sql_run(q);
	}
	buf_clear(&text);
}

static struct quake
quake_of_call(struct verb_call *call)
{
#define FIELD(name) ((char *)(uintptr_t)call_text(call, name))
	struct quake m = {.id = FIELD("id"),
	    .place = FIELD("place"),
	    .source = FIELD("source"),
	    .reviewed = call_flag(call, "reviewed"),
	    .at = call_time(call, "at"),
	    .lon = call_real(call, "lon"),
	    .lat = call_real(call, "lat"),
	    .depth_km = call_real(call, "depth"),
	    .magnitude = call_real(call, "magnitude")};
#undef FIELD

	return m;
}

bool
monitor_do_quake_take(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct quake m = quake_of_call(call);
	struct quake_rule rule;
	struct point centre;
	int64_t id = find_event(st, &m);
	bool known = id != 0;
	char *old_rule =
		 known ? sql_one_text(st, "SELECT rule FROM quake WHERE id = ?1", "i", id) : NULL,
	     *answer;
	double km;

	if (m.lon < -180 || m.lon > 180 || m.lat < -90 || m.lat > 90 || m.magnitude > 10)
		return err_set(err, ERR_INPUT, _("These are no figures of an earthquake."));
	km = county_centre(st, &centre) ? km_between(m.lon, m.lat, centre) : 0;
	quake_rule_find(m.magnitude, km, &rule);
	answer = fill_answer(or_empty(rule.answer), &m, km);
	if (!known)
		id = store_new_id(st);
	if (!known || m.reviewed ||
	    !sql_one_int(st, "SELECT reviewed FROM quake WHERE id = ?1", 0, "i", id)) {
		put_event(call, id, &m, km, &rule, answer);
		to_inbox(call, id, &m, &rule, answer, km, or_empty(old_rule));
	}
	put_message(call, id, &m);
	call_subject(call, "quake", id);
	call_say(call,
	    known ? _("earthquake, further message: M%.1f %s, %.0f km away")
		  : _("earthquake: M%.1f %s, %.0f km away"),
	    m.magnitude, m.place, km);
	if (rule.inbox)
		call_say(call, "%s", or_empty(rule.rule));
	free(answer);
	free(old_rule);
	return true;
}

/* --- reading --------------------------------------------------------------------------------- */

#define QUAKE_COLUMNS                                                                              \
	"q.id, q.at, q.lon, q.lat, q.depth_km, q.magnitude, q.distance_km, q.place, q.reviewed, "  \
	"q.concerns, q.rule, q.answer, q.inbox, (SELECT count(*) FROM quake_message m WHERE "      \
	"m.quake = "                                                                               \
	"q.id)"

static void
fill(struct sql *q, void *row)
{
	struct quake_row *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->at = sql_int(q, 1);
	r->lon = sql_real(q, 2);
	r->lat = sql_real(q, 3);
	r->depth_km = sql_real(q, 4);
	r->magnitude = sql_real(q, 5);
	r->distance_km = sql_real(q, 6);
	utf8_copy(r->place, sizeof(r->place), sql_text(q, 7));
	r->reviewed = sql_int(q, 8) != 0;
	r->concerns = sql_int(q, 9) != 0;
	utf8_copy(r->rule, sizeof(r->rule), sql_text(q, 10));
	utf8_copy(r->answer, sizeof(r->answer), sql_text(q, 11));
	r->inbox = sql_int(q, 12);
	r->messages = (int)sql_int(q, 13);
}

size_t
monitor_quakes(struct store *st, struct quake_row *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT " QUAKE_COLUMNS " FROM quake q ORDER BY q.at DESC, q.id DESC LIMIT ?1");

	sql_bind(q, "i", (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}

bool
monitor_quake(struct store *st, int64_t id, struct quake_row *out)
{
	struct sql *q = sql(st, "SELECT " QUAKE_COLUMNS " FROM quake q WHERE q.id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill);
}

bool
monitor_quake_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct sql *q = sql(st,
	    "SELECT at, magnitude, depth_km, place, reviewed, source, key FROM quake_message "
	    "WHERE quake = ?1 ORDER BY id");
	struct quake_row r;
	char when[40];

	if (!monitor_quake(st, id, &r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such earthquake."));
	clock_format(when, sizeof(when), r.at, CLOCK_YMD_HM);
	buf_printf(out,
	    _("M%.1f %s\n%s  depth %.0f km  %.3f %.3f  %.0f km from the county's centre\n"),
	    r.magnitude, r.place, when, r.depth_km, r.lon, r.lat, r.distance_km);
	buf_printf(out, "%s\n\n", r.reviewed ? _("reviewed") : _("automatic, not reviewed yet"));
	buf_printf(out, _("By rule  %s\n"), r.rule);
	if (*r.answer)
		buf_printf(out, _("\nTo callers of 12345\n%s\n"), r.answer);
	buf_printf(out, "\n%s\n", _("Messages"));
	sql_bind(q, "i", id);
	while (sql_row(q)) {
		clock_format(when, sizeof(when), sql_int(q, 0), CLOCK_HMS);
		buf_printf(out, _("%s  M%.1f  %.0f km deep  %s  %s  %s %s\n"), when, sql_real(q, 1),
		    sql_real(q, 2), sql_text(q, 3), sql_int(q, 4) ? _("reviewed") : _("automatic"),
		    sql_text(q, 5), sql_text(q, 6));
	}
	sql_done(q);
	return true;
}
