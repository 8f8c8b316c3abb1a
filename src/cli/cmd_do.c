/*
 * do: command lines through the verbs. A script is what an officer would type, line after line,
 * with # comments and @TIME PERSON lines (house/house.h); it is read as it comes, so that another
 * program may feed it. What is printed is what the console's result line would say.
 */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "house/house.h"
#include "store/command.h"
#include "store/store.h"
#include "store/verb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* The longest argument is 64 KiB; a line may hold several. */
#define LINE_BYTES 262144

struct script {
	struct cli *cli;
	long line;	    /* 0: the line came from the words of the command */
	struct actor actor; /* as the last @ line said */
	bool has_actor;	    /* else whoever cli_actor says, at each line anew: shifts change */
	bool failed;
};

static void
tell_failure(struct script *s, struct err *err)
{
	s->failed = true;
	if (s->cli->json) {
		json_t *row = json_object();

		if (s->line)
			member_int(row, "line", s->line);
		member_text(row, "error", err->message);
		out_json_line(row);
	}
	if (s->line)
		cli_refuse(_("line %ld: %s"), s->line, err->message ? err->message : "");
	else
		cli_refuse("%s", err->message ? err->message : "");
	err_clear(err);
}

static void
tell_result(struct script *s, const struct verb_result *result)
{
	json_t *row;

	if (!s->cli->json) {
		out_line("#%lld %s", (long long)result->seq, result->said ? result->said : "");
		return;
	}
	row = json_object();
	if (s->line)
		member_int(row, "line", s->line);
	member_int(row, "seq", result->seq);
	member_int(row, "journal", result->journal);
	member_id(row, "subject", result->subject);
	member_text(row, "said", result->said);
	out_json_line(row);
}

static void
run_line(struct script *s, const char *line)
{
	struct verb_result result = {.said = NULL};
	struct err err = ERR_NONE;

	if (!s->has_actor && !cli_actor(s->cli, "do", &s->actor)) {
		s->failed = true; /* cli_actor told why */
		return;
	}
	/* What fell due before this line happened before it. */
	if (house_tick(s->cli->st, &err) && command_run(s->cli->st, &s->actor, line, NULL, &result, &err))
		tell_result(s, &result);
	else
		tell_failure(s, &err);
	verb_result_clear(&result);
}

/* @TIME PERSON. */
static bool
turn(struct script *s, const char *words, struct err *err)
{
	int64_t pinned = clock_pinned();
	struct actor actor = s->actor;

	snprintf(actor.via, sizeof(actor.via), "do");
	actor.person = -1; /* to see whether a person was named */
	if (!house_turn(s->cli->st, &actor, words, err))
		return false;
	if (clock_pinned() != pinned && store_setting_int(s->cli->st, "drill", 0) != 1) {
		clock_pin(pinned);
		return err_set(err, ERR_REFUSED, _("@TIME moves the clock of a drill store only"));
	}
	if (actor.person != -1) {
		s->actor = actor;
		s->has_actor = true;
	}
	return true;
}

/* One line of a script, blanks at both ends cut off. */
static void
script_line(struct script *s, const char *line)
{
	struct err err = ERR_NONE;

	if (!*line || *line == '#')
		return;
	if (*line != '@')
		run_line(s, line);
	else if (!turn(s, line + 1, &err))
		tell_failure(s, &err);
}

static char *
trim(char *line)
{
	size_t n = strlen(line);

	while (n > 0 && strchr(" \t\r\n", line[n - 1]))
		line[--n] = '\0';
	return line + strspn(line, " \t");
}

/* The bytes of one line are UTF-8 and no longer than a line may be, or the script stops there. */
static bool
check_line(const char *line, ssize_t n, struct err *err)
{
	if (n > LINE_BYTES)
		return err_set(err, ERR_INPUT, _("the line is longer than %d bytes"), LINE_BYTES);
	if (!utf8_valid(line, (size_t)n) || memchr(line, '\0', (size_t)n))
		return err_set(err, ERR_INPUT,
		    _("this is not UTF-8 text (for GB 18030: iconv -f GB18030 -t UTF-8)"));
	return true;
}

static int
run_script(struct script *s)
{
	char *line = NULL;
	size_t room = 0;
	bool failed = false;
	ssize_t n;

	while ((!failed || s->cli->option[OPT_KEEP_GOING]) &&
	       (n = getline(&line, &room, stdin)) >= 0) {
		struct err err = ERR_NONE;

		s->line++;
		s->failed = false;
		if (check_line(line, n, &err))
			script_line(s, trim(line));
		else
			tell_failure(s, &err);
		fflush(stdout);
		failed = failed || s->failed;
	}
	free(line);
	if (ferror(stdin))
		return cli_refuse(_("%s cannot be read: %s"), _("standard input"), strerror(errno));
	return failed ? CLI_REFUSED : CLI_DONE;
}

int
cmd_do(struct cli *cli, int argc, char **argv)
{
	struct script s = {.cli = cli};
	int status;

	if (argc == 0)
		return cli_usage(cli, _("say a line, or - for standard input"));
	if (!cli_open(cli, true))
		return CLI_REFUSED;
	if (argc == 1 && strcmp(argv[0], "-") == 0) {
		status = run_script(&s);
	} else {
		char *line = cli_join(argc, argv);

		run_line(&s, line);
		free(line);
		status = s.failed ? CLI_REFUSED : CLI_DONE;
	}
	return status;
}
