/*
 * newterm() is given a memory file for its output, which curses takes for a pipe: it leaves the
 * line's settings to us. After each doupdate() the file is read back, emptied, and its bytes
 * queued. Rejected: curses on the tty itself (a blocking write of a 2.7 kB frame hangs the whole
 * program when the other end of an ssh line has gone silent), and O_NONBLOCK on it (curses drops
 * what a short write leaves over).
 */
#include "ui/term.h"

#include "base/clock.h"
#include "base/env.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/caps.h"
#include "ui/pulse.h"
#include "ui/squeeze.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define OUT_MAX (4u << 20)
/* U+2026 at row 2 (so that the answer is not taken for a shifted F3), then: where is your cursor?
 */
#define WIDTH_QUESTION "\033[2;1H\xe2\x80\xa6\033[6n"
#define ALIVE_QUESTION "\033[5n"
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static struct {
	int fd;	     /* the terminal, our own description */
	bool own_fd; /* else stdin's, and flags are put back */
	int old_flags;
	struct termios old;
	FILE *memory; /* curses writes here */
	SCREEN *screen;
	struct buf out; /* bytes on their way */
	size_t sent;	/* of them */
	int rows, columns;
	bool squeezes;
	struct squeeze squeeze;
	bool gone; /* read or write says the line is gone */
	struct pulse pulse;
	bool asked, narrow, colours;
	sigset_t sleep_mask, old_mask;
} t = {.fd = -1, .out = BUF_MAX(OUT_MAX)};

static volatile sig_atomic_t resized, resumed, hung_up;

static void
on_signal(int number)
{
	if (number == SIGWINCH)
		resized = 1;
	else if (number == SIGCONT)
		resumed = 1;
	else
		hung_up = 1;
}

static void
catch_signals(void)
{
	static const int ignored[] = {SIGTSTP, SIGQUIT, SIGINT, SIGPIPE, SIGTTIN, SIGTTOU, SIGXFSZ};
	static const int caught[] = {SIGWINCH, SIGHUP, SIGTERM, SIGCONT};
	struct sigaction act = {.sa_handler = SIG_IGN};
	sigset_t block;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		sigaction(ignored[i], &act, NULL);
	act.sa_handler = on_signal;
	sigemptyset(&block);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		sigaction(caught[i], &act, NULL);
		sigaddset(&block, caught[i]);
	}
	sigprocmask(SIG_BLOCK, &block, &t.old_mask);
	t.sleep_mask = t.old_mask;
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sigdelset(&t.sleep_mask, caught[i]);
}

static bool
open_terminal(struct err *err)
{
	const char *name;
	struct stat ours, theirs;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_IO,
		    _("The console needs a terminal. For scripts there is `zhiban do`."));
	name = ttyname(STDIN_FILENO);
	t.fd = name ? open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
	t.own_fd = t.fd >= 0 && fstat(t.fd, &ours) == 0 && fstat(STDIN_FILENO, &theirs) == 0 &&
		   ours.st_rdev == theirs.st_rdev;
	if (!t.own_fd) {
		if (t.fd >= 0)
			close(t.fd);
		t.fd = STDIN_FILENO;
		t.old_flags = fcntl(t.fd, F_GETFL);
		fcntl(t.fd, F_SETFL, t.old_flags | O_NONBLOCK);
	}
	return true;
}

static void
close_terminal(void)
{
	if (t.fd < 0)
		return;
	if (t.own_fd)
		close(t.fd);
	else
		fcntl(t.fd, F_SETFL, t.old_flags);
	t.fd = -1;
}

static void
set_raw(void)
{
	struct termios raw = t.old;

	raw.c_iflag &=
	    ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON | IXOFF | PARMRK);
	raw.c_oflag &= ~(tcflag_t)OPOST;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(t.fd, TCSADRAIN, &raw);
}

static void
read_size(void)
{
	struct winsize size;

	t.rows = 24;
	t.columns = 80;
	if (ioctl(t.fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
		t.rows = size.ws_row > 500 ? 500 : size.ws_row;
		t.columns = size.ws_col > 1000 ? 1000 : size.ws_col;
	}
}

static void
start_colours(void)
{
	t.colours = has_colors() && start_color() == OK && COLORS >= 8 && !getenv("NO_COLOR");
	if (!t.colours)
		return;
	use_default_colors();
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_YELLOW, -1);
	init_pair(3, COLOR_GREEN, -1);
	init_pair(4, COLOR_BLACK, COLOR_WHITE);
}

