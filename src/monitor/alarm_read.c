/* Alarms as rows and as text. */
#include "monitor/inside.h"

#include <stdio.h>
#include <string.h>

const char *
alarm_verdict_label(const char *verdict)
{
	return strcmp(verdict, "real") == 0    ? _("real")
	       : strcmp(verdict, "false") == 0 ? _("false alarm")
	       : strcmp(verdict, "test") == 0  ? _("test")
					       : _("not confirmed");
}

#define ALARM_COLUMNS                                                                              \
	"id, raised, changed, due, reset, closed, incident, inbox, station, name, quantity, "      \
	"unit, what, "                                                                             \
	"code, verdict, level, escalated, value, worst, threshold, (SELECT max(until) FROM "       \
	"silence s WHERE s.station = alarm.station AND s.quantity = alarm.quantity AND s.level "   \
	">= alarm.present AND s.ended IS NULL)"

static void
fill_row(struct sql *q, void *row)
{
	struct alarm_row *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->raised = sql_int(q, 1);
	r->changed = sql_int(q, 2);
	r->due = sql_time(q, 3);
	r->reset = sql_time(q, 4);
	r->closed = sql_time(q, 5);
	r->incident = sql_int(q, 6);
	r->inbox = sql_int(q, 7);
	utf8_copy(r->station, sizeof(r->station), sql_text(q, 8));
	utf8_copy(r->name, sizeof(r->name), sql_text(q, 9));
	utf8_copy(r->quantity, sizeof(r->quantity), sql_text(q, 10));
	utf8_copy(r->unit, sizeof(r->unit), sql_text(q, 11));
	utf8_copy(r->what, sizeof(r->what), sql_text(q, 12));
	utf8_copy(r->code, sizeof(r->code), sql_text(q, 13));
	utf8_copy(r->verdict, sizeof(r->verdict), sql_text(q, 14));
	r->level = (int)sql_int(q, 15);
	r->escalated = (int)sql_int(q, 16);
	r->value = sql_real(q, 17);
	r->worst = sql_real(q, 18);
	r->threshold = sql_real(q, 19);
	r->waits = r->due != CLOCK_NONE && r->closed == CLOCK_NONE;
	r->silenced = sql_time(q, 20);
	if (r->silenced != CLOCK_NONE && (r->silenced <= clock_now() || r->closed != CLOCK_NONE))
		r->silenced = CLOCK_NONE;
}

size_t
monitor_alarms(struct store *st, bool open, struct alarm_row *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT " ALARM_COLUMNS " FROM alarm WHERE closed IS NULL OR ?1 = 0 ORDER BY closed "
	    "IS NOT NULL, CASE WHEN closed IS NULL THEN -level END, raised DESC, id DESC LIMIT "
	    "?2");

	sql_bind(q, "ii", (int64_t)open, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill_row);
}

bool
monitor_alarm(struct store *st, int64_t id, struct alarm_row *out)
{
	struct sql *q = sql(st, "SELECT " ALARM_COLUMNS " FROM alarm WHERE id = ?1");

	sql_bind(q, "i", id);
	return sql_first(q, out, fill_row);
}

bool
monitor_alarm_text(struct store *st, int64_t id, struct buf *out, struct err *err)
{
	struct sql *q =
	    sql(st, "SELECT at, who, text FROM alarm_entry WHERE alarm = ?1 ORDER BY id");
	struct alarm_row r;
	char when[40];
	int d;

	if (!monitor_alarm(st, id, &r))
		return err_set(err, ERR_NOT_FOUND, _("There is no such alarm."));
	d = quantity_decimals(r.quantity);
	buf_printf(out, _("%s %s  level %d\n"), r.name, quantity_label(r.quantity), r.level);
	buf_printf(out, _("now %.*f %s, worst %.*f; %s %.*f\n"), d, r.value, r.unit, d, r.worst,
	    r.what, d, r.threshold);
	buf_printf(out, "%s", alarm_verdict_label(r.verdict));
	if (r.waits) {
		clock_format(when, sizeof(when), r.due, CLOCK_HM);
		buf_printf(out, _("; to be confirmed by %s"), when);
	}
	if (r.silenced != CLOCK_NONE)
		buf_printf(out, _("; SILENCED until %s"),
		    clock_format(when, sizeof(when), r.silenced, CLOCK_MD_HM));
	buf_printf(out, "%s\n\n", r.reset != CLOCK_NONE ? _("; the value is back") : "");
	sql_bind(q, "i", id);
	while (sql_row(q)) {
		clock_format(when, sizeof(when), sql_int(q, 0), CLOCK_MD_HM);
		buf_printf(out, "%s  %s  %s\n", when, sql_text(q, 1), sql_text(q, 2));
	}
	sql_done(q);
	return true;
}
