#include "exchange/geojson.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/decode.h"
#include "exchange/json.h"

#include <stdlib.h>
#include <string.h>

#define CODES "code|CODE|adcode|ADCODE|dt_adcode|区划代码|行政区划代码|区划码|XZQDM|id"
#define NAMES "name|NAME|dt_name|名称|区划名称|行政区划名称|XZQMC"

static bool
is_type(const json_t *object, const char *type)
{
	const char *said = json_string_value(json_object_get(object, "type"));

	return said && strcmp(said, type) == 0;
}

static bool
refuse(const char **why, const char *text)
{
	*why = text;
	return false;
}

/* --- rings ----------------------------------------------------------------------------------- */

/* Longitude and latitude of a position; a height behind them is left out. */
static bool
add_position(const json_t *position, json_t *out, const char **why)
{
	const json_t *lon = json_array_get(position, 0), *lat = json_array_get(position, 1);
	double x = json_number_value(lon), y = json_number_value(lat);

	if (!json_is_number(lon) || !json_is_number(lat))
		return refuse(why, _("a position is no pair of numbers"));
	if (!(x >= 73 && x <= 136 && y >= 3 && y <= 54))
		return refuse(why, _("it lies outside this country: longitude first, in degrees"));
	json_array_append_new(out, json_real(x));
	json_array_append_new(out, json_real(y));
	return true;
}

static bool
add_ring(const json_t *ring, json_t *rings, size_t *left, const char **why)
{
	json_t *out = json_array(), *position;
	bool good = true;
	size_t i, n = json_array_size(ring);

	if (n < 4)
		good = refuse(why, _("a ring has fewer than four positions"));
	else if (n > *left)
		good = refuse(why, _("the outlines have too many corners: simplify them"));
	else if (!json_equal(json_array_get(ring, 0), json_array_get(ring, n - 1)))
		good = refuse(why, _("a ring is not closed"));
	if (good)
		*left -= n;
	json_array_foreach(ring, i, position)
	{
		if (good && i + 1 < n) /* the last is the first */
			good = add_position(position, out, why);
	}
	json_array_append_new(rings, out);
	return good;
}

static bool
add_polygon(const json_t *polygon, json_t *rings, size_t *left, const char **why)
{
	json_t *ring;
	size_t i;

	if (!json_array_size(polygon))
		return refuse(why, _("a polygon has no ring"));
	json_array_foreach(polygon, i, ring)
	{
		if (!add_ring(ring, rings, left, why))
			return false;
	}
	return true;
}

static bool
add_geometry(const json_t *geometry, json_t *rings, size_t *left, const char **why)
{
	const json_t *coordinates = json_object_get(geometry, "coordinates");
	json_t *polygon;
	size_t i;

	if (is_type(geometry, "Polygon"))
		return add_polygon(coordinates, rings, left, why);
	if (!is_type(geometry, "MultiPolygon"))
		return refuse(why, _("it is no Polygon and no MultiPolygon"));
	if (!json_array_size(coordinates))
		return refuse(why, _("a polygon has no ring"));
	json_array_foreach(coordinates, i, polygon)
	{
		if (!add_polygon(polygon, rings, left, why))
			return false;
	}
	return true;
}

/* --- features -------------------------------------------------------------------------------- */

static void
take_text(json_t *row, const char *member, const json_t *properties, const char *names)
{
	char *text = json_is_object(properties) ? json_text(properties, names, false) : NULL;

	if (text)
		json_object_set_new(row, member, json_string(text));
	free(text);
}

static json_t *
row_of(const json_t *feature, size_t number, size_t *left)
{
	const json_t *properties = json_object_get(feature, "properties");
	json_t *row = json_object(), *rings = json_array();
	const char *why = NULL;

	json_object_set_new(row, "#", json_integer((json_int_t)number));
	take_text(row, "code", properties, CODES);
	take_text(row, "name", properties, NAMES);
	if (!is_type(feature, "Feature"))
		refuse(&why, _("it is no Feature"));
	else
		add_geometry(json_object_get(feature, "geometry"), rings, left, &why);
	if (why)
		json_object_set_new(row, "!", json_string(why));
	else
		json_object_set(row, "rings", rings);
	json_decref(rings);
	return row;
}

static json_t *
rows_of(const json_t *doc, struct err *err)
{
	const json_t *features = json_object_get(doc, "features");
	size_t left = GEOJSON_CORNERS, i;
	json_t *rows = json_array(), *feature;

	if (is_type(doc, "Feature")) {
		json_array_append_new(rows, row_of(doc, 1, &left));
		return rows;
	}
	if (!is_type(doc, "FeatureCollection") || !json_is_array(features))
		err_set(err, ERR_INPUT,
		    _("it is no GeoJSON of areas: a FeatureCollection is expected"));
	else if (!json_array_size(features))
		err_set(err, ERR_INPUT, _("it holds no area"));
	else if (json_array_size(features) > GEOJSON_FEATURES)
		err_set(err, ERR_REFUSED, _("it holds too many values"));
	json_array_foreach(features, i, feature)
	{
		if (err->code == ERR_OK)
			json_array_append_new(rows, row_of(feature, i + 1, &left));
	}
	if (err->code == ERR_OK)
		return rows;
	json_decref(rows);
	return NULL;
}

json_t *
geojson_read(const char *bytes, size_t n, struct err *err)
{
	struct decoded text;
	json_t *doc, *rows = NULL;

	if (!decode(bytes, n, &text, err))
		return NULL;
	doc = json_document(text.text, text.n, err);
	if (doc)
		rows = rows_of(doc, err);
	json_decref(doc);
	decoded_clear(&text);
	return rows;
}
