/*
 * Fewer bytes, the same screen: what curses makes of random frames for several terminals is shown on one libvterm as it is and on
 * another squeezed, and both must agree in every cell; then, byte by byte, what each shortening makes of a line written by hand.
 */
#include "tests/test.h"

#include "base/i18n.h"
#include "base/random.h"
#include "base/utf8.h"
#include "ui/caps.h"
#include "ui/squeeze.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vterm.h>

#define FRAMES 400

/* --- a terminal -------------------------------------------------------------------------- */

static VTerm *
terminal(int rows, int columns)
{
	VTerm *vt = vterm_new(rows, columns);

	vterm_set_utf8(vt, 1);
	vterm_screen_enable_altscreen(vterm_obtain_screen(vt), 1);
	vterm_screen_reset(vterm_obtain_screen(vt), 1);
	return vt;
}

static bool
is_blank(const VTermScreenCell *c)
{
	return c->chars[0] == 0 || c->chars[0] == ' ';
}

static void
same_colours(const VTermColor *a, const VTermColor *b, int y, int x)
{
	if (!vterm_color_is_equal(a, b))
		fail_msg("row %d column %d: another colour", y, x);
}

static bool
same_characters(const VTermScreenCell *a, const VTermScreenCell *b)
{
	int i = 0;

	while (i < VTERM_MAX_CHARS_PER_CELL && a->chars[i] && a->chars[i] == b->chars[i])
		i++;
	return i == VTERM_MAX_CHARS_PER_CELL || a->chars[i] == b->chars[i];
}

/* What a person can tell apart. */
static void
same_cell(const VTermScreenCell *a, const VTermScreenCell *b, int y, int x)
{
	bool blank = is_blank(a);

	if (a->chars[0] == (uint32_t)-1 && b->chars[0] == (uint32_t)-1) /* the right half of a wide one */
		return;
	if (blank != is_blank(b) || (!blank && (!same_characters(a, b) || a->width != b->width)))
		fail_msg("row %d column %d: U+%04X for U+%04X", y, x, b->chars[0], a->chars[0]);
	same_colours(&a->bg, &b->bg, y, x);
	if (a->attrs.underline != b->attrs.underline || a->attrs.reverse != b->attrs.reverse || a->attrs.strike != b->attrs.strike)
		fail_msg("row %d column %d: another look", y, x);
	if (blank && !a->attrs.reverse)
		return;
	same_colours(&a->fg, &b->fg, y, x);
	if (a->attrs.bold != b->attrs.bold || a->attrs.italic != b->attrs.italic || a->attrs.blink != b->attrs.blink)
		fail_msg("row %d column %d: another weight", y, x);
}

static void
same_screen(VTerm *a, VTerm *b, bool cursor)
{
	VTermPos at[2];
	int rows, columns;

	vterm_get_size(a, &rows, &columns);
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < columns; x++) {
			VTermPos p = {y, x};
			VTermScreenCell cell[2];

			vterm_screen_get_cell(vterm_obtain_screen(a), p, &cell[0]);
			vterm_screen_get_cell(vterm_obtain_screen(b), p, &cell[1]);
			same_cell(&cell[0], &cell[1], y, x);
		}
	}
	vterm_state_get_cursorpos(vterm_obtain_state(a), &at[0]);
	vterm_state_get_cursorpos(vterm_obtain_state(b), &at[1]);
	if (cursor) {
		assert_int_equal(at[0].row, at[1].row);
		assert_int_equal(at[0].col, at[1].col);
	}
}

/* --- random frames ----------------------------------------------------------------------- */

#define ROWS_MAX 36
#define WORDS_MAX 8

/* A row: a bar or not, and words from left to right, the last one perhaps up to the edge. */
struct row {
	bool bar, edge;
	int n, gap[WORDS_MAX], word[WORDS_MAX], look[WORDS_MAX];
};

