/* The life of an alert: rows 6, 12, 13, 20 and 35 of the shift, chains in every order, and what
 * feeds really send. */
#include "tests/monitor/scene.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define GEO "321084000000,321084000000"
#define THUNDER "32108441600000_20250709103600"

static void
assert_same(const char *a, const char *b)
{
	assert_string_equal(a, b);
}

static const struct message thunder = {.id = THUNDER,
    .sent = "2025-07-09 10:36:00",
    .headline = "高邮市气象台发布雷电黄色预警信号[III级/较重]",
    .code = "11B14",
    .severity = "Yellow",
    .expires = "2025-07-09 16:36:00",
    .geocode = GEO,
    .area = "高邮市"};
static const struct message rain_yellow = {.id = "32108441600000_20250709140200",
    .sent = "2025-07-09 14:02:00",
    .headline = "高邮市气象台发布暴雨黄色预警信号[III级/较重]",
    .severity = "Yellow",
    .geocode = GEO,
    .area = "高邮市"};
static const struct message rain_orange = {.id = "32108441600000_20250709145000",
    .sent = "2025-07-09 14:50:00",
    .type = "Update",
    .refs = "32108441600000_20250709140200",
    .headline = "高邮市气象台更新暴雨橙色预警信号[II级/严重]",
    .severity = "Orange",
    .geocode = "321084115000,321084108000,321084101000,321084107000,321084106000,321084109000,"
	       "321084112000",
    .area = "临泽镇等七镇"};
static const struct message rain_red = {.id = "32108441600000_20250709182000",
    .sent = "2025-07-09 18:20:00",
    .type = "Update",
    .refs = "32108441600000_20250709140200",
    .headline = "高邮市气象台更新暴雨红色预警信号[I级/特别严重]",
    .severity = "Red",
    .geocode = GEO,
    .area = "高邮市"};
static const struct message rain_lower = {.id = "32108441600000_20250709233000",
    .sent = "2025-07-09 23:30:00",
    .type = "Update",
    .refs = "32108441600000_20250709140200",
    .headline = "高邮市气象台更新暴雨橙色预警信号[II级/严重]",
    .severity = "Orange",
    .geocode = GEO,
    .area = "高邮市"};

/* Row 6: the same identifier twice is one record, from whatever feed; the entry rings. */
static void
test_received_twice(void **state)
{
	struct county *c = *state;
	struct alert_row row;
	struct inbox_row inbox[5];
	struct intake_count count;
	char *text = write_message(&thunder);

	at("10:36");
	count = take(c, &thunder);
	assert_int_equal(count.fresh, 1);
	assert_int_equal(count.touching, 1);
	at("10:37");
	memset(&count, 0, sizeof(count));
	take_bytes(c, "another", text, strlen(text), &count);
	assert_int_equal(count.fresh, 0);
	assert_int_equal(count.again, 1);
	assert_int_equal(rows_of(c, THUNDER, &row, 1), 1);
	assert_int_equal(row.copies, 2);
	assert_int_equal(row.colour, COLOUR_YELLOW);
	assert_same(row.code, "11B14");
	assert_same(row.sender, "32108441600000");
	assert_true(row.concerns && row.fresh && !row.no_expiry);
	assert_int_equal(row.seen, at("10:37"));
	assert_int_equal(incident_inbox(c->st, true, inbox, 5), 1);
	assert_true(inbox[0].urgent);
	assert_false(inbox[0].answer);
	assert_non_null(strstr(inbox[0].text, "高邮市气象灾害应急预案"));
	inbox_rows_clear(inbox, 1);
	act(c, &c->officer, "alert.read", json_pack("{s:I}", "alert", (json_int_t)row.id), NULL);
	assert_int_equal(waiting(c, NULL), 0);
	free(text);
}

/* Rows 12 and 13: linked to the plan, no response by itself; the Update supersedes; the call list
 * from the codes. */
