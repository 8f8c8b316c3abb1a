/* The things of this room that a command line can name: incidents, clocks, calls, messages of the
 * inbox. */
#include "incident/inside.h"

#include "base/id.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
all_digits(const char *s)
{
	while (isdigit((unsigned char)*s))
		s++;
	return *s == '\0';
}

static int64_t
scope(const struct actor *actor)
{
	return actor && actor->role == ROLE_TOWNSHIP ? actor->area : 0;
}

/* --- incidents ------------------------------------------------------------------------------- */

static void
put_incident_thing(struct thing *t, int64_t id, int64_t year, int64_t number, int64_t this_year,
    const char *title, int score)
{
	t->id = id;
	t->score = score;
	if (year == this_year)
		snprintf(t->word, sizeof(t->word), "%03lld", (long long)number);
	else
		put_no(t->word, sizeof(t->word), year, number);
	utf8_copy(t->label, sizeof(t->label), title);
}

static bool
ends_with(const char *no, const char *word)
{
	size_t n = strlen(no), m = strlen(word);

	return m <= n && strcmp(no + n - m, word) == 0;
}

/* 3 number in full, 2 last digits or title, 1 pinyin initials; 0 does not match. */
static int
incident_matches(
    const char *no, const char *title, const char *type, const char *place, const char *word)
{
	char initials[200];
	const char *bare = strchr(no, '-') + 1;

	if (!*word)
		return 1;
	if (strcmp(no, word) == 0)
		return 100;
	if (all_digits(word))
		return strcmp(bare, word) == 0 || strtol(bare, NULL, 10) == strtol(word, NULL, 10)
			   ? 90
		       : ends_with(bare, word) ? 60
					       : 0;
	if (strstr(title, word) || strstr(place, word) || strstr(type, word))
		return 50;
	if (!isalpha((unsigned char)*word))
		return 0;
	pinyin_initials(title, initials, sizeof(initials));
	return pinyin_match(initials, word) * 10;
}

static int
by_score(const void *a, const void *b)
{
	return ((const struct thing *)b)->score - ((const struct thing *)a)->score;
}

#define LOOK_MAX 400

/* One row of the look-up into the list, when it matches. */
static void
incident_consider(struct sql *q, const char *word, int this_year, struct thing *found, size_t *n)
{
	char no[16];
	int score;

	put_no(no, sizeof(no), sql_int(q, 1), sql_int(q, 2));
	score = incident_matches(no, sql_text(q, 3), sql_text(q, 4), sql_text(q, 5), word);
	if (!score)
		return;
	/* 089 is this year's; an open one comes before one that is over. */
	score = score * 4 + 2 * (sql_int(q, 1) == this_year) + (sql_int(q, 6) != 0);
	put_incident_thing(&found[(*n)++], sql_int(q, 0), sql_int(q, 1), sql_int(q, 2), this_year,
	    sql_text(q, 3), score);
}

/* Old ones, by words anywhere in their calls. */
static size_t
incident_search(struct store *st, int64_t area, const char *word, int this_year,
    struct thing *found, size_t max)
{
	struct search_hit hits[40];
	size_t got = search_find(st, "incident", word, 0, hits, COUNT_OF(hits), NULL), n = 0;
	struct incident_row row;

	for (size_t i = 0; i < got && n < max; i++)
		if (incident_get(st, hits[i].ref, &row) && (!area || row.area == area))
			put_incident_thing(
			    &found[n++], row.id, row.year, row.number, this_year, row.title, 1);
	return n;
}

/* Open ones, the newest of all, and the one with exactly this number; only then the full text. */
static size_t
incident_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q;
	struct thing *found = mem_zero(LOOK_MAX, sizeof(*found));
	struct civil today;
	long year = 0, number = 0;
	char *end;
	size_t n = 0;

	clock_civil(clock_now(), &today);
	year = strtol(word, &end, 10);
	if (*end == '-' && isdigit((unsigned char)end[1]))
		number = strtol(end + 1, NULL, 10);
	else if (all_digits(word) && *word) {
		number = year;
		year = today.year;
	}
	q = sql(st, "SELECT id, year, number, title, ifnull(type_name, ''), place, state NOT IN "
		    "('closed', 'merged', 'not_incident') AS live"
		    " FROM incident WHERE (?1 = 0 OR area = ?1) AND ((year = ?2 AND number = ?3) "
		    "OR id IN (SELECT id FROM incident"
		    " WHERE state NOT IN ('closed', 'merged', 'not_incident') ORDER BY received "
		    "DESC LIMIT 300) OR id IN"
		    " (SELECT id FROM incident ORDER BY received DESC LIMIT 60)) ORDER BY live "
		    "DESC, received DESC LIMIT ?4");
	sql_bind(q, "iiii", scope(actor), (int64_t)year, (int64_t)number, (int64_t)LOOK_MAX);
	while (n < LOOK_MAX && sql_row(q))
		incident_consider(q, word, today.year, found, &n);
	sql_done(q);
	if (!n && *word && !all_digits(word))
		n = incident_search(
		    st, scope(actor), word, today.year, found, max < LOOK_MAX ? max : LOOK_MAX);
	if (*word)
		qsort(found, n, sizeof(*found), by_score);
	n = n > max ? max : n;
	memcpy(out, found, n * sizeof(*out));
	free(found);
	return n;
}

