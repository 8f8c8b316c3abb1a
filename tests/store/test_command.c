/* store/command: the grammar by examples, in Chinese and English; then random lines, which may
 * never break it. */
#include "tests/store/room.h"

#include "store/command.h"
#include "store/search.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a small room: incidents, teams, orders -------------------------------------------------- */

struct item {
	int64_t id;
	const char *word, *label;
};
static const struct item incidents[] = {
    {87, "087", "087 堤防管涌"},
    {88, "088", "088 电池仓库火灾"},
    {89, "089", "089 危化品泄漏"},
    {189, "189", "189 液氨泄漏"},
};
static const struct item teams[] = {
    {501, "高邮消防", "高邮市消防救援大队"},
    {502, "临泽消防", "临泽镇专职消防队"},
    {503, "高邮医疗", "高邮市急救中心"},
};
static const struct item units[] = {
    {601, "高邮消防", "高邮市消防救援大队 (单位)"},
    {602, "三垛镇", "三垛镇人民政府"},
    {603, "two words", "a unit of two words"},
};
static const struct item orders[] = {
    {701, "2026-141", "2026-141 封闭双向车道"}, {702, "2026-142", "2026-142 监测"}};

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static size_t
find_in(const struct item *items, size_t n, const char *word, struct thing *out, size_t max)
{
	size_t found = 0;
	bool number = strspn(word, "0123456789-") == strlen(word);

	for (int level = 4; level > 0; level--) {
		for (size_t i = 0; i < n && found < max; i++) {
			char initials[64];
			int score = 0;

			pinyin_initials(items[i].word, initials, sizeof(initials));
			if (!*word)
				score = 1;
			else if (strcmp(items[i].word, word) == 0)
				score = 4;
			else if (number ? ends_with(items[i].word, word)
					: pinyin_match(initials, word) == 3)
				score = 3;
			else if (!number &&
				 (pinyin_match(initials, word) || strstr(items[i].label, word)))
				score = 2;
			if (score != level)
				continue;
			out[found] = (struct thing){.id = items[i].id, .score = score};
			snprintf(out[found].word, sizeof(out[found].word), "%s", items[i].word);
			snprintf(out[found].label, sizeof(out[found].label), "%s", items[i].label);
			found++;
		}
	}
	return found;
}

static bool
label_in(const struct item *items, size_t n, int64_t id, char *out, size_t size)
{
	for (size_t i = 0; i < n; i++) {
		if (items[i].id != id)
			continue;
		snprintf(out, size, "%s", items[i].label);
		return true;
	}
	return false;
}

#define KIND(name)                                                                                 \
	static size_t find_##name(struct store *st, const struct actor *actor, const char *word,   \
	    struct thing *out, size_t max)                                                         \
	{                                                                                          \
		assert_non_null(actor);                                                            \
		(void)st;                                                                          \
		return find_in(name, COUNT_OF(name), word, out, max);                              \
	}                                                                                          \
	static bool label_##name(struct store *st, int64_t id, char *out, size_t size)             \
	{                                                                                          \
		(void)st;                                                                          \
		return label_in(name, COUNT_OF(name), id, out, size);                              \
	}
KIND(incidents)
KIND(teams)
KIND(units)
KIND(orders)

static const struct thing_kind kinds[] = {
    {"incident", "事件", find_incidents, label_incidents},
    {"team", "队伍", find_teams, label_teams},
    {"unit", "单位", find_units, label_units},
    {"order", "指令", find_orders, label_orders},
};

static bool
run_say(struct verb_call *call, struct err *err)
{
	char *args = json_dumps(call_args(call), JSON_COMPACT | JSON_SORT_KEYS);

	(void)err;
	call_say(call, "%s", args);
	free(args);
	return true;
}

