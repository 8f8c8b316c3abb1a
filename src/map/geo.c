#include "map/geo.h"

#include <math.h>

#define EARTH_RADIUS 6371008.8
#define RAD (3.14159265358979323846 / 180.0)

double
geo_distance(struct point a, struct point b)
{
	double dlat = (b.lat - a.lat) * RAD / 2, dlon = (b.lon - a.lon) * RAD / 2;
	double h = sin(dlat) * sin(dlat) + cos(a.lat * RAD) * cos(b.lat * RAD) * sin(dlon) * sin(dlon);

	return 2 * EARTH_RADIUS * asin(fmin(1.0, sqrt(h)));
}

double
geo_bearing(struct point a, struct point b)
{
	double dlon = (b.lon - a.lon) * RAD;
	double y = sin(dlon) * cos(b.lat * RAD);
	double x = cos(a.lat * RAD) * sin(b.lat * RAD) - sin(a.lat * RAD) * cos(b.lat * RAD) * cos(dlon);
	double degrees = atan2(y, x) / RAD;

	return degrees < 0 ? degrees + 360 : degrees;
}

struct point
geo_destination(struct point a, double bearing, double metres)
{
	double d = metres / EARTH_RADIUS, lat = a.lat * RAD, t = bearing * RAD;
	double lat2 = asin(sin(lat) * cos(d) + cos(lat) * sin(d) * cos(t));
	double lon2 = a.lon * RAD + atan2(sin(t) * sin(d) * cos(lat), cos(d) - sin(lat) * sin(lat2));

	return (struct point){ lon2 / RAD, lat2 / RAD };
}

bool
geo_inside(struct point p, const struct point *ring, size_t n)
{
	bool inside = false;

	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		bool crosses = (ring[i].lat > p.lat) != (ring[j].lat > p.lat);

		if (crosses && p.lon < (ring[j].lon - ring[i].lon) * (p.lat - ring[i].lat) /
		    (ring[j].lat - ring[i].lat) + ring[i].lon)
			inside = !inside;
	}
	return inside;
}

bool
geo_downwind(struct point p, struct point origin, double wind_from, double metres)
{
	double d = geo_distance(origin, p);
	double angle = (geo_bearing(origin, p) - (wind_from + 180)) * RAD;
	double along = d * cos(angle), across = d * sin(angle);

	return along >= 0 && along <= metres && fabs(across) <= metres / 2;
}
