/* What somebody with a key might try beside the console (reliability 4.20): refused, and in the
 * journal. */
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

/* --- whatever else one might try ----------------------------------------------------------- */

/* Refused with a word about it, and one row of the journal each. */
static void
refused_and_told(const char *const *options, const char *const *words, const char *never)
{
	int64_t before = server_rows(&s, "journal.refused");
	int status = ssh_runs(TOWN, false, options, words, 15000);

	if (status <= 0 || strstr(out, never))
		fail_msg("%s: status %d: %s", words[0], status, out);
	assert_int_equal(server_rows(&s, "journal.refused"), before + 1);
}

static void
no_command_runs(void **state)
{
	struct store *st;
	char *text;

	(void)state;
	refused_and_told(NULL, WORDS("id"), "uid=");
	refused_and_told(NULL, WORDS("sh", "-c", "echo pwned$((1+1))"), "pwned2");
	refused_and_told(WORDS("-tt"), WORDS("sh"), "$ ");
	refused_and_told(NULL, WORDS("x\n\033]0;pwned\a"), "pwned\a");
	refused_and_told(WORDS("-s"), WORDS("sftp"), "\002\003");
	st = server_store(&s);
	text = sql_one_text(
	    st, "SELECT group_concat(text, ' ') FROM journal WHERE verb = 'journal.refused'", "");
	store_close(st);
	assert_non_null(strstr(text, "sh -c"));
	assert_non_null(strstr(text, "sftp"));
	assert_null(strstr(text, "\033"));
	free(text);
}

static void
no_file_moves(void **state)
{
	char *source = mem_print("%s/duty.db", s.dir),
	     *there = mem_print("%s@127.0.0.1:%s/stolen", s.user, s.dir),
	     *here = mem_print("%s/taken", s.dir),
	     *from = mem_print("%s@127.0.0.1:%s/duty.db", s.user, s.dir),
	     *stolen = mem_print("%s/stolen", s.dir);
	const char *argv[48];
	int64_t before = server_rows(&s, "journal.refused");

	(void)state;
	for (int legacy = 0; legacy < 2; legacy++)
		for (int way = 0; way < 2; way++) {
			size_t n = server_words(&s, "scp", TOWN, argv, 40);

			if (legacy)
				argv[n++] = "-O";
			argv[n++] = way ? from : source;
			argv[n++] = way ? here : there;
			argv[n] = NULL;
			assert_int_not_equal(server_run(argv, false, 15000, out, sizeof(out)), 0);
		}
	assert_int_not_equal(access(stolen, F_OK), 0);
	assert_int_not_equal(access(here, F_OK), 0);
	assert_int_equal(server_rows(&s, "journal.refused"), before + 4);
	free(stolen);
	free(from);
	free(here);
	free(there);
	free(source);
}

/* --- what sshd refuses by itself ----------------------------------------------------------- */

static pid_t follower;

