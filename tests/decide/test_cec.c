/*
 * The Chinese Emergency Corpus, read in process and scored as ../shared/tools/score-narratives
 * does: category, counts, headline deaths, overlap of times and of places. The corpus stays
 * outside; without it the test says so. Targets stand in the issue; the figures are those of the
 * half given here. Floors lie a little below what is reached: counts P 0.88 F 0.93 by the scorer,
 * which reads the odd annotation differently. What is wrong there is mostly a true figure that the
 * annotation leaves out.
 */
#include "tests/test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "decide/number.h"
#include "decide/reading.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX 400
#define CN "零〇○一二两三四五六七八九十百千万亿"

struct figure {
	int kind;
	int64_t value;
};

/* What the annotation of one document says. */
struct gold {
	struct buf title, body;
	struct figure figure[ITEMS_MAX];
	char *time[ITEMS_MAX], *place[ITEMS_MAX];
	size_t n_figures, n_times, n_places;
	int64_t received;
};

struct tally {
	size_t right, wrong, missed;
};

struct score {
	size_t documents, category, headline;
	struct tally counts, times, places;
};

static struct reader *reader;
static pcre2_code *quantity, *only_number, *age;

/* --- helpers ---------------------------------------------------------------------------------- */

static pcre2_code *
pattern(const char *text)
{
	int code;
	PCRE2_SIZE at;
	pcre2_code *p =
	    pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &code, &at, NULL);

	assert_non_null(p);
	return p;
}

static bool
holds(const pcre2_code *p, const char *text)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(p, NULL);
	int rc = pcre2_match(p, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL);

	pcre2_match_data_free(data);
	return rc > 0;
}

static char *
without(const pcre2_code *p, const char *text)
{
	PCRE2_UCHAR out[2000];
	PCRE2_SIZE size = sizeof(out);
	int rc = pcre2_substitute(p, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0,
	    PCRE2_SUBSTITUTE_GLOBAL, NULL, NULL, (PCRE2_SPTR) "", 0, out, &size);

	return mem_dup(rc >= 0 ? (const char *)out : text);
}

static bool
has_any(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strstr(text, *words))
			return true;
	return false;
}

static void
squeeze_into(struct buf *out, const xmlNode *node)
{
	for (; node; node = node->next) {
		if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
			for (const char *c = (const char *)node->content; *c; c++) {
				if (strncmp(c, "\xe3\x80\x80", 3) == 0 ||
				    strncmp(c, "\xc2\xa0", 2) == 0) {
					c += *c == '\xe3' ? 2 : 1;
					continue;
				}
				if (!strchr(" \t\r\n", *c))
					buf_add_char(out, *c);
			}
		squeeze_into(out, node->children);
	}
}

static char *
squeeze(const xmlNode *node)
{
	struct buf out = BUF_MAX(60000);

	squeeze_into(&out, node ? node->children : NULL);
	return buf_take(&out);
}

static const xmlNode *
child(const xmlNode *node, const char *name)
{
	for (const xmlNode *c = node->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE && strcmp((const char *)c->name, name) == 0)
			return c;
	return NULL;
}

/* --- gold ------------------------------------------------------------------------------------- */

static int
kind_of(const char *word)
{
	static const char *const dead[] = {
	    "死", "身亡", "丧生", "遇难", "遇害", "罹难", "毙命", "殒命", "亡", NULL};
	static const char *const missing[] = {"失踪", "失联", NULL};
	static const char *const trapped[] = {"被困", "受困", "被埋", NULL};
	static const char *const poisoned[] = {"中毒", NULL}, *const injured[] = {"伤", NULL};
	static const char *const none[] = {"伤亡", "人员伤亡", "悲伤", "战死"};

	for (size_t i = 0; i < COUNT_OF(none); i++)
		if (strcmp(word, none[i]) == 0)
			return -1;
	return has_any(word, dead)	 ? FACT_DEAD
	       : has_any(word, missing)	 ? FACT_MISSING
	       : has_any(word, trapped)	 ? FACT_TRAPPED
	       : has_any(word, poisoned) ? FACT_POISONED
	       : has_any(word, injured)	 ? FACT_INJURED
					 : -1;
}

/* Full-width digits made plain. */
static char *
plain(const char *text)
{
	struct buf out = BUF_MAX(4000);

	for (; *text; text++)
		if (strncmp(text, "\xef\xbc", 2) == 0 && (unsigned char)text[2] >= 0x90 &&
		    (unsigned char)text[2] <= 0x99) {
			buf_add_char(&out, (char)('0' + (unsigned char)text[2] - 0x90));
			text += 2;
		} else {
			buf_add_char(&out, *text);
		}
	return buf_take(&out);
}

/* The first number with plain digits, else the first in Chinese numerals; 0 when there is none. */
static int64_t
first_number(const char *text)
{
	struct number number;

	for (const char *c = text; *c; c++)
		if (*c >= '0' && *c <= '9' && number_read(c, strlen(c), &number))
			return (int64_t)number.value;
	for (const char *c = text; *c; c++)
		if (((unsigned char)*c & 0xC0) != 0x80 && (*c & 0x80) &&
		    number_read(c, strlen(c), &number) && number.bound == BOUND_EXACT)
			return (int64_t)number.value;
	return 0;
}

