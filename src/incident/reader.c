/*
 * What the room keeps with a store handle: the reader with the county's own names, and the policies
 * in force.
 *
 * The gazetteer is made from the tables of areas, places, units, teams, enterprises, shelters and
 * hospitals. A signature of these tables (rows, last id, length of the names) is compared at every
 * use: one statement, 0.1 ms with the demo county, and no importing verb has to know of the reader.
 *
 * A township stands in both tables, area and unit; as a name in a text it is the place.
 */
#include "incident/inside.h"

#include "base/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kept_reader {
	struct reader *reader;
	char *signature;
};
struct kept_policy {
	struct policy *policy;
	char *names;
};
static const char reader_key, policy_key;

static void
kept_reader_free(void *thing)
{
	struct kept_reader *k = thing;

	reader_free(k->reader);
	free(k->signature);
	free(k);
}

static void
kept_policy_free(void *thing)
{
	struct kept_policy *k = thing;

	policy_free(k->policy);
	free(k->names);
	free(k);
}

static char *
names_signature(struct store *st)
{
	return sql_one_text(st,
	    "SELECT (SELECT count(*) || ',' || ifnull(sum(length(name) + length(short)), 0) FROM "
	    "area) || ';' ||"
	    " (SELECT count(*) || ',' || ifnull(max(id), 0) || ',' || ifnull(sum(length(name) + "
	    "length(aliases)), 0)"
	    " FROM place) || ';' ||"
	    " (SELECT count(*) || ',' || ifnull(max(id), 0) || ',' || ifnull(sum(length(name) + "
	    "length(aliases)), 0)"
	    " FROM unit) || ';' || (SELECT count(*) || ',' || ifnull(max(id), 0) FROM team) || ';' "
	    "||"
	    " (SELECT count(*) || ',' || ifnull(max(id), 0) FROM enterprise) || ';' ||"
	    " (SELECT count(*) || ',' || ifnull(max(id), 0) FROM shelter) || ';' ||"
	    " (SELECT count(*) || ',' || ifnull(max(id), 0) FROM hospital)",
	    "");
}

/* A name and its other names, separated by '|'. */
static void
add_names(struct gazetteer *g, enum gazetteer_kind kind, const char *name, const char *aliases,
    int64_t id, int64_t area, double lon, double lat)
{
	char word[128];

	gazetteer_add(g, kind, name, id, area, lon, lat);
	while (*aliases) {
		size_t n = strcspn(aliases, "|");
		if (n && n < sizeof(word)) {
			memcpy(word, aliases, n);
			word[n] = '\0';
			gazetteer_add(g, kind, word, id, area, lon, lat);
		}
		aliases += n + (aliases[n] == '|');
	}
}

/* 经济开发区（马棚街道） is known by both names. */
static void
add_area(
    struct gazetteer *g, const char *name, const char *brief, int64_t id, double lon, double lat)
{
	const char *open = strstr(name, "（"), *close = open ? strstr(open, "）") : NULL;
	char *part;

	gazetteer_add(g, GAZETTEER_AREA, name, id, 0, lon, lat);
	if (strcmp(brief, name) != 0)
		gazetteer_add(g, GAZETTEER_AREA, brief, id, 0, lon, lat);
	if (!close)
		return;
	part = mem_dupn(name, (size_t)(open - name));
	gazetteer_add(g, GAZETTEER_AREA, part, id, 0, lon, lat);
	free(part);
	part = mem_dupn(open + strlen("（"), (size_t)(close - open) - strlen("（"));
	gazetteer_add(g, GAZETTEER_AREA, part, id, 0, lon, lat);
	free(part);
}

static enum gazetteer_kind
place_kind(const char *kind)
{
	static const struct {
		const char *name;
		enum gazetteer_kind kind;
	} kinds[] = {{"village", GAZETTEER_VILLAGE}, {"community", GAZETTEER_VILLAGE},
	    {"group", GAZETTEER_VILLAGE}, {"road", GAZETTEER_ROAD}, {"bridge", GAZETTEER_SITE},
	    {"water", GAZETTEER_WATER}, {"river", GAZETTEER_WATER}, {"lake", GAZETTEER_WATER},
	    {"dike", GAZETTEER_WATER}};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].name, kind) == 0)
			return kinds[i].kind;
	return GAZETTEER_SITE;
}

