#include "ui/screens/split.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/link.h"
#include "ui/age.h"

#include <string.h>

#define TALL 22
#define BELOW_LEAST 6

static int
lines_below(const struct table *t, int rows)
{
	int free_lines = rows - 1 - table_lines(t);

	if (!t->n)
		return 0;
	if (rows > TALL && free_lines < rows / 2)
		return rows / 3;
	if (rows > TALL)
		return rows / 2;
	return free_lines >= BELOW_LEAST ? free_lines : 0;
}

void
split_draw(struct table *t, struct lines *details, struct area a, const char *heading,
    void (*tell)(struct lines *l, const void *row))
{
	int below = lines_below(t, a.rows), y = a.y + a.rows - below;

	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 2, heading, STYLE_BAR);
	table_draw(t, (struct area){a.y + 1, a.x, a.rows - 1 - below, a.columns}, true);
	if (!below)
		return;
	draw_bar(y, a.x, a.columns, "");
	draw_text(y, a.x + 1, a.columns - 2, _("Details"), STYLE_BAR);
	lines_reset(details);
	details->top = 0;
	if (table_row(t))
		tell(details, table_row(t));
	lines_draw(details, (struct area){y + 1, a.x, below - 1, a.columns});
}

const char *
split_matter(const char *headline, const char *issuer)
{
	static const char *const joints[] = {"发布", "：", ": ", "，", " "};
	const char *rest = headline + strlen(issuer);

	if (!*issuer || strncmp(headline, issuer, strlen(issuer)) != 0 || !*rest)
		return headline;
	for (size_t i = 0; i < COUNT_OF(joints); i++)
		if (strncmp(rest, joints[i], strlen(joints[i])) == 0 && rest[strlen(joints[i])])
			return rest + strlen(joints[i]);
	return rest;
}

void
split_empty(struct store *st, const char *nothing, char *out, size_t size)
{
	struct link_row link;
	char age[32];

	if (!link_silent(st, true, &link))
		cut_format(
		    out, size, _("%s  No link upstream is in use: that says nothing."), nothing);
	else if (!link_is_down(link.last_error, link.last_ok, clock_now()))
		cut_format(out, size, _("%s  %s was asked %s ago."), nothing, link.name,
		    age_short(clock_now() - link.last_ok, age, sizeof(age)));
	else if (link.last_ok == CLOCK_NONE)
		cut_format(out, size, _("%s  %s has never answered: that says nothing."), nothing,
		    link.name);
	else
		cut_format(out, size, _("%s  %s down %s: that says nothing."), nothing, link.name,
		    age_short(clock_now() - link.last_ok, age, sizeof(age)));
}
