/* Minutes on the road, and how they were found. */
#include "dispatch/inside.h"

#include "base/paths.h"
#include "map/geo.h"
#include "map/route.h"

#include <stdlib.h>
#include <string.h>

/*
 * Without a road table: 25 Chinese cities have a mean detour of 1.324 over the straight line
 * (Annals of GIS 2021). The speeds are judgement: town, county road, trunk road. Such a figure is
 * worth its half.
 */
#define DETOUR 1.32
static const struct {
	double from_km, kmh;
} bands[] = {{0, 30}, {5, 45}, {20, 60}};

static double
straight_minutes(double metres)
{
	double km = metres / 1000 * DETOUR, minutes = 0;

	for (size_t i = 0; i < COUNT_OF(bands) && km > bands[i].from_km; i++) {
		double end = i + 1 < COUNT_OF(bands) && km > bands[i + 1].from_km
				 ? bands[i + 1].from_km
				 : km;

		minutes += (end - bands[i].from_km) / bands[i].kmh * 60;
	}
	return minutes;
}

struct roads {
	char *name;	       /* of the setting, owned */
	struct route_net *net; /* NULL: there is none, or it cannot be read */
};

static void
roads_free(void *thing)
{
	struct roads *r = thing;

	route_free(r->net);
	free(r->name);
	free(r);
}

/* The road table of the setting, read once. A name that climbs out of the data directory is taken
 * as none. */
static struct route_net *
roads_of(struct store *st)
{
	static const char key;
	struct roads *r = store_kept(st, &key);
	const char *name = store_setting(st, "roads");
	struct err err = ERR_NONE;
	char *path;

	if (r && strcmp(r->name, name ? name : "") == 0)
		return r->net;
	r = mem_zero(1, sizeof(*r));
	r->name = mem_dup(name ? name : "");
	if (*r->name && *r->name != '/' && !strstr(r->name, "..")) {
		path = paths_data_file(r->name);
		r->net = route_load(path, &err);
		err_clear(&err);
		free(path);
	}
	store_keep(st, &key, r, roads_free);
	return r->net;
}

double
travel_minutes(struct store *st, double from_lon, double from_lat, double to_lon, double to_lat,
    const char **how)
{
	struct point from = {from_lon, from_lat}, to = {to_lon, to_lat};
	struct route_net *net = roads_of(st);
	double minutes = net ? route_minutes(net, from, to, NULL) : -1;

	*how = minutes >= 0 ? _("road network") : _("straight line ±50%");
	return minutes >= 0 ? minutes : straight_minutes(geo_distance(from, to));
}
