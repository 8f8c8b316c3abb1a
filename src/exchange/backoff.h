/* How long to wait after a failure: doubling, with chance in it, so that a hundred counties do not come back at once. */
#ifndef EXCHANGE_BACKOFF_H
#define EXCHANGE_BACKOFF_H

#include <stdint.h>

#define BACKOFF_BASE INT64_C(10000)
#define BACKOFF_MOST INT64_C(900000)

/*
 * Milliseconds after the `fails`th failure in a row (from 1): base, doubled each time, never over `most`; of that, between three
 * quarters and all (base/random.h). `asked` (0 none) is the least the other side wants (Retry-After), believed up to an hour.
 */
int64_t backoff_ms(int fails, int64_t base, int64_t most, int64_t asked);

#endif