static int
below(int n)
{
	return (int)random_below((uint64_t)n);
}

static void
make_row(struct row *r)
{
	*r = (struct row){.bar = below(6) == 0, .edge = below(6) == 0, .n = below(WORDS_MAX)};
	for (int i = 0; i < r->n; i++) {
		r->gap[i] = below(3) ? below(12) : below(3);
		r->word[i] = below(16);
		r->look[i] = below(3) ? 0 : below(42);
	}
}

static attr_t
look(int n)
{
	static const attr_t looks[] = {A_NORMAL, A_BOLD, A_DIM, A_REVERSE, A_UNDERLINE, A_BOLD | A_UNDERLINE, A_NORMAL};

	return looks[n % 7] | (has_colors() ? (attr_t)COLOR_PAIR(n / 7) : 0);
}

static void
put(int y, int x, int columns, const char *s, attr_t a)
{
	int used;
	size_t n = utf8_fit(s, strlen(s), columns - x, &used);

	wattrset(stdscr, (int)a);
	if (x < columns && n)
		mvwaddnstr(stdscr, y, x, s, (int)n);
}

static void
draw_row(const struct row *r, int y, int columns)
{
	static const char *const words[16] = {"值班", "临泽镇东风村", "a", "abc 12:30", "  x  y", "超12时  电话报告", "e\xcc\x81t\xc3\xa9", "…",
	    "\xf0\x9f\x9a\x92 火警", "、。", "-", " ", "㐀\xf0\xa0\x80\x80z", "ⅣⅣ", "전화", "(+86) 0514-55500123"};
	attr_t bar = look(has_colors() ? 4 * 7 : 3);
	int x = 0;

	wattrset(stdscr, (int)bar);
	if (r->bar)
		mvwhline(stdscr, y, 0, (chtype)(' ' | bar), columns);
	for (int i = 0; i < r->n; i++) {
		x += r->gap[i];
		put(y, x, columns, words[r->word[i]], r->bar ? bar : look(r->look[i]));
		x += utf8_columns(words[r->word[i]]);
	}
	if (r->edge && x < columns - 4)
		put(y, columns - 4, columns, "值xy", A_NORMAL);
}

/* A few rows are others, a list moves up or down by a line, a text is typed into, all is new. */
static void
change(struct row *row, int rows)
{
	struct row *r = &row[below(rows)];

	switch (below(10)) {
	case 0:
		memmove(&row[3], &row[4], (size_t)(rows - 6) * sizeof(*row));
		make_row(&row[rows - 3]);
		break;
	case 1:
		memmove(&row[4], &row[3], (size_t)(rows - 6) * sizeof(*row));
		make_row(&row[3]);
		break;
	case 2:
		for (int y = 0; y < rows; y++)
			make_row(&row[y]);
		break;
	case 3:
	case 4:
	case 5:
		if (r->n)
			r->gap[below(r->n)] = below(6);
		break;
	case 6:
		*r = (struct row){.bar = false};
		break;
	default:
		for (int i = below(4); i >= 0; i--)
			make_row(&row[below(rows)]);
	}
}

/* --- curses, into memory ------------------------------------------------------------------ */

struct trial {
	int rows, columns, fd;
	FILE *memory;
	SCREEN *screen;
	VTerm *plain, *squeezed;
	struct squeeze q;
	struct buf out;
	struct row row[ROWS_MAX];
	size_t before, behind; /* bytes */
	bool shown;
};

