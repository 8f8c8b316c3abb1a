/*
 * Water and rain: rows of the SL 323 tables as CSV (one row a station and time, each measured
 * column one observation), and WaterML 1.1 and 2.0. Feet become metres, noted.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/columns.h"
#include "exchange/csv.h"
#include "exchange/inside.h"
#include "exchange/xml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- SL 323 ----------------------------------------------------------------------------------- */

struct sheet {
	int station, name, time, interval, trend;
	int column[64];
	const struct column_row *row[64]; /* what column[i] measures */
	int n;
};

static void
find_columns(struct sheet *s, const struct csv *csv)
{
	memset(s, 0, sizeof(*s));
	s->station = s->name = s->time = s->interval = s->trend = -1;
	for (size_t k = 0; k < water_columns.n; k++) {
		const struct column_row *row = &water_columns.rows[k];
		int column = csv_column(csv, row->names);

		if (column < 0)
			continue;
		if (strcmp(row->field, "station") == 0)
			s->station = column;
		else if (strcmp(row->field, "name") == 0)
			s->name = column;
		else if (strcmp(row->field, "time") == 0)
			s->time = column;
		else if (strcmp(row->field, "interval") == 0)
			s->interval = column;
		else if (strcmp(row->field, "trend") == 0)
			s->trend = column;
		else if (s->n < (int)COUNT_OF(s->column)) {
			s->column[s->n] = column;
			s->row[s->n++] = row;
		}
	}
}

static bool
sheet_usable(const struct sheet *s)
{
	return s->station >= 0 && s->time >= 0 && s->n > 0;
}

/* INTV is hours.minutes: 1.00 an hour, 0.30 half an hour. */
static char *
rain_quantity(const char *interval)
{
	const char *p = interval;
	double value;
	int hours;

	if (!feed_number(&p, interval + strlen(interval), &value) || value < 0 || value > 240)
		return mem_dup("rain");
	hours = (int)value;
	if (value - hours > 0.004)
		return mem_print("rain_%dmin", hours * 60 + (int)((value - hours) * 100 + 0.5));
	return mem_print("rain_%dh", hours);
}

static const char *
trend_of(const char *s)
{
	if (strcmp(s, "4") == 0 || strcmp(s, "落") == 0)
		return "falling";
	if (strcmp(s, "5") == 0 || strcmp(s, "涨") == 0)
		return "rising";
	return strcmp(s, "6") == 0 || strcmp(s, "平") == 0 ? "steady" : NULL;
}

static bool
is_no_value(const char *s)
{
	return !*s || strcmp(s, "-") == 0 || strcmp(s, "--") == 0 || strcasecmp(s, "null") == 0 ||
	       strcmp(s, "—") == 0;
}

static bool
emit_cell(struct csv *csv, const struct sheet *s, int i, struct notes *notes, struct feed_out *out)
{
	const char *cell = csv_get(csv, s->column[i]), *p = cell, *quantity = s->row[i]->field,
		   *station, *name, *raw;
	struct feed_item item;
	struct observation *o;
	double value;
	size_t n;

	if (is_no_value(cell))
		return true;
	if (!feed_number(&p, cell + strlen(cell), &value) || *p) {
		notes_add(notes, _("line %ld: %s is not a number: %.60s"), csv_line(csv),
		    csv_name(csv, s->column[i]), cell);
		return true;
	}
	item = feed_item_new(FEED_OBSERVATION);
	o = item.observation;
	station = csv_get(csv, s->station);
	name = csv_get(csv, s->name);
	o->station = feed_text(station, strlen(station), false);
	o->name = feed_text(name, strlen(name), false);
	o->quantity = strcmp(quantity, "rain") == 0 ? rain_quantity(csv_get(csv, s->interval))
						    : mem_dup(quantity);
	o->unit = mem_dup(s->row[i]->group);
	o->value = value;
	o->trend = strcmp(o->unit, "mm") != 0 ? mem_dup(trend_of(csv_get(csv, s->trend))) : NULL;
	if (feed_when(csv_get(csv, s->time), strlen(csv_get(csv, s->time)),
		out->profile->zone_minutes, &o->at) == WHEN_BAD)
		notes_add(notes, _("%s is not a time: %.60s"), csv_name(csv, s->time),
		    csv_get(csv, s->time));
	if (!o->station)
		notes_add(notes, _("it has no %s"), csv_name(csv, s->station));
	item.notes = notes_take(notes);
	raw = csv_raw(csv, &n);
	item.raw = mem_dupn(raw, n);
	return feed_emit(out, &item);
}

