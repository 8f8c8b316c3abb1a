/*
 * Every form of the verb table, cut off at some key (reliability 4.9): the program killed once the text has had its second, the terminal
 * closed, the hang-up signal, the end asked for. Whoever signs on next is offered what was typed, in its fields. Each form is cut in one
 * way at one key, the ways and keys going round; with ZHIBAN_SOAK each at every key in every way. Eight processes share the cuts, for a cut
 * waits more than it works; ZHIBAN_SHARD=2/8 is the third of them alone.
 */
#include "base/mem.h"
#include "store/draft.h"
#include "store/verb.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIELDS_MAX 20
#define KEYS_MAX 8
#define SHARDS 8
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

/* The keys of a field and, the last of them, the one to the next field. */
static size_t
keys_of(const struct verb_param *p, size_t field, char key[][8])
{
	char digits[8];
	size_t n = 0;

	switch (p->type) {
	case ARG_CHOICE:
		snprintf(key[n++], 8, "<Right>");
		break;
	case ARG_FLAG:
		snprintf(key[n++], 8, " ");
		break;
	default: /* of a thing: what nothing is called, so that it stays as typed */
		snprintf(digits, sizeof(digits), "%zu", field);
		snprintf(key[n++], 8, "圩");
		for (const char *d = digits; *d; d++)
			snprintf(key[n++], 8, "%c", *d);
		snprintf(key[n++], 8, "q");
		break;
	}
	snprintf(key[n++], 8, "<Tab>");
	return n;
}

/* What the first `keys` keys of it leave in the draft: the rest of the value may follow. */
static void
mark_of(const struct verb_param *p, size_t field, size_t keys, char *mark, size_t size)
{
	char key[KEYS_MAX][8];
	size_t n = keys_of(p, field, key), at;

	switch (p->type) {
	case ARG_CHOICE:
		snprintf(mark, size, "\"%s\":\"%.*s\"", p->name, (int)strcspn(p->of, "|"), p->of);
		break;
	case ARG_FLAG:
		snprintf(mark, size, "\"%s\":\"1\"", p->name);
		break;
	default:
		at = (size_t)snprintf(mark, size, "\"%s\":\"", p->name);
		for (size_t i = 0; i < keys && i + 1 < n; i++)
			at += (size_t)snprintf(mark + at, size - at, "%s", key[i]);
		if (keys + 1 >= n)
			snprintf(mark + at, size - at, "\"");
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

	tty_type(t, "09");
	for (size_t i = 0; i < place; i++)
		tty_send(t, "j", 1);
	tty_type(t, "<Enter>");
	return t;
}

/* Cut behind the k-th key of the n-th field: all up to there must be there. */
static void
one_cut(const struct verb *verb, size_t place, size_t n, size_t k, int how)
{
	char key[KEYS_MAX][8], mark[FIELDS_MAX][64], *text;
	struct tty *t = open_form(place);

	/* A form begins where it must be filled: back to its first field. Tab goes round, Up does not. */
	for (size_t f = 0; f < verb->n_params; f++)
		tty_type(t, "<Up>");
	for (size_t f = 0; f <= n; f++) {
		size_t keys = keys_of(&verb->params[f], f, key);

		if (f == n)
			keys = k;
		for (size_t i = 0; i < keys; i++)
			tty_type(t, key[i]);
		mark_of(&verb->params[f], f, keys, mark[f], sizeof(mark[f]));
	}
	cut(t, how, verb->name, mark[n]);
	text = left_behind(verb->name);
	for (size_t f = 0; f <= n; f++)
		if (!strstr(text, mark[f]))
			fail_msg("%s, cut %d behind key %zu of field %zu: %s is not in %s",
			    verb->name, how, k, n, mark[f], text);
	free(text);
}

/* The next sign-on tells of it; the form opens with it in its fields, in the field that was typed in. */
static void
is_offered(const struct verb *verb, size_t n)
{
	struct tty *t = sit_down();
	char key[KEYS_MAX][8];

	if (!tty_shows(t, "没写完的草稿"))
		fail_msg("%s: nobody says that a text waits:\n%s", verb->name, tty_screen(t));
	if (tty_shows(t, "{\""))
		fail_msg("%s: what waits is told by its bytes:\n%s", verb->name, tty_screen(t));
	tty_type(t, "0");
	tty_choose(t, "草稿");
	tty_type(t, "<Enter>");
	if (!tty_shows(t, "上次没填完的内容已恢复"))
		fail_msg("%s: not restored:\n%s", verb->name, tty_screen(t));
	if (keys_of(&verb->params[n], n, key) > 2) {
		char *row = mem_print("圩%zuq+", n);

		tty_type(t, "+"); /* goes on where it stopped */
		if (!tty_shows(t, row))
			fail_msg("%s: does not go on in its field:\n%s", verb->name, tty_screen(t));
		free(row);
	}
	tty_kill(t, SIGHUP);
	tty_end(t);
}

/* Which of the cuts are made, of those that are this process's: with `all` each, else one of each form. */
struct choice {
	bool all;
	unsigned shard, shards;
	size_t forms, possible, cuts;
};

static void
cut_form(struct choice *c, const struct verb *verb, size_t place)
{
	size_t fields = verb->n_params < FIELDS_MAX ? verb->n_params : FIELDS_MAX;
	char key[KEYS_MAX][8];

	for (size_t n = 0; n < fields; n++) {
		size_t keys = keys_of(&verb->params[n], n, key);

		for (size_t k = c->all ? 1 : keys - 1; k <= (c->all ? keys : keys - 1); k++)
			for (int how = 0; how < CUTS; how++) {
				if (c->all
					? c->possible++ / CUTS % c->shards != c->shard
					: n != c->forms % fields || how != (int)(c->forms % CUTS) ||
					      c->forms / CUTS % c->shards != c->shard)
					continue;
				one_cut(verb, place, n, k, how);
				c->cuts++;
				if (k + 1 == keys && (n + 1 == fields || !c->all))
					is_offered(verb, n);
				throw_away(verb->name);
			}
	}
	c->forms++;
}

static void
cut_forms(struct choice *c)
{
	struct store *st = room_open(room);
	struct err err = ERR_NONE;
	struct actor actor;
	const struct verb *verb;
	size_t place = 0;

	assert_true(actor_find(st, WHO, &actor, &err));
	for (size_t i = 0; (verb = verb_at(st, i)) != NULL; i++) {
		if (!verb_allowed(&actor, verb) || (verb->flags & VERB_QUIET))
			continue;
		if (verb->n_params)
			cut_form(c, verb, place);
		place++;
	}
	store_close(st);
	assert_true(c->forms > 60);
}

/* --- many at once ------------------------------------------------------------------------- */

/* This program again for the cuts of one shard; what it says goes to a file. */
static pid_t
start_shard(unsigned shard)
{
	char value[24], *path = mem_print("%s/shard-%u", room->dir, shard);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		snprintf(value, sizeof(value), "%u/%d", shard, SHARDS);
		setenv("ZHIBAN_SHARD", value, 1);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execl("/proc/self/exe", "test_forms", (char *)NULL);
		_exit(127);
	}
	free(path);
	return pid;
}

