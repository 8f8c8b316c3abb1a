/*
 * The rows of data/report/KIND.tsv over a record: for each element the first row that has something
 * to say, as sentences with their sources and flags; then the body of the paper out of them.
 */
#include "report/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
sentences_clear(struct sentences *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i].text);
	free(s->list);
	memset(s, 0, sizeof(*s));
}

/* --- one pattern ----------------------------------------------------------------------------- */

static void
take_sources(struct value *into, const int64_t *sources, size_t n)
{
	for (size_t i = 0; i < n; i++)
		value_source(into, sources[i]);
}

/* One stretch without brackets, up to `end`; false when a name in it is unknown. */
static bool
expand_part(const struct record *r, const struct item *item, const char *s, const char *end,
    struct value *out)
{
	while (s < end) {
		const char *open = memchr(s, '{', (size_t)(end - s)),
			   *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
		struct value v = {.text = BUF_MAX(TEXT_MAX_BYTES)};
		char name[48];
		bool known;

		if (!close) {
			buf_add_n(&out->text, s, (size_t)(end - s));
			return true;
		}
		buf_add_n(&out->text, s, (size_t)(open - s));
		snprintf(name, sizeof(name), "%.*s", (int)(close - open - 1), open + 1);
		known = value_of(r, item, name, &v);
		if (known) {
			buf_add(&out->text, buf_str(&v.text));
			take_sources(out, v.sources, v.n_sources);
			out->unproven = out->unproven || v.unproven;
		}
		buf_clear(&v.text);
		if (!known)
			return false;
		s = close + 1;
	}
	return true;
}

/* The whole pattern; parts in [ ] fall away when they cannot be said. */
static bool
expand(const struct record *r, const struct item *item, const char *pattern, struct value *out)
{
	const char *s = pattern, *end = pattern + strlen(pattern);

	while (s < end) {
		const char *open = strchr(s, '['), *close = open ? strchr(open, ']') : NULL;
		struct value part = {.text = BUF_MAX(TEXT_MAX_BYTES)};

		if (!expand_part(r, item, s, close ? open : end, out))
			return false;
		if (!close)
			break;
		if (expand_part(r, item, open + 1, close, &part)) {
			buf_add(&out->text, buf_str(&part.text));
			take_sources(out, part.sources, part.n_sources);
			out->unproven = out->unproven || part.unproven;
		}
		buf_clear(&part.text);
		s = close + 1;
	}
	return out->text.size > 0;
}

/* --- rows ------------------------------------------------------------------------------------ */

struct row {
	const char *element, *section, *types, *each, *pattern, *empty, *unless, *para;
};

static bool
begins_one(const char *code, const char *types)
{
	while (*types) {
		size_t n = strcspn(types, "|");
		if (n && strncmp(code, types, n) == 0)
			return true;
		types += n + (types[n] == '|');
	}
	return false;
}

static bool
fits(const struct record *r, const char *types)
{
	if (!*types)
		return true;
	for (size_t i = 0; i < r->full.n_codes; i++)
		if (begins_one(r->full.codes[i].code, types))
			return true;
	return begins_one(r->full.row.type, types);
}

/* Is anything of the work on record? */
static bool
has_work(const struct record *r)
{
	return r->full.measures[0] ||
	       sql_one_int(r->st,
		   "SELECT 1 FROM orders WHERE incident = ?1 AND state <> 'withdrawn' LIMIT 1", 0,
		   "i", r->incident) != 0;
}

static bool
was_said(const struct record *r, const char *words)
{
	while (*words) {
		size_t n = strcspn(words, "|");
		char *word = mem_dupn(words, n);
		bool found = n && (strcmp(word, "@work") == 0 ? has_work(r)
							      : strstr(r->words, word) != NULL);
		free(word);
		if (found)
			return true;
		words += n + (words[n] == '|');
	}
	return false;
}

/* What cannot be proved must say so itself: 约, 据报, 待核实 … */
static bool
says_unproven(const char *text)
{
	static const char *const marks[] = {"约", "据", "待核实", "至少", "不足", "许", "左右",
	    "凌晨", "上午", "中午", "下午", "晚间", "余", "多"};

	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (strstr(text, marks[i]))
			return true;
	return false;
}

static void
mark_unproven(struct buf *text)
{
	if (says_unproven(buf_str(text)))
		return;
	if (text->size >= 3 && memcmp(text->data + text->size - 3, "。", 3) == 0) {
		text->size -= 3;
		text->data[text->size] = '\0';
	}
	buf_add(text, "（待核实）。");
}

