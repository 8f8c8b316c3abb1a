/* One plan, read through: searched, walked, and begun from. */
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "plan/plan.h"
#include "ui/pager.h"
#include "ui/screens/response_start.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>

struct plan_screen {
	struct pager pager;
	struct plan_row row;
	int64_t incident; /* it is read for, 0 none */
};

static bool
plan_screen_open(struct screen *s, struct err *err)
{
	struct plan_screen *p = s->state;

	if (!plan_get(console_store(s->ui), s->subject, &p->row))
		return err_set(err, ERR_NOT_FOUND, _("There is no such plan here."));
	p->incident = s->argument ? strtoll(s->argument, NULL, 10) : 0;
	pager_init(&p->pager);
	return true;
}

static void
plan_screen_load(struct screen *s)
{
	struct plan_screen *p = s->state;
	struct buf text = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;

	if (plan_text(console_store(s->ui), s->subject, &text, &err))
		pager_set(&p->pager, buf_str(&text));
	else
		console_fail(s->ui, &err);
	buf_clear(&text);
}

static void
plan_screen_draw(struct screen *s, struct area a)
{
	struct plan_screen *p = s->state;
	char line[200], place[16];

	cut_format(line, sizeof(line), "%s  %s", p->row.name, p->row.version_text);
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 10, line, STYLE_BAR);
	pager_draw(&p->pager, (struct area){a.y + 1, a.x + 1, a.rows - 1, a.columns - 2});
	pager_place(&p->pager, place, sizeof(place));
	draw_right(a.y, a.x, a.columns - 1, place, STYLE_BAR);
}

enum { ACT_BEGIN = 1, ACT_FINDING };

static const struct key_row rows[] = {
    {{'b'}, ACT_BEGIN, N_("begin response"), N_("begin a response with this plan")},
    {{'f'}, ACT_FINDING, N_("finding"),
	N_("note what a drill or a real event showed about this plan")},
};

static void
answer_incident(struct screen *s, const struct popup_item *item, void *data)
{
	(void)data;
	response_start_form(s, item->id, s->subject, 0);
}

static enum paint
plan_screen_act(struct screen *s, int action)
{
	struct plan_screen *p = s->state;

	if (action == ACT_FINDING)
		console_form(
		    s->ui, "plan.finding", json_pack("{s:I}", "plan", (json_int_t)s->subject));
	else if (p->incident)
		response_start_form(s, p->incident, s->subject, 0);
	else
		console_choose_thing(
		    s->ui, _("For which incident?"), "incident", answer_incident, NULL);
	return PAINT_DRAW;
}

static enum paint
plan_screen_key(struct screen *s, const struct key *key)
{
	return pager_key(&((struct plan_screen *)s->state)->pager, key->code) ? PAINT_DRAW
									      : PAINT_PASS;
}

static bool
plan_screen_find(struct screen *s, const char *words)
{
	return pager_search(&((struct plan_screen *)s->state)->pager, words);
}

static bool
plan_screen_again(struct screen *s, bool backwards)
{
	return pager_again(&((struct plan_screen *)s->state)->pager, backwards);
}

static json_t *
plan_screen_context(struct screen *s)
{
	struct plan_screen *p = s->state;
	json_t *context = json_pack("{s:I}", "plan", (json_int_t)s->subject);

	if (p->incident)
		json_object_set_new(context, "incident", json_integer(p->incident));
	return context;
}

static void
plan_screen_close(struct screen *s)
{
	pager_clear(&((struct plan_screen *)s->state)->pager);
}

const struct screen_ops screen_plan = {
    .name = "plan",
    .title = N_("Plan"),
    .size = sizeof(struct plan_screen),
    .keys = KEY_TABLE(rows),
    .open = plan_screen_open,
    .load = plan_screen_load,
    .draw = plan_screen_draw,
    .act = plan_screen_act,
    .key = plan_screen_key,
    .find = plan_screen_find,
    .find_again = plan_screen_again,
    .context = plan_screen_context,
    .close = plan_screen_close,
};
