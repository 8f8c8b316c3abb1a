/*
 * Memory that never fails: on exhaustion the program says so and ends. Nothing is half written
 * then, because every change to the store happens inside one transaction (see store/verb.h).
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *mem_alloc(size_t size) __attribute__((malloc, warn_unused_result));
void *mem_zero(size_t count, size_t size) __attribute__((malloc, warn_unused_result));
void *mem_resize(void *p, size_t count, size_t size) __attribute__((warn_unused_result));
/* A copy of s, or NULL when s is NULL. */
char *mem_dup(const char *s) __attribute__((warn_unused_result));
/* A copy of the first n bytes of s, with a NUL behind them. */
char *mem_dupn(const char *s, size_t n) __attribute__((warn_unused_result));
char *mem_print(const char *format, ...) __attribute__((format(printf, 1, 2), warn_unused_result));
char *mem_vprint(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));

/*
 * Make room for one more element behind `count` elements of *array. *room is the capacity, and grows by
 * doubling. Use: mem_grow(&list->item, &list->room, list->count); list->item[list->count++] = x;
 */
#define mem_grow(array, room, count) \
	do { \
		if ((count) == *(room)) { \
			*(room) = *(room) ? *(room) * 2 : 8; \
			*(array) = mem_resize(*(array), *(room), sizeof(**(array))); \
		} \
	} while (0)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
