/* store/pinyin: readings, corrections, matching; `--table` prints the lines of pinyin_table.c as
 * ICU has them. */
#include "tests/test.h"

#include "store/pinyin_table.h"
#include "store/search.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

static char
icu_letter(UTransliterator *reader, UChar c)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar text[64] = {c};
	int32_t size = 1, limit = 1;

	utrans_transUChars(reader, text, &size, COUNT_OF(text), 0, &limit, &code);
	return U_SUCCESS(code) && text[0] >= 'a' && text[0] <= 'z' ? (char)text[0] : '-';
}

static UTransliterator *
open_icu(void)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar id[40];

	u_uastrcpy(id, "Han-Latin; Latin-ASCII");
	return utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
}

/* Other versions of ICU change a few readings; a damaged table would differ in thousands. */
static void
table_is_icus(void **state)
{
	UTransliterator *reader = open_icu();
	int different = 0;

	(void)state;
	assert_non_null(reader);
	assert_int_equal(strlen(pinyin_table), PINYIN_LAST - PINYIN_FIRST + 1);
	for (int c = PINYIN_FIRST; c <= PINYIN_LAST; c++)
		different += icu_letter(reader, (UChar)c) != pinyin_table[c - PINYIN_FIRST];
	utrans_close(reader);
	if (different > 200)
		fail_msg("%d characters differ", different);
}

static void
reads_names(void **state)
{
	static const struct {
		const char *text, *initials;
	} row[] = {
	    {"龙虬镇", "lqz"},
	    {"G2京沪高速", "g2jhgs"},
	    {"高邮市", "gys"},
	    {"重庆市", "cqs"},
	    {"子婴河", "zyh"},
	    {"临泽镇", "lzz"},
	    {"氾水", "fs"},
	    {"车逻", "cl"},
	    {"甘垛", "gd"},
	    {"长江路", "cjl"},
	    {"银行", "yh"},
	    {"行政", "xz"},
	    {"农商行", "nsh"},
	    {"音乐广场", "yygc"},
	    {"液氨 (NH3)", "yanh3"},
	    {"Ｇ２高速", "g2gs"},
	    {"陈·涛", "ct"},
	    {"", ""},
	    {"!?。", ""},
	    {"十里堡村", "slpc"},
	    {"调整", "tz"},
	    {"调拨", "db"},
	    {"㐀", "q"},
	    {"𠀀", "h"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		pinyin_initials(row[i].text, out, sizeof(out));
		if (strcmp(out, row[i].initials) != 0)
			fail_msg("%s: %s, not %s", row[i].text, out, row[i].initials);
	}
}

static void
keeps_its_bounds(void **state)
{
	char out[4] = "xxx";

	(void)state;
	pinyin_initials("高邮市防汛仓库", out, sizeof(out));
	assert_string_equal(out, "gys");
	pinyin_initials("高", out, 1);
	assert_string_equal(out, "");
	pinyin_initials("高\xff\xe9\xab", out, sizeof(out));
	assert_string_equal(out, "g");
}

static void
matches(void **state)
{
	(void)state;
	assert_int_equal(pinyin_match("gysxf", "gysxf"), 3);
	assert_int_equal(pinyin_match("gysxf", "GYS"), 2);
	assert_int_equal(pinyin_match("gysxf", "xf"), 1);
	assert_int_equal(pinyin_match("gysxf", "fx"), 0);
	assert_int_equal(pinyin_match("gysxf", ""), 0);
	assert_int_equal(pinyin_match("", "g"), 0);
	assert_int_equal(pinyin_match("g2jhgs", "Ｇ２"), 2);
}

static int
print_table(void)
{
	UTransliterator *reader = open_icu();

	for (int c = PINYIN_FIRST; c <= PINYIN_LAST; c++) {
		int column = (c - PINYIN_FIRST) % 82;

		printf("%s%c%s", column == 0 ? "    \"" : "", icu_letter(reader, (UChar)c),
		    column == 81 ? "\"\n" : "");
	}
	utrans_close(reader);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(table_is_icus),
	    cmocka_unit_test(reads_names),
	    cmocka_unit_test(keeps_its_bounds),
	    cmocka_unit_test(matches),
	};

	if (argc > 1 && strcmp(argv[1], "--table") == 0)
		return print_table();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
