/*
 * Warnings of our own, from the verb to another county's store: what is written validates against
 * the schemas of OASIS, is read back to the same, bears its chain, goes to whom it shall in the
 * form they take, and is never taken back but by a message.
 */
#include "tests/exchange/files.h"
#include "tests/monitor/scene.h"

#include "base/buf.h"
#include "base/mem.h"
#include "exchange/publish.h"
#include "store/command.h"

#include <libxml/xmlschemas.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
make(void **state)
{
	struct county *c;

	if (county_make(state) != 0)
		return -1;
	c = *state;
	at("07-10 03:15");
	/* The demo county is a drill's store. */
	act(c, &c->chief, "setting.set", json_pack("{s:s, s:s}", "name", "drill", "value", "0"),
	    NULL);
	send_to(c, "扬州市应急管理局", "spool", "/nowhere/a", "edxl");
	send_to(c, "高邮市广播电视台", "spool", "/nowhere/b", "cap");
	send_to(c, "扬州市人民政府", "spool", "/nowhere/c", NULL);
	return 0;
}

/* --- doing ---------------------------------------------------------------------------------------
 */

static int64_t
when(const char *clock)
{
	int64_t now = clock_now(), at_then = at(clock);

	clock_pin(now);
	return at_then;
}

static json_t *
warning(const char *colour, const char *areas, const char *until)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:s}", "event", "暴雨", "colour", colour, "areas",
	    areas, "expires", (json_int_t)when(until), "text",
	    "未来三小时 <降雨> 50毫米以上 & 雷电。");
}

static struct alert_row
row(struct county *c, int64_t id)
{
	struct alert_row r;

	assert_true(monitor_alert(c->st, id, &r));
	return r;
}

static char *
payload(struct county *c, int64_t alert, const char *unit)
{
	return sql_one_text(c->st,
	    "SELECT payload FROM outbox WHERE kind = 'alert' AND ref = ?1 AND dest = ?2", "it",
	    alert, unit);
}

static int64_t
messages(struct county *c)
{
	return sql_one_int(c->st, "SELECT count(*) FROM outbox WHERE kind = 'alert'", -1, "");
}

static bool
is_valid(const char *text, const char *file)
{
	char *path = mem_print("%s/%s", corpus_root(), file);
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
	xmlSchemaPtr schema = xmlSchemaParse(parser);
	xmlSchemaValidCtxtPtr valid;
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
	bool is;

	assert_non_null(schema);
	valid = xmlSchemaNewValidCtxt(schema);
	is = doc && xmlSchemaValidateDoc(valid, doc) == 0;
	xmlSchemaFreeValidCtxt(valid);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
	xmlFreeDoc(doc);
	free(path);
	return is;
}

static void
assert_schemas(const char *cap, const char *envelope)
{
	if (!corpus_root()) {
		print_message("skipped: schemas (no CORPORA)\n");
		return;
	}
	assert_true(is_valid(cap, "google+cap-library/schema/cap12.xsd"));
	if (envelope)
		assert_true(is_valid(envelope, "google+cap-library/schema/feed/edxlde-1_0.xsd"));
}

/* Another county's room takes the bytes in, and finds the same thing. */
static void
assert_same_elsewhere(struct county *there, const char *bytes, const struct alert_row *ours)
{
	struct intake_count count = {0};
	struct alert_row r[2];

	take_bytes(there, "gaoyou", bytes, strlen(bytes), &count);
	assert_int_equal(count.fresh, 1);
	assert_int_equal(rows_of(there, ours->identifier, r, 2), 1);
	assert_string_equal(r[0].headline, ours->headline);
	assert_string_equal(r[0].sender, ours->sender);
	assert_string_equal(r[0].event, ours->event);
	assert_string_equal(r[0].code, ours->code);
	assert_string_equal(r[0].area, ours->area);
	assert_string_equal(r[0].msg_type, ours->msg_type);
	assert_int_equal(r[0].colour, ours->colour);
	assert_int_equal(r[0].sent, ours->sent);
	assert_int_equal(r[0].onset, ours->onset);
	assert_int_equal(r[0].expires, ours->expires);
	assert_int_equal(r[0].drill, ours->drill);
	assert_int_equal(r[0].state, ours->state);
	assert_false(r[0].ours);
	assert_false(r[0].colour_disagrees);
	assert_false(r[0].code_disagrees);
}

