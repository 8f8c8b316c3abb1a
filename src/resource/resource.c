/* The verbs of this room: one row each, and table.load for a whole file of them. */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA_ROLES (ROLE_CLERK | ROLE_CHIEF | ROLE_SYSTEM)
#define FIELD_ROLES (DATA_ROLES | ROLE_OFFICER | ROLE_LEADER | ROLE_TOWNSHIP)
#define POSTS "leader|chief|officer|deputy|standby"
/* The words of the choices in the tables below, for the catalogue: whoever shows a choice
 * translates it. */
#define CHOICE_WORDS                                                                               \
	N_("county"), N_("street"), N_("town"), N_("township"), N_("zone"), N_("officer"),         \
	    N_("chief"), N_("leader"), N_("clerk"), N_("auditor"), N_("deputy"), N_("standby"),    \
	    N_("ready"), N_("off")

/* parameter rows: required and positional, optional */
#define MUST(name, label, type, of)                                                                \
	{                                                                                          \
		name, label, type, of, true, true, NULL                                            \
	}
#define MAY(name, label, type, of)                                                                 \
	{                                                                                          \
		name, label, type, of, false, false, NULL                                          \
	}
#define TEXT(name, label) MAY(name, label, ARG_WORD, NULL)
#define POSITION                                                                                   \
	MAY("lon", N_("longitude"), ARG_REAL, NULL), MAY("lat", N_("latitude"), ARG_REAL, NULL)
#define AREA MAY("area", N_("area"), ARG_THING, "area")
#define NAME MUST("name", N_("name"), ARG_WORD, NULL)
#define PHONE TEXT("phone", N_("telephone"))

static const struct verb_param area_params[] = {MUST("code", N_("code"), ARG_INT, NULL), NAME,
    MUST("kind", N_("kind"), ARG_CHOICE, "county|street|town|township|zone"),
    TEXT("short", N_("short name")), POSITION, MAY("people", N_("people"), ARG_INT, NULL),
    MAY("km2", N_("square kilometres"), ARG_REAL, NULL)};
static const struct verb_param unit_params[] = {MUST("code", N_("code"), ARG_WORD, NULL), NAME,
    MUST("kind", N_("kind"), ARG_WORD, NULL), TEXT("short", N_("short name")),
    TEXT("aliases", N_("other names")), AREA, TEXT("lead", N_("head")), PHONE, POSITION};
static const struct verb_param person_params[] = {NAME,
    MUST("role", N_("role"), ARG_CHOICE, "officer|chief|leader|township|clerk|auditor"), AREA,
    MAY("unit", N_("unit"), ARG_THING, "unit"), TEXT("post", N_("post")), PHONE};
static const struct verb_param place_params[] = {NAME, MUST("kind", N_("kind"), ARG_WORD, NULL),
    TEXT("code", N_("code")), TEXT("aliases", N_("other names")), AREA, POSITION,
    MAY("people", N_("people"), ARG_INT, NULL)};
static const struct verb_param line_params[] = {
    MUST("number", N_("line number"), ARG_WORD, NULL), NAME, TEXT("unit", N_("unit"))};
static const struct verb_param contact_params[] = {
    MUST("name", N_("person's name"), ARG_WORD, NULL),
    MUST("phone", N_("telephone"), ARG_WORD, NULL),
    {"rank", N_("rank"), ARG_INT, NULL, false, true,
	N_("1 is called first; behind the others unless given")},
    MAY("area", N_("township"), ARG_THING, "area"),
    {"place", N_("village"), ARG_WORD, NULL, false, false, N_("a place of that township")},
    MAY("unit", N_("unit"), ARG_THING, "unit"), TEXT("post", N_("post"))};
static const struct verb_param shift_params[] = {MUST("post", N_("duty post"), ARG_CHOICE, POSTS),
    MUST("person", N_("person"), ARG_THING, "person"), MUST("starts", N_("starts"), ARG_TIME, NULL),
    MUST("ends", N_("ends"), ARG_TIME, NULL)};
