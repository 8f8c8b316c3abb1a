/*
 * Who a number belongs to, and what came from it before. Numbers are compared by their digits, so
 * that 0514-55500066, 051455500066 and a typed end of it are one.
 */
#include "duty/inside.h"

#include "incident/incident.h"
#include "store/scope.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_MIN 4

static size_t
digits_of(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (; *text && n + 1 < size; text++)
		if (isdigit((unsigned char)*text))
			out[n++] = *text;
	out[n] = '\0';
	return n;
}

/* A bare digit string of a column. */
#define BARE(column)                                                                               \
	"replace(replace(replace(replace(" column ", '-', ''), ' ', ''), '(', ''), ')', '')"

/* ?1 digits, ?2 area of a township (0 all): what the number is known as. */
static size_t
known_as(struct store *st, const char *digits, struct caller_line *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT name, coalesce(lead, ''), phone FROM unit WHERE phone IS NOT NULL AND " BARE(
		"phone") " LIKE '%' || ?1 UNION ALL SELECT p.name, coalesce(u.short, '') || ' ' || "
			 "coalesce(p.post, ''), p.phone FROM person p LEFT JOIN unit u ON u.id = "
			 "p.unit WHERE p.phone IS NOT NULL AND " BARE(
			     "p.phone") " LIKE '%' || ?1 UNION ALL SELECT c.name, "
					"coalesce(a.short, "
					"'') || c.place || ' ' || c.post, c.phone FROM contact c "
					"LEFT "
					"JOIN area a ON a.id = c.area WHERE " BARE(
					    "c.phone") " LIKE '%' || ?1 LIMIT ?2");
	size_t n = 0;

	sql_bind(q, "ti", digits, (int64_t)max);
	while (n < max && sql_row(q)) {
		struct caller_line *l = &out[n++];

		memset(l, 0, sizeof(*l));
		l->at = CLOCK_NONE;
		utf8_copy(l->kind, sizeof(l->kind), _("known as"));
		snprintf(l->text, sizeof(l->text), "%.80s %.80s %.30s", sql_text(q, 0),
		    sql_text(q, 1), sql_text(q, 2));
		utf8_mend(l->text);
	}
	sql_done(q);
	return n;
}

static size_t
came_before(struct store *st, const struct actor *reader, const char *digits,
    struct caller_line *out, size_t max)
{
	struct sql *q =
	    sql(st, "SELECT c.at, c.incident, c.source, ltrim(coalesce(c.unit, '') || ' ' || "
		    "coalesce(c.caller, '') || ': ', ' :') || c.text, "
		    "coalesce(c.caller, '') FROM call c LEFT JOIN incident i ON "
		    "i.id = c.incident WHERE "
		    "c.phone IS NOT "
		    "NULL AND (?2 = 0 OR i.area = ?2) AND " BARE(
			"c.phone") " LIKE '%' || ?1 UNION ALL SELECT e.at, e.incident, e.kind, "
				   "ltrim(coalesce(e.source, e.dest, '') || ' ' || "
				   "coalesce(e.person, '') || ': ', ' :') || "
				   "e.text, coalesce(e.person, '') FROM entry e WHERE e.phone IS "
				   "NOT NULL AND (?2 = 0 OR "
				   "e.area = ?2) "
				   "AND e.corrected_by IS NULL AND " BARE(
				       "e.phone") " LIKE '%' || ?1 ORDER BY 1 DESC LIMIT ?3");
	size_t n = 0;

	sql_bind(q, "tii", digits, scope_of(reader), (int64_t)max);
	while (n < max && sql_row(q)) {
		struct caller_line *l = &out[n++];

		memset(l, 0, sizeof(*l));
		l->at = sql_int(q, 0);
		l->incident = sql_int(q, 1);
		utf8_copy(l->kind, sizeof(l->kind),
		    strcmp(sql_text(q, 2), "spot") == 0 ? _("spot check") : _("call"));
		FIELD(l->text, q, 3);
		if (incident_masks(reader, sql_text(q, 2), l->text))
			incident_mask_person(l->text, sql_text(q, 4), true);
	}
	sql_done(q);
	return n;
}

size_t
duty_caller(struct store *st, const struct actor *reader, const char *phone,
    struct caller_line *out, size_t max)
{
	char digits[24];
	size_t n;

	if (digits_of(phone, digits, sizeof(digits)) < DIGITS_MIN)
		return 0;
	n = known_as(st, digits, out, max < 3 ? max : 3);
	return n + came_before(st, reader, digits, out + n, max - n);
}
