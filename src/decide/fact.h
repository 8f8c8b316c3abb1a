/* The facts of one reading while they are gathered. */
#ifndef DECIDE_FACT_H
#define DECIDE_FACT_H

#include "decide/reading.h"
#include "decide/subject.h"

#define FACTS_MAX 2000 /* of one text */

struct fact_list {
	struct fact *item;
	size_t count, room;
};

/*
 * Add a fact with its span (bytes of subject->text) and words. Gives the new fact, to be filled, or NULL when
 * the list is full. Valid until the next call.
 */
struct fact *fact_list_add(struct fact_list *list, const struct subject *subject, enum fact_kind kind,
    size_t start, size_t end, const char *rule);
/* Make a fact reach to byte `end` of subject->text. */
void fact_set_end(struct fact *fact, const struct subject *subject, size_t end);
/* Sort by where they begin, longer first. */
void fact_list_sort(struct fact_list *list);
void fact_clear(struct fact *fact);

#endif
