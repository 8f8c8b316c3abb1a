/*
 * Each tab keeps its own pile of screens:
 *
 *	piles[0]  board > incident > form        piles[1]  incidents ...
 *
 * Only the top screen of the present tab is loaded and drawn; the others are marked and load when
 * they come up again.
 */
#include "ui/console.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/scope.h"
#include "store/store.h"
#include "ui/bottom.h"
#include "ui/cmdline.h"
#include "ui/header.h"
#include "ui/loop.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/tabs.h"
#include "ui/term.h"
#include "ui/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PILE_MAX 12
#define PILES 12
#define SAVE_AFTER_MS 1000
#define MESSAGE_MS 60000

struct pile {
	struct screen *screens[PILE_MAX];
	size_t n;
};

struct console {
	struct store *st;
	struct actor actor;
	struct pile piles[PILES];
	size_t present;
	struct header header;
	int64_t header_minute; /* the minute it was loaded in */
	struct bottom bottom;
	struct cmdline command;
	struct popup popup;
	bool choosing;
	struct screen *chooser; /* who opened the popup */
	void (*chosen)(struct screen *s, const struct popup_item *item, void *data);
	void *choose_data;
	char choose_kind[64]; /* of things found while typing */
	bool dirty, stale, quit;
	int64_t save_at; /* monotonic; 0 nothing to save */
	int64_t rung;	 /* what was overdue or urgent when the bell was last rung */
};

enum {
	KEY_COMMAND = 1,
	KEY_HELP,
	KEY_CALL,
	KEY_FIND,
	KEY_AGAIN,
	KEY_BACK,
	KEY_LEAVE,
	KEY_REDRAW,
	KEY_MORE,
	KEY_QUIT
};

static const struct key_row help_rows[] = {
    {{'?', K_F(1)}, KEY_HELP, N_("help"), N_("what the keys do here")},
};
static const struct key_table help_keys = KEY_TABLE(help_rows);

static const struct key_row typing_help_rows[] = {
    {{K_F(1)}, KEY_HELP, N_("help"), N_("what the keys do here")},
};
static const struct key_table typing_help_keys = KEY_TABLE(typing_help_rows);

static const struct key_row rows[] = {
    {{':', CTRL_KEY('o'), K_F(2)}, KEY_COMMAND, N_("command"),
	N_("the command line (^O while typing a text)")},
    {{'n', K_ALT | 'n', K_F(3)}, KEY_CALL, NULL,
	N_("take a call (after a search n finds the next)")},
    {{'/'}, KEY_FIND, N_("find"), N_("find words")},
    {{'N'}, KEY_AGAIN, NULL, N_("the hit before")},
    {{K_ESC, 'h', K_LEFT}, KEY_LEAVE, NULL, N_("back to the screen below")},
    {{'0'}, KEY_MORE, NULL, N_("more: journal, drafts, orders, language, sign off")},
    {{CTRL_KEY('l')}, KEY_REDRAW, NULL, N_("paint the screen anew")},
    {{'q'}, KEY_QUIT, NULL, N_("back; on the lowest screen: leave the console")},
};
static const struct key_table console_keys = KEY_TABLE(rows);

/* Where characters are text: the ways out that are none. */
static const struct key_row typing_rows[] = {
    {{CTRL_KEY('o'), K_F(2)}, KEY_COMMAND, N_("command"), N_("the command line")},
};
static const struct key_table typing_keys = KEY_TABLE(typing_rows);

/* --- screens ----------------------------------------------------------------------------- */

static struct pile *
pile(struct console *c)
{
	return &c->piles[c->present];
}

struct screen *
console_top(struct console *c)
{
	struct pile *p = pile(c);

	return p->n ? p->screens[p->n - 1] : NULL;
}

static void
screen_free(struct screen *s)
{
	screen_save(s);
	if (s->ops->close)
		s->ops->close(s);
	free(s->state);
	free(s->argument);
	free(s);
}

