/* The policy form: conditions, due times, and what is said of a row that cannot be read. */
#include "tests/test.h"

#include "base/clock.h"
#include "base/paths.h"
#include "incident/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct policy_facts
some_facts(void)
{
	struct policy_facts f = {.substances = "氨 UN1005",
	    .text = "子婴河圩堤发生管涌。道路未中断。",
	    .near_miss_why = "",
	    .sensitive_why = "",
	    .state = "received",
	    .event = "open"};

	f.figures.trapped = 1;
	f.figures.threatened = 86;
	f.figures.serious = 2;
	f.light = 3;
	f.grade = GRADE_III;
	f.codes[0] = "12H01";
	f.codes[1] = "12D02";
	f.n_codes = 2;
	return f;
}

static struct site_class dike[] = {
    {(char[]){"dike"}, (char[]){"dike"}, (char[]){"堤|圩"}, (char[]){"管涌|决口"}},
    {(char[]){"trunk"}, (char[]){"trunk"}, (char[]){"道路"}, (char[]){"中断"}}};

static bool
ask(const char *condition, char *why, size_t size)
{
	struct err err = ERR_NONE;
	struct expr *e = expr_parse(condition, NULL, 0, &err);
	struct policy_facts f = some_facts();
	struct buf b = BUF_MAX(1000);
	bool yes;

	if (!e)
		fail_msg("%s: %s", condition, err.message);
	yes = expr_test(e, &f, dike, 2, &b);
	if (why)
		snprintf(why, size, "%s", buf_str(&b));
	buf_clear(&b);
	expr_free(e);
	return yes;
}

static void
conditions(void **state)
{
	(void)state;
	assert_true(ask("trapped", NULL, 0));
	assert_false(ask("missing", NULL, 0));
	assert_true(ask("threatened >= 86 and threatened <= 86 and threatened != 85", NULL, 0));
	assert_false(ask("threatened > 86 or threatened < 86", NULL, 0));
	assert_true(ask("casualties = 5", NULL, 0));
	assert_true(ask("grade >= III and not grade >= II and grade", NULL, 0));
	assert_true(ask("grade = 较大", NULL, 0));
	assert_true(ask("type ~ 12D|12H and types ~ 12D02", NULL, 0));
	assert_false(ask("type ~ 12D", NULL, 0));
	assert_true(ask("substance and substance has UN1005", NULL, 0));
	assert_true(ask("text has 决口|管涌", NULL, 0));
	assert_false(ask("text has 中断", NULL, 0)); /* 未中断 */
	assert_true(ask("site is dike", NULL, 0));
	assert_false(ask("site is trunk", NULL, 0));
	assert_true(ask("missing and dead or trapped", NULL, 0)); /* and binds closer */
	assert_false(ask("missing and (dead or trapped)", NULL, 0));
	assert_true(
	    ask("not (missing or dead) and event is open|call and state is received", NULL, 0));
}

static void
reasons_name_every_fact(void **state)
{
	char why[400];

	(void)state;
	assert_true(
	    ask("missing or trapped or threatened >= 10 or site is dike", why, sizeof(why)));
	assert_string_equal(why, "Trapped 1; Threatened 86; dike (堤, 管涌)");
	assert_false(ask("trapped and missing", why, sizeof(why)));
	assert_string_equal(why, "");
}

static void
wrong_conditions(void **state)
{
	static const char *const wrong[] = {"", "trapped or", "nonsense",
	    "trapped >=", "grade >= 3", "(trapped", "trapped)", "type 12D", "text", "site is",
	    "trapped has x", "@nobody", "trapped missing",
	    "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((trapped"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err err = ERR_NONE;
		assert_null(expr_parse(wrong[i], NULL, 0, &err));
		assert_int_equal(err.code, ERR_INPUT);
		err_clear(&err);
	}
}