/* All a shard said when it failed, else how much it did; its lines are no results of ours. */
static void
tell(unsigned shard, bool good, const char *said)
{
	print_message("# shard %u: %s\n", shard, good ? "all kept" : "FAILED");
	for (const char *line = said; *line; line += strcspn(line, "\n") + 1) {
		int n = (int)strcspn(line, "\n");

		if (!good || *line == '#')
			print_message("#   %.*s\n", n, line);
		if (!line[n])
			return;
	}
}

static void
run_shards(void)
{
	pid_t pid[SHARDS];
	int failed = 0;

	for (unsigned i = 0; i < SHARDS; i++)
		pid[i] = start_shard(i);
	for (unsigned i = 0; i < SHARDS; i++) {
		char *path = mem_print("%s/shard-%u", room->dir, i), *said;
		int status;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		said = tty_read_file(path, NULL);
		tell(i, status == 0, said ? said : "");
		failed += status != 0;
		free(said);
		free(path);
	}
	assert_int_equal(failed, 0);
}

static void
every_form_keeps_its_text(void **state)
{
	const char *shard = getenv("ZHIBAN_SHARD");
	struct choice c = {.all = getenv("ZHIBAN_SOAK") != NULL};

	(void)state;
	if (!shard) {
		run_shards();
		return;
	}
	assert_int_equal(sscanf(shard, "%u/%u", &c.shard, &c.shards), 2);
	assert_true(c.shard < c.shards);
	cut_forms(&c);
	print_message("# %zu forms, %zu cuts\n", c.forms, c.cuts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_form_keeps_its_text, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
