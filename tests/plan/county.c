#include "tests/plan/county.h"

#include "base/mem.h"
#include "base/tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *
county_path(const char *name)
{
	const char *top = getenv("top_srcdir");

	return mem_print("%s/%s", top && *top ? top : ".", name);
}

char *
county_read(const char *name, size_t *n)
{
	char *path = county_path(name), *text;
	FILE *f = fopen(path, "rb");
	long size;

	if (!f)
		fail_msg("%s cannot be read", path);
	free(path);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	text = mem_alloc((size_t)size + 1);
	assert_int_equal(fread(text, 1, (size_t)size, f), size);
	text[size] = '\0';
	fclose(f);
	if (n)
		*n = (size_t)size;
	return text;
}

static void
add(struct store *st, const char *kind, const char *code, const char *name, const char *more)
{
	struct sql *q;

	if (strcmp(kind, "skills") == 0) {
		q = sql(st, "INSERT INTO skill (code, name) VALUES (?1, ?2)");
		sql_bind(q, "tt", code, name);
	} else if (strcmp(kind, "goods") == 0) {
		q = sql(
		    st, "INSERT INTO goods (code, name, unit, initials) VALUES (?1, ?2, ?3, '')");
		sql_bind(q, "ttt", code, name, more);
	} else {
		q = sql(st, "INSERT INTO unit (id, code, name, short, kind, initials, phone) "
			    "VALUES (?1, ?2, ?3, ?3, '', '', ?4)");
		sql_bind(q, "ittt", store_new_id(st), code, name, more);
	}
	assert_true(sql_run(q));
}

static bool
run_table(struct verb_call *call, struct err *err)
{
	const char *kind = call_text(call, "kind");
	char *path = mem_print("data/demo/%s.tsv", kind), *full = county_path(path);
	struct tsv *t = tsv_open(full, err);

	assert_non_null(t);
	int code = tsv_column(t, "code", true, err), name = tsv_column(t, "name", true, err),
	    more = tsv_column(t, strcmp(kind, "units") == 0 ? "phone" : "unit", false, err);

	while (tsv_next(t))
		add(call_store(call), kind, tsv_get(t, code), tsv_get(t, name), tsv_get(t, more));
	free(path);
	free(full);
	return tsv_close(t, err);
}

static const struct verb_param table_params[] = {{"kind", "Kind", ARG_WORD, NULL, true, true, ""}};
static const struct verb verbs[] = {
    {"test.table", "", "a table of data/demo", ROLE_SYSTEM, 0, table_params, 1, run_table, NULL},
};

void
county_make(struct room *room)
{
	char *data = county_path("data");

	setenv("ZHIBAN_DATA", data, 1);
	free(data);
	room_make(room);
	verb_register(room->st, verbs, COUNT_OF(verbs));
	plan_register(room->st);
	room_do(room->st, &room->system, "test.table", json_pack("{s:s}", "kind", "skills"));
	room_do(room->st, &room->system, "test.table", json_pack("{s:s}", "kind", "goods"));
	room_do(room->st, &room->system, "test.table", json_pack("{s:s}", "kind", "units"));
}

void
county_make_with_plans(struct room *room)
{
	struct err err = ERR_NONE;
	char *plans = county_path("data/plans");
	size_t n;

	county_make(room);
	if (!plan_import_directory(room->st, &room->system, plans, &n, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	free(plans);
}

int64_t
county_plan(struct store *st, const char *code)
{
	return sql_one_int(st, "SELECT id FROM plan WHERE code = ?1", 0, "t", code);
}
