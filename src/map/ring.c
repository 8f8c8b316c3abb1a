/*
 * Edges are compared one by one, those first left out that do not reach the other outline's box: an
 * alert of 41,009 corners over a county keeps a few dozen. Where no edges cross, one point of each
 * ring tells whether it lies in the other. Rejected: clipping, which gives the common ground that
 * nobody asks for.
 */
#include "map/ring.h"

#include <math.h>

#define RAD (3.14159265358979323846 / 180.0)
#define M_PER_DEGREE 111195.0

void
ring_measure(struct ring *r)
{
	r->west = r->south = INFINITY;
	r->east = r->north = -INFINITY;
	for (size_t i = 0; i < r->n; i++) {
		r->west = fmin(r->west, r->point[i].lon);
		r->east = fmax(r->east, r->point[i].lon);
		r->south = fmin(r->south, r->point[i].lat);
		r->north = fmax(r->north, r->point[i].lat);
	}
}

bool
rings_hold(const struct ring *rings, size_t n, struct point p)
{
	bool in = false;

	for (size_t i = 0; i < n; i++) {
		const struct ring *r = &rings[i];

		if (p.lon >= r->west && p.lon <= r->east && p.lat >= r->south && p.lat <= r->north)
			in ^= geo_inside(p, r->point, r->n);
	}
	return in;
}

/* --- edges ----------------------------------------------------------------------------------- */

/* Twice the area of the triangle; its sign is the side of a..b that p is on. */
static double
side(struct point a, struct point b, struct point p)
{
	return (b.lon - a.lon) * (p.lat - a.lat) - (b.lat - a.lat) * (p.lon - a.lon);
}

/* p is on the line through a and b: is it between them? */
static bool
is_between(struct point a, struct point b, struct point p)
{
	return p.lon >= fmin(a.lon, b.lon) && p.lon <= fmax(a.lon, b.lon) &&
	       p.lat >= fmin(a.lat, b.lat) && p.lat <= fmax(a.lat, b.lat);
}

static bool
edges_meet(struct point a, struct point b, struct point c, struct point d)
{
	double sc = side(a, b, c), sd = side(a, b, d), sa = side(c, d, a), sb = side(c, d, b);

	if (((sc > 0 && sd < 0) || (sc < 0 && sd > 0)) &&
	    ((sa > 0 && sb < 0) || (sa < 0 && sb > 0)))
		return true;
	return (sc == 0 && is_between(a, b, c)) || (sd == 0 && is_between(a, b, d)) ||
	       (sa == 0 && is_between(c, d, a)) || (sb == 0 && is_between(c, d, b));
}

static struct point
next_of(const struct ring *r, size_t i)
{
	return r->point[i + 1 < r->n ? i + 1 : 0];
}

static bool
edge_reaches(struct point a, struct point b, const struct ring *r)
{
	return fmax(a.lon, b.lon) >= r->west && fmin(a.lon, b.lon) <= r->east &&
	       fmax(a.lat, b.lat) >= r->south && fmin(a.lat, b.lat) <= r->north;
}

static bool
borders_meet(const struct ring *a, const struct ring *b)
{
	if (a->east < b->west || a->west > b->east || a->north < b->south || a->south > b->north)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		struct point from = a->point[i], to = next_of(a, i);

		if (!edge_reaches(from, to, b))
			continue;
		for (size_t j = 0; j < b->n; j++)
			if (edges_meet(from, to, b->point[j], next_of(b, j)))
				return true;
	}
	return false;
}

bool
rings_meet(const struct ring *a, size_t n_a, const struct ring *b, size_t n_b)
{
	for (size_t i = 0; i < n_a; i++)
		for (size_t j = 0; j < n_b; j++)
			if (borders_meet(&a[i], &b[j]))
				return true;
	/* No borders meet: each ring lies wholly in the other outline or wholly outside. */
	for (size_t i = 0; i < n_a; i++)
		if (rings_hold(b, n_b, a[i].point[0]))
			return true;
	for (size_t j = 0; j < n_b; j++)
		if (rings_hold(a, n_a, b[j].point[0]))
			return true;
	return false;
}

/* --- circles --------------------------------------------------------------------------------- */

/* Metres from p to the piece of line a..b, on the plane at p. */
static double
edge_distance(struct point p, struct point a, struct point b)
{
	double k = cos(p.lat * RAD), ax = (a.lon - p.lon) * k, ay = a.lat - p.lat,
	       dx = (b.lon - a.lon) * k, dy = b.lat - a.lat, length = dx * dx + dy * dy,
	       t = length > 0 ? -(ax * dx + ay * dy) / length : 0;

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return M_PER_DEGREE * hypot(ax + t * dx, ay + t * dy);
}

bool
rings_near(const struct ring *rings, size_t n, struct point p, double metres)
{
	if (rings_hold(rings, n, p))
		return true;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < rings[i].n; j++)
			if (edge_distance(p, rings[i].point[j], next_of(&rings[i], j)) <= metres)
				return true;
	return false;
}
