/*
 * Reliability no. 14: a console is used while a sync process fetches each hostile feed over a real HTTP server. The refusal has its
 * named reason on the link, the document its place beside the store, the old state stands, sync stays under a second of the
 * processor and 100 MB, and the console does the same work for a key as when nothing is fetched: bytes to the terminal and system
 * calls within a fifth (counts, so that the machine's load decides nothing). Its processor time and the waiting are printed.
 */
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/digest.h"
#include "store/sql.h"
#include "store/verb.h"
#include "tests/exchange/hostile.h"
#include "tests/exchange/server.h"
#include "tests/ui/room.h"
#include "tests/ui/tty.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SLOWER (TEST_SANITIZED ? 10 : 1)

#define NOW "2025-07-10T03:12"
#define KEYS 10 /* of a burst, there and back */
#define BURSTS 12
#define TIMEOUT 3

static struct room *room;
static char web[256];
static struct server http, https, expired;

/* --- the documents --------------------------------------------------------------------------- */

#define ALERT                                                                                      \
	"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>H-1</identifier>"       \
	"<sender>h@example.org</sender><sent>2025-07-10T03:00:00+08:00</sent><status>Actual</"     \
	"status>"                                                                                  \
	"<msgType>Alert</msgType><scope>Public</scope>"
#define INFO(text)                                                                                 \
	"<info><language>zh-CN</language><category>Met</category><event>暴雨</event>"            \
	"<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"     \
	"<headline>" text "</headline></info></alert>"

static void
external_dtd(struct buf *b)
{
	buf_printf(b, "<!DOCTYPE alert SYSTEM \"%s\"><alert><identifier>x</identifier></alert>",
	    server_url(&http, "/plain"));
}

static void
mislabelled(struct buf *b)
{
	buf_add(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" ALERT
		   "<note>\xb8\xdf\xd3\xca\xff</note></alert>");
}

static void
escape(struct buf *b)
{
	buf_add(b, ALERT INFO("\033]0;x\a\033[2J"));
}

static void
nul(struct buf *b)
{
	buf_add(b, ALERT "<note>a");
	buf_add_char(b, '\0');
	buf_add(b, "b</note></alert>");
}

static void
page(struct buf *b)
{
	buf_add(b, "<!DOCTYPE "
		   "html><html><head><title>登录</title></head><body><p>请登录</p></body></html>");
}

static void
well_formed_page(struct buf *b)
{
	buf_add(
	    b, "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>请登录</p></body></html>");
}

static void
empty(struct buf *b)
{
	(void)b;
}

static void
half(struct buf *b)
{
	buf_add(b, ALERT "<info><event>");
}

/* Legal XML with what must never reach a terminal: it is taken in, cleaned. */
static void
unseen(struct buf *b)
{
	buf_add(b, ALERT INFO("\xc2\x9b"
			      "2J高邮\xe2\x80\xae市\xe2\x80\x8b暴雨\xef\xbb\xbf"));
}

enum where { DOCUMENT, PATH, ADDRESS, TLS, TLS_EXPIRED };
static const struct hostile {
	const char *name;
	enum where where;
	void (*make)(struct buf *);
	const char *path; /* or the whole address */
	const char *why;  /* of the refusal; NULL: read */
} hostile[] = {
    {"10 GB by length", PATH, NULL, "/long", "over the limit"},
    {"endless in chunks", PATH, NULL, "/endless", "over the limit"},
    {"gzip bomb", PATH, NULL, "/bomb", "over the limit"},
    {"slow body", PATH, NULL, "/slow-body", "does not answer, or too slowly"},
    {"slow headers", PATH, NULL, "/slow-head", "does not answer, or too slowly"},
    {"hangs", PATH, NULL, "/hang", "does not answer, or too slowly"},
    {"flood of headers", PATH, NULL, "/flood", "headers do not end"},
    {"redirect to a file", PATH, NULL, "/to-file", "points elsewhere"},
    {"redirect to another host", PATH, NULL, "/to-other", "points elsewhere"},
    {"redirect to another port", PATH, NULL, "/to-port", "points elsewhere"},
    {"redirect in a circle", PATH, NULL, "/to-loop", "points elsewhere"},
    {"cut by length", PATH, NULL, "/cut", "broke off in the middle"},
    {"cut in a chunk", PATH, NULL, "/cut-chunk", "broke off in the middle"},
    {"status 500", PATH, NULL, "/status/500", "answers 500"},
    {"status 429", PATH, NULL, "/status/429", "answers 429"},
    {"nobody there", ADDRESS, NULL, "http://127.0.0.1:1/", "no connection"},
    {"self-signed certificate", TLS, NULL, "/plain", "certificate is not the right one"},
    {"expired certificate", TLS_EXPIRED, NULL, "/plain", "certificate is not the right one"},
    {"billion laughs", DOCUMENT, hostile_laughs, NULL, "DOCTYPE"},
    {"billion laughs in an attribute", DOCUMENT, hostile_laughs_in_attributes, NULL, "DOCTYPE"},
    {"quadratic entities", DOCUMENT, hostile_quadratic, NULL, "DOCTYPE"},
    {"external entity", DOCUMENT, hostile_xxe, NULL, "DOCTYPE"},
    {"external DTD", DOCUMENT, external_dtd, NULL, "DOCTYPE"},
    {"depth 200,000", DOCUMENT, hostile_deep, NULL, "nested too deep"},
    {"60,000 attributes", DOCUMENT, hostile_attributes, NULL, "attributes on one element"},
    {"GB text called UTF-8", DOCUMENT, mislabelled, NULL, "is not UTF-8 text"},
    {"ESC in a text", DOCUMENT, escape, NULL, "not well-formed"},
    {"NUL in a text", DOCUMENT, nul, NULL, "NUL byte"},
    {"web page", DOCUMENT, page, NULL, "web page, not a feed"},
    {"well-formed web page", DOCUMENT, well_formed_page, NULL, "web page, not a feed"},
    {"nothing", DOCUMENT, empty, NULL, "it is empty"},
    {"half a message", DOCUMENT, half, NULL, "not well-formed"},
    {"C1, bidi, zero width", DOCUMENT, unseen, NULL, NULL},
};

