/* Lines that are cut, go silent, or are slow (reliability 4.9, 4.10). */
#include "tests/test.h"

#include "tests/ssh/common.h"
#include "tests/ssh/proxy.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/draft.h"
#include "store/sql.h"
#include "store/verb.h"

#include <arpa/inet.h>
#include <dirent.h>
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

	tty_type(t, "02"); /* orders */
	tty_type(t, "d<Enter>");
	if (!tty_shows(t, "反馈内容"))
		fail_msg("no form:\n%s", tty_screen(t));
	return t;
}

/* The words stand in a draft's file, whoever holds it. */
static bool
on_disk(void *data)
{
	char *folder = mem_print("%s.drafts", s.store);
	DIR *d = opendir(folder);
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)) != NULL) {
		char *path = mem_print("%s/%s", folder, e->d_name), part[8192];
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = 0;

		for (off_t at = 0; fd >= 0 && at < 131072 && !found; at += 65536) {
			n = pread(fd, part, sizeof(part), at);
			found = n > 0 && memmem(part, (size_t)n, data, strlen(data));
		}
		if (fd >= 0)
			close(fd);
		free(path);
	}
	if (d)
		closedir(d);
	free(folder);
	return found;
}

/*
 * Wait until the township's console is gone. How long it took is printed; over `most` it fails with BUDGET=1 only, as in the bench: on a
 * busy machine nothing is late but the machine.
 */
static void
wait_for_end(const char *what, int64_t began, int64_t most)
{
	int64_t ms;

	no_process_left(TOWN);
	ms = clock_monotonic() - began;
	print_message("# %s: gone after %d ms\n", what, (int)ms);
	if (getenv("BUDGET"))
		assert_in_range(ms, 0, most);
}

enum cut { CUT_CLIENT, CUT_TERMINAL, CUT_PROCESS, CUT_SERVER, CUT_SILENCE, CUTS };

static void
cut_line(struct tty *t, enum cut how, const char *words)
{
	pid_t pid = server_process(&s, person(TOWN));

	assert_true(pid > 0);
	switch (how) {
	case CUT_CLIENT:
		tty_kill(t, SIGKILL);
		break;
	case CUT_TERMINAL:
		tty_hang_up(t);
		break;
	case CUT_PROCESS:
		/* The text is saved a second after the last key. */
		assert_true(server_wait(on_disk, (void *)(uintptr_t)words, 60000));
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
	wait_for_end(words, clock_monotonic(), 12000);
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

		tty_type(t, text);
		assert_true(tty_shows(t, words[how]));
		cut_line(t, (enum cut)how, words[how]);
		tty_end(t);
		t = server_console(&s, TOWN, NULL, NULL);
		tty_type(t, "0");
		tty_choose(t, "草稿");
		tty_type(t, "<Enter>");
		if (!tty_shows(t, words[how]))
			fail_msg("%s: not offered:\n%s", words[how], tty_screen(t));
		tty_type(t, "<C-s>");
		if (server_rows(&s, "order.report") != how + 1)
			fail_msg("%s: not sent:\n%s", words[how], tty_screen(t));
		tty_type(t, "<Esc><Esc>q<Enter>");
		assert_int_equal(tty_end(t), 0);
		no_process_left(TOWN);
		free(text);
	}
}

/* --- silence ------------------------------------------------------------------------------ */

/* While a line hangs: the room works, and no key of it waits. */
static void
room_works(struct tty *officer, const char *note)
{
	char *line = mem_print(":记 %s<Enter>", note);
	int64_t began = clock_monotonic();

	tty_type(officer, line);
	if (!tty_shows(officer, note))
		fail_msg("not written:\n%s", tty_screen(officer));
	print_message("# beside the line that hangs, a line of the journal took %d ms\n",
	    (int)(clock_monotonic() - began));
	free(line);
}

static void
offered_again(const char *words)
{
	struct tty *t = server_console(&s, TOWN, NULL, NULL);

	if (!tty_shows(t, "没写完的草稿"))
		fail_msg("nothing is offered:\n%s", tty_screen(t));
	tty_type(t, "0");
	tty_choose(t, "草稿");
	tty_type(t, "<Enter>");
	assert_true(tty_shows(t, words));
	tty_kill(t, SIGKILL);
	tty_end(t);
}

