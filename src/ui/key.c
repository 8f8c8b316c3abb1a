#include "ui/key.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/text.h"

#include <string.h>

int
key_action(const struct key_table *table, uint32_t code)
{
	for (size_t i = 0; i < table->n; i++)
		for (size_t k = 0; k < COUNT_OF(table->rows[i].keys) && table->rows[i].keys[k]; k++)
			if (table->rows[i].keys[k] == code)
				return table->rows[i].action;
	return 0;
}

static const struct {
	uint32_t code;
	const char *name;
} names[] = {
    {K_TAB, "Tab"},
    {K_ENTER, "Enter"},
    {K_ESC, "Esc"},
    {K_BACKSPACE, "BS"},
    {' ', "Space"},
    {K_UP, "Up"},
    {K_DOWN, "Down"},
    {K_LEFT, "Left"},
    {K_RIGHT, "Right"},
    {K_HOME, "Home"},
    {K_END, "End"},
    {K_PAGE_UP, "PgUp"},
    {K_PAGE_DOWN, "PgDn"},
    {K_INSERT, "Ins"},
    {K_DELETE, "Del"},
    {K_BACKTAB, "S-Tab"},
};

char *
key_name(uint32_t code, char *out, size_t size)
{
	const char *prefix = code & K_ALT ? "M-" : code & K_CTRL ? "C-" : "";
	uint32_t plain = code & ~(uint32_t)(K_ALT | K_CTRL);
	char bytes[5] = {0};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].code == plain) {
			cut_format(out, size, "%s%s", prefix, names[i].name);
			return out;
		}
	if (plain >= K_F(1) && plain <= K_F(12))
		cut_format(out, size, "%sF%u", prefix, plain - K_F(1) + 1);
	else if (plain < ' ')
		cut_format(out, size, "%s^%c", prefix, (char)(plain + '@'));
	else {
		utf8_encode(plain, bytes);
		cut_format(out, size, "%s%s", prefix, bytes);
	}
	return out;
}

/* The key to show: the first, or where characters are text the first that is none; 0 there is no
 * such key. */
static uint32_t
shown_key(const struct key_row *row, bool typing)
{
	for (size_t k = 0; k < COUNT_OF(row->keys) && row->keys[k]; k++)
		if (!typing || row->keys[k] < ' ' || row->keys[k] >= K_UP)
			return row->keys[k];
	return 0;
}

void
key_draw_hints(
    int y, int x, int columns, const struct key_table *const *tables, size_t n, bool typing)
{
	int used = 0;
	char name[16], hint[96];

	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct key_row *row = &tables[t]->rows[i];
			uint32_t key = shown_key(row, typing);
			int wide;

			if (!row->hint || !key)
				continue;
			key_name(key, name, sizeof(name));
			cut_format(hint, sizeof(hint), "%s %s", name, _(row->hint));
			wide = draw_columns(hint);
			if (used + wide > columns)
				return;
			draw_text(y, x + used, wide, hint, STYLE_FAINT);
			used += wide + 3;
		}
}

void
key_help(const struct key_table *table, struct buf *out)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct key_row *row = &table->rows[i];
		size_t before = out->size;
		char name[16];

		buf_add(out, "  ");
		for (size_t k = 0; k < COUNT_OF(row->keys) && row->keys[k]; k++)
			buf_printf(
			    out, "%s%s", k ? " " : "", key_name(row->keys[k], name, sizeof(name)));
		while (out->size - before < 20 && !out->full)
			buf_add_char(out, ' ');
		buf_printf(out, "  %s\n", _(row->help));
	}
}
