/* CSV: what RFC 4180 says, what spreadsheets do, and each fault with its line. */
#include "tests/test.h"

#include "base/mem.h"
#include "exchange/csv.h"

#include <stdlib.h>
#include <string.h>

static void
fields(void **state)
{
	static const char text[] =
	    "编号, Name ,\"a \"\"b\"\"\"\r\n1,x,\"two\nlines\"\r\n\r\n,,\r\n 2 "
	    ",\"\",tail\n3\n4,a,b,c";
	struct err err = ERR_NONE;
	struct csv *csv = csv_open(text, strlen(text), &err);
	size_t n;

	(void)state;
	assert_non_null(csv);
	assert_int_equal(csv_columns(csv), 3);
	assert_string_equal(csv_name(csv, 2), "a \"b\"");
	assert_int_equal(csv_column(csv, "nope|NAME"), 1);
	assert_int_equal(csv_column(csv, "#3"), 2);
	assert_int_equal(csv_column(csv, "nope"), -1);
	assert_true(csv_next(csv));
	assert_int_equal(csv_line(csv), 2);
	assert_string_equal(csv_get(csv, 2), "two\nlines");
	assert_string_equal(csv_get(csv, -1), "");
	assert_memory_equal(csv_raw(csv, &n), "1,x,\"two\nlines\"", 15);
	assert_int_equal(n, 15);
	assert_true(csv_next(csv)); /* empty rows are none */
	assert_int_equal(csv_line(csv), 6);
	assert_string_equal(csv_get(csv, 0), "2");
	assert_string_equal(csv_get(csv, 1), "");
	assert_string_equal(csv_get(csv, 2), "tail");
	assert_true(csv_next(csv));
	assert_int_equal(csv_count(csv), 1);
	assert_string_equal(csv_get(csv, 2), "");
	assert_true(csv_next(csv));
	assert_int_equal(csv_count(csv), 4);
	assert_false(csv_next(csv));
	assert_true(csv_close(csv, &err));
}

static void
separators(void **state)
{
	static const char *const texts[] = {"a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct err err = ERR_NONE;
		struct csv *csv = csv_open(texts[i], strlen(texts[i]), &err);

		assert_true(csv_next(csv));
		assert_string_equal(csv_get(csv, csv_column(csv, "b")), "2");
		assert_true(csv_close(csv, &err));
	}
}

static void
faults(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"a,b\n1,2\n3,\"x", "line 3"},
	    {"a,b\n1,\"x\"y\n", "line 2"},
	    {"a,b\n\"x\ny\"z,1\n", "line 3"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_NONE;
		struct csv *csv = csv_open(cases[i].text, strlen(cases[i].text), &err);

		while (csv_next(csv))
			;
		assert_false(csv_next(csv)); /* and it stays so */
		assert_false(csv_close(csv, &err));
		assert_non_null(strstr(err.message, cases[i].why));
		err_clear(&err);
	}
}

static void
no_header(void **state)
{
	struct err err = ERR_NONE;

	(void)state;
	assert_null(csv_open("", 0, &err));
	err_clear(&err);
	assert_null(csv_open("\n\n,,\n", 5, &err));
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields),
	    cmocka_unit_test(separators),
	    cmocka_unit_test(faults),
	    cmocka_unit_test(no_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
