/* base/utf8, base/buf, base/tsv, base/id: text in, text out, and what must be refused. */
#include "tests/test.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
decodes_only_valid(void **state)
{
	static const char *const bad[] = { "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe5\x80", "\xff" };
	size_t size;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(utf8_valid(bad[i], strlen(bad[i])));
	assert_true(utf8_valid("值班\xf0\xa0\x80\x80", 10));
	assert_int_equal(utf8_decode("\xf0\xa0\x80\x80", 4, &size), 0x20000);
	assert_int_equal(size, 4);
}

static void
counts_columns(void **state)
{
	int used;

	(void)state;
	assert_int_equal(utf8_columns("ab值班"), 6);
	assert_int_equal(utf8_columns("，。（）"), 8);
	assert_int_equal(utf8_fit("a值班", 7, 4, &used), 4);
	assert_int_equal(used, 3);
	assert_int_equal(utf8_chars("a值班", 7), 3);
	assert_int_equal(utf8_prev("a值", 4), 1);
	assert_int_equal(utf8_next("a值", 4, 1), 4);
}

static void
cleans_what_would_lie(void **state)
{
	static const struct {
		const char *in, *out;
	} row[] = {
		{ "a\x1b[31mb", "a・[31mb" },
		{ "x\xc2\x9by", "x・y" },
		{ "一\xe2\x80\xae二", "一・二" },
		{ "\xef\xbb\xbf值", "・值" },
		{ "a\tb\r\nc", "a b\nc" },
		{ "\xffz", "・z" },
		{ "\xf0\xa0\x80\x80龙", "\xf0\xa0\x80\x80龙" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		bool changed;
		char *clean = utf8_clean(row[i].in, strlen(row[i].in), true, &changed);

		assert_string_equal(clean, row[i].out);
		assert_true(utf8_is_clean(clean, strlen(clean), true));
		free(clean);
	}
}

static void
buffers_keep_their_maximum(void **state)
{
	struct buf b = BUF_MAX(5);

	(void)state;
	buf_add(&b, "值");
	assert_false(b.full);
	buf_add(&b, "班");
	assert_true(b.full);
	assert_string_equal(buf_str(&b), "值");
	buf_add(&b, "ab");
	assert_string_equal(buf_str(&b), "值ab");
	buf_clear(&b);
	assert_string_equal(buf_str(&b), "");
}

static void
ids_hold_area_and_sequence(void **state)
{
	int64_t id = id_make(321084101, ID_SEQUENCE_MAX);

	(void)state;
	assert_true(id > 0);
	assert_int_equal(id_area(id), 321084101);
	assert_int_equal(id_sequence(id), ID_SEQUENCE_MAX);
	assert_true(id_make(999999999, ID_SEQUENCE_MAX) > 0);
	assert_true(id_make(321084102, 1) > id);
}

static char *
scratch(const char *text)
{
	char *path = mem_dup("/tmp/zhiban-tsv-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

static void
reads_tables(void **state)
{
	struct err err = ERR_NONE;
	char *path = scratch("\xef\xbb\xbf" "code\tname\n# note\n\n11A01\t洪水\r\n11A02\n");
	struct tsv *t = tsv_open(path, &err);
	int code, name;

	(void)state;
	assert_non_null(t);
	code = tsv_column(t, "code", true, &err);
	name = tsv_column(t, "name", true, &err);
	assert_int_equal(tsv_column(t, "none", true, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
	assert_true(tsv_next(t));
	assert_string_equal(tsv_get(t, name), "洪水");
	assert_int_equal(tsv_line(t), 4);
	assert_true(tsv_next(t));
	assert_string_equal(tsv_get(t, code), "11A02");
	assert_string_equal(tsv_get(t, name), "");
	assert_false(tsv_next(t));
	assert_true(tsv_close(t, &err));
	unlink(path);
	free(path);
}

static void
refuses_what_is_no_table(void **state)
{
	struct err err = ERR_NONE;
	char *path = scratch("a\n\xff\n");
	struct tsv *t = tsv_open(path, &err);

	(void)state;
	assert_false(tsv_next(t));
	assert_false(tsv_close(t, &err));
	assert_int_equal(err.code, ERR_INPUT);
	err_clear(&err);
	unlink(path);
	assert_null(tsv_open(path, &err));
	assert_int_equal(err.code, ERR_IO);
	err_clear(&err);
	free(path);
}

static void
copies_cut_at_a_character(void **state)
{
	char out[8];

	(void)state;
	assert_string_equal(utf8_copy(out, sizeof(out), "高邮市"), "高邮");
	assert_string_equal(utf8_copy(out, 7, "高邮市"), "高邮");
	assert_string_equal(utf8_copy(out, 6, "高邮市"), "高");
	assert_string_equal(utf8_copy(out, 3, "高邮市"), "");
	assert_string_equal(utf8_copy(out, sizeof(out), "abc"), "abc");
	assert_string_equal(utf8_copy(out, sizeof(out), NULL), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_cut_at_a_character),
		cmocka_unit_test(decodes_only_valid),
		cmocka_unit_test(counts_columns),
		cmocka_unit_test(cleans_what_would_lie),
		cmocka_unit_test(buffers_keep_their_maximum),
		cmocka_unit_test(ids_hold_area_and_sequence),
		cmocka_unit_test(reads_tables),
		cmocka_unit_test(refuses_what_is_no_table),
	};

	i18n_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
