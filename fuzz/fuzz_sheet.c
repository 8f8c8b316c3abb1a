/*
 * A spreadsheet as `zhiban import` reads it in its child: the bytes' encoding, the headings, the rows. Whatever comes in, a reason comes
 * out or rows of which each is a JSON object of texts with its line.
 *
 * The first byte chooses the kind.
 */
#include "cli/headings.h"
#include "cli/sheet.h"
#include "fuzz/must.h"
#include "resource/resource.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct headings headings;

static const char *
kind_for(uint8_t byte)
{
	size_t n = 0;

	while (resource_table_at(n, NULL))
		n++;
	return resource_table_at(byte % n, NULL);
}

static size_t
check_rows(const char *rows)
{
	size_t n = 0;
	json_int_t last = 0;

	for (const char *end; *rows; rows = end + 1) {
		json_t *row, *line;

		end = strchr(rows, '\n');
		must(end != NULL, "the last row has no end");
		row = json_loadb(rows, (size_t)(end - rows), 0, NULL);
		line = json_object_get(row, "#");
		must(json_is_object(row) && json_is_integer(line), "a row is no object with its line");
		must(json_integer_value(line) > last, "lines do not rise");
		last = json_integer_value(line);
		json_decref(row);
		n++;
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err = ERR_NONE;
	struct sheet s;

	if (!n)
		return 0;
	if (!headings.rows && !headings_load(&headings, &err)) {
		fprintf(stderr, "%s\n", err.message);
		abort();
	}
	if (sheet_parse(&s, &headings, (const char *)data + 1, n - 1, kind_for(data[0]), NULL, &err)) {
		must(check_rows(buf_str(&s.rows)) == s.n, "rows are not as many as said");
		sheet_clear(&s);
	} else
		must(err.message && *err.message, "a refusal without a reason");
	err_clear(&err);
	return 0;
}
