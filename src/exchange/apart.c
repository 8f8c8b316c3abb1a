/*
 * A document parsed in a child: fork, lock in (sandbox.c), read, hand the items back over a pipe.
 * The child sends nothing before the whole document is read, so a parser that is killed, crashes or
 * hangs leaves no half list behind. The parent does not believe the child: the wire form is read
 * with every length checked.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/clock.h"
#include "exchange/inside.h"
#include "exchange/item.h"
#include "exchange/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MAX (192u << 20)

/* --- the child
 * --------------------------------------------------------------------------------------------- */

static bool
keep_on_wire(void *context, struct feed_item *item)
{
	struct buf *wire = context;

	item_write(wire, item);
	feed_item_clear(item);
	return !wire->full;
}

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

/* The answer: 'y' and format and items, or 'n' and format, code, message, detail; texts end with a
 * NUL. */
static void
answer(int fd, bool ok, const char *format, const struct err *err, const struct buf *wire)
{
	struct buf head = BUF_MAX(65536);

	buf_add_char(&head, ok ? 'y' : 'n');
	buf_add_n(&head, format, strlen(format) + 1);
	if (!ok) {
		buf_add_char(&head, (char)err->code);
		buf_printf(&head, "%.8000s", err->message ? err->message : "");
		buf_add_char(&head, '\0');
		buf_printf(&head, "%.8000s", err->detail ? err->detail : "");
		buf_add_char(&head, '\0');
	}
	send_all(fd, head.data, head.size);
	if (ok)
		send_all(fd, buf_str(wire), wire->size);
}

static void
child(int fd, const char *bytes, size_t n, const struct feed_profile *profile)
{
	struct buf wire = BUF_MAX(ANSWER_MAX);
	struct err err = ERR_NONE;
	struct sandbox got;
	const char *format = "";
	bool ok;

	sandbox_enter(fd, &got);
	ok = feed_read(bytes, n, profile, keep_on_wire, &wire, &format, &err);
	answer(fd, ok, format, &err, &wire);
	_exit(0);
}

/* --- the parent
 * -------------------------------------------------------------------------------------------- */

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

/* A NUL-terminated text at *at, moved on; NULL when it is not whole. */
static const char *
text_at(const struct buf *b, size_t *at)
{
	const char *s = b->data + *at, *end = *at < b->size ? memchr(s, 0, b->size - *at) : NULL;

	if (!end)
		return NULL;
	*at += (size_t)(end - s) + 1;
	return s;
}

static bool
take_refusal(const struct buf *b, size_t at, struct err *err)
{
	enum err_code code = at < b->size && b->data[at] > ERR_OK && b->data[at] <= ERR_IO
				 ? (enum err_code)b->data[at]
				 : ERR_INPUT;
	const char *message, *detail;

	at++;
	message = text_at(b, &at);
	detail = message ? text_at(b, &at) : NULL;
	err_set(err, code, "%s", message && *message ? message : _("the reader gave no answer"));
	return detail && *detail ? err_detail(err, "%s", detail) : false;
}

static bool
take_items(const struct buf *b, size_t at, feed_sink sink, void *context, struct err *err)
{
	struct feed_item item;

	while (at < b->size) {
		if (!item_read(b->data, b->size, &at, &item))
			return err_set(err, ERR_IO, _("the reader gave no answer"));
		if (!sink(context, &item))
			return err_set(err, ERR_REFUSED, _("more items than are taken at once"));
	}
	return true;
}

static bool
take_answer(
    const struct buf *b, feed_sink sink, void *context, const char **format, struct err *err)
{
	size_t at = 1;
	const char *name;

	if (b->size == 0 || !(name = text_at(b, &at)))
		return err_set(err, ERR_IO, _("the reader gave no answer"));
	for (const char *const *f = feed_formats(); format && *f; f++)
		if (strcmp(*f, name) == 0)
			*format = *f;
	return b->data[0] == 'y' ? take_items(b, at, sink, context, err) : take_refusal(b, at, err);
}

/* Whatever is loaded from files at first use is loaded here: the child cannot. */
static bool
load_before(struct err *err)
{
	(void)*_("the reader gave no answer");
	json_object_seed(0);
	return feed_tables_load(err);
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

bool
feed_read_apart(const char *bytes, size_t n, const struct feed_profile *profile, int limit_ms,
    feed_sink sink, void *context, const char **format, struct err *err)
{
	struct buf said = BUF_MAX(ANSWER_MAX + 65536);
	bool late = false, whole, ok = false;
	int fds[2];
	pid_t pid;

	if (format)
		*format = "";
	if (!load_before(err))
		return false;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_set(
		    err, ERR_IO, _("no process can be started to read it: %s"), strerror(errno));
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		child(fds[1], bytes, n, profile);
	}
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return err_set(
		    err, ERR_IO, _("no process can be started to read it: %s"), strerror(errno));
	}
	whole = collect(fds[0], limit_ms, &said, &late);
	close(fds[0]);
	if (wait_for(pid, !whole, late, err))
		ok = whole ? take_answer(&said, sink, context, format, err)
			   : err_set(err, ERR_REFUSED, _("the reader gave no answer"));
	buf_clear(&said);
	return ok;
}
