#include "tests/house/county.h"

#include "house/house.h"

struct store *
county_open(char dir[256], char path[300])
{
	struct err err = ERR_NONE;
	struct store *st;

	test_folder(dir, 256, "house");
	snprintf(path, 300, "%s/duty.db", dir);
	if (!house_create(path, 0, true, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	st = house_open(path, STORE_WRITE, &err);
	if (!st)
		fail_msg("%s", err.message);
	return st;
}
