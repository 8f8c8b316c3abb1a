/*
 * The text is one plain string: at 65,000 bytes a memmove is a few microseconds, so a gap or a rope
 * would buy nothing. Wrapping is redone when the text or the width changed (0.2 ms at that size,
 * nothing at the size of a call).
 *
 * History: changes[0..n_changes-1], each the bytes taken out and the bytes put in at one place; the
 * last `undone` of them can be done again.
 */
#include "ui/editor.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct editor_change {
	size_t at;
	char *out, *in; /* owned */
	size_t n_out, n_in;
	size_t cursor; /* before it */
};

#define CHANGES_MAX 1000

void
editor_init(struct editor *e, bool lines, size_t max)
{
	memset(e, 0, sizeof(*e));
	e->lines = lines;
	e->max = max;
	e->goal = -1;
	e->columns = 80;
	e->rows = 1;
	e->room = 64;
	e->text = mem_zero(1, e->room);
	e->version = 1;
}

static void
free_changes(struct editor *e, size_t from)
{
	for (size_t i = from; i < e->n_changes; i++) {
		free(e->changes[i].out);
		free(e->changes[i].in);
	}
	e->n_changes = from;
}

void
editor_clear(struct editor *e)
{
	free_changes(e, 0);
	free(e->changes);
	free(e->text);
	free(e->cut);
	text_lines_clear(&e->wrapped);
	memset(e, 0, sizeof(*e));
}

static void
splice(struct editor *e, size_t at, size_t n_out, const char *in, size_t n_in)
{
	size_t size = e->size - n_out + n_in;

	while (size + 1 > e->room) {
		e->room *= 2;
		e->text = mem_resize(e->text, e->room, 1);
	}
	memmove(e->text + at + n_in, e->text + at + n_out, e->size - at - n_out + 1);
	memcpy(e->text + at, in, n_in);
	e->size = size;
	e->version++;
}

void
editor_set(struct editor *e, const char *text)
{
	char *clean = utf8_clean(text, strlen(text), e->lines, NULL);
	size_t n = strlen(clean);

	if (n > e->max)
		n = utf8_prev(clean, e->max + 1);
	free_changes(e, 0);
	e->undone = 0;
	splice(e, 0, e->size, clean, n);
	e->cursor = e->size;
	e->top = e->left = 0;
	e->goal = -1;
	e->joining = false;
	free(clean);
}

/*
 * May this one go on where the last one ended? Typed characters up to a blank or full stop make one
 * step.
 */
static bool
join(struct editor *e, size_t at, size_t n_out, const char *in, size_t n_in)
{
	struct editor_change *last;

	if (!e->joining || e->n_changes == 0 || e->undone || n_out)
		return false;
	last = &e->changes[e->n_changes - 1];
	if (last->n_out || last->at + last->n_in != at || last->n_in > 200)
		return false;
	last->in = mem_resize(last->in, last->n_in + n_in + 1, 1);
	memcpy(last->in + last->n_in, in, n_in);
	last->n_in += n_in;
	return true;
}

static void
remember(struct editor *e, size_t at, size_t n_out, const char *in, size_t n_in)
{
	free_changes(e, e->n_changes - e->undone);
	e->undone = 0;
	if (e->n_changes == CHANGES_MAX) {
		free(e->changes[0].out);
		free(e->changes[0].in);
		memmove(e->changes, e->changes + 1, (CHANGES_MAX - 1) * sizeof(*e->changes));
		e->n_changes--;
	}
	mem_grow(&e->changes, &e->changes_room, e->n_changes);
	e->changes[e->n_changes++] = (struct editor_change){.at = at,
	    .n_out = n_out,
	    .n_in = n_in,
	    .out = mem_dupn(e->text + at, n_out),
	    .in = mem_dupn(in, n_in),
	    .cursor = e->cursor};
}

