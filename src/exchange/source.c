/*
 * Feeds and spool folders in. A poll is a job: the document itself, then the pages it points to,
 * several at once. It ends when all are there: validators are kept only when every page was taken,
 * else the index is asked for whole again.
 */
#include "exchange/syncing.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/backoff.h"
#include "exchange/claim.h"
#include "exchange/credentials.h"
#include "exchange/spool.h"
#include "exchange/url.h"
#include "store/sql.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Files of a folder in one round, so that messages and other feeds have their turn. */
#define FILES_A_ROUND 200
/* After the end of a poll another process has just done the same. */
#define JUST_NOW 2000
/* Another process has the claim: look again then, in case it is killed. */
#define OTHER_BUSY 5000

struct source_job {
	struct source_job *next;
	struct sync *sync;
	struct sync_link link;
	struct credentials sign_on; /* and the address without its user */
	struct sync_taken pages;    /* still to be fetched: from `at` on */
	size_t at;
	struct errand *errands; /* transfers under way */
	int64_t soon;	   /* ms to the next look, when that is sooner than the interval; 0 not */
	int64_t done, all; /* documents */
	bool more;	   /* of the folder: go on at once */
	bool read, unchanged; /* the document itself is in; it was a 304 */
	char *error;	      /* the first failure */
	int64_t asked;	      /* Retry-After */
	char *etag, *modified;
	int64_t items, taken, refused;
};

/* One transfer: of the document itself or of a page. */
struct errand {
	struct errand *next;
	struct source_job *job;
	char *url, *stamp;
	bool is_page;
};

static void
link_clear(struct sync_link *l)
{
	free(l->name);
	free(l->kind);
	free(l->url);
	free(l->format);
	free(l->columns);
	free(l->hosts);
	free(l->pin_ca);
	free(l->pin_key);
	free(l->etag);
	free(l->modified);
	free(l->last_error);
}

static void
pages_clear(struct sync_taken *t)
{
	for (size_t i = 0; i < t->n_pages; i++) {
		free(t->pages[i].url);
		free(t->pages[i].stamp);
	}
	free(t->pages);
	*t = (struct sync_taken){.items = 0};
}

static void
errand_free(struct errand *e)
{
	struct errand **at = &e->job->errands;

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	free(e->url);
	free(e->stamp);
	free(e);
}

static void
job_free(struct source_job *j)
{
	while (j->errands)
		errand_free(j->errands);
	link_clear(&j->link);
	credentials_clear(&j->sign_on);
	pages_clear(&j->pages);
	free(j->error);
	free(j->etag);
	free(j->modified);
	free(j);
}

/* --- profiles -------------------------------------------------------------------------------- */

static void
read_link(struct sql *q, struct sync_link *l)
{
	char **const text[] = {&l->name, &l->kind, &l->url, &l->format, &l->columns, &l->hosts,
	    &l->pin_ca, &l->pin_key, &l->etag, &l->modified, &l->last_error};

	for (size_t i = 0; i < COUNT_OF(text); i++)
		*text[i] = mem_dup(sql_text(q, (int)i + 1));
	l->id = sql_int(q, 0);
	l->interval_s = (int)sql_int(q, 12);
	l->timeout_s = (int)sql_int(q, 13);
	l->max_bytes = (size_t)sql_int(q, 14);
	l->zone = (int)sql_int(q, 15);
	l->radius_km = sql_int(q, 16) != 0;
	l->area = sql_int(q, 17);
	l->last_try = sql_time(q, 18);
	l->next_try = sql_time(q, 19);
	l->fails = (int)sql_int(q, 20);
	l->items = sql_null(q, 21) ? -1 : sql_int(q, 21);
}