static void
write_file(const char *name, const struct buf *b)
{
	char *path = mem_print("%s/%s", web, name);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(buf_str(b), 1, b->size, f), b->size);
	assert_int_equal(fclose(f), 0);
	free(path);
}

/* --- the store ------------------------------------------------------------------------------- */

static struct store *
open_store(struct actor *actor)
{
	actor_system(actor, "test");
	return room_open(room);
}

static void
act(const char *verb, json_t *args)
{
	struct verb_result result;
	struct err err = ERR_NONE;
	struct actor actor;
	struct store *st = open_store(&actor);

	if (!verb_run(st, &actor, verb, args, &result, &err))
		fail_msg("%s: %s", verb, err.message);
	verb_result_clear(&result);
	json_decref(args);
	store_close(st);
}

static char *
last_error(const char *link)
{
	struct actor actor;
	struct store *st = open_store(&actor);
	char *why = sql_one_text(st,
	    "SELECT ifnull(p.last_error, '') FROM link l LEFT JOIN poll p ON p.link = l.id WHERE "
	    "l.name = ?1",
	    "t", link);

	store_close(st);
	return why;
}

static int64_t
newest_link(void)
{
	struct actor actor;
	struct store *st = open_store(&actor);
	int64_t id = sql_one_int(st, "SELECT max(id) FROM link", 0, "");

	store_close(st);
	return id;
}

static int64_t
link_named(const char *name)
{
	struct actor actor;
	struct store *st = open_store(&actor);
	int64_t id = sql_one_int(st, "SELECT id FROM link WHERE name = ?1", 0, "t", name);

	store_close(st);
	return id;
}

static int64_t
count_alerts(void)
{
	struct actor actor;
	struct store *st = open_store(&actor);
	int64_t n = sql_one_int(st, "SELECT count(*) FROM alert", 0, "");

	store_close(st);
	return n;
}

/* A link of its own for each, and only that one is due. */
static void
set_link(const char *name, const char *url)
{
	act("link.set", json_pack("{s:s, s:s, s:i}", "name", name, "url", url, "timeout", TIMEOUT));
}

/* --- the console ----------------------------------------------------------------------------- */

struct burst {
	double bytes, calls, cpu_us, wall_us; /* a key */
};

static void
proc_numbers(pid_t pid, double *calls, double *cpu_us)
{
	char path[64], line[128];
	unsigned long long ns = 0;
	FILE *f;

	*calls = 0;
	snprintf(path, sizeof(path), "/proc/%d/io", (int)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "syscr:", 6) == 0 || strncmp(line, "syscw:", 6) == 0)
			*calls += strtod(line + 6, NULL);
	if (f)
		fclose(f);
	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	f = fopen(path, "r");
	if (f && fgets(line, sizeof(line), f))
		ns = strtoull(line, NULL, 10);
	if (f)
		fclose(f);
	*cpu_us = (double)ns / 1e3;
}

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct burst
burst(struct tty *t)
{
	struct burst b = {.bytes = (double)tty_bytes(t), .wall_us = now_us()}, end;

	proc_numbers(tty_pid(t), &b.calls, &b.cpu_us);
	for (int i = 0; i < 2 * KEYS; i++)
		tty_type(t, i < KEYS ? "j" : "k");
	proc_numbers(tty_pid(t), &end.calls, &end.cpu_us);
	end.bytes = (double)tty_bytes(t);
	return (struct burst){(end.bytes - b.bytes) / (2 * KEYS),
	    (end.calls - b.calls) / (2 * KEYS), (end.cpu_us - b.cpu_us) / (2 * KEYS),
	    (now_us() - b.wall_us) / (2 * KEYS)};
}

