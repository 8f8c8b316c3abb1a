/*
 * Chance, for jitter and names nobody shall guess. Never the same in two processes, unless it is pinned for a test: by
 * random_pin(), or from outside by ZHIBAN_RANDOM=SEED; then the same numbers come again.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* 0 … n - 1; n > 0. */
uint64_t random_below(uint64_t n);
/* From here on the sequence of this seed; 0: real chance again. */
void random_pin(uint64_t seed);

#endif
