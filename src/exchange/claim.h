/*
 * Who may fetch what: several sync processes on one store share the work and never do the same thing twice. A claim is a lock on one
 * byte of FILE.sync, at the offset of the link's id; it goes with the process, however that ends, so there is never a stale one.
 * Whoever has the claim reads the link's state anew before acting: another may just have done it.
 */
#ifndef EXCHANGE_CLAIM_H
#define EXCHANGE_CLAIM_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* The file beside the store; -1 with err filled. Close it with close(). */
int claim_open(const char *store_path, struct err *err) __attribute__((warn_unused_result));
/* Take the claim if nobody has it. One holder a process: asking twice for the same gives true twice. */
bool claim_take(int fd, int64_t link);
void claim_drop(int fd, int64_t link);

#endif
