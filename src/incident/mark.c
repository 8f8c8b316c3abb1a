/*
 * Where a kilometre mark lies: between the two marks of the road that the county knows around it
 * (places of kind "post" with the code "G2 K1023"). A motorway has no villages to name; its marks
 * are all a caller sees.
 */
#include "incident/inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP_MAX                                                                                    \
	20.0 /* kilometres between two marks that still say something of what lies between */

/* The last "K1023+500" of the text, in kilometres; *at gets where it begins. */
static bool
find_mark(const char *text, size_t *at, double *km)
{
	bool found = false;

	for (const char *p = text; *p; p++) {
		char *end;
		double value, metres;

		if ((*p != 'K' && *p != 'k') || p[1] < '0' || p[1] > '9')
			continue;
		value = strtod(p + 1, &end);
		if (*end == '+' && end[1] >= '0' && end[1] <= '9') {
			metres = strtod(end + 1, &end);
			value += metres < 1000 ? metres / 1000 : 0;
		}
		*at = (size_t)(p - text);
		*km = value;
		found = true;
	}
	return found;
}

/* "G2" out of "G2京沪高速 "; else the code of the road whose name stands there. The caller frees;
 * NULL when none. */
static char *
road_code(struct store *st, const char *text, size_t n)
{
	char *head = mem_dupn(text, n), *code = NULL;
	size_t letters = strspn(head, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t digits = strspn(head + letters, "0123456789");

	if (letters && digits)
		code = mem_dupn(head, letters + digits);
	else
		code = sql_one_text(st,
		    "SELECT code FROM place WHERE kind = 'road' AND code <> ''"
		    " AND instr(?1, name) > 0 ORDER BY length(name) DESC LIMIT 1",
		    "t", head);
	free(head);
	return code;
}

struct mark {
	double km, lon, lat;
	int64_t area;
};

bool
mark_position(struct store *st, const char *road, double *lon, double *lat, int64_t *area)
{
	struct mark below = {-HUGE_VAL, 0, 0, 0}, above = {HUGE_VAL, 0, 0, 0}, m;
	size_t at = 0;
	double km = 0, share;
	char *code;
	struct sql *q;

	if (!find_mark(road, &at, &km))
		return false;
	code = road_code(st, road, at);
	if (!code)
		return false;
	q = sql(st, "SELECT substr(code, length(?1) + 3), lon, lat, area FROM place"
		    " WHERE kind = 'post' AND substr(code, 1, length(?1) + 2) = ?1 || ' K' AND lon "
		    "IS NOT NULL");
	sql_bind(q, "t", code);
	while (sql_row(q)) {
		m = (struct mark){
		    strtod(sql_text(q, 0), NULL), sql_real(q, 1), sql_real(q, 2), sql_int(q, 3)};
		if (m.km <= km && m.km > below.km)
			below = m;
		if (m.km >= km && m.km < above.km)
			above = m;
	}
	sql_done(q);
	free(code);
	if (above.km - below.km > GAP_MAX)
		return false;
	share = above.km > below.km ? (km - below.km) / (above.km - below.km) : 0;
	*lon = below.lon + share * (above.lon - below.lon);
	*lat = below.lat + share * (above.lat - below.lat);
	*area = share < 0.5 ? below.area : above.area;
	return true;
}
