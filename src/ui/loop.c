#include "ui/loop.h"

#include "base/clock.h"
#include "ui/term.h"

#include <poll.h>
#include <time.h>

#define ANSWER "\033[0n"

struct loop {
	const struct loop_ops *ops;
	void *context;
	int watch_fd;
	struct input input;
	unsigned asked;	 /* answers to CSI 5 n that are owed */
	int64_t deaf_to; /* monotonic ms: changes of the store are not looked at before */
};

/* Milliseconds for which the store's changes are still left alone. */
static int
deaf_for(const struct loop *l)
{
	int64_t left = l->deaf_to - clock_monotonic();

	return left > 0 ? (int)left : 0;
}

static void
change(struct loop *l)
{
	l->ops->change(l->context);
	l->deaf_to = clock_monotonic() + LOOP_CHANGES_MS;
}

static bool
changed(const struct loop *l)
{
	struct pollfd p = {.fd = l->watch_fd, .events = POLLIN};

	return l->watch_fd >= 0 && poll(&p, 1, 0) > 0;
}

static void
take_keys(struct loop *l)
{
	struct key key;

	while (input_next(&l->input, &key)) {
		if (key.code == K_SYNC)
			l->asked++;
		else if (key.code == K_ALIVE)
			term_answered();
		else
			l->ops->key(l->context, &key);
		if (l->ops->over(l->context))
			return;
	}
}

/* Paint if there is something new and the last frame has left; then answer whoever asked. */
static void
paint(struct loop *l)
{
	if (l->asked) {
		while (changed(l))
			change(l);
		l->ops->tick(l->context);
		if (l->ops->over(l->context))
			return; /* the loop behind this one answers, when its screen is there */
	}
	if (!term_ready())
		return;
	for (int i = 0; i < 4 && l->ops->dirty(l->context); i++)
		l->ops->paint(l->context);
	for (; l->asked; l->asked--)
		term_send(ANSWER, sizeof(ANSWER) - 1);
}

/*
 * Sleep. What woke us is in the two events; 0 and 0: the time is over. False: only the pause after
 * a change is, and there is nothing to do but to listen again.
 */
static bool
rest(struct loop *l, short *tty, short *watch)
{
	struct pollfd p[2] = {
	    {.fd = term_fd(), .events = (short)(POLLIN | (term_idle() ? 0 : POLLOUT))},
	    {.fd = l->watch_fd, .events = POLLIN}, /* negative: none, and poll passes it over */
	};
	int ms = l->ops->timeout(l->context), patience = term_patience_left(), deaf = deaf_for(l),
	    n;
	bool pause;
	struct timespec limit;

	if (input_pending(&l->input) && (ms < 0 || ms > INPUT_ESC_MS))
		ms = INPUT_ESC_MS;
	if (patience >= 0 && (ms < 0 || ms > patience))
		ms = patience;
	pause = deaf && (ms < 0 || ms > deaf);
	if (pause)
		ms = deaf;
	limit.tv_sec = ms / 1000;
	limit.tv_nsec = ms % 1000 * 1000000L;
	*tty = *watch = 0;
	n = ppoll(p, deaf ? 1 : 2, ms < 0 ? NULL : &limit, term_sleep_mask());
	if (n > 0) {
		*tty = p[0].revents;
		*watch = p[1].revents;
	}
	return n != 0 || !pause;
}

static void
step(struct loop *l)
{
	short tty, watch;

	if (!rest(l, &tty, &watch))
		return;
	if (tty || watch)
		term_let_signals_in();
	term_take_resume();
	if (term_take_resize())
		l->ops->resize(l->context);
	if (tty & POLLOUT)
		term_flush();
	if (tty & (POLLIN | POLLHUP | POLLERR))
		term_read(&l->input);
	else if (input_pending(&l->input) && !(tty & POLLOUT) && !watch)
		input_expire(&l->input);
	if (watch)
		change(l);
	take_keys(l);
	if (!tty && !watch)
		l->ops->tick(l->context);
}

/* What was typed ahead, and who waits for an answer, outlives a loop: the next one (the console
 * behind the sign-on) goes on with it. */
static struct loop l;
static bool begun;

void
loop_run(const struct loop_ops *ops, void *context, int watch_fd)
{
	if (!begun)
		input_init(&l.input);
	begun = true;
	l.ops = ops;
	l.context = context;
	l.watch_fd = watch_fd;
	take_keys(&l);
	while (!ops->over(context) && !term_hung_up()) {
		paint(&l);
		if (!ops->over(context))
			step(&l);
	}
}

void
loop_end(void)
{
	input_clear(&l.input);
	l.asked = 0;
	begun = false;
}
