/*
 * The rows of the tables a file may bring or take away, read as the columns of their verbs: the
 * same statement gives what an import compares with and what an export writes, so that the two
 * agree.
 *
 *	unit  ->  id, area, then the parameters of unit.add in their order
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/scope.h"
#include "store/search.h"
#include "store/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN 2 /* columns before those of the verb */

/* kind, label, other words, columns that are a person's, the columns, FROM …, the id, order */
#define LEDGERS(X)                                                                                 \
	X(unit, N_("unit"), "units|单位|机构|organisations|organizations", "lead",                 \
	    "u.id, u.area, u.code, u.name, u.kind, u.short, u.aliases, u.area, u.lead, u.phone, "  \
	    "u.lon, u.lat FROM unit u",                                                            \
	    "u.id", "u.code")                                                                      \
	X(person, N_("person"), "persons|people|人员|通讯录", "name phone",                        \
	    "p.id, p.area, p.name, CASE p.role WHEN 1 THEN 'officer' WHEN 2 THEN 'chief'"          \
	    " WHEN 4 THEN 'leader' WHEN 8 THEN 'township' WHEN 16 THEN 'clerk'"                    \
	    " WHEN 32 THEN 'auditor' END, p.area, p.unit, p.post, p.phone"                         \
	    " FROM (SELECT * FROM person WHERE active = 1) p",                                     \
	    "p.id", "p.initials, p.id")                                                            \
	X(line, N_("phone line"), "phones|phone|lines|电话|热线", "",                              \
	    "l.id, 0, l.number, l.name, l.unit FROM line l", "l.id", "l.number, l.id")             \
	X(contact, N_("call-out contact"), "contacts|联系人|叫应联系人|值班联系人", "name phone",  \
	    "c.id, c.area, c.name, c.phone, c.rank, c.area, c.place, c.unit, c.post"               \
	    " FROM contact c",                                                                     \
	    "c.id", "c.area IS NULL, c.area, c.place, c.unit, c.rank, c.id")                       \
	X(team, N_("team"), "teams|队伍", "leader phone",                                          \
	    "t.id, t.area, t.name, t.class, t.short, t.unit, t.area, t.lon, t.lat, t.people, "     \
	    "t.leader, t.phone, t.ready_min, t.gear, (SELECT group_concat(n, ' ') FROM (SELECT "   \
	    "s.name AS n FROM team_skill k JOIN skill s ON s.code = k.skill WHERE k.team = t.id "  \
	    "ORDER BY s.name)), t.confirmed FROM team t",                                          \
	    "t.id", "t.initials, t.id")                                                            \
	X(stock, N_("stock"), "库存|物资", "",                                                     \
	    "s.id, d.area, s.depot, g.name, s.quantity, s.batch, s.keep, s.expiry, s.confirmed"    \
	    " FROM stock s JOIN depot d ON d.id = s.depot JOIN goods g ON g.code = s.goods",       \
	    "s.id", "d.initials, d.id, g.rowid, s.batch")                                          \
	X(enterprise, N_("enterprise"), "enterprises|企业", "chief phone",                         \
	    "e.id, e.area, e.name, e.trade, e.area, e.lon, e.lat, e.hazard_level, e.r_value, "     \
	    "e.substances, e.chief, e.phone, e.uscc FROM enterprise e",                            \
	    "e.id", "e.initials, e.id")                                                            \
	X(shelter, N_("shelter"), "shelters|避难场所|安置点", "keeper phone",                      \
	    "s.id, s.area, s.name, s.kind, s.capacity, s.area, s.lon, s.lat, s.keeper, s.phone"    \
	    " FROM shelter s",                                                                     \
	    "s.id", "s.initials, s.id")                                                            \
	X(hospital, N_("hospital"), "hospitals|医院", "",                                          \
	    "h.id, h.area, h.name, h.level, h.area, h.lon, h.lat, h.beds, h.icu, h.ambulances, "   \
	    "h.skills, h.phone FROM hospital h",                                                   \
	    "h.id", "h.initials, h.id")                                                            \
	X(expert, N_("expert"), "experts|专家", "name phone",                                      \
	    "e.id, 0, e.name, e.field, e.title, e.unit, e.phone, e.place FROM expert e", "e.id",   \
	    "e.initials, e.id")                                                                    \
	X(equipment, N_("equipment"), "装备", "phone",                                             \
	    "e.id, e.area, e.name, e.kind, e.holder, e.area, e.quantity, e.phone, e.note"          \
	    " FROM equipment e",                                                                   \
	    "e.id", "e.initials, e.id")                                                            \
	X(place, N_("place"), "places|地点|村", "",                                                \
	    "p.id, p.area, p.name, p.kind, p.code, p.aliases, p.area, p.lon, p.lat, p.people"      \
	    " FROM place p",                                                                       \
	    "p.id", "p.initials, p.id")                                                            \
	X(depot, N_("depot"), "depots|仓库", "keeper phone",                                       \
	    "d.id, d.area, d.name, d.short, d.unit, d.area, d.lon, d.lat, d.keeper, d.phone, "     \
	    "d.load_min FROM depot d",                                                             \
	    "d.id", "d.initials, d.id")