static void
add_sentence(struct sentences *out, const struct row *row, const char *text, const char *flag,
    const struct value *v)
{
	struct sentence *s;

	mem_grow(&out->list, &out->room, out->n);
	s = &out->list[out->n++];
	memset(s, 0, sizeof(*s));
	utf8_copy(s->element, sizeof(s->element), row->element);
	utf8_copy(s->section, sizeof(s->section), row->section);
	utf8_copy(s->flag, sizeof(s->flag), flag);
	s->text = mem_dup(text);
	s->para = row->para[0] != '\0';
	if (v) {
		memcpy(s->sources, v->sources, sizeof(s->sources));
		s->n_sources = v->n_sources;
	}
}

static bool
say(const struct record *r, const struct row *row, const struct item *item, struct sentences *out)
{
	struct value v = {.text = BUF_MAX(TEXT_MAX_BYTES)};
	bool good = row->pattern[0] && expand(r, item, row->pattern, &v);

	if (good) {
		if (item) {
			take_sources(&v, item->sources, item->n_sources);
			v.unproven = v.unproven || item->unproven;
		}
		if (v.unproven)
			mark_unproven(&v.text);
		add_sentence(out, row, buf_str(&v.text), v.unproven ? "unproven" : "", &v);
	}
	buf_clear(&v.text);
	return good;
}

static bool
say_each(const struct record *r, const struct row *row, struct sentences *out)
{
	struct items items;
	bool any = false;

	items_of(r, row->each, &items);
	for (size_t i = 0; i < items.n; i++)
		if (say(r, row, &items.list[i], out))
			any = true;
	items_clear(&items);
	return any;
}

/* True when the row had something to say, be it that nothing is known. */
static bool
apply_row(const struct record *r, const struct row *row, struct sentences *out)
{
	struct value v = {.text = BUF_MAX(TEXT_MAX_BYTES)};
	bool said;

	if (!fits(r, row->types))
		return false;
	if (row->each[0] ? say_each(r, row, out) : say(r, row, NULL, out))
		return true;
	if (!row->empty[0] || (row->unless[0] && was_said(r, row->unless)))
		return row->unless[0] && was_said(r, row->unless);
	/* The only name an empty sentence may hold is the receipt time. */
	said = expand(r, NULL, row->empty, &v);
	if (said)
		add_sentence(out, row, buf_str(&v.text), "empty", NULL);
	buf_clear(&v.text);
	return said;
}

bool
template_apply(const struct record *r, struct sentences *out, struct err *err)
{
	char *name = mem_print("report/%s.tsv", r->kind), *path = paths_data_file(name),
	     done[24] = "";
	struct tsv *t = tsv_open(path, err);
	int c[8];
	static const char *const columns[] = {
	    "element", "section", "types", "each", "pattern", "empty", "unless", "para"};

	memset(out, 0, sizeof(*out));
	free(name);
	free(path);
	if (!t)
		return false;
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		c[i] = tsv_column(t, columns[i], i < 6, err);
	while (err->code == ERR_OK && tsv_next(t)) {
		struct row row = {tsv_get(t, c[0]), tsv_get(t, c[1]), tsv_get(t, c[2]),
		    tsv_get(t, c[3]), tsv_get(t, c[4]), tsv_get(t, c[5]), tsv_get(t, c[6]),
		    tsv_get(t, c[7])};
		if (strcmp(done, row.element) != 0 && apply_row(r, &row, out))
			utf8_copy(done, sizeof(done), row.element);
	}
	return tsv_close(t, err) && err->code == ERR_OK;
}

/* --- the body -------------------------------------------------------------------------------- */

char *
body_of(const struct sentences *s)
{
	struct buf b = BUF_MAX(TEXT_MAX_BYTES);
	const char *section = "";
	int number = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct sentence *k = &s->list[i];
		bool heading = strcmp(section, k->section) != 0;
		if (heading && k->section[0]) {
			buf_add(&b, b.size ? "\n　　" : "　　");
			chinese_number(&b, ++number);
			buf_printf(&b, "、%s\n", k->section);
		}
		if (heading)
			buf_add(&b, "　　");
		else if (k->para && strcmp(k->element, k[-1].element) != 0)
			buf_add(&b, "\n　　");
		buf_add(&b, k->text);
		section = k->section;
	}
	buf_add(&b, "\n");
	return buf_take(&b);
}
