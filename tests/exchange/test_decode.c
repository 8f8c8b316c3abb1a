/* Encodings (reliability 4.17): what is text comes through byte for byte, what is none is never
 * stored. */
#include "tests/test.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "exchange/decode.h"
#include "tests/exchange/items.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

/* Text of both worlds: common characters, rare ones of four bytes in either encoding, ASCII. */
static char *
long_text(size_t lines)
{
	static const char *const words[] = {"高邮市", "临泽镇子婴河圩堤", "𠮷", "㐀", "𠀀𫟹", "龘",
	    "G2 京沪高速", "km 12.5", "，", "（夜）", "é", "０"};
	struct buf b = BUF_MAX(16u << 20);
	unsigned seed = 7;

	for (size_t i = 0; i < lines; i++) {
		for (int k = 0; k < 6; k++) {
			seed = seed * 1103515245u + 12345u;
			buf_add(&b, words[(seed >> 16) % 12]);
			buf_add(&b, words[(seed >> 22) % 12]);
		}
		buf_add_char(&b, '\n');
	}
	return buf_take(&b);
}

static char *
encode(const char *utf8, const char *charset, int *n)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t room = strlen(utf8) * 3 + 16;
	char *out = mem_alloc(room);

	*n = ucnv_convert(charset, "UTF-8", out, (int)room, utf8, (int)strlen(utf8), &status);
	assert_true(U_SUCCESS(status));
	return out;
}

static void
round_trip(void **state)
{
	static const char *const charsets[] = {"UTF-8", "gb18030", "UTF-16", "UTF-16LE"};
	char *text = long_text(10000);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct err err = ERR_NONE;
		struct decoded d;
		char *whole = mem_print("<x>%s", text), *bytes;
		int n;

		bytes = encode(whole, charsets[i], &n);
		assert_true(decode(bytes, (size_t)n, &d, &err));
		assert_int_equal(d.n, strlen(whole));
		assert_memory_equal(d.text, whole, d.n);
		decoded_clear(&d);
		free(bytes);
		free(whole);
	}
	free(text);
}

/* Bytes cut anywhere are either still text, or refused; nothing else comes out. */
static void
half_characters(void **state)
{
	static const char *const charsets[] = {"UTF-8", "gb18030"};
	const char *text =
	    "<alert><identifier>高邮𠮷㐀镇</identifier></alert> 高邮市气象台发布暴雨橙色预警";

	(void)state;
	for (size_t c = 0; c < 2; c++) {
		int n;
		char *bytes = encode(text, charsets[c], &n);

		for (int cut = 1; cut < n; cut++) {
			struct err err = ERR_NONE;
			struct decoded d;

			if (decode(bytes, (size_t)cut, &d, &err)) {
				assert_true(utf8_valid(d.text, d.n));
				assert_memory_equal(d.text, text, d.n); /* the same text, shorter */
			}
			decoded_clear(&d);
			err_clear(&err);
		}
		free(bytes);
	}
}

#define REFUSED(bytes)                                                                             \
	{                                                                                          \
		bytes, sizeof(bytes) - 1                                                           \
	}

static void
not_text(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
	    REFUSED("<alert>高邮\xc0\xaf</alert>"), /* overlong; alone it would be a GB pair, 括 */
	    REFUSED("<alert>\xe0\x80\xaf</alert>"), REFUSED("<alert>\xf0\x80\x80\xaf</alert>"),
	    REFUSED("<alert>\xed\xa0\x80</alert>"),	/* a lone surrogate in UTF-8 */
	    REFUSED("<alert>\xf4\x90\x80\x80</alert>"), /* over U+10FFFF */
	    REFUSED("<alert>\xff\xff</alert>"), REFUSED("<alert>a\0b</alert>"),
	    REFUSED("\xff\xfe<\0a\0\x00\xd8>\0"), /* a lone surrogate in UTF-16 */
	    REFUSED("\xff\xfe<\0a"),		  /* half a unit */
	    REFUSED("<?xml version='1.0' encoding='gb2312'?><a>\xc4\xe3\xff</a>"),
	    REFUSED("<?xml version='1.0' encoding='utf-7'?><a>\xc4\xe3</a>"),
	    REFUSED(
		"<?xml version='1.0' encoding='UTF-8'?><a>高邮市气象台发布\xe6\x9a</a>"), /* damaged,
											     though
											     GB
											     would
											     read it
											   */
	    REFUSED("<a>sism\x97logo</a>"), /* one accent of an old Macintosh */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_NONE;
		struct decoded d;

		if (decode(cases[i].bytes, cases[i].n, &d, &err))
			fail_msg("case %zu was read as %s", i, d.charset);
		assert_int_equal(err.code, ERR_INPUT);
		err_clear(&err);
	}
}

static void
declarations(void **state)
{
	static const char text[] = "高邮市气象台发布暴雨橙色预警";
	static const char *const heads[] = {"", "<?xml version=\"1.0\"?>",
	    "<?xml version='1.0' encoding='GB2312'?>", "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
	    "<?xml version=\"1.0\" encoding=\"gbk\" ?>"};
	static const char *const charsets[] = {"UTF-8", "gb18030"};

	(void)state;
	for (size_t h = 0; h < 5; h++)
		for (size_t c = 0; c < 2; c++) {
			char *doc = mem_print(
				 "%s<alert><identifier>%s</identifier></alert>", heads[h], text),
			     *bytes;
			struct items got = {0};
			int n;

			bytes = encode(doc, charsets[c], &n);
			assert_true(read_bytes(bytes, (size_t)n, NULL, false, &got));
			assert_string_equal(got.item[0].alert->identifier, text);
			items_clear(&got);
			free(bytes);
			free(doc);
		}
}

/* Characters that GB 18030 had before Unicode did are where they are now, none in the private area. */
static void
radicals(void **state)
{
	static const char bytes[] =
	    "<?xml version='1.0' "
	    "encoding='gb18030'?><x>"
	    "\xa6\xd9\xa6\xda\xa6\xdb\xa6\xdc\xa6\xdd\xa6\xde\xa6\xdf\xa6\xec\xa6\xed\xa6\xf3"
	    "\xfe\x51\xfe\x52\xfe\x53\xfe\x59\xfe\x61\xfe\x66\xfe\x67\xfe\x6c\xfe\x6d\xfe\x76"
	    "\xfe\x7e\xfe\x90\xfe\x91\xfe\xa0 \xb8\xdf\x95\x32\x90\x31</x>";
	static const char text[] = "<?xml version='1.0' encoding='gb18030'?><x>︐︒︑︓︔︕︖︗︘︙"
				   "𠂇𠂉𠃌龴龵龶龷𡗗龸𢦏"
				   "龹龺𤇾龻 高𠂇</x>";
	struct err err = ERR_NONE;
	struct decoded d;

	(void)state;
	assert_true(decode(bytes, sizeof(bytes) - 1, &d, &err));
	assert_string_equal(d.charset, "gb18030");
	assert_int_equal(d.n, sizeof(text) - 1);
	assert_memory_equal(d.text, text, d.n);
	decoded_clear(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trip),
	    cmocka_unit_test(half_characters),
	    cmocka_unit_test(not_text),
	    cmocka_unit_test(declarations),
	    cmocka_unit_test(radicals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
