/*
 * Every row of these lists begins a page by its key and id; the fetch function is the same for all,
 * with the kind's own reader in a table.
 */
#include "ui/screens/resource_rows.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/age.h"
#include "ui/console.h"
#include "ui/text.h"

#include <string.h>

/* --- teams ------------------------------------------------------------------------------- */

static const struct column team_columns[] = {
    {N_("team"), 0, 3, 0, false},
    {N_("state"), 13, 0, 0, false},
    {N_("people"), 6, 0, 3, true},
    {N_("skills"), 0, 2, 2, false},
    {N_("leader"), 8, 0, 4, false},
    {N_("phone"), 14, 0, 1, false},
    {N_("area"), 12, 0, 5, false},
};

static void
team_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct team_row *t = row;

	(void)context;
	switch (column) {
	case 0:
		utf8_copy(cell->text, sizeof(cell->text), t->name);
		break;
	case 1:
		if (t->off)
			cut_format(cell->text, sizeof(cell->text), _("off: %s"), t->off_why);
		else if (t->on)
			utf8_copy(cell->text, sizeof(cell->text), t->on_text);
		else
			cut_format(
			    cell->text, sizeof(cell->text), _("ready, %.0f min"), t->ready_min);
		break;
	case 2:
		cut_format(cell->text, sizeof(cell->text), "%d", t->people);
		break;
	case 3:
		utf8_copy(cell->text, sizeof(cell->text), t->skills);
		break;
	case 4:
		utf8_copy(cell->text, sizeof(cell->text), t->leader);
		break;
	case 5:
		utf8_copy(cell->text, sizeof(cell->text), t->phone);
		break;
	case 6:
		utf8_copy(cell->text, sizeof(cell->text), t->area_name);
		break;
	}
}

static enum style
team_style(void *context, const void *row)
{
	const struct team_row *t = row;

	(void)context;
	return t->off ? STYLE_FAINT : t->on ? STYLE_SOON : STYLE_NORMAL;
}

/* --- goods and stock --------------------------------------------------------------------- */

static const struct column goods_columns[] = {
    {N_("goods"), 0, 2, 0, false},
    {N_("available"), 9, 0, 0, true},
    {N_("in stock"), 9, 0, 1, true},
    {N_("promised"), 9, 0, 2, true},
    {N_("kept back"), 9, 0, 3, true},
    {N_("unit"), 6, 0, 0, false},
    {N_("depots"), 6, 0, 4, true},
};

static void
balance_cell(const struct stock_balance *b, size_t column, struct cell *cell)
{
	const int64_t values[] = {b->available, b->hand, b->promised, b->keep};

	cut_format(cell->text, sizeof(cell->text), "%lld", (long long)values[column]);
	if (column == 0 && b->available == 0)
		cell->style = STYLE_SOON;
}

static void
goods_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct goods_row *g = row;

	(void)context;
	if (column == 0)
		utf8_copy(cell->text, sizeof(cell->text), g->name);
	else if (column <= 4)
		balance_cell(&g->balance, column - 1, cell);
	else if (column == 5)
		utf8_copy(cell->text, sizeof(cell->text), g->unit);
	else
		cut_format(cell->text, sizeof(cell->text), "%d", g->depots);
}

static const struct column stock_columns[] = {
    {N_("goods"), 0, 2, 0, false},
    {N_("depot"), 0, 2, 0, false},
    {N_("available"), 9, 0, 0, true},
    {N_("in stock"), 9, 0, 2, true},
    {N_("promised"), 9, 0, 3, true},
    {N_("kept back"), 9, 0, 4, true},
    {N_("unit"), 6, 0, 0, false},
    {N_("expires"), 10, 0, 5, false},
    {N_("phone"), 14, 0, 1, false},
};

static void
stock_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct stock_row *s = row;

	(void)context;
	switch (column) {
	case 0:
		utf8_copy(cell->text, sizeof(cell->text), s->goods_name);
		break;
	case 1:
		utf8_copy(cell->text, sizeof(cell->text), s->depot_name);
		break;
	case 2:
	case 3:
	case 4:
	case 5:
		balance_cell(&s->balance, column - 2, cell);
		break;
	case 6:
		utf8_copy(cell->text, sizeof(cell->text), s->unit);
		break;
	case 7:
		utf8_copy(cell->text, sizeof(cell->text), s->expiry);
		break;
	case 8:
		utf8_copy(cell->text, sizeof(cell->text), s->phone);
		break;
	}
}

