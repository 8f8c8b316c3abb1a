/* Quakes, tickets, observations; times and numbers; what is refused and how. */
#include "tests/test.h"

#include "base/clock.h"
#include "base/mem.h"
#include "exchange/inside.h"
#include "tests/exchange/items.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static struct items got;

static void
quakes(void **state)
{
	const struct quake *q;

	(void)state;
	assert_true(read_text("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
			      "\"id\":\"us1\",\"properties\":{\"mag\":5.1,\"place\":\"P\","
			      "\"time\":1752088320000,\"status\":\"reviewed\",\"type\":"
			      "\"earthquake\"},\"geometry\":{\"coordinates\":[119.5,32.5,10]}},"
			      "{\"id\":\"us2\",\"properties\":{\"mag\":1},\"geometry\":null}]}",
	    NULL, &got));
	assert_string_equal(got.format, "usgs");
	assert_int_equal(got.n, 1); /* one without a place is none */
	q = got.item[0].quake;
	assert_true(q->reviewed && q->magnitude == 5.1 && q->lon == 119.5 && q->lat == 32.5 &&
		    q->depth_km == 10);
	assert_true(q->at == at("2025-07-10 03:12"));
	assert_null(got.item[0].notes);
	assert_true(
	    read_text("{\"shuju\":[{\"id\":\"7\",\"O_TIME\":\"2025-07-10 "
		      "03:12:00\",\"EPI_LAT\":\"32.50\",\"EPI_LON\":\"119.50\",\"EPI_DEPTH\":8,"
		      "\"AUTO_FLAG\":\"M\",\"EQ_TYPE\":\"M\",\"M\":\"3.2\",\"LOCATION_C\":"
		      "\"江苏扬州市高邮市\"}]}",
		NULL, &got));
	q = got.item[0].quake;
	assert_string_equal(got.format, "cenc");
	assert_string_equal(q->place, "江苏扬州市高邮市");
	assert_true(q->reviewed && q->magnitude == 3.2 && q->depth_km == 8);
	assert_true(
	    read_text("{\"No1\":{\"type\":\"automatic\",\"EventID\":\"E1\",\"time\":\"2025-07-10 "
		      "03:12:00\",\"location\":\"高邮\",\"magnitude\":\"3.0\","
		      "\"depth\":\"5\",\"latitude\":\"32.5\",\"longitude\":\"119.5\"},\"No2\":{"
		      "\"type\":\"reviewed\",\"EventID\":\"E0\",\"time\":\"2025-07-09\","
		      "\"magnitude\":\"2\",\"latitude\":\"1\",\"longitude\":\"2\"},\"md5\":\"x\"}",
		NULL, &got));
	assert_int_equal(got.n, 2);
	assert_false(got.item[0].quake->reviewed);
	assert_true(
	    read_text("{\"ID\":1,\"EventID\":\"E9\",\"OriginTime\":\"2025-07-10 "
		      "03:12:00\",\"HypoCenter\":\"高邮\",\"Latitude\":32.5,\"Longitude\":119.5,"
		      "\"Magnitude\":4.4,\"Depth\":null}",
		NULL, &got));
	assert_true(isnan(got.item[0].quake->depth_km));
	assert_true(read_text(
	    "<q:quakeml xmlns:q=\"http://quakeml.org/xmlns/quakeml/1.2\"><eventParameters><event "
	    "publicID=\"smi:e/1\">"
	    "<preferredOriginID>o2</preferredOriginID><description><text>Gaoyou</text></"
	    "description><type>earthquake</type>"
	    "<pick publicID=\"p\"><time><value>2000-01-01T00:00:00Z</value></time></pick>"
	    "<origin "
	    "publicID=\"o1\"><time><value>2025-07-09T19:11:00Z</value></time><latitude><value>1</"
	    "value></latitude>"
	    "<longitude><value>2</value></longitude></origin>"
	    "<origin "
	    "publicID=\"o2\"><time><value>2025-07-09T19:12:00.5Z</value></"
	    "time><latitude><value>32.5</value>"
	    "<uncertainty>9</uncertainty></latitude><longitude><value>119.5</value></"
	    "longitude><depth><value>10000</value></depth>"
	    "<evaluationMode>manual</evaluationMode></origin>"
	    "<magnitude "
	    "publicID=\"m\"><mag><value>4.9</value></mag></magnitude></event></eventParameters></"
	    "q:quakeml>",
	    NULL, &got));
	q = got.item[0].quake;
	assert_string_equal(q->id, "smi:e/1");
	assert_string_equal(q->place, "Gaoyou");
	assert_true(q->lat == 32.5 && q->lon == 119.5 && q->depth_km == 10 && q->magnitude == 4.9 &&
		    q->reviewed);
	assert_true(q->at == at("2025-07-10 03:12") + 500);
	items_clear(&got);
}