struct bursts {
	struct burst *item;
	size_t n, room;
};

static void
add(struct bursts *all, struct burst b)
{
	mem_grow(&all->item, &all->room, all->n);
	all->item[all->n++] = b;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Of one number of the bursts, the value that `part` of them stay below. */
static double
quantile(const struct bursts *all, size_t offset, double part)
{
	double *v = mem_zero(all->n, sizeof(*v)), out;

	for (size_t i = 0; i < all->n; i++)
		memcpy(&v[i], (const char *)&all->item[i] + offset, sizeof(*v));
	qsort(v, all->n, sizeof(*v), ascending);
	out = v[(size_t)((double)(all->n - 1) * part)];
	free(v);
	return out;
}

#define MEDIAN(all, what) quantile(all, offsetof(struct burst, what), 0.5)
#define P99(all, what) quantile(all, offsetof(struct burst, what), 0.99)

static void
print_bursts(const char *what, const struct bursts *all)
{
	print_message("# %s: %zu bursts, a key: %.0f bytes, %.2f calls, %.0f us of the processor, "
		      "waiting %.2f ms, "
		      "p99 %.2f ms\n",
	    what, all->n, MEDIAN(all, bytes), MEDIAN(all, calls), MEDIAN(all, cpu_us),
	    MEDIAN(all, wall_us) / 1e3, P99(all, wall_us) / 1e3);
}

static void
assert_within_a_fifth(const char *what, double with, double without)
{
	if (with > without * 1.2 || with < without * 0.8)
		fail_msg("%s: %.2f a key, without %.2f", what, with, without);
}

/* --- sync ------------------------------------------------------------------------------------ */

static pid_t
start_sync(void)
{
	const char *top = getenv("top_builddir");
	char *program = mem_print("%s/zhiban", top ? top : "."),
	     *log = mem_print("%s/said", room->dir);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		setenv("ZHIBAN_NOW", NOW, 1);
		setenv("LANGUAGE", "en", 1);
		if (!freopen(log, "a", stdout) || !freopen(log, "a", stderr))
			_exit(126);
		execl(program, "zhiban", "--store", room->store, "sync", "--once", (char *)NULL);
		_exit(127);
	}
	free(program);
	free(log);
	return pid;
}

/* Keys are typed as long as it runs. */
static struct rusage
sync_beside(struct tty *t, struct bursts *all)
{
	struct rusage used;
	pid_t pid = start_sync();
	int status;

	do
		add(all, burst(t));
	while (wait4(pid, &status, WNOHANG, &used) == 0);
	assert_true(WIFEXITED(status));
	return used;
}

