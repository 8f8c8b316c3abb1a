#include "ui/popup.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
popup_open(struct popup *p, const char *title, const struct popup_item *items, size_t n)
{
	memset(p, 0, sizeof(*p));
	p->title = mem_dup(title);
	p->n = n < POPUP_MAX ? n : POPUP_MAX;
	p->items = mem_zero(p->n + 1, sizeof(*p->items));
	if (p->n)
		memcpy(p->items, items, p->n * sizeof(*items));
}

static void
find_again(struct popup *p)
{
	p->n = p->find(p->context, p->typed.text, p->items, POPUP_MAX);
	p->cursor = p->top = 0;
}

void
popup_open_finding(struct popup *p, const char *title,
    size_t (*find)(void *context, const char *word, struct popup_item *items, size_t max),
    void *context)
{
	memset(p, 0, sizeof(*p));
	p->title = mem_dup(title);
	p->items = mem_zero(POPUP_MAX, sizeof(*p->items));
	p->finding = true;
	p->find = find;
	p->context = context;
	editor_init(&p->typed, false, 90);
	find_again(p);
}

void
popup_close(struct popup *p)
{
	if (p->finding)
		editor_clear(&p->typed);
	free(p->title);
	free(p->items);
	memset(p, 0, sizeof(*p));
}

const struct popup_item *
popup_chosen(const struct popup *p)
{
	return p->cursor < p->n ? &p->items[p->cursor] : NULL;
}

/* The keys of the lines from the first on; those that move or leave are no keys of a line. */
static const char line_keys[] = "123456789abcdefgimorstuvwxyz";

static bool
take_by_key(struct popup *p, uint32_t code)
{
	const char *found = code && code < 0x80 ? strchr(line_keys, (int)code) : NULL;

	if (!found || (size_t)(found - line_keys) >= p->n)
		return false;
	p->cursor = (size_t)(found - line_keys);
	return true;
}

enum popup_answer
popup_key(struct popup *p, const struct key *key)
{
	uint32_t code = key->code;

	if (code == K_ESC || code == CTRL_KEY('c'))
		return POPUP_LEFT;
	if (code == K_ENTER || (code == K_TAB && p->finding))
		return p->cursor < p->n ? POPUP_TAKEN : POPUP_STAYS;
	if (code == K_DOWN || code == CTRL_KEY('n') || (code == 'j' && !p->finding)) {
		p->cursor += p->cursor + 1 < p->n;
		return POPUP_STAYS;
	}
	if (code == K_UP || code == CTRL_KEY('p') || (code == 'k' && !p->finding)) {
		p->cursor -= p->cursor > 0;
		return POPUP_STAYS;
	}
	if (!p->finding && code == 'q')
		return POPUP_LEFT;
	if (!p->finding && take_by_key(p, code))
		return POPUP_TAKEN;
	if (p->finding) {
		uint64_t before = p->typed.version;

		editor_key(&p->typed, key);
		if (p->typed.version != before)
			find_again(p);
	}
	return POPUP_STAYS;
}

/* The width of the words: that of the widest shown, within reason. */
static int
word_columns(const struct popup_item *items, size_t from, size_t to)
{
	int wide = 8;

	for (size_t i = from; i < to; i++) {
		int w = draw_columns(items[i].word);

		if (w > wide && w <= 32)
			wide = w;
	}
	return wide;
}

void
popup_draw_items(struct area a, const struct popup_item *items, size_t n, size_t top, size_t cursor,
    bool numbered)
{
	size_t end = top + (size_t)a.rows < n ? top + (size_t)a.rows : n;
	int wide = word_columns(items, top, end), x = a.x + (numbered ? 5 : 3);

	for (size_t i = top; i < end; i++) {
		int y = a.y + (int)(i - top);

		draw_fill(y, a.x, a.columns, STYLE_NORMAL);
		if (i == cursor)
			draw_text(y, a.x + 1, 1, ">", STYLE_STRONG);
		if (numbered && i < strlen(line_keys))
			draw_text_n(y, a.x + 3, 1, line_keys + i, 1, STYLE_FAINT);
		draw_cut(y, x, wide, items[i].word, STYLE_NORMAL);
		draw_cut(
		    y, x + wide + 2, a.x + a.columns - x - wide - 3, items[i].label, STYLE_FAINT);
	}
}

void
popup_draw(struct popup *p, struct area a)
{
	int most = a.rows * 7 / 10, rows = (int)p->n + 1 + (p->finding ? 1 : 0);

	if (rows > most)
		rows = most;
	if (p->finding && rows < most && rows < 10)
		rows = most < 10 ? most : 10;
	if (rows < 2)
		rows = 2;
	a.y += a.rows - rows;
	a.rows = rows;
	draw_blank(a);
	draw_bar(a.y, a.x, a.columns, "");
	draw_cut(a.y, a.x + 1, a.columns - 2, p->title, STYLE_BAR);
	a.y++;
	a.rows--;
	if (p->finding) {
		struct area line = {a.y, a.x + 3, 1, a.columns - 4};

		draw_text(a.y, a.x + 1, 1, "/", STYLE_FAINT);
		editor_draw(&p->typed, line, NULL, 0, true);
		a.y++;
		a.rows--;
	}
	if (p->top > p->cursor)
		p->top = p->cursor;
	if (p->cursor >= p->top + (size_t)a.rows && a.rows > 0)
		p->top = p->cursor - (size_t)a.rows + 1;
	popup_draw_items(a, p->items, p->n, p->top, p->cursor, !p->finding);
}
