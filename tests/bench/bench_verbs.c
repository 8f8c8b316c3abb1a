/*
 * How many verbs a second reach the disk, and how long anyone waits for it, with 1, 8, 32 and 100 processes that
 * write as fast as they can. Prints a line for each; judges nothing. The store lies in $TMPDIR; the disk's own
 * fdatasync stands first, as all of it hangs on that.
 */
#include "house/house.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECONDS 5
#define MOST 100
#define SAMPLES 4096

struct share {
	long count;
	double longest;             /* ms */
	double sample[SAMPLES];     /* ms, the first ones */
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
disk(const char *dir)
{
	double sample[200];
	char *name = mem_print("%s/probe", dir);
	int fd = open(name, O_CREAT | O_RDWR, 0600);
	char page[4096] = {0};

	for (size_t i = 0; i < COUNT_OF(sample); i++) {
		double start = now_ms();

		if (pwrite(fd, page, sizeof(page), (off_t)(i * sizeof(page))) < 0 || fdatasync(fd) != 0)
			perror(name);
		sample[i] = now_ms() - start;
	}
	close(fd);
	unlink(name);
	free(name);
	qsort(sample, COUNT_OF(sample), sizeof(sample[0]), ascending);
	printf("disk: fdatasync of 4 KiB p50 %.2f ms, p99 %.2f ms\n", sample[100], sample[198]);
}

static void
write_verbs(const char *path, int who, struct share *mine, double until)
{
	struct err err = ERR_NONE;
	struct store *st = house_open(path, STORE_WRITE, &err);
	struct actor actor;

	if (!st) {
		fprintf(stderr, "%s\n", err.message);
		exit(1);
	}
	actor_system(&actor, "bench");
	for (long i = 0; now_ms() < until; i++) {
		double start = now_ms(), took;
		struct verb_result result;
		json_t *args = json_pack("{s:o}", "text",
		    json_sprintf("第 %d 席记录 %ld：现场称水位平稳，继续观察", who, i));

		if (!verb_run(st, &actor, "journal.note", args, &result, &err)) {
			fprintf(stderr, "%s\n", err.message);
			exit(1);
		}
		verb_result_clear(&result);
		json_decref(args);
		took = now_ms() - start;
		if (mine->count < SAMPLES)
			mine->sample[mine->count] = took;
		mine->count++;
		if (took > mine->longest)
			mine->longest = took;
	}
	store_close(st);
	exit(0);
}

/* Of all children that ended. */
static double
processor_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void
run(const char *path, int writers)
{
	size_t room = sizeof(struct share) * (size_t)writers, n = 0;
	struct share *all = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double *sample = mem_alloc(sizeof(double) * SAMPLES * (size_t)writers);
	double until = now_ms() + SECONDS * 1e3, longest = 0, busy = processor_ms();
	long total = 0, least = 0, most = 0;
	int failed = 0, status;

	for (int i = 0; i < writers; i++)
		if (fork() == 0)
			write_verbs(path, i, &all[i], until);
	while (wait(&status) > 0)
		failed += status != 0;
	for (int i = 0; i < writers; i++) {
		long have = all[i].count < SAMPLES ? all[i].count : SAMPLES;

		memcpy(sample + n, all[i].sample, sizeof(double) * (size_t)have);
		n += (size_t)have;
		total += all[i].count;
		least = i == 0 || all[i].count < least ? all[i].count : least;
		most = all[i].count > most ? all[i].count : most;
		longest = all[i].longest > longest ? all[i].longest : longest;
	}
	qsort(sample, n, sizeof(double), ascending);
	printf("verbs, %3d processes: %6.0f/s durable, %.2f ms of the processor each, p50 %.2f ms, p99 %.1f ms, longest wait %.0f ms, "
	       "least..most of one process %ld..%ld%s\n",
	    writers, (double)total / SECONDS, total ? (processor_ms() - busy) / (double)total : 0, n ? sample[n / 2] : 0, n ? sample[n * 99 / 100] : 0, longest, least,
	    most, failed ? ", SOME FAILED" : "");
	free(sample);
	munmap(all, room);
}

int
main(void)
{
	static const int writers[] = {1, 8, 32, MOST};
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_print("%s/zhiban-bench-XXXXXX", tmp ? tmp : "/tmp");
	char *path;
	struct err err = ERR_NONE;

	setvbuf(stdout, NULL, _IOLBF, 0);
	i18n_init();
	if (!mkdtemp(dir))
		return 1;
	path = mem_print("%s/duty.db", dir);
	disk(dir);
	if (!house_create(path, 0, true, &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	for (size_t i = 0; i < COUNT_OF(writers); i++)
		run(path, writers[i]);
	printf("store left in %s\n", dir);
	free(path);
	free(dir);
	return 0;
}
