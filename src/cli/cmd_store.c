/* init, verify, backup, restore, replay: the store as a whole. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/list.h"
#include "cli/output.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "house/house.h"
#include "store/journal.h"
#include "store/restore.h"

#include <stdlib.h>
#include <string.h>

int
cmd_init(struct cli *cli, int argc, char **argv)
{
	const char *path = argc ? argv[0] : cli->store_path, *code = cli->option[OPT_AREA];
	struct err err = ERR_NONE;
	long long area = 0;
	char *end = NULL;
	bool demo = cli->option[OPT_DEMO] != NULL;

	if (argc > 1)
		return cli_usage(cli, _("too many words"));
	if (code)
		area = strtoll(code, &end, 10);
	if (code && (strlen(code) != 9 || *end || area < 100000000 || area > ID_AREA_MAX))
		return cli_usage(cli, _("--area: \"%s\" is no code of 9 digits"), code);
	if (!house_create(path, area, demo, &err))
		return cli_fail(&err);
	if (cli->json)
		out_json(json_pack("{s:s, s:b}", "store", path, "demo", demo));
	else
		out_line(demo ? _("made %s, with the demo county in it") : _("made %s"), path);
	return CLI_DONE;
}

/* --- verify ---------------------------------------------------------------------------------- */

static json_t *
report_json(const struct verify_report *r)
{
	json_t *out = json_object(), *problems = json_array();

	member_int(out, "checked", r->checked);
	member_int(out, "head_seq", r->head_seq);
	member_text(out, "head", r->head);
	member_text(out, "sqlite", r->sqlite);
	for (char **p = r->problems; *p; p++)
		json_array_append_new(problems, json_string(*p));
	json_object_set_new(out, "problems", problems);
	return out;
}

static void
report_text(const struct verify_report *r)
{
	for (char **p = r->problems; *p; p++)
		out_line("%s", *p);
	out_line(ngettext("%lld journal row checked", "%lld journal rows checked",
		     (unsigned long)r->checked),
	    (long long)r->checked);
	if (r->head_seq)
		out_line(_("chain head %lld:%s"), (long long)r->head_seq, r->head);
	out_line("%s", r->sqlite);
	out_line("%s", r->problems[0] ? _("NOT whole") : _("whole"));
}

int
cmd_verify(struct cli *cli, int argc, char **argv)
{
	struct verify_report report;
	struct err err = ERR_NONE;
	int status;

	(void)argv;
	if (argc)
		return cli_usage(cli, _("too many words"));
	if (cli->option[OPT_HEAD] && !verify_is_head(cli->option[OPT_HEAD]))
		return cli_usage(cli,
		    _("\"%s\" is not a head of a journal: NUMBER:64 hexadecimal digits"),
		    cli->option[OPT_HEAD]);
	if (!cli_open(cli, false))
		return CLI_REFUSED;
	if (!store_verify(cli->st, cli->option[OPT_HEAD], &report, &err))
		return cli_fail(&err);
	if (!store_verify_tables(cli->st, &report, &err)) {
		verify_clear(&report);
		return cli_fail(&err);
	}
	status = report.problems[0] ? CLI_REFUSED : CLI_DONE;
	if (cli->json)
		out_json(report_json(&report));
	else
		report_text(&report);
	verify_clear(&report);
	return status;
}

/* --keep N: 1 and more; false with the usage told. */
static bool
how_many(struct cli *cli, int *keep)
{
	char *end;
	long n = strtol(cli->option[OPT_KEEP], &end, 10);

	*keep = (int)n;
	if (end != cli->option[OPT_KEEP] && !*end && n >= 1 && n <= 100000)
		return true;
	cli_usage(cli, _("--keep: \"%s\" is no number from 1 on"), cli->option[OPT_KEEP]);
	return false;
}

