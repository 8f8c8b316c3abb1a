/* The clocks of tests/ui/jump.so: what is added to the kernel's, milliseconds. */
#ifndef TESTS_UI_JUMP_H
#define TESTS_UI_JUMP_H

#include <stdint.h>

struct jump {
	int64_t real;      /* CLOCK_REALTIME: what date -s sets */
	int64_t monotonic; /* CLOCK_MONOTONIC, CLOCK_BOOTTIME: what nobody sets */
};

#endif