static void
test_update(void **state)
{
	struct county *c = *state;
	struct alert_row yellow, orange;
	struct alert_plan plans[4];
	int64_t towns[20];
	size_t n;
	bool flood = false;

	at("14:02");
	take(c, &rain_yellow);
	assert_int_equal(rows_of(c, rain_yellow.id, &yellow, 1), 1);
	n = monitor_alert_plans(c->st, yellow.id, plans, 4);
	for (size_t i = 0; i < n; i++)
		flood = flood || strstr(plans[i].name, "防汛");
	assert_true(flood);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM response", -1, ""), 0);
	assert_int_equal(monitor_alert_towns(c->st, yellow.id, towns, 20), 13);
	at("14:50");
	take(c, &rain_orange);
	assert_same(state_of(c, rain_yellow.id), "superseded");
	assert_same(state_of(c, rain_orange.id), "live");
	assert_int_equal(rows_of(c, rain_orange.id, &orange, 1), 1);
	assert_int_equal(orange.chain, yellow.id);
	assert_int_equal(monitor_alert_towns(c->st, orange.id, towns, 20), 7);
	assert_int_equal(towns[0], INT64_C(321084101));
	/* The old entry is out of the list by itself. */
	assert_int_equal(waiting(c, "alert"), 1);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM response", -1, ""), 0);
}

/* Rows 20 and 35: red may not be put away unanswered, not by reading, not by filing, not by a
 * milder update. */
static void
test_red(void **state)
{
	struct county *c = *state;
	struct alert_row red;
	int64_t incident;
	char *text;

	at("14:02");
	take(c, &rain_yellow);
	at("18:20");
	take(c, &rain_red);
	assert_int_equal(rows_of(c, rain_red.id, &red, 1), 1);
	assert_true(red.inbox != 0);
	refused(c, &c->officer, "inbox.file",
	    json_pack("{s:I, s:s}", "inbox", (json_int_t)red.inbox, "why", "已知"), ERR_REFUSED,
	    NULL);
	act(c, &c->officer, "alert.read", json_pack("{s:I}", "alert", (json_int_t)red.id), NULL);
	assert_int_equal(waiting(c, "alert"), 1);
	/* Nor by an incident: it goes there, and is still in the list. */
	incident = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s}", "text", "临泽镇强降雨，多处积水", "source", "临泽镇"), NULL);
	act(c, &c->officer, "inbox.take",
	    json_pack(
		"{s:I, s:I}", "inbox", (json_int_t)red.inbox, "incident", (json_int_t)incident),
	    NULL);
	assert_int_equal(waiting(c, "alert"), 1);
	refused(c, &c->officer, "inbox.take",
	    json_pack(
		"{s:I, s:I}", "inbox", (json_int_t)red.inbox, "incident", (json_int_t)incident),
	    ERR_STATE, "already");
	refused(c, &c->officer, "inbox.file",
	    json_pack("{s:I, s:s}", "inbox", (json_int_t)red.inbox, "why", "已知"), ERR_REFUSED,
	    NULL);
	at("23:30");
	take(c, &rain_lower);
	assert_same(state_of(c, rain_red.id), "superseded");
	assert_same(state_of(c, rain_lower.id), "live");
	assert_int_equal(waiting(c, "alert"), 2);
	act(c, &c->officer, "alert.note",
	    json_pack(
		"{s:I, s:s}", "alert", (json_int_t)red.id, "text", "18:24 电话叫应市长，已复诵"),
	    NULL);
	assert_int_equal(waiting(c, "alert"), 1);
	assert_int_equal(sql_one_int(c->st,
			     "SELECT count(*) FROM inbox WHERE id = ?1 AND state = 'taken' AND "
			     "incident = ?2",
			     0, "ii", red.inbox, incident),
	    1);
	text = text_of(c, rain_lower.id);
	assert_non_null(strstr(text, "电话叫应市长")); /* the chain keeps it */
	free(text);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM response", -1, ""), 0);
}

/* --- chains ----------------------------------------------------------------------------------- */

static void
swap(size_t *a, size_t *b)
{
	size_t t = *a;

	*a = *b;
	*b = t;
}

/* The states of the messages of a chain after they came in this order. */
static void
states_after(
    struct county *c, const struct message *m, size_t n, const size_t *order, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		take(c, &m[order[i]]);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s ", state_of(c, m[i].id));
}

