/*
 * table.import: the rows of a file that may come again. What a row says is laid over what is there,
 * and the whole row goes through the function of its single verb. Rejected: deleting what the file
 * does not have (a township's file would empty the county's), and a verb for each row (an
 * undo would have to find thousands).
 */
#include "resource/resource.h"
#include "resource/row.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

const struct verb_param import_params[IMPORT_PARAMS] = {
    {"kind", N_("kind"), ARG_WORD, NULL, true, true, NULL},
    {"rows", N_("rows"), ARG_REST, NULL, true, true, NULL},
    {"skip", N_("leave out what is refused"), ARG_FLAG, NULL, false, false, NULL},
    {"source", N_("file"), ARG_WORD, NULL, false, false, NULL},
};

/* Things of this file, to find a second row about the same: open addressing, id 0 is empty. */
struct seen {
	struct {
		int64_t id;
		long line;
	} * slots;
	size_t n, room;
};

struct run {
	struct verb_call *call;
	const struct table *table;
	struct resource_import *out; /* whose numbers and lines are wanted; may be NULL */
	struct seen seen;
	size_t n[IMPORT_WHATS];
	char *first_why; /* of the first refused row, with its line */
};

static char import_key; /* of store_keep: the struct resource_import being run */

/* --- the same thing twice -------------------------------------------------------------------- */

static size_t
slot_of(const struct seen *s, int64_t id)
{
	size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) % s->room;

	while (s->slots[at].id && s->slots[at].id != id)
		at = (at + 1) % s->room;
	return at;
}

static void
seen_put(struct seen *s, int64_t id, long line)
{
	size_t at;

	if (2 * (s->n + 1) > s->room) {
		struct seen bigger = {.room = s->room ? 2 * s->room : 64};

		bigger.slots = mem_zero(bigger.room, sizeof(*bigger.slots));
		for (size_t i = 0; i < s->room; i++)
			if (s->slots[i].id)
				bigger.slots[slot_of(&bigger, s->slots[i].id)] = s->slots[i];
		free(s->slots);
		s->slots = bigger.slots;
		s->room = bigger.room;
	}
	at = slot_of(s, id);
	s->slots[at].id = id;
	s->slots[at].line = line;
	s->n++;
}

/* The line that was about this thing, 0 none. */
static long
seen_line(const struct seen *s, int64_t id)
{
	return id && s->room ? s->slots[slot_of(s, id)].line : 0;
}

/* --- one row --------------------------------------------------------------------------------- */

/* Words of a list are compared as the ledger has them: skills by name in order, goods by name. */
static void
settle_goods(struct store *st, json_t *given)
{
	const char *word = json_string_value(json_object_get(given, "goods"));
	char code[32], name[64];

	if (!word || !resource_goods_named(st, word, code, sizeof(code)))
		return;
	resource_class_name(st, false, code, name, sizeof(name), NULL, 0);
	json_object_set_new(given, "goods", json_string(name));
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
settle_skills(struct store *st, json_t *given)
{
	const char *p = json_string_value(json_object_get(given, "skills"));
	char word[64], code[32], names[32][64], all[32 * 64] = "";
	size_t n = 0, used = 0;

	while (p && n < COUNT_OF(names) && text_word(&p, word, sizeof(word))) {
		if (!resource_skill_named(st, word, code, sizeof(code)))
			return; /* the row function says so */
		resource_class_name(st, true, code, names[n], sizeof(names[n]), NULL, 0);
		n++;
	}
	if (!n || *p)
		return;
	qsort(names, n, sizeof(names[0]), by_text);
	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(names[i]);

		if (i && strcmp(names[i], names[i - 1]) == 0)
			continue;
		if (used)
			all[used++] = ' ';
		memcpy(all + used, names[i], size + 1);
		used += size;
	}
	json_object_set_new(given, "skills", json_string(all));
}

