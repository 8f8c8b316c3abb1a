/* rules: what each reading rule takes, and which are left out; for whoever adds some. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "decide/reading.h"
#include "decide/rule.h"
#include "decide/trial.h"

#include <math.h>
#include <stdlib.h>

static const struct out_column columns[] = {
    {"rule", N_("reading rule"), OUT_TEXT, 0},
    {"kind", N_("what it finds"), OUT_TEXT, 0},
    {"us", N_("microseconds a narrative"), OUT_NUMBER, 0},
};

static json_t *
times(struct rules *rules, const struct trial *trial)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule *rule = rules_at(rules, i);
		double mean = rules_mean(rules, i, trial);
		json_t *row = json_object();

		member_text(row, "rule", rule->name);
		member_text(row, "kind",
		    rule->kind == RULE_GUARD ? "guard"
					     : fact_kind_name((enum fact_kind)rule->kind));
		if (mean < HUGE_VAL)
			member_real(row, "us", round(mean * 1e4) / 10);
		json_array_append_new(rows, row);
	}
	return rows;
}

int
cmd_rules(struct cli *cli, int argc, char **argv)
{
	char *dir = argc ? mem_dup(argv[0]) : paths_data_file("rules"),
	     *narratives = paths_data_file("rules/trial.txt");
	struct err err = ERR_NONE;
	struct trial *trial = NULL;
	struct rules *rules = NULL;
	const char *warning;
	int status = CLI_DONE;

	if (argc > 1)
		status = cli_usage(cli, _("name one directory"));
	else if (!(trial = trial_new(narratives, &err)) || !(rules = rules_load(dir, &err)))
		status = cli_fail(&err);
	else
		out_rows(columns, COUNT_OF(columns), times(rules, trial), cli->json);
	for (size_t i = 0; rules && (warning = rules_warning(rules, i)) != NULL; i++) {
		out_complain(warning);
		status = CLI_REFUSED;
	}
	rules_free(rules);
	trial_free(trial);
	free(narratives);
	free(dir);
	return status;
}
