/*
 *	          rows[0] … rows[top] … rows[cursor] … rows[n-1]
 *	list:  ----[=======|=============================]--------
 *	        at_start?   shown: top … top+height-1     at_end?
 *
 * The window grows at the end one moves to and is cut at the other (WINDOW_MAX rows), so memory
 * does not depend on the list.
 */
#include "ui/table.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 80
#define WINDOW_MAX 480
#define MARK_COLUMNS 3
#define GAP 2
/* Columns that a flexible column must have for each point of its weight, when it does not say. */
#define FLEX_LEAST 8
#define COLUMNS_MAX 16

static const struct key_row rows_of_keys[] = {
    {{'j', K_DOWN}, MOVE_DOWN, NULL, N_("next line")},
    {{'k', K_UP}, MOVE_UP, NULL, N_("line before")},
    {{'g', K_HOME}, MOVE_TOP, NULL, N_("first line")},
    {{'G', K_END}, MOVE_BOTTOM, NULL, N_("last line")},
    {{CTRL_KEY('f'), K_PAGE_DOWN, ' '}, PAGE_DOWN, NULL, N_("next page")},
    {{CTRL_KEY('b'), K_PAGE_UP}, PAGE_UP, NULL, N_("page before")},
    {{CTRL_KEY('d')}, HALF_DOWN, NULL, N_("half a page down")},
    {{CTRL_KEY('u')}, HALF_UP, NULL, N_("half a page up")},
};
const struct key_table table_keys = KEY_TABLE(rows_of_keys);

void
table_init(struct table *t, const struct table_ops *ops, void *context)
{
	memset(t, 0, sizeof(*t));
	t->ops = ops;
	t->context = context;
	t->height = 20;
	t->at_start = t->at_end = true;
}

static void *
row_at(const struct table *t, size_t i)
{
	return t->rows + i * t->ops->row_size;
}

static void
drop_rows(struct table *t, size_t from, size_t to)
{
	if (!t->borrowed && t->ops->clear)
		for (size_t i = from; i < to; i++)
			t->ops->clear(row_at(t, i));
	if (to < t->n)
		memmove(row_at(t, from), row_at(t, to), (t->n - to) * t->ops->row_size);
	t->n -= to - from;
}

void
table_clear(struct table *t)
{
	if (!t->ops)
		return;
	drop_rows(t, 0, t->n);
	if (!t->borrowed)
		free(t->rows);
	t->rows = NULL;
	t->room = 0;
	t->top = t->cursor = 0;
}

int64_t
table_row_id(const void *row)
{
	int64_t id;

	memcpy(&id, row, sizeof(id));
	return id;
}

const void *
table_at(const struct table *t, size_t i)
{
	return i < t->n ? row_at(t, i) : NULL;
}

const void *
table_row(const struct table *t)
{
	return table_at(t, t->cursor);
}

bool
table_find(struct table *t, int64_t id)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->ops->id(row_at(t, i)) == id) {
			t->cursor = i;
			return true;
		}
	return false;
}

/* Keep the cursor on the screen and the screen inside the rows. */
static void
settle(struct table *t)
{
	size_t height = t->height > 0 ? (size_t)t->height : 1;

	if (t->n == 0) {
		t->top = t->cursor = 0;
		return;
	}
	if (t->cursor >= t->n)
		t->cursor = t->n - 1;
	if (t->top > t->cursor)
		t->top = t->cursor;
	if (t->cursor >= t->top + height)
		t->top = t->cursor - height + 1;
	if (t->top + height > t->n)
		t->top = t->n > height ? t->n - height : 0;
}

void
table_set(struct table *t, void *rows, size_t n)
{
	const void *old = table_row(t);
	int64_t id = old && t->ops->id ? t->ops->id(old) : 0;

	if (!t->borrowed)
		table_clear(t);
	t->borrowed = true;
	t->rows = rows;
	t->n = n;
	t->at_start = t->at_end = true;
	if (id)
		table_find(t, id);
	settle(t);
}

/* --- the window -------------------------------------------------------------------------- */

static void
make_room(struct table *t, size_t more)
{
	if (t->n + more > t->room) {
		t->room = t->n + more;
		t->rows = mem_resize(t->rows, t->room, t->ops->row_size);
	}
}

static bool
fetch_after(struct table *t)
{
	size_t n;

	if (t->at_end || t->borrowed || t->n == 0)
		return false;
	make_room(t, CHUNK);
	n = t->ops->fetch(t->context, FETCH_AFTER, row_at(t, t->n - 1), row_at(t, t->n), CHUNK);
	t->n += n;
	t->at_end = n < CHUNK;
	if (t->n > WINDOW_MAX && t->top > CHUNK) {
		size_t cut = t->top - CHUNK / 2;

		drop_rows(t, 0, cut);
		t->top -= cut;
		t->cursor -= cut;
		t->at_start = false;
	}
	return n > 0;
}

static void
reverse(struct table *t, size_t n)
{
	size_t size = t->ops->row_size;
	void *spare = mem_alloc(size);

	for (size_t i = 0; i < n / 2; i++) {
		memcpy(spare, row_at(t, i), size);
		memcpy(row_at(t, i), row_at(t, n - 1 - i), size);
		memcpy(row_at(t, n - 1 - i), spare, size);
	}
	free(spare);
}

