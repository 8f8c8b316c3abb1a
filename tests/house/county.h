/* What the tests of the house share: the demo county in a store of its own. */
#ifndef TESTS_HOUSE_COUNTY_H
#define TESTS_HOUSE_COUNTY_H

#include "tests/test.h"

#include "store/store.h"

/* A new folder with the county's store in it, open for writing. room_remove(dir) of tests/store/room.h takes it away again. */
struct store *county_open(char dir[256], char path[300]);

#endif
