/* Reports: drafted from the record, flagged where it knows nothing, signed, numbered, closed
 * clocks; follow-ups with changes alone. */
#include "tests/incident/room.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "report/report.h"
#include "store/command.h"
#include "store/journal.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#define TANKER                                                                                     \
	"高速交警：G2京沪高速高邮段南行K1023+"                                       \
	"500处一辆液氨槽罐车侧翻，装载液氨约25吨，有白雾，驾驶员1人被困，东南风2米每秒"
#define PIPING                                                                                     \
	"临泽镇值班室报告：子婴河圩堤K3+200处发生管涌，口径约10厘米，威胁30户86人，无人员伤亡"
#define FIRE "119：经济开发区一电池仓库起火，存放锂离子电池（UN3480），2人轻伤，无人被困"

static int64_t
open_text(struct county *c, const char *when, const char *text)
{
	at(when);
	return act(c, &c->officer, "incident.open", json_pack("{s:s}", "text", text), NULL);
}

static void
call_again(struct county *c, const char *when, int64_t incident, const char *text)
{
	at(when);
	act(c, &c->officer, "incident.call",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)incident, "text", text), NULL);
}

static int64_t
draft(struct county *c, const char *when, int64_t incident)
{
	at(when);
	return act(c, &c->officer, "report.draft",
	    json_pack("{s:I}", "incident", (json_int_t)incident), NULL);
}

static void
sign(struct county *c, const char *when, int64_t report)
{
	at(when);
	act(c, &c->leader, "report.sign", json_pack("{s:I}", "report", (json_int_t)report), NULL);
}

static void
expect_words(struct county *c, int64_t report, const char *words)
{
	char *body = report_body(c->st, report);

	assert_non_null(body);
	if (!strstr(body, words))
		fail_msg("\"%s\" is not in: %s", words, body);
	free(body);
}

static void
expect_no_words(struct county *c, int64_t report, const char *words)
{
	char *body = report_body(c->st, report);

	if (strstr(body, words))
		fail_msg("\"%s\" is in: %s", words, body);
	free(body);
}

/* The flag of the first sentence of an element, "none" when there is none. */
static const char *
flag_of(struct county *c, int64_t report, const char *element, char *flag, size_t size)
{
	struct report_line lines[100];
	size_t n = report_lines(c->st, report, lines, 100), i;

	for (i = 0; i < n && strcmp(lines[i].element, element) != 0; i++)
		;
	snprintf(flag, size, "%s", i < n ? lines[i].flag : "none");
	report_lines_clear(lines, n);
	return flag;
}

