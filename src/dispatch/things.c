/*
 * What a command line may name: orders (2026-141, or the last digits, or whose), assignments
 * (whose, on which incident), responses (the incident's number, or the plan). What is still going
 * on is looked at first; of settled ones only a number finds.
 */
#include "dispatch/inside.h"

#include "store/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOKED_AT 300

static bool
is_digits(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* How well a word means one of a thing's names; 0 not at all. */
static int
name_score(const char *word, const char *name)
{
	char initials[96];

	if (!*word)
		return 1;
	if (strcmp(name, word) == 0)
		return 90;
	if (strncmp(name, word, strlen(word)) == 0)
		return 70;
	if (strstr(name, word))
		return 60;
	pinyin_initials(name, initials, sizeof(initials));
	return pinyin_match(initials, word) * 10;
}

/* Best first; equal ones in the order of coming. */
static size_t
keep(struct thing *list, size_t n, size_t max, const struct thing *t)
{
	size_t at = n;

	if (t->score <= 0)
		return n;
	while (at > 0 && list[at - 1].score < t->score)
		at--;
	if (at >= max)
		return n;
	n -= n == max;
	memmove(&list[at + 1], &list[at], (n - at) * sizeof(*list));
	list[at] = *t;
	return n + 1;
}

static int64_t
own_area(const struct actor *actor)
{
	return actor && actor->role == ROLE_TOWNSHIP ? actor->area : 0;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return m <= n && strcmp(s + n - m, end) == 0;
}

/* --- orders ----------------------------------------------------------------------------------- */

/* Is the word one of the names with '|' between? */
static bool
listed(const char *word, const char *names)
{
	size_t n = strlen(word);

	for (const char *p = names; (p = strstr(p, word)); p++)
		if ((p == names || p[-1] == '|') && (p[n] == '|' || p[n] == '\0'))
			return true;
	return false;
}

static int
order_score(const char *word, const char *no, const char *number, struct sql *q)
{
	int full, brief;

	if (!*word)
		return 1;
	if (strcmp(no, word) == 0)
		return 100;
	if (is_digits(word))
		return strtol(word, NULL, 10) == strtol(number, NULL, 10) ? 95
		       : ends_with(no, word)				  ? 85
									  : 0;
	full = name_score(word, sql_text(q, 3));
	brief = *sql_text(q, 5) ? name_score(word, sql_text(q, 5)) : 0;
	full = brief > full ? brief : full;
	return full < 80 && listed(word, sql_text(q, 6)) ? 80 : full;
}

/* Columns: id, year, number, addressee, content, its short name, its aliases. */
static size_t
take_orders(struct sql *q, const char *word, int less, struct thing *out, size_t n, size_t max)
{
	while (sql_row(q)) {
		struct thing t = {.id = sql_int(q, 0)};
		char no[24], number[12];

		fit_print(no, sizeof(no), "%d-%03d", (int)sql_int(q, 1), (int)sql_int(q, 2));
		fit_print(number, sizeof(number), "%d", (int)sql_int(q, 2));
		t.score = order_score(word, no, number, q) - less;
		fit_text(t.word, sizeof(t.word), no);
		fit_print(t.label, sizeof(t.label), "%s %s", sql_text(q, 3), sql_text(q, 4));
		n = keep(out, n, max, &t);
	}
	sql_done(q);
	return n;
}

/* Settled ones are found by their number, of this year or the last. */
static size_t
settled_orders(struct store *st, const struct actor *actor, const char *word, struct thing *out,
    size_t n, size_t max)
{
	struct civil now;
	struct sql *q;
	char *end;
	long first = strtol(word, &end, 10), number = first, year = 0;

	if (end == word || first < 0)
		return n;
	if (*end == '-') {
		year = first;
		number = strtol(end + 1, &end, 10);
	}
	if (*end)
		return n;
	clock_civil(clock_now(), &now);
	q = sql(st,
	    "SELECT id, year, number, dest, content, '', '' FROM orders WHERE year IN (?2, ?3)"
	    " AND number = ?4 AND state IN ('done', 'withdrawn') AND (?1 = 0 OR area = ?1) ORDER "
	    "BY id DESC");
	sql_bind(q, "iiii", own_area(actor), year ? (int64_t)year : (int64_t)now.year,
	    year ? (int64_t)year : (int64_t)now.year - 1, (int64_t)number);
	return take_orders(q, word, 1, out, n, max);
}

static size_t
order_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT o.id, o.year, o.number, o.dest, o.content, coalesce(t.short, u.short, ''),"
	    " coalesce(u.aliases, '') FROM orders o LEFT JOIN team t ON t.id = o.team"
	    " LEFT JOIN unit u ON u.id = o.unit"
	    " WHERE o.state NOT IN ('done', 'withdrawn') AND (?1 = 0 OR o.area = ?1)"
	    " ORDER BY coalesce(o.ack_due, o.issued), o.id LIMIT ?2");

	sql_bind(q, "ii", own_area(actor), (int64_t)LOOKED_AT);
	return settled_orders(st, actor, word, out, take_orders(q, word, 0, out, 0, max), max);
}

static bool
order_label(struct store *st, int64_t id, char *out, size_t size)
{
	struct order_row o;

	if (!dispatch_order(st, id, &o))
		return false;
	fit_print(out, size, "%d-%03d %s", o.year, o.number, o.dest);
	return true;
}