static void
add_tables(struct store *st, struct gazetteer *g)
{
	struct sql *q = sql(st, "SELECT name, short, id, lon, lat FROM area");

	sql_bind(q, "");
	while (sql_row(q))
		add_area(g, sql_text(q, 0), sql_text(q, 1), sql_int(q, 2), sql_real(q, 3),
		    sql_real(q, 4));
	q = sql(st, "SELECT kind, name, aliases, id, area, lon, lat FROM place");
	sql_bind(q, "");
	while (sql_row(q))
		add_names(g, place_kind(sql_text(q, 0)), sql_text(q, 1), sql_text(q, 2),
		    sql_int(q, 3), sql_int(q, 4), sql_real(q, 5), sql_real(q, 6));
	q = sql(st, "SELECT name, short, id, area, lon, lat FROM unit WHERE name NOT IN (SELECT "
		    "name FROM area"
		    " UNION SELECT short FROM area) AND short NOT IN (SELECT name FROM area UNION "
		    "SELECT short FROM area)");
	sql_bind(q, "");
	while (sql_row(q))
		add_names(g, GAZETTEER_UNIT, sql_text(q, 0), sql_text(q, 1), sql_int(q, 2),
		    sql_int(q, 3), sql_real(q, 4), sql_real(q, 5));
	q = sql(st, "SELECT name, short, id, area, lon, lat FROM team");
	sql_bind(q, "");
	while (sql_row(q))
		add_names(g, GAZETTEER_TEAM, sql_text(q, 0), sql_text(q, 1), sql_int(q, 2),
		    sql_int(q, 3), sql_real(q, 4), sql_real(q, 5));
	q = sql(st, "SELECT name, id, area, lon, lat FROM enterprise UNION ALL"
		    " SELECT name, id, area, lon, lat FROM shelter UNION ALL SELECT name, id, "
		    "area, lon, lat FROM hospital");
	sql_bind(q, "");
	while (sql_row(q))
		add_names(g, GAZETTEER_SITE, sql_text(q, 0), "", sql_int(q, 1), sql_int(q, 2),
		    sql_real(q, 3), sql_real(q, 4));
}

struct reader *
incident_reader(struct store *st, struct err *err)
{
	struct kept_reader *k = store_kept(st, &reader_key);
	char *signature = names_signature(st), *rules, *taxonomy;
	struct gazetteer *g;
	struct reader *reader;

	if (k && signature && strcmp(k->signature, signature) == 0) {
		free(signature);
		return k->reader;
	}
	g = gazetteer_new();
	add_tables(st, g);
	rules = paths_data_file("rules");
	taxonomy = paths_data_file("taxonomy");
	reader = reader_new(rules, taxonomy, g, err);
	free(rules);
	free(taxonomy);
	if (!reader) {
		free(signature);
		return NULL;
	}
	k = mem_zero(1, sizeof(*k));
	k->reader = reader;
	k->signature = signature ? signature : mem_dup("");
	store_keep(st, &reader_key, k, kept_reader_free);
	return reader;
}

struct policy *
incident_policy(struct store *st)
{
	struct kept_policy *k = store_kept(st, &policy_key);
	const char *names = store_setting(st, "policy");
	char *dir;

	if (!names || !*names)
		names = "GY-default";
	if (k && strcmp(k->names, names) == 0)
		return k->policy;
	k = mem_zero(1, sizeof(*k));
	k->names = mem_dup(names);
	dir = paths_data_file("policy");
	k->policy = policy_load(dir, k->names);
	free(dir);
	store_keep(st, &policy_key, k, kept_policy_free);
	return k->policy;
}

const char *
incident_policy_warning(struct store *st, size_t i)
{
	return policy_warning(incident_policy(st), i);
}

/* The value of {name} in a dest. Settings first, so that a county elsewhere names its own city and
 * province. */
static char *
placeholder(struct store *st, const char *name, size_t n, const char *receiver)
{
	const char *setting;

	if (n == 8 && memcmp(name, "receiver", n) == 0)
		return mem_dup(receiver);
	if (n == 6 && memcmp(name, "county", n) == 0)
		return sql_one_text(st, "SELECT name FROM area WHERE id = ?1", "i", store_area(st));
	if (n == 4 && memcmp(name, "city", n) == 0) {
		setting = store_setting(st, "city");
		return mem_dup(setting ? setting : "扬州市");
	}
	if (n == 8 && memcmp(name, "province", n) == 0) {
		setting = store_setting(st, "province");
		return mem_dup(setting ? setting : "江苏省");
	}
	return NULL;
}

void
policy_place(struct store *st, const char *dest, const char *receiver, char *out, size_t size)
{
	struct buf b = BUF_MAX(512);

	while (*dest) {
		size_t n = strcspn(dest, "{");
		const char *end = dest[n] ? strchr(dest + n, '}') : NULL;

		buf_add_n(&b, dest, end ? n : strlen(dest));
		if (!end)
			break;
		char *value = placeholder(st, dest + n + 1, (size_t)(end - dest) - n - 1, receiver);
		buf_add(&b, value ? value : "");
		free(value);
		dest = end + 1;
	}
	utf8_copy(out, size, buf_str(&b));
	buf_clear(&b);
}

void
put_no(char *out, size_t size, int64_t year, int64_t number)
{
	snprintf(out, size, "%lld-%03lld", (long long)year, (long long)number);
}

void
put_incident_no(struct store *st, int64_t incident, char *out, size_t size)
{
	struct sql *q = sql(st, "SELECT year, number FROM incident WHERE id = ?1");

	out[0] = '\0';
	sql_bind(q, "i", incident);
	if (sql_row(q))
		put_no(out, size, sql_int(q, 0), sql_int(q, 1));
	sql_done(q);
}
