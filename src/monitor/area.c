/* Does an alert touch the county, and which townships? By code first, then by shape, then by who
 * sent it and what it says. */
#include "monitor/inside.h"

#include "map/ring.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Townships without an outline are points with an area: taken as discs, a little larger than round
 * ones would be. */
#define GROUNDS 200
#define DISC_FACTOR 1.15
#define DISC_LEAST_M 2000.0

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

/* An area as far as the store knows it: its outline, else a disc. */
struct ground {
	int64_t id;
	struct ring *rings;
	size_t n;
	struct point centre;
	double radius;
};

/* A ring of the store (resource/outline.c: millionths of a degree), in degrees. */
static struct ring
ring_of(const void *blob, size_t size)
{
	struct ring r = {.n = size / (2 * sizeof(int32_t))};
	const char *at = blob;

	r.point = mem_zero(r.n ? r.n : 1, sizeof(*r.point));
	for (size_t i = 0; i < r.n; i++) {
		int32_t pair[2];

		memcpy(pair, at + i * sizeof(pair), sizeof(pair));
		r.point[i] = (struct point){pair[0] / 1e6, pair[1] / 1e6};
	}
	ring_measure(&r);
	return r;
}

size_t
outline_load(struct store *st, int64_t area, struct ring **out)
{
	struct sql *q =
	    sql(st, "SELECT ring FROM area_ring WHERE area = ?1 ORDER BY length(ring) DESC, n");
	size_t size, n = 0, room = 0;

	*out = NULL;
	sql_bind(q, "i", area);
	while (sql_row(q)) {
		const void *blob = sql_blob(q, 0, &size);

		mem_grow(out, &room, n);
		(*out)[n++] = ring_of(blob, size);
	}
	sql_done(q);
	return n;
}

void
outline_free(struct ring *rings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(rings[i].point);
	free(rings);
}

/* Its townships; owned by grounds_free. */
static size_t
towns_load(struct store *st, struct ground *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT id, ifnull(lon, 0.0), ifnull(lat, 0.0), ifnull(km2, 0.0) FROM area WHERE id / "
	    "1000 = ?1 AND id <> ?2 AND (id IN (SELECT area FROM area_ring) OR (lon IS NOT NULL "
	    "AND kind <> 'county')) ORDER BY id");
	size_t n = 0;

	sql_bind(q, "ii", store_area(st) / 1000, store_area(st));
	for (; n < max && sql_row(q); n++)
		out[n] = (struct ground){.id = sql_int(q, 0),
		    .centre = {sql_real(q, 1), sql_real(q, 2)},
		    .radius =
			fmax(DISC_LEAST_M, DISC_FACTOR * 1000 * sqrt(sql_real(q, 3) / 3.14159265))};
	sql_done(q);
	for (size_t i = 0; i < n; i++)
		out[i].n = outline_load(st, out[i].id, &out[i].rings);
	return n;
}

static void
grounds_free(struct ground *grounds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		outline_free(grounds[i].rings, grounds[i].n);
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

static bool
polygon_touches(const struct ring *polygon, const struct ground *g)
{
	return g->n ? rings_meet(polygon, 1, g->rings, g->n)
		    : rings_near(polygon, 1, g->centre, g->radius);
}

static bool
circle_touches(const struct alert_area *a, const struct ground *g)
{
	struct point centre = {a->lon, a->lat};

	return g->n ? rings_near(g->rings, g->n, centre, a->radius_m)
		    : geo_distance(centre, g->centre) <= a->radius_m + g->radius;
}

_Static_assert(sizeof(struct point) == 2 * sizeof(double), "a ring is an array of points");

static bool
has_shape(const struct alert *a)
{
	for (size_t i = 0; i < a->n_infos; i++)
		for (size_t j = 0; j < a->infos[i].n_areas; j++)
			if (a->infos[i].areas[j].n_ring >= 3 || a->infos[i].areas[j].radius_m >= 0)
				return true;
	return false;
}

/* Which of the grounds this area of an alert touches. */
static void
mark_area(const struct alert_area *a, const struct ground *grounds, size_t n, bool *touched)
{
	struct ring polygon = {.point = (struct point *)(void *)a->ring, .n = a->n_ring};

	if (a->n_ring >= 3)
		ring_measure(&polygon);
	for (size_t i = 0; i < n; i++)
		touched[i] = touched[i] ||
			     (a->n_ring >= 3 && polygon_touches(&polygon, &grounds[i])) ||
			     (a->radius_m >= 0 && circle_touches(a, &grounds[i]));
}

static void
mark_touched(const struct alert *a, const struct ground *grounds, size_t n, bool *touched)
{
	for (size_t i = 0; i < a->n_infos; i++)
		for (size_t j = 0; j < a->infos[i].n_areas; j++)
			mark_area(&a->infos[i].areas[j], grounds, n, touched);
}

static void
add_touched(struct store *st, const struct alert *a, struct reach *reach)
{
	struct ground towns[GROUNDS];
	bool touched[GROUNDS] = {false};
	size_t n = towns_load(st, towns, COUNT_OF(towns));

	mark_touched(a, towns, n, touched);
	for (size_t i = 0; i < n; i++)
		if (touched[i])
			add_town(reach, towns[i].id);
	grounds_free(towns, n);
}

/*
 * Gives whether there was any shape. Where the county has an outline, what does not touch it concerns no part of it: discs are rough,
 * and of the country's warnings nearly all end here. What touches the county and no township lies between their outlines, and
 * without a township it is for all of them.
 */
static bool
by_shape(struct store *st, const struct alert *a, struct reach *reach)
{
	struct ground county = {.id = store_area(st)};
	bool touched = false, outlined;

	if (!has_shape(a))
		return false;
	county.n = outline_load(st, county.id, &county.rings);
	outlined = county.n > 0;
	mark_touched(a, &county, outlined, &touched);
	grounds_free(&county, 1);
	if (touched || !outlined)
		add_touched(st, a, reach);
	reach->concerns = outlined ? touched : reach->n_towns > 0;
	if (reach->concerns)
		snprintf(reach->why, sizeof(reach->why), "%s", _("polygon or circle"));
	return true;
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
