/* The links upstream: what they are, and what the last try brought. */
#include "monitor/inside.h"

#include "base/conceal.h"
#include "exchange/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its row, made when it is new. */
static int64_t
row_of(struct store *st, const char *name, const char *kind)
{
	int64_t id = sql_one_int(st, "SELECT id FROM link WHERE name = ?1", 0, "t", name);
	struct sql *q;

	if (id)
		return id;
	id = store_new_id(st);
	q = sql(st, "INSERT INTO link (id, name, kind) VALUES (?1, ?2, ?3)");
	sql_bind(q, "itt", id, name, kind);
	sql_run(q);
	return id;
}

static bool
between(struct verb_call *call, const char *name, int64_t least, int64_t most, struct err *err)
{
	int64_t value = call_int(call, name);

	if (!call_has(call, name) || (value >= least && value <= most))
		return true;
	return err_set(
	    err, ERR_INPUT, _("%s: %lld to %lld"), name, (long long)least, (long long)most);
}

/* A folder from / on, or an address without a password. */
static bool
check_url(struct verb_call *call, const char *kind, struct err *err)
{
	const char *url = call_text(call, "url");

	if (strcmp(kind, "spool") != 0)
		return url_check(url, URL_WEB, err);
	return *url == '/' || err_set(err, ERR_INPUT, _("say the folder's whole path, from / on"));
}

/* Only what the call gives is changed; another address forgets what the old one said. */
static void
set_profile(struct verb_call *call, int64_t id)
{
	struct store *st = call_store(call);
	struct sql *q = sql(st, "INSERT INTO feed (link, url) VALUES (?1, ?2) ON CONFLICT (link) "
				"DO UPDATE SET url = ?2");

	sql_bind(q, "it", id, call_text(call, "url"));
	sql_run(q);
	q = sql(st, "UPDATE feed SET format = CASE WHEN ?2 <> '' THEN ?2 ELSE format END, "
		    "interval_s = CASE WHEN ?3 > 0 "
		    "THEN ?3 ELSE interval_s END, timeout_s = CASE WHEN ?4 > 0 THEN ?4 ELSE "
		    "timeout_s END, max_bytes = "
		    "CASE WHEN ?5 > 0 THEN ?5 ELSE max_bytes END, columns = CASE WHEN ?6 <> '' "
		    "THEN ?6 ELSE columns END, "
		    "zone = CASE WHEN ?8 THEN ?7 ELSE zone END, radius_km = CASE WHEN ?9 <> '' "
		    "THEN ?9 = 'km' ELSE "
		    "radius_km END, area = CASE WHEN ?10 > 0 THEN ?10 ELSE area END, hosts = CASE "
		    "WHEN ?11 <> '' THEN ?11 "
		    "ELSE hosts END, pin_ca = CASE WHEN ?12 <> '' THEN ?12 ELSE pin_ca END, "
		    "pin_key = CASE WHEN ?13 <> '' "
		    "THEN ?13 ELSE pin_key END WHERE link = ?1");
	sql_bind(q,
	    "itiiitiititt"
	    "t",
	    id, call_text(call, "format"), call_int(call, "every"), call_int(call, "timeout"),
	    call_int(call, "most"), call_text(call, "columns"), call_int(call, "zone"),
	    (int64_t)call_has(call, "zone"), call_text(call, "radius"), call_int(call, "area"),
	    call_text(call, "hosts"), call_text(call, "pin_ca"), call_text(call, "pin_key"));
	sql_run(q);
}

/* The next poll asks for the whole again. */
static void
forget_poll(struct store *st, int64_t link, int64_t next)
{
	struct sql *q =
	    sql(st, "UPDATE poll SET etag = NULL, modified = NULL, next_try = ?2 WHERE link = ?1");

	sql_bind(q, "ii", link, next);
	sql_run(q);
}

