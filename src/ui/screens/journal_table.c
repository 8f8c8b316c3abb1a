#include "ui/screens/journal_table.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "ui/screens/rows.h"
#include "ui/text.h"

#include <jansson.h>
#include <string.h>

static size_t
fetch(void *context, enum fetch how, const void *row, void *rows, size_t max)
{
	struct journal_table *j = context;
	const struct journal_row *at = row;

	switch (how) {
	case FETCH_FIRST:
		return journal_page(j->st, &j->filter, 0, rows, max);
	case FETCH_FROM:
		return journal_page(j->st, &j->filter, at->id + 1, rows, max);
	case FETCH_AFTER:
		return journal_page(j->st, &j->filter, at->id, rows, max);
	case FETCH_BEFORE:
		return journal_page_up(j->st, &j->filter, at->id, rows, max);
	case FETCH_LAST:
		return journal_page_up(j->st, &j->filter, 0, rows, max);
	}
	return 0;
}

static void
row_clear(void *row)
{
	journal_row_clear(row);
}

static const struct table_ops ops = {
    .row_size = sizeof(struct journal_row),
    .columns = journal_row_columns,
    .n_columns = JOURNAL_ROW_COLUMNS,
    .fetch = fetch,
    .id = table_row_id,
    .cell = journal_row_cell,
    .style = journal_row_style,
    .clear = row_clear,
};

void
journal_table_init(struct journal_table *j, struct store *st, int64_t incident, int64_t area)
{
	memset(j, 0, sizeof(*j));
	j->st = st;
	j->filter = (struct journal_filter){
	    .incident = incident, .area = area, .from = CLOCK_NONE, .to = CLOCK_NONE};
	table_init(&j->table, &ops, j);
	j->table.titles = true;
	j->table.empty = N_("Nothing is written here.");
}

void
journal_table_clear(struct journal_table *j)
{
	table_clear(&j->table);
}

void
journal_table_words(struct journal_table *j, const char *words)
{
	utf8_copy(j->words, sizeof(j->words), words);
	j->filter.words = *j->words ? j->words : NULL;
	table_home(&j->table);
}

void
journal_table_verb(struct journal_table *j, const char *verb)
{
	utf8_copy(j->verb, sizeof(j->verb), verb);
	j->filter.verb = *j->verb ? j->verb : NULL;
	table_home(&j->table);
}

const struct journal_row *
journal_table_row(const struct journal_table *j)
{
	return table_row(&j->table);
}

static void
add_args(struct buf *out, const char *args)
{
	json_t *all = json_loads(args, 0, NULL), *value;
	const char *name;

	json_object_foreach(all, name, value)
	{
		char *text = json_is_string(value)
				 ? NULL
				 : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

		buf_printf(out, "  %s: %s\n", name, text ? text : json_string_value(value));
		free(text);
	}
	json_decref(all);
}

char *
journal_row_text(const struct journal_row *row)
{
	struct buf out = BUF_MAX(200000);
	char at[40];

	buf_printf(&out, "%s\n\n", row->text);
	if (row->undone_by)
		buf_printf(&out, _("Struck out by #%lld.\n"), (long long)row->undone_by);
	if (row->corrects)
		buf_printf(&out, _("Corrects #%lld.\n"), (long long)row->corrects);
	buf_printf(&out, _("Number: #%lld of %lld\n"), (long long)row->seq, (long long)row->origin);
	buf_printf(&out, _("Time: %s\n"), clock_format(at, sizeof(at), row->at, CLOCK_YMD_HM));
	buf_printf(&out, _("Who: %s, %s\n"), row->actor, row->via);
	buf_printf(&out, _("Command: %s\n"), row->verb);
	add_args(&out, row->args);
	return buf_take(&out);
}