/* An event that ends inside its own origin (found by chance) leaves nothing open for the next. */
static void
quakes_in_pieces(void **state)
{
	(void)state;
	assert_true(read_text(
	    "<q:quakeml xmlns:q=\"http://quakeml.org/xmlns/quakeml/1.2\"><event "
	    "publicID=\"a\"><origin>"
	    "<magnitude><event publicID=\"b\"></event></magnitude></origin></event>"
	    "<event "
	    "publicID=\"c\"><latitude><value>32.5</value></latitude><mag><value>9</value></mag>"
	    "<evaluationMode>manual</evaluationMode></event></q:quakeml>",
	    NULL, &got));
	for (size_t i = 0; i < got.n; i++) {
		assert_true(isnan(got.item[i].quake->lat));
		assert_true(isnan(got.item[i].quake->magnitude));
	}
	items_clear(&got);
}

static void
tickets(void **state)
{
	static const struct feed_profile own = {
	    "county", "ticket-csv", "source=12345 number=#1 text=#3 phone=#2", 480, true};
	static const struct feed_profile wrong = {"county", "ticket-csv", "colour=#1", 480, true};
	const struct ticket *t;

	(void)state;
	assert_true(
	    read_text("工单编号,来电人,来电号码,诉求标题,诉求内容,来电时间,是否保密\r\n"
		      "20250710-0311,王某,0514-55501234,燃气异味,"
		      "\"送桥镇有异味，\r\n\"\"很浓\"\"\",2025-07-10 03:11:00,是\r\n,,,,,,\r\n"
		      "20250710-0312,,,路灯,不亮,7月10日,否\r\n",
		NULL, &got));
	assert_string_equal(got.format, "ticket-csv");
	assert_int_equal(got.n, 2);
	t = got.item[0].ticket;
	assert_string_equal(t->source, "12345");
	assert_string_equal(t->number, "20250710-0311");
	assert_string_equal(t->text, "送桥镇有异味，\n\"很浓\"");
	assert_true(t->secret && t->at == at("2025-07-10 03:11"));
	assert_non_null(strstr(got.item[0].raw, "燃气异味"));
	assert_false(got.item[1].ticket->secret);
	assert_non_null(strstr(got.item[1].notes, "not a time"));
	assert_true(read_text("T1\t0514-55501234\t无表头\n", &own, &got));
	assert_string_equal(got.item[0].ticket->text, "无表头");
	assert_false(read_text("T1,x\n", &wrong, &got));
	assert_non_null(strstr(got.err.message, "colour"));
	assert_true(read_text("{\"code\":0,\"data\":{\"total\":1,\"rows\":[{\"jjdbh\":\"J1\","
			      "\"bjnr\":\"车祸\",\"bjsj\":\"20250710031200\",\"sfdz\":\"G2\","
			      "\"jqxzb\":\"119.45\",\"jqyzb\":32.78}]}}",
	    NULL, &got));
	t = got.item[0].ticket;
	assert_string_equal(got.format, "ticket-json");
	assert_string_equal(t->source, "110");
	assert_true(t->lon == 119.45 && t->lat == 32.78 && t->at == at("2025-07-10 03:12"));
	assert_false(read_text("工单编号,诉求内容\nT1,\"half\n", NULL, &got));
	assert_non_null(strstr(got.err.message, "line 2"));
	items_clear(&got);
}