static bool
fetch_before(struct table *t)
{
	size_t n;
	unsigned char *found;

	if (t->at_start || t->borrowed || t->n == 0)
		return false;
	found = mem_alloc(CHUNK * t->ops->row_size);
	n = t->ops->fetch(t->context, FETCH_BEFORE, row_at(t, 0), found, CHUNK);
	make_room(t, n);
	memmove(row_at(t, n), t->rows, t->n * t->ops->row_size);
	memcpy(t->rows, found, n * t->ops->row_size);
	free(found);
	t->n += n;
	reverse(t, n);
	t->top += n;
	t->cursor += n;
	t->at_start = n < CHUNK;
	if (t->n > WINDOW_MAX && t->cursor + CHUNK < t->n) {
		drop_rows(t, t->cursor + CHUNK, t->n);
		t->at_end = false;
	}
	return n > 0;
}

static void
fetch_end(struct table *t, enum fetch how)
{
	drop_rows(t, 0, t->n);
	make_room(t, CHUNK);
	t->n = t->ops->fetch(t->context, how, NULL, t->rows, CHUNK);
	t->at_start = how == FETCH_FIRST || t->n < CHUNK;
	t->at_end = how == FETCH_LAST || t->n < CHUNK;
	if (how == FETCH_LAST)
		reverse(t, t->n);
	t->top = 0;
	t->cursor = how == FETCH_LAST && t->n ? t->n - 1 : 0;
}

/* Rows enough for the screen below `top` and above it. */
static void
fill(struct table *t)
{
	size_t height = t->height > 0 ? (size_t)t->height : 1;

	while (t->n - t->top < height + 1 && fetch_after(t))
		;
	while (t->n - t->top < height && fetch_before(t))
		t->top = t->n > height ? t->n - height : 0;
	settle(t);
}

void
table_home(struct table *t)
{
	if (t->borrowed || !t->ops->fetch) {
		t->top = t->cursor = 0;
		return;
	}
	fetch_end(t, FETCH_FIRST);
	fill(t);
}

void
table_load(struct table *t)
{
	size_t offset = t->cursor - t->top;
	int64_t id;
	unsigned char *found;

	if (t->borrowed || !t->ops->fetch)
		return;
	if (t->n == 0 || (t->at_start && t->cursor == 0)) {
		table_home(t);
		return;
	}
	id = t->ops->id(row_at(t, t->cursor));
	found = mem_alloc(CHUNK * t->ops->row_size);
	size_t n = t->ops->fetch(t->context, FETCH_FROM, row_at(t, t->top), found, CHUNK);

	drop_rows(t, 0, t->n);
	make_room(t, n);
	memcpy(t->rows, found, n * t->ops->row_size);
	free(found);
	t->n = n;
	t->at_end = n < CHUNK;
	t->at_start = false;
	t->top = 0;
	t->cursor = offset;
	if (n == 0) {
		table_home(t);
		return;
	}
	table_find(t, id);
	fill(t);
}

/* --- moving ------------------------------------------------------------------------------ */

static void
go_down(struct table *t, size_t by)
{
	while (t->cursor + by >= t->n && fetch_after(t))
		;
	t->cursor = t->cursor + by < t->n ? t->cursor + by : t->n ? t->n - 1 : 0;
}

static void
go_up(struct table *t, size_t by)
{
	while (t->cursor < by && fetch_before(t))
		;
	t->cursor = t->cursor > by ? t->cursor - by : 0;
}

/* A page moves the screen and the mark together, as in less. */
static void
page(struct table *t, long by)
{
	size_t step = (size_t)(by < 0 ? -by : by);

	if (by > 0) {
		while (t->top + step + (size_t)t->height > t->n && fetch_after(t))
			;
		t->top += step;
		go_down(t, step);
	} else {
		while (t->top < step && fetch_before(t))
			;
		t->top = t->top > step ? t->top - step : 0;
		go_up(t, step);
	}
}

bool
table_key(struct table *t, uint32_t code)
{
	long whole = t->height > 1 ? t->height - 1 : 1, half = t->height > 1 ? t->height / 2 : 1;

	switch (key_action(&table_keys, code)) {
	case MOVE_DOWN:
		go_down(t, 1);
		break;
	case MOVE_UP:
		go_up(t, 1);
		break;
	case MOVE_TOP:
		if (!t->at_start)
			fetch_end(t, FETCH_FIRST);
		t->cursor = 0;
		break;
	case MOVE_BOTTOM:
		if (!t->at_end)
			fetch_end(t, FETCH_LAST);
		t->cursor = t->n ? t->n - 1 : 0;
		break;
	case PAGE_DOWN:
		page(t, whole);
		break;
	case PAGE_UP:
		page(t, -whole);
		break;
	case HALF_DOWN:
		page(t, half);
		break;
	case HALF_UP:
		page(t, -half);
		break;
	default:
		return false;
	}
	fill(t);
	return true;
}