static const struct ledger {
	const char *kind, *label, *words, *personal;
	const char *one, *all;
} ledgers[] = {
#define LEDGER(kind, label, words, personal, columns, id, order)                                   \
	{#kind, label, words, personal, "SELECT " columns " WHERE " id " = ?1",                    \
	    "SELECT " columns " ORDER BY " order},
    LEDGERS(LEDGER)};

static const struct ledger *
ledger_of(const char *kind)
{
	for (size_t i = 0; i < COUNT_OF(ledgers); i++)
		if (strcmp(ledgers[i].kind, kind) == 0)
			return &ledgers[i];
	return NULL;
}

const char *
resource_table_at(size_t i, const char **words)
{
	if (i >= COUNT_OF(ledgers))
		return NULL;
	if (words)
		*words = ledgers[i].words;
	return ledgers[i].kind;
}

const char *
resource_table_named(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(ledgers); i++)
		if (strcmp(ledgers[i].kind, word) == 0 || word_listed(word, ledgers[i].words))
			return ledgers[i].kind;
	return NULL;
}

const char *
resource_table_label(const char *kind)
{
	const struct ledger *l = ledger_of(kind);

	return l ? _(l->label) : kind;
}

const struct verb_param *
resource_table_columns(const char *kind, size_t *n)
{
	const struct table *t = table_named(kind);

	*n = t ? t->n_params : 0;
	return t ? t->params : NULL;
}

bool
resource_column_personal(const char *kind, const char *column)
{
	const struct ledger *l = ledger_of(kind);
	const char *p = l ? l->personal : "";
	char word[32];

	while (text_word(&p, word, sizeof(word)))
		if (strcmp(word, column) == 0)
			return true;
	return false;
}

/* --- values ---------------------------------------------------------------------------------- */

static json_t *
value_at(struct sql *q, int column, enum arg_type type)
{
	if (sql_null(q, column))
		return NULL;
	if (type == ARG_INT || type == ARG_TIME || type == ARG_THING)
		return json_integer(sql_int(q, column));
	if (type == ARG_REAL)
		return json_real(sql_real(q, column));
	return *sql_text(q, column) ? json_string(sql_text(q, column)) : NULL;
}

/* A person of the whole county is told without an area: in another store that is another county. */
static bool
goes_without_saying(
    struct store *st, const struct table *t, const char *column, const json_t *value)
{
	return strcmp(t->kind, "person") == 0 && strcmp(column, "area") == 0 &&
	       json_integer_value(value) == store_area(st);
}

