/* argv -> options and words -> one command; the plumbing all commands share. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "house/house.h"
#include "store/command.h"
#include "store/scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- messages -------------------------------------------------------------------------------- */

int
cli_fail(struct err *err)
{
	out_complain(err->message ? err->message : _("This was not done."));
	if (err->detail && getenv("ZHIBAN_DEBUG"))
		out_complain(err->detail);
	err_clear(err);
	return CLI_REFUSED;
}

int
cli_refuse(const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = mem_vprint(format, ap);
	va_end(ap);
	out_complain(text);
	free(text);
	return CLI_REFUSED;
}

void
cli_refuse_lines(const char *lines)
{
	for (const char *p = lines; *p;) {
		size_t n = strcspn(p, "\n");

		cli_refuse("%.*s", (int)n, p);
		p += n + (p[n] == '\n');
	}
}

int
cli_refuse_file(const char *path, const char *message)
{
	if (message && strstr(message, path))
		return cli_refuse("%s", message);
	return cli_refuse("%s: %s", path, message ? message : "");
}

int
cli_usage(const struct cli *cli, const char *format, ...)
{
	const struct command *c = cli->command ? command_find(cli->command) : NULL;
	struct buf usage = BUF_MAX(4096);
	va_list ap;
	char *text;

	va_start(ap, format);
	text = mem_vprint(format, ap);
	va_end(ap);
	out_complain(text);
	free(text);
	if (c) {
		buf_add(&usage, _("usage: "));
		command_usage(c, &usage);
	} else
		buf_add(&usage, _("\"zhiban help\" lists the commands"));
	out_complain(buf_str(&usage));
	buf_clear(&usage);
	return CLI_USAGE;
}

/* --- what a command asks for ----------------------------------------------------------------- */

bool
cli_open(struct cli *cli, bool writing)
{
	struct err err = ERR_NONE;
	const char *language;

	if (cli->st)
		return true;
	cli->st = house_open(cli->store_path, writing ? STORE_WRITE : STORE_READ, &err);
	if (!cli->st) {
		cli_fail(&err);
		return false;
	}
	language = store_setting(cli->st, "language");
	if (language && *language && !cli->option[OPT_LANG])
		i18n_set_language(language);
	return true;
}

static const char *
named_person(const struct cli *cli)
{
	const char *who = cli->option[OPT_AS] ? cli->option[OPT_AS] : getenv("ZHIBAN_PERSON");

	return who && *who ? who : NULL;
}

static void
set_via(struct actor *actor, const char *via)
{
	snprintf(actor->via, sizeof(actor->via), "%s", via);
}

bool
cli_actor(struct cli *cli, const char *via, struct actor *out)
{
	struct err err = ERR_NONE;
	const char *who = named_person(cli);
	bool found = who ? actor_find(cli->st, who, out, &err)
			 : house_on_duty(cli->st, "officer", clock_now(), out);

	if (found)
		set_via(out, via);
	else if (who)
		cli_fail(&err);
	else
		cli_refuse(_("nobody is on duty now: say who acts with --as"));
	return found;
}

bool
cli_reader(struct cli *cli, struct actor *out)
{
	if (named_person(cli))
		return cli_actor(cli, "cli", out);
	actor_system(out, "cli");
	return true;
}

int64_t
cli_scope(const struct actor *reader)
{
	return scope_of(reader);
}

bool
cli_thing(
    struct cli *cli, const struct actor *reader, const char *of, const char *word, int64_t *id)
{
	struct err err = ERR_NONE;
	bool found = command_thing(cli->st, reader, of, word, id, NULL, &err);

	if (!found)
		cli_fail(&err);
	return found;
}

bool
cli_time(const struct cli *cli, enum cli_option option, int64_t *out)
{
	if (command_time(cli->option[option], clock_now(), "past", out))
		return true;
	cli_usage(cli, _("--%s: \"%s\" is no time"), cli_options[option].name, cli->option[option]);
	return false;
}

bool
cli_limit(const struct cli *cli, size_t otherwise, size_t *out)
{
	const char *text = cli->option[OPT_LIMIT];
	char *end;
	unsigned long n;

	*out = otherwise;
	if (!text)
		return true;
	n = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
	if (n == 0 || n > 1000000 || *end) {
		cli_usage(cli, _("--limit: \"%s\" is no number from 1 to 1000000"), text);
		return false;
	}
	*out = n;
	return true;
}

/* --- files and words ------------------------------------------------------------------------- */

