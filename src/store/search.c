/*
 * The index and the questions put to it (the tables: search_internal.h; the terms: tokenizer.c).
 *
 * A question is never FTS5 syntax: it is cut into blank-separated words, the words into terms, and
 * every term goes in quotes. With detail=none the index only knows which text has which terms, so
 * each candidate, newest first, is read and must hold every word as it was typed. Measured
 * (reliability 2.5): a third of the size of an index with positions, and 0.04 to 0.13 ms for the
 * newest 20 of 100,000. What is not indexed yet is read before.
 */
#include "store/inside.h"
#include "store/scope.h"
#include "store/search.h"
#include "store/search_internal.h"
#include "store/sql.h"
#include "store/words.h"

#include "base/buf.h"
#include "base/conceal.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 16
#define TERMS_MAX 48
#define WORD_BYTES 256
#define KIND_MARK "\xee\x80\x80"

struct question {
	char word[WORDS_MAX][WORD_BYTES]; /* folded; each must occur */
	size_t n_words, n_terms;
	struct term {
		size_t at, size; /* in `terms` */
		bool prefix;
	} term[TERMS_MAX];
	struct buf terms; /* as the index has them, one behind the other */
	struct buf match; /* the FTS5 expression */
};

/* --- the question ---------------------------------------------------------------------------- */

static void
add_term(struct question *q, const char *text, size_t n, bool prefix)
{
	char term[WORD_BYTES];

	if (q->n_terms == TERMS_MAX)
		return; /* the re-check still wants the whole word */
	n = words_fold(text, n, term, sizeof(term));
	buf_printf(&q->match, "\"%s\"%s ", term, prefix ? "*" : "");
	n = n < SEARCH_TERM_MAX ? n : words_fold(term, n, term, SEARCH_TERM_MAX + 1);
	q->term[q->n_terms++] = (struct term){q->terms.size, n, prefix};
	buf_add_n(&q->terms, term, n);
}

static void
add_pairs(struct question *q, const char *text, const struct run *run)
{
	size_t at = run->start, next = utf8_next(text, run->end, at);

	if (next == run->end)
		add_term(q, text + at, run->end - at, true);
	for (; next < run->end; at = next, next = utf8_next(text, run->end, next))
		add_term(q, text + at, utf8_next(text, run->end, next) - at, false);
}

/* A word without a letter, digit or character asks for nothing. */
static void
add_word(struct question *q, const char *text, size_t n)
{
	struct run run, following;
	size_t at = 0;
	bool more = words_next(text, n, &at, &run);

	if (!more || q->n_words == WORDS_MAX)
		return;
	words_fold(text, n, q->word[q->n_words++], WORD_BYTES);
	for (; more; run = following) {
		more = words_next(text, n, &at, &following);
		if (run.kind == RUN_CJK)
			add_pairs(q, text, &run);
		else
			add_term(q, text + run.start, run.end - run.start, !more);
	}
}

static void
read_question(struct question *q, const char *words)
{
	size_t n = strlen(words), start = 0, step;

	for (size_t i = 0; i <= n; i += step) {
		step = 1;
		if (i < n && !words_is_blank(utf8_decode(words + i, n - i, &step)))
			continue;
		add_word(q, words + start, i - start);
		start = i + step;
	}
}

static bool
answers(const struct question *q, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < q->n_words; i++)
		if (words_find(text, n, q->word[i], NULL) == SIZE_MAX)
			return false;
	return true;
}

/* What the index would say of a text it does not have yet. */
struct check {
	const struct question *q;
	uint64_t found; /* a bit a term */
};

_Static_assert(TERMS_MAX <= 64, "a bit a term");

static int
check_term(void *data, int flags, const char *term, int size, int start, int end)
{
	struct check *c = data;

	(void)flags;
	(void)start;
	(void)end;
	for (size_t i = 0; i < c->q->n_terms; i++) {
		const struct term *t = &c->q->term[i];

		if ((t->prefix ? t->size <= (size_t)size : t->size == (size_t)size) &&
		    memcmp(term, c->q->terms.data + t->at, t->size) == 0)
			c->found |= UINT64_C(1) << i;
	}
	return SQLITE_OK;
}

