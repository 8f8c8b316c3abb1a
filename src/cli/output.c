#include "cli/output.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES (4 << 20)
#define JSON_FORM (JSON_ENCODE_ANY | JSON_REAL_PRECISION(12))

static void
print(FILE *to, const char *text)
{
	char *clean = utf8_clean(text, strlen(text), true, NULL);

	fputs(clean, to);
	free(clean);
}

void
out_text(const char *text)
{
	print(stdout, text);
}

void
out_line(const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = mem_vprint(format, ap);
	va_end(ap);
	print(stdout, text);
	putchar('\n');
	free(text);
}

void
out_complain(const char *message)
{
	fflush(stdout);
	fputs("zhiban: ", stderr);
	print(stderr, message);
	fputc('\n', stderr);
}

void
out_json_line(json_t *value)
{
	char *text = json_dumps(value, JSON_FORM | JSON_COMPACT);

	out_line("%s", text ? text : "null");
	free(text);
	json_decref(value);
}

void
out_json(json_t *value)
{
	size_t n = json_array_size(value);

	if (!json_is_array(value)) {
		char *text = json_dumps(value, JSON_FORM | JSON_INDENT(1));

		out_line("%s", text ? text : "null");
		free(text);
		json_decref(value);
		return;
	}
	out_text("[");
	for (size_t i = 0; i < n; i++) {
		char *text = json_dumps(json_array_get(value, i), JSON_FORM | JSON_COMPACT);

		out_text(i ? ",\n " : "\n ");
		out_text(text ? text : "null");
		free(text);
	}
	out_text(n ? "\n]\n" : "]\n");
	json_decref(value);
}

/* --- tables ---------------------------------------------------------------------------------- */

static void
show_time(const char *iso, char *out, size_t size)
{
	struct civil then, now;
	int64_t ms;

	if (!clock_parse(iso, 0, &ms)) {
		snprintf(out, size, "%s", iso);
		return;
	}
	clock_civil(ms, &then);
	clock_civil(clock_now(), &now);
	clock_format(out, size, ms, then.year == now.year ? CLOCK_MD_HM : CLOCK_YMD_HM);
}

/* A value as the table shows it, on one line. The caller frees. */
static char *
cell(const struct out_column *column, json_t *row)
{
	json_t *value = json_object_get(row, column->key);
	char text[64];
	char *out, *clean;

	if (!value || json_is_null(value) || json_is_false(value))
		return mem_dup("");
	if (column->kind == OUT_BOOL)
		return mem_dup(_(column->label));
	if (column->kind == OUT_TIME && json_is_string(value)) {
		show_time(json_string_value(value), text, sizeof(text));
		return mem_dup(text);
	}
	if (json_is_string(value))
		out = mem_dup(json_string_value(value));
	else if (json_is_real(value))
		out = mem_print("%g", json_real_value(value));
	else
		out = json_dumps(value, JSON_FORM | JSON_COMPACT);
	clean = utf8_clean(out, strlen(out), false, NULL);
	free(out);
	return clean;
}

static void
add_cell(struct buf *line, const struct out_column *column, const char *text, int width, bool last)
{
	int used;
	size_t n = utf8_fit(text, strlen(text), column->most ? column->most : 10000, &used);

	if (column->kind == OUT_NUMBER)
		buf_printf(line, "%*s", width > used ? width - used : 0, "");
	buf_add_n(line, text, n);
	if (last)
		return;
	if (column->kind != OUT_NUMBER)
		buf_printf(line, "%*s", width > used ? width - used : 0, "");
	buf_add(line, "  ");
}

static int
cell_width(const struct out_column *column, const char *text)
{
	int width = utf8_columns(text);

	return column->most && width > column->most ? column->most : width;
}

static void
print_line(const struct out_column *columns, size_t n, char *const *cells, const int *widths)
{
	struct buf line = BUF_MAX(LINE_MAX_BYTES);
	size_t last = 0, bytes;

	for (size_t c = 0; c < n; c++)
		if (columns[c].kind != OUT_HIDDEN)
			last = c;
	for (size_t c = 0; c < n; c++)
		if (columns[c].kind != OUT_HIDDEN)
			add_cell(&line, &columns[c], cells[c], widths[c], c == last);
	bytes = line.size;
	while (bytes > 0 && line.data[bytes - 1] == ' ')
		bytes--;
	out_line("%.*s", (int)bytes, buf_str(&line));
	buf_clear(&line);
}

