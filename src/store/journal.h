/*
 * The journal: one row for each verb that ever ran here, never changed, never deleted. From it come the duty log, each
 * incident's timeline, the handover brief, the source of every fact in a report, undo and replay.
 *
 * Order is by number. Times never go down from one row to the next, but behind a row "clock.changed", which the store
 * writes when it finds the clock set back. A refusal for want of right leaves a row "journal.refused".
 *
 * A row's hash is SM3 over (previous hash of the same origin || the row's fields in a canonical form); see chain.c.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct journal_row {
	int64_t id;            /* origin << 33 | seq */
	int64_t origin, seq;
	int64_t at;
	int64_t person;
	char *actor;           /* name at that time */
	char *via;
	char *verb;
	char *subject_kind;    /* "" none */
	int64_t subject;
	int64_t incident;      /* 0 none */
	char *args;            /* JSON */
	char *text;            /* what was said to be done */
	int64_t undone_by;     /* seq of the undo, 0 none: shown struck out */
	int64_t corrects;      /* seq of the row this one corrects or undoes, 0 none */
};

struct journal_filter {
	int64_t incident;      /* 0 any */
	int64_t person;        /* 0 any */
	int64_t area;          /* township scope, 0 any */
	int64_t from, to;      /* times, CLOCK_NONE any */
	const char *words;     /* full-text, NULL any */
	const char *verb;      /* prefix: "order.", NULL any */
};
/* No filter at all: every row. */
#define JOURNAL_ALL { .from = CLOCK_NONE, .to = CLOCK_NONE }

/* Rows that match: exact up to `limit`, limit + 1 when more. Cheap: it stops counting there. */
int64_t journal_count(struct store *st, const struct journal_filter *f, int64_t limit);
/*
 * A window of rows, newest first, from the row after `before` (id, 0 = newest). Gives how many were filled.
 * Cost depends on `max`, not on the size of the journal.
 */
size_t journal_page(struct store *st, const struct journal_filter *f, int64_t before, struct journal_row *out,
    size_t max);
/* The same going the other way: rows newer than `after`, oldest of them first. */
size_t journal_page_up(struct store *st, const struct journal_filter *f, int64_t after,
    struct journal_row *out, size_t max);
/* Id of the last row at or before a time, 0 none: found by halving, whatever the journal's length. */
int64_t journal_last_at(struct store *st, int64_t when);
bool journal_get(struct store *st, int64_t id, struct journal_row *out);
/* By the number people see (#20417) in this origin. */
bool journal_by_seq(struct store *st, int64_t seq, struct journal_row *out);
void journal_row_clear(struct journal_row *row);
/* Head of this origin's chain: seq and 64 hex digits. seq 0 when empty. */
void journal_head(struct store *st, int64_t *seq, char hex[65]);

#endif
