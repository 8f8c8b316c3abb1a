#include "tests/test.h"

#include "tests/ui/tty.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define QUESTION "\033[5n"
#define ANSWER "\033[0n"
#define PATIENCE_MS 20000

struct tty {
	struct tty_setup setup;
	int master;
	pid_t pid;
	VTerm *vt;
	VTermScreen *screen;
	struct buf raw;	  /* all bytes the program wrote */
	unsigned answers; /* ANSWERs among them */
	size_t looked;	  /* raw is searched for ANSWER up to here */
	struct buf text;
	size_t shown;	 /* bytes of raw the vterm was given */
	char clock[200]; /* the file ZHIBAN_CLOCK names */
	bool gone;	 /* the program has closed its end */
};

static void
fail_with_screen(struct tty *t, const char *what)
{
	fprintf(stderr, "%s\n%s\n", what, tty_screen(t));
	fail();
}

/* --- the terminal ------------------------------------------------------------------------ */

static void
make_terminal(struct tty *t)
{
	t->vt = vterm_new(t->setup.rows, t->setup.columns);
	vterm_set_utf8(t->vt, 1);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_reset(t->screen, 1);
}

/* What the terminal answers by itself. A wide one says that an ambiguous character moved it by two.
 */
static void
answer(struct tty *t)
{
	char bytes[256];
	size_t n = vterm_output_read(t->vt, bytes, sizeof(bytes) - 1);

	bytes[n] = '\0';
	if (n == 0 || t->setup.deaf)
		return;
	if (t->setup.wide && strcmp(bytes, "\033[2;2R") == 0)
		memcpy(bytes, "\033[2;3R", 6);
	tty_send(t, bytes, n);
}

/* Bytes at the end that begin a character whose rest has not come yet. */
static size_t
begun(const char *bytes, size_t n)
{
	for (size_t k = 1; k <= 3 && k <= n; k++) {
		unsigned char c = (unsigned char)bytes[n - k];

		if (c < 0x80)
			return 0;
		if (c >= 0xc0)
			return k < (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u) ? k : 0;
	}
	return 0;
}

/* A read may end within a character; libvterm is given whole ones (it drew U+FFFD now and then). */
static void
show(struct tty *t)
{
	size_t upto = t->raw.size - begun(t->raw.data, t->raw.size);

	if (upto > t->shown)
		vterm_input_write(t->vt, t->raw.data + t->shown, upto - t->shown);
	t->shown = upto;
}

/* Take what the program wrote, waiting up to `ms` for it. False when nothing came or it is gone. */
static bool
take(struct tty *t, int ms)
{
	struct pollfd p = {.fd = t->master, .events = POLLIN};
	char bytes[8192];
	ssize_t n;

	if (t->master < 0 || t->gone || poll(&p, 1, ms) <= 0)
		return false;
	n = read(t->master, bytes, sizeof(bytes));
	if (n <= 0) {
		t->gone = true;
		return false;
	}
	buf_add_n(&t->raw, bytes, (size_t)n);
	show(t);
	answer(t);
	while (t->looked + strlen(ANSWER) <= t->raw.size) {
		if (memcmp(t->raw.data + t->looked, ANSWER, strlen(ANSWER)) == 0)
			t->answers++;
		t->looked++;
	}
	return true;
}

/* --- the program ------------------------------------------------------------------------- */

static const char *
language(const struct tty *t)
{
	return t->setup.language ? t->setup.language : "zh_CN";
}

