/*
 * Tickets of 12345, 110 and 119 as CSV or JSON. What their fields are called is data
 * (data/exchange/tickets.tsv, and the columns of the feed's profile before it): every vendor has
 * its own names. A ticket without a number is given with a note, never dropped.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/columns.h"
#include "exchange/csv.h"
#include "exchange/inside.h"
#include "exchange/json.h"
#include "exchange/mapping.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum ticket_kind { T_LINE, T_LINES, T_TIME, T_NUMBER, T_SECRET };
#define FIELD(name, kind, member)                                                                  \
	{                                                                                          \
		name, kind, offsetof(struct ticket, member)                                        \
	}
static const struct ticket_field {
	const char *name;
	enum ticket_kind kind;
	size_t at;
} fields[] = {
    FIELD("number", T_LINE, number),
    FIELD("caller", T_LINE, caller),
    FIELD("phone", T_LINE, phone),
    FIELD("title", T_LINE, title),
    FIELD("text", T_LINES, text),
    FIELD("address", T_LINE, address),
    FIELD("category", T_LINE, category),
    FIELD("urgency", T_LINE, urgency),
    FIELD("unit", T_LINE, unit),
    FIELD("state", T_LINE, state),
    FIELD("at", T_TIME, at),
    FIELD("deadline", T_TIME, deadline),
    FIELD("secret", T_SECRET, secret),
    FIELD("lon", T_NUMBER, lon),
    FIELD("lat", T_NUMBER, lat),
};
#define N_FIELDS COUNT_OF(fields)

/* Which upstream names each field has, of one source. */
struct mapping {
	char *source;
	char *names[N_FIELDS]; /* owned; NULL: the field is not there */
};

static void
mapping_clear(struct mapping *m)
{
	free(m->source);
	for (size_t i = 0; i < N_FIELDS; i++)
		free(m->names[i]);
}

static int
field_index(const char *name, size_t n)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		if (strlen(fields[i].name) == n && memcmp(fields[i].name, name, n) == 0)
			return (int)i;
	return -1;
}

/* "number=工单编号 text=诉求内容 source=110" of a profile. An unknown field is an error of the
 * profile, said as one. */
static bool
from_profile(struct mapping *m, const char *columns, struct err *err)
{
	const char *p = columns;

	while (p && *(p += strspn(p, " \t\n")) != '\0') {
		size_t n = strcspn(p, " \t\n"), name = strcspn(p, "=");
		int i;

		if (name >= n)
			return err_set(
			    err, ERR_INPUT, _("columns are written field=name: %.*s"), (int)n, p);
		i = field_index(p, name);
		if (name == 6 && memcmp(p, "source", 6) == 0) {
			free(m->source);
			m->source = mem_dupn(p + 7, n - 7);
		} else if (i < 0) {
			return err_set(
			    err, ERR_INPUT, _("a ticket has no field %.*s"), (int)name, p);
		} else {
			free(m->names[i]);
			m->names[i] = mem_dupn(p + name + 1, n - name - 1);
		}
		p += n;
	}
	return true;
}

/* What both forms ask of a document: is one of these names in it? */
typedef bool (*has_names)(const void *document, const char *names);

/* The first source of the table whose number stands in the document; fields of its own that the
 * profile gave stay. */
static void
from_table(struct mapping *m, const void *document, has_names has)
{
	const char *source = m->source;
	int i;

	for (size_t k = 0; !source && k < ticket_columns.n; k++)
		if (strcmp(ticket_columns.rows[k].field, "number") == 0 &&
		    has(document, ticket_columns.rows[k].names))
			source = ticket_columns.rows[k].group;
	for (size_t k = 0; source && k < ticket_columns.n; k++) {
		const struct column_row *row = &ticket_columns.rows[k];

		i = field_index(row->field, strlen(row->field));
		if (strcmp(row->group, source) == 0 && i >= 0 && !m->names[i] &&
		    has(document, row->names))
			m->names[i] = mem_dup(row->names);
	}
	if (source && !m->source)
		m->source = mem_dup(source);
}

