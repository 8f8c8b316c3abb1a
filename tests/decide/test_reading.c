/* decide/reading: the call of 03:12, counts and their bounds, what is no count, times, grades. */
#include "tests/test.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "decide/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct reader *reader;
static int64_t received;

static struct reading
read_text(const char *text)
{
	struct reading reading;

	reader_read(reader, text, strlen(text), received, &reading);
	return reading;
}

static int
open_reader(void **state)
{
	const char *top = getenv("top_srcdir");
	char *rules = mem_print("%s/data/rules", top ? top : ".");
	char *taxonomy = mem_print("%s/data/taxonomy", top ? top : ".");
	struct err err = ERR_NONE;

	(void)state;
	reader = reader_new(rules, taxonomy, NULL, &err);
	if (!reader)
		print_error("%s\n", err.message);
	assert_non_null(reader);
	for (size_t i = 0; reader_warning(reader, i); i++)
		print_error("%s\n", reader_warning(reader, i));
	assert_null(reader_warning(reader, 0));
	assert_true(clock_parse("2025-07-10T03:12", 0, &received));
	free(rules);
	free(taxonomy);
	return 0;
}

static int
close_reader(void **state)
{
	(void)state;
	reader_free(reader);
	return 0;
}

static bool
has_type(const struct reading *reading, const char *code)
{
	for (size_t i = 0; i < reading->n_types; i++)
		if (strcmp(reading->types[i].code, code) == 0)
			return true;
	return false;
}

static void
reads_the_tanker(void **state)
{
	static const char text[] =
	    "我是高速交警三大队，G2京沪高速高邮段K1023+500往南，一辆槽罐车侧翻，装的液氨约25吨，"
	    "冒白雾，驾驶员被困，东南风2米每秒，电话0514-55501234";
	struct reading r = read_text(text);
	const struct fact *f;

	(void)state;
	assert_string_equal(r.types[0].code, "12H01");
	assert_true(has_type(&r, "12D02"));
	assert_int_equal(reading_count(&r, FACT_TRAPPED), 1);
	f = reading_first(&r, FACT_SUBSTANCE);
	assert_int_equal(f->un, 1005);
	assert_string_equal(f->cas, "7664-41-7");
	f = reading_first(&r, FACT_QUANTITY);
	assert_float_equal(f->amount, 25, 0.001);
	assert_string_equal(f->unit, "t");
	assert_int_equal(f->bound, BOUND_ABOUT);
	f = reading_first(&r, FACT_ROAD);
	assert_string_equal(f->norm, "G2京沪高速 K1023+500 南行");
	f = reading_first(&r, FACT_WIND);
	assert_string_equal(f->norm, "SE");
	assert_float_equal(f->amount, 2, 0.001);
	f = reading_first(&r, FACT_PHONE);
	assert_string_equal(f->norm, "0514-55501234");
	assert_int_equal(f->byte_end - f->byte_start, 13);
	assert_memory_equal(text + f->byte_start, "0514-55501234", 13);
	assert_int_equal(r.grading.grade, GRADE_IV);
	reading_clear(&r);
}

static void
keeps_bounds_and_denials(void **state)
{
	struct reading r = read_text("死亡至少３人，受伤二十余人，近百人被困，转移群众1,280人。");

	(void)state;
	assert_int_equal(reading_count(&r, FACT_DEAD), 3);
	assert_int_equal(reading_first(&r, FACT_DEAD)->bound, BOUND_AT_LEAST);
	assert_int_equal(reading_count(&r, FACT_INJURED), 20);
	assert_int_equal(reading_first(&r, FACT_INJURED)->bound, BOUND_AT_LEAST);
	assert_int_equal(reading_count(&r, FACT_TRAPPED), 100);
	assert_int_equal(reading_first(&r, FACT_TRAPPED)->bound, BOUND_AT_MOST);
	assert_int_equal(reading_count(&r, FACT_EVACUATED), 1280);
	assert_int_equal(r.facts[0].start, 0);
	reading_clear(&r);
	r = read_text("仓库失火，无人员伤亡");
	assert_int_equal(reading_count(&r, FACT_DEAD), 0);
	assert_true(reading_first(&r, FACT_DEAD)->negated);
	assert_int_equal(reading_count(&r, FACT_INJURED), 0);
	reading_clear(&r);
}

static void
counts_no_ages_or_distances(void **state)
{
	struct reading r =
	    read_text("一名17岁少女在离岸30米处落水失踪，距取水口6.2公里，船上载煤500吨");

	(void)state;
	assert_int_equal(reading_count(&r, FACT_MISSING), 1);
	assert_int_equal(reading_count(&r, FACT_DEAD), -1);
	assert_int_equal(reading_count(&r, FACT_INJURED), -1);
	reading_clear(&r);
}

static void
expect_time(const char *text, const char *iso, enum fact_precision precision)
{
	struct reading r = read_text(text);
	const struct fact *f = reading_first(&r, FACT_TIME);
	char out[40];

	assert_non_null(f);
	assert_string_equal(clock_format(out, sizeof(out), f->value, CLOCK_YMD_HM), iso);
	assert_int_equal(f->precision, precision);
	assert_true(f->value <= received);
	reading_clear(&r);
}

