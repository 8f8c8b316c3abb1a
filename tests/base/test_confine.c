/* What a confined process can no longer do, each tried in a child of its own. */
#include "tests/test.h"

#include "base/confine.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILTERED (!TEST_SANITIZED)

static char dir[200], inside[240], outside[240];

static int
make(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(dir, sizeof(dir), "%s/zhiban-confine-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return -1;
	snprintf(inside, sizeof(inside), "%s/in", dir);
	snprintf(outside, sizeof(outside), "%s/out", dir);
	return mkdir(inside, 0700) || mkdir(outside, 0700);
}

static int
clear(void **state)
{
	char *file;

	(void)state;
	file = mem_print("%s/kept", inside);
	unlink(file);
	free(file);
	file = mem_print("%s/there", outside);
	unlink(file);
	free(file);
	rmdir(inside);
	rmdir(outside);
	return rmdir(dir);
}

enum { CAN, CANNOT, NO_SUCH_CELL };

/* Run `act` in a confined child: CAN when it gives true. */
static int
tried(bool (*act)(void), bool needs_landlock)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct confine got;

		confine_enter(inside, true, &got);
		if (!got.no_new_privs ||
		    (needs_landlock ? !got.landlock : !got.seccomp && FILTERED))
			_exit(NO_SUCH_CELL);
		_exit(act() ? CAN : CANNOT);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* --- what is tried ------------------------------------------------------------------------ */

static bool
run_a_program(void)
{
	char name[] = "true", *argv[] = {name, NULL};

	execv("/bin/true", argv);
	return errno != EPERM && errno != EACCES;
}

static bool
make_a_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool
open_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool
signal_another(void)
{
	return kill(getppid(), 0) == 0;
}

static bool
trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static int master = -1, slave = -1;

static bool
type_for_somebody(void)
{
	char letter = 'x';

	return ioctl(slave, TIOCSTI, &letter) == 0 || errno != EPERM;
}

static bool
write_outside(void)
{
	char *path = mem_print("%s/there", outside);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	free(path);
	return fd >= 0;
}

static bool
write_inside(void)
{
	char *path = mem_print("%s/kept", inside);
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	bool good = fd >= 0 && write(fd, "x", 1) == 1 && ftruncate(fd, 0) == 0;

	free(path);
	return good;
}

static bool
leave_a_core(void)
{
	struct rlimit r;

	return getrlimit(RLIMIT_CORE, &r) != 0 || r.rlim_max > 0 || prctl(PR_GET_DUMPABLE) != 0;
}

static bool
read_outside(void)
{
	int fd = open("/etc/passwd", O_RDONLY);

	return fd >= 0;
}

static void *
nothing(void *data)
{
	return data;
}

static bool
make_a_thread(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

/* --- tests -------------------------------------------------------------------------------- */

static void
no_program_no_process_no_network(void **state)
{
	static bool (*const acts[])(void) = {
	    run_a_program, make_a_process, open_a_socket, signal_another, trace, type_for_somebody};

	(void)state;
	if (!FILTERED) {
		print_message("# skipped: no filter under AddressSanitizer\n");
		return;
	}
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		int got = tried(acts[i], false);

		if (got == NO_SUCH_CELL) {
			print_message("# skipped: no seccomp here\n");
			break;
		}
		if (got != CANNOT)
			fail_msg("%d was possible", (int)i);
	}
	close(master);
	close(slave);
}

static void
files_of_the_store_only(void **state)
{
	int got = tried(write_outside, true);

	(void)state;
	if (got == NO_SUCH_CELL) {
		print_message("# skipped: no Landlock here\n");
		return;
	}
	assert_int_equal(got, CANNOT);
	assert_int_equal(tried(run_a_program, true), CANNOT);
	assert_int_equal(tried(write_inside, true), CAN);
}

static void
what_a_console_needs_is_left(void **state)
{
	(void)state;
	assert_int_not_equal(tried(read_outside, false), CANNOT);
	assert_int_not_equal(tried(make_a_thread, false), CANNOT);
	assert_int_equal(tried(leave_a_core, false), CANNOT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(no_program_no_process_no_network, make, clear),
	    cmocka_unit_test_setup_teardown(files_of_the_store_only, make, clear),
	    cmocka_unit_test_setup_teardown(what_a_console_needs_is_left, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
