/*
 * Hostile documents, made here: each is refused (or read) as told, within a second of processor
 * time and 100 MB beside the document, in a process of its own so that memory can be measured.
 */
#include "tests/test.h"

#include "base/buf.h"
#include "base/mem.h"
#include "exchange/feed.h"
#include "tests/exchange/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOWER (TEST_SANITIZED ? 10 : 1)

#define ALERT "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>x</identifier>"

static void
external_dtd(struct buf *b)
{
	buf_add(b, "<?xml version=\"1.0\"?><!-- x --><!DOCTYPE alert SYSTEM "
		   "\"http://127.0.0.1:9/x.dtd\"><alert><identifier>x</identifier></alert>");
}

static void
late_doctype(struct buf *b)
{
	buf_add(b, ALERT "<!DOCTYPE x><note/></alert>");
}

static void
undeclared_entity(struct buf *b)
{
	buf_add(b, ALERT "<note>&lol;</note></alert>");
}

static void
many_namespaces(struct buf *b)
{
	buf_add(b, ALERT "<note");
	for (int i = 0; i < 60000; i++)
		buf_printf(b, " xmlns:a%d='u%d'", i, i);
	buf_add(b, "/></alert>");
}

static void
long_text(struct buf *b)
{
	buf_add(b, ALERT "<note>");
	hostile_repeat(b, "0123456789abcdef", 12u << 16);
	buf_add(b, "</note></alert>");
}

static void
long_attribute(struct buf *b)
{
	buf_add(b, ALERT "<note a=\"");
	hostile_repeat(b, "0123456789abcdef", 12u << 16);
	buf_add(b, "\"/></alert>");
}

static void
big_polygon(struct buf *b)
{
	buf_add(b, ALERT "<info><area><areaDesc>x</areaDesc><polygon>");
	for (int i = 0; i < 450000; i++)
		buf_printf(b, "%.6f,%.6f ", 32 + i * 1e-6, 119 + i * 1e-6);
	buf_add(b, "</polygon></area></info></alert>");
}

static void
two_million_corners(struct buf *b)
{
	buf_add(b, ALERT "<info><area><polygon>");
	hostile_repeat(b, "1,2 ", 2000000);
	buf_add(b, "</polygon></area></info></alert>");
}

static void
many_areas(struct buf *b)
{
	buf_add(b, ALERT "<info>");
	hostile_repeat(b, "<area/>", 2000000);
	buf_add(b, "</info></alert>");
}

static void
many_infos(struct buf *b)
{
	buf_add(b, ALERT);
	hostile_repeat(b, "<info/>", 2000000);
	buf_add(b, "</alert>");
}

static void
many_codes(struct buf *b)
{
	buf_add(b, "<alert><identifier>x</identifier><info><area><geocode>");
	for (int i = 0; i < 1000000; i++)
		buf_printf(b, "%d,", i);
	buf_add(b, "</geocode></area></info></alert>");
}

static void
many_references(struct buf *b)
{
	buf_add(b, ALERT "<references>");
	for (int i = 0; i < 200000; i++)
		buf_printf(b, "s,i%d,2025-07-10T03:12:00+08:00 ", i);
	buf_add(b, "</references></alert>");
}

static void
many_alerts(struct buf *b)
{
	buf_add(b, "<alerts>");
	hostile_repeat(b, "<alert><identifier>x</identifier></alert>", 550000);
	buf_add(b, "</alerts>");
}

static void
many_links(struct buf *b)
{
	buf_add(b, "<rss><channel>");
	hostile_repeat(b, "<item><link>http://h/</link></item>", 300000);
	buf_add(b, "</channel></rss>");
}

static void
many_methods(struct buf *b)
{
	buf_add(b, "<alert><identifier>x</identifier><code>");
	hostile_repeat(b, "<method><message>mm</message></method>", 300000);
	buf_add(b, "</code></alert>");
}

static void
many_notes(struct buf *b)
{
	buf_add(b, ALERT "<info>");
	for (int i = 0; i < 300000; i++)
		buf_printf(b, "<expires>x%d</expires>", i);
	buf_add(b, "</info></alert>");
}

static void
nested_arrays(struct buf *b)
{
	buf_add(b, "{\"alertData\":[");
	hostile_repeat(b, "[],", 6000000);
	buf_add(b, "0]}");
}

static void
deep_json(struct buf *b)
{
	buf_add(b, "{\"alertData\":");
	hostile_repeat(b, "[", 10000);
}

static void
one_line_csv(struct buf *b)
{
	buf_add(b, "工单编号,诉求内容\n");
	hostile_repeat(b, "0123456789abcdef", 20u << 16);
}

static void
wide_csv(struct buf *b)
{
	buf_add(b, "STCD,TM,Z\n");
	hostile_repeat(b, "1,", 10000);
}

static void
open_quote(struct buf *b)
{
	buf_add(b, "STCD,TM,Z\n1,\"");
	hostile_repeat(b, "x\n", 10000000);
}

static void
many_rows(struct buf *b)
{
	buf_add(b, "STCD,TM,Z\n");
	hostile_repeat(b, "1,2025-07-10,2\n", 1000000);
}