/* sshd's log into the journal, as the unit does it. */
static void
follow_log(void)
{
	char *line =
	    mem_print("tail -n +1 -f '%s/sshd.log' | exec '%s/zhiban' --store '%s' ssh-refusals "
		      ">/dev/null",
		s.dir, getenv("top_builddir"), s.store);

	follower = fork();
	assert_true(follower >= 0);
	if (follower == 0) {
		setsid();
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	free(line);
}

static void
stop_following(void)
{
	kill(-follower, SIGTERM);
	waitpid(follower, NULL, 0);
}

struct wanted {
	const char *person, *words;
};

static bool
is_told(void *data)
{
	const struct wanted *w = data;
	struct store *st = server_store(&s);
	bool found =
	    sql_one_int(st,
		"SELECT count(*) FROM journal WHERE verb = 'journal.refused' AND instr(text, ?1) "
		"AND (actor = ?2 OR (?2 = '' AND coalesce(person, 0) = 0))",
		0, "tt", w->words, w->person) > 0;

	store_close(st);
	return found;
}

/* The journal says that this person's key wanted that. "" for a stranger. */
static void
told(const char *who, const char *words)
{
	struct wanted w = {who, words};

	if (!server_wait(is_told, &w, 60000))
		fail_msg("the journal has no row of %s: %s", who, words);
}

/* A client that stays, killed by the caller. */
static pid_t
start_client(const char *option, const char *value)
{
	const char *argv[48];
	char *host = mem_print("%s@127.0.0.1", s.user);
	size_t n = server_words(&s, "ssh", TOWN, argv, 40);
	pid_t pid;

	argv[n++] = "-N";
	argv[n++] = option;
	argv[n++] = value;
	argv[n++] = host;
	argv[n] = NULL;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	free(host);
	return pid;
}

static int
connect_to(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
listens(void *data)
{
	int fd = connect_to(*(int *)data);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* sshd's greeting comes out of a connection, through SOCKS 5 when asked. */
static bool
reaches_sshd(int port, bool socks)
{
	unsigned char ask[10] = {
	    5, 1, 0, 1, 127, 0, 0, 1, (unsigned char)(s.port >> 8), (unsigned char)s.port};
	int fd = connect_to(port);
	char got[32] = "";
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n = 0, have = 0;

	assert_true(fd >= 0);
	if (socks) {
		assert_int_equal(write(fd, "\005\001\000", 3), 3);
		assert_int_equal(read(fd, got, 2), 2);
		assert_int_equal(write(fd, ask, sizeof(ask)), sizeof(ask));
	}
	while (have < 16 && poll(&p, 1, 20000) > 0 && (n = read(fd, got + have, 16)) > 0)
		have += n;
	close(fd);
	return memmem(got, (size_t)have, "SSH-", 4) != NULL;
}

static void
no_port_is_forwarded(const char *option, bool socks)
{
	char value[64];
	int port = 20000 + (int)(getpid() % 20000) + socks;
	pid_t pid;

	snprintf(value, sizeof(value), socks ? "%d" : "%d:127.0.0.1:%d", port, s.port);
	pid = start_client(option, value);
	assert_true(server_wait(listens, &port, 15000));
	assert_false(reaches_sshd(port, socks));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Remote forwarding that must not even be set up. */
static void
no_way_back(const char *way)
{
	int status = ssh_runs(
	    TOWN, false, WORDS("-N", "-o", "ExitOnForwardFailure=yes", "-R", way), NULL, 15000);

	assert_int_equal(status, 255);
}

static void
nothing_is_forwarded(void **state)
{
	char text[120];
	char *socket_here = mem_print("%s/sock", s.dir);

	(void)state;
	follow_log();
	assert_true(reaches_sshd(s.port, false)); /* the test can tell */
	snprintf(text, sizeof(text), "127.0.0.1:%d", s.port);
	assert_int_not_equal(ssh_runs(TOWN, false, WORDS("-W", text), NULL, 15000), 0);
	assert_null(strstr(out, "SSH-2.0"));
	snprintf(text, sizeof(text), "originator 127.0.0.1 port 65535, target 127.0.0.1 port %d",
	    s.port);
	told(TOWN, text);
	no_port_is_forwarded("-L", false);
	no_port_is_forwarded("-D", true);
	/* One of each, by the port that came. */
	snprintf(text, sizeof(text), "0:127.0.0.1:%d", s.port);
	no_way_back(text);
	told(TOWN, "反向转发端口");
	snprintf(text, sizeof(text), "%.80s:127.0.0.1:%d", socket_here, s.port);
	no_way_back(text);
	told(TOWN, "反向转发套接字");
	assert_int_not_equal(access(socket_here, F_OK), 0);
	snprintf(text, sizeof(text), "0"); /* SOCKS the other way round */
	no_way_back(text);
	/* To a socket of the server: an agent's, a database's. */
	assert_int_not_equal(
	    ssh_runs(TOWN, false, WORDS("-W", "/var/run/docker.sock"), NULL, 15000), 0);
	stop_following();
	assert_in_range(server_rows(&s, "journal.refused"), 5, 12);
	free(socket_here);
}

/* ssh -A with an agent that there is. */
static void
with_agent(void)
{
	const char *argv[56] = {"/usr/bin/ssh-agent"};
	char *host = mem_print("%s@127.0.0.1", s.user);
	size_t n = 1 + server_words(&s, "ssh", TOWN, argv + 1, 40);

	argv[n++] = "-A";
	argv[n++] = host;
	argv[n++] = "x";
	argv[n] = NULL;
	assert_int_equal(server_run(argv, false, 15000, out, sizeof(out)), 1);
	free(host);
}

/* Agent, X11, tunnel, subsystems there are not, variables, a key that is nobody's. */
static void
nothing_else_is_granted(void **state)
{
	(void)state;
	follow_log();
	setenv("DISPLAY", ":9", 1);
	setenv("LESSOPEN", "|id %s", 1);
	with_agent();
	told(TOWN, "转发密钥代理");
	ssh_runs(TOWN, false, WORDS("-X"), WORDS("x"), 15000);
	told(TOWN, "转发 X11");
	ssh_runs(TOWN, false, WORDS("-o", "SendEnv=LESSOPEN"), WORDS("x"), 15000);
	told(TOWN, "传入环境变量：LESSOPEN");
	unsetenv("DISPLAY");
	unsetenv("LESSOPEN");
	assert_int_not_equal(
	    ssh_runs(TOWN, false, WORDS("-o", "ExitOnForwardFailure=yes", "-w", "any:any"),
		WORDS("x"), 15000),
	    0);
	told(TOWN, "建立网络隧道");
	assert_int_not_equal(ssh_runs(TOWN, false, WORDS("-s"), WORDS("netconf"), 15000), 0);
	told(TOWN, "请求子系统：netconf");
	server_strange_key(&s, "stranger");
	assert_int_equal(ssh_runs("stranger", false, NULL, WORDS("id"), 15000), 255);
	told("", "未登记的密钥：SHA256:");
	assert_int_equal(
	    ssh_runs(TOWN, false, WORDS("-o", "PubkeyAuthentication=no"), NULL, 15000), 255);
	told("", "没有密钥");
	stop_following();
}

static bool
environment_holds(pid_t pid, const char *name)
{
	char path[64], all[32768];
	FILE *f;
	size_t n, size = strlen(name);

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(all, 1, sizeof(all) - 1, f);
	fclose(f);
	all[n] = '\0';
	for (char *e = all; e < all + n; e += strlen(e) + 1)
		if (strncmp(e, name, size) == 0 && e[size] == '=')
			return true;
	return false;
}

static void
no_variable_comes_along(void **state)
{
	static const char *const names[] = {"PAGER", "EDITOR", "VISUAL", "LD_PRELOAD", "TERMINFO",
	    "TERMCAP", "LESSOPEN", "IFS", "ZHIBAN_PERSON", "ZHIBAN_STORE", "SSH_AUTH_SOCK",
	    "DISPLAY", "BASH_ENV", "ENV"};
	struct buf send = BUF_MAX(1000);
	struct tty *t;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		setenv(names[i], strcmp(names[i], "LD_PRELOAD") == 0 ? "" : "/tmp/pwned", 1);
		buf_printf(&send, "%s%s", i ? " " : "SendEnv=", names[i]);
	}
	t = server_console(&s, TOWN, NULL, WORDS("-A", "-X", "-o", buf_str(&send)));
	buf_clear(&send);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		unsetenv(names[i]);
	assert_true(tty_shows(t, "在办事件"));
	pid = server_process(&s, person(TOWN));
	assert_true(pid > 0);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (environment_holds(pid, names[i]))
			fail_msg("%s came along", names[i]);
	tty_type(t, "q<Enter>");
	assert_int_equal(tty_end(t), 0);
}

static void
no_terminal_is_a_path(void **state)
{
	static const char *const names[] = {
	    "../../x", "/etc/passwd", "x/../../../tmp/x", "a b", "$(id)"};
	char *was = mem_dup(getenv("TERM"));

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		int status;

		setenv("TERM", names[i], 1);
		status = ssh_runs(TOWN, true, WORDS("-tt"), NULL, 15000);
		if (status <= 0 || strstr(out, "uid=") || !strstr(out, "zhiban: "))
			fail_msg("TERM=%s: %d: %s", names[i], status, out);
	}
	if (was)
		setenv("TERM", was, 1);
	free(was);
}

static bool
has_children(pid_t pid)
{
	char path[96], list[200] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (!fgets(list, sizeof(list), f))
		list[0] = '\0';
	fclose(f);
	return list[0] != '\0';
}

/* No key and no line of the console reaches a shell; the process is the same all the while and
 * never has a child. */
static void
no_key_leads_out(void **state)
{
	static const char *const keys[] = {"<C-z>", "<C-\\>", "<C-c>", "<C-c><C-z><C-\\><C-c>",
	    "!id<Enter>", ":!id<Enter><Esc>", ":sh<Enter><Esc>", ":shell id<Enter><Esc>",
	    "|id<Enter>", ":r /etc/passwd<Enter><Esc>", ":e /etc/passwd<Enter><Esc>", "v<Esc>",
	    "/!id<Enter><Esc><Esc>", "?!id<Enter><Esc>", "<F1>!id<Enter><Esc>",
	    ":记 $(id) `id` ;id<Enter>", "<C-o>!id<Enter><Esc>", "<C-x><C-e>",
	    "<C-b>c<C-b>:", "~.~^Z"};
	struct tty *t = server_console(&s, TOWN, NULL, NULL);
	pid_t pid = server_process(&s, person(TOWN));
	const char *raw;
	size_t n;

	(void)state;
	assert_true(pid > 0);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		tty_type(t, keys[i]);
		if (server_process(&s, person(TOWN)) != pid || has_children(pid))
			fail_msg("%s led out:\n%s", keys[i], tty_screen(t));
	}
	raw = tty_raw(t, &n);
	assert_null(memmem(raw, n, "uid=0", 5));
	assert_null(memmem(raw, n, "root:x:", 7));
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* The same keys before the console has made the line its own. */
static void
no_key_stops_the_start(void **state)
{
	static const char storm[] = "\003\034\032\003\034\032\003\034\032";

	(void)state;
	for (int i = 0; i < 5; i++) {
		const char *argv[48];
		char *host = mem_print("%s@127.0.0.1", s.user);
		size_t n = server_words(&s, "ssh", TOWN, argv, 40), size;
		const char *raw;
		struct tty *t;

		argv[n++] = "-tt";
		argv[n++] = "-e";
		argv[n++] = "none";
		argv[n++] = host;
		argv[n] = NULL;
		t = tty_start_silent(&(struct tty_setup){
		    .store = s.store, .rows = 24, .columns = 80, .command = argv});
		for (int k = 0; k < 40; k++) {
			tty_send(t, storm, sizeof(storm) - 1);
			usleep(10000 + (unsigned)i * 3000);
		}
		tty_send(t, "\recho pwned$((1+1))\r", 20);
		tty_drain(t, 3000);
		raw = tty_raw(t, &size);
		assert_null(memmem(raw, size, "pwned2", 6));
		tty_kill(t, SIGKILL);
		tty_end(t);
		free(host);
	}
}

/* --- what the kernel saw -------------------------------------------------------------------- */

#define STRACE "/usr/bin/strace"

static uint32_t dice = 20261124;

static unsigned
throw_dice(unsigned n)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) % n;
}