/* All of them (only 0), or the one with this id. */
static size_t
read_links(struct store *st, int64_t only, struct sync_link **out)
{
	struct sql *q =
	    sql(st, "SELECT l.id, l.name, l.kind, f.url, f.format, f.columns, f.hosts, f.pin_ca, "
		    "f.pin_key, p.etag,"
		    " p.modified, p.last_error, f.interval_s, f.timeout_s, f.max_bytes, f.zone, "
		    "f.radius_km, f.area,"
		    " p.last_try, p.next_try, p.fails, p.items"
		    " FROM link l JOIN feed f ON f.link = l.id LEFT JOIN poll p ON p.link = l.id"
		    " WHERE l.enabled = 1 AND (?1 = 0 OR l.id = ?1) ORDER BY l.id");
	size_t n = 0, room = 0;

	*out = NULL;
	sql_bind(q, "i", only);
	while (sql_row(q)) {
		mem_grow(out, &room, n);
		read_link(q, &(*out)[n++]);
	}
	sql_done(q);
	return n;
}

/* When it is to be tried. A time of the last try that is still to come means that the clock was set
 * back. */
static int64_t
due_at(const struct sync *s, const struct sync_link *l)
{
	if (l->next_try == CLOCK_NONE || l->last_try == CLOCK_NONE ||
	    l->last_try > clock_now() + JUST_NOW)
		return 0;
	/* A person or cron asks for it now; a source that asked to be left alone, or that just was
	 * asked, is. */
	if (s->options->once && l->fails == 0 && l->last_try < s->started - JUST_NOW)
		return 0;
	return l->next_try;
}

/* --- the end of a poll ----------------------------------------------------------------------- */

static void
alarm_about(struct sync *s, const struct sync_link *l, const char *text)
{
	if (strcmp(l->last_error, text) == 0)
		return; /* told already, and nothing changed */
	sync_verb(
	    s, "link.alarm", json_pack("{s:I, s:s}", "link", (json_int_t)l->id, "error", text));
	if (s->sink->alarm)
		s->sink->alarm(s->sink->context, l->name, text);
}

static void
unlink_job(struct sync *s, struct source_job *j)
{
	struct source_job **at = &s->sources;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
}

static int64_t
next_time(const struct source_job *j, int fails)
{
	int64_t wait = (int64_t)j->link.interval_s * 1000;

	if (!j->error && j->more)
		return clock_now();
	if (!j->error)
		return clock_now() + (j->soon && j->soon < wait ? j->soon : wait);
	if (wait > BACKOFF_BASE)
		wait = BACKOFF_BASE;
	return clock_now() + backoff_ms(fails, wait, BACKOFF_MOST, j->asked);
}

static void
finish(struct source_job *j)
{
	struct sync *s = j->sync;
	struct link_note note = {.link = j->link.id,
	    .at = clock_now(),
	    .error = j->error,
	    .items = -1,
	    .fails = j->error ? j->link.fails + 1 : 0,
	    .taken = j->taken,
	    .refused = j->refused};

	note.next = next_time(j, note.fails);
	if (!j->error && !j->unchanged) {
		note.etag = j->etag ? j->etag : "";
		note.modified = j->modified ? j->modified : "";
		note.items = j->items;
		if (j->items == 0 && j->link.items > 0)
			alarm_about(s, &j->link, _("empty, and last time it was not"));
	}
	sync_note(s, &note, j->link.fails);
	s->report->failed += j->error != NULL;
	s->report->unchanged += !j->error && j->unchanged;
	s->report->fetched += !j->error && !j->unchanged;
	if (j->error)
		sync_tell(s, "%s: %s", j->link.name, j->error);
	claim_drop(s->claims, j->link.id);
	unlink_job(s, j);
	job_free(j);
	s->changed = true;
}

static void
fail(struct source_job *j, const char *reason)
{
	if (!j->error)
		j->error = mem_dup(reason);
}

/* --- documents ------------------------------------------------------------------------------- */

/* The pages that were not taken yet, as whole addresses; those that lead elsewhere are left out and
 * told. */
static void
keep_pages(struct source_job *j, const struct sync_taken *t)
{
	size_t elsewhere = 0;

	for (size_t i = 0; i < t->n_pages && j->pages.n_pages < SYNC_PAGES; i++) {
		char *url = url_resolve(j->sign_on.url, t->pages[i].url);

		if (!url || !url_may_follow(j->sign_on.url, url, j->link.hosts))
			elsewhere++;
		else if (!link_has_page(j->sync->st, j->link.id, url, t->pages[i].stamp))
			sync_page_add(&j->pages, url, t->pages[i].stamp);
		free(url);
	}
	j->all += (int64_t)j->pages.n_pages;
	if (elsewhere)
		sync_tell(j->sync,
		    ngettext("%s: %zu page of another host is not fetched",
			"%s: %zu pages of another host are not fetched", (unsigned long)elsewhere),
		    j->link.name, elsewhere);
}