static void
due_times(void **state)
{
	struct policy_rule minutes = {.offset = 30 * CLOCK_MINUTE, .at = -1},
			   window = {.offset = 7 * CLOCK_DAY, .at = CLOCK_DAY},
			   daily = {.offset = -1, .at = 9 * CLOCK_HOUR};
	int64_t start;
	char text[40];

	(void)state;
	assert_true(clock_parse("2025-07-09 21:40", 0, &start));
	assert_string_equal(
	    clock_format(text, sizeof(text), policy_due(&minutes, start), CLOCK_MD_HM),
	    "07-09 22:10");
	assert_string_equal(
	    clock_format(text, sizeof(text), policy_due(&window, start), CLOCK_MD_HM),
	    "07-17 00:00");
	assert_string_equal(
	    clock_format(text, sizeof(text), policy_due(&daily, start), CLOCK_MD_HM),
	    "07-10 09:00");
	assert_true(clock_parse("2025-07-09 08:59", 0, &start));
	assert_string_equal(
	    clock_format(text, sizeof(text), policy_due(&daily, start), CLOCK_MD_HM),
	    "07-09 09:00");
	assert_true(clock_parse("2025-07-09 09:00", 0, &start));
	assert_string_equal(
	    clock_format(text, sizeof(text), policy_due(&daily, start), CLOCK_MD_HM),
	    "07-10 09:00");
}

/* Every policy that is shipped reads without a warning. */
static void
shipped_policies(void **state)
{
	static const char *const names[] = {"GY-default", "Henan-15-35", "county-20-40"};
	char *dir = paths_data_file("policy");

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct policy *p = policy_load(dir, names[i]);
		if (policy_warning(p, 0))
			fail_msg("%s", policy_warning(p, 0));
		assert_true(policy_count(p) > 10);
		policy_free(p);
	}
	free(dir);
}

static void
write_file(const char *dir, const char *name, const char *text)
{
	char path[400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* A bad row is left out and named with file and line; the others run. */
static void
bad_rows_are_named(void **state)
{
	static const char head[] =
	    "rule\tkind\twhen\tstart\tdue\tdest\tmedium\tneeds\trepeat\tsource\n";
	static const char *const expected[] = {"x.tsv, line 3: \"nobody\" is not a fact",
	    "x.tsv, line 4: due \"soon\"", "x.tsv, line 5: start \"never\"",
	    "x.tsv, line 6: needs \"luck\"", "x.tsv, line 7: rule a is there twice",
	    "x.tsv, line 8: dest"};
	char dir[256], text[2000], path[400];
	struct policy *p;

	(void)state;
	test_folder(dir, sizeof(dir), "policy");
	snprintf(text, sizeof(text),
	    "%sa\tphone\ttrapped\tfact\t+30m\tX\tphone\treceiver\t\ts\nb\tphone\tnobody\tfact\t+"
	    "30m\tX\tphone\treceiver\t\ts\n"
	    "c\tphone\ttrapped\tfact\tsoon\tX\tphone\treceiver\t\ts\nd\tphone\ttrapped\tnever\t+"
	    "30m\tX\tphone\treceiver\t\ts\n"
	    "e\tphone\ttrapped\tfact\t+30m\tX\tphone\tluck\t\ts\na\tphone\ttrapped\tfact\t+"
	    "30m\tX\tphone\treceiver\t\ts\n"
	    "f\tphone\ttrapped\tfact\t+30m\t\tphone\treceiver\t\ts\n",
	    head);
	write_file(dir, "x.tsv", text);
	write_file(dir, "law.tsv", head);
	write_file(dir, "sites.tsv", "class\tlabel\twords\tdanger\n");
	p = policy_load(dir, "x ../x nofile");
	assert_int_equal(policy_count(p), 1);
	for (size_t i = 0; i < 6; i++) {
		assert_non_null(policy_warning(p, i));
		if (!strstr(policy_warning(p, i), expected[i]))
			fail_msg("%s", policy_warning(p, i));
	}
	assert_non_null(strstr(policy_warning(p, 6), "nofile.tsv"));
	assert_null(policy_warning(p, 7));
	policy_free(p);
	for (size_t i = 0; i < 3; i++) {
		static const char *const files[] = {"x.tsv", "law.tsv", "sites.tsv"};
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(conditions),
	    cmocka_unit_test(reasons_name_every_fact), cmocka_unit_test(wrong_conditions),
	    cmocka_unit_test(due_times), cmocka_unit_test(shipped_policies),
	    cmocka_unit_test(bad_rows_are_named)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
