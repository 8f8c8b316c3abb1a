/* 值班日志 电话记录 收发文: the three registers, newest first, as windows over books of any length; of a
 * day, with words; an entry in full, its correction, the book on paper. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "duty/duty.h"
#include "store/command.h"
#include "store/verb.h"
#include "ui/screens/duty_rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define PAPER_MAX (16u << 20)

struct books {
	struct table table;
	struct table_ops ops;
	enum register_book book;
	char *words; /* owned: what was searched for, NULL all */
	int64_t day; /* shown alone, CLOCK_NONE all */
};

static struct register_filter
filter_of(struct screen *s)
{
	struct books *b = s->state;

	return (struct register_filter){.book = b->book,
	    .from = b->day,
	    .to = b->day == CLOCK_NONE ? CLOCK_NONE : b->day + CLOCK_DAY - 1,
	    .area = console_scope(s->ui),
	    .reader = console_actor(s->ui),
	    .words = b->words};
}

static size_t
fetch(void *context, enum fetch how, const void *row, void *rows, size_t max)
{
	struct screen *s = context;
	struct store *st = console_store(s->ui);
	struct register_filter f = filter_of(s);
	const struct register_row *at = row;

	if (how == FETCH_BEFORE || how == FETCH_LAST)
		return duty_register_up(st, &f, how == FETCH_BEFORE ? at->id : 0, rows, max);
	f.before = how == FETCH_FROM ? at->id + 1 : how == FETCH_AFTER ? at->id : 0;
	return duty_register_rows(st, &f, rows, max);
}

static void
row_clear(void *row)
{
	register_rows_clear(row, 1);
}

static bool
books_open(struct screen *s, struct err *err)
{
	struct books *b = s->state;

	(void)err;
	b->ops = register_row_ops;
	b->ops.fetch = fetch;
	b->ops.clear = row_clear;
	b->day = CLOCK_NONE;
	table_init(&b->table, &b->ops, s);
	b->table.titles = true;
	b->table.empty = N_("Nothing written here yet.");
	return true;
}

static void
books_load(struct screen *s)
{
	table_load(&((struct books *)s->state)->table);
}

static void
books_draw(struct screen *s, struct area a)
{
	struct books *b = s->state;
	char day[20], shown[240];
	int x = a.x + 1;

	draw_bar(a.y, a.x, a.columns, "");
	for (int i = 0; i < 3; i++) {
		char name[64];

		cut_format(name, sizeof(name), i == (int)b->book ? "[%s]" : " %s ",
		    register_book_label((enum register_book)i));
		x += draw_text(a.y, x, a.columns - x, name, STYLE_BAR) + 1;
	}
	cut_format(shown, sizeof(shown), "%s%s%s",
	    b->day == CLOCK_NONE ? "" : clock_format(day, sizeof(day), b->day, CLOCK_YMD),
	    b->words && b->day != CLOCK_NONE ? "  " : "", b->words ? b->words : "");
	if (*shown)
		draw_right(a.y, a.x, a.columns - 1, shown, STYLE_BAR);
	table_draw(&b->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum {
	ACT_OPEN = 1,
	ACT_NEXT,
	ACT_ADD,
	ACT_CORRECT,
	ACT_PAPER,
	ACT_FORM,
	ACT_SENT,
	ACT_GO,
	ACT_DAY
};

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("whole line"), N_("the whole line with all its fields")},
    {{K_TAB, K_BACKTAB}, ACT_NEXT, N_("next book"),
	N_("duty log, phone record, papers in and out")},
    {{'a'}, ACT_ADD, N_("add"), N_("a new entry in this book (a paper received)")},
    {{'e'}, ACT_SENT, NULL, N_("a paper sent")},
    {{'x'}, ACT_CORRECT, N_("correct"), N_("correct an entry: the old line stays, struck out")},
    {{'t'}, ACT_DAY, N_("one day"), N_("the lines of one day; empty: all again")},
    {{'p'}, ACT_PAPER, N_("on paper"),
	N_("the book of the day shown, else of the present watch, as a paper")},
    {{'v'}, ACT_FORM, NULL, N_("an empty form, to go on by hand")},
    {{'i'}, ACT_GO, NULL, N_("go to the incident of the line")},
};

