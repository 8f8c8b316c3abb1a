/*
 * Noticing that the system clock was set, forward too. The distance between the clock and the time
 * since boot is kept in FILE.lock, behind the process number, together with the boot it belongs to:
 * whoever writes next, in whatever process, sees the distance change and says so in the journal
 * once. (A step back is told even across a reboot: the last row is then later than now, see
 * verb.c.)
 *
 *	0          32                   64
 *	PID        DISTANCE in ms       BOOT
 */
#include "store/inside.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PLACE 32
#define BOOT_SIZE 36
/* Larger steps are told, smaller ones (the time service) are followed silently. */
#define STEP_MS 5000
#define DRIFT_MS 200

struct note {
	char distance[32];
	char boot[BOOT_SIZE];
};

static const char *
this_boot(void)
{
	static char boot[BOOT_SIZE + 1];
	int fd;

	if (*boot)
		return boot;
	memset(boot, '-', BOOT_SIZE);
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && read(fd, boot, BOOT_SIZE) != BOOT_SIZE)
		memset(boot, '-', BOOT_SIZE);
	if (fd >= 0)
		close(fd);
	return boot;
}

static int64_t
milliseconds(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Is "now" the system's? A drill or a test has its own, whose steps mean nothing. */
static bool
is_system_clock(int64_t real)
{
	int64_t off = clock_now() - real;

	return off > -1000 && off < 1000;
}

/* Kept last; false when there is nothing of this boot. */
static bool
kept(const struct store *st, int64_t *distance)
{
	struct note note;
	char *end;

	if (pread(st->lock_fd, &note, sizeof(note), PLACE) != sizeof(note) ||
	    memcmp(note.boot, this_boot(), BOOT_SIZE) != 0)
		return false;
	note.distance[sizeof(note.distance) - 1] = '\0';
	*distance = strtoll(note.distance, &end, 10);
	return end != note.distance;
}

static void
keep(const struct store *st, int64_t distance)
{
	struct note note;

	memset(&note, ' ', sizeof(note));
	snprintf(note.distance, sizeof(note.distance), "%lld", (long long)distance);
	memcpy(note.boot, this_boot(), BOOT_SIZE);
	/* Where this fails (a full disk) the next writer tells the step once more. */
	if (pwrite(st->lock_fd, &note, sizeof(note), PLACE) != sizeof(note))
		errno = 0;
}

int64_t
clock_step(struct store *st)
{
	int64_t real = milliseconds(CLOCK_REALTIME) + st->clock_error, before, step;

	st->clock_distance = INT64_MIN;
	if (st->lock_fd < 0 || !is_system_clock(real - st->clock_error))
		return 0;
	st->clock_distance = real - milliseconds(CLOCK_BOOTTIME);
	if (!kept(st, &before)) {
		keep(st, st->clock_distance);
		return 0;
	}
	step = st->clock_distance - before;
	if (step > STEP_MS || step < -STEP_MS)
		return step;
	if (step > DRIFT_MS || step < -DRIFT_MS)
		keep(st, st->clock_distance);
	return 0;
}

void
clock_step_told(struct store *st)
{
	if (st->clock_distance != INT64_MIN)
		keep(st, st->clock_distance);
}
