/*
 * A document's items on their way to the verbs. What is here already is looked up first, outside
 * any verb: a list of five hundred alerts fetched every minute, of which none is new, must leave
 * one journal row, not five hundred.
 */
#include "monitor/inside.h"

#include <stdlib.h>
#include <string.h>

static const char door; /* its address is the key of store_keep */

static void
leave(void *thing)
{
	(void)thing; /* lives on the stack of monitor_take */
}

struct intake *
intake_of(struct store *st)
{
	return store_kept(st, &door);
}

/* What grows while a document is taken in. */
struct taking {
	struct store *st;
	const struct actor *actor;
	struct intake in;
	struct intake_count *count;
	char **why;
	const struct feed_item **values;
	size_t n_values, room_values;
	struct taken_alert
	    *elsewhere; /* new alerts that do not touch the county: one verb for all of them */
	size_t n_elsewhere, room_elsewhere;
};

/* Run a verb; a refusal is counted, the store's failure is passed on. */
static bool
run(struct taking *t, const char *verb, json_t *args, bool *done, struct err *err)
{
	struct verb_result result;
	struct err own = ERR_NONE;

	*done = verb_run(t->st, t->actor, verb, args, &result, &own);
	json_decref(args);
	if (*done) {
		verb_result_clear(&result);
		return true;
	}
	if (own.code == ERR_STORE || own.code == ERR_IO)
		return err_move(err, &own);
	t->count->refused++;
	if (t->why) {
		free(*t->why);
		*t->why = mem_dup(own.message);
	}
	err_clear(&own);
	return true;
}

static void
set_text(json_t *args, const char *name, const char *text)
{
	if (text && *text)
		json_object_set_new(args, name, json_string(text));
}

static void
set_time(json_t *args, const char *name, int64_t ms)
{
	if (ms != CLOCK_NONE)
		json_object_set_new(args, name, json_integer(ms));
}

/* --- alerts ---------------------------------------------------------------------------------- */

/* The row that says the same under the same key; 0 none. */
static int64_t
same_alert(
    struct store *st, const char *identifier, const char *sender, int64_t sent, const char *digest)
{
	return sql_one_int(st,
	    "SELECT id FROM alert WHERE identifier = ?1 AND sender = ?2 AND sent IS ?3 AND digest "
	    "= "
	    "?4 LIMIT 1",
	    0, "ttct", identifier, sender, sent, digest);
}

/* A line of a list: the message itself is here, or a line of another list; 0 when it is news. */
static int64_t
thin_known(struct store *st, const char *identifier, const char *feed, const char *digest)
{
	struct sql *q =
	    sql(st, "SELECT a.id, a.thin, a.feed = ?2, a.digest = ?3 FROM alert a WHERE "
		    "a.identifier = ?1 ORDER BY a.thin, a.id");
	int64_t known = 0;

	sql_bind(q, "ttt", identifier, feed, digest);
	while (!known && sql_row(q))
		if (!sql_int(q, 1) || !sql_int(q, 2) || sql_int(q, 3))
			known = sql_int(q, 0);
	sql_done(q);
	return known;
}

/* The row it is, when it is here already: seen once more. */
bool
alert_known(struct store *st, const struct alert *a, const char *feed, const char *digest)
{
	char identifier[256];
	const char *sender;
	int64_t known;

	alert_key(a, digest, identifier, sizeof(identifier), &sender);
	known = same_alert(st, identifier, sender, a->sent, digest);
	if (!known && alert_is_thin(a))
		known = thin_known(st, identifier, feed, digest);
	if (known)
		alert_seen(st, known, feed, clock_now());
	return known != 0;
}

/* One that touches the county: a verb, and a line of the journal, of its own. */
static bool
take_touching(struct taking *t, const struct taken_alert *one, struct err *err)
{
	const struct alert *a = one->item->alert;
	json_t *args = json_object();
	char identifier[256];
	const char *sender;
	bool done;

	alert_key(a, one->digest, identifier, sizeof(identifier), &sender);
	t->in.alerts = one;
	t->in.n = 1;
	t->in.again = t->in.conflicting = 0;
	set_text(args, "feed", t->in.feed);
	set_text(args, "identifier", identifier);
	set_text(args, "sender", sender);
	set_time(args, "sent", a->sent);
	set_text(args, "digest", one->digest);
	if (!run(t, "alert.take", args, &done, err))
		return false;
	t->count->fresh += done;
	t->count->conflicting += done ? t->in.conflicting : 0;
	t->count->touching += done;
	return true;
}

static bool
take_alert(struct taking *t, const struct feed_item *item, struct err *err)
{
	struct taken_alert one = {.item = item};
	bool good = true;

	alert_digest(item->alert, one.digest);
	if (alert_known(t->st, item->alert, t->in.feed, one.digest)) {
		t->count->again++;
		return true;
	}
	reach_find(t->st, item->alert, &one.reach);
	if (one.reach.concerns) {
		good = take_touching(t, &one, err);
		reach_clear(&one.reach);
		return good;
	}
	mem_grow(&t->elsewhere, &t->room_elsewhere, t->n_elsewhere);
	t->elsewhere[t->n_elsewhere++] = one;
	return true;
}

