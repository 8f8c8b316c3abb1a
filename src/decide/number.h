/*
 * Numbers as people write them in Chinese: "25", "1,280", "3.5万", "二十五", "两", "百余" (a hundred and
 * more), "数十" (tens, said as a lower bound), "二〇二五" (digit by digit). Full-width digits must have been
 * made plain before (decide/subject.h does).
 */
#ifndef DECIDE_NUMBER_H
#define DECIDE_NUMBER_H

#include "decide/reading.h"

#include <stdbool.h>
#include <stddef.h>

struct number {
	double value;
	enum fact_bound bound; /* 数十, 几百, 上百: BOUND_AT_LEAST; otherwise BOUND_EXACT */
	size_t size;           /* bytes it took */
};

/* Read the number that s begins with. False when it begins with none, or past 10^12. */
bool number_read(const char *s, size_t n, struct number *out);
/* The same as a whole number, for clocks and dates: -1 when there is none. */
int number_int(const char *s, size_t n);

#endif
