/* The plans of the store: rows, versions, findings, documents kept in memory, and the words that
 * name a plan. */
#include "plan/inside.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/search.h"
#include "store/sql.h"
#include "store/store.h"
#include "store/verb.h"

#include <stdlib.h>
#include <string.h>

/* --- words ------------------------------------------------------------------------------------ */

static int
letters_score(const char *word, const char *initials)
{
	static const int score[] = {0, 40, 70, 90};
	char one[96];
	int best = 0;

	if (!*word ||
	    word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")])
		return 0;
	while (*initials) {
		size_t n = strcspn(initials, " ");

		if (n < sizeof(one)) {
			memcpy(one, initials, n);
			one[n] = '\0';
			int m = score[pinyin_match(one, word) & 3];

			best = m > best ? m : best;
		}
		initials += n + (initials[n] == ' ');
	}
	return best;
}

int
plan_word_score(const char *word, const char *code, const char *name, const char *short_name,
    const char *initials)
{
	int letters;

	if (!*word)
		return 1;
	if (strcmp(word, code) == 0 || strcmp(word, name) == 0 || strcmp(word, short_name) == 0)
		return 100;
	if (strstr(short_name, word))
		return 75;
	if (strstr(name, word))
		return 60;
	letters = letters_score(word, initials);
	if (letters)
		return letters;
	if (strlen(word) >= 3 && strncmp(code, word, strlen(word)) == 0)
		return 65;
	return utf8_chars(word, strlen(word)) >= 4 && utf8_in_order(name, word) ? 50 : 0;
}

/* --- rows ------------------------------------------------------------------------------------- */

static const struct {
	const char *level, *label;
} levels[] = {
    {"general", N_("master plan")},
    {"special", N_("special plan")},
    {"department", N_("department plan")},
    {"township", N_("township plan")},
    {"enterprise", N_("enterprise plan")},
};

const char *
plan_level_label(const char *level)
{
	for (size_t i = 0; i < COUNT_OF(levels); i++)
		if (strcmp(levels[i].level, level) == 0)
			return _(levels[i].label);
	return level;
}

#define ROW_SQL(where)                                                                             \
	"SELECT p.id, p.version, p.code, p.name, p.short, p.level, v.version, p.doc_no, "          \
	"p.issuer, p.issued, p.review,"                                                            \
	" coalesce(p.area, 0), p.state, p.initials,"                                               \
	" (SELECT count(*) FROM plan_finding f WHERE f.plan = p.id AND f.version = p.version)"     \
	" FROM plan p JOIN plan_version v ON v.id = p.version " where                              \
	" ORDER BY p.state = 'retired', CASE p.level WHEN 'general' THEN 0 WHEN 'special' THEN 1 " \
	"WHEN 'department' THEN 2"                                                                 \
	" WHEN 'township' THEN 3 ELSE 4 END, p.code"

static void
read_row(struct sql *q, struct plan_row *r)
{
	char today[40];

	*r = (struct plan_row){
	    .id = sql_int(q, 0), .version = sql_int(q, 1), .area = sql_int(q, 11)};
	utf8_copy(r->code, sizeof(r->code), sql_text(q, 2));
	utf8_copy(r->name, sizeof(r->name), sql_text(q, 3));
	utf8_copy(r->short_name, sizeof(r->short_name), sql_text(q, 4));
	utf8_copy(r->level, sizeof(r->level), sql_text(q, 5));
	utf8_copy(r->version_text, sizeof(r->version_text), sql_text(q, 6));
	utf8_copy(r->doc_no, sizeof(r->doc_no), sql_text(q, 7));
	utf8_copy(r->issuer, sizeof(r->issuer), sql_text(q, 8));
	utf8_copy(r->issued, sizeof(r->issued), sql_text(q, 9));
	utf8_copy(r->review, sizeof(r->review), sql_text(q, 10));
	r->retired = strcmp(sql_text(q, 12), "retired") == 0;
	r->findings = (int)sql_int(q, 14);
	clock_format(today, sizeof(today), clock_now(), CLOCK_YMD);
	r->review_due = !r->retired && strcmp(r->review, today) <= 0;
}

bool
plan_get(struct store *st, int64_t plan, struct plan_row *out)
{
	struct sql *q = sql(st, ROW_SQL("WHERE p.id = ?1"));
	bool found;

	sql_bind(q, "i", plan);
	found = sql_row(q);
	if (found)
		read_row(q, out);
	sql_done(q);
	return found;
}

#define HITS 64
struct hits {
	struct search_hit hit[HITS];
	size_t n;
};

static bool
is_hit(const struct hits *hits, int64_t plan)
{
	for (size_t i = 0; i < hits->n; i++)
		if (hits->hit[i].ref == plan)
			return true;
	return false;
}

size_t
plan_list(struct store *st, const char *words, struct plan_row *out, size_t max)
{
	bool all = !words || !*words;
	struct hits *hits = NULL;
	struct sql *q;
	size_t n = 0;

	if (!all) {
		hits = mem_zero(1, sizeof(*hits));
		hits->n = search_find(st, "plan", words, 0, hits->hit, HITS, NULL);
	}
	q = sql(st, ROW_SQL(""));
	while (n < max && sql_row(q))
		if (all || is_hit(hits, sql_int(q, 0)) ||
		    plan_word_score(
			words, sql_text(q, 2), sql_text(q, 3), sql_text(q, 4), sql_text(q, 13)))
			read_row(q, &out[n++]);
	sql_done(q);
	free(hits);
	return n;
}

size_t
plan_versions(struct store *st, int64_t plan, struct plan_version *out, size_t max)
{
	struct sql *q = sql(st,
	    "SELECT v.id, v.imported, v.version, v.hash, v.id = p.version FROM plan_version v"
	    " JOIN plan p ON p.id = v.plan WHERE v.plan = ?1 ORDER BY v.imported DESC, v.id DESC");
	size_t n = 0;

	sql_bind(q, "i", plan);
	while (n < max && sql_row(q)) {
		struct plan_version *v = &out[n++];

		*v = (struct plan_version){
		    .id = sql_int(q, 0), .imported = sql_int(q, 1), .present = sql_int(q, 4) != 0};
		utf8_copy(v->version_text, sizeof(v->version_text), sql_text(q, 2));
		utf8_copy(v->hash, sizeof(v->hash), sql_text(q, 3));
	}
	sql_done(q);
	return n;
}

size_t
plan_findings(struct store *st, int64_t plan, struct plan_finding *out, size_t max)
{
	struct sql *q = sql(st, "SELECT f.id, f.at, coalesce(f.incident, 0), v.version, f.who, "
				"f.version = p.version, f.text"
				" FROM plan_finding f JOIN plan_version v ON v.id = f.version JOIN "
				"plan p ON p.id = f.plan"
				" WHERE f.plan = ?1 ORDER BY f.id DESC");
	size_t n = 0;

	sql_bind(q, "i", plan);
	while (n < max && sql_row(q)) {
		struct plan_finding *f = &out[n++];

		*f = (struct plan_finding){
		    .id = sql_int(q, 0), .at = sql_int(q, 1), .incident = sql_int(q, 2)};
		utf8_copy(f->version_text, sizeof(f->version_text), sql_text(q, 3));
		utf8_copy(f->who, sizeof(f->who), sql_text(q, 4));
		f->open = sql_int(q, 5) != 0;
		f->text = mem_dup(sql_text(q, 6));
	}
	sql_done(q);
	return n;
}

void
plan_findings_clear(struct plan_finding *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(f[i].text);
}

/* --- documents -------------------------------------------------------------------------------- */

/*
 * Kept by version and hash: an import that is undone frees its id for another text. Nothing is let
 * go before the store closes, as plan.h promises; a county has some dozens of versions in use.
 */
struct kept_doc {
	char hash[65];
	struct plan_doc *doc;
};
struct kept_docs {
	struct kept_doc *item;
	size_t n, room;
};

static void
docs_free(void *thing)
{
	struct kept_docs *docs = thing;

	for (size_t i = 0; i < docs->n; i++)
		doc_free(docs->item[i].doc);
	free(docs->item);
	free(docs);
}

static struct kept_docs *
docs_of(struct store *st)
{
	static const char key;
	struct kept_docs *docs = store_kept(st, &key);

	if (!docs) {
		docs = mem_zero(1, sizeof(*docs));
		store_keep(st, &key, docs, docs_free);
	}
	return docs;
}

static const struct plan_doc *
doc_load(struct store *st, int64_t plan, int64_t version, const char *hash, struct err *err)
{
	char *xml = sql_one_text(st, "SELECT xml FROM plan_version WHERE id = ?1", "i", version);
	struct kept_docs *docs = docs_of(st);
	struct plan_doc *doc;

	if (!xml) {
		err_set(err, ERR_STORE, _("the plan cannot be read from the store"));
		return NULL;
	}
	doc = doc_read(xml, strlen(xml), false, NULL, err);
	free(xml);
	if (!doc)
		return NULL;
	doc->plan = plan;
	doc->version = version;
	mem_grow(&docs->item, &docs->room, docs->n);
	utf8_copy(docs->item[docs->n].hash, sizeof(docs->item[docs->n].hash), hash);
	docs->item[docs->n++].doc = doc;
	return doc;
}

const struct plan_doc *
plan_open(struct store *st, int64_t plan, int64_t version, struct err *err)
{
	const struct kept_docs *docs = docs_of(st);
	const struct plan_doc *doc = NULL;
	char *hash;

	if (!version)
		version = sql_one_int(st, "SELECT version FROM plan WHERE id = ?1", 0, "i", plan);
	hash = sql_one_text(
	    st, "SELECT hash FROM plan_version WHERE id = ?1 AND plan = ?2", "ii", version, plan);
	if (!hash) {
		err_set(err, ERR_NOT_FOUND, _("there is no such plan, or it has no such version"));
		return NULL;
	}
	for (size_t i = 0; !doc && i < docs->n; i++)
		if (docs->item[i].doc->version == version && strcmp(docs->item[i].hash, hash) == 0)
			doc = docs->item[i].doc;
	if (!doc)
		doc = doc_load(st, plan, version, hash, err);
	free(hash);
	return doc;
}

/* --- the thing kind --------------------------------------------------------------------------- */

/* Everybody may read every plan: a township carries out the county's. */
static size_t
find(struct store *st, const struct actor *actor, const char *word, struct thing *out, size_t max)
{
	struct sql *q = sql(st, ROW_SQL("WHERE p.state = 'valid'"));
	size_t n = 0;

	(void)actor;
	while (sql_row(q)) {
		struct thing t = {.id = sql_int(q, 0)};

		t.score = plan_word_score(
		    word, sql_text(q, 2), sql_text(q, 3), sql_text(q, 4), sql_text(q, 13));
		if (t.score == 0)
			continue;
		utf8_copy(t.word, sizeof(t.word), sql_text(q, 4));
		utf8_copy(t.label, sizeof(t.label), sql_text(q, 3));
		n = thing_keep(out, n, max, &t);
	}
	sql_done(q);
	return n;
}

static bool
label_of(struct store *st, int64_t id, char *out, size_t size)
{
	return thing_label_from(st, "SELECT name FROM plan WHERE id = ?1", id, out, size);
}

static const struct thing_kind kinds[] = {{"plan", N_("plan"), find, label_of}};

void
library_register(struct store *st)
{
	thing_register(st, kinds, COUNT_OF(kinds));
}
