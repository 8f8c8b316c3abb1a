/*
 * Does the other end still hear us? A line that has gone silent says nothing: what is written to it waits in the sender's queues, and
 * sshd asks its client only while nothing else happens, so that a console whose store changes all the time may sit on a dead line for a
 * quarter of an hour. So the console asks for itself: with a frame that goes out after a while of silence goes CSI 5 n ("are you
 * well?"), which every terminal answers with CSI 0 n. No answer, and no key, within the patience: the line is gone, and the console
 * ends as if it had been hung up. Nothing is asked while nothing is painted, so that an idle line stays idle.
 *
 * Only of terminals that have answered once, and only over ssh: a terminal of the room is never given up.
 *
 * All times are milliseconds that only ever grow (clock_monotonic).
 */
#ifndef UI_PULSE_H
#define UI_PULSE_H

#include <stdbool.h>
#include <stdint.h>

struct pulse {
	int64_t patience; /* 0: never gives up */
	bool answers;     /* it has answered once */
	int64_t heard;    /* the last byte */
	int64_t asked;    /* a question is out since then, 0 none */
	int64_t stuck;    /* bytes wait that the line does not take, since then; 0 none */
};

/* From now on; patience 0: never give up. */
void pulse_start(struct pulse *p, int64_t patience, int64_t now);
/* Bytes came; `answer`: CSI 0 n was among them. */
void pulse_heard(struct pulse *p, int64_t now);
void pulse_answered(struct pulse *p, int64_t now);
/* A frame goes out: should the question go with it? Then it counts as asked. */
bool pulse_asks(struct pulse *p, int64_t now);
/* What waits for the line moved, or not: `left` bytes wait still. */
void pulse_sent(struct pulse *p, bool moved, bool left, int64_t now);
bool pulse_gone(const struct pulse *p, int64_t now);
/* Milliseconds until it would be gone, -1: it never will as things are. */
int pulse_left(const struct pulse *p, int64_t now);

#endif