/* --- the whole life
 * ------------------------------------------------------------------------------- */

static void
lives_and_ends(void **state)
{
	struct county *c = *state, *there;
	void *second = NULL;
	struct alert_filter live = {.live = true, .concerning = true}, chain;
	struct alert_row first, r, list[4];
	char *said, *cap, *envelope, *raw;
	int64_t one, two, three, towns[20];

	at("07-10 03:15");
	one = act(c, &c->leader, "alert.issue", warning("orange", "龙虬镇、送桥镇", "07-10 08:00"),
	    &said);
	assert_non_null(strstr(said, "高邮市应急管理局发布暴雨橙色预警"));
	assert_non_null(strstr(said, "王建国"));
	free(said);
	first = row(c, one);
	assert_true(first.ours && !first.fresh && first.concerns && !first.drill);
	assert_int_equal(first.inbox, 0); /* we know what we said */
	assert_int_equal(first.colour, COLOUR_ORANGE);
	assert_string_equal(first.code, "11B03");
	assert_string_equal(first.msg_type, "Alert");
	assert_int_equal(monitor_alerts(c->st, &live, list, 4), 1);
	assert_int_equal(monitor_alert_towns(c->st, one, towns, 20), 2);
	assert_int_equal(messages(c), 2); /* not to the unit that gets none */
	cap = payload(c, one, "高邮市广播电视台");
	envelope = payload(c, one, "扬州市应急管理局");
	assert_schemas(cap, envelope);
	assert_non_null(strstr(envelope, "<EDXLDistribution"));
	assert_null(strstr(cap, "王建国")); /* who signed is not for the public */
	raw = text_of(c, first.identifier);
	assert_non_null(strstr(raw, "王建国"));
	free(raw);

	assert_int_equal(county_make(&second), 0);
	there = second;
	at("07-10 03:16");
	assert_same_elsewhere(there, cap, &first);
	{ /* the envelope holds the very same message */
		struct intake_count count = {0};

		take_bytes(there, "city", envelope, strlen(envelope), &count);
		assert_int_equal(count.again, 1);
	}
	/* It comes back to us over the national platform: once more, no other. */
	{
		struct intake_count count = {0};

		take_bytes(c, "12379", cap, strlen(cap), &count);
		assert_int_equal(count.again, 1);
		assert_int_equal(count.conflicting, 0);
	}
	free(cap);
	free(envelope);

	at("07-10 04:15");
	two = act(c, &c->leader, "alert.update",
	    json_pack("{s:I, s:s, s:s, s:I, s:s}", "alert", (json_int_t)one, "colour", "red",
		"areas", "all", "expires", (json_int_t)when("07-10 12:00"), "text", "雨势加强。"),
	    NULL);
	r = row(c, two);
	assert_int_equal(row(c, one).state, ALERT_SUPERSEDED);
	assert_int_equal(row(c, one).ended_by, two);
	assert_string_equal(r.msg_type, "Update");
	assert_int_equal(r.colour, COLOUR_RED);
	assert_int_equal(r.chain, first.chain);
	assert_true(strcmp(r.identifier, first.identifier) > 0);
	assert_int_equal(monitor_alerts(c->st, &live, list, 4), 1);
	assert_int_equal(list[0].id, two);
	cap = payload(c, two, "高邮市广播电视台");
	envelope = payload(c, two, "扬州市应急管理局");
	assert_schemas(cap, envelope);
	assert_non_null(strstr(envelope, "<distributionReference>"));
	assert_same_elsewhere(there, cap, &r);
	assert_string_equal(state_of(there, first.identifier), "superseded");
	free(cap);
	free(envelope);

	/* What the update left as it was: named by any message of the chain. */
	at("07-10 05:00");
	three = act(c, &c->leader, "alert.cancel",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)one, "text", "雨已停。"), NULL);
	r = row(c, three);
	assert_string_equal(r.msg_type, "Cancel");
	assert_non_null(strstr(r.headline, "解除暴雨红色预警"));
	assert_int_equal(row(c, two).state, ALERT_LIFTED);
	assert_int_equal(monitor_alerts(c->st, &live, list, 4), 0);
	cap = payload(c, three, "高邮市广播电视台");
	assert_schemas(cap, NULL);
	{ /* both are named, so that who missed one knows */
		const char *refs = strstr(cap, "<references>");

		assert_non_null(refs);
		assert_non_null(strstr(refs, first.identifier));
		assert_non_null(strstr(refs, list[0].identifier));
	}
	assert_same_elsewhere(there, cap, &r);
	assert_int_equal(monitor_alerts(there->st, &live, list, 4), 0);
	free(cap);
	chain = (struct alert_filter){.chain = first.chain};
	assert_int_equal(monitor_alerts(c->st, &chain, list, 4), 3);
	assert_int_equal(messages(c), 6);
	refused(c, &c->leader, "alert.update",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)three, "text", "又下了。"), ERR_STATE,
	    NULL);
	refused(c, &c->leader, "alert.cancel",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)one, "text", "又停了。"), ERR_STATE, NULL);
	county_clear(&second);
}

