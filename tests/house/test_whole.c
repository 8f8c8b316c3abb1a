/*
 * What is stored is text (reliability 4.17): every verb is run with long texts of three bytes a character in all its fields, behind none,
 * one or two bytes more, so that whatever cuts a text cuts it once within a character. No half of one is said, or stands in any table.
 */
#include "tests/test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "house/house.h"
#include "store/command.h"
#include "store/sql.h"
#include "store/verb.h"
#include "tests/house/county.h"
#include "tests/store/room.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[256], path[300];
static struct store *st;
static unsigned done, refused, cut;

static int
make(void **state)
{
	(void)state;
	clock_pin(INT64_C(1752111120000));
	st = county_open(dir, path);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	store_close(st);
	clock_pin(CLOCK_NONE);
	room_remove(dir);
	return 0;
}

/* --- what is said ------------------------------------------------------------------------- */

/* `shift` bytes, then so many characters, no two texts alike. */
static json_t *
long_text(unsigned shift, size_t chars)
{
	static const char *const words[] = {
	    "堤", "防", "险", "情", "液", "氨", "泄", "漏", "转", "移"};
	static unsigned n;
	struct buf out = BUF_MAX(65536);
	json_t *text;

	for (unsigned i = 0; i < shift; i++)
		buf_add_char(&out, (char)('a' + n % 26));
	n++;
	for (size_t i = 0; i < chars; i++)
		buf_add(&out, words[(i + n / 26 + i * n) % 10]);
	text = json_string(buf_str(&out));
	buf_clear(&out);
	return text;
}

/* The first thing of the first of the kinds that has one; 0 none. */
static int64_t
some_thing(const struct actor *actor, const char *kinds)
{
	while (*kinds) {
		size_t n = strcspn(kinds, "|");
		char *name = mem_dupn(kinds, n);
		const struct thing_kind *kind = thing_kind_find(st, name);
		struct thing thing;
		size_t found = kind ? kind->find(st, actor, "", &thing, 1) : 0;

		free(name);
		if (found)
			return thing.id;
		kinds += n + (kinds[n] == '|');
	}
	return 0;
}

static json_t *
value_of(const struct actor *actor, const struct verb_param *p, unsigned shift, size_t chars)
{
	int64_t id;

	switch (p->type) {
	case ARG_INT:
		return json_integer(3);
	case ARG_REAL:
		return json_real(1.5);
	case ARG_TIME:
		return json_integer(clock_now());
	case ARG_CHOICE:
		return json_stringn(p->of, strcspn(p->of, "|"));
	case ARG_FLAG:
		return NULL;
	case ARG_THING:
		id = some_thing(actor, p->of);
		return id ? json_integer(id) : NULL;
	default:
		return long_text(shift, chars);
	}
}

static void
is_whole(const char *verb, const char *what, const char *text)
{
	if (text && !utf8_valid(text, strlen(text)))
		fail_msg("%s: %s is cut within a character: %s", verb, what, text);
}

/* With all its parameters, or with those it must have only. */
static void
run(const struct actor *actor, const struct verb *verb, bool all, unsigned shift, size_t chars)
{
	json_t *args = json_object();
	struct verb_result result = {0};
	struct err err = ERR_NONE;

	for (size_t i = 0; i < verb->n_params; i++) {
		const struct verb_param *p = &verb->params[i];
		json_t *value = all || p->required ? value_of(actor, p, shift, chars) : NULL;

		if (value)
			json_object_set_new(args, p->name, value);
	}
	if (verb_run(st, actor, verb->name, args, &result, &err)) {
		is_whole(verb->name, "what was done", result.said);
		done++;
	} else {
		is_whole(verb->name, "the reason", err.message);
		refused++;
	}
	verb_result_clear(&result);
	err_clear(&err);
	json_decref(args);
}

/* --- what is stored ----------------------------------------------------------------------- */

static size_t
look_at_column(sqlite3 *db, const char *table, const char *column)
{
	char *select = mem_print(
	    "SELECT \"%s\" FROM \"%s\" WHERE typeof(\"%s\") = 'text'", column, table, column);
	sqlite3_stmt *q;
	size_t n = 0;

	if (sqlite3_prepare_v2(db, select, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %s", select, sqlite3_errmsg(db));
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(q, 0);

		n++;
		if (!utf8_valid(text, (size_t)sqlite3_column_bytes(q, 0)))
			if (cut++ < 20)
				print_error("%s.%s holds %s\n", table, column, text);
	}
	sqlite3_finalize(q);
	free(select);
	return n;
}

/* Every text of every table; those of the search index (its names begin with "search") are words of the same texts. */
static size_t
look_at_store(void)
{
	static const char columns[] =
	    "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type "
	    "= 'table' "
	    "AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND m.name NOT LIKE 'search%'";
	sqlite3_stmt *q;
	sqlite3 *db;
	size_t n = 0;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, columns, -1, &q, NULL), SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		n += look_at_column(db, (const char *)sqlite3_column_text(q, 0),
		    (const char *)sqlite3_column_text(q, 1));
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

static void
no_text_is_cut_within_a_character(void **state)
{
	static const char *const people[] = {"陈涛", "李敏", "王建国", "苏静", "董秀英"};
	static const size_t lengths[] = {8, 24, 45, 130};
	struct actor
	    actors[COUNT_OF(people) + 1]; /* found first: some of the verbs retire people */
	const struct verb *verb;
	struct err err = ERR_NONE;
	size_t texts;

	(void)state;
	for (size_t who = 0; who < COUNT_OF(people); who++)
		if (!actor_find(st, people[who], &actors[who], &err))
			fail_msg("%s: %s", people[who], err.message);
	actor_system(&actors[COUNT_OF(people)], "test");
	for (size_t who = 0; who < COUNT_OF(actors); who++)
		for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++)
			for (unsigned k = 0;
			     verb_allowed(&actors[who], verb) && k < 3 * COUNT_OF(lengths); k++) {
				run(&actors[who], verb, true, k % 3, lengths[k / 3]);
				run(&actors[who], verb, false, k % 3, lengths[k / 3]);
			}
	texts = look_at_store();
	print_message("# %u done, %u refused; %zu texts looked at\n", done, refused, texts);
	assert_int_equal(cut, 0);
	assert_true(done > 1000);
	assert_true(texts > 20000);
}

/* The labels of things, which are cut to their room. */
static void
labels_are_whole(void **state)
{
	static const char *const kinds[] = {"incident", "order", "key", "message", "inbox",
	    "report", "entry", "person", "team", "instruction", "response"};
	struct thing thing[50];
	struct actor system_actor;
	size_t seen = 0;

	(void)state;
	actor_system(&system_actor, "test");
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct thing_kind *kind = thing_kind_find(st, kinds[i]);
		size_t n = kind ? kind->find(st, &system_actor, "", thing, COUNT_OF(thing)) : 0;

		for (size_t k = 0; k < n; k++) {
			is_whole(kinds[i], "its word", thing[k].word);
			is_whole(kinds[i], "its label", thing[k].label);
		}
		seen += n;
	}
	print_message("# %zu labels\n", seen);
	assert_true(seen > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_text_is_cut_within_a_character),
	    cmocka_unit_test(labels_are_whole),
	};

	return cmocka_run_group_tests(tests, make, clear);
}