/* True when it was committed. */
static bool
take(struct source_job *j, const char *url, bool is_page, const char *bytes, size_t n,
    struct err *err)
{
	struct sync *s = j->sync;
	struct sync_taken t = {.items = 0};
	bool good = s->sink->take(s->sink->context, &j->link, url, bytes, n, &t, err);

	if (good) {
		j->items += t.items;
		j->taken += t.taken;
		j->refused += t.refused;
		s->report->taken += t.taken;
		s->report->refused += t.refused;
		if (!is_page)
			keep_pages(j, &t);
	} else if (err->code == ERR_STORE) {
		s->lost = true;
		fail(j, err->message ? err->message : "");
		err_move(&s->err, err);
	}
	pages_clear(&t);
	return good;
}

static void
got(struct source_job *j, struct errand *e, const struct transfer_answer *a)
{
	struct err err = ERR_NONE;
	struct sync *s = j->sync;

	if (take(j, e->url, e->is_page, a->body, a->size, &err)) {
		j->read = true;
		if (!e->is_page) {
			j->etag = mem_dup(a->etag);
			j->modified = mem_dup(a->modified);
		}
	} else if (!e->is_page)
		fail(j, err.message ? err.message : "");
	else {
		/* The index is well; what it points to is not, and will not be when asked again. */
		j->refused++;
		s->report->refused++;
		sync_tell(s, "%s %s: %s", j->link.name, e->url, err.message ? err.message : "");
	}
	if (e->is_page && !s->lost &&
	    !link_note_page(s->st, j->link.id, e->url, e->stamp, clock_now(), &s->err))
		s->lost = true;
	err_clear(&err);
}

static void
on_done(void *context, const struct transfer_answer *a)
{
	struct errand *e = context;
	struct source_job *j = e->job;
	struct sync *s = j->sync;

	s->fetching--;
	s->changed = true;
	j->done++;
	if (a->end == TRANSFER_OK)
		got(j, e, a);
	else if (a->end == TRANSFER_SAME && !e->is_page)
		j->read = j->unchanged = true;
	else {
		fail(j, a->reason);
		if (a->retry_after > j->asked)
			j->asked = a->retry_after;
		if (a->end == TRANSFER_LARGE)
			alarm_about(s, &j->link, a->reason);
	}
	if (s->sink->progress && j->all > 1)
		s->sink->progress(s->sink->context, &j->link, j->done, j->all);
	errand_free(e);
}

static void
ask(struct source_job *j, const char *url, const char *stamp)
{
	const struct sync_link *l = &j->link;
	bool is_page = stamp != NULL, known = url_may_follow(j->sign_on.url, url, NULL);
	struct errand *e = mem_zero(1, sizeof(*e));
	struct transfer_ask a = {.url = url,
	    .etag = is_page ? NULL : l->etag,
	    .modified = is_page ? NULL : l->modified,
	    .hosts = l->hosts,
	    .user = known ? j->sign_on.user : NULL,
	    .secret = known ? j->sign_on.secret : NULL,
	    .pin_ca = *l->pin_ca ? l->pin_ca : NULL,
	    .pin_key = *l->pin_key ? l->pin_key : NULL,
	    .timeout_ms = l->timeout_s * 1000,
	    .most = l->max_bytes};

	*e = (struct errand){j->errands, j, mem_dup(url), mem_dup(stamp), is_page};
	j->errands = e;
	j->sync->fetching++;
	engine_start(j->sync->engine, &a, on_done, e);
}

