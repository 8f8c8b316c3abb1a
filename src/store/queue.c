/*
 * The write queue: FILE.lock, blocking locks on the open file description, so that writers stand in
 * line in the kernel (measured with 100 writers: SQLite's own busy handler lets one wait 9.6 s).
 * Byte 0 is the right to write, byte 1 the place of the next in line, held only while waiting for
 * byte 0. Without the second, whoever lets go takes the lock again before those it woke have run (8
 * writers, 5 s: between 86 and 3,362 turns, longest wait 1,064 ms; with it between 997 and 1,004,
 * 13 ms). A killed process leaves the line by itself. Who holds it writes its process number into
 * the file, for the message to those who wait too long.
 *
 * Byte 2 is shared by all who have the store open, for as long as they have it; restoring takes it
 * alone, so that the file is changed under nobody and nobody opens what is half in place.
 *
 * And FILE.poke, touched after each commit.
 */
#include "store/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static int
open_beside(const struct store *st, const char *suffix)
{
	char *name = mem_print("%s%s", st->path, suffix);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && fchmod(fd, 0600) != 0) {
		close(fd);
		fd = -1;
	}
	free(name);
	return fd;
}

bool
queue_open(struct store *st, struct err *err)
{
	st->lock_fd = open_beside(st, ".lock");
	if (st->lock_fd >= 0)
		st->poke_fd = open_beside(st, ".poke");
	if (st->lock_fd >= 0 && st->poke_fd >= 0)
		return true;
	err_set(err, ERR_STORE, _("The files beside the store %s cannot be made: %s"), st->path,
	    strerror(errno));
	queue_close(st);
	return false;
}

void
queue_close(struct store *st)
{
	if (st->lock_fd >= 0)
		close(st->lock_fd);
	if (st->poke_fd >= 0)
		close(st->poke_fd);
	if (st->here_fd >= 0)
		close(st->here_fd);
	st->lock_fd = st->poke_fd = st->here_fd = -1;
}

enum place { WRITE = 0, NEXT = 1, HERE = 2 };

static bool
lock_fd(int fd, int command, short type, enum place place)
{
	struct flock f = {.l_type = type, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};

	return fcntl(fd, command, &f) == 0;
}

static bool
lock(const struct store *st, int command, short type, enum place place)
{
	return lock_fd(st->lock_fd, command, type, place);
}

/* A reader makes no file: where there is none, or it is closed to it, nobody is told. */
static int
reader_fd(struct store *st)
{
	char *name = mem_print("%s.lock", st->path);

	st->here_fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	free(name);
	return st->here_fd;
}

bool
queue_enter(struct store *st, struct err *err)
{
	int fd = st->lock_fd >= 0 ? st->lock_fd : reader_fd(st);

	if (fd < 0 || lock_fd(fd, F_OFD_SETLK, F_RDLCK, HERE))
		return true;
	if (errno != EAGAIN && errno != EACCES)
		return true; /* a file system without locks: then restoring fails too */
	return err_set(err, ERR_STORE,
	    _("The store %s is being restored from a backup just now. Try again in a minute."),
	    st->path);
}

/* Whoever holds a lock of SQLite's on one of its files: the process, 0 nobody, -1 unknown. */
static long
sqlite_holder(const struct store *st, const char *suffix)
{
	struct flock f = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char *name = mem_print("%s%s", st->path, suffix);
	int fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	long pid = 0;

	free(name);
	if (fd < 0)
		return 0;
	if (fcntl(fd, F_OFD_GETLK, &f) == 0 && f.l_type != F_UNLCK)
		pid = f.l_pid > 0 ? (long)f.l_pid : -1;
	close(fd);
	return pid;
}

bool
queue_alone(struct store *st, struct err *err)
{
	bool alone = lock(st, F_OFD_SETLK, F_WRLCK, HERE);
	long pid = sqlite_holder(st, "");

	if (pid == 0)
		pid = sqlite_holder(st, "-shm");
	if (alone && pid == 0)
		return true;
	if (pid > 0)
		return err_set(err, ERR_STATE,
		    _("Process %ld has the store %s open. End all consoles and \"zhiban sync\" "
		      "first; nothing was changed."),
		    pid, st->path);
	return err_set(err, ERR_STATE,
	    _("Somebody has the store %s open. End all consoles and \"zhiban sync\" first; nothing "
	      "was changed."),
	    st->path);
}

static void
wake(int signal)
{
	(void)signal;
}

/* A signal to this thread after the longest wait, so that the blocking call below comes back. */
static bool
arm(timer_t *timer, int ms)
{
	struct sigaction action = {.sa_handler = wake};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMAX - 1};
	struct itimerspec when = {
	    .it_value = {ms / 1000, ms % 1000 * 1000000L}, .it_interval = {1, 0}};

	sigemptyset(&action.sa_mask);
	event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
	if (sigaction(SIGRTMAX - 1, &action, NULL) != 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, timer) != 0)
		return false;
	timer_settime(*timer, 0, &when, NULL);
	return true;
}

static bool
wait_for(const struct store *st, enum place place, int64_t until)
{
	bool taken;

	do
		taken = lock(st, F_OFD_SETLKW, F_WRLCK, place);
	while (!taken && errno == EINTR && clock_monotonic() < until);
	return taken;
}

static bool
wait_in_line(struct store *st)
{
	int64_t until = clock_monotonic() + st->queue_wait_ms;
	timer_t timer;
	bool armed = arm(&timer, st->queue_wait_ms), taken;

	taken = wait_for(st, NEXT, until) && wait_for(st, WRITE, until);
	lock(st, F_OFD_SETLK, F_UNLCK, NEXT);
	if (armed)
		timer_delete(timer);
	return taken;
}

static void
sign(const struct store *st)
{
	char pid[24];
	int n = snprintf(pid, sizeof(pid), "%-20ld\n", (long)getpid());

	/* Only for the message of others: a failure (full disk) must not stop the writer. */
	if (pwrite(st->lock_fd, pid, (size_t)n, 0) != n)
		errno = 0;
}

static long
holder(const struct store *st)
{
	char pid[24];
	ssize_t n = pread(st->lock_fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	return strtol(pid, NULL, 10);
}

bool
queue_try(struct store *st)
{
	bool taken;

	if (!lock(st, F_OFD_SETLK, F_WRLCK, NEXT))
		return false;
	taken = lock(st, F_OFD_SETLK, F_WRLCK, WRITE);
	lock(st, F_OFD_SETLK, F_UNLCK, NEXT);
	if (taken)
		sign(st);
	return taken;
}

bool
queue_take(struct store *st, struct err *err)
{
	if (queue_try(st))
		return true;
	if (!wait_in_line(st)) {
		err_set(err, ERR_STORE,
		    _("Process %ld has been writing to the store for %d s and does not end: this "
		      "was not saved. "
		      "If it hangs, end it; nothing stored is lost by that."),
		    holder(st), st->queue_wait_ms / 1000);
		return false;
	}
	sign(st);
	return true;
}

void
queue_release(struct store *st)
{
	lock(st, F_OFD_SETLK, F_UNLCK, WRITE);
}

void
queue_poke(struct store *st)
{
	if (st->poke_fd >= 0 && futimens(st->poke_fd, NULL) != 0)
		errno = 0; /* watchers look every minute anyway */
}