static const struct verb_param rotation_params[] = {
    MUST("post", N_("duty post"), ARG_CHOICE, POSTS),
    MUST("persons", N_("people in turn"), ARG_WORD, NULL),
    MUST("starts", N_("starts"), ARG_TIME, NULL), MAY("hours", N_("hours"), ARG_INT, NULL)};
static const struct verb_param skill_params[] = {MUST("code", N_("code"), ARG_WORD, NULL), NAME};
static const struct verb_param goods_params[] = {MUST("code", N_("code"), ARG_WORD, NULL), NAME,
    MUST("unit", N_("unit of count"), ARG_WORD, NULL), TEXT("aliases", N_("other names")),
    TEXT("gbt38565", N_("GB/T 38565 code"))};
static const struct verb_param team_params[] = {NAME,
    MUST("class", N_("team class"), ARG_WORD, NULL), TEXT("short", N_("short name")),
    TEXT("unit", N_("unit")), AREA, POSITION, MAY("people", N_("people"), ARG_INT, NULL),
    TEXT("leader", N_("team leader")), PHONE,
    MAY("ready_min", N_("minutes to turn out"), ARG_REAL, NULL), TEXT("gear", N_("gear")),
    TEXT("skills", N_("skills")), MAY("confirmed", N_("confirmed"), ARG_TIME, NULL)};
static const struct verb_param team_set_params[] = {MUST("team", N_("team"), ARG_THING, "team"),
    {"state", N_("state"), ARG_CHOICE, "ready|off", false, true, NULL}, TEXT("why", N_("why")),
    {"confirm", N_("confirm now"), ARG_FLAG, NULL, false, false, N_("seen to be so, now")},
    TEXT("leader", N_("team leader")), PHONE, MAY("people", N_("people"), ARG_INT, NULL),
    TEXT("gear", N_("gear")), MAY("ready_min", N_("minutes to turn out"), ARG_REAL, NULL)};
static const struct verb_param depot_params[] = {NAME, TEXT("short", N_("short name")),
    TEXT("unit", N_("unit")), AREA, POSITION, TEXT("keeper", N_("keeper")), PHONE,
    MAY("load_min", N_("minutes to load"), ARG_REAL, NULL)};
static const struct verb_param stock_params[] = {MUST("depot", N_("depot"), ARG_THING, "depot"),
    MUST("goods", N_("class of goods"), ARG_WORD, NULL),
    MUST("quantity", N_("quantity"), ARG_INT, NULL), TEXT("batch", N_("batch")),
    MAY("keep", N_("keep back"), ARG_INT, NULL), TEXT("expiry", N_("expiry")),
    MAY("confirmed", N_("confirmed"), ARG_TIME, NULL)};
static const struct verb_param count_params[] = {MUST("depot", N_("depot"), ARG_THING, "depot"),
    MUST("goods", N_("class of goods"), ARG_WORD, NULL),
    MUST("quantity", N_("quantity"), ARG_INT, NULL), TEXT("batch", N_("batch")),
    MUST("why", N_("why"), ARG_REST, NULL)};
static const struct verb_param move_params[] = {MUST("from", N_("from depot"), ARG_THING, "depot"),
    MUST("to", N_("to depot"), ARG_THING, "depot"),
    MUST("goods", N_("class of goods"), ARG_WORD, NULL),
    MUST("quantity", N_("quantity"), ARG_INT, NULL), MUST("why", N_("why"), ARG_REST, NULL)};
static const struct verb_param equipment_params[] = {NAME, MUST("kind", N_("kind"), ARG_WORD, NULL),
    TEXT("holder", N_("holder")), AREA, MAY("quantity", N_("quantity"), ARG_INT, NULL), PHONE,
    TEXT("note", N_("remark"))};
