#include "ui/loop.h"

#include "ui/term.h"

#include <poll.h>
#include <time.h>

#define ANSWER "\033[0n"

struct loop {
	const struct loop_ops *ops;
	void *context;
	int watch_fd;
	struct input input;
	unsigned asked; /* answers to CSI 5 n that are owed */
};

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
			l->ops->change(l->context);
		l->ops->tick(l->context);
	}
	if (!term_idle())
		return;
	for (int i = 0; i < 4 && l->ops->dirty(l->context); i++)
		l->ops->paint(l->context);
	for (; l->asked; l->asked--)
		term_send(ANSWER, sizeof(ANSWER) - 1);
}

/* Sleep. What woke us is in the two events; 0 and 0: the time is over. */
static void
rest(struct loop *l, short *tty, short *watch)
{
	struct pollfd p[2] = {
	    {.fd = term_fd(), .events = (short)(POLLIN | (term_idle() ? 0 : POLLOUT))},
	    {.fd = l->watch_fd, .events = POLLIN},
	};
	int ms = l->ops->timeout(l->context);
	struct timespec limit;

	if (input_pending(&l->input) && (ms < 0 || ms > INPUT_ESC_MS))
		ms = INPUT_ESC_MS;
	limit.tv_sec = ms / 1000;
	limit.tv_nsec = ms % 1000 * 1000000L;
	*tty = *watch = 0;
	if (ppoll(p, l->watch_fd >= 0 ? 2 : 1, ms < 0 ? NULL : &limit, term_sleep_mask()) > 0) {
		*tty = p[0].revents;
		*watch = p[1].revents;
	}
}

static void
step(struct loop *l)
{
	short tty, watch;

	rest(l, &tty, &watch);
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
		l->ops->change(l->context);
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
