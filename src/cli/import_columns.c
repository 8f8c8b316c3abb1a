#include "cli/import_columns.h"

#include "cli/cli.h"
#include "cli/headings.h"
#include "cli/output.h"
#include "cli/sheet.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "exchange/apart.h"
#include "exchange/decode.h"
#include "exchange/mapping.h"
#include "resource/resource.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_MS 60000
#define SAMPLE 40 /* columns of the terminal */

struct looking {
	const char *kind; /* NULL: tickets */
	const char *map;
	struct headings headings;
	const char *data;
	size_t n;
};

static bool
means_tickets(const char *word)
{
	return strcmp(word, "tickets") == 0 || strcmp(word, "ticket") == 0 ||
	       strcmp(word, "工单") == 0;
}

/* --- in the child ---------------------------------------------------------------------------- */

static void
told(void *context, const char *field, const char *heading, const char *sample)
{
	sheet_add_column(context, field ? field : "", heading, sample);
}

/* Also of a refused file it is told what was found: that is what the clerk is looking for. */
static bool
look_at_tickets(const struct looking *l, struct buf *out, struct err *err)
{
	struct decoded text;
	char *source = NULL;
	bool good;

	if (!decode(l->data, l->n, &text, err))
		return false;
	good = mapping_of_tickets(text.text, text.n, l->map, told, out, &source, err);
	if (source && *source)
		told(out, "source", source, "");
	free(source);
	decoded_clear(&text);
	return good;
}

static bool
look_there(void *context, struct buf *out, struct err *err)
{
	const struct looking *l = context;

	return l->kind ? sheet_columns(&l->headings, l->data, l->n, l->kind, l->map, out, err)
		       : look_at_tickets(l, out, err);
}

/* --- what is shown --------------------------------------------------------------------------- */

/* The next field of a line, *at behind it; NULL at the end. */
static char *
next_field(char **at, char end)
{
	char *from = *at, *stop = strchr(from, end);

	if (!stop)
		return NULL;
	*stop = '\0';
	*at = stop + 1;
	return from;
}

static void
show_line(const char *column, const char *heading, const char *sample)
{
	char *shown = mem_dupn(sample, utf8_fit(sample, strlen(sample), SAMPLE, NULL));

	if (*column)
		out_line(_("%s  <-  %s: %s"), column, heading, shown);
	else
		out_line(_("-  (left aside)  %s: %s"), heading, shown);
	free(shown);
}

/* Heading and sample are texts from outside: what turns, hides or controls does not reach the terminal. */
static void
take_line(const struct cli *cli, json_t *rows, const char *column, const char *heading,
    const char *sample)
{
	char *h = utf8_clean(heading, strlen(heading), false, NULL),
	     *s = utf8_clean(sample, strlen(sample), false, NULL);

	if (cli->json)
		json_array_append_new(rows,
		    json_pack("{s:s, s:s, s:s}", "column", column, "heading", h, "sample", s));
	else
		show_line(column, h, s);
	free(h);
	free(s);
}

static void
show(const struct cli *cli, struct buf *answer)
{
	char *at = answer->data, *column, *heading, *sample;
	json_t *rows = json_array();

	while ((column = next_field(&at, '\t')) && (heading = next_field(&at, '\t')) &&
	       (sample = next_field(&at, '\n')))
		take_line(cli, rows, column, heading, sample);
	if (cli->json)
		out_json_line(rows);
	else
		json_decref(rows);
}

int
import_columns(struct cli *cli, const char *kind, const char *path)
{
	struct looking l = {.kind = resource_table_named(kind), .map = cli->option[OPT_MAP]};
	struct buf answer = {0};
	struct err err = ERR_NONE;
	char *data = NULL;
	bool good;

	if (!l.kind && !means_tickets(kind))
		return cli_usage(cli, _("there is no kind \"%s\" with columns"), kind);
	good = headings_load(&l.headings, &err) && feed_tables_load(&err) &&
	       sheet_bytes(path, &data, &l.n, &err);
	l.data = data;
	good = good && apart_run(look_there, &l, LIMIT_MS, &answer, &err);
	if (answer.size && utf8_valid(buf_str(&answer), answer.size))
		show(cli, &answer);
	if (!good)
		cli_refuse("%s: %s", path, err.message ? err.message : "");
	err_clear(&err);
	buf_clear(&answer);
	headings_clear(&l.headings);
	free(data);
	return good ? CLI_DONE : CLI_REFUSED;
}
