/* Polygons and circles out of CAP's text; see shape.c. */
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
/* False when there is nothing in it. */
bool ring_read(const char *text, size_t n, size_t most, struct cap_ring *out);
/* The radius in the unit written, up to 20,000,000. */
bool circle_read(const char *text, size_t n, double *lon, double *lat, double *radius);
bool shape_is_empty(const char *text, size_t n);

#endif
