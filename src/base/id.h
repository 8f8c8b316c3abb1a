/*
 * Ids that are unique in the country without asking anyone: the 9-digit code of the place that issued
 * them (GB/T 2260 county code and three township digits, 321084101) in the upper bits, a sequence of that
 * place in the lower 33. People see yearly numbers instead (2026-087).
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdint.h>

#define ID_SEQUENCE_BITS 33
#define ID_SEQUENCE_MAX ((INT64_C(1) << ID_SEQUENCE_BITS) - 1)
#define ID_AREA_MAX INT64_C(999999999)

/* area 1..999999999, sequence 1..ID_SEQUENCE_MAX (asserted). */
int64_t id_make(int64_t area, int64_t sequence);
int64_t id_area(int64_t id);
int64_t id_sequence(int64_t id);

#endif
