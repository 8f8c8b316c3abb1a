/* Alerts: CAP in its versions, 国突, CMA, broadcasts, indexes, envelopes and the Chinese lists. */
#include "tests/test.h"

#include "base/clock.h"
#include "tests/exchange/items.h"

#include <stdio.h>
#include <string.h>

static struct items got;

static const struct alert *
first_alert(void)
{
	assert_true(got.n > 0);
	assert_int_equal(got.item[0].kind, FEED_ALERT);
	return got.item[0].alert;
}

#define CAP                                                                                        \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?><alert "                                        \
	"xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"
#define HEAD                                                                                       \
	"<identifier>a1</identifier><sender>s@example</sender><sent>2025-07-10T03:12:00+08:00</"   \
	"sent>"                                                                                    \
	"<status>Actual</status><msgType>Update</msgType><scope>Public</scope>"                    \
	"<references>s@example,a0,2025-07-10T02:00:00+08:00 "                                      \
	"s@example,a1,2025-07-10T03:12:00+08:00 bare</references>"

static void
cap_whole(void **state)
{
	const struct alert *a;
	const struct alert_info *f;

	(void)state;
	assert_true(read_text(CAP HEAD
	    "<info><language>zh-CN</language><event>Rainstorm</event><severity>Severe</"
	    "severity><expires>2025-07-10T09:00:00+08:00</expires>"
	    "<eventCode><valueName>OET-v1.2</valueName><value>OET-150</value></"
	    "eventCode><headline>Heavy  rain\n here</headline>"
	    "<description>one\ntwo <b>three</b><b>four</b></description>"
	    "<area><areaDesc>x</areaDesc><polygon>32.5,119.1 32.6,119.1 32.6,119.2</polygon>"
	    "<polygon>33,120 33,121 34,121 33,120</polygon><circle>32.5,119.5 2.5</circle>"
	    "<geocode><valueName>CPEAS Geographic "
	    "Code</valueName><value>321084000000</value></geocode>"
	    "<geocode><valueName>FIPS6</valueName><value>006037</value></geocode></area></info>"
	    "<Signature "
	    "xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo><note>n</note></SignedInfo></"
	    "Signature></alert>",
	    NULL, &got));
	assert_string_equal(got.format, "cap");
	assert_int_equal(got.n, 1);
	a = first_alert();
	assert_string_equal(a->identifier, "a1");
	assert_string_equal(a->sender, "s@example");
	assert_string_equal(a->profile, "cap12");
	assert_true(a->sent == at("2025-07-10 03:12"));
	assert_true(a->is_signed);
	assert_null(a->note);		/* the one inside the signature is none */
	assert_int_equal(a->n_refs, 2); /* itself left out */
	assert_string_equal(a->refs[0].identifier, "a0");
	assert_true(a->refs[0].sent == at("2025-07-10 02:00"));
	assert_string_equal(a->refs[1].identifier, "bare");
	assert_null(a->refs[1].sender);
	f = &a->infos[0];
	assert_int_equal(a->n_infos, 1);
	assert_string_equal(f->headline, "Heavy rain here");
	assert_string_equal(f->description, "one\ntwo three four");
	assert_string_equal(f->event_code, "OET-150");
	assert_int_equal(f->colour, COLOUR_NONE); /* a foreign Severe is not our orange */
	assert_int_equal(f->n_areas, 3);
	assert_int_equal(f->areas[0].n_ring, 4); /* closed here */
	assert_true(f->areas[0].repaired);
	assert_true(f->areas[0].ring[0] == 119.1 && f->areas[0].ring[1] == 32.5);
	assert_int_equal(f->areas[0].n_codes, 2);
	assert_string_equal(f->areas[0].codes[0], "321084000000");
	assert_string_equal(f->areas[0].codes[1], "FIPS6=006037");
	assert_false(f->areas[1].repaired);
	assert_true(f->areas[2].radius_m == 2500);
	assert_non_null(strstr(got.item[0].notes, "open"));
	items_clear(&got);
}