/* Each order in a store of its own. */
static void
all_orders(const struct message *m, size_t n, size_t *order, size_t k, const char *expected)
{
	struct buf b = BUF_MAX(1000);
	void *state;

	if (k < n) {
		for (size_t i = k; i < n; i++) {
			swap(&order[k], &order[i]);
			all_orders(m, n, order, k + 1, expected);
			swap(&order[k], &order[i]);
		}
		return;
	}
	county_make(&state);
	at("2025-07-10 00:30");
	states_after(state, m, n, order, &b);
	if (strcmp(buf_str(&b), expected) != 0)
		fail_msg("order %zu %zu %zu %zu: %s, not %s", order[0], order[1], order[2],
		    n > 3 ? order[3] : 9, buf_str(&b), expected);
	buf_clear(&b);
	county_clear(&state);
}

static void
check_orders(const struct message *m, size_t n, const char *expected)
{
	size_t order[8];

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	all_orders(m, n, order, 0, expected);
}

#define CAP(i, when, kind, reference)                                                              \
	{                                                                                          \
		.cap = true, .id = i, .sent = when, .type = kind, .refs = reference,               \
		.headline = "暴雨预警", .severity = "Severe", .geocode = "321084000000"            \
	}
#define TRIPLE(i, when) "test@example.org," i ",2025-07-09T" when ":00+08:00"

static void
test_orders_triples(void **state)
{
	static const struct message m[] = {
	    CAP("a", "2025-07-09 10:00", "Alert", NULL),
	    CAP("b", "2025-07-09 11:00", "Update", TRIPLE("a", "10:00")),
	    CAP("c", "2025-07-09 12:00", "Update", TRIPLE("b", "11:00")),
	    CAP("d", "2025-07-09 13:00", "Cancel", TRIPLE("c", "12:00")),
	};

	(void)state;
	check_orders(m, 4, "superseded superseded cancelled cancelled ");
}

/* A Cancel that names the first message only ends what came out of it. */
static void
test_orders_first(void **state)
{
	static const struct message m[] = {
	    CAP("a", "2025-07-09 10:00", "Alert", NULL),
	    CAP("b", "2025-07-09 11:00", "Update", TRIPLE("a", "10:00")),
	    CAP("c", "2025-07-09 12:00", "Update", TRIPLE("b", "11:00")),
	    CAP("d", "2025-07-09 13:00", "Cancel", TRIPLE("a", "10:00")),
	};

	(void)state;
	check_orders(m, 4, "superseded superseded cancelled cancelled ");
}

/* 国突: everything names the first identifier; the later one counts, the lift ends all. */
static void
test_orders_bare(void **state)
{
	static const struct message lift = {.id = "32108441600000_20250710000000",
	    .sent = "2025-07-10 00:00:00",
	    .type = "Cancel",
	    .refs = "32108441600000_20250709140200",
	    .headline = "高邮市气象台解除暴雨橙色预警信号",
	    .severity = "Orange",
	    .geocode = GEO};
	struct message m[4] = {rain_yellow, rain_orange, rain_red, lift};

	(void)state;
	check_orders(m, 4, "superseded superseded lifted lifted ");
	m[3] = rain_lower;
	check_orders(m, 4, "superseded superseded superseded live ");
}

/* Two updates of one alert for two places: both are leaves, and cancelling one leaves the other. */
static void
test_orders_branches(void **state)
{
	static const struct message m[] = {
	    CAP("a", "2025-07-09 10:00", "Alert", NULL),
	    CAP("b", "2025-07-09 11:00", "Update", TRIPLE("a", "10:00")),
	    CAP("c", "2025-07-09 11:01", "Update", TRIPLE("a", "10:00")),
	    CAP("d", "2025-07-09 13:00", "Cancel", TRIPLE("b", "11:00")),
	};

	(void)state;
	check_orders(m, 4, "superseded cancelled live cancelled ");
}

