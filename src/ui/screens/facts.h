/* Facts of a narrative in the words of the duty room, wherever they are shown. */
#ifndef UI_SCREENS_FACTS_H
#define UI_SCREENS_FACTS_H

#include "decide/reading.h"
#include "ui/editor.h"

#include <stddef.h>

struct incident_fact;

/* "被困 1人", "液氨 约25t UN1005", "时间 07-10 03:12". Gives out. */
char *fact_say(const struct fact *f, char *out, size_t size);
/* A figure: "死亡 1", "疏散 620", with its bound. */
char *figure_say(enum fact_kind kind, int64_t value, enum fact_bound bound, char *out, size_t size);
/*
 * The words the facts came from, as spans of the text: sorted, none over another. Gives the count.
 */
size_t fact_spans(const struct reading *r, struct span *out, size_t max);

#endif