bool
monitor_do_link_set(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	const char *name = call_text(call, "name");
	int64_t id;
	char *old, *kind;
	bool good;

	if (!between(call, "every", 5, 86400, err) || !between(call, "timeout", 1, 300, err) ||
	    !between(call, "most", 1, FEED_MAX, err) || !between(call, "zone", 0, 840, err))
		return false;
	kind = sql_one_text(st, "SELECT kind FROM link WHERE name = ?1", "t", name);
	good = check_url(call,
	    kind		     ? kind
	    : call_has(call, "kind") ? call_text(call, "kind")
				     : "feed",
	    err);
	free(kind);
	if (!good)
		return false;
	id = row_of(st, name, call_has(call, "kind") ? call_text(call, "kind") : "feed");
	old = sql_one_text(st, "SELECT url FROM feed WHERE link = ?1", "i", id);
	set_profile(call, id);
	if (old && strcmp(old, call_text(call, "url")) != 0)
		forget_poll(st, id, call_now(call));
	free(old);
	call_subject(call, "link", id);
	call_say(call, _("link %s set"), name);
	return true;
}

static char *
link_name(struct verb_call *call)
{
	char *name = sql_one_text(
	    call_store(call), "SELECT name FROM link WHERE id = ?1", "i", call_int(call, "link"));

	call_subject(call, "link", call_int(call, "link"));
	return name ? name : mem_dup("");
}

static void
due_now(struct verb_call *call)
{
	struct sql *q =
	    sql(call_store(call), "UPDATE poll SET next_try = ?2, fails = 0 WHERE link = ?1");

	sql_bind(q, "ii", call_int(call, "link"), call_now(call));
	sql_run(q);
}

static bool
enable(struct verb_call *call, bool on)
{
	struct sql *q = sql(call_store(call), "UPDATE link SET enabled = ?2 WHERE id = ?1");
	char *name = link_name(call);

	sql_bind(q, "ii", call_int(call, "link"), (int64_t)on);
	sql_run(q);
	if (on)
		due_now(call);
	call_say(call, on ? _("link %s started") : _("link %s stopped"), name);
	free(name);
	return true;
}

bool
monitor_do_link_enable(struct verb_call *call, struct err *err)
{
	(void)err;
	return enable(call, true);
}

bool
monitor_do_link_disable(struct verb_call *call, struct err *err)
{
	(void)err;
	return enable(call, false);
}

bool
monitor_do_link_try(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	char *name;

	if (!sql_one_int(
		st, "SELECT enabled FROM link WHERE id = ?1", 0, "i", call_int(call, "link")))
		return err_set(err, ERR_STATE, _("This link is stopped: start it first."));
	due_now(call);
	name = link_name(call);
	call_say(call, _("link %s is to be tried at once"), name);
	free(name);
	return true;
}

static void
fill(struct sql *q, void *row)
{
	struct monitor_link *r = row;

	memset(r, 0, sizeof(*r));
	r->id = sql_int(q, 0);
	r->last_ok = sql_time(q, 1);
	r->last_try = sql_time(q, 2);
	r->next_try = sql_time(q, 3);
	utf8_copy(r->name, sizeof(r->name), sql_text(q, 4));
	utf8_copy(r->kind, sizeof(r->kind), sql_text(q, 5));
	utf8_copy(r->url, sizeof(r->url), sql_text(q, 6));
	conceal_passwords(r->url);
	utf8_copy(r->format, sizeof(r->format), sql_text(q, 7));
	utf8_copy(r->last_error, sizeof(r->last_error), sql_text(q, 8));
	r->enabled = sql_int(q, 9) != 0;
	r->interval_s = (int)sql_int(q, 10);
	r->fails = (int)sql_int(q, 11);
	r->taken = sql_int(q, 12);
	r->refused = sql_int(q, 13);
	r->items = sql_null(q, 14) ? -1 : sql_int(q, 14);
}

size_t
monitor_links(struct store *st, struct monitor_link *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT l.id, ifnull(p.last_ok, l.last_ok), ifnull(p.last_try, l.last_try), "
	    "p.next_try, l.name, l.kind, f.url, f.format, ifnull(p.last_error, l.last_error), "
	    "l.enabled, f.interval_s, p.fails, p.taken, p.refused, p.items FROM link l LEFT JOIN "
	    "feed f ON f.link = l.id LEFT JOIN poll p ON p.link = l.id ORDER BY l.id LIMIT ?1");

	sql_bind(q, "i", (int64_t)max);
	return sql_list(q, out, sizeof(*out), max, fill);
}
