#include "ui/lines.h"

#include "base/mem.h"
#include "ui/key.h"
#include "ui/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 16

void
lines_init(struct lines *l)
{
	memset(l, 0, sizeof(*l));
}

void
lines_reset(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->items[i].label);
		free(l->items[i].text);
	}
	l->n = 0;
}

void
lines_clear(struct lines *l)
{
	lines_reset(l);
	free(l->items);
	memset(l, 0, sizeof(*l));
}

/* "text TAB note" -> "text   note", and where the note begins. */
static char *
set_note_apart(char *text, size_t *note)
{
	char *tab = strchr(text, '\t'), *apart;

	*note = strlen(text);
	if (!tab)
		return text;
	*tab = '\0';
	apart = tab[1] ? mem_print("%s   %s", text, tab + 1) : mem_dup(text);
	*note = (size_t)(tab - text);
	free(text);
	return apart;
}

void
lines_add(struct lines *l, const char *label, enum style style, const char *format, ...)
{
	struct line *line;
	va_list ap;

	mem_grow(&l->items, &l->room, l->n);
	line = &l->items[l->n++];
	*line = (struct line){.label = mem_dup(label), .style = style};
	va_start(ap, format);
	line->text = set_note_apart(mem_vprint(format, ap), &line->note);
	va_end(ap);
}

void
lines_heading(struct lines *l, const char *text)
{
	mem_grow(&l->items, &l->room, l->n);
	l->items[l->n++] =
	    (struct line){.label = mem_dup(""), .text = mem_dup(text), .heading = true};
}

bool
lines_key(struct lines *l, uint32_t code)
{
	size_t height = (size_t)l->height;

	return l->total > height && table_scroll(code, l->height - 1, l->total - height, &l->top);
}

static int
label_columns(const struct lines *l)
{
	int wide = 4;

	for (size_t i = 0; i < l->n; i++) {
		int w = l->items[i].heading ? 0 : draw_columns(l->items[i].label);

		wide = w > wide ? w : wide;
	}
	return wide > LABEL_MAX ? LABEL_MAX : wide;
}

/* One screen line of an item, its note faint. */
static void
draw_part(const struct line *item, int y, int x, int columns, size_t start, size_t end)
{
	size_t middle = item->note < start ? start : item->note < end ? item->note : end;
	int used = draw_text_n(y, x, columns, item->text + start, middle - start, item->style);

	draw_text_n(y, x + used, columns - used, item->text + middle, end - middle, STYLE_FAINT);
}

/* One item from screen line `at` on; gives how many lines it takes. */
static size_t
draw_item(const struct lines *l, const struct line *item, size_t at, struct area a, int label)
{
	struct text_lines wrapped = {0};
	int columns = a.columns - label - 5;
	size_t n;

	if (item->heading) {
		long y = (long)at - (long)l->top;

		if (y >= 0 && y < a.rows) {
			draw_bar(a.y + (int)y, a.x, a.columns, "");
			draw_cut(a.y + (int)y, a.x + 1, a.columns - 2, item->text, STYLE_BAR);
		}
		return 1;
	}
	text_wrap(item->text, strlen(item->text), columns, &wrapped);
	for (size_t i = 0; i < wrapped.n; i++) {
		long y = (long)(at + i) - (long)l->top;

		if (y < 0 || y >= a.rows)
			continue;
		if (i == 0)
			draw_cut(a.y + (int)y, a.x + 1, label, item->label, STYLE_FAINT);
		draw_part(item, a.y + (int)y, a.x + label + 3, columns, wrapped.items[i].start,
		    wrapped.items[i].end);
	}
	n = wrapped.n;
	text_lines_clear(&wrapped);
	return n;
}

void
lines_draw(struct lines *l, struct area a)
{
	int label = label_columns(l);
	size_t at = 0;

	l->height = a.rows;
	if (l->total && l->total <= (size_t)a.rows)
		l->top = 0;
	for (size_t i = 0; i < l->n; i++)
		at += draw_item(l, &l->items[i], at, a, label);
	l->total = at;
	if (l->top && l->top + (size_t)a.rows > at)
		l->top = at > (size_t)a.rows ? at - (size_t)a.rows : 0;
	if (l->top + (size_t)a.rows < at)
		draw_text(a.y + a.rows - 1, a.x + a.columns - 3, 2, "..", STYLE_FAINT);
}

int
lines_height(const struct lines *l, int columns)
{
	int label = label_columns(l), sum = 0;
	struct text_lines wrapped = {0};

	for (size_t i = 0; i < l->n; i++) {
		text_wrap(
		    l->items[i].text, strlen(l->items[i].text), columns - label - 5, &wrapped);
		sum += l->items[i].heading ? 1 : (int)wrapped.n;
	}
	text_lines_clear(&wrapped);
	return sum;
}
