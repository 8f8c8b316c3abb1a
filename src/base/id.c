#include "base/id.h"

#include <assert.h>

int64_t
id_make(int64_t area, int64_t sequence)
{
	assert(area > 0 && area <= ID_AREA_MAX);
	assert(sequence > 0 && sequence <= ID_SEQUENCE_MAX);
	return area << ID_SEQUENCE_BITS | sequence;
}

int64_t
id_area(int64_t id)
{
	return id >> ID_SEQUENCE_BITS;
}

int64_t
id_sequence(int64_t id)
{
	return id & ID_SEQUENCE_MAX;
}