/*
 * Curses cannot ask a memory file for its size, and some terminals (linux) have none in their
 * description: tell it.
 */
static SCREEN *
new_screen(const char *name)
{
	char rows[16], columns[16];
	SCREEN *screen;

	snprintf(rows, sizeof(rows), "%d", t.rows);
	snprintf(columns, sizeof(columns), "%d", t.columns);
	setenv("LINES", rows, 1);
	setenv("COLUMNS", columns, 1);
	use_env(TRUE);
	use_tioctl(FALSE);
	screen = newterm(name, t.memory, stdin);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	return screen;
}

/*
 * Until curses has come back from an endwin() it writes each move of the cursor by itself, a hundred
 * writes for a page. So it is sent away once; what it says on the way out nobody shall hear.
 */
static void
come_back(void)
{
	endwin();
	lseek(fileno(t.memory), 0, SEEK_SET);
}

static bool
start_curses(struct err *err)
{
	const char *name = getenv("TERM");
	int fd = memfd_create("zhiban-screen", MFD_CLOEXEC);

	t.memory = fd >= 0 ? fdopen(fd, "r+") : tmpfile();
	if (!t.memory)
		return err_set(err, ERR_IO, _("No memory file can be made: %s"), strerror(errno));
	read_size();
	t.screen = name && env_is_terminal_name(name) ? new_screen(name) : NULL;
	if (!t.screen || !caps_enough())
		return err_set(err, ERR_IO,
		    _("This terminal (TERM=%s) cannot show the console. Try: TERM=xterm zhiban"),
		    name ? name : "");
	nonl();
	come_back();
	resizeterm(t.rows, t.columns);
	idlok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	typeahead(-1);
	start_colours();
	t.squeezes = caps_speaks_ecma48();
	squeeze_start(&t.squeeze, t.rows, t.columns, caps_names_columns(), caps_names_rows());
	return true;
}

/* A frame of curses' bytes onto our queue, as short as this terminal takes it. */
static void
enqueue(char *bytes, size_t n, bool last)
{
	n = caps_strip(bytes, n);
	if (!t.squeezes)
		buf_add_n(&t.out, bytes, n);
	else if (last)
		squeeze_last(&t.squeeze, bytes, n, &t.out);
	else
		squeeze_frame(&t.squeeze, bytes, n, &t.out);
}

/*
 * What curses has written since the last time, onto our queue. The file is written over from its
 * start and never cut: its pages would have to be found and cleared again for each frame.
 */
static void
collect(bool last)
{
	int fd = fileno(t.memory);
	off_t size = lseek(fd, 0, SEEK_CUR), at = 0;
	char *frame = size > 0 ? mem_alloc((size_t)size) : NULL;
	ssize_t n;

	while (at < size && (n = pread(fd, frame + at, (size_t)(size - at), at)) > 0)
		at += n;
	if (at > 0)
		enqueue(frame, (size_t)at, last);
	if (at != size || lseek(fd, 0, SEEK_SET) < 0)
		t.gone = true;
	free(frame);
}

bool
term_start(struct err *err)
{
	if (!open_terminal(err))
		return false;
	if (tcgetattr(t.fd, &t.old) < 0) {
		close_terminal();
		return err_set(err, ERR_IO, _("The terminal does not answer: %s"), strerror(errno));
	}
	if (!start_curses(err)) {
		term_stop();
		return false;
	}
	set_raw();
	catch_signals();
	collect(false);
	term_send(PASTE_ON WIDTH_QUESTION, sizeof(PASTE_ON WIDTH_QUESTION) - 1);
	t.asked = true;
	return true;
}

void
term_stop(void)
{
	if (t.fd < 0)
		return;
	if (t.screen) {
		endwin();
		collect(true);
		term_send(PASTE_OFF, sizeof(PASTE_OFF) - 1);
		tcsetattr(t.fd, TCSANOW, &t.old);
		delscreen(t.screen);
		t.screen = NULL;
		sigprocmask(SIG_SETMASK, &t.old_mask, NULL);
	}
	if (t.memory)
		fclose(t.memory);
	t.memory = NULL;
	close_terminal();
	buf_clear(&t.out);
	squeeze_clear(&t.squeeze);
	t.sent = 0;
}

