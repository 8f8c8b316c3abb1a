/* 抽查: an upper duty room asks, and all answers stand on one page; the call is logged from here.
 */
#include "base/buf.h"
#include "base/i18n.h"
#include "duty/duty.h"
#include "ui/pager.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

struct spot {
	struct pager pager;
};

static bool
spot_open(struct screen *s, struct err *err)
{
	if (console_scope(s->ui))
		return err_set(err, ERR_REFUSED, _("A spot check is answered by the duty room."));
	pager_init(&((struct spot *)s->state)->pager);
	return true;
}

static void
spot_load(struct screen *s)
{
	struct buf text = BUF_MAX(1 << 20);

	duty_spot_text(console_store(s->ui), &text);
	pager_set(&((struct spot *)s->state)->pager, buf_str(&text));
	buf_clear(&text);
}

static void
spot_draw(struct screen *s, struct area a)
{
	struct spot *p = s->state;

	draw_bar(a.y, a.x, a.columns, "");
	draw_text(a.y, a.x + 1, a.columns - 2,
	    _("Spot check: who leads, responses, matters, rain and water"), STYLE_BAR);
	pager_draw(&p->pager, (struct area){a.y + 1, a.x + 1, a.rows - 1, a.columns - 2});
}

static const struct key_row rows[] = {
    {{'a', K_ENTER}, 1, N_("log the call"), N_("log the call: who asked, what was answered")},
};

static enum paint
spot_act(struct screen *s, int action)
{
	(void)action;
	console_form(s->ui, "spot.record", NULL);
	return PAINT_DRAW;
}

static enum paint
spot_key(struct screen *s, const struct key *key)
{
	return key->code != K_ENTER && pager_key(&((struct spot *)s->state)->pager, key->code)
		   ? PAINT_DRAW
		   : PAINT_PASS;
}

static void
spot_close(struct screen *s)
{
	pager_clear(&((struct spot *)s->state)->pager);
}

const struct screen_ops screen_spot = {
    .name = "spot",
    .title = N_("Spot check"),
    .size = sizeof(struct spot),
    .keys = KEY_TABLE(rows),
    .open = spot_open,
    .load = spot_load,
    .draw = spot_draw,
    .act = spot_act,
    .key = spot_key,
    .close = spot_close,
};
