#include "ui/tabs.h"

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

static void
draw_next_due(int y, int x, int columns, const struct header *h)
{
	char left[32], line[160];

	if (h->next_due == CLOCK_NONE || columns < 12)
		return;
	cut_format(
	    line, sizeof(line), "%s  %s", h->next_label, age_left(h->next_due, left, sizeof(left)));
	if (draw_columns(line) > columns)
		utf8_copy(line, sizeof(line), left);
	draw_right(y, x, columns, line, age_style(h->next_due, 30 * CLOCK_MINUTE));
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
