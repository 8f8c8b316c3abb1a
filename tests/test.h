/* What every unit test includes: cmocka and the headers it wants first. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Built with AddressSanitizer: memory cannot be measured, and everything takes several times as long. */
#ifdef __has_feature
#define TEST_SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define TEST_SANITIZED 1
#else
#define TEST_SANITIZED 0
#endif

/* A new folder of the test's own, zhiban-NAME-… below $TMPDIR. */
static inline void
test_folder(char *out, size_t size, const char *name)
{
	const char *tmp = getenv("TMPDIR");
	int n = snprintf(out, size, "%s/zhiban-%s-XXXXXX", tmp && *tmp ? tmp : "/tmp", name);

	assert_in_range(n, 1, size - 1);
	assert_non_null(mkdtemp(out));
}

/* Seconds of the processor this process has taken. */
static inline double
test_processor(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