/* --- depots and shelters ----------------------------------------------------------------- */

static const struct column depot_columns[] = {
    {N_("depot"), 0, 2, 0, false},
    {N_("classes"), 5, 0, 1, true},
    {N_("loading"), 6, 0, 3, true},
    {N_("keeper"), 8, 0, 2, false},
    {N_("phone"), 14, 0, 0, false},
    {N_("area"), 10, 0, 4, false},
};

static void
depot_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct depot_row *d = row;

	(void)context;
	switch (column) {
	case 0:
		utf8_copy(cell->text, sizeof(cell->text), d->name);
		break;
	case 1:
		cut_format(cell->text, sizeof(cell->text), "%d", d->classes);
		break;
	case 2:
		cut_format(cell->text, sizeof(cell->text), _("%.0f min"), d->load_min);
		break;
	case 3:
		utf8_copy(cell->text, sizeof(cell->text), d->keeper);
		break;
	case 4:
		utf8_copy(cell->text, sizeof(cell->text), d->phone);
		break;
	case 5:
		utf8_copy(cell->text, sizeof(cell->text), d->area_name);
		break;
	}
}

static const struct column shelter_columns[] = {
    {N_("shelter"), 0, 2, 0, false},
    {N_("people inside"), 8, 0, 0, true},
    {N_("capacity"), 8, 0, 0, true},
    {N_("kind"), 0, 1, 2, false},
    {N_("keeper"), 8, 0, 3, false},
    {N_("phone"), 14, 0, 1, false},
    {N_("area"), 12, 0, 4, false},
};

static void
shelter_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct shelter_row *s = row;

	(void)context;
	switch (column) {
	case 0:
		utf8_copy(cell->text, sizeof(cell->text), s->name);
		break;
	case 1:
		cut_format(cell->text, sizeof(cell->text), "%lld", (long long)s->inside);
		break;
	case 2:
		cut_format(cell->text, sizeof(cell->text), "%lld", (long long)s->capacity);
		break;
	case 3:
		utf8_copy(cell->text, sizeof(cell->text), s->kind);
		break;
	case 4:
		utf8_copy(cell->text, sizeof(cell->text), s->keeper);
		break;
	case 5:
		utf8_copy(cell->text, sizeof(cell->text), s->phone);
		break;
	case 6:
		utf8_copy(cell->text, sizeof(cell->text), s->area_name);
		break;
	}
}

static enum style
shelter_style(void *context, const void *row)
{
	const struct shelter_row *s = row;

	(void)context;
	return s->inside >= s->capacity ? STYLE_URGENT : s->inside > 0 ? STYLE_SOON : STYLE_NORMAL;
}

/* --- hospitals, experts, equipment, enterprises ------------------------------------------ */

static const struct column asset_columns[] = {
    {N_("name"), 0, 3, 0, false},
    {N_("kind"), 0, 1, 0, false},
    {N_("of"), 0, 2, 3, false},
    {N_("details"), 0, 3, 2, false},
    {N_("phone"), 14, 0, 1, false},
};

static void
asset_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct asset_row *a = row;
	const char *const texts[] = {a->name, a->kind, a->holder, a->detail, a->phone};

	(void)context;
	utf8_copy(cell->text, sizeof(cell->text), texts[column]);
}

/* --- all of them ------------------------------------------------------------------------- */

/* What every row begins a page with. */
struct place_of_row {
	const char *key;
	int64_t id;
};

#define PLACE_OF(type)                                                                             \
	static struct place_of_row type##_place(const void *row)                                   \
	{                                                                                          \
		return (struct place_of_row){                                                      \
		    ((const struct type *)row)->key, ((const struct type *)row)->id};              \
	}
PLACE_OF(team_row)
PLACE_OF(goods_row)
PLACE_OF(stock_row)
PLACE_OF(depot_row)
PLACE_OF(shelter_row)
PLACE_OF(asset_row)

