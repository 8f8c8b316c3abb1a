/* decide/number, subject, automaton, gazetteer, rule: the parts of the reader, and what must not
 * bring it down. */
#include "tests/test.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "decide/automaton.h"
#include "decide/number.h"
#include "decide/reading.h"
#include "decide/rule.h"
#include "decide/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
reads_numbers(void **state)
{
	static const struct {
		const char *text;
		double value;
		size_t size;
		enum fact_bound bound;
	} row[] = {{"25吨", 25, 2, BOUND_EXACT}, {"1,280人", 1280, 5, BOUND_EXACT},
	    {"1,28", 1, 1, BOUND_EXACT}, {"3.5万", 35000, 6, BOUND_EXACT},
	    {"20余万人", 200000, 8, BOUND_EXACT}, {"二十五", 25, 9, BOUND_EXACT},
	    {"十", 10, 3, BOUND_EXACT}, {"两百零三人", 203, 12, BOUND_EXACT},
	    {"一万二千人", 12000, 12, BOUND_EXACT}, {"二〇二五年", 2025, 12, BOUND_EXACT},
	    {"数十人", 10, 6, BOUND_AT_LEAST}, {"几百人", 100, 6, BOUND_AT_LEAST},
	    {"上千人", 1000, 6, BOUND_AT_LEAST}, {"百余人", 100, 3, BOUND_EXACT},
	    {"0人", 0, 1, BOUND_EXACT}};
	struct number n;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		assert_true(number_read(row[i].text, strlen(row[i].text), &n));
		assert_float_equal(n.value, row[i].value, 1e-9);
		assert_int_equal(n.size, row[i].size);
		assert_int_equal(n.bound, row[i].bound);
	}
	assert_false(number_read("人", 3, &n));
	assert_false(number_read("数人", 6, &n));
	assert_false(number_read("上三名", 9, &n));
	assert_false(number_read("", 0, &n));
	assert_false(number_read("99999999999999999999", 20, &n));
	assert_int_equal(number_int("三四", 6), 3);
	assert_int_equal(number_int("十七八", 9), 17);
	assert_int_equal(number_int("二三十", 9), 20);
	assert_int_equal(number_int("一九七八", 12), 1978);
	assert_int_equal(number_int("x", 1), -1);
}

static void
keeps_characters_in_place(void **state)
{
	struct subject s;
	static const char text[] = "５人　ＫＭ\xff。第二句！";

	(void)state;
	memset(&s, 0, sizeof(s));
	subject_set(&s, text, sizeof(text) - 1);
	assert_string_equal(s.text, "5人 KM#。第二句！");
	assert_int_equal(s.chars, 11);
	assert_int_equal(s.n_sentences, 2);
	assert_int_equal(s.char_at[1], 1);   /* 人 */
	assert_int_equal(s.source_at[1], 3); /* behind ５ */
	assert_int_equal(s.source_at[s.chars], sizeof(text) - 1);
	assert_int_equal(subject_sentence(&s, s.size - 1), 1);
	subject_set(&s, "", 0);
	assert_int_equal(s.n_sentences, 1);
	assert_int_equal(s.size, 0);
	subject_clear(&s);
}

struct hits {
	uint32_t number[16];
	size_t start[16], end[16], count;
};

static void
note(void *context, uint32_t number, size_t start, size_t end)
{
	struct hits *h = context;

	if (h->count == COUNT_OF(h->number))
		return;
	h->number[h->count] = number;
	h->start[h->count] = start;
	h->end[h->count++] = end;
}

static void
finds_all_words(void **state)
{
	struct automaton *a = automaton_new();
	struct hits h = {{0}, {0}, {0}, 0};
	static const char text[] = "高邮市临泽镇临泽";

	(void)state;
	automaton_add(a, "临泽镇", 1);
	automaton_add(a, "临泽", 2);
	automaton_add(a, "泽镇", 3);
	automaton_add(a, "临泽", 4);
	automaton_add(a, "高邮湖", 5);
	automaton_build(a);
	automaton_scan(a, text, sizeof(text) - 1, note, &h);
	assert_int_equal(h.count, 6);
	for (size_t i = 0; i < h.count; i++)
		assert_int_equal(h.end[i] - h.start[i], h.number[i] == 1 ? 9 : 6);
	assert_int_equal(h.start[0], 9);
	automaton_free(a);
}

