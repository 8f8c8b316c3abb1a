/* The library: what may come in and what not, frozen versions, names, findings, and what the
 * county's own plans must hold. */
#include "tests/plan/county.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 64

static struct room room; /* with the county's plans */

static int
make(void **state)
{
	(void)state;
	county_make_with_plans(&room);
	return 0;
}

static int
unmake(void **state)
{
	(void)state;
	clock_pin(CLOCK_NONE);
	room_clear(&room);
	return 0;
}

static size_t
all_plans(struct plan_row *rows)
{
	size_t n = plan_list(room.st, NULL, rows, MANY);

	assert_true(n >= 16 && n < MANY);
	return n;
}

static const struct plan_doc *
doc_of(const char *code)
{
	struct err err = ERR_NONE;
	const struct plan_doc *doc = plan_open(room.st, county_plan(room.st, code), 0, &err);

	assert_non_null(doc);
	return doc;
}

/* --- the county's own plans ------------------------------------------------------------------- */

static bool
unit_known(const char *name)
{
	return sql_one_int(room.st, "SELECT count(*) FROM unit WHERE name = ?1", 0, "t", name) == 1;
}

/* Tasks go to units of the directory, in time, and each has somebody to ring. */
static void
plans_are_sound(void **state)
{
	struct plan_row rows[MANY];
	size_t n = all_plans(rows);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct plan_doc *d = doc_of(rows[i].code);

		assert_true(strlen(d->purpose) > 60 && strlen(d->scope) > 60 && d->n_posts >= 3 &&
			    d->n_groups >= 5);
		assert_true(strstr(d->note, "演示预案") != NULL && strstr(d->doc_no, "演") != NULL);
		for (size_t k = 0; k < d->n_tasks; k++) {
			const struct plan_task *t = &d->tasks[k];

			if (*t->owner != '@' && !unit_known(t->owner))
				fail_msg("%s, %s: %s is no unit", d->code, t->id, t->owner);
			if (t->due_min < 5 || t->due_min > 1440 || t->ack_min < 3 ||
			    t->ack_min > t->due_min)
				fail_msg("%s, %s: due %d, acknowledged %d", d->code, t->id,
				    t->due_min, t->ack_min);
			if (strcmp(t->kind, "rescue") == 0 && t->ack_min > 20)
				fail_msg("%s, %s: a rescue acknowledged in %d min", d->code, t->id,
				    t->ack_min);
		}
		for (size_t k = 0; k < d->n_members; k++)
			if (!unit_known(d->members[k].unit))
				fail_msg("%s: member %s", d->code, d->members[k].unit);
		for (size_t k = 0; k < d->n_contacts; k++) {
			assert_int_equal(strncmp(d->contacts[k].phone, "0514-5550", 9), 0);
			assert_true(sql_one_int(room.st,
					"SELECT count(*) FROM unit WHERE name = ?1 AND phone = ?2",
					0, "tt", d->contacts[k].unit, d->contacts[k].phone) == 1);
		}
	}
}

/* Levels I and II are the mayor's, III a deputy's, IV the duty deputy's (handbook 4.4); law art. 72
 * wants period and measures. */
static void
levels_have_their_approver(void **state)
{
	struct plan_row rows[MANY];
	size_t n = all_plans(rows);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct plan_doc *d = doc_of(rows[i].code);

		if (strcmp(rows[i].level, "township") == 0)
			continue;
		assert_string_equal(d->approver[4], "值班副市长");
		assert_non_null(strstr(d->approver[3], "副市长"));
		for (int level = 1; level <= 4; level++) {
			if (!d->period[level])
				continue;
			assert_true(*d->measures[level] && *d->period[level]);
			if (level <= 2)
				assert_string_equal(d->approver[level], "市长");
		}
	}
}

/* Row 17 of the 24-hour script: 14 tasks, for 13 townships and 11 units. */
static void
flood_has_fourteen_tasks(void **state)
{
	const struct plan_doc *d = doc_of("flood");
	const char *units[MANY];
	size_t n = 0, n_units = 0, townships = 0, k;

	(void)state;
	for (size_t i = 0; i < d->n_tasks; i++) {
		if (d->tasks[i].level != 4)
			continue;
		n++;
		if (strcmp(d->tasks[i].owner, "@townships") == 0) {
			townships++;
			continue;
		}
		for (k = 0; k < n_units && strcmp(units[k], d->tasks[i].owner) != 0; k++)
			;
		if (k == n_units)
			units[n_units++] = d->tasks[i].owner;
	}
	assert_int_equal(n, 14);
	assert_int_equal(townships, 1);
	assert_int_equal(n_units, 11);
}

