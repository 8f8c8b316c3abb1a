/* 批示督办: by the limit that runs, with what may follow; the sheet of each. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "duty/duty.h"
#include "store/verb.h"
#include "ui/screens/duty_rows.h"
#include "ui/screens/next.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 400

struct instructions {
	struct table table;
	struct instruction_row *rows;
	bool all;
};

static bool
instructions_open(struct screen *s, struct err *err)
{
	struct instructions *i = s->state;

	(void)err;
	table_init(&i->table, &instruction_row_ops, s);
	i->table.titles = true;
	i->table.empty = N_("No instruction is open. o registers one.");
	return true;
}

static void
instructions_load(struct screen *s)
{
	struct instructions *i = s->state;
	struct instruction_row *old = i->rows;
	struct instruction_filter f = {.open = !i->all, .area = console_scope(s->ui)};

	i->rows = mem_zero(ROWS_MAX, sizeof(*i->rows));
	table_set(
	    &i->table, i->rows, duty_instructions(console_store(s->ui), &f, i->rows, ROWS_MAX));
	free(old);
}

static void
instructions_draw(struct screen *s, struct area a)
{
	struct instructions *i = s->state;
	char line[96];

	cut_format(line, sizeof(line), "%s %zu",
	    i->all ? _("All instructions") : _("Open instructions"), i->table.n);
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&i->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_SHEET = 1, ACT_DO, ACT_ADD, ACT_SUPERVISE, ACT_REMIND, ACT_WHICH, ACT_GO };

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, ACT_SHEET, N_("sheet"), N_("word by word, with every step")},
    {{'d'}, ACT_DO, N_("next step"), N_("relay, take on, feed back, close: what may follow now")},
    {{'o'}, ACT_ADD, N_("register"), N_("register a leader's instruction, word by word")},
    {{'v'}, ACT_SUPERVISE, N_("supervise"), N_("put a matter under supervision")},
    {{'t'}, ACT_REMIND, N_("remind"), N_("remind the owner: how, and what it said")},
    {{'f'}, ACT_WHICH, N_("open/all"), N_("show only open ones, or all")},
    {{'i'}, ACT_GO, NULL, N_("go to its incident")},
};

static const char *
instructions_verb_of(int action)
{
	static const char *const verbs[] = {[ACT_ADD] = "instruction.add",
	    [ACT_SUPERVISE] = "instruction.supervise",
	    [ACT_REMIND] = "instruction.remind",
	    [ACT_GO] = NULL};

	return verbs[action];
}

static enum paint
instructions_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct instructions *)s->state)->table, key->code) ? PAINT_DRAW
									       : PAINT_PASS;
}

static void
show_sheet(struct screen *s, const struct instruction_row *row)
{
	struct buf text = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;

	if (duty_instruction_text(console_store(s->ui), row->id, &text, &err))
		console_show_text(s->ui, instruction_kind_label(row->kind), buf_str(&text));
	else
		console_fail(s->ui, &err);
	buf_clear(&text);
}

static enum paint
instructions_act(struct screen *s, int action)
{
	struct instructions *i = s->state;
	const struct instruction_row *row = table_row(&i->table);

	if (action == ACT_WHICH) {
		i->all = !i->all;
		return PAINT_LOAD;
	}
	if (action == ACT_ADD)
		console_form(s->ui, "instruction.add", NULL);
	else if (action == ACT_SUPERVISE)
		console_form(s->ui, "instruction.supervise", NULL);
	else if (row && action == ACT_SHEET)
		show_sheet(s, row);
	else if (row && action == ACT_DO)
		next_choose(
		    s, instruction_next_verbs(row), _("Nothing follows that your role may do."));
	else if (row && action == ACT_REMIND)
		console_form(s->ui, "instruction.remind",
		    json_pack("{s:I}", "instruction", (json_int_t)row->id));
	else if (row && action == ACT_GO && row->incident)
		console_open(s->ui, &screen_incident, row->incident, NULL);
	return PAINT_DRAW;
}

static json_t *
instructions_context(struct screen *s)
{
	const struct instruction_row *row = table_row(&((struct instructions *)s->state)->table);

	return row ? json_pack("{s:I}", "instruction", (json_int_t)row->id) : NULL;
}

static void
instructions_close(struct screen *s)
{
	free(((struct instructions *)s->state)->rows);
}

const struct screen_ops screen_instructions = {
    .name = "instructions",
    .title = N_("Instructions"),
    .size = sizeof(struct instructions),
    .keys = KEY_TABLE(rows),
    .verb_of = instructions_verb_of,
    .open = instructions_open,
    .load = instructions_load,
    .draw = instructions_draw,
    .act = instructions_act,
    .key = instructions_key,
    .context = instructions_context,
    .close = instructions_close,
};
