/*
 * export: every list as CSV or JSON. The kinds that import knows come whole, column by column as
 * their verbs have them; the others as list shows them.
 */
#include "cli/cell.h"
#include "cli/cli.h"
#include "cli/headings.h"
#include "cli/list.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "incident/incident.h"
#include "resource/resource.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

#define ROWS 100000
#define ROW_BYTES (4u << 20)
#define CELL_BYTES (1u << 20)

struct export
{
	struct cli *cli;
	const struct actor *reader;
	FILE *to;
	const char *kind; /* of import; NULL: a list */
	const struct verb_param *params;
	size_t n_params;
	struct headings headings;
	size_t n, limit;
	bool cut; /* there were more */
};

/* --- what a reader may not see --------------------------------------------------------------- */

/*
 * The room rings these people, and the data clerk keeps their numbers. A township does so for its
 * own; the auditor, who reads everything, for nobody.
 */
static bool
is_masked(const struct export *e, int64_t area)
{
	const struct actor *who = e->reader;

	if (who->role & (ROLE_ROOM | ROLE_CLERK | ROLE_SYSTEM))
		return false;
	return !(area && cli_scope(who) == area);
}

/* The text of a cell without the person in it; the caller frees. */
static char *
masked(const char *text, bool name)
{
	char *out = mem_dup(text);

	incident_mask_text(out, name ? text : NULL);
	return out;
}

/* --- writing --------------------------------------------------------------------------------- */

static void
put(struct export *e, const struct buf *row)
{
	fwrite(buf_str(row), 1, row->size, e->to);
}

/* Control characters and the like do not leave the house; line feeds stay in their quotes. */
static void
add_csv(struct buf *row, bool first, const char *text)
{
	char *clean = utf8_clean(text, strlen(text), true, NULL);

	if (!first)
		buf_add_char(row, ',');
	if (strlen(clean) <= CELL_BYTES)
		cell_add(row, clean);
	free(clean);
}

static void
put_json(struct export *e, const json_t *row)
{
	char *text = json_dumps(row, JSON_COMPACT | JSON_REAL_PRECISION(15));

	fprintf(e->to, "%s\n %s", e->n ? "," : "", text ? text : "{}");
	free(text);
}

static void
begin(struct export *e)
{
	fputs(e->cli->json ? "[" : "\xef\xbb\xbf", e->to);
}

static void
end(struct export *e)
{
	if (e->cli->json)
		fputs(e->n ? "\n]\n" : "]\n", e->to);
}

/* --- a kind that comes back in --------------------------------------------------------------- */

static void
table_head(struct export *e)
{
	struct buf row = BUF_MAX(ROW_BYTES);

	for (size_t i = 0; i < e->n_params; i++) {
		char *name = i18n_is_chinese()
				 ? headings_chinese(&e->headings, e->kind, e->params[i].name)
				 : mem_dup(e->params[i].name);

		add_csv(&row, i == 0, name);
		free(name);
	}
	buf_add(&row, "\r\n");
	put(e, &row);
	buf_clear(&row);
}

/* The texts of a row as the reader may have them. */
static json_t *
cells_for(const struct export *e, const struct table_row *row)
{
	json_t *cells = json_deep_copy(row->cells), *value;
	const char *column;
	void *next;

	if (!is_masked(e, row->area))
		return cells;
	json_object_foreach_safe(cells, next, column, value)
	{
		char *text;

		if (!json_is_string(value) || !resource_column_personal(e->kind, column))
			continue;
		text = masked(json_string_value(value), strcmp(column, "phone") != 0);
		json_object_set_new(cells, column, json_string(text));
		free(text);
	}
	return cells;
}

static char *
cell_text(const struct export *e, const json_t *cells, const struct verb_param *p)
{
	const json_t *value = json_object_get(cells, p->name);
	char *text;

	if (json_is_real(value)) {
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
		if (strlen(text) > 2 && strcmp(text + strlen(text) - 2, ".0") == 0)
			text[strlen(text) - 2] = '\0';
		return text;
	}
	if (json_is_string(value))
		return i18n_is_chinese()
			   ? headings_word(&e->headings, e->kind, p->name, json_string_value(value))
			   : mem_dup(json_string_value(value));
	return value ? json_dumps(value, JSON_ENCODE_ANY) : mem_dup("");
}

static bool
table_row_out(void *context, const struct table_row *row)
{
	struct export *e = context;
	json_t *cells;

	if (e->n == e->limit) {
		e->cut = true;
		return false;
	}
	cells = cells_for(e, row);
	if (e->cli->json) {
		put_json(e, cells);
	} else {
		struct buf line = BUF_MAX(ROW_BYTES);

		for (size_t i = 0; i < e->n_params; i++) {
			char *text = cell_text(e, cells, &e->params[i]);

			add_csv(&line, i == 0, text);
			free(text);
		}
		buf_add(&line, "\r\n");
		put(e, &line);
		buf_clear(&line);
	}
	json_decref(cells);
	e->n++;
	return true;
}

