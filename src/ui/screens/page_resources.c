/*
 * 资源: who and what is on the incident, and below it the proposal: the best allocation of teams
 * and goods for what the plan asks, each line with its reason; what is short, and where it could
 * come from. Lines can be fixed or ruled out, needs changed, and it is solved again. Nothing is
 * sent until it is committed.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "dispatch/dispatch.h"
#include "ui/age.h"
#include "ui/lines.h"
#include "ui/screens/page.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ASSIGNED_MAX 200
#define PINS_MAX 64

/* A line of the proposal: something sent, or something short. */
struct proposed {
	const struct allocation_line *line;
	const struct allocation_shortage *shortage;
	const struct need *need;
	const struct allocation_pin *pin;
};

struct resources_page {
	struct table assigned;
	struct assignment_row *rows;
	size_t n_rows;
	bool solved;
	struct need_list needs;
	struct allocation answer;
	struct allocation_pin pins[PINS_MAX];
	size_t n_pins;
	struct proposed *proposed;
	struct table proposal;
	bool below; /* the mark is in the proposal */
	struct lines detail;
};

/* --- the two tables ---------------------------------------------------------------------- */

enum { A_WHO, A_STATE, A_WHAT, A_ETA, A_SINCE, A_ORDER };

static const struct column assigned_columns[] = {
    {N_("who"), 0, 3, 0, false},
    {N_("state"), 8, 0, 0, false},
    {N_("what"), 0, 2, 0, false},
    {N_("on the way"), 9, 0, 1, true},
    {N_("since"), 11, 0, 2, false},
    {N_("order"), 9, 0, 3, false},
};

static void
assigned_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct assignment_row *a = row;

	(void)context;
	switch (column) {
	case A_WHO:
		utf8_copy(cell->text, sizeof(cell->text), a->source);
		break;
	case A_STATE:
		utf8_copy(cell->text, sizeof(cell->text), assignment_state_label(a->state));
		break;
	case A_WHAT:
		if (a->quantity)
			cut_format(cell->text, sizeof(cell->text), "%s %lld%s", a->goods_name,
			    (long long)a->quantity, a->unit);
		else
			utf8_copy(cell->text, sizeof(cell->text), _("team"));
		break;
	case A_ETA:
		if (a->eta_min >= 0)
			cut_format(cell->text, sizeof(cell->text), _("%.0f min"), a->eta_min);
		break;
	case A_SINCE:
		age_stamp(a->changed, cell->text, sizeof(cell->text));
		break;
	case A_ORDER:
		utf8_copy(cell->text, sizeof(cell->text), a->order_no);
		break;
	}
}

static enum style
assigned_style(void *context, const void *row)
{
	const char *state = ((const struct assignment_row *)row)->state;

	(void)context;
	return strcmp(state, "released") == 0 || strcmp(state, "cancelled") == 0 ? STYLE_FAINT
										 : STYLE_NORMAL;
}

static const struct table_ops assigned_ops = {
    TABLE_ROWS(struct assignment_row, assigned_columns, assigned_cell, assigned_style)};

enum { L_NEED, L_AMOUNT, L_SOURCE, L_ARRIVAL, L_PIN, L_WHY };

static const struct column proposal_columns[] = {
    {N_("need"), 14, 0, 0, false},
    {N_("amount"), 10, 0, 0, true},
    {N_("from"), 0, 3, 0, false},
    {N_("arrives"), 9, 0, 0, true},
    {"", 4, 0, 2, false},
    {N_("reason"), 0, 4, 1, false},
};

static void
short_cell(const struct proposed *p, size_t column, struct cell *cell)
{
	cell->style = STYLE_URGENT;
	if (column == L_NEED)
		utf8_copy(cell->text, sizeof(cell->text), p->need->name);
	else if (column == L_AMOUNT)
		cut_format(cell->text, sizeof(cell->text), "%lld%s", (long long)p->shortage->amount,
		    p->need->unit);
	else if (column == L_SOURCE)
		utf8_copy(cell->text, sizeof(cell->text), _("SHORT"));
	else if (column == L_WHY)
		utf8_copy(
		    cell->text, sizeof(cell->text), p->shortage->from ? p->shortage->from : "");
}

