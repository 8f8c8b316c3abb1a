/*
 * What we publish: it validates against the schema of OASIS, and our own reader reads the same
 * thing back; for an alert with everything in it, and for every alert of the corpus that can be
 * written at all.
 */
#include "tests/exchange/files.h"
#include "tests/store/room.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "exchange/capwrite.h"
#include "exchange/outfile.h"
#include "exchange/publish.h"

#include <fcntl.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOON INT64_C(1752120000000)

/* --- reading back ---------------------------------------------------------------------------- */

struct list {
	struct feed_item item[64];
	size_t n;
};

static bool
keep(void *context, struct feed_item *item)
{
	struct list *l = context;

	if (l->n == COUNT_OF(l->item)) {
		feed_item_clear(item);
		return true;
	}
	l->item[l->n++] = *item;
	return true;
}

static void
clear(struct list *l)
{
	while (l->n)
		feed_item_clear(&l->item[--l->n]);
}

static void
read_back(const char *text, size_t n, struct list *l, const char *want)
{
	struct err err = ERR_NONE;
	const char *format;

	l->n = 0;
	if (!feed_read(text, n, NULL, keep, l, &format, &err))
		fail_msg("%s\n%s", err.message, text);
	if (want)
		assert_string_equal(format, want);
}

static char *
write_one(const struct alert *a)
{
	struct buf out = BUF_MAX(8 << 20);
	struct err err = ERR_NONE;

	if (!cap_write(&out, a, &err))
		fail_msg("%s", err.message);
	return buf_take(&out);
}

/* --- the schema ------------------------------------------------------------------------------ */

static xmlSchemaPtr schema;