/* Elements where they do not belong, prefixes, no namespace, empty ones, dates in odd forms. */
static void
cap_lenient(void **state)
{
	const struct alert *a;

	(void)state;
	assert_true(read_text(
	    "  <cap:alert "
	    "xmlns:cap=\"http://www.incident.com/cap/1.0\"><cap:identifier>x</cap:identifier>"
	    "<cap:headline>before any info</cap:headline><cap:sent>2025/07/10 03:12</cap:sent>"
	    "<cap:info><cap:area><cap:expires>2568-07-10T09:00:00+07:00</cap:expires></cap:area></"
	    "cap:info></cap:alert>",
	    NULL, &got));
	a = first_alert();
	assert_string_equal(a->profile, "cap10");
	assert_string_equal(a->infos[0].headline, "before any info");
	assert_true(
	    a->infos[a->n_infos - 1].expires == at("2025-07-10 10:00")); /* Buddhist era, Bangkok */
	assert_non_null(strstr(got.item[0].notes, "sender"));
	assert_non_null(strstr(got.item[0].notes, "sent is not written as CAP demands"));
	/* What the schema demands and is not there. */
	assert_non_null(strstr(got.item[0].notes, "it has no scope"));
	assert_non_null(strstr(got.item[0].notes, "an info has no urgency"));
	assert_non_null(strstr(got.item[0].notes, "an info has no certainty"));
	assert_null(strstr(got.item[0].notes, "datum"));

	assert_true(read_text(
	    "<alert><identifier>x</identifier><event/><note> </note><info><event> </event>"
	    "<area><circle>32,119 3</circle></area></info></alert>",
	    NULL, &got));
	a = first_alert();
	assert_null(a->note);
	assert_null(a->infos[1].event);
	assert_true(a->infos[1].areas[0].radius_m == 3000);
	assert_non_null(strstr(got.item[0].notes, "kilometres"));
	assert_false(read_text("<alert></alert>", NULL, &got));
	items_clear(&got);
}

#define GUOTU_HEAD                                                                                     \
	"<alert><identifier>32108441600000_20250710031200</identifier><sender>高邮市气象台</"    \
	"sender>"                                                                                      \
	"<senderCode>32108441600000</senderCode><sendTime>2025-07-10 "                                 \
	"03:12:00+08:00</sendTime><status>Actual</status>"                                             \
	"<msgType>Update</msgType><secClassification>Inner</secClassification>"                        \
	"<code><method><methodName>SMS</methodName><message>请注意防范</message></method></code>" \
	"<references>32108441600000_20250709200000</references>"

static void
guotu(void **state)
{
	const struct alert *a;
	const struct alert_info *f;

	(void)state;
	assert_true(read_text(GUOTU_HEAD
	    "<info><language>zh-CN</language><eventType>11B03</eventType><severity>Orange</"
	    "severity><expires/><senderName>张三</senderName>"
	    "<headline>高邮市气象台发布雷雨大风红色预警[I级/特别严重]</"
	    "headline><area><areaDesc>高邮市,宝应县</areaDesc><polygon/><circle>32.78,119.45 "
	    "5000</circle>"
	    "<geocode>321084000000,321084000000,321023000000</geocode></area></info></alert>",
	    NULL, &got));
	a = first_alert();
	f = &a->infos[0];
	assert_string_equal(a->profile, "guotu");
	assert_string_equal(a->sender, "32108441600000");
	assert_true(a->inner);
	assert_string_equal(a->methods, "SMS: 请注意防范");
	assert_int_equal(a->n_refs, 1);
	assert_string_equal(f->sender_name, "高邮市气象台");
	assert_string_equal(f->signer, "张三");
	assert_int_equal(f->colour, COLOUR_RED); /* the more severe of orange and red */
	assert_true(f->colour_disagrees);
	assert_true(f->code_disagrees); /* 11B03 is 暴雨; the headline counts */
	assert_string_equal(f->event_code, "11B20");
	assert_string_equal(f->event, "雷雨大风");
	assert_true(f->expires == CLOCK_NONE);
	assert_int_equal(f->areas[0].n_codes, 2);
	assert_true(f->areas[0].radius_m == 5000); /* metres already */
	assert_non_null(strstr(got.item[0].notes, "the datum is not said"));
	assert_false(a->lift);

	assert_true(read_text(GUOTU_HEAD
	    "<info><severity>Blue</severity><headline>高邮市气象台解除大风蓝色预警</headline></"
	    "info></alert>",
	    NULL, &got));
	a = first_alert();
	assert_true(a->lift);
	assert_string_equal(a->infos[0].event_code, "11B06");
	assert_string_equal(
	    a->infos[0].areas[0].codes[0], "321084"); /* the issuer's, where no area is given */
	assert_non_null(strstr(got.item[0].notes, "lifts"));
	assert_null(strstr(got.item[0].notes, "datum")); /* it has no shape */
	items_clear(&got);
}