static json_t *
values_of(struct store *st, const struct table *t, struct sql *q)
{
	json_t *values = json_object();

	for (size_t i = 0; i < t->n_params; i++) {
		json_t *value = value_at(q, (int)i + OWN, t->params[i].type);

		if (value && !goes_without_saying(st, t, t->params[i].name, value))
			json_object_set(values, t->params[i].name, value);
		json_decref(value);
	}
	return values;
}

json_t *
ledger_values(struct store *st, const struct table *t, int64_t id)
{
	struct sql *q = sql(st, ledger_of(t->kind)->one);
	json_t *values;

	sql_bind(q, "i", id);
	values = sql_row(q) ? values_of(st, t, q) : json_object();
	sql_done(q);
	return values;
}

static char *
thing_text(struct store *st, const char *kind, int64_t id)
{
	char *name = NULL;

	if (strcmp(kind, "area") == 0)
		name = sql_one_text(st, "SELECT name FROM area WHERE id = ?1", "i", id);
	else if (strcmp(kind, "unit") == 0)
		name = sql_one_text(st, "SELECT name FROM unit WHERE id = ?1", "i", id);
	else if (strcmp(kind, "depot") == 0)
		name = sql_one_text(st, "SELECT name FROM depot WHERE id = ?1", "i", id);
	return name ? name : mem_print("%" PRId64, id);
}

/* The shortest decimal that reads back as the same number. */
static char *
real_text(double value)
{
	char text[40];

	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return mem_dup(text);
}

char *
ledger_text(struct store *st, const struct verb_param *p, const json_t *value)
{
	char time[40];

	if (!value)
		return mem_dup("");
	if (p->type == ARG_THING)
		return thing_text(st, p->of, json_integer_value(value));
	if (p->type == ARG_TIME)
		return mem_dup(
		    clock_format(time, sizeof(time), json_integer_value(value), CLOCK_ISO));
	if (p->type == ARG_INT)
		return mem_print("%" PRId64, (int64_t)json_integer_value(value));
	if (p->type == ARG_REAL)
		return real_text(json_number_value(value));
	return mem_dup(json_string_value(value));
}

/* --- which row is meant ---------------------------------------------------------------------- */

static const char *
text_of(json_t *values, const char *name)
{
	const char *s = json_string_value(json_object_get(values, name));

	return s ? s : "";
}

static int64_t
int_of(json_t *values, const char *name)
{
	return json_integer_value(json_object_get(values, name));
}

/* The rows the statement gives, at most two told apart: 0, 1 or 2; *id gets the first. */
static int
hits(struct sql *q, int64_t *id)
{
	int n = 0;

	while (n < 2 && sql_row(q)) {
		if (n++ == 0)
			*id = sql_int(q, 0);
	}
	sql_done(q);
	return n;
}

static bool
match_unit(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	const char *code = text_of(v, "code");

	(void)err;
	*id = *code ? sql_one_int(st, "SELECT id FROM unit WHERE code = ?1", 0, "t", code)
		    : sql_one_int(
			  st, "SELECT id FROM unit WHERE name = ?1", 0, "t", text_of(v, "name"));
	return true;
}

static bool
several(const char *name, struct err *err)
{
	return err_set(err, ERR_INPUT,
	    _("there is more than one %s: tell them apart by unit and telephone"), name);
}

/* People: the three statements are by name and phone, name and unit, name alone (id, phone). */
static bool
match_somebody(struct store *st, json_t *v, const char *by_phone, const char *by_unit,
    const char *by_name, bool unit_is_thing, int64_t *id, struct err *err)
{
	const char *name = text_of(v, "name"), *phone = text_of(v, "phone");
	struct sql *q;
	int n = 0;

	if (*phone) {
		q = sql(st, by_phone);
		sql_bind(q, "tt", name, phone);
		n = hits(q, id);
	}
	if (n)
		return n == 1 || several(name, err);
	if (json_object_get(v, "unit")) {
		q = sql(st, by_unit);
		if (unit_is_thing)
			sql_bind(q, "ti", name, int_of(v, "unit"));
		else
			sql_bind(q, "tt", name, text_of(v, "unit"));
		n = hits(q, id);
		return n < 2 || several(name, err);
	}
	q = sql(st, by_name);
	sql_bind(q, "t", name);
	n = hits(q, id);
	if (n == 2)
		return several(name, err);
	if (n == 1 && *phone) {
		q = sql(st, by_name);
		sql_bind(q, "t", name);
		if (sql_row(q) && *sql_text(q, 1))
			err_set(err, ERR_INPUT,
			    _("a %s with the telephone %s is on file: name the unit, so that it is "
			      "clear whether that is the same person"),
			    name, sql_text(q, 1));
		sql_done(q);
		return err->code == ERR_OK;
	}
	return true;
}

