/* What stations measure: values, how fast they change, and when the next threshold will be reached.
 */
#include "monitor/inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The change an hour is taken from the newest value and the one nearest an hour before it, in these
 * bounds. */
#define RATE_LEAST (10 * CLOCK_MINUTE)
#define RATE_MOST (3 * CLOCK_HOUR)
/* Nobody plans by a straight line further than this. */
#define FORECAST_MOST_MIN 360

static const char *
name_of(const struct observation *o)
{
	return o->name && *o->name ? o->name : or_empty(o->station);
}

bool
observation_known(struct store *st, const struct observation *o)
{
	return sql_one_int(st,
		   "SELECT 1 FROM observation WHERE station = ?1 AND quantity = ?2 AND at = ?3 AND "
		   "abs(value - ?4) < 1e-9",
		   0, "ttir", or_empty(o->station), or_empty(o->quantity), o->at, o->value) != 0;
}

/* A value of the future would stand as the newest for years. */
static bool
put(struct verb_call *call, const struct observation *o, const char *feed, struct err *err)
{
	struct sql *q;

	if (!isfinite(o->value))
		return err_set(err, ERR_INPUT, _("This is no value."));
	if (o->at == CLOCK_NONE || o->at > call_now(call) + CLOCK_HOUR)
		return err_set(err, ERR_INPUT, _("The time of this value lies in the future."));
	q = sql(call_store(call), "INSERT INTO observation (id, station, quantity, at, value, "
				  "name, unit, trend, feed, journal) VALUES "
				  "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (station, "
				  "quantity, at) DO UPDATE SET value "
				  "= ?5, trend = ?8, feed = ?9, journal = ?10");
	sql_bind(q, "ittirtttti", store_new_id(call_store(call)), or_empty(o->station),
	    or_empty(o->quantity), o->at, o->value, name_of(o),
	    o->unit && *o->unit ? o->unit : quantity_unit(or_empty(o->quantity)), o->trend, feed,
	    call_journal(call));
	sql_run(q);
	return true;
}

bool
monitor_do_observation_take(struct verb_call *call, struct err *err)
{
#define FIELD(name) (call_has(call, name) ? (char *)(uintptr_t)call_text(call, name) : NULL)
	struct observation o = {.station = FIELD("station"),
	    .name = FIELD("name"),
	    .quantity = FIELD("quantity"),
	    .at = call_has(call, "at") ? call_time(call, "at") : call_now(call),
	    .value = call_real(call, "value"),
	    .unit = FIELD("unit"),
	    .trend = FIELD("trend")};
#undef FIELD

	const char *quantity = quantity_name(o.quantity);

	if (!quantity)
		return err_set(err, ERR_INPUT,
		    _("\"%s\" is nothing that stations measure (data/monitor/quantities.tsv)."),
		    o.quantity);
	o.quantity = (char *)(uintptr_t)quantity;
	if (!put(call, &o, "-", err))
		return false;
	call_say(call, "%s %s %.*f %s", name_of(&o), quantity_label(o.quantity),
	    quantity_decimals(o.quantity), o.value, o.unit ? o.unit : quantity_unit(o.quantity));
	alarm_value(call, &o);
	return true;
}

bool
monitor_do_observation_series(struct verb_call *call, struct err *err)
{
	struct intake *in = intake_of(call_store(call));
	size_t kept = 0;

	if (!in || !in->observations)
		return err_set(err, ERR_REFUSED, _("Values come in by feed or by zhiban ingest."));
	for (size_t i = 0; i < in->n_observations; i++) {
		struct err own = ERR_NONE;

		if (put(call, in->observations[i]->observation, in->feed, &own)) {
			alarm_value(call, in->observations[i]->observation);
			kept++;
		}
		err_clear(&own);
	}
	call_say(
	    call, ngettext("%s: %zu value", "%s: %zu values", (unsigned long)kept), in->feed, kept);
	return kept > 0 || err_set(err, ERR_INPUT, _("The time of this value lies in the future."));
}

/* --- reading --------------------------------------------------------------------------------- */

