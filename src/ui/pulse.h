/*
 * Does the other end still hear us, and how far behind is it? A console over ssh cannot see either: what it writes goes into the buffers of
 * sshd and the kernel, megabytes of them, so that a key held down on a slow line is half a minute ahead of what is seen, and a line
 * that has gone silent takes all that is written to it. (sshd asks its client only while nothing else happens: where the store changes
 * all the time, a dead line may hold its session for a quarter of an hour.)
 *
 * So the console asks the terminal: with a frame goes CSI 5 n ("are you well?"), which every terminal answers with CSI 0 n when it has
 * come to it. One question is out at a time.
 *
 *	No more than PULSE_WINDOW bytes are on their way unanswered: until the answer comes frames are skipped, not queued.
 *	No answer, and no key, within the patience: the line is gone, and the console ends as if it had been hung up.
 *
 * It asks when PULSE_ASK bytes have gone out, or with the first frame after half the patience of silence; nothing is asked while nothing is
 * painted, so an idle line stays idle. Only terminals that have answered once are asked, only over ssh (a terminal of the room is
 * never given up), and never again once keys came for PULSE_DOUBT_MS and no answer.
 *
 * All times are milliseconds that only ever grow (clock_monotonic).
 */
#ifndef UI_PULSE_H
#define UI_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PULSE_WINDOW 4000 /* half a second at 64 kbit/s */
#define PULSE_ASK 1000
#define PULSE_DOUBT_MS 15000

struct pulse {
	int64_t patience;  /* 0: never gives up */
	bool answers;      /* it has answered once */
	bool waiting;      /* a question is out */
	int64_t asked;     /* since then */
	int64_t heard;     /* the last byte */
	size_t ahead;      /* bytes sent behind the last question */
	size_t unanswered; /* bytes sent before it, while it is out */
	int64_t stuck;     /* bytes wait that the line does not take, since then; 0 none */
};

/* From now on; patience 0: never give up, never ask. */
void pulse_start(struct pulse *p, int64_t patience, int64_t now);
/* Bytes came. */
void pulse_heard(struct pulse *p, int64_t now);
/* CSI 0 n was among them. */
void pulse_answered(struct pulse *p, int64_t now);
/* A frame of so many bytes goes out: should the question go with it? Then it counts as asked. */
bool pulse_asks(struct pulse *p, size_t bytes, int64_t now);
/* So much is on its way that the next frame should wait for the answer. */
bool pulse_full(const struct pulse *p);
/* What waits for the line moved, or not; `left`: bytes wait still. */
void pulse_sent(struct pulse *p, bool moved, bool left, int64_t now);
bool pulse_gone(const struct pulse *p, int64_t now);
/* Milliseconds until it would be gone, -1: it never will as things are. */
int pulse_left(const struct pulse *p, int64_t now);

#endif
