/* The kinds that `list` knows: one row each; the rows are JSON objects, the table shows some of their members. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include "base/mem.h"
#include "cli/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;
struct store;
struct actor;
struct buf;
struct err;

struct list_query {
	const struct actor *reader;
	const char *words;     /* NULL any */
	int64_t incident;      /* 0 any */
	int64_t area;          /* a township's own; 0 any */
	bool open, unacked, overdue, free_only;
	/* Of the journal. */
	int64_t from, to;      /* CLOCK_NONE any */
	int64_t person;        /* 0 any */
	const char *verb;      /* a beginning: "order."; NULL any */
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
	/* One of them in full, for `show`; NULL when there is none such. */
	const char *thing;     /* its kind on the command line (store/verb.h); NULL: not shown alone */
	json_t *(*one)(struct store *st, int64_t id);
	/* What `show` prints of it: a text, or (NULL) lines. */
	bool (*text)(struct store *st, int64_t id, struct buf *out, struct err *err);
	const struct out_column *detail;
	size_t n_detail;
};
/*
 * A list that gives no pages, whole, up to `limit` rows: `rows` (owned, NULL before) and their number `n`, by `call`, which fetches `max`
 * rows at the most into `rows` and gives how many. It is asked again with more room as long as it fills all it was given; `clear` frees
 * what the n rows of the try before own.
 */
#define LIST_WHOLE_OF(rows, n, max, limit, call, clear)                                            \
	for ((max) = 0, (n) = 0; (n) == (max) && (max) < (limit);) {                               \
		clear;                                                                             \
		free(rows);                                                                        \
		(max) = (max) ? (max) * 4 : 500;                                                   \
		(max) = (max) < (limit) ? (max) : (limit);                                         \
		(rows) = mem_zero((max), sizeof(*(rows)));                                         \
		(n) = (call);                                                                      \
	}
/* The same of rows that own nothing. */
#define LIST_WHOLE(rows, n, max, limit, call) LIST_WHOLE_OF(rows, n, max, limit, call, (void)0)
/* Columns and their number, for a row of the table. */
#define COLUMNS(table) table, COUNT_OF(table)
/* The last members of a kind whose things are not shown alone. */
#define LISTED_ONLY NULL, NULL, NULL, NULL, 0
/* NULL past the end; NULL for an unknown word. */
const struct list_kind *list_kind_at(size_t i);
const struct list_kind *list_kind_find(const char *word);

/* The tables, put together in cmd_list.c. */
extern const struct list_kind list_plan_kinds[];     /* list_plan.c: plans */
extern const size_t list_n_plan_kinds;
extern const struct list_kind list_order_kinds[];    /* list_order.c: responses, orders, assignments */
extern const size_t list_n_order_kinds;
extern const struct list_kind list_report_kinds[];   /* list_report.c: reports */
extern const size_t list_n_report_kinds;
extern const struct list_kind list_event_kinds[];    /* list_event.c: incidents, clocks, inbox */
extern const size_t list_n_event_kinds;
extern const struct list_kind list_room_kinds[];     /* list_room.c: journal, people, resources */
extern const size_t list_n_room_kinds;
extern const struct list_kind list_monitor_kinds[]; /* list_monitor.c: alerts, tickets, quakes, observations, alarms, links */
extern const size_t list_n_monitor_kinds;
extern const struct list_kind list_duty_kinds[];     /* list_duty.c: roster, handovers, registers */
extern const size_t list_n_duty_kinds;
extern const struct list_kind list_call_kinds[];     /* list_call.c: roll calls, call-outs, instructions */
extern const size_t list_n_call_kinds;
extern const struct list_kind list_outbox_kinds[];   /* list_outbox.c: messages */
extern const size_t list_n_outbox_kinds;

/*
 * What the words behind a kind mean: reader and scope, incident= area= person= from= to= verb=, open unacked overdue free, and
 * words, which `words` keeps. False after the reason was printed.
 */
bool list_narrow(struct cli *cli, const struct actor *reader, int argc, char **argv, struct list_query *q, struct buf *words);

/* Rows of a list for one incident, for `show incident`; for all of them, what is open. */
json_t *list_of_incident(struct store *st, const struct actor *reader, const char *kind, int64_t incident);

#endif