static bool
change(struct editor *e, size_t at, size_t n_out, const char *in, size_t n_in)
{
	e->refused = e->size - n_out + n_in > e->max;
	if (e->refused)
		return false;
	if (!join(e, at, n_out, in, n_in))
		remember(e, at, n_out, in, n_in);
	splice(e, at, n_out, in, n_in);
	e->cursor = at + n_in;
	e->joining = false;
	e->goal = -1;
	return true;
}

bool
editor_insert(struct editor *e, const char *text, size_t n)
{
	char *clean = utf8_clean(text, n, e->lines, NULL);
	bool done = change(e, e->cursor, 0, clean, strlen(clean));

	free(clean);
	return done;
}

bool
editor_replace(struct editor *e, size_t start, size_t end, const char *text)
{
	assert(start <= end && end <= e->size);
	return change(e, start, end - start, text, strlen(text));
}

bool
editor_undo(struct editor *e)
{
	struct editor_change *c;

	if (e->undone == e->n_changes)
		return false;
	c = &e->changes[e->n_changes - ++e->undone];
	splice(e, c->at, c->n_in, c->out, c->n_out);
	e->cursor = c->cursor;
	e->joining = false;
	return true;
}

bool
editor_redo(struct editor *e)
{
	struct editor_change *c;

	if (e->undone == 0)
		return false;
	c = &e->changes[e->n_changes - e->undone--];
	splice(e, c->at, c->n_out, c->in, c->n_in);
	e->cursor = c->at + c->n_in;
	e->joining = false;
	return true;
}

/* --- moving ------------------------------------------------------------------------------ */

static unsigned
char_at(const struct editor *e, size_t at)
{
	size_t size;

	return at < e->size ? utf8_decode(e->text + at, e->size - at, &size) : 0;
}

/*
 * Words: a run of Latin letters and digits, a run of Chinese up to its punctuation, or a run of the
 * rest.
 */
static int
class_of(unsigned c)
{
	if (c == ' ' || c == '\n' || c == 0 || c == 0x3000)
		return 0;
	if (text_is_word(c))
		return 1;
	if (c >= 0x3400 && text_is_cjk(c) && c < 0xff00)
		return 2;
	return 0;
}

static size_t
word_behind(const struct editor *e, size_t at)
{
	int class;

	while (at < e->size && class_of(char_at(e, at)) == 0)
		at = utf8_next(e->text, e->size, at);
	class = class_of(char_at(e, at));
	while (at < e->size && class_of(char_at(e, at)) == class)
		at = utf8_next(e->text, e->size, at);
	return at;
}

static size_t
word_before(const struct editor *e, size_t at)
{
	int class;

	while (at > 0 && class_of(char_at(e, utf8_prev(e->text, at))) == 0)
		at = utf8_prev(e->text, at);
	class = at > 0 ? class_of(char_at(e, utf8_prev(e->text, at))) : 0;
	while (at > 0 && class_of(char_at(e, utf8_prev(e->text, at))) == class)
		at = utf8_prev(e->text, at);
	return at;
}

static const struct text_lines *
wrapped(struct editor *e, int columns)
{
	if (e->wrapped_version != e->version || e->wrapped_columns != columns) {
		text_wrap(e->text, e->size, columns, &e->wrapped);
		e->wrapped_version = e->version;
		e->wrapped_columns = columns;
	}
	return &e->wrapped;
}

size_t
editor_height(struct editor *e, int columns)
{
	return wrapped(e, columns)->n;
}

/* Up or down by screen lines, keeping to the column the movement began in. */
static void
move_lines(struct editor *e, long by)
{
	const struct text_lines *l = wrapped(e, e->columns);
	size_t line = text_line_of(l, e->cursor), target;

	if (e->goal < 0)
		e->goal = utf8_columns_n(
		    e->text + l->items[line].start, e->cursor - l->items[line].start);
	if (by < 0)
		target = line > (size_t)-by ? line - (size_t)-by : 0;
	else
		target = line + (size_t)by < l->n ? line + (size_t)by : l->n - 1;
	e->cursor = l->items[target].start + utf8_fit(e->text + l->items[target].start,
						 l->items[target].end - l->items[target].start,
						 e->goal, NULL);
}

