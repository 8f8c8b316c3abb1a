/*
 * Outlines: do two of them share ground? On the plane of degrees with the longitude drawn in, true to a metre over a county.
 *
 * An outline is rings; what is inside an odd number of them is in it, so that holes and islands need no mark. A ring repeats its first
 * point or does not. Touching counts: a common point is shared ground.
 */
#ifndef MAP_RING_H
#define MAP_RING_H

#include "map/geo.h"

#include <stdbool.h>
#include <stddef.h>

struct ring {
	struct point *point;
	size_t n;                           /* at least 3 */
	double west, south, east, north;    /* by ring_measure */
};

/* Fill in the box of a ring. */
void ring_measure(struct ring *ring);
/* Is p in the outline? */
bool rings_hold(const struct ring *rings, size_t n, struct point p);
/* Do the outlines meet, or does one lie in the other? All measured. */
bool rings_meet(const struct ring *a, size_t n_a, const struct ring *b, size_t n_b);
/* Does any of the outline lie within `metres` of p? */
bool rings_near(const struct ring *rings, size_t n, struct point p, double metres);

#endif