static void
settle(struct store *st, const struct table *t, json_t *given)
{
	if (strcmp(t->kind, "stock") == 0)
		settle_goods(st, given);
	if (strcmp(t->kind, "team") == 0)
		settle_skills(st, given);
	/* Of the whole county is what a person without an area is. */
	if (strcmp(t->kind, "person") == 0 &&
	    json_integer_value(json_object_get(given, "area")) == store_area(st))
		json_object_del(given, "area");
}

/* Roles and areas are rights: they are not changed by thousands out of a file. */
static bool
may_change(const struct table *t, const char *column, const char *old, struct err *err)
{
	if (strcmp(t->kind, "person") != 0 ||
	    (strcmp(column, "role") != 0 && strcmp(column, "area") != 0))
		return true;
	return err_set(err, ERR_REFUSED,
	    _("a right of a person is not changed by an import: %s is \"%s\""),
	    strcmp(column, "role") == 0 ? _("role") : _("area"), old);
}

/* A figure of 0 where none is on file: the tables keep none. */
static bool
is_none(const json_t *value, const json_t *was)
{
	return !was && json_is_number(value) && json_number_value(value) == 0;
}

/*
 * Lay what is given over what was there; the differences go to `changes`. A cell that reads as the
 * ledger's own text does is no difference: times in files have no milliseconds.
 */
static bool
lay_over(
    struct run *run, json_t *whole, json_t *given, json_t *texts, json_t *changes, struct err *err)
{
	const struct table *t = run->table;
	struct store *st = call_store(run->call);
	bool ok = true;

	for (size_t i = 0; ok && i < t->n_params; i++) {
		const struct verb_param *p = &t->params[i];
		json_t *value = json_object_get(given, p->name);
		json_t *was = json_object_get(whole, p->name);
		const char *cell = json_string_value(json_object_get(texts, p->name));
		char *old, *new;

		if (!value || (was && json_equal(value, was)) || is_none(value, was))
			continue;
		old = ledger_text(st, p, was);
		new = ledger_text(st, p, value);
		if (strcmp(old, new) != 0 && !(cell && strcmp(old, cell) == 0)) {
			ok = may_change(t, p->name, old, err);
			json_array_append_new(changes, json_pack("{s:s, s:s, s:s}", "column",
							   p->name, "old", old, "new", new));
			json_object_set(whole, p->name, value);
		}
		free(old);
		free(new);
	}
	return ok;
}

/* A ledger that counts something else than before was taken now, unless it says when. */
static void
forget_confirmation(const struct run *run, json_t *whole, json_t *given, json_t *changes)
{
	size_t i;
	json_t *change;

	if (strcmp(run->table->kind, "stock") != 0 || json_object_get(given, "confirmed"))
		return;
	json_array_foreach(changes, i, change)
	{
		if (strcmp(json_string_value(json_object_get(change, "column")), "quantity") == 0)
			json_object_del(whole, "confirmed");
	}
}

/* What becomes of the row whose values are given; err tells why it is refused. */
static enum import_what
take(struct run *run, long line, json_t *given, json_t *texts, json_t *changes, struct err *err)
{
	const struct table *t = run->table;
	struct store *st = call_store(run->call);
	struct row r = {.st = st, .call = run->call};
	bool fresh, good;

	settle(st, t, given);
	if (!ledger_match(st, t->kind, given, &r.id, err))
		return IMPORT_REFUSED;
	if (seen_line(&run->seen, r.id)) {
		err_set(
		    err, ERR_INPUT, _("line %ld is about the same"), seen_line(&run->seen, r.id));
		return IMPORT_REFUSED;
	}
	fresh = !r.id;
	r.values = fresh ? json_incref(given) : ledger_values(st, t, r.id);
	good = fresh || lay_over(run, r.values, given, texts, changes, err);
	if (good && !fresh && !json_array_size(changes)) {
		json_decref(r.values);
		seen_put(&run->seen, r.id, line);
		return IMPORT_SAME;
	}
	forget_confirmation(run, r.values, given, changes);
	good = good && row_complete(t->params, t->n_params, r.values, err) && t->add(&r, err);
	if (good)
		seen_put(&run->seen, r.id, line);
	json_decref(r.values);
	return !good ? IMPORT_REFUSED : fresh ? IMPORT_NEW : IMPORT_CHANGED;
}