static double
seconds(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

/* --- the test -------------------------------------------------------------------------------- */

static bool
is_quarantined(const struct buf *document)
{
	char digest[65], *path;
	struct stat sb;
	bool there;

	digest_hex(buf_str(document), document->size, digest);
	path =
	    mem_print("%s.refused/%lld-%.16s.doc", room->store, (long long)newest_link(), digest);
	there =
	    stat(path, &sb) == 0 && (size_t)sb.st_size == document->size && (sb.st_mode & 077) == 0;
	memcpy(path + strlen(path) - 4, ".why", 4);
	there = there && access(path, R_OK) == 0;
	free(path);
	return there;
}

static int __attribute__((format(printf, 1, 2))) complain(const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = mem_vprint(format, ap);
	va_end(ap);
	print_message("# WRONG %s\n", text);
	free(text);
	return 1;
}

static int
attack(struct tty *t, const struct hostile *h, size_t i, struct bursts *all)
{
	struct buf b = BUF_MAX(64u << 20);
	char name[32], file[64], *why;
	const char *url = h->path;
	int wrong = 0;
	struct rusage used;

	snprintf(name, sizeof(name), "feed%zu", i);
	if (h->where == DOCUMENT) {
		snprintf(file, sizeof(file), "h%zu", i);
		h->make(&b);
		write_file(file, &b);
		snprintf(file, sizeof(file), "/file/h%zu", i);
		url = server_url(&http, file);
	} else if (h->where == PATH) {
		url = server_url(&http, h->path);
	} else if (h->where != ADDRESS) {
		url = server_url(h->where == TLS ? &https : &expired, h->path);
	}
	set_link(name, url);
	used = sync_beside(t, all);
	why = last_error(name);
	print_message("# %s: %s; %.2f s, %ld MB\n", h->name, *why ? why : "read", seconds(&used),
	    used.ru_maxrss / 1024);
	if (h->why ? !strstr(why, h->why) : *why != '\0')
		wrong = complain("%s: \"%s\", not \"%s\"", h->name, why, h->why ? h->why : "");
	if (seconds(&used) > 1.0 * SLOWER)
		wrong = complain("%s: %.2f s of the processor", h->name, seconds(&used));
	if (!TEST_SANITIZED && used.ru_maxrss > 100 * 1024)
		wrong = complain("%s: %ld MB", h->name, used.ru_maxrss / 1024);
	if (h->where == DOCUMENT && h->why && b.size && !is_quarantined(&b))
		wrong = complain("%s: not kept aside", h->name);
	act("link.disable", json_pack("{s:I}", "link", (json_int_t)newest_link()));
	free(why);
	buf_clear(&b);
	return wrong;
}

static void
copy_good(const char *name)
{
	char *from = room_file("feeds/city-rain.xml"), *text = tty_read_file(from, NULL);
	struct buf b = BUF_MAX(1u << 20);

	assert_non_null(text);
	buf_add(&b, text);
	write_file(name, &b);
	buf_clear(&b);
	free(text);
	free(from);
}

/* Nothing of the feeds' control characters went to the terminal. */
static void
assert_clean(struct tty *t)
{
	static const char *const never[] = {
	    "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\x8b", "\xef\xbb\xbf", "\033]0;x"};
	size_t n;
	const char *raw = tty_raw(t, &n);

	for (size_t i = 0; i < COUNT_OF(never); i++)
		assert_null(memmem(raw, n, never[i], strlen(never[i])));
}

static void
no_hostile_feed_reaches_a_console(void **state)
{
	struct bursts without = {NULL, 0, 0}, with = {NULL, 0, 0};
	struct tty *t;
	char name[32], *why;
	int wrong = 0;
	int64_t alerts;
	size_t refused = 0;

	(void)state;
	while (hostile[refused].where != DOCUMENT)
		refused++;
	copy_good("good");
	set_link("good", server_url(&http, "/file/good"));
	t = tty_start(&(struct tty_setup){
	    .store = room->store, .person = "陈涛", .rows = 36, .columns = 120, .now = NOW});
	sync_beside(t, &with);
	with.n = 0;
	alerts = count_alerts();
	assert_int_equal(alerts, 1);
	act("link.disable", json_pack("{s:I}", "link", (json_int_t)newest_link()));
	tty_type(t, "0");
	tty_choose(t, "日志");
	tty_type(t, "g");
	for (int i = 0; i < BURSTS; i++)
		add(&without, burst(t));
	for (size_t i = 0; i < COUNT_OF(hostile); i++)
		wrong += attack(t, &hostile[i], i, &with) != 0;
	print_bursts("nothing is fetched", &without);
	print_bursts("hostile feeds are fetched", &with);
	assert_int_equal(wrong, 0);
	assert_within_a_fifth("bytes", MEDIAN(&with, bytes), MEDIAN(&without, bytes));
	assert_within_a_fifth("system calls", MEDIAN(&with, calls), MEDIAN(&without, calls));
	/* What stood stands, and one message could be read. */
	assert_int_equal(count_alerts(), alerts + 1);
	tty_type(t, "0");
	tty_choose(t, "有效和以往预警");
	assert_true(tty_shows(t, "暴雨"));
	assert_clean(t);
	/* A link that was refused takes the next good document. */
	snprintf(name, sizeof(name), "h%zu", refused);
	copy_good(name);
	snprintf(name, sizeof(name), "feed%zu", refused);
	act("link.enable", json_pack("{s:I}", "link", (json_int_t)link_named(name)));
	act("link.try", json_pack("{s:I}", "link", (json_int_t)link_named(name)));
	sync_beside(t, &with);
	why = last_error(name);
	assert_string_equal(why, "");
	free(why);
	free(without.item);
	free(with.item);
	tty_kill(t, SIGKILL);
	tty_end(t);
}

static int
setup(void **state)
{
	int64_t now;

	(void)state;
	room = room_new("hostile", true);
	snprintf(web, sizeof(web), "%s/web", room->dir);
	assert_int_equal(mkdir(web, 0700), 0);
	assert_true(clock_parse(NOW, CLOCK_NONE, &now));
	clock_pin(now);
	server_start(&http, SERVER_HTTP, web);
	server_start(&https, SERVER_HTTPS, web);
	server_start(&expired, SERVER_HTTPS_EXPIRED, web);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	server_stop(&http);
	server_stop(&https);
	server_stop(&expired);
	room_free(room);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_hostile_feed_reaches_a_console),
	};

	i18n_init();
	return cmocka_run_group_tests(tests, setup, teardown);
}
