/* What goes out, as rows; and what a receiver's receipt does to one. */
#include "exchange/outbox.h"

#include "base/conceal.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/utf8.h"
#include "exchange/feed.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#include <string.h>

#define OUTBOX_ROWS                                                                                \
	"SELECT o.id, o.at, o.next_at, o.handed, o.done_at, d.channel, o.dest, o.kind, "           \
	"d.address, o.ref, o.state, o.tries, o.last_error, o.receiver, o.number FROM outbox o "    \
	"LEFT JOIN destination d ON d.unit = o.dest "

static void
fill_row(struct sql *q, void *out)
{
	struct outbox_row *row = out;

	memset(row, 0, sizeof(*row));
	row->id = sql_int(q, 0);
	row->number = (int)id_sequence(row->id);
	row->at = sql_time(q, 1);
	row->next = sql_time(q, 2);
	row->handed = sql_time(q, 3);
	row->done = sql_time(q, 4);
	utf8_copy(row->channel, sizeof(row->channel), sql_text(q, 5));
	utf8_copy(row->unit, sizeof(row->unit), sql_text(q, 6));
	utf8_copy(row->kind, sizeof(row->kind), sql_text(q, 7));
	utf8_copy(row->address, sizeof(row->address), sql_text(q, 8));
	conceal_passwords(row->address);
	row->ref = sql_int(q, 9);
	utf8_copy(row->state, sizeof(row->state), sql_text(q, 10));
	row->tries = (int)sql_int(q, 11);
	utf8_copy(row->error, sizeof(row->error), sql_text(q, 12));
	utf8_copy(row->receiver, sizeof(row->receiver), sql_text(q, 13));
	utf8_copy(row->their_number, sizeof(row->their_number), sql_text(q, 14));
}

size_t
outbox_rows(struct store *st, const struct outbox_filter *f, struct outbox_row *out, size_t max)
{
	struct sql *q = sql(st,
	    OUTBOX_ROWS "WHERE (?1 = 0 OR o.state IN ('queued', 'failed')) AND (?2 = 0 OR o.id < "
			"?2) ORDER BY o.id DESC LIMIT ?3");

	sql_bind(q, "iii", (int64_t)f->open, f->before, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill_row);
}

size_t
outbox_rows_about(
    struct store *st, const char *kind, int64_t ref, struct outbox_row *out, size_t max)
{
	struct sql *q =
	    sql(st, OUTBOX_ROWS "WHERE o.kind = ?1 AND o.ref = ?2 ORDER BY o.id LIMIT ?3");

	sql_bind(q, "tii", kind, ref, (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill_row);
}

const char *
outbox_state_label(const struct outbox_row *row)
{
	if (strcmp(row->state, "received") == 0)
		return _("taken over");
	if (strcmp(row->state, "sent") == 0)
		return _("accepted");
	if (strcmp(row->state, "failed") == 0)
		return _("set aside");
	if (strcmp(row->state, "cancelled") == 0)
		return _("not sent");
	if (!*row->channel)
		return _("no way known");
	if (strcmp(row->channel, "fax") == 0 || strcmp(row->channel, "phone") == 0)
		return _("to be confirmed by hand");
	return row->handed != CLOCK_NONE ? _("no receipt yet") : _("waiting");
}

enum receipt_fit
outbox_receipt_fit(
    struct store *st, const char *key, const char *unit, bool accepted, int64_t *message)
{
	struct sql *q =
	    sql(st, "SELECT id, state FROM outbox WHERE key = ?1 AND (?2 IS NULL OR dest = ?2)");
	enum receipt_fit fit = RECEIPT_UNKNOWN;

	*message = 0;
	sql_bind(q, "tt", key, unit);
	if (sql_row(q)) {
		const char *state = sql_text(q, 1);

		*message = sql_int(q, 0);
		fit = strcmp(state, accepted ? "received" : "failed") == 0 ? RECEIPT_AGAIN
		      : strcmp(state, "cancelled") == 0			   ? RECEIPT_UNKNOWN
									   : RECEIPT_NEWS;
	}
	sql_done(q);
	return fit;
}

bool
outbox_take_receipt(
    struct store *st, const struct actor *actor, const struct receipt *receipt, struct err *err)
{
	const char *text = receipt->accepted ? receipt->receiver : receipt->text;
	struct verb_result result = {.said = NULL};
	bool done = false;
	json_t *args;
	int64_t id;

	switch (outbox_receipt_fit(
	    st, receipt->key ? receipt->key : "", NULL, receipt->accepted, &id)) {
	case RECEIPT_AGAIN:
		return true;
	case RECEIPT_UNKNOWN:
		return err_set(
		    err, ERR_NOT_FOUND, _("no message with this key waits for a receipt"));
	case RECEIPT_NEWS:
		break;
	}
	args = json_pack("{s:I}", "message", (json_int_t)id);
	if (text && *text)
		json_object_set_new(
		    args, receipt->accepted ? "receiver" : "error", json_string(text));
	else if (!receipt->accepted)
		json_object_set_new(args, "error", json_string("-"));
	if (receipt->accepted && receipt->at != CLOCK_NONE)
		json_object_set_new(args, "at", json_integer(receipt->at));
	done = verb_run(
	    st, actor, receipt->accepted ? "outbox.received" : "outbox.failed", args, &result, err);
	json_decref(args);
	if (done)
		verb_result_clear(&result);
	return done;
}
