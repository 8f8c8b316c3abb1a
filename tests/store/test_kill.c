/*
 * kill -9 (reliability 4.1, 4.2) and the WAL-reset race (4.4). Writers tell each act on a pipe once
 * verb_run has said that it is done; whatever they told must be in the journal afterwards, and the
 * chain must hold.
 *
 * The short form makes 20 kills of one of 8 writers, 20 of all, and races for 6 s; ZHIBAN_SOAK=1
 * makes 200, 200 and 600 s.
 */
#include "tests/store/room.h"

#include "base/clock.h"
#include "base/mem.h"
#include "store/inside.h"
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WRITERS 8

static struct room room;
static bool soak;

/* What a writer tells: this act, by its token, is row `seq`. */
struct told {
	int64_t token, seq;
};
static struct told *told;
static size_t n_told, room_told;

static int
make(void **state)
{
	(void)state;
	soak = getenv("ZHIBAN_SOAK") != NULL;
	room_make(&room);
	n_told = 0;
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_clear(&room);
	free(told);
	told = NULL;
	n_told = room_told = 0;
	return 0;
}

/* Write until killed or until the pipe's other end is closed. */
static _Noreturn void
writer(int fd, int64_t token, int wal_passive)
{
	struct store *st;
	struct actor actor;
	struct err err = ERR_NONE;

	st = store_open(room.path, STORE_WRITE, &err);
	if (!st)
		_exit(2);
	verb_register(st, room_verbs, room_n_verbs);
	if (wal_passive)
		st->wal_passive = wal_passive;
	actor_system(&actor, "test");
	for (;; token++) {
		json_t *args = json_pack("{s:s, s:I, s:s}", "word", "x", "count", (json_int_t)token,
		    "rest", "第三道 巡堤 无异常");
		struct verb_result result;
		struct told tell;

		json_object_set_new(args, "word", json_sprintf("%lld", (long long)token));
		if (!verb_run(st, &actor, "test.all", args, &result, &err)) {
			fprintf(stderr, "%s (%s)\n", err.message, err.detail ? err.detail : "");
			_exit(3);
		}
		tell = (struct told){token, result.seq};
		verb_result_clear(&result);
		json_decref(args);
		if (write(fd, &tell, sizeof(tell)) != sizeof(tell))
			_exit(0);
	}
}

static pid_t
start(int fd[2], int slot, int round, int wal_passive)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(fd[0]);
		signal(SIGPIPE, SIG_IGN);
		writer(fd[1], ((int64_t)slot * 100000 + round) * 1000000, wal_passive);
	}
	return pid;
}

/* Take what was told for so long. */
static void
listen_for(int fd, int ms)
{
	int64_t until = clock_monotonic() + ms;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left;

	while ((left = until - clock_monotonic()) > 0) {
		struct told batch[64];
		ssize_t n;

		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, batch, sizeof(batch));
		assert_true(n >= 0 && n % (ssize_t)sizeof(batch[0]) == 0);
		for (size_t i = 0; i < (size_t)n / sizeof(batch[0]); i++) {
			mem_grow(&told, &room_told, n_told);
			told[n_told++] = batch[i];
		}
		if (n == 0)
			return;
	}
}

/* The next start is quick. It is closed again: a connection must not be carried over a fork. */
static void
reopen(void)
{
	int64_t before = clock_monotonic();

	room.st = room_open(&room);
	assert_true(clock_monotonic() - before <= 500);
	store_close(room.st);
	room.st = NULL;
}

/* Everything told is there, every row whole (its outbox row beside it), and the chain holds. */
static void
check(void)
{
	struct verify_report report;
	struct err err = ERR_NONE;

	assert_true(store_verify(room.st, NULL, &report, &err));
	if (report.problems[0])
		fail_msg("%s", report.problems[0]);
	verify_clear(&report);
	for (size_t i = 0; i < n_told; i++) {
		int64_t token = sql_one_int(room.st, "SELECT incident FROM journal WHERE id = ?1",
		    -1, "i", AREA << 33 | told[i].seq);

		if (token != told[i].token)
			fail_msg("acknowledged act %lld, #%lld, is lost", (long long)told[i].token,
			    (long long)told[i].seq);
	}
	assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM journal", 0, ""),
	    sql_one_int(room.st, "SELECT count(*) FROM outbox o JOIN journal j ON j.id = o.journal",
		0, ""));
}

static void
end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* It may not have ended by itself. */
	assert_true(WIFSIGNALED(status));
}

