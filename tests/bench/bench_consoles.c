/*
 * Many consoles over one store, each a real program on a pty with an entry written every second: is
 *every acknowledged entry there afterwards, how long does anyone wait, when have the others seen
 *it, and how much memory do all take together. Then the same with consoles killed at any moment,
 *each replaced by a new one.
 *
 *	bench_consoles [CONSOLES SECONDS KILLS]    prints TAP; 10 5 20 unless told, 100 60 500 with
 *ZHIBAN_SOAK
 *
 * An entry counts as acknowledged when the program, asked "are you ready?" behind it (CSI 5 n,
 *src/ui/loop.h), says so. Seen: another console, asked as soon as the acknowledgement is there,
 *answers only when it has painted every change; so this is its time. What is lost or broken fails;
 *figures over the budget (a wait of 2 s, 95 % seen in 200 ms, 1 GB) fail the bench only (BUDGET=1).
 */
#include "house/house.h"

#include "base/clock.h"
#include "base/mem.h"
#include "store/sql.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST 200
#define ENTRIES_MAX 100000
#define ANSWER "\033[0n"

struct seat {
	pid_t pid;
	int master;
	size_t matched;	       /* bytes of ANSWER seen so far */
	bool writing, probing; /* an answer is owed for an entry, for a probe */
	int64_t asked, due;    /* us; when the present question was sent, the next entry is due */
	int entry;	       /* number of the one being written */
};

static struct seat seats[MOST];
static int consoles = 10, seconds = 5, kills = 20, entries, n_acked, n_waits, n_seen;
static int acked[ENTRIES_MAX];
static double waits[ENTRIES_MAX], seen[ENTRIES_MAX];
static char dir[200], path[240], *program;

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
start(struct seat *s)
{
	static const char *const people[] = {
	    "陈涛", "周雪梅", "吴倩", "赵磊", "孙悦", "李敏", "张立群", "王建国"};
	struct winsize size = {24, 80, 0, 0};
	size_t i = (size_t)(s - seats);

	memset(s, 0, sizeof(*s));
	s->pid = forkpty(&s->master, NULL, NULL, &size);
	if (s->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execl(program, program, "--store", path, "--as", people[i % COUNT_OF(people)],
		    (char *)NULL);
		_exit(127);
	}
	fcntl(s->master, F_SETFL, O_NONBLOCK);
	fcntl(s->master, F_SETFD, FD_CLOEXEC);
	s->probing = true; /* the first answer says that it is up */
	s->asked = now_us();
	if (write(s->master, "\033[2;2R\033[5n", 10) < 0)
		perror("write");
}

static void
write_entry(struct seat *s)
{
	char line[100];
	int n;

	if (entries == ENTRIES_MAX)
		return;
	s->entry = entries++;
	n = snprintf(line, sizeof(line), ":记 试记第%d条\r\033[5n", s->entry);
	s->writing = true;
	s->asked = now_us();
	s->due += 1000000;
	if (write(s->master, line, (size_t)n) != n)
		perror("write");
}

static void
probe(void)
{
	struct seat *s = &seats[random() % consoles];

	if (s->writing || s->probing)
		return;
	s->probing = true;
	s->asked = now_us();
	if (write(s->master, "\033[5n", 4) < 0)
		perror("write");
}

static void
answered(struct seat *s, bool counting)
{
	double ms = (double)(now_us() - s->asked) / 1e3;

	if (s->writing) {
		acked[n_acked++] = s->entry;
		if (counting)
			waits[n_waits++] = ms;
		probe();
	} else if (s->probing && counting && n_seen < ENTRIES_MAX) {
		seen[n_seen++] = ms;
	}
	s->writing = s->probing = false;
}

static void
take(struct seat *s, bool counting)
{
	char part[16384];
	ssize_t n;

	while ((n = read(s->master, part, sizeof(part))) > 0)
		for (ssize_t i = 0; i < n; i++) {
			s->matched =
			    part[i] == ANSWER[s->matched] ? s->matched + 1 : part[i] == ANSWER[0];
			if (s->matched == strlen(ANSWER)) {
				s->matched = 0;
				answered(s, counting);
			}
		}
}

static void
wait_some(int ms, bool counting)
{
	struct pollfd p[MOST];

	for (int i = 0; i < consoles; i++)
		p[i] = (struct pollfd){.fd = seats[i].master, .events = POLLIN};
	poll(p, (nfds_t)consoles, ms);
	for (int i = 0; i < consoles; i++)
		if (p[i].revents & POLLIN)
			take(&seats[i], counting);
}

static bool
somebody_owes(void)
{
	for (int i = 0; i < consoles; i++)
		if (seats[i].writing || seats[i].probing)
			return true;
	return false;
}

/* All answers that are owed, or a minute. */
static void
settle(bool counting)
{
	int64_t end = now_us() + 60000000;

	while (somebody_owes() && now_us() < end)
		wait_some(50, counting);
}

static void
kill_one(void)
{
	struct seat *s = &seats[random() % consoles];

	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	take(s, false);
	close(s->master);
	start(s);
	s->due = now_us();
}