static struct screen *
screen_new(struct console *c, const struct screen_ops *ops, int64_t subject, const char *argument,
    struct err *err)
{
	struct screen *s = mem_zero(1, sizeof(*s));

	s->ops = ops;
	s->ui = c;
	s->subject = subject;
	s->argument = mem_dup(argument);
	s->state = mem_zero(1, ops->size ? ops->size : 1);
	s->waiting = true;
	if (ops->open && !ops->open(s, err)) {
		if (ops->close)
			ops->close(s);
		free(s->state);
		free(s->argument);
		free(s);
		return NULL;
	}
	return s;
}

bool
console_open(struct console *c, const struct screen_ops *ops, int64_t subject, const char *argument)
{
	struct err err = ERR_NONE;
	struct screen *s;

	if (pile(c)->n == PILE_MAX) {
		console_say(c, _("Too many screens one over the other: Esc leaves them."));
		return false;
	}
	s = screen_new(c, ops, subject, argument, &err);
	if (!s) {
		console_fail(c, &err);
		return false;
	}
	pile(c)->screens[pile(c)->n++] = s;
	c->dirty = true;
	return true;
}

void
console_switch(struct console *c, const struct screen_ops *ops)
{
	for (size_t i = 0; tabs_at(i); i++)
		if (tabs_at(i) == ops) {
			c->present = i;
			if (pile(c)->n == 0)
				console_open(c, ops, 0, NULL);
			else
				console_top(c)->waiting = true;
			console_quiet(c);
			c->dirty = true;
		}
}

void
screen_done(struct screen *s)
{
	s->done = true;
}

void
screen_touch(struct screen *s)
{
	s->dirty = true;
	if (!s->ui->save_at)
		s->ui->save_at = clock_monotonic() + SAVE_AFTER_MS;
}

void
screen_save(struct screen *s)
{
	if (s->dirty && s->ops->save)
		s->ops->save(s);
	s->dirty = false;
}

/* Close what asked to be closed; the one below comes up and loads. */
static void
close_done(struct console *c)
{
	struct pile *p = pile(c);
	bool closed = false;

	for (size_t i = p->n; i-- > 0;) {
		struct screen *s = p->screens[i];

		if (!s->done || p->n == 1)
			continue;
		if (c->bottom.screen == s)
			bottom_drop(&c->bottom);
		memmove(&p->screens[i], &p->screens[i + 1], (p->n - i - 1) * sizeof(p->screens[0]));
		p->n--;
		screen_free(s);
		closed = true;
	}
	if (!closed)
		return;
	console_top(c)->waiting = true;
	c->dirty = true;
}

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

static void
done(struct console *c, const struct verb_result *result)
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
		done(c, &result);
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

/* --- keys -------------------------------------------------------------------------------- */

static bool
is_typing(struct screen *s)
{
	return s->ops->typing && (!s->ops->in_text || s->ops->in_text(s));
}

static void
show_help(struct console *c)
{
	struct buf text = BUF_MAX(65536);
	struct screen *s = console_top(c);

	buf_printf(&text, _("Keys of this screen: %s\n\n"), _(s->ops->title));
	if (s->ops->more_keys)
		key_help(s->ops->more_keys(s), &text);
	key_help(&s->ops->keys, &text);
	buf_printf(&text, "\n%s\n\n", _("In every list"));
	key_help(&table_keys, &text);
	buf_printf(&text, "\n%s\n\n", _("Everywhere"));
	key_help(&help_keys, &text);
	key_help(&console_keys, &text);
	buf_printf(&text, "\n%s\n\n", _("On the : line"));
	key_help(&cmdline_keys, &text);
	console_show_text(c, _("Help"), buf_str(&text));
	buf_clear(&text);
}

static void
answer_find(struct screen *s, const char *words, void *data)
{
	(void)data;
	if (!s->ops->find)
		console_open(s->ui, &screen_find, 0, words);
	else if (!s->ops->find(s, words))
		console_say(s->ui, _("\"%s\" is not here."), words);
	s->ui->dirty = true;
}

