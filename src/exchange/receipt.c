#include "exchange/receipt.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define RECEIPT_BYTES 65536

static char *
text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text ? utf8_clean(text, strlen(text), false, NULL) : mem_dup("");
}

bool
receipt_read(const char *bytes, size_t n, struct receipt_note *out)
{
	json_t *o = n <= RECEIPT_BYTES ? json_loadb(bytes, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const json_t *accepted = json_object_get(o, "accepted");
	const char *key = json_string_value(json_object_get(o, "key")),
		   *at = json_string_value(json_object_get(o, "at"));

	memset(out, 0, sizeof(*out));
	if (key && *key) {
		out->key = mem_dup(key);
		out->receiver = text_of(o, "receiver");
		out->number = text_of(o, "number");
		out->text = text_of(o, "text");
		out->accepted = !accepted || json_is_true(accepted);
		if (!at || !clock_parse(at, clock_now(), &out->at))
			out->at = CLOCK_NONE;
	}
	json_decref(o);
	return out->key != NULL;
}

void
receipt_clear(struct receipt_note *r)
{
	free(r->key);
	free(r->receiver);
	free(r->number);
	free(r->text);
	memset(r, 0, sizeof(*r));
}