/* A feedback half written over a line, kept within its second of the last key. */
static struct tty *
write_feedback(const char *words)
{
	struct tty *t = open_feedback();
	int64_t began;

	tty_type(t, words);
	began = clock_monotonic();
	assert_true(server_wait(on_disk, (void *)(uintptr_t)words, 60000));
	print_message(
	    "# on the disk %d ms behind the last key\n", (int)(clock_monotonic() - began));
	return t;
}

/* Nothing passes any more, and neither end is told: sshd's ClientAlive ends it, as the sample says. */
static void
a_silent_line_is_given_up(void **state)
{
	struct tty *officer, *t;
	struct proxy line;
	int64_t began;

	(void)state;
	act(TOWN, "order.ack", json_pack("{s:I}", "order", (json_int_t)order_to(TOWN, TOWN_AREA)));
	officer = server_console(&s, OFFICER, NULL, NULL);
	proxy_start(&line, s.port, 0, 0);
	s.through = line.port;
	t = write_feedback("无声之前写的字");
	s.through = 0;
	proxy_silence(&line);
	began = clock_monotonic();
	tty_send(t, "再写几个字", 15); /* never arrives */
	room_works(officer, "线路无声时值班室照常");
	wait_for_end("ClientAlive five times as fast as the sample", began, 12000);
	tty_kill(t, SIGKILL);
	proxy_stop(&line);
	tty_end(t);
	offered_again("无声之前写的字");
	tty_kill(officer, SIGKILL);
	tty_end(officer);
}

/*
 * The same while the store changes all the time, and sshd asks nobody: what the console writes goes into buffers that do not
 * tell. It asks for itself and ends.
 */
static void
a_silent_line_is_noticed_by_the_console(void **state)
{
	int64_t began, paused = 0, id = person(TOWN);
	struct proxy line;
	struct tty *t;

	(void)state;
	act(TOWN, "order.ack", json_pack("{s:I}", "order", (json_int_t)order_to(TOWN, TOWN_AREA)));
	act(CHIEF, "setting.set", json_pack("{s:s, s:s}", "name", "line_patience", "value", "2"));
	proxy_start(&line, s.port, 0, 0);
	s.through = line.port;
	t = write_feedback("库里不断变动时写的字");
	s.through = 0;
	/* A live line is not given up, whatever changes; one whose client was kept from answering may be. */
	began = clock_monotonic();
	for (int i = 0; i < 30; i++) {
		act(OFFICER, "journal.note", json_pack("{s:s}", "text", "水位播报"));
		paused = clock_monotonic() - began > paused ? clock_monotonic() - began : paused;
		tty_drain(t, 100);
		began = clock_monotonic();
	}
	if (paused < 1000)
		assert_int_not_equal(server_process(&s, id), 0);
	else
		print_message("# the machine is too busy to tell a live line from a dead one\n");
	proxy_silence(&line);
	began = clock_monotonic();
	for (int i = 0; i < 300 && server_process(&s, id); i++) {
		act(OFFICER, "journal.note", json_pack("{s:s}", "text", "水位播报"));
		usleep(50000);
	}
	wait_for_end("the console itself, patience 2 s, ClientAlive off", began, 20000);
	tty_kill(t, SIGKILL);
	proxy_stop(&line);
	tty_end(t);
	offered_again("库里不断变动时写的字");
}

static int
make_without_alive(void **state)
{
	server_alive = 0;
	return make(state);
}

static int
clear_without_alive(void **state)
{
	server_alive = 1;
	return clear(state);
}

/* --- a wire that is pulled ---------------------------------------------------------------- */

/* A network of its own for the client, with one wire to it; "" where the machine does not let us. */
static char wire[24], address_here[20], address_there[20];

static int
ip(const char *const *words)
{
	const char *argv[24] = {"/usr/sbin/ip"};
	size_t n = 1;

	for (; *words; words++)
		argv[n++] = *words;
	return server_run(argv, false, 10000, out, sizeof(out));
}