static enum paint
books_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct books *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static void
show_paper(struct screen *s, bool form)
{
	struct books *b = s->state;
	struct register_filter f = filter_of(s);
	struct buf text = BUF_MAX(PAPER_MAX);
	struct watch_row watch;

	if (b->day == CLOCK_NONE) {
		f.from = clock_day_start(clock_now());
		if (duty_watch(console_store(s->ui), &watch))
			f.from = watch.opened;
	}
	if (!duty_register_text(console_store(s->ui), &f, form, &text))
		console_say(s->ui, "%s", _("The paper is too long to be shown whole."));
	console_show_text(s->ui, register_book_label(b->book), buf_str(&text));
	buf_clear(&text);
}

static void
show_line(struct screen *s, const struct register_row *r)
{
	struct buf text = BUF_MAX(1 << 20);

	if (!r->entry || !duty_entry_text(console_store(s->ui), r->entry, &text))
		buf_printf(&text, "%s  %s  %s\n%s %s  %s\n\n%s\n\n%s\n", r->no, r->kind, r->handler,
		    r->from, r->to, r->phone, r->text, r->mark);
	console_show_text(s->ui, r->no, buf_str(&text));
	buf_clear(&text);
}

static void
answer_day(struct screen *s, const char *text, void *data)
{
	struct books *b = s->state;
	int64_t at;

	(void)data;
	if (!*text) {
		b->day = CLOCK_NONE;
	} else if (command_time(text, clock_now(), "past", &at)) {
		b->day = clock_day_start(at);
	} else {
		console_say(s->ui, _("\"%s\" is no day."), text);
		return;
	}
	table_home(&b->table);
	s->waiting = true;
}

static enum paint
books_act(struct screen *s, int action)
{
	static const char *const add[] = {"log.add", NULL, "paper.in"};
	struct books *b = s->state;
	const struct register_row *r = table_row(&b->table);

	switch (action) {
	case ACT_NEXT:
		b->book = (enum register_book)((b->book + 1) % 3);
		table_home(&b->table);
		return PAINT_LOAD;
	case ACT_ADD:
		if (b->book == BOOK_PHONE)
			console_open(s->ui, &screen_phone, 0, NULL);
		else
			console_form(s->ui, add[b->book], NULL);
		break;
	case ACT_SENT:
		console_form(s->ui, "paper.out", NULL);
		break;
	case ACT_PAPER:
	case ACT_FORM:
		show_paper(s, action == ACT_FORM);
		break;
	case ACT_DAY:
		console_prompt(s->ui, _("Day (07-09; empty: all)"), NULL, answer_day, NULL);
		break;
	case ACT_OPEN:
		if (r)
			show_line(s, r);
		break;
	case ACT_CORRECT:
		if (r && r->entry)
			console_form(s->ui, "entry.correct",
			    json_pack("{s:I}", "entry", (json_int_t)r->entry));
		else if (r)
			console_say(s->ui,
			    _("That line is an act of the journal: undo or correct it there."));
		break;
	case ACT_GO:
		if (r && r->incident)
			console_open(s->ui, &screen_incident, r->incident, NULL);
		break;
	}
	return PAINT_DRAW;
}

static bool
books_find(struct screen *s, const char *words)
{
	struct books *b = s->state;

	free(b->words);
	b->words = words && *words ? mem_dup(words) : NULL;
	table_home(&b->table);
	books_load(s);
	return b->table.n > 0;
}

static json_t *
books_context(struct screen *s)
{
	const struct register_row *r = table_row(&((struct books *)s->state)->table);

	return r && r->entry ? json_pack("{s:I}", "entry", (json_int_t)r->entry) : NULL;
}

static void
books_close(struct screen *s)
{
	struct books *b = s->state;

	table_clear(&b->table);
	free(b->words);
}

const struct screen_ops screen_register = {
    .name = "register",
    .title = N_("Registers"),
    .size = sizeof(struct books),
    .keys = KEY_TABLE(rows),
    .open = books_open,
    .load = books_load,
    .draw = books_draw,
    .act = books_act,
    .key = books_key,
    .find = books_find,
    .context = books_context,
    .close = books_close,
};
