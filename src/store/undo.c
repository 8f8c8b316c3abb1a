/* The journal's own verbs. */
#include "store/inside.h"

void
journal_register(struct store *st)
{
	(void)st;
}