/* The rest of the country in one line of the journal. */
static bool
take_elsewhere(struct taking *t, struct err *err)
{
	bool done;

	if (!t->n_elsewhere)
		return true;
	t->in.alerts = t->elsewhere;
	t->in.n = t->n_elsewhere;
	t->in.again = t->in.conflicting = 0;
	if (!run(t, "alert.series",
		json_pack("{s:s, s:I}", "feed", t->in.feed, "n", (json_int_t)t->n_elsewhere), &done,
		err))
		return false;
	if (!done)
		return true;
	t->count->again += t->in.again;
	t->count->fresh += (int)t->n_elsewhere - t->in.again;
	t->count->conflicting += t->in.conflicting;
	return true;
}

/* --- the others, small enough for arguments --------------------------------------------------- */

static bool
take_quake(struct taking *t, const struct quake *q, struct err *err)
{
	json_t *args;
	bool done;

	if (quake_known(t->st, q)) {
		t->count->again++;
		return true;
	}
	args = json_object();
	set_text(args, "source", q->source);
	set_text(args, "id", q->id);
	set_text(args, "place", q->place);
	set_time(args, "at", q->at);
	json_object_set_new(args, "lon", json_real(q->lon));
	json_object_set_new(args, "lat", json_real(q->lat));
	json_object_set_new(args, "depth", json_real(q->depth_km));
	json_object_set_new(args, "magnitude", json_real(q->magnitude));
	if (q->reviewed)
		json_object_set_new(args, "reviewed", json_true());
	if (!run(t, "quake.take", args, &done, err))
		return false;
	t->count->fresh += done;
	return true;
}

static bool
ticket_known(struct store *st, const struct ticket *k)
{
	char digest[65];

	ticket_digest(k, digest);
	return sql_one_int(st,
		   "SELECT 1 FROM ticket WHERE source = ?1 AND number = ?2 AND digest = ?3", 0,
		   "ttt", or_empty(k->source), or_empty(k->number), digest) != 0;
}

static bool
take_ticket(struct taking *t, const struct ticket *k, struct err *err)
{
	const struct {
		const char *name, *text;
	} texts[] = {{"source", k->source}, {"number", k->number}, {"caller", k->caller},
	    {"phone", k->phone}, {"title", k->title},
	    {"text", k->text && *k->text ? k->text : k->title}, {"address", k->address},
	    {"category", k->category}, {"urgency", k->urgency}, {"unit", k->unit},
	    {"stage", k->state}};
	json_t *args;
	bool done;

	if (ticket_known(t->st, k)) {
		t->count->again++;
		return true;
	}
	args = json_object();
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		set_text(args, texts[i].name, texts[i].text);
	set_time(args, "at", k->at);
	set_time(args, "deadline", k->deadline);
	if (k->secret)
		json_object_set_new(args, "secret", json_true());
	if (k->lon != 0 || k->lat != 0) {
		json_object_set_new(args, "lon", json_real(k->lon));
		json_object_set_new(args, "lat", json_real(k->lat));
	}
	if (!run(t, "ticket.take", args, &done, err))
		return false;
	t->count->fresh += done;
	return true;
}

static void
keep_value(struct taking *t, const struct feed_item *item)
{
	if (observation_known(t->st, item->observation)) {
		t->count->again++;
		return;
	}
	mem_grow(&t->values, &t->room_values, t->n_values);
	t->values[t->n_values++] = item;
}

static bool
take_item(struct taking *t, const struct feed_item *item, struct err *err)
{
	switch (item->kind) {
	case FEED_ALERT:
		return take_alert(t, item, err);
	case FEED_QUAKE:
		return take_quake(t, item->quake, err);
	case FEED_TICKET:
		return take_ticket(t, item->ticket, err);
	case FEED_OBSERVATION:
		keep_value(t, item);
		return true;
	case FEED_LINK:
	case FEED_RECEIPT:
	case FEED_HEARTBEAT:
		t->count->other++;
		return true;
	}
	return true;
}

/* What goes as one verb for the whole document. */
static bool
take_rest(struct taking *t, struct err *err)
{
	bool done = true;

	if (t->n_values) {
		t->in.observations = t->values;
		t->in.n_observations = t->n_values;
		if (!run(t, "observation.series",
			json_pack("{s:s, s:I}", "feed", t->in.feed, "n", (json_int_t)t->n_values),
			&done, err))
			return false;
		if (done)
			t->count->fresh += (int)t->n_values;
	}
	return true;
}

bool
monitor_take(struct store *st, const struct actor *actor, const char *feed, const char *raw,
    size_t raw_size, struct feed_item *items, size_t n, struct intake_count *count, char **why,
    struct err *err)
{
	struct taking t = {.st = st,
	    .actor = actor,
	    .in = {.feed = feed && *feed ? feed : "-",
		.raw = raw,
		.raw_size = raw_size,
		.several = n > 1},
	    .count = count,
	    .why = why};
	struct intake_count before = *count;
	bool own = !store_in_batch(st), good = true;

	if (n == 0)
		return true;
	if (own && !store_batch_begin(st, err))
		return false;
	store_keep(st, &door, &t.in, leave);
	for (size_t i = 0; good && i < n; i++)
		good = take_item(&t, &items[i], err);
	good = good && take_elsewhere(&t, err) && take_rest(&t, err);
	store_keep(st, &door, NULL, leave);
	if (own && !store_batch_end(st, good, err))
		good = false;
	if (!good)
		*count = before;
	for (size_t i = 0; i < t.n_elsewhere; i++)
		reach_clear(&t.elsewhere[i].reach);
	free(t.elsewhere);
	free(t.values);
	return good;
}
