/* The child that reads: what comes back is the same, it can do nothing else, and its end is the
 * parent's news. */
#include "tests/test.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/apart.h"
#include "exchange/item.h"
#include "exchange/sandbox.h"
#include "tests/exchange/files.h"
#include "tests/exchange/items.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
to_wire(const struct items *items, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < items->n; i++)
		item_write(out, &items->item[i]);
}

/* Every corpus file gives the same items, or the same refusal, apart as together. */
static void
same_apart(void **state)
{
	const char *root = corpus_root();
	struct items here = {0}, there = {0};
	struct buf a = BUF_MAX(64u << 20), b = BUF_MAX(64u << 20);
	struct files files;

	(void)state;
	if (!root) {
		print_message("skipped: the corpus is not there\n");
		skip();
	}
	files_load(root, true, &files);
	for (size_t i = 0; i < files.n; i += 3) {
		bool ok = read_bytes(files.file[i].data, files.file[i].n, NULL, false, &here);

		assert_int_equal(
		    read_bytes(files.file[i].data, files.file[i].n, NULL, true, &there), ok);
		assert_string_equal(here.format, there.format);
		if (!ok) {
			assert_string_equal(here.err.message, there.err.message);
			continue;
		}
		to_wire(&here, &a);
		to_wire(&there, &b);
		assert_int_equal(a.size, b.size);
		assert_memory_equal(buf_str(&a), buf_str(&b), a.size);
	}
	buf_clear(&a);
	buf_clear(&b);
	items_clear(&here);
	items_clear(&there);
	files_clear(&files);
}

static void
gone(int signal_number)
{
	(void)signal_number;
	_exit(77);
}

/* In the cell: what each forbidden thing says. Exit 0 when all is as it must be, else the number of
 * the thing. */
static int
try_everything(void)
{
	struct sandbox got;
	char *const args[] = {(char *)(uintptr_t) "true", NULL};
	char *memory;

	signal(SIGSYS, gone);
	sandbox_enter(1, &got);
	if (!got.seccomp)
		return 70; /* this kernel has none */
	if (open("/etc/hostname", O_RDONLY) >= 0 || errno != EPERM)
		return 1;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 2;
	if (execv("/bin/true", args) == 0 || errno != EPERM)
		return 3;
	if (fork() >= 0 || errno != EPERM)
		return 4;
	if (unlink("/nowhere") == 0 || errno != EPERM)
		return 5;
	if (kill(getppid(), 0) == 0 || errno != EPERM)
		return 6;
#if !TEST_SANITIZED
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	    MAP_FAILED)
		return 7;
#endif
	memory = malloc(4u << 20); /* and what it needs works */
	if (!memory)
		return 8;
	memory[0] = 'x';
	free(memory);
	return write(1, "", 0) == 0 ? 0 : 9;
}

