/*
 * 资源: what the county has, a kind a page: teams, stock, depots, shelters, hospitals, experts,
 * equipment, enterprises. Found by name, part of a name, alias or pinyin initials; each list a
 * window over the store.
 */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "resource/resource.h"
#include "ui/screens/resource_rows.h"
#include "ui/screens/screens.h"
#include "ui/text.h"

#include <string.h>

struct resources {
	struct resource_list lists[RESOURCE_LISTS];
	size_t present;
	char words[96];
	bool free_only;
};

static struct resource_list *
present(struct screen *s)
{
	struct resources *r = s->state;

	return &r->lists[r->present];
}

static bool
resources_open(struct screen *s, struct err *err)
{
	struct resources *r = s->state;

	(void)err;
	for (size_t i = 0; i < RESOURCE_LISTS; i++)
		resource_list_init(&r->lists[i], i, console_store(s->ui));
	return true;
}

static void
resources_load(struct screen *s)
{
	table_load(&present(s)->table);
}

static void
resources_draw(struct screen *s, struct area a)
{
	struct resources *r = s->state;
	char line[160];
	int x = a.x + 1, gap = a.columns >= 100 ? 2 : 1;

	draw_bar(a.y, a.x, a.columns, "");
	cut_format(line, sizeof(line), "%s%s%s%s", _("Resources"), *r->words ? "  /" : "", r->words,
	    r->free_only ? _("  free only") : "");
	draw_cut(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	for (size_t i = 0; i < RESOURCE_LISTS; i++)
		x += draw_text(a.y + 1, x, a.columns - x, _(resource_list_title(i)),
			 i == r->present ? STYLE_FOUND : STYLE_NORMAL) +
		     gap;
	table_draw(&present(s)->table, (struct area){a.y + 2, a.x, a.rows - 2, a.columns}, true);
}

enum { ACT_NEXT = 1, ACT_BEFORE, ACT_FREE, ACT_ALL, ACT_OPEN, ACT_SET };

static const struct key_row rows[] = {
    {{K_TAB, ']'}, ACT_NEXT, N_("next kind"), N_("the next kind (S-Tab: the one before)")},
    {{K_BACKTAB, '['}, ACT_BEFORE, NULL, N_("the kind before")},
    {{K_ENTER, 'l', K_RIGHT}, ACT_OPEN, N_("details"),
	N_("everything about the line under the mark")},
    {{'f'}, ACT_FREE, N_("free/all"), N_("show only what is free now, or all")},
    {{'a'}, ACT_ALL, N_("all"), N_("show everything again")},
    {{'e'}, ACT_SET, N_("change"), N_("change it: confirm a team, count a stock or a shelter")},
};

static void
filter(struct screen *s)
{
	struct resources *r = s->state;

	for (size_t i = 0; i < RESOURCE_LISTS; i++) {
		r->lists[i].filter.words = *r->words ? r->words : NULL;
		r->lists[i].filter.free_only = r->free_only;
		if (i != r->present)
			table_clear(&r->lists[i].table);
	}
	table_home(&present(s)->table);
}

static enum paint
resources_act(struct screen *s, int action)
{
	struct resources *r = s->state;
	const void *row = table_row(&present(s)->table);
	char *text;

	switch (action) {
	case ACT_NEXT:
	case ACT_BEFORE:
		r->present =
		    (r->present + (action == ACT_NEXT ? 1 : RESOURCE_LISTS - 1)) % RESOURCE_LISTS;
		return PAINT_LOAD;
	case ACT_FREE:
		r->free_only = !r->free_only;
		filter(s);
		break;
	case ACT_ALL:
		r->free_only = false;
		r->words[0] = '\0';
		filter(s);
		break;
	case ACT_OPEN:
		if (!row)
			break;
		text = resource_row_text(r->present, row);
		console_show_text(s->ui, _(resource_list_title(r->present)), text);
		free(text);
		break;
	case ACT_SET:
		if (row && !resource_row_form(s, r->present, row))
			console_say(s->ui,
			    _("There is nothing to change here; the : line has every command."));
		break;
	}
	return PAINT_DRAW;
}

static enum paint
resources_key(struct screen *s, const struct key *key)
{
	return table_key(&present(s)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static bool
resources_find(struct screen *s, const char *words)
{
	struct resources *r = s->state;

	utf8_copy(r->words, sizeof(r->words), words);
	filter(s);
	return present(s)->table.n > 0;
}

static json_t *
resources_context(struct screen *s)
{
	struct resources *r = s->state;
	const void *row = table_row(&present(s)->table);

	return row ? resource_row_context(r->present, row) : NULL;
}

static void
resources_close(struct screen *s)
{
	struct resources *r = s->state;

	for (size_t i = 0; i < RESOURCE_LISTS; i++)
		table_clear(&r->lists[i].table);
}

const struct screen_ops screen_resources = {
    .name = "resources",
    .title = N_("Resources"),
    .digit = '4',
    .size = sizeof(struct resources),
    .keys = KEY_TABLE(rows),
    .open = resources_open,
    .load = resources_load,
    .draw = resources_draw,
    .act = resources_act,
    .key = resources_key,
    .find = resources_find,
    .context = resources_context,
    .close = resources_close,
};