static void
add_figure(struct gold *gold, int kind, int64_t value)
{
	for (size_t i = 0; i < gold->n_figures; i++)
		if (gold->figure[i].kind == kind && gold->figure[i].value == value)
			return;
	if (gold->n_figures < ITEMS_MAX)
		gold->figure[gold->n_figures++] = (struct figure){kind, value};
}

static void
take_participants(struct gold *gold, const xmlNode *node, int kind)
{
	for (; node; node = node->next) {
		if (node->type == XML_ELEMENT_NODE &&
		    (strcmp((const char *)node->name, "Participant") == 0 ||
			strcmp((const char *)node->name, "Object") == 0)) {
			char *raw = squeeze(node), *text = plain(raw), *bare = without(age, text);
			int64_t value = first_number(bare);

			if ((holds(quantity, text) || holds(only_number, text)) && value > 0 &&
			    value < 200000)
				add_figure(gold, kind, value);
			free(raw);
			free(text);
			free(bare);
		}
		take_participants(gold, node->children, kind);
	}
}

static void
take_event(struct gold *gold, const xmlNode *event)
{
	const xmlNode *denoter = child(event, "Denoter");
	char *word = squeeze(denoter);
	xmlChar *polarity =
	    denoter ? xmlGetProp((xmlNode *)(uintptr_t)event, (const xmlChar *)"polarity") : NULL;
	int kind = kind_of(word);

	if (kind >= 0 && !(polarity && strcmp((const char *)polarity, "negative") == 0))
		take_participants(gold, event->children, kind);
	free(word);
	if (polarity)
		xmlFree(polarity);
}

static void
take_node(struct gold *gold, const xmlNode *node)
{
	for (; node; node = node->next) {
		const char *name = node->type == XML_ELEMENT_NODE ? (const char *)node->name : "";

		if (strcmp(name, "Event") == 0)
			take_event(gold, node);
		if (strcmp(name, "Time") == 0 && gold->n_times < ITEMS_MAX)
			gold->time[gold->n_times++] = squeeze(node);
		if (strcmp(name, "Location") == 0 && gold->n_places < ITEMS_MAX)
			gold->place[gold->n_places++] = squeeze(node);
		take_node(gold, node->children);
	}
}

static int64_t
report_day(const xmlNode *root)
{
	const xmlNode *node = child(root, "ReportTime");
	char *raw = squeeze(node), *text = plain(raw);
	int year, month, day;
	struct civil c = {2010, 1, 1, 23, 59, 59, 0};

	if (sscanf(text, "%d年%d月%d", &year, &month, &day) == 3) {
		c.year = year;
		c.month = month;
		c.day = day;
	}
	free(raw);
	free(text);
	return clock_from_civil(&c);
}

static void
gold_clear(struct gold *gold)
{
	for (size_t i = 0; i < gold->n_times; i++)
		free(gold->time[i]);
	for (size_t i = 0; i < gold->n_places; i++)
		free(gold->place[i]);
	buf_clear(&gold->title);
	buf_clear(&gold->body);
}

/* --- scoring ---------------------------------------------------------------------------------- */

static bool
right_category(const char *folder, const char *code)
{
	static const struct {
		const char *folder, *codes;
	} rows[] = {{"地震", "11C"}, {"火灾", "12G 11G"}, {"交通事故", "12H 12J 12K 12L 12M"},
	    {"恐怖袭击", "14F 14B"}, {"食物中毒", "13B 13C"}};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].folder, folder) == 0)
			for (const char *c = rows[i].codes; *c;
			     c += strcspn(c, " ") + (c[strcspn(c, " ")] == ' '))
				if (strncmp(c, code, 3) == 0)
					return true;
	return false;
}

static void
score_counts(struct score *s, const struct gold *gold, const struct reading *r)
{
	struct figure have[ITEMS_MAX];
	size_t n = 0, hits = 0;
	int64_t dead = 0, wanted = 0;

	for (size_t i = 0; i < r->n_facts && n < ITEMS_MAX; i++) {
		const struct fact *f = &r->facts[i];
		bool known =
		    f->value == 0 ||
		    !(f->kind == FACT_DEAD || f->kind == FACT_INJURED || f->kind == FACT_MISSING ||
			f->kind == FACT_TRAPPED || f->kind == FACT_POISONED);

		for (size_t k = 0; k < n && !known; k++)
			known = have[k].kind == (int)f->kind && have[k].value == f->value;
		if (!known)
			have[n++] = (struct figure){(int)f->kind, f->value};
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < gold->n_figures; k++)
			hits += gold->figure[k].kind == have[i].kind &&
				gold->figure[k].value == have[i].value;
		if (have[i].kind == FACT_DEAD && have[i].value > dead)
			dead = have[i].value;
	}
	for (size_t k = 0; k < gold->n_figures; k++)
		if (gold->figure[k].kind == FACT_DEAD && gold->figure[k].value > wanted)
			wanted = gold->figure[k].value;
	s->counts.right += hits;
	s->counts.wrong += n - hits;
	s->counts.missed += gold->n_figures - hits;
	s->headline += dead == wanted;
}

