/*
 * The terminal: raw mode, size, signals, and the way out. Curses only works out what must change on
 * the screen: it writes into a file in memory, and we send its bytes on without ever blocking, so
 * that a stalled line stops neither the autosave nor the sign-off. A frame is made only when the
 * one before has left (term_ready): over a slow line frames are skipped, not queued.
 *
 * The terminal is opened anew (an open file description of its own), so that "non-blocking" stays
 * with us and does not leak to the shell that started the program.
 *
 * Drawing is in draw.h; keys in input.h.
 */
#ifndef UI_TERM_H
#define UI_TERM_H

#include "base/err.h"
#include "ui/input.h"

#include <signal.h>
#include <stdbool.h>

/* Below this the screen is a one-line notice; every key still works. */
#define TERM_ROWS_MIN 12
#define TERM_COLUMNS_MIN 48

/*
 * Take stdin's terminal over. Fails with ERR_IO when stdin or stdout is none, or when TERM names
 * one that cannot place its cursor. SIGTSTP, SIGQUIT, SIGINT, SIGPIPE and SIGXFSZ are ignored from
 * here on; SIGWINCH, SIGHUP, SIGTERM and SIGCONT are held back and only let in while the loop
 * sleeps (term_sleep_mask).
 */
bool term_start(struct err *err) __attribute__((warn_unused_result));
/* Give the terminal back as it was. Does nothing when it was never taken. */
void term_stop(void);

int term_fd(void);
int term_rows(void);
int term_columns(void);
bool term_too_small(void);

/* What signals asked for since the last call; each is told once. */
bool term_take_resize(void);
bool term_take_resume(void);
/* SIGHUP, SIGTERM, the line gone, or silent beyond patience: stays true. */
bool term_hung_up(void);
/*
 * A remote line (SSH_CONNECTION) that answers nothing for so many milliseconds is gone (pulse.h); 0: wait for ever. Asks the terminal
 * once whether it answers at all.
 */
void term_set_patience(int64_t ms);
/* K_ALIVE came. */
void term_answered(void);
/* Milliseconds to sleep at most before term_hung_up may change its mind, -1 any. */
int term_patience_left(void);
/* Let in what is held back: a ppoll that found something to read has not. */
void term_let_signals_in(void);
/* The signal mask to sleep with (ppoll). */
const sigset_t *term_sleep_mask(void);

/* Read what has been typed into `in`. False at the end of the line (hung up). */
bool term_read(struct input *in);
/* Everything sent has left: a new frame may be made. */
bool term_idle(void);
/* The same, and over a remote line not too much is on its way to the terminal (pulse.h). */
bool term_ready(void);
/* Send what waits, as far as the line takes it. */
void term_flush(void);
/* Bytes to the terminal beside the frames (the answer to K_SYNC). */
void term_send(const char *bytes, size_t n);
/* Make the frame that draw.h has put together, and send it. */
void term_paint(void);
/* The next frame starts from an empty screen (^L, after a resume). */
void term_redraw(void);
void term_bell(void);

/*
 * The answer to the width question sent at the start (a cursor report, row 2). Until it came, and
 * where it says two cells, draw.h replaces East Asian ambiguous characters by ones every terminal
 * draws alike. True when the screen has to be painted again.
 */
bool term_cursor_report(const struct key *key);
bool term_draws_ambiguous(void);
bool term_has_colours(void);
/* A bar of black on white costs 3 bytes where one in reverse costs a blank for each column. */
bool term_has_cheap_bars(void);

#endif
