#include "tests/dispatch/scene.h"

#include "store/command.h"

#include <stdio.h>

const char *
line(struct county *c, const struct actor *who, const char *text)
{
	static char said[8192];
	struct err err = ERR_NONE;
	struct verb_result result;

	if (!command_run(c->st, who, text, NULL, &result, &err))
		fail_msg("%s: %s (%s)", text, err.message, err.detail ? err.detail : "");
	snprintf(said, sizeof(said), "%s", result.said ? result.said : "");
	verb_result_clear(&result);
	return said;
}

void
bad_line(struct county *c, const struct actor *who, const char *text, int code, const char *words)
{
	struct err err = ERR_NONE;
	struct verb_result result;

	if (command_run(c->st, who, text, NULL, &result, &err))
		fail_msg("%s was not refused: %s", text, result.said);
	if ((int)err.code != code)
		fail_msg("%s: code %d, expected %d (%s)", text, err.code, code, err.message);
	if (words && !strstr(err.message, words))
		fail_msg("%s: \"%s\" does not say \"%s\"", text, err.message, words);
	err_clear(&err);
}

void
holds(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" does not say \"%s\"", text, words);
}

int64_t
scene_dike(struct county *c)
{
	at("07-09 18:45");
	return act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:s}", "text",
		"临泽镇值班室报告：子婴河圩堤临泽段出现管涌，口径约15厘米，危及30户86人，暂无人员伤"
		"亡，已组织人员装袋",
		"place", "临泽镇子婴河圩堤", "nature", "堤防管涌险情"),
	    NULL);
}

int64_t
scene_tanker(struct county *c)
{
	at("07-10 03:12");
	return act(c, &c->officer, "incident.open",
	    json_pack("{s:s}", "text",
		"高速交警报告：G2京沪高速高邮段南行K1023+"
		"500处，一辆槽罐车侧翻，装液氨约25吨，有白雾泄漏，"
		"驾驶员1人被困，东南风2米/秒"),
	    NULL);
}

const char *
scene_no(struct county *c, int64_t incident)
{
	static char no[16];
	struct incident_row row;

	assert_true(incident_get(c->st, incident, &row));
	snprintf(no, sizeof(no), "%03d", row.number);
	return no;
}

struct order_row
newest_order(struct county *c)
{
	struct order_filter f = {0};
	struct order_row row;

	assert_int_equal(dispatch_orders(c->st, &f, &row, 1), 1);
	return row;
}

int64_t
thing_named(struct county *c, const char *kind, const char *word)
{
	const struct thing_kind *k = thing_kind_find(c->st, kind);
	struct thing t[2];
	size_t n;

	assert_non_null(k);
	n = k->find(c->st, NULL, word, t, 2);
	if (n == 0 || (n == 2 && t[0].score == t[1].score))
		fail_msg("%s \"%s\": %zu found", kind, word, n);
	return t[0].id;
}
