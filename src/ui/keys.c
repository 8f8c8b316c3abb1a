/*
 * Who gets a key: a list or question that is open, the `:` line, the screen's widgets, its key
 * table, the console's own table. The tables are the help as well.
 */
#include "ui/console_inside.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/tabs.h"
#include "ui/term.h"

#define KEYS_MAX 32

enum {
	KEY_COMMAND = 1,
	KEY_HELP,
	KEY_CALL,
	KEY_PHONE,
	KEY_FIND,
	KEY_AGAIN,
	KEY_BACK,
	KEY_LEAVE,
	KEY_REDRAW,
	KEY_MORE,
	KEY_QUIT,
	KEY_LOCK
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
    {{'P', K_ALT | 'p', K_F(4)}, KEY_PHONE, NULL,
	N_("record a telephone call; its number shows who it is and what came from it")},
    {{'/'}, KEY_FIND, N_("find"), N_("find words")},
    {{'N'}, KEY_AGAIN, NULL, N_("the hit before")},
    {{K_ESC, 'h', K_LEFT}, KEY_LEAVE, NULL, N_("back to the screen below")},
    {{'0'}, KEY_MORE, NULL, N_("more: journal, drafts, orders, language, sign off")},
    {{CTRL_KEY('l')}, KEY_REDRAW, NULL, N_("paint the screen anew")},
    {{K_F(12)}, KEY_LOCK, NULL, N_("lock: nobody but you goes on here")},
    {{'q'}, KEY_QUIT, NULL, N_("back; on the lowest screen: leave the console")},
};
static const struct key_table console_keys = KEY_TABLE(rows);

/* Over another screen the way back is said, behind what one does there. */
static const struct key_row back_rows[] = {
    {{K_ESC}, KEY_LEAVE, N_("back"), N_("back to the screen below")},
};
static const struct key_table back_keys = KEY_TABLE(back_rows);

/* Where characters are text: the ways out that are none. */
static const struct key_row typing_rows[] = {
    {{CTRL_KEY('o'), K_F(2)}, KEY_COMMAND, N_("command"), N_("the command line")},
    {{K_F(4), K_ALT | 'p'}, KEY_PHONE, NULL, N_("record a telephone call")},
};
static const struct key_table typing_keys = KEY_TABLE(typing_rows);

bool
keys_typing(struct screen *s)
{
	return s->ops->typing && (!s->ops->in_text || s->ops->in_text(s));
}

/* Of a screen's keys those that its officer may use, kept until `kept` is filled anew. */
struct kept {
	struct key_row rows[KEYS_MAX];
	struct key_table table;
};

static const struct key_table *
usable_keys(struct screen *s, const struct key_table *all, struct kept *kept)
{
	if (!s->ops->verb_of || all->n > KEYS_MAX)
		return all;
	kept->table = (struct key_table){kept->rows, 0};
	for (size_t i = 0; i < all->n; i++) {
		const char *name = s->ops->verb_of(all->rows[i].action);
		const struct verb *verb = name ? verb_find(console_store(s->ui), name) : NULL;

		if (!verb || verb_allowed(console_actor(s->ui), verb))
			kept->rows[kept->table.n++] = all->rows[i];
	}
	return &kept->table;
}

static struct kept own, more;

static const struct key_table *
own_keys(struct screen *s)
{
	return usable_keys(s, &s->ops->keys, &own);
}

static const struct key_table *
more_keys(struct screen *s)
{
	return usable_keys(s, s->ops->more_keys(s), &more);
}

static void
show_help(struct console *c)
{
	struct buf text = BUF_MAX(65536);
	struct screen *s = console_top(c);

	buf_printf(&text, _("Keys of this screen: %s\n\n"), _(s->ops->title));
	if (s->ops->more_keys)
		key_help(more_keys(s), &text);
	key_help(own_keys(s), &text);
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
	console_end(s->ui, CONSOLE_LEFT);
}

static void
leave(struct console *c)
{
	if (pile_of(c)->n > 1) {
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
	case KEY_PHONE:
		if (s->ops != &screen_phone)
			console_open(c, &screen_phone, 0, NULL);
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
	case KEY_LOCK:
		console_lock(c);
		return true;
	case KEY_QUIT:
		if (pile_of(c)->n > 1)
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
		console_quiet(c); /* why the line was refused goes with it */
		cmdline_close(&c->command);
		return;
	case CMDLINE_RUN:
		break;
	}
	if (!cmdline_run(&c->command, &result, &err)) {
		console_fail(c, &err);
		return;
	}
	console_done(c, &result);
	verb_result_clear(&result);
	cmdline_close(&c->command);
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
	bool typing = keys_typing(s);
	enum paint paint;
	int action;

	if (s->waiting && (!s->loaded || !s->ops->typing)) /* typed ahead */
		frame_load(c, s);
	paint = s->ops->key ? s->ops->key(s, key) : PAINT_PASS;
	if (paint == PAINT_PASS && (action = action_of(s, key->code)) != 0)
		paint = s->ops->act(s, action);
	if (paint != PAINT_PASS) {
		took(c, s, paint);
		return true;
	}
	if (typing && !key_action(&typing_keys, key->code) && key->code != K_ESC &&
	    key->code != K_F(1) && key->code != K_F(12) && key->code != CTRL_KEY('l'))
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

void
keys_take(struct console *c, const struct key *key)
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
			keys_take(c, &(struct key){.code = K_ESC});
			keys_take(c, &(struct key){.code = plain});
		}
	}
	pile_close_done(c);
}

size_t
keys_hints(struct screen *s, const struct key_table **tables)
{
	size_t n = 0;

	tables[n++] = keys_typing(s) ? &typing_help_keys : &help_keys;
	if (s->ops->more_keys)
		tables[n++] = more_keys(s);
	tables[n++] = own_keys(s);
	if (!keys_typing(s) && pile_of(s->ui)->n > 1)
		tables[n++] = &back_keys;
	tables[n++] = keys_typing(s) ? &typing_keys : &console_keys;
	return n;
}

/* One section of the manual a screen, and a page. */
void
console_keys_text(struct buf *out)
{
	const struct key_table *table;
	const char *title;
	static const struct screen_ops *const all[] = {&screen_board, &screen_intake,
	    &screen_incidents, &screen_incident, &screen_plans, &screen_plan, &screen_resources,
	    &screen_reports, &screen_report, &screen_duty, &screen_handover, &screen_callout,
	    &screen_rollcall, &screen_instructions, &screen_register, &screen_roster, &screen_spot,
	    &screen_phone, &screen_inbox, &screen_alerts, &screen_alarms, &screen_links,
	    &screen_journal, &screen_find, &screen_form};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		buf_printf(out, "%s\n", _(all[i]->title));
		key_help(&all[i]->keys, out);
		buf_add(out, "\n");
	}
	for (size_t i = 0; (table = screens_page_keys(i, &title)) != NULL; i++) {
		if (table->n == 0)
			continue;
		buf_printf(out, _("Incident, page %s\n"), _(title));
		key_help(table, out);
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