/* Rows 38 and 39: what the night of the ammonia needs. */
static void
hazmat_has_what_the_night_needs(void **state)
{
	static const char *const words[] = {
	    "双向封闭", "下风向村组", "监测", "隔离", "转输槽罐车", "救护车", "水雾"};
	static const char *const codes[] = {"hazmat", "envmon", "traffic", "evacuate", "transfer",
	    "suit", "scba", "tanker", "detector"};
	const struct plan_doc *d = doc_of("hazmat");
	const struct plan_need *needs[MANY];
	struct buf all = BUF_MAX(65536);
	size_t n = plan_needs_at(d, 4, needs), k;

	(void)state;
	for (size_t i = 0; i < d->n_tasks; i++)
		if (d->tasks[i].level == 4)
			buf_add(&all, d->tasks[i].text);
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (!strstr(buf_str(&all), words[i]))
			fail_msg("no task says %s", words[i]);
	buf_clear(&all);
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		for (k = 0; k < n && strcmp(needs[k]->code, codes[i]) != 0; k++)
			;
		if (k == n)
			fail_msg("no need of %s", codes[i]);
	}
}

/* A worse level needs at least what the milder one does. */
static void
needs_add_up(void **state)
{
	const struct plan_doc *d = doc_of("hazmat");
	const struct plan_need *four[128], *three[128];
	size_t n4, n3;

	(void)state;
	assert_true(d->n_needs <= 128);
	n4 = plan_needs_at(d, 4, four);
	n3 = plan_needs_at(d, 3, three);
	assert_true(n3 > n4);
	for (size_t i = 0; i < n4; i++)
		for (size_t k = 0; k < n3; k++)
			if (strcmp(four[i]->code, three[k]->code) == 0 &&
			    four[i]->team == three[k]->team)
				assert_true(three[k]->amount >= four[i]->amount);
	for (size_t k = 0; k < n3; k++)
		if (strcmp(three[k]->code, "suit") == 0)
			assert_int_equal(three[k]->amount, 16);
		else if (strcmp(three[k]->code, "tanker") == 0)
			assert_int_equal(three[k]->level, 4);
}

/* --- names ------------------------------------------------------------------------------------ */

static void
finds_by_name(void **state)
{
	static const struct {
		const char *word, *code;
	} asked[] = {
	    {"hazmat", "hazmat"},
	    {"危化预案", "hazmat"},
	    {"whya", "hazmat"},
	    {"fxkh", "flood"},
	    {"防汛", "flood"},
	    {"大面积停电", "power"},
	    {"防汛预案", "flood"},
	    {"dzya", "quake"},
	    {"溺水", "school"},
	    {"sqzya", "songqiao"},
	};
	const struct thing_kind *kind = thing_kind_find(room.st, "plan");
	char label[192];

	(void)state;
	assert_non_null(kind);
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct thing out[8];
		struct plan_match m[3];
		struct plan_query q = {.text = asked[i].word};
		size_t n = kind->find(room.st, &room.system, asked[i].word, out, 8);

		if (n == 0 || out[0].id != county_plan(room.st, asked[i].code))
			fail_msg("%s does not find %s", asked[i].word, asked[i].code);
		n = plan_match(room.st, &q, m, 3);
		if (n == 0 || strcmp(m[0].code, asked[i].code) != 0)
			fail_msg("%s does not match %s first", asked[i].word, asked[i].code);
		assert_true(*m[0].why);
		plan_match_clear(m, n);
	}
	assert_int_equal(
	    kind->find(room.st, &room.system, "没有这个", (struct thing[1]){{0}}, 1), 0);
	assert_true(kind->label_of(room.st, county_plan(room.st, "fire"), label, sizeof(label)));
	assert_string_equal(label, "高邮市火灾事故应急预案");
	assert_false(kind->label_of(room.st, 1, label, sizeof(label)));
}

static void
lists_in_order(void **state)
{
	struct plan_row rows[MANY], some[MANY];
	size_t n = all_plans(rows), m;

	(void)state;
	assert_string_equal(rows[0].code, "general");
	assert_string_equal(rows[n - 1].code, "songqiao");
	assert_true(rows[n - 1].area == 321084116);
	/* words of the text that no name holds */
	m = plan_list(room.st, "反滤围井", some, MANY);
	assert_int_equal(m, 1);
	assert_string_equal(some[0].code, "flood");
	assert_int_equal(plan_list(room.st, "没有哪个预案这么写", some, MANY), 0);
	assert_int_equal(plan_list(room.st, "", some, 2), 2);
}

