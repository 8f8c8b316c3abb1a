/*
 * decide/trial (reliability 4.18): 2,000 narratives, and the rules that are tried on them before they are taken. The shipped ones are tried
 * here, a county's own wherever they are loaded.
 */
#include "tests/test.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "decide/pattern.h"
#include "decide/rule.h"
#include "decide/shipped.h"
#include "decide/trial.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *
shipped_dir(void)
{
	const char *top = getenv("top_srcdir");

	return mem_print("%s/data/rules", top ? top : ".");
}

static struct trial *
narratives(void)
{
	char *dir = shipped_dir(), *path = mem_print("%s/trial.txt", dir);
	struct err err = ERR_NONE;
	struct trial *t = trial_new(path, &err);

	if (!t)
		fail_msg("%s", err.message);
	free(path);
	free(dir);
	return t;
}

/* A directory with the shipped tables, links to them, and a table of the county's own. */
static char *
county_dir(const char *name, const char *rows)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_print("%s/zhiban-trial-XXXXXX", tmp ? tmp : "/tmp"), *from = shipped_dir(),
	     *path;
	struct dirent *e;
	DIR *d = opendir(from);
	FILE *f;

	assert_non_null(mkdtemp(dir));
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char *old = mem_print("%s/%s", from, e->d_name),
		     *new = mem_print("%s/%s", dir, e->d_name);

		if (e->d_name[0] != '.')
			assert_int_equal(symlink(old, new), 0);
		free(old);
		free(new);
	}
	closedir(d);
	path = mem_print("%s/%s", dir, name);
	unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "rule\tkind\tneed\toptions\tpattern\n%s", rows);
	fclose(f);
	free(path);
	free(from);
	return dir;
}

static void
remove_dir(char *dir)
{
	struct dirent *e;
	DIR *d = opendir(dir);

	while ((e = readdir(d)) != NULL) {
		char *path = mem_print("%s/%s", dir, e->d_name);

		if (e->d_name[0] != '.')
			unlink(path);
		free(path);
	}
	closedir(d);
	rmdir(dir);
	free(dir);
}

static const char *
warning_of(const struct rules *rules, const char *name)
{
	const char *w;

	for (size_t i = 0; (w = rules_warning(rules, i)) != NULL; i++)
		if (strstr(w, name))
			return w;
	return NULL;
}

static bool
holds_rule(const struct rules *rules, const char *name)
{
	for (size_t i = 0; i < rules_count(rules); i++)
		if (strcmp(rules_at(rules, i)->name, name) == 0)
			return true;
	return false;
}

/* --- the narratives --------------------------------------------------------------------------- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
two_thousand_narratives(void **state)
{
	struct trial *t = narratives(), *again = narratives();
	const char *text[TRIAL_TEXTS];
	size_t size, other, bytes = 0, longest = 0, twice = 0;

	(void)state;
	for (size_t i = 0; i < TRIAL_TEXTS; i++) {
		text[i] = trial_text(t, i, &size);
		assert_int_equal(strlen(text[i]), size);
		assert_true(utf8_valid(text[i], size));
		assert_string_equal(text[i], trial_text(again, i, &other));
		assert_true(size > 150 && size < PATTERN_SUBJECT_MAX);
		bytes += size;
		longest = size > longest ? size : longest;
	}
	qsort(text, TRIAL_TEXTS, sizeof(text[0]), by_text);
	for (size_t i = 1; i < TRIAL_TEXTS; i++)
		twice += strcmp(text[i], text[i - 1]) == 0;
	print_message("# %zu bytes on the average, the longest has %zu, %zu come twice\n",
	    bytes / TRIAL_TEXTS, longest, twice);
	assert_true(bytes / TRIAL_TEXTS > 300);
	assert_true(longest > 2500);
	assert_true(twice < 20);
	trial_free(t);
	trial_free(again);
}

static void
no_file_no_trial(void **state)
{
	struct err err = ERR_NONE;

	(void)state;
	assert_null(trial_new("/nonexistent/trial.txt", &err));
	assert_int_equal(err.code, ERR_IO);
	err_clear(&err);
	assert_null(trial_new("/dev/null", &err));
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
}

/* --- the rules -------------------------------------------------------------------------------- */

