/*
 * What is to be done: open report clocks, orders nobody acknowledged or that are past their limit,
 * what is urgent first. The board shows all of it, an incident's page its own.
 */
#ifndef UI_SCREENS_TODO_H
#define UI_SCREENS_TODO_H

#include "dispatch/dispatch.h"
#include "incident/incident.h"
#include "ui/table.h"

#include <stddef.h>
#include <stdint.h>

struct todo {
	int64_t due;         /* CLOCK_NONE: no limit */
	int64_t incident;
	char incident_no[16];
	bool is_clock;
	int rank;            /* todo.c's own */
	bool room;           /* the duty room's list, not a township's */
	union {
		struct clock_row clock;
		struct order_row order;
	};
};

/* incident 0: all. Gives an array the caller frees, *n its size. At most 300. */
struct todo *todo_list(struct store *st, int64_t incident, int64_t area, size_t *n);
/* Columns: due, left, what, whom, incident. */
extern const struct table_ops todo_ops;

struct screen;
/* Do it: the form that closes the clock, or acknowledges and finishes the order. */
void todo_handle(struct screen *s, const struct todo *t);

#endif
