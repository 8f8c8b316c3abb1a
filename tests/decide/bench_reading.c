/*
 * bench_reading RULES TAXONOMY [DIRECTORY]: how fast narratives are read. Without a directory it
 * reads calls of its own; with one, every file below it (the body of XML files without their tags).
 * Prints one line a figure.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "decide/automaton.h"
#include "decide/reading.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define TEXTS_MAX 4096
#define SECONDS 2

struct texts {
	char *item[TEXTS_MAX];
	size_t count, bytes;
};

static const char *const calls[] = {
    "我是高速交警三大队值班室，G2京沪高速高邮段K1023+"
    "500往南，一辆槽罐车侧翻，装的液氨约25吨，冒白雾，驾驶员被困，"
    "东南风2米每秒，电话0514-55501234",
    "我是临泽镇值班室，子婴河圩堤发生管涌，受威胁30户86人，暂无人员伤亡",
    "经济开发区一个电池仓库着火，货物是锂电池UN3480，2人受轻伤，没有人被困",
    "119转来，三垛镇三阳河边有2名小学生下河游泳，1人已救上岸，1人失踪",
    "卫健委报告，送桥镇一户人家昨晚办酒席，今早陆续有32人呕吐腹泻，没有死亡",
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The characters outside tags, blanks left out. */
static void
add_file(struct texts *texts, const char *path)
{
	FILE *file = fopen(path, "r");
	struct buf out = BUF_MAX(READER_MAX);
	int c, tag = 0;

	if (!file)
		return;
	while ((c = getc(file)) != EOF) {
		if (c == '<')
			tag = 1;
		else if (c == '>')
			tag = 0;
		else if (!tag && c != ' ' && c != '\t' && c != '\n' && c != '\r')
			buf_add_char(&out, (char)c);
	}
	fclose(file);
	if (texts->count < TEXTS_MAX && out.size > 0) {
		texts->bytes += out.size;
		texts->item[texts->count++] = buf_take(&out);
	}
	buf_clear(&out);
}

static void
add_directory(struct texts *texts, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		char *name = mem_print("%s/%s", path, entry->d_name);
		struct stat st;

		if (entry->d_name[0] != '.' && stat(name, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				add_directory(texts, name);
			else
				add_file(texts, name);
		}
		free(name);
	}
	if (dir)
		closedir(dir);
}

static void
measure(struct reader *reader, const struct texts *texts, const char *name)
{
	double begun = seconds(), used;
	size_t read = 0, facts = 0;

	do {
		for (size_t i = 0; i < texts->count; i++) {
			struct reading r;

			reader_read(
			    reader, texts->item[i], strlen(texts->item[i]), clock_now(), &r);
			facts += r.n_facts;
			reading_clear(&r);
		}
		read += texts->count;
		used = seconds() - begun;
	} while (used < SECONDS);
	printf(
	    "%s: %zu documents, %.0f bytes each: %.0f documents/s, %.3f ms each, %.1f facts each\n",
	    name, texts->count, (double)texts->bytes / (double)texts->count, (double)read / used,
	    used * 1000 / (double)read, (double)facts / (double)read);
}

static void
count_hit(void *context, uint32_t number, size_t start, size_t end)
{
	(void)number;
	(void)start;
	(void)end;
	++*(size_t *)context;
}

/* An automaton of as many names as a province has townships and villages. */
static void
measure_names(size_t names)
{
	static const char *const parts[] = {"龙", "虬", "兴", "南", "河", "口", "振", "陈", "桥",
	    "新", "东", "庄", "周", "王", "李", "大", "小", "上", "下", "平"};
	struct automaton *a = automaton_new();
	char *text = mem_alloc(READER_MAX);
	double begun = seconds(), built;
	size_t at = 0, hits = 0, rounds = 0;

	for (size_t i = 0; i < names; i++) {
		char *name = mem_print("%s%s%s%s村", parts[i % 20], parts[i / 20 % 20],
		    parts[i / 400 % 20], parts[i / 8000 % 20]);

		automaton_add(a, name, (uint32_t)i);
		free(name);
	}
	automaton_build(a);
	built = seconds() - begun;
	for (size_t i = 0; at < 30000; i++)
		at += (size_t)snprintf(
		    text + at, 40, "%s%s发生", parts[i * 7 % 20], parts[i * 13 % 20]);
	begun = seconds();
	do {
		automaton_scan(a, text, at, count_hit, &hits);
		rounds++;
	} while (seconds() - begun < 0.5);
	printf("automaton: %zu names, built in %.0f ms, %.1f MB, %.4f ms per kB\n", names,
	    built * 1000, (double)automaton_bytes(a) / 1e6,
	    (seconds() - begun) * 1000 / (double)rounds / ((double)at / 1000));
	automaton_free(a);
	free(text);
}

int
main(int argc, char **argv)
{
	struct err err = ERR_NONE;
	struct reader *reader;
	struct texts own = {{NULL}, 0, 0};
	struct texts *given = mem_zero(1, sizeof(*given));
	double begun = seconds();
	const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	char *rules = mem_print("%s/data/rules", top),
	     *taxonomy = mem_print("%s/data/taxonomy", top);

	i18n_init();
	reader = reader_new(rules, taxonomy, NULL, &err);
	free(rules);
	free(taxonomy);
	if (!reader) {
		fprintf(stderr, "bench_reading: %s\n", err.message);
		return 1;
	}
	printf("reader: loaded in %.0f ms\n", (seconds() - begun) * 1000);
	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		own.item[own.count++] = mem_dup(calls[i]);
		own.bytes += strlen(calls[i]);
	}
	measure(reader, &own, "calls");
	if (argc > 1)
		add_directory(given, argv[1]);
	if (given->count)
		measure(reader, given, "corpus");
	measure_names(60000);
	reader_free(reader);
	for (size_t i = 0; i < own.count; i++)
		free(own.item[i]);
	for (size_t i = 0; i < given->count; i++)
		free(given->item[i]);
	free(given);
	return 0;
}
