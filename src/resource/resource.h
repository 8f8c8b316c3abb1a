/*
 * 应急资源管理: what the county can send, and the people and places a command line can name. Teams 队伍 with their
 * skills, depots 仓库 with stock 库存 by class of goods, equipment, experts, shelters, hospitals, enterprises;
 * beside them the directory: areas, units, persons, places.
 *
 * Written by verbs only (resource_register); [optional] parameters in brackets. Things (area, depot, team, shelter, unit) are
 * ids in JSON, names or initials on the `:` line; skills and goods go by their code or name:
 *
 *	table.load     kind rows                                          many rows of one kind in one go: the columns are the
 *	               parameters of the kind's own verb below (team: team.add …), each row is checked as that verb would;
 *	               all or none. rows: see resource_load_table
 *	table.import   kind rows [skip source]                            the same for a file that may come again: see
 *	               resource_import
 *	area.add       code name kind [short lon lat people km2]          kind county|street|town|township|zone
 *	unit.add       code name kind [short aliases area lead phone lon lat]
 *	person.add     name role [area unit post phone]                   role officer|chief|leader|township|clerk|auditor
 *	place.add      name kind [code aliases area lon lat people]
 *	line.add       number name [unit]                                 public lines: 119, 12345 …
 *	contact.add    name phone [rank area place unit post]             whom to call for a township, a village (place) of it, or a
 *	               unit, in order of rank 1 to 9
 *	shift.add      post person starts ends                            post leader|chief|officer|deputy|standby
 *	shift.rotate   post persons starts [hours]                        who takes turns on days without a shift row
 *	skill.add      code name
 *	goods.add      code name unit [aliases gbt38565]                  unit: 件 袋 平方米 台 …
 *	team.add       name class [short unit area lon lat people leader phone ready_min gear skills confirmed]
 *	               skills: codes or names joined by blanks or commas
 *	team.set       team [state why confirm leader phone people gear ready_min]
 *	               state=off needs why=; confirm stamps "seen to be so" now
 *	depot.add      name [short unit area lon lat keeper phone load_min]
 *	stock.add      depot goods quantity [batch keep expiry confirmed] delivery: adds to the batch
 *	stock.count    depot goods quantity why [batch]                   inventory: sets the batch to what was counted
 *	stock.move     from to goods quantity why                         oldest expiry first
 *	equipment.add  name kind [holder area quantity phone note]
 *	expert.add     name field [title unit phone place]
 *	hospital.add   name [level area lon lat beds icu ambulances skills phone]
 *	enterprise.add name [trade area lon lat hazard_level r_value substances chief phone uscc]
 *	shelter.add    name kind capacity [area lon lat keeper phone]
 *	shelter.count  shelter [in out from incident over]                `from`: the shelter they leave, so that people moved
 *	               on are counted once; beyond the capacity only with `over`
 *
 * Balance of goods at a depot:
 *
 *	on hand    what the depot owns, on its shelf or out with an incident (sum of batches)
 *	promised   active assignments: reserved, dispatched, en route, on scene (written by dispatch only)
 *	keep       留底: what must stay for the depot's own area
 *	available  = max(0, on hand - promised - keep); a commit beyond it is refused
 *
 * What an incident uses up leaves `on hand` when the assignment is released. stock.count never goes below what is promised.
 * A row is told to stand where it says: longitude 73..135 and latitude 3..54, both or neither.
 * Reads give windows for screens: rows are plain values (texts cut at a character where they do not fit), sorted
 * by pinyin initials, then id; a page goes on from the key and id of its last row.
 */
#ifndef RESOURCE_RESOURCE_H
#define RESOURCE_RESOURCE_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct actor;
struct verb_call;
struct verb_param;
struct verb_result;

/*
 * Verbs, and the thing kinds team depot goods skill equipment expert shelter hospital enterprise unit person area
 * place. Once for each store handle.
 */
void resource_register(struct store *st);

/*
 * Load a table file (base/tsv.h; a column `note` is for its readers and left out) through table.load, as `actor`. `kind` is
 * area unit person place line contact shift rotation skill goods team depot stock equipment expert hospital enterprise shelter. *rows
 * (may be NULL) gets how many there were. Bad rows are named by file and line, and then nothing of the file is taken. Large
 * files go in pieces of 48 KiB, each a verb of its own; what stands before the bad piece stays.
 */
