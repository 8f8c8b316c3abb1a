/*
 * Polygons and circles as CAP 1.2 writes them, "lat,lon lat,lon …" and "lat,lon radius", degrees with the latitude first. Brackets,
 * semicolons and line feeds between numbers are taken for blanks, as services write them. Pure functions; what is odd is said by
 * flags, for whoever tells the officer.
 */
#ifndef EXCHANGE_SHAPE_H
#define EXCHANGE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

struct cap_ring {
	double *corners; /* lon, lat pairs, closed; owned by the caller; NULL when it cannot be read */
	size_t n;
	bool was_open, swapped; /* swapped: longitude stood first, which only a latitude over 90 shows */
	bool over;              /* it has more than `most` corners */
};
/* The n bytes of text as a closed ring; at least four corners, the first one again at its end. False when there is nothing in it. */
bool ring_read(const char *text, size_t n, size_t most, struct cap_ring *out);
/* The radius in the unit written (CAP: kilometres), 0 to 20,000,000. False when it is no circle; the three are then of no use. */
bool circle_read(const char *text, size_t n, double *lon, double *lat, double *radius);
/* Nothing but blanks and marks? */
bool shape_is_empty(const char *text, size_t n);

#endif
