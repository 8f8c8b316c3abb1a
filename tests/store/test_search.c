/* store/search: recall, newest first, no syntax reaches FTS5, undo and replay, and what 1,000
 * hostile questions do. */
#include "tests/store/room.h"

#include "store/inside.h"
#include "store/search.h"
#include "store/search_internal.h"
#include "store/words.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX 200

/* A verb that indexes a text: note.put kind= ref= text */
static bool
run_note(struct verb_call *call, struct err *err)
{
	(void)err;
	search_put(call_store(call), call_text(call, "kind"), call_int(call, "ref"),
	    call_text(call, "text"));
	call_say(call, "note %lld", (long long)call_int(call, "ref"));
	return true;
}

static const struct verb_param note_params[] = {
    {"kind", "Kind", ARG_WORD, NULL, true, true, ""},
    {"ref", "Ref", ARG_INT, NULL, true, true, ""},
    {"text", "Text", ARG_REST, NULL, true, true, ""},
};
static const struct verb note_verbs[] = {
    {"note.put", "put", "a note", ROLE_SYSTEM, 0, note_params, 3, run_note, NULL},
};

/* Documents that wait before the index catches up: each test is run with none, some and all
 * waiting. */
static int behind;

static void
make(struct room *room)
{
	room_make(room);
	room->st->search_behind = behind;
	verb_register(room->st, note_verbs, 1);
}

static int64_t
put(struct room *room, const char *kind, int64_t ref, const char *text)
{
	return room_do(room->st, &room->system, "note.put",
	    json_pack("{s:s, s:I, s:s}", "kind", kind, "ref", (json_int_t)ref, "text", text));
}

/* The refs found, as "3 1", newest first. */
static char *
find(struct store *st, const char *kind, const char *words)
{
	static char out[MAX * 8];
	struct search_hit hit[MAX];
	size_t n = search_find(st, kind, words, 0, hit, MAX, NULL), used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(
		    out + used, sizeof(out) - used, "%s%lld", i ? " " : "", (long long)hit[i].ref);
	return out;
}

static const char *const texts[] = {
    "高速交警: G2 京沪高速南行 K1023+500 槽罐车侧翻, 液氨约25吨, 白雾, 驾驶员被困",
    "临泽镇 子婴河 圩堤 管涌, 30户86人受威胁",
    "经济开发区电池仓库火灾 UN3480, 2人轻伤",
    "三垛镇滑坡险情, 转移620人",
    "Ｇ２高速ＵＮ１００５　值班电话 0514-55501234",
    "山体滑动, 坡道封闭", /* not 滑坡: the characters stand apart */
    "火",
    "ÄRZTE und Feuerwehr",
};

static void
finds_words(void **state)
{
	static const struct {
		const char *words, *refs;
	} row[] = {
	    {"滑坡", "4"},
	    {"管涌", "2"},
	    {"京沪高速", "1"},
	    {"高速", "5 1"},
	    {"火", "7 3"},
	    {"灾", "3"},
	    {"困", "1"},
	    {"g2", "5 1"},
	    {"G2 高速", "5 1"},
	    {"un1005", "5"},
	    {"1005", "5"},
	    {"UN", "8 5 3"},
	    {"液氨约25吨", "1"},
	    {"25吨", "1"},
	    {"5吨", ""},
	    {"吨", "1"},
	    {"K1023+500", "1"},
	    {"k1023 槽罐", "1"},
	    {"1023+501", ""},
	    {"55501234", "5"},
	    {"5550", "5"},
	    {"０５１４", "5"},
	    {"ärzte", "8"},
	    {"feuer", "8"},
	    {"镇", "4 2"},
	    {"镇 人", "4 2"},
	    {"镇　人", "4 2"},
	    {"镇 火", ""},
	    {"沪京", ""},
	    {"高速南行", "1"},
	    {"南行K1023", ""},
	    {"南行 K1023", "1"},
	    {"", ""},
	    {"   ", ""},
	    {"。，!", ""},
	    {"滑坡 。", "4"},
	};
	struct room room;

	(void)state;
	make(&room);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		put(&room, "call", (int64_t)i + 1, texts[i]);
	for (size_t i = 0; i < COUNT_OF(row); i++)
		if (strcmp(find(room.st, "call", row[i].words), row[i].refs) != 0)
			fail_msg("\"%s\": \"%s\", not \"%s\"", row[i].words,
			    find(room.st, "call", row[i].words), row[i].refs);
	room_clear(&room);
}