/* --- assignments ------------------------------------------------------------------------------ */

#define ACTIVE " AND a.state NOT IN ('released', 'cancelled')"

/* "高邮消防-089", "市防汛仓库-编织袋-089" */
static size_t
take_assignments(struct sql *q, const struct actor *actor, const char *word, struct thing *out,
    size_t n, size_t max)
{
	sql_bind(q, "ii", own_area(actor), (int64_t)LOOKED_AT);
	while (sql_row(q)) {
		const char *goods = sql_text(q, 3);
		struct thing t = {.id = sql_int(q, 0)};
		char amount[64] = "";
		int full, other;

		fit_print(t.word, sizeof(t.word), "%s%s%s-%03d", sql_text(q, 1), *goods ? "-" : "",
		    goods, (int)sql_int(q, 4));
		if (*goods)
			fit_print(amount, sizeof(amount), " %lld %s", (long long)sql_int(q, 6),
			    sql_text(q, 7));
		fit_print(t.label, sizeof(t.label), "%s%s %s", sql_text(q, 2), amount,
		    assignment_state_label(sql_text(q, 5)));
		full = name_score(word, t.word);
		other = name_score(word, sql_text(q, 2));
		t.score = full == 90			      ? 100
			  : strcmp(word, sql_text(q, 1)) == 0 ? 90
			  : full > other		      ? full
							      : other;
		n = keep(out, n, max, &t);
	}
	sql_done(q);
	return n;
}

static size_t
assignment_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT a.id, t.short, t.name, '', i.number, a.state, 0, '' FROM assignment a"
		    " JOIN incident i ON i.id = a.incident JOIN team t ON t.id = a.team"
		    " WHERE a.team IS NOT NULL" ACTIVE
		    " AND (?1 = 0 OR t.area = ?1) ORDER BY +a.id DESC LIMIT ?2");
	size_t n = take_assignments(q, actor, word, out, 0, max);

	q = sql(st, "SELECT a.id, d.short, d.name, g.name, i.number, a.state, a.quantity, g.unit "
		    "FROM assignment a"
		    " JOIN incident i ON i.id = a.incident JOIN depot d ON d.id = a.depot JOIN "
		    "goods g ON g.code = a.goods"
		    " WHERE a.depot IS NOT NULL" ACTIVE
		    " AND (?1 = 0 OR d.area = ?1) ORDER BY +a.id DESC LIMIT ?2");
	return take_assignments(q, actor, word, out, n, max);
}

static bool
assignment_label(struct store *st, int64_t id, char *out, size_t size)
{
	struct sql *q = sql(st,
	    "SELECT coalesce(t.name, d.name), coalesce(g.name, ''), i.number FROM assignment a"
	    " JOIN incident i ON i.id = a.incident LEFT JOIN team t ON t.id = a.team"
	    " LEFT JOIN depot d ON d.id = a.depot LEFT JOIN goods g ON g.code = a.goods WHERE a.id "
	    "= ?1");
	bool found;

	sql_bind(q, "i", id);
	found = sql_row(q);
	if (found)
		fit_print(out, size, "%s%s%s %03d", sql_text(q, 0), *sql_text(q, 1) ? " " : "",
		    sql_text(q, 1), (int)sql_int(q, 2));
	sql_done(q);
	return found;
}

/* --- responses -------------------------------------------------------------------------------- */

static size_t
response_find(
    struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT r.id, i.number, p.name, r.level, r.state, p.code FROM response r"
		    " JOIN incident i ON i.id = r.incident JOIN plan p ON p.id = r.plan"
		    " ORDER BY r.state = 'ended', r.id DESC LIMIT ?1");
	size_t n = 0;

	sql_bind(q, "i", (int64_t)LOOKED_AT);
	while (sql_row(q)) {
		struct thing t = {.id = sql_int(q, 0)};
		bool ended = strcmp(sql_text(q, 4), "ended") == 0;
		char no[12];

		snprintf(no, sizeof(no), "%03d", (int)sql_int(q, 1));
		fit_print(t.word, sizeof(t.word), "%s-%s", no, sql_text(q, 2));
		fit_print(t.label, sizeof(t.label), "%s %s%s", sql_text(q, 2),
		    response_level_label((int)sql_int(q, 3)), ended ? _(" (ended)") : "");
		if (is_digits(word))
			t.score = ends_with(no, word) ? 85 : 0;
		else
			t.score = strcmp(t.word, word) == 0 ? 100
				  : strcmp(sql_text(q, 5), word) == 0
				      ? 90
				      : name_score(word, sql_text(q, 2));
		t.score = ended ? t.score / 2 : t.score;
		if (scope_sees(st, actor, "response", t.id))
			n = keep(out, n, max, &t);
	}
	sql_done(q);
	return n;
}

static bool
response_label(struct store *st, int64_t id, char *out, size_t size)
{
	struct response_row r;

	if (!dispatch_response(st, id, &r))
		return false;
	fit_print(out, size, "%s %s", r.incident_no, r.plan_name);
	return true;
}

static const struct thing_kind kinds[] = {
    {"order", N_("order"), order_find, order_label},
    {"assignment", N_("assignment"), assignment_find, assignment_label},
    {"response", N_("response"), response_find, response_label},
};

void
dispatch_register_things(struct store *st)
{
	thing_register(st, kinds, COUNT_OF(kinds));
}
