#include "cli/cell.h"

#include "base/buf.h"
#include "base/mem.h"

#include <string.h>

/* The bytes of a blank at s: ASCII ones, NBSP, and the wide, thin and invisible ones of Unicode; 0
 * none. */
static size_t
blank_at(const char *s)
{
	static const char *const blanks[] = {" ", "\n", "\v", "\f", "\u00a0", "\u1680", "\u202f",
	    "\u205f", "\u2060", "\u3000", "\ufeff"};

	for (size_t i = 0; i < COUNT_OF(blanks); i++)
		if (strncmp(s, blanks[i], strlen(blanks[i])) == 0)
			return strlen(blanks[i]);
	/* U+2000 to U+200F */
	if (memcmp(s, "\xe2\x80", strnlen(s, 2)) == 0 && s[0] && s[1] &&
	    (unsigned char)s[2] >= 0x80 && (unsigned char)s[2] <= 0x8f)
		return 3;
	return 0;
}

static bool
begins_formula(const char *s)
{
	static const char *const marks[] = {
	    "=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r"};
	size_t n;

	while ((n = blank_at(s)) > 0)
		s += n;
	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (strncmp(s, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

/* -12, 3.5: what a number of ours looks like. */
static bool
is_number(const char *s)
{
	size_t whole, part = 1;

	s += *s == '-';
	whole = strspn(s, "0123456789");
	s += whole;
	if (*s == '.') {
		part = strspn(s + 1, "0123456789");
		s += 1 + part;
	}
	return whole && part && !*s;
}

bool
cell_is_formula(const char *text)
{
	if (is_number(text))
		return false;
	if (begins_formula(text))
		return true;
	/* Programs that cut lines before they look at quotes begin a cell there. */
	for (const char *p = text; (p = strpbrk(p, "\r\n")) != NULL;)
		if (begins_formula(++p))
			return true;
	return false;
}

/* Of what had apostrophes of its own as well, one more is put there: taken off, it is as it was. */
static bool
is_guarded(const char *text)
{
	return cell_is_formula(text + strspn(text, "'"));
}

const char *
cell_plain(const char *text)
{
	return *text == '\'' && is_guarded(text) ? text + 1 : text;
}

void
cell_add(struct buf *out, const char *text)
{
	bool guard = is_guarded(text);
	size_t n = strlen(text);
	bool quotes =
	    guard || strpbrk(text, "\",;\t\r\n") || (n && (*text == ' ' || text[n - 1] == ' '));

	if (quotes)
		buf_add_char(out, '"');
	if (guard)
		buf_add_char(out, '\'');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *p);
	}
	if (quotes)
		buf_add_char(out, '"');
}