static void
score_overlap(
    struct tally *t, char *const *gold, size_t n, const struct reading *r, enum fact_kind kind)
{
	bool used[ITEMS_MAX] = {false};
	size_t hits = 0;

	for (size_t i = 0; i < r->n_facts; i++) {
		const char *text = r->facts[i].text;
		size_t k = 0;

		if (r->facts[i].kind != kind)
			continue;
		while (k < n && (used[k] || !(strstr(gold[k], text) || strstr(text, gold[k]))))
			k++;
		if (k < n) {
			used[k] = true;
			hits++;
		} else {
			t->wrong++;
		}
	}
	t->right += hits;
	t->missed += n - hits;
}

static void
score_file(struct score *s, const char *folder, const char *path)
{
	xmlDoc *doc = xmlReadFile(path, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_RECOVER);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	struct gold gold = {.title = BUF_MAX(60000), .body = BUF_MAX(60000)};
	struct reading r;

	assert_non_null(root);
	squeeze_into(&gold.title, child(root, "Title") ? child(root, "Title")->children : NULL);
	squeeze_into(&gold.body, child(root, "Content") ? child(root, "Content")->children : NULL);
	take_node(&gold, root->children);
	gold.received = report_day(root);
	buf_add_char(&gold.title, '\n');
	buf_add(&gold.title, buf_str(&gold.body));
	buf_add_char(&gold.title, '\n');
	reader_read(reader, buf_str(&gold.title), gold.title.size, gold.received, &r);
	s->documents++;
	s->category += r.n_types && right_category(folder, r.types[0].code);
	score_counts(s, &gold, &r);
	score_overlap(&s->times, gold.time, gold.n_times, &r, FACT_TIME);
	score_overlap(&s->places, gold.place, gold.n_places, &r, FACT_PLACE);
	reading_clear(&r);
	gold_clear(&gold);
	xmlFreeDoc(doc);
}

static double
precision(const struct tally *t)
{
	return (double)t->right / (double)(t->right + t->wrong);
}

static double
f_measure(const struct tally *t)
{
	return 2.0 * (double)t->right / (double)(2 * t->right + t->wrong + t->missed);
}

/* Every XML file in the folders of the corpus. */
static void
score_corpus(struct score *s, const char *dir)
{
	struct dirent **folder;
	int n = scandir(dir, &folder, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char *sub = mem_print("%s/%s", dir, folder[i]->d_name);
		struct dirent **file;
		int m = folder[i]->d_name[0] == '.' ? 0 : scandir(sub, &file, NULL, alphasort);

		for (int k = 0; k < m; k++) {
			char *path = mem_print("%s/%s", sub, file[k]->d_name);

			if (strstr(file[k]->d_name, ".xml"))
				score_file(s, folder[i]->d_name, path);
			free(path);
			free(file[k]);
		}
		if (m > 0)
			free(file);
		free(sub);
		free(folder[i]);
	}
	if (n > 0)
		free(folder);
}

static void
reaches_its_targets(void **state)
{
	const char *corpora = getenv("CORPORA"),
		   *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	char *dir = mem_print("%s/cec", corpora ? corpora : "../shared/corpora");
	char *rules = mem_print("%s/data/rules", top),
	     *taxonomy = mem_print("%s/data/taxonomy", top);
	struct score s = {0};
	struct err err = ERR_NONE;
	DIR *there = opendir(dir);

	(void)state;
	if (!there) {
		print_message("# skipped: the corpus %s is not there\n", dir);
		free(dir);
		free(rules);
		free(taxonomy);
		skip();
	}
	closedir(there);
	quantity = pattern("[0-9" CN "]+(?:多|余|几)?(?:名|人|位|个|具|例|口|死|伤|者|多|余)");
	only_number = pattern("^[0-9" CN "]+$");
	age = pattern("[0-9" CN "]+(?:多)?岁");
	reader = reader_new(rules, taxonomy, NULL, &err);
	assert_non_null(reader);
	score_corpus(&s, dir);
	print_message("# %zu documents: category %.3f, counts P %.3f F %.3f, headline deaths %.3f, "
		      "time F %.3f, place F %.3f\n",
	    s.documents, (double)s.category / (double)s.documents, precision(&s.counts),
	    f_measure(&s.counts), (double)s.headline / (double)s.documents, f_measure(&s.times),
	    f_measure(&s.places));
	assert_true(s.documents > 0);
	assert_true((double)s.category >= 0.99 * (double)s.documents);
	assert_true(precision(&s.counts) >= 0.865); /* the aim is 0.88: see the head of the file */
	assert_true(f_measure(&s.counts) >= 0.915);
	assert_true((double)s.headline >= 0.95 * (double)s.documents);
	assert_true(f_measure(&s.times) >= 0.90);
	assert_true(f_measure(&s.places) >= 0.68);
	reader_free(reader);
	pcre2_code_free(quantity);
	pcre2_code_free(only_number);
	pcre2_code_free(age);
	free(dir);
	free(rules);
	free(taxonomy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reaches_its_targets)};

	i18n_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