static int
tell_backup(struct cli *cli, const char *target, int removed)
{
	int64_t seq;
	char head[65];

	journal_head(cli->st, &seq, head);
	if (cli->json)
		out_json(json_pack("{s:s, s:I, s:i}", "target", target, "seq", (json_int_t)seq,
		    "removed", removed));
	else
		out_line(_("copied to %s, up to journal row #%lld"), target, (long long)seq);
	if (!cli->json && removed)
		out_line(ngettext("%d older copy removed", "%d older copies removed",
			     (unsigned long)removed),
		    removed);
	return CLI_DONE;
}

int
cmd_backup(struct cli *cli, int argc, char **argv)
{
	struct kept_backup kept;
	struct err err = ERR_NONE;
	int keep = 0, status;

	if (cli->option[OPT_KEEP] && !how_many(cli, &keep))
		return CLI_USAGE;
	if (keep ? argc > 1 : argc != 1)
		return cli_usage(cli, _("name one target"));
	if (!cli_open(cli, false))
		return CLI_REFUSED;
	if (!keep)
		return store_backup(cli->st, argv[0], &err) ? tell_backup(cli, argv[0], 0)
							    : cli_fail(&err);
	if (!store_backup_keep(cli->st, argc ? argv[0] : NULL, keep, &kept, &err))
		return cli_fail(&err);
	status = tell_backup(cli, kept.made, kept.removed);
	kept_backup_clear(&kept);
	return status;
}

/* --- restore --------------------------------------------------------------------------------- */

static const struct out_column lost_columns[] = {
    {"seq", N_("no."), OUT_NUMBER, 0},
    {"at", N_("time"), OUT_TIME, 0},
    {"actor", N_("who"), OUT_TEXT, 16},
    {"verb", N_("verb"), OUT_HIDDEN, 0},
    {"text", N_("what"), OUT_TEXT, 0},
};

static json_t *
lost_json(const struct salvage *lost)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < lost->n; i++) {
		json_t *o = json_object();

		member_int(o, "seq", lost->row[i].seq);
		member_time(o, "at", lost->row[i].at);
		member_text(o, "actor", lost->row[i].actor);
		member_text(o, "verb", lost->row[i].verb);
		member_text(o, "text", lost->row[i].text);
		json_array_append_new(rows, o);
	}
	return rows;
}

static void
lost_text(const struct salvage *lost)
{
	if (lost->other)
		out_line(_("The backup is of another history: its last entry is not the damaged "
			   "store's of that number."));
	if (lost->n) {
		out_line(_("Entered since, and not in the backup:"));
		out_rows(lost_columns, COUNT_OF(lost_columns), lost_json(lost), 0);
	}
	if (lost->more)
		out_line(_("… and more"));
	if (lost->unreadable)
		out_line(_("%lld entries since the backup cannot be read any more."),
		    (long long)lost->unreadable);
	else if (!lost->last)
		out_line(_("Where the damaged journal ended cannot be read: see the handover paper "
			   "and the reports sent."));
	if (!lost->all_numbers)
		out_line(_("Yearly numbers given since the backup cannot be read: set them with "
			   "number.start before the next incident, order or report."));
}

static void
restored_text(const struct restore_report *r, const char *store, const char *backup)
{
	char moment[40];

	out_line(_("restored %s from %s, as of #%lld, %s"), store, backup, (long long)r->seq,
	    clock_format(moment, sizeof(moment), r->at, CLOCK_YMD_HM));
	if (!r->aside)
		return;
	out_line(_("what stood there before is in %s"), r->aside);
	lost_text(&r->lost);
}

static json_t *
restored_json(const struct restore_report *r, const char *store)
{
	json_t *out = json_object();

	member_text(out, "store", store);
	member_int(out, "seq", r->seq);
	member_time(out, "at", r->at);
	member_int(out, "restored", r->restored);
	member_text(out, "aside", r->aside);
	json_object_set_new(out, "lost", lost_json(&r->lost));
	member_int(out, "unreadable", r->lost.unreadable);
	member_flag(out, "other_history", r->lost.other);
	member_int(out, "last", r->lost.last);
	return out;
}