static void
proposal_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct proposed *p = row;
	const struct allocation_line *l = p->line;

	(void)context;
	if (p->shortage) {
		short_cell(p, column, cell);
		return;
	}
	switch (column) {
	case L_NEED:
		utf8_copy(cell->text, sizeof(cell->text), l->name);
		break;
	case L_AMOUNT:
		cut_format(cell->text, sizeof(cell->text), "%lld%s", (long long)l->amount, l->unit);
		break;
	case L_SOURCE:
		utf8_copy(cell->text, sizeof(cell->text), l->source_name);
		break;
	case L_ARRIVAL:
		cut_format(cell->text, sizeof(cell->text), _("%.0f min"), l->arrival_min);
		break;
	case L_PIN:
		utf8_copy(cell->text, sizeof(cell->text), l->locked ? _("fixed") : "");
		break;
	case L_WHY:
		utf8_copy(cell->text, sizeof(cell->text), l->brief ? l->brief : "");
		break;
	}
}

static int64_t
proposal_id(const void *row)
{
	const struct proposed *p = row;

	return p->line ? (int64_t)((uint64_t)p->line->source * 64 + p->line->need)
		       : -1 - (int64_t)p->shortage->need;
}

static const struct table_ops proposal_ops = {
    .row_size = sizeof(struct proposed),
    .columns = proposal_columns,
    .n_columns = COUNT_OF(proposal_columns),
    .id = proposal_id,
    .cell = proposal_cell,
};

/* --- life -------------------------------------------------------------------------------- */

static void
resources_open(struct page *p)
{
	struct resources_page *r = p->state;

	table_init(&r->assigned, &assigned_ops, p);
	table_init(&r->proposal, &proposal_ops, p);
	r->assigned.titles = r->proposal.titles = true;
	r->assigned.empty = N_("Nobody is sent yet. a proposes who and what.");
	r->proposal.empty = N_("Nothing is needed by the plan. + adds a need.");
	lines_init(&r->detail);
}

static void
free_answer(struct resources_page *r)
{
	table_set(&r->proposal, NULL, 0);
	free(r->proposed);
	r->proposed = NULL;
	if (r->solved)
		allocation_clear(&r->answer);
	r->solved = false;
}

static void
resources_close(struct page *p)
{
	struct resources_page *r = p->state;

	if (r->rows)
		assignment_rows_clear(r->rows, r->n_rows);
	free(r->rows);
	free_answer(r);
	need_list_clear(&r->needs);
	lines_clear(&r->detail);
}

static void
resources_load(struct page *p)
{
	struct resources_page *r = p->state;
	struct assignment_row *old = r->rows;
	size_t n_old = r->n_rows;

	r->rows = mem_zero(ASSIGNED_MAX, sizeof(*r->rows));
	r->n_rows = dispatch_assignments(
	    console_store(p->screen->ui), p->incident, 0, false, r->rows, ASSIGNED_MAX);
	table_set(&r->assigned, r->rows, r->n_rows);
	if (old)
		assignment_rows_clear(old, n_old);
	free(old);
}

/* --- solving ----------------------------------------------------------------------------- */

/* The explanation of the line under the mark. */
static void
explain(struct resources_page *r)
{
	const struct proposed *p = table_row(&r->proposal);
	char at[32];

	lines_reset(&r->detail);
	r->detail.top = 0;
	if (!r->solved || !p || !r->below)
		return;
	if (p->shortage) {
		lines_add(&r->detail, _("short"), STYLE_URGENT, "%s %lld%s", p->need->name,
		    (long long)p->shortage->amount, p->need->unit);
		lines_add(&r->detail, _("from"), STYLE_NORMAL, "%s",
		    p->shortage->from && *p->shortage->from ? p->shortage->from
							    : _("nobody known has it"));
		return;
	}
	lines_add(&r->detail, _("why"), STYLE_NORMAL, "%s", p->line->why ? p->line->why : "");
	lines_add(&r->detail, _("asked by"), STYLE_NORMAL, "%s", p->need->why);
	lines_add(&r->detail, _("phone"), STYLE_NORMAL, "%s   %s %s", p->line->phone, _("checked"),
	    age_stamp(p->line->confirmed, at, sizeof(at)));
}

static void
list_answer(struct resources_page *r)
{
	const struct allocation *a = &r->answer;
	size_t n = 0;

	r->proposed = mem_zero(a->n_lines + a->n_shortages + 1, sizeof(*r->proposed));
	for (size_t i = 0; i < a->n_shortages; i++)
		r->proposed[n++] = (struct proposed){
		    .shortage = &a->shortages[i], .need = &r->needs.items[a->shortages[i].need]};
	for (size_t i = 0; i < a->n_lines; i++)
		r->proposed[n++] = (struct proposed){
		    .line = &a->lines[i], .need = &r->needs.items[a->lines[i].need]};
	table_set(&r->proposal, r->proposed, n);
}