/* In a circle the later one counts; a reference to itself is none; one to the future holds. */
static void
test_orders_circle(void **state)
{
	static const struct message circle[] = {
	    CAP("a", "2025-07-09 10:00", "Update", TRIPLE("c", "12:00")),
	    CAP("b", "2025-07-09 11:00", "Update", TRIPLE("a", "10:00")),
	    CAP("c", "2025-07-09 12:00", "Update", TRIPLE("b", "11:00")),
	};
	static const struct message odd[] = {
	    CAP("a", "2025-07-09 10:00", "Alert", TRIPLE("a", "10:00")),
	    CAP("b", "2025-07-09 11:00", "Update", TRIPLE("c", "12:00")),
	    CAP("c", "2025-07-09 12:00", "Alert", NULL),
	};

	(void)state;
	check_orders(circle, 3, "superseded superseded live ");
	check_orders(odd, 3, "live live superseded ");
}

/* Lists give lifts without a reference: what the issuer said of that event before is over, what it
 * says afterwards is not. */
static void
test_orders_lift(void **state)
{
	static const struct message m[] = {
	    {.id = "32108441600000_20250709100000",
		.sent = "2025-07-09 10:00:00",
		.headline = "高邮市气象台发布大雾橙色预警信号",
		.code = "11B17",
		.geocode = GEO},
	    {.id = "32108441600000_20250709110000",
		.sent = "2025-07-09 11:00:00",
		.headline = "高邮市气象台解除大雾橙色预警信号",
		.code = "11B17",
		.geocode = GEO},
	    {.id = "32108441600000_20250709120000",
		.sent = "2025-07-09 12:00:00",
		.headline = "高邮市气象台发布大雾黄色预警信号",
		.code = "11B17",
		.geocode = GEO},
	    {.id = "32108441600000_20250709110100",
		.sent = "2025-07-09 11:01:00",
		.headline = "高邮市气象台发布高温橙色预警信号",
		.code = "11B09",
		.geocode = GEO},
	};

	(void)state;
	check_orders(m, 4, "lifted lifted live live ");
}

static void
test_cancel_first(void **state)
{
	struct county *c = *state;
	static const struct message cancel = CAP(
					"d", "2025-07-09 13:00", "Cancel", TRIPLE("a", "10:00")),
				    alert = CAP("a", "2025-07-09 10:00", "Alert", NULL);

	at("14:00");
	take(c, &cancel);
	assert_same(state_of(c, "d"), "held");
	take(c, &alert);
	assert_same(state_of(c, "d"), "cancelled");
	assert_same(state_of(c, "a"), "cancelled");
}

/* --- odd messages ----------------------------------------------------------------------------- */

/* The same key with another text: both kept, both marked, neither lost. */
static void
test_conflict(void **state)
{
	struct county *c = *state;
	struct message other = thunder;
	struct alert_row rows[3];
	struct intake_count count;

	at("10:36");
	take(c, &thunder);
	other.text = "预计未来6小时本市将出现雷电，并可能伴有冰雹。";
	count = take(c, &other);
	assert_int_equal(count.fresh, 1);
	assert_int_equal(count.conflicting, 1);
	assert_int_equal(rows_of(c, THUNDER, rows, 3), 2);
	assert_true(rows[0].conflicting && rows[1].conflicting);
	assert_int_equal(rows[0].chain, rows[1].chain);
	count = take(c, &other);
	assert_int_equal(count.again, 1);
}

/* A clock in 2099 ends nothing and is told; an expiry in 2099 is not believed. */
static void
test_far_future(void **state)
{
	struct county *c = *state;
	struct message far = rain_yellow, lift = rain_yellow, fresh = rain_orange;
	struct alert_row row;
	char *text;

	at("14:02");
	far.expires = "2099-12-31 00:00:00";
	take(c, &far);
	assert_int_equal(rows_of(c, far.id, &row, 1), 1);
	assert_true(row.no_expiry);
	assert_same(state_of(c, far.id), "live");
	text = text_of(c, far.id);
	assert_non_null(strstr(text, "2099-12-31"));
	free(text);
	/* A lift of 2099 lifts what is here now, not what is said tomorrow. */
	lift.id = "32108441600000_20990101000000";
	lift.sent = "2099-01-01 00:00:00";
	lift.headline = "高邮市气象台解除暴雨黄色预警信号";
	at("14:10");
	take(c, &lift);
	assert_same(state_of(c, far.id), "lifted");
	at("14:50");
	fresh.refs = NULL;
	fresh.type = "Alert";
	take(c, &fresh);
	assert_same(state_of(c, fresh.id), "live");
}

