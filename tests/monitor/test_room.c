/* Tickets, quakes, values and alarms: rows 7 to 11, 15, 16, 37 and 46 of the shift. */
#include "tests/monitor/scene.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

static int64_t
ticket(
    struct county *c, const char *source, const char *number, const char *address, const char *text)
{
	json_t *args =
	    json_pack("{s:s, s:s, s:s}", "source", source, "number", number, "text", text);

	if (address)
		json_object_set_new(args, "address", json_string(address));
	return act(c, &c->officer, "ticket.take", args, NULL);
}

static void
value(struct county *c, const char *when, const char *station, const char *quantity, double v)
{
	at(when);
	act(c, &c->officer, "observation.take",
	    json_pack("{s:s, s:s, s:f}", "station", station, "quantity", quantity, "value", v),
	    NULL);
}

/* The only alarm there is. */
static struct alarm_row
alarm_there(struct county *c)
{
	struct alarm_row rows[3];

	assert_int_equal(monitor_alarms(c->st, false, rows, 3), 1);
	return rows[0];
}

/* --- tickets ---------------------------------------------------------------------------------- */

/* Row 10: gas smell; the competent unit is named; the transfer keeps receiver and time; the answer
 * is due. */
static void
test_transfer(void **state)
{
	struct county *c = *state;
	int64_t id, due = at("12:35");
	struct ticket_row row;
	struct buf text = BUF_MAX(20000);
	struct err err = ERR_NONE;

	at("12:05");
	id = ticket(c, "12345", "20250709-1205", "高邮街道文游社区老小区",
	    "楼道内有很浓的煤气味，住户较多");
	assert_int_equal(waiting(c, "ticket"), 1);
	assert_true(monitor_ticket(c->st, id, &row));
	assert_int_equal(row.feedback, due);
	assert_non_null(strstr(row.advice, "燃气公司"));
	assert_true(monitor_ticket_text(c->st, &c->officer, id, &text, &err));
	assert_non_null(strstr(buf_str(&text), "12P12"));
	buf_clear(&text);
	refused(c, &c->officer, "ticket.transfer",
	    json_pack("{s:I, s:s}", "ticket", (json_int_t)id, "to", "市住建局"), ERR_INPUT, NULL);
	refused(c, &c->officer, "ticket.transfer",
	    json_pack("{s:I, s:s, s:s, s:s}", "ticket", (json_int_t)id, "to", "市住建局",
		"receiver", "王工", "at", "13:00"),
	    ERR_INPUT, NULL);
	at("12:10");
	act(c, &c->officer, "ticket.transfer",
	    json_pack("{s:I, s:s, s:s, s:s}", "ticket", (json_int_t)id, "to", "市住建局",
		"receiver", "王工", "at", "12:08"),
	    NULL);
	assert_true(monitor_ticket(c->st, id, &row));
	assert_string_equal(row.state, "transferred");
	assert_string_equal(row.receiver, "王工");
	assert_int_equal(row.transferred, at("12:08"));
	assert_int_equal(waiting(c, "ticket"), 0);
	assert_int_equal(row.answered, CLOCK_NONE);
	at("12:30");
	act(c, &c->officer, "ticket.answer",
	    json_pack("{s:I, s:s}", "ticket", (json_int_t)id, "text", "燃气公司已到场关阀"), NULL);
	assert_true(monitor_ticket(c->st, id, &row));
	assert_int_equal(row.answered, at("12:30"));
}

/* Row 11: two pupils in the river: read, opened with one verb, sensitive, the clocks of 13:45 and
 * 14:15 run. */
static void
test_open(void **state)
{
	struct county *c = *state;
	int64_t id, incident;
	struct ticket_row row;
	struct incident_row i;
	char *said, *due;

	at("13:15");
	id = ticket(c, "110", "T-1315", NULL,
	    "三垛镇三阳河边2名小学生游泳，1人获救，1人失踪，派出所和消防救援大队已出动");
	act(c, &c->officer, "ticket.open", json_pack("{s:I}", "ticket", (json_int_t)id), &said);
	assert_non_null(strstr(said, "T-1315"));
	free(said);
	assert_true(monitor_ticket(c->st, id, &row));
	assert_string_equal(row.state, "opened");
	incident = row.incident;
	assert_true(incident_get(c->st, incident, &i));
	assert_true(i.sensitive);
	assert_string_equal(i.source, "110");
	due = clocks(c, incident);
	if (!strstr(due, "13:45") || !strstr(due, "14:15"))
		fail_msg("%s", due);
	free(due);
	assert_int_equal(waiting(c, "ticket"), 0);
	refused(c, &c->officer, "ticket.open", json_pack("{s:I}", "ticket", (json_int_t)id),
	    ERR_STATE, NULL);
}

