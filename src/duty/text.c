/* Small things of texts and papers the room's files share. */
#include "duty/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
or_dash(const char *text)
{
	return text && *text ? text : "-";
}

void
person_name(struct store *st, int64_t person, char *out, size_t size)
{
	char *name = sql_one_text(st, "SELECT name FROM person WHERE id = ?1", "i", person);

	utf8_copy(out, size, name ? name : "");
	free(name);
}

const char *
given(struct verb_call *call, const char *param)
{
	return call_has(call, param) ? call_text(call, param) : NULL;
}

bool
past_time(struct verb_call *call, const char *param, int64_t *at, struct err *err)
{
	*at = call_has(call, param) ? call_time(call, param) : call_now(call);
	if (*at <= call_now(call))
		return true;
	return err_set(
	    err, ERR_INPUT, _("That time lies ahead: what is recorded has happened already."));
}

static bool
divides(const char *p, size_t *size)
{
	static const char *const marks[] = {" ", ",", ";", "\n", "、", "，", "；", "|"};

	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (strncmp(p, marks[i], strlen(marks[i])) == 0) {
			*size = strlen(marks[i]);
			return true;
		}
	return false;
}

bool
list_word(const char **p, char *word, size_t size)
{
	size_t n = 0, skip;

	while (**p && divides(*p, &skip))
		*p += skip;
	while ((*p)[n] && !divides(*p + n, &skip))
		n++;
	if (n == 0)
		return false;
	snprintf(word, size, "%.*s", (int)(n < size ? n : size - 1), *p);
	*p += n;
	return true;
}

void
add_head(struct buf *out, struct store *st, const char *title)
{
	const char *county = store_setting(st, "county_name");
	char area[64];

	if (county) {
		utf8_copy(area, sizeof(area), county);
	} else {
		resource_area_name(st, store_area(st), area, sizeof(area));
	}
	buf_printf(out, "%s  %s\n", area, title);
	paper_rule(out, PAPER_COLUMNS);
}

void
add_chain(struct buf *out, struct store *st)
{
	char hex[65], stamp[40];
	int64_t seq;

	journal_head(st, &seq, hex);
	paper_rule(out, PAPER_COLUMNS);
	buf_printf(out, _("Printed %s. Head of the journal: #%lld %s\n"),
	    clock_format(stamp, sizeof(stamp), clock_now(), CLOCK_YMD_HM), (long long)seq, hex);
}

void
add_signatures(struct buf *out)
{
	buf_printf(out, "\n%s\n", _("Signatures"));
}

void
add_signature(struct buf *out, const char *label, const char *name)
{
	buf_printf(out, _("  %s%s%s  signed: ______________  on: ______________\n"), label,
	    *name ? " " : "", name);
}

void
csv_field(struct buf *out, const char *text, bool last)
{
	if (strpbrk(text, ",\"\n")) {
		buf_add_char(out, '"');
		for (; *text; text++) {
			if (*text == '"')
				buf_add_char(out, '"');
			buf_add_char(out, *text);
		}
		buf_add_char(out, '"');
	} else {
		/* A spreadsheet would take these for a formula. */
		if (*text && strchr("=+-@", *text) && text[1])
			buf_add_char(out, '\'');
		buf_add(out, text);
	}
	buf_add(out, last ? "\n" : ",");
}

/* Times never go down along the journal, so the way back from its end is as long as what is looked
 * for. */
int64_t
journal_first_since(struct store *st, int64_t at)
{
	return at == CLOCK_NONE ? 0 : journal_last_at(st, at - 1) + 1;
}
