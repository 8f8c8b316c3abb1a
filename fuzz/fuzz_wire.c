/* The parent's side of the parsing child: bytes that claim to be items. */
#include "exchange/item.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct feed_item item;
	size_t at = 0;

	while (at < n && item_read((const char *)data, n, &at, &item))
		feed_item_clear(&item);
	return 0;
}
