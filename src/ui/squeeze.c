/*
 * Read as a terminal reads, token by token:
 *
 *	moves, SGR		change `want` and `wants` only
 *	a blank over blanks	moves `want`
 *	anything visible	first brings the terminal there (go) and its pen along (dip)
 *	erasing, shifting	the same, and what is known of the rows follows
 *	the rest		goes out as it is; what it may have touched is forgotten
 *
 * A way to a place is chosen among all there are by its length: blanks over blanks, steps, the
 * column, the next line, the row, both. Rejected: a painter of our own instead of curses. It would
 * have to find scrolled and shifted lines again, which curses does well.
 */
#include "ui/squeeze.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define ESC '\033'
#define NUMBERS_MAX 16
#define WAY_MAX 32
#define STEPS_DOWN_MAX 3
#define BIT(n) (1u << (n))
/* What of a pen is seen in a blank: underlined, reversed, struck. */
#define SEEN_IN_BLANKS (BIT(4) | BIT(7) | BIT(9))

/* CSI … final, as read. */
struct control {
	const char *bytes;
	size_t size;
	char final, private; /* the mark before the numbers, '\0' none */
	bool plain;	     /* no intermediate bytes, and all numbers are here */
	int numbers[NUMBERS_MAX];
	int n; /* at least 1: a missing number is -1 */
};

static bool
known(struct spot s)
{
	return s.y >= 0 && s.x >= 0;
}

/* --- ways -------------------------------------------------------------------------------- */

struct way {
	char bytes[WAY_MAX];
	size_t size;
	bool any;
};

static void
shorter(struct way *best, const char *bytes, size_t size)
{
	if (best->any && best->size <= size)
		return;
	memcpy(best->bytes, bytes, size);
	best->size = size;
	best->any = true;
}