static void
observations(void **state)
{
	const struct observation *o;

	(void)state;
	assert_true(read_text("STCD,STNM,TM,Z,Q,WPTN\n63301234,高邮,2025-07-10 "
			      "03:00:00,7.52,,5\n63301235,x,2025-07-10 03:00:00,--,12.5,4\n"
			      "63301236,y,2025-07-10 03:00:00,abc,1,4\n",
	    NULL, &got));
	assert_string_equal(got.format, "water-csv");
	assert_int_equal(got.n, 3);
	o = got.item[0].observation;
	assert_string_equal(o->quantity, "water_level");
	assert_string_equal(o->trend, "rising");
	assert_string_equal(o->unit, "m");
	assert_true(o->value == 7.52 && o->at == at("2025-07-10 03:00"));
	assert_string_equal(got.item[1].observation->quantity, "flow");
	assert_non_null(strstr(got.item[2].notes, "line 4"));
	assert_true(read_text("STCD,TM,DRP,INTV,DYP\n1,2025-07-10 "
			      "08:00:00,20.5,1.00,88\n1,2025-07-10 08:00:00,2,0.05,\n",
	    NULL, &got));
	assert_string_equal(got.item[0].observation->quantity, "rain_1h");
	assert_string_equal(got.item[1].observation->quantity, "rain_24h");
	assert_string_equal(got.item[2].observation->quantity, "rain_5min");
	assert_true(read_text("<timeSeriesResponse "
			      "xmlns=\"http://www.cuahsi.org/waterML/1.1/"
			      "\"><timeSeries><sourceInfo><siteName>S</siteName>"
			      "<siteCode>01</siteCode></sourceInfo><variable><variableName>Gage "
			      "height, ft</variableName><unit><unitCode>ft</unitCode></unit>"
			      "<noDataValue>-999999.0</noDataValue></variable><values><value "
			      "dateTime=\"2025-07-10T03:00:00.000+08:00\">10</value>"
			      "<value "
			      "dateTime=\"2025-07-10T04:00:00.000+08:00\">-999999.0</value></"
			      "values></timeSeries></timeSeriesResponse>",
	    NULL, &got));
	assert_int_equal(got.n, 1);
	o = got.item[0].observation;
	assert_string_equal(o->quantity, "water_level");
	assert_true(fabs(o->value - 3.048) < 1e-9);
	assert_true(read_text("<wml2:Collection xmlns:wml2=\"http://www.opengis.net/waterml/2.0\" "
			      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:om=\"o\">"
			      "<wml2:observationMember><om:OM_Observation><om:observedProperty "
			      "xlink:href=\"http://x/WaterLevel\"/>"
			      "<om:featureOfInterest "
			      "xlink:href=\"http://x/st-7\"/"
			      "><om:result><wml2:MeasurementTimeseries><wml2:defaultPointMetadata>"
			      "<wml2:uom "
			      "code=\"m\"/></"
			      "wml2:defaultPointMetadata><wml2:point><wml2:MeasurementTVP><wml2:"
			      "time>2025-07-10T03:00:00+08:00"
			      "</wml2:time><wml2:value>1.25</wml2:value></wml2:MeasurementTVP></"
			      "wml2:point></wml2:MeasurementTimeseries></om:result>"
			      "</om:OM_Observation></wml2:observationMember></wml2:Collection>",
	    NULL, &got));
	o = got.item[0].observation;
	assert_string_equal(o->station, "st-7");
	assert_true(o->value == 1.25 && o->at == at("2025-07-10 03:00"));
	items_clear(&got);
}