static void
resolves_times(void **state)
{
	(void)state;
	expect_time("今晨3时许发生火灾", "2025-07-10 03:00", PRECISION_HOUR);
	expect_time("昨晚9点半发生火灾", "2025-07-09 21:30", PRECISION_MINUTE);
	expect_time("6月30日凌晨发生火灾", "2025-06-30 00:00", PRECISION_PART);
	expect_time("12日凌晨发生火灾", "2025-06-12 00:00", PRECISION_PART);
	expect_time("12月3日发生火灾", "2024-12-03 00:00", PRECISION_DAY);
	expect_time("半小时前发生火灾", "2025-07-10 02:42", PRECISION_HOUR);
	expect_time("23:40发生火灾", "2025-07-09 23:40", PRECISION_MINUTE);
	expect_time("刚才发生火灾", "2025-07-10 03:12", PRECISION_MINUTE);
}

/* A headline is left to the text; the first line of an officer's notes is not. */
static void
tells_headlines_from_notes(void **state)
{
	struct reading r = read_text("高速追尾致20余人受伤\n7月9日22时许，京沪高速高邮段发生三车追"
				     "尾事故。截至23时，事故造成27人受伤，"
				     "伤者已送往市人民医院救治，事故原因正在调查。");

	(void)state;
	assert_int_equal(reading_count(&r, FACT_INJURED), 27);
	assert_string_equal(reading_first(&r, FACT_PLACE)->text, "京沪高速高邮段");
	reading_clear(&r);
	r = read_text("临泽镇陈桥村民房着火\n3人被困\n住在高邮市区的房主在路上\n电话0514-"
		      "55501234\n驾驶员受伤");
	assert_string_equal(reading_first(&r, FACT_PLACE)->text, "临泽镇陈桥村民房");
	assert_int_equal(reading_count(&r, FACT_TRAPPED), 3);
	assert_int_equal(reading_count(&r, FACT_INJURED), 1);
	reading_clear(&r);
}

static void
grades_by_the_worst_row(void **state)
{
	static const struct {
		int64_t dead, serious;
		double loss;
		enum grade grade;
	} row[] = {{2, 0, 0, GRADE_IV}, {3, 0, 0, GRADE_III}, {9, 0, 0, GRADE_III},
	    {10, 0, 0, GRADE_II}, {29, 0, 0, GRADE_II}, {30, 0, 0, GRADE_I}, {0, 9, 0, GRADE_IV},
	    {0, 10, 0, GRADE_III}, {0, 49, 0, GRADE_III}, {0, 50, 0, GRADE_II},
	    {0, 100, 0, GRADE_I}, {0, 0, 999.99, GRADE_IV}, {0, 0, 1000, GRADE_III},
	    {0, 0, 5000, GRADE_II}, {0, 0, 10000, GRADE_I}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct grade_figures f = {
		    .dead = row[i].dead, .serious = row[i].serious, .loss_wan = row[i].loss};
		struct grading g;

		reader_grade(reader, "12F00", &f, &g);
		assert_int_equal(g.grade, row[i].grade);
		assert_non_null(g.why);
		grading_clear(&g);
	}
}

static void
knows_near_misses(void **state)
{
	struct grade_figures f = {.evacuated = 620, .injured = 2, .serious = 1, .trapped = 1};
	struct grading g;

	(void)state;
	reader_grade(reader, "12H01", &f, &g);
	assert_int_equal(g.grade, GRADE_IV);
	assert_true(g.near_miss);
	grading_clear(&g);
	f.evacuated = 499;
	reader_grade(reader, "12H01", &f, &g);
	assert_false(g.near_miss);
	grading_clear(&g);
}

static void
survives_any_bytes(void **state)
{
	static const char *const texts[] = {
	    "", "\xff\xfe\x80", "死", "\xe6\xad", "((((((((((", "12345678901234567890人死亡"};
	char *big = mem_alloc(100000);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct reading r = read_text(texts[i]);

		reading_clear(&r);
	}
	for (size_t i = 0; i < 100000; i++)
		big[i] = (char)(i * 2654435761u >> 24);
	for (int i = 0; i < 3; i++) {
		struct reading r;

		memset(big, " 1\t"[i], i ? 50000 : 1);
		reader_read(reader, big, 100000, received, &r);
		reading_clear(&r);
	}
	free(big);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_the_tanker),
	    cmocka_unit_test(keeps_bounds_and_denials),
	    cmocka_unit_test(counts_no_ages_or_distances),
	    cmocka_unit_test(resolves_times),
	    cmocka_unit_test(tells_headlines_from_notes),
	    cmocka_unit_test(grades_by_the_worst_row),
	    cmocka_unit_test(knows_near_misses),
	    cmocka_unit_test(survives_any_bytes),
	};

	i18n_init();
	return cmocka_run_group_tests(tests, open_reader, close_reader);
}
