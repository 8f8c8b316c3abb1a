#include "tests/store/room.h"

#include "base/mem.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
remove_one(const char *path, const struct stat *sb, int flag, struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void
room_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void
room_in_memory(void)
{
	if (access("/dev/shm", W_OK | X_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
}

void
room_make(struct room *room)
{
	struct err err = ERR_NONE;

	memset(room, 0, sizeof(*room));
	test_folder(room->dir, sizeof(room->dir), "store");
	snprintf(room->path, sizeof(room->path), "%s/duty.db", room->dir);
	if (!store_create(room->path, AREA, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	room->st = room_open(room);
	actor_system(&room->system, "test");
}

struct store *
room_open(struct room *room)
{
	struct err err = ERR_NONE;
	struct store *st = store_open(room->path, STORE_WRITE, &err);

	if (!st)
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	verb_register(st, room_verbs, room_n_verbs);
	return st;
}

void
room_clear(struct room *room)
{
	store_close(room->st);
	room_remove(room->dir);
}

int64_t
room_do(struct store *st, const struct actor *actor, const char *verb, json_t *args)
{
	struct err err = ERR_NONE;
	struct verb_result result;
	int64_t seq;

	if (!verb_run(st, actor, verb, args, &result, &err))
		fail_msg("%s: %s (%s)", verb, err.message, err.detail ? err.detail : "");
	seq = result.seq;
	verb_result_clear(&result);
	json_decref(args);
	return seq;
}

void
room_refused(struct store *st, const struct actor *actor, const char *verb, json_t *args, int code,
    const char *words)
{
	struct err err = ERR_NONE;
	struct verb_result result;

	if (verb_run(st, actor, verb, args, &result, &err))
		fail_msg("%s was not refused: %s", verb, result.said);
	assert_int_equal(err.code, code);
	assert_non_null(err.message);
	if (words && !strstr(err.message, words))
		fail_msg("%s: \"%s\" does not say \"%s\"", verb, err.message, words);
	err_clear(&err);
	json_decref(args);
}

struct actor
room_person(struct store *st, const char *name, unsigned role, int64_t area)
{
	struct actor system, actor;
	struct err err = ERR_NONE;

	actor_system(&system, "test");
	room_do(st, &system, "test.person",
	    json_pack("{s:s, s:I, s:I}", "name", name, "role", (json_int_t)role, "area",
		(json_int_t)area));
	if (!actor_find(st, name, &actor, &err))
		fail_msg("%s", err.message);
	return actor;
}

/* --- verbs ------------------------------------------------------------------------------------ */

static bool
run_area(struct verb_call *call, struct err *err)
{
	struct sql *q = sql(call_store(call),
	    "INSERT INTO area (id, name, short, initials, kind, people) VALUES (?1, ?2, ?2, '', "
	    "'town', ?3)"
	    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, people = excluded.people");

	if (!call_touch_area(call, call_int(call, "code"), err))
		return false;
	sql_bind(
	    q, "iti", call_int(call, "code"), call_text(call, "name"), call_int(call, "people"));
	if (!sql_run(q))
		return false;
	call_subject(call, "area", call_int(call, "code"));
	call_say(call, "area %s", call_text(call, "name"));
	return true;
}

static bool
run_person(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct sql *q;
	int64_t id = store_new_id(st);

	(void)err;
	q = sql(st, "INSERT INTO person (id, name, initials, role, area) VALUES (?1, ?2, "
		    "lower(?2), ?3, ?4)");
	sql_bind(
	    q, "itii", id, call_text(call, "name"), call_int(call, "role"), call_int(call, "area"));
	call_subject(call, "person", id);
	return sql_run(q);
}

static bool
run_touch(struct verb_call *call, struct err *err)
{
	struct sql *q = sql(call_store(call), "UPDATE area SET people = people + 1 WHERE id = ?1");

	if (!call_touch_area(call, call_int(call, "code"), err))
		return false;
	sql_bind(q, "i", call_int(call, "code"));
	call_subject(call, "area", call_int(call, "code"));
	call_say(call, "one more in %lld", (long long)call_int(call, "code"));
	call_say(call, "%s", "counted");
	return sql_run(q);
}

static bool
run_loose(struct verb_call *call, struct err *err)
{
	(void)call;
	(void)err;
	return true;
}

static bool
run_bad_fk(struct verb_call *call, struct err *err)
{
	struct sql *q = sql(call_store(call), "INSERT INTO shift VALUES (1, 2, 3, 'officer', 999)");

	(void)err;
	return sql_run(q);
}

static bool
run_fail(struct verb_call *call, struct err *err)
{
	struct sql *q = sql(call_store(call), "UPDATE area SET people = -1");

	assert_true(sql_run(q));
	return err_set(err, ERR_STATE, "not today");
}

static bool
run_all(struct verb_call *call, struct err *err)
{
	(void)err;
	call_outbox(call, "file", "city", "test", 0, call_text(call, "word"), "payload");
	call_incident(call, call_int(call, "count"));
	call_say(call, "%s|%s|%lld|%g|%lld|%s|%lld|%d", call_text(call, "word"),
	    call_text(call, "rest"), (long long)call_int(call, "count"), call_real(call, "size"),
	    (long long)call_time(call, "when"), call_text(call, "way"),
	    (long long)call_int(call, "thing"), call_flag(call, "hot"));
	return true;
}

static bool
run_setting(struct verb_call *call, struct err *err)
{
	(void)err;
	store_set_setting(call_store(call), "zone", "480");
	return true;
}

static const struct verb_param area_params[] = {
    {"code", "Code", ARG_INT, NULL, true, true, ""},
    {"name", "Name", ARG_WORD, NULL, true, true, ""},
    {"people", "People", ARG_INT, NULL, false, false, ""},
};
static const struct verb_param person_params[] = {
    {"name", "Name", ARG_WORD, NULL, true, true, ""},
    {"role", "Role", ARG_INT, NULL, true, true, ""},
    {"area", "Area", ARG_INT, NULL, true, true, ""},
};
static const struct verb_param all_params[] = {
    {"word", "Word", ARG_WORD, NULL, true, true, ""},
    {"count", "Count", ARG_INT, NULL, false, false, ""},
    {"size", "Size", ARG_REAL, NULL, false, false, ""},
    {"when", "When", ARG_TIME, NULL, false, false, ""},
    {"way", "Way", ARG_CHOICE, "phone|photo|fax", false, false, ""},
    {"thing", "Thing", ARG_THING, "stone|tree", false, false, ""},
    {"hot", "Hot", ARG_FLAG, NULL, false, false, ""},
    {"rest", "Rest", ARG_REST, NULL, false, true, ""},
};

#define ROLES (ROLE_ROOM | ROLE_SYSTEM | ROLE_TOWNSHIP)
const struct verb room_verbs[] = {
    {"test.area", "area", "an area", ROLES, VERB_UNDO, area_params, 3, run_area, NULL},
    {"test.person", "person", "a person", ROLE_SYSTEM, 0, person_params, 3, run_person, NULL},
    {"test.touch", "touch", "a touch", ROLES, VERB_UNDO, area_params, 1, run_touch, NULL},
    {"test.loose", "loose", "touches nothing", ROLES, 0, NULL, 0, run_loose, NULL},
    {"test.bad_fk", "", "breaks a foreign key", ROLES, 0, NULL, 0, run_bad_fk, NULL},
    {"test.setting", "", "a setting", ROLE_SYSTEM, 0, NULL, 0, run_setting, NULL},
    {"test.fail", "", "fails", ROLES, 0, NULL, 0, run_fail, NULL},
    {"test.all", "", "all types", ROLE_ROOM | ROLE_SYSTEM, 0, all_params, COUNT_OF(all_params),
	run_all, NULL},
    {"test.large", "", "a large import", ROLE_SYSTEM, VERB_LARGE, all_params, COUNT_OF(all_params),
	run_all, NULL},
};
const size_t room_n_verbs = COUNT_OF(room_verbs);
