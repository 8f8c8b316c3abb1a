/* Lines that are cut, go silent, or are slow (reliability 4.9, 4.10). */
#include "tests/test.h"

#include "tests/ssh/common.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/draft.h"
#include "store/sql.h"
#include "store/verb.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a line that is cut ------------------------------------------------------------------- */

/* The form of the feedback, the way an officer comes to it: orders, next step. */
static struct tty *
open_feedback(void)
{
	struct tty *t = server_console(&s, TOWN, NULL, NULL);

	tty_type(t, "0");
	tty_choose(t, "指令");
	tty_type(t, "d<Enter>");
	if (!tty_shows(t, "反馈内容"))
		fail_msg("no form:\n%s", tty_screen(t));
	return t;
}

enum cut { CUT_CLIENT, CUT_TERMINAL, CUT_PROCESS, CUT_SERVER, CUT_SILENCE, CUTS };

static void
cut_line(struct tty *t, enum cut how)
{
	pid_t pid = server_process(&s, person(TOWN));
	int64_t began;

	assert_true(pid > 0);
	switch (how) {
	case CUT_CLIENT:
		tty_kill(t, SIGKILL);
		break;
	case CUT_TERMINAL:
		tty_hang_up(t);
		break;
	case CUT_PROCESS:
		usleep(1200000); /* the text is saved a second after the last key */
		kill(pid, SIGKILL);
		break;
	case CUT_SERVER: {
		char path[64];
		FILE *f;
		int parent = 0;

		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		f = fopen(path, "r");
		assert_non_null(f);
		assert_int_equal(fscanf(f, "%*d %*s %*c %d", &parent), 1);
		fclose(f);
		assert_true(parent > 1 && parent != s.pid);
		kill(parent, SIGKILL);
		break;
	}
	case CUT_SILENCE: /* nothing comes any more, and nobody says so */
		tty_kill(t, SIGSTOP);
		break;
	case CUTS:
		break;
	}
	began = clock_monotonic();
	no_process_left(TOWN);
	print_message(
	    "# cut %d: the console was gone after %d ms\n", how, (int)(clock_monotonic() - began));
	assert_in_range(clock_monotonic() - began, 0, 10000);
	if (how == CUT_SILENCE) {
		tty_kill(t, SIGCONT);
		tty_kill(t, SIGKILL);
	}
}

static void
a_cut_line_loses_nothing(void **state)
{
	static const char *const words[CUTS] = {
	    "客户端被杀", "终端关闭", "控制台被杀", "服务进程被杀", "线路无声"};
	int64_t order = order_to(TOWN, 321084116);

	(void)state;
	act(TOWN, "order.ack", json_pack("{s:I}", "order", (json_int_t)order));
	for (int how = 0; how < CUTS; how++) {
		struct tty *t = open_feedback();
		char *text = mem_print("%s时正在写：" TEXT, words[how]);

		tty_type(t, "<Tab><Tab>");
		tty_type(t, text);
		assert_true(tty_shows(t, words[how]));
		cut_line(t, (enum cut)how);
		tty_end(t);
		t = server_console(&s, TOWN, NULL, NULL);
		tty_type(t, "0");
		tty_choose(t, "草稿");
		if (!tty_shows(t, words[how]))
			fail_msg("%s: not offered:\n%s", words[how], tty_screen(t));
		tty_type(t, "<Enter>");
		assert_true(tty_shows(t, words[how]));
		tty_type(t, "<C-s>");
		if (server_rows(&s, "order.report") != how + 1)
			fail_msg("%s: not sent:\n%s", words[how], tty_screen(t));
		tty_type(t, "<Esc><Esc>q<Enter>");
		assert_int_equal(tty_end(t), 0);
		no_process_left(TOWN);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_cut_line_loses_nothing, make, clear),
	};
	const char *missing = server_missing();

	if (missing) {
		printf("1..0 # skipped: %s\n", missing);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
