/* import: the county's own spreadsheets; what will change is shown before anything is done. */
#include "cli/cli.h"
#include "cli/headings.h"
#include "cli/import_areas.h"
#include "cli/import_columns.h"
#include "cli/import_words.h"
#include "cli/output.h"
#include "cli/sheet.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "resource/resource.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN 20	   /* lines of a preview that is asked about */
#define TOLD (32u << 20)   /* bytes of lines kept for afterwards */
#define PROGRESS_FIRST 500 /* ms without a sign that something happens */
#define PROGRESS_EVERY 200

struct import {
	struct cli *cli;
	const char *path, *kind;
	struct headings headings;
	struct sheet sheet;
	struct resource_import run;
	struct verb_result result;
	/* What is to be told; printed when the write queue is free again. */
	struct buf lines, refusals; /* lines: as texts, or as JSON */
	bool cut;		    /* some had no room there */
	size_t shown[IMPORT_WHATS], most;
	/* Progress on a terminal. */
	bool terminal, drawn, asked;
	size_t done;
	int64_t begun, last;
};

/* --- progress -------------------------------------------------------------------------------- */

static void
progress(struct import *im)
{
	int64_t now;

	if (!im->terminal || ++im->done % 64)
		return;
	now = clock_monotonic();
	if (now - im->begun < PROGRESS_FIRST || now - im->last < PROGRESS_EVERY)
		return;
	im->last = now;
	im->drawn = true;
	fprintf(stderr, "\r%s %zu / %zu", _("reading rows"), im->done, im->sheet.n);
	fflush(stderr);
}

static void
progress_end(struct import *im)
{
	if (im->drawn)
		fputs("\r\033[K", stderr);
	im->drawn = false;
}

/* --- lines ----------------------------------------------------------------------------------- */

static const char *
label_of(const struct import *im, const char *column)
{
	size_t n;
	const struct verb_param *params = resource_table_columns(im->kind, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(params[i].name, column) == 0)
			return _(params[i].label);
	return column;
}

static void
add_changes(const struct import *im, struct buf *out, const json_t *changes)
{
	size_t i;
	json_t *change;

	json_array_foreach(changes, i, change)
	{
		const char *old = json_string_value(json_object_get(change, "old"));

		buf_printf(out, "%s%s%s%s -> %s", i ? _("; ") : _(": "),
		    label_of(im, json_string_value(json_object_get(change, "column"))), _(": "),
		    *old ? old : _("none"), json_string_value(json_object_get(change, "new")));
	}
}

static void
add_json(struct import *im, const struct import_line *line)
{
	json_t *o = json_object();
	char *text;

	member_int(o, "line", line->line);
	member_text(o, "what", import_what_name(line->what));
	member_text(o, "name", line->name);
	member_text(o, "why", line->why);
	if (line->changes)
		json_object_set_new(o, "changes", json_deep_copy(line->changes));
	text = json_dumps(o, JSON_COMPACT);
	if (im->lines.size + strlen(text) + 4 < im->lines.max)
		buf_printf(&im->lines, "%s\n  %s", im->lines.size ? "," : "", text);
	else
		im->cut = true;
	free(text);
	json_decref(o);
}

/* Called for every row while the store's writers wait: nothing is printed here but the progress. */
static void
keep_line(void *context, const struct import_line *line)
{
	struct import *im = context;

	progress(im);
	if (line->what == IMPORT_SAME)
		return;
	if (im->cli->json) {
		if (im->most || line->what == IMPORT_REFUSED)
			add_json(im, line);
		return;
	}
	if (line->what == IMPORT_REFUSED)
		buf_printf(&im->refusals, _("%s: line %ld: %s: %s\n"), im->path, line->line,
		    line->name, line->why);
	if (im->shown[line->what]++ >= im->most)
		return;
	buf_printf(&im->lines, _("line %ld  %s  %s"), line->line, import_what_label(line->what),
	    line->name);
	if (line->changes)
		add_changes(im, &im->lines, line->changes);
	if (line->why)
		buf_printf(&im->lines, "%s%s", _(": "), line->why);
	buf_add_char(&im->lines, '\n');
	im->cut = im->lines.full || im->refusals.full;
}