static int
lay_wire(void **state)
{
	char name[24], here[16], there[16], with_mask[24];

	snprintf(name, sizeof(name), "zb%d", (int)getpid());
	snprintf(here, sizeof(here), "zbh%d", (int)getpid() % 100000);
	snprintf(there, sizeof(there), "zbt%d", (int)getpid() % 100000);
	/* Tests run side by side: a network each. */
	snprintf(address_here, sizeof(address_here), "10.213.%d.%d", (int)getpid() % 250,
	    (int)getpid() / 250 % 60 * 4 + 1);
	snprintf(address_there, sizeof(address_there), "10.213.%d.%d/30", (int)getpid() % 250,
	    (int)getpid() / 250 % 60 * 4 + 2);
	snprintf(with_mask, sizeof(with_mask), "%s/30", address_here);
	wire[0] = '\0';
	if (access("/usr/sbin/ip", X_OK) == 0 && geteuid() == 0 &&
	    ip(WORDS("netns", "add", name)) == 0) {
		bool good =
		    ip(WORDS("link", "add", here, "type", "veth", "peer", "name", there, "netns",
			name)) == 0 &&
		    ip(WORDS("addr", "add", with_mask, "dev", here)) == 0 &&
		    ip(WORDS("link", "set", here, "up")) == 0 &&
		    ip(WORDS("-n", name, "addr", "add", address_there, "dev", there)) == 0 &&
		    ip(WORDS("-n", name, "link", "set", there, "up")) == 0;

		if (good)
			snprintf(wire, sizeof(wire), "%s", name);
		else
			ip(WORDS("netns", "del", name));
	}
	server_address = wire[0] ? address_here : NULL;
	return make(state);
}

static int
take_wire(void **state)
{
	char here[16];

	snprintf(here, sizeof(here), "zbh%d", (int)getpid() % 100000);
	if (wire[0]) {
		ip(WORDS("link", "del", here)); /* a network lives on as long as a socket in it */
		ip(WORDS("netns", "del", wire));
	}
	server_address = NULL;
	return clear(state);
}

/* What is sent is lost, not even acknowledged by the other end's kernel: the DROP rule of reliability 4.10. */
static void
a_pulled_wire_is_given_up(void **state)
{
	const char *argv[48] = {"/usr/sbin/ip", "netns", "exec", wire};
	char there[16], *host = mem_print("%s@%s", s.user, address_here);
	struct tty *officer, *t;
	int64_t began;
	size_t n;

	(void)state;
	if (!wire[0]) {
		print_message("# skipped: no network namespace can be made here\n");
		free(host);
		return;
	}
	officer = server_console(&s, OFFICER, NULL, NULL);
	n = 4 + server_words(&s, "ssh", TOWN, argv + 4, 40);
	argv[n++] = "-tt";
	argv[n++] = "-e";
	argv[n++] = "none";
	argv[n++] = host;
	argv[n] = NULL;
	t = tty_start(
	    &(struct tty_setup){.store = s.store, .rows = 24, .columns = 80, .command = argv});
	tty_type(t, "n断线之前圩堤渗水");
	assert_true(server_wait(on_disk, (void *)(uintptr_t) "断线之前圩堤渗水", 60000));
	snprintf(there, sizeof(there), "zbt%d", (int)getpid() % 100000);
	assert_int_equal(ip(WORDS("-n", wire, "link", "set", there, "down")), 0);
	began = clock_monotonic();
	tty_send(t, "，三户", 9);
	room_works(officer, "断线时值班室照常");
	wait_for_end("wire pulled, ClientAlive five times as fast as the sample", began, 12000);
	tty_kill(t, SIGKILL);
	tty_end(t);
	t = server_console(&s, TOWN, NULL, NULL);
	assert_true(tty_shows(t, "断线之前圩堤渗水"));
	tty_kill(t, SIGKILL);
	tty_end(t);
	tty_kill(officer, SIGKILL);
	tty_end(officer);
	free(host);
}

/* --- packets that are dropped ------------------------------------------------------------- */

/*
 * A rule that drops every packet, in a network of this test's own. Nobody need be root for it: this program runs itself again where the
 * kernel gives whoever asks a network (user namespaces), with sshd and the client in it; IN_NETWORK tells it so.
 */