bool resource_load_table(struct store *st, const struct actor *actor, const char *kind, const char *path,
    size_t *rows, struct err *err) __attribute__((warn_unused_result));

/* --- imports and exports ----------------------------------------------------------------------------- */

/*
 * The kinds a file may hold are unit person line contact team stock enterprise shelter hospital expert equipment place depot; line is the
 * public phone numbers. NULL past the end; `words` (may be NULL) gets other words for it, divided by '|'.
 */
const char *resource_table_at(size_t i, const char **words);
/* The kind that a word means ("teams", "队伍"), NULL none. */
const char *resource_table_named(const char *word);
/* In the interface language. */
const char *resource_table_label(const char *kind);
/* Its columns: those of its verb. */
const struct verb_param *resource_table_columns(const char *kind, size_t *n);
/* Does this column name a person, or the number of one? */
bool resource_column_personal(const char *kind, const char *column);

enum import_what { IMPORT_NEW, IMPORT_CHANGED, IMPORT_SAME, IMPORT_REFUSED };
#define IMPORT_WHATS 4

/* What becomes of one row of a file. */
struct import_line {
	long line;             /* in the file */
	enum import_what what;
	const char *name;      /* what the row is about */
	const char *why;       /* refused; else NULL */
	const json_t *changes; /* changed: array of {"column", "old", "new"}, texts as a file tells them; else NULL */
};

/*
 * A file on its way in: table.import, one verb, so that one undo takes the whole of it back (no later than something built on
 * it). The journal keeps the digest of the rows.
 *
 * rows: a JSON object of texts a line, the member "#" its line in the file, "!" why the reader of the file refuses the
 * row; at most IMPORT_BYTES. Each row goes through the
 * function of its single verb. A row is that of a thing which is there already by
 *
 *	unit        code; without one, name
 *	person      name and phone; else name and unit; else name alone, where only one has it and no other phone is given
 *	expert      the same
 *	line        number
 *	contact     township, village and unit, and name; of two of one name, telephone
 *	place       code; without one, name with kind and area as far as the row tells them
 *	enterprise  unified credit code; else name
 *	equipment   name and holder
 *	stock       depot, class of goods and batch: the quantity is what is there now, not a delivery
 *	the others  name
 *
 * and then sets the columns that it tells: an empty cell leaves what is there. What it cannot set are the role and the area of a
 * person, for they are rights. A row that says what is there already changes nothing, and a file of such rows leaves no
 * journal row (result->seq 0). Two rows of a file about the same thing: the second is refused.
 *
 * With a refused row nothing of the file is taken, unless `skip`. `dry` does everything and takes it back: it holds the
 * write queue as long.
 */
struct resource_import {
	const char *kind, *rows;
	const char *source;    /* the file's name for the journal, NULL none */
	bool skip, dry;
	void (*tell)(void *context, const struct import_line *line); /* every row, while the queue is held; may be NULL */
	void *context;
	size_t n[IMPORT_WHATS]; /* out: rows by what became of them */
};
#define IMPORT_BYTES (8u << 20)
bool resource_import(struct store *st, const struct actor *actor, struct resource_import *import,
    struct verb_result *result, struct err *err) __attribute__((warn_unused_result));

/*
 * The outlines of areas (a map layer): rows as geojson_read gives them (exchange/geojson.h), one verb, area.outlines. An area is known by
 * its code or name; it gets the outline of the file, others keep theirs. With a refused one nothing of the file is taken. They are kept
 * in area_ring: millionths of a degree, longitude first, int32 pairs; in an odd number of rings is inside.
 */
struct outline_line {
	long number;           /* in the file, from 1 */
	enum import_what what;
	const char *name, *why;
	size_t corners;
};
struct outline_import {
	const char *rows, *source;
	bool dry;
	void (*tell)(void *context, const struct outline_line *line);
	void *context;
	size_t n[IMPORT_WHATS]; /* out */
};
bool resource_outlines(struct store *st, const struct actor *actor, struct outline_import *import, struct verb_result *result,
    struct err *err) __attribute__((warn_unused_result));