/* Every key there is, on every screen, in any order: sequences, control keys, command lines that mean harm. */
static void
press_keys(struct tty *t, int round)
{
	static const char *const more[] = {"\r", "\t", "\033OA", "\033OB", "\033OC", "\033OD",
	    "\033[5~", "\033[6~", "\033OP", "\033OQ", "\033[15~", "\033[21~", "\033[3~", "\033[Z",
	    "\033d", "\033f", ":!id\r", ":r /etc/passwd\r", ":w /tmp/pwned\r", ":e /etc/shadow\r",
	    ":记 $(id)\r", "/!sh\r", "|id\r", "\033[200~rm -rf /\033[201~", "\033[5n"};
	char digit = (char)('0' + round % 10);

	tty_send(t, "\033\033", 2);
	tty_send(t, &digit, 1);
	for (int i = 0; i < 126;
	     i++) { /* each letter and control key once, from another place each round */
		char key = (char)(1 + (i + round * 37) % 126);

		if (key != 'q' && key != 'Q')
			tty_send(t, &key, 1);
		if (throw_dice(3) == 0) {
			const char *word = more[throw_dice(COUNT_OF(more))];

			tty_send(t, word, strlen(word));
		}
		if (i % 16 == 0)
			tty_send(t, "\033", 1);
		if (i % 8 == 0)
			tty_drain(t, 1);
	}
}