/* Rows 38 to 42: every element of handbook 2.4, each sentence with its journal lines. */
static void
first_report(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), report;
	struct report_line lines[100];
	struct report_row row;
	size_t n;
	char flag[16];
	char *have;

	at("07-10 03:39");
	refused(c, &c->officer, "report.phone",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "dest", "扬州应急局"), ERR_INPUT,
	    NULL);
	act(c, &c->officer, "report.phone",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)id, "dest", "扬州应急局",
		"receiver", "刘某"),
	    NULL);
	act(c, &c->officer, "report.phone",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)id, "dest",
		"扬州市委市政府总值班室", "receiver", "赵某"),
	    NULL);
	call_again(c, "07-10 03:50", id,
	    "三垛镇报告：已转移群众620人，驾驶员已救出，2人受伤，其中1人重伤");
	report = draft(c, "07-10 04:05", id);
	assert_true(report_get(c->st, report, &row));
	assert_string_equal(row.title, "关于G2京沪高速高邮段液氨槽罐车侧翻泄漏的情况报告（首报）");
	assert_string_equal(row.dest, "扬州市应急管理局、扬州市人民政府");
	assert_non_null(strstr(row.cc, "高邮市委办公室"));
	assert_string_equal(row.urgency, "特急");
	assert_int_equal(row.number, 0);
	expect_words(c, report,
	    "2025年7月10日3时12分，高邮市应急管理局值班室接高速交警报告：G2京沪高速高邮段南行K1023+"
	    "500处发生液氨槽罐车侧翻泄漏。");
	expect_words(c, report, "据报，一辆液氨槽罐车侧翻");
	expect_words(c, report, "7月10日3时50分，三垛镇报告：已转移群众620人");
	expect_words(c, report, "涉及危险化学品：液氨（UN1005），约25吨。");
	expect_words(c, report,
	    "截至7月10日4时5分，受伤2人（其中重伤1人），被困人员已全部脱困，暂未接报人员死亡、失踪"
	    "。");
	expect_words(c, report, "因紧急疏散620人，按较大涉险事故报告。");
	expect_words(c, report, "7月10日3时39分，已电话报告扬州市应急管理局，接报人刘某。");
	/* What nobody told is said to be unknown, and flagged. */
	expect_words(c, report, "事件原因正在调查，尚未掌握。");
	expect_words(c, report, "领导到场情况（未掌握）。");
	assert_string_equal(flag_of(c, report, "cause", flag, sizeof(flag)), "empty");
	assert_string_equal(flag_of(c, report, "leaders", flag, sizeof(flag)), "empty");
	assert_string_equal(flag_of(c, report, "loss", flag, sizeof(flag)), "empty");
	assert_string_equal(flag_of(c, report, "scene", flag, sizeof(flag)), "unproven");
	assert_string_equal(flag_of(c, report, "casualty", flag, sizeof(flag)), "");
	/* Every sentence that says something names its lines. */
	n = report_lines(c->st, report, lines, 100);
	assert_true(n > 15);
	for (size_t i = 0; i < n; i++) {
		struct journal_row j;
		if (strcmp(lines[i].flag, "empty") == 0 || strcmp(lines[i].element, "next") == 0)
			continue;
		if (!lines[i].n_sources)
			fail_msg("no source: %s", lines[i].text);
		assert_true(journal_get(c->st, lines[i].sources[0], &j));
		assert_true(j.incident == id);
		journal_row_clear(&j);
	}
	report_lines_clear(lines, n);
	sign(c, "07-10 04:09", report);
	assert_true(report_get(c->st, report, &row));
	assert_string_equal(row.no, "2025-001");
	assert_string_equal(row.signer, "王建国");
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-10 03:42 phone 扬州市应急管理局 met"));
	assert_non_null(strstr(have, "07-10 03:42 phone 扬州市委市政府总值班室 met"));
	assert_non_null(strstr(have, "07-10 04:12 written 扬州市应急管理局 met"));
	assert_non_null(strstr(have, "07-10 04:12 written 扬州市人民政府 met"));
	assert_non_null(strstr(have, "07-10 05:12 law 扬州市应急管理局 met"));
	assert_non_null(strstr(have, "07-10 04:50 province 江苏省应急管理厅 open"));
	free(have);
	assert_int_equal(
	    sql_one_int(c->st, "SELECT count(*) FROM outbox WHERE kind = 'report' AND ref = ?1", 0,
		"i", report),
	    2);
}