/* What the law needs is asked for, and nothing is half done. */
static void
test_open_refused(void **state)
{
	struct county *c = *state;
	struct ticket_row row;
	int64_t id;

	at("13:15");
	id = ticket(c, "12345", "X1", NULL, "请帮忙看一下");
	refused(c, &c->officer, "ticket.open", json_pack("{s:I}", "ticket", (json_int_t)id),
	    ERR_INPUT, NULL);
	assert_true(monitor_ticket(c->st, id, &row));
	assert_string_equal(row.state, "new");
	assert_int_equal(waiting(c, "ticket"), 1);
	act(c, &c->officer, "ticket.open",
	    json_pack(
		"{s:I, s:s, s:s}", "ticket", (json_int_t)id, "place", "三垛镇", "nature", "积水"),
	    NULL);
}

/* A second report of the same matter is offered, and joins as a call: every word kept. */
static void
test_join(void **state)
{
	struct county *c = *state;
	struct incident_likeness alike[3];
	struct incident_call calls[5];
	struct ticket_row row;
	int64_t first, second, incident;
	size_t n;

	at("03:12");
	first = ticket(c, "110", "A1", NULL,
	    "G2京沪高速高邮段南行K1023+500处一辆液氨槽罐车侧翻，有白雾，驾驶员被困");
	act(c, &c->officer, "ticket.open", json_pack("{s:I}", "ticket", (json_int_t)first), NULL);
	assert_true(monitor_ticket(c->st, first, &row));
	incident = row.incident;
	at("03:16");
	second = ticket(
	    c, "12345", "B7", NULL, "京沪高速高邮段往南方向有槽罐车翻了，液氨泄漏，味道很大");
	n = monitor_ticket_alike(c->st, second, alike, 3);
	assert_true(n >= 1);
	assert_int_equal(alike[0].incident, incident);
	act(c, &c->officer, "ticket.join",
	    json_pack("{s:I, s:I}", "ticket", (json_int_t)second, "incident", (json_int_t)incident),
	    NULL);
	n = incident_calls(c->st, incident, calls, 5);
	assert_int_equal(n, 2);
	assert_non_null(strstr(calls[1].text, "味道很大"));
	incident_calls_clear(calls, n);
	assert_true(monitor_ticket(c->st, second, &row));
	assert_string_equal(row.state, "joined");
	assert_int_equal(row.incident, incident);
}

/* --- who asked to stay unknown ---------------------------------------------------------------- */

#define SECRET_NAME "周小敏"
#define SECRET_PHONE "0514-55500777"
#define SECRET_HOME "东岳街8号2幢301室"

static int64_t
secret_ticket(struct county *c)
{
	return act(c, &c->officer, "ticket.take",
	    json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:s}", "source", "12345", "number", "S1",
		"caller", SECRET_NAME, "phone", SECRET_PHONE, "secret", 1, "address",
		"三垛镇工业园", "text",
		"某企业违规生产烟花，存在安全隐患。来电人" SECRET_NAME "称其住" SECRET_HOME
		"，联系电话" SECRET_PHONE "，要求保密。"),
	    NULL);
}

static void
hides_caller(const char *where, const char *text)
{
	static const char *const clues[] = {"小敏", "55500777", "0777", "东岳街", "301"};

	for (size_t i = 0; i < COUNT_OF(clues); i++)
		if (strstr(text, clues[i]))
			fail_msg("%s tells %s: %s", where, clues[i], text);
}

static char *
ticket_text(struct county *c, const struct actor *reader, int64_t id)
{
	struct buf text = BUF_MAX(20000);
	struct err err = ERR_NONE;

	assert_true(monitor_ticket_text(c->st, reader, id, &text, &err));
	return buf_take(&text);
}

/* Every text of every table but the ticket's own row. */
static void
hides_in_store(struct county *c)
{
	static const char *const statements[] = {
	    "SELECT args || text FROM journal",
	    "SELECT title || text FROM inbox",
	    "SELECT text || coalesce(caller, '') || coalesce(phone, '') FROM call",
	    "SELECT title || place FROM incident",
	    "SELECT text FROM search_doc WHERE text IS NOT NULL",
	    "SELECT text FROM ticket_entry",
	    "SELECT title || address FROM ticket",
	    "SELECT payload FROM outbox",
	};

	for (size_t i = 0; i < COUNT_OF(statements); i++) {
		struct sql *q = sql(c->st, statements[i]);

		sql_bind(q, "");
		while (sql_row(q))
			hides_caller(statements[i], sql_text(q, 0));
		sql_done(q);
	}
}