static const struct verb_param issue_params[] = {
    {"to", "对象", ARG_THING, "team|unit", true, true, "who"},
    {"incident", "事件", ARG_THING, "incident", true, true, "for what"},
    {"content", "内容", ARG_REST, NULL, false, true, "what"},
    {"due", "时限", ARG_TIME, "ahead", false, false, "when"},
    {"reserve", "预留", ARG_FLAG, NULL, false, false, "only reserve"},
};
static const struct verb_param ack_params[] = {
    {"order", "指令", ARG_THING, "order", true, true, "which"},
    {"at", "时间", ARG_TIME, "past", false, true, "when"},
    {"way", "方式", ARG_CHOICE, "yes|no|nobody", false, true, "how"},
    {"by", "签收人", ARG_WORD, NULL, false, true, "who"},
};
static const struct verb_param supply_params[] = {
    {"goods", "物资", ARG_WORD, NULL, true, true, "what"},
    {"amount", "数量", ARG_INT, NULL, true, true, "how many"},
    {"weight", "重量", ARG_REAL, NULL, false, false, "t"},
    {"incident", "事件", ARG_THING, "incident", true, true, "for what"},
};
static const struct verb_param note_params[] = {
    {"incident", "事件", ARG_THING, "incident", false, true, "about"},
    {"place", "地点", ARG_WORD, NULL, false, false, "where"},
    {"text", "内容", ARG_REST, NULL, true, true, "what"},
};
static const struct verb_param hand_params[] = {
    {"note", "说明", ARG_REST, NULL, false, false, "why"},
    {"order", "指令", ARG_THING, "order", true, true, "which"},
};

#define ALL (ROLE_ROOM | ROLE_SYSTEM | ROLE_TOWNSHIP)
static const struct verb verbs[] = {
    {"order.issue", "issue 派 派遣", "派遣队伍或单位", ROLE_ROOM | ROLE_SYSTEM, 0, issue_params, 5,
	run_say, NULL},
    {"order.ack", "ack 签收", "签收指令", ALL, 0, ack_params, 4, run_say, NULL},
    {"order.hand", "hand 移交", "移交指令", ALL, 0, hand_params, 2, run_say, NULL},
    {"assign.supply", "supply 调拨 拨", "调拨物资", ALL, 0, supply_params, 4, run_say, NULL},
    {"incident.note", "memo 附 附记", "记一笔", ALL, 0, note_params, 3, run_say, NULL},
    {"inner.quiet", "quiet", "不在命令行上", ALL, VERB_QUIET, NULL, 0, run_say, NULL},
};

static struct room room;
static struct actor officer, township;

static int
setup(void **state)
{
	int64_t at;

	(void)state;
	i18n_init();
	i18n_set_language("zh_CN");
	room_make(&room);
	verb_register(room.st, verbs, COUNT_OF(verbs));
	thing_register(room.st, kinds, COUNT_OF(kinds));
	assert_true(clock_parse("2025-07-10T03:12", 0, &at));
	clock_pin(at);
	officer = room_person(room.st, "陈涛", ROLE_OFFICER, AREA);
	township = room_person(room.st, "周敏", ROLE_TOWNSHIP, TOWN);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	clock_pin(CLOCK_NONE);
	room_clear(&room);
	return 0;
}

/* --- reading --------------------------------------------------------------------------------- */

/* A line, and its arguments as JSON when it may be run ("verb {…}"), or "! problem". */
static char *
reading_of(const struct actor *actor, const char *line, json_t *context)
{
	static char out[8192];
	struct command_reading reading;

	command_read(room.st, actor, line, SIZE_MAX, context, &reading);
	if (reading.problem)
		snprintf(out, sizeof(out), "! %s", reading.problem);
	else {
		char *args = json_dumps(reading.args, JSON_COMPACT | JSON_SORT_KEYS);

		snprintf(out, sizeof(out), "%s %s", reading.verb->name, args);
		free(args);
	}
	command_reading_clear(&reading);
	return out;
}

struct example {
	const char *line, *reading;
};

static void
check(const struct actor *actor, const struct example *row, size_t n, json_t *context)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(reading_of(actor, row[i].line, context), row[i].reading) != 0)
			fail_msg("%s\n  gives   %s\n  and not %s", row[i].line,
			    reading_of(actor, row[i].line, context), row[i].reading);
}