static size_t
digits(char *out, int number)
{
	char back[12];
	size_t n = 0;

	do {
		back[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	for (size_t i = 0; i < n; i++)
		out[i] = back[n - 1 - i];
	return n;
}

/* CSI number final; the number is left out where it is 1. */
static size_t
csi(char *out, int number, char final)
{
	size_t n = 2;

	memcpy(out, "\033[", n);
	if (number != 1)
		n += digits(out + n, number);
	out[n++] = final;
	return n;
}

/* CSI row ; column H, from 0. */
static size_t
address(char *out, struct spot to)
{
	size_t n = csi(out, to.y + 1, ';');

	if (to.x == 0)
		n--;
	else
		n += digits(out + n, to.x + 1);
	out[n++] = 'H';
	return n;
}

/* Does a blank written with this pen look like any other? */
static bool
leaves_no_trace(const struct pen *p)
{
	return p->known && !p->paper && !(p->on & SEEN_IN_BLANKS);
}

/* From column `from` of row y to `to`. */
static void
steps(const struct squeeze *q, int y, int from, int to, struct way *best)
{
	char bytes[WAY_MAX];

	if (to == from) {
		shorter(best, "", 0);
	} else if (to > from) {
		if (to - from <= 4 && from >= q->blank_from[y] && leaves_no_trace(&q->has))
			shorter(best, "    ", (size_t)(to - from));
		shorter(best, bytes, csi(bytes, to - from, 'C'));
	} else {
		if (from - to <= 4)
			shorter(best, "\b\b\b\b", (size_t)(from - to));
		shorter(best, bytes, csi(bytes, from - to, 'D'));
	}
}

/* Along row y, where the cursor stands at `from` (-1 not known, or not for sure). */
static void
along(const struct squeeze *q, int y, int from, int to, struct way *best)
{
	struct way from_edge = {.any = false};
	char bytes[WAY_MAX + 1] = "\r";

	if (from >= 0)
		steps(q, y, from, to, best);
	if (q->names_columns)
		shorter(best, bytes + 1, csi(bytes + 1, to + 1, 'G'));
	steps(q, y, 0, to, &from_edge);
	memcpy(bytes + 1, from_edge.bytes, from_edge.size);
	shorter(best, bytes, from_edge.size + 1);
}

/* `head`, then along the row. */
static void
then_along(const struct squeeze *q, const char *head, size_t size, int from, struct spot to,
    struct way *best)
{
	struct way rest = {.any = false};
	char bytes[WAY_MAX];

	along(q, to.y, from, to.x, &rest);
	if (size + rest.size > sizeof(bytes))
		return;
	memcpy(bytes, head, size);
	memcpy(bytes + size, rest.bytes, rest.size);
	shorter(best, bytes, size + rest.size);
}

/* Line feeds lead down and scroll nothing when the region's last row is not among those left. */
static bool
feeds_lead(const struct squeeze *q, int from, int to)
{
	return to > from && to - from <= STEPS_DOWN_MAX && to < q->rows && q->bottom >= 0 &&
	       (q->bottom < from || q->bottom >= to);
}

/* The terminal's cursor to where it is wanted. Nothing can be done when that is not known. */
static void
go(struct squeeze *q, struct buf *out)
{
	struct spot at = q->at, to = q->want;
	struct way best = {.any = false};
	int from = q->sure ? at.x : -1;
	char bytes[WAY_MAX];

	if (!known(to) || (at.y == to.y && at.x == to.x))
		return;
	if (known(at) && at.y == to.y)
		along(q, to.y, from, to.x, &best);
	shorter(&best, bytes, address(bytes, to));
	if (known(at) && feeds_lead(q, at.y, to.y))
		then_along(q, "\n\n\n", (size_t)(to.y - at.y), from, to, &best);
	if (known(at) && at.y != to.y && q->names_rows)
		then_along(q, bytes, csi(bytes, to.y + 1, 'd'), from, to, &best);
	buf_add_n(out, best.bytes, best.size);
	q->at = to;
	q->sure = true;
}

/* --- the pen ----------------------------------------------------------------------------- */

static bool
same_pen(const struct pen *a, const struct pen *b)
{
	return a->known && b->known && a->on == b->on && a->ink == b->ink && a->paper == b->paper;
}

/* A blank looks the same with both. */
static bool
same_blank(const struct pen *a, const struct pen *b)
{
	return a->known && b->known && a->paper == b->paper &&
	       (a->on & SEEN_IN_BLANKS) == (b->on & SEEN_IN_BLANKS) &&
	       (!(a->on & BIT(7)) || a->ink == b->ink);
}

/* Can `to` be had from `from` by adding alone? */
static bool
adds(const struct pen *from, const struct pen *to)
{
	return from->known && !(from->on & ~to->on) && (!from->ink || to->ink) &&
	       (!from->paper || to->paper);
}

static void
dip(struct squeeze *q, struct buf *out)
{
	struct pen bare = {.known = true}, *to = &q->wants;
	bool add = adds(&q->has, to);
	const struct pen *from = add ? &q->has : &bare;
	const char *gap = add ? "" : ";";

	if (!to->known || same_pen(&q->has, to))
		return;
	buf_add(out, "\033[");
	for (unsigned i = 1; i <= 9; i++) {
		if (!(to->on & ~from->on & BIT(i)))
			continue;
		buf_printf(out, "%s%u", gap, i);
		gap = ";";
	}
	if (to->ink != from->ink) {
		buf_printf(out, "%s%d", gap, to->ink);
		gap = ";";
	}
	if (to->paper != from->paper)
		buf_printf(out, "%s%d", gap, to->paper);
	buf_add_char(out, 'm');
	q->has = *to;
}

/* One SGR number into the pen. False: none that is understood. */
static bool
take_attribute(struct pen *p, int number)
{
	if (number <= 0)
		*p = (struct pen){.known = true};
	else if (number <= 9)
		p->on |= BIT((unsigned)number);
	else if (number == 22)
		p->on &= ~(BIT(1) | BIT(2));
	else if (number >= 23 && number <= 29)
		p->on &= ~BIT((unsigned)number - 20);
	else if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97))
		p->ink = number;
	else if (number == 39)
		p->ink = 0;
	else if ((number >= 40 && number <= 47) || (number >= 100 && number <= 107))
		p->paper = number;
	else if (number == 49)
		p->paper = 0;
	else
		return false;
	return true;
}

static void
sgr(struct squeeze *q, const struct control *c, struct buf *out)
{
	struct pen next = q->wants;
	bool clear = c->plain && !c->private;

	for (int i = 0; i < c->n && clear; i++)
		clear = take_attribute(&next, c->numbers[i]);
	if (clear && next.known) {
		q->wants = next;
		return;
	}
	dip(q, out);
	buf_add_n(out, c->bytes, c->size);
	q->wants.known = q->has.known = false;
}

/* --- what is known of the rows ------------------------------------------------------------ */

/* From row y on nothing is known. */
static void
forget_rows(struct squeeze *q, int y)
{
	for (; y < q->rows; y++)
		q->blank_from[y] = q->columns;
}