/* A county's own CAP without the national identifier: the headline tells the colour, the severity
 * word does not. */
static void
own_headline(void **state)
{
	(void)state;
	assert_true(read_text(CAP
	    "<identifier>GY-1</identifier><info><severity>Minor</"
	    "severity><headline>高邮市应急管理局发布暴雨橙色预警</headline></info></alert>",
	    NULL, &got));
	assert_int_equal(first_alert()->infos[0].colour, COLOUR_ORANGE);
	assert_false(first_alert()->infos[0].colour_disagrees);
	assert_string_equal(first_alert()->infos[0].event, "暴雨");
	items_clear(&got);
}

/* An organisation's name in the headline is not the event; 降温 inside 强降温 is not either. */
static void
event_names(void **state)
{
	static const struct {
		const char *headline, *code;
	} cases[] = {
	    {"森林草原防灭火指挥部发布高温橙色预警", "11B09"},
	    {"省气象台发布强降温蓝色预警", "11B39"},
	    {"市水利局、市气象局联合发布山洪灾害气象预警（黄色）", "11A51"},
	    {"继续发布大雾黄色预警", "11B17"},
	    {"解除森林火险红色预警", "11B25"},
	    {"发布海上大风黄色预警", "11B23"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char doc[600];

		snprintf(doc, sizeof(doc),
		    GUOTU_HEAD "<info><headline>%s</headline></info></alert>", cases[i].headline);
		assert_true(read_text(doc, NULL, &got));
		assert_string_equal(first_alert()->infos[0].event_code, cases[i].code);
	}
	items_clear(&got);
}

static void
broadcast(void **state)
{
	const struct alert *a;

	(void)state;
	assert_true(read_text(
	    "<EBD><EBDVersion>1.0</EBDVersion><EBDID>0101</EBDID><EBDType>EBM</"
	    "EBDType><SRC><EBRID>010333</EBRID></SRC>"
	    "<EBDTime>2025-07-10 "
	    "03:13:00</EBDTime><EBM><EBMID>E1</EBMID><RelatedInfo><EBMID>E0</EBMID></RelatedInfo>"
	    "<MsgBasicInfo><MsgType>1</MsgType><SenderName>高邮市应急广播</"
	    "SenderName><SenderCode>3210</SenderCode>"
	    "<SendTime>2025-07-10 "
	    "03:12:00</SendTime><EventType>11B03</EventType><Severity>2</Severity>"
	    "<StartTime>2025-07-10 03:12:00</StartTime><EndTime>2025-07-10 "
	    "05:00:00</EndTime></MsgBasicInfo>"
	    "<MsgContent><LanguageCode>zho</LanguageCode><MsgTitle>暴雨橙色预警</"
	    "MsgTitle><MsgDesc>请转移</MsgDesc>"
	    "<AreaCode>321084101000,321084102000</AreaCode></MsgContent></EBM></EBD>",
	    NULL, &got));
	a = first_alert();
	assert_string_equal(got.format, "ebd");
	assert_string_equal(a->identifier, "E1");
	assert_string_equal(a->refs[0].identifier, "E0");
	assert_int_equal(a->infos[0].colour, COLOUR_ORANGE);
	assert_string_equal(a->infos[0].event, "暴雨");
	assert_true(a->infos[0].expires == at("2025-07-10 05:00"));
	assert_int_equal(a->infos[0].areas[0].n_codes, 2);
	assert_true(read_text("<EBD><EBDID>9</EBDID><EBDType>EBDResponse</EBDType><SRC><EBRID>R</"
			      "EBRID></SRC><RelatedEBD><EBDID>0101</EBDID></RelatedEBD>"
			      "<EBDResponse><ResultCode>1</ResultCode><ResultDesc>ok</ResultDesc></"
			      "EBDResponse></EBD>",
	    NULL, &got));
	assert_int_equal(got.item[0].kind, FEED_RECEIPT);
	assert_string_equal(got.item[0].receipt->key, "0101");
	assert_true(got.item[0].receipt->accepted);
	assert_true(read_text("<msg><data><rows><status>3</status><error_code>E7</"
			      "error_code><note>格式错误</note></rows></data></msg>",
	    NULL, &got));
	assert_int_equal(got.item[0].kind, FEED_RECEIPT);
	assert_false(got.item[0].receipt->accepted);
	assert_string_equal(got.item[0].receipt->text, "E7 格式错误");
	assert_true(read_text("<EBD><EBDID>9</EBDID><EBDType>ConnectionCheck</"
			      "EBDType><SRC><EBRID>R</EBRID></SRC></EBD>",
	    NULL, &got));
	assert_int_equal(got.item[0].kind, FEED_HEARTBEAT);
	assert_false(
	    read_text("<EBD><EBDID>9</EBDID><EBDType>OMDRequest</EBDType></EBD>", NULL, &got));
	items_clear(&got);
}

static void
indexes(void **state)
{
	(void)state;
	/* A declaration in the middle is not well-formed. */
	assert_false(read_text(
	    "<feed><entry><content>" CAP HEAD "</alert></content></entry></feed>", NULL, &got));
	assert_true(
	    read_text("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title><link "
		      "href=\"http://h/self\" rel=\"self\"/>"
		      "<entry><title>one &amp; "
		      "two</title><id>urn:1</id><updated>2025-07-10T03:12:00Z</updated>"
		      "<link href=\"http://h/page.html\"/><link type=\"application/cap+xml\" "
		      "href=\"http://h/1.cap?a=1&amp;b=2\"/>"
		      "<link href=\"file:///etc/passwd\" type=\"application/cap+xml\"/></entry>"
		      "<entry><id>urn:2</id><link href=\"javascript:x\"/></entry>"
		      "<entry><id>urn:3</id><link href=\"http://h/3\"/><content><alert "
		      "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">" HEAD
		      "</alert></content></entry></feed>",
		NULL, &got));
	assert_int_equal(got.n, 2);
	assert_int_equal(got.item[0].kind, FEED_LINK);
	assert_string_equal(got.item[0].link->url, "http://h/1.cap?a=1&b=2");
	assert_string_equal(got.item[0].link->title, "one & two");
	assert_true(got.item[0].link->updated == at("2025-07-10 11:12"));
	assert_int_equal(got.item[1].kind, FEED_ALERT);
	assert_string_equal(got.item[1].raw,
	    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">" HEAD "</alert>");
	assert_true(
	    read_text("<rss "
		      "version=\"2.0\"><channel><title>c</title><item><title>T</title><link>https:/"
		      "/h/x.xml</link><guid>g</guid>"
		      "<pubDate>Thu, 10 Jul 2025 03:12:00 +0800</pubDate></item></channel></rss>",
		NULL, &got));
	assert_string_equal(got.format, "rss");
	assert_string_equal(got.item[0].link->id, "g");
	assert_true(got.item[0].link->updated == at("2025-07-10 03:12"));
	assert_true(read_text("<rss><channel><title>c</title></channel></rss>", NULL, &got));
	assert_int_equal(got.n, 0);
	assert_false(
	    read_text("<rss><channel><item><title>c</title></item></channel></rss>", NULL, &got));
	items_clear(&got);
}

static void
envelopes(void **state)
{
	(void)state;
	assert_true(read_text(
	    "<EDXLDistribution "
	    "xmlns=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\"><distributionStatus>Exercise</"
	    "distributionStatus>"
	    "<contentObject><xmlContent><embeddedXMLContent><alert "
	    "xmlns=\"urn:oasis:names:tc:emergency:cap:1.1\">" HEAD
	    "</alert></embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>",
	    NULL, &got));
	assert_string_equal(got.format, "edxl");
	assert_string_equal(
	    first_alert()->status, "Exercise"); /* an exercise never reaches the live board */
	assert_string_equal(first_alert()->profile, "cap11");
	assert_false(
	    read_text("<EDXLDistribution><contentObject/></EDXLDistribution>", NULL, &got));
	assert_non_null(strstr(got.err.message, "no CAP alert"));
	items_clear(&got);
}

static void
lists(void **state)
{
	const struct alert *a;

	(void)state;
	assert_true(read_text(
	    "{\"alertData\":[{\"description\":\"d\",\"headline\":\"高邮市气象台解除暴雨橙色预警\","
	    "\"identifier\":\"32108441600000_20250710031200\",\"sendTime\":\"2025-07-10 "
	    "03:12:00\"}]}",
	    NULL, &got));
	a = first_alert();
	assert_string_equal(got.format, "list12379");
	assert_true(a->lift);
	assert_string_equal(a->sender, "32108441600000");
	assert_int_equal(a->infos[0].colour, COLOUR_ORANGE);
	assert_true(read_text("[{\"alertid\":\"32108441600000_20250710031200\",\"issuetime\":"
			      "\"2025/07/10 03:12\",\"title\":\"高邮市发布大雾预警\","
			      "\"url\":\"/p/x.html\",\"pic\":\"https://i/p0005002.png\"}]",
	    NULL, &got));
	a = first_alert();
	assert_string_equal(got.format, "nmc");
	assert_int_equal(a->infos[0].colour, COLOUR_ORANGE); /* by the picture: 1 is red there */
	assert_string_equal(a->infos[0].event_code, "11B17");
	assert_string_equal(a->infos[0].web, "https://www.nmc.cn/p/x.html");
	assert_true(read_text(
	    "var alarminfo={\"head\":\"高邮市发布雷电预警信号\",\"ISSUETIME\":\"2025-07-10 "
	    "03:12:00\",\"LEVELCODE\":\"01\","
	    "\"ISSUECONTENT\":\"x\",\"identifier\":\"32108441600000_20250710031200\","
	    "\"references\":\"32108441600000_20250710031200\"};",
	    NULL, &got));
	a = first_alert();
	assert_int_equal(a->infos[0].colour, COLOUR_BLUE); /* 01 is blue here */
	assert_int_equal(a->n_refs, 0);
	assert_true(read_text("var "
			      "alarminfo={\"count\":\"1\",\"data\":[[\"江苏省扬州市高邮市\","
			      "\"101190604-20250710031200-0902.html\",\"119\"]]}",
	    NULL, &got));
	assert_int_equal(got.item[0].kind, FEED_LINK);
	assert_true(got.item[0].link->updated == at("2025-07-10 03:12"));
	assert_false(read_text("{\"alertData\":[", NULL, &got));
	items_clear(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cap_whole),
	    cmocka_unit_test(cap_lenient),
	    cmocka_unit_test(guotu),
	    cmocka_unit_test(own_headline),
	    cmocka_unit_test(event_names),
	    cmocka_unit_test(broadcast),
	    cmocka_unit_test(indexes),
	    cmocka_unit_test(envelopes),
	    cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
