#include "exchange/backoff.h"

#include "base/clock.h"
#include "base/random.h"

int64_t
backoff_ms(int fails, int64_t base, int64_t most, int64_t asked)
{
	int64_t wait = base;

	while (--fails > 0 && wait < most)
		wait *= 2;
	if (wait > most)
		wait = most;
	wait -= (int64_t)random_below((uint64_t)wait / 4 + 1);
	if (asked > CLOCK_HOUR)
		asked = CLOCK_HOUR;
	return asked > wait ? asked : wait;
}
