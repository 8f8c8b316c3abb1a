#include "ui/cmdline.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/history.h"
#include "ui/popup.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 8000
#define SHOWN_MAX 8

enum { LINE_RUN = 1, LINE_COMPLETE, LINE_BACK, LINE_OLDER, LINE_NEWER, LINE_SEEK, LINE_LEAVE };

static const struct key_row rows[] = {
    {{K_ENTER}, LINE_RUN, N_("run"), N_("run the line")},
    {{K_TAB}, LINE_COMPLETE, N_("complete"), N_("complete the word; again: the next completion")},
    {{K_BACKTAB}, LINE_BACK, NULL, N_("the completion before")},
    {{K_UP, CTRL_KEY('p')}, LINE_OLDER, N_("earlier lines"), N_("the line run before")},
    {{K_DOWN, CTRL_KEY('n')}, LINE_NEWER, NULL, N_("the line run after")},
    {{CTRL_KEY('r')}, LINE_SEEK, NULL,
	N_("an earlier line that holds what was typed; again: an earlier one still")},
    {{K_ESC, CTRL_KEY('c')}, LINE_LEAVE, N_("leave"), N_("leave the line")},
};
const struct key_table cmdline_keys = KEY_TABLE(rows);

void
cmdline_init(struct cmdline *c, struct store *st, const struct actor *actor)
{
	memset(c, 0, sizeof(*c));
	c->st = st;
	c->actor = actor;
	editor_init(&c->line, false, LINE_MAX_BYTES);
}

static void
forget_offers(struct cmdline *c)
{
	free(c->offered);
	c->offered = NULL;
	c->n_offered = c->chosen = 0;
}

void
cmdline_clear(struct cmdline *c)
{
	cmdline_close(c);
	editor_clear(&c->line);
	for (size_t i = 0; i < c->n_history; i++)
		free(c->history[i]);
	c->n_history = 0;
	c->recalled = false;
}

static void
read_line(struct cmdline *c)
{
	if (c->read_version == c->line.version && c->read_cursor == c->line.cursor)
		return;
	command_reading_clear(&c->reading);
	command_read(c->st, c->actor, c->line.text, c->line.cursor, c->context, &c->reading);
	c->read_version = c->line.version;
	c->read_cursor = c->line.cursor;
}

void
cmdline_open(struct cmdline *c, json_t *context, const char *text)
{
	cmdline_close(c);
	c->open = true;
	c->context = context;
	if (!c->recalled && c->actor->person)
		c->n_history = history_read(c->st, c->actor->person, c->history, CMDLINE_HISTORY);
	c->recalled = true;
	c->at_history = c->n_history;
	editor_set(&c->line, text ? text : "");
	c->read_version = 0;
	read_line(c);
}

void
cmdline_close(struct cmdline *c)
{
	if (c->open)
		command_reading_clear(&c->reading);
	memset(&c->reading, 0, sizeof(c->reading));
	forget_offers(c);
	json_decref(c->context);
	c->context = NULL;
	free(c->typed);
	free(c->sought);
	c->typed = c->sought = NULL;
	c->open = false;
}

/* Put completion `i` of the offers in place of the word, or of the one put there before. */
static void
put_offer(struct cmdline *c, size_t i)
{
	char *word = mem_print("%s ", c->offered[i].word);
	size_t n = strlen(word);

	editor_replace(&c->line, c->from, c->to, word);
	c->to = c->from + n;
	c->chosen = i;
	free(word);
}

static void
complete(struct cmdline *c, bool back)
{
	if (!c->offered) {
		read_line(c);
		if (c->reading.n_completions == 0)
			return;
		c->n_offered = c->reading.n_completions;
		c->offered = mem_zero(c->n_offered, sizeof(*c->offered));
		memcpy(c->offered, c->reading.completions, c->n_offered * sizeof(*c->offered));
		c->from = c->reading.from;
		c->to = c->reading.to;
		put_offer(c, back ? c->n_offered - 1 : 0);
		if (c->n_offered == 1)
			forget_offers(c);
	} else {
		put_offer(c, (c->chosen + (back ? c->n_offered - 1 : 1)) % c->n_offered);
	}
	read_line(c);
}

static void
recall(struct cmdline *c, bool older)
{
	if (older ? c->at_history == 0 : c->at_history >= c->n_history)
		return;
	if (c->at_history == c->n_history) {
		free(c->typed);
		c->typed = mem_dup(c->line.text);
	}
	c->at_history += older ? (size_t)-1 : 1;
	editor_set(&c->line, c->at_history < c->n_history ? c->history[c->at_history] : c->typed);
	read_line(c);
}