static bool
has_terms(const struct question *q, const char *text)
{
	struct check c = {q, 0};

	search_terms(text, strlen(text), check_term, &c);
	return c.found == (q->n_terms == 64 ? ~UINT64_C(0) : (UINT64_C(1) << q->n_terms) - 1);
}

/* --- the hits -------------------------------------------------------------------------------- */

#define BEFORE_HIT 45 /* bytes of text shown before the words */

/* True when it begins behind the beginning of the text. */
static bool
make_snippet(char *out, size_t size, const char *text, const char *word)
{
	size_t n = strlen(text), at = words_find(text, n, word, NULL), start = 0, used = 0, step;

	if (at != SIZE_MAX && at > BEFORE_HIT)
		for (start = at - BEFORE_HIT; start < at && (text[start] & 0xc0) == 0x80;)
			start++;
	for (size_t i = start; i < n; i += step) {
		step = utf8_next(text, n, i) - i;
		if (used + step >= size)
			break;
		if (text[i] == '\n')
			out[used] = ' ';
		else
			memcpy(out + used, text + i, step);
		used += step;
	}
	out[used] = '\0';
	return start > 0;
}

static void
fill_hit(struct search_hit *hit, struct sql *row, const struct question *q)
{
	size_t n = strlen(sql_text(row, 1));
	char *text = mem_dup(sql_text(row, 3));

	*hit = (struct search_hit){.ref = sql_int(row, 2)};
	memcpy(hit->kind, sql_text(row, 1), n < sizeof(hit->kind) ? n : sizeof(hit->kind) - 1);
	conceal_passwords(text); /* of a store of an older version, as in the journal's own pages */
	hit->cut = make_snippet(hit->snippet, sizeof(hit->snippet), text, q->word[0]);
	free(text);
}

static int64_t
indexed_to(struct store *st)
{
	return sql_one_int(st, "SELECT last FROM sequence WHERE name = 'search'", 0, "");
}

/* What a question asks for and what it got. */
struct hunt {
	struct question q;
	struct store *st;
	const struct actor *reader;
	const char *kind;  /* NULL all */
	int64_t low, high; /* documents between, both excluded */
	bool up;	   /* oldest first */
	/* What is found goes to one of them. */
	struct search_hit *hit;
	int64_t *ref;
	size_t found, max;
	int64_t *cursor;
};

/* Read the candidates of a statement in its order. */
static void
sift(struct hunt *h, struct sql *row, bool indexed)
{
	while (h->found < h->max && sql_row(row)) {
		if (!answers(&h->q, sql_text(row, 3)) ||
		    (!indexed && !has_terms(&h->q, sql_text(row, 3))) ||
		    !scope_sees(h->st, h->reader, sql_text(row, 1), sql_int(row, 2)))
			continue;
		if (h->cursor)
			*h->cursor = sql_int(row, 0);
		if (h->hit)
			fill_hit(&h->hit[h->found++], row, &h->q);
		else
			h->ref[h->found++] = sql_int(row, 2);
	}
	sql_done(row);
}

#define CANDIDATES "SELECT d.id, d.kind, d.ref, coalesce(d.text, j.text, '') FROM "
#define WITH_TEXT " LEFT JOIN journal j ON d.text IS NULL AND j.id = d.ref WHERE "
/* Living rows that are the newest of their thing. */
#define PRESENT                                                                                    \
	" AND d.undone IS NULL AND (?3 IS NULL OR d.kind = ?3)"                                    \
	" AND NOT EXISTS (SELECT 1 FROM search_doc n WHERE n.kind <> 'journal' AND "               \
	"n.kind = d.kind AND n.ref = d.ref AND n.id > d.id AND n.undone IS NULL)"

/* Among the documents behind `behind`, which the index does not have yet. */
static void
look_behind(struct hunt *h, int64_t behind)
{
#define BEHIND                                                                                     \
	CANDIDATES "search_doc d" WITH_TEXT "d.id > ?1 AND d.id < ?2" PRESENT " ORDER BY d.id "
	static const char *const ways[] = {BEHIND "DESC", BEHIND "ASC"};
	struct sql *row = sql(h->st, ways[h->up]);

	sql_bind(row, "iit", behind > h->low ? behind : h->low, h->high, h->kind);
	sift(h, row, false);
}

