/* verbs, help: what the program says about itself, out of its tables. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/output.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/paths.h"
#include "house/house.h"
#include "store/command.h"
#include "store/store.h"
#include "store/verb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- a store to ask -------------------------------------------------------------------------- */

/*
 * Verbs are registered with an open store. They are the same in all, so a throw-away one does: the
 * manual page is made where no store is.
 */
static struct store *
throw_away_store(char *dir, size_t size, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	struct store *st = NULL;
	char *path;

	snprintf(dir, size, "%s/zhiban-verbs-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir)) {
		err_set(err, ERR_IO, _("%s cannot be made: %s"), dir, strerror(errno));
		*dir = '\0';
		return NULL;
	}
	path = mem_print("%s/verbs.db", dir);
	if (store_create(path, 321084000, err))
		st = house_open(path, STORE_READ, err);
	free(path);
	return st;
}

static void
throw_away(const char *dir)
{
	static const char *const files[] = {"", "-wal", "-shm", ".lock", ".poke"};

	if (!*dir)
		return;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *path = mem_print("%s/verbs.db%s", dir, files[i]);

		unlink(path);
		free(path);
	}
	rmdir(dir);
}

/* --- text, JSON, mdoc ------------------------------------------------------------------------ */

static const struct {
	unsigned role;
	const char *name; /* N_() */
} roles[] = {
    {ROLE_OFFICER, N_("duty officer")},
    {ROLE_CHIEF, N_("duty chief")},
    {ROLE_LEADER, N_("leader")},
    {ROLE_TOWNSHIP, N_("township")},
    {ROLE_CLERK, N_("data clerk")},
    {ROLE_AUDITOR, N_("auditor")},
};

static void
add_roles(struct buf *out, unsigned who)
{
	int n = 0;

	for (size_t i = 0; i < COUNT_OF(roles); i++)
		if (who & roles[i].role)
			buf_printf(out, "%s%s", n++ ? _(", ") : "", _(roles[i].name));
	if (!n)
		buf_add(out, _("the program itself"));
}

static const char *
type_name(const struct verb_param *p)
{
	switch (p->type) {
	case ARG_WORD:
		return "word";
	case ARG_REST:
		return "rest";
	case ARG_INT:
		return "int";
	case ARG_REAL:
		return "real";
	case ARG_TIME:
		return "time";
	case ARG_CHOICE:
		return "choice";
	case ARG_THING:
		return "thing";
	case ARG_FLAG:
		return "flag";
	}
	return "";
}

/* "<to> <incident> [due=TIME] [reserve] [content...]" */
static void
add_params(struct buf *out, const struct verb *v)
{
	for (size_t i = 0; i < v->n_params; i++) {
		const struct verb_param *p = &v->params[i];
		const char *open = p->required ? "" : "[", *close = p->required ? "" : "]";

		if (p->type == ARG_FLAG)
			buf_printf(out, " [%s]", p->name);
		else if (p->positional)
			buf_printf(out, " %s%s%s%s", open, p->name,
			    p->type == ARG_REST ? "..." : "", close);
		else
			buf_printf(out, " %s%s=%s", open, p->name, close);
	}
}

static void
verb_text(const struct verb *v)
{
	struct buf line = BUF_MAX(8192), who = BUF_MAX(512);

	add_params(&line, v);
	out_line("%s%s", v->name, buf_str(&line));
	out_line("    %s: %s", _(v->summary), v->words ? v->words : "");
	for (size_t i = 0; i < v->n_params; i++) {
		const struct verb_param *p = &v->params[i];

		out_line("      %-14s %s%s%s%s%s", p->name, _(p->label),
		    p->help && *p->help ? ": " : "", p->help && *p->help ? _(p->help) : "",
		    p->of ? "  " : "", p->of ? p->of : "");
	}
	add_roles(&who, v->roles);
	out_line("      %s %s", _("who may:"), buf_str(&who));
	buf_clear(&line);
	buf_clear(&who);
}

static json_t *
verb_json(const struct verb *v)
{
	json_t *out = json_object(), *params = json_array();

	member_text(out, "name", v->name);
	member_text(out, "words", v->words);
	member_text(out, "summary", _(v->summary));
	member_int(out, "roles", v->roles);
	member_flag(out, "undo", (v->flags & VERB_UNDO) != 0);
	for (size_t i = 0; i < v->n_params; i++) {
		const struct verb_param *p = &v->params[i];
		json_t *param = json_object();

		member_text(param, "name", p->name);
		member_text(param, "label", _(p->label));
		member_text(param, "type", type_name(p));
		member_text(param, "of", p->of);
		member_flag(param, "required", p->required);
		member_flag(param, "positional", p->positional);
		member_text(param, "help", p->help && *p->help ? _(p->help) : NULL);
		json_array_append_new(params, param);
	}
	json_object_set_new(out, "params", params);
	return out;
}