static bool
water_csv_read(const char *text, size_t n, struct feed_out *out)
{
	struct csv *csv = csv_open(text, n, out->err);
	struct notes notes = {0};
	struct sheet s;
	bool ok;

	if (!csv)
		return false;
	find_columns(&s, csv);
	ok = sheet_usable(&s) || err_set(out->err, ERR_INPUT,
				     _("the heading names no station, time and measured value"));
	while (ok && csv_next(csv))
		for (int i = 0; ok && i < s.n; i++)
			ok = emit_cell(csv, &s, i, &notes, out);
	free(notes_take(&notes));
	if (!csv_close(csv, out->err))
		ok = false;
	return ok;
}

static bool
water_csv_detects(const char *text, size_t n, const char *root)
{
	struct err err = ERR_NONE;
	struct csv *csv;
	struct sheet s;
	size_t line = 0;
	bool ok = false;

	if (*root || n == 0 || strchr("{[<", *text))
		return false;
	while (line < n && line < 65536 && text[line] != '\n')
		line++;
	if ((csv = csv_open(text, line, &err))) {
		find_columns(&s, csv);
		ok = sheet_usable(&s);
		csv_close(csv, &err);
	}
	err_clear(&err);
	return ok;
}

const struct feed_reader reader_water_csv = {"water-csv", water_csv_detects, water_csv_read};

/* --- WaterML ---------------------------------------------------------------------------------- */

struct series {
	struct feed_out *out;
	char *station, *name, *quantity, *unit, *at, *no_value;
};

static void
set(char **to, char *value)
{
	free(*to);
	*to = value;
}

static void
series_clear(struct series *s)
{
	set(&s->station, NULL);
	set(&s->name, NULL);
	set(&s->quantity, NULL);
	set(&s->unit, NULL);
	set(&s->at, NULL);
	set(&s->no_value, NULL);
}

/* "http://…/observed/WaterLevel" -> "WaterLevel". */
static char *
last_part(char *s)
{
	const char *p = s ? strrchr(s, '/') : NULL;
	char *part;

	if (!p || !p[1])
		return s;
	part = mem_dup(p + 1);
	free(s);
	return part;
}

static char *
clean_attr(const struct xml *x, const char *name)
{
	char *raw = xml_attr(x, name), *s = raw ? feed_text(raw, strlen(raw), false) : NULL;

	free(raw);
	return s;
}

static char *
title_or_href(const struct xml *x)
{
	char *title = clean_attr(x, "title");

	return title ? title : last_part(clean_attr(x, "href"));
}

static enum xml_want
waterml_open(void *context, struct xml *x, const char *name, const char *space)
{
	static const char *const leaves[] = {"siteName", "siteCode", "variableName", "unitCode",
	    "unitAbbreviation", "noDataValue", "time"};
	struct series *s = context;
	char *at;

	(void)space;
	if (strcmp(name, "timeSeries") == 0 || strcmp(name, "observationMember") == 0)
		series_clear(s);
	if (strcmp(name, "featureOfInterest") == 0)
		set(&s->station, title_or_href(x));
	else if (strcmp(name, "observedProperty") == 0)
		set(&s->quantity, title_or_href(x));
	else if (strcmp(name, "uom") == 0) {
		set(&s->unit, clean_attr(x, "code"));
		return XML_SKIP;
	} else if (strcmp(name, "value") == 0) {
		at = clean_attr(x, "dateTimeUTC");
		if (at && !strchr(at, 'Z')) { /* UTC without saying so */
			char *utc = mem_print("%sZ", at);

			set(&at, utc);
		}
		if (!at)
			at = clean_attr(x, "dateTime");
		if (at)
			set(&s->at, at);
		return XML_LEAF;
	} else if (strcmp(name, "queryInfo") == 0 || strcmp(name, "metadata") == 0)
		return XML_SKIP;
	for (size_t i = 0; i < COUNT_OF(leaves); i++)
		if (strcmp(name, leaves[i]) == 0)
			return XML_LEAF;
	return XML_ENTER;
}