/* In no list, no text, no incident, no search and no journal row; the matter stays readable. */
static void
test_secret(void **state)
{
	struct county *c = *state;
	struct search_hit hits[10];
	struct ticket_row row;
	int64_t id;
	size_t n;
	char *text;

	at("09:00");
	id = secret_ticket(c);
	assert_true(monitor_ticket(c->st, id, &row));
	assert_string_equal(row.caller, "周**");
	assert_string_equal(row.address, "三垛镇工业园");
	monitor_ticket_mask(&row);
	assert_string_equal(row.address, "三**");
	text = ticket_text(c, &c->officer, id);
	hides_caller("the ticket", text);
	assert_non_null(strstr(text, "违规生产烟花"));
	assert_non_null(strstr(text, "三垛镇工业园"));
	free(text);
	act(c, &c->officer, "ticket.open", json_pack("{s:I}", "ticket", (json_int_t)id), NULL);
	hides_in_store(c);
	n = search_find_for(c->st, &c->officer, NULL, "违规生产", 0, hits, COUNT_OF(hits), NULL);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++)
		hides_caller("search", hits[i].snippet);
	assert_int_equal(
	    search_find_for(c->st, NULL, NULL, SECRET_NAME, 0, hits, COUNT_OF(hits), NULL), 0);
}

/* A chief looks it up, with a reason: shown to that chief alone, for a quarter of an hour; the
 * journal says who and why, and not what. */
static void
test_reveal(void **state)
{
	struct county *c = *state;
	int64_t id;
	char *text, *said;

	at("09:00");
	id = secret_ticket(c);
	refused(c, &c->officer, "ticket.reveal",
	    json_pack("{s:I, s:s}", "ticket", (json_int_t)id, "why", "回访"), ERR_REFUSED, NULL);
	refused(c, &c->chief, "ticket.reveal", json_pack("{s:I}", "ticket", (json_int_t)id),
	    ERR_INPUT, NULL);
	text = ticket_text(c, &c->chief, id);
	hides_caller("before", text);
	free(text);
	act(c, &c->chief, "ticket.reveal",
	    json_pack("{s:I, s:s}", "ticket", (json_int_t)id, "why", "须核实仓库位置"), &said);
	hides_caller("the verb", said);
	assert_non_null(strstr(said, "须核实仓库位置"));
	free(said);
	text = ticket_text(c, &c->chief, id);
	assert_non_null(strstr(text, SECRET_NAME));
	assert_non_null(strstr(text, SECRET_PHONE));
	assert_non_null(strstr(text, SECRET_HOME));
	free(text);
	text = ticket_text(c, &c->officer, id);
	hides_caller("to another", text);
	assert_non_null(strstr(text, "须核实仓库位置"));
	free(text);
	text = ticket_text(c, NULL, id);
	hides_caller("to nobody", text);
	free(text);
	hides_in_store(c);
	at("09:14");
	assert_true(monitor_ticket_revealed(c->st, &c->chief, id));
	at("09:16");
	text = ticket_text(c, &c->chief, id);
	hides_caller("after", text);
	free(text);
	id = ticket(c, "12345", "P1", "三垛镇", "三垛镇道路积水");
	refused(c, &c->chief, "ticket.reveal",
	    json_pack("{s:I, s:s}", "ticket", (json_int_t)id, "why", "回访"), ERR_STATE, NULL);
}

/* Outside the duty room no caller of the hotline is known, wherever a search cuts the words. */
static void
test_secret_outside(void **state)
{
	static const char words[] = "12345转：来电人" SECRET_NAME "，家住" SECRET_HOME
				    "，电话" SECRET_PHONE "，反映三垛镇新河闸管涌";
	struct county *c = *state;
	struct actor auditor = c->officer;
	struct search_hit hits[10];
	struct ticket_row row;
	char *text;
	size_t n;

	auditor.role = ROLE_AUDITOR;
	at("09:00");
	act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:s, s:s, s:s}", "text", words, "source", "12345", "caller",
		SECRET_NAME, "phone", SECRET_PHONE, "place", "三垛镇新河闸"),
	    NULL);
	for (size_t at = 0; words[at]; at = utf8_next(words, strlen(words), at)) {
		char word[24];

		snprintf(word, sizeof(word), "%.*s",
		    (int)(utf8_next(words, strlen(words), utf8_next(words, strlen(words), at)) -
			  at),
		    words + at);
		n = search_find_for(c->st, &auditor, NULL, word, 0, hits, COUNT_OF(hits), NULL);
		for (size_t i = 0; i < n; i++) {
			incident_mask_hit(c->st, &auditor, &hits[i]);
			hides_caller(word, hits[i].snippet);
		}
	}
	text = ticket_text(c, &auditor, ticket(c, "12345", "P2", "三垛镇" SECRET_HOME, words));
	hides_caller("ticket", text);
	free(text);
	assert_true(monitor_tickets(c->st, true, &row, 1) == 1);
	monitor_ticket_mask(&row);
	hides_caller("list", row.title);
}