static void
shipped_rules_are_quick(void **state)
{
	char *dir = shipped_dir();
	struct err err = ERR_NONE;
	struct rules *rules = rules_load(dir, &err);
	struct trial *t = narratives();
	double sum = 0, most = 0;
	const char *slowest = "";

	(void)state;
	assert_non_null(rules);
	assert_null(rules_warning(rules, 0));
	for (size_t i = 0; i < rules_count(rules); i++) {
		double mean = rules_mean(rules, i, t);

		/* The sanitizers look at no code that PCRE2 writes itself: the limit holds for them too. */
		if (mean > TRIAL_MEAN_MS)
			fail_msg("%s takes %.2f ms of a narrative", rules_at(rules, i)->name, mean);
		sum += mean;
		if (mean > most) {
			most = mean;
			slowest = rules_at(rules, i)->name;
		}
	}
	print_message("# %zu rules, %.0f us of a narrative all together; %s %.1f us\n",
	    rules_count(rules), sum * 1e3, slowest, most * 1e3);
	assert_true(rules_count(rules) > 100);
	trial_free(t);
	rules_free(rules);
	free(dir);
}

/* The tables of the tree are those the program knows; one that was changed is none of them. */
static void
knows_what_is_shipped(void **state)
{
	char *from = shipped_dir(), *dir = county_dir("20-count.tsv", ""), *path;
	struct dirent *e;
	DIR *d = opendir(from);
	size_t tables = 0;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (strstr(e->d_name, ".tsv")) {
			path = mem_print("%s/%s", dir, e->d_name);
			assert_int_equal(
			    rules_as_shipped(path), strcmp(e->d_name, "20-count.tsv") != 0);
			free(path);
			tables++;
		}
	closedir(d);
	assert_true(tables >= 8);
	assert_false(rules_as_shipped("/nonexistent/20-count.tsv"));
	free(from);
	remove_dir(dir);
}

/* Quick on texts of one piece over and over, slow where there are words between commas: eight times all before and all behind each. */
#define PAIR ".{0,300}，.{0,300}"
#define SLOW                                                                                       \
	"(?=.{0,40}，)(?:" PAIR "甲|" PAIR "乙|" PAIR "丙|" PAIR "丁|" PAIR "戊|" PAIR "己|" PAIR  \
	"庚|" PAIR "辛)"
/* This one tries every way to share the commas out. */
#define LIMIT "(?:[^。]*?，){9}[^。]*?甲乙丙"

static void
leaves_slow_rules_out(void **state)
{
	static const char rows[] = "county.slow\tdead\t\t\t" SLOW "\ncounty.limit\tdead\t\t\t" LIMIT
				   "\ncounty.good\thouseholds\t船\t\t(?<n>{NUM})条住家船\n";
	char *dir = county_dir("90-county.tsv", rows);
	struct err err = ERR_NONE;
	struct rules *rules = rules_load(dir, &err);
	const char *slow, *limit;

	(void)state;
	assert_non_null(rules);
	slow = warning_of(rules, "county.slow");
	limit = warning_of(rules, "county.limit");
	assert_non_null(slow);
	assert_non_null(limit);
	print_message("# %s\n# %s\n", strrchr(slow, '/'), strrchr(limit, '/'));
	assert_non_null(strstr(slow, "90-county.tsv:2"));
	assert_non_null(strstr(slow, " ms of a narrative"));
	assert_non_null(strstr(limit, "hits its limit"));
	assert_false(holds_rule(rules, "county.slow"));
	assert_false(holds_rule(rules, "county.limit"));
	assert_true(holds_rule(rules, "county.good"));
	assert_null(warning_of(rules, "county.good"));
	rules_free(rules);
	remove_dir(dir);
}

/* A piece of pattern that a county's table defines anew changes the shipped rules behind it: they are tried too. */
static void
tries_what_a_definition_changes(void **state)
{
	char *dir = county_dir("05-county.tsv", "NUM\tdefine\t\t\t(?:" SLOW "|[0-9]+)\n");
	struct err err = ERR_NONE;
	struct rules *rules = rules_load(dir, &err);

	(void)state;
	assert_non_null(rules);
	assert_non_null(warning_of(rules, "20-count.tsv"));
	rules_free(rules);
	remove_dir(dir);
}

/* Without the narratives a county's rules are taken, and it is told that they were not tried on any. */
static void
says_that_it_cannot_try(void **state)
{
	char *dir =
	    county_dir("90-county.tsv", "county.good\thouseholds\t船\t\t(?<n>{NUM})条住家船\n");
	char *path = mem_print("%s/trial.txt", dir);
	struct err err = ERR_NONE;
	struct rules *rules;

	(void)state;
	unlink(path);
	rules = rules_load(dir, &err);
	assert_non_null(rules);
	assert_true(holds_rule(rules, "county.good"));
	assert_non_null(warning_of(rules, "trial.txt"));
	rules_free(rules);
	free(path);
	remove_dir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_thousand_narratives),
	    cmocka_unit_test(no_file_no_trial),
	    cmocka_unit_test(shipped_rules_are_quick),
	    cmocka_unit_test(knows_what_is_shipped),
	    cmocka_unit_test(leaves_slow_rules_out),
	    cmocka_unit_test(tries_what_a_definition_changes),
	    cmocka_unit_test(says_that_it_cannot_try),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
