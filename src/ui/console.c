/* The console as its screens know it, and its life from the first screen to the last key. */
#include "ui/console_inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "house/house.h"
#include "people/people.h"
#include "store/scope.h"
#include "ui/loop.h"
#include "ui/screens/screens.h"
#include "ui/tabs.h"
#include "ui/term.h"
#include "ui/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MS 60000

/* --- saying ------------------------------------------------------------------------------ */

void
console_say(struct console *c, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	bottom_say(&c->bottom, mem_vprint(format, ap), STYLE_NORMAL);
	va_end(ap);
	c->dirty = true;
}

void
console_fail(struct console *c, struct err *err)
{
	if (err->code == ERR_STORE)
		utf8_copy(c->header.trouble, sizeof(c->header.trouble), _("NOT SAVED"));
	bottom_say(&c->bottom,
	    mem_dup(err->message ? err->message : _("It failed, and nobody said why.")),
	    STYLE_URGENT);
	err_clear(err);
	c->dirty = true;
}

void
console_quiet(struct console *c)
{
	bottom_say(&c->bottom, NULL, STYLE_NORMAL);
	c->dirty = true;
}

void
console_calm(struct console *c)
{
	if (c->bottom.message && c->bottom.style == STYLE_URGENT)
		console_quiet(c);
}

struct store *
console_store(struct console *c)
{
	return c->st;
}

const struct actor *
console_actor(struct console *c)
{
	return &c->actor;
}

int64_t
console_scope(struct console *c)
{
	return scope_of(&c->actor);
}

/* --- doing ------------------------------------------------------------------------------- */

void
console_done(struct console *c, const struct verb_result *result)
{
	c->header.trouble[0] = '\0';
	if (result->seq)
		console_say(
		    c, "%s  #%lld", result->said ? result->said : "", (long long)result->seq);
	else
		console_say(c, "%s", result->said ? result->said : "");
	c->stale = true;
}

bool
console_do(struct console *c, const char *verb, json_t *args, int64_t *subject)
{
	struct verb_result result = {.said = NULL};
	struct err err = ERR_NONE;
	bool ok = verb_run(c->st, &c->actor, verb, args, &result, &err);

	json_decref(args);
	if (ok) {
		console_done(c, &result);
		if (subject)
			*subject = result.subject;
		verb_result_clear(&result);
	} else {
		console_fail(c, &err);
	}
	return ok;
}

void
console_form(struct console *c, const char *verb, json_t *preset)
{
	char *text = preset ? json_dumps(preset, JSON_COMPACT) : NULL,
	     *argument = mem_print("%s %s", verb, text ? text : "{}");

	json_decref(preset);
	free(text);
	console_open(c, &screen_form, 0, argument);
	free(argument);
}

void
console_command(struct console *c, const char *line)
{
	struct screen *s = console_top(c);
	json_t *context = s->ops->context ? s->ops->context(s) : NULL;

	cmdline_open(&c->command, context, line);
	c->dirty = true;
}

void
console_show_text(struct console *c, const char *title, const char *text)
{
	char *argument = mem_print("%s\n%s", title, text);

	console_open(c, &screen_reader, 0, argument);
	free(argument);
}

/* --- asking ------------------------------------------------------------------------------ */

void
console_ask(struct console *c, const char *question, void (*answer)(struct screen *s, void *data),
    void *data)
{
	bottom_ask(&c->bottom, console_top(c), question, answer, data);
	c->dirty = true;
}

void
console_prompt(struct console *c, const char *label, const char *initial,
    void (*answer)(struct screen *s, const char *text, void *data), void *data)
{
	bottom_prompt(&c->bottom, console_top(c), label, initial, answer, data);
	c->dirty = true;
}

void
console_choose(struct console *c, const char *title, const struct popup_item *items, size_t n,
    void (*answer)(struct screen *s, const struct popup_item *item, void *data), void *data)
{
	if (c->choosing)
		popup_close(&c->popup);
	popup_open(&c->popup, title, items, n);
	c->choosing = true;
	c->chooser = console_top(c);
	c->chosen = answer;
	c->choose_data = data;
	c->dirty = true;
}

static size_t
find_things(void *context, const char *word, struct popup_item *items, size_t max)
{
	struct console *c = context;
	const struct thing_kind *kind = thing_kind_find(c->st, c->choose_kind);
	struct thing *found = mem_zero(max, sizeof(*found));
	size_t n = kind ? kind->find(c->st, &c->actor, word, found, max) : 0;

	for (size_t i = 0; i < n; i++) {
		items[i].id = found[i].id;
		memcpy(items[i].word, found[i].word, sizeof(items[i].word));
		memcpy(items[i].label, found[i].label, sizeof(items[i].label));
	}
	free(found);
	return n;
}

void
console_choose_thing(struct console *c, const char *title, const char *kind,
    void (*answer)(struct screen *s, const struct popup_item *item, void *data), void *data)
{
	if (c->choosing)
		popup_close(&c->popup);
	utf8_copy(c->choose_kind, sizeof(c->choose_kind), kind);
	popup_open_finding(&c->popup, title, find_things, c);
	c->choosing = true;
	c->chooser = console_top(c);
	c->chosen = answer;
	c->choose_data = data;
	c->dirty = true;
}

/* --- what the loop calls ----------------------------------------------------------------- */

static void
on_key(void *context, const struct key *key)
{
	if (key->code != K_CURSOR)
		((struct console *)context)->typed_at = clock_uptime();
	keys_take(context, key);
}

