/*
 * The form of any verb. Its draft is named after the verb and the thing it is about, so that two
 * incidents' forms do not meet.
 */
#include "ui/form.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/saved.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

struct form_state {
	struct form form;
	struct saved saved;
	bool opened;
};

/* The first thing among the preset values: what the form is about. */
static int64_t
subject_of(const struct verb *verb, json_t *preset)
{
	for (size_t i = 0; i < verb->n_params; i++)
		if (verb->params[i].type == ARG_THING &&
		    json_object_get(preset, verb->params[i].name))
			return json_integer_value(json_object_get(preset, verb->params[i].name));
	return 0;
}

static const struct verb *
allowed_verb(struct screen *s, const char *name, struct err *err)
{
	const struct verb *verb = verb_find(console_store(s->ui), name);

	if (!verb)
		err_set(err, ERR_NOT_FOUND, _("There is no command \"%s\"."), name);
	else if (!verb_allowed(console_actor(s->ui), verb))
		err_set(err, ERR_REFUSED, _("Your role may not do this: %s"), _(verb->summary));
	else
		return verb;
	return NULL;
}

static bool
form_screen_open(struct screen *s, struct err *err)
{
	struct form_state *f = s->state;
	const char *blank = strchr(s->argument, ' '), *left;
	char *name = mem_dupn(s->argument, (size_t)(blank - s->argument)), draft[64];
	const struct verb *verb = allowed_verb(s, name, err);
	json_t *preset;

	free(name);
	if (!verb)
		return false;
	preset = json_loads(blank + 1, 0, NULL);
	cut_format(draft, sizeof(draft), "form.%.30s.%lld", verb->name,
	    (long long)subject_of(verb, preset));
	form_open(&f->form, console_store(s->ui), console_actor(s->ui), verb, preset);
	f->opened = true;
	left = saved_open(&f->saved, s->ui, draft);
	if (*left) {
		form_restore(&f->form, left);
		console_say(s->ui, _("What was typed here before is back."));
	}
	json_decref(preset);
	return true;
}

static void
form_screen_draw(struct screen *s, struct area a)
{
	struct form_state *f = s->state;
	char state[64];

	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 30, _(f->form.verb->summary), STYLE_BAR);
	draw_right(
	    a.y, a.x, a.columns - 1, saved_state(&f->saved, state, sizeof(state)), STYLE_BAR);
	form_draw(&f->form, (struct area){a.y + 2, a.x, a.rows - 2, a.columns});
}

static void
submit(struct screen *s)
{
	struct form_state *f = s->state;
	json_t *args = form_args(&f->form);

	if (!args)
		return;
	if (!console_do(s->ui, f->form.verb->name, args, NULL)) {
		screen_touch(s);
		return;
	}
	s->dirty = false;
	saved_discard(&f->saved);
	screen_done(s);
}

static enum paint
form_screen_key(struct screen *s, const struct key *key)
{
	struct form_state *f = s->state;

	switch (form_key(&f->form, key)) {
	case FORM_PASS:
		return PAINT_PASS;
	case FORM_STAYS:
		return PAINT_DRAW;
	case FORM_CHANGED:
		console_calm(s->ui);
		screen_touch(s);
		return PAINT_DRAW;
	case FORM_SUBMIT:
		submit(s);
		return PAINT_DRAW;
	}
	return PAINT_PASS;
}

static void
form_screen_save(struct screen *s)
{
	struct form_state *f = s->state;
	char *text;

	if (form_is_empty(&f->form))
		return;
	text = form_text(&f->form);
	if (strcmp(text, "{}") == 0)
		saved_discard(&f->saved); /* all of it was erased */
	else
		saved_write(&f->saved, text);
	free(text);
}

static void
form_screen_close(struct screen *s)
{
	struct form_state *f = s->state;

	if (!f->opened)
		return;
	form_close(&f->form);
	saved_close(&f->saved);
}

/* All of them are keys of form.h or the console's: the rows are for hints and help. */
static const struct key_row rows[] = {
    {{CTRL_KEY('s'), K_F(10)}, 1, N_("do it"), N_("finish: do what the form says")},
    {{K_TAB}, 2, N_("next field"), N_("the next field (S-Tab: the one before)")},
    {{CTRL_KEY('z')}, 3, NULL, N_("undo typing (M-z: again)")},
    {{K_ESC}, 4, N_("leave, kept"), N_("leave; what is typed stays as a draft")},
};

static enum paint
form_screen_act(struct screen *s, int action)
{
	(void)s;
	(void)action;
	return PAINT_PASS;
}

const struct screen_ops screen_form = {
    .name = "form",
    .title = N_("Form"),
    .size = sizeof(struct form_state),
    .typing = true,
    .keys = KEY_TABLE(rows),
    .open = form_screen_open,
    .draw = form_screen_draw,
    .act = form_screen_act,
    .key = form_screen_key,
    .save = form_screen_save,
    .close = form_screen_close,
};
