/* Is a table of rules one of those that came with the program, unchanged? Their rules were tried when it was made. */
#ifndef DECIDE_SHIPPED_H
#define DECIDE_SHIPPED_H

#include <stdbool.h>

bool rules_as_shipped(const char *path);

#endif
