/* Lists out of the room's own record and the county's resources. */
#include "cli/list.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "resource/resource.h"
#include "store/journal.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 256

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* --- journal --------------------------------------------------------------------------------- */

static json_t *
journal_json(const struct journal_row *r)
{
	json_t *o = json_object();

	member_int(o, "seq", r->seq);
	member_int(o, "id", r->id);
	member_time(o, "at", r->at);
	member_text(o, "actor", r->actor);
	member_text(o, "via", r->via);
	member_text(o, "verb", r->verb);
	member_text(o, "text", r->text);
	member_text(o, "subject_kind", r->subject_kind);
	member_id(o, "subject", r->subject);
	member_id(o, "incident", r->incident);
	member_id(o, "undone_by", r->undone_by);
	member_id(o, "corrects", r->corrects);
	member_text(o, "mark", r->undone_by ? _("undone") : NULL);
	return o;
}

static json_t *
list_journal(struct store *st, const struct list_query *q)
{
	struct journal_filter f = {.incident = q->incident,
	    .person = q->person,
	    .area = q->area,
	    .from = q->from,
	    .to = q->to,
	    .words = q->words,
	    .verb = q->verb};
	struct journal_row *page = mem_zero(PAGE, sizeof(*page));
	json_t *rows = json_array();
	int64_t before = 0;
	size_t n;

	while (json_array_size(rows) < q->limit &&
	       (n = journal_page(
		    st, &f, before, page, smaller(PAGE, q->limit - json_array_size(rows)))) > 0) {
		for (size_t i = 0; i < n; i++) {
			before = page[i].id;
			json_array_append_new(rows, journal_json(&page[i]));
			journal_row_clear(&page[i]);
		}
	}
	free(page);
	return rows;
}

static json_t *
one_journal(struct store *st, int64_t id)
{
	struct journal_row row;
	json_t *o, *args;

	if (!journal_get(st, id, &row))
		return NULL;
	o = journal_json(&row);
	args = json_loads(row.args, JSON_DECODE_ANY, NULL);
	if (args)
		json_object_set_new(o, "args", args);
	journal_row_clear(&row);
	return o;
}

static const struct out_column journal_detail[] = {
    {"seq", N_("No."), OUT_TEXT, 0},
    {"at", N_("time"), OUT_TIME, 0},
    {"actor", N_("who"), OUT_TEXT, 0},
    {"via", N_("from where"), OUT_TEXT, 0},
    {"verb", N_("verb"), OUT_TEXT, 0},
    {"text", N_("what"), OUT_TEXT, 0},
    {"args", N_("said"), OUT_TEXT, 0},
    {"mark", N_("mark"), OUT_TEXT, 0},
};
static const struct out_column journal_columns[] = {
    {"seq", N_("No."), OUT_NUMBER, 0},
    {"at", N_("time"), OUT_TIME, 0},
    {"actor", N_("who"), OUT_TEXT, 16},
    {"mark", N_("mark"), OUT_TEXT, 0},
    {"text", N_("what"), OUT_TEXT, 0},
};

/* --- resources ------------------------------------------------------------------------------- */

static struct resource_filter
filter_of(const struct list_query *q)
{
	return (struct resource_filter){
	    .words = q->words, .area = q->area, .free_only = q->free_only};
}

static json_t *
team_json(const struct team_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "name", r->name);
	member_text(o, "short", r->short_name);
	member_text(o, "class", r->class);
	member_text(o, "skills", r->skills);
	member_text(o, "area", r->area_name);
	member_int(o, "people", r->people);
	member_text(o, "leader", r->leader);
	member_text(o, "phone", r->phone);
	member_text(o, "gear", r->gear);
	member_real(o, "ready_min", r->ready_min);
	member_flag(o, "off", r->off);
	member_text(o, "off_why", r->off_why);
	member_text(o, "on", r->on_text);
	member_time(o, "confirmed", r->confirmed);
	member_position(o, r->lon, r->lat);
	return o;
}

static const struct out_column team_columns[] = {
    {"short", N_("team"), OUT_TEXT, 20},
    {"area", N_("area"), OUT_TEXT, 10},
    {"people", N_("people"), OUT_NUMBER, 0},
    {"ready_min", N_("min"), OUT_NUMBER, 0},
    {"phone", N_("phone"), OUT_TEXT, 0},
    {"off", N_("off duty"), OUT_BOOL, 0},
    {"on", N_("is on"), OUT_TEXT, 24},
    {"skills", N_("skills"), OUT_TEXT, 0},
};

static void
put_balance(json_t *o, const struct stock_balance *b)
{
	member_int(o, "hand", b->hand);
	member_int(o, "promised", b->promised);
	member_int(o, "keep", b->keep);
	member_int(o, "available", b->available);
	member_time(o, "confirmed", b->confirmed);
}

