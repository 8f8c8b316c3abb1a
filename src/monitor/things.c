/* What of this room a command line can name: by the tail of its id, by its number, or by words of
 * it. */
#include "monitor/inside.h"

#include "base/id.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MAX 300

/* A candidate; 0 when the word means another. */
static int
score_of(const char *word, const char *tail, const char *number, const char *label)
{
	size_t n = strlen(number), m = strlen(word);

	if (!m)
		return 10;
	if (strcmp(word, tail) == 0 || strcmp(word, number) == 0)
		return 100;
	if (m >= 3 && m <= n && strcmp(number + n - m, word) == 0)
		return 60;
	return strstr(label, word) ? 30 : 0;
}

static int
by_score(const void *a, const void *b)
{
	return ((const struct thing *)b)->score - ((const struct thing *)a)->score;
}

/*
 * Rows of id, number, label, and whether it is over, newest first: of two that words fit alike the
 * one that is not over is meant.
 */
static size_t
collect(struct sql *q, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct thing *found = mem_zero(LOOK_MAX, sizeof(*found));
	size_t n = 0;

	while (n < LOOK_MAX && sql_row(q)) {
		struct thing *t = &found[n];

		snprintf(t->word, sizeof(t->word), "%lld", (long long)id_sequence(sql_int(q, 0)));
		t->score = score_of(word, t->word, sql_text(q, 1), sql_text(q, 2));
		if (!t->score)
			continue;
		if (*word && t->score < 100 && sql_int(q, 3))
			t->score--;
		t->id = sql_int(q, 0);
		utf8_copy(t->label, sizeof(t->label), sql_text(q, 2));
		n++;
	}
	sql_done(q);
	if (*word)
		qsort(found, n, sizeof(*found), by_score);
	if (actor && actor->role == ROLE_TOWNSHIP)
		n = 0;
	n = n > max ? max : n;
	memcpy(out, found, n * sizeof(*out));
	free(found);
	return n;
}

static size_t
alert_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT id, identifier, headline, how IS NOT NULL FROM alert WHERE id IN "
		    "(SELECT id FROM "
		    "alert ORDER BY concerns DESC, drill, ordered DESC LIMIT 250) OR identifier "
		    "= ?1 ORDER BY concerns DESC, how IS NOT NULL, ordered DESC, id DESC");

	sql_bind(q, "t", word);
	return collect(q, actor, word, out, max);
}

static bool
alert_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st, "SELECT headline FROM alert WHERE id = ?1", id, out, size);
}

static size_t
ticket_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT id, number, source || ' ' || number || ' ' || title, state <> 'new' FROM "
	    "ticket WHERE id IN "
	    "(SELECT id FROM ticket ORDER BY at DESC LIMIT 250) OR number = ?1 ORDER BY state <> "
	    "'new', at DESC, id DESC");

	sql_bind(q, "t", word);
	return collect(q, actor, word, out, max);
}

static bool
ticket_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st, "SELECT title FROM ticket WHERE id = ?1", id, out, size);
}

static size_t
quake_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q = sql(st, "SELECT id, '', printf('M%.1f %s', magnitude, place), 0 FROM quake "
				"ORDER BY at DESC LIMIT "
				"250");

	sql_bind(q, "");
	return collect(q, actor, word, out, max);
}

static bool
quake_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st,
	    "SELECT printf('M%.1f %s', magnitude, place) FROM quake WHERE id = ?1", id, out, size);
}

static size_t
alarm_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT id, station, name || ' ' || what, closed IS NOT NULL FROM alarm ORDER BY "
	    "closed IS NOT NULL, id DESC "
	    "LIMIT 250");

	sql_bind(q, "");
	return collect(q, actor, word, out, max);
}

static bool
alarm_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(
	    st, "SELECT name || ' ' || what FROM alarm WHERE id = ?1", id, out, size);
}

#define POINTS_MAX 250

static size_t
point_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct observation_row *rows = mem_zero(POINTS_MAX, sizeof(*rows));
	size_t n = observations_newest(st, rows, POINTS_MAX), found = 0;

	for (size_t i = 0; i < n && !(actor && actor->role == ROLE_TOWNSHIP); i++) {
		struct thing t = {.id = rows[i].id};

		snprintf(
		    t.word, sizeof(t.word), "%s%s", rows[i].name, quantity_label(rows[i].quantity));
		snprintf(t.label, sizeof(t.label), "%s %s", rows[i].station, rows[i].quantity);
		t.score = !*word		      ? 10
			  : strcmp(word, t.word) == 0 ? 100
			  : strcmp(word, rows[i].name) == 0 || strcmp(word, rows[i].station) == 0
			      ? 60
			  : strstr(t.word, word) ? 30
						 : 0;
		if (t.score)
			found = thing_keep(out, found, max, &t);
	}
	free(rows);
	return found;
}

static bool
point_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(
	    st, "SELECT name || ' ' || quantity FROM observation WHERE id = ?1", id, out, size);
}

static size_t
link_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT id, name, name || ' ' || kind, 0 FROM link ORDER BY id LIMIT 250");
	size_t n;

	sql_bind(q, "");
	n = collect(q, actor, word, out, max);
	for (size_t i = 0; i < n; i++) {
		utf8_copy(out[i].word, sizeof(out[i].word), out[i].label);
		out[i].word[strcspn(out[i].word, " ")] = '\0';
	}
	return n;
}

static bool
link_label(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st, "SELECT name FROM link WHERE id = ?1", id, out, size);
}

static const struct thing_kind things[] = {
    {"alert", N_("warning"), alert_find, alert_label},
    {"ticket", N_("ticket"), ticket_find, ticket_label},
    {"quake", N_("earthquake"), quake_find, quake_label},
    {"alarm", N_("alarm"), alarm_find, alarm_label},
    {"point", N_("point"), point_find, point_label},
    {"link", N_("link"), link_find, link_label},
};

void
monitor_register_things(struct store *st)
{
	thing_register(st, things, COUNT_OF(things));
}
