/*
 * Folders that a one-way gate (单向光闸) or another program fills. Each file is read once, then moved to done/, or to refused/ with a
 * file NAME.reason beside it that says why. Nothing half written is read: a name that begins with a dot or ends in .tmp, .part or
 * .filepart is left alone, and any other file until it has not changed for SPOOL_SETTLE and nobody has it open for writing
 * (a lease tells, where the kernel grants one). Links, FIFOs, devices and folders are never opened for what they are: they go to refused/.
 */
#ifndef EXCHANGE_SPOOL_H
#define EXCHANGE_SPOOL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPOOL_SETTLE INT64_C(2000)

enum spool_verdict {
	SPOOL_DONE,     /* taken in: to done/ */
	SPOOL_REFUSED,  /* err says why: to refused/ */
	SPOOL_LATER     /* not now (the store cannot be written): stays */
};
/* `name` is the file's as it stands there, any bytes but '/'. */
typedef enum spool_verdict spool_take(void *context, const char *name, const char *data, size_t n, struct err *err);

struct spool_count { int done, refused, waiting; };
/*
 * Look through the folder once, by name, at most `most_files` files of at most `most` bytes each; `progress` (may be NULL) hears after
 * each. False when the folder cannot be used, or at SPOOL_LATER. `settle_ms` -1: SPOOL_SETTLE.
 */
bool spool_scan(const char *path, size_t most, int most_files, int64_t settle_ms, spool_take *take,
    void (*progress)(void *context, int done, int all), void *context, struct spool_count *count, struct err *err)
    __attribute__((warn_unused_result));

#endif
