/*
 * The links upstream and what waits to go out on them, as every screen's header shows them. Written by the sync process through
 * its verbs; read here.
 */
#ifndef STORE_LINK_H
#define STORE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct link_row {
	char name[32], kind[24];
	int64_t last_ok, last_try;  /* CLOCK_NONE never */
	char last_error[96];        /* of the last try, "" when it went well */
	bool enabled;
};
size_t link_list(struct store *st, struct link_row *out, size_t max);
/* Messages that have not left yet. */
int64_t outbox_waiting(struct store *st);

#endif
