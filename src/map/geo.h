/* Plain geometry on the WGS-84 sphere (mean radius 6371.0088 km). Degrees in, metres and degrees out. */
#ifndef MAP_GEO_H
#define MAP_GEO_H

#include <stdbool.h>
#include <stddef.h>

struct point {
	double lon, lat;
};

/* Great-circle distance in metres (haversine). */
double geo_distance(struct point a, struct point b);
/* Initial bearing from a to b, degrees clockwise from north, 0..360. */
double geo_bearing(struct point a, struct point b);
/* The point `metres` from a in direction `bearing`. */
struct point geo_destination(struct point a, double bearing, double metres);
/* Is p inside the ring of n points (ray casting; the ring may or may not repeat its first point)? */
bool geo_inside(struct point p, const struct point *ring, size_t n);
/*
 * Is p in the protective-action square of the ERG: the square of side `metres` that begins at `origin` and
 * extends downwind, half its side to either hand? `wind_from` is where the wind comes from, degrees.
 */
bool geo_downwind(struct point p, struct point origin, double wind_from, double metres);

#endif
