/* Documents that mean harm, for the reader's tests and the console's: each is added to the buffer, whole. */
#ifndef TESTS_EXCHANGE_HOSTILE_H
#define TESTS_EXCHANGE_HOSTILE_H

#include "base/buf.h"

#include <stddef.h>

/* `s`, so many times. */
void hostile_repeat(struct buf *b, const char *s, size_t times);

/* Entities of entities, 10^9 times two letters, in a text and in an attribute; one long entity 20,000 times; a file of the system. */
void hostile_laughs(struct buf *b);
void hostile_laughs_in_attributes(struct buf *b);
void hostile_quadratic(struct buf *b);
void hostile_xxe(struct buf *b);
/* Elements 200,000 deep; 60,000 attributes of one. */
void hostile_deep(struct buf *b);
void hostile_attributes(struct buf *b);

#endif
