/* The editor and the breaking of lines, with Chinese text. */
#include "tests/test.h"

#include "base/i18n.h"
#include "ui/editor.h"

#include <string.h>

static void
press(struct editor *e, uint32_t code)
{
	assert_true(editor_key(e, &(struct key){.code = code}));
}

static void
type(struct editor *e, const char *text)
{
	struct input in;
	struct key key;

	input_init(&in);
	input_feed(&in, text, strlen(text));
	while (input_next(&in, &key))
		assert_true(editor_key(e, &key));
	input_clear(&in);
}

/* --- lines ------------------------------------------------------------------------------- */

static void
check_lines(const char *text, int columns, const char *const *want, size_t n)
{
	struct text_lines l = {0};

	text_wrap(text, strlen(text), columns, &l);
	assert_int_equal(l.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(l.items[i].end - l.items[i].start, strlen(want[i]));
		assert_memory_equal(text + l.items[i].start, want[i], strlen(want[i]));
	}
	text_lines_clear(&l);
}
#define CHECK_LINES(text, columns, ...)                                                            \
	do {                                                                                       \
		static const char *const want[] = {__VA_ARGS__};                                   \
		check_lines(text, columns, want, sizeof(want) / sizeof(want[0]));                  \
	} while (0)

static void
test_wrap(void **state)
{
	(void)state;
	CHECK_LINES("", 10, "");
	CHECK_LINES("a\n", 10, "a", "");
	CHECK_LINES("子婴河圩堤管涌", 6, "子婴河", "圩堤管", "涌");
	CHECK_LINES("子婴河圩堤管涌", 7, "子婴河", "圩堤管", "涌");
	CHECK_LINES("one two three", 8, "one two", "three");
}

static void
test_wrap_keeps_punctuation(void **state)
{
	(void)state;
	/* a full stop never begins a line: the character before it comes along */
	CHECK_LINES("驾驶员被困。现场有白雾", 10, "驾驶员被", "困。现场有", "白雾");
	/* an opening bracket never ends one */
	CHECK_LINES("液氨泄漏（约二十五吨）", 10, "液氨泄漏", "（约二十五", "吨）");
	/* numbers and words stay whole, and so do times and decimals */
	CHECK_LINES("水位2.31米", 6, "水位", "2.31米");
	CHECK_LINES("于03:12接报", 6, "于", "03:12", "接报");
}

static void
test_wrap_cuts_what_is_too_long(void **state)
{
	(void)state;
	CHECK_LINES("abcdefghij", 4, "abcd", "efgh", "ij");
	CHECK_LINES("。。。。", 4, "。。", "。。");
}

/* --- editing ----------------------------------------------------------------------------- */

static void
test_typing(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, true, 1000);
	type(&e, "临泽镇\r管涌");
	assert_string_equal(e.text, "临泽镇\n管涌");
	press(&e, K_BACKSPACE);
	assert_string_equal(e.text, "临泽镇\n管");
	press(&e, K_HOME);
	type(&e, "有");
	assert_string_equal(e.text, "临泽镇\n有管");
	press(&e, K_LEFT);
	press(&e, K_DELETE);
	assert_string_equal(e.text, "临泽镇\n管");
	editor_clear(&e);
}

static void
test_one_line_takes_no_enter(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, false, 1000);
	type(&e, "a");
	assert_false(editor_key(&e, &(struct key){.code = K_ENTER}));
	assert_false(editor_key(&e, &(struct key){.code = K_UP}));
	assert_true(editor_key(&e, &(struct key){.code = K_PASTE, .text = "b\nc", .size = 3}));
	assert_string_equal(e.text, "ab c");
	editor_clear(&e);
}

static void
test_undo(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, true, 1000);
	type(&e, "管涌，险情");
	assert_true(editor_undo(&e)); /* what was typed since the comma */
	assert_string_equal(e.text, "管涌，");
	assert_true(editor_undo(&e));
	assert_string_equal(e.text, "");
	assert_false(editor_undo(&e));
	assert_true(editor_redo(&e));
	assert_true(editor_redo(&e));
	assert_string_equal(e.text, "管涌，险情");
	assert_false(editor_redo(&e));
	editor_undo(&e);
	type(&e, "x");
	assert_string_equal(e.text, "管涌，x");
	assert_false(editor_redo(&e));
	editor_clear(&e);
}

static void
test_history_is_bounded_and_exact(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, true, 60000);
	for (int i = 0; i < 3000; i++)
		type(&e, i % 2 ? "\r" : "堤");
	assert_true(e.n_changes <= 1000);
	while (editor_undo(&e))
		;
	assert_true(e.size < 1500 * 4);
	while (editor_redo(&e))
		;
	assert_int_equal(e.size, 1500 * 4);
	editor_clear(&e);
}

static void
test_words(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, true, 1000);
	editor_set(&e, "G2京沪高速，约25吨");
	press(&e, K_ALT | '<');
	press(&e, K_ALT | 'f');
	assert_int_equal(e.cursor, 2);
	press(&e, K_ALT | 'f');
	assert_int_equal(e.cursor, 2 + 12);
	press(&e, K_ALT | '>');
	press(&e, CTRL_KEY('w'));
	assert_string_equal(e.text, "G2京沪高速，约25");
	press(&e, CTRL_KEY('w'));
	press(&e, CTRL_KEY('w'));
	assert_string_equal(e.text, "G2京沪高速，");
	press(&e, CTRL_KEY('y')); /* cut one after the other: back as one */
	assert_string_equal(e.text, "G2京沪高速，约25吨");
	editor_clear(&e);
}

static void
test_lines_up_and_down(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, true, 1000);
	editor_set(&e, "子婴河圩堤管涌险情\n短\n龙虬镇三垛镇甘垛镇");
	e.columns = 80;
	press(&e, K_ALT | '<');
	for (int i = 0; i < 4; i++)
		press(&e, K_RIGHT);
	press(&e, K_DOWN); /* the short line */
	press(&e, K_DOWN); /* and back in the column one came from */
	type(&e, "|");
	assert_non_null(strstr(e.text, "龙虬镇三|垛镇"));
	editor_clear(&e);
}

static void
test_limit_refuses_whole(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, true, 7);
	type(&e, "管涌");
	assert_true(editor_key(&e, &(struct key){.code = 0x9669}));
	assert_string_equal(e.text, "管涌");
	assert_true(e.refused);
	editor_clear(&e);
}

static void
test_hidden_characters_are_not_typed(void **state)
{
	struct editor e;

	(void)state;
	editor_init(&e, true, 100);
	assert_true(editor_key(&e, &(struct key){.code = 0x202e}));
	assert_true(editor_key(&e, &(struct key){.code = 0x200b}));
	assert_string_equal(e.text, "");
	editor_clear(&e);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wrap),
	    cmocka_unit_test(test_wrap_keeps_punctuation),
	    cmocka_unit_test(test_wrap_cuts_what_is_too_long),
	    cmocka_unit_test(test_typing),
	    cmocka_unit_test(test_one_line_takes_no_enter),
	    cmocka_unit_test(test_undo),
	    cmocka_unit_test(test_history_is_bounded_and_exact),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_lines_up_and_down),
	    cmocka_unit_test(test_limit_refuses_whole),
	    cmocka_unit_test(test_hidden_characters_are_not_typed),
	};

	i18n_init();
	return cmocka_run_group_tests_name("ui/editor", tests, NULL, NULL);
}
