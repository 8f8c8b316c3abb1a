/*
 * Many consoles over one store, each a real program on a pty with an action every second: is every
 * acknowledged one there afterwards, how long does anyone wait, when have the others seen it, and
 * how much memory do all take together. Then the same with consoles killed at any moment, each
 * replaced by a new one.
 *
 *	bench_consoles [CONSOLES SECONDS KILLS]    prints TAP; 10 5 20 unless told, 100 60 500 with
 *	                                           ZHIBAN_SOAK
 *
 * An action counts as acknowledged when the program, asked "are you ready?" behind it (CSI 5 n,
 * src/ui/loop.h), says so; the wait is from its first key to that. Seen: further consoles on which
 * nobody types show the board to a libvterm; an action is seen there when the newest line of the
 * journal is it or one behind it, counted from the time its row bears (its turn in the write
 * queue). What is lost or broken fails; figures over the budget (a wait of 2 s, 95 % seen in
 * 200 ms, 1 GB) fail only with BUDGET=1, as in the bench.
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
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define MOST 200
#define WATCHERS 4
#define ENTRIES_MAX 100000
#define FRAMES_MAX 100000
#define ROWS 24
#define COLUMNS 80
#define ANSWER "\033[0n"
#define WORDS "试记第"

struct seat {
	pid_t pid;
	int master;
	size_t matched;	       /* bytes of ANSWER seen so far */
	bool writing, probing; /* an answer is owed for an entry, for a probe */
	int64_t asked, due;    /* us; when the present question was sent, the next entry is due */
	int entry;	       /* number of the one being written */
	bool warm;	       /* has acted: what is read and prepared once is there */
};

/* A console that is only looked at. */
struct watcher {
	VTerm *vt;
	VTermScreen *screen;
	int newest; /* the number in its first journal line, -1 none yet */
};
struct frame {
	int64_t at; /* wall clock, as the journal's */
	int watcher, newest;
};
/* What the journal says of the action with this number. */
struct told {
	int times, place; /* place: in the order of the journal */
	int64_t at;
};

/* The writing ones, then the watchers. */
static struct seat seats[MOST + WATCHERS];
static struct watcher watchers[WATCHERS];
static struct frame frames[FRAMES_MAX];
static struct told told[ENTRIES_MAX];
static int consoles = 10, seconds = 5, kills = 20, entries, n_acked, n_waits, n_seen, n_frames;
static int acked[ENTRIES_MAX];
static double longest_warm, waits[ENTRIES_MAX], seen[ENTRIES_MAX * WATCHERS];
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
	struct winsize size = {ROWS, COLUMNS, 0, 0};
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

/* Mostly notes; each tenth an entry of the log, of the telephone, of papers: other tables. */
static void
write_entry(struct seat *s)
{
	static const char *const verbs[] = {
	    "记", "记", "日志", "记", "记", "电话", "记", "记", "收文", "记"};
	const char *verb, *rest;
	char line[160];
	int n;

	if (entries == ENTRIES_MAX)
		return;
	s->entry = entries++;
	verb = verbs[s->entry % (int)COUNT_OF(verbs)];
	rest = strcmp(verb, "电话") == 0   ? " caller=李四"
	       : strcmp(verb, "收文") == 0 ? " 市局"
					   : "";
	n = snprintf(line, sizeof(line), ":%s " WORDS "%d条%s\r\033[5n", verb, s->entry, rest);
	s->writing = true;
	s->asked = now_us();
	s->due += 1000000;
	if (write(s->master, line, (size_t)n) != n)
		perror("write");
}

static void
answered(struct seat *s, bool counting)
{
	double ms = (double)(now_us() - s->asked) / 1e3;

	if (s->writing) {
		acked[n_acked++] = s->entry;
		if (counting) {
			waits[n_waits++] = ms;
			if (s->warm && ms > longest_warm)
				longest_warm = ms;
		}
		s->warm = true;
	}
	s->writing = s->probing = false;
}

static void
watch(struct watcher *w)
{
	w->vt = vterm_new(ROWS, COLUMNS);
	vterm_set_utf8(w->vt, 1);
	w->screen = vterm_obtain_screen(w->vt);
	vterm_screen_reset(w->screen, 1);
	w->newest = -1;
}

