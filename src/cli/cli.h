/*
 * The subcommands of the shell: `zhiban COMMAND …` for scripts, cron, training and tests. Every command is one row of
 * the table in commands.c and one function
 *
 *	int cmd_NAME(struct cli *cli, int argc, char **argv)
 *
 * where argv holds the words behind the command (options are taken out already) and the result is the exit status:
 * CLI_DONE, CLI_REFUSED (the reason is on stderr) or CLI_USAGE. What is printed on stdout has no control, bidi or
 * zero-width character in it.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum cli_status { CLI_DONE = 0, CLI_REFUSED = 1, CLI_USAGE = 2 };

/* Every option there is; which command takes which stands in the command's row. */
enum cli_option {
	OPT_STORE, OPT_AS, OPT_JSON, OPT_LANG, OPT_HELP, OPT_VERSION, /* of all commands */
	OPT_DEMO, OPT_AREA, OPT_KEEP_GOING, OPT_LIMIT, OPT_AT, OPT_HEAD, OPT_RECEIVED, OPT_XML, OPT_OUT, OPT_MDOC,
	OPT_KIND, OPT_FILES,
	OPT_COUNT
};

struct store;
struct actor;

/* One run of the program: what the options said, and the store once it is open. */
struct cli {
	const char *option[OPT_COUNT]; /* the value given, "" for an option without one, NULL when absent */
	char *store_path;              /* owned */
	struct store *st;              /* opened by cli_open, closed at the end; NULL before */
	bool json;
};

/* What the console is started with when no command is named. */
struct cli_console {
	const char *store_path;
	const char *person;            /* --as or ZHIBAN_PERSON, NULL: ask, or the officer on duty */
};

/*
 * argv -> exit status. `console` is called when no command is named; main() passes the ui's, so that this room needs not
 * know that one.
 */
int cli_main(int argc, char **argv, int (*console)(const struct cli_console *start));

/* --- for the commands ------------------------------------------------------------------------------ */

/* Open the store (house_open) unless it is open. False after the reason was printed. */
bool cli_open(struct cli *cli, bool writing);
/* Who acts: --as, else ZHIBAN_PERSON, else the duty officer on shift now. False after the reason was printed. */
bool cli_actor(struct cli *cli, const char *via, struct actor *out);
/* Print "zhiban: message" on stderr and clear err; gives CLI_REFUSED (CLI_USAGE never). */
int cli_fail(struct err *err);
/* The same for a message of one's own. */
int cli_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Wrong usage: message and the usage line of the command on stderr; gives CLI_USAGE. */
int cli_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The value of --received, --at …: a time (clock_parse). False after wrong usage was printed. */
bool cli_time(const char *command, const char *option, const char *value, int64_t *out);
/* All of stdin or of a named file, at most `max` bytes; the caller frees. NULL with err filled. */
char *cli_read_all(const char *path, size_t max, size_t *size, struct err *err);

int cmd_init(struct cli *cli, int argc, char **argv);
int cmd_do(struct cli *cli, int argc, char **argv);
int cmd_read(struct cli *cli, int argc, char **argv);
int cmd_list(struct cli *cli, int argc, char **argv);
int cmd_show(struct cli *cli, int argc, char **argv);
int cmd_plan(struct cli *cli, int argc, char **argv);
int cmd_allocate(struct cli *cli, int argc, char **argv);
int cmd_report(struct cli *cli, int argc, char **argv);
int cmd_verify(struct cli *cli, int argc, char **argv);
int cmd_backup(struct cli *cli, int argc, char **argv);
int cmd_replay(struct cli *cli, int argc, char **argv);
int cmd_search(struct cli *cli, int argc, char **argv);
int cmd_verbs(struct cli *cli, int argc, char **argv);
int cmd_help(struct cli *cli, int argc, char **argv);

#endif
