#include "ui/ui.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/confine.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "house/house.h"
#include "people/people.h"
#include "store/store.h"
#include "ui/console.h"
#include "ui/loop.h"
#include "ui/screens/signon.h"
#include "ui/term.h"
#include "ui/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
refuse(struct err *err)
{
	fprintf(stderr, "zhiban: %s\n", err->message ? err->message : "?");
	err_clear(err);
	return 1;
}

/* "console pts/3": where the words of the journal came from. */
static void
name_way(struct actor *actor)
{
	const char *tty = ttyname(STDIN_FILENO), *ssh = getenv("SSH_CONNECTION");

	if (tty && strncmp(tty, "/dev/", 5) == 0)
		tty += 5;
	if (ssh && *ssh)
		cut_format(actor->via, sizeof(actor->via), "ssh %.*s", (int)strcspn(ssh, " "), ssh);
	else
		cut_format(actor->via, sizeof(actor->via), "console %s", tty ? tty : "");
}

static bool
find_actor(struct store *st, const char *person, struct actor *actor, struct err *err)
{
	if (person)
		return actor_find(st, person, actor, err);
	if (house_on_duty(st, "officer", clock_now(), actor) ||
	    house_on_duty(st, "chief", clock_now(), actor))
		return true;
	return err_set(
	    err, ERR_NOT_FOUND, _("Nobody is on duty now: say who you are with --as NAME."));
}

static void
set_language(struct store *st)
{
	const char *language = store_setting(st, "language");

	if (language && *language)
		i18n_set_language(language);
}

/* Whoever can only come with a key asked for more than the console. */
static bool
asks_for_more(struct store *st, const struct ui_start *start)
{
	const char *command = getenv("SSH_ORIGINAL_COMMAND");
	struct err err = ERR_NONE;
	struct actor actor;
	char *clean, why[200];

	if (!command)
		return false;
	clean = utf8_clean(command, strlen(command), false, NULL);
	cut_format(why, sizeof(why), _("a command over ssh: %s"), clean);
	if (!start->person || !actor_find(st, start->person, &actor, &err))
		actor_system(&actor, "");
	name_way(&actor);
	verb_refused(st, &actor, verb_find(st, "session.on"), why);
	fprintf(stderr, "zhiban: %s\n",
	    _("Only the console is here: no command, no file transfer, no forwarding."));
	err_clear(&err);
	free(clean);
	return true;
}

/* Who sits down; false when nobody does. */
static bool
sit_down(struct store *st, const struct ui_start *start, bool first, struct actor *actor)
{
	char via[sizeof(actor->via)];

	if (first && (start->key || !people_secrets_in_force(st)))
		return true; /* known already */
	if (start->key)
		return false;
	name_way(actor);
	utf8_copy(via, sizeof(via), actor->via);
	return signon_run(st, first ? start->person : NULL, NULL, 0, via, actor) == SIGNON_IN;
}

/* A locked console until it is opened, or left. */
static enum console_end
open_again(struct store *st, struct console *c, const struct actor *actor, int64_t key)
{
	struct actor same;

	switch (signon_run(st, NULL, actor, key, actor->via, &same)) {
	case SIGNON_IN:
		return console_run(c);
	case SIGNON_EXPELLED:
		return CONSOLE_EXPELLED;
	case SIGNON_LEFT:
	case SIGNON_GONE:
		break;
	}
	return CONSOLE_SIGNED_OFF;
}

/* One person's time at the console. True when another may sit down. */
static bool
serve(struct store *st, const struct ui_start *start, const struct actor *actor, int *status,
    struct err *why)
{
	int64_t key = start->key ? strtoll(start->key, NULL, 10) : 0;
	struct console *c = console_new(st, actor, key);
	enum console_end end = console_run(c);

	while (end == CONSOLE_LOCKED && (!key || people_has_secret(st, actor->person)))
		end = open_again(st, c, actor, key);
	*status = end == CONSOLE_FAILED;
	console_free(c);
	if (end != CONSOLE_EXPELLED)
		people_sign_off(st, actor);
	else if (key && !people_may_stay(st, actor->person, key, why))
		*status = 1; /* at the shared terminal the sign-on says enough */
	return (end == CONSOLE_SIGNED_OFF || end == CONSOLE_EXPELLED) && !key && !term_hung_up();
}

static bool
find_person(struct store *st, const struct ui_start *start, struct actor *actor, struct err *err)
{
	char via[sizeof(actor->via)];

	name_way(actor);
	utf8_copy(via, sizeof(via), actor->via);
	if (start->key)
		return people_sign_on_by_key(
		    st, start->person ? start->person : "", start->key, via, actor, err);
	if (people_secrets_in_force(st))
		return true;
	if (!find_actor(st, start->person, actor, err))
		return false;
	utf8_copy(actor->via, sizeof(actor->via), via);
	return true;
}

/* Keys that stop a program do nothing from here on, before the terminal is raw. */
static void
ignore_stops(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
}

/* From here on nothing but the terminal and the store. */
static void
give_up_the_rest(struct store *st, bool remote)
{
	char *path = realpath(store_path(st), NULL), *name = path ? strrchr(path, '/') : NULL;
	struct confine got;

	if (name)
		name[name == path] = '\0';
	confine_enter(path ? path : ".", remote, &got);
	free(path);
}

int
ui_run(const struct ui_start *start)
{
	struct err err = ERR_NONE;
	struct actor actor;
	struct store *st;
	int status = 0;

	ignore_stops();
	st = house_open(start->store_path, STORE_WRITE, &err);
	if (!st)
		return refuse(&err);
	set_language(st);
	if (asks_for_more(st, start)) {
		store_close(st);
		return 1;
	}
	if (!term_start(&err) || !find_person(st, start, &actor, &err)) {
		term_stop();
		store_close(st);
		return refuse(&err);
	}
	give_up_the_rest(st, start->key != NULL);
	term_set_patience(people_line_patience(st) * 1000);
	for (bool first = true;
	     sit_down(st, start, first, &actor) && serve(st, start, &actor, &status, &err);)
		first = false;
	loop_end();
	term_stop();
	store_close(st);
	return err.message ? refuse(&err) : status;
}

void
ui_keys(struct buf *out)
{
	console_keys_text(out);
}