static void
refusals(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"", "empty"},
	    {" \n", "empty"},
	    {"<html><head/><body><alert/></body></html>", "web page"},
	    {"<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\" \"y\"><html "
	     "xmlns=\"h\"><body/></html>",
		"web page"},
	    {"<!doctype HTML><p>x", "web page"},
	    {"<!DOCTYPE alert><alert/>", "DOCTYPE"},
	    {"<xs:schema xmlns:xs=\"x\"/>", "schema"},
	    {"<other/>", "<other>"},
	    {"plain words", "no feed"},
	    {"<alert><identifier>x</alert>", "well-formed"},
	    {"<alert><identifier>&nbsp;</identifier></alert>", "well-formed"},
	    {"<alert>", "well-formed"},
	};
	static const struct feed_profile unknown = {"f", "telex", NULL, 480, true};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(read_text(cases[i].text, NULL, &got));
		assert_non_null(strstr(got.err.message, cases[i].why));
		assert_int_equal(got.n, 0);
	}
	assert_false(read_text("<alert/>", &unknown, &got));
	got.most = 1;
	assert_false(read_text("<rss><channel><item><link>http://a/</link></item><item><link>http:/"
			       "/b/</link></item></channel></rss>",
	    NULL, &got));
	items_clear(&got);
}

/* A text is cleaned wherever it comes in: C1, bidi, zero-width, and an escape by a character
 * reference. */
static void
cleaned(void **state)
{
	const struct alert *a;

	(void)state;
	assert_true(read_text(
	    "<alert><identifier>a&#x9b;31m</identifier><note>x\xe2\x80\xaey\xe2\x80\x8bz\xc2\x9b</"
	    "note><info><headline>𠮷野家&#x202E;"
	    "</headline></info></alert>",
	    NULL, &got));
	a = got.item[0].alert;
	assert_string_equal(a->identifier, "a・31m");
	assert_string_equal(a->note, "x・y・z・");
	assert_string_equal(a->infos[0].headline, "𠮷野家・");
	assert_false(read_text("<alert><identifier>a&#27;[31m</identifier></alert>", NULL,
	    &got)); /* not a character of XML */
	assert_true(read_text(
	    "{\"alertData\":[{\"identifier\":\"x\\u001b[31m\",\"headline\":\"a\\u202eb\"}]}", NULL,
	    &got));
	assert_string_equal(got.item[0].alert->identifier, "x・[31m");
	items_clear(&got);
}

static void
times(void **state)
{
	static const struct {
		const char *text;
		enum when_form form;
		const char *local;
	} cases[] = {
	    {"2025-07-10T03:12:00+08:00", WHEN_CAP, "2025-07-10 03:12"},
	    {"2025-07-10T03:12:00-00:00", WHEN_CAP, "2025-07-10 11:12"},
	    {"2025-07-09T19:12:00Z", WHEN_ODD, "2025-07-10 03:12"},
	    {"2025-07-10 03:12:00", WHEN_ODD, "2025-07-10 03:12"},
	    {"2025-07-10 03:12:00+08:00", WHEN_ODD, "2025-07-10 03:12"},
	    {"2025/7/10 3:12", WHEN_ODD, "2025-07-10 03:12"},
	    {"20250710031200", WHEN_ODD, "2025-07-10 03:12"},
	    {"2025-07-10T03:12:00.123456+0800", WHEN_ODD, "2025-07-10 03:12:00.123"},
	    {"Wed, 09 Jul 2025 19:12:00 GMT", WHEN_ODD, "2025-07-10 03:12"},
	    {"10 Jul 25 03:12", WHEN_ODD, "2025-07-10 03:12"},
	    {"2025-07-10", WHEN_ODD, "2025-07-10 00:00"},
	    {"2568-07-10T03:12:00+08:00", WHEN_ODD, "2025-07-10 03:12"},
	    {"2025-02-29T00:00:00Z", WHEN_BAD, NULL},
	    {"2025-07-10T25:00:00Z", WHEN_BAD, NULL},
	    {"tomorrow", WHEN_BAD, NULL},
	    {"", WHEN_BAD, NULL},
	    {"2025-07-10T03:12:00+08:00 or so", WHEN_BAD, NULL},
	    {"99999999999999", WHEN_BAD, NULL},
	    {"1752088320000", WHEN_BAD, NULL},
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum when_form form = feed_when(cases[i].text, strlen(cases[i].text), 480, &ms);

		if (form != cases[i].form)
			print_message("%s: %d\n", cases[i].text, form);
		assert_int_equal(form, cases[i].form);
		if (cases[i].local)
			assert_true(ms - at(cases[i].local) < 1000 && ms >= at(cases[i].local));
		else
			assert_true(ms == CLOCK_NONE);
	}
}