/* An update keeps what it does not name. */
static void
keeps_what_is_not_named(void **state)
{
	struct county *c = *state;
	json_t *args;
	struct feed_list list = {0};
	struct err err = ERR_NONE;
	int64_t one;

	at("07-10 03:15");
	args = warning("yellow", "临泽镇", "07-10 08:00");
	json_object_set_new(args, "instruction", json_string("远离低洼处。"));
	json_object_set_new(args, "circle", json_string("119.45,32.79,1.5"));
	json_object_set_new(args, "polygon", json_string("119.40,32.70;119.50,32.70;119.45,32.80"));
	json_object_set_new(args, "where", json_string("子婴河两岸"));
	json_object_set_new(args, "urgency", json_string("immediate"));
	json_object_set_new(args, "certainty", json_string("observed"));
	json_object_set_new(args, "response", json_string("avoid"));
	one = act(c, &c->leader, "alert.issue", args, NULL);
	at("07-10 03:30");
	act(c, &c->leader, "alert.update",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)one, "text", "仍在下。"), NULL);
	assert_true(monitor_alerts_ours(c->st, 0, &list, &err));
	assert_int_equal(list.n, 2);
	for (int i = 0; i < 2; i++) {
		const struct alert_info *info = &list.item[i].alert->infos[0];
		size_t shapes = 0;

		assert_string_equal(info->instruction, "远离低洼处。");
		assert_string_equal(info->urgency, "Immediate");
		assert_string_equal(info->certainty, "Observed");
		assert_string_equal(info->response, "Avoid");
		assert_int_equal(info->colour, COLOUR_YELLOW);
		assert_int_equal(info->expires, when("07-10 08:00"));
		assert_string_equal(info->areas[0].description, "临泽镇");
		assert_string_equal(info->areas[0].codes[0], "321084115000");
		assert_string_equal(info->areas[1].description, "子婴河两岸");
		for (size_t k = 0; k < info->n_areas; k++) {
			if (info->areas[k].n_ring) {
				assert_int_equal(info->areas[k].n_ring, 4);
				assert_true(info->areas[k].ring[0] == 119.40);
				shapes++;
			}
			if (info->areas[k].radius_m >= 0) {
				assert_true(info->areas[k].radius_m == 1500);
				shapes++;
			}
		}
		assert_int_equal(shapes, 2);
		assert_int_equal(list.item[i].alert->n_refs, i);
	}
	assert_string_equal(list.item[1].alert->infos[0].description, "仍在下。");
	feed_list_clear(&list);
}