#define IN_NETWORK "ZHIBAN_OWN_NETWORK"
#define UNSHARE "/usr/bin/unshare"
#define TC "/usr/sbin/tc"

/* The words before a program that is to run in a network of its own. */
static size_t
network_words(const char **argv)
{
	size_t n = 0;

	argv[n++] = UNSHARE;
	argv[n++] = "--net";
	if (geteuid() != 0) {
		argv[n++] = "--map-current-user"; /* a false root would make sshd change its user */
		argv[n++] = "--keep-caps";
	}
	return n;
}

/* Every packet is longer than this queue. */
#define DROP_RULE TC, "qdisc", "add", "dev", "lo", "root", "bfifo", "limit", "1"

/* Why no rule can be set here; NULL when one can. */
static const char *
no_rule_here(void)
{
	const char *argv[24];
	size_t n = network_words(argv);

	if (access(UNSHARE, X_OK) != 0 || access(TC, X_OK) != 0)
		return "no " UNSHARE " or " TC " (Debian: util-linux, iproute2)";
	for (const char *const *word = WORDS(DROP_RULE); *word; word++)
		argv[n++] = *word;
	argv[n] = NULL;
	return server_run(argv, false, 10000, out, sizeof(out)) == 0
		   ? NULL
		   : "the kernel gives no network of its own, or none with rules";
}

/* What the rule has dropped so far. */
static int
dropped(void)
{
	const char *at;
	int n = 0;

	assert_int_equal(server_run(WORDS(TC, "-s", "qdisc", "show", "dev", "lo"), false, 10000,
			     out, sizeof(out)),
	    0);
	at = strstr(out, "(dropped ");
	return at && sscanf(at, "(dropped %d", &n) == 1 ? n : -1;
}

static void
dropped_packets_in_here(void **state)
{
	struct tty *officer, *t;
	int64_t began;
	int lost;

	(void)state;
	act(TOWN, "order.ack", json_pack("{s:I}", "order", (json_int_t)order_to(TOWN, TOWN_AREA)));
	/* In the room itself, where no packet goes. */
	officer = tty_start(
	    &(struct tty_setup){.store = s.store, .person = OFFICER, .rows = 24, .columns = 80});
	t = write_feedback("丢包之前写的字");
	assert_int_equal(server_run(WORDS(DROP_RULE), false, 10000, out, sizeof(out)), 0);
	assert_int_equal(dropped(), 0);
	began = clock_monotonic();
	tty_send(t, "再写几个字", 15); /* never arrives */
	room_works(officer, "丢包时值班室照常");
	wait_for_end(
	    "every packet dropped, ClientAlive five times as fast as the sample", began, 12000);
	lost = dropped();
	print_message("# %d packets dropped\n", lost);
	assert_true(lost > 0);
	assert_int_equal(server_run(WORDS(TC, "qdisc", "del", "dev", "lo", "root"), false, 10000,
			     out, sizeof(out)),
	    0);
	tty_kill(t, SIGKILL);
	tty_end(t);
	offered_again("丢包之前写的字");
	tty_kill(officer, SIGKILL);
	tty_end(officer);
}

static int
make_in_network(void **state)
{
	/* The loopback of a new network is down. */
	if (ip(WORDS("link", "set", "lo", "up")) != 0)
		fail_msg("%s", out);
	return make(state);
}

static void
dropped_packets_are_given_up(void **state)
{
	const char *missing = no_rule_here(), *argv[24];
	size_t n = network_words(argv);
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int status;

	(void)state;
	if (missing) {
		print_message("# skipped: %s\n", missing);
		return;
	}
	assert_true(length > 0);
	self[length] = '\0';
	argv[n++] = self;
	argv[n] = NULL;
	setenv(IN_NETWORK, "1", 1);
	status = server_run(argv, false, 180000, out, sizeof(out));
	unsetenv(IN_NETWORK);
	for (char *line = out, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next ? 1 : 0;
		print_message("#   %.*s", (int)(next - line), line);
	}
	assert_int_equal(status, 0);
}

/* --- a slow line -------------------------------------------------------------------------- */

