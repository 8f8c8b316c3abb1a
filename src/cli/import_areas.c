#include "cli/import_areas.h"

#include "cli/cli.h"
#include "cli/import_words.h"
#include "cli/output.h"
#include "cli/sheet.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "exchange/apart.h"
#include "exchange/geojson.h"
#include "resource/resource.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIMIT_MS 60000

struct layer {
	struct cli *cli;
	const char *path;
	struct actor actor;
	struct buf rows;
	struct outline_import run;
	struct verb_result result;
	struct buf lines, refusals;
	json_t *told; /* with --json */
};

bool
import_means_areas(const char *word)
{
	static const char *const words[] = {
	    "areas", "area", "outlines", "区划", "辖区", "区划边界"};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* --- the file -------------------------------------------------------------------------------- */

struct reading {
	const char *data;
	size_t n;
};

/* In the child: the rows as text. */
static bool
read_there(void *context, struct buf *out, struct err *err)
{
	const struct reading *r = context;
	json_t *rows = geojson_read(r->data, r->n, err);
	char *text = rows ? json_dumps(rows, JSON_COMPACT) : NULL;

	if (text)
		buf_add(out, text);
	json_decref(rows);
	free(text);
	return rows != NULL;
}

static bool
read_file(struct layer *l, struct err *err)
{
	struct reading r = {NULL, 0};
	char *data;
	bool good = sheet_bytes(l->path, &data, &r.n, err);

	r.data = data;
	good = good && apart_run(read_there, &r, LIMIT_MS, &l->rows, err);
	free(data);
	if (good && (l->rows.size > IMPORT_BYTES || !utf8_valid(buf_str(&l->rows), l->rows.size)))
		good =
		    err_set(err, ERR_INPUT, _("the outlines have too many corners: simplify them"));
	return good;
}

/* --- what becomes of it ---------------------------------------------------------------------- */

static void
keep_line(void *context, const struct outline_line *line)
{
	struct layer *l = context;
	char *name = utf8_clean(line->name, strlen(line->name), false, NULL);

	if (l->told)
		json_array_append_new(
		    l->told, json_pack("{s:i, s:s, s:s, s:I, s:s*}", "area", (int)line->number,
				 "what", import_what_name(line->what), "name", name, "corners",
				 (json_int_t)line->corners, "why", line->why));
	if (line->what == IMPORT_REFUSED)
		buf_printf(&l->refusals, _("%s: area %ld: %s: %s\n"), l->path, line->number, name,
		    line->why);
	else
		buf_printf(&l->lines, _("area %ld  %s  %s: outline of %zu corners\n"), line->number,
		    import_what_label(line->what), name, line->corners);
	free(name);
}

static bool
run(struct layer *l, bool dry, struct err *err)
{
	const char *base = strrchr(l->path, '/');

	l->run = (struct outline_import){.rows = buf_str(&l->rows),
	    .source = base ? base + 1 : l->path,
	    .dry = dry,
	    .tell = keep_line,
	    .context = l};
	buf_reset(&l->lines);
	buf_reset(&l->refusals);
	if (l->told)
		json_array_clear(l->told);
	verb_result_clear(&l->result);
	return resource_outlines(l->cli->st, &l->actor, &l->run, &l->result, err);
}

static void
print_counts(const struct layer *l)
{
	const size_t *n = l->run.n;

	out_line(_("%s: %zu new, %zu changed, %zu as they were, %zu refused"), l->path,
	    n[IMPORT_NEW], n[IMPORT_CHANGED], n[IMPORT_SAME], n[IMPORT_REFUSED]);
}

static int
finish(struct layer *l, bool good, bool done, struct err *err)
{
	const size_t *n = l->run.n;

	if (l->told) {
		json_t *o = json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:O}", "file", l->path,
		    "done", good && done, "new", (json_int_t)n[IMPORT_NEW], "changed",
		    (json_int_t)n[IMPORT_CHANGED], "same", (json_int_t)n[IMPORT_SAME], "refused",
		    (json_int_t)n[IMPORT_REFUSED], "areas", l->told);

		out_json_line(o);
	} else if (good || n[IMPORT_REFUSED]) {
		if (!done)
			out_text(buf_str(&l->lines));
		print_counts(l);
	}
	if (good && done && l->result.seq && !l->told)
		out_line("#%lld %s", (long long)l->result.seq, l->result.said);
	cli_refuse_lines(buf_str(&l->refusals));
	return good ? CLI_DONE : cli_fail(err);
}

/* In one batch with a look at the numbers. */
static bool
do_agreed(struct layer *l, const size_t agreed[IMPORT_WHATS], struct err *err)
{
	bool good;

	if (!store_batch_begin(l->cli->st, err))
		return false;
	good = run(l, false, err) && import_same_counts(agreed, l->run.n, err);
	return store_batch_end(l->cli->st, good, err) && good;
}

static int
take(struct layer *l)
{
	bool ask =
	    !l->cli->option[OPT_YES] && !l->told && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	size_t agreed[IMPORT_WHATS];
	struct err err = ERR_NONE;
	int status;

	if (l->cli->option[OPT_DRY_RUN])
		return finish(l, run(l, true, &err), false, &err);
	if (ask) {
		status = finish(l, run(l, true, &err), false, &err);
		if (status != CLI_DONE || (!l->run.n[IMPORT_NEW] && !l->run.n[IMPORT_CHANGED]))
			return status;
		if (!import_agreed())
			return cli_refuse("%s", _("nothing was done"));
		memcpy(agreed, l->run.n, sizeof(agreed));
	}
	return finish(l, ask ? do_agreed(l, agreed, &err) : run(l, false, &err), true, &err);
}

int
import_areas(struct cli *cli, const char *path)
{
	struct layer l = {
	    .cli = cli, .path = path, .lines = BUF_MAX(1u << 20), .refusals = BUF_MAX(1u << 20)};
	struct err err = ERR_NONE;
	int status = CLI_REFUSED;

	if (cli->option[OPT_MAP] || cli->option[OPT_SKIP_REFUSED])
		return cli_usage(
		    cli, _("a map layer is taken in whole, by its areas' codes and names"));
	if (!cli_open(cli, true) || !cli_actor(cli, "import", &l.actor))
		return CLI_REFUSED;
	l.told = cli->json ? json_array() : NULL;
	if (!read_file(&l, &err))
		cli_refuse("%s: %s", path, err.message);
	else
		status = take(&l);
	err_clear(&err);
	verb_result_clear(&l.result);
	json_decref(l.told);
	buf_clear(&l.rows);
	buf_clear(&l.lines);
	buf_clear(&l.refusals);
	return status;
}