/* Every piece of every text is found, whole words of letters aside: the index against a plain scan.
 */
static void
agrees_with_a_scan(void **state)
{
	static const char *const parts[] = {"高", "邮", "速", "火", "滑", "坡", "A", "b", "7", "3",
	    " ", "，", "+", "氨", "々", "Ｂ"};
	struct room room;
	char text[60][128];
	uint32_t seed = 20250710;
	int asked = 0, found = 0;

	(void)state;
	make(&room);
	for (size_t i = 0; i < COUNT_OF(text); i++) {
		text[i][0] = 'Z';
		text[i][1] = '\0';
		for (int k = 0; k < 24; k++) {
			size_t used = strlen(text[i]);

			seed = seed * 1664525 + 1013904223;
			snprintf(text[i] + used, sizeof(text[i]) - used, "%s",
			    parts[(seed >> 16) % COUNT_OF(parts)]);
		}
		put(&room, "call", (int64_t)i + 1, text[i]);
	}
	for (size_t i = 0; i < COUNT_OF(text); i++) {
		size_t n = strlen(text[i]), at = 0;
		struct run run;

		while (words_next(text[i], n, &at, &run)) {
			char words[128], folded[128], hay[256], all[400];
			struct search_hit hit[MAX];
			size_t got, expected = 0;

			memcpy(words, text[i] + run.start, run.end - run.start);
			words[run.end - run.start] = '\0';
			words_fold(words, strlen(words), folded, sizeof(folded));
			got = search_find(room.st, "call", words, 0, hit, MAX, NULL);
			for (size_t j = 0; j < COUNT_OF(text); j++) {
				words_fold(text[j], strlen(text[j]), hay, sizeof(hay));
				expected += strstr(hay, folded) != NULL;
			}
			/* A run of CJK is found wherever it stands; letters and digits only where a
			 * word begins. */
			if (run.kind == RUN_CJK ? got != expected : got > expected || got == 0) {
				snprintf(all, sizeof(all), "%s", text[i]);
				fail_msg("\"%s\": %zu of %zu (%s)", words, got, expected, all);
			}
			asked++;
			found += (int)got;
		}
	}
	assert_true(asked > 300 && found > asked);
	room_clear(&room);
}

static void
pages_newest_first(void **state)
{
	struct room room;
	struct search_hit hit[4];
	int64_t cursor = 0, expected = 20;
	size_t n;

	(void)state;
	make(&room);
	for (int64_t i = 1; i <= 20; i++)
		put(&room, i % 2 ? "plan" : "incident", i, "防汛应急");
	while ((n = search_find(room.st, NULL, "防汛", cursor, hit, 3, &cursor)) > 0)
		for (size_t i = 0; i < n; i++)
			assert_int_equal(hit[i].ref, expected--);
	assert_int_equal(expected, 0);
	assert_string_equal(find(room.st, "plan", "应急"), "19 17 15 13 11 9 7 5 3 1");
	assert_string_equal(find(room.st, "report", "应急"), "");
	assert_int_equal(search_find(room.st, NULL, "note 20", 0, hit, 4, NULL), 1);
	assert_string_equal(hit[0].kind, "journal");
	assert_string_equal(hit[0].snippet, "note 20");
	room_clear(&room);
}

static void
shows_the_place(void **state)
{
	struct room room;
	struct search_hit hit[1];
	struct buf text = BUF_MAX(4000);

	(void)state;
	make(&room);
	for (int i = 0; i < 100; i++)
		buf_add(&text, "一二三四五");
	buf_add(&text, "滑坡\n险情");
	for (int i = 0; i < 100; i++)
		buf_add(&text, "六七八九十");
	put(&room, "call", 1, buf_str(&text));
	assert_int_equal(search_find(room.st, NULL, "滑坡", 0, hit, 1, NULL), 1);
	assert_non_null(strstr(hit[0].snippet, "滑坡 险情"));
	assert_true(utf8_valid(hit[0].snippet, strlen(hit[0].snippet)));
	assert_true(strlen(hit[0].snippet) > 150);
	assert_ptr_equal(strstr(hit[0].snippet, "一二三四五"), hit[0].snippet);
	assert_true(hit[0].cut);
	buf_clear(&text);
	room_clear(&room);
}