/* The same number again: the same is nothing; another text rings once more, and the old one stays
 * readable. */
static void
test_changed_ticket(void **state)
{
	struct county *c = *state;
	static const char one[] = "[{\"orderNum\":\"N1\",\"majorContent\":\"三垛镇道路积水\","
				  "\"callTime\":\"2025-07-09 09:00:00\"}]";
	static const char two[] =
	    "[{\"orderNum\":\"N1\",\"majorContent\":\"三垛镇道路积水，有车辆被困\",\"callTime\":"
	    "\"2025-07-09 09:00:00\"}]";
	struct intake_count count = {0};
	struct ticket_row rows[3];
	struct buf text = BUF_MAX(20000);
	struct err err = ERR_NONE;

	at("09:01");
	take_bytes(c, "12345", one, strlen(one), &count);
	take_bytes(c, "12345", one, strlen(one), &count);
	assert_int_equal(count.fresh, 1);
	assert_int_equal(count.again, 1);
	take_bytes(c, "12345", two, strlen(two), &count);
	assert_int_equal(count.fresh, 2);
	assert_int_equal(monitor_tickets(c->st, false, rows, 3), 1);
	assert_int_equal(waiting(c, "ticket"), 1);
	assert_true(monitor_ticket_text(c->st, &c->officer, rows[0].id, &text, &err));
	assert_non_null(strstr(buf_str(&text), "有车辆被困"));
	assert_non_null(strstr(buf_str(&text), "text until then: 三垛镇道路积水"));
	buf_clear(&text);
}

/* --- quakes ----------------------------------------------------------------------------------- */

static int64_t
quake(struct county *c, const char *id, const char *when, double lon, double lat, double m,
    bool reviewed)
{
	json_t *args = json_pack("{s:s, s:s, s:s, s:f, s:f, s:f, s:f, s:s}", "source", "CENC", "id",
	    id, "at", when, "lon", lon, "lat", lat, "magnitude", m, "depth", 10.0, "place",
	    "江苏泰州市兴化市");

	if (reviewed)
		json_object_set_new(args, "reviewed", json_true());
	return act(c, &c->officer, "quake.take", args, NULL);
}

/* Row 37: M3.6 at Xinghua: no response below 4.0, words for the hotline; automatic and reviewed are
 * one. */
static void
test_quake(void **state)
{
	struct county *c = *state;
	struct quake_row row;
	int64_t id, other;

	at("2025-07-10 00:42");
	id = quake(c, "CC1", "2025-07-10 00:40:11", 119.86, 32.94, 3.8, false);
	assert_int_equal(waiting(c, "quake"), 1);
	at("2025-07-10 00:50");
	other = quake(c, "CD2", "2025-07-10 00:40:15", 119.88, 32.96, 3.6, true);
	assert_int_equal(other, id);
	assert_int_equal(waiting(c, "quake"), 1);
	assert_true(monitor_quake(c->st, id, &row));
	assert_true(row.reviewed);
	assert_int_equal(row.messages, 2);
	assert_true(row.magnitude > 3.59 && row.magnitude < 3.61);
	assert_true(row.distance_km > 35 && row.distance_km < 55);
	assert_non_null(strstr(row.rule, "不启动响应"));
	assert_non_null(strstr(row.answer, "3.6级"));
	assert_non_null(strstr(row.answer, "兴化"));
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM response", -1, ""), 0);
	/* A late automatic one does not go before the reviewed. */
	quake(c, "CC1", "2025-07-10 00:40:11", 119.86, 32.94, 4.1, false);
	assert_true(monitor_quake(c->st, id, &row));
	assert_true(row.magnitude < 3.7);
	/* Another hour, another quake. */
	at("2025-07-10 02:00");
	assert_true(quake(c, "CC9", "2025-07-10 01:59:00", 119.86, 32.94, 3.1, false) != id);
}

static void
test_quake_near(void **state)
{
	struct county *c = *state;
	struct quake_row row;
	struct inbox_row inbox[3];
	size_t n;

	at("2025-07-10 00:42");
	assert_true(monitor_quake(
	    c->st, quake(c, "N1", "2025-07-10 00:40", 119.5, 32.8, 4.0, false), &row));
	assert_non_null(strstr(row.rule, "启动条件"));
	n = incident_inbox(c->st, true, inbox, 3);
	assert_int_equal(n, 1);
	assert_true(inbox[0].urgent);
	inbox_rows_clear(inbox, n);
	assert_true(monitor_quake(
	    c->st, quake(c, "N2", "2025-07-10 00:41:30", 142.0, 38.0, 5.5, true), &row));
	assert_false(row.concerns);
	assert_int_equal(waiting(c, "quake"), 1);
}

