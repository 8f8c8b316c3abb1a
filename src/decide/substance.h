/* Dangerous substances by the names people call them (data/taxonomy/substances.tsv). */
#ifndef DECIDE_SUBSTANCE_H
#define DECIDE_SUBSTANCE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct substance {
	char *name; /* proper name */
	int un;     /* 0 none */
	char *cas;  /* may be "" */
	char *class; /* toxic, flammable, corrosive, explosive, oxidizer, battery, other */
};

struct substance_word {
	char *text;       /* as called */
	size_t substance; /* index */
};

struct substances {
	struct substance *item;
	size_t count, room;
	struct substance_word *word;
	size_t n_words, word_room;
};

bool substances_load(struct substances *s, const char *path, struct err *err)
    __attribute__((warn_unused_result));
void substances_clear(struct substances *s);
/* By UN number or CAS number; NULL when the table has none. */
const struct substance *substances_by_un(const struct substances *s, int un);
const struct substance *substances_by_cas(const struct substances *s, const char *cas, size_t n);

#endif
