/* Lists of what came in: warnings, tickets, earthquakes, observations, alarms, links. */
#include "cli/list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "monitor/monitor.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 100

/* --- warnings --------------------------------------------------------------------------------- */

static json_t *
alert_json(const struct alert_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_int(o, "chain", r->chain);
	member_text(o, "identifier", r->identifier);
	member_text(o, "sender", r->sender);
	member_text(o, "msg_type", r->msg_type);
	member_text(o, "profile", r->profile);
	member_text(o, "event", r->event);
	member_text(o, "code", r->code);
	member_int(o, "colour", r->colour);
	member_text(o, "colour_label", colour_label(r->colour));
	member_text(o, "state", alert_state_name(r->state));
	member_text(o, "state_label", alert_state_label(r->state));
	member_text(o, "headline", r->headline);
	member_text(o, "area", r->area);
	member_flag(o, "drill", r->drill);
	member_flag(o, "concerns", r->concerns);
	member_flag(o, "conflicting", r->conflicting);
	member_flag(o, "colour_disagrees", r->colour_disagrees);
	member_flag(o, "code_disagrees", r->code_disagrees);
	member_flag(o, "signed", r->is_signed);
	member_flag(o, "lift", r->lift);
	member_flag(o, "ours", r->ours);
	member_flag(o, "fresh", r->fresh);
	member_time(o, "sent", r->sent);
	member_time(o, "onset", r->onset);
	member_time(o, "expires", r->expires);
	member_time(o, "taken", r->taken);
	member_time(o, "seen", r->seen);
	member_id(o, "ended_by", r->ended_by);
	member_int(o, "copies", r->copies);
	member_int(o, "done", r->done);
	return o;
}

/* `open`: live ones. The word "drill" among the words: exercises and tests instead of the real
 * ones; "county": what touches it. */
static json_t *
list_alerts(struct store *st, const struct list_query *q)
{
	struct alert_filter f = {.live = q->open, .words = q->words};
	struct alert_row *rows = mem_zero(PAGE, sizeof(*rows));
	json_t *out = json_array();
	size_t n = PAGE;

	if (q->words && strcmp(q->words, "drill") == 0) {
		f.drill = true;
		f.words = NULL;
	} else if (q->words && strcmp(q->words, "county") == 0) {
		f.concerning = true;
		f.words = NULL;
	}
	while (n == PAGE && json_array_size(out) < q->limit) {
		n = monitor_alerts(st, &f, rows, PAGE);
		for (size_t i = 0; i < n && json_array_size(out) < q->limit; i++)
			json_array_append_new(out, alert_json(&rows[i]));
		if (n)
			f.before = rows[n - 1].id;
	}
	free(rows);
	return out;
}

static json_t *
one_alert(struct store *st, int64_t id)
{
	struct alert_row row;

	return monitor_alert(st, id, &row) ? alert_json(&row) : NULL;
}

static bool
text_alert(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	return monitor_alert_text(st, id, false, out, err);
}

static const struct out_column alert_columns[] = {
    {"sent", N_("sent"), OUT_TIME, 0},
    {"colour_label", N_("colour"), OUT_TEXT, 0},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"headline", N_("headline"), OUT_TEXT, 60},
    {"ours", N_("ours"), OUT_BOOL, 0},
    {"concerns", N_("touches the county"), OUT_BOOL, 0},
    {"conflicting", N_("conflicting"), OUT_BOOL, 0},
    {"expires", N_("until"), OUT_TIME, 0},
    {"done", N_("entries done"), OUT_NUMBER, 0},
    {"identifier", N_("identifier"), OUT_TEXT, 0},
};

/* --- tickets ---------------------------------------------------------------------------------- */

static json_t *
ticket_json(const struct ticket_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "source", r->source);
	member_text(o, "number", r->number);
	member_time(o, "at", r->at);
	member_text(o, "title", r->title);
	member_text(o, "address", r->address);
	member_text(o, "state", r->state);
	member_text(o, "state_label", ticket_state_label(r->state));
	member_text(o, "caller", r->caller);
	member_text(o, "phone", r->phone);
	member_flag(o, "secret", r->secret);
	member_text(o, "advice", r->advice);
	member_text(o, "dest", r->dest);
	member_text(o, "receiver", r->receiver);
	member_time(o, "transferred", r->transferred);
	member_time(o, "deadline", r->deadline);
	member_time(o, "feedback", r->feedback);
	member_time(o, "answered", r->answered);
	member_id(o, "incident", r->incident);
	return o;
}