static void
test_expiry(void **state)
{
	struct county *c = *state;
	struct alert_filter live = {.live = true}, past = {.past = true};
	struct alert_row rows[4];

	at("10:36");
	take(c, &thunder);
	take(c, &rain_yellow); /* no expiry; its clock is ahead */
	assert_int_equal(monitor_alerts(c->st, &live, rows, 4), 2);
	at("16:36");
	assert_same(state_of(c, THUNDER), "expired");
	assert_int_equal(monitor_alerts(c->st, &live, rows, 4), 1);
	assert_int_equal(monitor_alerts(c->st, &past, rows, 4), 1);
	at("2025-08-20 10:00");
	assert_same(state_of(c, rain_yellow.id),
	    "live"); /* until it is ended, whether a feed shows it or not */
	assert_int_equal(rows_of(c, rain_yellow.id, rows, 1), 1);
	assert_int_equal(rows[0].seen, at("2025-07-09 10:36"));
}

static void
set_drill(struct county *c, const char *value)
{
	act(c, &c->chief, "setting.set", json_pack("{s:s, s:s}", "name", "drill", "value", value),
	    NULL);
}

static void
test_drill_apart(void **state)
{
	struct county *c = *state;
	struct message drill = rain_red;
	struct alert_filter real = {.live = true}, apart = {.drill = true};
	struct alert_row rows[4];
	struct inbox_row inbox[4];
	size_t n;

	at("18:20");
	set_drill(c, "0");
	take(c, &rain_yellow);
	drill.status = "Exercise";
	take(c, &drill);
	assert_same(state_of(c, rain_yellow.id), "live"); /* an exercise supersedes nothing real */
	assert_int_equal(monitor_alerts(c->st, &real, rows, 4), 1);
	assert_int_equal(monitor_alerts(c->st, &apart, rows, 4), 1);
	assert_true(rows[0].drill && rows[0].apart);
	n = incident_inbox(c->st, true, inbox, 4);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		if (strstr(inbox[i].title, "红色"))
			assert_false(inbox[i].urgent || inbox[i].answer);
	inbox_rows_clear(inbox, n);
	/* In a drill's store all is drill: the ordinary list has both, each as what it is. */
	set_drill(c, "1");
	n = monitor_alerts(c->st, &real, rows, 4);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(rows[i].drill, strstr(rows[i].headline, "红色") != NULL);
		assert_false(rows[i].apart);
	}
	assert_int_equal(monitor_alerts(c->st, &apart, rows, 4), 1);
}

/* Which areas touch the county: by code both ways, by shape, by issuer, by name; codes of another
 * register do not count. */