static bool
usable(const struct mapping *m)
{
	return m->names[field_index("number", 6)] &&
	       (m->names[field_index("text", 4)] || m->names[field_index("title", 5)]);
}

static bool
means_yes(const char *s)
{
	static const char *const yes[] = {"1", "true", "yes", "y", "是", "保密"};

	for (size_t i = 0; i < COUNT_OF(yes); i++)
		if (strcasecmp(s, yes[i]) == 0)
			return true;
	return false;
}

static void
set_field(
    struct ticket *t, const struct ticket_field *f, const char *s, int zone, struct notes *notes)
{
	char *to = (char *)t + f->at;
	const char *p = s;

	if (!*s)
		return;
	switch (f->kind) {
	case T_LINE:
	case T_LINES:
		feed_keep((char **)(void *)to, s, strlen(s), f->kind == T_LINES);
		break;
	case T_TIME:
		if (feed_when(s, strlen(s), zone, (int64_t *)(void *)to) == WHEN_BAD)
			notes_add(notes, _("%s is not a time: %.60s"), f->name, s);
		break;
	case T_NUMBER:
		if (!feed_number(&p, s + strlen(s), (double *)(void *)to))
			notes_add(notes, _("%s is not a number: %.60s"), f->name, s);
		break;
	case T_SECRET:
		t->secret = means_yes(s);
		break;
	}
}

static bool
emit_ticket(
    struct feed_item *item, const struct mapping *m, struct notes *notes, struct feed_out *out)
{
	item->ticket->source = mem_dup(m->source ? m->source : out->profile->name);
	if (!item->ticket->number)
		notes_add(notes, "%s", _("it has no ticket number"));
	item->notes = notes_take(notes);
	return feed_emit(out, item);
}

/* --- CSV -------------------------------------------------------------------------------------- */

static bool
csv_has(const void *document, const char *names)
{
	return csv_column(document, names) >= 0;
}

static bool
csv_ticket(struct csv *csv, const struct mapping *m, bool headed, struct feed_out *out)
{
	struct feed_item item = feed_item_new(FEED_TICKET);
	struct notes notes = {0};
	const char *raw;
	size_t n;

	for (size_t i = 0; i < N_FIELDS; i++)
		if (m->names[i])
			set_field(item.ticket, &fields[i],
			    csv_get(csv, csv_column(csv, m->names[i])), out->profile->zone_minutes,
			    &notes);
	if (headed && csv_count(csv) != csv_columns(csv))
		notes_add(&notes, _("line %ld has %d fields, the heading %d"), csv_line(csv),
		    csv_count(csv), csv_columns(csv));
	raw = csv_raw(csv, &n);
	item.raw = mem_dupn(raw, n);
	return emit_ticket(&item, m, &notes, out);
}

/* A profile that names every column by its place ("number=#1 text=#3") reads files without a
 * heading. */
static bool
is_headless(const struct mapping *m)
{
	bool any = false;

	for (size_t i = 0; i < N_FIELDS; i++)
		if (m->names[i] && m->names[i][0] != '#')
			return false;
		else
			any |= m->names[i] != NULL;
	return any;
}

static bool
ticket_csv_read(const char *text, size_t n, struct feed_out *out)
{
	struct mapping m = {0};
	struct csv *csv = NULL;
	bool ok = from_profile(&m, out->profile->columns, out->err), headed = !is_headless(&m);

	if (ok)
		csv = headed ? csv_open(text, n, out->err) : csv_open_headless(text, n, out->err);
	if (csv && headed)
		from_table(&m, csv, csv_has);
	ok = csv && (usable(&m) || err_set(out->err, ERR_INPUT,
				       _("the heading names no ticket number and text")));
	while (ok && csv_next(csv))
		ok = csv_ticket(csv, &m, headed, out);
	if (!csv_close(csv, out->err))
		ok = false;
	mapping_clear(&m);
	return ok;
}