static void
print_table(const struct out_column *columns, size_t n, json_t *rows)
{
	size_t n_rows = json_array_size(rows);
	char **cells = mem_zero((n_rows + 1) * n, sizeof(*cells));
	int *widths = mem_zero(n, sizeof(*widths));

	for (size_t r = 0; r <= n_rows; r++) {
		for (size_t c = 0; c < n; c++) {
			char *text =
			    r ? cell(&columns[c], json_array_get(rows, r - 1))
			      : mem_dup(columns[c].kind == OUT_HIDDEN || columns[c].kind == OUT_BOOL
					    ? ""
					    : _(columns[c].label));

			cells[r * n + c] = text;
			if (cell_width(&columns[c], text) > widths[c])
				widths[c] = cell_width(&columns[c], text);
		}
	}
	for (size_t r = 0; r <= n_rows; r++)
		print_line(columns, n, &cells[r * n], widths);
	for (size_t i = 0; i < (n_rows + 1) * n; i++)
		free(cells[i]);
	free(cells);
	free(widths);
}

void
out_rows(const struct out_column *columns, size_t n, json_t *rows, int json)
{
	if (json) {
		out_json(rows);
		return;
	}
	if (json_array_size(rows))
		print_table(columns, n, rows);
	else
		out_line("%s", _("none"));
	json_decref(rows);
}

char *
out_cell(const struct out_column *column, json_t *row)
{
	struct out_column plain = *column;

	if (plain.kind == OUT_TIME)
		plain.kind = OUT_TEXT;
	if (plain.kind == OUT_BOOL)
		return mem_dup(json_is_true(json_object_get(row, column->key)) ? "1" : "");
	return cell(&plain, row);
}

void
out_record(const struct out_column *columns, size_t n, json_t *record, int json)
{
	int width = 0;

	if (json) {
		out_json(record);
		return;
	}
	for (size_t c = 0; c < n; c++)
		if (columns[c].kind != OUT_HIDDEN && json_object_get(record, columns[c].key) &&
		    utf8_columns(_(columns[c].label)) > width)
			width = utf8_columns(_(columns[c].label));
	for (size_t c = 0; c < n; c++) {
		const char *label = _(columns[c].label);
		char *text;

		if (columns[c].kind == OUT_HIDDEN)
			continue;
		text = columns[c].kind == OUT_BOOL &&
			       json_is_true(json_object_get(record, columns[c].key))
			   ? mem_dup(_("yes"))
			   : cell(&columns[c], record);
		if (*text)
			out_line("%s%*s  %s", label, width - utf8_columns(label), "", text);
		free(text);
	}
	json_decref(record);
}

/* --- filling JSON ---------------------------------------------------------------------------- */

void
member_text(json_t *object, const char *key, const char *text)
{
	char *clean;

	if (!text || !*text)
		return;
	clean = utf8_clean(text, strlen(text), true, NULL);
	json_object_set_new(object, key, json_string(clean));
	free(clean);
}

void
member_int(json_t *object, const char *key, int64_t value)
{
	json_object_set_new(object, key, json_integer(value));
}

void
member_id(json_t *object, const char *key, int64_t id)
{
	if (id)
		member_int(object, key, id);
}

void
member_real(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, json_real(value));
}

double
out_tenths(double value)
{
	return (double)(int64_t)(value * 10 + 0.5) / 10;
}

void
member_time(json_t *object, const char *key, int64_t ms)
{
	char iso[40];

	if (ms != CLOCK_NONE)
		member_text(object, key, clock_format(iso, sizeof(iso), ms, CLOCK_ISO));
}

void
member_flag(json_t *object, const char *key, int flag)
{
	if (flag)
		json_object_set_new(object, key, json_true());
}

void
member_position(json_t *object, double lon, double lat)
{
	if (lon != 0 || lat != 0) {
		member_real(object, "lon", lon);
		member_real(object, "lat", lat);
	}
}
