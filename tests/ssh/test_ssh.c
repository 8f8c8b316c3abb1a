/*
 * Townships over a real OpenSSH server: an order there and back, lines that are cut in the middle
 * of a text, and whatever somebody with a key might try beside the console
 * (reliability 4.9, 4.10, 4.20).
 */
#include "tests/test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "house/house.h"
#include "store/draft.h"
#include "store/sql.h"
#include "store/verb.h"
#include "tests/ssh/server.h"

#include <arpa/inet.h>
#include <errno.h>
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

#define OFFICER "陈涛"
#define CHIEF "李敏"
#define TOWN "董秀英"  /* 送桥镇 */
#define OTHER "田家旺" /* 临泽镇 */
#define TEXT "到场两台车，积水四十厘米，三十户正在转移，老人两名已送卫生院"

static struct server s;

/* --- what the room has -------------------------------------------------------------------- */

static int64_t
act(const char *who, const char *verb, json_t *args)
{
	struct store *st = server_store(&s);
	struct verb_result result;
	struct err err = ERR_NONE;
	struct actor actor;
	int64_t subject;

	assert_true(actor_find(st, who, &actor, &err));
	if (!verb_run(st, &actor, verb, args, &result, &err))
		fail_msg("%s: %s", verb, err.message);
	subject = result.subject;
	verb_result_clear(&result);
	json_decref(args);
	store_close(st);
	return subject;
}

static int64_t
person(const char *name)
{
	struct store *st = server_store(&s);
	struct err err = ERR_NONE;
	struct actor actor;

	assert_true(actor_find(st, name, &actor, &err));
	store_close(st);
	return actor.person;
}

/* An order to a township's officer, with an incident there. */
static int64_t
order_to(const char *who, int64_t area)
{
	int64_t incident = act(OFFICER, "incident.open",
	    json_pack("{s:I, s:s, s:s, s:s, s:s}", "area", (json_int_t)area, "source", "110",
		"place", "圩堤", "nature", "内涝", "text",
		"圩堤低洼处积水，有群众被困，请求支援。"));

	return act(OFFICER, "order.issue",
	    json_pack("{s:I, s:I, s:s}", "to", (json_int_t)person(who), "incident",
		(json_int_t)incident, "content", "转移低洼处群众"));
}

static int
make(void **state)
{
	static const char *const people[] = {OFFICER, CHIEF, TOWN, OTHER};

	(void)state;
	server_start(&s);
	for (size_t i = 0; i < COUNT_OF(people); i++)
		server_key(&s, people[i]);
	print_message("# keys come %s\n",
	    s.by_command ? "by AuthorizedKeysCommand"
			 : "from a file: this place is no fit one for AuthorizedKeysCommand");
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	server_stop(&s);
	return 0;
}

static bool
is_gone(void *data)
{
	return server_process(&s, *(int64_t *)data) == 0;
}

static void
no_process_left(const char *who)
{
	int64_t id = person(who);

	if (!server_wait(is_gone, &id, 20000))
		fail_msg("a console of %s lives on: %d", who, (int)server_process(&s, id));
}

/* --- an order there and back -------------------------------------------------------------- */

static void
four_consoles_at_once(void **state)
{
	struct tty *officer = server_console(&s, OFFICER, NULL, NULL),
		   *chief = server_console(&s, CHIEF, NULL, NULL),
		   *town = server_console(&s, TOWN, NULL, NULL),
		   *other = server_console(&s, OTHER, NULL, NULL);

	(void)state;
	assert_true(tty_shows(officer, "在办事件") && tty_shows(chief, "在办事件") &&
		    tty_shows(town, "在办事件"));
	order_to(TOWN, 321084116);
	tty_wait_for(town, "送桥镇人民政府  指令");
	tty_wait_for(officer, "内涝");
	tty_sync(other);
	assert_false(tty_shows(other, "内涝"));
	assert_false(tty_shows(other, "指令"));
	tty_type(town, ":签收 001<Enter>");
	assert_true(tty_shows(town, "签收"));
	tty_type(officer, "0");
	tty_type(officer, "<Esc>:记 收到送桥签收<Enter>");
	tty_wait_for(chief, "收到送桥签收");
	tty_type(other, ":签收 001<Enter>"); /* the number of another's order */
	tty_type(town, ":反馈 001 " TEXT "<Enter>");
	tty_wait_for(chief, "到场两");
	tty_wait_for(officer, "到场两");
	tty_sync(other);
	assert_false(tty_shows(other, "到场两"));
	tty_type(chief, ":催办 001 请报转移人数<Enter>");
	tty_type(town, ":反馈 001 final 已全部转移<Enter>");
	tty_type(officer, ":办结 001<Enter>");
	assert_int_equal(server_rows(&s, "order.done"), 1);
	assert_int_equal(server_rows(&s, "order.report"), 2);
	assert_int_equal(server_rows(&s, "journal.refused"), 1); /* the other township's */
	for (struct tty **t = (struct tty *[]){officer, chief, town, other, NULL}; *t; t++) {
		tty_type(*t, "<Esc><Esc>q<Enter>");
		assert_int_equal(tty_end(*t), 0);
	}
	assert_int_equal(server_rows(&s, "session.on"), 4);
	assert_int_equal(
	    server_rows(&s, "session.off"), 0); /* named and keyed: no secrets are in force here */
}

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

/* --- whatever else one might try ----------------------------------------------------------- */

static char out[65536];

