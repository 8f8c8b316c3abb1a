/* A long text over the screen: help, a plan read through, a report as it goes out. */
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/pager.h"
#include "ui/screens/screens.h"

#include <stdlib.h>
#include <string.h>

struct reader_state {
	struct pager pager;
	char *title; /* owned */
};

static bool
reader_open(struct screen *s, struct err *err)
{
	struct reader_state *r = s->state;
	const char *feed = strchr(s->argument, '\n');

	(void)err;
	pager_init(&r->pager);
	r->title = mem_dupn(s->argument, feed ? (size_t)(feed - s->argument) : strlen(s->argument));
	pager_set(&r->pager, feed ? feed + 1 : "");
	return true;
}

static void
reader_draw(struct screen *s, struct area a)
{
	struct reader_state *r = s->state;
	char place[16];

	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 10, r->title, STYLE_BAR);
	pager_draw(&r->pager, (struct area){a.y + 1, a.x + 1, a.rows - 1, a.columns - 2});
	pager_place(&r->pager, place, sizeof(place));
	draw_right(a.y, a.x, a.columns - 1, place, STYLE_BAR);
}

static enum paint
reader_key(struct screen *s, const struct key *key)
{
	struct reader_state *r = s->state;

	return pager_key(&r->pager, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static bool
reader_find(struct screen *s, const char *words)
{
	return pager_search(&((struct reader_state *)s->state)->pager, words);
}

static bool
reader_again(struct screen *s, bool backwards)
{
	return pager_again(&((struct reader_state *)s->state)->pager, backwards);
}

static void
reader_close(struct screen *s)
{
	struct reader_state *r = s->state;

	pager_clear(&r->pager);
	free(r->title);
}

const struct screen_ops screen_reader = {
    .name = "reader",
    .title = N_("Reading"),
    .size = sizeof(struct reader_state),
    .open = reader_open,
    .draw = reader_draw,
    .key = reader_key,
    .find = reader_find,
    .find_again = reader_again,
    .close = reader_close,
};
