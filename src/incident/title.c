/*
 * Short titles that read as a duty officer writes them: place, goods, what happened. The nouns are
 * rows of data/policy/titles.tsv; without a row the name of the type stands.
 */
#include "incident/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct noun {
	char *codes, *words, *noun, *also;
};
struct nouns {
	struct noun *rows;
	size_t count, room;
};
static const char nouns_key;

static void
nouns_free(void *thing)
{
	struct nouns *n = thing;

	for (size_t i = 0; i < n->count; i++) {
		free(n->rows[i].codes);
		free(n->rows[i].words);
		free(n->rows[i].noun);
		free(n->rows[i].also);
	}
	free(n->rows);
	free(n);
}

static const struct nouns *
nouns_of(struct store *st)
{
	struct nouns *n = store_kept(st, &nouns_key);
	struct err err = ERR_NONE;
	char *path;
	struct tsv *t;

	if (n)
		return n;
	n = mem_zero(1, sizeof(*n));
	path = paths_data_file("policy/titles.tsv");
	t = tsv_open(path, &err);
	if (t) {
		int code = tsv_column(t, "code", true, &err),
		    words = tsv_column(t, "words", true, &err),
		    noun = tsv_column(t, "noun", true, &err),
		    also = tsv_column(t, "also", false, &err);
		while (err.code == ERR_OK && tsv_next(t)) {
			mem_grow(&n->rows, &n->room, n->count);
			n->rows[n->count++] =
			    (struct noun){mem_dup(tsv_get(t, code)), mem_dup(tsv_get(t, words)),
				mem_dup(tsv_get(t, noun)), mem_dup(tsv_get(t, also))};
		}
		if (!tsv_close(t, &err))
			err_clear(&err);
	}
	err_clear(&err);
	free(path);
	store_keep(st, &nouns_key, n, nouns_free);
	return n;
}

static bool
code_begins(const char *code, const char *codes)
{
	for (const char *c = codes; *c;) {
		size_t n = strcspn(c, "|");
		if (n && strncmp(code, c, n) == 0)
			return true;
		c += n + (c[n] == '|');
	}
	return false;
}

static const struct noun *
noun_for(struct store *st, const char *code, const char *text)
{
	const struct nouns *n = nouns_of(st);
	size_t length;

	for (size_t i = 0; i < n->count; i++)
		if (code_begins(code, n->rows[i].codes) &&
		    (!n->rows[i].words[0] ||
			cue_find(text, strlen(text), n->rows[i].words, &length)))
			return &n->rows[i];
	return NULL;
}

static void
add_noun(struct buf *b, const char *noun, const char *substance, const char *type)
{
	while (*noun) {
		if (strncmp(noun, "{substance}", 11) == 0) {
			buf_add(b, substance);
			noun += 11;
		} else if (strncmp(noun, "{type}", 6) == 0) {
			buf_add(b, type);
			noun += 6;
		} else {
			buf_add_char(b, *noun++);
		}
	}
}

/* The place without its mark, direction and 处: G2京沪高速高邮段南行K1023+500处 ->
 * G2京沪高速高邮段. */
static void
add_short_place(struct buf *b, const char *place)
{
	static const char *const ways[] = {
	    "南行", "北行", "东行", "西行", "上行", "下行", "往南", "往北", "方向"};
	size_t n = strlen(place), keep = n;
	const char *mark = NULL;

	for (const char *k = place; (k = strchr(k, 'K')); k++)
		if (isdigit((unsigned char)k[1])) {
			mark = k;
			break;
		}
	if (mark && mark > place)
		keep = (size_t)(mark - place);
	else if (n > 3 && strcmp(place + n - 3, "处") == 0)
		keep = n - 3;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		size_t size = strlen(ways[i]);
		if (keep > size && memcmp(place + keep - size, ways[i], size) == 0)
			keep -= size;
	}
	for (size_t at = 0; at < keep; at++)
		if (place[at] != ' ')
			buf_add_char(b, place[at]);
}

/* The goods as the caller calls them: the first word for them that is no number. */
static const char *
substance_said(const struct reading *r)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].kind == FACT_SUBSTANCE && strncmp(r->facts[i].text, "UN", 2) != 0)
			return r->facts[i].text;
	return "";
}

void
title_make(struct store *st, const char *place, const char *code, const char *type,
    const char *nature, const char *text, const struct reading *r, char *out, size_t size)
{
	const struct noun *noun = noun_for(st, code, text), *second = NULL;
	struct buf b = BUF_MAX(400);

	add_short_place(&b, place);
	if (noun && strcmp(nature, type) == 0)
		add_noun(&b, noun->noun, substance_said(r), type);
	else
		buf_add(&b, nature);
	for (size_t i = 0; i < r->n_types && i < 2; i++)
		if (strcmp(r->types[i].code, code) != 0 &&
		    r->types[i].score >= 0.5 * r->types[0].score &&
		    strncmp(r->types[i].code, code, 3) != 0)
			second = noun_for(st, r->types[i].code, text);
	if (noun && second && second->also[0] && !strstr(buf_str(&b), second->also))
		add_noun(&b, second->also, "", type);
	utf8_copy(out, size, buf_str(&b));
	buf_clear(&b);
}
