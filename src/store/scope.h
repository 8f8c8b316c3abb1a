/*
 * What a person who is confined to an area (a township officer) may see, and what they may act on: one table of all kinds of
 * things, asked by verb_run for every argument that names a thing, by the search for every hit, and by the faces before they
 * open one. A kind without a row here belongs to the room alone. Who is not confined may see everything; what they may do is
 * said by the roles of each verb.
 *
 *	own       acted on and seen        of the actor's area
 *	shared    seen                     an incident an order of which went to the area
 *	common    named and seen           places, units, goods, hospitals … ; plans are seen, not acted on
 *	other     neither
 */
#ifndef STORE_SCOPE_H
#define STORE_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

struct store;
struct actor;

/* The area the actor is confined to; 0: none. NULL is nobody, who is not confined. */
int64_t scope_of(const struct actor *actor);
/* May the actor see this thing of a kind ("incident", "journal" …)? False also for what is not there. */
bool scope_sees(struct store *st, const struct actor *actor, const char *kind, int64_t id);
/* May the actor name it in what they do? */
bool scope_acts_on(struct store *st, const struct actor *actor, const char *kind, int64_t id);
/* Has the kind a row in the table? For the test that no kind is forgotten. */
bool scope_knows(const char *kind);

#endif