static const struct verb_param expert_params[] = {NAME,
    MUST("field", N_("field of expertise"), ARG_WORD, NULL),
    TEXT("title", N_("professional title")), TEXT("unit", N_("unit")), PHONE,
    TEXT("place", N_("place"))};
static const struct verb_param hospital_params[] = {NAME, TEXT("level", N_("hospital level")), AREA,
    POSITION, MAY("beds", N_("beds"), ARG_INT, NULL), MAY("icu", N_("ICU beds"), ARG_INT, NULL),
    MAY("ambulances", N_("ambulances"), ARG_INT, NULL), TEXT("skills", N_("skills")), PHONE};
static const struct verb_param enterprise_params[] = {NAME, TEXT("trade", N_("trade")), AREA,
    POSITION, MAY("hazard_level", N_("major hazard level"), ARG_INT, NULL),
    MAY("r_value", N_("R value"), ARG_REAL, NULL), TEXT("substances", N_("substances")),
    TEXT("chief", N_("head in charge")), PHONE, TEXT("uscc", N_("unified credit code"))};
static const struct verb_param shelter_params[] = {NAME, MUST("kind", N_("kind"), ARG_WORD, NULL),
    MUST("capacity", N_("capacity"), ARG_INT, NULL), AREA, POSITION, TEXT("keeper", N_("keeper")),
    PHONE};
static const struct verb_param people_params[] = {
    MUST("shelter", N_("shelter"), ARG_THING, "shelter"),
    {"in", N_("people in"), ARG_INT, NULL, false, true, N_("people who come in")},
    MAY("out", N_("people out"), ARG_INT, NULL),
    MAY("from", N_("from shelter"), ARG_THING, "shelter"),
    MAY("incident", N_("incident"), ARG_THING, "incident"),
    {"over", N_("over capacity"), ARG_FLAG, NULL, false, false,
	N_("take them in beyond the capacity")}};

/* kind of table.load, its verb, that verb's other words, its summary, who may */
#define TABLES(X)                                                                                  \
	X(area, "area.add", "加区划", N_("add an area"), DATA_ROLES)                               \
	X(unit, "unit.add", "加单位", N_("add a unit"), DATA_ROLES)                                \
	X(person, "person.add", "加人员", N_("add a person"), DATA_ROLES)                          \
	X(place, "place.add", "加地点", N_("add a place"), FIELD_ROLES)                            \
	X(line, "line.add", "加热线", N_("add a public phone line"), DATA_ROLES)                   \
	X(contact, "contact.add", "加联系人", N_("whom to call for a township, village or unit"),  \
	    FIELD_ROLES)                                                                           \
	X(shift, "shift.add", "shift 排班", N_("put someone on the roster"),                       \
	    DATA_ROLES | ROLE_LEADER)                                                              \
	X(rotation, "shift.rotate", "轮班", N_("set who takes turns on days without a roster"),    \
	    DATA_ROLES | ROLE_LEADER)                                                              \
	X(skill, "skill.add", "加能力", N_("add a skill"), DATA_ROLES)                             \
	X(goods, "goods.add", "加物资类别", N_("add a class of goods"), DATA_ROLES)                \
	X(team, "team.add", "加队伍", N_("add a team"), FIELD_ROLES)                               \
	X(depot, "depot.add", "加仓库", N_("add a depot"), FIELD_ROLES)                            \
	X(stock, "stock.add", "收货", N_("goods come in"), FIELD_ROLES)                            \
	X(equipment, "equipment.add", "加装备", N_("add equipment"), FIELD_ROLES)                  \
	X(expert, "expert.add", "加专家", N_("add an expert"), DATA_ROLES)                         \
	X(hospital, "hospital.add", "加医院", N_("add a hospital"), DATA_ROLES)                    \
	X(enterprise, "enterprise.add", "加企业", N_("add an enterprise"), FIELD_ROLES)            \
	X(shelter, "shelter.add", "加避难场所", N_("add a shelter"), FIELD_ROLES)

