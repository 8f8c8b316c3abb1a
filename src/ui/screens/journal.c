/* 日志: everything that was done, newest first; of one incident when it is opened from there. */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/screens/journal_table.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

static bool
journal_open(struct screen *s, struct err *err)
{
	struct journal_table *j = s->state;

	(void)err;
	journal_table_init(j, console_store(s->ui), s->subject, console_scope(s->ui));
	return true;
}

static void
journal_load(struct screen *s)
{
	table_load(&((struct journal_table *)s->state)->table);
}

static void
journal_draw(struct screen *s, struct area a)
{
	struct journal_table *j = s->state;
	const struct journal_row *row = journal_table_row(j);
	char day[16], line[300];

	draw_bar(a.y, a.x, a.columns, "");
	cut_format(line, sizeof(line), "%s  %s%s%s  %s", _("Journal"), *j->words ? "/" : "",
	    j->words, *j->words && *j->verb ? " " : "", j->verb);
	draw_cut(a.y, a.x + 1, a.columns - 14, line, STYLE_BAR);
	if (row)
		draw_right(a.y, a.x, a.columns - 1,
		    clock_format(day, sizeof(day), row->at, CLOCK_YMD), STYLE_BAR);
	table_draw(&j->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_OPEN = 1, ACT_GO, ACT_KIND, ACT_UNDO, ACT_ALL };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("whole line"), N_("the whole entry with its arguments")},
    {{'i'}, ACT_GO, N_("its incident"), N_("go to the incident the entry belongs to")},
    {{'f'}, ACT_KIND, N_("filter"), N_("show only entries of one kind")},
    {{'a'}, ACT_ALL, N_("all"), N_("show everything again")},
    {{'u'}, ACT_UNDO, N_("undo"), N_("take the entry back; it stays readable, struck out")},
};

static const struct {
	const char *prefix, *label; /* N_() */
} kinds[] = {
    {"incident.", N_("incidents and calls")},
    {"order.", N_("orders")},
    {"response.", N_("responses")},
    {"assign", N_("teams and goods on incidents")},
    {"report.", N_("reports")},
    {"clock.", N_("clocks")},
    {"inbox.", N_("inbox")},
    {"stock.", N_("stock")},
    {"plan.", N_("plans")},
};

static void
answer_kind(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	journal_table_verb(s->state, kinds[item->id].prefix);
}

static void
choose_kind(struct screen *s)
{
	struct popup_item items[COUNT_OF(kinds)];

	memset(items, 0, sizeof(items));
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		items[i].id = (int64_t)i;
		utf8_copy(items[i].word, sizeof(items[i].word), kinds[i].prefix);
		utf8_copy(items[i].label, sizeof(items[i].label), _(kinds[i].label));
	}
	console_choose(s->ui, _("Show only"), items, COUNT_OF(kinds), answer_kind, NULL);
}

static void
undo(struct screen *s, const struct journal_row *row)
{
	char line[64];

	console_command(s->ui, cut_format(line, sizeof(line), "undo %lld", (long long)row->seq));
}

static void
show_whole(struct screen *s, const struct journal_row *row)
{
	char *text = journal_row_text(row), title[32];

	console_show_text(
	    s->ui, cut_format(title, sizeof(title), "#%lld", (long long)row->seq), text);
	free(text);
}

static enum paint
journal_act(struct screen *s, int action)
{
	struct journal_table *j = s->state;
	const struct journal_row *row = journal_table_row(j);

	if (action == ACT_KIND)
		choose_kind(s);
	else if (action == ACT_ALL) {
		j->filter.verb = j->filter.words = NULL;
		j->verb[0] = j->words[0] = '\0';
		table_home(&j->table);
	} else if (!row)
		return PAINT_DRAW;
	else if (action == ACT_OPEN)
		show_whole(s, row);
	else if (action == ACT_GO && row->incident)
		console_open(s->ui, &screen_incident, row->incident, NULL);
	else if (action == ACT_GO)
		console_say(s->ui, _("This entry belongs to no incident."));
	else if (action == ACT_UNDO)
		undo(s, row);
	return PAINT_DRAW;
}

static enum paint
journal_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct journal_table *)s->state)->table, key->code) ? PAINT_DRAW
										: PAINT_PASS;
}

static json_t *
journal_context(struct screen *s)
{
	const struct journal_row *row = journal_table_row(s->state);

	if (!row || !row->incident)
		return NULL;
	return json_pack("{s:I}", "incident", (json_int_t)row->incident);
}

/* / filters by full text: what is shown is what was found. */
static bool
journal_find(struct screen *s, const char *words)
{
	struct journal_table *j = s->state;

	journal_table_words(j, words);
	return j->table.n > 0;
}

static void
journal_close(struct screen *s)
{
	journal_table_clear(s->state);
}

const struct screen_ops screen_journal = {
    .name = "journal",
    .title = N_("Journal"),
    .size = sizeof(struct journal_table),
    .keys = KEY_TABLE(rows),
    .open = journal_open,
    .load = journal_load,
    .draw = journal_draw,
    .act = journal_act,
    .key = journal_key,
    .context = journal_context,
    .find = journal_find,
    .close = journal_close,
};
