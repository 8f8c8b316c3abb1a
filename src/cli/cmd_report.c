/* report draft, check, export. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "report/report.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEMS 64

/* --- draft ----------------------------------------------------------------------------------- */

static int
draft(struct cli *cli, const char *word)
{
	struct verb_result result = {.said = NULL};
	struct err err = ERR_NONE;
	struct actor actor;
	int64_t incident;
	json_t *args;
	bool ok;

	if (!cli_open(cli, true) || !cli_actor(cli, "do", &actor) ||
	    !cli_thing(cli, &actor, "incident", word, &incident))
		return CLI_REFUSED;
	args = json_pack("{s:I}", "incident", (json_int_t)incident);
	ok = verb_run(cli->st, &actor, "report.draft", args, &result, &err);
	json_decref(args);
	if (!ok)
		return cli_fail(&err);
	if (cli->json)
		out_json(json_pack("{s:I, s:I}", "report", (json_int_t)result.subject, "seq",
		    (json_int_t)result.seq));
	else
		out_line("#%lld %s", (long long)result.seq, result.said ? result.said : "");
	verb_result_clear(&result);
	return CLI_DONE;
}

/* --- check ----------------------------------------------------------------------------------- */

static const struct out_column columns[] = {
    {"blocking", N_("blocks"), OUT_BOOL, 0},
    {"element", N_("element"), OUT_TEXT, 0},
    {"text", N_("what is wrong"), OUT_TEXT, 0},
};

/* 1 when something blocks the signature. */
static int
check(struct cli *cli, int64_t report)
{
	struct report_problem problems[PROBLEMS];
	size_t n = report_check(cli->st, report, problems, COUNT_OF(problems));
	json_t *rows = json_array();
	int status = CLI_DONE;

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_flag(o, "blocking", problems[i].blocking);
		member_text(o, "element", problems[i].element);
		member_text(o, "text", problems[i].text);
		json_array_append_new(rows, o);
		if (problems[i].blocking)
			status = CLI_REFUSED;
	}
	out_rows(columns, COUNT_OF(columns), rows, cli->json);
	return status;
}

/* --- export ---------------------------------------------------------------------------------- */

/* A new file, never one that is there; gone again when it could not be written whole. */
static int
write_new(const char *path, const struct buf *text)
{
	FILE *file = cli_new_file(path);

	if (!file)
		return CLI_REFUSED;
	fwrite(buf_str(text), 1, text->size, file);
	return cli_new_file_end(file, path, true) ? CLI_DONE : CLI_REFUSED;
}

static int export(struct cli *cli, int64_t report)
{
	struct buf text = BUF_MAX(4 << 20);
	struct err err = ERR_NONE;
	bool ok = cli->option[OPT_XML] ? report_xml(cli->st, report, &text, &err)
				       : report_text(cli->st, report, 0, &text, &err);
	int status = CLI_DONE;

	if (!ok)
		status = cli_fail(&err);
	else if (cli->option[OPT_OUT])
		status = write_new(cli->option[OPT_OUT], &text);
	else
		out_text(buf_str(&text));
	buf_clear(&text);
	return status;
}

int
cmd_report(struct cli *cli, int argc, char **argv)
{
	struct actor reader;
	int64_t report;
	bool checks = argc == 2 && strcmp(argv[0], "check") == 0;

	if (argc == 2 && strcmp(argv[0], "draft") == 0)
		return cli->live ? cli_usage(cli, _("\"%s\" cannot be run on a replay"), argv[0])
				 : draft(cli, argv[1]);
	if (!checks && !(argc == 2 && strcmp(argv[0], "export") == 0))
		return cli_usage(cli, _("say what to do: %s"), "draft, check, export");
	if (!cli_open(cli, false) || !cli_reader(cli, &reader) ||
	    !cli_thing(cli, &reader, "report", argv[1], &report))
		return CLI_REFUSED;
	return checks ? check(cli, report) : export(cli, report);
}