/* Against the plain search, over many random words and texts of a small alphabet. */
static void
agrees_with_plain_search(void **state)
{
	static const char *const letters[] = {"河", "口", "村", "镇", "a"};
	unsigned seed = 12345;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct automaton *a = automaton_new();
		char words[12][32], text[200] = "";
		struct hits h = {{0}, {0}, {0}, 0};
		size_t plain = 0;

		for (int w = 0; w < 12; w++) {
			int n = 1 + (int)((seed = seed * 1103515245u + 12345u) >> 16) % 4;

			words[w][0] = '\0';
			for (int i = 0; i < n; i++) {
				seed = seed * 1103515245u + 12345u;
				memcpy(words[w] + strlen(words[w]), letters[(seed >> 16) % 5],
				    strlen(letters[(seed >> 16) % 5]) + 1);
			}
			automaton_add(a, words[w], (uint32_t)w);
		}
		for (int i = 0; i < 7; i++) {
			seed = seed * 1103515245u + 12345u;
			memcpy(text + strlen(text), letters[(seed >> 16) % 5],
			    strlen(letters[(seed >> 16) % 5]) + 1);
		}
		automaton_build(a);
		automaton_scan(a, text, strlen(text), note, &h);
		for (int w = 0; w < 12; w++)
			for (const char *at = text; (at = strstr(at, words[w])) != NULL; at++)
				plain++;
		assert_true(h.count == plain || h.count == COUNT_OF(h.number));
		automaton_free(a);
	}
}

/* --- rules a county adds ---------------------------------------------------------------------- */

static char *
make_dir(const char *rules)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_print("%s/zhiban-rules-XXXXXX", tmp ? tmp : "/tmp"), *path;
	FILE *file;

	assert_non_null(mkdtemp(dir));
	path = mem_print("%s/x.tsv", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("rule\tkind\tneed\toptions\tpattern\n", file);
	fputs(rules, file);
	fclose(file);
	free(path);
	return dir;
}

static void
remove_dir(char *dir)
{
	char *path = mem_print("%s/x.tsv", dir);

	unlink(path);
	rmdir(dir);
	free(path);
	free(dir);
}

static bool
warns_of(const struct rules *rules, const char *name)
{
	for (size_t i = 0; rules_warning(rules, i); i++)
		if (strstr(rules_warning(rules, i), name))
			return true;
	return false;
}

static void
leaves_bad_rules_out(void **state)
{
	char *dir = make_dir("A\tdefine\t\t\t[0-9]+\n"
			     "good\tdead\t\t\t(?<n>{A})人死\n"
			     "broken\tdead\t\t\t(((\n"
			     "nokind\tghosts\t\t\tx\n"
			     "nooption\tdead\t\tfly\tx\n"
			     "nodefine\tdead\t\t\t{NONE}x\n"
			     "nested\tdead\t\t\t(\\p{Han}+)+$x\n"
			     "evil\tdead\t\t\t(?:1|11|111)+[xy]\n");
	struct err err = ERR_NONE;
	struct rules *rules = rules_load(dir, &err);
	struct rule_match match;

	(void)state;
	assert_non_null(rules);
	assert_true(warns_of(rules, "broken"));
	assert_true(warns_of(rules, "nokind"));
	assert_true(warns_of(rules, "nooption"));
	assert_true(warns_of(rules, "nodefine"));
	assert_true(warns_of(rules, "evil"));
	assert_false(warns_of(rules, "good"));
	assert_string_equal(rules_at(rules, 0)->name, "good");
	assert_true(rules_match(rules, 0, "共12人死", strlen("共12人死"), 0, &match));
	assert_int_equal(match.start[GROUP_N], 3);
	assert_int_equal(match.end[GROUP_N], 5);
	rules_free(rules);
	remove_dir(dir);
}

/* A rule that passes the trial and still runs away on some text: stopped each time, suspended at
 * the third, named. */
static void
suspends_runaways(void **state)
{
	char *dir = make_dir("runaway\tdead\t\t\t(?:(?:乙|乙乙|乙乙乙)+)+丙\n"
			     "fine\tdead\t\t\t丙\n");
	struct err err = ERR_NONE;
	struct rules *rules = rules_load(dir, &err);
	struct rule_match match;
	char text[3001];
	int64_t begun;

	(void)state;
	assert_non_null(rules);
	assert_int_equal(rules_count(rules), 2);
	for (int i = 0; i < 1000; i++)
		memcpy(text + i * 3, "乙", 3);
	text[3000] = '\0';
	begun = clock_monotonic();
	for (int i = 0; i < 3; i++)
		assert_false(rules_match(rules, 0, text, 3000, 0, &match));
	assert_true(warns_of(rules, "runaway"));
	assert_false(rules_match(rules, 0, "乙丙", 6, 0, &match));
	assert_true(clock_monotonic() - begun < 5000);
	assert_true(rules_match(rules, 1, "乙丙", 6, 0, &match));
	rules_free(rules);
	remove_dir(dir);
}

