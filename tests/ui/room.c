#include "tests/ui/room.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "house/house.h"
#include "tests/ui/tty.h"

#include <stdio.h>
#include <stdlib.h>

#define AREA INT64_C(321084000)
#define MADE INT64_C(1752019200000) /* 2025-07-09 08:00 */

struct room *
room_new(const char *name, bool demo)
{
	struct room *r = mem_zero(1, sizeof(*r));
	struct err err = ERR_NONE;

	test_folder(r->dir, sizeof(r->dir), name);
	snprintf(r->store, sizeof(r->store), "%s/duty.db", r->dir);
	/* The texts of the county are Chinese, whoever reads them. */
	i18n_set_language("zh_CN");
	clock_pin(MADE);
	if (!house_create(r->store, demo ? 0 : AREA, demo, &err))
		fail_msg("%s (%s)", err.message, err.detail ? err.detail : "");
	clock_pin(CLOCK_NONE);
	return r;
}

void
room_free(struct room *r)
{
	tty_remove_all(r->dir);
	free(r);
}

int
room_leave(void **state)
{
	room_free(*state);
	return 0;
}

struct store *
room_open(const struct room *r)
{
	struct err err = ERR_NONE;
	struct store *st = house_open(r->store, STORE_WRITE, &err);

	if (!st)
		fail_msg("%s", err.message);
	return st;
}

static void
tell(void *context, const struct house_line *line)
{
	(void)context;
	if (!line->done)
		print_error(
		    "line %ld: %s\n  %s\n", line->number, line->text, line->said ? line->said : "");
}

void
room_play(struct store *st, const char *who, const char *script)
{
	struct err err = ERR_NONE;
	struct actor actor;

	if (who)
		assert_true(actor_find(st, who, &actor, &err));
	else
		actor_system(&actor, "test");
	if (!house_play(st, &actor, script, false, tell, NULL, &err))
		fail_msg("%s", err.message);
}

void
room_play_file(const struct room *r, const char *who, const char *path)
{
	char *script = tty_read_file(path, NULL);
	struct store *st = room_open(r);

	assert_non_null(script);
	room_play(st, who, script);
	store_close(st);
	clock_pin(CLOCK_NONE);
	free(script);
}

char *
room_file(const char *name)
{
	const char *top = getenv("top_srcdir");

	return mem_print("%s/tests/ui/%s", top ? top : ".", name);
}