/* Of a store of an older version; asked for by a part of it too, which stands before the place shown. */
static void
shows_no_password(void **state)
{
	static const char *const asked[] = {"gaoyou", "hunter2", "来源"};
	struct room room;
	struct search_hit hit[1];

	(void)state;
	make(&room);
	put(&room, "call", 1, "见 https://gaoyou:hunter2@h.example.cn/x 的来源");
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		assert_int_equal(search_find(room.st, "call", asked[i], 0, hit, 1, NULL), 1);
		assert_null(strstr(hit[0].snippet, "hunter2"));
		assert_non_null(strstr(hit[0].snippet, "h.example.cn"));
	}
	room_clear(&room);
}

static void
keeps_the_newest_text(void **state)
{
	struct room room;

	(void)state;
	make(&room);
	put(&room, "incident", 1, "电池仓库火灾");
	put(&room, "incident", 2, "子婴河管涌");
	put(&room, "incident", 1, "电池仓库火灾已扑灭");
	put(&room, "incident", 1, "电池仓库火灾已扑灭"); /* the same again */
	assert_string_equal(find(room.st, "incident", "火灾"), "1");
	assert_string_equal(find(room.st, "incident", "扑灭"), "1");
	put(&room, "incident", 1, "误报");
	assert_string_equal(find(room.st, "incident", "火灾"), "");
	assert_string_equal(find(room.st, NULL, "管涌"), "2");
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM search_doc WHERE kind = 'incident'", 0, ""),
	    4);
	/* The text of a journal row is not kept twice. */
	assert_int_equal(sql_one_int(room.st,
			     "SELECT count(*) FROM search_doc WHERE kind = 'journal'"
			     " AND text IS NOT NULL",
			     0, ""),
	    0);
	room_clear(&room);
}

/* search_undo and search_cut inside a verb, as undo and replay call them. */
static bool
run_take_back(struct verb_call *call, struct err *err)
{
	(void)err;
	if (call_int(call, "ref"))
		search_undo(call_store(call), call_int(call, "ref"),
		    call_flag(call, "again") ? 0 : call_journal(call));
	else
		search_cut(call_store(call), call_int(call, "to"));
	return true;
}

static const struct verb_param back_params[] = {
    {"ref", "Ref", ARG_INT, NULL, false, true, ""},
    {"to", "To", ARG_INT, NULL, false, true, ""},
    {"again", "Again", ARG_FLAG, NULL, false, true, ""},
};
static const struct verb back_verbs[] = {
    {"note.back", "", "take back", ROLE_SYSTEM, 0, back_params, 3, run_take_back, NULL},
};

static void
goes_back(void **state)
{
	struct room room;
	int64_t first, second;

	(void)state;
	make(&room);
	verb_register(room.st, back_verbs, 1);
	for (int64_t i = 10; i < 30; i++)
		put(&room, "call", i, "背景");
	first = (AREA << 33) + put(&room, "incident", 1, "电池仓库火灾");
	second = (AREA << 33) + put(&room, "incident", 1, "电池仓库爆炸");
	put(&room, "incident", 2, "爆炸余波");
	room_do(room.st, &room.system, "note.back", json_pack("{s:I}", "ref", (json_int_t)second));
	assert_string_equal(find(room.st, "incident", "爆炸"), "2");
	assert_string_equal(find(room.st, "incident", "火灾"), "1");
	room_do(room.st, &room.system, "note.back",
	    json_pack("{s:I, s:b}", "ref", (json_int_t)second, "again", 1));
	assert_string_equal(find(room.st, "incident", "爆炸"), "2 1");
	assert_string_equal(find(room.st, "incident", "火灾"), "");
	room_do(room.st, &room.system, "note.back", json_pack("{s:I}", "ref", (json_int_t)second));
	room_do(room.st, &room.system, "note.back", json_pack("{s:I}", "to", (json_int_t)second));
	/* As it stood just behind `second`: that it was taken back later is forgotten too. */
	assert_string_equal(find(room.st, "incident", "爆炸"), "1");
	room_do(room.st, &room.system, "note.back", json_pack("{s:I}", "to", (json_int_t)first));
	assert_string_equal(find(room.st, "incident", "火灾"), "1");
	assert_string_equal(find(room.st, "call", "背景"),
	    "29 28 27 26 25 24 23 22 21 20 19 18 17 16 15 14 13 12 11 10");
	room_clear(&room);
}

/* --- hostile questions ----------------------------------------------------------------------- */

static int statements;
static char seen[64][1200];