static json_t *
list_tickets(struct store *st, const struct list_query *q)
{
	struct ticket_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE(rows, n, max, q->limit, monitor_tickets(st, q->open, rows, max))
	for (size_t i = 0; i < n; i++) {
		if (incident_masks(q->reader, rows[i].source, ""))
			monitor_ticket_mask(&rows[i]);
		json_array_append_new(out, ticket_json(&rows[i]));
	}
	free(rows);
	return out;
}

static json_t *
one_ticket(struct store *st, int64_t id)
{
	struct ticket_row row;

	return monitor_ticket(st, id, &row) ? ticket_json(&row) : NULL;
}

/* For nobody in particular: `show` gives the reader to monitor_ticket_text itself. */
static bool
text_ticket(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	return monitor_ticket_text(st, NULL, id, out, err);
}

static const struct out_column ticket_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"source", N_("from"), OUT_TEXT, 10},
    {"number", N_("ticket no."), OUT_TEXT, 0},
    {"title", N_("title"), OUT_TEXT, 40},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"dest", N_("handed to"), OUT_TEXT, 20},
    {"receiver", N_("receiver"), OUT_TEXT, 12},
    {"feedback", N_("answer due"), OUT_TIME, 0},
    {"answered", N_("answered"), OUT_TIME, 0},
};

/* --- earthquakes ------------------------------------------------------------------------------ */

static json_t *
quake_json(const struct quake_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_time(o, "at", r->at);
	member_real(o, "magnitude", r->magnitude);
	member_real(o, "depth_km", r->depth_km);
	member_text(o, "place", r->place);
	member_position(o, r->lon, r->lat);
	member_real(o, "distance_km", out_tenths(r->distance_km));
	member_flag(o, "reviewed", r->reviewed);
	member_flag(o, "concerns", r->concerns);
	member_int(o, "messages", r->messages);
	member_text(o, "rule", r->rule);
	member_text(o, "answer", r->answer);
	return o;
}

static json_t *
list_quakes(struct store *st, const struct list_query *q)
{
	struct quake_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE(rows, n, max, q->limit, monitor_quakes(st, rows, max))
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, quake_json(&rows[i]));
	free(rows);
	return out;
}

static json_t *
one_quake(struct store *st, int64_t id)
{
	struct quake_row row;

	return monitor_quake(st, id, &row) ? quake_json(&row) : NULL;
}

static const struct out_column quake_columns[] = {
    {"at", N_("time"), OUT_TIME, 0},
    {"magnitude", N_("magnitude"), OUT_NUMBER, 0},
    {"place", N_("place"), OUT_TEXT, 30},
    {"distance_km", N_("km away"), OUT_NUMBER, 0},
    {"reviewed", N_("reviewed"), OUT_BOOL, 0},
    {"rule", N_("by rule"), OUT_TEXT, 60},
};

/* --- observations ----------------------------------------------------------------------------- */

static json_t *
observation_json(const struct observation_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "station", r->station);
	member_text(o, "name", r->name);
	member_text(o, "quantity", r->quantity);
	member_text(o, "quantity_label", quantity_label(r->quantity));
	member_time(o, "at", r->at);
	member_real(o, "value", r->value);
	member_text(o, "unit", r->unit);
	member_real(o, "per_hour", r->per_hour);
	member_int(o, "level", r->level);
	if (r->threshold > 0)
		member_real(o, "threshold", r->threshold);
	member_text(o, "what", r->what);
	member_text(o, "forecast", r->forecast);
	return o;
}

static json_t *
list_observations(struct store *st, const struct list_query *q)
{
	struct observation_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE(rows, n, max, q->limit, monitor_observations(st, rows, max))
	for (size_t i = 0; i < n; i++)
		if (!q->open || rows[i].level)
			json_array_append_new(out, observation_json(&rows[i]));
	free(rows);
	return out;
}

static const struct out_column observation_columns[] = {
    {"name", N_("station"), OUT_TEXT, 24},
    {"quantity_label", N_("quantity"), OUT_TEXT, 0},
    {"at", N_("time"), OUT_TIME, 0},
    {"value", N_("value"), OUT_NUMBER, 0},
    {"unit", N_("unit of measure"), OUT_TEXT, 0},
    {"per_hour", N_("an hour"), OUT_NUMBER, 0},
    {"what", N_("threshold"), OUT_TEXT, 20},
    {"threshold", N_("threshold value"), OUT_NUMBER, 0},
    {"level", N_("level"), OUT_NUMBER, 0},
    {"forecast", N_("forecast"), OUT_TEXT, 0},
};

/* --- alarms ----------------------------------------------------------------------------------- */