static void
hush(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

static bool
have_schema(void)
{
	char *path;
	xmlSchemaParserCtxtPtr parser;

	if (schema || !corpus_root())
		return schema != NULL;
	path = mem_print("%s/google+cap-library/schema/cap12.xsd", corpus_root());
	parser = xmlSchemaNewParserCtxt(path);
	schema = xmlSchemaParse(parser);
	xmlSchemaFreeParserCtxt(parser);
	free(path);
	return schema != NULL;
}

static bool
is_valid(const char *text)
{
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
	xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
	bool is;

	xmlSchemaSetValidErrors(
	    valid, getenv("SHOW") ? NULL : hush, getenv("SHOW") ? NULL : hush, NULL);
	is = doc && xmlSchemaValidateDoc(valid, doc) == 0;
	xmlSchemaFreeValidCtxt(valid);
	xmlFreeDoc(doc);
	return is;
}

/* --- an alert with everything ---------------------------------------------------------------- */

static char id[] = "321084000_20250710031200_001", sender[] = "duty@gaoyou.example",
	    first[] = "321084000_20250709_1";
static double ring[] = {119.1, 32.7, 119.6, 32.7, 119.6, 33.1, 119.1, 32.7};
static double hole[] = {119.45, 32.78, 119.5, 32.78, 119.5, 32.8, 119.45, 32.78};
static char county[] = "321084000000", fips[] = "FIPS6=032108";
static char *codes[] = {county, fips};

static char words[][80] = {"zh-CN", "危险化学品事故", "12D00",
    "高邮市发布危化品<泄漏>橙色预警 & \"疏散\"",
    "G2 京沪高速南行液氨泄漏。\n下风向 1 公里内人员撤离。", "关闭门窗，向上风向撤离。",
    "高邮市应急管理局", "Immediate", "Observed", "Severe", "Evacuate",
    "https://gaoyou.example/alerts", "0514-55500101", "示意图 https://gaoyou.example/map.png",
    "高邮市送桥镇", "Actual", "Update", "Public", "续报", "zhiban"};

static void
make(struct alert *a, struct alert_info *info, struct alert_area areas[3], struct alert_ref *ref)
{
	areas[0] = (struct alert_area){.description = words[14],
	    .codes = codes,
	    .n_codes = 2,
	    .ring = ring,
	    .n_ring = 4,
	    .radius_m = -1};
	areas[1] = (struct alert_area){.ring = hole, .n_ring = 4, .radius_m = -1};
	areas[2] = (struct alert_area){.lon = 119.46, .lat = 32.79, .radius_m = 1500};
	*info = (struct alert_info){.language = words[0],
	    .event = words[1],
	    .event_code = words[2],
	    .headline = words[3],
	    .description = words[4],
	    .instruction = words[5],
	    .sender_name = words[6],
	    .urgency = words[7],
	    .certainty = words[8],
	    .severity = words[9],
	    .response = words[10],
	    .web = words[11],
	    .contact = words[12],
	    .resources = words[13],
	    .colour = COLOUR_ORANGE,
	    .effective = NOON,
	    .onset = NOON + CLOCK_MINUTE,
	    .expires = NOON + CLOCK_DAY,
	    .areas = areas,
	    .n_areas = 3};
	*ref = (struct alert_ref){sender, first, NOON - CLOCK_DAY};
	*a = (struct alert){.identifier = id,
	    .sender = sender,
	    .sent = NOON,
	    .status = words[15],
	    .msg_type = words[16],
	    .scope = words[17],
	    .note = words[18],
	    .source = words[19],
	    .refs = ref,
	    .n_refs = 1,
	    .infos = info,
	    .n_infos = 1};
}

static void
assert_same_text(const char *a, const char *b)
{
	assert_string_equal(a ? a : "", b ? b : "");
}

static void
reads_back_the_same(void **state)
{
	struct alert a, *b;
	struct alert_info info, *got;
	struct alert_area areas[3];
	struct alert_ref ref;
	struct list l;
	char *text;

	(void)state;
	make(&a, &info, areas, &ref);
	text = write_one(&a);
	read_back(text, strlen(text), &l, "cap");
	assert_int_equal(l.n, 1);
	assert_null(l.item[0].notes);
	b = l.item[0].alert;
	assert_string_equal(b->profile, "cap12");
	assert_same_text(b->identifier, a.identifier);
	assert_same_text(b->sender, a.sender);
	assert_int_equal(b->sent, a.sent);
	assert_same_text(b->status, a.status);
	assert_same_text(b->msg_type, a.msg_type);
	assert_same_text(b->scope, a.scope);
	assert_same_text(b->note, a.note);
	assert_same_text(b->source, a.source);
	assert_int_equal(b->n_refs, 1);
	assert_same_text(b->refs[0].identifier, first);
	assert_same_text(b->refs[0].sender, sender);
	assert_int_equal(b->refs[0].sent, NOON - CLOCK_DAY);
	assert_int_equal(b->n_infos, 1);
	got = &b->infos[0];
	char *const *const want[] = {&info.language, &info.event, &info.event_code, &info.headline,
	    &info.description, &info.instruction, &info.sender_name, &info.urgency, &info.certainty,
	    &info.severity, &info.response, &info.web, &info.contact, &info.resources};
	char *const *const have[] = {&got->language, &got->event, &got->event_code, &got->headline,
	    &got->description, &got->instruction, &got->sender_name, &got->urgency, &got->certainty,
	    &got->severity, &got->response, &got->web, &got->contact, &got->resources};
	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_same_text(*have[i], *want[i]);
	assert_int_equal(got->colour, COLOUR_ORANGE);
	assert_false(got->colour_disagrees);
	assert_int_equal(got->effective, info.effective);
	assert_int_equal(got->onset, info.onset);
	assert_int_equal(got->expires, info.expires);
	assert_int_equal(got->n_areas, 3);
	assert_same_text(got->areas[0].description, areas[0].description);
	assert_int_equal(got->areas[0].n_codes, 2);
	assert_string_equal(got->areas[0].codes[0], county);
	assert_string_equal(got->areas[0].codes[1], fips);
	assert_int_equal(got->areas[0].n_ring, 4);
	assert_memory_equal(got->areas[0].ring, ring, sizeof(ring));
	assert_memory_equal(got->areas[1].ring, hole, sizeof(hole));
	assert_true(got->areas[2].lon == 119.46 && got->areas[2].lat == 32.79 &&
		    got->areas[2].radius_m == 1500);
	if (have_schema())
		assert_true(is_valid(text));
	else
		print_message("# skipped: $CORPORA is not there\n");
	clear(&l);
	free(text);
}

static void
goes_in_an_envelope(void **state)
{
	struct alert a[2];
	struct alert_info info[2];
	struct alert_area areas[2][3];
	struct alert_ref ref[2];
	const struct alert *const both[] = {&a[0], &a[1]};
	static char other[] = "321084000_20250710_2";
	struct buf out = BUF_MAX(1 << 20);
	struct err err = ERR_NONE;
	struct list l;
	char *one, *again;

	(void)state;
	make(&a[0], &info[0], areas[0], &ref[0]);
	make(&a[1], &info[1], areas[1], &ref[1]);
	a[1].identifier = other;
	assert_true(edxl_write(&out, "321084000-1", sender, NOON, both, 2, &err));
	read_back(buf_str(&out), out.size, &l, "edxl");
	assert_int_equal(l.n, 2);
	for (int i = 0; i < 2; i++) {
		one = write_one(&a[i]);
		again = write_one(l.item[i].alert);
		assert_string_equal(one, again);
		free(one);
		free(again);
	}
	clear(&l);
	buf_clear(&out);
}

/* --- what is no CAP -------------------------------------------------------------------------- */

static void
refuses_what_is_no_cap(void **state)
{
	static char blank[] = "a b", empty[] = "", bogus[] = "Actually", angle[] = "a<b";
	struct alert good, a;
	struct alert_info info;
	struct alert_area areas[3];
	struct alert_ref ref;
	struct alert bad[10];
	size_t n = 0;

	(void)state;
	make(&good, &info, areas, &ref);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		bad[i] = good;
	bad[n++].identifier = blank;
	bad[n++].identifier = empty;
	bad[n++].identifier = NULL;
	bad[n++].sender = angle;
	bad[n++].sent = CLOCK_NONE;
	bad[n++].status = bogus;
	bad[n++].msg_type = NULL;
	bad[n++].scope = bogus;
	bad[n++].n_refs = 0;
	assert_true(n < COUNT_OF(bad));
	for (size_t i = 0; i < n; i++) {
		struct buf out = BUF_MAX(1 << 20);
		struct err err = ERR_NONE;

		if (cap_write(&out, &bad[i], &err))
			fail_msg("case %zu was written", i);
		assert_int_equal(err.code, ERR_INPUT);
		err_clear(&err);
		buf_clear(&out);
	}
	/* Too long is said, not cut. */
	struct buf little = BUF_MAX(500);
	struct err err = ERR_NONE;
	a = good;
	assert_false(cap_write(&little, &a, &err));
	err_clear(&err);
	buf_clear(&little);
}

/* --- files ----------------------------------------------------------------------------------- */

static char *
slurp(const char *dir, const char *name, size_t *n)
{
	char *path = mem_print("%s/%s", dir, name), *text = file_bytes(path, n);

	free(path);
	return text;
}

static void
publishes_an_index(void **state)
{
	struct alert a[2];
	struct alert_info info[2];
	struct alert_area areas[2][3];
	struct alert_ref ref[2];
	const struct alert *const both[] = {&a[0], &a[1]};
	static char traversal[] = "../../etc/-rf", changed[] = "other words";
	struct publish_place place = {.base = "https://gaoyou.example/alerts",
	    .title = "高邮市预警 <1>",
	    .author = "高邮市应急管理局"};
	struct err err = ERR_NONE;
	struct room room;
	struct list l;
	struct stat sb;
	char name[64], *path, *index, *before;
	size_t n;

	(void)state;
	room_make(&room);
	place.directory = room.dir;
	make(&a[0], &info[0], areas[0], &ref[0]);
	make(&a[1], &info[1], areas[1], &ref[1]);
	a[1].identifier = traversal;
	a[1].sent = NOON + CLOCK_HOUR;
	if (!publish_alerts(&place, both, 2, &err))
		fail_msg("%s", err.message);
	before = slurp(room.dir, "index.atom", &n);
	read_back(before, n, &l, "atom");
	assert_int_equal(l.n, 2);
	/* Newest first; each points to a file that holds the alert. */
	for (int i = 0; i < 2; i++) {
		const struct alert *want = &a[1 - i];
		struct list doc;

		assert_int_equal(l.item[i].kind, FEED_LINK);
		assert_int_equal(l.item[i].link->updated, want->sent);
		publish_name(want, name, sizeof(name));
		assert_true(outfile_name_ok(name));
		path = mem_print("https://gaoyou.example/alerts/%s", name);
		assert_string_equal(l.item[i].link->url, path);
		free(path);
		path = slurp(room.dir, name, &n);
		read_back(path, n, &doc, "cap");
		assert_string_equal(doc.item[0].alert->identifier, want->identifier);
		clear(&doc);
		free(path);
		path = mem_print("%s/%s", room.dir, name);
		assert_int_equal(stat(path, &sb), 0);
		assert_int_equal(sb.st_mode & 0777, 0644);
		free(path);
	}
	clear(&l);
	/* Again is fine; a published document never changes, and the index stays as it was. */
	assert_true(publish_alerts(&place, both, 2, &err));
	info[0].headline = changed;
	assert_false(publish_alerts(&place, both, 2, &err));
	err_clear(&err);
	index = slurp(room.dir, "index.atom", &n);
	assert_string_equal(index, before);
	free(index);
	free(before);
	/* Not over a link, not through one. */
	path = mem_print("%s/index.atom", room.dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	free(path);
	make(&a[0], &info[0], areas[0], &ref[0]);
	assert_false(publish_alerts(&place, both, 2, &err));
	err_clear(&err);
	path = mem_print("%s/link", room.dir);
	assert_int_equal(symlink(room.dir, path), 0);
	place.directory = path;
	assert_false(publish_alerts(&place, both, 2, &err));
	err_clear(&err);
	free(path);
	room_clear(&room);
}

/* Names of every unkind sort (reliability 4.24). */
static void
writes_under_its_own_names_only(void **state)
{
	static const char *const bad[] = {"", ".", "..", "../x", "/etc/x", "a/b", "-rf", ".hidden",
	    "a\nb", "a b", "a\x80", "\xe5\x80\xbc"};
	struct err err = ERR_NONE;
	struct room room;
	char longest[302], *path, *text;
	size_t n;
	int dir;

	(void)state;
	room_make(&room);
	dir = outfile_dir(room.dir, &err);
	assert_true(dir >= 0);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		if (outfile_write(dir, bad[i], "x", 1, OUTFILE_OWN, OUTFILE_REPLACE, &err))
			fail_msg("\"%s\" was written", bad[i]);
		err_clear(&err);
	}
	memset(longest, 'a', 300);
	longest[300] = '\0';
	assert_false(outfile_write(dir, longest, "x", 1, OUTFILE_OWN, OUTFILE_NEW, &err));
	err_clear(&err);
	/* A file that is there stays, unless it is the same or is asked to be replaced. */
	assert_true(outfile_write(dir, "a.txt", "one", 3, OUTFILE_OWN, OUTFILE_NEW, &err));
	assert_false(outfile_write(dir, "a.txt", "one", 3, OUTFILE_OWN, OUTFILE_NEW, &err));
	err_clear(&err);
	assert_true(outfile_write(dir, "a.txt", "one", 3, OUTFILE_OWN, OUTFILE_SAME_IS_FINE, &err));
	assert_false(
	    outfile_write(dir, "a.txt", "two", 3, OUTFILE_OWN, OUTFILE_SAME_IS_FINE, &err));
	err_clear(&err);
	assert_true(outfile_write(dir, "a.txt", "two", 3, OUTFILE_OWN, OUTFILE_REPLACE, &err));
	text = slurp(room.dir, "a.txt", &n);
	assert_string_equal(text, "two");
	free(text);
	/* A FIFO and a folder under the name are neither opened nor taken away, and nothing waits.
	 */
	path = mem_print("%s/fifo", room.dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	free(path);
	path = mem_print("%s/folder", room.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
	for (int i = OUTFILE_NEW; i <= OUTFILE_REPLACE; i++) {
		assert_false(
		    outfile_write(dir, "fifo", "x", 1, OUTFILE_OWN, (enum outfile_if)i, &err));
		err_clear(&err);
		assert_false(
		    outfile_write(dir, "folder", "x", 1, OUTFILE_OWN, (enum outfile_if)i, &err));
		err_clear(&err);
	}
	close(dir);
	room_clear(&room);
}

/* --- the corpus ------------------------------------------------------------------------------ */

static void
check_again(const struct alert *a, const char *path, size_t counts[3])
{
	struct buf out = BUF_MAX(16 << 20);
	struct err err = ERR_NONE;
	struct list l;
	char *again;

	if (!cap_write(&out, a, &err)) {
		counts[1]++;
		err_clear(&err);
		buf_clear(&out);
		return;
	}
	counts[0]++;
	if (!is_valid(buf_str(&out))) {
		counts[2]++;
		print_message("# not valid: %s\n", path);
	}
	read_back(buf_str(&out), out.size, &l, "cap");
	assert_int_equal(l.n, 1);
	again = write_one(l.item[0].alert);
	if (strcmp(again, buf_str(&out)) != 0)
		fail_msg("%s\n%s\n%s", path, buf_str(&out), again);
	free(again);
	clear(&l);
	buf_clear(&out);
}

static void
writes_the_corpus_again(void **state)
{
	size_t counts[3] = {0}; /* written, refused, not valid */
	struct files files;

	(void)state;
	if (!have_schema()) {
		skip();
		return;
	}
	files_load(corpus_root(), true, &files);
	for (size_t i = 0; i < files.n; i++) {
		struct err err = ERR_NONE;
		struct list l = {.n = 0};

		if (strstr(files.file[i].path, "attack/") == NULL &&
		    feed_read(files.file[i].data, files.file[i].n, NULL, keep, &l, NULL, &err))
			for (size_t k = 0; k < l.n; k++)
				if (l.item[k].kind == FEED_ALERT)
					check_again(l.item[k].alert, files.file[i].path, counts);
		clear(&l);
		err_clear(&err);
	}
	files_clear(&files);
	print_message("# %zu alerts written again, %zu are no CAP\n", counts[0], counts[1]);
	assert_true(counts[0] > 400);
	assert_int_equal(counts[2], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_back_the_same),
	    cmocka_unit_test(goes_in_an_envelope),
	    cmocka_unit_test(refuses_what_is_no_cap),
	    cmocka_unit_test(publishes_an_index),
	    cmocka_unit_test(writes_under_its_own_names_only),
	    cmocka_unit_test(writes_the_corpus_again),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	xmlSchemaFree(schema);
	xmlSchemaCleanupTypes();
	xmlCleanupParser();
	return failed;
}
