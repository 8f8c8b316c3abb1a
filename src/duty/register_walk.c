/*
 * Walking a register both ways, a window at a time, whatever its length: ids of journal rows come from
 * one or several sources, each driven by an index, and are merged; what a row is, and whether it
 * belongs to the book, register.c says.
 *
 *	the log         by number: nearly every row is a line of it
 *	phone, papers   by the families of its verbs: few rows in a million are
 *	a township's    by area
 *	with words      the full text of the journal, the room's own entries, the callers' words, dialled
 *	                numbers, a number #20417, a matter 2025-089
 *
 * Rejected: one statement with all of it (SQLite then sorts the whole book for a window of it).
 */
#include "duty/inside.h"

#include "base/id.h"
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 256

static void
add_id(struct register_walk *w, int64_t id)
{
	mem_grow(&w->id, &w->room, w->n);
	w->id[w->n++] = id;
}

/* A source has more behind this id: nothing past it is known yet. */
static void
known_up_to(struct register_walk *w, int64_t id)
{
	if (!w->more || (w->up ? id < w->frontier : id > w->frontier))
		w->frontier = id;
	w->more = true;
}

static void
add_source(struct register_walk *w, struct sql *q)
{
	size_t n = 0;
	int64_t last = 0;

	while (n < BATCH && sql_row(q)) {
		last = sql_int(q, 0);
		add_id(w, last);
		n++;
	}
	sql_done(q);
	if (n == BATCH)
		known_up_to(w, last);
}

#define WINDOW " AND id > ?1 AND id < ?2 ORDER BY id "
#define BOTH_WAYS(select, conditions)                                                              \
	{                                                                                          \
		select " WHERE " conditions WINDOW "DESC LIMIT ?3",                                \
		    select " WHERE " conditions WINDOW "ASC LIMIT ?3"                              \
	}
#define ENTRY_WINDOW " AND journal > ?1 AND journal < ?2 ORDER BY journal "

/* A source both ways: down, up. ?4 is the word it looks for, NULL none. */
static void
add_found(struct store *st, struct register_walk *w, const char *const ways[2], const char *word)
{
	struct sql *q = sql(st, ways[w->up]);

	sql_bind(q, "iiit", w->low, w->high, (int64_t)BATCH, word);
	add_source(w, q);
}

static void
add_all(struct store *st, struct register_walk *w)
{
	static const char *const ways[] =
	    BOTH_WAYS("SELECT id FROM journal NOT INDEXED", "?4 IS NULL");

	add_found(st, w, ways, NULL);
}

static void
add_area(struct store *st, struct register_walk *w, int64_t area)
{
	static const char *const ways[] =
	    BOTH_WAYS("SELECT id FROM journal INDEXED BY journal_area", "area = ?4");
	struct sql *q = sql(st, ways[w->up]);

	sql_bind(q, "iiii", w->low, w->high, (int64_t)BATCH, area);
	add_source(w, q);
}

/* `word` NULL, or a part of the arguments (a number dialled). */
static void
add_family(struct store *st, struct register_walk *w, const char *family, const char *word)
{
	static const char *const ways[] =
	    BOTH_WAYS("SELECT id FROM journal INDEXED BY journal_family",
		"substr(verb, 1, instr(verb, '.')) = ?4 AND (?5 IS NULL OR instr(args, ?5))");
	struct sql *q = sql(st, ways[w->up]);

	sql_bind(q, "iiitt", w->low, w->high, (int64_t)BATCH, family, word);
	add_source(w, q);
}

/* Each family among the verbs of the book, once. */
static void
add_families(struct store *st, struct register_walk *w, const char *verbs)
{
	char word[64], families[16][64];
	size_t n = 0;

	while (list_word(&verbs, word, sizeof(word))) {
		char *dot = strchr(word, '.');
		size_t i;

		if (dot)
			dot[1] = '\0';
		for (i = 0; i < n && strcmp(families[i], word) != 0; i++)
			;
		if (i == n && n < COUNT_OF(families))
			utf8_copy(families[n++], sizeof(families[0]), word);
	}
	for (size_t i = 0; i < n; i++)
		add_family(st, w, families[i], NULL);
}

/* --- words -------------------------------------------------------------------------------------- */

static void
add_entries(struct store *st, struct register_walk *w, const char *word)
{
#define ENTRY_HAS                                                                                  \
	"SELECT journal FROM entry WHERE instr(text || ' ' || coalesce(title, '') || ' ' || "      \
	"coalesce(source, '') || ' ' || coalesce(dest, '') || ' ' || coalesce(person, '') || ' '"  \
	" || coalesce(phone, '') || ' ' || book || '-' || number, ?4)" ENTRY_WINDOW
	static const char *const ways[] = {ENTRY_HAS "DESC LIMIT ?3", ENTRY_HAS "ASC LIMIT ?3"};

	add_found(st, w, ways, word);
}

