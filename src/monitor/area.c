/* Does an alert touch the county, and which townships? By code first, then by shape, then by who
 * sent it and what it says. */
#include "monitor/inside.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Townships are known as points with an area: taken as discs, a little larger than round ones would
 * be. */
#define DISC_FACTOR 1.15
#define DISC_LEAST_M 2000.0
#define M_PER_DEGREE 111195.0

/* --- codes ----------------------------------------------------------------------------------- */

static bool
contains_word(const char *text, size_t n, const char *word)
{
	size_t m = strlen(word);

	for (size_t i = 0; i + m <= n; i++)
		if (strncasecmp(text + i, word, m) == 0)
			return true;
	return false;
}

/* Schemes whose values are codes of GB/T 2260; FIPS6, SAME, UGC, EMMA_ID … are other countries'. */
static bool
scheme_is_ours(const char *code, size_t n)
{
	static const char *const ours[] = {
	    "CPEAS", "GB/T", "GBT", "GB2260", "adcode", "areacode", "area code", "行政区划", "CN"};

	for (size_t i = 0; i < COUNT_OF(ours); i++)
		if (contains_word(code, n, ours[i]))
			return true;
	return false;
}

void
area_prefix(const char *code, char *out, size_t size)
{
	const char *value = strchr(code, '=');
	size_t n = 0;

	out[0] = '\0';
	if (value && !scheme_is_ours(code, (size_t)(value - code)))
		return;
	for (value = value ? value + 1 : code; *value && n + 1 < size; value++) {
		if (isdigit((unsigned char)*value))
			out[n++] = *value;
		else if (!isspace((unsigned char)*value) && *value != '-')
			n = size; /* letters: another register */
	}
	if (n >= size || n < 2 || n > 12) {
		out[0] = '\0';
		return;
	}
	out[n] = '\0';
	if (n > 9 && strspn(out + 9, "0") == n - 9)
		out[n = 9] = '\0';
	if (n == 9 && strcmp(out + 6, "000") == 0)
		out[n = 6] = '\0';
	while (n > 2 && n % 2 == 0 && out[n - 1] == '0' && out[n - 2] == '0')
		out[n -= 2] = '\0';
	/* A township has nine digits, of which the last may be zeros: 321084100 000. */
	if (n > 6 && n < 9) {
		memset(out + n, '0', 9 - n);
		out[9] = '\0';
	}
	if (strcmp(out, "00") == 0)
		out[0] = '\0';
}

static void
add_town(struct reach *reach, int64_t town)
{
	for (size_t i = 0; i < reach->n_towns; i++)
		if (reach->towns[i] == town)
			return;
	reach->towns = mem_resize(reach->towns, reach->n_towns + 1, sizeof(*reach->towns));
	reach->towns[reach->n_towns++] = town;
}

/* What one code says of the county: 0 nothing, 1 a township of it, 2 all of it. */
static int
code_touches(const char *prefix, const char *county, int64_t *town)
{
	char nine[10];
	size_t n = strlen(prefix);

	if (n <= 6)
		return n >= 2 && strncmp(county, prefix, n) == 0 ? 2 : 0;
	if (strncmp(prefix, county, 6) != 0)
		return 0;
	snprintf(nine, sizeof(nine), "%.9s", prefix);
	*town = strtoll(nine, NULL, 10);
	return 1;
}

/* Gives whether there was any code of ours at all. */
static bool
by_code(const struct alert *a, const char *county, struct reach *reach)
{
	bool any = false, whole = false;
	char prefix[24];

	for (size_t i = 0; i < a->n_infos; i++)
		for (size_t j = 0; j < a->infos[i].n_areas; j++)
			for (size_t k = 0; k < a->infos[i].areas[j].n_codes; k++) {
				int64_t town = 0;
				int touch;

				area_prefix(a->infos[i].areas[j].codes[k], prefix, sizeof(prefix));
				any = any || *prefix;
				touch = code_touches(prefix, county, &town);
				if (!touch)
					continue;
				whole = whole || touch == 2;
				if (touch == 1 && reach->n_towns < 200)
					add_town(reach, town);
				if (!reach->concerns)
					snprintf(reach->why, sizeof(reach->why), _("area code %s"),
					    prefix);
				reach->concerns = true;
			}
	if (whole)
		reach->n_towns = 0;
	return any;
}

/* --- shapes ---------------------------------------------------------------------------------- */

struct disc {
	int64_t id;
	struct point centre;
	double radius;
};

static size_t
discs_load(struct store *st, struct disc *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT id, lon, lat, ifnull(km2, 0.0) FROM area WHERE lon IS NOT NULL "
		    "AND kind <> 'county' AND id / 1000 = ?1 ORDER BY id");
	size_t n = 0;

	sql_bind(q, "i", store_area(st) / 1000);
	for (; n < max && sql_row(q); n++) {
		out[n].id = sql_int(q, 0);
		out[n].centre = (struct point){sql_real(q, 1), sql_real(q, 2)};
		out[n].radius =
		    fmax(DISC_LEAST_M, DISC_FACTOR * 1000 * sqrt(sql_real(q, 3) / 3.14159265));
	}
	sql_done(q);
	return n;
}

