/* duty: the papers of the duty room: brief, roster, registers and their forms, exports. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "duty/duty.h"
#include "store/command.h"
#include "store/store.h"
#include "store/verb.h"

#include <string.h>

#define PAPER_MAX (128u << 20)

/* A value NAME=VALUE among the words, NULL none. */
static const char *
value_of(int argc, char **argv, const char *name)
{
	size_t n = strlen(name);

	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=')
			return argv[i] + n + 1;
	return NULL;
}

static bool
time_of(const char *text, int64_t *out)
{
	if (!text || command_time(text, clock_now(), "past", out))
		return true;
	cli_refuse(_("\"%s\" is no time"), text);
	return false;
}

static bool
has_word(int argc, char **argv, const char *word)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

/* The days of the present watch unless told. */
static int
book(struct cli *cli, const struct actor *reader, enum register_book which, int argc, char **argv,
    struct buf *out)
{
	struct register_filter f = {.book = which,
	    .from = clock_day_start(clock_now()) - CLOCK_DAY,
	    .to = CLOCK_NONE,
	    .area = cli_scope(reader),
	    .reader = reader};
	struct watch_row watch;

	if (duty_watch(cli->st, &watch))
		f.from = watch.opened;
	if (!time_of(value_of(argc, argv, "from"), &f.from) ||
	    !time_of(value_of(argc, argv, "to"), &f.to))
		return CLI_REFUSED;
	if (!duty_register_text(cli->st, &f, has_word(argc, argv, "form"), out))
		return cli_refuse(_("The paper grows too long: print it in parts (from=, to=)."));
	return CLI_DONE;
}

static int
roster(struct cli *cli, int argc, char **argv, struct buf *out)
{
	int64_t at = clock_now();
	struct civil c;

	if (!time_of(value_of(argc, argv, "from"), &at))
		return CLI_REFUSED;
	clock_civil(at, &c);
	duty_roster_text(cli->st, c.year, c.month, out);
	return CLI_DONE;
}

static int
since(struct cli *cli, struct buf *out)
{
	struct actor actor;

	if (!cli_actor(cli, "do", &actor))
		return CLI_REFUSED;
	duty_since(cli->st, actor.person, out);
	return CLI_DONE;
}

/* Comma-separated, for a spreadsheet. */
static int export(
    struct cli *cli, const struct actor *reader, int argc, char **argv, struct buf *out)
{
	struct err err = ERR_NONE;
	int64_t id;
	bool roll = argc == 3 && strcmp(argv[1], "roll") == 0;

	if (argc != 3 || (!roll && strcmp(argv[1], "callout") != 0))
		return cli_usage(cli, _("say export roll ID or export callout ID"));
	if (!cli_thing(cli, reader, roll ? "rollcall" : "callout", argv[2], &id))
		return CLI_REFUSED;
	if (!(roll ? duty_roll_csv(cli->st, id, out, &err)
		   : duty_callout_csv(cli->st, id, out, &err)))
		return cli_fail(&err);
	return CLI_DONE;
}

static int
paper(struct cli *cli, const struct actor *reader, int argc, char **argv, struct buf *out)
{
	static const char *const books[] = {"log", "phone", "paper"};
	bool room = cli_scope(reader) == 0;

	for (size_t i = 0; i < COUNT_OF(books); i++)
		if (strcmp(argv[0], books[i]) == 0)
			return book(cli, reader, (enum register_book)i, argc, argv, out);
	/* The rest tells of the whole county. */
	if (!room)
		return cli_refuse(_("Your role does not allow this."));
	if (strcmp(argv[0], "brief") == 0)
		return duty_brief(cli->st, out) ? CLI_DONE : CLI_REFUSED;
	if (strcmp(argv[0], "spot") == 0)
		return duty_spot_text(cli->st, out) ? CLI_DONE : CLI_REFUSED;
	if (strcmp(argv[0], "roster") == 0)
		return roster(cli, argc, argv, out);
	if (strcmp(argv[0], "since") == 0)
		return since(cli, out);
	if (strcmp(argv[0], "export") == 0)
		return export(cli, reader, argc, argv, out);
	return cli_usage(cli, _("there is no paper \"%s\""), argv[0]);
}

int
cmd_duty(struct cli *cli, int argc, char **argv)
{
	struct buf out = BUF_MAX(PAPER_MAX);
	struct err err = ERR_NONE;
	struct actor reader;
	int status;

	if (argc == 0)
		return cli_usage(cli, _("say which paper"));
	if (!cli_open(cli, false) || !cli_reader(cli, &reader))
		return CLI_REFUSED;
	store_read_begin(cli->st);
	status = paper(cli, &reader, argc, argv, &out);
	if (!store_read_end(cli->st, &err) && status == CLI_DONE)
		status = cli_fail(&err);
	if (status == CLI_DONE)
		out_text(buf_str(&out));
	buf_clear(&out);
	return status;
}