static void
solve(struct page *p)
{
	struct resources_page *r = p->state;
	struct store *st = console_store(p->screen->ui);
	struct err err = ERR_NONE;

	free_answer(r);
	if (!dispatch_allocate(
		st, r->needs.items, r->needs.n, r->pins, r->n_pins, &r->answer, &err)) {
		console_fail(p->screen->ui, &err);
		return;
	}
	r->solved = true;
	r->below = true;
	list_answer(r);
	explain(r);
}

static void
propose(struct page *p)
{
	struct resources_page *r = p->state;
	struct err err = ERR_NONE;

	need_list_clear(&r->needs);
	r->n_pins = 0;
	if (!dispatch_needs(console_store(p->screen->ui), p->incident, &r->needs, &err))
		console_fail(p->screen->ui, &err);
	else
		solve(p);
}

/* Fix the line, or rule its source out; the same key again takes that back. */
static void
pin(struct page *p, enum pair_rule rule)
{
	struct resources_page *r = p->state;
	const struct proposed *line = table_row(&r->proposal);

	if (!line || !line->line || !r->below)
		return;
	for (size_t i = 0; i < r->n_pins; i++)
		if (r->pins[i].source == line->line->source &&
		    strcmp(r->pins[i].code, line->line->code) == 0) {
			r->pins[i] = r->pins[--r->n_pins];
			solve(p);
			return;
		}
	if (r->n_pins == PINS_MAX)
		return;
	r->pins[r->n_pins] = (struct allocation_pin){.incident = p->incident,
	    .source = line->line->source,
	    .rule = rule,
	    .amount = rule == PAIR_LOCKED ? line->line->amount : 0};
	utf8_copy(r->pins[r->n_pins].code, sizeof(r->pins[0].code), line->line->code);
	r->n_pins++;
	solve(p);
}

static void
answer_need(struct screen *s, const char *text, void *data)
{
	struct page *p = data;
	struct resources_page *r = p->state;
	const char *last = strrchr(text, ' ');
	struct err err = ERR_NONE;
	char name[64];
	char *end;
	long long amount = last ? strtoll(last + 1, &end, 10) : -1;

	if (!last || amount < 0 || *end) {
		console_say(s->ui, _("A name and an amount are expected, as: sandbags 5000"));
		return;
	}
	cut_format(name, sizeof(name), "%.*s", (int)(last - text), text);
	if (!need_set(console_store(s->ui), &r->needs, p->incident, name, amount, &err))
		console_fail(s->ui, &err);
	else
		solve(p);
}

static void
ask_need(struct page *p)
{
	struct resources_page *r = p->state;
	const struct proposed *line = table_row(&r->proposal);
	char now[96];

	if (line && r->below)
		cut_format(
		    now, sizeof(now), "%s %lld", line->need->name, (long long)line->need->amount);
	else
		now[0] = '\0';
	console_prompt(p->screen->ui, _("Need (name amount)"), now, answer_need, p);
}

/* Nothing is committed unasked. Reserved: the stock and the teams are held, nobody is told. */
static void
commit_as(struct screen *s, struct page *p, bool reserve)
{
	struct resources_page *r = p->state;
	char *lines = allocation_lines_text(&r->answer, p->incident);
	json_t *args = json_pack("{s:I, s:s}", "incident", (json_int_t)p->incident, "lines", lines);

	if (reserve)
		json_object_set_new(args, "reserve", json_true());
	if (console_do(s->ui, "allocation.commit", args, NULL)) {
		free_answer(r);
		r->below = false;
	}
	free(lines);
}

static void
commit(struct screen *s, void *data)
{
	commit_as(s, data, false);
}

static void
reserve(struct screen *s, void *data)
{
	commit_as(s, data, true);
}

/* --- drawing ----------------------------------------------------------------------------- */

static void
draw_proposal(struct resources_page *r, struct area a)
{
	int detail = a.rows >= 14 ? a.rows / 3 : 0, rows_of = table_lines(&r->proposal);
	char line[300];

	cut_format(line, sizeof(line), "%s  %s", _("Proposal"),
	    r->answer.summary ? r->answer.summary : "");
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	if (rows_of > a.rows - 1 - detail)
		rows_of = a.rows - 1 - detail;
	table_draw(&r->proposal, (struct area){a.y + 1, a.x, rows_of, a.columns}, r->below);
	lines_draw(&r->detail,
	    (struct area){a.y + 2 + rows_of, a.x + 1, a.rows - rows_of - 2, a.columns - 2});
}