/* Rows 26 and 27; a signed report is never changed, a number is given once. */
static void
follow_up_has_changes_only(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-09 18:45", PIPING), first = draft(c, "07-09 19:40", id),
		follow;
	struct report_row row;

	expect_words(c, first, "无人员伤亡。");
	expect_words(c, first, "影响范围：威胁30户86人。");
	refused(c, &c->officer, "report.draft",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "kind", "follow"), ERR_STATE, NULL);
	sign(c, "07-09 19:43", first);
	refused(c, &c->officer, "report.edit",
	    json_pack("{s:I, s:s}", "report", (json_int_t)first, "body", "改了改了改了"), ERR_STATE,
	    "2025-001");
	refused(c, &c->leader, "report.sign", json_pack("{s:I}", "report", (json_int_t)first),
	    ERR_STATE, NULL);
	refused(c, &c->officer, "report.draft", json_pack("{s:I}", "incident", (json_int_t)id),
	    ERR_STATE, "Nothing");
	call_again(c, "07-09 20:28", id, "临泽镇值班室报告：管涌已得到控制，堤内水位2.31米");
	at("07-09 20:29");
	act(c, &c->officer, "incident.set",
	    json_pack("{s:I, s:s, s:s}", "incident", (json_int_t)id, "trend", "险情趋于稳定",
		"cause", "堤身土质松散"),
	    NULL);
	follow = draft(c, "07-09 20:30", id);
	assert_true(report_get(c->st, follow, &row));
	assert_string_equal(row.title, "关于临泽镇子婴河圩堤管涌险情的情况报告（续报一）");
	assert_int_equal(row.seq, 1);
	expect_words(c, follow, "首报（2025年第1期）");
	expect_words(c, follow, "临泽镇值班室报告：管涌已得到控制，堤内水位2.31米。");
	expect_words(c, follow, "发展趋势：险情趋于稳定。");
	expect_words(c, follow, "事件原因：堤身土质松散。");
	expect_no_words(c, follow, "口径");
	expect_no_words(c, follow, "86");
	sign(c, "07-09 20:35", follow);
	assert_true(report_get(c->st, follow, &row));
	assert_string_equal(row.no, "2025-001 续1");
	call_again(c, "07-09 21:10", id, "临泽镇值班室报告：反滤围井已完成");
	follow = draft(c, "07-09 21:15", id);
	assert_true(report_get(c->st, follow, &row));
	assert_non_null(strstr(row.title, "（续报二）"));
	expect_words(c, follow, "反滤围井已完成");
	expect_no_words(c, follow, "堤身土质松散");
	expect_no_words(c, follow, "堤内水位2.31米");
}

/* Row 33: a death after the first report asks for a follow-up at once and the follow-up tells it.
 */
static void
death_after_the_report(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-09 21:40", FIRE), report = draft(c, "07-09 22:30", id);
	char *have;

	expect_words(c, report, "受伤2人（均为轻伤），暂未接报人员死亡、失踪。");
	sign(c, "07-09 22:36", report);
	at("07-09 22:55");
	act(c, &c->officer, "incident.figures",
	    json_pack("{s:I, s:i, s:i, s:s, s:s}", "incident", (json_int_t)id, "dead", 1, "injured",
		1, "source", "120", "note", "1名伤者抢救无效"),
	    NULL);
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-09 23:25 follow 扬州市应急管理局 open"));
	free(have);
	report = draft(c, "07-09 23:00", id);
	expect_words(c, report, "7月9日22时55分，据120报告，死亡1人（1名伤者抢救无效）。");
	expect_words(c, report, "受伤由2人减至1人");
	expect_words(c, report, "截至7月9日23时，死亡1人，受伤1人。");
	expect_no_words(c, report, "均为轻伤");
	expect_no_words(c, report, "锂离子电池");
	sign(c, "07-09 23:10", report);
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-09 23:25 follow 扬州市应急管理局 met"));
	free(have);
}

/* What came in between draft and signature is in the next paper. */
static void
nothing_falls_between(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), report = draft(c, "07-10 03:50", id);
	struct report_problem problems[40];
	size_t n;
	bool told = false;

	call_again(c, "07-10 03:55", id, "三垛镇报告：疏散群众620人");
	n = report_check(c->st, report, problems, 40);
	for (size_t i = 0; i < n; i++)
		told = told || strstr(problems[i].text, "since the draft: Evacuated 620");
	assert_true(told);
	sign(c, "07-10 04:00", report);
	expect_no_words(c, report, "620");
	expect_words(c, draft(c, "07-10 04:05", id), "三垛镇报告：疏散群众620人。");
}

