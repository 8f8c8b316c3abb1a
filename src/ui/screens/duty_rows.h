/* How a call-out target, a unit of a roll call, an instruction, an item of a handover or a register line looks in a list. Arrays; context: the screen. */
#ifndef UI_SCREENS_DUTY_ROWS_H
#define UI_SCREENS_DUTY_ROWS_H

#include "ui/table.h"

extern const struct table_ops target_row_ops;      /* struct call_target */
extern const struct table_ops roll_unit_row_ops;   /* struct roll_unit */
extern const struct table_ops instruction_row_ops; /* struct instruction_row */
extern const struct table_ops item_row_ops;        /* struct handover_item */
extern const struct table_ops check_row_ops;       /* struct handover_check */
extern const struct table_ops register_row_ops;    /* struct register_row */
extern const struct table_ops roster_row_ops;      /* struct roster_day */

/*
 * table_set of rows that wait for an answer (`open` says which do): the one that was answered under the mark leaves the mark behind,
 * which goes on to the top, where those stand that are to be asked next.
 */
void rows_set_waiting(struct table *t, void *rows, size_t n, bool (*open)(const void *row));

#endif