/* Numbers as strtod reads them, over a million drawn ones to one part in 10^15. */
static void
numbers(void **state)
{
	unsigned long long seed = 1;
	char text[64];

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		const char *p = text;
		double ours, theirs;

		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		snprintf(text, sizeof(text), i % 3 ? "%.*f" : "%.*e", (int)(seed >> 60),
		    ((double)(seed >> 11) / 9007199254740992.0 - 0.5) * (i % 5 ? 360 : 1e-9));
		theirs = strtod(text, NULL);
		assert_true(feed_number(&p, text + strlen(text), &ours));
		assert_true(*p == '\0' && fabs(ours - theirs) <= fabs(theirs) * 1e-15);
	}
}

/* CAP as JSON says the same as CAP; what is no alert is none. */
static void
alerts_in_json(void **state)
{
	static const char *const alert =
	    "{\"identifier\":\"J-1\",\"sender\":\"a@b\",\"sent\":\"2025-07-10T03:12:00+08:00\","
	    "\"status\":\"Exercise\",\"msgType\":\"Update\",\"scope\":\"Public\",\"references\":"
	    "\"a@b,J-0,2025-07-10T03:00:00+08:00\",\"info\":[{\"language\":\"zh-CN\",\"category\":"
	    "[\"Met\"],\"event\":\"暴雨\",\"severity\":\"Severe\",\"headline\":\"<b> & "
	    "暴雨橙色预警\","
	    "\"<x>\":1,\"area\":[{\"areaDesc\":\"x\",\"polygon\":\"32,119 33,119 33,120 32,119\","
	    "\"circle\":[\"32,119 "
	    "4\"],\"geocode\":[{\"valueName\":\"CPEAS\",\"value\":321084}]}]}]}";
	char *text = mem_print(
	    "{\"warnings\":[{\"uuid\":\"u\",\"alert\":%s},{\"alert\":%s}]}", alert, alert);
	const struct alert *a;

	(void)state;
	assert_true(read_text(text, NULL, &got));
	assert_string_equal(got.format, "cap-json");
	assert_int_equal(got.n, 2);
	a = got.item[1].alert;
	assert_string_equal(a->identifier, "J-1");
	assert_int_equal(a->n_refs, 1);
	assert_int_equal(a->n_infos, 1);
	assert_string_equal(a->infos[0].headline, "<b> & 暴雨橙色预警");
	assert_int_equal(a->infos[0].colour, COLOUR_ORANGE);
	assert_int_equal(a->infos[0].n_areas, 2); /* polygon and circle apart */
	assert_int_equal(a->infos[0].areas[0].n_ring, 4);
	assert_true(a->infos[0].areas[1].radius_m == 4000);
	assert_string_equal(a->infos[0].areas[0].codes[0], "321084");
	free(text);
	assert_true(read_text(alert, NULL, &got));
	assert_int_equal(got.n, 1);
	assert_true(read_text(
	    "{\"warnings\":[]}", &(struct feed_profile){"x", "cap-json", NULL, 480, true}, &got));
	assert_int_equal(got.n, 0);
	assert_false(
	    read_text("{\"regions\":[{\"info\":1,\"msgType\":1,\"identifier\":1}]}", NULL, &got));
	assert_non_null(strstr(got.err.message, "no alert"));
	/* Deeper than CAP is: what lies there is left out. */
	text = mem_print("{\"identifier\":\"D\",\"msgType\":\"Alert\",\"info\":%s1%s}",
	    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":", "}}}}}}}}}}");
	assert_true(read_text(text, NULL, &got));
	assert_int_equal(got.n, 1);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(alerts_in_json),
	    cmocka_unit_test(quakes),
	    cmocka_unit_test(quakes_in_pieces),
	    cmocka_unit_test(tickets),
	    cmocka_unit_test(observations),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(cleaned),
	    cmocka_unit_test(times),
	    cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
