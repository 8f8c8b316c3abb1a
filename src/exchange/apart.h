/*
 * Work on what came from outside, in a child that is locked in (sandbox.h): fork, lock in, work, hand the answer back over a pipe. The
 * child sends nothing before all its work is done, so that one that is killed, crashes or hangs leaves no half answer behind. The
 * parent does not believe the child: whoever takes the answer checks every length in it.
 *
 * Whatever the work would read from files at first use must be in memory before (catalogues and the hash seed are): the child
 * has no files.
 */
#ifndef EXCHANGE_APART_H
#define EXCHANGE_APART_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

#define APART_ANSWER (192u << 20) /* bytes an answer may have */

/* Runs in the child, whose memory is a copy: only `answer` (up to APART_ANSWER) and err come back, of a refusal too. */
typedef bool apart_work(void *context, struct buf *answer, struct err *err);
/*
 * What the work said. False with err: it refused, took longer than limit_ms, broke off, or no child could be made. `answer` is
 * empty before and cleared by the caller.
 */
bool apart_run(apart_work *work, void *context, int limit_ms, struct buf *answer, struct err *err)
    __attribute__((warn_unused_result));
/* A NUL-terminated text of an answer at *at, moved on behind it; NULL when it is not whole. */
const char *apart_text(const struct buf *answer, size_t *at);

#endif