static void
too_long(struct buf *b)
{
	buf_add(b, ALERT);
	hostile_repeat(b, "<!-- 0123456789abcdef -->", 1100000);
	buf_add(b, "</alert>");
}

static void
comments(struct buf *b)
{
	buf_add(b, ALERT);
	hostile_repeat(b, "<!---->", 3000000);
	buf_add(b, "</alert>");
}

static void
entities(struct buf *b)
{
	buf_add(b, ALERT "<note>");
	hostile_repeat(b, "&amp;", 2000000);
	buf_add(b, "</note></alert>");
}

static void
open_comment(struct buf *b)
{
	buf_add(b, ALERT "<!-- ");
	hostile_repeat(b, "- ", 10000000);
}

static void
gb_text(struct buf *b)
{
	buf_add(b, "<alert><identifier>x</identifier><note>");
	hostile_repeat(b, "\xb8\xdf\xd3\xca", 1500000);
	buf_add(b, "</note></alert>");
}

static void
damaged_text(struct buf *b)
{
	buf_add(b, "<alert><identifier>x</identifier><note>");
	hostile_repeat(b, "\xb8\xdf\xd3\xca", 5000000);
	buf_add(b, "\xff</note></alert>");
}

static const struct attack {
	const char *name;
	void (*make)(struct buf *);
	const char *why; /* of the refusal; NULL: read, `items` of them */
	size_t items;
} attacks[] = {
    {"billion laughs", hostile_laughs, "DOCTYPE", 0},
    {"quadratic", hostile_quadratic, "DOCTYPE", 0},
    {"XXE", hostile_xxe, "DOCTYPE", 0},
    {"external DTD", external_dtd, "DOCTYPE", 0},
    {"DOCTYPE inside", late_doctype, "DOCTYPE", 0},
    {"undeclared entity", undeclared_entity, "well-formed", 0},
    {"depth 200,000", hostile_deep, "deep", 0},
    {"60,000 attributes", hostile_attributes, "attributes", 0},
    {"60,000 namespaces", many_namespaces, "attributes", 0},
    {"12 MB text", long_text, "too long", 0},
    {"12 MB attribute", long_attribute, "tag", 0},
    {"9 MB polygon", big_polygon, NULL, 1},
    {"2,000,000 corners", two_million_corners, "corners", 0},
    {"2,000,000 areas", many_areas, "elements", 0},
    {"2,000,000 infos", many_infos, "elements", 0},
    {"1,000,000 codes", many_codes, "codes", 0},
    {"200,000 references", many_references, "references", 0},
    {"550,000 alerts", many_alerts, "items", 0},
    {"300,000 links", many_links, "items", 0},
    {"300,000 methods", many_methods, NULL, 1},
    {"300,000 bad dates", many_notes, NULL, 1},
    {"6,000,000 arrays", nested_arrays, "values", 0},
    {"deep JSON", deep_json, "JSON", 0},
    {"20 MB CSV line", one_line_csv, "too long", 0},
    {"10,000 columns", wide_csv, "columns", 0},
    {"open quote", open_quote, "not closed", 0},
    {"1,000,000 rows", many_rows, "items", 0},
    {"27 MB", too_long, "MB", 0},
    {"3,000,000 comments", comments, NULL, 1},
    {"2,000,000 references of characters", entities, NULL, 1},
    {"open comment", open_comment, "well-formed", 0},
    {"6 MB of GB text", gb_text, NULL, 1},
    {"20 MB of GB text, one bad byte", damaged_text, "UTF-8", 0},
};

static bool
drop(void *context, struct feed_item *item)
{
	++*(size_t *)context;
	feed_item_clear(item);
	return true;
}

/* In the child: 0 as told, else what is wrong. */
static int
run(const struct attack *a, const struct buf *doc)
{
	struct err err = ERR_NONE;
	struct rusage before, after;
	const char *format;
	size_t items = 0;
	double took;
	bool ok;

	getrusage(RUSAGE_SELF, &before);
	ok = feed_read(doc->data, doc->size, NULL, drop, &items, &format, &err);
	getrusage(RUSAGE_SELF, &after);
	took = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
	       (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6;
	fprintf(stderr, "# %s: %.1f MB, %s, %.2f s, %ld MB more\n", a->name,
	    (double)doc->size / 1e6, ok ? format : err.message, took,
	    (after.ru_maxrss - before.ru_maxrss) / 1024);
	if (ok != (a->why == NULL) || (ok && items != a->items))
		return 1;
	if (!ok && !strstr(err.message, a->why))
		return 2;
	if (took > 1 * SLOWER)
		return 3;
	return !TEST_SANITIZED && after.ru_maxrss - before.ru_maxrss > 100L * 1024 ? 4 : 0;
}

static void
all(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		struct buf doc = BUF_MAX(64u << 20);
		int status;
		pid_t pid;

		attacks[i].make(&doc);
		fflush(NULL);
		pid = fork();
		if (pid == 0)
			_exit(run(&attacks[i], &doc));
		waitpid(pid, &status, 0);
		if (status) {
			fprintf(stderr, "# %s: wrong (%d)\n", attacks[i].name,
			    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
			bad++;
		}
		buf_clear(&doc);
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
