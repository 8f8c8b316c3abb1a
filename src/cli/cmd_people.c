/* secret, ssh-keys, authorized-keys, ssh-refusals: what an administrator needs of people and rights. */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "people/people.h"
#include "store/store.h"
#include "store/verb.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_LINE 512
#define KEYS_MAX 10000
#define KEYS_FILE_MAX (4u << 20)

/* --- secret ------------------------------------------------------------------------------- */

/* One line from stdin without its end, not shown where that is a terminal. */
static bool
read_secret(const char *prompt, char *out, size_t size)
{
	struct termios old, silent;
	bool tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &old) == 0, good;

	if (tty) {
		silent = old;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
		fprintf(stderr, "%s: ", prompt);
	}
	good = fgets(out, (int)size, stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		fputc('\n', stderr);
	}
	if (good)
		out[strcspn(out, "\n")] = '\0';
	return good;
}

static bool
ask_twice(char *out, size_t size)
{
	char again[SECRET_LINE];
	bool same;

	if (!read_secret(_("new secret"), out, size)) {
		cli_refuse(_("no secret was said"));
		return false;
	}
	if (!isatty(STDIN_FILENO))
		return true;
	same = read_secret(_("again"), again, sizeof(again)) && strcmp(out, again) == 0;
	explicit_bzero(again, sizeof(again));
	if (!same)
		cli_refuse(_("the two differ"));
	return same;
}

int
cmd_secret(struct cli *cli, int argc, char **argv)
{
	char secret[SECRET_LINE];
	struct err err = ERR_NONE;
	struct actor giver, who;
	bool good;

	if (argc != 1)
		return cli_usage(cli, _("say whose secret it is"));
	if (!cli_open(cli, true))
		return CLI_REFUSED;
	if (!cli->option[OPT_AS])
		actor_system(&giver, "secret");
	else if (!cli_actor(cli, "secret", &giver))
		return CLI_REFUSED;
	if (!actor_find(cli->st, argv[0], &who, &err))
		return cli_fail(&err);
	if (!ask_twice(secret, sizeof(secret)))
		return CLI_REFUSED;
	good = people_set_secret(cli->st, &giver, who.person, *secret ? secret : NULL, &err);
	explicit_bzero(secret, sizeof(secret));
	if (!good)
		return cli_fail(&err);
	out_line(people_has_secret(cli->st, who.person) ? _("%s signs on with the new secret")
							: _("%s has no secret any more"),
	    who.name);
	return CLI_DONE;
}

/* --- authorized-keys ---------------------------------------------------------------------- */

/* A key lets in as the owner of the store and as nobody else: else an officer's key would open
 * root's account. */
static bool
owns_store(const char *user, const char *path)
{
	const struct passwd *pw = getpwnam(user);
	struct stat sb;

	return pw && stat(path, &sb) == 0 && pw->pw_uid == sb.st_uid;
}

static char *
own_path(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	return n > 0 ? mem_dupn(path, (size_t)n) : NULL;
}

/* sshd takes whatever is printed for a key: errors go to stderr, and nothing at all is printed
 * unless everything is well. */
int
cmd_authorized_keys(struct cli *cli, int argc, char **argv)
{
	struct buf line = BUF_MAX(16384);
	struct err err = ERR_NONE;
	char *program;
	bool good;

	if (argc != 3)
		return cli_usage(cli, _("say the user, the type of the key, and the key"));
	if (!cli_open(cli, false))
		return CLI_REFUSED;
	if (!owns_store(argv[0], store_path(cli->st)))
		return CLI_DONE;
	program = own_path();
	good = program && people_authorized_key(cli->st, program, argv[1], argv[2], &line, &err);
	free(program);
	if (good)
		out_text(buf_str(&line));
	buf_clear(&line);
	return good ? CLI_DONE : cli_fail(&err);
}

/* --- keys --------------------------------------------------------------------------------- */

static const struct out_column key_columns[] = {
    {"name", N_("person"), OUT_TEXT, 12},
    {"type", N_("kind"), OUT_TEXT, 0},
    {"fingerprint", N_("fingerprint"), OUT_TEXT, 0},
    {"comment", N_("note"), OUT_TEXT, 24},
    {"added", N_("added"), OUT_TIME, 0},
    {"withdrawn", N_("counts no longer"), OUT_TIME, 0},
    {"id", NULL, OUT_HIDDEN, 0},
    {"person", NULL, OUT_HIDDEN, 0},
};

static int
list_keys(struct cli *cli)
{
	struct person_key *keys;
	json_t *rows = json_array();
	size_t n;

	if (!cli_open(cli, false))
		return CLI_REFUSED;
	keys = mem_zero(KEYS_MAX, sizeof(*keys));
	n = people_keys(cli->st, keys, KEYS_MAX);
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		member_text(o, "name", keys[i].name);
		member_text(o, "type", keys[i].type);
		member_text(o, "fingerprint", keys[i].print);
		member_text(o, "comment", keys[i].comment);
		member_time(o, "added", keys[i].added);
		member_time(o, "withdrawn", keys[i].withdrawn);
		member_id(o, "id", keys[i].id);
		member_id(o, "person", keys[i].person);
		json_array_append_new(rows, o);
	}
	free(keys);
	out_rows(key_columns, COUNT_OF(key_columns), rows, cli->json);
	return CLI_DONE;
}

/* Bare: the list. With a file: its lines are taken. */
int
cmd_keys(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_NONE;
	struct actor giver;
	char *text;
	size_t size, n = 0;
	bool good;

	if (argc > 1)
		return cli_usage(cli, _("one file at a time"));
	if (argc == 0)
		return list_keys(cli);
	if (!cli_open(cli, true))
		return CLI_REFUSED;
	if (!cli->option[OPT_AS])
		actor_system(&giver, "keys");
	else if (!cli_actor(cli, "keys", &giver))
		return CLI_REFUSED;
	text = cli_read_all(argv[0], KEYS_FILE_MAX, &size, &err);
	if (!text)
		return cli_fail(&err);
	good = people_take_keys(cli->st, &giver, text, &n, &err);
	free(text);
	if (!good)
		return cli_fail(&err);
	out_line(ngettext("%zu key bound", "%zu keys bound", (unsigned long)n), n);
	return CLI_DONE;
}

/* --- ssh-refusals ------------------------------------------------------------------------- */

static void
tell_refusal(void *context, const char *text)
{
	(void)context;
	out_line("%s", text);
	fflush(stdout);
}

/* The account that owns the store: whose sessions are the console's. */
static char *
account_of(const char *path)
{
	struct stat sb;
	const struct passwd *pw = stat(path, &sb) == 0 ? getpwuid(sb.st_uid) : NULL;

	return pw ? mem_dup(pw->pw_name) : NULL;
}

int
cmd_ssh_refusals(struct cli *cli, int argc, char **argv)
{
	struct people_log *log;
	char *account, *line = NULL;
	size_t room = 0;

	(void)argv;
	if (argc)
		return cli_usage(cli, _("it reads standard input"));
	if (!cli_open(cli, true))
		return CLI_REFUSED;
	account = account_of(store_path(cli->st));
	if (!account)
		return cli_refuse(_("the account that owns %s has no name"), store_path(cli->st));
	log = people_log_new(cli->st, account, tell_refusal, NULL);
	while (getline(&line, &room, stdin) >= 0)
		people_log_line(log, line);
	people_log_free(log);
	free(line);
	free(account);
	return CLI_DONE;
}
