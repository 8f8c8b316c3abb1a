/*
 * What the console reads out of a narrative, as lines: which open incident it may be, type and grade
 * with the rule, what is still to be asked, the facts, the lead unit, the clocks that will run, the
 * plans. The same wherever a narrative becomes an incident. It asks the store: for `load`, not for
 * `draw`.
 */
#ifndef UI_SCREENS_READING_LINES_H
#define UI_SCREENS_READING_LINES_H

#include "decide/reading.h"
#include "ui/lines.h"

#include <stddef.h>
#include <stdint.h>

struct store;
struct incident_likeness;

struct told {
	const struct reading *reading;
	const char *text;       /* the reading is of this */
	size_t size;
	int64_t received;
	const struct incident_likeness *alike;
	size_t n_alike;
};
/* Of the incidents found alike, best first, how many are so much so that it is asked about; LIKELY_MAX are looked for. */
#define LIKELY_MAX 5
size_t reading_likely(const struct incident_likeness *alike, size_t n);

void reading_lines(struct lines *l, struct store *st, const struct told *t);

#endif
