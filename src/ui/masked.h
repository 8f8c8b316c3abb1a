/* A field for a secret: what is typed is shown as stars, and wiped when it is done with. */
#ifndef UI_MASKED_H
#define UI_MASKED_H

#include "ui/input.h"

#include <stdbool.h>
#include <stddef.h>

#define MASKED_MAX 200

struct masked {
	char text[MASKED_MAX + 1];
	size_t n;
};

void masked_clear(struct masked *m);
/* Characters, paste, Backspace, ^U. True when the key was one of them. */
bool masked_key(struct masked *m, const struct key *key);
/* The same keys for a field whose text may be seen. */
bool field_key(char *text, size_t room, const struct key *key);
/* "label  ****"; the cursor behind it with `focus`. */
void masked_draw(const struct masked *m, int y, int x, int columns, const char *label, int wide, bool focus);

#endif
