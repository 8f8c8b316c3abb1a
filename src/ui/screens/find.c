/* Full-text search over everything the store holds: newest first, one line a hit, Enter goes there.
 */
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/mem.h"
#include "incident/incident.h"
#include "store/journal.h"
#include "store/search.h"
#include "ui/screens/screens.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define HITS_MAX 200

struct find {
	struct table table;
	struct search_hit *hits;
	char words[200];
};

static const struct column columns[] = {
    {N_("where"), 10, 0, 0, false},
    {N_("words"), 0, 1, 0, false},
};

static const struct {
	const char *kind, *label; /* N_() */
} kinds[] = {
    {"incident", N_("incident")},
    {"call", N_("call")},
    {"journal", N_("journal")},
    {"plan", N_("plan")},
    {"report", N_("report")},
    {"order", N_("order")},
    {"inbox", N_("inbox")},
};

static void
find_cell(void *context, const void *row, size_t column, struct cell *cell)
{
	const struct search_hit *hit = row;

	(void)context;
	if (column == 1) {
		cut_format(
		    cell->text, sizeof(cell->text), "%s%s", hit->cut ? ".." : "", hit->snippet);
		return;
	}
	utf8_copy(cell->text, sizeof(cell->text), hit->kind);
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].kind, hit->kind) == 0)
			utf8_copy(cell->text, sizeof(cell->text), _(kinds[i].label));
}

static int64_t
find_id(const void *row)
{
	return ((const struct search_hit *)row)->ref;
}

static const struct table_ops ops = {
    .row_size = sizeof(struct search_hit),
    .columns = columns,
    .n_columns = COUNT_OF(columns),
    .id = find_id,
    .cell = find_cell,
};

static bool
find_open(struct screen *s, struct err *err)
{
	struct find *f = s->state;

	(void)err;
	table_init(&f->table, &ops, s);
	f->table.empty = N_("Nothing was found.");
	utf8_copy(f->words, sizeof(f->words), s->argument ? s->argument : "");
	return true;
}

static void
find_load(struct screen *s)
{
	struct find *f = s->state;
	struct search_hit *old = f->hits;
	size_t n;

	f->hits = mem_zero(HITS_MAX, sizeof(*f->hits));
	n = search_find_for(
	    console_store(s->ui), console_actor(s->ui), NULL, f->words, 0, f->hits, HITS_MAX, NULL);
	for (size_t i = 0; i < n; i++)
		incident_mask_hit(console_store(s->ui), console_actor(s->ui), &f->hits[i]);
	table_set(&f->table, f->hits, n);
	free(old);
}

static void
find_draw(struct screen *s, struct area a)
{
	struct find *f = s->state;
	char line[300];

	cut_format(line, sizeof(line),
	    f->table.n == HITS_MAX ? _("Find \"%s\": the newest %zu") : _("Find \"%s\": %zu"),
	    f->words, f->table.n);
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 2, line, STYLE_BAR);
	table_draw(&f->table, (struct area){a.y + 1, a.x, a.rows - 1, a.columns}, true);
}

static const struct key_row rows[] = {
    {{K_ENTER, 'l', K_RIGHT}, 1, N_("open"), N_("go to what was found")},
};

/* A call is found under its incident, a journal row as well when it has one. */
static void
go_there(struct screen *s, const struct search_hit *hit)
{
	struct journal_row row;

	if (screens_open_thing(s->ui, hit->kind, hit->ref))
		return;
	if (strcmp(hit->kind, "journal") == 0 &&
	    journal_get(console_store(s->ui), hit->ref, &row)) {
		console_open(s->ui, row.incident ? &screen_incident : &screen_journal, row.incident,
		    "timeline");
		journal_row_clear(&row);
		return;
	}
	console_show_text(s->ui, hit->kind, hit->snippet);
}

static enum paint
find_act(struct screen *s, int action)
{
	struct find *f = s->state;
	const struct search_hit *hit = table_row(&f->table);

	(void)action;
	if (hit)
		go_there(s, hit);
	return PAINT_DRAW;
}

static enum paint
find_key(struct screen *s, const struct key *key)
{
	return table_key(&((struct find *)s->state)->table, key->code) ? PAINT_DRAW : PAINT_PASS;
}

static bool
find_other(struct screen *s, const char *words)
{
	struct find *f = s->state;

	utf8_copy(f->words, sizeof(f->words), words);
	table_home(&f->table);
	s->waiting = true;
	return true;
}

static void
find_close(struct screen *s)
{
	free(((struct find *)s->state)->hits);
}

const struct screen_ops screen_find = {
    .name = "find",
    .title = N_("Find"),
    .size = sizeof(struct find),
    .keys = KEY_TABLE(rows),
    .open = find_open,
    .load = find_load,
    .draw = find_draw,
    .act = find_act,
    .key = find_key,
    .find = find_other,
    .close = find_close,
};