static void
set_environment(const struct tty *t)
{
	setenv("TERM", t->setup.term ? t->setup.term : "xterm-256color", 1);
	setenv("LANGUAGE", language(t), 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("ZHIBAN_CLOCK", t->clock, 1);
	unsetenv("ZHIBAN_NOW");
	unsetenv("SSH_CONNECTION");
	unsetenv("NO_COLOR");
	unsetenv("ESCDELAY");
	for (const char *const *e = t->setup.environment; e && *e; e++)
		putenv((char *)(uintptr_t)*e);
}

static void
exec_program(const struct tty *t)
{
	const char *top = getenv("top_builddir");
	char *program = mem_print("%s/zhiban", top ? top : ".");
	const char *argv[24] = {program, "--store", t->setup.store};
	size_t n = 3;

	if (t->setup.person) {
		argv[n++] = "--as";
		argv[n++] = t->setup.person;
	}
	for (const char *const *a = t->setup.args; a && *a && n < 23; a++)
		argv[n++] = *a;
	/* Whoever runs the tests may have told us to ignore these (nohup): a terminal's program does not. */
	signal(SIGHUP, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	if (t->setup.command)
		execv(t->setup.command[0], (char *const *)(uintptr_t)t->setup.command);
	execv(program, (char *const *)(uintptr_t)argv);
	_exit(127);
}

struct tty *
tty_start_silent(const struct tty_setup *setup)
{
	struct tty *t = mem_zero(1, sizeof(*t));
	struct winsize size = {0};
	const char *tmp = getenv("TMPDIR");

	t->setup = *setup;
	t->raw.max = 64u << 20;
	t->text.max = 1u << 20;
	size.ws_row = (unsigned short)setup->rows;
	size.ws_col = (unsigned short)setup->columns;
	snprintf(t->clock, sizeof(t->clock), "%s/zhiban-clock-XXXXXX", tmp ? tmp : "/tmp");
	close(mkstemp(t->clock));
	tty_clock(t, setup->now ? setup->now : "2025-07-10T03:12");
	make_terminal(t);
	t->pid = forkpty(&t->master, NULL, NULL, &size);
	assert_true(t->pid >= 0);
	if (t->pid == 0) {
		set_environment(t);
		exec_program(t);
	}
	fcntl(t->master, F_SETFD, FD_CLOEXEC);
	return t;
}

struct tty *
tty_start(const struct tty_setup *setup)
{
	struct tty *t = tty_start_silent(setup);

	tty_sync(t);
	tty_sync(t); /* the first may have been asked before the width question was answered */
	return t;
}

void
tty_drain(struct tty *t, int ms)
{
	int64_t end = clock_monotonic() + ms;

	while (clock_monotonic() < end && !t->gone)
		take(t, 50);
}

void
tty_clock(struct tty *t, const char *now)
{
	char *next = mem_print("%s.new", t->clock);
	FILE *f = fopen(next, "w");

	assert_non_null(f);
	fprintf(f, "%s\n", now);
	fclose(f);
	assert_int_equal(rename(next, t->clock), 0);
	free(next);
}

void
tty_at(struct tty *t, const char *now)
{
	tty_clock(t, now);
	tty_sync(t);
}

void
tty_send(struct tty *t, const char *bytes, size_t n)
{
	while (n > 0 && t->master >= 0) {
		ssize_t sent = write(t->master, bytes, n);

		if (sent <= 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

/* A program that ended by a signal of its own doing fails the test at once. */
static void
check_crash(struct tty *t)
{
	siginfo_t info = {0};

	if (waitid(P_PID, (id_t)t->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid &&
	    (info.si_code == CLD_DUMPED ||
		(info.si_code == CLD_KILLED && info.si_status != SIGKILL &&
		    info.si_status != SIGTERM)))
		fail_with_screen(t, strsignal(info.si_status));
}

void
tty_sync(struct tty *t)
{
	unsigned want = t->answers + 1;

	tty_send(t, QUESTION, strlen(QUESTION));
	while (t->answers < want && !t->gone)
		if (!take(t, PATIENCE_MS) && !t->gone)
			fail_with_screen(t, "the program does not answer");
	if (t->gone)
		check_crash(t);
}

/* --- typing ------------------------------------------------------------------------------ */

static const struct {
	const char *name, *bytes;
} named[] = {
    {"Enter", "\r"},
    {"Esc", "\033"},
    {"Tab", "\t"},
    {"S-Tab", "\033[Z"},
    {"Up", "\033OA"},
    {"Down", "\033OB"},
    {"Right", "\033OC"},
    {"Left", "\033OD"},
    {"Home", "\033OH"},
    {"End", "\033OF"},
    {"PgUp", "\033[5~"},
    {"PgDn", "\033[6~"},
    {"BS", "\x7f"},
    {"Del", "\033[3~"},
    {"F1", "\033OP"},
    {"F2", "\033OQ"},
    {"F4", "\033OS"},
    {"F10", "\033[21~"},
    {"F12", "\033[24~"},
    {"lt", "<"},
};

/* One <name>; gives the bytes it takes of `keys`, 0 when it is none. */
static size_t
type_named(struct tty *t, const char *keys)
{
	const char *end = strchr(keys, '>');
	size_t n = end ? (size_t)(end - keys) - 1 : 0;
	char byte;

	if (keys[0] != '<' || !end)
		return 0;
	for (size_t i = 0; i < COUNT_OF(named); i++)
		if (strlen(named[i].name) == n && memcmp(named[i].name, keys + 1, n) == 0) {
			tty_send(t, named[i].bytes, strlen(named[i].bytes));
			return n + 2;
		}
	if (n == 3 && keys[1] == 'C' && keys[2] == '-') {
		byte = (char)(keys[3] & 0x1f);
		tty_send(t, &byte, 1);
		return n + 2;
	}
	if (n == 3 && keys[1] == 'M' && keys[2] == '-') {
		tty_send(t, "\033", 1);
		tty_send(t, keys + 3, 1);
		return n + 2;
	}
	return 0;
}

void
tty_type(struct tty *t, const char *keys)
{
	while (*keys) {
		size_t used = type_named(t, keys), size;

		if (!used) {
			utf8_decode(keys, strlen(keys), &size);
			tty_send(t, keys, size);
			used = size;
		}
		/* an Escape must not meet the next key */
		if (strncmp(keys, "<Esc>", 5) == 0)
			tty_sync(t);
		keys += used;
	}
	tty_sync(t);
}

/* --- looking ----------------------------------------------------------------------------- */

static void
add_row(struct tty *t, int row)
{
	size_t end = t->text.size;
	char bytes[4];

	for (int column = 0; column < t->setup.columns; column++) {
		VTermScreenCell cell;

		vterm_screen_get_cell(t->screen, (VTermPos){row, column}, &cell);
		if (cell.chars[0] == (uint32_t)-1)
			continue; /* the right half of a wide character */
		if (cell.chars[0] == 0)
			buf_add_char(&t->text, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			buf_add_n(&t->text, bytes, utf8_encode(cell.chars[i], bytes));
		if (cell.chars[0] && cell.chars[0] != ' ')
			end = t->text.size;
	}
	if (t->text.data) {
		t->text.size = end;
		t->text.data[end] = '\0';
	}
	buf_add_char(&t->text, '\n');
}

const char *
tty_screen(struct tty *t)
{
	buf_reset(&t->text);
	for (int row = 0; row < t->setup.rows; row++)
		add_row(t, row);
	return buf_str(&t->text);
}

bool
tty_shows(struct tty *t, const char *words)
{
	return strstr(tty_screen(t), words) != NULL;
}

void
tty_expect(struct tty *t, const char *words)
{
	if (tty_shows(t, words))
		return;
	fprintf(stderr, "not on the screen: ");
	fail_with_screen(t, words);
}

void
tty_expect_not(struct tty *t, const char *words)
{
	if (!tty_shows(t, words))
		return;
	fprintf(stderr, "on the screen: ");
	fail_with_screen(t, words);
}

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
tty_wait_for(struct tty *t, const char *words)
{
	long end = now_ms() + PATIENCE_MS;

	while (!tty_shows(t, words)) {
		if (now_ms() > end)
			fail_with_screen(t, words);
		take(t, 100);
	}
}

static bool
mark_is_on(struct tty *t, const char *words)
{
	for (const char *line = tty_screen(t); *line; line += strcspn(line, "\n") + 1) {
		size_t n = strcspn(line, "\n");
		const char *mark = line + strspn(line, " ");

		if (*mark == '>' && memmem(line, n, words, strlen(words)))
			return true;
		if (!line[n])
			break;
	}
	return false;
}

void
tty_choose(struct tty *t, const char *words)
{
	for (int i = 0; i < 40 && !mark_is_on(t, words); i++)
		tty_type(t, "j");
	if (!mark_is_on(t, words))
		fail_with_screen(t, words);
	tty_type(t, "<Enter>");
}

int
tty_row_of(struct tty *t, const char *words)
{
	const char *s = tty_screen(t), *found = strstr(s, words);
	int row = 0;

	if (!found)
		return -1;
	for (; s < found; s++)
		row += *s == '\n';
	return row;
}

struct tty_look
tty_look_at(struct tty *t, int row, int column)
{
	VTermScreenCell cell;
	struct tty_look look;

	vterm_screen_get_cell(t->screen, (VTermPos){row, column}, &cell);
	look.bold = cell.attrs.bold;
	look.underline = cell.attrs.underline != 0;
	look.reverse = cell.attrs.reverse;
	look.colour = VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)
			  ? cell.fg.indexed.idx
			  : -1;
	return look;
}

/* --- golden files ------------------------------------------------------------------------ */

char *
tty_read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	struct buf all = BUF_MAX(1u << 20);
	char part[4096];
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add_n(&all, part, n);
	fclose(f);
	if (size)
		*size = all.size;
	return buf_take(&all);
}

/* The first line in which two screens differ, from 1. */
static int
first_difference(const char *a, const char *b)
{
	int line = 1;

	for (; *a && *a == *b; a++, b++)
		line += *a == '\n';
	return line;
}

void
tty_golden(struct tty *t, const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path = mem_print("%s/tests/ui/golden/%s.txt", top ? top : ".", name),
	     *want = tty_read_file(path, NULL);
	const char *got = tty_screen(t);

	if (getenv("UPDATE_GOLDEN")) {
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		fputs(got, f);
		fclose(f);
	} else if (!want) {
		fail_with_screen(t, path);
	} else if (strcmp(want, got) != 0) {
		fprintf(stderr, "%s, line %d\n--- want\n%s--- got\n%s", path,
		    first_difference(want, got), want, got);
		fail();
	}
	free(want);
	free(path);
}

void
tty_picture(struct tty *t, const char *name)
{
	char *full = mem_print("%s-%s-%dx%d", name, strcmp(language(t), "zh_CN") == 0 ? "zh" : "en",
	    t->setup.columns, t->setup.rows);

	tty_golden(t, full);
	free(full);
}

/* --- life -------------------------------------------------------------------------------- */

void
tty_resize(struct tty *t, int rows, int columns)
{
	struct winsize size = {0};

	t->setup.rows = rows;
	t->setup.columns = columns;
	size.ws_row = (unsigned short)rows;
	size.ws_col = (unsigned short)columns;
	vterm_set_size(t->vt, rows, columns);
	ioctl(t->master, TIOCSWINSZ, &size);
	tty_sync(t);
}

pid_t
tty_pid(const struct tty *t)
{
	return t->pid;
}

void
tty_kill(struct tty *t, int signal_number)
{
	kill(t->pid, signal_number);
}

void
tty_hang_up(struct tty *t)
{
	close(t->master);
	t->master = -1;
}

int
tty_end(struct tty *t)
{
	int status = 0;

	while (take(t, 1000))
		;
	waitpid(t->pid, &status, 0);
	if (t->master >= 0)
		close(t->master);
	vterm_free(t->vt);
	buf_clear(&t->raw);
	buf_clear(&t->text);
	unlink(t->clock);
	free(t);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

size_t
tty_bytes(const struct tty *t)
{
	return t->raw.size;
}

size_t
tty_bells(struct tty *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->raw.size; i++)
		n += t->raw.data[i] == '\a';
	return n;
}

const char *
tty_raw(const struct tty *t, size_t *n)
{
	*n = t->raw.size;
	return buf_str(&t->raw);
}

void
tty_remove_all(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)) != NULL) {
		char *path;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		path = mem_print("%s/%s", dir, e->d_name);
		if (unlink(path) < 0)
			tty_remove_all(path);
		free(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}
