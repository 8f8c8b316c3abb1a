/* What a command line of this room can name: one statement a kind, a score a row. */
#include "duty/inside.h"

#include "store/scope.h"
#include "store/search.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How well a typed word means a row: its word, the end of it, part of the label, its initials. */
static int
score(const char *typed, const char *word, const char *label)
{
	size_t n = strlen(word), m = strlen(typed);
	char initials[300];

	if (m == 0)
		return 1;
	if (strcmp(word, typed) == 0)
		return 100;
	/* A number is typed by its end, from a whole number on. */
	if (n > m && strcmp(word + n - m, typed) == 0 &&
	    !(isdigit((unsigned char)*typed) && isdigit((unsigned char)word[n - m - 1])))
		return 80;
	if (isdigit((unsigned char)*typed) && n > m && strcmp(word + n - m, typed) == 0)
		return 70;
	if (strstr(word, typed))
		return 60;
	if (strstr(label, typed))
		return 40;
	if (!isalpha((unsigned char)*typed))
		return 0;
	pinyin_initials(label, initials, sizeof(initials));
	return 10 * pinyin_match(initials, typed);
}

/*
 * The row's word and label. What has no name of its own (a handover) goes by its day; a time stands
 * behind the label.
 */
static void
fill_thing(struct sql *q, struct thing *t)
{
	char day[40], at[40];

	t->id = sql_int(q, 0);
	FIELD(t->word, q, 1);
	FIELD(t->label, q, 2);
	if (sql_null(q, 5))
		return;
	clock_format(day, sizeof(day), sql_int(q, 5), CLOCK_MD);
	clock_format(at, sizeof(at), sql_int(q, 5), CLOCK_MD_HM);
	if (!t->word[0])
		utf8_copy(t->word, sizeof(t->word), day);
	snprintf(t->label, sizeof(t->label), "%.100s%s%s", sql_text(q, 2),
	    *sql_text(q, 2) ? " " : "", at);
	utf8_mend(t->label);
}

/* Statements give: id, word, label, boost, area (0: everybody's), a time or NULL. */
static size_t
find_rows(
    struct sql *q, const struct actor *actor, const char *typed, struct thing *out, size_t max)
{
	int64_t area = scope_of(actor);
	size_t n = 0;

	while (sql_row(q)) {
		struct thing t;

		if (area && sql_int(q, 4) != area)
			continue;
		fill_thing(q, &t);
		t.score = score(typed, t.word, t.label);
		if (t.score == 0)
			continue;
		t.score = t.score * 10 + (int)sql_int(q, 3);
		n = thing_keep(out, n, max, &t);
	}
	sql_done(q);
	return n;
}

#define KIND(name, find_sql, label_sql)                                                            \
	static size_t name##_find(struct store *st, const struct actor *actor, const char *word,   \
	    struct thing *out, size_t max)                                                         \
	{                                                                                          \
		return find_rows(sql(st, find_sql), actor, word, out, max);                        \
	}                                                                                          \
	static bool name##_label(struct store *st, int64_t id, char *out, size_t size)             \
	{                                                                                          \
		return thing_label_from(st, label_sql, id, out, size);                             \
	}

KIND(handover,
    "SELECT id, '', state, state IN ('begun', 'out', 'signed'), 0, starts FROM handover ORDER BY "
    "id DESC LIMIT "
    "100",
    "SELECT state FROM handover WHERE id = ?1")
KIND(entry,
    "SELECT id, book || '-' || number, substr(coalesce(title, '') || text, 1, 60), corrected_by IS "
    "NULL, area, NULL FROM entry ORDER BY id DESC LIMIT 500",
    "SELECT book || '-' || number || ' ' || substr(coalesce(title, '') || text, 1, 60) FROM entry "
    "WHERE "
    "id = ?1")
KIND(rollcall, "SELECT id, list, '', closed IS NULL, 0, at FROM roll ORDER BY id DESC LIMIT 100",
    "SELECT list FROM roll WHERE id = ?1")
KIND(callout,
    "SELECT id, matter, colour, closed IS NULL, 0, at FROM callout ORDER BY id DESC LIMIT 100",
    "SELECT matter FROM callout WHERE id = ?1")
KIND(calltarget,
    "SELECT t.id, t.name, t.list || ' ' || coalesce(a.short, '') || ' ' || c.matter, (t.state <> "
    "'answered') * 5 + (t.list NOT LIKE '村%'), coalesce(t.area, 0), NULL FROM call_target t JOIN "
    "callout "
    "c ON c.id = t.callout LEFT JOIN area a ON a.id = t.area WHERE c.closed IS NULL ORDER BY t.id "
    "DESC",
    "SELECT name FROM call_target WHERE id = ?1")
KIND(instruction,
    "SELECT id, year || '-' || substr('00' || number, -3), leader || ' ' || substr(text, 1, 60) || "
    "' ' "
    "|| owner, state <> 'closed', coalesce(area, 0), NULL FROM instruction ORDER BY id DESC LIMIT "
    "500",
    "SELECT year || '-' || substr('00' || number, -3) || ' ' || leader || ' ' || substr(text, 1, "
    "60) "
    "FROM instruction WHERE id = ?1")
KIND(swap,
    "SELECT w.id, b.name, a.name || ' ' || w.post, (w.state = 'asked') * 5, 0, w.starts FROM swap "
    "w JOIN "
    "person a ON a.id = w.person JOIN person b ON b.id = w.substitute ORDER BY w.id DESC LIMIT 200",
    "SELECT b.name || ' / ' || a.name FROM swap w JOIN person a ON a.id = w.person JOIN person b "
    "ON b.id "
    "= w.substitute WHERE w.id = ?1")

#define ROW(name, label)                                                                           \
	{                                                                                          \
#name, label, name##_find, name##_label                                            \
	}
static const struct thing_kind kinds[] = {
    ROW(handover, N_("handover")),
    ROW(entry, N_("register entry")),
    ROW(rollcall, N_("roll call")),
    ROW(callout, N_("call-out")),
    ROW(calltarget, N_("who is called")),
    ROW(instruction, N_("instruction")),
    ROW(swap, N_("swap")),
};

void
duty_things_register(struct store *st)
{
	thing_register(st, kinds, COUNT_OF(kinds));
}
