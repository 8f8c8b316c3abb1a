/* What term.c asks of terminfo. Apart from it because <term.h> turns common words into macros. */
#ifndef UI_CAPS_H
#define UI_CAPS_H

#include <stdbool.h>
#include <stddef.h>

/* Can it place its cursor and clear itself? */
bool caps_enough(void);
/* Clearing to the end of a line takes the background colour along. */
bool caps_clears_in_colour(void);
/* Its sequences are those that squeeze.h reads and writes. */
bool caps_speaks_ecma48(void);
/* CSI n G leads to a column, CSI n d to a row. */
bool caps_names_columns(void);
bool caps_names_rows(void);
/* Take out of a frame what changes nothing; gives the bytes left. */
size_t caps_strip(char *bytes, size_t n);

#endif