static bool
incident_label(struct store *st, int64_t id, char *out, size_t size)
{
	struct sql *q = sql(st, "SELECT year, number, title FROM incident WHERE id = ?1");
	struct buf b = BUF_MAX(400);
	char no[16];
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found) {
		put_no(no, sizeof(no), sql_int(q, 0), sql_int(q, 1));
		buf_printf(&b, "%s %s", no, sql_text(q, 2));
		utf8_copy(out, size, buf_str(&b));
	}
	sql_done(q);
	buf_clear(&b);
	return found;
}

/* --- clocks ---------------------------------------------------------------------------------- */

/* 089-3: the third clock of incident 089. */
static void
clock_word(struct store *st, int64_t clock, char *out, size_t size)
{
	struct sql *q =
	    sql(st, "SELECT i.number, (SELECT count(*) FROM clock k WHERE k.incident = c.incident "
		    "AND k.id <= c.id)"
		    " FROM clock c JOIN incident i ON i.id = c.incident WHERE c.id = ?1");

	out[0] = '\0';
	sql_bind(q, "i", clock);
	if (sql_row(q))
		snprintf(
		    out, size, "%03lld-%lld", (long long)sql_int(q, 0), (long long)sql_int(q, 1));
	sql_done(q);
}

static size_t
clock_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct clock_filter f = {.open = true, .area = scope(actor), .due_before = CLOCK_NONE};
	struct clock_row *rows = mem_zero(LOOK_MAX, sizeof(*rows));
	size_t n = incident_clocks(st, &f, rows, LOOK_MAX), kept = 0;

	for (size_t i = 0; i < n && kept < max; i++) {
		struct thing *t = &out[kept];
		char label[160], due[40];
		clock_word(st, rows[i].id, t->word, sizeof(t->word));
		clock_label(&rows[i], label, sizeof(label));
		if (*word && strcmp(t->word, word) != 0 && !strstr(label, word) &&
		    !ends_with(rows[i].incident_no, word))
			continue;
		t->id = rows[i].id;
		t->score = strcmp(t->word, word) == 0 ? 200 : 100 - (int)(kept < 99 ? kept : 99);
		snprintf(t->label, sizeof(t->label), "%s %s",
		    clock_format(due, sizeof(due), rows[i].due, CLOCK_MD_HM), label);
		kept++;
	}
	free(rows);
	qsort(out, kept, sizeof(*out), by_score);
	return kept;
}

static bool
clock_thing_label(struct store *st, int64_t id, char *out, size_t size)
{
	struct sql *q = sql(st, "SELECT i.year, i.number, c.kind, c.dest FROM clock c JOIN "
				"incident i ON i.id = c.incident WHERE c.id = ?1");
	struct buf b = BUF_MAX(400);
	char no[16];
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found) {
		put_no(no, sizeof(no), sql_int(q, 0), sql_int(q, 1));
		buf_printf(&b, "%s %s %s", no, clock_kind_label(sql_text(q, 2)), sql_text(q, 3));
		utf8_copy(out, size, buf_str(&b));
	}
	sql_done(q);
	buf_clear(&b);
	return found;
}

/* --- calls and messages: by the tail of their id, or by words -------------------------------- */

static size_t
call_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT c.id, c.source, c.text FROM call c LEFT JOIN incident i ON i.id = c.incident"
	    " WHERE (?1 = 0 OR i.area = ?1) ORDER BY c.id DESC LIMIT 200");
	size_t n = 0;

	sql_bind(q, "i", scope(actor));
	while (n < max && sql_row(q)) {
		struct thing *t = &out[n];
		snprintf(t->word, sizeof(t->word), "%lld", (long long)id_sequence(sql_int(q, 0)));
		if (*word && strcmp(t->word, word) != 0 && !strstr(sql_text(q, 2), word))
			continue;
		t->id = sql_int(q, 0);
		t->score = strcmp(t->word, word) == 0 ? 100 : 10;
		utf8_copy(t->label, sizeof(t->label), sql_text(q, 2));
		n++;
	}
	sql_done(q);
	return n;
}

static bool
call_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st, "SELECT text FROM call WHERE id = ?1", id, out, size);
}

static size_t
inbox_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q = sql(st, "SELECT id, source, title FROM inbox WHERE state = 'new' ORDER BY "
				"at DESC, id DESC LIMIT 200");
	size_t n = 0;

	if (scope(actor))
		return 0;
	sql_bind(q, "");
	while (n < max && sql_row(q)) {
		struct thing *t = &out[n];
		snprintf(t->word, sizeof(t->word), "%lld", (long long)id_sequence(sql_int(q, 0)));
		if (*word && strcmp(t->word, word) != 0 && !strstr(sql_text(q, 2), word) &&
		    !strstr(sql_text(q, 1), word))
			continue;
		t->id = sql_int(q, 0);
		t->score = strcmp(t->word, word) == 0 ? 100 : 10;
		utf8_copy(t->label, sizeof(t->label), sql_text(q, 2));
		n++;
	}
	sql_done(q);
	return n;
}

static bool
inbox_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st, "SELECT title FROM inbox WHERE id = ?1", id, out, size);
}

static const struct thing_kind things[] = {
    {"incident", N_("incident"), incident_find, incident_label},
    {"clock", N_("deadline"), clock_find, clock_thing_label},
    {"call", N_("call"), call_find, call_label},
    {"inbox", N_("message"), inbox_find, inbox_label},
};

void
incident_register_things(struct store *st)
{
	thing_register(st, things, COUNT_OF(things));
}