static json_t *
stock_json(const struct stock_row *r)
{
	json_t *o = json_object();

	member_int(o, "depot", r->depot);
	member_text(o, "depot_name", r->depot_name);
	member_text(o, "goods", r->goods);
	member_text(o, "goods_name", r->goods_name);
	member_text(o, "unit", r->unit);
	put_balance(o, &r->balance);
	member_int(o, "batches", r->batches);
	member_text(o, "expiry", r->expiry);
	member_text(o, "keeper", r->keeper);
	member_text(o, "phone", r->phone);
	return o;
}

static const struct out_column stock_columns[] = {
    {"goods_name", N_("goods"), OUT_TEXT, 20},
    {"depot_name", N_("depot"), OUT_TEXT, 28},
    {"available", N_("available"), OUT_NUMBER, 0},
    {"hand", N_("on hand"), OUT_NUMBER, 0},
    {"promised", N_("promised"), OUT_NUMBER, 0},
    {"unit", N_("unit of goods"), OUT_TEXT, 0},
    {"expiry", N_("expiry"), OUT_TEXT, 0},
    {"phone", N_("phone"), OUT_TEXT, 0},
};

static json_t *
depot_json(const struct depot_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "name", r->name);
	member_text(o, "short", r->short_name);
	member_text(o, "unit", r->unit);
	member_text(o, "area", r->area_name);
	member_text(o, "keeper", r->keeper);
	member_text(o, "phone", r->phone);
	member_real(o, "load_min", r->load_min);
	member_int(o, "classes", r->classes);
	member_position(o, r->lon, r->lat);
	return o;
}

static const struct out_column depot_columns[] = {
    {"name", N_("depot"), OUT_TEXT, 32},
    {"area", N_("area"), OUT_TEXT, 10},
    {"classes", N_("classes"), OUT_NUMBER, 0},
    {"load_min", N_("min"), OUT_NUMBER, 0},
    {"keeper", N_("keeper"), OUT_TEXT, 12},
    {"phone", N_("phone"), OUT_TEXT, 0},
};

static json_t *
shelter_json(const struct shelter_row *r)
{
	json_t *o = json_object();

	member_int(o, "id", r->id);
	member_text(o, "name", r->name);
	member_text(o, "kind", r->kind);
	member_text(o, "area", r->area_name);
	member_int(o, "capacity", r->capacity);
	member_int(o, "inside", r->inside);
	member_text(o, "keeper", r->keeper);
	member_text(o, "phone", r->phone);
	member_position(o, r->lon, r->lat);
	return o;
}

static const struct out_column shelter_columns[] = {
    {"name", N_("shelter"), OUT_TEXT, 32},
    {"area", N_("area"), OUT_TEXT, 10},
    {"inside", N_("inside"), OUT_NUMBER, 0},
    {"capacity", N_("capacity"), OUT_NUMBER, 0},
    {"keeper", N_("keeper"), OUT_TEXT, 12},
    {"phone", N_("phone"), OUT_TEXT, 0},
};

#define ONE(name, row_type, get, to_json)                                                          \
	static json_t *name(struct store *st, int64_t id)                                          \
	{                                                                                          \
		struct row_type row;                                                               \
                                                                                                   \
		return get(st, id, &row) ? to_json(&row) : NULL;                                   \
	}
ONE(one_team, team_row, resource_team, team_json)
ONE(one_depot, depot_row, resource_depot, depot_json)
ONE(one_shelter, shelter_row, resource_shelter, shelter_json)

static const struct out_column team_detail[] = {
    {"name", N_("team"), OUT_TEXT, 0},
    {"short", N_("short name"), OUT_TEXT, 0},
    {"class", N_("class"), OUT_TEXT, 0},
    {"area", N_("area"), OUT_TEXT, 0},
    {"people", N_("people"), OUT_TEXT, 0},
    {"leader", N_("leads"), OUT_TEXT, 0},
    {"phone", N_("phone"), OUT_TEXT, 0},
    {"skills", N_("skills"), OUT_TEXT, 0},
    {"gear", N_("gear"), OUT_TEXT, 0},
    {"ready_min", N_("minutes to turn out"), OUT_TEXT, 0},
    {"off", N_("off duty"), OUT_BOOL, 0},
    {"off_why", N_("why off"), OUT_TEXT, 0},
    {"on", N_("is on"), OUT_TEXT, 0},
    {"confirmed", N_("last confirmed"), OUT_TIME, 0},
};
static const struct out_column depot_detail[] = {
    {"name", N_("depot"), OUT_TEXT, 0},
    {"unit", N_("unit"), OUT_TEXT, 0},
    {"area", N_("area"), OUT_TEXT, 0},
    {"keeper", N_("keeper"), OUT_TEXT, 0},
    {"phone", N_("phone"), OUT_TEXT, 0},
    {"load_min", N_("minutes to load"), OUT_TEXT, 0},
    {"classes", N_("classes"), OUT_TEXT, 0},
};