/* --- drawing ----------------------------------------------------------------------------- */

struct place {
	int x, columns; /* columns 0: dropped */
};

static int
least(const struct column *c)
{
	return c->columns ? c->columns : FLEX_LEAST * c->weight;
}

static int
fixed_sum(const struct table_ops *ops, const bool *shown, int *weights)
{
	int sum = 0;

	*weights = 0;
	for (size_t i = 0; i < ops->n_columns; i++) {
		if (!shown[i])
			continue;
		sum += GAP + least(&ops->columns[i]);
		*weights += ops->columns[i].weight;
	}
	return sum - GAP;
}

/* Which columns are shown, and where. */
static void
lay_out(const struct table_ops *ops, int columns, struct place *places)
{
	bool shown[COLUMNS_MAX];
	int weights, rest, x = 0;

	for (size_t i = 0; i < ops->n_columns; i++)
		shown[i] = true;
	while (fixed_sum(ops, shown, &weights) > columns) {
		size_t worst = ops->n_columns;

		for (size_t i = 0; i < ops->n_columns; i++)
			if (shown[i] && ops->columns[i].drop &&
			    (worst == ops->n_columns ||
				ops->columns[i].drop > ops->columns[worst].drop))
				worst = i;
		if (worst == ops->n_columns)
			break;
		shown[worst] = false;
	}
	rest = columns - fixed_sum(ops, shown, &weights);
	for (size_t i = 0; i < ops->n_columns; i++) {
		const struct column *c = &ops->columns[i];

		places[i] = (struct place){x, 0};
		if (!shown[i])
			continue;
		places[i].columns = least(c);
		if (c->weight && rest > 0)
			places[i].columns += rest * c->weight / weights;
		x += places[i].columns + GAP;
	}
}

static void
draw_titles(const struct table *t, struct area a, const struct place *places)
{
	draw_fill(a.y, a.x, a.columns, STYLE_FAINT);
	for (size_t i = 0; i < t->ops->n_columns; i++) {
		const struct column *c = &t->ops->columns[i];
		int x = a.x + MARK_COLUMNS + places[i].x;

		if (!places[i].columns || !*c->title)
			continue;
		if (c->right)
			draw_right(a.y, x, places[i].columns, _(c->title), STYLE_FAINT);
		else
			draw_cut(a.y, x, places[i].columns, _(c->title), STYLE_FAINT);
	}
}

static void
draw_row(const struct table *t, int y, struct area a, const struct place *places, const void *row)
{
	enum style style = t->ops->style ? t->ops->style(t->context, row) : STYLE_NORMAL;
	struct cell cell;

	for (size_t i = 0; i < t->ops->n_columns; i++) {
		int x = a.x + MARK_COLUMNS + places[i].x, wide;

		if (!places[i].columns)
			continue;
		cell.text[0] = '\0';
		cell.style = style;
		t->ops->cell(t->context, row, i, &cell);
		wide = draw_columns(cell.text);
		if (wide == 0)
			continue;
		if (t->ops->columns[i].right && wide < places[i].columns)
			x += places[i].columns - wide;
		draw_cut(y, x, a.x + MARK_COLUMNS + places[i].x + places[i].columns - x, cell.text,
		    cell.style);
	}
}

void
table_draw(struct table *t, struct area a, bool focused)
{
	struct place places[COLUMNS_MAX];
	int y = a.y;

	lay_out(t->ops, a.columns - MARK_COLUMNS - 1, places);
	if (t->titles && a.rows > 1) {
		draw_titles(t, a, places);
		y++;
		a.rows--;
	}
	t->height = a.rows;
	settle(t);
	if (t->n == 0 && t->empty && a.rows > 0)
		draw_text(
		    y, a.x + MARK_COLUMNS, a.columns - MARK_COLUMNS, _(t->empty), STYLE_FAINT);
	for (int i = 0; i < a.rows && t->top + (size_t)i < t->n; i++) {
		if (focused && t->top + (size_t)i == t->cursor)
			draw_text(y + i, a.x + 1, 1, ">", STYLE_STRONG);
		draw_row(t, y + i, a, places, row_at(t, t->top + (size_t)i));
	}
}

int
table_lines(const struct table *t)
{
	return (int)t->n + (t->titles ? 1 : 0) + (t->n == 0 && t->empty ? 1 : 0);
}

bool
table_scroll(uint32_t code, long page, size_t last, size_t *top)
{
	long to = (long)*top;

	page = page > 1 ? page : 1;
	switch (key_action(&table_keys, code)) {
	case MOVE_DOWN:
		to++;
		break;
	case MOVE_UP:
		to--;
		break;
	case MOVE_TOP:
		to = 0;
		break;
	case MOVE_BOTTOM:
		to = (long)last;
		break;
	case PAGE_DOWN:
		to += page;
		break;
	case PAGE_UP:
		to -= page;
		break;
	case HALF_DOWN:
		to += page / 2 + 1;
		break;
	case HALF_UP:
		to -= page / 2 + 1;
		break;
	default:
		return false;
	}
	*top = to < 0 ? 0 : (size_t)to < last ? (size_t)to : last;
	return true;
}