/* An untouched draft is made anew; one somebody worked on is not. */
static void
edited_lines_keep_or_lose_their_sources(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), report = draft(c, "07-10 03:50", id),
		again = draft(c, "07-10 03:51", id);
	char *body = report_body(c->st, report),
	     *cause = strstr(body, "事件原因正在调查，尚未掌握。"), *now;
	struct report_line lines[100];
	size_t n, edited = 0, kept = 0;

	assert_true(report == again);
	assert_non_null(cause);
	now = mem_print("%.*s初步了解为车辆避让不当。%s", (int)(cause - body), body,
	    cause + strlen("事件原因正在调查，尚未掌握。"));
	act(c, &c->officer, "report.edit",
	    json_pack("{s:I, s:s}", "report", (json_int_t)report, "body", now), NULL);
	n = report_lines(c->st, report, lines, 100);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(lines[i].flag, "edited") == 0) {
			edited++;
			assert_string_equal(lines[i].text, "初步了解为车辆避让不当。");
			assert_string_equal(lines[i].element, "cause");
			assert_int_equal(lines[i].n_sources, 1);
		} else if (lines[i].n_sources) {
			kept++;
		}
	}
	assert_int_equal(edited, 1);
	assert_true(kept >= 6);
	report_lines_clear(lines, n);
	free(now);
	free(body);
	refused(c, &c->officer, "report.draft", json_pack("{s:I}", "incident", (json_int_t)id),
	    ERR_STATE, "void");
	act(c, &c->officer, "report.void",
	    json_pack("{s:I, s:s}", "report", (json_int_t)report, "why", "重拟"), NULL);
	assert_true(draft(c, "07-10 03:55", id) != report);
}

static void
who_may_sign(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), report = draft(c, "07-10 03:50", id);
	struct report_row row;

	refused(c, &c->officer, "report.sign", json_pack("{s:I}", "report", (json_int_t)report),
	    ERR_REFUSED, NULL);
	refused(c, &c->chief, "report.sign", json_pack("{s:I}", "report", (json_int_t)report),
	    ERR_REFUSED, "Who signs");
	refused(c, &c->chief, "report.sign",
	    json_pack("{s:I, s:s}", "report", (json_int_t)report, "signer", "陈涛"), ERR_REFUSED,
	    "陈涛");
	act(c, &c->officer, "report.submit", json_pack("{s:I}", "report", (json_int_t)report),
	    NULL);
	refused(c, &c->officer, "report.return",
	    json_pack("{s:I, s:s}", "report", (json_int_t)report, "why", "x"), ERR_REFUSED, NULL);
	act(c, &c->chief, "report.return",
	    json_pack("{s:I, s:s}", "report", (json_int_t)report, "why", "补充桩号"), NULL);
	act(c, &c->officer, "report.submit", json_pack("{s:I}", "report", (json_int_t)report),
	    NULL);
	at("07-10 04:10");
	act(c, &c->chief, "report.sign",
	    json_pack(
		"{s:I, s:s, s:s}", "report", (json_int_t)report, "signer", "王建国", "at", "04:08"),
	    NULL);
	assert_true(report_get(c->st, report, &row));
	assert_string_equal(row.signer, "王建国");
	assert_true(row.signed_at == at("07-10 04:08"));
}

/* Row 32: fax is a way of its own, with its receiver. */
static void
delivered_by_fax(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-09 21:40", FIRE), report = draft(c, "07-09 22:30", id);
	struct report_delivery d[5];
	size_t n, fax = 0;

	refused(c, &c->officer, "report.deliver",
	    json_pack("{s:I, s:s, s:s, s:s}", "report", (json_int_t)report, "dest",
		"扬州市应急管理局", "way", "fax", "receiver", "王某"),
	    ERR_STATE, NULL);
	sign(c, "07-09 22:36", report);
	at("07-09 22:38");
	act(c, &c->officer, "report.deliver",
	    json_pack("{s:I, s:s, s:s, s:s}", "report", (json_int_t)report, "dest",
		"扬州市应急管理局", "way", "fax", "receiver", "王某"),
	    NULL);
	n = report_deliveries(c->st, report, d, 5);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		if (strcmp(d[i].way, "fax") == 0) {
			fax++;
			assert_true(d[i].confirmed);
			assert_string_equal(d[i].receiver, "王某");
		}
	assert_int_equal(fax, 1);
	assert_int_equal(
	    sql_one_int(c->st, "SELECT count(*) FROM outbox WHERE ref = ?1 AND state = 'queued'", 0,
		"i", report),
	    1);
}