/* The rows of a list of resources, page after page: a page ends at the key and id of its last row.
 */
#define LIST(name, row_type, fetch, to_json)                                                       \
	static json_t *name(struct store *st, const struct list_query *q)                          \
	{                                                                                          \
		struct resource_filter f = filter_of(q);                                           \
		struct row_type *page = mem_zero(PAGE, sizeof(*page));                             \
		json_t *rows = json_array();                                                       \
		size_t n;                                                                          \
                                                                                                   \
		while (json_array_size(rows) < q->limit &&                                         \
		       (n = fetch(                                                                 \
			    st, &f, page, smaller(PAGE, q->limit - json_array_size(rows)))) > 0) { \
			for (size_t i = 0; i < n; i++)                                             \
				json_array_append_new(rows, to_json(&page[i]));                    \
			memcpy(f.page.key, page[n - 1].key, sizeof(f.page.key));                   \
			f.page.id = page[n - 1].id;                                                \
		}                                                                                  \
		free(page);                                                                        \
		return rows;                                                                       \
	}
LIST(list_teams, team_row, resource_teams, team_json)
LIST(list_stock, stock_row, resource_stock, stock_json)
LIST(list_depots, depot_row, resource_depots, depot_json)
LIST(list_shelters, shelter_row, resource_shelters, shelter_json)

/* --- what a command line can name: people, units, places … ----------------------------------- */

static json_t *
list_things(struct store *st, const struct list_query *q, const char *name)
{
	const struct thing_kind *kind = thing_kind_find(st, name);
	size_t max = smaller(q->limit, 5000);
	struct thing *things = mem_zero(max, sizeof(*things));
	json_t *rows = json_array();
	size_t n = kind ? kind->find(st, q->reader, q->words ? q->words : "", things, max) : 0;

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_int(o, "id", things[i].id);
		member_text(o, "word", things[i].word);
		member_text(o, "label", things[i].label);
		json_array_append_new(rows, o);
	}
	free(things);
	return rows;
}

static const struct out_column thing_columns[] = {
    {"word", N_("word"), OUT_TEXT, 24},
    {"label", N_("label"), OUT_TEXT, 0},
    {"id", N_("id"), OUT_HIDDEN, 0},
};

#define THINGS(kind)                                                                               \
	static json_t *list_##kind(struct store *st, const struct list_query *q)                   \
	{                                                                                          \
		return list_things(st, q, #kind);                                                  \
	}
THINGS(person)
THINGS(unit)
THINGS(place)
THINGS(area)
THINGS(goods)
THINGS(skill)
THINGS(hospital)
THINGS(expert)
THINGS(equipment)
THINGS(enterprise)

const struct list_kind list_room_kinds[] = {
    {"journal", "日志", N_("journal"), COLUMNS(journal_columns), list_journal, "journal",
	one_journal, NULL, COLUMNS(journal_detail)},
    {"teams", "team 队伍", N_("teams"), COLUMNS(team_columns), list_teams, "team", one_team, NULL,
	COLUMNS(team_detail)},
    {"stock", "库存", N_("stock"), COLUMNS(stock_columns), list_stock, LISTED_ONLY},
    {"depots", "depot 仓库", N_("depots"), COLUMNS(depot_columns), list_depots, "depot", one_depot,
	NULL, COLUMNS(depot_detail)},
    {"shelters", "shelter 避难场所", N_("shelters"), COLUMNS(shelter_columns), list_shelters,
	"shelter", one_shelter, NULL, COLUMNS(shelter_columns)},
    {"people", "person persons 人员", N_("people of the room"), COLUMNS(thing_columns), list_person,
	LISTED_ONLY},
    {"units", "unit 单位", N_("units"), COLUMNS(thing_columns), list_unit, LISTED_ONLY},
    {"places", "place 地点", N_("places"), COLUMNS(thing_columns), list_place, LISTED_ONLY},
    {"areas", "area 乡镇", N_("areas"), COLUMNS(thing_columns), list_area, LISTED_ONLY},
    {"goods", "物资", N_("classes of goods"), COLUMNS(thing_columns), list_goods, LISTED_ONLY},
    {"skills", "skill 专长", N_("skills"), COLUMNS(thing_columns), list_skill, LISTED_ONLY},
    {"hospitals", "hospital 医院", N_("hospitals"), COLUMNS(thing_columns), list_hospital,
	LISTED_ONLY},
    {"experts", "expert 专家", N_("experts"), COLUMNS(thing_columns), list_expert, LISTED_ONLY},
    {"equipment", "装备", N_("equipment"), COLUMNS(thing_columns), list_equipment, LISTED_ONLY},
    {"enterprises", "enterprise 企业", N_("enterprises"), COLUMNS(thing_columns), list_enterprise,
	LISTED_ONLY},
};
const size_t list_n_room_kinds = COUNT_OF(list_room_kinds);
