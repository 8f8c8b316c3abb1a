/*
 * The subcommands of the shell: `zhiban COMMAND …` for scripts, cron, training and tests. Every command is one row of
 * the table in commands.c and one function
 *
 *	int cmd_NAME(struct cli *cli, int argc, char **argv)
 *
 * where argv holds the words behind the command (options are taken out already) and the result is the exit status:
 * CLI_DONE, CLI_REFUSED (the reason is on stderr) or CLI_USAGE. What is printed on stdout has no control, bidi or
 * zero-width character in it: it all goes through output.h.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum cli_status { CLI_DONE = 0, CLI_REFUSED = 1, CLI_USAGE = 2 };

/* Every option there is; which command takes which stands in the command's row. */
enum cli_option {
	OPT_STORE, OPT_AS, OPT_KEY, OPT_JSON, OPT_LANG, OPT_HELP, OPT_VERSION, /* of all commands */
	OPT_DEMO, OPT_AREA, OPT_KEEP_GOING, OPT_LIMIT, OPT_AT, OPT_HEAD, OPT_RECEIVED, OPT_XML, OPT_OUT, OPT_MDOC,
	OPT_KIND, OPT_ONCE, OPT_BASE, OPT_MAP, OPT_DRY_RUN, OPT_SKIP_REFUSED, OPT_YES, OPT_COLUMNS, OPT_KEEP,
	OPT_COUNT
};
#define OPT_GLOBAL 7 /* the first so many are of all commands */

struct store;
struct actor;
struct buf;

/* One run of the program: what the options said, and the store once it is open. */
struct cli {
	const char *option[OPT_COUNT]; /* the value given, "" for an option without one, NULL when absent */
	const char *command;           /* its name in the table */
	char *store_path;              /* owned */
	struct store *st;              /* opened by cli_open, closed at the end; NULL before */
	struct store *live;            /* of a replay: the store that st is an older state of; closed at the end */
	bool json;
	void (*keys)(struct buf *out); /* of struct cli_faces; may be NULL */
};

/* What the console is started with when no command is named. */
struct cli_console {
	const char *store_path;
	const char *person;            /* --as or ZHIBAN_PERSON, NULL: ask, or the officer on duty */
	const char *key;               /* --key: the ssh key that let in, NULL none */
};

/* What main() lends from the full-screen console, so that this room needs not know that one. */
struct cli_faces {
	int (*console)(const struct cli_console *start); /* called when no command is named */
	void (*keys)(struct buf *out);                   /* the keys of every screen, for `help console` */
};

/* argv -> exit status. */
int cli_main(int argc, char **argv, const struct cli_faces *faces);

/* --- for the commands ------------------------------------------------------------------------------ */

/* Open the store (house_open) unless it is open. False after the reason was printed. */
bool cli_open(struct cli *cli, bool writing);
/* Who acts: --as, else ZHIBAN_PERSON, else the duty officer on shift now. False after the reason was printed. */
bool cli_actor(struct cli *cli, const char *via, struct actor *out);
/* Who reads: --as or ZHIBAN_PERSON (a township then sees its own), else the system. False after the reason was printed. */
bool cli_reader(struct cli *cli, struct actor *out);
/* The area a reader is confined to; 0: none. */
int64_t cli_scope(const struct actor *reader);
/* The thing of the kinds `of` that a word means for this reader. False after the reason was printed. */
bool cli_thing(struct cli *cli, const struct actor *reader, const char *of, const char *word, int64_t *id);
/* Print "zhiban: message" on stderr and clear err; gives CLI_REFUSED. */
int cli_fail(struct err *err);
/* The same for a message of one's own. */
int cli_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Each line of the text as a message of its own; nothing when it is empty. */
void cli_refuse_lines(const char *lines);
/* What is wrong with a file: its name before the message, unless the message names it already. */
int cli_refuse_file(const char *path, const char *message);
/* Wrong usage: message and the usage line of the command on stderr; gives CLI_USAGE. */
int cli_usage(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The value of --received, --at …: a time (command_time). False after wrong usage was printed. */
bool cli_time(const struct cli *cli, enum cli_option option, int64_t *out);
/* The value of --limit, or `otherwise`; at most 1,000,000. False after wrong usage was printed. */
bool cli_limit(const struct cli *cli, size_t otherwise, size_t *out);
/* All of stdin ("-") or of a named file, UTF-8, at most `max` bytes; the caller frees. NULL with err filled. */
char *cli_read_all(const char *path, size_t max, size_t *size, struct err *err);
/*
 * A file that is not there yet, of the caller's own (0600), to write to: nothing that stands at the name is touched or followed,
 * and a name that would trouble the next command (a leading -, control characters) is refused. NULL after the reason was
 * printed.
 */
FILE *cli_new_file(const char *path);
/* Close it: whole and on the disk, or gone again when `good` is false or it could not be written. */
bool cli_new_file_end(FILE *file, const char *path, bool good);
/* argv joined by blanks, words with blanks in them in quotes; one word stays as it is. The caller frees. */
char *cli_join(int argc, char **argv);

int cmd_init(struct cli *cli, int argc, char **argv);
int cmd_do(struct cli *cli, int argc, char **argv);
int cmd_read(struct cli *cli, int argc, char **argv);
int cmd_rules(struct cli *cli, int argc, char **argv);
int cmd_list(struct cli *cli, int argc, char **argv);
int cmd_show(struct cli *cli, int argc, char **argv);
int cmd_plan(struct cli *cli, int argc, char **argv);
int cmd_allocate(struct cli *cli, int argc, char **argv);
int cmd_report(struct cli *cli, int argc, char **argv);
int cmd_verify(struct cli *cli, int argc, char **argv);
int cmd_backup(struct cli *cli, int argc, char **argv);
int cmd_restore(struct cli *cli, int argc, char **argv);
int cmd_replay(struct cli *cli, int argc, char **argv);
int cmd_search(struct cli *cli, int argc, char **argv);
int cmd_duty(struct cli *cli, int argc, char **argv);
int cmd_publish(struct cli *cli, int argc, char **argv);
int cmd_sync(struct cli *cli, int argc, char **argv);
int cmd_import(struct cli *cli, int argc, char **argv);
int cmd_export(struct cli *cli, int argc, char **argv);
int cmd_ingest(struct cli *cli, int argc, char **argv);
int cmd_verbs(struct cli *cli, int argc, char **argv);
int cmd_secret(struct cli *cli, int argc, char **argv);
int cmd_keys(struct cli *cli, int argc, char **argv);
int cmd_ssh_refusals(struct cli *cli, int argc, char **argv);
int cmd_authorized_keys(struct cli *cli, int argc, char **argv);
int cmd_help(struct cli *cli, int argc, char **argv);

#endif
