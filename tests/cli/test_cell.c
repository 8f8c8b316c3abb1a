/* Cells that no spreadsheet calculates with, and that come back to the letter. */
#include "tests/test.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/random.h"
#include "cli/cell.h"
#include "exchange/csv.h"

#include <string.h>

static void
knows_formulas(void **state)
{
	static const char *const formulas[] = {"=1+1", "+1+1", "-1+1", "@A1", "＝1", "＋1", "－1",
	    "＠x", "\t=1", "\tx", "\rx", " =1", "\u00a0=1", "\u3000+x", "\u2003@x", "\n=1",
	    " \n -x", "a\n=1", "a\r\n@x", "\ufeff=1", "\u200b=1", "+86 138", "-", "=", "--1", "-1.",
	    "+5", "-1e5", "-1 2"};
	static const char *const others[] = {"", "a=1", "-12", "-12.5", "0", "3.25",
	    "0514-55501234", "a\nb", "'x", "１２", "a@b.cn", "中-1"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(formulas); i++)
		if (!cell_is_formula(formulas[i]))
			fail_msg("%zu \"%s\" is one", i, formulas[i]);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (cell_is_formula(others[i]))
			fail_msg("%zu \"%s\" is none", i, others[i]);
}

static void
writes_cells(void **state)
{
	static const struct {
		const char *text, *cell;
	} rows[] = {{"", ""}, {"a", "a"}, {"a,b", "\"a,b\""}, {"a\"b", "\"a\"\"b\""},
	    {"a\nb", "\"a\nb\""}, {" a", "\" a\""}, {"=1", "\"'=1\""}, {"'=1", "\"''=1\""},
	    {"''=1", "\"'''=1\""}, {"'a", "'a"}, {"-3", "-3"}, {"'-3", "'-3"}, {"a;b", "\"a;b\""}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_MAX(100);

		cell_add(&out, rows[i].text);
		assert_string_equal(buf_str(&out), rows[i].cell);
		buf_clear(&out);
	}
	assert_string_equal(cell_plain("'=1"), "=1");
	assert_string_equal(cell_plain("''=1"), "'=1");
	assert_string_equal(cell_plain("'a"), "'a");
	assert_string_equal(cell_plain("=1"), "=1");
}

/* 100,000 texts of troublesome pieces, through the reader. */
static void
comes_back_to_the_letter(void **state)
{
	static const char *const pieces[] = {"=", "+", "-", "@", "'", "\"", ",", ";", "\n", "\t",
	    " ", "1", "a", "＝", "中", "\u00a0", "\u3000", "\r\n", "."};

	(void)state;
	for (int round = 0; round < 100000; round++) {
		struct buf text = BUF_MAX(200), line = BUF_MAX(2000);
		struct err err = ERR_NONE;
		struct csv *csv;

		for (uint64_t n = 1 + random_below(6); n > 0; n--)
			buf_add(&text, pieces[random_below(COUNT_OF(pieces))]);
		/* The reader trims blanks at both ends. */
		if (strchr(" \t\r\n", buf_str(&text)[0]) ||
		    strchr(" \t\r\n", buf_str(&text)[text.size - 1])) {
			buf_clear(&text);
			continue;
		}
		buf_add(&line, "head,tail\r\n");
		cell_add(&line, buf_str(&text));
		buf_add(&line, ",end\r\n");
		csv = csv_open(buf_str(&line), line.size, &err);
		assert_non_null(csv);
		assert_true(csv_next(csv));
		assert_int_equal(csv_count(csv), 2);
		if (strcmp(cell_plain(csv_get(csv, 0)), buf_str(&text)) != 0)
			fail_msg("\"%s\" became \"%s\"", buf_str(&text), csv_get(csv, 0));
		/* What a spreadsheet sees begins no formula. */
		assert_false(cell_is_formula(buf_str(&text)) && csv_get(csv, 0)[0] != '\'');
		assert_true(csv_close(csv, &err));
		buf_clear(&text);
		buf_clear(&line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_formulas),
	    cmocka_unit_test(writes_cells),
	    cmocka_unit_test(comes_back_to_the_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