/* Row y was erased from column x to its end. */
static void
erased(struct squeeze *q, int y, int x)
{
	if (!leaves_no_trace(&q->has))
		q->blank_from[y] = q->columns;
	else if (x < q->blank_from[y])
		q->blank_from[y] = x;
}

static void
lose_place(struct squeeze *q)
{
	q->at = q->want = (struct spot){-1, -1};
}

/* Where it is wanted, and blanks look as they shall. */
static void
go_to_erase(struct squeeze *q, struct buf *out)
{
	go(q, out);
	if (!same_blank(&q->has, &q->wants))
		dip(q, out);
}

static void
verbatim(struct squeeze *q, const char *bytes, size_t n, struct buf *out)
{
	go(q, out);
	dip(q, out);
	buf_add_n(out, bytes, n);
}

/* --- text -------------------------------------------------------------------------------- */

/* Is the want known to stand before blanks that look as it wants them? */
static bool
is_blank_here(const struct squeeze *q)
{
	return known(q->want) && q->want.x >= q->blank_from[q->want.y] &&
	       leaves_no_trace(&q->wants);
}

/* Drawn as wide as we think by every terminal. */
static bool
has_sure_width(uint32_t c)
{
	return c < 0x7f || (c >= 0x3000 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x4dbf) ||
	       (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
	       (c >= 0xff01 && c <= 0xff5e);
}

static void
advance(struct squeeze *q, uint32_t c, int wide)
{
	int y = q->want.y;

	if (!known(q->want))
		return;
	q->want.x += wide;
	q->at = q->want;
	q->sure = q->sure && has_sure_width(c);
	if (q->blank_from[y] < q->want.x)
		q->blank_from[y] = q->want.x;
	if (q->want.x >= q->columns) { /* the cursor waits at the edge, or has gone on */
		q->blank_from[y] = q->columns;
		lose_place(q);
	}
}

static void
text(struct squeeze *q, const char *bytes, size_t size, uint32_t c, struct buf *out)
{
	int wide = c == UTF8_BAD ? 1 : utf8_char_columns(c);

	if (wide > 0) {
		if (leaves_no_trace(&q->wants) && !leaves_no_trace(&q->has))
			dip(q, out); /* then blanks are a way, too */
		go(q, out);
		if (c != ' ' || !same_blank(&q->has, &q->wants))
			dip(q, out);
	}
	buf_add_n(out, bytes, size);
	if (c == UTF8_BAD) {
		lose_place(q);
		forget_rows(q, 0);
		return;
	}
	advance(q, c, wide);
}

static void
blank(struct squeeze *q, struct buf *out)
{
	if (is_blank_here(q) && q->want.x + 1 < q->columns)
		q->want.x++;
	else
		text(q, " ", 1, ' ', out);
}

/* --- controls ---------------------------------------------------------------------------- */

static int
number(const struct control *c, int i, int otherwise)
{
	return i < c->n && c->numbers[i] > 0 ? c->numbers[i] : otherwise;
}

static void
erase_screen(struct squeeze *q, const struct control *c, struct buf *out)
{
	int how = number(c, 0, 0);

	if (how == 2) {
		if (!same_blank(&q->has, &q->wants))
			dip(q, out);
	} else {
		go_to_erase(q, out);
	}
	buf_add_n(out, c->bytes, c->size);
	if (how == 2) {
		for (int y = 0; y < q->rows; y++)
			erased(q, y, 0);
	} else if (how == 0 && known(q->want)) {
		erased(q, q->want.y, q->want.x);
		for (int y = q->want.y + 1; y < q->rows; y++)
			erased(q, y, 0);
	} else {
		forget_rows(q, 0);
	}
}

static void
erase_line(struct squeeze *q, const struct control *c, struct buf *out)
{
	int how = number(c, 0, 0);

	if (how == 0 && is_blank_here(q))
		return;
	go_to_erase(q, out);
	buf_add_n(out, c->bytes, c->size);
	if (how == 0 && known(q->want))
		erased(q, q->want.y, q->want.x);
	else
		forget_rows(q, 0);
}

static void
erase_some(struct squeeze *q, const struct control *c, struct buf *out)
{
	int to;

	if (is_blank_here(q))
		return;
	go_to_erase(q, out);
	buf_add_n(out, c->bytes, c->size);
	if (!known(q->want)) {
		forget_rows(q, 0);
		return;
	}
	to = q->want.x + number(c, 0, 1);
	if (to >= q->blank_from[q->want.y])
		erased(q, q->want.y, q->want.x);
}

/* A move. What it leads to is not known where it started from nowhere: then it goes out at once. */
static void
move(struct squeeze *q, const struct control *c, struct buf *out)
{
	struct spot to = q->want;
	int n = number(c, 0, 1);

	switch (c->final) {
	case 'H':
		to = (struct spot){n - 1, number(c, 1, 1) - 1};
		break;
	case 'G':
		to.x = n - 1;
		break;
	case 'd':
		to.y = n - 1;
		break;
	case 'A':
	case 'B':
		to.y = to.y < 0 ? -1 : c->final == 'A' ? to.y - n : to.y + n;
		break;
	default:
		to.x = to.x < 0 ? -1 : c->final == 'D' ? to.x - n : to.x + n;
	}
	if (known(to) && to.y < q->rows && to.x < q->columns) {
		q->want = to;
		return;
	}
	verbatim(q, c->bytes, c->size, out);
	lose_place(q);
}

static void
mode(struct squeeze *q, const struct control *c, struct buf *out)
{
	if (c->private == '?' && c->n == 1 && (c->numbers[0] == 25 || c->numbers[0] == 12)) {
		if (c->numbers[0] == 25)
			q->shown = c->final == 'h';
		buf_add_n(out, c->bytes, c->size);
		return;
	}
	verbatim(q, c->bytes, c->size, out);
	if (c->private) { /* another screen, another origin */
		lose_place(q);
		forget_rows(q, 0);
	}
}

static void
region(struct squeeze *q, const struct control *c, struct buf *out)
{
	verbatim(q, c->bytes, c->size, out);
	q->bottom = number(c, 1, q->rows) - 1;
	lose_place(q);
}

/* Characters or lines shifted, and all that is not understood. */
static void
shift(struct squeeze *q, const struct control *c, struct buf *out)
{
	bool lines = c->final == 'L' || c->final == 'M', chars = c->final == '@' || c->final == 'P',
	     all = c->final == 'S' || c->final == 'T';

	verbatim(q, c->bytes, c->size, out);
	forget_rows(q, chars && known(q->want) ? q->want.y : 0);
	/* terminals differ in where the cursor is after lines were shifted */
	if (lines)
		q->at = (struct spot){-1, -1};
	else if (!chars && !all && c->final != 't')
		lose_place(q);
}

/* The character before once more, so many times. A blank may not have been written at all. */
static void
repeat(struct squeeze *q, const struct control *c, struct buf *out)
{
	int n = number(c, 0, 1);

	if (q->after_blank) {
		for (int i = 0; i < n && i < q->columns; i++)
			blank(q, out);
		return;
	}
	verbatim(q, c->bytes, c->size, out);
	if (known(q->want))
		q->blank_from[q->want.y] = q->columns;
	lose_place(q);
}

static void
control(struct squeeze *q, const struct control *c, struct buf *out)
{
	if (c->plain && (c->final == 'h' || c->final == 'l'))
		mode(q, c, out);
	else if (c->final == 'm')
		sgr(q, c, out);
	else if (!c->plain || c->private)
		shift(q, c, out);
	else if (strchr("ABCDGHd", c->final))
		move(q, c, out);
	else if (c->final == 'J')
		erase_screen(q, c, out);
	else if (c->final == 'K')
		erase_line(q, c, out);
	else if (c->final == 'X')
		erase_some(q, c, out);
	else if (c->final == 'r')
		region(q, c, out);
	else if (c->final == 'b')
		repeat(q, c, out);
	else
		shift(q, c, out);
}

/* CSI at bytes: into c. False: it is none, or it is cut off. */
static bool
read_control(const char *bytes, size_t n, struct control *c)
{
	size_t i = 2;

	*c = (struct control){.bytes = bytes, .plain = true, .numbers = {-1}, .n = 1};
	if (n < 3 || bytes[1] != '[')
		return false;
	if (bytes[i] >= '<' && bytes[i] <= '?')
		c->private = bytes[i++];
	for (; i < n && (unsigned char)bytes[i] < 0x40; i++) {
		int *last = &c->numbers[c->n - 1];

		if (bytes[i] >= '0' && bytes[i] <= '9' && *last < 10000) {
			*last = (*last < 0 ? 0 : *last) * 10 + (bytes[i] - '0');
		} else if (bytes[i] == ';' && c->n < NUMBERS_MAX) {
			c->numbers[c->n++] = -1;
		} else {
			c->plain = false;
		}
	}
	if (i == n)
		return false;
	c->final = bytes[i];
	c->size = i + 1;
	return true;
}

/* A string to the terminal itself (OSC, DCS …), to its end; 0: it is none. */
static size_t
string_to_terminal(const char *bytes, size_t n)
{
	size_t i = 2;

	if (n < 2 || !bytes[1] || !strchr("]P^_X", bytes[1]))
		return 0;
	while (i < n && bytes[i] != '\a' && bytes[i] != ESC)
		i++;
	i += i < n && bytes[i] == ESC ? 2 : 1;
	return i < n ? i : n;
}

/* ESC and what is none of the above, as far as it goes; gives the bytes it takes. */
static size_t
escape(struct squeeze *q, const char *bytes, size_t n, struct buf *out)
{
	struct control c;
	size_t size = string_to_terminal(bytes, n);

	if (size) {
		buf_add_n(out, bytes, size);
		return size;
	}
	size = n < 2 ? n : 2;
	if (read_control(bytes, n, &c)) {
		control(q, &c, out);
		return c.size;
	}
	while (size < n && bytes[1] >= 0x20 && bytes[1] < 0x30 && bytes[size - 1] < 0x30)
		size++;
	verbatim(q, bytes, size, out);
	if (size == 2 && (bytes[1] == '=' || bytes[1] == '>'))
		return size;
	lose_place(q);
	forget_rows(q, 0);
	return size;
}

/* --- tokens ------------------------------------------------------------------------------ */

static void
feed(struct squeeze *q, struct buf *out)
{
	int y = q->want.y;

	if (known(q->want) && q->bottom >= 0 && y != q->bottom && y + 1 < q->rows) {
		q->want.y++;
		return;
	}
	verbatim(q, "\n", 1, out);
	forget_rows(q, 0);
	if (!known(q->want) || y != q->bottom)
		lose_place(q);
}

static void
c0(struct squeeze *q, char c, struct buf *out)
{
	if (c == '\n') {
		feed(q, out);
	} else if (c == '\r' && known(q->want)) {
		q->want.x = 0;
	} else if (c == '\b' && known(q->want) && q->want.x > 0) {
		q->want.x--;
	} else if (c == '\a') {
		buf_add_char(out, c);
	} else {
		verbatim(q, &c, 1, out);
		lose_place(q);
	}
}

/* One token; gives the bytes it takes. */
static size_t
token(struct squeeze *q, const char *bytes, size_t n, struct buf *out)
{
	size_t size = 1;
	uint32_t c;

	if (*bytes == ESC)
		return escape(q, bytes, n, out);
	q->after_blank = *bytes == ' ';
	if (*bytes == ' ') {
		blank(q, out);
	} else if ((unsigned char)*bytes < 0x20) {
		c0(q, *bytes, out);
	} else {
		c = utf8_decode(bytes, n, &size);
		text(q, bytes, size, c, out);
	}
	return size;
}

/* --- use --------------------------------------------------------------------------------- */

void
squeeze_start(struct squeeze *q, int rows, int columns, bool names_columns, bool names_rows)
{
	*q = (struct squeeze){
	    .names_columns = names_columns, .names_rows = names_rows, .shown = true};
	lose_place(q);
	squeeze_size(q, rows, columns);
}

void
squeeze_size(struct squeeze *q, int rows, int columns)
{
	free(q->blank_from);
	q->blank_from = mem_zero((size_t)rows, sizeof(*q->blank_from));
	q->rows = rows;
	q->columns = columns;
	if (q->want.y >= rows || q->want.x >= columns)
		lose_place(q);
	squeeze_forget(q);
}

void
squeeze_forget(struct squeeze *q)
{
	q->at = (struct spot){-1, -1};
	q->has.known = false;
	q->bottom = -1;
	forget_rows(q, 0);
}

void
squeeze_frame(struct squeeze *q, const char *bytes, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n;)
		i += token(q, bytes + i, n - i, out);
	if (q->shown)
		go(q, out);
	if (!same_blank(&q->has, &q->wants))
		dip(q, out);
}

void
squeeze_last(struct squeeze *q, const char *bytes, size_t n, struct buf *out)
{
	squeeze_frame(q, bytes, n, out);
	go(q, out);
	dip(q, out);
}

void
squeeze_clear(struct squeeze *q)
{
	free(q->blank_from);
	q->blank_from = NULL;
}