static void
add_calls(struct store *st, struct register_walk *w, const char *word)
{
#define CALL_HAS                                                                                   \
	"SELECT journal FROM call WHERE instr(text || ' ' || source || ' ' || coalesce(caller, "   \
	"'') || ' ' || coalesce(unit, '') || ' ' || coalesce(phone, ''), ?4)" ENTRY_WINDOW
	static const char *const ways[] = {CALL_HAS "DESC LIMIT ?3", CALL_HAS "ASC LIMIT ?3"};

	add_found(st, w, ways, word);
}

static void
add_matter(struct store *st, struct register_walk *w, const char *word)
{
	static const char *const ways[] =
	    BOTH_WAYS("SELECT id FROM journal INDEXED BY journal_incident",
		"incident = (SELECT i.id FROM incident i WHERE i.year || '-' || substr('00' || "
		"i.number, -3) = ?4)");

	add_found(st, w, ways, word);
}

static void
add_number(struct store *st, struct register_walk *w, const char *word)
{
	int64_t seq = strtoll(word + 1, NULL, 10), id;

	if (seq <= 0 || seq > ID_SEQUENCE_MAX)
		return;
	id = id_make(store_area(st), seq);
	if (id > w->low && id < w->high)
		add_id(w, id);
}

static void
add_hits(struct store *st, struct register_walk *w, const char *words)
{
	int64_t id[BATCH];
	size_t n = search_journal(st, words, w->low, w->high, w->up, id, BATCH);

	for (size_t i = 0; i < n; i++)
		add_id(w, id[i]);
	if (n == BATCH)
		known_up_to(w, id[n - 1]);
}

static void
add_words(struct store *st, struct register_walk *w, const char *words)
{
	const char *rest = words;
	char word[120];

	if (!list_word(&rest, word, sizeof(word)))
		return;
	add_hits(st, w, words);
	add_entries(st, w, word);
	add_calls(st, w, word);
	add_family(st, w, "roll.", word);
	add_family(st, w, "callout.", word);
	add_family(st, w, "report.", word);
	add_matter(st, w, word);
	if (word[0] == '#')
		add_number(st, w, word);
}

/* --- walking ------------------------------------------------------------------------------------ */

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* In order of the walk, each once, and none behind what is not known yet. */
static void
arrange(struct register_walk *w)
{
	size_t n = 0;

	if (w->n == 0)
		return;
	qsort(w->id, w->n, sizeof(*w->id), ascending);
	for (size_t i = 0; i < w->n; i++)
		if ((n == 0 || w->id[n - 1] != w->id[i]) &&
		    (!w->more || (w->up ? w->id[i] <= w->frontier : w->id[i] >= w->frontier)))
			w->id[n++] = w->id[i];
	w->n = n;
	for (size_t i = 0; !w->up && i < n / 2; i++) {
		int64_t other = w->id[i];

		w->id[i] = w->id[n - 1 - i];
		w->id[n - 1 - i] = other;
	}
}

static void
fetch(struct store *st, struct register_walk *w)
{
	w->n = w->next = 0;
	w->more = false;
	if (w->filter->words)
		add_words(st, w, w->filter->words);
	else if (w->filter->area)
		add_area(st, w, w->filter->area);
	else if (w->filter->book == BOOK_LOG)
		add_all(st, w);
	else
		add_families(st, w, w->verbs);
	arrange(w);
	if (!w->more)
		w->done = true;
	else if (w->up)
		w->low = w->frontier;
	else
		w->high = w->frontier;
}

void
register_walk_begin(struct store *st, struct register_walk *w, const struct register_filter *f,
    const char *verbs, bool up, int64_t from)
{
	int64_t first = journal_first_since(st, f->from),
		past = f->to == CLOCK_NONE ? INT64_MAX : journal_last_at(st, f->to) + 1;

	memset(w, 0, sizeof(*w));
	w->filter = f;
	w->verbs = verbs;
	w->up = up;
	w->low = first - 1;
	w->high = past;
	if (up && from > w->low)
		w->low = from;
	if (!up && from && from < w->high)
		w->high = from;
}

bool
register_walk_next(struct store *st, struct register_walk *w, int64_t *id)
{
	while (w->next == w->n) {
		if (w->done || w->low >= w->high)
			return false;
		fetch(st, w);
	}
	*id = w->id[w->next++];
	return true;
}

void
register_walk_end(struct register_walk *w)
{
	free(w->id);
	w->id = NULL;
}