/* Ends of the screen line, or of the whole text where the editor has one line. */
static size_t
line_start(struct editor *e)
{
	if (!e->lines)
		return 0;
	return wrapped(e, e->columns)->items[text_line_of(wrapped(e, e->columns), e->cursor)].start;
}

static size_t
line_stop(struct editor *e)
{
	if (!e->lines)
		return e->size;
	return wrapped(e, e->columns)->items[text_line_of(wrapped(e, e->columns), e->cursor)].end;
}

static bool
move_to(struct editor *e, size_t at)
{
	e->cursor = at;
	e->goal = -1;
	return true;
}

static bool
move_by_lines(struct editor *e, long by)
{
	if (!e->lines)
		return false;
	move_lines(e, by);
	return true;
}

static bool
key_moves(struct editor *e, uint32_t code)
{
	switch (code) {
	case K_LEFT:
	case CTRL_KEY('b'):
		return move_to(e, utf8_prev(e->text, e->cursor));
	case K_RIGHT:
	case CTRL_KEY('f'):
		return move_to(e, utf8_next(e->text, e->size, e->cursor));
	case K_HOME:
	case CTRL_KEY('a'):
		return move_to(e, line_start(e));
	case K_END:
	case CTRL_KEY('e'):
		return move_to(e, line_stop(e));
	case K_LEFT | K_CTRL:
	case K_ALT | 'b':
		return move_to(e, word_before(e, e->cursor));
	case K_RIGHT | K_CTRL:
	case K_ALT | 'f':
		return move_to(e, word_behind(e, e->cursor));
	case K_HOME | K_CTRL:
	case K_ALT | '<':
		return move_to(e, 0);
	case K_END | K_CTRL:
	case K_ALT | '>':
		return move_to(e, e->size);
	case K_UP:
	case CTRL_KEY('p'):
		return move_by_lines(e, -1);
	case K_DOWN:
	case CTRL_KEY('n'):
		return move_by_lines(e, 1);
	case K_PAGE_UP:
		return move_by_lines(e, -(e->rows > 1 ? e->rows - 1 : 1));
	case K_PAGE_DOWN:
		return move_by_lines(e, e->rows > 1 ? e->rows - 1 : 1);
	default:
		return false;
	}
}

/* --- cutting and putting back ------------------------------------------------------------ */

static void
cut(struct editor *e, size_t start, size_t end, bool before, bool again)
{
	char *piece = mem_dupn(e->text + start, end - start), *old = e->cut;

	if (again && old)
		e->cut = before ? mem_print("%s%s", piece, old) : mem_print("%s%s", old, piece);
	else
		e->cut = mem_dup(piece);
	free(piece);
	free(old);
	change(e, start, end - start, "", 0);
}

static bool
key_cuts(struct editor *e, uint32_t code, bool again)
{
	size_t start = e->cursor, end = e->cursor;

	switch (code) {
	case CTRL_KEY('k'):
		while (end < e->size && e->text[end] != '\n')
			end++;
		if (end == start && end < e->size)
			end++;
		break;
	case CTRL_KEY('u'):
		while (start > 0 && e->text[start - 1] != '\n')
			start--;
		break;
	case CTRL_KEY('w'):
	case K_ALT | K_BACKSPACE:
		start = word_before(e, start);
		break;
	case K_ALT | 'd':
		end = word_behind(e, end);
		break;
	default:
		return false;
	}
	if (start < end)
		cut(e, start, end, start < e->cursor, again);
	e->cutting = true;
	return true;
}

static bool
key_changes(struct editor *e, const struct key *key)
{
	size_t next;

	switch (key->code) {
	case K_BACKSPACE:
		if (e->cursor > 0) {
			next = utf8_prev(e->text, e->cursor);
			change(e, next, e->cursor - next, "", 0);
		}
		return true;
	case K_DELETE:
	case CTRL_KEY('d'):
		next = utf8_next(e->text, e->size, e->cursor);
		if (next > e->cursor)
			change(e, e->cursor, next - e->cursor, "", 0);
		return true;
	case CTRL_KEY('y'):
		if (e->cut)
			change(e, e->cursor, 0, e->cut, strlen(e->cut));
		return true;
	case CTRL_KEY('_'):
	case CTRL_KEY('z'):
		editor_undo(e);
		return true;
	case K_ALT | '_':
	case K_ALT | 'z':
		editor_redo(e);
		return true;
	case K_PASTE:
		editor_insert(e, key->text, key->size);
		return true;
	default:
		return false;
	}
}

