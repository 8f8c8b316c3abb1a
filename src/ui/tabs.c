#include "ui/tabs.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/age.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

static const struct screen_ops *const tabs[] = {
    &screen_board,
    &screen_incidents,
    &screen_plans,
    &screen_resources,
    &screen_reports,
    &screen_duty,
};

const struct screen_ops *
tabs_at(size_t i)
{
	return i < COUNT_OF(tabs) ? tabs[i] : NULL;
}

const struct screen_ops *
tabs_by_digit(uint32_t digit)
{
	for (size_t i = 0; i < COUNT_OF(tabs); i++)
		if ((uint32_t)tabs[i]->digit == digit)
			return tabs[i];
	return NULL;
}

/*
 * What runs out first, as much of it as there is room for: to whom goes first, then what it is. Of
 * which matter is always said: a time alone would be anybody's.
 */
static void
draw_next_due(int y, int x, int columns, const struct header *h)
{
	const char *const words[] = {h->next_no, h->next_what, h->next_who};
	char left[32], line[240];

	if (h->next_due == CLOCK_NONE)
		return;
	age_left(h->next_due, left, sizeof(left));
	for (size_t n = COUNT_OF(words); n > 0; n--) {
		struct buf b = BUF_MAX(sizeof(line) - 1);

		for (size_t i = 0; i < n; i++)
			buf_printf(&b, "%s%s", words[i], *words[i] ? " " : "");
		if (b.size)
			buf_printf(&b, " %s", left);
		utf8_copy(line, sizeof(line), buf_str(&b));
		buf_clear(&b);
		if (*line && draw_columns(line) <= columns) {
			draw_right(y, x, columns, line, age_style(h->next_due, 30 * CLOCK_MINUTE));
			return;
		}
	}
}

void
tabs_draw(int y, int columns, const struct screen_ops *present, const struct header *h)
{
	char tab[64];
	int x = 1, gap = columns >= 100 ? 2 : 1;

	for (size_t i = 0; i < COUNT_OF(tabs); i++) {
		cut_format(tab, sizeof(tab), "%c%s", tabs[i]->digit, _(tabs[i]->title));
		x += draw_text(
			 y, x, columns - x, tab, tabs[i] == present ? STYLE_FOUND : STYLE_NORMAL) +
		     gap;
	}
	tab[0] = '0';
	utf8_copy(tab + 1, sizeof(tab) - 1, _("More"));
	x += draw_text(y, x, columns - x, tab, STYLE_NORMAL);
	draw_next_due(y, x + 2, columns - x - 3, h);
}
