/*
 * The screen before the console: who is here, and the secret. It runs a loop of its own, with no console under it, or with one that is
 * locked and keeps all its screens and texts.
 */
#ifndef UI_SCREENS_SIGNON_H
#define UI_SCREENS_SIGNON_H

#include "store/verb.h"

struct store;

enum signon_end {
	SIGNON_IN,   /* *out is the person */
	SIGNON_LEFT, /* left without; of a locked console: signed off */
	SIGNON_GONE  /* the line is gone */
};

/* `name`: put in beforehand, NULL nothing. `locked`: only this person's secret opens; NULL: anybody's. */
enum signon_end signon_run(struct store *st, const char *name, const struct actor *locked, const char *via, struct actor *out);

#endif