static void
answer_quit(struct screen *s, void *data)
{
	(void)data;
	s->ui->quit = true;
}

static void
leave(struct console *c)
{
	if (pile(c)->n > 1) {
		screen_done(console_top(c));
		console_quiet(c);
	}
}

static void
answer_more(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	screens_more(s->ui, item->id);
}

static void
show_more(struct console *c)
{
	struct popup_item items[16];
	size_t n = screens_more_items(items, COUNT_OF(items));

	console_choose(c, _("More"), items, n, answer_more, NULL);
}

static bool
act_everywhere(struct console *c, int action)
{
	struct screen *s = console_top(c);

	switch (action) {
	case KEY_COMMAND:
		console_command(c, NULL);
		return true;
	case KEY_HELP:
		show_help(c);
		return true;
	case KEY_CALL:
		if (s->ops->find_again && s->ops->find_again(s, false))
			return true;
		console_open(c, &screen_intake, 0, NULL);
		return true;
	case KEY_AGAIN:
		if (s->ops->find_again && !s->ops->find_again(s, true))
			console_say(c, _("Nothing is being looked for: / finds."));
		return true;
	case KEY_FIND:
		console_prompt(c, "/", NULL, answer_find, NULL);
		return true;
	case KEY_LEAVE:
		leave(c);
		return true;
	case KEY_MORE:
		show_more(c);
		return true;
	case KEY_REDRAW:
		term_redraw();
		return true;
	case KEY_QUIT:
		if (pile(c)->n > 1)
			leave(c);
		else
			console_ask(c, _("Leave the console?"), answer_quit, NULL);
		return true;
	default:
		return false;
	}
}

static void
took(struct console *c, struct screen *s, enum paint paint)
{
	if (paint == PAINT_LOAD)
		s->waiting = true;
	if (paint != PAINT_NONE)
		c->dirty = true;
}

static void
key_of_popup(struct console *c, const struct key *key)
{
	enum popup_answer answer = popup_key(&c->popup, key);
	struct popup_item item;

	if (answer == POPUP_STAYS)
		return;
	if (answer == POPUP_TAKEN)
		item = *popup_chosen(&c->popup);
	popup_close(&c->popup);
	c->choosing = false;
	if (answer == POPUP_TAKEN)
		c->chosen(c->chooser, &item, c->choose_data);
	c->stale = true;
}

static void
key_of_command(struct console *c, const struct key *key)
{
	struct verb_result result = {.said = NULL};
	struct err err = ERR_NONE;

	switch (cmdline_key(&c->command, key)) {
	case CMDLINE_STAYS:
		return;
	case CMDLINE_LEFT:
		cmdline_close(&c->command);
		return;
	case CMDLINE_RUN:
		break;
	}
	if (!cmdline_run(&c->command, &result, &err)) {
		console_fail(c, &err);
		return;
	}
	done(c, &result);
	verb_result_clear(&result);
	cmdline_close(&c->command);
}

/*
 * The header is read again when the store or the minute changed, the screen also when it asked for
 * it.
 */
static void
load(struct console *c, struct screen *s)
{
	struct err err = ERR_NONE;

	store_read_begin(c->st);
	if (c->stale) {
		header_load(&c->header, c->st, &c->actor);
		c->header_minute = clock_now() / CLOCK_MINUTE;
	}
	if (s->ops->load)
		s->ops->load(s);
	s->waiting = false;
	s->loaded = true;
	if (!store_read_end(c->st, &err))
		console_fail(c, &err);
	if (c->header.overdue + c->header.urgent > c->rung)
		term_bell();
	c->rung = c->header.overdue + c->header.urgent;
}

static int
action_of(struct screen *s, uint32_t code)
{
	int action = key_action(&s->ops->keys, code);

	return action || !s->ops->more_keys ? action : key_action(s->ops->more_keys(s), code);
}