/* Who was retired, or whose key was withdrawn, is out at once, not with the next connection. */
static void
check_stay(struct console *c)
{
	struct err err = ERR_NONE;

	if (c->quit || people_may_stay(c->st, c->actor.person, c->key, &err))
		return;
	err_clear(&err);
	console_end(c, CONSOLE_EXPELLED);
}

static void
on_change(void *context)
{
	struct console *c = context;

	if (store_watch_drain(c->st)) {
		c->stale = c->dirty = true;
		house_follow_clock(c->st);
		check_stay(c);
	}
}

static void
on_paint(void *context)
{
	struct console *c = context;
	struct screen *s = console_top(c);

	/* What is fetched now is seen, our own commit included: its poke shall not fetch it again.
	 */
	if (c->stale)
		on_change(c);
	if (c->stale || s->waiting)
		frame_load(c, s);
	c->stale = c->dirty = false;
	frame_draw(c);
	term_paint();
}

static void
on_resize(void *context)
{
	struct console *c = context;

	frame_draw(c); /* widgets learn their new size, then load what it takes */
	c->stale = c->dirty = true;
}

static bool
is_dirty(void *context)
{
	return ((struct console *)context)->dirty;
}

static int64_t
countdown(struct console *c)
{
	struct screen *s = console_top(c);
	int64_t due = c->header.next_due,
		on_screen = s->ops->countdown ? s->ops->countdown(s) : CLOCK_NONE;

	if (on_screen != CLOCK_NONE && (due == CLOCK_NONE || on_screen < due))
		due = on_screen;
	return due;
}

static bool
counts_seconds(struct console *c)
{
	int64_t due = countdown(c), now = clock_now();

	return due != CLOCK_NONE && due > now && due - now <= 10 * CLOCK_MINUTE;
}

/* Milliseconds until the console locks itself. */
static int64_t
idle_left(struct console *c)
{
	int64_t minutes = c->idle_minutes, left;

	if (minutes <= 0)
		return INT64_MAX;
	left = c->typed_at + minutes * CLOCK_MINUTE - clock_uptime();
	return left > 0 ? left : 0;
}

static int
on_timeout(void *context)
{
	struct console *c = context;
	int64_t now = clock_now(),
		ms = CLOCK_MINUTE - (now % CLOCK_MINUTE + CLOCK_MINUTE) % CLOCK_MINUTE;

	if (!c->ticked)
		return 0; /* nobody may have sat here for hours */
	if (counts_seconds(c))
		ms = 1000 - (now % 1000 + 1000) % 1000;
	if (idle_left(c) < ms)
		ms = idle_left(c);
	if (c->save_at) {
		int64_t save = c->save_at - clock_monotonic();

		ms = save < 0 ? 0 : save < ms ? save : ms;
	}
	return (int)ms;
}

/* Did the earliest limit pass since the header was read? */
static bool
ran_out(const struct console *c)
{
	return c->header.next_due != CLOCK_NONE && c->header.next_due > c->header_read &&
	       c->header.next_due <= clock_now();
}

static void
on_tick(void *context)
{
	struct console *c = context;

	if (c->save_at && clock_monotonic() >= c->save_at)
		pile_save(c);
	if (idle_left(c) == 0)
		console_end(c, CONSOLE_LOCKED);
	if (!c->ticked || clock_now() / CLOCK_MINUTE != c->header_minute || ran_out(c)) {
		struct err err = ERR_NONE;

		c->ticked = true;
		/* What fell due happens by itself; a store that cannot be written says so
		 * elsewhere. */
		if (!house_tick(c->st, &err))
			err_clear(&err);
		if (c->bottom.message && clock_monotonic() - c->bottom.said_at > MESSAGE_MS)
			console_quiet(c);
		check_stay(c);
		c->stale = c->dirty = true;
	}
	if (counts_seconds(c))
		c->dirty = true;
}

static bool
is_over(void *context)
{
	return ((struct console *)context)->quit;
}

/* --- running ----------------------------------------------------------------------------- */

struct console *
console_new(struct store *st, const struct actor *actor, int64_t key)
{
	struct console *c = mem_zero(1, sizeof(*c));

	c->st = st;
	c->actor = *actor;
	c->key = key;
	c->header.next_due = CLOCK_NONE;
	c->header_minute = -1;
	c->stale = true;
	bottom_init(&c->bottom);
	cmdline_init(&c->command, st, &c->actor);
	return c;
}

void
console_end(struct console *c, enum console_end how)
{
	c->end = how;
	c->quit = true;
}

void
console_lock(struct console *c)
{
	if (people_has_secret(c->st, c->actor.person))
		console_end(c, CONSOLE_LOCKED);
	else
		console_say(c, _("Without a secret of your own nothing could be opened again."));
}

enum console_end
console_run(struct console *c)
{
	static const struct loop_ops ops = {
	    on_key, on_change, on_tick, on_resize, on_timeout, is_dirty, on_paint, is_over};
	bool first = !console_top(c);

	c->quit = false;
	c->end = CONSOLE_LEFT;
	c->typed_at = clock_uptime();
	c->stale = c->dirty = true;
	if (first)
		console_switch(c, tabs_at(0));
	if (!console_top(c))
		return CONSOLE_FAILED;
	if (first)
		screens_offer_drafts(c);
	loop_run(&ops, c, store_watch_fd(c->st));
	pile_save(c);
	return c->end;
}

void
console_free(struct console *c)
{
	if (!c)
		return;
	if (c->choosing)
		popup_close(&c->popup);
	pile_free(c);
	cmdline_clear(&c->command);
	bell_clear(&c->bell);
	bottom_clear(&c->bottom);
	free(c);
}
