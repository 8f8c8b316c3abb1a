/* The loop: start what is due, move the transfers on, sleep until the next thing: a time, a reply,
 * a new message in the outbox, a signal. */
#include "exchange/sync.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/claim.h"
#include "exchange/syncing.h"
#include "exchange/url.h"
#include "store/sql.h"
#include "store/store.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The longest sleep: clocks may be set meanwhile. */
#define SLEEP_MOST 60000

void
sync_page_add(struct sync_taken *taken, const char *url, const char *stamp)
{
	mem_grow(&taken->pages, &taken->room_pages, taken->n_pages);
	taken->pages[taken->n_pages++] =
	    (struct sync_page){mem_dup(url), mem_dup(stamp ? stamp : "")};
}

void
sync_tell(struct sync *s, const char *format, ...)
{
	va_list ap;
	char *line;

	if (!s->sink->tell)
		return;
	va_start(ap, format);
	line = mem_vprint(format, ap);
	va_end(ap);
	s->sink->tell(s->sink->context, line);
	free(line);
}

bool
sync_verb(struct sync *s, const char *verb, json_t *args)
{
	struct verb_result result = {.said = NULL};
	struct err err = ERR_NONE;
	bool done = verb_run(s->st, &s->actor, verb, args, &result, &err);

	json_decref(args);
	if (done) {
		sync_tell(s, "%s", result.said ? result.said : "");
		verb_result_clear(&result);
		return true;
	}
	if (err.code == ERR_STORE || err.code == ERR_IO) {
		s->lost = true;
		return err_move(&s->err, &err);
	}
	sync_tell(s, "%s", err.message ? err.message : "");
	err_clear(&err);
	return false;
}

void
sync_note(struct sync *s, const struct link_note *note, int before)
{
	struct err err = ERR_NONE;

	if (!link_note(s->st, note, &err)) {
		s->lost = true;
		err_move(&s->err, &err);
		return;
	}
	if (note->error && note->fails == DOWN_AFTER)
		sync_verb(s, "link.down",
		    json_pack("{s:I, s:s}", "link", (json_int_t)note->link, "error", note->error));
	else if (!note->error && before >= DOWN_AFTER)
		sync_verb(s, "link.up", json_pack("{s:I}", "link", (json_int_t)note->link));
}

static bool
is_stopped(const struct sync *s)
{
	return s->lost || (s->options->stop && *s->options->stop);
}

/* Sleep or move on. */
static void
wait_for(struct sync *s, int64_t next)
{
	int64_t now = clock_now(), wait = next == INT64_MAX ? SLEEP_MOST : next - now;
	int fds[2];
	size_t n = 0;

	if (s->options->wake_fd >= 0)
		fds[n++] = s->options->wake_fd;
	if (store_watch_fd(s->st) >= 0)
		fds[n++] = store_watch_fd(s->st);
	if (wait > SLEEP_MOST)
		wait = SLEEP_MOST;
	/* A pinned clock does not move while we sleep. */
	if (wait < 0 || s->changed)
		wait = 0;
	engine_run(s->engine, (int)wait, fds, n);
	store_watch_drain(s->st);
}

/* Addresses of an older version may have passwords in them: they go on as they went, and it is
 * said. */
static void
tell_passwords(struct sync *s)
{
	struct sql *q =
	    sql(s->st, "SELECT l.name, f.url FROM link l JOIN feed f ON f.link = l.id UNION ALL "
		       "SELECT d.unit, "
		       "d.address FROM destination d WHERE d.channel IN ('http', 'smtp')");

	while (sql_row(q)) {
		char *url = mem_dupn(sql_text(q, 1), strcspn(sql_text(q, 1), " "));

		if (url_has_password(url))
			sync_tell(s,
			    _("%s: its password stands in the store. Change it there, set the "
			      "address "
			      "anew without one, and see zhiban-admin(8), Credentials."),
			    sql_text(q, 0));
		free(url);
	}
	sql_done(q);
}

static void
run(struct sync *s)
{
	tell_passwords(s);
	s->started = clock_now();
	while (!is_stopped(s)) {
		int64_t next = INT64_MAX, other;

		s->changed = false;
		if (s->sink->tick && !s->sink->tick(s->sink->context, &s->err)) {
			s->lost = true;
			break;
		}
		if (!s->options->no_feeds)
			next = source_start(s);
		if (!s->options->no_outbox && !is_stopped(s)) {
			other = courier_start(s);
			next = other < next ? other : next;
		}
		if (is_stopped(s))
			break;
		if (s->options->once && !s->changed && !source_busy(s) && !courier_busy(s))
			break;
		wait_for(s, next);
	}
}

bool
sync_run(struct store *st, const struct sync_sink *sink, const struct sync_options *options,
    struct sync_report *report, struct err *err)
{
	struct sync s = {.st = st, .sink = sink, .options = options, .report = report};

	memset(report, 0, sizeof(*report));
	actor_system(&s.actor, "sync");
	s.claims = claim_open(store_path(st), err);
	if (s.claims < 0)
		return false;
	s.engine = engine_new();
	run(&s);
	source_stop(&s);
	courier_stop(&s);
	engine_free(s.engine);
	close(s.claims);
	if (s.lost)
		return err_move(err, &s.err);
	err_clear(&s.err);
	return true;
}
