#include "store/link.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/inside.h"

#include <string.h>

#define SILENT (15 * CLOCK_MINUTE)
#define LOOKED_AT 64
/* Pages of an index are forgotten when they were not asked for so long. */
#define PAGE_KEPT (60 * CLOCK_DAY)

size_t
link_list(struct store *st, struct link_row *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT name, kind, ifnull(p.last_ok, l.last_ok), ifnull(p.last_try, l.last_try),"
	    " CASE WHEN p.link IS NULL THEN l.last_error ELSE p.last_error END, enabled"
	    " FROM link l LEFT JOIN poll p ON p.link = l.id ORDER BY l.id");
	size_t n = 0;

	while (n < max && sql_row(q)) {
		struct link_row *row = &out[n++];

		utf8_copy(row->name, sizeof(row->name), sql_text(q, 0));
		utf8_copy(row->kind, sizeof(row->kind), sql_text(q, 1));
		row->last_ok = sql_time(q, 2);
		row->last_try = sql_time(q, 3);
		utf8_copy(row->last_error, sizeof(row->last_error), sql_text(q, 4));
		row->enabled = sql_int(q, 5) != 0;
	}
	sql_done(q);
	return n;
}

bool
link_is_down(const char *last_error, int64_t last_ok, int64_t now)
{
	return *last_error || last_ok == CLOCK_NONE || now - last_ok > SILENT;
}

bool
link_silent(struct store *st, bool in, struct link_row *out)
{
	struct link_row rows[LOOKED_AT];
	size_t n = link_list(st, rows, COUNT_OF(rows));
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		if (!rows[i].enabled || (in && strcmp(rows[i].kind, "out") == 0) ||
		    (found && rows[i].last_ok >= out->last_ok))
			continue;
		*out = rows[i];
		found = true;
	}
	return found;
}

int64_t
outbox_waiting(struct store *st)
{
	return sql_one_int(st, "SELECT count(*) FROM outbox WHERE state = 'queued'", 0, "");
}

void
outbox_counts(struct store *st, struct outbox_counts *out)
{
	struct sql *q = sql(st,
	    "SELECT count(*), count(*) FILTER (WHERE d.id IS NULL),"
	    " count(*) FILTER (WHERE d.channel IN ('fax', 'phone')), count(o.handed), min(o.at)"
	    " FROM outbox o LEFT JOIN destination d ON d.unit = o.dest WHERE o.state = 'queued'");

	memset(out, 0, sizeof(*out));
	out->oldest = CLOCK_NONE;
	if (sql_row(q)) {
		out->waiting = sql_int(q, 0);
		out->no_way = sql_int(q, 1);
		out->by_hand = sql_int(q, 2);
		out->handed = sql_int(q, 3);
		out->oldest = sql_time(q, 4);
	}
	sql_done(q);
	out->failed = sql_one_int(st, "SELECT count(*) FROM outbox WHERE state = 'failed'", 0, "");
}

/* --- notes ----------------------------------------------------------------------------------- */

static bool
begin(struct store *st, struct err *err)
{
	st->silent = true;
	if (write_begin(st, err))
		return true;
	st->silent = false;
	return false;
}

static bool
end(struct store *st, bool good, struct err *err)
{
	bool done = write_end(st, good, err);

	st->silent = false;
	return done;
}

bool
link_note(struct store *st, const struct link_note *note, struct err *err)
{
	struct sql *q;

	if (!begin(st, err))
		return false;
	q = sql(st,
	    "INSERT INTO poll (link, last_ok, last_try, next_try, last_error, fails, etag, "
	    "modified,"
	    " items, taken, refused) VALUES (?1, CASE WHEN ?4 IS NULL THEN ?2 END, ?2, ?3, ?4, ?5,"
	    " nullif(?6, ''), nullif(?7, ''), nullif(?8, -1), ?9, ?10)"
	    " ON CONFLICT (link) DO UPDATE SET last_ok = ifnull(excluded.last_ok, last_ok), "
	    "last_try = ?2,"
	    " next_try = ?3, last_error = ?4, fails = ?5,"
	    " etag = CASE WHEN ?6 IS NULL THEN etag ELSE nullif(?6, '') END,"
	    " modified = CASE WHEN ?7 IS NULL THEN modified ELSE nullif(?7, '') END,"
	    " items = CASE WHEN ?8 < 0 THEN items ELSE ?8 END,"
	    " taken = taken + ?9, refused = refused + ?10");
	sql_bind(q, "icctittiii", note->link, note->at, note->next, note->error,
	    (int64_t)note->fails, note->etag, note->modified, note->items, note->taken,
	    note->refused);
	return end(st, sql_run(q), err);
}

bool
link_note_page(
    struct store *st, int64_t link, const char *url, const char *stamp, int64_t at, struct err *err)
{
	struct sql *q;
	bool good;

	if (!begin(st, err))
		return false;
	q = sql(st, "INSERT INTO poll_page (link, url, stamp, at) VALUES (?1, ?2, ?3, ?4)"
		    " ON CONFLICT (link, url) DO UPDATE SET stamp = ?3, at = ?4");
	sql_bind(q, "itti", link, url, stamp, at);
	good = sql_run(q);
	q = sql(st, "DELETE FROM poll_page WHERE link = ?1 AND at < ?2");
	sql_bind(q, "ii", link, at - PAGE_KEPT);
	good = good && sql_run(q);
	return end(st, good, err);
}

bool
link_has_page(struct store *st, int64_t link, const char *url, const char *stamp)
{
	return sql_one_int(st,
		   "SELECT count(*) FROM poll_page WHERE link = ?1 AND url = ?2 AND stamp = ?3", 0,
		   "itt", link, url, stamp) > 0;
}
