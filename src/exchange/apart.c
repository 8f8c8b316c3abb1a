/* The answer on the pipe: 'y' or 'n', the code of the refusal, its message and detail with a NUL
 * each, then what the work wrote. */
#include "exchange/apart.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "exchange/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEAD_MAX 65536u

/* --- the child ------------------------------------------------------------------------------- */

static void
send_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t sent = write(fd, data, n);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			_exit(2);
		data += sent;
		n -= (size_t)sent;
	}
}

static void
send_answer(int fd, bool ok, const struct err *err, const struct buf *answer)
{
	struct buf head = BUF_MAX(HEAD_MAX);

	buf_add_char(&head, ok ? 'y' : 'n');
	buf_add_char(&head, (char)(ok ? ERR_OK : err->code));
	buf_printf(&head, "%.8000s", !ok && err->message ? err->message : "");
	buf_add_char(&head, '\0');
	buf_printf(&head, "%.8000s", !ok && err->detail ? err->detail : "");
	buf_add_char(&head, '\0');
	send_all(fd, head.data, head.size);
	send_all(fd, buf_str(answer), answer->size);
}

static void
child(int fd, apart_work *work, void *context)
{
	struct buf answer = BUF_MAX(APART_ANSWER);
	struct err err = ERR_NONE;
	struct sandbox got;
	bool ok;

	/* Signals that the parent answers in its own way end this one. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sandbox_enter(fd, &got);
	ok = work(context, &answer, &err);
	send_answer(fd, ok, &err, &answer);
	_exit(0);
}

/* --- the parent ------------------------------------------------------------------------------ */

/* Everything the child says, until it ends or the time is up. */
static bool
collect(int fd, int limit_ms, struct buf *out, bool *late)
{
	int64_t until = clock_monotonic() + limit_ms;
	char part[65536];

	for (;;) {
		int64_t left = until - clock_monotonic();
		struct pollfd p = {fd, POLLIN, 0};
		ssize_t got;

		*late = left <= 0;
		if (*late)
			return false;
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return false;
		if (!p.revents)
			continue;
		got = read(fd, part, sizeof(part));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		buf_add_n(out, part, (size_t)got);
		if (out->full)
			return false;
	}
}

const char *
apart_text(const struct buf *b, size_t *at)
{
	const char *s = b->data + *at, *end = *at < b->size ? memchr(s, 0, b->size - *at) : NULL;

	if (!end)
		return NULL;
	*at += (size_t)(end - s) + 1;
	return s;
}

static bool
no_answer(struct err *err)
{
	return err_set(err, ERR_IO, _("the reader gave no answer"));
}

static bool
take_answer(const struct buf *said, struct buf *answer, struct err *err)
{
	size_t at = 2;
	const char *message, *detail;
	enum err_code code;

	if (said->size < 4 || !(message = apart_text(said, &at)) ||
	    !(detail = apart_text(said, &at)))
		return no_answer(err);
	buf_add_n(answer, said->data + at, said->size - at);
	if (said->data[0] == 'y')
		return true;
	code = said->data[1] > ERR_OK && said->data[1] <= ERR_IO ? (enum err_code)said->data[1]
								 : ERR_INPUT;
	err_set(err, code, "%s", *message ? message : _("the reader gave no answer"));
	return *detail ? err_detail(err, "%s", detail) : false;
}

static bool
wait_for(pid_t pid, bool kill_it, bool late, struct err *err)
{
	int status = 0;

	if (kill_it)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (late)
		return err_set(err, ERR_REFUSED, _("reading it took too long"));
	if (WIFSIGNALED(status) && !kill_it)
		return err_set(err, ERR_REFUSED, _("the reader broke off on it (signal %d)"),
		    WTERMSIG(status));
	return true;
}

static bool
no_process(struct err *err)
{
	return err_set(err, ERR_IO, _("no process can be started to read it: %s"), strerror(errno));
}

bool
apart_run(apart_work *work, void *context, int limit_ms, struct buf *answer, struct err *err)
{
	struct buf said = BUF_MAX(APART_ANSWER + HEAD_MAX);
	bool late = false, whole, ok = false;
	int fds[2];
	pid_t pid;

	answer->max = APART_ANSWER;
	/* The catalogue of the language and jansson's seed, at their first use out of files. */
	(void)*_("the reader gave no answer");
	json_object_seed(0);
	if (pipe2(fds, O_CLOEXEC) != 0)
		return no_process(err);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		child(fds[1], work, context);
	}
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return no_process(err);
	}
	whole = collect(fds[0], limit_ms, &said, &late);
	close(fds[0]);
	if (wait_for(pid, !whole, late, err))
		ok = whole ? take_answer(&said, answer, err) : no_answer(err);
	buf_clear(&said);
	return ok;
}
