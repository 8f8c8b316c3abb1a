/* Bytes -> keys, whatever the pieces they come in. */
#include "tests/test.h"

#include "base/i18n.h"
#include "ui/input.h"

#include <string.h>

/* Feed in pieces, give the codes; an open end is expired. */
static size_t
decode(const char *bytes, size_t n, size_t piece, uint32_t *codes, size_t max)
{
	struct input in;
	struct key key;
	size_t count = 0;

	input_init(&in);
	for (size_t i = 0; i < n; i += piece) {
		input_feed(&in, bytes + i, n - i < piece ? n - i : piece);
		while (input_next(&in, &key) && count < max)
			codes[count++] = key.code;
	}
	if (input_pending(&in)) {
		input_expire(&in);
		while (input_next(&in, &key) && count < max)
			codes[count++] = key.code;
	}
	assert_false(input_pending(&in));
	input_clear(&in);
	return count;
}

static void
check(const char *bytes, const uint32_t *want, size_t n)
{
	uint32_t got[64];

	for (size_t piece = 1; piece <= strlen(bytes); piece++) {
		assert_int_equal(decode(bytes, strlen(bytes), piece, got, 64), n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(got[i], want[i]);
	}
}
#define CHECK(bytes, ...)                                                                          \
	do {                                                                                       \
		static const uint32_t want[] = {__VA_ARGS__};                                      \
		check(bytes, want, sizeof(want) / sizeof(want[0]));                                \
	} while (0)

static void
test_characters(void **state)
{
	(void)state;
	CHECK("j", 'j');
	CHECK("值班", 0x503c, 0x73ed);
	CHECK("\xf0\xa0\x80\x80z", 0x20000, 'z');
	CHECK("\r\n", K_ENTER, K_ENTER);
	CHECK("\x7f\x08\t", K_BACKSPACE, K_BACKSPACE, K_TAB);
	CHECK("\x13", CTRL_KEY('s'));
}

static void
test_bad_utf8_is_dropped(void **state)
{
	(void)state;
	CHECK("a\xffz", 'a', 'z');
	CHECK("a\xe5\x80", 'a');
	CHECK("\xe5\x80j", 'j');
	CHECK("\xed\xa0\x80k", 'k'); /* a surrogate */
}

static void
test_sequences(void **state)
{
	(void)state;
	CHECK("\033[A\033OB", K_UP, K_DOWN);
	CHECK("\033[5~\033[6~", K_PAGE_UP, K_PAGE_DOWN);
	CHECK("\033[1~\033[4~\033[H\033OF", K_HOME, K_END, K_HOME, K_END);
	CHECK("\033[1;5C", K_RIGHT | K_CTRL);
	CHECK("\033[1;3D", K_LEFT | K_ALT);
	CHECK("\033OP\033[12~\033[[C\033[21~", K_F(1), K_F(2), K_F(3), K_F(10));
	CHECK("\033[Z", K_BACKTAB);
	CHECK("\033[3~", K_DELETE);
}

static void
test_escape(void **state)
{
	(void)state;
	CHECK("\033", K_ESC);
	CHECK("\033\033[5n", K_ESC, K_SYNC);
	CHECK("\033f", K_ALT | 'f');
	CHECK("\033\x7f", K_ALT | K_BACKSPACE);
}

static void
test_unknown_sequences_type_nothing(void **state)
{
	(void)state;
	CHECK("\033[?1;2cj", 'j');
	CHECK("\033[>41;354;0cj", 'j');
	CHECK("\033[999~j", 'j');
	CHECK("\033[I\033[Oj", 'j');
}

static void
test_cursor_report(void **state)
{
	struct input in;
	struct key key;

	(void)state;
	input_init(&in);
	input_feed(&in, "\033[2;3R", 6);
	assert_true(input_next(&in, &key));
	assert_int_equal(key.code, K_CURSOR);
	assert_int_equal(key.row, 2);
	assert_int_equal(key.column, 3);
	input_feed(&in, "\033[1;2R", 6); /* shift F3 */
	assert_true(input_next(&in, &key));
	assert_int_equal(key.code, K_F(3));
	input_clear(&in);
}

static const char *
paste_of(const char *bytes, size_t piece, struct input *in, struct key *key)
{
	size_t n = strlen(bytes);

	input_init(in);
	for (size_t i = 0; i < n; i += piece) {
		input_feed(in, bytes + i, n - i < piece ? n - i : piece);
		if (input_next(in, key))
			return key->text;
	}
	return NULL;
}

static void
test_paste(void **state)
{
	struct input in;
	struct key key;

	(void)state;
	for (size_t piece = 1; piece < 30; piece++) {
		assert_string_equal(
		    paste_of("\033[200~管涌\r\n2\033[201~", piece, &in, &key), "管涌\n2");
		assert_int_equal(key.code, K_PASTE);
		input_clear(&in);
	}
}

/* What is pasted cannot work the console: control sequences in it lose their Escape. */
static void
test_paste_is_cleaned(void **state)
{
	struct input in;
	struct key key;

	(void)state;
	assert_non_null(paste_of("\033[200~a\033[5nb\xe2\x80\xae"
				 "c\033[201~",
	    3, &in, &key));
	assert_string_equal(key.text, "a[5nb\xe3\x83\xbb"
				      "c");
	input_clear(&in);
}

static void
test_unended_paste_is_given(void **state)
{
	struct input in;
	struct key key;

	(void)state;
	assert_null(paste_of("\033[200~abc", 2, &in, &key));
	assert_true(input_pending(&in));
	input_expire(&in);
	assert_true(input_next(&in, &key));
	assert_string_equal(key.text, "abc");
	input_clear(&in);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_characters),
	    cmocka_unit_test(test_bad_utf8_is_dropped),
	    cmocka_unit_test(test_sequences),
	    cmocka_unit_test(test_escape),
	    cmocka_unit_test(test_unknown_sequences_type_nothing),
	    cmocka_unit_test(test_cursor_report),
	    cmocka_unit_test(test_paste),
	    cmocka_unit_test(test_paste_is_cleaned),
	    cmocka_unit_test(test_unended_paste_is_given),
	};

	i18n_init();
	return cmocka_run_group_tests_name("ui/input", tests, NULL, NULL);
}
