/*
 * Addresses by their tails: a word like 镇, 路, 医院 ends a place name, and the name stands before it, as far as
 * characters go that may stand in a name. The words are rows of data/taxonomy/place_words.tsv; no
 * list of all places is needed, and none of words either.
 */
#ifndef DECIDE_ADDRESS_H
#define DECIDE_ADDRESS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum place_role {
	PLACE_TAIL, PLACE_GENERAL, PLACE_SIDE, PLACE_CUT, PLACE_KEEP, PLACE_NOT, PLACE_ORG, PLACE_LINK,
	PLACE_NAME, PLACE_PREP, PLACE_PRED, PLACE_THERE, PLACE_QUANT, PLACE_ROLES
};

struct place_word {
	char *text;
	enum place_role role;
};

struct place_words {
	struct place_word *word;
	size_t count, room;
	uint8_t *stop; /* one bit for each character of the basic plane */
};

bool place_words_load(struct place_words *words, const char *path, struct err *err)
    __attribute__((warn_unused_result));
void place_words_clear(struct place_words *words);

struct scan;

/* One place found: bytes of the text. general: a word like 现场. counted: 一家 or the like stands before it. */
struct address {
	size_t start, end;
	bool general, counted;
};

struct addresses {
	struct address *item;
	size_t count, room;
};

/* All places of a scanned text, in order; they do not overlap. `out` is used again and grows. */
void addresses_find(const struct scan *scan, const struct place_words *words, struct addresses *out);
/* Is the text between the two offsets a word that makes one place of two (的, 一家), or blank? */
bool address_links(const struct scan *scan, size_t end, size_t start);
/* Where a place that ends at `end` ends with the sides that follow it (217号, 西侧, 附近). */
size_t address_sides(const struct scan *scan, size_t end);
/* Does a word that makes a unit of the name before it (公安局) begin at `at`? */
bool address_acts(const struct scan *scan, size_t at);

#endif
