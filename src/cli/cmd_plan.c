/* plan match, show, import, check: the library from outside. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "dispatch/dispatch.h"
#include "plan/plan.h"
#include "store/command.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

#define MATCHES 20
#define CALLS 64

/* --- match ----------------------------------------------------------------------------------- */

static const struct out_column columns[] = {
    {"code", N_("code"), OUT_TEXT, 0},
    {"name", N_("plan"), OUT_TEXT, 40},
    {"score", N_("score"), OUT_NUMBER, 0},
    {"level_label", N_("proposes"), OUT_TEXT, 0},
    {"approver", N_("approves"), OUT_TEXT, 20},
    {"why", N_("why"), OUT_TEXT, 0},
};

static json_t *
match_json(const struct plan_match *m)
{
	json_t *o = json_object();

	member_int(o, "plan", m->plan);
	member_text(o, "code", m->code);
	member_text(o, "name", m->name);
	member_real(o, "score", (double)(int64_t)(m->score * 1000 + 0.5) / 1000);
	member_text(o, "why", m->why);
	member_id(o, "level", m->level);
	member_text(o, "level_label", m->level >= 1 && m->level <= 4 ? response_level_label(m->level) : NULL);
	member_text(o, "level_why", m->level_why);
	member_text(o, "approver", m->approver);
	return o;
}

static int
print_matches(struct cli *cli, const struct plan_query *q, size_t limit)
{
	struct plan_match *found = mem_zero(limit, sizeof(*found));
	json_t *rows = json_array();
	size_t n = plan_match(cli->st, q, found, limit);

	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, match_json(&found[i]));
	plan_match_clear(found, n);
	free(found);
	out_rows(columns, COUNT_OF(columns), rows, cli->json);
	return n ? CLI_DONE : CLI_REFUSED;
}

static int
match_text(struct cli *cli, const char *text, size_t limit)
{
	struct err err = ERR_NONE;
	struct reader *reader = incident_reader(cli->st, &err);
	struct grade_figures figures;
	struct plan_query q;
	struct reading reading;
	int status;

	if (!reader)
		return cli_fail(&err);
	reader_read(reader, text, strlen(text), clock_now(), &reading);
	plan_query_from_reading(&reading, text, &q, &figures);
	status = print_matches(cli, &q, limit);
	plan_query_clear(&q);
	reading_clear(&reading);
	return status;
}

/* All callers' words in one text. The caller frees. */
static char *
all_words(struct store *st, int64_t incident)
{
	struct incident_call *calls = mem_zero(CALLS, sizeof(*calls));
	size_t n = incident_calls(st, incident, calls, CALLS);
	struct buf text = BUF_MAX(READER_MAX);

	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s%s", i ? "\n" : "", calls[i].text);
	incident_calls_clear(calls, n);
	free(calls);
	return buf_take(&text);
}

/* What the record says goes before what the words say: codes, figures, grade, place. */
static int
match_incident(struct cli *cli, int64_t incident, size_t limit)
{
	struct err err = ERR_NONE;
	struct reader *reader = incident_reader(cli->st, &err);
	struct grade_figures figures, recorded;
	struct incident_full full;
	struct reading reading;
	struct plan_query q;
	const char *codes[COUNT_OF(full.codes)];
	const char *const *read_codes;
	const double *read_scores;
	char *text;
	int status;

	if (!reader || !incident_full(cli->st, incident, &full))
		return reader ? cli_refuse(_("there is no such thing")) : cli_fail(&err);
	text = all_words(cli->st, incident);
	reader_read(reader, text, strlen(text), full.row.received, &reading);
	plan_query_from_reading(&reading, text, &q, &figures);
	read_codes = q.codes;
	read_scores = q.scores;
	for (size_t i = 0; i < full.n_codes; i++)
		codes[i] = full.codes[i].code;
	if (full.n_codes) {
		q.codes = codes;
		q.scores = NULL;
		q.n_codes = full.n_codes;
	}
	incident_figures(cli->st, incident, &recorded);
	q.figures = &recorded;
	q.grade = full.row.grade;
	q.near_miss = full.row.near_miss;
	q.area = full.row.area;
	status = print_matches(cli, &q, limit);
	q.codes = read_codes;
	q.scores = read_scores;
	plan_query_clear(&q);
	reading_clear(&reading);
	free(text);
	incident_full_clear(&full);
	return status;
}

/* A word that names an incident by its number; every other is a text. */
static bool
names_incident(
    struct cli *cli, const struct actor *reader, int argc, char **argv, int64_t *incident)
{
	struct err err = ERR_NONE;
	bool found = argc == 1 && strspn(argv[0], "0123456789-#") == strlen(argv[0]) &&
		     command_thing(cli->st, reader, "incident", argv[0], incident, NULL, &err);

	err_clear(&err);
	return found;
}

static int
match(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_NONE;
	struct actor reader;
	int64_t incident;
	size_t size, limit;
	char *text;
	int status;

	if (!argc)
		return cli_usage(cli, _("say a text or an incident"));
	if (!cli_limit(cli, MATCHES, &limit))
		return CLI_USAGE;
	if (!cli_open(cli, false) || !cli_reader(cli, &reader))
		return CLI_REFUSED;
	if (names_incident(cli, &reader, argc, argv, &incident))
		return match_incident(cli, incident, limit);
	text = argc == 1 && strcmp(argv[0], "-") == 0 ? cli_read_all("-", READER_MAX, &size, &err)
						      : cli_join(argc, argv);
	if (!text)
		return cli_fail(&err);
	status = match_text(cli, text, limit);
	free(text);
	return status;
}

/* --- import, check --------------------------------------------------------------------------- */

static int
import(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_NONE;
	struct actor actor;
	char *said;

	if (!argc)
		return cli_usage(cli, _("name a file"));
	if (!cli_open(cli, true) || !cli_actor(cli, "do", &actor))
		return CLI_REFUSED;
	for (int i = 0; i < argc; i++) {
		said = NULL;
		if (!plan_import_file(cli->st, &actor, argv[i], &said, &err))
			return cli_fail(&err);
		out_line("%s", said ? said : argv[i]);
		free(said);
	}
	return CLI_DONE;
}

static int
check(struct cli *cli, int argc, char **argv)
{
	int status = CLI_DONE;

	if (!argc)
		return cli_usage(cli, _("name a file"));
	for (int i = 0; i < argc; i++) {
		struct err err = ERR_NONE;
		size_t size = 0;
		char *xml = cli_read_all(argv[i], PLAN_MAX, &size, &err);

		if (xml && plan_check(xml, size, &err))
			out_line(_("%s: valid"), argv[i]);
		else
			status = cli_refuse_file(argv[i], err.message);
		err_clear(&err);
		free(xml);
	}
	return status;
}

int
cmd_plan(struct cli *cli, int argc, char **argv)
{
	char kind[] = "plan";
	bool replay = cli->live != NULL;

	if (argc && strcmp(argv[0], "match") == 0)
		return match(cli, argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[0], "show") == 0) {
		char *words[] = {kind, argv[1]};

		return cmd_show(cli, 2, words);
	}
	if (argc && strcmp(argv[0], "import") == 0)
		return replay ? cli_usage(cli, _("\"%s\" cannot be run on a replay"), argv[0])
			      : import(cli, argc - 1, argv + 1);
	if (argc && strcmp(argv[0], "check") == 0)
		return check(cli, argc - 1, argv + 1);
	return cli_usage(cli, _("say what to do: %s"), "match, show, import, check");
}
