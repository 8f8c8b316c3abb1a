/*
 * Watches 班次: what was really stood, as against the roster. A watch opens by watch.open, when the
 * handover into it bears both signatures, and that seals the one before: with the head of the chain
 * on paper, whoever adds, changes or cuts a line of it later is found out.
 */
#include "duty/inside.h"

#include <stdio.h>
#include <string.h>

void
roster_crew(struct store *st, int64_t at, struct crew *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < DUTY_POSTS; i++) {
		struct crew_member *m = &out->member[out->n];
		int64_t person = resource_on_duty(st, duty_posts[i], at, NULL);

		if (!person)
			continue;
		utf8_copy(m->post, sizeof(m->post), duty_posts[i]);
		person_name(st, person, m->name, sizeof(m->name));
		m->person = person;
		m->signed_at = CLOCK_NONE;
		out->n++;
	}
}

bool
crew_has(const struct crew *crew, int64_t person)
{
	for (size_t i = 0; i < crew->n; i++)
		if (crew->member[i].person == person)
			return person != 0;
	return false;
}

void
crew_names(const struct crew *crew, char *out, size_t size)
{
	struct buf names = BUF_MAX(1024);

	for (size_t i = 0; i < crew->n; i++)
		buf_printf(&names, "%s%s", i ? " " : "", crew->member[i].name);
	utf8_copy(out, size, buf_str(&names));
	buf_clear(&names);
}

int64_t
watch_now(struct store *st)
{
	return sql_one_int(
	    st, "SELECT id FROM watch WHERE closed IS NULL ORDER BY id DESC LIMIT 1", 0, "");
}

static void
fill_crew(struct store *st, int64_t watch, struct crew *out)
{
	struct sql *q =
	    sql(st, "SELECT post, person, name FROM watch_crew WHERE watch = ?1 ORDER BY n");

	memset(out, 0, sizeof(*out));
	sql_bind(q, "i", watch);
	while (out->n < COUNT_OF(out->member) && sql_row(q)) {
		struct crew_member *m = &out->member[out->n++];

		FIELD(m->post, q, 0);
		m->person = sql_int(q, 1);
		FIELD(m->name, q, 2);
		m->signed_at = CLOCK_NONE;
	}
	sql_done(q);
}

#define COLUMNS "SELECT id, opened, closed, handover, seal_seq, seal FROM watch"

static void
fill_watch(struct sql *q, struct watch_row *out)
{
	memset(out, 0, sizeof(*out));
	out->id = sql_int(q, 0);
	out->opened = sql_int(q, 1);
	out->closed = sql_time(q, 2);
	out->handover = sql_int(q, 3);
	out->seal_seq = sql_int(q, 4);
	FIELD(out->seal, q, 5);
}

bool
duty_watch_get(struct store *st, int64_t id, struct watch_row *out)
{
	struct sql *q = sql(st, COLUMNS " WHERE id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill_watch(q, out);
	sql_done(q);
	if (found)
		fill_crew(st, id, &out->crew);
	return found;
}

bool
duty_watch(struct store *st, struct watch_row *out)
{
	int64_t id = watch_now(st);

	return id && duty_watch_get(st, id, out);
}

size_t
duty_watches(struct store *st, int64_t before, struct watch_row *out, size_t max)
{
	struct sql *q = sql(st, COLUMNS " WHERE (?1 = 0 OR id < ?1) ORDER BY id DESC LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ii", before, (int64_t)max);
	while (n < max && sql_row(q))
		fill_watch(q, &out[n++]);
	sql_done(q);
	for (size_t i = 0; i < n; i++)
		fill_crew(st, out[i].id, &out[i].crew);
	return n;
}

/* --- opening --------------------------------------------------------------------------------- */

/* The watch that ends: its last line is the head of the chain before this verb's own. */
static bool
seal(struct verb_call *call, int64_t watch)
{
	struct store *st = call_store(call);
	char hex[65];
	int64_t seq;
	struct sql *q;

	journal_head(st, &seq, hex);
	q = sql(st, "UPDATE watch SET closed = ?2, seal_seq = ?3, seal = ?4 WHERE id = ?1");
	sql_bind(q, "iiit", watch, call_now(call), seq, hex);
	if (!sql_run(q))
		return false;
	call_say(call, _("the watch before is sealed with #%lld %.16s"), (long long)seq, hex);
	return true;
}

static bool
put_watch(struct verb_call *call, const struct handover_row *h, int64_t id)
{
	struct store *st = call_store(call);
	struct sql *q =
	    sql(st, "INSERT INTO watch (id, opened, handover, journal) VALUES (?1, ?2, ?3, ?4)");

	sql_bind(q, "iiii", id, call_now(call), h->id, call_journal(call));
	if (!sql_run(q))
		return false;
	for (size_t i = 0; i < h->in.n; i++) {
		q = sql(st, "INSERT INTO watch_crew (watch, n, post, person, name) VALUES (?1, ?2, "
			    "?3, ?4, ?5)");
		sql_bind(q, "iitit", id, (int64_t)i, h->in.member[i].post, h->in.member[i].person,
		    h->in.member[i].name);
		if (!sql_run(q))
			return false;
	}
	q = sql(st, "UPDATE handover SET state = 'done' WHERE id = ?1");
	sql_bind(q, "i", h->id);
	return sql_run(q);
}

static bool
both_signed(const struct handover_row *h, struct err *err)
{
	if (!h->out_signed && !h->in_signed)
		return err_set(err, ERR_REFUSED,
		    _("Neither side has signed: the watch opens when both have (handover.sign)."));
	if (!h->out_signed)
		return err_set(
		    err, ERR_REFUSED, _("The outgoing crew has not signed yet (handover.sign)."));
	if (!h->in_signed)
		return err_set(
		    err, ERR_REFUSED, _("The incoming crew has not signed yet (handover.sign)."));
	return true;
}

bool
run_watch_open(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	struct handover_row h;
	int64_t before = watch_now(st), id;
	char names[200];
	bool ok;

	if (!duty_handover(st, &h))
		return err_set(
		    err, ERR_REFUSED, _("There is no handover: begin one first (handover.begin)."));
	ok = both_signed(&h, err);
	if (ok && call_actor(call)->person && !crew_has(&h.in, call_actor(call)->person))
		ok = err_set(err, ERR_REFUSED,
		    _("The watch is opened by one of the crew that takes it over."));
	id = ok ? store_new_id(st) : 0;
	ok = ok && put_watch(call, &h, id);
	if (ok) {
		crew_names(&h.in, names, sizeof(names));
		call_subject(call, "watch", id);
		call_say(call,
		    ngettext("watch opened: %s; %zu open item taken over, with its own limit",
			"watch opened: %s; %zu open items taken over, each with its own limit",
			(unsigned long)h.n_items),
		    names, h.n_items);
		ok = !before || seal(call, before);
	}
	handover_row_clear(&h);
	return ok;
}