/* The next older line that holds what stood there when ^R was first typed; without one nothing changes. */
static void
seek(struct cmdline *c)
{
	if (!c->sought) {
		c->sought = mem_dup(c->line.text);
		if (c->at_history == c->n_history) {
			free(c->typed);
			c->typed = mem_dup(c->line.text);
		}
	}
	for (size_t i = c->at_history; i-- > 0;)
		if (strstr(c->history[i], c->sought)) {
			c->at_history = i;
			editor_set(&c->line, c->history[i]);
			break;
		}
	read_line(c);
}

enum cmdline_answer
cmdline_key(struct cmdline *c, const struct key *key)
{
	int action = key_action(&cmdline_keys, key->code);

	if (action != LINE_COMPLETE && action != LINE_BACK)
		forget_offers(c);
	if (action != LINE_SEEK) {
		free(c->sought);
		c->sought = NULL;
	}
	switch (action) {
	case LINE_SEEK:
		seek(c);
		return CMDLINE_STAYS;
	case LINE_COMPLETE:
	case LINE_BACK:
		complete(c, action == LINE_BACK);
		return CMDLINE_STAYS;
	case LINE_OLDER:
	case LINE_NEWER:
		recall(c, action == LINE_OLDER);
		return CMDLINE_STAYS;
	case LINE_LEAVE:
		return CMDLINE_LEFT;
	case LINE_RUN:
		read_line(c);
		if (!c->line.text[strspn(c->line.text, " ")])
			return CMDLINE_LEFT;
		return CMDLINE_RUN;
	}
	if (key->code == K_BACKSPACE && c->line.size == 0)
		return CMDLINE_LEFT;
	editor_key(&c->line, key);
	read_line(c);
	return CMDLINE_STAYS;
}

static void
remember(struct cmdline *c)
{
	if (!history_may_keep(c->line.text) ||
	    (c->n_history && strcmp(c->history[c->n_history - 1], c->line.text) == 0))
		return;
	if (c->actor->person)
		history_add(c->st, c->actor->person, c->line.text);
	if (c->n_history == CMDLINE_HISTORY) {
		free(c->history[0]);
		memmove(c->history, c->history + 1, (CMDLINE_HISTORY - 1) * sizeof(*c->history));
		c->n_history--;
	}
	c->history[c->n_history++] = mem_dup(c->line.text);
}

bool
cmdline_run(struct cmdline *c, struct verb_result *result, struct err *err)
{
	remember(c);
	c->at_history = c->n_history;
	return command_run(c->st, c->actor, c->line.text, c->context, result, err);
}

static void
draw_offers(const struct cmdline *c, struct area a)
{
	const struct command_completion *from = c->offered ? c->offered : c->reading.completions;
	size_t n = c->offered ? c->n_offered : c->reading.n_completions, top = 0, shown;
	struct popup_item items[SHOWN_MAX];

	shown = n < SHOWN_MAX ? n : SHOWN_MAX;
	if ((int)shown > a.rows / 2)
		shown = (size_t)(a.rows / 2);
	if (shown == 0 ||
	    (n == 1 && !c->offered && c->reading.to - c->reading.from == strlen(from[0].word)))
		return;
	if (c->offered && c->chosen >= shown)
		top = c->chosen - shown + 1;
	memset(items, 0, sizeof(items));
	for (size_t i = 0; i < shown; i++) {
		memcpy(items[i].word, from[top + i].word, sizeof(items[i].word));
		memcpy(items[i].label, from[top + i].label, sizeof(items[i].label));
	}
	a.y += a.rows - (int)shown - 1;
	draw_bar(a.y, a.x, a.columns, "");
	a.y++;
	a.rows = (int)shown;
	popup_draw_items(a, items, shown, 0, c->offered ? c->chosen - top : shown, false);
}

void
cmdline_draw(struct cmdline *c, int y, int columns, struct area a)
{
	const struct key_table *tables[] = {&cmdline_keys};
	const char *said = c->reading.problem ? c->reading.problem : c->reading.said;
	enum style style = c->reading.problem ? STYLE_FAINT : STYLE_STRONG;
	int used = utf8_columns(c->line.text) + 6, beside = used < 28 ? 28 : used,
	    wide = said ? draw_columns(said) : 0;
	struct area line = {y, 2, 1, columns - 3};

	draw_offers(c, a);
	draw_text(y, 0, 1, ":", STYLE_STRONG);
	if (said && beside + wide < columns) {
		draw_text(y, beside, columns - beside - 1, said, style);
		line.columns = beside - 2;
		key_draw_hints(y + 1, 1, columns - 2, tables, 1, true);
	} else if (said) {
		draw_cut(y + 1, 2, columns - 3, said, style);
	} else {
		key_draw_hints(y + 1, 1, columns - 2, tables, 1, true);
	}
	editor_draw(&c->line, line, NULL, 0, true);
}
