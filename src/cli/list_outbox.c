/* List of what goes out: messages and how far they came. */
#include "cli/list.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/outbox.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 100

static json_t *
message_json(const struct outbox_row *r)
{
	json_t *o = json_object();

	member_int(o, "number", r->number);
	member_time(o, "at", r->at);
	member_text(o, "unit", r->unit);
	member_text(o, "kind", r->kind);
	member_text(o, "channel", r->channel);
	member_text(o, "state", r->state);
	member_text(o, "state_label", outbox_state_label(r));
	member_int(o, "tries", r->tries);
	member_time(o, "next", r->next);
	member_time(o, "done", r->done);
	member_text(o, "receiver", r->receiver);
	member_text(o, "their_number", r->their_number);
	member_text(o, "error", r->error);
	member_id(o, "id", r->id);
	return o;
}

static bool
matches(const struct outbox_row *r, const struct list_query *q)
{
	return !q->words || strstr(r->unit, q->words) || strstr(r->kind, q->words) ||
	       strstr(r->state, q->words);
}

/* A township has no outbox here: it sends from its own store. */
static json_t *
list_messages(struct store *st, const struct list_query *q)
{
	struct outbox_filter f = {.open = q->open};
	struct outbox_row *rows = mem_zero(PAGE, sizeof(*rows));
	json_t *out = json_array();
	size_t n = q->area || q->incident ? 0 : PAGE;

	while (n == PAGE && json_array_size(out) < q->limit) {
		n = outbox_rows(st, &f, rows, PAGE);
		for (size_t i = 0; i < n && json_array_size(out) < q->limit; i++)
			if (matches(&rows[i], q))
				json_array_append_new(out, message_json(&rows[i]));
		if (n)
			f.before = rows[n - 1].id;
	}
	free(rows);
	return out;
}

static const struct out_column columns[] = {
    {"number", N_("number"), OUT_NUMBER, 0},
    {"at", N_("queued"), OUT_TIME, 0},
    {"unit", N_("unit"), OUT_TEXT, 28},
    {"kind", N_("kind"), OUT_TEXT, 10},
    {"state_label", N_("state"), OUT_TEXT, 0},
    {"tries", N_("tries"), OUT_NUMBER, 0},
    {"next", N_("next try"), OUT_TIME, 0},
    {"receiver", N_("receiver"), OUT_TEXT, 16},
    {"error", N_("reason"), OUT_TEXT, 40},
};

const struct list_kind list_outbox_kinds[] = {
    {"messages", "message outbox 发文", N_("what goes out, and how far it came"), columns,
	COUNT_OF(columns), list_messages, LISTED_ONLY},
};
const size_t list_n_outbox_kinds = COUNT_OF(list_outbox_kinds);
