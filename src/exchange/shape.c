/* Read by hand, number by number: services write too many kinds of marks between them for a pattern. */
#include "base/mem.h"
#include "exchange/inside.h"
#include "exchange/shape.h"

#include <stdlib.h>
#include <string.h>

static void
skip_marks(const char **s, const char *end)
{
	while (*s < end && strchr(" \t\r\n,;[]()", **s) && **s)
		++*s;
}

/* "lat,lon": north first. Where that cannot be and the other way round can, it was the other way
 * round. */
static bool
read_corner(const char **s, const char *end, double *lon, double *lat, bool *swapped)
{
	double a, c;

	skip_marks(s, end);
	if (!feed_number(s, end, &a))
		return false;
	skip_marks(s, end);
	if (!feed_number(s, end, &c))
		return false;
	*lat = a;
	*lon = c;
	if ((a > 90 || a < -90) && c <= 90 && c >= -90) {
		*lat = c;
		*lon = a;
		*swapped = true;
	}
	return *lat <= 90 && *lat >= -90 && *lon <= 360 && *lon >= -360;
}

bool
shape_is_empty(const char *text, size_t n)
{
	const char *s = text;

	skip_marks(&s, text + n);
	return s == text + n;
}

/* The corners as they stand; false when one cannot be read or there are too many. */
static bool
read_corners(const char *s, const char *end, size_t most, struct cap_ring *out)
{
	size_t room = 0;

	for (skip_marks(&s, end); s < end; skip_marks(&s, end)) {
		if (out->n == most) {
			out->over = true;
			return false;
		}
		if (out->n + 2 > room) { /* one more for closing */
			room = room ? room * 2 : 64;
			out->corners = mem_resize(out->corners, room, 2 * sizeof(double));
		}
		if (!read_corner(&s, end, &out->corners[2 * out->n], &out->corners[2 * out->n + 1],
			&out->swapped))
			return false;
		out->n++;
	}
	return true;
}

bool
ring_read(const char *text, size_t n, size_t most, struct cap_ring *out)
{
	bool whole;
	double *c;

	memset(out, 0, sizeof(*out));
	if (shape_is_empty(text, n))
		return false;
	whole = read_corners(text, text + n, most, out);
	c = out->corners;
	out->was_open = whole && (c[0] != c[2 * out->n - 2] || c[1] != c[2 * out->n - 1]);
	if (!whole || out->n + out->was_open < 4) {
		free(c);
		out->corners = NULL;
		out->n = 0;
		return true;
	}
	if (out->was_open)
		memcpy(c + 2 * out->n++, c, 2 * sizeof(double));
	out->corners = mem_resize(c, out->n, 2 * sizeof(double));
	return true;
}

bool
circle_read(const char *text, size_t n, double *lon, double *lat, double *radius)
{
	const char *s = text, *end = text + n;
	bool swapped = false;

	if (!read_corner(&s, end, lon, lat, &swapped))
		return false;
	skip_marks(&s, end);
	return feed_number(&s, end, radius) && *radius >= 0 && *radius <= 2e7;
}