static void
resources_draw(struct page *p, struct area a)
{
	struct resources_page *r = p->state;
	int above = r->solved ? table_lines(&r->assigned) : a.rows;

	if (r->solved && above > a.rows / 3)
		above = a.rows / 3;
	table_draw(&r->assigned, (struct area){a.y, a.x, above, a.columns}, !r->below);
	if (r->solved)
		draw_proposal(r, (struct area){a.y + above, a.x, a.rows - above, a.columns});
}

/* --- keys -------------------------------------------------------------------------------- */

enum { ACT_PROPOSE = 1, ACT_FIX, ACT_FORBID, ACT_NEED, ACT_COMMIT, ACT_RESERVE, ACT_STATE };

static const struct key_row rows[] = {
    {{'a'}, ACT_PROPOSE, N_("propose"), N_("propose teams and goods, with reasons")},
    {{'x'}, ACT_FIX, N_("fix"), N_("keep this line as it is and solve again (again: let it go)")},
    {{'f'}, ACT_FORBID, N_("rule out"), N_("do not take this source and solve again")},
    {{'+', '='}, ACT_NEED, N_("need"),
	N_("change what is needed, or add to it: name and amount, 0 takes it out")},
    {{'y'}, ACT_COMMIT, N_("send all"),
	N_("commit the proposal: stock is reserved, orders go out")},
    {{'b'}, ACT_RESERVE, NULL, N_("only reserve what is proposed: held, nobody is told yet")},
    {{'d'}, ACT_STATE, N_("movement"), N_("on the way, there, released: of the line above")},
};

/* One mark goes through both tables. */
static enum paint
resources_key(struct page *p, const struct key *key)
{
	struct resources_page *r = p->state;
	bool down = key->code == 'j' || key->code == K_DOWN,
	     up = key->code == 'k' || key->code == K_UP;

	if (!r->solved)
		r->below = false;
	if (down && !r->below && r->solved && r->proposal.n &&
	    r->assigned.cursor + 1 >= r->assigned.n)
		r->below = true, r->proposal.cursor = 0;
	else if (up && r->below && r->proposal.cursor == 0 && r->assigned.n)
		r->below = false;
	else if (!table_key(r->below ? &r->proposal : &r->assigned, key->code))
		return PAINT_PASS;
	explain(r);
	return PAINT_DRAW;
}

static void
move_on(struct page *p)
{
	const struct assignment_row *a = table_row(&((struct resources_page *)p->state)->assigned);

	if (a)
		console_form(p->screen->ui, "assign.state",
		    json_pack("{s:I}", "assignment", (json_int_t)a->id));
}

static enum paint
resources_act(struct page *p, int action)
{
	struct resources_page *r = p->state;

	switch (action) {
	case ACT_PROPOSE:
		propose(p);
		break;
	case ACT_FIX:
		pin(p, PAIR_LOCKED);
		break;
	case ACT_FORBID:
		pin(p, PAIR_FORBIDDEN);
		break;
	case ACT_NEED:
		if (!r->solved)
			propose(p);
		ask_need(p);
		break;
	case ACT_COMMIT:
	case ACT_RESERVE:
		if (!r->solved || !r->answer.n_lines)
			console_say(p->screen->ui, _("There is no proposal: a makes one."));
		else if (action == ACT_COMMIT)
			console_ask(
			    p->screen->ui, _("Send everything that is proposed?"), commit, p);
		else
			console_ask(
			    p->screen->ui, _("Reserve everything that is proposed?"), reserve, p);
		break;
	case ACT_STATE:
		move_on(p);
		break;
	}
	return PAINT_DRAW;
}

static void
resources_context(struct page *p, json_t *context)
{
	struct resources_page *r = p->state;
	const struct assignment_row *a = r->below ? NULL : table_row(&r->assigned);

	if (a)
		json_object_set_new(context, "assignment", json_integer(a->id));
}

const struct page_ops page_resources = {
    .name = "resources",
    .title = N_("Resources"),
    .size = sizeof(struct resources_page),
    .keys = KEY_TABLE(rows),
    .open = resources_open,
    .load = resources_load,
    .draw = resources_draw,
    .key = resources_key,
    .act = resources_act,
    .context = resources_context,
    .close = resources_close,
};