/* --- values and alarms ------------------------------------------------------------------------ */

/* Row 15: 1.96 m rising 0.14 m/h: about 17 minutes to 2.00. Row 16: 2.03: one alarm, its margin,
 * the plan's trigger. */
static void
test_water(void **state)
{
	struct county *c = *state;
	struct observation_row o[3];
	struct alarm_row a;
	struct inbox_row inbox[3];
	size_t n;

	value(c, "14:30", "三垛", "water_level", 1.82);
	value(c, "15:30", "三垛", "水位", 1.96);
	assert_int_equal(monitor_observations(c->st, o, 3), 1);
	assert_true(o[0].per_hour > 0.139 && o[0].per_hour < 0.141);
	assert_non_null(strstr(o[0].forecast, "2.00"));
	assert_non_null(strstr(o[0].forecast, "17"));
	i18n_set_language("zh_CN");
	assert_int_equal(monitor_observations(c->st, o, 3), 1);
	assert_string_equal(o[0].forecast, "约17分钟后到2.00");
	i18n_set_language("en");
	assert_int_equal(waiting(c, "alarm"), 0);
	value(c, "16:00", "三垛", "water_level", 2.03);
	a = alarm_there(c);
	assert_int_equal(a.level, 1);
	assert_string_equal(a.code, "11A02");
	assert_int_equal(a.due, at("16:15"));
	n = incident_inbox(c->st, true, inbox, 3);
	assert_int_equal(n, 1);
	assert_non_null(strstr(inbox[0].text, "+0.03"));
	assert_non_null(strstr(inbox[0].text, "防汛"));
	assert_non_null(strstr(inbox[0].text, "level 4"));
	inbox_rows_clear(inbox, n);
	/* Flapping below 0.02 m does not repeat it; neither does a value that came late. */
	for (int i = 0; i < 5; i++) {
		char when[8];

		snprintf(when, sizeof(when), "16:%02d", 5 + 2 * i);
		value(c, when, "三垛", "water_level", i % 2 ? 2.01 : 1.985);
	}
	a = alarm_there(c);
	assert_int_equal(a.reset, CLOCK_NONE);
	assert_int_equal(waiting(c, "alarm"), 1);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM alarm_entry", 0, ""), 1);
	value(c, "16:20", "三垛", "water_level", 1.97);
	assert_int_not_equal(alarm_there(c).reset, CLOCK_NONE);
	/* Crossing again after it was back is the same alarm, armed anew. */
	value(c, "16:40", "三垛", "water_level", 2.02);
	a = alarm_there(c);
	assert_int_equal(a.reset, CLOCK_NONE);
	assert_true(a.waits);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM response", -1, ""), 0);
}

/* Rows 7 to 9: level 1, unconfirmed: to the chief; level 2 in the same chain arms again; close
 * wants cause and measure. */
static void
test_ammonia(void **state)
{
	struct county *c = *state;
	struct actor system;
	struct err err = ERR_NONE;
	struct alarm_row a;
	struct buf text = BUF_MAX(10000);
	json_int_t id;

	actor_system(&system, "test");
	value(c, "11:10", "冷库A", "gas_nh3", 46);
	a = alarm_there(c);
	id = a.id;
	assert_int_equal(a.level, 1);
	assert_int_equal(a.due, at("11:20"));
	at("11:11");
	act(c, &c->officer, "alarm.confirm",
	    json_pack("{s:I, s:s}", "alarm", id, "verdict", "real"), NULL);
	assert_false(alarm_there(c).waits);
	value(c, "11:13", "冷库A", "gas_nh3", 91);
	a = alarm_there(c);
	assert_int_equal(a.id, id);
	assert_int_equal(a.level, 2);
	assert_true(a.waits);
	assert_int_equal(a.due, at("11:18"));
	at("11:17");
	assert_true(monitor_tick(c->st, &system, &err));
	assert_int_equal(alarm_there(c).escalated, 0);
	at("11:18");
	assert_true(monitor_tick(c->st, &system, &err));
	assert_true(monitor_tick(c->st, &system, &err));
	assert_int_equal(alarm_there(c).escalated, 1);
	at("11:28");
	assert_true(monitor_tick(c->st, &system, &err));
	assert_int_equal(alarm_there(c).escalated, 2);
	refused(c, &c->officer, "alarm.close",
	    json_pack("{s:I, s:s, s:s}", "alarm", id, "cause", "阀门填料渗漏", "measure", "更换"),
	    ERR_STATE, NULL);
	act(c, &c->chief, "alarm.confirm",
	    json_pack("{s:I, s:s, s:s}", "alarm", id, "verdict", "real", "text",
		"企业确认，现场已清空，无人受伤"),
	    NULL);
	refused(c, &c->officer, "alarm.close",
	    json_pack(
		"{s:I, s:s, s:s}", "alarm", id, "cause", "阀门填料渗漏", "measure", "更换填料"),
	    ERR_STATE, NULL);
	value(c, "11:50", "冷库A", "gas_nh3", 6);
	assert_int_not_equal(alarm_there(c).reset, CLOCK_NONE);
	refused(c, &c->officer, "alarm.close",
	    json_pack("{s:I, s:s}", "alarm", id, "cause", "阀门填料渗漏"), ERR_INPUT, NULL);
	refused(c, &c->officer, "alarm.close",
	    json_pack("{s:I, s:s}", "alarm", id, "measure", "更换填料"), ERR_INPUT, NULL);
	act(c, &c->officer, "alarm.close",
	    json_pack("{s:I, s:s, s:s}", "alarm", id, "cause", "阀门填料渗漏", "measure",
		"更换填料，企业安全员复核"),
	    NULL);
	assert_true(monitor_alarm_text(c->st, id, &text, &err));
	assert_non_null(strstr(buf_str(&text), "91"));
	assert_non_null(strstr(buf_str(&text), "更换填料"));
	buf_clear(&text);
	assert_int_not_equal(alarm_there(c).closed, CLOCK_NONE);
	/* Nothing went upward. */
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM incident", -1, ""), 0);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM outbox", -1, ""), 0);
}