static void
start(struct trial *t, const char *term, int rows, int columns, bool places)
{
	char size[2][16];

	*t = (struct trial){.rows = rows, .columns = columns, .out = BUF_MAX(1u << 22), .shown = true};
	t->fd = memfd_create("frames", 0);
	t->memory = fdopen(t->fd, "r+");
	snprintf(size[0], sizeof(size[0]), "%d", rows);
	snprintf(size[1], sizeof(size[1]), "%d", columns);
	setenv("LINES", size[0], 1);
	setenv("COLUMNS", size[1], 1);
	use_env(TRUE);
	t->screen = newterm(term, t->memory, stdin);
	assert_non_null(t->screen);
	nonl();
	idlok(stdscr, TRUE);
	idcok(stdscr, TRUE);
	typeahead(-1);
	if (has_colors()) {
		start_color();
		use_default_colors();
		for (short i = 1; i < 4; i++)
			init_pair(i, i, -1);
		init_pair(4, COLOR_BLACK, COLOR_WHITE);
		init_pair(5, COLOR_YELLOW, COLOR_BLUE);
	}
	t->plain = terminal(rows, columns);
	t->squeezed = terminal(rows, columns);
	squeeze_start(&t->q, rows, columns, places, places);
}

/* Both terminals as curses wants them, and compared. */
static void
show(struct trial *t, bool last)
{
	char bytes[65536];
	ssize_t n;

	fflush(t->memory);
	n = pread(t->fd, bytes, sizeof(bytes), 0);
	assert_in_range(n, 0, (ssize_t)sizeof(bytes) - 1);
	assert_int_equal(ftruncate(t->fd, 0), 0);
	lseek(t->fd, 0, SEEK_SET);
	buf_reset(&t->out);
	n = (ssize_t)caps_strip(bytes, (size_t)n);
	if (last)
		squeeze_last(&t->q, bytes, (size_t)n, &t->out);
	else
		squeeze_frame(&t->q, bytes, (size_t)n, &t->out);
	t->before += (size_t)n;
	t->behind += t->out.size;
	vterm_input_write(t->plain, bytes, (size_t)n);
	vterm_input_write(t->squeezed, buf_str(&t->out), t->out.size);
	same_screen(t->plain, t->squeezed, t->shown);
}

static void
frame(struct trial *t)
{
	change(t->row, t->rows);
	werase(stdscr);
	for (int y = 0; y < t->rows; y++)
		draw_row(&t->row[y], y, t->columns);
	t->shown = below(2);
	curs_set(t->shown);
	wmove(stdscr, below(t->rows), below(t->columns));
	if (below(40) == 0)
		clearok(curscr, TRUE);
	if (below(40) == 0) { /* as ^L: the terminal may be in any state */
		squeeze_forget(&t->q);
		clearok(curscr, TRUE);
	}
	wnoutrefresh(stdscr);
	doupdate();
	show(t, false);
}

static void
finish(struct trial *t)
{
	t->shown = true;
	curs_set(1);
	endwin();
	show(t, true);
	delscreen(t->screen);
	fclose(t->memory);
	vterm_free(t->plain);
	vterm_free(t->squeezed);
	squeeze_clear(&t->q);
	buf_clear(&t->out);
}

/* At most so many bytes of a hundred are left. */
static void
try_terminal(const char *name, bool places, int most)
{
	struct trial t;

	for (int size = 0; size < 3; size++) {
		start(&t, name, size == 0 ? 24 : size == 1 ? 36 : 12, size == 0 ? 80 : size == 1 ? 120 : 48, places);
		for (int i = 0; i < FRAMES; i++)
			frame(&t);
		finish(&t);
		assert_true(t.behind * 100 < t.before * (size_t)most);
	}
}

static void
the_screen_is_the_same(void **state)
{
	(void)state;
	random_pin(4711);
	try_terminal("xterm-256color", true, 85);
	try_terminal("linux", true, 92);
	try_terminal("screen", true, 88);
	try_terminal("rxvt", true, 85);
	try_terminal("vt100", false, 96);
	try_terminal("ansi", false, 100);
}

/* --- by hand ----------------------------------------------------------------------------- */

