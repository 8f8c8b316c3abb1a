/*
 * How many alerts a second are read and taken in: each durable for itself (goal 1,500), in
 * documents of fifty (goal 5,000), again (all known), and what memory 50,000 of them leave behind
 * (goal: flat). The seconds of the processor stand beside those of the clock, as other work on the
 * machine only lengthens the latter. The documents are CAP 1.2 of 3.4 kB, the median of the corpus;
 * one in twenty touches the county, which costs an entry in the inbox and the look for its plans;
 * one in ten is an update of the one before. With $CORPORA the alert of 41,009 corners too. Prints,
 * judges nothing.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "exchange/feed.h"
#include "house/house.h"
#include "monitor/monitor.h"
#include "store/store.h"
#include "store/verb.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DURABLE 3000
#define BATCHED 10000
#define MANY 50000
#define BATCH 50

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long
resident_kb(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[200];
	long kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmRSS:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return kb;
}

static void
fail(struct err *err)
{
	fprintf(stderr, "bench_ingest: %s\n", err->message ? err->message : "?");
	exit(1);
}

static const char filler[] =
    "受低层切变线和西南暖湿气流共同影响，预计未来六小时沿淮淮河以南地区有中到大雨，部分地区暴雨，局"
    "部大暴雨，并伴有短时强降水、雷暴大风等强对流天气，"
    "最大小时雨强可达六十毫米，请注意防范城乡积涝、山洪和地质灾害。";

static void
write_alert(struct buf *b, long i)
{
	char refs[120] = "";

	if (i % 10 == 9)
		snprintf(refs, sizeof(refs),
		    "<references>bench@example.org,B-%08ld,2025-07-09T08:00:00+08:00</references>",
		    i - 1);
	buf_printf(b,
	    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>B-%08ld"
	    "</identifier><sender>bench@example.org</sender><sent>2025-07-09T08:00:00+08:00</"
	    "sent><status>Actual</status>"
	    "<msgType>%s</msgType><scope>Public</scope>%s<info><language>zh-CN</"
	    "language><category>Met</category><event>暴雨"
	    "</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</"
	    "certainty><expires>"
	    "2025-07-09T20:00:00+08:00</expires><senderName>气象台</"
	    "senderName><headline>气象台发布暴雨橙色预警</headline>"
	    "<description>",
	    i, *refs ? "Update" : "Alert", refs);
	for (int k = 0; k < 6; k++)
		buf_add(b, filler);
	buf_printf(b,
	    "</description><instruction>请有关单位和个人做好防范准备。</"
	    "instruction><area><areaDesc>区域%ld</areaDesc>"
	    "<polygon>32.5,119.0 32.5,119.2 32.6,119.2 32.6,119.0 "
	    "32.5,119.0</polygon><geocode><valueName>CPEAS Geographic Code"
	    "</valueName><value>%s</value></geocode></area></info></alert>",
	    i, i % 20 ? "410100000000" : "321084000000");
}

struct list {
	struct feed_item items[64];
	size_t n;
};

static bool
keep(void *context, struct feed_item *item)
{
	struct list *l = context;

	if (l->n == COUNT_OF(l->items))
		return false;
	l->items[l->n++] = *item;
	return true;
}

static void
ingest(struct store *st, const struct actor *actor, const char *bytes, size_t n,
    struct intake_count *count)
{
	struct list l = {.n = 0};
	struct err err = ERR_NONE;

	if (!feed_read(bytes, n, NULL, keep, &l, NULL, &err) ||
	    !monitor_take(st, actor, "bench", bytes, n, l.items, l.n, count, NULL, &err))
		fail(&err);
	for (size_t i = 0; i < l.n; i++)
		feed_item_clear(&l.items[i]);
}

struct rate {
	double clock, processor; /* alerts a second */
};

static double
processor_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* `n` alerts from number `from` on, `each` in a document. */
static struct rate
run(struct store *st, const struct actor *actor, long from, long n, long each,
    struct intake_count *count)
{
	struct buf b = BUF_MAX(1u << 20);
	double start = seconds(), busy = processor_seconds();

	for (long i = 0; i < n; i += each) {
		buf_reset(&b);
		buf_add(&b, each > 1 ? "<alerts>" : "");
		for (long k = 0; k < each; k++)
			write_alert(&b, from + i + k);
		buf_add(&b, each > 1 ? "</alerts>" : "");
		ingest(st, actor, buf_str(&b), b.size, count);
	}
	buf_clear(&b);
	return (struct rate){
	    (double)n / (seconds() - start), (double)n / (processor_seconds() - busy)};
}

static void
tell(const char *what, struct rate r, int goal)
{
	printf(
	    "ingest: %s %.0f alerts/s, %.0f a second of the processor", what, r.clock, r.processor);
	if (goal)
		printf(" (goal %d)", goal);
	printf("\n");
	fflush(stdout);
}

/* What is left behind by the first five thousand must be all that is ever left. */
static void
memory(struct store *st, const struct actor *actor, struct intake_count *count)
{
	static const long at[] = {5000, 25000, MANY};
	long done = 0;

	printf("ingest: %d more, resident:", MANY);
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		run(st, actor, 1000000 + done, at[i] - done, BATCH, count);
		done = at[i];
		printf(" %.1f MB after %ld%s", (double)resident_kb() / 1024, done,
		    i + 1 < COUNT_OF(at) ? "," : "\n");
	}
}

static void
largest(struct store *st, const struct actor *actor)
{
	const char *corpora = getenv("CORPORA"),
		   *name = "wmo-im+capvalidator/tests/data/bf/valid.xml";
	char *path = corpora && name ? mem_print("%s/feeds/%s", corpora, name) : NULL, *bytes;
	struct intake_count count = {0};
	struct stat info;
	double start, busy;
	FILE *f = path ? fopen(path, "rb") : NULL;
	size_t n;

	if (!f || fstat(fileno(f), &info) != 0) {
		printf("ingest: the largest alert: skipped, the corpora are not there\n");
		free(path);
		return;
	}
	bytes = mem_alloc((size_t)info.st_size + 1);
	n = fread(bytes, 1, (size_t)info.st_size, f);
	fclose(f);
	start = seconds();
	busy = processor_seconds();
	ingest(st, actor, bytes, n, &count);
	printf("ingest: %.2f MB, %d alert: %.0f ms, %.0f of the processor (goal 50)\n",
	    (double)n / 1e6, count.fresh, (seconds() - start) * 1e3,
	    (processor_seconds() - busy) * 1e3);
	free(bytes);
	free(path);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_print("%s/ingest-XXXXXX", tmp ? tmp : "/tmp"), *path;
	struct intake_count count = {0};
	struct err err = ERR_NONE;
	struct actor actor;
	struct store *st = NULL;

	i18n_init();
	if (!mkdtemp(dir))
		return 1;
	path = mem_print("%s/duty.db", dir);
	if (!house_create(path, 0, true, &err) || !(st = house_open(path, STORE_WRITE, &err)))
		fail(&err);
	actor_system(&actor, "bench");
	tell("one by one", run(st, &actor, 0, DURABLE, 1, &count), 1500);
	tell("fifty a document", run(st, &actor, DURABLE, BATCHED, BATCH, &count), 5000);
	tell("the same again", run(st, &actor, DURABLE, BATCHED, BATCH, &count), 0);
	memory(st, &actor, &count);
	printf("ingest: %d new, %d again, %d touching, %d refused\n", count.fresh, count.again,
	    count.touching, count.refused);
	largest(st, &actor);
	store_close(st);
	free(path);
	free(dir);
	return 0;
}
