/*
 * What a duty room hears: every row of narratives.tsv is read with Gaoyou's names, and what it says
 * must be found. The columns are explained at the head of the table.
 */
#include "tests/test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "decide/reading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct reader *reader;

/* What went wrong with the row at hand. */
static struct buf wrong = BUF_MAX(20000);

static int
open_reader(void **state)
{
	const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	char *rules = mem_print("%s/data/rules", top),
	     *taxonomy = mem_print("%s/data/taxonomy", top);
	char *names = mem_print("%s/tests/decide/gaoyou.tsv", top);
	struct gazetteer *g = gazetteer_new();
	struct err err = ERR_NONE;

	(void)state;
	assert_true(gazetteer_load(g, names, &err));
	reader = reader_new(rules, taxonomy, g, &err);
	assert_non_null(reader);
	assert_null(reader_warning(reader, 0));
	free(rules);
	free(taxonomy);
	free(names);
	return 0;
}

static int
close_reader(void **state)
{
	(void)state;
	reader_free(reader);
	buf_clear(&wrong);
	return 0;
}

/* The word up to the next blank, blanks of the expected text written as _. */
static char *
next_item(const char **list)
{
	size_t n = strcspn(*list, " ");
	char *item = mem_dupn(*list, n);

	*list += (*list)[n] ? n + 1 : n;
	for (char *c = strchr(item, '='); c && *c; c++)
		if (*c == '_')
			*c = ' ';
	return item;
}

static char *
without_blanks(const char *text)
{
	struct buf out = BUF_MAX(4000);

	for (; *text; text++)
		if (*text != ' ')
			buf_add_char(&out, *text);
	return buf_take(&out);
}

static void
check_count(const struct reading *r, int kind, const char *want)
{
	char *end;
	int64_t value = strtoll(want, &end, 10), got = reading_count(r, (enum fact_kind)kind);
	const char bound[] = {0, '~', '+', '-'};
	bool fits = false;

	if (got != value)
		buf_printf(&wrong, "\n#   %s is %lld, wanted %s",
		    fact_kind_name((enum fact_kind)kind), (long long)got, want);
	for (size_t i = 0; i < r->n_facts && *end; i++) {
		const struct fact *f = &r->facts[i];

		if ((int)f->kind == kind && f->value == value)
			fits = fits || (*end == '!' ? f->negated : bound[f->bound] == *end);
	}
	if (*end && !fits)
		buf_printf(&wrong, "\n#   %s has not the bound %s",
		    fact_kind_name((enum fact_kind)kind), end);
}

static bool
says(const struct reading *r, enum fact_kind kind, const char *want)
{
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];
		char text[64];
		bool same = false;

		if (f->kind != kind)
			continue;
		switch (kind) {
		case FACT_TIME:
			same = !f->aside &&
			       clock_format(text, sizeof(text), f->value, CLOCK_ISO) != NULL &&
			       strncmp(text + 5, want, strlen(want)) == 0;
			break;
		case FACT_SUBSTANCE:
			same = f->name && strcmp(f->name, want) == 0;
			break;
		case FACT_WIND:
			snprintf(text, sizeof(text), "%s/%.1f", f->norm ? f->norm : "", f->amount);
			same = strcmp(text, want) == 0;
			break;
		case FACT_QUANTITY:
			snprintf(text, sizeof(text), "%g%s", f->amount, f->unit ? f->unit : "");
			same = strcmp(text, want) == 0;
			break;
		case FACT_PHONE:
		case FACT_PLATE:
		case FACT_ROAD:
		case FACT_PERSON:
			same = f->norm && strcmp(f->norm, want) == 0;
			break;
		default:
			same = fabs(f->amount - strtod(want, NULL)) < 0.0051;
			break;
		}
		if (same)
			return true;
	}
	return false;
}

static bool
place_says(const struct reading *r, const char *want, bool ref)
{
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];
		char *text;
		bool same;

		if (f->kind != FACT_PLACE || f->aside)
			continue;
		text = without_blanks(ref ? (f->name ? f->name : "") : f->text);
		same = ref ? strcmp(text, want) == 0 && f->ref != 0 : strstr(text, want) != NULL;
		free(text);
		if (same)
			return true;
	}
	return false;
}

static bool
leaks(const struct reading *r, bool yes)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].kind == FACT_LEAK && r->facts[i].negated == !yes)
			return true;
	return false;
}

static bool
has_un(const struct reading *r, int un)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].kind == FACT_SUBSTANCE && r->facts[i].un == un)
			return true;
	return false;
}