static int
trace(unsigned type, void *ctx, void *p, void *x)
{
	const char *text = x;

	(void)ctx;
	(void)p;
	if (type != SQLITE_TRACE_STMT || strncmp(text, "-- ", 3) == 0)
		return 0;
	for (int i = 0; i < statements; i++)
		if (strncmp(seen[i], text, sizeof(seen[i]) - 1) == 0)
			return 0;
	if (statements < 64)
		snprintf(seen[statements], sizeof(seen[statements]), "%s", text);
	statements++;
	return 0;
}

/* 1,000 questions made of what breaks others: quotes, operators, SQL, FTS5 syntax, controls, broken
 * UTF-8. */
static void
hostile_question(uint32_t seed, char *out, size_t size)
{
	static const char *const parts[] = {"\"", "'", "''", "\"\"", "*", "^", "(", ")", ")))", "-",
	    "+", ":", "{", "}", ",", " AND ", " OR ", " NOT ", " NEAR(", "NEAR(a b, 5)",
	    "text:", "search:", "rowid:1", "; DROP TABLE search; --", "' OR 1=1 --",
	    "UNION SELECT * FROM person", "%", "_", "\\", "/*", "*/", "?1", ":x", "@p", "$d",
	    "\x01", "\x1b[31m", "\xff\xfe", "\xe9\xab", "\xf0\x9f\x92\xa9", "\xee\x80\x80plan ",
	    "\xe2\x80\xae", "\xe2\x80\x8b", "滑坡", "火", "G2", "0", "9999999999999999999999",
	    "NULL", "\n", "\t", "　", "＂", "＊", "“", "”", "ſ", "İ", "ﬃ", "\xed\xa0\x80", "-- ",
	    "\"*", "\" OR \"", "fts5", "search MATCH 'x'", "char(0)", "zhiban", "detail=none"};
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t n = 1 + (seed >> 7) % 6; n > 0; n--) {
		seed = seed * 1664525 + 1013904223;
		used += (size_t)snprintf(
		    out + used, size - used, "%s", parts[(seed >> 13) % COUNT_OF(parts)]);
		if (used >= size)
			break;
	}
}

static void
no_question_is_syntax(void **state)
{
	struct room room;
	struct search_hit hit[20];
	char words[512], *deep = mem_zero(1, 70001);
	struct err err = ERR_NONE;
	int64_t rows, hits = 0;

	(void)state;
	make(&room);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		put(&room, "call", (int64_t)i + 1, texts[i]);
	put(&room, "call", 100,
	    "\" OR 1=1 -- NULL AND NOT (NEAR) DROP TABLE search; ' 火* 9999999999999999999999 "
	    "fts5");
	rows = sql_one_int(room.st, "SELECT count(*) FROM search_doc", 0, "");
	statements = 0;
	search_find(room.st, NULL, "滑坡", 0, hit, 20, NULL);
	search_find(room.st, "call", "滑坡", 0, hit, 20, NULL);
	sqlite3_trace_v2(room.st->db, SQLITE_TRACE_STMT, trace, NULL);
	store_read_begin(room.st);
	for (uint32_t i = 0; i < 1000; i++) {
		hostile_question(i * 2654435761u, words, sizeof(words));
		hits +=
		    (int64_t)search_find(room.st, i % 3 ? NULL : "call", words, 0, hit, 20, NULL);
	}
	for (int i = 0; i < 70000; i++)
		deep[i] = i % 3 == 0 ? '"' : i % 3 == 1 ? 'a' : ' ';
	search_find(room.st, NULL, deep, 0, hit, 20, NULL);
	memset(deep, '9', 70000);
	search_find(room.st, NULL, deep, 0, hit, 20, NULL);
	for (int i = 0; i + 3 <= 69999; i += 3)
		memcpy(deep + i, "\xe7\x81\xab", 3);
	search_find(room.st, NULL, deep, 0, hit, 20, NULL);
	if (!store_read_end(room.st, &err))
		fail_msg("%s (%s)", err.message, err.detail);
	sqlite3_trace_v2(room.st->db, 0, NULL, NULL);
	assert_true(hits > 100);
	if (statements > 8) /* the two of the search, those of the snapshot, and FTS5's own */
		fail_msg("%d different statements, the last: %s", statements,
		    seen[statements < 64 ? statements - 1 : 63]);
	assert_int_equal(sql_one_int(room.st, "SELECT count(*) FROM search_doc", 0, ""), rows);
	assert_string_equal(find(room.st, "call", "1=1"), "100");
	free(deep);
	room_clear(&room);
}