static void
work(int64_t until, int killing)
{
	int64_t now, next_kill = now_us(), step = killing ? (until - next_kill) / (killing + 1) : 0;

	for (int i = 0; i < consoles; i++)
		seats[i].due = now_us() + (int64_t)i * 1000000 / consoles;
	while ((now = now_us()) < until || killing > 0) {
		for (int i = 0; i < consoles; i++)
			if (now >= seats[i].due && !seats[i].writing && !seats[i].probing)
				write_entry(&seats[i]);
		wait_some(5, !step);
		if (killing > 0 && now >= next_kill) {
			kill_one();
			killing--;
			next_kill = now + step;
		}
	}
}

/* --- judging -------------------------------------------------------------------------------- */

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
memory_mb(void)
{
	double sum = 0;

	for (int i = 0; i < consoles; i++) {
		char name[64], line[200];
		double kb;
		FILE *f;

		snprintf(name, sizeof(name), "/proc/%d/smaps_rollup", (int)seats[i].pid);
		f = fopen(name, "r");
		while (f && fgets(line, sizeof(line), f))
			if (sscanf(line, "Pss: %lf", &kb) == 1)
				sum += kb;
		if (f)
			fclose(f);
	}
	return sum / 1024;
}

static int tests, failed;

static void
ok(bool good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, what);
	failed += !good;
	fflush(stdout);
}

static int
lost(struct store *st)
{
	int n = 0;

	for (int i = 0; i < n_acked; i++) {
		char text[64];

		snprintf(text, sizeof(text), "试记第%d条", acked[i]);
		n += sql_one_int(st,
			 "SELECT count(*) FROM journal WHERE verb = 'journal.note' AND text = ?1",
			 0, "t", text) != 1;
	}
	return n;
}

static void
judge(const char *when)
{
	struct err err = ERR_NONE;
	struct store *st = house_open(path, STORE_READ, &err);
	struct verify_report report;
	char *what;
	int n;

	if (!st) {
		ok(false, err.message);
		return;
	}
	n = lost(st);
	what =
	    mem_print("%s: %d entries acknowledged, %d of them lost or doubled", when, n_acked, n);
	ok(n == 0 && n_acked > 0, what);
	free(what);
	n = store_verify(st, NULL, &report, &err) ? 0 : 1;
	what = mem_print("%s: the chain is whole%s%s", when, n || report.problems[0] ? ": " : "",
	    n			 ? err.message
	    : report.problems[0] ? report.problems[0]
				 : "");
	ok(!n && !report.problems[0], what);
	free(what);
	if (!n)
		verify_clear(&report);
	store_close(st);
}

static void
tell_figures(bool budget)
{
	double mb = memory_mb(), longest, at95;

	qsort(waits, (size_t)n_waits, sizeof(double), ascending);
	qsort(seen, (size_t)n_seen, sizeof(double), ascending);
	if (!n_waits || !n_seen)
		return;
	longest = waits[n_waits - 1];
	at95 = seen[(size_t)(n_seen * 95) / 100];
	printf("# consoles: %d, %d s: %d entries; wait median %.0f ms, 99 %% %.0f ms, longest %.0f "
	       "ms; seen by others median %.0f ms, 95 %% %.0f ms; "
	       "memory %.0f MB (%.1f MB each)\n",
	    consoles, seconds, n_waits, waits[n_waits / 2], waits[(size_t)(n_waits * 99) / 100],
	    longest, seen[n_seen / 2], at95, mb, mb / consoles);
	if (!budget)
		return;
	ok(longest <= 2000, "nobody waited for over two seconds");
	ok(at95 <= 200, "95 of 100 changes were seen by others within 200 ms");
	ok(mb < 1024, "all of them together take less than 1 GB");
}

static int
remove_one(const char *name, const struct stat *sb, int flag, struct FTW *ftw)
{
	(void)sb;
	(void)flag;
	(void)ftw;
	return remove(name);
}

static bool
make_store(void)
{
	struct err err = ERR_NONE;
	const char *tmp = getenv("TMPDIR"), *top = getenv("top_builddir");

	snprintf(dir, sizeof(dir), "%s/zhiban-consoles-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return false;
	snprintf(path, sizeof(path), "%s/duty.db", dir);
	program = mem_print("%s/zhiban", top ? top : ".");
	if (house_create(path, 0, true, &err))
		return true;
	fprintf(stderr, "%s\n", err.message);
	return false;
}

static void
read_numbers(int argc, char **argv)
{
	if (getenv("ZHIBAN_SOAK")) {
		consoles = 100;
		seconds = 60;
		kills = 500;
	}
	if (argc > 3) {
		consoles = (int)strtol(argv[1], NULL, 10);
		seconds = (int)strtol(argv[2], NULL, 10);
		kills = (int)strtol(argv[3], NULL, 10);
	}
	if (consoles < 2 || consoles > MOST)
		consoles = 10;
}

int
main(int argc, char **argv)
{
	read_numbers(argc, argv);
	if (!make_store())
		return 1;
	srandom(7);
	for (int i = 0; i < consoles; i++)
		start(&seats[i]);
	settle(false);
	ok(!somebody_owes(), "all consoles are open");
	work(now_us() + (int64_t)seconds * 1000000, 0);
	settle(true);
	tell_figures(getenv("BUDGET") != NULL);
	judge("at work");
	if (kills) {
		work(now_us() + (int64_t)kills * 100000, kills);
		settle(false);
		judge("with consoles killed");
	}
	printf("1..%d\n", tests);
	for (int i = 0; i < consoles; i++) {
		kill(seats[i].pid, SIGKILL);
		waitpid(seats[i].pid, NULL, 0);
	}
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(program);
	return failed != 0;
}
