/* The kinds that `list` knows: one row each; the rows are JSON objects, the table shows some of their members. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include "cli/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct actor;

struct list_query {
	const struct actor *reader;
	const char *words;     /* NULL any */
	int64_t incident;      /* 0 any */
	int64_t area;          /* a township's own; 0 any */
	bool open, unacked, overdue, free_only;
	size_t limit;
};

struct list_kind {
	const char *name;      /* "incidents" */
	const char *words;     /* others that mean it, blank-separated: "incident 事件" */
	const char *label;     /* N_() */
	const struct out_column *columns;
	size_t n_columns;
	/* An array of objects, newest or likeliest first. */
	json_t *(*rows)(struct store *st, const struct list_query *q);
};
/* NULL past the end; NULL for an unknown word. */
const struct list_kind *list_kind_at(size_t i);
const struct list_kind *list_kind_find(const char *word);

/* Tables of the systems, put together in list.c. */
extern const struct list_kind list_room_kinds[];     /* list_room.c: journal, people, resources */
extern const size_t list_n_room_kinds;

#endif