/* --- a list ---------------------------------------------------------------------------------- */

static void
list_head(struct export *e, const struct list_kind *kind)
{
	struct buf row = BUF_MAX(ROW_BYTES);

	for (size_t i = 0; i < kind->n_columns; i++)
		add_csv(&row, i == 0,
		    i18n_is_chinese() ? _(kind->columns[i].label) : kind->columns[i].key);
	buf_add(&row, "\r\n");
	put(e, &row);
	buf_clear(&row);
}

/* Numbers of telephones in any text of the row. */
static void
mask_row(json_t *row)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(row, next, key, value)
	{
		char *text;

		if (!json_is_string(value))
			continue;
		text = masked(json_string_value(value), false);
		json_object_set_new(row, key, json_string(text));
		free(text);
	}
}

static void
list_row_out(struct export *e, const struct list_kind *kind, json_t *row)
{
	struct buf line = BUF_MAX(ROW_BYTES);

	/* A list for a township holds its own and what is shared with it, and has hidden what it
	 * must. */
	if (is_masked(e, cli_scope(e->reader)))
		mask_row(row);
	if (e->cli->json) {
		put_json(e, row);
	} else {
		for (size_t i = 0; i < kind->n_columns; i++) {
			char *text = out_cell(&kind->columns[i], row);

			add_csv(&line, i == 0, text);
			free(text);
		}
		buf_add(&line, "\r\n");
		put(e, &line);
	}
	buf_clear(&line);
	e->n++;
}

static void
export_list(struct export *e, const struct list_kind *kind, struct list_query *q)
{
	json_t *rows, *row;
	size_t i;

	q->limit = e->limit + 1;
	rows = kind->rows(e->cli->st, q);
	e->cut = json_array_size(rows) > e->limit;
	if (!e->cli->json)
		list_head(e, kind);
	json_array_foreach(rows, i, row)
	{
		if (e->n < e->limit)
			list_row_out(e, kind, row);
	}
	json_decref(rows);
}

/* --- the command ----------------------------------------------------------------------------- */

static void
export_table(struct export *e, const struct list_query *q)
{
	struct resource_filter f = {.words = q->words, .area = q->area};

	if (!e->cli->json)
		table_head(e);
	resource_table_each(e->cli->st, e->reader, e->kind, &f, table_row_out, e);
}

static bool
only_words(const struct list_query *q)
{
	return !q->incident && !q->open && !q->unacked && !q->overdue && !q->free_only &&
	       !q->person && !q->verb && q->from == CLOCK_NONE && q->to == CLOCK_NONE;
}

static bool export(struct export *e, const struct list_kind *kind, struct list_query *q)
{
	struct err err = ERR_NONE;

	store_read_begin(e->cli->st);
	begin(e);
	if (e->kind)
		export_table(e, q);
	else
		export_list(e, kind, q);
	end(e);
	if (store_read_end(e->cli->st, &err))
		return true;
	cli_fail(&err);
	return false;
}

static int
run(struct export *e, const struct list_kind *kind, struct list_query *q)
{
	const char *path = e->cli->option[OPT_OUT];
	bool good;

	e->to = path ? cli_new_file(path) : stdout;
	if (!e->to)
		return CLI_REFUSED;
	good = export(e, kind, q);
	if (path && !cli_new_file_end(e->to, path, good))
		return CLI_REFUSED;
	if (good && e->cut)
		return cli_refuse(
		    _("only the first %zu are written; --limit N writes more"), e->limit);
	return good ? CLI_DONE : CLI_REFUSED;
}

int
cmd_export(struct cli *cli, int argc, char **argv)
{
	const struct list_kind *kind = argc ? list_kind_find(argv[0]) : NULL;
	const char *table = argc ? resource_table_named(argv[0]) : NULL;
	struct export e = {.cli = cli, .kind = table};
	struct buf words = BUF_MAX(4096);
	struct list_query q = {.limit = ROWS};
	struct err err = ERR_NONE;
	struct actor reader;
	int status = CLI_REFUSED;

	if (!kind && !table)
		return cli_usage(cli, _("there is no kind \"%s\"; \"zhiban list\" names them"),
		    argc ? argv[0] : "");
	if (!cli_limit(cli, ROWS, &e.limit))
		return CLI_USAGE;
	if (!cli_open(cli, false) || !cli_reader(cli, &reader))
		return CLI_REFUSED;
	e.reader = &reader;
	if (table)
		e.params = resource_table_columns(table, &e.n_params);
	if (!list_narrow(cli, &reader, argc - 1, argv + 1, &q, &words))
		status = CLI_REFUSED;
	else if (table && !only_words(&q))
		status = cli_usage(cli, _("this kind is narrowed by words and area= only"));
	else if (table && !headings_load(&e.headings, &err))
		status = cli_fail(&err);
	else
		status = run(&e, kind, &q);
	headings_clear(&e.headings);
	buf_clear(&words);
	return status;
}
