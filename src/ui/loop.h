/*
 * The one place where the program sleeps: until a key, a change of the store, a signal, or the next
 * time something is due. Everything typed is taken first, then the screen is painted once; while
 * the line is busy with the last frame nothing is painted, so that a slow line sees fewer frames
 * and never old ones.
 *
 * Changes of the store are looked at when they come, and then not again for LOOP_CHANGES_MS: what a
 * hundred consoles write in that time is fetched and painted once. (100 consoles, 100 entries a
 * second, two cores: without the pause each entry woke them all, and a writer waited 470 ms at the
 * median.)
 *
 * The other end may ask "are you ready?" (CSI 5 n, what a terminal is asked): the answer CSI 0 n is
 * sent when every key before the question has been worked on, every change of the store has been
 * seen, and the screen that shows it has been sent. Terminal tests wait for it instead of sleeping.
 */
#ifndef UI_LOOP_H
#define UI_LOOP_H

#include "ui/input.h"

#include <stdbool.h>

#define LOOP_CHANGES_MS 100

struct loop_ops {
	void (*key)(void *context, const struct key *key);
	/* The store's watch says something was committed. */
	void (*change)(void *context);
	/* A time asked for by `timeout` has come, or might have. */
	void (*tick)(void *context);
	/* The window changed: lay out again. */
	void (*resize)(void *context);
	/* Milliseconds to the next tick, -1 none. */
	int (*timeout)(void *context);
	bool (*dirty)(void *context);
	void (*paint)(void *context);
	bool (*over)(void *context);
};

/* Run until over() or the line is gone. watch_fd: of the store, -1 none. */
void loop_run(const struct loop_ops *ops, void *context, int watch_fd);
/* After the last one: forget what was typed. */
void loop_end(void);

#endif
