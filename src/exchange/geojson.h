/*
 * Outlines of areas out of GeoJSON (RFC 7946): a FeatureCollection or a Feature of Polygons and MultiPolygons, longitude first. What
 * an area is called is looked for among the properties: its code (code, adcode, dt_adcode …; 6, 9 or 12 digits), else its name.
 *
 * Gives what resource_outlines takes: a JSON array of {"#": its number in the file, "code": "321084101", "name": "…", "rings": [[lon, lat,
 * lon, lat, …], …]}, "!" instead of rings why the feature is refused. The areas are not known here.
 */
#ifndef EXCHANGE_GEOJSON_H
#define EXCHANGE_GEOJSON_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

#define GEOJSON_FEATURES 5000
#define GEOJSON_CORNERS 200000 /* in all */

/* NULL with err when the file as a whole is refused; json_decref it. */
json_t *geojson_read(const char *bytes, size_t n, struct err *err) __attribute__((warn_unused_result));

#endif
