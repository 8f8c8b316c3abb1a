/*
 * What the monitoring room knows and the duty room has to say: live warnings and alarms in the
 * brief of a handover, rain and water in the answer to a spot check. And the minute of the house.
 */
#include "house/house.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "duty/duty.h"
#include "monitor/monitor.h"

#include <stdio.h>
#include <stdlib.h>

#define ROWS_MAX 100

/* Warnings are the whole county's: a township sees them as well. */
static void
write_alerts(struct store *st, int64_t area, struct buf *out, struct duty_items *items)
{
	struct alert_filter f = {.live = true, .concerning = true};
	struct alert_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = monitor_alerts(st, &f, rows, ROWS_MAX);
	char at[40], title[300];

	(void)area;
	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "%s  %s", rows[i].headline,
		    clock_format(at, sizeof(at), rows[i].sent, CLOCK_MD_HM));
		buf_printf(out, "  %s\n", title);
		duty_item_add(items, "alert", rows[i].id, rows[i].expires, title);
	}
	free(rows);
}

/* Who takes over must know what does not ring, and till when. */
static void
write_silences(struct store *st, struct buf *out, struct duty_items *items)
{
	struct silence_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = monitor_silences(st, rows, ROWS_MAX);
	char at[40], title[500];

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title),
		    _("SILENCED until %s: %s %s up to level %d, by %s: %s"),
		    clock_format(at, sizeof(at), rows[i].until, CLOCK_MD_HM), rows[i].name,
		    quantity_label(rows[i].quantity), rows[i].level, rows[i].who, rows[i].reason);
		buf_printf(out, "  %s\n", title);
		duty_item_add(items, "silence", rows[i].id, rows[i].until, title);
	}
	free(rows);
}

static void
write_alarms(struct store *st, int64_t area, struct buf *out, struct duty_items *items)
{
	struct alarm_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = area ? 0 : monitor_alarms(st, true, rows, ROWS_MAX);
	char title[300];

	for (size_t i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "%s %s %.2f%s (%s)%s", rows[i].name,
		    quantity_label(rows[i].quantity), rows[i].value, rows[i].unit, rows[i].what,
		    rows[i].silenced != CLOCK_NONE ? _(" SILENCED") : "");
		buf_printf(out, "  %s\n", title);
		duty_item_add(items, "alarm", rows[i].id, rows[i].due, title);
	}
	free(rows);
	if (!area)
		write_silences(st, out, items);
}

static void
write_observations(struct store *st, int64_t area, struct buf *out, struct duty_items *items)
{
	struct observation_row *rows = mem_zero(ROWS_MAX, sizeof(*rows));
	size_t n = monitor_observations(st, rows, ROWS_MAX);
	char at[40];

	(void)area;
	(void)items;
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "  %s  %s %.2f%s  %s  %s%s\n", rows[i].name,
		    quantity_label(rows[i].quantity), rows[i].value, rows[i].unit,
		    clock_format(at, sizeof(at), rows[i].at, CLOCK_MD_HM),
		    rows[i].level ? rows[i].what : "",
		    rows[i].silenced != CLOCK_NONE ? _(" SILENCED") : "");
	if (n == 0)
		buf_printf(out, "  %s\n", _("no observation has come in"));
	free(rows);
}

static const struct duty_section sections[] = {
    {"alerts", N_("Live warnings"), true, true, write_alerts},
    {"alarms", N_("Open alarms"), true, false, write_alarms},
    {"observations", N_("Rain and water"), false, true, write_observations},
};

void
house_sections_register(struct store *st)
{
	duty_section_register(st, sections, COUNT_OF(sections));
}

bool
house_tick(struct store *st, struct err *err)
{
	struct actor system;

	if (store_is_read_only(st))
		return true;
	actor_system(&system, "tick");
	return duty_tick(st, err) && dispatch_tick(st, &system, err) &&
	       monitor_tick(st, &system, err);
}
