/* What tables and map layers say alike when they are taken in. */
#ifndef CLI_IMPORT_WORDS_H
#define CLI_IMPORT_WORDS_H

#include "resource/resource.h"

#include <stdbool.h>

/* "adds" "changes" …, in the interface language. */
const char *import_what_label(enum import_what what);
/* "new" "changed" …, for programs. */
const char *import_what_name(enum import_what what);
/* Asks at the terminal whether what was shown shall be done. */
bool import_agreed(void);

#endif