/* The number in the first line of the screen that has one, -1 none. */
static int
newest_on(const struct watcher *w)
{
	for (int row = 0; row < ROWS; row++) {
		char line[COLUMNS * 4 + 1];
		VTermRect r = {row, row + 1, 0, COLUMNS};
		size_t n = vterm_screen_get_text(w->screen, line, sizeof(line) - 1, r);
		const char *at;
		char *end;
		long number;

		line[n] = '\0';
		at = strstr(line, WORDS);
		if (!at)
			continue;
		number = strtol(at + strlen(WORDS), &end, 10);
		/* What is cut at the right edge is no number. */
		if (strncmp(end, "条", strlen("条")) == 0 && number >= 0 && number < ENTRIES_MAX)
			return (int)number;
	}
	return -1;
}

static void
look(int i, const char *bytes, size_t n)
{
	struct watcher *w = &watchers[i];
	int newest;

	vterm_input_write(w->vt, bytes, n);
	newest = newest_on(w);
	if (newest < 0 || newest == w->newest || n_frames == FRAMES_MAX)
		return;
	w->newest = newest;
	frames[n_frames++] = (struct frame){clock_now(), i, newest};
}

static void
take(struct seat *s, bool counting)
{
	char part[16384];
	ssize_t n;

	while ((n = read(s->master, part, sizeof(part))) > 0) {
		if (s >= seats + consoles)
			look((int)(s - seats) - consoles, part, (size_t)n);
		for (ssize_t i = 0; i < n; i++) {
			s->matched =
			    part[i] == ANSWER[s->matched] ? s->matched + 1 : part[i] == ANSWER[0];
			if (s->matched == strlen(ANSWER)) {
				s->matched = 0;
				answered(s, counting);
			}
		}
	}
}

static void
wait_some(int ms, bool counting)
{
	struct pollfd p[MOST + WATCHERS];

	for (int i = 0; i < consoles + WATCHERS; i++)
		p[i] = (struct pollfd){.fd = seats[i].master, .events = POLLIN};
	poll(p, (nfds_t)(consoles + WATCHERS), ms);
	for (int i = 0; i < consoles + WATCHERS; i++)
		if (p[i].revents & POLLIN)
			take(&seats[i], counting);
}

