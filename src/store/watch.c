/*
 * Change watch: inotify on the poke file, which a writer touches after its commit. (inotify on the
 * WAL fires before the commit can be seen: 347 of 347 wake-ups saw the old state.) The poke only
 * wakes; whether something changed is what data_version says.
 */
#include "store/inside.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

int
store_watch_fd(struct store *st)
{
	char *name;

	if (st->watch_fd >= 0)
		return st->watch_fd;
	st->watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (st->watch_fd < 0 || st->private_copy)
		return st->watch_fd;
	name = mem_print("%s.poke", st->path);
	/* Without it (read-only media) nothing wakes; the caller's minute does. */
	inotify_add_watch(st->watch_fd, name, IN_ATTRIB | IN_MODIFY);
	free(name);
	return st->watch_fd;
}

static void
drain_events(int fd)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	while (fd >= 0 && read(fd, events, sizeof(events)) > 0)
		;
}

bool
store_watch_drain(struct store *st)
{
	int64_t version;
	bool changed = st->wrote;

	assert(!st->snapshots && !st->call && !st->batch);
	drain_events(st->watch_fd);
	/* A statement left in the middle would show the old state for ever. */
	sql_reset_all(st);
	version = sql_one_int(st, "PRAGMA data_version", st->data_version, "");
	if (version != st->data_version)
		changed = true;
	st->data_version = version;
	st->wrote = false;
	if (changed)
		st->generation++;
	return changed;
}

uint64_t
store_generation(const struct store *st)
{
	return st->generation;
}