/* --- a run ----------------------------------------------------------------------------------- */

/* Do it, or see what would be done. `most`: lines of each kind to keep. */
static bool
run(struct import *im, const struct actor *actor, bool dry, size_t most, struct err *err)
{
	const char *base = strrchr(im->path, '/');
	bool good;

	im->run = (struct resource_import){.kind = im->kind,
	    .rows = buf_str(&im->sheet.rows),
	    .source = base ? base + 1 : im->path,
	    .skip = im->cli->option[OPT_SKIP_REFUSED] != NULL,
	    .dry = dry,
	    .tell = keep_line,
	    .context = im};
	im->most = most;
	im->done = 0;
	im->begun = clock_monotonic();
	memset(im->shown, 0, sizeof(im->shown));
	buf_reset(&im->lines);
	buf_reset(&im->refusals);
	im->cut = false;
	verb_result_clear(&im->result);
	good = resource_import(im->cli->st, actor, &im->run, &im->result, err);
	progress_end(im);
	return good;
}

static void
print_counts(const struct import *im)
{
	const size_t *n = im->run.n;

	for (int what = 0; what < IMPORT_WHATS; what++)
		if (im->most && im->shown[what] > im->most)
			out_line(_("and %zu more %s; --dry-run shows all"),
			    im->shown[what] - im->most, import_what_label((enum import_what)what));
	if (im->cut)
		out_line(_("there are more lines than can be shown"));
	if (im->sheet.left_out.size)
		out_line(_("columns left aside: %s"), buf_str(&im->sheet.left_out));
	out_line(_("%s (%s): %zu new, %zu changed, %zu as they were, %zu refused"), im->path,
	    im->sheet.charset, n[IMPORT_NEW], n[IMPORT_CHANGED], n[IMPORT_SAME], n[IMPORT_REFUSED]);
}

/* The lines are kept as text: as values, those of a long file would take ten times as much. */
static void
print_json(struct import *im, bool done)
{
	const size_t *n = im->run.n;
	json_t *o = json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I}", "file", im->path, "kind",
	    im->kind, "charset", im->sheet.charset, "done", done, "new", (json_int_t)n[IMPORT_NEW],
	    "changed", (json_int_t)n[IMPORT_CHANGED], "same", (json_int_t)n[IMPORT_SAME], "refused",
	    (json_int_t)n[IMPORT_REFUSED]);
	char *text;

	if (done && im->result.seq)
		member_int(o, "seq", im->result.seq);
	member_text(o, "left_out", buf_str(&im->sheet.left_out));
	member_flag(o, "cut", im->cut);
	text = json_dumps(o, JSON_COMPACT);
	out_line("%.*s,\n \"lines\":[", (int)strlen(text) - 1, text);
	out_text(buf_str(&im->lines));
	out_line("]}");
	free(text);
	json_decref(o);
}

static int
preview(struct import *im, const struct actor *actor)
{
	struct err err = ERR_NONE;
	bool good = run(im, actor, true, SIZE_MAX, &err), rows = im->run.n[IMPORT_REFUSED] > 0;

	if (!good && !rows)
		return cli_fail(&err);
	if (im->cli->json) {
		print_json(im, false);
	} else {
		out_text(buf_str(&im->lines));
		print_counts(im);
	}
	err_clear(&err);
	return good ? CLI_DONE : CLI_REFUSED;
}

/* --- asking ---------------------------------------------------------------------------------- */

/* Somebody at a terminal sees what will change before it does. False: done with, *status says how.
 */
