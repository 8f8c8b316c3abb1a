/*
 * The journal of years: a store of ROWS rows (default 200,000) made in batches, then its size, opening it, a page under each
 * filter, verify, and going back 10,000 rows. Prints what it saw, judges nothing. bench_journal [ROWS]
 */
#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/journal.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static _Noreturn void
die(const struct err *err)
{
	fprintf(stderr, "bench: %s (%s)\n", err->message ? err->message : "?",
	    err->detail ? err->detail : "");
	exit(1);
}

/* Two inserts and an update, as a small verb does. */
static bool
run_entry(struct verb_call *call, struct err *err)
{
	struct store *st = call_store(call);
	int64_t id = store_new_id(st);
	struct sql *q = sql(st, "INSERT INTO inbox (id, at, source, kind, title, text, journal)"
				" VALUES (?1, ?2, '12345', 'call', ?3, ?3, ?4)");

	(void)err;
	sql_bind(q, "iiti", id, call_now(call), call_text(call, "text"), call_journal(call));
	if (!sql_run(q))
		return false;
	q = sql(st, "INSERT INTO area (id, name, short, initials, kind, people) VALUES (?1, 'a', "
		    "'a', 'a', 'town', 1)"
		    " ON CONFLICT (id) DO UPDATE SET people = people + 1");
	sql_bind(q, "i", call_int(call, "n") % 13 + 1);
	call_subject(call, "inbox", id);
	call_incident(call, call_int(call, "n"));
	call_say(call, "%s", call_text(call, "text"));
	return sql_run(q);
}

static const struct verb_param params[] = {
    {"text", "text", ARG_REST, NULL, true, true, ""},
    {"n", "n", ARG_INT, NULL, false, false, ""},
};
static const struct verb verbs[] = {
    {"bench.entry", "", "an entry", ROLE_SYSTEM, VERB_UNDO, params, 2, run_entry, NULL},
};

static struct store *
open_store(const char *path)
{
	struct err err = ERR_NONE;
	struct store *st = store_open(path, STORE_WRITE, &err);

	if (!st)
		die(&err);
	verb_register(st, verbs, 1);
	return st;
}

static void
entry(struct store *st, const struct actor *actor, int64_t n)
{
	static const char text[] = "周山镇民泰社区来电：沿河路段水位上涨较快，涵闸外侧出现渗水，水"
				   "色清，已安排巡堤人员 12 人值守，"
				   "请求市防汛仓库支援编织袋 2000 只、块石 50 吨";
	json_t *args = json_pack("{s:s, s:I}", "text", text, "n", (json_int_t)(n % 100000 + 1));
	struct verb_result result;
	struct err err = ERR_NONE;

	if (!verb_run(st, actor, "bench.entry", args, &result, &err))
		die(&err);
	verb_result_clear(&result);
	json_decref(args);
}

static void
fill(struct store *st, int64_t rows)
{
	struct err err = ERR_NONE;
	struct actor actor;
	double start = seconds();

	actor_system(&actor, "bench");
	for (int64_t i = 0; i < rows; i += 2000) {
		if (!store_batch_begin(st, &err))
			die(&err);
		for (int64_t k = i; k < i + 2000 && k < rows; k++)
			entry(st, &actor, k);
		if (!store_batch_end(st, true, &err))
			die(&err);
	}
	printf("journal: %lld rows in batches: %.0f/s\n", (long long)rows,
	    (double)rows / (seconds() - start));
}

static void
page(struct store *st, const char *what, const struct journal_filter *f, int64_t before, bool up)
{
	struct journal_row row[40];
	double start = seconds(), spent;
	size_t n = 0;

	for (int round = 0; round < 20; round++) {
		n = up ? journal_page_up(st, f, before, row, 40)
		       : journal_page(st, f, before, row, 40);
		for (size_t i = 0; i < n; i++)
			journal_row_clear(&row[i]);
	}
	spent = seconds() - start;
	printf("journal: page, %-34s %2zu rows %7.3f ms\n", what, n, spent / 20 * 1000);
}

static void
pages(struct store *st, int64_t rows)
{
	struct journal_filter f = JOURNAL_ALL;
	int64_t middle = id_make(store_area(st), rows / 2 + 1);
	struct journal_row row;

	page(st, "newest", &f, 0, false);
	page(st, "from the middle", &f, middle, false);
	page(st, "from the middle, upward", &f, middle, true);
	f.incident = 77;
	page(st, "of an incident", &f, 0, false);
	f.incident = 0;
	f.verb = "none.";
	page(st, "of a verb that never ran", &f, 0, false);
	f.verb = NULL;
	if (journal_get(st, middle, &row)) {
		f.from = row.at - 1000;
		f.to = row.at + 1000;
		page(st, "of two seconds in the middle", &f, 0, false);
		journal_row_clear(&row);
	}
	f.from = f.to = CLOCK_NONE;
	f.words = "编织袋";
	page(st, "with a common word", &f, 0, false);
	page(st, "the same, from the middle", &f, middle, false);
	page(st, "the same, from the middle, upward", &f, middle, true);
	f.words = "没有这样的词";
	page(st, "with words nobody wrote", &f, 0, false);
}

static void
bench_large(const char *path, int64_t rows)
{
	struct verify_report report;
	struct err err = ERR_NONE;
	struct store *st = open_store(path);
	struct stat sb;
	double start;

	fill(st, rows);
	store_close(st);
	if (stat(path, &sb) == 0)
		printf("journal: size %.0f MB, %.0f bytes a row\n", (double)sb.st_size / 1e6,
		    (double)sb.st_size / (double)rows);
	start = seconds();
	for (int i = 0; i < 20; i++) {
		struct journal_row row;

		st = open_store(path);
		if (journal_by_seq(st, rows, &row))
			journal_row_clear(&row);
		store_close(st);
	}
	printf("journal: open, read one row, close: %.2f ms\n", (seconds() - start) / 20 * 1000);
	st = open_store(path);
	pages(st, rows);
	start = seconds();
	if (!store_verify(st, NULL, &report, &err))
		die(&err);
	printf("journal: verify: %lld rows in %.2f s, %s\n", (long long)report.checked,
	    seconds() - start, report.problems[0] ? report.problems[0] : "no problem");
	verify_clear(&report);
	start = seconds();
	struct store *past = store_replay_seq(st, rows > 20000 ? rows - 10000 : rows / 2, &err);
	if (!past)
		die(&err);
	printf("journal: replay to 10000 rows ago: %.2f s\n", seconds() - start);
	store_close(past);
	store_close(st);
}

int
main(int argc, char **argv)
{
	int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 200000;
	const char *tmp = getenv("TMPDIR");
	char dir[256], path[300];
	struct err err = ERR_NONE;

	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(dir, sizeof(dir), "%s/zhiban-bench-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/large.db", dir);
	if (!store_create(path, 321084000, &err))
		die(&err);
	bench_large(path, rows);
	return 0;
}