/* --- triggers --------------------------------------------------------------------------------- */

struct scene {
	const char *plan, *type;
	struct plan_query q;
	struct grade_figures f;
	int level;
};

static void
triggers_fire(void **state)
{
	static const struct scene scenes[] = {
	    /* row 16: 三垛 crosses 2.00; row 15: it does not yet; another station's level says
	       nothing */
	    {"flood", "11A02", {.text = "三垛水位2.03米", .water_level = 2.03}, {0}, 4},
	    {"flood", "11A02", {.text = "三垛水位1.96米", .water_level = 1.96}, {0}, 0},
	    {"flood", "11A02", {.text = "临泽水位2.03米", .water_level = 2.03}, {0}, 0},
	    /* rows 21 and 23: piping with 86 people at risk is level III */
	    {"flood", "11A04", {.text = "子婴河圩堤管涌"}, {.threatened = 86}, 3},
	    {"flood", "11B03", {.text = "临泽1小时62.3毫米", .rain_mm = 62.3}, {0}, 4},
	    /* row 37: M3.6 is no response; the limits of the grades */
	    {"quake", "11C02", {.text = "兴化3.6级"}, {.magnitude = 3.6}, 0},
	    {"quake", "11C02", {.text = "4级"}, {.magnitude = 4.0}, 4},
	    {"quake", "11C02", {.text = "5.1级"}, {.magnitude = 5.1}, 3},
	    {"quake", "11C02", {.text = "7级"}, {.magnitude = 7.0}, 1},
	    /* rows 38 and 41: the ammonia, before and after 620 were moved */
	    {"hazmat", "12D02", {.text = "液氨", .substances = "氨"}, {.trapped = 1}, 4},
	    {"hazmat", "12D02", {.text = "液氨", .substances = "氨"}, {0}, 4},
	    {"hazmat", "12D02", {.text = "柴油", .substances = "柴油"}, {0}, 0},
	    {"hazmat", "12D02", {.text = "液氨", .near_miss = true},
		{.evacuated = 620, .injured = 2, .serious = 1}, 4},
	    {"hazmat", "12D02", {.text = "液氨"}, {.evacuated = 1000}, 3},
	    {"hazmat", "12D02", {.text = "液氨"}, {.dead = 2, .missing = 1}, 3},
	    {"hazmat", "12D01", {.text = "爆炸", .grade = GRADE_II}, {.dead = 10}, 2},
	    /* row 29: battery warehouse, two slightly hurt */
	    {"fire", "12G02", {.text = "电池仓库着火"}, {.injured = 2}, 4},
	    {"fire", "12G02", {.text = "着火", .grade = GRADE_III}, {.dead = 3}, 3},
	    /* row 11 and row 46 */
	    {"school", "19000", {.text = "两名小学生下河游泳"}, {.missing = 1, .sensitive = true},
		4},
	    {"food", "13B03", {.text = "酒席"}, {.ill = 32}, 4},
	    {"food", "13B03", {.text = "酒席"}, {.ill = 100}, 3},
	    {"food", "13B03", {.text = "有点不舒服"}, {.ill = 2}, 0},
	    /* a type that is not the plan's fires nothing */
	    {"hazmat", "12H01", {.text = "追尾"}, {.dead = 30, .trapped = 9}, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(scenes); i++) {
		const char *codes[] = {scenes[i].type};
		struct plan_query q = scenes[i].q;
		struct plan_match m[MANY];
		size_t n, k;

		q.codes = codes;
		q.n_codes = 1;
		q.figures = &scenes[i].f;
		n = plan_match(room.st, &q, m, MANY);
		for (k = 0; k < n && strcmp(m[k].code, scenes[i].plan) != 0; k++)
			;
		if (k == n && scenes[i].level)
			fail_msg("scene %zu: %s is not found", i, scenes[i].plan);
		if (k < n && m[k].level != scenes[i].level)
			fail_msg("scene %zu: %s proposes %d, not %d (%s)", i, scenes[i].plan,
			    m[k].level, scenes[i].level, m[k].level_why ? m[k].level_why : "");
		if (k < n && m[k].level)
			assert_true(
			    m[k].level_why && *m[k].level_why && m[k].approver && *m[k].approver);
		plan_match_clear(m, n);
	}
}

/* Nothing known starts nothing. */
static void
silence_starts_nothing(void **state)
{
	const char *codes[] = {"12G00"};
	struct plan_query q = {.codes = codes, .n_codes = 1};
	struct plan_match m[MANY];
	size_t n = plan_match(room.st, &q, m, MANY);

	(void)state;
	assert_true(n > 0);
	assert_string_equal(m[0].code, "fire");
	assert_int_equal(m[0].level, 0);
	assert_null(m[0].level_why);
	assert_null(m[0].approver);
	plan_match_clear(m, n);
	assert_int_equal(plan_match(room.st, &(struct plan_query){.text = NULL}, m, MANY), 0);
	assert_int_equal(plan_match(room.st, &(struct plan_query){.text = "喂你好"}, m, MANY), 0);
}

static size_t
place_of(const struct plan_query *q, const char *code)
{
	struct plan_match m[MANY];
	size_t n = plan_match(room.st, q, m, MANY), at = 0;

	for (size_t i = 0; i < n && !at; i++)
		if (strcmp(m[i].code, code) == 0)
			at = i + 1;
	plan_match_clear(m, n);
	return at;
}

/* A township's plan comes with the township, and never for another. */
static void
township_plan_stays_at_home(void **state)
{
	struct plan_query q = {.text = "一户人家办酒席，三十多人呕吐"};
	const char *codes[] = {"13B03"};

	(void)state;
	q.codes = codes;
	q.n_codes = 1;
	assert_int_equal(place_of(&q, "songqiao"), 0);
	q.area = 321084116;
	assert_int_equal(place_of(&q, "food"), 1);
	assert_in_range(place_of(&q, "songqiao"), 2, 4);
	q.area = AREA; /* the county: nobody knows where */
	assert_int_equal(place_of(&q, "songqiao"), 0);
	q.area = 321084115;
	q.text = "从送桥过来的客人，三十多人呕吐";
	assert_int_equal(place_of(&q, "songqiao"), 0);
}

/* --- reading for people ----------------------------------------------------------------------- */

static void
reads_well(void **state)
{
	struct plan_row rows[MANY];
	size_t n = all_plans(rows);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct buf b = BUF_MAX(256u << 10);
		struct err err = ERR_NONE;
		const struct plan_doc *d = doc_of(rows[i].code);

		assert_true(plan_text(room.st, rows[i].id, &b, &err));
		assert_false(b.full);
		assert_non_null(strstr(buf_str(&b), d->purpose));
		for (size_t k = 0; k < d->n_tasks; k++)
			assert_non_null(strstr(buf_str(&b), d->tasks[k].text));
		assert_non_null(strstr(buf_str(&b), d->contacts[d->n_contacts - 1].phone));
		if (strcmp(d->code, "hazmat") == 0) /* classes by their names */
			assert_non_null(strstr(buf_str(&b), "空气呼吸器 12具"));
		buf_clear(&b);
	}
}