static bool
ticket_csv_detects(const char *text, size_t n, const char *root)
{
	struct mapping m = {0};
	struct err err = ERR_NONE;
	struct csv *csv;
	size_t line = 0;
	bool ok = false;

	if (*root || n == 0 || strchr("{[<", *text))
		return false;
	while (line < n && line < 65536 && text[line] != '\n')
		line++;
	if ((csv = csv_open(text, line, &err))) {
		from_table(&m, csv, csv_has);
		ok = usable(&m);
		csv_close(csv, &err);
	}
	err_clear(&err);
	mapping_clear(&m);
	return ok;
}

const struct feed_reader reader_ticket_csv = {"ticket-csv", ticket_csv_detects, ticket_csv_read};

/* --- JSON ------------------------------------------------------------------------------------- */

static bool
json_has(const void *document, const char *names)
{
	return json_member(document, names) != NULL;
}

static bool
json_ticket(const json_t *row, const struct mapping *m, struct feed_out *out)
{
	struct feed_item item;
	struct notes notes = {0};

	if (!json_is_object(row))
		return true;
	item = feed_item_new(FEED_TICKET);
	for (size_t i = 0; i < N_FIELDS; i++) {
		char *s =
		    m->names[i] ? json_text(row, m->names[i], fields[i].kind == T_LINES) : NULL;
		int64_t at;

		if (s && fields[i].kind == T_TIME &&
		    (at = json_time(row, m->names[i], out->profile->zone_minutes)) != CLOCK_NONE)
			*(int64_t *)(void *)((char *)item.ticket + fields[i].at) = at;
		else if (s)
			set_field(item.ticket, &fields[i], s, out->profile->zone_minutes, &notes);
		free(s);
	}
	item.raw = json_dumps(row, JSON_COMPACT);
	return emit_ticket(&item, m, &notes, out);
}

/* The rows: the document, or what stands under the names list pages use, two levels deep. */
static const json_t *
find_rows(const json_t *doc, int deeper)
{
	static const char *const names[] = {
	    "data", "rows", "list", "records", "result", "items", "page"};
	const json_t *found;

	if (json_is_array(doc))
		return doc;
	for (size_t i = 0; deeper > 0 && i < COUNT_OF(names); i++)
		if ((found = find_rows(json_object_get(doc, names[i]), deeper - 1)))
			return found;
	return NULL;
}

static bool
read_rows(const json_t *doc, struct mapping *m, struct feed_out *out)
{
	const json_t *list = find_rows(doc, 3), *first = list ? json_array_get(list, 0) : doc;
	size_t i;
	json_t *row;

	if (list && json_array_size(list) == 0)
		return true;
	from_table(m, first, json_has);
	if (!usable(m))
		return err_set(out->err, ERR_INPUT, _("the rows name no ticket number and text"));
	if (!list)
		return json_ticket(doc, m, out);
	json_array_foreach(list, i, row) if (!json_ticket(row, m, out)) return false;
	return true;
}

static bool
ticket_json_read(const char *text, size_t n, struct feed_out *out)
{
	struct mapping m = {0};
	json_t *doc;
	bool ok;

	doc = from_profile(&m, out->profile->columns, out->err) ? json_document(text, n, out->err)
								: NULL;
	ok = doc && read_rows(doc, &m, out);
	json_decref(doc);
	mapping_clear(&m);
	return ok;
}

/* Any number name of the table, quoted, in the first bytes. */
static bool
ticket_json_detects(const char *text, size_t n, const char *root)
{
	char quoted[64];

	if (*root || n == 0 || !strchr("{[", *text))
		return false;
	for (size_t k = 0; k < ticket_columns.n; k++) {
		const char *names = ticket_columns.rows[k].names;

		if (strcmp(ticket_columns.rows[k].field, "number") != 0)
			continue;
		while (*names) {
			size_t length = strcspn(names, "|");

			snprintf(quoted, sizeof(quoted), "\"%.*s\"",
			    (int)(length < 60 ? length : 60), names);
			if (memmem(text, n < 8192 ? n : 8192, quoted, strlen(quoted)))
				return true;
			names += length + (names[length] == '|');
		}
	}
	return false;
}