static bool
asked(struct import *im, const struct actor *actor, size_t agreed[IMPORT_WHATS], int *status)
{
	struct err err = ERR_NONE;
	bool good = run(im, actor, true, SHOWN, &err);

	*status = CLI_REFUSED;
	if (!good && !im->run.n[IMPORT_REFUSED]) {
		cli_fail(&err);
		return false;
	}
	out_text(buf_str(&im->lines));
	print_counts(im);
	if (!good) {
		cli_fail(&err);
		return false;
	}
	memcpy(agreed, im->run.n, sizeof(im->run.n));
	if (!im->run.n[IMPORT_NEW] && !im->run.n[IMPORT_CHANGED]) {
		*status = CLI_DONE;
		return false;
	}
	if (import_agreed())
		return true;
	cli_refuse("%s", _("nothing was done"));
	return false;
}

/* --- doing ----------------------------------------------------------------------------------- */

static int
finish(struct import *im, bool good, struct err *err)
{
	bool rows = im->run.n[IMPORT_REFUSED] > 0;

	if (!good && !rows)
		return cli_fail(err);
	if (im->cli->json)
		print_json(im, good);
	else if (good && !im->asked)
		print_counts(im);
	if (good && im->result.seq && !im->cli->json)
		out_line("#%lld %s", (long long)im->result.seq, im->result.said);
	cli_refuse_lines(buf_str(&im->refusals));
	if (!good)
		return cli_fail(err);
	return CLI_DONE;
}

/* In one batch with a look at the numbers: what was agreed to is what is done. */
static bool
do_agreed(struct import *im, const struct actor *actor, const size_t agreed[IMPORT_WHATS],
    struct err *err)
{
	bool good;

	if (!store_batch_begin(im->cli->st, err))
		return false;
	good = run(im, actor, false, 0, err) && import_same_counts(agreed, im->run.n, err);
	return store_batch_end(im->cli->st, good, err) && good;
}

static int
import(struct import *im, const struct actor *actor)
{
	bool ask = !im->cli->option[OPT_YES] && !im->cli->json && isatty(STDIN_FILENO) &&
		   isatty(STDOUT_FILENO);
	size_t agreed[IMPORT_WHATS];
	struct err err = ERR_NONE;
	int status;
	bool good;

	if (im->cli->option[OPT_DRY_RUN])
		return preview(im, actor);
	im->asked = ask;
	if (ask && !asked(im, actor, agreed, &status))
		return status;
	good = ask ? do_agreed(im, actor, agreed, &err) : run(im, actor, false, 0, &err);
	return finish(im, good, &err);
}

static int
usage(const struct cli *cli)
{
	struct buf kinds = BUF_MAX(2000);
	const char *kind;

	for (size_t i = 0; (kind = resource_table_at(i, NULL)) != NULL; i++)
		buf_printf(&kinds, "%s%s", i ? ", " : "", kind);
	buf_add(&kinds, ", areas");
	cli_usage(cli, _("say what is in the file, and its name; kinds: %s"), buf_str(&kinds));
	buf_clear(&kinds);
	return CLI_USAGE;
}

int
cmd_import(struct cli *cli, int argc, char **argv)
{
	struct import im = {.cli = cli, .lines = BUF_MAX(TOLD), .refusals = BUF_MAX(TOLD)};
	struct err err = ERR_NONE;
	struct actor actor;
	int status = CLI_REFUSED;

	if (argc == 2 && cli->option[OPT_COLUMNS])
		return import_columns(cli, argv[0], argv[1]);
	if (argc == 2 && import_means_areas(argv[0]))
		return import_areas(cli, argv[1]);
	if (argc != 2 || !(im.kind = resource_table_named(argv[0])))
		return usage(cli);
	im.path = argv[1];
	if (!cli_open(cli, true) || !cli_actor(cli, "import", &actor))
		return CLI_REFUSED;
	im.terminal = isatty(STDERR_FILENO);
	if (!headings_load(&im.headings, &err) ||
	    !sheet_read(&im.sheet, &im.headings, im.path, im.kind, cli->option[OPT_MAP], &err))
		cli_refuse_file(im.path, err.message);
	else
		status = import(&im, &actor);
	err_clear(&err);
	verb_result_clear(&im.result);
	sheet_clear(&im.sheet);
	headings_clear(&im.headings);
	buf_clear(&im.lines);
	buf_clear(&im.refusals);
	return status;
}