/* One line of strace: does it open a file for writing that is neither the store's nor the terminal? */
static bool
writes_elsewhere(const char *line)
{
	const char *path = strchr(line, '"');

	if (!strstr(line, "O_WRONLY") && !strstr(line, "O_RDWR") && !strstr(line, "O_CREAT") &&
	    !strstr(line, "creat("))
		return false;
	if (strstr(line, " = -1 "))
		return false;
	if (!path)
		return true;
	/* Relative names are those of the drafts' folder, opened before. */
	return path[1] == '/' && strncmp(path + 1, s.dir, strlen(s.dir)) != 0 &&
	       strncmp(path + 1, "/dev/pts/", 9) != 0 && strncmp(path + 1, "/dev/null", 9) != 0;
}

static void
check_trace(const char *path, int *programs, int *drafts)
{
	char line[4096];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	*programs = 0;
	while (fgets(line, sizeof(line), f)) {
		bool failed = strstr(line, " = -1 ") != NULL;

		*programs += strstr(line, "execve(") && !failed;
		*drafts += strstr(line, ".draft\"") != NULL;
		if (!failed && (strstr(line, "fork(") || strstr(line, "clone") ||
				   strstr(line, "execveat(") || strstr(line, "connect(")))
			fail_msg("%s", line);
		if (writes_elsewhere(line))
			fail_msg("a file is written: %s", line);
	}
	fclose(f);
}