static void
reads_lines(void **state)
{
	static const struct example row[] = {
	    /* the verb: name, word, Chinese, initials, beginnings, without a blank */
	    {"order.issue 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"issue 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"ISSUE 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"p 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"o.i 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"iss 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"派遣 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"派遣队伍 高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"派高邮消防 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"qs 141", "order.ack {\"order\":701}"},
	    {"签 141", "order.ack {\"order\":701}"},
	    {"签收141", "order.ack {\"order\":701}"},
	    {"：派　高邮消防　０８９", "order.issue {\"incident\":89,\"to\":501}"},
	    {":p gyxf 89", "! “89”不唯一，可能是：089；189"},
	    {"p gyxf 089", "order.issue {\"incident\":89,\"to\":501}"},
	    {"p 三垛 189", "order.issue {\"incident\":189,\"to\":602}"},
	    {"p 189 三垛", "order.issue {\"incident\":189,\"to\":602}"},
	    {"p \"two words\" 189", "order.issue {\"incident\":189,\"to\":603}"},
	    {"p “two words” 189", "order.issue {\"incident\":189,\"to\":603}"},
	    /* NAME=VALUE anywhere */
	    {"派 to=高邮消防 incident=089 封闭双向车道",
		"order.issue {\"content\":\"封闭双向车道\",\"incident\":89,\"to\":501}"},
	    {"派 封闭双向车道 to=高邮消防 incident=089",
		"order.issue {\"content\":\"封闭双向车道\",\"incident\":89,\"to\":501}"},
	    {"派 封闭 incident＝０８９  双向车道 对象=高邮消防",
		"order.issue {\"content\":\"封闭 双向车道\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089 封闭  双向，Ｇ２ 南行 ",
		"order.issue {\"content\":\"封闭  双向，Ｇ２ 南行\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089 pH=8 超标",
		"order.issue {\"content\":\"pH=8 超标\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089 \"封闭 to=双向\"",
		"order.issue {\"content\":\"封闭 to=双向\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089 \"封闭\" 双向",
		"order.issue {\"content\":\"\\\"封闭\\\" 双向\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089 预留 封闭",
		"order.issue {\"content\":\"封闭\",\"incident\":89,\"reserve\":true,\"to\":501}"},
	    {"派 预留 高邮消防 089", "order.issue {\"incident\":89,\"reserve\":true,\"to\":501}"},
	    {"派 高邮消防 089 reserve=否",
		"order.issue {\"incident\":89,\"reserve\":false,\"to\":501}"},
	    {"派 高邮消防 089 due=03:42",
		"order.issue {\"due\":\"2025-07-10T03:42:00+08:00\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089 due=0300",
		"order.issue {\"due\":\"2025-07-11T03:00:00+08:00\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 089 时限=+30",
		"order.issue {\"due\":\"2025-07-10T03:42:00+08:00\",\"incident\":89,\"to\":501}"},
	    {"移交 note=不归我们 管 了 order=141",
		"order.hand {\"note\":\"不归我们 管 了\",\"order\":701}"},
	    {"移交 141 note=不归我们 管 了",
		"order.hand {\"note\":\"不归我们 管 了\",\"order\":701}"},
	    {"移交 141 note=\"不归我们 管\"",
		"order.hand {\"note\":\"不归我们 管\",\"order\":701}"},
	    /* kinds tell words apart */
	    {"签收 141 03:10 王某",
		"order.ack {\"at\":\"2025-07-10T03:10:00+08:00\",\"by\":\"王某\",\"order\":701}"},
	    {"签收 141 王某 0310",
		"order.ack {\"at\":\"2025-07-10T03:10:00+08:00\",\"by\":\"王某\",\"order\":701}"},
	    {"签收 141 2350", "order.ack {\"at\":\"2025-07-09T23:50:00+08:00\",\"order\":701}"},
	    {"签收 141 3点05分 no",
		"order.ack {\"at\":\"2025-07-10T03:05:00+08:00\",\"order\":701,\"way\":\"no\"}"},
	    {"签收 2026-141 nobo", "order.ack {\"order\":701,\"way\":\"nobody\"}"},
	    {"签收 #141 way=x", "! “x”不在可选项内：是、否、nobody"},
	    {"签收 141 是 03：10 \"0310\"", "order.ack "
					    "{\"at\":\"2025-07-10T03:10:00+08:00\",\"by\":\"0310\","
					    "\"order\":701,\"way\":\"yes\"}"},
	    {"调拨 编织袋 5000 087",
		"assign.supply {\"amount\":5000,\"goods\":\"编织袋\",\"incident\":87}"},
	    {"拨 编织袋 ５０００ 087 weight=1.5",
		"assign.supply "
		"{\"amount\":5000,\"goods\":\"编织袋\",\"incident\":87,\"weight\":1.5}"},
	    /* an optional thing before text */
	    {"附 088 已到场", "incident.note {\"incident\":88,\"text\":\"已到场\"}"},
	    {"附 已到场", "incident.note {\"text\":\"已到场\"}"},
	    {"附 泄漏 已堵住", "incident.note {\"text\":\"泄漏 已堵住\"}"},
	    {"附 \"088\" 是楼号", "incident.note {\"text\":\"\\\"088\\\" 是楼号\"}"},
	    {"附 777 已到场", "! 没有编号为 777 的事件"},
	    {"附 088 第一行\n第二行",
		"incident.note {\"incident\":88,\"text\":\"第一行\\n第二行\"}"},
	    {"inner.quiet", "inner.quiet {}"},
	};

	(void)state;
	check(&officer, row, COUNT_OF(row), NULL);
}

static void
says_what_is_wrong(void **state)
{
	static const struct example row[] = {
	    {"", "! 还没有输入命令"},
	    {"   ", "! 还没有输入命令"},
	    {"派", "! 还缺：对象、事件"},
	    {"派 高邮消防", "! 还缺：事件"},
	    {"派 高邮消防 99", "! 没有编号为 99 的事件"},
	    {"派 高邮消防 999 封闭", "! 没有编号为 999 的事件"},
	    {"派 封闭 089", "! 没有找到队伍或单位“封闭”"},
	    {"派 高邮 089", "! “高邮”不唯一，可能是：高邮消防；高邮医疗"},
	    {"签收 14", "! 没有编号为 14 的指令"},
	    {"签收 141 王某 李某", "! 多出一个词：李某"},
	    {"签收 141 at=早上", "! “早上”不是时间"},
	    {"调拨 编织袋 五千 087", "! “五千”不是整数"},
	    {"调拨 编织袋 5000 087 weight=重", "! “重”不是数字"},
	    {"调拨 编织袋 5000 087 colour=red", "! assign.supply 没有“colour”这一项"},
	    {"调拨 编织袋 5000 087 incident=088 incident=089", "! “事件”写了两次"},
	    {"派 高邮消防 089 due=", "! due= 后面要有值"},
	    {"a", "! “a”不唯一，可能是：test.area、签收、调拨"},
	    {"拔", "! 没有“拔”这条命令"},
	    {"odrer.issue 1", "! 没有“odrer.issue”这条命令，相近的有：派"},
	    {"物资", "! 没有“物资”这条命令，相近的有：调拨"},
	    {"quie", "! 没有“quie”这条命令"},
	};
	static const struct example denied[] = {
	    {"派 高邮消防 089", "! 周敏无权执行：派"},
	    {"签收 141", "order.ack {\"order\":701}"},
	};

	(void)state;
	check(&officer, row, COUNT_OF(row), NULL);
	check(&township, denied, COUNT_OF(denied), NULL);
}

static void
takes_the_context(void **state)
{
	static const struct example row[] = {
	    {"派 高邮消防", "order.issue {\"incident\":88,\"to\":501}"},
	    {"派 高邮消防 封闭双向车道",
		"order.issue {\"content\":\"封闭双向车道\",\"incident\":88,\"to\":501}"},
	    {"派 高邮消防 泄漏 已堵",
		"order.issue {\"content\":\"泄漏 已堵\",\"incident\":88,\"to\":501}"},
	    {"派 高邮消防 089 封闭",
		"order.issue {\"content\":\"封闭\",\"incident\":89,\"to\":501}"},
	    {"派 高邮消防 77 封闭", "! 没有编号为 77 的事件"}, {"派", "! 还缺：对象"},
	    {"附 已到场", "incident.note {\"text\":\"已到场\"}"}, /* only for what is required */
	};
	json_t *context = json_pack("{s:i}", "incident", 88);

	(void)state;
	check(&officer, row, COUNT_OF(row), context);
	json_decref(context);
}

static char *
said_of(const char *line)
{
	static char out[4096];
	struct command_reading reading;

	command_read(room.st, &officer, line, SIZE_MAX, NULL, &reading);
	snprintf(out, sizeof(out), "%s", reading.said);
	command_reading_clear(&reading);
	return out;
}

static void
says_it_back(void **state)
{
	(void)state;
	assert_string_equal(said_of("派 gyxf 089 预留 封闭\n双向 due=04:12"),
	    "派遣队伍或单位：高邮市消防救援大队  089 危化品泄漏  内容 封闭 双向  时限 04:12  预留");
	assert_string_equal(said_of("签收 141 07-09T23:50 f"),
	    "签收指令：2026-141 封闭双向车道  时间 07-09 23:50  方式 否");
	assert_string_equal(said_of("派"), "派遣队伍或单位");
	assert_string_equal(said_of("无此命令"), "");
	i18n_set_language("en");
	assert_string_equal(
	    said_of("ack 141 nobody"), "签收指令: 2026-141 封闭双向车道  方式 nobody");
	assert_string_equal(reading_of(&officer, "ack 77", NULL), "! there is no 指令 numbered 77");
	i18n_set_language("zh_CN");
}

static void
runs(void **state)
{
	struct verb_result result;
	struct err err = ERR_NONE;
	json_t *context = json_pack("{s:i}", "incident", 88);

	(void)state;
	assert_true(command_run(room.st, &officer, "派 高邮消防 封闭", context, &result, &err));
	assert_string_equal(result.said, "{\"content\":\"封闭\",\"incident\":88,\"to\":501}");
	assert_true(result.seq > 0);
	verb_result_clear(&result);
	assert_false(command_run(room.st, &officer, "派 高邮消防", NULL, &result, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.message, "还缺：事件");
	err_clear(&err);
	assert_false(command_run(room.st, &officer, "签收 9", NULL, &result, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	err_clear(&err);
	assert_false(command_run(room.st, &township, "派 高邮消防 089", NULL, &result, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	err_clear(&err);
	json_decref(context);
}

/* --- completions ----------------------------------------------------------------------------- */

/* The completions of a line with the cursor at '|', joined by blanks, behind "from-to:". */
static char *
completions_of(const char *marked)
{
	static char out[8192];
	struct command_reading reading;
	char *line = mem_dup(marked), *bar = strchr(line, '|');
	size_t cursor = (size_t)(bar - line), used;

	memmove(bar, bar + 1, strlen(bar));
	command_read(room.st, &officer, line, cursor, NULL, &reading);
	used = (size_t)snprintf(out, sizeof(out), "%zu-%zu:", reading.from, reading.to);
	for (size_t i = 0; i < reading.n_completions && used < sizeof(out); i++)
		used += (size_t)snprintf(
		    out + used, sizeof(out) - used, " %s", reading.completions[i].word);
	command_reading_clear(&reading);
	free(line);
	return out;
}

static void
completes(void **state)
{
	static const struct example row[] = {
	    {"ord|", "0-3: order.issue order.ack order.hand"},
	    {"签|", "0-3: 签收"},
	    {"q|", "0-1: 签收"},
	    {":q|", "1-2: 签收"},
	    {"or|der x", "0-5: order.issue order.ack order.hand"},
	    {"派 |", "4-4: 高邮消防 临泽消防 高邮医疗 高邮消防 三垛镇 \"two words\" 时限= 预留"},
	    {"派 gy|", "4-6: 高邮消防 高邮医疗 高邮消防"},
	    {"派 gy| 089", "4-6: 高邮消防 高邮医疗 高邮消防"},
	    {"派 高邮消防 |", "17-17: 087 088 089 189 时限= 预留"},
	    {"派 高邮消防 8|", "17-18: 088"},
	    {"派 高邮消防 089 |", "21-21: 时限= 预留"},
	    {"派 高邮消防 089 封|闭", "21-27:"},
	    {"派 to=g|", "7-8: 高邮消防 高邮医疗 高邮消防"},
	    {"派 | to=高邮消防", "4-4: 087 088 089 189 时限= 预留"},
	    {"派 to=\"tw|", "7-10: \"two words\""},
	    {"签收 141 |", "11-11: 是 否 nobody"},
	    {"签收 141 way=|", "15-15: 是 否 nobody"},
	    {"签收 141 nob|", "11-14: nobody"},
	    {"签收 141 w|", "11-12: way="},
	    {"无此命令 |", "13-13:"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++)
		if (strcmp(completions_of(row[i].line), row[i].reading) != 0)
			fail_msg("%s\n  gives   %s\n  and not %s", row[i].line,
			    completions_of(row[i].line), row[i].reading);
	assert_int_equal(strncmp(completions_of("|"), "0-0: ", 5), 0);
	assert_non_null(strstr(completions_of("|"), "派"));
	assert_null(strstr(completions_of("|"), "quiet"));
}

/* --- times ----------------------------------------------------------------------------------- */

static void
reads_times(void **state)
{
	static const struct {
		const char *text, *of, *iso;
	} row[] = {
	    {"03:42", NULL, "2025-07-10T03:42:00+08:00"},
	    {"0342", NULL, "2025-07-10T03:42:00+08:00"},
	    {"０３：４２", NULL, "2025-07-10T03:42:00+08:00"},
	    {"3:05", NULL, "2025-07-10T03:05:00+08:00"},
	    {"23:50", NULL, "2025-07-09T23:50:00+08:00"},
	    {"23:50", "ahead", "2025-07-10T23:50:00+08:00"},
	    {"15:00", NULL, "2025-07-10T15:00:00+08:00"},
	    {"15:00", "past", "2025-07-09T15:00:00+08:00"},
	    {"15:20", NULL, "2025-07-09T15:20:00+08:00"},
	    {"03:12", "ahead", "2025-07-10T03:12:00+08:00"},
	    {"03:12", "past", "2025-07-10T03:12:00+08:00"},
	    {"03:00", "ahead", "2025-07-11T03:00:00+08:00"},
	    {"24:00", "ahead", "2025-07-11T00:00:00+08:00"},
	    {"3时", NULL, "2025-07-10T03:00:00+08:00"},
	    {"3时5分", NULL, "2025-07-10T03:05:00+08:00"},
	    {"3点半", NULL, "2025-07-10T03:30:00+08:00"},
	    {"now", NULL, "2025-07-10T03:12:00+08:00"},
	    {"现在", NULL, "2025-07-10T03:12:00+08:00"},
	    {"+30", NULL, "2025-07-10T03:42:00+08:00"},
	    {"-12", NULL, "2025-07-10T03:00:00+08:00"},
	    {"+2h", NULL, "2025-07-10T05:12:00+08:00"},
	    {"+1天", NULL, "2025-07-11T03:12:00+08:00"},
	    {"+30分", NULL, "2025-07-10T03:42:00+08:00"},
	    {"昨天18:45", NULL, "2025-07-09T18:45:00+08:00"},
	    {"明日 0830", NULL, "2025-07-11T08:30:00+08:00"},
	    {"2025-07-16", NULL, "2025-07-16T00:00:00+08:00"},
	    {"2025-07-09t18:45", NULL, "2025-07-09T18:45:00+08:00"},
	    {"07-09T18:45", NULL, "2025-07-09T18:45:00+08:00"},
	    {"07-09 18:45", NULL, "2025-07-09T18:45:00+08:00"},
	    {"2025-07-09T10:45:00Z", NULL, "2025-07-09T18:45:00+08:00"},
	};
	static const char *const bad[] = {"", "3", "342", "25:00", "0360", "3时60分", "+", "+x",
	    "+30x", "+99999999", "明天", "3点半x", "03:4x", ":", "时", "now!", "2025-02-29"};
	char iso[40];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		if (!command_time(row[i].text, clock_now(), row[i].of, &ms))
			fail_msg("%s is not read", row[i].text);
		if (strcmp(clock_format(iso, sizeof(iso), ms, CLOCK_ISO), row[i].iso) != 0)
			fail_msg("%s: %s", row[i].text, iso);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (command_time(bad[i], clock_now(), NULL, &ms))
			fail_msg("\"%s\" is read", bad[i]);
}

/* --- properties ------------------------------------------------------------------------------ */

static uint32_t seed;

static uint32_t
dice(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void
random_line(char *out, size_t size)
{
	static const char *const parts[] = {"派", "签收", "order.issue", "p", "o.", "附", "调拨",
	    "移交", "高邮消防", "gy", "089", "141", "89",
	    "to=", "incident=", "对象=", "due=", "at=", "note=", "text=", "way=", "=", "＝", "\"",
	    "“", "”", "　", " ", " ", " ", " ", "\n", "：", ":", "03:12", "+30", "封闭", "预留",
	    "#", "電", "\xff", "\xe9\xab", "\x1b[31m", "\xe2\x80\xae", "two words", "5000", ".",
	    "-", "'", "\\", "𠀀", "ſ"};
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t n = dice(14); n > 0 && used < size; n--)
		used +=
		    (size_t)snprintf(out + used, size - used, "%s", parts[dice(COUNT_OF(parts))]);
}

/* 0 runs, 1 a verb is clear, 2 not. */
static int
badness(const struct command_reading *reading)
{
	return !reading->problem ? 0 : reading->verb ? 1 : 2;
}

static void
check_bounds(const char *line, const struct command_reading *reading, size_t cursor)
{
	assert_non_null(reading->said);
	assert_non_null(reading->args);
	assert_true(reading->from <= reading->to && reading->to <= strlen(line));
	assert_true(reading->from <= cursor && cursor <= reading->to);
	assert_true((reading->code == ERR_OK) == (reading->problem == NULL));
	assert_true(reading->problem || reading->verb);
	assert_true(reading->n_completions <= 24);
}

/* May this completion be held to the rule? Not NAME=, whose value is still to come, nor another
 * verb than the best. */
static bool
is_bound(const struct command_reading *reading, size_t k, const char *line, size_t cursor)
{
	const char *word = reading->completions[k].word;
	bool verb = strspn(line, " :\n") >= reading->from || !reading->verb;

	if (reading->to != cursor)
		return false; /* it takes the place of what stands behind the cursor */
	return word[strlen(word) - 1] != '=' && !(verb && k > 0);
}

/*
 * Random lines with the cursor anywhere never break it; and a completion put into its place never
 * makes a line worse that ran, or whose verb was clear.
 */
static void
completion_never_harms(void **state)
{
	char line[1024], longer[2048];
	int completed = 0, ran = 0;

	(void)state;
	seed = 1;
	for (int i = 0; i < 20000; i++) {
		const struct actor *actor = dice(9) ? &officer : NULL;
		struct command_reading before, after;
		size_t cursor;

		random_line(line, sizeof(line));
		cursor = dice((uint32_t)strlen(line) + 1);
		if (dice(2))
			cursor = strlen(line);
		while (cursor > 0 && ((unsigned char)line[cursor] & 0xc0) == 0x80)
			cursor--;
		command_read(room.st, actor, line, cursor, NULL, &before);
		check_bounds(line, &before, cursor);
		ran += before.problem == NULL;
		for (size_t k = 0; k < before.n_completions; k++) {
			const char *word = before.completions[k].word;

			assert_true(utf8_valid(word, strlen(word)));
			if (!is_bound(&before, k, line, cursor))
				continue;
			snprintf(longer, sizeof(longer), "%.*s%s%s", (int)before.from, line, word,
			    line + before.to);
			command_read(room.st, actor, longer, SIZE_MAX, NULL, &after);
			if (badness(&after) > badness(&before))
				fail_msg("%s (%s)\n  at %zu becomes %s (%s)", line, before.problem,
				    cursor, longer, after.problem);
			command_reading_clear(&after);
			completed++;
		}
		command_reading_clear(&before);
	}
	if (completed < 2000)
		fail_msg("only %d completions tried", completed);
	assert_true(ran > 200);
}

static void
bytes_never_break_it(void **state)
{
	char *line = mem_alloc(70001);

	(void)state;
	seed = 7;
	for (int i = 0; i < 20000; i++) {
		struct command_reading reading;
		size_t n = dice(40);

		for (size_t k = 0; k < n; k++)
			line[k] = (char)(1 + dice(255));
		line[n] = '\0';
		command_read(room.st, &officer, line, dice(50), NULL, &reading);
		command_reading_clear(&reading);
	}
	for (int i = 0; i < 8; i++) {
		static const char *const fill[] = {
		    "a", " ", "\"", "=", "派", "派 ", "to=", "高 = "};
		struct command_reading reading;
		size_t n = 0, step = strlen(fill[i]);

		for (; n + step <= 70000; n += step)
			memcpy(line + n, fill[i], step);
		line[n] = '\0';
		command_read(room.st, &officer, line, SIZE_MAX, NULL, &reading);
		command_reading_clear(&reading);
	}
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_lines),
	    cmocka_unit_test(says_what_is_wrong),
	    cmocka_unit_test(takes_the_context),
	    cmocka_unit_test(says_it_back),
	    cmocka_unit_test(runs),
	    cmocka_unit_test(completes),
	    cmocka_unit_test(reads_times),
	    cmocka_unit_test(completion_never_harms),
	    cmocka_unit_test(bytes_never_break_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
