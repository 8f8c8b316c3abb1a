/* What tables and map layers say and ask alike when they are taken in. */
#ifndef CLI_IMPORT_WORDS_H
#define CLI_IMPORT_WORDS_H

#include "base/err.h"
#include "resource/resource.h"

#include <stdbool.h>

/* "adds" "changes" …, in the interface language. */
const char *import_what_label(enum import_what what);
/* "new" "changed" …, for programs. */
const char *import_what_name(enum import_what what);
/* Asks at the terminal whether what was shown shall be done. */
bool import_agreed(void);
/* What is done is what was agreed to; false with err when the counts differ: the store was changed between. */
bool import_same_counts(const size_t agreed[IMPORT_WHATS], const size_t done[IMPORT_WHATS], struct err *err)
    __attribute__((warn_unused_result));

#endif
