/*
 * The n-th failure through the systems (reliability 4.5; the store's own scenarios are in store/test_fail): the evening of the demo
 * county is played, and the first line of each verb in it is a scenario, with whatever falls due before it. It runs again and
 * again on a copy of the store as it stood there, while its n-th allocation inside SQLite fails, or its n-th write, truncation
 * or sync; once only, or from then on. Each time it is done, or says why not and leaves nothing; and the store is whole.
 *
 * The short form takes points that lie apart; ZHIBAN_SOAK=1 takes more of them.
 */
#include "tests/house/county.h"
#include "tests/store/room.h"
#include "tests/store/failing.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/paths.h"
#include "house/house.h"
#include "store/journal.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- a line on a copy --- */

static char dir[256], path[300], before[320], copy[320];
static struct store *st; /* the evening, as far as it was played */
static struct actor actor;
static int64_t moment; /* the clock of the scene */
static long rounds, refusals;
static char *seen[200]; /* the verbs that were a scenario */
static size_t n_seen;

static void
put_copy(void)
{
	static const char *const suffix[] = {"-wal", "-shm"};
	const size_t size = 1 << 20;
	char *block = mem_alloc(size);
	int from = open(before, O_RDONLY), to = open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n;

	assert_true(from >= 0 && to >= 0);
	for (size_t i = 0; i < COUNT_OF(suffix); i++) {
		char *name = mem_print("%s%s", copy, suffix[i]);

		unlink(name);
		free(name);
	}
	while ((n = read(from, block, size)) > 0)
		assert_int_equal(write(to, block, (size_t)n), n);
	close(from);
	close(to);
	free(block);
}

static void
check_whole(struct store *there, const char *line, long n, bool tables)
{
	struct verify_report report;
	struct err err = ERR_NONE;

	if (!store_verify(there, NULL, &report, &err) ||
	    (tables && !store_verify_tables(there, &report, &err)))
		fail_msg("%s, failure %ld: %s", line, n, err.message);
	if (report.problems[0])
		fail_msg("%s, failure %ld: %s", line, n, report.problems[0]);
	verify_clear(&report);
}

/* What this person did since, refusals aside. */
static int64_t
acts_since(struct store *there, int64_t seq)
{
	return sql_one_int(there,
	    "SELECT count(*) FROM journal WHERE seq > ?1 AND via = ?2 AND verb <> "
	    "'journal.refused'",
	    -1, "it", seq, actor.via);
}

/* The line with its n-th failure. False: it came to its end before. */
static bool
once(const char *line, long *which, long n)
{
	struct err err = ERR_NONE;
	struct store *there;
	struct actor who = actor;
	int64_t seq, acts;
	char hex[65];
	bool done;

	put_copy();
	there = house_open(copy, STORE_WRITE, &err);
	if (!there)
		fail_msg("%s", err.message);
	clock_pin(moment);
	journal_head(there, &seq, hex);
	failing.hit = false;
	*which = n;
	done = house_play(there, &who, line, false, NULL, NULL, &err);
	*which = 0;
	if (!done && (!err.message || strlen(err.message) < 10))
		fail_msg("%s, failure %ld: no word of it", line, n);
	if (!done && !failing.hit)
		fail_msg("%s: %s", line, err.message);
	acts = acts_since(there, seq);
	if (done ? acts < 1 : acts != 0)
		fail_msg("%s, failure %ld: %s, but the journal has %lld (%s)", line, n,
		    done ? "done" : "not done", (long long)acts, done ? "" : err.message);
	check_whole(there, line, n, !failing.hit);
	refusals += !done;
	err_clear(&err);
	store_close(there);
	return failing.hit;
}

/* The short form takes one of the two kinds of failure each, in turn. */
static void
scenario(const char *line)
{
	bool soak = getenv("ZHIBAN_SOAK") != NULL;
	long *const which[] = {&failing.memory, &failing.disk};
	struct err err = ERR_NONE;

	unlink(before);
	if (!store_backup(st, before, &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < COUNT_OF(which); i++)
		for (int ever = 0; ever < 2; ever++) {
			if (!soak && (n_seen + i) % 2 != (size_t)ever)
				continue;
			failing.for_ever = ever;
			for (long n = 1; once(line, which[i], n); n += soak ? 1 + n / 6 : 1 + 3 * n)
				rounds++;
		}
}

/* --- the evening --- */

/* Is it the first line of its verb? */
static bool
is_first(const char *line)
{
	size_t n = strcspn(line, " ");

	for (size_t i = 0; i < n_seen; i++)
		if (strlen(seen[i]) == n && memcmp(seen[i], line, n) == 0)
			return false;
	assert_true(n_seen < COUNT_OF(seen));
	seen[n_seen++] = mem_dupn(line, n);
	return true;
}

static void
play(char *line)
{
	struct err err = ERR_NONE;

	clock_pin(moment);
	if (line[0] == '@') {
		if (!house_turn(st, &actor, line + 1, &err))
			fail_msg("%s: %s", line, err.message);
		moment = clock_now();
		return;
	}
	if (is_first(line))
		scenario(line);
	clock_pin(moment);
	if (!house_play(st, &actor, line, false, NULL, NULL, &err))
		fail_msg("%s: %s", line, err.message);
}

static void
fails_on_the_way(void **state)
{
	char *file = paths_data_file("demo/evening.zb"), *text = mem_zero(1, 65536), *next;
	struct err err = ERR_NONE;
	FILE *f = fopen(file, "r");

	(void)state;
	assert_non_null(f);
	assert_in_range(fread(text, 1, 65535, f), 1000, 65534);
	fclose(f);
	free(file);
	assert_true(actor_find(st, "苏静", &actor, &err));
	snprintf(actor.via, sizeof(actor.via), "do");
	moment = clock_now();
	for (char *line = text; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (*line && *line != '#')
			play(line);
	}
	print_message("# %zu scenarios, %ld failures, %ld of them refused the line\n", n_seen,
	    rounds, refusals);
	assert_true(n_seen > 30);
	assert_true(refusals > (long)n_seen * 2);
	check_whole(st, "the evening", 0, true);
	while (n_seen > 0)
		free(seen[--n_seen]);
	free(text);
}

static int
make(void **state)
{
	(void)state;
	shim_install(failing_io);
	st = county_open(dir, path);
	snprintf(before, sizeof(before), "%s/before.db", dir);
	snprintf(copy, sizeof(copy), "%s/copy.db", dir);
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	store_close(st);
	room_remove(dir);
	shim_remove();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fails_on_the_way),
	};

	room_in_memory();
	failing_install();
	return cmocka_run_group_tests(tests, make, unmake);
}