static void
look_in_index(struct hunt *h, int64_t behind)
{
#define INDEXED                                                                                    \
	CANDIDATES "search s CROSS JOIN search_doc d ON d.id = s.rowid" WITH_TEXT                  \
		   "search MATCH ?1 AND s.rowid > ?4 AND s.rowid < ?2" PRESENT                     \
		   " ORDER BY s.rowid "
	static const char *const ways[] = {INDEXED "DESC", INDEXED "ASC"};
	struct sql *row = sql(h->st, ways[h->up]);

	sql_bind(row, "titi", buf_str(&h->q.match), h->high <= behind ? h->high : behind + 1,
	    h->kind, h->low);
	sift(h, row, true);
}

/* Gives the count; ends the hunt. */
static size_t
run_hunt(struct hunt *h, const char *words)
{
	int64_t behind = indexed_to(h->st);
	size_t found;

	h->q.match = h->q.terms = (struct buf)BUF_MAX(TERMS_MAX * (WORD_BYTES + 8));
	read_question(&h->q, words);
	/* Most texts are journal rows: as a term of the index their kind would sift nothing out. */
	if (h->kind && strcmp(h->kind, "journal") != 0)
		buf_printf(&h->q.match, "\"" KIND_MARK "%s\"", h->kind);
	if (h->q.n_words && h->up)
		look_in_index(h, behind);
	if (h->q.n_words)
		look_behind(h, behind);
	if (h->q.n_words && !h->up)
		look_in_index(h, behind);
	found = h->found;
	buf_clear(&h->q.match);
	buf_clear(&h->q.terms);
	free(h);
	return found;
}

size_t
search_find_for(struct store *st, const struct actor *reader, const char *kind, const char *words,
    int64_t before, struct search_hit *out, size_t max, int64_t *cursor)
{
	struct hunt *h = mem_zero(1, sizeof(*h));

	*h = (struct hunt){.st = st,
	    .reader = reader,
	    .kind = kind,
	    .hit = out,
	    .max = max,
	    .high = before > 0 ? before : INT64_MAX,
	    .cursor = cursor};
	return run_hunt(h, words);
}

size_t
search_find(struct store *st, const char *kind, const char *words, int64_t before,
    struct search_hit *out, size_t max, int64_t *cursor)
{
	return search_find_for(st, NULL, kind, words, before, out, max, cursor);
}

size_t
search_journal(struct store *st, const char *words, int64_t above, int64_t below, bool up,
    int64_t *id, size_t max)
{
	struct hunt *h = mem_zero(1, sizeof(*h));

	*h = (struct hunt){.st = st,
	    .kind = "journal",
	    .ref = id,
	    .max = max,
	    .up = up,
	    .low = search_place(st, above + 1) - 1,
	    .high = search_place(st, below)};
	return run_hunt(h, words);
}

/* --- writing --------------------------------------------------------------------------------- */

static bool
is_present_text(struct store *st, const char *kind, int64_t ref, const char *text)
{
	struct sql *q = sql(st,
	    "SELECT text = ?3 FROM search_doc WHERE kind <> 'journal' AND kind = ?1 AND ref = ?2"
	    " AND undone IS NULL ORDER BY id DESC LIMIT 1");
	bool same;

	sql_bind(q, "tit", kind, ref, text);
	same = sql_row(q) && sql_int(q, 0);
	sql_done(q);
	return same;
}

/* The text of a journal row is kept once, in the row itself. */
static bool
is_journal_text(struct store *st, int64_t ref, const char *text)
{
	return sql_one_int(st, "SELECT text = ?2 FROM journal WHERE id = ?1", 0, "it", ref, text) !=
	       0;
}