static bool
match_person(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	return match_somebody(st, v,
	    "SELECT id FROM person WHERE name = ?1 AND phone = ?2 AND active = 1",
	    "SELECT id FROM person WHERE name = ?1 AND unit = ?2 AND active = 1",
	    "SELECT id, coalesce(phone, '') FROM person WHERE name = ?1 AND active = 1", true, id,
	    err);
}

static bool
match_expert(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	return match_somebody(st, v, "SELECT id FROM expert WHERE name = ?1 AND phone = ?2",
	    "SELECT id FROM expert WHERE name = ?1 AND unit = ?2",
	    "SELECT id, coalesce(phone, '') FROM expert WHERE name = ?1", false, id, err);
}

static bool
match_place(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	const char *code = text_of(v, "code"), *name = text_of(v, "name");
	struct sql *q;
	int n = 0;

	if (*code) {
		q = sql(st, "SELECT id FROM place WHERE code = ?1");
		sql_bind(q, "t", code);
		n = hits(q, id);
	}
	if (n == 1)
		return true;
	q = sql(st, "SELECT id FROM place WHERE name = ?1 AND (?2 = '' OR kind = ?2)"
		    " AND (?3 = 0 OR area = ?3) AND (?4 = '' OR code IS NULL)");
	sql_bind(q, "ttit", name, text_of(v, "kind"), int_of(v, "area"), code);
	n = hits(q, id);
	return n < 2 ||
	       err_set(err, ERR_INPUT,
		   _("there is more than one %s: tell them apart by code, kind and area"), name);
}

static bool
match_enterprise(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	const char *uscc = text_of(v, "uscc");

	(void)err;
	if (*uscc)
		*id = sql_one_int(st, "SELECT id FROM enterprise WHERE uscc = ?1", 0, "t", uscc);
	if (!*id)
		*id = sql_one_int(
		    st, "SELECT id FROM enterprise WHERE name = ?1", 0, "t", text_of(v, "name"));
	return true;
}

static bool
match_stock(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	char code[32];

	(void)err;
	if (resource_goods_named(st, text_of(v, "goods"), code, sizeof(code)))
		*id = sql_one_int(st,
		    "SELECT id FROM stock WHERE depot = ?1 AND goods = ?2 AND batch = ?3", 0, "itt",
		    int_of(v, "depot"), code, text_of(v, "batch"));
	return true;
}

/* Somebody on the ladder of a township, village or unit, by name; of two of one name, the one with the number. */
static bool
match_contact(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	struct sql *q =
	    sql(st, "SELECT id FROM contact WHERE ifnull(area, 0) = ?1 AND place = ?2 AND "
		    "ifnull(unit, 0) = ?3 AND name = ?4 ORDER BY phone = ?5 DESC, id");
	int n;

	sql_bind(q, "ititt", int_of(v, "area"), text_of(v, "place"), int_of(v, "unit"),
	    text_of(v, "name"), text_of(v, "phone"));
	n = hits(q, id);
	if (n < 2 || sql_one_int(st, "SELECT count(*) FROM contact WHERE id = ?1 AND phone = ?2", 0,
			 "it", *id, text_of(v, "phone")))
		return true;
	return err_set(err, ERR_INPUT,
	    _("%s is on this ladder more than once: tell them apart by telephone"),
	    text_of(v, "name"));
}