/* "journal number: the number of the entry"; what only repeats the name is left out. */
static void
param_words(struct buf *out, const struct verb_param *p)
{
	const char *label = _(p->label), *help = p->help && *p->help ? _(p->help) : "";

	if (strcmp(label, p->name) != 0 && strcmp(label, help) != 0)
		buf_printf(out, "%s%s", label, *help ? ": " : "");
	buf_add(out, help);
	if (p->type == ARG_CHOICE && p->of)
		buf_printf(out, "%s%s", out->size ? ": " : "", p->of);
}

static void
param_mdoc(struct buf *out, const struct verb_param *p)
{
	struct buf words = BUF_MAX(4096);

	param_words(&words, p);
	if (words.size) {
		buf_printf(out, ".It Cm %s\n", p->name);
		mdoc_escape(out, buf_str(&words));
		buf_add_char(out, '\n');
	}
	buf_clear(&words);
}

static void
params_mdoc(struct buf *out, const struct verb *v)
{
	struct buf list = BUF_MAX(1 << 20);

	for (size_t i = 0; i < v->n_params; i++)
		param_mdoc(&list, &v->params[i]);
	if (list.size)
		buf_printf(out, ".Bl -tag -width indent -compact\n%s.El\n", buf_str(&list));
	buf_clear(&list);
}

static void
verb_mdoc(struct buf *out, const struct verb *v)
{
	struct buf who = BUF_MAX(512);

	buf_printf(out, ".It Ic %s", v->name);
	for (size_t i = 0; i < v->n_params; i++) {
		const struct verb_param *p = &v->params[i];

		buf_printf(out, "%s %s %s%s%s%s", p->required ? "" : " Oo",
		    p->type == ARG_FLAG ? "Cm" : "Ar", p->name,
		    !p->positional && p->type != ARG_FLAG ? " Ns =" : "",
		    p->type == ARG_REST ? " Ns ..." : "", p->required ? "" : " Oc");
	}
	buf_add_char(out, '\n');
	mdoc_escape(out, _(v->summary));
	if (v->words && *v->words)
		buf_printf(out, " (%s)", v->words);
	buf_add_char(out, '\n');
	add_roles(&who, v->roles);
	buf_printf(out, ".br\n%s %s\n", _("who may:"), buf_str(&who));
	buf_clear(&who);
	params_mdoc(out, v);
}

/* --- the commands ---------------------------------------------------------------------------- */

static bool
is_called(struct store *st, const struct verb *v, const char *word)
{
	struct command_reading reading;
	bool called;

	if (!word)
		return true;
	command_read(st, NULL, word, SIZE_MAX, NULL, &reading);
	called = reading.verb == v;
	for (size_t i = 0; !reading.verb && i < reading.n_completions; i++)
		called = called || strcmp(reading.completions[i].label, _(v->summary)) == 0;
	command_reading_clear(&reading);
	return called;
}

static int
show_verbs(struct cli *cli, struct store *st, const char *word)
{
	struct buf mdoc = BUF_MAX(4 << 20);
	json_t *rows = json_array();
	const struct verb *v;
	int n = 0;

	for (size_t i = 0; (v = verb_at(st, i)) != NULL; i++) {
		if ((v->flags & VERB_QUIET) || !is_called(st, v, word))
			continue;
		n++;
		if (cli->option[OPT_MDOC])
			verb_mdoc(&mdoc, v);
		else if (cli->json)
			json_array_append_new(rows, verb_json(v));
		else
			verb_text(v);
	}
	if (cli->option[OPT_MDOC]) {
		out_text(".Bl -tag -width indent\n");
		out_text(buf_str(&mdoc));
		out_text(".El\n");
	}
	if (cli->json && !cli->option[OPT_MDOC])
		out_json(json_incref(rows));
	json_decref(rows);
	buf_clear(&mdoc);
	return n ? CLI_DONE : cli_refuse(_("no verb is called by \"%s\""), word ? word : "");
}

int
cmd_verbs(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_NONE;
	struct store *st;
	char dir[300];
	int status;

	if (argc > 1)
		return cli_usage(cli, _("too many words"));
	st = throw_away_store(dir, sizeof(dir), &err);
	status = st ? show_verbs(cli, st, argc ? argv[0] : NULL) : cli_fail(&err);
	store_close(st);
	throw_away(dir);
	return status;
}

int
cmd_help(struct cli *cli, int argc, char **argv)
{
	const struct command *c = argc ? command_find(argv[0]) : NULL;
	struct buf text = BUF_MAX(1 << 20);
	int status = CLI_DONE;

	if (argc > 1)
		return cli_usage(cli, _("too many words"));
	if (argc && strcmp(argv[0], "console") == 0 && cli->keys)
		cli->keys(&text);
	else if (argc && !c)
		status = cli_usage(cli, _("there is no command \"%s\""), argv[0]);
	else if (cli->option[OPT_MDOC] && !argc)
		commands_mdoc(&text);
	else
		command_help(c, &text);
	out_text(buf_str(&text));
	buf_clear(&text);
	return status;
}