int
cmd_restore(struct cli *cli, int argc, char **argv)
{
	struct restore_report report;
	struct err err = ERR_NONE;

	if (argc != 1)
		return cli_usage(cli, _("name one backup"));
	if (!store_restore(cli->store_path, argv[0], cli->option[OPT_YES] != NULL, &report, &err))
		return cli_fail(&err);
	if (cli->json)
		out_json(restored_json(&report, cli->store_path));
	else
		restored_text(&report, cli->store_path, argv[0]);
	restore_clear(&report);
	return CLI_DONE;
}

/* --- replay ---------------------------------------------------------------------------------- */

/* "#20417" -> 20417; 0 when it is no row number. */
static int64_t
row_number(const char *text)
{
	char *end;
	long long seq;

	if (text[0] != '#' || text[1] < '0' || text[1] > '9')
		return 0;
	seq = strtoll(text + 1, &end, 10);
	return *end ? 0 : seq;
}

/* Put the older state in the place of the store, and the clock to that moment. Gives the exit
 * status. */
static int
go_back(struct cli *cli)
{
	int64_t seq = row_number(cli->option[OPT_AT]), at = CLOCK_NONE;
	struct err err = ERR_NONE;
	struct journal_row row;
	struct store *then;

	if (!seq && !cli_time(cli, OPT_AT, &at))
		return CLI_USAGE;
	then = seq ? store_replay_seq(cli->st, seq, &err) : store_replay(cli->st, at, &err);
	if (!then)
		return cli_fail(&err);
	house_register(then);
	cli->live = cli->st;
	cli->st = then;
	if (seq && journal_by_seq(then, seq, &row)) {
		at = row.at;
		journal_row_clear(&row);
	}
	clock_pin(at);
	return CLI_DONE;
}

/* What was open then. */
static int
overview(struct cli *cli)
{
	struct actor reader;
	static const char *const kinds[] = {"incidents", "clocks", "orders"};
	json_t *all;
	char moment[40];

	if (!cli_reader(cli, &reader))
		return CLI_REFUSED;
	all = json_object();
	member_time(all, "at", clock_now());
	if (!cli->json)
		out_line(_("as it stood on %s"),
		    clock_format(moment, sizeof(moment), clock_now(), CLOCK_YMD_HM));
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct list_kind *k = list_kind_find(kinds[i]);
		json_t *rows = k ? list_of_incident(cli->st, &reader, kinds[i], 0) : NULL;

		if (k && !cli->json) {
			out_line("\n== %s", _(k->label));
			out_rows(k->columns, k->n_columns, json_incref(rows), 0);
		}
		if (k)
			json_object_set_new(all, kinds[i], rows);
	}
	if (cli->json)
		out_json(json_incref(all));
	json_decref(all);
	return CLI_DONE;
}

int
cmd_replay(struct cli *cli, int argc, char **argv)
{
	const struct command *c = argc ? command_find(argv[0]) : NULL;
	int64_t at;
	int status;

	if (!cli->option[OPT_AT])
		return cli_usage(cli, _("say the moment with --at"));
	if (argc && (!c || !c->reads))
		return cli_usage(cli, _("\"%s\" cannot be run on a replay"), argv[0]);
	for (int i = OPT_GLOBAL; c && i < OPT_COUNT; i++)
		if (cli->option[i] && i != OPT_AT && !(c->options & 1u << i))
			return cli_usage(cli, _("--%s does not belong here"), cli_options[i].name);
	/* Wrong usage before anything is opened; go_back reads it again on the store's own clock.
	 */
	if (!row_number(cli->option[OPT_AT]) && !cli_time(cli, OPT_AT, &at))
		return CLI_USAGE;
	if (!cli_open(cli, false))
		return CLI_REFUSED;
	status = go_back(cli);
	if (status != CLI_DONE || !c)
		return status != CLI_DONE ? status : overview(cli);
	cli->command = c->name;
	return c->run(cli, argc - 1, argv + 1);
}