/* The screen's own keys, then the console's. */
static bool
key_of_screen(struct console *c, const struct key *key)
{
	struct screen *s = console_top(c);
	bool typing = is_typing(s);
	enum paint paint;
	int action;

	if (s->waiting && (!s->loaded || !s->ops->typing)) /* typed ahead */
		load(c, s);
	paint = s->ops->key ? s->ops->key(s, key) : PAINT_PASS;
	if (paint == PAINT_PASS && (action = action_of(s, key->code)) != 0)
		paint = s->ops->act(s, action);
	if (paint != PAINT_PASS) {
		took(c, s, paint);
		return true;
	}
	if (typing && key->code != K_ESC && key->code != K_F(1) && key->code != K_F(2) &&
	    key->code != CTRL_KEY('o') && key->code != CTRL_KEY('l'))
		return false;
	action = key_action(&help_keys, key->code);
	if (act_everywhere(c, action ? action : key_action(&console_keys, key->code)))
		return true;
	if (!typing && tabs_by_digit(key->code)) {
		console_switch(c, tabs_by_digit(key->code));
		return true;
	}
	return false;
}

static void
one_key(struct console *c, const struct key *key)
{
	if (key->code == K_CURSOR) {
		c->dirty |= term_cursor_report(key);
		return;
	}
	c->dirty = true;
	if (c->choosing) {
		key_of_popup(c, key);
	} else if (bottom_key(&c->bottom, key)) {
		;
	} else if (c->command.open) {
		key_of_command(c, key);
	} else if (key_of_screen(c, key)) {
		;
	} else if (key->code & K_ALT) {
		uint32_t plain = key->code & ~(uint32_t)K_ALT;

		if (tabs_by_digit(plain))
			console_switch(c, tabs_by_digit(plain));
		else { /* Escape and a key that came close together */
			one_key(c, &(struct key){.code = K_ESC});
			one_key(c, &(struct key){.code = plain});
		}
	}
	close_done(c);
}

static void
on_key(void *context, const struct key *key)
{
	one_key(context, key);
}

/* --- loading and painting ---------------------------------------------------------------- */

static void
on_change(void *context)
{
	struct console *c = context;

	if (store_watch_drain(c->st))
		c->stale = c->dirty = true;
}

static size_t
hint_tables(struct screen *s, const struct key_table **tables)
{
	size_t n = 0;

	tables[n++] = is_typing(s) ? &typing_help_keys : &help_keys;
	if (s->ops->more_keys)
		tables[n++] = s->ops->more_keys(s);
	tables[n++] = &s->ops->keys;
	tables[n++] = is_typing(s) ? &typing_keys : &console_keys;
	return n;
}

static void
draw_everything(struct console *c)
{
	const struct key_table *tables[4];
	int rows_ = term_rows(), columns = term_columns();
	struct area a = {2, 0, rows_ - 4, columns};
	struct screen *s = console_top(c);
	size_t n;

	draw_begin();
	if (term_too_small()) {
		draw_text(
		    0, 0, columns, _("The window is too small; nothing is lost."), STYLE_NORMAL);
		return;
	}
	header_draw(&c->header, 0, columns);
	tabs_draw(1, columns, tabs_at(c->present), &c->header);
	s->ops->draw(s, a);
	if (c->command.open) {
		cmdline_draw(&c->command, rows_ - 2, columns, a);
		if (c->bottom.message && c->bottom.style == STYLE_URGENT) {
			draw_fill(rows_ - 3, 0, columns, STYLE_NORMAL);
			draw_cut(rows_ - 3, 1, columns - 2, c->bottom.message, STYLE_URGENT);
		}
		return;
	}
	n = hint_tables(s, tables);
	key_draw_hints(rows_ - 1, 1, columns - 2, tables, n);
	if (c->choosing)
		popup_draw(&c->popup, a);
	bottom_draw(&c->bottom, rows_ - 2, columns);
}

