#include "ui/masked.h"

#include "base/utf8.h"
#include "ui/draw.h"

#include <string.h>

void
masked_clear(struct masked *m)
{
	explicit_bzero(m, sizeof(*m));
}

static void
add(char *text, size_t room, const char *what, size_t n)
{
	size_t used = strlen(text);

	if (used + n < room) {
		memcpy(text + used, what, n);
		text[used + n] = '\0';
	}
}

bool
field_key(char *text, size_t room, const struct key *key)
{
	char letter[4];

	if (key->code == K_PASTE) {
		add(text, room, key->text, strcspn(key->text, "\n"));
	} else if (key->code == K_BACKSPACE || key->code == CTRL_KEY('h')) {
		text[utf8_prev(text, strlen(text))] = '\0';
	} else if (key->code == CTRL_KEY('u')) {
		explicit_bzero(text, strlen(text));
	} else if (key->code >= ' ' && key->code < K_UP) {
		add(text, room, letter, utf8_encode(key->code, letter));
	} else {
		return false;
	}
	return true;
}

bool
masked_key(struct masked *m, const struct key *key)
{
	bool taken = field_key(m->text, sizeof(m->text), key);

	m->n = strlen(m->text);
	return taken;
}

void
masked_draw(
    const struct masked *m, int y, int x, int columns, const char *label, int wide, bool focus)
{
	size_t n = utf8_chars(m->text, m->n);
	int at = x + wide, most = columns - wide - 1;

	draw_cut(y, x, wide - 1, label, focus ? STYLE_STRONG : STYLE_NORMAL);
	for (int i = 0; i < (int)n && i < most; i++)
		draw_text(y, at + i, 1, "*", STYLE_NORMAL);
	if (focus)
		draw_cursor(y, at + ((int)n < most ? (int)n : most));
}