static bool
key_types(struct editor *e, uint32_t c)
{
	char bytes[4];
	size_t n;

	if (c == K_ENTER && e->lines)
		c = '\n';
	else if (c < ' ' || c == K_BACKSPACE || c > 0x10ffff)
		return false;
	n = utf8_encode(c, bytes);
	if (!utf8_is_clean(bytes, n, true))
		return true;
	change(e, e->cursor, 0, bytes, n);
	e->joining = c != '\n' && c != ' ' && c != 0x3002 && c != 0xff0c;
	return true;
}

bool
editor_key(struct editor *e, const struct key *key)
{
	bool again = e->cutting;

	e->cutting = false;
	if (key_cuts(e, key->code, again) || key_changes(e, key))
		return true;
	if (key_types(e, key->code))
		return true;
	if (key_moves(e, key->code)) {
		e->joining = false;
		return true;
	}
	e->cutting = again;
	return false;
}

/* --- drawing ----------------------------------------------------------------------------- */

/* One piece of text from start to end, cut up where a span begins or ends. */
static void
draw_piece(const struct editor *e, int y, int x, int columns, size_t start, size_t end,
    const struct span *spans, size_t n)
{
	int used = 0;

	while (start < end && used < columns) {
		size_t stop = end;
		enum style style = STYLE_NORMAL;

		for (size_t i = 0; i < n; i++) {
			if (spans[i].start <= start && start < spans[i].end) {
				style = spans[i].style;
				stop = spans[i].end < end ? spans[i].end : end;
				break;
			}
			if (spans[i].start > start && spans[i].start < stop)
				stop = spans[i].start;
		}
		used +=
		    draw_text_n(y, x + used, columns - used, e->text + start, stop - start, style);
		start = stop;
	}
}

static void
draw_single(struct editor *e, struct area a, const struct span *spans, size_t n, bool focused)
{
	if (e->left > e->cursor || e->left > e->size)
		e->left = 0;
	while (utf8_columns_n(e->text + e->left, e->cursor - e->left) >= a.columns)
		e->left = utf8_next(e->text, e->size, e->left);
	draw_piece(e, a.y, a.x, a.columns, e->left, e->size, spans, n);
	if (focused)
		draw_cursor(a.y, a.x + utf8_columns_n(e->text + e->left, e->cursor - e->left));
}

void
editor_draw(struct editor *e, struct area a, const struct span *spans, size_t n_spans, bool focused)
{
	const struct text_lines *l;
	size_t line;

	if (a.rows < 1 || a.columns < 4)
		return;
	e->columns = a.columns - 1; /* the last column is left for the cursor behind a full line */
	e->rows = a.rows;
	if (!e->lines) {
		draw_single(e, a, spans, n_spans, focused);
		return;
	}
	l = wrapped(e, e->columns);
	line = text_line_of(l, e->cursor);
	if (e->top > line)
		e->top = line;
	if (line >= e->top + (size_t)a.rows)
		e->top = line - (size_t)a.rows + 1;
	if (e->top + (size_t)a.rows > l->n)
		e->top = l->n > (size_t)a.rows ? l->n - (size_t)a.rows : 0;
	for (size_t i = e->top; i < l->n && i < e->top + (size_t)a.rows; i++)
		draw_piece(e, a.y + (int)(i - e->top), a.x, a.columns, l->items[i].start,
		    l->items[i].end, spans, n_spans);
	if (focused)
		draw_cursor(
		    a.y + (int)(line - e->top), a.x + utf8_columns_n(e->text + l->items[line].start,
							  e->cursor - l->items[line].start));
}