static void
check_item(const struct reading *r, const char *item)
{
	const char *value = strpbrk(item, "=~:");
	char *key = value ? mem_dupn(item, (size_t)(value - item)) : mem_dup(item);
	int kind = strcmp(key, "level") == 0 ? FACT_WATER_LEVEL : fact_kind_from_name(key);
	bool fine;

	if (strcmp(key, "leak") == 0 || strcmp(key, "noleak") == 0)
		fine = leaks(r, key[0] == 'l');
	else if (!value)
		fine = false;
	else if (strcmp(key, "none") == 0)
		fine = reading_count(r, (enum fact_kind)fact_kind_from_name(value + 1)) <= 0;
	else if (strcmp(key, "un") == 0)
		fine = has_un(r, (int)strtol(value + 1, NULL, 10));
	else if (*value == '~')
		fine = place_says(r, value + 1, strcmp(key, "ref") == 0);
	else if (kind >= 0 && fact_kind_is_count((enum fact_kind)kind)) {
		check_count(r, kind, value + 1);
		fine = true;
	} else {
		fine = kind >= 0 && says(r, (enum fact_kind)kind, value + 1);
	}
	if (!fine)
		buf_printf(&wrong, "\n#   not found: %s", item);
	free(key);
}

static void
check_types(const struct reading *r, const char *first, const char *also)
{
	const char *got = r->n_types ? r->types[0].code : "none";

	if (*first && strncmp(got, first, strlen(first)) != 0)
		buf_printf(&wrong, "\n#   type %s (%s), wanted %s", got,
		    r->n_types ? r->types[0].why : "", first);
	while (*also) {
		char *code = next_item(&also);
		bool found = false;

		for (size_t i = 0; i < r->n_types; i++)
			found = found || strcmp(r->types[i].code, code) == 0;
		if (!found)
			buf_printf(&wrong, "\n#   type %s is not among them", code);
		free(code);
	}
}

static void
check_grade(const struct reading *r, const char *grade, const char *flags)
{
	static const char *const names[] = {"-", "I", "II", "III", "IV"};

	if (*grade && strcmp(names[r->grading.grade], grade) != 0)
		buf_printf(&wrong, "\n#   grade %s (%s), wanted %s", names[r->grading.grade],
		    r->grading.why ? r->grading.why : "", grade);
	if ((strstr(flags, "near_miss") != NULL) && !r->grading.near_miss)
		buf_add(&wrong, "\n#   no near miss");
	if ((strstr(flags, "sensitive") != NULL) != r->grading.sensitive)
		buf_printf(&wrong, "\n#   sensitive is %d (%s)", r->grading.sensitive,
		    r->grading.sensitive_why ? r->grading.sensitive_why : "");
}

/* Every fact's span must be the words it claims, and every time lies in the past. */
static void
check_spans(const struct reading *r, const char *text, int64_t received)
{
	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *f = &r->facts[i];
		size_t n = f->byte_end - f->byte_start;

		if (f->byte_end > strlen(text) || strlen(f->text) != n ||
		    memcmp(text + f->byte_start, f->text, n) != 0)
			buf_printf(&wrong, "\n#   span of %s", f->text);
		if (f->kind == FACT_TIME && f->value > received)
			buf_printf(&wrong, "\n#   %s lies in the future", f->text);
	}
}

static void
hears_what_is_said(void **state)
{
	static const char *const columns[] = {
	    "received", "text", "type", "also", "grade", "flags", "facts"};
	const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	char *path = mem_print("%s/tests/decide/narratives.tsv", top);
	struct err err = ERR_NONE;
	struct tsv *t = tsv_open(path, &err);
	int column[7], rows = 0, failed = 0;

	(void)state;
	assert_non_null(t);
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		assert_true((column[i] = tsv_column(t, columns[i], true, &err)) >= 0);
	while (tsv_next(t)) {
		const char *at = tsv_get(t, column[0]), *text = tsv_get(t, column[1]);
		const char *facts = tsv_get(t, column[6]);
		struct reading r;
		int64_t received;

		assert_true(clock_parse(*at ? at : "2025-07-10T03:12", 0, &received));
		reader_read(reader, text, strlen(text), received, &r);
		buf_reset(&wrong);
		check_types(&r, tsv_get(t, column[2]), tsv_get(t, column[3]));
		check_grade(&r, tsv_get(t, column[4]), tsv_get(t, column[5]));
		while (*facts) {
			char *item = next_item(&facts);

			check_item(&r, item);
			free(item);
		}
		check_spans(&r, text, received);
		rows++;
		if (wrong.size) {
			failed++;
			print_error("# line %ld: %s%s\n", tsv_line(t), text, buf_str(&wrong));
		}
		reading_clear(&r);
	}
	assert_true(tsv_close(t, &err));
	free(path);
	print_message("# %d narratives, %d not read as wanted\n", rows, failed);
	assert_true(rows >= 120);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(hears_what_is_said)};

	i18n_init();
	return cmocka_run_group_tests(tests, open_reader, close_reader);
}