static void
final_report(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), report = draft(c, "07-10 03:50", id);
	struct report_row row;
	char *have;

	sign(c, "07-10 04:00", report);
	at("07-10 07:00");
	act(c, &c->officer, "incident.verify",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "with", "高速交警"), NULL);
	act(c, &c->officer, "incident.end",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "why", "泄漏点已封堵，倒罐完毕"),
	    NULL);
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-11 00:00 final 扬州市应急管理局 open"));
	free(have);
	refused(c, &c->officer, "incident.close", json_pack("{s:I}", "incident", (json_int_t)id),
	    ERR_STATE, NULL);
	at("07-10 09:00");
	report = act(c, &c->officer, "report.draft",
	    json_pack("{s:I, s:s}", "incident", (json_int_t)id, "kind", "final"), NULL);
	expect_words(c, report, "7月10日7时，现场处置结束：泄漏点已封堵，倒罐完毕。");
	expect_words(c, report, "先后报送首报1期、续报0期（2025年第1期）。");
	expect_words(c, report, "经核实，一辆液氨槽罐车侧翻");
	sign(c, "07-10 09:30", report);
	assert_true(report_get(c->st, report, &row));
	assert_string_equal(row.no, "2025-001 终");
	have = clocks(c, id);
	assert_non_null(strstr(have, "07-11 00:00 final 扬州市应急管理局 met"));
	free(have);
	refused(c, &c->officer, "report.draft", json_pack("{s:I}", "incident", (json_int_t)id),
	    ERR_STATE, NULL);
}

/* No line of the page is wider than asked, none begins with closing punctuation; the chain's head
 * stands at the foot. */
static void
page(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), report = draft(c, "07-10 03:50", id);
	struct buf b = BUF_MAX(100000);
	struct err err = ERR_NONE;
	int64_t seq;
	char hex[65];

	journal_head(c->st, &seq, hex);
	sign(c, "07-10 04:00", report);
	for (int columns = 40; columns <= 80; columns += 20) {
		buf_reset(&b);
		assert_true(report_text(c->st, report, columns, &b, &err));
		for (const char *line = buf_str(&b); *line;) {
			size_t n = strcspn(line, "\n");
			/* The journal's hash has no place to break; closing marks may hang out by
			 * two columns. */
			if (utf8_columns_n(line, n) > columns + 4 && !strstr(line, hex))
				fail_msg("wider than %d: %.*s", columns, (int)n, line);
			assert_true(strncmp(line, "，", 3) != 0 && strncmp(line, "。", 3) != 0);
			line += n + (line[n] == '\n');
		}
	}
	assert_non_null(strstr(buf_str(&b), "值  班  信  息"));
	assert_non_null(strstr(buf_str(&b), "第 1 期（2025）"));
	assert_non_null(strstr(buf_str(&b), "签发：王建国"));
	assert_non_null(strstr(buf_str(&b), "报送：扬州市应急管理局、扬州市人民政府"));
	assert_non_null(strstr(buf_str(&b), "联系人：陈涛"));
	assert_non_null(strstr(buf_str(&b), hex));
	buf_clear(&b);
}

static xmlNodePtr
child(xmlNodePtr node, const char *name)
{
	for (xmlNodePtr n = node->children; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0)
			return n;
	return NULL;
}

static void
xml(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER "，现场喊话“<注意>&安全”"),
		report = draft(c, "07-10 03:50", id);
	struct buf b = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;
	xmlDocPtr doc;
	xmlNodePtr root;
	xmlChar *text;

	sign(c, "07-10 04:00", report);
	assert_true(report_xml(c->st, report, &b, &err));
	doc = xmlReadMemory(b.data, (int)b.size, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(doc);
	root = xmlDocGetRootElement(doc);
	text = xmlGetProp(root, (const xmlChar *)"number");
	assert_string_equal((const char *)text, "1");
	xmlFree(text);
	assert_non_null(child(root, "journal"));
	assert_non_null(child(child(root, "event"), "figure"));
	text = xmlNodeGetContent(child(root, "body"));
	assert_non_null(strstr((const char *)text, "“<注意>&安全”"));
	xmlFree(text);
	text = xmlGetProp(child(root, "sentence"), (const xmlChar *)"lines");
	assert_non_null(text);
	xmlFree(text);
	xmlFreeDoc(doc);
	buf_clear(&b);
}

