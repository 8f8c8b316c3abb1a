/*
 * 电话记录, by one key from anywhere: the form of phone.record, and below it who the number belongs
 * to and what came from it before, as soon as four digits stand there. So one begins with the
 * number, and Enter goes from it to what was said; Tab goes to the fields between.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "duty/duty.h"
#include "store/verb.h"
#include "ui/age.h"
#include "ui/form.h"
#include "ui/lines.h"
#include "ui/saved.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define HISTORY_MAX 8

struct phone {
	struct form form;
	struct saved saved;
	struct lines history;
	char *number; /* owned: the history is of */
	bool opened;
};

static size_t
field_of(const struct phone *p, const char *name)
{
	size_t i = 0;

	while (i + 1 < p->form.n && strcmp(p->form.fields[i].param->name, name) != 0)
		i++;
	return i;
}

static const char *
typed_number(const struct phone *p)
{
	const char *number = p->form.fields[field_of(p, "phone")].text.text;

	return number ? number : "";
}

static void
look_up(struct screen *s)
{
	struct phone *p = s->state;
	const char *number = typed_number(p);
	struct caller_line lines[HISTORY_MAX];
	size_t n;
	char at[40];

	if (p->number && strcmp(p->number, number) == 0)
		return;
	free(p->number);
	p->number = mem_dup(number);
	lines_reset(&p->history);
	n = duty_caller(console_store(s->ui), console_actor(s->ui), number, lines, HISTORY_MAX);
	for (size_t i = 0; i < n; i++)
		lines_add(&p->history,
		    lines[i].at == CLOCK_NONE ? lines[i].kind
					      : age_stamp(lines[i].at, at, sizeof(at)),
		    lines[i].at == CLOCK_NONE ? STYLE_STRONG : STYLE_NORMAL, "%s", lines[i].text);
}

static bool
phone_open(struct screen *s, struct err *err)
{
	struct phone *p = s->state;
	const struct verb *verb = verb_find(console_store(s->ui), "phone.record");
	const char *left;

	if (!verb_allowed(console_actor(s->ui), verb))
		return err_set(
		    err, ERR_REFUSED, _("Your role may not do this: %s"), _(verb->summary));
	form_open(&p->form, console_store(s->ui), console_actor(s->ui), verb, NULL);
	lines_init(&p->history);
	p->opened = true;
	p->form.focus = field_of(p, "phone");
	left = saved_open(&p->saved, s->ui, "form.phone.record.0");
	if (*left) {
		form_restore(&p->form, left);
		console_say(s->ui, _("What was typed here before is back."));
	}
	look_up(s);
	return true;
}

static void
phone_draw(struct screen *s, struct area a)
{
	struct phone *p = s->state;
	int history = p->history.n ? (int)p->history.n + 1 : 0;
	char state[64];

	history = history > a.rows / 3 ? a.rows / 3 : history;
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 30, _("Telephone record"), STYLE_BAR);
	draw_right(
	    a.y, a.x, a.columns - 1, saved_state(&p->saved, state, sizeof(state)), STYLE_BAR);
	form_draw(&p->form, (struct area){a.y + 1, a.x, a.rows - 1 - history, a.columns});
	if (!history)
		return;
	draw_bar(a.y + a.rows - history, a.x, a.columns, _(" This number"));
	lines_draw(
	    &p->history, (struct area){a.y + a.rows - history + 1, a.x, history - 1, a.columns});
}

static void
submit(struct screen *s)
{
	struct phone *p = s->state;
	json_t *args = form_args(&p->form);

	if (!args)
		return;
	if (!console_do(s->ui, "phone.record", args, NULL)) {
		screen_touch(s);
		return;
	}
	s->dirty = false;
	saved_discard(&p->saved);
	screen_done(s);
}

static enum paint
phone_key(struct screen *s, const struct key *key)
{
	struct phone *p = s->state;
	size_t text = field_of(p, "text");

	if (key->code == K_ENTER && p->form.focus == field_of(p, "phone") &&
	    p->form.fields[text].text.size == 0) {
		p->form.focus = text;
		return PAINT_DRAW;
	}
	switch (form_key(&p->form, key)) {
	case FORM_PASS:
		return PAINT_PASS;
	case FORM_CHANGED:
		console_calm(s->ui);
		screen_touch(s);
		look_up(s);
		break;
	case FORM_SUBMIT:
		submit(s);
		break;
	case FORM_STAYS:
		break;
	}
	return PAINT_DRAW;
}

static void
phone_save(struct screen *s)
{
	struct phone *p = s->state;
	char *text;

	if (form_is_empty(&p->form))
		return;
	text = form_text(&p->form);
	saved_write(&p->saved, text);
	free(text);
}

static void
phone_close(struct screen *s)
{
	struct phone *p = s->state;

	if (!p->opened)
		return;
	form_close(&p->form);
	saved_close(&p->saved);
	lines_clear(&p->history);
	free(p->number);
}

/* All of them are keys of form.h or the console's: the rows are for hints and help. */
static const struct key_row rows[] = {
    {{CTRL_KEY('s'), K_F(10)}, 1, N_("do it"), N_("finish: do what the form says")},
    {{K_TAB}, 2, N_("next field"), N_("the next field (S-Tab: the one before)")},
    {{K_ESC}, 4, N_("leave, kept"), N_("leave; what is typed stays as a draft")},
};

static enum paint
phone_act(struct screen *s, int action)
{
	(void)s;
	(void)action;
	return PAINT_PASS;
}

const struct screen_ops screen_phone = {
    .name = "phone",
    .title = N_("Telephone record"),
    .size = sizeof(struct phone),
    .typing = true,
    .keys = KEY_TABLE(rows),
    .open = phone_open,
    .draw = phone_draw,
    .act = phone_act,
    .key = phone_key,
    .save = phone_save,
    .close = phone_close,
};