/* Pages as far as there is room; jobs whose last errand is home end. */
static void
move_on(struct sync *s)
{
	for (struct source_job *j = s->sources, *next; j; j = next) {
		next = j->next;
		while (
		    j->read && j->at < j->pages.n_pages && s->fetching < SYNC_AT_ONCE && !s->lost) {
			ask(j, j->pages.pages[j->at].url, j->pages.pages[j->at].stamp);
			j->at++;
		}
		if (!j->errands && (j->at == j->pages.n_pages || s->lost))
			finish(j);
	}
}

/* --- folders --------------------------------------------------------------------------------- */

static enum spool_verdict
take_file(void *context, const char *name, const char *data, size_t n, struct err *err)
{
	struct source_job *j = context;

	if (take(j, name, true, data, n, err)) {
		j->done++;
		return SPOOL_DONE;
	}
	return j->sync->lost ? SPOOL_LATER : SPOOL_REFUSED;
}

static void
on_file(void *context, int done, int all)
{
	struct source_job *j = context;
	const struct sync_sink *sink = j->sync->sink;

	if (sink->progress && all > 1)
		sink->progress(sink->context, &j->link, done, all);
}

static void
scan(struct source_job *j)
{
	int64_t settle = j->sync->options->settle_ms;
	struct err err = ERR_NONE;
	struct spool_count count;

	settle = settle == 0 ? SPOOL_SETTLE : settle < 0 ? 0 : settle;
	if (!spool_scan(j->link.url, j->link.max_bytes, FILES_A_ROUND, settle, take_file, on_file,
		j, &count, &err))
		fail(j, err.message ? err.message : "");
	j->read = true;
	/* An empty folder is not a feed that fell silent. */
	j->unchanged = count.done == 0;
	j->link.items = -1;
	j->refused += count.refused;
	if (count.waiting)
		j->soon = settle + 100;
	if (count.done + count.refused >= FILES_A_ROUND)
		j->more = true;
	j->sync->report->files += count.done + count.refused;
	err_clear(&err);
}

/* --- starting -------------------------------------------------------------------------------- */

static bool
is_under_way(const struct sync *s, int64_t link)
{
	for (const struct source_job *j = s->sources; j; j = j->next)
		if (j->link.id == link)
			return true;
	return false;
}

/* The document itself, or what it takes to get it. */
static void
fetch(struct source_job *j)
{
	struct err err = ERR_NONE;

	if (credentials_for(store_path(j->sync->st), j->link.url, &j->sign_on, &err))
		ask(j, j->sign_on.url, NULL);
	else
		fail(j, err.message ? err.message : "");
	err_clear(&err);
}

/* Take the claim, look again, go. `id`: due as it seemed. False: another process is at it. */
static bool
start(struct sync *s, int64_t id)
{
	struct source_job *j;
	struct sync_link *l;
	size_t n;

	if (!claim_take(s->claims, id))
		return false;
	n = read_links(s->st, id, &l);
	if (n == 0 || due_at(s, l) > clock_now()) {
		if (n)
			link_clear(l);
		free(l);
		claim_drop(s->claims, id);
		return true;
	}
	j = mem_zero(1, sizeof(*j));
	j->sync = s;
	j->link = *l;
	j->all = 1;
	free(l);
	j->next = s->sources;
	s->sources = j;
	if (strcmp(j->link.kind, "spool") == 0)
		scan(j);
	else
		fetch(j);
	s->changed = true;
	return true;
}

int64_t
source_start(struct sync *s)
{
	struct sync_link *links;
	int64_t now = clock_now(), next = INT64_MAX;
	size_t n;

	move_on(s);
	n = read_links(s->st, 0, &links);
	for (size_t i = 0; i < n; i++) {
		int64_t due = due_at(s, &links[i]);

		if (due > now)
			next = due < next ? due : next;
		else if (s->fetching < SYNC_AT_ONCE && !s->lost && !is_under_way(s, links[i].id) &&
			 !start(s, links[i].id) && now + OTHER_BUSY < next)
			next = now + OTHER_BUSY;
		link_clear(&links[i]);
	}
	free(links);
	return next;
}

bool
source_busy(const struct sync *s)
{
	return s->sources != NULL;
}

void
source_stop(struct sync *s)
{
	while (s->sources) {
		struct source_job *j = s->sources;

		s->sources = j->next;
		job_free(j);
	}
}