int
term_fd(void)
{
	return t.fd;
}

int
term_rows(void)
{
	return t.rows;
}

int
term_columns(void)
{
	return t.columns;
}

bool
term_too_small(void)
{
	return t.rows < TERM_ROWS_MIN || t.columns < TERM_COLUMNS_MIN;
}

bool
term_take_resize(void)
{
	if (!resized)
		return false;
	resized = 0;
	read_size();
	resizeterm(t.rows, t.columns);
	squeeze_size(&t.squeeze, t.rows, t.columns);
	clearok(curscr, TRUE);
	return true;
}

bool
term_take_resume(void)
{
	if (!resumed)
		return false;
	resumed = 0;
	set_raw();
	resized = 1;
	return true;
}

bool
term_hung_up(void)
{
	if (pulse_gone(&t.pulse, clock_monotonic()))
		t.gone = true;
	return hung_up || t.gone;
}

void
term_set_patience(int64_t ms)
{
	const char *ssh = getenv("SSH_CONNECTION");

	pulse_start(&t.pulse, ssh && *ssh ? ms : 0, clock_monotonic());
	if (t.pulse.patience > 0)
		term_send(ALIVE_QUESTION, sizeof(ALIVE_QUESTION) - 1);
}

void
term_answered(void)
{
	pulse_answered(&t.pulse, clock_monotonic());
}

int
term_patience_left(void)
{
	return pulse_left(&t.pulse, clock_monotonic());
}

void
term_let_signals_in(void)
{
	sigset_t held;

	sigprocmask(SIG_SETMASK, &t.sleep_mask, &held);
	sigprocmask(SIG_SETMASK, &held, NULL);
}

const sigset_t *
term_sleep_mask(void)
{
	return &t.sleep_mask;
}

bool
term_read(struct input *in)
{
	char bytes[4096];
	size_t room = input_room(in);
	ssize_t n;

	while (room > 0) {
		n = read(t.fd, bytes, room < sizeof(bytes) ? room : sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
				t.gone = true;
			return !t.gone;
		}
		input_feed(in, bytes, (size_t)n);
		pulse_heard(&t.pulse, clock_monotonic());
		room -= (size_t)n;
	}
	return true;
}

bool
term_idle(void)
{
	return t.sent == t.out.size;
}

bool
term_ready(void)
{
	return term_idle() && !pulse_full(&t.pulse);
}

void
term_flush(void)
{
	bool moved = false;

	while (t.sent < t.out.size) {
		ssize_t n = write(t.fd, t.out.data + t.sent, t.out.size - t.sent);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				t.gone = true;
			pulse_sent(&t.pulse, moved, true, clock_monotonic());
			return;
		}
		t.sent += (size_t)n;
		moved = true;
	}
	pulse_sent(&t.pulse, moved, false, 0);
	buf_reset(&t.out);
	t.sent = 0;
}

void
term_send(const char *bytes, size_t n)
{
	buf_add_n(&t.out, bytes, n);
	term_flush();
}

void
term_paint(void)
{
	wnoutrefresh(stdscr);
	doupdate();
	collect(false);
	if (t.out.size && pulse_asks(&t.pulse, t.out.size - t.sent, clock_monotonic()))
		buf_add(&t.out, ALIVE_QUESTION);
	term_flush();
}

void
term_redraw(void)
{
	squeeze_forget(&t.squeeze);
	clearok(curscr, TRUE);
}

void
term_bell(void)
{
	term_send("\a", 1);
}

bool
term_cursor_report(const struct key *key)
{
	if (!t.asked || key->row != 2)
		return false;
	t.asked = false;
	t.narrow = key->column == 2;
	return t.narrow;
}

bool
term_draws_ambiguous(void)
{
	return t.narrow;
}

bool
term_has_cheap_bars(void)
{
	return t.colours && caps_clears_in_colour();
}

bool
term_has_colours(void)
{
	return t.colours;
}