static void
on_paint(void *context)
{
	struct console *c = context;
	struct screen *s = console_top(c);

	if (c->stale || s->waiting)
		load(c, s);
	c->stale = c->dirty = false;
	draw_everything(c);
	term_paint();
}

static void
on_resize(void *context)
{
	struct console *c = context;

	draw_everything(c); /* widgets learn their new size, then load what it takes */
	c->stale = c->dirty = true;
}

static bool
is_dirty(void *context)
{
	return ((struct console *)context)->dirty;
}

/* --- time -------------------------------------------------------------------------------- */

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
	int64_t due = countdown(c), left = due - clock_now();

	return due != CLOCK_NONE && left > 0 && left <= 10 * CLOCK_MINUTE;
}

static int
on_timeout(void *context)
{
	struct console *c = context;
	int64_t now = clock_now(),
		ms = CLOCK_MINUTE - (now % CLOCK_MINUTE + CLOCK_MINUTE) % CLOCK_MINUTE;

	if (counts_seconds(c))
		ms = 1000 - (now % 1000 + 1000) % 1000;
	if (c->save_at) {
		int64_t save = c->save_at - clock_monotonic();

		ms = save < 0 ? 0 : save < ms ? save : ms;
	}
	return (int)ms;
}

static void
save_all(struct console *c)
{
	for (size_t i = 0; i < PILES; i++)
		for (size_t k = 0; k < c->piles[i].n; k++) {
			c->dirty |= c->piles[i].screens[k]->dirty; /* its heading says so */
			screen_save(c->piles[i].screens[k]);
		}
	c->save_at = 0;
}

static void
on_tick(void *context)
{
	struct console *c = context;

	if (c->save_at && clock_monotonic() >= c->save_at)
		save_all(c);
	if (clock_now() / CLOCK_MINUTE != c->header_minute) {
		if (c->bottom.message && clock_monotonic() - c->bottom.said_at > MESSAGE_MS)
			console_quiet(c);
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
console_new(struct store *st, const struct actor *actor)
{
	struct console *c = mem_zero(1, sizeof(*c));

	c->st = st;
	c->actor = *actor;
	c->header.next_due = CLOCK_NONE;
	c->header_minute = -1;
	c->stale = true;
	c->rung = INT64_MAX;
	bottom_init(&c->bottom);
	cmdline_init(&c->command, st, &c->actor);
	return c;
}

int
console_run(struct console *c)
{
	static const struct loop_ops ops = {
	    on_key, on_change, on_tick, on_resize, on_timeout, is_dirty, on_paint, is_over};

	console_switch(c, tabs_at(0));
	if (!console_top(c))
		return 1;
	screens_offer_drafts(c);
	loop_run(&ops, c, store_watch_fd(c->st));
	save_all(c);
	return 0;
}

void
console_free(struct console *c)
{
	if (!c)
		return;
	if (c->choosing)
		popup_close(&c->popup);
	for (size_t i = 0; i < PILES; i++)
		while (c->piles[i].n > 0)
			screen_free(c->piles[i].screens[--c->piles[i].n]);
	cmdline_clear(&c->command);
	bottom_clear(&c->bottom);
	free(c);
}

/* One section of the manual a screen. Pages of an incident show theirs where they are. */
void
console_keys_text(struct buf *out)
{
	static const struct screen_ops *const all[] = {&screen_board, &screen_intake,
	    &screen_incidents, &screen_incident, &screen_plans, &screen_plan, &screen_resources,
	    &screen_reports, &screen_report, &screen_journal, &screen_find, &screen_form};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		buf_printf(out, "%s\n", _(all[i]->title));
		key_help(&all[i]->keys, out);
		buf_add(out, "\n");
	}
	buf_printf(out, "%s\n", _("In every list"));
	key_help(&table_keys, out);
	buf_printf(out, "\n%s\n", _("Everywhere"));
	key_help(&help_keys, out);
	key_help(&console_keys, out);
	buf_printf(out, "\n%s\n", _("On the : line"));
	key_help(&cmdline_keys, out);
}