static void
locked_in(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(try_everything());
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 70) {
		print_message("skipped: no seccomp in this kernel\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool
drop(void *context, struct feed_item *item)
{
	++*(size_t *)context;
	feed_item_clear(item);
	return true;
}

/* Time is up before it has read: nothing comes, and nothing is left running. */
static void
too_slow(void **state)
{
	struct buf doc = BUF_MAX(FEED_MAX);
	struct err err = ERR_NONE;
	const char *format;
	size_t items = 0;

	(void)state;
	buf_add(&doc, "STCD,TM,Z\n");
	for (int i = 0; i < 190000; i++)
		buf_add(&doc, "1,2025-07-10 03:12:00,2\n");
	assert_false(feed_read_apart(doc.data, doc.size, NULL, 1, drop, &items, &format, &err));
	assert_non_null(strstr(err.message, "too long"));
	assert_int_equal(items, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	err_clear(&err);
	assert_true(feed_read_apart(doc.data, doc.size, NULL, 60000, drop, &items, &format, &err));
	assert_int_equal(items, 190000);
	buf_clear(&doc);
}

/* A child that lies: any cut or change of the wire gives items or a refusal, never a crash. */
static void
wire_is_not_believed(void **state)
{
	static const char *const text =
	    "<alert><identifier>x</identifier><note>n</note><references>a b "
	    "s,i,2025-07-10T03:12:00+08:00</references>"
	    "<info><headline>h</headline><area><areaDesc>d</areaDesc><polygon>1,2 3,4 5,6 "
	    "1,2</polygon><geocode>1,2,3</geocode></area></info></alert>";
	struct items got = {0};
	struct buf wire = BUF_MAX(65536);
	struct feed_item item;
	unsigned seed = 3;

	(void)state;
	assert_true(read_text(text, NULL, &got));
	to_wire(&got, &wire);
	for (size_t cut = 0; cut < wire.size; cut++) {
		size_t at = 0;

		assert_false(item_read(wire.data, cut, &at, &item));
	}
	for (int i = 0; i < 20000; i++) {
		char *copy = mem_dupn(wire.data, wire.size);
		size_t at = 0;

		for (int k = 0; k < 3; k++) {
			seed = seed * 1103515245u + 12345u;
			copy[(seed >> 8) % wire.size] = (char)(seed >> 24);
		}
		if (item_read(copy, wire.size, &at, &item))
			feed_item_clear(&item);
		free(copy);
	}
	buf_clear(&wire);
	items_clear(&got);
}

/* The child cannot open a catalogue: its reasons are in the language of the person all the same. */
static void
speaks_chinese(void **state)
{
	struct items got = {0};

	(void)state;
	i18n_init();
	i18n_set_language("zh_CN");
	assert_false(read_bytes("<html/>", 7, NULL, true, &got));
	assert_string_equal(got.err.message, "这是网页，不是数据源");
	items_clear(&got);
	i18n_set_language("en");
}

enum task { ANSWERS, REFUSES, CRASHES, HANGS, EXITS };

static bool
work(void *context, struct buf *answer, struct err *err)
{
	buf_add(answer, "so far");
	switch (*(enum task *)context) {
	case ANSWERS:
		return true;
	case REFUSES:
		err_set(err, ERR_REFUSED, "%s", "no");
		return err_detail(err, "%s", "because");
	case CRASHES:
		raise(SIGKILL);
		break;
	case HANGS:
		for (volatile int i = 1; i; i = 1)
			;
		break;
	case EXITS:
		_exit(0);
	}
	return true;
}

static bool
do_task(enum task task, int limit_ms, struct buf *answer, struct err *err)
{
	*answer = (struct buf){0};
	*err = (struct err)ERR_NONE;
	return apart_run(work, &task, limit_ms, answer, err);
}

/* However the child ends, the parent has an answer or a reason, and no child is left. */
static void
any_work(void **state)
{
	struct buf answer;
	struct err err;

	(void)state;
	assert_true(do_task(ANSWERS, 60000, &answer, &err));
	assert_string_equal(buf_str(&answer), "so far");
	buf_clear(&answer);
	assert_false(do_task(REFUSES, 60000, &answer, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	assert_string_equal(err.message, "no");
	assert_string_equal(err.detail, "because");
	assert_string_equal(buf_str(&answer), "so far");
	buf_clear(&answer);
	err_clear(&err);
	assert_false(do_task(HANGS, 50, &answer, &err));
	assert_non_null(strstr(err.message, "too long"));
	buf_clear(&answer);
	err_clear(&err);
	assert_false(do_task(EXITS, 60000, &answer, &err));
	assert_non_null(strstr(err.message, "no answer"));
	buf_clear(&answer);
	err_clear(&err);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_false(do_task(CRASHES, 60000, &answer, &err));
	assert_non_null(strstr(err.message, "signal 9"));
	buf_clear(&answer);
	err_clear(&err);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(speaks_chinese),
	    cmocka_unit_test(same_apart),
	    cmocka_unit_test(locked_in),
	    cmocka_unit_test(too_slow),
	    cmocka_unit_test(any_work),
	    cmocka_unit_test(wire_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