/* What the row calls itself, for people. */
static const char *
name_of(json_t *texts)
{
	static const char *const names[] = {"name", "number", "code"};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *s = json_string_value(json_object_get(texts, names[i]));

		if (s && *s)
			return s;
	}
	return "";
}

static char *
title_of(json_t *texts)
{
	const char *depot = json_string_value(json_object_get(texts, "depot"));
	const char *goods = json_string_value(json_object_get(texts, "goods"));
	const char *batch = json_string_value(json_object_get(texts, "batch"));

	if (!depot)
		return mem_dup(name_of(texts));
	return mem_print(
	    "%s %s%s%s", depot, goods ? goods : "", batch && *batch ? " " : "", batch ? batch : "");
}

static void
tell(struct run *run, const struct import_line *line)
{
	run->n[line->what]++;
	if (line->why && !run->first_why)
		run->first_why = mem_print(_("line %ld: %s"), line->line, line->why);
	if (run->out && run->out->tell)
		run->out->tell(run->out->context, line);
}

/* Did whoever read the file find nothing wrong with the row? */
static bool
reads_well(json_t *texts, struct err *err)
{
	const char *why = json_string_value(json_object_get(texts, "!"));

	if (!why)
		return true;
	return err_set(err, ERR_INPUT, "%s", why);
}

/* False when the store failed; a refused row is told, and the next one follows. */
static bool
take_row(struct run *run, json_t *texts)
{
	const struct table *t = run->table;
	struct err why = ERR_NONE;
	json_t *changes = json_array(), *given;
	struct import_line line = {
	    .line = (long)json_integer_value(json_object_get(texts, "#")), .what = IMPORT_REFUSED};
	char *name, *clean, title[192];
	bool lost;

	json_object_del(texts, "#");
	name = title_of(texts);
	clean = utf8_clean(name, strlen(name), false, NULL);
	utf8_copy(title, sizeof(title), clean);
	free(clean);
	free(name);
	given = reads_well(texts, &why)
		    ? row_normal(call_store(run->call), t->params, t->n_params, texts, &why)
		    : NULL;
	if (given)
		line.what = take(run, line.line, given, texts, changes, &why);
	lost = line.what == IMPORT_REFUSED && !why.message;
	line.name = title;
	line.why = line.what == IMPORT_REFUSED ? why.message : NULL;
	line.changes = line.what == IMPORT_CHANGED ? changes : NULL;
	if (!lost)
		tell(run, &line);
	json_decref(changes);
	json_decref(given);
	err_clear(&why);
	return !lost;
}

/* --- the verb -------------------------------------------------------------------------------- */

static bool
take_rows(struct run *run, const char *rows, struct err *err)
{
	for (const char *end; *rows; rows = end + (*end == '\n')) {
		json_t *texts;
		bool good;

		end = rows + strcspn(rows, "\n");
		if (end == rows)
			continue;
		texts = json_loadb(rows, (size_t)(end - rows), 0, NULL);
		if (!json_is_object(texts)) {
			json_decref(texts);
			return err_set(err, ERR_INPUT, _("rows is a JSON object a line"));
		}
		good = take_row(run, texts);
		json_decref(texts);
		if (!good) /* the store's own failure, which verb_run tells */
			return false;
	}
	return true;
}

