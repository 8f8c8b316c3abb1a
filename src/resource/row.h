/*
 * A row of this room's tables on its way in. A verb for one thing and table.load for many hand the same row to the same
 * function, so that a spreadsheet is checked as strictly as a form.
 *
 *	static bool add_team(struct row *r, struct err *err);    reads row_text(r, "name") …, writes, row_done(…)
 */
#ifndef RESOURCE_ROW_H
#define RESOURCE_ROW_H

#include "base/err.h"
#include "base/utf8.h"
#include "store/store.h"
#include "store/verb.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row {
	struct store *st;
	struct verb_call *call;
	json_t *values;        /* of many rows: name -> string, integer, real; NULL: the call's own arguments */
	int64_t id;            /* 0: a new row, and its id once written; else the row that `values`, whole, take the place of */
};
typedef bool row_fn(struct row *r, struct err *err);

/* The id to write, a new one for a new row. */
int64_t row_id(struct row *r);
bool row_has(const struct row *r, const char *name);
const char *row_text(const struct row *r, const char *name);  /* "" when absent */
int64_t row_int(const struct row *r, const char *name);       /* 0 when absent; the id of a thing */
double row_real(const struct row *r, const char *name);
int64_t row_time(const struct row *r, const char *name);      /* CLOCK_NONE when absent */

/* lon and lat of the row: both or neither, and in this country. *lon, *lat are 0 when neither. */
bool row_position(const struct row *r, double *lon, double *lat, struct err *err);
/* The row's area, or the store's own when it has none; a township may only write its own. *area is 0 when none. */
bool row_area(const struct row *r, int64_t *area, struct err *err);
/* The name, refused when blank, over-long, or taken (`taken` is the count of rows that have it). */
bool row_name_free(const char *name, int64_t taken, struct err *err);
/*
 * End of a row: of a single one the subject, and what was done, with the label of its kind and its name; silent in
 * table.load. Gives `written`: a store that fails tells by itself.
 */
bool row_done(const struct row *r, bool written, const char *kind, int64_t id, const char *label, const char *name);

/* Run a row function on the arguments of a verb. */
bool row_run(struct verb_call *call, row_fn *add, struct err *err);

/*
 * A row of texts as verb_run would have it: clean, numbers numbers, choices known, things resolved by code or exact name.
 * NULL with err filled; else owned by the caller. Whether all is there that must be, row_complete tells.
 */
json_t *row_normal(struct store *st, const struct verb_param *params, size_t n, json_t *texts, struct err *err);
bool row_complete(const struct verb_param *params, size_t n, json_t *values, struct err *err);

/* The id of a thing by its exact name or code, 0 when there is none or more than one. */
int64_t row_thing(struct store *st, const char *kinds, const char *word);

/* --- words ----------------------------------------------------------------------------------------- */

/* What stands in the `initials` columns: those of the name, then of short name and aliases ('|' between) where they differ. */
#define INITIALS 96
void row_initials(char out[INITIALS], const char *name, const char *short_name, const char *aliases);
/* The next word of a list joined by blanks, commas or 、 into `word`, *p behind it; false at the end. */
bool text_word(const char **p, char *word, size_t size);
/* How well a typed word means this thing; 0 not at all. `digits`: a number whose end may be typed. Any may be NULL. */
int word_score(const char *word, const char *name, const char *short_name, const char *aliases,
    const char *initials, const char *digits);
/* Is `name` the short form, or one of the aliases? */
bool word_listed(const char *name, const char *aliases);

/* --- pages ------------------------------------------------------------------------------------------- */

struct resource_page;
/* What to bind for the key and id of a page, so that "> (key, id)" and "< (key, id)" give its rows. */
const char *page_key(const struct resource_page *p);
int64_t page_id(const struct resource_page *p);
/* Rows collected going up come in the order of the list. */
void page_turn(const struct resource_page *p, void *rows, size_t n, size_t size);

/* --- the parts of the room ------------------------------------------------------------------------------ */

row_fn add_area, add_unit, add_person, add_place, add_line, add_contact, add_shift, add_rotation, add_skill, add_goods, add_team,
    add_depot, add_stock, add_equipment, add_expert, add_hospital, add_enterprise, add_shelter;

/* A kind of table.load and table.import: the function and columns of its verb. */
struct table {
	const char *kind;
	row_fn *add;
	const struct verb_param *params;
	size_t n_params;
};
const struct table *table_named(const char *kind);

/* --- imports (import.c) ---------------------------------------------------------------------------------- */

/* What the verb of an import finds by store_kept while it runs: the caller's struct, into which it counts and tells. */
struct import_kept {
	const void *key;
	void *import;
};
/* Run it; `dry`: and take back what it did. `args` is taken over, NULL when the text was no UTF-8. */
bool import_run(struct store *st, const struct actor *actor, const char *verb, const struct import_kept *kept, bool dry,
    json_t *args, struct verb_result *result, struct err *err);

/* --- rows that are there (ledger.c) ---------------------------------------------------------------------- */

/*
 * The row that these values mean, by the keys in resource.h: 0 none, it is new. False with err when it may be one of
 * several.
 */
bool ledger_match(struct store *st, const char *kind, json_t *values, int64_t *id, struct err *err)
    __attribute__((warn_unused_result));
/* Its columns as values, those that hold nothing absent; owned by the caller. */
json_t *ledger_values(struct store *st, const struct table *t, int64_t id);
/* A value as a file tells it: a name for an id, an ISO time. The caller frees. */
char *ledger_text(struct store *st, const struct verb_param *p, const json_t *value);

#define IMPORT_PARAMS 4
extern const struct verb_param import_params[IMPORT_PARAMS];
extern const struct verb_param outlines_params[];
#define OUTLINES_PARAMS 2
bool run_area_outlines(struct verb_call *call, struct err *err);
bool run_table_import(struct verb_call *call, struct err *err);
bool run_team_set(struct verb_call *call, struct err *err);
bool run_stock_count(struct verb_call *call, struct err *err);
bool run_stock_move(struct verb_call *call, struct err *err);
bool run_shelter_count(struct verb_call *call, struct err *err);
void things_register(struct store *st);

#endif