static size_t
read_teams(struct store *st, const struct resource_filter *f, void *rows, size_t max)
{
	return resource_teams(st, f, rows, max);
}

static size_t
read_goods(struct store *st, const struct resource_filter *f, void *rows, size_t max)
{
	return resource_goods(st, f, rows, max);
}

static size_t
read_stock(struct store *st, const struct resource_filter *f, void *rows, size_t max)
{
	return resource_stock(st, f, rows, max);
}

static size_t
read_depots(struct store *st, const struct resource_filter *f, void *rows, size_t max)
{
	return resource_depots(st, f, rows, max);
}

static size_t
read_shelters(struct store *st, const struct resource_filter *f, void *rows, size_t max)
{
	return resource_shelters(st, f, rows, max);
}

#define READ_ASSETS(name, kind)                                                                    \
	static size_t read_##name(                                                                 \
	    struct store *st, const struct resource_filter *f, void *rows, size_t max)             \
	{                                                                                          \
		return resource_assets(st, kind, f, rows, max);                                    \
	}
READ_ASSETS(hospitals, RESOURCE_HOSPITAL)
READ_ASSETS(experts, RESOURCE_EXPERT)
READ_ASSETS(equipment, RESOURCE_EQUIPMENT)
READ_ASSETS(enterprises, RESOURCE_ENTERPRISE)

struct kind_of_row {
	const char *title; /* N_() */
	const char *thing; /* the kind of thing it is on the : line, NULL none */
	size_t (*read)(struct store *st, const struct resource_filter *f, void *rows, size_t max);
	struct place_of_row (*place)(const void *row);
	struct table_ops table;
};

static size_t fetch(void *context, enum fetch how, const void *row, void *rows, size_t max);
static int64_t team_id(const void *row);
static int64_t goods_id(const void *row);
static int64_t stock_id(const void *row);
static int64_t depot_id(const void *row);
static int64_t shelter_id(const void *row);
static int64_t asset_id(const void *row);

#define TABLE(type, columns_, cell_, style_, id_)                                                  \
	{                                                                                          \
		.row_size = sizeof(struct type), .columns = columns_,                              \
		.n_columns = COUNT_OF(columns_), .fetch = fetch, .id = id_, .cell = cell_,         \
		.style = style_                                                                    \
	}

static const struct kind_of_row kinds[RESOURCE_LISTS] = {
    [LIST_TEAMS] = {N_("Teams"), "team", read_teams, team_row_place,
	TABLE(team_row, team_columns, team_cell, team_style, team_id)},
    [LIST_GOODS] = {N_("Goods"), "goods", read_goods, goods_row_place,
	TABLE(goods_row, goods_columns, goods_cell, NULL, goods_id)},
    [LIST_STOCK] = {N_("Stock"), "depot", read_stock, stock_row_place,
	TABLE(stock_row, stock_columns, stock_cell, NULL, stock_id)},
    [LIST_DEPOTS] = {N_("Depots"), "depot", read_depots, depot_row_place,
	TABLE(depot_row, depot_columns, depot_cell, NULL, depot_id)},
    [LIST_SHELTERS] = {N_("Shelters"), "shelter", read_shelters, shelter_row_place,
	TABLE(shelter_row, shelter_columns, shelter_cell, shelter_style, shelter_id)},
    [LIST_HOSPITALS] = {N_("Hospitals"), "hospital", read_hospitals, asset_row_place,
	TABLE(asset_row, asset_columns, asset_cell, NULL, asset_id)},
    [LIST_EXPERTS] = {N_("Experts"), "expert", read_experts, asset_row_place,
	TABLE(asset_row, asset_columns, asset_cell, NULL, asset_id)},
    [LIST_EQUIPMENT] = {N_("Equipment"), "equipment", read_equipment, asset_row_place,
	TABLE(asset_row, asset_columns, asset_cell, NULL, asset_id)},
    [LIST_ENTERPRISES] = {N_("Enterprises"), "enterprise", read_enterprises, asset_row_place,
	TABLE(asset_row, asset_columns, asset_cell, NULL, asset_id)},
};

