/*
 * Whom to call, in order, until somebody answers. What the county has put into the table of
 * contacts goes first; where it has nothing the ladder is made of what the directory knows: the
 * township's duty officer, its head, then the police and the nearest neighbour, who can send
 * somebody to the door (handbook 3.3).
 */
#include "duty/inside.h"

#include "base/tsv.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
ladder_add(struct ladder *l, const char *name, const char *post, const char *phone)
{
	struct rung *r;

	if (!*phone || l->n == COUNT_OF(l->rung))
		return;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->rung[i].phone, phone) == 0)
			return;
	r = &l->rung[l->n++];
	utf8_copy(r->name, sizeof(r->name), name);
	utf8_copy(r->post, sizeof(r->post), post);
	utf8_copy(r->phone, sizeof(r->phone), phone);
}

static void
add_rows(struct ladder *l, struct sql *q)
{
	while (sql_row(q)) {
		char name[48], post[48];

		FIELD(name, q, 0);
		FIELD(post, q, 1);
		ladder_add(l, name, post, sql_text(q, 2));
	}
	sql_done(q);
}

static void
add_contacts(struct store *st, struct ladder *l, int64_t area, const char *place)
{
	struct sql *q =
	    sql(st, "SELECT name, post, phone FROM contact WHERE area = ?1 AND place = ?2 "
		    "AND unit IS NULL ORDER BY rank, id");

	sql_bind(q, "it", area, place);
	add_rows(l, q);
}

/* Degrees are good enough to tell which of two neighbours is nearer. */
static void
add_neighbour(struct store *st, struct ladder *l, int64_t area)
{
	struct sql *q =
	    sql(st, "SELECT u.name, u.phone FROM area a JOIN area b ON b.id <> a.id JOIN unit u ON "
		    "u.area = "
		    "b.id AND u.kind = 'township' WHERE a.id = ?1 AND u.phone IS NOT NULL ORDER BY "
		    "(a.lon - "
		    "b.lon) * (a.lon - b.lon) * 0.7 + (a.lat - b.lat) * (a.lat - b.lat) LIMIT 1");

	sql_bind(q, "i", area);
	if (sql_row(q))
		ladder_add(l, sql_text(q, 0), _("neighbour, to send somebody"), sql_text(q, 1));
	sql_done(q);
}

static void
add_police(struct store *st, struct ladder *l)
{
	struct unit_row police;

	if (resource_unit_named(st, "公安局", &police))
		ladder_add(l, police.name, _("police, to send somebody"), police.phone);
}

void
ladder_of_area(struct store *st, int64_t area, struct ladder *out)
{
	struct sql *q;

	memset(out, 0, sizeof(*out));
	add_contacts(st, out, area, "");
	if (out->n == 0) {
		q = sql(st,
		    "SELECT name, coalesce(post, ''), coalesce(phone, '') FROM person WHERE area "
		    "= ?1 AND role = ?2 AND active = 1 ORDER BY id");
		sql_bind(q, "ii", area, (int64_t)ROLE_TOWNSHIP);
		add_rows(out, q);
		q = sql(st,
		    "SELECT coalesce(lead, name), name, coalesce(phone, '') FROM unit WHERE area "
		    "= ?1 AND kind = 'township' ORDER BY id");
		sql_bind(q, "i", area);
		add_rows(out, q);
		add_police(st, out);
	}
	add_neighbour(st, out, area);
}

void
ladder_of_place(struct store *st, const char *place, int64_t area, struct ladder *out)
{
	struct ladder township;

	memset(out, 0, sizeof(*out));
	add_contacts(st, out, area, place);
	ladder_of_area(st, area, &township);
	for (size_t i = 0; i < township.n && i < 2; i++)
		ladder_add(
		    out, township.rung[i].name, township.rung[i].post, township.rung[i].phone);
}

void
ladder_of_unit(struct store *st, int64_t unit, struct ladder *out)
{
	struct sql *q =
	    sql(st, "SELECT name, post, phone FROM contact WHERE unit = ?1 ORDER BY rank, id");

	memset(out, 0, sizeof(*out));
	sql_bind(q, "i", unit);
	add_rows(out, q);
	q = sql(
	    st, "SELECT coalesce(lead, name), name, coalesce(phone, '') FROM unit WHERE id = ?1");
	sql_bind(q, "i", unit);
	add_rows(out, q);
}