/* Codes without scores: the first counts most. */
static void
the_first_code_counts_most(void **state)
{
	const char *road_first[] = {"12H01", "12D02"}, *hazmat_first[] = {"12D02", "12H01"};
	struct plan_query q = {.codes = road_first, .n_codes = 2};

	(void)state;
	assert_int_equal(place_of(&q, "road"), 1);
	assert_int_equal(place_of(&q, "hazmat"), 2);
	q.codes = hazmat_first;
	assert_int_equal(place_of(&q, "hazmat"), 1);
	assert_int_equal(place_of(&q, "road"), 2);
}

static void
evaluation_falls_due(void **state)
{
	struct plan_row row;
	int64_t t;

	(void)state;
	assert_true(clock_parse("2028-01-14T23:59", 0, &t));
	clock_pin(t);
	assert_true(plan_get(room.st, county_plan(room.st, "hazmat"), &row));
	assert_string_equal(row.review, "2028-01-15");
	assert_false(row.review_due);
	assert_true(clock_parse("2028-01-15T00:00", 0, &t));
	clock_pin(t);
	assert_true(plan_get(room.st, county_plan(room.st, "hazmat"), &row));
	assert_true(row.review_due);
	clock_pin(CLOCK_NONE);
	assert_false(plan_get(room.st, 1, &row));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plans_are_sound),
	    cmocka_unit_test(levels_have_their_approver),
	    cmocka_unit_test(flood_has_fourteen_tasks),
	    cmocka_unit_test(hazmat_has_what_the_night_needs),
	    cmocka_unit_test(needs_add_up),
	    cmocka_unit_test(finds_by_name),
	    cmocka_unit_test(lists_in_order),
	    cmocka_unit_test(triggers_fire),
	    cmocka_unit_test(silence_starts_nothing),
	    cmocka_unit_test(township_plan_stays_at_home),
	    cmocka_unit_test(reads_well),
	    cmocka_unit_test(the_first_code_counts_most),
	    cmocka_unit_test(evaluation_falls_due),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
