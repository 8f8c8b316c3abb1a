/*
 * One libFuzzer target a reader: READER is its name, or "auto" for detection. Whatever comes in, an answer comes out: items that can
 * be written and read back the same and whose texts are clean, or a reason.
 *
 *	configure --enable-fuzzing CC=clang; make fuzzers
 *	fuzz/fuzz_cap -max_total_time=600 CORPUS-DIR ../fuzz/seeds/feeds
 */
#include "base/utf8.h"
#include "exchange/feed.h"
#include "exchange/item.h"
#include "fuzz/must.h"

#include <string.h>

static void
must_be_clean(const char *s, bool lines)
{
	must(!s || (*s && utf8_valid(s, strlen(s)) && utf8_is_clean(s, strlen(s), lines)), "a text is empty or not clean");
}

static void
check_alert(const struct alert *a)
{
	must_be_clean(a->identifier, false);
	must_be_clean(a->sender, false);
	must_be_clean(a->note, true);
	for (size_t i = 0; i < a->n_infos; i++) {
		const struct alert_info *info = &a->infos[i];

		must_be_clean(info->headline, false);
		must_be_clean(info->description, true);
		must(info->colour >= COLOUR_NONE && info->colour <= COLOUR_WHITE, "a colour");
		for (size_t k = 0; k < info->n_areas; k++) {
			const struct alert_area *area = &info->areas[k];

			must(area->n_ring == 0 || area->n_ring >= 4, "a ring of too few corners");
			must(area->n_ring == 0 || (area->ring[0] == area->ring[2 * area->n_ring - 2] &&
			                              area->ring[1] == area->ring[2 * area->n_ring - 1]),
			    "an open ring");
		}
	}
}

static bool
check(void *context, struct feed_item *item)
{
	struct buf wire = BUF_MAX(256u << 20), again = BUF_MAX(256u << 20);
	struct feed_item back;
	size_t at = 0;

	(void)context;
	must_be_clean(item->notes, true);
	if (item->kind == FEED_ALERT)
		check_alert(item->alert);
	item_write(&wire, item);
	must(item_read(wire.data, wire.size, &at, &back) && at == wire.size, "an item does not come back");
	item_write(&again, &back);
	must(again.size == wire.size && memcmp(again.data, wire.data, wire.size) == 0, "an item comes back changed");
	feed_item_clear(&back);
	feed_item_clear(item);
	buf_clear(&wire);
	buf_clear(&again);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct feed_profile profile = { "fuzz", READER, NULL, 480, true };
	struct err err = ERR_NONE;
	const char *format;

	if (!feed_read((const char *)data, n, &profile, check, NULL, &format, &err))
		must(err.code != ERR_OK && err.message && *err.message, "a refusal without a reason");
	must(err.code != ERR_IO, "the tables cannot be read");
	err_clear(&err);
	return 0;
}