static void
shapes_of_places(void **state)
{
	struct county *c = *state;
	json_t *args;
	int64_t one, incident, towns[20];
	struct sql *q;

	at("07-10 03:15");
	args = warning("blue", "龙虬镇,送桥镇", "07-10 08:00");
	json_object_set_new(args, "outlines", json_true());
	one = act(c, &c->leader, "alert.issue", args, NULL);
	assert_int_equal(
	    sql_one_int(c->st,
		"SELECT count(ring) FROM alert_area WHERE alert = ?1 AND radius_m IS NULL", -1, "i",
		one),
	    2);
	assert_int_equal(monitor_alert_towns(c->st, one, towns, 20), 2);
	/* Where the map has no outline a circle stands for it. */
	q = sql(c->st, "DELETE FROM area_ring WHERE area = ?1");
	sql_bind(q, "i", towns[0]);
	sql_run(q);
	args = warning("blue", "龙虬镇,送桥镇", "07-10 08:00");
	json_object_set_new(args, "outlines", json_true());
	one = act(c, &c->leader, "alert.issue", args, NULL);
	assert_int_equal(
	    sql_one_int(c->st,
		"SELECT count(ring) + 10 * count(radius_m) FROM alert_area WHERE alert = ?1", -1,
		"i", one),
	    11);
	if (corpus_root()) {
		char *cap = payload(c, one, "高邮市广播电视台");

		assert_schemas(cap, NULL);
		free(cap);
	}
	incident = act(c, &c->officer, "incident.open",
	    json_pack("{s:s, s:s, s:f, s:f}", "source", "110", "text",
		"龙虬镇一仓库起火，无人受伤。", "lon", 119.46, "lat", 32.79),
	    NULL);
	args = warning("orange", "龙虬镇", "07-10 08:00");
	json_object_set_new(args, "event", json_string("空气污染"));
	json_object_set_new(args, "around", json_integer(incident));
	refused(c, &c->leader, "alert.issue", json_deep_copy(args), ERR_INPUT, NULL); /* how far? */
	json_object_set_new(args, "radius", json_real(1.5));
	one = act(c, &c->leader, "alert.issue", args, NULL);
	assert_int_equal(
	    sql_one_int(c->st,
		"SELECT count(*) FROM alert_area WHERE alert = ?1 AND radius_m = 1500 AND "
		"lon = 119.46",
		-1, "i", one),
	    1);
	/* On the incident's timeline. */
	assert_int_equal(
	    sql_one_int(c->st,
		"SELECT count(*) FROM journal WHERE verb = 'alert.issue' AND incident = ?1", -1,
		"i", incident),
	    1);
}

static void
ends_by_itself(void **state)
{
	struct county *c = *state;
	struct feed_list list = {0};
	struct err err = ERR_NONE;
	int64_t one;

	at("07-10 03:15");
	one = act(c, &c->leader, "alert.issue", warning("blue", "all", "07-10 04:00"), NULL);
	at("07-10 03:59");
	assert_int_equal(row(c, one).state, ALERT_LIVE);
	at("07-10 04:00");
	assert_int_equal(row(c, one).state, ALERT_EXPIRED);
	refused(c, &c->leader, "alert.update",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)one, "text", "继续。"), ERR_STATE, NULL);
	/* Still in the index for whoever looks seldom, then not. */
	assert_true(monitor_alerts_ours(c->st, clock_now() - CLOCK_DAY, &list, &err));
	assert_int_equal(list.n, 1);
	feed_list_clear(&list);
	list = (struct feed_list){0};
	at("07-18 04:00");
	assert_true(monitor_alerts_ours(c->st, clock_now() - CLOCK_DAY, &list, &err));
	assert_int_equal(list.n, 0);
	feed_list_clear(&list);
}

