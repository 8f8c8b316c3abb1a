/*
 * Every form of the verb table, cut off at some key (reliability 4.9): the program killed once the text has had its second, the terminal
 * closed, the hang-up signal, the end asked for. Whoever signs on next is offered what was typed, in its fields. Each form is cut in one
 * way at one key, the ways and keys going round; with ZHIBAN_SOAK each at every key in every way.
 */
#include "base/mem.h"
#include "store/draft.h"
#include "store/verb.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIELDS_MAX 20
#define WHO "李敏" /* the chief: most verbs */

static struct room *room;
static int64_t who;

static int
make(void **state)
{
	struct err err = ERR_NONE;
	struct actor actor;
	struct store *st;

	(void)state;
	room = room_new("forms", true);
	st = room_open(room);
	assert_true(actor_find(st, WHO, &actor, &err));
	who = actor.person;
	store_close(st);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	room_free(room);
	return 0;
}

/* --- what is typed ------------------------------------------------------------------------ */

/* Keys for a field; what they leave in the draft is in `mark`, "" when that is nothing to look for. */
static void
keys_of(const struct verb_param *p, size_t field, char *keys, char *mark, size_t size)
{
	switch (p->type) {
	case ARG_CHOICE:
		snprintf(keys, size, "<Right>");
		snprintf(mark, size, "\"%s\":\"%.*s\"", p->name, (int)strcspn(p->of, "|"), p->of);
		break;
	case ARG_FLAG:
		snprintf(keys, size, " ");
		snprintf(mark, size, "\"%s\":\"1\"", p->name);
		break;
	default: /* of a thing: what nothing is called, so that it stays as typed */
		snprintf(keys, size, "圩%zuq", field);
		snprintf(mark, size, "\"%s\":\"圩%zuq\"", p->name, field);
		break;
	}
}

/* The draft of a form that no living console holds: its whole text, "" when there is none. */
static char *
left_behind(const char *verb)
{
	struct store *st = room_open(room);
	struct err err = ERR_NONE;
	char *form = mem_print("form.%.30s.0", verb), *text;
	struct draft *d = draft_open(st, who, form, &err);

	if (!d)
		fail_msg("%s: %s", form, err.message);
	text = mem_dup(draft_text(d, NULL));
	draft_close(d);
	store_close(st);
	free(form);
	return text;
}

static void
throw_away(const char *verb)
{
	struct store *st = room_open(room);
	struct err err = ERR_NONE;
	char *form = mem_print("form.%.30s.0", verb);
	struct draft *d = draft_open(st, who, form, &err);

	assert_non_null(d);
	draft_discard(d);
	draft_close(d);
	store_close(st);
	free(form);
}

/* --- cutting ------------------------------------------------------------------------------ */

enum { CUT_KILL, CUT_CLOSE, CUT_HANG_UP, CUT_TERM, CUTS };

/* The bytes of the drafts' files hold the words: they are on the disk while the console lives. */
static bool
on_disk(const char *verb, const char *words)
{
	char *file =
	    mem_print("%s.drafts/%lld-form.%.30s.0.draft", room->store, (long long)who, verb);
	size_t size = 0;
	char *all = tty_read_file(file, &size);
	bool found = size && memmem(all, size, words, strlen(words));

	free(all);
	free(file);
	return found;
}

static void
cut(struct tty *t, int how, const char *verb, const char *mark)
{
	int64_t end = clock_monotonic() + 20000;

	switch (how) {
	case CUT_KILL:
		while (!on_disk(verb, mark)) {
			if (clock_monotonic() > end)
				fail_msg("%s: %s is not saved while it is typed", verb, mark);
			nanosleep(&(struct timespec){0, 20000000}, NULL);
		}
		tty_kill(t, SIGKILL);
		break;
	case CUT_CLOSE:
		tty_hang_up(t);
		break;
	case CUT_HANG_UP:
		tty_kill(t, SIGHUP);
		break;
	default:
		tty_kill(t, SIGTERM);
		break;
	}
	tty_end(t);
}

