/*
 * Every file of the corpus is read to the number of items the table tells, or refused with the
 * reason it tells; each under 1 s and the whole run under 100 MB. corpus.tsv was made by feed_list
 * and checked against an independent count (ElementTree).
 */
#include "tests/test.h"

#include "base/mem.h"
#include "base/tsv.h"
#include "exchange/feed.h"
#include "tests/exchange/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct expected {
	char *path, *format, *result;
	bool seen;
};
static struct expected *table;
static size_t n_table, table_room;

static bool
count_item(void *context, struct feed_item *item)
{
	++*(size_t *)context;
	feed_item_clear(item);
	return true;
}

static void
load_table(void)
{
	struct err err = ERR_NONE;
	char *path = mem_print("%s/tests/exchange/corpus.tsv", getenv("top_srcdir"));
	struct tsv *t = tsv_open(path, &err);
	int p, f, r;

	assert_non_null(t);
	p = tsv_column(t, "path", true, &err);
	f = tsv_column(t, "format", true, &err);
	r = tsv_column(t, "result", true, &err);
	while (tsv_next(t)) {
		mem_grow(&table, &table_room, n_table);
		table[n_table++] = (struct expected){
		    mem_dup(tsv_get(t, p)), mem_dup(tsv_get(t, f)), mem_dup(tsv_get(t, r)), false};
	}
	assert_true(tsv_close(t, &err));
	free(path);
}

static struct expected *
find_expected(const char *path)
{
	for (size_t i = 0; i < n_table; i++)
		if (strcmp(table[i].path, path) == 0)
			return &table[i];
	return NULL;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 0 as told, 1 otherwise (printed). */
static int
check_file(const char *root, const struct file *f)
{
	struct err err = ERR_NONE;
	struct expected *e = find_expected(f->path);
	char *path = mem_print("%s/%s", root, f->path), *bytes, *result;
	const char *format = "";
	size_t n, items = 0;
	double took = seconds();
	int bad;

	bytes = file_bytes(path, &n);
	if (feed_read(bytes, n, NULL, count_item, &items, &format, &err))
		result = mem_print("%zu", items);
	else
		result = mem_print("refused: %s", err.message);
	took = seconds() - took;
	bad = !e || strcmp(e->format, format) != 0 || strcmp(e->result, result) != 0 || took > 1;
	if (bad)
		fprintf(stderr, "%s: %s %s (%.2f s), expected %s %s\n", f->path, format, result,
		    took, e ? e->format : "no row", e ? e->result : "");
	if (e)
		e->seen = true;
	err_clear(&err);
	free(result);
	free(bytes);
	free(path);
	return bad;
}

static void
every_file(void **state)
{
	const char *root = corpus_root();
	struct files files;
	struct rusage usage;
	int bad = 0, unseen = 0;

	(void)state;
	if (!root) {
		print_message("skipped: the corpus is not there\n");
		skip();
	}
	load_table();
	files_load(root, false, &files);
	for (size_t i = 0; i < files.n; i++)
		bad += check_file(root, &files.file[i]);
	for (size_t i = 0; i < n_table; i++)
		unseen += !table[i].seen;
	getrusage(RUSAGE_SELF, &usage);
	assert_int_equal(bad, 0);
	assert_int_equal(unseen, 0);
#if !TEST_SANITIZED
	assert_true(usage.ru_maxrss < 100L * 1024);
#endif
	for (size_t i = 0; i < n_table; i++) {
		free(table[i].path);
		free(table[i].format);
		free(table[i].result);
	}
	free(table);
	files_clear(&files);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