void
ladder_of_person(struct store *st, int64_t person, struct ladder *out)
{
	struct sql *q =
	    sql(st, "SELECT name, coalesce(post, ''), coalesce(phone, '') FROM person WHERE "
		    "id = ?1");

	memset(out, 0, sizeof(*out));
	sql_bind(q, "i", person);
	add_rows(out, q);
	q = sql(st,
	    "SELECT coalesce(u.lead, u.name), u.name, coalesce(u.phone, '') FROM person p JOIN "
	    "unit u ON u.id = p.unit WHERE p.id = ?1");
	sql_bind(q, "i", person);
	add_rows(out, q);
}

/* --- the table of contacts -------------------------------------------------------------------- */

struct contact {
	int64_t area, unit, rank;
	const char *place, *name, *post, *phone;
};

static bool
put_contact(struct verb_call *call, const struct contact *c, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q;

	if (!call_touch_area(call, c->area ? c->area : store_area(st), err))
		return false;
	if (!c->area && !c->unit)
		return err_set(err, ERR_INPUT,
		    _("A contact belongs to a township, a place in one, or a unit."));
	if (*c->place && !c->area)
		return err_set(err, ERR_INPUT, _("Say which township the place lies in (area=)."));
	if (c->rank < 1 || c->rank > 9)
		return err_set(err, ERR_INPUT, _("The rank is 1 (called first) to 9."));
	if (!*c->name || !*c->phone)
		return err_set(err, ERR_INPUT, _("A contact has a name and a telephone."));
	q = sql(st, "INSERT INTO contact (id, area, place, unit, rank, name, post, phone, journal) "
		    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	sql_bind(q, "iztzittti", id, c->area, c->place, c->unit, c->rank, c->name, c->post,
	    c->phone, call_journal(call));
	return sql_run(q);
}

bool
run_contact(struct verb_call *call, struct err *err)
{
	struct contact c = {call_int(call, "area"), call_int(call, "unit"), call_int(call, "rank"),
	    call_text(call, "place"), call_text(call, "name"), call_text(call, "post"),
	    call_text(call, "phone")};

	if (!put_contact(call, &c, err))
		return false;
	call_say(call, _("contact %lld: %s %s"), (long long)c.rank, c.name, c.phone);
	return true;
}

static const char *
member(json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text ? text : "";
}

/* Many at once, so that a county's list is one line of the journal. */
bool
run_contact_load(struct verb_call *call, struct err *err)
{
	json_t *rows = json_loads(call_text(call, "rows"), 0, NULL), *row;
	bool ok = json_is_array(rows);
	size_t i;

	if (!ok)
		err_set(err, ERR_INPUT, _("rows: an array of objects is expected"));
	json_array_foreach(rows, i, row)
	{
		struct contact c = {strtoll(member(row, "area"), NULL, 10), 0,
		    strtoll(member(row, "rank"), NULL, 10), member(row, "place"),
		    member(row, "name"), member(row, "post"), member(row, "phone")};

		ok = ok && put_contact(call, &c, err);
	}
	if (ok)
		call_say(call, _("%zu contacts taken in"), json_array_size(rows));
	json_decref(rows);
	return ok;
}

static json_t *
read_rows(struct tsv *t, struct err *err)
{
	static const char *const names[] = {"area", "place", "rank", "name", "post", "phone"};
	int columns[COUNT_OF(names)];
	json_t *rows = json_array();

	for (size_t i = 0; i < COUNT_OF(names); i++)
		columns[i] = tsv_column(t, names[i], true, err);
	while (columns[0] >= 0 && tsv_next(t)) {
		json_t *row = json_object();

		for (size_t i = 0; i < COUNT_OF(names); i++)
			json_object_set_new(row, names[i], json_string(tsv_get(t, columns[i])));
		json_array_append_new(rows, row);
	}
	return rows;
}

bool
duty_load_contacts(
    struct store *st, const struct actor *actor, const char *path, size_t *rows, struct err *err)
{
	struct verb_result result = {.said = NULL};
	struct tsv *t = tsv_open(path, err);
	json_t *list, *args;
	char *text;
	bool ok;

	if (!t)
		return false;
	list = read_rows(t, err);
	text = json_dumps(list, JSON_COMPACT);
	args = json_object();
	json_object_set_new(args, "rows", json_string(text));
	ok = tsv_close(t, err) && err->code == ERR_OK &&
	     verb_run(st, actor, "contact.load", args, &result, err);
	if (ok && rows)
		*rows = json_array_size(list);
	verb_result_clear(&result);
	json_decref(args);
	json_decref(list);
	free(text);
	return ok;
}