bool
county_centre(struct store *st, struct point *out)
{
	struct sql *q =
	    sql(st, "SELECT lon, lat FROM area WHERE lon IS NOT NULL AND id / 1000 = ?1 "
		    "ORDER BY id <> ?2, id LIMIT 1");
	bool found;

	sql_bind(q, "ii", store_area(st) / 1000, store_area(st));
	found = sql_row(q);
	if (found)
		*out = (struct point){sql_real(q, 0), sql_real(q, 1)};
	sql_done(q);
	return found;
}

/* Metres from p to the piece of line a..b, on the plane at p: a county is small. */
static double
edge_distance(struct point p, struct point a, struct point b)
{
	double k = cos(p.lat * 3.14159265 / 180), ax = (a.lon - p.lon) * k, ay = a.lat - p.lat,
	       dx = (b.lon - a.lon) * k, dy = b.lat - a.lat, length = dx * dx + dy * dy,
	       t = length > 0 ? -(ax * dx + ay * dy) / length : 0;

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return M_PER_DEGREE * hypot(ax + t * dx, ay + t * dy);
}

static bool
ring_touches(const struct point *ring, size_t n, const struct disc *d)
{
	double margin = d->radius / M_PER_DEGREE * 1.3, west = 1e9, east = -1e9, south = 1e9,
	       north = -1e9;

	for (size_t i = 0; i < n; i++) {
		west = fmin(west, ring[i].lon);
		east = fmax(east, ring[i].lon);
		south = fmin(south, ring[i].lat);
		north = fmax(north, ring[i].lat);
	}
	if (d->centre.lon < west - margin || d->centre.lon > east + margin ||
	    d->centre.lat < south - margin || d->centre.lat > north + margin)
		return false;
	if (geo_inside(d->centre, ring, n))
		return true;
	for (size_t i = 0; i < n; i++)
		if (edge_distance(d->centre, ring[i], ring[(i + 1) % n]) < d->radius)
			return true;
	return false;
}

static bool
shape_touches(const struct alert_area *a, const struct disc *d)
{
	if (a->n_ring >= 3 &&
	    ring_touches((const struct point *)(const void *)a->ring, a->n_ring, d))
		return true;
	return a->radius_m >= 0 &&
	       geo_distance((struct point){a->lon, a->lat}, d->centre) <= a->radius_m + d->radius;
}

_Static_assert(sizeof(struct point) == 2 * sizeof(double), "a ring is an array of points");

/* Gives whether there was any shape. */
static bool
by_shape(struct store *st, const struct alert *a, struct reach *reach)
{
	struct disc discs[200];
	size_t n = 0;
	bool any = false;

	for (size_t i = 0; i < a->n_infos; i++)
		for (size_t j = 0; j < a->infos[i].n_areas; j++) {
			const struct alert_area *area = &a->infos[i].areas[j];

			if (area->n_ring < 3 && area->radius_m < 0)
				continue;
			if (!any)
				n = discs_load(st, discs, COUNT_OF(discs));
			any = true;
			for (size_t d = 0; d < n; d++)
				if (shape_touches(area, &discs[d]))
					add_town(reach, discs[d].id);
		}
	if (reach->n_towns) {
		reach->concerns = true;
		snprintf(reach->why, sizeof(reach->why), "%s", _("polygon or circle"));
	}
	return any;
}

/* --- names ----------------------------------------------------------------------------------- */

static bool
names_county(const struct alert *a, const char *name)
{
	for (size_t i = 0; i < a->n_infos; i++) {
		const struct alert_info *info = &a->infos[i];

		if (info->headline && strstr(info->headline, name))
			return true;
		for (size_t j = 0; j < info->n_areas; j++)
			if (info->areas[j].description && strstr(info->areas[j].description, name))
				return true;
	}
	return false;
}

static void
by_name(struct store *st, const struct alert *a, const char *county, struct reach *reach)
{
	char prefix[24] = "", issuer[7], *name;
	int64_t town;

	if (a->sender && strspn(a->sender, "0123456789") == 14) {
		snprintf(issuer, sizeof(issuer), "%.6s", a->sender);
		area_prefix(issuer, prefix, sizeof(prefix));
	}
	if (*prefix && code_touches(prefix, county, &town) == 2) {
		reach->concerns = true;
		snprintf(reach->why, sizeof(reach->why), _("issued for %s"), prefix);
		return;
	}
	name = sql_one_text(st, "SELECT short FROM area WHERE id = ?1", "i", store_area(st));
	if (name && *name && names_county(a, name)) {
		reach->concerns = true;
		snprintf(reach->why, sizeof(reach->why), _("names %s"), name);
	}
	free(name);
}

void
reach_find(struct store *st, const struct alert *a, struct reach *out)
{
	char county[24];

	memset(out, 0, sizeof(*out));
	snprintf(county, sizeof(county), "%06lld", (long long)(store_area(st) / 1000));
	if (by_code(a, county, out) || by_shape(st, a, out))
		return;
	by_name(st, a, county, out);
}

void
reach_clear(struct reach *reach)
{
	free(reach->towns);
	memset(reach, 0, sizeof(*reach));
}