static json_t *
alarm_json(const struct alarm_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "station", r->station);
	member_text(o, "name", r->name);
	member_text(o, "quantity", r->quantity);
	member_text(o, "quantity_label", quantity_label(r->quantity));
	member_int(o, "level", r->level);
	member_real(o, "value", r->value);
	member_real(o, "worst", r->worst);
	member_real(o, "threshold", r->threshold);
	member_text(o, "code", r->code);
	member_text(o, "what", r->what);
	member_text(o, "unit", r->unit);
	member_text(o, "verdict", r->verdict);
	member_time(o, "raised", r->raised);
	member_time(o, "due", r->due);
	member_time(o, "reset", r->reset);
	member_time(o, "closed", r->closed);
	member_int(o, "escalated", r->escalated);
	member_flag(o, "waits", r->waits);
	member_time(o, "silenced", r->silenced);
	member_id(o, "incident", r->incident);
	return o;
}

static json_t *
list_alarms(struct store *st, const struct list_query *q)
{
	struct alarm_row *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE(rows, n, max, q->limit, monitor_alarms(st, q->open, rows, max))
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, alarm_json(&rows[i]));
	free(rows);
	return out;
}

static json_t *
one_alarm(struct store *st, int64_t id)
{
	struct alarm_row row;

	return monitor_alarm(st, id, &row) ? alarm_json(&row) : NULL;
}

static const struct out_column alarm_columns[] = {
    {"raised", N_("raised"), OUT_TIME, 0},
    {"level", N_("level"), OUT_NUMBER, 0},
    {"name", N_("station"), OUT_TEXT, 24},
    {"quantity_label", N_("quantity"), OUT_TEXT, 0},
    {"value", N_("value"), OUT_NUMBER, 0},
    {"what", N_("threshold"), OUT_TEXT, 24},
    {"waits", N_("unconfirmed"), OUT_BOOL, 0},
    {"due", N_("until"), OUT_TIME, 0},
    {"silenced", N_("silenced till"), OUT_TIME, 0},
    {"closed", N_("closed"), OUT_TIME, 0},
};

/* --- links ------------------------------------------------------------------------------------ */

static json_t *
link_json(const struct monitor_link *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "name", r->name);
	member_text(o, "kind", r->kind);
	member_text(o, "url", r->url);
	member_text(o, "format", r->format);
	member_flag(o, "enabled", r->enabled);
	member_int(o, "every_s", r->interval_s);
	member_time(o, "last_ok", r->last_ok);
	member_time(o, "last_try", r->last_try);
	member_time(o, "next_try", r->next_try);
	member_text(o, "last_error", r->last_error);
	member_int(o, "fails", r->fails);
	member_int(o, "taken", r->taken);
	member_int(o, "refused", r->refused);
	return o;
}

static json_t *
list_links(struct store *st, const struct list_query *q)
{
	struct monitor_link *rows = NULL;
	json_t *out = json_array();
	size_t n, max;

	LIST_WHOLE(rows, n, max, q->limit, monitor_links(st, rows, max))
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, link_json(&rows[i]));
	free(rows);
	return out;
}

static const struct out_column link_columns[] = {
    {"name", N_("name"), OUT_TEXT, 24},
    {"kind", N_("kind"), OUT_TEXT, 0},
    {"enabled", N_("running"), OUT_BOOL, 0},
    {"last_ok", N_("last success"), OUT_TIME, 0},
    {"next_try", N_("next try"), OUT_TIME, 0},
    {"fails", N_("failed"), OUT_NUMBER, 0},
    {"taken", N_("taken in all"), OUT_NUMBER, 0},
    {"refused", N_("turned away"), OUT_NUMBER, 0},
    {"last_error", N_("error"), OUT_TEXT, 40},
    {"url", N_("address"), OUT_TEXT, 0},
};

const struct list_kind list_monitor_kinds[] = {
    {"alerts", "alert warnings 预警", N_("warnings"), COLUMNS(alert_columns), list_alerts, "alert",
	one_alert, text_alert, COLUMNS(alert_columns)},
    {"tickets", "ticket 工单", N_("tickets"), COLUMNS(ticket_columns), list_tickets, "ticket",
	one_ticket, text_ticket, COLUMNS(ticket_columns)},
    {"quakes", "quake earthquakes 地震", N_("earthquakes"), COLUMNS(quake_columns), list_quakes,
	"quake", one_quake, monitor_quake_text, COLUMNS(quake_columns)},
    {"observations", "observation 实况 水雨情", N_("newest observations"),
	COLUMNS(observation_columns), list_observations, LISTED_ONLY},
    {"alarms", "alarm 报警", N_("alarms"), COLUMNS(alarm_columns), list_alarms, "alarm", one_alarm,
	monitor_alarm_text, COLUMNS(alarm_columns)},
    {"links", "link 链路", N_("links"), COLUMNS(link_columns), list_links, LISTED_ONLY},
};
const size_t list_n_monitor_kinds = COUNT_OF(list_monitor_kinds);