struct resource_filter;
struct table_row {
	int64_t id, area;      /* area: 0 none */
	const json_t *cells;   /* column -> text or number as resource_import takes it back; absent what is empty */
};
/*
 * Every row of a kind that the reader may see, in order of the list: f->words and f->area (of the thing, or the
 * depot it lies in) narrow it. Stops when `each` says false.
 */
void resource_table_each(struct store *st, const struct actor *reader, const char *kind, const struct resource_filter *f,
    bool (*each)(void *context, const struct table_row *row), void *context);

/*
 * Where a page begins. {0}: at the start. Else the key and id of a row: rows behind it, or with `up` the nearest ones before
 * it. `up` alone gives the last rows of all. The rows always come in the order of the list.
 */
struct resource_page {
	char key[96];
	int64_t id;
	bool up;
};

struct resource_filter {
	const char *words;    /* name, part of a name, alias or pinyin initials; NULL any */
	int64_t area;         /* a township's own; 0 any */
	const char *code;     /* teams: a skill; stock: a goods class; NULL any */
	bool free_only;       /* teams that are ready and on nothing; stock with something available */
	struct resource_page page;
};

/* --- teams ---------------------------------------------------------------------------------------- */

struct team_row {
	int64_t id;
	char key[96];          /* for paging */
	char name[96], short_name[48];
	char class[48];        /* 国家综合性消防救援队伍, 专业队伍, 社会应急力量, 基层 … */
	char unit[96], leader[32], phone[32], gear[160];
	char skills[192];      /* names, joined by blanks */
	int64_t area;
	char area_name[32];
	int people;
	double lon, lat;       /* 0,0 unknown */
	double ready_min;      /* minutes to turn out */
	bool off;              /* 停用 */
	char off_why[96];
	int64_t confirmed;     /* last confirmed to be so; CLOCK_NONE never */
	int on;                /* incidents it is on now */
	char on_text[160];     /* "089 在途, 087 待命": yearly number and state of each; "" when free */
};
size_t resource_teams(struct store *st, const struct resource_filter *f, struct team_row *out, size_t max);
bool resource_team(struct store *st, int64_t id, struct team_row *out);
/* Exact up to limit, limit + 1 when more. */
int64_t resource_team_count(struct store *st, const struct resource_filter *f, int64_t limit);

/* --- stock ---------------------------------------------------------------------------------------- */

struct stock_balance {
	int64_t hand, promised, keep, available;
	int64_t confirmed;     /* oldest confirmation among the batches; CLOCK_NONE when one was never */
};
/* Of one class at one depot. All zero when it holds none. */
void resource_balance(struct store *st, int64_t depot, const char *goods, struct stock_balance *out);

/*
 * Take what was used up from a depot, oldest expiry first. Only inside a verb, for dispatch when an assignment is released;
 * false when the depot has not so much on hand.
 */
bool resource_use_up(struct verb_call *call, int64_t depot, const char *goods, int64_t quantity, struct err *err)
    __attribute__((warn_unused_result));
/* The class a word means: code, name or alias. False when none. */
bool resource_goods_named(struct store *st, const char *word, char *code, size_t size);
bool resource_skill_named(struct store *st, const char *word, char *code, size_t size);
/* Name and unit of a code; the code itself and "" when unknown. */
void resource_class_name(struct store *st, bool skill, const char *code, char *name, size_t size, char *unit,
    size_t unit_size);

/* One class at one depot (batches added up). key: the goods' initials, then the depot's. */
struct stock_row {
	int64_t depot;
	char key[96];
	int64_t id;            /* smallest batch row: for paging */
	char depot_name[96], goods[32], goods_name[64], unit[16];
	int64_t area;
	double lon, lat, load_min;
	char keeper[32], phone[32];
	struct stock_balance balance;
	int batches;
	char expiry[16];       /* the nearest, "" none */
};
size_t resource_stock(struct store *st, const struct resource_filter *f, struct stock_row *out, size_t max);

/* The county's total of each class. */
struct goods_row {
	char code[32], key[96];
	int64_t id;            /* for paging: 0, codes are unique */
	char name[64], unit[16];
	int depots;
	struct stock_balance balance;
};
size_t resource_goods(struct store *st, const struct resource_filter *f, struct goods_row *out, size_t max);