static void
survives_kills_of_one(void **state)
{
	int fd[2], kills = soak ? 200 : 20, slot;
	pid_t pid[WRITERS];

	(void)state;
	store_close(room.st);
	room.st = NULL;
	assert_int_equal(pipe(fd), 0);
	for (int i = 0; i < WRITERS; i++)
		pid[i] = start(fd, i + 1, 0, 0);
	/* On a busy machine a life tells of few acts: then there are more. */
	for (int k = 0; k < kills || (n_told <= 100 && k < 20 * kills); k++) {
		listen_for(fd[0], 20 + rand() % 60);
		slot = rand() % WRITERS;
		end(pid[slot]);
		reopen();
		pid[slot] = start(fd, slot + 1, k + 1, 0);
	}
	listen_for(fd[0], 100);
	for (int i = 0; i < WRITERS; i++)
		end(pid[i]);
	close(fd[1]);
	listen_for(fd[0], 1000);
	close(fd[0]);
	room.st = room_open(&room);
	check();
	assert_true(n_told > 100);
}

static void
survives_kills_of_all(void **state)
{
	int fd[2], kills = soak ? 200 : 20;
	pid_t pid[WRITERS];

	(void)state;
	/* Nobody else holds the store then: every start is a recovery. */
	store_close(room.st);
	room.st = NULL;
	/* On a slow disk a round tells of few acts: then there are more rounds. */
	for (int k = 0; k < kills || (n_told <= 100 && k < 20 * kills); k++) {
		assert_int_equal(pipe(fd), 0);
		for (int i = 0; i < WRITERS; i++)
			pid[i] = start(fd, i + 1, k, k % 2 ? 20 : 0);
		listen_for(fd[0], 30 + rand() % 60);
		for (int i = 0; i < WRITERS; i++)
			kill(pid[i], SIGKILL);
		for (int i = 0; i < WRITERS; i++)
			end(pid[i]);
		close(fd[1]);
		listen_for(fd[0], 1000);
		close(fd[0]);
		reopen();
	}
	room.st = room_open(&room);
	check();
	assert_true(n_told > 100);
}

/* --- the WAL-reset race --- */

/*
 * Between the moment a checkpoint reads the index of the WAL and the moment it says how far it
 * came, a writer of another process may start the WAL anew. The window is short, so here a
 * checkpoint loses up to 2 ms in it, and one process does nothing but checkpoints. (Without the
 * write queue this test loses acts within seconds.)
 */
static sqlite3_vfs slow;
static sqlite3_vfs *plain;
static sqlite3_io_methods slow_methods;
static const sqlite3_io_methods *plain_methods;

static void
lose_time(int one_of)
{
	struct timespec pause = {0, rand() % 2000000};

	if (rand() % one_of == 0)
		nanosleep(&pause, NULL);
}

static int
slow_unfetch(sqlite3_file *file, sqlite3_int64 at, void *page)
{
	/* What a checkpoint calls when the index has changed, just behind reading it. */
	lose_time(1);
	return plain_methods->xUnfetch(file, at, page);
}

static int
slow_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	int rc = plain->xOpen(plain, name, file, flags, out);

	(void)vfs;
	if (rc == SQLITE_OK && flags & SQLITE_OPEN_MAIN_DB) {
		plain_methods = file->pMethods;
		slow_methods = *plain_methods;
		slow_methods.xUnfetch = slow_unfetch;
		file->pMethods = &slow_methods;
	}
	return rc;
}

static pid_t
start_checkpointer(void)
{
	struct timespec pause = {0, 1000000};
	struct err err = ERR_NONE;
	struct store *st;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	st = store_open(room.path, STORE_WRITE, &err);
	while (st && queue_take(st, &err)) {
		write_checkpoint(st, false);
		queue_release(st);
		nanosleep(&pause, NULL);
	}
	_exit(4);
}

static void
loses_nothing_to_the_race(void **state)
{
	int fd[2], writers = soak ? 16 : 4;
	pid_t pid[16], checkpointer;

	(void)state;
	store_close(room.st);
	room.st = NULL;
	plain = sqlite3_vfs_find(NULL);
	slow = *plain;
	slow.zName = "slow";
	slow.xOpen = slow_open;
	assert_int_equal(sqlite3_vfs_register(&slow, 1), SQLITE_OK);
	assert_int_equal(pipe(fd), 0);
	for (int i = 0; i < writers; i++)
		pid[i] = start(fd, i + 1, 0, 10);
	checkpointer = start_checkpointer();
	listen_for(fd[0], soak ? 600000 : 8000);
	for (int i = 0; i < writers; i++)
		end(pid[i]);
	end(checkpointer);
	close(fd[1]);
	listen_for(fd[0], 1000);
	close(fd[0]);
	sqlite3_vfs_register(plain, 1);
	sqlite3_vfs_unregister(&slow);
	room.st = room_open(&room);
	check();
	print_message("# %zu acts, checkpoints with up to 2 ms of delay inside\n", n_told);
	assert_true(n_told > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(survives_kills_of_one, make, clear),
	    cmocka_unit_test_setup_teardown(survives_kills_of_all, make, clear),
	    cmocka_unit_test_setup_teardown(loses_nothing_to_the_race, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
