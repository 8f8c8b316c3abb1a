/* One frame: what is fetched for it, and how it is put together. */
#include "ui/console_inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "people/people.h"
#include "ui/screens/screens.h"
#include "ui/tabs.h"
#include "ui/term.h"

/*
 * The header is read again when the store or the minute changed, the screen also when it asked for
 * it.
 */
void
frame_load(struct console *c, struct screen *s)
{
	struct err err = ERR_NONE;
	bool ring = false;

	store_read_begin(c->st);
	if (c->stale) {
		header_load(&c->header, c->st, &c->actor);
		c->idle_minutes = people_idle_minutes(c->st);
		c->header_read = clock_now();
		c->header_minute = c->header_read / CLOCK_MINUTE;
		ring = bell_due(
		    &c->bell, c->st, c->header.matters, c->header.n_matters, c->header_read);
	}
	if (s->ops->load)
		s->ops->load(s);
	s->waiting = false;
	s->loaded = true;
	if (!store_read_end(c->st, &err))
		console_fail(c, &err);
	if (ring)
		term_bell();
}

void
frame_draw(struct console *c)
{
	const struct key_table *tables[5];
	int rows_ = term_rows(), columns = term_columns();
	struct area a = {2, 0, rows_ - 4, columns};
	struct screen *s = console_top(c);
	size_t n;

	draw_begin();
	if (term_too_small()) {
		draw_text(
		    0, 0, columns, _("The window is too small; nothing is lost."), STYLE_NORMAL);
		return;
	}
	header_draw(&c->header, 0, columns);
	tabs_draw(1, columns, tabs_at(c->present), &c->header);
	s->ops->draw(s, a);
	if (c->command.open) {
		cmdline_draw(&c->command, rows_ - 2, columns, a);
		if (c->bottom.message && c->bottom.style == STYLE_URGENT) {
			draw_fill(rows_ - 3, 0, columns, STYLE_NORMAL);
			bottom_draw_message(&c->bottom, rows_ - 3, columns, 3);
		}
		return;
	}
	n = keys_hints(s, tables);
	key_draw_hints(rows_ - 1, 1, columns - 2, tables, n, keys_typing(s));
	if (c->choosing)
		popup_draw(&c->popup, a);
	bottom_draw(&c->bottom, rows_ - 2, columns, c->choosing ? 1 : 3);
}
