/*
 * The command lines a person ran, kept over sessions: FILE.drafts/PERSON.lines, one a line, oldest first, 0600 in a 0700
 * folder as drafts are. Nobody's act and not journaled; a line that cannot be kept is lost and nothing else.
 *
 * Secrets are never kept: no line with a password in an address, with secret=, password=, hash=, token= or 口令, and none that
 * begins with a blank.
 */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

#define HISTORY_KEPT 200

/* May the line be remembered, here or on the disk? */
bool history_may_keep(const char *line);
void history_add(struct store *st, int64_t person, const char *line);
/* The last `max` lines, oldest first, each owned by the caller. Gives how many. */
size_t history_read(struct store *st, int64_t person, char **out, size_t max);

#endif