/* What upstream calls a quantity, in our words. The first row that occurs counts. */
static const struct {
	const char *word, *quantity;
} quantities[] = {
    {"gage height", "water_level"},
    {"gauge height", "water_level"},
    {"water level", "water_level"},
    {"waterlevel", "water_level"},
    {"stage", "water_level"},
    {"水位", "water_level"},
    {"discharge", "flow"},
    {"streamflow", "flow"},
    {"flow", "flow"},
    {"流量", "flow"},
    {"precipitation", "rain"},
    {"rain", "rain"},
    {"雨量", "rain"},
};

static const struct {
	const char *unit, *ours;
	double factor;
} units[] = {
    {"ft", "m", 0.3048},
    {"ft3/s", "m3/s", 0.028316846592},
    {"cfs", "m3/s", 0.028316846592},
    {"in", "mm", 25.4},
    {"cm", "m", 0.01},
};

static void
settle_observation(struct observation *o, struct notes *notes)
{
	for (size_t i = 0; o->quantity && i < COUNT_OF(quantities); i++)
		if (strcasestr(o->quantity, quantities[i].word)) {
			free(o->quantity);
			o->quantity = mem_dup(quantities[i].quantity);
			break;
		}
	for (size_t i = 0; o->unit && i < COUNT_OF(units); i++)
		if (strcasecmp(o->unit, units[i].unit) == 0) {
			notes_add(notes, _("converted from %s"), o->unit);
			free(o->unit);
			o->unit = mem_dup(units[i].ours);
			o->value *= units[i].factor;
			break;
		}
}

static bool
emit_value(struct series *s, const char *text, size_t n)
{
	char *cell = feed_text(text, n, false);
	const char *p = cell;
	struct feed_item item;
	struct notes notes = {0};
	double value;

	if (!cell || feed_same(cell, s->no_value) ||
	    !feed_number(&p, cell + strlen(cell), &value) || *p) {
		free(cell);
		return true;
	}
	free(cell);
	item = feed_item_new(FEED_OBSERVATION);
	item.observation->station = mem_dup(s->station);
	item.observation->name = mem_dup(s->name);
	item.observation->quantity = mem_dup(s->quantity);
	item.observation->unit = mem_dup(s->unit);
	item.observation->value = value;
	if (s->at)
		feed_when(
		    s->at, strlen(s->at), s->out->profile->zone_minutes, &item.observation->at);
	settle_observation(item.observation, &notes);
	item.notes = notes_take(&notes);
	return feed_emit(s->out, &item);
}

static void
waterml_close(void *context, struct xml *x, const char *name, const char *text, size_t n)
{
	struct series *s = context;

	if (strcmp(name, "siteName") == 0)
		set(&s->name, feed_text(text, n, false));
	else if (strcmp(name, "siteCode") == 0)
		set(&s->station, feed_text(text, n, false));
	else if (strcmp(name, "variableName") == 0)
		set(&s->quantity, feed_text(text, n, false));
	else if (strcmp(name, "unitCode") == 0 || strcmp(name, "unitAbbreviation") == 0)
		set(&s->unit, feed_text(text, n, false));
	else if (strcmp(name, "noDataValue") == 0)
		set(&s->no_value, feed_text(text, n, false));
	else if (strcmp(name, "time") == 0)
		set(&s->at, feed_text(text, n, false));
	else if (strcmp(name, "value") == 0 && s->at && !emit_value(s, text, n))
		xml_stop(x);
}

static bool
waterml_read(const char *text, size_t n, struct feed_out *out)
{
	static const struct xml_handler handler = {waterml_open, waterml_close};
	struct series s = {.out = out};
	bool ok = xml_read(text, n, &handler, &s, out->err);

	series_clear(&s);
	return ok;
}

static bool
waterml_detects(const char *text, size_t n, const char *root)
{
	return strcasecmp(root, "timeSeriesResponse") == 0 ||
	       (strcmp(root, "Collection") == 0 && memmem(text, n < 4096 ? n : 4096, "waterml", 7));
}

const struct feed_reader reader_waterml = {"waterml", waterml_detects, waterml_read};