struct depot_row {
	int64_t id;
	char key[96];
	char name[96], short_name[48], unit[96], keeper[32], phone[32];
	int64_t area;
	char area_name[32];
	double lon, lat, load_min;
	int classes;
};
size_t resource_depots(struct store *st, const struct resource_filter *f, struct depot_row *out, size_t max);
bool resource_depot(struct store *st, int64_t id, struct depot_row *out);

/* --- the rest --------------------------------------------------------------------------------------- */

struct shelter_row {
	int64_t id;
	char key[96];
	char name[96], kind[48], keeper[32], phone[32];
	int64_t area;
	char area_name[32];
	double lon, lat;
	int64_t capacity, inside;
};
size_t resource_shelters(struct store *st, const struct resource_filter *f, struct shelter_row *out, size_t max);
bool resource_shelter(struct store *st, int64_t id, struct shelter_row *out);

/* Hospitals, experts, equipment, enterprises: what a line of a list shows. */
enum resource_kind { RESOURCE_HOSPITAL, RESOURCE_EXPERT, RESOURCE_EQUIPMENT, RESOURCE_ENTERPRISE };
struct asset_row {
	int64_t id;
	char key[96];
	char name[96];
	char kind[96];         /* hospital: level; expert: field; equipment: kind; enterprise: trade */
	char holder[96];       /* equipment: holder; expert: unit; enterprise: head in charge */
	char phone[32];
	char detail[192];      /* "床位 800 ICU 24 救护车 6", "数量 2", "三级 R=12 液氨" … in the interface language */
	int64_t area;
	double lon, lat;
};
size_t resource_assets(struct store *st, enum resource_kind kind, const struct resource_filter *f,
    struct asset_row *out, size_t max);

/* --- the directory ---------------------------------------------------------------------------------- */

struct unit_row {
	int64_t id;
	char code[32], name[96], short_name[48];
	char kind[32];         /* township, department, neighbour, upper, enterprise, service … as loaded */
	int64_t area;
	char lead[32], phone[32];
	double lon, lat;
};
bool resource_unit(struct store *st, int64_t id, struct unit_row *out);
/*
 * The unit a plan or a rule names: by code, exact name, short name or alias. False when none is meant, or more
 * than one.
 */
bool resource_unit_named(struct store *st, const char *name, struct unit_row *out);
/* All units of a kind, in order of code ("township" for 各乡镇). */
size_t resource_units_of_kind(struct store *st, const char *kind, struct unit_row *out, size_t max);
/*
 * Who holds `post` (leader chief officer deputy standby) at `at`: the shift table, else the rotation. Gives the person's id, 0
 * when nobody; *ends (may be NULL) gets when that shift ends.
 */
int64_t resource_on_duty(struct store *st, const char *post, int64_t at, int64_t *ends);
/*
 * Whom to ring, in order, until somebody answers (handbook 3.3): what the table of contacts has, else what the directory knows. Nobody
 * without a telephone, no telephone twice.
 *
 *	area      a township: its contacts, else its duty officers, its head and the police; then the nearest neighbour, who can send somebody
 *	place     a village: its contacts, then its township's first two
 *	person    their telephone, then their unit's
 *	unit      its contacts, of a township those of its area and its duty officers; then its own telephone
 *	team      its leader, then its unit as above
 */
struct rung { char name[48], post[48], phone[32]; };
struct ladder { struct rung rung[8]; size_t n; };
void resource_ladder_area(struct store *st, int64_t area, struct ladder *out);
void resource_ladder_place(struct store *st, const char *place, int64_t area, struct ladder *out);
void resource_ladder_person(struct store *st, int64_t person, struct ladder *out);
void resource_ladder_unit(struct store *st, int64_t unit, struct ladder *out);
void resource_ladder_team(struct store *st, int64_t team, struct ladder *out);

/* Short name of an area ("三垛镇"), "" unknown. */
void resource_area_name(struct store *st, int64_t area, char *out, size_t size);

/* A village or site with its people, for hazard estimates. */
struct place_row {
	int64_t id;
	char name[96], kind[32];
	int64_t area, people;
	double lon, lat;
};
/* Places within `metres` of a point, nearest first. */
size_t resource_places_near(struct store *st, double lon, double lat, double metres, struct place_row *out,
    size_t max);

#endif
