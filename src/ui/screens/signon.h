/*
 * The screen before the console: who is here, and the secret. It runs a loop of its own, with no console under it, or with one that is
 * locked and keeps all its screens and texts. Clocks go on: what falls due happens, is rung for, and is counted on the screen; what it
 * is about is not shown.
 */
#ifndef UI_SCREENS_SIGNON_H
#define UI_SCREENS_SIGNON_H

#include "store/verb.h"

struct store;

enum signon_end {
	SIGNON_IN,   /* *out is the person */
	SIGNON_LEFT, /* left without; of a locked console: signed off */
	SIGNON_GONE, /* the line is gone */
	SIGNON_EXPELLED /* of a locked console: the person was retired or the key withdrawn */
};

/*
 * `name`: put in beforehand, NULL nothing. `locked`: only this person's secret opens; NULL: anybody's. `key`: of ssh, 0 none.
 */
enum signon_end signon_run(struct store *st, const char *name, const struct actor *locked, int64_t key, const char *via,
    struct actor *out);

#endif
