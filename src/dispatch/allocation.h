/*
 * Between allocation.c (what the store has, as the solver's problem, decide/allocate.h) and allocation_words.c (its answer in words).
 * Places are degrees; the work and all its arrays are allocation.c's, and live until the answer has been told.
 */
#ifndef DISPATCH_ALLOCATION_H
#define DISPATCH_ALLOCATION_H

#include "dispatch/inside.h"

/* Where a supply of the problem comes from: one for each supply, by index. */
struct origin {
	int64_t source;        /* team or depot */
	bool team;
	char name[96], short_name[48], phone[32];
	int64_t confirmed;
	int64_t kept;          /* of goods: free but kept for the depot's own area */
	char excluded[96];     /* the words behind supply.excluded */
	double lon, lat;
};

struct allocation_work {
	struct store *st;
	const struct need *needs;
	size_t n_needs;
	struct demand *demands;       /* one for each need */
	struct supply *supplies;
	struct origin *origins;
	size_t n_supplies, room, origins_room;
	struct pair *pairs;
	size_t n_pairs, pairs_room;
	int n_kinds;
	int *kind;                    /* of each need */
};

/* Fill out->lines and summary from the answer: who comes, why, why not another. All of it is out's, freed with it. */
void allocation_describe(const struct allocation_work *w, const struct allocate_answer *answer,
    struct allocation *out);

#endif
