#include "exchange/csv.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct csv {
	const char *text, *end, *at, *row;
	char separator;
	long line, next_line;
	char *names[CSV_COLUMNS];
	int n_names;
	struct buf data; /* the fields of the row, each with a NUL */
	size_t starts[CSV_COLUMNS];
	int n;
	struct err err;
};

/* Of the first line's separators the most frequent one. */
static char
guess_separator(const char *text, const char *end)
{
	size_t comma = 0, semicolon = 0, tab = 0;

	for (; text < end && *text != '\n'; text++) {
		comma += *text == ',';
		semicolon += *text == ';';
		tab += *text == '\t';
	}
	if (tab > comma && tab > semicolon)
		return '\t';
	return semicolon > comma ? ';' : ',';
}

static bool
broken(struct csv *csv, const char *what, long line)
{
	return err_set(&csv->err, ERR_INPUT, _("line %ld: %s"), line, what);
}

static bool
too_long(const struct csv *csv, size_t from)
{
	return csv->data.size - from > CSV_FIELD || csv->data.size > CSV_ROW;
}

/* A quoted field, at behind its opening quote. */
static bool
quoted(struct csv *csv)
{
	size_t from = csv->data.size;

	for (;;) {
		const char *quote = memchr(csv->at, '"', (size_t)(csv->end - csv->at));

		if (!quote)
			return broken(csv, _("a quotation mark is not closed"), csv->line);
		for (const char *p = csv->at; p < quote; p++)
			csv->next_line += *p == '\n';
		buf_add_n(&csv->data, csv->at, (size_t)(quote - csv->at));
		if (too_long(csv, from))
			return broken(csv, _("a field is too long"), csv->line);
		csv->at = quote + 1;
		if (csv->at == csv->end || *csv->at != '"')
			break;
		buf_add_char(&csv->data, '"');
		csv->at++;
	}
	while (csv->at < csv->end && *csv->at == ' ')
		csv->at++;
	if (csv->at < csv->end && *csv->at != csv->separator && *csv->at != '\n' &&
	    *csv->at != '\r')
		return broken(
		    csv, _("text stands behind a closing quotation mark"), csv->next_line);
	return true;
}

static bool
plain(struct csv *csv)
{
	const char *from = csv->at;

	while (csv->at < csv->end && *csv->at != csv->separator && *csv->at != '\n')
		csv->at++;
	if ((size_t)(csv->at - from) > CSV_FIELD ||
	    csv->data.size + (size_t)(csv->at - from) > CSV_ROW)
		return broken(csv, _("a field is too long"), csv->line);
	buf_add_n(&csv->data, from, (size_t)(csv->at - from));
	return true;
}

/* Blanks on both sides of the last field go, the CR of a line's end with them. */
static void
trim(struct csv *csv, size_t from)
{
	size_t lead = 0;

	while (csv->data.size > from && strchr(" \t\r", csv->data.data[csv->data.size - 1]))
		csv->data.size--;
	while (from + lead < csv->data.size && strchr(" \t", csv->data.data[from + lead]))
		lead++;
	if (lead)
		csv->starts[csv->n - 1] += lead;
	buf_add_char(&csv->data, '\0');
}

static bool
field(struct csv *csv)
{
	size_t from = csv->data.size;

	if (csv->n == CSV_COLUMNS)
		return err_set(
		    &csv->err, ERR_INPUT, _("line %ld: over %d columns"), csv->line, CSV_COLUMNS);
	csv->starts[csv->n++] = from;
	while (csv->at < csv->end && *csv->at == ' ')
		csv->at++;
	if (csv->at < csv->end && *csv->at == '"') {
		csv->at++;
		if (!quoted(csv))
			return false;
		if (csv->at < csv->end && *csv->at == '\r')
			csv->at++;
	} else if (!plain(csv))
		return false;
	trim(csv, from);
	return true;
}

/* One record; false at the end or when it is broken. */
static bool
record(struct csv *csv)
{
	buf_reset(&csv->data);
	csv->n = 0;
	csv->line = csv->next_line;
	csv->row = csv->at;
	if (csv->err.code || csv->at >= csv->end)
		return false;
	for (;;) {
		if (!field(csv))
			return false;
		if (csv->at >= csv->end)
			return true;
		if (*csv->at++ == '\n') {
			csv->next_line++;
			return true;
		}
	}
}

static bool
is_empty(const struct csv *csv)
{
	for (int i = 0; i < csv->n; i++)
		if (*csv_get(csv, i))
			return false;
	return true;
}

bool
csv_next(struct csv *csv)
{
	while (record(csv))
		if (!is_empty(csv))
			return true;
	return false;
}

static struct csv *
open_text(const char *text, size_t n)
{
	struct csv *csv = mem_zero(1, sizeof(*csv));

	csv->text = csv->at = text;
	csv->end = text + n;
	csv->separator = guess_separator(text, csv->end);
	csv->next_line = 1;
	csv->data.max = (size_t)CSV_ROW * 2;
	return csv;
}

struct csv *
csv_open_headless(const char *text, size_t n, struct err *err)
{
	(void)err;
	return open_text(text, n);
}

struct csv *
csv_open(const char *text, size_t n, struct err *err)
{
	struct csv *csv = open_text(text, n);

	if (!csv_next(csv)) {
		if (!csv->err.code)
			err_set(&csv->err, ERR_INPUT, _("it is empty"));
		csv_close(csv, err);
		return NULL;
	}
	for (int i = 0; i < csv->n; i++)
		csv->names[csv->n_names++] = mem_dup(csv_get(csv, i));
	return csv;
}

int
csv_columns(const struct csv *csv)
{
	return csv->n_names;
}

const char *
csv_name(const struct csv *csv, int column)
{
	return column >= 0 && column < csv->n_names ? csv->names[column] : "";
}

int
csv_column(const struct csv *csv, const char *names)
{
	while (*names) {
		size_t n = strcspn(names, "|");

		if (*names == '#' && n > 1) {
			long column = strtol(names + 1, NULL, 10);

			return column >= 1 && column <= CSV_COLUMNS ? (int)column - 1 : -1;
		}
		for (int i = 0; i < csv->n_names; i++)
			if (strlen(csv->names[i]) == n && strncasecmp(csv->names[i], names, n) == 0)
				return i;
		names += n + (names[n] == '|');
	}
	return -1;
}

const char *
csv_get(const struct csv *csv, int column)
{
	return column >= 0 && column < csv->n ? csv->data.data + csv->starts[column] : "";
}

int
csv_count(const struct csv *csv)
{
	return csv->n;
}

long
csv_line(const struct csv *csv)
{
	return csv->line;
}

const char *
csv_raw(const struct csv *csv, size_t *n)
{
	const char *end = csv->at;

	while (end > csv->row && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	*n = (size_t)(end - csv->row);
	return csv->row;
}

bool
csv_close(struct csv *csv, struct err *err)
{
	bool ok;

	if (!csv)
		return true;
	ok = csv->err.code == ERR_OK;
	if (!ok)
		err_move(err, &csv->err);
	for (int i = 0; i < csv->n_names; i++)
		free(csv->names[i]);
	buf_clear(&csv->data);
	free(csv);
	return ok;
}
