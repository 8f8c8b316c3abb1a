/*
 * The n-th failure (reliability 4.5): each scenario runs again and again while its n-th allocation
 * inside SQLite fails, or its n-th write, truncation, sync; once only, or from then on. Each time
 * what was said to be done is done, what was said to have failed told why and left nothing, and the
 * store is whole.
 *
 * The short form goes in steps that grow; ZHIBAN_SOAK=1 takes finer ones.
 */
#include "tests/store/room.h"
#include "tests/store/failing.h"

#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- scenarios --- */

static struct room room;
static int64_t expected; /* the last journal number that was acknowledged */
static int serial;

/* A verb that may fail: it says so in words, or it is in the journal. */
static void
try_verb(struct store *st, const char *verb, json_t *args)
{
	struct verb_result result;
	struct err err = ERR_NONE;

	if (verb_run(st, &room.system, verb, args, &result, &err)) {
		assert_int_equal(result.seq, expected + 1);
		expected = result.seq;
		verb_result_clear(&result);
	} else {
		assert_non_null(err.message);
		assert_true(strlen(err.message) > 10);
		err_clear(&err);
	}
	json_decref(args);
}

static void
s_area(struct store *st)
{
	try_verb(st, "test.area",
	    json_pack("{s:i, s:o, s:i}", "code", 100 + serial % 3, "name",
		json_sprintf("镇%d", serial), "people", serial));
}

static void
s_touch(struct store *st)
{
	try_verb(st, "test.touch", json_pack("{s:i}", "code", 100));
}

static void
s_note(struct store *st)
{
	try_verb(st, "journal.note",
	    json_pack("{s:o}", "text", json_sprintf("第 %d 道巡堤 无异常", serial)));
}

static void
s_all(struct store *st)
{
	try_verb(st, "test.all",
	    json_pack(
		"{s:o, s:s}", "word", json_sprintf("w%d", serial), "rest", "子婴河圩堤\n管涌"));
}

static void
s_person(struct store *st)
{
	try_verb(st, "test.person",
	    json_pack("{s:o, s:i, s:I}", "name", json_sprintf("p%d", serial), "role", 1, "area",
		(json_int_t)AREA));
}

static void
s_refused(struct store *st)
{
	struct actor auditor = room.system;
	struct verb_result result;
	struct err err = ERR_NONE;
	int64_t before = expected, after;
	char hex[65];

	auditor.role = ROLE_AUDITOR;
	assert_false(verb_run(st, &auditor, "journal.note", NULL, &result, &err));
	assert_non_null(err.message);
	err_clear(&err);
	/* The row of the refusal is there, or it could not be written. */
	failing.memory = failing.disk = 0;
	journal_head(st, &after, hex);
	assert_true(after == before || after == before + 1);
	expected = after;
}

static void
s_correct(struct store *st)
{
	s_note(st);
	try_verb(st, "journal.correct",
	    json_pack("{s:I, s:s}", "number", (json_int_t)expected, "text", "有异常"));
}

static void
s_undo(struct store *st)
{
	s_touch(st);
	try_verb(st, "journal.undo", json_pack("{s:I}", "number", (json_int_t)expected));
}

static void
s_many(struct store *st)
{
	for (int i = 0; i < 5; i++) {
		s_area(st);
		s_note(st);
	}
}

static void
s_checkpoints(struct store *st)
{
	st->wal_passive = 1;
	s_area(st);
	s_note(st);
	st->wal_truncate = 1;
	s_touch(st);
	s_note(st);
	st->wal_passive = WAL_PASSIVE;
	st->wal_truncate = WAL_TRUNCATE;
}

static void
s_batch(struct store *st)
{
	struct err err = ERR_NONE;
	int64_t before = expected;

	if (store_batch_begin(st, &err)) {
		s_area(st);
		s_note(st);
		s_touch(st);
		if (!store_batch_end(st, true, &err))
			expected = before;
	}
	err_clear(&err);
}

static void
s_page(struct store *st)
{
	struct journal_filter f = JOURNAL_ALL;
	struct journal_row row[20];
	struct err err = ERR_NONE;
	size_t n;
	bool good;

	store_read_begin(st);
	n = journal_page(st, &f, 0, row, 20);
	good = store_read_end(st, &err);
	assert_true(!good || n > 0);
	assert_true(good || err.message);
	err_clear(&err);
	for (size_t i = 0; i < n; i++)
		journal_row_clear(&row[i]);
}

static void
s_search(struct store *st)
{
	struct search_hit found[5];
	struct err err = ERR_NONE;
	size_t n;
	bool good;

	store_read_begin(st);
	n = search_find(st, NULL, "巡堤", 0, found, 5, NULL);
	good = store_read_end(st, &err);
	assert_true(!good || n > 0);
	err_clear(&err);
}

static void
s_settings(struct store *st)
{
	struct actor actor;
	struct err err = ERR_NONE;

	store_setting_int(st, "area", 0);
	if (!actor_find(st, "first", &actor, &err))
		err_clear(&err);
}

static void
s_watch(struct store *st)
{
	store_watch_fd(st);
	store_watch_drain(st);
	s_note(st);
	store_watch_drain(st);
}

static void
s_verify(struct store *st)
{
	struct verify_report report;
	struct err err = ERR_NONE;

	if (store_verify(st, NULL, &report, &err)) {
		assert_true(failing.hit || !report.problems[0]);
		verify_clear(&report);
	} else {
		assert_non_null(err.message);
	}
	err_clear(&err);
}

