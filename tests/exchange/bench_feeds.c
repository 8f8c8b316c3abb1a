/*
 * How fast feeds are read: alerts a second over the corpus' CAP files of up to 64 kB (goal 30,000),
 * the largest alert (goal 50 ms), and what the child costs. Best of several rounds, files in memory
 * first.
 */
#include "base/mem.h"
#include "exchange/feed.h"
#include "tests/exchange/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Others on the machine lengthen the clock's seconds more than these. */
static double
processor_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct count {
	size_t items, corners;
};

static bool
tally(void *context, struct feed_item *item)
{
	struct count *c = context;

	c->items++;
	if (item->kind == FEED_ALERT)
		for (size_t i = 0; i < item->alert->n_infos; i++)
			for (size_t k = 0; k < item->alert->infos[i].n_areas; k++)
				c->corners += item->alert->infos[i].areas[k].n_ring;
	feed_item_clear(item);
	return true;
}

static bool
read_one(const struct file *f, struct count *c, const char **format, bool apart)
{
	struct err err = ERR_NONE;
	bool ok = apart ? feed_read_apart(f->data, f->n, NULL, 5000, tally, c, format, &err)
			: feed_read(f->data, f->n, NULL, tally, c, format, &err);

	err_clear(&err);
	return ok;
}

/* Keep the files that are one alert or several and no index. */
static void
only_alerts(struct files *all)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct count c = {0, 0};
		const char *format;

		if (read_one(&all->file[i], &c, &format, false) && strcmp(format, "cap") == 0)
			all->file[kept++] = all->file[i];
		else {
			free(all->file[i].path);
			free(all->file[i].data);
		}
	}
	all->n = kept;
}

static void
bench_rate(const struct files *f, size_t most, const char *what)
{
	double best = 1e9, least = 1e9;
	struct count c = {0, 0};
	size_t bytes = 0, files = 0;
	const char *format;

	for (int round = 0; round < 7; round++) {
		double from = seconds(), busy = processor_seconds();

		c = (struct count){0, 0};
		bytes = files = 0;
		for (size_t i = 0; i < f->n; i++)
			if (f->file[i].n <= most) {
				read_one(&f->file[i], &c, &format, false);
				bytes += f->file[i].n;
				files++;
			}
		best = seconds() - from < best ? seconds() - from : best;
		busy = processor_seconds() - busy;
		least = busy < least ? busy : least;
	}
	printf("feeds, %s: %zu files, %.2f MB, %zu alerts: %.0f alerts/s, %.0f a second of the "
	       "processor, %.0f MB/s\n",
	    what, files, (double)bytes / 1e6, c.items, (double)c.items / best,
	    (double)c.items / least, (double)bytes / 1e6 / best);
}

static void
bench_one(const struct file *f, bool apart, const char *what)
{
	double best = 1e9;
	struct count c = {0, 0};
	const char *format;

	for (int round = 0; round < 20; round++) {
		double from = seconds();

		c = (struct count){0, 0};
		read_one(f, &c, &format, apart);
		best = seconds() - from < best ? seconds() - from : best;
	}
	printf("feeds, %s: %zu bytes, %zu corners: %.2f ms\n", what, f->n, c.corners, best * 1e3);
}

/* The size of the largest alert ever met in the wild: 1.68 MB, 41,009 corners. */
static void
bench_huge(void)
{
	struct file f = {NULL, NULL, 0};
	size_t room = 2u << 20, n;

	f.data = mem_alloc(room);
	n = (size_t)snprintf(f.data, room,
	    "<alert "
	    "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>i</identifier><sender>s</"
	    "sender>"
	    "<sent>2025-07-10T03:12:00+08:00</sent><info><event>e</event><area><areaDesc>a</"
	    "areaDesc><polygon>");
	for (int i = 0; i < 41009; i++)
		n += (size_t)snprintf(f.data + n, room - n, "%.15f,%.16f ",
		    32.5 + (i % 41008) * 1e-6, 119.5 - (i % 41008) * 1e-6);
	n += (size_t)snprintf(f.data + n, room - n, "</polygon></area></info></alert>");
	f.n = n;
	bench_one(&f, false, "an alert of 41,009 corners");
	bench_one(&f, true, "the same apart");
	free(f.data);
}

static void
bench_many(void)
{
	struct file f = {NULL, NULL, 0};
	struct count c = {0, 0};
	struct rusage u;
	const char *format;
	double from;
	size_t room = 64u << 20, n = 0;

	f.data = mem_alloc(room);
	n += (size_t)snprintf(f.data, room, "STCD,TM,Z,Q\n");
	for (int i = 0; i < 50000; i++)
		n += (size_t)snprintf(f.data + n, room - n,
		    "6330%04d,2025-07-10 %02d:%02d:00,%d.%02d,\n", i % 10000, i % 24, i % 60, i % 9,
		    i % 100);
	f.n = n;
	from = seconds();
	read_one(&f, &c, &format, false);
	getrusage(RUSAGE_SELF, &u);
	printf("feeds, 50,000 rows of one document (%s): %zu items, %.0f ms, memory of the process "
	       "at most %ld MB\n",
	    format, c.items, (seconds() - from) * 1e3, u.ru_maxrss / 1024);
	free(f.data);
}

int
main(int argc, char **argv)
{
	const char *root =
	    argc > 1 ? argv[1] : corpus_root(); /* a folder that is not there is empty */
	struct files f;
	size_t largest = 0, small = 0;

	memset(&f, 0, sizeof(f));
	if (root)
		files_load(root, true, &f);
	if (f.n == 0) {
		printf("feeds: skipped, the corpus is not there\n");
		return 0;
	}
	only_alerts(&f);
	for (size_t i = 0; i < f.n; i++) {
		if (f.file[i].n > f.file[largest].n)
			largest = i;
		if (f.file[i].n > 3000 && f.file[i].n < 4000)
			small = i;
	}
	bench_rate(&f, 65536, "alerts of at most 64 kB");
	bench_rate(&f, FEED_MAX, "all alerts");
	bench_one(&f.file[largest], false, "the largest alert");
	bench_one(&f.file[largest], true, "the same apart");
	bench_one(&f.file[small], false, "a small alert");
	bench_one(&f.file[small], true, "the same apart");
	files_clear(&f);
	bench_huge();
	bench_many();
	return 0;
}
