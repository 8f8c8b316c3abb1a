/* The tables of commands and options, and the help made of them: the single truth of `help`, --help and zhiban(1). */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

struct buf;

struct option_row {
	const char *name;     /* "keep-going" */
	const char *value;    /* what it takes: "TIME", NULL nothing */
	const char *help;     /* N_() */
};
/* Indexed by enum cli_option. */
extern const struct option_row cli_options[OPT_COUNT];

struct command {
	const char *name;
	const char *args;     /* "[FILE | -]" as in the usage line, options aside */
	const char *summary;  /* N_(): one line */
	const char *help;     /* N_(): paragraphs, divided by line feeds; lines that begin with a blank are examples */
	uint32_t options;     /* bit of each option it takes, the global ones aside */
	bool reads;           /* may be run on a replay */
	int (*run)(struct cli *cli, int argc, char **argv);
};
const struct command *command_find(const char *name);
const struct command *command_at(size_t i);

/* "zhiban do [LINE | -] [--keep-going]" */
void command_usage(const struct command *c, struct buf *out);
/* Usage, help and options of one command; of the program when c is NULL. */
void command_help(const struct command *c, struct buf *out);
/* All commands as a list for a manual page (mdoc). */
void commands_mdoc(struct buf *out);
/* Text for mdoc: backslashes, control characters at the head of a line, one sentence a line. */
void mdoc_escape(struct buf *out, const char *text);

#endif
