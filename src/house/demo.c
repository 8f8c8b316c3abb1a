/*
 * The demo county: the tables of data/demo in the order in which they need each other, each through
 * table.load, so that every row is checked and journalled as a clerk's import would be.
 */
#include "house/house.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "exchange/geojson.h"
#include "exchange/outfile.h"
#include "plan/plan.h"
#include "resource/resource.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEMO_BEGINS "2025-07-07T08:00"

struct demo_table {
	const char *kind, *file;
};

static const struct demo_table classes[] = {
    {"skill", "demo/skills.tsv"},
    {"goods", "demo/goods.tsv"},
};
static const struct demo_table county[] = {
    {"area", "demo/areas.tsv"},
    {"unit", "demo/units.tsv"},
    {"person", "demo/persons.tsv"},
    {"line", "demo/lines.tsv"},
    {"shift", "demo/shifts.tsv"},
    {"rotation", "demo/rotation.tsv"},
    {"place", "demo/places.tsv"},
    {"team", "demo/teams.tsv"},
    {"depot", "demo/depots.tsv"},
    {"stock", "demo/stock.tsv"},
    {"equipment", "demo/equipment.tsv"},
    {"expert", "demo/experts.tsv"},
    {"shelter", "demo/shelters.tsv"},
    {"hospital", "demo/hospitals.tsv"},
    {"enterprise", "demo/enterprises.tsv"},
};
static const struct {
	const char *name, *value;
} settings[] = {
    {"county_name", "高邮市应急管理局"},
    {"phone", "0514-55500001"},
    {"drill", "1"},
    {"policy", "GY-default"},
    {"roads", "demo/roads.tsv"},
};

static bool
load(struct store *st, const struct demo_table *tables, size_t n, struct err *err)
{
	struct actor system;
	bool ok = true;

	actor_system(&system, "init");
	for (size_t i = 0; ok && i < n; i++) {
		char *path = paths_data_file(tables[i].file);

		ok = resource_load_table(st, &system, tables[i].kind, path, NULL, err);
		free(path);
	}
	return ok;
}

static bool
set(struct store *st, const char *name, const char *value, struct err *err)
{
	struct verb_result result = {0, 0, 0, NULL};
	struct actor system;
	json_t *args = json_object();
	bool ok;

	actor_system(&system, "init");
	json_object_set_new(args, "name", json_string(name));
	json_object_set_new(args, "value", json_string(value));
	ok = verb_run(st, &system, "setting.set", args, &result, err);
	json_decref(args);
	verb_result_clear(&result);
	return ok;
}

bool
house_load_classes(struct store *st, struct err *err)
{
	return load(st, classes, COUNT_OF(classes), err);
}

static bool
load_plans(struct store *st, struct err *err)
{
	char *directory = paths_data_file("plans");
	struct actor system;
	bool ok;

	actor_system(&system, "init");
	ok = plan_import_directory(st, &system, directory, NULL, err);
	free(directory);
	return ok;
}

static bool
load_contacts(struct store *st, struct err *err)
{
	char *path = paths_data_file("demo/contacts.tsv");
	struct actor system;
	bool ok;

	actor_system(&system, "init");
	ok = resource_load_table(st, &system, "contact", path, NULL, err);
	free(path);
	return ok;
}

/* A file of ours, whole; NULL with err. */
static char *
demo_file(const char *path, size_t *n, struct err *err)
{
	const char *why;
	int fd = outfile_open_plain(AT_FDCWD, path, 1u << 20, n, &why);
	char *bytes = fd >= 0 ? outfile_read(fd, *n) : NULL;

	if (!bytes)
		err_set(err, ERR_IO, "%s: %s", path, fd < 0 ? why : strerror(errno));
	if (fd >= 0)
		close(fd);
	return bytes;
}

/* Approximate ones, see the head of the file. */
static bool
load_outlines(struct store *st, struct err *err)
{
	char *path = paths_data_file("demo/areas.geojson"), *bytes, *text = NULL;
	struct verb_result result = {0, 0, 0, NULL};
	struct outline_import import = {.source = "areas.geojson"};
	struct actor system;
	json_t *rows = NULL;
	size_t n;
	bool ok;

	actor_system(&system, "init");
	bytes = demo_file(path, &n, err);
	rows = bytes ? geojson_read(bytes, n, err) : NULL;
	import.rows = text = rows ? json_dumps(rows, JSON_COMPACT) : NULL;
	ok = text && resource_outlines(st, &system, &import, &result, err);
	verb_result_clear(&result);
	json_decref(rows);
	free(text);
	free(bytes);
	free(path);
	return ok;
}

static bool
load_county(struct store *st, struct err *err)
{
	if (!house_load_classes(st, err) || !load(st, county, COUNT_OF(county), err) ||
	    !load_outlines(st, err) || !load_contacts(st, err) || !load_plans(st, err))
		return false;
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		if (!set(st, settings[i].name, settings[i].value, err))
			return false;
	return true;
}

/* The county is there before its scenes happen: a replay to an hour of the scene must find it. */
bool
house_load_demo(struct store *st, struct err *err)
{
	int64_t pinned = clock_pinned(), t;
	bool ok;

	if (clock_parse(DEMO_BEGINS, 0, &t))
		clock_pin(t);
	ok = load_county(st, err);
	clock_pin(pinned);
	return ok;
}