static bool
match_equipment(struct store *st, json_t *v, int64_t *id, struct err *err)
{
	(void)err;
	*id = sql_one_int(st,
	    "SELECT id FROM equipment WHERE name = ?1 AND coalesce(holder, '') = ?2", 0, "tt",
	    text_of(v, "name"), text_of(v, "holder"));
	return true;
}

#define MATCH_BY(kind, column)                                                                     \
	static bool match_##kind(struct store *st, json_t *v, int64_t *id, struct err *err)        \
	{                                                                                          \
		(void)err;                                                                         \
		*id = sql_one_int(st, "SELECT id FROM " #kind " WHERE " #column " = ?1", 0, "t",   \
		    text_of(v, #column));                                                          \
		return true;                                                                       \
	}
MATCH_BY(line, number)
MATCH_BY(team, name)
MATCH_BY(shelter, name)
MATCH_BY(hospital, name)
MATCH_BY(depot, name)

bool
ledger_match(struct store *st, const char *kind, json_t *values, int64_t *id, struct err *err)
{
	static bool (*const match[])(struct store *, json_t *, int64_t *, struct err *) = {
#define MATCH(kind, label, words, personal, columns, id, order) match_##kind,
	    LEDGERS(MATCH)};

	*id = 0;
	return match[ledger_of(kind) - ledgers](st, values, id, err);
}

/* --- exports --------------------------------------------------------------------------------- */

static json_t *
cells_of(struct store *st, const struct table *t, json_t *values)
{
	json_t *cells = json_object();

	for (size_t i = 0; i < t->n_params; i++) {
		const struct verb_param *p = &t->params[i];
		json_t *value = json_object_get(values, p->name);
		char *text;

		if (!value)
			continue;
		if (p->type == ARG_INT || p->type == ARG_REAL) {
			json_object_set(cells, p->name, value);
			continue;
		}
		text = ledger_text(st, p, value);
		json_object_set_new(cells, p->name, json_string(text));
		free(text);
	}
	return cells;
}

static bool
is_wanted(const json_t *cells, const struct resource_filter *f, int64_t area)
{
	static const char *const names[] = {"name", "number", "depot"};
	char initials[INITIALS];
	const char *name = NULL, *goods = json_string_value(json_object_get(cells, "goods"));

	if (f->area && area != f->area)
		return false;
	if (!f->words || !*f->words)
		return true;
	for (size_t i = 0; !name && i < COUNT_OF(names); i++)
		name = json_string_value(json_object_get(cells, names[i]));
	row_initials(
	    initials, name ? name : "", json_string_value(json_object_get(cells, "short")), NULL);
	return word_score(f->words, name ? name : "",
		   json_string_value(json_object_get(cells, "short")),
		   json_string_value(json_object_get(cells, "aliases")), initials,
		   json_string_value(json_object_get(cells, "phone"))) > 0 ||
	       (goods && word_score(f->words, goods, NULL, NULL, NULL, NULL) > 0);
}

void
resource_table_each(struct store *st, const struct actor *reader, const char *kind,
    const struct resource_filter *f, bool (*each)(void *context, const struct table_row *row),
    void *context)
{
	const struct table *t = table_named(kind);
	struct sql *q = sql(st, ledger_of(kind)->all);
	bool stock = strcmp(kind, "stock") == 0, on = true;

	while (on && sql_row(q)) {
		struct table_row row = {.id = sql_int(q, 0), .area = sql_int(q, 1)};
		json_t *values, *cells;

		/* Goods lie in a depot: who sees that sees them. */
		if (!scope_sees(
			st, reader, stock ? "depot" : kind, stock ? sql_int(q, OWN) : row.id))
			continue;
		values = values_of(st, t, q);
		cells = cells_of(st, t, values);
		row.cells = cells;
		if (is_wanted(cells, f, row.area))
			on = each(context, &row);
		json_decref(cells);
		json_decref(values);
	}
	sql_done(q);
}