#define RUN(kind, verb, words, summary, roles)                                                     \
	static bool run_add_##kind(struct verb_call *call, struct err *err)                        \
	{                                                                                          \
		return row_run(call, add_##kind, err);                                             \
	}
TABLES(RUN)

static const struct table tables[] = {
#define TABLE(kind, verb, words, summary, roles)                                                   \
	{#kind, add_##kind, kind##_params, COUNT_OF(kind##_params)},
    TABLES(TABLE)};

const struct table *
table_named(const char *kind)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (strcmp(tables[i].kind, kind) == 0)
			return &tables[i];
	return NULL;
}

/* --- table.load ------------------------------------------------------------------------------- */

/*
 * `rows` is a JSON array of objects of strings; the member "#" of a row is its line in the file.
 * Rejected: the file's own text, whose tabs do not survive the cleaning of texts that verb_run
 * does.
 */
static const struct verb_param load_params[] = {
    MUST("kind", N_("kind"), ARG_CHOICE,
	"area|unit|person|place|line|contact|shift|rotation|skill|goods|team|depot|stock|equipment|"
	"expert|"
	"hospital|enterprise|shelter"),
    MUST("rows", N_("rows"), ARG_REST, NULL)};

static bool
load_row(struct verb_call *call, const struct table *t, json_t *texts, size_t n, struct err *err)
{
	struct row r = {.st = call_store(call), .call = call};
	struct err why = ERR_NONE;
	json_int_t line = json_integer_value(json_object_get(texts, "#"));
	bool ok = false;

	json_object_del(texts, "#");
	r.values = row_normal(r.st, t->params, t->n_params, texts, &why);
	if (r.values)
		ok = row_complete(t->params, t->n_params, r.values, &why) && t->add(&r, &why);
	json_decref(r.values);
	if (!ok) /* a failing store has said nothing here and is told by verb_run */
		err_set(err, why.code ? why.code : ERR_STORE, _("line %d: %s"),
		    line ? (int)line : (int)n + 1,
		    why.message ? why.message : _("it cannot be written"));
	err_clear(&why);
	return ok;
}

static bool
run_table_load(struct verb_call *call, struct err *err)
{
	const struct table *t = table_named(call_text(call, "kind"));
	json_t *rows = json_loads(call_text(call, "rows"), 0, NULL), *row;
	size_t i;
	bool ok;

	if (!t || !json_is_array(rows)) {
		json_decref(rows);
		return err_set(err, ERR_INPUT, _("rows is a JSON array of objects"));
	}
	ok = call_touch_area(
	    call, store_area(call_store(call)), err); /* a journal row of the whole county */
	json_array_foreach(rows, i, row)
	{
		if (!ok)
			break;
		ok = load_row(call, t, row, i, err);
	}
	if (ok)
		call_say(call,
		    ngettext("%d row loaded: %s", "%d rows loaded: %s",
			(unsigned long)(json_array_size(rows))),
		    (int)json_array_size(rows), t->kind);
	json_decref(rows);
	return ok;
}

/* --- files ------------------------------------------------------------------------------------ */

#define PIECE (48u << 10) /* of rows in one verb; a text argument may have 64 KiB */

static bool
load_piece(struct store *st, const struct actor *actor, const char *kind, const char *path,
    json_t *rows, struct err *err)
{
	char *text = json_dumps(rows, JSON_COMPACT);
	json_t *args = json_object();
	struct verb_result result = {0, 0, 0, NULL};
	struct err why = ERR_NONE;
	bool ok;

	json_object_set_new(args, "kind", json_string(kind));
	json_object_set_new(args, "rows", json_string(text));
	free(text);
	ok = verb_run(st, actor, "table.load", args, &result, &why);
	json_decref(args);
	verb_result_clear(&result);
	if (!ok)
		err_set(err, why.code, "%s: %s", path, why.message);
	err_clear(&why);
	return ok;
}

/* The next row of the file as an object; *bytes gets about what it adds to the text. */
static json_t *
file_row(
    struct tsv *t, const struct verb_param *params, const int *columns, size_t n, size_t *bytes)
{
	json_t *row = json_object();

	json_object_set_new(row, "#", json_integer(tsv_line(t)));
	*bytes = 16;
	for (size_t i = 0; i < n; i++) {
		const char *s = tsv_get(t, columns[i]);

		if (!*s)
			continue;
		json_object_set_new(row, params[i].name, json_string(s));
		*bytes += strlen(s) + strlen(params[i].name) + 8;
	}
	return row;
}

static bool
load_rows(struct store *st, const struct actor *actor, const struct table *t, struct tsv *file,
    size_t *rows, struct err *err)
{
	int columns[32];
	json_t *piece = json_array();
	size_t size = 0, bytes;
	bool ok = true;

	for (size_t i = 0; i < t->n_params; i++)
		columns[i] = tsv_column(file, t->params[i].name, false, NULL);
	while (ok && tsv_next(file)) {
		json_array_append_new(
		    piece, file_row(file, t->params, columns, t->n_params, &bytes));
		size += bytes;
		++*rows;
		if (size >= PIECE) {
			ok = load_piece(st, actor, t->kind, tsv_path(file), piece, err);
			json_array_clear(piece);
			size = 0;
		}
	}
	if (ok && json_array_size(piece) > 0)
		ok = load_piece(st, actor, t->kind, tsv_path(file), piece, err);
	json_decref(piece);
	return ok;
}

bool
resource_load_table(struct store *st, const struct actor *actor, const char *kind, const char *path,
    size_t *rows, struct err *err)
{
	const struct table *t = table_named(kind);
	struct tsv *file;
	size_t n = 0;
	bool ok;

	if (!t)
		return err_set(err, ERR_INPUT, _("\"%s\" is no kind of table"), kind);
	file = tsv_open(path, err);
	if (!file)
		return false;
	ok = load_rows(st, actor, t, file, &n, err);
	if (rows)
		*rows = n;
	return tsv_close(file, ok ? err : NULL) && ok;
}

/* --- the table of verbs ----------------------------------------------------------------------- */

#define VERB(name, words, summary, roles, flags, params, run)                                      \
	{                                                                                          \
		name, words, summary, roles, flags, params, COUNT_OF(params), run, NULL            \
	}

static const struct verb verbs[] = {
#define ADD(kind, verb, words, summary, roles)                                                     \
	VERB(verb, words, summary, roles, VERB_UNDO, kind##_params, run_add_##kind),
    TABLES(ADD) VERB("table.load", "", N_("load a table of rows"), DATA_ROLES,
	VERB_QUIET | VERB_LARGE, load_params, run_table_load),
    {"area.outlines", "", N_("take in the outlines of areas"), DATA_ROLES,
	VERB_QUIET | VERB_LARGE | VERB_UNDO, outlines_params, OUTLINES_PARAMS, run_area_outlines,
	NULL},
    {"table.import", "", N_("take rows of a file in"), DATA_ROLES,
	VERB_QUIET | VERB_LARGE | VERB_UNDO, import_params, IMPORT_PARAMS, run_table_import, NULL},
    VERB("team.set", "team 队伍", N_("team ready or off, details, confirmed"), FIELD_ROLES,
	VERB_UNDO, team_set_params, run_team_set),
    VERB("stock.count", "count 盘点", N_("inventory: what a batch was counted to be"), FIELD_ROLES,
	VERB_UNDO, count_params, run_stock_count),
    VERB("stock.move", "移库", N_("move goods between depots, what expires first at the front"),
	FIELD_ROLES, VERB_UNDO, move_params, run_stock_move),
    VERB("shelter.count", "shelter 安置", N_("people come to a shelter, or leave it"), FIELD_ROLES,
	VERB_UNDO, people_params, run_shelter_count),
};

void
resource_register(struct store *st)
{
	verb_register(st, verbs, COUNT_OF(verbs));
	things_register(st);
}