static void
exercises_stand_apart(void **state)
{
	struct county *c = *state;
	struct alert_filter live = {.live = true}, drills = {.drill = true};
	struct alert_row r[4];
	json_t *args;
	char *cap;
	int64_t one;

	at("07-10 03:15");
	args = warning("red", "all", "07-10 08:00");
	json_object_set_new(args, "exercise", json_true());
	one = act(c, &c->leader, "alert.issue", args, NULL);
	assert_true(row(c, one).drill);
	assert_true(row(c, one).apart);
	assert_non_null(strstr(row(c, one).headline, "【演练】"));
	assert_int_equal(monitor_alerts(c->st, &live, r, 4), 0);
	assert_int_equal(monitor_alerts(c->st, &drills, r, 4), 1);
	cap = payload(c, one, "扬州市应急管理局");
	assert_non_null(strstr(cap, "<distributionStatus>Exercise<"));
	assert_non_null(strstr(cap, "<status>Exercise<"));
	free(cap);
	/* The update of an exercise is one, and a drill's store knows nothing else. */
	act(c, &c->leader, "alert.cancel",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)one, "text", "演练结束。"), NULL);
	assert_int_equal(monitor_alerts(c->st, &drills, r, 4), 2);
	act(c, &c->chief, "setting.set", json_pack("{s:s, s:s}", "name", "drill", "value", "1"),
	    NULL);
	one = act(c, &c->leader, "alert.issue", warning("red", "all", "07-10 08:00"), NULL);
	assert_true(row(c, one).drill);
	assert_non_null(strstr(row(c, one).sender, "-drill"));
	/* There the ordinary list has it, as what it is; the real store's exercises too, with no store to stand apart in. */
	assert_int_equal(monitor_alerts(c->st, &live, r, 4), 1);
	assert_int_equal(r[0].id, one);
	assert_true(r[0].drill);
	assert_false(r[0].apart);
	assert_non_null(strstr(r[0].headline, "【演练】"));
	assert_int_equal(monitor_alerts(c->st, &drills, r, 4), 3);
	/* Back in a real store it is gone from the ordinary list. */
	act(c, &c->chief, "setting.set", json_pack("{s:s, s:s}", "name", "drill", "value", "0"),
	    NULL);
	assert_int_equal(monitor_alerts(c->st, &live, r, 4), 0);
	assert_true(row(c, one).apart);
}

/* --- who may, and what is refused
 * ------------------------------------------------------------------ */

static void
only_a_leader_approves(void **state)
{
	struct county *c = *state;
	json_t *args = NULL;
	char *said;
	int64_t one;

	at("07-10 03:15");
	refused(c, &c->officer, "alert.issue", warning("blue", "all", "07-10 08:00"), ERR_REFUSED,
	    NULL);
	refused(c, &c->township, "alert.issue", warning("blue", "临泽镇", "07-10 08:00"),
	    ERR_REFUSED, NULL);
	refused(
	    c, &c->chief, "alert.issue", warning("blue", "all", "07-10 08:00"), ERR_REFUSED, NULL);
	args = warning("blue", "all", "07-10 08:00");
	json_object_set_new(args, "signer", json_string("陈涛"));
	refused(c, &c->chief, "alert.issue", args, ERR_REFUSED, NULL);
	assert_int_equal(messages(c), 0);
	assert_int_equal(sql_one_int(c->st, "SELECT count(*) FROM alert", -1, ""), 0);
	args = warning("blue", "all", "07-10 08:00");
	json_object_set_new(args, "signer", json_string("王建国"));
	one = act(c, &c->chief, "alert.issue", args, &said);
	assert_non_null(strstr(said, "王建国"));
	free(said);
	refused(c, &c->township, "alert.cancel",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)one, "text", "x"), ERR_REFUSED, NULL);
	/* Sent is sent. */
	refused(c, &c->leader, "journal.undo",
	    json_pack("{s:I}", "number",
		(json_int_t)sql_one_int(
		    c->st, "SELECT max(seq) FROM journal WHERE verb = 'alert.issue'", 0, "")),
	    ERR_REFUSED, "gone out");
	assert_int_equal(row(c, one).state, ALERT_LIVE);
}

static void
refuse(struct county *c, const char *name, const char *value, int code, const char *words)
{
	json_t *args = warning("blue", "all", "07-10 08:00");

	json_object_set_new(args, name, json_string(value));
	refused(c, &c->leader, "alert.issue", args, code, words);
}

