#include "ui/ui.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "house/house.h"
#include "store/store.h"
#include "ui/console.h"
#include "ui/term.h"
#include "ui/text.h"

#include <stdio.h>
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

int
ui_run(const char *store_path, const char *person)
{
	struct err err = ERR_NONE;
	struct actor actor;
	struct console *c;
	struct store *st = house_open(store_path, STORE_WRITE, &err);
	int status;

	if (!st)
		return refuse(&err);
	set_language(st);
	if (!find_actor(st, person, &actor, &err)) {
		store_close(st);
		return refuse(&err);
	}
	name_way(&actor);
	if (!term_start(&err)) {
		store_close(st);
		return refuse(&err);
	}
	c = console_new(st, &actor);
	status = console_run(c);
	console_free(c);
	term_stop();
	store_close(st);
	return status;
}

void
ui_keys(struct buf *out)
{
	console_keys_text(out);
}
