/* The links upstream: what they are, and what the last try brought. */
#include "monitor/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A feed that held this many and is empty now has something wrong with it. */
#define MANY 5

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

/* Only what the call gives is changed; another address forgets what the old one said. */
bool
monitor_do_link_set(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	const char *name = call_text(call, "name");
	int64_t id = row_of(st, name, call_has(call, "kind") ? call_text(call, "kind") : "feed");
	struct sql *q;

	if (call_has(call, "every") &&
	    (call_int(call, "every") < 5 || call_int(call, "every") > 86400))
		return err_set(err, ERR_INPUT, _("The poll time is 5 to 86400 seconds."));
	q = sql(st, "UPDATE link SET kind = CASE WHEN ?2 <> '' THEN ?2 ELSE kind END, etag = CASE "
		    "WHEN ?3 IN ('', "
		    "url) THEN etag END, modified = CASE WHEN ?3 IN ('', url) THEN modified END, "
		    "url = CASE WHEN ?3 "
		    "<> '' THEN ?3 ELSE url END, format = CASE WHEN ?4 <> '' THEN ?4 ELSE format "
		    "END, every_s = CASE "
		    "WHEN ?5 > 0 THEN ?5 ELSE every_s END, pin = CASE WHEN ?6 <> '' THEN ?6 ELSE "
		    "pin END, columns = "
		    "CASE WHEN ?7 <> '' THEN ?7 ELSE columns END, zone = CASE WHEN ?9 THEN ?8 ELSE "
		    "zone END, radius_km "
		    "= CASE WHEN ?10 <> '' THEN ?10 = 'km' ELSE radius_km END WHERE id = ?1");
	sql_bind(q,
	    "ittti"
	    "ttiit",
	    id, call_text(call, "kind"), call_text(call, "url"), call_text(call, "format"),
	    call_int(call, "every"), call_text(call, "pin"), call_text(call, "columns"),
	    call_int(call, "zone"), (int64_t)call_has(call, "zone"), call_text(call, "radius"));
	sql_run(q);
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

static bool
enable(struct verb_call *call, bool on)
{
	struct sql *q = sql(call_store(call),
	    "UPDATE link SET enabled = ?2, fails = CASE ?2 WHEN 1 THEN 0 ELSE fails END, "
	    "next_try = CASE ?2 WHEN 1 THEN ?3 ELSE NULL END WHERE id = ?1");
	char *name = link_name(call);

	sql_bind(q, "iii", call_int(call, "link"), (int64_t)on, call_now(call));
	sql_run(q);
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
	struct sql *q;
	char *name;

	if (!sql_one_int(
		st, "SELECT enabled FROM link WHERE id = ?1", 0, "i", call_int(call, "link")))
		return err_set(err, ERR_STATE, _("This link is stopped: start it first."));
	q = sql(st, "UPDATE link SET next_try = ?2 WHERE id = ?1");
	sql_bind(q, "ii", call_int(call, "link"), call_now(call));
	sql_run(q);
	name = link_name(call);
	call_say(call, _("link %s is to be tried at once"), name);
	free(name);
	return true;
}

/* Empty although it was full: an empty board that is really a broken feed must not look calm. */
static void
warn_empty(struct verb_call *call, const char *name, int64_t before)
{
	char *title =
	    mem_print(_("feed %s is empty, it held %lld last time"), name, (long long)before);
	struct inbox_message m = {.source = _("links"),
	    .kind = "link",
	    .title = title,
	    .text = title,
	    .at = call_now(call),
	    .urgent = true};

	inbox_put(call, &m);
	call_say(call, "%s", title);
	free(title);
}

/* ok with items -1: nothing new (304), the validators stay. */
bool
monitor_do_link_tried(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = call_int(call, "link"), now = call_now(call),
		before = sql_one_int(st, "SELECT items FROM link WHERE id = ?1", 0, "i", id);
	bool ok = call_flag(call, "ok"), document = call_has(call, "items");
	char *name = link_name(call);
	struct sql *q;

	(void)err;
	if (ok && document && call_int(call, "items") == 0 && before >= MANY)
		warn_empty(call, name, before);
	q = sql(st, "UPDATE link SET last_try = ?2, last_ok = CASE WHEN ?3 THEN ?2 ELSE last_ok "
		    "END, last_error = ?4, "
		    "fails = CASE WHEN ?3 THEN 0 ELSE fails + 1 END, taken = taken + ?5, refused = "
		    "refused + ?6, items "
		    "= CASE WHEN ?7 THEN ?8 ELSE items END, etag = CASE WHEN ?3 AND ?7 THEN ?9 "
		    "ELSE etag END, modified = "
		    "CASE WHEN ?3 AND ?7 THEN ?10 ELSE modified END, next_try = ?11 WHERE id = ?1");
	sql_bind(q, "iiitiiiittc", id, now, (int64_t)ok,
	    call_has(call, "error") ? call_text(call, "error") : NULL, call_int(call, "taken"),
	    call_int(call, "refused"), (int64_t)document, call_int(call, "items"),
	    call_has(call, "etag") ? call_text(call, "etag") : NULL,
	    call_has(call, "modified") ? call_text(call, "modified") : NULL,
	    call_time(call, "next"));
	sql_run(q);
	if (ok)
		call_say(call, _("link %s: %lld new"), name, (long long)call_int(call, "taken"));
	else
		call_say(call, _("link %s failed: %s"), name, call_text(call, "error"));
	free(name);
	return true;
}

size_t
monitor_links(struct store *st, struct monitor_link *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT id, last_ok, last_try, next_try, name, kind, url, format, last_error, enabled, "
	    "every_s, fails, taken, refused FROM link ORDER BY id LIMIT ?1");
	size_t n = 0;

	sql_bind(q, "i", (int64_t)max);
	for (; n < max && sql_row(q); n++) {
		struct monitor_link *r = &out[n];

		memset(r, 0, sizeof(*r));
		r->id = sql_int(q, 0);
		r->last_ok = sql_time(q, 1);
		r->last_try = sql_time(q, 2);
		r->next_try = sql_time(q, 3);
		utf8_copy(r->name, sizeof(r->name), sql_text(q, 4));
		utf8_copy(r->kind, sizeof(r->kind), sql_text(q, 5));
		utf8_copy(r->url, sizeof(r->url), sql_text(q, 6));
		utf8_copy(r->format, sizeof(r->format), sql_text(q, 7));
		utf8_copy(r->last_error, sizeof(r->last_error), sql_text(q, 8));
		r->enabled = sql_int(q, 9) != 0;
		r->interval_s = (int)sql_int(q, 10);
		r->fails = (int)sql_int(q, 11);
		r->taken = sql_int(q, 12);
		r->refused = sql_int(q, 13);
	}
	sql_done(q);
	return n;
}