static bool
read_fd(int fd, const char *name, size_t max, struct buf *out, struct err *err)
{
	char block[65536];
	ssize_t n;

	for (;;) {
		n = read(fd, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(
			    err, ERR_IO, _("%s cannot be read: %s"), name, strerror(errno));
		if (n == 0)
			return true;
		buf_add_n(out, block, (size_t)n);
		if (out->full)
			return err_set(err, ERR_INPUT, _("%s is longer than %zu bytes"), name, max);
	}
}

char *
cli_read_all(const char *path, size_t max, size_t *size, struct err *err)
{
	struct buf out = BUF_MAX(max);
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? _("standard input") : path;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool ok = fd >= 0;

	if (!ok)
		err_set(err, ERR_IO, _("%s cannot be opened: %s"), name, strerror(errno));
	else
		ok = read_fd(fd, name, max, &out, err);
	if (fd >= 0 && !standard)
		close(fd);
	if (ok && (!utf8_valid(buf_str(&out), out.size) || memchr(buf_str(&out), '\0', out.size)))
		ok = err_set(err, ERR_INPUT,
		    _("%s is not UTF-8 text (for GB 18030: iconv -f GB18030 -t UTF-8)"), name);
	if (!ok) {
		buf_clear(&out);
		return NULL;
	}
	*size = out.size;
	return buf_take(&out);
}

static bool
is_good_name(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	if (!*base || *base == '-' || strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
		return false;
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

FILE *
cli_new_file(const char *path)
{
	FILE *file = NULL;
	int fd;

	if (!is_good_name(path)) {
		char *clean = utf8_clean(path, strlen(path), false, NULL);

		cli_refuse(_("\"%.200s\" is no name for a file"), clean);
		free(clean);
		return NULL;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file)
		cli_refuse(_("%s cannot be made: %s"), path, strerror(errno));
	if (!file && fd >= 0)
		close(fd);
	return file;
}

bool
cli_new_file_end(FILE *file, const char *path, bool good)
{
	int error;

	errno = 0;
	good = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0 && good;
	error = errno;
	if (fclose(file) != 0) {
		error = errno;
		good = false;
	}
	if (good)
		return true;
	unlink(path);
	if (error)
		cli_refuse(_("%s cannot be written: %s"), path, strerror(error));
	return false;
}

/* NAME="two words", or "two words"; round quotes where the word has straight ones in it. */
static void
join_word(struct buf *out, const char *word)
{
	const char *value = word, *equals = strchr(word, '=');
	bool round = strchr(word, '"') != NULL;

	if (!strpbrk(word, " \t\n")) {
		buf_add(out, word);
		return;
	}
	if (equals && equals > word && strcspn(word, " \t\n\"") > (size_t)(equals - word)) {
		buf_add_n(out, word, (size_t)(equals - word) + 1);
		value = equals + 1;
	}
	buf_printf(out, round ? "“%s”" : "\"%s\"", value);
}

char *
cli_join(int argc, char **argv)
{
	struct buf out = BUF_MAX(1 << 20);

	if (argc == 1)
		return mem_dup(argv[0]);
	for (int i = 0; i < argc; i++) {
		if (i)
			buf_add_char(&out, ' ');
		join_word(&out, argv[i]);
	}
	return buf_take(&out);
}

/* --- options --------------------------------------------------------------------------------- */

struct parsed {
	int argc;
	char **words;		/* room for all of argv */
	const char *bad_option; /* the first that nobody knows */
	const char *no_value;	/* the first that lacks its value */
	const char *too_much;	/* the first that got a value it does not take */
};

static int
find_option(const char *name, size_t n)
{
	for (int i = 0; i < OPT_COUNT; i++)
		if (strlen(cli_options[i].name) == n && strncmp(cli_options[i].name, name, n) == 0)
			return i;
	return -1;
}

/* One --option; gives how many further words of argv it used. */
static int
take_option(struct cli *cli, const char *text, char *next, struct parsed *p)
{
	size_t n = strcspn(text, "=");
	int i = find_option(text, n);
	bool has_value = text[n] == '=';

	if (i < 0) {
		p->bad_option = p->bad_option ? p->bad_option : text;
		return 0;
	}
	if (!cli_options[i].value) {
		if (has_value)
			p->too_much = p->too_much ? p->too_much : cli_options[i].name;
		cli->option[i] = "";
		return 0;
	}
	if (has_value)
		cli->option[i] = text + n + 1;
	else if (next)
		cli->option[i] = next;
	else
		p->no_value = p->no_value ? p->no_value : cli_options[i].name;
	return !has_value && next ? 1 : 0;
}

static void
parse(struct cli *cli, int argc, char **argv, struct parsed *p)
{
	bool ended = false;

	for (int i = 1; i < argc; i++) {
		if (!ended && strcmp(argv[i], "--") == 0)
			ended = true;
		else if (!ended && strcmp(argv[i], "-h") == 0)
			cli->option[OPT_HELP] = "";
		else if (!ended && strncmp(argv[i], "--", 2) == 0)
			i += take_option(cli, argv[i] + 2, argv[i + 1], p);
		else if (!ended && argv[i][0] == '-' && argv[i][1] &&
			 !strchr("0123456789", argv[i][1]))
			p->bad_option = p->bad_option ? p->bad_option : argv[i];
		else
			p->words[p->argc++] = argv[i];
	}
}

static int
check_options(const struct cli *cli, const struct parsed *p, const struct command *c)
{
	if (p->bad_option)
		return cli_usage(cli, _("there is no option \"%s\""), p->bad_option);
	if (p->no_value)
		return cli_usage(cli, _("--%s wants a value"), p->no_value);
	if (p->too_much)
		return cli_usage(cli, _("--%s takes no value"), p->too_much);
	for (int i = OPT_GLOBAL; i < OPT_COUNT; i++)
		if (cli->option[i] && !(c && (c->options & 1u << i)))
			return cli_usage(cli, _("--%s does not belong here"), cli_options[i].name);
	for (int i = 0; i < p->argc; i++)
		if (!utf8_valid(p->words[i], strlen(p->words[i])))
			return cli_usage(cli, _("word %d is not UTF-8 text"), i + 1);
	return CLI_DONE;
}

static void
show_help(const struct command *c)
{
	struct buf text = BUF_MAX(1 << 20);

	command_help(c, &text);
	out_text(buf_str(&text));
	buf_clear(&text);
}

static bool
is_language(const char *word)
{
	return word && (strcmp(word, "zh") == 0 || strcmp(word, "en") == 0);
}

static int
run(struct cli *cli, const struct parsed *p, const struct cli_faces *faces)
{
	const struct command *c = p->argc ? command_find(p->words[0]) : NULL;
	int status;

	cli->command = c ? c->name : NULL;
	if (cli->option[OPT_LANG] && !is_language(cli->option[OPT_LANG]))
		return cli_usage(cli, _("--lang is zh or en"));
	if (p->argc && !c)
		return cli_usage(cli, _("there is no command \"%s\""), p->words[0]);
	status = check_options(cli, p, c);
	if (status != CLI_DONE)
		return status;
	if (cli->option[OPT_VERSION]) {
		out_line("zhiban %s", PACKAGE_VERSION);
		return CLI_DONE;
	}
	if (cli->option[OPT_HELP]) {
		show_help(c);
		return CLI_DONE;
	}
	/* A forced command of ssh opens the console and nothing else. */
	if (c && cli->option[OPT_KEY])
		return cli_usage(cli, _("--%s does not belong here"), cli_options[OPT_KEY].name);
	if (c)
		return c->run(cli, p->argc - 1, p->words + 1);
	if (!faces || !faces->console)
		return cli_usage(cli, _("name a command"));
	return faces->console(
	    &(struct cli_console){cli->store_path, named_person(cli), cli->option[OPT_KEY]});
}

int
cli_main(int argc, char **argv, const struct cli_faces *faces)
{
	struct cli cli = {.json = false};
	struct parsed p = {.words = mem_zero((size_t)argc + 1, sizeof(char *))};
	int status;

	parse(&cli, argc, argv, &p);
	if (is_language(cli.option[OPT_LANG]))
		i18n_set_language(strcmp(cli.option[OPT_LANG], "zh") == 0 ? "zh_CN" : "en");
	cli.json = cli.option[OPT_JSON] != NULL;
	cli.keys = faces ? faces->keys : NULL;
	cli.store_path =
	    cli.option[OPT_STORE] ? mem_dup(cli.option[OPT_STORE]) : paths_default_store();
	status = run(&cli, &p, faces);
	store_close(cli.st);
	store_close(cli.live);
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == CLI_DONE)
		status = cli_refuse(_("the output cannot be written: %s"), strerror(errno));
	free(cli.store_path);
	free(p.words);
	return status;
}