#define RATE 8000 /* bytes a second: 64 kbit/s */
#define PAGE_MAX 2700

static void
fill_journal(int rows)
{
	static const char words[] =
	    "子婴河圩堤巡查发现渗水点两处已组织群众打桩加固周巷镇报告村道积水深三十厘米车辆绕行三垛"
	    "镇抽水泵站"
	    "启动四台机组排涝汤庄镇转移低洼户十二户安置于中心小学甘垛镇电力抢修人员到达现场";
	struct store *st = server_store(&s);
	struct err err = ERR_NONE;
	struct actor actor;

	assert_true(actor_find(st, OFFICER, &actor, &err));
	assert_true(store_batch_begin(st, &err));
	for (int i = 0; i < rows; i++) {
		/* No two rows alike, as in a night. */
		size_t from = (size_t)(i * 7 % 40) * 3, size = 60 + (size_t)(i % 5) * 6;
		char *text = mem_print("第%d条 %.*s", i, (int)size, words + from);
		struct verb_result result;
		json_t *args = json_pack("{s:s}", "text", text);

		assert_true(verb_run(st, &actor, "journal.note", args, &result, &err));
		verb_result_clear(&result);
		json_decref(args);
		free(text);
	}
	assert_true(store_batch_end(st, true, &err));
	store_close(st);
}

/*
 * A key held down as a keyboard repeats it, 33 times a second for three seconds. When it is let go, no more is still on its way than the line
 * brings in a second: the frames between were skipped. Counted in bytes at the client's end of the line, what sshd adds to them included.
 */
static void
hold(struct tty *t, struct proxy *line, const char *key, const char *name)
{
	uint64_t began = *line->down, let_go, all;

	for (int i = 0; i < 100; i++) {
		tty_send(t, key, strlen(key));
		tty_drain(t, 30);
	}
	let_go = *line->down;
	tty_sync(t);
	all = *line->down;
	print_message("# %s held for 3 s: %d bytes, %d of them behind the last key\n", name,
	    (int)(all - began), (int)(all - let_go));
	assert_in_range(all - let_go, 0, RATE);
}

static void
a_slow_line_is_never_far_behind(void **state)
{
	struct proxy line;
	struct tty *t;
	size_t before, most = 0;

	(void)state;
	fill_journal(3000);
	proxy_start(&line, s.port, RATE, 300);
	s.through = line.port;
	t = server_console(&s, OFFICER, NULL, NULL);
	s.through = 0;
	tty_type(t, "01");
	assert_true(tty_shows(t, "第2999条"));
	for (int i = 0; i < 5; i++) {
		before = tty_bytes(t);
		tty_type(t, "<PgDn>");
		most = tty_bytes(t) - before > most ? tty_bytes(t) - before : most;
	}
	print_message("# a page: %d bytes at most\n", (int)most);
	assert_in_range(most, 500, PAGE_MAX);
	hold(t, &line, "\033[6~", "PageDown");
	hold(t, &line, "\033OA", "Up");
	hold(t, &line, "\033[5~", "PageUp");
	tty_type(t, "g");
	assert_true(tty_shows(t, "第2999条")); /* no key was lost or left over */
	tty_type(t, "<Esc><Esc>q<Enter>");
	assert_int_equal(tty_end(t), 0);
	proxy_stop(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_cut_line_loses_nothing, make, clear),
	    cmocka_unit_test_setup_teardown(a_silent_line_is_given_up, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_silent_line_is_noticed_by_the_console, make_without_alive, clear_without_alive),
	    cmocka_unit_test_setup_teardown(a_pulled_wire_is_given_up, lay_wire, take_wire),
	    cmocka_unit_test(dropped_packets_are_given_up),
	    cmocka_unit_test_setup_teardown(a_slow_line_is_never_far_behind, make, clear),
	};
	const struct CMUnitTest in_network[] = {
	    cmocka_unit_test_setup_teardown(dropped_packets_in_here, make_in_network, clear),
	};
	const char *missing = server_missing();

	if (missing) {
		printf("1..0 # skipped: %s\n", missing);
		return 0;
	}
	if (getenv(IN_NETWORK))
		return cmocka_run_group_tests(in_network, NULL, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