/* A false alarm may be closed while the value is over, and is then silent until it was back or goes
 * higher. */
static void
test_false_alarm(void **state)
{
	struct county *c = *state;
	struct alarm_row rows[3];
	json_int_t id;

	value(c, "11:10", "冷库A", "gas_nh3", 50);
	id = alarm_there(c).id;
	act(c, &c->officer, "alarm.confirm",
	    json_pack("{s:I, s:s}", "alarm", id, "verdict", "false"), NULL);
	act(c, &c->officer, "alarm.close",
	    json_pack("{s:I, s:s, s:s}", "alarm", id, "cause", "探头故障", "measure", "通知检修"),
	    NULL);
	value(c, "11:20", "冷库A", "gas_nh3", 52);
	assert_int_equal(monitor_alarms(c->st, true, rows, 3), 0);
	value(c, "11:25", "冷库A", "gas_nh3", 90);
	assert_int_equal(monitor_alarms(c->st, true, rows, 3), 1);
	assert_int_equal(rows[0].level, 2);
	assert_true(rows[0].id != id);
	/* An alarm becomes an incident with one verb. */
	act(c, &c->officer, "alarm.open",
	    json_pack("{s:I, s:s}", "alarm", (json_int_t)rows[0].id, "place",
		"城南经济新区金谷冷链冷库A"),
	    NULL);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM incident", -1, ""), 1);
}

/* --- silence --- */

static json_t *
silence(struct county *c, const char *station, const char *until, const char *reason)
{
	int64_t now = clock_now(), till = at(until),
		point = sql_one_int(c->st,
		    "SELECT id FROM observation WHERE station = ?1 OR name = ?1 ORDER BY at DESC "
		    "LIMIT 1",
		    0, "t", station);

	clock_pin(now);
	return json_pack("{s:I, s:I, s:s}", "point", (json_int_t)point, "until", (json_int_t)till,
	    "reason", reason);
}

static void
tick(struct county *c)
{
	struct actor system;
	struct err err = ERR_NONE;

	actor_system(&system, "tick");
	if (!monitor_tick(c->st, &system, &err))
		fail_msg("%s", err.message);
}

/* Known and silenced: nothing rings, everything is kept; at its end what was not answered rings. */
static void
test_silence(void **state)
{
	struct county *c = *state;
	struct observation_row o[2];
	struct silence_row s[2];
	struct alarm_row a;
	struct buf text = BUF_MAX(20000);
	struct err err = ERR_NONE;

	value(c, "09:00", "三垛", "water_level", 1.9);
	act(c, &c->officer, "alarm.silence",
	    silence(c, "三垛", "12:00", "水位计检修，水务局周某知情"), NULL);
	assert_int_equal(monitor_silences(c->st, s, 2), 1);
	assert_string_equal(s[0].who, "陈涛");
	assert_int_equal(monitor_observations(c->st, o, 2), 1);
	assert_int_equal(o[0].silenced, s[0].until);
	value(c, "09:30", "三垛", "water_level", 2.1);
	a = alarm_there(c);
	assert_int_equal(a.level, 1);
	assert_false(a.waits);
	assert_int_equal(a.silenced, s[0].until);
	assert_int_equal(waiting(c, "alarm"), 0);
	assert_true(monitor_alarm_text(c->st, a.id, &text, &err));
	assert_non_null(strstr(buf_str(&text), "SILENCED"));
	buf_clear(&text);
	at("10:30");
	tick(c); /* nobody is called for it */
	assert_int_equal(alarm_there(c).escalated, 0);
	at("11:59");
	tick(c);
	assert_int_equal(waiting(c, "alarm"), 0);
	at("12:00");
	tick(c);
	a = alarm_there(c);
	assert_true(a.waits);
	assert_int_equal(a.due, at("12:15"));
	assert_int_equal(a.silenced, CLOCK_NONE);
	assert_int_equal(waiting(c, "alarm"), 1);
	assert_int_equal(monitor_silences(c->st, s, 2), 0);
	assert_int_equal(
	    sql_one_int(c->st,
		"SELECT count(*) FROM journal WHERE verb IN ('alarm.silence', 'alarm.lapse')", -1,
		""),
	    2);
	/* And from here on as ever. */
	at("12:16");
	tick(c);
	assert_int_equal(alarm_there(c).escalated, 1);
}

