/*
 * What a reader would make of the columns of a ticket file: for the clerk who sets up a feed and wants to see, before it runs, which
 * heading is taken for what.
 */
#ifndef EXCHANGE_MAPPING_H
#define EXCHANGE_MAPPING_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* What the readers need from files, loaded once: before a child is locked in. */
bool feed_tables_load(struct err *err) __attribute__((warn_unused_result));

/* `field`: ours (struct ticket), NULL for a column that nothing takes; `heading`: as it stands there; `sample`: of the first row. */
typedef void mapping_told(void *context, const char *field, const char *heading, const char *sample);
/*
 * Of CSV or JSON text (UTF-8, see decode.h), with the columns of a profile (NULL none). *source gets whose names they are ("12345"; "" the
 * profile's own), owned by the caller. False with err: no ticket feed would take the file.
 */
bool mapping_of_tickets(const char *text, size_t n, const char *columns, mapping_told *told, void *context, char **source,
    struct err *err) __attribute__((warn_unused_result));

#endif
