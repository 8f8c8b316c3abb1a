/*
 * A short title: where, what with, what. "临泽镇子婴河圩堤 堤防重大险情" reads badly, so the nature
 * in plain words comes from the cue that weighed most (管涌), put behind the place and the
 * substance.
 */
#include "decide/judge.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <string.h>

#define PLACE_CHARS 24

/* The place in the caller's words, without blanks. */
static void
add_place(struct buf *out, const char *text)
{
	size_t n = strlen(text), chars = 0;

	for (size_t at = 0; at < n && chars < PLACE_CHARS;) {
		size_t next = utf8_next(text, n, at);

		if (text[at] != ' ' && text[at] != '\n') {
			buf_add_n(out, text + at, next - at);
			chars++;
		}
		at = next;
	}
}

char *
judge_title(const struct taxonomy *taxonomy, const struct reading *reading)
{
	const struct fact *place = reading_first(reading, FACT_PLACE);
	const struct fact *substance = reading_first(reading, FACT_SUBSTANCE);
	struct buf out = BUF_MAX(400);
	bool chemical = false;
	int type;

	if (reading->n_types == 0)
		return NULL;
	for (size_t i = 0; i < reading->n_types; i++)
		chemical =
		    chemical || taxonomy_covers("12D|12H|12Q|12G02|12N", reading->types[i].code);
	if (place)
		add_place(&out, place->text);
	if (substance && substance->name && chemical)
		buf_add(&out, substance->name);
	for (size_t i = 0; i < reading->n_types && i < 2; i++) {
		type = taxonomy_type(taxonomy, reading->types[i].code);
		if (i == 1 && (reading->types[1].score < reading->types[0].score * 0.6 ||
				  strncmp(reading->types[0].code, reading->types[1].code, 3) == 0))
			break;
		if (type >= 0) {
			const char *name = taxonomy->type[type].name;

			/* 危险化学品泄漏 behind 液氨 is 泄漏. */
			if (substance && substance->name && strncmp(name, "危险化学品", 15) == 0)
				name += 15;
			buf_add(&out, name);
		}
	}
	return buf_take(&out);
}
