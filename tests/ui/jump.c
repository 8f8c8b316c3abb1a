/*
 * A machine whose clocks a test sets, for one program at a time: loaded before the C library (LD_PRELOAD), it adds to what the kernel says
 * the two distances that stand in the file JUMP_CLOCK names. Set the first alone, and the system's clock has jumped, as with date -s; move
 * both, and time has gone by. What the program sleeps, it sleeps in the kernel's time.
 */
#include "tests/ui/jump.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile struct jump *jump;

/* Before main(), which may clean the environment. */
static void __attribute__((constructor)) begin(void)
{
	const char *path = getenv("JUMP_CLOCK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *at = fd >= 0 ? mmap(NULL, sizeof(*jump), PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

	if (at == MAP_FAILED)
		_exit(126);
	jump = at;
	close(fd);
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int rc = (int)syscall(SYS_clock_gettime, id, ts);
	int64_t ms = 0;

	if (rc != 0 || !jump)
		return rc;
	if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
		ms = jump->real;
	else if (id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE ||
		 id == CLOCK_MONOTONIC_RAW || id == CLOCK_BOOTTIME)
		ms = jump->monotonic;
	ms += ts->tv_nsec / 1000000;
	ts->tv_sec += ms / 1000 - (ms % 1000 < 0);
	ts->tv_nsec = ts->tv_nsec % 1000000 + (ms % 1000 + (ms % 1000 < 0 ? 1000 : 0)) * 1000000;
	return 0;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	*tv = (struct timeval){ts.tv_sec, ts.tv_nsec / 1000};
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (out)
		*out = ts.tv_sec;
	return ts.tv_sec;
}
