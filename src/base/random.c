#include "base/random.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static uint64_t pinned;
static bool looked;

static uint64_t
next(void)
{
	struct timespec now;
	uint64_t z;

	if (!looked) {
		const char *seed = getenv("ZHIBAN_RANDOM");

		looked = true;
		if (seed && !pinned)
			pinned = strtoull(seed, NULL, 10);
	}
	if (!pinned) {
		if (getrandom(&z, sizeof(z), GRND_NONBLOCK) == (ssize_t)sizeof(z))
			return z;
		clock_gettime(CLOCK_MONOTONIC, &now);
		z = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15u + (uint64_t)now.tv_sec;
	} else
		z = pinned += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele, Lea, Flood 2014) */
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t
random_below(uint64_t n)
{
	uint64_t most, z;

	assert(n > 0);
	most = UINT64_MAX - UINT64_MAX % n;
	do
		z = next();
	while (z >= most);
	return z % n;
}

void
random_pin(uint64_t seed)
{
	looked = true;
	pinned = seed;
}
