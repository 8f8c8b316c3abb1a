#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void
exhausted(void)
{
	static const char message[] = "zhiban: out of memory; the store is safe\n";

	fputs(message, stderr);
	exit(1);
}

void *
mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		exhausted();
	return p;
}

void *
mem_zero(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		exhausted();
	return p;
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size)
		exhausted();
	p = realloc(old, count && size ? count * size : 1);
	if (!p)
		exhausted();
	return p;
}

char *
mem_dup(const char *s)
{
	return s ? mem_dupn(s, strlen(s)) : NULL;
}

char *
mem_dupn(const char *s, size_t n)
{
	char *copy = mem_alloc(n + 1);

	if (n)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *
mem_vprint(const char *format, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, format, ap) < 0)
		exhausted();
	return s;
}

char *
mem_print(const char *format, ...)
{
	va_list ap;
	char *s;

	va_start(ap, format);
	s = mem_vprint(format, ap);
	va_end(ap);
	return s;
}
