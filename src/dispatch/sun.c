/*
 * Whether the sun is up, for the guidebook's "day" and "night". Spencer's series (1971) for
 * declination and equation of time; the sun counts as down when its centre is 0.833 degrees below
 * the horizon (refraction and its own radius). Good to two minutes at our latitudes.
 */
#include "dispatch/inside.h"

#include <math.h>

bool
sun_is_down(double lon, double lat, int64_t at)
{
	const double pi = acos(-1), rad = pi / 180;
	double days = (double)at / (double)CLOCK_DAY; /* since 1970-01-01T00:00 UTC */
	double g = 2 * pi * fmod(days - 0.5, 365.2425) / 365.2425;
	double declination = 0.006918 - 0.399912 * cos(g) + 0.070257 * sin(g) -
			     0.006758 * cos(2 * g) + 0.000907 * sin(2 * g) - 0.002697 * cos(3 * g) +
			     0.00148 * sin(3 * g);
	double equation = 229.18 * (0.000075 + 0.001868 * cos(g) - 0.032077 * sin(g) -
				       0.014615 * cos(2 * g) - 0.040849 * sin(2 * g)); /* minutes */
	double minutes = (days - floor(days)) * 1440 + equation + 4 * lon;
	double hour = (minutes / 4 - 180) * rad;
	double height =
	    asin(sin(lat * rad) * sin(declination) + cos(lat * rad) * cos(declination) * cos(hour));

	return height < -0.833 * rad;
}
