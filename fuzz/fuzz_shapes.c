/* A map layer as `zhiban import areas` reads it: rows with rings of whole pairs within this country, or a reason. */
#include "exchange/geojson.h"
#include "fuzz/must.h"

static void
check_ring(const json_t *ring)
{
	json_t *value;
	size_t i;

	must(json_array_size(ring) % 2 == 0 && json_array_size(ring) >= 6,
	    "a ring of half pairs or too few corners");
	json_array_foreach(ring, i, value)
	{
		double degrees = json_real_value(value);

		must(i % 2 ? degrees >= 3 && degrees <= 54 : degrees >= 73 && degrees <= 136,
		    "a corner abroad");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err = ERR_NONE;
	json_t *rows = geojson_read((const char *)data, n, &err), *row, *ring;
	size_t i, k;

	must(rows || (err.message && *err.message), "a refusal without a reason");
	json_array_foreach(rows, i, row)
	{
		const json_t *rings = json_object_get(row, "rings");

		must(json_integer_value(json_object_get(row, "#")) == (json_int_t)i + 1,
		    "a number is wrong");
		must((json_array_size(rings) > 0) != (json_object_get(row, "!") != NULL),
		    "neither rings nor a reason, or both");
		json_array_foreach(rings, k, ring) check_ring(ring);
	}
	json_decref(rows);
	err_clear(&err);
	return 0;
}