const struct feed_reader reader_ticket_json = {
    "ticket-json", ticket_json_detects, ticket_json_read};

/* --- what is taken for what ------------------------------------------------------------------ */

struct telling {
	const struct mapping *m;
	mapping_told *told;
	void *context;
};

static void
tell_csv(const struct telling *t, const struct csv *csv, bool headed)
{
	bool taken[CSV_COLUMNS] = {false};
	char place[16];

	for (size_t i = 0; i < N_FIELDS; i++) {
		int column = t->m->names[i] ? csv_column(csv, t->m->names[i]) : -1;

		if (column < 0)
			continue;
		taken[column] = true;
		snprintf(place, sizeof(place), "#%d", column + 1);
		t->told(t->context, fields[i].name, headed ? csv_name(csv, column) : place,
		    csv_get(csv, column));
	}
	for (int column = 0; headed && column < csv_columns(csv); column++)
		if (!taken[column])
			t->told(t->context, NULL, csv_name(csv, column), csv_get(csv, column));
}

static bool
map_csv(const char *text, size_t n, struct mapping *m, struct telling *t, struct err *err)
{
	bool headed = !is_headless(m), good;
	struct csv *csv = headed ? csv_open(text, n, err) : csv_open_headless(text, n, err);
	struct err broken = ERR_NONE;

	if (!csv)
		return false;
	if (headed)
		from_table(m, csv, csv_has);
	good =
	    usable(m) || err_set(err, ERR_INPUT, _("the heading names no ticket number and text"));
	csv_next(csv); /* without a row the samples are blank */
	tell_csv(t, csv, headed);
	if (csv_close(csv, &broken))
		return good;
	err_clear(err);
	return err_move(err, &broken);
}

/* The first of several names that is a member; NULL none. The caller frees. */
static char *
member_named(const json_t *row, const char *names)
{
	while (*names) {
		size_t n = strcspn(names, "|");
		char *name = mem_dupn(names, n);

		if (json_member(row, name))
			return name;
		free(name);
		names += n + (names[n] == '|');
	}
	return NULL;
}

static void
tell_json(const struct telling *t, const json_t *row)
{
	json_t *rest = json_copy((json_t *)(uintptr_t)row), *value;
	const char *key;

	for (size_t i = 0; i < N_FIELDS; i++) {
		char *name = t->m->names[i] ? member_named(row, t->m->names[i]) : NULL, *sample;

		if (!name)
			continue;
		sample = json_text(row, name, false);
		t->told(t->context, fields[i].name, name, sample ? sample : "");
		json_object_del(rest, name);
		free(sample);
		free(name);
	}
	json_object_foreach(rest, key, value)
	{
		char *sample = json_text(rest, key, false);

		t->told(t->context, NULL, key, sample ? sample : "");
		free(sample);
	}
	json_decref(rest);
}

static bool
map_json(const char *text, size_t n, struct mapping *m, struct telling *t, struct err *err)
{
	json_t *doc = json_document(text, n, err);
	const json_t *list = doc ? find_rows(doc, 3) : NULL,
		     *first = list ? json_array_get(list, 0) : doc;
	bool good = doc != NULL;

	if (good && !json_is_object(first))
		good = err_set(err, ERR_INPUT, _("it holds no row to look at"));
	if (good) {
		from_table(m, first, json_has);
		tell_json(t, first);
		good = usable(m) ||
		       err_set(err, ERR_INPUT, _("the rows name no ticket number and text"));
	}
	json_decref(doc);
	return good;
}

bool
mapping_of_tickets(const char *text, size_t n, const char *columns, mapping_told *told,
    void *context, char **source, struct err *err)
{
	struct mapping m = {0};
	struct telling t = {&m, told, context};
	bool good = from_profile(&m, columns, err);

	if (good && n && strchr("{[", *text))
		good = map_json(text, n, &m, &t, err);
	else if (good)
		good = map_csv(text, n, &m, &t, err);
	*source = mem_dup(m.source ? m.source : "");
	mapping_clear(&m);
	return good;
}
