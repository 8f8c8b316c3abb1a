/* read: a narrative in, what it says out. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "decide/reading.h"
#include "incident/incident.h"

#include <stdlib.h>
#include <string.h>

#define NARRATIVE_MAX (1 << 20)

/* A reader that knows no county but the rules'. */
static struct reader *
plain_reader(struct err *err)
{
	char *rules = paths_data_file("rules"), *taxonomy = paths_data_file("taxonomy");
	struct reader *r = reader_new(rules, taxonomy, NULL, err);

	free(rules);
	free(taxonomy);
	return r;
}

/*
 * The reader of a named store knows its places and units; it belongs to the store. Without one no
 * store is opened, so that a text may be read anywhere.
 */
static struct reader *
find_reader(struct cli *cli, struct reader **own, struct err *err)
{
	const char *store = getenv("ZHIBAN_STORE");

	*own = NULL;
	if (cli->option[OPT_STORE] || (store && *store))
		return cli_open(cli, false) ? incident_reader(cli->st, err) : NULL;
	return *own = plain_reader(err);
}

static void
warn_of_rules(const struct reader *r)
{
	const char *warning;

	for (size_t i = 0; (warning = reader_warning(r, i)) != NULL; i++)
		out_complain(warning);
}

static const char *
fact_value(const struct fact *f, char *out, size_t size)
{
	if (fact_kind_is_count(f->kind))
		snprintf(out, size, "%lld", (long long)f->value);
	else if (f->kind == FACT_TIME)
		clock_format(out, size, f->value, CLOCK_YMD_HM);
	else if (f->norm)
		snprintf(out, size, "%s", f->norm);
	else if (f->amount != 0)
		snprintf(out, size, "%g %s", f->amount, f->unit ? f->unit : "");
	else
		snprintf(out, size, "%s", f->name ? f->name : "");
	return out;
}

static void
show_grading(const struct grading *g)
{
	if (g->grade != GRADE_NONE)
		out_line("%s  %s  %s", _("grade"), grade_label(g->grade), g->why ? g->why : "");
	if (g->near_miss)
		out_line("%s  %s", _("major near miss"), g->near_miss_why ? g->near_miss_why : "");
	if (g->sensitive)
		out_line("%s  %s", _("sensitive"), g->sensitive_why ? g->sensitive_why : "");
}

static void
show_reading(const struct reading *r)
{
	char value[200];

	if (r->title)
		out_line("%s", r->title);
	for (size_t i = 0; i < r->n_types; i++)
		out_line("%s  %s  %.2f  %s", r->types[i].code, r->types[i].name, r->types[i].score,
		    r->types[i].why ? r->types[i].why : "");
	show_grading(&r->grading);
	for (size_t i = 0; i < r->n_facts; i++)
		out_line("%s  %s  [%s]%s%s", fact_kind_label(r->facts[i].kind),
		    fact_value(&r->facts[i], value, sizeof(value)), r->facts[i].text,
		    r->facts[i].aside ? "  " : "", r->facts[i].aside ? _("in passing") : "");
	if (r->lead)
		out_line("%s  %s", _("lead unit"), r->lead);
	for (size_t i = 0; i < r->n_gaps; i++)
		out_line("%s%s", r->gaps[i].required ? _("to ask first: ") : _("to ask: "),
		    r->gaps[i].question);
}

/* 2026-03-01 alone means the whole day: "今晨3时" must not lie behind it. */
static bool
is_date_alone(const char *said)
{
	return strlen(said) == strlen("2026-03-01") && said[4] == '-' && said[7] == '-';
}

int
cmd_read(struct cli *cli, int argc, char **argv)
{
	int64_t received = clock_now();
	struct err err = ERR_NONE;
	struct reading reading;
	struct reader *reader, *own;
	size_t size;
	char *text;

	if (argc > 1)
		return cli_usage(cli, _("name one file, or - for standard input"));
	if (cli->option[OPT_RECEIVED] && !cli_time(cli, OPT_RECEIVED, &received))
		return CLI_USAGE;
	if (cli->option[OPT_RECEIVED] && is_date_alone(cli->option[OPT_RECEIVED]))
		received += CLOCK_DAY - 1;
	text = cli_read_all(argc ? argv[0] : "-", NARRATIVE_MAX, &size, &err);
	if (!text)
		return cli_fail(&err);
	reader = find_reader(cli, &own, &err);
	if (!reader) {
		free(text);
		return err.message ? cli_fail(&err) : CLI_REFUSED;
	}
	reader_read(reader, text, size, received, &reading);
	if (cli->json) {
		char *json = reading_json(&reading, 1);

		out_line("%s", json);
		free(json);
	} else
		show_reading(&reading);
	warn_of_rules(reader);
	reading_clear(&reading);
	reader_free(own);
	free(text);
	return CLI_DONE;
}
