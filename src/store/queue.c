/*
 * The write queue: FILE.lock, one blocking lock on the open file description, so that writers stand
 * in line in the kernel (measured with 100 writers: SQLite's own busy handler lets one wait 9.6 s,
 * this line under 1 s). A killed process leaves the line by itself. Who holds it writes its process
 * number into the file, for the message to those who wait too long. And FILE.poke, touched after
 * each commit.
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
	st->lock_fd = st->poke_fd = -1;
}

static int
lock(const struct store *st, int command, short type)
{
	struct flock f = {.l_type = type, .l_whence = SEEK_SET};

	return fcntl(st->lock_fd, command, &f);
}

static void
wake(int signal)
{
	(void)signal;
}

/* A signal to this thread after the longest wait, so that the blocking call below comes back. */
static bool
arm(timer_t *timer)
{
	struct sigaction action = {.sa_handler = wake};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMAX - 1};
	struct itimerspec when = {.it_value = {QUEUE_WAIT_MS / 1000, 0}, .it_interval = {1, 0}};

	sigemptyset(&action.sa_mask);
	event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
	if (sigaction(SIGRTMAX - 1, &action, NULL) != 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, timer) != 0)
		return false;
	timer_settime(*timer, 0, &when, NULL);
	return true;
}

static bool
wait_in_line(struct store *st)
{
	int64_t until = clock_monotonic() + QUEUE_WAIT_MS;
	timer_t timer;
	bool armed = arm(&timer), taken = false;
	int rc;

	do {
		rc = lock(st, F_OFD_SETLKW, F_WRLCK);
		taken = rc == 0;
	} while (rc != 0 && errno == EINTR && clock_monotonic() < until);
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
	if (lock(st, F_OFD_SETLK, F_WRLCK) != 0)
		return false;
	sign(st);
	return true;
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
		    holder(st), QUEUE_WAIT_MS / 1000);
		return false;
	}
	sign(st);
	return true;
}

void
queue_release(struct store *st)
{
	lock(st, F_OFD_SETLK, F_UNLCK);
}

void
queue_poke(struct store *st)
{
	if (st->poke_fd >= 0 && futimens(st->poke_fd, NULL) != 0)
		errno = 0; /* watchers look every minute anyway */
}
