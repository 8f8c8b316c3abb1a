/*
 * What went wrong, said twice: `message` for the officer, in the interface language, telling what to do;
 * `detail` for the log (a file, a line, an SQLite code). Functions that can fail take a struct err as their
 * last argument and return false (or NULL). Lower layers fill it and never print. A bug is an assert.
 *
 *	struct err err = ERR_NONE;
 *	if (!thing_do(thing, &err)) { show(err.message); err_clear(&err); }
 *
 * The first error wins: filling an err that is already set keeps what stands there.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

enum err_code {
	ERR_OK = 0,
	ERR_REFUSED,   /* a rule or a right says no */
	ERR_INPUT,     /* what was typed or read cannot be understood */
	ERR_NOT_FOUND, /* no such thing */
	ERR_STATE,     /* not in this state: already closed, already signed */
	ERR_STORE,     /* the store cannot be read or written: full disk, damage, newer version */
	ERR_IO         /* another file or the network */
};

struct err {
	enum err_code code;
	char *message; /* owned */
	char *detail;  /* owned, may be NULL */
};

#define ERR_NONE { ERR_OK, NULL, NULL }

/* Fill err unless it is set already. Always returns false, so `return err_set(…)` fails the caller. */
bool err_set(struct err *err, enum err_code code, const char *message, ...)
    __attribute__((format(printf, 3, 4)));
/* Add the detail for the log, once. Always returns false. */
bool err_detail(struct err *err, const char *detail, ...) __attribute__((format(printf, 2, 3)));
void err_clear(struct err *err);
/* Move what stands in `from` to `to` (unless `to` is set) and clear `from`. Always returns false. */
bool err_move(struct err *to, struct err *from);

#endif
