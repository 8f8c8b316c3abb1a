/* The guidebook's tables under data/hazard, read when they are asked for: a few dozen rows, a
 * millisecond. */
#include "dispatch/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const container_codes[ERG_CONTAINERS] = {[ERG_TRUCK] = "truck",
    [ERG_RAIL] = "rail",
    [ERG_NURSE] = "nurse",
    [ERG_TON] = "ton",
    [ERG_SMALL] = "small"};

const char *
erg_container_label(enum erg_container c)
{
	static const char *const labels[ERG_CONTAINERS] = {[ERG_TRUCK] = N_("highway tank truck"),
	    [ERG_RAIL] = N_("rail tank car"),
	    [ERG_NURSE] = N_("agricultural nurse tank"),
	    [ERG_TON] = N_("ton cylinders"),
	    [ERG_SMALL] = N_("small cylinders")};

	return _(labels[c]);
}

static struct tsv *
open_table(const char *name, struct err *err)
{
	char *path = paths_data_file(name);
	struct tsv *t = tsv_open(path, err);

	free(path);
	return t;
}

static const char *
field(struct tsv *t, const char *column)
{
	return tsv_get(t, tsv_column(t, column, false, NULL));
}

/* "1.8", "11.0+". Gives metres. */
static double
kilometres(const char *s, bool *more)
{
	char *end;
	double km = strtod(s, &end);

	*more = *end == '+';
	return km * 1000;
}

static void
take_names(struct tsv *t, int un, struct erg_entry *out)
{
	memset(out, 0, sizeof(*out));
	out->un = un;
	out->guide = (int)strtol(field(t, "guide"), NULL, 10);
	fit_text(out->name, sizeof(out->name), field(t, "name"));
}

/* Table 3: large spills of the six gases. */
static bool
find_large_gas(int un, bool night, enum erg_container container, enum erg_wind wind,
    struct erg_entry *out, struct err *err)
{
	static const char *const winds[2][3] = {{"day_low_km", "day_moderate_km", "day_high_km"},
	    {"night_low_km", "night_moderate_km", "night_high_km"}};
	struct tsv *t = open_table("hazard/erg_table3.tsv", err);
	bool found = false;

	while (t && !found && tsv_next(t)) {
		if (strtol(field(t, "un"), NULL, 10) != un ||
		    strcmp(field(t, "container"), container_codes[container]) != 0)
			continue;
		take_names(t, un, out);
		out->isolate_m = strtod(field(t, "isolate_m"), NULL);
		out->downwind_m = kilometres(field(t, winds[night][wind]), &out->more);
		out->downwind_known = found = true;
		fit_print(out->source, sizeof(out->source), _("ERG 2024 table 3, %s"),
		    erg_container_label(container));
	}
	return (!t || tsv_close(t, err)) && found;
}

/* Table 1. *gas: a large spill of it stands in table 3. */
static bool
find_in_table(int un, bool large, bool night, bool *gas, struct erg_entry *out, struct err *err)
{
	static const char *const columns[2][2] = {
	    {"small_day_km", "small_night_km"}, {"large_day_km", "large_night_km"}};
	struct tsv *t = open_table("hazard/erg_table1.tsv", err);
	bool found = false;

	*gas = false;
	while (t && !found && tsv_next(t)) {
		if (strtol(field(t, "un"), NULL, 10) != un)
			continue;
		found = true;
		*gas = large && !*field(t, "large_isolate_m");
		take_names(t, un, out);
		out->isolate_m =
		    strtod(field(t, large ? "large_isolate_m" : "small_isolate_m"), NULL);
		out->downwind_m = kilometres(field(t, columns[large][night]), &out->more);
		out->downwind_known = true;
		fit_print(out->source, sizeof(out->source), "%s",
		    large ? _("ERG 2024 table 1, large spill")
			  : _("ERG 2024 table 1, small spill"));
	}
	return (!t || tsv_close(t, err)) && found;
}

static bool
find_in_guides(int un, struct erg_entry *out, struct err *err)
{
	struct tsv *t = open_table("hazard/erg_guides.tsv", err);
	bool found = false;

	while (t && !found && tsv_next(t)) {
		if (strtol(field(t, "un"), NULL, 10) != un)
			continue;
		found = true;
		take_names(t, un, out);
		out->isolate_m = strtod(field(t, "isolate_m"), NULL);
		out->downwind_m = strtod(field(t, "downwind_m"), NULL);
		out->downwind_known = *field(t, "downwind_m") != '\0';
		out->fire_m = strtod(field(t, "fire_m"), NULL);
		snprintf(out->source, sizeof(out->source), _("ERG 2024 guide %d"), out->guide);
	}
	return (!t || tsv_close(t, err)) && found;
}

bool
erg_find(int un, bool large, bool night, enum erg_container container, enum erg_wind wind,
    struct erg_entry *out, struct err *err)
{
	/* A container the table has no row for is taken as the next larger kind. */
	static const enum erg_container larger[ERG_CONTAINERS] = {[ERG_TRUCK] = ERG_RAIL,
	    [ERG_RAIL] = ERG_RAIL,
	    [ERG_NURSE] = ERG_TRUCK,
	    [ERG_TON] = ERG_TRUCK,
	    [ERG_SMALL] = ERG_TON};
	bool gas;

	/* 2186 stands in table 3 only. */
	if (!find_in_table(un, large, night, &gas, out, err)) {
		if (err->code)
			return false;
		gas = true;
	} else if (!gas)
		return true;
	for (;;) {
		if (find_large_gas(un, night, container, wind, out, err))
			return true;
		if (err->code || larger[container] == container)
			break;
		container = larger[container];
	}
	return !err->code && find_in_guides(un, out, err);
}