static bool
somebody_owes(void)
{
	for (int i = 0; i < consoles + WATCHERS; i++)
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

	for (int i = 0; i < consoles + WATCHERS; i++) {
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

/* The actions as the journal tells them. */
static void
read_journal(struct store *st)
{
	struct sql *q =
	    sql(st, "SELECT at, args FROM journal WHERE verb IN ('journal.note', 'log.add', "
		    "'phone.record', 'paper.in') ORDER BY id");
	int place = 0;

	memset(told, 0, sizeof(told));
	while (sql_row(q)) {
		const char *at = strstr(sql_text(q, 1), WORDS);
		long number = at ? strtol(at + strlen(WORDS), NULL, 10) : -1;

		if (number < 0 || number >= ENTRIES_MAX)
			continue;
		told[number].times++;
		told[number].place = place++;
		told[number].at = sql_int(q, 0);
	}
	sql_done(q);
}

static int
lost(void)
{
	int n = 0;

	for (int i = 0; i < n_acked; i++)
		n += told[acked[i]].times != 1;
	return n;
}

/* Every action at or before the newest of a frame, and behind that of the frame before, was seen in
 * it. */
static void
measure_seen(void)
{
	int *number_at = mem_zero(ENTRIES_MAX, sizeof(*number_at)), upto[WATCHERS] = {0};

	for (int i = 0; i < entries; i++)
		if (told[i].times)
			number_at[told[i].place] = i;
	for (int i = 0; i < n_frames; i++) {
		int *from = &upto[frames[i].watcher];

		if (!told[frames[i].newest].times)
			continue;
		for (; *from <= told[frames[i].newest].place; ++*from)
			seen[n_seen++] = (double)(frames[i].at - told[number_at[*from]].at);
	}
	free(number_at);
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
	read_journal(st);
	n = lost();
	what =
	    mem_print("%s: %d actions acknowledged, %d of them lost or doubled", when, n_acked, n);
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

	measure_seen();
	qsort(waits, (size_t)n_waits, sizeof(double), ascending);
	qsort(seen, (size_t)n_seen, sizeof(double), ascending);
	if (!n_waits || !n_seen)
		return;
	longest = waits[n_waits - 1];
	at95 = seen[(size_t)(n_seen * 95) / 100];
	printf("# consoles: %d, %d s: %d actions; wait median %.0f ms, 99 %% %.0f ms, longest %.0f "
	       "ms (%.0f ms behind everybody's first); seen by others median %.0f ms, 95 %% %.0f "
	       "ms, last %.0f ms; "
	       "memory %.0f MB (%.1f MB each)\n",
	    consoles, seconds, n_waits, waits[n_waits / 2], waits[(size_t)(n_waits * 99) / 100],
	    longest, longest_warm, seen[n_seen / 2], at95, seen[n_seen - 1], mb,
	    mb / (consoles + WATCHERS));
	if (!budget)
		return;
	ok(longest <= 2000, "nobody waited for over two seconds");
	ok(at95 <= 200, "95 of 100 changes were seen by others within 200 ms");
	ok(mb < 1024, "all of them together take less than 1 GB");
}

/* --- the disk ------------------------------------------------------------------------------ */

#define PROBES 20000
#define PROBE_MS 200

static struct {
	int n;
	double ms[PROBES];
} * disk; /* shared with the process that probes */
static pid_t prober;

/* Beside the consoles, five times a second: 4 KiB of a file of its own to the same disk, as each commit waits for. */
static void
probe_disk(void)
{
	char *file = mem_print("%s/probe", dir), block[4096];
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	memset(block, 'x', sizeof(block));
	for (off_t at = 0; fd >= 0 && disk->n < PROBES; at += (off_t)sizeof(block)) {
		int64_t began = now_us();

		if (pwrite(fd, block, sizeof(block), at) != sizeof(block) || fdatasync(fd) != 0)
			break;
		disk->ms[disk->n++] = (double)(now_us() - began) / 1000;
		nanosleep(&(struct timespec){0, PROBE_MS * 1000000L}, NULL);
	}
	_exit(0);
}

static void
begin_probe(void)
{
	disk = mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (disk == MAP_FAILED || (prober = fork()) < 0)
		prober = 0;
	else if (prober == 0)
		probe_disk();
}

static void
end_probe(void)
{
	if (prober <= 0)
		return;
	kill(prober, SIGKILL);
	waitpid(prober, NULL, 0);
	if (disk->n) {
		qsort(disk->ms, (size_t)disk->n, sizeof(double), ascending);
		printf("# the disk beside them: %d times 4 KiB and fdatasync, median %.1f ms, 99 "
		       "%% %.1f ms, "
		       "longest %.1f ms\n",
		    disk->n, disk->ms[disk->n / 2], disk->ms[(size_t)(disk->n * 99) / 100],
		    disk->ms[disk->n - 1]);
	}
	munmap(disk, sizeof(*disk));
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
	for (int i = 0; i < WATCHERS; i++)
		watch(&watchers[i]);
	for (int i = 0; i < consoles + WATCHERS; i++)
		start(&seats[i]);
	settle(false);
	ok(!somebody_owes(), "all consoles are open");
	begin_probe();
	work(now_us() + (int64_t)seconds * 1000000, 0);
	settle(true);
	end_probe();
	judge("at work");
	tell_figures(getenv("BUDGET") != NULL);
	if (kills) {
		work(now_us() + (int64_t)kills * 100000, kills);
		settle(false);
		judge("with consoles killed");
	}
	printf("1..%d\n", tests);
	for (int i = 0; i < consoles + WATCHERS; i++) {
		kill(seats[i].pid, SIGKILL);
		waitpid(seats[i].pid, NULL, 0);
	}
	for (int i = 0; i < WATCHERS; i++)
		vterm_free(watchers[i].vt);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(program);
	return failed != 0;
}