/* ssh with more options before the host and words behind it. Gives its exit status. */
static int
ssh_runs(const char *who, bool tty, const char *const *options, const char *const *words, int ms)
{
	const char *argv[64];
	char *host = mem_print("%s@127.0.0.1", s.user);
	size_t n = server_words(&s, "ssh", who, argv, 40);
	int status;

	for (; options && *options; options++)
		argv[n++] = *options;
	argv[n++] = host;
	for (; words && *words; words++)
		argv[n++] = *words;
	argv[n] = NULL;
	status = server_run(argv, tty, ms, out, sizeof(out));
	free(host);
	return status;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

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

/* What a connection to a port of ours gives within five seconds: true when it is sshd's own
 * greeting. */
static bool
reaches_sshd(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char greeting[16] = "";
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n = 0;

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && poll(&p, 1, 5000) > 0)
		n = read(fd, greeting, sizeof(greeting) - 1);
	close(fd);
	return n > 3 && memcmp(greeting, "SSH-", 4) == 0;
}

static void
nothing_is_forwarded(void **state)
{
	char local[64], remote[64], through[64];
	int status;

	(void)state;
	assert_true(reaches_sshd(s.port)); /* the test can tell */
	/* -W: standard input and output through to a port. */
	snprintf(through, sizeof(through), "127.0.0.1:%d", s.port);
	status = ssh_runs(TOWN, false, WORDS("-W", through), NULL, 15000);
	assert_int_not_equal(status, 0);
	assert_null(strstr(out, "SSH-2.0"));
	snprintf(remote, sizeof(remote), "0:127.0.0.1:%d", s.port);
	status = ssh_runs(
	    TOWN, false, WORDS("-N", "-o", "ExitOnForwardFailure=yes", "-R", remote), NULL, 15000);
	assert_int_equal(status, 255);
	/* -L and -D listen here; what they take must not come out there. */
	for (int dynamic = 0; dynamic < 2; dynamic++) {
		const char *argv[48];
		char *host = mem_print("%s@127.0.0.1", s.user);
		size_t n = server_words(&s, "ssh", TOWN, argv, 40);
		int port = 20000 + (int)(getpid() % 20000) + dynamic;
		pid_t pid;

		snprintf(local, sizeof(local), dynamic ? "%d" : "%d:127.0.0.1:%d", port, s.port);
		argv[n++] = "-N";
		argv[n++] = dynamic ? "-D" : "-L";
		argv[n++] = local;
		argv[n++] = host;
		argv[n] = NULL;
		pid = fork();
		if (pid == 0) {
			execv(argv[0], (char *const *)(uintptr_t)argv);
			_exit(127);
		}
		usleep(2000000);
		assert_false(reaches_sshd(port));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		free(host);
	}
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

static void
only_known_keys_open(void **state)
{
	struct draft_info drafts[4];
	struct tty *t;
	int64_t id, key;
	struct store *st;
	size_t n;

	(void)state;
	server_strange_key(&s, "stranger");
	assert_int_equal(ssh_runs("stranger", true, WORDS("-tt"), NULL, 15000), 255);
	/* Withdrawn: the next one does not get in, and who is in is out, with the text kept. */
	t = server_console(&s, TOWN, NULL, NULL);
	assert_true(tty_shows(t, "在办事件"));
	id = person(TOWN);
	st = server_store(&s);
	key = sql_one_int(st, "SELECT id FROM person_key WHERE person = ?1", 0, "i", id);
	store_close(st);
	tty_type(t, "n圩堤渗水");
	act(CHIEF, "key.withdraw", json_pack("{s:I, s:s}", "key", (json_int_t)key, "why", "丢失"));
	tty_wait_for(t, "你的密钥已撤销");
	assert_int_equal(tty_end(t), 1);
	no_process_left(TOWN);
	if (s.by_command)
		assert_int_equal(ssh_runs(TOWN, true, WORDS("-tt"), NULL, 15000), 255);
	else
		assert_int_not_equal(ssh_runs(TOWN, true, WORDS("-tt"), NULL, 15000), 0);
	st = server_store(&s);
	n = draft_list(st, id, drafts, COUNT_OF(drafts));
	store_close(st);
	assert_int_equal(n, 1);
	assert_non_null(strstr(drafts[0].first_line, "圩堤渗水"));
	/* Retired: the same. */
	t = server_console(&s, OTHER, NULL, NULL);
	act(CHIEF, "person.retire",
	    json_pack("{s:I, s:s}", "person", (json_int_t)person(OTHER), "why", "调离"));
	tty_wait_for(t, "你已不能在此操作");
	assert_int_equal(tty_end(t), 1);
	assert_int_equal(ssh_runs(OTHER, true, WORDS("-tt"), NULL, 15000), s.by_command ? 255 : 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(four_consoles_at_once, make, clear),
	    cmocka_unit_test_setup_teardown(a_cut_line_loses_nothing, make, clear),
	    cmocka_unit_test_setup_teardown(no_command_runs, make, clear),
	    cmocka_unit_test_setup_teardown(no_file_moves, make, clear),
	    cmocka_unit_test_setup_teardown(nothing_is_forwarded, make, clear),
	    cmocka_unit_test_setup_teardown(no_variable_comes_along, make, clear),
	    cmocka_unit_test_setup_teardown(no_terminal_is_a_path, make, clear),
	    cmocka_unit_test_setup_teardown(no_key_leads_out, make, clear),
	    cmocka_unit_test_setup_teardown(no_key_stops_the_start, make, clear),
	    cmocka_unit_test_setup_teardown(only_known_keys_open, make, clear),
	};
	const char *missing = server_missing();

	if (missing) {
		printf("1..0 # skipped: %s\n", missing);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