void
search_put(struct store *st, const char *kind, int64_t ref, const char *text)
{
	bool journal = strcmp(kind, "journal") == 0;
	struct sql *q;

	if (!journal && is_present_text(st, kind, ref, text))
		return;
	q = sql(st, "INSERT INTO search_doc (kind, ref, text) VALUES (?1, ?2, ?3)");
	sql_bind(q, "tit", kind, ref, journal && is_journal_text(st, ref, text) ? NULL : text);
	sql_run(q); /* a failure is sticky in the store: the verb around this fails and tells */
}

static void
index_text(struct store *st, int64_t id, const char *kind, const char *text)
{
	bool journal = strcmp(kind, "journal") == 0;
	char *marked = journal ? NULL : mem_print(KIND_MARK "%s %s", kind, text);
	struct sql *q = sql(st, "INSERT INTO search (rowid, text) VALUES (?1, ?2)");

	sql_bind(q, "it", id, marked ? marked : text);
	sql_run(q);
	free(marked);
}

void
search_catch_up(struct store *st)
{
	int64_t from = indexed_to(st),
		to = sql_one_int(st, "SELECT max(id) FROM search_doc", from, "");
	struct sql *q;

	if (to - from < st->search_behind)
		return;
	q = sql(st, "SELECT d.id, d.kind, coalesce(d.text, j.text, '') FROM search_doc d"
		    " LEFT JOIN journal j ON d.text IS NULL AND j.id = d.ref"
		    " WHERE d.id > ?1 ORDER BY d.id");
	sql_bind(q, "i", from);
	while (sql_row(q))
		index_text(st, sql_int(q, 0), sql_text(q, 1), sql_text(q, 2));
	q = sql(st,
	    "INSERT INTO sequence VALUES ('search', ?1) ON CONFLICT (name) DO UPDATE SET last = "
	    "excluded.last");
	sql_bind(q, "i", to);
	sql_run(q);
}

/* --- undo and replay ------------------------------------------------------------------------- */

/*
 * Journal rows stand in order among the others, so the place is found by halving; an index only
 * for this would cost 20 bytes for every verb that ever ran.
 */
int64_t
search_place(struct store *st, int64_t journal)
{
	int64_t end = sql_one_int(st, "SELECT max(id) FROM search_doc", 0, "") + 1, low = 1,
		high = end, found = INT64_MAX;

	while (low < high) {
		int64_t middle = low + (high - low) / 2, id = 0, ref = 0;
		struct sql *q = sql(st, "SELECT id, ref FROM search_doc WHERE id >= ?1 AND kind = "
					"'journal' ORDER BY id LIMIT 1");

		sql_bind(q, "i", middle);
		if (sql_row(q)) {
			id = sql_int(q, 0);
			ref = sql_int(q, 1);
		}
		sql_done(q);
		if (id && ref < journal) {
			low = id + 1;
		} else {
			if (id)
				found = id;
			high = middle;
		}
	}
	return found;
}

/* The search_doc row of a journal row; 0 when there is none. */
static int64_t
doc_of_journal(struct store *st, int64_t journal)
{
	int64_t id = search_place(st, journal);

	return sql_one_int(st, "SELECT ref FROM search_doc WHERE id = ?1", 0, "i", id) == journal
		   ? id
		   : 0;
}

void
search_undo(struct store *st, int64_t journal, int64_t by)
{
	int64_t last = doc_of_journal(st, journal), first;
	struct sql *q;

	if (!last)
		return;
	first = sql_one_int(st,
	    "SELECT id FROM search_doc WHERE id < ?1 AND kind = 'journal' ORDER BY id DESC LIMIT 1",
	    0, "i", last);
	q = sql(st, "UPDATE search_doc SET undone = ?3 WHERE id > ?1 AND id < ?2");
	sql_bind(q, "iiz", first, last, by);
	sql_run(q);
}

void
search_cut(struct store *st, int64_t journal)
{
	int64_t last = journal ? doc_of_journal(st, journal) : 0;
	struct sql *q;

	if (journal && !last)
		return;
	q = sql(st, "DELETE FROM search_doc WHERE id > ?1");
	sql_bind(q, "i", last);
	if (sql_run(q)) {
		q = sql(st, "UPDATE search_doc SET undone = NULL WHERE undone > ?1");
		sql_bind(q, "i", journal);
		sql_run(q);
	}
}