static void
says_what_is_missing(void **state)
{
	struct err err = ERR_NONE;

	(void)state;
	assert_null(rules_load("/nonexistent/rules", &err));
	assert_int_equal(err.code, ERR_IO);
	err_clear(&err);
	assert_null(
	    reader_new("/nonexistent/rules", "/nonexistent/taxonomy", gazetteer_new(), &err));
	assert_non_null(err.message);
	err_clear(&err);
}

/* --- names ------------------------------------------------------------------------------------ */

static struct reader *
county_reader(void)
{
	const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	char *rules = mem_print("%s/data/rules", top),
	     *taxonomy = mem_print("%s/data/taxonomy", top);
	char *names = mem_print("%s/tests/decide/gaoyou.tsv", top);
	struct gazetteer *g = gazetteer_new();
	struct err err = ERR_NONE;
	struct reader *reader;

	assert_true(gazetteer_load(g, names, &err));
	reader = reader_new(rules, taxonomy, g, &err);
	assert_non_null(reader);
	free(rules);
	free(taxonomy);
	free(names);
	return reader;
}

static void
decides_shared_names(void **state)
{
	struct reader *reader = county_reader();
	struct reading r;
	const struct fact *place;
	static const char twice[] = "河口村失火", sure[] = "周山镇河口村失火",
			  unit[] = "高邮市消防救援大队已出动，临泽镇失火";

	(void)state;
	reader_read(reader, twice, sizeof(twice) - 1, clock_now(), &r);
	place = reading_first(&r, FACT_PLACE);
	assert_non_null(place);
	assert_string_equal(place->name, "河口村");
	assert_int_equal(place->ref, 0);
	reading_clear(&r);
	reader_read(reader, sure, sizeof(sure) - 1, clock_now(), &r);
	place = reading_first(&r, FACT_PLACE);
	assert_string_equal(place->text, "周山镇河口村");
	assert_string_equal(place->name, "河口村");
	assert_true(place->ref != 0);
	assert_float_equal(place->lat, 32.93, 0.001);
	reading_clear(&r);
	reader_read(reader, unit, sizeof(unit) - 1, clock_now(), &r);
	assert_string_equal(reading_first(&r, FACT_PLACE)->text, "临泽镇");
	assert_string_equal(reading_first(&r, FACT_UNIT)->name, "高邮市消防救援大队");
	reading_clear(&r);
	reader_free(reader);
}

static void
refuses_bad_names(void **state)
{
	char *dir = make_dir(""), *path = mem_print("%s/x.tsv", dir);
	struct gazetteer *g = gazetteer_new();
	struct err err = ERR_NONE;
	FILE *file = fopen(path, "w");

	(void)state;
	fputs("kind\tname\tcode\nplanet\t火星\t1\n", file);
	fclose(file);
	assert_false(gazetteer_load(g, path, &err));
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
	gazetteer_free(g);
	free(path);
	remove_dir(dir);
}

/* The rules a county keeps are also tables: every one of the shipped ones compiles with JIT and
 * passes the trial. */
static void
asks_what_is_missing(void **state)
{
	struct reader *reader = county_reader();
	struct reading r;
	bool place = false, source = false, wind = false;
	static const char text[] = "液氨罐车侧翻泄漏";

	(void)state;
	assert_null(reader_warning(reader, 0));
	reader_read(reader, text, sizeof(text) - 1, clock_now(), &r);
	for (size_t i = 0; i < r.n_gaps; i++) {
		place = place || (strcmp(r.gaps[i].element, "place") == 0 && r.gaps[i].required);
		source = source || (strcmp(r.gaps[i].element, "source") == 0 && r.gaps[i].required);
		wind = wind || (strcmp(r.gaps[i].element, "wind") == 0 && !r.gaps[i].required);
	}
	assert_true(place && source && wind);
	assert_non_null(r.lead);
	assert_non_null(r.title);
	reading_clear(&r);
	reader_free(reader);
}

