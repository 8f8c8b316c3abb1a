/* 换口令: one's own secret, three times typed and never seen. */
#include "base/i18n.h"
#include "people/people.h"
#include "ui/masked.h"
#include "ui/screens/screens.h"

#include <string.h>

enum { FIELD_OLD, FIELD_NEW, FIELD_AGAIN, FIELDS };

struct secret {
	struct masked field[FIELDS];
	size_t at;
	bool has_old;
};

static const char *const labels[FIELDS] = {N_("present one"), N_("new one"), N_("again")};

static bool
secret_open(struct screen *s, struct err *err)
{
	struct secret *x = s->state;

	(void)err;
	x->has_old = people_has_secret(console_store(s->ui), console_actor(s->ui)->person);
	x->at = x->has_old ? FIELD_OLD : FIELD_NEW;
	return true;
}

static void
secret_draw(struct screen *s, struct area a)
{
	struct secret *x = s->state;

	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 2, _("Your secret"), STYLE_BAR);
	for (size_t i = x->has_old ? FIELD_OLD : FIELD_NEW; i < FIELDS; i++)
		masked_draw(&x->field[i], a.y + 2 + (int)i, a.x + 2, a.columns - 4, _(labels[i]),
		    12, i == x->at);
}

static void
wipe(struct secret *x)
{
	for (size_t i = 0; i < FIELDS; i++)
		masked_clear(&x->field[i]);
	x->at = x->has_old ? FIELD_OLD : FIELD_NEW;
}

static void
keep(struct screen *s)
{
	struct secret *x = s->state;
	struct store *st = console_store(s->ui);
	const struct actor *who = console_actor(s->ui);
	struct err err = ERR_NONE;
	bool good = strcmp(x->field[FIELD_NEW].text, x->field[FIELD_AGAIN].text) == 0 ||
		    err_set(&err, ERR_INPUT, _("The two new ones differ."));

	good = good && people_check(st, who->person, x->field[FIELD_OLD].text, &err) &&
	       people_set_secret(st, who, who->person, x->field[FIELD_NEW].text, &err);
	wipe(x);
	if (good) {
		console_say(s->ui, _("The new secret counts from now on."));
		screen_done(s);
	} else {
		console_fail(s->ui, &err);
	}
}

static enum paint
secret_key(struct screen *s, const struct key *key)
{
	struct secret *x = s->state;

	if (masked_key(&x->field[x->at], key))
		return PAINT_DRAW;
	return PAINT_PASS;
}

enum { ACT_NEXT = 1, ACT_BEFORE };

static const struct key_row rows[] = {
    {{K_ENTER, K_TAB, K_DOWN}, ACT_NEXT, N_("next field, at the end: keep"),
	N_("next field; in the last one: keep the new secret")},
    {{K_BACKTAB, K_UP}, ACT_BEFORE, NULL, N_("field before")},
};

static enum paint
secret_act(struct screen *s, int action)
{
	struct secret *x = s->state;

	if (action == ACT_BEFORE && x->at > (x->has_old ? FIELD_OLD : FIELD_NEW))
		x->at--;
	else if (action == ACT_NEXT && x->at + 1 < FIELDS)
		x->at++;
	else if (action == ACT_NEXT)
		keep(s);
	return PAINT_DRAW;
}

static void
secret_close(struct screen *s)
{
	wipe(s->state);
}

const struct screen_ops screen_secret = {
    .name = "secret",
    .title = N_("Secret"),
    .size = sizeof(struct secret),
    .typing = true,
    .keys = KEY_TABLE(rows),
    .open = secret_open,
    .draw = secret_draw,
    .act = secret_act,
    .key = secret_key,
    .close = secret_close,
};