static void
what_is_refused(void **state)
{
	struct county *c = *state;
	struct message theirs = {.id = "32108441600000_20250710020000",
	    .sent = "2025-07-10 02:00",
	    .headline = "高邮市气象台发布暴雨橙色预警",
	    .severity = "Orange",
	    .expires = "2025-07-10 12:00",
	    .geocode = "321084000000"};
	struct alert_row r[1];
	json_t *args;

	at("07-10 03:15");
	refuse(c, "event", "心情", ERR_NOT_FOUND, NULL);
	refuse(c, "event", "99Z99", ERR_NOT_FOUND, NULL);
	refuse(c, "areas", "、", ERR_INPUT, NULL);
	refuse(c, "areas", "北京", ERR_NOT_FOUND, NULL);
	refuse(c, "polygon", "119.4,32.7 119.5,32.7", ERR_INPUT, NULL);
	refuse(c, "polygon", "119.4,32.7 119.5,32.7 119.45", ERR_INPUT, NULL);
	refuse(c, "polygon", "119.4,32.7 119.5,99 119.45,32.8", ERR_INPUT, NULL);
	refuse(c, "polygon", "119.4,32.7 119.5,nan 119.45,32.8", ERR_INPUT, NULL);
	refuse(c, "circle", "119.4,32.7", ERR_INPUT, NULL);
	refuse(c, "circle", "119.4,32.7,1e9", ERR_INPUT, NULL);
	refuse(c, "headline", "高邮市发布暴雨红色预警", ERR_INPUT, NULL);
	refuse(c, "headline", "高邮市发布大雾蓝色预警", ERR_INPUT, NULL);
	refuse(c, "headline", "高邮市解除暴雨蓝色预警", ERR_INPUT, NULL);
	refused(
	    c, &c->leader, "alert.issue", warning("blue", "all", "07-10 03:15"), ERR_INPUT, NULL);
	refused(
	    c, &c->leader, "alert.issue", warning("blue", "all", "09-10 03:15"), ERR_INPUT, NULL);
	args = warning("blue", "all", "07-10 08:00");
	json_object_set_new(args, "onset", json_integer(when("07-10 08:00")));
	refused(c, &c->leader, "alert.issue", args, ERR_INPUT, NULL);
	assert_int_equal(messages(c), 0);
	/* Another issuer's is not ours to change. */
	take(c, &theirs);
	assert_int_equal(rows_of(c, theirs.id, r, 1), 1);
	refused(c, &c->leader, "alert.cancel",
	    json_pack("{s:I, s:s}", "alert", (json_int_t)r[0].id, "text", "雨停了"), ERR_REFUSED,
	    NULL);
	assert_string_equal(state_of(c, theirs.id), "live");
}

/* Two in one second are two. */
static void
numbers_are_unique(void **state)
{
	struct county *c = *state;
	int64_t one, two;

	at("07-10 03:15");
	one = act(c, &c->leader, "alert.issue", warning("blue", "all", "07-10 08:00"), NULL);
	two = act(c, &c->leader, "alert.issue", warning("blue", "all", "07-10 08:00"), NULL);
	assert_string_not_equal(row(c, one).identifier, row(c, two).identifier);
	assert_int_equal(row(c, one).state, ALERT_LIVE);
	assert_int_equal(row(c, two).state, ALERT_LIVE);
	assert_true(row(c, one).chain != row(c, two).chain);
}

/* As the officer types it, and the words that name it are those of the live one. */
static void
from_the_line(void **state)
{
	struct county *c = *state;
	struct verb_result result;
	struct err err = ERR_NONE;
	struct alert_filter live = {.live = true};
	struct alert_row r[2];
	static const char *const lines[] = {
	    "发布预警 暴雨 yellow 龙虬镇、送桥镇 08:00 未来三小时有雨",
	    "更新预警 暴雨 colour=orange 雨势加强", "更新预警 暴雨 colour=yellow 雨势减弱"};

	at("07-10 03:15");
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		if (!command_run(c->st, &c->leader, lines[i], NULL, &result, &err))
			fail_msg("%s: %s", lines[i], err.message);
		verb_result_clear(&result);
		clock_pin(clock_now() + CLOCK_MINUTE);
	}
	assert_int_equal(monitor_alerts(c->st, &live, r, 2), 1);
	assert_int_equal(r[0].colour, COLOUR_YELLOW);
	assert_int_equal(r[0].expires, when("07-10 08:00"));
	if (!command_run(c->st, &c->leader, "解除预警 暴雨 雨停", NULL, &result, &err))
		fail_msg("%s", err.message);
	verb_result_clear(&result);
	assert_int_equal(monitor_alerts(c->st, &live, r, 2), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, county_clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(lives_and_ends),
	    T(keeps_what_is_not_named),
	    T(shapes_of_places),
	    T(ends_by_itself),
	    T(exercises_stand_apart),
	    T(only_a_leader_approves),
	    T(what_is_refused),
	    T(numbers_are_unique),
	    T(from_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