static struct tty *
sit_down(void)
{
	return tty_start(
	    &(struct tty_setup){.store = room->store, .person = WHO, .rows = 24, .columns = 80});
}

/* To the form: the list of all commands, down to it. */
static struct tty *
open_form(size_t place)
{
	struct tty *t = sit_down();

	tty_type(t, "08");
	for (size_t i = 0; i < place; i++)
		tty_send(t, "j", 1);
	tty_type(t, "<Enter>");
	return t;
}

/* Cut behind the n-th field: all of them up to it must be there. */
static void
one_cut(const struct verb *verb, size_t place, size_t n, int how)
{
	char keys[64], marks[FIELDS_MAX][64], *text;
	struct tty *t = open_form(place);

	/* A form begins where it must be filled: back to its first field. */
	for (size_t f = 0; f < verb->n_params; f++)
		tty_type(t, "<S-Tab>");
	for (size_t f = 0; f <= n; f++) {
		keys_of(&verb->params[f], f, keys, marks[f], sizeof(keys));
		tty_type(t, keys);
		if (f < n)
			tty_type(t, "<Tab>");
	}
	cut(t, how, verb->name, marks[n]);
	text = left_behind(verb->name);
	for (size_t f = 0; f <= n; f++)
		if (!strstr(text, marks[f]))
			fail_msg("%s, cut %d behind field %d: %s is not in %s", verb->name, how,
			    (int)n, marks[f], text);
	free(text);
}

/* The next sign-on tells of it; the form opens with it in its fields, in the field that was typed in. */
static void
is_offered(const struct verb *verb, size_t n)
{
	char keys[64], mark[64];
	struct tty *t = sit_down();

	if (!tty_shows(t, "没写完的草稿"))
		fail_msg("%s: nobody says that a text waits:\n%s", verb->name, tty_screen(t));
	tty_type(t, "0");
	tty_choose(t, "草稿");
	tty_type(t, "<Enter>");
	if (!tty_shows(t, "上次没填完的内容已恢复"))
		fail_msg("%s: not restored:\n%s", verb->name, tty_screen(t));
	keys_of(&verb->params[n], n, keys, mark, sizeof(keys));
	if (keys[0] != '<' && keys[0] != ' ') {
		char *row = mem_print("%s+", keys);

		tty_type(t, "+"); /* goes on where it stopped */
		if (!tty_shows(t, row))
			fail_msg("%s: does not go on in its field:\n%s", verb->name, tty_screen(t));
		free(row);
	}
	tty_kill(t, SIGHUP);
	tty_end(t);
}

static void
every_form_keeps_its_text(void **state)
{
	struct store *st = room_open(room);
	struct err err = ERR_NONE;
	struct actor actor;
	const struct verb *verb;
	size_t place = 0, forms = 0, cuts = 0;
	bool all = getenv("ZHIBAN_SOAK") != NULL;

	(void)state;
	assert_true(actor_find(st, WHO, &actor, &err));
	for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++) {
		size_t fields;

		if (!verb_allowed(&actor, verb) || (verb->flags & VERB_QUIET))
			continue;
		fields = verb->n_params < FIELDS_MAX ? verb->n_params : FIELDS_MAX;
		if (!fields) {
			place++;
			continue;
		}
		for (size_t n = 0; n < fields; n++)
			for (int how = 0; how < CUTS; how++) {
				if (!all && (n != forms % fields || how != (int)(forms % CUTS)))
					continue;
				one_cut(verb, place, n, how);
				cuts++;
				if (n + 1 == fields || !all)
					is_offered(verb, n);
				throw_away(verb->name);
			}
		forms++;
		place++;
	}
	store_close(st);
	print_message("# %zu forms, %zu cuts\n", forms, cuts);
	assert_true(forms > 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_form_keeps_its_text, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