/* On 24 rows of 80, cleared, the cursor top left, the pen plain. */
static void
squeezes(const char *bytes, const char *want)
{
	static const char before[] = "\033[1;24r\033[m\033[?25l\033[H\033[2J\033[1;1Ha\033[1;1H";
	struct squeeze q;
	struct buf out = BUF_MAX(65536);

	squeeze_start(&q, 24, 80, true, true);
	squeeze_frame(&q, before, sizeof(before) - 1, &out);
	buf_reset(&out);
	squeeze_frame(&q, bytes, strlen(bytes), &out);
	assert_string_equal(buf_str(&out), want);
	buf_clear(&out);
	squeeze_clear(&q);
}

static void
moves(void **state)
{
	(void)state;
	squeezes("\033[5;10H\033[1;3Hx", " x");			  /* where it came by is of no account; blanks over blanks */
	squeezes("\033[20Gx", "\033[18Cx");			  /* from behind the a */
	squeezes("x\033[2;1Hy", "\bx\n\by");			  /* the next line */
	squeezes("x\033[2;2Hy", "\bx\ny");			  /* straight down */
	squeezes("\033[24;80H", "");				  /* nobody sees it there */
	squeezes("\033[24;80H\033[?25h", "\033[?25h\033[24;80H"); /* now one does */
	squeezes("\033[12;40Hx", "\033[12;40Hx");
	squeezes("火\033[10Gx", "\b火\033[7Cx");
	squeezes("\xf0\x9f\x9a\x92\033[10Gx", "\b\xf0\x9f\x9a\x92\033[10Gx"); /* some draw it one wide */
	squeezes("\xf0\x9f\x9a\x92" "b", "\b\xf0\x9f\x9a\x92" "b");
}

static void
pens(void **state)
{
	(void)state;
	squeezes("\033[0;1m\033[31mx", "\b\033[1;31mx");
	squeezes("\033[0;1m\033[31mx\033[39m\033[my", "\b\033[1;31mx\033[my");
	squeezes("\033[0;2mx\033[m  \033[0;2my", "\b\033[2mx  y");
	squeezes("\033[0;1mx\033[0;2my", "\b\033[1mx\033[;2my");
	squeezes("\033[7mx\033[m y", "\b\033[7mx\033[m y"); /* not over a blank that was reversed */
	squeezes("\033[38;5;9mx\033[1my\033[mz", "\033[38;5;9m\bx\033[1my\033[mz");
}

static void
erasing(void **state)
{
	(void)state;
	squeezes("\033[1;5H\033[K\033[9X", "");	      /* nothing there */
	squeezes("\033[1;1H\033[K", "\b\033[K");      /* an a is */
	squeezes("\033[30m\033[47m\033[5;1H\033[K", "\033[5H\033[30;47m\033[K");
	squeezes("\033[30m\033[47m\033[5;1H\033[K\033[m\033[5;9H   x", "\033[5H\033[30;47m\033[K\033[m\033[8C   x");
	squeezes("\033[24;1Hx\nb", "\033[24Hx\nb"); /* that scrolled: row 1 is not what it was */
}

/* What goes to the terminal itself is nothing on the screen, and nothing comes between. */
static void
strings(void **state)
{
	(void)state;
	squeezes("\033[0;1m\033]104\007\033[0;2mx", "\033]104\007\b\033[2mx");
	squeezes("\033]0;title\033\\\033[3;1Hx", "\033]0;title\033\\\n\n\bx");
}

/* A repeated character of which a blank was never written; and one that was. */
static void
repeated(void **state)
{
	(void)state;
	squeezes("\033[3;1H \033[9bx", "\n\n\033[9Cx");
	squeezes("\033[3;1H-\033[9b", "\n\n\b-\033[9b");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_screen_is_the_same),
	    cmocka_unit_test(moves),
	    cmocka_unit_test(pens),
	    cmocka_unit_test(erasing),
	    cmocka_unit_test(strings),
	    cmocka_unit_test(repeated),
	};

	i18n_init();
	return cmocka_run_group_tests_name("ui/squeeze", tests, NULL, NULL);
}
