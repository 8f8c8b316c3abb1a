#include "ui/pager.h"

#include "base/i18n.h"
#include "base/utf8.h"
#include "base/mem.h"
#include "ui/table.h"
#include "ui/text.h"

#include <stdlib.h>
#include <string.h>

#define TYPED_AHEAD_COLUMNS 80

void
pager_init(struct pager *p)
{
	memset(p, 0, sizeof(*p));
	p->height = 1;
}

void
pager_clear(struct pager *p)
{
	free(p->text);
	free(p->words);
	text_lines_clear(&p->lines);
	memset(p, 0, sizeof(*p));
}

void
pager_set(struct pager *p, const char *text)
{
	if (p->text && strcmp(p->text, text) == 0)
		return;
	free(p->text);
	p->text = mem_dup(text);
	p->size = strlen(text);
	p->found = p->size;
	p->columns = 0;
	p->top = 0;
}

static size_t
last_top(const struct pager *p)
{
	size_t height = p->height > 0 ? (size_t)p->height : 1;

	return p->lines.n > height ? p->lines.n - height : 0;
}

static void
show(struct pager *p, size_t at)
{
	size_t line = text_line_of(&p->lines, at);

	p->found = at;
	if (line < p->top || line >= p->top + (size_t)p->height)
		p->top = line > (size_t)p->height / 3 ? line - (size_t)p->height / 3 : 0;
	if (p->top > last_top(p))
		p->top = last_top(p);
}

bool
pager_search(struct pager *p, const char *words)
{
	size_t at;

	free(p->words);
	p->words = words && *words ? mem_dup(words) : NULL;
	p->found = p->size;
	if (!p->words || !p->text)
		return !p->words;
	if (!p->lines.n) /* typed ahead: drawing will set its own width */
		text_wrap(p->text, p->size, TYPED_AHEAD_COLUMNS, &p->lines);
	at = text_find(p->text, p->size, p->words, p->lines.items[p->top].start);
	if (at == p->size)
		at = text_find(p->text, p->size, p->words, 0);
	if (at == p->size)
		return false;
	show(p, at);
	return true;
}

bool
pager_again(struct pager *p, bool backwards)
{
	size_t at = p->size, next = 0;

	if (!p->words)
		return false;
	if (!backwards) {
		at = p->found < p->size ? text_find(p->text, p->size, p->words, p->found + 1)
					: p->size;
		if (at == p->size)
			at = text_find(p->text, p->size, p->words, 0);
	} else {
		for (;;) {
			next = text_find(p->text, p->size, p->words, next);
			if (next == p->size || (next >= p->found && at < p->size))
				break;
			at = next++;
		}
	}
	if (at == p->size)
		return false;
	show(p, at);
	return true;
}

bool
pager_key(struct pager *p, uint32_t code)
{
	return table_scroll(code == K_ENTER ? K_DOWN : code, p->height - 1, last_top(p), &p->top);
}

static void
draw_line(const struct pager *p, int y, struct area a, const struct text_line *l)
{
	size_t m = p->words ? strlen(p->words) : 0, at = l->start;
	int used = 0;

	while (m && at < l->end) {
		size_t hit = text_find(p->text, l->end, p->words, at);

		if (hit >= l->end)
			break;
		used += draw_text_n(
		    y, a.x + used, a.columns - used, p->text + at, hit - at, STYLE_NORMAL);
		used += draw_text_n(y, a.x + used, a.columns - used, p->text + hit, m, STYLE_FOUND);
		at = hit + m;
	}
	draw_text_n(y, a.x + used, a.columns - used, p->text + at, l->end - at, STYLE_NORMAL);
}

void
pager_draw(struct pager *p, struct area a)
{
	size_t at = p->lines.n ? p->lines.items[p->top].start : 0;

	p->height = a.rows;
	if (!p->text || a.rows < 1)
		return;
	if (p->columns != a.columns) {
		text_wrap(p->text, p->size, a.columns, &p->lines);
		p->columns = a.columns;
		p->top = p->top ? text_line_of(&p->lines, at) : 0;
	}
	if (p->top > last_top(p))
		p->top = last_top(p);
	for (int i = 0; i < a.rows && p->top + (size_t)i < p->lines.n; i++)
		draw_line(p, a.y + i, a, &p->lines.items[p->top + (size_t)i]);
}

void
pager_place(const struct pager *p, char *out, size_t size)
{
	size_t seen = p->top + (size_t)p->height;

	if (seen >= p->lines.n && p->top == 0)
		utf8_copy(out, size, _("all"));
	else if (seen >= p->lines.n)
		cut_format(out, size, "100%%");
	else
		cut_format(out, size, "%zu%%", seen * 100 / p->lines.n);
}