/* A second nature stands in the title, unless it says the same again; no word stands there twice. */
static void
titles_say_a_thing_once(void **state)
{
	static const struct {
		const char *text, *title;
	} cases[] = {
	    {"一家5人烧炭取暖，一氧化碳中毒，均已送医", "非职业性一氧化碳中毒"},
	    {"硫化氢中毒，2人昏迷，疑似群体中毒", "硫化氢中毒和窒息"},
	    {"G2京沪高速高邮段液氨槽罐车侧翻泄漏", "G2京沪高速高邮段液氨槽罐车侧翻泄漏"},
	    {"周山镇校车出了事故，5个学生受伤", "周山镇校车交通事故"},
	};
	struct reader *reader = county_reader();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading r;

		reader_read(reader, cases[i].text, strlen(cases[i].text), clock_now(), &r);
		assert_string_equal(r.title, cases[i].title);
		reading_clear(&r);
	}
	reader_free(reader);
}

static void
writes_json(void **state)
{
	struct reader *reader = county_reader();
	struct reading r;
	char *json;
	static const char text[] = "１２人受伤，电话0514-55501234";

	(void)state;
	reader_read(reader, text, sizeof(text) - 1, clock_now(), &r);
	json = reading_json(&r, 0);
	assert_non_null(strstr(json,
	    "\"kind\":\"injured\",\"value\":12,\"text\":\"１２人受伤\",\"start\":0,\"end\":5"));
	assert_non_null(strstr(json, "\"kind\":\"phone\",\"value\":\"0514-55501234\""));
	assert_non_null(strstr(json, "\"missing\":["));
	free(json);
	reading_clear(&r);
	reader_free(reader);
}

/* Calls with bytes struck out, doubled and changed, as a bad line or a paste would: nothing may
 * crash or hang. */
static void
survives_mutations(void **state)
{
	const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	char *path = mem_print("%s/tests/decide/narratives.tsv", top), *line = NULL;
	struct reader *reader = county_reader();
	FILE *file = fopen(path, "r");
	size_t room = 0;
	ssize_t n;
	unsigned seed = 2463534242u;
	int64_t received = clock_now();

	(void)state;
	assert_non_null(file);
	while ((n = getline(&line, &room, file)) > 0)
		for (int round = 0; round < 20; round++) {
			struct reading r;

			for (int i = 0; i < 3; i++) {
				seed ^= seed << 13;
				seed ^= seed >> 17;
				seed ^= seed << 5;
				line[seed % (unsigned)n] = (char)(seed >> 24);
			}
			reader_read(reader, line, (size_t)n, received, &r);
			for (size_t i = 0; i < r.n_facts; i++) {
				assert_true(r.facts[i].byte_end <= (size_t)n);
				assert_true(r.facts[i].start <= r.facts[i].end);
				assert_true(
				    r.facts[i].kind != FACT_TIME || r.facts[i].value <= received);
			}
			reading_clear(&r);
		}
	free(line);
	free(path);
	fclose(file);
	reader_free(reader);
}

/* Long texts of every careless form are read in bounded time. */
static void
reads_long_texts(void **state)
{
	static const char *const pieces[] = {"在江苏省高邮市临泽镇路街村", "死亡3人受伤5人、", "1",
	    "一", "2025年7月9日3时12分", "（", "液氨氯气", "G2K1", "年", " "};
	struct reader *reader = county_reader();
	char *text = mem_alloc(READER_MAX + 64);
	int64_t begun = clock_monotonic();

	(void)state;
	for (size_t p = 0; p < COUNT_OF(pieces); p++) {
		struct reading r;
		size_t at = 0, n = strlen(pieces[p]);

		while (at + n <= READER_MAX) {
			memcpy(text + at, pieces[p], n);
			at += n;
		}
		reader_read(reader, text, at, clock_now(), &r);
		reading_clear(&r);
	}
	print_message("# ten texts of 64 kB in %lld ms\n", (long long)(clock_monotonic() - begun));
	assert_true(clock_monotonic() - begun < 60000);
	free(text);
	reader_free(reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_numbers),
	    cmocka_unit_test(keeps_characters_in_place),
	    cmocka_unit_test(finds_all_words),
	    cmocka_unit_test(agrees_with_plain_search),
	    cmocka_unit_test(leaves_bad_rules_out),
	    cmocka_unit_test(suspends_runaways),
	    cmocka_unit_test(says_what_is_missing),
	    cmocka_unit_test(decides_shared_names),
	    cmocka_unit_test(refuses_bad_names),
	    cmocka_unit_test(asks_what_is_missing),
	    cmocka_unit_test(titles_say_a_thing_once),
	    cmocka_unit_test(writes_json),
	    cmocka_unit_test(survives_mutations),
	    cmocka_unit_test(reads_long_texts),
	};

	i18n_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