static int64_t
team_id(const void *row)
{
	return ((const struct team_row *)row)->id;
}

/* Goods have a code, no number: the hash of it is as good. */
static int64_t
goods_id(const void *row)
{
	int64_t h = 0;

	for (const char *c = ((const struct goods_row *)row)->code; *c; c++)
		h = (h * 131 + (unsigned char)*c) & INT64_C(0xffffffffffff);
	return h;
}

static int64_t
stock_id(const void *row)
{
	return ((const struct stock_row *)row)->id;
}

static int64_t
depot_id(const void *row)
{
	return ((const struct depot_row *)row)->id;
}

static int64_t
shelter_id(const void *row)
{
	return ((const struct shelter_row *)row)->id;
}

static int64_t
asset_id(const void *row)
{
	return ((const struct asset_row *)row)->id;
}

static size_t
fetch(void *context, enum fetch how, const void *row, void *rows, size_t max)
{
	struct resource_list *l = context;
	const struct kind_of_row *kind = &kinds[l->kind];
	struct resource_filter f = l->filter;
	struct place_of_row place = row ? kind->place(row) : (struct place_of_row){"", 0};

	memset(&f.page, 0, sizeof(f.page));
	if (how == FETCH_FIRST)
		return kind->read(l->st, &f, rows, max);
	utf8_copy(f.page.key, sizeof(f.page.key), place.key);
	f.page.id = how == FETCH_FROM ? place.id - 1 : place.id;
	f.page.up = how == FETCH_BEFORE || how == FETCH_LAST;
	if (how == FETCH_LAST) {
		utf8_copy(
		    f.page.key, sizeof(f.page.key), "\xf4\x8f\xbf\xbf"); /* behind every key */
		f.page.id = INT64_MAX;
	}
	return kind->read(l->st, &f, rows, max);
}

void
resource_list_init(struct resource_list *l, size_t kind, struct store *st)
{
	memset(l, 0, sizeof(*l));
	l->kind = kind;
	l->st = st;
	table_init(&l->table, &kinds[kind].table, l);
	l->table.titles = true;
	l->table.empty = N_("Nothing here.");
}

const char *
resource_list_title(size_t kind)
{
	return kinds[kind].title;
}

/* Every column with its title, one a line, none cut. */
char *
resource_row_text(size_t kind, const void *row)
{
	const struct table_ops *ops = &kinds[kind].table;
	struct buf out = BUF_MAX(8000);
	char at[40];

	for (size_t i = 0; i < ops->n_columns; i++) {
		struct cell cell = {.text = ""};

		ops->cell(NULL, row, i, &cell);
		buf_printf(&out, "%s: %s\n", _(ops->columns[i].title), cell.text);
	}
	if (kind == LIST_TEAMS) {
		const struct team_row *t = row;

		buf_printf(&out,
		    _("Class: %s\nUnit: %s\nGear: %s\nTurn-out: %.0f min\nConfirmed: %s\n"),
		    t->class, t->unit, t->gear, t->ready_min,
		    clock_format(at, sizeof(at), t->confirmed, CLOCK_YMD_HM));
	}
	return buf_take(&out);
}

json_t *
resource_row_context(size_t kind, const void *row)
{
	json_t *context;

	if (kind == LIST_GOODS)
		return json_pack("{s:s}", "goods", ((const struct goods_row *)row)->code);
	if (kind == LIST_STOCK) {
		const struct stock_row *s = row;

		return json_pack("{s:I, s:s}", "depot", (json_int_t)s->depot, "goods", s->goods);
	}
	context = json_object();
	json_object_set_new(context, kinds[kind].thing, json_integer(kinds[kind].table.id(row)));
	return context;
}

bool
resource_row_form(struct screen *s, size_t kind, const void *row)
{
	static const char *const verbs[RESOURCE_LISTS] = {[LIST_TEAMS] = "team.set",
	    [LIST_STOCK] = "stock.count",
	    [LIST_SHELTERS] = "shelter.count"};

	if (!verbs[kind])
		return false;
	console_form(s->ui, verbs[kind], resource_row_context(kind, row));
	return true;
}