static void
test_area(void **state)
{
	struct county *c = *state;
	static const struct {
		const char *geocode, *polygon, *circle, *sender, *area;
		bool cap, touches;
		size_t towns;
	} cases[] = {
	    {"321084000000", NULL, NULL, NULL, NULL, false, true, 13},
	    {"320000000000", NULL, NULL, NULL, NULL, false, true, 13},
	    {"321000", NULL, NULL, NULL, NULL, false, true, 13},
	    {"321084115000", NULL, NULL, NULL, NULL, false, true, 1},
	    {"321023000000", NULL, NULL, NULL, NULL, false, false, 0},
	    {"110000000000,321084000000", NULL, NULL, NULL, NULL, false, true, 13},
	    {"321084000000", NULL, NULL, NULL, NULL, true, true, 13},
	    /* 临泽 and its surroundings */
	    {NULL, "32.92,119.60 32.92,119.72 33.02,119.72 33.02,119.60 32.92,119.60", NULL, NULL,
		NULL, true, true, 2},
	    {NULL, "32.92,119.60 32.92,119.72 33.02,119.72 33.02,119.60", NULL, NULL, NULL, true,
		true, 2},
	    {NULL, "39.9,116.3 39.9,116.5 40.0,116.5 39.9,116.3", NULL, NULL, "高邮市", true, false,
		0},
	    {NULL, NULL, "32.78,119.45 3", NULL, NULL, true, true, 99},
	    {NULL, NULL, "39.9,116.3 50", NULL, NULL, true, false, 0},
	    {NULL, NULL, NULL, "32108441600000", "本市", false, true, 13},
	    {NULL, NULL, NULL, "32100041600000", "本市", false, true, 13},
	    {NULL, NULL, NULL, "41000041600000", "本省", false, false, 0},
	    {NULL, NULL, NULL, NULL, "高邮市北部", true, true, 13},
	    {NULL, NULL, NULL, NULL, "somewhere", true, false, 0},
	};

	at("14:02");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char id[40];
		struct message m = {.id = id,
		    .sent = "2025-07-09 14:00",
		    .cap = cases[i].cap,
		    .headline = "暴雨黄色预警",
		    .geocode = cases[i].geocode,
		    .polygon = cases[i].polygon,
		    .circle = cases[i].circle,
		    .sender = cases[i].sender ? cases[i].sender
			      : cases[i].cap  ? NULL
					      : "10000041600000",
		    .area = cases[i].area};
		struct alert_row row;
		int64_t towns[20];
		size_t n;

		snprintf(id, sizeof(id), "case-%zu", i);
		take(c, &m);
		assert_int_equal(rows_of(c, id, &row, 1), 1);
		if (row.concerns != cases[i].touches)
			fail_msg("case %zu: touches %d", i, row.concerns);
		n = monitor_alert_towns(c->st, row.id, towns, 20);
		if (cases[i].towns != 99 && n != cases[i].towns)
			fail_msg("case %zu: %zu townships, not %zu", i, n, cases[i].towns);
	}
}

/* zh by its tag wherever it stands; the colour that is worse; the name in the headline beats the
 * code. */
static void
test_language(void **state)
{
	struct county *c = *state;
	static const char text[] =
	    "<alert "
	    "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>L1</identifier><sender>s</"
	    "sender>"
	    "<sent>2025-07-09T14:00:00+08:00</sent><status>Actual</status><msgType>Alert</"
	    "msgType><scope>Public</scope>"
	    "<info><language>en-US</language><event>rain</event><urgency>Unknown</"
	    "urgency><severity>Minor</severity>"
	    "<certainty>Unknown</certainty><expires>2025-07-09T15:00:00+08:00</"
	    "expires><headline>Rain</headline></info>"
	    "<info><language>zh-CN</language><event>暴雨</event><urgency>Unknown</"
	    "urgency><severity>Minor</severity>"
	    "<certainty>Unknown</certainty><expires>2025-07-09T18:00:00+08:00</expires>"
	    "<headline>高邮市气象台发布暴雨橙色预警</headline><area><areaDesc>高邮市</areaDesc></"
	    "area></info></alert>";
	struct intake_count count = {0};
	struct message odd = thunder;
	struct alert_row row;

	at("14:02");
	take_bytes(c, "cap", text, strlen(text), &count);
	assert_int_equal(rows_of(c, "L1", &row, 1), 1);
	assert_same(row.headline, "高邮市气象台发布暴雨橙色预警");
	assert_int_equal(row.expires, at("18:00"));
	odd.severity = "Yellow";
	odd.headline = "高邮市气象台发布暴雨橙色预警信号[II级/严重]";
	odd.code = "11B09";
	take(c, &odd);
	assert_int_equal(rows_of(c, THUNDER, &row, 1), 1);
	assert_int_equal(row.colour, COLOUR_ORANGE);
	assert_true(row.colour_disagrees && row.code_disagrees);
	assert_same(row.code, "11B03");
}

/* The bytes are there for ever, whatever the reader made of them. */
static void
test_raw(void **state)
{
	struct county *c = *state;
	char *text = write_message(&thunder);
	struct buf raw = BUF_MAX(1u << 20);
	struct alert_row row;
	struct err err = ERR_NONE;

	at("10:36");
	take(c, &thunder);
	assert_int_equal(rows_of(c, THUNDER, &row, 1), 1);
	assert_true(monitor_alert_text(c->st, row.id, true, &raw, &err));
	assert_string_equal(buf_str(&raw), text);
	buf_clear(&raw);
	free(text);
}