/* Of one that rings already: its entry goes, escalation stops; what gets worse than was known rings all the same. */
static void
test_silence_of_a_ringing_one(void **state)
{
	struct county *c = *state;
	struct observation_row o[2];
	struct alarm_row a;

	value(c, "09:00", "三垛", "water_level", 2.1);
	assert_int_equal(waiting(c, "alarm"), 1);
	act(c, &c->officer, "alarm.silence", silence(c, "三垛", "12:00", "传感器抖动"), NULL);
	assert_int_equal(waiting(c, "alarm"), 0);
	at("09:20");
	tick(c);
	assert_int_equal(alarm_there(c).escalated, 0);
	value(c, "09:30", "三垛", "water_level", 1.5);
	value(c, "09:40", "三垛", "water_level", 2.2);
	assert_int_equal(waiting(c, "alarm"), 0);
	assert_int_not_equal(alarm_there(c).silenced, CLOCK_NONE);
	value(c, "09:50", "三垛", "water_level", 2.6);
	a = alarm_there(c);
	assert_true(a.waits);
	assert_int_equal(a.level, 2);
	/* What rings is not called silenced: the silence holds up to level 1 only. */
	assert_int_equal(a.silenced, CLOCK_NONE);
	assert_int_equal(monitor_observations(c->st, o, 2), 1);
	assert_int_equal(o[0].silenced, CLOCK_NONE);
	assert_int_equal(waiting(c, "alarm"), 1);
	/* Taken back early: nothing waits twice. */
	act(c, &c->officer, "alarm.resume",
	    json_pack("{s:I, s:s}", "point",
		(json_int_t)sql_one_int(c->st, "SELECT max(id) FROM observation", 0, ""), "reason",
		"已修复"),
	    NULL);
	assert_int_equal(waiting(c, "alarm"), 1);
	refused(c, &c->officer, "alarm.resume",
	    json_pack("{s:I, s:s}", "point",
		(json_int_t)sql_one_int(c->st, "SELECT max(id) FROM observation", 0, ""), "reason",
		"x"),
	    ERR_STATE, NULL);
}

static void
test_silence_refused(void **state)
{
	struct county *c = *state;
	json_t *args;

	value(c, "09:00", "三垛", "water_level", 3.1);
	/* Without reason, without end, too long, in the past; a township; the worst by an officer. */
	args = silence(c, "三垛", "12:00", "");
	refused(c, &c->chief, "alarm.silence", args, ERR_INPUT, NULL);
	args = silence(c, "三垛", "12:00", "检修");
	json_object_del(args, "until");
	refused(c, &c->chief, "alarm.silence", args, ERR_INPUT, NULL);
	refused(
	    c, &c->chief, "alarm.silence", silence(c, "三垛", "08:59", "检修"), ERR_INPUT, NULL);
	refused(c, &c->chief, "alarm.silence", silence(c, "三垛", "07-11 09:01", "检修"), ERR_INPUT,
	    NULL);
	refused(c, &c->township, "alarm.silence", silence(c, "三垛", "12:00", "检修"), ERR_REFUSED,
	    NULL);
	refused(c, &c->officer, "alarm.silence", silence(c, "三垛", "12:00", "检修"), ERR_REFUSED,
	    NULL);
	assert_int_equal(waiting(c, "alarm"), 1);
	act(c, &c->chief, "alarm.silence", silence(c, "三垛", "12:00", "检修"), NULL);
	assert_int_equal(waiting(c, "alarm"), 0);
	/* A red warning is no alarm: it goes only when it is answered. */
	{
		struct message red = {.id = "32108441600000_20250709090500",
		    .sent = "2025-07-09 09:05",
		    .headline = "高邮市气象台发布暴雨红色预警",
		    .severity = "Red",
		    .expires = "2025-07-09 15:00",
		    .geocode = "321084000000"};
		struct alert_row r[1];

		at("09:06");
		take(c, &red);
		rows_of(c, red.id, r, 1);
		assert_true(r[0].inbox != 0);
		refused(c, &c->leader, "inbox.file",
		    json_pack("{s:I, s:s}", "inbox", (json_int_t)r[0].inbox, "why", "知道了"),
		    ERR_REFUSED, NULL);
		act(c, &c->leader, "alert.read", json_pack("{s:I}", "alert", (json_int_t)r[0].id),
		    NULL);
		assert_int_equal(waiting(c, "alert"), 1);
		/* Over does not mean answered. */
		at("15:01");
		tick(c);
		assert_int_equal(waiting(c, "alert"), 1);
		act(c, &c->officer, "alert.note",
		    json_pack("{s:I, s:s}", "alert", (json_int_t)r[0].id, "text", "已叫应各镇"),
		    NULL);
		assert_int_equal(waiting(c, "alert"), 0);
	}
}

