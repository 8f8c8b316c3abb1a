/*
 * 信息来源: who speaks, found in the form's fields, in the words that open a call ("高速交警：",
 * "12345转", "接群众报警"), by the words of data/policy/sources.tsv. What merely occurs in the text
 * is no source: 化工厂爆炸 does not come from a firm.
 */
#include "incident/inside.h"

#include "base/paths.h"
#include "base/tsv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_CHARS 26

struct source_row {
	char *name, *words;
};
struct sources {
	struct source_row *rows;
	size_t count, room;
};
static const char sources_key;

static void
sources_free(void *thing)
{
	struct sources *s = thing;

	for (size_t i = 0; i < s->count; i++) {
		free(s->rows[i].name);
		free(s->rows[i].words);
	}
	free(s->rows);
	free(s);
}

/* Without the table only a source given in the form counts. */
static const struct sources *
sources_of(struct store *st)
{
	struct sources *s = store_kept(st, &sources_key);
	struct err err = ERR_NONE;
	char *path;
	struct tsv *t;

	if (s)
		return s;
	s = mem_zero(1, sizeof(*s));
	path = paths_data_file("policy/sources.tsv");
	t = tsv_open(path, &err);
	if (t) {
		int name = tsv_column(t, "name", true, &err),
		    words = tsv_column(t, "words", true, &err);
		while (err.code == ERR_OK && tsv_next(t)) {
			mem_grow(&s->rows, &s->room, s->count);
			s->rows[s->count++] = (struct source_row){
			    mem_dup(tsv_get(t, name)), mem_dup(tsv_get(t, words))};
		}
		if (!tsv_close(t, &err))
			err_clear(&err);
	}
	err_clear(&err);
	free(path);
	store_keep(st, &sources_key, s, sources_free);
	return s;
}

static const char *
source_of_words(struct store *st, const char *text, size_t n)
{
	const struct sources *s = sources_of(st);
	size_t length;

	for (size_t i = 0; n && i < s->count; i++)
		if (cue_find(text, n, s->rows[i].words, &length))
			return s->rows[i].name;
	return NULL;
}

static size_t
first_chars(const char *text, size_t chars)
{
	size_t n = strlen(text), at = 0;

	while (chars-- && at < n && text[at] != '\n')
		at = utf8_next(text, n, at);
	return at;
}

/* Bytes before the first of the words in text[0..n), or n + 1 when there is none. */
static size_t
before_any(const char *text, size_t n, const char *const *words, size_t count)
{
	for (size_t at = 0; at < n; at = utf8_next(text, n, at))
		for (size_t i = 0; i < count; i++) {
			size_t size = strlen(words[i]);
			/* 3:12 is no speaker's colon. */
			if (words[i][0] == ':' && at && isdigit((unsigned char)text[at - 1]) &&
			    isdigit((unsigned char)text[at + 1]))
				continue;
			if (at + size <= n && memcmp(text + at, words[i], size) == 0)
				return at;
		}
	return n + 1;
}

static size_t
skip_clock(const char *text)
{
	size_t at = 0;

	while (text[at] == ' ' || (isdigit((unsigned char)text[at]) && at < 5) ||
	       (text[at] == ':' && at < 5))
		at++;
	return strncmp(text + at, "，", 3) == 0 ? at + 3 : at;
}

/* A short number the call came in on: "119 …". */
static const char *
leading_number(const char *text, size_t *length)
{
	static const char *const numbers[] = {"12345", "12122", "110", "119", "120", "122"};

	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		size_t n = strlen(numbers[i]);
		if (strncmp(text, numbers[i], n) == 0 && !isdigit((unsigned char)text[n])) {
			*length = n;
			return numbers[i];
		}
	}
	return NULL;
}

/* The words that name the speaker: text[*from .. *from + n). 0 when the text does not say who
 * speaks. */
size_t
source_span(const char *text, size_t *from)
{
	static const char *const marks[] = {"：", ":", "来电", "电话", "报告", "报警", "报称",
	    "报，", "报,", "反映", "通报", "转办", "转来", "转：", "推送", "称", "求助", "上报"};
	static const char *const openings[] = {"接报：", "接", "据", "经"};
	size_t n, head, length;

	*from = isdigit((unsigned char)text[0]) && !leading_number(text, &length) ? skip_clock(text)
										  : 0;
	for (size_t i = 0; i < COUNT_OF(openings); i++)
		if (strncmp(text + *from, openings[i], strlen(openings[i])) == 0) {
			*from += strlen(openings[i]);
			break;
		}
	head = first_chars(text + *from, HEAD_CHARS);
	n = before_any(text + *from, head, marks, COUNT_OF(marks));
	return n <= head ? n : 0;
}

/* "…，据13个乡镇报告": the speaker named in the middle of the words. */
static size_t
speaker_within(const char *text, size_t *from)
{
	static const char *const openings[] = {"据", "接到", "接"}, *const marks[] = {"报告",
									"报警", "反映", "来电",
									"上报", "统计", "称",
									"通报"};
	size_t n = strlen(text), head, length;

	for (size_t i = 0; i < COUNT_OF(openings); i++) {
		const char *at = strstr(text, openings[i]);
		if (!at)
			continue;
		*from = (size_t)(at - text) + strlen(openings[i]);
		head = first_chars(text + *from, HEAD_CHARS);
		length = before_any(text + *from, head, marks, COUNT_OF(marks));
		if (length > 0 && length <= head && *from < n)
			return length;
	}
	return 0;
}

static void
from_words(struct store *st, const char *text, struct caller *c)
{
	size_t from, n, length;
	const char *found = leading_number(text, &length);

	if (found) {
		utf8_copy(c->source, sizeof(c->source), found);
		return;
	}
	n = source_span(text, &from);
	if (!n || n > 60)
		n = speaker_within(text, &from);
	/* Long before the mark stands no name but the matter itself. */
	if (!n || n > 60)
		return;
	found = source_of_words(st, text + from, n);
	utf8_copy(c->source, sizeof(c->source), found ? found : "群众");
	if (!c->unit[0] && found && strcmp(found, "群众") != 0 && n < sizeof(c->unit)) {
		memcpy(c->unit, text + from, n);
		c->unit[n] = '\0';
	}
}

void
source_find(struct store *st, const char *text, const struct reading *r, struct caller *c)
{
	const struct fact *phone = reading_first(r, FACT_PHONE);
	char all[256];
	struct buf b = BUF_MAX(sizeof(all) - 1);
	const char *found = NULL;

	if (!c->phone[0] && phone)
		utf8_copy(c->phone, sizeof(c->phone), phone->norm ? phone->norm : phone->text);
	buf_printf(&b, "%s %s %s", c->unit, c->post, c->caller);
	if (!c->source[0] && b.size > 2) {
		found = source_of_words(st, buf_str(&b), b.size);
		utf8_copy(c->source, sizeof(c->source), found ? found : "群众");
	}
	buf_clear(&b);
	if (!c->source[0])
		from_words(st, text, c);
	if (!c->source[0] && c->phone[0])
		utf8_copy(c->source, sizeof(c->source), "群众");
}