bool
observation_rate(struct store *st, const char *station, const char *quantity, double *per_hour)
{
	struct sql *q = sql(st,
	    "SELECT n.value - o.value, n.at - o.at FROM observation n JOIN observation o ON "
	    "o.station = n.station AND o.quantity = n.quantity AND o.at BETWEEN n.at - ?3 "
	    "AND n.at - ?4 WHERE n.station = ?1 AND n.quantity = ?2 AND n.at = (SELECT "
	    "max(at) FROM observation m WHERE m.station = ?1 AND m.quantity = ?2) ORDER BY "
	    "abs(n.at - o.at - ?5) LIMIT 1");
	bool found;

	*per_hour = 0;
	sql_bind(q, "ttiii", station, quantity, RATE_MOST, RATE_LEAST, CLOCK_HOUR);
	found = sql_row(q);
	if (found)
		*per_hour = sql_real(q, 0) * (double)CLOCK_HOUR / (double)sql_int(q, 1);
	sql_done(q);
	return found;
}

void
observation_forecast(const struct threshold *t, size_t n, double value, double per_hour,
    const char *quantity, char *out, size_t size)
{
	double minutes;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (t[i].value <= value)
			continue;
		minutes = per_hour > 0 ? (t[i].value - value) / per_hour * 60 : 1e9;
		if (minutes <= FORECAST_MOST_MIN)
			snprintf(out, size, _("reaches %.*f in about %.0f min"),
			    quantity_decimals(quantity), t[i].value, fmax(1, round(minutes)));
		return;
	}
}

static void
judge(struct store *st, struct observation_row *r)
{
	struct threshold t[8];
	size_t n = thresholds_of(r->station, r->name, r->quantity, t, COUNT_OF(t));
	struct silence_row silence;

	for (size_t i = 0; i < n; i++) {
		if (r->value + 1e-9 < t[i].value && r->threshold > 0)
			break;
		r->threshold = t[i].value;
		utf8_copy(r->what, sizeof(r->what), t[i].what);
		if (r->value + 1e-9 >= t[i].value)
			r->level = t[i].level;
	}
	r->silenced =
	    monitor_silence_of(st, r->station, r->quantity, &silence) && r->level <= silence.level
		? silence.until
		: CLOCK_NONE;
	if (observation_rate(st, r->station, r->quantity, &r->per_hour))
		observation_forecast(
		    t, n, r->value, r->per_hour, r->quantity, r->forecast, sizeof(r->forecast));
}

size_t
observations_newest(struct store *st, struct observation_row *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT o.id, o.station, o.name, o.quantity, o.at, o.value, o.unit FROM (SELECT "
	    "station, quantity, max(at) AS at FROM observation GROUP BY station, quantity) l "
	    "JOIN observation o ON o.station = l.station AND o.quantity = l.quantity AND "
	    "o.at = l.at ORDER BY o.quantity, o.name, o.station LIMIT ?1");
	size_t n = 0;

	sql_bind(q, "i", (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		struct observation_row *r = &out[n];

		memset(r, 0, sizeof(*r));
		r->id = sql_int(q, 0);
		utf8_copy(r->station, sizeof(r->station), sql_text(q, 1));
		utf8_copy(r->name, sizeof(r->name), sql_text(q, 2));
		utf8_copy(r->quantity, sizeof(r->quantity), sql_text(q, 3));
		r->at = sql_int(q, 4);
		r->value = sql_real(q, 5);
		utf8_copy(r->unit, sizeof(r->unit), sql_text(q, 6));
	}
	sql_done(q);
	return n;
}

int64_t
monitor_point(struct store *st, const char *station, const char *quantity)
{
	return sql_one_int(st,
	    "SELECT id FROM observation WHERE station = ?1 AND quantity = ?2 ORDER BY at DESC "
	    "LIMIT 1",
	    0, "tt", station, quantity);
}

size_t
monitor_observations(struct store *st, struct observation_row *out, size_t max)
{
	size_t n = observations_newest(st, out, max);

	for (size_t i = 0; i < n; i++)
		judge(st, &out[i]);
	return n;
}