/* The newest of each point, whatever there is of it. */
static void
test_newest(void **state)
{
	struct county *c = *state;
	struct observation_row o[8];
	size_t n;

	value(c, "08:40", "临泽", "rain_1h", 12);
	value(c, "09:00", "临泽", "rain_1h", 62.3);
	value(c, "09:00", "临泽", "water_level", 1.5);
	value(c, "09:05", "三垛", "rain_1h", 3);
	value(c, "09:06", "高邮湖", "water_level", 8.2);
	value(c, "09:10", "三垛", "rain_1h", 4);
	n = monitor_observations(c->st, o, 8);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(o[i].name, "临泽") == 0 && strcmp(o[i].quantity, "rain_1h") == 0) {
			assert_true(o[i].value > 62.2);
			assert_int_equal(o[i].level, 2);
		}
		if (strcmp(o[i].name, "三垛") == 0)
			assert_true(o[i].value > 3.9);
	}
	assert_int_equal(monitor_observations(c->st, o, 2), 2);
}

static void
test_values_refused(void **state)
{
	struct county *c = *state;

	at("11:10");
	refused(c, &c->officer, "observation.take",
	    json_pack("{s:s, s:s, s:f, s:s}", "station", "三垛", "quantity", "water_level", "value",
		9.0, "at", "2099-01-01 00:00"),
	    ERR_INPUT, NULL);
	refused(c, &c->officer, "observation.take",
	    json_pack("{s:s, s:s, s:f}", "station", "三垛", "quantity", "心情", "value", 9.0),
	    ERR_INPUT, "心情");
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM observation", -1, ""), 0);
}

/* --- links ------------------------------------------------------------------------------------ */

static void
test_links(void **state)
{
	struct county *c = *state;
	struct monitor_link rows[3];
	json_int_t id;

	at("09:00");
	refused(c, &c->officer, "link.set",
	    json_pack("{s:s, s:s}", "name", "气象", "url", "https://example.org/a"), ERR_REFUSED,
	    NULL);
	refused(c, &c->chief, "link.set",
	    json_pack(
		"{s:s, s:s, s:i}", "name", "气象", "url", "https://example.org/a", "every", 1),
	    ERR_INPUT, NULL);
	id = act(c, &c->chief, "link.set",
	    json_pack(
		"{s:s, s:s, s:i}", "name", "气象", "url", "https://example.org/a", "every", 120),
	    NULL);
	assert_int_equal(monitor_links(c->st, rows, 3), 1);
	assert_int_equal(rows[0].interval_s, 120);
	assert_true(rows[0].enabled && rows[0].last_ok == CLOCK_NONE && rows[0].items == -1);
	act(c, &c->chief, "link.disable", json_pack("{s:I}", "link", id), NULL);
	refused(c, &c->officer, "link.try", json_pack("{s:I}", "link", id), ERR_STATE, NULL);
	act(c, &c->officer, "link.enable", json_pack("{s:I}", "link", id), NULL);
	act(c, &c->officer, "link.try", json_pack("{s:I}", "link", id), NULL);
	assert_int_equal(monitor_links(c->st, rows, 3), 1);
	assert_true(rows[0].enabled);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, county_make, county_clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(transfer),
	    TEST(open),
	    TEST(open_refused),
	    TEST(join),
	    TEST(secret),
	    TEST(reveal),
	    TEST(secret_outside),
	    TEST(changed_ticket),
	    TEST(quake),
	    TEST(quake_near),
	    TEST(water),
	    TEST(ammonia),
	    TEST(false_alarm),
	    TEST(silence),
	    TEST(silence_of_a_ringing_one),
	    TEST(silence_refused),
	    TEST(newest),
	    TEST(values_refused),
	    TEST(links),
	};

	i18n_init();
	i18n_set_language("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
