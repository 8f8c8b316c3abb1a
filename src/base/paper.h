/*
 * Lines of the papers that rooms write, forms and registers and reports, so that all of them look alike. Labels are in the interface
 * language already.
 */
#ifndef BASE_PAPER_H
#define BASE_PAPER_H

#include <stdint.h>

struct buf;

#define PAPER_COLUMNS 72 /* of a sheet */

/* "label: text", unless the text is NULL or empty. */
void paper_field(struct buf *out, const char *label, const char *text);
/* The same of a time, with its year; nothing for CLOCK_NONE. */
void paper_time(struct buf *out, const char *label, int64_t at);
/* A line of so many '-'. */
void paper_rule(struct buf *out, int columns);

#endif