/*
 * A township's whole console, started as the forced command starts it, with every key pressed on every screen: after the start no
 * program, no process, no connection, and no file opened for writing but the store's.
 */
static void
the_kernel_sees_nothing_else(void **state)
{
	char *program = mem_print("%s/zhiban", getenv("top_builddir")),
	     *trace = mem_print("%s/trace", s.dir), who[24], key[24];
	const char *argv[] = {STRACE, "-f", "-qq", "-o", trace, "-e",
	    "trace=execve,execveat,fork,vfork,clone,clone3,open,openat,openat2,creat,connect",
	    program, "--store", s.store, "--as", who, "--key", key, NULL};
	struct store *st;
	int programs, drafts = 0, sessions = 0;
	bool begun = false;
	struct tty *t = NULL;

	(void)state;
	if (access(STRACE, X_OK) != 0) {
		print_message("# skipped: no " STRACE "\n");
		goto out;
	}
	/* A sanitizer's own look for leaks at the end is a process more, and none can be had under strace. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	st = server_store(&s);
	snprintf(who, sizeof(who), "%lld", (long long)person(TOWN));
	snprintf(key, sizeof(key), "%lld",
	    (long long)sql_one_int(
		st, "SELECT id FROM person_key WHERE person = ?1", 0, "i", person(TOWN)));
	store_close(st);
	order_to(TOWN, TOWN_AREA);
	for (int round = 0; round < 20; round++) {
		if (!begun) {
			t = tty_start(&(struct tty_setup){
			    .store = s.store, .rows = 24, .columns = 80, .command = argv});
			sessions++;
			begun = true;
		}
		press_keys(t, round);
		/* A round may have signed off, or left. */
		if (kill(tty_pid(t), 0) != 0 || server_process(&s, person(TOWN)) == 0 ||
		    round == 19) {
			tty_hang_up(t);
			tty_end(t);
			begun = false;
			check_trace(trace, &programs, &drafts);
			assert_int_equal(programs, 1); /* zhiban itself */
		}
	}
	print_message("# %d sessions, %d drafts opened\n", sessions, drafts);
	assert_true(
	    drafts > 0); /* the keys did open forms; of a session that left at once they need not */
	unsetenv("ASAN_OPTIONS");
out:
	free(trace);
	free(program);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(no_command_runs, make, clear),
	    cmocka_unit_test_setup_teardown(no_file_moves, make, clear),
	    cmocka_unit_test_setup_teardown(nothing_is_forwarded, make, clear),
	    cmocka_unit_test_setup_teardown(nothing_else_is_granted, make, clear),
	    cmocka_unit_test_setup_teardown(no_variable_comes_along, make, clear),
	    cmocka_unit_test_setup_teardown(no_terminal_is_a_path, make, clear),
	    cmocka_unit_test_setup_teardown(no_key_leads_out, make, clear),
	    cmocka_unit_test_setup_teardown(no_key_stops_the_start, make, clear),
	    cmocka_unit_test_setup_teardown(the_kernel_sees_nothing_else, make, clear),
	};
	const char *missing = server_missing();

	if (missing) {
		printf("1..0 # skipped: %s\n", missing);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
