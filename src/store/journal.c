/*
 * Reading and appending the journal. Ids grow with the sequence, so "newest first" is the primary
 * key backwards and a page costs what it shows. Each filter has the index that keeps that true:
 * incident, person, area, and the verb's family (the part before and with the dot).
 */
#include "store/inside.h"

#include "base/conceal.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/journal.h"
#include "store/search.h"
#include "store/search_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
or_null(const char *text)
{
	return *text ? text : NULL;
}

bool
journal_append(struct verb_call *call, const char *verb, const char *args, const char *text,
    const void *changeset, size_t size)
{
	struct store *st = call->st;
	struct chain_fields row = {.id = call->journal,
	    .origin = st->area,
	    .seq = call->seq,
	    .at = call->now,
	    .person = call->actor.person,
	    .actor = call->actor.name,
	    .via = call->actor.via,
	    .verb = verb,
	    .subject_kind = or_null(call->subject_kind),
	    .subject = call->subject,
	    .incident = call->incident,
	    .area = call->area,
	    .args = args,
	    .text = text,
	    .corrects = call->corrects,
	    .changeset = size ? changeset : NULL,
	    .changeset_size = size};
	unsigned char hash[HASH_SIZE];
	struct sql *q;

	chain_hash(st->digest, call->prev, &row, hash);
	q = sql(st, "INSERT INTO journal (id, origin, seq, at, person, actor, via, verb, "
		    "subject_kind, subject,"
		    " incident, area, args, text, corrects, changeset, prev, hash)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
		    "?16, ?17, ?18)");
	sql_bind(q, "iiiizttttzzzttzbbb", row.id, row.origin, row.seq, row.at, row.person,
	    row.actor, row.via, row.verb, row.subject_kind, row.subject, row.incident, row.area,
	    row.args, row.text, row.corrects, row.changeset, row.changeset_size, call->prev,
	    (size_t)HASH_SIZE, hash, (size_t)HASH_SIZE);
	if (!sql_run(q))
		return false;
	st->appended = row.id;
	search_put(st, "journal", call->journal, text);
	search_catch_up(st);
	return st->fault.code == SQLITE_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
	"j.id, j.origin, j.seq, j.at, j.person, j.actor, j.via, j.verb, j.subject_kind, "          \
	"j.subject, j.incident,"                                                                   \
	" j.args, j.text, j.corrects, m.by"
#define FROM " FROM journal j LEFT JOIN journal_mark m ON m.id = j.id WHERE "

static void
fill(struct sql *q, struct journal_row *row)
{
	*row = (struct journal_row){.id = sql_int(q, 0),
	    .origin = sql_int(q, 1),
	    .seq = sql_int(q, 2),
	    .at = sql_int(q, 3),
	    .person = sql_int(q, 4),
	    .actor = mem_dup(sql_text(q, 5)),
	    .via = mem_dup(sql_text(q, 6)),
	    .verb = mem_dup(sql_text(q, 7)),
	    .subject_kind = mem_dup(sql_text(q, 8)),
	    .subject = sql_int(q, 9),
	    .incident = sql_int(q, 10),
	    .args = mem_dup(sql_text(q, 11)),
	    .text = mem_dup(sql_text(q, 12)),
	    .corrects = id_sequence(sql_int(q, 13)),
	    .undone_by = id_sequence(sql_int(q, 14))};
	/* Of a store of an older version; the row itself stays as it was chained. */
	conceal_passwords(row->args);
	conceal_passwords(row->text);
}

bool
journal_get(struct store *st, int64_t id, struct journal_row *out)
{
	struct sql *q = sql(st, "SELECT " COLUMNS FROM "j.id = ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fill(q, out);
	sql_done(q);
	return found;
}

bool
journal_by_seq(struct store *st, int64_t seq, struct journal_row *out)
{
	return seq > 0 && seq <= ID_SEQUENCE_MAX && journal_get(st, id_make(st->area, seq), out);
}

void
journal_row_clear(struct journal_row *row)
{
	free(row->actor);
	free(row->via);
	free(row->verb);
	free(row->subject_kind);
	free(row->args);
	free(row->text);
	memset(row, 0, sizeof(*row));
}

/* --- time windows ----------------------------------------------------------------------------- */

/*
 * Ids from..to - 1 whose times lie in the window. The times of an origin's rows never go down, but
 * where the clock was set back: verb_run writes a row "clock.changed" there. So between two such
 * rows the window is one run of ids and its ends are found by halving (20 reads in a million),
 * newest run first.
 */
struct span {
	int64_t from, to;
};
#define SPANS_MAX 64

static int64_t
time_of(struct store *st, int64_t id)
{
	return sql_one_int(st, "SELECT at FROM journal WHERE id = ?1", CLOCK_NONE, "i", id);
}

/* The first id in [low, high) whose time is at or behind `when`; high when there is none. */
static int64_t
first_at(struct store *st, int64_t low, int64_t high, int64_t when)
{
	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (time_of(st, middle) < when)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
spans_of(struct store *st, int64_t from, int64_t to, struct span *out)
{
	int64_t first = id_make(st->area, 1), end, seq, at;
	unsigned char hash[HASH_SIZE];
	size_t n = 0;

	chain_head(st, &seq, &at, hash);
	for (end = first + seq; end > first && n < SPANS_MAX;) {
		int64_t start = sql_one_int(st,
		    "SELECT max(id) FROM journal INDEXED BY journal_family"
		    " WHERE substr(verb, 1, instr(verb, '.')) = 'clock.' AND id BETWEEN ?1 AND ?2",
		    first, "ii", first, end - 1);
		struct span span = {start, end};

		if (from != CLOCK_NONE)
			span.from = first_at(st, start, end, from);
		if (to != CLOCK_NONE && to < INT64_MAX)
			span.to = first_at(st, span.from, end, to + 1);
		if (span.from < span.to)
			out[n++] = span;
		end = start;
	}
	return n;
}

int64_t
journal_last_at(struct store *st, int64_t when)
{
	struct span spans[SPANS_MAX];

	return spans_of(st, CLOCK_NONE, when, spans) ? spans[0].to - 1 : 0;
}

/* --- filters ---------------------------------------------------------------------------------- */

/*
 * One statement for each index that can drive the walk and each direction. ?1 the driving value,
 * ?2..?3 ids from..to - 1, ?4 person, ?5 area, ?6 verb prefix (NULL any), ?7 the limit.
 */
#define REST                                                                                       \
	" AND j.id >= ?2 AND j.id < ?3 AND (?4 IS NULL OR j.person = ?4) AND (?5 IS NULL OR "      \
	"j.area = ?5)"                                                                             \
	" AND (?6 IS NULL OR substr(j.verb, 1, length(?6)) = ?6) ORDER BY j.id "
#define PAGE(index, condition, direction)                                                          \
	"SELECT " COLUMNS " FROM journal j " index                                                 \
	" LEFT JOIN journal_mark m ON m.id = j.id WHERE " condition REST direction " LIMIT ?7"
#define TALLY(index, condition)                                                                    \
	"SELECT count(*) FROM (SELECT 1 FROM journal j " index " WHERE " condition REST            \
	"DESC LIMIT ?7)"

#define DRIVE(index, condition)                                                                    \
	{                                                                                          \
		PAGE(index, condition, "DESC"), PAGE(index, condition, "ASC"),                     \
		    TALLY(index, condition)                                                        \
	}

enum way { DOWN, UP, TALLY_UP };
enum drive { BY_INCIDENT, BY_FAMILY, BY_PERSON, BY_AREA, BY_NUMBER };

static const char *const statement[][3] = {
    [BY_INCIDENT] = DRIVE("INDEXED BY journal_incident", "j.incident = ?1"),
    [BY_FAMILY] = DRIVE("INDEXED BY journal_family", "substr(j.verb, 1, instr(j.verb, '.')) = ?1"),
    [BY_PERSON] = DRIVE("INDEXED BY journal_person", "j.person = ?1"),
    [BY_AREA] = DRIVE("INDEXED BY journal_area", "j.area = ?1"),
    [BY_NUMBER] = DRIVE("NOT INDEXED", "?1 IS NULL"),
};

static struct sql *
ask(struct store *st, const struct journal_filter *f, enum way way, struct span ids, int64_t limit)
{
	const char *dot = f->verb ? strchr(f->verb, '.') : NULL,
		   *verb = f->verb && *f->verb ? f->verb : NULL;
	enum drive drive = f->incident ? BY_INCIDENT
			   : dot       ? BY_FAMILY
			   : f->person ? BY_PERSON
			   : f->area   ? BY_AREA
				       : BY_NUMBER;
	struct sql *q = sql(st, statement[drive][way]);
	char family[64];

	if (drive == BY_FAMILY) {
		snprintf(family, sizeof(family), "%.*s", (int)(dot - f->verb + 1), f->verb);
		sql_bind(q, "tiizzti", family, ids.from, ids.to, f->person, f->area, verb, limit);
	} else {
		sql_bind(q, "ziizzti",
		    drive == BY_INCIDENT ? f->incident
		    : drive == BY_PERSON ? f->person
		    : drive == BY_AREA	 ? f->area
					 : (int64_t)0,
		    ids.from, ids.to, f->person, f->area, verb, limit);
	}
	return q;
}

/* --- words ------------------------------------------------------------------------------------ */

#define HITS 64

/* Is the row of this id in the window, and does it pass the other filters? Then it is filled. */
static bool
fill_if(struct store *st, const struct journal_filter *f, int64_t id, struct journal_row *row)
{
	struct sql *q =
	    ask(st, &(struct journal_filter){.person = f->person, .area = f->area, .verb = f->verb},
		DOWN, (struct span){id, id + 1}, 1);
	bool found = sql_row(q) && (f->from == CLOCK_NONE || sql_int(q, 3) >= f->from) &&
		     (f->to == CLOCK_NONE || sql_int(q, 3) <= f->to) &&
		     (!f->incident || sql_int(q, 10) == f->incident);

	if (found)
		fill(q, row);
	sql_done(q);
	return found;
}

/* Between `above` and `below` (both excluded), the newest first or with `up` the oldest: each row that
 * passes goes to take(), until that says enough. */
static void
each_hit(struct store *st, const struct journal_filter *f, int64_t above, int64_t below, bool up,
    bool (*take)(void *data, struct journal_row *row), void *data)
{
	struct journal_row row;
	int64_t id[HITS];
	size_t n;

	do {
		n = search_journal(st, f->words, above, below, up, id, HITS);
		for (size_t i = 0; i < n; i++)
			if (fill_if(st, f, id[i], &row) && !take(data, &row))
				return;
		if (n)
			*(up ? &above : &below) = id[n - 1];
	} while (n == HITS);
}

/* Where hits go. */
struct window {
	struct journal_row *row;
	size_t max, n;
};

static bool
take_row(void *data, struct journal_row *row)
{
	struct window *w = data;

	w->row[w->n++] = *row;
	return w->n < w->max;
}

static bool
take_count(void *data, struct journal_row *row)
{
	struct window *w = data;

	journal_row_clear(row);
	return ++w->n < w->max;
}

/* --- pages ------------------------------------------------------------------------------------ */

static bool
has_words(const struct journal_filter *f)
{
	return f->words && *f->words;
}

/* The runs of ids to walk, newest first. */
static size_t
spans_for(struct store *st, const struct journal_filter *f, struct span *out)
{
	if (f->from != CLOCK_NONE || f->to != CLOCK_NONE)
		return spans_of(st, f->from, f->to, out);
	out[0] = (struct span){INT64_MIN, INT64_MAX};
	return 1;
}

size_t
journal_page(struct store *st, const struct journal_filter *f, int64_t before,
    struct journal_row *out, size_t max)
{
	struct window w = {out, max, 0};
	struct span spans[SPANS_MAX];
	size_t n_spans;

	if (!max)
		return 0;
	if (has_words(f)) {
		each_hit(st, f, 0, before ? before : INT64_MAX, false, take_row, &w);
		return w.n;
	}
	n_spans = spans_for(st, f, spans);
	for (size_t i = 0; i < n_spans && w.n < max; i++) {
		struct sql *q;

		if (before && spans[i].to > before)
			spans[i].to = before;
		q = ask(st, f, DOWN, spans[i], (int64_t)(max - w.n));
		while (w.n < max && sql_row(q))
			fill(q, &out[w.n++]);
		sql_done(q);
	}
	return w.n;
}

size_t
journal_page_up(struct store *st, const struct journal_filter *f, int64_t after,
    struct journal_row *out, size_t max)
{
	struct window w = {out, max, 0};
	struct span spans[SPANS_MAX];

	if (!max)
		return 0;
	if (has_words(f)) {
		each_hit(st, f, after, INT64_MAX, true, take_row, &w);
		return w.n;
	}
	for (size_t i = spans_for(st, f, spans); i > 0 && w.n < max; i--) {
		struct span *span = &spans[i - 1];
		struct sql *q;

		if (span->from <= after)
			span->from = after + 1;
		q = ask(st, f, UP, *span, (int64_t)(max - w.n));
		while (w.n < max && sql_row(q))
			fill(q, &out[w.n++]);
		sql_done(q);
	}
	return w.n;
}

int64_t
journal_count(struct store *st, const struct journal_filter *f, int64_t limit)
{
	struct window w = {NULL, (size_t)limit + 1, 0};
	struct span spans[SPANS_MAX];
	int64_t count = 0;
	size_t n;

	if (has_words(f)) {
		each_hit(st, f, 0, INT64_MAX, false, take_count, &w);
		return (int64_t)w.n;
	}
	n = spans_for(st, f, spans);
	for (size_t i = 0; i < n && count <= limit; i++) {
		struct sql *q = ask(st, f, TALLY_UP, spans[i], limit + 1 - count);

		if (sql_row(q))
			count += sql_int(q, 0);
		sql_done(q);
	}
	return count;
}

void
journal_head(struct store *st, int64_t *seq, char hex[65])
{
	unsigned char hash[HASH_SIZE];
	int64_t at;

	chain_head(st, seq, &at, hash);
	chain_hex(hash, sizeof(hash), hex);
}