/* Is the verb to stand? */
static bool
conclude(struct run *run, struct err *err)
{
	struct verb_call *call = run->call;
	const char *source = call_text(call, "source");

	if (run->n[IMPORT_REFUSED] && !call_flag(call, "skip"))
		return err_set(err, ERR_REFUSED,
		    ngettext("nothing is imported: %zu row is refused, in %s",
			"nothing is imported: %zu rows are refused, the first one in %s",
			(unsigned long)run->n[IMPORT_REFUSED]),
		    run->n[IMPORT_REFUSED], run->first_why);
	if (!run->n[IMPORT_NEW] && !run->n[IMPORT_CHANGED])
		return err_set(err, ERR_STATE, _("nothing in it is new or changed"));
	if (*source)
		call_say(call, _("import of %s (%s): %zu new, %zu changed, %zu as they were"),
		    resource_table_label(run->table->kind), source, run->n[IMPORT_NEW],
		    run->n[IMPORT_CHANGED], run->n[IMPORT_SAME]);
	else
		call_say(call, _("import of %s: %zu new, %zu changed, %zu as they were"),
		    resource_table_label(run->table->kind), run->n[IMPORT_NEW],
		    run->n[IMPORT_CHANGED], run->n[IMPORT_SAME]);
	if (run->n[IMPORT_REFUSED])
		call_say(call, _("%zu left out"), run->n[IMPORT_REFUSED]);
	return true;
}

bool
run_table_import(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	const char *kind = resource_table_named(call_text(call, "kind"));
	struct run run = {.call = call, .out = store_kept(st, &import_key)};
	bool good;

	if (!kind)
		return err_set(
		    err, ERR_INPUT, _("\"%s\" is no kind of table"), call_text(call, "kind"));
	run.table = table_named(kind);
	good =
	    call_touch_area(call, store_area(st), err) && /* a row of the whole county's journal */
	    take_rows(&run, call_text(call, "rows"), err) && conclude(&run, err);
	if (run.out)
		memcpy(run.out->n, run.n, sizeof(run.n));
	free(run.seen.slots);
	free(run.first_why);
	return good;
}

/* --- as others call it ----------------------------------------------------------------------- */

static void
not_ours(void *thing)
{
	(void)thing;
}

bool
import_run(struct store *st, const struct actor *actor, const char *verb,
    const struct import_kept *kept, bool dry, json_t *args, struct verb_result *result,
    struct err *err)
{
	bool good;

	memset(result, 0, sizeof(*result));
	/* Who may not is told so in the journal, of a mere look too: that entry is to stay. */
	dry = dry && verb_allowed(actor, verb_find(st, verb));
	if (!args)
		return err_set(err, ERR_INPUT, _("this is not UTF-8 text"));
	if (dry && !store_batch_begin(st, err)) {
		json_decref(args);
		return false;
	}
	store_keep(st, kept->key, kept->import, not_ours);
	good = verb_run(st, actor, verb, args, result, err);
	store_keep(st, kept->key, NULL, not_ours);
	json_decref(args);
	/* Taken back, whatever it was; a failure to do so leaves nothing either. */
	if (dry && !store_batch_end(st, false, NULL))
		result->seq = result->journal = 0;
	return good;
}

/* Every row was found as it stands: that is no failure. */
static bool
nothing_to_do(const struct resource_import *import, const struct err *err)
{
	return err->code == ERR_STATE && import->n[IMPORT_SAME] && !import->n[IMPORT_NEW] &&
	       !import->n[IMPORT_CHANGED] && (import->skip || !import->n[IMPORT_REFUSED]);
}

bool
resource_import(struct store *st, const struct actor *actor, struct resource_import *import,
    struct verb_result *result, struct err *err)
{
	const struct import_kept kept = {&import_key, import};
	json_t *args = json_pack("{s:s, s:s}", "kind", import->kind, "rows", import->rows);
	struct err why = ERR_NONE;
	bool good;

	if (import->skip)
		json_object_set_new(args, "skip", json_true());
	if (import->source)
		json_object_set_new(args, "source", json_string(import->source));
	memset(import->n, 0, sizeof(import->n));
	good = import_run(st, actor, "table.import", &kept, import->dry, args, result, &why);
	if (!good && nothing_to_do(import, &why)) {
		err_clear(&why);
		return true;
	}
	return good || err_move(err, &why);
}
