/*
 * The real program on a pty, read through libvterm. Keys are typed, then tty_sync asks the program
 * whether it is ready (CSI 5 n, see src/ui/loop.h) and reads until it says so: no test sleeps, and
 * what is on the screen then is all that the keys led to.
 *
 *	struct tty *t = tty_start(&(struct tty_setup){ .store = path, .person = "陈涛", .rows = 24, .columns = 80 });
 *	tty_type(t, "n管涌<Enter><C-s>");
 *	tty_golden(t, "intake-saved");            compares with golden/intake-saved.txt; UPDATE_GOLDEN=1 writes it
 *	tty_type(t, "q<Enter>");
 *	assert_int_equal(tty_end(t), 0);
 */
#ifndef TESTS_UI_TTY_H
#define TESTS_UI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tty;

struct tty_setup {
	const char *store, *person;
	const char *now;           /* ZHIBAN_CLOCK begins here: "2025-07-10T03:12" */
	const char *term;          /* NULL: xterm-256color */
	const char *language;      /* NULL: zh_CN */
	int rows, columns;
	const char *const *args;   /* more words for the program, NULL-terminated; NULL none */
	const char *const *command; /* run this instead (an ssh client), NULL-terminated; NULL the program */
	const char *const *environment; /* "NAME=VALUE" set last, NULL-terminated; NULL none */
	bool wide;                 /* answer as a terminal that draws ambiguous characters two cells wide */
	bool deaf;                 /* never answer questions about the cursor */
};

/*
 * Start the program and wait for its first screen. Fails the test when it does not come within 20
 * s.
 */
struct tty *tty_start(const struct tty_setup *setup);
/* The same without waiting, and what it writes in the next `ms`. */
struct tty *tty_start_silent(const struct tty_setup *setup);
void tty_drain(struct tty *t, int ms);
/*
 * Type: characters as they are; <Enter> <Esc> <Tab> <S-Tab> <Up> <Down> <Left> <Right> <Home> <End>
 * <PgUp> <PgDn> <BS> <Del> <F1> … <C-s> (control) <M-f> (alt) <lt>. Then wait until the program is
 * ready.
 */
void tty_type(struct tty *t, const char *keys);
/* The line of an open list that holds `words`: down to it, and Enter. Fails the test when there is none. */
void tty_choose(struct tty *t, const char *words);
/* Bytes as they are; no waiting. */
void tty_send(struct tty *t, const char *bytes, size_t n);
void tty_sync(struct tty *t);
/*
 * Wait until `words` stand on the screen (another console's change arrives when it arrives). Fails
 * the test after 20 s.
 */
void tty_wait_for(struct tty *t, const char *words);
bool tty_shows(struct tty *t, const char *words);
/* The words are on the screen, or not: else the test fails, with the screen. */
void tty_expect(struct tty *t, const char *words);
void tty_expect_not(struct tty *t, const char *words);
/* The screen as text, a line a row, blanks at the ends cut. Valid until the next call. */
const char *tty_screen(struct tty *t);
void tty_golden(struct tty *t, const char *name);
/* The golden file NAME-LANGUAGE-COLUMNSxROWS, "board-zh-80x24", as this terminal was set up. */
void tty_picture(struct tty *t, const char *name);
void tty_resize(struct tty *t, int rows, int columns);
/* Move the program's clock; the second waits until it has seen it. */
void tty_clock(struct tty *t, const char *now);
void tty_at(struct tty *t, const char *now);
/*
 * Is the character at the place bold, underlined, reversed; its colour (0..7, -1 the terminal's
 * own).
 */
struct tty_look { bool bold, underline, reverse; int colour; };
struct tty_look tty_look_at(struct tty *t, int row, int column);
/* Row of the first line that holds `words`, -1 none. */
int tty_row_of(struct tty *t, const char *words);

/* How often the bell has rung so far. */
size_t tty_bells(struct tty *t);

/* A whole file and how long it is (NULL: who cares), NULL when it cannot be opened; the caller frees. */
char *tty_read_file(const char *path, size_t *size);
/* A directory with all that is in it. */
void tty_remove_all(const char *dir);

pid_t tty_pid(const struct tty *t);
void tty_kill(struct tty *t, int signal_number);
/* Close our end, as a terminal that was shut. */
void tty_hang_up(struct tty *t);
/* Wait for the program's end and free. Its exit status, 128 + signal when it was killed. */
int tty_end(struct tty *t);

/* Bytes the program has written so far, and how often it was woken to no visible end. */
size_t tty_bytes(const struct tty *t);
/* Every byte it wrote, for tests of what must never reach a terminal. */
const char *tty_raw(const struct tty *t, size_t *n);

#endif
