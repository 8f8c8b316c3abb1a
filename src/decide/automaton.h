/*
 * Aho-Corasick over characters: finds every occurrence of every word of a list in one pass. Words are added,
 * then the automaton is built once; scanning allocates nothing. A word may be added more than once with
 * different numbers; each is reported.
 */
#ifndef DECIDE_AUTOMATON_H
#define DECIDE_AUTOMATON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct automaton;

struct automaton *automaton_new(void);
void automaton_free(struct automaton *a);
/* Add a word (UTF-8, not empty) under a number of the caller's. Only before automaton_build. */
void automaton_add(struct automaton *a, const char *word, uint32_t number);
void automaton_build(struct automaton *a);
/* Called for each hit, in order of its end; start and end are byte offsets. */
typedef void (*automaton_hit_fn)(void *context, uint32_t number, size_t start, size_t end);
/* Scan n bytes of valid UTF-8. */
void automaton_scan(const struct automaton *a, const char *text, size_t n, automaton_hit_fn hit,
    void *context);
/* For the bench: nodes and bytes held. */
size_t automaton_nodes(const struct automaton *a);
size_t automaton_bytes(const struct automaton *a);

#endif
