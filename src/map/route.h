/*
 * The road network of a county, coarse as it is: roads as lines with a speed, that meet where they share a point. It gives the
 * minutes a crew needs from here to there along the roads, which round a lake are three times those of the straight line.
 *
 * Read from a table (base/tsv.h): code, name, class, kmh, points ("lon,lat lon,lat …"). A road of class `motorway` is entered
 * and left only where another road shares a point with it (an interchange), and from a place that lies on it.
 *
 *	struct route_net *net = route_load(path, &err);
 *	double minutes = route_minutes(net, station, scene, &metres);
 *	route_free(net);
 */
#ifndef MAP_ROUTE_H
#define MAP_ROUTE_H

#include "base/err.h"
#include "map/geo.h"

#include <stdbool.h>

struct route_net;

/* At most 1,000,000 points. NULL with err filled: no file, a point that is none, a speed that is none. */
struct route_net *route_load(const char *path, struct err *err) __attribute__((warn_unused_result));
void route_free(struct route_net *net);
/*
 * Minutes from a to b: to the nearest road and from it at 25 km/h over 1.3 times the straight line, on the roads at their speed over
 * 1.1 times their line. Places less than 2 km apart need no road. *metres (may be NULL) gets the way. Negative when no road leads
 * from a to b, or one of them is more than 10 km from any. The way to the b of the call before is kept, so that asking for many a is cheap.
 */
double route_minutes(struct route_net *net, struct point a, struct point b, double *metres);

#endif