/* A list line first, the message afterwards: one live row, one entry in the inbox. */
static void
test_thin(void **state)
{
	struct county *c = *state;
	static const char list[] =
	    "{\"msg\":\"success\",\"code\":0,\"data\":{\"page\":{\"count\":1,\"list\":[{"
	    "\"alertid\":\"" THUNDER "\",\"issuetime\":\"2025/07/09 "
	    "10:36\",\"title\":\"高邮市气象台发布雷电黄色预警信号[III级/较重]\",\"url\":"
	    "\"/publish/alarm/x.html\",\"pic\":\"https://image.nmc.cn/assets/img/alarm/"
	    "p0012003.png\"}]}}}";
	struct intake_count count = {0};
	struct alert_row rows[3];
	struct alert_filter live = {.live = true};

	at("10:37");
	take_bytes(c, "nmc", list, strlen(list), &count);
	assert_int_equal(count.fresh, 1);
	assert_int_equal(waiting(c, "alert"), 1);
	take(c, &thunder);
	assert_int_equal(monitor_alerts(c->st, &live, rows, 3), 1);
	assert_same(rows[0].profile, "guotu");
	assert_int_equal(waiting(c, "alert"), 1);
	memset(&count, 0, sizeof(count));
	take_bytes(c, "nmc", list, strlen(list), &count);
	assert_int_equal(count.again, 1);
	assert_int_equal(monitor_alerts(c->st, &live, rows, 3), 1);
}

/* ZHIBAN_SOAK=1: a hundred thousand, within a minute of the processor. */
static void
test_redelivered(void **state)
{
	struct county *c = *state;
	size_t rounds = getenv("ZHIBAN_SOAK") ? 100000 : 2000, rows, journal;
	char *text = write_message(&rain_yellow);
	struct intake_count count = {0};
	struct alert_row row;
	double took;

	at("14:02");
	take_bytes(c, "12379", text, strlen(text), &count);
	took = test_processor();
	journal = (size_t)sql_one_int(c->st, "SELECT count(*) FROM journal", 0, "");
	for (size_t i = 0; i < rounds; i++)
		take_bytes(c, i % 2 ? "12379" : "nmc", text, strlen(text), &count);
	took = test_processor() - took;
	print_message("# %zu come again in %.2f s of the processor\n", rounds, took);
	if (!TEST_SANITIZED)
		assert_true(took <= 60.0 * (double)rounds / 100000);
	rows = (size_t)sql_one_int(c->st, "SELECT count(*) FROM alert", 0, "");
	assert_int_equal(rows, 1);
	assert_int_equal(count.fresh, 1);
	assert_int_equal(count.again, rounds);
	assert_int_equal(rows_of(c, rain_yellow.id, &row, 1), 1);
	assert_int_equal(row.copies, rounds + 1);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM journal", 0, ""), journal);
	assert_int_equal(waiting(c, "alert"), 1);
	free(text);
}

/* What came in is told by the journal alone: taken back to the beginning, nothing is left over. */
static void
test_verify(void **state)
{
	struct county *c = *state;
	struct verify_report report;
	struct err err = ERR_NONE;

	at("14:02");
	take(c, &rain_yellow);
	take(c, &rain_yellow);
	at("14:50");
	take(c, &rain_orange);
	assert_true(store_verify(c->st, NULL, &report, &err));
	assert_true(store_verify_tables(c->st, &report, &err));
	if (report.problems[0])
		fail_msg("%s", report.problems[0]);
	verify_clear(&report);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, county_make, county_clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(received_twice),
	    TEST(update),
	    TEST(red),
	    cmocka_unit_test(test_orders_triples),
	    cmocka_unit_test(test_orders_first),
	    cmocka_unit_test(test_orders_bare),
	    cmocka_unit_test(test_orders_branches),
	    cmocka_unit_test(test_orders_circle),
	    cmocka_unit_test(test_orders_lift),
	    TEST(cancel_first),
	    TEST(conflict),
	    TEST(far_future),
	    TEST(expiry),
	    TEST(drill_apart),
	    TEST(area),
	    TEST(language),
	    TEST(raw),
	    TEST(thin),
	    TEST(redelivered),
	    TEST(verify),
	};

	i18n_init();
	i18n_set_language("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
