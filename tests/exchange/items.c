#include "tests/exchange/items.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
keep(void *context, struct feed_item *item)
{
	struct items *items = context;

	mem_grow(&items->item, &items->room, items->n);
	items->item[items->n++] = *item;
	return !items->most || items->n < items->most;
}

bool
read_bytes(
    const char *bytes, size_t n, const struct feed_profile *profile, bool apart, struct items *out)
{
	size_t most = out->most;

	items_clear(out);
	out->most = most;
	return apart ? feed_read_apart(bytes, n, profile, 5000, keep, out, &out->format, &out->err)
		     : feed_read(bytes, n, profile, keep, out, &out->format, &out->err);
}

bool
read_text(const char *text, const struct feed_profile *profile, struct items *out)
{
	return read_bytes(text, strlen(text), profile, false, out);
}

void
items_clear(struct items *items)
{
	for (size_t i = 0; i < items->n; i++)
		feed_item_clear(&items->item[i]);
	free(items->item);
	err_clear(&items->err);
	memset(items, 0, sizeof(*items));
}

int64_t
at(const char *time)
{
	int64_t ms;

	if (!clock_parse(time, 0, &ms)) {
		fprintf(stderr, "not a time: %s\n", time);
		exit(99);
	}
	return ms;
}