static void
s_backup(struct store *st)
{
	char *copy = mem_print("%s/copy.db", room.dir);
	struct err err = ERR_NONE;

	if (store_backup(st, copy, &err))
		assert_int_equal(unlink(copy), 0);
	else
		assert_int_equal(access(copy, F_OK), -1);
	err_clear(&err);
	free(copy);
}

static void
s_replay(struct store *st)
{
	struct err err = ERR_NONE;
	struct store *past = store_replay_seq(st, 2, &err);

	if (past)
		store_close(past);
	else
		assert_non_null(err.message);
	err_clear(&err);
}

static void
s_open(struct store *st)
{
	struct err err = ERR_NONE;
	struct store *other;

	(void)st;
	other = store_open(room.path, STORE_WRITE, &err);
	if (other) {
		verb_register(other, room_verbs, room_n_verbs);
		s_note(other);
		store_close(other);
	} else {
		assert_non_null(err.message);
	}
	err_clear(&err);
}

static void
s_read_open(struct store *st)
{
	struct err err = ERR_NONE;
	struct store *other = store_open(room.path, STORE_READ, &err);

	(void)st;
	if (other)
		s_page(other);
	else
		assert_non_null(err.message);
	err_clear(&err);
	store_close(other);
}

static void
s_create(struct store *st)
{
	char *fresh = mem_print("%s/fresh.db", room.dir);
	struct err err = ERR_NONE;

	(void)st;
	if (store_create(fresh, AREA, &err))
		assert_int_equal(unlink(fresh), 0);
	else
		assert_int_equal(access(fresh, F_OK), -1);
	err_clear(&err);
	free(fresh);
}

static const struct {
	const char *name;
	void (*run)(struct store *st);
} scenario[] = {{"area", s_area}, {"touch", s_touch}, {"note", s_note}, {"all", s_all},
    {"person", s_person}, {"refused", s_refused}, {"correct", s_correct}, {"undo", s_undo},
    {"many", s_many}, {"checkpoints", s_checkpoints}, {"batch", s_batch}, {"page", s_page},
    {"search", s_search}, {"settings", s_settings}, {"watch", s_watch}, {"verify", s_verify},
    {"backup", s_backup}, {"replay", s_replay}, {"open", s_open}, {"read_open", s_read_open},
    {"create", s_create}};

/* --- the loops --- */

/* Nothing fails now: all that was acknowledged is there, and nothing else. */
static void
check_head(const char *name, long n)
{
	int64_t seq;
	char hex[65];

	journal_head(room.st, &seq, hex);
	if (seq != expected) {
		struct journal_row row;

		assert_true(journal_by_seq(room.st, seq, &row));
		fail_msg(
		    "%s, failure %ld: the journal ends at #%lld (%s: %s), acknowledged was #%lld",
		    name, n, (long long)seq, row.verb, row.text, (long long)expected);
	}
}

static void
check_whole(const char *name, long n)
{
	struct verify_report report;
	struct err err = ERR_NONE;

	if (!store_verify(room.st, NULL, &report, &err))
		fail_msg("%s, failure %ld: %s (%s)", name, n, err.message, err.detail);
	if (report.problems[0])
		fail_msg("%s, failure %ld: %s", name, n, report.problems[0]);
	verify_clear(&report);
}

static long
loop(size_t i, long *which, bool ever, bool cold)
{
	bool soak = getenv("ZHIBAN_SOAK") != NULL;
	long n, rounds = 0;

	for (n = 1;; n += 1 + n / (soak ? 40 : 12), rounds++) {
		serial++;
		if (cold) {
			/* Statements and schema have to be made again too. */
			store_close(room.st);
			room.st = room_open(&room);
		}
		failing.hit = false;
		failing.for_ever = ever;
		*which = n;
		scenario[i].run(room.st);
		*which = 0;
		check_head(scenario[i].name, n);
		if (!failing.hit)
			break;
	}
	check_whole(scenario[i].name, n);
	return rounds;
}

static void
prepare(void)
{
	room_make(&room);
	expected = 0;
	serial = 0;
	room_person(room.st, "first", ROLE_OFFICER, AREA);
	expected = 1;
	for (serial = 0; serial < 6; serial++)
		s_many(room.st);
}

static void
without_memory(void **state)
{
	long rounds = 0;

	(void)state;
	prepare();
	for (size_t i = 0; i < COUNT_OF(scenario); i++)
		for (int ever = 0; ever < 2; ever++)
			for (int cold = 0; cold < 2; cold++)
				rounds += loop(i, &failing.memory, ever, cold);
	print_message("# %ld failed allocations\n", rounds);
	assert_true(rounds > 500);
	room_clear(&room);
}

static void
without_disk(void **state)
{
	long rounds = 0;

	(void)state;
	shim_install(failing_io);
	prepare();
	for (size_t i = 0; i < COUNT_OF(scenario); i++)
		for (int ever = 0; ever < 2; ever++)
			rounds += loop(i, &failing.disk, ever, false);
	print_message("# %ld failed writes and syncs\n", rounds);
	assert_true(rounds > 50);
	room_clear(&room);
	shim_remove();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_memory),
	    cmocka_unit_test(without_disk),
	};

	room_in_memory();
	failing_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