/* The same as texts: stored whole, found by their own words, and no row lost. */
static void
no_text_is_syntax(void **state)
{
	struct room room;
	char text[512];

	(void)state;
	make(&room);
	for (uint32_t i = 0; i < 200; i++) {
		hostile_question(i * 2654435761u + 17, text, sizeof(text));
		for (char *p = text; *p; p++)
			if ((unsigned char)*p >= 0x80 && !utf8_valid(text, strlen(text)))
				*p = '?';
		put(&room, "call", i + 1, *text ? text : "x");
		snprintf(text, sizeof(text), "标记%u号", i);
		put(&room, "mark", i + 1, text);
	}
	for (int i = 0; i < 200; i++) {
		char expected[16];

		snprintf(text, sizeof(text), "标记%d号", i);
		snprintf(expected, sizeof(expected), "%d", i + 1);
		assert_string_equal(find(room.st, "mark", text), expected);
	}
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM search_doc WHERE kind = 'call'", 0, ""),
	    200);
	assert_int_equal(
	    sql_one_int(room.st, "SELECT count(*) FROM journal WHERE verb = 'note.put'", 0, ""),
	    400);
	room_clear(&room);
}

static int
set_behind(void **state)
{
	behind = *(int *)*state;
	return 0;
}

/* Both ways from any place, a part at a time, and nothing from outside the window. */
static void
walks_the_journal(void **state)
{
	enum { NOTES = 40, LOW = 2, HIGH = 38, STEP = 7 };
	struct room room;
	int64_t id[NOTES], got[STEP];
	size_t n, next;

	(void)state;
	make(&room);
	for (size_t i = 0; i < NOTES; i++)
		id[i] =
		    id_make(AREA, put(&room, "plan", (int64_t)i, i % 2 ? "圩堤管涌" : "厂房起火"));
	next = HIGH;
	while ((n = search_journal(room.st, "note", id[LOW], id[next], false, got, STEP)))
		for (size_t k = 0; k < n; k++)
			assert_int_equal(got[k], id[--next]);
	assert_int_equal(next, LOW + 1);
	next = LOW;
	while ((n = search_journal(room.st, "note", id[next], id[HIGH], true, got, STEP)))
		for (size_t k = 0; k < n; k++)
			assert_int_equal(got[k], id[++next]);
	assert_int_equal(next, HIGH - 1);
	assert_int_equal(search_journal(room.st, "note", -1, INT64_MAX, true, got, 1), 1);
	assert_int_equal(got[0], id[0]);
	assert_int_equal(search_journal(room.st, "note", -1, INT64_MAX, false, got, 1), 1);
	assert_int_equal(got[0], id[NOTES - 1]);
	assert_int_equal(search_journal(room.st, "note", id[5], id[6], true, got, STEP), 0);
	/* The plan's text is not the journal row's. */
	assert_int_equal(search_journal(room.st, "管涌", -1, INT64_MAX, true, got, STEP), 0);
	assert_int_equal(search_journal(room.st, "", -1, INT64_MAX, true, got, STEP), 0);
	room_clear(&room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_words),
	    cmocka_unit_test(agrees_with_a_scan),
	    cmocka_unit_test(pages_newest_first),
	    cmocka_unit_test(walks_the_journal),
	    cmocka_unit_test(shows_the_place),
	    cmocka_unit_test(shows_no_password),
	    cmocka_unit_test(keeps_the_newest_text),
	    cmocka_unit_test(goes_back),
	    cmocka_unit_test(no_question_is_syntax),
	    cmocka_unit_test(no_text_is_syntax),
	};

	/* With every text in the index at once, with some waiting, with none in it. */
	static int waiting[] = {1, 3, SEARCH_BEHIND, 100000};
	struct CMUnitTest all[COUNT_OF(waiting) * COUNT_OF(tests)];
	char *names[COUNT_OF(all)];
	int failed;

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		all[i] = tests[i % COUNT_OF(tests)];
		all[i].name = names[i] =
		    mem_print("%s, %d waiting", all[i].name, waiting[i / COUNT_OF(tests)]);
		all[i].setup_func = set_behind;
		all[i].initial_state = &waiting[i / COUNT_OF(tests)];
	}
	failed = cmocka_run_group_tests(all, NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(all); i++)
		free(names[i]);
	return failed;
}