static void
line(struct county *c, const struct actor *who, const char *when, const char *text)
{
	struct verb_result r;
	struct err err = ERR_NONE;

	at(when);
	if (!command_run(c->st, who, text, NULL, &r, &err))
		fail_msg("%s: %s", text, err.message);
	verb_result_clear(&r);
}

/* Rows 38, 39, 47: response, orders, forces; then what changed of them. */
static void
work_in_the_paper(void **state)
{
	struct county *c = *state;
	int64_t id = open_text(c, "07-10 03:12", TANKER), report;
	char flag[16];

	line(c, &c->chief, "07-10 03:24",
	    "启动 001 危险化学品 4 值班副市长方正平 period=72小时 封闭道路、疏散下风向群众");
	line(c, &c->officer, "07-10 03:25", "派 高邮消防 001 堵漏洗消");
	line(c, &c->officer, "07-10 03:27", "order.issue to=高速交警 incident=001 封闭双向车道");
	report = draft(c, "07-10 04:05", id);
	expect_words(c, report,
	    "7月10日3时24分，经值班副市长方正平批准，启动《高邮市危险化学品事故应急预案》四级应急响"
	    "应。");
	expect_words(c, report, "已调派高邮市消防救援大队。");
	expect_words(c, report, "已按预案向");
	expect_words(
	    c, report, "7月10日3时27分，指令扬州市公安局高速公路交警支队高邮大队封闭双向车道。");
	expect_no_words(c, report, "已采取措施（未掌握）");
	assert_string_equal(flag_of(c, report, "response", flag, sizeof(flag)), "");
	sign(c, "07-10 04:09", report);
	line(
	    c, &c->chief, "07-10 05:00", "response.level 001 level=3 approver=市长高远航 泄漏扩大");
	report = draft(c, "07-10 05:05", id);
	expect_words(
	    c, report, "7月10日5时，经市长高远航批准，应急响应由四级调整为三级，原因：泄漏扩大。");
	expect_no_words(c, report, "四级应急响应。");
	expect_no_words(c, report, "封闭双向车道");
}

/* All families of events can be reported, with elements of their own. */
static void
families(void **state)
{
	static const struct {
		const char *text, *title, *words, *empty;
	} cases[] = {
	    {"卫健委：送桥镇一婚宴聚餐后32人出现呕吐腹泻，无死亡，已送市人民医院救治",
		"送桥镇疑似食物中毒", "发病32人，无人员死亡", "事发单位概况（待核实）"},
	    {"界首镇值班室报告：界首镇大昌村一民房倒塌，2人被埋，1人受伤", "倒塌", "受伤1人",
		"事发单位概况（待核实）"},
	    {"生态环境局：三垛镇三阳河发现大量死鱼，水面有油污", "水体污染", "三阳河",
		"现场气象（待核实）"},
	    {"甘垛镇值班室报告：甘垛镇强降雨内涝，农田积水，转移12人，无人员伤亡", "内涝",
		"已转移疏散群众12人", "直接经济损失（待核实）"},
	    {"住建局：汤庄镇一在建工地塔吊倒塌，1人死亡，2人受伤", "起重机械倒塌",
		"死亡1人，受伤2人", "事发单位概况（待核实）"},
	};

	struct county *c = *state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t report =
		    draft(c, "07-10 10:10", open_text(c, "07-10 10:00", cases[i].text));
		struct report_row row;
		assert_true(report_get(c->st, report, &row));
		if (!strstr(row.title, cases[i].title))
			fail_msg("title: %s", row.title);
		expect_words(c, report, cases[i].words);
		expect_words(c, report, cases[i].empty);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, county_make, county_clear)
	const struct CMUnitTest tests[] = {TEST(first_report), TEST(follow_up_has_changes_only),
	    TEST(death_after_the_report), TEST(nothing_falls_between),
	    TEST(edited_lines_keep_or_lose_their_sources), TEST(who_may_sign),
	    TEST(delivered_by_fax), TEST(final_report), TEST(page), TEST(xml),
	    TEST(work_in_the_paper), TEST(families)};

	i18n_init();
	i18n_set_language("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
