/* 叫应: everybody who is called out, those without answer first, with whom to dial now and until
 * when. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "duty/duty.h"
#include "store/verb.h"
#include "ui/screens/duty_rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 2000

struct calls {
	struct table table;
	struct call_target *rows;
	size_t answered, breached;
	int64_t next_due;
	int64_t last; /* the newest call-out, for its paper */
};

static bool
calls_open(struct screen *s, struct err *err)
{
	struct calls *c = s->state;

	(void)err;
	table_init(&c->table, &target_row_ops, s);
	c->table.titles = true;
	c->table.empty = N_("Nobody is being called out. o begins.");
	return true;
}

static bool
is_open(const void *row)
{
	return strcmp(((const struct call_target *)row)->state, "answered") != 0;
}

static void
calls_load(struct screen *s)
{
	struct calls *c = s->state;
	struct call_target *old = c->rows;
	struct callout_row last;
	size_t n;

	c->rows = mem_zero(ROWS_MAX, sizeof(*c->rows));
	n = duty_targets(console_store(s->ui), 0, console_scope(s->ui), c->rows, ROWS_MAX);
	c->answered = c->breached = 0;
	c->next_due = CLOCK_NONE;
	for (size_t i = 0; i < n; i++) {
		/* What has passed counts from that moment, not from when the breach is written. */
		c->breached += c->rows[i].breached != CLOCK_NONE ||
			       (is_open(&c->rows[i]) && c->rows[i].due < clock_now());
		if (!is_open(&c->rows[i]))
			c->answered++;
		else if (c->next_due == CLOCK_NONE || c->rows[i].due < c->next_due)
			c->next_due = c->rows[i].due;
	}
	c->last = duty_callouts(console_store(s->ui), false, 0, &last, 1) ? last.id : 0;
	rows_set_waiting(&c->table, c->rows, n, is_open);
	free(old);
}

static void
calls_draw(struct screen *s, struct area a)
{
	struct calls *c = s->state;
	char line[128];

	cut_format(line, sizeof(line), _("Call-out: %zu of %zu answered, %zu past the limit"),
	    c->answered, c->table.n, c->breached);
	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&c->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

enum { ACT_ANSWER = 1, ACT_MISS, ACT_START, ACT_DETAIL, ACT_CLOSE, ACT_PAPER, ACT_CSV };

static const struct key_row rows[] = {
    {{'a'}, ACT_ANSWER, N_("answered"), N_("it was answered: by whom, and what was read back")},
    {{'m'}, ACT_MISS, N_("no answer"), N_("no answer; after the second the next contact is up")},
    {{K_ENTER, 'l', K_RIGHT}, ACT_DETAIL, N_("its calls"),
	N_("every try, and the contacts still to come")},
    {{'o'}, ACT_START, N_("begin call-out"), N_("begin a call-out")},
    {{'c'}, ACT_CLOSE, N_("close"), N_("close the call-out")},
    {{'p'}, ACT_PAPER, N_("on paper"),
	N_("the call-out of the line under the mark as a paper, else the newest")},
    {{'e'}, ACT_CSV, N_("as CSV"),
	N_("the same as comma-separated values, for a spreadsheet: everybody called a line")},
};

static const char *
calls_verb_of(int action)
{
	static const char *const verbs[] = {[ACT_ANSWER] = "callout.answer",
	    [ACT_MISS] = "callout.miss",
	    [ACT_START] = "callout.start",
	    [ACT_CLOSE] = "callout.close",
	    [ACT_CSV] = NULL};

	return verbs[action];
}

static enum paint
calls_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct calls *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static void
show_target(struct screen *s, const struct call_target *t)
{
	struct buf text = BUF_MAX(1 << 20);

	if (duty_target_text(console_store(s->ui), t->id, &text))
		console_show_text(s->ui, t->name, buf_str(&text));
	buf_clear(&text);
}

/* A whole call-out, as a paper or for a spreadsheet: it tells of everybody, so it is the duty room's. */
static void
show_callout(struct screen *s, int64_t callout, bool csv)
{
	struct buf text = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;

	if (console_scope(s->ui))
		console_say(s->ui, "%s", _("It tells of everybody called: the duty room has it."));
	else if (!callout)
		console_say(s->ui, "%s", _("No call-out yet. o begins one."));
	else if (csv ? duty_callout_csv(console_store(s->ui), callout, &text, &err)
		     : duty_callout_text(console_store(s->ui), callout, &text, &err))
		console_show_text(
		    s->ui, csv ? _("Call-out as CSV") : _("Call-out"), buf_str(&text));
	else
		console_fail(s->ui, &err);
	buf_clear(&text);
}

static enum paint
calls_act(struct screen *s, int action)
{
	struct calls *c = s->state;
	const struct call_target *t = table_row(&c->table);

	if (action == ACT_START)
		console_form(s->ui, "callout.start", NULL);
	else if (action == ACT_PAPER || action == ACT_CSV)
		show_callout(s, t ? t->callout : c->last, action == ACT_CSV);
	else if (action == ACT_CLOSE)
		console_form(s->ui, "callout.close",
		    t ? json_pack("{s:I}", "callout", (json_int_t)t->callout) : NULL);
	else if (t && action == ACT_ANSWER)
		console_form(s->ui, "callout.answer",
		    json_pack("{s:I, s:s}", "target", (json_int_t)t->id, "by", t->person));
	else if (t && action == ACT_MISS)
		console_do(
		    s->ui, "callout.miss", json_pack("{s:I}", "target", (json_int_t)t->id), NULL);
	else if (t && action == ACT_DETAIL)
		show_target(s, t);
	return PAINT_DRAW;
}

static json_t *
calls_context(struct screen *s)
{
	const struct call_target *t = table_row(&((struct calls *)s->state)->table);

	return t ? json_pack(
		       "{s:I, s:I}", "target", (json_int_t)t->id, "callout", (json_int_t)t->callout)
		 : NULL;
}

static int64_t
calls_countdown(struct screen *s)
{
	return ((struct calls *)s->state)->next_due;
}

static void
calls_close(struct screen *s)
{
	free(((struct calls *)s->state)->rows);
}

const struct screen_ops screen_callout = {
    .name = "callout",
    .title = N_("Call-out"),
    .size = sizeof(struct calls),
    .keys = KEY_TABLE(rows),
    .verb_of = calls_verb_of,
    .open = calls_open,
    .load = calls_load,
    .draw = calls_draw,
    .act = calls_act,
    .key = calls_key,
    .context = calls_context,
    .countdown = calls_countdown,
    .close = calls_close,
};
