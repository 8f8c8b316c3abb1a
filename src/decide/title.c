/*
 * A short title: where, with what, what. 京沪高速高邮段液氨槽罐车侧翻泄漏: the place without its
 * road mark, the goods and the vehicle in the caller's words, then what happened: the word that led
 * to the type where that is how people say it (侧翻, 管涌, 溺水), the type's own name otherwise.
 */
#include "decide/judge.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_CHARS 24

/* The place in the caller's words, without blanks and without K1023+500. */
static void
add_place(struct buf *out, const char *text)
{
	size_t n = strlen(text), chars = 0;

	for (size_t at = 0; at < n && chars < PLACE_CHARS;) {
		size_t next = utf8_next(text, n, at);

		if (text[at] == 'K' && isdigit((unsigned char)text[at + 1]))
			break;
		if (text[at] != ' ' && text[at] != '\n') {
			buf_add_n(out, text + at, next - at);
			chars++;
		}
		at = next;
	}
}

static void
add_next_place(struct buf *out, const struct reading *r, const struct fact *first)
{
	for (const struct fact *f = first + 1; f < r->facts + r->n_facts; f++)
		if (f->kind == FACT_PLACE && !f->aside) {
			add_place(out, f->text);
			return;
		}
}

/* What the caller calls the goods. */
static const char *
goods(const struct reading *r)
{
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].kind == FACT_SUBSTANCE && strncmp(r->facts[i].text, "UN", 2) != 0 &&
		    !isdigit((unsigned char)r->facts[i].text[0]))
			return r->facts[i].text;
	return "";
}

static void
add_vehicle(struct buf *out, const char *text)
{
	static const char *const vehicles[] = {"槽罐车", "油罐车", "罐车", "槽车", "校车", "大客车",
	    "客车", "面包车", "渣土车", "大货车", "货车", "轿车"};

	for (size_t i = 0; i < COUNT_OF(vehicles); i++)
		if (strstr(text, vehicles[i])) {
			buf_add(out, vehicles[i]);
			return;
		}
}

/* A piece, without what the title ends with already: 中毒 and 中毒和窒息 are 中毒和窒息. */
static void
add_piece(struct buf *out, const char *piece, size_t n)
{
	size_t both = n < out->size ? n : out->size;

	while (both && memcmp(buf_str(out) + out->size - both, piece, both) != 0)
		both--;
	buf_add_n(out, piece + both, n - both);
}

/* 电梯 is no event, 电梯事故 is. */
static void
add_name(struct buf *out, const char *code, const char *name)
{
	if (strstr(buf_str(out), name))
		return;
	add_piece(out, name, strlen(name));
	if (taxonomy_covers("12N|12P0|12P10|12P12", code))
		buf_add(out, "事故");
	else if (taxonomy_covers("13B", code))
		buf_add(out, "事件");
}

/* How long the first of the words is that led to a type. */
static size_t
first_word(const char *why)
{
	return strcspn(why, "\xe3"); /* 、 begins with this byte */
}

/* The type's own name; 其他, by which the tables close a class, is no word of a title. */
static const char *
name_of(const struct taxonomy *taxonomy, const struct reading_type *type)
{
	static const char rest[] = "其他";
	int row = taxonomy_type(taxonomy, type->code);
	const char *name = row >= 0 ? taxonomy->type[row].name : type->name;

	return strncmp(name, rest, strlen(rest)) == 0 ? name + strlen(rest) : name;
}

static void
add_nature(struct buf *out, const struct taxonomy *taxonomy, const struct reading_type *type)
{
	const char *name = name_of(taxonomy, type);
	size_t n = first_word(type->why);

	if (taxonomy_covers("12H01|12H02|12H03|12J|11A03|11A04|12R|19000", type->code) && n >= 6 &&
	    type->why[0] != '@')
		add_piece(out, type->why, n);
	else if (taxonomy_covers("12G|11G", type->code))
		add_name(out, type->code, "火灾");
	else if (taxonomy_covers("11C", type->code))
		add_name(out, type->code, "地震");
	else if (strncmp(name, "危险化学品", strlen("危险化学品")) == 0)
		add_name(out, type->code, name + strlen("危险化学品"));
	else
		add_name(out, type->code, name);
}

/* A second nature, nearly as likely, that was not read from a word the title has already. */
static bool
second_says(const struct reading *r, const char *title)
{
	char word[64];

	if (r->n_types < 2 || r->types[1].score < r->types[0].score * 0.6 ||
	    strncmp(r->types[0].code, r->types[1].code, 3) == 0)
		return false;
	utf8_copy(word, sizeof(word), r->types[1].why);
	word[first_word(word)] = '\0';
	return !*word || !strstr(title, word);
}

char *
judge_title(const struct scan *scan, const struct taxonomy *taxonomy, const struct reading *reading)
{
	const struct fact *place = reading_first(reading, FACT_PLACE);
	struct buf out = BUF_MAX(400);

	if (reading->n_types == 0)
		return NULL;
	if (place)
		add_place(&out, place->text);
	/* 临泽镇 is where the caller sits; the place itself comes behind it. */
	if (place && strcmp(place->rule, "gazetteer.caller") == 0)
		add_next_place(&out, reading, place);
	if (taxonomy_covers("12D|12H|12N|12Q", reading->types[0].code))
		buf_add(&out, goods(reading));
	if (taxonomy_covers("12H", reading->types[0].code))
		add_vehicle(&out, scan->subject.text);
	add_nature(&out, taxonomy, &reading->types[0]);
	if (second_says(reading, buf_str(&out)))
		add_nature(&out, taxonomy, &reading->types[1]);
	return buf_take(&out);
}
